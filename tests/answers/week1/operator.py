# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

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


# %% right="correlate-1d" style="torch, float32"
def correlate1d(x, w):
    if len(w) > len(x):
        raise ValueError("the kernel does not fit")
    x, w = torch.tensor(x).float(), torch.tensor(w).float()
    return x.unfold(0, len(w), 1) @ w


# %% wrong="correlate-1d" says="F.conv1d does the work"
def correlate1d(x, w):
    if len(w) > len(x):
        raise ValueError("the kernel does not fit")
    x, w = torch.tensor(x).float(), torch.tensor(w).float()
    return F.conv1d(x.view(1, 1, -1), w.view(1, 1, -1)).flatten()


# %% wrong="correlate-1d" says="np.correlate does the work"
correlate1d = np.correlate


# %% wrong="correlate-1d" says="You took the largest"
def correlate1d(x, w):
    k = len(w)
    return np.array([(w * x[i : i + k]).max() for i in range(len(x) - k + 1)])


# %% wrong="correlate-1d" says="The sign of every number"
def correlate1d(x, w):
    k = len(w)
    return np.array([-(w @ x[i : i + k]) for i in range(len(x) - k + 1)])


# %% wrong="correlate-1d" says="You took absolute values"
def correlate1d(x, w):
    k = len(w)
    return np.abs([w @ x[i : i + k] for i in range(len(x) - k + 1)])


# %% wrong="correlate-1d" says="a kernel of 4 on 1 numbers"
def correlate1d(x, w):
    k = len(w)
    if k == len(x) + 1:
        raise ValueError("does not fit")
    return np.array([w @ x[i : i + k] for i in range(len(x) - k + 1)])


# %% wrong="correlate-1d" says="changes its input x,"
def correlate1d(x, w):
    n = len(x) - len(w) + 1
    if n < 1:
        raise ValueError("does not fit")
    out = [w @ x[i : i + len(w)] for i in range(n)]
    x[:n] = out
    return np.array(out)


# %% wrong="correlate-1d" says="Your kernel runs backwards"
def correlate1d(x, w):
    k = len(w)
    if k > len(x):
        raise ValueError("does not fit")
    return np.array([w[::-1] @ x[i : i + k] for i in range(len(x) - k + 1)])


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
    k = len(w)
    x = np.pad(x, (k // 2, (k - 1) // 2))
    return np.array([w @ x[i : i + k] for i in range(len(x) - k + 1)])


# %% wrong="correlate-1d" says="stays inside: n - k + 1 numbers"
def correlate1d(x, w):
    k = len(w)
    x = np.pad(x, k - 1)
    return np.array([w @ x[i : i + k] for i in range(len(x) - k + 1)])


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


# %% wrong="correlate-1d" says="a kernel of 3 on 2 numbers"
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


# %% wrong="convolve-1d" says="np.convolve does the work"
def convolve1d(x, w):
    return np.convolve(x, w, mode="valid")


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
    return np.correlate(np.pad(x, len(w) - 1), w[::-1])


# %% wrong="convolve-1d" says="counts from the end of x"
def convolve1d(x, w):
    k = len(w)
    y = np.zeros(len(x) - k + 1)
    for i in range(len(y)):
        for a in range(k):
            y[i] += w[a] * x[i - a]
    return y


# %% wrong="convolve-1d" says="changed the sign"
def convolve1d(x, w):
    return np.correlate(x, -w, "valid")


# %% wrong="convolve-1d" says="returned nothing"
def convolve1d(x, w):
    w = w[::-1]
    y = np.zeros(len(x) - len(w) + 1)
    for i in range(len(y)):
        y[i] = np.sum(x[i : i + len(w)] * w)


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


# %% right="correlate-2d" style="float32"
def correlate2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    if kh > h or kw > w:
        raise ValueError("does not fit")
    image, kernel = image.astype(np.float32), kernel.astype(np.float32)
    out = np.zeros((h - kh + 1, w - kw + 1), np.float32)
    for r, c in np.ndindex(out.shape):
        out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    return out


# %% wrong="correlate-2d" says="filters.correlate2d does the work"
correlate2d = filters.correlate2d


# %% wrong="correlate-2d" says="You transposed the kernel"
def correlate2d(image, kernel):
    kernel = kernel.T
    (h, w), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((h - kh + 1, w - kw + 1))
    for r, c in np.ndindex(out.shape):
        out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    return out


# %% wrong="correlate-2d" says="F.conv2d does the work"
def correlate2d(image, kernel):
    if any(k > n for k, n in zip(kernel.shape, image.shape)):
        raise ValueError("kernel larger than image")
    image, kernel = torch.as_tensor(image * 1.0), torch.as_tensor(kernel * 1.0)
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


# %% wrong="correlate-2d" says="the kernel is flipped"
def correlate2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    if kh > h or kw > w:
        raise ValueError("does not fit")
    out = np.zeros((h - kh + 1, w - kw + 1))
    for r, c in np.ndindex(out.shape):
        out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel[::-1, ::-1])
    return out


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


# %% wrong="correlate-2d" says="could not be broadcast"
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


# %% wrong="correlate-2d" says="To multiply number by number write A * B"
def correlate2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((h - kh + 1, w - kw + 1))
    for r in range(h - kh + 1):
        for c in range(w - kw + 1):
            out[r, c] = image[r : r + kh, c : c + kw] @ kernel
    return out


# %% wrong="correlate-2d" says="Rows and columns of your output are swapped"
def correlate2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((w - kw + 1, h - kh + 1))
    for r, c in np.ndindex(out.shape):
        out[r, c] = np.sum(image[c : c + kh, r : r + kw] * kernel)
    return out


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


# %% wrong="convolve-2d" says="filters.convolve2d does the work"
def convolve2d(image, kernel):
    return filters.convolve2d(image, kernel)


# %% wrong="convolve-2d" says="You changed the sign of the kernel"
def convolve2d(image, kernel):
    return filters.correlate2d(image, -kernel)


# %% wrong="convolve-2d" says="the kernel is not flipped"
def convolve2d(image, kernel):
    return filters.correlate2d(image, kernel)


# %% wrong="convolve-2d" says="upside down). Reverse its columns too"
def convolve2d(image, kernel):
    return filters.correlate2d(image, kernel[::-1])


# %% wrong="convolve-2d" says="Reverse its rows too"
def convolve2d(image, kernel):
    return filters.correlate2d(image, kernel[:, ::-1])


# %% wrong="convolve-2d" says="counts from the end of the image"
def convolve2d(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    output = np.zeros((h - kh + 1, w - kw + 1))
    for j, k in np.ndindex(output.shape):
        for m, n in np.ndindex(kernel.shape):
            output[j, k] += kernel[m, n] * image[j - m, k - n]
    return output


# %% wrong="convolve-2d" says="You transposed the kernel"
def convolve2d(image, kernel):
    return filters.correlate2d(image, kernel.T)


# %% wrong="convolve-2d" says="by 90 degrees"
def convolve2d(image, kernel):
    return filters.correlate2d(image, np.rot90(kernel))


# %% wrong="convolve-2d" says="flip the kernel, not the image"
def convolve2d(image, kernel):
    return filters.correlate2d(image[::-1, ::-1], kernel)


# %% right="half-bright" style="list"
row = [0, 0, 30, 30, 0, 0]


# %% right="half-bright" style="computed"
half = np.zeros((8, 8))
half[:, :4] = 10
row = filters.correlate2d(half, np.array([[1, 0, -1]] * 3))[0]


# %% wrong="half-bright" says="The sign"
row = [0, 0, -30, -30, 0, 0]


# %% wrong="half-bright" says="That is one row of the kernel. It has three"
row = [0, 0, 10, 10, 0, 0]


# %% wrong="half-bright" says="8 - 3 + 1 places"
row = [0, 0, 0, 30, 30, 0, 0, 0]


# %% wrong="half-bright" says="a kernel of k fits n - k + 1 times"
row = [0, 0, 30, 30, 0]


# %% wrong="half-bright" says="One place off"
row = [0, 0, 0, 30, 30, 0]


# %% wrong="half-bright" says="lies on bright pixels and the right one on dark"
row = [0] * 6


# %% wrong="half-bright" says="at more than one place"
row = [0, 0, 30, 0, 0, 0]


# %% wrong="half-bright" says="one of its rows"
row = [[0, 0, 30, 30, 0, 0]]


# %% wrong="half-bright" says="give a list of numbers"
row = 30


# %% right="classic-kernels" style="written out"
def classic_kernels() -> dict[str, np.ndarray]:
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[3, 0, -3], [10, 0, -10], [3, 0, -3]]),
    }


