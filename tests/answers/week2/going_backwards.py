# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="gradient-kernel-1d" style="loops"
def kernel_gradient(x, delta):
    n, o = len(x), len(delta)
    to_w = np.zeros(n - o + 1)
    for m in range(n - o + 1):
        for i in range(o):
            to_w[m] += delta[i] * x[i + m]
    return to_w


# %% right="gradient-kernel-1d" style="windows"
def kernel_gradient(x, delta):
    return np.lib.stride_tricks.sliding_window_view(x, len(delta)) @ delta


# %% right="gradient-kernel-1d" style="through the outputs"
def kernel_gradient(x, delta):
    k = x.size - delta.size + 1
    total = np.zeros(k)
    for i, value in enumerate(delta):
        total = total + value * x[i : i + k]
    return total


# %% right="gradient-kernel-1d" style="torch, float32"
def kernel_gradient(x, delta):
    x, delta = torch.tensor(x).float(), torch.tensor(delta).float()
    return x.unfold(0, len(delta), 1) @ delta


# %% wrong="gradient-kernel-1d" says="np.correlate does the work"
def kernel_gradient(x, delta):
    return np.correlate(x, delta, mode="valid")


# %% wrong="gradient-kernel-1d" says="backward does the work"
def kernel_gradient(x, delta):
    x, delta = torch.tensor(x).double(), torch.tensor(delta).double()
    w = torch.zeros(len(x) - len(delta) + 1, dtype=torch.double, requires_grad=True)
    y = x.unfold(0, len(w), 1) @ w
    (y @ delta).backward()
    return w.grad


# %% wrong="gradient-kernel-1d" says="Your delta runs backwards"
def kernel_gradient(x, delta):
    o = len(delta)
    return np.array([delta[::-1] @ x[m : m + o] for m in range(len(x) - o + 1)])


# %% wrong="gradient-kernel-1d" says="The last weight is missing"
def kernel_gradient(x, delta):
    o = len(delta)
    return np.array([delta @ x[m : m + o] for m in range(len(x) - o)])


# %% wrong="gradient-kernel-1d" says="one number too many: a kernel of"
def kernel_gradient(x, delta):
    o = len(delta)
    to_w = np.zeros(len(x) - o + 2)
    for m in range(len(x) - o + 1):
        to_w[m] = delta @ x[m : m + o]
    return to_w


# %% wrong="gradient-kernel-1d" says="You took the mean over the outputs"
def kernel_gradient(x, delta):
    o = len(delta)
    return np.array([np.mean(delta * x[m : m + o]) for m in range(len(x) - o + 1)])


# %% wrong="gradient-kernel-1d" says="stand in reverse order"
def kernel_gradient(x, delta):
    o = len(delta)
    return np.array([delta @ x[m : m + o] for m in range(len(x) - o + 1)])[::-1]


# %% wrong="gradient-kernel-1d" says="without delta"
def kernel_gradient(x, delta):
    o = len(delta)
    return np.array([np.sum(x[m : m + o]) for m in range(len(x) - o + 1)])


# %% wrong="gradient-kernel-1d" says="Only the first output blames"
def kernel_gradient(x, delta):
    return delta[0] * x[: len(x) - len(delta) + 1]


# %% wrong="gradient-kernel-1d" says="Only the last output blames"
def kernel_gradient(x, delta):
    k = len(x) - len(delta) + 1
    for i, value in enumerate(delta):
        to_w = value * x[i : i + k]
    return to_w


# %% wrong="gradient-kernel-1d" says="a gradient points uphill"
def kernel_gradient(x, delta):
    o = len(delta)
    return -np.array([delta @ x[m : m + o] for m in range(len(x) - o + 1)])


# %% wrong="gradient-kernel-1d" says="You let delta hang over the ends"
def kernel_gradient(x, delta):
    o = len(delta)
    x = np.pad(x, o - 1)
    return np.array([delta @ x[m : m + o] for m in range(len(x) - o + 1)])


# %% wrong="gradient-kernel-1d" says="The fractions are cut off"
def kernel_gradient(x, delta):
    k = len(x) - len(delta) + 1
    to_w = np.zeros_like(x[:k])
    for m in range(k):
        to_w[m] = delta @ x[m : m + len(delta)]
    return to_w


# %% right="gradient-input-1d" style="through the pixels"
def input_gradient(w, delta):
    o, k = len(delta), len(w)
    to_x = np.zeros(o + k - 1)
    for j in range(o + k - 1):
        for i in range(o):
            if 0 <= j - i < k:
                to_x[j] += delta[i] * w[j - i]
    return to_x


# %% right="gradient-input-1d" style="padded and turned"
def input_gradient(w, delta):
    k = len(w)
    wide = np.pad(delta, k - 1)
    return np.array([wide[j : j + k] @ w[::-1] for j in range(len(delta) + k - 1)])


# %% right="gradient-input-1d" style="by the weights"
def input_gradient(w, delta):
    k, o = w.size, delta.size
    return sum(np.pad(w[m] * delta, (m, k - 1 - m)) for m in range(k)).reshape(
        o + k - 1
    )


# %% right="gradient-input-1d" style="torch, float32"
def input_gradient(w, delta):
    w, delta = torch.tensor(w).float(), torch.tensor(delta).float()
    wide = F.pad(delta, (len(w) - 1, len(w) - 1))
    return wide.unfold(0, len(w), 1) @ w.flip(0)


# %% wrong="gradient-input-1d" says="np.convolve does the work"
def input_gradient(w, delta):
    return np.convolve(delta, w)


# %% wrong="gradient-input-1d" says="Your kernel runs backwards"
def input_gradient(w, delta):
    k = len(w)
    wide = np.pad(delta, k - 1)
    return np.array([wide[j : j + k] @ w for j in range(len(delta) + k - 1)])


# %% wrong="gradient-input-1d" says="the later one wins"
def input_gradient(w, delta):
    to_x = np.zeros(len(delta) + len(w) - 1)
    for i, value in enumerate(delta):
        to_x[i : i + len(w)] = value * w
    return to_x


# %% wrong="gradient-input-1d" says="An index below 0 counts from the end"
def input_gradient(w, delta):
    o, k = len(delta), len(w)
    return np.array(
        [
            sum(delta[i] * w[(j - i) % k] for i in range(o) if j - i < k)
            for j in range(o + k - 1)
        ]
    )


# %% wrong="gradient-input-1d" says="Only pixels that every weight has met"
def input_gradient(w, delta):
    k = min(len(w), len(delta))
    short, long = sorted((w, delta), key=len)
    n = len(long) - len(short) + 1
    return np.array([long[j : j + k] @ short[::-1] for j in range(n)])


# %% wrong="gradient-input-1d" says="The last pixel is missing"
def input_gradient(w, delta):
    to_x = np.zeros(len(delta) + len(w) - 1)
    for i, value in enumerate(delta):
        to_x[i : i + len(w)] += value * w
    return to_x[:-1]


# %% wrong="gradient-input-1d" says="one number too many: the last stop"
def input_gradient(w, delta):
    to_x = np.zeros(len(delta) + len(w))
    for i, value in enumerate(delta):
        to_x[i : i + len(w)] += value * w
    return to_x


# %% wrong="gradient-input-1d" says="as many pixels as there are outputs"
def input_gradient(w, delta):
    to_x = np.zeros(len(delta) + len(w) - 1)
    for i, value in enumerate(delta):
        to_x[i : i + len(w)] += value * w
    return to_x[: len(delta)]


# %% wrong="gradient-input-1d" says="mean over the weights"
def input_gradient(w, delta):
    to_x = np.zeros(len(delta) + len(w) - 1)
    for i, value in enumerate(delta):
        to_x[i : i + len(w)] += value * w / len(w)
    return to_x


# %% wrong="gradient-input-1d" says="Only the first weight is used"
def input_gradient(w, delta):
    to_x = np.zeros(len(delta) + len(w) - 1)
    to_x[: len(delta)] = w[0] * delta
    return to_x


