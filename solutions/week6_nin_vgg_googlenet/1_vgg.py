# %% [markdown]
# # VGG
#
# Week 6 · notebook 1 of 4 · about 135 minutes · 20 points
#
# Two small kernels, or one large one? In 2014 two people in Oxford answered the
# question with five networks that differ in depth and in hardly anything else. You find
# out what a stack of small kernels sees, what it costs, and what it cannot do. Then you
# build all five networks from one table, find out where their weights, their memory and
# their work sit, and turn a network for 224 pixels into one for photographs of any
# size.
#
# This week asks one question: you have a budget of weights and multiply-adds, so what
# do you spend it on? VGG spends it on depth. Network in Network (notebook 2) slides a
# small network over the photograph, and saves its dense layers. GoogLeNet (notebook 3)
# puts kernels of several sizes side by side. The scoreboard (notebook 4) shows what
# each of them bought.
#
# The 135 minutes are for two sittings: 75 minutes for sections 1 and 2 and, after the
# break, an hour for sections 3 to 5. Section 6, in which you build a deep network on a
# tiny budget (4 of the 20 points), is for another evening, of three quarters of an
# hour.
#
# **When you are done, you can**
#
# - say what a stack of kernels sees and what it costs, and when it costs more than one
#   large kernel;
# - melt two layers into one, and say why this fails when a ReLU stands between them;
# - build a network from a row of a table, and count its weights without storing them;
# - say which layers hold the weights, which the memory and which the work, and why
#   these are three different places;
# - turn dense layers into convolutions, and read the map of scores of a large picture;
# - spend a budget of weights and work on depth, and see what depth takes in return.
#
# **You need** output sizes and receptive fields (week 2), AlexNet and counting (week 4,
# notebooks 2 and 4), and He's start (week 5, notebook 1). All week, *weights* are all
# numbers that are learned, biases included unless we say otherwise; *multiply-adds*, or
# *work* for short, are the products that convolutions and dense layers compute, without
# biases.

# %%
import copy
import math
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, features, models, plots, train
from coursekit.data.catalogue import CIFAR10
from coursekit.data.stand_in import stand_in
from coursekit.layers.blocks import he_normal

# %% [markdown] topics="stacks of small kernels"
# ## 1. Two small or one large?
#
# AlexNet begins with kernels of $11 \times 11$, and goes on with $5 \times 5$. Large
# kernels see a lot at once. Karen Simonyan and Andrew Zisserman, of the **Visual
# Geometry Group** in Oxford, used the smallest kernel that can tell left from right and
# up from down, $3 \times 3$, everywhere, and stacked more layers instead.
#
# **Predict:** three layers of $3 \times 3$ with stride 1, one behind another. How many
# pixels does a unit of the last one see? And which needs more weights, this stack or
# one layer that sees as much?

# %%
plots.show(
    plots.week6.side_views([[7], [3, 3, 3]]),
    caption="A row of pixels, below, and what one unit at the top sees of it, from the "
    "side. Each line is a weight in use.",
    alt="Two drawings. Left: seven squares in a row, and one circle above them with "
    "seven lines down. Right: seven squares, above them five circles, then three, then "
    "one, each with three lines down to its neighbours below.",
)

# %% [markdown]
# Both see 7. Each $3 \times 3$ layer adds two pixels to what is seen, as in week 2. And
# the cost? Give every layer $C$ maps in and out, and leave the biases aside:
#
# $$ 3 \cdot (3 \cdot 3 \cdot C \cdot C) = 27\,C^2
# \qquad \text{against} \qquad 7 \cdot 7 \cdot C \cdot C = 49\,C^2 . $$
#
# The small ones need 55 % of the weights, and have three ReLUs instead of one. For two
# layers of $3 \times 3$ against one of $5 \times 5$ it is 18 against 25, or 72 %. With
# stride 1 and padding all maps have the same size, so the multiply-adds have the same
# ratio.
#
# That much is in every textbook. When is it *not* so?

# %% [markdown]
# ### Exercise 1.1 · The price of a stack
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# Write a function that says what a stack of convolutions with stride 1 sees and what it
# costs. The kernels may have any side, and the number of maps may change from layer to
# layer. `axes` says what the kernels slide over: with 2 they are squares; with 1, along
# a row of sound or text, they are as long as their side; with 3, in a volume, they are
# cubes. A stack without any layer sees one pixel and costs nothing.


# %% exercise="stack-price"
def stack_price(
    kernels: list[int], maps: list[int], bias: bool = True, axes: int = 2
) -> tuple[int, int]:
    """(what a unit at the end sees, pixels a side; weights of all layers together).

    kernels: the side of each layer's kernels; maps: of the input, then of each layer;
    bias: whether the layers have biases, which count as weights

    >>> stack_price([3, 3], [1, 4, 2], bias=False)
    (5, 108)
    """
    ### BEGIN SOLUTION
    sees = 1 + sum(k - 1 for k in kernels)
    weights = sum(
        (k**axes * i + bias) * o
        for k, (i, o) in zip(kernels, pairwise(maps), strict=True)
    )
    return sees, weights
    ### END SOLUTION


# %% check="stack-price" points=2
checks.week6.stack_price(stack_price)

# %% [markdown] hint=1
# What does one more layer with a kernel of $k$ add to what is seen, and what does a
# layer that looks at a single pixel add?

# %% [markdown] hint=1
# How many maps go into the second layer, and how many come out? Where in `maps` do the
# two numbers stand? And is there a bias for each map that goes in, or for each that
# comes out?

# %% [markdown]
# **Predict:** three cases. Is the stack of three cheaper than one kernel of 7 *(a)* for
# the first layer of a network, from 3 colours to 64 maps, *(b)* for sound, along a row,
# with 64 maps everywhere, *(c)* in a volume, such as a scan of a head? Decide before
# your function does.


# %%
def weights_of(kernels: list[int], maps: list[int], axes: int = 2) -> int:
    """Weights without biases, for the comparison."""
    layers = zip(kernels, pairwise(maps), strict=True)
    return sum(k**axes * i * o for k, (i, o) in layers)