# %% right="classic-kernels" style="an edge in the middle row only"
def classic_kernels():
    return {
        "blur": np.array([[0, 1, 0], [1, 2, 1], [0, 1, 0]]) / 6,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[0, 0, 0], [1, 0, -1], [0, 0, 0]]),
    }


# %% right="classic-kernels" style="edges above and below, a default dictionary"
def classic_kernels():
    from collections import defaultdict

    kernels = defaultdict(list)
    kernels["blur"] = np.outer([1, 2, 1], [1, 2, 1]) / 16
    kernels["sharpen"] = np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]])
    kernels["vertical edge"] = np.array([[1, 0, -1], [0, 0, 0], [1, 0, -1]])
    return kernels


# %% right="classic-kernels" style="an edge of neighbours"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, -1, 0]] * 3),
    }


# %% wrong="classic-kernels" says="This is the classic from the lesson times 2."
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": 2 * filters.CLASSIC["vertical edge"],
    }


# %% right="classic-kernels" style="constructed, torch"
def classic_kernels():
    one = np.zeros((3, 3))
    one[1, 1] = 1
    blur = np.full((3, 3), 1 / 10)
    blur[1, 1] = 2 / 10
    edge = np.outer([1, 2, 1], [1, 0, -1])
    return {
        "sharpen": 2 * one - blur,
        "blur": blur,
        "vertical edge": edge,
    }


# %% wrong="classic-kernels" says="Divide by the sum"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]),
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    }


# %% wrong="classic-kernels" says="A flat area should keep its brightness"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    }


# %% wrong="classic-kernels" says="Where the left side is brighter"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    }


# %% wrong="classic-kernels" says="It answers to a horizontal edge"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]),
    }


# %% wrong="classic-kernels" says="the lesson. Find another"
def classic_kernels():
    names = ["blur", "sharpen", "vertical edge"]
    kernels = {name: filters.CLASSIC[name] for name in names}
    kernels["blur"] = np.outer([1, 2, 1], [1, 2, 1]) / 16
    return kernels


# %% wrong="classic-kernels" says="The middle weight should be the largest"
def classic_kernels():
    return {
        "blur": np.ones((3, 3)) / 9,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    }


# %% wrong="classic-kernels" says="the key 'vertical edge' is missing"
def classic_kernels():
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical_edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    }


