# Wrong answers to the exercises of week 1, as students give them. `says` is part of the
# message that each of them gets; tests/answers.py reads this file.

# %% wrong="datasets" says="kept for validation"
mnist_training_images = 50000
imagenet_classes = 1000
cifar10_numbers_per_image = 3072

# %% wrong="datasets" says="yearly challenge uses fewer"
mnist_training_images = 60000
imagenet_classes = 21841
cifar10_numbers_per_image = 3072

# %% wrong="datasets" says="Those are the pixels"
mnist_training_images = 60000
imagenet_classes = 1000
cifar10_numbers_per_image = 32 * 32

# %% wrong="datasets" says="imagenet_classes is not filled in yet"
mnist_training_images: int | None = 60000
imagenet_classes: int | None = None
cifar10_numbers_per_image: int | None = 3072


# %% wrong="dense-weights" says="only weights are asked for"
def dense_weights(height, width, channels, units):
    return (height * width * channels + 1) * units


# %% wrong="dense-weights" says="one number for each channel"
def dense_weights(height, width, channels, units):
    return height * width * units


# %% wrong="dense-weights" says="That is one unit"
def dense_weights(height, width, channels, units):
    return height * width * channels


# %% wrong="dense-weights" says="multiplied, not added"
def dense_weights(height, width, channels, units):
    return height * width * channels + units


# %% wrong="dense-weights" says="only the type is not"
def dense_weights(height, width, channels, units):
    return float(height * width * channels * units)


# %% wrong="dense-weights" says="Is the `return` missing?"
def dense_weights(height, width, channels, units):
    print(height * width * channels * units)


# %% wrong="shuffle-pixels" says="the other way round"
def shuffle_pixels(images, order):
    flat = images.reshape(len(images), -1)
    new = np.zeros_like(flat)
    new[:, order] = flat
    return new.reshape(images.shape)


# %% wrong="shuffle-pixels" says="still flat"
def shuffle_pixels(images, order):
    return images.reshape(len(images), -1)[:, order]


# %% wrong="shuffle-pixels" says="Nothing has moved"
def shuffle_pixels(images, order):
    for image in images:
        image = image.flatten()[order].reshape(image.shape)
    return images


# %% wrong="shuffle-pixels" says="column by column"
def shuffle_pixels(images, order):
    flat = images.transpose(0, 2, 1).reshape(len(images), -1)
    return flat[:, order].reshape(images.shape)


# %% wrong="shuffle-pixels" says="IndexError"
def shuffle_pixels(images, order):
    return images[:, order]


# %% wrong="band-matrix" says="kernel is flipped in every row"
def convolution_matrix(kernel, n):
    k = len(kernel)
    matrix = np.zeros((n - k + 1, n))
    for i in range(n - k + 1):
        matrix[i, i : i + k] = kernel[::-1]
    return matrix


# %% wrong="band-matrix" says="wraps around"
def convolution_matrix(kernel, n):
    row = np.zeros(n)
    row[: len(kernel)] = kernel
    return np.array([np.roll(row, i) for i in range(n)])


# %% wrong="band-matrix" says="a row for every input"
def convolution_matrix(kernel, n):
    return sum(w * np.eye(n, k=j) for j, w in enumerate(kernel))


# %% wrong="band-matrix" says="rows and columns are swapped"
def convolution_matrix(kernel, n):
    k = len(kernel)
    matrix = np.zeros((n, n - k + 1))
    for i in range(n - k + 1):
        matrix[i : i + k, i] = kernel
    return matrix


# %% wrong="band-matrix" says="last row is missing"
def convolution_matrix(kernel, n):
    k = len(kernel)
    matrix = np.zeros((n - k, n))
    for i in range(n - k):
        matrix[i, i : i + k] = kernel
    return matrix


# %% wrong="band-matrix" says="The fractions are cut off"
def convolution_matrix(kernel, n):
    k = len(kernel)
    matrix = np.zeros((n - k + 1, n), dtype=int)
    for i in range(n - k + 1):
        matrix[i, i : i + k] = kernel
    return matrix


# %% wrong="three-steps" says="fewer outputs than inputs"
def parameters_at_each_step(n, k):
    return n * n, n * k, k