# %% wrong="gradient-input-1d" says="The fractions are cut off"
def input_gradient(w, delta):
    to_x = np.zeros(len(delta) + len(w) - 1, dtype=delta.dtype)
    for i, value in enumerate(delta):
        to_x[i : i + len(w)] += (value * w).astype(delta.dtype)
    return to_x


# %% right="gradient-2d" style="four loops"
def gradients2d(image, kernel, delta, s=1):
    to_kernel = np.zeros(kernel.shape)
    to_image = np.zeros(image.shape)
    for j in range(delta.shape[0]):
        for k in range(delta.shape[1]):
            for m in range(kernel.shape[0]):
                for n in range(kernel.shape[1]):
                    to_kernel[m, n] += delta[j, k] * image[s * j + m, s * k + n]
                    to_image[s * j + m, s * k + n] += delta[j, k] * kernel[m, n]
    return to_kernel, to_image


# %% right="gradient-2d" style="through the weights"
def gradients2d(image, kernel, delta, s=1):
    (oh, ow), to_image = delta.shape, np.zeros(image.shape)
    to_kernel = np.zeros(kernel.shape)
    for (m, n), weight in np.ndenumerate(kernel):
        met = np.s_[m : m + s * oh : s, n : n + s * ow : s]
        to_kernel[m, n] = (delta * image[met]).sum()
        to_image[met] += weight * delta
    return to_kernel, to_image