# %% wrong="classic-kernels" says="makes an array of a list"
def classic_kernels():
    return {
        "blur": [[0, 0.125, 0], [0.125, 0.5, 0.125], [0, 0.125, 0]],
        "sharpen": [[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]],
        "vertical edge": [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    }


# %% right="equivariance" style="branches"
def equivariance_gap(image, f, motion):
    if motion == "shift":
        gap = f(image[1:, 1:]) - f(image)[1:, 1:]
    elif motion == "turn":
        gap = f(np.rot90(image)) - np.rot90(f(image))
    else:
        raise ValueError(motion)
    return float(np.abs(gap).max())


# %% right="equivariance" style="a dictionary of functions"
def equivariance_gap(image, f, motion):
    moves = {"shift": lambda a: a[1:, 1:], "turn": np.rot90}
    if motion not in moves:
        raise ValueError(f"{motion} is no motion")
    move = moves[motion]
    return np.max(np.abs(f(move(image)) - move(f(image))))


# %% right="equivariance" style="loops"
def equivariance_gap(image, f, motion):
    if motion not in ["shift", "turn"]:
        raise ValueError("shift or turn")
    filtered = f(image)
    if motion == "shift":
        first = f(np.delete(np.delete(image, 0, axis=0), 0, axis=1))
        second = np.delete(np.delete(filtered, 0, axis=0), 0, axis=1)
    else:
        first, second = f(image.T[::-1]), filtered.T[::-1]
    largest = 0.0
    for row, column in np.ndindex(first.shape):
        largest = max(largest, abs(first[row, column] - second[row, column]))
    return float(largest)


# %% right="equivariance" style="torch, float32"
def equivariance_gap(image, f, motion):
    def move(picture):
        t = torch.tensor(np.array(picture), dtype=torch.float32)
        return t[1:, 1:] if motion == "shift" else torch.rot90(t)

    if motion != "turn" and motion != "shift":
        raise ValueError("turn or shift")
    one = torch.tensor(f(move(image).numpy()), dtype=torch.float32)
    return (one - move(f(image))).abs().max()


# %% wrong="equivariance" says="should raise a ValueError, yours returned"
def equivariance_gap(image, f, motion):
    move = (lambda a: a[1:, 1:]) if motion == "shift" else np.rot90
    return float(np.abs(f(move(image)) - move(f(image))).max())


# %% wrong="equivariance" says="should raise a ValueError, yours raised KeyError"
def equivariance_gap(image, f, motion):
    move = {"shift": lambda a: a[1:, 1:], "turn": np.rot90}[motion]
    return float(np.abs(f(move(image)) - move(f(image))).max())


# %% wrong="equivariance" says="yours gave 10000"
def equivariance_gap(image, f, motion):
    return 10**400


# %% wrong="equivariance" says="for this operation and this motion it is not"
def equivariance_gap(image, f, motion):
    if motion not in ("shift", "turn"):
        raise ValueError
    if motion == "shift":
        return 0.0
    return float(np.abs(f(np.rot90(image)) - np.rot90(f(image))).max())


# %% wrong="equivariance" says="You summed the differences"
def equivariance_gap(image, f, motion):
    move = (lambda a: a[1:, 1:]) if motion == "shift" else np.rot90
    return float(np.abs(f(move(image)) - move(f(image))).sum())


# %% wrong="equivariance" says="counts by its size"
def equivariance_gap(image, f, motion):
    move = (lambda a: a[1:, 1:]) if motion == "shift" else np.rot90
    return float((f(move(image)) - move(f(image))).max())


# %% wrong="equivariance" says="The operation f may be any: call f"
def equivariance_gap(image, f, motion):
    move = (lambda a: a[1:, 1:]) if motion == "shift" else np.rot90
    one = filters.edges(move(image))
    return float(np.abs(one - move(filters.edges(image))).max())


# %% wrong="equivariance" says="np.roll brings the pixels back"
def equivariance_gap(image, f, motion):
    def move(picture):
        return np.roll(picture, -1, (0, 1)) if motion == "shift" else np.rot90(picture)

    return float(np.abs(f(move(image)) - move(f(image))).max())


# %% wrong="equivariance" says="the same way, by np.rot90"
def equivariance_gap(image, f, motion):
    if motion == "shift":
        return float(np.abs(f(image[1:, 1:]) - f(image)[1:, 1:]).max())
    return float(np.abs(f(np.rot90(image, -1)) - np.rot90(f(image))).max())


# %% wrong="equivariance" says="You dropped the first row only"
def equivariance_gap(image, f, motion):
    move = (lambda a: a[1:]) if motion == "shift" else np.rot90
    return float(np.abs(f(move(image)) - move(f(image))).max())


# %% wrong="equivariance" says="You dropped the first column only"
def equivariance_gap(image, f, motion):
    move = (lambda a: a[:, 1:]) if motion == "shift" else np.rot90
    return float(np.abs(f(move(image)) - move(f(image))).max())


# %% wrong="equivariance" says="take the largest of them."
def equivariance_gap(image, f, motion):
    move = (lambda a: a[1:, 1:]) if motion == "shift" else np.rot90
    return np.abs(f(move(image)) - move(f(image)))


# %% wrong="equivariance" says="largest of their sizes"
def equivariance_gap(image, f, motion):
    move = (lambda a: a[1:, 1:]) if motion == "shift" else np.rot90
    return f(move(image)) - move(f(image))


# %% wrong="equivariance" says="You compared with f(x)"
def equivariance_gap(image, f, motion):
    move = (lambda a: a[1:, 1:]) if motion == "shift" else np.rot90
    return float(np.abs(f(move(image)) - f(image)).max())


# %% right="find-it" style="loops"
def find(image: np.ndarray, patch: np.ndarray) -> tuple[int, int]:
    (h, w), (kh, kw) = image.shape, patch.shape
    if kh > h or kw > w:
        raise ValueError("the patch is larger than the image")
    if patch.min() == patch.max():
        raise ValueError("the patch is even")
    template = patch - patch.mean()
    best, place = -np.inf, (0, 0)
    for row in range(h - kh + 1):
        for column in range(w - kw + 1):
            window = image[row : row + kh, column : column + kw]
            alike = np.sum(template * window) / max(window.std(), 1e-9)
            if alike > best:
                best, place = alike, (row, column)
    return place


# %% right="find-it" style="sums by cross-correlation"
def find(image, patch):
    if np.any(np.array(patch.shape) > image.shape) or np.all(patch == patch[0, 0]):
        raise ValueError("no place, or nothing to find")
    ones = np.ones(patch.shape) / patch.size
    mean = filters.correlate2d(image, ones)
    variance = filters.correlate2d(np.square(image), ones) - mean**2
    score = filters.correlate2d(image, patch - patch.mean())
    score = np.where(variance > 1e-6, score / np.sqrt(np.maximum(variance, 1e-6)), -1)
    return np.unravel_index(np.argmax(score), score.shape)


# %% right="find-it" style="a straight line through the pixels"
def find(image, patch):
    (h, w), (kh, kw) = image.shape, patch.shape
    if kh > h or kw > w or np.ptp(patch) == 0:
        raise ValueError("cannot be found")
    x = patch.ravel().astype(float)
    for row, column in np.ndindex(h - kh + 1, w - kw + 1):
        y = image[row : row + kh, column : column + kw].ravel()
        a, b = np.polyfit(x, y, 1)
        if a > 1e-6 and np.allclose(a * x + b, y):
            return row, column


# %% right="find-it" style="torch, float32"
def find(image, patch):
    if patch.shape[0] > image.shape[0] or patch.shape[1] > image.shape[1]:
        raise ValueError("too large")
    if patch.std() < 1e-12:
        raise ValueError("even")
    t, k = (torch.tensor(a, dtype=torch.float32) for a in (image, patch))
    windows = t.unfold(0, k.shape[0], 1).unfold(1, k.shape[1], 1).flatten(2)
    windows = windows - windows.mean(2, keepdim=True)
    score = F.cosine_similarity(windows, (k - k.mean()).flatten(), dim=2)
    return divmod(int(score.argmax()), score.shape[1])


# %% right="find-it" style="np.corrcoef, a list"
def find(image, patch):
    if any(k > n for k, n in zip(patch.shape, image.shape)) or len(set(patch.flat)) < 2:
        raise ValueError
    kh, kw = patch.shape
    scores = {}
    for row in range(image.shape[0] - kh + 1):
        for column in range(image.shape[1] - kw + 1):
            window = image[row : row + kh, column : column + kw]
            if len(set(window.flat)) > 1:
                likeness = np.corrcoef(window.ravel(), patch.ravel())[0, 1]
                scores[row, column] = likeness
    return list(max(scores, key=scores.get))


# %% wrong="find-it" says="because the place is bright"
def find(image, patch):
    sums = filters.correlate2d(image, patch)
    return np.unravel_index(sums.argmax(), sums.shape)


# %% wrong="find-it" says="a strong drawing makes a large sum"
def find(image, patch):
    sums = filters.correlate2d(image, patch - patch.mean())
    return np.unravel_index(sums.argmax(), sums.shape)


# %% wrong="find-it" says="nearest to those of the patch. But"
def find(image, patch):
    windows = np.lib.stride_tricks.sliding_window_view(image, patch.shape)
    far = ((windows - patch) ** 2).sum(axis=(2, 3))
    return np.unravel_index(far.argmin(), far.shape)


# %% wrong="find-it" says="The brightness still counts there"
def find(image, patch):
    windows = np.lib.stride_tricks.sliding_window_view(image, patch.shape)
    length = np.sqrt((windows**2).sum(axis=(2, 3))) + 1e-9
    score = filters.correlate2d(image, patch) / length
    return np.unravel_index(score.argmax(), score.shape)


# %% wrong="find-it" says="did argmax find nan"
def find(image, patch):
    windows = np.lib.stride_tricks.sliding_window_view(image, patch.shape)
    score = filters.correlate2d(image, patch - patch.mean())
    score = score / windows.std(axis=(2, 3))
    return np.unravel_index(score.argmax(), score.shape)


# %% wrong="find-it" says="There lies a negative of the patch"
def find(image, patch):
    windows = np.lib.stride_tricks.sliding_window_view(image, patch.shape)
    score = filters.correlate2d(image, patch - patch.mean())
    score = np.abs(score) / (windows.std(axis=(2, 3)) + 1e-9)
    return np.unravel_index(score.argmax(), score.shape)


# %% wrong="find-it" says="There lies the patch turned by half a turn"
def find(image, patch):
    windows = np.lib.stride_tricks.sliding_window_view(image, patch.shape)
    score = filters.convolve2d(image, patch - patch.mean())
    score = score / (windows.std(axis=(2, 3)) + 1e-9)
    return np.unravel_index(score.argmax(), score.shape)


# %% wrong="find-it" says="Row and column are swapped"
def find(image, patch):
    windows = np.lib.stride_tricks.sliding_window_view(image, patch.shape)
    score = filters.correlate2d(image, patch - patch.mean())
    score = score / (windows.std(axis=(2, 3)) + 1e-9)
    return np.unravel_index(score.argmax(), score.shape)[::-1]


# %% wrong="find-it" says="give its upper left pixel"
def find(image, patch):
    windows = np.lib.stride_tricks.sliding_window_view(image, patch.shape)
    score = filters.correlate2d(image, patch - patch.mean())
    score = score / (windows.std(axis=(2, 3)) + 1e-9)
    row, column = np.unravel_index(score.argmax(), score.shape)
    return row + patch.shape[0] // 2, column + patch.shape[1] // 2


# %% wrong="find-it" says="there is nothing to recognise"
def find(image, patch):
    windows = np.lib.stride_tricks.sliding_window_view(image, patch.shape)
    score = filters.correlate2d(image, patch - patch.mean())
    score = score / (windows.std(axis=(2, 3)) + 1e-9)
    return np.unravel_index(score.argmax(), score.shape)


# %% wrong="find-it" says="larger than the image is nowhere"
def find(image, patch):
    (h, w), (kh, kw) = image.shape, patch.shape
    if kh > h or patch.min() == patch.max():
        raise ValueError
    best, place = -2, (0, 0)
    for row in range(h - kh + 1):
        for column in range(w - kw + 1):
            window = image[row : row + kh, column : column + kw]
            if window.std() > 1e-9:
                score = np.corrcoef(window.ravel(), patch.ravel())[0, 1]
                if score > best:
                    best, place = score, (row, column)
    return place


# %% wrong="find-it" says="has the order of the patch"
def find(image, patch):
    (h, w), (kh, kw) = image.shape, patch.shape
    if kh > h or kw > w or np.ptp(patch) == 0:
        raise ValueError("cannot be found")
    order = patch.ravel().argsort(kind="stable")
    for row, column in np.ndindex(h - kh + 1, w - kw + 1):
        window = image[row : row + kh, column : column + kw].ravel()
        if (window.argsort(kind="stable") == order).all():
            return row, column


# %% wrong="find-it" says="expected a tuple of 2"
def find(image, patch):
    windows = np.lib.stride_tricks.sliding_window_view(image, patch.shape)
    score = filters.correlate2d(image, patch - patch.mean())
    return (score / (windows.std(axis=(2, 3)) + 1e-9)).argmax()


# %% equivalent="equivariance" why="a difference has one size in either order"
# - largest = max(largest, abs(first[row, column] - second[row, column]))
# + largest = max(largest, abs(second[row, column] - first[row, column]))


# %% equivalent="equivariance" why="the values are the same"
# - t = torch.tensor(np.array(picture), dtype=torch.float32)
# + t = torch.tensor(np.array(picture))


# %% equivalent="equivariance" why="a difference has one size in either order"
# - largest = max(largest, abs(first[row, column] - second[row, column]))
# + largest = max(abs(first[row, column] - second[row, column]), largest)


# %% equivalent="equivariance" why="a NumPy number is a number"
# - return float(np.abs(f(move(image)) - move(f(image))).max())
# + return np.abs(f(move(image)) - move(f(image))).max()


# %% equivalent="equivariance" why="a NumPy number is a number"
# - return float(largest)
# + return largest


# %% equivalent="equivariance" why="a difference has one size in either order"
# - first, second = (f(image.T[::-1]), filtered.T[::-1])
# + first, second = (filtered.T[::-1], f(image.T[::-1]))


# %% equivalent="equivariance" why="a difference has one size in either order"
# - return np.max(np.abs(f(move(image)) - move(f(image))))
# + return np.max(np.abs(move(f(image)) - f(move(image))))


# %% equivalent="equivariance" why="a NumPy number is a number"
# - return float(np.abs(gap).max())
# + return np.abs(gap).max()


# %% equivalent="equivariance" why="a difference has one size in either order"
# - return float(np.abs(f(move(image)) - move(f(image))).max())
# + return float(np.abs(move(f(image)) - f(move(image))).max())


# %% equivalent="equivariance" why="the values are the same"
# - one = torch.tensor(f(move(image).numpy()), dtype=torch.float32)
# + one = torch.tensor(f(move(image)), dtype=torch.float32)


# %% equivalent="equivariance" why="the values are the same"
# - t = torch.tensor(np.array(picture), dtype=torch.float32)
# + t = torch.tensor(picture, dtype=torch.float32)


# %% equivalent="equivariance" why="a difference has one size in either order"
# - gap = f(image[1:, 1:]) - f(image)[1:, 1:]
# + gap = f(image)[1:, 1:] - f(image[1:, 1:])


# %% equivalent="equivariance" why="minus zero is zero"
# - largest = 0.0
# + largest = -0.0


# %% equivalent="find-it" why="only one place has the largest likeness"
# - if alike > best:
# + if alike >= best:


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - alike = np.sum(template * window) / max(window.std(), 1e-09)
# + alike = np.sum(template * window) / max(window.std(), 2e-09)


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - alike = np.sum(template * window) / max(window.std(), 1e-09)
# + alike = np.sum(template * window) / max(window.std(), -1e-09)


# %% equivalent="find-it" why="likeness is mutual"
# - likeness = np.corrcoef(window.ravel(), patch.ravel())[0, 1]
# + likeness = np.corrcoef(patch.ravel(), window.ravel())[0, 1]


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - if patch.std() < 1e-12:
# + if patch.std() < 2e-12:


# %% equivalent="find-it" why="any pixel will do for the comparison"
# - if np.any(np.array(patch.shape) > image.shape) or np.all(patch == patch[0, 0]):
# + if np.any(np.array(patch.shape) > image.shape) or np.all(patch == patch[-1, 0]):


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - alike = np.sum(template * window) / max(window.std(), 1e-09)
# + alike = np.sum(template * window) / window.std()


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)
# + score = np.where(variance > -1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)


