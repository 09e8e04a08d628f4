# %% [markdown]
# # Channels and layers
#
# Week 1 · notebook 3 of 3 · about 130 minutes · 20 points
#
# So far a kernel has slid over a single sheet of numbers. A colour photograph is three
# sheets, and a network uses many kernels side by side. In this notebook the operator
# grows into the *convolutional layer*, the piece from which the networks of all the
# coming weeks are built.
#
# **When you are done, you can**
#
# - write a convolutional layer from its formula, and read that formula aloud;
# - count what is in a layer: weights, neurons, connections, parameters;
# - say what a 1×1 convolution does, and which kernel fits text, sound and video;
# - run a whole layer as one matrix product, and say why that is fast;
# - sketch sigmoid, tanh and ReLU, write their formulas and compute them safely.
#
# **You need** notebook 2 of this week, above all exercise 2.3, and from notebook 1 the
# idea of shared weights.
#
# Your answers get and return NumPy arrays. The demonstrations use torch, whose tensors
# are indexed in the same way. Where an exercise says *write*, it wants the steps, not a
# call that does them all.
#
# Take two sittings of about an hour, with a break after section 4. What stands under
# "For the curious", after the summary, is optional and not counted.

# %%
import timeit
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from coursekit import checks, data, plots
from coursekit.anatomy import count_layers
from coursekit.filters import correlate2d

torch.manual_seed(0)  # the same random numbers in every run
photograph = data.photograph("astronaut")
photograph.shape

# %% [markdown] topics="input channels, colour images"
# ## 1. Three numbers for every pixel
#
# The shape says: 3 **channels**, each 512 rows by 512 columns. One channel tells how
# much red light each pixel sends out, the next how much green, the last how much blue.
#
# **Predict:** the astronaut wears an orange suit. In which channel will the suit be
# bright, and in which dark? And what about the white patches?

# %%
plots.show(
    plots.week1.planes(photograph),
    caption="A colour photograph is three grey pictures on top of each other.",
    alt="A portrait of an astronaut in an orange suit, and its red, green and blue "
    "channels in grey. The suit is almost white in the red channel and dark grey in "
    "the green and blue ones; the white shuttle is bright in all three.",
)

# %% [markdown]
# Orange is much red, some green and little blue, so the suit shines in the first
# channel only. White is much of everything.
#
# How is a kernel to look at all this? Give it as many slices as the image has channels.
# Each slice lies on its own channel. At every place we multiply each weight with the
# number below it, as before, and then add up *everything*: all rows, all columns, all
# channels. One place gives one number.

# %%
V = torch.tensor(
    [
        [[1.0, 2, 0], [0, 1, 3], [2, 1, 0]],  # red
        [[0.0, 1, 1], [2, 0, 1], [1, 0, 2]],  # green
        [[2.0, 0, 1], [1, 1, 0], [0, 2, 1]],  # blue
    ]
)
K = torch.tensor(
    [[[1.0, 0], [0, 1]], [[0.0, 1], [1, 0]], [[-1.0, 0], [0, 0]]],
)

# %% [markdown]
# In the figure everything is worked out for the framed place. For the next one, the
# frame moves one step to the right, in all three channels at once.

# %%
plots.show(
    plots.week1.channel_sum(V, K, hidden=(0, 1)),
    caption="Three channels, three slices of one kernel, one sum. The star is the "
    "sliding sum of notebook 2.",
    alt="Three 3 by 3 channels, each with its own 2 by 2 kernel slice. At the first "
    "place the channels answer 2, 3 and −2, and these add up to 3. The second number "
    "is a question mark in all three answers and in the sum; the lower two numbers of "
    "the sum are 1 and 1.",
)

# %% [markdown]
# **Predict:** what do the three channels answer at the next place, and what stands
# where the sum has its question mark?
#
# Torch can tell. Its `conv2d` takes a **batch** of images, with the axes image,
# channel, row and column, and a stack of kernels, with the axes kernel, channel, row
# and column. We have one of each: `V[None]` puts an axis of length 1 in front of `V`,
# and `[0, 0]` takes the first image and its first map out of the answer.

# %%
F.conv2d(V[None], K[None])[0, 0]

# %% [markdown]
# $5 + 1 + 0 = 6$. As a formula, with $L$ channels and a kernel of $M$ rows and $N$
# columns:
#
# $$ S_{j,k} = \sum_{l=0}^{L-1} \sum_{m=0}^{M-1} \sum_{n=0}^{N-1}
# K_{l,m,n} \, V^l_{j+m,\,k+n} $$
#
# It is the sum from notebook 2 with one more $\Sigma$ in front. (There the kernel was
# $k_h$ by $k_w$, here $M$ by $N$. Upper indices number channels, later also kernels;
# they are no powers.) Three channels went in and *one* came out: what red, green and
# blue have to say is added up to one opinion.

# %% [markdown]
# ### Exercise 3.1 · Sum over channels
# 1 point · 4 minutes · ●●○○○ · needs 2.3
#
# Write the formula for $S_{j,k}$ as a function. The image has $L$ channels and the
# kernel as many slices; rows and columns may differ in number, for both. What you wrote
# in exercise 2.3 is at hand as `correlate2d(image, kernel)`, for one channel; use it,
# or go from place to place yourself. (`F.conv2d` and SciPy's filters are not an answer,
# here and in the next exercises.)