for name, first, axes in (("inside", 64, 2), ("first layer", 3, 2), ("sound", 64, 1),
                          ("volume", 64, 3)):  # fmt: skip
    large = weights_of([7], [first, 64], axes)
    small = weights_of([3, 3, 3], [first, 64, 64, 64], axes)
    print(f"{name:11} one of 7: {large:9,}   three of 3: {small:9,}", end="   ")
    print(f"{small / large:.2f}")

# %% [markdown]
# *(a)* No: it costs eight times as much. The stack pays $9 \cdot 64 \cdot 64$ for its
# second layer and again for its third, while the large kernel meets only three colours.
# *(b)* No: nine weights against seven. Count the lines under one circle in the picture:
# three in each of three layers, against seven. (All circles of a layer share their
# weights.) *(c)* Yes, and more than ever: 81 against 343. So the saving comes from the
# *power*: $k^2$, or $k^3$ in a volume, grows faster than the number of small layers
# that you need. And it appears only where many maps go in. Networks after VGG often
# begin with one large kernel and have small ones inside.

# %% [markdown] topics="two layers melted into one"
# ### What the ReLU between them does
#
# Leave it out. Then two convolutions are really one: the first makes sums, the second
# adds these up, and a sum of sums is a sum. Which single kernel does what the two do
# together?

# %% [markdown]
# ### Exercise 1.2 · Melt two into one
# 3 points · 25 minutes · ●●●●○ · needs nothing
#
# Two convolutions follow one another, with nothing in between, stride 1 and no padding.
# Return the weight and the bias of the one convolution that does the same for all
# inputs. The kernels may have any height and width, and the two need not have the same
# size. (Torch's transposed convolutions, week 2, are refused: work out the sums.)


# %% exercise="melted"
def melted(
    first: Tensor, first_bias: Tensor, second: Tensor, second_bias: Tensor
) -> tuple[Tensor, Tensor]:
    """Weight (I, L, …, …) and bias (I,) of one layer in place of two.

    first: (M, L, h, w); first_bias: (M,); second: (I, M, h', w'); second_bias: (I,)

    >>> weight, bias = melted(torch.ones(2, 1, 3, 3), torch.zeros(2),
    ...                       torch.ones(1, 2, 3, 3), torch.ones(1))
    >>> weight[0, 0, 0]
    tensor([2., 4., 6., 4., 2.])
    >>> bias
    tensor([1.])
    """
    ### BEGIN SOLUTION
    (_, inputs, height, width), (outputs, _, tall, wide) = first.shape, second.shape
    weight = first.new_zeros(outputs, inputs, height + tall - 1, width + wide - 1)
    for a in range(tall):
        for b in range(wide):
            part = torch.einsum("om,mihw->oihw", second[:, :, a, b], first)
            weight[:, :, a : a + height, b : b + width] += part
    return weight, second_bias + second.sum((2, 3)) @ first_bias
    ### END SOLUTION


# %% check="melted" points=3
checks.week6.melted(melted)

# %% [markdown] hint=1
# Begin on paper with rows: one map, kernels $(a, b, c)$ and $(d, e, f)$. Write down
# $z_0 = d\,y_0 + e\,y_1 + f\,y_2$, put in what the $y$ are, and collect what stands
# before $x_0, x_1, \dots, x_4$.

# %% [markdown] hint=1
# Each number of the second kernel multiplies a copy of the first. Take the number in
# row $r$ and column $s$: where in the large kernel does its copy begin? And with
# several maps in the middle, over what do you add?

# %% [markdown] hint=1
# For the bias, send a picture of zeros through both layers. What does each unit of the
# first layer say, and what does the second one make of it?

# %% [markdown]
# Each number of the second kernel lays down a copy of the first, multiplied by this
# number, at its own place; where copies overlap, they add up. You know such a layer
# from week 2 (notebook 3): it is a transposed convolution, with the second kernel as
# the picture that goes in. So `F.conv_transpose2d(second, first)` is your weight in one
# call, and from here on we use it.
#
# So without ReLU a stack can do nothing that one large kernel cannot. Can it do *less*?
#
# **Predict:** one map goes in, one comes out, and $m$ maps are in the middle. Pick any
# $5 \times 5$ kernel: are there two layers of $3 \times 3$ that melt into it? Count the
# weights on both sides first. The next cells take four kernels at random and look, with
# $m = 1$ and $m = 2$, for the nearest kernel that two such layers can make.


# %%
def outer(second: Tensor, first: Tensor) -> Tensor:
    """The 5×5 kernel of two kernels of 3×3: copies of the first, laid down."""
    return F.conv_transpose2d(second[None, None], first[None, None])[0, 0]


# %%
def nearest(target: Tensor, m: int, sweeps: int = 60) -> float:
    """What is left of a 5×5 kernel, as a part of its length, when m pairs are fitted.

    With the first layer fixed the best second one is a linear problem, and vice versa.
    """
    ones = torch.eye(9, dtype=torch.float64).reshape(9, 3, 3)
    kernels = torch.randn(m, 3, 3, dtype=torch.float64)
    for _ in range(sweeps):
        columns = [outer(one, kernel).flatten() for kernel in kernels for one in ones]
        table = torch.stack(columns, 1)
        found = torch.linalg.lstsq(table, target.flatten(), driver="gelsd").solution
        kernels = found.reshape(m, 3, 3)
    return float((table @ found - target.flatten()).norm() / target.norm())


# %%
torch.manual_seed(0)
targets = torch.randn(4, 5, 5, dtype=torch.float64)
left = {m: [min(nearest(t, m) for _ in range(3)) for t in targets] for m in (1, 2)}
for m, parts in left.items():
    print(f"m = {m}, {18 * m} weights for 25:", *(f"{part:.2f}" for part in parts))

