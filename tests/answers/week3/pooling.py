# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="pool-by-hand" style="numbers"
of_one_window = [12, 2.75, 13]
sides_in_alexnet = [27, 13, 6]
read_four_times = 676
channels_behind = 96
numbers_learned = 0


# %% right="pool-by-hand" style="computed"
of_one_window = (max(3, -4, 0, 12), (3 - 4 + 12) / 4, (9 + 16 + 144) ** 0.5)
sides_in_alexnet = np.array([27, 13, 6])
read_four_times = 26.0**2
channels_behind = 96.0
numbers_learned = 0.0


# %% right="pool-by-hand" style="torch"
of_one_window = [
    float(f(torch.tensor([3.0, -4, 0, 12])))
    for f in (torch.max, torch.mean, torch.linalg.norm)
]
sides_in_alexnet = [27, 13, 6]
read_four_times = 26 * 26
channels_behind = 96
numbers_learned = 0


# %% wrong="pool-by-hand" says="adds the squares; you took their mean"
of_one_window = [12, 2.75, 6.5]
sides_in_alexnet = [27, 13, 6]
read_four_times = 676
channels_behind = 96
numbers_learned = 0


# %% wrong="pool-by-hand" says="The root is missing: L2 is the length"
of_one_window = [12, 2.75, 169]
sides_in_alexnet = [27, 13, 6]
read_four_times = 676
channels_behind = 96
numbers_learned = 0


# %% wrong="pool-by-hand" says="A zero is a number too"
of_one_window = [12, 11 / 3, 13]
sides_in_alexnet = [27, 13, 6]
read_four_times = 676
channels_behind = 96
numbers_learned = 0


# %% wrong="pool-by-hand" says="The minus counts"
of_one_window = [12, 19 / 4, 13]
sides_in_alexnet = [27, 13, 6]
read_four_times = 676
channels_behind = 96
numbers_learned = 0


# %% wrong="pool-by-hand" says="where does the last window stop that fits"
of_one_window = [12, 2.75, 13]
sides_in_alexnet = [27, 13, 7]
read_four_times = 676
channels_behind = 96
numbers_learned = 0


# %% wrong="pool-by-hand" says="not by their own length"
of_one_window = [12, 2.75, 13]
sides_in_alexnet = [18, 6, 2]
read_four_times = 676
channels_behind = 96
numbers_learned = 0


# %% wrong="pool-by-hand" says="Those are the pixels of one row"
of_one_window = [12, 2.75, 13]
sides_in_alexnet = [27, 13, 6]
read_four_times = 26
channels_behind = 96
numbers_learned = 0


# %% wrong="pool-by-hand" says="That is the number of windows"
of_one_window = [12, 2.75, 13]
sides_in_alexnet = [27, 13, 6]
read_four_times = 729
channels_behind = 96
numbers_learned = 0


# %% wrong="pool-by-hand" says="A convolution adds up over the channels"
of_one_window = [12, 2.75, 13]
sides_in_alexnet = [27, 13, 6]
read_four_times = 676
channels_behind = 1
numbers_learned = 0


# %% wrong="pool-by-hand" says="Which of them has a weight"
of_one_window = [12, 2.75, 13]
sides_in_alexnet = [27, 13, 6]
read_four_times = 676
channels_behind = 96
numbers_learned = 9


# %% right="pool-forward" style="loops"
def pool2d(x, k, s=None, kind="max"):
    if s is None:
        s = k
    channels, height, width = x.shape
    if k > height or k > width:
        raise ValueError("the window is too large")
    if kind not in ["max", "average", "L2"]:
        raise ValueError(kind)
    rows = (height - k) // s + 1
    columns = (width - k) // s + 1
    y = np.zeros((channels, rows, columns))
    for c in range(channels):
        for i in range(rows):
            for j in range(columns):
                window = x[c, i * s : i * s + k, j * s : j * s + k]
                if kind == "max":
                    y[c, i, j] = window.max()
                elif kind == "average":
                    y[c, i, j] = window.mean()
                else:
                    y[c, i, j] = np.sqrt((window**2).sum())
    return y


# %% right="pool-forward" style="all windows at once"
def pool2d(x, k, s=None, kind="max"):
    s = s or k
    if k > x.shape[1] or k > x.shape[2]:
        raise ValueError
    view = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))
    view = view[:, ::s, ::s]
    if kind == "max":
        return view.max(axis=(-1, -2))
    if kind == "average":
        return view.mean(axis=(-1, -2))
    if kind == "L2":
        return np.sqrt((view**2).sum(axis=(-1, -2)))
    raise ValueError(f"no kind {kind}")


# %% right="pool-forward" style="shifted copies, float32"
def pool2d(x, k, s=None, kind="max"):
    s = k if s is None else s
    x = x.astype(np.float32)
    _, H, W = x.shape
    if min(H, W) < k:
        raise ValueError("window too large")
    h, w = (H - k) // s + 1, (W - k) // s + 1
    parts = [
        x[:, m : m + s * (h - 1) + 1 : s, n : n + s * (w - 1) + 1 : s]
        for m in range(k)
        for n in range(k)
    ]
    if kind == "max":
        return np.maximum.reduce(parts)
    if kind == "average":
        return sum(parts) / k**2
    if kind == "L2":
        return sum(part**2 for part in parts) ** 0.5
    raise ValueError("unknown kind")


# %% right="pool-forward" style="torch, unfold"
def pool2d(x, k, s=None, kind="max"):
    s = k if s is None else s
    if kind not in ("max", "average", "L2") or k > x.shape[1] or k > x.shape[2]:
        raise ValueError
    w = torch.as_tensor(x).double().unfold(1, k, s).unfold(2, k, s).flatten(3)
    if kind == "max":
        return w.amax(3)
    return w.mean(3) if kind == "average" else w.pow(2).sum(3).sqrt()


# %% wrong="pool-forward" says="does the work of this exercise"
def pool2d(x, k, s=None, kind="max"):
    t = torch.from_numpy(x).double()[None]
    if kind == "max":
        return F.max_pool2d(t, k, s)[0].numpy()
    if kind == "average":
        return F.avg_pool2d(t, k, s)[0].numpy()
    return F.lp_pool2d(t, 2, k, s)[0].numpy()


