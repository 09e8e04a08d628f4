# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# ---- Cut and mirror


# %% right="cut-mirror" style="a slice each"
def cut(images, padding, tops, lefts, mirrored):
    h, w = images.shape[2:]
    framed = F.pad(images, (padding, padding, padding, padding))
    out = torch.empty_like(images)
    for i in range(len(images)):
        top, left = int(tops[i]), int(lefts[i])
        out[i] = framed[i, :, top : top + h, left : left + w]
        if mirrored[i]:
            out[i] = out[i].flip(2)
    return out


# %% right="cut-mirror" style="all at once, by index"
def cut(images, padding, tops, lefts, mirrored):
    n, c, h, w = images.shape
    framed = F.pad(images, (padding,) * 4)
    rows = tops[:, None] + torch.arange(h)
    columns = lefts[:, None] + torch.arange(w)
    columns = torch.where(mirrored[:, None], columns.flip(1), columns)
    which = torch.arange(n)[:, None, None, None]
    channels = torch.arange(c)[None, :, None, None]
    return framed[which, channels, rows[:, None, :, None], columns[:, None, None]]


# %% right="cut-mirror" style="NumPy, a frame of its own"
def cut(images, padding, tops, lefts, mirrored):
    x = images.numpy()
    n, c, h, w = x.shape
    frame = np.zeros((n, c, h + 2 * padding, w + 2 * padding), x.dtype)
    frame[:, :, padding : padding + h, padding : padding + w] = x
    out = np.zeros_like(x)
    for i, (top, left) in enumerate(zip(tops.tolist(), lefts.tolist())):
        window = frame[i, :, top : top + h, left : left + w]
        out[i] = window[:, :, ::-1] if mirrored[i] else window
    return torch.from_numpy(out)


# %% right="cut-mirror" style="torch.where for the mirror"
def cut(images, padding, tops, lefts, mirrored):
    h, w = images.shape[-2:]
    framed = nn.ZeroPad2d(padding)(images)
    windows = torch.stack(
        [one.narrow(1, a, h).narrow(2, b, w) for one, a, b in zip(framed, tops, lefts)]
    )
    swap = mirrored.view(-1, 1, 1, 1)
    return torch.where(swap, torch.flip(windows, dims=(-1,)), windows)


# %% wrong="cut-mirror" says="Nothing is mirrored"
def cut(images, padding, tops, lefts, mirrored):
    h, w = images.shape[2:]
    framed = F.pad(images, (padding,) * 4)
    return torch.stack(
        [x[:, a : a + h, b : b + w] for x, a, b in zip(framed, tops, lefts)]
    )


# %% wrong="cut-mirror" says="All are mirrored"
def cut(images, padding, tops, lefts, mirrored):
    h, w = images.shape[2:]
    framed = F.pad(images, (padding,) * 4)
    cut = [x[:, a : a + h, b : b + w] for x, a, b in zip(framed, tops, lefts)]
    return torch.stack(cut).flip(3)


# %% wrong="cut-mirror" says="Those are mirrored that should not be"
def cut(images, padding, tops, lefts, mirrored):
    h, w = images.shape[2:]
    framed = F.pad(images, (padding,) * 4)
    cut = torch.stack(
        [x[:, a : a + h, b : b + w] for x, a, b in zip(framed, tops, lefts)]
    )
    return torch.where(mirrored[:, None, None, None], cut, cut.flip(3))


# %% wrong="cut-mirror" says="Top and bottom are swapped. In a mirror"
def cut(images, padding, tops, lefts, mirrored):
    h, w = images.shape[2:]
    framed = F.pad(images, (padding,) * 4)
    cut = torch.stack(
        [x[:, a : a + h, b : b + w] for x, a, b in zip(framed, tops, lefts)]
    )
    return torch.where(mirrored[:, None, None, None], cut.flip(2), cut)


# %% wrong="cut-mirror" says="yours are exchanged"
def cut(images, padding, tops, lefts, mirrored):
    h, w = images.shape[2:]
    framed = F.pad(images, (padding,) * 4)
    cut = torch.stack(
        [x[:, b : b + h, a : a + w] for x, a, b in zip(framed, tops, lefts)]
    )
    return torch.where(mirrored[:, None, None, None], cut.flip(3), cut)


# %% wrong="cut-mirror" says="You mirror before you cut"
def cut(images, padding, tops, lefts, mirrored):
    h, w = images.shape[2:]
    framed = F.pad(images, (padding,) * 4)
    framed = torch.where(mirrored[:, None, None, None], framed.flip(3), framed)
    return torch.stack(
        [x[:, a : a + h, b : b + w] for x, a, b in zip(framed, tops, lefts)]
    )


# %% wrong="cut-mirror" says="comes back on the other"
def cut(images, padding, tops, lefts, mirrored):
    out = []
    for x, a, b, swap in zip(images, tops, lefts, mirrored):
        x = x.roll((padding - int(a), padding - int(b)), (1, 2))
        out.append(x.flip(2) if swap else x)
    return torch.stack(out)


# %% wrong="cut-mirror" says="The window moves the other way"
def cut(images, padding, tops, lefts, mirrored):
    h, w = images.shape[2:]
    framed, out = F.pad(images, (padding,) * 4), []
    for x, a, b, swap in zip(framed, 2 * padding - tops, 2 * padding - lefts, mirrored):
        x = x[:, a : a + h, b : b + w]
        out.append(x.flip(2) if swap else x)
    return torch.stack(out)


# %% wrong="cut-mirror" says="All are cut like image 0"
def cut(images, padding, tops, lefts, mirrored):
    h, w = images.shape[2:]
    a, b = tops[0], lefts[0]
    out = F.pad(images, (padding,) * 4)[:, :, a : a + h, b : b + w]
    return out.flip(3) if mirrored[0] else out


# %% wrong="cut-mirror" says="The frame repeats the rim"
def cut(images, padding, tops, lefts, mirrored):
    h, w = images.shape[2:]
    framed = F.pad(images.float(), (padding,) * 4, mode="replicate").to(images.dtype)
    cut = torch.stack(
        [x[:, a : a + h, b : b + w] for x, a, b in zip(framed, tops, lefts)]
    )
    return torch.where(mirrored[:, None, None, None], cut.flip(3), cut)


# %% wrong="cut-mirror" says="The result has the type of the images"
def cut(images, padding, tops, lefts, mirrored):
    n, c, h, w = images.shape
    framed, out = F.pad(images, (padding,) * 4), torch.zeros(n, c, h, w)
    for i in range(n):
        out[i] = framed[i, :, tops[i] : tops[i] + h, lefts[i] : lefts[i] + w]
        if mirrored[i]:
            out[i] = out[i].flip(2)
    return out


