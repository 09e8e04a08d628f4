# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="datasets" style="numbers"
mnist_training_bytes = 47040000
cifar10_images_per_photograph = 177
chance_of_five_blind_guesses = 0.005


# %% right="datasets" style="arithmetic"
mnist_training_bytes = 60_000 * np.prod([28, 28])
cifar10_images_per_photograph = round(469 * 387 / 32**2)
chance_of_five_blind_guesses = sum(1 / 1000 for _ in range(5))


# %% right="datasets" style="texts"
mnist_training_bytes = "47,040,000"
cifar10_images_per_photograph = 177.0
chance_of_five_blind_guesses = "5e-3"


# %% wrong="datasets" says="kept for validation"
mnist_training_bytes = 50_000 * 28 * 28
cifar10_images_per_photograph = 177
chance_of_five_blind_guesses = 0.005


# %% wrong="datasets" says="MNIST is grey"
mnist_training_bytes = 60_000 * 28 * 28 * 3
cifar10_images_per_photograph = 177
chance_of_five_blind_guesses = 0.005


# %% wrong="datasets" says="photograph has three colours too"
mnist_training_bytes = 47040000
cifar10_images_per_photograph = round(469 * 387 / 3072)
chance_of_five_blind_guesses = 0.005


# %% wrong="datasets" says="a whole number is asked for"
mnist_training_bytes = 47040000
cifar10_images_per_photograph = round(469 * 387 / 1024, 2)
chance_of_five_blind_guesses = 0.005


# %% wrong="datasets" says="breeds of dogs"
mnist_training_bytes = 47040000
cifar10_images_per_photograph = 177
chance_of_five_blind_guesses = 5 / 120


# %% wrong="datasets" says="share of the training images"
mnist_training_bytes = 47040000
cifar10_images_per_photograph = 177
chance_of_five_blind_guesses = 5 / 1_280_000


# %% wrong="datasets" says="none is named twice"
mnist_training_bytes = 47040000
cifar10_images_per_photograph = 177
chance_of_five_blind_guesses = 1 - 0.999**5


# %% wrong="datasets" says="a single guess"
mnist_training_bytes = 47040000
cifar10_images_per_photograph = 177
chance_of_five_blind_guesses = 1 / 1000


# %% wrong="datasets" says="chance to miss"
mnist_training_bytes = 47040000
cifar10_images_per_photograph = 177
chance_of_five_blind_guesses = 1 - 5 / 1000


# %% wrong="datasets" says="cifar10_images_per_photograph is not filled in yet"
mnist_training_bytes: int | None = 47040000
cifar10_images_per_photograph: int | None = None
chance_of_five_blind_guesses: float | None = 0.005


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


# %% wrong="shuffle-pixels" says="Nothing has moved"
def shuffle_pixels(images, order):
    moved = images.copy()
    for image in moved:
        flat = image.reshape(-1).copy()
        old = flat.copy()
        for j in range(len(flat)):
            flat[j] = old[order[j]]
    return moved


# %% wrong="shuffle-pixels" says="column by column"
def shuffle_pixels(images, order):
    flat = images.transpose(0, 2, 1).reshape(len(images), -1)
    return flat[:, order].reshape(images.shape)


# %% wrong="shuffle-pixels" says="IndexError"
def shuffle_pixels(images, order):
    return images[:, order]


# %% wrong="shuffle-pixels" says="already overwritten"
def shuffle_pixels(images, order):
    moved = images.copy()
    for image in moved:
        flat = image.reshape(-1)
        for j in range(len(flat)):
            flat[j] = flat[order[j]]
    return moved


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


# %% wrong="band-matrix" says="yours is (4, 7)"
def convolution_matrix(kernel, n):
    k = len(kernel)
    matrix = np.zeros((n - k, n))
    for i in range(n - k):
        matrix[i, i : i + k] = kernel
    return matrix


# %% wrong="band-matrix" says="yours is (0, 2)"
def convolution_matrix(kernel, n):
    matrix = np.zeros((n - 2, n))
    for i in range(n - 2):
        matrix[i, i : i + 3] = kernel
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


# %% wrong="three-steps" says="[1] is for the locally connected layer"
def parameters_at_each_step(n, k):
    o = n - k + 1
    return o * n, o * (k + 1), k


# %% wrong="three-steps" says="[2] is for the convolutional layer"
def parameters_at_each_step(n, k):
    o = n - k + 1
    return o * n, o * k, o


# %% wrong="three-steps" says="expected a tuple of 3; yours has 2"
def parameters_at_each_step(n, k):
    return (n - k + 1) * n, k


# %% right="four-parts" style="lower case"
numbers_into_first_dense_layer = 576
part_with_most_weights = "dense"