# %% wrong="three-steps" says="shares its weights"
def parameters_at_each_step(n, k):
    o = n - k + 1
    return o * n, o * k, o * k


# %% wrong="three-steps" says="first place counts too"
def parameters_at_each_step(n, k):
    return n * (n - k), (n - k) * k, k


# %% wrong="three-steps" says="counted the biases"
def parameters_at_each_step(n, k):
    o = n - k + 1
    return o * (n + 1), o * (k + 1), k + 1


# %% wrong="three-steps" says="every output has k of its own"
def parameters_at_each_step(n, k):
    return (n - k + 1) * n, k, k


# %% wrong="three-steps" says="expected a tuple of 3; yours has 2"
def parameters_at_each_step(n, k):
    return (n - k + 1) * n, k


# %% wrong="four-parts" says="A kernel slides"
part_that_fixes_input_size = "convolution"
part_without_weights = "subsampling"

# %% wrong="four-parts" says="has long been fixed"
part_that_fixes_input_size = "output"
part_without_weights = "subsampling"

# %% wrong="four-parts" says="only the softmax"
part_that_fixes_input_size = "dense"
part_without_weights = "output"

# %% wrong="four-parts" says="choose one of"
part_that_fixes_input_size = "dense"
part_without_weights = "max pooling"


# %% wrong="correlate-1d" says="the kernel is flipped"
def correlate1d(x, w):
    if len(w) > len(x):
        raise ValueError("does not fit")
    return np.convolve(x, w, "valid")


# %% wrong="correlate-1d" says="The last place is missing"
def correlate1d(x, w):
    n, k = len(x), len(w)
    if k > n:
        raise ValueError
    return np.array([np.sum(x[i : i + k] * w) for i in range(n - k)])


# %% wrong="correlate-1d" says="hangs over the end"
def correlate1d(x, w):
    n, k = len(x), len(w)
    y = np.zeros(n)
    for i in range(n - k + 1):
        y[i] = np.sum(x[i : i + k] * w)
    return y


# %% wrong="correlate-1d" says="zeros at the ends"
def correlate1d(x, w):
    return np.correlate(x, w, "same")


# %% wrong="correlate-1d" says="stays inside: n - k + 1 numbers"
def correlate1d(x, w):
    return np.correlate(x, w, "full")


# %% wrong="correlate-1d" says="The fractions are cut off"
def correlate1d(x, w):
    n, k = len(x), len(w)
    if k > n:
        raise ValueError
    y = np.zeros_like(x, shape=n - k + 1)
    for i in range(n - k + 1):
        y[i] = np.sum(x[i : i + k] * w)
    return y


# %% wrong="correlate-1d" says="Only the last product"
def correlate1d(x, w):
    y = np.zeros(len(x) - len(w) + 1)
    for i in range(len(y)):
        for j in range(len(w)):
            y[i] = w[j] * x[i + j]
    return y


# %% wrong="correlate-1d" says="should raise a ValueError"
def correlate1d(x, w):
    return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])


# %% wrong="correlate-1d" says="IndexError"
def correlate1d(x, w):
    y = np.zeros(len(x) - len(w) + 1)
    for i in range(len(x)):
        for j in range(len(w)):
            y[i] += w[j] * x[i + j]
    return y


