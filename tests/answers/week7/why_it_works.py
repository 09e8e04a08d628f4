# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="ways-to-take-out" style="texts"
way_a = "doubles"
way_b = "wrong mode"
way_c = "still speaks"
way_d = "piles up"
way_e = "road cut"
way_f = "right"


# %% right="ways-to-take-out" style="unpacked"
way_a, way_b, way_c = "doubles", "wrong mode", "still speaks"
way_d, way_e, way_f = "piles up", "road cut", "right"


# %% right="ways-to-take-out" style="a loop over names"
found = ["doubles", "wrong mode", "still speaks", "piles up", "road cut", "right"]
way_a, way_b, way_c, way_d, way_e, way_f = (str(one) for one in found)


# %% wrong="ways-to-take-out" says="what is then added to it"
way_a = "right"
way_b = "wrong mode"
way_c = "still speaks"
way_d = "piles up"
way_e = "road cut"
way_f = "doubles"


# %% wrong="ways-to-take-out" says="Ask for another block"
way_a = "doubles"
way_b = "wrong mode"
way_c = "still speaks"
way_d = "right"
way_e = "road cut"
way_f = "right"


# %% wrong="ways-to-take-out" says="Send maps through the branch"
way_a = "doubles"
way_b = "wrong mode"
way_c = "right"
way_d = "piles up"
way_e = "road cut"
way_f = "right"


# %% wrong="ways-to-take-out" says="Compare its number"
way_a = "doubles"
way_b = "right"
way_c = "still speaks"
way_d = "piles up"
way_e = "road cut"
way_f = "right"


# %% right="unrolled-terms" style="differences of sums"
def terms(x, branches):
    places = [x]
    for one in branches:
        places.append(places[-1] + one(places[-1]))
    places = torch.stack(places)
    return torch.cat([places[:1], places[1:] - places[:-1]])


# %% right="unrolled-terms" style="a sum over the list"
def terms(x, branches):
    found = [x]
    for one in branches:
        found.append(one(torch.stack(found).sum(0)))
    return torch.stack(found)


# %% right="unrolled-terms" style="no graph, written into zeros"
@torch.no_grad()
def terms(x, branches):
    modules = list(branches)
    found = torch.zeros(len(modules) + 1, *x.shape, dtype=x.dtype)
    found[0] = x
    for k, one in enumerate(modules):
        found[k + 1] = one(found[: k + 1].sum(dim=0))
    return found


# %% right="unrolled-terms" style="NumPy at the end"
def terms(x, branches):
    found, now = [x.numpy()], x
    with torch.no_grad():
        for one in branches:
            added = one(now)
            found.append(added.numpy())
            now = now + added
    return np.stack(found)


# %% wrong="unrolled-terms" says="Those are the sums"
def terms(x, branches):
    found = [x]
    for one in branches:
        found.append(found[-1] + one(found[-1]))
    return torch.stack(found)


# %% wrong="unrolled-terms" says="Only the first branch reads x itself"
def terms(x, branches):
    return torch.stack([x, *(one(x) for one in branches)])


# %% wrong="unrolled-terms" says="not the last term"
def terms(x, branches):
    found = [x]
    for one in branches:
        found.append(one(found[-1]))
    return torch.stack(found)


# %% wrong="unrolled-terms" says="x itself is a term"
def terms(x, branches):
    found = []
    for one in branches:
        found.append(one(x))
        x = x + found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="not their sum"
def terms(x, branches):
    for one in branches:
        x = x + one(x)
    return x


# %% wrong="unrolled-terms" says="changes its input x"
def terms(x, branches):
    found = [x.clone()]
    for one in branches:
        found.append(one(x.clone()))
        x += found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="Run each branch once"
def terms(x, branches):
    found, now = [x], x
    for one in branches:
        found.append(one(now))
        now = now + one(now)
    return torch.stack(found)


# %% wrong="unrolled-terms" says="The branches stay in the mode they are in"
def terms(x, branches):
    found = [x]
    for one in branches:
        mode = one.training
        added = one(x)
        one.train(mode)
        found.append(added)
        x = x + added
    branches.train(not branches.training)
    return torch.stack(found)


# %% wrong="unrolled-terms" says="requires_grad of 0.0.weight is False now"
def terms(x, branches):
    for weight in branches.parameters():
        weight.requires_grad_(False)
    found = [x]
    for one in branches:
        found.append(one(x))
        x = x + found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="no zero_grad, no backward here"
def terms(x, branches):
    found = [x]
    for one in branches:
        one.zero_grad()
        found.append(one(x))
        x = x + found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="no zero_grad, no backward here"
def terms(x, branches):
    found = [x]
    for one in branches:
        found.append(one(x))
        x = x + found[-1]
    x.sum().backward()
    return torch.stack(found).detach()


# %% wrong="unrolled-terms" says="The branches stay in the mode they are in"
def terms(x, branches):
    found = [x]
    for one in branches:
        mode = one.training
        found.append(one.eval()(x))
        one.train(mode)
        x = x + found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="All images together, not one by one"
def terms(x, branches):
    found = [x]
    for one in branches:
        found.append(torch.cat([one(image[None]) for image in x]))
        x = x + found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="*all* that was added before it"
def terms(x, branches):
    found = [x]
    for k, one in enumerate(branches):
        found.append(one(x + found[-1] if k else x))
    return torch.stack(found)


# %% wrong="unrolled-terms" says="*all* that was added before it"
def terms(x, branches):
    found = [x]
    for one in branches:
        found.append(one(x + found[-1]))
    return torch.stack(found)


# %% wrong="unrolled-terms" says="The branches stay in the mode they are in"
def terms(x, branches):
    found = [x]
    for one in branches:
        first = next(iter(branches)).training
        found.append(one.train(first)(x))
        x = x + found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="The branches stay in the mode they are in"
def terms(x, branches):
    found = [x]
    for one in branches:
        found.append(one.train(one.training)(x))
        x = x + found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="The branches stay in the mode they are in"
def terms(x, branches):
    found = [x]
    for one in branches:
        found.append(one(x))
        one.train(one.training)
        x = x + found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="requires_grad of 2.2.weight is True now"
def terms(x, branches):
    found = [x]
    for one in branches:
        one.requires_grad_(False)
        found.append(one(x))
        one.requires_grad_(True)
        x = x + found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="your terms float32"
def terms(x, branches):
    found = [x]
    for one in branches:
        found.append(one(x))
        x = x + found[-1]
    return torch.stack(found).float()


# %% wrong="unrolled-terms" says="your terms float32"
def terms(x, branches):
    found = torch.zeros(len(branches) + 1, *x.shape)
    found[0] = x
    for k, one in enumerate(branches, 1):
        found[k] = one(x)
        x = x + one_of(found, k, x)
    return found


def one_of(found, k, x):
    return found[k].to(x.dtype)


# %% wrong="unrolled-terms" says="no branch"
def terms(x, branches):
    first, *rest = branches
    found = [x, first(x)]
    for one in rest:
        found.append(one(sum(found)))
    return torch.stack(found)


# %% wrong="unrolled-terms" says="Run the branch itself, no copy of it"
def terms(x, branches):
    import copy

    found = [x]
    for one in branches:
        found.append(copy.deepcopy(one)(x))
        x = x + found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="Run the branch itself, no copy of it"
def terms(x, branches):
    found = [x]
    for one in branches:
        before = {name: t.clone() for name, t in one.state_dict().items()}
        found.append(one(x))
        one.load_state_dict(before)
        x = x + found[-1]
    return torch.stack(found)


# %% wrong="unrolled-terms" says="Here += has added the others"
def terms(x, branches):
    total = x.clone()
    found = [total]
    for one in branches:
        with torch.no_grad():
            added = one(total.clone())
        total += added
        found.append(added)
    return torch.stack(found)