# %% exercise="sum-channels"
def correlate_channels(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Slide one kernel over all channels of an image at once and sum over the channels.

    x: image (L, H, W).  kernel: (L, M, N).  Returns (H-M+1, W-N+1).

    >>> correlate_channels(np.ones((3, 4, 5)), np.ones((3, 2, 2))).shape
    (3, 4)
    """
    ### BEGIN SOLUTION
    pairs = zip(x, kernel, strict=True)
    return np.sum([correlate2d(sheet, slice_) for sheet, slice_ in pairs], axis=0)
    ### END SOLUTION


# %% check="sum-channels" points=1
checks.week1.correlate_channels(correlate_channels)

# %% [markdown] hint=1
# `correlate2d(x[0], kernel[0])` is what the first channel answers. Which
# other answers are there, and what happens to them in the figure?

# %% [markdown] hint=1
# Without that tool: at one place, which block of `x` lies under the kernel? It has as
# many axes as the kernel, and the same shape.

# %% [markdown] hint=1
# Your result has three axes? Then something has not been added up yet.

# %% [markdown] topics="output channels, bias, feature maps"
# ## 2. A layer
#
# One kernel asks one question. A layer asks several: it has $I$ kernels, and each of
# them makes its own map (a *feature map*, in full). The maps are stacked like the
# channels of an image, and that is what they are for whoever comes next. Two small
# things are still missing.
#
# Each kernel has a *bias* $b^i$, one number that is added to its whole map. And each
# number of the map then passes through an **activation function** $g$. Take ReLU for
# now: negative numbers become 0, the others stay as they are.

# %%
plots.show(
    plots.week1.layer(kernels=4, channels=3),
    caption="A layer with four kernels on an image with three channels. The four maps "
    "are the four channels that the next layer sees.",
    alt="Left, a stack of three sheets in red, green and blue. In the middle, four "
    "kernels K0 to K3 of three slices each; a bias and g follow, and one map Z0 to Z3. "
    "Right, the four maps in one stack.",
)

# %% [markdown]
# Call the input $V$ (in programs `x`) and the output, after $g$, $Z$. Then the whole
# layer is one line, and it is best read from the inside out:
#
# $$ Z^i_{j,k} = \underbrace{\;g\;}_{5} \Big( \underbrace{\;b^i\;}_{4} +
# \underbrace{\sum_{l=0}^{L-1}}_{3} \; \underbrace{\sum_{m=0}^{M-1}
# \sum_{n=0}^{N-1}}_{2} \; \underbrace{K^i_{l,m,n} \, V^l_{j+m,\,k+n}}_{1} \Big) $$
#
# 1. "Weight $m, n$ of slice $l$ in kernel $i$, times the input number under it: channel
#    $l$, $m$ rows below and $n$ columns to the right of the place $(j, k)$ ...
# 2. ... summed over the rows and the columns of the kernel ...
# 3. ... and over all channels of the input;
# 4. add the bias of kernel $i$, the same at every place;
# 5. and pass the sum through the activation function."
#
# Look where each index stands. $j$ and $k$ are missing from $K$: the weights do not
# know where they are. $l$ is missing from $Z$: it has been summed away. And $i$ is
# missing from $V$: every kernel sees the same input.

# %% [markdown]
# ### Quiz: a node of a layer
#
# Scroll until the formula is out of sight and take paper. The next two exercises are
# the answers, with the computer as reader.
#
# > A node (one number of a map) stands at the place $(j, k)$ in filter $i$ of a
# > convolutional network.
# > Weights $K^i_{l,m,n}$ connect it to all nodes in an $M \times N$ window of each of
# > the $L$ channels of the layer before. It has a bias, and the activation function is
# > $g$. Write the formula for its activation $Z^i_{j,k}$. How many free parameters does
# > this layer have?

# %% [markdown]
# ### Exercise 3.2 · The layer
# 3 points · 8 minutes · ●●●○○ · needs 3.1
#
# Write the formula as a function. All kernels have the same size, so they fit in one
# array of four axes: kernel, channel, row, column. The activation is an argument, and
# may be any function.


# %% exercise="conv-layer"
def relu(z: np.ndarray) -> np.ndarray:
    """The activation of this section: negative numbers become 0."""
    return np.maximum(z, 0)


def conv_layer(
    x: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray,
    g: Callable[[np.ndarray], np.ndarray] = relu,
) -> np.ndarray:
    """The layer of the formula in section 2, its activation included.

    x: input V (L, H, W).  kernel: K (I, L, M, N).  bias: b (I,).  g: works on whole
    arrays.  Returns Z (I, H-M+1, W-N+1).

    >>> conv_layer(np.ones((3, 6, 7)), np.ones((4, 3, 3, 3)), np.zeros(4)).shape
    (4, 4, 5)
    """
    ### BEGIN SOLUTION
    count, _, m, n = kernel.shape
    sums = np.zeros((count, x.shape[1] - m + 1, x.shape[2] - n + 1))
    for i, j, k in np.ndindex(sums.shape):
        sums[i, j, k] = bias[i] + np.sum(kernel[i] * x[:, j : j + m, k : k + n])
    return g(sums)
    ### END SOLUTION


# %% check="conv-layer" points=3
checks.week1.conv_layer(conv_layer)

# %% [markdown] hint=1
# Before you begin: of which shape is the result, and how often does `g` have to be
# called?

# %% [markdown] hint=1
# Where does the bias go? Into the sum, before $g$. A bias of $-2$ on a sum of $1$ gives
# $g(-1)$, and ReLU makes that 0. Added after ReLU it would give $-1$.

# %% [markdown] hint=1
# Fill one map at a time: map $i$ is exercise 3.1 with `kernel[i]`.

# %% [markdown]
# ### Exercise 3.3 · Free parameters
# 1 point · 2 minutes · ●○○○○ · needs 3.2
#
# How many numbers does the layer have to learn? Count the biases too. (`count_layers`,
# imported above for later, would do it for you: do without, here and in 3.9.) The size
# of the image is not among the arguments. Why not?


# %% exercise="free-parameters"
def free_parameters(filters: int, channels: int, height: int, width: int) -> int:
    """Number of weights and biases of a layer with `filters` kernels.

    The input has `channels` channels; a slice of a kernel is `height` × `width`.

    >>> free_parameters(filters=2, channels=1, height=3, width=3)
    20
    """
    ### BEGIN SOLUTION
    return filters * (1 + channels * height * width)
    ### END SOLUTION


# %% check="free-parameters" points=1
checks.week1.free_parameters(free_parameters)

# %% [markdown] hint=1
# Count one kernel first, slices and bias. All kernels are alike.

# %% [markdown] hint=1
# The bias belongs to the kernel. It is shared by all channels and by all places.

# %% [markdown]
# (The size of the image does not matter, because no weight belongs to a place. On a
# larger image the same numbers are only used more often.)
#
# ### A layer looks at a photograph
#
# Let us give the astronaut to a layer with six kernels of $3 \times 5 \times 5$
# weights. A network would learn them. These are made by hand so that you can tell what
# they ask: two want an edge, two a colour, one fine detail and one darkness.

# %%
edge = torch.tensor([1.0, 1, 0, -1, -1]) / 30
names = ["bright, then dark →", "bright, then dark ↓", "red", "blue", "detail", "dark"]

kernels = torch.zeros(6, 3, 5, 5)
kernels[0] = edge
kernels[1] = edge[:, None]
kernels[2] = torch.tensor([1, -0.5, -0.5])[:, None, None] / 25
kernels[3] = torch.tensor([-0.5, -0.5, 1])[:, None, None] / 25
kernels[4] = -1 / 75
kernels[4, :, 2, 2] += 1 / 3  # the middle pixel against its surroundings
kernels[5] = -1 / 75
bias = torch.tensor([0, 0, 0, 0, 0, 0.5])

# %%
# avg_pool2d takes the mean of every 2 × 2 pixels: the picture at half its size
small = F.avg_pool2d(photograph[None] / 255, 2)  # (1, 3, 256, 256), from 0 to 1
maps = torch.relu(F.conv2d(small, kernels, bias))[0]
maps.shape

# %% [markdown]
# **Predict:** low in the black visor of the helmet there is a white rectangle, a little
# slanted. On which of its four sides will the first map draw a line, and on which the
# second? And why does "dark" need a bias, and the others do not?

# %%
plots.show(
    plots.images(
        [m / m.flatten().quantile(0.995) for m in maps],  # faint maps made visible
        names,
        columns=3,
        size=2.6,
        limits=(0, 1),
    ),
    caption="Six kernels, six maps. Each map is bright where its kernel finds what it "
    "asks for.",
    alt="Six grey maps of the portrait. The first draws edges that are bright on "
    "their left, the second edges that are bright above; the third shows the suit, "
    "the fourth the round patch and the flag's blue corner, the fifth fine lines "
    "everywhere, the sixth the visor, the collar and the black box under the shuttle.",
)

# %% [markdown]
# The first map has a line on the right of the rectangle, where bright turns to dark,
# and the second below it. On the other two sides the kernels find dark-then-bright,
# their sums are negative, and ReLU makes them 0. A network that needs all four sides
# learns four kernels. The kernel for darkness has only negative weights, so none of its
# sums is above 0; without its bias of $0.5$ its map would be black everywhere.
#
# What does a *negative* bias do? It sets a price. A map stays at 0 until the evidence
# is worth more than $-b$.
#
# Now imagine a second layer behind this one. Its input has six channels, so each of its
# kernels has six slices. A kernel there can say: bright-then-dark *and* red *and* no
# detail. Colours were only the first channels; from here on they are answers to
# questions.

# %% [markdown] topics="1×1 convolution"
# ## 3. A kernel of one pixel
#
# How small can a kernel be? One by one. It sees no neighbours at all, and on a single
# channel it could do no more than multiply the picture by a number. On $L$ channels,
# though, it sees $L$ numbers at its place and computes $I$ new ones from them:
#
# $$ Z^i_{j,k} = g\Big( b^i + \sum_{l=0}^{L-1} K^i_l \, V^l_{j,k} \Big). $$
#
# You know this line. It is a dense layer from $L$ inputs to $I$ outputs, the one from
# notebook 1, applied at every pixel separately and with the same weights everywhere.

# %%
plots.show(
    plots.week1.pointwise(inputs=3, outputs=4),
    caption="A 1×1 convolution: the numbers of one pixel go through a small dense "
    "layer. Every other pixel goes through the same one.",
    alt="Left, three sheets with one pixel marked at the same place in each, and an "
    "arrow from each mark to one of three circles. In the middle, a dense layer from "
    "these circles to four others. Right, four sheets; an arrow leads from each circle "
    "to the same place of its sheet.",
)

# %% [markdown]
# Since no pixel looks at its neighbours, such a layer would not even notice if all
# pixels changed places. What is it good for, then? It recolours photographs (see the
# end of the notebook), and it changes the *number* of channels at little cost: from 256
# channels to 64 with $64 \cdot 257 = 16\,448$ parameters, where a 3×3 layer would need
# nine times the weights. In week 6 whole networks are built around that.

# %% [markdown]
# ### Exercise 3.4 · A dense layer at every pixel
# 2 points · 5 minutes · ●●○○○ · needs 3.2
#
# Write the **1×1 convolution**, without activation. Try it without any loop over
# pixels: a matrix product multiplies a matrix with *every* column of another, so let
# the pixels be columns.


# %% exercise="pointwise"
def conv1x1(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """A dense layer from L to I numbers, applied to every pixel of an image.

    x: (L, H, W).  weight: (I, L).  bias: (I,).  Returns (I, H, W).

    >>> conv1x1(np.ones((3, 4, 5)), np.ones((2, 3)), np.array([0.0, 1.0]))[:, 0, 0]
    array([3., 4.])
    """
    ### BEGIN SOLUTION
    channels, height, width = x.shape
    mixed = weight @ x.reshape(channels, height * width) + bias[:, None]
    return mixed.reshape(len(weight), height, width)
    ### END SOLUTION


# %% check="pointwise" points=2
checks.week1.conv1x1(conv1x1)

# %% [markdown] hint=1
# How do you turn `x` into a matrix in which each column is a pixel, and each row a
# channel? Try `np.arange(12).reshape(2, 2, 3)` and `.reshape(2, 6)` of it.

# %% [markdown] hint=1
# NumPy lines shapes up from the right. `bias` has shape (I,), the product (I, H·W): as
# they stand, which axis would the biases be added along? An index with `None` gives an
# array one more axis.

# %% [markdown] topics="one-dimensional convolution, three-dimensional convolution"
# ## 4. One, two, three dimensions
#
# Nothing in the formula insists on pictures. What matters is that the data has places
# in some order, and that the same small pattern may turn up at any of them. A sentence
# is a row of words and a sound is a row of measurements: there the kernel slides along
# one axis. A film adds time to the two axes of the picture, and a scan from a hospital
# adds depth: there it slides along three.

# %%
plots.show(
    plots.week1.directions(),
    caption="The number of dimensions of a convolution is the number of axes along "
    "which the kernel slides.",
    alt="A short window inside a long strip with one arrow to the right; a square "
    "window in a rectangle with arrows to the right and up; a small cube in a large "
    "box with arrows to the right, up and back.",
)

# %% [markdown] topics="text"
# A colour image stays 2-D, although its array has three axes. The kernel covers all
# channels at once, so there is nowhere to slide along that axis. Ask "along which axes
# does the kernel move?" and you cannot go wrong.
#
# ### Text: 1-D over words
#
# Give each word a short list of numbers, its *vector*; the entries are the channels.
# Networks learn vectors with hundreds of entries. Ours has two, set by hand: does the
# word deny something, does it praise something? A kernel two words wide sees pairs of
# words. This one asks for a denial followed by praise, and its bias of $-1$ makes it
# insist on both.
#
# **Predict:** in *the film is not good but the music is good*, at which of the places
# does the filter answer? How many places are there?

# %%
sentence = "the film is not good but the music is good"
words = sentence.split()
vectors = torch.tensor(
    [
        [float(word == "not") for word in words],  # denies
        [float(word == "good") for word in words],  # praises
    ]
)
filter_of_two = torch.tensor([[[1.0, 0], [0, 1]]])  # (1 filter, 2 channels, 2 words)
found = torch.relu(F.conv1d(vectors[None], filter_of_two, torch.tensor([-1.0])))
print(tuple(vectors[None].shape), "→", tuple(found.shape))

# %%
plots.show(
    plots.week1.sentence(words, vectors, ["denies", "praises"], found[0, 0], width=2),
    caption="A filter for pairs of words. It answers at “not good” and stays silent "
    "at “is good”.",
    alt="A table of ten words with two rows: only 'not' denies, both times 'good' "
    "praises. Below, nine bars for the nine pairs of neighbouring words; only 'not "
    "good' has a bar, of height 1.",
)

# %% [markdown]
# Ten words, windows of two, nine places: the rule is the same along every axis, $n$
# places and a kernel of $k$ leave $n - k + 1$. A filter of $k$ words is a detector for
# **n-grams** with $n = k$, as linguists call runs of $n$ words. In week 4 a network
# learns such filters from film reviews. Under *For the curious*, at the end, are a
# sound, a film and a scan for you.

# %% [markdown]
# ### Exercise 3.5 · Which kernel?
# 1 point · 4 minutes · ●●○○○ · needs 3.2
#
# Quiz. For each of these layers give the shape of the array that holds all of its
# kernels: the number of filters, the number of channels, then one size for each axis
# along which the kernel slides (and for no other axis).
#
# 1. `reviews`: each word is a vector of 300 numbers; 100 filters look for runs of four
#    words.
# 2. `music`: a stereo recording, 44,100 measurements a second; 64 filters, each of
#    which hears a hundredth of a second of both loudspeakers.
# 3. `game`: the last four grey screens of a video game are laid on top of each other,
#    and 16 filters look at windows of 8 × 8 pixels in all four at once.
# 4. `film`: 64 filters on a film in colour. Each compares three frames that follow each
#    other, anywhere in the film, in a window of 3 × 3 pixels.

# %% exercise="kernel-shapes"
reviews: list[int] | None = None
music: list[int] | None = None
game: list[int] | None = None
film: list[int] | None = None
### BEGIN SOLUTION
reviews = [100, 300, 4]
music = [64, 2, 441]
game = [16, 4, 8, 8]
film = [64, 3, 3, 3, 3]
### END SOLUTION

# %% check="kernel-shapes" points=1 quiz=1
checks.week1.kernel_shapes(reviews=reviews, music=music, game=game, film=film)

# %% [markdown] hint=1
# May the same pattern turn up at another place along this axis? Then it is an axis to
# slide along. Is every entry a measurement of its own kind, of which the kernel wants
# to see all? Then the entries are channels.

# %% [markdown] hint=1
# In `game` and in `film` pictures follow each other in time. How many of them does a
# kernel see, and how many are there?

# %% [markdown]
# ### Exercise 3.6 · Build: one layer for sentences, sounds, pictures and films
# 4 points · 20 minutes · ●●●●○ · needs 3.2, 3.5
#
# Exercise 3.5 had four kinds of data, and one formula serves them all. Build the layer
# that does the same: a function that slides its kernels along every axis behind the
# channels, be it one, two or three. The goal is *one* program. Three programs, chosen
# by the number of axes, would be right too, but you can do better.
#
# How it gets there is up to you: place by place, weight by weight, with columns and a
# product. (Torch's `conv1d` to `conv3d` and SciPy's filters are not an answer; your
# earlier functions, `correlate2d` and `sliding_window_view` may be used.) And it
# has to say what is wrong when a kernel does not fit its input: the message of its
# `ValueError` should name both shapes. A kernel just as long as its input does fit.
#
# When it passes, let it read the sentence of section 4:
# `conv_nd(vectors.numpy(), filter_of_two.numpy(), np.array([-1.0]))`.


# %% exercise="any-axes"
def conv_nd(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """A layer without activation that slides along one, two or three axes.

    x: (L, n1, …, nd), d = 1, 2 or 3.  kernel: (I, L, k1, …, kd).  bias: (I,).
    Returns (I, n1-k1+1, …, nd-kd+1).  Raises ValueError, with a message that names both
    shapes, if `kernel` has not one axis more than `x`, if it has another number of
    channels, or if it is longer than `x` along some axis.

    >>> conv_nd(np.ones((2, 10)), np.ones((3, 2, 4)), np.array([0.0, 1, 2]))[:, 0]
    array([ 8.,  9., 10.])
    """
    ### BEGIN SOLUTION
    misfit = f"a kernel {kernel.shape} does not fit an input {x.shape}"
    if kernel.ndim != x.ndim + 1 or kernel.shape[1] != x.shape[0]:
        raise ValueError(misfit)
    sizes = np.subtract(x.shape[1:], kernel.shape[2:]) + 1
    if np.any(sizes < 1):
        raise ValueError(misfit)
    out = np.zeros((len(kernel), *sizes)) + bias.reshape(-1, *[1] * len(sizes))
    for offset in np.ndindex(*kernel.shape[2:]):
        window = tuple(slice(m, m + n) for m, n in zip(offset, sizes, strict=True))
        weights = kernel[(slice(None), slice(None), *offset)]
        out += np.tensordot(weights, x[(slice(None), *window)], axes=1)
    return out
    ### END SOLUTION


# %% check="any-axes" points=4
checks.week1.conv_nd(conv_nd)

# %% [markdown] hint=1
# Take your program for two axes. Which of its lines know that there are two? What would
# each of them have to be told instead?

# %% [markdown] hint=1
# `np.ndindex(4)`, `np.ndindex(4, 5)` and `np.ndindex(2, 4, 5)`: print a few steps of
# each. What could be done with such a step?

# %% [markdown] hint=1
# An index may be a tuple that was computed: what is
# `x[(slice(None), slice(2, 5), slice(1, 4))]` in the usual way of writing?

# %% [markdown] topics="im2col"
# ## 5. A layer as one matrix product
#
# A program that goes from place to place in Python is slow. A matrix product is fast:
# its numbers lie side by side in memory, each is fetched once and used many times while
# it is near, and the processor does several multiplications in one step. So let us
# make a convolution into a matrix product.
#
# The trick is called **im2col**, image to columns. Cut out every patch that the kernel
# will ever see, lay its numbers down as one column, and put the columns side by side.
# Lay the kernel down as a row, in the same order. Row times column is then exactly one
# sum of products, and row times *all* columns is the whole map.

# %%
plots.show(
    plots.week1.patches_to_columns(torch.arange(12).reshape(3, 4), [[0, 1], [2, 3]]),
    caption="Every patch becomes a column. Follow the two frames: patch, column, "
    "answer, place in the map.",
    alt="A 3 by 4 image with the numbers 0 to 11 and two framed 2 by 2 patches. The "
    "six patches stand as columns in a 4 by 6 matrix. The kernel 0 1 2 3 as a row "
    "times this matrix gives 24 30 36 48 54 60, folded back to 2 rows of 3. The solid "
    "frame goes from the patch 0 1 4 5 to 24, the dashed one from 5 6 9 10 to 54.",
)

# %% [markdown]
# With more channels a column just becomes longer: first the patch of channel 0, then of
# channel 1, and so on. With more kernels there are more rows. For $I$ kernels of
# $L \times k \times k$ weights ($k$ is a size again, no longer a column), and $P$
# places,
#
# $$ \underbrace{Z}_{I \times P} \;=\; g\Big( \underbrace{K}_{I \times Lk^2} \;
# \underbrace{\mathrm{columns}}_{Lk^2 \times P} \;+\; \underbrace{b}_{I \times 1} \Big).
# $$
#
# **Predict:** how often can a pixel appear at most, for a $k \times k$ kernel? And by
# about what factor does a picture of 3 × 64 × 64 numbers grow when $k = 5$?

# %%
picture, eight = torch.rand(1, 3, 64, 64), torch.rand(8, 3, 5, 5)
columns = F.unfold(picture, kernel_size=5)[0]  # torch's im2col
grown = columns.numel() / picture.numel()
print(
    f"{picture.numel():,} numbers became {columns.numel():,}, {grown:.0f} times as many"
)

# %% [markdown]
# In the figure, with $k = 2$, the 5 stands in four columns and the 0 in one. A pixel
# appears once for each place of the kernel that it can lie under: up to $k^2$ times, 25
# here, and less often near the edge. The number of multiplications is the
# same as before. The trick buys speed with memory.

# %% [markdown]
# ### Exercise 3.7 · Image to columns
# 2 points · 8 minutes · ●●●○○ · needs 3.1
#
# Torch cut out the patches just now. Do it yourself (without `F.unfold` and NumPy's
# `sliding_window_view`, which cut them for you), and lay them down as columns. With
# $W' = W - k + 1$ places in a row, the patch at row $r$ and column $c$ becomes column
# number $r W' + c$; inside a column the channels come first, then the rows of the
# patch, then its columns.


# %% exercise="im2col"
def im2col(x: np.ndarray, k: int) -> np.ndarray:
    """All k×k patches of an image as the columns of a matrix.

    x: image (L, H, W).  Returns (L*k*k, H'*W') with H' = H-k+1 and W' = W-k+1; column
    r*W' + c is the patch at row r and column c, flattened in the order (L, k, k).

    >>> im2col(np.arange(12).reshape(1, 3, 4), 2)[:, 4]
    array([ 5,  6,  9, 10])
    """
    ### BEGIN SOLUTION
    _, height, width = x.shape
    patches = [
        x[:, r : r + k, c : c + k].reshape(-1)
        for r in range(height - k + 1)
        for c in range(width - k + 1)
    ]
    return np.stack(patches, axis=1)
    ### END SOLUTION


# %% check="im2col" points=2
checks.week1.im2col(im2col)

# %% [markdown] hint=1
# In which order do two loops, one inside the other, meet the patches? Compare with
# $r W' + c$.

# %% [markdown] hint=1
# A patch is a block of shape (L, k, k). What makes a vector of a block, and in which
# order does it go through the axes? Try it on `np.arange(8).reshape(2, 2, 2)`.

# %% [markdown] hint=1
# Say you have collected $P$ vectors of $n$ numbers. An array made of this list: which
# shape does it have, and which shape is wanted?

# %% [markdown]
# ### How much faster?
#
# The same layer in two ways: eight 5×5 kernels on that picture, number by number in
# Python (which even gets its patches for nothing), and as one product, im2col included.
#
# **Predict:** how many times faster is the product? Twice, ten times, a hundred times?

# %%
rows, patches = eight.flatten(1).tolist(), columns.T.tolist()


def by_loops() -> list[list[float]]:
    def sum_of_products(row: list[float], patch: list[float]) -> float:
        return sum(w * v for w, v in zip(row, patch, strict=True))

    return [[sum_of_products(row, patch) for patch in patches] for row in rows]


def by_product() -> torch.Tensor:
    return eight.flatten(1) @ F.unfold(picture, 5)[0]


# %%
torch.set_num_threads(1)  # one core for both, so that the comparison is fair
slow = min(timeit.repeat(by_loops, number=1, repeat=2))
fast = min(timeit.repeat(by_product, number=1, repeat=20))
gain = slow / fast
print(f"{1000 * slow:.0f} ms against {1000 * fast:.1f} ms: {gain:.0f} times as fast")

# %% [markdown]
# The factor depends on the machine; it was several hundred where this was written. Much
# of it is not the merit of the product: Python itself spends far more time on finding
# out what `w * v` means than on multiplying. The same loops in C would be much closer.
# Torch's own convolution has further tricks, among them ways to do without writing down
# all the copies.

# %% [markdown] topics="parameter counts, LeNet-5"
# ## 6. Four counts
#
# Think of every number in the output as a **neuron** (notebook 1 said *unit*, the quiz
# of section 2 *node*: three words for one thing), as in a dense network: it has inputs,
# a weight for each of them and a bias. Four things can be counted in any layer.
#
# *Weights per neuron* are the weights of a single one, its bias included. *Neurons* are
# the numbers in the output, all maps together. **Connections** are neurons times
# weights per neuron: each is one use of a weight, so they measure the work.
# **Parameters** are the numbers that have to be learned: the free parameters of
# exercise 3.3, which others call independent. These are three names for one thing. A
# dense layer has as many of them as connections. In a **convolutional layer** the
# neurons of a map share their weights.
#
# The first layer of LeNet (notebook 1, section 6) has grey images of 32 × 32 pixels as
# its input and six kernels of 5 × 5. The kernel visits only the places where it fits
# completely.

# %%
plots.show(
    plots.week1.neurons(maps=6),
    caption="LeNet's first layer. Two neurons of the same map look at different "
    "windows with the same weights and the same bias.",
    alt="A square image of 32 by 32 with two small 5 by 5 windows. Lines lead from "
    "each window to a dot in the front one of six stacked maps, whose size is a "
    "question mark.",
)

# %% [markdown]
# ### Exercise 3.8 · LeNet's first layer by hand
# 1 point · 4 minutes · ●●○○○ · needs 3.3
#
# Quiz, with paper and pencil: how many weights per neuron (with the bias), neurons,
# connections and parameters does this layer have?

# %% exercise="lenet-counts"
weights_per_neuron: int | None = None
neurons: int | None = None
connections: int | None = None
parameters: int | None = None
### BEGIN SOLUTION
weights_per_neuron = 26
neurons = 4704
connections = 122304
parameters = 156
### END SOLUTION

# %% check="lenet-counts" points=1 quiz=1
checks.week1.lenet_counts(
    weights_per_neuron=weights_per_neuron,
    neurons=neurons,
    connections=connections,
    parameters=parameters,
)

# %% [markdown] hint=1
# Follow the lines of the figure from one dot back to its window. How many inputs does
# it have? Add the bias.

# %% [markdown] hint=1
# How many places are there in one row of the image for a kernel of five? A map has as
# many columns. And how many maps are there?

# %% [markdown] hint=1
# For the parameters ask how many *different* weights there are: one set for each map.

# %% [markdown]
# ### Exercise 3.9 · Right for LeNet
# 2 points · 5 minutes · ●●○○○ · needs 3.8
#
# Here is a program for the four counts of a layer of square kernels, with stride 1 and
# no padding. It was tested on LeNet's first layer, `(32, 32, 1, 6, 5)`, and all four
# numbers are right. (*Stride 1* means that the kernel moves by one pixel, *no padding*
# that nothing is put around the image. Week 2 changes both.)

# %%
KEYS = ("weights_per_neuron", "neurons", "connections", "parameters")


def right_for_lenet(
    height: int, width: int, channels: int, filters: int, k: int
) -> dict[str, int]:
    per_neuron = k * k + channels
    count = filters * (height - k + 1) ** 2
    values = (per_neuron, count, count * per_neuron, filters * per_neuron)
    return dict(zip(KEYS, values, strict=True))


# %% [markdown]
# And yet it has two mistakes.
#
# Find for each of them a small layer, one that you can count by hand, for which it
# gives a wrong number. What is special about LeNet that hides them? Then copy the
# program and mend it, without `count_layers`.


# %% exercise="four-counts"
def four_counts(
    height: int, width: int, channels: int, filters: int, k: int
) -> dict[str, int]:
    """The four counts of a convolutional layer with stride 1 and no padding.

    The input is `height` × `width` with `channels` channels; there are `filters`
    kernels of k × k, each with a bias.  Returns a dict with the keys
    "weights_per_neuron" (with the bias), "neurons", "connections", "parameters".

    >>> four_counts(height=4, width=5, channels=1, filters=2, k=3)["neurons"]
    12
    """
    ### BEGIN SOLUTION
    weights = 1 + channels * k * k
    neurons = filters * (height - k + 1) * (width - k + 1)
    return {
        "weights_per_neuron": weights,
        "neurons": neurons,
        "connections": neurons * weights,
        "parameters": filters * weights,
    }
    ### END SOLUTION


# %% check="four-counts" points=2
checks.week1.four_counts(four_counts)

# %% [markdown] hint=1
# LeNet's image is square and has a single channel. Change one of the two and count
# again.

# %% [markdown] hint=1
# Say in words what each line counts. Which words are not true for a colour image?

# %% [markdown]
# LeNet is square and grey: with a single channel, "a weight for each channel" and "a
# bias" are the same number. A test says little if everything in it is 1 or alike.
#
# Divide the connections of LeNet's layer by its parameters: $122\,304 / 156 = 784 =
# 28 \cdot 28$. So often is each weight used, once at every place. Connections cost
# time. Parameters cost memory, and it takes data to learn them. Without sharing, every
# connection would be a parameter, and a dense layer to as many neurons would have
# $4\,704 \cdot 1\,025 = 4\,821\,600$.

# %% [markdown] topics="activation functions"
# ## 7. Activation functions
#
# Why is there a $g$ at all? Suppose we leave it out and put one layer behind another.
#
# **Predict:** a 3×3 kernel, and another 3×3 kernel on its result, nothing in between.
# Could a single kernel do the same? Of what size?

# %% [markdown]
# Go backwards. A number behind the second kernel is a sum of 3 × 3 numbers of the first
# map, each times a weight `second[m, n]`. Each of these is itself the whole first
# kernel laid on the image, $m$ rows further down and $n$ columns to the right. So lay
# the first kernel down nine times, shifted and weighted, and add:

# %%
first, second = torch.rand(2, 3, 3, dtype=torch.float64)
merged = torch.zeros(5, 5, dtype=torch.float64)
for m, n in np.ndindex(3, 3):
    merged[m : m + 3, n : n + 3] += second[m, n] * first

sheet = torch.rand(1, 1, 12, 12, dtype=torch.float64)
one_after_the_other = F.conv2d(F.conv2d(sheet, first[None, None]), second[None, None])
at_once = F.conv2d(sheet, merged[None, None])
print("largest difference:", f"{(one_after_the_other - at_once).abs().max():.6f}")

# %% [markdown]
# One 5×5 kernel does it. (Row $m$ of the second and row $m'$ of the first kernel meet
# in row $m + m'$ of the large one: `merged` is the true convolution of notebook 2, of
# one kernel with the other.) However many such layers you stack, they remain a single
# one. With ReLU in between this is over, because what was cut off at 0 is gone, and the
# second layer builds on the *decisions* of the first.
#
# Three functions have played this part. The **sigmoid** squeezes the whole number line
# into $(0, 1)$, the **hyperbolic tangent** into $(-1, 1)$, and the **rectified linear
# unit**, ReLU, cuts off what is negative:
#
# $$ \sigma(x) = \frac{1}{1 + e^{-x}}, \qquad
# \tanh x = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}, \qquad
# \mathrm{ReLU}(x) = \max(0, x). $$
#
# (Here $x$ is whatever arrives at $g$.) The first two are close relatives:
# $\tanh x = 2\,\sigma(2x) - 1$.
#
# ### Quiz: three curves
#
# > Sketch these activation functions and write their formulas: sigmoid, tanh, ReLU.
#
# Scroll until the formulas are out of sight, and do it on paper. Mark the value at 0
# and where each curve goes far to the left and far to the right. In the next two
# exercises you write the formulas as programs, then draw them and compare with your
# sketch.
#
# **Predict:** $\tanh 1000$ is 1 to hundreds of digits. What does the formula above
# give?

# %%
with np.errstate(over="ignore", invalid="ignore"):
    up, down = np.exp(1000.0), np.exp(-1000.0)
    print("e^1000 =", up, "   e^-1000 =", down)
    print("tanh 1000 =", (up - down) / (up + down))

# %% [markdown]
# $e^{1000}$ is too large for a floating-point number and becomes infinite, and infinity
# divided by infinity is "not a number". A single one of these spoils a whole network.
# $e^{-1000}$ does no harm: it becomes 0, which is what it nearly is.
# So write the formulas in such a way that $e$ is only ever raised to a *negative*
# power.

# %% [markdown]
# ### Exercise 3.10 · Sigmoid, tanh, ReLU
# 2 points · 7 minutes · ●●●○○ · needs nothing
#
# Write the three functions from `np.exp`, for arrays of any shape: several axes, one,
# or none at all. (ReLU stood ready in exercise 3.2. Write it again, without looking.
# `np.tanh` and what torch and SciPy have ready do not count.) Arrays of whole numbers
# come too. They must be right at $x = \pm 1000$ too, without a warning about an
# overflow.


# %% exercise="activations"
def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-x) for every entry of an array of any shape, without overflow.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(x))  # never larger than 1
    return np.where(np.asarray(x) >= 0, 1, small) / (1 + small)
    ### END SOLUTION


def tanh(x: np.ndarray) -> np.ndarray:
    """(e^x - e^-x) / (e^x + e^-x) for every entry of an array, without overflow.

    >>> tanh(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.,  0.,  1.])
    """
    ### BEGIN SOLUTION
    return 2 * sigmoid(2 * np.asarray(x)) - 1
    ### END SOLUTION


def relu(x: np.ndarray) -> np.ndarray:
    """max(0, x) for every entry of an array of any shape.

    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    ### BEGIN SOLUTION
    return np.maximum(x, 0)
    ### END SOLUTION


