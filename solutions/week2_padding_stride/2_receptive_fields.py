# %% [markdown]
# # Receptive fields
#
# Week 2 · notebook 2 of 3 · about 120 minutes · 17 points
#
# The last notebook asked how large a layer's output is. This one looks the other way,
# from a number deep inside a network back to the image: which pixels can change it? A
# unit that is to say "cat" must see more than a whisker. You will find out how far a
# unit sees, without running the network; you will ask small networks themselves, by
# their gradients; and you will learn how much what it sees counts.
#
# Take two sittings of an hour each, with the break after section 4. The 120 minutes
# leave out section 9, a build for another evening (25 minutes, perhaps more; 3 of the
# 17 points).
#
# **When you are done, you can**
#
# - work out the receptive field of a unit, its size and its place, by hand and in code;
# - say what stride, pooling, dilation and padding each do to it;
# - measure a field with one call for a gradient, and say when that shows too little;
# - say how much the pixels of a field count, and why not all alike;
# - compare what LeNet, AlexNet and VGG-16 see, and design a stack that sees enough.
#
# **You need** notebook 1 of this week: kernel size $k$, stride $s$, padding $p$ (on
# each side) and dilation $d$ keep their letters. As in week 1 everything is counted
# from 0, and a layer has one row of units in our drawings, a grid of them in real life.

# %%
from typing import Any

import numpy as np
import torch
from torch import nn

from coursekit import checks, data, explore, models, plots
from coursekit.anatomy import count_layers

# %%
cat = data.photograph("chelsea", 224)[:, :, 40:264]
plots.show(
    plots.week2.nested({"": (cat, {"here": (108, 108, 6)})}),
    caption="A unit in the last map of VGG-16 has its place over the small square. It "
    "sees more than that.",
    alt="The face of a cat, 224 by 224 pixels. A small square marks the middle of the "
    "picture, in the dark inner corner of one eye.",
)

# %% [markdown]
# VGG-16 is a famous network of thirteen 3×3 convolutions and five poolings; you will
# build it in week 6. No kernel in it is larger than 3×3. The marked unit belongs to the
# map behind its last pooling.
#
# **Predict:** what does this unit see of the cat? A hair, an eye, the whole face? Write
# down the side of the square of pixels that can change it. Section 7 has the answer.

# %% [markdown] topics="receptive fields"
# ## 1. Two layers and a row of pixels
#
# Begin small, with a row of pixels, a layer with a kernel of 3 above it, and a second
# such layer on top of the first. No padding, stride 1.
#
# **Predict:** the marked unit of layer 2 reads three units of layer 1. How many pixels
# does it see? Three people say 3, 6 and 9. Who is right?

# %%
plain = [(3, 1, 0, 1)] * 2  # of each layer kernel, stride, padding, dilation

# %%
plots.show(
    plots.seen(plain, 11, 3, hidden=True),
    caption="Two layers with a kernel of 3. Every unit stands over the middle of what "
    "it sees.",
    alt="Three rows of boxes: pixels 0 to 10, above them units 0 to 8 of layer 1, and "
    "on top units 0 to 6 of layer 2. Unit 3 of layer 2 is marked.",
)

# %% [markdown]
# Follow the kernel down. Unit 3 of layer 2 reads units 3, 4 and 5 of layer 1; these
# read the pixels 3 to 5, 4 to 6 and 5 to 7.

# %%
plots.show(
    plots.seen(plain, 11, 3),
    caption="Unit 3 of layer 2 sees five pixels: its three neighbours below overlap.",
    alt="The same rows. Marked are unit 3 of layer 2, units 3 to 5 of layer 1 and "
    "pixels 3 to 7. Lines join the ends of what is marked from row to row.",
)

# %% [markdown]
# Five, so nobody was right. The three units below see three pixels each, but they are
# neighbours and share most of them. Each new layer adds one pixel on the left and one
# on the right: one layer sees 3, two see 5, three see 7.
#
# The **receptive field** of a unit is the set of pixels that can change it. The word is
# older than our networks. Hubel and Wiesel, whom you know from week 1, used it for a
# nerve cell of a real cat: the part of the screen in which light can change what the
# cell says.

# %% [markdown]
# ### Exercise 2.1 · Quiz: two layers by hand
# 1 point · 4 minutes · ●○○○○ · needs nothing
#
# All layers have stride 1, no padding, and a kernel of 3 unless something else is said.
#
# - `five_then_three`: layer 1 has a kernel of 5, layer 2 one of 3. How many pixels does
#   a unit of layer 2 see?
# - `pixels_of_unit_6`: in the same stack, the first and the last pixel that unit 6 of
#   layer 2 sees, as a list of two numbers.
# - `layers_for_31`: how many layers does it take to see 31 pixels?

# %% exercise="two-layers"
five_then_three: int | None = None
pixels_of_unit_6: list[int] | None = None
layers_for_31: int | None = None
### BEGIN SOLUTION
five_then_three = 7
pixels_of_unit_6 = [6, 12]
layers_for_31 = 15
### END SOLUTION

# %% check="two-layers" points=1 quiz=1
checks.week2.two_layers(
    five_then_three=five_then_three,
    pixels_of_unit_6=pixels_of_unit_6,
    layers_for_31=layers_for_31,
)

# %% [markdown] hint=1
# Draw the rows. Which units of layer 1 does unit 6 read, and where does the first of
# them begin, where does the last of them end?

# %% [markdown] topics="strides and jumps"
# ## 2. When a layer takes steps
#
# Two more pixels for each layer: at this pace VGG-16 would need over a hundred layers
# to see the cat. It has thirteen convolutions. Something else must help.
#
# Let layer 1 move by two pixels, stride 2. Nothing else changes.
#
# **Predict:** how many pixels does unit 1 of layer 2 see now, and which ones?