# %% wrong="unrolled-terms" says="torch.stack(…)"
def terms(x, branches):
    found = [x]
    for one in branches:
        found.append(one(x))
        x = x + found[-1]
    return found


# %% right="every-path" style="bits"
def by_path(x, branches):
    found = []
    for b in range(2 ** len(branches)):
        path = x
        for i, matrix in enumerate(branches):
            if b >> i & 1:
                path = matrix @ path
        found.append(path)
    return np.array(found)


# %% right="every-path" style="products from itertools"
def by_path(x, branches):
    from itertools import product

    found = []
    for choice in product([0, 1], repeat=len(branches)):
        path = x
        for through, matrix in zip(choice[::-1], branches):
            path = matrix.dot(path) if through else path
        found.append(path)
    return np.array(found)


# %% right="every-path" style="doubled tables"
def by_path(x, branches):
    table = x[None, :]
    for matrix in branches:
        table = np.concatenate([table, table @ matrix.T])
    return table


# %% right="every-path" style="torch"
def by_path(x, branches):
    paths = [torch.as_tensor(x)]
    for matrix in torch.as_tensor(branches):
        paths = paths + [torch.mv(matrix, path) for path in paths]
    return torch.stack(paths)


# %% wrong="every-path" says="Matrices do not commute"
def by_path(x, branches):
    found = []
    for b in range(2 ** len(branches)):
        path = x
        for i in reversed(range(len(branches))):
            if b >> i & 1:
                path = branches[i] @ path
        found.append(path)
    return np.array(found)


# %% wrong="every-path" says="the *last* digit"
def by_path(x, branches):
    from itertools import product

    found = []
    for choice in product([0, 1], repeat=len(branches)):
        path = x
        for through, matrix in zip(choice, branches):
            path = matrix @ path if through else path
        found.append(path)
    return np.array(found)


# %% wrong="every-path" says="not by length"
def by_path(x, branches):
    from itertools import combinations

    found = []
    for k in range(len(branches) + 1):
        for some in combinations(branches, k):
            path = x
            for matrix in some:
                path = matrix @ path
            found.append(path)
    return np.array(found)


# %% wrong="every-path" says="A @ x, not x @ A"
def by_path(x, branches):
    paths = [x]
    for matrix in branches:
        paths += [path @ matrix for path in paths]
    return np.array(paths)


# %% wrong="every-path" says="through several branches"
def by_path(x, branches):
    return np.array([x, *(matrix @ x for matrix in branches)])


# %% wrong="every-path" says="A path is a product"
def by_path(x, branches):
    paths = [x]
    for matrix in branches:
        paths += [path + matrix @ x for path in paths]
    return np.array(paths)


# %% wrong="every-path" says="networks without some blocks"
def by_path(x, branches):
    paths = [x]
    for matrix in branches:
        paths += [path + matrix @ path for path in paths]
    return np.array(paths)


# %% wrong="every-path" says="no block"
def by_path(x, branches):
    paths = [x, branches[0] @ x]
    for matrix in branches[1:]:
        paths += [matrix @ path for path in paths]
    return np.stack(paths)


# %% right="by-length" style="from the longest down, in place"
def by_length(x, branches):
    found = np.zeros((len(branches) + 1, len(x)))
    found[0] = x
    for n, matrix in enumerate(branches):
        for k in range(n + 1, 0, -1):
            found[k] += matrix @ found[k - 1]
    return found


# %% right="by-length" style="new lists"
def by_length(x, branches):
    rows = [x]
    for matrix in branches:
        old = rows
        rows = [old[0]]
        for k in range(1, len(old)):
            rows.append(old[k] + matrix @ old[k - 1])
        rows.append(matrix @ old[-1])
    return np.array(rows)


# %% right="by-length" style="torch"
def by_length(x, branches):
    rows = torch.as_tensor(x)[None]
    for matrix in torch.as_tensor(branches):
        nothing = torch.zeros_like(rows[:1])
        longer = torch.cat([nothing, rows @ matrix.T])
        rows = torch.cat([rows, nothing]) + longer
    return rows


# %% right="by-length" style="float32"
def by_length(x, branches):
    found = np.zeros((len(branches) + 1, len(x)), np.float32)
    found[0] = x
    for matrix in branches.astype(np.float32):
        found[1:] = found[1:] + found[:-1] @ matrix.T
    return found


# %% right="by-length" style="a polynomial through the roots of unity"
def by_length(x, branches):
    n = len(branches)
    roots = np.exp(2j * np.pi * np.arange(n + 1) / (n + 1))
    values = []
    for root in roots:
        now = x.astype(complex)
        for matrix in branches:
            now = now + root * (matrix @ now)
        values.append(now)
    return (np.fft.fft(np.array(values), axis=0) / (n + 1)).real


# %% wrong="by-length" says="Do not visit the paths one by one"
def by_length(x, branches):
    found = np.zeros((len(branches) + 1, len(x)))
    paths = [(x, 0)]
    for matrix in branches:
        paths += [(matrix @ path, length + 1) for path, length in paths]
    for path, length in paths:
        found[length] += path
    return found


# %% wrong="by-length" says="were overwritten before"
def by_length(x, branches):
    found = np.zeros((len(branches) + 1, len(x)))
    found[0] = x
    for matrix in branches:
        for k in range(len(branches)):
            found[k + 1] += matrix @ found[k]
    return found


# %% wrong="by-length" says="rows of A meet x"
def by_length(x, branches):
    found = np.zeros((len(branches) + 1, len(x)))
    found[0] = x
    for matrix in branches:
        found[1:] += found[:-1] @ matrix
    return found


# %% wrong="by-length" says="Matrices do not commute"
def by_length(x, branches):
    found = np.zeros((len(branches) + 1, len(x)))
    found[0] = x
    for matrix in branches[::-1]:
        found[1:] += found[:-1] @ matrix.T
    return found


# %% wrong="by-length" says="Length 0 counts"
def by_length(x, branches):
    found = np.zeros((len(branches) + 1, len(x)))
    found[0] = x
    for matrix in branches:
        found[1:] += found[:-1] @ matrix.T
    return found[1:]


# %% wrong="by-length" says="not their mean"
def by_length(x, branches):
    from math import comb

    n = len(branches)
    found = np.zeros((n + 1, len(x)))
    found[0] = x
    for matrix in branches:
        found[1:] += found[:-1] @ matrix.T
    return found / np.array([comb(n, k) for k in range(n + 1)])[:, None]


# %% wrong="by-length" says="Of this length only"
def by_length(x, branches):
    found = np.zeros((len(branches) + 1, len(x)))
    found[0] = x
    for matrix in branches:
        found[1:] += found[:-1] @ matrix.T
    return found.cumsum(0)


# %% wrong="by-length" says="not only through the first k"
def by_length(x, branches):
    found = [x]
    for matrix in branches:
        found.append(matrix @ found[-1])
    return np.array(found)


# %% wrong="by-length" says="no block"
def by_length(x, branches):
    rows = np.stack([x, branches[0] @ x])
    for matrix in branches[1:]:
        nothing = np.zeros((1, len(x)))
        longer = np.concatenate([nothing, rows @ matrix.T])
        rows = np.concatenate([rows, nothing]) + longer
    return rows


# %% wrong="by-length" says="Do not visit the paths one by one"
def by_length(x, branches):
    from itertools import combinations

    found = np.zeros((len(branches) + 1, len(x)))
    for k in range(len(branches) + 1):
        for some in combinations(branches, k):
            path = x
            for matrix in some:
                path = matrix @ path
            found[k] += path
    return found


# %% right="sometimes" style="bernoulli"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.f = branch
        self.p = float(keep)

    def forward(self, x):
        if self.training:
            there = bool(torch.bernoulli(torch.tensor(self.p)))
            return self.f(x) + x if there else x
        return torch.add(x, self.f(x), alpha=self.p)


