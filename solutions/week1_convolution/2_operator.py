# %% [markdown]
# # The convolution operator
#
# Week 1 · notebook 2 of 3 · about 85 minutes · 12 points
#
# At the end of the last notebook almost nothing was left of the dense layer: a short
# row of weights that slides along its input and does the same thing at every place.
# This notebook is about that sliding. You will write it from nothing, first on a row
# of numbers and then on an image. You will see what nine well-chosen numbers do to a
# photograph, and you will test the one property that makes all this worth the trouble.
#
# **When you are done, you can**
#
# - compute a cross-correlation and a convolution by hand and in NumPy, in one and in
#   two dimensions, and say how the two differ;
# - explain why a network that learns its weights does not care which one it has;
# - read a 3×3 kernel and say what it will do to a picture;
# - say what equivariance means, test it with numbers, and name a motion that breaks it.
#
# **You need** notebook 1 of this week (the band matrix of exercise 1.4 will come back)
# and NumPy's slices: `x[i : i + k]` should hold no mystery.

# %%
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
# $$ y_i = \sum_{a=0}^{k-1} w_a \, x_{i+a}, \qquad i = 0, \dots, n-k. $$
#
# Check the range of $i$ from the far end: the last place reads $x_{n-k}$ up to
# $x_{n-k+k-1} = x_{n-1}$, which is the last number there is. So there are $n - k + 1$
# places. The weights are called the **kernel** or **filter**, and the operation is
# called **cross-correlation**, written $w \star x$.
#
# What does this particular kernel measure? It subtracts the right neighbour from the
# left one. Where the numbers climb the result is negative, where they fall it is
# positive, and where they stay the same it is zero. Three weights, and we have a
# detector for change.

# %% [markdown]
# ### Exercise 2.1 · Cross-correlation on a row
# 2 points · 10 minutes · ●●○○○ · needs 1.4
#
# Write the formula as a function. Places where the kernel would hang over the end do
# not count; a kernel longer than the row has no place at all, so refuse it.
#
# (`np.correlate` does this in one call. You would learn nothing from calling it.)


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
# Start with a single place. If `i` is 1 and `k` is 3, which slice of `x` lies under the
# kernel?

# %% [markdown] hint=1
# `w * x[i : i + k]` multiplies pair by pair. What is left to do with the products?

# %% [markdown] hint=1
# There are `n - k + 1` places. For six numbers and three weights that is four:
# `range(4)` gives the places 0, 1, 2 and 3.

# %% [markdown] topics="convolution, impulse response, commutativity"
# ## 2. Why mathematicians turn the kernel round
#
# Look up *convolution* in a mathematics book and you find the same idea with a minus
# sign in it. The minus is not decoration. Here is where it comes from.
#
# You stand at the mouth of a cave and clap once, at time 0, with strength 1. The cave
# answers: what comes back is $w(0)$ at once, then $w(1)$, then $w(2)$, fading away.
# Now you clap again and again, with strength $x(a)$ at time $a$. What do you hear at
# time $t$? The clap made at time $a$ arrives as an echo of age $t - a$, and all the
# echoes add up:
#
# $$ s(t) = (x * w)(t) = \int x(a)\, w(t - a)\, da . $$
#
# If you clap only on the beat, the integral turns into a sum,
#
# $$ s(t) = \sum_{a=-\infty}^{\infty} x(a)\, w(t - a) , $$
#
# and since the echo has died after $k$ beats, $w$ is zero outside $0 \dots k-1$. That
# is called *finite support*, and it is why nobody ever sums to infinity: only the
# last $k$ claps, $a = t-k+1, \dots, t$, can still be heard.
#
# **Predict:** you clap at time 0 with strength 1 and at time 3 with strength 0.5. The
# echo is $(0.9, 0.5, 0.2, 0.1)$. How loud is it at time 3?

# %%
claps = np.array([1, 0, 0, 0.5, 0, 0, 0])
echo = np.array([0.9, 0.5, 0.2, 0.1])
heard = np.convolve(claps, echo)
plots.show(
    plots.stems({"claps x": claps, "echo w": echo, "heard x ∗ w": heard}),
    caption="Two claps, the echo of a single clap, and what is heard: two echoes laid "
    "over each other.",
    alt="Three stem plots over time: claps of 1 at time 0 and 0.5 at time 3; an echo "
    "fading from 0.9 to 0.1 over four beats; their convolution, with peaks at 0 and 3.",
)
print(f"at time 3: {heard[3]:.2f}")

