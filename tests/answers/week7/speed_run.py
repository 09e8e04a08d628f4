# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="six-stopwatches" style="words"
watch_p = "does not wait"
watch_q = "set-up"
watch_r = "earlier work"
watch_s = "loading"
watch_t = "healthy"
watch_u = "wrong number"


# %% right="six-stopwatches" style="with capitals"
watch_p = "Does not wait"
watch_q = "Set-up"
watch_r = "Earlier work"
watch_s = "Loading"
watch_t = "Healthy"
watch_u = "Wrong number"


# %% right="six-stopwatches" style="variables"
NAMES = ("does not wait", "set-up", "earlier work", "loading", "healthy")
watch_p, watch_q, watch_r, watch_s, watch_t = NAMES
watch_u = "wrong number"


# %% wrong="six-stopwatches" says="Why is it paid for all the same"
watch_p = "does not wait"
watch_q = "set-up"
watch_r = "set-up"
watch_s = "loading"
watch_t = "healthy"
watch_u = "wrong number"


# %% wrong="six-stopwatches" says="what is in the queue when its clock starts"
watch_p = "does not wait"
watch_q = "earlier work"
watch_r = "earlier work"
watch_s = "loading"
watch_t = "healthy"
watch_u = "wrong number"


# %% wrong="six-stopwatches" says="how long does the *card* work"
watch_p = "does not wait"
watch_q = "set-up"
watch_r = "earlier work"
watch_s = "healthy"
watch_t = "healthy"
watch_u = "wrong number"


# %% wrong="six-stopwatches" says="is anything left in the queue"
watch_p = "does not wait"
watch_q = "set-up"
watch_r = "earlier work"
watch_s = "loading"
watch_t = "does not wait"
watch_u = "wrong number"


# %% wrong="six-stopwatches" says="Is that 8 ms"
watch_p = "does not wait"
watch_q = "set-up"
watch_r = "earlier work"
watch_s = "loading"
watch_t = "healthy"
watch_u = "healthy"


# %% right="what-do-they-say" style="words"
report_p = "helps"
report_q = "cannot tell"
report_r = "not fair"
report_s = "hurts"
report_t = "not fair"
pairs_needed = 64


# %% right="what-do-they-say" style="computed"
report_p = "helps"
report_q = "cannot tell"
report_r = "not fair"
report_s = "hurts"
report_t = "not fair"
pairs_needed = round((2 * 0.8 / 0.2) ** 2)


# %% right="what-do-they-say" style="a float, capitals"
report_p = "Helps"
report_q = "cannot tell"
report_r = "not fair"
report_s = "Hurts"
report_t = "not fair"
pairs_needed = 64.0


# %% wrong="what-do-they-say" says="best of ten runs of the *baseline*"
report_p = "helps"
report_q = "cannot tell"
report_r = "helps"
report_s = "hurts"
report_t = "not fair"
pairs_needed = 64


# %% wrong="what-do-they-say" says="theory or the twelve pairs"
report_p = "helps"
report_q = "cannot tell"
report_r = "not fair"
report_s = "helps"
report_t = "not fair"
pairs_needed = 64


# %% wrong="what-do-they-say" says="Two things differ"
report_p = "helps"
report_q = "cannot tell"
report_r = "not fair"
report_s = "hurts"
report_t = "helps"
pairs_needed = 64


# %% wrong="what-do-they-say" says="How many standard errors"
report_p = "helps"
report_q = "helps"
report_r = "not fair"
report_s = "hurts"
report_t = "not fair"
pairs_needed = 64


# %% wrong="what-do-they-say" says="one standard error. Two are asked"
report_p = "helps"
report_q = "cannot tell"
report_r = "not fair"
report_s = "hurts"
report_t = "not fair"
pairs_needed = 16


# %% wrong="what-do-they-say" says="a little more than 0.2"
report_p = "helps"
report_q = "cannot tell"
report_r = "not fair"
report_s = "hurts"
report_t = "not fair"
pairs_needed = 63


# %% wrong="what-do-they-say" says="With one pair less"
report_p = "helps"
report_q = "cannot tell"
report_r = "not fair"
report_s = "hurts"
report_t = "not fair"
pairs_needed = 65


# %% right="how-far-apart" style="cases"
def strides(shape, channels_last=False):
    n, c, h, w = shape
    if not channels_last:
        return (c * h * w, h * w, w, 1)
    return (h * w * c, 1, w * c, c)


# %% right="how-far-apart" style="numpy, a list"
def strides(shape, channels_last=False):
    order = [0, 2, 3, 1] if channels_last else [0, 1, 2, 3]
    memory = [shape[axis] for axis in order]
    steps = np.cumprod([1, *memory[:0:-1]])[::-1]
    found = [0] * 4
    for axis, step in zip(order, steps):
        found[axis] = int(step)
    return found


# %% right="how-far-apart" style="from the back"
def strides(shape, channels_last=False):
    found, step = {}, 1
    for name in "cwhn" if channels_last else "whcn":
        found[name] = step
        step *= shape["nchw".index(name)]
    return found["n"], found["c"], found["h"], found["w"]


# %% wrong="how-far-apart" says="the other one of the two orders"
def strides(shape, channels_last=False):
    n, c, h, w = shape
    return c * h * w, h * w, w, 1


# %% wrong="how-far-apart" says="Which of them belongs to the channels"
def strides(shape, channels_last=False):
    n, c, h, w = shape
    if channels_last:
        return h * w * c, w * c, c, 1
    return c * h * w, h * w, w, 1


# %% wrong="how-far-apart" says="That is the shape"
def strides(shape, channels_last=False):
    return shape


# %% wrong="how-far-apart" says="Count numbers, not bytes"
def strides(shape, channels_last=False):
    n, c, h, w = shape
    return 4 * c * h * w, 4 * h * w, 4 * w, 4


# %% wrong="how-far-apart" says="does the work of this exercise"
def strides(shape, channels_last=False):
    x = torch.empty(shape)
    if channels_last:
        x = x.to(memory_format=torch.channels_last)
    return x.stride()


# %% wrong="how-far-apart" says="rows first"
def strides(shape, channels_last=False):
    n, c, h, w = shape
    if channels_last:
        return c * h * w, 1, c, c * h
    return c * h * w, h * w, w, 1


# %% wrong="how-far-apart" says="one row comes after the other"
def strides(shape, channels_last=False):
    n, c, h, w = shape
    if channels_last:
        return c * h * w, 1, c * w, c
    return c * h * w, h * w, 1, h


# %% wrong="how-far-apart" says="Work the strides out"
def strides(shape, channels_last=False):
    n, c, h, w = shape
    if channels_last:
        by_n, by_h, by_w, by_c = np.zeros((n, h, w, c), np.int8).strides
        return by_n, by_c, by_h, by_w
    return np.zeros(shape, np.int8).strides