# %% right="gradient-2d" style="dilated, with filters.correlate2d"
def gradients2d(image, kernel, delta, s=1):
    (oh, ow), (kh, kw) = delta.shape, kernel.shape
    dilated = np.zeros((s * (oh - 1) + 1, s * (ow - 1) + 1))
    dilated[::s, ::s] = delta
    read = image[: dilated.shape[0] + kh - 1, : dilated.shape[1] + kw - 1]
    to_kernel = filters.correlate2d(read, dilated)
    wide = np.pad(dilated, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    to_image = np.zeros(image.shape)
    full = filters.correlate2d(wide, kernel[::-1, ::-1])
    to_image[: full.shape[0], : full.shape[1]] = full
    return to_kernel, to_image


# %% right="gradient-2d" style="torch, float32"
def gradients2d(image, kernel, delta, s=1):
    image, kernel, delta = (torch.tensor(a).float() for a in (image, kernel, delta))
    kh, kw = kernel.shape
    windows = image.unfold(0, kh, s).unfold(1, kw, s)
    to_kernel = torch.einsum("jk,jkmn->mn", delta, windows)
    to_image = torch.zeros_like(image)
    view = to_image.unfold(0, kh, s).unfold(1, kw, s)
    for j in range(delta.shape[0]):
        for k in range(delta.shape[1]):
            view[j, k] += delta[j, k] * kernel
    return [to_kernel, to_image]


# %% wrong="gradient-2d" says="The two are swapped"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_kernel, to_image = np.zeros(kernel.shape), np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        window = np.s_[s * j : s * j + kh, s * k : s * k + kw]
        to_kernel += value * image[window]
        to_image[window] += value * kernel
    return to_image, to_kernel


# %% wrong="gradient-2d" says="expected a pair"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_image = np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        to_image[s * j : s * j + kh, s * k : s * k + kw] += value * kernel
    return to_image


# %% wrong="gradient-2d" says="The stride is missing: output (j, k) has read"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_kernel, to_image = np.zeros(kernel.shape), np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        to_kernel += value * image[j : j + kh, k : k + kw]
        to_image[s * j : s * j + kh, s * k : s * k + kw] += value * kernel
    return to_kernel, to_image


# %% wrong="gradient-2d" says="stamps of neighbouring outputs begin s"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_kernel, to_image = np.zeros(kernel.shape), np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        to_kernel += value * image[s * j : s * j + kh, s * k : s * k + kw]
        to_image[j : j + kh, k : k + kw] += value * kernel
    return to_kernel, to_image


# %% wrong="gradient-2d" says="Pixels are missing: those that the floor dropped"
def gradients2d(image, kernel, delta, s=1):
    (kh, kw), (oh, ow) = kernel.shape, delta.shape
    to_kernel = np.zeros(kernel.shape)
    to_image = np.zeros((s * (oh - 1) + kh, s * (ow - 1) + kw))
    for (j, k), value in np.ndenumerate(delta):
        window = np.s_[s * j : s * j + kh, s * k : s * k + kw]
        to_kernel += value * image[window]
        to_image[window] += value * kernel
    return to_kernel, to_image


# %% wrong="gradient-2d" says="Your kernel is turned the wrong way"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_kernel, to_image = np.zeros(kernel.shape), np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        window = np.s_[s * j : s * j + kh, s * k : s * k + kw]
        to_kernel += value * image[window]
        to_image[window] += value * kernel[::-1, ::-1]
    return to_kernel, to_image


# %% wrong="gradient-2d" says="overlap in the image the later one wins"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_kernel, to_image = np.zeros(kernel.shape), np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        window = np.s_[s * j : s * j + kh, s * k : s * k + kw]
        to_kernel += value * image[window]
        to_image[window] = value * kernel
    return to_kernel, to_image


# %% wrong="gradient-2d" says="Only the last output blames the kernel"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_image = np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        window = np.s_[s * j : s * j + kh, s * k : s * k + kw]
        to_kernel = value * image[window]
        to_image[window] += value * kernel
    return to_kernel, to_image


# %% wrong="gradient-2d" says="Your delta is turned"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_kernel, to_image = np.zeros(kernel.shape), np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        window = np.s_[s * j : s * j + kh, s * k : s * k + kw]
        to_kernel += delta[-1 - j, -1 - k] * image[window]
        to_image[window] += value * kernel
    return to_kernel, to_image


# %% wrong="gradient-2d" says="Keep the first kh × kw numbers"
def gradients2d(image, kernel, delta, s=1):
    (oh, ow), (kh, kw) = delta.shape, kernel.shape
    dilated = np.zeros((s * (oh - 1) + 1, s * (ow - 1) + 1))
    dilated[::s, ::s] = delta
    to_image = np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        to_image[s * j : s * j + kh, s * k : s * k + kw] += value * kernel
    return filters.correlate2d(image, dilated), to_image


# %% wrong="gradient-2d" says="It is delta that is dilated; do not drop outputs"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_image = np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        to_image[s * j : s * j + kh, s * k : s * k + kw] += value * kernel
    return filters.correlate2d(image, delta)[::s, ::s], to_image


# %% wrong="gradient-2d" says="zeros behind the last number of delta"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_image = np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        to_image[s * j : s * j + kh, s * k : s * k + kw] += value * kernel
    board = np.zeros((s * delta.shape[0], s * delta.shape[1]))
    board[::s, ::s] = delta
    return filters.correlate2d(image, board), to_image


# %% wrong="gradient-2d" says="You repeated each number of delta"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    dilated = np.repeat(np.repeat(delta, s, axis=0), s, axis=1)
    to_kernel = np.zeros(kernel.shape)
    for m, n in np.ndindex(kh, kw):
        window = image[m:, n:][: dilated.shape[0], : dilated.shape[1]]
        inside = dilated[: window.shape[0], : window.shape[1]]
        to_kernel[m, n] = np.sum(window * inside)
    to_image = np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        to_image[s * j : s * j + kh, s * k : s * k + kw] += value * kernel
    return to_kernel, to_image


# %% wrong="gradient-2d" says="Your kernel stands upside down"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_kernel, to_image = np.zeros(kernel.shape), np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        window = np.s_[s * j : s * j + kh, s * k : s * k + kw]
        to_kernel += value * image[window]
        to_image[window] += value * kernel[::-1]
    return to_kernel, to_image


# %% wrong="gradient-2d" says="Your kernel is a mirror image"
def gradients2d(image, kernel, delta, s=1):
    kh, kw = kernel.shape
    to_kernel, to_image = np.zeros(kernel.shape), np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        window = np.s_[s * j : s * j + kh, s * k : s * k + kw]
        to_kernel += value * image[window]
        to_image[window] += value * kernel[:, ::-1]
    return to_kernel, to_image


# %% wrong="gradient-2d" says="Yours are at the beginning"
def gradients2d(image, kernel, delta, s=1):
    (kh, kw), (h, w) = kernel.shape, image.shape
    to_kernel, to_image = np.zeros(kernel.shape), np.zeros(image.shape)
    down, right = (h - kh) % s, (w - kw) % s
    for (j, k), value in np.ndenumerate(delta):
        to_kernel += value * image[s * j : s * j + kh, s * k : s * k + kw]
        top, left = down + s * j, right + s * k
        to_image[top : top + kh, left : left + kw] += value * kernel
    return to_kernel, to_image


# %% wrong="gradient-2d" says="does the work of this exercise"
def gradients2d(image, kernel, delta, s=1):
    image, kernel, delta = (torch.tensor(a).double() for a in (image, kernel, delta))
    image.requires_grad_()
    kernel.requires_grad_()
    out = F.conv2d(image[None, None], kernel[None, None], stride=s)[0, 0]
    to_image, to_kernel = torch.autograd.grad((out * delta).sum(), (image, kernel))
    return to_kernel, to_image


# %% right="sparse-matrix" style="indices"
def image_matrix(kernel, height, width):
    kh, kw = kernel.shape
    rows, columns = height - kh + 1, width - kw + 1
    C = np.zeros((rows * columns, height * width))
    for j in range(rows):
        for k in range(columns):
            for m in range(kh):
                for n in range(kw):
                    C[j * columns + k, (j + m) * width + k + n] = kernel[m, n]
    return C


# %% right="sparse-matrix" style="impulses"
def image_matrix(kernel, height, width):
    columns = []
    for pixel in np.eye(height * width):
        picture = pixel.reshape(height, width)
        columns.append(filters.correlate2d(picture, kernel).ravel())
    return np.stack(columns, axis=1)


# %% right="sparse-matrix" style="padding"
def image_matrix(kernel, height, width):
    down, right = height - kernel.shape[0], width - kernel.shape[1]
    return np.array(
        [
            np.pad(kernel, ((j, down - j), (k, right - k))).flatten()
            for j in range(down + 1)
            for k in range(right + 1)
        ]
    )


# %% right="sparse-matrix" style="torch, float32"
def image_matrix(kernel, height, width):
    impulses = torch.eye(height * width).view(-1, 1, height, width)
    outputs = F.conv2d(impulses, torch.tensor(kernel).float()[None, None])
    return outputs.flatten(1).T


# %% wrong="sparse-matrix" says="That is the transpose"
def image_matrix(kernel, height, width):
    down, right = height - kernel.shape[0], width - kernel.shape[1]
    rows = [
        np.pad(kernel, ((j, down - j), (k, right - k))).ravel()
        for j in range(down + 1)
        for k in range(right + 1)
    ]
    return np.array(rows).T


# %% wrong="sparse-matrix" says="The kernel is turned"
def image_matrix(kernel, height, width):
    impulses = np.eye(height * width).reshape(-1, height, width)
    outputs = [filters.convolve2d(picture, kernel).ravel() for picture in impulses]
    return np.array(outputs).T


# %% wrong="sparse-matrix" says="follow each other without a gap"
def image_matrix(kernel, height, width):
    kh, kw = kernel.shape
    rows = []
    for j in range(height - kh + 1):
        for k in range(width - kw + 1):
            row = np.zeros(height * width)
            row[j * width + k : j * width + k + kh * kw] = kernel.ravel()
            rows.append(row)
    return np.array(rows)


# %% wrong="sparse-matrix" says="later, not `height`"
def image_matrix(kernel, height, width):
    (kh, kw), ow = kernel.shape, width - kernel.shape[1] + 1
    rows = np.zeros(((height - kh + 1) * ow, height * width))
    for i, j in np.ndindex(height - kh + 1, ow):
        for (m, n), weight in np.ndenumerate(kernel):
            rows[i * ow + j, (i + m) * height + j + n] = weight
    return rows


# %% wrong="sparse-matrix" says="should jump to the next line"
def image_matrix(kernel, height, width):
    kh, kw = kernel.shape
    first = np.zeros((height, width))
    first[:kh, :kw] = kernel
    count = (height - kh + 1) * (width - kw + 1)
    return np.array([np.roll(first.ravel(), i) for i in range(count)])


# %% wrong="sparse-matrix" says="You count down the columns"
def image_matrix(kernel, height, width):
    kh, kw = kernel.shape
    rows = []
    for k in range(width - kw + 1):
        for j in range(height - kh + 1):
            picture = np.zeros((height, width))
            picture[j : j + kh, k : k + kw] = kernel
            rows.append(picture.ravel(order="F"))
    return np.array(rows)


# %% wrong="sparse-matrix" says="The places go down the columns"
def image_matrix(kernel, height, width):
    kh, kw = kernel.shape
    rows = []
    for k in range(width - kw + 1):
        for j in range(height - kh + 1):
            picture = np.zeros((height, width))
            picture[j : j + kh, k : k + kw] = kernel
            rows.append(picture.ravel())
    return np.array(rows)


# %% wrong="sparse-matrix" says="The pixels go down the columns"
def image_matrix(kernel, height, width):
    kh, kw = kernel.shape
    rows = []
    for j in range(height - kh + 1):
        for k in range(width - kw + 1):
            picture = np.zeros((height, width))
            picture[j : j + kh, k : k + kw] = kernel
            rows.append(picture.T.ravel())
    return np.array(rows)


# %% wrong="sparse-matrix" says="the height belongs to kh, the width to kw"
def image_matrix(kernel, height, width):
    height, width = width, height
    kh, kw = kernel.shape
    rows = []
    for j in range(height - kh + 1):
        for k in range(width - kw + 1):
            picture = np.zeros((height, width))
            picture[j : j + kh, k : k + kw] = kernel
            rows.append(picture.ravel())
    return np.array(rows).reshape(len(rows), height * width)


# %% wrong="sparse-matrix" says="Flatten the pictures"
def image_matrix(kernel, height, width):
    kh, kw = kernel.shape
    rows = []
    for place in np.ndindex(height - kh + 1, width - kw + 1):
        picture = np.zeros((height, width))
        picture[place[0] : place[0] + kh, place[1] : place[1] + kw] = kernel
        rows.append(picture)
    return np.array(rows)


# %% wrong="sparse-matrix" says="Flatten it: one row"
def image_matrix(kernel, height, width):
    kh, kw = kernel.shape
    C = np.zeros((height - kh + 1, width - kw + 1, height, width))
    for j, k in np.ndindex(height - kh + 1, width - kw + 1):
        C[j, k, j : j + kh, k : k + kw] = kernel
    return C


# %% right="zero-stuffed" style="stamps"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    full = np.zeros((s * (h - 1) + kh, s * (w - 1) + kw))
    for j in range(h):
        for k in range(w):
            full[s * j : s * j + kh, s * k : s * k + kw] += x[j, k] * kernel
    return full[p : full.shape[0] - p, p : full.shape[1] - p]


# %% right="zero-stuffed" style="stuffed, padded, cut"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    board = np.zeros((h, s, w, s))
    board[:, 0, :, 0] = x
    board = board.reshape(h * s, w * s)[: s * (h - 1) + 1, : s * (w - 1) + 1]
    board = np.pad(board, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    full = filters.correlate2d(board, np.rot90(kernel, 2))
    rows, columns = full.shape
    return full[p : rows - p, p : columns - p]


# %% right="zero-stuffed" style="the true convolution"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    up, left = kh - 1 - p, kw - 1 - p
    dilated = np.zeros((s * h - s + 1, s * w - s + 1))
    dilated[::s, ::s] = x
    return filters.convolve2d(np.pad(dilated, ((up, up), (left, left))), kernel)


# %% right="zero-stuffed" style="torch, float32"
def transposed2d(x, kernel, s=1, p=0):
    x, kernel = torch.tensor(x).float(), torch.tensor(kernel).float()
    (h, w), (kh, kw) = x.shape, kernel.shape
    full = torch.zeros(s * (h - 1) + kh, s * (w - 1) + kw)
    for m in range(kh):
        for n in range(kw):
            full[m : m + s * (h - 1) + 1 : s, n : n + s * (w - 1) + 1 : s] += (
                kernel[m, n] * x
            )
    return full[p : full.shape[0] - p, p : full.shape[1] - p]


# %% right="zero-stuffed" style="slid by torch"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    board = torch.zeros(s * (h - 1) + 1, s * (w - 1) + 1, dtype=torch.float64)
    board[::s, ::s] = torch.tensor(x)
    turned = torch.tensor(kernel[::-1, ::-1].copy()).double()
    board = F.pad(board, (kw - 1 - p, kw - 1 - p, kh - 1 - p, kh - 1 - p))
    return F.conv2d(board[None, None], turned[None, None])[0, 0]


# %% wrong="zero-stuffed" says="F.conv_transpose2d does the work"
def transposed2d(x, kernel, s=1, p=0):
    x, kernel = torch.tensor(x).double(), torch.tensor(kernel).double()
    return F.conv_transpose2d(x[None, None], kernel[None, None], stride=s, padding=p)[
        0, 0
    ]


# %% wrong="zero-stuffed" says="The kernel is not turned"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    up, left = kh - 1 - p, kw - 1 - p
    dilated = np.zeros((s * h - s + 1, s * w - s + 1))
    dilated[::s, ::s] = x
    return filters.correlate2d(np.pad(dilated, ((up, up), (left, left))), kernel)


# %% wrong="zero-stuffed" says="Only the rows of the kernel"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    up, left = kh - 1 - p, kw - 1 - p
    dilated = np.zeros((s * h - s + 1, s * w - s + 1))
    dilated[::s, ::s] = x
    return filters.correlate2d(np.pad(dilated, ((up, up), (left, left))), kernel[::-1])


# %% wrong="zero-stuffed" says="Columns are padded with kw - 1 - p"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    up = kh - 1 - p
    dilated = np.zeros((s * h - s + 1, s * w - s + 1))
    dilated[::s, ::s] = x
    return filters.convolve2d(np.pad(dilated, up), kernel)


# %% wrong="zero-stuffed" says="Rows are padded with kh - 1 - p"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    left = kw - 1 - p
    dilated = np.zeros((s * h - s + 1, s * w - s + 1))
    dilated[::s, ::s] = x
    return filters.convolve2d(np.pad(dilated, left), kernel)


# %% wrong="zero-stuffed" says="That is the transpose of the kernel"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    up, left = kh - 1 - p, kw - 1 - p
    dilated = np.zeros((s * h - s + 1, s * w - s + 1))
    dilated[::s, ::s] = x
    return filters.correlate2d(np.pad(dilated, ((up, up), (left, left))), kernel.T)


# %% wrong="zero-stuffed" says="That is the transpose of the kernel"
def transposed2d(x, kernel, s=1, p=0):
    kernel = kernel.T
    (h, w), (kh, kw) = x.shape, kernel.shape
    up, left = kh - 1 - p, kw - 1 - p
    dilated = np.zeros((s * h - s + 1, s * w - s + 1))
    dilated[::s, ::s] = x
    return filters.correlate2d(np.pad(dilated, ((up, up), (left, left))), kernel)


# %% wrong="zero-stuffed" says="The stride is missing"
def transposed2d(x, kernel, s=1, p=0):
    (kh, kw) = kernel.shape
    up, left = kh - 1 - p, kw - 1 - p
    return filters.convolve2d(np.pad(x, ((up, up), (left, left))), kernel)


# %% wrong="zero-stuffed" says="one zero too many between two"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    up, left = kh - 1 - p, kw - 1 - p
    dilated = np.zeros(((s + 1) * (h - 1) + 1, (s + 1) * (w - 1) + 1))
    dilated[:: s + 1, :: s + 1] = x
    return filters.convolve2d(np.pad(dilated, ((up, up), (left, left))), kernel)


# %% wrong="zero-stuffed" says="zeros behind the last cell as well"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    up, left = kh - 1 - p, kw - 1 - p
    dilated = np.zeros((s * h, s * w))
    dilated[::s, ::s] = x
    return filters.convolve2d(np.pad(dilated, ((up, up), (left, left))), kernel)


# %% wrong="zero-stuffed" says="You repeated each cell"
def transposed2d(x, kernel, s=1, p=0):
    (kh, kw) = kernel.shape
    up, left = kh - 1 - p, kw - 1 - p
    large = x.repeat(s, axis=0).repeat(s, axis=1)
    return filters.convolve2d(np.pad(large, ((up, up), (left, left))), kernel)


# %% wrong="zero-stuffed" says="the later one wins"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    full = np.zeros((s * (h - 1) + kh, s * (w - 1) + kw))
    for j in range(h):
        for k in range(w):
            full[s * j : s * j + kh, s * k : s * k + kw] = x[j, k] * kernel
    return full[p : full.shape[0] - p, p : full.shape[1] - p]


# %% wrong="zero-stuffed" says="The padding is missing"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    full = np.zeros((s * (h - 1) + kh, s * (w - 1) + kw))
    for (j, k), value in np.ndenumerate(x):
        full[s * j : s * j + kh, s * k : s * k + kw] += value * kernel
    return full


# %% wrong="zero-stuffed" says="With p = 0 the slice [p:-p] is empty"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    full = np.zeros((s * (h - 1) + kh, s * (w - 1) + kw))
    for (j, k), value in np.ndenumerate(x):
        full[s * j : s * j + kh, s * k : s * k + kw] += value * kernel
    return full[p:-p, p:-p]


# %% wrong="zero-stuffed" says="The transpose pads k - 1 - p"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    zeros = np.zeros((s * (h - 1) + 1, s * (w - 1) + 1))
    zeros[::s, ::s] = x
    zeros = np.pad(zeros, p)
    return filters.correlate2d(zeros, kernel[::-1, ::-1])


# %% wrong="zero-stuffed" says="You padded the output"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    full = np.zeros((s * (h - 1) + kh, s * (w - 1) + kw))
    for (j, k), value in np.ndenumerate(x):
        full[s * j : s * j + kh, s * k : s * k + kw] += value * kernel
    return np.pad(full, p)


# %% wrong="zero-stuffed" says="at the end only"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    full = np.zeros((s * (h - 1) + kh, s * (w - 1) + kw))
    for (j, k), value in np.ndenumerate(x):
        full[s * j : s * j + kh, s * k : s * k + kw] += value * kernel
    return full[: full.shape[0] - p, : full.shape[1] - p]


# %% wrong="zero-stuffed" says="all the padding is cut off at the end"
def transposed2d(x, kernel, s=1, p=0):
    (h, w), (kh, kw) = x.shape, kernel.shape
    full = np.zeros((s * (h - 1) + kh, s * (w - 1) + kw))
    for (j, k), value in np.ndenumerate(x):
        full[s * j : s * j + kh, s * k : s * k + kw] += value * kernel
    return full[: full.shape[0] - 2 * p, : full.shape[1] - 2 * p]


# %% right="transposed-size" style="formulas"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    return o, s * (o - 1) + k - 2 * p, (n + 2 * p - k) % s


# %% right="transposed-size" style="by difference"
def way_back(n, k, s=1, p=0):
    steps, a = divmod(n + 2 * p - k, s)
    if steps < 0:
        raise ValueError(f"kernel {k}, row {n}")
    return steps + 1, n - a, a


# %% right="transposed-size" style="counting stops"
def way_back(n, k, s=1, p=0):
    stops = range(0, n + 2 * p - k + 1, s)
    if not stops:
        raise ValueError("no place")
    reached = stops[-1] + k
    return len(stops), reached - 2 * p, n + 2 * p - reached


# %% right="transposed-size" style="torch"
def way_back(n, k, s=1, p=0):
    if n + 2 * p < k:
        raise ValueError("no place")
    row, kernel = torch.zeros(1, 1, n), torch.zeros(1, 1, k)
    small = F.conv1d(row, kernel, stride=s, padding=p)
    back = F.conv_transpose1d(small, kernel, stride=s, padding=p).shape[2]
    return small.shape[2], back, n - back


# %% wrong="transposed-size" says="You took p for both sides together"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + p - k) // s + 1
    return o, s * (o - 1) + k - p, (n + p - k) % s


# %% wrong="transposed-size" says="The padding is missing in the output_padding"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    return o, s * (o - 1) + k - 2 * p, (n - k) % s


# %% wrong="transposed-size" says="The way back is s too long"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    return o, s * o + k - 2 * p, (n + 2 * p - k) % s


# %% wrong="transposed-size" says="The way back forgets the stride"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    return o, o + k - 1 - 2 * p, (n + 2 * p - k) % s


# %% wrong="transposed-size" says="The second number is the size without"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    a = (n + 2 * p - k) % s
    return o, s * (o - 1) + k - 2 * p + a, a


# %% wrong="transposed-size" says="The padding is missing on the way back"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    return o, s * (o - 1) + k, (n + 2 * p - k) % s


# %% wrong="transposed-size" says="The first stop of the kernel is missing"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s
    return o, s * o + k - 2 * p, (n + 2 * p - k) % s


# %% wrong="transposed-size" says="The third is what the last stop has left over"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    back = s * (o - 1) + k - 2 * p
    return o, back, n % s


# %% wrong="transposed-size" says="The third is what the last stop has left over"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    back = s * (o - 1) + k - 2 * p
    return o, back, s - 1


# %% wrong="transposed-size" says="The third is what the last stop has left over"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    back = s * (o - 1) + k - 2 * p
    return o, back, back - n


# %% wrong="transposed-size" says="On the way back the padding makes the row shorter"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    back = s * (o - 1) + k + 2 * p
    return o, back, (n + 2 * p - k) % s


# %% wrong="transposed-size" says="You rounded the number of places up"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    up = -(-(n + 2 * p - k) // s) + 1
    return up, s * (o - 1) + k - 2 * p, (n + 2 * p - k) % s


# %% wrong="transposed-size" says="This kernel fits: compare k with the padded row"
def way_back(n, k, s=1, p=0):
    if k > n:
        raise ValueError("the kernel is too long")
    spare = n + 2 * p - k
    return spare // s + 1, n - spare % s, spare % s


# %% wrong="transposed-size" says="a kernel of 3 on 2 + 0 cells"
def way_back(n, k, s=1, p=0):
    o = (n + 2 * p - k) // s + 1
    return o, s * (o - 1) + k - 2 * p, (n + 2 * p - k) % s


# %% wrong="transposed-size" says="a kernel of 8 on 3 + 4 cells"
def way_back(n, k, s=1, p=0):
    if k > n + 2 * p and p == 0:
        raise ValueError("the kernel does not fit")
    o = (n + 2 * p - k) // s + 1
    return o, s * (o - 1) + k - 2 * p, (n + 2 * p - k) % s


# %% right="gradient-bug" style="mended where it broke"
def mended(w, delta, n, s=1, p=0):
    dilated = np.zeros(s * (len(delta) - 1) + 1)
    dilated[::s] = delta
    full = np.convolve(dilated, w)
    padded = np.zeros(n + 2 * p)
    padded[: len(full)] = full
    return padded[p : n + p]


# %% right="gradient-bug" style="slid by NumPy"
def mended(w, delta, n, s=1, p=0):
    dilated = np.zeros(s * len(delta))
    dilated[::s] = delta
    full = np.correlate(dilated, w[::-1], "full")
    return np.pad(full, (0, n))[p : p + n]


# %% right="gradient-bug" style="pixel by pixel"
def mended(w, delta, n, s=1, p=0):
    to_x = np.zeros(n)
    for i in range(len(delta)):
        for m in range(len(w)):
            j = s * i + m - p
            if 0 <= j < n:
                to_x[j] += delta[i] * w[m]
    return to_x


# %% right="gradient-bug" style="zeros at the end first"
def mended(w, delta, n, s=1, p=0):
    reached = s * (len(delta) - 1) + len(w)
    dilated = np.zeros(s * (len(delta) - 1) + 1)
    dilated[::s] = delta
    full = np.pad(np.convolve(dilated, w), (0, n + 2 * p - reached))
    return full[p : len(full) - p]


# %% right="gradient-bug" style="torch, float32"
def mended(w, delta, n, s=1, p=0):
    w, delta = torch.tensor(w).float(), torch.tensor(delta).float()
    padded = torch.zeros(n + 2 * p)
    for i, value in enumerate(delta):
        padded[s * i : s * i + len(w)] += value * w
    return padded[p : p + n]


# %% wrong="gradient-bug" says="That is still what the friend does"
def mended(w, delta, n, s=1, p=0):
    dilated = np.zeros(s * (len(delta) - 1) + 1)
    dilated[::s] = delta
    full = np.convolve(dilated, w)
    row = full[p : len(full) - p]
    return np.concatenate([row, np.zeros(n - len(row))])


# %% wrong="gradient-bug" says="at the end, yours are at the beginning"
def mended(w, delta, n, s=1, p=0):
    dilated = np.zeros(s * (len(delta) - 1) + 1)
    dilated[::s] = delta
    full = np.convolve(dilated, w)
    row = full[p : len(full) - p]
    return np.concatenate([np.zeros(n - len(row)), row])


# %% wrong="gradient-bug" says="It has not the length of the row"
def mended(w, delta, n, s=1, p=0):
    dilated = np.zeros(s * (len(delta) - 1) + 1)
    dilated[::s] = delta
    full = np.convolve(dilated, w)
    return full[p : len(full) - p]


# %% wrong="gradient-bug" says="It has not the length of the row"
def mended(w, delta, n, s=1, p=0):
    dilated = np.zeros(s * (len(delta) - 1) + 1)
    dilated[::s] = delta
    return np.convolve(dilated, w)[p : p + n]


# %% wrong="gradient-bug" says="filled the end with numbers from"
def mended(w, delta, n, s=1, p=0):
    dilated = np.zeros(s * (len(delta) - 1) + 1)
    dilated[::s] = delta
    full = np.convolve(dilated, w)
    return np.resize(full[p : len(full) - p], n)


# %% wrong="gradient-bug" says="You repeated the last number"
def mended(w, delta, n, s=1, p=0):
    dilated = np.zeros(s * (len(delta) - 1) + 1)
    dilated[::s] = delta
    full = np.convolve(dilated, w)
    row = full[p : len(full) - p]
    return np.pad(row, (0, n - len(row)), mode="edge")


# %% wrong="gradient-bug" says="You cut all the padding off at the end"
def mended(w, delta, n, s=1, p=0):
    padded = np.zeros(n + 2 * p)
    for i, value in enumerate(delta):
        padded[s * i : s * i + len(w)] += value * w
    return padded[:n]


# %% wrong="gradient-bug" says="With p = 0 the slice [p:-p] is empty"
def mended(w, delta, n, s=1, p=0):
    padded = np.zeros(n + 2 * p)
    for i, value in enumerate(delta):
        padded[s * i : s * i + len(w)] += value * w
    return padded[p:-p]


# %% wrong="gradient-bug" says="Count from the front: pixel 0 is cell p"
def mended(w, delta, n, s=1, p=0):
    padded = np.zeros(n + 2 * p)
    for i, value in enumerate(delta):
        padded[s * i : s * i + len(w)] += value * w
    return padded[-n:]


# %% wrong="gradient-bug" says="Count from the front: pixel 0 is cell p"
def mended(w, delta, n, s=1, p=0):
    full = np.zeros(s * (len(delta) - 1) + len(w))
    for i, value in enumerate(delta):
        full[s * i : s * i + len(w)] += value * w
    full = np.pad(full, (0, max(0, n - len(full))))
    return full[-n:]


# %% wrong="gradient-bug" says="The padding is still there"
def mended(w, delta, n, s=1, p=0):
    padded = np.zeros(n + 2 * p)
    for i, value in enumerate(delta):
        padded[s * i : s * i + len(w)] += value * w
    return padded


# %% wrong="gradient-bug" says="Your kernel runs backwards"
def mended(w, delta, n, s=1, p=0):
    padded = np.zeros(n + 2 * p)
    for i, value in enumerate(delta):
        padded[s * i : s * i + len(w)] += value * w[::-1]
    return padded[p : p + n]


# %% wrong="gradient-bug" says="1 pixel, and 2 cells of padding"
def mended(w, delta, n, s=1, p=0):
    padded = np.zeros(3 * n)
    for i, value in enumerate(delta):
        padded[s * i : s * i + len(w)] += value * w
    return padded[p : p + n]


# %% right="decoder" style="nearest, twice"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Upsample(scale_factor=2),
            nn.Conv2d(16, 8, 3, padding=1),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(8, 1, 3, padding=1),
        )

    def forward(self, x):
        return self.layers(x)


# %% right="decoder" style="bilinear, tanh, sigmoid"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(16, 6, 5, padding=2)
        self.two = nn.Conv2d(6, 1, 1, bias=False)

    def forward(self, x):
        x = F.interpolate(x, scale_factor=4, mode="bilinear")
        return torch.sigmoid(self.two(torch.tanh(self.one(x))))


# %% right="decoder" style="normalised, parameters of its own"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(16, 8, 1)
        self.norm = nn.BatchNorm2d(8)
        self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 9)

    def forward(self, x):
        x = F.leaky_relu(self.norm(self.first(x)), 0.1)
        x = x.repeat_interleave(4, dim=2).repeat_interleave(4, dim=3)
        return F.conv2d(x, self.weight, padding="same")


