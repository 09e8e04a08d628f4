# %% [markdown]
# # Going backwards: gradients and transposed convolution
#
# Week 2 · notebook 3 of 3 · about 135 minutes · 18 points
#
# Until now every picture has travelled in one direction: in at the front, through the
# kernel, out at the back, and usually smaller than before. This notebook turns round.
# First we carry an error back, from the output to the weights and to the pixels that
# caused it: that is how a convolution learns. Then we use the very same way back as a
# layer of its own, which makes small maps large again. At the end you build a decoder
# that takes 7 × 7 maps home to 28 × 28, without the checkerboards that such decoders
# are known for.
#
# Plan two sittings of a little more than an hour; a good break is after section 5.
# Whoever works out every prediction on paper needs more, up to three hours in all. What
# stands under "For the curious", after the summary, is optional and not counted.
#
# **When you are done, you can**
#
# - compute the gradients of a convolution for its kernel and its input, with a stride,
#   and test them without a framework;
# - write a convolution as a matrix, and say what the transpose of that matrix does;
# - write a transposed convolution as a direct one on an input full of zeros;
# - say which size comes back, why a stride makes that ambiguous, and what PyTorch's
#   `output_padding` is for;
# - explain checkerboard artefacts, count them, and build a decoder without them.
#
# **You need** notebook 2 of week 1 (exercises 2.1 to 2.4), its notebook 1 for the band
# matrix of exercise 1.4, from notebook 1 of this week padding, stride and the floor in
# the size formula, and from notebook 2 `nn.Sequential`. One fact of calculus: the chain
# rule.

# %%
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, explore, filters, plots

# %% [markdown] topics="backpropagation, gradient of the kernel"
# ## 1. Who is to blame?
#
# Four pixels, two weights, and the sliding sum of week 1:
#
# $$ x = (1, 3, 2, 5), \qquad w = (2, -1), \qquad y_i = \sum_m w_m\, x_{i+m}, $$
#
# which gives $y = (-1, 4, -1)$. Somebody wanted the target $y^* = (-2, 4, -3)$. Measure
# how wrong we are by the **loss** $\mathcal{L} = \tfrac12 \sum_i (y_i - y^*_i)^2$. If
# $y_0$ grows a little, $\mathcal{L}$ grows $y_0 - y^*_0 = 1$ times as much. Such slopes
# are the **gradient** that torch gave you in notebook 2; we write
# $\delta_i = \partial \mathcal{L} / \partial y_i$. Here
#
# $$ \delta = y - y^* = (1,\ 0,\ 2) . $$
#
# The output is wrong by this much: which pixel is to blame, and which weight? Both
# questions have the same answer, the **chain rule**. In $y_i$ the pixel $x_{i+m}$ was
# multiplied by $w_m$, and only there did the two meet. So every place $i$ does two
# things: it blames the pixel $x_{i+m}$ with $\delta_i w_m$, and the weight $w_m$ with
# $\delta_i x_{i+m}$. Whoever is blamed several times adds it up. To hand the blame back
# like this, layer after layer from the last to the first, is called
# **backpropagation**.
#
# **Predict**, with a pencil: the four gradients $\partial\mathcal{L}/\partial x_j$ and
# the two gradients $\partial\mathcal{L}/\partial w_m$.

# %%
x, w, delta = np.array([1.0, 3, 2, 5]), np.array([2.0, -1]), np.array([1.0, 0, 2])

# %%
plots.show(
    plots.week2.blame(w, delta, n=4),
    caption="Each output stamps its gradient times the kernel onto the pixels that it "
    "has read. A pixel's gradient is the sum of its column.",
    alt="Three rows of stamps in four columns: 2 and −1 in columns 0 and 1, 0 and 0 in "
    "columns 1 and 2, 4 and −2 in columns 2 and 3. Below them the sums 2, −1, 4, −2.",
)

# %%
to_w = [1 * 1 + 0 * 3 + 2 * 2, 1 * 3 + 0 * 2 + 2 * 5]
print("blame of the weights:", *to_w)

# %% [markdown]
# The pixels get $(2, -1, 4, -2)$ and the weights
#
# $$ \frac{\partial\mathcal{L}}{\partial w_0} = 1\cdot1 + 0\cdot3 + 2\cdot2 = 5, \qquad
#    \frac{\partial\mathcal{L}}{\partial w_1} = 1\cdot3 + 0\cdot2 + 2\cdot5 = 13 . $$
#
# The middle output was right, so it blames nobody. Do not take our word for it. PyTorch
# keeps a record of what was computed and walks it backwards (`loss.backward()`, week
# 1). And there is a judge that needs no theory at all: nudge one number by a little
# $\varepsilon$, to both sides, and see how $\mathcal{L}$ moves. That is a **finite
# difference**.


# %%
def loss(x: np.ndarray, w: np.ndarray) -> float:
    """Half the squared distance of the sliding sums from (-2, 4, -3)."""
    return 0.5 * float(np.sum((np.correlate(x, w) - [-2, 4, -3]) ** 2))


eps = 1e-4
four, two = eps * np.eye(4), eps * np.eye(2)
by_nudging = [(loss(x + e, w) - loss(x - e, w)) / (2 * eps) for e in four]
weights_nudged = [(loss(x, w + e) - loss(x, w - e)) / (2 * eps) for e in two]

xt, wt = torch.tensor(x, requires_grad=True), torch.tensor(w, requires_grad=True)
yt = F.conv1d(xt[None, None], wt[None, None])[0, 0]
(0.5 * (yt - torch.tensor([-2, 4, -3])).pow(2).sum()).backward()
print("nudged:  ", np.round(by_nudging, 6), np.round(weights_nudged, 6))
print("autograd:", xt.grad.numpy(), wt.grad.numpy())

# %% [markdown]
# Three ways, one answer. Keep the nudges in mind: they are slow, two runs of the whole
# computation for each number, but they find every wrong gradient, yours included.
#
# Now read the blame of a weight as a formula,
#
# $$ \frac{\partial\mathcal{L}}{\partial w_m} = \sum_i \delta_i\, x_{i+m} , $$
#
# and compare it with $y_i = \sum_m w_m x_{i+m}$. It is the sliding sum again! The
# gradient of the kernel is the cross-correlation of the input with $\delta$, which is
# now the "kernel".

