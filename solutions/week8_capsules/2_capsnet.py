# %% [markdown]
# # CapsNet
#
# Week 8 · notebook 2 of 2 · about 135 minutes · 18 points
#
# What do sixteen numbers say about a 5? In 2017 a network of capsules, three layers
# deep, read digits as well as much deeper networks, told overlapping digits apart, and
# had for every digit a vector in which one could *turn a knob* and watch the digit get
# wider. Newspapers wrote about it. Here you build it from its parts, count its
# 8,215,568 weights, turn the knobs, and then do what was done too seldom: compare it,
# fairly, with a network of the same size that has no capsules.
#
# The 135 minutes are for two sittings: an hour and a quarter for sections 1 to 3, an
# hour for 4 to 8. They leave out another evening, of three quarters of an hour: section
# 9, an open build (4 of the 18 points). Three cells train networks, for five to twenty
# seconds each, on an old or busy computer for a minute.
#
# **When you are done, you can**
#
# - follow a picture through CapsNet and count every weight on its way;
# - cut maps into capsules without mixing pixels up;
# - build the network so that it reads somebody else's weights;
# - mask capsules for the decoder, and weigh its loss against the other one;
# - say what one of sixteen numbers does, and how purely;
# - judge a claim such as "more robust than a CNN" by an experiment over seeds.
#
# **You need** from notebook 1 votes, squash, routing in rounds and the margin loss;
# counting weights (week 4, notebook 4), and names of weights as a contract (week 7,
# notebook 2).

# %%
import math
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

# %%
from coursekit import checks, data, models, plots, train
from coursekit.models.capsnet import (
    RoutedCapsules,
    lengths,
    margin_loss,
    route,
    squash,
)
from coursekit.runs.table import table

# %% [markdown] topics="the network of 2017, all weights counted"
# ## 1. From a picture to ten vectors
#
# **CapsNet** (Sabour, Frosst and Hinton 2017) is not deep. Two convolutions, one layer
# of routing. Behind it a decoder of three dense layers, which paints the digit again
# from the winner's sixteen numbers. It is there for training, and to be looked at.

# %%
plots.show(
    plots.week8.network(),
    caption="The network of 2017. Follow the sizes: what is lost at each step, and "
    "where do numbers become vectors?",
    alt="Above, from left to right: an image of 28 by 28; 256 maps of 20 by 20; 32 "
    "grids of 6 by 6 capsules of 8 numbers; ten bars of 16 numbers; ten lengths. The "
    "steps are labelled 9×9 convolution and ReLU, 9×9 convolution with stride 2 and "
    "squash, routing, and length. Below, from the ten bars back to the left: all but "
    "one set to 0, 160 numbers, dense layers of 512 and 1024, an image of 28 by 28.",
)

# %% [markdown]
# The numbers, one after the other:
#
# - **First convolution:** 256 kernels of $9 \times 9$, stride 1, ReLU.
# - **Primary capsules:** a convolution again, $9 \times 9$, stride 2, no ReLU, to
#   256 maps. They are read as 32 *types* of capsules of 8 numbers each, at $6 \times 6$
#   places, and squashed. Each is a $u_i$.
# - **Digit capsules:** ten, of 16 numbers. For each primary capsule $i$ and each digit
#   $j$ there is a matrix $W_{ij}$ of $8 \times 16$, which makes the vote
#   $\hat u_{j|i} = u_i W_{ij}$; here vectors are rows. No biases. Three rounds of
#   routing give $v_j$.
# - **Decoder:** $10 \cdot 16$ numbers, 512, 1024, 784, with biases, ReLU twice and a
#   sigmoid at the end.
#
# No pooling anywhere. The side shrinks with kernels and one stride.
#
# **Predict:** which of the four holds most of the weights, and which holds hardly any?

# %% [markdown]
# ### Exercise 2.1 · Every weight
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# Count the four parts, for images of any side from 17 pixels on, and any number of
# image channels, of maps behind the first convolution (`width`), of types and of
# classes. Kernels, strides, sizes of capsules and the inner layers of the decoder stay
# what they are; both convolutions have biases, and the second one puts out exactly
# what its capsules need. The decoder paints all channels of the image. A smaller image
# gives a `ValueError`. (Nothing of `coursekit.models`.)


# %% exercise="count-capsnet"
def weights(
    side: int = 28, width: int = 256, types: int = 32, classes: int = 10, c: int = 1
) -> dict[str, int]:
    """The weights of "conv1", "primary", "routing" and "decoder".

    side, c: of the image, in pixels and channels.  Raises ValueError for side < 17.

    >>> sum(weights().values())
    8215568
    """
    ### BEGIN SOLUTION
    if side < 17:
        raise ValueError(f"two kernels of 9 need 17 pixels, not {side}")
    grid = (side - 8 - 9) // 2 + 1
    decoder, inputs = 0, 16 * classes
    for outputs in (512, 1024, c * side**2):
        decoder += (inputs + 1) * outputs
        inputs = outputs
    return {
        "conv1": (81 * c + 1) * width,
        "primary": (81 * width + 1) * 8 * types,
        "routing": types * grid**2 * classes * 8 * 16,
        "decoder": decoder,
    }
    ### END SOLUTION


# %% check="count-capsnet" points=2
checks.week8.weights(weights)

# %% [markdown] hint=1
# How many places has the grid of primary capsules when 28 pixels come in? And when 29
# do?

# %% [markdown] hint=1
# A kernel of the second convolution sees all maps of the first. A matrix $W_{ij}$ is
# there for every primary capsule, that is, for every type *at every place*.

# %% [markdown]
# Here they are, counted in the course's own network.

# %%
whole = models.capsnet()
PARTS = {"conv1": whole.conv1, "primary": whole.primary, "routing": whole.digits}
counted = {
    name: sum(p.numel() for p in part.parameters()) for name, part in PARTS.items()
}
counted["decoder"] = sum(p.numel() for p in whole.parameters()) - sum(counted.values())
for name, count in counted.items():
    print(f"{name:9}{count:10,}  {count / sum(counted.values()):6.1%}")
print(f"{'in all':9}{sum(counted.values()):10,}")

# %%
plots.show(
    plots.week8.where_weights(counted),
    caption="Where the 8.2 million weights are.",
    alt="One horizontal bar in four pieces: a sliver for the first convolution, then "
    "5.31 million for the primary capsules, 1.47 million for the routing, and 1.41 "
    "million for the decoder.",
)

# %% [markdown]
# Two thirds stand in the primary capsules: an ordinary convolution, with 256 maps
# coming in and 256 going out, and kernels of 81 places. What is new, the routing, has
# 1,474,560 weights, and one might be surprised by *how many*: $32 \cdot 36 = 1152$
# capsules times ten digits times $8 \cdot 16$.
#
# A convolution would share. A capsule of type 5 at the upper left and one of type 5 at
# the lower right speak of the same kind of stroke; with one matrix for both there would
# be $32 \cdot 10 \cdot 128 = 40{,}960$ weights, 36 times fewer. CapsNet does *not*
# share: every place has matrices of its own. Keep it in mind for section 8. What a
# stroke at the upper left says about a 5 has to be learned again at the lower right.
#
# One part of it you know already.
#
# **Predict:** with $r = 1$ nothing is routed, $s_j = \frac1{10} \sum_i u_i W_{ij}$.
# Which layer of week 1 is this?