# %% right="sometimes" style="NumPy's dice"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch = branch
        self.keep = keep

    def forward(self, x):
        if self.training and np.random.random() >= self.keep:
            return x
        return x + self.branch(x) * (1 if self.training else self.keep)


# %% right="sometimes" style="random, in a list of layers"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        import random

        super().__init__()
        self.layers = nn.ModuleList([branch])
        self.keep, self.toss = keep, random.random

    def forward(self, x):
        if not self.training:
            for layer in self.layers:
                return self.keep * layer(x) + x
        if self.toss() < self.keep:
            return self.layers[0](x) + x
        return x.clone()


# %% wrong="sometimes" says="does the work of this exercise"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        from torchvision.ops import StochasticDepth

        self.branch, self.keep = branch, keep
        self.coin = StochasticDepth(1 - keep, "batch")

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        return x + self.keep * self.coin(self.branch(x))


# %% wrong="sometimes" says="the branch counts `keep` times"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if self.training and torch.rand(()) >= self.keep:
            return x
        return x + self.branch(x)


# %% wrong="sometimes" says="not that it is out"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        return x if torch.rand(()) < self.keep else x + self.branch(x)


# %% wrong="sometimes" says="One coin for the whole batch"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        coins = (torch.rand(len(x), 1, 1, 1) < self.keep).float()
        return x + coins * self.branch(x)


# %% wrong="sometimes" says="When the branch is out, it is not run"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        added = self.branch(x)
        if not self.training:
            return x + self.keep * added
        return x + added * float(torch.rand(()) < self.keep)


# %% wrong="sometimes" says="Toss a new coin at each call"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep
        self.there = torch.rand(()).item() < keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        return x + self.branch(x) if self.there else x


# %% wrong="sometimes" says="Multiply by keep, do not divide"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.branch(x) / self.keep
        return x + self.branch(x) if torch.rand(()) < self.keep else x


# %% wrong="sometimes" says="all or nothing: no factor"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if self.training and torch.rand(()) >= self.keep:
            return x
        return x + self.keep * self.branch(x)


# %% wrong="sometimes" says="Is the coin tossed with `keep`?"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        return x + self.branch(x) if torch.rand(()) < 0.5 else x


# %% wrong="sometimes" says="should be (1, 3, 1, 4)"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        return x + self.branch(x) if torch.rand(()) < self.keep else x.squeeze()


# %% wrong="sometimes" says="should be (1, 3, 1, 4)"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return (x + self.keep * self.branch(x)).squeeze()
        return x + self.branch(x) if torch.rand(()) < self.keep else x


# %% wrong="sometimes" says="no copy"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        import copy

        super().__init__()
        self.branch, self.keep = copy.deepcopy(branch), keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        return x + self.branch(x) if torch.rand(()) < self.keep else x


# %% wrong="sometimes" says="no gradient flows through the output"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        if torch.rand(()) >= self.keep:
            return x
        with torch.no_grad():
            return x + self.branch(x)


# %% wrong="sometimes" says="no gradient flows through the output"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        there = torch.rand(()) < self.keep
        return x + self.branch(x) if there else x.detach()


# %% wrong="sometimes" says="both x and the branch take part in it"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        there = torch.rand(()) < self.keep
        return x + self.branch(x).detach() if there else x


# %% wrong="sometimes" says="both x and the branch take part in it"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        there = torch.rand(()) < self.keep
        return x.detach() + self.branch(x) if there else x


# %% wrong="sometimes" says="The branch takes part with the probability"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        there = torch.rand(()) < self.keep**2
        return x + self.branch(x) if there else x


# %% wrong="sometimes" says="and was run 300 times"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        if torch.rand(()) < self.keep:
            return x + self.branch(x)
        self.branch.eval()
        x = x + self.branch(x) * 0
        self.branch.train()
        return x


# %% wrong="sometimes" says="it is not learned"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, nn.Parameter(torch.tensor(keep))

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        there = torch.rand(()) < self.keep
        return x + self.branch(x) if there else x


# %% wrong="sometimes" says="One coin for the whole batch"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        there = torch.rand(len(x)) < self.keep
        out = x.clone()
        if there.any():
            out[there] += self.branch(x[there])
        return out


# %% wrong="sometimes" says="One coin for the whole batch"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        out = []
        for one in x.split(1):
            there = torch.rand(()) < self.keep
            out.append(one + self.branch(one) if there else one)
        return torch.cat(out)


# %% wrong="sometimes" says="gradients were stored in branch: they are gone"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        if torch.rand(()) < self.keep:
            return x + self.branch(x)
        self.branch.zero_grad()
        return x


# %% wrong="sometimes" says="gradients were stored in branch: they are gone"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        if torch.rand(()) >= self.keep:
            return x
        self.branch.zero_grad()
        return x + self.branch(x)


# %% wrong="sometimes" says="requires_grad of 0.weight is False now"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        there = bool(torch.rand(()) < self.keep)
        for weight in self.branch.parameters():
            weight.requires_grad_(there)
        return x + self.branch(x) if there else x


# %% wrong="sometimes" says="branch: in another mode afterwards"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        there = bool(torch.rand(()) < self.keep)
        self.branch.train(there)
        return x + self.branch(x) if there else x


# %% wrong="sometimes" says="branch: in another mode afterwards"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if self.training and torch.rand(()) >= self.keep:
            return x
        factor = 1 if self.training else self.keep
        out = x + factor * self.branch(x)
        self.branch.train()
        return out


# %% wrong="sometimes" says="Each block tosses for itself"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep
        self.dice = torch.Generator().manual_seed(0)

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        there = torch.rand((), generator=self.dice) < self.keep
        return x + self.branch(x) if there else x


# %% wrong="sometimes" says="Each block tosses for itself"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep
        self.dice = torch.Generator()

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        there = torch.rand((), generator=self.dice) < self.keep
        return x + self.branch(x) if there else x


# %% wrong="sometimes" says="Each block tosses for itself"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep
        self.due = 0.5

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        self.due += self.keep
        if self.due < 1:
            return x
        self.due -= 1
        return x + self.branch(x)


# %% wrong="sometimes" says="Set no seed in a block"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep
        torch.manual_seed(0)

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        return x + self.branch(x) if torch.rand(()) < self.keep else x


# %% wrong="sometimes" says="Set no seed in a block"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep
        np.random.seed(1)

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        return x + self.branch(x) if np.random.rand() < self.keep else x


# %% wrong="sometimes" says="it is no deck of cards"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep
        self.deck = []

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        if not self.deck:
            there = round(10 * self.keep)
            self.deck = np.random.permutation(10) < there
            self.deck = self.deck.tolist()
        return x + self.branch(x) if self.deck.pop() else x


# %% wrong="sometimes" says="it is no deck of cards"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep
        self.deck = []

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        if not self.deck:
            there = round(20 * self.keep)
            self.deck = np.random.permutation(20) < there
            self.deck = self.deck.tolist()
        return x + self.branch(x) if self.deck.pop() else x


# %% wrong="sometimes" says="branch: in another mode afterwards"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        self.branch.train(self.training)
        if not self.training:
            return x + self.keep * self.branch(x)
        return x + self.branch(x) if torch.rand(()) < self.keep else x


# %% wrong="sometimes" says="branch: in another mode afterwards"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        if torch.rand(()) >= self.keep:
            return x
        out = x + self.branch(x)
        self.branch.train()
        return out


# %% wrong="sometimes" says="for the mode of the block"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.branch.training:
            return x + self.keep * self.branch(x)
        return x + self.branch(x) if torch.rand(()) < self.keep else x


# %% wrong="sometimes" says="for the mode of the block"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        if self.branch.training and torch.rand(()) >= self.keep:
            return x
        return x + self.branch(x)


# %% wrong="sometimes" says="requires_grad of 0.weight is True now"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        if torch.rand(()) >= self.keep:
            return x
        self.branch.requires_grad_(True)
        return x + self.branch(x)


