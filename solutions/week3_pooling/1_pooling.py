# %% [markdown]
# # Pooling
#
# Week 3 · notebook 1 of 2 · about 135 minutes · 20 points
#
# If you can read a 7, you can read it three pixels further to the right. Pooling, so
# the books say, teaches a network the same. You will write pooling in both directions,
# with the traps that lie in it, and then measure how much of the promise is true. At
# the end you build a better way to make a map smaller, and prove that it is better.
#
# The 135 minutes are for two sittings of about an hour each: sections 1 to 3, and 4 and
# 5. Sections 6 to 8 are for another evening, of a good hour and a half: a head that
# reads any size, what pooling throws away, and a small invention of your own (together
# 7 of the 20 points). If you write down every *Predict*, all of it takes half an hour
# more, and you learn more.
#
# **When you are done, you can**
#
# - write max, average and L2 pooling, and say what size comes out;
# - pad a pooling without changing what it says;
# - take a gradient back through each of the three, also where numbers tie;
# - read images of any size with one network;
# - say what pooling does about shifts, with numbers, and what it does not do;
# - make maps smaller so that a shift changes less.
#
# **You need** from week 2 the size formula (exercise 1.3), strides, how blame goes back
# through a convolution, and how one writes a module (both notebook 3); from week 1
# equivariance. Networks are trained by `train.fit`, the course's loop; notebook 2 of
# this week takes such a loop apart.

# %%
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, explore, filters, plots, train
from coursekit.augment import UNCHANGED, Change
from coursekit.progress import progress
from coursekit.train import OneCycle

# %%
digits = data.mnist()
seven = digits.test.images[digits.test.labels == 7][0, 0]
wide = F.pad(seven, (6, 6))  # black columns on both sides: room to move
moved = wide.roll(3, dims=1)

# %%
plots.show(
    plots.images([wide, moved], ["a 7", "the 7, moved"], columns=2, size=2.6),
    caption="The 7 moved by three pixels. Did the network notice?",
    alt="Two black pictures of 28 by 40 pixels with the same handwritten 7 in white; "
    "in the second one it stands a little further to the right.",
)

# %% [markdown]
# A convolution moves along: if the image moves by three pixels, its maps do (week 1
# called that equivariance). But sooner or later the numbers reach a dense layer, with
# a weight of its own for every place of the map, and there a moved map is another map.
#
# **Predict:** a network has learned to read digits that all stand in the middle, and
# gets about nine of ten right. Then all test images move by 4 pixels to the right. How
# many are right now? Write down four numbers: for a network without pooling, one with
# stride 2 in its convolutions, one with average pooling, one with max pooling. Section
# 5 has ours.

# %% [markdown] topics="max pooling, average pooling, L2 pooling"
# ## 1. One number for a window
#
# A map says at each place how well something fits there: here is an edge, here a bit
# of a curve. Often we need not know exactly where. So lay small windows over the map,
# and let one number stand for each. Which one?
#
# **Predict:** the windows below are 2 × 2. What would you put in place of the four
# numbers 0, 3, 2 and 0: the largest, the mean, or something else?

# %%
x = np.array(
    [[1.0, 0, 2, 3, 0, 1], [4, 2, 0, 1, 0, 0], [0, 3, 1, 1, 2, 6], [2, 0, 1, 1, 0, 0]]
)
windows = x.reshape(2, 2, 3, 2).swapaxes(1, 2)  # two rows of three windows
pooled = {
    "max": windows.max((2, 3)),
    "average": windows.mean((2, 3)),
    "L2": np.sqrt((windows**2).sum((2, 3))),
}

# %%
plots.show(
    plots.week3.windows({"the map": x, **pooled}),
    caption="Three kinds of pooling with windows of 2 × 2. Each colour is a window; "
    "what became of it has the same colour.",
    alt="A map of 4 by 6 numbers in six coloured windows, and three results of 2 by 3. "
    "Max: 4 3 1, 3 1 6. Average: 1.75 1.5 0.25, 1.25 1 2. L2: 4.58 3.74 1, 3.61 2 "
    "6.32.",
)

# %% [markdown]
# **Max pooling** keeps the largest number: *it is here somewhere, this strongly*.
# **Average pooling** keeps the mean: *this much of it, all in all*. **L2 pooling**
# takes the length of the window, read as a vector: large numbers count for more than
# small ones, but all of them count. For a row of numbers, with a window of $k$ that
# moves by a stride of $s$,
#
# $$ y_i = \max_{0 \le m < k} x_{si+m}, \qquad
#    y_i = \frac1k \sum_{m=0}^{k-1} x_{si+m}, \qquad
#    y_i = \sqrt{\sum_{m=0}^{k-1} x_{si+m}^2} . $$
#
# In an image the window is $k \times k$, and the mean divides by $k^2$. (Many slides
# write $F$ for our $k$. And some take the mean under the root of L2, which makes it
# smaller by a factor of $k$; we do as PyTorch does, and add.) Look at the lower middle
# window, where all four numbers are 1: maximum and mean are 1 as well, and L2 is 2.
#
# Two things set a **pooling** apart from a convolution:
#
# - It has *no weights*. There is nothing to learn; it is chosen.
# - It works on *each channel by itself*. A convolution adds up over all the channels
#   that come in. From a pooling as many channels come out as went in.

# %% [markdown] topics="overlapping pooling, sizes of pooled maps"
# ## 2. Windows and steps
#
# Usually windows lie side by side, $s = k$, and PyTorch takes this stride if you name
# none. But a window may move by less than its length. AlexNet, which won the contest
# of 2012, pools with $k = 3$ and $s = 2$: neighbouring windows share a row of pixels.
#
# For sizes nothing is new. What counts is where a window stops, as for a kernel:
#
# $$ o = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1, \qquad
#    p \text{ on each side.} $$
#
# **Predict:** AlexNet's first maps have 55 pixels a side. Which pooling leaves the
# larger maps, $k = 3$, $s = 2$, or $k = 2$, $s = 2$?

# %%
maps = torch.zeros(1, 96, 55, 55)
for name, pooling in {
    "k = 3, s = 2": nn.MaxPool2d(3, stride=2),
    "k = 2, s = 2": nn.MaxPool2d(2),
    "k = 2, s = 2, ceil_mode": nn.MaxPool2d(2, ceil_mode=True),
}.items():
    print(f"{name:24}", tuple(pooling(maps).shape))

# %%
plots.show(
    plots.week3.stops(9, {"k = 3, s = 2": (3, 2), "k = 2, s = 2": (2, 2)}),
    caption="A row of 9. Windows of 3 with stride 2 share every second pixel but the "
    "outer ones (orange); windows of 2 never look at the last pixel (grey).",
    alt="Two rows of nine cells, with the stops of a window below, and below those how "
    "many windows read each cell. Left four stops of three cells, read by 1 1 2 1 2 1 "
    "2 1 1. Right four stops of two cells; all are read by 1 but the last, by 0.",
)

# %% [markdown]
# Both leave 27: the smaller window drops the last row and column, and the larger one
# does not. (With `ceil_mode=True` PyTorch rounds up: the last window may hang over the
# edge, as long as it begins inside. Then it is 28.) Krizhevsky, Sutskever and Hinton
# report that the overlap took 0.4 points off AlexNet's error (0.3 with five guesses).
# That is a small effect on a million images, and none that you could see on ours.

