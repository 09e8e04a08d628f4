# Correct answers to the exercises of week 1, in different styles. Cells as students
# leave them; tests/answers.py reads this file.

# %% right="datasets" style="numbers"
mnist_training_images = 60000
imagenet_classes = 1000
cifar10_numbers_per_image = 3072

# %% right="datasets" style="arithmetic"
mnist_training_images = 60_000
imagenet_classes = 1e3
cifar10_numbers_per_image = np.prod([32, 32, 3])


# %% right="dense-weights" style="product"
def dense_weights(height: int, width: int, channels: int, units: int) -> int:
    return height * width * channels * units


# %% right="dense-weights" style="torch"
def dense_weights(height, width, channels, units):
    layer = torch.nn.Linear(height * width * channels, units, bias=False, device="meta")
    return sum(p.numel() for p in layer.parameters())


# %% right="dense-weights" style="numpy"
def dense_weights(*sizes):
    return np.prod(sizes)


# %% right="shuffle-pixels" style="vectorised"
def shuffle_pixels(images: np.ndarray, order: np.ndarray) -> np.ndarray:
    flat = images.reshape(len(images), -1)
    return flat[:, order].reshape(images.shape)


# %% right="shuffle-pixels" style="loops"
def shuffle_pixels(images, order):
    n, h, w = images.shape
    out = np.zeros_like(images)
    for i in range(n):
        old = images[i].flatten()
        new = np.zeros_like(old)
        for j in range(h * w):
            new[j] = old[order[j]]
        out[i] = new.reshape(h, w)
    return out


# %% right="shuffle-pixels" style="torch"
def shuffle_pixels(images, order):
    t = torch.from_numpy(images)
    index = torch.from_numpy(order).expand(len(t), -1)
    return t.flatten(1).gather(1, index).reshape(t.shape)


# %% right="band-matrix" style="slices"
def convolution_matrix(kernel: np.ndarray, n: int) -> np.ndarray:
    k = len(kernel)
    matrix = np.zeros((n - k + 1, n))
    for i in range(n - k + 1):
        matrix[i, i : i + k] = kernel
    return matrix


# %% right="band-matrix" style="diagonals"
def convolution_matrix(kernel, n):
    rows = n - len(kernel) + 1
    return sum(w * np.eye(rows, n, k=j) for j, w in enumerate(kernel))


# %% right="band-matrix" style="torch"
def convolution_matrix(kernel, n):
    k = torch.tensor(kernel, dtype=torch.float32)
    return F.conv1d(torch.eye(n)[:, None], k[None, None])[:, 0].T


# %% right="three-steps" style="formulas"
def parameters_at_each_step(n: int, k: int) -> tuple[int, int, int]:
    outputs = n - k + 1
    return outputs * n, outputs * k, k


# %% right="three-steps" style="counting"
def parameters_at_each_step(n, k):
    band = np.zeros((n - k + 1, n))
    for i in range(n - k + 1):
        band[i, i : i + k] = 1
    return [band.size, np.count_nonzero(band), np.count_nonzero(band[0])]


# %% right="four-parts" style="lower case"
part_that_fixes_input_size = "dense"
part_without_weights = "subsampling"

# %% right="four-parts" style="capitals"
part_that_fixes_input_size = "Dense"
part_without_weights = " Subsampling "


# %% right="correlate-1d" style="loops"
def correlate1d(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    n, k = len(x), len(w)
    if k > n:
        raise ValueError(f"a kernel of {k} does not fit on {n} numbers")
    y = np.zeros(n - k + 1)
    for i in range(n - k + 1):
        for j in range(k):
            y[i] += w[j] * x[i + j]
    return y


# %% right="correlate-1d" style="comprehension"
def correlate1d(x, w):
    if w.size > x.size:
        raise ValueError("too long")
    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])


# %% right="correlate-1d" style="vectorised"
def correlate1d(x, w):
    return np.lib.stride_tricks.sliding_window_view(x, len(w)) @ w


