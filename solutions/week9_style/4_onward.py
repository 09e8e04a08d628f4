# %% [markdown]
# # Where to go from here
#
# Week 9 · notebook 4 of 4 · about 135 minutes · 26 points
#
# What would you build? Nine weeks ago you slid a window over a few pixels. Since then
# you have written, counted, trained, broken and repaired what the field had found until
# 2015, and some of what came later. This notebook looks back once, at all of it on one
# page; looks at what came after, which turns out to be made of parts that you know; and
# then it gives the course out of its hands, into yours.
#
# The 135 minutes are for two sittings: 75 for sections 1 to 3, 60 for 4, 5 and the plan
# in 7. They leave out the open build of section 6 (4 of the 26 points, an evening of
# its own) and the project (10 points, some weeks of your own).
#
# **When you are done, you can**
#
# - find any idea of this course again, and say what has to be known before it;
# - write self-attention over the pixels of an image, and count what it costs;
# - say which parts of a vision transformer, of ConvNeXt and of a diffusion model you
#   have built before, and which one is new;
# - tell a healthy transformer block from five that only look like one;
# - build a network for a question that no window can answer;
# - plan a project so that its answer can be believed, also when it is no.
#
# **You need** softmax (week 3, notebook 2), grouped convolution (week 4, notebook 2),
# layer normalisation (week 5, notebook 2), $1 \times 1$ convolutions (week 1, notebook
# 3), pre-activation (week 7, notebook 2), the softmax over wholes (week 8, notebook 1),
# and multiply-adds (week 4, notebook 4). Section 5 has a U-Net, like the lesson before
# this one; here it is written out.

# %%
import csv
import math
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from IPython.display import Markdown
from scipy import stats
from sklearn.datasets import load_digits
from torch import Tensor, nn

from coursekit import atlas, checks, plots

# %% [markdown] topics="the map of the course, an order to learn in"
# ## 1. The course on one page
#
# `coursekit.atlas` is the map of the course. Nobody has drawn it: it is read from the
# lessons whenever they are built. Where was that thing about checkerboards? What was it
# that needed *fans*? Ask it.

# %%
for words in ("checkerboard", "fan-in", "softmax"):
    for section in atlas.find(words):
        leans = ", ".join(section.needs) or "nothing that it names"
        print(f"{words:12} {section.notebook}: {section.heading} | leans on {leans}")

# %%
everything, all_notebooks = atlas.exercises(), atlas.notebooks()
ideas = {idea for section in atlas.sections() for idea in section.ideas}
hours = sum(one.minutes for one in all_notebooks.values()) / 60
print(f"{len(all_notebooks)} notebooks, {len(ideas)} ideas, {hours:.0f} hours")
print(
    f"{len(everything)} exercises, {sum(e.points for e in everything.values())} points"
)

# %% [markdown]
# The whole of it, week by week: every idea, where it was taught, and what its section
# leans on, exercises by their numbers. (`Markdown` makes tables of the text.)

# %%
Markdown(atlas.page())

# %% [markdown]
# So much for what stands where. The other half of a map is its roads: which notebook
# needs which others? Each says so in its first cell, under *You need*.
# `atlas.needs()` has it as a dictionary, from a notebook's name to a list of names.

# %%
needs = atlas.needs()
print(needs["week 8, notebook 1"], needs["week 5, notebook 1"])

# %% [markdown]
# ### Exercise 4.1 · A road to a goal
# 2 points · 15 minutes · ●●○○○ · needs nothing
#
# A friend has one weekend, and wants to understand one thing of this course, such as
# routing. What does she have to learn, and in which order?
#
# `needs` leads from a name to a list of the names that it needs directly (which may
# need others in turn). Write a function that returns the list of *all* that is needed
# on the way to `goal`, each once, each after everything that it needs, and `goal`
# itself as the last. Nothing that is not needed, and among the possible orders any you
# like. A name that is no key of `needs` needs nothing. If the goal cannot be reached,
# because somewhere on the road things need each other in a circle, raise a
# `ValueError`; a circle elsewhere does not matter.


# %% exercise="road-to-a-goal"
def road_to(goal: str, needs: dict[str, list[str]]) -> list[str]:
    """All that has to be learned for `goal`, in an order that works, `goal` at the end.

    needs: name → the names that it needs directly

    >>> road_to("pool", {"pool": ["size"], "size": ["pad"], "go": ["size"]})
    ['pad', 'size', 'pool']
    """
    ### BEGIN SOLUTION
    done: dict[str, bool] = {}  # False while we are on the way to it

    def learn(name: str) -> None:
        if not done.setdefault(name, name not in needs):
            for other in needs[name]:
                if done.get(other) is False:
                    raise ValueError(f"{name} and {other} need each other")
                if other not in done:
                    learn(other)
        done[name] = True
        order.append(name)

    order: list[str] = []
    learn(goal)
    return order
    ### END SOLUTION


# %% check="road-to-a-goal" points=2
checks.week9.road_to(road_to)

# %% [markdown] hint=1
# What must be in the list before the goal may be appended? And before each of these?
# The same question again: which kind of function asks the same question again?

# %% [markdown] hint=1
# Two things can go wrong on the way to a name: you may meet one that is in the list
# already, and one that you have *begun* and not finished. What does the second mean?

# %% [markdown]
# The picture of it, for the notebook on routing: what it needs directly, what these
# need, and so on. (All later cells have functions of their own, with or without yours.)


# %%
def needed(goal: str) -> set[str]:
    """The goal and all that it needs, in turn."""
    found, waiting = {goal}, [goal]
    while waiting:
        new = set(needs[waiting.pop()]) - found
        found |= new
        waiting += new
    return found


# %%
titles = {name: one.title for name, one in all_notebooks.items()}
routing = needed("week 8, notebook 1")

# %%
plots.show(
    plots.week9.roads(titles, needs, routing),
    caption="Every notebook, and an arc to each that it needs. In blue, what the "
    "notebook on routing needs, directly and in turn.",
    alt="A list of all notebooks of the course, week by week, with arcs at its left "
    "side from each notebook to the earlier ones that it needs. The notebook on "
    "routing and the eight of weeks 1 to 3 are bold, the arcs between them blue; no "
    "notebook of weeks 4 to 7 is needed for it.",
)

# %% [markdown]
# Your friend needs three weeks and one notebook, and none of the famous networks.
#
# Now the other way round. Somebody misses a notebook, and never catches up. Then all
# that needs it falls, and all that needs what has fallen.
#
# **Predict:** leave the first three notebooks aside, on which everything stands. Of the
# others, the absence of which one would bring down most? And which ones are missed by
# nobody?

# %%
fallen = {
    name: sorted(one for one in needs if one != name and name in needed(one))
    for name in needs
}
later = [name for name in needs if not name.startswith("week 1,")]
for name in sorted(later, key=lambda one: -len(fallen[one])):
    print(f"{len(fallen[name]):2} fall without {name}: {titles[name]}")

# %% [markdown]
# Without *Output sizes* 25 of the 28 others fall, and the next four are the rest of the
# first three weeks. Eight are missed by nobody, the speed run and CapsNet among them. A
# map is not the land: an arc says that a lesson calls on another, not that one is lost
# without it; and what nobody calls on may still be the best hour of the course. But it
# shows what kind of course this was. Its long arcs end at sizes, at gradients and at
# the training loop, and the famous networks stand further down. Those come and go.

