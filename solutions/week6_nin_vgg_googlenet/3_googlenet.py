# %% [markdown]
# # GoogLeNet
#
# Week 6 · notebook 3 of 4 · about 135 minutes · 20 points
#
# The network that won the ImageNet contest of 2014 did not decide between small kernels
# and large ones. It took all sizes at once, and it was cheap: it had less than a tenth
# of the weights of VGG, the runner-up. You find out what makes it cheap, build its
# module, count it row by row, and settle a quarrel about how many weights it has:
# people say 4, 5, 6.6, 6.8, 7 or 13 million.
#
# VGG (notebook 1) spends its budget on depth, Network in Network (notebook 2) on a
# small network for each pixel. GoogLeNet turns the $1 \times 1$ layers of notebook 2
# into savings, and spends these on many kernel sizes and on depth. At the end you spend
# a budget yourself.
#
# The 135 minutes are for two sittings: sections 1 to 3 and, after the break, sections 4
# to 6. Sections 7 and 8 are for another evening, of an hour and a half: heads that help
# a deep network to learn, and an open build (7 of the 20 points).
#
# **When you are done, you can**
#
# - say what kernels of several sizes cost, and what a narrow layer before them saves;
# - choose how narrow such a *bottleneck* must be, and say what it can lose;
# - build an inception module, and say which maps can be stacked;
# - count a network from its table, and ask of any number of weights what was counted;
# - write a loss with auxiliary heads, and say what they are good for.
#
# **You need** $1 \times 1$ convolutions (notebook 2; week 1, notebook 3), multiply-adds
# (week 4, notebook 4), vanishing gradients (week 5, notebook 1) and, for the open
# build, the singular value decomposition from linear algebra.

# %%
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, explore, features, models, plots, train
from coursekit.anatomy import count_layers

# %% [markdown] topics="several kernel sizes, inception module"
# ## 1. Which size?
#
# VGG took $3 \times 3$ everywhere (notebook 1). AlexNet had 11, 5 and 3. Who is right?
# Ask the sky.

# %%
sky = F.avg_pool2d(data.photograph("hubble")[None].float(), 4)[0]
places = {1: (32, 97), 3: (138, 120), 5: (179, 105)}

# %%
plots.show(
    plots.week6.things(sky, places),
    caption="A deep look into the sky by the Hubble telescope, made four times "
    "smaller, and three of its spots. The frames have 1, 3 and 5 pixels a side.",
    alt="Left, a black picture with hundreds of light spots, from single pixels to "
    "blobs; three are framed. Right, the three enlarged: in the first a single bright "
    "pixel, in the second a spot that fills a frame of 3 by 3, in the third a blob "
    "that fills a frame of 5 by 5.",
)

# %% [markdown]
# One and the same picture has things of one pixel, of three and of five. A $3 \times 3$
# kernel sees only a part of the blob; a $5 \times 5$ kernel spends 24 of its 25 weights
# on the dark around the dot. So why choose? Let a layer have kernels of all sizes, side
# by side, and stack the maps that come out. That is the idea of the **inception
# module** (Szegedy and others, 2014). It has four **branches**, one of them a max
# pooling, because pooling had always been of use:
#
# - $1 \times 1$, as many maps as you like;
# - $3 \times 3$, padding 1;
# - $5 \times 5$, padding 2;
# - max pooling $3 \times 3$ with stride 1, padding 1.
#
# **Predict:** 192 maps of $28 \times 28$ go in; 64 maps come from the $1 \times 1$, 128
# from the $3 \times 3$, 32 from the $5 \times 5$ kernels. Which of these three branches
# takes the most multiply-adds, and which takes the fewest?

# %% [markdown]
# ### Exercise 3.1 · Quiz: what a five costs
# 2 points · 10 minutes · ●●○○○ · needs 4.2 (week 4)
#
# Take the last of the three: 32 kernels of $5 \times 5$, on 192 maps of $28 \times 28$.
# How many multiply-adds does it take, and how many weights does it have (with biases,
# as always)? Then somebody puts a layer of 16 kernels of $1 \times 1$ before it, so
# that the $5 \times 5$ kernels see 16 maps in place of 192. How many multiply-adds and
# weights do the two layers have together? (A product in Python will do as an answer.)

# %% exercise="what-a-five-costs"
direct_multiply_adds: int | None = None
direct_weights: int | None = None
narrow_multiply_adds: int | None = None
narrow_weights: int | None = None
### BEGIN SOLUTION
direct_multiply_adds = 28 * 28 * 32 * 25 * 192
direct_weights = 32 * (25 * 192 + 1)
narrow_multiply_adds = 28 * 28 * (16 * 192 + 32 * 25 * 16)
narrow_weights = 16 * (192 + 1) + 32 * (25 * 16 + 1)
### END SOLUTION

# %% check="what-a-five-costs" points=2 quiz=1
checks.week6.what_a_five_costs(
    direct_multiply_adds=direct_multiply_adds,
    direct_weights=direct_weights,
    narrow_multiply_adds=narrow_multiply_adds,
    narrow_weights=narrow_weights,
)

# %% [markdown] hint=1
# One number of the output is a sum of how many products? And how many numbers come out?

# %% [markdown] hint=1
# The $1 \times 1$ layer makes numbers as well, 16 at each place, and each of them is a
# sum over 192 maps.

# %% [markdown] topics="bottlenecks"
# ## 2. A narrow place
#
# Now the same for the whole module. The $5 \times 5$ kernels have the narrow layer of
# 16 maps before them, and the $3 \times 3$ kernels get one of 96 maps. The pooling has
# no weights at all, but it passes on all of its 192 maps; so it gets a $1 \times 1$
# layer of 32 maps, too, but after it, where this layer is called a **projection**.