# %% right="decoder" style="a transposed convolution of stride 1"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.mix = nn.Conv2d(16, 4, 3, padding=1, padding_mode="replicate")
        self.paint = nn.ConvTranspose2d(4, 1, 3, stride=1, padding=1)

    def forward(self, x):
        x = F.gelu(self.mix(F.interpolate(x, scale_factor=2)))
        return self.paint(F.interpolate(x, scale_factor=2))


# %% right="decoder" style="a slope that is learned"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Upsample(scale_factor=2),
            nn.Conv2d(16, 8, 3, padding=1),
            nn.PReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(8, 1, 3, padding=1),
        )

    def forward(self, x):
        return self.layers(x)


# %% right="decoder" style="a hard activation"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Upsample(scale_factor=2),
            nn.Conv2d(16, 8, 3, padding=1),
            nn.Hardtanh(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(8, 1, 3, padding=1),
        )

    def forward(self, x):
        return self.layers(x)


# %% right="decoder" style="a single map between"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Upsample(scale_factor=2),
            nn.Conv2d(16, 1, 3, padding=1),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(1, 1, 3, padding=1),
        )

    def forward(self, x):
        return self.layers(x)


# %% wrong="decoder" says="Stamps overlap more often"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.ConvTranspose2d(16, 8, 3, 2, 1, output_padding=1)
        self.two = nn.ConvTranspose2d(8, 1, 3, 2, 1, output_padding=1)

    def forward(self, x):
        return self.two(F.relu(self.one(x)))


