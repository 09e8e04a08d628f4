# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="content-loss" style="torch"
def content_loss(maps, target, weight=1.0):
    return weight / 2 * ((maps - target) ** 2).sum()


# %% right="content-loss" style="numpy"
def content_loss(maps, target, weight=1.0):
    off = np.asarray(maps) - np.asarray(target)
    return 0.5 * weight * np.sum(off * off)


# %% right="content-loss" style="loops"
def content_loss(maps, target, weight=1.0):
    total = 0.0
    for one, other in zip(maps.flatten(), target.flatten()):
        total = total + (one - other) * (one - other)
    return weight * total / 2


# %% right="content-loss" style="a dot product, float64"
def content_loss(maps, target, weight=1.0):
    off = (maps.double() - target.double()).flatten()
    return weight * (off @ off) / 2


# %% wrong="content-loss" says="Where is the ½"
def content_loss(maps, target, weight=1.0):
    return weight * (maps - target).square().sum()


# %% wrong="content-loss" says="The sum is wanted, not the mean"
def content_loss(maps, target, weight=1.0):
    return weight / 2 * (maps - target).square().mean()


# %% wrong="content-loss" says="with ½; no mean"
def content_loss(maps, target, weight=1.0):
    return weight * F.mse_loss(maps, target)


# %% wrong="content-loss" says="Use the weight that is given"
def content_loss(maps, target, weight=1.0):
    return 0.5 * (maps - target).square().sum()


# %% wrong="content-loss" says="The differences are squared."
def content_loss(maps, target, weight=1.0):
    return weight / 2 * (maps - target).abs().sum()


# %% wrong="content-loss" says="The weight is not squared"
def content_loss(maps, target, weight=1.0):
    return ((weight * (maps - target)) ** 2).sum() / 2


# %% wrong="content-loss" says="over the filters, too"
def content_loss(maps, target, weight=1.0):
    return weight / 2 * (maps - target).square().sum((2, 3))


# %% wrong="content-loss" says="cut off from `maps`"
def content_loss(maps, target, weight=1.0):
    return torch.tensor(weight / 2 * (maps - target).square().sum().item())


# %% wrong="content-loss" says="does the work of this exercise"
def content_loss(maps, target, weight=1.0):
    from coursekit import style

    return weight * style.content_loss(maps, target)


# %% right="gram" style="torch, matrix product"
def gram(maps):
    n, filters, height, width = maps.shape
    rows = maps.reshape(n, filters, height * width)
    return torch.bmm(rows, rows.transpose(1, 2))


# %% right="gram" style="einsum on the maps"
def gram(maps):
    return torch.einsum("nihw,njhw->nij", maps, maps)


# %% right="gram" style="numpy, one picture after the other"
def gram(maps):
    found = []
    for picture in maps:
        rows = np.asarray(picture).reshape(len(picture), -1)
        found.append(rows @ rows.T)
    return np.stack(found)


# %% right="gram" style="loops over pairs"
def gram(maps):
    n, filters = maps.shape[:2]
    G = torch.zeros(n, filters, filters)
    for i in range(filters):
        for j in range(filters):
            G[:, i, j] = (maps[:, i] * maps[:, j]).sum((1, 2))
    return G


# %% wrong="gram" says="places by places"
def gram(maps):
    rows = maps.flatten(2)
    return rows.transpose(1, 2) @ rows


# %% wrong="gram" says="that comes in section 4"
def gram(maps):
    rows = maps.flatten(2)
    return rows @ rows.transpose(1, 2) / rows.shape[2]


# %% wrong="gram" says="cuts the numbers in another order"
def gram(maps):
    n, filters, height, width = maps.shape
    rows = maps.reshape(n, height * width, filters)
    return rows.transpose(1, 2) @ rows


# %% wrong="gram" says="a Gram matrix of its own"
def gram(maps):
    rows = maps.transpose(0, 1).flatten(1)
    return (rows @ rows.T).expand(len(maps), -1, -1)


# %% wrong="gram" says="The axis of the pictures stays"
def gram(maps):
    rows = maps.flatten(2)
    return (rows @ rows.transpose(1, 2)).squeeze(0)


# %% wrong="gram" says="That is a covariance"
def gram(maps):
    return torch.stack(
        [torch.cov(rows).view(len(rows), -1) for rows in maps.flatten(2)]
    )


# %% wrong="gram" says="No mean is subtracted"
def gram(maps):
    rows = maps.flatten(2)
    rows = rows - rows.mean(2, keepdim=True)
    return rows @ rows.transpose(1, 2)


# %% wrong="gram" says="No ReLU"
def gram(maps):
    rows = maps.flatten(2).relu()
    return rows @ rows.transpose(1, 2)


# %% wrong="gram" says="cut off from `maps`"
def gram(maps):
    rows = maps.detach().flatten(2)
    return rows @ rows.transpose(1, 2)


# %% wrong="gram" says="one of two factors has been cut off"
def gram(maps):
    rows = maps.flatten(2)
    return rows @ rows.detach().transpose(1, 2)


# %% wrong="gram" says="does the work of this exercise"
def gram(maps):
    from coursekit.style import gram as ready

    return torch.stack([ready(one[None]) for one in maps])


# %% right="what-g-knows" style="by thinking"
mirrored = "same"
twice = "doubled"
brighter = "four times"
renamed = "same numbers elsewhere"
apart = "another matrix"
shifted = "another matrix"
photograph = "another matrix"
numbers = 18528
side = 10


# %% right="what-g-knows" style="computed"
mirrored = "same"
twice = "doubled"
brighter = "four times"
renamed = "same numbers elsewhere"
apart = shifted = photograph = "another matrix"
numbers = sum(range(1, 193))
side = int(np.floor(np.sqrt(numbers / 192))) + 1


# %% right="what-g-knows" style="counted by torch"
mirrored = "same"
twice = "doubled"
brighter = "four times"
renamed = "same numbers elsewhere"
apart = shifted = photograph = "another matrix"
numbers = torch.ones(192, 192).triu().sum()
side = next(s for s in range(1, 99) if 192 * s * s > numbers)


# %% wrong="what-g-knows" says="What stood together at a place"
mirrored = "same"
twice = "doubled"
brighter = "four times"
renamed = "same numbers elsewhere"
apart = "same"
shifted = "another matrix"
photograph = "another matrix"
numbers = 18528
side = 10


# %% wrong="what-g-knows" says="what does a filter for / see now"
mirrored = "same"
twice = "doubled"
brighter = "four times"
renamed = "same numbers elsewhere"
apart = "another matrix"
shifted = "another matrix"
photograph = "same"
numbers = 18528
side = 10


# %% wrong="what-g-knows" says="F stands twice in a product"
mirrored = "same"
twice = "doubled"
brighter = "doubled"
renamed = "same numbers elsewhere"
apart = "another matrix"
shifted = "another matrix"
photograph = "another matrix"
numbers = 18528
side = 10


# %% wrong="what-g-knows" says="some are equal, always"
mirrored = "same"
twice = "doubled"
brighter = "four times"
renamed = "same numbers elsewhere"
apart = "another matrix"
shifted = "another matrix"
photograph = "another matrix"
numbers = 192**2
side = 14


# %% right="style-loss" style="torch, mse"
def style_loss(maps, painting):
    G, A = (
        (one[0].flatten(1) @ one[0].flatten(1).T) / one[0, 0].numel()
        for one in (maps, painting)
    )
    return F.mse_loss(G, A) / 4


# %% right="style-loss" style="numpy"
def style_loss(maps, painting):
    grams = []
    for one in (np.asarray(maps), np.asarray(painting)):
        rows = one.reshape(one.shape[1], -1)
        grams.append(rows @ rows.T / rows.shape[1])
    return ((grams[0] - grams[1]) ** 2).sum() / (4 * len(grams[0]) ** 2)


