# %% [markdown]
# # VGG
#
# Week 6 · notebook 1 of 4 · about 135 minutes · 20 points
#
# Two small kernels, or one large one? In 2014 two people in Oxford answered the
# question with five networks that differ in depth and in hardly anything else. You find
# out what a stack of small kernels sees, what it costs, and what it cannot do. Then you
# build all five networks from one table, look for their weights, their memory and their
# time, and turn a network for 224 pixels into one for any photograph.
#
# This is the first of four notebooks on one question: you may spend so many weights and
# so many multiply-adds; on what? The 135 minutes are for two sittings: 75 for sections
# 1 and 2, an hour for 3 to 5, with the break between them. They leave out section 6, a
# deep network of your own for small change (4 of the 20 points): another evening, of
# three quarters of an hour.
#
# **When you are done, you can**
#
# - say what a stack of kernels sees and what it costs, also where it is the dearer one;
# - melt two layers into one, and say what is lost when ReLU is between them;
# - build a network from a row of a table, and count it without giving it any memory;
# - say which layers hold the weights, which the memory and which the work, and why
#   these are three different places;
# - turn dense layers into convolutions, and read the map of scores of a large picture;
# - spend a budget of weights and work on depth, and see what depth takes in return.
#
# **You need** output sizes and receptive fields (week 2), AlexNet and counting (week 4,
# notebooks 2 and 4), and He's start (week 5, notebook 1). *Weights* are all numbers
# that are learned, biases included unless we say otherwise; *multiply-adds* are the
# products of convolutions and dense layers, without biases.

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
# kernels see much at once. Karen Simonyan and Andrew Zisserman, of the Visual Geometry
# Group in Oxford, took the smallest kernel that knows left from right and up from
# down, $3 \times 3$, everywhere, and put more layers one behind another.
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
# Both see 7. Each layer of 3 adds two pixels to what is seen, as in week 2. And the
# cost? Give every layer $C$ maps in and out, and leave the biases aside:
#
# $$ 3 \cdot (3 \cdot 3 \cdot C \cdot C) = 27\,C^2
# \qquad \text{against} \qquad 7 \cdot 7 \cdot C \cdot C = 49\,C^2 . $$
#
# The small ones need 55 % of the weights, and have three ReLUs in the place of one. Two
# layers of $3 \times 3$ against one of $5 \times 5$: 18 against 25, 72 %. With stride 1
# and padding all maps are equally large, so the multiply-adds have the same ratio.
#
# That much is in every textbook. When is it *not* so?

# %% [markdown]
# ### Exercise 1.1 · The price of a stack
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# Write what any stack of convolutions with stride 1 sees and costs. Its kernels may be
# of any side, and numbers of maps may change from layer to layer. With `axes=2` the
# kernels are squares; along a row, as for sound or text, it is 1 and they are as long
# as their side; in a volume it is 3 and they are cubes. No layer at all sees one pixel,
# and costs nothing.


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
# two numbers stand? And a bias belongs to each map of which kind?

# %% [markdown]
# **Predict:** three cases. Is the stack of three cheaper than one kernel of 7 *(a)* for
# the first layer of a network, from 3 colours to 64 maps, *(b)* for sound, along a row,
# with 64 maps everywhere, *(c)* in a volume, such as a scan of a head? Your function
# can say it as well.


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
# *(a)* No: eight times as dear. The stack pays $9 \cdot 64 \cdot 64$ for its second
# and third layer, while the large kernel meets only three colours. *(b)* No: nine
# weights against seven. In the picture they are the three lines under one circle of
# each layer; all circles of a layer share theirs. *(c)* Yes, and more than ever: 81
# against 343. So the saving is a matter of *squares*: $k^2$ grows faster
# than the number of small layers that one needs. And it is there only where many maps
# go in. Networks after VGG often begin with one large kernel, and are small inside.

# %% [markdown] topics="two layers melted into one"
# ### What the ReLU between them does
#
# Leave it out. Then two convolutions are one: what the second adds up are sums, and a
# sum of sums is a sum. Which kernel does the same as the two together?

# %% [markdown]
# ### Exercise 1.2 · Melt two into one
# 3 points · 25 minutes · ●●●●○ · needs nothing
#
# Two convolutions stand one behind the other, with nothing in between, stride 1 and no
# padding. Return the weight and the bias of the one convolution that does the same, for
# all inputs. The kernels may have any height and width, and the two need not be of one
# size. (Torch's transposed convolutions, week 2, are refused: work out the sums.)