# %%
torch.manual_seed(0)
routed, dense = RoutedCapsules(1152, 10, 1), nn.Linear(1152 * 8, 160, bias=False)
with torch.no_grad():
    u = squash(torch.randn(4, 1152, 8))
    dense.weight.copy_(routed.weight.permute(0, 3, 1, 2).reshape(160, -1) / 10)
    off = (routed(u) - squash(dense(u.flatten(1)).unflatten(1, (10, 16)))).abs().max()
print(f"{dense.weight.numel():,} weights, largest difference {off:.0e}")

# %% [markdown]
# A dense layer, without biases. "Votes" are a way to read its matrix in blocks of
# $8 \times 16$. All that is different about CapsNet is therefore: no pooling, two
# squashes, the margin loss, the decoder, and what rounds 2 and 3 do to that dense
# layer. Whoever wants to know what capsules are good for has to vary *these*.

# %% [markdown] topics="primary capsules by channels"
# ## 2. Eight numbers at one place
#
# The second convolution returns a tensor (n, 256, 6, 6). A capsule is to be eight
# numbers that speak of *one* place: eight *channels*, seen at the same row and
# column. In memory these eight numbers do not lie side by side.
#
# **Predict:** somebody writes `maps.view(n, -1, 8)`. The shape is right, (n, 1152, 8).
# Which eight numbers are in the first capsule?

# %%
torch.arange(256 * 36).view(1, 256, 6, 6).view(1, -1, 8)[0, 0]  # numbers as they lie

# %%
plots.show(
    plots.week8.eight_numbers(),
    caption="The first eight of 256 maps. Blue: the first capsule as it should be. "
    "Orange: what view(n, -1, 8) takes for it.",
    alt="Two rows of eight small grids of 6 by 6 cells. Above, the upper left cell of "
    "each of the eight grids is blue. Below, only the first grid is coloured: its "
    "first row and two cells of its second row are orange.",
)

# %% [markdown]
# The numbers 0 to 7: six pixels of the first row of map 0 and two of the next row.
# Nothing complains. The next line squashes these eight "together", as if they were the
# pose of something.

# %% [markdown]
# ### Exercise 2.2 · Maps into capsules
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# Cut maps into capsules of `size` numbers, not yet squashed. Type 0 is made of the
# first `size` channels, type 1 of the next, and so on. The capsules come type by type,
# within a type row by row from the upper left. A number of channels that is no multiple
# of `size` is a `ValueError`. (NumPy or torch. `coursekit.models` stays closed.)


