# %% [markdown]
# # A network instead of a filter
#
# Week 6 · notebook 2 of 4 · about 135 minutes · 18 points
#
# A convolution slides one filter over a photograph, and a filter is a modest thing: a
# weighted sum. In 2013 Lin, Chen and Yan asked why it should not be a small *network*
# that slides. Two ideas came out of this question, and hardly any network has done
# without them since: kernels of one pixel between the others, and no dense layers at
# the end. You write both, forwards and backwards, look where a network finds its
# evidence, and rebuild theirs to the last weight.
#
# VGG (notebook 1) spends its budget on depth, and on 124 million dense weights besides.
# Network in Network, a year older, spends its own on a small network for each pixel,
# and does without the dense weights.
#
# The 135 minutes are for two sittings, with a break after section 3. Section 7, in
# which you find out how wide the layers of the original were and build it (4 of the 18
# points), is for another evening, of three quarters of an hour.
#
# **When you are done, you can**
#
# - say what a single filter cannot tell apart, and what a small network adds;
# - write a 1×1 convolution as a matrix product, with its gradients;
# - say what a second layer is worth with a ReLU before it, and without;
# - build the block "mlpconv", and know its other name;
# - put an average in place of dense layers, write its gradient, count what it saves and
#   say what it costs;
# - read the evidence for each class off the last maps.
#
# **You need** 1×1 convolutions (week 1, notebook 3), gradients (week 2, notebook 3),
# softmax and cross-entropy (week 3, notebook 2), AlexNet (week 4, notebook 2), and what
# batch normalisation does (week 5, notebook 2).

# %%
import copy
import math
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, plots, train

# %% [markdown] topics="a network instead of a filter"
# ## 1. What one filter cannot say
#
# A filter sees a patch of pixels $x$ and says $z = w \cdot x + b$: a weighted sum. The
# ReLU that follows only cuts off what is below 0. Statisticians call such a thing a
# **generalised linear model**: it divides all possible patches by one straight cut,
# with those for which $z > 0$ on one side and the rest on the other.
#
# Here is a filter for upright edges, and a cat. **Predict:** which edges of the
# whiskers, ears and eyes will it find?

# %%
cat = train.as_input(data.photograph("chelsea", 150)).mean(0)[None, None]
edge = torch.tensor([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])[None, None]
one_way = F.relu(F.conv2d(cat, edge))
other_way = F.relu(F.conv2d(cat, -edge))

# %%
plots.show(
    plots.images(
        [cat[0, 0], one_way[0, 0], other_way[0, 0], (one_way + other_way)[0, 0]],
        ["photograph", "one filter", "its opposite", "both, added"],
        columns=4,
        size=2.6,
    ),
    caption="What the filter answers, what its negative answers, and the sum of the "
    "two, after a ReLU each.",
    alt="Four grey pictures. A cat's face; then bright lines on black along the left "
    "or the right of eyes, ears and whiskers, in the second picture where the "
    "third has none, and the other way round; in the last one both sides have lines.",
)

# %% [markdown]
# Half of them: those where it gets darker from left to right. At the others $z$ is
# negative. But to us both are edges. Can *some* filter answer to both?
#
# Take a patch $x$ and its opposite $-x$ (numbers are meant as differences from the mean
# grey, so that a plain patch is $0$). The filter says $w \cdot x + b$ to the one and
# $-w \cdot x + b$ to the other. The mean of these two answers is $b$, and $b$ is what
# it says to the plain patch. So whatever the weights are, a filter cannot tell two
# opposites from the plain patch between them: if it says yes to both edges, it also
# says yes to no edge at all.
#
# The picture on the right took two filters, two ReLUs, and the sum of the two. That is
# a small network: two hidden units and an output.

# %% [markdown]
# ### Exercise 2.1 · Either way
# 1 point · 10 minutes · ●●○○○ · needs nothing
#
# For any kernel, find the weights of the small network. It has two layers, with
# `F.relu` after each: the first is a convolution with two kernels, the second a 1×1
# convolution that makes one map out of the two. At each place the network should say
#
# $$ \max(0,\ |z| - \theta) , $$
#
# where $z$ is what the kernel itself says there, without a bias, and $\theta \ge 0$ is
# a threshold: below it nothing counts as an edge.