# %% wrong="sometimes" says="no weights but those of the branch"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep
        self.norm = nn.BatchNorm2d(3)

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.norm(self.branch(x))
        there = torch.rand(()) < self.keep
        return x + self.norm(self.branch(x)) if there else x


# %% wrong="sometimes" says="in float64 the output is not"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep

    def forward(self, x):
        if not self.training:
            return (x + self.keep * self.branch(x)).float()
        return x + self.branch(x) if torch.rand(()) < self.keep else x


# %% right="sometimes" style="a dice of its own, begun by chance"
class Sometimes(nn.Module):
    def __init__(self, branch, keep):
        super().__init__()
        self.branch, self.keep = branch, keep
        self.dice = np.random.default_rng()

    def forward(self, x):
        if not self.training:
            return x + self.keep * self.branch(x)
        there = self.dice.random() < self.keep
        return x + self.branch(x) if there else x


# %% right="dense-block" style="lists of maps"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        sizes = range(inputs, inputs + layers * growth, growth)
        self.norms = nn.ModuleList([nn.BatchNorm2d(c) for c in sizes])
        self.convs = nn.ModuleList(
            [nn.Conv2d(c, growth, 3, padding=1, bias=False) for c in sizes]
        )

    def forward(self, x):
        maps = [x]
        for norm, conv in zip(self.norms, self.convs):
            maps.append(conv(F.relu(norm(torch.cat(maps, dim=1)))))
        return torch.cat(maps, dim=1)


# %% right="dense-block" style="a layer class in a Sequential"
class OneLayer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.norm = nn.BatchNorm2d(inputs)
        self.conv = nn.Conv2d(inputs, growth, (3, 3), padding="same", bias=False)

    def forward(self, x):
        return torch.cat((x, self.conv(torch.relu(self.norm(x)))), 1)


class DenseBlock(nn.Sequential):
    def __init__(self, inputs, layers, growth):
        super().__init__(
            *(OneLayer(inputs + i * growth, growth) for i in range(layers))
        )


# %% right="dense-block" style="attributes by number"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        self.count = layers
        for i in range(layers):
            c = inputs + i * growth
            setattr(self, f"bn{i}", nn.BatchNorm2d(c))
            setattr(self, f"conv{i}", nn.Conv2d(c, growth, 3, 1, 1, bias=False))

    def forward(self, x):
        for i in range(self.count):
            h = getattr(self, f"bn{i}")(x).relu()
            x = torch.hstack([x, getattr(self, f"conv{i}")(h)])
        return x


# %% wrong="dense-block" says="The maps that came in stand first"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        sizes = range(inputs, inputs + layers * growth, growth)
        self.norms = nn.ModuleList([nn.BatchNorm2d(c) for c in sizes])
        self.convs = nn.ModuleList(
            [nn.Conv2d(c, growth, 3, padding=1, bias=False) for c in sizes]
        )

    def forward(self, x):
        maps = [x]
        for norm, conv in zip(self.norms, self.convs):
            maps.append(conv(F.relu(norm(torch.cat(maps, dim=1)))))
        return torch.cat(maps[::-1], dim=1)


# %% wrong="dense-block" says="The maps that came in are handed on as well"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        sizes = range(inputs, inputs + layers * growth, growth)
        self.norms = nn.ModuleList([nn.BatchNorm2d(c) for c in sizes])
        self.convs = nn.ModuleList(
            [nn.Conv2d(c, growth, 3, padding=1, bias=False) for c in sizes]
        )

    def forward(self, x):
        maps = [x]
        for norm, conv in zip(self.norms, self.convs):
            maps.append(conv(F.relu(norm(torch.cat(maps, dim=1)))))
        return torch.cat(maps[1:], dim=1)


# %% wrong="dense-block" says="ReLU before each convolution is missing"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(layers):
            c = inputs + i * growth
            conv = nn.Conv2d(c, growth, 3, padding=1, bias=False)
            self.layers.append(nn.Sequential(nn.BatchNorm2d(c), conv))

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


# %% wrong="dense-block" says="BN comes first, then ReLU"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(layers):
            c = inputs + i * growth
            conv = nn.Conv2d(c, growth, 3, padding=1, bias=False)
            self.layers.append(nn.Sequential(nn.ReLU(), nn.BatchNorm2d(c), conv))

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


# %% wrong="dense-block" says="stands *before* the convolution"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(layers):
            c = inputs + i * growth
            conv = nn.Conv2d(c, growth, 3, padding=1, bias=False)
            self.layers.append(nn.Sequential(conv, nn.BatchNorm2d(growth), nn.ReLU()))

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


# %% wrong="dense-block" says="not only those of the last layer"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(layers):
            c = growth if i else inputs
            conv = nn.Conv2d(c, growth, 3, padding=1, bias=False)
            self.layers.append(nn.Sequential(nn.BatchNorm2d(c), nn.ReLU(), conv))

    def forward(self, x):
        maps = [x]
        for layer in self.layers:
            maps.append(layer(maps[-1]))
        return torch.cat(maps, 1)


# %% wrong="dense-block" says="bias=False"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(layers):
            c = inputs + i * growth
            conv = nn.Conv2d(c, growth, 3, padding=1)
            self.layers.append(nn.Sequential(nn.BatchNorm2d(c), nn.ReLU(), conv))

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


# %% wrong="dense-block" says="nn.ModuleList"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        self.layers = []
        for i in range(layers):
            c = inputs + i * growth
            conv = nn.Conv2d(c, growth, 3, padding=1, bias=False)
            self.layers.append(nn.Sequential(nn.BatchNorm2d(c), nn.ReLU(), conv))

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


# %% wrong="dense-block" says="does the work of this exercise"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        from torchvision.ops import Conv2dNormActivation as Unit

        plain = {"norm_layer": None, "activation_layer": None, "bias": False}
        self.layers = nn.ModuleList()
        for i in range(layers):
            c = inputs + i * growth
            conv = Unit(c, growth, 3, **plain)
            self.layers.append(nn.Sequential(nn.BatchNorm2d(c), nn.ReLU(), conv))

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


# %% wrong="dense-block" says="Where are the normalisations?"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(layers):
            c = inputs + i * growth
            conv = nn.Conv2d(c, growth, 3, padding=1, bias=False)
            self.layers.append(nn.Sequential(nn.ReLU(), conv))

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


# %% wrong="dense-block" says="Where are the normalisations?"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(layers):
            c = inputs + i * growth
            norm = nn.BatchNorm2d(c, affine=False)
            conv = nn.Conv2d(c, growth, 3, padding=1, bias=False)
            self.layers.append(nn.Sequential(norm, nn.ReLU(), conv))

    def forward(self, x):
        for layer in self.layers:
            x = torch.cat([x, layer(x)], 1)
        return x


# %% wrong="dense-block" says="in the same order: the old maps first"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        sizes = range(inputs, inputs + layers * growth, growth)
        self.norms = nn.ModuleList([nn.BatchNorm2d(c) for c in sizes])
        self.convs = nn.ModuleList(
            [nn.Conv2d(c, growth, 3, padding=1, bias=False) for c in sizes]
        )

    def forward(self, x):
        maps = [x]
        for norm, conv in zip(self.norms, self.convs):
            maps.append(conv(F.relu(norm(torch.cat(maps[::-1], dim=1)))))
        return torch.cat(maps, dim=1)


# %% wrong="dense-block" says="The old maps come first, then the new ones"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        sizes = range(inputs, inputs + layers * growth, growth)
        self.norms = nn.ModuleList([nn.BatchNorm2d(c) for c in sizes])
        self.convs = nn.ModuleList(
            [nn.Conv2d(c, growth, 3, padding=1, bias=False) for c in sizes]
        )

    def forward(self, x):
        for norm, conv in zip(self.norms, self.convs):
            x = torch.cat([conv(F.relu(norm(x))), x], dim=1)
        return x