# %% exercise="melted"
def melted(
    first: Tensor, first_bias: Tensor, second: Tensor, second_bias: Tensor
) -> tuple[Tensor, Tensor]:
    """Weight (O, I, …, …) and bias (O,) of one layer in the place of two.

    first: (M, I, h, w); first_bias: (M,); second: (O, M, h', w'); second_bias: (O,)

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
# In the sum, where does a copy of the first kernel begin that the second one's number
# at $(a, b)$ multiplies? And with several maps in the middle: over what do you add?

# %% [markdown] hint=1
# The bias: send a picture of zeros through both layers. What does each unit of the
# first layer say, and what does the second one make of it?

# %% [markdown]
# Each number of the second kernel lays down a copy of the first one, multiplied by
# itself, at its own place; where copies overlap, they are added up. You know such a
# layer from week 2 (notebook 3): it is a transposed convolution, with the second kernel
# as the picture that goes in. Hence `F.conv_transpose2d(second, first)` is your weight,
# in one call, and from here on we use it.
#
# So without ReLU a stack can do nothing that one large kernel cannot. Can it do *less*?
#
# **Predict:** take one map in and one out, and $m$ maps in the middle. Any $5 \times 5$
# kernel you like: can two layers of $3 \times 3$ be melted into it? Count weights on
# both sides first. For each $m$ we look for the nearest kernel that they can make.


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
# each kernel is left over, .31 to .39 of its length here. With two there are 36, and
# all kernels can be had. So a stack is cheap *because* it can do less: it is a large
# kernel under a restriction. The authors saw in it a kind of regularisation, which
# forces large kernels to be made of small ones. The ReLU is what the stack gets in
# return: with it there is no large kernel that does the same.

# %% [markdown] topics="configurations A to E, a network from a table"
# ## 2. One table, five networks
#
# To learn what depth does one has to change depth and, if possible, nothing else. So
# all networks of the paper have the same plan: blocks of $3 \times 3$ convolutions,
# each with a ReLU and with padding, so that maps keep their size; behind each of five
# blocks a max pooling of $2 \times 2$ with stride 2; then three dense layers. Maps
# begin with 64 and double behind each pooling, up to 512. Here are the rows, where
# `3-64` is a convolution of $3 \times 3$ with 64 maps.

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
# Only C has kernels of another size, three of $1 \times 1$: it is as deep as D, and
# sees less far. Names such as VGG-16 count the layers with weights: D has 13
# convolutions and 3 dense layers. A is VGG-11, B VGG-13, E VGG-19.
#
# A network of 138 million weights takes half a gigabyte, only to be counted? There is a
# way out. Tensors live on a *device*; besides `"cpu"` and graphics cards torch knows
# the device `"meta"`, on which a tensor has a shape and a type and no numbers. Layers
# that are made inside `with torch.device("meta"):` cost nothing. They cannot compute,
# but they can be counted.

# %% [markdown]
# ### Exercise 1.3 · A network from a row
# 3 points · 20 minutes · ●●●○○ · needs nothing
#
# Write the constructor for any row of this kind, also with kernels of 1, 5 or 7. Behind
# the row stand two dense layers of 4096 units, with ReLU and then dropout of one half
# each, and the layer of the scores. So that your computer need not carry all of it,
# numbers of maps and units are divided by `share`, but not the classes. Images may be
# oblong; their sides can always be halved as often as the row says. Each call makes a
# new network, all of whose weights can be trained, and leaves torch as it was, also
# its default device. (Nothing of `coursekit.models` and torchvision. The check copies
# weights into your network, so any start will do, and lets it run; with
# `device="meta"` it counts all of A to E.)


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
# Go through `row.split()`, word by word. What do you have to know about all words
# before, to make the next layer? And for the first dense layer?

# %% [markdown] hint=1
# `map(int, "3-64".split("-"))` gives both numbers. Which padding keeps the size, for a
# kernel of 3, of 1, of 5?

# %%
with torch.device("meta"):
    counts = {name: sum(p.numel() for p in models.vgg(name).parameters())
              for name in "ABCDE"}  # fmt: skip
for name, count in counts.items():
    words = TABLE[name].split()
    layers = len(words) - words.count("max") + 3
    print(f"{name}: {layers} layers, {count:11,} weights")

# %% [markdown]
# **Predict:** from A to E eight convolutions are added. By how much does the error on
# ImageNet fall? AlexNet had a top-5 error of about 18 % with one network.
#
# Here is what the authors measured on 50,000 photographs, in percent (Simonyan and
# Zisserman, 2014, their table 3; all networks trained in the same way, each once, with
# images whose shorter side is 256).
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
# And one more: B with a single $5 \times 5$ in the place of each pair of $3 \times 3$.
# It sees the same, and its top-1 error was 7 points higher than B's. That answers the
# title of section 1, as far as one pair of trainings can.

# %% [markdown]
# ### Exercise 1.4 · Quiz: what does the table say?
# 1 point · 8 minutes · ●●○○○ · needs nothing
#
# A comparison tells what one thing is worth only if nothing else differs.
#
# - `one_relu`: which two rows tell what more layers are worth that see *no further*
#   (they mix maps, and have ReLUs)?
# - `context`: which two tell what it is worth to see further, at equal depth?
# - `nineteen`: does it follow that nineteen layers are too many?

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
# With images of many scales in training, D and E changed places: 8.1 and 8.0. The
# authors say that the error *saturates* at nineteen layers. Whether deeper networks
# are worse because they are deep is the question of week 7; it takes more than a tenth
# of a point to answer it.
#
# **The paper and ours.** For the competition of 2014 they averaged seven networks and
# had 7.3 % top-5 error, the second place behind GoogLeNet's 6.7 % (notebook 3); a
# single network, in the final version of the paper, had 7.0 %.
#
# | model | data | paper | ours |
# |---|---|---:|---|
# | VGG, seven networks | ImageNet, top-5 | 7.3 % | not yet run |
# | VGG, one network | ImageNet, top-5 | 7.0 % | not yet run |
#
# One training took them two to three weeks on four graphics cards. Ours would have to
# wait for a larger machine.
#
# This is a good place for the break.

# %% [markdown] topics="where the weights sit, memory and time by layer"
# ## 3. Where 138 million sit
#
# For the second sitting the cell with the imports and the one with `TABLE` are enough.
#
# **Predict:** D has 16 layers with weights. Draw three rows of 16 bars on paper: the
# *weights* of each layer, the *numbers* that it puts out for one photograph of
# $224 \times 224$, which training has to keep, and its *multiply-adds*. Where is each
# row highest?

# %% [markdown]
# ### Exercise 1.5 · Quiz: predict, by hand
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# For D, with biases. `first_dense`: the weights of the first dense layer. `all_dense`:
# of all three. `all_convolutions`: what is left of 138,357,544. And: the same network
# for images of $256 \times 320$ would have how many weights in its first dense layer,
# `first_dense_large`?

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
# Three bills, three places. The **weights** sit in the dense layers, 89 % of them, and
# nearly all of these in one: fc6 has 102,764,544. The **memory** of training sits in
# the first two layers, which put out 47 % of all numbers and have 0.03 % of the
# weights. The **work** is spread over the convolutions: all but conv1_1, which sees
# only three colours, have bars of one of three lengths. The dense layers have less than
# a hundredth of it. (Some lecture notes say that 120 of the 138 million are dense; you
# have found 123,642,856.)
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
#    it puts out, weights (without biases), multiply-adds? Show how. And why is, in
#    blocks two to four, the first layer half as dear as the others, and each layer of
#    block five a quarter as dear as those?
# 2. You want to train D with a larger batch, on a card whose memory is full. And you
#    want an app with D that is quick to download. Which layers would you change for
#    which, and why not the same? A number for each.
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
# D takes photographs of $224 \times 224$, because fc6 has a weight for each of the
# $512 \cdot 7 \cdot 7$ numbers that come out of its maps. Convolutions do not mind the
# size. What would a dense layer have to be, so that it does not mind either?
#
# A unit of fc6 multiplies all numbers of a $7 \times 7$ window of all maps by weights
# of its own, and adds up. There is a name for this: it is a convolution with kernels of
# $7 \times 7$, 4096 of them, which happens to stop at one place only. And fc7, on maps
# of $1 \times 1$, is a convolution of $1 \times 1$. The numbers are the same; they
# only stand in other shapes. On a larger photograph such kernels stop at more places,
# and every stop gives scores: a **map of scores**.

# %% [markdown]
# ### Exercise 1.7 · Dense layers as convolutions
# 3 points · 20 minutes · ●●●○○ · needs nothing
#
# Write the change for any head. It begins with `nn.Flatten()`, then come dense layers
# and between them others without weights, such as ReLU and dropout, which stay as they
# are, with their settings. The maps that it was made for have the size `size`. Return a
# new model in which each dense layer is a convolution with the same numbers. For maps
# of this size it gives the same scores, with shape `(n, classes, 1, 1)`; for larger
# ones, scores at every place where the window fits, without padding.
#
# The head stays as it is, also in its mode, training or evaluation. The new model has
# memory of its own: whoever trains one of the two does not change the other. It has the
# type of the head's numbers.


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
# **Predict:** a photograph of $384 \times 384$, and D's window of $224 \times 224$ in
# steps of 32 pixels: $6 \cdot 6 = 36$ windows. How much cheaper is it to run the
# network once, over the whole photograph, than 36 times?

# %%
at_384 = bill(TABLE["D"], side=384)
windows = 36 * sum(layer[3] for layer in bills)
convolutions = sum(layer[3] for layer in at_384 if layer[0].startswith("conv"))
once = convolutions + 36 * sum(layer[3] for layer in bills[-3:])
print(f"36 windows: {windows / 1e9:.0f} billion multiply-adds")
print(f"once: {convolutions / 1e9:.1f} + {(once - convolutions) / 1e9:.1f} billion")
print(f"{windows / once:.1f} times less")

# %% [markdown]
# Eleven times cheaper: neighbouring windows share most of their pixels, and what the
# convolutions make of these is computed once. The dense layers' numbers are used 36
# times each now; a dense layer is a kernel that had only one place.
#
# ### A map of scores
#
# A small network of VGG's kind comes with the course: eight convolutions before its
# fourth pooling, which make 192 maps of $2 \times 2$ from an image of CIFAR-10. It has
# learned from CIFAR-10's training images, all of them, and with a head of its own it
# names 80 % of the test images. We give it a new head of two dense layers, train only
# this one, on a thousand of the same training images, and turn it into convolutions.

# %%
cifar = data.cifar10()
network = features.small()


@torch.no_grad()
def maps_of(images: Tensor) -> Tensor:
    """Its maps behind the fourth pooling, (n, 192, height / 16, width / 16).

    The network's numbers are large, 225 on average; divided by 250 they suit a head
    that has just been drawn.
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
# Fifteen images become one picture of $96 \times 160$ pixels, whose maps have $6 \times
# 10$ places. The window of $2 \times 2$ fits at $5 \times 9$ of them; every second stop
# in each direction has one image in view, and the others have parts of two or four.
#
# **Predict:** where it has exactly one image in view, will its scores be *the same* as
# for this image alone?

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
# probability moves to another class. The head is the same, and computes the same. But
# the convolutions below it are padded: at the rim of an image that stands alone they
# see zeros, and inside a picture they see the neighbour. On images of $32 \times 32$
# much is rim. The horses are found all the same. So are some that are none: a framed
# image without a horse may be given one, for its neighbours' sake, and between the
# frames a cell can be as dark as a horse's. There the window has parts of two or four
# images in view, and there is nothing that its scores ought to be.
#
# (With five other pictures of CIFAR-10 the first choice was the same for 10 to 13
# images of 15; on average, the three horses had .50 to .94 in each, and the others .05
# to .10. With the stand-in for CIFAR-10 the classes are photographs, and number 7 takes
# the place of the horses.)
#
# The authors tested in just this way: the whole photograph at once, the map of scores
# averaged, and that for three sizes of the photograph, since a thing may be larger or
# smaller than the network expects (*dense, multi-scale evaluation*). From one size to
# three the top-5 error of D fell from 8.1 to 7.5 %, and together with cropped windows,
# whose rims are padded otherwise, to 7.2 %.