# %% wrong="cut-mirror" says="does the work of this exercise"
def cut(images, padding, tops, lefts, mirrored):
    from coursekit import augment

    return augment.crop(images, padding, tops, lefts, mirrored)


# ---- A friend's brightness


# %% right="brighter-bug" style="int and clamp"
def brighter(images, most):
    by = torch.randint(-most, most + 1, (len(images), 1, 1, 1))
    return (images.int() + by).clamp(0, 255).to(torch.uint8)


# %% right="brighter-bug" style="image by image"
def brighter(images, most):
    out = []
    for image in images:
        by = int(torch.randint(2 * most + 1, (1,))) - most
        out.append(torch.clip(image.long() + by, min=0, max=255))
    return torch.stack(out).byte()


# %% right="brighter-bug" style="float32, NumPy's dice"
def brighter(images, most):
    by = np.random.randint(-most, most + 1, len(images)).astype(np.float32)
    bright = images.float() + torch.from_numpy(by)[:, None, None, None]
    return bright.clamp_(0, 255).byte()


# %% right="brighter-bug" style="Python's dice, up or down"
def brighter(images, most):
    import random

    out = images.clone()
    for image in out:
        by = random.randint(-most, most)
        if by >= 0:
            image[image > 255 - by] = 255 - by
        else:
            image[image < -by] = -by
        image += torch.tensor(by).to(torch.uint8)
    return out


# %% wrong="brighter-bug" says="changes its input images"
def brighter(images, most):
    by = torch.randint(-most, most + 1, (1,))
    images += by
    return images


# %% wrong="brighter-bug" says="comes back at 0"
def brighter(images, most):
    by = torch.randint(-most, most + 1, (len(images), 1, 1, 1))
    return (images + by).byte()


# %% wrong="brighter-bug" says="The same number was added to all images"
def brighter(images, most):
    by = torch.randint(-most, most + 1, (1,))
    return (images.int() + by).clamp(0, 255).byte()


# %% wrong="brighter-bug" says="Each channel has got a number of its own"
def brighter(images, most):
    by = torch.randint(-most, most + 1, (len(images), images.shape[1], 1, 1))
    return (images.int() + by).clamp(0, 255).byte()


# %% wrong="brighter-bug" says="that is noise"
def brighter(images, most):
    by = torch.randint(-most, most + 1, images.shape)
    return (images.int() + by).clamp(0, 255).byte()


# %% wrong="brighter-bug" says="randint stops before its end"
def brighter(images, most):
    by = torch.randint(-most, max(most, 1 - most), (len(images), 1, 1, 1))
    return (images.int() + by).clamp(0, 255).byte()


# %% wrong="brighter-bug" says="Nothing ever gets darker"
def brighter(images, most):
    by = torch.randint(0, most + 1, (len(images), 1, 1, 1))
    return (images.int() + by).clamp(0, 255).byte()


# %% wrong="brighter-bug" says="All of them should be equally likely"
def brighter(images, most):
    by = (torch.rand(len(images), 1, 1, 1) * 2 * most - most).round().int()
    return (images.int() + by).clamp(0, 255).byte()


# %% wrong="brighter-bug" says="throw new dice each time"
def brighter(images, most):
    dice = torch.Generator().manual_seed(0)
    by = torch.randint(-most, most + 1, (len(images), 1, 1, 1), generator=dice)
    return (images.int() + by).clamp(0, 255).byte()


# %% wrong="brighter-bug" says="The result has the type of the images"
def brighter(images, most):
    by = torch.randint(-most, most + 1, (len(images), 1, 1, 1))
    return (images.float() + by).clamp(0, 255)


# %% wrong="brighter-bug" says="A factor leaves black as it is"
def brighter(images, most):
    factor = 1 + torch.randint(-most, most + 1, (len(images), 1, 1, 1)) / 255
    return (images * factor).clamp(0, 255).byte()


# ---- The light of another hour


# %% right="light-of-images" style="eigh of cov"
def in_other_light(images, training, alphas):
    pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
    values, vectors = torch.linalg.eigh(torch.cov(pixels))
    values, vectors = values.flip(0), vectors.flip(1)
    return images + ((alphas * values) @ vectors.T)[:, :, None, None]


# %% right="light-of-images" style="loops over images and directions"
def in_other_light(images, training, alphas):
    pixels = training.permute(0, 2, 3, 1).reshape(-1, 3)
    centred = pixels - pixels.mean(0)
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(pixels))
    out = images.clone()
    for i in range(len(images)):
        for j in range(3):
            colour = alphas[i, j] * values[2 - j] * vectors[:, 2 - j]
            out[i] += colour.view(3, 1, 1)
    return out


# %% right="light-of-images" style="NumPy, eig in any order"
def in_other_light(images, training, alphas):
    rows = np.moveaxis(training.numpy(), 1, 0).reshape(3, -1).astype(float)
    values, vectors = np.linalg.eig(np.cov(rows))
    order = np.argsort(-values)
    colours = alphas.numpy() @ (values[order] * vectors[:, order]).T
    return images.numpy() + colours[:, :, None, None]


# %% right="light-of-images" style="singular values, float32"
def in_other_light(images, training, alphas):
    rows = torch.cat([image.flatten(1) for image in training], dim=1)
    u, s, _ = torch.linalg.svd(rows - rows.mean(1, keepdim=True), full_matrices=False)
    variance = s**2 / rows.shape[1]
    return images + torch.einsum("nj,j,cj->nc", alphas, variance, u)[..., None, None]


# %% wrong="light-of-images" says="You multiply by the deviations"
def in_other_light(images, training, alphas):
    pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
    values, vectors = torch.linalg.eigh(torch.cov(pixels))
    colours = (alphas.flip(1) * values.sqrt()) @ vectors.T
    return images + colours[:, :, None, None]


# %% wrong="light-of-images" says="The variances are missing"
def in_other_light(images, training, alphas):
    pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
    _, vectors = torch.linalg.eigh(torch.cov(pixels))
    return images + (alphas.flip(1) @ vectors.T)[:, :, None, None]


# %% wrong="light-of-images" says="eigh sorts from small to large"
def in_other_light(images, training, alphas):
    pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
    values, vectors = torch.linalg.eigh(torch.cov(pixels))
    return images + ((alphas * values) @ vectors.T)[:, :, None, None]


# %% wrong="light-of-images" says="Channels are mixed up"
def in_other_light(images, training, alphas):
    values, vectors = torch.linalg.eigh(torch.cov(training.reshape(3, -1)))
    return images + ((alphas.flip(1) * values) @ vectors.T)[:, :, None, None]