# %% right="style-loss" style="einsum, pair by pair"
def style_loss(maps, painting):
    m, other = maps[0, 0].numel(), painting[0, 0].numel()
    n = maps.shape[1]
    total = 0
    for i in range(n):
        for j in range(n):
            g = torch.einsum("hw,hw->", maps[0, i], maps[0, j]) / m
            a = torch.einsum("hw,hw->", painting[0, i], painting[0, j]) / other
            total = total + (g - a) ** 2
    return total / 4 / n**2


# %% wrong="style-loss" says="of its *own* maps"
def style_loss(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    n, m = rows.shape
    return (rows @ rows.T - others @ others.T).square().sum() / (4 * n**2 * m**2)


# %% wrong="style-loss" says="once in G/M, and then again"
def style_loss(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    n, m = rows.shape
    off = rows @ rows.T / m - others @ others.T / others.shape[1]
    return off.square().sum() / (4 * n**2 * m**2)


# %% wrong="style-loss" says="nothing is divided"
def style_loss(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    off = rows @ rows.T - others @ others.T
    return off.square().mean() / 4


# %% wrong="style-loss" says="Where is the 4"
def style_loss(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    off = rows @ rows.T / rows.shape[1] - others @ others.T / others.shape[1]
    return off.square().mean()


# %% wrong="style-loss" says="The number of filters is squared"
def style_loss(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    off = rows @ rows.T / rows.shape[1] - others @ others.T / others.shape[1]
    return off.square().sum() / (4 * len(rows))


# %% wrong="style-loss" says="yours is divided by N⁴"
def style_loss(maps, painting):
    grams = []
    for one in (maps, painting):
        rows = one[0].flatten(1)
        grams.append(rows @ rows.T / rows.numel())
    return (grams[0] - grams[1]).square().sum() / (4 * len(rows) ** 2)


# %% wrong="style-loss" says="yours is one of the sides"
def style_loss(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    off = rows @ rows.T / maps.shape[2] - others @ others.T / painting.shape[2]
    return off.square().sum() / (4 * len(rows) ** 2)


# %% wrong="style-loss" says="yours is one of the sides"
def style_loss(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    off = rows @ rows.T / maps.shape[3] - others @ others.T / painting.shape[3]
    return off.square().mean() / 4


# %% wrong="style-loss" says="yours is one of the sides"
def style_loss(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    off = rows @ rows.T - others @ others.T
    return off.square().mean() / (4 * maps.shape[3] ** 2)


# %% wrong="style-loss" says="yours is one of the sides"
def style_loss(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    h, over = maps.shape[2] ** 2, painting.shape[2] ** 2
    off = rows @ rows.T / h - others @ others.T / over
    return off.square().mean() / 4


# %% wrong="style-loss" says="cut off from `maps`"
def style_loss(maps, painting):
    rows, others = maps.detach()[0].flatten(1), painting[0].flatten(1)
    off = rows @ rows.T / rows.shape[1] - others @ others.T / others.shape[1]
    return off.square().mean() / 4


# %% wrong="style-loss" says="does the work of this exercise"
def style_loss(maps, painting):
    from coursekit import style

    return style.style_loss(maps, style.gram(painting) / painting[0, 0].numel())


# %% right="style-slope" style="matrix product"
def style_slope(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    n, m = rows.shape
    off = rows @ rows.T / m - others @ others.T / others.shape[1]
    return (off @ rows / (n * n * m)).reshape(maps.shape)


# %% right="style-slope" style="numpy"
def style_slope(maps, painting):
    x, y = np.asarray(maps)[0], np.asarray(painting)[0]
    G = np.einsum("ihw,jhw->ij", x, x) / (x.shape[1] * x.shape[2])
    A = np.einsum("ihw,jhw->ij", y, y) / (y.shape[1] * y.shape[2])
    slope = np.einsum("ij,jhw->ihw", G - A, x)
    return slope[None] / x.shape[0] ** 2 / (x.shape[1] * x.shape[2])


# %% right="style-slope" style="a mixture for each map"
def style_slope(maps, painting):
    with torch.no_grad():
        rows, others = maps[0].flatten(1), painting[0].flatten(1)
        n, m = rows.shape
        slope = torch.zeros_like(maps)
        for i in range(n):
            for j in range(n):
                g = rows[i] @ rows[j] / m
                a = others[i] @ others[j] / others.shape[1]
                slope[0, i] += (g - a) * maps[0, j]
        return slope / (n**2 * m)


# %% wrong="style-slope" says="one M is already in G/M"
def style_slope(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    n, m = rows.shape
    off = rows @ rows.T / m - others @ others.T / others.shape[1]
    return (off @ rows / (n**2 * m**2)).view(maps.shape)


# %% wrong="style-slope" says="is for one size"
def style_slope(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    n, m = rows.shape
    off = rows @ rows.T - others @ others.T
    return (off @ rows / (n**2 * m**2)).view(maps.shape)


# %% wrong="style-slope" says="Half of it is missing"
def style_slope(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    n, m = rows.shape
    off = rows @ rows.T / m - others @ others.T / others.shape[1]
    return (off @ rows / (2 * n**2 * m)).view(maps.shape)


# %% wrong="style-slope" says="is the way down"
def style_slope(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    n, m = rows.shape
    off = others @ others.T / others.shape[1] - rows @ rows.T / m
    return (off @ rows / (n**2 * m)).view(maps.shape)


# %% wrong="style-slope" says="for maps after a ReLU"
def style_slope(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    n, m = rows.shape
    off = rows @ rows.T / m - others @ others.T / others.shape[1]
    slope = (off @ rows / (n**2 * m)).view(maps.shape)
    return slope * (maps > 0)


# %% wrong="style-slope" says="turn it before you cut it up"
def style_slope(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    n, m = rows.shape
    off = rows @ rows.T / m - others @ others.T / others.shape[1]
    return (rows.T @ off / (n**2 * m)).reshape(maps.shape)


# %% wrong="style-slope" says="As maps"
def style_slope(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    n, m = rows.shape
    off = rows @ rows.T / m - others @ others.T / others.shape[1]
    return off @ rows / (n**2 * m)


# %% wrong="style-slope" says="outside of it stands M"
def style_slope(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    n, m = rows.shape
    off = rows @ rows.T / m - others @ others.T / others.shape[1]
    return (off @ rows / (n**2 * others.shape[1])).view(maps.shape)


# %% wrong="style-slope" says="Is that a slope from small steps"
def style_slope(maps, painting):
    aim = painting[0].flatten(1).double()
    aim = aim @ aim.T / aim.shape[1]

    def loss(flat):
        rows = flat.view(maps.shape[1], -1)
        return (rows @ rows.T / rows.shape[1] - aim).square().mean() / 4

    flat, slope = maps.double().flatten(), torch.zeros(maps.numel())
    for at in range(len(flat)):
        step = torch.zeros_like(flat)
        step[at] = 1e-5
        slope[at] = (loss(flat + step) - loss(flat - step)) / 2e-5
    return slope.view(maps.shape)


# %% wrong="style-slope" says="Is that a slope from small steps"
def style_slope(maps, painting):
    aim = painting[0].flatten(1)
    aim = aim @ aim.T / aim.shape[1]

    def loss(flat):
        rows = flat.view(maps.shape[1], -1)
        return (rows @ rows.T / rows.shape[1] - aim).square().mean() / 4

    flat, slope = maps.flatten(), torch.zeros(maps.numel())
    for at in range(len(flat)):
        step = torch.zeros_like(flat)
        step[at] = 1e-3
        slope[at] = (loss(flat + step) - loss(flat - step)) / 2e-3
    return slope.view(maps.shape)


# %% wrong="style-slope" says="Is that a slope from small steps"
def style_slope(maps, painting):
    aim = painting[0].flatten(1).to(torch.complex128)
    aim = aim @ aim.T / aim.shape[1]

    def loss(flat):
        rows = flat.view(maps.shape[1], -1)
        off = rows @ rows.T / rows.shape[1] - aim
        return (off * off).mean() / 4

    flat, slope = maps.to(torch.complex128).flatten(), torch.zeros(maps.numel())
    for at in range(len(flat)):
        there = flat.clone()
        there[at] += 1e-20j
        slope[at] = loss(there).imag / 1e-20
    return slope.view(maps.shape)


# %% wrong="style-slope" says="does the work of this exercise"
def style_slope(maps, painting):
    aim = painting[0].flatten(1)
    aim = aim @ aim.T / aim.shape[1]

    def loss(x):
        rows = x[0].flatten(1)
        return (rows @ rows.T / rows.shape[1] - aim).square().mean() / 4

    return torch.func.jacfwd(loss)(maps)


# %% wrong="style-slope" says="does the work of this exercise"
def style_slope(maps, painting):
    import torch.autograd.forward_ad as fwd

    aim = painting[0].flatten(1)
    aim = aim @ aim.T / aim.shape[1]
    slope = torch.zeros(maps.numel())
    with fwd.dual_level():
        for at in range(maps.numel()):
            way = torch.zeros(maps.numel())
            way[at] = 1
            rows = fwd.make_dual(maps, way.view(maps.shape))[0].flatten(1)
            loss = (rows @ rows.T / rows.shape[1] - aim).square().mean() / 4
            slope[at] = fwd.unpack_dual(loss).tangent
    return slope.view(maps.shape)


# %% right="style-slope" style="number by number, with vectors"
def style_slope(maps, painting):
    F_, y = np.asarray(maps)[0], np.asarray(painting)[0]
    n, h, w = F_.shape
    F_, y = F_.reshape(n, h * w).astype(float), y.reshape(n, -1).astype(float)
    off = F_ @ F_.T / (h * w) - y @ y.T / y.shape[1]
    slope = np.zeros((n, h * w))
    for i in range(n):
        for k in range(h * w):
            slope[i, k] = sum(off[i, j] * F_[j, k] for j in range(n))
    return (slope / n**2 / (h * w)).reshape(1, n, h, w)


# %% wrong="style-slope" says="does the work of this exercise"
def style_slope(maps, painting):
    leaf = maps.clone().requires_grad_()
    rows, others = leaf[0].flatten(1), painting[0].flatten(1)
    off = rows @ rows.T / rows.shape[1] - others @ others.T / others.shape[1]
    (off.square().mean() / 4).backward()
    return leaf.grad


# %% right="find-the-picture" style="autograd.grad in the closure"
def find(network, target, start, looks):
    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [picture], max_iter=looks, max_eval=looks, line_search_fn="strong_wolfe"
    )

    def closure():
        loss = (network(picture) - target).square().sum() / 2
        (picture.grad,) = torch.autograd.grad(loss, picture)
        return loss

    lbfgs.step(closure)
    return picture.detach()


# %% right="find-the-picture" style="backward into the picture only, step by step"
def find(network, target, start, looks):
    picture = start.detach().clone().requires_grad_(True)
    looked = 0
    lbfgs = torch.optim.LBFGS(
        [picture], max_iter=8, line_search_fn="strong_wolfe", history_size=30
    )

    def closure():
        nonlocal looked
        looked += 1
        lbfgs.zero_grad()
        loss = 0.5 * ((network(picture) - target) ** 2).sum()
        loss.backward(inputs=[picture])
        return loss

    while looked + 10 < looks:
        lbfgs.step(closure)
    return picture


# %% right="find-the-picture" style="frozen for a while"
def find(network, target, start, looks):
    needed = [p.requires_grad for p in network.parameters()]
    for p in network.parameters():
        p.requires_grad_(False)
    picture = torch.nn.Parameter(start.clone())
    lbfgs = torch.optim.LBFGS(
        [picture], 1, looks, looks, line_search_fn="strong_wolfe", history_size=50
    )

    def closure():
        picture.grad = None
        loss = F.mse_loss(network(picture), target, reduction="sum") / 2
        loss.backward()
        return loss

    lbfgs.step(closure)
    for p, need in zip(network.parameters(), needed):
        p.requires_grad_(need)
    return picture.detach().clone()


# %% right="find-the-picture" style="the gradients are taken away in the end"
def find(network, target, start, looks):
    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks - 2,
                              line_search_fn="strong_wolfe")  # fmt: skip

    def closure():
        lbfgs.zero_grad()
        loss = (network(picture) - target).pow(2).sum()
        loss.backward()
        return loss

    lbfgs.step(closure)
    network.zero_grad()
    return picture


# %% wrong="find-the-picture" says="calls its closure many times"
def find(network, target, start, looks):
    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS([picture], line_search_fn="strong_wolfe")

    def closure():
        loss = (network(picture) - target).square().sum() / 2
        (picture.grad,) = torch.autograd.grad(loss, picture)
        return loss

    for _ in range(looks):
        lbfgs.step(closure)
    return picture.detach()


# %% wrong="find-the-picture" says="calls its closure many times"
def find(network, target, start, looks):
    picture = start.clone().requires_grad_()
    adam = torch.optim.Adam([picture], lr=0.05)
    for _ in range(10 * looks):
        loss = (network.forward(picture) - target).square().sum() / 2
        (picture.grad,) = torch.autograd.grad(loss, picture)
        adam.step()
    return picture.detach()


# %% wrong="find-the-picture" says="left alone it is 1.25"
def find(network, target, start, looks):
    layers = list(network.children())

    def seen(x):
        for layer in layers:
            x = layer(x)
        return x

    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [picture], max_iter=looks + 15, line_search_fn="strong_wolfe",
        tolerance_change=0, tolerance_grad=0,
    )  # fmt: skip

    def closure():
        loss = (seen(picture) - target).square().sum() / 2
        (picture.grad,) = torch.autograd.grad(loss, picture)
        return loss

    lbfgs.step(closure)
    return picture.detach()


# %% wrong="find-the-picture" says="the right way, too slowly"
def find(network, target, start, looks):
    picture = start.clone().requires_grad_()
    adam = torch.optim.Adam([picture], lr=0.05)
    for _ in range(looks):
        loss = (network(picture) - target).square().sum() / 2
        (picture.grad,) = torch.autograd.grad(loss, picture)
        adam.step()
    return picture.detach()


# %% wrong="find-the-picture" says="leaves its input start asking for a gradient"
def find(network, target, start, looks):
    picture = start.requires_grad_()
    for _ in range(looks):
        loss = (network(picture) - target).square().sum() / 2
        (slope,) = torch.autograd.grad(loss, picture)
        picture = (picture - 0.001 * slope).detach().requires_grad_()
    return picture.detach()


# %% wrong="find-the-picture" says="gradients are left at"
def find(network, target, start, looks):
    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [picture], max_iter=looks, max_eval=looks, line_search_fn="strong_wolfe"
    )

    def closure():
        lbfgs.zero_grad()
        loss = (network(picture) - target).square().sum() / 2
        loss.backward()
        return loss

    lbfgs.step(closure)
    return picture.detach()


# %% wrong="find-the-picture" says="Does the closure empty the old gradient"
def find(network, target, start, looks):
    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [picture], max_iter=looks, max_eval=looks, line_search_fn="strong_wolfe"
    )

    def closure():
        loss = (network(picture) - target).square().sum() / 2
        loss.backward(inputs=[picture])
        return loss

    lbfgs.step(closure)
    return picture.detach()


# %% wrong="find-the-picture" says="no longer needs a gradient"
def find(network, target, start, looks):
    network.requires_grad_(False)
    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [picture], max_iter=looks, max_eval=looks, line_search_fn="strong_wolfe"
    )

    def closure():
        lbfgs.zero_grad()
        loss = (network(picture) - target).square().sum() / 2
        loss.backward()
        return loss

    lbfgs.step(closure)
    return picture.detach()


# %% wrong="find-the-picture" says="changes its input start"
def find(network, target, start, looks):
    picture = start.requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [picture], max_iter=looks, max_eval=looks, line_search_fn="strong_wolfe"
    )

    def closure():
        loss = (network(picture) - target).square().sum() / 2
        (picture.grad,) = torch.autograd.grad(loss, picture)
        return loss

    lbfgs.step(closure)
    return picture.detach()


# %% wrong="find-the-picture" says="It is where it was"
def find(network, target, start, looks):
    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [picture], max_iter=looks, max_eval=looks, line_search_fn="strong_wolfe"
    )

    def closure():
        loss = (network(picture) - target).square().sum() / 2
        torch.autograd.grad(loss, picture)
        return loss

    lbfgs.step(closure)
    return picture.detach()


# %% wrong="find-the-picture" says="only the picture is to be moved"
def find(network, target, start, looks):
    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS([picture, *network.parameters()], max_iter=looks,
                              max_eval=looks, line_search_fn="strong_wolfe")  # fmt: skip

    def closure():
        lbfgs.zero_grad()
        loss = (network(picture) - target).square().sum() / 2
        loss.backward()
        return loss

    lbfgs.step(closure)
    lbfgs.zero_grad()
    return picture.detach()


# %% wrong="find-the-picture" says="now needs a gradient"
def find(network, target, start, looks):
    network.requires_grad_(False)
    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [picture], max_iter=looks, max_eval=looks, line_search_fn="strong_wolfe"
    )

    def closure():
        lbfgs.zero_grad()
        loss = (network(picture) - target).square().sum() / 2
        loss.backward()
        return loss

    lbfgs.step(closure)
    network.requires_grad_(True)
    return picture.detach()


# %% wrong="find-the-picture" says="left alone it is 1.25"
def find(network, target, start, looks):
    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS([picture], max_iter=looks, line_search_fn="strong_wolfe")

    def closure():
        loss = (network(picture) - target).square().sum() / 2
        (picture.grad,) = torch.autograd.grad(loss, picture)
        return loss

    lbfgs.step(closure)
    return picture.detach()


# %% wrong="find-the-picture" says="hand back what the search has found"
def find(network, target, start, looks):
    picture = start.clone().requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [picture], max_iter=looks, max_eval=looks, line_search_fn="strong_wolfe"
    )

    def closure():
        loss = (network(picture) - target).square().sum() / 2
        (picture.grad,) = torch.autograd.grad(loss, picture)
        return loss

    lbfgs.step(closure)
    return picture.detach().clip(0, 1)


# %% right="seven-losses" style="read"
of_p = "healthy"
of_q = "divided twice"
of_r = "colours"
of_s = "layer"
of_t = "sizes"
of_u = "blocked"
of_v = "sizes"


# %% right="seven-losses" style="capitals and spaces"
of_p = " Healthy"
of_q = " Divided twice"
of_r = " Colours"
of_s = " Layer"
of_t = " Sizes"
of_u = " Blocked"
of_v = " Sizes"


# %% wrong="seven-losses" says="The rows are divided by a root"
of_p = "divided twice"
of_q = "divided twice"
of_r = "colours"
of_s = "layer"
of_t = "sizes"
of_u = "blocked"
of_v = "sizes"


# %% wrong="seven-losses" says="and ask for its slope"
of_p = "healthy"
of_q = "divided twice"
of_r = "colours"
of_s = "layer"
of_t = "sizes"
of_u = "healthy"
of_v = "sizes"


# %% wrong="seven-losses" says="is anything subtracted"
of_p = "healthy"
of_q = "divided twice"
of_r = "colours"
of_s = "layer"
of_t = "sizes"
of_u = "blocked"
of_v = "mean"


# %% wrong="seven-losses" says="Whose places does it divide by"
of_p = "healthy"
of_q = "divided twice"
of_r = "colours"
of_s = "layer"
of_t = "sizes"
of_u = "sizes"
of_v = "sizes"


# %% right="a-painter" style="L-BFGS from noise"
def paint(content, painting):
    from coursekit import features

    reader = features.small("average")
    names = ["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"]

    def seen(x):
        maps = reader(x, [*names, "conv4_2"])
        grams = []
        for name in names:
            rows = maps[name][0].flatten(1)
            grams.append(rows @ rows.T / rows.shape[1])
        return grams, maps["conv4_2"]

    size = tuple(content.shape[1:])
    flat = F.interpolate(painting[None], size, mode="bilinear", antialias=True)
    with torch.no_grad():
        aims, (first, place) = seen(painting[None])[0], seen(content[None])
        most = F.mse_loss(seen(flat)[1], place)
    each = [1 / F.mse_loss(one, aim) / 5 for one, aim in zip(first, aims)]

    def loss_of(x, alpha=0.35, weights=each):
        grams, maps = seen(x)
        loss = alpha * F.mse_loss(maps, place) / most
        for gram, aim, weight in zip(grams, aims, weights):
            loss = loss + weight * F.mse_loss(gram, aim)
        return loss

    x = torch.rand(1, *content.shape)
    x.requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [x], max_iter=60, max_eval=60, line_search_fn="strong_wolfe"
    )

    def closure():
        lbfgs.zero_grad()
        loss = loss_of(x) + 0.01 * (x - x.clip(0, 1)).square().sum()
        loss.backward()
        return loss

    lbfgs.step(closure)
    return x.detach()[0].clip(0, 1)


# %% right="a-painter" style="Adam behind a sigmoid"
def paint(content, painting):
    from coursekit import features

    reader = features.small("average")
    names = ["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"]

    def seen(x):
        maps = reader(x, [*names, "conv4_2"])
        grams = []
        for name in names:
            rows = maps[name][0].flatten(1)
            grams.append(rows @ rows.T / rows.shape[1])
        return grams, maps["conv4_2"]

    size = tuple(content.shape[1:])
    flat = F.interpolate(painting[None], size, mode="bilinear", antialias=True)
    with torch.no_grad():
        aims, (first, place) = seen(painting[None])[0], seen(content[None])
        most = F.mse_loss(seen(flat)[1], place)
    each = [1 / F.mse_loss(one, aim) / 5 for one, aim in zip(first, aims)]

    def loss_of(x, alpha=0.35, weights=each):
        grams, maps = seen(x)
        loss = alpha * F.mse_loss(maps, place) / most
        for gram, aim, weight in zip(grams, aims, weights):
            loss = loss + weight * F.mse_loss(gram, aim)
        return loss

    logit = torch.logit(content[None].clip(0.02, 0.98)).requires_grad_()
    adam = torch.optim.Adam([logit], lr=0.1)
    for _ in range(100):
        loss = loss_of(logit.sigmoid())
        adam.zero_grad()
        loss.backward()
        adam.step()
    return logit.sigmoid()[0]


# %% right="a-painter" style="Adam, clipped after each step, with numbers by NumPy at the end"
def paint(content, painting):
    from coursekit import features

    reader = features.small("average")
    names = ["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"]

    def seen(x):
        maps = reader(x, [*names, "conv4_2"])
        grams = []
        for name in names:
            rows = maps[name][0].flatten(1)
            grams.append(rows @ rows.T / rows.shape[1])
        return grams, maps["conv4_2"]

    size = tuple(content.shape[1:])
    flat = F.interpolate(painting[None], size, mode="bilinear", antialias=True)
    with torch.no_grad():
        aims, (first, place) = seen(painting[None])[0], seen(content[None])
        most = F.mse_loss(seen(flat)[1], place)
    each = [1 / F.mse_loss(one, aim) / 5 for one, aim in zip(first, aims)]

    def loss_of(x, alpha=0.35, weights=each):
        grams, maps = seen(x)
        loss = alpha * F.mse_loss(maps, place) / most
        for gram, aim, weight in zip(grams, aims, weights):
            loss = loss + weight * F.mse_loss(gram, aim)
        return loss

    x = content[None].clone().requires_grad_()
    adam = torch.optim.Adam([x], lr=0.03)
    for _ in range(100):
        (x.grad,) = torch.autograd.grad(loss_of(x), x)
        adam.step()
        with torch.no_grad():
            x.clamp_(0, 1)
    return x.detach()[0].numpy().astype(np.float64)


# %% wrong="a-painter" says="That is the photograph"
def paint(content, painting):
    return content.clone()


# %% wrong="a-painter" says="What would give the content more weight"
def paint(content, painting):
    from coursekit import features

    reader = features.small("average")
    names = ["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"]

    def seen(x):
        maps = reader(x, [*names, "conv4_2"])
        grams = []
        for name in names:
            rows = maps[name][0].flatten(1)
            grams.append(rows @ rows.T / rows.shape[1])
        return grams, maps["conv4_2"]

    size = tuple(content.shape[1:])
    flat = F.interpolate(painting[None], size, mode="bilinear", antialias=True)
    with torch.no_grad():
        aims, (first, place) = seen(painting[None])[0], seen(content[None])
        most = F.mse_loss(seen(flat)[1], place)
    each = [1 / F.mse_loss(one, aim) / 5 for one, aim in zip(first, aims)]

    def loss_of(x, alpha=0.35, weights=each):
        grams, maps = seen(x)
        loss = alpha * F.mse_loss(maps, place) / most
        for gram, aim, weight in zip(grams, aims, weights):
            loss = loss + weight * F.mse_loss(gram, aim)
        return loss

    x = content[None].clone()
    x.requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [x], max_iter=40, max_eval=40, line_search_fn="strong_wolfe"
    )

    def closure():
        lbfgs.zero_grad()
        loss = loss_of(x, alpha=0) + 0.01 * (x - x.clip(0, 1)).square().sum()
        loss.backward()
        return loss

    lbfgs.step(closure)
    return x.detach()[0].clip(0, 1)


# %% wrong="a-painter" says="What would give the style more weight"
def paint(content, painting):
    from coursekit import features

    reader = features.small("average")
    names = ["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"]

    def seen(x):
        maps = reader(x, [*names, "conv4_2"])
        grams = []
        for name in names:
            rows = maps[name][0].flatten(1)
            grams.append(rows @ rows.T / rows.shape[1])
        return grams, maps["conv4_2"]

    size = tuple(content.shape[1:])
    flat = F.interpolate(painting[None], size, mode="bilinear", antialias=True)
    with torch.no_grad():
        aims, (first, place) = seen(painting[None])[0], seen(content[None])
        most = F.mse_loss(seen(flat)[1], place)
    each = [1 / F.mse_loss(one, aim) / 5 for one, aim in zip(first, aims)]

    def loss_of(x, alpha=0.35, weights=each):
        grams, maps = seen(x)
        loss = alpha * F.mse_loss(maps, place) / most
        for gram, aim, weight in zip(grams, aims, weights):
            loss = loss + weight * F.mse_loss(gram, aim)
        return loss

    x = content[None].clone()
    x.requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [x], max_iter=5, max_eval=5, line_search_fn="strong_wolfe"
    )

    def closure():
        lbfgs.zero_grad()
        loss = loss_of(x, alpha=0.5) + 0.01 * (x - x.clip(0, 1)).square().sum()
        loss.backward()
        return loss

    lbfgs.step(closure)
    return x.detach()[0].clip(0, 1)


# %% wrong="a-painter" says="is each of the five heard"
def paint(content, painting):
    from coursekit import features

    reader = features.small("average")
    names = ["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"]

    def seen(x):
        maps = reader(x, [*names, "conv4_2"])
        grams = []
        for name in names:
            rows = maps[name][0].flatten(1)
            grams.append(rows @ rows.T / rows.shape[1])
        return grams, maps["conv4_2"]

    size = tuple(content.shape[1:])
    flat = F.interpolate(painting[None], size, mode="bilinear", antialias=True)
    with torch.no_grad():
        aims, (first, place) = seen(painting[None])[0], seen(content[None])
        most = F.mse_loss(seen(flat)[1], place)
    each = [1 / F.mse_loss(one, aim) / 5 for one, aim in zip(first, aims)]

    def loss_of(x, alpha=0.35, weights=each):
        grams, maps = seen(x)
        loss = alpha * F.mse_loss(maps, place) / most
        for gram, aim, weight in zip(grams, aims, weights):
            loss = loss + weight * F.mse_loss(gram, aim)
        return loss

    logit = torch.logit(content[None].clip(0.02, 0.98)).requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [logit], max_iter=30, max_eval=30, line_search_fn="strong_wolfe"
    )

    def closure():
        loss = loss_of(logit.sigmoid(), 0.02, [each[0], 0, 0, 0, 0])
        (logit.grad,) = torch.autograd.grad(loss, logit)
        return loss

    lbfgs.step(closure)
    return logit.detach().sigmoid()[0]


# %% wrong="a-painter" says="All numbers have to lie in 0"
def paint(content, painting):
    from coursekit import features

    reader = features.small("average")
    names = ["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"]

    def seen(x):
        maps = reader(x, [*names, "conv4_2"])
        grams = []
        for name in names:
            rows = maps[name][0].flatten(1)
            grams.append(rows @ rows.T / rows.shape[1])
        return grams, maps["conv4_2"]

    size = tuple(content.shape[1:])
    flat = F.interpolate(painting[None], size, mode="bilinear", antialias=True)
    with torch.no_grad():
        aims, (first, place) = seen(painting[None])[0], seen(content[None])
        most = F.mse_loss(seen(flat)[1], place)
    each = [1 / F.mse_loss(one, aim) / 5 for one, aim in zip(first, aims)]

    def loss_of(x, alpha=0.35, weights=each):
        grams, maps = seen(x)
        loss = alpha * F.mse_loss(maps, place) / most
        for gram, aim, weight in zip(grams, aims, weights):
            loss = loss + weight * F.mse_loss(gram, aim)
        return loss

    x = content[None].clone()
    x.requires_grad_()
    lbfgs = torch.optim.LBFGS(
        [x], max_iter=40, max_eval=40, line_search_fn="strong_wolfe"
    )

    def closure():
        lbfgs.zero_grad()
        loss = loss_of(x) + 0 * (x - x.clip(0, 1)).square().sum()
        loss.backward()
        return loss

    lbfgs.step(closure)
    return x.detach()[0]


# %% wrong="a-painter" says="Neither is reached"
def paint(content, painting):
    dice = [content.flatten(1).double(), painting.flatten(1).double()]
    have, want = (torch.linalg.cholesky(torch.cov(one)) for one in dice)
    even = torch.linalg.solve(have, dice[0] - dice[0].mean(1, keepdim=True))
    dyed = want @ even + dice[1].mean(1, keepdim=True)
    return dyed.view_as(content).clip(0, 1)


# %% wrong="a-painter" says="does the work of this exercise"
def paint(content, painting):
    from coursekit import features, style

    network = features.small("average")
    return style.transfer(content, painting, network=network, alpha=3, steps=60).image


# %% wrong="style-loss" says="one of two factors has been cut off"
def style_loss(maps, painting):
    rows, others = maps[0].flatten(1), painting[0].flatten(1)
    G = rows.detach() @ rows.T
    off = G / rows.shape[1] - others @ others.T / others.shape[1]
    return off.square().mean() / 4


# %% equivalent="style-loss" why="a difference that is squared has no order"
# - for one in (np.asarray(maps), np.asarray(painting)):
# + for one in (np.asarray(painting), np.asarray(maps)):


# %% equivalent="style-loss" why="a difference that is squared has no order"
# - rows, others = (maps[0].flatten(1), painting[0].flatten(1))
# + rows, others = (painting[0].flatten(1), maps[0].flatten(1))


# %% equivalent="style-loss" why="one picture is the first and the last"
# - G, A = (one[0].flatten(1) @ one[0].flatten(1).T / one[0, 0].numel() for one in (maps, painting))
# + G, A = (one[-1].flatten(1) @ one[0].flatten(1).T / one[0, 0].numel() for one in (maps, painting))


# %% equivalent="style-loss" why="NumPy takes any number below 0 for -1"
# - rows = one.reshape(one.shape[1], -1)
# + rows = one.reshape(one.shape[1], -2)


# %% equivalent="style-slope" why="NumPy takes any number below 0 for -1"
# - F_, y = (F_.reshape(n, h * w).astype(float), y.reshape(n, -1).astype(float))
# + F_, y = (F_.reshape(n, h * w).astype(float), y.reshape(n, -2).astype(float))


# %% equivalent="style-slope" why="one picture is the first and the last"
# - rows, others = (maps[0].flatten(1), painting[0].flatten(1))
# + rows, others = (maps[0].flatten(1), painting[-1].flatten(1))


# %% equivalent="content-loss" why="one number has no axes to change"
# - return weight / 2 * (maps - target).square().sum()
# + return np.squeeze(weight / 2 * (maps - target).square().sum())


# %% equivalent="content-loss" why="one number has no axes to change"
# - return weight / 2 * (maps - target).square().sum()
# + return np.flip(weight / 2 * (maps - target).square().sum())


# %% equivalent="content-loss" why="a difference that is squared has no order"
# - return weight / 2 * (maps - target).square().sum()
# + return weight / 2 * (target - maps).square().sum()


# %% equivalent="content-loss" why="a difference that is squared has no order"
# - return weight / 2 * ((maps - target) ** 2).sum()
# + return weight / 2 * ((target - maps) ** 2).sum()


# %% equivalent="content-loss" why="a difference that is squared has no order"
# - off = np.asarray(maps) - np.asarray(target)
# + off = np.asarray(target) - np.asarray(maps)


# %% equivalent="content-loss" why="a sum from -0.0 is the same"
# - total = 0.0
# + total = -0.0


# %% equivalent="content-loss" why="a difference that is squared has no order"
# - for one, other in zip(maps.flatten(), target.flatten()):
# + for other, one in zip(maps.flatten(), target.flatten()):


# %% equivalent="content-loss" why="a difference that is squared has no order"
# - for one, other in zip(maps.flatten(), target.flatten()):
# + for one, other in zip(target.flatten(), maps.flatten()):


# %% equivalent="content-loss" why="a difference that is squared has no order"
# - off = (maps.double() - target.double()).flatten()
# + off = (target.double() - maps.double()).flatten()


# %% equivalent="content-loss" why="the other one is float64, and so is the difference"
# - off = (maps.double() - target.double()).flatten()
# + off = (maps - target.double()).flatten()


# %% equivalent="content-loss" why="the other one is float64, and so is the difference"
# - off = (maps.double() - target.double()).flatten()
# + off = (maps.double() - target).flatten()


# %% equivalent="gram" why="two axes swap in either order"
# - return rows @ rows.transpose(1, 2)
# + return rows @ rows.transpose(2, 1)


# %% equivalent="gram" why="two axes swap in either order"
# - return torch.bmm(rows, rows.transpose(1, 2))
# + return torch.bmm(rows, rows.transpose(2, 1))


# %% equivalent="gram" why="tensors multiply and stack as arrays do"
# - rows = np.asarray(picture).reshape(len(picture), -1)
# + rows = picture.reshape(len(picture), -1)


# %% equivalent="gram" why="NumPy takes any number below 0 for -1"
# - rows = np.asarray(picture).reshape(len(picture), -1)
# + rows = np.asarray(picture).reshape(len(picture), -2)


# %% equivalent="gram" why="every number is written over"
# - G = torch.zeros(n, filters, filters)
# + G = torch.ones(n, filters, filters)


# %% equivalent="gram" why="G is symmetric, and each pair comes twice"
# - G[:, i, j] = (maps[:, i] * maps[:, j]).sum((1, 2))
# + G[:, j, i] = (maps[:, i] * maps[:, j]).sum((1, 2))


# %% equivalent="gram" why="a sum takes axes in either order"
# - G[:, i, j] = (maps[:, i] * maps[:, j]).sum((1, 2))
# + G[:, i, j] = (maps[:, i] * maps[:, j]).sum((2, 1))


# %% equivalent="style-loss" why="one picture is the first and the last"
# - rows, others = (maps[0].flatten(1), painting[0].flatten(1))
# + rows, others = (maps[-1].flatten(1), painting[0].flatten(1))


# %% equivalent="style-loss" why="one picture is the first and the last"
# - rows, others = (maps[0].flatten(1), painting[0].flatten(1))
# + rows, others = (maps[0].flatten(1), painting[-1].flatten(1))


# %% equivalent="style-loss" why="a difference that is squared has no order"
# - difference = G / rows.shape[1] - A / others.shape[1]
# + difference = A / others.shape[1] - G / rows.shape[1]


# %% equivalent="style-loss" why="one number has no axes to change"
# - return difference.square().sum() / (4 * len(rows) ** 2)
# + return np.squeeze(difference.square().sum() / (4 * len(rows) ** 2))


# %% equivalent="style-loss" why="one number has no axes to change"
# - return difference.square().sum() / (4 * len(rows) ** 2)
# + return np.flip(difference.square().sum() / (4 * len(rows) ** 2))


# %% equivalent="style-loss" why="one picture is the first and the last"
# - G, A = (one[0].flatten(1) @ one[0].flatten(1).T / one[0, 0].numel() for one in (maps, painting))
# + G, A = (one[0].flatten(1) @ one[-1].flatten(1).T / one[0, 0].numel() for one in (maps, painting))


# %% equivalent="style-loss" why="one picture is the first and the last"
# - G, A = (one[0].flatten(1) @ one[0].flatten(1).T / one[0, 0].numel() for one in (maps, painting))
# + G, A = (one[0].flatten(1) @ one[0].flatten(1).T / one[-1, 0].numel() for one in (maps, painting))


# %% equivalent="style-loss" why="all maps of a picture have the same places"
# - G, A = (one[0].flatten(1) @ one[0].flatten(1).T / one[0, 0].numel() for one in (maps, painting))
# + G, A = (one[0].flatten(1) @ one[0].flatten(1).T / one[0, -1].numel() for one in (maps, painting))


# %% equivalent="style-loss" why="a difference that is squared has no order"
# - G, A = (one[0].flatten(1) @ one[0].flatten(1).T / one[0, 0].numel() for one in (maps, painting))
# + G, A = (one[0].flatten(1) @ one[0].flatten(1).T / one[0, 0].numel() for one in (painting, maps))


# %% equivalent="style-loss" why="a difference that is squared has no order"
# - return F.mse_loss(G, A) / 4
# + return F.mse_loss(A, G) / 4


# %% equivalent="style-loss" why="a difference that is squared has no order"
# - return ((grams[0] - grams[1]) ** 2).sum() / (4 * len(grams[0]) ** 2)
# + return ((grams[1] - grams[0]) ** 2).sum() / (4 * len(grams[0]) ** 2)


# %% equivalent="style-loss" why="both Gram matrices are N by N"
# - return ((grams[0] - grams[1]) ** 2).sum() / (4 * len(grams[0]) ** 2)
# + return ((grams[0] - grams[1]) ** 2).sum() / (4 * len(grams[1]) ** 2)


# %% equivalent="style-loss" why="both Gram matrices are N by N"
# - return ((grams[0] - grams[1]) ** 2).sum() / (4 * len(grams[0]) ** 2)
# + return ((grams[0] - grams[1]) ** 2).sum() / (4 * len(grams[-1]) ** 2)


# %% equivalent="style-loss" why="one picture is the first and the last"
# - m, other = (maps[0, 0].numel(), painting[0, 0].numel())
# + m, other = (maps[-1, 0].numel(), painting[0, 0].numel())


# %% equivalent="style-loss" why="all maps of a picture have the same places"
# - m, other = (maps[0, 0].numel(), painting[0, 0].numel())
# + m, other = (maps[0, -1].numel(), painting[0, 0].numel())


# %% equivalent="style-loss" why="one picture is the first and the last"
# - m, other = (maps[0, 0].numel(), painting[0, 0].numel())
# + m, other = (maps[0, 0].numel(), painting[-1, 0].numel())


# %% equivalent="style-loss" why="all maps of a picture have the same places"
# - m, other = (maps[0, 0].numel(), painting[0, 0].numel())
# + m, other = (maps[0, 0].numel(), painting[0, -1].numel())


# %% equivalent="style-loss" why="both pictures have the same filters"
# - n = maps.shape[1]
# + n = painting.shape[1]


# %% equivalent="style-loss" why="a product of two maps has no order"
# - g = torch.einsum('hw,hw->', maps[0, i], maps[0, j]) / m
# + g = torch.einsum('hw,hw->', maps[0, j], maps[0, i]) / m


# %% equivalent="style-loss" why="one picture is the first and the last"
# - g = torch.einsum('hw,hw->', maps[0, i], maps[0, j]) / m
# + g = torch.einsum('hw,hw->', maps[-1, i], maps[0, j]) / m


# %% equivalent="style-loss" why="one picture is the first and the last"
# - g = torch.einsum('hw,hw->', maps[0, i], maps[0, j]) / m
# + g = torch.einsum('hw,hw->', maps[0, i], maps[-1, j]) / m


# %% equivalent="style-loss" why="a product of two maps has no order"
# - a = torch.einsum('hw,hw->', painting[0, i], painting[0, j]) / other
# + a = torch.einsum('hw,hw->', painting[0, j], painting[0, i]) / other


# %% equivalent="style-loss" why="one picture is the first and the last"
# - a = torch.einsum('hw,hw->', painting[0, i], painting[0, j]) / other
# + a = torch.einsum('hw,hw->', painting[-1, i], painting[0, j]) / other


# %% equivalent="style-loss" why="one picture is the first and the last"
# - a = torch.einsum('hw,hw->', painting[0, i], painting[0, j]) / other
# + a = torch.einsum('hw,hw->', painting[0, i], painting[-1, j]) / other


# %% equivalent="style-loss" why="a difference that is squared has no order"
# - total = total + (g - a) ** 2
# + total = total + (a - g) ** 2


# %% equivalent="style-slope" why="one picture is the first and the last"
# - rows, others = (maps[0].flatten(1), painting[0].flatten(1))
# + rows, others = (maps[-1].flatten(1), painting[0].flatten(1))


# %% equivalent="style-slope" why="NumPy's functions take tensors as well"
# - x, y = (np.asarray(maps)[0], np.asarray(painting)[0])
# + x, y = (maps[0], np.asarray(painting)[0])


# %% equivalent="style-slope" why="one picture is the first and the last"
# - x, y = (np.asarray(maps)[0], np.asarray(painting)[0])
# + x, y = (np.asarray(maps)[-1], np.asarray(painting)[0])


# %% equivalent="style-slope" why="NumPy's functions take tensors as well"
# - x, y = (np.asarray(maps)[0], np.asarray(painting)[0])
# + x, y = (np.asarray(maps)[0], painting[0])


# %% equivalent="style-slope" why="one picture is the first and the last"
# - x, y = (np.asarray(maps)[0], np.asarray(painting)[0])
# + x, y = (np.asarray(maps)[0], np.asarray(painting)[-1])


# %% equivalent="style-slope" why="a product of two rows has no order"
# - g = rows[i] @ rows[j] / m
# + g = rows[j] @ rows[i] / m


# %% equivalent="style-slope" why="a product of two rows has no order"
# - a = others[i] @ others[j] / others.shape[1]
# + a = others[j] @ others[i] / others.shape[1]


# %% equivalent="style-slope" why="one picture is the first and the last"
# - slope[0, i] += (g - a) * maps[0, j]
# + slope[-1, i] += (g - a) * maps[0, j]


# %% equivalent="style-slope" why="one picture is the first and the last"
# - slope[0, i] += (g - a) * maps[0, j]
# + slope[0, i] += (g - a) * maps[-1, j]


# %% equivalent="style-slope" why="one picture is the first and the last"
# - F_, y = (np.asarray(maps)[0], np.asarray(painting)[0])
# + F_, y = (np.asarray(maps)[-1], np.asarray(painting)[0])


# %% equivalent="style-slope" why="one picture is the first and the last"
# - F_, y = (np.asarray(maps)[0], np.asarray(painting)[0])
# + F_, y = (np.asarray(maps)[0], np.asarray(painting)[-1])


# %% equivalent="style-slope" why="float32 is exact enough, as in other right answers"
# - F_, y = (F_.reshape(n, h * w).astype(float), y.reshape(n, -1).astype(float))
# + F_, y = (F_.reshape(n, h * w), y.reshape(n, -1).astype(float))


# %% equivalent="style-slope" why="float32 is exact enough, as in other right answers"
# - F_, y = (F_.reshape(n, h * w).astype(float), y.reshape(n, -1).astype(float))
# + F_, y = (F_.reshape(n, h * w).astype(float), y.reshape(n, -1))


# %% equivalent="style-slope" why="every number is written over"
# - slope = np.zeros((n, h * w))
# + slope = np.ones((n, h * w))


# %% equivalent="style-slope" why="G and A are symmetric"
# - slope[i, k] = sum((off[i, j] * F_[j, k] for j in range(n)))
# + slope[i, k] = sum((off[j, i] * F_[j, k] for j in range(n)))


# %% equivalent="find-the-picture" why="the goal is reached without a search along lines"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks, line_search_fn='strong_wolfe')
# + lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks)


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = (network(picture) - target).square().sum() / 2
# + loss = (network(picture) - target).square().sum() * 2


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = (network(picture) - target).square().sum() / 2
# + loss = (network(picture) - target).square().sum()


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = (network(picture) - target).square().sum() / 2
# + loss = (network(picture) - target).square().mean() / 2


# %% equivalent="find-the-picture" why="a difference that is squared has no order"
# - loss = (network(picture) - target).square().sum() / 2
# + loss = (target - network(picture)).square().sum() / 2


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = (network(picture) - target).square().sum() / 2
# + loss = (network(picture) - target).square().sum() / 3


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = (network(picture) - target).square().sum() / 2
# + loss = (network(picture) - target).square().sum() / 1


# %% equivalent="find-the-picture" why="one number has no axes to change"
# - return loss
# + return np.squeeze(loss)


# %% equivalent="find-the-picture" why="one number has no axes to change"
# - return loss
# + return np.flip(loss)


# %% equivalent="find-the-picture" why="the numbers count, with a graph or without"
# - return picture.detach()
# + return picture


# %% equivalent="find-the-picture" why="a start without a graph needs no cutting"
# - picture = start.detach().clone().requires_grad_(True)
# + picture = start.clone().requires_grad_(True)


# %% equivalent="find-the-picture" why="the search still ends within the looks"
# - looked = 0
# + looked = 1


# %% equivalent="find-the-picture" why="the search still ends within the looks"
# - looked = 0
# + looked = -1


# %% equivalent="find-the-picture" why="the goal is reached without a search along lines"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=8, line_search_fn='strong_wolfe', history_size=30)
# + lbfgs = torch.optim.LBFGS([picture], max_iter=8, history_size=30)


# %% equivalent="find-the-picture" why="how far the memory reaches is free"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=8, line_search_fn='strong_wolfe', history_size=30)
# + lbfgs = torch.optim.LBFGS([picture], max_iter=8, line_search_fn='strong_wolfe')


# %% equivalent="find-the-picture" why="the end of all steps is in the loop"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=8, line_search_fn='strong_wolfe', history_size=30)
# + lbfgs = torch.optim.LBFGS([picture], max_iter=9, line_search_fn='strong_wolfe', history_size=30)


# %% equivalent="find-the-picture" why="the end of all steps is in the loop"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=8, line_search_fn='strong_wolfe', history_size=30)
# + lbfgs = torch.optim.LBFGS([picture], max_iter=7, line_search_fn='strong_wolfe', history_size=30)


# %% equivalent="find-the-picture" why="how far the memory reaches is free"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=8, line_search_fn='strong_wolfe', history_size=30)
# + lbfgs = torch.optim.LBFGS([picture], max_iter=8, line_search_fn='strong_wolfe', history_size=31)


# %% equivalent="find-the-picture" why="how far the memory reaches is free"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=8, line_search_fn='strong_wolfe', history_size=30)
# + lbfgs = torch.optim.LBFGS([picture], max_iter=8, line_search_fn='strong_wolfe', history_size=29)


# %% equivalent="find-the-picture" why="neither a constant nor a factor moves the minimum"
# - loss = 0.5 * ((network(picture) - target) ** 2).sum()
# + loss = 0.5 + ((network(picture) - target) ** 2).sum()


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = 0.5 * ((network(picture) - target) ** 2).sum()
# + loss = ((network(picture) - target) ** 2).sum()


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = 0.5 * ((network(picture) - target) ** 2).sum()
# + loss = 1.0 * ((network(picture) - target) ** 2).sum()


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = 0.5 * ((network(picture) - target) ** 2).sum()
# + loss = 0.5 * ((network(picture) - target) ** 2).mean()


# %% equivalent="find-the-picture" why="a difference that is squared has no order"
# - loss = 0.5 * ((network(picture) - target) ** 2).sum()
# + loss = 0.5 * ((target - network(picture)) ** 2).sum()


# %% equivalent="find-the-picture" why="the search still ends within the looks"
# - while looked + 10 < looks:
# + while looked + 10 <= looks:


# %% equivalent="find-the-picture" why="the search still ends within the looks"
# - while looked + 10 < looks:
# + while looked + 11 < looks:


# %% equivalent="find-the-picture" why="the search still ends within the looks"
# - while looked + 10 < looks:
# + while looked + 9 < looks:


# %% equivalent="find-the-picture" why="the layers of an nn.Sequential freeze like its weights"
# - for p in network.parameters():
# + for p in network:


# %% equivalent="find-the-picture" why="the goal is reached without a search along lines"
# - lbfgs = torch.optim.LBFGS([picture], 1, looks, looks, line_search_fn='strong_wolfe', history_size=50)
# + lbfgs = torch.optim.LBFGS([picture], 1, looks, looks, history_size=50)


# %% equivalent="find-the-picture" why="how far the memory reaches is free"
# - lbfgs = torch.optim.LBFGS([picture], 1, looks, looks, line_search_fn='strong_wolfe', history_size=50)
# + lbfgs = torch.optim.LBFGS([picture], 1, looks, looks, line_search_fn='strong_wolfe')


# %% equivalent="find-the-picture" why="the line search shortens a step that is too long"
# - lbfgs = torch.optim.LBFGS([picture], 1, looks, looks, line_search_fn='strong_wolfe', history_size=50)
# + lbfgs = torch.optim.LBFGS([picture], 2, looks, looks, line_search_fn='strong_wolfe', history_size=50)


# %% equivalent="find-the-picture" why="how far the memory reaches is free"
# - lbfgs = torch.optim.LBFGS([picture], 1, looks, looks, line_search_fn='strong_wolfe', history_size=50)
# + lbfgs = torch.optim.LBFGS([picture], 1, looks, looks, line_search_fn='strong_wolfe', history_size=51)


# %% equivalent="find-the-picture" why="how far the memory reaches is free"
# - lbfgs = torch.optim.LBFGS([picture], 1, looks, looks, line_search_fn='strong_wolfe', history_size=50)
# + lbfgs = torch.optim.LBFGS([picture], 1, looks, looks, line_search_fn='strong_wolfe', history_size=49)


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = F.mse_loss(network(picture), target, reduction='sum') / 2
# + loss = F.mse_loss(network(picture), target, reduction='sum') * 2


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = F.mse_loss(network(picture), target, reduction='sum') / 2
# + loss = F.mse_loss(network(picture), target, reduction='sum')


# %% equivalent="find-the-picture" why="a difference that is squared has no order"
# - loss = F.mse_loss(network(picture), target, reduction='sum') / 2
# + loss = F.mse_loss(target, network(picture), reduction='sum') / 2


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = F.mse_loss(network(picture), target, reduction='sum') / 2
# + loss = F.mse_loss(network(picture), target) / 2


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = F.mse_loss(network(picture), target, reduction='sum') / 2
# + loss = F.mse_loss(network(picture), target, reduction='sum') / 3


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = F.mse_loss(network(picture), target, reduction='sum') / 2
# + loss = F.mse_loss(network(picture), target, reduction='sum') / 1


# %% equivalent="find-the-picture" why="the numbers count, with a graph or without"
# - return picture.detach().clone()
# + return picture.detach()


# %% equivalent="find-the-picture" why="the numbers count, with a graph or without"
# - return picture.detach().clone()
# + return picture.clone()


# %% equivalent="find-the-picture" why="the goal is reached without a search along lines"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks - 2, line_search_fn='strong_wolfe')
# + lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks - 2)


# %% equivalent="find-the-picture" why="within the five looks that are forgiven"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks - 2, line_search_fn='strong_wolfe')
# + lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks + 2, line_search_fn='strong_wolfe')


# %% equivalent="find-the-picture" why="not more looks than are allowed"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks - 2, line_search_fn='strong_wolfe')
# + lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks, line_search_fn='strong_wolfe')


# %% equivalent="find-the-picture" why="not more looks than are allowed"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks - 2, line_search_fn='strong_wolfe')
# + lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks - 3, line_search_fn='strong_wolfe')


# %% equivalent="find-the-picture" why="not more looks than are allowed"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks - 2, line_search_fn='strong_wolfe')
# + lbfgs = torch.optim.LBFGS([picture], max_iter=looks, max_eval=looks - 1, line_search_fn='strong_wolfe')


# %% equivalent="find-the-picture" why="a factor of the loss moves no minimum"
# - loss = (network(picture) - target).pow(2).sum()
# + loss = (network(picture) - target).pow(2).mean()


# %% equivalent="find-the-picture" why="a difference that is squared has no order"
# - loss = (network(picture) - target).pow(2).sum()
# + loss = (target - network(picture)).pow(2).sum()


# %% equivalent="a-painter" why="the goal is reached one step earlier, too"
# - lbfgs = torch.optim.LBFGS([picture], max_iter=45, max_eval=45, line_search_fn='strong_wolfe')
# + lbfgs = torch.optim.LBFGS([picture], max_iter=44, max_eval=45, line_search_fn='strong_wolfe')


# %% equivalent="a-painter" why="a difference that is squared has no order"
# - each = [1 / F.mse_loss(one, aim) / 5 for one, aim in zip(first, aims)]
# + each = [1 / F.mse_loss(one, aim) / 5 for aim, one in zip(first, aims)]


# %% equivalent="a-painter" why="maps are found by name, in any order"
# - maps = reader(batch, [*layers, 'conv4_2'])
# + maps = reader(batch, ['conv4_2', *layers])


# %% equivalent="a-painter" why="a difference that is squared has no order"
# - each = [1 / F.mse_loss(one, aim) / 5 for one, aim in zip(first, aims)]
# + each = [1 / F.mse_loss(aim, one) / 5 for one, aim in zip(first, aims)]