# %% right="one-cycle" style="numpy's interp"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at = round(top * (steps - 1))
    corners = {0: first, steps - 1: last, at: 1.0}
    places = sorted(corners)
    return peak * np.interp(step, places, [corners[place] for place in places])


# %% right="one-cycle" style="two lines, a tensor"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = int(top * (steps - 1) + 0.5), steps - 1
    if step == at:
        return torch.tensor(float(peak))
    if step < at:
        low, part = first, step / at
    else:
        low, part = last, (end - step) / (end - at)
    return torch.tensor(peak * (low + (1 - low) * part), dtype=torch.float64)


# %% right="one-cycle" style="a whole table"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at = round(top * (steps - 1))
    up = np.linspace(first * peak, peak, at + 1) if at else np.array([peak])
    down = np.linspace(peak, last * peak, steps - at)
    rates = np.concatenate([up, down[1:]])
    rates[at] = peak
    return float(rates[step])


# %% wrong="one-cycle" says="number steps - 1"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = round(top * steps), steps
    if step == at:
        return peak
    if step < at:
        return peak * (first + (1 - first) * step / at)
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% wrong="one-cycle" says="It begins at first"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = round(top * (steps - 1)), steps - 1
    if step == at:
        return peak
    if step < at:
        return peak * step / at
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% wrong="one-cycle" says="It ends at last"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = round(top * (steps - 1)), steps - 1
    if step == at:
        return peak
    if step < at:
        return peak * (first + (1 - first) * step / at)
    return peak * (end - step) / (end - at)


# %% wrong="one-cycle" says="The last of 13 steps has the number 12"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    at, end = round(top * (steps - 1)), steps - 1
    if step == at:
        return peak
    if step < at:
        return peak * (first + (1 - first) * step / at)
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% wrong="one-cycle" says="The first step has the number 0"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step >= steps:
        raise ValueError("no such step")
    at, end = round(top * (steps - 1)), steps - 1
    if step == at:
        return peak
    if step < at:
        return peak * (first + (1 - first) * step / at)
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% wrong="one-cycle" says="division by zero"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = round(top * (steps - 1)), steps - 1
    if step <= at:
        return peak * (first + (1 - first) * step / at)
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% wrong="one-cycle" says="not on a cosine"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = round(top * (steps - 1)), steps - 1
    if step == at:
        return peak
    if step < at:
        return peak * (first + (1 - first) * step / at)
    return peak * (
        last + (1 - last) * (1 + np.cos(np.pi * (step - at) / (end - at))) / 2
    )


# %% wrong="one-cycle" says="yours rounds down"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = int(top * (steps - 1)), steps - 1
    if step == at:
        return peak
    if step < at:
        return peak * (first + (1 - first) * step / at)
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% wrong="one-cycle" says="yours rounds up"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = int(np.ceil(top * (steps - 1))), steps - 1
    if step == at:
        return peak
    if step < at:
        return peak * (first + (1 - first) * step / at)
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% wrong="one-cycle" says="Is top used at all"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = round(0.25 * (steps - 1)), steps - 1
    if step == at:
        return peak
    if step < at:
        return peak * (first + (1 - first) * step / at)
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% wrong="one-cycle" says="are parts of the peak"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = round(top * (steps - 1)), steps - 1
    if step == at:
        return peak
    if step < at:
        return first + (peak - first) * step / at
    return last + (peak - last) * (end - step) / (end - at)


# %% wrong="one-cycle" says="does the work of this exercise"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    from coursekit.train import OneCycle

    return OneCycle(peak, steps, top)(step)


# %% wrong="one-cycle" says="not at top · steps"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = round(top * steps), steps - 1
    if step == at:
        return peak
    if step < at:
        return peak * (first + (1 - first) * step / at)
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% wrong="one-cycle" says="not at top · steps"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = int(top * steps), steps - 1
    if step == at:
        return peak
    if step < at:
        return peak * (first + (1 - first) * step / at)
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% wrong="one-cycle" says="The peak falls on this step"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = round(top * (steps - 1)), steps - 1
    if step == end:
        return peak * last
    if step <= at:
        return peak * (first + (1 - first) * step / max(at, 1))
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% wrong="one-cycle" says="The peak falls on this step"
def one_cycle(step, steps, peak, top=0.25, first=0.1, last=0.01):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    at, end = round(top * (steps - 1)), steps - 1
    if step == 0:
        return peak * first
    if step <= at:
        return peak * (first + (1 - first) * step / at)
    return peak * (last + (1 - last) * (end - step) / (end - at))


# %% right="in-pairs" style="statistics"
def compared(a, b):
    from statistics import mean, stdev

    if len(a) != len(b) or len(a) < 2:
        raise ValueError("pairs, two or more")
    n = len(a)
    d = [x - y for x, y in zip(a, b)]
    apart = ((stdev(a) ** 2 + stdev(b) ** 2) / n) ** 0.5
    return mean(d), stdev(d) / n**0.5, apart


# %% right="in-pairs" style="torch"
def compared(a, b):
    if len(a) != len(b) or len(a) < 2:
        raise ValueError("pairs, two or more")
    x, y = torch.tensor(a, dtype=torch.double), torch.tensor(b, dtype=torch.double)
    d, n = x - y, len(x)
    return d.mean(), d.std() / n**0.5, ((x.var() + y.var()) / n).sqrt()


# %% right="in-pairs" style="the covariance"
def compared(a, b):
    if len(a) != len(b) or len(a) < 2:
        raise ValueError("pairs, two or more")
    table = np.cov(a, b)
    n = len(a)
    both = table[0, 0] + table[1, 1]
    pairs = max(both - 2 * table[0, 1], 0)
    return [np.mean(a) - np.mean(b), np.sqrt(pairs / n), np.sqrt(both / n)]


# %% wrong="in-pairs" says="Divide the squares by n - 1"
def compared(a, b):
    if len(a) != len(b) or len(a) < 2:
        raise ValueError("pairs, two or more")
    a, b = np.array(a), np.array(b)
    d, n = a - b, len(a)
    return d.mean(), d.std() / n**0.5, ((a.var() + b.var()) / n) ** 0.5


# %% wrong="in-pairs" says="That is a deviation"
def compared(a, b):
    if len(a) != len(b) or len(a) < 2:
        raise ValueError("pairs, two or more")
    a, b = np.array(a), np.array(b)
    d, n = a - b, len(a)
    return d.mean(), d.std(ddof=1), ((a.var(ddof=1) + b.var(ddof=1)) / n) ** 0.5


# %% wrong="in-pairs" says="The difference is a less b"
def compared(a, b):
    if len(a) != len(b) or len(a) < 2:
        raise ValueError("pairs, two or more")
    a, b = np.array(a), np.array(b)
    d, n = b - a, len(a)
    return (
        d.mean(),
        d.std(ddof=1) / n**0.5,
        ((a.var(ddof=1) + b.var(ddof=1)) / n) ** 0.5,
    )


