# %% [markdown]
# # The convolution operator
#
# Week 1 · notebook 2 of 3 · about 120 minutes · 16 points
#
# At the end of the last notebook almost nothing was left of the dense layer: a short
# row of weights that slides along its input and does the same thing at every place.
# This notebook is about that sliding. You will write it from nothing, first on a row
# of numbers and then on an image. You will see what nine well-chosen numbers do to a
# photograph, and you will test the one property that makes all this worth the trouble.
# At the end you build something with it: a function that finds the eye of a cat.
#
# Take two sittings of about an hour, with a break after section 4. What stands under
# "For the curious", after the summary, is optional and not counted.
#
# **When you are done, you can**
#
# - compute a cross-correlation and a convolution by hand and in NumPy, in one and in
#   two dimensions, and say how the two differ;
# - explain why a network that learns its weights does not care which one it has;
# - read a 3×3 kernel and say what it will do to a picture;
# - say what equivariance means, test it with numbers, and name a motion that breaks it;
# - use a kernel to search for something, and say when it is fooled.
#
# **You need** notebook 1 of this week, and NumPy's slices: `x[i : i + k]` should hold
# no mystery. The few lines of PyTorch in section 3 build on notebook 1. In the
# exercises *write* means: from slices, sums and products, or from the functions that
# the exercise names. What NumPy, SciPy or torch do in one call does not count.

# %%
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F

from coursekit import checks, data, explore, filters, plots

# %% [markdown] topics="cross-correlation"
# ## 1. A window that moves
#
# Here are six numbers and three weights:
#
# $$ x = (2,\ 3,\ 5,\ 9,\ 9,\ 4), \qquad w = (1,\ 0,\ -1). $$
#
# Lay the weights on the first three numbers, multiply each pair and add up:
# $2 \cdot 1 + 3 \cdot 0 + 5 \cdot (-1) = -3$. Then move the weights one place to the
# right and do it again, and so on until they reach the end.
#
# **Predict:** how many results will there be, and what is the second one?

# %%
plots.show(
    plots.week1.sliding_sum([2, 3, 5, 9, 9, 4], [1, 0, -1], at=1),
    caption="The weights w (orange) at their second place. Each output is the sum of "
    "the three products above it.",
    alt="Six boxes 2 3 5 9 9 4; below them the weights 1 0 −1 under the boxes 3 5 9; "
    "below those four output boxes, the first two filled with −3 and −6.",
)

# %% [markdown]
# The second result is $3 \cdot 1 + 5 \cdot 0 + 9 \cdot (-1) = -6$, and there are four
# places where three weights fit on six numbers. As a formula, with $n$ numbers, $k$
# weights and everything counted from 0 as NumPy does:
#
# $$ y_i = \sum_{m=0}^{k-1} w_m \, x_{i+m}, \qquad i = 0, \dots, n-k. $$
#
# Here $i$ counts the places and $m$ the weights, as in notebook 1. Check the range of
# $i$ from the far end: the last place reads $x_{n-k}$ up to $x_{n-k+k-1} = x_{n-1}$,
# which is the last number there is. So there are $n - k + 1$ places. Each is one row of
# the band matrix of exercise 1.4; sliding does the same without storing a matrix. The
# weights are called the *kernel* or *filter*, and the operation is called
# **cross-correlation**, written $w \star x$. (Notebook 1 called it a convolution, as
# everybody does who builds networks. Section 3 says why that does no harm.)
#
# What does this particular kernel measure? It subtracts the right neighbour from the
# left one. Where the numbers climb the result is negative, where they fall it is
# positive, and where they stay the same it is zero. Three weights, and we have a
# detector for change.

# %% [markdown]
# ### Exercise 2.1 · Cross-correlation on a row
# 2 points · 8 minutes · ●●○○○ · needs 1.4
#
# Write the formula as a function. Places where the kernel would hang over the end do
# not count; a kernel longer than the row has no place at all, so refuse it.
#
# (`np.correlate` and SciPy's `correlate` do this in one call. You would learn nothing
# from calling them, so the check asks you to write the steps yourself.)


