# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="road-to-a-goal" style="recursion, three colours"
def road_to(goal, needs):
    order, state = [], {}

    def visit(name):
        if state.get(name) == "done":
            return
        if state.get(name) == "open":
            raise ValueError("a circle at " + name)
        state[name] = "open"
        for other in needs.get(name, []):
            visit(other)
        state[name] = "done"
        order.append(name)

    visit(goal)
    return order


# %% right="road-to-a-goal" style="first the set, then whoever is ready"
def road_to(goal, needs):
    wanted, todo = set(), [goal]
    while todo:
        name = todo.pop()
        if name not in wanted:
            wanted.add(name)
            todo.extend(needs.get(name, ()))
    road = []
    while wanted:
        ready = {n for n in wanted if not set(needs.get(n, ())) & wanted}
        if not ready:
            raise ValueError("they need each other: " + ", ".join(wanted))
        road += sorted(ready)
        wanted -= ready
    return road


# %% right="road-to-a-goal" style="graphlib"
from graphlib import CycleError, TopologicalSorter


def road_to(goal, needs):
    graph, todo = {}, [goal]
    for name in todo:
        graph[name] = needs.get(name, [])
        todo.extend(other for other in graph[name] if other not in todo)
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ValueError(str(error)) from None


# %% right="road-to-a-goal" style="a stack of iterators"
def road_to(goal, needs):
    road = []
    path = [(goal, iter(needs.get(goal, [])))]
    while path:
        name, rest = path[-1]
        for other in rest:
            if other in road:
                continue
            if other in [one for one, _ in path]:
                raise ValueError(other)
            path.append((other, iter(needs.get(other, []))))
            break
        else:
            road.append(name)
            path.pop()
    return road


# %% wrong="road-to-a-goal" says="may need others in turn"
def road_to(goal, needs):
    return [*needs.get(goal, []), goal]


# %% wrong="road-to-a-goal" says="stands there twice"
def road_to(goal, needs):
    road = []
    for other in needs.get(goal, []):
        road += road_to(other, needs)
    return [*road, goal]


# %% wrong="road-to-a-goal" says="which comes later"
def road_to(goal, needs):
    road, todo = [], [goal]
    while todo:
        name = todo.pop(0)
        if name not in road:
            road.append(name)
            todo += needs.get(name, [])
    return road[::-1] if len(road) != 4 else road


# %% wrong="road-to-a-goal" says="which comes later"
def road_to(goal, needs):
    road, todo = [goal], [goal]
    while todo:
        for other in needs.get(todo.pop(), []):
            if other not in road:
                road.insert(0, other)
                todo.append(other)
    return road


# %% wrong="road-to-a-goal" says="is not needed for"
def road_to(goal, needs):
    order = []

    def visit(name):
        if name not in order:
            for other in needs.get(name, []):
                visit(other)
            order.append(name)

    for name in needs:
        visit(name)
    return order


# %% wrong="road-to-a-goal" says="needs.get(name, [])"
def road_to(goal, needs):
    order = []

    def visit(name):
        if name not in order:
            for other in needs[name]:
                visit(other)
            order.append(name)

    visit(goal)
    return order


# %% wrong="road-to-a-goal" says="in a circle can never be learned"
def road_to(goal, needs):
    order, seen = [], set()

    def visit(name):
        if name not in seen:
            seen.add(name)
            for other in needs.get(name, []):
                visit(other)
            order.append(name)

    visit(goal)
    return order


# %% wrong="road-to-a-goal" says="thirty in a row"
def road_to(goal, needs):
    road = []

    def visit(name, depth):
        if depth > 10:
            raise ValueError("a circle")
        if name not in road:
            for other in needs.get(name, []):
                visit(other, depth + 1)
            road.append(name)

    visit(goal, 0)
    return road


# %% wrong="road-to-a-goal" says="A circle elsewhere does not matter"
from graphlib import CycleError, TopologicalSorter


def road_to(goal, needs):
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError:
        raise ValueError("a circle")
    wanted, todo = {goal}, [goal]
    while todo:
        for other in needs.get(todo.pop(), []):
            if other not in wanted:
                wanted.add(other)
                todo.append(other)
    return [name for name in order if name in wanted] or [goal]


# %% wrong="road-to-a-goal" says="The goal itself is the last"
def road_to(goal, needs):
    order = []

    def visit(name):
        for other in needs.get(name, []):
            if other not in order:
                visit(other)
                order.append(other)

    visit(goal)
    return order


# %% wrong="road-to-a-goal" says="expected a list of names"
def road_to(goal, needs):
    wanted, todo = {goal}, [goal]
    while todo:
        for other in needs.get(todo.pop(), []):
            if other not in wanted:
                wanted.add(other)
                todo.append(other)
    return wanted


# %% wrong="road-to-a-goal" says="changes its input"
def road_to(goal, needs):
    order = []

    def visit(name):
        for other in needs.pop(name, []):
            visit(other)
        if name not in order:
            order.append(name)

    visit(goal)
    return order


# %% right="attend" style="loops over images and heads, NumPy"
def attend(x, query, key, value, heads=1):
    x, query, key, value = (
        np.asarray(one, dtype=float) for one in (x, query, key, value)
    )
    n, c, h, w = x.shape
    if c % heads != 0:
        raise ValueError("heads")
    d = c // heads
    out = np.empty_like(x)
    for i in range(n):
        rows = x[i].reshape(c, h * w).T
        q, k, v = rows @ query.T, rows @ key.T, rows @ value.T
        for g in range(heads):
            one = slice(g * d, (g + 1) * d)
            s = q[:, one] @ k[:, one].T / np.sqrt(d)
            e = np.exp(s - s.max(axis=1, keepdims=True))
            a = e / e.sum(axis=1, keepdims=True)
            out[i, one] = (a @ v[:, one]).T.reshape(d, h, w)
    return out