# %% [markdown]
# The old clap is still there with $1 \cdot 0.1$, the new one adds $0.5 \cdot 0.9$.
#
# Now watch the indices in $x(a)\, w(t-a)$. As $a$ grows, $t - a$ falls: the signal is
# read forwards and the kernel backwards. That is the whole difference between the two
# operations. Cross-correlation lays the kernel down as it is; **convolution** turns it
# round first.
#
# The sharpest way to tell them apart is to feed them a single 1.
#
# **Predict:** the kernel is $(3, 2, 1)$ and the input is a lonely 1 among zeros. Which
# of the two operations gives back $3, 2, 1$, and what does the other one give?

# %%
impulse = np.array([0, 0, 0, 1, 0, 0, 0])
kernel = np.array([3, 2, 1])
outputs = {
    "input": impulse,
    "cross-correlation": np.correlate(impulse, kernel, mode="same"),
    "convolution": np.convolve(impulse, kernel, mode="same"),
}
plots.show(
    plots.stems(outputs),
    caption="One 1, filtered with the kernel (3, 2, 1) in both ways.",
    alt="Three stem plots. The input is a single 1. The cross-correlation is 1, 2, 3; "
    "the convolution is 3, 2, 1.",
)

# %% [markdown]
# Convolution gives the kernel back as it is: a clap returns the echo. In the
# cross-correlation the 1 first meets the *last* weight, as the kernel arrives from the
# left, so the weights come out in reverse.
#
# What does the mathematician buy with the flip? A property that makes proofs short:
# the two partners can be swapped. Put $b = t - a$ for the age of the echo and
#
# $$ \sum_a x(a)\, w(t-a) = \sum_b w(b)\, x(t-b), $$
#
# so $x * w = w * x$: convolution is **commutative**. Cross-correlation is not. Try it:

# %%
x, w = np.array([2, 3, 5, 9, 9, 4]), np.array([1, 0, -1])
print("x ∗ w:", np.convolve(x, w))
print("w ∗ x:", np.convolve(w, x))
print("w ⋆ x:", np.correlate(x, w, mode="full"))
print("x ⋆ w:", np.correlate(w, x, mode="full"))

# %% [markdown]
# The first two rows agree. The last two are each other's mirror image.
#
# (These rows have eight numbers, since here the kernel may hang over both ends, with
# zeros outside. That is the *full* output. When the kernel must fit, as in exercise
# 2.1, the output is called *valid*. Week 2 is about the choice.)

# %% [markdown]
# ### Exercise 2.2 · The true convolution
# 1 point · 5 minutes · ●○○○○ · needs 2.1
#
# Write the valid convolution: the kernel turned round, then the same sliding sum,
#
# $$ y_i = \sum_{a=0}^{k-1} w_{k-1-a} \, x_{i+a}, \qquad i = 0, \dots, n-k. $$
#
# You may call your `correlate1d`. (`np.convolve` is this exercise in one call.)