# %% [markdown]
# ### Exercise 3.1 · Blame the weights
# 2 points · 4 minutes · ●●○○○ · needs 2.1 (week 1)
#
# Write it for a row. The function is not told the length of the kernel: find it from
# the two lengths it knows. (Calls that slide for you, such as `np.correlate` or
# `F.conv1d`, and calls that differentiate for you are not an answer, here and in 3.2;
# 3.3 says what it allows. NumPy's `sliding_window_view` is welcome: it only lays the
# windows out.)


# %% exercise="gradient-kernel-1d"
def kernel_gradient(x: np.ndarray, delta: np.ndarray) -> np.ndarray:
    """Gradient for the kernel of a sliding sum over a row `x` (n,), stride 1: (k,).

    delta: (o,), the gradient of the loss for each of the outputs.

    >>> kernel_gradient(np.array([1, 3, 2, 5]), np.array([1, 0, 2]))
    array([ 5, 13])
    """
    ### BEGIN SOLUTION
    o = len(delta)
    return np.array([delta @ x[m : m + o] for m in range(len(x) - o + 1)])
    ### END SOLUTION


# %% check="gradient-kernel-1d" points=2
checks.week2.kernel_gradient(kernel_gradient)

# %% [markdown] hint=1
# With $n$ numbers and $k$ weights there are $o = n - k + 1$ outputs. You know $n$ and
# $o$.

# %% [markdown] hint=1
# Which pixels has the weight `w[m]` met at the places 0, 1, 2, …? Write them as a
# slice.

# %% [markdown] topics="gradient of the input"
# ## 2. The flip comes back
#
# Now the pixels. Pixel $x_j$ was read by the outputs $i$ with $i + m = j$, that is with
# the weight $m = j - i$:
#
# $$ \frac{\partial\mathcal{L}}{\partial x_j} = \sum_i \delta_i\, w_{j-i} ,
#    \qquad w_{j-i} = 0 \text{ if there is no such weight.} $$
#
# Look at the minus. That is the mathematician's convolution, the echo in the cave of
# week 1. We have not chosen it. Each $\delta_i$ is a clap, the kernel is its echo, and
# the echoes add up: exactly the stamps of the figure. Whoever slides *forwards* without
# a flip comes *back* with one.
#
# Where is the flip in the figure? As a *stamp* the kernel lies as it is. As something
# that *slides over* $\delta$ and collects, it is turned. These are two ways to write
# the same sum: do one or the other, never both.
#
# There are as many pixels as before, $n = o + k - 1$, so the echo is *full*: the first
# pixel has been read by one place only, and still gets its blame.

# %% [markdown]
# ### Exercise 3.2 · Blame the pixels
# 2 points · 5 minutes · ●●○○○ · needs 3.1
#
# Write the gradient of the pixels for a row, by the formula or by stamps. The row has
# as many numbers as the kernel has slid over, $o + k - 1$. (What is not an answer in
# 3.1 is none here: no call that slides or differentiates for you.)


# %% exercise="gradient-input-1d"
def input_gradient(w: np.ndarray, delta: np.ndarray) -> np.ndarray:
    """Gradient for the row that a kernel `w` (k,) slid over with stride 1: (o+k-1,).

    delta: (o,), the gradient of the loss for each of the outputs.

    >>> input_gradient(np.array([2, -1]), np.array([1, 0, 2]))
    array([ 2., -1.,  4., -2.])
    """
    ### BEGIN SOLUTION
    k = len(w)
    to_x = np.zeros(len(delta) + k - 1)
    for i, value in enumerate(delta):
        to_x[i : i + k] += value * w
    return to_x
    ### END SOLUTION


# %% check="gradient-input-1d" points=2
checks.week2.input_gradient(input_gradient)

# %% [markdown] hint=1
# You can go through the pixels and collect, as the formula does, or through the outputs
# and hand out, as the figure does. Which of the two needs no case for the ends?

# %% [markdown] hint=1
# Where two stamps overlap, what happens to the number that is already there?

# %% [markdown] topics="gradients with stride"
# ## 3. With a stride, and in two dimensions
#
# Let the kernel move in steps of $s$: $y_i = \sum_m w_m\, x_{si+m}$. Replace $i$ by
# $si$ where the pixel is meant, and both gradients are there:
#
# $$ \frac{\partial\mathcal{L}}{\partial w_m} = \sum_i \delta_i\, x_{si+m}, \qquad
#    \frac{\partial\mathcal{L}}{\partial x_j} = \sum_i \delta_i\, w_{j-si} . $$
#
# In both, $\delta_i$ now stands at place $si$. It is as if $\delta$ had been
# *dilated*, like the kernels of notebook 1, with $d = s$: between two neighbours lie
# $s - 1$ zeros. The stamps fall $s$ pixels apart, and the kernel's gradient is the
# cross-correlation of $x$ with the dilated $\delta$. (Count its numbers when the floor
# has dropped pixels: it is longer than the kernel then, and only the first $k$ are
# wanted.)
#
# **Predict:** a row of 8 pixels, a kernel $(1, 2, 3)$, stride 2, and
# $\delta = (1, 2, -1)$. How much blame does the last pixel get? And which pixels are
# blamed twice?

# %%
plots.show(
    plots.week2.blame(np.array([1.0, 2, 3]), np.array([1.0, 2, -1]), n=8, s=2),
    caption="Stride 2: the stamps fall two pixels apart. The last pixel (grey) lies "
    "behind the last stop of the kernel.",
    alt="Three stamps under eight columns: 1 2 3 from column 0, 2 4 6 from column 2, "
    "−1 −2 −3 from column 4. The sums are 1, 2, 5, 4, 5, −2, −3 and 0; the last cell "
    "is grey.",
)