# %% check="activations" points=2
checks.week1.activations(sigmoid, tanh, relu)

# %% [markdown] hint=1
# $e^{-|x|}$ lies between 0 and 1 for every $x$. For $x \ge 0$ the sigmoid is
# $1 / (1 + e^{-|x|})$. For $x < 0$, multiply numerator and denominator by $e^x$.

# %% [markdown] hint=1
# `np.where(condition, a, b)` computes both `a` and `b` everywhere and then chooses. An
# overflow in the branch that is not chosen still gives a warning. Which exponent is
# harmless in both?

# %% [markdown] hint=1
# Do you need a second formula for tanh? Section 7 calls the two close relatives.

# %% [markdown]
# ### Exercise 3.11 · The sketch
# 1 point · 3 minutes · ●○○○○ · needs 3.10
#
# Draw the three curves on the axes given, with the labels "sigmoid", "tanh" and "ReLU".
# Let $x$ rise from $-4$ to $4$, in steps so small that the curves look smooth: the
# check reads the points of your curves and wants at least 40 in each, with gaps of at
# most $0.5$. Then compare with the sketch on your paper.


# %% exercise="sketch"
def sketch() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Draw sigmoid, tanh and ReLU over [-4, 4] with labels; return what was drawn.

    Returns plots.curves(ax): for each label the x and the y of its points, arrays (n,).

    >>> x, y = sketch()["tanh"]
    >>> float(x[0]), float(x[-1])
    (-4.0, 4.0)
    """
    fig, ax = plots.new(width=5, height=3)
    ### BEGIN SOLUTION
    x = np.linspace(-4, 4, 201)
    for label, g in {"sigmoid": sigmoid, "tanh": tanh, "ReLU": relu}.items():
        ax.plot(x, g(x), label=label)
    ### END SOLUTION
    drawn = plots.curves(ax)
    if drawn:
        ax.legend()
    plots.show(
        fig,
        caption="My sketch of three activation functions.",
        alt="My curves of sigmoid, tanh and ReLU for x from −4 to 4.",
    )
    return drawn


# %% check="sketch" points=1
checks.week1.sketch(sketch)

# %% [markdown] hint=1
# `np.linspace(start, stop, n)` makes `n` points at equal distances, and
# `ax.plot(x, y, label="…")` draws one curve with its label.

# %% [markdown]
# ## What to take with you
#
# A convolutional layer is $Z^i_{j,k} = g(b^i + \sum_l \sum_m \sum_n K^i_{l,m,n}
# V^l_{j+m,k+n})$. A kernel has one slice for each input channel and sums over all of
# them; each kernel makes one output channel. The layer learns $I(1 + LMN)$ numbers,
# whatever the size of the image. With a window of one pixel it is a dense layer at
# every pixel. It can slide along one, two or three axes. Its arithmetic is one matrix
# product of kernels and patches. Four counts tell its price: weights per neuron,
# neurons, connections, which are the work, and parameters, which are few because the
# neurons of a map share them. Without an activation function, layers would melt into
# one; sigmoid, tanh and ReLU are safe to compute if $e$ is raised to negative powers
# only.
#
# <details><summary>Channel or place? What decided in exercise 3.5</summary>
#
# Ask whether the same pattern may turn up further along. Words and moments are places:
# "not good" is the same thing early and late. The entries of a word's vector and the
# two loudspeakers are channels: each is a thing of its own kind, and a filter wants to
# see all of them. Pictures that follow each other can be either. Four screens laid on
# top of each other, all of which the kernel covers, are channels, and there is nowhere
# to slide; the frames of a long film, three of which it sees at a time, are places.
#
# </details>
#
# **Where people slip**
#
# | one hears | what holds |
# |---|---|
# | A kernel on a colour image gives three maps. | One: it adds up all channels. |
# | Every neuron has its own bias. | Every map has one, shared by all its places. |
# | A colour image needs a 3-D convolution. | 2-D: it slides along two axes. |
# | A 1×1 convolution does nothing. | It mixes channels; it does not see space. |
# | im2col saves multiplications. | It does as many, in a better order. |
# | Connections are parameters. | Only in a dense layer; here they are shared. |
#
# **Next:** every layer so far has returned a smaller picture than it was given, and
# moved in steps of one pixel. Week 2 changes both, with padding and stride, and asks
# how much of the image a neuron deep inside a network can see.
#
# **To read on:** Goodfellow, Bengio and Courville, *Deep Learning* (2016), chapter 9;
# Chellapilla, Puri and Simard, *High performance convolutional neural networks for
# document processing* (2006), for im2col; Lin, Chen and Yan, *Network in network*
# (2014), for the 1×1 convolution; Krizhevsky, Sutskever and Hinton, *ImageNet
# classification with deep convolutional neural networks* (2012), for ReLU.

# %% [markdown]
# ## For the curious
#
# Nothing here is needed later. Take what you like: the slopes of the three curves, the
# price of a bias, three kinds of data with kernels made for them by hand, a border that
# grey cannot show, new colours for the astronaut, and AlexNet, counted.

# %% [markdown] topics="vanishing gradients, ReLU"
# ### Their slopes, and why ReLU took over
#
# A network learns by passing a gradient backwards through its layers, and each layer
# multiplies it with the slope of its activation. With the rules for derivatives the
# formulas give
#
# $$ \sigma'(x) = \sigma(x)\,\big(1 - \sigma(x)\big), \qquad
# \tanh'(x) = 1 - \tanh^2 x, \qquad
# \mathrm{ReLU}'(x) = \begin{cases} 0 & x < 0 \\ 1 & x > 0. \end{cases} $$
#
# **Predict:** at which $x$ is each of the three curves steepest, and how steep? And if
# a gradient passes ten layers and meets $x = 1$ in each, where $\sigma(1) = 0.73$ and
# $\tanh 1 = 0.76$, about how much of it is left?

# %%
plots.show(
    plots.week1.derivatives(np.linspace(-4, 4, 801), depth=10),
    caption="Left: the slopes. Right: what is left of a gradient that meets g′(1) in "
    "every layer, on a logarithmic scale.",
    alt="Left, the derivatives: the sigmoid's is a low hill of height 0.25, that of "
    "tanh a hill of height 1, both near 0 beyond 4; that of ReLU jumps from 0 to 1 at "
    "0. Right, the factor after 1 to 10 layers: it stays at 1 for ReLU, falls to about "
    "two ten-thousandths for tanh and to about one ten-millionth for the sigmoid.",
)

# %% [markdown]
# $\sigma'(1) = 0.197$, and ten of these leave $9 \cdot 10^{-8}$; $\tanh'(1) = 0.420$
# leaves $2 \cdot 10^{-4}$; ReLU leaves everything. Even where it is steepest, at 0, the
# sigmoid has a slope of $\tfrac14$ only, so ten layers shrink a gradient at least a
# million times ($4^{10} = 1\,048\,576$), unless large weights make up for it. tanh
# reaches a slope of 1, but only at 0, and both go flat far from 0. The slope of ReLU is
# exactly 1 for every positive $x$, however large, and $\max(0, x)$ is cheap to compute.
# In the paper on AlexNet, Krizhevsky and others trained a four-layer network on
# CIFAR-10 with either: with ReLU it reached 25 % training error six times faster than
# with tanh.
#
# ReLU has its price. Where $x$ is negative the slope is 0, and a neuron that is
# negative for *every* image learns nothing any more; it is called **dead**. The
# squeezing functions are not gone either: the sigmoid is the right choice where the
# output is to be a probability. And gradients can vanish for other reasons than $g$.
# Week 5 takes that up.

# %% [markdown]
# ### The price of a bias
#
# A negative bias silences a map until its evidence is worth more.
#
# **Predict:** the first kernel again, with biases $0$, $-0.05$ and $-0.2$. About what
# share of the pixels stays above 0 each time?

# %%
prices = torch.tensor([0, -0.05, -0.2])
three = torch.relu(F.conv2d(small, kernels[:1].expand(3, -1, -1, -1), prices))[0]
shares = [float((m > 0).float().mean()) for m in three]
labels = ("bias 0", "bias −0.05", "bias −0.2")
titles = [f"{b}: {s:.0%} above 0" for b, s in zip(labels, shares, strict=True)]

# %%
plots.show(
    plots.images(
        [m.sqrt() for m in three], titles, columns=3, size=2.6, limits=(0, 0.55)
    ),
    caption="The same kernel with three biases: a lower bias keeps only the clearest "
    "edges (faint sums drawn brighter).",
    alt="Three edge maps of the portrait. The first is full of faint edges, the second "
    "shows the outlines, the third only a few strong vertical edges.",
)

# %% [markdown]
# Half of the pixels are left, then a fifth, then one in eighteen. Most of this picture
# is nearly flat: there the sums are close to 0, on one side or the other, and a small
# price is enough to silence them.

# %% [markdown] topics="sound"
# ### Sound: 1-D over time
#
# A sound is one channel of air pressure, here 4,000 measurements a second. The kernel
# is a pattern in time: a short piece of a tone. Where the sound contains that tone,
# waves and weights swing together and the products add up; with other tones they get
# out of step and cancel. Our chord is built up tone by tone, and the layer has three
# filters.
#
# **Predict:** the A sounds from the start, the C♯ enters at 0.3 s and the E at 0.6 s.
# What will the three output channels look like?

# %%
pitches = {"A  220 Hz": 220.0, "C♯  277 Hz": 277.2, "E  330 Hz": 329.6}
seconds = torch.arange(0, 0.9, 1 / 4000)
chord = torch.zeros(len(seconds))
for i, hertz in enumerate(pitches.values()):
    chord += torch.sin(2 * torch.pi * hertz * seconds) * (seconds >= 0.3 * i)

window = torch.hann_window(320)  # 0.08 s, fading in and out
patterns = [torch.sin(2 * torch.pi * f * seconds[:320]) for f in pitches.values()]
tone_kernels = torch.stack([window * p for p in patterns])[:, None]  # (3, 1, 320)
heard = torch.relu(F.conv1d(chord[None, None], tone_kernels))
print((1, 1, len(chord)), "→", tuple(heard.shape))

# %%
plots.show(
    plots.week1.sound(seconds, chord, heard[0], list(pitches)),
    caption="One channel of sound becomes three, each of which wakes up with its own "
    "tone.",
    alt="On top the wave of the chord, growing at 0.3 and 0.6 seconds. Below three "
    "output channels: the one for A is active all the time, the one for C sharp rises "
    "from about 0.27 seconds on, the one for E from about 0.57 seconds on.",
)

# %% [markdown] topics="video"
# Each channel wakes up about 0.03 s too early: an answer is drawn at the middle of the
# stretch of 0.08 s that the filter hears, so half of the stretch lies in the future.
# (The small bump of the E at 0.3 s is no mistake. The C♯ starts so suddenly that it
# clicks, and a click contains a little of every pitch.)
#
# ### Video: 3-D over frames, rows and columns
#
# A film of one channel has three axes: time, row, column. In ours three bars stand one
# above the other. The upper one moves to the right, one pixel a frame, the lower one
# moves to the left, and the middle one stands still. In a single frame they look the
# same, so a kernel that sees one frame at a time cannot tell them apart.
#
# The kernel spans three frames and three columns. Where a bar touches only one of its
# corners the sum may be 1; the bias of $-1$ silences that:

# %%
clip = torch.zeros(1, 1, 16, 24, 24)  # batch, channel, frame, row, column
for frame in range(16):
    clip[0, 0, frame, 2:8, 3 + frame] = 1
    clip[0, 0, frame, 9:15, 12] = 1
    clip[0, 0, frame, 16:22, 20 - frame] = 1

steps = torch.eye(3) - torch.eye(3).flip(1)  # frame × column
motion = torch.relu(F.conv3d(clip, steps[None, None, :, None, :], torch.tensor([-1.0])))
print(tuple(clip.shape), "→", tuple(motion.shape))
steps

# %% [markdown]
# **Predict:** from 16 frames only 14 remain, and from 24 columns only 22. Which bars
# are left in them?

# %%
plots.show(
    plots.week1.video(clip[0, 0], steps, motion[0, 0], frames=[1, 5, 9, 13]),
    caption="Above, four frames of the film; below, the answers. Only the bar that "
    "moves to the right is left.",
    alt="The kernel: 1 on the diagonal from upper left to lower right, −1 on the "
    "other diagonal, 0 in the middle. Four frames show three bars: the upper one "
    "moves right, the middle one stays, the lower one moves left. In the four answers "
    "only the upper bar is seen.",
)

# %% [markdown] topics="medical volumes"
# ### Medical volumes: 3-D over slices, rows and columns
#
# A scanner delivers a block of slices. A small round lump may be dangerous, a blood
# vessel is not, and in a slice that cuts the vessel across, both are the same bright
# disc. Our block is a toy with one ball and one tube in some noise, but it has exactly
# this difficulty.
#
# The kernel below is positive in a small ball and negative in a shell around it:
# "bright here, and dark all around". In two dimensions "all around" is a ring; in three
# it includes the slices before and behind.

# %%
z, y, x = torch.meshgrid(*map(torch.arange, (24, 32, 40)), indexing="ij")
ball = (z - 12) ** 2 + (y - 16) ** 2 + (x - 11) ** 2 <= 9
tube = (y - 16) ** 2 + (x - 29) ** 2 <= 9
noise = torch.rand(24, 32, 40, generator=torch.Generator().manual_seed(0))
block = 0.8 * (ball | tube) + 0.2 * noise


def bright_inside(dimensions: int) -> torch.Tensor:
    axes = torch.meshgrid(*[torch.arange(-5.0, 6)] * dimensions, indexing="ij")
    distance = torch.stack(axes).norm(dim=0)
    inside, around = distance <= 3, (distance > 3) & (distance <= 5)
    return inside / inside.sum() - 3 * around / around.sum()


# %%
flat = torch.relu(F.conv2d(block[None, None, 12], bright_inside(2)[None, None]))[0, 0]
solid = torch.relu(F.conv3d(block[None, None], bright_inside(3)[None, None]))[0, 0]
print("2-D:", tuple(block[12].shape), "→", tuple(flat.shape))
print("3-D:", tuple(block.shape), "→", tuple(solid.shape))

# %% [markdown]
# **Predict:** which of the two discs does the 2-D kernel find, and which the 3-D
# kernel?

# %%
plots.show(
    plots.week1.volume(block, flat, solid[7]),
    caption="In one slice a lump (left) and a vessel (right) look alike. Only the "
    "kernel that also looks at the slices before and behind tells them apart. Each "
    "dotted line shows where the other picture cuts.",
    alt="A slice with two equal bright discs; the side view, in which the left one is "
    "a disc and the right one a bright bar through all slices; the answer of the 2-D "
    "kernel with two equal bright spots; the answer of the 3-D kernel with one bright "
    "spot at the left.",
)

# %% [markdown]
# The 2-D kernel finds both: in its slice each disc is dark all around. For the 3-D
# kernel the vessel is bright before and behind as well, where the shell wants dark, and
# only the lump is left.
#
# All shapes side by side:
#
# | data | slides along | input | kernel | output |
# |---|---|---|---|---|
# | text | words | 2×10 | 1×2×2 | 1×9 |
# | sound | time | 1×3600 | 3×1×320 | 3×3281 |
# | image | rows, columns | 3×256×256 | 6×3×5×5 | 6×252×252 |
# | video | frames, rows, columns | 1×16×24×24 | 1×1×3×1×3 | 1×14×24×22 |
# | volume | slices, rows, columns | 1×24×32×40 | 1×1×11×11×11 | 1×14×22×30 |
#
# In every row the first number of input and output counts channels, and the first two
# of the kernel count filters and input channels.

# %% [markdown]
# ### Why not turn the picture grey first?
#
# That would be cheaper. Below, the left half is red and the right half green, mixed so
# that the usual recipe for grey, $0.299 R + 0.587 G + 0.114 B$, gives the same number
# for both.
#
# **Predict:** a vertical-edge kernel looks at the colours, with the same numbers for
# red and the opposite numbers for green: will the border be bright or black? And what
# if green got the same sign as red?

# %%
colours = torch.empty(3, 20, 20)
colours[:, :, :10] = torch.tensor([0.9, 0.1, 0.1])[:, None, None]
colours[:, :, 10:] = torch.tensor([0.1, 0.5075, 0.1])[:, None, None]
grey = torch.tensordot(torch.tensor([0.299, 0.587, 0.114]), colours, dims=1)
edge = torch.tensor([1.0, 0, -1]).expand(3, 3)  # the same row three times
in_grey = F.conv2d(grey[None, None], edge[None, None])[0, 0]
in_colour = F.conv2d(colours[None], torch.stack([edge, -edge, 0 * edge])[None])[0, 0]

# %%
plots.show(
    plots.images(
        [colours, grey, in_grey / 5, in_colour / 5],  # drawn a little darker
        ["in colour", "in grey", "edge of the grey", "edge of the colours"],
        columns=4,
        size=2,
        limits=(0, 1),
    ),
    caption="A border between red and green that no kernel can find once the picture "
    "is grey.",
    alt="A square with a red left half and a green right half; the same in grey, "
    "evenly grey; the edge map of the grey picture, all black; the edge map of the "
    "colours, black with one bright vertical stripe in the middle.",
)

# %% [markdown]
# The weights $+1$ for red and $-1$ for green ask a question that no grey picture can
# answer: where does red end and green begin? (With $+1$ for both, red's fall of $0.8$
# and green's rise of about $0.4$ would pull against each other, and only half of the
# answer to red would be left.) In a network such weights are learned, so the colours
# are handed over as they are.

# %% [markdown]
# ### New colours with 1×1 kernels
#
# Three input channels and one output: a recipe for grey. Three and three: new colours.
#
# **Predict:** look at the matrices `swap` and `faded` below. Row $i$ says how output
# channel $i$ is mixed from red, green and blue. What will each of them do to the orange
# suit?

# %%
to_grey = torch.tensor([[0.299, 0.587, 0.114]])
swap = torch.tensor([[0.0, 0, 1], [0, 1, 0], [1, 0, 0]])
faded = torch.tensor([[0.4, 0.5, 0.1], [0.3, 0.5, 0.1], [0.2, 0.4, 0.1]])
recoloured = [F.conv2d(small, m[:, :, None, None])[0] for m in (to_grey, swap, faded)]

# %%
plots.show(
    plots.images(
        [small[0], *recoloured],
        ["photograph", "grey (1 × 3)", "swap (3 × 3)", "faded (3 × 3)"],
        columns=4,
        size=2.2,
    ),
    caption="Three 1×1 convolutions of one photograph. No pixel looked at its "
    "neighbours.",
    alt="The portrait four times: as it is with an orange suit, in grey, with red and "
    "blue exchanged so that the suit is blue, and in the brown tones of an old print.",
)

# %% [markdown]
# `swap` exchanges red and blue, so that orange turns blue. `faded` lets every channel
# borrow from the others: they become alike, and the picture turns to the browns of an
# old print.

# %% [markdown]
# ### AlexNet, counted
#
# `count_layers` asks torch's own layers: it counts the weights that they hold and the
# numbers that they return. AlexNet won the ImageNet contest in 2012. Its first layer
# uses *padding* (zeros around the image) and *stride* (steps of more than one pixel),
# the subject of next week; here they only change the number of places.
#
# **Predict:** divide the connections of a layer by its parameters. What does the
# quotient tell? The maps of AlexNet's first layer are $55 \times 55$: what is it there?

# %%
layers = {
    "LeNet, first": (nn.Conv2d(1, 6, 5), 32),
    "AlexNet, first": (nn.Conv2d(3, 96, 11, stride=4, padding=2), 224),
    "ten 5×5, padded": (nn.Conv2d(3, 10, 5, padding=2), 32),
}
heads = ("layer", "per neuron", "neurons", "connections", "parameters")
print("{:16}{:>12}{:>10}{:>14}{:>12}".format(*heads))
for name, (layer, size) in layers.items():
    [row] = count_layers(layer, (layer.in_channels, size, size))
    counts = (row.weights_per_neuron, row.neurons, row.connections, row.parameters)
    print("{:16}{:12,}{:10,}{:14,}{:12,}".format(name, *counts))

# %% [markdown]
# The quotient tells how often each weight is used: in AlexNet $55 \cdot 55 = 3\,025$
# times, once at every place. The third layer is padded so that its maps stay 32 × 32,
# and each of its weights is used $32 \cdot 32$ times.