# %%
PLACES = 28 * 28
naive = {"1×1": [192 * 64], "3×3": [9 * 192 * 128], "5×5": [25 * 192 * 32]}
narrow = {
    "1×1": [192 * 64],
    "3×3": [192 * 96, 9 * 96 * 128],
    "5×5": [192 * 16, 25 * 16 * 32],
    "pool": [192 * 32],
}
for name, module in (("naive", naive), ("narrow", narrow)):
    work = {branch: PLACES * sum(parts) for branch, parts in module.items()}
    print(f"{name:7}", *(f"{branch} {n:11,}" for branch, n in work.items()), sep="  ")
    print(f"{'':9}all {sum(work.values()):,}")

# %%
plots.show(
    plots.week6.bills({"naive": naive, "narrow": narrow}, PLACES),
    caption="Multiply-adds of the module for one image, in millions, by branch. "
    "Hatched: the 1×1 layers that make it narrow.",
    alt="Two bars. The upper one, naive, is 303 million long: a short piece for 1×1, a "
    "long one for 3×3, 173, and another for 5×5, 120. The lower one, narrow, is 128 "
    "long; most of it is 3×3, 101, and the piece for 5×5 is 12.",
)

# %% [markdown]
# The $5 \times 5$ branch made the fewest maps and took 120 million multiply-adds, 40 %
# of all. With a narrow layer before it, it takes a tenth of that, though a layer has
# been *added*. Such a layer is called a **bottleneck**. The whole module needs 128
# million in place of 303. And it puts out 256 maps; without the projection it would put
# out 416.
#
# This is the picture to remember: four pipes, each as wide as its number of maps.

# %%
plots.show(
    plots.week6.pipes(192, (64, 96, 128, 16, 32, 32)),
    caption="The first inception module of GoogLeNet. The width of a pipe is the "
    "number of its maps. Each branch reads all 192; right, the stack that goes on.",
    alt="Four horizontal pipes, one above the other, each 192 wide at its left end. "
    "The first narrows to 64. The second narrows to 96 and widens to 128. The third "
    "narrows to 16, hardly more than a line, and widens to 32. The fourth keeps 192 "
    "through the pooling and narrows to 32. Right of them a stack of four pieces, 256 "
    "high.",
)

# %% [markdown]
# How narrow is narrow enough? Let $L$ maps go in, let $I$ maps come out of the $k
# \times k$ kernels, and let $r$ be the number of maps at the narrow place between.

# %% [markdown]
# ### Exercise 3.2 · How narrow?
# 2 points · 12 minutes · ●●○○○ · needs 3.1
#
# The pair of layers, $1 \times 1$ and then $k \times k$, may take at most 1/`part` of
# the multiply-adds that the $k \times k$ layer takes alone. Return the largest $r$ for
# which this holds, exactly, or 0 if even one map is too many. Derive it on paper first:
# do you need the size of the maps? (Divide whole numbers with `//`: floats round, and
# the check has numbers of 17 digits, too.)


# %% exercise="how-narrow"
def widest(inputs: int, outputs: int, k: int, part: int = 1) -> int:
    """The widest bottleneck with which both layers need at most 1 / part of the work.

    inputs, outputs: numbers of maps, L and I; k: side of the kernels; part: from 1 up

    >>> widest(192, 32, 5, 10)
    15
    """
    ### BEGIN SOLUTION
    alone = outputs * k * k * inputs
    for_each = inputs + outputs * k * k
    return alone // (part * for_each)
    ### END SOLUTION


# %% check="how-narrow" points=2
checks.week6.widest(widest)

# %% [markdown] hint=1
# Write the multiply-adds of both layers with $L$, $I$, $k$, $r$ and the number of
# places. What does one more map at the narrow place cost, in *both* layers?

# %% [markdown] hint=1
# $a \le b / c$ for whole numbers: multiply, and divide once, rounding down.

# %% [markdown]
# The number of places is a factor on both sides and drops out. With `part=1` you get
# the point where the bottleneck stops saving: for the $5 \times 5$ kernels above it is
# 154 maps of 192. So there is a lot of room for saving.
#
# Now look at the bill of the whole module. **Predict:** you may double *one* of its six
# numbers, 64, 96 and 128, 16 and 32, 32. Which doubling makes the module dearest, and
# by how much: a tenth, a half, three quarters? And does it give you more maps at the
# end? Then move the sliders. (Nothing moves? Then call `explore.inception(192, 64, 96,
# 256, 16, 32, 32)`, with numbers of your own, and compare the sums.)

# %%
explore.inception(192, 64, 96, 128, 16, 32, 32)

# %% [markdown]
# The bottleneck before the $3 \times 3$ kernels: with 192 in place of 96 the module
# takes 229 million multiply-adds, 79 % more, and not one map more comes out. Doubling
# the $3 \times 3$ maps themselves comes next, with 68 % more, then, far behind, the
# bottleneck of the $5 \times 5$ kernels with 10 %. Each map at a narrow place is paid
# for twice: $L$ weights make it, and $I k^2$ weights read it. So the cheapest way to
# save is to squeeze the maps that nobody sees.
#
# But what is *lost* at a narrow place? If the 192 maps all say different things, 16
# numbers cannot hold them. If they repeat each other, a few sums may say it all.
#
# Look at a trained network: the small one for CIFAR-10, in VGG's style, that comes with
# the course. At each place of a photograph, the numbers of all maps are a point in a
# space with an axis for each map. How many directions of this space do the points need?
# Write them into a matrix $A$, with a row for each place and a column for each map.
# Square its singular values, the largest first: how many of the squares make up 90 % or
# 99 % of the sum of all? The cell takes the squares from $A^\top A$: they are its
# eigenvalues, and it has only as many rows as there are maps. (`relu2_2` is what comes
# out of the second convolution of block 2 and its ReLU.)
#
# **Predict:** for layers of 96, 144 and 192 maps, how many directions hold 90 %?