# %%
stepping = [(3, 2, 0, 1), (3, 1, 0, 1)]

# %%
plots.show(
    plots.seen(stepping, 13, 1, hidden=True),
    caption="The kernel of layer 1 moves by two pixels, so its units stand two apart.",
    alt="Pixels 0 to 12; above them six units of layer 1, each two pixels from the "
    "next; above those four units of layer 2, also two pixels apart. Unit 1 of layer 2 "
    "is marked.",
)

# %%
plots.show(
    plots.seen(stepping, 13, 1),
    caption="Three units of layer 1, whose fields begin two pixels apart, cover seven.",
    alt="The same rows. Marked are unit 1 of layer 2, units 1 to 3 of layer 1 and "
    "pixels 2 to 8.",
)

# %% [markdown]
# Seven. A unit of layer 2 still reads three units, but their fields now begin *two*
# pixels apart: the first sees 3, each of the others adds 2.
#
# That is the whole idea, and it holds at any depth. Three numbers describe all units
# of a layer $\ell$ at once:
#
# - the *size* $r_\ell$: the pixels from the first that a unit sees to the last, also
#   where a stride larger than its kernel leaves holes between them;
# - the **jump** $S_\ell$: how many pixels the field moves from one unit to the next;
# - the *first* pixel $f_\ell$ that unit 0 sees.
#
# Unit $i$ then sees the pixels $f_\ell + i S_\ell$ to $f_\ell + i S_\ell + r_\ell - 1$.
# In the picture above, $r_2 = 7$, $S_2 = 2$, $f_2 = 0$.
#
# A unit of layer $\ell$ reads $k_\ell$ neighbours in layer $\ell - 1$. The first of
# them covers $r_{\ell-1}$ pixels, and each of the other $k_\ell - 1$ adds as many as
# the fields down there move:
#
# $$ r_\ell = r_{\ell-1} + (k_\ell - 1)\, S_{\ell-1} . $$
#
# And when the kernel moves by $s_\ell$ units, its view moves by $s_\ell$ times their
# jump:
#
# $$ S_\ell = S_{\ell-1}\, s_\ell . $$
#
# Layer 0 is the image, where each pixel sees itself: $r_0 = 1$, $S_0 = 1$, $f_0 = 0$.
#
# Now a stack of five, in torch. `nn.Conv1d(1, 1, 3, stride=2)` is its layer for a
# row of numbers: one channel in, one out, a kernel of 3 with random weights.
# `nn.Sequential` puts layers on top of each other, each reads what the one before it
# has put out.
#
# **Predict:** five layers, all with a kernel of 3, with strides 2, 1, 2, 1 and 1. What
# are the five sizes?

# %%
strides = [2, 1, 2, 1, 1]
stack = nn.Sequential(*(nn.Conv1d(1, 1, 3, stride=s) for s in strides))
for number, row in enumerate(count_layers(stack, (1, 64)), 1):
    field = row.receptive_field
    print(f"layer {number}: size {field.size[0]:2}, jump {field.jump[0]}")

# %% [markdown]
# 3, 7, 11, 19, 27. (`count_layers` knows the recurrence.)
# The additions are 2, 4, 4, 8, 8: always $k - 1 = 2$ times a jump, but look whose. The
# fourth layer adds 8 because *below* it the fields lie 4 pixels apart.
#
# One number is left, and you will find it yourself. With $p$ zeros on each side, unit 0
# begins to read before the first unit of the layer below.

# %% [markdown]
# ### Exercise 2.2 · The recurrence
# 3 points · 9 minutes · ●●○○○ · needs 2.1
#
# Write a function that takes the layers of a stack, from the image upwards, and returns
# size, jump and first pixel for the units of the last one. A layer is a tuple
# $(k, s, p)$: kernel, stride, and zeros on each side. (Mind the order: exercise 1.11,
# if you did it, had $(k, p, s)$.) Padding counts as if the image went on there, so the
# first pixel may be negative. A stack without layers is the image itself.
# (`count_layers` would be the answer in one call; write the steps.)


