# %% [markdown]
# # From dense to convolutional
#
# Week 1 · notebook 1 of 3 · about 130 minutes · 15 points
#
# The plainest network for images joins every unit to every pixel. This notebook asks
# what that costs, and what such a network cannot know about an image. Then it takes
# away nearly all of the weights, step by step, and what is left is a convolution.
#
# Take two sittings of about an hour, with a break after section 4. What stands under
# "For the curious", after the summary, is optional and not counted.
#
# **When you are done, you can**
#
# - say what an image is to a network, and what MNIST, CIFAR-10 and ImageNet hold;
# - count the weights of a dense, a locally connected and a convolutional layer;
# - find out by experiment whether an MLP knows which pixels are neighbours;
# - write a convolution as a matrix, and name the four parts of a convolutional network;
# - tell when a convolution is the right tool, and when it is not;
# - find out from the data alone what stands beside what.
#
# **You need** NumPy, and an idea of what a dense layer and gradient descent are. You
# need not know what a convolution is. In the exercises *write* means: from slices, sums
# and products, or from the functions that the exercise names. What NumPy, SciPy or
# torch do in one call does not count, nor does what the course itself has ready.

# %%
import copy

import numpy as np
import torch
from scipy.ndimage import gaussian_filter1d
from torch.nn import functional as F

from coursekit import checks, data, plots, shuffle, train
from coursekit.models.mlp import MLP
from coursekit.models.small_cnn import SmallCNN

# %% [markdown]
# ## Which one is the 3?
#
# Two handwritten digits, a 3 and an 8. Before you see them, somebody cut both into
# single pixels and laid them out again in another order: a random one, but the *same*
# for both.

# %%
digits = data.mnist()
order = torch.randperm(28 * 28, generator=torch.Generator().manual_seed(0))
pair = np.random.default_rng(3).permutation([3, 8])
originals = torch.stack(
    [digits.train.images[digits.train.labels == c][0] for c in pair]
)
scrambled = shuffle.pixels(originals, order)

plots.show(
    plots.images(list(scrambled), ["A", "B"], columns=2, size=2.2),
    caption="A 3 and an 8 whose pixels were laid out in one random order.",
    alt="Two squares of scattered white dots on black; no digit can be seen in either.",
)

# %% [markdown]
# You cannot tell, and nor can anyone by looking. Yet nothing was lost: each grey value
# is still there, and the order could be undone.
#
# Now suppose you had to learn it. You get thousands of such pictures, each with its
# label, all shuffled in that one order.
#
# **Predict:** would a neural network learn to read them? As well as it reads ordinary
# digits, a little worse, or hardly at all? Write down a guess. You will have the answer
# in half an hour.

# %% [markdown]
# ### A few lines of torch
#
# The course computes with NumPy and with PyTorch, `torch` for short. A torch **tensor**
# is an array: the same slices, sums and shapes, with four bytes for a fraction where
# NumPy takes eight. Networks in torch want two axes more than you may expect: first the
# examples, then their channels. `None` as an index adds an axis of length 1.

# %%
x = torch.tensor([1.0, 2.0, 4.0])
print("a slice and a sum:   ", x[1:], x.sum())
print("to NumPy and back:   ", x.numpy(), torch.from_numpy(np.arange(3)))
print("one example, one channel, three numbers:", tuple(x[None, None].shape))

# %% [markdown] topics="images as arrays, data sets, image classification"
# ## 1. An image is an array of numbers
#
# A grey image is a table of brightnesses. In MNIST each is a whole number from 0
# (black) to 255 (white), which takes one byte.

# %%
plots.show(
    plots.week1.patch_of_numbers(digits.train.images[0, 0], top=8, left=10, size=9),
    caption="What you see, and what the computer has. The frame is shown as numbers.",
    alt="Left, a handwritten digit in white on black with a square frame around a part "
    "of its stroke. Right, the nine by nine numbers in that frame: 0 where it is "
    "black, up to 255 where it is white.",
)

# %% [markdown]
# A colour image has three such tables, for red, green and blue. We keep many images in
# one array, in the order (images, channels, rows, columns).

# %%
for name, split in {"training": digits.train, "test": digits.test}.items():
    print(f"{name:8}", tuple(split.images.shape), split.images.dtype)

# %% [markdown]
# These digits are one of three **data sets** that you will meet in every paper of this
# field. To **classify** an image is to choose one label for it from a fixed list. It is
# the task on which neural networks were tried first (Rosenblatt's perceptron, from 1957
# on, looked through 400 photocells) and on which convolutional networks made their
# name.
#
# | | MNIST | CIFAR-10 | ImageNet (ILSVRC 2012) |
# |---|---|---|---|
# | published | 1998 | 2009 | 2009, contest 2010–2017 |
# | images | 28 × 28, grey | 32 × 32, colour | colour, 469 × 387 on average |
# | classes | 10 digits | 10, airplane to truck | 1,000, of them 120 breeds of dogs |
# | to train on | 60,000 | 50,000 | 1.28 million |
# | to test on | 10,000 | 10,000 | 100,000, labels kept secret |
#
# **MNIST** is easy by now: it tells you within a minute whether your code works.
# **CIFAR-10** is small enough for one graphics card and hard enough to compare ideas.
# **ImageNet** settled an argument. In the contest of 2012 the mean of seven
# convolutional networks, of eight or nine layers each, missed the right label, with
# five guesses, in 15 % of the images; the runner-up, built in the old way, in 26 %. A
# year later nearly every entry was a convolutional network.
#
# You will read that MNIST has 50,000 training images. The file has 60,000; many authors
# keep 10,000 of them aside, to choose settings without touching the test images.

# %% [markdown]
# ### Exercise 1.1 · The sizes of things
# 1 point · 4 minutes · ●○○○○ · needs nothing
#
# The table has what you need; a line of Python for each will do.
#
# How many bytes are the pixels of all training images in the file of MNIST, at one byte
# a number? How many images of CIFAR-10 have together as many numbers as *one* average
# photograph of ImageNet, to the nearest whole number? And if you name five different
# classes of ImageNet blindly, with what probability is the right one among them?