# %% right="four-parts" style="capitals, arithmetic"
numbers_into_first_dense_layer = 16 * (((36 - 4) // 2 - 4) // 2) ** 2
part_with_most_weights = " Dense "


# %% wrong="four-parts" says="images of 32 × 32"
numbers_into_first_dense_layer = 400
part_with_most_weights = "dense"


# %% wrong="four-parts" says="one of the maps"
numbers_into_first_dense_layer = 36
part_with_most_weights = "dense"


# %% wrong="four-parts" says="second convolution has a window"
numbers_into_first_dense_layer = 16 * 7 * 7
part_with_most_weights = "dense"


# %% wrong="four-parts" says="But how many weights are in a filter"
numbers_into_first_dense_layer = 576
part_with_most_weights = "convolution"


# %% wrong="four-parts" says="second convolution has a window"
numbers_into_first_dense_layer = 16 * (((40 - 4) // 2 - 4) // 2) ** 2
part_with_most_weights = "dense"


# %% wrong="four-parts" says="needs no weights at all"
numbers_into_first_dense_layer = 576
part_with_most_weights = "subsampling"


# %% wrong="four-parts" says="each sees 84 numbers"
numbers_into_first_dense_layer = 576
part_with_most_weights = "output"


# %% wrong="four-parts" says="choose one of"
numbers_into_first_dense_layer = 576
part_with_most_weights = "the first"


# %% right="lost-order" style="from an end, loops"
def order_along_the_river(recorded: np.ndarray) -> np.ndarray:
    hours, n = recorded.shape
    z = (recorded - recorded.mean(axis=0)) / recorded.std(axis=0)
    likeness = [[sum(z[:, a] * z[:, b]) / hours for b in range(n)] for a in range(n)]
    row = [min(range(n), key=lambda gauge: sum(likeness[gauge]))]
    while len(row) < n:
        left = [gauge for gauge in range(n) if gauge not in row]
        row.append(max(left, key=lambda gauge: likeness[row[-1]][gauge]))
    return np.array(row)


# %% right="lost-order" style="growing on both sides, ranks"
def order_along_the_river(recorded):
    from scipy.stats import spearmanr

    n = recorded.shape[1]
    if n == 2:
        return np.arange(2)
    likeness = spearmanr(recorded).statistic
    row, left = [0], set(range(1, n))
    while left:
        first = max(left, key=lambda gauge: likeness[row[0], gauge])
        last = max(left, key=lambda gauge: likeness[row[-1], gauge])
        if likeness[row[0], first] > likeness[row[-1], last]:
            row.insert(0, first)
            left.remove(first)
        else:
            row.append(last)
            left.remove(last)
    return np.array(row)


# %% right="lost-order" style="every start tried"
def order_along_the_river(recorded):
    likeness = np.corrcoef(recorded, rowvar=False)
    best, most = None, -np.inf
    for start in range(len(likeness)):
        row = [start]
        while len(row) < len(likeness):
            rest = likeness[row[-1]].copy()
            rest[row] = -np.inf
            row.append(int(rest.argmax()))
        total = sum(likeness[a, b] for a, b in zip(row, row[1:]))
        if total > most:
            best, most = row, total
    return np.array(best)


# %% right="lost-order" style="spectral, torch in float32"
def order_along_the_river(recorded):
    likeness = torch.corrcoef(torch.tensor(recorded.T, dtype=torch.float32)).clip(0)
    laplacian = torch.diag(likeness.sum(0)) - likeness
    return torch.linalg.eigh(laplacian).eigenvectors[:, 1].argsort()


# %% wrong="lost-order" says="begins in the middle of the river"
def order_along_the_river(recorded):
    likeness = np.corrcoef(recorded.T)
    row, left = [0], set(range(1, len(likeness)))
    while left:
        nearest = max(left, key=lambda gauge: likeness[row[-1], gauge])
        row.append(nearest)
        left.remove(nearest)
    return np.array(row)


# %% wrong="lost-order" says="likeness to a single gauge"
def order_along_the_river(recorded):
    return np.argsort(-np.corrcoef(recorded.T)[0])


# %% wrong="lost-order" says="scale of its own"
def order_along_the_river(recorded):
    likeness = np.cov(recorded.T)
    row = [int(likeness.sum(axis=0).argmin())]
    left = set(range(len(likeness))) - set(row)
    while left:
        nearest = max(left, key=lambda gauge: likeness[row[-1], gauge])
        row.append(nearest)
        left.remove(nearest)
    return np.array(row)


# %% wrong="lost-order" says="scale of its own"
def order_along_the_river(recorded):
    return recorded.mean(axis=0).argsort()


# %% wrong="lost-order" says="not a large one"
def order_along_the_river(recorded):
    likeness = np.abs(np.corrcoef(recorded.T))
    row = [int(likeness.sum(axis=0).argmin())]
    left = set(range(len(likeness))) - set(row)
    while left:
        nearest = max(left, key=lambda gauge: likeness[row[-1], gauge])
        row.append(nearest)
        left.remove(nearest)
    return np.array(row)


# %% wrong="lost-order" says="takes rows as variables"
def order_along_the_river(recorded):
    likeness = np.corrcoef(recorded)
    row = [int(likeness.sum(axis=0).argmin())]
    left = set(range(len(likeness))) - set(row)
    while left:
        nearest = max(left, key=lambda gauge: likeness[row[-1], gauge])
        row.append(nearest)
        left.remove(nearest)
    return np.array(row)


# %% wrong="lost-order" says="only the type is not"
def order_along_the_river(recorded):
    likeness = np.corrcoef(recorded.T)
    row = [int(likeness.sum(axis=0).argmin())]
    while len(row) < len(likeness):
        left = set(range(len(likeness))) - set(row)
        row.append(max(left, key=lambda gauge: likeness[row[-1], gauge]))
    return row


# %% wrong="lost-order" says="makes an array of a list"
def order_along_the_river(recorded):
    return list(range(recorded.shape[1]))


# %% wrong="lost-order" says="one direction of the data"
def order_along_the_river(recorded):
    return np.linalg.eigh(np.corrcoef(recorded.T))[1][:, -1].argsort()


# %% wrong="lost-order" says="one direction of the data"
def order_along_the_river(recorded):
    z = (recorded - recorded.mean(axis=0)) / recorded.std(axis=0)
    return np.argsort(np.linalg.svd(z, full_matrices=False)[2][1])


# %% wrong="lost-order" says="Each column comes once"
def order_along_the_river(recorded):
    likeness = np.corrcoef(recorded.T)
    np.fill_diagonal(likeness, -1)
    row = [int(likeness.sum(axis=0).argmin())]
    while len(row) < len(likeness):
        row.append(int(likeness[row[-1]].argmax()))
    return np.array(row)


# %% wrong="lost-order" says="the column at each place"
def order_along_the_river(recorded):
    likeness = np.corrcoef(recorded.T)
    row = [int(likeness.sum(axis=0).argmin())]
    left = set(range(len(likeness))) - set(row)
    while left:
        nearest = max(left, key=lambda gauge: likeness[row[-1], gauge])
        row.append(nearest)
        left.remove(nearest)
    return np.argsort(row)


# %% wrong="lost-order" says="stand as they came"
def order_along_the_river(recorded):
    return np.arange(recorded.shape[1])


# %% wrong="lost-order" says="changes its input recorded"
def order_along_the_river(recorded):
    recorded -= recorded.mean(axis=0).astype(recorded.dtype)
    likeness = np.corrcoef(recorded.T)
    row = [int(likeness.sum(axis=0).argmin())]
    left = set(range(len(likeness))) - set(row)
    while left:
        nearest = max(left, key=lambda gauge: likeness[row[-1], gauge])
        row.append(nearest)
        left.remove(nearest)
    return np.array(row)


# %% equivalent="lost-order" why="likeness has no direction, nor has the row"
# order swapped
# arguments swapped
# turned round


# %% equivalent="lost-order" why="both factors change their sign"
# terms swapped


# %% equivalent="lost-order" why="a row of whole numbers from 0 on stays the same"
# flat
# transposed
# without its axes of one
# through ReLU
# without its sign
# cut to integers


# %% equivalent="lost-order" why="the mean is least where the sum is"
# mean for sum


# %% equivalent="lost-order" why="no int needed; least like gauge 0 is an end"
# a call left out


# %% equivalent="lost-order" why="likeness falls all the way from an end"
# - nearest = max(left, key=lambda gauge: likeness[row[-1], gauge])
# + nearest = max(left, key=lambda gauge: likeness[row[-0], gauge])


# %% equivalent="lost-order" why="likeness falls all the way from an end"
# - row.append(max(left, key=lambda gauge: likeness[row[-1]][gauge]))
# + row.append(max(left, key=lambda gauge: likeness[row[-0]][gauge]))


# %% equivalent="lost-order" why="likeness falls all the way from an end"
# - rest = likeness[row[-1]].copy()
# + rest = likeness[row[-0]].copy()


# %% equivalent="lost-order" why="the comparison tells the side, from either end"
# - first = max(left, key=lambda gauge: likeness[row[0], gauge])
# + first = max(left, key=lambda gauge: likeness[row[-1], gauge])


# %% equivalent="lost-order" why="the comparison tells the side, from either end"
# - last = max(left, key=lambda gauge: likeness[row[-1], gauge])
# + last = max(left, key=lambda gauge: likeness[row[-0], gauge])


# %% equivalent="lost-order" why="likeness is symmetric"
# - row = [int(likeness.sum(axis=0).argmin())]
# + row = [int(likeness.sum(axis=1).argmin())]


# %% equivalent="lost-order" why="likeness is symmetric"
# - row = [int(likeness.sum(axis=0).argmin())]
# + row = [int(likeness.sum(axis=-1).argmin())]


# %% equivalent="lost-order" why="likeness is symmetric"
# - laplacian = torch.diag(likeness.sum(0)) - likeness
# + laplacian = torch.diag(likeness.sum(1)) - likeness


# %% equivalent="lost-order" why="likeness is symmetric"
# - laplacian = torch.diag(likeness.sum(0)) - likeness
# + laplacian = torch.diag(likeness.sum(-1)) - likeness


# %% equivalent="lost-order" why="all likenesses grow by one factor"
# - likeness = [[sum(z[:, a] * z[:, b]) / hours for b in range(n)] for a in range(n)]
# + likeness = [[sum(z[:, a] * z[:, b]) * hours for b in range(n)] for a in range(n)]


# %% equivalent="lost-order" why="all likenesses grow by one factor"
# - likeness = [[sum(z[:, a] * z[:, b]) / hours for b in range(n)] for a in range(n)]
# + likeness = [[sum(z[:, a] * z[:, b]) for b in range(n)] for a in range(n)]


# %% equivalent="lost-order" why="coarse values still rise and fall together"
# - z = (recorded - recorded.mean(axis=0)) / recorded.std(axis=0)
# + z = (recorded - recorded.mean(axis=0)) // recorded.std(axis=0)


# %% equivalent="lost-order" why="two likenesses are never exactly the same"
# - if likeness[row[0], first] > likeness[row[-1], last]:
# + if likeness[row[0], first] >= likeness[row[-1], last]:


# %% equivalent="lost-order" why="of two rows as good, either is right"
# - if total > most:
# + if total >= most:


# %% equivalent="lost-order" why="float64 is as good"
# - likeness = torch.corrcoef(torch.tensor(recorded.T, dtype=torch.float32)).clip(0)
# + likeness = torch.corrcoef(torch.tensor(recorded.T)).clip(0)


# %% equivalent="shuffle-pixels" why="NumPy reads any negative number as the open axis"
# - rows = images.reshape(len(images), -1)
# + rows = images.reshape(len(images), -2)


# %% equivalent="dense-weights" why="a product has no order"
# - layer = torch.nn.Linear(height * width * channels, units, bias=False, device='meta')
# + layer = torch.nn.Linear(units, height * width * channels, bias=False, device='meta')


# %% equivalent="dense-weights" why="there is one parameter"
# - return sum((p.numel() for p in layer.parameters()))
# + return max((p.numel() for p in layer.parameters()))


# %% equivalent="shuffle-pixels" why="NumPy reads any negative number as the open axis"
# - flat = images.reshape(len(images), -1)
# + flat = images.reshape(len(images), -2)


# %% equivalent="shuffle-pixels" why="every entry is written over"
# - out = np.zeros_like(images)
# + out = np.ones_like(images)


# %% equivalent="shuffle-pixels" why="every entry is written over"
# - new = np.zeros_like(old)
# + new = np.ones_like(old)


# %% equivalent="band-matrix" why="there is one channel"
# - return F.conv1d(torch.eye(n)[:, None], k[None, None])[:, 0].T
# + return F.conv1d(torch.eye(n)[:, None], k[None, None])[:, -1].T


# %% equivalent="three-steps" why="any number but 0 is counted"
# - band[i, i:i + k] = 1
# + band[i, i:i + k] = 2


# %% equivalent="three-steps" why="every row holds as many"
# - return [band.size, np.count_nonzero(band), np.count_nonzero(band[0])]
# + return [band.size, np.count_nonzero(band), np.count_nonzero(band[-1])]


# %% equivalent="three-steps" why="only a name"
# - Weights = namedtuple('Weights', 'dense local shared')
# + Weights = namedtuple('Weightsx', 'dense local shared')


# %% equivalent="three-steps" why="an int is as good"
# - return Weights(dense=outputs * n, local=outputs * k, shared=np.int64(k))
# + return Weights(dense=outputs * n, local=outputs * k, shared=k)


# %% equivalent="datasets" why="both round to the same number of photographs"
# - cifar10_images_per_photograph = round(469 * 387 * 3 / (32 * 32 * 3))
# + cifar10_images_per_photograph = round(469 * 387 * 3 // (32 * 32 * 3))