# %% exercise="field-recurrence"
def receptive_field(layers: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    """Size, jump and first pixel (of unit 0) in the last layer of a stack.

    layers: (kernel, stride, padding on each side), from the image upwards.

    >>> receptive_field([(3, 2, 0), (3, 1, 0)])
    (7, 2, 0)
    >>> receptive_field([])
    (1, 1, 0)
    """
    ### BEGIN SOLUTION
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return size, jump, first
    ### END SOLUTION


# %% check="field-recurrence" points=3
checks.week2.receptive_field(receptive_field)

# %% [markdown] hint=1
# For the first pixel, take a single layer with $p = 2$. Which pixel lies under the
# first weight of unit 0?

# %% [markdown] hint=1
# Now let the padded layer be the second one, above a layer of stride 3. How many pixels
# does one place in layer 1 amount to?

# %% [markdown] hint=1
# Nearly right? Then ask of each of your lines whether it wants the jump *below* the
# layer or the one *above* it.

# %% [markdown] topics="fields of pooling and dilation"
# ## 3. Pooling and dilation
#
# A pooling layer takes the largest number, or the mean, of a small window. It has no
# weights, but it has a window and a stride, and for the question *what can change this
# unit?* that is all there is to know. It counts like a convolution.
#
# **Predict:** a convolution of 3, a pooling of 2 with stride 2, another convolution of
# 3. How many pixels does a unit on top see? Without the pooling it would be 5.

# %%
pooled = [(3, 1, 0, 1), (2, 2, 0, 1), (3, 1, 0, 1)]

# %%
plots.show(
    plots.seen(pooled, 14, 1),
    caption="Layer 2 is a pooling: two units at a time, in steps of two. It adds one "
    "pixel itself; what it does for the layer above is worth more.",
    alt="Four rows: pixels 0 to 13, twelve units of layer 1, six of layer 2 two pixels "
    "apart, four of layer 3. Unit 1 of layer 3 is marked, with units 1 to 3 of layer "
    "2, units 2 to 7 of layer 1 and pixels 2 to 9.",
)

# %% [markdown]
# Eight: 3, then $3 + 1 \cdot 1 = 4$, then $4 + 2 \cdot 2 = 8$. The pooling itself added
# a single pixel. Its gift is the jump: from here on every layer adds twice as much.
#
# Dilation you know from notebook 1: from its first weight to its last such a kernel
# covers $d\,(k - 1) + 1$ units. With that number in place of $k$ the recurrence holds
# as it is. With jump 1, a kernel of 3 with $d = 2$ covers 5 pixels.
#
# **Predict:** two layers, both with a kernel of 3 and dilation 2. What is the size of
# the field? And does the unit see every pixel in it?

# %%
holes = [(3, 1, 0, 2), (3, 1, 0, 2)]

# %%
plots.show(
    plots.seen(holes, 13, 2),
    caption="Dilation 2, twice: a field of nine pixels with four holes in it.",
    alt="Pixels 0 to 12, nine units of layer 1, five of layer 2. Unit 2 of layer 2 is "
    "marked, with units 2, 4 and 6 of layer 1 and pixels 2, 4, 6, 8 and 10. The pixels "
    "between them are not marked.",
)

# %% [markdown]
# The size is $5 + 2 \cdot 2 = 9$, from pixel 2 to pixel 10. But only five of the nine
# are seen: whatever happens at pixel 3 is unknown to this unit, and to all that build
# on it if they are dilated in the same way. The *size* counts from the first pixel to
# the last, holes included. So dilations are mixed: 1, then 2, then 4.
#
# Below is a convolution of 3, a pooling of 2, and on top a convolution of 3 with
# dilation 2 (and a zero on each side). Point at a unit, or go through them with the
# arrow keys, and look at what lights up in every row under it.
#
# **Predict:** which of the three layers adds most to the twelve pixels? And are there
# holes in this field?

# %%
explore.receptive_field([(3, 1, 0, 1), (2, 2, 0, 1), (3, 1, 1, 2)], pixels=20, unit=3)

# %% [markdown]
# The one on top: it adds $4 \cdot 2 = 8$ of the 12 pixels, since its three weights
# reach over five units and these lie two pixels apart. The first layer adds 2, the
# pooling 1. And there are no holes: each unit that it reads sees four pixels, just as
# many as lie from the first pixel of one to the first of the next.

# %% [markdown]
# ### Exercise 2.3 · How a field grows
# 3 points · 10 minutes · ●●○○○ · needs 2.2
#
# Write a function that reads the description of a network and returns the sizes of the
# fields after each of its layers, as a list. A layer is a dictionary:
#
# - `"kind"`: `"conv"`, `"pool"` or `"relu"`; for any other kind raise a `ValueError`;
# - `"k"`: the size of the kernel or the window. A ReLU has none: it works on each
#   number by itself;
# - `"s"`, `"d"`: stride and dilation, if they are given. Those that are not follow
#   PyTorch: dilation 1; stride 1 for a convolution, but for a pooling *as large as its
#   window*.
#
# There may be a `"p"` as well, the padding. Leave the dictionaries as they are.


# %% exercise="field-pooling"
def growth(layers: list[dict[str, Any]]) -> list[int]:
    """Size of the receptive field after each layer of a network.

    layers: from the image upwards, such as {"kind": "conv", "k": 3, "s": 2}.
    Raises ValueError for a kind that is not "conv", "pool" or "relu".

    >>> growth([{"kind": "conv", "k": 5}, {"kind": "relu"}, {"kind": "pool", "k": 2}])
    [5, 5, 6]
    """
    ### BEGIN SOLUTION
    sizes, size, jump = [], 1, 1
    for layer in layers:
        kind = layer["kind"]
        if kind not in ("conv", "pool", "relu"):
            raise ValueError(f"there is no layer of the kind {kind!r}")
        if kind != "relu":
            k = layer["k"]
            size += layer.get("d", 1) * (k - 1) * jump
            jump *= layer.get("s", k if kind == "pool" else 1)
        sizes.append(size)
    return sizes
    ### END SOLUTION


# %% check="field-pooling" points=3
checks.week2.growth(growth)

# %% [markdown] hint=1
# `layer.get("s", 1)` is the stride if there is one, and else 1. For which kind is that
# not what PyTorch does?

# %% [markdown] hint=1
# What does the padding change: how far a unit sees, or where it looks?

# %% [markdown] topics="centre and border of a field"
# ## 4. Where does it look?
#
# Size is one thing, place another. The middle of unit $i$'s field lies at
#
# $$ c_i = f + \frac{r - 1}{2} + i S . $$
#
# Without padding the middles begin inside the image: with a stack of ten 3-wide layers,
# unit 0 looks at pixel 10, and nobody has pixel 0 in the middle of their view. Padding
# pulls $f$ to the left, and if every layer has stride 1 and $p = (k-1)/2$, the gain and
# the loss cancel: $c_0 = 0$, so that unit $i$ looks at pixel $i$. That is what "same"
# means, apart from the size. (For a pooling of 2 the middle lies between two pixels,
# and $c_i$ is no whole number.)
#
# There is a price at the border.
#
# **Predict:** two layers with a kernel of 3 and $p = 1$. A unit's field is five pixels
# wide. How many pixels of the image does unit 0 see?

# %%
padded = [(3, 1, 1, 1), (3, 1, 1, 1)]

# %%
plots.show(
    plots.seen(padded, 9, 0),
    caption="With padding, unit 0 looks straight at pixel 0. Two fifths of its field "
    "are zeros (dashed).",
    alt="Three rows of nine: pixels, layer 1 and layer 2, each unit over the pixel of "
    "the same number. Unit 0 of layer 2 is marked, with units 0 and 1 of layer 1 and "
    "pixels 0 to 2. A dashed box before layer 1 and two before the pixels are padding.",
)

# %% [markdown]
# Three. The other two places are padding, made of zeros. The field is *cut* by the
# border of the image: its size is still called 5, but a unit in the corner lives on
# less. In a deep network that is no trifle, as you will see in section 7.
#
# Cut at the border of the image, the field is an outer bound. Padding between two
# layers can take away a little more. Its zeros stand where the lower layer has no unit
# any more. If the stride of that layer has left a pixel over at the end, this pixel
# lies below the zeros: by the recurrence it is in the field, and yet the unit does not
# see it. Exercise 2.5 measures what is really left.

# %% [markdown]
# ### Exercise 2.4 · What is left of it
# 2 points · 7 minutes · ●●○○○ · needs 2.2
#
# Given size, jump and first pixel, as exercise 2.2 returns them, say for one unit which
# pixels of an image of $n$ pixels it sees: the first and the last that really exist.
# Say also where the middle of its field lies, that of the whole field, with the part
# that is cut off. If the field does not touch the image at all, raise a `ValueError`.


# %% exercise="field-centre"
def window(field: tuple[int, int, int], unit: int, n: int) -> tuple[int, int, float]:
    """First and last pixel that a unit sees of `n` pixels, and the field's middle.

    field: size, jump and first pixel of unit 0, as if the image had no end.
    Raises ValueError if no pixel of the image lies in the field.

    >>> window((5, 1, -2), unit=0, n=9)
    (0, 2, 0.0)
    >>> window((4, 2, 0), unit=1, n=9)
    (2, 5, 3.5)
    """
    ### BEGIN SOLUTION
    size, jump, first = field
    start = first + unit * jump
    end = start + size - 1
    if end < 0 or start >= n:
        raise ValueError(f"unit {unit} sees nothing of {n} pixels")
    return max(start, 0), min(end, n - 1), (start + end) / 2
    ### END SOLUTION


# %% check="field-centre" points=2
checks.week2.window(window)

# %% [markdown] hint=1
# Forget the border at first. Where does the field of unit 3 begin, and where does it
# end?

# %% [markdown] hint=1
# Then compare its two ends with the pixels that exist, 0 to $n - 1$. The middle comes
# from the ends before they were cut.

# %% [markdown] topics="measured receptive fields"
# ## 5. Believe it or measure it
#
# So far we have drawn and counted. A network in front of you can be *asked*. A pixel
# belongs to a unit's field if changing it can change the unit, and how much a number
# changes with another is its gradient. Torch works it out for all pixels at once:
# `torch.autograd.grad(y, x)` takes a single number `y` and the tensor `x` it was
# computed from, made with `requires_grad=True`, and returns a tuple with one tensor,
# of the shape of `x`: the slope of `y` with every number in `x`.
#
# Here is a stack with a convolution, a mean pooling and a dilated convolution, with
# random weights.
#
# **Predict:** how many of the 24 slopes are not 0, for unit 4? The recurrence knows.

# %%
torch.manual_seed(28)
model = nn.Sequential(
    nn.Conv1d(1, 1, 3), nn.AvgPool1d(2), nn.Conv1d(1, 1, 3, dilation=2)
)
x = torch.randn(1, 1, 24, requires_grad=True)
y = model(x)  # shape (1, 1, 7)
(slope,) = torch.autograd.grad(y[0, 0, 4], x)
field = count_layers(model, (1, 24))[-1].receptive_field
start, size = field.offset[0] + 4 * int(field.jump[0]), field.size[0]
print(f"recurrence: {size} pixels from {start}")
print(f"gradient: {slope.count_nonzero()} pixels, {slope.nonzero()[:, 2].tolist()}")

# %%
plots.show(
    plots.week2.slopes(slope[0, 0], (start, start + size - 1)),
    caption="How strongly each pixel moves unit 4 (dots), and the field that the "
    "recurrence gives (shaded).",
    alt="A stem plot over 24 pixels. The slopes are zero outside of a shaded band from "
    "pixel 8 to 19, and not zero at each pixel inside; some are positive, some "
    "negative, and they differ in size.",
)

# %% [markdown]
# $3 + 1 = 4$ after the pooling, and then $4 + 4 \cdot 2 = 12$: twelve slopes, at pixels
# 8 to 19, just where the recurrence says. Two roads, one result.
#
# There is a catch. Take a convolution and behind it a pooling of 3×3 windows; the field
# is 5×5, that is 25 pixels. We measure it with a *max* pooling, with a mean pooling,
# and once more with a ReLU in front of the mean pooling.
#
# **Predict:** will all three show 25 pixels?

# %%
torch.manual_seed(2)
conv = nn.Conv2d(1, 1, 3)
grey = (cat.float().mean(0) / 255)[None, None].requires_grad_()
networks = {
    "max pooling": nn.Sequential(conv, nn.MaxPool2d(3)),
    "mean pooling": nn.Sequential(conv, nn.AvgPool2d(3)),
    "ReLU, mean pooling": nn.Sequential(conv, nn.ReLU(), nn.AvgPool2d(3)),
}
for name, network in networks.items():
    (slope,) = torch.autograd.grad(network(grey)[0, 0, 30, 40], grey)
    print(f"{name:20}{slope.count_nonzero():3} of 25 pixels")

# %% [markdown]
# Max pooling lets one of its nine numbers through, here and now; the other eight may
# wiggle a little without any effect, so only the winner's 3×3 pixels have a slope. And
# on this photograph the convolution is negative at all nine places: the ReLU is shut,
# and nothing gets through at all. Neither means that the unit is blind. The gradient
# says who matters *for this picture*; the field says who *could* matter. Whoever
# measures a field puts a mean in place of a maximum and leaves the ReLU out, or tries
# many pictures.

# %% [markdown]
# ### Exercise 2.5 · Measure it
# 3 points · 12 minutes · ●●●○○ · needs 2.1
#
# Write a function that finds the field of the units at one place by gradients. The
# model gets an input of shape $(1, C, H, W)$ and returns maps $(1, C', H', W')$. A
# place has $C'$ units, one in each map; a pixel has $C$ numbers. A pixel counts if any
# of its numbers has a slope for any of these units. Return the first and last row and
# the first and last column of the pixels that count.
#
# The check gives you convolutions and mean poolings only, so that any input will do.
# Kernels and images need not be square, and some weights may be 0, so that the sizes of
# the layers do not tell the answer. Ask the gradient, with `torch.autograd.grad`, and
# leave the weights of the model as they are.


# %% exercise="measure-field"
def measure_field(
    model: nn.Module, shape: tuple[int, int, int], place: tuple[int, int]
) -> tuple[int, int, int, int]:
    """First row, last row, first column, last column that the units at a place see.

    shape: (channels, height, width) of the input; place: row and column in the output.

    >>> measure_field(nn.Conv2d(2, 4, (3, 5)), (2, 9, 9), (1, 2))
    (1, 3, 2, 6)
    """
    ### BEGIN SOLUTION
    x = torch.randn(shape, requires_grad=True)
    (units,) = model(x[None])[:, :, place[0], place[1]]
    counts = torch.zeros(shape[1:], dtype=torch.bool)
    for unit in units:
        (slope,) = torch.autograd.grad(unit, x, retain_graph=True)
        counts |= (slope != 0).any(dim=0)
    rows, columns = counts.any(dim=1).nonzero(), counts.any(dim=0).nonzero()
    return (int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1]))
    ### END SOLUTION