# %% wrong="dense-block" says="normalises *all* maps that it reads"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        sizes = range(inputs, inputs + layers * growth, growth)
        self.norms = nn.ModuleList(
            [nn.BatchNorm2d(growth if c > inputs else c) for c in sizes]
        )
        self.convs = nn.ModuleList(
            [nn.Conv2d(c, growth, 3, padding=1, bias=False) for c in sizes]
        )

    def forward(self, x):
        maps, read = [x], []
        for norm, conv in zip(self.norms, self.convs):
            read.append(norm(maps[-1]).relu())
            maps.append(conv(torch.cat(read, dim=1)))
        return torch.cat(maps, dim=1)


# %% wrong="dense-block" says="Where are the normalisations?"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        sizes = range(inputs, inputs + layers * growth, growth)
        self.norms = nn.BatchNorm2d(inputs)
        self.convs = nn.ModuleList(
            [nn.Conv2d(c, growth, 3, padding=1, bias=False) for c in sizes]
        )

    def forward(self, x):
        maps, read = [x], [self.norms(x).relu()]
        for conv in self.convs:
            maps.append(conv(torch.cat(read, dim=1)))
            read.append(maps[-1].relu())
        return torch.cat(maps, dim=1)


# %% wrong="dense-block" says="in float64 the output is not"
class DenseBlock(nn.Module):
    def __init__(self, inputs, layers, growth):
        super().__init__()
        sizes = range(inputs, inputs + layers * growth, growth)
        self.norms = nn.ModuleList([nn.BatchNorm2d(c) for c in sizes])
        self.convs = nn.ModuleList(
            [nn.Conv2d(c, growth, 3, padding=1, bias=False) for c in sizes]
        )

    def forward(self, x):
        maps = [x]
        for norm, conv in zip(self.norms, self.convs):
            maps.append(conv(F.relu(norm(torch.cat(maps, dim=1)))))
        return torch.cat(maps, dim=1).float()