# %% exercise="convolve-1d"
def convolve1d(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Convolution of a row `x` (n,) with a kernel `w` (k,) where it fits: (n-k+1,).

    >>> convolve1d(np.array([2, 3, 5, 9, 9, 4]), np.array([1, 0, -1]))
    array([ 3,  6,  4, -5])
    """
    ### BEGIN SOLUTION
    return correlate1d(x, w[::-1])
    ### END SOLUTION


# %% check="convolve-1d" points=1
checks.week1.convolve1d(convolve1d)

# %% [markdown] hint=1
# `w[::-1]` is `w` from its last number to its first.

# %% [markdown] hint=1
# Turn the kernel, leave the signal alone. If you turn the signal, the outputs come in
# the wrong order.

# %% [markdown] topics="flipped kernels"
# ## 3. Why a network does not care
#
# Open the source of any deep learning library and look for the flip in its
# "convolution": it is not there. PyTorch's `conv2d` is a cross-correlation, and so is
# everybody else's. An oversight? Let us make the experiment.
#
# A secret kernel $(3, 2, 1, 0, -1)$ turns a random signal into a target. Two learners
# see signal and target and start from zero. One slides its weights as they are, the
# other turns them round first.
#
# **Predict:** which one ends with the smaller error, and what do their weights look
# like?

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
plots.show(
    plots.stems({"secret": secret, "without flip": straight, "with flip": flipped}),
    caption="The secret kernel and what the two learners found.",
    alt="Three stem plots of five weights. The learner without the flip found 3, 2, 1, "
    "0, −1 like the secret; the one with the flip found −1, 0, 1, 2, 3.",
)
print(f"error without flip {straight_error:.1e}, with flip {flipped_error:.1e}")

# %% [markdown]
# Both learners reach the same function with the same (vanishing) error. The one that
# flips simply stores its weights in reverse. Nobody told either of them which way round
# the kernel would be used, and it made no difference: the flip is undone by learning.
#
# So the libraries leave it out, and everyone says *convolution* anyway. We do the same
# from next week on. In this notebook, and whenever you compare your numbers with a
# textbook or with SciPy, the difference is real: a kernel somebody *designed* must be
# used the way it was designed for.

# %% [markdown] topics="two-dimensional convolution"
# ## 4. Two dimensions
#
# An image $I$ has rows and columns, so the kernel $K$ gets rows and columns as well,
# and the sum becomes a double sum. With an $M \times N$ kernel,
#
# $$ S(j,k) = \sum_{m=0}^{M-1} \sum_{n=0}^{N-1} K(m,n)\; I(j+m,\, k+n) $$
#
# is the cross-correlation. For the true convolution the plus signs become minus signs,
# which turns the kernel round in *both* directions, upside down and left to right: a
# half turn.
#
# Before you write it, do it with your hands. Below, the kernel lies on a small image.
# Move it with the mouse or with the arrow keys, press *Play*, and follow the sum.
#
# **Predict:** the picture shows a bright corner. Where will this kernel answer with a
# positive number, where with a negative one, and where with zero?

# %%
corner = np.zeros((6, 7))
corner[2:, 3:] = 5
explore.slide_kernel(corner, filters.CLASSIC["vertical edge"], row=1, column=1)

# %% [markdown]
# The kernel subtracts what lies in its right column from what lies in its left one.
# Both are equally dark outside the corner and equally bright inside it, so the answer
# there is 0. On the left edge of the corner the right column is the brighter one, and
# the answer is negative. Along the top edge of the corner nothing happens, since left
# and right are equal there. A kernel sees what it is made for and is blind to the rest.

# %% [markdown]
# ### Exercise 2.3 · Cross-correlation on an image
# 3 points · 15 minutes · ●●●○○ · needs 2.1
#
# Write the double sum in NumPy. Image and kernel need not be square, so keep rows and
# columns apart. Loops over the places are fine; inside, let NumPy multiply and add the
# whole window at once. As before, refuse a kernel that does not fit. (What does it in
# one call, such as `filters.correlate2d` or `F.conv2d`, is not an answer.)


# %% exercise="correlate-2d"
def correlate2d(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Cross-correlation of an image (h, w) with a kernel (m, n): (h-m+1, w-n+1).

    Raises ValueError if the kernel is higher or wider than the image.

    >>> correlate2d(np.eye(3), np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[5., 3.],
           [2., 5.]])
    """
    ### BEGIN SOLUTION
    (h, w), (m, n) = image.shape, kernel.shape
    if m > h or n > w:
        raise ValueError(f"a kernel of {m} × {n} does not fit in {h} × {w} pixels")
    output = np.zeros((h - m + 1, w - n + 1))
    for j in range(h - m + 1):
        for k in range(w - n + 1):
            output[j, k] = np.sum(kernel * image[j : j + m, k : k + n])
    return output
    ### END SOLUTION


# %% check="correlate-2d" points=3
checks.week1.correlate2d(correlate2d)

# %% [markdown] hint=1
# First make an array of zeros with the shape of the output. Rows and columns each
# follow the rule of exercise 2.1.

# %% [markdown] hint=1
# `image[j : j + m, k : k + n]` is the window whose upper left pixel is $(j, k)$. It has
# the shape of the kernel.

# %% [markdown] hint=1
# If the check says that the shape is wrong only for some images, you have probably used
# the height where the width belongs. `range(h - m + 1)` is for rows, `range(w - n + 1)`
# for columns.

# %% [markdown]
# ### Exercise 2.4 · Convolution on an image
# 1 point · 5 minutes · ●○○○○ · needs 2.3
#
# The true convolution in two dimensions, where the kernel fits. Build on your
# `correlate2d` or on `filters.correlate2d`; `filters.convolve2d` would be the answer.


# %% exercise="convolve-2d"
def convolve2d(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolution of an image (h, w) with a kernel (m, n): (h-m+1, w-n+1).

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
# A half turn is not a transpose: `kernel.T` swaps rows and columns, and that is a
# different thing.

# %% [markdown]
# ### Exercise 2.5 · Quiz: the half-bright image
# 1 point · 5 minutes · ●●○○○ · needs 2.3
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
# Put a strip of paper with the numbers 1, 0, −1 under a row of the image. At how many
# places does it lie on an edge? Then remember that the kernel has three rows.

# %% [markdown]
# The same image, with three other kernels. The red frame is the first window.
#
# **Predict:** what do you get from a kernel that compares *top* with *bottom*? And what
# does averaging nine pixels do to a sharp edge?

# %%
half = np.zeros((8, 8))
half[:, :4] = 10
names = ("horizontal edge", "blur", "identity")
results = {name: filters.correlate2d(half, filters.CLASSIC[name]) for name in names}
plots.show(
    plots.week1.half_and_half(half, results),
    caption="The half-bright image and three outputs of 6 × 6 pixels.",
    alt="An 8×8 image with columns of 10 and 0. The horizontal edge kernel gives zeros "
    "everywhere, blur gives rows 10, 10, 6.7, 3.3, 0, 0, identity gives rows 10, 10, "
    "10, 0, 0, 0.",
)

# %% [markdown]
# Top and bottom are equal everywhere, so the horizontal edge kernel sees nothing at
# all. The average turns the cliff into a slope. And the identity kernel, a 1 in the
# middle of zeros, copies what lies under its middle. Only the border is lost: one pixel
# on each side, because the kernel's middle never gets there.

# %% [markdown] topics="classic kernels"
# ## 5. Nine numbers and a photograph
#
# Long before anybody *learned* a kernel, people designed them. Five classics, on a real
# photograph; the identity kernel stands beside them for comparison. They all slide in
# the same way; only the nine numbers differ.
#
# **Predict:** in a patch of perfectly even grey, say all pixels 0.5, what does each of
# the five kernels below answer? You need only one property of each kernel to know.

# %%
photo = data.photograph("chelsea").numpy().mean(axis=0) / 255
photo = photo[60:180, 130:260]
names = ["identity", "blur", "sharpen", "vertical edge", "horizontal edge", "emboss"]
kernels = [filters.CLASSIC[name] for name in names]
filtered = [filters.correlate2d(photo, kernel) for kernel in kernels]
plots.show(
    plots.gallery(filtered, names, kernels),
    caption="Six kernels and what each makes of the same photograph: the eye of a cat.",
    alt="Top: six 3×3 kernels with their numbers. Bottom: the eye as it is, blurred, "
    "sharpened, as light and dark vertical edges on grey, as horizontal edges on grey, "
    "and embossed like a relief lit from the lower right.",
)
for name, kernel in zip(names, kernels, strict=True):
    print(f"{name:16} sum of the weights {kernel.sum():.0f}")

# %% [markdown]
# Even grey comes out multiplied by the *sum of the weights*. Blur, sharpen and emboss
# have the sum 1 and keep the brightness. The two edge kernels have the sum 0, so an
# even patch gives 0 whatever its brightness, and only changes remain.
#
# Read the others the same way. **Blur** is the average of nine neighbours, so fine
# detail and noise cancel out. **Sharpen** takes five times the pixel and subtracts its
# four neighbours: that is the pixel itself plus how far it sticks out from its
# surroundings, so whatever sticks out does so even more. **Emboss** subtracts the upper
# left from the lower right and adds the pixel; slopes that get brighter towards the
# lower right shine, the opposite slopes lie in shadow, and the eye reads a relief.
#
# The edge kernels show something worth remembering: their output has a sign. Light and
# dark in the picture are the two *directions* of an edge, and mid-grey is "no edge".

# %% [markdown]
# ### Exercise 2.6 · Design your own
# 2 points · 15 minutes · ●●●○○ · needs 2.3
#
# Give four 3×3 kernels, for cross-correlation, that do the following. The classics
# above are taken: find others. Yours are judged by what they do.
#
# - `"blur"`: a gentler blur. Brightness kept, no weight negative, the middle weight the
#   largest, and the same in all directions (flipping or transposing the kernel changes
#   nothing).
# - `"sharpen"`: brightness kept, a middle weight above 1, no neighbour positive, and
#   the same in all directions.
# - `"vertical edge"`: positive where the left is brighter than the right, negative the
#   other way round, and exactly 0 on even patches and on horizontal edges.
# - `"emboss"`: brightness kept, negative upper left weight, positive lower right
#   weight, and equal to its own transpose.


# %% exercise="classic-kernels"
def classic_kernels() -> dict[str, np.ndarray]:
    """Four kernels of shape (3, 3), by name: blur, sharpen, vertical edge, emboss."""
    ### BEGIN SOLUTION
    return {
        "blur": np.outer([1, 2, 1], [1, 2, 1]) / 16,
        "sharpen": np.array([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        "vertical edge": np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        "emboss": np.array([[-1, -1, 0], [-1, 1, 1], [0, 1, 1]]),
    }
    ### END SOLUTION


# %% check="classic-kernels" points=2
checks.week1.classic_kernels(classic_kernels)

# %% [markdown] hint=1
# "Brightness kept" is a statement about the sum of the nine weights. Which one?

# %% [markdown] hint=1
# For the vertical edge, think of one row of three weights first: left minus right. Then
# give all three rows that form. They need not all count the same.

# %% [markdown] hint=1
# A kernel that equals its own transpose is a mirror image of itself along the diagonal
# from upper left to lower right: `k[0, 1] == k[1, 0]`, and so on.

# %% [markdown] topics="equivariance"
# ## 6. Move first, or filter first?
#
# Back to the question that started the week. If a digit moves three pixels to the
# right, a dense layer sees something entirely new. What does a convolution see?
#
# Write $T$ for a motion (shift the picture, or turn it) and $f$ for the filter. There
# are two ways to do both: move first and filter then, $f(T(x))$, or filter first and
# move the result, $T(f(x))$. If the two always agree, $f$ is called **equivariant** to
# $T$:
#
# $$ f(T(x)) = T(f(x)) . $$
#
# (Do not mix it up with *invariant*, $f(T(x)) = f(x)$: there the output does not notice
# the motion at all. An equivariant output moves along.)
#
# **Predict:** is filtering with the vertical edge kernel equivariant to a shift? To a
# quarter turn?

# %%
digit = data.mnist().test.images[0, 0].numpy() / 255
canvas = np.pad(digit, 10)
motions = {
    "shift": lambda picture: np.roll(picture, (4, -7), axis=(0, 1)),
    "quarter turn": np.rot90,
}
pictures, edge = {}, filters.CLASSIC["vertical edge"]
for name, move in motions.items():
    moved_first = filters.correlate2d(move(canvas), edge)
    filtered_first = move(filters.correlate2d(canvas, edge))
    pictures[name] = (moved_first, filtered_first)
    gap = np.abs(moved_first - filtered_first).max()
    print(f"{name}: largest difference {gap:.2g}")

# %%
plots.show(
    plots.week1.two_orders(pictures),
    caption="A handwritten digit, moved and filtered in both orders. Orange and purple "
    "are the two directions of an edge.",
    alt="Two rows of three pictures. Shift: both orders give the same edges of the "
    "digit and the difference is empty. Quarter turn: one order gives vertical edges, "
    "the other horizontal ones, and the difference is full of strokes.",
)

# %% [markdown]
# The shift passes: to the last bit, it does not matter whether you move before or
# after. You can prove it in one line. If $x'_{i} = x_{i+d}$ is the shifted row, then
#
# $$ y'_i = \sum_a w_a\, x'_{i+a} = \sum_a w_a\, x_{i+d+a} = y_{i+d} . $$
#
# The same weights at every place: sharing is all that the proof uses.
#
# The quarter turn fails. Turn the picture first and the filter looks for vertical edges
# in a lying digit; turn afterwards and you get the vertical edges of the standing
# digit, laid on their side. No weight knows that pictures can turn. If a network is to
# recognise turned digits, it has to learn a separate kernel for each angle, and it can
# only do so from turned examples. (A kernel that looks the same after a quarter turn,
# such as the blur, is an exception. Try it in the cell above.)
#
# At the border of an image even the shift has an end: what moves out is gone. Our digit
# had ten empty pixels around it. Week 2 looks at what padding does to this.

# %% [markdown]
# ### Exercise 2.7 · Measure it
# 2 points · 12 minutes · ●●●○○ · needs 2.3
#
# Write a function that measures how far a filter is from being equivariant: the largest
# absolute difference between $f(T(x))$ and $T(f(x))$, where $f$ is the valid
# cross-correlation. The motion is one of two:
#
# - `"shift"`: drop the first row and the first column. Everything else moves up and to
#   the left by one, and nothing has to be invented at the border.
# - `"turn"`: a quarter turn, `np.rot90`.
#
# Use `filters.correlate2d(image, kernel)` of the course or your own `correlate2d`.


# %% exercise="equivariance"
def equivariance_gap(image: np.ndarray, kernel: np.ndarray, motion: str) -> float:
    """Largest |f(T(x)) - T(f(x))| for an image (h, w) and a square kernel (k, k).

    motion: "shift" or "turn"; anything else raises ValueError.

    >>> equivariance_gap(np.eye(4), np.array([[1.0, -1.0], [1.0, -1.0]]), "turn")
    2.0
    """
    ### BEGIN SOLUTION
    if motion not in ("shift", "turn"):
        raise ValueError(f'motion is "shift" or "turn", not {motion!r}')

    def move(picture: np.ndarray) -> np.ndarray:
        return picture[1:, 1:] if motion == "shift" else np.rot90(picture)

    first = filters.correlate2d(move(image), kernel)
    second = move(filters.correlate2d(image, kernel))
    return float(np.abs(first - second).max())
    ### END SOLUTION


# %% check="equivariance" points=2
checks.week1.equivariance_gap(equivariance_gap)

# %% [markdown] hint=1
# Write a small function `move(picture)` inside yours. Then each of the two orders is
# one line.

# %% [markdown] hint=1
# `picture[1:, 1:]` drops the first row and the first column. It works on the image and
# on the output alike, though they have different sizes.

# %% [markdown] hint=1
# Take the absolute value *before* the maximum: a difference of −7 is larger than one of
# 3.

# %% [markdown]
# ## What to take with you
#
# A convolution lays a small kernel on the input, multiplies, adds, and moves on. With
# $n$ numbers and a kernel of $k$ there are $n - k + 1$ places where it fits. The
# mathematician's version turns the kernel round, which makes it commutative; a network
# that learns its kernel cannot tell the difference, and the libraries do not flip. Nine
# numbers are enough to blur, sharpen or find edges, and the sum of the weights says
# what becomes of an even patch. Because the same weights are used everywhere, moving
# the input moves the output along: equivariance to translation, and to no other motion
# unless the kernel happens to have that symmetry.
#
# **Where people slip**
#
# - Taking `np.convolve` or SciPy's `convolve2d` for what `torch.nn.functional.conv2d`
#   computes. One flips, the other does not.
# - Flipping a 2-D kernel along one axis only, or transposing it. It is a half turn.
# - Expecting the output to be as large as the input. Without padding, each axis loses
#   $k - 1$ pixels.
# - Saying *invariant* where *equivariant* is meant.
#
# **Next:** photographs have three colours, and a layer has many kernels. Notebook 3
# puts this operator into a layer and counts what it costs.
#
# **To read on:** Goodfellow, Bengio and Courville, *Deep Learning* (2016), sections 9.1
# and 9.2; Dumoulin and Visin, *A guide to convolution arithmetic for deep learning*
# (2016), for pictures of every case.