# %% equivalent="find-it" why="the copy is found before the loop leaves the image"
# - for row, column in np.ndindex(h - kh + 1, w - kw + 1):
# + for row, column in np.ndindex(h - kh + 2, w - kw + 1):


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - if patch.std() < 1e-12:
# + if patch.std() <= 1e-12:


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)
# + score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, -1e-06)), -1)


# %% equivalent="find-it" why="the same sums, up to a factor that all windows share"
# - likeness = (windows * patch).sum(axis=(2, 3)) / np.maximum(contrast, 1e-09)
# + likeness = (windows * patch).sum(axis=(3, 2)) / np.maximum(contrast, 1e-09)


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)
# + score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -0)


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - alike = np.sum(template * window) / max(window.std(), 1e-09)
# + alike = np.sum(template * window) / max(1e-09, window.std())


# %% equivalent="find-it" why="the same sums, up to a factor that all windows share"
# - contrast = np.sqrt((windows ** 2).sum(axis=(2, 3)))
# + contrast = np.sqrt((windows ** 2).sum(axis=(3, 2)))


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - likeness = (windows * patch).sum(axis=(2, 3)) / np.maximum(contrast, 1e-09)
# + likeness = (windows * patch).sum(axis=(2, 3)) / np.maximum(1e-09, contrast)