# %% right="count-densenet" style="a network on meta"
def densenet_weights(growth, blocks, classes=1000):
    with torch.device("meta"):
        c = 2 * growth
        layers = [nn.Conv2d(3, c, 7, bias=False), nn.BatchNorm2d(c)]
        for i, n in enumerate(blocks):
            if i:
                layers += [nn.BatchNorm2d(c), nn.Conv2d(c, c // 2, 1, bias=False)]
                c = c // 2
            for _ in range(n):
                layers += [nn.BatchNorm2d(c), nn.Conv2d(c, 4 * growth, 1, bias=False)]
                layers += [nn.BatchNorm2d(4 * growth)]
                layers += [nn.Conv2d(4 * growth, growth, 3, bias=False)]
                c += growth
        layers += [nn.BatchNorm2d(c), nn.Linear(c, classes)]
    return sum(p.numel() for layer in layers for p in layer.parameters())


# %% right="count-densenet" style="sums of arithmetic series"
def densenet_weights(growth, blocks, classes=1000):
    g, c = growth, 2 * growth
    total = 147 * c + 2 * c
    for i, n in enumerate(blocks):
        read = n * c + g * n * (n - 1) // 2
        total += (2 + 4 * g) * read + n * (8 * g + 36 * g * g)
        c += n * g
        if i < len(blocks) - 1:
            total += 2 * c + c * (c // 2)
            c //= 2
    return total + 2 * c + c * classes + classes


# %% right="count-densenet" style="NumPy"
def densenet_weights(growth, blocks, classes=1000):
    g, c, parts = growth, 2 * growth, [2 * growth * (147 + 2)]
    for n in blocks:
        read = c + g * np.arange(n)
        parts.append(int(((2 + 4 * g) * read + 8 * g + 36 * g**2).sum()))
        c += n * g
        parts.append(2 * c + c * (c // 2))
        c, last = c // 2, c
    parts[-1] = 2 * last + (last + 1) * classes
    return sum(parts)


# %% wrong="count-densenet" says="The BN before the mean of each map is missing"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c // 2)
            c //= 2
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow + 9 * narrow * growth
            c += growth
    return total + (c + 1) * classes


# %% wrong="count-densenet" says="scale and shift"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 147 * c
    for i, n in enumerate(blocks):
        if i:
            total += c * (c // 2)
            c //= 2
        for _ in range(n):
            total += c * narrow + 9 * narrow * growth
            c += growth
    return total + (c + 1) * classes


# %% wrong="count-densenet" says="A transition halves the number"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * c
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow + 9 * narrow * growth
            c += growth
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="Behind the last block there is no transition"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c
    for n in blocks:
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow + 9 * narrow * growth
            c += growth
        total += 2 * c + c * (c // 2)
        c //= 2
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="a BN between the 1×1 and the 3×3"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c // 2)
            c //= 2
        for _ in range(n):
            total += 2 * c + c * narrow + 9 * narrow * growth
            c += growth
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="the transition rounds down"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c
    for i, n in enumerate(blocks):
        if i:
            half = -(-c // 2)
            total += 2 * c + c * half
            c = half
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow + 9 * narrow * growth
            c += growth
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="does the work of this exercise"
def densenet_weights(growth, blocks, classes=1000):
    from coursekit import models

    with torch.device("meta"):
        model = models.densenet(121)
    return sum(p.numel() for p in model.parameters())


# %% wrong="count-densenet" says="There is no half a map"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c / 2)
            c = c / 2
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow + 9 * narrow * growth
            c += growth
    return int(total + 2 * c + (c + 1) * classes)


# %% wrong="count-densenet" says="There is no half a map"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c / 2)
            c = c / 2
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow + 9 * narrow * growth
            c += growth
    return round(total + 2 * c + (c + 1) * classes)


# %% wrong="count-densenet" says="64 only where g is 32"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 64, 4 * growth
    total = 149 * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c // 2)
            c = c // 2
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow + 9 * narrow * growth
            c += growth
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="is 1000 when it is not given"
def densenet_weights(growth, blocks, classes=10):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c // 2)
            c = c // 2
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow + 9 * narrow * growth
            c += growth
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="No convolution has a bias"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c // 2)
            c //= 2
        for _ in range(n):
            total += 2 * c + c * narrow + narrow + 2 * narrow
            total += 9 * narrow * growth + growth
            c += growth
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="No convolution has a bias"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c + c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c // 2) + c // 2
            c //= 2
        for _ in range(n):
            total += 2 * c + c * narrow + narrow + 2 * narrow
            total += 9 * narrow * growth + growth
            c += growth
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="No convolution has a bias"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c // 2)
            c //= 2
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow
            total += 9 * narrow * growth + growth
            c += growth
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="No convolution has a bias"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c + c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c // 2)
            c //= 2
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow
            total += 9 * narrow * growth
            c += growth
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="The first convolution is 7 × 7"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = (27 + 2) * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c // 2)
            c //= 2
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow
            total += 9 * narrow * growth
            c += growth
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="three channels"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = (49 + 2) * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c // 2)
            c //= 2
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow
            total += 9 * narrow * growth
            c += growth
    return total + 2 * c + (c + 1) * classes


# %% wrong="count-densenet" says="How many classes are asked for?"
def densenet_weights(growth, blocks, classes=1000):
    c, narrow = 2 * growth, 4 * growth
    total = 149 * c
    for i, n in enumerate(blocks):
        if i:
            total += 2 * c + c * (c // 2)
            c //= 2
        for _ in range(n):
            total += 2 * c + c * narrow + 2 * narrow
            total += 9 * narrow * growth
            c += growth
    return total + 2 * c + (c + 1) * 1000


# %% right="cut-to-four" style="first choices of the whole, Adam"
class Net(nn.Module):
    def __init__(self, blocks, weights):
        super().__init__()
        maps, channels = weights["stem.weight"].shape[:2]
        self.stem = nn.Conv2d(channels, maps, 3, padding=1, bias=False)
        self.branches = nn.ModuleList()
        for _ in range(blocks):
            conv = nn.Conv2d(maps, maps, 3, padding=1, bias=False)
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            self.branches.append(nn.Sequential(nn.BatchNorm2d(maps), nn.ReLU(), conv))
        top = [nn.BatchNorm2d(maps), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.head = nn.Sequential(*top, nn.Linear(maps, 10))

    def forward(self, x):
        x = self.stem(x)
        for one in self.branches:
            x = x + one(x)
        return self.head(x)


def both(weights, images, begin=True):
    teacher, pupil = Net(9, weights), Net(4, weights)
    teacher.load_state_dict(weights)
    if begin:
        own = pupil.state_dict()
        pupil.load_state_dict({name: weights[name] for name in own})
    with torch.no_grad():
        return teacher.eval()(images), pupil.train()


def settle(pupil, images):
    for layer in pupil.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    with torch.no_grad():
        pupil.train()(images)
    return pupil.state_dict()


def cut(weights, images):
    scores, pupil = both(weights, images)
    says = scores.argmax(1)
    optimiser = torch.optim.Adam(pupil.parameters(), 1e-2)
    for number in range(120):
        optimiser.param_groups[0]["lr"] = 1e-2 if number < 80 else 2e-3
        batch = torch.randint(len(images), (64,))
        optimiser.zero_grad()
        F.cross_entropy(pupil(images[batch]), says[batch]).backward()
        optimiser.step()
    return dict(settle(pupil, images))


# %% right="cut-to-four" style="logarithms of probabilities, whole epochs"
class Net(nn.Module):
    def __init__(self, blocks, weights):
        super().__init__()
        maps, channels = weights["stem.weight"].shape[:2]
        self.stem = nn.Conv2d(channels, maps, 3, padding=1, bias=False)
        self.branches = nn.ModuleList()
        for _ in range(blocks):
            conv = nn.Conv2d(maps, maps, 3, padding=1, bias=False)
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            self.branches.append(nn.Sequential(nn.BatchNorm2d(maps), nn.ReLU(), conv))
        top = [nn.BatchNorm2d(maps), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.head = nn.Sequential(*top, nn.Linear(maps, 10))

    def forward(self, x):
        x = self.stem(x)
        for one in self.branches:
            x = x + one(x)
        return self.head(x)


def both(weights, images, begin=True):
    teacher, pupil = Net(9, weights), Net(4, weights)
    teacher.load_state_dict(weights)
    if begin:
        own = pupil.state_dict()
        pupil.load_state_dict({name: weights[name] for name in own})
    with torch.no_grad():
        return teacher.eval()(images), pupil.train()


def settle(pupil, images):
    for layer in pupil.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    with torch.no_grad():
        pupil.train()(images)
    return pupil.state_dict()


def cut(weights, images):
    scores, pupil = both(weights, images)
    says = F.log_softmax(scores, 1)
    sgd = torch.optim.SGD(pupil.parameters(), 0.1, momentum=0.9)
    for epoch in range(14):
        sgd.param_groups[0]["lr"] = 0.1 if epoch < 9 else 0.02
        for batch in torch.randperm(len(images)).split(64):
            own = F.log_softmax(pupil(images[batch]), 1)
            loss = F.kl_div(own, says[batch], reduction="batchmean", log_target=True)
            sgd.zero_grad()
            loss.backward()
            sgd.step()
    found = settle(pupil, images)
    return {name: one.clone() for name, one in found.items()}


# %% right="cut-to-four" style="a new network, taught for longer"
class Net(nn.Module):
    def __init__(self, blocks, weights):
        super().__init__()
        maps, channels = weights["stem.weight"].shape[:2]
        self.stem = nn.Conv2d(channels, maps, 3, padding=1, bias=False)
        self.branches = nn.ModuleList()
        for _ in range(blocks):
            conv = nn.Conv2d(maps, maps, 3, padding=1, bias=False)
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            self.branches.append(nn.Sequential(nn.BatchNorm2d(maps), nn.ReLU(), conv))
        top = [nn.BatchNorm2d(maps), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.head = nn.Sequential(*top, nn.Linear(maps, 10))

    def forward(self, x):
        x = self.stem(x)
        for one in self.branches:
            x = x + one(x)
        return self.head(x)


def both(weights, images, begin=True):
    teacher, pupil = Net(9, weights), Net(4, weights)
    teacher.load_state_dict(weights)
    if begin:
        own = pupil.state_dict()
        pupil.load_state_dict({name: weights[name] for name in own})
    with torch.no_grad():
        return teacher.eval()(images), pupil.train()


def settle(pupil, images):
    for layer in pupil.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    with torch.no_grad():
        pupil.train()(images)
    return pupil.state_dict()


def taught(pupil, images, says, count):
    sgd = torch.optim.SGD(pupil.parameters(), 0.1, momentum=0.9, weight_decay=5e-4)
    for number in range(count):
        part = min(1, (number + 1) / 20, (count - number) / (0.4 * count))
        sgd.param_groups[0]["lr"] = 0.1 * part
        batch = torch.randint(len(images), (64,))
        sgd.zero_grad()
        F.cross_entropy(pupil(images[batch]), says[batch]).backward()
        sgd.step()


def cut(weights, images):
    scores, pupil = both(weights, images, begin=False)
    taught(pupil, images, scores.softmax(1), 450)
    return settle(pupil, images)


# %% wrong="cut-to-four" says="statistics of nine blocks"
def cut(weights, images):
    names = [name for name in weights if name[:10] not in OUT]
    return {name: weights[name] for name in names}


OUT = [f"branches.{k}" for k in range(4, 9)]


# %% wrong="cut-to-four" says="New statistics alone do not do it"
class Net(nn.Module):
    def __init__(self, blocks, weights):
        super().__init__()
        maps, channels = weights["stem.weight"].shape[:2]
        self.stem = nn.Conv2d(channels, maps, 3, padding=1, bias=False)
        self.branches = nn.ModuleList()
        for _ in range(blocks):
            conv = nn.Conv2d(maps, maps, 3, padding=1, bias=False)
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            self.branches.append(nn.Sequential(nn.BatchNorm2d(maps), nn.ReLU(), conv))
        top = [nn.BatchNorm2d(maps), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.head = nn.Sequential(*top, nn.Linear(maps, 10))

    def forward(self, x):
        x = self.stem(x)
        for one in self.branches:
            x = x + one(x)
        return self.head(x)


def both(weights, images, begin=True):
    teacher, pupil = Net(9, weights), Net(4, weights)
    teacher.load_state_dict(weights)
    if begin:
        own = pupil.state_dict()
        pupil.load_state_dict({name: weights[name] for name in own})
    with torch.no_grad():
        return teacher.eval()(images), pupil.train()


def settle(pupil, images):
    for layer in pupil.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    with torch.no_grad():
        pupil.train()(images)
    return pupil.state_dict()


def cut(weights, images):
    return settle(both(weights, images)[1], images)


# %% wrong="cut-to-four" says="a chain of four has branches.0"
def cut(weights, images):
    return dict(weights)


# %% wrong="cut-to-four" says="expected a dictionary of tensors, model.state_dict()"
def cut(weights, images):
    return list(weights.values())


# %% wrong="cut-to-four" says="expected a dictionary of tensors, model.state_dict()"
def cut(weights, images):
    layers = nn.ModuleDict({"stem": nn.Conv2d(1, 10, 3, padding=1, bias=False)})
    layers["stem"].weight.data = weights["stem.weight"]
    return layers


# %% wrong="cut-to-four" says="expected a dictionary of tensors, model.state_dict()"
def cut(weights, images):
    return weights.items()


# %% wrong="cut-to-four" says="did you ask `weights`?"
class Net(nn.Module):
    def __init__(self, blocks, weights):
        super().__init__()
        maps, channels = weights["stem.weight"].shape[:2]
        self.stem = nn.Conv2d(channels, maps, 3, padding=1, bias=False)
        self.branches = nn.ModuleList()
        for _ in range(blocks):
            conv = nn.Conv2d(maps, maps, 3, padding=1, bias=False)
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            self.branches.append(nn.Sequential(nn.BatchNorm2d(maps), nn.ReLU(), conv))
        top = [nn.BatchNorm2d(maps), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.head = nn.Sequential(*top, nn.Linear(maps, 10))

    def forward(self, x):
        x = self.stem(x)
        for one in self.branches:
            x = x + one(x)
        return self.head(x)


def both(weights, images, begin=True):
    teacher, pupil = Net(9, weights), Net(4, weights)
    teacher.load_state_dict(weights)
    if begin:
        own = pupil.state_dict()
        pupil.load_state_dict({name: weights[name] for name in own})
    with torch.no_grad():
        return teacher.eval()(images), pupil.train()


def settle(pupil, images):
    for layer in pupil.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    with torch.no_grad():
        pupil.train()(images)
    return pupil.state_dict()


def taught(pupil, images, says, count):
    sgd = torch.optim.SGD(pupil.parameters(), 0.1, momentum=0.9, weight_decay=5e-4)
    for number in range(count):
        part = min(1, (number + 1) / 20, (count - number) / (0.4 * count))
        sgd.param_groups[0]["lr"] = 0.1 * part
        batch = torch.randint(len(images), (64,))
        sgd.zero_grad()
        F.cross_entropy(pupil(images[batch]), says[batch]).backward()
        sgd.step()


def cut(weights, images):
    from sklearn.datasets import load_digits

    found = load_digits()
    digits = torch.from_numpy(found.images).float()[:, None] / 8 - 1
    _, pupil = both(weights, digits)
    taught(pupil, digits, torch.from_numpy(found.target).long(), 80)
    return settle(pupil, digits)


# %% wrong="cut-to-four" says="Learn from `images`"
class Net(nn.Module):
    def __init__(self, blocks, weights):
        super().__init__()
        maps, channels = weights["stem.weight"].shape[:2]
        self.stem = nn.Conv2d(channels, maps, 3, padding=1, bias=False)
        self.branches = nn.ModuleList()
        for _ in range(blocks):
            conv = nn.Conv2d(maps, maps, 3, padding=1, bias=False)
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            self.branches.append(nn.Sequential(nn.BatchNorm2d(maps), nn.ReLU(), conv))
        top = [nn.BatchNorm2d(maps), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.head = nn.Sequential(*top, nn.Linear(maps, 10))

    def forward(self, x):
        x = self.stem(x)
        for one in self.branches:
            x = x + one(x)
        return self.head(x)


def both(weights, images, begin=True):
    teacher, pupil = Net(9, weights), Net(4, weights)
    teacher.load_state_dict(weights)
    if begin:
        own = pupil.state_dict()
        pupil.load_state_dict({name: weights[name] for name in own})
    with torch.no_grad():
        return teacher.eval()(images), pupil.train()


def settle(pupil, images):
    for layer in pupil.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    with torch.no_grad():
        pupil.train()(images)
    return pupil.state_dict()


def taught(pupil, images, says, count):
    sgd = torch.optim.SGD(pupil.parameters(), 0.1, momentum=0.9, weight_decay=5e-4)
    for number in range(count):
        part = min(1, (number + 1) / 20, (count - number) / (0.4 * count))
        sgd.param_groups[0]["lr"] = 0.1 * part
        batch = torch.randint(len(images), (64,))
        sgd.zero_grad()
        F.cross_entropy(pupil(images[batch]), says[batch]).backward()
        sgd.step()


def cut(weights, images):
    from sklearn.datasets import load_digits

    found = load_digits()
    digits = torch.from_numpy(found.images).float()[:, None] / 8 - 1
    scores, pupil = both(weights, digits)
    taught(pupil, digits, scores.softmax(1), 150)
    return settle(pupil, digits)


# %% wrong="cut-to-four" says="agree with the chain of nine more often"
class Net(nn.Module):
    def __init__(self, blocks, weights):
        super().__init__()
        maps, channels = weights["stem.weight"].shape[:2]
        self.stem = nn.Conv2d(channels, maps, 3, padding=1, bias=False)
        self.branches = nn.ModuleList()
        for _ in range(blocks):
            conv = nn.Conv2d(maps, maps, 3, padding=1, bias=False)
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            self.branches.append(nn.Sequential(nn.BatchNorm2d(maps), nn.ReLU(), conv))
        top = [nn.BatchNorm2d(maps), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.head = nn.Sequential(*top, nn.Linear(maps, 10))

    def forward(self, x):
        x = self.stem(x)
        for one in self.branches:
            x = x + one(x)
        return self.head(x)


def both(weights, images, begin=True):
    teacher, pupil = Net(9, weights), Net(4, weights)
    teacher.load_state_dict(weights)
    if begin:
        own = pupil.state_dict()
        pupil.load_state_dict({name: weights[name] for name in own})
    with torch.no_grad():
        return teacher.eval()(images), pupil.train()


def settle(pupil, images):
    for layer in pupil.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    with torch.no_grad():
        pupil.train()(images)
    return pupil.state_dict()


def taught(pupil, images, says, count):
    sgd = torch.optim.SGD(pupil.parameters(), 0.1, momentum=0.9, weight_decay=5e-4)
    for number in range(count):
        part = min(1, (number + 1) / 20, (count - number) / (0.4 * count))
        sgd.param_groups[0]["lr"] = 0.1 * part
        batch = torch.randint(len(images), (64,))
        sgd.zero_grad()
        F.cross_entropy(pupil(images[batch]), says[batch]).backward()
        sgd.step()


def cut(weights, images):
    scores, pupil = both(weights, images, begin=False)
    taught(pupil, images, scores.softmax(1), 60)
    return settle(pupil, images)


# %% wrong="cut-to-four" says="little more than chance"
class Net(nn.Module):
    def __init__(self, blocks, weights):
        super().__init__()
        maps, channels = weights["stem.weight"].shape[:2]
        self.stem = nn.Conv2d(channels, maps, 3, padding=1, bias=False)
        self.branches = nn.ModuleList()
        for _ in range(blocks):
            conv = nn.Conv2d(maps, maps, 3, padding=1, bias=False)
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
            self.branches.append(nn.Sequential(nn.BatchNorm2d(maps), nn.ReLU(), conv))
        top = [nn.BatchNorm2d(maps), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        self.head = nn.Sequential(*top, nn.Linear(maps, 10))

    def forward(self, x):
        x = self.stem(x)
        for one in self.branches:
            x = x + one(x)
        return self.head(x)


def both(weights, images, begin=True):
    teacher, pupil = Net(9, weights), Net(4, weights)
    teacher.load_state_dict(weights)
    if begin:
        own = pupil.state_dict()
        pupil.load_state_dict({name: weights[name] for name in own})
    with torch.no_grad():
        return teacher.eval()(images), pupil.train()


def settle(pupil, images):
    for layer in pupil.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None
    with torch.no_grad():
        pupil.train()(images)
    return pupil.state_dict()


def cut(weights, images):
    return Net(4, weights).state_dict()


# %% equivalent="unrolled-terms" why="branches have a length of their own"
# - modules = list(branches)
# + modules = branches


# %% equivalent="every-path" why="and does not ask for the order"
# - if b >> i & 1:
# + if 1 & b >> i:


# %% equivalent="count-densenet" why="as many weights, since there is no bias"
# - layers = [nn.Conv2d(3, c, 7, bias=False), nn.BatchNorm2d(c)]
# + layers = [nn.Conv2d(c, 3, 7, bias=False), nn.BatchNorm2d(c)]


# %% equivalent="sometimes" why="the loop has returned in its first round"
# + break


# %% equivalent="sometimes" why="a die falls on the border itself once in millions of throws"
# - if torch.rand(()).item() < self.keep:
# + if torch.rand(()).item() <= self.keep:


# %% equivalent="sometimes" why="a die falls on the border itself once in millions of throws"
# - if self.training and np.random.random() >= self.keep:
# + if self.training and np.random.random() > self.keep:


# %% equivalent="sometimes" why="a die falls on the border itself once in millions of throws"
# - if self.toss() < self.keep:
# + if self.toss() <= self.keep:


# %% equivalent="by-length" why="the same numbers, with more digits or another type"
# - for matrix in torch.as_tensor(branches):
# + for matrix in branches:


# %% equivalent="by-length" why="the same numbers with more digits"
# - found = np.zeros((len(branches) + 1, len(x)), np.float32)
# + found = np.zeros((len(branches) + 1, len(x)))


# %% equivalent="by-length" why="the same numbers, with more digits or another type"
# - for matrix in branches.astype(np.float32):
# + for matrix in branches:


# %% equivalent="by-length" why="it is complex after the first block"
# - now = x.astype(complex)
# + now = x


# %% equivalent="by-length" why="NumPy makes an array of a list"
# - return (np.fft.fft(np.array(values), axis=0) / (n + 1)).real
# + return (np.fft.fft(values, axis=0) / (n + 1)).real


# %% equivalent="count-densenet" why="a sum does not ask for the order"
# - layers = [nn.Conv2d(3, c, 7, bias=False), nn.BatchNorm2d(c)]
# + layers = [nn.BatchNorm2d(c), nn.Conv2d(3, c, 7, bias=False)]


# %% equivalent="count-densenet" why="a sum does not ask for the order"
# - layers += [nn.BatchNorm2d(c), nn.Conv2d(c, c // 2, 1, bias=False)]
# + layers += [nn.Conv2d(c, c // 2, 1, bias=False), nn.BatchNorm2d(c)]


# %% equivalent="count-densenet" why="as many weights, since there is no bias"
# - layers += [nn.BatchNorm2d(c), nn.Conv2d(c, c // 2, 1, bias=False)]
# + layers += [nn.BatchNorm2d(c), nn.Conv2d(c // 2, c, 1, bias=False)]


# %% equivalent="count-densenet" why="a sum does not ask for the order"
# - layers += [nn.BatchNorm2d(c), nn.Conv2d(c, 4 * growth, 1, bias=False)]
# + layers += [nn.Conv2d(c, 4 * growth, 1, bias=False), nn.BatchNorm2d(c)]


# %% equivalent="count-densenet" why="as many weights, since there is no bias"
# - layers += [nn.BatchNorm2d(c), nn.Conv2d(c, 4 * growth, 1, bias=False)]
# + layers += [nn.BatchNorm2d(c), nn.Conv2d(4 * growth, c, 1, bias=False)]


# %% equivalent="count-densenet" why="as many weights, since there is no bias"
# - layers += [nn.Conv2d(4 * growth, growth, 3, bias=False)]
# + layers += [nn.Conv2d(growth, 4 * growth, 3, bias=False)]


# %% equivalent="count-densenet" why="a sum does not ask for the order"
# - layers += [nn.BatchNorm2d(c), nn.Linear(c, classes)]
# + layers += [nn.Linear(c, classes), nn.BatchNorm2d(c)]


# %% equivalent="count-densenet" why="of two neighbouring numbers one is even"
# - read = n * c + g * n * (n - 1) // 2
# + read = n * c + -(-(g * n * (n - 1)) // 2)


# %% equivalent="count-densenet" why="NumPy's whole numbers are whole numbers"
# - parts.append(int(((2 + 4 * g) * read + 8 * g + 36 * g ** 2).sum()))
# + parts.append(((2 + 4 * g) * read + 8 * g + 36 * g ** 2).sum())


# %% equivalent="every-path" why="it only matters whether it is 0"
# - for choice in product([0, 1], repeat=len(branches)):
# + for choice in product([0, 2], repeat=len(branches)):


# %% equivalent="unrolled-terms" why="every row is written over"
# - found = torch.zeros(len(modules) + 1, *x.shape, dtype=x.dtype)
# + found = torch.ones(len(modules) + 1, *x.shape, dtype=x.dtype)


# %% equivalent="unrolled-terms" why="the row too many is still zero"
# - found[k + 1] = one(found[:k + 1].sum(dim=0))
# + found[k + 1] = one(found[:k + 1 + 1].sum(dim=0))


# %% equivalent="unrolled-terms" why="the row too many is still zero"
# - found[k + 1] = one(found[:k + 1].sum(dim=0))
# + found[k + 1] = one(found[:k + 2].sum(dim=0))


# %% equivalent="unrolled-terms" why="np.stack makes an array of a tensor"
# - found, now = ([x.numpy()], x)
# + found, now = ([x], x)


# %% equivalent="unrolled-terms" why="np.stack makes an array of a tensor"
# - found.append(added.numpy())
# + found.append(added)


# %% equivalent="sometimes" why="a tensor of one truth value is true or false as well"
# - if torch.rand(()).item() < self.keep:
# + if torch.rand(()) < self.keep:


# %% equivalent="sometimes" why="the given number is a float already"
# - self.p = float(keep)
# + self.p = keep


# %% equivalent="sometimes" why="a tensor of 0 is false and of 1 is true"
# - there = bool(torch.bernoulli(torch.tensor(self.p)))
# + there = torch.bernoulli(torch.tensor(self.p))


# %% equivalent="sometimes" why="the list has a single layer"
# - return self.layers[0](x) + x
# + return self.layers[-1](x) + x


# %% equivalent="sometimes" why="nobody writes into what comes back"
# - return x.clone()
# + return x


# %% equivalent="sometimes" why="a die falls on the border itself once in millions of throws"
# - there = self.dice.random() < self.keep
# + there = self.dice.random() <= self.keep


# %% equivalent="cut-to-four" why="the default is a leaky ReLU with the slope 0: the gain of ReLU"
# - nn.init.kaiming_normal_(conv.weight, nonlinearity='relu')
# + nn.init.kaiming_normal_(conv.weight)


# %% equivalent="cut-to-four" why="the rate is free, and this one reaches the goal"
# - optimiser.param_groups[0]['lr'] = 0.01 if number < 80 else 0.002
# + optimiser.param_groups[0]['lr'] = 0.01


# %% equivalent="cut-to-four" why="the statistics of all 600 images are nearly the remembered ones, and it reaches the goal"
# - return (teacher.eval()(images), pupil.train())
# + return (teacher(images), pupil.train())


# %% equivalent="cut-to-four" why="the rate is free, and this one reaches the goal"
# - sgd.param_groups[0]['lr'] = 0.1 * min(1, (number + 1) / 20, (80 - number) / 30)
# + sgd.param_groups[0]['lr'] = 0.1 * min(1, (80 - number) / 30)


# %% equivalent="cut-to-four" why="weight decay is free, and without it the goal is reached"
# - sgd = torch.optim.SGD(pupil.parameters(), 0.1, momentum=0.9, weight_decay=0.0005)
# + sgd = torch.optim.SGD(pupil.parameters(), 0.1, momentum=0.9)


# %% equivalent="cut-to-four" why="a module that has just been made is in training mode"
# - return (teacher.eval()(images), pupil.train())
# + return (teacher.eval()(images), pupil)


# %% equivalent="cut-to-four" why="the number of steps is free, and these reach the goal"
# - for number in range(120):
# + for number in range(119):


# %% equivalent="cut-to-four" why="the number of steps is free, and these reach the goal"
# - taught(pupil, images, scores.softmax(1), 450)
# + taught(pupil, images, scores.softmax(1), 451)