# %% exercise="primary-capsules"
def primary(maps: Tensor, size: int = 8) -> Tensor:
    """Maps (n, types · size, h, w) → capsules (n, types · h · w, size).

    Raises ValueError when the channels are no multiple of size.

    >>> primary(torch.arange(8.0).view(1, 4, 1, 2), size=2)[0]
    tensor([[0., 2.],
            [1., 3.],
            [4., 6.],
            [5., 7.]])
    """
    ### BEGIN SOLUTION
    n, channels, h, w = maps.shape
    if channels % size:
        raise ValueError(f"{channels} channels make no capsules of {size}")
    typed = torch.as_tensor(maps).reshape(n, channels // size, size, h * w)
    return typed.transpose(2, 3).reshape(n, -1, size)
    ### END SOLUTION


# %% check="primary-capsules" points=2
checks.week8.primary(primary)

# %% [markdown] hint=1
# First give the channels two axes: which type, and which of its numbers. Then write
# down the axes in the order in which you want them.

# %% [markdown] hint=1
# `transpose` and `permute` move axes, `reshape` reads what is there in a row. A
# `reshape` alone never changes the order of the numbers.

# %% [markdown]
# Does it matter? A network with the wrong cut trains, too; programs that many people
# have copied contain it. But something is lost, and one can see it before any training:
# move a picture by as many pixels as one step of the grid, and look at what the
# capsules do.
#
# Here is the small network of this notebook. It takes kernels of $5 \times 5$, to be
# quick, and otherwise follows the paper: `width` maps, `types` kinds of capsules, ten
# vectors of 16.


# %%
class Lower(nn.Module):
    """Images (n, 1, side, side) → primary capsules (n, 4 · grid², 8)."""

    def __init__(self, side: int, width: int, strides: tuple[int, int]) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, 5, strides[0])
        self.conv2 = nn.Conv2d(width, 32, 5, strides[1])
        self.grid = ((side - 5) // strides[0] + 1 - 5) // strides[1] + 1

    def capsules(self, x: Tensor) -> Tensor:
        """Four types, by channels."""
        maps = self.conv2(F.relu(self.conv1(x)))
        return squash(maps.unflatten(1, (4, 8)).flatten(3).mT.flatten(1, 2))


# %%
class Small(Lower):
    """A small CapsNet: images (n, 1, side, side) → lengths (n, 10)."""

    def __init__(
        self, side: int, width: int, strides: tuple[int, int], rounds: int = 3
    ) -> None:
        super().__init__(side, width, strides)
        self.digits = RoutedCapsules(4 * self.grid**2, 10, rounds)

    def poses(self, x: Tensor) -> Tensor:
        """One vector for each digit, (n, 10, 16)."""
        return self.digits(self.capsules(x))

    def forward(self, x: Tensor) -> Tensor:
        return lengths(self.poses(x))


# %%
digits = data.mnist()
x, t = train.as_input(digits.train.images[:10000]), digits.train.labels[:10000]
x_new, t_new = train.as_input(digits.test.images[:2000]), digits.test.labels[:2000]
torch.manual_seed(0)
fresh = Small(28, 32, (2, 2))
print(*(f"{name} {tuple(p.shape)}" for name, p in fresh.named_parameters()), sep="\n")

# %% [markdown]
# 28 pixels become 12 and then 4, since both strides are 2: one place of the grid is
# four pixels. Move 200 digits by four pixels to the right and compare the capsules of
# the places that both pictures have, cut in both ways. (As they lie in memory, capsules
# have no places; they are compared as if they had.)
#
# **Predict:** how far apart are they, compared with their own length: 0, a tenth, or
# about as far as two capsules that have nothing to do with each other? Say it for each
# of the two cuts.


# %%
def cut(maps: Tensor, channels: bool) -> Tensor:
    """Capsules, by channels or as they lie in memory, as a grid (n, 4, 4, 4, 8)."""
    if not channels:
        return squash(maps.reshape(len(maps), 4, 4, 4, 8))
    return squash(maps.unflatten(1, (4, 8)).movedim(2, -1))


# %%
with torch.no_grad():
    some = x_new[:200]
    pair = [some, F.pad(some, (4, 0))[..., :28]]
    maps = [fresh.conv2(F.relu(fresh.conv1(images))) for images in pair]
for name, channels in (("by channels", True), ("as they lie", False)):
    before, after = (cut(one, channels) for one in maps)
    apart = (after[:, :, :, 1:] - before[:, :, :, :3]).norm(dim=-1).mean()
    print(f"{name}: {apart / before.norm(dim=-1).mean():.2f} of their length apart")

# %% [markdown]
# By channels 0.00. A convolution is equivariant (week 1): all capsules have moved by
# one place of the grid, with the same eight numbers. That was the point: same thing,
# other place. As they lie, two rows of one map make a "capsule"; after the move it
# holds other pixels, and is another vector, further away than it is long. A network can
# live with it, because it does not share its $W_{ij}$. But there is no pose any more.

# %% [markdown] topics="the whole from its parts"
# ## 3. The whole
#
# You have the parts: squash and routing from notebook 1, the cut from section 2, and
# two convolutions. A network that *looks* right may still softmax over the wrong axis
# or route once too often, and train all the same. So yours is given weights of the
# check's, by their names, and has to say the same as the check's network, forwards and
# backwards.

# %% [markdown]
# ### Exercise 2.3 · CapsNet
# 4 points · 30 minutes · ●●●●○ · needs 2.2
#
# Build it, without the decoder, for square grey images. Convolution, ReLU,
# convolution, capsules of 8 (as in 2.2), squash, votes, routing in `rounds` rounds;
# what comes out is poses (n, classes, 16). Side, number of maps, types, classes, kernel
# (the same for both convolutions), the two strides and the rounds can be chosen.
#
# The contract has four more points:
#
# - *The names* are those of `models.capsnet(decoder=False)`: `conv1.weight`,
#   `conv1.bias`, `primary.conv.weight`, `primary.conv.bias` and `digits.weight`, and
#   there are no others. `digits.weight` has the shape (classes, capsules, 8, 16); as a
#   row vector, $u_i$ times `digits.weight[j, i]` is the vote of $i$ for $j$. How they
#   start is up to you.
# - *Routing* is that of notebook 1: softmax over the classes, logits from 0, in each
#   round but the last the agreement with the squashed $v_j$ is added.
# - *The gradient* runs through the last weighted sum and its squash; the couplings
#   are constants to it.
# - Capsules that are exactly 0 give no NaN, forwards or backwards. (An ε of $10^{-8}$
#   or so in a squash is welcome.)
#
# (torch's layers are yours; nothing of `coursekit.models` and `coursekit.layers`. Your
# `primary` may help. Squash and routing you have written in notebook 1: bring them.)


# %% exercise="whole-capsnet"
class CapsNet(nn.Module):
    """Images (n, 1, side, side) → poses (n, classes, 16), of lengths below 1.

    CapsNet()(torch.zeros(2, 1, 28, 28)).shape  # (2, 10, 16)
    """

    def __init__(
        self,
        side: int = 28,
        width: int = 256,
        types: int = 32,
        classes: int = 10,
        kernel: int = 9,
        strides: tuple[int, int] = (1, 2),
        rounds: int = 3,
    ) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        for stride in strides:
            side = (side - kernel) // stride + 1
        self.rounds = rounds
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        start = 0.1 * torch.randn(classes, types * side**2, 8, 16)
        self.digits.weight = nn.Parameter(start)
        ### END SOLUTION

    def forward(self, images: Tensor) -> Tensor:
        """The poses of the last round."""
        ### BEGIN SOLUTION
        maps = self.primary.conv(F.relu(self.conv1(images)))
        u = self._shortened(maps.unflatten(1, (-1, 8)).flatten(3).mT.flatten(1, 2))
        votes = torch.einsum("nia,jiab->njib", u, self.digits.weight)
        fixed = votes.detach()
        logits = fixed.new_zeros(fixed.shape[:3])
        for _ in range(self.rounds - 1):
            v = self._shortened((logits.softmax(1)[..., None] * fixed).sum(2))
            logits = logits + (fixed * v[:, :, None]).sum(3)
        return self._shortened((logits.softmax(1)[..., None] * votes).sum(2))

    @staticmethod
    def _shortened(s: Tensor) -> Tensor:
        squared = s.square().sum(-1, keepdim=True)
        return s * squared / (1 + squared) * torch.rsqrt(squared + 1e-8)

    ### END SOLUTION


# %% check="whole-capsnet" points=4
checks.week8.CapsNet(CapsNet)

# %% [markdown] hint=1
# A name with a dot in it belongs to a module within the module; an empty `nn.Module()`
# can be one. How many places has the grid when the strides are $(2, 2)$?

# %% [markdown] hint=1
# `torch.einsum("nia,jiab->njib", u, W)` makes all votes at once: n pictures, i
# capsules, j classes, a the eight numbers, b the sixteen. Which of these axes is the
# softmax along, which one does the sum run over?

# %% [markdown] hint=1
# All right but the gradient? Which rounds work with `votes.detach()`? A NaN for an
# empty picture? $|s|$ has a root in it.

# %% [markdown]
# If you like, let yours read the weights of the full size: `theirs =
# models.capsnet(decoder=False)`, `CapsNet().load_state_dict(theirs.state_dict())`, and
# compare the lengths of your poses with `theirs(x_new[:8])`. Both have 6,804,224
# weights. When the check has passed, this is a good place for the break.

# %% [markdown] topics="decoder and mask, scale of the reconstruction"
# ## 4. Painting it again
#
# The margin loss asks for lengths only. What should the *direction* of $v_j$ mean? The
# decoder gives it a task: paint the picture from it. The 160 numbers of all ten vectors
# would be too easy a source, so all but one are **masked**, that is, set to 0. In
# training the vector of the *true* digit is kept, so that a 5 that was read as a 3 is
# painted from what the 5 has to say. Afterwards nobody knows the truth: the *longest*
# is kept.

# %% [markdown]
# ### Exercise 2.4 · The mask
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# Write it. All vectors stay in their places, so that the decoder knows which digit it
# paints; a vector that is not kept becomes zeros. With labels, keep theirs; without,
# the longest of each picture. (NumPy or torch. If you return a tensor, the gradient has
# to find its way back to `poses`, or no decoder could train its capsules.
# `coursekit.models` stays closed.)


# %% exercise="mask-capsules"
def masked(poses: Tensor, labels: Tensor | None = None) -> Tensor:
    """Poses (n, classes, size) → (n, classes · size), one vector of each row kept.

    labels: (n,), whole numbers; the longest vector is kept when there are none.

    >>> masked(torch.tensor([[[1.0, 2.0], [-3.0, 0.0]]]))
    tensor([[ 0.,  0., -3.,  0.]])
    """
    ### BEGIN SOLUTION
    poses = torch.as_tensor(poses)
    if labels is None:
        labels = poses.square().sum(2).argmax(1)
    kept = torch.as_tensor(labels)[:, None] == torch.arange(poses.shape[1])
    return (poses * kept[:, :, None]).flatten(1)
    ### END SOLUTION


# %% check="mask-capsules" points=2
checks.week8.masked(masked)

# %% [markdown] hint=1
# How long is $(-3, 0)$, and how long is $(1, 2)$? Is the largest *number* of use?

# %% [markdown] hint=1
# `F.one_hot` makes a row of zeros and a one for each label. Which axis does it lack, to
# be multiplied with the poses?

# %% [markdown]
# Then the two losses are added:
#
# $$ \mathcal{L} = \mathcal{L}_\text{margin} + 0.0005 \sum_{p} (y_p - x_p)^2 . $$
#
# $x$ is the image, between 0 and 1, and $y$ what the decoder has painted; the sum is
# over the pixels $p$, and of several images the mean is taken. Why 0.0005? So that
# painting does not drown reading. Many a program writes `F.mse_loss(y, x)` in its
# place, which divides by the number of pixels as well. The factor then has to be
# another one.

# %% [markdown]
# ### Exercise 2.5 · The price of a picture
# 1 point · 8 minutes · ●●○○○ · needs nothing
#
# - `factor`: `factor * F.mse_loss(y, x)` is the paper's second term, for grey images
#   of 28 × 28.
# - `factor_colour`: the same for colour images of 32 × 32.
# - `too_weak`: somebody writes `0.0005 * F.mse_loss(y, x)`, for grey images of 28 × 28.
#   By which factor is painting too cheap?
# - `at_first`: a fresh decoder paints 0.5 everywhere; the pixels of the true image,
#   grey, 28 × 28, are 0 or 1. How large is the paper's second term?


# %% exercise="price-of-a-picture"
factor: float
factor_colour: float
too_weak: float
at_first: float
### BEGIN SOLUTION
factor = 0.0005 * 28**2
factor_colour = 0.0005 * 3 * 32**2
too_weak = 28**2
at_first = 0.0005 * 28**2 * 0.25
### END SOLUTION

# %% check="price-of-a-picture" points=1 quiz=1
checks.week8.price_of_a_picture(
    factor=factor, factor_colour=factor_colour, too_weak=too_weak, at_first=at_first
)

# %% [markdown] hint=1
# How many numbers does `F.mse_loss` take the mean of, for one image?

# %% [markdown]
# What does the other term cost at first? Here is the margin loss of `fresh`, the
# untrained network of section 2.

# %%
with torch.no_grad():
    print(f"margin loss, untrained: {margin_loss(fresh(x_new), t_new):.2f}")

# %% [markdown]
# All vectors are short, so nearly the whole $0.9^2$ has to be paid for the digit that
# is there, and nothing for the nine others. Compare it with your `at_first`: painting
# has a say, but a small one.

# %% [markdown] topics="trained small, reconstructions"
# ## 5. Ten thousand digits in a few seconds
#
# Now train. The network is `Small`, with 32 maps; a decoder with 128 and 256 inner
# units; 10,000 digits of MNIST, 300 steps of 48 digits with Adam, the rate sinking to 0
# in the second half. One thing differs from the paper: painting counts 0.01 in place of
# 0.0005, twenty times as much. With 300 steps in place of tens of thousands the
# pictures come closer to the digits that way, and reading does not suffer: with 0.0005
# the share of right digits was the same to within a point.
#
# (If MNIST cannot be had, you get the stand-in: 1,500 small digits, made larger, and
# 297 others to be judged by. The cells run all the same; the numbers in the text, here
# and below, are those of MNIST.)


# %%
def decoder(side: int) -> nn.Sequential:
    """From 160 numbers to a picture."""
    return nn.Sequential(
        nn.Linear(160, 128),
        nn.ReLU(),
        nn.Linear(128, 256),
        nn.ReLU(),
        nn.Linear(256, side**2),
        nn.Sigmoid(),
        nn.Unflatten(1, (1, side, side)),
    )


# %%
def painted(paint: nn.Module, poses: Tensor, labels: Tensor) -> Tensor:
    """Pictures from the vectors of these digits."""
    kept = F.one_hot(labels, poses.shape[1]).unsqueeze(2)
    return paint((poses * kept).flatten(1))


# %%
Step = Callable[[Tensor], Tensor]  # from the numbers of a batch to its loss
Size = tuple[int, int]  # how many steps, of how many images


# %%
def fit(
    model: nn.Module, loss_of: Step, rate: float, seed: int, size: Size = (200, 32)
) -> None:
    """Adam, with a rate that sinks to 0 in the second half."""
    adam = torch.optim.Adam(model.parameters(), fused=True)
    dice = torch.Generator().manual_seed(seed)
    for step in range(size[0]):
        adam.param_groups[0]["lr"] = rate * min(1.0, 2 - 2 * step / size[0])
        adam.zero_grad()
        loss_of(torch.randint(len(x), size[1:], generator=dice)).backward()
        adam.step()


# %%
torch.manual_seed(0)
network, paint = Small(28, 32, (2, 2)), decoder(28)


def both_losses(batch: Tensor) -> Tensor:
    """Margin loss, and 0.01 times the sum of squares."""
    poses = network.poses(x[batch])
    squares = (painted(paint, poses, t[batch]) - x[batch]).square()
    return (
        margin_loss(lengths(poses), t[batch]) + 0.01 * squares.flatten(1).sum(1).mean()
    )


both = nn.ModuleList([network, paint])
fit(both, both_losses, rate=0.008, seed=0, size=(300, 48))

# %%
with torch.no_grad():
    poses = network.poses(x_new)
    read = lengths(poses).argmax(1)
    pictures = painted(paint, poses, read)
print(f"{sum(p.numel() for p in both.parameters()):,} weights, ", end="")
print(f"{(read == t_new).double().mean():.1%} of {len(x_new)} new digits right")

# %%
plots.show(
    plots.week8.repainted(x_new[:12, 0].numpy(), pictures[:12, 0].numpy()),
    caption="Above, new digits; below, what the decoder paints from the sixteen "
    "numbers of the longest vector.",
    alt="Twelve digits in white on black, and below each a softer copy that mostly has "
    "the same slant and width; fine hooks and breaks of the pen are smoothed away.",
)

# %% [markdown]
# Some 96 % are right after 300 steps. The paper's network gets 99.75 %, with 60,000
# digits and far more steps. The pictures are soft, but look at the slant of the 1s and
# at the two 0s: they are copies of *this* digit, not of *a* digit. The length of the
# vector says how sure the network is. All the rest has to be in its direction.
#
# And the misread ones? With the mask by the longest vector, a digit is painted as what
# it was taken for.

# %%
wrong = (read != t_new).nonzero().squeeze(1)[:6]
for one in wrong[:3].tolist():
    told = lengths(poses)[one]
    first, second = told.topk(2).indices.tolist()
    print(f"a {t_new[one]}: {first} has length {told[first]:.2f}, ", end="")
    print(f"{second} has {told[second]:.2f}")

# %%
with torch.no_grad():
    by_truth = painted(paint, poses[wrong], t_new[wrong])
seen = [x_new[wrong, 0], pictures[wrong, 0], by_truth[:, 0]]
rows = [one.numpy() for one in seen]

# %%
plots.show(
    plots.week8.misread(rows, t_new[wrong].tolist(), read[wrong].tolist()),
    caption="Six misread digits; painted from the longest vector, and from the vector "
    "of the true digit.",
    alt="Three rows of six pictures. Above the digits, odd ones. In the middle they "
    "are painted as another digit that they resemble; below as the true one, with the "
    "same slant and width, or as a grey blur.",
)

# %% [markdown] topics="the sixteen numbers swept"
# ## 6. What sixteen numbers say about a 5
#
# Take a 5, add something to *one* of its sixteen numbers, and paint. That is a
# **sweep**. The paper's figure 4 shows such sweeps, with knobs for the thickness of the
# stroke, for skew, for width, and for single parts of a digit. One of the sixteen, it
# says, almost always stands for the width; some do several things at once.
#
# We measure what a knob does. Of a painted 5: its *ink* (the sum of its pixels), its
# *width* (how far the ink is spread sideways, a standard deviation), its *slant* (how
# far it leans to the right, as it goes up). Each is compared with how much fives differ
# in it among themselves.
#
# **Predict:** how many of the sixteen knobs change one of the three and leave the two
# others alone?


# %%
def measured(images: Tensor) -> Tensor:
    """Ink, width and slant of images (n, h, w), as (n, 3)."""
    places = torch.arange(float(images.shape[-1]))
    ink = images.sum((1, 2))
    share = images / ink[:, None, None]
    right, down = (share.sum(1) * places).sum(1), (share.sum(2) * places).sum(1)
    across, along = places - right[:, None], places - down[:, None]
    wide = (share.sum(1) * across**2).sum(1)
    tall = (share.sum(2) * along**2).sum(1)
    lean = torch.einsum("nij,ni,nj->n", share, along, across)
    return torch.stack([ink, wide.sqrt(), -lean / tall], 1)


# %%
FIVE, NAMES = 5, ("ink", "width", "slant")
fives = poses[(t_new == FIVE) & (read == FIVE)][:100]


@torch.no_grad()
def turned(knob: int, by: float, given: Tensor) -> Tensor:
    """The pictures when one of the sixteen numbers is changed."""
    changed = given.clone()
    changed[:, FIVE, knob] += by
    return painted(paint, changed, torch.full((len(given),), FIVE))[:, 0]


# %%
spread = measured(turned(0, 0.0, fives)).std(0)
effects = torch.stack(
    [
        (
            (measured(turned(k, 0.2, fives)) - measured(turned(k, -0.2, fives)))
            / spread
        ).mean(0)
        for k in range(16)
    ]
)
for k in effects.abs().amax(1).argsort(descending=True)[:6].tolist():
    words = ", ".join(
        f"{name} {e:+.1f}" for name, e in zip(NAMES, effects[k], strict=True)
    )
    print(f"number {k:2}: {words}")

# %%
plots.show(
    plots.week8.knobs(effects.numpy(), NAMES),
    caption="What each of the sixteen numbers does to a 5, turned from −0.2 to +0.2, "
    "in standard deviations among fives. A pure knob has one dark cell in its column.",
    alt="A table of three rows, ink, width and slant, and sixteen columns, with "
    "coloured cells. Columns that are dark in the row of width are dark in that of ink "
    "as well; hardly any column has colour in one row only.",
)

# %%
strongest = [int(effects[:, column].abs().argmax()) for column in range(3)]
steps = [k / 5 for k in range(-3, 4)]
swept = [[turned(k, by, fives[:1])[0].numpy() for by in steps] for k in strongest]

# %%
plots.show(
    plots.week8.sweeps(swept, [f"number {k}" for k in strongest], steps),
    caption="One 5, and the three numbers that do most to ink, width and slant, "
    "turned, at the ends, far further than these numbers differ among fives.",
    alt="Three rows of seven pictures of a 5. In each row the 5 changes from left to "
    "right: from thin and narrow to broad and bright, or back, and in the last row it "
    "straightens up or leans over.",
)

# %%
share = effects.abs() / effects.abs().sum(1, keepdim=True)
strong = effects.abs().amax(1) > 0.5
pure = strong & (share.amax(1) > 0.8)
print(f"{int(strong.sum())} of 16 do something (more than half a deviation), ", end="")
print(f"{int(pure.sum())} of them purely (four fifths of it in one row)")

# %% [markdown]
# So there are knobs, and some are strong: turn one, and the 5 goes through more than a
# deviation of width. But the strong ones for width are strong for ink, too, since a
# wide 5 *has* more ink, and slant comes with a change of ink. Most of the sixteen do
# something, and hardly any does one thing. Which is which is another matter in each
# training. Nothing in the loss asks that one number should mean one thing. The votes
# would be as good with all sixteen numbers rotated among each other, as a rotation
# keeps every length and every scalar product, and the decoder can undo it. That single
# numbers can be read *at all* is a gift, not a design. A figure with six well-chosen
# rows does not tell you how many there were to choose from.

# %% [markdown]
# ### Exercise 2.6 · The bug: seven, and most of them sick
# 2 points · 15 minutes · ●●●○○ · needs 2.2
#
# A ward of seven once more (notebook 1 had seven routings): this time each is
# somebody's small CapsNet. What is shared stands first; of each you see what it does in
# its own way. Find the fault. One answer may fit several of them, or none.
#
# - `"pixels"`: capsules are made of neighbouring pixels;
# - `"shared"`: places share their matrices $W$, which they should not;
# - `"squash"`: a squash is missing or stands in the wrong place;
# - `"mask"`: the wrong vectors are kept for the decoder;
# - `"scale"`: a sum or a mean over the pixels, with the factor that fits the other;
# - `"range"`: the decoder cannot reach what it is to paint;
# - `"lengths"`: the margin loss gets something else than lengths;
# - `"healthy"`: it is the paper's, whatever it looks like.


# %%
class Patient(Lower):
    """What the seven have in common: 14 × 14 pixels, 36 capsules, images in 0 … 1."""

    def __init__(self) -> None:
        super().__init__(14, 16, (1, 2))
        self.digits = RoutedCapsules(36, 10, 3)
        self.paint = decoder(14)

    def loss(self, x: Tensor, t: Tensor) -> Tensor:
        """For a step of training."""
        v = self.digits(self.capsules(x))
        squares = (painted(self.paint, v, t) - x).square().flatten(1).sum(1)
        return margin_loss(lengths(v), t) + 0.0005 * squares.mean()


# %%
class P(Patient):
    def loss(self, x: Tensor, t: Tensor) -> Tensor:
        v = self.digits(self.capsules(x))
        y = painted(self.paint, v, lengths(v).argmax(1))
        squares = (y - x).square().flatten(1).sum(1)
        return margin_loss(lengths(v), t) + 0.0005 * squares.mean()


# %%
class Q(Patient):
    def capsules(self, x: Tensor) -> Tensor:
        maps = self.conv2(F.relu(self.conv1(x)))
        return squash(maps.permute(0, 2, 3, 1).reshape(len(x), 36, 8))


# %%
class R(Patient):
    def loss(self, x: Tensor, t: Tensor) -> Tensor:
        v = self.digits(self.capsules(x))
        y = painted(self.paint, v, t)
        return margin_loss(lengths(v).softmax(1), t) + 0.098 * F.mse_loss(y, x)


# %%
class S(Patient):
    def capsules(self, x: Tensor) -> Tensor:
        maps = self.conv2(F.relu(self.conv1(x)))
        return squash(maps.flatten(1).unflatten(1, (36, 8)))


# %%
class T(Patient):
    def __init__(self) -> None:
        super().__init__()
        self.digits = RoutedCapsules(4, 10, 3)

    def loss(self, x: Tensor, t: Tensor) -> Tensor:
        few = self.digits.weight  # (10, 4, 8, 16)
        u, every = self.capsules(x), few.repeat_interleave(9, 1)
        c = self.digits.coupling(u.detach(), every.flatten(1, 2).detach())
        s = torch.einsum("jni,nia,jiab->njb", c, u, every)
        v = squash(s)
        squares = (painted(self.paint, v, t) - x).square().flatten(1).sum(1)
        return margin_loss(lengths(v), t) + 0.0005 * squares.mean()


# %%
class U(Patient):
    def loss(self, x: Tensor, t: Tensor) -> Tensor:
        v = self.digits(self.capsules(x))
        y, wanted = painted(self.paint, v, t), (x - 0.13) / 0.31
        squares = (y - wanted).square().flatten(1).sum(1)
        return margin_loss(lengths(v), t) + 0.0005 * squares.mean()


# %%
class V(Patient):
    def loss(self, x: Tensor, t: Tensor) -> Tensor:
        v = self.digits(self.capsules(x))
        y = painted(self.paint, v, t)
        return margin_loss(v.square().sum(2).sqrt(), t) + 0.0005 * F.mse_loss(y, x)


# %% exercise="sick-capsnets"
of_p: str
of_q: str
of_r: str
of_s: str
of_t: str
of_u: str
of_v: str
### BEGIN SOLUTION
of_p, of_q, of_r, of_s = "mask", "healthy", "lengths", "pixels"
of_t, of_u, of_v = "shared", "range", "scale"
### END SOLUTION

# %% check="sick-capsnets" points=2 quiz=1
checks.week8.sick_capsnets(
    of_p=of_p, of_q=of_q, of_r=of_r, of_s=of_s, of_t=of_t, of_u=of_u, of_v=of_v
)

# %% [markdown] hint=1
# Feed numbers whose place you know: `torch.arange(288.0).view(1, 32, 3, 3)` in place of
# the maps. Which of them meet in one capsule? Does their *order* in the list matter, if
# each has its own matrices?

# %% [markdown] hint=1
# For each loss write down the range of every term at the start, and the least value
# that it can ever take.

# %% [markdown] topics="overlapping digits"
# ## 7. Two at once
#
# Enough of clean digits. The margin loss lets several vectors be long, so two digits on
# top of each other should be a case for capsules: each stroke belongs to *one* of them,
# and routing decides to which. In the paper (MultiMNIST, digits moved by up to 4 pixels
# on 36 × 36, 80 % overlap on average) CapsNet has 5.2 % error, a CNN with twice as many
# weights 8.1 %.

# %% [markdown]
# ### Exercise 2.7 · Both right
# 1 point · 8 minutes · ●●○○○ · needs nothing
#
# How do you judge two answers to one picture? A picture counts as right if its two
# longest vectors are those of its two digits, whichever of the two is longer. Give the
# share of right pictures, a number between 0 and 1. The two digits of a picture are
# always different. (NumPy or torch.)


# %% exercise="both-digits"
def both_right(lengths: Tensor, pairs: Tensor) -> float:
    """The share of pictures whose two longest vectors are the two digits.

    lengths: (n, classes); pairs: (n, 2), whole numbers, in any order

    >>> both_right(torch.tensor([[0.9, 0.2, 0.8], [0.9, 0.2, 0.8]]),
    ...            torch.tensor([[2, 0], [1, 0]]))
    0.5
    """
    ### BEGIN SOLUTION
    found = torch.as_tensor(lengths).topk(2, 1).indices.sort(1).values
    right = (found == torch.as_tensor(pairs).sort(1).values).all(1)
    return right.double().mean().item()
    ### END SOLUTION


# %% check="both-digits" points=1
checks.week8.both_right(both_right)

# %% [markdown] hint=1
# `topk` or `argsort` gives the two longest, in *their* order. How do you compare two
# pairs of which the order does not count?

# %% [markdown]
# The experiment, made small. Two digits of different classes, each moved by up to 4
# pixels on 36 × 36, added, cut off at 1, and averaged down to 18 × 18 pixels. Three
# networks:
#
# - *capsules*, `Small` with 16 maps and $r = 3$: 100 primary capsules;
# - *capsules, $r = 1$*: the same, without routing;
# - *CNN*: the same two convolutions, with max pooling in place of the stride, then
#   two dense layers with so many units that it has the same number of weights; ten
#   scores, each a yes or no of its own (sigmoid and cross-entropy).
#
# Each has a rate of its own, chosen on *other* digits among rates that differ by a
# factor of two. Each learns three times, from the same three seeds: same pictures, in
# the same order. 200 steps of 32.
#
# **Predict:** order the three by the share of pictures with both digits right.


# %%
def shifted(images: Tensor, dice: torch.Generator) -> Tensor:
    """Each somewhere on 36 × 36, up to 4 pixels from the middle."""
    padded = F.pad(images[:, 0], (8, 8, 8, 8))
    by = torch.randint(9, (len(images), 2), generator=dice)
    place = by[:, :, None] + torch.arange(36)
    every = torch.arange(len(images))[:, None, None]
    return padded[every, place[:, 0, :, None], place[:, 1, None, :]][:, None]


# %%
def overlaid(
    images: Tensor, labels: Tensor, count: int, seed: int
) -> tuple[Tensor, Tensor]:
    """Pictures (n, 1, 18, 18) of two digits, and their labels (n, 2)."""
    dice = torch.Generator().manual_seed(seed)
    chosen = torch.randint(len(images), (3 * count, 2), generator=dice)
    chosen = chosen[labels[chosen[:, 0]] != labels[chosen[:, 1]]][:count]
    one, other = (shifted(images[chosen[:, k]], dice) for k in (0, 1))
    return F.avg_pool2d((one + other).clamp(max=1), 2), labels[chosen]


# %%
two, names = overlaid(x, t, 10000, seed=0)
two_new, names_new = overlaid(x_new, t_new, 2000, seed=1)
present = F.one_hot(names, 10).sum(1)

# %%
plots.show(
    plots.images(
        [1 - one[0] for one in two_new[:8]],
        [f"{a} and {b}" for a, b in names_new[:8].tolist()],
        columns=8,
        size=1.2,
    ),
    caption="Two digits on each other. Could you tell them without the titles?",
    alt="Eight small grey pictures of two digits that lie on each other; most are a "
    "tangle of strokes.",
)


# %%
def cnn(side: int, units: int) -> nn.Sequential:
    """The convolutions of `Small`, max pooling in place of the stride, dense layers."""
    grid = (side - 8) // 2
    return nn.Sequential(
        nn.Conv2d(1, 16, 5),
        nn.ReLU(),
        nn.Conv2d(16, 32, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * grid**2, units),
        nn.ReLU(),
        nn.Linear(units, 10),
    )


# %%
Loss = Callable[[Tensor, Tensor], Tensor]  # of what the network says, and the truth


def yes_or_no(scores: Tensor, labels: Tensor) -> Tensor:
    """A cross-entropy for each of the ten."""
    return F.binary_cross_entropy_with_logits(scores, labels.float())


# %%
Arm = tuple[Callable[[], nn.Module], Loss, float]  # a network, its loss, its rate


def trained(arm: Arm, seed: int, images: Tensor, truth: Tensor) -> nn.Module:
    """A network after 200 steps of 32 pictures."""
    make, loss, rate = arm
    torch.manual_seed(seed)
    model = make()
    fit(model, lambda batch: loss(model(images[batch]), truth[batch]), rate, seed)
    return model.eval()


# %%
@torch.no_grad()
def pairs_right(model: nn.Module) -> float:
    """On new pictures, in percent: is the shorter true one ahead of all others?"""
    told = model(two_new)
    true = told.gather(1, names_new).amin(1)
    others = told.scatter(1, names_new, -torch.inf).amax(1)
    return 100 * (true > others).double().mean().item()


# %%
ARMS: dict[str, Arm] = {
    "capsules": (lambda: Small(18, 16, (1, 2)), margin_loss, 0.009),
    "capsules, r = 1": (lambda: Small(18, 16, (1, 2), 1), margin_loss, 0.009),
    "CNN": (lambda: cnn(18, 158), yes_or_no, 0.003),
}
overlapping: dict[str, list[float]] = {}
for name, arm in ARMS.items():
    found = [trained(arm, seed, two, present) for seed in range(3)]
    overlapping[name] = [pairs_right(model) for model in found]
    count = sum(p.numel() for p in found[0].parameters())
    print(f"{name:17}{count:8,} weights:", end="")
    print("".join(f"{one:6.1f} %" for one in overlapping[name]))

# %%
plots.show(
    plots.week8.by_seed(overlapping, "both digits right, in %"),
    caption="Three runs of each, from the same three seeds.",
    alt="Three columns of three dots each. The two columns of capsules lie near 30 "
    "percent and overlap; the CNN lies near 17, below all of them.",
)

# %% [markdown]
# A win, in each of the three runs: with capsules 29 to 31 % of the pictures are read
# completely, with the CNN 16 to 17 %. (The percentages are low since 200 steps are
# few.) On a task of this kind the paper was right about its network, and so are we
# about our small one.
#
# But look at the column in the middle. *Without routing* they are nearly as good: 25
# to 31 %, worse than $r = 3$ with one seed by some four points, and within a point of
# it with the two others. Nearly all of the win is there with $r = 1$, which is a dense
# layer and a squash. So strokes that find their digit in three rounds are not the
# explanation, pretty as it is. Had we compared two networks only, we would have had a
# headline about routing.
#
# What is it then? Our two networks differ in more than one thing: no pooling, two
# squashes, the loss. If you like, take one of them away: a CNN with the margin loss,
# for instance, is
# `trained((lambda: cnn(18, 158), lambda s, y: margin_loss(s.sigmoid(), y), 0.003), 0,
# two, present)`, judged by `pairs_right`. Try more than one seed and more than one rate
# before you say what you have seen.
#
# <details><summary>What we have seen</summary>
#
# 19 to 26 %, with three seeds and the rates 0.003 and 0.006. So about half of the win
# is neither routing nor capsules, but the loss.
#
# </details>

# %% [markdown] topics="couplings of a trained network"
# ### Who is routed where?
#
# Does routing decide anything, then? In the toy of notebook 1 three rounds took a part
# from 0.50 to 0.12 or 0.96. Now ask the trained network of section 5, on single digits.
#
# **Predict:** at the start each of the 64 primary capsules gives each digit 0.10. After
# three rounds, how much goes to the *true* digit, in the mean: about 0.1, 0.3, 0.6 or
# 0.9?

# %%
with torch.no_grad():
    votes = network.digits.votes(network.capsules(x_new[:300]))
print(f"a vote is {votes.norm(dim=3).mean():.1f} long in the mean")
truth = t_new[:300]
found = []
for number in (1, 2, 3, 5, 10, 20):
    _, couplings = route(votes, number)
    true = couplings[torch.arange(len(truth)), truth]
    found.append((number, true.mean().item(), couplings.amax(1).mean().item()))
    print(f"{number:2} rounds: true digit {found[-1][1]:.3f}, ", end="")
    print(f"largest of the ten {found[-1][2]:.3f}")

# %%
plots.show(
    plots.week8.hardly(found),
    caption="How a primary capsule divides itself, mean over new digits and 64 "
    "capsules, by the number of rounds. Grey: a tenth for each digit.",
    alt="Two lines over 1 to 20 rounds. Both begin at 0.1. The share of the true digit "
    "and the largest share of the ten rise slowly, and are still below 0.2 after three "
    "rounds.",
)

# %% [markdown]
# Hardly more than a tenth: 0.13. In the toy the votes had length 2, and a scalar
# product of 2 turns a softmax round. Here a capsule is shorter than 1, its votes are
# 0.4 long in the mean, and what three rounds add to the logits is small; most parts
# divide themselves among all ten digits to the end. It is the *sum* of many small
# leanings that makes the true vector long. More rounds decide more, but the network was
# not trained for them.

# %% [markdown] topics="digits that are turned, claims and findings"
# ## 8. Moved, turned, sheared
#
# Now the great promise. A capsule's matrices work for a turned whole as well as for an
# upright one; so CapsNet should read digits that are moved or turned in ways that it
# has never seen. In the paper both networks train on digits that are only *moved*, and
# are tested on affNIST, digits turned, sheared and stretched: 79 % for CapsNet, 66 %
# for a CNN.
#
# We train on 10,000 digits as they are, shrunk to 14 × 14, and test on four kinds: as
# they are; moved by up to 3 of 28 pixels; turned by up to 30°; sheared by up to 0.3.
# Capsules against a CNN of the same size, four runs of each.
#
# **Predict:** on which of the four do capsules win, in all four runs?


# %%
def placed(
    images: Tensor, *, move: float = 0, turn: float = 0, shear: float = 0
) -> Tensor:
    """Each image moved (pixels), turned (degrees) and sheared, up to this much."""
    dice = torch.Generator().manual_seed(0)
    drawn = 2 * torch.rand(4, len(images), generator=dice) - 1
    angle, lean = drawn[0] * turn * np.pi / 180, drawn[1] * shear
    right, down = drawn[2:] * move * 2 / images.shape[-1]
    first = [angle.cos(), lean - angle.sin(), right]
    second = [angle.sin(), angle.cos(), down]
    maps = torch.stack([torch.stack(first, 1), torch.stack(second, 1)], 1)
    grid = F.affine_grid(maps, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


# %%
TESTS = {
    "as they are": x_new,
    "moved": placed(x_new, move=3),
    "turned": placed(x_new, turn=30),
    "sheared": placed(x_new, shear=0.3),
}
tests = {name: F.avg_pool2d(images, 2) for name, images in TESTS.items()}
smaller = F.avg_pool2d(x, 2)

# %%
plots.show(
    plots.images(
        [1 - images[k, 0] for images in TESTS.values() for k in range(3)],
        [name for name in TESTS for _ in range(3)],
        columns=12,
        size=0.9,
    ),
    caption="Three digits, as they are, moved, turned and sheared.",
    alt="Twelve small pictures in a row: a 7, a 2 and a 1, four times. The second time "
    "they stand elsewhere, the third time they are tilted, the last time they lean.",
)

# %%
RIVALS: dict[str, Arm] = {
    "capsules": (lambda: Small(14, 16, (1, 2)), margin_loss, 0.02),
    "CNN": (lambda: cnn(14, 154), F.cross_entropy, 0.008),
}


@torch.no_grad()
def all_tests(model: nn.Module) -> list[float]:
    """Percent right on each of the four."""
    return [
        100 * (model(images).argmax(1) == t_new).double().mean().item()
        for images in tests.values()
    ]


# %%
scores: dict[str, np.ndarray] = {}
for name, arm in RIVALS.items():
    runs = [trained(arm, seed, smaller, t) for seed in range(4)]
    scores[name] = np.array([all_tests(model) for model in runs])
    print(f"{name}, {sum(p.numel() for p in runs[0].parameters()):,} weights")
    for test, column in zip(tests, scores[name].T, strict=True):
        print(f"  {test:12}", *(f"{one:5.1f}" for one in column))

# %%
plots.show(
    plots.week8.rivals(list(tests), scores["capsules"], scores["CNN"]),
    caption="Each line is one seed, from the CNN to the capsules.",
    alt="Four panels with four lines each, from the CNN on the left to the capsules on "
    "the right: as they are, near 93 to 95 percent; moved, near 65 to 75; turned, "
    "near 83 to 86; sheared, near 91 to 93.",
)

# %% [markdown]
# On none of them. As they are, and moved, the capsules are ahead with one or two seeds
# and behind with the others, by half a point here and two points there. Turned, the CNN
# is ahead in all four runs, by half a point to nearly three; sheared, in three of four.
# A network that pools, of the same size, with its own best rate: no win for capsules
# was measured. (That is so for 10,000 digits and 200 steps, and networks of 59,000
# weights. It does not say what 8.2 million do. Before this comparison we ran others,
# with other sizes: they ended no better for the capsules.) Turned digits are read worse
# than upright ones by both, with or without poses: a matrix that was never shown a
# turned stroke has not learned what to do with it.
#
# ### What was claimed, and what was found
#
# - **MNIST.** Claimed: 0.25 % error, baseline 0.39 % (Sabour and others 2017). In the
#   same table, without the decoder: 0.34 % with $r = 1$ and 0.35 % with $r = 3$.
# - **Routing.** Claimed: parts find their wholes. Found: five ways to route are often
#   worse than couplings that are all the same, or drawn by lot; they make couplings
#   extreme and mostly leave the answer as it is (Paik, Kwak and Kim 2019).
# - **Turned digits.** Claimed: 79 % on affNIST, CNN 66 %. Found: 93 % with matrices
#   that are *shared*, and no routing (Gu and Tresp 2020).
# - **Robustness.** Claimed: better than a CNN. Found, taking the network apart: the
#   routing and the matrices can do *harm*, other parts help, and they help an ordinary
#   network as well, which is then the better one (Gu, Tresp and Hu 2021).
# - **Speed.** Hard to run fast on the hardware there is, and on the programs written
#   for it (Barham and Isard 2019, who take capsules for their example).
#
# Their inventor has not stayed with it. In 2018 Hinton, Sabour and Frosst replaced the
# vectors by matrices and the routing by expectation maximisation; the capsules of
# Kosiorek, Sabour, Teh and Hinton (2019) learn without labels and do not route by
# agreement at all. What has lasted is a question, *what should a network know about
# poses?*, and some good parts.
#
# At full size this course's own numbers, which wait for a graphics card (`make
# papers`), stand in the results file:

# %%
for recipe in (
    "capsnet",
    "capsnet-baseline",
    "capsnet-affine",
    "capsnet-baseline-affine",
    "capsnet-overlapping",
    "capsnet-baseline-overlapping",
):
    title, _, paper, ours, *_ = table(recipe).rows[0]
    print(f"{title}: paper {paper} %, ours {ours}")

# %% [markdown] topics="a verdict over seeds"
# ## 9. A verdict that is seldom wrong
#
# (Do you begin here? The cells with the imports are enough. Only what stands under the
# hints asks for the results of sections 7 and 8.)
#
# You have compared networks by looking at dots. Four seeds, all in favour: is that a
# win? Three of four? You know that seeds help most in pairs, since what a seed does to
# both cancels in the difference, and you have one rule already, that of two standard
# errors (week 7, notebook 4). Here it meets runs that fail.
#
# A rule for verdicts can be wrong in two ways. It can see a winner where there is none,
# as they differ by luck. And it can be blind. One can build a rule that never errs in
# the first way (say "open" to everything), or in the second. Neither is of use.

# %% [markdown]
# ### Exercise 2.8 · Build: a verdict that is seldom wrong
# 4 points · 40 minutes · ●●●●● · needs nothing
#
# Write a function that is given the accuracies of two networks, in percent, `a[k]` and
# `b[k]` from the same seed, and says `"a"`, `"b"` or `"open"`: which is better, or that
# nobody can tell. The rules:
#
# - Who is called a and who b does not matter, nor does the order of the pairs. Fewer
#   than three pairs are always `"open"`. Lists of different lengths are a `ValueError`,
#   and lengths are compared first: 12 numbers and 1 are a `ValueError`, not `"open"`.
# - A run may *fail*: for no good reason one network ends at 50 % in place of 90.
#   Eleven pairs of twelve won is a win, whatever the twelfth says. Accuracies may be of
#   any size: on a hard task 30 % is good, and a failed run ends at 10.
# - Accuracies are counts of pictures, rounded: equal numbers occur.
#
# The *goal* is reached on simulated pairs, hundreds of each kind, whose truth the
# check knows. What a seed does to both has a standard deviation of 2 points.
#
# - *No difference*: any number of pairs from 3 to 30; few or many equal numbers; with
#   and without failures, one run in ten of either network. A winner is seen in 5 % of
#   the cases or fewer. (The check has some patience, as it counts a sample: 8 % for
#   each kind.)
# - *A difference*. It is measured in standard deviations of the differences
#   $a_k - b_k$. The right winner is named in 80 % of the cases with 20 pairs and a
#   difference of 1; in 70 % with 10 pairs and 1.5; in 85 % with 6 pairs and 3; in 60 %
#   with 20 pairs and 2 if one run in ten fails. The wrong winner is hardly ever named.
#
# A verdict should take a few thousandths of a second at most: the check asks for some
# thousands. Nothing of `scipy.stats`, which has tests by the dozen; what you need is a
# thought, and a sum. Simulate yourself, before you ask the check.


# %% exercise="verdict"
def verdict(a: list[float], b: list[float]) -> str:
    """Which of two networks is better, "a" or "b", or "open".

    a, b: accuracies in percent, of the same seeds.  Raises ValueError for lists of
    different lengths.

    >>> verdict([91.0, 90.2], [80.0, 80.1])
    'open'
    """
    ### BEGIN SOLUTION
    gaps = [one - other for one, other in zip(a, b, strict=True)]
    won, lost = sum(g > 0 for g in gaps), sum(g < 0 for g in gaps)
    n = won + lost
    as_far = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if 2 * as_far > 0.05:
        return "open"
    return "a" if won > lost else "b"
    ### END SOLUTION


# %% check="verdict" points=4
checks.week8.verdict(verdict)

# %% [markdown] hint=1
# Suppose that the two networks are equally good. How probable is it then that a wins
# three pairs of three? Ten of twelve, or more? Which share of luck do you allow?

# %% [markdown] hint=1
# a may be the lucky one, or b. Have you counted both?

# %% [markdown] hint=1
# Right without failures, and blind with them? What does a run at 50 % do to a mean, to
# a standard deviation, and to the *number of pairs* that were won? What do equal pairs
# tell you about who is better?

# %% [markdown]
# <details><summary>When yours has passed: ask it</summary>
#
# `verdict(overlapping["capsules"], overlapping["CNN"])`, `verdict(*(s[:, 1].tolist()
# for s in scores.values()))`. It will say "open" to all of this notebook: with three or
# four pairs it must. Six pairs are the least with which a rule of wins alone can
# decide, if luck gets 5 %. Now take data of your choice, `data.fashion_mnist()` for
# instance, or digits turned by 90°, write down your claim *before*, let each network
# choose its rate on pictures that you do not test on, take ten seeds, and ask for the
# verdict once. A table of such verdicts, "open" included, is worth more than a
# headline.
#
# </details>

# %% [markdown]
# ## What to take with you
#
# CapsNet is two convolutions, a layer with 1,474,560 unshared weights whose outputs are
# routed, and a decoder: 8,215,568 weights in all. A primary capsule is eight channels
# at one place, not eight pixels. With one round its last layer is a dense layer and a
# squash. For the decoder all vectors but one are set to 0; painting counts 0.0005 times
# a sum over pixels, or 0.392 times their mean. Of the sixteen numbers of a 5 some are
# strong knobs, hardly any is a pure one. On overlapping digits our small capsules were
# ahead with each of three seeds, with routing and nearly as well without; on moved,
# turned and sheared digits no win was measured. Three rounds hardly move the couplings
# of a trained network.
#
# **Where people slip**
#
# - `view(n, -1, 8)`: the right shape, the wrong eight numbers.
# - The mean over pixels with the factor for their sum: painting 784 times too cheap.
# - The mask by the longest vector in training.
# - One comparison with one rival, one seed, and a headline.
# - A part that wins in company gets the credit for all of it.
#
# **Next:** week 9 looks inside trained networks, and paints with what it finds.
#
# **To read on:** Sabour, Frosst and Hinton, *Dynamic routing between capsules* (2017),
# sections 4 to 6; Gu, Tresp and Hu, *Capsule network is not more robust than
# convolutional network* (2021), a model of how to take a claim apart.