# %% [markdown] topics="why the shallow one came first"
# ## 5. Why A came first
#
# A could be trained from random numbers. B to E could not, the authors found: learning
# stalled. So they trained A, put its first four convolutions and its dense layers into
# the deeper network, drew the rest at random, and went on. Random meant normal numbers
# with the same spread in every layer, whatever its size: the paper says a *variance* of
# $10^{-2}$, a deviation of 0.1; many others, AlexNet among them, took a *deviation* of
# 0.01.
#
# **Predict**, with week 5: a layer with fan-in $n$ and deviation $\sigma$ changes the
# size of what passes by $\sigma \sqrt{n/2}$. For 512 maps, $n = 9 \cdot 512$. What
# happens in A's eight and in E's sixteen convolutions, with each of the two, and with
# He's start?


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
# Whichever of the two it was: what A may survive, E does not. With a deviation of 0.01
# some $10^{-4}$ of the signal is left in A between the first and the last convolution,
# and $10^{-8}$ in E. With 0.1 it grows, some two thousand times in A and $10^7$ times
# in E.
#
# With He's start the formula says that it stays, and yet it falls, to about a third in
# A and a tenth in E (.06 to .13 from draw to draw). This is lost at the rims: He counts
# nine inputs for each kernel, but on the maps of $2 \times 2$ of block five, five of
# the nine lie on zeros. With rims that are repeated, in place of zeros, A keeps .7 to
# .8 and E .4 or more. That is far from $10^{-8}$, and training can begin. The authors
# found out themselves, after they had sent the paper off, that Glorot's start, from
# 2010, would have done without the detour. He's paper and batch normalisation came half
# a year later, and hardly anybody has trained A first since.