# %% wrong="correlate-1d" says="is not written yet"
def correlate1d(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    raise NotImplementedError("Write your answer here, then delete this line.")


# %% wrong="correlate-1d" says="returned a list"
def correlate1d(x, w):
    k = len(w)
    return [sum(x[i + j] * w[j] for j in range(k)) for i in range(len(x) - k + 1)]


# %% wrong="convolve-1d" says="the kernel is not flipped"
def convolve1d(x, w):
    return np.correlate(x, w, "valid")


# %% wrong="convolve-1d" says="output runs backwards"
def convolve1d(x, w):
    return np.correlate(x[::-1], w, "valid")


# %% wrong="convolve-1d" says="flip the kernel alone"
def convolve1d(x, w):
    return np.correlate(x[::-1], w[::-1], "valid")


# %% wrong="convolve-1d" says="zeros at both ends"
def convolve1d(x, w):
    return np.convolve(x, w)


# %% wrong="convolve-1d" says="changed the sign"
def convolve1d(x, w):
    return np.correlate(x, -w, "valid")


# %% wrong="convolve-1d" says="returned nothing"
def convolve1d(x, w):
    w = w[::-1]
    y = np.zeros(len(x) - len(w) + 1)
    for i in range(len(y)):
        y[i] = np.sum(x[i : i + len(w)] * w)


# %% wrong="correlate-2d" says="the kernel is flipped"
def correlate2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    if kh > h or kw > w:
        raise ValueError("does not fit")
    return filters.convolve2d(image, kernel)


# %% wrong="correlate-2d" says="as large as the image"
def correlate2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((h, w))
    for r in range(h - kh + 1):
        for c in range(w - kw + 1):
            out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    return out


# %% wrong="correlate-2d" says="last row and column are missing"
def correlate2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((h - kh, w - kw))
    for r in range(h - kh):
        for c in range(w - kw):
            out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    return out


# %% wrong="correlate-2d" says="zeros around the image"
def correlate2d(image, kernel):
    kh, kw = kernel.shape
    image = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    h, w = image.shape
    out = np.zeros((h - kh + 1, w - kw + 1))
    for r in range(h - kh + 1):
        for c in range(w - kw + 1):
            out[r, c] = (image[r : r + kh, c : c + kw] * kernel).sum()
    return out


# %% wrong="correlate-2d" says="The fractions are cut off"
def correlate2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    if kh > h or kw > w:
        raise ValueError("does not fit")
    out = np.zeros_like(image)[kh - 1 :, kw - 1 :]
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    return out


# %% wrong="correlate-2d" says="a kernel wider than high"
def correlate2d(image, kernel):
    h, w = image.shape
    k = kernel.shape[0]
    if k > h or k > w:
        raise ValueError("does not fit")
    out = np.zeros((h - k + 1, w - k + 1))
    for r in range(h - k + 1):
        for c in range(w - k + 1):
            out[r, c] = np.sum(image[r : r + k, c : c + k] * kernel)
    return out


# %% wrong="correlate-2d" says="a kernel too wide"
def correlate2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    if kh > h:
        raise ValueError("does not fit")
    out = np.zeros((h - kh + 1, max(w - kw + 1, 0)))
    for r in range(h - kh + 1):
        for c in range(w - kw + 1):
            out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    return out


# %% wrong="correlate-2d" says="took the mean"
def correlate2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).mean(axis=(2, 3))


# %% wrong="correlate-2d" says="setting an array element with a sequence"
def correlate2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((h - kh + 1, w - kw + 1))
    for r in range(h - kh + 1):
        for c in range(w - kw + 1):
            out[r, c] = image[r : r + kh, c : c + kw] @ kernel
    return out


# %% wrong="convolve-2d" says="the kernel is not flipped"
def convolve2d(image, kernel):
    return filters.correlate2d(image, kernel)


# %% wrong="convolve-2d" says="upside down). Reverse its columns too"
def convolve2d(image, kernel):
    return filters.correlate2d(image, kernel[::-1])


# %% wrong="convolve-2d" says="Reverse its rows too"
def convolve2d(image, kernel):
    return filters.correlate2d(image, kernel[:, ::-1])


# %% wrong="convolve-2d" says="You transposed the kernel"
def convolve2d(image, kernel):
    return filters.correlate2d(image, kernel.T)


# %% wrong="convolve-2d" says="by 90 degrees"
def convolve2d(image, kernel):
    return filters.correlate2d(image, np.rot90(kernel))


# %% wrong="convolve-2d" says="flip the kernel, not the image"
def convolve2d(image, kernel):
    return filters.correlate2d(image[::-1, ::-1], kernel)


# %% wrong="half-bright" says="The sign"
row = [0, 0, -30, -30, 0, 0]

# %% wrong="half-bright" says="That is one row of the kernel. It has three"
row = [0, 0, 10, 10, 0, 0]

# %% wrong="half-bright" says="8 - 3 + 1 places"
row = [0, 0, 0, 30, 30, 0, 0, 0]

# %% wrong="half-bright" says="at more than one place"
row = [0, 0, 30, 0, 0, 0]