# %% wrong="decoder" says="But neighbouring pixels meet different weights"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.ConvTranspose2d(16, 8, 4, 2, 1)
        self.two = nn.ConvTranspose2d(8, 1, 4, 2, 1)

    def forward(self, x):
        return self.two(F.relu(self.one(x)))


# %% wrong="decoder" says="But neighbouring pixels meet different weights"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(16, 8, 3, padding=1)
        self.two = nn.Conv2d(8, 16, 3, padding=1)
        self.shuffle = nn.PixelShuffle(4)

    def forward(self, x):
        return self.shuffle(self.two(F.relu(self.one(x))))


# %% wrong="decoder" says="as a whole it is a linear function"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(16, 8, 3, padding=1)
        self.two = nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, x):
        x = self.one(F.interpolate(x, scale_factor=2))
        return self.two(F.interpolate(x, scale_factor=2))


# %% wrong="decoder" says="after the last resize"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(16, 8, 3, padding=1)
        self.two = nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.one(F.interpolate(x, scale_factor=2)))
        return F.interpolate(self.two(x), scale_factor=2)


# %% wrong="decoder" says="Which layer holds most?"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(16, 32, 3, padding=1)
        self.two = nn.Conv2d(32, 1, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.one(F.interpolate(x, scale_factor=2)))
        return self.two(F.interpolate(x, scale_factor=2))


