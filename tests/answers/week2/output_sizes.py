# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="even-padding" style="np.pad"
def pad_same(image, kh, kw):
    return np.pad(image, ((kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2)))


# %% right="even-padding" style="written into zeros"
def pad_same(image, kh, kw):
    h, w = image.shape
    padded = np.zeros((h + kh - 1, w + kw - 1))
    top, left = kh // 2, kw // 2
    padded[top : top + h, left : left + w] = image
    return padded


# %% right="even-padding" style="torch, float32, ceil"
def pad_same(image, kh, kw):
    def sides(k):
        before = int(np.ceil((k - 1) / 2))
        return before, k - 1 - before

    x = torch.from_numpy(image.copy()).float()
    return F.pad(x, (*sides(kw), *sides(kh)))


# %% right="even-padding" style="rows and columns of zeros"
def pad_same(image, kh, kw):
    rows, columns = divmod(kh - 1, 2), divmod(kw - 1, 2)
    h, w = image.shape
    out = np.vstack([np.zeros((sum(rows), w)), image, np.zeros((rows[0], w))])
    left = np.zeros((len(out), sum(columns)))
    return np.hstack([left, out, left[:, : columns[0]]])


# %% wrong="even-padding" says="The side is the wrong one"
def pad_same(image, kh, kw):
    return np.pad(image, (((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2)))


# %% wrong="even-padding" says="Above and below are exchanged"
def pad_same(image, kh, kw):
    return np.pad(image, (((kh - 1) // 2, kh // 2), (kw // 2, (kw - 1) // 2)))


# %% wrong="even-padding" says="Left and right are exchanged"
def pad_same(image, kh, kw):
    return np.pad(image, ((kh // 2, (kh - 1) // 2), ((kw - 1) // 2, kw // 2)))


# %% wrong="even-padding" says="one zero too many"
def pad_same(image, kh, kw):
    return np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))


# %% wrong="even-padding" says="one zero too few"
def pad_same(image, kh, kw):
    p, q = (kh - 1) // 2, (kw - 1) // 2
    return np.pad(image, ((p, p), (q, q)))


# %% wrong="even-padding" says="Height and width are exchanged"
def pad_same(image, kh, kw):
    return np.pad(image, ((kw // 2, (kw - 1) // 2), (kh // 2, (kh - 1) // 2)))


# %% wrong="even-padding" says="That is the full padding"
def pad_same(image, kh, kw):
    return np.pad(image, ((kh - 1, kh - 1), (kw - 1, kw - 1)))


# %% wrong="even-padding" says="All zeros are on one side"
def pad_same(image, kh, kw):
    return np.pad(image, ((kh - 1, 0), (kw - 1, 0)))


# %% wrong="even-padding" says="The total is k - 1, not k"
def pad_same(image, kh, kw):
    return np.pad(image, (((kh + 1) // 2, kh // 2), ((kw + 1) // 2, kw // 2)))


# %% wrong="even-padding" says="Put zeros there"
def pad_same(image, kh, kw):
    sides = ((kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2))
    return np.pad(image, sides, mode="edge")


# %% wrong="even-padding" says="kw - 1 for the columns"
def pad_same(image, kh, kw):
    sides = (kh // 2, (kh - 1) // 2)
    return np.pad(image, (sides, sides))


# %% wrong="even-padding" says="kh - 1 for the rows"
def pad_same(image, kh, kw):
    sides = (kw // 2, (kw - 1) // 2)
    return np.pad(image, (sides, sides))


# %% wrong="even-padding" says="All zeros are on one side"
def pad_same(image, kh, kw):
    return np.pad(image, ((0, kh - 1), (0, kw - 1)))


# %% wrong="even-padding" says="Put zeros there"
def pad_same(image, kh, kw):
    rows, columns = (kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2)
    return np.pad(image, (rows, columns), mode="reflect")


# %% right="same-bug" style="the middle of the full output"
def same(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    full = filters.correlate2d(np.pad(image, ((kh - 1,) * 2, (kw - 1,) * 2)), kernel)
    top, left = (kh - 1) // 2, (kw - 1) // 2
    return full[top : top + h, left : left + w]


# %% right="same-bug" style="loops over the places"
def same(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((h, w))
    for j in range(h):
        for k in range(w):
            for m in range(kh):
                for n in range(kw):
                    row, column = j + m - kh // 2, k + n - kw // 2
                    if 0 <= row < h and 0 <= column < w:
                        out[j, k] += kernel[m, n] * image[row, column]
    return out


# %% right="same-bug" style="windows, float32"
def same(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2))).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw))
    sums = np.einsum("hwmn,mn->hw", windows, kernel.astype(np.float32))
    return sums[: image.shape[0], : image.shape[1]]


# %% wrong="same-bug" says="as the friend's did"
def same(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    full = filters.correlate2d(padded, kernel)
    return full[: image.shape[0], : image.shape[1]]


# %% wrong="same-bug" says="cut out too late"
def same(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return filters.correlate2d(padded, kernel)[kh - 1 :, kw - 1 :]


# %% wrong="same-bug" says="yours has them on the other side"
def same(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, (((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2)))
    return filters.correlate2d(padded, kernel)


# %% wrong="same-bug" says="there is a row or a column too many"
def same(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    return filters.correlate2d(padded, kernel)


# %% wrong="same-bug" says="That is the valid output"
def same(image, kernel):
    return filters.correlate2d(image, kernel)


# %% wrong="same-bug" says="That is the full output"
def same(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return filters.correlate2d(padded, kernel)


# %% wrong="same-bug" says="The kernel is flipped"
def same(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2)))
    return filters.convolve2d(padded, kernel)


# %% wrong="same-bug" says="not copies of its pixels"
def same(image, kernel):
    kh, kw = kernel.shape
    sides = ((kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2))
    return filters.correlate2d(np.pad(image, sides, mode="edge"), kernel)


# %% wrong="same-bug" says="those at the rim are 0"
def same(image, kernel):
    (h, w), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((h, w))
    valid = filters.correlate2d(image, kernel)
    top, left = kh // 2, kw // 2
    out[top : top + len(valid), left : left + valid.shape[1]] = valid
    return out


# %% wrong="same-bug" says="F.conv2d does the work"
def same(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2)))
    x, w = (torch.tensor(a, dtype=torch.float64)[None, None] for a in (padded, kernel))
    return F.conv2d(x, w)[0, 0].numpy()


# %% wrong="same-bug" says="Is there a slice such as"
def same(image, kernel):
    a, b = kernel.shape[0] - 1, kernel.shape[1] - 1
    full = filters.correlate2d(np.pad(image, ((a, a), (b, b))), kernel)
    return full[a // 2 : -(a // 2), b // 2 : -(b // 2)]


# %% wrong="same-bug" says="Height and width of the kernel are exchanged"
def same(image, kernel):
    kw, kh = kernel.shape
    sides = (kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2)
    return filters.correlate2d(np.pad(image, sides), kernel)


# %% wrong="same-bug" says="a kernel of 7 × 1"
def same(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, 2), (kw // 2, 2)))
    windows = filters.correlate2d(padded, kernel)
    return windows[: image.shape[0], : image.shape[1]]


# %% right="output-size" style="formula"
def output_size(n, k, p=0, s=1, d=1):
    total = sum(p) if isinstance(p, tuple) else 2 * p
    o = (n + total - d * (k - 1) - 1) // s + 1
    if o < 1:
        raise ValueError("does not fit")
    return o


# %% right="output-size" style="counting the stops"
def output_size(n, k, p=0, s=1, d=1):
    if not isinstance(p, tuple):
        p = (p, p)
    cells, stops, place = p[0] + n + p[1], 0, 0
    while place + d * (k - 1) < cells:
        stops += 1
        place += s
    if stops == 0:
        raise ValueError("no stop")
    return stops


# %% right="output-size" style="a range"
def output_size(n, k, p=0, s=1, d=1):
    try:
        before, after = p
    except TypeError:
        before = after = p
    reach = d * (k - 1) + 1
    stops = range(0, before + n + after - reach + 1, s)
    if not stops:
        raise ValueError(f"{reach} cells do not fit")
    return len(stops)


# %% right="output-size" style="the total form, NumPy"
def output_size(n, k, p=0, s=1, d=1):
    total = np.sum(np.broadcast_to(p, 2))
    if n + total < d * (k - 1) + 1:
        raise ValueError("too long")
    return int(np.floor((n - d * (k - 1) - 1 + total + s) / s))


# %% wrong="output-size" says="The first stop is missing"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    return (n + before + after - d * (k - 1) - 1) // s


# %% wrong="output-size" says="You rounded up"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    return -(-(n + before + after - d * (k - 1) - 1) // s) + 1


# %% wrong="output-size" says="leave out /, or use //"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    return (n + before + after - d * (k - 1) - 1) / s + 1


# %% wrong="output-size" says="the row grows by 2p"
def output_size(n, k, p=0, s=1, d=1):
    total = p if isinstance(p, int) else sum(p)
    return (n + total - d * (k - 1) - 1) // s + 1


# %% wrong="output-size" says="need not be as many as those before"
def output_size(n, k, p=0, s=1, d=1):
    p = p if isinstance(p, int) else p[0]
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


# %% wrong="output-size" says="need not be as many as those after"
def output_size(n, k, p=0, s=1, d=1):
    p = p if isinstance(p, int) else p[1]
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


# %% wrong="output-size" says="You doubled the zeros"
def output_size(n, k, p=0, s=1, d=1):
    p = p if isinstance(p, int) else sum(p)
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


# %% wrong="output-size" says="The dilation is missing"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    return (n + before + after - k) // s + 1


# %% wrong="output-size" says="k weights have k - 1 gaps"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    return (n + before + after - d * k) // s + 1


# %% wrong="output-size" says="The stride does not count"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    return n + before + after - d * (k - 1)


# %% wrong="output-size" says="The padding does not count"
def output_size(n, k, p=0, s=1, d=1):
    return (n - d * (k - 1) - 1) // s + 1


# %% wrong="output-size" says="The first stop is missing"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    return (n + before + after - d * (k - 1)) // s


# %% wrong="output-size" says="reaches over more cells than there are"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    return max(0, (n + before + after - d * (k - 1) - 1) // s + 1)


# %% wrong="output-size" says="reaches over more cells than there are"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    if k > n + before + after:
        raise ValueError("does not fit")
    return (n + before + after - d * (k - 1) - 1) // s + 1


# %% wrong="output-size" says="F.conv1d does the work"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    row = F.pad(torch.zeros(1, 1, n), (before, after))
    try:
        return F.conv1d(row, torch.zeros(1, 1, k), stride=s, dilation=d).shape[2]
    except RuntimeError:
        raise ValueError("does not fit") from None


# %% wrong="output-size" says="put the difference in brackets"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    return n + before + after - (d * (k - 1) + 1) // s + 1


# %% wrong="output-size" says="not d."
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    spare = n + before + after - k - (k - 1) * d
    if spare < 0:
        raise ValueError("no")
    return spare // s + 1


# %% wrong="output-size" says="may reach over all the cells"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    if d * (k - 1) + 1 >= n + before + after:
        raise ValueError("no")
    return (n + before + after - d * (k - 1) - 1) // s + 1


# %% wrong="output-size" says="compare what the kernel reaches over with all"
def output_size(n, k, p=0, s=1, d=1):
    before, after = (p, p) if isinstance(p, int) else p
    if d * (k - 1) + 1 > n:
        raise ValueError("no")
    return (n + before + after - d * (k - 1) - 1) // s + 1


# %% right="sizes-dropped" style="lists"
without_padding, two_on_the_left = [10, 11], [11]
with_holes = [1, 2, 5, 6, 9, 10]


# %% right="sizes-dropped" style="computed"
def unread(before, k, s, d):
    places = range(0, before + 12 - d * (k - 1), s)
    read = {place + d * a - before for place in places for a in range(k)}
    return [pixel for pixel in range(12) if pixel not in read]


without_padding, two_on_the_left = unread(0, 4, 3, 1), unread(2, 4, 3, 1)
with_holes = unread(0, 2, 4, 3)


# %% right="sizes-dropped" style="arrays"
without_padding, two_on_the_left = np.arange(10, 12), np.array([11])
with_holes = np.array([1, 2, 5, 6, 9, 10])


# %% wrong="sizes-dropped" says="not at its beginning"
without_padding, two_on_the_left = [0, 1], [11]
with_holes = [1, 2, 5, 6, 9, 10]


# %% wrong="sizes-dropped" says="There is room for one more stop"
without_padding, two_on_the_left = [8, 9, 10, 11], [11]
with_holes = [1, 2, 5, 6, 9, 10]


# %% wrong="sizes-dropped" says="With two more cells one more stop fits."
without_padding, two_on_the_left = [10, 11], [10, 11]
with_holes = [1, 2, 5, 6, 9, 10]


# %% wrong="sizes-dropped" says="That is the number of the cell"
without_padding, two_on_the_left = [10, 11], [13]
with_holes = [1, 2, 5, 6, 9, 10]


# %% wrong="sizes-dropped" says="That is a kernel without holes"
without_padding, two_on_the_left = [10, 11], [11]
with_holes = [2, 3, 6, 7, 10, 11]


# %% wrong="sizes-dropped" says="Those are read. Asked are the others"
without_padding, two_on_the_left = [10, 11], [11]
with_holes = [0, 3, 4, 7, 8, 11]


# %% right="two-conventions" style="two questions"
def conventions(n, k, p, s, o):
    found = []
    if (n + 2 * p - k) // s + 1 == o:
        found.append("per side")
    if (n - k + p + s) // s == o:
        found.append("total")
    return found


# %% right="two-conventions" style="floats"
def conventions(n, k, p, s, o):
    sizes = [np.floor((n + 2 * p - k) / s + 1), np.floor((n - k + p + s) / s)]
    names = np.array(["per side", "total"])
    return names[np.array(sizes) == o].tolist()


# %% right="two-conventions" style="counting stops"
def conventions(n, k, p, s, o):
    def stops(cells):
        return len(range(0, cells - k + 1, s))

    names = {"per side": n + p + p, "total": n + p}
    return [name for name, cells in names.items() if stops(cells) == o]


# %% wrong="two-conventions" says="The two names are exchanged"
def conventions(n, k, p, s, o):
    totals = {"per side": p, "total": 2 * p}
    found = [name for name, t in totals.items() if (n + t - k) // s + 1 == o]
    return sorted(found)


# %% wrong="two-conventions" says="yours finds nothing"
def conventions(n, k, p, s, o):
    totals = {"per side": 2 * p, "total": p}
    return [name for name, t in totals.items() if (n + t - k) / s + 1 == o]


# %% wrong="two-conventions" says="You rounded up"
def conventions(n, k, p, s, o):
    totals = {"per side": 2 * p, "total": p}
    return [name for name, t in totals.items() if -((n + t - k) // -s) + 1 == o]


# %% wrong="two-conventions" says="You doubled twice"
def conventions(n, k, p, s, o):
    totals = {"per side": 4 * p, "total": 2 * p}
    return [name for name, t in totals.items() if (n + t - k) // s + 1 == o]


# %% wrong="two-conventions" says="The order is"
def conventions(n, k, p, s, o):
    totals = {"total": p, "per side": 2 * p}
    return [name for name, t in totals.items() if (n + t - k) // s + 1 == o]


# %% wrong="two-conventions" says="Both may be right"
def conventions(n, k, p, s, o):
    if (n + 2 * p - k) // s + 1 == o:
        return ["per side"]
    if (n + p - k) // s + 1 == o:
        return ["total"]
    return []


# %% wrong="two-conventions" says="Return a list"
def conventions(n, k, p, s, o):
    side, total = (n + 2 * p - k) // s + 1 == o, (n + p - k) // s + 1 == o
    if side and total:
        return ["per side", "total"]
    return "per side" if side else "total" if total else []


# %% wrong="two-conventions" says="The first stop is missing in your formula"
def conventions(n, k, p, s, o):
    totals = {"per side": 2 * p, "total": p}
    return [name for name, t in totals.items() if (n + t - k) // s == o]


# %% wrong="two-conventions" says="p = 0 counts"
def conventions(n, k, p, s, o):
    totals = {"per side": 2 * p, "total": p} if p else {}
    return [name for name, t in totals.items() if (n + t - k) // s + 1 == o]


# %% right="sizes-letters" style="letters and lists"
convolution_width, pooling_height = "C", "F"
convolution_size, pooling_size = [8, 14], [8, 13]


# %% right="sizes-letters" style="computed"
J, K, M, N, Q, P, s = 25, 40, 6, 3, 4, 1, 3
convolution_width, pooling_height = "c", "f"
convolution_size = (1 + (J + 2 * P - M) / s, 1 + (K + 2 * P - N) / s)
pooling_size = (1 + (J - Q) / s, 1 + (K - Q) / s)


# %% right="sizes-letters" style="torch"
image = torch.zeros(1, 1, 25, 40)
convolution_width, pooling_height = "C", "F"
convolution_size = list(nn.Conv2d(1, 1, (6, 3), 3, 1)(image).shape[2:])
pooling_size = list(F.max_pool2d(image, 4, 3).shape[2:])


# %% wrong="sizes-letters" says="The first stop is missing"
convolution_width, pooling_height = "A", "F"
convolution_size, pooling_size = [8, 14], [8, 13]


# %% wrong="sizes-letters" says="Which side of the filter"
convolution_width, pooling_height = "B", "F"
convolution_size, pooling_size = [8, 14], [8, 13]


# %% wrong="sizes-letters" says="The padding is on each side"
convolution_width, pooling_height = "E", "F"
convolution_size, pooling_size = [8, 14], [8, 13]


# %% wrong="sizes-letters" says="That is the width"
convolution_width, pooling_height = "C", "G"
convolution_size, pooling_size = [8, 14], [8, 13]


# %% wrong="sizes-letters" says="Only if the windows move by their own length"
convolution_width, pooling_height = "C", "H"
convolution_size, pooling_size = [8, 14], [8, 13]


# %% wrong="sizes-letters" says="Height comes first"
convolution_width, pooling_height = "C", "F"
convolution_size, pooling_size = [14, 8], [8, 13]


# %% wrong="sizes-letters" says="The stride is missing"
convolution_width, pooling_height = "C", "F"
convolution_size, pooling_size = [22, 40], [8, 13]


# %% wrong="sizes-letters" says="not to the output of the convolution"
convolution_width, pooling_height = "C", "F"
convolution_size, pooling_size = [8, 14], [3, 5]


# %% right="stride-subsample" style="slices"
def strided2d(image, kernel, padding, stride):
    rows, columns = ((p, p) for p in padding)
    every = filters.correlate2d(np.pad(image, (rows, columns)), kernel)
    return every[:: stride[0], :: stride[1]]


# %% right="stride-subsample" style="only the stops, loops"
def strided2d(image, kernel, padding, stride):
    (h, w), (kh, kw) = image.shape, kernel.shape
    (ph, pw), (sh, sw) = padding, stride
    x = np.zeros((h + 2 * ph, w + 2 * pw))
    x[ph : ph + h, pw : pw + w] = image
    rows = range(0, len(x) - kh + 1, sh)
    columns = range(0, x.shape[1] - kw + 1, sw)
    return np.array(
        [[(x[j : j + kh, k : k + kw] * kernel).sum() for k in columns] for j in rows]
    )


# %% right="stride-subsample" style="torch, float32, windows"
def strided2d(image, kernel, padding, stride):
    x, w = (torch.tensor(a, dtype=torch.float32) for a in (image, kernel))
    x = F.pad(x, (padding[1], padding[1], padding[0], padding[0]))
    x = x.unfold(0, w.shape[0], stride[0]).unfold(1, w.shape[1], stride[1])
    return torch.einsum("hwmn,mn->hw", x, w)


# %% wrong="stride-subsample" says="All outputs are still there"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    return filters.correlate2d(np.pad(image, ((ph, ph), (pw, pw))), kernel)


# %% wrong="stride-subsample" says="The two strides are exchanged"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sw, sh) = padding, stride
    padded = np.pad(image, ((ph, ph), (pw, pw)))
    return filters.correlate2d(padded, kernel)[::sh, ::sw]


# %% wrong="stride-subsample" says="yours begins with the s-th"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    padded = np.pad(image, ((ph, ph), (pw, pw)))
    return filters.correlate2d(padded, kernel)[sh - 1 :: sh, sw - 1 :: sw]


# %% wrong="stride-subsample" says="You kept a corner of the outputs"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    every = filters.correlate2d(np.pad(image, ((ph, ph), (pw, pw))), kernel)
    return every[: len(every) // sh, : every.shape[1] // sw]


# %% wrong="stride-subsample" says="The stride for the columns is missing"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    return filters.correlate2d(np.pad(image, ((ph, ph), (pw, pw))), kernel)[::sh]


# %% wrong="stride-subsample" says="The stride for the rows is missing"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    return filters.correlate2d(np.pad(image, ((ph, ph), (pw, pw))), kernel)[:, ::sw]


# %% wrong="stride-subsample" says="You dropped pixels of the input"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    padded = np.pad(image, ((ph, ph), (pw, pw)))[::sh, ::sw]
    try:
        return filters.correlate2d(padded, kernel)
    except ValueError:
        return np.zeros((1, 1))


# %% wrong="stride-subsample" says="The two paddings are exchanged"
def strided2d(image, kernel, padding, stride):
    (pw, ph), (sh, sw) = padding, stride
    padded = np.pad(image, ((ph, ph), (pw, pw)))
    return filters.correlate2d(padded, kernel)[::sh, ::sw]


# %% wrong="stride-subsample" says="The padding is missing"
def strided2d(image, kernel, padding, stride):
    return filters.correlate2d(image, kernel)[:: stride[0], :: stride[1]]


# %% wrong="stride-subsample" says="not around the output"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    every = filters.correlate2d(image, kernel)
    return np.pad(every, ((ph, ph), (pw, pw)))[::sh, ::sw]


# %% wrong="stride-subsample" says="The padding is per side"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    sides = (((ph + 1) // 2, ph // 2), ((pw + 1) // 2, pw // 2))
    return filters.correlate2d(np.pad(image, sides), kernel)[::sh, ::sw]


# %% wrong="stride-subsample" says="The kernel is flipped"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    padded = np.pad(image, ((ph, ph), (pw, pw)))
    return filters.convolve2d(padded, kernel)[::sh, ::sw]


# %% wrong="stride-subsample" says="F.conv2d does the work"
def strided2d(image, kernel, padding, stride):
    x, w = (torch.tensor(a, dtype=torch.float64)[None, None] for a in (image, kernel))
    return F.conv2d(x, w, stride=stride, padding=padding)[0, 0].numpy()


# %% wrong="stride-subsample" says="on *both* axes"
def strided2d(image, kernel, padding, stride):
    sh, sw = stride
    return filters.correlate2d(np.pad(image, padding), kernel)[::sh, ::sw]


# %% wrong="stride-subsample" says="cuts the rows twice"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    padded = np.pad(image, ((ph, ph), (pw, pw)))
    return filters.correlate2d(padded, kernel)[::sh][::sw]


# %% wrong="stride-subsample" says="yours begins with a later one"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    padded = np.pad(image, ((ph, ph), (pw, pw)))
    return filters.correlate2d(padded, kernel)[sh::sh, sw::sw]


# %% wrong="stride-subsample" says="The same stride is used for rows and columns"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    padded = np.pad(image, ((ph, ph), (pw, pw)))
    return filters.correlate2d(padded, kernel)[::sh, ::sh]


# %% wrong="stride-subsample" says="both sides should get them"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    padded = np.pad(image, ((ph, 0), (pw, 0)))
    return filters.correlate2d(padded, kernel)[::sh, ::sw]


# %% wrong="stride-subsample" says="The last row and column of outputs are missing"
def strided2d(image, kernel, padding, stride):
    (ph, pw), (sh, sw) = padding, stride
    padded = np.pad(image, ((ph, ph), (pw, pw)))
    return filters.correlate2d(padded, kernel)[::sh, ::sw][:-1, :-1]


# %% right="small-volume" style="numbers"
channel_sums, value, touching = [7, 1, -3], 3, 16


# %% right="small-volume" style="computed"
windows = np.array(
    [
        [[1, 2, 0], [2, 2, 0], [1, 0, 0]],
        [[0, 0, 0], [2, 1, 0], [0, 2, 0]],
        [[2, 1, 0], [0, 1, 0], [0, 1, 0]],
    ]
)
slices = np.array(
    [
        [[1, 1, -1], [1, 1, 1], [0, -1, 0]],
        [[-1, 1, 1], [0, -1, -1], [-1, 1, 0]],
        [[-1, 0, -1], [0, -1, 1], [0, 0, 1]],
    ]
)
channel_sums = (windows * slices).sum(axis=(1, 2))
value = channel_sums.sum() - 2
touching = 2 * (9 - 1)


# %% right="small-volume" style="floats and a tuple"
channel_sums, value, touching = (7.0, 1.0, -3.0), 3.0, 16.0


# %% wrong="small-volume" says="Channel 0 comes first"
channel_sums, value, touching = [-3, 1, 7], 3, 16


# %% wrong="small-volume" says="The bias is missing"
channel_sums, value, touching = [7, 1, -3], 5, 16


# %% wrong="small-volume" says="That is the bias of the other kernel"
channel_sums, value, touching = [7, 1, -3], 6, 16


# %% wrong="small-volume" says="not once for each channel"
channel_sums, value, touching = [7, 1, -3], -1, 16


# %% wrong="small-volume" says="That is one map. There are two."
channel_sums, value, touching = [7, 1, -3], 3, 8


# %% wrong="small-volume" says="the kernel of the example in the text"
channel_sums, value, touching = [2, 2, 0], 3, 16


# %% wrong="small-volume" says="There is a window that stays inside"
channel_sums, value, touching = [7, 1, -3], 3, 18


# %% wrong="small-volume" says="Here the kernel is used as it is"
channel_sums, value, touching = [1, -1, 1], 3, 16


# %% wrong="small-volume" says="Row and column of the window are exchanged"
channel_sums, value, touching = [7, -2, -1], 3, 16


# %% right="which-paddings" style="loop"
def which_paddings(n, k, s, o):
    found = []
    for p in range(k):
        if n + 2 * p < k:
            continue
        if (n + 2 * p - k) // s == o - 1:
            found.append(p)
    return found


# %% right="which-paddings" style="counting stops"
def which_paddings(n, k, s, o):
    if o == 0:
        return []
    return [p for p in range(k) if len(range(0, n + 2 * p - k + 1, s)) == o]


# %% right="which-paddings" style="an inequality, solved"
def which_paddings(n, k, s, o):
    low, high = s * (o - 1) + k - n, s * o + k - n - 1
    first, last = -(-low // 2), high // 2
    needed = -((n - k) // 2)
    return list(range(max(0, first, needed), min(k - 1, last) + 1))


# %% right="which-paddings" style="NumPy"
def which_paddings(n, k, s, o):
    p = np.arange(k)
    spare = n + 2 * p - k
    return p[(spare >= 0) & (spare // s + 1 == o)].tolist()


# %% wrong="which-paddings" says="Skip that p, or catch the ValueError"
def which_paddings(n, k, s, o):
    def output_size(n, k, p, s):
        if n + 2 * p < k:
            raise ValueError(f"a kernel of {k} does not fit")
        return (n + 2 * p - k) // s + 1

    return [p for p in range(k) if output_size(n, k, p, s) == o]


# %% wrong="which-paddings" says="With some of these the kernel does not fit"
def which_paddings(n, k, s, o):
    return [p for p in range(k) if (n + 2 * p - k) // s + 1 == o]


# %% wrong="which-paddings" says="A padding of k does not count"
def which_paddings(n, k, s, o):
    fit = [p for p in range(k + 1) if n + 2 * p >= k]
    return [p for p in fit if (n + 2 * p - k) // s + 1 == o]


# %% wrong="which-paddings" says="not only those up to half"
def which_paddings(n, k, s, o):
    fit = [p for p in range(k // 2 + 1) if n + 2 * p >= k]
    return [p for p in fit if (n + 2 * p - k) // s + 1 == o]


# %% wrong="which-paddings" says="No padding at all, 0"
def which_paddings(n, k, s, o):
    fit = [p for p in range(1, k) if n + 2 * p >= k]
    return [p for p in fit if (n + 2 * p - k) // s + 1 == o]


# %% wrong="which-paddings" says="the full one, counts"
def which_paddings(n, k, s, o):
    fit = [p for p in range(k - 1) if n + 2 * p >= k]
    return [p for p in fit if (n + 2 * p - k) // s + 1 == o]


# %% wrong="which-paddings" says="The division need not come out even"
def which_paddings(n, k, s, o):
    fit = [p for p in range(k) if n + 2 * p >= k]
    return [p for p in fit if (n + 2 * p - k) / s + 1 == o]


# %% wrong="which-paddings" says="the row grows by 2p"
def which_paddings(n, k, s, o):
    fit = [p for p in range(k) if n + p >= k]
    return [p for p in fit if (n + p - k) // s + 1 == o]


# %% wrong="which-paddings" says="go on after the first"
def which_paddings(n, k, s, o):
    for p in range(k):
        if n + 2 * p >= k and (n + 2 * p - k) // s + 1 == o:
            return [p]
    return []


# %% wrong="which-paddings" says="keep all of them"
def which_paddings(n, k, s, o):
    found = []
    for p in range(k):
        if n + 2 * p >= k and (n + 2 * p - k) // s + 1 == o:
            found = [p]
    return found


# %% wrong="which-paddings" says="Return a list"
def which_paddings(n, k, s, o):
    fit = [p for p in range(k) if n + 2 * p >= k]
    found = [p for p in fit if (n + 2 * p - k) // s + 1 == o]
    return found[0] if len(found) == 1 else found


# %% wrong="which-paddings" says="In ascending order"
def which_paddings(n, k, s, o):
    fit = [p for p in range(k - 1, -1, -1) if n + 2 * p >= k]
    return [p for p in fit if (n + 2 * p - k) // s + 1 == o]


# %% wrong="which-paddings" says="The first stop is missing in your formula"
def which_paddings(n, k, s, o):
    fit = [p for p in range(k) if n + 2 * p >= k]
    return [p for p in fit if (n + 2 * p - k) // s == o]


# %% wrong="which-paddings" says="may fit once there are zeros"
def which_paddings(n, k, s, o):
    if n < k:
        return []
    return [p for p in range(k) if (n + 2 * p - k) // s + 1 == o]


# %% wrong="which-paddings" says="has one stop"
def which_paddings(n, k, s, o):
    fit = [p for p in range(k) if n + 2 * p > k]
    return [p for p in fit if (n + 2 * p - k) // s + 1 == o]


# %% wrong="which-paddings" says="more zeros on a side than pixels"
def which_paddings(n, k, s, o):
    fit = [p for p in range(min(n + 1, k)) if n + 2 * p >= k]
    return [p for p in fit if (n + 2 * p - k) // s + 1 == o]


# %% right="plan-stack" style="circle by circle"
def plan_stack(n, o, kernels, strides):
    def layers(size):
        for k in kernels:
            for p in range((k + 1) // 2):
                for s in strides:
                    left = size + 2 * p - k
                    if left >= 0 and s <= k and left % s <= p:
                        yield (k, p, s), left // s + 1

    circle, known = {n: []}, {n}
    while circle:
        if o in circle:
            return circle[o]
        outer = {}
        for size, stack in circle.items():
            for layer, smaller in layers(size):
                if smaller not in known:
                    known.add(smaller)
                    outer[smaller] = [*stack, layer]
        circle = outer
    raise ValueError("no way")


# %% right="plan-stack" style="a table from the small sizes up"
def plan_stack(n, o, kernels, strides):
    best = {o: []}
    for size in range(o + 1, n + 1):
        for k in kernels:
            for s in strides:
                for p in range(int((k - 1) / 2) + 1):
                    room = size + 2 * p - k
                    if room < 0 or s > k or room % s > p:
                        continue
                    rest = best.get(room // s + 1)
                    if rest is None or room // s + 1 >= size:
                        continue
                    if size not in best or len(rest) + 1 < len(best[size]):
                        best[size] = [(k, p, s), *rest]
    if n not in best:
        raise ValueError(f"{o} cannot be reached")
    return best[n]


# %% right="plan-stack" style="a queue"
def plan_stack(n, o, kernels, strides):
    from collections import deque

    came = {n: None}
    queue = deque([n])
    while queue:
        size = queue.popleft()
        for k in kernels:
            for s in strides:
                for p in range(k):
                    if 2 * p > k - 1 or s > k or size + 2 * p < k:
                        continue
                    stops = range(0, size + 2 * p - k + 1, s)
                    if stops[-1] + k < size + p or len(stops) in came:
                        continue
                    came[len(stops)] = (size, (k, p, s))
                    queue.append(len(stops))
    if o not in came:
        raise ValueError("there is no such stack")
    stack = []
    while came[o]:
        o, layer = came[o]
        stack.insert(0, layer)
    return stack


# %% wrong="plan-stack" says="from two pixels to one"
def plan_stack(n, o, kernels, strides):
    best = {o: []}
    for size in range(o + 1, n + 1):
        for k in kernels:
            for s in strides:
                for p in range(int((k - 1) / 2) + 1):
                    room = size + 2 * p - k
                    if room < 0 or s > k or room % s > p:
                        continue
                    rest = best.get(room // s + 1)
                    if rest is None or -(-room // s) + 1 >= size:
                        continue
                    if size not in best or len(rest) + 1 < len(best[size]):
                        best[size] = [(k, p, s), *rest]
    if n not in best:
        raise ValueError(f"{o} cannot be reached")
    return best[n]


# %% wrong="plan-stack" says="your stack has 2 layers; 1 is enough"
def plan_stack(n, o, kernels, strides):
    stack = []
    while n > o:
        best = None
        for k in kernels:
            for s in strides:
                for p in range((k + 1) // 2):
                    left = n + 2 * p - k
                    if left < 0 or s > k or left % s > p:
                        continue
                    if o <= left // s + 1 < n and (not best or left // s + 1 > best[0]):
                        best = left // s + 1, (k, p, s)
        if not best:
            raise ValueError("stuck")
        n = best[0]
        stack.append(best[1])
    if n < o:
        raise ValueError("no")
    return stack


# %% wrong="plan-stack" says="a pixel is never read"
def plan_stack(n, o, kernels, strides):
    stacks, sizes = {n: []}, [n]
    for size in sizes:
        for k in kernels:
            for s in strides:
                for p in range((k + 1) // 2):
                    left = size + 2 * p - k
                    if left < 0 or s > k or left // s + 1 in stacks:
                        continue
                    stacks[left // s + 1] = [*stacks[size], (k, p, s)]
                    sizes.append(left // s + 1)
    if o not in stacks:
        raise ValueError("no")
    return stacks[o]


# %% wrong="plan-stack" says="The padding should be 0 to"
def plan_stack(n, o, kernels, strides):
    stacks, sizes = {n: []}, [n]
    for size in sizes:
        for k in kernels:
            for s in strides:
                for p in reversed(range(k)):
                    left = size + 2 * p - k
                    new = left // s + 1
                    if left < 0 or s > k or left % s > p or new in stacks or new > n:
                        continue
                    stacks[new] = [*stacks[size], (k, p, s)]
                    sizes.append(new)
    if o not in stacks:
        raise ValueError("no")
    return stacks[o]


# %% wrong="plan-stack" says="The stride is longer than the kernel"
def plan_stack(n, o, kernels, strides):
    stacks, sizes = {n: []}, [n]
    for size in sizes:
        for k in kernels:
            for s in strides:
                for p in range((k + 1) // 2):
                    left = size + 2 * p - k
                    if left < 0 or left % s > p or left // s + 1 in stacks:
                        continue
                    stacks[left // s + 1] = [*stacks[size], (k, p, s)]
                    sizes.append(left // s + 1)
    if o not in stacks:
        raise ValueError("no")
    return stacks[o]


# %% wrong="plan-stack" says="Is the order kernel, padding, stride?"
def plan_stack(n, o, kernels, strides):
    stacks, sizes = {n: []}, [n]
    for size in sizes:
        for k in kernels:
            for s in strides:
                for p in range((k + 1) // 2):
                    left = size + 2 * p - k
                    if left < 0 or s > k or left % s > p or left // s + 1 in stacks:
                        continue
                    stacks[left // s + 1] = [*stacks[size], (p, k, s)]
                    sizes.append(left // s + 1)
    if o not in stacks:
        raise ValueError("no")
    return stacks[o]


# %% wrong="plan-stack" says="from 5 to 9 there is no way"
def plan_stack(n, o, kernels, strides):
    stacks, sizes = {n: []}, [n]
    for size in sizes:
        for k in kernels:
            for s in strides:
                for p in range((k + 1) // 2):
                    left = size + 2 * p - k
                    if left < 0 or s > k or left % s > p or left // s + 1 in stacks:
                        continue
                    stacks[left // s + 1] = [*stacks[size], (k, p, s)]
                    sizes.append(left // s + 1)
    return stacks.get(o, [])


# %% wrong="plan-stack" says="expected a list of layers"
def plan_stack(n, o, kernels, strides):
    sizes = [n]
    while sizes[-1] > o:
        sizes.append((sizes[-1] + 2 - kernels[0]) // strides[-1] + 1)
    return sizes


# %% wrong="plan-stack" says="asked are"
def plan_stack(n, o, kernels, strides):
    stack = []
    while n > o:
        for k in kernels:
            p, s = (k - 1) // 2, max(strides)
            if s <= k and (n + 2 * p - k) % s <= p:
                break
        else:
            raise ValueError("no")
        smaller = (n + 2 * p - k) // s + 1
        if smaller == n:
            raise ValueError("no")
        n = smaller
        stack.append((k, p, s))
    return stack


# %% wrong="plan-stack" says="yours is in reverse order"
def plan_stack(n, o, kernels, strides):
    stacks, sizes = {n: []}, [n]
    for size in sizes:
        for k in kernels:
            for s in strides:
                for p in range((k + 1) // 2):
                    left = size + 2 * p - k
                    if left < 0 or s > k or left % s > p or left // s + 1 in stacks:
                        continue
                    stacks[left // s + 1] = [(k, p, s), *stacks[size]]
                    sizes.append(left // s + 1)
    if o not in stacks:
        raise ValueError("no")
    return stacks[o]


# %% wrong="plan-stack" says="Did you return (k, p, s)?"
def plan_stack(n, o, kernels, strides):
    stacks, sizes = {n: []}, [n]
    for size in sizes:
        for k in kernels:
            for s in strides:
                for p in range((k + 1) // 2):
                    left = size + 2 * p - k
                    if left < 0 or s > k or left % s > p or left // s + 1 in stacks:
                        continue
                    stacks[left // s + 1] = [*stacks[size], (k, s, p)]
                    sizes.append(left // s + 1)
    if o not in stacks:
        raise ValueError("no")
    return stacks[o]


# %% wrong="plan-stack" says="the kernel fits only with its zeros"
def plan_stack(n, o, kernels, strides):
    stacks, sizes = {n: []}, [n]
    for size in sizes:
        for k in kernels:
            for s in strides:
                for p in range((k + 1) // 2):
                    left = size + 2 * p - k
                    if k > size or s > k or left % s > p or left // s + 1 in stacks:
                        continue
                    stacks[left // s + 1] = [*stacks[size], (k, p, s)]
                    sizes.append(left // s + 1)
    if o not in stacks:
        raise ValueError("no")
    return stacks[o]


# %% wrong="plan-stack" says="a stride as long as the kernel"
def plan_stack(n, o, kernels, strides):
    stacks, sizes = {n: []}, [n]
    for size in sizes:
        for k in kernels:
            for s in strides:
                for p in range((k + 1) // 2):
                    left = size + 2 * p - k
                    if left < 0 or s >= k or left % s > p or left // s + 1 in stacks:
                        continue
                    stacks[left // s + 1] = [*stacks[size], (k, p, s)]
                    sizes.append(left // s + 1)
    if o not in stacks:
        raise ValueError("no")
    return stacks[o]


# %% wrong="plan-stack" says="more padding than it takes saves a layer"
def plan_stack(n, o, kernels, strides):
    best = {o: []}
    for size in range(o + 1, n + 1):
        for k in kernels:
            for s in strides:
                for p in range((k + 1) // 2):
                    left = size + 2 * p - k
                    if left < 0 or s > k or left % s > p:
                        continue
                    rest = best.get(left // s + 1)
                    if rest is None:
                        continue
                    if size not in best or len(rest) + 1 < len(best[size]):
                        best[size] = [(k, p, s), *rest]
                    break
    if n not in best:
        raise ValueError("no")
    return best[n]


# %% wrong="plan-stack" says="A kernel that does not fit has no output"
def plan_stack(n, o, kernels, strides):
    stacks, sizes = {n: []}, [n]
    for size in sizes:
        for k in kernels:
            for s in strides:
                for p in range((k + 1) // 2):
                    left = size + 2 * p - k
                    new = left // s + 1
                    if new < 0 or s > k or left % s > p or new in stacks:
                        continue
                    stacks[new] = [*stacks[size], (k, p, s)]
                    sizes.append(new)
    if o not in stacks:
        raise ValueError("no")
    return stacks[o]


# %% equivalent="plan-stack" why="no layer grows: sizes below o never lead to o"
# - for size in range(o + 1, n + 1):
# + for size in range(o - 1, n + 1):


# %% equivalent="plan-stack" why="no layer grows: sizes below o never lead to o"
# - for size in range(o + 1, n + 1):
# + for size in range(o * 1, n + 1):


# %% equivalent="plan-stack" why="no layer grows: sizes below o never lead to o"
# - for size in range(o + 1, n + 1):
# + for size in range(o, n + 1):


# %% equivalent="plan-stack" why="no layer grows: sizes below o never lead to o"
# - for size in range(o + 1, n + 1):
# + for size in range(1, n + 1):


# %% equivalent="plan-stack" why="no layer grows: sizes below o never lead to o"
# - for size in range(o + 1, n + 1):
# + for size in range(o + 0, n + 1):


# %% equivalent="plan-stack" why="one size more than asked, and none is made from a larger one"
# - for size in range(o + 1, n + 1):
# + for size in range(o + 1, n + 2):


# %% equivalent="plan-stack" why="k is a whole number of at least one"
# - for p in range(int((k - 1) / 2) + 1):
# + for p in range(int((k - 1) // 2) + 1):


# %% equivalent="plan-stack" why="no layer grows, and one that keeps its size saves none"
# - if rest is None or room // s + 1 >= size:
# + if rest is None:


# %% equivalent="plan-stack" why="no layer grows, and one that keeps its size saves none"
# - if rest is None or room // s + 1 >= size:
# + if rest is None or room // s + 1 > size:


# %% equivalent="plan-stack" why="no layer grows, and one that keeps its size saves none"
# - if rest is None or room // s + 1 >= size:
# + if rest is None or room // s - 1 >= size:


# %% equivalent="plan-stack" why="no layer grows, and one that keeps its size saves none"
# - if rest is None or room // s + 1 >= size:
# + if rest is None or room // s * 1 >= size:


# %% equivalent="plan-stack" why="no layer grows, and one that keeps its size saves none"
# - if rest is None or room // s + 1 >= size:
# + if rest is None or room // s >= size:


# %% equivalent="plan-stack" why="no layer grows, and one that keeps its size saves none"
# - if rest is None or room // s + 1 >= size:
# + if rest is None or 1 >= size:


# %% equivalent="plan-stack" why="no layer grows, and one that keeps its size saves none"
# - if rest is None or room // s + 1 >= size:
# + if rest is None or room / s + 1 >= size:


# %% equivalent="plan-stack" why="no layer grows, and one that keeps its size saves none"
# - if rest is None or room // s + 1 >= size:
# + if rest is None or room // s + 0 >= size:


# %% equivalent="plan-stack" why="of equally short stacks any will do"
# - if size not in best or len(rest) + 1 < len(best[size]):
# + if size not in best or len(rest) + 1 <= len(best[size]):


# %% equivalent="plan-stack" why="of equally short stacks any will do"
# - if size not in best or len(rest) + 1 < len(best[size]):
# + if size not in best or len(rest) * 1 < len(best[size]):


# %% equivalent="plan-stack" why="of equally short stacks any will do"
# - if size not in best or len(rest) + 1 < len(best[size]):
# + if size not in best or len(rest) < len(best[size]):


# %% equivalent="plan-stack" why="of equally short stacks any will do"
# - if size not in best or len(rest) + 1 < len(best[size]):
# + if size not in best or len(rest) + 0 < len(best[size]):


# %% equivalent="plan-stack" why="as many stops with less padding came before, and those read every pixel"
# - if stops[-1] + k < size + p or len(stops) in came:
# + if stops[-1] + k < size or len(stops) in came:


# %% equivalent="even-padding" why="torch pads numbers of every type"
# - x = torch.from_numpy(image.copy()).float()
# + x = torch.from_numpy(image.copy())


# %% equivalent="even-padding" why="F.pad returns a tensor of its own"
# - x = torch.from_numpy(image.copy()).float()
# + x = torch.from_numpy(image).float()


# %% equivalent="same-bug" why="more digits than asked do no harm"
# - padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2))).astype(np.float32)
# + padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))


# %% equivalent="same-bug" why="more digits than asked do no harm"
# - sums = np.einsum('hwmn,mn->hw', windows, kernel.astype(np.float32))
# + sums = np.einsum('hwmn,mn->hw', windows, kernel)


# %% equivalent="same-bug" why="enough zeros at the end: the output is cut to the image"
# - padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2))).astype(np.float32)
# + padded = np.pad(image, ((kh // 2, kh * 2), (kw // 2, kw // 2))).astype(np.float32)


# %% equivalent="same-bug" why="enough zeros at the end: the output is cut to the image"
# - padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2))).astype(np.float32)
# + padded = np.pad(image, ((kh // 2, kh), (kw // 2, kw // 2))).astype(np.float32)


# %% equivalent="same-bug" why="enough zeros at the end: the output is cut to the image"
# - padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2))).astype(np.float32)
# + padded = np.pad(image, ((kh // 2, -(-kh // 2)), (kw // 2, kw // 2))).astype(np.float32)


# %% equivalent="same-bug" why="enough zeros at the end: the output is cut to the image"
# - padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2))).astype(np.float32)
# + padded = np.pad(image, ((kh // 2, kh // 1), (kw // 2, kw // 2))).astype(np.float32)


# %% equivalent="same-bug" why="enough zeros at the end: the output is cut to the image"
# - padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2))).astype(np.float32)
# + padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw * 2))).astype(np.float32)


# %% equivalent="same-bug" why="enough zeros at the end: the output is cut to the image"
# - padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2))).astype(np.float32)
# + padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw))).astype(np.float32)


# %% equivalent="same-bug" why="enough zeros at the end: the output is cut to the image"
# - padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2))).astype(np.float32)
# + padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, -(-kw // 2)))).astype(np.float32)


# %% equivalent="same-bug" why="enough zeros at the end: the output is cut to the image"
# - padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2))).astype(np.float32)
# + padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 1))).astype(np.float32)


# %% equivalent="output-size" why="of a positive number int is the floor"
# - return int(np.floor((n - d * (k - 1) - 1 + total + s) / s))
# + return int((n - d * (k - 1) - 1 + total + s) / s)


# %% equivalent="output-size" why="a whole number is its own floor"
# - return int(np.floor((n - d * (k - 1) - 1 + total + s) / s))
# + return int(np.floor((n - d * (k - 1) - 1 + total + s) // s))


# %% equivalent="two-conventions" why="a whole number is its own floor"
# - sizes = [np.floor((n + 2 * p - k) / s + 1), np.floor((n - k + p + s) / s)]
# + sizes = [np.floor((n + 2 * p - k) // s + 1), np.floor((n - k + p + s) / s)]


# %% equivalent="two-conventions" why="a whole number is its own floor"
# - sizes = [np.floor((n + 2 * p - k) / s + 1), np.floor((n - k + p + s) / s)]
# + sizes = [np.floor((n + 2 * p - k) / s + 1), np.floor((n - k + p + s) // s)]


# %% equivalent="which-paddings" why="the largest or smallest of some numbers, in any order"
# - return list(range(max(0, first, needed), min(k - 1, last) + 1))
# + return list(range(max(first, 0, needed), min(k - 1, last) + 1))


# %% equivalent="which-paddings" why="the largest or smallest of some numbers, in any order"
# - return list(range(max(0, first, needed), min(k - 1, last) + 1))
# + return list(range(max(0, needed, first), min(k - 1, last) + 1))


# %% equivalent="which-paddings" why="the largest or smallest of some numbers, in any order"
# - return list(range(max(0, first, needed), min(k - 1, last) + 1))
# + return list(range(max(0, first, needed), min(last, k - 1) + 1))


# %% equivalent="which-paddings" why="both must hold, in any order"
# - return p[(spare >= 0) & (spare // s + 1 == o)].tolist()
# + return p[(spare // s + 1 == o) & (spare >= 0)].tolist()