# %%
def directions(maps: Tensor, share: float) -> int:
    """How many directions hold this share of the squares of maps (n, c, h, w)."""
    rows = maps.double().permute(0, 2, 3, 1).flatten(0, 2)
    squares = torch.linalg.eigvalsh(rows.T @ rows).flip(0)
    return int((squares.cumsum(0) / squares.sum() < share).sum()) + 1


photos = data.cifar10()
trained = features.small()
seen = trained(
    train.as_input(photos.test.images[:100]), ["relu2_2", "relu3_2", "relu4_2"]
)

# %%
for name, maps in seen.items():
    few, many = directions(maps, 0.9), directions(maps, 0.99)
    zeros = (maps == 0).double().mean()
    print(f"{name}: {maps.shape[1]} maps; 90 % in {few}, 99 % in {many}; ", end="")
    print(f"{zeros:.0%} of all numbers are 0")

# %% [markdown]
# About half of the directions hold nine tenths in the second and third block, and a
# seventh of them in the fourth. So there is something to gain, and more of it deep
# inside. (Besides, most of the numbers are 0: that is the ReLU.) But it is not free:
# for 99 % you need most of the directions in the earlier blocks. A bottleneck is
# learned together with what comes after it, so that it can keep the directions that
# matter.

# %% [markdown] topics="building an inception module"
# ## 3. The module
#
# Now you have all the parts. The paper's table lists six numbers for each module, and
# calls the bottlenecks "reduce". With the number of maps that go in, there are seven:
# inputs, $1 \times 1$, before $3 \times 3$, $3 \times 3$, before $5 \times 5$, $5
# \times 5$, projection.

# %%
TABLE = {
    "3a": (192, 64, 96, 128, 16, 32, 32),
    "3b": (256, 128, 128, 192, 32, 96, 64),
    "4a": (480, 192, 96, 208, 16, 48, 64),
    "4b": (512, 160, 112, 224, 24, 64, 64),
    "4c": (512, 128, 128, 256, 24, 64, 64),
    "4d": (512, 112, 144, 288, 32, 64, 64),
    "4e": (528, 256, 160, 320, 32, 128, 128),
    "5a": (832, 256, 160, 320, 32, 128, 128),
    "5b": (832, 384, 192, 384, 48, 128, 128),
}

# %% [markdown]
# ### Exercise 3.3 · Inception
# 3 points · 25 minutes · ●●●○○ · needs nothing
#
# Build the module out of six convolutions, each a layer of its own; nothing else in it
# has weights. Every convolution has a bias and a ReLU right after it, the bottlenecks
# too. The module does the same in training and in evaluation. Maps keep their height
# and width. Stack the branches along the channels in this order: $1 \times 1$, $3
# \times 3$, $5 \times 5$, pool. In the pool branch the pooling comes first. The check
# copies weights in, whatever you call the layers, and compares outputs and gradients.
# (Use torch's layers, but not `coursekit.models` or torchvision.)


# %% exercise="inception-module"
class Inception(nn.Module):
    """Maps x (n, inputs, h, w) → (n, one + three + five + pooled, h, w).

    Inception(192, 64, 96, 128, 16, 32, 32)(torch.zeros(1, 192, 28, 28))  # 256 maps
    """

    def __init__(
        self,
        inputs: int,
        one: int,
        before_three: int,
        three: int,
        before_five: int,
        five: int,
        pooled: int,
    ) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.pooled = nn.Conv2d(inputs, pooled, 1)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """The stacked maps."""
        ### BEGIN SOLUTION
        branches = [
            self.one(x),
            self.three(F.relu(self.before_three(x))),
            self.five(F.relu(self.before_five(x))),
            self.pooled(self.pool(x)),
        ]
        return F.relu(torch.cat(branches, dim=1))
        ### END SOLUTION


# %% check="inception-module" points=3
checks.week6.Inception(Inception)

# %% [markdown] hint=1
# Which padding lets a kernel of 5 keep the size? And a pooling of 3 with stride 1,
# whose stride is *not* 1 unless you say so?

# %% [markdown] hint=1
# Print the shape behind each branch with `torch.zeros(1, 7, 4, 5)`. They may differ in
# one axis only: which? That is the `dim` of `torch.cat`.

# %% [markdown]
# This is a good place for the break.

# %% [markdown] topics="concatenation by depth"
# ## 4. Side by side
#
# To *stack* maps, or to **concatenate them by depth**, means to put one behind the
# other; nothing is added up. The next layer has weights for each of them. (Addition
# would save weights, but then nobody could tell what came from where. Week 7 adds, for
# another reason.) All maps of a stack lie on the same grid, so that place $(j, k)$ is
# the same place of the picture in each.

# %% [markdown]
# ### Exercise 3.4 · What fits
# 2 points · 15 minutes · ●●○○○ · needs 1.3 (week 2)
#
# Write a function that says which shape comes out of any module of branches. A branch
# is a list of layers, and a layer is four numbers: its maps, its kernel, its stride,
# and its padding on each side. A pooling has `None` in place of its maps. Heights and
# widths follow the formula of week 2; every kernel fits. A branch without layers passes
# on what comes in. If the branches do not end on the same grid, raise a `ValueError`.


# %% exercise="what-fits"
Shape = tuple[int, int, int, int]
Layer = tuple[int | None, int, int, int]  # maps, kernel, stride, padding