# %% [markdown] topics="self-attention, reach of attention, a convolution as attention"
# ## 2. Look everywhere at once
#
# The oldest idea of the course is that a unit looks through a small window, the same
# window everywhere (week 1). The idea that has changed most since 2015 is to let it
# look everywhere, and to let it choose *where* by what it sees. It comes from
# translation, where the next word may hang on one far away: **self-attention** (Vaswani
# and others 2017, *Attention is all you need*).
#
# An image has $n = h \cdot w$ places, each with a column of $C$ numbers, $x_i$. From
# each column three others are made, with three matrices that are the same everywhere: a
# **query** $q_i = W_q x_i$, what am I looking for; a **key** $k_i = W_k x_i$, what have
# I to offer; a **value** $v_i = W_v x_i$, what do I say if I am asked. Place $i$
# compares its query with all keys and shares out its attention,
#
# $$ a_{ij} = \frac{\exp(q_i \cdot k_j / \sqrt{d})}{\sum_{j'} \exp(q_i \cdot k_{j'} /
# \sqrt{d})}, \qquad y_i = \sum_j a_{ij}\, v_j . $$
#
# $d$ is the length of a query, for the time being $C$. Why its root? If the numbers of
# $q$ and $k$ are independent, with mean 0 and variance 1, their product has the
# variance $d$ (week 5); divided by $\sqrt{d}$ it has the variance 1 again, and the
# softmax is neither flat nor decided before anything is learned.
#
# With several **heads** the channels are cut into as many groups, of $d = C /
# \text{heads}$ channels each: the first $d$ of the queries, keys and values belong to
# the first head, the next $d$ to the second. Each head attends on its own, and their
# outputs are stacked again.
#
# You have met all of this. The three matrices are $1 \times 1$ convolutions. The shares
# are a softmax. And "compare, share out by a softmax, sum" was routing: there a part
# divided *itself* among the wholes, here a place divides its *attention* among the
# places. Over which axis the softmax runs is again the first thing to get wrong.

# %% [markdown]
# ### Exercise 4.2 · Self-attention over pixels
# 3 points · 25 minutes · ●●●○○ · needs nothing
#
# Write it for maps of any height and width, $N$ images at once, of which each attends
# on its own. The matrices act from the left, $q_i = W_q x_i$, as in the formula. If the
# channels cannot be cut into `heads` equal groups, raise a `ValueError`. (NumPy or
# torch; `torch`'s own attention does not count.)