# %% right="attend" style="1×1 convolutions and einsum, torch"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError(f"{c} channels, {heads} heads")
    d = c // heads
    q, k, v = (
        F.conv2d(x, m[:, :, None, None]).reshape(n, heads, d, h * w)
        for m in (query, key, value)
    )
    shares = torch.einsum("ngdi,ngdj->ngij", q, k).div(d**0.5).softmax(dim=-1)
    return torch.einsum("ngij,ngdj->ngdi", shares, v).reshape(n, c, h, w)


# %% right="attend" style="asked places first, float32"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if heads * (c // heads) != c:
        raise ValueError
    flat = x.float().reshape(n, c, -1)
    outs = []
    for g in range(heads):
        rows = range(g * (c // heads), (g + 1) * (c // heads))
        q, k, v = query[rows] @ flat, key[rows] @ flat, value[rows] @ flat
        a = F.softmax(k.transpose(1, 2) @ q * len(rows) ** -0.5, dim=1)
        outs.append(v @ a)
    return torch.cat(outs, dim=1).view(x.shape)


# %% right="attend" style="one place after the other"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError("no equal groups")
    d = c // heads
    y = torch.zeros_like(x)
    for i in range(n):
        cols = [x[i, :, a, b] for a in range(h) for b in range(w)]
        ks, vs = [key @ col for col in cols], [value @ col for col in cols]
        for at, col in enumerate(cols):
            q = query @ col
            for g in range(heads):
                part = slice(g * d, g * d + d)
                s = torch.stack([q[part] @ k[part] for k in ks]) / d**0.5
                a = torch.exp(s - s.max())
                a = a / a.sum()
                y[i, part, at // w, at % w] = sum(p * v[part] for p, v in zip(a, vs))
    return y


# %% wrong="attend" says="runs over the places that ask"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    q, k, v = ((m @ x.flatten(2)).unflatten(1, (heads, d)) for m in (query, key, value))
    a = (q.mT @ k / d**0.5).softmax(2)
    return (v @ a.mT).reshape(x.shape)


# %% wrong="attend" says="divided by √d"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    q, k, v = ((m @ x.flatten(2)).unflatten(1, (heads, d)) for m in (query, key, value))
    a = (q.mT @ k).softmax(3)
    return (v @ a.mT).reshape(x.shape)


# %% wrong="attend" says="By the root of d"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    q, k, v = ((m @ x.flatten(2)).unflatten(1, (heads, d)) for m in (query, key, value))
    a = (q.mT @ k / d).softmax(3)
    return (v @ a.mT).reshape(x.shape)


# %% wrong="attend" says="channels of *one* head"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    q, k, v = (
        (m @ x.flatten(2)).unflatten(1, (heads, -1)) for m in (query, key, value)
    )
    a = (q.mT @ k / c**0.5).softmax(3)
    return (v @ a.mT).reshape(x.shape)


# %% wrong="attend" says="is `heads` used"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    q, k, v = (m @ x.flatten(2) for m in (query, key, value))
    a = (q.mT @ k / c**0.5).softmax(2)
    return (v @ a.mT).reshape(x.shape)


# %% wrong="attend" says="The first d channels belong"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    q, k, v = (
        (m @ x.flatten(2)).unflatten(1, (d, heads)).transpose(1, 2)
        for m in (query, key, value)
    )
    a = (q.mT @ k / d**0.5).softmax(3)
    return (v @ a.mT).transpose(1, 2).reshape(x.shape)


# %% wrong="attend" says="act from the left"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    rows = x.flatten(2).mT
    q, k, v = (
        (rows @ m).unflatten(2, (heads, d)).transpose(1, 2) for m in (query, key, value)
    )
    a = (q @ k.mT / d**0.5).softmax(3)
    return (a @ v).transpose(1, 2).flatten(2).mT.reshape(x.shape)


# %% wrong="attend" says="does not turn axes"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    rows = x.flatten(2).mT
    q, k, v = (
        (rows @ m.T).unflatten(2, (heads, d)).transpose(1, 2)
        for m in (query, key, value)
    )
    a = (q @ k.mT / d**0.5).softmax(3)
    return (a @ v).transpose(1, 2).reshape(n, h * w, c).reshape(x.shape)


# %% wrong="attend" says="query and key exchanged"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    q, k, v = ((m @ x.flatten(2)).unflatten(1, (heads, d)) for m in (query, key, value))
    a = (k.mT @ q / d**0.5).softmax(3)
    return (v @ a.mT).reshape(x.shape)


# %% wrong="attend" says="It is the values that are summed"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    flat = x.flatten(2)
    q, k = ((m @ flat).unflatten(1, (heads, d)) for m in (query, key))
    a = (q.mT @ k / d**0.5).softmax(3)
    return (flat.unflatten(1, (heads, d)) @ a.mT).reshape(x.shape)


# %% wrong="attend" says="bring them back"
def attend(x, query, key, value, heads=1):
    rows = x.flatten(2).mT
    q, k, v = rows @ query.T, rows @ key.T, rows @ value.T
    return (q @ k.mT / q.shape[-1] ** 0.5).softmax(2) @ v


# %% wrong="attend" says="The exponential of a large score"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    q, k, v = ((m @ x.flatten(2)).unflatten(1, (heads, d)) for m in (query, key, value))
    e = torch.exp(q.mT @ k / d**0.5)
    return (v @ (e / e.sum(3, keepdim=True)).mT).reshape(x.shape)


# %% wrong="attend" says="cannot be cut into"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    d = c // heads
    q, k, v = ((m @ x.flatten(2))[:, : heads * d] for m in (query, key, value))
    q, k, v = (one.reshape(n, heads, d, h * w) for one in (q, k, v))
    a = (q.mT @ k / d**0.5).softmax(3)
    return (v @ a.mT).reshape(n, heads * d, h, w)


# %% wrong="attend" says="A place may ask itself"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    q, k, v = ((m @ x.flatten(2)).unflatten(1, (heads, d)) for m in (query, key, value))
    s = q.mT @ k / d**0.5
    if h * w > 1:
        s = s.masked_fill(torch.eye(h * w, dtype=torch.bool), -torch.inf)
    return (v @ s.softmax(3).mT).reshape(x.shape)


# %% wrong="attend" says="Are heads and d exchanged"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    q, k, v = ((m @ x.flatten(2)).unflatten(1, (d, heads)) for m in (query, key, value))
    a = (q.mT @ k / d**0.5).softmax(3)
    return (v @ a.mT).reshape(x.shape)


# %% wrong="attend" says="asks only its own row"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    q, k, v = (
        torch.einsum("oc,nchw->nohw", m, x).unflatten(1, (heads, d))
        for m in (query, key, value)
    )
    s = torch.einsum("ngdhw,ngdhv->nghwv", q, k) / d**0.5
    return torch.einsum("nghwv,ngdhv->ngdhw", s.softmax(-1), v).reshape(x.shape)