# %% check="measure-field" points=3
checks.week2.measure_field(measure_field)

# %% [markdown] hint=1
# `model(x)[0, :, 3, 5]` has one number for each map, and `grad` wants a single number.
# You can ask for one after the other (with `retain_graph=True`, so that torch does not
# throw its notes away after the first). Is there a quicker way that is as safe?

# %% [markdown] hint=1
# A slope can be negative. And slopes of opposite sign add up to 0.

# %% [markdown] hint=1
# `mask.any(dim=1)` says for each row of a mask whether anything in it is true, and
# `.nonzero()` says where.

# %% [markdown] topics="effective receptive field"
# ## 6. Is a field used evenly?
#
# Ten layers of 3×3 see 21×21 pixels. Look again at the slopes of section 5: they were
# not equally large.
#
# **Predict:** compare the pixel in the middle of a field with the one in its corner.
# Does the middle count about as much, ten times as much, a thousand times?
#
# Count the ways. A pixel reaches the unit by as many paths as there are ways to climb
# from layer to layer. In the first picture of section 1, pixel 3 has a single path to
# unit 3 of layer 2, by unit 3 of layer 1. Pixel 5 has three. In a row, two layers give
# 1, 2, 3, 2, 1 paths, and each further layer lays three copies of the counts over each
# other, shifted by one: a convolution with $(1, 1, 1)$, which notebook 2 of week 1
# called an echo.