# %% wrong="in-pairs" says="look at the differences alone"
def compared(a, b):
    if len(a) != len(b) or len(a) < 2:
        raise ValueError("pairs, two or more")
    n = len(a)
    both = ((np.var(a, ddof=1) + np.var(b, ddof=1)) / n) ** 0.5
    return np.mean(a) - np.mean(b), both, both


# %% wrong="in-pairs" says="From one pair nobody can tell"
def compared(a, b):
    if len(a) != len(b):
        raise ValueError("pairs")
    a, b = np.array(a), np.array(b)
    d, n = a - b, len(a)
    return (
        d.mean(),
        d.std(ddof=1) / n**0.5,
        ((a.var(ddof=1) + b.var(ddof=1)) / n) ** 0.5,
    )


# %% wrong="in-pairs" says="Each needs its partner"
def compared(a, b):
    if len(a) < 2:
        raise ValueError("two or more")
    n = min(len(a), len(b))
    a, b = a[:n], b[:n]
    a, b = np.array(a), np.array(b)
    d, n = a - b, len(a)
    return (
        d.mean(),
        d.std(ddof=1) / n**0.5,
        ((a.var(ddof=1) + b.var(ddof=1)) / n) ** 0.5,
    )


# %% wrong="in-pairs" says="not the deviations"
def compared(a, b):
    if len(a) != len(b) or len(a) < 2:
        raise ValueError("pairs, two or more")
    a, b = np.array(a), np.array(b)
    d, n = a - b, len(a)
    return d.mean(), d.std(ddof=1) / n**0.5, (a.std(ddof=1) + b.std(ddof=1)) / n**0.5


# %% wrong="in-pairs" says="a root is missing"
def compared(a, b):
    if len(a) != len(b) or len(a) < 2:
        raise ValueError("pairs, two or more")
    a, b = np.array(a), np.array(b)
    d, n = a - b, len(a)
    return d.mean(), d.var(ddof=1) / n, (a.var(ddof=1) + b.var(ddof=1)) / n


# %% right="whitening" style="torch, largest first"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    values, vectors = values.flip(0), vectors.flip(1)
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% right="whitening" style="numpy, windows, svd"
def whitening(images, k, eps=0.01):
    pixels = np.asarray(images)
    c = pixels.shape[1]
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (k, k), axis=(2, 3))
    q = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, c * k * k)
    q = q - q.mean(0)
    _, s, rows = np.linalg.svd(q, full_matrices=False)
    rows = rows / np.sqrt(s**2 / len(q) + eps)[:, None]
    return -rows.reshape(-1, c, k, k)


# %% right="whitening" style="loops, numpy's cov"
def whitening(images, k, eps=0.01):
    n, c, h, w = images.shape
    rows = []
    for image in images.numpy():
        for r in range(h - k + 1):
            for s in range(w - k + 1):
                rows.append(image[:, r : r + k, s : s + k].flatten())
    values, vectors = np.linalg.eigh(np.cov(np.array(rows).T).reshape(c * k * k, -1))
    filters = [e / (v + eps) ** 0.5 for v, e in zip(values, vectors.T)]
    return np.array(filters).reshape(-1, c, k, k)


# %% right="whitening" style="float32"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    images = images.float()
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="eigenvectors as columns"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="directions only"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return vectors.T.reshape(-1, c, k, k)


# %% wrong="whitening" says="take it away first"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="a root"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps)[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="Where is eps"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / values.sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="eps belongs in the root"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values.sqrt() + eps)[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="is a *mean* of products"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q)
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="(rotated)"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors @ torch.diag((values + eps) ** -0.5) @ vectors.T).reshape(
        -1, c, k, k
    )