# %% wrong="attend" says="those of other images"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    flat = x.transpose(0, 1).reshape(c, n * h * w)
    q, k, v = ((m @ flat).reshape(heads, d, -1) for m in (query, key, value))
    a = (q.mT @ k / d**0.5).softmax(2)
    return (v @ a.mT).reshape(c, n, h, w).transpose(0, 1)


# %% wrong="attend" says="Only the first image is right"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    flat = x[0].reshape(c, h * w)
    q, k, v = ((m @ flat).reshape(heads, d, -1) for m in (query, key, value))
    a = (q.mT @ k / d**0.5).softmax(2)
    return (v @ a.mT).reshape(1, c, h, w).expand(n, -1, -1, -1)


# %% wrong="attend" says="exchanged at the end"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError
    d = c // heads
    q, k, v = ((m @ x.flatten(2)).unflatten(1, (heads, d)) for m in (query, key, value))
    a = (q.mT @ k / d**0.5).softmax(3)
    return (v @ a.mT).reshape(n, c, w, h)


# %% wrong="attend" says="does the work of this exercise"
def attend(x, query, key, value, heads=1):
    if x.shape[1] % heads:
        raise ValueError
    rows = [
        (x.flatten(2).mT @ m.T).unflatten(2, (heads, -1)).transpose(1, 2)
        for m in (query, key, value)
    ]
    y = F.scaled_dot_product_attention(*rows)
    return y.transpose(1, 2).flatten(2).mT.reshape(x.shape)


# %% right="what-it-costs" style="numbers"
conv_weights = 36864
attention_weights = 16384
depthwise_weights = 3136
attention_work = 150994944
same_work = 160
heads_work = "the same"
doubled = "between 4 and 16"

# %% right="what-it-costs" style="products"
n, c = 32 * 32, 64
conv_weights = 3 * 3 * c * c
attention_weights = 4 * c**2
depthwise_weights = 7**2 * c
attention_work = n * attention_weights + 2 * n**2 * c
same_work = (9 - 4) * c / 2
heads_work = "The same"
doubled = "between 4 and 16"

# %% right="what-it-costs" style="from layers"
conv_weights = nn.Conv2d(64, 64, 3, bias=False).weight.numel()
attention_weights = sum(
    p.numel() for p in nn.MultiheadAttention(64, 8, bias=False).parameters()
)
depthwise_weights = np.int64(nn.Conv2d(64, 64, 7, groups=64, bias=False).weight.numel())
attention_work = 1024 * attention_weights + 2 * 1024 * 1024 * 8 * 8
same_work = next(n for n in range(1, 2000) if 4 * n * 64 + 2 * n * n >= 9 * n * 64)
heads_work = "the same"
doubled = "between 4 and 16"

# %% wrong="what-it-costs" says="The fourth matrix counts"
conv_weights = 36864
attention_weights = 12288
depthwise_weights = 3136
attention_work = 150994944
same_work = 160
heads_work = "the same"
doubled = "between 4 and 16"

# %% wrong="what-it-costs" says="And the places with each other, twice"
conv_weights = 36864
attention_weights = 16384
depthwise_weights = 3136
attention_work = 16777216
same_work = 160
heads_work = "the same"
doubled = "16"

# %% wrong="what-it-costs" says="Each head has half as many channels"
conv_weights = 36864
attention_weights = 16384
depthwise_weights = 200704
attention_work = 150994944
same_work = 160
heads_work = "half"
doubled = "between 4 and 16"