# %% right="correlate-1d" style="torch"
def correlate1d(x, w):
    if len(w) > len(x):
        raise ValueError("the kernel does not fit")
    x, w = torch.tensor(x).float(), torch.tensor(w).float()
    return F.conv1d(x.view(1, 1, -1), w.view(1, 1, -1)).flatten()


# %% right="convolve-1d" style="flip"
def convolve1d(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.correlate(x, w[::-1], mode="valid")


# %% right="convolve-1d" style="loops"
def convolve1d(x, w):
    k = len(w)
    y = []
    for i in range(len(x) - k + 1):
        total = 0
        for j in range(k):
            total += w[k - 1 - j] * x[i + j]
        y.append(total)
    return np.array(y)


# %% right="convolve-1d" style="numpy"
def convolve1d(x, w):
    return np.convolve(x, w, mode="valid")


# %% right="correlate-2d" style="loops"
def correlate2d(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    (h, w), (kh, kw) = image.shape, kernel.shape
    if kh > h or kw > w:
        raise ValueError(f"a {kh}x{kw} kernel does not fit in a {h}x{w} image")
    out = np.zeros((h - kh + 1, w - kw + 1))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    return out


# %% right="correlate-2d" style="shifted images"
def correlate2d(image, kernel):
    h, w = np.subtract(image.shape, kernel.shape) + 1
    if min(h, w) < 1:
        raise ValueError("does not fit")
    out = 0.0
    for a in range(kernel.shape[0]):
        for b in range(kernel.shape[1]):
            out = out + kernel[a, b] * image[a : a + h, b : b + w]
    return out


# %% right="correlate-2d" style="vectorised"
def correlate2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("rcab,ab->rc", windows, kernel)


# %% right="correlate-2d" style="torch"
def correlate2d(image, kernel):
    if any(k > n for k, n in zip(kernel.shape, image.shape)):
        raise ValueError("kernel larger than image")
    image, kernel = torch.as_tensor(image * 1.0), torch.as_tensor(kernel * 1.0)
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


# %% right="convolve-2d" style="flip"
def convolve2d(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return filters.correlate2d(image, kernel[::-1, ::-1])


# %% right="convolve-2d" style="loops"
def convolve2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((h - kh + 1, w - kw + 1))
    for r in range(h - kh + 1):
        for c in range(w - kw + 1):
            for a in range(kh):
                for b in range(kw):
                    out[r, c] += image[r + kh - 1 - a, c + kw - 1 - b] * kernel[a, b]
    return out


# %% right="convolve-2d" style="torch"
def convolve2d(image, kernel):
    flipped = torch.tensor(kernel, dtype=torch.float32).flip(0, 1)
    image = torch.tensor(image, dtype=torch.float32)
    return F.conv2d(image[None, None], flipped[None, None]).squeeze(0).squeeze(0)


# %% right="half-bright" style="list"
row = [0, 0, 30, 30, 0, 0]

# %% right="half-bright" style="computed"
half = np.zeros((8, 8))
half[:, :4] = 10
row = filters.correlate2d(half, np.array([[1, 0, -1]] * 3))[0]


# %% right="classic-kernels" style="written out"
def classic_kernels() -> dict[str, np.ndarray]:
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[3, 0, -3], [10, 0, -10], [3, 0, -3]]),
        "emboss": np.array([[-1, -1, 0], [-1, 1, 1], [0, 1, 1]]),
    }


# %% right="classic-kernels" style="constructed, torch"
def classic_kernels():
    one = np.zeros((3, 3))
    one[1, 1] = 1
    blur = np.full((3, 3), 1 / 10)
    blur[1, 1] = 2 / 10
    edge = np.outer([1, 2, 1], [1, 0, -1])
    emboss = torch.eye(3)
    emboss[0, 0] = -1
    return {
        "sharpen": 2 * one - blur,
        "blur": blur,
        "emboss": emboss,
        "vertical edge": edge,
    }


