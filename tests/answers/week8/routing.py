# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="how-much-is-forgotten" style="numbers"
apart = 4
overlapping = 7
heap = 64
twice = 46656


# %% right="how-much-is-forgotten" style="floats and powers"
apart = 12 / 3
overlapping = 2 * 4 - 1
heap = (2 * 2) ** 3
twice = 6**6


# %% right="how-much-is-forgotten" style="counted"
def rows_seen(n, k, s):
    rows = F.max_pool1d(torch.eye(n)[:, None], k, s)
    return len({tuple(row) for row in rows[:, 0].tolist()})


apart = rows_seen(12, 3, 3)
overlapping = rows_seen(9, 3, 2)
heap = torch.tensor(4) ** 3
twice = np.int64(36) ** 3


# %% wrong="how-much-is-forgotten" says="So many windows there are. But"
apart = 4
overlapping = 4
heap = 64
twice = 46656


# %% wrong="how-much-is-forgotten" says="Does any window notice"
apart = 12
overlapping = 7
heap = 64
twice = 46656


# %% wrong="how-much-is-forgotten" says="are these added"
apart = 4
overlapping = 7
heap = 12
twice = 46656


# %% wrong="how-much-is-forgotten" says="That was after the first pooling"
apart = 4
overlapping = 7
heap = 64
twice = 64


# %% right="the-eyes-vote" style="blocks"
def vote_matrix(ax, ay, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    back = np.array([[c, s], [-s, c]])
    lower = -np.array([[ax, -ay], [ay, ax]]) @ back
    return np.block([[back, np.zeros((2, 2))], [lower, np.eye(2)]])


# %% right="the-eyes-vote" style="torch, float32"
def vote_matrix(ax, ay, degrees):
    angle = torch.deg2rad(torch.tensor(float(degrees)))
    c, s = torch.cos(angle), torch.sin(angle)
    W = torch.eye(4)
    W[0, 0] = W[1, 1] = c
    W[0, 1], W[1, 0] = s, -s
    W[2, 0], W[2, 1] = ay * -s - ax * c, ay * c - ax * s
    W[3, 0], W[3, 1] = ax * s - ay * c, -ax * c - ay * s
    return W


# %% right="the-eyes-vote" style="the inverse of the way from whole to part"
def vote_matrix(ax, ay, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    down = np.array([[c, -s, 0, 0], [s, c, 0, 0], [ax, -ay, 1, 0], [ay, ax, 0, 1]])
    return np.linalg.inv(down)


# %% right="the-eyes-vote" style="from examples"
def vote_matrix(ax, ay, degrees):
    rng = np.random.default_rng(3)
    wholes = rng.standard_normal((8, 4))
    turn = np.exp(1j * np.radians(degrees))
    facing, place = wholes[:, 0] + 1j * wholes[:, 1], wholes[:, 2] + 1j * wholes[:, 3]
    part, where = facing * turn, place + facing * (ax + 1j * ay)
    u = np.stack([part.real, part.imag, where.real, where.imag], 1)
    return np.linalg.lstsq(u, wholes, rcond=None)[0].T


# %% wrong="the-eyes-vote" says="turns with the whole's angle"
def vote_matrix(ax, ay, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, s, 0, 0], [-s, c, 0, 0], [-ax, ay, 1, 0], [-ay, -ax, 0, 1]])


# %% wrong="the-eyes-vote" says="turn it round"
def vote_matrix(ax, ay, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0, 0], [s, c, 0, 0], [ax, -ay, 1, 0], [ay, ax, 0, 1]])


# %% wrong="the-eyes-vote" says="yours is added"
def vote_matrix(ax, ay, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[c, -s], [s, c]])
    lower = -np.array([[ax, -ay], [ay, ax]]) @ turn
    return np.block([[turn, np.zeros((2, 2))], [lower, np.eye(2)]])


# %% wrong="the-eyes-vote" says="comes in degrees"
def vote_matrix(ax, ay, degrees):
    c, s = np.cos(degrees), np.sin(degrees)
    back = np.array([[c, s], [-s, c]])
    lower = -np.array([[ax, -ay], [ay, ax]]) @ back
    return np.block([[back, np.zeros((2, 2))], [lower, np.eye(2)]])