# %% wrong="light-of-images" says="eigenvectors are the columns"
def in_other_light(images, training, alphas):
    pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
    values, vectors = torch.linalg.eigh(torch.cov(pixels))
    return images + ((alphas.flip(1) * values) @ vectors)[:, :, None, None]


# %% wrong="light-of-images" says="eigenvectors are the columns"
def in_other_light(images, training, alphas):
    pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
    values, vectors = torch.linalg.eigh(torch.cov(pixels))
    colours = (alphas * values.flip(0)) @ vectors.flip(1)
    return images + colours[:, :, None, None]


# %% wrong="light-of-images" says="All images get the light of image 0"
def in_other_light(images, training, alphas):
    pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
    values, vectors = torch.linalg.eigh(torch.cov(pixels))
    colour = vectors @ (alphas[0].flip(0) * values)
    return images + colour[:, None, None]


# %% wrong="light-of-images" says="The cloud is that of `images`"
def in_other_light(images, training, alphas):
    pixels = images.permute(1, 0, 2, 3).reshape(3, -1)
    values, vectors = torch.linalg.eigh(pixels.cov(correction=0))
    return images + ((alphas.flip(1) * values) @ vectors.T)[:, :, None, None]


# %% wrong="light-of-images" says="not the mean colour of each image"
def in_other_light(images, training, alphas):
    colours = training.mean((2, 3)).T
    values, vectors = torch.linalg.eigh(torch.cov(colours, correction=0))
    return images + ((alphas.flip(1) * values) @ vectors.T)[:, :, None, None]


# %% wrong="light-of-images" says="Subtract the mean of each channel first"
def in_other_light(images, training, alphas):
    pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
    values, vectors = torch.linalg.eigh(pixels @ pixels.T / pixels.shape[1])
    return images + ((alphas.flip(1) * values) @ vectors.T)[:, :, None, None]


# %% wrong="light-of-images" says="a variance is a mean"
def in_other_light(images, training, alphas):
    pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
    pixels = pixels - pixels.mean(1, keepdim=True)
    values, vectors = torch.linalg.eigh(pixels @ pixels.T)
    return images + ((alphas.flip(1) * values) @ vectors.T)[:, :, None, None]


# %% wrong="light-of-images" says="Leave what is beyond 0 or 1"
def in_other_light(images, training, alphas):
    pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
    values, vectors = torch.linalg.eigh(torch.cov(pixels))
    colours = (alphas.flip(1) * values) @ vectors.T
    return (images + colours[:, :, None, None]).clamp(0, 1)


# %% wrong="light-of-images" says="does the work of this exercise"
def in_other_light(images, training, alphas):
    from sklearn.decomposition import PCA

    found = PCA(3).fit(training.permute(0, 2, 3, 1).reshape(-1, 3).numpy())
    values = torch.tensor(found.explained_variance_).float()
    vectors = torch.tensor(found.components_).float()
    return images + ((alphas * values) @ vectors)[:, :, None, None]


# ---- Ten crops