# %%
depths = [2, 5, 10, 20]
ways = {}
for depth in depths:
    count = np.ones(1)
    for _ in range(depth):
        count = np.convolve(count, [1, 1, 1])
    ways[f"{depth} layers"] = count
    most = f"{count.max():,.0f}"
    print(f"{depth:2} layers: {len(count)} pixels, paths {count[0]:.0f} to {most}")

# %%
plots.show(
    plots.week2.paths(ways),
    caption="The share of all paths to a unit that begins at each pixel of a row. The "
    "deeper the stack, the less its ends count, and the more it looks like a bell.",
    alt="Four bar charts of shares over the distance from the middle. Two layers: a "
    "triangle over five pixels. Five, ten and twenty layers: bells over 11, 21 and 41 "
    "pixels, all on one scale; with twenty layers nothing can be seen further than "
    "about twelve pixels from the middle.",
)

# %% [markdown]
# With ten layers the middle has 8,953 paths and each end has one. On an image rows and
# columns multiply: the middle has $8\,953^2$, eighty million times as many as the
# corner. The corner is *in* the field, and next to nothing of it arrives.
#
# Each layer makes the bell wider like one more throw of a die that shows −1, 0 or 1.
# After $\ell$ throws the standard deviation is $\sqrt{2\ell/3}$: it grows with
# $\sqrt{\ell}$, while the field, $2\ell + 1$, grows with $\ell$.
#
# So much for counting. A network has weights, and a path counts as much as the product
# of its weights. Take random ones, as a network has before it is trained, and measure:
# square the slopes, add them over channels and over eight random inputs, and look for
# the square around the middle that holds 95 % of the total.
#
# **Predict:** for 5, 10 and 20 layers of 3×3, with ReLU, fields of 11, 21 and 41
# pixels: how large is that square? (The measurement takes some seconds.)


# %%
def squared_slopes(depth: int, seed: int, channels: int = 32) -> np.ndarray:
    """Squared slopes over a whole field (2 depth + 1, 2 depth + 1), random weights."""
    torch.manual_seed(seed)
    layers: list[nn.Module] = []
    for number in range(depth):
        conv = nn.Conv2d(channels if number else 3, channels, 3, bias=False)
        nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        layers += [conv, nn.ReLU()]
    size = 2 * depth + 1  # without padding, one unit is left
    x = torch.randn(8, 3, size, size, requires_grad=True)
    y = nn.Sequential(*layers)(x)
    (slope,) = torch.autograd.grad(y, x, torch.randn_like(y))
    return (slope**2).sum(dim=(0, 1)).numpy()