def behind(shape: Shape, branches: list[list[Layer]]) -> Shape:
    """The shape (n, maps, h, w) behind a module whose branches are stacked by depth.

    shape: of what comes in; branches: at least one
    Raises ValueError when the maps of two branches differ in height or in width.

    >>> behind((1, 8, 9, 7), [[(5, 1, 1, 0)], [(None, 3, 1, 1)]])
    (1, 13, 9, 7)
    """
    ### BEGIN SOLUTION
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps
        grids.add((h, w))
    if len(grids) > 1:
        raise ValueError(f"these maps cannot be stacked: {sorted(grids)}")
    return n, total, h, w
    ### END SOLUTION


# %% check="what-fits" points=2
checks.week6.behind(behind)

# %% [markdown] hint=1
# How many maps does a pooling put out? Keep three numbers for each branch, and let each
# layer change them.

# %% [markdown] hint=1
# What do you compare at the end: the heights, or both sides?

# %% [markdown]
# What if the pool branch had no projection? It would pass on all the maps that it gets,
# and the other branches would add theirs.
#
# **Predict:** 192 maps go into 3a. With the projections 1024 come out of 5b. How many
# without?

# %%
maps_behind = {"with": [192], "without": [192]}
for _, one, _, three, _, five, pooled in TABLE.values():
    maps_behind["with"].append(one + three + five + pooled)
    maps_behind["without"].append(maps_behind["without"][-1] + one + three + five)
print(*(f"{kind}: {counts[-1]}" for kind, counts in maps_behind.items()))

# %%
plots.show(
    plots.week6.grown(maps_behind, list(TABLE)),
    caption="The number of maps from module to module, with and without the 1×1 "
    "projections behind the poolings.",
    alt="Two lines over nine modules. One rises slowly from 192 to 1024. The other "
    "rises in ever larger steps to 4944.",
)

# %% [markdown]
# Nearly five times as many, and all the next layers would have to read them. The
# projections are what keeps the stack from growing.

# %% [markdown] topics="the whole GoogLeNet"
# ## 5. From the table to the network
#
# **GoogLeNet** begins with a short **stem** that shrinks the picture: a $7 \times 7$
# convolution with stride 2, a pooling, a $1 \times 1$ and a $3 \times 3$ convolution,
# and another pooling. Of 224 pixels a side 28 are left. Then come the nine modules.
# Poolings after 3b and 4e shrink the maps to 14 and then 7 pixels a side. At the end a
# global average over the $7 \times 7$ places (notebook 2; week 3, notebook 1) leaves
# 1024 numbers, and a single dense layer makes 1000 scores of them. It has 1,025,000
# weights. Fed with all $7 \cdot 7 \cdot 1024$ numbers it would have 50 million.
#
# The name is a bow to LeNet. *Inception* comes from a film, by way of a joke: "we need
# to go deeper".

# %% [markdown]
# ### Exercise 3.5 · A row of the table
# 2 points · 12 minutes · ●●○○○ · needs 3.1
#
# Write the two bills of a module, its weights and its multiply-adds, from a row of the
# table. (Use arithmetic or torch's layers, but not `coursekit.anatomy` or
# `coursekit.models`, which would do it for you.)


# %% exercise="row-of-the-table"
def bill(row: tuple[int, ...], height: int, width: int) -> tuple[int, int]:
    """(weights, multiply-adds) of an inception module on maps of height × width.

    row: inputs, 1×1, before 3×3, 3×3, before 5×5, 5×5, projection. Each convolution has
    biases, which are weights, but no multiply-adds.

    >>> bill((2, 3, 1, 4, 1, 2, 5), 6, 7)
    (122, 4452)
    """
    ### BEGIN SOLUTION
    inputs, one, before_three, three, before_five, five, pooled = row
    products = inputs * (one + before_three + before_five + pooled)
    products += 9 * before_three * three + 25 * before_five * five
    return products + sum(row[1:]), products * height * width
    ### END SOLUTION


# %% check="row-of-the-table" points=2
checks.week6.bill(bill)

# %% [markdown] hint=1
# Six convolutions. For each: how many maps go in, how many come out, how large is the
# kernel? Which of the seven numbers goes into which?

# %% [markdown] hint=1
# Each map that a convolution puts out has one bias.

# %% [markdown]
# Here is the whole network, counted from torch's own layers and summed up by module.

# %%
paper = models.googlenet_2014()
counted = [row for row in count_layers(paper, (3, 224, 224)) if row.parameters]
parts = {name: [0, 0] for name in ("stem", *TABLE, "dense")}
for row in counted:
    name = row.name.removeprefix("inception").split(".")[0]
    part = name if name in TABLE else "dense" if name == "fc" else "stem"
    parts[part][0] += row.parameters
    parts[part][1] += row.multiply_adds
for name, (weights, work) in parts.items():
    print(f"{name:6}{weights:10,} weights{work:14,} multiply-adds")
print(
    f"{len(counted)} layers with weights, {sum(w for w, _ in parts.values()):,} in all"
)

# %%
plots.show(
    plots.week6.strip(TABLE, parts),
    caption="Above, the maps behind each module, by branch. Below, where the weights "
    "are and where the work is done.",
    alt="Above, nine stacked bars that grow from 256 to 1024 maps; in each the 3×3 "
    "branch is the largest or nearly so. Below, two rows of bars from the stem to the "
    "dense layer. Weights: small at first, growing to 1.4 million in 5b, and 1.0 "
    "million in the dense layer. Multiply-adds: most in the stem, 478 million, and in "
    "3b, 304 million; little from 5a on.",
)