# %% [markdown] topics="a budget for depth"
# ## 6. Deep, for small change
#
# Here the 135 minutes end. On another evening run the cell with the imports, and begin
# here: nothing else above is needed.
#
# E has sixteen convolutions, 143,667,240 weights, and takes 19.6 billion multiply-adds
# for a photograph. How deep can one go with next to nothing?

# %% [markdown]
# ### Exercise 1.8 · Build: sixteen layers for small change
# 4 points · 45 minutes · ●●●●● · needs nothing
#
# Design a network of VGG's kind for images of $32 \times 32$: a row as in section 2, of
# nothing but `3-…` and `max`. Behind it stands one dense layer with ten scores, and
# nothing else. The contract:
#
# - at least **16 convolutions**, as many as E has, and **eight** of them or more with
#   24 maps at least;
# - at most **110,000 weights**, with biases and with the dense layer, and at most
#   **5,000,000 multiply-adds** for one image;
# - trained as `practise` does it, on 900 tiles of ten photographs, it has at least
#   **42 %** right of 900 others, in the better of two trainings. (Grading deals out
#   other tiles, starts from other numbers, and is content with 38 %.)
#
# The recipe is fixed: He's start, Adam, 150 steps, no normalisation, as in 2014. Only
# the row is yours. One try takes five to ten seconds on a quiet core.


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
    """Train a row on 900 tiles; the part of 900 others that is right."""
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

    practise(deep_row(), seed=0)  # the part that is right
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
# Within the budget, and it learns little? Train the same row with half of its layers
# left out. So what does a layer cost that no bill shows? And do narrow layers carry the
# signal as well as wide ones?