# %% exercise="attend"
def attend(
    x: Tensor, query: Tensor, key: Tensor, value: Tensor, heads: int = 1
) -> Tensor:
    """Self-attention over the places of maps: (N, channels, h, w) → the same shape.

    query, key, value: matrices (channels, channels), W of the formulas
    heads: groups of channels that attend apart

    Places that are all alike agree about what they say:

    >>> eye = torch.eye(2)
    >>> attend(torch.ones(1, 2, 1, 3), eye, eye, 5 * eye).tolist()
    [[[[5.0, 5.0, 5.0]], [[5.0, 5.0, 5.0]]]]
    """
    ### BEGIN SOLUTION
    channels = x.shape[1]
    if channels % heads:
        raise ValueError(f"{channels} channels are no {heads} equal groups")
    places = x.flatten(2)
    q, k, v = (
        (matrix @ places).unflatten(1, (heads, channels // heads))
        for matrix in (query, key, value)
    )
    scores = torch.einsum("ghci,ghcj->ghij", q, k) / (channels // heads) ** 0.5
    shares = scores.softmax(3)
    return torch.einsum("ghij,ghcj->ghci", shares, v).reshape(x.shape)
    ### END SOLUTION


# %% check="attend" points=3
checks.week9.attend(attend)

# %% [markdown] hint=1
# Make rows of the places first, (N, h · w, channels). Then three matrix products, and
# one more for all comparisons at once: which shape does it have?

# %% [markdown] hint=1
# For each place that asks, its shares over all places (itself among them) sum to 1.
# Which axis is that in your product? Check it with `.sum(…)`.

# %% [markdown] hint=1
# Several heads: cut the channels in two axes (heads, d), *before* the comparison. What
# is $d$ now, under the root as well?

# %% [markdown]
# Three questions for three layers: a $3 \times 3$ convolution, a $7 \times 7$ one in
# which each channel keeps to itself, and attention with four heads.
#
# **Predict:** on which pixels of a $16 \times 16$ map does the output at one place
# depend? And if the pixels of the input are all shuffled in the same way, what becomes
# of the output?


# %%
def attended(
    x: Tensor, query: Tensor, key: Tensor, value: Tensor, heads: int
) -> Tensor:
    """The exercise, by torch's own attention."""
    rows = [
        (x.flatten(2).mT @ matrix.T).unflatten(2, (heads, -1)).transpose(1, 2)
        for matrix in (query, key, value)
    ]
    found = F.scaled_dot_product_attention(*rows)
    return found.transpose(1, 2).flatten(2).mT.unflatten(2, x.shape[2:])


# %%
torch.manual_seed(0)
small, large = torch.randn(8, 8, 3, 3) / 9, torch.randn(8, 1, 7, 7) / 7
matrices = torch.randn(3, 8, 8) / 8**0.5
layers = {
    "3 × 3 convolution": lambda x: F.conv2d(x, small, padding=1),
    "7 × 7, channel by channel": lambda x: F.conv2d(x, large, padding=3, groups=8),
    "self-attention": lambda x: attended(x, *matrices, 4),
}

# %%
x, spot = torch.randn(1, 8, 16, 16), (5, 9)
influence, shuffle = {}, torch.randperm(256)


def shuffled(maps: Tensor) -> Tensor:
    """All pixels in another order."""
    return maps.flatten(2)[:, :, shuffle].view_as(maps)


# %%
for name, layer in layers.items():
    leaf = x.clone().requires_grad_()
    layer(leaf)[0, :, *spot].sum().backward()
    influence[name] = leaf.grad[0].abs().sum(0)
    off = (layer(shuffled(x)) - shuffled(layer(x))).abs().max()
    print(f"{name:26} {(influence[name] > 0).sum():3} pixels", end=", ")
    print(f"shuffling before and after differ by {off:.6f}")

# %%
plots.show(
    plots.week9.reach_of_layers(influence, spot),
    caption="How much the output at the framed spot depends on each pixel; darker is "
    "more, by the logarithm. White: not at all.",
    alt="Three maps of 16 by 16 pixels with a frame around the same spot. The first "
    "has a blue square of 3 by 3 around it, the second one of 7 by 7, both with white "
    "around. In the third all pixels are blue, none of them white.",
)

# %% [markdown]
# A window of $3 \times 3$ depends on 9 pixels, one of $7 \times 7$ on 49, attention on
# all 256, in one layer. (The darkest is the framed one: it is the only one that also
# asks.) The price stands at the ends of the lines: to shuffle the pixels before or
# after makes no difference, but for rounding. *Attention does not know that an image is
# an image.* In week 1 a dense network did not mind shuffled pixels, and a convolution
# lost; you took the convolution's side, because it knew who is whose neighbour.
# Attention is on the other side, and further out: a dense network at least has weights
# of its own for each place. So something has to be added that says where a place is: in
# the simplest case a vector for each place, learned, added to its column. And
# neighbourhood has to be learned from images, of which it takes many.
#
# How near the two are shows when heads look where they are *told* to. Give a $3 \times
# 3$ convolution's nine offsets to nine heads: each puts all of its attention on the
# place with its offset, whatever stands there, and its value matrix is the kernel's
# slice. What the nine say is added up. (Each of these heads is as wide as the whole.
# Stacked, and multiplied by one more matrix, they are the same sum.)

# %%
height, width = 6, 7
kernel, picture = torch.randn(5, 4, 3, 3), torch.randn(1, 4, height, width)
places = torch.arange(height * width).view(height, width)
total = torch.zeros(height * width, 5)
for row in range(3):
    for column in range(3):
        looked_at = places.roll((1 - row, 1 - column), (0, 1)).flatten()
        shares = F.one_hot(looked_at, height * width).float()
        total += shares @ picture[0].flatten(1).T @ kernel[:, :, row, column].T
circular = F.conv2d(F.pad(picture, (1,) * 4, mode="circular"), kernel)
gap = (total.T.view_as(circular[0]) - circular[0]).abs().max()
print(f"nine heads and a convolution differ by {gap:.6f} at most")

# %% [markdown]
# (Over the edges they look round to the other side, so that no head looks into the
# void.) A convolution is attention that has been told where to look. That a layer of
# attention *can* be any convolution was shown by Cordonnier, Loukas and Jaggi (2020);
# in trained networks they found heads in the lowest layers that really do look at fixed
# offsets. What is shared is the same in both, matrices that do not depend on the place;
# what differs is who decides where to look, the designer or the image.

# %% [markdown]
# ### Exercise 4.3 · Predict: what does it cost?
# 2 points · 12 minutes · ●●○○○ · needs 4.2, 2.3 (week 4)
#
# Maps of $32 \times 32$ with 64 channels, in and out, no biases. *Attention* here: the
# three matrices, and a fourth one, as large, for what comes out; eight heads.
# Multiply-adds are counted as in week 4: all products of matrix multiplications, for
# one image; softmax, roots and sums cost nothing. Give, before you run the cell under
# the hints:
#
# - `conv_weights`, `attention_weights`, and `depthwise_weights`: those of a $3 \times
#   3$ convolution, of attention, and of a $7 \times 7$ convolution in which each
#   channel keeps to itself (64 groups, week 4; it is called **depthwise**);
# - `attention_work`: the multiply-adds of attention;
# - `same_work`: with 64 channels, at how many *places* (pixels) do attention and the $3
#   \times 3$ convolution have the same multiply-adds?
# - `heads_work`: with twice as many heads, the work of attention is `"half"`, `"the
#   same"` or `"double"`?
# - `doubled`: the image's side is doubled. By which factor does `attention_work`
#   change? `"2"`, `"4"`, `"between 4 and 16"`, `"16"` or `"more than 16"`.


# %% exercise="what-it-costs"
conv_weights: int
attention_weights: int
depthwise_weights: int
attention_work: int
same_work: int
heads_work: str
doubled: str
### BEGIN SOLUTION
conv_weights = 9 * 64 * 64
attention_weights = 4 * 64 * 64
depthwise_weights = 49 * 64
attention_work = 1024 * 4 * 64 * 64 + 2 * 1024 * 1024 * 64
same_work = 160
heads_work = "the same"
doubled = "between 4 and 16"
### END SOLUTION

# %% check="what-it-costs" points=2 quiz=1
checks.week9.what_it_costs(
    conv_weights=conv_weights,
    attention_weights=attention_weights,
    depthwise_weights=depthwise_weights,
    attention_work=attention_work,
    same_work=same_work,
    heads_work=heads_work,
    doubled=doubled,
)

# %% [markdown] hint=1
# Attention has two kinds of products: matrices times columns, once for each place; and
# places with places, twice. Which of the two knows nothing of the weights?

# %% [markdown] hint=1
# Write both works with $n$ places and $C$ channels, and divide both by $n\,C$. What is
# left?


# %%
def attention_cost(n: int, c: int = 64) -> int:
    """Multiply-adds of attention at n places: four matrices, and two products."""
    return 4 * n * c * c + 2 * n * n * c


def conv_cost(n: int, c: int = 64) -> int:
    """Multiply-adds of a 3 × 3 convolution at n places."""
    return 9 * n * c * c


# %%
for side in (8, 16, 32, 64):
    one, other = conv_cost(side * side), attention_cost(side * side)
    print(f"{side:2} × {side:<2}: convolution {one:13,}, attention {other:15,}", end="")
    print(f", {other / one:.2f} times as much")

# %%
plots.show(
    plots.week9.work_by_side(
        [4, 8, 16, 32, 64, 128],
        {"self-attention": attention_cost, "3 × 3 convolution": conv_cost},
        [(160**0.5, "160 places")],
    ),
    caption="Multiply-adds of a layer of 64 channels, by the side of its map.",
    alt="Two rising lines on logarithmic axes. The convolution's is straight. "
    "Attention's begins below it, crosses it at a dotted line marked 160 places, "
    "between sides of 8 and 16, and is steeper from there on: at 128 it is more than "
    "fifty times as high.",
)

# %% [markdown]
# At $n = \tfrac52 C$ places both work as much. Below, attention is the cheaper one, and
# with few weights at that; above, the square of $n$ takes over. This one line explains
# a good deal of what has been built since: networks attend where maps are small and
# channels are many. A vision transformer cuts an image into pieces until 196 places are
# left, with 768 channels; the U-Net of the first diffusion models attends on its maps
# of $16 \times 16$; and Swin (Liu and others 2021) attends within windows of $7 \times
# 7$, which brings the window of week 1 back, with attention in it.

# %% [markdown] topics="patch embedding, the vision transformer"
# ## 3. Sixteen by sixteen words
#
# The **vision transformer**, ViT for short (Dosovitskiy and others 2020, *An image is
# worth 16×16 words*), does without convolutions: that is how it is told. It cuts the
# image into **patches** of $16 \times 16$ pixels, writes the numbers of each patch in a
# row and multiplies them by one matrix, the same for all patches. From there on it only
# attends, and works place by place.
#
# A window that moves over the image, in steps as wide as itself, with the same weights
# everywhere. What was the name of that?

# %% [markdown]
# ### Exercise 4.4 · A patch is a stride
# 1 point · 8 minutes · ●●○○○ · needs nothing
#
# Some programs do just what was said: they cut patches of `patch` = (rows, columns),
# write the numbers of each in a row, *row by row, pixel by pixel, and for each pixel
# its channels*, and multiply by a matrix `weight` of the shape (outputs, rows · columns
# · channels). Others use a convolution with a stride as large as its kernel. You want
# to load the weights of the first kind into the second: return the kernel, in the shape
# that a convolution wants. (NumPy or torch.)


# %% exercise="patch-kernel"
def patch_kernel(weight: Tensor, patch: tuple[int, int]) -> Tensor:
    """The kernel (outputs, channels, rows, columns) that does as `weight` on patches.

    weight: (outputs, rows · columns · channels); patch: (rows, columns)

    A single pixel has its channels side by side, here three:

    >>> patch_kernel(torch.tensor([[1.0, 2.0, 3.0]]), (1, 1)).tolist()
    [[[[1.0]], [[2.0]], [[3.0]]]]
    """
    ### BEGIN SOLUTION
    return weight.reshape(len(weight), *patch, -1).permute(0, 3, 1, 2)
    ### END SOLUTION


# %% check="patch-kernel" points=1
checks.week9.patch_kernel(patch_kernel)

# %% [markdown] hint=1
# In which order do the numbers come? The last axis of an array is the one that runs
# fastest. First give the row its true shape, then move the axes.

# %% [markdown]
# The proof, on a random image: patches cut with loops against one convolution.

# %%
matrix, scene = torch.randn(10, 4 * 2 * 3), torch.randn(1, 3, 8, 6)
cut = [
    scene[0, :, top : top + 4, left : left + 2].permute(1, 2, 0).flatten()
    for top in range(0, 8, 4)
    for left in range(0, 6, 2)
]
by_patches = torch.stack(cut) @ matrix.T
as_kernel = torch.einsum("orcl->olrc", matrix.view(10, 4, 2, 3))
by_stride = F.conv2d(scene, as_kernel, stride=(4, 2)).flatten(2)[0].T
print(f"{tuple(by_patches.shape)}: {(by_patches - by_stride).abs().max():.6f} apart")

# %%
with torch.device("meta"):
    vit = torchvision.models.vit_b_16()
print(vit.conv_proj)
print(f"{sum(p.numel() for p in vit.parameters()):,} weights in all, ", end="")
print(f"{sum(p.numel() for p in vit.conv_proj.parameters()):,} of them here")

# %% [markdown]
# torchvision does not even pretend. The network without convolutions begins with one,
# and each of its matrices that act place by place is a $1 \times 1$ convolution by
# another name. Where did we have its parts?

# %%
PARTS = {
    "patches": "strided convolution",
    "matrices at each place": "1×1 convolution",
    "shares": "softmax",
    "normalisation": "layer normalisation",
    "the road past each branch": "the residual form",
    "normalise first": "pre-activation",
    "dropout": "dropout",
    "warm-up, then down": "learning-rate decay",
}
for part, idea in PARTS.items():
    print(f"{part:26} {atlas.where(idea)}")

# %% [markdown]
# New is one thing: who looks where is decided by the image. (The learned vectors for
# the places are what it needs to make up for that.) What it costs is that nothing is
# known beforehand. The paper says so itself: trained on ImageNet's 1.3 million images
# alone, ViT stays some points behind a ResNet of its size; with 14 million it catches
# up, with 300 million it wins. An inductive bias is worth what you would have to pay
# for in images (week 1, notebook 1, asked when that bias is right).
#
# This is a good place for the break.

# %% [markdown] topics="pre-normalisation, ConvNeXt, depthwise convolution"
# ## 4. Blocks on a road
#
# (Do you begin here? Run the cell with the imports.) Three blocks, from 2016, 2019 and
# 2022. Read them from below: what goes up the black road untouched, and what turns off,
# is worked on and comes back by an addition?

# %%
plots.show(
    plots.week9.blocks_on_roads(),
    caption="Blue sees other places, green only its own, yellow normalises. What "
    "stands on the roads themselves?",
    alt="Three drawings of a vertical black road with branches. ResNet has one branch: "
    "BN and ReLU, 3 by 3, BN and ReLU, 3 by 3. The transformer has two: layer "
    "normalisation and self-attention; then layer normalisation, a 1 by 1 layer to "
    "four times the channels, GELU, and a 1 by 1 layer back. ConvNeXt has one: 7 by 7 "
    "depthwise, layer normalisation, 1 by 1 to four times, GELU, 1 by 1 back.",
)

# %% [markdown]
# Nothing stands on the roads but additions: all three leave $x$ in peace, and add.
# **GELU** (Hendrycks and Gimpel 2016) is a ReLU with a round corner, $x\,\Phi(x)$ with
# the distribution function of the normal distribution. *LN* here takes mean and
# deviation over the channels of *one place*; in week 5 it was over all places of an
# image, too.
#
# The first **transformer**, of 2017, had its normalisation *on* the road: $x \leftarrow
# \mathrm{LN}(x + F(x))$. It would train only with a rate that warms up slowly. The
# paper on GPT-2 (Radford and others 2019) moves the normalisation into the branch, $x
# \leftarrow x + F(\mathrm{LN}(x))$, "similar to a pre-activation residual network", and
# names the paper that you have rebuilt in week 7; Xiong and others (2020) show why the
# warm-up can then go. Nearly every large network since has that block. What had been
# found for photographs held for sentences.
#
# **ConvNeXt** (Liu and others 2022) came from the other side. It begins with a
# ResNet-50 and makes it, change by change, as a transformer is: its training, its
# patches, its blocks of two $1 \times 1$ layers, its few normalisations. Only attention
# stays away. In its place stands the simplest layer that looks around at all, a
# *depthwise* convolution: a grouped one with as many groups as channels (week 4,
# notebook 2, cut in two what this cuts into C). Counted:

# %%
C = 96
convnext = torchvision.models.convnext.CNBlock(
    C, layer_scale=1e-6, stochastic_depth_prob=0
)
basic = torchvision.models.resnet.BasicBlock(C, C)
looks = {"basic block": 9 * C * C * 2, "ConvNeXt block": 49 * C}
for name, block in (("basic block", basic), ("ConvNeXt block", convnext)):
    weights = sum(p.numel() for p in block.parameters())
    share = looks[name] / weights
    print(f"{name:15} {weights:8,} weights, {share:6.1%} of them look at neighbours")

# %% [markdown]
# Nearly all weights of the old block look around. In the new one it is one in
# seventeen, and through a window five times as large; the rest thinks about what one
# place has seen. In a transformer block none does: four matrices decide whom to ask,
# and how to mix.
# "Spatial mixing" and "channel mixing" have been taken apart, which is what Network in
# Network began with in 2013.

# %% [markdown]
# ### Exercise 4.5 · The bug: six blocks
# 2 points · 20 minutes · ●●●○○ · needs 4.2
#
# Six transformer blocks that somebody has written down from memory. One is as in the
# drawing. Find out what is the matter with the others: read them, or make them and
# measure. The answers to choose from, of which some fit none:
#
# - `"road"`: what goes on along the road is not what came in plus branches;
# - `"axis"`: attention is shared out along the wrong axis;
# - `"scale"`: the comparisons are not divided as they should be;
# - `"places"`: the normalisation looks at other places, too;
# - `"shared"`: one normalisation does the work of two;
# - `"linear"`: nothing bends between the two $1 \times 1$ layers;
# - `"healthy"`: nothing is the matter.


# %%
class Norm(nn.LayerNorm):
    """LN over the channels of each place of maps (N, C, h, w)."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.movedim(1, 3)).movedim(3, 1)


class Block(nn.Module):
    """What the six have in common. Their input: maps (N, C, h, w)."""

    def __init__(self, c: int, heads: int = 2) -> None:
        super().__init__()
        self.heads, self.norm1, self.norm2 = heads, Norm(c), Norm(c)
        self.qkv, self.out = nn.Conv2d(c, 3 * c, 1), nn.Conv2d(c, c, 1)
        self.wide, self.narrow = nn.Conv2d(c, 4 * c, 1), nn.Conv2d(4 * c, c, 1)


# %%
class P(Block):
    def forward(self, x: Tensor) -> Tensor:
        x = self.norm1(x)
        x = x + self.attention(x)
        return x + self.narrow(F.gelu(self.wide(self.norm2(x))))

    def attention(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).flatten(2).unflatten(1, (3 * self.heads, -1)).chunk(3, 1)
        a = (q.mT @ k / q.shape[2] ** 0.5).softmax(3)
        return self.out((v @ a.mT).flatten(1, 2).unflatten(2, x.shape[2:]))


# %%
class Q(P):
    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.narrow(F.gelu(self.wide(self.norm2(x))))

    def attention(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).flatten(2).unflatten(1, (3 * self.heads, -1)).chunk(3, 1)
        a = (k.mT @ q / q.shape[2] ** 0.5).softmax(2)
        return self.out((v @ a).flatten(1, 2).unflatten(2, x.shape[2:]))


# %%
class R(P):
    def forward(self, x: Tensor) -> Tensor:
        y = x + self.attention(self.norm2(x))
        return y + self.narrow(F.gelu(self.wide(self.norm2(y))))


# %%
class S(Q):
    def attention(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).flatten(2).unflatten(1, (3 * self.heads, -1)).chunk(3, 1)
        a = (q.mT @ k / x.shape[1] ** 0.5).softmax(3)
        return self.out((v @ a.mT).flatten(1, 2).unflatten(2, x.shape[2:]))


# %%
class T(Q):
    def attention(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(x).flatten(2).unflatten(1, (3 * self.heads, -1)).chunk(3, 1)
        a = (q.mT @ k / q.shape[2] ** 0.5).softmax(2)
        return self.out((v @ a.mT).flatten(1, 2).unflatten(2, x.shape[2:]))


# %%
class U(Q):
    def __init__(self, c: int, heads: int = 2) -> None:
        super().__init__(c, heads)
        self.norm1, self.norm2 = nn.GroupNorm(1, c), nn.GroupNorm(1, c)


# %% exercise="six-blocks"
block_p: str
block_q: str
block_r: str
block_s: str
block_t: str
block_u: str
### BEGIN SOLUTION
block_p, block_q, block_r = "road", "healthy", "shared"
block_s, block_t, block_u = "scale", "axis", "places"
### END SOLUTION

# %% check="six-blocks" points=2 quiz=1
checks.week9.six_blocks(
    block_p=block_p,
    block_q=block_q,
    block_r=block_r,
    block_s=block_s,
    block_t=block_t,
    block_u=block_u,
)

# %% [markdown] hint=1
# Set the weights and biases of `out` and `narrow` to 0: then the branches are silent.
# What must come out of a block whose branches say nothing? And in a fresh block, not
# silenced: which parameters get no gradient at all (`None`, not 0)?

# %% [markdown] hint=1
# Q and T write their products differently. Which axis of *their* comparison are the
# places that ask, and which those that are asked? Over which one do the shares sum to
# 1, and over which one are the values summed?

# %% [markdown] hint=1
# With `attention` silent, change one pixel of the input. Where may the output change?
# And which number stands under the root if there are two heads?

# %% [markdown]
# None of the five crashes, and all of them would train. You know such faults from
# *Seven blocks, six of them sick*: they only cost some of what you hoped for, and you
# would blame the idea.

# %% [markdown] topics="diffusion, noise as an answer for each pixel"
# ## 5. Digits that nobody wrote
#
# The pictures that machines make today mostly come from **diffusion** (Sohl-Dickstein
# and others 2015; Ho, Jain and Abbeel 2020). The idea is short. Mix a picture $x_0$
# with noise $\varepsilon$, normal with variance 1, in some proportion:
#
# $$ x = \sqrt{a}\, x_0 + \sqrt{1 - a}\; \varepsilon, \qquad 0 < a < 1, $$
#
# and let a network look at $x$ and $a$, and say *for each pixel* which noise was mixed
# in. Its loss is the mean squared error. That is dense prediction, and the network is a
# U-Net: down and up again, with the maps of the way down beside. Nothing more is
# trained. In the code the proportion is a time $t$, $a = \cos^2(\pi t / 2)$: 0 is the
# picture, 1 the noise. (Here $a$ is no share of attention any more, and below $n$
# counts pictures, not places.) It goes in as eight pairs of waves, $\sin$ and $\cos$ of
# $t$ times 1 to 100.
#
# With the real digits of scikit-learn, $8 \times 8$ pixels from $-1$ to 1, and the
# smallest U-Net that deserves the name: two levels, residual branches, group
# normalisation (week 5), average pooling, enlarging without checkerboards (week 2).

# %%
images = torch.tensor(load_digits().images).float()[:, None] / 8 - 1
known, held_out = images[:1500], images[1500:]


def three(inputs: int, outputs: int) -> nn.Conv2d:
    """3 × 3, same size."""
    return nn.Conv2d(inputs, outputs, 3, padding=1)


def branch(c: int) -> nn.Sequential:
    """Normalise, bend, convolve: what stands beside the road."""
    return nn.Sequential(nn.GroupNorm(4, c), nn.SiLU(), three(c, c))


# %%
class Parts(nn.Module):
    """Those of a U-Net of two levels."""

    def __init__(self, c: int = 20) -> None:
        super().__init__()
        self.time = nn.Sequential(nn.Linear(16, c), nn.SiLU(), nn.Linear(c, 2 * c))
        self.enter, self.branch1 = three(1, c), branch(c)
        self.down, self.branch2 = three(c, 2 * c), branch(2 * c)
        self.up = three(3 * c, c)
        self.leave = nn.Sequential(nn.GroupNorm(4, c), nn.SiLU(), three(c, 1))


# %%
class Little(Parts):
    """Pictures with noise (n, 1, 8, 8) and its level (n,) → the noise."""

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        waves = t[:, None] * torch.logspace(0, 2, 8)
        when = self.time(torch.cat([waves.sin(), waves.cos()], 1))[:, :, None, None]
        high = self.enter(x)
        high = high + self.branch1(high)
        low = self.down(F.avg_pool2d(high, 2)) + when
        low = low + self.branch2(low)
        large = F.interpolate(low, scale_factor=2)
        return self.leave(self.up(torch.cat([high, large], 1)))


# %%
def picture_part(t: Tensor) -> Tensor:
    """a for t from 0 (a picture) to 1 (noise), shaped for images."""
    return torch.cos(t * math.pi / 2)[:, None, None, None] ** 2


def mixed(x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """Pictures with noise at the levels t, and the noise."""
    a, noise = picture_part(t), torch.randn_like(x)
    return a.sqrt() * x + (1 - a).sqrt() * noise, noise


# %%
torch.manual_seed(0)
model, steps = Little(), 600
adam = torch.optim.Adam(model.parameters())
rate = torch.optim.lr_scheduler.OneCycleLR(adam, 0.008, steps)
for _ in range(steps):
    t = 0.01 + 0.98 * torch.rand(32)
    x, noise = mixed(known[torch.randint(len(known), (32,))], t)
    loss = F.mse_loss(model(x, t), noise)
    adam.zero_grad()
    loss.backward()
    adam.step()
    rate.step()
print(f"{sum(p.numel() for p in model.parameters()):,} weights, trained")

# %% [markdown]
# **Predict:** is the noise easier to tell in a picture with hardly any, $a = 0.99$, or
# in one that is nearly nothing else, $a = 0.01$? A network that always says 0 has an
# error of 1.

# %%
with torch.no_grad():
    for a in (0.99, 0.9, 0.5, 0.1, 0.01):
        t = torch.full((len(held_out),), math.acos(a**0.5) * 2 / math.pi)
        x, noise = mixed(held_out, t)
        error = F.mse_loss(model(x, t), noise)
        print(f"a = {a:4}: squared error {error:.2f}")

# %% [markdown]
# The more noise, the easier: from about a half the error falls to a hundredth. What is
# nearly noise *is* the answer. What the network has to know about digits it needs where
# there is little noise, which could as well be ink.
#
# Now backwards. Begin with pure noise. Ask for the noise in it, take it away, which
# leaves a guess at a picture, cut off at $-1$ and 1; mix the guess, and the noise that
# then remains, in a proportion with a bit more of the picture; ask again. Fifty times.
# (This variant without new noise in between is from Song, Meng and Ermon 2020.)


# %%
@torch.no_grad()
def dreamt(count: int, steps: int = 50) -> list[Tensor]:
    """Pictures out of noise, after each step."""
    x, times = torch.randn(count, 1, 8, 8), torch.linspace(0.99, 0.01, steps + 1)
    seen = [x]
    for t, later in pairwise(times):
        a, b = (picture_part(one.expand(1)) for one in (t, later))
        guess = (x - (1 - a).sqrt() * model(x, t.expand(count))) / a.sqrt()
        guess = guess.clamp(-1, 1)
        noise = (x - a.sqrt() * guess) / (1 - a).sqrt()
        x = b.sqrt() * guess + (1 - b).sqrt() * noise
        seen.append(x)
    return seen


# %%
torch.manual_seed(1)
seen = dreamt(40)
shown = (0, 15, 25, 32, 38, 44, 50)
chains = {f"no. {i + 1}": [seen[k][i, 0] for k in shown] for i in range(3)}

# %%
plots.show(
    plots.week9.out_of_noise(chains, [f"step {k}" for k in shown]),
    caption="Three digits that nobody wrote, on their way out of noise.",
    alt="Three rows of seven small pictures. At the left grey noise; to the right a "
    "blurred shape appears and gets sharper, until at the right end a stroke or two "
    "are left, much like a digit.",
)

# %%
plots.show(
    plots.week9.sheet_of_digits(seen[-1][:, 0], 10),
    caption="Forty in a row, none chosen. How many can you read?",
    alt="Four rows of ten small dark drawings of 8 by 8 pixels. Most can be read as "
    "digits, some are torn or between two digits.",
)

# %% [markdown]
# Are they copies? Look for the nearest of the 1,500 pictures that it was trained on,
# and compare with pictures that somebody did write and the network has never seen.


# %%
def nearest(pictures: Tensor) -> np.ndarray:
    """The distance of each picture to the nearest training picture."""
    return torch.cdist(pictures.flatten(1), known.flatten(1)).amin(1).numpy()


chance = known.flatten(1)[torch.randint(1500, (40, 64)), torch.arange(64)]
for words, pictures in (
    ("written, never seen", held_out),
    ("out of noise", seen[-1]),
    ("each pixel from another digit", chance),
):
    far = nearest(pictures)
    print(f"{words:30} {far.mean():.1f} in the mean, {far.min():.1f} at least")

# %% [markdown]
# None is a copy. They lie farther from the training pictures than what somebody wrote,
# 3.3 against 2.3, and nearer than pixels thrown together, 4.3: those that you could not
# read are in that mean. That is how far a network gets in some ten seconds, with 1,500
# pictures of 64 pixels. What is large in the large models is the rest: $512 \times 512$
# pixels instead of 64, done in a space of compressed pictures (Rombach and others
# 2022); a text that tells which picture, heard through attention; hundreds of millions
# of weights. And since 2022 the U-Net may be a transformer on patches (Peebles and Xie
# 2022), whose blocks are those of section 4.
#
# ### After 2015, on a page
#
# Each with what of this course is in it. *Italics:* titles, to search for.
#
# - **Grouped and depthwise convolutions.** ResNeXt (Xie and others 2016, *Aggregated
#   residual transformations*), MobileNet (Howard and others 2017, *MobileNets*).
#   AlexNet's groups, $1 \times 1$ layers.
# - **A network that weighs its own maps.** SENet (Hu, Shen and Sun 2017,
#   *Squeeze-and-excitation networks*). Global average pooling, two dense layers, a
#   sigmoid.
# - **Attention in place of recurrence.** Vaswani and others 2017, *Attention is all you
#   need*. Softmax, $1 \times 1$ layers, shortcuts, normalisation; attention is new.
# - **Size by a rule.** EfficientNet (Tan and Le 2019, *Rethinking model scaling*):
#   depth, width and resolution grow together. Week 4's counting.
# - **Without labels.** SimCLR (Chen and others 2020, *A simple framework for
#   contrastive learning*): two augmented looks at one photograph shall find each other
#   among many. CLIP (Radford and others 2021, *Learning transferable visual models*): a
#   photograph and its caption shall. Augmentation, a softmax, cross-entropy.
# - **Attention in place of convolution.** ViT (2020), Swin (Liu and others 2021, *Swin
#   transformer*). Strides, windows, pre-activation.
# - **Pictures out of noise.** Ho, Jain and Abbeel 2020; Rombach and others 2022,
#   *High-resolution image synthesis with latent diffusion models*. The U-Net, group
#   normalisation, residual branches.
# - **Convolutions that keep up.** ConvNeXt (2022). All of weeks 1 to 7.

# %% [markdown] topics="relations over a distance"
# ## 6. As far as a rook sees
#
# (Do you begin here? Run the cell with the imports.) An evening of its own, and the
# last exercise that a machine judges.
#
# On a board lie things of six colours, on some of the squares. Each colour likes one
# other colour; which, is dealt out anew every time. A thing is *content* if something
# of the colour that it likes lies *in its row or in its column*, however far, and
# whatever lies in between. Blue may like red without red liking blue.


# %%
def dealt(deal: int) -> tuple[Tensor, Tensor]:
    """Six colours (6, 3), and for each the number of the one that it likes."""
    dice = torch.Generator().manual_seed(deal)
    axes = torch.linalg.qr(torch.randn(3, 3, generator=dice))[0]
    likes = torch.arange(6)
    while (likes == torch.arange(6)).any():
        likes = torch.randperm(6, generator=dice)
    return torch.cat([axes, -axes]), likes


def happy(kinds: Tensor, likes: Tensor) -> Tensor:
    """Who is content, for boards (n, 6, height, width) of zeros and ones."""
    seen = kinds.sum(2, keepdim=True) + kinds.sum(3, keepdim=True) > 0
    return (kinds * seen[:, likes]).sum(1) > 0


# %%
Boards = tuple[Tensor, Tensor]  # (n, 3, height, width) and (n, height, width)


def rook_boards(n: int, height: int, width: int, deal: int, seed: int) -> Boards:
    """Boards, and who is content. deal: of colours and likings; seed: of boards."""
    colours, likes = dealt(deal)
    dice = torch.Generator().manual_seed(seed)
    there = torch.rand(n, height, width, generator=dice) < 4.2 / (height + width - 2)
    kinds = F.one_hot(torch.randint(6, there.shape, generator=dice), 6)
    kinds = (kinds * there[..., None]).movedim(3, 1).float()
    noise = 0.15 * torch.randn(n, 3, height, width, generator=dice)
    seen = torch.einsum("nkhw,kc->nchw", kinds, colours) + noise * there[:, None]
    return seen, happy(kinds, likes)


# %%
boards, content = rook_boards(400, 12, 12, deal=1, seed=1)
occupied = boards.abs().sum(1) > 0
colours, likes = dealt(1)
kinds = torch.einsum("chw,kc->hwk", boards[0], colours).argmax(2)
letters = np.array(list("ABCDEF"))[kinds]
print(
    ", ".join(
        f"{one} likes {'ABCDEF'[k]}" for one, k in zip("ABCDEF", likes, strict=True)
    )
)
print(f"{content[occupied].float().mean():.0%} of all things are content")

# %%
plots.show(
    plots.week9.rook_board(
        (boards[0].movedim(0, 2) + 1) / 2, occupied[0], content[0], letters
    ),
    caption="A board, with letters for the colours. Rings: those that are content.",
    alt="A board of 12 by 12 squares. On about a fifth of them lies a coloured thing "
    "with a letter from A to F on a white disc; half of the discs have a black ring. "
    "Things with the same letter have nearly the same colour.",
)

# %% [markdown]
# Check one of the rings, and one that has none. The network will see the colours, three
# numbers each and a little noise, without letters and without the line above.

# %% [markdown]
# ### Exercise 4.6 · Build: as far as a rook sees
# 4 points · 60 minutes · ●●●●● · needs nothing
#
# Write `learn_content`. It gets 400 boards of $12 \times 12$ and who is content on
# them, makes a network of your own design, trains it, and returns it. The contract:
#
# - The network takes boards (n, 3, height, width), for any n and *any height and
#   width*, and gives scores (n, height, width), above 0 for content. What it says of
#   empty squares (all three numbers are 0) does not matter.
# - It keeps at most *3,000 numbers*, parameters and buffers together (one of 64 bits
#   counts as two). Whatever numbers it keeps must be parameters or buffers of the
#   module that you return: not in a list, in the function around its class, in a class,
#   a name of the notebook, a hook or a file. (A handful of settings is no matter.) At
#   the end the check puts other numbers in the place of all these: then the network
#   should know nothing any more. The check switches it to evaluation mode.
# - On fresh boards, of $12 \times 12$ and of $9 \times 17$, at least *95 %* of the
#   things on the boards of each size are told right. (Grading deals other colours and
#   likings, takes other boards, and is content with 93 %.)
# - What it knows of colours and likings is learned from the boards it gets, by
#   gradients or otherwise; nothing of `coursekit`.
# - Some ten seconds should do, though nobody measures.
#
# Any part of nine weeks will do, and so will any that you invent. `rook_boards` deals
# boards to test on. To say "not content" always is right for about half of them.


# %% exercise="as-far-as-a-rook"
def learn_content(boards: Tensor, content: Tensor) -> nn.Module:
    """A trained network that says who is content.

    boards: (n, 3, height, width); content: True or False (n, height, width)

    network = learn_content(*rook_boards(400, 12, 12, deal=1, seed=1))
    """

    ### BEGIN SOLUTION
    class Rook(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.see = nn.Sequential(nn.Conv2d(3, 16, 1), nn.ReLU())
            self.judge = nn.Sequential(
                nn.Conv2d(48, 32, 1), nn.ReLU(), nn.Conv2d(32, 1, 1)
            )

        def forward(self, x: Tensor) -> Tensor:
            h = self.see(x)
            roads = [h.amax(axis, keepdim=True).expand_as(h) for axis in (2, 3)]
            return self.judge(torch.cat([h, *roads], 1))[:, 0]

    network = Rook()
    optimiser = torch.optim.Adam(network.parameters())
    rates = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.02, 250)
    for _ in range(250):
        chosen = torch.randint(len(boards), (32,))
        x, t = boards[chosen], content[chosen]
        filled = x.abs().sum(1) > 0
        loss = F.binary_cross_entropy_with_logits(network(x)[filled], t[filled].float())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        rates.step()
    return network
    ### END SOLUTION


# %% check="as-far-as-a-rook" points=4
checks.week9.learn_content(learn_content)

# %% [markdown] hint=1
# What has a square to know about its row, and what about its column, before it can
# decide? How many numbers is that, and does it depend on how long the row is?

# %% [markdown] hint=1
# A window of $3 \times 3$ needs eleven layers to see across a board of 12. Which layers
# of this course saw *everything* along an axis at once, and what did they keep of it?
# On a longer row, what do a sum, a mean and a maximum do?

# %% [markdown] hint=1
# The loss: over all squares, or over those that are asked for? And if attention is your
# way: who may be asked by whom, if there are no positions?

# %% [markdown]
# <details><summary>What we found: designs that pass and that fail, so open it when
# yours has passed</summary>
#
# Each row and each column gives its maximum, for each of 16 maps, to all of its
# squares: 1,665 weights, and right for more than 98 % on boards of both sizes, after
# 250 steps (ten deals). It is global pooling, cut into roads. Others, in two or three
# runs of 400 steps each: with the sum in place of the maximum 79 to 98 %, by luck; with
# rows alone 75 to 85 %. Attention along rows and along columns (Ho and others 2019 call
# it *axial*) came to 91 to 99.9 %, as we built it; that hangs on the design, and
# another one stayed at 84 %. What does not get off the ground: four layers of $3 \times
# 3$, 57 to 58 %; attention over the whole board, 56 to 59 %, for who asks everybody
# does not know who stands in the same row; the maximum over the whole board, 50 to
# 52 %, for the same reason.
#
# </details>

# %% [markdown] topics="a project of one's own, a baseline, an honest verdict"
# ## 7. Your project
#
# The course ends with a question of your own, and an answer that another can believe.
# Alone or in twos; four weeks, some twelve hours for each.
#
# **What it is.** One question whose answer you do not know, about networks that see (or
# hear, or read). A **baseline**, the simplest thing that could answer. One change, or
# one comparison. A measurement over seeds. A verdict: yes, no, or *cannot be told*. All
# three get the same points. It need not be large: the demonstrations of this course ran
# in half a minute each, and several came out otherwise than their authors had hoped.
# You have read such sentences: "we could measure no harm at this size".
#
# **Milestones**
#
# 1. *After one week: the plan*, a page: exercise 4.7. You hear within days whether it
#    is too large. (It is. Halve it.)
# 2. *After two weeks: the baseline*, run with three seeds, as a row in a table,
#    together with what guessing would get. If it is slower than five minutes, make it
#    smaller.
# 3. *After three weeks: the comparison*, over at least five seeds, in pairs: the same
#    seed, hence the same data and the same order, for both sides (week 7, notebook 4).
# 4. *After four weeks: all of it*, and five minutes in front of the others: one
#    question, one picture, one number, one doubt.
#
# **What to hand in:** a folder with
#
# - `README.md`: the question, the answer in one sentence, and how to run it all;
# - code that makes the table and every figure anew, from one command, within half an
#   hour on a laptop (larger runs: their saved results, and a small run that shows that
#   the code works);
# - `results.csv`, a line for each run: which side, which seed, what was measured;
# - a report of at most two pages: question, baseline, measurement, verdict, *what would
#   change my mind*, and who or what has helped you (an assistant that wrote code, too).
#
# **Three ideas, to take or to be annoyed by.**
#
# - *One banana or many?* Photograph twenty bananas with your phone on five days each,
#   and let a network say how old a banana is. Split the photographs by chance into
#   training and test; then split them by *banana*, so that no banana is on both sides.
#   How large is the difference, in days of error? It measures how much of the first
#   number was recognition of old acquaintances. Leaks of this kind are common: Kapoor
#   and Narayanan (2023) list published work from 17 fields. The baseline is the mean
#   colour.
# - *Do relatives err alike?* Train three networks of one kind and three of another (a
#   VGG and a ResNet, or with and without mirrored images) to about the same accuracy.
#   Do two of a kind make mistakes on the same images more often than two of different
#   kinds? The baseline is what two independent networks of this accuracy would share by
#   chance. Whoever finds a difference can say which images only one kind gets wrong,
#   and show them; whoever finds none has learned something about ensembles.
# - *A camera with sixteen numbers.* Before any network sees a digit, it goes through a
#   fixed linear layer that leaves 4, 8, 16 or 32 numbers of it. Which sixteen numbers
#   should a camera measure: means of blocks, random mixtures, principal directions
#   (week 7's whitening), or a layer that is trained together with the reader? How much
#   is a learned camera worth, and does it still work for another task than the one it
#   was trained for? The baseline is the average pooling of week 3.
#
# Also good: any sentence of this course that you do not believe.

# %% [markdown]
# A table of results can say by itself how far it carries. This function takes the text
# of a `results.csv` (`Path("results.csv").read_text()`) with the columns `side`, `seed`
# and `value`, takes the differences in pairs, and compares their mean with its standard
# error, by the factor of Student's distribution (with five pairs it is 2.8, not 2).
# Take it along. Four tables that somebody might hand in:


# %%
def two_sides(table: str) -> dict[str, dict[str, float]]:
    """Side → seed → value, of the text of a table with these three columns."""
    reader, sides = csv.DictReader(table.splitlines()), {}
    if not {"side", "seed", "value"} <= set(reader.fieldnames or ()):
        raise ValueError("the text of a table should begin with side,seed,value")
    for line in reader:
        values = sides.setdefault(line["side"], {})
        if line["seed"] in values:
            raise ValueError(f"{line['side']} has seed {line['seed']} twice")
        values[line["seed"]] = float(line["value"])
    if len(sides) != 2:
        raise ValueError(f"two sides are compared, here are {len(sides)}: {[*sides]}")
    return sides


# %%
def verdict(table: str) -> str:
    """What the lines "side,seed,value" of two sides say, in pairs of one seed."""
    (one, ours), (other, theirs) = two_sides(table).items()
    gaps = np.array([ours[seed] - theirs[seed] for seed in ours if seed in theirs])
    if len(gaps) < 2:
        return f"{one}, {other}: pairs: {len(gaps)}. Nothing can be told."
    error = gaps.std(ddof=1) / len(gaps) ** 0.5
    far = abs(gaps.mean()) > stats.t.ppf(0.975, len(gaps) - 1) * error
    found = "they differ" if far else "cannot be told"
    return (
        f"{one} − {other}: {gaps.mean():.3f} ± {error:.3f}, {len(gaps)} pairs: {found}"
    )


# %%
def lines(side: str, first: int, *values: float) -> str:
    """The lines of one side, its seeds counted from `first`."""
    return "\n".join(f"{side},{first + i},{value}" for i, value in enumerate(values))


HEAD = "side,seed,value\n"
wide, deep = (0.71, 0.76, 0.68, 0.74, 0.72), (0.73, 0.79, 0.70, 0.75, 0.75)
for rows in (
    (lines("deep", 0, 0.79), lines("wide", 0, 0.74)),
    (lines("deep", 0, *deep), lines("wide", 0, *wide)),
    (lines("deep", 0, *deep[::-1]), lines("wide", 0, *wide)),
    (lines("deep", 0, *deep), lines("wide", 5, *wide)),
):
    print(verdict(HEAD + "\n".join(rows)))

# %% [markdown]
# The first table is the commonest: one run each, five points apart, and nothing can be
# told. The second holds: each time the same seed, each time a bit better. The third has
# the very same ten numbers, but the pairs are mixed up, and what was a finding drowns
# in the difference between seeds. In the fourth the seeds of the two sides are not the
# same, and there are no pairs at all.
#
# What it never says is *no*. "Cannot be told" may mean that there is nothing, or that
# five seeds were too few. To say no you need a size below which a difference would not
# matter, chosen before measuring, and a standard error that is small beside it. And
# this verdict is not safe from runs that fail, as your own was (week 8, notebook 2): a
# single one can drown a finding. A run that trained to nothing must be looked at, not
# averaged.

# %% [markdown]
# **How it is judged.** Ten points, two for each of five lines. Read
# it before you begin: nobody is to guess what counts.
#
# - **Question.** *2:* one sentence that a measurement can answer with no, and why one
#   would want to know. *1:* it could be looked up, or it is two questions. *0:* a
#   topic, or "I build a …".
# - **Baseline.** *2:* the simplest method *and* what guessing gets, measured by the
#   same code on the same data. *1:* one of the two, or copied from a paper. *0:* none.
# - **Measurement.** *2:* at least five seeds, in pairs, with a spread or a standard
#   error; test images used once, at the end. *1:* three or four seeds, or not in pairs.
#   *0:* one run, or settings chosen on the test images.
# - **Verdict.** *2:* follows from the numbers, compares the size of the difference with
#   its spread, and names a thing that could make it wrong. *1:* right, but larger than
#   the numbers allow, or without a doubt. *0:* contradicts the table, or is missing.
# - **Code.** *2:* another person gets the table with the command in the README. *1:*
#   after a repair that takes minutes. *0:* it does not run.
#
# Accuracy has no line. Neither have size, beauty, or novelty.

# %% [markdown]
# ### Exercise 4.7 · The plan, on a page
# 2 points · 30 minutes · ●●●○○ · needs nothing
#
# Milestone 1. Write for your project, in ten to fifteen sentences:
#
# 1. The *question*, in one sentence that can be answered with no.
# 2. The *baseline*, and what guessing would get.
# 3. The *measurement*: data and how they are split, what is compared, what is kept
#    equal, how many seeds, and how long one run takes (try it, or estimate it from
#    multiply-adds, as in week 4).
# 4. The *verdict*, written *before* you measure: "If the mean difference is larger
#    than …, I shall say yes; if …, no; otherwise that it cannot be told."
# 5. The *way out*: what you will do if the baseline does not work after two weeks.

# %% [markdown] manual="project-plan" points=2
# ### BEGIN SOLUTION
# *An example.* **Question.** Do two networks of the same design make mistakes on the
# same images more often than two of different designs, if all are equally accurate?
# **Baseline.** If mistakes were independent, two networks with 25 % errors each would
# share 6.25 % of the images. As the simplest networks I take two logistic regressions
# on pixels with different seeds. Guessing is 90 % wrong. **Measurement.** CIFAR-10,
# 5,000 images to learn, 2,000 to test, the same for all. Three small VGGs and three
# small ResNets, trained until they have 65 % on 1,000 validation images. Compared:
# shared errors divided by what chance gives, for the 6 pairs of one design and the 9 of
# two; all repeated with five draws of the images, since the pairs of one draw are not
# independent. A run takes 40 s (I have tried one), 30 runs 20 minutes. **Verdict.** For
# each draw the mean of the 6 minus the mean of the 9. If the mean over draws is larger
# than 2.8 times its standard error, yes; if it is smaller than that and below 0.05, no;
# otherwise it cannot be told. **Way out.** If the ResNets do not reach 65 %, I compare
# with and without mirrored images in place of two designs.
#
# **Points**, two minutes: half a point each for (a) a question that a number can answer
# with no, and whose answer is not known; (b) a baseline *and* guessing; (c) split,
# seeds and time of a run, all three; (d) a rule for yes, no *and* cannot be told that
# was fixed beforehand. The way out costs nothing if it is missing; say so in the reply.
# Plans that are too large keep their points and get the word "halve".
# ### END SOLUTION

# %% [markdown] hint=1
# Can you imagine the two tables, the one for yes and the one for no, down to the
# numbers? If not, the question is not one yet.

# %% [markdown]
# ### Exercise 4.8 · Build: the project
# 10 points · 720 minutes · ●●●●● · needs 4.7
#
# Hand in the folder as your course says, and write here: its name, the question, the
# verdict in one sentence with its numbers, the command that makes the table, and who or
# what has helped you.

# %% [markdown] manual="the-project" points=10
# ### BEGIN SOLUTION
# *An example of what stands here (its numbers are made up).* `relatives/`. Do two
# networks of one design err alike more than two of different designs? *Yes, a little:*
# shared errors are 1.92 times chance within a design and 1.81 times between designs;
# difference 0.11, standard error 0.03 over five draws. `python run.py` (21 minutes). An
# assistant wrote the plotting code.
#
# **Points**: the five lines of section 7, ten minutes a project. In this order: run the
# command of the README while you read (code). Does the README's question have a no
# (question)? In `results.csv`, count the seeds of each side and look whether they are
# the same ones (measurement); divide the mean difference by its standard error
# yourself, and only then read the verdict. Look for guessing (baseline). Half points
# are not needed: 2, 1 or 0 for each line. A "no" or a "cannot be told" that is well
# measured has 10 points; an accuracy of 99 % with one seed and no baseline has 3.
# ### END SOLUTION

# %% [markdown]
# ## What to take with you
#
# What a lesson needs can be followed backwards, and what is learned first stands below
# most of the rest: sizes, gradients, the loop. Attention compares every place with
# every other and shares itself out by a softmax over those that are asked; it has fewer
# weights than a $3 \times 3$ convolution and, beyond $\tfrac52 C$ places, more work; it
# does not know who is whose neighbour. A vision transformer's patches are a convolution
# whose stride is its kernel. Its blocks are pre-activation blocks with another branch,
# and ConvNeXt's are the same with a depthwise convolution in place of attention. A
# diffusion model is a U-Net that says for each pixel which noise was mixed in.
#
# **Where people slip**
#
# - Thinking that attention replaces everything: one part of a block is new.
# - A softmax over the places that ask, in place of those that are asked.
# - "ViT has no convolutions." It begins with one.
# - Comparing networks without saying on how many images they were trained.
# - A project with a topic and without a question.
# - Looking at the test images a second time.
#
# **To read on:** Vaswani and others, *Attention is all you need* (2017); Dosovitskiy
# and others, *An image is worth 16×16 words* (2020); Cordonnier, Loukas and Jaggi, *On
# the relationship between self-attention and convolutional layers* (2020); Liu and
# others, *A ConvNet for the 2020s* (2022), whose first figure is a scoreboard as you
# know them; Ho, Jain and Abbeel, *Denoising diffusion probabilistic models* (2020).

# %% [markdown]
# ## The last page
#
# A course on convolutional networks teaches one idea over and over: put into the
# network what you know about the world, and let it learn the rest. A window, because
# neighbours belong together. The same window everywhere, because a cat is a cat in
# every corner. A pooling, because a pixel to the left changes nothing; then a doubt
# about the pooling. A shortcut, because it should be easy to change nothing. Attention
# is the same idea with less of it, and more images instead.
#
# And a second idea, which has no chapter of its own: measure. You have predicted, many
# dozen times by now, what a cell would print, and been wrong often enough to stop
# trusting sentences that only sound right; ours included. Keep that. In five years some
# of what is new in this notebook will read like LeNet's output codes. Counting,
# baselines, seeds, and a small experiment in the evening will do as well for whatever
# comes.
#
# Thank you for the nine weeks. Some of you will find a mistake in this course: tell us,
# with a number. And then show somebody what you have built.