# %% [markdown]
# Within a module weights and multiply-adds are nearly proportional: every weight works
# once at each place. From module to module they are not. The stem has 2 % of the
# weights and does 30 % of the work, on its large maps; the last two modules have a
# third of the weights and do 8 % of the work.
#
# **Twenty-two layers?** So the paper says, and yet 58 layers have weights. Both are
# right. The 22 lie on *one* path through the network: three convolutions in the stem,
# at most two in each of nine modules, and a dense layer, $3 + 2 \cdot 9 + 1 = 22$.
#
# What the paper reports of its errors (the course has not trained GoogLeNet on
# ImageNet):
#
# | GoogLeNet, 2014 | top-5 error on ImageNet |
# |---|---|
# | one network, one crop of each photograph | 10.07 % |
# | seven networks, 144 crops each (the entry) | 6.67 % |
#
# VGG came second in the same contest, with 7.3 %. It took seven networks as well, of
# 133 to 144 million weights *each*.

# %% [markdown] topics="which count"
# ## 6. How many weights?
#
# Now the quarrel. Some lecture notes say that GoogLeNet has *4 million* weights, others
# *5 million*. The column "params" of the paper's own table adds up to *6.8 million*.
# The network above has *7.0 million*, torchvision's has *6.6* or *13 million*.

# %%
printed = {
    "stem: conv1": 2.7,
    "stem: the other two": 112,
    "3a": 159,
    "3b": 380,
    "4a": 364,
    "4b": 437,
    "4c": 463,
    "4d": 580,
    "4e": 840,
    "5a": 1072,
    "5b": 1388,
    "dense": 1000,
}
print(f"the paper's column, in K: {sum(printed.values()):,.1f}")

# %% [markdown]
# **Predict:** which of the numbers are right?

# %% [markdown]
# ### Exercise 3.6 · An audit: 4, 5, 6.6, 6.8, 7.0 or 13?
# 2 points · 20 minutes · ●●●○○ · needs 3.5
#
# You have `parts`, `printed` and `paper`; `models.googlenet()` makes torchvision's
# network. Both `models.googlenet` and `models.googlenet_2014` take `auxiliary=True`,
# which adds two small extra heads (section 7). The parameters of a model are in
# `model.named_parameters()`. Count in a cell of your own, and find:
#
# - `one_k`: how many weights a *K* is in the printed column;
# - `biases`: whether its rows count biases, `"yes"` or `"no"` (some rows are exact
#   enough to tell);
# - `worst_row`: which of the nine *modules* is farthest off in proportion, even when
#   you count as the column does: a key of `printed`. (That something is wrong with
#   conv1 you see at a glance.)
# - `weights_of_heads`: the weights that the two heads add to the network of the paper;
# - `smaller_by`: by how many weights torchvision's network is smaller than the paper's,
#   both without these heads;
# - `saved_by_kernels`: how many weights torchvision saves in the third branch of all
#   nine modules together, because its kernels there are $3 \times 3$ where the paper
#   has $5 \times 5$. (That is more than `smaller_by`: the normalisations of
#   torchvision's network take some back.)

# %% exercise="which-count"
one_k: int | None = None
biases: str | None = None
worst_row: str | None = None
weights_of_heads: int | None = None
smaller_by: int | None = None
saved_by_kernels: int | None = None
### BEGIN SOLUTION
one_k = 1024
biases = "no"
worst_row = "4c"
weights_of_heads = 13_378_280 - 6_998_552
smaller_by = 6_998_552 - 6_624_904
saved_by_kernels = (25 - 9) * 23_808  # over all modules: before 5×5, times 5×5
### END SOLUTION

# %% check="which-count" points=2 quiz=1
checks.week6.which_count(
    one_k=one_k,
    biases=biases,
    worst_row=worst_row,
    weights_of_heads=weights_of_heads,
    smaller_by=smaller_by,
    saved_by_kernels=saved_by_kernels,
)

# %% [markdown] hint=1
# Which row is a single layer, so that you can count its weights without doubt? A K of
# how many weights gives what is printed there?

# %% [markdown] hint=1
# Compute all rows twice, with and without biases, and print both beside the paper's.
# Which rows are printed to so many digits that the biases would show?

# %% [markdown] hint=1
# What do torchvision's normalisations add for each map, and which numbers of the
# paper's network do they replace? Does your saving, less this, agree with `smaller_by`?

# %% [markdown]
# <details><summary>What has been counted, when yours has passed</summary>
#
# | number | what it is |
# |---|---|
# | 4 million | we know of no count that gives it |
# | 5 million | AlexNet's 60 million, divided by "12 times fewer" |
# | 6.6 million | torchvision's, without heads |
# | 6.8 million | the paper's column, with K read as 1000 |
# | 7.0 million | the same column, with K read as 1024; and the network |
# | 13.0 million | torchvision's with its heads; the paper's has 13.4 with them |
#
# The network itself has 6,998,552 weights, 6,990,272 without biases. torchvision's has
# kernels of $3 \times 3$ in the third branch, and a normalisation in place of each
# bias. The "12 times fewer" stand in the paper's introduction.
#
# So 6.8 and 7.0 are one count in two units. Some printed rows are off by up to 7 %, and
# conv1 by far more, by a slip of the pen, it seems: $7 \cdot 7 \cdot 3 \cdot 64 = 9408$
# weights are 9.2 K, not 2.7. The neighbouring column, "ops", has its millions of
# $10^6$. "12 times fewer" than AlexNet is generous: 61.0 over 7.0 is 8.7.
#
# </details>

# %% [markdown]
# Before you believe a number of weights, ask three questions. With heads? With biases
# and normalisations? Which version? The second sitting ends here.