# %% wrong="decoder" says="At least two layers with weights"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(16, 1, 3, padding=1)

    def forward(self, x):
        return self.one(F.relu(F.interpolate(x, scale_factor=4)))


# %% wrong="decoder" says="and by how much?"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(16, 8, 3)
        self.two = nn.Conv2d(8, 1, 3)

    def forward(self, x):
        x = F.relu(self.one(F.interpolate(x, scale_factor=2)))
        return self.two(F.interpolate(x, scale_factor=2))


# %% wrong="decoder" says="28 × 28 is right for 7 × 7 only"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(16, 8, 3, padding=1)
        self.two = nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.one(F.interpolate(x, size=(14, 14))))
        return self.two(F.interpolate(x, size=(28, 28)))


# %% wrong="decoder" says="A picture has one channel"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(16, 8, 3, padding=1)
        self.two = nn.Conv2d(8, 3, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.one(F.interpolate(x, scale_factor=2)))
        return self.two(F.interpolate(x, scale_factor=2))


# %% wrong="decoder" says="no gradient reaches three.weight"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(16, 8, 3, padding=1)
        self.two = nn.Conv2d(8, 1, 3, padding=1)
        self.three = nn.Linear(4, 4)

    def forward(self, x):
        x = F.relu(self.one(F.interpolate(x, scale_factor=2)))
        return self.two(F.interpolate(x, scale_factor=2))


# %% wrong="decoder" says="Does your first layer read all 16 maps?"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(1, 8, 3, padding=1)
        self.two = nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.one(F.interpolate(x[:, :1], scale_factor=2)))
        return self.two(F.interpolate(x, scale_factor=2))


# %% wrong="decoder" says="super().__init__()"
class Decoder(nn.Module):
    def __init__(self):
        self.one = nn.Conv2d(16, 8, 3, padding=1)
        self.two = nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.one(F.interpolate(x, scale_factor=2)))
        return self.two(F.interpolate(x, scale_factor=2))


# %% wrong="decoder" says="plain list of layers"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Conv2d(16, 8, 3, padding=1)]
        self.two = nn.Conv2d(8, 4, 3, padding=1)
        self.three = nn.Conv2d(4, 1, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.layers[0](F.interpolate(x, scale_factor=2)))
        return self.three(F.relu(self.two(F.interpolate(x, scale_factor=2))))


# %% wrong="decoder" says="Where do your activations stand?"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Upsample(scale_factor=2),
            nn.Conv2d(16, 8, 3, padding=1),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(8, 1, 3, padding=1),
            nn.ReLU(),
        )

    def forward(self, x):
        return self.layers(x)


# %% wrong="decoder" says="Where do your activations stand?"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Upsample(scale_factor=2),
            nn.Conv2d(16, 8, 3, padding=1),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(8, 1, 3, padding=1),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return self.layers(x)


# %% wrong="decoder" says="Where do your activations stand?"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(16, 8, 3, padding=1),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(8, 1, 3, padding=1),
        )

    def forward(self, x):
        return self.layers(x)


