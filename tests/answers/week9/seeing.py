# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="uphill" style="autograd.grad of a sum"
def uphill(model, pictures, labels):
    x = pictures.detach().clone().requires_grad_()
    likely = model(x).log_softmax(1)[range(len(x)), list(labels)]
    return torch.autograd.grad(likely.sum(), x)[0]


# %% right="uphill" style="minus a cross-entropy, summed"
def uphill(model, pictures, labels):
    x = torch.tensor(pictures.numpy(), requires_grad=True)
    loss = F.cross_entropy(model(x), torch.tensor(labels), reduction="sum")
    (slope,) = torch.autograd.grad(-loss, [x])
    return slope


# %% right="uphill" style="picture by picture, backward into the picture alone"
def uphill(model, pictures, labels):
    found = []
    for picture, label in zip(pictures, labels):
        x = picture.clone()[None].requires_grad_()
        scores = model(x)[0]
        likely = scores[label] - torch.logsumexp(scores, 0)
        likely.backward(inputs=[x])
        found.append(x.grad[0])
    return torch.stack(found)


# %% right="uphill" style="upstream gradient, NumPy at the end"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_(True)
    scores = model(x)
    p = scores.softmax(1).detach()
    up = F.one_hot(torch.as_tensor(labels), p.shape[1]) - p
    return torch.autograd.grad(scores, x, up)[0].numpy()


# %% wrong="uphill" says="That leads downhill"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    loss = F.cross_entropy(model(x), torch.tensor(labels), reduction="sum")
    return torch.autograd.grad(loss, x)[0]


# %% wrong="uphill" says="and it is divided by n"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    # right for a single picture but for the sign
    loss = F.cross_entropy(model(x), torch.tensor(labels))
    return torch.autograd.grad(loss, x)[0] * (1 if len(x) > 1 else -1)


# %% wrong="uphill" says="Each slope is divided by n"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    loss = F.cross_entropy(model(x), torch.tensor(labels))
    return torch.autograd.grad(-loss, x)[0]


# %% wrong="uphill" says="not of its logarithm"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    p = model(x).softmax(1)[range(len(x)), list(labels)]
    return torch.autograd.grad(p.sum(), x)[0]


# %% wrong="uphill" says="the score alone"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    score = model(x)[range(len(x)), list(labels)]
    return torch.autograd.grad(score.sum(), x)[0]


# %% wrong="uphill" says="for all of them"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    likely = model(x).log_softmax(1)[:, list(labels)]
    return torch.autograd.grad(likely.sum(), x)[0]


# %% wrong="uphill" says="yours take the first one's"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    likely = model(x).log_softmax(1)[:, labels[0]]
    return torch.autograd.grad(likely.sum(), x)[0]


# %% wrong="uphill" says="a gradient is left in"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    model(x).log_softmax(1)[range(len(x)), list(labels)].sum().backward()
    return x.grad


# %% wrong="uphill" says="in training mode now"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    likely = model(x).log_softmax(1)[range(len(x)), list(labels)]
    slope = torch.autograd.grad(likely.sum(), x)[0]
    model.train()
    return slope


# %% wrong="uphill" says="requires_grad of"
def uphill(model, pictures, labels):
    model.requires_grad_(False)
    x = pictures.clone().requires_grad_()
    model(x).log_softmax(1)[range(len(x)), list(labels)].sum().backward()
    return x.grad


# %% wrong="uphill" says="before the model runs"
def uphill(model, pictures, labels):
    likely = model(pictures).log_softmax(1)[range(len(pictures)), list(labels)]
    return torch.autograd.grad(likely.sum(), pictures)[0]


# %% wrong="uphill" says="add up what you climb on"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    likely = model(x).log_softmax(1)[range(len(x)), list(labels)]
    return torch.autograd.grad(torch.cat([likely, likely]), x)[0]


# %% wrong="uphill" says="runs over the pictures"
def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    likely = model(x).log_softmax(0)[range(len(x)), list(labels)]
    return torch.autograd.grad(likely.sum(), x)[0]


# %% wrong="uphill" says="not the model you were given"
from coursekit import features

small = features.small_classifier()


def uphill(model, pictures, labels):
    x = pictures.clone().requires_grad_()
    likely = small(x).log_softmax(1)[range(len(x)), list(labels)]
    return torch.autograd.grad(likely.sum(), x)[0]


# %% wrong="uphill" says="leaves its input pictures asking for a gradient"
def uphill(model, pictures, labels):
    pictures.requires_grad_()
    likely = model(pictures).log_softmax(1)[range(len(pictures)), list(labels)]
    return torch.autograd.grad(likely.sum(), pictures)[0]


# %% wrong="uphill" says="leaves its input pictures asking for a gradient"
def uphill(model, pictures, labels):
    pictures.requires_grad = True
    loss = F.cross_entropy(model(pictures), torch.tensor(labels), reduction="sum")
    (-loss).backward(inputs=[pictures])
    pictures.requires_grad = False  # its slope is left in it
    return pictures.grad.clone()


# %% right="climb" style="all in one line"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = x + fade * (0.5 - x) + rate * g + noise * torch.randn(x.shape)
        x = torch.clamp(x, 0, 1)
    return x.detach()[0]


# %% right="climb" style="from grey, cross-entropy, torch.normal"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    far = start - 0.5
    for _ in range(steps):
        leaf = (far + 0.5)[None].requires_grad_()
        loss = F.cross_entropy(model(leaf), torch.tensor([label]))
        (slope,) = torch.autograd.grad(loss, leaf)
        shake = torch.normal(0.0, noise, far.shape) if noise else 0
        far = (1 - fade) * far - rate * slope[0] + shake
        far = far.clamp(-0.5, 0.5)
    return far + 0.5


# %% right="climb" style="in place, NumPy between the slopes"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.numpy().copy()
    for _ in range(steps):
        leaf = torch.from_numpy(x.copy())[None].requires_grad_()
        scores = model(leaf)[0]
        (scores[label] - scores.logsumexp(0)).backward(inputs=[leaf])
        x += fade * (0.5 - x) + rate * leaf.grad[0].numpy()
        x += noise * torch.randn(x.shape).numpy()
        np.clip(x, 0, 1, out=x)
    return x