# %% [markdown]
# With one map in the middle there are 18 weights for 25 numbers, and about a third of
# each kernel is out of reach, .31 to .39 of its length here. With two there are 36
# weights, and nothing is left over. So a stack is cheap *because* it can do less: it is
# a large kernel under a restriction. The authors saw in it a kind of regularisation,
# which forces large kernels to be made of small ones. What the stack gets in return is
# the ReLU: with it, no large kernel does the same.

# %% [markdown] topics="configurations A to E, a network from a table"
# ## 2. One table, five networks
#
# To find out what depth does, you have to change the depth and, if possible, nothing
# else. So all networks of the paper follow one plan: five blocks of $3 \times 3$
# convolutions, each padded so that maps keep their size, and each followed by a ReLU;
# after each block a max pooling of $2 \times 2$ with stride 2; then three dense layers.
# The first block has 64 maps, and the number doubles after each pooling, up to 512.
# Here are the rows, where `3-64` is a convolution of $3 \times 3$ with 64 maps.

# %%
TABLE = {
    "A": "3-64 max 3-128 max 3-256 3-256 max 3-512 3-512 max 3-512 3-512 max",
    "B": "3-64 3-64 max 3-128 3-128 max 3-256 3-256 max 3-512 3-512 max "
    "3-512 3-512 max",
    "C": "3-64 3-64 max 3-128 3-128 max 3-256 3-256 1-256 max "
    "3-512 3-512 1-512 max 3-512 3-512 1-512 max",
    "D": "3-64 3-64 max 3-128 3-128 max 3-256 3-256 3-256 max "
    "3-512 3-512 3-512 max 3-512 3-512 3-512 max",
    "E": "3-64 3-64 max 3-128 3-128 max 3-256 3-256 3-256 3-256 max "
    "3-512 3-512 3-512 3-512 max 3-512 3-512 3-512 3-512 max",
}

# %%
plots.show(
    plots.week6.columns(TABLE),
    caption="The five rows as towers, from the photograph at the bottom up. A box is a "
    "convolution, with its number of maps; a line is a pooling.",
    alt="Five towers of boxes side by side, A to E, of 8, 10, 13, 13 and 16 boxes in "
    "five blocks. The lines of the poolings part blocks of 64, 128, 256, 512 and 512 "
    "maps. In C the last box of the three upper blocks has another colour: 1 by 1.",
)

# %% [markdown]
# Only C has kernels of another size, three of $1 \times 1$. Names such as VGG-16 count
# the layers with weights: D has 13 convolutions and 3 dense layers. A is VGG-11, B
# VGG-13, E VGG-19.
#
# D has 138 million weights, half a gigabyte. Do you need all this memory just to count
# them? No. Tensors live on a **device**; besides `"cpu"` and graphics cards torch knows
# the device `"meta"`, on which a tensor has a shape and a type but no numbers. Layers
# that are made inside `with torch.device("meta"):` take no memory. They cannot tell a
# cat from a dog, but they can be counted.

# %% [markdown]
# ### Exercise 1.3 · A network from a row
# 3 points · 20 minutes · ●●●○○ · needs nothing
#
# Write the function that builds a network from any row of this kind; kernels of 1, 5 or
# 7 may occur as well. As in the plan above, each convolution keeps the size of its maps
# and is followed by a ReLU. After the row come two dense layers of 4096 units, each
# with a ReLU and then a dropout of one half, and at the end the dense layer of the
# scores. To spare your computer, the numbers of maps and of units are divided by
# `share`; the number of classes is not. Images may be oblong; their sides can always be
# halved as often as the row says. Each call makes a new network, all of whose weights
# can be trained, and leaves torch as it was, its default device included.
#
# (Do not use `coursekit.models` or torchvision. The check copies weights into your
# network, so any start will do, and runs it; with `device="meta"` it counts all of A to
# E.)