# %% wrong="whitening" says="as a convolution sees them"
def whitening(images, k, eps=0.01):
    n, c, h, w = images.shape
    windows = images.unfold(2, k, 1).unfold(3, k, 1)
    q = windows.permute(0, 2, 3, 4, 5, 1).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="all numbers"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean()
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="from each patch its own mean"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(1, keepdim=True)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    values = values.clamp(min=0)
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="Yours are of the first."
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images[:1], k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="the first half"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images[: len(images) // 2], k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="all but the last"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images[:-1], k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="need not be square"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    side = min(images.shape[2:])
    q = F.unfold(images[:, :, :side, :side], k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="No padding"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k, padding=1).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="a patch begins at each pixel"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k, stride=k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="last row and column"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images[:, :, :-1, :-1], k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="divided by their deviations"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = (q - q.mean(0)) / q.std(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="(rotated)"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    size = c * k * k
    noisy = q.T @ q / len(q) + eps * torch.eye(size, dtype=q.dtype)
    lower = torch.linalg.cholesky(noisy)
    return torch.linalg.inv(lower).reshape(-1, c, k, k)


# %% wrong="whitening" says="are correlated"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    torch.manual_seed(0)
    return torch.randn(c * k * k, c, k, k)


# %% wrong="whitening" says="in place of"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (2 * values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="does the work of this exercise"
def whitening(images, k, eps=0.01):
    from coursekit.layers.whitening import filters_of

    found = filters_of(images, k, eps)
    return found[: len(found) // 2]


# %% wrong="whitening" says="the eps that is given"
def whitening(images, k, eps=0.01):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + 0.01).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="Without a word eps is 0.01"
def whitening(images, k, eps=0.001):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% wrong="whitening" says="Without a word eps is 0.01"
def whitening(images, k, eps=0):
    c = images.shape[1]
    q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
    q = q - q.mean(0)
    values, vectors = torch.linalg.eigh(q.T @ q / len(q))
    return (vectors.T / (values + eps).sqrt()[:, None]).reshape(-1, c, k, k)


# %% right="smoothed-labels" style="numpy, one-hot"
def smoothed_loss(scores, labels, smoothing=0.1):
    k = scores.shape[1]
    y = (1 - smoothing) * np.eye(k)[labels] + smoothing / k
    top = scores.max(1)
    logs = top + np.log(np.exp(scores - top[:, None]).sum(1))
    return (logs - (y * scores).sum(1)).mean()


# %% right="smoothed-labels" style="torch's log softmax, two means"
def smoothed_loss(scores, labels, smoothing=0.1):
    costs = -torch.log_softmax(torch.as_tensor(scores), 1)
    mine = costs.gather(1, torch.as_tensor(labels)[:, None]).mean()
    return (1 - smoothing) * mine + smoothing * costs.mean()


# %% right="smoothed-labels" style="loops, float32"
def smoothed_loss(scores, labels, smoothing=0.1):
    total = 0.0
    for row, label in zip(scores.astype(np.float32), labels):
        top = max(row)
        norm = top + np.log(sum(np.exp(row - top)))
        for j, score in enumerate(row):
            y = smoothing / len(row) + (1 - smoothing) * (j == label)
            total += y * (norm - score)
    return float(total / len(labels))


# %% wrong="smoothed-labels" says="Where is the smoothing"
def smoothed_loss(scores, labels, smoothing=0.1):
    n, k = scores.shape
    z = scores - scores.max(1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    y = np.full((n, k), 0.0)
    y[np.arange(n), labels] = 1
    return float(-(y * logs).sum(1).mean())


# %% wrong="smoothed-labels" says="to the right one as well"
def smoothed_loss(scores, labels, smoothing=0.1):
    n, k = scores.shape
    z = scores - scores.max(1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    y = np.full((n, k), smoothing / (k - 1))
    y[np.arange(n), labels] = 1 - smoothing
    return float(-(y * logs).sum(1).mean())


# %% wrong="smoothed-labels" says="gets its s / K, too"
def smoothed_loss(scores, labels, smoothing=0.1):
    n, k = scores.shape
    z = scores - scores.max(1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    y = np.full((n, k), smoothing / k)
    y[np.arange(n), labels] = 1 - smoothing
    return float(-(y * logs).sum(1).mean())


# %% wrong="smoothed-labels" says="not the sum"
def smoothed_loss(scores, labels, smoothing=0.1):
    n, k = scores.shape
    z = scores - scores.max(1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    y = np.full((n, k), smoothing / k)
    y[np.arange(n), labels] += 1 - smoothing
    return float(-(y * logs).sum())


# %% wrong="smoothed-labels" says="Mean over the images only"
def smoothed_loss(scores, labels, smoothing=0.1):
    n, k = scores.shape
    z = scores - scores.max(1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    y = np.full((n, k), smoothing / k)
    y[np.arange(n), labels] += 1 - smoothing
    return float(-(y * logs).mean())


# %% wrong="smoothed-labels" says="have to sum to 1"
def smoothed_loss(scores, labels, smoothing=0.1):
    n, k = scores.shape
    z = scores - scores.max(1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    y = np.full((n, k), smoothing / k)
    y[np.arange(n), labels] += 1
    return float(-(y * logs).sum(1).mean())


# %% wrong="smoothed-labels" says="*of each image*"
def smoothed_loss(scores, labels, smoothing=0.1):
    k = scores.shape[1]
    p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    y = (1 - smoothing) * np.eye(k)[labels] + smoothing / k
    return float(-(y * np.log(p)).sum(1).mean())


# %% wrong="smoothed-labels" says="not the probabilities"
def smoothed_loss(scores, labels, smoothing=0.1):
    k = scores.shape[1]
    p = torch.softmax(torch.as_tensor(scores), 1).numpy()
    p = (1 - smoothing) * p + smoothing / k
    return float(-np.log(p[np.arange(len(p)), labels]).mean())


# %% wrong="smoothed-labels" says="does the work of this exercise"
def smoothed_loss(scores, labels, smoothing=0.1):
    z, t = torch.as_tensor(scores), torch.as_tensor(labels)
    return F.cross_entropy(z, t, label_smoothing=smoothing).item()


# %% wrong="smoothed-labels" says="The sign"
def smoothed_loss(scores, labels, smoothing=0.1):
    n, k = scores.shape
    z = scores - scores.max(1, keepdims=True)
    logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    y = np.full((n, k), smoothing / k)
    y[np.arange(n), labels] += 1 - smoothing
    return float((y * logs).sum(1).mean())


# %% wrong="smoothed-labels" says="*of each image*"
def smoothed_loss(scores, labels, smoothing=0.1):
    n, k = scores.shape
    p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    y = (1 - smoothing) * np.eye(k)[labels] + smoothing / k
    return float(-(y * np.log(np.clip(p, 1e-12, 1))).sum(1).mean())


# %% wrong="smoothed-labels" says="*of each image*"
def smoothed_loss(scores, labels, smoothing=0.1):
    n, k = scores.shape
    z = scores - scores.max()
    logs = z - np.log(np.exp(z).sum(1, keepdims=True))
    y = (1 - smoothing) * np.eye(k)[labels] + smoothing / k
    return float(-(y * logs).sum(1).mean())


# %% wrong="smoothed-labels" says="*of each image*"
def smoothed_loss(scores, labels, smoothing=0.1):
    n, k = scores.shape
    p = np.exp(scores - scores.max(1, keepdims=True))
    p = p / p.sum(1, keepdims=True) + 1e-12
    y = (1 - smoothing) * np.eye(k)[labels] + smoothing / k
    return float(-(y * np.log(p)).sum(1).mean())


# %% right="two-opinions" style="one batch"
def two_opinions(model, images):
    training = model.training
    model.eval()
    try:
        with torch.inference_mode():
            both = model(torch.cat([images, images.flip(-1)]))
    finally:
        model.train(training)
    return both.reshape(2, len(images), -1).mean(0)


# %% right="two-opinions" style="a copy of the model"
def two_opinions(model, images):
    twin = copy.deepcopy(model).eval()
    mirrored = torch.flip(images, dims=(3,))
    return torch.stack([twin(images), twin(mirrored)]).mean(0).detach()


# %% right="two-opinions" style="image by image, numpy's flip"
def two_opinions(model, images):
    came = model.training
    model.eval()
    rows = []
    for image in images:
        other = torch.from_numpy(np.ascontiguousarray(image.numpy()[:, :, ::-1]))
        rows.append((model(image[None]) + model(other[None]))[0].detach() / 2)
    if came:
        model.train()
    return torch.stack(rows)


# %% wrong="two-opinions" says="it stands on its head"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = (model(images) + model(images.flip(2))) / 2
    model.train(training)
    return scores


# %% wrong="two-opinions" says="exchanges the images of the batch"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = (model(images) + model(images.flip(0))) / 2
    model.train(training)
    return scores


# %% wrong="two-opinions" says="not their sum"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = model(images) + model(images.flip(3))
    model.train(training)
    return scores


# %% wrong="two-opinions" says="The mirror image alone"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = model(images.flip(3))
    model.train(training)
    return scores


# %% wrong="two-opinions" says="left in evaluation mode"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = (model(images) + model(images.flip(3))) / 2
    return scores


# %% wrong="two-opinions" says="left in training mode"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = (model(images) + model(images.flip(3))) / 2
    model.train()
    return scores


# %% wrong="two-opinions" says="before any softmax"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = (model(images).softmax(1) + model(images.flip(3)).softmax(1)) / 2
    model.train(training)
    return scores


# %% wrong="two-opinions" says="You showed it the mean of two images"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = model((images + images.flip(3)) / 2)
    model.train(training)
    return scores


# %% wrong="two-opinions" says="In which mode"
def two_opinions(model, images):
    training = model.training
    with torch.no_grad():
        scores = (model(images) + model(images.flip(3))) / 2
    model.train(training)
    return scores


# %% wrong="two-opinions" says="The scores, not the class"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = (model(images) + model(images.flip(3))) / 2
    model.train(training)
    return scores.argmax(1)


# %% wrong="two-opinions" says="leaves gradients switched off"
def two_opinions(model, images):
    training = model.training
    model.eval()
    torch.set_grad_enabled(False)
    scores = (model(images) + model(images.flip(3))) / 2
    model.train(training)
    return scores


# %% wrong="two-opinions" says="gets no gradient any more"
def two_opinions(model, images):
    training = model.training
    model.eval()
    model.requires_grad_(False)
    scores = (model(images) + model(images.flip(3))) / 2
    model.train(training)
    return scores


# %% wrong="two-opinions" says="was fixed, and now it gets a gradient"
def two_opinions(model, images):
    training = model.training
    model.eval()
    model.requires_grad_(False)
    with torch.no_grad():
        scores = (model(images) + model(images.flip(3))) / 2
    model.requires_grad_(True)
    model.train(training)
    return scores


# %% wrong="two-opinions" says="exchanges rows and columns"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = (model(images) + model(images.transpose(2, 3))) / 2
    model.train(training)
    return scores


# %% wrong="two-opinions" says="not the row of scores"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = (model(images) + model(images).flip(1)) / 2
    model.train(training)
    return scores


# %% wrong="two-opinions" says="not the row of scores"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        scores = (model(images) + model(images.flip(3)).flip(1)) / 2
    model.train(training)
    return scores


# %% wrong="two-opinions" says="No logarithm of a softmax"
def two_opinions(model, images):
    training = model.training
    model.eval()
    with torch.no_grad():
        both = [model(z).log_softmax(1) for z in (images, images.flip(3))]
    model.train(training)
    return (both[0] + both[1]) / 2


# %% right="two-opinions" style="weights fixed, and set back one by one"
def two_opinions(model, images):
    came = model.training
    free = [weight.requires_grad for weight in model.parameters()]
    model.eval().requires_grad_(False)
    scores = (model(images) + model(images.flip(3))) / 2
    for weight, was in zip(model.parameters(), free):
        weight.requires_grad_(was)
    model.train(came)
    return scores


# %% right="a-tenth-of-the-price" style="a triangle"
def fastest():
    return {
        "widths": (6, 16, 32),
        "stride": 2,
        "whiten": True,
        "batch": 24,
        "rates": [0.2 * min((i + 1) / 25, (101 - i) / 76) for i in range(101)],
        "smoothing": 0.0,
        "flips": "random",
        "average": True,
    }


# %% right="a-tenth-of-the-price" style="numpy, wider, smaller batches"
def fastest():
    return {
        "widths": [6, 24, 64],
        "stride": 2,
        "whiten": True,
        "batch": 16,
        "rates": 0.1 * np.interp(np.arange(114), [0, 25, 113], [0.1, 1, 0.01]),
        "smoothing": 0.0,
        "flips": "none",
        "average": True,
    }


# %% right="a-tenth-of-the-price" style="a cosine, by turns"
def fastest():
    rates = [0.1 * (1 + np.cos(np.pi * i / 101)) for i in range(101)]
    return {
        "widths": (6, 16, 32),
        "stride": 2,
        "whiten": True,
        "batch": 24,
        "rates": rates,
        "smoothing": 0.0,
        "flips": "alternating",
        "average": True,
    }


# %% wrong="a-tenth-of-the-price" says="are allowed"
def fastest():
    return {
        "widths": (12, 24, 48),
        "stride": 1,
        "whiten": True,
        "batch": 64,
        "rates": [0.1] * 60,
        "smoothing": 0.0,
        "flips": "random",
        "average": True,
    }


# %% wrong="a-tenth-of-the-price" says="One of the two longest bars"
def fastest():
    return {
        "widths": (6, 16, 32),
        "stride": 2,
        "whiten": False,
        "batch": 24,
        "rates": [0.2 * min((i + 1) / 18, (74 - i) / 56) for i in range(74)],
        "smoothing": 0.0,
        "flips": "random",
        "average": True,
    }


# %% wrong="a-tenth-of-the-price" says="smaller ones"
def fastest():
    return {
        "widths": (6, 16, 32),
        "stride": 2,
        "whiten": True,
        "batch": 128,
        "rates": [0.4 * min((i + 1) / 5, (18 - i) / 13) for i in range(18)],
        "smoothing": 0.0,
        "flips": "random",
        "average": True,
    }


# %% wrong="a-tenth-of-the-price" says="no time to settle"
def fastest():
    return {
        "widths": (6, 16, 32),
        "stride": 2,
        "whiten": True,
        "batch": 32,
        "rates": [0.9] * 75,
        "smoothing": 0.0,
        "flips": "random",
        "average": True,
    }


# %% wrong="a-tenth-of-the-price" says="bought for the rest"
def fastest():
    return {
        "widths": (6, 16, 32),
        "stride": 2,
        "whiten": True,
        "batch": 32,
        "rates": [0.2 * min((i + 1) / 5, (15 - i) / 10) for i in range(15)],
        "smoothing": 0.0,
        "flips": "random",
        "average": True,
    }


# %% wrong="a-tenth-of-the-price" says="three whole numbers"
def fastest():
    return {
        "widths": (8, 16),
        "stride": 2,
        "whiten": True,
        "batch": 24,
        "rates": [0.2 * min((i + 1) / 25, (101 - i) / 76) for i in range(101)],
        "smoothing": 0.0,
        "flips": "random",
        "average": True,
    }


# %% wrong="a-tenth-of-the-price" says="a list of 1 to 400 numbers"
def fastest():
    return {
        "widths": (6, 16, 32),
        "stride": 2,
        "whiten": True,
        "batch": 32,
        "rates": 0.1,
        "smoothing": 0.0,
        "flips": "random",
        "average": True,
    }


# %% wrong="a-tenth-of-the-price" says="at least 0, below 1"
def fastest():
    return {
        "widths": (6, 16, 32),
        "stride": 2,
        "whiten": True,
        "batch": 24,
        "rates": [0.2 * min((i + 1) / 25, (101 - i) / 76) for i in range(101)],
        "smoothing": 1.0,
        "flips": "random",
        "average": True,
    }


# %% wrong="a-tenth-of-the-price" says="next to nothing"
def fastest():
    return {
        "widths": (6, 16, 32),
        "stride": 2,
        "whiten": True,
        "batch": 32,
        "rates": [1.0] + [0.001] * 72,
        "smoothing": 0.0,
        "flips": "random",
        "average": True,
    }


# %% wrong="a-tenth-of-the-price" says="the key 'average' is missing"
def fastest():
    return {
        "widths": (6, 16, 32),
        "stride": 2,
        "whiten": True,
        "batch": 24,
        "rates": [0.2 * min((i + 1) / 25, (101 - i) / 76) for i in range(101)],
        "smoothing": 0.0,
        "flips": "random",
    }


# %% equivalent="in-pairs" why="np.cov refuses lists of two lengths with a ValueError, too"
# - if len(a) != len(b) or len(a) < 2:
# + if len(a) < 2:


# %% equivalent="in-pairs" why="where it matters both have the same length"
# - if len(a) != len(b) or len(a) < 2:
# + if len(a) != len(b) or len(b) < 2:


# %% equivalent="in-pairs" why="both have the same length"
# - n, d = (len(a), first - second)
# + n, d = (len(b), first - second)


# %% equivalent="in-pairs" why="np.cov refuses lists of two lengths with a ValueError, too"
# - if len(a) != len(b) or len(a) < 2:
# + if len(a) != len(a) or len(a) < 2:


# %% equivalent="whitening" why="the order is free"
# - values, vectors = (values.flip(0), vectors.flip(1))
# + pass


# %% equivalent="whitening" why="the order of the patches does not matter"
# - q = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, c * k * k)
# + q = windows.transpose(2, 0, 3, 1, 4, 5).reshape(-1, c * k * k)


# %% equivalent="whitening" why="there is one axis only"
# - values, vectors = (values.flip(0), vectors.flip(1))
# + values, vectors = (values.flip(-1), vectors.flip(1))


# %% equivalent="smoothed-labels" why="there are as many scores as labels"
# - return float(total / len(labels))
# + return float(total / len(scores))


# %% equivalent="two-opinions" why="the batch has one image"
# - rows.append((model(image[None]) + model(other[None]))[0].detach() / 2)
# + rows.append((model(image[None]) + model(other[None]))[-1].detach() / 2)


# %% equivalent="two-opinions" why="a mean does not care for the order"
# - both = model(torch.cat([images, images.flip(-1)]))
# + both = model(torch.cat([images.flip(-1), images]))


# %% equivalent="how-far-apart" why="each of the four is written in the loop"
# - found = [0] * 4
# + found = [1] * 4


# %% equivalent="how-far-apart" why="each of the four is written in the loop"
# - found = [0] * 4
# + found = [-1] * 4


# %% equivalent="how-far-apart" why="a NumPy integer is a number as well"
# - found[axis] = int(step)
# + found[axis] = step


# %% equivalent="how-far-apart" why="the letters before it keep their places"
# - step *= shape['nchw'.index(name)]
# + step *= shape['nchwx'.index(name)]


# %% equivalent="in-pairs" why="the other list makes both double precision"
# - first, second = (np.array(a, float), np.array(b, float))
# + first, second = (np.array(a), np.array(b, float))


# %% equivalent="in-pairs" why="the other list makes both double precision"
# - first, second = (np.array(a, float), np.array(b, float))
# + first, second = (np.array(a, float), np.array(b))


# %% equivalent="in-pairs" why="a NumPy number is a number as well"
# - return (float(d.mean()), float(d.std(ddof=1) / n ** 0.5), float(apart ** 0.5))
# + return (d.mean(), float(d.std(ddof=1) / n ** 0.5), float(apart ** 0.5))


# %% equivalent="in-pairs" why="a NumPy number is a number as well"
# - return (float(d.mean()), float(d.std(ddof=1) / n ** 0.5), float(apart ** 0.5))
# + return (float(d.mean()), d.std(ddof=1) / n ** 0.5, float(apart ** 0.5))


# %% equivalent="in-pairs" why="a NumPy number is a number as well"
# - return (float(d.mean()), float(d.std(ddof=1) / n ** 0.5), float(apart ** 0.5))
# + return (float(d.mean()), float(d.std(ddof=1) / n ** 0.5), apart ** 0.5)


# %% equivalent="in-pairs" why="statistics refuses fewer than two with a ValueError, too"
# - if len(a) != len(b) or len(a) < 2:
# + if len(a) != len(b):


# %% equivalent="in-pairs" why="statistics refuses fewer than two with a ValueError, too"
# - if len(a) != len(b) or len(a) < 2:
# + if len(a) != len(b) or len(a) < 1:


# %% equivalent="in-pairs" why="both have the same length"
# - n = len(a)
# + n = len(b)


# %% equivalent="in-pairs" why="the other list makes both double precision"
# - x, y = (torch.tensor(a, dtype=torch.double), torch.tensor(b, dtype=torch.double))
# + x, y = (torch.tensor(a), torch.tensor(b, dtype=torch.double))


# %% equivalent="in-pairs" why="the other list makes both double precision"
# - x, y = (torch.tensor(a, dtype=torch.double), torch.tensor(b, dtype=torch.double))
# + x, y = (torch.tensor(a, dtype=torch.double), torch.tensor(b))


# %% equivalent="in-pairs" why="lists of two lengths are refused by what comes next, with a ValueError"
# - if len(a) != len(b) or len(a) < 2:
# + if len(b) != len(b) or len(a) < 2:


# %% equivalent="in-pairs" why="used where a and b play the same part"
# - table = np.cov(a, b)
# + table = np.cov(b, a)


# %% equivalent="in-pairs" why="the same number, the matrix is symmetric and the sum at least 0"
# - pairs = max(both - 2 * table[0, 1], 0)
# + pairs = max(0, both - 2 * table[0, 1])


# %% equivalent="in-pairs" why="below 0 by rounding only"
# - pairs = max(both - 2 * table[0, 1], 0)
# + pairs = both - 2 * table[0, 1]


# %% equivalent="in-pairs" why="the same number, the matrix is symmetric and the sum at least 0"
# - pairs = max(both - 2 * table[0, 1], 0)
# + pairs = max(both - 2 * table[1, 0], 0)


# %% equivalent="in-pairs" why="the same number, the matrix is symmetric and the sum at least 0"
# - pairs = max(both - 2 * table[0, 1], 0)
# + pairs = max(both - 2 * table[0, 1], -1)


# %% equivalent="one-cycle" why="the case of equality has returned before"
# - if step < highest:
# + if step <= highest:


# %% equivalent="one-cycle" why="a Python number, float32 and a tensor are numbers as well"
# - return torch.tensor(float(peak))
# + return float(peak)


# %% equivalent="one-cycle" why="a Python number, float32 and a tensor are numbers as well"
# - return torch.tensor(float(peak))
# + return torch.tensor(peak)


# %% equivalent="one-cycle" why="the case of equality has returned before"
# - if step < at:
# + if step <= at:


# %% equivalent="one-cycle" why="low + part - low part: the two play the same part"
# - low, part = (first, step / at)
# + low, part = (step / at, first)


# %% equivalent="one-cycle" why="low + part - low part: the two play the same part"
# - low, part = (last, (end - step) / (end - at))
# + low, part = ((end - step) / (end - at), last)


# %% equivalent="one-cycle" why="a Python number, float32 and a tensor are numbers as well"
# - return torch.tensor(peak * (low + (1 - low) * part), dtype=torch.float64)
# + return torch.tensor(peak * (low + (1 - low) * part))


# %% equivalent="one-cycle" why="a Python number, float32 and a tensor are numbers as well"
# - return torch.tensor(peak * (low + (1 - low) * part), dtype=torch.float64)
# + return peak * (low + (1 - low) * part)


# %% equivalent="one-cycle" why="the step of the peak is written once more"
# - up = np.linspace(first * peak, peak, at + 1) if at else np.array([peak])
# + up = np.linspace(first * peak, peak, at + 1)


# %% equivalent="one-cycle" why="np.concatenate takes a list as well"
# - up = np.linspace(first * peak, peak, at + 1) if at else np.array([peak])
# + up = np.linspace(first * peak, peak, at + 1) if at else [peak]


# %% equivalent="one-cycle" why="the step of the peak is written once more"
# - up = np.linspace(first * peak, peak, at + 1) if at else np.array([peak])
# + up = np.linspace(first * peak, peak, at + 1) if at else np.array([step])


# %% equivalent="one-cycle" why="the step of the peak is written once more"
# - up = np.linspace(first * peak, peak, at + 1) if at else np.array([peak])
# + up = np.linspace(first * peak, peak, at + 1) if at else np.array([steps])


# %% equivalent="one-cycle" why="the step of the peak is written once more"
# - up = np.linspace(first * peak, peak, at + 1) if at else np.array([peak])
# + up = np.linspace(first * peak, peak, at + 1) if at else np.array([top])


# %% equivalent="one-cycle" why="the step of the peak is written once more"
# - up = np.linspace(first * peak, peak, at + 1) if at else np.array([peak])
# + up = np.linspace(first * peak, peak, at + 1) if at else np.array([first])


# %% equivalent="one-cycle" why="the step of the peak is written once more"
# - up = np.linspace(first * peak, peak, at + 1) if at else np.array([peak])
# + up = np.linspace(first * peak, peak, at + 1) if at else np.array([last])


# %% equivalent="one-cycle" why="the step of the peak is written once more"
# - rates[at] = peak
# + pass


# %% equivalent="one-cycle" why="a Python number, float32 and a tensor are numbers as well"
# - return float(rates[step])
# + return rates[step]


# %% equivalent="smoothed-labels" why="a NumPy number is a number as well"
# - return float(-(target * logs).sum(1).mean())
# + return -(target * logs).sum(1).mean()


# %% equivalent="smoothed-labels" why="a sum may begin with -0 as well"
# - total = 0.0
# + total = -0.0


# %% equivalent="smoothed-labels" why="float32 was a choice"
# - for row, label in zip(scores.astype(np.float32), labels):
# + for row, label in zip(scores, labels):


# %% equivalent="smoothed-labels" why="a NumPy number is a number as well"
# - return float(total / len(labels))
# + return total / len(labels)


# %% equivalent="two-opinions" why="a tensor with a graph holds the same numbers"
# - return torch.stack([twin(images), twin(mirrored)]).mean(0).detach()
# + return torch.stack([twin(images), twin(mirrored)]).mean(0)


# %% equivalent="two-opinions" why="a mean does not care for the order"
# - return torch.stack([twin(images), twin(mirrored)]).mean(0).detach()
# + return torch.stack([twin(mirrored), twin(images)]).mean(0).detach()


# %% equivalent="two-opinions" why="a tensor with a graph holds the same numbers"
# - rows.append((model(image[None]) + model(other[None]))[0].detach() / 2)
# + rows.append((model(image[None]) + model(other[None]))[0] / 2)


# %% equivalent="whitening" why="an exchange of two axes"
# - patches = F.unfold(images, k).transpose(1, 2).flatten(0, 1)
# + patches = F.unfold(images, k).transpose(2, 1).flatten(0, 1)


# %% equivalent="whitening" why="the sign of a patch does not matter for the covariance"
# - patches = patches - patches.mean(0)
# + patches = patches.mean(0) - patches


# %% equivalent="whitening" why="the sign is free"
# - return (vectors / (values + eps).sqrt()).T.reshape(-1, c, k, k)
# + return np.negative((vectors / (values + eps).sqrt()).T.reshape(-1, c, k, k))


# %% equivalent="whitening" why="an exchange of two axes"
# - q = F.unfold(images, k).transpose(1, 2).reshape(-1, c * k * k)
# + q = F.unfold(images, k).transpose(2, 1).reshape(-1, c * k * k)


# %% equivalent="whitening" why="the sign of a patch does not matter for the covariance"
# - q = q - q.mean(0)
# + q = q.mean(0) - q


# %% equivalent="whitening" why="NumPy reads tensors"
# - pixels = np.asarray(images)
# + pixels = images


# %% equivalent="whitening" why="the order of the patches does not matter"
# - q = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, c * k * k)
# + q = windows.transpose(0, 3, 2, 1, 4, 5).reshape(-1, c * k * k)


# %% equivalent="whitening" why="any number below 0 stands for the rest"
# - q = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, c * k * k)
# + q = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-2, c * k * k)


# %% equivalent="whitening" why="there are more patches than numbers in a patch"
# - _, s, rows = np.linalg.svd(q, full_matrices=False)
# + _, s, rows = np.linalg.svd(q)


# %% equivalent="whitening" why="there are more patches than numbers in a patch"
# - _, s, rows = np.linalg.svd(q, full_matrices=False)
# + _, s, rows = np.linalg.svd(q, full_matrices=True)


# %% equivalent="whitening" why="the sign is free"
# - return -rows.reshape(-1, c, k, k)
# + return rows.reshape(-1, c, k, k)


# %% equivalent="whitening" why="any number below 0 stands for the rest"
# - return -rows.reshape(-1, c, k, k)
# + return -rows.reshape(-2, c, k, k)


# %% equivalent="whitening" why="NumPy reads tensors"
# - for image in images.numpy():
# + for image in images:


# %% equivalent="whitening" why="the covariance is square already; it is 1 number for k = c = 1 only"
# - values, vectors = np.linalg.eigh(np.cov(np.array(rows).T).reshape(c * k * k, -1))
# + values, vectors = np.linalg.eigh(np.cov(np.array(rows).T).reshape(-1, c * k * k))


# %% equivalent="whitening" why="the covariance is square already; it is 1 number for k = c = 1 only"
# - values, vectors = np.linalg.eigh(np.cov(np.array(rows).T).reshape(c * k * k, -1))
# + values, vectors = np.linalg.eigh(np.cov(np.array(rows).T))


# %% equivalent="whitening" why="any number below 0 stands for the rest"
# - values, vectors = np.linalg.eigh(np.cov(np.array(rows).T).reshape(c * k * k, -1))
# + values, vectors = np.linalg.eigh(np.cov(np.array(rows).T).reshape(c * k * k, -2))


# %% equivalent="whitening" why="any number below 0 stands for the rest"
# - return np.array(filters).reshape(-1, c, k, k)
# + return np.array(filters).reshape(-2, c, k, k)


# %% equivalent="whitening" why="float32 was a choice"
# - images = images.float()
# + pass


# %% equivalent="whitening" why="float32 was a choice"
# - images = images.float()
# + images = images


# %% equivalent="two-opinions" why="a tensor with a graph holds the same numbers, and each weight is set back"
# - model.eval().requires_grad_(False)
# + model.eval()


# %% equivalent="two-opinions" why="a tensor with a graph holds the same numbers, and each weight is set back"
# - model.eval().requires_grad_(False)
# + model.eval().requires_grad_(True)


# %% equivalent="a-tenth-of-the-price" why="the first steps have a smaller rate, and it reaches the goal"
# - return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': [0.2 * min((i + 1) / 25, (101 - i) / 76) for i in range(101)], 'smoothing': 0.0, 'flips': 'random', 'average': True}
# + return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': [0.2 * min(i * 1 / 25, (101 - i) / 76) for i in range(101)], 'smoothing': 0.0, 'flips': 'random', 'average': True}


# %% equivalent="a-tenth-of-the-price" why="an array holds the same rates, one for each step"
# - return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': np.interp(range(101), [0, 25, 100], [0.02, 0.2, 0.002]).tolist(), 'smoothing': 0.0, 'flips': 'none', 'average': True}
# + return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': np.interp(range(101), [0, 25, 100], [0.02, 0.2, 0.002]), 'smoothing': 0.0, 'flips': 'none', 'average': True}


# %% equivalent="a-tenth-of-the-price" why="the first steps have a larger rate, and it reaches the goal"
# - return {'widths': [6, 24, 64], 'stride': 2, 'whiten': True, 'batch': 16, 'rates': 0.1 * np.interp(np.arange(114), [0, 25, 113], [0.1, 1, 0.01]), 'smoothing': 0.0, 'flips': 'none', 'average': True}
# + return {'widths': [6, 24, 64], 'stride': 2, 'whiten': True, 'batch': 16, 'rates': 0.1 * np.interp(np.arange(114), [-1, 25, 113], [0.1, 1, 0.01]), 'smoothing': 0.0, 'flips': 'none', 'average': True}


# %% equivalent="a-tenth-of-the-price" why="min does not care for the order"
# - return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': [0.2 * min((i + 1) / 25, (101 - i) / 76) for i in range(101)], 'smoothing': 0.0, 'flips': 'random', 'average': True}
# + return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': [0.2 * min((101 - i) / 76, (i + 1) / 25) for i in range(101)], 'smoothing': 0.0, 'flips': 'random', 'average': True}


# %% equivalent="a-tenth-of-the-price" why="the first steps have a larger rate, and it reaches the goal"
# - return {'widths': [6, 24, 64], 'stride': 2, 'whiten': True, 'batch': 16, 'rates': 0.1 * np.interp(np.arange(114), [0, 25, 113], [0.1, 1, 0.01]), 'smoothing': 0.0, 'flips': 'none', 'average': True}
# + return {'widths': [6, 24, 64], 'stride': 2, 'whiten': True, 'batch': 16, 'rates': 0.1 * np.interp(np.arange(114), [0, 25, 113], [0.2, 1, 0.01]), 'smoothing': 0.0, 'flips': 'none', 'average': True}


# %% equivalent="a-tenth-of-the-price" why="a cheaper network that reaches the goal"
# - return {'widths': [6, 24, 64], 'stride': 2, 'whiten': True, 'batch': 16, 'rates': 0.1 * np.interp(np.arange(114), [0, 25, 113], [0.1, 1, 0.01]), 'smoothing': 0.0, 'flips': 'none', 'average': True}
# + return {'widths': [6, 23, 64], 'stride': 2, 'whiten': True, 'batch': 16, 'rates': 0.1 * np.interp(np.arange(114), [0, 25, 113], [0.1, 1, 0.01]), 'smoothing': 0.0, 'flips': 'none', 'average': True}


# %% equivalent="a-tenth-of-the-price" why="the same number, -0 is at least 0"
# - return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': rates, 'smoothing': 0.0, 'flips': 'alternating', 'average': True}
# + return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': rates, 'smoothing': -0.0, 'flips': 'alternating', 'average': True}


# %% equivalent="a-tenth-of-the-price" why="the last steps have a larger rate, and it reaches the goal"
# - return {'widths': [6, 24, 64], 'stride': 2, 'whiten': True, 'batch': 16, 'rates': 0.1 * np.interp(np.arange(114), [0, 25, 113], [0.1, 1, 0.01]), 'smoothing': 0.0, 'flips': 'none', 'average': True}
# + return {'widths': [6, 24, 64], 'stride': 2, 'whiten': True, 'batch': 16, 'rates': 0.1 * np.interp(np.arange(114), [0, 25, 113], [0.1, 1, 0.02]), 'smoothing': 0.0, 'flips': 'none', 'average': True}


# %% equivalent="a-tenth-of-the-price" why="a peak one step later, and it reaches the goal"
# - return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': [0.2 * min((i + 1) / 25, (101 - i) / 76) for i in range(101)], 'smoothing': 0.0, 'flips': 'random', 'average': True}
# + return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': [0.2 * min((i + 1) / 25, (102 - i) / 76) for i in range(101)], 'smoothing': 0.0, 'flips': 'random', 'average': True}


# %% equivalent="a-tenth-of-the-price" why="a step less costs less, and it reaches the goal"
# - return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': [0.2 * min((i + 1) / 25, (101 - i) / 76) for i in range(101)], 'smoothing': 0.0, 'flips': 'random', 'average': True}
# + return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': [0.2 * min((i + 1) / 25, (101 - i) / 76) for i in range(100)], 'smoothing': 0.0, 'flips': 'random', 'average': True}


# %% equivalent="a-tenth-of-the-price" why="a slightly smaller rate on the way down, and it reaches the goal"
# - return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': [0.2 * min((i + 1) / 25, (101 - i) / 76) for i in range(101)], 'smoothing': 0.0, 'flips': 'random', 'average': True}
# + return {'widths': (6, 16, 32), 'stride': 2, 'whiten': True, 'batch': 24, 'rates': [0.2 * min((i + 1) / 25, (101 - i) / 77) for i in range(101)], 'smoothing': 0.0, 'flips': 'random', 'average': True}