# %% wrong="decoder" says="Only the rim differs"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(16, 8, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(8, 4, 3, padding=1),
            nn.ReLU(),
            nn.Upsample(scale_factor=4),
            nn.Conv2d(4, 1, 5, padding=2),
        )

    def forward(self, x):
        return self.layers(x)


# %% wrong="decoder" says="Is the `return` of forward missing?"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(16, 8, 3, padding=1)
        self.two = nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.one(F.interpolate(x, scale_factor=2)))
        self.two(F.interpolate(x, scale_factor=2))


# %% wrong="decoder" says="plain list of layers"
class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [
            nn.Conv2d(16, 8, 3, padding=1),
            nn.Conv2d(8, 1, 3, padding=1),
        ]

    def forward(self, x):
        x = F.relu(self.layers[0](F.interpolate(x, scale_factor=2)))
        return self.layers[1](F.interpolate(x, scale_factor=2))


# %% equivalent="gradient-input-1d" why="it is flat already"
# - return to_x
# + return np.ravel(to_x)


# %% equivalent="gradient-kernel-1d" why="a row has one axis"
# - return x.unfold(0, len(delta), 1) @ delta
# + return x.unfold(-1, len(delta), 1) @ delta


# %% equivalent="gradient-input-1d" why="a negative length means: whatever it is"
# - return sum((np.pad(w[m] * delta, (m, k - 1 - m)) for m in range(k))).reshape(o + k - 1)
# + return sum((np.pad(w[m] * delta, (m, k - 1 - m)) for m in range(k))).reshape(1 - (o + k))


# %% equivalent="zero-stuffed" why="torch adds up in the larger type by itself"
# - x, kernel = (torch.tensor(x).float(), torch.tensor(kernel).float())
# + x, kernel = (torch.tensor(x).float(), torch.tensor(kernel))


# %% equivalent="transposed-size" why="only lengths are read, not values, rows or maps"
# - row, kernel = (torch.zeros(1, 1, n), torch.zeros(1, 1, k))
# + row, kernel = (torch.ones(1, 1, n), torch.zeros(1, 1, k))


# %% equivalent="transposed-size" why="only lengths are read, not values, rows or maps"
# - row, kernel = (torch.zeros(1, 1, n), torch.zeros(1, 1, k))
# + row, kernel = (torch.zeros(2, 1, n), torch.zeros(1, 1, k))


# %% equivalent="transposed-size" why="only lengths are read, not values, rows or maps"
# - row, kernel = (torch.zeros(1, 1, n), torch.zeros(1, 1, k))
# + row, kernel = (torch.zeros(0, 1, n), torch.zeros(1, 1, k))


# %% equivalent="transposed-size" why="only lengths are read, not values, rows or maps"
# - row, kernel = (torch.zeros(1, 1, n), torch.zeros(1, 1, k))
# + row, kernel = (torch.zeros(1, 1, n), torch.ones(1, 1, k))


# %% equivalent="transposed-size" why="only lengths are read, not values, rows or maps"
# - row, kernel = (torch.zeros(1, 1, n), torch.zeros(1, 1, k))
# + row, kernel = (torch.zeros(1, 1, n), torch.zeros(2, 1, k))


# %% equivalent="gradient-bug" why="convolution is commutative"
# - full = np.convolve(dilated, w)
# + full = np.convolve(w, dilated)


# %% equivalent="gradient-bug" why="torch multiplies in the larger type by itself"
# - w, delta = (torch.tensor(w).float(), torch.tensor(delta).float())
# + w, delta = (torch.tensor(w), torch.tensor(delta).float())


# %% equivalent="gradient-bug" why="torch multiplies in the larger type by itself"
# - w, delta = (torch.tensor(w).float(), torch.tensor(delta).float())
# + w, delta = (torch.tensor(w).float(), torch.tensor(delta))


# %% equivalent="decoder" why="a sigmoid is an activation too"
# - x = F.relu(self.first(self.resize(x)))
# + x = F.sigmoid(self.first(self.resize(x)))


# %% equivalent="decoder" why="each value is repeated before or after: convolutions and activations keep flat maps flat"
# - self.layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(16, 8, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 1, 3, padding=1))
# + self.layers = nn.Sequential(nn.Conv2d(16, 8, 3, padding=1), nn.Upsample(scale_factor=2), nn.ReLU(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 1, 3, padding=1))


# %% equivalent="decoder" why="each value is repeated before or after: convolutions and activations keep flat maps flat"
# - self.layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(16, 8, 3, padding=1), nn.PReLU(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 1, 3, padding=1))
# + self.layers = nn.Sequential(nn.Conv2d(16, 8, 3, padding=1), nn.Upsample(scale_factor=2), nn.PReLU(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 1, 3, padding=1))


# %% equivalent="decoder" why="each value is repeated before or after: convolutions and activations keep flat maps flat"
# - self.layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(16, 8, 3, padding=1), nn.Hardtanh(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 1, 3, padding=1))
# + self.layers = nn.Sequential(nn.Conv2d(16, 8, 3, padding=1), nn.Upsample(scale_factor=2), nn.Hardtanh(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 1, 3, padding=1))


# %% equivalent="decoder" why="an activation of each number alone and a resize by repetition commute"
# - self.layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(16, 8, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 1, 3, padding=1))
# + self.layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(16, 8, 3, padding=1), nn.Upsample(scale_factor=2), nn.ReLU(), nn.Conv2d(8, 1, 3, padding=1))


# %% equivalent="decoder" why="an activation of each number alone and a resize by repetition commute"
# - self.layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(16, 8, 3, padding=1), nn.PReLU(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 1, 3, padding=1))
# + self.layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(16, 8, 3, padding=1), nn.Upsample(scale_factor=2), nn.PReLU(), nn.Conv2d(8, 1, 3, padding=1))


# %% equivalent="decoder" why="an activation of each number alone and a resize by repetition commute"
# - self.layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(16, 8, 3, padding=1), nn.Hardtanh(), nn.Upsample(scale_factor=2), nn.Conv2d(8, 1, 3, padding=1))
# + self.layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(16, 8, 3, padding=1), nn.Upsample(scale_factor=2), nn.Hardtanh(), nn.Conv2d(8, 1, 3, padding=1))


# %% equivalent="decoder" why="an activation of each number alone and a resize by repetition commute"
# - self.layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(16, 1, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2), nn.Conv2d(1, 1, 3, padding=1))
# + self.layers = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(16, 1, 3, padding=1), nn.Upsample(scale_factor=2), nn.ReLU(), nn.Conv2d(1, 1, 3, padding=1))


# %% equivalent="decoder" why="a bias adds one number to the whole picture"
# - self.two = nn.Conv2d(6, 1, 1, bias=False)
# + self.two = nn.Conv2d(6, 1, 1)


# %% equivalent="decoder" why="a bias adds one number to the whole picture"
# - self.two = nn.Conv2d(6, 1, 1, bias=False)
# + self.two = nn.Conv2d(6, 1, 1, bias=True)


# %% equivalent="decoder" why="a resize by repetition keeps flat maps flat too"
# - x = F.interpolate(x, scale_factor=4, mode='bilinear')
# + x = F.interpolate(x, scale_factor=4)


# %% equivalent="decoder" why="the activation between the layers is enough"
# - return torch.sigmoid(self.two(torch.tanh(self.one(x))))
# + return self.two(torch.tanh(self.one(x)))


# %% equivalent="decoder" why="the contract holds for all weights, those at the start are free"
# - self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 9)
# + self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) * 9)


# %% equivalent="decoder" why="the contract holds for all weights, those at the start are free"
# - self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 9)
# + self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) // 9)


# %% equivalent="decoder" why="the contract holds for all weights, those at the start are free"
# - self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 9)
# + self.weight = nn.Parameter(torch.randn(1, 8, 3, 3))