# %% exercise="datasets"
mnist_training_bytes: int | None = None
cifar10_images_per_photograph: int | None = None
chance_of_five_blind_guesses: float | None = None
### BEGIN SOLUTION
mnist_training_bytes = 60_000 * 28 * 28
cifar10_images_per_photograph = round(469 * 387 * 3 / (32 * 32 * 3))
chance_of_five_blind_guesses = 5 / 1_000
### END SOLUTION

# %% check="datasets" points=1 quiz=1
checks.week1.datasets(
    mnist_training_bytes=mnist_training_bytes,
    cifar10_images_per_photograph=cifar10_images_per_photograph,
    chance_of_five_blind_guesses=chance_of_five_blind_guesses,
)

# %% [markdown] hint=1
# How many numbers does one pixel of a colour image hold, and one of a grey image? And
# the five classes are different ones: how many of the thousand do they cover?

# %% [markdown] topics="dense layers, parameter counts"
# ## 2. A dense layer on pixels
#
# The plainest network for images is a **multilayer perceptron**, MLP for short. It
# **flattens** the image into one long list $\mathbf{x}$ and multiplies it by a matrix:
#
# $$ \mathbf{h} = g(W\mathbf{x} + \mathbf{b}), \qquad
#    h_i = g\Bigl(\sum_j W_{ij}\, x_j + b_i\Bigr). $$
#
# Row $i$ of $W$ belongs to unit $i$: one **weight** $W_{ij}$ for each number $x_j$ of
# the image. The **bias** $b_i$ is one more number to learn, which unit $i$ adds in any
# case, and the *activation* $g$ is a fixed curve that is applied to every sum; ours is
# ReLU, $g(z) = \max(z, 0)$. The layer is called **dense**, or fully connected, because
# every unit is connected to everything.
#
# An MLP has two or more such layers, one behind the other. The units of all layers but
# the last are called **hidden**; the last has one unit for each class, without an
# activation, and what these give are the **scores**: the class with the highest wins.
#
# **Predict:** a thumbnail of 100 × 100 pixels in colour goes into 1,024 units. Are
# these thousands of weights, hundreds of thousands, or millions?

# %% [markdown]
# ### Exercise 1.2 · The weights of a dense layer
# 1 point · 3 minutes · ●○○○○ · needs 1.1
#
# Write the number of weights as a function, without the biases. (`count_layers` of the
# course would count them for you: do without, here and in 1.5.) Try it on the thumbnail
# in a cell of your own, and on one unit that looks at a colour photograph of 200 × 200
# pixels.


# %% exercise="dense-weights"
def dense_weights(height: int, width: int, channels: int, units: int) -> int:
    """Weights, without biases, of a dense layer of `units` on images of that size.

    >>> dense_weights(28, 28, channels=1, units=512)
    401408
    """
    ### BEGIN SOLUTION
    return height * width * channels * units
    ### END SOLUTION


# %% check="dense-weights" points=1
checks.week1.dense_weights(dense_weights)

# %% [markdown] hint=1
# How many weights has a single unit? How many units are there?

# %% [markdown]
# ### What the count tells
#
# One unit on CIFAR-10 has 3,072 weights, one on a colour photograph of 200 × 200 pixels
# has 120,000, and the layer on the thumbnail 30,720,000: millions. At four bytes each
# that is 123 megabytes, for the first layer, for a picture the size of a stamp, and all
# of it has to be learned from examples. That is the practical objection to dense
# layers. The next one is deeper.

# %% [markdown] topics="shuffled pixels"
# ## 3. Does it matter where a pixel stands?
#
# Flattening writes row after row into a list. That two pixels were neighbours, one
# above the other, is written nowhere: they are now 28 places apart. Does the MLP mind?
# We can ask it, by destroying the neighbourhoods on purpose.

# %% [markdown]
# ### Exercise 1.3 · A shuffle that loses pixels
# 2 points · 8 minutes · ●●○○○ · needs nothing
#
# Number the pixels of an image row by row: $0, 1, \dots, hw - 1$. Given `order`, which
# holds each of these numbers once, we want new images in which
#
# $$ \text{pixel } j \text{ of the new image} \;=\; \text{pixel } \mathtt{order}[j]
#    \text{ of the old one,} $$
#
# the same for all images. A colleague has written it, and it runs. For the four pixels
# below and the order 3, 0, 1, 2 it should give 40, 10 and below them 20, 30.