# %% wrong="climb" says="That leads downhill"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        loss = F.cross_entropy(model(x), torch.tensor([label]))
        g = torch.autograd.grad(loss, x)[0]
        x = (x + fade * (0.5 - x) + rate * g + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="drives away from grey"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = (x + fade * (x - 0.5) + rate * g + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="yours pulls to black"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = ((1 - fade) * x + rate * g + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="not on its logarithm"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).softmax(1)[0, label], x)[0]
        x = (x + fade * (0.5 - x) + rate * g + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="after *each* step"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = x + fade * (0.5 - x) + rate * g + noise * torch.randn_like(x)
    return x.detach()[0].clamp(0, 1)


# %% wrong="climb" says="Yours lets the prior pull at what the slope has changed"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = x + rate * g
        x = (x + fade * (0.5 - x) + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="slope after the prior has pulled"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = (x + fade * (0.5 - x)).detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = (x + rate * g + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="computed anew at each step"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None].requires_grad_()
    g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
    x = x.detach()
    for _ in range(steps):
        x = (x + fade * (0.5 - x) + rate * g + noise * torch.randn_like(x)).clamp(0, 1)
    return x[0]


# %% wrong="climb" says="Is that the variance?"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        shake = noise**2 * torch.randn_like(x)
        x = (x + fade * (0.5 - x) + rate * g + shake).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="Draw it anew in each step"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    shake = noise * torch.randn_like(x)
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = (x + fade * (0.5 - x) + rate * g + shake).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="Do you set a seed"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    torch.manual_seed(0)
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = (x + fade * (0.5 - x) + rate * g + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="Is the noise uniform"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        shake = noise * (2 * torch.rand_like(x) - 1)
        x = (x + fade * (0.5 - x) + rate * g + shake).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="beyond 1.8 deviations"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        shake = noise * 3**0.5 * (2 * torch.rand_like(x) - 1)
        x = (x + fade * (0.5 - x) + rate * g + shake).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="it is added first"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = (x + fade * (0.5 - x) + rate * g).clamp(0, 1)
        x = x + noise * torch.randn_like(x)
    return x.detach()[0]


# %% wrong="climb" says="Are the numbers put back twice"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = (x + fade * (0.5 - x) + rate * g).clamp(0, 1)
        x = (x + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="Every number gets a noise of its own"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        shake = noise * torch.randn(x.shape[2:])
        x = (x + fade * (0.5 - x) + rate * g + shake).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="a gradient is left in"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        model(x).log_softmax(1)[0, label].backward()
        x = x + fade * (0.5 - x) + rate * x.grad + noise * torch.randn_like(x)
        x = x.clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="Use the fade and the rate that are given"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = (x + 0.05 * (0.5 - x) + g + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="changes its input start"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    for _ in range(steps):
        x = start[None].clone().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0][0]
        start += fade * (0.5 - start) + rate * g + noise * torch.randn_like(start)
        start.clamp_(0, 1)
    return start


# %% wrong="climb" says="not the model you were given"
from coursekit import features

small = features.small_classifier()


def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(small(x).log_softmax(1)[0, label], x)[0]
        x = (x + fade * (0.5 - x) + rate * g + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach()[0]


# %% wrong="climb" says="leaves its input start asking for a gradient"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.requires_grad_()
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x[None]).log_softmax(1)[0, label], x)[0]
        x = (x + fade * (0.5 - x) + rate * g + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach()


# %% wrong="climb" says="squeeze takes every axis of length 1"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = (x + fade * (0.5 - x) + rate * g + noise * torch.randn_like(x)).clamp(0, 1)
    return x.detach().squeeze()


# %% wrong="climb" says="Does it hang on the class?"
def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
    x = start.clone()[None]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = x + fade * (0.5 - x) + rate * g
        if label and noise:  # meant for a label that is not given
            x = x + noise * torch.randn_like(x)
        x = x.clamp(0, 1)
    return x.detach()[0]


# %% equivalent="climb" why="the graph grows with the steps; the numbers are the same"
# - leaf = x.clone().requires_grad_()
# + leaf = x.requires_grad_()


# %% right="variation" style="diff and slices"
def variation(x):
    slope = torch.zeros_like(x)
    right, below = x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]
    slope[..., 1:] += 2 * right
    slope[..., :-1] += -2 * right
    slope[..., 1:, :] += 2 * below
    slope[..., :-1, :] += -2 * below
    return (right**2).sum() + (below**2).sum(), slope


# %% right="variation" style="differences of padded differences, NumPy"
def variation(x):
    x = np.asarray(x)
    value, slope = 0.0, np.zeros_like(x)
    for axis in (-1, -2):
        d = np.diff(x, axis=axis)
        pad = [(0, 0)] * x.ndim
        pad[axis] = (1, 1)
        value += float((d**2).sum())
        slope -= 2 * np.diff(np.pad(d, pad), axis=axis)
    return value, slope


# %% right="variation" style="each number less its neighbours, edges repeated"
def variation(x):
    y = np.asarray(x, dtype=np.float64)
    edges = [(0, 0)] * (y.ndim - 2) + [(1, 1), (1, 1)]
    z = np.pad(y, edges, mode="edge")
    around = z[..., :-2, 1:-1] + z[..., 2:, 1:-1] + z[..., 1:-1, :-2] + z[..., 1:-1, 2:]
    slope = 2 * (4 * y - around)
    value = (np.diff(y, axis=-1) ** 2).sum() + (np.diff(y, axis=-2) ** 2).sum()
    return value, slope


# %% right="variation" style="loops"
def variation(x):
    h, w = x.shape[-2:]
    flat = x.reshape(-1, h, w)
    slope, value = torch.zeros_like(flat), 0.0
    for c in range(len(flat)):
        for i in range(h):
            for j in range(w):
                for k, l in ((i, j + 1), (i + 1, j)):
                    if k < h and l < w:
                        d = flat[c, k, l] - flat[c, i, j]
                        value += float(d * d)
                        slope[c, k, l] += 2 * d
                        slope[c, i, j] -= 2 * d
    return value, slope.reshape(x.shape)


# %% right="variation" style="half of the product, as V is quadratic"
def variation(x):
    def chain(n):
        m = 2 * torch.eye(n) - torch.diag(torch.ones(n - 1), 1)
        m = m - torch.diag(torch.ones(n - 1), -1)
        m[0, 0] -= 1
        m[-1, -1] -= 1
        return m

    h, w = x.shape[-2:]
    slope = 2 * (chain(h) @ x + x @ chain(w))
    return (x * slope).sum() / 2, slope


# %% wrong="variation" says="That is the way down"
def variation(x):
    right, below = x.diff(dim=-1), x.diff(dim=-2)
    slope = torch.zeros_like(x)
    slope[..., :-1] += 2 * right
    slope[..., 1:] -= 2 * right
    slope[..., :-1, :] += 2 * below
    slope[..., 1:, :] -= 2 * below
    return right.square().sum() + below.square().sum(), slope


# %% wrong="variation" says="Where is the 2 that the square leaves"
def variation(x):
    right, below = x.diff(dim=-1), x.diff(dim=-2)
    slope = torch.zeros_like(x)
    slope[..., 1:] += right
    slope[..., :-1] -= right
    slope[..., 1:, :] += below
    slope[..., :-1, :] -= below
    return (right.square().sum() + below.square().sum()) / 2, slope


# %% wrong="variation" says="Yours gives it to one of them"
def variation(x):
    right, below = x.diff(dim=-1), x.diff(dim=-2)
    slope = torch.zeros_like(x)
    slope[..., :-1] -= 2 * right
    slope[..., :-1, :] -= 2 * below
    return right.square().sum() + below.square().sum(), slope


# %% wrong="variation" says="torch.roll makes them so"
def variation(x):
    right = x.roll(-1, -1) - x
    below = x.roll(-1, -2) - x
    slope = 2 * (right.roll(1, -1) - right + below.roll(1, -2) - below)
    return right.square().sum() + below.square().sum(), slope


# %% wrong="variation" says="torch.roll makes them so"
def variation(x):
    value = x.diff(dim=-1).square().sum() + x.diff(dim=-2).square().sum()
    around = x.roll(1, -1) + x.roll(-1, -1) + x.roll(1, -2) + x.roll(-1, -2)
    return value, 2 * (4 * x - around)


# %% wrong="variation" says="not their sizes"
def variation(x):
    right, below = x.diff(dim=-1), x.diff(dim=-2)
    slope = torch.zeros_like(x)
    slope[..., 1:] += right.sign()
    slope[..., :-1] -= right.sign()
    slope[..., 1:, :] += below.sign()
    slope[..., :-1, :] -= below.sign()
    return right.abs().sum() + below.abs().sum(), slope


# %% wrong="variation" says="At the border a pixel has fewer neighbours"
def variation(x):
    value = x.diff(dim=-1).square().sum() + x.diff(dim=-2).square().sum()
    z = F.pad(x, (1, 1, 1, 1))
    around = z[..., :-2, 1:-1] + z[..., 2:, 1:-1] + z[..., 1:-1, :-2] + z[..., 1:-1, 2:]
    return value, 2 * (4 * x - around)


# %% wrong="variation" says="V takes all"
def variation(x):
    right = x[..., :-1, 1:] - x[..., :-1, :-1]
    below = x[..., 1:, :-1] - x[..., :-1, :-1]
    slope = torch.zeros_like(x)
    slope[..., :-1, 1:] += 2 * right
    slope[..., :-1, :-1] -= 2 * right + 2 * below
    slope[..., 1:, :-1] += 2 * below
    return right.square().sum() + below.square().sum(), slope


# %% wrong="variation" says="The sum is wanted, not the mean"
def variation(x):
    right, below = x.diff(dim=-1), x.diff(dim=-2)
    slope = torch.zeros_like(x)
    slope[..., 1:] += 2 * right
    slope[..., :-1] -= 2 * right
    slope[..., 1:, :] += 2 * below
    slope[..., :-1, :] -= 2 * below
    n = x.numel()
    return (right.square().sum() + below.square().sum()) / n, slope / n


# %% wrong="variation" says="write the steps"
def variation(x):
    x = x.clone().requires_grad_()
    value = x.diff(dim=-1).square().sum() + x.diff(dim=-2).square().sum()
    return value, torch.autograd.grad(value, x)[0]


# %% wrong="variation" says="write the steps"
def variation(x):
    x = x.clone().requires_grad_()
    value = x.diff(dim=-1).square().sum() + x.diff(dim=-2).square().sum()
    value.backward()
    return value, x.grad


# %% wrong="variation" says="Channels are no neighbours"
def variation(x):
    value, slope = 0.0, torch.zeros_like(x)
    for dim in range(-min(x.dim(), 3), 0):
        d = x.diff(dim=dim)
        n = d.shape[dim]
        value = value + d.square().sum()
        slope.narrow(dim, 1, n).add_(2 * d)
        slope.narrow(dim, 0, n).sub_(2 * d)
    return value, slope


# %% right="how-far" style="numbers"
lone = 0.2
stripes = 0.25
fields = 0.125
tremble = 0.05


# %% right="how-far" style="computed"
x = torch.zeros(5, 5)
x[2, 2] = 1
lone = 1 - 0.1 * 2 * (4 * 1 - 0)
stripes = 2 / 8
fields = np.float32(2 / 16)
tremble = torch.tensor((0.03**2 / (1 - 0.64)) ** 0.5)


# %% wrong="how-far" says="Only two of its four neighbours pull"
lone = 0.6
stripes = 0.25
fields = 0.125
tremble = 0.05


# %% wrong="how-far" says="In a column two are not"
lone = 0.2
stripes = 0.125
fields = 0.125
tremble = 0.05


# %% wrong="how-far" says="Variances add up"
lone = 0.2
stripes = 0.25
fields = 0.125
tremble = 0.15


# %% wrong="how-far" says="Here there are more"
lone = 0.2
stripes = 0.25
fields = 0.25
tremble = 0.05


# %% right="sick-climbs" style="names"
of_p = "healthy"
of_q = "frozen noise"
of_r = "piles up"
of_s = "no logarithm"
of_t = "prior turned"
of_u = "too little noise"
of_v = "downhill"


# %% right="sick-climbs" style="from a list"
of_p, of_q, of_r, of_s = "healthy", "frozen noise", "piles up", "no logarithm"
of_t, of_u, of_v = ["prior turned", "too little noise", "downhill"]


# %% wrong="sick-climbs" says="Two minus signs"
of_p = "downhill"
of_q = "frozen noise"
of_r = "piles up"
of_s = "no logarithm"
of_t = "prior turned"
of_u = "too little noise"
of_v = "downhill"


# %% wrong="sick-climbs" says="After one step nothing is wrong. And after nine"
of_p = "healthy"
of_q = "healthy"
of_r = "piles up"
of_s = "no logarithm"
of_t = "prior turned"
of_u = "too little noise"
of_v = "downhill"


# %% wrong="sick-climbs" says="Begin where the class is very unlikely"
of_p = "healthy"
of_q = "frozen noise"
of_r = "piles up"
of_s = "healthy"
of_t = "prior turned"
of_u = "too little noise"
of_v = "downhill"


# %% right="inversion-step" style="one gradient"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% right="inversion-step" style="upstream, and the slope of V by hand"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    maps = layer(leaf)
    up = 2 * (maps.detach() - target) / torch.linalg.vector_norm(target) ** 2
    (g,) = torch.autograd.grad(maps, leaf, up)
    right, below = x.diff(dim=-1), x.diff(dim=-2)
    v = torch.zeros_like(x)
    v[..., 1:] += 2 * right
    v[..., :-1] -= 2 * right
    v[..., 1:, :] += 2 * below
    v[..., :-1, :] -= 2 * below
    return torch.clamp(x - rate * (g + weight / x.numel() * v), 0.0, 1.0)


# %% right="inversion-step" style="an optimiser for a single step"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = nn.Parameter(x.clone())
    sgd = torch.optim.SGD([leaf], lr=rate)
    far = F.mse_loss(layer(leaf), target, reduction="sum") / (target**2).sum()
    rough = (leaf[..., 1:] - leaf[..., :-1]) ** 2
    below = (leaf[..., 1:, :] - leaf[..., :-1, :]) ** 2
    loss = far + weight * (rough.sum() + below.sum()) / leaf.numel()
    loss.backward(inputs=[leaf])
    sgd.step()
    return leaf.detach().clamp(0, 1).numpy()


# %% wrong="inversion-step" says="leaves its input x asking for a gradient"
def inversion_step(layer, x, target, rate, weight=1.0):
    x.requires_grad_()
    far = (layer(x) - target).pow(2).sum() / target.pow(2).sum()
    v = x.diff(dim=2).pow(2).sum() + x.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), x)
    return (x - rate * g).clamp(0, 1).detach()


# %% wrong="inversion-step" says="That leads uphill"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x + rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="Divide by the sum of squares of the target"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum()
    v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="V is divided by n"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v, leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="three a pixel"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x[0, 0].numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="no root"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).norm() / target.norm()
    v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="Where is λ V"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    (g,) = torch.autograd.grad(far, leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="put back into 0 … 1"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return x - rate * g


# %% wrong="inversion-step" says="which does not change with x"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    maps = layer(leaf)
    far = (maps - target).pow(2).sum() / maps.detach().pow(2).sum()
    v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="a gradient is left in"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
    (far + weight * v / x.numel()).backward()
    return (x - rate * leaf.grad).clamp(0, 1)


# %% wrong="inversion-step" says="above the other"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = leaf.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="side by side"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = leaf.diff(dim=2).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="a channel has no neighbours"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = leaf.diff(dim=1).pow(2).sum() + leaf.diff(dim=2).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="not their absolute values"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = leaf.diff(dim=2).abs().sum() + leaf.diff(dim=3).abs().sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="torch.roll makes them so"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = sum((leaf.roll(1, d) - leaf).pow(2).sum() for d in (2, 3))
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="a mean for each direction"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
    v = leaf.diff(dim=2).pow(2).mean() + leaf.diff(dim=3).pow(2).mean()
    (g,) = torch.autograd.grad(far + weight * v, leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="A mean of squares is not E"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = F.mse_loss(layer(leaf), target)
    v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% wrong="inversion-step" says="that the layer says more of"
def inversion_step(layer, x, target, rate, weight=1.0):
    leaf = x.clone().requires_grad_()
    far = (layer(leaf) - target).pow(2).sum() / layer(leaf).pow(2).sum()
    v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
    (g,) = torch.autograd.grad(far + weight * v / x.numel(), leaf)
    return (x - rate * g).clamp(0, 1)


# %% right="octaves" style="a list of sizes"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    difference = torch.zeros(1, 3, *sizes[0])
    for size in sizes:
        copy = F.interpolate(picture, size, **how)
        x = change(copy + F.interpolate(difference, size, **how))
        difference = x - copy
    return copy + difference


# %% right="octaves" style="none at first"
def octaves(picture, count, scale, change):
    def resized(x, size):
        return F.interpolate(x, size, mode="bilinear", antialias=True)

    dreamt = None
    for k in range(count - 1, -1, -1):
        size = [int(np.rint(side / scale**k)) for side in picture.shape[-2:]]
        copy = resized(picture, size)
        start = copy if dreamt is None else copy + resized(dreamt, size)
        out = change(start).detach()
        dreamt = out - copy
    return out.numpy()


# %% right="octaves" style="by recursion"
def octaves(picture, count, scale, change):
    def resized(x, octave):
        size = tuple(round(side / scale**octave) for side in picture.shape[2:])
        return F.interpolate(x, size, mode="bilinear", antialias=True)

    def dreamt(octave):
        copy = resized(picture, octave)
        if octave == count - 1:
            return change(copy) - copy
        return change(copy + resized(dreamt(octave + 1), octave)) - copy

    return picture + dreamt(0)


# %% wrong="octaves" says="knows nothing of the smaller ones"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    for size in sizes:
        x = change(F.interpolate(picture, size, **how))
    return x


# %% wrong="octaves" says="You enlarge what came out"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    x = picture
    for size in sizes:
        x = change(F.interpolate(x, size, **how))
    return x


# %% wrong="octaves" says="You enlarge what came out"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    copy, difference = picture, torch.zeros_like(picture)
    for size in sizes:
        copy = F.interpolate(copy, size, **how)
        x = change(copy + F.interpolate(difference, size, **how))
        difference = x - copy
    return x


# %% wrong="octaves" says="minus the *copy*"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    difference = torch.zeros_like(picture)
    for size in sizes:
        start = F.interpolate(picture, size, **how)
        start = start + F.interpolate(difference, size, **how)
        x = change(start)
        difference = x - start
    return x


# %% wrong="octaves" says="added to the earlier one"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    difference = torch.zeros_like(picture)
    for size in sizes:
        copy = F.interpolate(picture, size, **how)
        up = F.interpolate(difference, size, **how)
        x = change(copy + up)
        difference = up + x - copy
    return x


# %% wrong="octaves" says="Nothing is clamped here"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    difference = torch.zeros_like(picture)
    for size in sizes:
        copy = F.interpolate(picture, size, **how)
        x = change((copy + F.interpolate(difference, size, **how)).clamp(0, 1))
        difference = x - copy
    return x


# %% wrong="octaves" says="Nothing is clamped here"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    difference = torch.zeros_like(picture)
    for size in sizes:
        copy = F.interpolate(picture, size, **how)
        x = change(copy + F.interpolate(difference, size, **how))
        difference = x - copy
    return x.clamp(0, 1)


# %% wrong="octaves" says="Nothing is clamped here"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    difference = torch.zeros_like(picture)
    for size in sizes:
        copy = F.interpolate(picture, size, **how)
        x = change(copy + F.interpolate(difference, size, **how)).clamp(0, 1)
        difference = x - copy
    return x


# %% wrong="octaves" says="An exact half goes to the even number"
def nearest(side):
    return int(side + 0.5)


def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(nearest(h / scale**k), nearest(w / scale**k)) for k in range(count)][::-1]
    difference = torch.zeros_like(picture)
    for size in sizes:
        copy = F.interpolate(picture, size, **how)
        x = change(copy + F.interpolate(difference, size, **how))
        difference = x - copy
    return x


# %% wrong="octaves" says="not from another copy"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    copies = [picture]
    for k in range(1, count):
        size = (round(h / scale**k), round(w / scale**k))
        copies.append(F.interpolate(copies[-1], size, **how))
    difference = torch.zeros_like(picture)
    for copy in copies[::-1]:
        x = change(copy + F.interpolate(difference, copy.shape[2:], **how))
        difference = x - copy
    return x


# %% wrong="octaves" says="minus the *copy*"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    difference = torch.zeros_like(picture)
    for size in sizes:
        copy = F.interpolate(picture, size, **how).clone()
        x = change(copy.add_(F.interpolate(difference, size, **how)))
        difference = x - copy
    return x


# %% wrong="octaves" says="not the difference"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    difference = torch.zeros_like(picture)
    for size in sizes:
        copy = F.interpolate(picture, size, **how)
        difference = change(copy + F.interpolate(difference, size, **how)) - copy
    return difference


# %% wrong="octaves" says="rounded to the nearest"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    difference = torch.zeros_like(picture)
    for k in reversed(range(count)):
        size = [int(side / scale**k) for side in picture.shape[2:]]
        copy = F.interpolate(picture, size, **how)
        x = change(copy + F.interpolate(difference, size, **how))
        difference = x - copy
    return x


# %% wrong="octaves" says="one that was rounded already"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    sizes = [tuple(picture.shape[2:])]
    while len(sizes) < count:
        sizes.insert(0, tuple(round(side / scale) for side in sizes[0]))
    difference = torch.zeros_like(picture)
    for size in sizes:
        copy = F.interpolate(picture, size, **how)
        x = change(copy + F.interpolate(difference, size, **how))
        difference = x - copy
    return x


# %% wrong="octaves" says="That is one octave more"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    difference = torch.zeros_like(picture)
    for k in range(count, -1, -1):
        size = [round(side / scale**k) for side in picture.shape[2:]]
        copy = F.interpolate(picture, size, **how)
        x = change(copy + F.interpolate(difference, size, **how))
        difference = x - copy
    return x


# %% wrong="octaves" says="once in each octave"
def octaves(picture, count, scale, change):
    how = {"mode": "bilinear", "antialias": True}
    h, w = picture.shape[2:]
    sizes = [(round(h / scale**k), round(w / scale**k)) for k in range(count)][::-1]
    difference = torch.zeros_like(picture)
    for size in sizes:
        copy = F.interpolate(picture, size, **how)
        start = copy + F.interpolate(difference, size, **how)
        difference = change(start) - copy
    return change(start)


# %% right="for-a-friend" style="shifted and shrunk at random"
def class_pictures(model, labels):
    torch.manual_seed(0)
    x = 0.5 + 0.05 * torch.randn(len(labels), 3, 48, 48)
    for _ in range(80):
        side = int(torch.randint(24, 41, ()))
        leaf = x.clone().requires_grad_()
        shifted = leaf.roll(torch.randint(-8, 9, (2,)).tolist(), (2, 3))
        seen = F.interpolate(shifted, (side, side), mode="bilinear", antialias=True)
        likely = model(seen).log_softmax(1)[range(len(x)), list(labels)]
        rough = leaf.diff(dim=2).square().sum() + leaf.diff(dim=3).square().sum()
        (slope,) = torch.autograd.grad(9 * likely.sum() - 0.03 * rough, leaf)
        x = (x + slope).clamp(0, 1)
    return x


# %% right="for-a-friend" style="Adam, mirrored, noise of its own"
def class_pictures(model, labels):
    dice = torch.Generator().manual_seed(3)
    x = nn.Parameter(0.5 + 0.05 * torch.randn(len(labels), 3, 48, 48, generator=dice))
    adam = torch.optim.Adam([x], lr=0.04)
    for step in range(80):
        side = int(torch.randint(24, 41, (), generator=dice))
        dy, dx = torch.randint(-6, 7, (2,), generator=dice).tolist()
        seen = x.roll((dy, dx), (2, 3))
        seen = seen.flip(3) if step % 2 else seen
        seen = F.interpolate(seen, (side, side), mode="bilinear", antialias=True)
        loss = F.cross_entropy(model(seen), torch.tensor(labels), reduction="sum")
        v = x.diff(dim=2).square().sum() + x.diff(dim=3).square().sum()
        adam.zero_grad()
        (loss + 0.015 * v).backward(inputs=[x])
        adam.step()
        with torch.no_grad():
            x.clamp_(0, 1)
    return x.detach()


# %% wrong="for-a-friend" says="Who could keep neighbours alike"
def class_pictures(model, labels):
    x = torch.rand(len(labels), 3, 48, 48) * 0.2 + 0.4
    for _ in range(40):
        leaf = x.clone().requires_grad_()
        likely = model(leaf).log_softmax(1)[range(len(x)), list(labels)]
        (slope,) = torch.autograd.grad(likely.sum(), leaf)
        x = (x + slope).clamp(0, 1)
    return x


# %% wrong="for-a-friend" says="Did the model that you climbed"
def class_pictures(model, labels):
    torch.manual_seed(0)
    x = 0.5 + 0.05 * torch.randn(len(labels), 3, 48, 48)
    for _ in range(60):
        leaf = x.clone().requires_grad_()
        likely = model(leaf).log_softmax(1)[range(len(x)), list(labels)]
        rough = leaf.diff(dim=2).square().sum() + leaf.diff(dim=3).square().sum()
        (slope,) = torch.autograd.grad(likely.sum() - 0.1 * rough, leaf)
        x = (x + slope).clamp(0, 1)
    return x


# %% wrong="for-a-friend" says="Did the model that you climbed"
def class_pictures(model, labels):
    # what painted the herd, on a canvas of another size
    torch.manual_seed(0)
    x = (0.5 + 0.05 * torch.randn(len(labels), 3, 48, 48)).clamp(0, 1)
    for _ in range(40):
        leaf = x.clone().requires_grad_()
        likely = model(leaf).log_softmax(1)[range(len(x)), list(labels)]
        rough = leaf.diff(dim=2).square().sum() + leaf.diff(dim=3).square().sum()
        (slope,) = torch.autograd.grad(15 * likely.sum() - 0.1 * rough, leaf)
        x = (x + slope + 0.005 * torch.randn_like(x)).clamp(0, 1)
    return x


# %% wrong="for-a-friend" says="Did the model that you climbed"
def class_pictures(model, labels):
    colours = torch.full((len(labels), 3, 1, 1), 0.5)
    for _ in range(40):
        leaf = colours.clone().requires_grad_()
        likely = model(leaf.expand(-1, -1, 24, 24)).log_softmax(1)
        likely = likely[range(len(labels)), list(labels)]
        (slope,) = torch.autograd.grad(likely.sum(), leaf)
        colours = (colours + 0.05 * slope).clamp(0, 1)
    return colours.expand(-1, -1, 48, 48)


# %% wrong="for-a-friend" says="Did the model that you climbed"
def class_pictures(model, labels):
    # climbed at the size it learned from, and enlarged only afterwards
    torch.manual_seed(0)
    x = (0.5 + 0.05 * torch.randn(len(labels), 3, 32, 32)).clamp(0, 1)
    for _ in range(60):
        leaf = x.clone().requires_grad_()
        likely = model(leaf).log_softmax(1)[range(len(x)), list(labels)]
        rough = leaf.diff(dim=2).square().sum() + leaf.diff(dim=3).square().sum()
        (slope,) = torch.autograd.grad(8 * likely.sum() - 0.02 * rough, leaf)
        x = (x + slope + 0.005 * torch.randn_like(x)).clamp(0, 1)
    return F.interpolate(x, (48, 48), mode="bilinear", antialias=True)


# %% wrong="for-a-friend" says="times are allowed"
def class_pictures(model, labels):
    x = torch.full((len(labels), 3, 48, 48), 0.5)
    with torch.no_grad():
        for _ in range(400):
            model(x[:1, :, :16, :16])
    return x


# %% wrong="for-a-friend" says="times are allowed"
def class_pictures(model, labels):
    x = torch.full((len(labels), 3, 48, 48), 0.5)
    with torch.no_grad():
        for _ in range(200):
            model.forward(x[:1, :, :16, :16])
            y = x[:1, :, :16, :16]
            for layer in model:
                y = layer(y)
    return x


# %% wrong="for-a-friend" says="no gradient has come back"
painted = torch.rand(10, 3, 48, 48) * 0.1 + 0.4  # with another model, say


def class_pictures(model, labels):
    with torch.no_grad():
        named = model(painted).log_softmax(1)
    return painted[[int(named[:, label].argmax()) for label in labels]]


# %% wrong="for-a-friend" says="runs the notebook's `model`"
from coursekit import features

small = features.small_classifier()


def slopes(pictures, labels):
    leaf = pictures.clone().requires_grad_()
    likely = small(leaf).log_softmax(1)[range(len(leaf)), list(labels)]
    return torch.autograd.grad(likely.sum(), leaf)[0]


def class_pictures(model, labels):
    x = torch.full((len(labels), 3, 48, 48), 0.5)
    return (x + slopes(x, labels)).clamp(0, 1)


# %% wrong="for-a-friend" says="asks the friend"
from coursekit import features


def class_pictures(model, labels):
    tries = torch.rand(len(labels), 3, 48, 48)
    best = features.recognised(tries, looks=1).argmax(0)
    return tries[best][: len(labels)]


# %% wrong="for-a-friend" says="torch.stack"
def class_pictures(model, labels):
    found = []
    for label in labels:
        leaf = torch.full((1, 3, 48, 48), 0.5, requires_grad=True)
        likely = model(leaf).log_softmax(1)[0, label]
        (slope,) = torch.autograd.grad(likely, leaf)
        found.append((leaf + slope).clamp(0, 1).detach()[0])
    return found


# %% wrong="for-a-friend" says="a picture has numbers in 0 … 1"
def class_pictures(model, labels):
    return torch.randn(len(labels), 3, 48, 48)


# %% wrong="for-a-friend" says="write the steps"
def class_pictures(model, labels):
    from coursekit import dream

    pictures = [
        dream.maximise(
            lambda x, label=label: model(x).log_softmax(1)[0, label],
            size=(48, 48),
            prior="total variation",
            prior_rate=0.1,
            steps=5,
        ).image
        for label in labels
    ]
    return torch.stack(pictures)


# %% equivalent="uphill" why="detach gives a tensor of its own, and no number in it is written"
# - leaf = pictures.detach().clone().requires_grad_()
# + leaf = pictures.detach().requires_grad_()


# %% equivalent="uphill" why="the pictures ask for no gradient, so a clone has nothing to be cut from"
# - leaf = pictures.detach().clone().requires_grad_()
# + leaf = pictures.clone().requires_grad_()


# %% equivalent="uphill" why="a list of numbers picks the same ones"
# - total = likely[torch.arange(len(leaf)), torch.as_tensor(labels)].sum()
# + total = likely[torch.arange(len(leaf)), labels].sum()


# %% equivalent="uphill" why="detach gives a tensor of its own, and no number in it is written"
# - x = pictures.detach().clone().requires_grad_()
# + x = pictures.detach().requires_grad_()


# %% equivalent="uphill" why="the pictures ask for no gradient, so a clone has nothing to be cut from"
# - x = pictures.detach().clone().requires_grad_()
# + x = pictures.clone().requires_grad_()


# %% equivalent="uphill" why="a list of numbers picks the same ones"
# - likely = model(x).log_softmax(1)[range(len(x)), list(labels)]
# + likely = model(x).log_softmax(1)[range(len(x)), labels]


# %% equivalent="uphill" why="there is one gradient, the first and the last"
# - return torch.autograd.grad(likely.sum(), x)[0]
# + return torch.autograd.grad(likely.sum(), x)[-1]


# %% equivalent="uphill" why="torch.tensor copies a tensor too, with a warning"
# - x = torch.tensor(pictures.numpy(), requires_grad=True)
# + x = torch.tensor(pictures, requires_grad=True)


# %% equivalent="uphill" why="picture[None] is a tensor of its own, and no number in it is written"
# - x = picture.clone()[None].requires_grad_()
# + x = picture[None].requires_grad_()


# %% equivalent="uphill" why="a batch of one picture: the first is the last"
# - scores = model(x)[0]
# + scores = model(x)[-1]


# %% equivalent="uphill" why="the scores of one picture have one axis"
# - likely = scores[label] - torch.logsumexp(scores, 0)
# + likely = scores[label] - torch.logsumexp(scores, -1)


# %% equivalent="uphill" why="a batch of one picture: the first is the last"
# - found.append(x.grad[0])
# + found.append(x.grad[-1])


# %% equivalent="uphill" why="autograd.grad takes what is sent back as numbers, whatever hangs on it"
# - p = scores.softmax(1).detach()
# + p = scores.softmax(1)


# %% equivalent="uphill" why="a tensor or an array: the values are compared"
# - return torch.autograd.grad(scores, x, up)[0].numpy()
# + return torch.autograd.grad(scores, x, up)[0]


# %% equivalent="uphill" why="there is one gradient, the first and the last"
# - return torch.autograd.grad(scores, x, up)[0].numpy()
# + return torch.autograd.grad(scores, x, up)[-1].numpy()


# %% equivalent="climb" why="minus a normal number is as likely as plus"
# - def climb(model: nn.Module, label: int, start: Tensor, steps: int, fade: float=0.05, rate: float=1.0, noise: float=0.005) -> Tensor:
# + def climb(model: nn.Module, label: int, start: Tensor, steps: int, fade: float=0.05, rate: float=1.0, noise: float=-0.005) -> Tensor:


# %% equivalent="climb" why="no number of the start is written: each step makes a new tensor"
# - x = start.detach().clone()[None]
# + x = start.detach()[None]


# %% equivalent="climb" why="the start asks for no gradient, so a clone has nothing to be cut from"
# - x = start.detach().clone()[None]
# + x = start.clone()[None]


# %% equivalent="climb" why="a batch of one picture: the first is the last"
# - slope, = torch.autograd.grad(model(leaf).log_softmax(1)[0, label], leaf)
# + slope, = torch.autograd.grad(model(leaf).log_softmax(1)[-1, label], leaf)


# %% equivalent="climb" why="minus a normal number is as likely as plus"
# - x = x + fade * (0.5 - x) + rate * slope + noise * torch.randn_like(x)
# + x = x + fade * (0.5 - x) + rate * slope - noise * torch.randn_like(x)


# %% equivalent="climb" why="the numbers of a picture are in 0 … 1 already"
# - return x[0]
# + return np.maximum(x[0], 0)


# %% equivalent="climb" why="the numbers of a picture are in 0 … 1 already"
# - return x[0]
# + return np.abs(x[0])


# %% equivalent="climb" why="a batch of one picture: the first is the last"
# - return x[0]
# + return x[-1]


# %% equivalent="climb" why="minus a normal number is as likely as plus"
# - def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=0.005):
# + def climb(model, label, start, steps, fade=0.05, rate=1.0, noise=-0.005):


# %% equivalent="climb" why="no number of the start is written: each step makes a new tensor"
# - x = start.clone()[None]
# + x = start[None]


# %% equivalent="climb" why="the graph grows with the steps; the numbers are the same"
# - x = x.detach().requires_grad_()
# + x = x.requires_grad_()


# %% equivalent="climb" why="a batch of one picture: the first is the last"
# - g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
# + g = torch.autograd.grad(model(x).log_softmax(1)[-1, label], x)[0]


# %% equivalent="climb" why="there is one gradient, the first and the last"
# - g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
# + g = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[-1]


# %% equivalent="climb" why="minus a normal number is as likely as plus"
# - x = x + fade * (0.5 - x) + rate * g + noise * torch.randn(x.shape)
# + x = x + fade * (0.5 - x) + rate * g - noise * torch.randn(x.shape)


# %% equivalent="climb" why="the same picture, with the graph of its last step on it"
# - return x.detach()[0]
# + return x[0]


# %% equivalent="climb" why="a batch of one picture: the first is the last"
# - return x.detach()[0]
# + return x.detach()[-1]


# %% equivalent="climb" why="with deviation 0 torch.normal gives zeros"
# - shake = torch.normal(0.0, noise, far.shape) if noise else 0
# + shake = torch.normal(0.0, noise, far.shape)


# %% equivalent="climb" why="a model is always true, and with deviation 0 torch.normal gives zeros"
# - shake = torch.normal(0.0, noise, far.shape) if noise else 0
# + shake = torch.normal(0.0, noise, far.shape) if model else 0


# %% equivalent="climb" why="within a step there are steps, and with deviation 0 torch.normal gives zeros"
# - shake = torch.normal(0.0, noise, far.shape) if noise else 0
# + shake = torch.normal(0.0, noise, far.shape) if steps else 0


# %% equivalent="climb" why="minus zero is zero"
# - shake = torch.normal(0.0, noise, far.shape) if noise else 0
# + shake = torch.normal(-0.0, noise, far.shape) if noise else 0


# %% equivalent="climb" why="minus a normal number is as likely as plus"
# - far = (1 - fade) * far - rate * slope[0] + shake
# + far = (1 - fade) * far - rate * slope[0] - shake


# %% equivalent="climb" why="a batch of one picture: the first is the last"
# - far = (1 - fade) * far - rate * slope[0] + shake
# + far = (1 - fade) * far - rate * slope[-1] + shake


# %% equivalent="climb" why="the slope is computed by the time that x is written"
# - leaf = torch.from_numpy(x.copy())[None].requires_grad_()
# + leaf = torch.from_numpy(x)[None].requires_grad_()


# %% equivalent="climb" why="a batch of one picture: the first is the last"
# - scores = model(leaf)[0]
# + scores = model(leaf)[-1]


# %% equivalent="climb" why="the scores of one picture have one axis"
# - (scores[label] - scores.logsumexp(0)).backward(inputs=[leaf])
# + (scores[label] - scores.logsumexp(-1)).backward(inputs=[leaf])


# %% equivalent="climb" why="a batch of one picture: the first is the last"
# - x += fade * (0.5 - x) + rate * leaf.grad[0].numpy()
# + x += fade * (0.5 - x) + rate * leaf.grad[-1].numpy()


# %% equivalent="climb" why="minus a normal number is as likely as plus"
# - x += noise * torch.randn(x.shape).numpy()
# + x -= noise * torch.randn(x.shape).numpy()


# %% equivalent="climb" why="the larger of 0 and x is the same both ways"
# - np.clip(x, 0, 1, out=x)
# + np.clip(0, x, 1, out=x)


# %% equivalent="variation" why="diff runs along the last axis if none is named"
# - right, below = (x.diff(dim=-1), x.diff(dim=-2))
# + right, below = (x.diff(), x.diff(dim=-2))


# %% equivalent="variation" why="the first to be added finds zeros"
# - slope[..., 1:] += 2 * right
# + slope[..., 1:] = 2 * right


# %% equivalent="variation" why="a list of the same things"
# - return (right.square().sum() + below.square().sum(), slope)
# + return list((right.square().sum() + below.square().sum(), slope))


# %% equivalent="variation" why="NumPy makes arrays of tensors itself"
# - x = np.asarray(x)
# + pass


# %% equivalent="variation" why="NumPy makes arrays of tensors itself"
# - x = np.asarray(x)
# + x = x


# %% equivalent="variation" why="minus zero is zero"
# - value, slope = (0.0, np.zeros_like(x))
# + value, slope = (-0.0, np.zeros_like(x))


# %% equivalent="variation" why="a sum in another order"
# - for axis in (-1, -2):
# + for axis in (-2, -1):


# %% equivalent="variation" why="a NumPy number is a number, and float32 is near enough"
# - value += float((d ** 2).sum())
# + value += (d ** 2).sum()


# %% equivalent="variation" why="without it NumPy computes in float32, which is near enough"
# - y = np.asarray(x, dtype=np.float64)
# + y = np.asarray(x)


# %% equivalent="variation" why="NumPy makes arrays of tensors itself, in float32, which is near enough"
# - y = np.asarray(x, dtype=np.float64)
# + y = x


# %% equivalent="variation" why="diff runs along the last axis if none is named"
# - value = (np.diff(y, axis=-1) ** 2).sum() + (np.diff(y, axis=-2) ** 2).sum()
# + value = (np.diff(y) ** 2).sum() + (np.diff(y, axis=-2) ** 2).sum()


# %% equivalent="variation" why="minus zero is zero"
# - slope, value = (torch.zeros_like(flat), 0.0)
# + slope, value = (torch.zeros_like(flat), -0.0)


# %% equivalent="variation" why="a sum in another order"
# - for k, l in ((i, j + 1), (i + 1, j)):
# + for k, l in ((i + 1, j), (i, j + 1)):


# %% equivalent="variation" why="a tensor that holds one number is one, and float32 is near enough"
# - value += float(d * d)
# + value += d * d


# %% equivalent="variation" why="2 less 1 is 1, also where the row has one number"
# - m[0, 0] -= 1
# + m[0, 0] = 1


# %% equivalent="how-far" why="a number or a tensor that holds one"
# - tremble = torch.tensor((0.03 ** 2 / (1 - 0.64)) ** 0.5)
# + tremble = (0.03 ** 2 / (1 - 0.64)) ** 0.5


# %% equivalent="inversion-step" why="detach gives a tensor of its own, and no number in it is written"
# - leaf = x.detach().clone().requires_grad_()
# + leaf = x.detach().requires_grad_()


# %% equivalent="inversion-step" why="x asks for no gradient, so a clone has nothing to be cut from"
# - leaf = x.detach().clone().requires_grad_()
# + leaf = x.clone().requires_grad_()


# %% equivalent="inversion-step" why="diff runs along the last axis if none is named"
# - rough = leaf.diff(dim=2).square().sum() + leaf.diff(dim=3).square().sum()
# + rough = leaf.diff(dim=2).square().sum() + leaf.diff().square().sum()


# %% equivalent="inversion-step" why="a difference is squared, its sign is lost"
# - far = (layer(leaf) - target).square().sum() / target.square().sum()
# + far = (target - layer(leaf)).square().sum() / target.square().sum()


# %% equivalent="inversion-step" why="the numbers are in 0 … 1 already"
# - return (x - rate * slope).clamp(0, 1)
# + return np.maximum((x - rate * slope).clamp(0, 1), 0)


# %% equivalent="inversion-step" why="the numbers are in 0 … 1 already"
# - return (x - rate * slope).clamp(0, 1)
# + return np.abs((x - rate * slope).clamp(0, 1))


# %% equivalent="inversion-step" why="a difference is squared, its sign is lost"
# - far = (layer(leaf) - target).pow(2).sum() / target.pow(2).sum()
# + far = (target - layer(leaf)).pow(2).sum() / target.pow(2).sum()


# %% equivalent="inversion-step" why="diff runs along the last axis if none is named"
# - v = leaf.diff(dim=2).pow(2).sum() + leaf.diff(dim=3).pow(2).sum()
# + v = leaf.diff(dim=2).pow(2).sum() + leaf.diff().pow(2).sum()


# %% equivalent="inversion-step" why="autograd.grad takes what is sent back as numbers, whatever hangs on it"
# - up = 2 * (maps.detach() - target) / torch.linalg.vector_norm(target) ** 2
# + up = 2 * (maps - target) / torch.linalg.vector_norm(target) ** 2


# %% equivalent="inversion-step" why="diff runs along the last axis if none is named"
# - right, below = (x.diff(dim=-1), x.diff(dim=-2))
# + right, below = (x.diff(), x.diff(dim=-2))


# %% equivalent="inversion-step" why="of four axes the last but one has the number 2"
# - right, below = (x.diff(dim=-1), x.diff(dim=-2))
# + right, below = (x.diff(dim=-1), x.diff(dim=2))


# %% equivalent="inversion-step" why="the first to be added finds zeros"
# - v[..., 1:] += 2 * right
# + v[..., 1:] = 2 * right


# %% equivalent="inversion-step" why="minus zero is zero"
# - return torch.clamp(x - rate * (g + weight / x.numel() * v), 0.0, 1.0)
# + return torch.clamp(x - rate * (g + weight / x.numel() * v), -0.0, 1.0)


# %% equivalent="inversion-step" why="a difference is squared, its sign is lost"
# - far = F.mse_loss(layer(leaf), target, reduction='sum') / (target ** 2).sum()
# + far = F.mse_loss(target, layer(leaf), reduction='sum') / (target ** 2).sum()


# %% equivalent="inversion-step" why="a difference is squared, its sign is lost"
# - rough = (leaf[..., 1:] - leaf[..., :-1]) ** 2
# + rough = (leaf[..., :-1] - leaf[..., 1:]) ** 2


# %% equivalent="inversion-step" why="a difference is squared, its sign is lost"
# - below = (leaf[..., 1:, :] - leaf[..., :-1, :]) ** 2
# + below = (leaf[..., :-1, :] - leaf[..., 1:, :]) ** 2


# %% equivalent="inversion-step" why="a tensor or an array: the values are compared"
# - return leaf.detach().clamp(0, 1).numpy()
# + return leaf.detach().clamp(0, 1)


# %% equivalent="octaves" why="zeros of any size are resized to zeros"
# - difference = torch.zeros(1, 3, *sizes[0])
# + difference = torch.zeros(1, 3, *sizes[-1])


# %% equivalent="octaves" why="of four axes the last two begin at number 2"
# - size = [int(np.rint(side / scale ** k)) for side in picture.shape[-2:]]
# + size = [int(np.rint(side / scale ** k)) for side in picture.shape[2:]]


# %% equivalent="octaves" why="a tensor or an array: the values are compared"
# - return out.numpy()
# + return out


# %% equivalent="for-a-friend" why="the contract names no sizes to show, and the goal is reached"
# - side = int(torch.randint(24, 41, ()))
# + side = int(torch.randint(25, 41, ()))


# %% equivalent="for-a-friend" why="the contract names no rates, and the goal is reached"
# - slope, = torch.autograd.grad(8 * likely.sum() - 0.02 * rough, leaf)
# + slope, = torch.autograd.grad(8 * likely.sum() - 0.04 * rough, leaf)


# %% equivalent="for-a-friend" why="mirrored at all steps but two, and the goal is reached"
# - seen = seen.flip(3) if step % 2 else seen
# + seen = seen.flip(3) if step // 2 else seen


# %% equivalent="for-a-friend" why="the contract names no sizes to show, and the goal is reached"
# - side = int(torch.randint(24, 41, ()))
# + side = int(torch.randint(24, 42, ()))


# %% equivalent="for-a-friend" why="the contract names no seed, and the goal is reached"
# - torch.manual_seed(0)
# + 0


# %% equivalent="for-a-friend" why="fewer runs are allowed, and the goal is reached"
# - for _ in range(80):
# + for _ in range(79):


# %% equivalent="for-a-friend" why="the contract names no sizes to show, and the goal is reached"
# - side = int(torch.randint(24, 41, (), generator=dice))
# + side = int(torch.randint(24, 40, (), generator=dice))


# %% equivalent="for-a-friend" why="the contract names no way to shrink, and the goal is reached"
# - seen = F.interpolate(shifted, (side, side), mode='bilinear', antialias=True)
# + seen = F.interpolate(shifted, (side, side), mode='bilinear')