# %% [markdown]
# (`kaiming_normal_` draws the weights so that the numbers keep their size from layer to
# layer, He and others 2015; week 5 says why. The third input of `grad` weighs the
# units, here at random, and asks for all of them together.)


# %%
def side_of_95(values: np.ndarray) -> int:
    """Side of the smallest square around the middle with 95 % of the sum."""
    middle = len(values) // 2
    for half in range(middle + 1):
        part = slice(middle - half, middle + half + 1)
        if values[part, part].sum() >= 0.95 * values.sum():
            break
    return 2 * half + 1


# %%
maps = {depth: [squared_slopes(depth, seed) for seed in range(3)] for depth in depths}
sides = {depth: [side_of_95(one) for one in found] for depth, found in maps.items()}
for depth in depths[1:]:
    whole = 2 * depth + 1
    share = sides[depth][0] / whole
    print(f"{depth:2} layers, field {whole}: {sides[depth]}, share {share:.2f}")

# %%
shown = {f"{depth} layers": maps[depth][0] for depth in depths[1:]}
plots.show(
    plots.week2.effective(shown, [sides[depth][0] for depth in depths[1:]]),
    caption="Squared slopes in three fields (blue frames), drawn to one scale, and the "
    "square with 95 % of their sum (dashed): 9 of 11, 13 of 21, 17 of 41 pixels.",
    alt="Three dark squares in blue frames, 11, 21 and 41 pixels wide. In the middle "
    "of each a bright spot that fades out. A dashed frame around the spot nearly fills "
    "the first square, two thirds of the second and less than half of the third.",
)

# %% [markdown]
# 9, 13 and 17 pixels, for each of the three seeds: from .82 of the field's side down to
# .41. The field has grown nearly fourfold (from 11 to 41), its bright spot not even
# twofold. That is the square root at work: $\sqrt{20/5} = 2$.
#
# Luo and others found this in 2016 and called the spot the **effective receptive
# field**. How large it is depends on where one draws the line. They draw it elsewhere:
# they count the pixels whose slope is more than 4.55 % of the largest, and take the
# square root of their number. Here is their share of the field's side from our slopes,
# on average over the seeds, and beside it the side of our square when the paths are
# counted in place of the slopes.


# %%
def share_of_luo(values: np.ndarray) -> float:
    """Share of the field's side, by the slopes above 4.55 % of the largest."""
    slopes = np.sqrt(values / values.max())
    return float(np.sqrt((slopes > 1 - 0.9545).sum()) / len(values))


for depth in depths[1:]:
    shares = [share_of_luo(one) for one in maps[depth]]
    count = ways[f"{depth} layers"]
    from_paths = side_of_95(np.outer(count, count))
    share = f"share by their line {np.mean(shares):.2f}"
    print(f"{depth:2} layers: {share}; our square from paths alone {from_paths}")

# %% [markdown]
# By their line it is .95, .74 and .53. The shrinking share is what both agree on. They
# also report that training widens the spot; what we measured is a network at birth.
#
# Keep the two apart. The receptive field is a bound: *nothing* outside can ever matter.
# It is not a promise that everything inside does.
#
# The last column has no network in it at all: the counts of paths, rows times columns,
# give the same 9, 13 and 17. Random weights scatter around 0, so that the square of a
# slope is, on average, proportional to the number of paths.
#
# So for the slopes themselves, take the root of those eighty million: with ten layers
# the middle should count about nine thousand times as much as the corner.


# %%
def middle_to_corner(values: np.ndarray) -> float:
    """Slopes (root mean square) of the middle 3×3 pixels over those of the corners."""
    middle, last = len(values) // 2, len(values) - 1
    near = slice(middle - 1, middle + 2)
    return float(np.sqrt(values[near, near].mean() / values[::last, ::last].mean()))


print("10 layers:", [f"{middle_to_corner(one):,.0f}" for one in maps[10]])

# %% [markdown]
# It does: the slopes of the middle nine pixels are 7,000 to 9,000 times as large as
# those of the four corners, by the seed. Whoever guessed a thousand was still too
# careful.

# %% [markdown] topics="fields of known networks"
# ## 7. What three networks see
#
# Now for the cat. Up to its last map a network looks at the image through windows.
# Behind it come layers whose units see everything, so the last map is where to ask.
#
# **Predict:** LeNet-5 (1998, images of 32 pixels), AlexNet (2012, 227 pixels), VGG-16
# (2014, 224 pixels). In which of them does a unit of the last map see the largest share
# of the image, and in which the smallest?

# %%
last_maps = {
    "LeNet-5": (models.lenet5_1998, (1, 32, 32), "s4"),
    "AlexNet": (models.alexnet_2012, (3, 227, 227), "features.14"),
    "VGG-16": (lambda: models.vgg("D"), (3, 224, 224), "features.30"),
}
found = {}
for name, (build, shape, layer) in last_maps.items():
    with torch.device("meta"):  # weights without memory: only shapes are needed
        rows = {row.name: row for row in count_layers(build(), shape)}
    found[name] = rows
    field, units = rows[layer].receptive_field, rows[layer].output_shape[1]
    sees = f"sees {field.size[0]:3} of {shape[1]:3} pixels, jump {field.jump[0]}"
    print(f"{name:8} {units}×{units} units, each {sees}, first {field.offset[0]}")

# %% [markdown]
# LeNet's units see half of the image's width, 16 of 32 pixels; AlexNet's .86 of the
# photograph's, and VGG's .95, with kernels that are never larger than 3. Here is how
# VGG gets there: a unit near the middle of the map behind each of its five poolings.

# %%
poolings = [f"features.{number}" for number in (4, 9, 16, 23, 30)]