# %% [markdown] topics="auxiliary heads, gradients with heads"
# ## 7. Heads on the way
#
# For this evening, run the cell with the imports and go on from here. Section 8 needs
# no other cell either, only what you know about bottlenecks (exercise 3.2).
#
# Twenty-two layers, in 2014: no batch normalisation yet, and He's start a year away.
# Would gradients reach the first layers? (Week 5, notebook 1.) Szegedy and his
# colleagues helped with **auxiliary heads**: small classifiers that sit on 4a and 4d,
# look at the maps there, and name the class as well. While the network trains, their
# losses are added to its own, times 0.3 each. Then the heads are thrown away.
#
# A small tower to try it on: ten convolutions of $3 \times 3$, with the start that
# PyTorch gives them.


# %%
class Tower(nn.Module):
    """Ten convolutions; heads behind some of them, which only training uses."""

    def __init__(self, heads: tuple[int, ...] = (), maps: int = 16) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(3, maps, 3, 2, 1)])
        self.layers.extend(nn.Conv2d(maps, maps, 3, 1, 1) for _ in range(9))
        self.last = scorer(maps)
        self.heads = nn.ModuleDict({str(at): scorer(maps) for at in heads})

    def forward(self, x: Tensor) -> list[Tensor]:
        """The scores of the end; while training those of the heads, too."""
        return climb(self, x)


# %%
def scorer(maps: int) -> nn.Sequential:
    """Maps to ten scores."""
    return nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(4 * maps, 10))


def climb(tower: Tower, x: Tensor) -> list[Tensor]:
    """Layer by layer; the scores of the end come first."""
    scores = []
    for number, layer in enumerate(tower.layers, 1):
        x = F.relu(layer(x))
        if tower.training and str(number) in tower.heads:
            scores.append(tower.heads[str(number)](x))
    return [tower.last(x), *scores]


# %%
tiny = F.avg_pool2d(train.as_input(data.cifar10().train.images[:3000]), 4)
x = (tiny - tiny.mean()) / tiny.std()
t = data.cifar10().train.labels[:3000]


def loss_of(scores: list[Tensor], t: Tensor) -> Tensor:
    """That of the end, and 0.3 times each of the heads'."""
    main, *others = [F.cross_entropy(one, t) for one in scores]
    return main + 0.3 * sum(others, torch.zeros(()))


# %% [markdown]
# **Predict:** the tower gets two heads, behind layers 3 and 6. Take the gradient of the
# loss with respect to the weights of each layer, before the first step, and draw its
# length against the layer: once without heads, once with them. At which layers does it
# change, and by how much?


# %%
def gradients(tower: Tower, x: Tensor, t: Tensor) -> list[float]:
    """The length of the gradient of the loss for the weight of each layer."""
    weights = [layer.weight for layer in tower.layers]
    found = torch.autograd.grad(loss_of(tower(x), t), weights)
    return [one.norm().item() for one in found]


def made(heads: tuple[int, ...], seed: int, he: bool = False) -> Tower:
    """A tower, with PyTorch's start or with He's."""
    torch.manual_seed(seed)
    tower = Tower(heads)
    for layer in tower.layers if he else []:
        nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        nn.init.zeros_(layer.bias)
    return tower


# %%
ARMS = {"plain": ((), False), "two heads": ((3, 6), False), "He's start": ((), True)}
lengths = {
    name: np.exp(
        np.mean(
            [np.log(gradients(made(h, s, he), x[:300], t[:300])) for s in range(5)], 0
        )
    )
    for name, (h, he) in ARMS.items()
}
for name in ("plain", "two heads"):
    print(f"{name:10}", *(f"{length:.0e}" for length in lengths[name]))

# %%
plots.show(
    plots.week6.by_layer(
        {name: lengths[name] for name in ("plain", "two heads")}, (3, 6)
    ),
    caption="The length of the gradient for the weights of each layer, before the "
    "first step: the geometric mean of five towers. Dotted: where the heads sit.",
    alt="Logarithmic. The plain tower's line falls from 5 in a thousand at layer 10 to "
    "5 in a million at layer 1. With two heads it is the same from layer 7 "
    "on, jumps up at layer 6, falls, jumps up again at layer 3, and is near 3 in a "
    "thousand at layer 1.",
)

# %% [markdown]
# The line has become a saw. Above the heads nothing changes. At each head the gradient
# jumps up, since a loss is near again, and on the way down it fades as before. At the
# first layer it is 600 to 700 times as long, $3 \cdot 10^{-3}$ in place of $5 \cdot
# 10^{-6}$.

# %% [markdown]
# ### Exercise 3.7 · A guided network
# 3 points · 20 minutes · ●●●○○ · needs nothing
#
# Build a network out of three parts: `lower`, `upper`, and a `head` that sits between
# them. Called with a batch of images and labels, it returns its *loss*, the mean
# cross-entropy of the scores that `upper` gives. In training mode the loss of the head
# is added, times `weight`; in evaluation mode the head is not even run (GoogLeNet's
# heads fit maps of one size only, and you may want to judge the network on others).
# What counts is the mode of the network itself, even where a part is in another one.
# `lower` runs once, and its maps go to both `upper` and `head` as they are. `weight` is
# given, not learned. `train()`, `eval()` and `parameters()` must reach all three parts,
# which stay the objects they are; nothing is left behind on them.


# %% exercise="guided-network"
class Guided(nn.Module):
    """A network with an auxiliary head, which gives its own loss.

    lower: images to maps; upper: these maps to scores (n, classes); head: the same
    weight: of the head's loss

    Guided(nn.Flatten(), nn.Linear(12, 5), nn.Linear(12, 5))(torch.ones(1, 3, 2, 2), t)
    """

    def __init__(
        self, lower: nn.Module, upper: nn.Module, head: nn.Module, weight: float = 0.3
    ) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight
        ### END SOLUTION

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        """The loss, a tensor without axes. x: images; t: labels (n,)."""
        ### BEGIN SOLUTION
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss
        ### END SOLUTION


# %% check="guided-network" points=3
checks.week6.Guided(Guided)

