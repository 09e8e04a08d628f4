# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="sum-channels" style="loop"
def correlate_channels(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return sum(filters.correlate2d(x[l], kernel[l]) for l in range(len(x)))


# %% right="sum-channels" style="windows"
def correlate_channels(x, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return np.einsum("orclmn,lmn->rc", windows, kernel)


# %% wrong="sum-channels" says="F.conv2d does the work"
def correlate_channels(x, kernel):
    x, kernel = torch.from_numpy(x).double(), torch.from_numpy(kernel).double()
    return F.conv2d(x[None], kernel[None])[0, 0]


# %% wrong="sum-channels" says="You kept the channels apart"
def correlate_channels(x, kernel):
    return np.stack([filters.correlate2d(x[l], kernel[l]) for l in range(len(x))])


# %% wrong="sum-channels" says="took the mean of the channels"
def correlate_channels(x, kernel):
    each = [filters.correlate2d(x[l], kernel[l]) for l in range(len(x))]
    return np.mean(each, axis=0)


# %% wrong="sum-channels" says="add the channels up with +="
def correlate_channels(x, kernel):
    for l in range(len(x)):
        out = filters.correlate2d(x[l], kernel[l])
    return out


# %% wrong="sum-channels" says="first slice of the kernel for every"
def correlate_channels(x, kernel):
    return sum(filters.correlate2d(channel, kernel[0]) for channel in x)


# %% wrong="sum-channels" says="the first channel alone"
def correlate_channels(x, kernel):
    for l in range(len(x)):
        return filters.correlate2d(x[l], kernel[l])


# %% right="sum-channels" style="float32"
def correlate_channels(x, kernel):
    x, kernel = x.astype(np.float32), kernel.astype(np.float32)
    L, M, N = kernel.shape
    out = np.zeros((x.shape[1] - M + 1, x.shape[2] - N + 1), np.float32)
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = np.sum(x[:, r : r + M, c : c + N] * kernel)
    return out


# %% wrong="sum-channels" says="one axis too many"
def correlate_channels(x, kernel):
    return sum(filters.correlate2d(a, k) for a, k in zip(x, kernel))[None]


# %% wrong="sum-channels" says="meet in reverse order"
def correlate_channels(x, kernel):
    return sum(filters.correlate2d(a, k) for a, k in zip(x, kernel[::-1]))


# %% wrong="sum-channels" says="changes its input x,"
def correlate_channels(x, kernel):
    for l in range(len(x)):
        r, c = filters.correlate2d(x[l], kernel[l]).shape
        x[l, :r, :c] = filters.correlate2d(x[l], kernel[l])
    return x[:, :r, :c].sum(axis=0)


# %% wrong="sum-channels" says="The kernel is flipped"
def correlate_channels(x, kernel):
    return sum(filters.convolve2d(x[l], kernel[l]) for l in range(len(x)))


# %% wrong="sum-channels" says="each slice meets its own channel alone"
def correlate_channels(x, kernel):
    return filters.correlate2d(x.sum(axis=0), kernel.sum(axis=0))


# %% right="conv-layer" style="loops"
def conv_layer(v, kernel, bias, g=relu):
    I, L, M, N = kernel.shape
    _, J, K = v.shape
    z = np.zeros((I, J - M + 1, K - N + 1))
    for i in range(I):
        for j in range(J - M + 1):
            for k in range(K - N + 1):
                total = bias[i]
                for l in range(L):
                    for m in range(M):
                        for n in range(N):
                            total += kernel[i, l, m, n] * v[l, j + m, k + n]
                z[i, j, k] = g(total)
    return z


# %% right="conv-layer" style="one filter at a time"
def conv_layer(
    v: np.ndarray, kernel: np.ndarray, bias: np.ndarray, g=relu
) -> np.ndarray:
    maps = []
    for filter, b in zip(kernel, bias):
        channels = [filters.correlate2d(a, s) for a, s in zip(v, filter)]
        maps.append(g(np.sum(channels, axis=0) + b))
    return np.stack(maps)


# %% right="conv-layer" style="windows"
def conv_layer(v, kernel, bias, g=relu):
    windows = np.lib.stride_tricks.sliding_window_view(v, kernel.shape[1:])[0]
    z = np.einsum("jklmn,ilmn->ijk", windows, kernel)
    return g(z + bias[:, None, None])


# %% right="conv-layer" style="float32"
def conv_layer(v, kernel, bias, g=relu):
    v, kernel, bias = (a.astype("float32") for a in (v, kernel, bias))
    I, L, M, N = kernel.shape
    z = np.zeros((I, v.shape[1] - M + 1, v.shape[2] - N + 1), dtype="float32")
    for i in range(I):
        z[i] = bias[i]
        for l, m, n in np.ndindex(L, M, N):
            z[i] += kernel[i, l, m, n] * v[l, m : m + z.shape[1], n : n + z.shape[2]]
    return g(z)


# %% wrong="conv-layer" says="F.conv2d does the work"
def conv_layer(v, kernel, bias, g=torch.relu):
    v, kernel, bias = (torch.tensor(a, dtype=torch.float64) for a in (v, kernel, bias))
    return g(F.conv2d(v, kernel, bias))


# %% wrong="conv-layer" says="call the g that is given"
def conv_layer(v, kernel, bias, g=relu):
    z = [sum(filters.correlate2d(a, s) for a, s in zip(v, k)) for k in kernel]
    return np.maximum(np.array(z) + bias[:, None, None], 0)


# %% wrong="conv-layer" says="You applied g twice"
def conv_layer(v, kernel, bias, g=relu):
    z = [sum(filters.correlate2d(a, s) for a, s in zip(v, k)) for k in kernel]
    return g(np.array([g(m + b) for m, b in zip(z, bias)]))


# %% wrong="conv-layer" says="takes 3 positional arguments but 4 were given"
def conv_layer(v, kernel, bias):
    z = [sum(filters.correlate2d(a, s) for a, s in zip(v, k)) for k in kernel]
    return relu(np.array(z) + bias[:, None, None])


# %% wrong="conv-layer" says="not the sum of all"
def conv_layer(v, kernel, bias, g=relu):
    z = [sum(filters.correlate2d(a, s) for a, s in zip(v, k)) for k in kernel]
    return g(np.array(z) + bias.sum())


# %% wrong="conv-layer" says="Keep the axis of the filters"
def conv_layer(v, kernel, bias, g=relu):
    z = [sum(filters.correlate2d(a, s) for a, s in zip(v, k)) for k in kernel]
    return np.squeeze(g(np.array(z) + bias[:, None, None]))


# %% wrong="conv-layer" says="The bias is missing"
def conv_layer(v, kernel, bias, g=relu):
    I, L = kernel.shape[:2]
    z = [
        sum(filters.correlate2d(v[l], kernel[i, l]) for l in range(L)) for i in range(I)
    ]
    return g(np.array(z))


# %% wrong="conv-layer" says="The activation is missing"
def conv_layer(v, kernel, bias, g=relu):
    I, L = kernel.shape[:2]
    z = [
        sum(filters.correlate2d(v[l], kernel[i, l]) for l in range(L)) + bias[i]
        for i in range(I)
    ]
    return np.array(z)


# %% wrong="conv-layer" says="after the activation"
def conv_layer(v, kernel, bias, g=relu):
    out = []
    for i in range(len(kernel)):
        z = sum(filters.correlate2d(v[l], kernel[i, l]) for l in range(len(v)))
        out.append(bias[i] + g(z))
    return np.array(out)


# %% wrong="conv-layer" says="once for every input channel"
def conv_layer(v, kernel, bias, g=relu):
    out = []
    for i in range(len(kernel)):
        z = 0
        for l in range(len(v)):
            z = z + filters.correlate2d(v[l], kernel[i, l]) + bias[i]
        out.append(g(z))
    return np.array(out)


# %% wrong="conv-layer" says="applied g to every channel"
def conv_layer(v, kernel, bias, g=relu):
    out = []
    for i in range(len(kernel)):
        each = [
            g(filters.correlate2d(v[l], kernel[i, l]) + bias[i]) for l in range(len(v))
        ]
        out.append(sum(each))
    return np.array(out)


# %% wrong="conv-layer" says="The kernel is flipped"
def conv_layer(v, kernel, bias, g=relu):
    out = []
    for i in range(len(kernel)):
        z = sum(filters.convolve2d(v[l], kernel[i, l]) for l in range(len(v)))
        out.append(g(z + bias[i]))
    return np.array(out)


# %% wrong="conv-layer" says="could not be broadcast"
def conv_layer(v, kernel, bias, g=relu):
    z = [sum(filters.correlate2d(a, s) for a, s in zip(v, k)) for k in kernel]
    return g(np.array(z) + np.append(bias, 0))


# %% wrong="conv-layer" says="You added the filters up"
def conv_layer(v, kernel, bias, g=relu):
    out = 0
    for i in range(len(kernel)):
        z = sum(filters.correlate2d(v[l], kernel[i, l]) for l in range(len(v)))
        out = out + g(z + bias[i])
    return out


# %% right="free-parameters" style="formula"
def free_parameters(filters: int, channels: int, height: int, width: int) -> int:
    return filters * (1 + channels * height * width)


# %% right="free-parameters" style="torch"
def free_parameters(filters, channels, height, width):
    layer = torch.nn.Conv2d(channels, filters, (height, width), device="meta")
    return sum(p.numel() for p in layer.parameters())


# %% wrong="free-parameters" says="The biases are missing"
def free_parameters(filters, channels, height, width):
    return filters * channels * height * width


# %% wrong="free-parameters" says="not one in all"
def free_parameters(filters, channels, height, width):
    return filters * channels * height * width + 1


# %% wrong="free-parameters" says="not one for each filter and channel"
def free_parameters(filters, channels, height, width):
    return filters * channels * (height * width + 1)


# %% wrong="free-parameters" says="for every input channel."
def free_parameters(filters, channels, height, width):
    return filters * (height * width + 1)


# %% wrong="free-parameters" says="That is one filter"
def free_parameters(filters, channels, height, width):
    return channels * height * width + 1


# %% wrong="free-parameters" says="need not be square"
def free_parameters(filters, channels, height, width):
    return filters * (channels * height**2 + 1)


# %% wrong="free-parameters" says="That is an overflow"
def free_parameters(filters, channels, height, width):
    sizes = np.array([channels, height, width], dtype=np.int32)
    return filters + np.prod(sizes, dtype=np.int32) * np.int32(filters)


# %% wrong="pointwise" says="F.conv2d does the work"
def conv1x1(x, weight, bias):
    x, weight, bias = (torch.tensor(a).double() for a in (x, weight, bias))
    return F.conv2d(x, weight[:, :, None, None], bias)


# %% wrong="pointwise" says="Keep the axis of the filters"
def conv1x1(x, weight, bias):
    return np.squeeze(np.einsum("il,lhw->ihw", weight, x) + bias[:, None, None])


# %% wrong="pointwise" says="returned nothing (None)"
def conv1x1(x, weight, bias):
    out = np.einsum("il,lhw->ihw", weight, x) + bias[:, None, None]


# %% right="pointwise" style="einsum"
def conv1x1(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    return np.einsum("il,lhw->ihw", weight, x) + bias[:, None, None]


# %% right="pointwise" style="loops over pixels"
def conv1x1(x, weight, bias):
    L, H, W = x.shape
    out = np.zeros((len(weight), H, W))
    for r in range(H):
        for c in range(W):
            out[:, r, c] = weight @ x[:, r, c] + bias
    return out


# %% right="pointwise" style="matrix product"
def conv1x1(x, weight, bias):
    flat = weight @ x.reshape(len(x), -1) + bias.reshape(-1, 1)
    return flat.reshape(-1, *x.shape[1:])


# %% right="pointwise" style="torch"
def conv1x1(x, weight, bias):
    pixels = torch.tensor(x).double().permute(1, 2, 0)
    out = F.linear(pixels, torch.tensor(weight).double(), torch.tensor(bias).double())
    return out.permute(2, 0, 1)


# %% wrong="pointwise" says="The bias is missing"
def conv1x1(x, weight, bias):
    return np.einsum("il,lhw->ihw", weight, x)


# %% wrong="pointwise" says="output channels come first"
def conv1x1(x, weight, bias):
    return np.moveaxis(x, 0, -1) @ weight.T + bias


# %% wrong="pointwise" says="reshape does not move the channels"
def conv1x1(x, weight, bias):
    L, H, W = x.shape
    pixels = x.reshape(H * W, L)
    return (pixels @ weight.T + bias).T.reshape(-1, H, W)


# %% wrong="pointwise" says="mixed up at the end"
def conv1x1(x, weight, bias):
    L, H, W = x.shape
    pixels = np.moveaxis(x, 0, -1).reshape(-1, L)
    return (pixels @ weight.T + bias).reshape(-1, H, W)


# %% wrong="pointwise" says="the pixels are flat"
def conv1x1(x, weight, bias):
    return weight @ x.reshape(len(x), -1) + bias[:, None]


# %% wrong="pointwise" says="an activation"
def conv1x1(x, weight, bias):
    return relu(np.einsum("il,lhw->ihw", weight, x) + bias[:, None, None])


# %% wrong="pointwise" says="with the ROWS of each channel"
def conv1x1(x, weight, bias):
    return weight @ x + bias


# %% right="pointwise" style="the layer of 3.2 with the course's correlate2d"
def conv1x1(x, weight, bias):
    def correlate_channels(x, kernel):
        return sum(filters.correlate2d(a, k) for a, k in zip(x, kernel))

    kernels = weight[:, :, None, None]
    return np.stack([correlate_channels(x, k) + b for k, b in zip(kernels, bias)])


# %% right="kernel-shapes" style="lists"
reviews = [100, 300, 4]
music = [64, 2, 441]
game = [16, 4, 8, 8]
film = [64, 3, 3, 3, 3]


# %% right="kernel-shapes" style="tuples and arithmetic"
reviews = (100, 300, 4)
music = (64, 2, 44100 // 100)
game = np.array([16, 4, 8, 8])
film = tuple(torch.zeros(64, 3, 3, 3, 3).shape)


# %% wrong="kernel-shapes" says="Nothing slides along the numbers of a vector"
reviews = [100, 1, 300, 4]
music = [64, 2, 441]
game = [16, 4, 8, 8]
film = [64, 3, 3, 3, 3]


# %% wrong="kernel-shapes" says="it cannot slide along them"
reviews = [100, 300, 4]
music = [64, 2, 441]
game = [16, 1, 4, 8, 8]
film = [64, 3, 3, 3, 3]


# %% wrong="kernel-shapes" says="two loudspeakers"
reviews = [100, 300, 4]
music = [64, 1, 441]
game = [16, 4, 8, 8]
film = [64, 3, 3, 3, 3]


# %% wrong="kernel-shapes" says="so the frames are places, not channels"
reviews = [100, 300, 4]
music = [64, 2, 441]
game = [16, 4, 8, 8]
film = [64, 9, 3, 3]


# %% right="im2col" style="loops"
def im2col(x: np.ndarray, k: int) -> np.ndarray:
    L, H, W = x.shape
    columns = []
    for r in range(H - k + 1):
        for c in range(W - k + 1):
            columns.append(x[:, r : r + k, c : c + k].flatten())
    return np.array(columns).T


# %% right="im2col" style="one row at a time"
def im2col(x, k):
    L, H, W = x.shape
    h, w = H - k + 1, W - k + 1
    rows = np.zeros((L * k * k, h * w))
    for i, (l, m, n) in enumerate(np.ndindex(L, k, k)):
        rows[i] = x[l, m : m + h, n : n + w].ravel()
    return rows


# %% right="im2col" style="indices, torch"
def im2col(x, k):
    L, H, W = x.shape
    x = torch.tensor(x)
    r, c = torch.arange(H - k + 1), torch.arange(W - k + 1)
    m, n = torch.arange(k)[:, None, None, None], torch.arange(k)[:, None, None]
    return x[:, m + r[:, None], n + c].reshape(L * k * k, -1)


# %% wrong="im2col" says="np.lib.stride_tricks.sliding_window_view does"
def im2col(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))
    return windows.transpose(0, 3, 4, 1, 2).reshape(len(x) * k * k, -1)


# %% wrong="im2col" says="F.unfold does the work"
def im2col(x, k):
    return F.unfold(torch.tensor(x[None]).float(), k)[0]


# %% wrong="im2col" says="in yours it is a row"
def im2col(x, k):
    L, H, W = x.shape
    rows = []
    for r in range(H - k + 1):
        for c in range(W - k + 1):
            rows.append(x[:, r : r + k, c : c + k].flatten())
    return np.array(rows)


# %% wrong="im2col" says="a row of places is W' long"
def im2col(x, k):
    L, H, W = x.shape
    h, w = H - k + 1, W - k + 1
    columns = np.zeros((L * k * k, h * w))
    for r in range(h):
        for c in range(w):
            columns[:, r * h + c] = x[:, r : r + k, c : c + k].ravel()
    return columns


# %% wrong="im2col" says="then reshaped"
def im2col(x, k):
    L, H, W = x.shape
    rows = []
    for r in range(H - k + 1):
        for c in range(W - k + 1):
            rows.append(x[:, r : r + k, c : c + k].flatten())
    return np.array(rows).reshape(L * k * k, -1)


# %% wrong="im2col" says="then down"
def im2col(x, k):
    L, H, W = x.shape
    columns = []
    for c in range(W - k + 1):
        for r in range(H - k + 1):
            columns.append(x[:, r : r + k, c : c + k].ravel())
    return np.stack(columns, axis=1)


# %% wrong="im2col" says="in the order (L, k, k)"
def im2col(x, k):
    L, H, W = x.shape
    columns = []
    for r in range(H - k + 1):
        for c in range(W - k + 1):
            columns.append(x[:, r : r + k, c : c + k].transpose(1, 2, 0).ravel())
    return np.stack(columns, axis=1)


# %% wrong="im2col" says="Your patches lie side by side"
def im2col(x, k):
    L, H, W = x.shape
    columns = []
    for r in range(0, H - k + 1, k):
        for c in range(0, W - k + 1, k):
            columns.append(x[:, r : r + k, c : c + k].ravel())
    return np.stack(columns, axis=1)


# %% wrong="im2col" says="last column of patches are missing"
def im2col(x, k):
    L, H, W = x.shape
    columns = []
    for r in range(H - k):
        for c in range(W - k):
            columns.append(x[:, r : r + k, c : c + k].ravel())
    return np.stack(columns, axis=1)


# %% wrong="im2col" says="the first channel alone"
def im2col(x, k):
    _, H, W = x.shape
    patches = [
        x[0, r : r + k, c : c + k].ravel()
        for r in range(H - k + 1)
        for c in range(W - k + 1)
    ]
    return np.stack(patches, axis=1)


# %% right="any-axes" style="place by place"
def conv_nd(x, kernel, bias):
    if kernel.ndim != x.ndim + 1:
        raise ValueError(f"{kernel.shape} has the wrong number of axes for {x.shape}")
    if kernel.shape[1] != x.shape[0]:
        raise ValueError(f"{kernel.shape} has other channels than {x.shape}")
    sizes = [n - k + 1 for n, k in zip(x.shape[1:], kernel.shape[2:])]
    if min(sizes) < 1:
        raise ValueError(f"{kernel.shape} is longer than {x.shape}")
    out = np.zeros((len(kernel), *sizes))
    for i in range(len(kernel)):
        for place in np.ndindex(*sizes):
            cut = [slice(p, p + k) for p, k in zip(place, kernel.shape[2:])]
            out[(i, *place)] = np.sum(kernel[i] * x[(slice(None), *cut)]) + bias[i]
    return out


# %% right="any-axes" style="windows"
def conv_nd(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    size, d = kernel.shape[2:], x.ndim - 1
    if len(size) != d or len(x) != kernel.shape[1] or any(np.array(size) > x.shape[1:]):
        raise ValueError(f"{kernel.shape} does not fit {x.shape}")
    axes = tuple(range(1, d + 1))
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=axes)
    over = [0, *range(d + 1, 2 * d + 1)]
    out = np.tensordot(kernel, windows, axes=(list(range(1, d + 2)), over))
    return out + np.expand_dims(bias, axes)


# %% right="any-axes" style="always three axes, float32"
def conv_nd(x, kernel, bias):
    if kernel.ndim - x.ndim != 1 or kernel.shape[1] != x.shape[0]:
        raise ValueError("a kernel " + str(kernel.shape) + ", an input " + str(x.shape))
    axes = x.ndim - 1
    x = x.astype(np.float32).reshape(len(x), *[1] * (3 - axes), *x.shape[1:])
    w = kernel.astype(np.float32)
    w = w.reshape(*w.shape[:2], *[1] * (3 - axes), *w.shape[2:])
    I, L, a, b, c = w.shape
    D, H, W = np.array(x.shape[1:]) - (a, b, c) + 1
    if D < 1 or H < 1 or W < 1:
        raise ValueError("a kernel " + str(kernel.shape) + ", an input " + str(x.shape))
    out = np.zeros((I, D, H, W), np.float32)
    for r in range(D):
        for s in range(H):
            for t in range(W):
                patch = x[:, r : r + a, s : s + b, t : t + c]
                out[:, r, s, t] = w.reshape(I, -1) @ patch.flatten() + bias
    return out.reshape(I, *out.shape[4 - axes :])


# %% right="any-axes" style="torch, weight by weight"
def conv_nd(x, kernel, bias):
    x, w, b = (torch.tensor(a).double() for a in (x, kernel, bias))
    sizes = [n - k + 1 for n, k in zip(x.shape[1:], w.shape[2:])]
    if w.dim() != x.dim() + 1 or w.shape[1] != x.shape[0] or min(sizes) < 1:
        raise ValueError(f"{tuple(w.shape)} on {tuple(x.shape)}")
    out = b.reshape(-1, *[1] * len(sizes)).repeat(1, *sizes)
    for m in np.ndindex(*w.shape[2:]):
        shifted = x[(slice(None), *(slice(a, a + n) for a, n in zip(m, sizes)))]
        out += torch.einsum("il,l...->i...", w[(..., *m)], shifted)
    return out


# %% right="any-axes" style="columns and a product"
def conv_nd(x, kernel, bias):
    count, channels, *size = kernel.shape
    if len(size) + 1 != len(x.shape) or channels != len(x):
        raise ValueError(f"{kernel.shape} does not fit {x.shape}")
    places = [n - k + 1 for n, k in zip(x.shape[1:], size)]
    if any(n <= 0 for n in places):
        raise ValueError(f"{kernel.shape} does not fit {x.shape}")
    columns = []
    for place in np.ndindex(*places):
        patch = x
        for axis, (p, k) in enumerate(zip(place, size), start=1):
            patch = patch.take(range(p, p + k), axis)
        columns.append(patch.ravel())
    product = kernel.reshape(count, -1) @ np.array(columns).T
    return (product + bias[:, None]).reshape(count, *places)


# %% right="any-axes" style="a recursion that ends in the course's correlate2d"
def conv_nd(x, kernel, bias):
    fits = kernel.ndim == x.ndim + 1 and kernel.shape[1] == x.shape[0]
    if not fits or any(k > n for k, n in zip(kernel.shape[2:], x.shape[1:])):
        raise ValueError(f"{kernel.shape} does not fit {x.shape}")

    def slide(a, k):
        if a.ndim == 1:
            return filters.correlate2d(a[None], k[None])[0]
        if a.ndim == 2:
            return filters.correlate2d(a, k)
        places = range(len(a) - len(k) + 1)
        return np.stack(
            [sum(slide(a[p + m], k[m]) for m in range(len(k))) for p in places]
        )

    def one(kernels):
        return sum(slide(a, k) for a, k in zip(x, kernels))

    return np.stack([one(k) + b for k, b in zip(kernel, bias)])


# %% wrong="any-axes" says="F.conv1d does the work"
def conv_nd(x, kernel, bias):
    if kernel.ndim != x.ndim + 1:
        raise ValueError
    f = [F.conv1d, F.conv2d, F.conv3d][x.ndim - 2]
    return f(*(torch.tensor(a).double() for a in (x, kernel, bias)))


# %% wrong="any-axes" says="scipy.signal.correlate does the work"
def conv_nd(x, kernel, bias):
    from scipy import signal

    maps = [signal.correlate(x, k, mode="valid")[0] + b for k, b in zip(kernel, bias)]
    return np.array(maps)


# %% wrong="any-axes" says="should name both shapes"
def conv_nd(x, kernel, bias):
    sizes = [n - k + 1 for n, k in zip(x.shape[1:], kernel.shape[2:])]
    out = np.zeros((len(kernel), *sizes))
    for place in np.ndindex(*sizes):
        cut = [slice(p, p + k) for p, k in zip(place, kernel.shape[2:])]
        window = (kernel * x[(slice(None), *cut)]).reshape(len(kernel), -1)
        out[(slice(None), *place)] = window.sum(axis=1) + bias
    return out


# %% wrong="any-axes" says="A kernel (3, 3, 2) does not fit"
def conv_nd(x, kernel, bias):
    sizes = np.subtract(x.shape[1:], kernel.shape[2:]) + 1
    if kernel.ndim != x.ndim + 1 or min(sizes) < 1:
        raise ValueError(f"{kernel.shape} does not fit {x.shape}")
    out = np.zeros((len(kernel), *sizes))
    for place in np.ndindex(*sizes):
        cut = [slice(p, p + k) for p, k in zip(place, kernel.shape[2:])]
        for i, weights in enumerate(kernel):
            pairs = zip(weights, x)
            out[(i, *place)] = sum(np.sum(w * a[tuple(cut)]) for w, a in pairs)
            out[(i, *place)] += bias[i]
    return out


# %% wrong="any-axes" says="a kernel too long along axis 2"
def conv_nd(x, kernel, bias):
    if kernel.ndim != x.ndim + 1 or kernel.shape[1] != len(x):
        raise ValueError(f"{kernel.shape} does not fit {x.shape}")
    if kernel.shape[2] > x.shape[1]:
        raise ValueError(f"{kernel.shape} is longer than {x.shape}")
    sizes = [max(n - k + 1, 0) for n, k in zip(x.shape[1:], kernel.shape[2:])]
    out = np.zeros((len(kernel), *sizes)) + bias.reshape(-1, *[1] * len(sizes))
    for m in np.ndindex(*kernel.shape[2:]):
        shifted = x[(slice(None), *(slice(a, a + n) for a, n in zip(m, sizes)))]
        out += np.tensordot(kernel[(..., *m)], shifted, 1)
    return out


# %% wrong="any-axes" says="not enough values to unpack"
def conv_nd(x, kernel, bias):
    I, L, M, N = kernel.shape
    out = np.zeros((I, x.shape[1] - M + 1, x.shape[2] - N + 1))
    for i, j, k in np.ndindex(out.shape):
        out[i, j, k] = np.sum(kernel[i] * x[:, j : j + M, k : k + N]) + bias[i]
    return out


# %% wrong="any-axes" says="Every filter has its own bias"
def conv_nd(x, kernel, bias):
    sizes = np.subtract(x.shape[1:], kernel.shape[2:]) + 1
    out = np.zeros((len(kernel), *sizes))
    for i in range(len(kernel)):
        for place in np.ndindex(*sizes):
            cut = [slice(p, p + k) for p, k in zip(place, kernel.shape[2:])]
            out[(i, *place)] = np.sum(kernel[i] * x[(slice(None), *cut)])
    return out + bias.sum()


# %% wrong="any-axes" says="once for every input channel"
def conv_nd(x, kernel, bias):
    sizes = np.subtract(x.shape[1:], kernel.shape[2:]) + 1
    out = np.zeros((len(kernel), *sizes))
    for i, l in np.ndindex(kernel.shape[:2]):
        for place in np.ndindex(*sizes):
            cut = tuple(slice(p, p + k) for p, k in zip(place, kernel.shape[2:]))
            out[(i, *place)] += np.sum(kernel[i, l] * x[l][cut]) + bias[i]
    return out


# %% wrong="any-axes" says="the places are flat"
def conv_nd(x, kernel, bias):
    sizes = np.subtract(x.shape[1:], kernel.shape[2:]) + 1
    patches = []
    for place in np.ndindex(*sizes):
        cut = [slice(p, p + k) for p, k in zip(place, kernel.shape[2:])]
        patches.append(x[(slice(None), *cut)].flatten())
    return kernel.reshape(len(kernel), -1) @ np.array(patches).T + bias[:, None]


# %% wrong="any-axes" says="The kernel is flipped"
def conv_nd(x, kernel, bias):
    sizes = np.subtract(x.shape[1:], kernel.shape[2:]) + 1
    out = np.zeros((len(kernel), *sizes)) + bias.reshape(-1, *[1] * len(sizes))
    for m in np.ndindex(*kernel.shape[2:]):
        start = np.subtract(kernel.shape[2:], 1) - m
        shifted = x[(slice(None), *(slice(a, a + n) for a, n in zip(start, sizes)))]
        out += np.tensordot(kernel[(..., *m)], shifted, 1)
    return out


# %% wrong="any-axes" says="last place along each axis"
def conv_nd(x, kernel, bias):
    sizes = np.subtract(x.shape[1:], kernel.shape[2:])
    out = np.zeros((len(kernel), *sizes)) + bias.reshape(-1, *[1] * len(sizes))
    for m in np.ndindex(*kernel.shape[2:]):
        shifted = x[(slice(None), *(slice(a, a + n) for a, n in zip(m, sizes)))]
        out += np.tensordot(kernel[(..., *m)], shifted, 1)
    return out


# %% wrong="any-axes" says="Shapes are lined up from the right"
def conv_nd(x, kernel, bias):
    sizes = np.subtract(x.shape[1:], kernel.shape[2:]) + 1
    out = np.zeros((len(kernel), *sizes))
    for m in np.ndindex(*kernel.shape[2:]):
        shifted = x[(slice(None), *(slice(a, a + n) for a, n in zip(m, sizes)))]
        out += np.tensordot(kernel[(..., *m)], shifted, 1)
    return out + np.append(bias, 0)


# %% right="lenet-counts" style="numbers"
weights_per_neuron = 26
neurons = 4704
connections = 122304
parameters = 156


# %% right="lenet-counts" style="arithmetic"
weights_per_neuron = 5 * 5 + 1
neurons = 28 * 28 * 6
connections = neurons * weights_per_neuron
parameters = 6 * weights_per_neuron


# %% wrong="lenet-counts" says="A neuron has a bias too"
weights_per_neuron = 25
neurons = 4704
connections = 122304
parameters = 156


# %% wrong="lenet-counts" says="That is one feature map"
weights_per_neuron = 26
neurons = 28 * 28
connections = 122304
parameters = 156


# %% wrong="lenet-counts" says="The bias is a connection too"
weights_per_neuron = 26
neurons = 4704
connections = 4704 * 25
parameters = 156


# %% wrong="lenet-counts" says="share their weights"
weights_per_neuron = 26
neurons = 4704
connections = 122304
parameters = 122304


# %% wrong="lenet-counts" says="parameters is not filled in yet"
weights_per_neuron = 26
neurons = 4704
connections = 122304
parameters = ...


# %% right="four-counts" style="formulas"
def four_counts(height, width, channels, filters, k):
    weights = channels * k * k + 1
    neurons = filters * (height - k + 1) * (width - k + 1)
    return {
        "weights_per_neuron": weights,
        "neurons": neurons,
        "connections": neurons * weights,
        "parameters": filters * weights,
    }


# %% right="four-counts" style="torch"
def four_counts(
    height: int, width: int, channels: int, filters: int, k: int
) -> dict[str, int]:
    layer = torch.nn.Conv2d(channels, filters, k)
    z = layer(torch.zeros(channels, height, width))
    one = layer.weight[0].numel() + 1
    return dict(
        parameters=len(layer.bias) * one,
        neurons=z.numel(),
        weights_per_neuron=one,
        connections=z.numel() * one,
    )


# %% wrong="four-counts" says="The bias is missing"
def four_counts(height, width, channels, filters, k):
    weights = channels * k * k
    neurons = filters * (height - k + 1) * (width - k + 1)
    return {
        "weights_per_neuron": weights,
        "neurons": neurons,
        "connections": neurons * weights,
        "parameters": filters * weights,
    }


# %% wrong="four-counts" says="looks at every input channel"
def four_counts(height, width, channels, filters, k):
    weights = k * k + 1
    neurons = filters * (height - k + 1) * (width - k + 1)
    return {
        "weights_per_neuron": weights,
        "neurons": neurons,
        "connections": neurons * weights,
        "parameters": filters * weights,
    }


# %% wrong="four-counts" says="Without padding the output is smaller"
def four_counts(height, width, channels, filters, k):
    weights = channels * k * k + 1
    neurons = filters * height * width
    return {
        "weights_per_neuron": weights,
        "neurons": neurons,
        "connections": neurons * weights,
        "parameters": filters * weights,
    }


# %% wrong="four-counts" says="filter has neurons of its own"
def four_counts(height, width, channels, filters, k):
    weights = channels * k * k + 1
    neurons = (height - k + 1) * (width - k + 1)
    return {
        "weights_per_neuron": weights,
        "neurons": neurons,
        "connections": neurons * weights,
        "parameters": filters * weights,
    }


# %% wrong="four-counts" says="every connection as a parameter"
def four_counts(height, width, channels, filters, k):
    weights = channels * k * k + 1
    neurons = filters * (height - k + 1) * (width - k + 1)
    return {
        "weights_per_neuron": weights,
        "neurons": neurons,
        "connections": neurons * weights,
        "parameters": neurons * weights,
    }


# %% wrong="four-counts" says="Look at ['neurons']: expected a whole number"
def four_counts(height, width, channels, filters, k):
    weights = channels * k * k + 1
    neurons = filters * ((height - k) / 1 + 1) * ((width - k) / 1 + 1)
    return {
        "weights_per_neuron": weights,
        "neurons": neurons,
        "connections": neurons * weights,
        "parameters": filters * weights,
    }


# %% right="four-counts" style="OrderedDict, NumPy integers"
def four_counts(height, width, channels, filters, k):
    from collections import OrderedDict

    places = np.prod(np.subtract((height, width), k - 1))
    counts = OrderedDict(weights_per_neuron=np.int64(channels * k**2 + 1))
    counts["neurons"] = places * filters
    counts["connections"] = counts["neurons"] * counts["weights_per_neuron"]
    counts["parameters"] = filters * counts["weights_per_neuron"]
    return counts


# %% wrong="four-counts" says="That is an overflow"
def four_counts(height, width, channels, filters, k):
    weights = np.int32(channels * k * k + 1)
    neurons = np.int32(filters * (height - k + 1) * (width - k + 1))
    return {
        "weights_per_neuron": weights,
        "neurons": neurons,
        "connections": neurons * weights,
        "parameters": filters * weights,
    }


# %% wrong="four-counts" says="returned a tuple"
def four_counts(height, width, channels, filters, k):
    weights = channels * k * k + 1
    neurons = filters * (height - k + 1) * (width - k + 1)
    return weights, neurons, neurons * weights, filters * weights


# %% wrong="four-counts" says="Both mistakes are still there"
def four_counts(height, width, channels, filters, k):
    per_neuron = k * k + channels
    count = filters * (height - k + 1) ** 2
    keys = "weights_per_neuron", "neurons", "connections", "parameters"
    return dict(
        zip(keys, (per_neuron, count, count * per_neuron, filters * per_neuron))
    )


# %% wrong="four-counts" says="neither the image nor its maps need be square"
def four_counts(height, width, channels, filters, k):
    per_neuron = k * k * channels + 1
    count = filters * (height - k + 1) ** 2
    keys = "weights_per_neuron", "neurons", "connections", "parameters"
    return dict(
        zip(keys, (per_neuron, count, count * per_neuron, filters * per_neuron))
    )


# %% wrong="four-counts" says="a neuron that looks at a colour image"
def four_counts(height, width, channels, filters, k):
    per_neuron = k * k + channels
    count = filters * (height - k + 1) * (width - k + 1)
    keys = "weights_per_neuron", "neurons", "connections", "parameters"
    return dict(
        zip(keys, (per_neuron, count, count * per_neuron, filters * per_neuron))
    )


# %% right="activations" style="never a positive exponent"
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def tanh(z):
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - e) / (1 + e)


def relu(z):
    return np.maximum(z, 0)


# %% right="activations" style="masks"
def sigmoid(z):
    out = np.empty(z.shape)
    positive = z > 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    small = np.exp(z[~positive])
    out[~positive] = small / (1 + small)
    return out


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    return z * (z > 0)


# %% right="activations" style="torch"
def sigmoid(z):
    z = torch.as_tensor(z)
    e = torch.exp(-z.abs())
    return torch.where(z >= 0, 1.0, e) / (1 + e)


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    return torch.tensor(z).clamp(min=0)


# %% wrong="activations" says="torch.sigmoid does the work"
def sigmoid(z):
    return torch.sigmoid(torch.tensor(z))


def tanh(z):
    return torch.tanh(torch.tensor(z))


def relu(z):
    return torch.tensor(z).clamp(min=0)


# %% wrong="activations" says="np.tanh does the work"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


tanh = np.tanh


def relu(z):
    return np.maximum(z, 0)


# %% wrong="activations" says="changes its input x,"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    z[z < 0] = 0
    return z


# %% wrong="activations" says="iteration over a 0-d"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    return np.array([np.maximum(t, 0) for t in z])


# %% wrong="activations" says="overflow encountered in exp"
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def tanh(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def relu(z):
    return np.maximum(z, 0)


# %% wrong="activations" says="nan"
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def tanh(z):
    with np.errstate(all="ignore"):
        return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def relu(z):
    return np.maximum(z, 0)


# %% wrong="activations" says="the sigmoid rises"
def sigmoid(z):
    return 1 / (1 + np.exp(z))


def tanh(z):
    return 1 - 2 / (1 + np.exp(2 * z))


def relu(z):
    return np.maximum(z, 0)


# %% wrong="activations" says="np.max gives the largest"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    return np.max(z, 0)


# %% wrong="activations" says="2·sigmoid(2x) - 1"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return 2 * sigmoid(z) - 1


def relu(z):
    return np.maximum(z, 0)


# %% wrong="activations" says="absolute value"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    return np.abs(z)


# %% wrong="activations" says="another formula"
def sigmoid(z):
    return 1 / (1 + np.exp(-np.abs(z)))


def tanh(z):
    return 2 * sigmoid(2 * np.asarray(z)) - 1


def relu(z):
    return np.maximum(z, 0)


# %% wrong="activations" says="`if` and `max` want one number"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    return z if z > 0 else 0


# %% wrong="activations" says="holds True and False"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    return z > 0


# %% wrong="activations" says="the cell that defines relu"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    raise NotImplementedError("Write your answer here, then delete this line.")


# %% right="sketch" style="curves of the axes"
def sketch():
    fig, ax = plt.subplots()
    x = np.linspace(-4, 4, 200)
    ax.plot(x, 1 / (1 + np.exp(-x)), label="sigmoid")
    ax.plot(x, np.tanh(x), label="tanh")
    ax.plot(x, np.maximum(x, 0), label="ReLU")
    ax.legend()
    return plots.curves(ax)


# %% right="sketch" style="a loop, torch"
def sketch():
    x = torch.arange(-4, 4.001, 0.05)
    ys = {"ReLU": F.relu(x), "sigmoid": torch.sigmoid(x), "tanh": torch.tanh(x)}
    for name in ys:
        plt.plot(x, ys[name], label=name)
    return {name: (x, ys[name]) for name in ys}


# %% wrong="sketch" says="No curve is labelled 'ReLU'"
def sketch():
    fig, ax = plt.subplots()
    x = np.linspace(-4, 4, 200)
    ax.plot(x, 1 / (1 + np.exp(-x)), label="sigmoid")
    ax.plot(x, np.tanh(x), label="tanh")
    ax.plot(x, np.maximum(x, 0), label="relu")
    return plots.curves(ax)


# %% wrong="sketch" says="x should go from -4 to 4"
def sketch():
    fig, ax = plt.subplots()
    x = np.linspace(0, 4, 200)
    ax.plot(x, 1 / (1 + np.exp(-x)), label="sigmoid")
    ax.plot(x, np.tanh(x), label="tanh")
    ax.plot(x, np.maximum(x, 0), label="ReLU")
    return plots.curves(ax)


# %% wrong="sketch" says="at least 40 points"
def sketch():
    fig, ax = plt.subplots()
    x = np.arange(-4, 5)
    ax.plot(x, 1 / (1 + np.exp(-x)), label="sigmoid")
    ax.plot(x, np.tanh(x), label="tanh")
    ax.plot(x, np.maximum(x, 0), label="ReLU")
    return plots.curves(ax)


# %% wrong="sketch" says="The curve labelled sigmoid shows tanh"
def sketch():
    fig, ax = plt.subplots()
    x = np.linspace(-4, 4, 200)
    ax.plot(x, np.tanh(x), label="sigmoid")
    ax.plot(x, 1 / (1 + np.exp(-x)), label="tanh")
    ax.plot(x, np.maximum(x, 0), label="ReLU")
    return plots.curves(ax)


# %% wrong="sketch" says="nothing was drawn"
def sketch():
    x = np.linspace(-4, 4, 200)
    ys = {"ReLU": np.maximum(x, 0), "sigmoid": 1 / (1 + np.exp(-x)), "tanh": np.tanh(x)}
    return {name: (x, ys[name]) for name in ys}


# %% wrong="sketch" says="spread the points out"
def sketch():
    fig, ax = plt.subplots()
    x = np.append(np.linspace(-4, -3.9, 50), np.linspace(3.9, 4, 50))
    ax.plot(x, 1 / (1 + np.exp(-x)), label="sigmoid")
    ax.plot(x, np.tanh(x), label="tanh")
    ax.plot(x, np.maximum(x, 0), label="ReLU")
    return plots.curves(ax)


# %% wrong="sketch" says="is a list; expected an array of shape (n,)"
def sketch():
    fig, ax = plt.subplots()
    x = np.linspace(-4, 4, 200)
    ax.plot(x, np.tanh(x))
    ragged = [[1, 2], [3]]
    return dict.fromkeys(["sigmoid", "tanh", "ReLU"], (ragged, ragged))


# %% wrong="sketch" says="returned nothing"
def sketch():
    fig, ax = plt.subplots()
    x = np.linspace(-4, 4, 200)
    ax.plot(x, 1 / (1 + np.exp(-x)), label="sigmoid")
    ax.plot(x, np.tanh(x), label="tanh")
    ax.plot(x, np.maximum(x, 0), label="ReLU")
    plots.curves(ax)


# %% wrong="sketch" says="an object of type Axes"
def sketch():
    fig, ax = plt.subplots()
    x = np.linspace(-4, 4, 200)
    ax.plot(x, 1 / (1 + np.exp(-x)), label="sigmoid")
    ax.plot(x, np.tanh(x), label="tanh")
    ax.plot(x, np.maximum(x, 0), label="ReLU")
    return ax


# %% wrong="sketch" says="No curve is labelled 'sigmoid'"
def sketch():
    fig, ax = plt.subplots()
    x = np.linspace(-4, 4, 200)
    ax.plot(x, 1 / (1 + np.exp(-x)))
    ax.plot(x, np.tanh(x))
    ax.plot(x, np.maximum(x, 0))
    ax.legend(["sigmoid", "tanh", "ReLU"])
    return {}


# %% equivalent="sum-channels" why="the two are of one length; an index may be any iterable"
# - pairs = zip(x, kernel, strict=True)
# + pairs = zip(x, kernel)


# %% equivalent="sum-channels" why="the two are of one length; an index may be any iterable"
# - pairs = zip(x, kernel, strict=True)
# + pairs = zip(x, kernel, strict=False)


# %% equivalent="conv-layer" why="every entry is overwritten, or only the shape counts"
# - sums = np.zeros((count, x.shape[1] - m + 1, x.shape[2] - n + 1))
# + sums = np.ones((count, x.shape[1] - m + 1, x.shape[2] - n + 1))


# %% equivalent="pointwise" why="there are as many biases as kernels"
# - return mixed.reshape(len(weight), height, width)
# + return mixed.reshape(len(bias), height, width)


# %% equivalent="activations" why="what it changes is never negative"
# - return np.where(np.asarray(x) >= 0, 1, small) / (1 + small)
# + return np.maximum(np.where(np.asarray(x) >= 0, 1, small) / (1 + small), 0)


# %% equivalent="activations" why="what it changes is never negative"
# - return np.where(np.asarray(x) >= 0, 1, small) / (1 + small)
# + return np.abs(np.where(np.asarray(x) >= 0, 1, small) / (1 + small))


# %% equivalent="activations" why="both branches are equal at 0"
# - return np.where(np.asarray(x) >= 0, 1, small) / (1 + small)
# + return np.where(np.asarray(x) > 0, 1, small) / (1 + small)


# %% equivalent="activations" why="the check hands over arrays"
# - return np.where(np.asarray(x) >= 0, 1, small) / (1 + small)
# + return np.where(x >= 0, 1, small) / (1 + small)


# %% equivalent="activations" why="the check hands over arrays"
# - return 2 * sigmoid(2 * np.asarray(x)) - 1
# + return 2 * sigmoid(2 * x) - 1


# %% equivalent="activations" why="what it changes is never negative"
# - return np.maximum(x, 0)
# + return np.maximum(np.maximum(x, 0), 0)


# %% equivalent="activations" why="what it changes is never negative"
# - return np.maximum(x, 0)
# + return np.abs(np.maximum(x, 0))


# %% equivalent="activations" why="the larger of two has no order"
# - return np.maximum(x, 0)
# + return np.maximum(0, x)


# %% equivalent="sketch" why="any number of points from 40 on is smooth enough"
# - x = np.linspace(-4, 4, 201)
# + x = np.linspace(-4, 4)


# %% equivalent="sketch" why="any number of points from 40 on is smooth enough"
# - x = np.linspace(-4, 4, 201)
# + x = np.linspace(-4, 4, 202)


# %% equivalent="sketch" why="any number of points from 40 on is smooth enough"
# - x = np.linspace(-4, 4, 201)
# + x = np.linspace(-4, 4, 200)


# %% equivalent="sketch" why="the labels count, not the legend"
# - ax.legend()
# + pass


# %% equivalent="sketch" why="the labels count, not the legend"
# - ax.legend()
# + ax


# %% equivalent="sum-channels" why="there are as many slices as channels"
# - return sum((filters.correlate2d(x[l], kernel[l]) for l in range(len(x))))
# + return sum((filters.correlate2d(x[l], kernel[l]) for l in range(len(kernel))))


# %% equivalent="sum-channels" why="float64 is as right as float32"
# - x, kernel = (x.astype(np.float32), kernel.astype(np.float32))
# + pass


# %% equivalent="sum-channels" why="float64 is as right as float32"
# - x, kernel = (x.astype(np.float32), kernel.astype(np.float32))
# + x, kernel = (x, kernel.astype(np.float32))


# %% equivalent="sum-channels" why="float64 is as right as float32"
# - x, kernel = (x.astype(np.float32), kernel.astype(np.float32))
# + x, kernel = (x.astype(np.float32), kernel)


# %% equivalent="sum-channels" why="float64 is as right as float32"
# - out = np.zeros((x.shape[1] - M + 1, x.shape[2] - N + 1), np.float32)
# + out = np.zeros((x.shape[1] - M + 1, x.shape[2] - N + 1))


# %% equivalent="sum-channels" why="every entry is overwritten, or only the shape counts"
# - out = np.zeros((x.shape[1] - M + 1, x.shape[2] - N + 1), np.float32)
# + out = np.ones((x.shape[1] - M + 1, x.shape[2] - N + 1), np.float32)


# %% equivalent="conv-layer" why="every entry is overwritten, or only the shape counts"
# - z = np.zeros((I, J - M + 1, K - N + 1))
# + z = np.ones((I, J - M + 1, K - N + 1))


# %% equivalent="conv-layer" why="there is one window along the channels"
# - windows = np.lib.stride_tricks.sliding_window_view(v, kernel.shape[1:])[0]
# + windows = np.lib.stride_tricks.sliding_window_view(v, kernel.shape[1:])[-1]


# %% equivalent="conv-layer" why="float64 is as right as float32"
# - v, kernel, bias = (a.astype('float32') for a in (v, kernel, bias))
# + pass


# %% equivalent="conv-layer" why="float64 is as right as float32"
# - v, kernel, bias = (a.astype('float32') for a in (v, kernel, bias))
# + v, kernel, bias = (a for a in (v, kernel, bias))


# %% equivalent="conv-layer" why="float64 is as right as float32"
# - z = np.zeros((I, v.shape[1] - M + 1, v.shape[2] - N + 1), dtype='float32')
# + z = np.zeros((I, v.shape[1] - M + 1, v.shape[2] - N + 1))


# %% equivalent="conv-layer" why="every entry is overwritten, or only the shape counts"
# - z = np.zeros((I, v.shape[1] - M + 1, v.shape[2] - N + 1), dtype='float32')
# + z = np.ones((I, v.shape[1] - M + 1, v.shape[2] - N + 1), dtype='float32')


# %% equivalent="free-parameters" why="height and width are multiplied"
# - layer = torch.nn.Conv2d(channels, filters, (height, width), device='meta')
# + layer = torch.nn.Conv2d(channels, filters, (width, height), device='meta')


# %% equivalent="pointwise" why="every entry is overwritten, or only the shape counts"
# - out = np.zeros((len(weight), H, W))
# + out = np.ones((len(weight), H, W))


# %% equivalent="pointwise" why="there are as many biases as kernels"
# - out = np.zeros((len(weight), H, W))
# + out = np.zeros((len(bias), H, W))


# %% equivalent="pointwise" why="any negative length is found by NumPy"
# - flat = weight @ x.reshape(len(x), -1) + bias.reshape(-1, 1)
# + flat = weight @ x.reshape(len(x), -2) + bias.reshape(-1, 1)


# %% equivalent="pointwise" why="any negative length is found by NumPy"
# - flat = weight @ x.reshape(len(x), -1) + bias.reshape(-1, 1)
# + flat = weight @ x.reshape(len(x), -1) + bias.reshape(-2, 1)


# %% equivalent="pointwise" why="any negative length is found by NumPy"
# - return flat.reshape(-1, *x.shape[1:])
# + return flat.reshape(-2, *x.shape[1:])


# %% equivalent="kernel-shapes" why="the same numbers"
# - music = (64, 2, 44100 // 100)
# + music = (64, 2, 44100 / 100)


# %% equivalent="kernel-shapes" why="the same numbers"
# - music = (64, 2, 44100 // 100)
# + music = (64, 2, -(-44100 // 100))


# %% equivalent="kernel-shapes" why="the same numbers"
# - music = (64, 2, 44100 // 100)
# + music = (64, 2, 44101 // 100)


# %% equivalent="kernel-shapes" why="the same numbers"
# - game = np.array([16, 4, 8, 8])
# + game = [16, 4, 8, 8]


# %% equivalent="kernel-shapes" why="every entry is overwritten, or only the shape counts"
# - film = tuple(torch.zeros(64, 3, 3, 3, 3).shape)
# + film = tuple(torch.ones(64, 3, 3, 3, 3).shape)


# %% equivalent="im2col" why="every entry is overwritten, or only the shape counts"
# - rows = np.zeros((L * k * k, h * w))
# + rows = np.ones((L * k * k, h * w))


# %% equivalent="im2col" why="an array can be indexed like the tensor"
# - x = torch.tensor(x)
# + pass


# %% equivalent="im2col" why="an array can be indexed like the tensor"
# - x = torch.tensor(x)
# + x = x


# %% equivalent="four-counts" why="the same counts"
# - z = layer(torch.zeros(channels, height, width))
# + z = layer(torch.zeros(channels, width, height))


# %% equivalent="four-counts" why="every entry is overwritten, or only the shape counts"
# - z = layer(torch.zeros(channels, height, width))
# + z = layer(torch.ones(channels, height, width))


# %% equivalent="four-counts" why="the same counts"
# - one = layer.weight[0].numel() + 1
# + one = layer.weight[1].numel() + 1


# %% equivalent="four-counts" why="the same counts"
# - one = layer.weight[0].numel() + 1
# + one = layer.weight[-1].numel() + 1


# %% equivalent="four-counts" why="the same counts"
# - places = np.prod(np.subtract((height, width), k - 1))
# + places = np.prod(np.subtract(k - 1, (height, width)))


# %% equivalent="four-counts" why="the same counts"
# - places = np.prod(np.subtract((height, width), k - 1))
# + places = np.prod(np.subtract((width, height), k - 1))


# %% equivalent="four-counts" why="the same counts"
# - counts = OrderedDict(weights_per_neuron=np.int64(channels * k ** 2 + 1))
# + counts = OrderedDict(weights_per_neuron=channels * k ** 2 + 1)


# %% equivalent="activations" why="both branches are equal at 0"
# - return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
# + return np.where(z > 0, 1 / (1 + e), e / (1 + e))


# %% equivalent="activations" why="the larger of two has no order"
# - return np.maximum(z, 0)
# + return np.maximum(0, z)


# %% equivalent="activations" why="both branches are equal at 0"
# - positive = z > 0
# + positive = z >= 0


# %% equivalent="activations" why="both formulas are right between -1 and 1"
# - positive = z > 0
# + positive = z > 1


# %% equivalent="activations" why="both formulas are right between -1 and 1"
# - positive = z > 0
# + positive = z > -1


# %% equivalent="activations" why="both branches are equal at 0"
# - return z * (z > 0)
# + return z * (z >= 0)


# %% equivalent="activations" why="both branches are equal at 0"
# - return torch.where(z >= 0, 1.0, e) / (1 + e)
# + return torch.where(z > 0, 1.0, e) / (1 + e)


# %% equivalent="sketch" why="any number of points from 40 on is smooth enough"
# - x = np.linspace(-4, 4, 200)
# + x = np.linspace(-4, 4)


# %% equivalent="sketch" why="any number of points from 40 on is smooth enough"
# - x = np.linspace(-4, 4, 200)
# + x = np.linspace(-4, 4, 201)


# %% equivalent="sketch" why="any number of points from 40 on is smooth enough"
# - x = np.linspace(-4, 4, 200)
# + x = np.linspace(-4, 4, 199)


# %% equivalent="sketch" why="the larger of two has no order"
# - ax.plot(x, np.maximum(x, 0), label='ReLU')
# + ax.plot(x, np.maximum(0, x), label='ReLU')


# %% equivalent="sketch" why="any number of points from 40 on is smooth enough"
# - x = torch.arange(-4, 4.001, 0.05)
# + x = torch.arange(-4, 4.001, 0.1)


# %% equivalent="any-axes" why="there are as many biases as kernels"
# - out = np.zeros((len(kernel), *sizes)) + bias.reshape(-1, *[1] * len(sizes))
# + out = np.zeros((len(bias), *sizes)) + bias.reshape(-1, *[1] * len(sizes))


# %% equivalent="any-axes" why="any negative length is found by NumPy"
# - out = np.zeros((len(kernel), *sizes)) + bias.reshape(-1, *[1] * len(sizes))
# + out = np.zeros((len(kernel), *sizes)) + bias.reshape(-2, *[1] * len(sizes))


# %% equivalent="any-axes" why="the two are of one length; an index may be any iterable"
# - window = tuple((slice(m, m + n) for m, n in zip(offset, sizes, strict=True)))
# + window = (slice(m, m + n) for m, n in zip(offset, sizes, strict=True))


# %% equivalent="any-axes" why="the two are of one length; an index may be any iterable"
# - window = tuple((slice(m, m + n) for m, n in zip(offset, sizes, strict=True)))
# + window = tuple((slice(m, m + n) for m, n in zip(offset, sizes)))


# %% equivalent="any-axes" why="the two are of one length; an index may be any iterable"
# - window = tuple((slice(m, m + n) for m, n in zip(offset, sizes, strict=True)))
# + window = tuple((slice(m, m + n) for m, n in zip(offset, sizes, strict=False)))


# %% equivalent="any-axes" why="every entry is overwritten, or only the shape counts"
# - out = np.zeros((len(kernel), *sizes))
# + out = np.ones((len(kernel), *sizes))


# %% equivalent="any-axes" why="there are as many biases as kernels"
# - out = np.zeros((len(kernel), *sizes))
# + out = np.zeros((len(bias), *sizes))


# %% equivalent="any-axes" why="there are as many biases as kernels"
# - for i in range(len(kernel)):
# + for i in range(len(bias)):


# %% equivalent="any-axes" why="the same values"
# - out = np.tensordot(kernel, windows, axes=(list(range(1, d + 2)), over))
# + out = np.tensordot(kernel, windows, axes=(range(1, d + 2), over))


# %% equivalent="any-axes" why="float64 is as right as float32"
# - x = x.astype(np.float32).reshape(len(x), *[1] * (3 - axes), *x.shape[1:])
# + x = x.reshape(len(x), *[1] * (3 - axes), *x.shape[1:])


# %% equivalent="any-axes" why="float64 is as right as float32"
# - w = kernel.astype(np.float32)
# + w = kernel


# %% equivalent="any-axes" why="float64 is as right as float32"
# - out = np.zeros((I, D, H, W), np.float32)
# + out = np.zeros((I, D, H, W))


# %% equivalent="any-axes" why="every entry is overwritten, or only the shape counts"
# - out = np.zeros((I, D, H, W), np.float32)
# + out = np.ones((I, D, H, W), np.float32)


# %% equivalent="any-axes" why="any negative length is found by NumPy"
# - out[:, r, s, t] = w.reshape(I, -1) @ patch.flatten() + bias
# + out[:, r, s, t] = w.reshape(I, -2) @ patch.flatten() + bias


# %% equivalent="any-axes" why="any negative length is found by NumPy"
# - product = kernel.reshape(count, -1) @ np.array(columns).T
# + product = kernel.reshape(count, -2) @ np.array(columns).T


# %% equivalent="im2col" why="any negative length is found by NumPy"
# - patches = [x[:, r:r + k, c:c + k].reshape(-1) for r in range(height - k + 1) for c in range(width - k + 1)]
# + patches = [x[:, r:r + k, c:c + k].reshape(-2) for r in range(height - k + 1) for c in range(width - k + 1)]


# %% equivalent="any-axes" why="a slice has as many axes as its kernel"
# - if a.ndim == 1:
# + if k.ndim == 1:


# %% equivalent="any-axes" why="there is one row only"
# - return filters.correlate2d(a[None], k[None])[0]
# + return filters.correlate2d(a[None], k[None])[-1]


# %% equivalent="any-axes" why="two axes are a case of more"
# - if a.ndim == 2:
# - return filters.correlate2d(a, k)
# + pass


# %% equivalent="any-axes" why="two axes are a case of more"
# - if a.ndim == 2:
# + if False:


# %% equivalent="any-axes" why="a slice has as many axes as its kernel"
# - if a.ndim == 2:
# + if k.ndim == 2:


# %% equivalent="any-axes" why="two axes are a case of more"
# - if a.ndim == 2:
# + if a.ndim == 1:
