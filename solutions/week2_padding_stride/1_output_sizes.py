# %% [markdown]
# # Output sizes
#
# Week 2 · notebook 1 of 3 · about 130 minutes · 20 points
#
# Every kernel larger than $1 \times 1$ took something off last week. That looks like a
# detail for the plumber, and it decides how deep a network can be, how much it costs,
# and what it sees of the edge of a picture. This notebook is about two numbers that put
# you in charge of the size, *padding* and *stride*, and about the one formula that
# people who build networks compute in their heads all day. It is a short formula with
# four traps in it: an even kernel, a rounding, two authors who call different things
# $p$, and a frame of zeros that is not as innocent as it looks.
#
# Plan two sittings of an hour and a bit; a good break is after section 5. The 130
# minutes leave out section 11, an open problem for another evening (40 minutes, 4 of
# the 20 points).
#
# **When you are done, you can**
#
# - say the output size of a layer for any kernel, padding, stride and dilation, and say
#   which pixels it never looks at;
# - read a formula from a book or a paper and tell what its $p$ means;
# - pad for an even kernel, and say where the picture goes;
# - explain a stride as a convolution of which most is thrown away;
# - choose what to put around a picture, and say what that does at its edge.
#
# **You need** week 1: the cross-correlation of notebook 2, which everybody calls a
# convolution, and the layer with channels of notebook 3. A kernel of $k$ fits on $n$
# pixels at $n - k + 1$ places.

# %%
import numpy as np
import torch
import torch.nn.functional as F

from coursekit import checks, data, explore, filters, plots

# %% [markdown] topics="valid padding"
# ## 1. A picture that runs out
#
# Take the face of a cat at $32 \times 32$ pixels and a stack of layers with kernels of
# $5 \times 5$. To see nothing but sizes, let each kernel be an average of its 25
# pixels.
#
# **Predict:** after how many layers is there no place left for another kernel?

# %%
photo = data.photograph("chelsea").numpy().mean(axis=0) / 255
face = photo[20:276, 110:366].reshape(32, 8, 32, 8).mean(axis=(1, 3))
average = np.full((5, 5), 1 / 25)
shrinking = [face]
while min(shrinking[-1].shape) >= 5:
    shrinking.append(filters.correlate2d(shrinking[-1], average))

# %%
plots.show(
    plots.week2.shrinking({"5 × 5 kernels": shrinking}),
    caption="What seven layers leave of a picture; the numbers are sides in pixels.",
    alt="A blurred picture of a cat's face, 32 pixels wide, and seven smaller and "
    "smaller ones to the same scale, of 28, 24, 20, 16, 12, 8 and 4 pixels.",
)

# %% [markdown]
# Seven. Each layer costs $k - 1 = 4$ pixels in both directions, and in the last
# picture, $4 \times 4$, no kernel of 5 fits any more. That is not deep: networks that
# you will build later have more than a hundred layers. And it is not only the size. A
# pixel in a corner of the first picture lies under a single place of the kernel, one in
# the middle under 25. What happens at the edge of a picture is hardly looked at, long
# before it is gone.
#
# An output without anything added around the input is called **valid**: each of its
# numbers comes from a kernel that lies on real pixels only.

# %% [markdown] topics="same padding, full padding"
# ## 2. A frame of zeros
#
# The remedy is as simple as it looks: draw a frame around the picture and put zeros in
# it. We write $p$ for its thickness, the **padding per side**. A row of $n$ pixels
# becomes one of $n + 2p$, and the kernel stops at
#
# $$ o = n + 2p - k + 1 $$
#
# places. ($o$ for *output*; in an image, once for the height and once for the width.)
#
# **Predict:** a kernel of 3 on a row of 5. Which $p$ gives as many outputs as there are
# pixels? And which is the largest $p$ that still makes sense?

# %%
plots.show(
    plots.week2.kernel_stops(
        {
            "valid, p = 0": (5, 3),
            "same, p = 1": (5, 3, 1, 1),
            "full, p = 2": (5, 3, 2, 2),
        }
    ),
    caption="A row of five pixels (numbered) and zeros around it (pale). Below, a line "
    "for each stop of a kernel of 3: one line is one output.",
    alt="Three rows. Without padding five cells and three stops. With one zero on each "
    "side seven cells and five stops. With two zeros on each side nine cells and seven "
    "stops, of which the first touches pixel 0 only and the last pixel 4 only.",
)

# %% [markdown]
# The three have names that you will meet in every library:
#
# | name | padding per side | output |
# |---|---|---|
# | *valid* | $p = 0$ | $n - k + 1$ |
# | **same**, or *half* | $p = (k-1)/2$ | $n$ |
# | **full** | $p = k - 1$ | $n + k - 1$ |
#
# *Same* keeps the size, *full* uses every place at which the kernel touches at least
# one pixel. With more than that, kernels would lie on nothing but zeros.
#
# With *same*, depth costs nothing in size. Here are the seven layers again.
#
# **Predict:** the size stays. Does anything else happen?

# %%
staying = [face]
for _ in range(7):
    staying.append(filters.correlate2d(np.pad(staying[-1], 2), average))

# %%
plots.show(
    plots.week2.shrinking({"valid": shrinking, "same": staying}),
    caption="The same seven layers without padding and with two zeros per side. Look "
    "at the rim of the lower row.",
    alt="Above, the shrinking pictures. Below, eight pictures of 32 pixels: the face "
    "gets blurred, and a black rim grows inwards from all four sides.",
)

# %% [markdown]
# A black rim creeps in. In a corner 9 of the 25 places lie on the picture and 16 on
# zeros, so that the first average is 9/25 of what it should be, and the next layer
# averages the loss once more. Zeros are not nothing: they say *black*. Keep that in
# mind until section 10.

# %% [markdown] topics="even kernels"
# ## 3. A kernel without a middle
#
# Look at *same* again: $p = (k-1)/2$. For a kernel of 3 that is 1, for one of 5 it is
# 2. For a kernel of 4 it is one and a half.
#
# Nobody can add one and a half zeros. But the two sides need not be alike. What counts
# for the size is how many zeros there are *in total*, here $k - 1 = 3$, and one side
# has to take the odd one. Write $t$ for the total. The rule of this course is
#
# $$ \lceil t/2 \rceil \text{ above and on the left}, \qquad
#    \lfloor t/2 \rfloor \text{ below and on the right}, $$
#
# where $\lceil\ \rceil$ rounds up and $\lfloor\ \rfloor$ rounds down.

# %%
plots.show(
    plots.week2.kernel_stops(
        {"k = 2, t = 1": (5, 2, 1, 0), "k = 4, t = 3": (5, 4, 2, 1)}
    ),
    caption="Two even kernels that keep five pixels at five: the side on the left has "
    "one zero more.",
    alt="Two rows. A kernel of 2 with one zero on the left and none on the right, five "
    "stops. A kernel of 4 with two zeros on the left and one on the right, five stops.",
)

# %% [markdown]
# ### Exercise 1.1 · Room for an even kernel
# 1 point · 3 minutes · ●○○○○ · needs nothing
#
# Pad an image with zeros so that a kernel of `kh` × `kw` gives an output as large as
# the image, by the rule above. Height and width each have their own total.
# (`np.pad` is welcome: it takes `((above, below), (left, right))`.)


# %% exercise="even-padding"
def pad_same(image: np.ndarray, kh: int, kw: int) -> np.ndarray:
    """An image (h, w) with zeros around it, (h+kh-1, w+kw-1), for a kernel (kh, kw).

    An odd total has its extra row above, its extra column on the left.

    >>> pad_same(np.array([[7, 8, 9]]), 1, 4)
    array([[0, 0, 7, 8, 9, 0]])
    """
    ### BEGIN SOLUTION
    rows, columns = kh - 1, kw - 1
    above, left = (rows + 1) // 2, (columns + 1) // 2
    return np.pad(image, ((above, rows - above), (left, columns - left)))
    ### END SOLUTION


# %% check="even-padding" points=1
checks.week2.pad_same(pad_same)

# %% [markdown] hint=1
# What is the total for a kernel of 4? And how do you divide 3 into two whole numbers
# that differ by one?

# %% [markdown] hint=1
# `t // 2` rounds down. Which whole number divided by 2, rounded down, is $t/2$ rounded
# up? Try $t = 3$ and $t = 4$.

# %% [markdown]
# ### Where does the picture go?
#
# Does it matter which side gets the zero? Let us average over $2 \times 2$ pixels,
# twenty layers deep: once with the extra zero above and left in every layer, once below
# and right, and once by turns. PyTorch's `padding="same"` puts it below and right.
#
# **Predict:** what do you see, besides a blur?


# %%
def two_by_two(picture: np.ndarray, sides: str) -> np.ndarray:
    for side in sides:
        pad = (1, 0) if side == "<" else (0, 1)
        picture = filters.correlate2d(
            np.pad(picture, (pad, pad)), np.full((2, 2), 0.25)
        )
    return picture


eye = photo[84:148, 132:208]
twenty = {"above, left": "<" * 20, "below, right": ">" * 20, "by turns": "<>" * 10}
moved = {name: two_by_two(eye, sides) for name, sides in twenty.items()}

# %%
plots.show(
    plots.week2.crosses({"the eye": eye, **moved}, place=(34, 37)),
    caption="Twenty layers of 2 × 2 averages, named by where the extra zero was. The "
    "cross stands at the same pixel in all four.",
    alt="Four pictures of a cat's eye with a cross that is on the pupil in the first. "
    "With zeros above and left the blurred eye lies to the lower right of the cross, "
    "with zeros below and right to its upper left, by turns where it was.",
)

# %% [markdown]
# The picture walks. A $2 \times 2$ kernel has its middle on the corner between four
# pixels, and whichever way we pad, each layer moves the picture by half a pixel, to the
# lower right with zeros above and left. Twenty layers make ten pixels. Nothing is
# wrong with an even kernel, but its *same* is never quite the same, and if two outputs
# are later compared or added pixel by pixel, both must be padded on the same side. It
# is one reason why nearly all kernels you will meet are odd.

# %%
dot = np.zeros((41, 41))
dot[20, 20] = 1
for name, sides in twenty.items():
    row, column = (np.indices(dot.shape) * two_by_two(dot, sides)).sum(axis=(1, 2))
    print(f"{name:13} a dot at (20, 20) is spread around ({row:.0f}, {column:.0f})")

# %% [markdown]
# ### Exercise 1.2 · The friend's "same"
# 2 points · 10 minutes · ●●○○○ · needs 1.1
#
# Your friend remembers that a *full* output holds everything, the *same* output
# included. So the friend computes the full one and keeps as much as the image is large:


# %%
def friends_same(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    full = filters.correlate2d(padded, kernel)
    return full[: image.shape[0], : image.shape[1]]


copy_kernel = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])
print(friends_same(np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]]), copy_kernel))

# %% [markdown]
# No error, and the size is right. But this kernel is the identity: the output should be
# the image, 1 to 9. Find out what went wrong, and write a `same` that is right: as
# large as the image, with zeros around it, an odd total with the extra zero above and
# on the left. You may keep the friend's idea or drop it. Build on
# `filters.correlate2d`, as the friend did; SciPy's and torch's convolutions are not an
# answer, with their own padding or with yours.


# %% exercise="same-bug"
def same(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Cross-correlation as large as the image (h, w), with a kernel (kh, kw).

    The frame has zeros; an odd total has its extra row above, extra column on the left.

    >>> same(np.array([[1, 2, 4]]), np.array([[1, 10]]))
    array([[10., 21., 42.]])
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, (kh - 1) // 2), (kw // 2, (kw - 1) // 2)))
    return filters.correlate2d(padded, kernel)
    ### END SOLUTION


# %% check="same-bug" points=2
checks.week2.same(same)

# %% [markdown] hint=1
# Where has the 1 of the friend's image gone? By how many rows and columns, and in which
# direction?

# %% [markdown] hint=1
# The full output is larger than the image by $k - 1$. Where in it does the *same*
# output lie: at its beginning, at its end, or in its middle? Row 0 of the right output
# begins with how many zeros above the image, and row 0 of the full one with how many?

# %% [markdown] topics="stride, output size"
# ## 4. Longer steps
#
# So far the kernel moved by one pixel. Neighbouring windows overlap almost wholly, and
# often so do their answers. Why not take longer steps? The length of a step is called
# the **stride** $s$.
#
# Take a row of 7 pixels and a kernel of 3. With stride 1 it stops at 5 places, with
# stride 2 at 3.
#
# **Predict:** at how many places does it stop with stride 3?

# %%
plots.show(
    plots.week2.kernel_stops(
        {
            "stride 1": (7, 3, 0, 0, 1),
            "stride 2": (7, 3, 0, 0, 2),
            "stride 3": (7, 3, 0, 0, 3),
        }
    ),
    caption="A kernel of 3 on seven pixels, with three strides. The dark pixel lies "
    "under no stop.",
    alt="Three rows of seven cells. Stride 1 has five stops, stride 2 three, stride 3 "
    "two; with stride 3 the last cell, 6, is dark.",
)

# %% [markdown]
# Twice, and the last pixel is never looked at. Nothing crashed: convolutions
# round *down*, and the rest is left out in silence. The number of stops is
#
# $$ o = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1 ,
#    \qquad p \text{ zeros per side.} $$
#
# Read it from the inside. There are $n + 2p$ cells. The first stop takes $k$ of them,
# and every further stop takes $s$ more, as often as they are there. The $+1$ is the
# first stop. In an image each axis has its own numbers: a kernel of $3 \times 5$ may go
# down in steps of 2 and across in steps of 4.

# %% [markdown] topics="dilation"
# ### A kernel with holes
#
# One more number belongs in the formula. With a **dilation** $d$ the weights of the
# kernel lie $d$ cells apart. Three weights with $d = 2$ touch the cells 0, 2 and 4.
# They reach over five cells and cost no more than three weights. In general the kernel
# reaches over $d(k-1) + 1$ cells, and that takes the place of $k$:
#
# $$ o = \left\lfloor \frac{n + 2p - d(k-1) - 1}{s} \right\rfloor + 1 . $$
#
# Turn the sliders. The picture opens with the case from above. Which paddings rescue
# pixel 6? What does a stride that is larger than the kernel do? And can you find
# numbers for which half of the pixels are skipped, although the stride is smaller than
# what the kernel reaches over?

# %%
explore.output_size(n=7, k=3, p=0, s=3)

# %% [markdown]
# Every padding rescues pixel 6: with one zero per side, 9 cells are three full steps;
# with 2 or 3 the floor drops only zeros. A stride larger than the kernel leaves gaps
# between the stops. The last question has many
# answers; stride 2 with dilation 2 is one of them: every weight at every stop then lies
# on an even cell, and the odd ones are never read.

# %%
plots.show(
    plots.week2.kernel_stops(
        {
            "stride 3, kernel 2": (8, 2, 0, 0, 3),
            "dilation 2": (9, 3, 0, 0, 1, 2),
            "dilation 2, stride 2": (9, 3, 0, 0, 2, 2),
        }
    ),
    caption="Two ways to skip pixels, and one that does not. Squares joined by a line "
    "are the weights of one stop; dark pixels are never read.",
    alt="Stride 3 and kernel 2 on eight cells: three stops, cells 2 and 5 dark. A "
    "kernel of 3 with dilation 2 on nine cells: five stops, no cell dark. The same "
    "with stride 2: three stops, the cells 1, 3, 5 and 7 dark.",
)

# %% [markdown]
# ### Exercise 1.3 · One function for all sizes
# 2 points · 7 minutes · ●●○○○ · needs nothing
#
# Write the last formula as a function of one axis. So that it knows even kernels too,
# `p` may be a single number, the zeros on *each* side, or a pair `(before, after)`.
# Refuse a kernel that reaches over more cells than there are. (Ask the formula, not a
# layer: calling torch's convolution is no answer.)


# %% exercise="output-size"
def output_size(
    n: int, k: int, p: int | tuple[int, int] = 0, s: int = 1, d: int = 1
) -> int:
    """How often a kernel of `k` weights stops on a row of `n` pixels.

    p: zeros on each side, or a pair (before, after); s: stride; d: dilation.
    Raises ValueError if the kernel does not fit.

    >>> output_size(7, 3, 0, 3)
    2
    >>> output_size(5, 4, (2, 1))
    5
    """
    ### BEGIN SOLUTION
    before, after = (p, p) if isinstance(p, int) else p
    spare = n + before + after - d * (k - 1) - 1
    if spare < 0:
        raise ValueError(f"a kernel of {k}, dilation {d}, does not fit on {n} pixels")
    return spare // s + 1
    ### END SOLUTION


# %% check="output-size" points=2
checks.week2.output_size(output_size)

# %% [markdown] hint=1
# How many cells are there with the padding? How many of them does the first stop take?
# Give what is left a name: you need it twice.

# %% [markdown] hint=1
# `isinstance(p, int)` tells whether `p` is a single number.

# %% [markdown] hint=1
# What does your formula give for a kernel of 5 on 4 pixels? Python's `//` rounds down
# below zero too: `-1 // 2` is −1.

# %% [markdown] topics="dropped pixels"
# ## 5. What the floor sweeps away
#
# The two half brackets are easily read over, so look at what they do. In an image of
# $7 \times 7$ with kernel 3 and stride 3, row 6 and column 6 are both lost: 13 of 49
# pixels, more than a quarter, have no influence on anything that comes after.
#
# Padding may help, or not. Here is the same row three times: with one zero on each
# side, with one on the left only, with two on the left only. You know the first from
# the sliders.
#
# **Predict:** in which of the other two are pixels dropped, and which?

# %%
plots.show(
    plots.week2.kernel_stops(
        {
            "one on each side": (7, 3, 1, 1, 3),
            "one on the left": (7, 3, 1, 0, 3),
            "two on the left": (7, 3, 2, 0, 3),
        }
    ),
    caption="Seven pixels, a kernel of 3, stride 3. A single zero on the left makes "
    "things worse: now two pixels are dropped.",
    alt="One zero on each side: three stops, nothing dark. One zero on the left: two "
    "stops, cells 5 and 6 dark. Two zeros on the left: three stops, nothing dark.",
)

# %% [markdown]
# What counts is the total: 9, 8 and 9 cells for steps of 3 (7 cells in section 4). The
# floor always drops cells at the *end*, on the right and below. A single zero on the
# left makes no new stop; it only pushes one more pixel out at the end.

# %% [markdown] topics="AlexNet's input"
# ### 224 or 227?
#
# Now a quarrel that has confused students for years. AlexNet, the network that won
# ImageNet in 2012, has in its first layer kernels of $11 \times 11$ with stride 4, and
# maps of $55 \times 55$. The paper says that its images have $224 \times 224$ pixels.
# Some teachers say 224 with a padding of 2 per side, others say that it must be 227
# without any.
#
# **Predict:** which of the three sizes below comes to 55, and in which does the floor
# drop something? Divide by hand.

# %%
for n, p in [(224, 0), (224, 2), (227, 0)]:
    spare = n + 2 * p - 11
    print(f"n = {n}, p = {p}: {spare} / 4 = {spare / 4}", end=", ")
    print(f"so {spare // 4 + 1} stops, cells dropped: {spare % 4}")

# %% [markdown]
# 224 as it stands gives 54 and loses a row and a column. With 2 per side it gives 55,
# and what is dropped is *padding*: a row below and a column on the right. So of that
# frame only two columns on the left and one on the right are ever read:
#
# $$ 2 + 224 + 1 = 227 . $$
#
# Both parties do the same arithmetic! (They get the same numbers only if the three
# extra columns are zeros, and the rows likewise.) 227 is what the arithmetic needs, 224
# plus a lopsided frame is one way to get there, and the floor hides the difference.
# Whoever copies 224 without the padding gets another network.

# %% [markdown]
# ### Exercise 1.4 · Quiz: never read
# 1 point · 5 minutes · ●●○○○ · needs 1.3
#
# A row of 12 pixels, numbered 0 to 11. Which of them are never read? Give three lists
# of pixel numbers, in order; an empty list if all are read. Use paper; for the first
# and the third the widget of section 4 can check you.
#
# - `without_padding`: a kernel of 4, stride 3, no padding;
# - `two_on_the_left`: the same with two zeros on the left, none on the right;
# - `with_holes`: a kernel of 2, dilation 3, stride 4, no padding.

# %% exercise="sizes-dropped"
without_padding: list[int] | None = None
two_on_the_left: list[int] | None = None
with_holes: list[int] | None = None
### BEGIN SOLUTION
without_padding = [10, 11]
two_on_the_left = [11]
with_holes = [1, 2, 5, 6, 9, 10]
### END SOLUTION

# %% check="sizes-dropped" points=1 quiz=1
checks.week2.sizes_dropped(
    without_padding=without_padding,
    two_on_the_left=two_on_the_left,
    with_holes=with_holes,
)

# %% [markdown] hint=1
# Write down the first cell of every stop. Which cells does the last stop take, and is
# there room for one more?

# %% [markdown] hint=1
# With zeros on the left, cell 0 is no pixel. What is the number of the cell in which
# pixel 0 lies? And for the kernel with holes: which two cells does it touch at its
# first stop?

# %% [markdown] topics="per side and total"
# ## 6. Two authors, one letter
#
# You will not always have this notebook at hand, and then you read something like
#
# $$ o = \left\lfloor \frac{n - k + p + s}{s} \right\rfloor . $$
#
# Is it wrong? The 2 is gone, and so is the $+1$. The second is easily explained: $s/s$
# is 1, and a whole number may be moved into the floor. The first is a matter of
# language. There are two habits:
#
# | | zeros per side | zeros in total |
# |---|---|---|
# | the letter means | on *each* side, so $2p$ in all | on both sides together |
# | size | $\lfloor (n + 2p - k)/s \rfloor + 1$ | $\lfloor (n - k + t + s)/s \rfloor$ |
# | valid, same, full | $0,\ (k-1)/2,\ k-1$ | $0,\ k-1,\ 2(k-1)$ |
# | who writes it | PyTorch, Dumoulin and Visin, we | *Dive into Deep Learning* |
# | what it is good at | short to say | an odd total: even kernels |
#
# Both write $p$. We write $p$ per side and, when we need the total, $t$; with equal
# sides $t = 2p$. In a paper look for a case whose answer you know, such as a $3 \times
# 3$ kernel that keeps the size: if there $p = 1$, it is per side.
#
# A worked case that goes around with the total. The input holds 0 to 8, the kernel 0
# to 3, $t = 2$ in each direction, so one zero on each side.
#
# **Predict:** how large is the output? What is its first number, and its last?

# %%
numbers, small = np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2)
everywhere = filters.correlate2d(np.pad(numbers, 1), small)

# %%
plots.show(
    plots.week2.padded_product(numbers, small, everywhere),
    caption="A total padding of 2 per direction, one zero per side.",
    alt="Input 0 to 8 in three rows with zeros around it, kernel 0 1 over 2 3, and the "
    "output in four rows: 0 3 8 4, 9 19 25 10, 21 37 43 16, 6 7 8 0.",
)

# %% [markdown]
# $3 - 2 + 2 + 1 = 4$ in both directions. The first number is $3 \cdot 0$, three times
# pixel 0 with zeros for the rest; the last one is $0 \cdot 8$. An author who means
# *per side* would have written $p = 1$ for the same picture.

# %% [markdown]
# ### Exercise 1.5 · Whose $p$ is it?
# 1 point · 4 minutes · ●●○○○ · needs 1.3
#
# A table in a paper says: input `n`, kernel `k`, padding `p`, stride `s`, output `o`.
# Which habit agrees with it? Return a list with `"per side"`, with `"total"`, with both
# (in this order), or with neither. You can count on a kernel that fits.
#
# How can both be right? Let your function find an example with $p = 1$.


# %% exercise="two-conventions"
def conventions(n: int, k: int, p: int, s: int, o: int) -> list[str]:
    """Those of "per side" and "total" for which the output has size `o`, in this order.

    >>> conventions(7, 3, 1, 1, 7)
    ['per side']
    """
    ### BEGIN SOLUTION
    totals = {"per side": 2 * p, "total": p}
    return [name for name, t in totals.items() if (n + t - k) // s + 1 == o]
    ### END SOLUTION


# %% check="two-conventions" points=1
checks.week2.conventions(conventions)

# %% [markdown] hint=1
# How many zeros does the row get under each of the two habits? The rest of the formula
# is the same.

# %% [markdown]
# <details><summary>How both can be right</summary>
#
# When the floor swallows the difference: $n = 8$, $k = 3$, $s = 3$, $p = 1$. With 9
# cells (one zero in total) or with 10 (one per side) there are three stops.
#
# </details>

# %% [markdown]
# ### Exercise 1.6 · Quiz: in letters
# 1 point · 8 minutes · ●●○○○ · needs 1.3
#
# Two questions as they are asked in exams. First, on paper, in your own words: *the
# previous layer has size $J \times K$ (rows × columns); a filter of size $M \times N$
# is applied with stride $s$ and zero padding of width $P$, on each side. What is the
# size of the resulting layer?* And: *max pooling with filter size $W$ and stride $s$ is
# applied to a layer of size $J \times K$. What is the size of the result?* (Max pooling
# lays a window of $W \times W$ on its input, without padding, and keeps the largest
# number. Its window moves as a kernel does.) Assume that the divisions come out even.
#
# Then fill in: the letter of the right formula for the *width* of the convolution's
# output, and for the *height* of the pooling's; and both sizes, `[height, width]`, for
# $J = 25$, $K = 40$, $M = 6$, $N = 3$, $W = 4$, $P = 1$ and $s = 3$.
#
# | | formula | | formula |
# |---|---|---|---|
# | A | $(K + 2P - N)/s$ | E | $1 + (K + P - N)/s$ |
# | B | $1 + (K + 2P - M)/s$ | F | $1 + (J - W)/s$ |
# | C | $1 + (K + 2P - N)/s$ | G | $1 + (K - W)/s$ |
# | D | $1 + (J + 2P - M)/s$ | H | $J/W$ |

# %% exercise="sizes-letters"
convolution_width: str | None = None
pooling_height: str | None = None
convolution_size: list[int] | None = None
pooling_size: list[int] | None = None
### BEGIN SOLUTION
convolution_width = "C"
pooling_height = "F"
convolution_size = [8, 14]
pooling_size = [8, 13]
### END SOLUTION

# %% check="sizes-letters" points=1 quiz=1
checks.week2.sizes_letters(
    convolution_width=convolution_width,
    pooling_height=pooling_height,
    convolution_size=convolution_size,
    pooling_size=pooling_size,
)

# %% [markdown] hint=1
# Which of the letters belong to rows, and which to columns? A layer $J \times K$ has
# $J$ rows.

# %% [markdown] topics="strided convolution"
# ## 7. A stride throws work away
#
# Back to the worked case of section 6. Move the kernel in steps of 3 downwards and of 2
# to the right.
#
# **Predict:** how many outputs are there, and which?

# %%
strided = F.conv2d(
    torch.tensor(numbers)[None, None].float(),
    torch.tensor(small)[None, None].float(),
    stride=(3, 2),
    padding=1,
)
print("with stride:", strided[0, 0].tolist())
print("all outputs, every third row, every second column:")
print(everywhere[::3, ::2].tolist())

# %%
plots.show(
    plots.week2.padded_product(numbers, small, everywhere, kept=(3, 2)),
    caption="Orange: the outputs that strides of 3 down and 2 across keep.",
    alt="The input with its zeros, the kernel and the output of section 6. In the "
    "output the first and the third number of the first and of the last row, 0, 8, 6 "
    "and 8, are orange.",
)

# %% [markdown]
# The same four numbers. Look at the formula, and you see why. The output number $i$ of
# a convolution with stride $s$ reads the window that begins at cell $s \cdot i$, and
# that is the output number $s \cdot i$ of the convolution with stride 1:
#
# $$ y^{(s)}_i = \sum_m w_m\, x_{si + m} = y^{(1)}_{si} . $$
#
# *A convolution with a stride is a convolution with stride 1 of which only every
# $s$-th output is kept.* No new operation, only a cheaper way to compute it: what
# would be thrown away is never computed. In two dimensions, with stride 2, that saves
# three quarters of the work.
#
# It also tells what a stride costs. Whatever stood in the dropped outputs is gone, and
# which outputs are dropped depends on where the picture happens to begin. Move it by
# one pixel and others are kept. Week 3 measures what that does to a network.

# %% [markdown]
# ### Exercise 1.7 · Stride from a function that has none
# 2 points · 5 minutes · ●●○○○ · needs 1.3
#
# `filters.correlate2d` knows neither padding nor stride. Use it to compute a
# convolution that has both, with a pair for each: first for the rows, then for the
# columns. The padding is per side. (`F.conv2d`, with `stride=` or without, and SciPy
# are not an answer.)


# %% exercise="stride-subsample"
def strided2d(
    image: np.ndarray,
    kernel: np.ndarray,
    padding: tuple[int, int],
    stride: tuple[int, int],
) -> np.ndarray:
    """Convolution of an image (h, w) with padding per side and stride, (rows, columns).

    The size is that of the formula, for each axis by itself.

    >>> strided2d(np.array([[1, 2, 3, 4, 5]]), np.array([[1, 1]]), (0, 1), (1, 2))
    array([[1., 5., 9.]])
    """
    ### BEGIN SOLUTION
    (ph, pw), (sh, sw) = padding, stride
    padded = np.pad(image, ((ph, ph), (pw, pw)))
    return filters.correlate2d(padded, kernel)[::sh, ::sw]
    ### END SOLUTION


# %% check="stride-subsample" points=2
checks.week2.strided2d(strided2d)

# %% [markdown] hint=1
# Three things happen: zeros, sliding, dropping. In which order?

# %% [markdown] hint=1
# A slice has three parts, `start:stop:step`. Does the first output stay?

# %% [markdown] topics="a volume by hand"
# ## 8. A whole layer, number by number
#
# Time to put it together with the channels of last week: an input of $5 \times 5$ with
# three channels, two kernels of $3 \times 3$ with a slice for each channel, stride 2,
# and one zero per side.
#
# **Predict:** the shape of the output, before you look.

# %%
digits = "11112 11112 01122 02210 10222  02212 22000 01221 11202 01122  "
digits += "01001 20021 01001 12201 21120"
x = np.array([list(map(int, row)) for row in digits.split()]).reshape(3, 5, 5)
signs = "-++ 00+ -0+  0-0 +++ ++-  -+- ++0 00-   ++- +++ 0-0  -++ 0-- -+0  -0- 0-+ 00+"
weights = ["-0+".index(sign) - 1 for sign in signs if sign != " "]
kernels, bias = np.array(weights).reshape(2, 3, 3, 3), np.array([1, -2])

# %%
plots.show(
    plots.week2.volume(x, kernels[0], place=(0, 0), size=3),
    caption="The three channels with their zeros, and below them the three slices of "
    "kernel 0. The bold boxes show the first window.",
    alt="Three tables of 7 by 7, each with a rim of zeros around 5 by 5 digits from 0 "
    "to 2, and a bold box around its upper left 3 by 3. Below each a table of 3 by 3 "
    "with the numbers −1, 0 and 1.",
)

# %% [markdown]
# Each axis has $\lfloor (5 + 2 \cdot 1 - 3)/2 \rfloor + 1 = 3$ stops, and there are two
# kernels: two maps of $3 \times 3$, shape $(2, 3, 3)$.
#
# The first output, number by number. In the upper left window the first row and the
# first column are zeros, so that of each slice only its lower right four weights meet a
# pixel:
#
# - channel 0: $1 \cdot 0 + 1 \cdot 1 + 1 \cdot 0 + 1 \cdot 1 = 2$,
# - channel 1: $0 \cdot 1 + 2 \cdot 1 + 2 \cdot 1 + 2 \cdot (-1) = 2$,
# - channel 2: $0 \cdot 1 + 1 \cdot 0 + 2 \cdot 0 + 0 \cdot (-1) = 0$.
#
# The three are added up, and the bias comes on top, once: $2 + 2 + 0 + 1 = 5$.

# %% [markdown]
# ### Exercise 1.8 · Quiz: your turn, on paper
# 2 points · 10 minutes · ●●●○○ · needs 1.3
#
# Here is kernel 1, whose bias is $-2$. Work out its output in row 1, column 2 (both
# counted from 0). With stride 2 its window begins in row 2, column 4 of the padded
# channels, where the bold box is.
#
# - `channel_sums`: the three sums of products, one for each channel, as a list;
# - `value`: the output;
# - `touching`: how many of the 18 outputs of the layer have a zero of the padding in
#   their window?

# %%
plots.show(
    plots.week2.volume(x, kernels[1], place=(2, 4), size=3),
    caption="The same input above the slices of kernel 1. The bold boxes show the "
    "window of row 1, column 2.",
    alt="The three padded channels with bold boxes around rows 2 to 4, columns 4 to "
    "6, of which the last column is zeros. Below each a slice of kernel 1 with the "
    "numbers −1, 0 and 1.",
)

# %% exercise="small-volume"
channel_sums: list[int] | None = None
value: int | None = None
touching: int | None = None
### BEGIN SOLUTION
channel_sums = [7, 1, -3]
value = 3
touching = 16
### END SOLUTION

# %% check="small-volume" points=2 quiz=1
checks.week2.small_volume(channel_sums=channel_sums, value=value, touching=touching)

# %% [markdown] hint=1
# Write the nine numbers of the window of channel 0 next to the nine weights of slice 0.
# Which of the products are zero?

# %% [markdown] hint=1
# For `touching`, draw the nine windows of one map. How many of them stay inside the
# $5 \times 5$ pixels?

# %% [markdown]
# When you have it, compare with the whole layer. Your place stays hidden.

# %%
arrays = [torch.tensor(array).float() for array in (x[None], kernels, bias)]
maps = F.conv2d(*arrays, stride=2, padding=1)[0].numpy()
maps[1, 1, 2] = np.nan
plots.show(
    plots.week2.two_maps(maps, ["kernel 0", "kernel 1"]),
    caption="The output of the layer, but for the number that you worked out.",
    alt="Two tables of 3 by 3. Kernel 0: 5 8 4, 5 10 6, 4 8 5. Kernel 1: 0 −3 −4, 6 −6 "
    "and a question mark, −5 2 3.",
)

# %% [markdown] topics="paddings for a size"
# ## 9. The question backwards
#
# So far you were given a padding and found a size. Designers of networks ask the other
# way round: *this layer has to give 7; what do I pad?*
#
# **Predict:** a row of 9, a kernel of 4, stride 3. What is the size for each of $p = 0,
# 1, 2, 3$? Do two of them give the same?

# %%
plots.show(
    plots.week2.kernel_stops({f"p = {p}": (9, 4, p, p, 3) for p in range(4)}),
    caption="Nine pixels, a kernel of 4, stride 3: 2, 3, 4 and again 4 stops. Compare "
    "what the last two have on their left.",
    alt="Four rows. p = 0: nine cells, two stops, the last two cells dark. p = 1: "
    "eleven cells, three stops, the last zero dark. p = 2: thirteen cells and four "
    "stops. p = 3: fifteen cells and four stops, the last two zeros dark.",
)

# %% [markdown]
# ### Exercise 1.9 · Which paddings?
# 2 points · 6 minutes · ●●●○○ · needs 1.3
#
# Given the size of the input, the kernel, the stride and the size $o$ that you want,
# list all paddings per side that give it, in ascending order. Only paddings from 0 to
# $k - 1$ count: with $k$ or more there are windows of nothing but zeros. There may be
# one, several or none: then the list is empty.


# %% exercise="which-paddings"
def which_paddings(n: int, k: int, s: int, o: int) -> list[int]:
    """The paddings per side, 0 to k - 1, for which the output has size o.

    n: pixels; k: kernel; s: stride.  A padding with which the kernel does not fit gives
    no output at all, whatever o is.

    >>> which_paddings(9, 4, 3, 4)
    [2, 3]
    >>> which_paddings(8, 3, 1, 7)
    []
    """
    ### BEGIN SOLUTION
    fitting = [p for p in range(k) if n + 2 * p >= k]
    return [p for p in fitting if (n + 2 * p - k) // s + 1 == o]
    ### END SOLUTION


# %% check="which-paddings" points=2
checks.week2.which_paddings(which_paddings)

# %% [markdown] hint=1
# There are only $k$ candidates. Do you need to solve an equation?

# %% [markdown] hint=1
# What should come out for a kernel of 6 on 3 pixels, without padding, if somebody asks
# for $o = 0$? What does your formula say?

# %% [markdown]
# With stride 1 there is one answer, or none: $o = n + 2p - k + 1$ has a single
# solution, and it is a whole number only if $o - n + k - 1$ is even. With a longer
# stride the floor makes several paddings equal in size. They are not equal in what they
# see: an extra zero on both sides moves all windows.

# %% [markdown] topics="borders"
# ## 10. What do the zeros say?
#
# In section 2 zeros made a rim black. That was an average. Here is last week's
# vertical edge kernel, three rows of $1, 0, -1$, on a picture without edges: all pixels
# are 5. It gets the picture as it is, with one zero per side, and with **mirrored**
# pixels: the second pixel, seen from the edge, once more on the outside. (NumPy and
# PyTorch call it `reflect`.)
#
# **Predict:** what does it answer in each of the three?

# %%
even = np.full((5, 6), 5)
answers = {
    "valid": filters.edges(even),
    "zeros": filters.edges(np.pad(even, 1)),
    "mirrored": filters.edges(np.pad(even, 1, mode="reflect")),
}

# %%
plots.show(
    plots.week2.step(even, answers),
    caption="An even picture, and what the vertical edge kernel 1, 0, −1 answers: "
    "without padding, with zeros, and with mirrored pixels around the picture.",
    alt="The image: five rows of six fives. Valid: three rows of four zeros. Zeros: "
    "five rows of six; the first column −10, −15, −15, −15, −10, the last column the "
    "same with plus, zeros between. Mirrored: five rows of six zeros.",
)

# %% [markdown]
# The zeros are a black wall around a bright room, and the kernel duly reports the wall:
# $-15$ on the left, $15$ on the right. It is the strongest edge in the picture, and it
# is not in the picture.
#
# Here is the eye of the cat, with zeros and with mirrored pixels.
#
# **Predict:** what does each of the two do at the rim?

# %%
paddings = {"zeros": "constant", "mirrored": "reflect"}
found = {
    name: filters.edges(np.pad(eye, 1, mode=mode)) for name, mode in paddings.items()
}

# %%
plots.show(
    plots.images(list(found.values()), list(found), size=3.4, limits=(-1, 1)),
    caption="Vertical edges of the eye of the cat, with two kinds of padding. Look at "
    "the leftmost and the rightmost column.",
    alt="Two grey pictures with the edges of an eye. With zeros a black line runs down "
    "the left side and a white one down the right side; mirrored there are none.",
)

# %%
for name, picture in found.items():
    rims = [np.abs(picture[:, column]).mean() for column in (0, -1)]
    inside = np.abs(picture[1:-1, 1:-1]).mean()
    print(f"{name:9} left {rims[0]:.2f}, right {rims[1]:.2f}, inside {inside:.2f}")

# %% [markdown]
# With zeros the answers in the first column are nine times as large as those inside, on
# average, and in the last one more than four times. With a mirror they are exactly
# zero, in every row and for every picture: the pixels to the left and to the right of
# the edge are the same pixel. So the mirror does not know better what lies outside. It
# only never answers, even where a real edge runs along the rim. And *valid* does not
# answer either: it leaves those columns out.
#
# Nobody can see what was not photographed. What you choose is which mistake you can
# live with:
#
# | | what it assumes | what goes wrong at the rim |
# |---|---|---|
# | zeros | outside it is black | false edges; averages too dark |
# | mirrored | outside it goes on as inside | edges along the rim are missed |
# | none | nothing | the rim is lost, and pixels near it count less |
#
# Networks mostly use zeros. They are cheap, and what is learned can get used to the
# wall. It can even make use of it: a false edge tells a layer *where* the picture ends,
# and by that where in the picture it is. And the equivariance of week 1 ends at the
# frame. Move the picture first, or filter it first: away from the rim the two still
# agree. But a pixel that comes to lie at the rim meets zeros where it had a neighbour,
# so there $f(T(x))$ and $T(f(x))$ differ, and each further layer carries the difference
# $(k-1)/2$ pixels further in, like the black rim of section 2.

# %% [markdown]
# ### Exercise 1.10 · What goes around the picture?
# 2 points · 8 minutes · ●●●○○ · needs nothing
#
# Two situations. For each, choose zeros, mirrored pixels or no padding at all, and say
# why in two or three sentences: what does your choice assume about the outside, and
# what would go wrong with one of the other two?
#
# 1. *A forest from above.* A satellite picture of a whole country is cut into tiles of
#    $512 \times 512$ pixels. A few layers mark the borders of clearings, and the marked
#    tiles are laid side by side again as a map. Tiles may overlap.
# 2. *Digits on a form.* Bright digits on black, $28 \times 28$, each in the middle of
#    its picture. A network of ten layers with kernels of $5 \times 5$ and without
#    strides is to say which digit it is.

# %% [markdown] manual="border-choice" points=2
# ### BEGIN SOLUTION
# **Forest.** No padding, with tiles that overlap by as much as the layers take off. The
# true pixels of the neighbouring tile exist, so nothing has to be assumed. Zeros would
# draw a false border along every seam of the map; a mirror would miss borders that run
# along a seam.
#
# **Digits.** Zeros. Outside a digit it really is black, so zeros continue the picture
# as it is, and make no false edge. Without padding ten layers would need $10 \cdot 4 =
# 40$ pixels of 28: nothing would be left after the sixth. (A mirror does no harm in the
# first layer, since it mirrors black, but it is no better, and costs more.)
#
# **Points**, one for each situation: for a choice *with* the reason that lies in the
# data (forest: the true neighbours are to be had, or a false edge on each seam; digits:
# the outside is black, or the size would run out) *and* one thing that goes wrong with
# another choice. Half a point if one of the two is missing. A choice other than these
# gets the point if its reason holds, such as mirrored pixels at the border of the
# country, where there is no neighbour.
# ### END SOLUTION

# %% [markdown] hint=1
# Ask two things. Does anybody know what is outside? And how many pixels would all
# layers together take off, if nothing were added?

# %% [markdown] topics="planning sizes"
# ## 11. For dessert
#
# Nothing later needs this section, and the 130 minutes do not count it. Its 4 points
# do count.

# %% [markdown]
# ### Exercise 1.11 · Build: from here to there
# 4 points · 40 minutes · ●●●●○ · needs 1.3
#
# Somebody hands you an image of 224 pixels and wants maps of 7. You have kernels of 3
# and 5 in your drawer, and strides of 1 and 2. Which layers do you stack?
#
# Write a function that plans such a stack for one axis. It returns a list of layers
# `(k, p, s)`, kernel, padding per side and stride, first layer first, that lead from
# $n$ to exactly $o$. The rules:
#
# - `k` is one of `kernels`, `s` one of `strides`;
# - `p` is a whole number from 0 to $(k-1)/2$: a layer may keep its size, but not grow;
# - no pixel of the input of any layer is left unread: the floor may drop padding, but
#   never a pixel, and `s` is at most `k`, even where a single stop would read
#   everything;
# - the stack is as short as possible. If several are equally short, any of them is
#   right; if $n = o$, it is empty;
# - if there is no such stack, raise a `ValueError`.
#
# Sizes are at most 300, kernels at most 11. A stack may have a hundred layers, so a
# search that tries all stacks will not live to see the end of it.


# %% exercise="plan-stack"
def plan_stack(
    n: int, o: int, kernels: list[int], strides: list[int]
) -> list[tuple[int, int, int]]:
    """A shortest stack of layers (k, p, s) that leads from n pixels to o.

    Raises ValueError if there is none.

    >>> plan_stack(9, 5, [3], [1, 2])
    [(3, 1, 2)]
    >>> plan_stack(12, 3, [3], [1, 2])
    [(3, 1, 2), (3, 1, 2)]
    """
    ### BEGIN SOLUTION
    stacks: dict[int, list[tuple[int, int, int]]] = {n: []}
    sizes = [n]
    for size in sizes:  # grows while it is walked, so shorter stacks come first
        for k in kernels:
            for s in strides:
                for p in range((k - 1) // 2 + 1):
                    spare = size + 2 * p - k
                    if spare < 0 or s > k or spare % s > p:
                        continue
                    smaller = spare // s + 1
                    if smaller not in stacks:
                        stacks[smaller] = [*stacks[size], (k, p, s)]
                        sizes.append(smaller)
    if o not in stacks:
        raise ValueError(f"no stack leads from {n} to {o}")
    return stacks[o]
    ### END SOLUTION


# %% check="plan-stack" points=4
checks.week2.plan_stack(plan_stack)

# %% [markdown] hint=1
# Which sizes can a single layer make of 224? Write that as a function first. How do you
# find out, with your formula at hand, whether the dropped cells are all padding?

# %% [markdown] hint=1
# Which sizes can two layers make? If a size could be reached with one layer already, is
# it worth a second look?

# %% [markdown] hint=1
# Does the longest stride first always give the shortest stack? And when your search
# ends at $o$, how do you know which layers led there?

# %% [markdown]
# <details><summary>One way to see it, when yours has passed</summary>
#
# Think of the sizes as places on a map, and of each layer that is allowed as a road
# from one size to a smaller one (or back to itself). A shortest stack is a shortest
# path. Go out from $n$ in circles: all sizes that one layer reaches, then those that
# two reach, and so on, and for each size remember how you came. There are at most $n$
# sizes, so it takes no time at all. It is called *breadth-first search*.
#
# </details>

# %% [markdown]
# ## What to take with you
#
# The size of an output is a count of stops: $\lfloor (n + 2p - d(k-1) - 1)/s \rfloor +
# 1$. Padding adds places, stride and kernel take them away, dilation makes a kernel
# longer without making it more expensive. *Valid* adds nothing, *same* keeps the size
# at stride 1, *full* lets the kernel touch every pixel from all sides. The floor drops
# cells at the end of a row, and drops them in silence; the 13 of 49 pixels came from
# there, and so did the quarrel about AlexNet's 224. A stride is a convolution of which
# most is thrown away. The frame around a picture is not nothing: each choice says
# something about a world that nobody photographed.
#
# **Where people slip**
#
# - Taking a $p$ for the other $p$. Per side or in total? Test it on a case you know.
# - Expecting *same* to keep the size with a stride. It gives $\lceil n/s \rceil$.
# - Padding an even kernel alike on both sides: one pixel too many, or one too few. Or
#   all on one side: the picture moves.
# - Believing that one zero more can only help. On the left alone it pushes pixels out
#   on the right.
# - Believing that a stride smaller than the kernel reads every pixel. With dilation it
#   need not.
# - Believing that a padding of zeros is neutral.
#
# **And the open questions?** How deep can you go: as deep as you like with *same*; with
# *valid* $\lfloor (n-1)/(k-1) \rfloor$ layers, which is seven for the face of the cat.
# 224 or 227: both.
#
# **Next:** you know how many numbers come out. Notebook 2 asks what one of them has
# seen: which pixels of the cat can reach a unit deep inside?
#
# **To read on:** Dumoulin and Visin, *A guide to convolution arithmetic for deep
# learning* (2016); Zhang, Lipton, Li and Smola, *Dive into Deep Learning*, the section
# on padding and stride, with the other $p$.