# %% right="equivariance" style="branches"
def equivariance_gap(image: np.ndarray, kernel: np.ndarray, motion: str) -> float:
    if motion == "shift":
        moved_first = filters.correlate2d(image[1:, 1:], kernel)
        moved_last = filters.correlate2d(image, kernel)[1:, 1:]
    else:
        moved_first = filters.correlate2d(np.rot90(image), kernel)
        moved_last = np.rot90(filters.correlate2d(image, kernel))
    return float(np.abs(moved_first - moved_last).max())


# %% right="equivariance" style="torch, functions"
def equivariance_gap(image, kernel, motion):
    def move(t):
        return t[1:, 1:] if motion == "shift" else torch.rot90(t)

    def look(t):
        return F.conv2d(t[None, None], k[None, None])[0, 0]

    k, t = torch.tensor(kernel).double(), torch.tensor(image).double()
    return (look(move(t)) - move(look(t))).abs().max()


# %% right="sum-channels" style="loop"
def correlate_channels(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return sum(filters.correlate2d(x[l], kernel[l]) for l in range(len(x)))


# %% right="sum-channels" style="windows"
def correlate_channels(x, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return np.einsum("orclmn,lmn->rc", windows, kernel)


# %% right="sum-channels" style="torch"
def correlate_channels(x, kernel):
    x, kernel = torch.from_numpy(x).double(), torch.from_numpy(kernel).double()
    return F.conv2d(x[None], kernel[None])[0, 0]


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


# %% right="conv-layer" style="torch"
def conv_layer(v, kernel, bias, g=torch.relu):
    v, kernel, bias = (torch.tensor(a, dtype=torch.float64) for a in (v, kernel, bias))
    return g(F.conv2d(v, kernel, bias))


# %% right="free-parameters" style="formula"
def free_parameters(filters: int, channels: int, height: int, width: int) -> int:
    return filters * (1 + channels * height * width)


# %% right="free-parameters" style="torch"
def free_parameters(filters, channels, height, width):
    layer = torch.nn.Conv2d(channels, filters, (height, width), device="meta")
    return sum(p.numel() for p in layer.parameters())


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


# %% right="im2col" style="loops"
def im2col(x: np.ndarray, k: int) -> np.ndarray:
    L, H, W = x.shape
    columns = []
    for r in range(H - k + 1):
        for c in range(W - k + 1):
            columns.append(x[:, r : r + k, c : c + k].flatten())
    return np.array(columns).T


# %% right="im2col" style="windows"
def im2col(x, k):
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))
    return windows.transpose(0, 3, 4, 1, 2).reshape(len(x) * k * k, -1)


# %% right="im2col" style="torch"
def im2col(x, k):
    return F.unfold(torch.tensor(x[None]).float(), k)[0]


# %% right="matmul" style="matrix product"
def conv_by_matmul(columns, kernel, bias, height, width):
    rows = kernel.reshape(len(kernel), -1)
    return (rows @ columns + bias[:, None]).reshape(-1, height, width)


# %% right="matmul" style="filter by filter"
def conv_by_matmul(columns, kernel, bias, height, width):
    out = np.zeros((len(kernel), height, width))
    for i in range(len(kernel)):
        out[i] = (kernel[i].flatten() @ columns + bias[i]).reshape(height, width)
    return out


# %% right="matmul" style="torch"
def conv_by_matmul(columns, kernel, bias, height, width):
    k, b = torch.tensor(kernel).double(), torch.tensor(bias).double()
    flat = torch.addmm(b[:, None], k.flatten(1), torch.tensor(columns).double())
    return flat.view(len(k), height, width)


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
    return torch.sigmoid(torch.tensor(z))


def tanh(z):
    return torch.tanh(torch.tensor(z))


def relu(z):
    return torch.tensor(z).clamp(min=0)


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