# %%
def colleagues_shuffle(images: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Rearrange the pixels of all images (n, h, w); it has a mistake."""
    moved = images.copy()
    for image in moved:
        flat = image.reshape(-1)
        for j in range(len(flat)):
            flat[j] = flat[order[j]]
    return moved


print(colleagues_shuffle(np.array([[[10, 20], [30, 40]]]), np.array([3, 0, 1, 2])))

# %% [markdown]
# Three of the four pixels are gone. Find out why, then write it without the mistake, as
# a loop or without one. The images that come in must stay as they are. (The course has
# `coursekit.shuffle` for this: do without.)


# %% exercise="shuffle-pixels"
def shuffle_pixels(images: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Rearrange the pixels of all images in the same way.

    images: (n, h, w); order: (h*w,), each number from 0 to h*w-1 once.
    Returns (n, h, w).

    >>> shuffle_pixels(np.array([[[10, 20], [30, 40]]]), np.array([3, 0, 1, 2]))
    array([[[40, 10],
            [20, 30]]])
    """
    ### BEGIN SOLUTION
    rows = images.reshape(len(images), -1)
    return rows[:, order].reshape(images.shape)
    ### END SOLUTION


# %% check="shuffle-pixels" points=2
checks.week1.shuffle_pixels(shuffle_pixels)

# %% [markdown] hint=1
# Follow the colleague's loop with a pencil. Which number stands in `flat[0]` when
# `j` is 1?

# %% [markdown] hint=1
# Does `reshape` make new pixels, or is it another view of the same ones? What would
# have to be kept until the loop is over?

# %% [markdown] hint=1
# Without a loop: NumPy takes a list of places as an index, `np.array([7, 8, 9])[[2, 0,
# 0]]` gives `[9, 7, 7]`. Which axis of `images.reshape(n, -1)` holds the places?

# %% [markdown]
# ### The experiment
#
# From here on the lesson uses its own `shuffle.pixels`, whether or not yours works
# already. It takes tensors, with an axis for the channels: (n, c, h, w).
#
# Two networks are to read digits. One is an MLP with 64 hidden units. The other, a
# small **convolutional network** (CNN), begins with units that look through windows of
# 5 × 5 neighbouring pixels; how, comes in section 4. Each of them is trained once on
# 3,000 images as they are, and once on the same images, all shuffled in our one order.
# The test images are treated like the training images.
#
# **Predict**, before you run it: what does the shuffling do to the MLP? And to the CNN?


# %%
def shuffled(split: data.Split) -> data.Split:
    """The same labels, with the pixels of all images in our order."""
    return data.Split(shuffle.pixels(split.images, order), split.labels)


few = data.Split(digits.train.images[:3000], digits.train.labels[:3000])
variants = {
    "images": (few, digits.test),
    "shuffled": (shuffled(few), shuffled(digits.test)),
}

# %% [markdown]
# A single run could be luck. Each of the four gets three, which differ in their
# starting weights and in the order in which they see the images. The next cell takes
# half a minute to two minutes; make your prediction meanwhile, if you have not yet.

# %%
results = {}
for model, build in {"MLP": MLP, "CNN": SmallCNN}.items():
    for variant, (training, test) in variants.items():
        results[model, variant] = train.accuracies(
            build, training, test, seeds=(0, 1, 2), label=f"{model}, {variant}"
        )

print(f"{'':14}   mean   three runs")
for (model, variant), runs in results.items():
    each = "  ".join(f"{run:.1%}" for run in runs)
    print(f"{model:3} {variant:10}  {np.mean(runs):.1%}   {each}")
for network in (MLP(), SmallCNN()):
    size = sum(numbers.numel() for numbers in network.parameters())
    print(f"{type(network).__name__} has {size:,} weights and biases.")

# %%
plots.show(
    plots.week1.accuracy_dots(results),
    caption="Every mark is one training run; the bar is the mean of three.",
    alt="Test accuracies in four rows. The two means of the MLP lie together. The mean "
    "of the CNN on images lies to the right of both, its mean on shuffled images to "
    "the left of that.",
)

# %% [markdown]
# Compare rows. For the MLP the two differ by about as much as its own runs do among
# themselves: it reads the scattered dots as well as the digits. On MNIST the CNN, with
# an eighth of the weights, beats it on images, and loses more than ten points when they
# are shuffled, which puts it behind the MLP. (Where MNIST cannot be downloaded, the
# course takes a small set of digits in its stead, enlarged from 8 × 8 pixels so that
# neighbours say nearly the same. There all four may lie close together.)
#
# That answers the question from the start; B was the 3. A and B can be read, by a
# network that does not care where a pixel stands. For you and for the CNN the task
# became harder; for the MLP it is *the same task*.

# %%
restored = shuffle.pixels(scrambled, order.argsort())
plots.show(
    plots.images([*scrambled, *restored], ["A", "B"], columns=2, size=1.8),
    caption="Above, the pictures from the start; below, the same, put back in order.",
    alt="Two squares of scattered dots, and under each the digit it was made from: "
    "one is a 3, the other an 8.",
)

# %% [markdown] topics="inductive bias, multilayer perceptrons"
# ### Why the MLP cannot notice
#
# No experiment with three runs proves "the same". An argument does. Take any MLP and
# put the columns of its first matrix $W$ into the same new order as the pixels. Each
# weight then meets the pixel it met before, so this *twin* gives on shuffled images
# exactly the scores that the first gives on images. (`train.as_input` turns bytes from
# 0 to 255 into fractions from 0 to 1, which the networks expect.)

# %%
torch.manual_seed(0)
original = MLP()
twin = copy.deepcopy(original)
with torch.no_grad():
    twin.hidden.weight.copy_(original.hidden.weight[:, order])
    scores = original(train.as_input(digits.test.images[:1000]))
    twins = twin(train.as_input(shuffle.pixels(digits.test.images[:1000], order)))

print(f"scores between {scores.min():.2f} and {scores.max():.2f}")
print(f"largest difference between the two: {(scores - twins).abs().max():.1e}")

# %% [markdown]
# What remains is rounding. The two also learn alike: the gradient of a weight depends
# on the pixel it meets, so each step of the twin is the step of the original,
# reordered. And since starting weights are drawn at random, all from one distribution,
# a network and its twin are equally likely to be drawn. Averaged over all draws, the
# MLP on shuffled images and the MLP on images have *the same* accuracy. It knows
# nothing of images. What it knows about neighbours it must find in the examples.
#
# The CNN has no twin. Its windows take what lies side by side, and after the shuffling
# strangers lie side by side. It still learns something, because it ends in a dense
# layer, but what was built into it no longer fits. Such a built-in assumption is called
# an **inductive bias**: right, it saves examples and weights; wrong, it costs accuracy.
# (It shares no more than the name with the bias $b_i$ of a unit.)

# %% [markdown] topics="locality, parameter sharing, sparsity, convolution as a matrix"
# ## 4. Three steps from dense to convolutional
#
# What exactly was built in? Take the smallest case: a row of 7 inputs and 5 outputs. A
# dense layer joins all to all, 35 weights. Now make two assumptions.
#
# **Locality:** what an output has to find can be seen in a few neighbouring inputs, say
# 3. All other weights are set to zero, and stay there. Most of the matrix is now zero;
# such a matrix is called **sparse**.
#
# **Sharing:** what is worth finding in one place is worth finding in every place. If
# one output has learned to find a feather or a beak, why should the next have to learn
# it again? All outputs use the same 3 weights.
#
# **Predict** for 10 inputs and windows of 4: how many weights has the dense layer, and
# how many are left after the first step? (The outputs are fewer than the inputs.)

# %%
plots.show(
    plots.week1.three_steps(n=7, k=3),
    caption="Above, the wires from inputs to outputs; below, the matrix of weights. "
    "A number is a weight of its own; equal letters are one and the same weight.",
    alt="Three layers on 7 inputs with 5 outputs. Dense: all 35 cells of the matrix "
    "hold different weights. Locally connected: each row holds 3 weights, one column "
    "further right than the row above, 15 in all, and zeros elsewhere. Convolutional: "
    "the same band, and every row holds the same three weights a, b, c.",
)

# %% [markdown]
# 35, then 15, then 3. With 10 inputs and windows of 4 there are 7 outputs, so it would
# be 70, then 28, then 4. The last layer is a **convolution**, and its three weights
# $w_0, w_1, w_2$ (a, b, c in the figure) are its **kernel**, or **filter**. Read a row
# of the matrix to see what an output computes. Output $i$ looks at the $k$ inputs from
# $i$ on; $m$ counts the places in the kernel:
#
# $$ y_i = \sum_{m=0}^{k-1} w_m \, x_{i+m},
#    \qquad\text{that is}\qquad W_{i,\,i+m} = w_m \text{, and } 0 \text{ elsewhere.} $$
#
# So a convolutional layer is not a new kind of thing. It is a dense layer whose matrix
# has been told to be zero here and equal there. In two dimensions the window is a small
# square. For the first filter of our CNN, 5 × 5 on an image of 28 × 28 (784 inputs, 24
# × 24 = 576 outputs), the three steps are 451,584 weights, then 14,400, then 25.

# %% [markdown]
# ### Exercise 1.4 · The matrix of a convolution
# 2 points · 8 minutes · ●●○○○ · needs nothing
#
# Build the matrix on the lower right of the figure, for any kernel and any length of
# row. Row $i$ holds the kernel from column $i$ on. (SciPy's `convolution_matrix` is
# this exercise in one call.)


# %% exercise="band-matrix"
def convolution_matrix(kernel: np.ndarray, n: int) -> np.ndarray:
    """The matrix W such that W @ x slides `kernel` along a row x of `n` numbers.

    kernel: (k,), with k at most n.  Returns (n-k+1, n).

    >>> convolution_matrix(np.array([1.0, 2.0]), 4)
    array([[1., 2., 0., 0.],
           [0., 1., 2., 0.],
           [0., 0., 1., 2.]])
    """
    ### BEGIN SOLUTION
    k = len(kernel)
    matrix = np.zeros((n - k + 1, n))
    for i in range(n - k + 1):
        matrix[i, i : i + k] = kernel
    return matrix
    ### END SOLUTION


# %% check="band-matrix" points=2
checks.week1.convolution_matrix(convolution_matrix)

# %% [markdown] hint=1
# Start from `np.zeros`. Each row stands for one place of the kernel. At how many places
# does it fit?

# %% [markdown] hint=1
# In row `i`, which columns hold the kernel? Fill them in one assignment with a slice.

# %% [markdown]
# ### Exercise 1.5 · The price of each step
# 1 point · 3 minutes · ●○○○○ · needs 1.2, 1.4
#
# A layer takes a row of $n$ inputs to $n - k + 1$ outputs. How many weights can it
# learn when it is dense, when each output sees only its $k$ inputs, and when all
# outputs share? Leave out biases, and do not count zeros or the same weight twice.


# %% exercise="three-steps"
def parameters_at_each_step(n: int, k: int) -> tuple[int, int, int]:
    """Weights of a (dense, locally connected, convolutional) layer, without biases.

    n: inputs; k: inputs that one output sees, at most n.

    >>> parameters_at_each_step(4, 2)
    (12, 6, 2)
    """
    ### BEGIN SOLUTION
    outputs = n - k + 1
    return outputs * n, outputs * k, k
    ### END SOLUTION


# %% check="three-steps" points=1
checks.week1.parameters_at_each_step(parameters_at_each_step)

# %% [markdown] hint=1
# Draw the matrix for 4 inputs and windows of 2. Which of its cells does each of the
# three layers learn?

# %% [markdown] topics="parameter counts"
# ### What grows and what does not
#
# Make the row longer, 1,000 inputs, and keep windows of 3. Dense: 998,000 weights.
# Locally connected: 2,994. Convolutional: still 3. The size of the image has dropped
# out of the count, and that is why convolutions reach photographs and dense layers do
# not.
#
# This is a good place for a break.

# %% [markdown] topics="learned filters, noise removal"
# ## 5. A filter learned from examples
#
# Nobody has to choose the weights of a kernel. Here is the smallest network that learns
# one: a single convolution, eleven weights, no activation. It gets a signal full of
# hiss and has to give back the signal as it was sent.


# %%
def recording(n: int, seed: int) -> tuple[torch.Tensor, ...]:
    """A smooth random signal, and the same with hiss on it; both (1, 1, n)."""
    rng = np.random.default_rng(seed)
    clean = gaussian_filter1d(rng.standard_normal(n), sigma=4)
    clean /= clean.std()
    noisy = clean + 0.6 * rng.standard_normal(n)
    return tuple(
        torch.tensor(s, dtype=torch.float32)[None, None] for s in (clean, noisy)
    )


clean, noisy = recording(2000, seed=0)
target = clean[..., 5:-5]  # the outermost five samples have no full window

# %% [markdown]
# ### What torch remembers
#
# What NumPy cannot do: torch remembers how a number was computed, and tells on request
# how it would change with each weight. That is all that gradient descent needs.
# `.detach()` gives the bare numbers of a tensor, without that memory.

# %%
x = torch.tensor([1.0, 2.0, 4.0])
w = torch.zeros(3, requires_grad=True)  # remember what is computed with w
loss = ((w * x).sum() - 1) ** 2
(gradient,) = torch.autograd.grad(loss, w)  # by hand: 2 (w·x - 1) x
with torch.no_grad():  # a step is not to be remembered
    w -= 0.01 * gradient
print(f"gradient {gradient.numpy()}, and w after one step: {w.detach().numpy()}")

# %% [markdown]
# ### The descent
#
# **Predict** what the eleven weights will look like. A single spike in the middle,
# which copies the input? All equal? A hump? Waves? And what will their sum be?
#
# `F.conv1d` is the sliding sum of section 4. Its weights have three axes, (outputs,
# input channels, places in the kernel), here (1, 1, 11). `F.mse_loss` is the mean of
# the squared errors, and the loop is **gradient descent** in its plainest form. To see
# how far it gets, we also solve the problem exactly, by least squares: each window of
# eleven samples, listed by `sliding_window_view`, is one equation for the eleven
# weights.


# %%
def descent(noisy: torch.Tensor) -> torch.Tensor:
    """300 steps down from weights that are all zero; (1, 1, 11)."""
    weights = torch.zeros(1, 1, 11, requires_grad=True)
    for _ in range(300):
        loss = F.mse_loss(F.conv1d(noisy, weights), target)
        (gradient,) = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            weights -= 0.05 * gradient
    return weights.detach()


def least_squares(noisy: torch.Tensor) -> np.ndarray:
    """The weights (11,) with the smallest error of all."""
    windows = np.lib.stride_tricks.sliding_window_view(noisy[0, 0].numpy(), 11)
    return np.linalg.lstsq(windows, target[0, 0].numpy(), rcond=None)[0]


# %%
learned, best = descent(noisy), least_squares(noisy)
difference = np.abs(learned[0, 0].numpy() - best).max()
print(f"sum of the weights: {learned.sum():.2f}")
print(f"largest difference to least squares: {difference:.0e}")

# %%
plots.show(
    plots.week1.filters_compared(learned.squeeze(), best),
    caption="The learned filter is a hump: an average that trusts near samples more.",
    alt="Eleven bars, highest in the middle, 0.16, and falling evenly to 0.01 on the "
    "left and 0.00 on the right. A cross from least squares sits on the end of each.",
)

# %% [markdown]
# It has found out how to average. Hiss differs from sample to sample and averages away;
# the signal hardly changes over a few samples and stays. Samples far off say less about
# the middle, so they weigh less. Together the weights make about one, as they do in any
# average; otherwise the signal would come out too loud or too quiet. And the hump is
# nearly the same from left to right as from right to left, as it should be: nothing in
# the signal tells the two directions apart. Descent has ended where least squares does.
#
# Does the filter work on a signal it was not trained on?


# %%
def typical_error(
    weights: torch.Tensor, noisy: torch.Tensor, clean: torch.Tensor
) -> float:
    """By how much the filtered signal typically misses the clean one."""
    missed = F.conv1d(noisy, weights) - clean[..., 5:-5]
    return missed.square().mean().sqrt().item()


new_clean, new_noisy = recording(300, seed=1)
cleaned = F.conv1d(new_noisy, learned)
before = (new_noisy - new_clean).square().mean().sqrt().item()
after = typical_error(learned, new_noisy, new_clean)
print(f"typical error before: {before:.2f}, after: {after:.2f}")

# %%
plots.show(
    plots.week1.before_and_after(
        new_clean.squeeze(), new_noisy.squeeze(), cleaned.squeeze()
    ),
    caption="A new signal, before and after the learned filter.",
    alt="Above, a jagged line scattered around a smooth dashed curve. Below, a smooth "
    "line that stays close to the same dashed curve.",
)

# %% [markdown]
# The typical error fell from 0.58 to 0.23, on a signal that the filter had never seen.
# Eleven weights were enough, because every sample of the training signal served as an
# example for the same eleven. A dense layer for this task would have had four million
# weights and one example.

# %% [markdown] topics="parts of a network, input size, LeNet-5"
# ## 6. Four parts on one picture
#
# Here is LeNet-5, the network that read cheques in 1998, drawn to scale. You will build
# it in week 4; for now look at its parts.

# %%
plots.show(
    plots.week1.four_parts(digits.test.images[0, 0]),
    caption="LeNet-5 from image to scores. Maps, the tables between the stages, are "
    "drawn to scale; small orange frames show what one value of the next stage sees.",
    alt="A digit of 32 by 32 pixels; six maps of 28 by 28 after a convolution; six of "
    "14 by 14 after subsampling; sixteen of 10 by 10 after a convolution; sixteen of 5 "
    "by 5 after subsampling; then dense layers of 120 and 84 units, and 10 outputs.",
)

# %% [markdown]
# The digit of 28 × 28 stands in a frame of 32 × 32, with two black pixels on each
# side, so that a stroke near the edge comes to lie in the middle of some window.
#
# *Convolution* slides filters of 5 × 5 over its input. On 32 pixels a window of 5
# stops at 28 places, so each filter yields a **map** of 28 × 28: where, and how
# strongly, the pattern that it looks for (its **feature**) was found. Six filters, six
# maps. In the second convolution each filter looks through several of the six maps at
# once, at the same place in all of them, and adds up what it finds to one map of its
# own: sixteen filters, sixteen maps.
#
# **Subsampling**, or pooling, halves the maps: 28 to 14, later 10 to 5. It puts one
# value in the place of four, today mostly the largest of them. What is lost is the
# exact place, which should not matter much.
#
# *Dense* layers collect what was found all over the image. Up to here each value knew
# its own neighbourhood only.
#
# The **output layer** gives one score for each class; the highest wins.
#
# **Predict:** our small CNN was trained on images of 28 × 28. Which of its parts can
# work on an image of 44 × 44, or of 60 × 36?

# %%
network = SmallCNN()
for height, width in [(28, 28), (44, 44), (60, 36)]:
    maps = network.features(torch.zeros(1, 1, height, width))
    print(
        f"{height} × {width} image → {tuple(maps.shape[1:])} → {maps.numel():,} numbers"
    )

try:
    network(torch.zeros(1, 1, 44, 44))
except RuntimeError as error:
    print(f"\nThe whole network refuses 44 × 44. PyTorch says:\n{error}")

# %% [markdown]
# Convolution and subsampling took all three. A kernel has the same few weights however
# often it has to stop, and so the maps simply come out larger. The dense layer has one
# weight for each number it expects: 256, from 28 × 28. It was given 1,024, and PyTorch
# says that the two matrices do not fit.
#
# So a convolutional network takes images of any size *up to its first dense layer*. One
# can crop all images to one size, make the maps one size before the dense layer (week
# 3), or do without dense layers (week 6).

# %% [markdown]
# ### Exercise 1.6 · LeNet on other images
# 1 point · 4 minutes · ●●○○○ · needs 1.2
#
# Suppose LeNet-5, with its filters as they are, is to read images of 36 × 36, frame
# included. How many numbers come into its first dense layer? And which part,
# `"convolution"`, `"subsampling"`, `"dense"` or `"output"`, holds most of the weights
# of the LeNet in the figure?

# %% exercise="four-parts"
numbers_into_first_dense_layer: int | None = None
part_with_most_weights: str | None = None
### BEGIN SOLUTION
numbers_into_first_dense_layer = 16 * 6 * 6
part_with_most_weights = "dense"
### END SOLUTION

# %% check="four-parts" points=1 quiz=1
checks.week1.four_parts(
    numbers_into_first_dense_layer=numbers_into_first_dense_layer,
    part_with_most_weights=part_with_most_weights,
)

# %% [markdown] hint=1
# Walk through the stages with 36 in the place of 32. How many places has a window of 5,
# and what does subsampling leave of them?

# %% [markdown] hint=1
# A filter has as many weights as numbers in its window, over all the maps it looks
# through. How many has one of the 120 units?

# %% [markdown] topics="visual cortex"
# ## 7. Where the idea came from
#
# In 1958 David Hubel and Torsten Wiesel listened to single cells in the visual cortex
# of a cat while they showed it spots, bright and dark. The cells stayed nearly silent,
# until one fired at the shadow that the edge of a glass slide threw as it was pushed
# into the projector. What such a **simple cell** wants, they reported in 1959, is a
# line or an edge, in one small part of the view, at one angle. Three years later they
# described **complex cells**, which want the same but are content with it in any place
# nearby. (At the end, under *For the curious*, a filter plays the part of a simple
# cell.)
#
# Fukushima turned the idea into a network in 1980, with layers of simple and complex
# cells by turns; LeCun and others trained such networks by gradient descent from 1989
# on. What they took from the cortex is: look at small parts, go from simple features to
# composed ones, and tolerate small shifts. "Inspired by" is fair, "a model of" is not:
# cortical cells do not share weights, and nobody has found a cortex doing
# backpropagation.

# %% [markdown] topics="inductive bias"
# ## 8. When is it the wrong tool?
#
# A convolution assumes two things, and they can be wrong separately. Take passport
# photographs. Neighbouring pixels belong together there as anywhere, so locality is
# fine. But the left eye is always in the same place: to look for it at the chin as well
# is no use, and a detector made for one place might do better. DeepFace (2014), which
# recognised faces turned to the front and centred, used locally connected layers
# without sharing for this reason.
#
# Now judge for yourself, and ask two questions each time: do neighbours belong
# together? Is the same thing worth finding everywhere?
#
# 1. A spectrogram, time to the right, pitch upwards. Is a word said later the same
#    pattern? Is a word said higher?
# 2. A table of patients: age, weight, blood pressure. Would you mind if somebody sorted
#    the columns by the alphabet?
# 3. A chess board. Which squares are the neighbours of a bishop?
#
# <details><summary>What we would say (decide first)</summary>
#
# 1. In time both assumptions hold: a word said later is the same pattern further right.
#    In pitch neighbours belong together, but a higher voice does not simply move the
#    pattern up. Sharing along the pitch is doubtful.
# 2. Nobody would mind. Columns have no neighbours, and a weight that suits age means
#    nothing for blood pressure. Both fail.
# 3. The next square along a diagonal, and whatever stands at its far end. A window of
#    neighbouring squares misses that, so locality is the assumption that suffers.
#    Sharing holds over most of the board: a fork is a fork anywhere. Only pawns move in
#    one direction, and near the edge pieces reach less.
#
# </details>
#
# Section 3 gives a rough test. If you can put the inputs into another order, the same
# for all examples, and nobody would object, then a convolution along them has nothing
# to hold on to.

# %% [markdown]
# ### Exercise 1.7 · A good assumption, and a bad one
# 3 points · 10 minutes · ●●●○○ · needs 1.3, 1.5
#
# Choose one kind of data for which both locality and sharing are good assumptions, and
# one for which at least one of them is not, from something that you know well. The list
# above and everyday photographs are taken. Two or three sentences for each of these
# points will do:
#
# 1. *Where it fits:* what a neighbour is in your data, and why the same pattern may
#    turn up in any place.
# 2. *Where it does not:* which of the two assumptions fails, and what in the data
#    breaks it.
# 3. *How to find out:* an experiment like that of section 3, with what you would change
#    in the data or in the network, and which result would show that you were wrong.

# %% [markdown] manual="good-assumption" points=3
# ### BEGIN SOLUTION
# **Where it fits.** Heart rhythm: an electrocardiogram, sampled in time. Neighbours are
# samples a few milliseconds apart; they belong to the same beat, so a short window
# shows a spike or a wave. A beat looks the same whenever it comes, so a filter that
# finds it in the first second also finds it in the tenth.
#
# **Where it does not.** A questionnaire of forty questions, answered from 1 to 5.
# Locality fails: which questions stand side by side was decided by whoever printed the
# sheet. Sharing fails too: a weight that suits "I sleep well, I like my work" means
# nothing for the next two questions.
#
# **How to find out.** Train a small 1-D CNN and an MLP with about as many weights on
# both data sets, as they are and with inputs in one fixed random order, a few seeds
# each. I expect the CNN to lose on the shuffled electrocardiograms, and the order of
# the questions to make no difference, with the MLP at least as good there. If the CNN
# won on the questionnaire in its given order and lost on the shuffled one, I would be
# wrong: the order of the questions would carry information after all.
# ### END SOLUTION

# %% [markdown] hint=1
# Try the two questions of section 8 on data that you have worked with: sensor readings,
# music, maps, text, prices.

# %% [markdown]
# ## 9. An open problem
#
# What an MLP knows about neighbours, said section 3, it must find in the examples. Are
# they to be found there at all? Along a river stand twelve gauges. Every hour each
# reports the height of the water, on a scale of its own: some count in feet, some in
# metres, and each from another zero. After a storm somebody pulled all the plugs and
# put them back in any order. Nobody wrote down which gauge is in which column.

# %%
rng = np.random.default_rng(4)
water = gaussian_filter1d(rng.standard_normal((600, 28)), sigma=3, axis=1)[:, 8:20]
plugs = rng.permutation(12)  # the gauge at place i of the river is in column plugs[i]
recorded = np.empty_like(water)
recorded[:, plugs] = water
recorded = recorded * rng.uniform(0.2, 5, 12) + rng.uniform(-3, 3, 12)

plots.show(
    plots.week1.recordings(recorded[:40], range(12)),
    caption="Forty hours at twelve gauges, each column stretched from black to white.",
    alt="Forty rows and twelve columns of grey cells. Each column changes from hour to "
    "hour. Within a row the grey often jumps from one column to the next.",
)

# %% [markdown]
# **Predict:** what will this picture look like when the columns stand in the order of
# the river? Can you name two gauges that are neighbours?

# %% [markdown]
# ### Exercise 1.8 · The lost order
# 4 points · 25 minutes · ●●●●○ · needs 1.3
#
# Write a function that finds the order of the gauges from what they recorded, for any
# river. You may count on this: water that is high at one place is high nearby too, the
# less so the further away, and hundreds of hours were recorded. You may not count on
# the scales: each gauge has its own unit, always positive, and its own zero. Which end
# of the river is the upper one, the data cannot tell; both directions are right.
#
# How, is up to you. Anything that NumPy or SciPy offers may be used. Try your function
# on `recorded`; the right answer there is `plugs`, or `plugs` from back to front.


# %% exercise="lost-order"
def order_along_the_river(recorded: np.ndarray) -> np.ndarray:
    """The numbers of the columns in the order in which the gauges stand.

    recorded: (hours, n), a column for each of n gauges, n at least 2.
    Returns (n,), each of the whole numbers 0 to n-1 once; from either end.

    >>> high_tide_passes = np.array([[9, 5, 0], [7, 6, 0], [2, 6, 50], [0, 5, 90]])
    >>> order_along_the_river(high_tide_passes).tolist() in ([0, 1, 2], [2, 1, 0])
    True
    """
    ### BEGIN SOLUTION
    likeness = np.corrcoef(recorded.T)
    row = [int(likeness.sum(axis=0).argmin())]  # an end has neighbours on one side only
    left = set(range(len(likeness))) - set(row)
    while left:
        nearest = max(left, key=lambda gauge: likeness[row[-1], gauge])
        row.append(nearest)
        left.remove(nearest)
    return np.array(row)
    ### END SOLUTION


# %% check="lost-order" points=4
checks.week1.order_along_the_river(order_along_the_river)

# %% [markdown] hint=1
# How would you put a number on "these two columns rise and fall together"? Does your
# number stay the same when one of them is written in feet instead of metres? If NumPy
# has a function for it: does it compare rows or columns?

# %% [markdown] hint=1
# Suppose you knew one gauge at an end of the river. Which one would you put next to it,
# and which after that?

# %% [markdown] hint=1
# What is different about a gauge at an end, seen from the numbers for all pairs? Or can
# you do without an end, and let the row grow on both sides?

# %%
plots.show(
    plots.week1.recordings(recorded[:40, plugs], plugs),
    caption="The same forty hours, with the columns in the order of the river.",
    alt="The same grey cells in another order of columns. Now cells that lie side by "
    "side have nearly the same grey: each row changes smoothly from left to right.",
)

# %% [markdown]
# To see *your* order, run `mine = order_along_the_river(recorded)` in a cell of your
# own, and then `plots.week1.recordings(recorded[:40, mine], mine)`.
#
# Gauges 9 and 0 are neighbours, at one end, though their plugs are nine columns apart.
# Nothing about the river was needed to find that out, only likeness. So the neighbours
# *are* in the data, if there are enough of them: the MLP would have to find them from
# examples that it also needs for its task, while a convolution is told. And this makes
# the rough test of section 8 one that you can compute. In a table of patients no order
# of the columns makes the rows smooth.

# %% [markdown]
# ## What to take with you
#
# An image is an array. A dense layer has a weight for every pixel and unit, which soon
# makes millions, and knows nothing of where the pixels stand: shuffle them all in one
# order and it learns just as well. A convolutional layer is a dense one under two
# assumptions, locality and sharing, and keeps a handful of weights that do not depend
# on the size of the image. Its kernel need not be chosen: descent finds it from
# examples, as the eleven weights that learned to average hiss away. Where the
# assumptions hold, as in photographs, it needs less and reads better; where they do
# not, it is handicapped. Convolution and subsampling take images of any size, dense
# layers do not.
#
# **Where people slip**
#
# - *"A network sees the image as we do."* An MLP sees a list, and would read it as well
#   in any other order.
# - *"Fewer weights, less accuracy."* The CNN had an eighth of the MLP's weights. What
#   counts is where they are.
# - *"A convolution is something other than a matrix product."* It is one, with zeros
#   and repetitions.
# - *"Shuffling destroys information."* It can be undone. It destroys the arrangement,
#   which is what the convolution was built on.
# - *"A CNN accepts every size."* Up to its first dense layer.
#
# <details><summary>A sample answer to 1.7: open it when you have handed in</summary>
#
# **Where it fits.** DNA, a text of four letters. Neighbours are letters that follow
# each other. A protein binds to a pattern of some ten letters, wherever on the strand
# it stands, so one filter of that length can look for it everywhere.
#
# **Where it does not.** The shopping list of a day as a row of numbers, one for each
# article by its number. Locality fails: bread and batteries have neighbouring numbers
# by accident. Sharing fails as well: "much of this, little of the next" means something
# else for each pair.
#
# **How to find out.** Train a CNN and an MLP on both, with the inputs as they are and
# in one random order, three seeds each. I was wrong about the DNA if the CNN does not
# lose by the shuffling, and wrong about the shop if it does. A weak point of this plan:
# numbers are often given shelf by shelf, so the second result is not certain.
#
# </details>
#
# **Next:** [The convolution operator](2_operator.ipynb) turns the kernel loose on a
# photograph, in two dimensions, and asks why some people flip it first.
#
# **To read on**
#
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, *Gradient-based learning applied to
#   document recognition*, Proceedings of the IEEE 86, 1998: MNIST and LeNet-5.
# - A. Krizhevsky, *Learning multiple layers of features from tiny images*, technical
#   report, 2009: CIFAR-10.
# - J. Deng and others, *ImageNet*, CVPR 2009; O. Russakovsky and others, *ImageNet
#   large scale visual recognition challenge*, IJCV 115, 2015; A. Krizhevsky, I.
#   Sutskever and G. Hinton, *ImageNet classification with deep convolutional neural
#   networks*, NeurIPS 2012.
# - F. Rosenblatt, *The perceptron: a perceiving and recognizing automaton*, Cornell
#   Aeronautical Laboratory, 1957.
# - D. Hubel and T. Wiesel, *Receptive fields of single neurones in the cat's striate
#   cortex*, Journal of Physiology 148, 1959, and 160, 1962 (complex cells); Hubel tells
#   the story of the slide in his Nobel lecture, 1981.
# - K. Fukushima, *Neocognitron*, Biological Cybernetics 36, 1980; Y. LeCun and others,
#   *Backpropagation applied to handwritten zip code recognition*, Neural Computation 1,
#   1989.
# - Y. Taigman and others, *DeepFace*, CVPR 2014: locally connected layers.
# - I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, 2016, chapter 9.

# %% [markdown]
# ## For the curious
#
# Two short pieces that nothing later depends on: a filter that acts like a cell in the
# brain of a cat, and a noise that is not hiss.

# %% [markdown]
# ### A filter as a simple cell
#
# A filter can play the part of a simple cell of section 7. This one is made of two
# bright bars:


# %%
def bar(degrees: float, width: float, size: int = 15) -> np.ndarray:
    """A bright bar through the middle of a dark square, turned from upright."""
    y, x = np.mgrid[:size, :size] - size // 2
    turn = np.deg2rad(degrees)
    distance = np.abs(x * np.cos(turn) + y * np.sin(turn))
    return np.clip(width / 2 + 0.5 - distance, 0, 1)


stripes = 1.5 * bar(0, width=3) - 0.5 * bar(0, width=9)
plots.show(
    plots.week1.signs(stripes),
    caption="The filter: weights of 1 at the plus signs, of -0.5 at the minus signs.",
    alt="A square of 15 by 15 cells: in the middle an upright stripe of plus signs, "
    "three cells wide, between two stripes of minus signs of the same width.",
)

# %% [markdown]
# **Predict:** laid over an upright bright bar, it answers with a large sum. What is
# left when you turn the bar by 30°? By 90°? And when it is bright everywhere?

# %%
stimuli = {f"{angle}°": bar(angle, width=3) for angle in range(0, 180, 30)}
stimuli["light\neverywhere"] = np.ones((15, 15))

# %%
plots.show(
    plots.week1.tuning_curve(stripes, stimuli),
    caption="How the filter answers: the sum of the products, or zero if negative.",
    alt="Seven stimuli and the response to each: 45 for the upright bar, 3 at 30 "
    "degrees to either side, 0 for 60, 90 and 120 degrees and for light everywhere.",
)

# %% [markdown]
# At 30° most of the response is gone, because the bar now lies on the negative stripes
# as well; at 90° it crosses all stripes, and positive and negative cancel, as they do
# in light everywhere. All of this was seen in the cat.

# %% [markdown]
# ### Another noise
#
# **Predict:** instead of hiss the signal of section 5 carries a *hum*, a pure wave that
# comes again every 8 samples. Can eleven weights remove it better than hiss, or worse?
# And will descent end where least squares does once more?

# %%
wave = torch.sin(torch.arange(2000) * 2 * torch.pi / 8)  # again every 8 samples
humming = clean + 0.6 * wave
trace = 0.01 * torch.randn(humming.shape, generator=torch.Generator().manual_seed(0))
hum_error = (humming - clean).square().mean().sqrt().item()
exact = torch.tensor(least_squares(humming))[None, None]
print(f"{'':14} largest weight  error  error with a trace of hiss")
print(f"{'no filter':30}  {hum_error:.3f}")
for name, filter_ in {"descent": descent(humming), "least squares": exact}.items():
    plain, hissing = (
        typical_error(filter_, x, clean) for x in (humming, humming + trace)
    )
    print(f"{name:14} {filter_.abs().max():14.1f}  {plain:.3f}  {hissing:.3f}")

# %% [markdown]
# Better than hiss, by far: of a typical error of 0.42 descent leaves 0.03, where of
# 0.58 of hiss 0.23 was left. The hum can be removed nearly completely, because it is
# regular: what it adds at one sample it takes away four samples later. Descent and
# least squares both found that, with quite different weights.
#
# Signal and hum are both so regular that the samples of a window nearly follow from
# each other. Then there are ways to change the weights that hardly change the output,
# because a large one here and a large negative one there cancel: over the weights, the
# error is a long valley with an almost level floor. Descent rolls into it and then
# hardly moves, because a gradient of nearly zero makes steps of nearly zero. Least
# squares goes to the lowest point at once, however far away: weights of 20, to bring an
# error of 0.03 down to 0.01.
#
# The last column is why nobody would use them. A trace of hiss, a hundredth of the
# signal, and the large weights no longer cancel: they make the result worse than no
# filter at all. To stop descent early is often a gain; you will do so on purpose in
# week 3.