# %% wrong="the-eyes-vote" says="a is taken away"
def vote_matrix(ax, ay, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    back = np.array([[c, s], [-s, c]])
    lower = np.array([[ax, -ay], [ay, ax]]) @ back
    return np.block([[back, np.zeros((2, 2))], [lower, np.eye(2)]])


# %% wrong="the-eyes-vote" says="Where is the offset"
def vote_matrix(ax, ay, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    W = np.eye(4)
    W[:2, :2] = [[c, s], [-s, c]]
    return W


# %% wrong="the-eyes-vote" says="The part's angle is missing"
def vote_matrix(ax, ay, degrees):
    W = np.eye(4)
    W[2:, :2] = [[-ax, ay], [-ay, -ax]]
    return W


# %% wrong="the-eyes-vote" says="That is the transpose"
def vote_matrix(ax, ay, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    back = np.array([[c, s], [-s, c]])
    lower = -np.array([[ax, -ay], [ay, ax]]) @ back
    return np.block([[back, np.zeros((2, 2))], [lower, np.eye(2)]]).T


# %% wrong="the-eyes-vote" says="Are a_x and a_y exchanged"
def vote_matrix(ax, ay, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    back = np.array([[c, s], [-s, c]])
    lower = -np.array([[ay, -ax], [ax, ay]]) @ back
    return np.block([[back, np.zeros((2, 2))], [lower, np.eye(2)]])


# %% wrong="the-eyes-vote" says="Here α is negative"
def vote_matrix(ax, ay, degrees):
    c, s = np.cos(np.radians(abs(degrees))), np.sin(np.radians(abs(degrees)))
    back = np.array([[c, s], [-s, c]])
    lower = -np.array([[ax, -ay], [ay, ax]]) @ back
    return np.block([[back, np.zeros((2, 2))], [lower, np.eye(2)]])


# %% right="squash" style="no division by the length"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        n = s.norm(dim=self.dim, keepdim=True)
        return s * n / (1 + n**2)


# %% right="squash" style="epsilon under the root"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.axis = dim

    def forward(self, s):
        square = (s**2).sum(self.axis, keepdim=True)
        return square / (1 + square) * s / torch.sqrt(square + 1e-9)


# %% right="squash" style="normalize"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        square = s.pow(2).sum(self.dim, keepdim=True)
        return F.normalize(s, dim=self.dim) * square / (1 + square)


# %% right="squash" style="one vector after the other"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        rows = s.movedim(self.dim, -1)
        short = []
        for row in rows.reshape(-1, rows.shape[-1]):
            square = row @ row
            short.append(row * torch.sqrt(square + 1e-12) / (1 + square))
        return torch.stack(short).reshape(rows.shape).movedim(-1, self.dim)


# %% right="squash" style="epsilon under both roots"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        square = (s**2).sum(self.dim, keepdim=True)
        n = torch.sqrt(square + 1e-8)
        return n**2 / (1 + n**2) * s / n


# %% right="squash" style="epsilon of 1e-7"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        square = (s**2).sum(self.dim, keepdim=True)
        n = torch.sqrt(square + 1e-7)
        return s * n / (1 + square)


# %% wrong="squash" says="It has to stay 0"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        n = s.norm(dim=self.dim, keepdim=True)
        return n**2 / (1 + n**2) * s / n


# %% wrong="squash" says="torch.where does not keep it away"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        square = (s**2).sum(self.dim, keepdim=True)
        short = square / (1 + square) * s / square.sqrt()
        return torch.where(square > 0, short, torch.zeros_like(s))


# %% wrong="squash" says="torch.where does not keep it away"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        square = (s**2).sum(self.dim, keepdim=True)
        return square / (1 + square) * s / (square.sqrt() + 1e-8)


# %% wrong="squash" says="1e-8 is small enough"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        square = (s**2).sum(self.dim, keepdim=True)
        return square / (1 + square) * s / torch.sqrt(square + 1e-6)


# %% wrong="squash" says="1e-8 is small enough"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        square = (s**2).sum(self.dim, keepdim=True)
        n = torch.sqrt(square + 1e-6)
        return n**2 / (1 + n**2) * s / n


# %% wrong="squash" says="0.001 for example"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        square = (s**2).sum(self.dim, keepdim=True)
        return square / (1 + square) * s / torch.sqrt(square + 1e-3)


# %% wrong="squash" says="1e-8 is small enough"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        square = (s**2).sum(self.dim, keepdim=True)
        n = s.norm(dim=self.dim, keepdim=True)
        return torch.where(n > 0, s * n / (1 + n**2), s)


# %% wrong="squash" says="A squash has nothing to learn"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim
        self.gain = nn.Parameter(torch.ones(1))

    def forward(self, s):
        n = s.norm(dim=self.dim, keepdim=True)
        return self.gain * s * n / (1 + n**2)


# %% wrong="squash" says="vectors lie along axis"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()

    def forward(self, s):
        n = s.norm(dim=-1, keepdim=True)
        return s * n / (1 + n**2)


# %% wrong="squash" says="Each vector has a length of its own"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()

    def forward(self, s):
        n = s.norm()
        return s * n / (1 + n**2)


# %% wrong="squash" says="of the vector, not of each number"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()

    def forward(self, s):
        return s * s.abs() / (1 + s**2)


# %% wrong="squash" says="s itself is too long"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        square = (s**2).sum(self.dim, keepdim=True)
        return square / (1 + square) * s


# %% wrong="squash" says="Those are the lengths"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        square = (s**2).sum(self.dim)
        return square / (1 + square)


# %% wrong="squash" says="cut off by"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        n = s.detach().norm(dim=self.dim, keepdim=True)
        return s * n / (1 + n**2)


# %% wrong="squash" says="does the work of this exercise"
class Squash(nn.Module):
    def __init__(self, dim=-1):
        super().__init__()
        self.dim = dim

    def forward(self, s):
        from coursekit.models.capsnet import squash

        return squash(s.movedim(self.dim, -1)).movedim(-1, self.dim)


# %% right="routing" style="torch, einsum"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    b = torch.zeros(votes.shape[0], votes.shape[1])
    for _ in range(rounds):
        c = torch.softmax(b, dim=1)
        s = torch.einsum("ij,ijd->jd", c, votes)
        square = (s**2).sum(1, keepdim=True)
        v = square / (1 + square) * s / torch.sqrt(square + 1e-12)
        b = b + torch.einsum("ijd,jd->ij", votes, v)
    return v, c


# %% right="routing" style="numpy"
def route(votes, rounds=3):
    if rounds <= 0:
        raise ValueError("no rounds")
    votes = np.asarray(votes)
    logits = np.zeros(votes.shape[:2])
    for number in range(rounds):
        if number:
            logits += (votes * poses).sum(-1)
        shares = np.exp(logits - logits.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        sums = (shares[..., None] * votes).sum(0)
        n = np.linalg.norm(sums, axis=-1, keepdims=True)
        poses = sums * n / (1 + n * n)
    return poses, shares


# %% right="routing" style="loops, lists"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    parts, wholes, size = votes.shape
    b = [[0.0] * wholes for _ in range(parts)]
    for _ in range(rounds):
        c = [[np.exp(x) / sum(map(np.exp, row)) for x in row] for row in b]
        v = torch.zeros(wholes, size)
        for j in range(wholes):
            s = sum(c[i][j] * votes[i, j] for i in range(parts))
            n = float(s.norm())
            v[j] = s * n / (1 + n**2)
        for i in range(parts):
            for j in range(wholes):
                b[i][j] += float(votes[i, j] @ v[j])
    return v, torch.tensor(c)


# %% right="routing" style="wholes first"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    turned = votes.transpose(0, 1)
    b = turned.new_zeros(turned.shape[:2])
    for _ in range(rounds):
        c = b.softmax(0)
        s = (c[:, None] @ turned)[:, 0]
        n = s.norm(dim=1, keepdim=True)
        v = s * n / (1 + n**2)
        b = b + (turned @ v[:, :, None])[:, :, 0]
    return v, c.T


# %% wrong="routing" says="over the wholes"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds):
        c = b.softmax(0)
        s = (c[..., None] * votes).sum(0)
        n = s.norm(dim=1, keepdim=True)
        v = s * n / (1 + n**2)
        b = b + (votes * v).sum(-1)
    return v, c


# %% wrong="routing" says="added up, round after round"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds):
        c = b.softmax(1)
        s = (c[..., None] * votes).sum(0)
        n = s.norm(dim=1, keepdim=True)
        v = s * n / (1 + n**2)
        b = (votes * v).sum(-1)
    return v, c


# %% wrong="routing" says="one round more"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds + 1):
        c = b.softmax(1)
        s = (c[..., None] * votes).sum(0)
        n = s.norm(dim=1, keepdim=True)
        v = s * n / (1 + n**2)
        b = b + (votes * v).sum(-1)
    return v, c


# %% wrong="routing" says="couplings of the next round"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds):
        s = (b.softmax(1)[..., None] * votes).sum(0)
        n = s.norm(dim=1, keepdim=True)
        v = s * n / (1 + n**2)
        b = b + (votes * v).sum(-1)
    return v, b.softmax(1)


# %% wrong="routing" says="not with s"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds):
        c = b.softmax(1)
        s = (c[..., None] * votes).sum(0)
        b = b + (votes * s).sum(-1)
    n = s.norm(dim=1, keepdim=True)
    return s * n / (1 + n**2), c


# %% wrong="routing" says="Where is the squash"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds):
        c = b.softmax(1)
        v = (c[..., None] * votes).sum(0)
        b = b + (votes * v).sum(-1)
    return v, c


# %% wrong="routing" says="First the poses"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds):
        c = b.softmax(1)
        s = (c[..., None] * votes).sum(0)
        n = s.norm(dim=1, keepdim=True)
        v = s * n / (1 + n**2)
        b = b + (votes * v).sum(-1)
    return c, v


# %% wrong="routing" says="Return two things"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds):
        c = b.softmax(1)
        s = (c[..., None] * votes).sum(0)
        n = s.norm(dim=1, keepdim=True)
        v = s * n / (1 + n**2)
        b = b + (votes * v).sum(-1)
    return v


# %% wrong="routing" says="raise a ValueError"
def route(votes, rounds=3):
    b = torch.zeros(votes.shape[:2])
    for _ in range(max(1, rounds)):
        c = b.softmax(1)
        s = (c[..., None] * votes).sum(0)
        n = s.norm(dim=1, keepdim=True)
        v = s * n / (1 + n**2)
        b = b + (votes * v).sum(-1)
    return v, c


# %% wrong="routing" says="does the work of this exercise"
def route(votes, rounds=3):
    from coursekit.models.capsnet import route as ready

    v, c = ready(votes.transpose(0, 1)[None], rounds)
    return v[0], c[0].T


# %% wrong="routing" says="What comes is a torch tensor"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    logits = np.zeros(votes.shape[:2])
    for _ in range(rounds):
        shares = np.exp(logits)
        shares /= shares.sum(1, keepdims=True)
        sums = (shares[:, :, None] * votes).sum(0)
        n = np.linalg.norm(sums, axis=1, keepdims=True)
        poses = sums * n / (1 + n * n)
        logits += (votes * poses).sum(2)
    return poses, shares


# %% wrong="routing" says="What comes is a torch tensor"
def route(votes, rounds=3):
    if rounds < 1:
        raise ValueError("no rounds")
    votes = votes.astype(float)
    logits = np.zeros(votes.shape[:2])
    for _ in range(rounds):
        shares = np.exp(logits)
        shares /= shares.sum(1, keepdims=True)
        sums = (shares[:, :, None] * votes).sum(0)
        n = np.linalg.norm(sums, axis=1, keepdims=True)
        poses = sums * n / (1 + n * n)
        logits += (votes * poses).sum(2)
    return poses, shares


# %% right="sick-routings" style="words"
of_p = "overwritten"
of_q = "healthy"
of_r = "too many"
of_s = "axis"
of_t = "unsquashed"
of_u = "blocked"
of_v = "squash axis"


# %% right="sick-routings" style="with capitals"
of_p = "Overwritten"
of_q = "Healthy"
of_r = "Too many"
of_s = "Axis"
of_t = "Unsquashed"
of_u = "Blocked"
of_v = "Squash axis"


# %% right="sick-routings" style="variables"
FAULTS = ("overwritten", "healthy", "too many", "axis", "unsquashed", "blocked")
of_p, of_q, of_r, of_s, of_t, of_u = FAULTS
of_v = "squash " + FAULTS[3]


# %% wrong="sick-routings" says="With three?"
of_p = "healthy"
of_q = "healthy"
of_r = "too many"
of_s = "axis"
of_t = "unsquashed"
of_u = "blocked"
of_v = "squash axis"


# %% wrong="sick-routings" says="but is everything?"
of_p = "overwritten"
of_q = "blocked"
of_r = "too many"
of_s = "axis"
of_t = "unsquashed"
of_u = "blocked"
of_v = "squash axis"


# %% wrong="sick-routings" says="what does dim=1 run over"
of_p = "overwritten"
of_q = "healthy"
of_r = "too many"
of_s = "healthy"
of_t = "unsquashed"
of_u = "blocked"
of_v = "squash axis"


# %% wrong="sick-routings" says="In its b the wholes come first. Sum"
of_p = "overwritten"
of_q = "healthy"
of_r = "axis"
of_s = "axis"
of_t = "unsquashed"
of_u = "blocked"
of_v = "squash axis"


# %% wrong="sick-routings" says="all that training needs"
of_p = "overwritten"
of_q = "healthy"
of_r = "too many"
of_s = "axis"
of_t = "unsquashed"
of_u = "healthy"
of_v = "squash axis"


# %% right="what-comes-back" style="detached rounds, then one sum"
class Routing(nn.Module):
    def __init__(self, rounds=3):
        super().__init__()
        self.rounds = rounds

    def forward(self, votes):
        fixed = votes.detach()
        b = torch.zeros(votes.shape[:3])
        for _ in range(self.rounds - 1):
            v = self.poses(b, fixed)
            b = b + (fixed * v.unsqueeze(1)).sum(-1)
        return self.poses(b, votes)

    def poses(self, b, votes):
        s = (b.softmax(2).unsqueeze(3) * votes).sum(1)
        n = s.norm(dim=2, keepdim=True)
        return s * n / (1 + n**2)


# %% right="what-comes-back" style="no_grad, einsum"
class Routing(nn.Module):
    def __init__(self, rounds=3):
        super().__init__()
        self.rounds = rounds

    def forward(self, votes):
        with torch.no_grad():
            b = votes.new_zeros(votes.shape[:-1])
            for number in range(self.rounds):
                c = b.softmax(-1)
                v = short(torch.einsum("nij,nijd->njd", c, votes))
                b = b + torch.einsum("nijd,njd->nij", votes, v)
        return short(torch.einsum("nij,nijd->njd", c, votes))


def short(s):
    square = s.square().sum(-1, keepdim=True)
    return s * square / (1 + square) / torch.sqrt(square + 1e-10)


# %% right="what-comes-back" style="couplings detached, picture by picture"
class Routing(nn.Module):
    def __init__(self, rounds=3):
        super().__init__()
        self.rounds = rounds

    def forward(self, votes):
        return torch.stack([self.one(picture) for picture in votes])

    def one(self, votes):
        b = torch.zeros(votes.shape[:2])
        for _ in range(self.rounds):
            c = torch.softmax(b, 1).detach()
            s = (c[:, :, None] * votes).sum(0)
            n = torch.linalg.vector_norm(s, dim=1, keepdim=True)
            v = s * (n / (1 + n.square()))
            b = b + (votes * v).sum(2)
        return v


# %% right="what-comes-back" style="epsilon under both roots"
class Routing(nn.Module):
    def __init__(self, rounds=3):
        super().__init__()
        self.rounds = rounds

    def forward(self, votes):
        fixed = votes.detach()
        b = torch.zeros(votes.shape[:3])
        for _ in range(self.rounds - 1):
            v = self.poses(b, fixed)
            b = b + (fixed * v.unsqueeze(1)).sum(-1)
        return self.poses(b, votes)

    def poses(self, b, votes):
        s = (b.softmax(2).unsqueeze(3) * votes).sum(1)
        n = torch.sqrt((s**2).sum(2, keepdim=True) + 1e-8)
        return n**2 / (1 + n**2) * s / n


# %% wrong="what-comes-back" says="runs through all rounds"
class Routing(nn.Module):
    def __init__(self, rounds=3):
        super().__init__()
        self.rounds = rounds

    def forward(self, votes):
        b = torch.zeros(votes.shape[:3])
        for _ in range(self.rounds):
            s = (b.softmax(2)[..., None] * votes).sum(1)
            n = s.norm(dim=2, keepdim=True)
            v = s * n / (1 + n**2)
            b = b + (votes * v[:, None]).sum(-1)
        return v


# %% wrong="what-comes-back" says="But the last sum needs the votes"
class Routing(nn.Module):
    def __init__(self, rounds=3):
        super().__init__()
        self.rounds = rounds

    def forward(self, votes):
        votes = votes.detach()
        b = torch.zeros(votes.shape[:3])
        for _ in range(self.rounds):
            s = (b.softmax(2)[..., None] * votes).sum(1)
            n = s.norm(dim=2, keepdim=True)
            v = s * n / (1 + n**2)
            b = b + (votes * v[:, None]).sum(-1)
        return v


# %% wrong="what-comes-back" says="and* its squash belong to it"
class Routing(nn.Module):
    def __init__(self, rounds=3):
        super().__init__()
        self.rounds = rounds

    def forward(self, votes):
        fixed = votes.detach()
        b = torch.zeros(votes.shape[:3])
        for _ in range(self.rounds):
            c = b.softmax(2)
            s = (c[..., None] * fixed).sum(1)
            n = s.norm(dim=2, keepdim=True)
            v = s * n / (1 + n**2)
            b = b + (fixed * v[:, None]).sum(-1)
        return (c[..., None] * votes).sum(1) * n / (1 + n**2)


# %% wrong="what-comes-back" says="The gradient at a zero vector"
class Routing(nn.Module):
    def __init__(self, rounds=3):
        super().__init__()
        self.rounds = rounds

    def forward(self, votes):
        fixed = votes.detach()
        b = torch.zeros(votes.shape[:3])
        for number in range(self.rounds):
            last = number == self.rounds - 1
            s = (b.softmax(2)[..., None] * (votes if last else fixed)).sum(1)
            n = (s**2).sum(2, keepdim=True).sqrt()
            v = s * n / (1 + n**2)
            b = b + (fixed * v[:, None]).sum(-1)
        return v


# %% wrong="what-comes-back" says="A routing has nothing to learn"
class Routing(nn.Module):
    def __init__(self, rounds=3):
        super().__init__()
        self.rounds = rounds
        self.start = nn.Parameter(torch.zeros(1))

    def forward(self, votes):
        fixed = votes.detach()
        b = self.start.detach() + torch.zeros(votes.shape[:3])
        for number in range(self.rounds):
            last = number == self.rounds - 1
            s = (b.softmax(2)[..., None] * (votes if last else fixed)).sum(1)
            n = s.norm(dim=2, keepdim=True)
            v = s * n / (1 + n**2)
            b = b + (fixed * v[:, None]).sum(-1)
        return v


# %% wrong="what-comes-back" says="keep something of the last call"
class Routing(nn.Module):
    def __init__(self, rounds=3):
        super().__init__()
        self.rounds = rounds
        self.b = None

    def forward(self, votes):
        fixed = votes.detach()
        if self.b is None:
            self.b = torch.zeros(votes.shape[:3])
        for number in range(self.rounds):
            last = number == self.rounds - 1
            s = (self.b.softmax(2)[..., None] * (votes if last else fixed)).sum(1)
            n = s.norm(dim=2, keepdim=True)
            v = s * n / (1 + n**2)
            self.b = self.b + (fixed * v[:, None]).detach().sum(-1)
        return v


# %% wrong="what-comes-back" says="now it is axis 2"
class Routing(nn.Module):
    def __init__(self, rounds=3):
        super().__init__()
        self.rounds = rounds

    def forward(self, votes):
        fixed = votes.detach()
        b = torch.zeros(votes.shape[:3])
        for number in range(self.rounds):
            last = number == self.rounds - 1
            s = (b.softmax(1)[..., None] * (votes if last else fixed)).sum(1)
            n = s.norm(dim=2, keepdim=True)
            v = s * n / (1 + n**2)
            b = b + (fixed * v[:, None]).sum(-1)
        return v


# %% right="margin-loss" style="torch, relu"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = F.relu(upper - lengths).square()
    imagined = F.relu(lengths - lower).square()
    loss = present * missed + absent * (1 - present) * imagined
    return loss.sum(dim=1).mean()


# %% right="margin-loss" style="numpy"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    lengths, there = np.asarray(lengths), np.asarray(present) > 0
    missed = np.maximum(0, upper - lengths) ** 2
    imagined = absent * np.maximum(0, lengths - lower) ** 2
    return np.where(there, missed, imagined).sum() / len(lengths)


# %% right="margin-loss" style="loops"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    total = 0.0
    for row, there in zip(lengths, present):
        for length, is_there in zip(row, there):
            if is_there:
                total += max(0.0, upper - float(length)) ** 2
            else:
                total += absent * max(0.0, float(length) - lower) ** 2
    return total / len(lengths)


# %% right="margin-loss" style="chosen by a mask"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    there = present.bool()
    missed = (upper - lengths[there]).clamp(min=0).pow(2).sum()
    imagined = (lengths[~there] - lower).clamp(min=0).pow(2).sum()
    return (missed + absent * imagined) / lengths.shape[0]


# %% wrong="margin-loss" says="Over the wholes the sum"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (present * missed + absent * (1 - present) * imagined).mean()


# %% wrong="margin-loss" says="Over the pictures the mean"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (present * missed + absent * (1 - present) * imagined).sum()


# %% wrong="margin-loss" says="The axes are exchanged"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (present * missed + absent * (1 - present) * imagined).sum(0).mean()


# %% wrong="margin-loss" says="Both terms are squared"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0)
    imagined = (lengths - lower).clamp(min=0)
    return (present * missed + absent * (1 - present) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="Beyond its margin a whole costs nothing"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths) ** 2
    imagined = (lengths - lower) ** 2
    return (present * missed + absent * (1 - present) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="Beyond its margin a whole costs nothing"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (present * missed + absent * (1 - present) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="Beyond its margin a whole costs nothing"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower) ** 2
    return (present * missed + absent * (1 - present) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="Python's max compares single numbers"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = max(0, upper - lengths) ** 2
    imagined = max(0, lengths - lower) ** 2
    return (present * missed + absent * (1 - present) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="np.asarray"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = np.maximum(0, (upper - lengths).astype(float)) ** 2
    imagined = np.maximum(0, lengths - lower) ** 2
    return (present * missed + absent * (1 - present) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="not 1 − λ"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (present * missed + (1 - absent) * (1 - present) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="Where is λ"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (present * missed + (1 - present) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="λ stands at the wrong term"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (absent * present * missed + (1 - present) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="There may be several ones"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    digit = present.argmax(1)
    one = F.one_hot(digit, lengths.shape[1])
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (one * missed + absent * (1 - one) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="Use the λ that is given"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (present * missed + 0.5 * (1 - present) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="The second term is for wholes that are absent"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (present * missed + absent * imagined).sum(1).mean()


# %% wrong="margin-loss" says="does the work of this exercise"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    from coursekit.models.capsnet import margin_loss as ready

    return ready(lengths, present)


# %% wrong="margin-loss" says="nothing could learn from it"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (present * missed + absent * (1 - present) * imagined).sum(1).mean().detach()


# %% wrong="margin-loss" says="nothing could learn from it"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths.detach()).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    return (present * missed + absent * (1 - present) * imagined).sum(1).mean()


# %% wrong="margin-loss" says="nothing could learn from it"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = (upper - lengths).clamp(min=0) ** 2
    imagined = (lengths - lower).clamp(min=0) ** 2
    loss = present * missed + absent * (1 - present) * imagined
    return torch.tensor(loss.sum().item() / len(lengths))


# %% wrong="margin-loss" says="nothing could learn from it"
def margin_loss(lengths, present, upper=0.9, lower=0.1, absent=0.5):
    missed = np.maximum(0, upper - lengths) ** 2
    imagined = np.maximum(0, lengths - lower) ** 2
    return (present * missed + absent * (1 - present) * imagined).sum(1).mean()


# %% right="misled-sum" style="unrelated votes"
def scene():
    axis = np.eye(6)
    ours = [(axis[0], axis[number]) for number in (1, 2, 3, 4)]
    strangers = [(-axis[0], axis[5])] * 2
    return np.array(ours + strangers)


# %% right="misled-sum" style="complex numbers"
def scene():
    first = [1, 1, 1, 1, -1, -1]
    diagonal = (1 + 1j) / abs(1 + 1j)
    second = [diagonal, 1j, 1 / diagonal, -1j, diagonal, 1 / diagonal]
    votes = np.array([first, second]).T
    return np.stack([votes.real, votes.imag], -1)


# %% right="misled-sum" style="torch, angles"
def scene():
    second = torch.pi / 6 * torch.tensor([2, 3, -2, -3, -1, 1])
    first = torch.pi * (torch.arange(6) > 3)
    angles = torch.stack([first, second], 1)
    return torch.stack([angles.cos(), angles.sin()], 2)


# %% wrong="misled-sum" says="So the sum is not misled"
def scene():
    angles = np.radians(
        np.stack([[0, 0, 0, 0, 180, 180], [60, 180, -60, 120, -120, 0]], 1)
    )
    return np.stack([np.cos(angles), np.sin(angles)], 2)


# %% wrong="misled-sum" says="all have length 1"
def scene():
    votes = np.zeros((6, 2, 2))
    votes[:3, 0, 0] = 1
    votes[:, 1, 1] = 2
    return votes


# %% wrong="misled-sum" says="no two are more than 0° apart"
def scene():
    angles = np.radians(
        np.stack([[0, 0, 0, 0, 180, 180], [80, 80, 80, 80, -20, 20]], 1)
    )
    return np.stack([np.cos(angles), np.sin(angles)], 2)


# %% wrong="misled-sum" says="of votes[0, 1], votes[1, 1] and votes[2, 1]"
def scene():
    angles = np.radians(
        np.stack([[0, 0, 0, 0, 180, 180], [80, 85, 90, 150, -20, 20]], 1)
    )
    return np.stack([np.cos(angles), np.sin(angles)], 2)


# %% wrong="misled-sum" says="makes an array of it"
def scene():
    return [[[1.0, 0.0], [0.0, 1.0]]] * 6


# %% wrong="misled-sum" says="So the sum is not misled"
def scene():
    axis = np.eye(8)
    ours = [(axis[0], axis[number]) for number in (1, 2, 3, 4, 5)]
    strangers = [(-axis[0], axis[6])] * 2
    return np.array(ours + strangers)


# %% wrong="misled-sum" says="no three parts agree on whole 0"
def scene():
    angles = np.radians(
        np.stack([[0, 30, 60, 90, 180, 180], [60, 85, -60, -85, -40, 40]], 1)
    )
    return np.stack([np.cos(angles), np.sin(angles)], 2)


# %% wrong="misled-sum" says="What is in the lead wins more"
def scene():
    angles = np.radians(
        np.stack([[0, 0, 0, 120, 180, -120], [40, -40, 0, 45, -45, 90]], 1)
    )
    return np.stack([np.cos(angles), np.sin(angles)], 2)


# %% wrong="misled-sum" says="with noise"
def scene():
    first = np.radians([0, 0, 0, 0, 180, 180])
    second = np.radians([36, 36, -36, -36, -108, 108])
    angles = np.stack([first, second], 1)
    return np.stack([np.cos(angles), np.sin(angles)], 2)


# %% wrong="misled-sum" says="4 to 12 parts"
def scene():
    votes = np.zeros((3, 2, 2))
    votes[:, :, 0] = 1
    return votes


# %% wrong="misled-sum" says="an array (parts, 2, size) is wanted"
def scene():
    return np.eye(6)


# %% equivalent="the-eyes-vote" why="the same numbers"
# - back = np.array([[c, s], [-s, c]])
# + back = [[c, s], [-s, c]]


# %% equivalent="the-eyes-vote" why="rotations and scalings of the plane commute"
# - matrix[2:, :2] = -offset @ back
# + matrix[2:, :2] = back @ -offset


# %% equivalent="the-eyes-vote" why="the same numbers"
# - return matrix
# + return np.squeeze(matrix)


# %% equivalent="the-eyes-vote" why="rotations and scalings of the plane commute"
# - lower = -np.array([[ax, -ay], [ay, ax]]) @ back
# + lower = back @ -np.array([[ax, -ay], [ay, ax]])


# %% equivalent="the-eyes-vote" why="the same numbers"
# - angle = torch.deg2rad(torch.tensor(float(degrees)))
# + angle = torch.deg2rad(torch.tensor(degrees))


# %% equivalent="the-eyes-vote" why="the same numbers"
# - down = np.array([[c, -s, 0, 0], [s, c, 0, 0], [ax, -ay, 1, 0], [ay, ax, 0, 1]])
# + down = [[c, -s, 0, 0], [s, c, 0, 0], [ax, -ay, 1, 0], [ay, ax, 0, 1]]


# %% equivalent="the-eyes-vote" why="any seven examples show the same matrix"
# - rng = np.random.default_rng(3)
# + rng = np.random


# %% equivalent="the-eyes-vote" why="any seven examples show the same matrix"
# - rng = np.random.default_rng(3)
# + rng = np.random.default_rng(4)


# %% equivalent="the-eyes-vote" why="any seven examples show the same matrix"
# - rng = np.random.default_rng(3)
# + rng = np.random.default_rng(2)


# %% equivalent="the-eyes-vote" why="any seven examples show the same matrix"
# - wholes = rng.standard_normal((8, 4))
# + wholes = rng.standard_normal((9, 4))


# %% equivalent="the-eyes-vote" why="any seven examples show the same matrix"
# - wholes = rng.standard_normal((8, 4))
# + wholes = rng.standard_normal((7, 4))


# %% equivalent="the-eyes-vote" why="the default is as good"
# - return np.linalg.lstsq(u, wholes, rcond=None)[0].T
# + return np.linalg.lstsq(u, wholes)[0].T


# %% equivalent="squash" why="a tiny ε twice is a tiny ε"
# - return s * squared / (1 + squared) * torch.rsqrt(squared + 1e-08)
# + return s * squared / (1 + squared) * torch.rsqrt(squared + 2e-08)


# %% equivalent="squash" why="a tiny ε twice is a tiny ε"
# - return square / (1 + square) * s / torch.sqrt(square + 1e-09)
# + return square / (1 + square) * s / torch.sqrt(square + 2e-09)


# %% equivalent="squash" why="a tiny ε twice is a tiny ε"
# - short.append(row * torch.sqrt(square + 1e-12) / (1 + square))
# + short.append(row * torch.sqrt(square + 2e-12) / (1 + square))


# %% equivalent="squash" why="a tiny ε twice is a tiny ε"
# - n = torch.sqrt(square + 1e-08)
# + n = torch.sqrt(square + 2e-08)


# %% equivalent="squash" why="the next step gives the shape back"
# - return torch.stack(short).reshape(rows.shape).movedim(-1, self.dim)
# + return torch.concatenate(short).reshape(rows.shape).movedim(-1, self.dim)


# %% equivalent="routing" why="the check gives tensors"
# - votes = torch.as_tensor(votes)
# + pass


# %% equivalent="routing" why="the check gives tensors"
# - votes = torch.as_tensor(votes)
# + votes = votes


# %% equivalent="routing" why="a list of the two is as good"
# - return (poses, couplings)
# + return list((poses, couplings))


# %% equivalent="routing" why="a softmax does not notice what is added to all"
# - b = torch.zeros(votes.shape[0], votes.shape[1])
# + b = torch.ones(votes.shape[0], votes.shape[1])


# %% equivalent="routing" why="a tiny ε twice is a tiny ε"
# - v = square / (1 + square) * s / torch.sqrt(square + 1e-12)
# + v = square / (1 + square) * s / torch.sqrt(square + 2e-12)


# %% equivalent="routing" why="a softmax does not notice what is added to all"
# - logits = np.zeros(votes.shape[:2])
# + logits = np.ones(votes.shape[:2])


# %% equivalent="routing" why="a softmax does not notice what is added to all"
# - shares = np.exp(logits - logits.max(-1, keepdims=True))
# + shares = np.exp(logits + logits.max(-1, keepdims=True))


# %% equivalent="routing" why="a softmax does not notice what is added to all"
# - shares = np.exp(logits - logits.max(-1, keepdims=True))
# + shares = np.exp(logits)


# %% equivalent="routing" why="a softmax does not notice what is added to all"
# - shares = np.exp(logits - logits.max(-1, keepdims=True))
# + shares = np.exp(logits - -1)


# %% equivalent="routing" why="a softmax does not notice what is added to all"
# - shares = np.exp(logits - logits.max(-1, keepdims=True))
# + shares = np.exp(logits - logits.min(-1, keepdims=True))


# %% equivalent="routing" why="a softmax does not notice what is added to all"
# - shares = np.exp(logits - logits.max(-1, keepdims=True))
# + shares = np.exp(logits - logits.mean(-1, keepdims=True))


# %% equivalent="routing" why="of two axes the last is number 1"
# - shares = np.exp(logits - logits.max(-1, keepdims=True))
# + shares = np.exp(logits - logits.max(1, keepdims=True))


# %% equivalent="routing" why="of two axes the last is number 1"
# - shares /= shares.sum(-1, keepdims=True)
# + shares /= shares.sum(1, keepdims=True)


# %% equivalent="routing" why="of two axes the last is number 1"
# - n = np.linalg.norm(sums, axis=-1, keepdims=True)
# + n = np.linalg.norm(sums, axis=1, keepdims=True)


# %% equivalent="routing" why="zero has no sign"
# - b = [[0.0] * wholes for _ in range(parts)]
# + b = [[-0.0] * wholes for _ in range(parts)]


# %% equivalent="routing" why="every row is written"
# - v = torch.zeros(wholes, size)
# + v = torch.ones(wholes, size)


# %% equivalent="routing" why="the same numbers"
# - n = float(s.norm())
# + n = s.norm()


# %% equivalent="routing" why="the same numbers"
# - b[i][j] += float(votes[i, j] @ v[j])
# + b[i][j] += votes[i, j] @ v[j]


# %% equivalent="routing" why="a scalar product"
# - b[i][j] += float(votes[i, j] @ v[j])
# + b[i][j] += float(v[j] @ votes[i, j])


# %% equivalent="routing" why="the order does not matter"
# - turned = votes.transpose(0, 1)
# + turned = votes.transpose(1, 0)


# %% equivalent="routing" why="an axis of length one"
# - s = (c[:, None] @ turned)[:, 0]
# + s = (c[:, None] @ turned)[:, -1]


# %% equivalent="routing" why="an axis of length one"
# - b = b + (turned @ v[:, :, None])[:, :, 0]
# + b = b + (turned @ v[:, :, None])[:, :, -1]


# %% equivalent="what-comes-back" why="the last update is idle"
# - if not last:
# + if True:


# %% equivalent="what-comes-back" why="a softmax does not notice what is added to all"
# - b = torch.zeros(votes.shape[:3])
# + b = torch.ones(votes.shape[:3])


# %% equivalent="what-comes-back" why="a tiny ε twice is a tiny ε"
# - return s * square / (1 + square) / torch.sqrt(square + 1e-10)
# + return s * square / (1 + square) / torch.sqrt(square + 2e-10)


# %% equivalent="what-comes-back" why="a tiny ε twice is a tiny ε"
# - n = torch.sqrt((s ** 2).sum(2, keepdim=True) + 1e-08)
# + n = torch.sqrt((s ** 2).sum(2, keepdim=True) + 2e-08)


# %% equivalent="what-comes-back" why="a softmax does not notice what is added to all"
# - b = torch.zeros(votes.shape[:2])
# + b = torch.ones(votes.shape[:2])


# %% equivalent="margin-loss" why="the same numbers"
# - return (missed + absent * imagined).sum(1).mean()
# + return np.squeeze((missed + absent * imagined).sum(1).mean())


# %% equivalent="margin-loss" why="the same numbers"
# - return (missed + absent * imagined).sum(1).mean()
# + return np.flip((missed + absent * imagined).sum(1).mean())


# %% equivalent="margin-loss" why="the same numbers"
# - lengths, there = (np.asarray(lengths), np.asarray(present) > 0)
# + lengths, there = (lengths, np.asarray(present) > 0)


# %% equivalent="margin-loss" why="the same numbers"
# - lengths, there = (np.asarray(lengths), np.asarray(present) > 0)
# + lengths, there = (np.asarray(lengths), present > 0)


# %% equivalent="margin-loss" why="the order does not matter"
# - missed = np.maximum(0, upper - lengths) ** 2
# + missed = np.maximum(upper - lengths, 0) ** 2


# %% equivalent="margin-loss" why="the order does not matter"
# - imagined = absent * np.maximum(0, lengths - lower) ** 2
# + imagined = absent * np.maximum(lengths - lower, 0) ** 2


# %% equivalent="margin-loss" why="both have as many rows"
# - return np.where(there, missed, imagined).sum() / len(lengths)
# + return np.where(there, missed, imagined).sum() / len(present)


# %% equivalent="margin-loss" why="zero has no sign"
# - total = 0.0
# + total = -0.0


# %% equivalent="margin-loss" why="the order does not matter"
# - total += max(0.0, upper - float(length)) ** 2
# + total += max(upper - float(length), 0.0) ** 2


# %% equivalent="margin-loss" why="zero has no sign"
# - total += max(0.0, upper - float(length)) ** 2
# + total += max(-0.0, upper - float(length)) ** 2


# %% equivalent="margin-loss" why="the order does not matter"
# - total += absent * max(0.0, float(length) - lower) ** 2
# + total += absent * max(float(length) - lower, 0.0) ** 2


# %% equivalent="margin-loss" why="zero has no sign"
# - total += absent * max(0.0, float(length) - lower) ** 2
# + total += absent * max(-0.0, float(length) - lower) ** 2


# %% equivalent="margin-loss" why="both have as many rows"
# - return total / len(lengths)
# + return total / len(present)


# %% equivalent="margin-loss" why="both have as many rows"
# - return (missed + absent * imagined) / lengths.shape[0]
# + return (missed + absent * imagined) / present.shape[0]


# %% equivalent="misled-sum" why="a number that is 0 for all is added"
# - axis = np.eye(6)
# + axis = np.eye(7)


# %% equivalent="misled-sum" why="another scene that meets the goal"
# - ours = [(axis[0], axis[number]) for number in (1, 2, 3, 4)]
# + ours = [(axis[0], axis[number]) for number in (2, 1, 3, 4)]


# %% equivalent="misled-sum" why="another scene that meets the goal"
# - ours = [(axis[0], axis[number]) for number in (1, 2, 3, 4)]
# + ours = [(axis[0], axis[number]) for number in (1, 3, 2, 4)]


# %% equivalent="misled-sum" why="another scene that meets the goal"
# - ours = [(axis[0], axis[number]) for number in (1, 2, 3, 4)]
# + ours = [(axis[0], axis[number]) for number in (1, 2, 4, 3)]


# %% equivalent="misled-sum" why="each whole has axes of its own"
# - ours = [(axis[0], axis[number]) for number in (1, 2, 3, 4)]
# + ours = [(axis[0], axis[number]) for number in (0, 2, 3, 4)]


# %% equivalent="misled-sum" why="the same scene, turned or mirrored"
# - return np.array(ours + strangers)
# + return np.negative(np.array(ours + strangers))


# %% equivalent="misled-sum" why="the same scene, turned or mirrored"
# - return np.array(ours + strangers)
# + return np.trunc(np.array(ours + strangers))


# %% equivalent="misled-sum" why="the same scene, turned or mirrored"
# - return np.array(ours + strangers)
# + return np.squeeze(np.array(ours + strangers))


# %% equivalent="misled-sum" why="a number that is 0 for all is added"
# - axis = np.eye(6)
# + axis = np.eye(7)


# %% equivalent="misled-sum" why="another scene that meets the goal"
# - ours = [(axis[0], axis[number]) for number in (1, 2, 3, 4)]
# + ours = [(axis[0], axis[number]) for number in (2, 1, 3, 4)]


# %% equivalent="misled-sum" why="another scene that meets the goal"
# - ours = [(axis[0], axis[number]) for number in (1, 2, 3, 4)]
# + ours = [(axis[0], axis[number]) for number in (1, 3, 2, 4)]


# %% equivalent="misled-sum" why="another scene that meets the goal"
# - ours = [(axis[0], axis[number]) for number in (1, 2, 3, 4)]
# + ours = [(axis[0], axis[number]) for number in (1, 2, 4, 3)]


# %% equivalent="misled-sum" why="each whole has axes of its own"
# - ours = [(axis[0], axis[number]) for number in (1, 2, 3, 4)]
# + ours = [(axis[0], axis[number]) for number in (0, 2, 3, 4)]


# %% equivalent="misled-sum" why="another scene that meets the goal"
# - first = [1, 1, 1, 1, -1, -1]
# + first = [-1, -1, 1, 1, 1, 1]


# %% equivalent="misled-sum" why="the mirror image"
# - diagonal = (1 + 1j) / abs(1 + 1j)
# + diagonal = abs(1 + 1j) / (1 + 1j)


# %% equivalent="misled-sum" why="the mirror image"
# - diagonal = (1 + 1j) / abs(1 + 1j)
# + diagonal = (1 - 1j) / abs(1 + 1j)


# %% equivalent="misled-sum" why="the mirror image"
# - diagonal = (1 + 1j) / abs(1 + 1j)
# + diagonal = (1 + 1j) / abs(1 - 1j)


# %% equivalent="misled-sum" why="another scene that meets the goal"
# - second = [diagonal, 1j, 1 / diagonal, -1j, diagonal, 1 / diagonal]
# + second = [1 / diagonal, diagonal, -1j, 1 / diagonal, 1j, diagonal]


# %% equivalent="misled-sum" why="the same scene, turned or mirrored"
# - return np.stack([votes.real, votes.imag], -1)
# + return np.stack([votes.imag, votes.real], -1)


# %% equivalent="misled-sum" why="another scene that meets the goal"
# - second = torch.pi / 6 * torch.tensor([2, 3, -2, -3, -1, 1])
# + second = torch.pi / 6 * torch.tensor([1, -1, -3, -2, 3, 2])


# %% equivalent="misled-sum" why="the same scene, turned or mirrored"
# - return torch.stack([angles.cos(), angles.sin()], 2)
# + return torch.stack([angles.sin(), angles.cos()], 2)