# %% equivalent="decoder" why="the contract holds for all weights, those at the start are free"
# - self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 9)
# + self.weight = nn.Parameter(9 / torch.randn(1, 8, 3, 3))


# %% equivalent="decoder" why="the contract holds for all weights, those at the start are free"
# - self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 9)
# + self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 10)


# %% equivalent="decoder" why="the contract holds for all weights, those at the start are free"
# - self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 9)
# + self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 8)


# %% equivalent="decoder" why="a kernel of any size slides at stride 1"
# - self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 9)
# + self.weight = nn.Parameter(torch.randn(1, 8, 4, 3) / 9)


# %% equivalent="decoder" why="a kernel of any size slides at stride 1"
# - self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 9)
# + self.weight = nn.Parameter(torch.randn(1, 8, 2, 3) / 9)


# %% equivalent="decoder" why="a kernel of any size slides at stride 1"
# - self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 9)
# + self.weight = nn.Parameter(torch.randn(1, 8, 3, 4) / 9)


# %% equivalent="decoder" why="a kernel of any size slides at stride 1"
# - self.weight = nn.Parameter(torch.randn(1, 8, 3, 3) / 9)
# + self.weight = nn.Parameter(torch.randn(1, 8, 3, 2) / 9)


# %% equivalent="decoder" why="any slope but 1 makes it an activation"
# - x = F.leaky_relu(self.norm(self.first(x)), 0.1)
# + x = F.leaky_relu(self.norm(self.first(x)))


# %% equivalent="decoder" why="any slope but 1 makes it an activation"
# - x = F.leaky_relu(self.norm(self.first(x)), 0.1)
# + x = F.leaky_relu(self.norm(self.first(x)), 0.2)


# %% equivalent="decoder" why="any slope but 1 makes it an activation"
# - x = F.leaky_relu(self.norm(self.first(x)), 0.1)
# + x = F.leaky_relu(self.norm(self.first(x)), -0.1)


# %% equivalent="decoder" why="a border of zeros reaches 3 pixels into the picture, 8 are allowed"
# - self.mix = nn.Conv2d(16, 4, 3, padding=1, padding_mode='replicate')
# + self.mix = nn.Conv2d(16, 4, 3, padding=1)


# %% equivalent="decoder" why="a stride of 1 is the default"
# - self.paint = nn.ConvTranspose2d(4, 1, 3, stride=1, padding=1)
# + self.paint = nn.ConvTranspose2d(4, 1, 3, padding=1)


# %% equivalent="gradient-kernel-1d" why="it is flat already"
# - return np.array([delta @ x[m:m + o] for m in range(len(x) - o + 1)])
# + return np.ravel(np.array([delta @ x[m:m + o] for m in range(len(x) - o + 1)]))


# %% equivalent="gradient-kernel-1d" why="a row has one axis"
# - return np.array([delta @ x[m:m + o] for m in range(len(x) - o + 1)])
# + return np.transpose(np.array([delta @ x[m:m + o] for m in range(len(x) - o + 1)]))


# %% equivalent="gradient-kernel-1d" why="a dot product is symmetric"
# - return np.array([delta @ x[m:m + o] for m in range(len(x) - o + 1)])
# + return np.array([x[m:m + o] @ delta for m in range(len(x) - o + 1)])


# %% equivalent="gradient-input-1d" why="a row has one axis"
# - return to_x
# + return np.transpose(to_x)


# %% equivalent="gradient-input-1d" why="a row has one axis"
# - return wide.unfold(0, len(w), 1) @ w.flip(0)
# + return wide.unfold(-1, len(w), 1) @ w.flip(0)


# %% equivalent="gradient-input-1d" why="a row has one axis"
# - return wide.unfold(0, len(w), 1) @ w.flip(0)
# + return wide.unfold(0, len(w), 1) @ w.flip(-1)


# %% equivalent="gradient-input-1d" why="no output has read a pixel behind the last"
# - for j in range(o + k - 1):
# + for j in range(o + k + 1):


# %% equivalent="gradient-input-1d" why="no output has read a pixel behind the last"
# - for j in range(o + k - 1):
# + for j in range(o + k):


# %% equivalent="gradient-input-1d" why="no output has read a pixel behind the last"
# - for j in range(o + k - 1):
# + for j in range(o + k - 0):


# %% equivalent="gradient-input-1d" why="a dot product is symmetric"
# - return np.array([wide[j:j + k] @ w[::-1] for j in range(len(delta) + k - 1)])
# + return np.array([w[::-1] @ wide[j:j + k] for j in range(len(delta) + k - 1)])


# %% equivalent="gradient-input-1d" why="it has that shape already"
# - return sum((np.pad(w[m] * delta, (m, k - 1 - m)) for m in range(k))).reshape(o + k - 1)
# + return sum((np.pad(w[m] * delta, (m, k - 1 - m)) for m in range(k)))


# %% equivalent="gradient-input-1d" why="convolution is commutative"
# - w, delta = (torch.tensor(w).float(), torch.tensor(delta).float())
# + w, delta = (torch.tensor(delta).float(), torch.tensor(w).float())


# %% equivalent="gradient-2d" why="two things, in a list"
# - return (to_kernel, to_image)
# + return list((to_kernel, to_image))


# %% equivalent="gradient-2d" why="every number is overwritten"
# - to_kernel = np.zeros(kernel.shape)
# + to_kernel = np.ones(kernel.shape)


# %% equivalent="zero-stuffed" why="torch takes up NumPy's numbers as well"
# - x, kernel = (torch.tensor(x).float(), torch.tensor(kernel).float())
# + pass


# %% equivalent="zero-stuffed" why="torch multiplies in the larger type by itself"
# - x, kernel = (torch.tensor(x).float(), torch.tensor(kernel).float())
# + x, kernel = (torch.tensor(x), torch.tensor(kernel).float())


# %% equivalent="zero-stuffed" why="the axis has one element, the first is the last"
# - return F.conv2d(board[None, None], turned[None, None])[0, 0]
# + return F.conv2d(board[None, None], turned[None, None])[-1, 0]


# %% equivalent="zero-stuffed" why="the axis has one element, the first is the last"
# - return F.conv2d(board[None, None], turned[None, None])[0, 0]
# + return F.conv2d(board[None, None], turned[None, None])[0, -1]


# %% equivalent="gradient-bug" why="the end is cut at pixel n, whatever lies behind"
# - padded = np.zeros(n + 2 * p)
# + padded = np.zeros(n + 3 * p)


# %% equivalent="gradient-bug" why="the end is cut at pixel n, whatever lies behind"
# - padded = torch.zeros(n + 2 * p)
# + padded = torch.zeros(n + 3 * p)


# %% equivalent="gradient-bug" why="it is flat already"
# - return padded[p:p + n]
# + return np.ravel(padded[p:p + n])


# %% equivalent="gradient-bug" why="a row has one axis"
# - return padded[p:p + n]
# + return np.transpose(padded[p:p + n])


# %% equivalent="gradient-bug" why="s - 1 zeros behind the last number reach to the end already"
# - return np.pad(full, (0, n))[p:p + n]
# + return full[p:p + n]


# %% equivalent="gradient-bug" why="s - 1 zeros behind the last number reach to the end already"
# - return np.pad(full, (0, n))[p:p + n]
# + return np.pad(full, (0, s))[p:p + n]


# %% equivalent="gradient-bug" why="s - 1 zeros behind the last number reach to the end already"
# - return np.pad(full, (0, n))[p:p + n]
# + return np.pad(full, (0, p))[p:p + n]


# %% equivalent="gradient-bug" why="convolution is commutative"
# - full = np.pad(np.convolve(dilated, w), (0, n + 2 * p - reached))
# + full = np.pad(np.convolve(w, dilated), (0, n + 2 * p - reached))


# %% equivalent="gradient-bug" why="torch takes up NumPy's numbers as well"
# - w, delta = (torch.tensor(w).float(), torch.tensor(delta).float())
# + pass