# %% wrong="pool-forward" says="The windows move by one pixel in yours"
def pool2d(x, k, s=1, kind="max"):
    s = s or 1
    if kind not in ("max", "average", "L2") or k > min(x.shape[1:]):
        raise ValueError
    f = {"max": np.max, "average": np.mean, "L2": np.linalg.norm}[kind]
    C, H, W = x.shape
    y = np.zeros((C, (H - k) // s + 1, (W - k) // s + 1))
    for c, i, j in np.ndindex(y.shape):
        y[c, i, j] = f(x[c, s * i : s * i + k, s * j : s * j + k])
    return y


# %% wrong="pool-forward" says="The windows lie side by side in yours"
def pool2d(x, k, s=None, kind="max"):
    s = k
    if kind not in ("max", "average", "L2") or k > min(x.shape[1:]):
        raise ValueError
    f = {"max": np.max, "average": np.mean, "L2": np.linalg.norm}[kind]
    C, H, W = x.shape
    y = np.zeros((C, (H - k) // s + 1, (W - k) // s + 1))
    for c, i, j in np.ndindex(y.shape):
        y[c, i, j] = f(x[c, s * i : s * i + k, s * j : s * j + k])
    return y


# %% wrong="pool-forward" says="round the number of windows down"
def pool2d(x, k, s=None, kind="max"):
    s = s or k
    if kind not in ("max", "average", "L2") or k > min(x.shape[1:]):
        raise ValueError
    f = {"max": np.max, "average": np.mean, "L2": np.linalg.norm}[kind]
    C, H, W = x.shape
    y = np.zeros((C, -((k - H) // s) + 1, -((k - W) // s) + 1))
    y = y[:, : (H - 1) // s + 1, : (W - 1) // s + 1]
    for c, i, j in np.ndindex(y.shape):
        y[c, i, j] = f(x[c, s * i : s * i + k, s * j : s * j + k])
    return y


# %% wrong="pool-forward" says="The last windows are missing"
def pool2d(x, k, s=None, kind="max"):
    s = s or k
    if kind not in ("max", "average", "L2") or k > min(x.shape[1:]):
        raise ValueError
    f = {"max": np.max, "average": np.mean, "L2": np.linalg.norm}[kind]
    C, H, W = x.shape
    y = np.zeros((C, (H - k) // s, (W - k) // s))
    for c, i, j in np.ndindex(y.shape):
        y[c, i, j] = f(x[c, s * i : s * i + k, s * j : s * j + k])
    return y


# %% wrong="pool-forward" says="Your maximum begins with 0"
def pool2d(x, k, s=None, kind="max"):
    s = s or k
    if kind not in ("max", "average", "L2") or k > min(x.shape[1:]):
        raise ValueError
    C, H, W = x.shape
    y = np.zeros((C, (H - k) // s + 1, (W - k) // s + 1))
    for c, i, j in np.ndindex(y.shape):
        for value in x[c, s * i : s * i + k, s * j : s * j + k].ravel():
            if kind == "max":
                y[c, i, j] = max(y[c, i, j], value)
            elif kind == "average":
                y[c, i, j] += value / k**2
            else:
                y[c, i, j] = np.hypot(y[c, i, j], value)
    return y


# %% wrong="pool-forward" says="A window of k × k holds k² numbers"
def pool2d(x, k, s=None, kind="max"):
    s = s or k
    if kind not in ("max", "average", "L2") or k > min(x.shape[1:]):
        raise ValueError
    C, H, W = x.shape
    y = np.zeros((C, (H - k) // s + 1, (W - k) // s + 1))
    for c, i, j in np.ndindex(y.shape):
        w = x[c, s * i : s * i + k, s * j : s * j + k]
        ways = {"max": w.max(), "average": w.sum() / k, "L2": np.linalg.norm(w)}
        y[c, i, j] = ways[kind]
    return y


# %% wrong="pool-forward" says="The root is missing: L2 is √Σx²"
def pool2d(x, k, s=None, kind="max"):
    s = s or k
    if kind not in ("max", "average", "L2") or k > min(x.shape[1:]):
        raise ValueError
    C, H, W = x.shape
    y = np.zeros((C, (H - k) // s + 1, (W - k) // s + 1))
    for c, i, j in np.ndindex(y.shape):
        w = x[c, s * i : s * i + k, s * j : s * j + k]
        y[c, i, j] = {"max": w.max(), "average": w.mean(), "L2": (w**2).sum()}[kind]
    return y


# %% wrong="pool-forward" says="it does not take their mean"
def pool2d(x, k, s=None, kind="max"):
    s = s or k
    if kind not in ("max", "average", "L2") or k > min(x.shape[1:]):
        raise ValueError
    C, H, W = x.shape
    y = np.zeros((C, (H - k) // s + 1, (W - k) // s + 1))
    for c, i, j in np.ndindex(y.shape):
        w = x[c, s * i : s * i + k, s * j : s * j + k].astype(float)
        ways = {"max": w.max(), "average": w.mean(), "L2": np.sqrt((w**2).mean())}
        y[c, i, j] = ways[kind]
    return y


# %% wrong="pool-forward" says="Each channel is pooled by itself"
def pool2d(x, k, s=None, kind="max"):
    s = s or k
    if kind not in ("max", "average", "L2") or k > min(x.shape[1:]):
        raise ValueError
    f = {"max": np.max, "average": np.mean, "L2": np.linalg.norm}[kind]
    _, H, W = x.shape
    y = np.zeros(((H - k) // s + 1, (W - k) // s + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = f(x[:, s * i : s * i + k, s * j : s * j + k])
    return y


# %% wrong="pool-forward" says="The fractions are cut off"
def pool2d(x, k, s=None, kind="max"):
    s = s or k
    if kind not in ("max", "average", "L2") or k > min(x.shape[1:]):
        raise ValueError
    f = {"max": np.max, "average": np.mean, "L2": np.linalg.norm}[kind]
    C, H, W = x.shape
    y = np.zeros_like(x[:, : (H - k) // s + 1, : (W - k) // s + 1])
    for c, i, j in np.ndindex(y.shape):
        y[c, i, j] = f(x[c, s * i : s * i + k, s * j : s * j + k])
    return y


# %% wrong="pool-forward" says="There are three kinds"
def pool2d(x, k, s=None, kind="max"):
    s = s or k
    if k > min(x.shape[1:]):
        raise ValueError
    f = {"max": np.max, "average": np.mean}.get(kind, np.linalg.norm)
    C, H, W = x.shape
    y = np.zeros((C, (H - k) // s + 1, (W - k) // s + 1))
    for c, i, j in np.ndindex(y.shape):
        y[c, i, j] = f(x[c, s * i : s * i + k, s * j : s * j + k])
    return y


# %% wrong="pool-forward" says="No window of this size fits on the map"
def pool2d(x, k, s=None, kind="max"):
    s = s or k
    if kind not in ("max", "average", "L2"):
        raise ValueError
    f = {"max": np.max, "average": np.mean, "L2": np.linalg.norm}[kind]
    C, H, W = x.shape
    y = np.zeros((C, max(0, (H - k) // s + 1), max(0, (W - k) // s + 1)))
    for c, i, j in np.ndindex(y.shape):
        y[c, i, j] = f(x[c, s * i : s * i + k, s * j : s * j + k])
    return y


# %% right="pool-padding" style="minus infinity, counted ones"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    fill = -np.inf if kind == "max" else 0.0
    padded = np.pad(x.astype(float), p, constant_values=fill)
    there = np.pad(np.ones(x.shape), p)
    h = (padded.shape[0] - k) // s + 1
    w = (padded.shape[1] - k) // s + 1
    y = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            window = padded[s * i : s * i + k, s * j : s * j + k]
            if kind == "max":
                y[i, j] = window.max()
            elif count_padding:
                y[i, j] = window.mean()
            else:
                y[i, j] = (
                    window.sum() / there[s * i : s * i + k, s * j : s * j + k].sum()
                )
    return y


# %% right="pool-padding" style="windows that are cut at the rim"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    h, w = x.shape
    y = []
    for top in range(-p, h + p - k + 1, s):
        row = []
        for left in range(-p, w + p - k + 1, s):
            real = x[max(top, 0) : top + k, max(left, 0) : left + k]
            if kind == "max":
                row.append(real.max())
            elif count_padding:
                row.append(real.sum() / (k * k))
            else:
                row.append(real.mean())
        y.append(row)
    return np.array(y)


# %% right="pool-padding" style="the smallest number, float32, all windows at once"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    def windows(a):
        return np.lib.stride_tricks.sliding_window_view(a, (k, k))[::s, ::s]

    if kind == "max":
        return windows(np.pad(x, p, constant_values=x.min())).max((2, 3))
    total = windows(np.pad(x.astype(np.float32), p)).sum((2, 3))
    count = windows(np.pad(np.ones_like(x, dtype=np.float32), p)).sum((2, 3))
    return total / (k**2 if count_padding else count)


# %% wrong="pool-padding" says="Zeros in the padding win against negative numbers"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    padded, ones = np.pad(x, p), np.pad(np.ones(x.shape), p)
    view = np.lib.stride_tricks.sliding_window_view
    windows = view(padded, (k, k))[::s, ::s]
    count = view(ones, (k, k))[::s, ::s].sum((2, 3))
    if kind == "max":
        return windows.max((2, 3))
    return windows.sum((2, 3)) / (k**2 if count_padding else count)


# %% wrong="pool-padding" says="but not low enough"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    padded = np.pad(x, p, constant_values=-999 if kind == "max" else 0)
    view = np.lib.stride_tricks.sliding_window_view
    windows = view(padded, (k, k))[::s, ::s]
    count = view(np.pad(np.ones(x.shape), p), (k, k))[::s, ::s].sum((2, 3))
    if kind == "max":
        return windows.max((2, 3))
    return windows.sum((2, 3)) / (k**2 if count_padding else count)


# %% wrong="pool-padding" says="make floats of the map first"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    padded = np.pad(x, p, constant_values=-np.inf if kind == "max" else 0)
    view = np.lib.stride_tricks.sliding_window_view
    windows = view(padded, (k, k))[::s, ::s]
    count = view(np.pad(np.ones(x.shape), p), (k, k))[::s, ::s].sum((2, 3))
    if kind == "max":
        return windows.max((2, 3))
    return windows.sum((2, 3)) / (k**2 if count_padding else count)


# %% wrong="pool-padding" says="count as pixels here: divide by k²"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    padded = np.pad(x.astype(float), p, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k))[::s, ::s]
    return (np.nanmax if kind == "max" else np.nanmean)(windows, axis=(2, 3))


# %% wrong="pool-padding" says="do not count here: divide by the pixels"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    fill = -np.inf if kind == "max" else 0
    padded = np.pad(x.astype(float), p, constant_values=fill)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k))[::s, ::s]
    return (np.max if kind == "max" else np.mean)(windows, axis=(2, 3))


# %% wrong="pool-padding" says="−∞ is the padding of a maximum"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    padded = np.pad(x.astype(float), p, constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k))[::s, ::s]
    return (np.max if kind == "max" else np.mean)(windows, axis=(2, 3))


# %% wrong="pool-padding" says="count places, not numbers other than 0"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    view = np.lib.stride_tricks.sliding_window_view
    if kind == "max":
        padded = np.pad(x.astype(float), p, constant_values=-np.inf)
        return view(padded, (k, k))[::s, ::s].max((2, 3))
    windows = view(np.pad(x, p), (k, k))[::s, ::s]
    count = np.maximum((windows != 0).sum((2, 3)), 1)
    return windows.sum((2, 3)) / (k**2 if count_padding else count)


# %% wrong="pool-padding" says="There is no padding in yours"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k))[::s, ::s]
    return (np.max if kind == "max" else np.mean)(windows, axis=(2, 3))


# %% wrong="pool-padding" says="but not low enough"
def padded_pool(x, k, s=1, p=0, kind="max", count_padding=True):
    fill = -1e9 if kind == "max" else 0.0
    padded = np.pad(x.astype(float), p, constant_values=fill)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k))[::s, ::s]
    if kind == "max":
        return windows.max((2, 3))
    there = np.pad(np.ones(x.shape), p)
    counts = np.lib.stride_tricks.sliding_window_view(there, (k, k))[::s, ::s]
    return windows.sum((2, 3)) / (k * k if count_padding else counts.sum((2, 3)))


# %% right="pool-channels" style="reshape"
def maxout(x, group):
    n, C, H, W = x.shape
    if C % group != 0:
        raise ValueError("groups do not come out even")
    return x.reshape(n, -1, group, H, W).max(2)


# %% right="pool-channels" style="loop, float32"
def maxout(x, group):
    channels = x.shape[1]
    if channels % group:
        raise ValueError
    parts = [x[:, c : c + group].max(axis=1) for c in range(0, channels, group)]
    return np.stack(parts, axis=1).astype(np.float32)


# %% right="pool-channels" style="every group-th channel, torch"
def maxout(x, group):
    if x.shape[1] % group > 0:
        raise ValueError("uneven")
    y = torch.from_numpy(x[:, ::group].copy())
    for start in range(1, group):
        y = torch.maximum(y, torch.from_numpy(x[:, start::group].copy()))
    return y


# %% right="pool-channels" style="np.maximum.reduceat"
def maxout(x, group):
    if x.shape[1] % group:
        raise ValueError("the groups are uneven")
    return np.maximum.reduceat(x, np.arange(0, x.shape[1], group), axis=1)


# %% wrong="pool-channels" says="made of channels that lie far apart"
def maxout(x, group):
    n, C, H, W = x.shape
    if C % group:
        raise ValueError
    return x.reshape(n, group, C // group, H, W).max(1)


# %% wrong="pool-channels" says="You made `group` groups"
def maxout(x, group):
    n, C, H, W = x.shape
    if C % group:
        raise ValueError
    return x.reshape(n, group, C // group, H, W).max(2)


# %% wrong="pool-channels" says="That is the mean of each group"
def maxout(x, group):
    n, C, H, W = x.shape
    if C % group:
        raise ValueError
    return x.reshape(n, C // group, group, H, W).mean(2)


# %% wrong="pool-channels" says="That is the maximum over all channels"
def maxout(x, group):
    return x.max(axis=1, keepdims=True)


# %% wrong="pool-channels" says="Some channels would be left over"
def maxout(x, group):
    n, C, H, W = x.shape
    y = np.full((n, C // group, H, W), -np.inf)
    for c in range(C // group * group):
        y[:, c // group] = np.maximum(y[:, c // group], x[:, c])
    return y


# %% wrong="pool-channels" says="negative"
def maxout(x, group):
    n, C, H, W = x.shape
    if C % group:
        raise ValueError
    y = np.zeros((n, C // group, H, W))
    for c in range(C):
        y[:, c // group] = np.maximum(y[:, c // group], x[:, c])
    return y


# %% wrong="pool-channels" says="does the work of this exercise"
def maxout(x, group):
    if x.shape[1] % group:
        raise ValueError("uneven groups")
    return F.max_pool3d(torch.tensor(x)[:, None], (group, 1, 1))[:, 0].numpy()


# %% right="pool-backward-average" style="loops"
def shared_blame(delta, x, k, s=None, kind="average"):
    if s is None:
        s = k
    to_x = np.zeros(x.shape)
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            rows, columns = slice(i * s, i * s + k), slice(j * s, j * s + k)
            if kind == "average":
                to_x[rows, columns] += delta[i, j] / (k * k)
            else:
                length = np.linalg.norm(x[rows, columns])
                if length > 0:
                    to_x[rows, columns] += delta[i, j] * x[rows, columns] / length
    return to_x


# %% right="pool-backward-average" style="pixel by pixel of the window, float32"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = s or k
    x = x.astype(np.float32)
    h, w = delta.shape

    def places(m, n):
        return np.s_[m : m + s * (h - 1) + 1 : s, n : n + s * (w - 1) + 1 : s]

    all_places = [places(m, n) for m in range(k) for n in range(k)]
    if kind == "average":
        parts = [delta / np.float32(k**2)] * k**2
    else:
        y = np.sqrt(sum(x[place] ** 2 for place in all_places))
        parts = [delta * x[place] / np.where(y > 0, y, 1) for place in all_places]
    to_x = np.zeros_like(x)
    for place, part in zip(all_places, parts, strict=True):
        to_x[place] += part
    return to_x


# %% right="pool-backward-average" style="torch, a tiny number against the division by 0"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = k if s is None else s
    x, delta = torch.tensor(x).double(), torch.tensor(delta).double()
    to_x = torch.zeros_like(x)
    for i, row in enumerate(delta):
        for j, value in enumerate(row):
            w = x[s * i : s * i + k, s * j : s * j + k]
            part = w / (w.norm() + 1e-12) if kind == "L2" else torch.ones(k, k) / k**2
            to_x[s * i : s * i + k, s * j : s * j + k] += value * part
    return to_x


# %% wrong="pool-backward-average" says="does the work of this exercise"
def shared_blame(delta, x, k, s=None, kind="average"):
    t = torch.tensor(x, dtype=torch.float64)[None].requires_grad_()
    y = F.avg_pool2d(t, k, s) if kind == "average" else F.lp_pool2d(t, 2, k, s)
    y.backward(torch.tensor(delta, dtype=torch.float64)[None])
    return t.grad[0].numpy()


# %% wrong="pool-backward-average" says="Write += and not ="
def shared_blame(delta, x, k, s=None, kind="average"):
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = np.s_[s * i : s * i + k, s * j : s * j + k]
        y = np.linalg.norm(x[w])
        to_x[w] = value / k**2 if kind == "average" else value * x[w] / (y or 1)
    return to_x


# %% wrong="pool-backward-average" says="gets the k²-th part of the blame"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = np.s_[s * i : s * i + k, s * j : s * j + k]
        y = np.linalg.norm(x[w])
        to_x[w] += value if kind == "average" else value * x[w] / (y or 1)
    return to_x


# %% wrong="pool-backward-average" says="A window holds k² pixels, not k"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = np.s_[s * i : s * i + k, s * j : s * j + k]
        y = np.linalg.norm(x[w])
        to_x[w] += value / k if kind == "average" else value * x[w] / (y or 1)
    return to_x


# %% wrong="pool-backward-average" says="0/0 is nan"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = np.s_[s * i : s * i + k, s * j : s * j + k]
        y = np.sqrt((x[w] ** 2).sum())
        to_x[w] += value / k**2 if kind == "average" else value * x[w] / y
    return to_x


# %% wrong="pool-backward-average" says="the division is missing"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = np.s_[s * i : s * i + k, s * j : s * j + k]
        to_x[w] += value / k**2 if kind == "average" else value * x[w]
    return to_x


# %% wrong="pool-backward-average" says="you divided by its square"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = np.s_[s * i : s * i + k, s * j : s * j + k]
        y = (x[w] ** 2).sum() or 1
        to_x[w] += value / k**2 if kind == "average" else value * x[w] / y
    return to_x


# %% wrong="pool-backward-average" says="that is the slope of its square"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = np.s_[s * i : s * i + k, s * j : s * j + k]
        to_x[w] += value / k**2 if kind == "average" else 2 * value * x[w]
    return to_x


# %% wrong="pool-backward-average" says="yours is the gradient of the other one"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        to_x[s * i : s * i + k, s * j : s * j + k] += value / k**2
    return to_x


# %% wrong="pool-backward-average" says="what no window has read gets 0"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = s or k
    h, w = delta.shape
    to_x = np.zeros((s * (h - 1) + k, s * (w - 1) + k))
    for (i, j), value in np.ndenumerate(delta):
        place = np.s_[s * i : s * i + k, s * j : s * j + k]
        y = np.linalg.norm(x[place]) or 1
        to_x[place] += value / k**2 if kind == "average" else value * x[place] / y
    return to_x


# %% wrong="pool-backward-average" says="not if the largest is"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = k if s is None else s
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        window = np.s_[s * i : s * i + k, s * j : s * j + k]
        w = x[window]
        if kind == "average":
            to_x[window] += value / k**2
        elif w.max() != 0:
            to_x[window] += value * w / np.linalg.norm(w)
    return to_x


# %% wrong="pool-backward-average" says="make it with np.zeros(x.shape)"
def shared_blame(delta, x, k, s=None, kind="average"):
    s = k if s is None else s
    to_x = np.zeros_like(x)
    for (i, j), value in np.ndenumerate(delta):
        window = np.s_[s * i : s * i + k, s * j : s * j + k]
        if kind == "average":
            to_x[window] += value / k**2
        elif x[window].any():
            to_x[window] += value * x[window] / np.linalg.norm(x[window])
    return to_x


# %% right="pool-backward-max" style="loops"
def winners_blame(delta, x, k, s=None, ties="first"):
    if ties not in ["first", "split", "all"]:
        raise ValueError(ties)
    if s is None:
        s = k
    to_x = np.zeros(x.shape)
    for i in range(delta.shape[0]):
        for j in range(delta.shape[1]):
            best = x[i * s : i * s + k, j * s : j * s + k].max()
            winners = []
            for r in range(i * s, i * s + k):
                for c in range(j * s, j * s + k):
                    if x[r, c] == best:
                        winners.append((r, c))
            if ties == "first":
                winners = winners[:1]
            share = delta[i, j] / len(winners) if ties == "split" else delta[i, j]
            for r, c in winners:
                to_x[r, c] += share
    return to_x


# %% right="pool-backward-max" style="argmax and masks"
def winners_blame(delta, x, k, s=None, ties="first"):
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = x[s * i : s * i + k, s * j : s * j + k]
        part = to_x[s * i : s * i + k, s * j : s * j + k]
        if ties == "first":
            part[np.unravel_index(w.argmax(), w.shape)] += value
        elif ties == "split":
            won = w == w.max()
            part[won] += value / won.sum()
        elif ties == "all":
            part[w == w.max()] += value
        else:
            raise ValueError("unknown rule")
    return to_x


# %% right="pool-backward-max" style="all windows at once, float32"
def winners_blame(delta, x, k, s=None, ties="first"):
    s = k if s is None else s
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k))[::s, ::s]
    flat = windows.reshape(*delta.shape, -1)
    won = (flat == flat.max(2, keepdims=True)).astype(np.float32)
    if ties == "split":
        won = won / won.sum(2, keepdims=True)
    elif ties == "first":
        won = won * (won.cumsum(2) == 1)
    elif ties != "all":
        raise ValueError
    blame = delta.astype(np.float32)[:, :, None] * won
    to_x = np.zeros(x.shape, dtype=np.float32)
    h, w = delta.shape
    for number in range(k * k):
        m, n = divmod(number, k)
        to_x[m : m + s * (h - 1) + 1 : s, n : n + s * (w - 1) + 1 : s] += blame[
            :, :, number
        ]
    return to_x


# %% wrong="pool-backward-max" says="does the work of this exercise"
def winners_blame(delta, x, k, s=None, ties="first"):
    t = torch.tensor(x, dtype=torch.float64)[None].requires_grad_()
    y, _ = F.max_pool2d(t, k, s, return_indices=True)
    y.backward(torch.tensor(delta, dtype=torch.float64)[None])
    return t.grad[0].numpy()


# %% wrong="pool-backward-max" says="cover each other in yours"
def winners_blame(delta, x, k, s=None, ties="first"):
    if ties not in ("first", "split", "all"):
        raise ValueError
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = np.s_[s * i : s * i + k, s * j : s * j + k]
        won = (x[w] == x[w].max()).astype(float)
        if ties == "split":
            won /= won.sum()
        if ties == "first":
            won = np.arange(won.size).reshape(won.shape) == won.argmax()
        to_x[w] = value * won
    return to_x


# %% wrong="pool-backward-max" says="to every winner; the rule here is another"
def winners_blame(delta, x, k, s=None, ties="first"):
    if ties not in ("first", "split", "all"):
        raise ValueError
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = np.s_[s * i : s * i + k, s * j : s * j + k]
        to_x[w] += value * (x[w] == x[w].max())
    return to_x


# %% wrong="pool-backward-max" says="blames the first winner only"
def winners_blame(delta, x, k, s=None, ties="first"):
    if ties not in ("first", "split", "all"):
        raise ValueError
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = x[s * i : s * i + k, s * j : s * j + k]
        m, n = np.unravel_index(w.argmax(), w.shape)
        to_x[s * i + m, s * j + n] += value
    return to_x


# %% wrong="pool-backward-max" says="That is the last winner of each window"
def winners_blame(delta, x, k, s=None, ties="first"):
    if ties not in ("first", "split", "all"):
        raise ValueError
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = x[s * i : s * i + k, s * j : s * j + k]
        won = list(zip(*np.nonzero(w == w.max()), strict=True))
        chosen = won[-1:] if ties == "first" else won
        share = value / len(won) if ties == "split" else value
        for m, n in chosen:
            to_x[s * i + m, s * j + n] += share
    return to_x


# %% wrong="pool-backward-max" says="looks down the columns first"
def winners_blame(delta, x, k, s=None, ties="first"):
    if ties not in ("first", "split", "all"):
        raise ValueError
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = x[s * i : s * i + k, s * j : s * j + k]
        won = [(m, n) for n in range(k) for m in range(k) if w[m, n] == w.max()]
        chosen = won[:1] if ties == "first" else won
        share = value / len(won) if ties == "split" else value
        for m, n in chosen:
            to_x[s * i + m, s * j + n] += share
    return to_x


# %% wrong="pool-backward-max" says="add where the window begins"
def winners_blame(delta, x, k, s=None, ties="first"):
    if ties not in ("first", "split", "all"):
        raise ValueError
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = x[s * i : s * i + k, s * j : s * j + k]
        m, n = np.unravel_index(w.argmax(), w.shape)
        to_x[m, n] += value
    return to_x


# %% wrong="pool-backward-max" says="refuse every other one"
def winners_blame(delta, x, k, s=None, ties="first"):
    s = s or k
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        w = np.s_[s * i : s * i + k, s * j : s * j + k]
        won = (x[w] == x[w].max()).astype(float)
        if ties == "split":
            won /= won.sum()
        elif ties != "all":
            won = np.arange(won.size).reshape(won.shape) == won.argmax()
        to_x[w] += value * won
    return to_x


# %% wrong="pool-backward-max" says="Those are shares"
def winners_blame(delta, x, k, s=None, ties="first"):
    if ties not in ("first", "split", "all"):
        raise ValueError
    s = s or k
    to_x = np.zeros(x.shape)
    for i, j in np.ndindex(delta.shape):
        w = np.s_[s * i : s * i + k, s * j : s * j + k]
        won = (x[w] == x[w].max()).astype(float)
        if ties == "split":
            won /= won.sum()
        if ties == "first":
            won = np.arange(won.size).reshape(won.shape) == won.argmax()
        to_x[w] += won
    return to_x


# %% wrong="pool-backward-max" says="ask whether they are equal"
def winners_blame(delta, x, k, s=None, ties="first"):
    if ties not in ("first", "split", "all"):
        raise ValueError(ties)
    s = k if s is None else s
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        window = np.s_[s * i : s * i + k, s * j : s * j + k]
        won = np.isclose(x[window], x[window].max(), rtol=0, atol=0.1).astype(float)
        if ties == "split":
            won /= won.sum()
        if ties == "first":
            won = np.arange(won.size).reshape(won.shape) == won.argmax()
        to_x[window] += value * won
    return to_x


# %% right="pool-global" style="mean, then a dense layer"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.linear = nn.Linear(channels, classes)

    def forward(self, x):
        return self.linear(x.flatten(2).mean(2))


# %% right="pool-global" style="1 × 1 convolution, then the mean"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.scores = nn.Conv2d(channels, classes, kernel_size=1)

    def forward(self, x):
        return self.scores(x).mean((2, 3))


# %% right="pool-global" style="torch's layers in a row"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.all = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)
        )

    def forward(self, x):
        return self.all(x)


# %% right="pool-global" style="weights by hand"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.w = nn.Parameter(0.1 * torch.randn(channels, classes))
        self.b = nn.Parameter(torch.zeros(classes))

    def forward(self, x):
        return torch.einsum("nchw,ck->nk", x, self.w) / x[0, 0].numel() + self.b


# %% wrong="pool-global" says="You added over the places"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.linear = nn.Linear(channels, classes)

    def forward(self, x):
        return self.linear(x.sum((2, 3)))


# %% wrong="pool-global" says="That is the maximum over all places"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.linear = nn.Linear(channels, classes)

    def forward(self, x):
        return self.linear(F.adaptive_max_pool2d(x, 1).flatten(1))


# %% wrong="pool-global" says="flatten the last two away"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.scores = nn.Conv2d(channels, classes, 1)

    def forward(self, x):
        return F.adaptive_avg_pool2d(self.scores(x), 1)


# %% wrong="pool-global" says="squeeze drops every axis of length 1"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.linear = nn.Linear(channels, classes)

    def forward(self, x):
        return self.linear(F.adaptive_avg_pool2d(x, 1).squeeze())


# %% wrong="pool-global" says="their mean is missing"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.scores = nn.Conv2d(channels, classes, 1)

    def forward(self, x):
        return self.scores(x)


# %% wrong="pool-global" says="There is no activation"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.linear = nn.Linear(channels, classes)

    def forward(self, x):
        return F.relu(self.linear(x.mean((2, 3))))


# %% wrong="pool-global" says="A layer with bias=False has none"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.linear = nn.Linear(channels, classes, bias=False)

    def forward(self, x):
        return self.linear(x.mean((2, 3)))


# %% wrong="pool-global" says="super().__init__()"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        self.linear = nn.Linear(channels, classes)

    def forward(self, x):
        return self.linear(x.mean((2, 3)))


# %% wrong="pool-global" says="Which axes of (n, C, h, w) are places"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.scores = nn.Linear(channels, classes)

    def forward(self, x):
        return self.scores(x.mean((1, 2)))


# %% wrong="pool-global" says="Which axes of (n, C, h, w) are places"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.scores = nn.Linear(channels, classes)

    def forward(self, x):
        return self.scores(self.mean(x))


# %% wrong="pool-global" says="A bias has one number for each output"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.scores = nn.Linear(classes, channels)

    def forward(self, x):
        return self.scores(x.mean((2, 3)))


# %% wrong="pool-global" says="The bias is missing"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.scores = nn.Linear(channels, classes)

    def forward(self, x):
        return x.mean((2, 3)) @ self.scores.weight.T


# %% right="pool-prediction" style="numbers"
same_without_strides = 1
same_with_2_and_3 = 6
same_in_ours = 8
same_with_dense = "no"


# %% right="pool-prediction" style="computed"
same_without_strides = 1.0
same_with_2_and_3 = 2 * 3
same_in_ours = 2**3
same_with_dense = " no"


# %% right="pool-prediction" style="numpy"
same_without_strides = np.int64(1)
same_with_2_and_3 = np.prod([2, 3])
same_in_ours = np.array(8)
same_with_dense = "No"


# %% wrong="pool-prediction" says="The digit has to move"
same_without_strides = 0
same_with_2_and_3 = 6
same_in_ours = 8
same_with_dense = "no"


# %% wrong="pool-prediction" says="Strides are multiplied, not added, as the jump"
same_without_strides = 1
same_with_2_and_3 = 5
same_in_ours = 8
same_with_dense = "no"


# %% wrong="pool-prediction" says="Strides are multiplied, not added."
same_without_strides = 1
same_with_2_and_3 = 6
same_in_ours = 6
same_with_dense = "no"


# %% wrong="pool-prediction" says="That would be one stride of 2"
same_without_strides = 1
same_with_2_and_3 = 6
same_in_ours = 2
same_with_dense = "no"


# %% wrong="pool-prediction" says="the same weight in both places"
same_without_strides = 1
same_with_2_and_3 = 6
same_in_ours = 8
same_with_dense = "yes"


# %% right="calm-halving" style="maximum, blur, step; channels in the batch"
class Halve(nn.Module):
    def __init__(self):
        super().__init__()
        row = torch.tensor([1.0, 2, 1]) / 4
        self.register_buffer("kernel", (row[:, None] * row)[None, None])

    def forward(self, x):
        n, C, h, w = x.shape
        x = x.reshape(n * C, 1, h, w)
        x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, stride=1)
        x = F.conv2d(x, self.kernel, stride=2, padding=1)
        return x.reshape(n, C, h // 2, w // 2)


# %% right="calm-halving" style="torch's layers: a maximum of 3, three averages"
class Halve(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1),
            nn.AvgPool2d(2, stride=1, padding=1),
            nn.AvgPool2d(2, stride=2),
        )

    def forward(self, x):
        return self.layers(x)


# %% right="calm-halving" style="groups, a buffer that is not saved"
class Halve(nn.Module):
    def __init__(self):
        super().__init__()
        row = torch.tensor([1.0, 2.0, 1.0])
        self.blur = torch.outer(row, row) / 16

    def forward(self, x):
        C = x.shape[1]
        dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0), mode="replicate"), 2, 1)
        kernel = self.blur.to(x).expand(C, 1, 3, 3)
        return F.conv2d(F.pad(dense, (1, 1, 1, 1)), kernel, stride=2, groups=C)


# %% right="calm-halving" style="slices"
class Halve(nn.Module):
    def forward(self, x):
        x = F.pad(x, (1, 2, 1, 2), mode="replicate")
        x = torch.maximum(x[:, :, :-1], x[:, :, 1:])
        x = torch.maximum(x[:, :, :, :-1], x[:, :, :, 1:])
        x = (x[:, :, :-2] + 2 * x[:, :, 1:-1] + x[:, :, 2:]) / 4
        x = (x[:, :, :, :-2] + 2 * x[:, :, :, 1:-1] + x[:, :, :, 2:]) / 4
        return x[:, :, ::2, ::2]


# %% wrong="calm-halving" says="Which of its steps skips something"
class Halve(nn.Module):
    def forward(self, x):
        return F.max_pool2d(x, 2)


# %% wrong="calm-halving" says="A blur makes it faint, and no maximum"
class Halve(nn.Module):
    def forward(self, x):
        return F.avg_pool2d(x, 2)


# %% wrong="calm-halving" says="step without a blur before"
class Halve(nn.Module):
    def forward(self, x):
        return 0.5 * F.max_pool2d(x, 2) + 0.5 * F.avg_pool2d(x, 2)


# %% wrong="calm-halving" says="The step is missing"
class Halve(nn.Module):
    def forward(self, x):
        x = F.max_pool2d(x, 3, stride=1, padding=1)
        return F.avg_pool2d(x, 3, stride=1, padding=1)


# %% wrong="calm-halving" says="count what your padding adds"
class Halve(nn.Module):
    def forward(self, x):
        return F.avg_pool2d(F.max_pool2d(x, 2, stride=1), 2, stride=2)


# %% wrong="calm-halving" says="Do the weights of what you do add up to 1"
class Halve(nn.Module):
    def __init__(self):
        super().__init__()
        row = torch.tensor([1.0, 2, 1]) / 2
        self.register_buffer("kernel", (row[:, None] * row)[None, None])

    def forward(self, x):
        n, C, h, w = x.shape
        x = F.max_pool2d(F.pad(x, (0, 1, 0, 1)), 2, stride=1).reshape(n * C, 1, h, w)
        x = F.conv2d(x, self.kernel, stride=2, padding=1)
        return x.reshape(n, C, h // 2, w // 2)


# %% wrong="calm-halving" says="Of whatever sign"
class Halve(nn.Module):
    def forward(self, x):
        return F.avg_pool2d(F.relu(x) ** 8, 2) ** (1 / 8)


# %% wrong="calm-halving" says="Keep fixed numbers in a buffer"
class Halve(nn.Module):
    def __init__(self):
        super().__init__()
        row = torch.tensor([1.0, 2, 1]) / 4
        self.kernel = nn.Parameter((row[:, None] * row)[None, None])

    def forward(self, x):
        n, C, h, w = x.shape
        x = F.max_pool2d(F.pad(x, (0, 1, 0, 1)), 2, stride=1).reshape(n * C, 1, h, w)
        x = F.conv2d(x, self.kernel, stride=2, padding=1)
        return x.reshape(n, C, h // 2, w // 2)


# %% wrong="calm-halving" says="changed is the output of (image, channel)"
class Halve(nn.Module):
    def forward(self, x):
        x = F.max_pool2d(F.pad(x, (0, 1, 0, 1)), 2, stride=1)
        kernel = torch.ones(x.shape[1], x.shape[1], 3, 3) / (9 * x.shape[1])
        return F.conv2d(x, kernel, stride=2, padding=1)


# %% wrong="calm-halving" says="Look at fewer pixels at a time"
class Halve(nn.Module):
    def forward(self, x):
        x = F.max_pool2d(x, 15, stride=1, padding=7)
        return F.avg_pool2d(x, 4, stride=2, padding=1)


# %% wrong="calm-halving" says="no gradient flows through the output"
class Halve(nn.Module):
    def forward(self, x):
        x = F.max_pool2d(x.detach(), 3, stride=1, padding=1)
        return F.avg_pool2d(F.avg_pool2d(x, 2, stride=1, padding=1), 2, stride=2)


# %% wrong="calm-halving" says="Too broad a blur, or one that comes behind"
class Halve(nn.Module):
    def forward(self, x):
        n, C, h, w = x.shape
        row = torch.tensor([1.0, 2, 1]) / 4
        x = F.max_pool2d(x, 2).reshape(n * C, 1, h // 2, w // 2)
        x = F.pad(x, (1, 1, 1, 1), mode="replicate")
        return F.conv2d(x, (row[:, None] * row)[None, None]).reshape(n, C, h // 2, -1)


# %% wrong="calm-halving" says="let the middle of your blur weigh more"
class Halve(nn.Module):
    def forward(self, x):
        x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode="replicate"), 2, stride=1)
        return F.avg_pool2d(x, 3, stride=2, padding=1)


# %% wrong="calm-halving" says="It depends on where the pixel stands"
class Halve(nn.Module):
    def forward(self, x):
        x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode="replicate"), 2, stride=1)
        return F.avg_pool2d(x, 2)


# %% wrong="calm-halving" says="the gradient for the maps is 0 everywhere"
class Halve(nn.Module):
    def forward(self, x):
        y = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode="replicate"), 2, stride=1)
        y = F.avg_pool2d(F.pad(y, (1, 1, 1, 1), mode="replicate"), 2, stride=1)
        y = F.avg_pool2d(y, 2, stride=2)
        return 0 * y + y.detach()


# %% wrong="pool-forward" says="Your maximum begins with -100"
def pool2d(x, k, s=None, kind="max"):
    step = k if s is None else s
    if kind not in ("max", "average", "L2") or k > min(x.shape[1:]):
        raise ValueError
    rows, columns = ((n - k) // step + 1 for n in x.shape[1:])
    y = np.zeros((len(x), rows, columns))
    for c, i, j in np.ndindex(y.shape):
        window = x[c, i * step : i * step + k, j * step : j * step + k]
        if kind == "max":
            best = -100.0
            for value in window.ravel():
                best = max(best, value)
            y[c, i, j] = best
        else:
            power = 1 if kind == "average" else 2
            total = (window.astype(float) ** power).sum()
            y[c, i, j] = total / k**2 if power == 1 else total**0.5
    return y


# %% wrong="pool-forward" says="is another norm, that of a matrix"
def pool2d(x, k, s=None, kind="max"):
    step = k if s is None else s
    how = {"max": np.max, "average": np.mean, "L2": lambda w: np.linalg.norm(w, 2)}
    if kind not in how or k > min(x.shape[1:]):
        raise ValueError
    rows, columns = ((n - k) // step + 1 for n in x.shape[1:])
    y = np.zeros((len(x), rows, columns))
    for c, i, j in np.ndindex(y.shape):
        window = x[c, i * step : i * step + k, j * step : j * step + k]
        y[c, i, j] = how[kind](window)
    return y


# %% wrong="pool-channels" says="Your maximum begins with -1000"
def maxout(x, group):
    n, c, h, w = x.shape
    if c % group:
        raise ValueError
    y = np.full((n, c // group, h, w), -1000.0)
    for channel in range(c):
        y[:, channel // group] = np.maximum(y[:, channel // group], x[:, channel])
    return y


# %% wrong="pool-backward-average" says="Those that add up to 0 need not be"
def shared_blame(delta, x, k, s=None, kind="average"):
    step = k if s is None else s
    to_x = np.zeros(x.shape)
    for (i, j), blame in np.ndenumerate(delta):
        place = np.s_[i * step : i * step + k, j * step : j * step + k]
        window = x[place]
        if kind == "average":
            to_x[place] += blame / k**2
        elif window.sum() != 0:
            to_x[place] += blame * window / np.sqrt((window**2.0).sum())
    return to_x


# %% wrong="pool-backward-average" says="One number that is 0 does not make"
def shared_blame(delta, x, k, s=None, kind="average"):
    step = k if s is None else s
    to_x = np.zeros(x.shape)
    for (i, j), blame in np.ndenumerate(delta):
        place = np.s_[i * step : i * step + k, j * step : j * step + k]
        window = x[place]
        if kind == "average":
            to_x[place] += blame / k**2
        elif window.all():
            to_x[place] += blame * window / np.sqrt((window**2.0).sum())
    return to_x


# %% wrong="pool-backward-average" says="A small number against 0/0 changes"
def shared_blame(delta, x, k, s=None, kind="average"):
    step = k if s is None else s
    to_x = np.zeros(x.shape)
    for (i, j), blame in np.ndenumerate(delta):
        place = np.s_[i * step : i * step + k, j * step : j * step + k]
        if kind == "average":
            to_x[place] += blame / k**2
        else:
            to_x[place] += blame * x[place] / np.sqrt((x[place] ** 2.0).sum() + 1e-6)
    return to_x


# %% wrong="pool-backward-average" says="root of the sum of the squares"
def shared_blame(delta, x, k, s=None, kind="average"):
    step = k if s is None else s
    to_x = np.zeros(x.shape)
    for (i, j), blame in np.ndenumerate(delta):
        place = np.s_[i * step : i * step + k, j * step : j * step + k]
        if kind == "average":
            to_x[place] += blame / k**2
        elif x[place].any():
            to_x[place] += blame * x[place] / np.sqrt((x[place] ** 2.0).mean())
    return to_x


# %% wrong="pool-backward-max" says="Nobody has won in yours"
def winners_blame(delta, x, k, s=None, ties="first"):
    step = k if s is None else s
    if ties not in ("first", "split", "all"):
        raise ValueError
    to_x = np.zeros(x.shape)
    for (i, j), blame in np.ndenumerate(delta):
        best, winners = 0, []
        for a, b in np.ndindex(k, k):
            value = x[i * step + a, j * step + b]
            if value > best:
                best, winners = value, [(a, b)]
            elif value == best:
                winners.append((a, b))
        if ties == "first":
            winners = winners[:1]
        for a, b in winners:
            part = blame / len(winners) if ties == "split" else blame
            to_x[i * step + a, j * step + b] += part
    return to_x


# %% wrong="pool-backward-max" says="the first pixel of every window has"
def winners_blame(delta, x, k, s=None, ties="first"):
    step = k if s is None else s
    if ties not in ("first", "split", "all"):
        raise ValueError
    to_x = np.zeros(x.shape)
    for (i, j), blame in np.ndenumerate(delta):
        best, winners = -1, [(0, 0)]
        for a, b in np.ndindex(k, k):
            value = x[i * step + a, j * step + b]
            if value > best:
                best, winners = value, [(a, b)]
            elif value == best:
                winners.append((a, b))
        if ties == "first":
            winners = winners[:1]
        for a, b in winners:
            part = blame / len(winners) if ties == "split" else blame
            to_x[i * step + a, j * step + b] += part
    return to_x


# %% wrong="pool-backward-max" says="number n lies in row n // k"
def winners_blame(delta, x, k, s=None, ties="first"):
    step = k if s is None else s
    if ties not in ("first", "split", "all"):
        raise ValueError
    to_x = np.zeros(x.shape)
    for (i, j), blame in np.ndenumerate(delta):
        window = x[i * step : i * step + k, j * step : j * step + k]
        won = np.flatnonzero(window == window.max())
        if ties == "first":
            won = won[:1]
        for n in won:
            part = blame / len(won) if ties == "split" else blame
            to_x[i * step + n % k, j * step + n // k] += part
    return to_x


# %% wrong="pool-backward-max" says="by the number of winners, not by the number"
def winners_blame(delta, x, k, s=None, ties="first"):
    step = k if s is None else s
    if ties not in ("first", "split", "all"):
        raise ValueError
    to_x = np.zeros(x.shape)
    for (i, j), blame in np.ndenumerate(delta):
        place = np.s_[i * step : i * step + k, j * step : j * step + k]
        won = (x[place] == x[place].max()).astype(float)
        if ties == "first":
            won = (np.arange(k * k) == x[place].argmax()).reshape(k, k)
        to_x[place] += blame * won / (k**2 if ties == "split" else 1)
    return to_x


# %% wrong="pool-backward-max" says="refuse every other one"
def winners_blame(delta, x, k, s=None, ties="first"):
    step = k if s is None else s
    to_x = np.zeros(x.shape)
    for (i, j), blame in np.ndenumerate(delta):
        place = np.s_[i * step : i * step + k, j * step : j * step + k]
        won = (x[place] == x[place].max()).astype(float)
        if won.sum() > 1:
            if ties == "first":
                won = (np.arange(k * k) == x[place].argmax()).reshape(k, k)
            elif ties == "split":
                won = won / won.sum()
            elif ties != "all":
                raise ValueError
        to_x[place] += blame * won
    return to_x


# %% right="pool-global" style="weights and biases as matrices"
class AnySize(nn.Module):
    def __init__(self, channels, classes):
        super().__init__()
        self.w = nn.Parameter(torch.randn(channels, classes))
        self.b = nn.Parameter(torch.zeros(1, classes))

    def forward(self, x):
        return x.mean((2, 3)) @ self.w + self.b


# %% wrong="calm-halving" says="Too broad a blur, or one that comes behind"
class Halve(nn.Module):
    def __init__(self):
        super().__init__()
        row = torch.tensor([1.0, 4, 6, 4, 1]) / 16
        self.register_buffer("blur", torch.outer(row, row)[None, None])

    def forward(self, x):
        n, c, h, w = x.shape
        x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode="replicate"), 2, 1)
        x = F.pad(x.reshape(n * c, 1, h, w), (2, 2, 2, 2), mode="replicate")
        return F.conv2d(x, self.blur, stride=2).reshape(n, c, h // 2, w // 2)


# %% wrong="calm-halving" says=".float() makes them float32, as"
class Halve(nn.Module):
    def __init__(self):
        super().__init__()
        row = np.array([1.0, 2, 1]) / 4
        self.register_buffer("blur", torch.from_numpy(np.outer(row, row))[None, None])

    def forward(self, x):
        n, c, h, w = x.shape
        x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode="replicate"), 2, 1)
        x = F.pad(x.reshape(n * c, 1, h, w), (1, 1, 1, 1), mode="replicate")
        return F.conv2d(x, self.blur, stride=2).reshape(n, c, h // 2, w // 2)


# %% equivalent="pool-padding" why="NumPy takes lists as well"
# - windows = np.array([[padded[i:i + k, j:j + k].ravel() for j in columns] for i in rows])
# + windows = [[padded[i:i + k, j:j + k].ravel() for j in columns] for i in rows]


# %% equivalent="pool-channels" why="reshape raises a ValueError as well"
# - if C % group:
# - raise ValueError(f'{C} channels do not make groups of {group}')
# + pass


# %% equivalent="pool-channels" why="reshape raises a ValueError as well"
# - if C % group:
# + if False:


# %% equivalent="pool-channels" why="reshape raises a ValueError as well"
# - raise ValueError(f'{C} channels do not make groups of {group}')
# + pass


# %% equivalent="pool-channels" why="the groups come out even here"
# - return x.reshape(n, C // group, group, H, W).max(axis=2)
# + return x.reshape(n, -(-C // group), group, H, W).max(axis=2)


# %% equivalent="pool-backward-max" why="the same, in any order"
# - if ties not in ('first', 'split', 'all'):
# + if ties not in ('split', 'first', 'all'):


# %% equivalent="pool-backward-max" why="the same, in any order"
# - if ties not in ('first', 'split', 'all'):
# + if ties not in ('first', 'all', 'split'):


# %% equivalent="pool-global" why="the same, in any order"
# - return self.scores(x.mean(dim=(2, 3)))
# + return self.scores(x.mean(dim=(3, 2)))


# %% equivalent="pool-forward" why="the same, in any order"
# - if kind not in ['max', 'average', 'L2']:
# + if kind not in ['L2', 'average', 'max']:


# %% equivalent="pool-forward" why="the same, in any order"
# - view = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))
# + view = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 1))


# %% equivalent="pool-forward" why="the same, in any order"
# - return view.max(axis=(-1, -2))
# + return view.max(axis=(-2, -1))


# %% equivalent="pool-forward" why="the same, in any order"
# - return view.mean(axis=(-1, -2))
# + return view.mean(axis=(-2, -1))


# %% equivalent="pool-forward" why="the same, in any order"
# - return np.sqrt((view ** 2).sum(axis=(-1, -2)))
# + return np.sqrt((view ** 2).sum(axis=(-2, -1)))


# %% equivalent="pool-forward" why="the same, in any order"
# - if kind not in ('max', 'average', 'L2') or k > x.shape[1] or k > x.shape[2]:
# + if kind not in ('average', 'max', 'L2') or k > x.shape[1] or k > x.shape[2]:


# %% equivalent="pool-forward" why="the same, in any order"
# - if kind not in ('max', 'average', 'L2') or k > x.shape[1] or k > x.shape[2]:
# + if kind not in ('max', 'L2', 'average') or k > x.shape[1] or k > x.shape[2]:


# %% equivalent="pool-padding" why="a zero of either sign"
# - fill = -np.inf if kind == 'max' else 0.0
# + fill = -np.inf if kind == 'max' else -0.0


# %% equivalent="pool-padding" why="every place is written"
# - y = np.zeros((h, w))
# + y = np.ones((h, w))


# %% equivalent="pool-padding" why="the same, in any order"
# - real = x[max(top, 0):top + k, max(left, 0):left + k]
# + real = x[max(0, top):top + k, max(left, 0):left + k]


# %% equivalent="pool-padding" why="the same, in any order"
# - real = x[max(top, 0):top + k, max(left, 0):left + k]
# + real = x[max(top, 0):top + k, max(0, left):left + k]


# %% equivalent="pool-padding" why="the same, in any order"
# - return windows(np.pad(x, p, constant_values=x.min())).max((2, 3))
# + return windows(np.pad(x, p, constant_values=x.min())).max((3, 2))


# %% equivalent="pool-padding" why="numbers of another type with the same values"
# - total = windows(np.pad(x.astype(np.float32), p)).sum((2, 3))
# + total = windows(np.pad(x, p)).sum((2, 3))


# %% equivalent="pool-padding" why="the same, in any order"
# - total = windows(np.pad(x.astype(np.float32), p)).sum((2, 3))
# + total = windows(np.pad(x.astype(np.float32), p)).sum((3, 2))


# %% equivalent="pool-padding" why="numbers of another type with the same values"
# - count = windows(np.pad(np.ones_like(x, dtype=np.float32), p)).sum((2, 3))
# + count = windows(np.pad(np.ones_like(x), p)).sum((2, 3))


# %% equivalent="pool-padding" why="the same, in any order"
# - count = windows(np.pad(np.ones_like(x, dtype=np.float32), p)).sum((2, 3))
# + count = windows(np.pad(np.ones_like(x, dtype=np.float32), p)).sum((3, 2))


# %% equivalent="pool-channels" why="reshape raises a ValueError as well"
# - if C % group != 0:
# - raise ValueError('groups do not come out even')
# + pass


# %% equivalent="pool-channels" why="reshape raises a ValueError as well"
# - if C % group != 0:
# + if False:


# %% equivalent="pool-channels" why="reshape raises a ValueError as well"
# - raise ValueError('groups do not come out even')
# + pass


# %% equivalent="pool-channels" why="any negative size is worked out"
# - return x.reshape(n, -1, group, H, W).max(2)
# + return x.reshape(n, -2, group, H, W).max(2)


# %% equivalent="pool-channels" why="numbers of another type with the same values"
# - return np.stack(parts, axis=1).astype(np.float32)
# + return np.stack(parts, axis=1)


# %% equivalent="pool-channels" why="torch reads without a copy too"
# - y = torch.from_numpy(x[:, ::group].copy())
# + y = torch.from_numpy(x[:, ::group])


# %% equivalent="pool-channels" why="a maximum with itself"
# - for start in range(1, group):
# + for start in range(0, group):


# %% equivalent="pool-channels" why="the same, in any order"
# - y = torch.maximum(y, torch.from_numpy(x[:, start::group].copy()))
# + y = torch.maximum(torch.from_numpy(x[:, start::group].copy()), y)


# %% equivalent="pool-channels" why="torch reads without a copy too"
# - y = torch.maximum(y, torch.from_numpy(x[:, start::group].copy()))
# + y = torch.maximum(y, torch.from_numpy(x[:, start::group]))


# %% equivalent="pool-backward-average" why="the same, in any order"
# - all_places = [places(m, n) for m in range(k) for n in range(k)]
# + all_places = [places(n, m) for m in range(k) for n in range(k)]


# %% equivalent="pool-backward-average" why="numbers of another type with the same values"
# - parts = [delta / np.float32(k ** 2)] * k ** 2
# + parts = [delta / k ** 2] * k ** 2


# %% equivalent="pool-backward-average" why="where the length is 0 the numbers are too"
# - parts = [delta * x[place] / np.where(y > 0, y, 1) for place in all_places]
# + parts = [delta * x[place] / np.where(y > 0, y, 2) for place in all_places]


# %% equivalent="pool-backward-average" why="both are as long"
# - for place, part in zip(all_places, parts, strict=True):
# + for place, part in zip(all_places, parts):


# %% equivalent="pool-backward-average" why="both are as long"
# - for place, part in zip(all_places, parts, strict=True):
# + for place, part in zip(all_places, parts, strict=False):


# %% equivalent="pool-backward-average" why="everything but L2 is an average here"
# - def shared_blame(delta, x, k, s=None, kind='average'):
# + def shared_blame(delta, x, k, s=None, kind='averagex'):


# %% equivalent="pool-backward-average" why="numbers of another type with the same values"
# - x, delta = (torch.tensor(x).double(), torch.tensor(delta).double())
# + x, delta = (torch.tensor(x).double(), torch.tensor(delta))


# %% equivalent="pool-backward-average" why="a number far below what counts, of either sign"
# - part = w / (w.norm() + 1e-12) if kind == 'L2' else torch.ones(k, k) / k ** 2
# + part = w / (w.norm() - 1e-12) if kind == 'L2' else torch.ones(k, k) / k ** 2


# %% equivalent="pool-backward-average" why="a number far below what counts, of either sign"
# - part = w / (w.norm() + 1e-12) if kind == 'L2' else torch.ones(k, k) / k ** 2
# + part = w / (w.norm() + 2e-12) if kind == 'L2' else torch.ones(k, k) / k ** 2


# %% equivalent="pool-backward-average" why="a number far below what counts, of either sign"
# - part = w / (w.norm() + 1e-12) if kind == 'L2' else torch.ones(k, k) / k ** 2
# + part = w / (w.norm() + -1e-12) if kind == 'L2' else torch.ones(k, k) / k ** 2


# %% equivalent="pool-backward-average" why="a row is spread over all rows"
# - part = w / (w.norm() + 1e-12) if kind == 'L2' else torch.ones(k, k) / k ** 2
# + part = w / (w.norm() + 1e-12) if kind == 'L2' else torch.ones(k) / k ** 2


# %% equivalent="pool-backward-max" why="the same, in any order"
# - if ties not in ['first', 'split', 'all']:
# + if ties not in ['all', 'split', 'first']:


# %% equivalent="pool-backward-max" why="any negative size is worked out"
# - flat = windows.reshape(*delta.shape, -1)
# + flat = windows.reshape(*delta.shape, -2)


# %% equivalent="pool-backward-max" why="numbers of another type with the same values"
# - won = (flat == flat.max(2, keepdims=True)).astype(np.float32)
# + won = flat == flat.max(2, keepdims=True)


# %% equivalent="pool-backward-max" why="numbers of another type with the same values"
# - blame = delta.astype(np.float32)[:, :, None] * won
# + blame = delta[:, :, None] * won


# %% equivalent="pool-backward-max" why="numbers of another type with the same values"
# - to_x = np.zeros(x.shape, dtype=np.float32)
# + to_x = np.zeros(x.shape)


# %% equivalent="pool-global" why="the same, in any order"
# - return self.scores(x).mean((2, 3))
# + return self.scores(x).mean((3, 2))


# %% equivalent="pool-global" why="the check sets the weights"
# - self.w = nn.Parameter(0.1 * torch.randn(channels, classes))
# + self.w = nn.Parameter(0.1 + torch.randn(channels, classes))


# %% equivalent="pool-global" why="the check sets the weights"
# - self.w = nn.Parameter(0.1 * torch.randn(channels, classes))
# + self.w = nn.Parameter(0.1 / torch.randn(channels, classes))


# %% equivalent="pool-global" why="the check sets the weights"
# - self.w = nn.Parameter(0.1 * torch.randn(channels, classes))
# + self.w = nn.Parameter(torch.randn(channels, classes))


# %% equivalent="pool-global" why="the check sets the weights"
# - self.w = nn.Parameter(0.1 * torch.randn(channels, classes))
# + self.w = nn.Parameter(0.2 * torch.randn(channels, classes))


# %% equivalent="pool-global" why="the check sets the weights"
# - self.w = nn.Parameter(0.1 * torch.randn(channels, classes))
# + self.w = nn.Parameter(-0.1 * torch.randn(channels, classes))


# %% equivalent="pool-global" why="the check sets the weights"
# - self.b = nn.Parameter(torch.zeros(classes))
# + self.b = nn.Parameter(torch.ones(classes))


# %% equivalent="pool-global" why="every channel of every image has as many places"
# - return torch.einsum('nchw,ck->nk', x, self.w) / x[0, 0].numel() + self.b
# + return torch.einsum('nchw,ck->nk', x, self.w) / x[-1, 0].numel() + self.b


# %% equivalent="pool-global" why="every channel of every image has as many places"
# - return torch.einsum('nchw,ck->nk', x, self.w) / x[0, 0].numel() + self.b
# + return torch.einsum('nchw,ck->nk', x, self.w) / x[0, 1].numel() + self.b


# %% equivalent="pool-global" why="every channel of every image has as many places"
# - return torch.einsum('nchw,ck->nk', x, self.w) / x[0, 0].numel() + self.b
# + return torch.einsum('nchw,ck->nk', x, self.w) / x[0, -1].numel() + self.b


# %% equivalent="pool-forward" why="every place is written"
# - y = np.zeros((C, (H - k) // s + 1, (W - k) // s + 1))
# + y = np.ones((C, (H - k) // s + 1, (W - k) // s + 1))


# %% equivalent="pool-backward-max" why="no axis has the length one here"
# - return to_x
# + return np.squeeze(to_x)


# %% equivalent="calm-halving" why="the same, in any order"
# - row = torch.tensor([1.0, 2, 1]) / 4
# + row = torch.tensor([1, 2, 1.0]) / 4


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode='replicate'), 2, stride=1)
# + dense = F.max_pool2d(F.pad(x, (0, 1, 0, 1)), 2, stride=1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode='replicate'), 2, stride=1)
# + dense = F.max_pool2d(F.pad(x, (1, 0, 0, 1), mode='replicate'), 2, stride=1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode='replicate'), 2, stride=1)
# + dense = F.max_pool2d(F.pad(x, (0, 1, 1, 0), mode='replicate'), 2, stride=1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - one = F.pad(dense.reshape(n * C, 1, h, w), (1, 1, 1, 1), mode='replicate')
# + one = F.pad(dense.reshape(n * C, 1, h, w), (1, 1, 1, 1))


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - one = F.pad(dense.reshape(n * C, 1, h, w), (1, 1, 1, 1), mode='replicate')
# + one = F.pad(dense.reshape(n * C, 1, h, w), (0, 1, 1, 1), mode='replicate')


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - one = F.pad(dense.reshape(n * C, 1, h, w), (1, 1, 1, 1), mode='replicate')
# + one = F.pad(dense.reshape(n * C, 1, h, w), (1, 0, 1, 1), mode='replicate')


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - one = F.pad(dense.reshape(n * C, 1, h, w), (1, 1, 1, 1), mode='replicate')
# + one = F.pad(dense.reshape(n * C, 1, h, w), (1, 1, 0, 1), mode='replicate')


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - one = F.pad(dense.reshape(n * C, 1, h, w), (1, 1, 1, 1), mode='replicate')
# + one = F.pad(dense.reshape(n * C, 1, h, w), (1, 1, 1, 0), mode='replicate')


# %% equivalent="calm-halving" why="height and width are even"
# - return F.conv2d(one, self.blur, stride=2).reshape(n, C, h // 2, w // 2)
# + return F.conv2d(one, self.blur, stride=2).reshape(n, C, -(-h // 2), w // 2)


# %% equivalent="calm-halving" why="height and width are even"
# - return F.conv2d(one, self.blur, stride=2).reshape(n, C, h // 2, w // 2)
# + return F.conv2d(one, self.blur, stride=2).reshape(n, C, h // 2, -(-w // 2))


# %% equivalent="pool-forward" why="every place is written"
# - y = np.zeros((channels, rows, columns))
# + y = np.ones((channels, rows, columns))


# %% equivalent="pool-forward" why="a view with no place raises a ValueError as well"
# - if k > x.shape[1] or k > x.shape[2]:
# - raise ValueError
# + pass


# %% equivalent="pool-forward" why="a view with no place raises a ValueError as well"
# - if k > x.shape[1] or k > x.shape[2]:
# + if False:


# %% equivalent="pool-forward" why="a view with no place raises a ValueError as well"
# - if k > x.shape[1] or k > x.shape[2]:
# + if k > x.shape[1] and k > x.shape[2]:


# %% equivalent="pool-forward" why="a view with no place raises a ValueError as well"
# - if k > x.shape[1] or k > x.shape[2]:
# + if k > x.shape[1]:


# %% equivalent="pool-forward" why="a view with no place raises a ValueError as well"
# - if k > x.shape[1] or k > x.shape[2]:
# + if k > x.shape[2]:


# %% equivalent="pool-forward" why="a view with no place raises a ValueError as well"
# - if k > x.shape[1] or k > x.shape[2]:
# + if k > x.shape[2] or k > x.shape[2]:


# %% equivalent="pool-forward" why="a view with no place raises a ValueError as well"
# - if k > x.shape[1] or k > x.shape[2]:
# + if k > x.shape[1] or k > x.shape[1]:


# %% equivalent="pool-forward" why="a view with no place raises a ValueError as well"
# - raise ValueError
# + pass


# %% equivalent="pool-forward" why="numbers of another type with the same values"
# - x = x.astype(np.float32)
# + pass


# %% equivalent="pool-forward" why="numbers of another type with the same values"
# - x = x.astype(np.float32)
# + x = x


# %% equivalent="pool-forward" why="the same, in any order"
# - if min(H, W) < k:
# + if min(W, H) < k:


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, stride=1)
# + x = F.max_pool2d(F.pad(x, (0, 1, 0, 1)), 2, stride=1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, stride=1)
# + x = F.max_pool2d(x, 2, stride=1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, stride=1)
# + x = F.max_pool2d(F.pad(x, (1, 0, 0, 1), value=-torch.inf), 2, stride=1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, stride=1)
# + x = F.max_pool2d(F.pad(x, (0, 1, 1, 0), value=-torch.inf), 2, stride=1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, stride=1)
# + x = F.max_pool2d(F.pad(x, (-1, 1, 0, 1), value=-torch.inf), 2, stride=1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, stride=1)
# + x = F.max_pool2d(F.pad(x, (0, 0, 0, 1), value=-torch.inf), 2, stride=1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, stride=1)
# + x = F.max_pool2d(F.pad(x, (0, 1, -1, 1), value=-torch.inf), 2, stride=1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, stride=1)
# + x = F.max_pool2d(F.pad(x, (0, 1, 0, 0), value=-torch.inf), 2, stride=1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 2, stride=1)
# + x = F.max_pool2d(F.pad(x, (0, 1, 0, 1), value=-torch.inf), 3, stride=1)


# %% equivalent="calm-halving" why="height and width are even"
# - return x.reshape(n, C, h // 2, w // 2)
# + return x.reshape(n, C, -(-h // 2), w // 2)


# %% equivalent="calm-halving" why="height and width are even"
# - return x.reshape(n, C, h // 2, w // 2)
# + return x.reshape(n, C, h // 2, -(-w // 2))


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - self.layers = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.AvgPool2d(2, stride=1, padding=1), nn.AvgPool2d(2, stride=2))
# + self.layers = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.AvgPool2d(2, stride=2))


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - self.layers = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.AvgPool2d(2, stride=1, padding=1), nn.AvgPool2d(2, stride=2))
# + self.layers = nn.Sequential(nn.MaxPool2d(4, stride=1, padding=1), nn.AvgPool2d(2, stride=1, padding=1), nn.AvgPool2d(2, stride=2))


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - self.layers = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.AvgPool2d(2, stride=1, padding=1), nn.AvgPool2d(2, stride=2))
# + self.layers = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.AvgPool2d(3, stride=1, padding=1), nn.AvgPool2d(2, stride=2))


# %% equivalent="calm-halving" why="the stride is the window where none is given"
# - self.layers = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.AvgPool2d(2, stride=1, padding=1), nn.AvgPool2d(2, stride=2))
# + self.layers = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.AvgPool2d(2, stride=1, padding=1), nn.AvgPool2d(2))


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - self.layers = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.AvgPool2d(2, stride=1, padding=1), nn.AvgPool2d(2, stride=2))
# + self.layers = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.AvgPool2d(2, stride=1, padding=1), nn.AvgPool2d(3, stride=2))


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0), mode='replicate'), 2, 1)
# + dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0)), 2, 1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0), mode='replicate'), 2, 1)
# + dense = F.max_pool2d(x, 2, 1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0), mode='replicate'), 2, 1)
# + dense = F.max_pool2d(F.pad(x, (0, 1, 1, 0), mode='replicate'), 2, 1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0), mode='replicate'), 2, 1)
# + dense = F.max_pool2d(F.pad(x, (1, 0, 0, 1), mode='replicate'), 2, 1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0), mode='replicate'), 2, 1)
# + dense = F.max_pool2d(F.pad(x, (0, 0, 1, 0), mode='replicate'), 2, 1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0), mode='replicate'), 2, 1)
# + dense = F.max_pool2d(F.pad(x, (1, -1, 1, 0), mode='replicate'), 2, 1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0), mode='replicate'), 2, 1)
# + dense = F.max_pool2d(F.pad(x, (1, 0, 0, 0), mode='replicate'), 2, 1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0), mode='replicate'), 2, 1)
# + dense = F.max_pool2d(F.pad(x, (1, 0, 1, -1), mode='replicate'), 2, 1)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0), mode='replicate'), 2, 1)
# + dense = F.max_pool2d(F.pad(x, (1, 0, 1, 0), mode='replicate'), 3, 1)


# %% equivalent="calm-halving" why="all is float32 on one device here"
# - kernel = self.blur.to(x).expand(C, 1, 3, 3)
# + kernel = self.blur.expand(C, 1, 3, 3)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - return F.conv2d(F.pad(dense, (1, 1, 1, 1)), kernel, stride=2, groups=C)
# + return F.conv2d(F.pad(dense, (0, 1, 1, 1)), kernel, stride=2, groups=C)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - return F.conv2d(F.pad(dense, (1, 1, 1, 1)), kernel, stride=2, groups=C)
# + return F.conv2d(F.pad(dense, (1, 0, 1, 1)), kernel, stride=2, groups=C)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - return F.conv2d(F.pad(dense, (1, 1, 1, 1)), kernel, stride=2, groups=C)
# + return F.conv2d(F.pad(dense, (1, 1, 0, 1)), kernel, stride=2, groups=C)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - return F.conv2d(F.pad(dense, (1, 1, 1, 1)), kernel, stride=2, groups=C)
# + return F.conv2d(F.pad(dense, (1, 1, 1, 0)), kernel, stride=2, groups=C)


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.pad(x, (1, 2, 1, 2), mode='replicate')
# + x = F.pad(x, (1, 2, 1, 2))


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.pad(x, (1, 2, 1, 2), mode='replicate')
# + x = F.pad(x, (2, 1, 1, 2), mode='replicate')


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.pad(x, (1, 2, 1, 2), mode='replicate')
# + x = F.pad(x, (1, 2, 2, 1), mode='replicate')


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.pad(x, (1, 2, 1, 2), mode='replicate')
# + x = F.pad(x, (0, 2, 1, 2), mode='replicate')


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.pad(x, (1, 2, 1, 2), mode='replicate')
# + x = F.pad(x, (1, 1, 1, 2), mode='replicate')


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.pad(x, (1, 2, 1, 2), mode='replicate')
# + x = F.pad(x, (1, 2, 0, 2), mode='replicate')


# %% equivalent="calm-halving" why="another halving as calm, which differs at most by a pixel's place and at the border"
# - x = F.pad(x, (1, 2, 1, 2), mode='replicate')
# + x = F.pad(x, (1, 2, 1, 1), mode='replicate')


# %% equivalent="calm-halving" why="the same, in any order"
# - x = torch.maximum(x[:, :, :-1], x[:, :, 1:])
# + x = torch.maximum(x[:, :, 1:], x[:, :, :-1])


# %% equivalent="calm-halving" why="the same, in any order"
# - x = torch.maximum(x[:, :, :, :-1], x[:, :, :, 1:])
# + x = torch.maximum(x[:, :, :, 1:], x[:, :, :, :-1])