# %% [markdown]
# Pixels 2 and 4 lie under two stamps, and the last pixel gets nothing: no output has
# read it, so nothing that you do to it can change the loss. Its gradient is not
# missing. It is *zero*, and the gradient has 8 numbers like the row itself. Remember
# that pixel, it will be back.
#
# In an image $V$ everything happens along two axes, with $\delta_{j,k}$ for the output
# at row $j$ and column $k$ and a kernel $K$ of $k_h \times k_w$ weights. The stop
# $(j, k)$ had its first weight on pixel $(sj, sk)$, so
#
# $$ \frac{\partial\mathcal{L}}{\partial K_{m,n}} =
#    \sum_{j,k} \delta_{j,k}\, V_{sj+m,\,sk+n} , \qquad
#    \frac{\partial\mathcal{L}}{\partial V_{u,v}} =
#    \sum_{j,k} \delta_{j,k}\, K_{u-sj,\,v-sk} , $$
#
# again with no weight where the index leaves the kernel. (As in week 1, in an image $k$
# is a column of the output, and $n$ counts the columns of the kernel; the lengths are
# $k_h$ and $k_w$.)

# %% [markdown]
# ### Exercise 3.3 · Both gradients of an image
# 3 points · 12 minutes · ●●●●○ · needs 3.1, 3.2
#
# Write both, for one stride $s$ along both axes and without padding. The gradient of an
# image has the shape of the image, the gradient of a kernel that of the kernel. Give
# them back as a pair, the kernel's first. (Here you may slide, with
# `filters.correlate2d` or `F.conv2d`. `F.conv_transpose2d`, SciPy, and calls that
# differentiate for you are not an answer.)