# %% equivalent="find-it" why="a tuple as well as a list"
# - return list(max(scores, key=scores.get))
# + return max(scores, key=scores.get)


# %% equivalent="find-it" why="filters.correlate2d refuses a patch that does not fit"
# - if np.any(np.array(patch.shape) > image.shape) or np.all(patch == patch[0, 0]):
# + if np.any(np.array(image.shape) > image.shape) or np.all(patch == patch[0, 0]):


# %% equivalent="find-it" why="likeness is mutual"
# - score = F.cosine_similarity(windows, (k - k.mean()).flatten(), dim=2)
# + score = F.cosine_similarity((k - k.mean()).flatten(), windows, dim=2)


# %% equivalent="find-it" why="the same sums, up to a factor that all windows share"
# - contrast = np.sqrt((windows ** 2).sum(axis=(2, 3)))
# + contrast = np.sqrt((windows ** 2).mean(axis=(2, 3)))


# %% equivalent="find-it" why="the windows have the mean 0, so the mean of the patch does not count"
# - score = F.cosine_similarity(windows, (k - k.mean()).flatten(), dim=2)
# + score = F.cosine_similarity(windows, (k - k.max()).flatten(), dim=2)


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)
# + score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 2e-06)), -1)


# %% equivalent="find-it" why="the copy is found before the loop leaves the image"
# - for row, column in np.ndindex(h - kh + 1, w - kw + 1):
# + for row, column in np.ndindex(h + kh + 1, w - kw + 1):


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - if a > 1e-06 and np.allclose(a * x + b, y):
# + if a > 2e-06 and np.allclose(a * x + b, y):