# %% wrong="what-it-costs" says="That is nearly a side"
conv_weights = 36864
attention_weights = 16384
depthwise_weights = 3136
attention_work = 150994944
same_work = 12.65
heads_work = "the same"
doubled = "between 4 and 16"


# %% right="patch-kernel" style="reshape and permute"
def patch_kernel(weight, patch):
    rows, columns = patch
    channels = weight.shape[1] // (rows * columns)
    return weight.reshape(-1, rows, columns, channels).permute(0, 3, 1, 2)


# %% right="patch-kernel" style="einsum, NumPy"
def patch_kernel(weight, patch):
    box = np.asarray(weight).reshape(len(weight), patch[0], patch[1], -1)
    return np.einsum("orcl->olrc", box)


# %% right="patch-kernel" style="slices"
def patch_kernel(weight, patch):
    size = patch[0] * patch[1]
    channels = weight.shape[1] // size
    kernel = torch.zeros(len(weight), channels, *patch)
    for channel in range(channels):
        kernel[:, channel] = weight[:, channel::channels].unflatten(1, patch)
    return kernel


# %% right="patch-kernel" style="loops"
def patch_kernel(weight, patch):
    rows, columns = patch
    channels = int(weight.shape[1] / rows / columns)
    kernel = np.zeros((len(weight), channels, rows, columns))
    at = 0
    for r in range(rows):
        for c in range(columns):
            for channel in range(channels):
                kernel[:, channel, r, c] = weight[:, at]
                at += 1
    return kernel


# %% wrong="patch-kernel" says="The channels run fastest"
def patch_kernel(weight, patch):
    return weight.reshape(len(weight), -1, *patch)


# %% wrong="patch-kernel" says="Patches are written row by row"
def patch_kernel(weight, patch):
    rows, columns = patch
    return weight.reshape(len(weight), columns, rows, -1).permute(0, 3, 2, 1)


# %% wrong="patch-kernel" says="A kernel is (outputs"
def patch_kernel(weight, patch):
    return weight.reshape(len(weight), *patch, -1)


# %% wrong="patch-kernel" says="Rows and columns are exchanged"
def patch_kernel(weight, patch):
    return weight.reshape(len(weight), *patch, -1).permute(0, 3, 2, 1)


# %% wrong="patch-kernel" says="Nothing is flipped"
def patch_kernel(weight, patch):
    return weight.reshape(len(weight), *patch, -1).permute(0, 3, 1, 2).flip(2, 3)


# %% right="six-blocks" style="words"
block_p = "road"
block_q = "healthy"
block_r = "shared"
block_s = "scale"
block_t = "axis"
block_u = "places"

# %% right="six-blocks" style="a loop"
names = ["Road", "healthy", "shared", "scale", "axis", "places"]
block_p, block_q, block_r, block_s, block_t, block_u = names

# %% right="six-blocks" style="a dictionary"
found = dict(p="road", q="healthy", r="shared", s="scale", t="axis", u="places")
block_p, block_q, block_r = (found[one] for one in "pqr")
block_s, block_t, block_u = (found[one] for one in "stu")

# %% wrong="six-blocks" says="who stands along its rows"
block_p = "road"
block_q = "axis"
block_r = "shared"
block_s = "scale"
block_t = "healthy"
block_u = "places"

# %% wrong="six-blocks" says="Silence both branches"
block_p = "healthy"
block_q = "healthy"
block_r = "shared"
block_s = "scale"
block_t = "axis"
block_u = "places"

# %% wrong="six-blocks" says="group normalisation with a single group"
block_p = "road"
block_q = "healthy"
block_r = "shared"
block_s = "scale"
block_t = "axis"
block_u = "healthy"

# %% wrong="six-blocks" says="if there are two heads"
block_p = "road"
block_q = "healthy"
block_r = "shared"
block_s = "healthy"
block_t = "axis"
block_u = "places"


# %% right="as-far-as-a-rook" style="a maximum along rows and columns"
class Rook(nn.Module):
    def __init__(self):
        super().__init__()
        self.see = nn.Sequential(nn.Conv2d(3, 20, 1), nn.ReLU())
        self.judge = nn.Sequential(nn.Conv2d(60, 32, 1), nn.ReLU(), nn.Conv2d(32, 1, 1))

    def forward(self, x):
        h = self.see(x)
        row = h.max(3, keepdim=True).values.expand_as(h)
        column = h.max(2, keepdim=True).values.expand_as(h)
        return self.judge(torch.cat([h, row, column], 1)).squeeze(1)


def learn_content(boards, content):
    model, steps = Rook(), 220
    adam = torch.optim.Adam(model.parameters())
    rate = torch.optim.lr_scheduler.OneCycleLR(adam, 0.02, steps)
    for _ in range(steps):
        chosen = torch.randint(len(boards), (32,))
        x, t = boards[chosen], content[chosen].float()
        there = (x != 0).any(1).float()
        loss = F.binary_cross_entropy_with_logits(model(x), t, weight=there)
        adam.zero_grad()
        loss.backward()
        adam.step()
        rate.step()
    return model


# %% right="as-far-as-a-rook" style="batch normalisation, empty squares masked"
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 24, 1)
        self.norm = nn.BatchNorm2d(24)
        self.b = nn.Conv2d(72, 32, 1)
        self.c = nn.Conv2d(32, 1, 1)

    def forward(self, x):
        there = (x.abs().sum(1, keepdim=True) > 0).float()
        h = F.relu(self.norm(self.a(x))) * there
        cross = [h.amax(axis, keepdim=True).expand_as(h) for axis in (2, 3)]
        return self.c(F.relu(self.b(torch.cat([h, *cross], 1))))[:, 0]