# %% exercise="gradient-2d"
def gradients2d(
    image: np.ndarray, kernel: np.ndarray, delta: np.ndarray, s: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Gradients (kh, kw) for the kernel and (h, w) for the image, stride s.

    delta: ((h-kh)//s + 1, (w-kw)//s + 1), the gradient for each output.

    >>> gradients2d(np.array([[1, 2, 3]]), np.array([[4, 5]]), np.array([[6]]), s=2)
    (array([[ 6., 12.]]), array([[24., 30.,  0.]]))
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    to_kernel, to_image = np.zeros(kernel.shape), np.zeros(image.shape)
    for (j, k), value in np.ndenumerate(delta):
        window = np.s_[s * j : s * j + kh, s * k : s * k + kw]
        to_kernel += value * image[window]
        to_image[window] += value * kernel
    return to_kernel, to_image
    ### END SOLUTION


# %% check="gradient-2d" points=3
checks.week2.gradients2d(gradients2d)

# %% [markdown] hint=1
# Stand at one output `delta[j, k]`. Which window of the image has it read? Everything
# else follows from this slice: what it tells the kernel, and where it stamps.

# %% [markdown] hint=1
# Right with stride 1 only? Draw the 8 pixels of the figure and write under each stamp
# where it begins. Shapes wrong? Which array already has the shape you need?

# %% [markdown] topics="convolution as a matrix, transpose"
# ## 4. The same, as a matrix
#
# A convolution multiplies by weights and adds. So it is a matrix, as the band matrix of
# week 1 was for a row (there $W$; here $C$, as in the guide of Dumoulin and Visin), if
# we write the image as one long column of numbers, row after row: $y = Cx$. Take a
# kernel of 3 × 3 on an image of 4 × 4. There are 16 pixels and 2 × 2 places: $C$ has 4
# rows and 16 columns.
#
# **Predict:** what stands in its first row? How many of its 64 entries are zero? (In
# the pictures w01 stands for $K_{0,1}$.)

# %%
plots.show(
    plots.week2.two_matrices((3, 3), (4, 4)),
    caption="The matrix C of a 3 × 3 kernel on 4 × 4 pixels, and its transpose. "
    "White cells are zero; each colour is one row of the kernel.",
    alt="Left, a matrix of 4 by 16. Row 0: w00 w01 w02, a zero, w10 w11 w12, a zero, "
    "w20 w21 w22, five zeros. Row 1 is the same one column further right, row 2 four "
    "columns, row 3 five columns. Right, its transpose of 16 by 4.",
)

# %% [markdown]
# Three weights, a gap, three weights, a gap, three weights. The gap is the pixel of the
# image's row that the kernel does not cover. Each row holds the nine weights once, so
# $64 - 4 \cdot 9 = 28$ entries are zero. From the row for place $(0, 1)$ to that for
# $(1, 0)$ the step is three columns, not one: the kernel goes to the next line.
#
# Fold the rows back into pictures of 4 × 4 and you see the kernel slide. Now do the
# same with the *columns* of $C$. Each column belongs to a pixel and has four entries,
# one for each output: fold it to 2 × 2.
#
# **Predict:** which weights stand in the column of pixel $(1, 1)$, and in which order?

# %%
plots.show(
    plots.week2.folded((3, 3), (4, 4), pixel=(1, 1)),
    caption="Above: the four rows of C, folded to images: the kernel slides. Below: "
    "the column of pixel (1, 1), the one with the frame, folded to the four outputs: "
    "the weight with which each of them reads that pixel.",
    alt="Four grids of 4 by 4 with the nine weights at the upper left, upper right, "
    "lower left and lower right; a frame around pixel (1, 1) in each of them. Below, "
    "one grid of 2 by 2: w11 w10 in its first row, w01 w00 in its second: the weights "
    "in reverse order.",
)

# %% [markdown]
# From a pixel's point of view the kernel lies the other way round: the output to its
# upper left read it with a weight further down and to the right. That is the flip of
# section 2, seen in a matrix.
#
# And the gradient? From $y = Cx$ follows $\partial y_i / \partial x_j = C_{ij}$, so
#
# $$ \frac{\partial\mathcal{L}}{\partial x_j} = \sum_i \delta_i\, C_{ij} ,
#    \qquad\text{that is}\qquad
#    \frac{\partial\mathcal{L}}{\partial x} = C^{\mathsf T} \delta . $$
#
# Forwards multiply by $C$, backwards by $C^{\mathsf T}$. Every dense layer does it this
# way, and a convolution is a dense layer with many zeros.

# %% [markdown]
# ### Exercise 3.4 · The matrix of an image
# 2 points · 7 minutes · ●●●○○ · needs 1.4 (week 1)
#
# Build $C$ for any kernel and any image that it fits on, stride 1, no padding. Places
# and pixels are counted as NumPy does: along the row, then the next row. Any method
# that gives the matrix is welcome.


# %% exercise="sparse-matrix"
def image_matrix(kernel: np.ndarray, height: int, width: int) -> np.ndarray:
    """The matrix C such that C @ image.ravel() slides `kernel` over the image.

    kernel: (kh, kw).  Returns ((height-kh+1)·(width-kw+1), height·width).

    >>> image_matrix(np.array([[1.0], [2.0]]), 2, 3)
    array([[1., 0., 0., 2., 0., 0.],
           [0., 1., 0., 0., 2., 0.],
           [0., 0., 1., 0., 0., 2.]])
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    rows = []
    for place in np.ndindex(height - kh + 1, width - kw + 1):
        picture = np.zeros((height, width))
        picture[place[0] : place[0] + kh, place[1] : place[1] + kw] = kernel
        rows.append(picture.ravel())
    return np.array(rows)
    ### END SOLUTION


# %% check="sparse-matrix" points=2
checks.week2.image_matrix(image_matrix)

# %% [markdown] hint=1
# The last figure is a recipe. What does one row of the matrix look like before it is
# flattened?

# %% [markdown] hint=1
# Another road: which column of a matrix do you get when you multiply it by
# $(0, \dots, 0, 1, 0, \dots, 0)$?

# %% [markdown] topics="transposed convolution"
# ## 5. The way back as a layer
#
# $C^{\mathsf T}$ takes 4 numbers to 16: from 2 × 2 to 4 × 4. So far it has carried
# errors. But nothing keeps us from feeding it a small *picture* and taking what comes
# out as a larger one, with weights that are learned. This layer is called a
# **transposed convolution**, and it is how **decoders** grow their maps: from a code to
# an image, or from coarse features to a label for each pixel.
#
# **Predict:** $C$ takes an image of 4 × 4 to 2 × 2, $C^{\mathsf T}$ takes that back to
# 4 × 4. Do you get the image back?

# %%
kernel = np.arange(1.0, 10).reshape(3, 3)
image = np.array([[1.0, 0, 2, 0], [0, 3, 0, 1], [1, 0, 0, 2], [0, 1, 1, 0]])
small = F.conv2d(torch.tensor(image)[None, None], torch.tensor(kernel)[None, None])
back = F.conv_transpose2d(small, torch.tensor(kernel)[None, None])[0, 0].numpy()

# %%
plots.show(
    plots.week2.grids({"x": image, "C x": small[0, 0].numpy(), "Cᵀ C x": back}),
    caption="There and back again: the shape returns, the numbers do not.",
    alt="An image of 4 by 4 with small numbers from 0 to 3; the 2 by 2 output 29, 40, "
    "27, 33; the transposed convolution of it, 4 by 4, with numbers from 29 to 908.",
)

# %% [markdown]
# Only the *shape* comes back. How could it be otherwise: 4 numbers do not know what 16
# were. A transpose is not an inverse. You will also hear **deconvolution**: that word
# promises too much.
#
# The stamps of section 1 are the way to think of it: every input cell stamps the whole
# kernel, multiplied by its value, into the output; where stamps overlap they add up.
# Step through it, and watch how many stamps each output cell gets: all numbers are 1
# here, so the output *is* the count.
#
# **Predict**, before you press *Play*: with a kernel of 3 × 3 and stride 2, which
# output cells get stamped once, which twice, which four times?

# %%
explore.transposed(np.ones((2, 2)), np.ones((3, 3)), s=2, row=1, column=1)

# %% [markdown]
# The rows and columns in which two stamps meet get two, their crossing gets four,
# the rest one. Keep that pattern in mind for section 7.
#
# ### A direct convolution in disguise
#
# Stamps are easy to imagine, but hardware likes to *slide*. Sections 2 and 3 have shown
# how: dilate the input with $s - 1$ zeros between its cells, turn the kernel by half a
# turn, and cross-correlate. For the output to be *full*, the kernel must be allowed to
# hang over the ends by $k - 1$ cells: pad that many zeros on each side.

# %%
plots.show(
    plots.week2.stuffed(np.array([[1.0, 2], [3, 4]]), kernel, s=2),
    caption="Transposed convolution as a direct one: zeros between the cells (stride) "
    "and around them, then the turned kernel slides with stride 1.",
    alt="A board of 7 by 7 cells, all zero but for 1, 2, 3 and 4 in rows and columns 2 "
    "and 4; the kernel turned by half a turn, 9 8 7, 6 5 4, 3 2 1; the output of 5 by "
    "5. Frames show the kernel at the board's upper left corner, where it meets the 1 "
    "with its last weight, and the output 1.",
)

# %% [markdown]
# And if the convolution, whose way back this is, had $p$ zeros on each side? Blame that
# falls on the padding is thrown away: nothing there can be changed. So $p$ rows and
# columns are cut off on each side of the full output (if the floor has dropped nothing;
# section 6 comes to the other case). Or, which is the same with less work, the kernel
# is not allowed to hang over so far: pad $k - 1 - p$ instead of $k - 1$.
#
# | the convolution has per side | its transpose pads per side |
# |---|---|
# | no zeros, $p = 0$ (*valid*) | $k - 1$ (*full*) |
# | $p = (k-1)/2$ (*same*, odd $k$) | $(k-1)/2$ (*same*) |
# | $p = k - 1$ (*full*) | none (*valid*) |
#
# The `padding` of PyTorch's transposed convolutions is this $p$, that of the
# convolution whose way back it is: a larger `padding` makes the output *smaller*.

# %% [markdown]
# ### Exercise 3.5 · Zeros in between
# 2 points · 8 minutes · ●●●○○ · needs 3.3
#
# Write the transposed convolution of a single map. By zeros and a direct convolution,
# if you can (slide with `filters.correlate2d` or `F.conv2d`); by stamps, if you must.
# `F.conv_transpose2d`, SciPy, and calls that differentiate for you are not an answer.
# You may count on $p$ being smaller than the kernel is high and wide.


# %% exercise="zero-stuffed"
def transposed2d(
    x: np.ndarray, kernel: np.ndarray, s: int = 1, p: int = 0
) -> np.ndarray:
    """Transposed convolution of x (h, w) with a kernel (kh, kw).

    s, p: stride and padding per side of the convolution whose way back this is.
    Returns (s·(h-1) + kh - 2p, s·(w-1) + kw - 2p).

    >>> transposed2d(np.array([[1, 2]]), np.array([[5, 6, 7]]), s=2)
    array([[ 5.,  6., 17., 12., 14.]])
    """
    ### BEGIN SOLUTION
    (h, w), (kh, kw) = x.shape, kernel.shape
    up, left = kh - 1 - p, kw - 1 - p
    zeros = np.zeros((s * (h - 1) + 1 + 2 * up, s * (w - 1) + 1 + 2 * left))
    zeros[up : up + s * h : s, left : left + s * w : s] = x
    return filters.correlate2d(zeros, kernel[::-1, ::-1])
    ### END SOLUTION


# %% check="zero-stuffed" points=2
checks.week2.transposed2d(transposed2d)

# %% [markdown] hint=1
# First the board of zeros. With three cells in a row and stride 2, how many zeros lie
# *between* cells? And how many behind the last one, before any padding?

# %% [markdown] hint=1
# A slice with a step, `board[a::s]`, writes into every `s`-th cell. The right numbers,
# but turned? Look at the figure again: what has happened to the kernel?

# %% [markdown] topics="adjoint test"
# ### One number that tests it all
#
# How do you know that somebody's "backwards" is the transpose of somebody's "forwards",
# when both are long functions and nobody has ever written down a matrix? Take two
# random arrays, $x$ as large as the input, $y$ as large as the output. For every matrix
#
# $$ \langle C x,\ y \rangle = (Cx)^{\mathsf T} y = x^{\mathsf T} C^{\mathsf T} y
#    = \langle x,\ C^{\mathsf T} y \rangle , $$
#
# where $\langle a, b \rangle$ means: multiply entry by entry, and add everything. This
# is the **adjoint test**. Two numbers; if they agree for random $x$ and $y$, it would
# be a strange coincidence if anything were wrong.

# %%
torch.manual_seed(0)
x_large, y_small = torch.randn(1, 1, 7, 9), torch.randn(1, 1, 3, 4)
weights = torch.randn(1, 1, 3, 3)
one = (F.conv2d(x_large, weights, stride=2) * y_small).sum()
other = (x_large * F.conv_transpose2d(y_small, weights, stride=2)).sum()
turned = (x_large * F.conv_transpose2d(y_small, weights.flip(2, 3), stride=2)).sum()
print(f"⟨C x, y⟩ = {one:.4f}   ⟨x, Cᵀ y⟩ = {other:.4f}")
print(f"with the kernel turned by mistake: {turned:.4f}")

# %% [markdown]
# It needs no loss, no framework and no tiny $\varepsilon$. If your forward function is
# right, it examines your backward function, and the other way round.

# %% [markdown] topics="transposed sizes, output padding"
# ## 6. Which size comes home?
#
# A convolution with $p$ zeros per side takes a row of $n$ to
# $o = \lfloor (n + 2p - k)/s \rfloor + 1$. The way back with stride 1: the full output
# has $o + k - 1$ cells, and $p$ are cut off on each side. With stride $s$ the stamps
# begin $s$ cells apart; the last begins at $s(o-1)$ and is $k$ long:
#
# $$ \text{stride } 1:\quad o + k - 1 - 2p, \qquad\qquad
#    \text{stride } s:\quad s\,(o - 1) + k - 2p . $$
#
# **Predict:** a map of 28 × 28, a kernel of 3, stride 2, one zero on each side. How
# large is the output, and how large is what comes back?

# %%
maps = torch.zeros(1, 1, 28, 28)
down = nn.Conv2d(1, 1, 3, stride=2, padding=1)
up = nn.ConvTranspose2d(1, 1, 3, stride=2, padding=1)
print(tuple(down(maps).shape), tuple(up(down(maps)).shape))

# %% [markdown]
# 28 → 14 → 27: one is missing! With its padding the row has 30 cells. The last stop of
# the kernel ends on the 29th, and the floor drops the rest. The way back knows nothing
# of it. Here is the trouble, for a kernel of 3, stride 2 and no padding.

# %%
plots.show(
    plots.week2.funnel(range(5, 11), k=3, s=2),
    caption="Rows of two lengths shrink to the same output. On the way back the "
    "formula leads to the shorter one (solid); the other needs one more (dashed).",
    alt="Left the sizes 5 to 10, right the sizes 2, 3 and 4. Solid lines join 5 and 2, "
    "7 and 3, 9 and 4; dashed lines join 6 and 2, 8 and 3, 10 and 4.",
)

# %% [markdown]
# Here is the pixel of section 3 again: in a row of 8 the last one lay behind the last
# stop, and from three outputs the formula leads to 7. With stride $s$, $s$ different
# sizes shrink to the same $o$. A transposed convolution cannot know which one you came
# from: you must say so. What is left over when the
# kernel has made its last stop is the remainder of the division,
#
# $$ a = (n + 2p - k) \bmod s, \qquad\text{and}\qquad n = s\,(o - 1) + k - 2p + a . $$
#
# In PyTorch $a$ is called `output_padding`. It is always less than $s$, and the extra
# cells appear at the end only, below and on the right, since that is where the floor
# has dropped them. For our 28 it is $(28 + 2 - 3) \bmod 2 = 1$.
#
# A warning about letters. Dumoulin and Visin, whose guide everybody draws from, call
# the size before the convolution $i$, the input of the transposed one $i'$ (our $o$),
# and its output $o'$. Others count $p$ for *both sides together*, which was $t$ in
# notebook 1; then our $2p$ turns into their $p$:
#
# $$ o' = s\,(i' - 1) + a + k - p, \qquad a = (i + p - k) \bmod s
#    \qquad (p \text{ total}). $$
#
# It happens that lecture slides give this formula with the total $p$, and then an
# example from the guide: $i = 6$, $k = 3$, $s = 2$, $p = 1$, to show a case in which
# $a$ is needed.
#
# **Predict:** what is $a$ if $p = 1$ is the total? And if it is one zero on each side?

# %%
i, k, s = 6, 3, 2
for total in (1, 2):
    a = (i + total - k) % s
    row = F.pad(torch.zeros(1, 1, i), (total - total // 2, total // 2))
    o = F.conv1d(row, torch.zeros(1, 1, k), stride=s).shape[-1]
    home = s * (o - 1) + a + k - total
    print(f"total p = {total}: {i} → {o}, a = {a}, and back to {home}")

# %% [markdown]
# Both come home, since the formula is right in either case. But with a total of 1
# nothing is left over, $a = 0$, and the example would show nothing. It is meant to have
# one zero on *each* side, as the guide counts: the total is 2, and $a = 1$. The letter
# was copied, and its meaning changed.

# %% [markdown]
# ### Exercise 3.6 · A return ticket
# 1 point · 4 minutes · ●●○○○ · needs 1.3
#
# Write the three numbers of a journey: the size after the convolution, the size to
# which its transpose leads without `output_padding`, and the `output_padding` with
# which it returns to $n$. Here $p$ is per side, and smaller than $k$. Refuse a kernel
# that does not fit.


# %% exercise="transposed-size"
def way_back(n: int, k: int, s: int = 1, p: int = 0) -> tuple[int, int, int]:
    """(o, size of the way back without output_padding, output_padding needed).

    n, k: length of row and kernel; s: stride; p: zeros on each side.
    Raises ValueError if the kernel is longer than the padded row.

    >>> way_back(28, 3, s=2, p=1)
    (14, 27, 1)
    """
    ### BEGIN SOLUTION
    spare = n + 2 * p - k
    if spare < 0:
        raise ValueError(f"a kernel of {k} does not fit on {n + 2 * p} cells")
    return spare // s + 1, n - spare % s, spare % s
    ### END SOLUTION


# %% check="transposed-size" points=1
checks.week2.way_back(way_back)

# %% [markdown] hint=1
# How many cells are left when the kernel has been laid down for the first time? How
# many whole steps fit into them, and what remains?

# %% [markdown]
# ### Exercise 3.7 · The bug: forgotten pixels
# 2 points · 8 minutes · ●●●○○ · needs 3.2
#
# A friend has written the gradient for a row with stride and padding. It has passed
# every test: the friend always used $n = 7$, $k = 3$, $s = 2$, $p = 1$. Two days later
# training stops with an error on rows of 8. "Easy," says the friend, "I append the
# zeros that are missing." The error is gone. The training is worse than before.


# %%
def friends(
    w: np.ndarray, delta: np.ndarray, n: int, s: int = 1, p: int = 0
) -> np.ndarray:
    """The friend's gradient for a row of n, after the repair."""
    dilated = np.zeros(s * (len(delta) - 1) + 1)
    dilated[::s] = delta
    full = np.convolve(dilated, w)
    row = full[p : len(full) - p]
    return np.concatenate([row, np.zeros(n - len(row))])


# %%
for n in (7, 8):
    rng = np.random.default_rng(9)
    x_row, w_row, y_row = rng.normal(size=n), rng.normal(size=3), rng.normal(size=4)
    forward = np.correlate(np.pad(x_row, 1), w_row)[::2]
    backward = friends(w_row, y_row, n, s=2, p=1)
    print(
        f"n = {n}: ⟨Cx, y⟩ = {forward @ y_row:.4f}, ⟨x, Cᵀy⟩ = {x_row @ backward:.4f}"
    )

# %% [markdown]
# The adjoint test speaks: right for 7, wrong for 8. Find out what the friend has
# forgotten, and mend it for every $n$, $k$, $s$ and $p$ with $p < k$. Draw the padded
# row of 10 cells with its four stops first. Which *cells* does the friend cut off, and
# which should be? (`np.convolve` and `np.correlate` are allowed here. Other calls that
# slide or differentiate for you are not.)


# %% exercise="gradient-bug"
def mended(
    w: np.ndarray, delta: np.ndarray, n: int, s: int = 1, p: int = 0
) -> np.ndarray:
    """Gradient (n,) for a row of n numbers, padded with p zeros on each side.

    w: kernel (k,); delta: ((n+2p-k)//s + 1,), the gradient for each output.

    >>> mended(np.array([1, 2]), np.array([3, 1]), 5, s=3)
    array([3., 6., 0., 1., 2.])
    >>> mended(np.array([1, 2]), np.array([3, 1]), 4, s=2)
    array([3., 6., 1., 2.])
    """
    ### BEGIN SOLUTION
    padded = np.zeros(n + 2 * p)
    for i, value in enumerate(delta):
        padded[s * i : s * i + len(w)] += value * w
    return padded[p : p + n]
    ### END SOLUTION


# %% check="gradient-bug" points=2
checks.week2.mended(mended)

# %% [markdown] hint=1
# For $n = 8$ the padded row has 10 cells. How many has `full`? Which cell of the padded
# row is not in it: one of the input, or one of the padding?

# %% [markdown] hint=1
# The friend cuts $p$ cells off the end of `full`. Does `full` end where the padded row
# ends? Count from the front, where both begin.

# %% [markdown]
# <details><summary>What the friend forgot, when yours has passed</summary>
#
# The floor drops the last cell of the *padded* row, and here that is the zero on the
# right. So `full` ends with the last pixel of the input. The friend believes that it
# ends with the padding, cuts that pixel's blame off, and puts a zero in its place. The
# shapes agree, nothing complains, and one pixel in eight gets no blame: whatever
# computed it learns nothing from it.
#
# PyTorch's `output_padding=1` does it right. It lengthens the end: first with cells of
# `full` that would have been cut off (there are $p$ of them), and only behind those
# with zeros. Here, with $p = 1$, it gives a cell back. In section 3, with $p = 0$, the
# blame of the last pixel is really zero.
#
# </details>

# %% [markdown] topics="checkerboard artefacts"
# ## 7. Checkerboards
#
# When decoders began to paint pictures, a fine regular pattern lay over many of them,
# like the weave of a cloth. Odena, Dumoulin and Olah (2016) explained it by counting
# stamps. Feed a transposed convolution with ones everywhere, and let all its weights be
# one too: then each output cell *counts* how many stamps it got.
#
# **Predict:** you know the counts for a kernel of 3 with stride 2: 1, 2 and 4. What are
# they in the interior for a kernel of 4?

# %%
flat = torch.ones(1, 1, 6, 6)
stamped = {
    f"transposed, k = {k}": F.conv_transpose2d(flat, torch.ones(1, 1, k, k), stride=2)
    for k in (3, 4)
}
resized = F.interpolate(flat, scale_factor=2)  # every pixel becomes 2 × 2
stamped["resize, then k = 3"] = F.conv2d(resized, torch.ones(1, 1, 3, 3), padding=1)

# %%
plots.show(
    plots.week2.grids({key: y[0, 0, 3:9, 3:9].numpy() for key, y in stamped.items()}),
    caption="How often the cells of the output are stamped, away from the border.",
    alt="Three grids of 6 by 6. Kernel 3: rows of 1 2 1 2 1 2 and 2 4 2 4 2 4 in turn. "
    "Kernel 4: all 4. Resize, then a kernel of 3: all 9.",
)

# %% [markdown]
# With a kernel of 3 the counts are 1, 2 and 4, in a **checkerboard**: 3 is not a
# multiple of the stride 2, so stamps overlap here and not there. With a kernel of 4
# every cell gets four. The third way takes two steps: first *resize* the map, each
# pixel becoming 2 × 2 equal ones, then convolve with stride 1. All the cells get nine.
#
# The usual advice follows: *choose a kernel that is a multiple of the stride*. Let us
# test it where it matters, with the random weights of a fresh network. The input is 16
# smooth random maps, so any fine pattern must come from the layer.
#
# To measure it, sort the cells of the output by their place in a 2 × 2 block: upper
# left, upper right, lower left, lower right. Without a checkerboard, these four kinds
# have nearly the same mean. `cell_share` says how much of the output's variance is
# explained by the kind alone, from 0 (nothing) to 1 (everything).
#
# **Predict:** is `cell_share` small for a kernel of 4?


# %%
def cell_share(maps: Tensor) -> float:
    """Part of the variance of maps (n, c, h, w) explained by the place in 2 × 2."""
    n, c, h, w = maps.shape
    means = maps.view(n, c, h // 2, 2, w // 2, 2).mean(dim=(2, 4))
    return float(means.var((2, 3), correction=0).sum() / maps.var((2, 3)).sum())


# %%
def upsamplers(into: int, out: int) -> dict[str, nn.Module]:
    """Three ways to twice the height and width."""
    resize = nn.Upsample(scale_factor=2)  # the nearest pixel, unless told otherwise
    return {
        "transposed, k = 3": nn.ConvTranspose2d(
            into, out, 3, stride=2, padding=1, output_padding=1
        ),
        "transposed, k = 4": nn.ConvTranspose2d(into, out, 4, stride=2, padding=1),
        "resize, then k = 3": nn.Sequential(resize, nn.Conv2d(into, out, 3, padding=1)),
    }


# %%
shares: dict[str, list[float]] = {}
painted = {}
for seed in (2, 1, 0):
    torch.manual_seed(seed)
    smooth = F.interpolate(torch.rand(1, 16, 5, 5), size=(32, 32), mode="bicubic")
    for key, layer in upsamplers(16, 16).items():
        with torch.no_grad():
            painted[key] = layer(smooth)[:, :, 4:-4, 4:-4]
        shares.setdefault(key, []).append(cell_share(painted[key]))
for key, values in shares.items():
    print(f"{key:20}", " ".join(f"{value:.3f}" for value in values))

# %%
plots.show(
    plots.images(
        [maps[0, 0, :28, :28] for maps in painted.values()], list(painted), size=2.3
    ),
    caption="One output map of each layer with random weights, away from the border. "
    "The input was smooth.",
    alt="Three pictures. The transposed convolutions with kernels of 3 and of 4 show a "
    "fine regular pattern of light and dark pixels all over; resizing and convolving "
    "gives soft clouds in steps of two pixels.",
)

# %% [markdown]
# The kernel of 4 is no better: over three seeds between .76 and .83 of the variance is
# pattern, for both kernels. Resizing first leaves less than .001. Why? With a kernel of
# 4 each cell gets four stamps, but the cells of a 2 × 2 block get *different weights*:
# the upper left one always meets the same four of the sixteen weights, its neighbour
# four others. Equal counts are even only if all the weights are equal. After a resize,
# one and the same kernel slides over every pixel.
#
# So, with any kernel, a transposed convolution *can* paint a checkerboard. Must it? The
# weights are learned, after all, and training may undo it. Does it? After the summary
# you find an experiment that asks. Until then be careful with what you claim: the
# pattern is what such a layer does *by itself*, and a network would have to learn to
# undo it. In the pictures of Odena et al. it did not do so completely. Resizing first
# leaves nothing to undo.

# %% [markdown] topics="decoder"
# ### A module of your own
#
# For the last exercise you need to write a layer, or a small network, as a class.
# In PyTorch it inherits from `nn.Module`. In `__init__` it makes its layers (after
# `super().__init__()`, so that PyTorch can keep a list of them); in `forward` it uses
# them. Here is the **encoder** whose way back you are going to build.


# %%
class Encoder(nn.Module):
    """Digits (n, 1, 28, 28) to maps (n, 16, 7, 7)."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 8, kernel_size=3, stride=2, padding=1)
        self.second = nn.Conv2d(8, 16, kernel_size=3, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """28 to 14 to 7."""
        return self.second(F.relu(self.first(x)))


# %%
encoder = Encoder()
print(tuple(encoder(torch.zeros(2, 1, 28, 28)).shape))
print(sum(parameter.numel() for parameter in encoder.parameters()), "parameters")

# %% [markdown]
# ### Exercise 3.8 · Build: home without a pattern
# 4 points · 20 minutes · ●●●●○ · needs 3.6
#
# Build a decoder. This is its contract:
#
# - Maps of shape $(n, 16, h, w)$ become pictures of $(n, 1, 4h, 4w)$, exactly: $7
#   \times 7$ returns to $28 \times 28$, and other heights and widths are welcome too.
# - *Flat in, flat out.* If every input map has one value everywhere, then away from the
#   border every output pixel has one value too, whatever the weights are (we try equal
#   ones and random ones). The border is 8 pixels wide, so the zeros of your padding may
#   reach no further than that into the picture.
# - It is worth learning: at least two layers with weights, and an activation between
#   them, so that it is no linear function. Every number that comes in has a say.
# - It paints pixels, not tiles: the four pixels of a 2 × 2 block can differ.
# - At most 2,500 parameters, and none of them unused. (A dense layer alone would need
#   more than 600,000.)
#
# All of this is tested on the module itself (after `decoder.eval()`, which matters only
# for layers that you meet in weeks 4 and 5). How you get there is up to you.


# %% exercise="decoder"
class Decoder(nn.Module):
    """Maps x (n, 16, h, w) to pictures (n, 1, 4h, 4w), without a checkerboard."""

    def __init__(self) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.resize = nn.Upsample(scale_factor=2)
        self.first = nn.Conv2d(16, 8, 3, padding=1)
        self.second = nn.Conv2d(8, 1, 3, padding=1)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """The pictures."""
        ### BEGIN SOLUTION
        x = F.relu(self.first(self.resize(x)))
        return self.second(self.resize(x))
        ### END SOLUTION


# %% check="decoder" points=4
checks.week2.Decoder(Decoder)

# %% [markdown] hint=1
# Which of the three layers of section 7 passes *flat in, flat out* whatever its weights
# are? How often do you need it to get from 7 to 28?

# %% [markdown] hint=1
# The shape is nearly right? What does a convolution with a kernel of 3 do to 14 pixels,
# and what did notebook 1 do about it?

# %% [markdown] hint=1
# Tiles? Which layer comes last in yours, and what does it do to neighbouring pixels?
# Too many parameters? Where do most of them sit, and who said that there must be 16
# maps in the middle?

# %% [markdown]
# When it has passed, put the two together in a cell of your own,
# `nn.Sequential(Encoder(), Decoder())`, and train it on digits with `train` and
# `images`. They stand under *For the curious*: run its cells first. What do the digits
# look like that come back?

# %% [markdown]
# ## What to take with you
#
# A convolution learns by handing its errors back. Each output blames the weights with
# the pixels it has read, and the pixels with the weights it used. The kernel's gradient
# is a cross-correlation of the input with $\delta$, the input's gradient a true, full
# convolution of $\delta$ with the kernel; a stride dilates $\delta$ in both. What no
# output has read gets zero. As a matrix, forwards is $C$ and backwards $C^{\mathsf T}$,
# and $\langle Cx, y\rangle = \langle x, C^{\mathsf T}y\rangle$ tests the pair.
#
# The transpose as a layer stamps its kernel into a larger map. It is a direct
# convolution on an input stuffed with $s-1$ zeros and padded with $k-1-p$ per side. It
# returns to $s(o-1) + k - 2p + a$, where $a = (n + 2p - k) \bmod s$ says what the floor
# had dropped. Stamps that overlap unevenly, or with uneven weights, make checkerboards;
# resizing first does not.
#
# **Where people slip**
#
# - Calling it *deconvolution* and expecting the numbers back. Only the shape returns.
# - Flipping the kernel twice. As a stamp it lies as it is; as something that slides
#   over $\delta$ it is turned. One or the other, never both.
# - Forgetting the dropped pixels: a gradient has the shape of what it belongs to.
# - Believing that `output_padding` just appends zeros. It says which of $s$ sizes you
#   came from.
# - Mixing $p$ per side and $p$ in total. Always say which.
# - Trusting that a kernel that is a multiple of the stride cannot make checkerboards.
#
# **Next:** week 3 makes maps smaller in another way, by *pooling*, and asks again who
# is to blame: of four numbers only the largest went on.
#
# **To read on:** Dumoulin and Visin, *A guide to convolution arithmetic for deep
# learning* (2016), for every case in pictures; Odena, Dumoulin and Olah, *Deconvolution
# and Checkerboard Artifacts* (Distill, 2016); Goodfellow, Bengio and Courville, *Deep
# Learning* (2016), section 9.5.

# %% [markdown]
# ## For the curious
#
# An experiment that nothing later depends on: does a checkerboard survive the training?
#
# Take an autoencoder and 3,000 digits, for two epochs of training: an encoder to 8 × 7
# × 7, and a decoder of two transposed convolutions with a kernel of 3.
#
# **Predict:** how large is `cell_share` before, and how large after the training?


# %%
def autoencoder(seed: int) -> nn.Sequential:
    """From digits (n, 1, 28, 28) to 8 × 7 × 7 numbers and back, with random weights."""
    torch.manual_seed(seed)
    encoder = [nn.Conv2d(1, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 8, 3, 2, 1), nn.ReLU()]
    first, last = (upsamplers(8, c)["transposed, k = 3"] for c in (8, 1))
    return nn.Sequential(*encoder, first, nn.ReLU(), last)


# %%
def train(model: nn.Module, images: Tensor) -> None:
    """Two epochs of Adam, an optimiser like SGD, on the mean squared error."""
    optimiser = torch.optim.Adam(model.parameters(), lr=0.003)
    for batch in torch.cat([images, images]).split(50):
        error = F.mse_loss(model(batch), batch)
        optimiser.zero_grad()
        error.backward()
        optimiser.step()


# %%
digits = data.mnist()
images = digits.train.images[:3000].float() / 255
unseen = digits.test.images[:500].float() / 255
model = autoencoder(seed=0)
with torch.no_grad():
    before = cell_share(model(unseen))
train(model, images)
with torch.no_grad():
    after = cell_share(model(unseen))
print(f"before {before:.4f}, after {after:.4f}; digits {cell_share(unseen):.4f}")

# %% [markdown]
# Before the training more than .9 of the variance is checkerboard, afterwards less than
# .001: that is as little as the digits themselves have, or three times as much,
# depending on the seed. (We tried three. On the small stand-in digits, which you get
# without a network connection, up to .01 is left.) Learning has evened the stamps out.
# That is two epochs on small grey digits, no more; it does not say that it always does.