# %% exercise="either-way"
def either_way(
    kernel: Tensor, threshold: float
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Weights and biases of two convolutions that answer to a kernel and its opposite.

    kernel: (h, w); threshold: at least 0.  Returns weight (2, 1, h, w), bias (2,),
    weight (1, 2, 1, 1), bias (1,).

    >>> [one.shape[0] for one in either_way(torch.ones(3, 2), 0.5)]
    [2, 2, 1, 1]
    """
    ### BEGIN SOLUTION
    first = torch.stack([kernel, -kernel])[:, None]
    second = torch.ones(1, 2, 1, 1)
    return first, torch.zeros(2), second, torch.tensor([-float(threshold)])
    ### END SOLUTION


# %% check="either-way" points=1
checks.week6.either_way(either_way)

# %% [markdown] hint=1
# What is $\mathrm{ReLU}(z) + \mathrm{ReLU}(-z)$, for a positive $z$, and for a negative
# one?

# %% [markdown] hint=1
# There are two places for the threshold, the biases of the first layer and the one of
# the second. What happens if it stands in both?

# %% [markdown] topics="1×1 convolution as a matrix product"
# ## 2. Every pixel through the same layer
#
# The second layer was a convolution with a kernel of one pixel. In week 1 (notebook 3)
# it recoloured photographs: three colours in, three new ones out. But channels need not
# be colours. They may be a hundred maps of what a layer has found, and then a 1×1
# convolution makes new findings out of old ones, at each place by itself. For all
# places at once it is a single product of matrices.

# %%
plots.show(
    plots.week6.every_pixel(),
    caption="A 1×1 convolution from three maps of 2 × 3 pixels to four. Each pixel is "
    "a row; its numbers in the three maps are the columns.",
    alt="From left to right: three coloured sheets of 2 by 3 pixels, numbered 0 to 5; "
    "a matrix with a row for each of the six pixels and a column for each sheet; "
    "times a matrix of weights with three rows and four columns; equals a matrix of "
    "six rows and four columns; from it four sheets of 2 by 3 pixels.",
)

# %% [markdown]
# In symbols, with $n$ for the image, $l$ for the old map, $i$ for the new one and
# $(j, k)$ for the place:
#
# $$ z_{n,i,j,k} = b_i + \sum_l w_{i,l}\, x_{n,l,j,k} . $$

# %% [markdown]
# ### Exercise 2.2 · Forwards and backwards
# 2 points · 18 minutes · ●●●○○ · needs 3.4 (week 1)
#
# Write the 1×1 convolution of a batch, and its gradients. `dz` is
# $\partial\mathcal{L}/\partial z$, the gradient of the loss $\mathcal{L}$, in the shape
# of $z$. Return $z$ and the gradients of $\mathcal{L}$ with respect to $x$, the weights
# and the biases, each in the shape of what it belongs to.
#
# By hand: matrix products, `einsum` and sums, as you like; no convolution, and no
# gradient that torch has found for you.


# %% exercise="every-pixel"
def every_pixel(
    x: Tensor, weight: Tensor, bias: Tensor, dz: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """A 1×1 convolution z, and the gradients dx, dweight, dbias.

    x: (n, L, h, w); weight: (I, L, 1, 1), as in `nn.Conv2d`; bias: (I,);
    dz: (n, I, h, w)

    >>> x, one = torch.tensor([[[[2.0, 3.0]]]]), torch.ones(1, 1, 1, 1)
    >>> z, dx, dweight, dbias = every_pixel(x, one, torch.ones(1), torch.ones(x.shape))
    >>> z.flatten().tolist(), dweight.item(), dbias.item()
    ([3.0, 4.0], 5.0, 2.0)
    """
    ### BEGIN SOLUTION
    matrix = weight[:, :, 0, 0]
    z = torch.einsum("nlhw,il->nihw", x, matrix) + bias[:, None, None]
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    return z, dx, dweight, dz.sum((0, 2, 3))
    ### END SOLUTION


# %% check="every-pixel" points=2
checks.week6.every_pixel(every_pixel)

# %% [markdown] hint=1
# The picture is the recipe: with rows $X$ (pixels, $L$) and weights $W$ $(I, L)$ it is
# $Z = X W^{\mathsf T} + b$. In which order do the axes have to be before a `reshape`
# may make rows of them?

# %% [markdown] hint=1
# Each weight is used at every pixel of every image, and so is each bias. What does that
# say about their gradients? And in which outputs does $x_{n,l,j,k}$ take part?

# %% [markdown] hint=1
# In `torch.einsum("nlhw,il->nihw", x, w)` the letter that is missing after the arrow is
# summed over. Which letters does `dweight` have, and so which must go?

# %% [markdown] topics="merging linear layers"
# ### Two in a row
#
# Does a 1×1 layer need the ReLU in front of it? Leave it out: a 5×5 convolution makes
# 100 maps of 3 channels, and a 1×1 layer goes straight on to 80 maps. In notebook 1
# (exercise 1.2) you melted two convolutions of any size. When the second one sees a
# single pixel, those long sums get short.
#
# **Predict:** how many weights do these two layers have, and how many does a single 5×5
# convolution from 3 channels to 80 maps have?

# %% [markdown]
# ### Exercise 2.3 · Two layers that are one
# 2 points · 12 minutes · ●●●○○ · needs 2.2
#
# Find the kernels and biases of *one* convolution that does the same as two: first a
# convolution with `w1` and `b1`, of any kernel size, and directly after it a 1×1
# convolution with `w2` and `b2`. (Your `melted` can do it, the long way. Here two lines
# are enough; write those.)


# %% exercise="two-are-one"
def merged(w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> tuple[Tensor, Tensor]:
    """Weight and bias of one convolution in place of two, with no ReLU between.

    w1: (M, L, kh, kw), b1: (M,); then w2: (I, M, 1, 1), b2: (I,).
    Returns (I, L, kh, kw) and (I,).

    >>> w1, w2 = torch.full((1, 1, 2, 2), 3.0), torch.full((1, 1, 1, 1), 2.0)
    >>> weight, bias = merged(w1, torch.ones(1), w2, torch.ones(1))
    >>> weight.flatten().tolist(), bias.item()
    ([6.0, 6.0, 6.0, 6.0], 3.0)
    """
    ### BEGIN SOLUTION
    matrix = w2[:, :, 0, 0]
    return torch.einsum("im,mlhw->ilhw", matrix, w1), matrix @ b1 + b2
    ### END SOLUTION


# %% check="two-are-one" points=2
checks.week6.merged(merged)

# %% [markdown] hint=1
# Write $z_m$ for the first layer at one place, a sum over the window plus $b_m$. Put it
# into the sum of the second layer. Over what do you sum, and what stands in front of
# each pixel?

# %%
in_two = 100 * (25 * 3 + 1) + 80 * (100 + 1)
in_one = 80 * (25 * 3 + 1)
print(f"two layers: {in_two:,} weights; the one that does the same: {in_one:,}")

# %% [markdown]
# The two layers have two and a half times the weights, and these buy nothing at all: a
# weighted sum of weighted sums is a weighted sum. What made the cat's edges possible
# was the ReLU between the layers. So each layer of the small network gets one.

# %% [markdown] topics="mlpconv"
# ## 3. Slide a network
#
# Now take the title of this notebook literally. Instead of one filter with a ReLU, a
# small dense network looks at each patch (a *multilayer perceptron*, in the language of
# the time), and what it says is written down at the place of the patch.

# %%
plots.show(
    plots.week6.slid_network(),
    caption="A small network looks at one patch and fills one place of each map. Then "
    "it moves on by a pixel, with the same weights.",
    alt="Left, three sheets with a dark patch. Lines lead from it to a column of four "
    "circles, from all of these to three, and from all of these to two. Two arrows "
    "lead from the last circles to one small dark place in each of two sheets.",
)

# %% [markdown]
# The next cells do just that: they cut all patches out of a photograph and send each
# through the same dense network.


# %%
def slide(network: nn.Module, x: Tensor, size: int) -> Tensor:
    """What a dense network says to each patch of x (n, c, h, w), size × size."""
    rows, columns = x.shape[2] - size + 1, x.shape[3] - size + 1
    patches = F.unfold(x, size).transpose(1, 2)  # (n, places, c · size · size)
    return network(patches).transpose(1, 2).reshape(len(x), -1, rows, columns)


# %%
torch.manual_seed(0)
tiny = nn.Sequential(
    nn.Linear(75, 8), nn.ReLU(), nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, 4), nn.ReLU()
)
photo = train.as_input(data.photograph("chelsea", 60))[None]
with torch.no_grad():
    slid = slide(tiny, photo, size=5)
print(f"{slid.shape[2] * slid.shape[3]:,} patches, {slid.shape[1]} numbers for each")

# %% [markdown]
# **Predict:** three layers that you know give the same numbers, for all patches in one
# go, with the very weights of the small network. Which layers are they, and what shapes
# do their weights have?

# %%
with torch.no_grad():
    h = photo
    for at, shape in ((0, (8, 3, 5, 5)), (2, (6, 8, 1, 1)), (4, (4, 6, 1, 1))):
        h = F.relu(F.conv2d(h, tiny[at].weight.view(shape), tiny[at].bias))
    largest = (slid - h).abs().max()
print(tuple(slid.shape), "the largest difference is below 1e-6:", bool(largest < 1e-6))

# %% [markdown]
# The first layer of the small network looks at the patch: that is a convolution with
# the patch's size. Its other layers look only at what was found *at this place*: those
# are 1×1 convolutions. To slide a network of three layers is to stack a convolution and
# two 1×1 layers, each with its ReLU. The paper calls the three together **mlpconv**.

# %% [markdown]
# ### Exercise 2.4 · mlpconv
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# Write the block as a module: three convolutions with biases, the first with the size,
# stride and padding given, the others 1×1. A ReLU follows each of the three, and
# nothing else is in it.


# %% exercise="mlpconv"
class MLPConv(nn.Module):
    """A small network slid over maps x (n, inputs, h, w).

    outputs: the widths of its three layers; the last is the number of maps it gives
    """

    def __init__(
        self,
        inputs: int,
        outputs: tuple[int, int, int],
        size: int,
        stride: int = 1,
        padding: int = 0,
    ) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        first, second, third = outputs
        self.patch = nn.Conv2d(inputs, first, size, stride, padding)
        self.middle = nn.Conv2d(first, second, 1)
        self.last = nn.Conv2d(second, third, 1)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """The maps, (n, outputs[2], …)."""
        ### BEGIN SOLUTION
        for layer in (self.patch, self.middle, self.last):
            x = F.relu(layer(x))
        return x
        ### END SOLUTION


# %% check="mlpconv" points=2
checks.week6.MLPConv(MLPConv)

# %% [markdown] hint=1
# Which of the three layers takes `stride` and `padding`? What would become of the maps
# if another one did as well?

# %% [markdown] topics="cascaded cross-channel pooling"
# ### The same thing under another name
#
# The paper has a second name for it. Pooling (week 3) makes one number of several at
# *neighbouring places*. One can also pool over *maps* at one place: the largest of some
# maps, say, as maxout does (Goodfellow and others, 2013). A 1×1 layer does that with
# weights that are learned, several times with different ones: *cross-channel parametric
# pooling*. Two such layers in a row, with a ReLU each, are a cascade: **cascaded
# cross-channel parametric pooling**, in code of the time `cccp`. So a convolution with
# two cccp layers and an mlpconv of three layers are the same block, weight for weight.
# The long name stands for what the cat needed: a sum of rectified maps.
#
# What does it cost? Take a block that is 64, 48 and 32 wide, with a 5×5 window. On a
# photograph its convolution has 4,864 weights, and the two 1×1 layers have 4,688: the
# network costs twice what the filters cost. Now put a second such block after it. A 5×5
# window over 32 maps has 800 numbers, a pixel of 64 maps only 64; so in this block the
# convolution has 51,264 weights, and the two 1×1 layers 4,688 as before. Inside a
# network they are nearly free.
#
# This is a good place for the break.

# %% [markdown] topics="global average head"
# ## 4. Without dense layers
#
# Blocks that can do so much can do without dense layers after them. Let the last block
# have *one map for each class*. Where it sees something that speaks for a frog, class 6
# of CIFAR-10, map 6 should be high. The score of a class is then simply the mean of its
# map, and there the network ends. You met this *global average pooling* in week 3
# (notebook 1), with a dense layer behind it; here nothing follows but the softmax.

# %%
plots.show(
    plots.week6.two_heads(),
    caption="Three maps of 2 × 4 numbers and three scores, in the usual head and in "
    "that of Network in Network.",
    alt="Two drawings of three small maps above each other and three circles beside "
    "them. Left, lines lead from every number of every map to every circle. Right, "
    "each circle gets lines from one map only, that of its own colour.",
)

# %% [markdown]
# ### Exercise 2.5 · Quiz: what a head weighs
# 1 point · 8 minutes · ●●○○○ · needs nothing
#
# The last maps of AlexNet (week 4, without groups) are 256 of $6 \times 6$. Its *head*,
# all that comes after them, is dense: 4096, 4096 and 1000 units. Put in its place a 1×1
# convolution from the 256 maps to 1000, and the mean of each of these. All layers have
# biases, which count as weights. Find:
#
# - `dense_weights` and `mean_weights`: the weights of the dense head, and of the other;
# - `times_as_many`: how many times as many the dense one has (three digits will do);
# - `mean_multiply_adds`: the multiply-adds of the 1×1 convolution for one photograph.
#   (As in week 4 a bias, which is only added, is none. The dense head has 58,621,952.
#   Do you save as much work as weights?)

# %% exercise="head-weights"
dense_weights: int | None = None
mean_weights: int | None = None
times_as_many: float | None = None
mean_multiply_adds: int | None = None
### BEGIN SOLUTION
dense_weights = (9216 + 1) * 4096 + 4097 * 4096 + 4097 * 1000
mean_weights = 257 * 1000
times_as_many = dense_weights / mean_weights
mean_multiply_adds = 256 * 1000 * 36
### END SOLUTION

# %% check="head-weights" points=1 quiz=1
checks.week6.head_weights(
    dense_weights=dense_weights,
    mean_weights=mean_weights,
    times_as_many=times_as_many,
    mean_multiply_adds=mean_multiply_adds,
)

# %% [markdown] hint=1
# How many numbers go into the first dense layer? A unit has a weight for each, and a
# bias.

# %% [markdown] hint=1
# A 1×1 convolution uses each of its weights at every place of the maps.

# %% [markdown] topics="gradient of an average"
# ### Backwards
#
# What does the loss tell the maps? **Predict:** the network has said "frog" and it was
# a cat. Which numbers of the cat's map are asked to grow, and which of them the most?

# %% [markdown]
# ### Exercise 2.6 · What the maps are told
# 2 points · 15 minutes · ●●●○○ · needs nothing
#
# Scores are the means of the maps; the loss is the mean over the batch of the
# cross-entropies, with the softmax of the scores in it. Find the gradient of the loss
# with respect to every number of the maps, by hand: no gradient from torch, and not its
# cross-entropy. Scores may be as large as 1000.


# %% exercise="told-to-the-maps"
def told(maps: Tensor, targets: Tensor) -> Tensor:
    """The gradient for maps (n, classes, h, w) of the mean cross-entropy.

    targets: (n,), the right classes

    >>> told(torch.zeros(1, 2, 2, 2), torch.tensor([1]))[0, :, 0, 0]
    tensor([ 0.1250, -0.1250])
    """
    ### BEGIN SOLUTION
    n, classes, h, w = maps.shape
    wrong = maps.mean((2, 3)).softmax(1) - F.one_hot(targets, classes)
    return (wrong / (n * h * w))[:, :, None, None].expand(maps.shape)
    ### END SOLUTION


# %% check="told-to-the-maps" points=2
checks.week6.told(told)

# %% [markdown] hint=1
# Two steps: from the loss to the scores (week 3, notebook 2: probabilities minus ones),
# and from a score to the numbers of which it is the mean.

# %% [markdown] hint=1
# If one number of a map of $h \cdot w$ grows by 1, by how much does the mean grow? Does
# it matter which number it is?

# %% [markdown]
# All of them, and all by the same amount: the gradient of a score spreads evenly, $1/(h
# w)$ to each place. The head does not know *where* the cat was. It asks the whole map
# for more cat, and leaves it to the layers below to find out which places can give it.

# %% [markdown]
# ### A friend's head
#
# A friend thinks that the scores should be probabilities. So she puts a softmax over
# the ten maps first, at each place, and then takes the mean of each map of
# probabilities. Her head and ours now try to learn 32 photographs by heart, with
# torch's cross-entropy as the loss.
#
# The network is a small one: three blocks of a 3×3 and a 1×1 layer, normalised (week 5)
# so that it learns quickly. We leave out the last ReLU, after the ten maps: then a
# place may also speak against a class.

# %%
photos = data.cifar10()
names = photos.classes
few = data.Split(photos.train.images[:5000], photos.train.labels[:5000])
judges = data.Split(photos.test.images[:2000], photos.test.labels[:2000])


# %%
def layer(inputs: int, outputs: int, size: int, stride: int = 1) -> list[nn.Module]:
    """A convolution that keeps the side, or halves it, normalised, with ReLU."""
    convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
    return [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]


# %%
def blocks() -> nn.Sequential:
    """Three blocks of a k×k and a 1×1 layer: photographs to 32 maps of 8 × 8."""
    return nn.Sequential(
        *layer(3, 16, 3, stride=2), *layer(16, 16, 1),
        *layer(16, 32, 3), *layer(32, 32, 1), nn.MaxPool2d(2),
        *layer(32, 32, 3), *layer(32, 32, 1),
    )  # fmt: skip


def mean_head() -> nn.Sequential:
    """Ten maps, and the mean of each. `mean_head()[0]` gives the maps."""
    maps = nn.Sequential(*blocks(), nn.Conv2d(32, 10, 1))
    return nn.Sequential(maps, nn.AdaptiveAvgPool2d(1), nn.Flatten())


# %%
def by_heart(softmax_first: bool, steps: int = 60, lr: float = 0.01) -> list[float]:
    """Losses while 32 photographs are learned."""
    torch.manual_seed(0)
    model, images, labels = mean_head(), few.images[:32] / 255, few.labels[:32]
    adam, losses = torch.optim.Adam(model.parameters(), lr=lr), []
    for _ in range(steps):
        maps = model[0](images)
        maps = maps.softmax(1) if softmax_first else maps
        loss = F.cross_entropy(maps.mean((2, 3)), labels)
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(loss.item())
    return losses


# %%
hearts = {name: by_heart(name == "hers") for name in ("ours", "hers")}
for name, losses in hearts.items():
    print(f"{name}:", *(f"{losses[at]:.2f}" for at in (0, 19, 39, 59)))

# %% [markdown]
# Ours goes towards 0. Hers creeps, and after sixty steps it is still above one and a
# half. No error, no warning. She tries five times as many steps. **Predict:** how far
# down will they take her?

# %% [markdown]
# ### Exercise 2.7 · The bug: a loss that will not fall
# 2 points · 18 minutes · ●●●○○ · needs nothing
#
# Her head could be perfect: probability 1 for the right class, at every place. Compute
# what her loss is then, with 10 classes and with 100, to three digits. (A formula such
# as `math.log(1 + 2 / math.e)` is a number, too.)
#
# Four more friends have each built a head for the block of exercise 2.4. It should have
# one last ReLU, and then take the mean of each map. For one image and three classes,
# all four have these maps before that ReLU:
#
# | map 0 | map 1 | map 2 |
# |---|---|---|
# | 6, −3, 0 | 0, 9, −6 | −2, −5, −1 |
# | 4, −3, 2 | −3, 8, 1 | −4, 0, −6 |
#
# | | score 0 | score 1 | score 2 |
# |---|---|---|---|
# | A | 0.493 | 0.433 | 0.074 |
# | B | 1 | 1.5 | 0 |
# | C | 1.67 | 2.83 | 0.5 |
# | D | 1 | 1.5 | −3 |
#
# These are the scores that their heads give. What has each friend done? Choose among
# these words; two are left over.
#
# - `"right"`: all is as it should be;
# - `"no relu"`: the last ReLU is missing;
# - `"late relu"`: it comes after the mean;
# - `"softmax"`: the softmax comes before the mean;
# - `"axes"`: the mean goes over other axes;
# - `"largest"`: the largest number of each map is taken, not the mean.

# %% exercise="head-friends"
lowest_with_10: float | None = None
lowest_with_100: float | None = None
friend_a: str | None = None
friend_b: str | None = None
friend_c: str | None = None
friend_d: str | None = None
### BEGIN SOLUTION
lowest_with_10 = math.log(1 + 9 / math.e)
lowest_with_100 = math.log(1 + 99 / math.e)
friend_a = "softmax"
friend_b = "late relu"
friend_c = "axes"
friend_d = "no relu"
### END SOLUTION

# %% check="head-friends" points=2 quiz=1
checks.week6.head_friends(
    lowest_with_10=lowest_with_10,
    lowest_with_100=lowest_with_100,
    friend_a=friend_a,
    friend_b=friend_b,
    friend_c=friend_c,
    friend_d=friend_d,
)

# %% [markdown] hint=1
# Which scores does her perfect head give, and what does the cross-entropy do with
# *scores* before it takes the logarithm?

# %% [markdown] hint=1
# Compute what the right head would say. Which friends are near it, and where do they
# differ? What do A's three numbers add up to?

# %% [markdown]
# And her longer attempt?

# %%
longer = by_heart(softmax_first=True, steps=300, lr=0.01)
print("her loss:", *(f"{longer[at]:.3f} after {at + 1} steps" for at in (59, 149, 299)))

# %% [markdown]
# More steps take her down to what you have computed, and no further: there her head is
# perfect, and still the loss asks for more. What helps is to leave out her softmax.

# %% [markdown] topics="average head against dense head"
# ## 5. Is it as good?
#
# Here is a fair race. Both networks have the same three blocks; then one has ten maps
# and their means, the other a dense layer of 128 units and one of 10.


# %%
def dense_head() -> nn.Sequential:
    """A dense layer of 128 units with ReLU, and the scores."""
    return nn.Sequential(
        blocks(),
        nn.Flatten(),
        nn.Linear(32 * 8 * 8, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )


for make in (mean_head, dense_head):
    print(f"{make.__name__}: {sum(p.numel() for p in make().parameters()):,} weights")

# %% [markdown]
# Both learn from 5,000 photographs of CIFAR-10 for two epochs, each with a learning
# rate that suits it. Then each is asked about 2,000 of the photographs it has learned
# from, about 2,000 fresh ones, and about the fresh ones moved by 4 pixels to the right
# and 4 down. (What leaves the photograph comes in again on the other side. If you have
# only the stand-in for CIFAR-10, tiles cut from ten photographs, you will see other
# numbers.)
#
# **Predict:** the dense head has sixteen times the weights. Which of the two names more
# fresh photographs correctly? Which loses more when they have moved? And for which of
# the two are fresh photographs harder than those it has learned from?


# %%
def learned(make: Callable[[], nn.Sequential], lr: float, seed: int) -> nn.Sequential:
    """A network that has seen the 5,000 photographs twice."""
    torch.manual_seed(seed)
    model = make()
    rates = train.OneCycle(lr, 2 * math.ceil(len(few) / 64), warm_up=0.2)
    sgd = partial(torch.optim.SGD, momentum=0.9, weight_decay=5e-4)
    train.fit(model, few, epochs=2, lr=rates, seed=seed, optimiser=sgd, label=None,
              channels_last=True)  # fmt: skip
    return model


# %%
moved = data.Split(judges.images.roll((4, 4), (2, 3)), judges.labels)
known = data.Split(few.images[:2000], few.labels[:2000])
nets = {
    "mean head": [learned(mean_head, 0.1, seed) for seed in range(2)],
    "dense head": [learned(dense_head, 0.05, seed) for seed in range(2)],
}
found = {
    name: [
        [train.accuracy(net, part) for part in (known, judges, moved)] for net in some
    ]
    for name, some in nets.items()
}
for name, rows in found.items():
    for row in rows:
        print(f"{name}: known {row[0]:.1%}, fresh {row[1]:.1%}, moved {row[2]:.1%}")

# %%
plots.show(
    plots.week6.head_points(found),
    caption="The share of the photographs that is named correctly, a point for each "
    "of two networks. Compare the rows in each panel, and then the panels.",
    alt="Three panels with two rows of points, above the mean head, below the dense "
    "head. On CIFAR-10 the points of the dense head lie further right in the first two "
    "panels and not in the third.",
)

# %% [markdown]
# On CIFAR-10 the dense head is the better one on fresh photographs, by a little or by a
# lot, as luck will have it: of five seeds that we tried (you see the first two) it had
# 44.0 to 46.5 % right, the mean head 41.6 to 43.8 %, and it was ahead in each pair, by
# 1 to 5 points. So "as good with a sixteenth of the weights" does *not* show here.
#
# But look at the other two panels. On the photographs that it has learned from, the
# dense head is 5 to 8 points better than on fresh ones; with the mean head the two
# differ by less than 4. The mean head has too few weights to learn by heart, and no way
# to say "at this very place". And when the photographs move by four pixels, the dense
# head loses 8 to 10 points and the mean head 3 to 6. On moved photographs the mean head
# was ahead in four of five pairs.
#
# A mean does not care about places. So why does the mean head lose anything at all?
# Because the layers below it do care: at the border each convolution sees zeros that
# belong to no photograph. And the moved photograph has a seam, where one border now
# meets the other. Let each map go on at its other side, as the photograph does, and ask
# again.


# %%
def wrapped(net: nn.Sequential) -> nn.Sequential:
    """The same network; beyond its border each map goes on at the other side."""
    twin = copy.deepcopy(net)
    for part in twin.modules():
        if isinstance(part, nn.Conv2d):
            part.padding_mode = "circular"
    return twin


# %%
for net in nets["mean head"]:
    twin = wrapped(net).eval()
    with torch.no_grad():
        apart = (twin(judges.images / 255) - twin(moved.images / 255)).abs().max()
    right = train.accuracy(twin, judges)
    print(f"scores differ by less than 1e-4: {bool(apart < 1e-4)}; right: {right:.1%}")

# %% [markdown]
# Now a move changes no score at all. (It must be by a multiple of 4: the network halves
# the sides twice.) So the head really does not care where things are. The zeros at the
# border tell the network where things are, and ours have learned to use them: without
# them they name only 33 to 37 % correctly.
#
# Each head does what it is made for. We trained for two epochs, in which nobody
# overfits much, and more weights learn faster. Lin, Chen and Yan trained on ten times
# as many photographs until nothing was left to gain, and then learning by heart is the
# trouble. With a dense layer in place of the mean they had 11.59 % wrong, with dropout
# before that layer 10.88 %, and with the mean 10.41 %.

# %% [markdown] topics="class evidence maps"
# ## 6. Where is the evidence?
#
# The mean head gives you one thing for nothing. A score is the mean of a map, exactly.
# So each number of the map is a share in the score: the map *is* the evidence, place by
# place, and there is nothing more to compute.

# %%
net = nets["mean head"][0].eval()


def evidence_of(net: nn.Sequential, images: Tensor) -> Tensor:
    """The ten last maps for images that are bytes, (n, 10, h, w)."""
    with torch.no_grad():
        return net[0](images / 255)


three = judges.images[:3]
with torch.no_grad():
    gap = (net(three / 255) - evidence_of(net, three).mean((2, 3))).abs().max()
print("scores are the means of the maps:", bool(gap < 1e-6))

# %% [markdown]
# Does a map point to the thing? Photographs of CIFAR-10 show one thing each, as large
# as the photograph. So we put four of different kinds together into a mosaic of
# $64 \times 64$ pixels. The network reads it without a change, since it has no dense
# layer; its maps are now $16 \times 16$, and each quarter of them looks (nearly) at one
# photograph.


# %%
def mosaics(split: data.Split, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Mosaics (count, 3, 64, 64) of four photographs, and their classes (count, 4)."""
    dice = torch.Generator().manual_seed(seed)
    of_class = [(split.labels == kind).nonzero().flatten() for kind in range(10)]
    kinds = torch.stack([torch.randperm(10, generator=dice)[:4] for _ in range(count)])
    luck = torch.randint(10_000, kinds.shape, generator=dice)
    made = []
    for four, numbers in zip(kinds.tolist(), luck.tolist(), strict=True):
        pairs = zip(four, numbers, strict=True)
        at = [of_class[kind][i % len(of_class[kind])] for kind, i in pairs]
        a, b, c, d = split.images[torch.stack(at)]
        made.append(torch.cat([torch.cat([a, b], 2), torch.cat([c, d], 2)], 1))
    return torch.stack(made), kinds


# %%
tests, kinds = mosaics(judges, 200, seed=0)
maps = evidence_of(net, tests)
shown_kinds = kinds[0].tolist()

# %%
plots.show(
    plots.week6.evidence(
        [tests[0]] * 4,
        [maps[0, kind] for kind in shown_kinds],
        ["upper left", "upper right", "lower left", "lower right"],
        [f"for {names[kind]}" for kind in shown_kinds],
        quarters=True,
    ),
    caption="One mosaic, four times, and below it the evidence for what each of its "
    "quarters shows. A frame marks the quarter with the most.",
    alt="Above, four times the same mosaic of four small photographs. Below, four maps "
    "of 16 by 16 cells, orange where something speaks for a kind and purple where it "
    "speaks against it, with a frame around one quarter of each.",
)

# %% [markdown]
# One mosaic proves nothing, and a lucky one even less. So count.

# %% [markdown]
# ### Exercise 2.8 · The quarter with the most evidence
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# For each image, and each of the classes that `kinds` names for it, find the quarter of
# the map of this class that has the most evidence, that is, the largest mean. Quarters
# are numbered as one reads: 0 upper left, 1 upper right, 2 lower left, 3 lower right.
# (No two quarters have the same mean. $h$ and $w$ are even.)


# %% exercise="quarters"
def quarters(maps: Tensor, kinds: Tensor) -> Tensor:
    """Numbers 0 to 3 of the quarters with the most evidence, (n, m).

    maps: (n, classes, h, w); kinds: (n, m), whole numbers, m classes for each image

    >>> maps = torch.zeros(1, 2, 2, 2)
    >>> maps[0, 0, 1, 0] = maps[0, 1, 0, 1] = 5
    >>> quarters(maps, torch.tensor([[1, 0, 1]]))
    tensor([[1, 2, 1]])
    """
    ### BEGIN SOLUTION
    n, classes, h, w = maps.shape
    parts = maps.reshape(n, classes, 2, h // 2, 2, w // 2).mean((3, 5))
    return parts.flatten(2).argmax(2).gather(1, kinds)
    ### END SOLUTION


# %% check="quarters" points=2
checks.week6.quarters(quarters)

# %% [markdown] hint=1
# Four slices make the four quarters. Which axes of each do you take the mean over, and
# in which order do you stack the means?

# %% [markdown] hint=1
# `means` (n, classes, 4) has the means for all classes. How do you pick, for image $i$,
# the rows that `kinds[i]` names? A loop over the images is fine; `gather` does it at
# once.


# %%
def strongest_quarter(maps: Tensor, kinds: Tensor) -> Tensor:
    """The same, for use from here on."""
    parts = F.adaptive_avg_pool2d(maps, 2).flatten(2).argmax(2)
    return torch.stack([row[four] for row, four in zip(parts, kinds, strict=True)])


for one in nets["mean head"]:
    at = strongest_quarter(evidence_of(one.eval(), tests), kinds)
    hit = (at == torch.arange(4)).float()
    print(f"in the right quarter: {hit.mean():.0%}; of these kinds:")
    print(*(f"{names[kind]} {hit[kinds == kind].mean():.0%}" for kind in range(10)))

# %% [markdown]
# A guess would be right one time in four. These networks are right in 57 to 60 % (five
# seeds): cars, frogs, ships and trucks were found in 61 to 78 % of their mosaics, birds
# and cats in 31 to 49 %. Nobody has ever told them where anything is. They were told
# what a photograph shows, and the mean left it to them to find the place.
#
# **Predict:** take airplanes that the network has named correctly. Where is its
# evidence for "airplane"? And for "automobile" in cars? Say it before you look.

# %%
maps = torch.cat([evidence_of(net, part) for part in judges.images.split(500)])
named = maps.mean((2, 3)).argmax(1) == judges.labels
chosen = []
for kind in (0, 1):
    own = (judges.labels == kind).nonzero().flatten()
    chosen += torch.cat([own[named[own]], own[~named[own]]])[:4].tolist()

# %%
plots.show(
    plots.week6.evidence(
        [judges.images[i] for i in chosen],
        [maps[i, judges.labels[i]] for i in chosen],
        [names[int(judges.labels[i])] for i in chosen],
    ),
    caption="The first four airplanes and cars that the network names correctly, and "
    "the evidence for the right class. A frame marks the strongest place.",
    alt="Two rows of eight: small photographs, and below each a map of 8 by 8 cells. "
    "On CIFAR-10 the maps of the airplanes are orange where the sky is, and paler on "
    "the airplane; those of the cars are darkest in the middle, on the car.",
)

# %% [markdown]
# The evidence for a car is on the car. That for an airplane seems to be *around* it, in
# the sky. Before you believe a picture, ask what it would look like if it were not so.
# Does the airplane map avoid the middle less when the photograph shows something else?


# %%
def share_of_middle(maps: Tensor) -> Tensor:
    """How much more evidence there is in the middle of maps (n, 8, 8) than around."""
    inner = maps[:, 2:6, 2:6]
    rim = (maps.sum((1, 2)) - inner.sum((1, 2))) / (8 * 8 - 4 * 4)
    return inner.mean((1, 2)) - rim


# %%
def middle_and_rim(net: nn.Sequential, kind: int) -> tuple[float, float]:
    """That for photographs of a kind that are named correctly, and for all others."""
    maps = torch.cat([evidence_of(net, part) for part in judges.images.split(500)])
    own = judges.labels == kind
    right = own & (maps.mean((2, 3)).argmax(1) == kind)
    more = share_of_middle(maps[:, kind])
    return more[right].mean().item(), more[~own].mean().item()


for kind in (0, 1):
    for net in nets["mean head"]:
        own_share, other_share = middle_and_rim(net, kind)
        print(f"{names[kind]}: {own_share:+.1f} on its own, {other_share:+.1f} else")

# %% [markdown]
# It does not. The airplane map prefers the rim of *every* photograph: the middle is at
# −0.3 to −1.6 against the rim on airplanes, and at −0.6 to −1.3 on everything else
# (seven networks, on two kinds of processor). That is a habit of the map and says
# nothing about airplanes. The car map likes the middle of any photograph, by 0.8 to
# 1.7, but that of cars far more, by 2.6 to 4.3. So only the second of the two
# observations stands.
#
# Then ask the network itself what it needs. You could paint over the middle. But paint
# is something to see, too. To find out what paint alone says, the next cell replaces
# each photograph, of whatever kind, by a single colour from edge to edge, the mean of
# the photograph.

# %%
plain = judges.images.float().mean((2, 3))[:, :, None, None].expand(-1, -1, 32, 32)
for net in nets["mean head"]:
    said = evidence_of(net, plain).mean((2, 3)).argmax(1)
    parts = (f"{names[kind]} {(said == kind).float().mean():.0%}" for kind in (0, 1))
    print("paint alone:", *parts)

# %% [markdown]
# Each of five networks calls 13 to 52 % of these plain colours airplanes, though there
# is neither thing nor sky in them; none calls any of them a car. So if an airplane
# "stays" an airplane under paint, you learn little.
#
# Instead, cover the middle of an airplane's photograph with the middle of *another
# photograph*, and do the opposite as well: put the airplane's middle into a photograph
# of something else. As a control, see how often those other photographs are called
# airplanes as they are.
#
# **Predict:** with a square of 16 pixels exchanged, which part keeps its name more
# often, the airplane's rim or its middle? And with a square of 22, about half of the
# photograph?


# %%
def square(side: int) -> Tensor:
    """A mask (32, 32): True in a square in the middle."""
    mask, edge = torch.zeros(32, 32, dtype=torch.bool), (32 - side) // 2
    mask[edge : edge + side, edge : edge + side] = True
    return mask


# %%
def exchanged(kind: int, side: int) -> list[Tensor]:
    """Photographs of a kind, with foreign middles, in foreign rims; the foreign."""
    own, others = (
        judges.images[(judges.labels == kind) == same] for same in (True, False)
    )
    dice, mask = torch.Generator().manual_seed(0), square(side)
    foreign = others[torch.randint(len(others), (len(own),), generator=dice)]
    mixed = [torch.where(mask, foreign, own), torch.where(mask, own, foreign)]
    return [own, *mixed, foreign]


# %%
def still_named(net: nn.Sequential, kind: int, side: int) -> list[float]:
    """Of those named correctly: shares named so by rim, by middle, by neither."""
    named = [
        evidence_of(net, some).mean((2, 3)).argmax(1) == kind
        for some in exchanged(kind, side)
    ]
    return [one[named[0]].float().mean().item() for one in named[1:]]


for kind in (0, 1):
    for side in (16, 22):
        for net in nets["mean head"]:
            rim, inside, neither = still_named(net, kind, side)
            print(f"{names[kind]}, {side} × {side}: own rim {rim:.0%}, "
                  f"own middle {inside:.0%}, neither {neither:.0%}")  # fmt: skip

# %% [markdown]
# With 16 pixels exchanged, the rim keeps the name more often (five seeds): 34 to 77 %
# of the airplanes are still named by their rim and 6 to 15 % by their middle; of the
# cars 39 to 55 % and 8 to 22 %. But this rim is three quarters of the photograph, and
# most things reach into it. With 22 pixels rim and middle are about equally large. Then
# 13 to 24 % of the airplanes are named by their middle and 5 to 23 % by their rim: no
# difference to rely on. (Of the photographs with neither, 2 to 5 % are called
# airplanes.) Of the cars 32 to 72 % are named by their middle and 13 to 48 % by their
# rim, and the middle is ahead in each of the five networks.
#
# What may you say now? For cars, map and network agree: the middle counts for more. For
# airplanes both parts are needed. We have *not* shown that "airplane" means sky, as the
# picture suggests. We have shown that no airplane is needed: a plain colour may do. A
# map tells the truth about a score, number for number. What a network goes by is a
# question for experiments, each with its control.
#
# A network with a dense layer after its means, like yours in week 3 (notebook 1), has
# such maps as well. Mean and dense layer may change places, as you saw there: apply the
# dense layer at each place, and the mean of what it says is the score. Zhou and others
# (2016) call these **class activation maps**. With them they found things in
# photographs where nobody had marked the places.

# %% [markdown] topics="NiN for CIFAR-10"
# ## 7. The network, to the last weight
#
# (Do you begin here? The cell with the imports is enough, and your `MLPConv` of
# exercise 2.4 if you want to use it.)
#
# Here is the plan of Lin, Chen and Yan's network for CIFAR-10. It gives the sizes of
# all maps and kernels, but not how many maps most layers have: their **widths**.

# %%
plots.show(
    plots.week6.nin_plan(),
    caption="Network in Network for CIFAR-10. In each box stands a kernel, below it "
    "the size and the number of the maps.",
    alt="From left to right: the photograph, 32 by 32 with 3 channels; three boxes of "
    "32 by 32, kernels 5×5, 1×1, 1×1, their numbers of maps replaced by question "
    "marks; a max pooling; three boxes of 16 by 16 with the same kernels; a mean "
    "pooling; three boxes of 8 by 8 with kernels 3×3, 1×1, 1×1, the last with 10 maps; "
    "and their mean, 10 scores.",
)

# %% [markdown]
# ### Exercise 2.9 · Build: 966,986 weights
# 4 points · 45 minutes · ●●●●○ · needs 2.4
#
# The network has exactly 966,986 weights, with its biases. Its first layer and all
# layers of the second and third block are equally wide, except for the last one, which
# has ten maps. In the first block no layer is wider than the one before it. That is all
# you need: only one choice of whole numbers fits. Find it, and build the network.
#
# - There are three blocks of three convolutions with biases, and a ReLU after each of
#   the nine. The first convolution of each block has the kernel of the plan and keeps
#   the size of the maps.
# - After the first block comes a max pooling, after the second an average pooling, with
#   windows of $3 \times 3$ in steps of 2. Windows that begin inside and hang over the
#   edge count (`ceil_mode=True`), so 32 becomes 16 and 16 becomes 8.
# - After each of the two poolings comes a dropout, in training only, which drops each
#   number by itself with probability ½. Nothing is dropped elsewhere, and nothing is
#   normalised.
# - The scores are the means of the ten maps. Nothing else has weights.
# - Each call makes a new network.
# - Photographs $(n, 3, h, w)$ of any size from 8 pixels on become scores $(n, 10)$.
#
# Please do not use `coursekit.models` or `coursekit.layers`; the start is up to you. A
# calculator can find the widths, and so can a loop. A loop over all three unknown
# widths may take a while; how many of the three must be tried?


# %% exercise="build-nin"
def nin_for_cifar() -> nn.Module:
    """Network in Network for CIFAR-10, untrained.

    network = nin_for_cifar()
    """

    ### BEGIN SOLUTION
    def block(inputs: int, outputs: tuple[int, ...], size: int) -> list[nn.Module]:
        layers: list[nn.Module] = []
        for width, k in zip(outputs, (size, 1, 1), strict=True):
            layers += [nn.Conv2d(inputs, width, k, padding=k // 2), nn.ReLU()]
            inputs = width
        return layers

    same, middle, third = 192, 160, 96
    return nn.Sequential(
        *block(3, (same, middle, third), 5),
        nn.MaxPool2d(3, 2, ceil_mode=True),
        nn.Dropout(),
        *block(third, (same, same, same), 5),
        nn.AvgPool2d(3, 2, ceil_mode=True),
        nn.Dropout(),
        *block(same, (same, same, 10), 3),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    )
    ### END SOLUTION


# %% check="build-nin" points=4
checks.week6.nin_for_cifar(nin_for_cifar)

# %% [markdown] hint=1
# Write the nine counts with letters for the widths: $N$ for the one that comes back
# again and again, $b$ and $c$ for the other two. Which products are there? About how
# large can $N$ be at most, if the total is what it is?

# %% [markdown] hint=1
# For a given $N$ and $c$, is the count a straight line in $b$? Then $b$ need not be
# tried, it can be computed: what has to be divisible by what?

# %% [markdown] hint=1
# Is the count right, and your network still refused? The check says what it misses. Are
# all nine ReLUs there, the one at the very end, too? What comes before what between two
# blocks? And what does your network make of a photograph that is not square?

# %% [markdown]
# <details><summary>When yours has passed: where the weights sit</summary>
#
# $N = 192$, $b = 160$, $c = 96$. Of the 966,986 weights, 460,992 sit in a single layer,
# the 5×5 of the second block, and it takes 118 of the 222 million multiply-adds, too.
# The six 1×1 layers together have 159,434. Notebook 3 takes this up: how can large
# kernels be made cheap?
#
# </details>

# %% [markdown]
# The same network, trained at length:
#
# | CIFAR-10, test error | paper | ours |
# |---|---|---|
# | as it stands | 10.41 % | not yet run |
# | with moved and mirrored photographs | 8.81 % | not yet run |
#
# Ours are waiting for a graphics card: 80,000 steps of 128 photographs. In 2013 no
# other method had been better on these photographs.

# %% [markdown]
# ## What to take with you
#
# Network in Network spends its budget on each pixel. A filter is a weighted sum, and
# cannot say yes to two opposites and no to what lies between them. A small network can;
# to slide it is to put 1×1 convolutions after a convolution, each with its ReLU,
# without which two layers are one. A 1×1 convolution is one matrix product for all
# pixels, forwards and backwards.
#
# With one map for each class and its mean as the score, a network needs no dense
# layers. AlexNet's head would have two hundred times fewer weights; the gradient
# spreads evenly; photographs may have any size; and the maps say where the evidence is.
# Our network became less accurate in this way, but learned less by heart. And evidence
# is what the network goes by, which need not be the thing.
#
# **Where people slip**
#
# - "A 1×1 convolution does nothing." It mixes all maps, and a ReLU follows.
# - Stacking 1×1 layers without ReLUs: many weights, one linear layer.
# - Putting the softmax before the mean, or using it twice. The loss stops early, and
#   nothing warns you.
# - Taking the mean over the maps or over the batch, and not over the places.
# - "The map shows where the thing is." It shows where the evidence is.
# - Taking four pictures for a proof. What do all the others look like?
#
# **Next:** notebook 3 uses 1×1 layers to save: in GoogLeNet they make the maps *fewer*,
# so that large kernels become cheap.
#
# **To read on:** Lin, Chen and Yan, *Network In Network* (2013); Zhou and others,
# *Learning deep features for discriminative localization* (2016), for maps of evidence
# in networks with a dense layer behind the mean.