# %% right="ten-crops" style="loops"
def ten_looks(model, images, size):
    model.eval()
    h, w = images.shape[2:]
    tops, lefts = [0, 0, h - size, h - size], [0, w - size, 0, w - size]
    tops.append((h - size) // 2)
    lefts.append((w - size) // 2)
    total = 0
    with torch.no_grad():
        for top, left in zip(tops, lefts):
            window = images[:, :, top : top + size, left : left + size]
            total = total + F.softmax(model(window), dim=1)
            total = total + F.softmax(model(window.flip(-1)), dim=1)
    return total / 10


# %% right="ten-crops" style="one large batch"
def ten_looks(model, images, size):
    n, _, h, w = images.shape
    a, b = h - size, w - size
    places = [(0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in places])
    ten = torch.cat([five, five.flip(4)]).flatten(0, 1)
    model.eval()
    return model(ten).softmax(1).view(10, n, -1).mean(0)


# %% right="ten-crops" style="NumPy, a softmax of its own"
def ten_looks(model, images, size):
    model.train(False)
    rows, columns = images.shape[2] - size, images.shape[3] - size
    found = []
    for turned in (images, images.flip(3)):
        middle = columns // 2 if turned is images else columns - columns // 2
        for y, x in (
            (0, 0),
            (0, columns),
            (rows, 0),
            (rows, columns),
            (rows // 2, middle),
        ):
            scores = model(turned[:, :, y : y + size, x : x + size]).detach().numpy()
            powers = np.exp(scores - scores.max(1, keepdims=True))
            found.append(powers / powers.sum(1, keepdims=True))
    return np.mean(found, axis=0)


# %% wrong="ten-crops" says="You average the scores and take the softmax afterwards"
def ten_looks(model, images, size):
    model.eval()
    a, b = images.shape[2] - size, images.shape[3] - size
    places = [(0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in places])
    scores = [model(look) for look in torch.cat([five, five.flip(4)])]
    return torch.stack(scores).mean(0).softmax(1)


# %% wrong="ten-crops" says="Those are mean scores"
def ten_looks(model, images, size):
    model.eval()
    a, b = images.shape[2] - size, images.shape[3] - size
    places = [(0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in places])
    scores = [model(look) for look in torch.cat([five, five.flip(4)])]
    return torch.stack(scores).mean(0)


# %% wrong="ten-crops" says="The mirror images are missing"
def ten_looks(model, images, size):
    model.eval()
    a, b = images.shape[2] - size, images.shape[3] - size
    places = [(0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2)]
    five = [images[..., y : y + size, x : x + size] for y, x in places]
    return torch.stack([model(look).softmax(1) for look in five]).mean(0)


# %% wrong="ten-crops" says="Your softmax runs over the images"
def ten_looks(model, images, size):
    model.eval()
    a, b = images.shape[2] - size, images.shape[3] - size
    places = [(0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in places])
    ten = torch.cat([five, five.flip(4)])
    return torch.stack([model(look).softmax(0) for look in ten]).mean(0)


# %% wrong="ten-crops" says="asked is their mean"
def ten_looks(model, images, size):
    model.eval()
    a, b = images.shape[2] - size, images.shape[3] - size
    places = [(0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in places])
    ten = torch.cat([five, five.flip(4)])
    return torch.stack([model(look).softmax(1) for look in ten]).sum(0)


# %% wrong="ten-crops" says="The window in the middle is missing"
def ten_looks(model, images, size):
    model.eval()
    a, b = images.shape[2] - size, images.shape[3] - size
    places = [(0, 0), (0, b), (a, 0), (a, b)]
    four = torch.stack([images[..., y : y + size, x : x + size] for y, x in places])
    looks = torch.cat([four, four.flip(4)])
    return torch.stack([model(look).softmax(1) for look in looks]).mean(0)


# %% wrong="ten-crops" says="round down"
def ten_looks(model, images, size):
    model.eval()
    a, b = images.shape[2] - size, images.shape[3] - size
    places = [(0, 0), (0, b), (a, 0), (a, b), ((a + 1) // 2, (b + 1) // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in places])
    ten = torch.cat([five, five.flip(4)])
    return torch.stack([model(look).softmax(1) for look in ten]).mean(0)


# %% wrong="ten-crops" says="Rows and columns are exchanged: images are (n, c, h, w)"
def ten_looks(model, images, size):
    model.eval()
    images = images.transpose(2, 3)
    a, b = images.shape[2] - size, images.shape[3] - size
    places = [(0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in places])
    ten = torch.cat([five, five.flip(4)])
    return torch.stack([model(look).softmax(1) for look in ten]).mean(0)


# %% wrong="ten-crops" says="Top and bottom are swapped. In a mirror"
def ten_looks(model, images, size):
    model.eval()
    a, b = images.shape[2] - size, images.shape[3] - size
    places = [(0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in places])
    ten = torch.cat([five, five.flip(3)])
    return torch.stack([model(look).softmax(1) for look in ten]).mean(0)


# %% wrong="ten-crops" says="in training mode while it was evaluated"
def ten_looks(model, images, size):
    a, b = images.shape[2] - size, images.shape[3] - size
    places = [(0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in places])
    ten = torch.cat([five, five.flip(4)])
    return torch.stack([model(look).softmax(1) for look in ten]).mean(0)


# %% wrong="ten-crops" says="Those are logarithms"
def ten_looks(model, images, size):
    model.eval()
    a, b = images.shape[2] - size, images.shape[3] - size
    places = [(0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2)]
    five = torch.stack([images[..., y : y + size, x : x + size] for y, x in places])
    ten = torch.cat([five, five.flip(4)])
    return torch.stack([model(look).log_softmax(1) for look in ten]).mean(0)


# ---- Dropout


# %% right="own-dropout" style="a mask of numbers"
class Dropout:
    def __init__(self, q):
        if q < 0 or q >= 1:
            raise ValueError("q from 0 to below 1")
        self.q = q
        self.mask = None

    def forward(self, x, training):
        if training:
            self.mask = (torch.rand_like(x) > self.q).float() / (1 - self.q)
        else:
            self.mask = torch.ones_like(x)
        return x * self.mask

    def backward(self, slope):
        return slope * self.mask


# %% right="own-dropout" style="None in evaluation"
class Dropout:
    def __init__(self, q):
        if not (0 <= q < 1):
            raise ValueError(q)
        self.keep = 1 - q

    def forward(self, x, training):
        self.kept = torch.rand(x.shape) < self.keep if training else None
        return (
            x if self.kept is None else x.where(self.kept, torch.zeros(())) / self.keep
        )

    def backward(self, slope):
        if self.kept is None:
            return slope
        return torch.where(self.kept, slope / self.keep, torch.zeros_like(slope))


# %% right="own-dropout" style="NumPy's dice, float64"
class Dropout:
    def __init__(self, q):
        if q >= 1 or q < 0:
            raise ValueError("no such q")
        self.q = q

    def forward(self, x, training):
        kept = np.random.random(tuple(x.shape)) >= self.q
        self.scale = torch.from_numpy(kept / (1 - self.q)) if training else 1.0
        return x * self.scale

    def backward(self, slope):
        return self.scale * slope


# %% right="own-dropout" style="bernoulli"
class Dropout:
    def __init__(self, q):
        if q not in (0,) and not 0 < q < 1:
            raise ValueError(f"{q} is no chance to be dropped")
        self.q = float(q)

    def forward(self, x, training):
        chances = torch.full_like(x, 1 - self.q if training else 1.0)
        self.m = torch.bernoulli(chances) / chances
        return self.m * x

    def backward(self, slope):
        return self.m * slope


# %% wrong="own-dropout" says="that is the convention of 2012"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        self.m = (torch.rand(x.shape) >= self.q).float() if training else 1 - self.q
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="q is the probability to be silent"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        self.m = (torch.rand(x.shape) < self.q) / (1 - self.q) if training else 1.0
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="divide by the chance to be kept"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        self.m = (torch.rand(x.shape) >= self.q) / self.q if training else 1.0
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="You multiply by 1 − q; divide by it"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        self.m = (torch.rand(x.shape) >= self.q) * (1 - self.q) if training else 1.0
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="The same units are silent for all images"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        self.m = (torch.rand(x.shape[1:]) >= self.q) / (1 - self.q) if training else 1.0
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="Each image is silent as a whole"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        dice = torch.rand(len(x), *[1] * (x.dim() - 1))
        self.m = (dice >= self.q) / (1 - self.q) if training else 1.0
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="Whole maps are silent"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        dice = torch.rand(*x.shape[:2], *[1] * (x.dim() - 2))
        self.m = (dice >= self.q) / (1 - self.q) if training else 1.0
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="The gradient comes back as it went in"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        return x * ((torch.rand(x.shape) >= self.q) / (1 - self.q) if training else 1.0)

    def backward(self, slope):
        return slope


# %% wrong="own-dropout" says="is missing on the way back"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        self.kept = torch.rand(x.shape) >= self.q if training else torch.ones(x.shape)
        return x * self.kept / (1 - self.q) if training else x

    def backward(self, slope):
        return slope * self.kept


# %% wrong="own-dropout" says="Backward has thrown dice of its own"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        self.training = training
        return x * ((torch.rand(x.shape) >= self.q) / (1 - self.q) if training else 1.0)

    def backward(self, slope):
        if not self.training:
            return slope
        return slope * (torch.rand(slope.shape) >= self.q) / (1 - self.q)


# %% wrong="own-dropout" says="Units are silent in evaluation, too"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        self.m = (torch.rand(x.shape) >= self.q) / (1 - self.q)
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="Inverted dropout leaves evaluation alone"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        kept = (torch.rand(x.shape) >= self.q) / (1 - self.q)
        self.m = kept if training else 1 - self.q
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="the gradient passes unchanged"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        if not training:
            return x
        self.m = (torch.rand(x.shape) >= self.q) / (1 - self.q)
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="Two layers share one mask"
class Dropout:
    mask = {}

    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        kept = (torch.rand(x.shape) >= self.q) / (1 - self.q)
        self.mask["m"] = kept if training else 1.0
        return x * self.mask["m"]

    def backward(self, slope):
        return slope * self.mask["m"]


# %% wrong="own-dropout" says="throw dice in every forward"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        torch.manual_seed(0)
        self.m = (torch.rand(x.shape) >= self.q) / (1 - self.q) if training else 1.0
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="q must be at least 0 and below 1"
class Dropout:
    def __init__(self, q):
        self.q = q

    def forward(self, x, training):
        self.m = (torch.rand(x.shape) >= self.q) / (1 - self.q) if training else 1.0
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# %% wrong="own-dropout" says="does the work of this exercise"
class Dropout:
    def __init__(self, q):
        if not 0 <= q < 1:
            raise ValueError
        self.q = q

    def forward(self, x, training):
        self.m = F.dropout(torch.ones_like(x), self.q, training)
        return x * self.m

    def backward(self, slope):
        return slope * self.m


# ---- A weight that nobody asks for


# %% right="unasked-weight" style="lists"
sgd = [0.49, 0.5]
adam = [0.31, 0.31]
adamw = [0.49, 0.5]


# %% right="unasked-weight" style="arrays"
sgd = np.array([0.49, 0.50])
adam = (0.31, 0.31)
adamw = [round(0.5 * 0.999**20, 2), round(0.5 * 0.99999**20, 2)]


# %% wrong="unasked-weight" says="What does Adam divide it by"
sgd = [0.49, 0.5]
adam = [0.49, 0.5]
adamw = [0.49, 0.5]


# %% wrong="unasked-weight" says="In AdamW the decay does not go through"
sgd = [0.49, 0.5]
adam = [0.31, 0.31]
adamw = [0.31, 0.31]


# %% wrong="unasked-weight" says="The rate is a factor as well"
sgd = [0.06, 0.49]
adam = [0.31, 0.31]
adamw = [0.49, 0.5]


# %% wrong="unasked-weight" says="compared with its own usual size"
sgd = [0.49, 0.5]
adam = [0.31, 0.5]
adamw = [0.49, 0.5]


# %% wrong="unasked-weight" says="what is left of 1 after twenty steps"
sgd = [0.5, 0.5]
adam = [0.31, 0.31]
adamw = [0.49, 0.5]


# %% wrong="unasked-weight" says="the steps get a little shorter"
sgd = [0.49, 0.5]
adam = [0.3, 0.3]
adamw = [0.49, 0.5]


# ---- Three worlds


# %% right="three-worlds" style="the package's changes"
def changed(images, kind):
    from coursekit.augment import Augment, Distort

    dice = torch.Generator().manual_seed(int(torch.randint(2**31, (1,))))
    if kind == "digits":
        return Distort(degrees=20, shift=2.5)(images, dice)
    if kind == "cars":
        images = Augment(flip=True)(images, dice)
        return torch.stack([one[torch.randperm(3)] for one in images])
    images = Distort(degrees=10, shift=1.5)(images, dice)
    return (
        190 + (images - 190.0) * (0.15 + 0.85 * torch.rand(len(images), 1, 1, 1))
    ).byte()


# %% right="three-worlds" style="by hand"
def changed(images, kind):
    n, c, h, w = images.shape
    if kind == "cars":
        out = torch.where(torch.rand(n, 1, 1, 1) < 0.5, images.flip(3), images)
        tint = torch.rand(n, 3, 1, 1) + 0.3
        out = torch.stack([one[torch.randperm(3)] for one in out])
        return (out * tint).clamp(0, 255).byte()
    far = 2
    framed = F.pad(images, (far,) * 4, value=0)
    tops, lefts = torch.randint(0, 2 * far + 1, (2, n))
    out = torch.stack(
        [x[:, a : a + h, b : b + w] for x, a, b in zip(framed, tops, lefts)]
    )
    if kind == "signs":
        thick = 0.9 * torch.rand(n, 1, 1, 1)
        return ((1 - thick) * out + thick * 200).round().byte()
    return out


# %% wrong="three-worlds" says="Nothing was changed"
def changed(images, kind):
    return images


# %% wrong="three-worlds" says="Are some digits mirrored"
def changed(images, kind):
    if kind == "digits":
        return torch.where(
            torch.rand(len(images), 1, 1, 1) < 0.5, images.flip(3), images
        )
    return images


# %% wrong="three-worlds" says="Do your cars drive to both sides"
def changed(images, kind):
    from coursekit.augment import Distort

    dice = torch.Generator().manual_seed(int(torch.randint(2**31, (1,))))
    return Distort(degrees=20, shift=2.5)(images, dice)


# %% wrong="three-worlds" says="Most cars are still red"
def changed(images, kind):
    from coursekit.augment import Augment, Distort

    dice = torch.Generator().manual_seed(int(torch.randint(2**31, (1,))))
    if kind == "digits":
        return Distort(degrees=20, shift=2.5)(images, dice)
    return Augment(padding=1, flip=True)(images, dice)


# %% wrong="three-worlds" says="What does a b become in a mirror"
def changed(images, kind):
    from coursekit.augment import Augment, Distort

    dice = torch.Generator().manual_seed(int(torch.randint(2**31, (1,))))
    if kind == "digits":
        return Distort(degrees=20, shift=2.5)(images, dice)
    images = Augment(padding=1, flip=True)(images, dice)
    if kind == "cars":
        return torch.stack([one[torch.randperm(3)] for one in images])
    return (
        190 + (images - 190.0) * (0.15 + 0.85 * torch.rand(len(images), 1, 1, 1))
    ).byte()


# %% wrong="three-worlds" says="Some red signs have turned blue"
def changed(images, kind):
    from coursekit.augment import Augment, Distort

    dice = torch.Generator().manual_seed(int(torch.randint(2**31, (1,))))
    if kind == "digits":
        return Distort(degrees=20, shift=2.5)(images, dice)
    images = Augment(padding=1, flip=kind == "cars")(images, dice)
    return torch.stack([one[torch.randperm(3)] for one in images])


# %% wrong="three-worlds" says="stands in the fog"
def changed(images, kind):
    from coursekit.augment import Augment, Distort

    dice = torch.Generator().manual_seed(int(torch.randint(2**31, (1,))))
    if kind == "cars":
        images = Augment(padding=1, flip=True)(images, dice)
        return torch.stack([one[torch.randperm(3)] for one in images])
    return Distort(degrees=20, shift=2.5)(images, dice)


# %% wrong="three-worlds" says="40 copies of one image were all changed alike"
def changed(images, kind):
    down, right = torch.randint(-2, 3, (2,)).tolist()
    return images.roll((down, right), (2, 3))


# %% wrong="three-worlds" says="Two calls changed the images in the same way"
def changed(images, kind):
    from coursekit.augment import Distort

    return Distort(degrees=20, shift=2.5)(images, torch.Generator().manual_seed(0))


# %% wrong="three-worlds" says="Your cars are grey"
def changed(images, kind):
    from coursekit.augment import Augment, Distort

    dice = torch.Generator().manual_seed(int(torch.randint(2**31, (1,))))
    if kind == "digits":
        return Distort(degrees=20, shift=2.5)(images, dice)
    grey = images.float().mean(1, keepdim=True).expand(images.shape)
    return Augment(flip=True)(grey.byte(), dice)


# %% wrong="three-worlds" says="The result has the type of the images"
def changed(images, kind):
    return images.float() / 255


# %% equivalent="ten-crops" why="the order of the looks does not matter"
# - for y, x in ((0, 0), (0, columns), (rows, 0), (rows, columns), (rows // 2, middle)):
# + for y, x in ((0, 0), (rows, 0), (0, columns), (rows, columns), (rows // 2, middle)):


# %% equivalent="ten-crops" why="torch takes the same axis by itself"
# - total = total + F.softmax(model(window), dim=1)
# + total = total + F.softmax(model(window))


# %% equivalent="ten-crops" why="probabilities are not negative"
# - return total / 10
# + return np.maximum(total / 10, 0)


# %% equivalent="light-of-images" why="the order of the pixels does not matter"
# - pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
# + pixels = training.permute(1, 0, 3, 2).reshape(3, -1)


# %% equivalent="light-of-images" why="an eigenvector may point the other way"
# - u, s, _ = torch.linalg.svd(rows - rows.mean(1, keepdim=True), full_matrices=False)
# + u, s, _ = torch.linalg.svd(rows.mean(1, keepdim=True) - rows, full_matrices=False)


# %% equivalent="light-of-images" why="an eigenvector may point the other way"
# - return images + torch.einsum('nj,j,cj->nc', alphas, variance, u)[..., None, None]
# + return images - torch.einsum('nj,j,cj->nc', alphas, variance, u)[..., None, None]


# %% equivalent="light-of-images" why="an eigenvector may point the other way"
# - out[i] += colour.view(3, 1, 1)
# + out[i] -= colour.view(3, 1, 1)


# %% equivalent="light-of-images" why="an eigenvector may point the other way"
# - return images.numpy() + colours[:, :, None, None]
# + return images.numpy() - colours[:, :, None, None]


# %% equivalent="light-of-images" why="torch and NumPy add up alike"
# - return images.numpy() + colours[:, :, None, None]
# + return images + colours[:, :, None, None]


# %% equivalent="brighter-bug" why="what is at the limit stays there"
# - image[image > 255 - by] = 255 - by
# + image[image > 254 - by] = 255 - by


# %% equivalent="brighter-bug" why="a byte has no sign"
# - return (images.int() + by).clamp(0, 255).byte()
# + return np.abs((images.int() + by).clamp(0, 255).byte())


# %% equivalent="brighter-bug" why="torch adds bytes and whole numbers as whole numbers"
# - return (images.int() + by).clamp(0, 255).to(torch.uint8)
# + return (images + by).clamp(0, 255).to(torch.uint8)


# %% equivalent="brighter-bug" why="0 more is 0 less"
# - if by >= 0:
# + if by > 0:


# %% equivalent="brighter-bug" why="what is at the limit stays there"
# - image[image < -by] = -by
# + image[image <= -by] = -by


# %% equivalent="cut-mirror" why="a frame may be larger than it has to be"
# - frame = np.zeros((n, c, h + 2 * padding, w + 2 * padding), x.dtype)
# + frame = np.zeros((n, c, h + 3 * padding, w + 2 * padding), x.dtype)


# %% equivalent="cut-mirror" why="there are four axes"
# - h, w = images.shape[-2:]
# + h, w = images.shape[2:]


# %% equivalent="ten-crops" why="the order of the looks does not matter"
# - for y, x in ((0, 0), (0, columns), (rows, 0), (rows, columns), (rows // 2, middle)):
# + for y, x in ((0, 0), (0, columns), (rows, 0), (rows // 2, middle), (rows, columns)):


# %% equivalent="brighter-bug" why="0 more is 0 less"
# - if by >= 0:
# + if by >= 1:


# %% equivalent="cut-mirror" why="there are as many"
# - for i in range(len(images)):
# + for i in range(len(tops)):


# %% equivalent="light-of-images" why="an eigenvector may point the other way"
# - return images + (alphas * values @ vectors.T)[:, :, None, None]
# + return images - (alphas * values @ vectors.T)[:, :, None, None]


# %% equivalent="light-of-images" why="the order of the pixels does not matter"
# - pixels = training.permute(1, 0, 2, 3).reshape(3, -1)
# + pixels = training.permute(1, 2, 0, 3).reshape(3, -1)


# %% equivalent="cut-mirror" why="an index may be a tensor"
# - for i, (top, left) in enumerate(zip(tops.tolist(), lefts.tolist())):
# + for i, (top, left) in enumerate(zip(tops, lefts.tolist())):


# %% equivalent="ten-crops" why="the order of the looks does not matter"
# - for y, x in ((0, 0), (0, columns), (rows, 0), (rows, columns), (rows // 2, middle)):
# + for y, x in ((0, columns), (0, 0), (rows, 0), (rows, columns), (rows // 2, middle)):


# %% equivalent="ten-crops" why="a shift of all scores cancels"
# - powers = np.exp(scores - scores.max(1, keepdims=True))
# + powers = np.exp(scores - scores.mean(1, keepdims=True))


# %% equivalent="cut-mirror" why="an index may be a tensor"
# - for i, (top, left) in enumerate(zip(tops.tolist(), lefts.tolist())):
# + for i, (top, left) in enumerate(zip(tops.tolist(), lefts)):


# %% equivalent="own-dropout" why="a number either way"
# - self.q = float(q)
# + self.q = q


# %% equivalent="light-of-images" why="what is computed besides is not used"
# - u, s, _ = torch.linalg.svd(rows - rows.mean(1, keepdim=True), full_matrices=False)
# + u, s, _ = torch.linalg.svd(rows - rows.mean(1, keepdim=True))


# %% equivalent="brighter-bug" why="minus is as likely as plus"
# - out.append(torch.clip(image.long() + by, min=0, max=255))
# + out.append(torch.clip(image.long() - by, min=0, max=255))


# %% equivalent="cut-mirror" why="there are as many"
# - for i in range(len(images)):
# + for i in range(len(mirrored)):


# %% equivalent="ten-crops" why="the order of the looks does not matter"
# - for top, left in [*corners, (height // 2, width // 2)]:
# + for top, left in [(height // 2, width // 2), *corners]:


# %% equivalent="own-dropout" why="forward sets it"
# - self.mask = None
# + pass


# %% equivalent="light-of-images" why="the order of the pixels does not matter"
# - pixels = training.permute(0, 2, 3, 1).reshape(-1, 3)
# + pixels = training.permute(0, 3, 2, 1).reshape(-1, 3)


# %% equivalent="ten-crops" why="the order of the looks does not matter"
# - tops, lefts = ([0, 0, h - size, h - size], [0, w - size, 0, w - size])
# + tops, lefts = ([0, 0, h - size, h - size], [w - size, 0, w - size, 0])


# %% equivalent="cut-mirror" why="all of it is written"
# - out = np.zeros_like(x)
# + out = np.ones_like(x)


# %% equivalent="own-dropout" why="0 is allowed before"
# - if q not in (0,) and (not 0 < q < 1):
# + if q not in (0,) and (not 0 <= q < 1):


# %% equivalent="ten-crops" why="the order of the looks does not matter"
# - places = [(0, 0), (0, b), (a, 0), (a, b), (a // 2, b // 2)]
# + places = [(a // 2, b // 2), (a, b), (a, 0), (0, b), (0, 0)]


# %% equivalent="light-of-images" why="there is one axis"
# - values, vectors = (values.flip(0), vectors.flip(1))
# + values, vectors = (values.flip(-1), vectors.flip(1))


# %% equivalent="brighter-bug" why="torch computes with the larger type"
# - bright = images.float() + torch.from_numpy(by)[:, None, None, None]
# + bright = images + torch.from_numpy(by)[:, None, None, None]


# %% equivalent="light-of-images" why="the order of the pixels does not matter"
# - pixels = training.permute(0, 2, 3, 1).reshape(-1, 3)
# + pixels = training.permute(2, 0, 3, 1).reshape(-1, 3)


# %% equivalent="brighter-bug" why="minus is as likely as plus"
# - by = int(torch.randint(2 * most + 1, (1,))) - most
# + by = most - int(torch.randint(2 * most + 1, (1,)))


# %% equivalent="brighter-bug" why="what is at the limit stays there"
# - image[image > 255 - by] = 255 - by
# + image[image >= 255 - by] = 255 - by


# %% equivalent="light-of-images" why="an eigenvector may point the other way"
# - centred = pixels - pixels.mean(0)
# + centred = pixels.mean(0) - pixels


# %% equivalent="light-of-images" why="the order of the pixels does not matter"
# - pixels = training.transpose(0, 1).flatten(1)
# + pixels = training.transpose(1, 0).flatten(1)


# %% equivalent="brighter-bug" why="minus is as likely as plus"
# - bright = images.float() + torch.from_numpy(by)[:, None, None, None]
# + bright = images.float() - torch.from_numpy(by)[:, None, None, None]


# %% equivalent="brighter-bug" why="torch computes with the larger type"
# - by = np.random.randint(-most, most + 1, len(images)).astype(np.float32)
# + by = np.random.randint(-most, most + 1, len(images))


# %% equivalent="brighter-bug" why="minus is as likely as plus"
# - return (images.int() + by).clamp(0, 255).byte()
# + return (images.int() - by).clamp(0, 255).byte()


# %% equivalent="brighter-bug" why="minus is as likely as plus"
# - return (images.int() + by).clamp(0, 255).to(torch.uint8)
# + return (images.int() - by).clamp(0, 255).to(torch.uint8)


# %% equivalent="brighter-bug" why="torch computes with the larger type"
# - image += torch.tensor(by).to(torch.uint8)
# + image += torch.tensor(by)


# %% equivalent="brighter-bug" why="torch computes with the larger type"
# - return (images.int() + by).clamp(0, 255).byte()
# + return (images + by).clamp(0, 255).byte()


# %% equivalent="brighter-bug" why="bytes are whole"
# - return (images.int() + by).clamp(0, 255).byte()
# + return np.trunc((images.int() + by).clamp(0, 255).byte())


# %% equivalent="cut-mirror" why="the same images: what is left out or added here changes none of them"
# - for one, top, left, swap in zip(framed, tops, lefts, mirrored, strict=True):
# + for one, top, left, swap in zip(framed, tops, lefts, mirrored):


# %% equivalent="cut-mirror" why="the same images: what is left out or added here changes none of them"
# - for one, top, left, swap in zip(framed, tops, lefts, mirrored, strict=True):
# + for one, top, left, swap in zip(framed, tops, lefts, mirrored, strict=False):


# %% equivalent="cut-mirror" why="the same images: what is left out or added here changes none of them"
# - for i in range(len(images)):
# + for i in range(len(lefts)):


# %% equivalent="cut-mirror" why="the same images: what is left out or added here changes none of them"
# - top, left = (int(tops[i]), int(lefts[i]))
# + top, left = (tops[i], int(lefts[i]))


# %% equivalent="cut-mirror" why="the same images: what is left out or added here changes none of them"
# - top, left = (int(tops[i]), int(lefts[i]))
# + top, left = (int(tops[i]), lefts[i])


# %% equivalent="cut-mirror" why="the same images: what is left out or added here changes none of them"
# - frame = np.zeros((n, c, h + 2 * padding, w + 2 * padding), x.dtype)
# + frame = np.zeros((n, c, h + 2 * padding, w + 2 * padding))


# %% equivalent="cut-mirror" why="the same images: what is left out or added here changes none of them"
# - frame = np.zeros((n, c, h + 2 * padding, w + 2 * padding), x.dtype)
# + frame = np.zeros((n, c, h + 2 * padding, w + 3 * padding), x.dtype)


# %% equivalent="cut-mirror" why="the same images: what is left out or added here changes none of them"
# - return torch.from_numpy(out)
# + return out


# %% equivalent="brighter-bug" why="the same numbers: what is left out here changes none of them"
# - return (images.int() + by).clamp(0, 255).byte()
# + return np.maximum((images.int() + by).clamp(0, 255).byte(), 0)


# %% equivalent="brighter-bug" why="the same numbers: what is left out here changes none of them"
# - by = int(torch.randint(2 * most + 1, (1,))) - most
# + by = torch.randint(2 * most + 1, (1,)) - most


# %% equivalent="brighter-bug" why="the same numbers: what is left out here changes none of them"
# - bright = images.float() + torch.from_numpy(by)[:, None, None, None]
# + bright = images.float() + by[:, None, None, None]


# %% equivalent="light-of-images" why="the same colours, or those along the opposite direction, which is as good"
# - return images + colours[:, :, None, None]
# + return images - colours[:, :, None, None]


# %% equivalent="light-of-images" why="the same colours, or those along the opposite direction, which is as good"
# - for i in range(len(images)):
# + for i in range(len(alphas)):


# %% equivalent="light-of-images" why="the same colours, or those along the opposite direction, which is as good"
# - rows = np.moveaxis(training.numpy(), 1, 0).reshape(3, -1).astype(float)
# + rows = np.moveaxis(training.numpy(), 1, 0).reshape(3, -1)


# %% equivalent="light-of-images" why="the same colours, or those along the opposite direction, which is as good"
# - rows = np.moveaxis(training.numpy(), 1, 0).reshape(3, -1).astype(float)
# + rows = np.moveaxis(training.numpy(), 0, 1).reshape(3, -1).astype(float)


# %% equivalent="light-of-images" why="the same colours, or those along the opposite direction, which is as good"
# - rows = np.moveaxis(training.numpy(), 1, 0).reshape(3, -1).astype(float)
# + rows = np.moveaxis(training.numpy(), 1, 0).reshape(3, -2).astype(float)


# %% equivalent="ten-crops" why="the same ten looks in another order"
# - corners = [(top, left) for top in (0, height) for left in (0, width)]
# + corners = [(top, left) for top in (height, 0) for left in (0, width)]


# %% equivalent="ten-crops" why="the same ten looks in another order"
# - corners = [(top, left) for top in (0, height) for left in (0, width)]
# + corners = [(top, left) for top in (0, height) for left in (width, 0)]


# %% equivalent="ten-crops" why="the same numbers: probabilities are not negative, and lie along axis 1 by themselves"
# - total = 0.0
# + total = -0.0


# %% equivalent="ten-crops" why="the same ten looks in another order"
# - for look in (window, window.flip(3)):
# + for look in (window.flip(3), window):


# %% equivalent="ten-crops" why="the same numbers: probabilities are not negative, and lie along axis 1 by themselves"
# - return total / 10
# + return np.abs(total / 10)


# %% equivalent="ten-crops" why="the same ten looks in another order"
# - tops, lefts = ([0, 0, h - size, h - size], [0, w - size, 0, w - size])
# + tops, lefts = ([h - size, h - size, 0, 0], [0, w - size, 0, w - size])


# %% equivalent="ten-crops" why="the same numbers: probabilities are not negative, and lie along axis 1 by themselves"
# - total = total + F.softmax(model(window.flip(-1)), dim=1)
# + total = total + F.softmax(model(window.flip(-1)))


# %% equivalent="ten-crops" why="the same ten looks in another order"
# - ten = torch.cat([five, five.flip(4)]).flatten(0, 1)
# + ten = torch.cat([five.flip(4), five]).flatten(0, 1)


# %% equivalent="ten-crops" why="the same ten looks in another order"
# - for turned in (images, images.flip(3)):
# + for turned in (images.flip(3), images):


# %% equivalent="ten-crops" why="the same ten looks in another order"
# - for y, x in ((0, 0), (0, columns), (rows, 0), (rows, columns), (rows // 2, middle)):
# + for y, x in ((0, 0), (0, columns), (rows, columns), (rows, 0), (rows // 2, middle)):


# %% equivalent="own-dropout" why="a die falls on the border itself once in millions of throws"
# - kept = torch.rand(x.shape) >= self.q
# + kept = torch.rand(x.shape) > self.q


# %% equivalent="own-dropout" why="the same numbers in another type that is accepted"
# - self.mask = (torch.rand_like(x) > self.q).float() / (1 - self.q)
# + self.mask = (torch.rand_like(x) > self.q) / (1 - self.q)


# %% equivalent="own-dropout" why="a die falls on the border itself once in millions of throws"
# - self.mask = (torch.rand_like(x) > self.q).float() / (1 - self.q)
# + self.mask = (torch.rand_like(x) >= self.q).float() / (1 - self.q)


# %% equivalent="own-dropout" why="a die falls on the border itself once in millions of throws"
# - self.kept = torch.rand(x.shape) < self.keep if training else None
# + self.kept = torch.rand(x.shape) <= self.keep if training else None


# %% equivalent="own-dropout" why="the same numbers in another type that is accepted"
# - kept = np.random.random(tuple(x.shape)) >= self.q
# + kept = np.random.random(tuple(x.shape)) > self.q


# %% equivalent="own-dropout" why="the same numbers in another type that is accepted"
# - kept = np.random.random(tuple(x.shape)) >= self.q
# + kept = np.random.random(x.shape) >= self.q


# %% equivalent="three-worlds" why="it reaches the goal, so it is right by the contract"
# - dice = torch.Generator().manual_seed(int(torch.randint(2 ** 31, (1,))))
# + dice = torch.Generator().manual_seed(int(torch.randint(2 ** 32, (1,))))


# %% equivalent="three-worlds" why="it reaches the goal, so it is right by the contract"
# - return (190 + (images - 190.0) * (0.15 + 0.85 * torch.rand(len(images), 1, 1, 1))).byte()
# + return (190 + (images - 380.0) * (0.15 + 0.85 * torch.rand(len(images), 1, 1, 1))).byte()


# %% equivalent="three-worlds" why="it reaches the goal, so it is right by the contract"
# - return Distort(degrees=20, shift=2.5)(images, dice)
# + return Distort(degrees=19, shift=2.5)(images, dice)


# %% equivalent="three-worlds" why="it reaches the goal, so it is right by the contract"
# - out = torch.stack([x[:, a:a + h, b:b + w] for x, a, b in zip(framed, tops, lefts)])
# + out = torch.stack([x[:, a:a + h, b:b + w] for x, b, a in zip(framed, tops, lefts)])


# %% equivalent="three-worlds" why="it reaches the goal, so it is right by the contract"
# - return (190 + (images.float() - 190) * clear).byte()
# + return (190 + (images.float() + 190) * clear).byte()


# %% equivalent="three-worlds" why="it reaches the goal, so it is right by the contract"
# - dice = torch.Generator().manual_seed(int(torch.randint(2 ** 31, (1,))))
# + dice = torch.manual_seed(int(torch.randint(2 ** 31, (1,))))


# %% equivalent="three-worlds" why="it reaches the goal, so it is right by the contract"
# - dice = torch.Generator().manual_seed(int(torch.randint(2 ** 31, (1,))))
# + dice = torch.Generator().manual_seed(int(torch.randint(31 ** 2, (1,))))


# %% equivalent="three-worlds" why="it reaches the goal, so it is right by the contract"
# - tops, lefts = torch.randint(0, 2 * far + 1, (2, n))
# + tops, lefts = torch.randint(0, 2 * far * 1, (2, n))


# %% equivalent="three-worlds" why="it reaches the goal, so it is right by the contract"
# - return ((1 - thick) * out + thick * 200).round().byte()
# + return ((1 - thick) * out + thick * 201).round().byte()


# %% equivalent="three-worlds" why="it reaches the goal, so it is right by the contract"
# - return (out * tint).clamp(0, 255).byte()
# + return (out * tint).clamp(0, 254).byte()