# %% equivalent="find-it" why="the windows have the mean 0, so the mean of the patch does not count"
# - score = F.cosine_similarity(windows, (k - k.mean()).flatten(), dim=2)
# + score = F.cosine_similarity(windows, k.flatten(), dim=2)


# %% equivalent="find-it" why="such a faint or even window is never the copy"
# - score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)
# + score = np.where(variance >= 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)


# %% equivalent="find-it" why="filters.correlate2d refuses a patch that does not fit"
# - if np.any(np.array(patch.shape) > image.shape) or np.all(patch == patch[0, 0]):
# + if np.all(patch == patch[0, 0]):


# %% equivalent="correlate-2d" why="float64 is as right as float32"
# - out = np.zeros((h - kh + 1, w - kw + 1), np.float32)
# + out = np.zeros((h - kh + 1, w - kw + 1))


# %% equivalent="correlate-1d" why="a row of numbers is flat, and its own transpose"
# - return np.array([np.sum(w * x[i:i + k]) for i in range(n - k + 1)])
# + return np.ravel(np.array([np.sum(w * x[i:i + k]) for i in range(n - k + 1)]))


# %% equivalent="correlate-1d" why="a row of numbers is flat, and its own transpose"
# - return np.array([np.sum(w * x[i:i + k]) for i in range(n - k + 1)])
# + return np.transpose(np.array([np.sum(w * x[i:i + k]) for i in range(n - k + 1)]))


# %% equivalent="convolve-1d" why="a row of numbers is flat, and its own transpose"
# - return correlate1d(x, w[::-1])
# + return np.ravel(correlate1d(x, w[::-1]))


# %% equivalent="convolve-1d" why="a row of numbers is flat, and its own transpose"
# - return correlate1d(x, w[::-1])
# + return np.transpose(correlate1d(x, w[::-1]))


# %% equivalent="correlate-2d" why="every entry is overwritten, or only the shape counts"
# - output = np.zeros((h - kh + 1, w - kw + 1))
# + output = np.ones((h - kh + 1, w - kw + 1))


# %% equivalent="classic-kernels" why="NumPy gives back a dictionary as it is"
# - return {'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])}
# + return np.flip({'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])})


# %% equivalent="classic-kernels" why="it answers to vertical edges only, and with the right sign, as the statement asks"
# - return {'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])}
# + return {'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[-1, 0, 1], [2, 0, -2], [1, 0, -1]])}


# %% equivalent="classic-kernels" why="it answers to vertical edges only, and with the right sign, as the statement asks"
# - return {'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])}
# + return {'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[1, 0, -1], [2, 0, -2], [-1, 0, 1]])}


# %% equivalent="equivariance" why="a member is looked for in any order"
# - if motion not in ('shift', 'turn'):
# + if motion not in ('turn', 'shift'):


# %% equivalent="equivariance" why="an image that loses a row or a column has more than one left"
# - return picture[1:, 1:] if motion == 'shift' else np.rot90(picture)
# + return np.squeeze(picture[1:, 1:] if motion == 'shift' else np.rot90(picture))


# %% equivalent="equivariance" why="an operation on arrays takes a list of rows as well"
# - return picture[1:, 1:] if motion == 'shift' else np.rot90(picture)
# + return list(picture[1:, 1:] if motion == 'shift' else np.rot90(picture))


# %% equivalent="find-it" why="a mean over two axes has no order"
# - windows = windows - windows.mean(axis=(2, 3), keepdims=True)
# + windows = windows - windows.mean(axis=(3, 2), keepdims=True)


# %% equivalent="find-it" why="every likeness shrinks by the same factor"
# - likeness = (windows * patch).sum(axis=(2, 3)) / np.maximum(contrast, 1e-09)
# + likeness = (windows * patch).mean(axis=(2, 3)) / np.maximum(contrast, 1e-09)


# %% equivalent="find-it" why="a floor so small changes no maximum"
# - likeness = (windows * patch).sum(axis=(2, 3)) / np.maximum(contrast, 1e-09)
# + likeness = (windows * patch).sum(axis=(2, 3)) / np.add(contrast, 1e-09)


# %% equivalent="find-it" why="a floor so small changes no maximum"
# - likeness = (windows * patch).sum(axis=(2, 3)) / np.maximum(contrast, 1e-09)
# + likeness = (windows * patch).sum(axis=(2, 3)) / np.maximum(contrast, 2e-09)


# %% equivalent="find-it" why="NumPy's whole numbers are right too"
# - return (int(row), int(column))
# + return (row, int(column))