# %% [markdown] hint=1
# What does every module know about the mode in which it is? Look for what `train()` and
# `eval()` switch.

# %% [markdown] hint=1
# In how many ways does the gradient reach `lower` in training, and from where does each
# of them come?

# %% [markdown]
# Does the longer gradient help? Each kind of tower is trained for 400 steps, on batches
# of 64 photographs of 8 × 8 pixels: the plain tower and the one with two heads from
# PyTorch's start, a third one from He's start, without heads. The loss that we report
# is that of the *end*, without the heads; whoever knows nothing has $\ln 10 = 2.30$.
#
# **Predict:** put the three in order: plain, two heads, He's start.


# %%
def trained_losses(name: str, seed: int) -> list[float]:
    """The loss at the end of the tower, at each of 400 steps."""
    tower, losses = made(ARMS[name][0], seed, ARMS[name][1]), []
    sgd = torch.optim.SGD(tower.parameters(), lr=0.05, momentum=0.9)
    for _ in range(400):
        batch = torch.randint(len(x), (64,))
        scores = tower(x[batch])
        sgd.zero_grad()
        loss_of(scores, t[batch]).backward()
        sgd.step()
        losses.append(F.cross_entropy(scores[0], t[batch]).item())
    return losses


# %%
RUNS = [("plain", 0), *((name, seed) for name in list(ARMS)[1:] for seed in (0, 1))]
runs: dict[str, list[list[float]]] = {name: [] for name in ARMS}
for name, seed in RUNS:
    runs[name].append(trained_losses(name, seed))

# %%
for name, both in runs.items():
    print(f"{name:10}", *(f"{np.mean(losses[-50:]):.2f}" for losses in both))

# %%
plots.show(
    plots.week6.descents(runs),
    caption="The loss of the last scores, a moving mean of 25 steps. One run of the "
    "plain tower, two of the others.",
    alt="Lines over 400 steps. One, plain, stays at 2.30. Two, with heads, stay "
    "there for a hundred steps or more, then fall to about 1.95. Two with He's start "
    "fall from the beginning, to 1.6 and 1.8.",
)

# %% [markdown]
# The plain tower learns nothing. With heads it wakes up after a while, and gets to a
# loss between 1.9 and 2.1 (so do three more runs). He's start alone does better, 1.6 to
# 1.9, and needs no heads at all.
#
# So let us be honest: heads were a good answer to a question that has better answers
# today, a start that keeps gradients alive and batch normalisation (week 5). In other
# towers of ours, with 16 layers, not even two heads helped. Szegedy's own group looked
# again a year later (2015): early in training the heads made no difference there, the
# lower one could be left out, and what remained of the gain they called
# *regularisation*. Nor are heads cheap: you have counted them, and they have nearly as
# many weights as the network.

# %% [markdown] topics="spending a budget on branches"
# ## 8. Spend a budget
#
# A layer has been trained, and it is too expensive: $I$ kernels of $5 \times 5$ on $L$
# maps, without biases. If only it were an inception module! Perhaps it is one? Look at
# the squares of each kernel's weights, summed over the $L$ maps:

# %%
KINDS = {1: (6, 8), 3: (7, 5), 5: (6, 3)}  # of each size: kernels, and rank