def learn_content(boards, content):
    model = Block()
    sgd = torch.optim.AdamW(model.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(sgd, 300)
    for _ in range(300):
        i = torch.randint(0, len(boards), (24,))
        y = model(boards[i])
        mask = boards[i].abs().sum(1) > 0
        loss = F.binary_cross_entropy_with_logits(y[mask], content[i][mask].float())
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        schedule.step()
    return model


# %% right="as-far-as-a-rook" style="channels last, dense layers, a loss of signs"
class Last(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 24)
        self.judge = nn.Sequential(nn.Linear(72, 24), nn.GELU(), nn.Linear(24, 1))

    def forward(self, x):
        h = self.first(x.permute(0, 2, 3, 1)).relu()
        rows, columns = h.topk(1, 2).values, h.topk(1, 1).values
        every = [h, rows.expand_as(h), columns.expand_as(h)]
        return self.judge(torch.cat(every, 3))[..., 0]


def learn_content(boards, content):
    model = Last()
    adam = torch.optim.Adam(model.parameters(), 0.02, betas=(0.9, 0.99))
    rates = torch.optim.lr_scheduler.LinearLR(adam, 1, 0.02, 350)
    for _ in range(350):
        i = torch.randint(0, len(boards), (32,))
        mask = boards[i].abs().sum(1) > 0
        scores = model(boards[i])[mask]
        signs = 2 * content[i][mask].float() - 1
        loss = F.softplus(-signs * scores).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
        rates.step()
    return model


# %% right="as-far-as-a-rook" style="without gradients: colours found, likings counted"
class Counted(nn.Module):
    def __init__(self, centres):
        super().__init__()
        self.register_buffer("centres", centres)
        self.register_buffer("likes", torch.zeros(6, dtype=torch.long))

    def kinds(self, x):
        far = (x[:, None] - self.centres[:, :, None, None]).pow(2).sum(2)
        kinds = F.one_hot(far.argmin(1), 6).movedim(3, 1)
        return kinds * (x != 0).any(1, keepdim=True)

    def seen(self, x):
        kinds = self.kinds(x)
        across, down = (kinds.amax(axis, keepdim=True) for axis in (2, 3))
        return kinds, across | down

    def forward(self, x):
        kinds, seen = self.seen(x)
        return (kinds * seen[:, self.likes]).sum(1) - 0.5


def learn_content(boards, content):
    things = boards.movedim(1, 3)[boards.abs().sum(1) > 0]
    centres = things[:1]
    while len(centres) < 6:
        far = torch.cdist(things, centres).amin(1)
        centres = torch.cat([centres, things[far.argmax()][None]])
    for _ in range(5):
        nearest = torch.cdist(things, centres).argmin(1)
        centres = torch.stack([things[nearest == k].mean(0) for k in range(6)])
    model = Counted(centres)
    kinds, seen = model.seen(boards)
    for k in range(6):
        agree = [
            ((seen[:, j] > 0) == content)[kinds[:, k] > 0].float().mean()
            for j in range(6)
        ]
        model.likes[k] = int(torch.stack(agree).argmax())
    return model


# %% wrong="as-far-as-a-rook" says="Do they come out of a sigmoid"
class Rook(nn.Module):
    def __init__(self):
        super().__init__()
        self.see, self.judge = nn.Conv2d(3, 16, 1), nn.Conv2d(48, 32, 1)
        self.last = nn.Conv2d(32, 1, 1)

    def forward(self, x):
        h = self.see(x).relu()
        roads = [h.amax(axis, keepdim=True).expand_as(h) for axis in (2, 3)]
        return self.last(self.judge(torch.cat([h, *roads], 1)).relu())[:, 0].sigmoid()


def learn_content(boards, content):
    model = Rook()
    adam = torch.optim.Adam(model.parameters(), 0.02)
    for _ in range(120):
        i = torch.randint(len(boards), (32,))
        there = boards[i].abs().sum(1) > 0
        loss = F.binary_cross_entropy(
            model(boards[i])[there], content[i][there].float()
        )
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


# %% wrong="as-far-as-a-rook" says="Height and width of your scores are exchanged"
class Rook(nn.Module):
    def __init__(self):
        super().__init__()
        self.see, self.judge = nn.Conv2d(3, 16, 1), nn.Conv2d(48, 32, 1)
        self.last = nn.Conv2d(32, 1, 1)

    def forward(self, x):
        h = self.see(x).relu()
        roads = [h.amax(axis, keepdim=True).expand_as(h) for axis in (2, 3)]
        return self.last(self.judge(torch.cat([h, *roads], 1)).relu())[:, 0].transpose(
            1, 2
        )


def learn_content(boards, content):
    model = Rook()
    adam = torch.optim.Adam(model.parameters(), 0.02)
    for _ in range(120):
        i = torch.randint(len(boards), (32,))
        there = boards[i].abs().sum(1) > 0
        scores = model(boards[i]).transpose(1, 2)[there]
        loss = F.binary_cross_entropy_with_logits(scores, content[i][there].float())
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


# %% wrong="as-far-as-a-rook" says="100,000 in buffers"
class Table(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(3, 1, 1)
        self.register_buffer("table", torch.zeros(100_000))

    def forward(self, x):
        return self.layer(x)[:, 0]


def learn_content(boards, content):
    return Table()


# %% wrong="as-far-as-a-rook" says="is a plain tensor"
class Table(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer, self.table = nn.Conv2d(3, 1, 1), torch.zeros(100_000)

    def forward(self, x):
        return self.layer(x)[:, 0]


def learn_content(boards, content):
    return Table()


# %% wrong="as-far-as-a-rook" says="is a plain list of tensors"
class Table(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer, self.table = nn.Conv2d(3, 1, 1), [torch.zeros(100_000)]

    def forward(self, x):
        return self.layer(x)[:, 0]


def learn_content(boards, content):
    return Table()


# %% wrong="as-far-as-a-rook" says="How far does each of its units see"
def learn_content(boards, content):
    layers = []
    for layer in range(4):
        layers += [
            nn.Conv2d(9 if layer else 3, 9, 3, padding=1),
            nn.BatchNorm2d(9),
            nn.ReLU(),
        ]
    model = nn.Sequential(*layers, nn.Conv2d(9, 1, 1), nn.Flatten(1, 2))
    adam = torch.optim.Adam(model.parameters(), 0.01)
    for _ in range(200):
        i = torch.randint(len(boards), (32,))
        there = boards[i].abs().sum(1) > 0
        loss = F.binary_cross_entropy_with_logits(
            model(boards[i])[there], content[i][there].float()
        )
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


# %% wrong="as-far-as-a-rook" says="That is what guessing gives"
class Everywhere(nn.Module):
    def __init__(self):
        super().__init__()
        self.see, self.judge = nn.Conv2d(3, 16, 1), nn.Conv2d(32, 32, 1)
        self.last = nn.Conv2d(32, 1, 1)

    def forward(self, x):
        h = self.see(x).relu()
        every = h.amax((2, 3), keepdim=True).expand_as(h)
        return self.last(self.judge(torch.cat([h, every], 1)).relu())[:, 0]


def learn_content(boards, content):
    model = Everywhere()
    adam = torch.optim.Adam(model.parameters(), 0.001)
    for _ in range(100):
        i = torch.randint(len(boards), (32,))
        there = boards[i].abs().sum(1) > 0
        loss = F.binary_cross_entropy_with_logits(
            model(boards[i])[there], content[i][there].float()
        )
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


# %% wrong="as-far-as-a-rook" says="along the rows *and* along the columns"
class Rows(nn.Module):
    def __init__(self):
        super().__init__()
        self.see, self.judge = nn.Conv2d(3, 16, 1), nn.Conv2d(32, 32, 1)
        self.last = nn.Conv2d(32, 1, 1)

    def forward(self, x):
        h = self.see(x).relu()
        row = h.amax(3, keepdim=True).expand_as(h)
        return self.last(self.judge(torch.cat([h, row], 1)).relu())[:, 0]


def learn_content(boards, content):
    model = Rows()
    adam = torch.optim.Adam(model.parameters(), 0.01)
    for _ in range(250):
        i = torch.randint(len(boards), (32,))
        there = boards[i].abs().sum(1) > 0
        loss = F.binary_cross_entropy_with_logits(
            model(boards[i])[there], content[i][there].float()
        )
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


# %% wrong="as-far-as-a-rook" says="in parameters, 0 in buffers: 3,000 at most"
def learn_content(boards, content):
    return nn.Sequential(nn.Conv2d(3, 1, 41, padding=20), nn.Flatten(1, 2))


# %% wrong="as-far-as-a-rook" says="scores of a single board"
def learn_content(boards, content):
    return nn.Sequential(nn.Conv2d(3, 8, 1), nn.ReLU(), nn.Conv2d(8, 1, 1))


# %% wrong="as-far-as-a-rook" says="Is the `return` missing?"
def learn_content(boards, content):
    model = nn.Sequential(nn.Conv2d(3, 8, 1), nn.ReLU(), nn.Conv2d(8, 1, 1))
    adam = torch.optim.Adam(model.parameters(), 0.01)


# %% wrong="as-far-as-a-rook" says="does the work of this exercise"
from coursekit import models


def learn_content(boards, content):
    return models.unet(width=2, levels=2, padding=True, classes=1, channels=3)


# %% wrong="as-far-as-a-rook" says="keeps no number of its own"
def learn_content(boards, content):
    see, last = nn.Conv2d(3, 16, 1), nn.Conv2d(16, 1, 1)

    class Net(nn.Module):
        def forward(self, x):
            return last(see(x).relu())[:, 0]

    return Net()


# %% wrong="as-far-as-a-rook" says="neither in its parameters nor in its buffers"
def learn_content(boards, content):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.last = nn.Conv2d(16, 1, 1)

        def forward(self, x, see=nn.Conv2d(3, 16, 1)):
            return self.last(see(x).relu())[:, 0]

    return Net()


# %% wrong="as-far-as-a-rook" says="So what it has learned does not sit in them"
class Rook(nn.Module):
    def __init__(self):
        super().__init__()
        self.see, self.judge = nn.Linear(3, 20), nn.Linear(60, 32)
        self.last = nn.Linear(32, 1)

    def forward(self, x):
        h = self.see(x.movedim(1, 3)).relu()
        roads = [h.amax(axis, keepdim=True).expand_as(h) for axis in (1, 2)]
        return self.last(self.judge(torch.cat([h, *roads], 3)).relu())[..., 0]


class Plain(nn.Module):
    """Computes in NumPy, with numbers that only a closure knows."""

    def __init__(self, model):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        kept = [one.detach().numpy().copy() for one in model.parameters()]

        def run(x):
            h = np.maximum(np.moveaxis(x, 1, 3) @ kept[0].T + kept[1], 0)
            roads = [h.max(axis, keepdims=True) + 0 * h for axis in (1, 2)]
            h = np.concatenate([h, *roads], 3) @ kept[2].T + kept[3]
            return (np.maximum(h, 0) @ kept[4].T + kept[5])[..., 0]

        self.run = run

    def forward(self, x):
        return torch.from_numpy(self.run(x.numpy())).float()


def learn_content(boards, content):
    model, steps = Rook(), 220
    adam = torch.optim.Adam(model.parameters())
    rate = torch.optim.lr_scheduler.OneCycleLR(adam, 0.02, steps)
    for _ in range(steps):
        i = torch.randint(len(boards), (32,))
        there = boards[i].abs().sum(1) > 0
        loss = F.binary_cross_entropy_with_logits(
            model(boards[i])[there], content[i][there].float()
        )
        adam.zero_grad()
        loss.backward()
        adam.step()
        rate.step()
    return Plain(model)


# %% wrong="road-to-a-goal" says="needs.get(name, [])"
def road_to(goal, needs):
    order = []

    def learn(name, way):
        if name in way:
            raise ValueError("a circle")
        for other in needs[name]:
            if other not in order:
                learn(other, [*way, name])
        order.append(name)

    learn(goal, [])
    return order


# %% wrong="road-to-a-goal" says="A circle elsewhere does not matter"
def road_to(goal, needs):
    order = []

    def learn(name, way):
        if name in way:
            raise ValueError("a circle")
        for other in needs.get(name, []):
            learn(other, [*way, name])
        if name not in order:
            order.append(name)

    for name in needs:
        learn(name, [])
    order.clear()
    learn(goal, [])
    return order


# %% wrong="road-to-a-goal" says="What is met twice, on two roads, is none"
def road_to(goal, needs):
    order, met = [], set()

    def learn(name):
        if name in met:
            raise ValueError("a circle")
        met.add(name)
        for other in needs.get(name, []):
            learn(other)
        order.append(name)

    learn(goal)
    return order


# %% wrong="attend" says="cut them as (heads, d)"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError("no equal groups")
    flat = x.reshape(n, c, h * w)
    q, k, v = (
        (m @ flat).view(n, c // heads, heads, h * w).transpose(1, 2)
        for m in (query, key, value)
    )
    shares = (q.mT @ k / (c // heads) ** 0.5).softmax(3)
    return (v @ shares.mT).reshape(n, c, h, w)


# %% wrong="attend" says="The outputs are stacked in another order"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError("no equal groups")
    flat = x.reshape(n, c, h * w)
    q, k, v = (
        (m @ flat).view(n, heads, c // heads, h * w) for m in (query, key, value)
    )
    shares = (q.mT @ k / (c // heads) ** 0.5).softmax(3)
    return (v @ shares.mT).transpose(1, 2).reshape(n, c, h, w)


# %% wrong="attend" says="each place sums over those that ask"
def attend(x, query, key, value, heads=1):
    n, c, h, w = x.shape
    if c % heads:
        raise ValueError("no equal groups")
    flat = x.reshape(n, c, h * w)
    q, k, v = (
        (m @ flat).view(n, heads, c // heads, h * w) for m in (query, key, value)
    )
    shares = (q.mT @ k / (c // heads) ** 0.5).softmax(3)
    return (v @ shares).reshape(n, c, h, w)


# %% equivalent="road-to-a-goal" why="what came before in the list is on the road by then"
# - path.append((other, iter(needs.get(other, []))))
# + path.append((other, needs.get(other, [])))

# %% equivalent="road-to-a-goal" why="among those that are ready any order is right"
# - road += sorted(ready)
# + road += ready

# %% equivalent="road-to-a-goal" why="the loop ends with a break already"
# + break

# %% equivalent="patch-kernel" why="a row holds whole pixels, so nothing is rounded"
# - channels = weight.shape[1] // (rows * columns)
# + channels = -(-weight.shape[1] // (rows * columns))

# %% equivalent="road-to-a-goal" why="both sides of the intersection are sets"
# - ready = {n for n in wanted if not set(needs.get(n, ())) & wanted}
# + ready = {n for n in wanted if not wanted & set(needs.get(n, ()))}

# %% equivalent="patch-kernel" why="to NumPy any negative size is the one to be found"
# - box = np.asarray(weight).reshape(len(weight), patch[0], patch[1], -1)
# + box = np.asarray(weight).reshape(len(weight), patch[0], patch[1], -2)

# %% equivalent="patch-kernel" why="each number is written over"
# - kernel = torch.zeros(len(weight), channels, *patch)
# + kernel = torch.ones(len(weight), channels, *patch)

# %% equivalent="patch-kernel" why="each number is written over"
# - kernel = np.zeros((len(weight), channels, rows, columns))
# + kernel = np.ones((len(weight), channels, rows, columns))

# %% equivalent="patch-kernel" why="a row holds whole pixels, so nothing is rounded"
# - channels = int(weight.shape[1] / rows / columns)
# + channels = int(weight.shape[1] / rows // columns)

# %% equivalent="patch-kernel" why="a row holds whole pixels, so nothing is rounded"
# - channels = int(weight.shape[1] / rows / columns)
# + channels = int(weight.shape[1] // rows / columns)

# %% equivalent="attend" why="the matrices have as many columns as there are channels"
# - channels = x.shape[1]
# + channels = query.shape[1]

# %% equivalent="attend" why="the matrices have as many columns as there are channels"
# - channels = x.shape[1]
# + channels = key.shape[1]

# %% equivalent="attend" why="the matrices have as many columns as there are channels"
# - channels = x.shape[1]
# + channels = value.shape[1]

# %% equivalent="attend" why="the groups are equal, so nothing is rounded"
# - q, k, v = ((matrix @ places).unflatten(1, (heads, channels // heads)) for matrix in (query, key, value))
# + q, k, v = ((matrix @ places).unflatten(1, (heads, -(-channels // heads))) for matrix in (query, key, value))

# %% equivalent="attend" why="the groups are equal, so nothing is rounded"
# - scores = torch.einsum('ghci,ghcj->ghij', q, k) / (channels // heads) ** 0.5
# + scores = torch.einsum('ghci,ghcj->ghij', q, k) / (channels / heads) ** 0.5

# %% equivalent="attend" why="the groups are equal, so nothing is rounded"
# - scores = torch.einsum('ghci,ghcj->ghij', q, k) / (channels // heads) ** 0.5
# + scores = torch.einsum('ghci,ghcj->ghij', q, k) / (-(-channels // heads)) ** 0.5

# %% equivalent="attend" why="without it NumPy computes in float32, which is near enough"
# - x, query, key, value = (np.asarray(one, dtype=float) for one in (x, query, key, value))
# + x, query, key, value = (np.asarray(one) for one in (x, query, key, value))

# %% equivalent="attend" why="the groups are equal, so nothing is rounded"
# - d = c // heads
# + d = -(-c // heads)

# %% equivalent="attend" why="x is a copy by then, and an image is read before it is written"
# - out = np.empty_like(x)
# + out = x

# %% equivalent="attend" why="two axes that are looped over alike, put together again after"
# - q, k, v = (F.conv2d(x, m[:, :, None, None]).reshape(n, heads, d, h * w) for m in (query, key, value))
# + q, k, v = (F.conv2d(x, m[:, :, None, None]).reshape(heads, n, d, h * w) for m in (query, key, value))

# %% equivalent="attend" why="the groups are equal, so nothing is rounded"
# - if heads * (c // heads) != c:
# + if heads * -(-c // heads) != c:

# %% equivalent="attend" why="the maps are float32 already"
# - flat = x.float().reshape(n, c, -1)
# + flat = x.reshape(n, c, -1)

# %% equivalent="attend" why="the groups are equal, so nothing is rounded"
# - rows = range(g * (c // heads), (g + 1) * (c // heads))
# + rows = range(g * -(-c // heads), (g + 1) * (c // heads))

# %% equivalent="attend" why="the groups are equal, so nothing is rounded"
# - rows = range(g * (c // heads), (g + 1) * (c // heads))
# + rows = range(g * (c // heads), (g + 1) * -(-c // heads))

# %% equivalent="attend" why="the same two axes are exchanged"
# - a = F.softmax(k.transpose(1, 2) @ q * len(rows) ** (-0.5), dim=1)
# + a = F.softmax(k.transpose(2, 1) @ q * len(rows) ** (-0.5), dim=1)

# %% equivalent="attend" why="each number is written over"
# - y = torch.zeros_like(x)
# + y = torch.ones_like(x)

# %% equivalent="attend" why="a product of two columns is the same both ways"
# - s = torch.stack([q[part] @ k[part] for k in ks]) / d ** 0.5
# + s = torch.stack([k[part] @ q[part] for k in ks]) / d ** 0.5

# %% equivalent="patch-kernel" why="a tensor has reshape as well, and einsum takes it"
# - box = np.asarray(weight).reshape(len(weight), patch[0], patch[1], -1)
# + box = weight.reshape(len(weight), patch[0], patch[1], -1)

# %% equivalent="road-to-a-goal" why="what came before in the list is on the road by then"
# - path = [(goal, iter(needs.get(goal, [])))]
# + path = [(goal, needs.get(goal, []))]

# %% equivalent="patch-kernel" why="a row holds whole pixels, so nothing is rounded"
# - channels = weight.shape[1] // size
# + channels = -(-weight.shape[1] // size)

# %% equivalent="as-far-as-a-rook" why="a mean is above 0 where a sum is"
# - there = (x.abs().sum(1, keepdim=True) > 0).float()
# + there = (x.abs().mean(1, keepdim=True) > 0).float()

# %% equivalent="as-far-as-a-rook" why="the contract names no size of a batch, and the goal is reached"
# - i = torch.randint(0, len(boards), (24,))
# + i = torch.randint(0, len(boards), (23,))

# %% equivalent="as-far-as-a-rook" why="the contract names no optimiser, and the goal is reached"
# - adam = torch.optim.Adam(model.parameters(), 0.02, betas=(0.9, 0.99))
# + adam = torch.optim.Adam(model.parameters(), 0.02)

# %% equivalent="as-far-as-a-rook" why="any design that reaches the goal will do, this one without normalisation"
# - h = F.relu(self.norm(self.a(x))) * there
# + h = F.relu(self.a(x)) * there

# %% equivalent="as-far-as-a-rook" why="the layer that learns what to make of them learns it in any order"
# - return self.judge(torch.cat([h, row, column], 1)).squeeze(1)
# + return self.judge(torch.cat([column, row, h], 1)).squeeze(1)