# %% wrong="half-bright" says="give a list of numbers"
row = 30


# %% wrong="classic-kernels" says="Divide by the sum"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]),
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        "emboss": np.array([[-1, -1, 0], [-1, 1, 1], [0, 1, 1]]),
    }


# %% wrong="classic-kernels" says="A flat area must keep its brightness"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        "emboss": np.array([[-1, -1, 0], [-1, 1, 1], [0, 1, 1]]),
    }


# %% wrong="classic-kernels" says="Where the left side is brighter"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
        "emboss": np.array([[-1, -1, 0], [-1, 1, 1], [0, 1, 1]]),
    }


# %% wrong="classic-kernels" says="It answers to a horizontal edge"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]),
        "emboss": np.array([[-1, -1, 0], [-1, 1, 1], [0, 1, 1]]),
    }


# %% wrong="classic-kernels" says="visible below the relief"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        "emboss": np.array([[-1, -1, 0], [-1, 0, 1], [0, 1, 1]]),
    }


# %% wrong="classic-kernels" says="light comes from one side"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        "emboss": np.array([[1, 1, 0], [1, 1, -1], [0, -1, -1]]),
    }


# %% wrong="classic-kernels" says="This is the classic from the lesson"
def classic_kernels():
    names = ["blur", "sharpen", "vertical edge", "emboss"]
    kernels = {name: filters.CLASSIC[name] for name in names}
    kernels["blur"] = np.outer([1, 2, 1], [1, 2, 1]) / 16
    return kernels


# %% wrong="classic-kernels" says="The middle weight is the largest"
def classic_kernels():
    return {
        "blur": np.ones((3, 3)) / 9,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        "emboss": np.array([[-1, -1, 0], [-1, 1, 1], [0, 1, 1]]),
    }


# %% wrong="classic-kernels" says="the key 'vertical edge' is missing"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical_edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        "emboss": np.array([[-1, -1, 0], [-1, 1, 1], [0, 1, 1]]),
    }


# %% wrong="equivariance" says="take the largest"
def equivariance_gap(image, kernel, motion):
    move = (lambda a: a[1:, 1:]) if motion == "shift" else np.rot90
    one = filters.correlate2d(move(image), kernel)
    other = move(filters.correlate2d(image, kernel))
    return float(np.abs(one - other).sum())


# %% wrong="equivariance" says="use np.abs"
def equivariance_gap(image, kernel, motion):
    move = (lambda a: a[1:, 1:]) if motion == "shift" else np.rot90
    one = filters.correlate2d(move(image), kernel)
    other = move(filters.correlate2d(image, kernel))
    return float((one - other).max())


# %% wrong="equivariance" says="Only the image turns"
def equivariance_gap(image, kernel, motion):
    if motion == "shift":
        one = filters.correlate2d(image[1:, 1:], kernel)
        other = filters.correlate2d(image, kernel)[1:, 1:]
    else:
        one = filters.correlate2d(np.rot90(image), np.rot90(kernel))
        other = np.rot90(filters.correlate2d(image, kernel))
    return float(np.abs(one - other).max())


# %% wrong="equivariance" says="np.roll brings"
def equivariance_gap(image, kernel, motion):
    move = (lambda a: np.roll(a, -1, (0, 1))) if motion == "shift" else np.rot90
    one = filters.correlate2d(move(image), kernel)
    other = move(filters.correlate2d(image, kernel))
    return float(np.abs(one - other).max())


# %% wrong="equivariance" says="operands could not be broadcast"
def equivariance_gap(image, kernel, motion):
    moved = image[1:, 1:] if motion == "shift" else np.rot90(image)
    gap = filters.correlate2d(moved, kernel) - filters.correlate2d(image, kernel)
    return float(np.abs(gap).max())


# %% wrong="equivariance" says="expected a number"
def equivariance_gap(image, kernel, motion):
    move = (lambda a: a[1:, 1:]) if motion == "shift" else np.rot90
    one = filters.correlate2d(move(image), kernel)
    return np.allclose(one, move(filters.correlate2d(image, kernel)))