def some_kernels(seed: int, maps: int = 32) -> np.ndarray:
    """Kernels (I, L, 5, 5) whose order is mixed up, with a little noise on them."""
    rng, found = np.random.default_rng(seed), []
    for k, (count, rank) in KINDS.items():
        sums = rng.standard_normal((rank, maps)) * 0.8 ** np.arange(rank)[:, None]
        windows = rng.standard_normal((count, rank, k, k))
        some = np.einsum("irhw,rl->ilhw", windows, sums)
        some /= np.sqrt(np.square(some).sum((1, 2, 3), keepdims=True))
        found.append(np.pad(some, [(0, 0)] * 2 + [((5 - k) // 2,) * 2] * 2))
    every = rng.permutation(np.concatenate(found))
    return every + 0.003 * rng.standard_normal(every.shape)


# %%
kernels = some_kernels(0)

# %%
plots.show(
    plots.week6.kernel_squares(kernels),
    caption="Nineteen kernels of 5 × 5 on 32 maps: the squares of the weights at each "
    "of the 25 places, summed over the maps.",
    alt="Nineteen small squares of 5 by 5 cells. In six only the middle cell is dark, "
    "in seven the middle 3 by 3, in six all 25 have some grey.",
)

# %% [markdown]
# Some kernels use only the middle, some the middle nine places. What a kernel does not
# use, you need not pay for: that is the first saving. The second is a bottleneck. Take
# the $o$ kernels of one size, $k \times k$. A bottleneck of $r$ maps, followed by
# kernels on these $r$ maps without a ReLU in between, is one set of kernels again:
#
# $$ K_{i l m n} = \sum_{q=1}^{r} E_{i q m n} \, R_{q l} , $$
#
# where $i$ counts the kernels, $l$ the maps that go in, $q$ those at the narrow place,
# and $(m, n)$ is a place of the kernel. $R$ is the weight of the $1 \times 1$ layer
# ("reduce"), $E$ that of the other one ("expand"). Written as a matrix with a row for
# each $l$ and a column for each $(i, m, n)$, $K$ has rank $r$ at most. Which matrix of
# rank $r$ is nearest to a given one? Linear algebra knows: keep the first $r$ terms of
# the singular value decomposition, `np.linalg.svd`. The squares of the singular values
# that are left out add up to the squared error.

# %% [markdown]
# ### Exercise 3.8 · Build: the same layer for a tenth
# 4 points · 45 minutes · ●●●●● · needs 3.2
#
# Replace a layer by branches. You get its kernels and a budget of multiply-adds for
# each place, about a tenth of what the layer takes. (Without biases this is also the
# number of weights.) Return a list of branches. Each is a tuple of three:
#
# - `outputs`: a list of the numbers of the kernels that it stands for, counted from 0;
# - `reduce`: an array $(r, L)$, or `None` for a branch without a bottleneck;
# - `expand`: an array $(o, r, k, k)$ for its $o$ kernels, in the order of `outputs`,
#   with $k$ of 1, 3 or 5 (and $(o, L, k, k)$ without a bottleneck).
#
# Each kernel is in exactly one branch. A bottleneck costs $r L$, and the kernels cost
# as much as they have numbers; the sum must not exceed the budget. The *goal*: put
# the branches together again, with zeros around the smaller kernels, and call the
# result $\hat K$; its relative error $\lVert \hat K - K \rVert / \lVert K \rVert$ is at
# most *0.15*. The check has layers of its own, of the same kind as `some_kernels`,
# but with other numbers of maps and kernels, other sizes and other ranks; the weights
# of one are 100 times as large, those of another 100 times smaller. Most budgets do not
# pay for all that a layer is made of. Two are tighter still, a fifteenth or so, and
# there the goal is 0.30. (Grading has more layers, and is content with 0.16 and 0.31.)


# %% exercise="spend-a-budget"
Branch = tuple[list[int], np.ndarray | None, np.ndarray]


def spend(kernels: np.ndarray, budget: int) -> list[Branch]:
    """Branches (outputs, reduce, expand) in place of a layer of 5 × 5 kernels.

    kernels: (I, L, 5, 5); budget: of multiply-adds for each place

    branches = spend(some_kernels(0), 1274)
    """
    ### BEGIN SOLUTION
    squares = np.square(kernels).sum(1)
    inner = squares[:, 1:4, 1:4].sum((1, 2))
    share = np.stack([squares[:, 2, 2], inner]) / squares.sum((1, 2))
    sizes = np.where(share[0] > 0.9, 1, np.where(share[1] > 0.9, 3, 5))
    groups, steps = [], []
    for k in (1, 3, 5):
        outputs, edge = np.flatnonzero(sizes == k), (5 - k) // 2
        chosen = kernels[outputs, :, edge : 5 - edge, edge : 5 - edge]
        flat = chosen.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
        u, s, v = np.linalg.svd(flat, full_matrices=False)
        price = kernels.shape[1] + flat.shape[1]
        steps += [(value**2 / price, price, len(groups)) for value in s]
        groups.append((outputs, k, u * s, v))
    ranks = [0] * len(groups)
    for _, price, group in sorted(steps, reverse=True):
        if price <= budget:
            ranks[group] += 1
            budget -= price
    return [
        (outputs.tolist(), u[:, :r].T, v[:r].reshape(r, -1, k, k).swapaxes(0, 1))
        for (outputs, k, u, v), r in zip(groups, ranks, strict=True)
        if len(outputs)
    ]
    ### END SOLUTION


# %% check="spend-a-budget" points=4
checks.week6.spend(spend)

# %% [markdown] hint=1
# Begin with one branch for all kernels, of $5 \times 5$, and the largest rank that the
# budget allows. Does your own measure of the error agree with the check's? And what is
# the error when the budget does not matter?

# %% [markdown] hint=1
# How would you tell, by a number, that a kernel lives in its middle? The noise is on
# all 25 places.

# %% [markdown] hint=1
# One more map at a narrow place has its price, and takes away a part of the squared
# error. Where do you get most for your money, and where next?

# %% [markdown]
# <details><summary>What is known, when yours has passed</summary>
#
# Replacing trained layers by thinner ones is an old idea, and still alive: Denton and
# others (2014) and Jaderberg and others (2014) did it with singular values and their
# kin. Trained kernels are not as tidy as ours, so after the replacement the network is
# trained a little more. GoogLeNet goes the other way round: it begins with the narrow
# form, and learns what fits in. Notice what made the branches pay. The cost of the
# kernels is $r \cdot k^2 \cdot o$, a *product*. Two groups, each with its own rank and
# its own kernels, cost less than one group with the sum of the ranks and all the
# kernels.
#
# </details>

# %% [markdown]
# ## What to take with you
#
# GoogLeNet spends its budget on kernels of several sizes, and saves by bottlenecks. An
# inception module looks at all sizes at once: $1 \times 1$, $3 \times 3$, $5 \times 5$
# and a pooling, stacked by depth. Its bottlenecks are $1 \times 1$ layers that let the
# large kernels see few maps: $r (L + k^2 I)$ multiply-adds at each place in place of
# $k^2 L I$, 12 million for the whole branch in place of 120. Projections after the
# poolings keep the stacks from growing. With nine modules the network has 22 layers in
# a row, 58 in all, 7.0 million weights and 1.6 billion multiply-adds. Auxiliary heads
# brought gradients down to the first layers when nothing better was known.
#
# **Where people slip**
#
# - Leaving the pooling its default stride, which is its window: the grids no longer
#   fit.
# - Stacking along the wrong axis, or in another order than the weights expect.
# - Leaving out the ReLU after the bottleneck: then the two layers are one, of low rank.
# - Forgetting the work of the bottleneck itself.
# - "It has 5 million weights." Which network, counted how?
# - Letting the heads run when the network is judged.
#
# **Next:** three ways to spend a budget, and which was best? Notebook 4 puts them into
# one picture, with the networks of seven years.
#
# **To read on:** Szegedy and others, *Going deeper with convolutions* (2014), sections
# 4 and 5 and table 1; Szegedy and others, *Rethinking the inception architecture for
# computer vision* (2015), sections 3 and 4; Lee and others, *Deeply-supervised nets*
# (2014).