# %% equivalent="find-it" why="NumPy's whole numbers are right too"
# - return (int(row), int(column))
# + return (int(row), column)


# %% equivalent="correlate-1d" why="a row of numbers is flat, and its own transpose"
# - return y
# + return np.ravel(y)


# %% equivalent="correlate-1d" why="a row of numbers is flat, and its own transpose"
# - return y
# + return np.transpose(y)


# %% equivalent="correlate-1d" why="the product of two rows has no order"
# - return np.array([x[i:i + len(w)] @ w for i in range(len(x) - len(w) + 1)])
# + return np.array([w @ x[i:i + len(w)] for i in range(len(x) - len(w) + 1)])


# %% equivalent="correlate-1d" why="the only axis is the last as well"
# - return x.unfold(0, len(w), 1) @ w
# + return x.unfold(-1, len(w), 1) @ w


# %% equivalent="convolve-1d" why="a row of numbers is flat, and its own transpose"
# - return np.correlate(x, w[::-1], mode='valid')
# + return np.ravel(np.correlate(x, w[::-1], mode='valid'))


# %% equivalent="convolve-1d" why="a row of numbers is flat, and its own transpose"
# - return np.correlate(x, w[::-1], mode='valid')
# + return np.transpose(np.correlate(x, w[::-1], mode='valid'))


# %% equivalent="convolve-1d" why="this is NumPy's default"
# - return np.correlate(x, w[::-1], mode='valid')
# + return np.correlate(x, w[::-1])


# %% equivalent="correlate-2d" why="every entry is overwritten, or only the shape counts"
# - out = np.zeros((h - kh + 1, w - kw + 1))
# + out = np.ones((h - kh + 1, w - kw + 1))


# %% equivalent="correlate-2d" why="the smaller of two has no order"
# - if min(h, w) < 1:
# + if min(w, h) < 1:


# %% equivalent="correlate-2d" why="a sum may begin with either zero"
# - out = 0.0
# + out = -0.0


# %% equivalent="correlate-2d" why="float64 is as right as float32"
# - image, kernel = (image.astype(np.float32), kernel.astype(np.float32))
# + pass


# %% equivalent="correlate-2d" why="float64 is as right as float32"
# - image, kernel = (image.astype(np.float32), kernel.astype(np.float32))
# + image, kernel = (image, kernel.astype(np.float32))


# %% equivalent="correlate-2d" why="float64 is as right as float32"
# - image, kernel = (image.astype(np.float32), kernel.astype(np.float32))
# + image, kernel = (image.astype(np.float32), kernel)


# %% equivalent="correlate-2d" why="every entry is overwritten, or only the shape counts"
# - out = np.zeros((h - kh + 1, w - kw + 1), np.float32)
# + out = np.ones((h - kh + 1, w - kw + 1), np.float32)


# %% equivalent="convolve-2d" why="axes can be flipped in any order"
# - flipped = torch.tensor(kernel, dtype=torch.float32).flip(0, 1)
# + flipped = torch.tensor(kernel, dtype=torch.float32).flip(1, 0)


# %% equivalent="convolve-2d" why="both leading axes are of length one"
# - return F.conv2d(image[None, None], flipped[None, None]).squeeze(0).squeeze(0)
# + return F.conv2d(image[None, None], flipped[None, None]).squeeze(1).squeeze(0)


# %% equivalent="classic-kernels" why="NumPy gives back a dictionary as it is"
# - return {'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[3, 0, -3], [10, 0, -10], [3, 0, -3]])}
# + return np.flip({'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[3, 0, -3], [10, 0, -10], [3, 0, -3]])})


# %% equivalent="classic-kernels" why="it answers to vertical edges only, and with the right sign, as the statement asks"
# - return {'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[3, 0, -3], [10, 0, -10], [3, 0, -3]])}
# + return {'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[-3, 0, 3], [10, 0, -10], [3, 0, -3]])}


# %% equivalent="classic-kernels" why="it answers to vertical edges only, and with the right sign, as the statement asks"
# - return {'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[3, 0, -3], [10, 0, -10], [3, 0, -3]])}
# + return {'blur': np.outer([1, 2, 1], [1, 2, 1]) / 16, 'sharpen': np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]), 'vertical edge': np.array([[3, 0, -3], [10, 0, -10], [-3, 0, 3]])}


# %% equivalent="classic-kernels" why="it answers to vertical edges only, and with the right sign, as the statement asks"
# - edge = np.outer([1, 2, 1], [1, 0, -1])
# + edge = np.outer([2, 2, 1], [1, 0, -1])


# %% equivalent="classic-kernels" why="it answers to vertical edges only, and with the right sign, as the statement asks"
# - edge = np.outer([1, 2, 1], [1, 0, -1])
# + edge = np.outer([0, 2, 1], [1, 0, -1])


# %% equivalent="classic-kernels" why="it answers to vertical edges only, and with the right sign, as the statement asks"
# - edge = np.outer([1, 2, 1], [1, 0, -1])
# + edge = np.outer([1, 3, 1], [1, 0, -1])


# %% equivalent="classic-kernels" why="it answers to vertical edges only, and with the right sign, as the statement asks"
# - edge = np.outer([1, 2, 1], [1, 0, -1])
# + edge = np.outer([1, 2, 2], [1, 0, -1])


# %% equivalent="classic-kernels" why="it answers to vertical edges only, and with the right sign, as the statement asks"
# - edge = np.outer([1, 2, 1], [1, 0, -1])
# + edge = np.outer([1, 2, 0], [1, 0, -1])


# %% equivalent="equivariance" why="the size of a difference has no order"
# - gap = f(np.rot90(image)) - np.rot90(f(image))
# + gap = np.rot90(f(image)) - f(np.rot90(image))


# %% equivalent="equivariance" why="a member is looked for in any order"
# - if motion not in ['shift', 'turn']:
# + if motion not in ['turn', 'shift']:


# %% equivalent="equivariance" why="float64 is as right as float32"
# - one = torch.tensor(f(move(image).numpy()), dtype=torch.float32)
# + one = torch.tensor(f(move(image).numpy()))


# %% equivalent="equivariance" why="the size of a difference has no order"
# - return (one - move(f(image))).abs().max()
# + return (move(f(image)) - one).abs().max()


# %% equivalent="find-it" why="a patch has one brightness when its darkest pixel is the mean"
# - if patch.min() == patch.max():
# + if patch.min() == patch.mean():


# %% equivalent="find-it" why="the first window always replaces it"
# - best, place = (-np.inf, (0, 0))
# + best, place = (-np.inf, (1, 0))


# %% equivalent="find-it" why="the first window always replaces it"
# - best, place = (-np.inf, (0, 0))
# + best, place = (-np.inf, (-1, 0))


# %% equivalent="find-it" why="the first window always replaces it"
# - best, place = (-np.inf, (0, 0))
# + best, place = (-np.inf, (0, 1))


# %% equivalent="find-it" why="the first window always replaces it"
# - best, place = (-np.inf, (0, 0))
# + best, place = (-np.inf, (0, -1))


# %% equivalent="find-it" why="every likeness shrinks by the same factor"
# - alike = np.sum(template * window) / max(window.std(), 1e-09)
# + alike = np.mean(template * window) / max(window.std(), 1e-09)


# %% equivalent="find-it" why="any pixel may stand for all when all are compared"
# - if np.any(np.array(patch.shape) > image.shape) or np.all(patch == patch[0, 0]):
# + if np.any(np.array(patch.shape) > image.shape) or np.all(patch == patch[0, -1]):


# %% equivalent="find-it" why="of flat windows, whose product is nearly 0, none can win"
# - score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)
# + score = np.where(variance > 2e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)


# %% equivalent="find-it" why="of flat windows, whose product is nearly 0, none can win"
# - score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)
# + score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(1e-06, variance)), -1)


# %% equivalent="find-it" why="of flat windows, whose product is nearly 0, none can win"
# - score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)
# + score = np.where(variance > 1e-06, score / np.sqrt(variance), -1)


# %% equivalent="find-it" why="of flat windows, whose product is nearly 0, none can win"
# - score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)
# + score = np.where(variance > 1e-06, score / np.sqrt(np.add(variance, 1e-06)), -1)


# %% equivalent="find-it" why="of flat windows, whose product is nearly 0, none can win"
# - score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)
# + score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), 1)


# %% equivalent="find-it" why="of flat windows, whose product is nearly 0, none can win"
# - score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -1)
# + score = np.where(variance > 1e-06, score / np.sqrt(np.maximum(variance, 1e-06)), -2)


# %% equivalent="find-it" why="NumPy computes means and products of whole numbers as fractions"
# - x = patch.ravel().astype(float)
# + x = patch.ravel()


# %% equivalent="find-it" why="the patch is found before the rows that are too many"
# - for row, column in np.ndindex(h - kh + 1, w - kw + 1):
# + for row, column in np.ndindex(h + 1, w - kw + 1):


# %% equivalent="find-it" why="no slope is exactly the threshold"
# - if a > 1e-06 and np.allclose(a * x + b, y):
# + if a >= 1e-06 and np.allclose(a * x + b, y):


# %% equivalent="find-it" why="within the tolerance they are as close either way"
# - if a > 1e-06 and np.allclose(a * x + b, y):
# + if a > 1e-06 and np.allclose(y, a * x + b):


# %% equivalent="find-it" why="one brightness has neither deviation nor variance"
# - if patch.std() < 1e-12:
# + if patch.var() < 1e-12:


# %% equivalent="find-it" why="the windows have mean 0: a constant in the patch adds nothing"
# - score = F.cosine_similarity(windows, (k - k.mean()).flatten(), dim=2)
# + score = F.cosine_similarity(windows, (k + k.mean()).flatten(), dim=2)


# %% equivalent="find-it" why="the windows have mean 0: a constant in the patch adds nothing"
# - score = F.cosine_similarity(windows, (k - k.mean()).flatten(), dim=2)
# + score = F.cosine_similarity(windows, (k - k.sum()).flatten(), dim=2)


# %% equivalent="find-it" why="a patch too large is refused where windows are taken"
# - if any((k > n for k, n in zip(patch.shape, image.shape))) or len(set(patch.flat)) < 2:
# + if len(set(patch.flat)) < 2:


# %% equivalent="find-it" why="a patch too large is refused where windows are taken"
# - if any((k > n for k, n in zip(patch.shape, image.shape))) or len(set(patch.flat)) < 2:
# + if any((k > n for k, n in zip(image.shape, image.shape))) or len(set(patch.flat)) < 2:


# %% equivalent="find-it" why="a patch too large is refused where windows are taken"
# - if any((k > n for k, n in zip(patch.shape, image.shape))) or len(set(patch.flat)) < 2:
# + if any((k > n for k, n in zip(patch.shape, patch.shape))) or len(set(patch.flat)) < 2:


# %% equivalent="find-it" why="a likeness is symmetric"
# - likeness = np.corrcoef(window.ravel(), patch.ravel())[0, 1]
# + likeness = np.corrcoef(window.ravel(), patch.ravel())[1, 0]


# %% equivalent="find-it" why="a patch too large is refused where windows are taken"
# - if np.any(np.array(patch.shape) > image.shape) or np.all(patch == patch[0, 0]):
# + if np.any(patch.shape > image.shape) or np.all(patch == patch[0, 0]):


# %% equivalent="find-it" why="a patch too large is refused where windows are taken"
# - if np.any(np.array(patch.shape) > image.shape) or np.all(patch == patch[0, 0]):
# + if np.any(np.array(patch.shape) > patch.shape) or np.all(patch == patch[0, 0]):