# %% exercise="from-row"
def vgg(
    row: str,
    classes: int = 1000,
    size: tuple[int, int] = (224, 224),
    share: int = 1,
    device: str = "cpu",
) -> nn.Module:
    """A network that takes images (n, 3, *size) to scores (n, classes).

    size: height and width of the images; device: where its weights are made

    network = vgg(TABLE["A"], classes=10, size=(32, 64), share=16)
    """
    ### BEGIN SOLUTION
    (height, width), maps, units = size, 3, 4096 // share
    layers: list[nn.Module] = []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers.append(nn.MaxPool2d(2))
                height, width = height // 2, width // 2
            else:
                k, outputs = map(int, word.split("-"))
                outputs //= share
                layers += [nn.Conv2d(maps, outputs, k, padding=k // 2), nn.ReLU()]
                maps = outputs
        layers.append(nn.Flatten())
        for i, o in pairwise([maps * height * width, units, units]):
            layers += [nn.Linear(i, o), nn.ReLU(), nn.Dropout()]
        return nn.Sequential(*layers, nn.Linear(units, classes))
    ### END SOLUTION


# %% check="from-row" points=3
checks.week6.vgg(vgg)

# %% [markdown] hint=1
# Go through `row.split()`, word by word. What must you remember of the words before, to
# make the next layer? And to make the first dense layer?

# %% [markdown] hint=1
# `map(int, "3-64".split("-"))` gives both numbers. Which padding keeps the size, for a
# kernel of 3, of 1, of 5?

# %% [markdown]
# Now count all five, on `meta`.
#
# **Predict:** from A to E eight convolutions are added. By what factor does the number
# of weights grow? And by how many points does the top-5 error on ImageNet fall (week 4,
# notebook 2: the right class is not among the five best guesses)? AlexNet had about
# 18 % with one network. (The next cell answers the first question, the table after it
# the second.)

# %%
with torch.device("meta"):
    counts = {name: sum(p.numel() for p in models.vgg(name).parameters())
              for name in "ABCDE"}  # fmt: skip
for name, count in counts.items():
    words = TABLE[name].split()
    layers = len(words) - words.count("max") + 3
    print(f"{name}: {layers} layers, {count:11,} weights")

# %% [markdown]
# From A to E the weights grow by 8 % only; section 3 looks for the others. And the
# error? Here is what the authors measured on 50,000 photographs, in percent (Simonyan
# and Zisserman, 2014, their table 3; all networks trained in the same way, each once,
# with images whose shorter side is 256).
#
# | row | layers | what is new | top-1 error | top-5 error |
# |---|---|---|---:|---:|
# | A | 11 | | 29.6 | 10.4 |
# | A-LRN | 11 | response normalisation behind the first layer | 29.7 | 10.5 |
# | B | 13 | two more layers of 3×3 | 28.7 | 9.9 |
# | C | 16 | three more layers of 1×1 | 28.1 | 9.4 |
# | D | 16 | 3×3 in their place | 27.0 | 8.8 |
# | E | 19 | three more layers of 3×3 | 27.3 | 9.0 |
#
# They trained one more: B with a single $5 \times 5$ layer in place of each pair of $3
# \times 3$ layers. It sees as far as B, and its top-1 error was 7 points higher. That
# answers the question of section 1, as far as one pair of runs can.

# %% [markdown]
# ### Exercise 1.4 · Quiz: what does the table say?
# 1 point · 8 minutes · ●●○○○ · needs nothing
#
# A comparison tells you what one thing is worth only if nothing else differs.
#
# - `one_relu`: which two rows tell what more layers are worth if these see *no
#   further*, and only mix maps and add ReLUs?
# - `context`: which two rows tell what it is worth to see further, at equal depth?
# - `nineteen`: does it follow from the table that nineteen layers are too many?

# %% exercise="paper-table"
one_relu: str | None = None  # such as "A and B", in the order of the table
context: str | None = None  # such as "A and B", in the order of the table
nineteen: str | None = None  # "yes" or "no"
### BEGIN SOLUTION
one_relu = "B and C"
context = "C and D"
nineteen = "no"
### END SOLUTION

# %% check="paper-table" points=1 quiz=1
checks.week6.paper_table(one_relu=one_relu, context=context, nineteen=nineteen)

# %% [markdown] hint=1
# For each pair of rows, write down *all* that differs between them: depth, what a unit
# sees, number of weights.

# %% [markdown]
# Trained on images of many scales, D and E changed places: 8.1 and 8.0 % in top-5
# error. The authors say that the error *saturates* at nineteen layers. Whether deeper
# networks are worse because they are deep is the question of week 7; it takes more than
# a tenth of a point to answer it.
#
# **The paper and ours.** For the competition of 2014 the authors averaged seven
# networks and had 7.3 % top-5 error, the second place behind GoogLeNet's 6.7 %
# (notebook 3). In the final version of the paper a single network had 7.0 %.
#
# | model | data | paper | ours |
# |---|---|---:|---|
# | VGG, seven networks | ImageNet, top-5 | 7.3 % | not yet run |
# | VGG, one network | ImageNet, top-5 | 7.0 % | not yet run |
#
# One training took them two to three weeks on four graphics cards. Ours is waiting for
# a larger machine.
#
# This is a good place for the break.

# %% [markdown] topics="where the weights sit, memory and time by layer"
# ## 3. Where 138 million sit
#
# To begin the second sitting, run the cell with the imports and the one with `TABLE`;
# that is enough.
#
# **Predict:** D has 16 layers with weights. Draw three rows of 16 bars on paper: the
# *weights* of each layer, the *numbers* that it puts out for one photograph of
# $224 \times 224$, which training has to keep, and its *multiply-adds*. Where is each
# row highest?

# %% [markdown]
# ### Exercise 1.5 · Quiz: predict, by hand
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# How many weights, biases included, do these parts of D have?
#
# - `first_dense`: the first dense layer;
# - `all_dense`: all three dense layers;
# - `all_convolutions`: the convolutions, which have what is left of 138,357,544;
# - `first_dense_large`: the first dense layer, if the same network were built for
#   images of $256 \times 320$.

# %% exercise="where-they-sit"
first_dense: int | None = None
all_dense: int | None = None
all_convolutions: int | None = None
first_dense_large: int | None = None
### BEGIN SOLUTION
first_dense = (512 * 7 * 7 + 1) * 4096
all_dense = first_dense + 4097 * 4096 + 4097 * 1000
all_convolutions = 138_357_544 - all_dense
first_dense_large = (512 * 8 * 10 + 1) * 4096
### END SOLUTION

# %% check="where-they-sit" points=2 quiz=1
checks.week6.where_they_sit(
    first_dense=first_dense,
    all_dense=all_dense,
    all_convolutions=all_convolutions,
    first_dense_large=first_dense_large,
)

# %% [markdown] hint=1
# How large are the last maps, after five halvings, and how many are there? Each of the
# 4096 units has a weight for every one of these numbers.


# %%
def bill(row: str, side: int = 224) -> list[tuple[str, int, int, int]]:
    """Of each layer: name, weights, numbers that it puts out, multiply-adds."""
    found, i = [], 3
    for block, words in enumerate(row.removesuffix("max").split("max"), 1):
        for place, word in enumerate(words.split(), 1):
            (k, o), area = map(int, word.split("-")), side**2
            name, kernel = f"conv{block}_{place}", k * k * i
            found.append((name, (kernel + 1) * o, o * area, kernel * o * area))
            i = o
        side //= 2
    ends = pairwise([i * side**2, 4096, 4096, 1000])
    dense = ((f"fc{n}", (a + 1) * b, b, a * b) for n, (a, b) in enumerate(ends, 6))
    return [*found, *dense]


# %%
bills = bill(TABLE["D"])

# %%
plots.show(
    plots.week6.three_bills(bills),
    caption="D, layer by layer, for one photograph. Above each panel stands the sum of "
    "its bars.",
    alt="Three panels of sixteen horizontal bars, from conv1_1 at the top to fc8 at "
    "the bottom. Weights: hardly anything in the convolutions, one long bar at fc6, a "
    "short one at fc7. Numbers put out: two long bars at conv1_1 and conv1_2, then "
    "half as long, and shorter with every block; nothing in the dense layers. "
    "Multiply-adds: hardly anything at conv1_1, and a bar as long as the longest at "
    "conv1_2; in blocks two to four all are as long, but for the first of each block, "
    "which is half as long; in block five all are a quarter as long, and the dense "
    "layers have hardly any.",
)

# %%
kinds = ("weights", "numbers", "multiply-adds")
for place, kind in enumerate(kinds, 1):
    whole = sum(layer[place] for layer in bills)
    dense = sum(layer[place] for layer in bills if layer[0].startswith("fc"))
    start = sum(layer[place] for layer in bills[:2])
    print(f"{kind:13} {whole:14,}: first two layers {start / whole:6.2%}, ", end="")
    print(f"dense layers {dense / whole:.2%}")

# %% [markdown]
# Three bills, three places. The *weights* sit in the dense layers, 89 % of them, and
# most of these in a single one: fc6 has 102,764,544. Nearly half of the *memory* that
# training needs sits in the first two layers: they put out 47 % of all numbers, with
# 0.03 % of the weights. The *work* is spread over the convolutions: all but conv1_1,
# which sees only three colours, have bars of one of three lengths. The dense layers do
# less than a hundredth of it. (Some lecture notes say that 120 of the 138 million
# weights are dense; you have found 123,642,856.)
#
# Why only three lengths?

# %% [markdown]
# ### Exercise 1.6 · By hand: half the side, twice the maps
# 2 points · 15 minutes · ●●●○○ · needs 1.5
#
# On paper or below:
#
# 1. A convolution of $3 \times 3$ has $C$ maps in and out, of side $n$. In the next
#    block it is $n/2$ and $2C$. By which factor does each of these change: numbers that
#    it puts out, weights (without biases), multiply-adds? Show how. And look at the
#    multiply-adds of blocks two to four: why does the first layer of each block cost
#    half as much as the others, and why does each layer of block five cost a quarter as
#    much as these others?
# 2. You want to train D with a larger batch, but the memory of your card is full. And
#    you want to put D into an app that is quick to download. Which layers would you
#    change for the first wish, which for the second, and why not the same ones? Give a
#    number for each.
# 3. A friend says: "Leave out fc6 and fc7, they have 86 % of the weights. Then it runs
#    seven times as fast." Answer in two sentences, with a number.

# %% [markdown] manual="half-the-side" points=2
# ### BEGIN SOLUTION
# 1. Numbers: $2C \cdot (n/2)^2 = \tfrac12 C n^2$, half. Weights: $9 \cdot 2C \cdot 2C$,
#    four times. Multiply-adds are weights times places: $4 \cdot \tfrac14 = 1$, the
#    same. The first layer of blocks two to four still gets the $C$ maps of the block
#    before, half of what the others get. In block five the side halves and the maps
#    stay at 512, also those that come in, so that only the quarter is left, for all
#    three.
# 2. Batch: memory in training is numbers times images, and conv1_1 and conv1_2 put out
#    $2 \cdot 64 \cdot 224^2$, 6.4 of 13.6 million numbers for each image, so fewer maps
#    or an early pooling there. (Dense layers hold 9,192 of the numbers.) Download:
#    weights, and fc6 alone has 103 of 138 million, so smaller dense layers, or fewer
#    numbers that go into them. A shared weight is used at many places, which makes
#    outputs many and weights few; a dense one is used once, and it is the other way
#    round.
# 3. The dense layers have 0.8 % of the multiply-adds, so it would get hardly faster
#    (weights are not work; at most what it takes to fetch them is saved); it is
#    the file that gets seven times as small.
#
# **Points**, half a point for each: the three factors ½, 4, 1 with a reason; half as
# dear *and* block five (both reasons); two different places in 2, each with a number
# and one reason; 3 with "under a hundredth of the work" or a number like it. Also right
# in 2: any layer of block one or two for the batch; in 3: whoever adds that the
# weights have to be fetched as well, week 4.
# ### END SOLUTION

# %% [markdown] hint=1
# Write each of the three as a product of $n^2$, $C$ and 9 first, and put in $n/2$ and
# $2C$ only then.

# %% [markdown] topics="dense layers as convolutions, maps of scores"
# ## 4. Any size you like
#
# D takes photographs of $224 \times 224$ only, because every unit of fc6 has one weight
# for each of the $512 \cdot 7 \cdot 7$ numbers in the last maps. Convolutions do not
# mind the size. What would a dense layer have to be, so that it does not mind either?
#
# A unit of fc6 multiplies all numbers in a $7 \times 7$ window of all maps by weights
# of its own, and adds up. You know this by another name: fc6 is a convolution with 4096
# kernels of $7 \times 7$, which happens to stop at one place only. And fc7 is a $1
# \times 1$ convolution, on maps of $1 \times 1$. The weights are the same numbers in
# another shape. On a larger photograph such kernels stop at more places, and every stop
# gives scores: a **map of scores**.

# %% [markdown]
# ### Exercise 1.7 · Dense layers as convolutions
# 3 points · 20 minutes · ●●●○○ · needs nothing
#
# The **head** of a network is what follows its last maps and makes scores of them.
# Write the change from dense layers to convolutions for any head. A head begins with
# `nn.Flatten()`; then come dense layers and, between them, layers without weights, such
# as ReLU and dropout, which stay as they are, with their settings. `size` is the size
# of the maps that the head was made for. Return a new model in which each dense layer
# is a convolution with the same numbers. For maps of this size it gives the same
# scores, with shape `(n, classes, 1, 1)`; for larger ones, scores at every place where
# the window fits, without padding.
#
# The head that you are given stays as it is, also in its mode, training or evaluation.
# The new model has memory of its own: training one of the two does not change the
# other. Its numbers have the same type as the head's.


# %% exercise="head-as-convolutions"
def as_convolutions(
    head: nn.Sequential, maps: int, size: tuple[int, int]
) -> nn.Sequential:
    """The head for maps (n, maps, height, width) of `size` and larger.

    size: height and width of the maps for which the head was made

    head = nn.Sequential(nn.Flatten(), nn.Linear(2 * 3 * 5, 4))
    as_convolutions(head, 2, (3, 5))(torch.zeros(1, 2, 7, 5))  # of shape (1, 4, 5, 1)
    """
    ### BEGIN SOLUTION
    layers: list[nn.Module] = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            bias = layer.bias is not None
            conv = nn.Conv2d(maps, layer.out_features, size, bias=bias)
            conv.weight = nn.Parameter(layer.weight.reshape(conv.weight.shape))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = layer.out_features, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)
    ### END SOLUTION


# %% check="head-as-convolutions" points=3
checks.week6.as_convolutions(as_convolutions)

# %% [markdown] hint=1
# In which order does `nn.Flatten` put the numbers of maps (maps, height, width) in a
# row? Which `reshape` takes a row of the weight back to where its numbers came from?

# %% [markdown] hint=1
# Only the first dense layer has a window. What is the window of the others?

# %% [markdown]
# **Predict:** on a photograph of $384 \times 384$, D's window of $224 \times 224$ stops
# at $6 \cdot 6 = 36$ places, in steps of 32 pixels. How many times cheaper is it to run
# the network once, over the whole photograph, than 36 times?

# %%
at_384 = bill(TABLE["D"], side=384)
windows = 36 * sum(layer[3] for layer in bills)
convolutions = sum(layer[3] for layer in at_384 if layer[0].startswith("conv"))
once = convolutions + 36 * sum(layer[3] for layer in bills[-3:])
print(f"36 windows: {windows / 1e9:.0f} billion multiply-adds")
print(f"once: {convolutions / 1e9:.1f} + {(once - convolutions) / 1e9:.1f} billion")
print(f"{windows / once:.1f} times less")

# %% [markdown]
# Eleven times cheaper. Neighbouring windows share most of their pixels, and what the
# convolutions make of these is now computed only once. Each weight of the dense layers
# is used 36 times now: a dense layer is a kernel that had only one place.
#
# ### A map of scores
#
# A small network in VGG's style comes with the course. The first eight of its nine
# convolutions and its four poolings make 192 maps of $2 \times 2$ from an image of
# CIFAR-10. It was trained on all of CIFAR-10's training images, and with its own head
# it names 80 % of the test images correctly. We give it a new head of two dense layers,
# train only this head, on a thousand of the same training images, and turn it into
# convolutions.

# %%
cifar = data.cifar10()
network = features.small()


@torch.no_grad()
def maps_of(images: Tensor) -> Tensor:
    """Its maps behind the fourth pooling, (n, 192, height / 16, width / 16).

    The network's numbers are large, 225 on average; divided by 250 they suit a head
    that starts from random weights.
    """
    return torch.cat([network(x, ["pool4"])["pool4"] for x in images.split(200)]) / 250


# %%
torch.manual_seed(0)
x, t = train.as_input(cifar.train.images[:1000]), cifar.train.labels[:1000]
x_held, t_held = train.as_input(cifar.test.images[:300]), cifar.test.labels[:300]
seen, seen_held = maps_of(x), maps_of(x_held)

# %%
head = nn.Sequential(nn.Flatten(), nn.Linear(192 * 2 * 2, 64), nn.ReLU(), nn.Dropout(),
                     nn.Linear(64, len(cifar.classes)))  # fmt: skip
adam = torch.optim.Adam(head.parameters(), lr=0.001)
for _ in range(250):
    batch = torch.randint(len(seen), (64,))
    loss = F.cross_entropy(head(seen[batch]), t[batch])
    adam.zero_grad()
    loss.backward()
    adam.step()
head.eval()
right = (head(seen_held).argmax(1) == t_held).float().mean().item()
print(f"{right:.0%} of {len(t_held)} images that it has not seen are right")


# %%
@torch.no_grad()
def scores_everywhere(maps: Tensor) -> Tensor:
    """The head as convolutions: scores (n, classes, height, width)."""
    _, first, _, _, second = head
    weight = first.weight.reshape(64, 192, 2, 2)
    hidden = F.relu(F.conv2d(maps, weight, first.bias))
    return F.conv2d(hidden, second.weight[:, :, None, None], second.bias)


# %% [markdown]
# Put fifteen images side by side, in one picture of $96 \times 160$ pixels. Its maps
# have $6 \times 10$ places, and the head's window of $2 \times 2$ fits at $5 \times 9$
# of them. At every second stop in each direction it has exactly one image in view, at
# the others parts of two or four.
#
# **Predict:** where the window has exactly one image in view, will the scores be *the
# same* as for this image alone?

# %%
horse = cifar.classes.index("horse") if "horse" in cifar.classes else 7
others = torch.nonzero(t_held != horse).flatten()[:12].tolist()
tiles = torch.tensor([*others, *torch.nonzero(t_held == horse).flatten()[:3].tolist()])
tiles = tiles[[0, 1, 2, 12, 3, 4, 13, 5, 6, 7, 8, 9, 10, 11, 14]]  # three among twelve
mosaic = x_held[tiles].reshape(3, 5, 3, 32, 32).permute(2, 0, 3, 1, 4)
mosaic = mosaic.reshape(1, 3, 96, 160)
probabilities = scores_everywhere(maps_of(mosaic)).softmax(1)[0]
alone = scores_everywhere(seen_held[tiles]).softmax(1)[:, :, 0, 0]
inside = probabilities[:, ::2, ::2].flatten(1).T

# %%
plots.show(
    plots.week6.tile_scores(mosaic[0], probabilities[horse], cifar.classes[horse]),
    caption="Left, the picture of fifteen images. Right, the probability of one class "
    "at each of 5 × 9 stops of the window; framed are those with one image in view.",
    alt="Left, fifteen small photographs in three rows of five. Right, a grid of five "
    "rows and nine columns in shades of blue. Dark cells lie around three of the "
    "framed places: the first row, fourth column of images; the second row, second "
    "column; the third row, fifth column.",
)

# %%
same = (inside.argmax(1) == alone.argmax(1)).sum().item()
apart = (inside - alone).abs().sum(1) / 2
at, away = inside[[3, 6, 14], horse], inside[t_held[tiles] != horse, horse]
print(f"the same first choice for {same} of {len(tiles)} images")
print(f"moved from class to class: {apart.mean():.2f} of the probability, on average")
print(f"{cifar.classes[horse]}: {at.mean():.2f} at its three places, ", end="")
print(f"{away.mean():.2f} at the others")

# %% [markdown]
# No. Most images keep their first choice, but not all, and about a fifth of the
# probability moves to another class. The head computes the same as before. But the
# convolutions below it are padded: at the rim of an image that stands alone they see
# zeros, and inside the large picture they see its neighbour. In images of $32 \times
# 32$ much is rim. The horses are found all the same, and so are some that are not
# there. A framed image without a horse may look like one because of its neighbours. And
# between the frames a cell can be as dark as on a horse: there the window sees parts of
# two or four images, and no answer is the right one.
#
# (We tried five other pictures of this kind. In each, 10 to 13 of the 15 images kept
# their first choice; the probability of "horse" was .50 to .94 on average at the three
# horses, and .05 to .10 at the others. If you have only the stand-in for CIFAR-10, the
# classes are photographs, and number 7 takes the place of the horses.)
#
# VGG's authors tested in just this way. They ran the network over the whole photograph
# and averaged the map of scores; and they did it at three sizes of the photograph,
# since a thing may be larger or smaller than the network expects (*dense, multi-scale
# evaluation*). From one size to three, the top-5 error of D fell from 8.1 to 7.5 %.
# Together with cropped windows, whose rims are padded with zeros, it fell to 7.2 %.

# %% [markdown] topics="why the shallow one came first"
# ## 5. Why A came first
#
# A could be trained from random numbers. B to E could not, the authors found: learning
# stalled. So they trained A, put its first four convolutions and its dense layers into
# the deeper network, drew the rest at random, and went on. "At random" meant normally
# distributed, with the same spread in every layer, whatever its size. The paper says a
# *variance* of $10^{-2}$, which is a standard deviation of 0.1; many others, AlexNet's
# authors among them, took a standard *deviation* of 0.01.
#
# **Predict**, with week 5: a layer with ReLU, whose units have the fan-in $n_\text{in}$
# and whose weights have the standard deviation $\sigma$, multiplies the size of the
# signal by $\sigma \sqrt{n_\text{in}/2}$. For 512 maps, $n_\text{in} = 9 \cdot 512$.
# What becomes of the signal in A's eight and in E's sixteen convolutions, with each of
# the two deviations, and with He's start?


# %%
def signal(outputs: Tensor) -> float:
    """How much the outputs differ from image to image (week 5)."""
    return outputs.double().var(dim=0, correction=0).mean().sqrt().item()


# %%
@torch.no_grad()
def signals(row: str, x: Tensor, deviation: float | None) -> list[float]:
    """The signal behind each convolution, just drawn; None is He's start."""
    found = []
    for word in row.split():
        if word == "max":
            x = F.max_pool2d(x, 2)
            continue
        k, o = map(int, word.split("-"))
        fan_in = k * k * x.shape[1]
        spread = math.sqrt(2 / fan_in) if deviation is None else deviation
        weight = spread * torch.randn(o, x.shape[1], k, k)
        x = F.relu(F.conv2d(x, weight, padding=k // 2))
        found.append(signal(x))
    return found


# %%
torch.manual_seed(0)
ten = x_held[:10]
ten = (ten - ten.mean()) / ten.std()
starts = {"deviation 0.01": 0.01, "variance 0.01": 0.1, "He": None}
curves = {
    (name, start): signals(TABLE[name], ten, deviation)
    for name in ("A", "E")
    for start, deviation in starts.items()
}
for (name, start), values in curves.items():
    print(f"{name}, {start:14}: {values[0]:.0e} behind the first convolution, ", end="")
    print(f"{values[-1]:.0e} behind the last, {values[-1] / values[0]:.1e} of it")

# %%
plots.show(
    plots.week6.start_signals(curves),
    caption="How much ten images differ behind each convolution of A and E, before any "
    "training, on a logarithmic scale.",
    alt="Two panels, A with eight layers and E with sixteen, three lines each. The "
    "line for a deviation of 0.01 falls, to below 10⁻⁵ in A and below 10⁻⁹ in E; that "
    "for a variance of 0.01 rises, to several hundred in A and to some millions in E; "
    "He's line is nearly level, and ends between 0.05 and 0.4.",
)

# %% [markdown]
# Whichever of the two it was: what A may survive, E does not. With a deviation of 0.01,
# about $10^{-4}$ of the signal is left from the first convolution to the last in A, and
# $10^{-8}$ in E. With 0.1 it grows, about two thousand times in A and $10^7$ times in
# E.
#
# With He's start the formula says that the signal keeps its size, and yet it falls, to
# about a third in A and a tenth in E (.06 to .13 from draw to draw). The rims take it
# away: He's formula counts nine inputs from each map, but on the $2 \times 2$ maps of
# block five, five of the nine lie on zeros. If the padding repeats the rim, in place of
# zeros, A keeps .7 to .8 and E .4 or more. Even a tenth is a long way from $10^{-8}$,
# and training can begin.
#
# After they had sent the paper off, the authors themselves found that Glorot's start,
# from 2010, makes the detour unnecessary. He's paper and batch normalisation came half
# a year later, and since then hardly anybody has trained A first.

# %% [markdown] topics="a budget for depth"
# ## 6. Deep, for small change
#
# The 135 minutes end here. On another evening, run the cell with the imports and go on
# from here: you need nothing else from above.
#
# E has sixteen convolutions and 143,667,240 weights, and it takes 19.6 billion
# multiply-adds for a photograph. How deep can you go with next to nothing?

# %% [markdown]
# ### Exercise 1.8 · Build: sixteen layers for small change
# 4 points · 45 minutes · ●●●●● · needs nothing
#
# Design a network in VGG's style for images of $32 \times 32$: a row as in section 2,
# made of nothing but `3-…` and `max`. After it comes one dense layer with ten scores,
# and nothing else; `build` makes the network from your row. The contract:
#
# - at least *16 convolutions*, as many as E has, of which at least *eight* have 24
#   maps or more;
# - at most *110,000 weights*, biases and the dense layer included, and at most
#   *5,000,000 multiply-adds* for one image;
# - trained by `practise` on 900 tiles cut from ten photographs, it tells for at least
#   *42 %* of 900 other tiles which photograph they come from, in the better of two
#   runs. (Grading uses other tiles and other random starts, and is content with 38 %.)
#
# The recipe is fixed: He's start, Adam, 150 steps and, as in 2014, no normalisation.
# Only the row is yours. One try takes five to ten seconds on a quiet core.


# %%
def build(row: str) -> nn.Sequential:
    """A row for images of 32 × 32, with one dense layer and He's start."""
    layers, maps, side = [], 3, 32
    for word in row.split():
        if word == "max":
            layers, side = [*layers, nn.MaxPool2d(2)], side // 2
        else:
            layers += [nn.Conv2d(maps, int(word[2:]), 3, padding=1), nn.ReLU()]
            maps = int(word[2:])
    model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(maps * side**2, 10))
    he_normal(model)  # of week 4: He's start, and biases of 0
    return model


# %%
photos = stand_in(CIFAR10)  # tiles of ten photographs: from which were they cut?
tiles_x = torch.cat([photos.train.images, photos.test.images]).float() / 255
tiles_x = tiles_x - tiles_x.mean((0, 2, 3), keepdim=True)
tiles_x = tiles_x / tiles_x.std((0, 2, 3), keepdim=True)
tiles_t = torch.cat([photos.train.labels, photos.test.labels])


# %%
def practise(row: str, seed: int, steps: int = 150) -> float:
    """Train a row on 900 tiles; the share of 900 others that is right."""
    torch.manual_seed(seed)
    learn, rest = torch.randperm(len(tiles_t))[:1800].split(900)
    model = build(row)
    adam = torch.optim.Adam(model.parameters(), lr=0.001)
    for _ in range(steps):
        batch = learn[torch.randint(900, (32,))]
        loss = F.cross_entropy(model(tiles_x[batch]), tiles_t[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
    choice = model(tiles_x[rest]).argmax(1)
    return (choice == tiles_t[rest]).float().mean().item()


# %% exercise="deep-row"
def deep_row() -> str:
    """A row such as "3-8 max 3-16 max", of at least sixteen convolutions.

    practise(deep_row(), seed=0)  # the share that is right
    """
    ### BEGIN SOLUTION
    stages = ["3-8", "3-16 " * 3, "3-24 " * 4, "3-32 " * 8]
    return " max ".join(stages)
    ### END SOLUTION


# %% check="deep-row" points=4
checks.week6.deep_row(deep_row)

# %% [markdown] hint=1
# Which of your layers takes most of the multiply-adds, and which most of the weights?
# Make yourself a table of both, as in section 3, before you train anything.

# %% [markdown] hint=1
# Where is a layer of 24 maps cheap: at $32 \times 32$, $8 \times 8$, or $2 \times 2$?
# And where is it of use? What does a kernel of $3 \times 3$ see on maps of one pixel?

# %% [markdown] hint=1
# Does your row fit the budget, but learn little? Train it with half of its layers left
# out. What does a layer cost that no bill shows? And do narrow layers carry the signal
# as well as wide ones?

# %% [markdown]
# <details><summary>What we found, when yours has passed</summary>
#
# One layer of 8 maps at $32 \times 32$, three of 16 at $16 \times 16$, four of 24 at $8
# \times 8$ and eight of 32 at $4 \times 4$ get about half of the tiles right. With
# other tiles and another start, the result moves by some ten points: in ten runs this
# row had 41 to 65 %. Four layers of 8 maps at each of four sizes, a tenth of the
# weights, had 29 to 55 % in ten: less on average, but with luck as much. That is why
# the contract asks for eight wide layers, and why one run is a poor judge.
#
# The row that comes to mind first, four layers each of 8, 16, 24 and 32 maps at the
# four sizes, takes 5.8 million multiply-adds, seven tenths of them at the first two
# sizes. So layers have to move to the small maps, where they are cheap. And a row of
# only *eight* layers, two each of 8, 16, 32 and 64 maps, takes less work and fewer
# weights and is better than all of these: more than 60 % most times. In a plain
# network, trained for a short time, depth costs more than it gives. Week 7 asks why,
# and what can be done.
#
# </details>

# %% [markdown]
# ## What to take with you
#
# VGG spends its budget on depth. A stack of three $3 \times 3$ layers sees $7 \times 7$
# for $27\,C^2$ weights instead of $49\,C^2$, and has three ReLUs; but it saves nothing
# on three colours, and nothing along a row. Without ReLUs it is one large kernel, and
# not even every large kernel can be made in this way. Five networks from one table
# showed that depth helps, with hardly anything else changed: from 10.4 to 8.8 % in
# top-5 error.
#
# VGG-16 has 138,357,544 weights, 123,642,856 of them in dense layers. Nearly half of
# the memory for training goes to its first two layers. In blocks two to four every
# layer but the first takes the same work, since half the side and twice the maps
# cancel. A dense layer is a convolution whose window fits once; written as one, it
# takes any size and gives a map of scores. Deep networks had to be grown from shallow
# ones until there were starts that keep the signal.
#
# **Where people slip**
#
# - "Small kernels are cheaper." Only with many maps going in, and in two dimensions or
#   more.
# - Counting two layers without a ReLU between them as depth.
# - "138 million weights, so it is slow." The weights sit in dense layers, the work does
#   not.
# - Removing weights to save memory in training. Look at what the first layers put out.
# - Taking a window of a padded network for the image alone. The rims differ.
#
# **Next:** notebook 2 puts a small network in place of each filter, and shows what can
# replace 124 million dense weights.
#
# **To read on:** Simonyan and Zisserman, *Very deep convolutional networks for
# large-scale image recognition* (2014), eight pages that you can now check line by
# line; Sermanet and others, *OverFeat* (2013), where maps of scores come from.