# %% wrong="equivariance" says="the same way"
def equivariance_gap(image, kernel, motion):
    if motion == "shift":
        return 0.0
    one = filters.correlate2d(np.rot90(image, k=-1), kernel)
    other = np.rot90(filters.correlate2d(image, kernel))
    return float(np.abs(one - other).max())


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


# %% wrong="sum-channels" says="one axis too many"
def correlate_channels(x, kernel):
    x, kernel = torch.tensor(x).double(), torch.tensor(kernel).double()
    return F.conv2d(x[None], kernel[None])[0]


# %% wrong="sum-channels" says="The kernel is flipped"
def correlate_channels(x, kernel):
    return sum(filters.convolve2d(x[l], kernel[l]) for l in range(len(x)))


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


# %% wrong="pointwise" says="matmul"
def conv1x1(x, weight, bias):
    return weight @ x + bias


# %% wrong="im2col" says="in yours it is a row"
def im2col(x, k):
    L, H, W = x.shape
    rows = []
    for r in range(H - k + 1):
        for c in range(W - k + 1):
            rows.append(x[:, r : r + k, c : c + k].flatten())
    return np.array(rows)


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


# %% wrong="matmul" says="The bias is missing"
def conv_by_matmul(columns, kernel, bias, height, width):
    return (kernel.reshape(len(kernel), -1) @ columns).reshape(-1, height, width)


# %% wrong="matmul" says="the pixels are flat"
def conv_by_matmul(columns, kernel, bias, height, width):
    return kernel.reshape(len(kernel), -1) @ columns + bias[:, None]


# %% wrong="matmul" says="Height and width are swapped"
def conv_by_matmul(columns, kernel, bias, height, width):
    out = kernel.reshape(len(kernel), -1) @ columns + bias[:, None]
    return out.reshape(-1, width, height)


# %% wrong="matmul" says="does not bring the filters to the end"
def conv_by_matmul(columns, kernel, bias, height, width):
    weights = kernel.reshape(-1, len(kernel))
    return (weights.T @ columns + bias[:, None]).reshape(-1, height, width)


# %% wrong="matmul" says="mismatch in its core dimension"
def conv_by_matmul(columns, kernel, bias, height, width):
    return kernel.reshape(len(kernel), -1) @ columns.T


# %% wrong="matmul" says="an activation"
def conv_by_matmul(columns, kernel, bias, height, width):
    out = kernel.reshape(len(kernel), -1) @ columns + bias[:, None]
    return relu(out.reshape(-1, height, width))


# %% wrong="matmul" says="Every filter has its own bias"
def conv_by_matmul(columns, kernel, bias, height, width):
    out = kernel.reshape(len(kernel), -1) @ columns + bias.sum()
    return out.reshape(-1, height, width)


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


# %% wrong="four-counts" says="returned a tuple"
def four_counts(height, width, channels, filters, k):
    weights = channels * k * k + 1
    neurons = filters * (height - k + 1) * (width - k + 1)
    return weights, neurons, neurons * weights, filters * weights


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
    return np.tanh(z)


def relu(z):
    return np.maximum(z, 0)


# %% wrong="activations" says="np.max gives the largest"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return np.tanh(z)


def relu(z):
    return np.max(z, 0)


# %% wrong="activations" says="2·sigmoid(2z) - 1"
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
    return np.tanh(z)


def relu(z):
    return np.abs(z)


# %% wrong="activations" says="truth value of an array"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return np.tanh(z)


def relu(z):
    return z if z > 0 else 0


# %% wrong="activations" says="holds True and False"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return np.tanh(z)


def relu(z):
    return z > 0


# %% wrong="activations" says="the cell that defines relu"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return np.tanh(z)


def relu(z):
    raise NotImplementedError("Write your answer here, then delete this line.")


# %% wrong="sketch" says="the key 'ReLU' is missing"
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


# %% wrong="sketch" says="the key 'sigmoid' is missing"
def sketch():
    fig, ax = plt.subplots()
    x = np.linspace(-4, 4, 200)
    ax.plot(x, 1 / (1 + np.exp(-x)))
    ax.plot(x, np.tanh(x))
    ax.plot(x, np.maximum(x, 0))
    ax.legend(["sigmoid", "tanh", "ReLU"])
    return {}