# %% exercise="correlate-1d"
def correlate1d(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Cross-correlation of a row `x` (n,) with a kernel `w` (k,): shape (n-k+1,).

    Raises ValueError if the kernel is longer than the row.

    >>> correlate1d(np.array([2, 3, 5, 9, 9, 4]), np.array([1, 0, -1]))
    array([-3, -6, -4,  5])
    """
    ### BEGIN SOLUTION
    n, k = len(x), len(w)
    if k > n:
        raise ValueError(f"a kernel of {k} does not fit on {n} numbers")
    return np.array([np.sum(w * x[i : i + k]) for i in range(n - k + 1)])
    ### END SOLUTION


# %% check="correlate-1d" points=2
checks.week1.correlate1d(correlate1d)

# %% [markdown] hint=1
# Start with a single place. If `i` is 1 and `k` is 3, which numbers of `x` lie under
# the kernel, and how do you write them as a slice?

# %% [markdown] hint=1
# One place works? Then what changes when the kernel moves on, and for which places
# does it still fit? Try your answer on six numbers and three weights: there are four.

# %% [markdown] hint=1
# If the check complains about fractions: which kind of numbers can your output array
# hold? It got its kind when you made it.

# %% [markdown] topics="convolution, impulse response"
# ## 2. Why mathematicians turn the kernel round
#
# Look up *convolution* in a mathematics book and you find the same idea with a minus
# sign in it. The minus is not decoration. Here is where it comes from.
#
# You stand at the mouth of a cave and clap once, at time 0, with strength 1. The cave
# answers: what comes back is $w(0)$ at once, then $w(1)$, then $w(2)$, fading away.
# Now you clap again and again, with strength $x(t)$ at time $t$. What do you hear at
# time $t$? An echo of age $m$ belongs to the clap made at time $t - m$, and all the
# echoes add up:
#
# $$ y(t) = (w * x)(t) = \int w(m)\, x(t - m)\, dm . $$
#
# If you clap only on the beat, the integral turns into a sum,
#
# $$ y(t) = \sum_{m=-\infty}^{\infty} w(m)\, x(t - m) , $$
#
# and since there is no echo before the clap, and none after $k$ beats, $w$ is zero
# outside $0 \dots k-1$. That is called **finite support**, and it is why nobody ever
# sums to infinity: only the last $k$ claps can still be heard.
#
# Here are two claps, and what the cave makes of a single clap of strength 1.

# %%
claps = np.array([1, 0, 0, 0.5])
echo = np.array([0.9, 0.5, 0.2, 0.1])
plots.show(
    plots.stems(
        {"claps x": claps, "echo w of one clap": echo}, width=7, label="time (beats)"
    ),
    caption="Two claps, and the echo of a single clap of strength 1.",
    alt="Two stem plots over time. Claps: 1 at time 0, 0.5 at time 3, 0 between. "
    "Echo: 0.9, 0.5, 0.2, 0.1 at times 0 to 3.",
)

# %% [markdown]
# **Predict:** how loud is it at time 3?

# %%
heard = np.convolve(claps, echo)

# %%
plots.show(
    plots.week1.echoes(claps, echo),
    caption="Each clap brings its own echo, in its own colour. What is heard is their "
    "sum: at time 3 the end of the first echo lies on the start of the second.",
    alt="Three rows over the same time axis. Claps: 1 at time 0 in blue, 0.5 at time 3 "
    "in orange. Echoes: blue bars 0.9, 0.5, 0.2, 0.1 from time 0, orange bars 0.45, "
    "0.25, 0.1, 0.05 from time 3. Heard: the bars stacked, 0.9, 0.5, 0.2, 0.55, 0.25, "
    "0.1, 0.05; the bar at time 3 is blue below and orange above.",
)

# %%
print(f"at time 3: {heard[3]:.2f}")

# %% [markdown]
# The old clap is still there with $0.1 \cdot 1$, the new one adds $0.9 \cdot 0.5$.
#
# Now watch the indices. Cross-correlation has $w_m\, x_{i+m}$, and this has
# $w(m)\, x(t-m)$. As $m$ grows, $t - m$ falls: the kernel is read forwards and the
# signal backwards, or, which is the same, the signal forwards and the kernel backwards.
# That is the whole difference. Cross-correlation lays the kernel down as it is;
# *convolution* turns it round first.
#
# The sharpest way to tell them apart is to feed them a single 1.
#
# **Predict:** the kernel is $(3, 2, 1)$ and the input is a lonely 1 among zeros. What
# does the cross-correlation give, and what the convolution?

# %%
impulse = np.array([0, 0, 0, 1, 0, 0, 0])
kernel = np.array([3, 2, 1])
outputs = {
    "input": impulse,
    "cross-correlation": np.correlate(impulse, kernel, mode="valid"),
    "convolution": np.convolve(impulse, kernel)[:7],
}

# %%
plots.show(
    plots.stems(outputs, width=6, columns=1, label="time t, or place i"),
    caption="A 1 at time 3, filtered with the kernel (3, 2, 1) in both ways.",
    alt="Three stem plots below each other over one axis. The input is a single 1 at "
    "time 3. The cross-correlation is 1, 2, 3 at places 1, 2, 3; the convolution is 3, "
    "2, 1 at times 3, 4, 5.",
)

# %% [markdown]
# Convolution gives the kernel back as it is: the clap at time 3 returns the echo at
# times 3, 4 and 5. The cross-correlation looks ahead: place $i$ reads $x_i$, $x_{i+1}$
# and $x_{i+2}$, so it answers from place 1 on. There the 1 lies under the *last*
# weight, and the weights come out in reverse.
#
# One step is left to write the convolution as a sliding sum. At time $t$ it reads the
# $k$ numbers that end with $x_t$. The window that *starts* with $x_i$ therefore belongs
# to the time $t = i + k - 1$. Put that in, and count the weights from the other end,
# $k-1-m$ in place of $m$:
#
# $$ \sum_{m=0}^{k-1} w_m \, x_{t-m} = \sum_{m=0}^{k-1} w_m \, x_{i+k-1-m}
#    = \sum_{m=0}^{k-1} w_{k-1-m} \, x_{i+m} . $$

# %% [markdown]
# ### Exercise 2.2 · The true convolution
# 1 point · 4 minutes · ●○○○○ · needs 2.1
#
# Write the convolution at all places where the kernel fits (the *valid* ones): the
# kernel turned round, then the same sliding sum,
#
# $$ y_i = \sum_{m=0}^{k-1} w_{k-1-m} \, x_{i+m}, \qquad i = 0, \dots, n-k. $$
#
# You may call your `correlate1d`. (`np.convolve` and SciPy's `convolve` are this
# exercise in one call.)


# %% exercise="convolve-1d"
def convolve1d(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Convolution of a row `x` (n,) with a kernel `w` (k,) where it fits: (n-k+1,).

    >>> convolve1d(np.array([2, 3, 5, 9, 9, 4]), np.array([1, 2, 0]))
    array([11, 19, 27, 22])
    """
    ### BEGIN SOLUTION
    return correlate1d(x, w[::-1])
    ### END SOLUTION


# %% check="convolve-1d" points=1
checks.week1.convolve1d(convolve1d)

# %% [markdown] hint=1
# Take $k = 3$ and write the three products of $y_0$ out. In which order do the weights
# stand?

# %% [markdown] hint=1
# Your numbers come in the wrong order? Which of the two did you turn?

# %% [markdown] topics="flipped kernels"
# ## 3. Does a network care?
#
# Open the source of any deep learning library and look for the flip in its
# "convolution": it is not there. PyTorch's `conv2d` is a cross-correlation, and so is
# everybody else's. An oversight? Let us try it.
#
# A secret kernel $(3, 2, 1, 0, -1)$ turns a random signal into a target. Two learners
# see signal and target and start from zero. One slides its weights as they are, the
# other turns them round first. Each repeats one step a hundred times: compute the error
# with the present weights, then change each weight a little so that the error falls.
#
# In notebook 1 you saw such a step written out; torch has calls for it. A *tensor* with
# `requires_grad=True` is an array that remembers what was computed with it.
# `zero_grad()` forgets the last gradients, which would otherwise be added to the new
# ones; `loss.backward()` goes back through the memory and computes the new ones, for
# each weight how the error would change with it; `optimiser.step()` takes the step,
# `w -= lr * gradient`. (This rule is called `SGD`; `lr=0.1` says how far it goes.)
#
# (From notebook 1 you know `F.mse_loss`, the mean squared error; `F.conv1d`, which
# wants a batch of signals with channels, so that `[None, None]` puts two axes of length
# 1 in front; and `.detach()`, which leaves the memory behind. `.item()` makes a Python
# number of a tensor that holds a single one.)
#
# **Predict:** what do the weights of the two learners look like?

# %%
torch.manual_seed(0)
signal = torch.randn(1, 1, 400)
secret = torch.tensor([3.0, 2.0, 1.0, 0.0, -1.0])
target = F.conv1d(signal, secret[None, None])


# %%
def learn(flip: bool) -> tuple[np.ndarray, float]:
    """The learned weights (5,) and the last mean squared error."""
    w = torch.zeros(5, requires_grad=True)
    optimiser = torch.optim.SGD([w], lr=0.1)
    for _ in range(100):
        kernel = w.flip(0) if flip else w
        loss = F.mse_loss(F.conv1d(signal, kernel[None, None]), target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return w.detach().numpy(), loss.item()


# %%
straight, straight_error = learn(flip=False)
flipped, flipped_error = learn(flip=True)

# %%
plots.show(
    plots.stems(
        {"secret": secret, "without flip": straight, "with flip": flipped},
        label="number of the weight",
    ),
    caption="The secret kernel and what the two learners found.",
    alt="Three stem plots of five weights. The learner without the flip found 3, 2, 1, "
    "0, −1 like the secret; the one with the flip found −1, 0, 1, 2, 3.",
)

# %%
print(f"error without flip {straight_error:.1e}, with flip {flipped_error:.1e}")

# %% [markdown]
# Both learners reach the same function, and next to no error is left. The one that
# flips simply stores its weights in reverse: learning undoes the flip.
#
# So the libraries leave it out, and everyone says *convolution* anyway. So did notebook
# 1, and so do we from notebook 3 on. In this notebook, and whenever you compare your
# numbers with a textbook or with SciPy, the difference is real: a kernel somebody
# *designed* must be used the way it was designed for.

# %% [markdown] topics="two-dimensional convolution"
# ## 4. Two dimensions
#
# An image $V$ has rows and columns, so the kernel $K$ gets rows and columns as well,
# and the sum becomes a double sum. With a kernel of $k_h \times k_w$ weights (height,
# then width), the *cross-correlation* at row $j$, column $k$ is
#
# $$ S_{j,k} = \sum_{m=0}^{k_h-1} \sum_{n=0}^{k_w-1} K_{m,n}\; V_{j+m,\,k+n} . $$
#
# Two letters change their job: $k$ is now a column of the output, and $n$ counts the
# columns of the kernel. The lengths are $k_h$ and $k_w$.
#
# For the true *convolution* the kernel is turned round in *both* directions, upside
# down and left to right, which is a half turn:
#
# $$ S_{j,k} = \sum_{m=0}^{k_h-1} \sum_{n=0}^{k_w-1}
#    K_{k_h-1-m,\;k_w-1-n}\; V_{j+m,\,k+n} . $$
#
# Before you write it, do it with your hands. Here are an image with a bright square,
# and a kernel.

# %%
square = np.zeros((8, 10))
square[2:6, 3:7] = 5
left_right = filters.CLASSIC["vertical edge"]
plots.show(
    plots.week1.tables({"image": square, "kernel": left_right}, kernels={"kernel"}),
    caption="A bright square on a dark image, and a kernel of 3 × 3 weights.",
    alt="An image of 8 by 10 zeros with a square of fives in rows 2 to 5, columns 3 to "
    "6. A kernel whose three rows are all 1, 0, −1.",
)

# %% [markdown]
# **Predict:** where will this kernel answer with a positive number, where with a
# negative one, and where with zero?
#
# Then move the kernel with the mouse or with the arrow keys, press *Play*, and follow
# the sum.

# %%
explore.slide_kernel(square, left_right, row=0, column=0)

# %% [markdown]
# The kernel subtracts what lies in its right column from what lies in its left one. On
# the left edge of the square the right column is the brighter one: the answer is
# negative, −15 where all three rows meet the edge, −10 and −5 near the corners. On the
# right edge it is positive, 15, 10 and 5. Elsewhere it is 0: on the dark ground and in
# the middle of the square, where left and right are equally bright, but also along the
# top and the bottom edge, since there left and right are equal too. A kernel sees what
# it is made for and is blind to the rest.

# %% [markdown]
# ### Exercise 2.3 · Cross-correlation on an image
# 3 points · 10 minutes · ●●●○○ · needs 2.1
#
# Write the double sum in NumPy. Image and kernel need not be square, so keep rows and
# columns apart. Loops over the places are fine; can you do without loops inside the
# window? As before, refuse a kernel that does not fit. (What does it in one call, such
# as `filters.correlate2d`, `F.conv2d` or SciPy's `correlate2d`, is not an answer.)


# %% exercise="correlate-2d"
def correlate2d(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Cross-correlation of an image (h, w), kernel (kh, kw): (h-kh+1, w-kw+1).

    Raises ValueError if the kernel is higher or wider than the image.

    >>> correlate2d(np.eye(3), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[5., 3.],
           [2., 5.]])
    """
    ### BEGIN SOLUTION
    (h, w), (kh, kw) = image.shape, kernel.shape
    if kh > h or kw > w:
        raise ValueError(f"a kernel of {kh} × {kw} does not fit in {h} × {w} pixels")
    output = np.zeros((h - kh + 1, w - kw + 1))
    for j in range(h - kh + 1):
        for k in range(w - kw + 1):
            output[j, k] = np.sum(kernel * image[j : j + kh, k : k + kw])
    return output
    ### END SOLUTION


# %% check="correlate-2d" points=3
checks.week1.correlate2d(correlate2d)

# %% [markdown] hint=1
# How many places are there from top to bottom, and how many from left to right? That is
# the shape of your output.

# %% [markdown] hint=1
# A slice of an image takes two ranges. Which rows lie under a kernel whose upper left
# weight is at row `j`, and which columns if it is at column `k`? The slice should have
# the shape of the kernel: print both shapes.

# %% [markdown] hint=1
# Wrong only for some images? Look for a height where a width belongs, or the other way
# round. Try an image of 3 × 6 and a kernel of 2 × 3: the output should be 2 × 4.

# %% [markdown]
# ### Exercise 2.4 · Convolution on an image
# 1 point · 4 minutes · ●●○○○ · needs 2.3
#
# Write the true convolution where the kernel fits, by the second formula of section 4.
# Build on your `correlate2d` or on `filters.correlate2d`. (`filters.convolve2d` and
# SciPy's `convolve2d` are this exercise in one call.)


# %% exercise="convolve-2d"
def convolve2d(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolution of an image (h, w) with a kernel (kh, kw): (h-kh+1, w-kw+1).

    >>> convolve2d(np.eye(3), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[5., 2.],
           [3., 5.]])
    """
    ### BEGIN SOLUTION
    return correlate2d(image, kernel[::-1, ::-1])
    ### END SOLUTION


# %% check="convolve-2d" points=1
checks.week1.convolve2d(convolve2d)

# %% [markdown] hint=1
# Which of these is the half turn: `kernel.T`, `kernel[::-1]`, or something else? Try
# them on the four weights above, or turn a sheet of paper.

# %% [markdown]
# ### Exercise 2.5 · Quiz: the half-bright image
# 1 point · 4 minutes · ●●○○○ · needs 2.3
#
# An image of 8 × 8 pixels is bright on the left (its first four columns are 10) and
# dark on the right (the last four are 0). It is cross-correlated with
#
# $$ K = \begin{pmatrix} 1 & 0 & -1 \\ 1 & 0 & -1 \\ 1 & 0 & -1 \end{pmatrix}. $$
#
# All rows of the output are the same. Work out such a row on paper and write it down as
# a list of whole numbers. Be careful with its length.

# %% exercise="half-bright"
row: list[int] | None = None
### BEGIN SOLUTION
row = [0, 0, 30, 30, 0, 0]
### END SOLUTION

# %% check="half-bright" points=1 quiz=1
checks.week1.half_bright(row=row)

# %% [markdown] hint=1
# Put a strip of paper with the numbers 1, 0, −1 under a row of the image and move it
# along. Where do its two ends lie on different brightnesses? And how many such strips
# has the kernel?

# %% [markdown] topics="classic kernels"
# ## 5. Nine numbers and a photograph
#
# Long before anybody *learned* a kernel, people designed them. Here are five classics;
# the identity kernel stands beside them for comparison. They all slide in the same way;
# only the nine numbers differ.

# %%
names = ["identity", "blur", "sharpen", "emboss", "vertical edge", "horizontal edge"]
kernels = [filters.CLASSIC[name] for name in names]
plots.show(
    plots.week1.tables(dict(zip(names, kernels, strict=True)), kernels=names),
    caption="Five classic kernels, and the identity.",
    alt="Six kernels by rows. Identity: 0 0 0, 0 1 0, 0 0 0. Blur: nine times 0.11. "
    "Sharpen: 0 −1 0, −1 5 −1, 0 −1 0. Emboss: −2 −1 0, −1 1 1, 0 1 2. Vertical edge: "
    "three times 1 0 −1. Horizontal edge: 1 1 1, 0 0 0, −1 −1 −1.",
)

# %% [markdown]
# **Predict:** in a patch of perfectly even grey, say all pixels 0.5, what does each of
# them answer? You need only one property of each kernel to know.

# %%
even = np.full((3, 3), 0.5)
for name, kernel in zip(names, kernels, strict=True):
    print(f"{name:16} {filters.correlate2d(even, kernel).item():.1f}")

# %% [markdown]
# Even grey comes out multiplied by the *sum of the weights*. Identity, blur, sharpen
# and emboss have the sum 1 and keep the brightness. The two edge kernels have the sum
# 0, so an even patch gives 0 whatever its brightness, and only changes remain.
#
# **Predict:** what will the last five make of the eye of a cat?

# %%
photo = data.photograph("chelsea").numpy().mean(axis=0) / 255
eye = photo[84:148, 132:208]
filtered = [filters.correlate2d(eye, kernel) for kernel in kernels]

# %%
plots.show(
    plots.gallery(filtered[:4], names[:4], limits=(0, 0.6)),
    caption="The eye of a cat, and three kernels that keep its brightness. All four "
    "in the same range, from 0 (black) to 0.6 (white).",
    alt="Four grey pictures of a cat's eye: as it is; blurred, smooth and out of "
    "focus; sharpened, grainy and with crisp rims; embossed, like a relief in stone "
    "lit from the lower right.",
)

# %%
plots.show(
    plots.gallery(filtered[4:], names[4:], limits=(-0.5, 0.5)),
    caption="The same eye and the two edge kernels. The middle grey is 0, white 0.5 "
    "or more, black −0.5 or less.",
    alt="Two pictures, mostly even grey. Vertical edges: the left and right rim of "
    "the eye and of its pupil as light and dark lines. Horizontal edges: the upper "
    "and lower rim as light and dark lines.",
)

# %% [markdown]
# Read the kernels against the pictures. **Blur** is the average of nine neighbours, so
# fine detail and noise cancel out. **Sharpen** takes five times the pixel and subtracts
# its four neighbours: that is the pixel itself plus how far it sticks out from its
# surroundings, so whatever sticks out does so even more. **Emboss** subtracts the upper
# left from the lower right and adds the pixel; slopes that get brighter towards the
# lower right shine, the opposite slopes lie in shadow, and the eye reads a relief.
#
# The edge kernels show something worth remembering: their output has a sign. Light and
# dark in the picture are the two *directions* of an edge, and the grey half way between
# black and white is 0: no edge.

# %% [markdown]
# ### Exercise 2.6 · Design your own
# 2 points · 6 minutes · ●●●○○ · needs 2.3
#
# Give three 3×3 kernels, for cross-correlation, that do the following. The classics
# above are taken, and so are their multiples: find others. Yours are judged by what
# they do. (`np.array([[…], […], […]])` makes an array of three lists.)
#
# - `"blur"`: a gentler blur. Brightness kept, no weight negative, the middle weight
#   larger than every other, at least one neighbour counted, and the same in all
#   directions (flipping or transposing the kernel changes nothing).
# - `"sharpen"`: brightness kept, a middle weight above 1, no neighbour positive, and
#   the same in all directions.
# - `"vertical edge"`: positive where the left is brighter than the right, negative the
#   other way round, and exactly 0 on even patches and on horizontal edges.


# %% exercise="classic-kernels"
def classic_kernels() -> dict[str, np.ndarray]:
    """Three kernels of shape (3, 3), by name: blur, sharpen, vertical edge."""
    ### BEGIN SOLUTION
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    }
    ### END SOLUTION


# %% check="classic-kernels" points=2
checks.week1.classic_kernels(classic_kernels)

# %% [markdown] hint=1
# "Brightness kept" is a statement about the nine weights together. You met it when all
# pixels were 0.5.

# %% [markdown] hint=1
# For the vertical edge, think of one row of three weights first. What must hold for it
# so that a horizontal edge, with rows of one brightness each, stays unseen? And must
# all three rows count the same?

# %% [markdown] topics="equivariance"
# ## 6. Move first, or filter first?
#
# A digit that moves three pixels to the right is the same digit. A dense layer sees
# something entirely new: every pixel meets another weight. What does a convolution see?
#
# Write $T$ for a motion (shift the picture, or turn it) and $f$ for the filter. There
# are two ways to do both: move first and filter then, $f(T(x))$, or filter first and
# move the result, $T(f(x))$. If the two always agree, $f$ is called **equivariant** to
# $T$:
#
# $$ f(T(x)) = T(f(x)) . $$
#
# (Do not mix it up with **invariant**, $f(T(x)) = f(x)$: there the output does not
# notice the motion at all. An equivariant output moves along.)
#
# Take the vertical edge kernel as the filter; `filters.edges` slides it over a picture.
# `np.roll` shifts a picture and brings what leaves it back on the other side. Our digit
# has ten empty pixels around it, so that only empty ones come back.
#
# **Predict:** is this filter equivariant to a shift? To a quarter turn?

# %%
digit = data.mnist().test.images[0, 0].numpy() / 255
canvas = np.pad(digit, 10)
motions = {
    "shift": lambda picture: np.roll(picture, (4, -7), axis=(0, 1)),
    "quarter turn": np.rot90,
}
pictures = {
    name: (filters.edges(move(canvas)), move(filters.edges(canvas)))
    for name, move in motions.items()
}

# %%
plots.show(
    plots.week1.two_orders(pictures, canvas, filters.edges(canvas)),
    caption="A handwritten digit, filtered with the vertical edge kernel, and moved "
    "and filtered in both orders. Purple is positive, orange negative, the pale ground "
    "0.",
    alt="Two rows of five pictures, each beginning with the digit, a 7, and its edges "
    "where they stand. Shift: both orders give the same edges, lower and "
    "further left, and the difference is empty. Quarter turn: one order gives strong "
    "edges along the upright bar, the other along the slanted one, and the difference "
    "is full of strokes.",
)

# %% [markdown]
# The shift passes: it does not matter whether you move before or after. You can prove
# it in one line. If $x'_{i} = x_{i+d}$ is the shifted row, then
#
# $$ y'_i = \sum_m w_m\, x'_{i+m} = \sum_m w_m\, x_{i+d+m} = y_{i+d} . $$
#
# The same weights at every place: sharing is all that the proof uses.
#
# The quarter turn fails. Turn the picture first and the filter looks for vertical edges
# in a lying digit; turn afterwards and you get the vertical edges of the standing
# digit, laid on their side. No weight knows that pictures can turn. A network that is
# to recognise turned digits has to learn kernels for turned strokes too, and it can
# only do so from turned examples.
#
# In a photograph without an empty rim even the shift has an end at the border: what
# moves out is gone. Week 2 puts zeros around the picture (*padding*) and looks at what
# that does to this.

# %% [markdown]
# ### Exercise 2.7 · Measure it
# 2 points · 7 minutes · ●●●○○ · needs 2.3
#
# Not only filters can be tested. Write a function that takes *any* operation $f$ on
# pictures and measures how far it is from being equivariant: the largest absolute
# difference between $f(T(x))$ and $T(f(x))$. The motion $T$ is one of two:
#
# - `"shift"`: drop the first row and the first column. Everything else moves up and to
#   the left by one, and nothing has to be invented at the border.
# - `"turn"`: a quarter turn, `np.rot90`.
#
# You can count on it that $f(T(x))$ and $T(f(x))$ have the same shape. The example
# below uses `filters.centred`, which subtracts from each pixel the mean of its picture.


# %% exercise="equivariance"
def equivariance_gap(
    image: np.ndarray, f: Callable[[np.ndarray], np.ndarray], motion: str
) -> float:
    """Largest |f(T(x)) - T(f(x))| for an image x (h, w) and an operation f.

    f: takes a picture and returns one, perhaps of another size
    motion: "shift" or "turn"; anything else raises ValueError.

    >>> equivariance_gap(np.array([[3.0, 1.0], [1.0, 1.0]]), filters.centred, "shift")
    0.5
    """
    ### BEGIN SOLUTION
    if motion not in ("shift", "turn"):
        raise ValueError(f'motion is "shift" or "turn", not {motion!r}')

    def move(picture: np.ndarray) -> np.ndarray:
        return picture[1:, 1:] if motion == "shift" else np.rot90(picture)

    return float(np.abs(f(move(image)) - move(f(image))).max())
    ### END SOLUTION


# %% check="equivariance" points=2
checks.week1.equivariance_gap(equivariance_gap)

# %% [markdown] hint=1
# In which order do things happen in $f(T(x))$, and in which in $T(f(x))$? What do you
# need to write only once, if you give it a name?

# %% [markdown] hint=1
# Is a difference of −7 larger or smaller than one of 3?

# %% [markdown] topics="template matching"
# ## 7. A kernel that knows what it wants
#
# So far our kernels had nine weights and looked for edges. Nothing keeps you from
# taking a bigger one, and the boldest choice is to use a piece of a picture as the
# kernel: where it lies on something that looks like it, bright weights meet bright
# pixels and dark ones meet dark, and the sum should be large. A kernel used like that
# is called a **template**.
#
# Let us take the eye of the cat, 64 × 76 pixels cut from the photograph, and slide it
# over the whole photograph.
#
# **Predict:** at which place will the cross-correlation be largest?

# %%
sums = filters.correlate2d(photo, eye)
best = np.unravel_index(sums.argmax(), sums.shape)

# %%
plots.show(
    plots.week1.search(photo, sums, eye.shape, {"cut out": (84, 132), "largest": best}),
    caption="Left: where the eye was cut out (solid frame) and where the sum of "
    "products is largest (dashed frame). Right: the sum at every place, light where "
    "it is large; a dot for the upper left pixel of each frame.",
    alt="Left, the photograph of the cat: a solid frame around its eye on the left, a "
    "dashed frame far from it at the right edge, on a bright blurred background. "
    "Right, the sums as a smooth grey picture: the place of the eye is among the "
    "darkest, the lower right is lightest.",
)

# %%
print(f"at the eye {sums[84, 132]:.0f}, largest {sums[best]:.0f}")

# %% [markdown]
# Not at the eye! All pixels and all weights are positive here, so any bright patch
# makes a large sum, whatever is in it. The blurred background wins with 807 against
# 502. The raw cross-correlation does not ask *is it alike?* but *is it bright?*

# %% [markdown]
# ### Exercise 2.8 · Build: find it
# 4 points · 25 minutes · ●●●●○ · needs 2.3
#
# Build a search that is not fooled. Your function gets an image and a patch, and
# somewhere in the image there is exactly one *copy* of the patch: a window whose pixels
# are $a \cdot \text{patch} + b$ with a contrast $a > 0$ and a brightness $b$ that you
# do not know. Say where it is.
#
# The image was made to fool you. There are bright places, places of strong contrast and
# perfectly even ones. There may be a negative of the patch ($a < 0$), the patch turned
# by half a turn, and a window that has the patch's order from dark to bright but other
# steps between its grey values. None of them is a copy.
#
# Any method is welcome that you write yourself; scikit-image's `match_template` is this
# exercise in one call. `filters.correlate2d` is there for you, and so is your own
# `correlate2d`.


# %% exercise="find-it"
def find(image: np.ndarray, patch: np.ndarray) -> tuple[int, int]:
    """Row and column of the upper left pixel of the one copy of `patch` in `image`.

    image: (h, w); patch: (kh, kw); a copy is a * patch + b for some a > 0 and some b.
    Raises ValueError if the patch is higher or wider than the image, or if all its
    pixels are equal: there is nothing to recognise in it.

    >>> find(np.array([[9, 9, 8, 9], [5, 9, 7, 0]]), np.array([[1, 3, 2]]))
    (1, 0)
    """
    ### BEGIN SOLUTION
    if np.ptp(patch) == 0:
        raise ValueError("all pixels of the patch are equal")
    # This raises the ValueError about a patch that is too large.
    windows = np.lib.stride_tricks.sliding_window_view(image, patch.shape)
    windows = windows - windows.mean(axis=(2, 3), keepdims=True)
    contrast = np.sqrt((windows**2).sum(axis=(2, 3)))
    likeness = (windows * patch).sum(axis=(2, 3)) / np.maximum(contrast, 1e-9)
    row, column = np.unravel_index(likeness.argmax(), likeness.shape)
    return int(row), int(column)
    ### END SOLUTION


# %% check="find-it" points=4
checks.week1.find(find)

# %% [markdown] hint=1
# Brightness first. Which kernels of section 5 did not care how bright an even patch is?
# Can you make such a kernel out of any patch?

# %% [markdown] hint=1
# Then contrast. Two windows hold the same drawing, one of them faintly. What number
# tells how strong a drawing is, and what is that number in an even window?

# %% [markdown] hint=1
# Still fooled? Make a small image yourself, with the patch, its negative and an even
# place in it, and look at your scores with `plots.matrix(plots.new()[1], scores)`. What
# lies where they are largest?

# %% [markdown]
# <details><summary>One way to see it, when yours has passed</summary>
#
# Take the mean out of the window and out of the patch, multiply, add up, and divide by
# both lengths:
#
# $$ r = \frac{\sum (V - \bar V)(P - \bar P)}
#    {\sqrt{\sum (V - \bar V)^2}\;\sqrt{\sum (P - \bar P)^2}} . $$
#
# The sums run over the pixels of the window $V$ and the patch $P$. This is the
# **correlation coefficient** of statistics. Neither $a$ nor $b$ is left in it: $r$ is 1
# for a copy, −1 for a negative, and between them for everything else. In an even window
# the first root is 0, and there is no $r$.
#
# </details>

# %% [markdown]
# When it passes, try it on the cat. Every third pixel will do, and the lamp is dimmed.

# %%
small = photo[::3, ::3]
small_eye = small[28:50, 44:70]
dim = 0.5 * small + 0.2

# %% [markdown]
# **Predict:** will your function find this eye in the dimmed picture? And the cat's
# other eye, when it searches for this one in a mirror?
#
# In a cell of your own, `find(dim, small_eye)` should say (28, 44). Then search for
# `small_eye[:, ::-1]`, the eye in a mirror.
#
# <details><summary>What happens in the mirror</summary>
#
# It does not. The correlation coefficient is at most 0.43, at a place in the blurred
# background: the head is half turned away, so that the other eye is narrower and seen
# from another side. (If your search wants an exact copy, it finds nothing here.) A
# template recognises what looks *like it*, at its size and in its pose, and nothing
# else. That is why a network does not get its kernels from scissors. It learns many
# small ones, and combines what they find.
#
# </details>

# %% [markdown]
# ## What to take with you
#
# A convolution lays a small kernel on the input, multiplies, adds, and moves on. With
# $n$ numbers and a kernel of $k$ there are $n - k + 1$ places where it fits. The
# mathematician's version turns the kernel round, so that an impulse returns the kernel;
# a network that learns its kernel cannot tell the difference, and the libraries do not
# flip. Nine numbers are enough to blur, sharpen or find edges, and the sum of the
# weights says what becomes of an even patch. Because the same weights are used
# everywhere, moving the input moves the output along: equivariance to shifts, and
# to no other motion unless the kernel happens to have that symmetry. A kernel answers
# where the picture looks like it, once brightness and contrast are taken out of the
# comparison.
#
# **Where people slip**
#
# - Taking `np.convolve` or SciPy's `convolve2d` for what `torch.nn.functional.conv2d`
#   computes. One flips, the other does not.
# - Flipping a 2-D kernel along one axis only, or transposing it. It is a half turn.
# - Expecting the output to be as large as the input. When the kernel stays inside, each
#   axis loses the kernel's height or width minus 1.
# - Saying *invariant* where *equivariant* is meant.
# - Reading a large sum of products as a good match. Bright places make large sums.
#
# **Next:** photographs have three colours, and a layer has many kernels. Notebook 3
# puts this operator into a layer and counts what it costs.
#
# **To read on:** Goodfellow, Bengio and Courville, *Deep Learning* (2016), sections 9.1
# and 9.2; Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*
# (2016), for pictures of every case.

# %% [markdown]
# ## For the curious
#
# Four short pieces that nothing later depends on.

# %% [markdown] topics="commutativity"
# ### What the mathematician buys with the flip
#
# A property that makes proofs short: the two partners of a convolution can be swapped.
# Count by the time of the clap, $s = t - m$, and
#
# $$ \sum_m w(m)\, x(t-m) = \sum_s x(s)\, w(t-s), $$
#
# so $w * x = x * w$: convolution is **commutative**.
#
# **Predict:** is the cross-correlation commutative too? (In $w \star x$ the kernel
# stands first. `np.correlate` wants the signal first.)

# %%
x, w = np.array([2, 3, 5, 9, 9, 4]), np.array([3, 2, 1])
print("w ∗ x:", np.convolve(x, w))
print("x ∗ w:", np.convolve(w, x))
print("w ⋆ x:", np.correlate(x, w, mode="full"))
print("x ⋆ w:", np.correlate(w, x, mode="full"))

# %% [markdown]
# The first two rows agree. The last two do not: each is the other's mirror image.
#
# (These rows have eight numbers, since here the kernel may hang over both ends, with
# zeros outside. That is the *full* output; its middle part, as long as the input, is
# called *same*. When the kernel must fit, as in exercise 2.1, the output is *valid*.
# Week 2 is about the choice.)

# %% [markdown]
# ### A friend's mistake
#
# A friend has looked up the convolution in a book. There it has two minus signs, one
# for each axis: $\sum_m \sum_n K_{m,n}\, V_{j-m,\,k-n}$. That is what this function
# computes, and it runs without complaint.


# %%
def friends_convolve2d(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    (h, w), (kh, kw) = image.shape, kernel.shape
    output = np.zeros((h - kh + 1, w - kw + 1))
    for j, k in np.ndindex(output.shape):
        for m, n in np.ndindex(kernel.shape):
            output[j, k] += kernel[m, n] * image[j - m, k - n]
    return output


image, weights = np.arange(12).reshape(3, 4), np.array([[1, 2], [3, 4]])
print("your friend's output", friends_convolve2d(image, weights), sep="\n")
print("the true convolution", filters.convolve2d(image, weights), sep="\n")

# %% [markdown]
# Find the mistake: two of the six numbers are right, but stand in the wrong place.
# Which ones, and where do the other four come from? (Begin with `j`, `k` = 0, 0. Which
# pixel does the last line read when `m` and `n` are 1?) Write your answer down before
# you open the next line.
#
# <details><summary>Your friend's mistake</summary>
#
# For $m = 1$, $j = 0$ the index $j - m$ is −1. NumPy does not refuse it: it counts from
# the end, so the top row of the output mixes in the *bottom* row of the image, and the
# left column the right one. The other two numbers, 16 and 26, are those that should
# stand one row further up and one column further left. The book is not wrong: it counts
# the places from the window's *lower right* pixel, so that its first valid place is
# $j = k_h - 1$, $k = k_w - 1$: the step $t = i + k - 1$ of section 2, on both axes.
#
# </details>

# %% [markdown]
# ### Three more kernels on the half-bright image
#
# The image of exercise 2.5, now for three other kernels.

# %%
half = np.zeros((8, 8))
half[:, :4] = 10
three = ("horizontal edge", "blur", "identity")
others = {name: filters.CLASSIC[name] for name in three}
plots.show(
    plots.week1.tables({"image": half, **others}, framed=(3, 3), kernels=others),
    caption="The half-bright image with a frame around the first window, and three "
    "kernels.",
    alt="An image of 8 by 8: four columns of 10, four of 0, a frame around the upper "
    "left 3 by 3. Horizontal edge: a row of 1, a row of 0, a row of −1. Blur: nine "
    "times 0.11. Identity: a 1 in the middle of zeros.",
)

# %% [markdown]
# **Predict** one row of each output.

# %%
results = {name: filters.correlate2d(half, kernel) for name, kernel in others.items()}

# %%
plots.show(
    plots.week1.tables(results),
    caption="What the three kernels make of the half-bright image.",
    alt="Three outputs of 6 by 6. Horizontal edge: zeros everywhere. Blur: every row "
    "is 10, 10, 6.67, 3.33, 0, 0. Identity: every row is 10, 10, 10, 0, 0, 0.",
)

# %% [markdown]
# Top and bottom are equal everywhere, so the horizontal edge kernel sees nothing at
# all. The average turns the cliff into a slope. And the identity kernel, a 1 in the
# middle of zeros, copies what lies under its middle. Only the border is lost: one pixel
# on each side, because the kernel's middle never gets there.

# %% [markdown]
# ### Four operations, two motions
#
# **Predict**, then test with your function of exercise 2.7, in a cell of your own, on
# the picture `eye`: which of the four operations have the gap 0 for the shift, and
# which for the turn? `filters.edges` (the vertical edge kernel), `filters.blur`,
# `filters.centred`, and `np.sort`, which sorts each row.
#
# <details><summary>What you should have found</summary>
#
# | | shift | turn |
# |---|---|---|
# | `filters.edges` | 0 | not 0 |
# | `filters.blur` | 0 | 0 |
# | `filters.centred` | not 0 | 0 |
# | `np.sort` | not 0 | not 0 |
#
# (Where the table says 0, rounding may leave some $10^{-16}$.) The blur looks the same
# after a quarter turn, so it cannot tell. The mean of a picture does not change when
# the picture turns, but it does when pixels are dropped. Sharing weights makes an
# operation equivariant to shifts; it is not the only way to be equivariant to
# something.
#
# Now try `np.sort` on `canvas`: the gap for the shift is 0! Each row of the digit
# begins with an empty pixel, and after sorting it still does. One picture can show that
# an operation is *not* equivariant. That it is, no picture proves: it takes a line of
# mathematics like that of section 6.
#
# </details>