# %% [markdown]
# ### Exercise 1.1 · Quiz: by hand
# 1 point · 6 minutes · ●○○○○ · needs 1.3 (week 2)
#
# - `of_one_window`: a window holds 3, −4, 0 and 12. Its maximum, its average and its
#   L2, as a list of three numbers.
# - `sides_in_alexnet`: AlexNet pools three times with $k = 3$, $s = 2$, first maps of
#   55 pixels a side. The second pooling gets maps as large as those that leave the
#   first, the third as large as those that leave the second. The sides of the maps
#   that leave the three, as a list.
# - `read_four_times`: how many of the $55 \times 55$ pixels of one map lie in four
#   windows of the first pooling?
# - `channels_behind`: its input has 96 channels. How many has its output?
# - `numbers_learned`: how many weights does it learn?

# %% exercise="pool-by-hand"
of_one_window: list[float] | None = None
sides_in_alexnet: list[int] | None = None
read_four_times: int | None = None
channels_behind: int | None = None
numbers_learned: int | None = None
### BEGIN SOLUTION
of_one_window = [12, 2.75, 13]
sides_in_alexnet = [27, 13, 6]
read_four_times = 26**2
channels_behind = 96
numbers_learned = 0
### END SOLUTION

# %% check="pool-by-hand" points=1 quiz=1
checks.week3.pool_by_hand(
    of_one_window=of_one_window,
    sides_in_alexnet=sides_in_alexnet,
    read_four_times=read_four_times,
    channels_behind=channels_behind,
    numbers_learned=numbers_learned,
)

# %% [markdown] hint=1
# In the figure, which pixels of the row of 9 lie in two windows? How many are these in
# a row of 55? A pixel of a map lies in four windows if its row and its column are both
# of this kind.

# %% [markdown]
# ### Exercise 1.2 · All three, from nothing
# 3 points · 15 minutes · ●●○○○ · needs 1.1
#
# Write pooling for maps $(C, h, w)$. `kind` is `"max"`, `"average"` or `"L2"`; for any
# other raise a `ValueError`. Left out, the stride is as large as the window. A window
# that is larger than the map, in height or in width, is a `ValueError` too. Loops are
# fine, and so are NumPy's `max`, `mean` and `sum` for a window, or for all windows at
# once. (Calls that pool, like `F.max_pool2d`, or filters that do, like those of
# `scipy.ndimage`, are what you are about to write, here and up to 1.6.)


# %% exercise="pool-forward"
def pool2d(
    x: np.ndarray, k: int, s: int | None = None, kind: str = "max"
) -> np.ndarray:
    """Pooling of maps x (C, h, w) with windows of k × k and stride s.

    Returns (C, (h-k)//s + 1, (w-k)//s + 1).
    Raises ValueError for an unknown kind, or a window larger than the maps.

    >>> pool2d(np.array([[[1, 0, 2, 3], [4, 2, 0, 1]]]), 2)
    array([[[4., 3.]]])
    >>> pool2d(np.array([[[3, 0, 1], [4, 0, 2]]]), 2, s=1, kind="average")
    array([[[1.75, 0.75]]])
    """
    ### BEGIN SOLUTION
    s = k if s is None else s
    kinds = {"max": np.max, "average": np.mean, "L2": np.linalg.norm}
    if kind not in kinds or k > min(x.shape[1:]):
        raise ValueError(f"cannot pool {x.shape} by {kind!r} and windows of {k}")
    C, H, W = x.shape
    y = np.zeros((C, (H - k) // s + 1, (W - k) // s + 1))
    for c, i, j in np.ndindex(y.shape):
        y[c, i, j] = kinds[kind](x[c, s * i : s * i + k, s * j : s * j + k])
    return y
    ### END SOLUTION


# %% check="pool-forward" points=3
checks.week3.pool2d(pool2d)

# %% [markdown] hint=1
# Write one output first: `y[c, i, j]` for a channel, a row and a column. Where does its
# window begin, in rows and in columns of `x`?

# %% [markdown] hint=1
# How large is the output? `np.ndindex(2, 3, 4)` goes through all places of an array of
# that shape.

# %% [markdown] hint=1
# Fractions cut off? Look at the type of the array that you write into.

# %% [markdown] topics="padding of pooling"
# ### Zeros at the rim
#
# Poolings are padded less often than convolutions, but it happens: a window of 3 with
# stride 1 and $p = 1$ leaves the size as it is. What stands in the padding? For a
# convolution the answer was zeros. A friend has done the same.


# %%
def friends(x: np.ndarray, k: int, s: int = 1, p: int = 0) -> np.ndarray:
    """A friend's max pooling of a map (h, w) with p pixels of padding per side."""
    padded = np.pad(x, p)
    rows = range(0, padded.shape[0] - k + 1, s)
    columns = range(0, padded.shape[1] - k + 1, s)
    return np.array(
        [[padded[i : i + k, j : j + k].max() for j in columns] for i in rows]
    )


cold = np.array([[-3.0, -2, -4, -7], [-1, -5, -6, -2], [-8, -3, -9, -4]])
warm = cold + 10

# %% [markdown]
# "It passes all my tests," says the friend, who has tried it on what comes out of a
# ReLU. Below it meets two maps. The second is the first plus 10, so that its maxima
# should be those of the first plus 10, too.
#
# **Predict:** for which of the two is it wrong, and where?

# %%
plots.show(
    plots.week3.compared(
        {
            name: (
                friends(one, 3, p=1),
                F.max_pool2d(torch.tensor(one)[None], 3, 1, 1)[0],
            )
            for name, one in {"cold": cold, "warm": warm}.items()
        }
    ),
    caption="The friend's max pooling of the cold map and of the warm one, k = 3, s = "
    "1, p = 1. Orange is wrong.",
    alt="Two maps of 3 by 4. The cold one is 0 all round, orange, with −1 and −2 in "
    "the two places in the middle. The warm one holds 9 9 8 8 in each row, all white.",
)

# %% [markdown]
# In the cold map every number is negative, and the largest "pixel" of each window at
# the rim is a zero that was never there. Behind a ReLU nothing is negative, a zero
# never wins against a number above it, and the mistake sleeps. So what must the padding
# of a maximum be? A number that can never win: $-\infty$. That is what PyTorch takes.
#
# And the average? Zeros in the padding pull it towards 0. There are two answers, and
# PyTorch knows both: divide by $k^2$, as if the zeros were pixels
# (`count_include_pad=True`, its default), or divide by the number of pixels that are
# really there (`False`).

# %% [markdown]
# ### Exercise 1.3 · The bug: a sleeping zero
# 2 points · 15 minutes · ●●●○○ · needs 1.2
#
# Mend the friend's function for a map $(h, w)$, and give it an average: `kind` is
# `"max"` or `"average"`. `count_padding` says whether the average counts the zeros
# of the padding as pixels. You may count on $2p \le k$, so that every window holds a
# pixel, and on windows that fit into the padded map. The map may hold whole numbers.


# %% exercise="pool-padding"
def padded_pool(
    x: np.ndarray,
    k: int,
    s: int = 1,
    p: int = 0,
    kind: str = "max",
    count_padding: bool = True,
) -> np.ndarray:
    """Pooling of a map x (h, w), with p pixels of padding on each side.

    Returns ((h+2p-k)//s + 1, (w+2p-k)//s + 1).

    >>> padded_pool(np.array([[-3, -2]]), 2, s=2, p=1)
    array([[-3., -2.]])
    >>> padded_pool(np.array([[8, 4]]), 2, s=2, p=1, kind="average")
    array([[2., 1.]])
    >>> padded_pool(np.array([[8, 4]]), 2, 2, 1, "average", count_padding=False)
    array([[8., 4.]])
    """
    ### BEGIN SOLUTION
    padded = np.pad(x.astype(float), p, constant_values=np.nan)
    rows = range(0, padded.shape[0] - k + 1, s)
    columns = range(0, padded.shape[1] - k + 1, s)
    windows = np.array(
        [[padded[i : i + k, j : j + k].ravel() for j in columns] for i in rows]
    )
    if kind == "max":
        return np.nanmax(windows, axis=2)
    if count_padding:
        return np.nansum(windows, axis=2) / k**2
    return np.nanmean(windows, axis=2)
    ### END SOLUTION


# %% check="pool-padding" points=2
checks.week3.padded_pool(padded_pool)

# %% [markdown] hint=1
# `np.pad(x, p, constant_values=…)` puts another number into the padding. An array of
# whole numbers has no room for $-\infty$: what could you do to `x` first?

# %% [markdown] hint=1
# How many pixels of a window are really there? Pad a map full of ones in the same way,
# and add.

# %% [markdown] topics="pooling over channels"
# ## 3. Pooling over channels
#
# Nothing says that a window must lie in one map. Take a stack of maps, and let one
# number stand for what they say at the *same place*.
#
# Below is a disc and one kernel that finds an edge, in eight directions. Each of the
# eight answers most where the rim runs its way, less the more it turns, and not at all
# beyond a right angle.
#
# **Predict:** at each place, take the largest of the eight numbers. What does that
# picture look like?

# %%
rows, columns = np.mgrid[-16:17, -16:17]
disc = np.clip(12.5 - np.hypot(rows, columns), 0, 1)
down = np.array([[-1.0, -2, -1], [0, 0, 0], [1, 2, 1]])
angles = np.arange(8) * np.pi / 4
turned = [np.cos(a) * down.T + np.sin(a) * down for a in angles]
answers = np.array([np.maximum(filters.correlate2d(disc, w), 0) for w in turned])
strongest = answers.max(axis=0)

# %%
plots.show(
    plots.images(
        [4 * disc, *answers[[0, 1, 2, 3]], strongest],
        ["the disc", "0°", "45°", "90°", "135°", "max of all 8"],
        columns=6,
        size=1.55,
        limits=(0, float(strongest.max())),
    ),
    caption="Four of the eight maps, and the maximum over all eight: an edge, whatever "
    "its direction.",
    alt="A disc; four maps, in each of which another stretch of the rim is bright, "
    "first on the left, last on the upper right; and the maximum, a bright ring.",
)

# %%
rim = np.abs(np.hypot(*np.mgrid[-15:16, -15:16]) - 12) < 0.5
for name, values in {"0° alone": answers[0], "max of all 8": strongest}.items():
    print(f"{name:14} {values[rim].min():.2f} to {values[rim].max():.2f} on the rim")

# %% [markdown]
# A ring, and nearly an even one: along the rim the maximum stays between 3.8 and 4.2,
# where one map alone goes from 0 to 4. Pooling over places forgets a little *where*
# something is. Pooling over channels forgets a little *what* it is: here, the direction
# of an edge. If the eight kernels are learned, the network chooses for itself what it
# does not want to know. Goodfellow and others (2013) took such a maximum in place of an
# activation, and called the unit **maxout**.

# %% [markdown]
# ### Exercise 1.4 · A maximum across the stack
# 1 point · 5 minutes · ●●○○○ · needs nothing
#
# Write it for a batch of maps $(n, C, h, w)$: every `group` neighbouring channels
# become one, their largest number at each place. Channels 0 to `group` − 1 become
# channel 0, the next ones channel 1, and so on. If `group` does not divide $C$, raise a
# `ValueError`.


# %% exercise="pool-channels"
def maxout(x: np.ndarray, group: int) -> np.ndarray:
    """Maximum over groups of channels: (n, C, h, w) to (n, C // group, h, w).

    Raises ValueError if the groups do not come out even.

    >>> x = np.array([1, 5, 2, 0, -3, -4]).reshape(1, 6, 1, 1)
    >>> maxout(x, 2).ravel()
    array([ 5,  2, -3])
    """
    ### BEGIN SOLUTION
    n, C, H, W = x.shape
    if C % group:
        raise ValueError(f"{C} channels do not make groups of {group}")
    return x.reshape(n, C // group, group, H, W).max(axis=2)
    ### END SOLUTION


# %% check="pool-channels" points=1
checks.week3.maxout(maxout)

# %% [markdown] hint=1
# In which order does `reshape` fill in the numbers? If you cut the axis of the channels
# into two, which of the two must be `group` long?

# %% [markdown]
# Here is a good place for a break.

# %% [markdown] topics="gradients of pooling, ties, L2 at zero"
# ## 4. Who is to blame, when only the largest spoke?
#
# Now backwards. If output $y_i$ grows a little, the loss grows
# $\delta_i = \partial\mathcal{L} / \partial y_i$ times as much (week 2). We want to
# know the same for each number of the map.
#
# **Predict:** here is a map, and what comes back for its four windows. Who gets how
# much, if $y$ was the maximum? If it was the average? And L2?

# %%
x = np.array([[1.0, 2, 2, 3], [4, 2, 6, 0], [0, 3, 4, 2], [4, 0, 5, 2]])
delta = np.array([[5.0, -14], [10, 14]])
leaf = torch.tensor(x[None, None], requires_grad=True)
back = {}
for name, y in {
    "max": F.max_pool2d(leaf, 2),
    "average": F.avg_pool2d(leaf, 2),
    "L2": F.lp_pool2d(leaf, 2, 2),
}.items():
    back[name] = torch.autograd.grad(y, leaf, torch.tensor(delta[None, None]))[0][0, 0]

# %%
plots.show(
    plots.week3.windows(
        {"x": x, "δ": delta} | {f"for x: {n}": b for n, b in back.items()},
        columns=3,
    ),
    caption="A map x, what comes back for its windows (δ), and three gradients for x. "
    "What was not the largest gets nothing from a maximum.",
    alt="A map of 4 by 4 in four coloured windows; four numbers 5, −14, 10, 14; and "
    "three gradients of 4 by 4. Max: 5, −14, 10 and 14 where the largest numbers "
    "stand, zeros elsewhere. Average: all of a window get the same, 1.25, −3.5, 2.5, "
    "3.5. L2: 1 2 4 2 in the first window, 8 4 10 4 in the last.",
)

# %% [markdown]
# The maximum is a switch: the winner gets all of $\delta$, the losers nothing. The
# average is fair: each gets $\delta / k^2$. And L2 gives in proportion, since by the
# chain rule
#
# $$ \frac{\partial y_i}{\partial x_{si+m}} = \frac{x_{si+m}}{y_i} . $$
#
# In the last window 4, 2, 5, 2 has the length 7, so they get 8, 4, 10 and 4 of the 14.
#
# The rest you know from week 2. Where windows overlap, a number that lies in several is
# blamed by each of them, and the blames add up. What no window has read gets 0. And the
# gradient is as large as the map, dropped rows and all.
#
# **Predict:** what is the slope of L2 for a window in which all numbers are 0? Behind
# a ReLU there are many.

# %%
for name, length in {
    "F.lp_pool2d": lambda x: F.lp_pool2d(x, 2, 2),
    "root of the sum of squares": lambda x: x.square().sum().sqrt(),
}.items():
    dark = torch.zeros(1, 1, 2, 2, requires_grad=True)
    length(dark).sum().backward()
    print(f"{name:28}", dark.grad.flatten().tolist())

# %% [markdown]
# $0/0$. Written out by hand it becomes `nan`, *not a number*, and whoever adds it to
# anything gets `nan` again: one black window, one step of training, and every weight
# below is gone. At zero the length has no slope, as $|x|$ has none: it grows in every
# direction. Any four numbers with a length of at most 1 would be defensible; PyTorch's
# pooling says 0, and so shall we.

# %% [markdown]
# ### Exercise 1.5 · Blame for the many
# 3 points · 14 minutes · ●●●○○ · needs 1.2
#
# Write the gradient for a map $(h, w)$ whose average or L2 has been pooled. `kind` is
# `"average"` or `"L2"`. Windows may overlap, and some pixels may lie in none. A window
# in which all numbers are 0 blames nobody if it was pooled by L2. (Here and in 1.6:
# no call that pools or that differentiates.)


# %% exercise="pool-backward-average"
def shared_blame(
    delta: np.ndarray,
    x: np.ndarray,
    k: int,
    s: int | None = None,
    kind: str = "average",
) -> np.ndarray:
    """Gradient (h, w) for a map x (h, w) that was pooled by windows of k × k.

    delta: ((h-k)//s + 1, (w-k)//s + 1), the gradient for each output; s is k if None.

    >>> shared_blame(np.array([[8, 4]]), np.ones((2, 5)), 2)
    array([[2., 2., 1., 1., 0.],
           [2., 2., 1., 1., 0.]])
    >>> shared_blame(np.array([[10]]), np.array([[1, 2], [2, 4]]), 2, kind="L2")
    array([[2., 4.],
           [4., 8.]])
    """
    ### BEGIN SOLUTION
    s = k if s is None else s
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        window = np.s_[s * i : s * i + k, s * j : s * j + k]
        if kind == "average":
            to_x[window] += value / k**2
        elif x[window].any():
            to_x[window] += value * x[window] / np.sqrt(np.sum(x[window] ** 2))
    return to_x
    ### END SOLUTION


# %% check="pool-backward-average" points=3
checks.week3.shared_blame(shared_blame)

# %% [markdown] hint=1
# Stand at one output `delta[i, j]`, and write down the slice of the map that it has
# read. What does it add there?

# %% [markdown] hint=1
# Right without overlaps only? What happens to a number that is already there when the
# next window comes?

# %% [markdown]
# ### When two are the largest
#
# In the maps above every window had one largest number. Often there are several.
#
# **Predict:** a window holds 3, 3, 1 and 3, and the blame is 6. Who should get it? Say
# what you think before you see that one library gives two answers.

# %%
for name, largest in {
    "F.max_pool2d": lambda x: F.max_pool2d(x, 2),
    "x.amax": lambda x: x.amax((2, 3), keepdim=True),
}.items():
    tied = torch.tensor([[[[3.0, 3], [1, 3]]]], requires_grad=True)
    largest(tied).backward(torch.full((1, 1, 1, 1), 6.0))
    print(f"{name:13}", tied.grad.flatten().tolist())

# %%
few = digits.test.images[:1000, 0].view(-1, 14, 2, 14, 2).transpose(2, 3).flatten(3)
ties = (few == few.amax(3, keepdim=True)).sum(3) > 1
bright = few.amax(3) > 0
print(f"windows of a digit with a tie: {ties.float().mean():.0%}")
print(f"of those that are not all black: {ties[bright].float().mean():.0%}")

# %% [markdown]
# PyTorch's pooling gives everything to the *first* of them, in reading order; its
# `amax` *splits* it into equal parts. A third rule is found in much home-made code,
# which compares the map with the maximum and hands $\delta$ to *all* that are equal:
# 6, 6, 0 and 6. Which one is right?
#
# At a tie the maximum has no slope. Nudge one of the three up, and the maximum follows
# at once; nudge it down, and nothing happens, the others hold the place. *First* and
# *split* both hand out exactly the 6 that came. *All* makes 18 of them, and the more
# pixels tie, the larger the step that is taken: that is a bug.
#
# Ties are no rarity. On MNIST four of five windows tie, most of them because they are
# all black; but even of those with some ink it is a third, since the middle of a stroke
# is as good as white, 253, say, over several pixels. Behind a ReLU a tie is usually one
# of zeros. Then the blame goes to a ReLU that is shut and ends there, whatever the
# rule.

# %% [markdown]
# Now walk over a pooling yourself: windows of 3 with stride 2, as in AlexNet, on a map
# of 8 × 8. Below each number of the window stands its share of what comes back to this
# output.
#
# **Predict**, before you press *Send a gradient back*, which gives a 1 to each of the
# nine outputs: which number of the map gets the most, and how much? How many of the 64
# get anything at all? And if you tick *Average*? (Nothing moves? Then call it with
# `back=True`, and once more with `kind="average"`.)

# %%
board = [
    [1, 0, 2, 0, 0, 1, 3, 2],
    [0, 2, 0, 3, 4, 0, 0, 1],
    [2, 0, 1, 0, 2, 4, 1, 0],
    [0, 3, 0, 6, 1, 0, 2, 0],
    [1, 0, 8, 0, 3, 0, 0, 2],
    [0, 2, 0, 1, 0, 5, 0, 1],
    [3, 0, 1, 0, 2, 0, 1, 0],
    [0, 1, 0, 2, 0, 7, 0, 9],
]
explore.pooling(board, k=3, s=2, row=1, column=1)

# %% [markdown]
# The 8 lies in four windows, wins each of them, and gets 4. Only four more of the 64
# get anything: 1, 2, 1 and 1, so that all together have the 9 that were sent. The first
# 2 in the first row ties with two others, which go away with nothing; so does the 9 in
# the corner, the largest number of all, since no window reads the last row and column.
# Tick *Average*, and only these 15 get nothing: whoever lies in one window gets 1/9,
# and 4/9 where four windows meet, whether a large number stands there or a 0. The sum
# is 9 again. A maximum tells a few numbers a lot, an average tells everyone a little.

# %% [markdown]
# ### Exercise 1.6 · The winner, or the winners
# 3 points · 18 minutes · ●●●●○ · needs 1.5
#
# Write the gradient of max pooling for a map $(h, w)$, with all three rules: `ties` is
# `"first"`, `"split"` or `"all"`; refuse any other with a `ValueError`. Windows may
# overlap: each of them has winners of its own, and the same pixel can win several
# times. Numbers may be negative.


# %% exercise="pool-backward-max"
def winners_blame(
    delta: np.ndarray, x: np.ndarray, k: int, s: int | None = None, ties: str = "first"
) -> np.ndarray:
    """Gradient (h, w) for a map x (h, w), max pooled by windows of k × k.

    delta: ((h-k)//s + 1, (w-k)//s + 1), the gradient for each output; s is k if None.
    ties: what equal winners of a window get: the first of them all of it, each an
    equal part, or each all of it.  Raises ValueError for another rule.

    >>> x = np.array([[3, 3, 0], [1, 3, 7]])
    >>> winners_blame(np.array([[6]]), x, 2)
    array([[6., 0., 0.],
           [0., 0., 0.]])
    >>> winners_blame(np.array([[6, 1]]), x, 2, s=1, ties="split")
    array([[2., 2., 0.],
           [0., 2., 1.]])
    """
    ### BEGIN SOLUTION
    if ties not in ("first", "split", "all"):
        raise ValueError(f"there is no rule {ties!r}")
    s = k if s is None else s
    to_x = np.zeros(x.shape)
    for (i, j), value in np.ndenumerate(delta):
        window = np.s_[s * i : s * i + k, s * j : s * j + k]
        won = (x[window] == x[window].max()).astype(float)
        if ties == "split":
            won /= won.sum()
        if ties == "first":
            won = np.arange(won.size).reshape(won.shape) == won.argmax()
        to_x[window] += value * won
    return to_x
    ### END SOLUTION


# %% check="pool-backward-max" points=3
checks.week3.winners_blame(winners_blame)

# %% [markdown] hint=1
# `x[window] == x[window].max()` marks the winners of one window. How many are there,
# and what does each rule make of them?

# %% [markdown] hint=1
# For the first: `argmax` gives the place of the first largest number, counted along the
# rows. `np.unravel_index(place, (k, k))` gives row and column of it in the window, and
# where does the window begin?

# %% [markdown] hint=1
# Right without overlaps, wrong with them? Two windows with the same winner both blame
# it.

# %% [markdown] topics="invariance to shifts, training with shifts"
# ## 5. Did the network notice?
#
# First without a network. One bright pixel walks to the right along a row of eight, and
# three ways to make half as many numbers look at it.
#
# **Predict:** what does each of them put out, step by step?

# %%
steps = np.eye(8)[1:6]  # the pixel in place 1, 2, 3, 4, 5
pairs = steps.reshape(5, 4, 2)
ways = {
    "the row": steps,
    "stride 2": pairs[:, :, 0],
    "average": pairs.mean(2),
    "max": pairs.max(2),
}

# %%
plots.show(
    plots.week3.walks(ways),
    caption="A bright pixel walks. With stride 2 it blinks; the average and the "
    "maximum keep still for one step, and jump at the next.",
    alt="Four tables of five rows, one a step. In the row a 1 walks from place 1 to "
    "place 5. With stride 2: nothing, 1 in place 1, nothing, 1 in place 2, nothing. "
    "Average: 0.5 in places 0, 1, 1, 2, 2. Max: 1 in places 0, 1, 1, 2, 2.",
)

# %% [markdown]
# "Pooling gives **translation invariance**" stands in many lecture notes. What you see
# is less. Within a window the pixel can move unseen. Over the border of the window it
# moves by a whole place. So the promise is kept for *some* shifts, by *part* of the
# outputs, and only as far as the window reaches. A bare stride is worse: of this row it
# never sees every second pixel. (A convolution with a kernel of 3 sees them all, but
# answers at every second place only.)
#
# Does a network do better, which pools three times and has learned from examples? Ask
# it. Four networks read digits that stand in the middle of 24 × 40 pixels. They have
# the same three convolutions, of 4, 8 and 8 channels, and a dense layer on top. They
# differ in how they make the maps smaller: not at all, by a stride of 2, by average
# pooling, or by max pooling, each time by half.


# %%
WAYS: dict[str, tuple[int, nn.Module]] = {  # stride of the convolution; what follows
    "none": (1, nn.Identity()),
    "stride": (2, nn.Identity()),
    "average": (1, nn.AvgPool2d(2)),
    "max": (1, nn.MaxPool2d(2)),
}


# %%
def stages(way: str, last: int = 8) -> list[nn.Module]:
    """Three times a convolution, a ReLU, and the way to half the size."""
    stride, pool = WAYS[way]
    layers: list[nn.Module] = []
    for inputs, outputs in ((1, 4), (4, 8), (8, last)):
        conv = nn.Conv2d(inputs, outputs, 3, stride, padding=1)
        layers += [conv, nn.ReLU(), pool]
    return layers


# %%
def dense_head(way: str) -> nn.Sequential:
    """A network with a weight for each place of the last maps."""
    places = 24 * 40 if way == "none" else 3 * 5
    return nn.Sequential(*stages(way), nn.Flatten(), nn.Linear(8 * places, 10))


# %% [markdown]
# Each learns from 3,000 digits, for two rounds (*epochs*, in notebook 2), and then
# reads 600 others, moved to the right by 0 to 8 pixels. Three runs of each, which
# differ in their first weights and in the order of the images. (`Adam` is an optimiser,
# a cousin of SGD that gives each weight a step size of its own, and `OneCycle` lets the
# learning rate rise and fall. Notebook 2 explains SGD and such a rate; how Adam chooses
# its steps is in week 4, notebook 3, section 7.)


# %%
def widened(split: data.Split, n: int) -> data.Split:
    """The first n images, 24 × 40 pixels."""
    return data.Split(F.pad(split.images[:n], (6, 6, -2, -2)), split.labels[:n])


def shifted(images: Tensor, n: int) -> Tensor:
    """The images, n pixels further to the right; black comes in from the left."""
    return F.pad(images, (n, -n))


# %%
examples, unseen = widened(digits.train, 3000), widened(digits.test, 600)


# %%
def trained(
    model: nn.Module, seed: int, rounds: int = 2, change: Change = UNCHANGED
) -> nn.Module:
    """The model after its training; `change` is made to the images of each step."""
    epochs = rounds * 3000 // len(examples.labels)  # more, if there are fewer examples
    rate = OneCycle(0.01, epochs * -(-len(examples.labels) // 32))
    how = {"lr": rate, "optimiser": torch.optim.Adam, "augment": change}
    how |= {"epochs": epochs, "batch_size": 32, "seed": seed, "label": None}
    how["channels_last"] = True  # another order in memory: the same, but quicker
    train.fit(model, examples, **how)
    return model


# %%
def curve(model: nn.Module) -> list[float]:
    """The share of digits that are read right, moved by 0, 1, … 8 pixels."""
    moved = [data.Split(shifted(unseen.images, n), unseen.labels) for n in range(9)]
    return [train.accuracy(model, split) for split in moved]


# %%
curves: dict[str, list[list[float]]] = {}
runs = [
    (way, seed) for way in ("none", "stride", "average", "max") for seed in range(3)
]
for way, seed in progress(runs, "Twelve networks"):
    torch.manual_seed(seed)
    curves.setdefault(way, []).append(curve(trained(dense_head(way), seed)))
for way, three in curves.items():
    means = " ".join(f"{mean:4.0%}" for mean in np.mean(three, axis=0))
    at_4 = ", ".join(f"{run[4]:.0%}" for run in three)
    print(f"{way:8}{means}   at 4 pixels: {at_4}")

# %%
plots.show(
    plots.week3.shift_curves(curves),
    caption="How many digits are still read right when all of them move. Lines are "
    "means of three runs, bands reach from the worst to the best.",
    alt="Four falling curves over a shift of 0 to 8 pixels. All begin high and close "
    "together. The one of max pooling falls latest, then average, then stride and no "
    "pooling at all, which fall together.",
)

# %% [markdown]
# Nothing is invariant. Of nearly nine in ten, at 4 pixels about one in three is left
# without pooling (35 % on average over the runs) and with a stride (30 %); with
# averages it is 40 %, and with maxima 68 %. Runs differ a good deal, so read what
# is printed behind *at 4 pixels*: the three of max pooling lie between 62 and 74 %, all
# others below 55. Maxima keep most, and by more than luck. About the order of
# the other three these runs say nothing. And at 8 pixels, about half of a digit's
# width, max pooling is down to 27 % as well.
#
# (Where MNIST cannot be had, the course reads its small stand-in digits instead. Then
# all percents in this section and the next are other ones, and the lead of max pooling
# is no larger than the spread.)
#
# There is another way, and it needs no layer at all: show the network digits that
# stand somewhere else.
#
# **Predict:** the network with stride 2, one of the two worst, is trained once more,
# and each time it sees an image that has moved by −8 to 8 pixels, at random. (It gets
# twice as many rounds, since it has more to learn.) Is it better than max pooling now?


# %%
def shaken(images: Tensor, dice: torch.Generator) -> Tensor:
    """Every image moved by a random −8 … 8 pixels, another amount each time."""
    moves = torch.randint(-8, 9, (len(images),), generator=dice).tolist()
    return torch.stack([shifted(i, n) for i, n in zip(images, moves, strict=True)])


for seed in progress(range(3), "Three more"):
    torch.manual_seed(seed)
    model = trained(dense_head("stride"), seed, rounds=4, change=shaken)
    curves.setdefault("stride, moved examples", []).append(curve(model))
for way in ("max", "stride, moved examples"):
    means = " ".join(f"{mean:4.0%}" for mean in np.mean(curves[way], axis=0))
    print(f"{way:23}{means}   worst at 4: {min(run[4] for run in curves[way]):.0%}")

# %%
plots.show(
    plots.week3.shift_curves(curves),
    caption="The same four, and the strided network after a training with moved "
    "examples.",
    alt="The four falling curves, and a fifth that stays nearly level from 0 to 8 "
    "pixels, above all others from a shift of some pixels on.",
)

# %% [markdown]
# It is, and by far: 85 or 86 % from 0 to 6 pixels, and about 80 at 8. At 4 pixels the
# worst of its three runs (85 %) is above the best of max pooling (74 %). What shall not
# matter is best shown in the examples; week 4 makes a method of it. A layer that
# forgets a little is the smaller help.

# %% [markdown]
# Here the 135 minutes end. For the other evening: select this cell and let Jupyter run
# all cells above it.

# %% [markdown] topics="global average pooling, inputs of varying size"
# ## 6. A window as large as the map
#
# The culprit is the dense layer: it has learned what an edge *at this place* means. So
# make the last window as large as the whole map, and take the mean. One number for each
# channel is left, and *where* is gone for good. This is **global
# average pooling**, by Lin, Chen and Yan (2013), whose network you build in week 6.
#
# Since a channel has a single number to say what it has found, we give the last
# convolution 16 channels, not 8. A dense layer takes these 16 numbers to 10 scores,
# with $16 \cdot 10 + 10 = 170$ weights; above 8 maps of $3 \times 5$ there were
# $8 \cdot 15 \cdot 10 + 10 = 1210$. And something else has changed.
#
# **Predict:** which of the two networks, the one with the dense head or the one with
# the mean, can read an image of another size?


# %%
def mean_head(way: str) -> nn.Sequential:
    """A network that takes the mean of each of its last maps."""
    mean = [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*stages(way, last=16), *mean, nn.Linear(16, 10))


for size in ((24, 40), (48, 48), (64, 200)):
    image = torch.zeros(1, 1, *size)
    for name, model in (("dense", dense_head("max")), ("mean", mean_head("max"))):
        try:
            print(size, name, tuple(model(image).shape))
        except RuntimeError as error:
            print(size, name, "refused:")
            print("   ", error)

# %% [markdown]
# Convolutions and poolings take what comes: a larger image makes larger maps. Only the
# dense layer counts its inputs. With the mean in front of it there are always 16, and
# the network reads any size.
#
# `nn.AdaptiveAvgPool2d(1)` chooses its window so that one number is left. There is a
# second way to say the same. Mean and dense layer are both linear, so they can change
# places: first a dense layer at *every place* of the map, which is a 1×1 convolution
# (week 1), with 10 maps of scores as its output; then the mean of each. A network that
# has nothing but convolutions and poolings is called **fully convolutional**.

# %% [markdown]
# ### Exercise 1.7 · A head for any size
# 2 points · 8 minutes · ●●○○○ · needs nothing
#
# Write the head as a module, in either order: maps $(n, C, h, w)$ of any height and
# width become scores $(n, \text{classes})$. The mean goes over the places of each image
# by itself. It has the weights and biases of one linear layer from $C$ channels to the
# classes, and no others; there is no activation.


# %% exercise="pool-global"
class AnySize(nn.Module):
    """Maps x (n, channels, h, w), any h and w, to scores (n, classes)."""

    def __init__(self, channels: int, classes: int) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.scores = nn.Linear(channels, classes)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """The scores, shape (n, classes)."""
        ### BEGIN SOLUTION
        return self.scores(x.mean(dim=(2, 3)))
        ### END SOLUTION


# %% check="pool-global" points=2
checks.week3.AnySize(AnySize)

# %% [markdown] hint=1
# `x.mean(dim=…)` takes the mean over one axis or several. Which axes of $(n, C, h, w)$
# are places?

# %% [markdown] hint=1
# With `nn.AdaptiveAvgPool2d(1)` the output still has four axes. Which two must go? And
# why is `squeeze()` dangerous when the batch holds one image?

# %% [markdown]
# ### Exercise 1.8 · Quiz: before you measure
# 1 point · 6 minutes · ●●○○○ · needs nothing
#
# All four ask for a prediction. The measurement below tests the third. Take a network
# of convolutions and ReLUs with a mean over all places at the end. There is enough
# black around the digit, and no rim that it could feel.
#
# - `same_without_strides`: all strides are 1 and there is no pooling. The digit moves
#   by 1, 2, 3, … pixels. What is the smallest of these shifts after which the scores
#   are certainly what they were?
# - `same_with_2_and_3`: now two of its layers have strides, 2 and 3. And here?
# - `same_in_ours`: and in the network of `mean_head("stride")`, if it did not feel the
#   rim of its padding?
# - `same_with_dense`: a dense head in place of the mean, strides of 2 and 3: is there
#   any shift, other than 0, after which the scores are certainly the same? `"yes"` or
#   `"no"`.

# %% exercise="pool-prediction"
same_without_strides: int | None = None
same_with_2_and_3: int | None = None
same_in_ours: int | None = None
same_with_dense: str | None = None
### BEGIN SOLUTION
same_without_strides = 1
same_with_2_and_3 = 6
same_in_ours = 8
same_with_dense = "no"
### END SOLUTION

# %% check="pool-prediction" points=1 quiz=1
checks.week3.pool_prediction(
    same_without_strides=same_without_strides,
    same_with_2_and_3=same_with_2_and_3,
    same_in_ours=same_in_ours,
    same_with_dense=same_with_dense,
)

# %% [markdown] hint=1
# A layer of stride 2 moves its map by one place when its input moves by two pixels.
# When its input moves by one, what happens is anybody's guess. By how much does the
# map behind a second such layer move, if the image moves by two pixels?

# %% [markdown]
# ### The measurement
#
# The same training, with the mean in place of the dense layer, and twice as long, since
# so few weights learn more slowly.
#
# **Predict:** what do the two curves look like, for stride 2 and for max pooling?

# %%
heads: dict[str, list[list[float]]] = {}
runs = [(way, seed) for way in ("stride", "max") for seed in range(3)]
for way, seed in progress(runs, "Six networks"):
    torch.manual_seed(seed)
    model = trained(mean_head(way), seed, rounds=4)
    heads.setdefault(f"{way}, mean", []).append(curve(model))
for way, three in heads.items():
    means = " ".join(f"{mean:4.0%}" for mean in np.mean(three, axis=0))
    at_4 = ", ".join(f"{run[4]:.0%}" for run in three)
    print(f"{way:14}{means}   at 4 pixels: {at_4}")

# %%
plots.show(
    plots.week3.shift_curves(heads),
    caption="With a global mean at the end the network with strides of 2 comes back at "
    "a shift of 8 pixels, its total stride.",
    alt="Two curves over a shift of 0 to 8 pixels. The one of max pooling is nearly "
    "level. The one with stride sinks to its lowest point near 4 pixels and rises "
    "again to where it began at 8.",
)

# %% [markdown]
# The strided network falls from 72 to 43 %, in each of its three runs by more than 20
# points, and at 8 pixels it is back at 70. There its last maps have moved by exactly
# one place, and the mean does not see that. (Not to the last digit, as you would have
# predicted: the padding of the convolutions is a rim that the maps can feel.) At 4
# pixels it looks at other pixels than it has learned to look at.
#
# With max pooling it is nearly 80 % at the ends and 75 in the middle. So here, with
# three poolings *and* a mean over all places, the promise is nearly kept. It has its
# price: the network does not know that a 6 has its loop below. And it learns more
# slowly: after twice as long a training it still reads fewer of the unmoved digits than
# those with the dense head.

# %% [markdown] topics="what pooling throws away"
# ## 7. What is thrown away
#
# A pooling of 4 × 4 puts one number in the place of sixteen. Which pictures does it
# take for the same?
#
# **Predict:** below is a cat, and what max pooling leaves of it. Could you draw another
# picture, as different as you like, of which it leaves exactly the same?

# %%
cat = data.photograph("chelsea", 96)[:, :, 17:113].float().mean(0) / 255
blocks = cat.reshape(24, 4, 24, 4).transpose(1, 2).flatten(2)  # (24, 24, 16)
dice = torch.Generator().manual_seed(0)
order = torch.rand(blocks.shape, generator=dice).argsort(2)
largest = torch.zeros_like(blocks).scatter_(2, order[..., :1], blocks.amax(2, True))
others = {"shuffled": blocks.gather(2, order), "one in sixteen": largest}
pictures = {"the cat": cat}
for name, values in others.items():
    pictures[name] = values.reshape(24, 24, 4, 4).transpose(1, 2).reshape(96, 96)
left = {name: F.max_pool2d(p[None], 4)[0] for name, p in pictures.items()}

# %%
plots.show(
    plots.images(
        [*pictures.values(), *left.values()],
        [*pictures, *(f"pooled: {name}" for name in left)],
        columns=3,
        size=2.6,
        limits=(0, 1),
    ),
    caption="Three pictures with the same max pooling. In the second the pixels of "
    "each window changed places; in the third only the largest of sixteen is left.",
    alt="Above: the face of a cat; the same, grainy; and grey dots strewn on black, "
    "in which no cat can be seen. Below, three times the same coarse picture of the "
    "cat.",
)

# %%
same = [torch.equal(one, left["the cat"]) for one in left.values()]
mean = [F.avg_pool2d(p[None], 4)[0] for p in pictures.values()]
print("same maximum: ", same)
print("same average: ", [torch.allclose(one, mean[0]) for one in mean])

# %% [markdown]
# All three agree to the last digit. In the second picture the pixels of every window
# have changed places, so that the average cannot tell it from the first either; in the
# third, fifteen of sixteen are black. A window of $k \times k$ forgets in
# which of its $k^2$ places the largest number stood, and three poolings of 2 in a row
# forget the place up to 7 pixels.
#
# For *is there a cat?* that may be welcome. For *where is its eye?* it is not, and
# networks for such questions avoid pooling, or bring the lost places back in (week 9).
# Geoffrey Hinton objects for another reason. A face is two eyes, a nose and a mouth *in
# the right places to each other*. A layer that forgets where each of them was, a little
# at every stage, can be content with a heap of parts. In his words (he answered
# questions of readers on Reddit, in 2014), pooling "is a big mistake and the fact that
# it works so well is a disaster". His own proposal, to *keep* the place and let it
# change with the object, is week 8.

# %% [markdown] topics="aliasing, blurring before subsampling"
# ## 8. Smaller, but calm
#
# (Do you begin here? Then run first the two code cells at the top and, in section 5,
# the one that defines `shifted`. No training is needed.)
#
# What does a layer that halves its maps make of things that change fast? Look at a row
# of stripes, one pixel white, one black, and let it move by one. Windows begin at the
# first pixel.
#
# **Predict:** what does a stride of 2 see before and after? What do pooling by the
# average and by the maximum?


# %%
def halved(row: list[int]) -> dict[str, np.ndarray]:
    """A row that goes on for ever, the same one pixel later, and what is made of it."""
    both = np.array([np.tile(row, 5)[:10], np.roll(np.tile(row, 5), 1)[:10]], float)
    inner = np.lib.stride_tricks.sliding_window_view(both, 3, axis=1)
    return {
        "stripes": both[:, 1:9],
        "stride 2": both[:, 1:9:2],
        "max": np.maximum(both[:, 1:9:2], both[:, 2:10:2]),
        "average": (both[:, 1:9:2] + both[:, 2:10:2]) / 2,
        "blur, then stride 2": (inner @ [0.25, 0.5, 0.25])[:, ::2],
    }


thin, broad = halved([0, 1]), halved([0, 1, 1, 0])

# %%
plots.show(
    plots.week3.walks(thin),
    caption="Stripes, and the same moved by one pixel. To a stride of 2 they are all "
    "white or all black.",
    alt="Five tables of two rows. Stripes: 1 0 1 0 and so on; below 0 1 0 1. Stride 2: "
    "four ones, below four zeros. Max: ones in both rows. Average: 0.5 in both rows. "
    "Blur, then stride 2: 0.5 in both rows.",
)

# %% [markdown]
# Max and average look calm. But that is luck, the luck of stripes as wide as half a
# window. (The fifth table is a way that we come to below: at every place add ¼, ½ and ¼
# of three neighbours, and only then take every second number.)
#
# **Predict:** now each stripe is two pixels wide. What do the four put out, before and
# after?

# %%
plots.show(
    plots.week3.walks(broad),
    caption="Stripes of two pixels. One step turns the stripes of max and average "
    "pooling into an even white or grey; blurred first, they stay, and move.",
    alt="Five tables of two rows. Stripes: 1 1 0 0 and so on; below 0 1 1 0. Stride 2: "
    "1 0 1 0, below 0 1 0 1. Max: 1 0 1 0, below ones only. Average: 1 0 1 0, below "
    "0.5 only. Blur, then stride 2: 0.75 0.25 0.75 0.25, below 0.25 0.75 0.25 0.75.",
)

# %% [markdown]
# A network with strides meets the same: what it looks for, moved by a pixel, is
# something else. Whoever takes every second number can see only what changes slowly
# enough. Stripes of one pixel become a white wall, or a black one: something else
# altogether, an **alias**, like the wheels of a coach that turn backwards in a film.
# The cure is as old as digital sound: blur first, so that nothing is left that changes
# too fast, and then take every second number. A simple blur weighs three neighbours by
# ¼, ½, ¼.
#
# Zhang (2019) found that modern networks had forgotten this cure: strides and max
# pooling both step without a blur. He put one back, at no cost in accuracy, and large
# networks changed their mind less often when a photograph was shifted.
#
# Blurring alone is no answer, though. What was one bright pixel is faint afterwards,
# and a network that looks for thin lines loses them. Can one have both? Here is what we
# have, measured on a small network with random weights: how much the means of its 8
# maps move when the digits move by 1 to 7 pixels, in comparison with how far a digit is
# from the average of all digits. And how bright is a lonely pixel of brightness 1
# afterwards, in the place that is worst for it?
#
# **Predict:** four ways to halve a map: a bare stride, maxima, maxima that overlap, and
# averages. Which moves least? And which keeps the pixel?


# %%
@torch.no_grad()
def movement(halve: nn.Module, seed: int) -> float:
    """How far the means move with the digits, as part of how far digits differ."""
    torch.manual_seed(seed)
    conv = [nn.Conv2d(n, 8, 3, padding=1, bias=False) for n in (1, 8, 8)]
    for layer in conv:
        nn.init.kaiming_normal_(layer.weight)  # keeps numbers as large as they are
    maps = nn.Sequential(*(part for c in conv for part in (c, nn.ReLU(), halve)))
    images = F.pad(digits.test.images[:20].float() / 255, (18, 18, 18, 18))
    means = torch.stack([maps(shifted(images, n)).mean((2, 3)) for n in range(8)])
    spread = (means[0] - means[0].mean(0)).abs().mean()
    return float((means[1:] - means[0]).abs().mean() / spread)


# %%
def lonely(halve: nn.Module) -> float:
    """What is left of a bright pixel, in the worst of its four places."""
    rooms = torch.zeros(4, 1, 16, 16)
    rooms[range(4), 0, [8, 8, 9, 9], [8, 9, 8, 9]] = 1
    return float(halve(rooms).amax((1, 2, 3)).min())


# %%
candidates = {
    "stride 2": nn.MaxPool2d(1, stride=2),
    "max": nn.MaxPool2d(2),
    "max, overlapping": nn.MaxPool2d(3, stride=2, padding=1),
    "average": nn.AvgPool2d(2),
}
for name, halve in candidates.items():
    moves = [movement(halve, seed) for seed in range(5)]
    each = " ".join(f"{move:.2f}" for move in moves)
    print(f"{name:18} moves {np.mean(moves):.2f} ({each}), lonely {lonely(halve):.2f}")

# %% [markdown]
# With strides the means move nearly as far as a digit is from the average (0.83). Max
# pooling halves that, 0.44, and windows that overlap are hardly better. The average is
# calm, 0.09. And the lonely pixel? Both maxima keep it whole, wherever it stands; a
# bare stride loses it in three of its four places; the average leaves a quarter of it,
# and three averages a sixty-fourth.

# %% [markdown]
# ### Exercise 1.9 · Build: half the size, half the noise
# 4 points · 45 minutes · ●●●●○ · needs 1.3
#
# Build a layer that halves its maps and keeps calm. Its contract:
#
# - Maps $(n, C, h, w)$ with even $h$ and $w$ become $(n, C, h/2, w/2)$, for any $C$.
# - It has no parameters, not even frozen ones (fixed numbers go into a buffer, a tensor
#   that belongs to the module and is not trained:
#   `self.register_buffer("numbers", …)`), works on each channel by itself, and lets
#   gradients through.
# - *It stays at its place.* Cell $(j, k)$ of the output belongs to the pixels of rows
#   $2j$ and $2j + 1$, columns $2k$ and $2k + 1$ of the map. What happens to a pixel
#   changes only its own cell and cells at most 3 rows and columns from it.
# - *Flat in, flat out.* If all numbers of a map are the same, of whatever sign, the
#   output has that number too, in all cells that are at least 3 from the border.
# - *Sharp eyes.* One pixel of brightness 1 on black, at least 6 from the border, gives
#   at least one cell of 0.5 or more, wherever it is.
# - *A calm hand.* In networks like the one above, the means move *less than half*
#   as much as with `nn.MaxPool2d(2)`: at most 0.45 times. The check takes six such
#   networks with weights of its own, the same for both, drawings of random strokes,
#   moves them to the right by 1 to 7 pixels, and compares the sums over the six.
#
# Any means are allowed, PyTorch's poolings and convolutions too. `movement` and
# `lonely` tell you how far you are. But the check has other weights, and its drawings
# are harder: by `movement` stay below a third of what max pooling moves, 0.15 or so.
# (Grading draws other networks again, and is a little more generous than this check:
# what passes here passes there.)


# %% exercise="calm-halving"
class Halve(nn.Module):
    """Maps x (n, C, h, w), h and w even, to (n, C, h/2, w/2)."""

    def __init__(self) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        row = torch.tensor([1.0, 2, 1]) / 4
        self.register_buffer("blur", torch.outer(row, row)[None, None])
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """The maps at half their size."""
        ### BEGIN SOLUTION
        n, C, h, w = x.shape
        dense = F.max_pool2d(F.pad(x, (0, 1, 0, 1), mode="replicate"), 2, stride=1)
        one = F.pad(dense.reshape(n * C, 1, h, w), (1, 1, 1, 1), mode="replicate")
        return F.conv2d(one, self.blur, stride=2).reshape(n, C, h // 2, w // 2)
        ### END SOLUTION


# %% check="calm-halving" points=4
checks.week3.Halve(Halve)

# %% [markdown] hint=1
# Try the blur of the stripes alone, in both directions, and ask `movement` and
# `lonely`. Which of the two is content? What did the average of 2 × 2 do better, and
# what did the maximum?

# %% [markdown] hint=1
# Week 2 took a strided convolution apart: first compute at every pixel, then take every
# second. Can you take max pooling apart in the same way? Which of its two steps is the
# one that jumps?

# %% [markdown] hint=1
# Size wrong by one, or flat maps that fade? Count what a window of 2 with stride 1
# leaves of $h$ rows, and think of what you put into the padding (exercise 1.3). To blur
# each channel by itself, either make the channels a part of the batch with `reshape`,
# or look up `groups` of `F.conv2d`.

# %% [markdown]
# Has it passed? Then see what it is worth where weights are learned. (If you began at
# section 8, run first the code of section 5 down to `curve`, and `mean_head`.) In cells
# of your own, put it into the table, `WAYS["mine"] = (1, Halve())`, and repeat the
# measurement of section 6 with `mean_head("mine")`: three training runs, half a minute
# or so. (Its maps have 24 × 40, 12 × 20 and 6 × 10 pixels: all even.) And with
# `dense_head`?
#
# <details><summary>What we have found</summary>
#
# Max pooling is a maximum at *every* place, window 2 and stride 1, and then a step of
# 2. The maximum does no harm; the step does. So put the blur between them, as Zhang
# does: maximum, blur, step. In the check's networks the means then move 0.2 to 0.3
# times as much as with max pooling (over eight seeds), and half of a lonely pixel is
# left in the worst place (0.56). There are other answers: a maximum over $3 \times 3$
# at every place, and then the average of $2 \times 2$, keeps the whole pixel and moves
# 0.27 to 0.45 times as much.
#
# And with weights that are learned? It learns more slowly: after the four rounds of
# section 6 it reads clearly fewer digits than max pooling. After ten rounds both read
# 86 to 91 % of the unmoved ones. At 4 pixels it is 87 to 89 against 83 or 84 %. And of
# all answers, 2 or 3 % change when the digits move by 1 to 7 pixels, against 9 to 11 %
# with max pooling. (Three runs each; the ranges are theirs.) With a dense head on top
# nothing is won: the dense layer notices any shift.
#
# </details>

# %% [markdown]
# ## What to take with you
#
# Pooling lets one number stand for a window: the largest, the mean, the length. It has
# no weights; sizes follow the formula of week 2. Over places it leaves the channels
# alone and forgets a little of *where*; over channels it forgets a little of *what*.
# What it forgets is gone: very different pictures leave the same maxima. The padding of
# a maximum is $-\infty$, and of an average you say whether it counts. Backwards, a
# maximum is a switch, an average shares alike, L2 shares in proportion and blames
# nobody in a dark window; where windows overlap, blames add up, and of several winners
# PyTorch's pooling takes the first. A mean over the whole map makes a head that reads
# images of any size.
#
# Did the network notice that the 7 moved? It did. At 4 pixels the
# networks with a dense head lost a quarter to two thirds of what they had read; max
# pooling helped most, and examples that move helped far more. A mean over all places
# forgets the shift, if the way there has not stepped over it: strides alias, and a blur
# before the step calms them.
#
# **Where people slip**
#
# - *Pooling gives translation invariance.* A little, locally, and for some shifts.
# - Padding a maximum with zeros: right behind a ReLU, wrong without.
# - Handing the whole blame to every winner of a tie.
# - Assigning a gradient where windows overlap, in place of adding it.
# - Taking a root of zero, and wondering two steps later where the `nan` comes from.
# - Expecting fewer channels behind a pooling. They are as many as before.
# - Believing that a stride of 2 is a cheap pooling. Of four answers it leaves out
#   three, and nothing stands in for them.
#
# **Next:** all the way through this notebook `train.fit` has trained the networks. In
# notebook 2 you take such a loop apart, line by line, and write your own.
#
# **To read on:** Zhang, *Making convolutional networks shift-invariant again* (2019);
# Azulay and Weiss, *Why do deep convolutional networks generalize so poorly to small
# image transformations?* (2019); Lin, Chen and Yan, *Network in network* (2013);
# Goodfellow and others, *Maxout networks* (2013).