# %% [markdown]
# <details><summary>What we found, when yours has passed</summary>
#
# One layer of 8 maps at $32 \times 32$, three of 16 at $16 \times 16$, four of 24 at
# $8 \times 8$ and eight of 32 at $4 \times 4$ come to about a half. One try scatters by
# some ten points, with other tiles and another start: in ten trainings this row had 41
# to 65 %. Four layers of 8 maps at each of four sizes, a tenth of the weights, had 29
# to 55 % in ten: less on average, and with luck as much. That is why the contract asks
# for eight wide layers, and why one training is a poor judge.
#
# Four layers of 8, 16, 24 and 32 maps at the four sizes, the row that comes to mind
# first, takes 5.8 million multiply-adds, seven tenths of them at the first two sizes:
# layers have to move on, to the small maps, where they are cheap. And a row of *eight*
# layers, two of 8, of 16, of 32 and of 64 maps, for less work and fewer weights, is
# better than all of these: more than 60 % most times. In a plain network, trained for a
# short time, depth costs more than it gives. Week 7 asks why, and what can be done.
#
# </details>

# %% [markdown]
# ## What to take with you
#
# A stack of three $3 \times 3$ sees $7 \times 7$ for $27\,C^2$ weights in the place of
# $49\,C^2$, and has three ReLUs; not so for three colours, and not along a row. Without
# ReLU it is one large kernel, and not any one. Five networks from one table showed that
# depth helps, with hardly anything else changed: from 10.4 to 8.8 % in top-5 error.
# VGG-16 has 138,357,544 weights, 123,642,856 of them dense; half of its memory is in
# its first two layers, and its work is the same in layer after layer of blocks two to
# four, but for the first of each, since half the side and twice the maps cancel. A
# dense layer is a convolution whose window fits once: as one, it takes any size, and
# gives a map of scores. Deep networks were grown from shallow ones until there were
# starts that keep the signal.
#
# **Where people slip**
#
# - "Small kernels are cheaper." With many maps in, and in two dimensions or more.
# - Two layers without ReLU counted as depth.
# - "138 million weights, so it is slow." The weights are dense, the work is not.
# - Fewer weights to save memory in training: look at what the first layers put out.
# - A window of a padded network taken for the image alone. The rims differ.
#
# **Next:** notebook 2, a network in the place of a filter, and what can be had instead
# of 124 million dense weights.
#
# **To read on:** Simonyan and Zisserman, *Very deep convolutional networks for
# large-scale image recognition* (2014), eight pages that you can now check line by
# line; Sermanet and others, *OverFeat* (2013), where maps of scores come from.