def square_of(layer: str, row: int, column: int) -> tuple[int, int, int]:
    """First row, first column and side of what a unit of VGG-16 sees."""
    field = found["VGG-16"][layer].receptive_field
    jump, first = int(field.jump[0]), field.offset[0]
    return first + row * jump, first + column * jump, field.size[0]


middles = [(found["VGG-16"][name].output_shape[1] - 1) // 2 for name in poolings]
squares = [square_of(name, i, i) for name, i in zip(poolings, middles, strict=True)]
nested = {f"pool {n}: {square[2]}": square for n, square in enumerate(squares, 1)}

# %%
plots.show(
    plots.week2.nested({"": (cat, nested)}, size=5.5),
    caption="What a unit behind each pooling of VGG-16 sees: 6, 16, 44, 100 and 212 "
    "pixels. A dark speck, the corner of an eye, part of an eye, an eye, the cat.",
    alt="The face of the cat with five nested squares around its middle. The smallest "
    "two lie in the corner of an eye, the third holds the lower right of that eye, the "
    "fourth the eye and the bridge of the nose, the fifth nearly the whole picture.",
)

# %% [markdown]
# So the unit of the first picture sees 212×212 pixels, nearly the whole face. The
# thirteen convolutions alone would see 27.
#
# There are 7×7 such units. Their fields are 212 pixels wide and lie only 32 apart, so
# neighbours look at nearly the same pixels. And the corners?
#
# **Predict:** how much of its field does the unit in the corner see?

# %%
corners = {
    "(0, 0)": square_of("features.30", 0, 0),
    "(3, 3)": square_of("features.30", 3, 3),
    "(6, 6)": square_of("features.30", 6, 6),
}

# %%
plots.show(
    plots.week2.nested({"": (cat, corners)}, size=5.5),
    caption="Three units of VGG's last map. The corner units have two thirds of their "
    "field outside the image, where there are only zeros.",
    alt="The cat's face amid white. Three squares of equal size: one reaches far "
    "beyond the upper left corner of the picture, one lies over nearly all of it, one "
    "reaches far beyond the lower right corner.",
)

# %%
inside = 212 + square_of("features.30", 0, 0)[0]
print(f"corner: {inside} of 212 pixels a side, {inside**2 / 212**2:.2f} of the area")

# %% [markdown]
# From −90 to 121: 122 of 212 pixels a side, a third of the area. And if you remember
# section 6, the middle of that field, where most of its weight lies, is at pixel 15.5.
# On paper the unit in the middle sees nearly everything and one in the corner less than
# a third of the picture; in practice each has its own corner of the cat.

# %% [markdown] topics="a test for a formula"
# ## 8. Four formulas from the web
#
# The recurrence is short, and so it has been written down in many places, often from
# memory. Here are four versions. They take $(k, s)$ for each layer, from the image
# upwards, and return the size of the field of the last one. Three are wrong. All four
# agree for a stack without strides, on which their authors may have tried them.


# %%
def field_a(layers: list[tuple[int, int]]) -> int:
    size, jump = 1, 1
    for k, s in layers:
        jump *= s
        size += (k - 1) * jump
    return size


def field_b(layers: list[tuple[int, int]]) -> int:
    size, step = 1, 1
    for k, s in layers:
        size, step = size + (k - 1) * step, s
    return size


# %%
def field_c(layers: list[tuple[int, int]]) -> int:
    size = 1
    for k, s in reversed(layers):
        size = (size - 1) * s + k
    return size


def field_d(layers: list[tuple[int, int]]) -> int:
    return 1 + sum(k - 1 for k, _ in layers)


# %% [markdown]
# ### Exercise 2.6 · Which one would you use?
# 2 points · 10 minutes · ●●●○○ · needs 2.2
#
# Return a dictionary with the keys `"a"` to `"d"`. For a formula that is right, the
# value is `None`. For one that is wrong, it is a stack on which it gives a wrong size:
# a list of tuples $(k, s)$ of whole numbers from 1. And since small examples teach
# most, it should be the smallest: no such stack has fewer layers, and none with as few
# layers has a smaller sum of all its kernels and strides.


# %% exercise="field-bug"
def counterexamples() -> dict[str, list[tuple[int, int]] | None]:
    """For each formula the smallest stack on which it is wrong; None if it is right."""
    ### BEGIN SOLUTION
    return {
        "a": [(2, 2)],
        "b": [(1, 2), (1, 1), (2, 1)],
        "c": None,
        "d": [(1, 2), (2, 1)],
    }
    ### END SOLUTION


# %% check="field-bug" points=2
checks.week2.counterexamples(counterexamples)

# %% [markdown] hint=1
# Try to break a formula before you try to understand it: compare all four on a stack
# with strides, with your function of exercise 2.2 (and $p = 0$) as the judge.

# %% [markdown] hint=1
# Where does each formula use a stride? At the layer that has it, at the next one only,
# at all later ones, or never?

# %% [markdown] hint=1
# How small can it be? A formula that goes wrong at one layer shows it in a stack of
# one. Which mistake needs a layer below, and which needs two? Then make every number
# as small as it can be while the formula stays wrong.

# %% [markdown]
# <details><summary>The verdicts, when yours has passed</summary>
#
# Formula A widens a layer's *own* field by its stride: `[(2, 2)]` is a single kernel of
# 2 and cannot see 3 pixels. A stride is felt by the layers above, never by its own. D
# knows nothing of strides, which shows as soon as anything with a kernel lies on top of
# a step. B remembers the last stride and forgets the ones before: with two layers that
# is the same as their product, so it takes three to see it.
#
# C is right, though it looks as if it were upside down. It goes from the top down: $m$
# neighbours in one layer see $(m - 1)\, s + k$ neighbours in the layer below. Starting
# from a single unit it arrives at the pixels without ever writing down a jump.
#
# </details>

# %% [markdown] topics="design of a stack"
# ## 9. See a hundred pixels, and pay little
#
# Nothing later needs this section, and the 120 minutes do not count it. (Its 3 points
# do count.) Behind its fourth pooling VGG-16 sees exactly 100 pixels. It takes ten
# convolutions and four poolings, fourteen layers, for that. Could one have the same
# view for fewer weights?
#
# The rules are those of VGG, made smaller:
#
# - A stack is made of `"conv"` (3×3, stride 1) and `"pool"` (2×2, stride 2). It begins
#   with a convolution, and no pooling directly follows another.
# - The image has 3 channels. A convolution puts out 16 channels if no pooling lies
#   below it, and twice as many for each pooling that does: 16, 32, 64, … A pooling
#   leaves the number of channels as it is.
# - A convolution has $9 \cdot \text{in} \cdot \text{out}$ weights and as many biases
#   as it puts out channels; biases count as weights here. A pooling has none.
#
# **Predict:** where would you put the convolutions: at the bottom, where they are
# cheap, or higher up, where each of them sees more?

# %% [markdown]
# ### Exercise 2.7 · Build: the cheapest view
# 3 points · 25 minutes · ●●●●○ · needs 2.2
#
# Write a function that plans. It gets the number of pixels a side that a unit of the
# last layer has to see at least, and the number of layers that the stack may have at
# most. It returns the *fewest weights* with which this can be done by the rules, and a
# stack that has so few, from the image upwards. If several are equally cheap, return
# any of them. If no stack is good enough, raise a `ValueError`.
#
# The check asks for up to 14 layers. Any method is welcome, as long as one plan takes
# seconds and not minutes.


# %% exercise="see-hundred"
def cheapest(pixels: int, most: int) -> tuple[int, list[str]]:
    """The fewest weights to see at least `pixels` pixels a side, and such a stack.

    most: the most layers, poolings included.
    Raises ValueError if no stack of so few layers sees so much.

    >>> cheapest(6, most=3)
    (2768, ['conv', 'conv', 'pool'])
    """
    ### BEGIN SOLUTION
    best: tuple[int, list[str]] | None = None

    def grow(stack: list[str], size: int, jump: int, channels: int, cost: int) -> None:
        nonlocal best
        if best and cost >= best[0]:
            return
        if stack and size >= pixels:
            best = (cost, stack)
            return
        if len(stack) == most:
            return
        out = 16 * jump
        weights = (9 * channels + 1) * out
        grow([*stack, "conv"], size + 2 * jump, jump, out, cost + weights)
        if stack and stack[-1] == "conv":
            grow([*stack, "pool"], size + jump, 2 * jump, channels, cost)

    grow([], 1, 1, 3, 0)
    if best is None:
        raise ValueError(f"{most} layers cannot see {pixels} pixels")
    return best
    ### END SOLUTION


# %% check="see-hundred" points=3
checks.week2.cheapest(cheapest)

# %% [markdown] hint=1
# How would you judge a stack that somebody hands you? Write down what it sees, what it
# costs, and whether it is allowed, before you look for the best one.

# %% [markdown] hint=1
# How many stacks of up to 14 layers are there at all, with two kinds of layers?

# %% [markdown] hint=1
# Too slow? If a stack that you are still building costs more than the best that you
# have, what do you know about all stacks that begin like it?

# %% [markdown]
# When it passes, ask it for `cheapest(100, 14)` in a cell of your own, and compare with
# VGG's own plan, which costs 478,032 weights by these rules. Then ask for 12 layers.
#
# <details><summary>What you should have found</summary>
#
# With 14 layers allowed, 13 of them and 399,568 weights are enough: four convolutions
# at the bottom, where they are cheap, then one after each of four poolings, and a fifth
# pooling at the very end. With 12 layers it is 404,176, hardly more. So extra
# convolutions belong at the bottom; VGG has two or three in every block. It was not
# made to see 100 pixels for as little as possible: a network needs its upper layers to
# *think*, not only to look. A large field is necessary, and it is the cheapest part of
# the bargain.
#
# </details>

# %% [markdown]
# ## What to take with you
#
# The receptive field of a unit is the set of pixels that can change it. A layer adds
# $(k - 1)$ times the jump *below* it to the size, and multiplies the jump by its
# stride; pooling counts like a convolution, dilation puts $d\,(k-1) + 1$ for $k$.
# Padding changes nothing about the size. It moves the field, and at the border part of
# the view is zeros. A gradient shows the same field from the other side: pixels outside
# have the slope 0, always. Inside, the slopes of a random network form a bump in the
# middle that grows with the square root of the depth. A unit of LeNet's last map sees
# half of its image's width, one of AlexNet's .86 of it, one of VGG's .95. And what made
# VGG see so much was not its thirteen convolutions, which alone see 27 pixels, but the
# five poolings among them.
#
# **Where people slip**
#
# - Adding the kernels (3 + 3 = 6), or multiplying them. Neighbours overlap.
# - Counting a stride at its own layer. It is felt by the layers above.
# - Using the last stride where the product of all of them belongs.
# - Forgetting the pooling, or its stride, which is its window unless something else is
#   said.
# - Taking the size of a dilated field for the number of pixels seen.
# - Taking "is in the field" for "matters". The rim has one path, the middle thousands.
# - Measuring with max pooling and ReLU on one picture, and calling that the field.
#
# **Next:** section 5 asked how a pixel changes a unit, and torch knew. Notebook 3 works
# it out by hand: it runs a convolution backwards.
#
# **To read on:** Luo, Li, Urtasun and Zemel, *Understanding the effective receptive
# field in deep convolutional neural networks* (2016); Araujo, Norris and Sim,
# *Computing receptive fields of convolutional neural networks* (2019), with a table of
# the fields of many networks.
