# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="datasets" style="numbers"
mnist_training_images = 60000
imagenet_classes = 1000
cifar10_numbers_per_image = 3072


# %% right="datasets" style="arithmetic"
mnist_training_images = 60_000
imagenet_classes = 1e3
cifar10_numbers_per_image = np.prod([32, 32, 3])


# %% wrong="datasets" says="kept for validation"
mnist_training_images = 50000
imagenet_classes = 1000
cifar10_numbers_per_image = 3072


# %% wrong="datasets" says="yearly challenge uses fewer"
mnist_training_images = 60000
imagenet_classes = 21841
cifar10_numbers_per_image = 3072


# %% wrong="datasets" says="training images, not of classes"
mnist_training_images = 60000
imagenet_classes = 1_280_000
cifar10_numbers_per_image = 3072


# %% wrong="datasets" says="breeds of dogs"
mnist_training_images = 60000
imagenet_classes = 120
cifar10_numbers_per_image = 3072


# %% wrong="datasets" says="Those are the pixels"
mnist_training_images = 60000
imagenet_classes = 1000
cifar10_numbers_per_image = 32 * 32


# %% wrong="datasets" says="imagenet_classes is not filled in yet"
mnist_training_images: int | None = 60000
imagenet_classes: int | None = None
cifar10_numbers_per_image: int | None = 3072


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


# %% wrong="dense-weights" says="That is an overflow"
def dense_weights(*sizes):
    return np.prod(sizes, dtype=np.int32)


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


# %% wrong="shuffle-pixels" says="shuffle.pixels does the work"
def shuffle_pixels(images, order):
    from coursekit import shuffle

    images = torch.from_numpy(images)[:, None]
    return shuffle.pixels(images, torch.from_numpy(order))[:, 0]


# %% wrong="shuffle-pixels" says="changes its input images,"
def shuffle_pixels(images, order):
    for image in images:
        image[:] = image.flatten()[order].reshape(image.shape)
    return images


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


# %% right="three-steps" style="a named tuple"
def parameters_at_each_step(n, k):
    from collections import namedtuple

    outputs = n - k + 1
    Weights = namedtuple("Weights", "dense local shared")
    return Weights(dense=outputs * n, local=outputs * k, shared=np.int64(k))


# %% wrong="three-steps" says="Count in whole numbers"
def parameters_at_each_step(n, k):
    outputs = (n - k) / 1 + 1
    return outputs * n, outputs * k, k


# %% wrong="three-steps" says="got       (10000000"
def parameters_at_each_step(n, k):
    return 10**400, (n - k + 1) * k, k


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


# %% right="four-parts" style="lower case"
part_that_fixes_input_size = "dense"
part_without_weights = "subsampling"


# %% right="four-parts" style="capitals"
part_that_fixes_input_size = "Dense"
part_without_weights = " Subsampling "


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
