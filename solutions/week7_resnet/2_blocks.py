# %% [markdown]
# # Residual blocks: one addition
#
# Week 7 · notebook 2 of 4 · about 135 minutes · 20 points
#
# `+ x`: three characters, and networks of a hundred layers learn. But what stands
# between two additions, and what stands behind them? What is added where the maps
# shrink, so that `x` no longer fits? Each of these small choices has a name, a price,
# and a way to be wrong that no error message tells you of. You build the blocks, find
# what is wrong with six others, and count whole families exactly.
#
# The 135 minutes are for two sittings: an hour and a quarter for sections 1 to 3, an
# hour for 4 to 6. They leave out another evening, sections 7 and 8, an hour and a
# quarter more: whole families, counted, and one constructor for all of them, an open
# build (6 of the 20 points). One cell, at the end of section 6, trains for half a
# minute, on an old or busy computer for two; everything else is a matter of seconds.
#
# **When you are done, you can**
#
# - say what one layer in a branch can do, and what takes two;
# - build the basic block and the pre-activation block, with a shortcut that fits;
# - say where a stride may stand, what it costs there, and what it never sees;
# - tell a sick block from a healthy one;
# - count the residual networks of 2015 exactly, and build a family that reads the
#   weights of somebody else's.
#
# **You need** from notebook 1 the residual form, $H(x) = F(x) + x$; batch normalisation
# and how it becomes a factor (week 5, notebook 2), bottlenecks (week 6, notebook 3),
# networks on the device `"meta"` (week 6, notebook 1), and multiply-adds (week 4,
# notebook 4).

# %%
from collections.abc import Callable, Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, models, plots, train
from coursekit.runs.table import table

# %% [markdown] topics="the basic block, two layers in a branch"
# ## 1. Two layers and a plus
#
# The unit of a **residual network** is the **block**. Its input $x$ goes two ways. The
# *branch* computes $F(x)$; the *shortcut* leaves $x$ as it is. Then they are added:
# $H(x) = F(x) + x$. Here is the block of He and others (2015), the **basic block**,
# beside the same layers without a shortcut.

# %%
plots.show(
    plots.week7.residual_blocks(["plain", "basic"]),
    caption="Left, two layers of a plain network. Right, the basic block: the same "
    "layers, and one addition. BN is a batch normalisation.",
    alt="Two columns of boxes, read from the top. Left: 3×3 convolution with 64 maps, "
    "BN, ReLU, 3×3 convolution, BN, ReLU. Right: the same, but a line leaves before "
    "the first box, runs past all of them and meets the road again in a plus between "
    "the last BN and the last ReLU.",
)

# %% [markdown]
# Notice what the last ReLU does: it stands *behind* the addition. And notice the number
# of layers in the branch. Why two? Would one not be simpler, with twice as many plus
# signs?
#
# For one layer you know the answer from notebook 1 (exercise 1.6): the plus adds
# nothing that the kernel could not hold. There you took the identity out of a kernel,
# now you put it in. Without ReLU and without bias, for the moment, $H(x) = W x + x$.
# Every $W$ is allowed, so this is a linear map, and its matrix is
#
# $$ W x + x = (W + I)\,x, $$
#
# with $I$ the identity. A layer whose weights are learned anyway can be $W + I$ all by
# itself.

# %% [markdown]
# ### Exercise 2.1 · One layer is a layer
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# The same for a convolution, with its normalisation. In evaluation mode batch
# normalisation multiplies each channel by a number. (It adds another, which we leave
# out: it would be the bias of the layer.) So the block is
#
# $$ y = \alpha \cdot (K * x) + x, $$
#
# where `F.conv2d(x, K, padding=k // 2)` is $K * x$, and $\alpha$ is a factor for each
# channel. Write the kernel with which *one* convolution, with the same padding and
# without any addition, gives the same $y$. The check compares it number by number, for
# kernels of any odd size.


# %% exercise="one-layer-alone"
def alone(kernel: Tensor, factor: Tensor) -> Tensor:
    """The kernel (c, c, k, k) of a single convolution that equals the block.

    kernel: K, (c, c, k, k), output channels first, k odd; factor: α, (c,)

    >>> alone(torch.zeros(1, 1, 3, 3), torch.ones(1))[0, 0]
    tensor([[0., 0., 0.],
            [0., 1., 0.],
            [0., 0., 0.]])
    """
    ### BEGIN SOLUTION
    found = factor[:, None, None, None] * kernel
    middle = kernel.shape[-1] // 2
    for channel in range(len(kernel)):
        found[channel, channel, middle, middle] += 1
    return found
    ### END SOLUTION


# %% check="one-layer-alone" points=2
checks.week7.alone(alone)

# %% [markdown] hint=1
# Which kernel hands every channel on as it is? Write it down for two channels and a
# $3 \times 3$ kernel: how many of its 36 numbers are not 0?

# %% [markdown] hint=1
# The factor belongs to what the convolution puts *out*. Is $x$ multiplied by it?

# %% [markdown]
# So much for one layer. Now measure how *straight* a block is. For a map that is
# linear, but for a constant, the middle between two inputs goes to the middle between
# their outputs:
#
# $$ H\!\left(\tfrac{a + b}{2}\right) = \tfrac12 \bigl( H(a) + H(b) \bigr). $$
#
# How far this is from true, compared with how far $H(a)$ and $H(b)$ are apart, we call
# the *bend* of the block.
#
# **Predict:** for which of these six is the bend 0? A branch of one layer; one layer
# with BN, in evaluation; one layer with a ReLU *before* it; two layers with nothing
# between; two layers with a ReLU between; one layer, with the ReLU of the block
# behind the addition.


# %%
def layer() -> nn.Conv2d:
    """A 3×3 layer of eight maps."""
    return nn.Conv2d(8, 8, 3, padding=1, bias=False)


def bend(h: Callable[[Tensor], Tensor], a: Tensor, b: Tensor) -> float:
    """How far the middle is from where it would be if h were straight."""
    with torch.no_grad():
        off = h((a + b) / 2) - (h(a) + h(b)) / 2
        return (off.norm() / (h(a) - h(b)).norm()).item()


# %%
torch.manual_seed(0)
first, second, norm = layer(), layer(), nn.BatchNorm2d(8)
norm(torch.randn(20, 8, 6, 7) * 2 + 1)  # it has seen a batch
norm.eval()
six = {
    "one layer": lambda x: first(x) + x,
    "one layer, BN in evaluation": lambda x: norm(first(x)) + x,
    "one layer, ReLU before it": lambda x: first(F.relu(x)) + x,
    "two layers, nothing between": lambda x: second(first(x)) + x,
    "two layers, ReLU between": lambda x: second(F.relu(first(x))) + x,
    "one layer, ReLU behind +": lambda x: F.relu(first(x) + x),
}
a, b = torch.randn(2, 1, 8, 6, 7)
for name, block in six.items():
    print(f"{name:28}{bend(block, a, b):.3f}")

# %%
steps = torch.linspace(-3, 3, 200)
road = steps[:, None, None, None] * (b - a) + (a + b) / 2
with torch.no_grad():
    curves = {
        name: six[name](road)[:, 2, 3, 3].numpy()
        for name in ("one layer", "two layers, ReLU between")
    }

# %%
plots.show(
    plots.week7.along(steps.numpy(), curves),
    caption="The input moves along a straight line. One number of the output, before "
    "the last ReLU, and how steeply it rises.",
    alt="Two columns. Left, one layer: a straight line, and below it a constant slope. "
    "Right, two layers: a line with slight corners, and below it the slope, a "
    "staircase of many small steps up and down.",
)

# %% [markdown]
# The first, second and fourth are straight, up to rounding. Only that counts, 0 or not:
# how large a bend is depends on the weights that were drawn. Two layers without
# anything between them are one as well (week 6, notebook 1), so it is the ReLU *inside
# the branch* that makes the difference.
#
# Be careful with what follows from it.
#
# - *With the ReLU behind the addition* one layer gives $\mathrm{relu}((W + I)x)$.
#   That bends. But it is one layer of a plain network: the shortcut has added no new
#   function.
# - **"No new function" is not "no use".** Weights that start near 0 make $W + I$ start
#   near the identity, and weight decay pulls $W + I$ towards $I$ in place of 0. In
#   training BN divides by the deviation of $W x$ and not of $(W + I)x$. The same
#   functions, then, by another way. The paper's authors tried, and report no advantage.
# - *With the ReLU before the layer*, $W\,\mathrm{relu}(x) + x$ bends, with one layer.
#   Remember it in section 4.
#
# Two layers are the least for the order of 2015. More are possible (section 3 has
# three); but the more layers a branch has, the fewer plus signs to a given depth.
#
# If you like, send `alone` on this road: give `bend` a function that calls `F.conv2d`,
# with `padding=1` and the kernel `alone(first.weight.detach(), torch.ones(8))`. What
# must come out, and what must its difference from `six["one layer"]` be? (Both are 0 up
# to rounding: no number above $10^{-5}$.)

# %% [markdown] topics="shortcuts A and B"
# ## 2. When x does not fit
#
# From stage to stage a residual network halves the sides of its maps and doubles their
# number, as VGG does; but not with a pooling: the first convolution of the block has
# stride 2. Then $F(x)$ is $32 \times 16 \times 16$ and $x$ is $16 \times 32 \times 32$.
# There are three answers in the paper.
#
# - **A:** no weights. Take every second pixel in each direction, and fill the new
#   channels with zeros.
# - **B:** a *projection*, where the shape changes: a $1 \times 1$ convolution with
#   stride 2, and BN.
# - **C:** a projection in every block.
#
# This is A. A photograph has three channels; let six go on, with half of the side.

# %%
cat = data.photograph("chelsea").float()[:, ::3, 60:360:3]
halved = F.pad(cat[:, ::2, ::2], (0, 0, 0, 0, 0, 3))
plots.show(
    plots.week7.shortcut(cat, halved),
    caption="Shortcut A on a photograph, channel by channel: every second pixel, and "
    "zeros in the new channels.",
    alt="Above, three grey pictures of a cat: its red, green and blue channel. Below, "
    "six pictures of half the side: the same three, coarser, and three black ones.",
)

# %% [markdown]
# On which side do the zeros stand? The paper does not say. In this course the new
# channels come *last*; there are programs that put half of them before and half behind.
# For learning it is all the same, since channels have no order before the first step.
# For weights that have been learned it is not: load them into a network that pads on
# the other side, and every channel is added to a stranger.

# %% [markdown]
# ### Exercise 2.2 · Shortcut A
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# Write it, for any stride: from the first pixel on every `stride`-th row and column,
# the channels of `x` first, then zeros up to `outputs` channels. Fewer channels than
# come in would lose some of them: raise a `ValueError`, whatever the stride. (The check
# compares values only, and takes NumPy too. In a network $x$ needs its gradient: with
# torch's own operations, and nothing detached, it gets it. `coursekit.layers`,
# `coursekit.models` and torchvision are not for this exercise.)


# %% exercise="shortcut-a"
def shortcut_a(x: Tensor, outputs: int, stride: int = 1) -> Tensor:
    """x (n, c, h, w) → (n, outputs, ⌈h / stride⌉, ⌈w / stride⌉), without weights.

    Raises ValueError when outputs < c.

    >>> shortcut_a(torch.ones(1, 16, 32, 32), 32, 2).shape
    torch.Size([1, 32, 16, 16])
    """
    ### BEGIN SOLUTION
    new = outputs - x.shape[1]
    if new < 0:
        raise ValueError(f"{x.shape[1]} channels do not fit into {outputs}")
    return F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, new))
    ### END SOLUTION


# %% check="shortcut-a" points=2
checks.week7.shortcut_a(shortcut_a)

# %% [markdown] hint=1
# A slice may have a step. Which two of the four axes get one?

# %% [markdown] hint=1
# `torch.cat` wants maps that agree in three axes; `F.pad` takes its numbers in pairs,
# the *last* axis first.

# %% [markdown]
# And B? Its $1 \times 1$ kernels can mix all channels, and their BN sets the size of
# the result beside the branch's.
#
# **Predict:** ResNet-20 for CIFAR-10 has three stages with 16, 32 and 64 maps, so two
# places where the shape changes. How many weights more has it with B than with A? (BN's
# scale and shift are weights.)

# %%
by_shortcut = {}
for kind in "AB":
    network = models.cifar_resnet(20, shortcut=kind)
    by_shortcut[kind] = sum(p.numel() for p in network.parameters())
for kind, count in by_shortcut.items():
    print(f"ResNet-20 with {kind}: {count:,} weights")
print(f"more: {by_shortcut['B'] - by_shortcut['A']:,}")

# %% [markdown]
# 2,752: $16 \cdot 32 + 2 \cdot 32$ for the first, $32 \cdot 64 + 2 \cdot 64$ for the
# second projection; one percent of the network. Does it help? On ImageNet, top-5 error
# of ResNet-34 with ten crops (He and others, 2015, table 3):
#
# | | plain-34 | A | B | C |
# |---|---|---|---|---|
# | top-5 error | 10.02 % | 7.76 % | 7.46 % | 7.40 % |
#
# The step from plain to A is more than seven times as large as the one from A to B.
# From B to C nothing happens that one training each could show, and each block pays for
# it. "Not essential", the paper says of projections, and goes on with B. On CIFAR-10 it
# takes A throughout.

# %% [markdown]
# ### Exercise 2.3 · The basic block
# 3 points · 20 minutes · ●●●○○ · needs nothing
#
# Build the block of 2015, with option B. In the branch a $3 \times 3$ convolution with
# the stride, BN, ReLU, a $3 \times 3$ convolution, BN; each convolution has padding 1
# and no bias. The shortcut hands on $x$ itself where the block keeps the shape, that
# is, with stride 1 and as many maps as come in. Else it is a $1 \times 1$ convolution
# with the stride, without bias, and BN. Behind the sum there is a ReLU. A block that
# has just been made is in training mode, as torch's layers are. (They are yours;
# `coursekit.layers`, `coursekit.models` and torchvision are not.)


# %% exercise="basic-block"
class BasicBlock(nn.Module):
    """Maps x (n, inputs, h, w) → (n, width, ⌈h / stride⌉, ⌈w / stride⌉).

    BasicBlock(16, 32, 2)(torch.zeros(4, 16, 8, 8))  # (4, 32, 4, 4)
    """

    def __init__(self, inputs: int, width: int, stride: int = 1) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1 or inputs != width:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """The activated sum."""
        ### BEGIN SOLUTION
        return F.relu(self.branch(x) + self.shortcut(x))
        ### END SOLUTION


# %% check="basic-block" points=3
checks.week7.BasicBlock(BasicBlock)

# %% [markdown] hint=1
# How many normalisations are there, and what does each of them remember?

# %% [markdown] hint=1
# A block may change the number of maps without a stride, and have a stride without
# changing their number. When does $x$ fit?

# %% [markdown] topics="bottleneck blocks"
# ## 3. Three layers, cheaper than two
#
# On 256 maps a basic block is dear. From 50 layers on the paper makes the branch
# narrow: $1 \times 1$ down to 64 maps, $3 \times 3$ there, $1 \times 1$ up to 256. That
# is the **bottleneck block**, with the trick of week 6. But the *road*, as we call the
# line of shortcuts and sums on which $x$ travels from block to block, stays wide: it
# never goes through the narrow place.

# %%
plots.show(
    plots.week7.residual_blocks(["basic", "bottleneck"], changes=True),
    caption="The two blocks of 2015 where the shape changes; /2 is stride 2. The "
    "bottleneck as torchvision has it.",
    alt="Two columns. Left, basic: 3×3 with 128 maps and stride 2, BN, ReLU, 3×3 with "
    "128 maps, BN, plus, ReLU; on the shortcut a box 1×1, 128, stride 2, BN. Right, "
    "bottleneck: 1×1 with 128 maps, BN, ReLU, 3×3 with 128 maps, stride 2, BN, ReLU, "
    "1×1 with 512 maps, BN, plus, ReLU; on the shortcut a box 1×1, 512, stride 2, BN.",
)

# %%
pairs = {
    "basic, 256 maps": [(256, 256, 3), (256, 256, 3)],
    "basic, 64 maps": [(64, 64, 3), (64, 64, 3)],
    "bottleneck, 256 → 64 → 64 → 256": [(256, 64, 1), (64, 64, 3), (64, 256, 1)],
}
for name, layers in pairs.items():
    print(f"{name:33}{sum(i * o * k * k for i, o, k in layers):10,} weights")

# %% [markdown]
# (Convolutions only.) A bottleneck block on a road of 256 maps costs less than a basic
# block on one of 64, and is a layer deeper. What it gives up is width within the
# branch.
#
# One thing in the drawing differs from the paper, in which the stride of the bottleneck
# stands in the first $1 \times 1$. In torchvision and most programs of today it stands
# in the $3 \times 3$; that version is called *v1.5*. The weights are the same, to the
# last number, and so are the shapes. What does it change?

# %% [markdown]
# ### Exercise 2.4 · By hand: where the stride stands
# 2 points · 20 minutes · ●●●○○ · needs 2.3
#
# On paper. The first block of the second stage of ResNet-50: 256 maps of $56 \times 56$
# go in, the branch is narrowed to 128 maps, 512 maps of $28 \times 28$ come out.
#
# 1. How many multiply-adds does the branch take with the stride in the first
#    $1 \times 1$, and how many with the stride in the $3 \times 3$? Show the three
#    products in each case.
# 2. Which share of the $56 \times 56$ pixels can change the output of the *branch*, in
#    either case? And which share can change that of the shortcut B?
# 3. So which pixels does the block of the paper never see, though the layer before has
#    computed them? Say in a sentence or two which version you would build, and name an
#    argument against your choice.

# %% [markdown] manual="stride-by-hand" points=2
# ### BEGIN SOLUTION
# 1. Stride in the first $1 \times 1$: $28^2 \cdot 256 \cdot 128$, $28^2 \cdot 9 \cdot
#    128^2$, $28^2 \cdot 128 \cdot 512$, which are 25.7, 115.6 and 51.4 million,
#    together 192.7 million. Stride in the $3 \times 3$: the first has $56^2$ places,
#    102.8 million; the others stay. Together 269.7 million, 77 million or 40 % more.
# 2. A $1 \times 1$ kernel with stride 2 reads every second row and column: a quarter.
#    Then the branch of the paper sees a quarter. With the stride in the $3 \times 3$ it
#    sees all pixels, since the windows of 3 with stride 2 overlap. The shortcut B is a
#    $1 \times 1$ with stride 2 in both versions: a quarter, the same one.
# 3. Three quarters: all pixels with an odd row or an odd column (counted from 0). They
#    have been computed at full price, and nothing reads them. I would build the stride
#    into the $3 \times 3$. Against it: it costs 40 % more in this block. (Or: the
#    paper's version, being cheaper, with the argument that three quarters of the maps
#    are lost.)
#
# **Points**, half a point each: both sums, with products that show $28^2$ or $56^2$ in
# the right places (a slip in arithmetic costs nothing); a quarter and all for the
# branch; a quarter for the shortcut *and* the conclusion that three quarters are lost
# to the whole block; a choice with one reason for it and one against, both from the
# numbers above.
# ### END SOLUTION

# %% [markdown] hint=1
# At how many places does each of the three layers compute? A stride cuts down its own
# output, and all that comes after.

# %% [markdown]
# This is a good place for the break. What you have worked out is computed first thing
# after it, the multiply-adds and the pixels.

# %% [markdown] topics="where the stride stands"
# ## 4. What the block has seen
#
# If you begin here in a fresh notebook, run the cell with the imports; for exercise 2.6
# your `BasicBlock` and `shortcut_a` as well.
#
# First the block itself, and a function that counts multiply-adds.


# %%
def unit(inputs: int, outputs: int, k: int, stride: int = 1) -> nn.Sequential:
    """Convolution and BN."""
    conv = nn.Conv2d(inputs, outputs, k, stride, padding=k // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(outputs))


# %%
class Bottleneck(nn.Module):
    """A block that halves the sides; the strides of its first two layers are given."""

    def __init__(self, inputs: int, width: int, strides: tuple[int, int]) -> None:
        super().__init__()
        layers = [unit(inputs, width, 1, strides[0]), unit(width, width, 3, strides[1])]
        last = unit(width, 4 * width, 1)
        self.branch = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.ReLU(), last)
        self.projection = unit(inputs, 4 * width, 1, 2)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.branch(x) + self.projection(x))


# %%
def multiply_adds(network: nn.Module, side: int = 224, maps: int = 3) -> int:
    """The products of all convolutions and dense layers, for one image, on "meta"."""
    found = 0

    def count(layer: nn.Module, given: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal found
        weight = layer.get_parameter("weight")
        found += output.numel() * weight.numel() // len(weight)

    layers = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    network(torch.empty(1, maps, side, side, device="meta"))
    for hook in hooks:
        hook.remove()
    return found


# %%
PLACES = {"stride in the 1×1 (2015)": (2, 1), "stride in the 3×3 (v1.5)": (1, 2)}
products: dict[str, int] = {}
for name, strides in PLACES.items():
    with torch.device("meta"):
        block = Bottleneck(256, 128, strides)
    products[name] = multiply_adds(block.branch, side=56, maps=256)
    print(f"{name}: {products[name]:,} multiply-adds in the branch")

# %% [markdown]
# These are the sums of the first question. For the pixels, send back a gradient, which
# tells what an output depends on (week 2, notebook 2): from all outputs of a block, or
# of its branch or shortcut alone, on 12 × 12 pixels, in double precision.


# %%
def sight(block: nn.Module, inputs: int, side: int = 12) -> np.ndarray:
    """How much each pixel of the input matters for the outputs, (side, side)."""
    x = torch.randn(4, inputs, side, side, dtype=torch.double).requires_grad_()
    y = block.double().eval()(x)
    (grad,) = torch.autograd.grad(y, x, torch.randn_like(y))
    return grad.abs().sum((0, 1)).numpy()


# %%
torch.manual_seed(1)
seen: dict[str, np.ndarray] = {}
shares: dict[str, dict[str, float]] = {}
for name, strides in PLACES.items():
    block = Bottleneck(8, 4, strides)
    parts = {"branch": block.branch, "shortcut": block.projection, "block": block}
    sights = {part: sight(layers, 8) for part, layers in parts.items()}
    seen[name] = sights["block"]
    shares[name] = {part: (pixels > 0).mean() for part, pixels in sights.items()}
    print(name, *(f"{part} {one:.0%}" for part, one in shares[name].items()), sep="  ")

# %%
plots.show(
    plots.week7.sights(seen),
    caption="How much each pixel of the input matters for the output of a bottleneck "
    "block that halves the sides; white is not at all.",
    alt="Two grids of 12 by 12 cells. Left, only every second cell in every second row "
    "is coloured, all else is white. Right all cells are coloured, and those of the "
    "left grid are the darkest.",
)

# %% [markdown]
# A quarter against all. On the right you also see that the shortcut still reads every
# second pixel only: these are darker. What does it cost over the whole of ResNet-50?


# %%
def strides_moved(network: nn.Module) -> nn.Module:
    """ResNet-50 with each stride in the first 1×1, as in the paper."""
    for block in network.modules():
        if hasattr(block, "conv3"):
            block.conv1.stride, block.conv2.stride = (
                block.conv2.stride,
                block.conv1.stride,
            )
    return network


# %%
with torch.device("meta"):
    newer, older = models.resnet(50), strides_moved(models.resnet(50))
work = {"2015": multiply_adds(older), "v1.5": multiply_adds(newer)}
for name, count in work.items():
    print(f"ResNet-50, {name}: {count / 1e9:.2f} billion multiply-adds")

# %% [markdown]
# 6 % more in all. NVIDIA, whose programs use v1.5, measured half a percent more top-1
# accuracy, and 5 % less speed. A number in a table of "ResNet-50" says little before
# you know which one it was.

# %% [markdown] topics="pre-activation"
# ## 5. A clear road
#
# Look at the road of the basic block once more. $x$ is added; but then comes a ReLU. A
# block whose branch says 0 is *not* the identity.
#
# **Predict:** let $x$ have numbers of both signs, and let all branches say 0. (Set the
# scale $\gamma$ of the last BN to 0, as some programs do at the start.) What is left of
# $x$ behind one basic block? Behind ten?

# %%
torch.manual_seed(0)
x = torch.randn(2, 6, 5, 5)
silent = torch.zeros_like(x)  # what each branch says
behind = x
for number in range(1, 11):
    behind = F.relu(silent + behind)
    if number in (1, 10):
        kept = (behind == x).double().mean()
        print(
            f"behind {number:2} basic blocks: {kept:.0%} of the numbers are as before"
        )

# %% [markdown]
# All that is below 0 is lost in the first block; the other nine lose nothing more. In
# 2016 He and others cleared the road. Move BN and ReLU to the *front* of each
# convolution, and let nothing touch the sum: **pre-activation**, or *v2*.

# %%
plots.show(
    plots.week7.residual_blocks(["basic", "bottleneck", "pre-activation"]),
    caption="All three, where the shape stays. Follow the shortcut from top to bottom.",
    alt="Three columns. Basic: 3×3, BN, ReLU, 3×3, BN, plus, ReLU. Bottleneck: 1×1, "
    "BN, ReLU, 3×3, BN, ReLU, 1×1, BN, plus, ReLU. Pre-activation: BN, ReLU, 3×3, BN, "
    "ReLU, 3×3, plus, and nothing behind the plus.",
)

# %% [markdown]
# (Turn the switches yourself: `plots.week7.residual_blocks` takes a list of `"plain"`,
# `"basic"`, `"bottleneck"` and `"pre-activation"`, and `changes=True`.)
#
# Three things come with it.
#
# - *Where the shape changes*, the projection starts behind the first BN and ReLU,
#   which it shares with the branch, and has no BN of its own.
# - *The first block* of a network comes behind a convolution with BN and ReLU
#   already. Its own first BN and ReLU are left out then.
# - *The last sum* has been neither normalised nor activated. So before the head there
#   must be one more BN and ReLU.
#
# **Predict:** a network at its start, 18 blocks of 16 maps. How does the size (the root
# of the mean square) of the numbers on the road change from block to block, in v2? And
# which share of them is below 0, in v1 and in v2?


# %%
def branch(version: int, maps: int) -> nn.Sequential:
    """F of either version, with He's start."""
    convs = [nn.Conv2d(maps, maps, 3, padding=1, bias=False) for _ in range(2)]
    for conv in convs:
        nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    norms = [nn.BatchNorm2d(maps) for _ in range(2)]
    if version == 1:
        return nn.Sequential(convs[0], norms[0], nn.ReLU(), convs[1], norms[1])
    return nn.Sequential(norms[0], nn.ReLU(), convs[0], norms[1], nn.ReLU(), convs[1])


# %%
@torch.no_grad()
def on_the_road(version: int, x: Tensor, blocks: int = 18) -> np.ndarray:
    """(blocks + 1, 2): size, and share below 0, behind each sum of a fresh network."""
    found = []
    for number in range(blocks + 1):
        if number:
            x = branch(version, x.shape[1])(x) + x
            x = F.relu(x) if version == 1 else x
        found.append([x.square().mean().sqrt().item(), (x < 0).double().mean().item()])
    return np.array(found)


# %%
photos = data.cifar10()
tiny = F.avg_pool2d(train.as_input(photos.train.images[:1000]), 2)
tiny = (tiny - tiny.mean()) / tiny.std()
torch.manual_seed(0)
start = F.relu(nn.BatchNorm2d(16)(nn.Conv2d(3, 16, 3, padding=1)(tiny[:64]))).detach()
roads = {f"v{version}": on_the_road(version, start) for version in (1, 2)}
for name, values in roads.items():
    size, below = values[[0, 6, 18]].T
    print(f"{name}: size", *(f"{one:.1f}" for one in size), end=";  ")
    print("below 0:", *(f"{one:.0%}" for one in below), " (start, block 6, block 18)")

# %%
plots.show(
    plots.week7.roads(roads),
    caption="The numbers on the road of a network before its first step, behind each "
    "sum (v1: behind its ReLU).",
    alt="Two panels over 18 blocks. Left, sizes: both lines rise from 0.7, ever less "
    "steeply, to about 4. Right, the share of numbers below 0: v1 stays at 0; v2 jumps "
    "up with the first block and stays near 50 percent.",
)

# %% [markdown]
# In v1 nothing below 0 ever stays on the road. In v2 both signs travel. On both roads
# the numbers grow, since each block adds something new: in v2 a branch adds a mean
# square of about 1 at the start, so that after 18 of them the size is near $\sqrt{0.7^2
# + 18} = 4.3$. This sum is not normalised on the way, and the one BN before the head
# sets it right. That is what it is there for.
#
# Does it help? For 110 layers hardly, for 1001 very much (He and others, 2016, test
# errors on CIFAR-10): 6.61 → 6.37 % with 110 layers, 5.93 → 5.46 % with 164, 7.61 →
# 4.92 % with 1001.

# %% [markdown]
# ### Exercise 2.5 · Pre-activation
# 3 points · 15 minutes · ●●●○○ · needs 2.3
#
# Build the pre-activation block with two $3 \times 3$ convolutions, for any place but
# the first of a network. Padding 1, no biases. The stride stands in the first
# convolution. The shortcut is $x$ itself where the shape stays, else a $1 \times 1$
# convolution as described above. As in exercise 2.3 a new block is in training mode,
# and `coursekit.layers`, `coursekit.models` and torchvision are not yours.


# %% exercise="pre-activation"
class PreActivation(nn.Module):
    """Maps x (n, inputs, h, w) → (n, width, ⌈h / stride⌉, ⌈w / stride⌉), both signs.

    PreActivation(16, 32, 2)(torch.zeros(4, 16, 8, 8))  # (4, 32, 4, 4)
    """

    def __init__(self, inputs: int, width: int, stride: int = 1) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.norm1, self.norm2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.projection: nn.Module | None = None
        if stride > 1 or inputs != width:
            self.projection = nn.Conv2d(inputs, width, 1, stride, bias=False)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """The sum, as it is."""
        ### BEGIN SOLUTION
        ready = F.relu(self.norm1(x))
        branch = self.conv2(F.relu(self.norm2(self.conv1(ready))))
        return branch + (x if self.projection is None else self.projection(ready))
        ### END SOLUTION


# %% check="pre-activation" points=3
checks.week7.PreActivation(PreActivation)

# %% [markdown] hint=1
# How many maps does the first normalisation see, and how many the second?

# %% [markdown] hint=1
# Give the activated maps a name. Who needs them, and when? And who needs $x$ as it was?

# %% [markdown]
# If you like, let yours travel: send `start` through eighteen `PreActivation(16, 16)`,
# one after the other, and look at the size and at the share below 0. The size is less
# than that of v2 above: how large are the first weights that torch gives a convolution
# by itself (week 5, notebook 1), beside He's? So `start`, which has no numbers below 0,
# weighs more in the sum: behind six blocks only a third or so is below 0.

# %% [markdown] topics="faults that learn"
# ## 6. Seven blocks, six of them sick
#
# Seven people have written a block; we call the blocks P to V. Each of them had been
# asked for one of these: *v1* with shortcut A, zeros last, or with shortcut B; or *v2*,
# with a projection where the shape changes. The first line of each says which. (In Q
# the order within the branch is ReLU, BN, convolution: that was allowed.) All of them
# run, and none gives an error.


# %%
def three(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    """3×3, padding 1, no bias."""
    return nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)


def fitting(inputs: int, width: int, stride: int, norm: bool = True) -> nn.Module:
    """x itself, or a projection where the shape changes."""
    if stride == 1 and inputs == width:
        return nn.Identity()
    one = nn.Conv2d(inputs, width, 1, stride, bias=False)
    return nn.Sequential(one, nn.BatchNorm2d(width)) if norm else one


# %%
def filled(x: Tensor, stride: int, before: int, behind: int) -> Tensor:
    """Every stride-th pixel, and channels of zeros before and behind those of x."""
    return F.pad(x[..., ::stride, ::stride], (0, 0, 0, 0, before, behind))


# %%
class Block(nn.Module):
    """What the seven have in common."""

    def __init__(self, inputs: int, width: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1, self.conv2 = three(inputs, width, stride), three(width, width)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.shortcut = fitting(inputs, width, stride)


# %%
class P(Block):
    """Version 1, shortcut B."""

    def __init__(self, inputs: int, width: int, stride: int = 1) -> None:
        super().__init__(inputs, width, stride)
        self.shortcut = fitting(inputs, width, stride, norm=False)

    def forward(self, x: Tensor) -> Tensor:
        h = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(h + self.shortcut(x))


# %%
class Q(Block):
    """Version 2."""

    def __init__(self, inputs: int, width: int, stride: int = 1) -> None:
        super().__init__(inputs, width, stride)
        self.bn1 = nn.BatchNorm2d(inputs)
        self.shortcut = fitting(inputs, width, stride, norm=False)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        ready = self.bn1(self.relu(x))
        h = self.conv2(self.bn2(self.relu(self.conv1(ready))))
        same = isinstance(self.shortcut, nn.Identity)
        return h + (x if same else self.shortcut(ready))


# %%
class R(Block):
    """Version 1, shortcut A."""

    def __init__(self, inputs: int, width: int, stride: int = 1) -> None:
        super().__init__(inputs, width, stride)
        self.stride, self.new = stride, width - inputs
        self.shortcut = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        h = self.bn1(self.conv1(x))
        h = self.bn2(self.conv2(F.relu(h, inplace=True)))
        h += filled(x, self.stride, 0, self.new)
        return F.relu(h, inplace=True)


# %%
class S(Block):
    """Version 2."""

    def __init__(self, inputs: int, width: int, stride: int = 1) -> None:
        super().__init__(inputs, width, stride)
        self.bn1 = nn.BatchNorm2d(inputs)
        self.shortcut = fitting(inputs, width, stride, norm=False)

    def forward(self, x: Tensor) -> Tensor:
        ready = F.relu(self.bn1(x))
        h = self.conv2(F.relu(self.bn2(self.conv1(ready))))
        same = isinstance(self.shortcut, nn.Identity)
        return F.relu(h + (x if same else self.shortcut(ready)))


# %%
class T(Block):
    """Version 1, shortcut B."""

    def __init__(self, inputs: int, width: int, stride: int = 1) -> None:
        super().__init__(inputs, width, stride)
        self.bn1 = self.bn2 = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.shortcut(x))


# %%
class U(Block):
    """Version 1, shortcut A."""

    def __init__(self, inputs: int, width: int, stride: int = 1) -> None:
        super().__init__(inputs, width, stride)
        self.stride, self.new = stride, width - inputs
        self.shortcut = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        h = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        x = filled(x, self.stride, self.new, 0)
        return F.relu(h + x)


# %%
class V(Block):
    """Version 1, shortcut B."""

    def __init__(self, inputs: int, width: int, stride: int = 1) -> None:
        super().__init__(inputs, width, stride)
        self.conv1, self.conv2 = three(inputs, width), three(width, width, stride)

    def forward(self, x: Tensor) -> Tensor:
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.shortcut(x) + self.bn2(self.conv2(h)))


# %% [markdown]
# ### Exercise 2.6 · The bug: what is wrong with them?
# 2 points · 20 minutes · ●●●○○ · needs 2.5
#
# Find the fault of each. Read, or better: measure. Count weights, compare an input
# before and after, look for numbers below 0, look at the statistics. The answers to
# choose from; one of them may fit several blocks, or none:
#
# - `"relu"`: a ReLU stands behind the addition where none should;
# - `"linear"`: no ReLU stands between the two convolutions;
# - `"order"`: BN stands in the wrong place of the branch;
# - `"stride"`: the stride stands in the wrong convolution;
# - `"side"`: zeros are on the wrong side;
# - `"projection"`: the projection lacks a normalisation;
# - `"shared"`: one normalisation does the work of two;
# - `"in place"`: the shortcut adds something else than it was given;
# - `"healthy"`: nothing is wrong.

# %% exercise="sick-blocks"
block_p: str | None = None
block_q: str | None = None
block_r: str | None = None
block_s: str | None = None
block_t: str | None = None
block_u: str | None = None
block_v: str | None = None
### BEGIN SOLUTION
block_p, block_q, block_r, block_s = "projection", "in place", "healthy", "relu"
block_t, block_u, block_v = "shared", "side", "stride"
### END SOLUTION

# %% check="sick-blocks" points=2 quiz=1
checks.week7.sick_blocks(
    block_p=block_p,
    block_q=block_q,
    block_r=block_r,
    block_s=block_s,
    block_t=block_t,
    block_u=block_u,
    block_v=block_v,
)

# %% [markdown] hint=1
# `x = torch.randn(2, 8, 6, 6)`, `before = x.clone()`, then the block, then compare.
# What is its smallest output? You have blocks to compare with, `BasicBlock(8, 16, 2)`,
# `PreActivation(8, 16, 2)` and `shortcut_a`: how many weights have yours? And what does
# a block give out whose branch says 0?

# %% [markdown] hint=1
# Not everything in place does harm. Who else holds the tensor that is overwritten?

# %% [markdown]
# Would you have noticed? Build a network of three blocks with each, 8, 16 and 32 maps,
# and train it for 80 steps on a thousand photographs, shrunk to 8 × 8 pixels. Let its
# running statistics settle, by twenty runs without a step. Then look at the loss in
# training, over the last twenty batches, and at that of the same photographs in
# *evaluation* mode. Three such runs of each block take half a minute, or two.
#
# **Predict:** which of the seven can be told by their loss?


# %%
SEVEN = {kind.__name__: kind for kind in (P, Q, R, S, T, U, V)}


def network_of(kind: type[Block]) -> nn.Sequential:
    """3×3 and BN, three blocks, BN and ReLU, mean, ten scores."""
    return nn.Sequential(
        nn.Sequential(three(3, 8), nn.BatchNorm2d(8)),
        kind(8, 8),
        kind(8, 16, 2),
        kind(16, 32, 2),
        nn.Sequential(nn.BatchNorm2d(32), nn.ReLU()),
        nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10)),
    )


# %%
def batches(seed: int, steps: int = 80) -> Iterator[Tensor]:
    """Numbers of 64 photographs, `steps` times."""
    dice = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        yield torch.randint(1000, (64,), generator=dice)


smaller, t = F.avg_pool2d(tiny, 2), photos.train.labels[:1000]


# %%
@torch.no_grad()
def in_evaluation(model: nn.Module) -> float:
    """The loss of all photographs, when the running statistics have settled."""
    for part in range(20):
        model(smaller[part % 10 :: 10])
    return F.cross_entropy(model.eval()(smaller), t).item()


# %%
def two_losses(kind: type[Block], seed: int) -> tuple[float, float]:
    """The loss in training at the end, and in evaluation on the same photographs."""
    torch.manual_seed(seed)
    model, losses = network_of(kind), []
    sgd = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for batch in batches(seed):
        loss = F.cross_entropy(model(smaller[batch]), t[batch])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        losses.append(loss.item())
    return float(np.mean(losses[-20:])), in_evaluation(model)


# %%
ends = {
    name: [two_losses(kind, seed) for seed in range(3)] for name, kind in SEVEN.items()
}
for name, both in ends.items():
    training, evaluation = zip(*both, strict=True)
    print(name, "training", *(f"{one:.2f}" for one in training), end="   ")
    print("evaluation", *(f"{one:.2f}" for one in evaluation))

# %% [markdown]
# All seven learn. In training the losses lie between 1.35 and 1.6: two runs of the same
# block differ by up to 0.1 or so, and two blocks, in the mean, hardly by more. (With
# six seeds in place of three the means come closer together; try it if you have the
# patience.) In evaluation the networks do better than while they trained, since they
# have learned meanwhile; with one exception, T, which gets worse by 0.1 to 0.3. Its one
# normalisation has a single pair of running statistics for two places, and these fit
# neither. Nothing else shows. The other five are networks that nobody ordered, with a
# name that they do not deserve, and they work, until somebody loads weights into them
# or compares their error with a paper.
#
# torch notices one of these faults, now and then: did the maps that Q overwrites come
# straight from another ReLU, `backward` would say "modified by an inplace operation". A
# block whose input comes from an addition gets no such help. Faults of this kind are
# found by reading, by counting weights, by comparing with a second program: not by
# looking at curves.

# %% [markdown] topics="the family for CIFAR-10, the family for ImageNet"
# ## 7. Families
#
# For this evening run the cell with the imports and the one in section 4 that defines
# `multiply_adds`, and begin here.
#
# A ResNet for CIFAR-10 has a $3 \times 3$ convolution, three stages of $n$ basic blocks
# with 16, 32 and 64 maps, an average over the places and a dense layer. Two layers a
# block: depth $6n + 2$. So there are ResNet-20, 32, 44, 56, and with $n = 18$
# ResNet-110. (Projections do not count, as they are not on the longest path.) With
# bottleneck blocks, of three layers, it is $9n + 2$; $n = 18$ gives ResNet-164.

# %% [markdown]
# ### Exercise 2.7 · How many weights?
# 2 points · 15 minutes · ●●●○○ · needs 2.2
#
# Count any of them. The first convolution sees three channels and has BN and ReLU
# behind it. Convolutions have no biases, the dense layer has. Stages have `width`,
# twice and four times as many maps. The shortcut is `"A"`, `"B"` or `"C"`, with BN in
# each projection; with C there is one in every block. A depth that is not $6n + 2$ with
# $n \ge 1$ gives a `ValueError`. (You may also build a network of your own and count
# it, but not one of `coursekit.models`.)


# %% exercise="count-the-family"
def weights(depth: int, shortcut: str = "A", width: int = 16, classes: int = 10) -> int:
    """The number of weights of a ResNet for CIFAR, version 1.

    Raises ValueError for a depth that is not 6n + 2, n at least 1.

    >>> weights(20)
    269722
    """
    ### BEGIN SOLUTION
    n, rest = divmod(depth - 2, 6)
    if n < 1 or rest:
        raise ValueError(f"the depth is 6n + 2, and {depth} is not")
    total = 3 * 9 * width + 2 * width
    before = width
    for maps in (width, 2 * width, 4 * width):
        total += 9 * before * maps + (2 * n - 1) * 9 * maps**2 + 2 * n * 2 * maps
        if shortcut == "C" or (shortcut == "B" and before != maps):
            total += before * maps + 2 * maps
        if shortcut == "C":
            total += (n - 1) * (maps**2 + 2 * maps)
        before = maps
    return total + (before + 1) * classes
    ### END SOLUTION


# %% check="count-the-family" points=2
checks.week7.weights(weights)

# %% [markdown] hint=1
# How many convolutions has a stage, and which one of them differs from the others?

# %% [markdown] hint=1
# Which numbers of a normalisation are learned, and which are only remembered?

# %% [markdown]
# The family for ImageNet begins with a $7 \times 7$ convolution with stride 2 and a
# pooling, and has four stages.
#
# **Predict:** ResNet-34 and ResNet-50 have 3, 4, 6 and 3 blocks in their stages, the
# one basic, the other bottleneck blocks. Which has more weights, and which works more?

# %%
FAMILY = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}

# %%
stages: dict[str, list[int]] = {}
for depth, blocks in FAMILY.items():
    with torch.device("meta"):
        network = models.resnet(depth)
    count = sum(p.numel() for p in network.parameters())
    print(f"ResNet-{depth:<4}{blocks!s:15}{count:11,} weights", end="")
    print(f"{multiply_adds(network) / 1e9:6.2f} billion multiply-adds")
    stages[f"ResNet-{depth}"] = [
        sum(p.numel() for p in network.get_submodule(f"layer{k}").parameters())
        for k in (1, 2, 3, 4)
    ]

# %%
plots.show(
    plots.week7.family(stages, list(FAMILY.values())),
    caption="Where the weights of the family sit. In each piece: the number of blocks.",
    alt="Five horizontal bars, from ResNet-18 with 11 million weights in its stages to "
    "ResNet-152 with 58 million, each of four pieces. In ResNet-18, 34 and 50 the last "
    "piece is the longest; in 101 and 152 the third, with 23 and 36 blocks, is.",
)

# %% [markdown]
# The two are nearly alike, in both: bottlenecks have bought sixteen layers more for
# 17 % more weights and 12 % more work. From 50 to 152 nothing but the numbers of blocks
# changes, above all in the third stage, where a block is not yet dear. And none of them
# has dense layers like VGG, whose 138 million weights they all stay below.
#
# What the papers report on CIFAR-10, and what this course has got so far:

# %%
with torch.device("meta"):
    trained = {f"resnet{n}": models.cifar_resnet(n) for n in (20, 32, 44, 56, 110)}
    for n in (110, 164):
        trained[f"preact{n}"] = models.cifar_resnet(
            n, version=2, shortcut="B", bottleneck=n == 164
        )
print(f"{'test error':26}{'weights':>10}{'paper':>9}  ours")
for recipe, network in trained.items():
    title, _, paper, ours, *_ = table(recipe).rows[0]
    count = sum(p.numel() for p in network.parameters())
    print(f"{title:26}{count:10,}{paper:>7} %  {ours}")

# %% [markdown]
# Where ours is "not yet run", it waits for a graphics card: 64,000 steps of 128
# photographs each. For ResNet-110 the paper's 6.43 is the best of five runs; their mean
# is 6.61, and a paper that gives one number for the others may have been lucky or not.
# (The last two have projections; ResNet-164 is made of bottleneck blocks.)

# %% [markdown] topics="a family that reads weights"
# ## 8. A name is a contract
#
# If you begin here in a fresh notebook, run the cell with the imports and the one in
# section 7 that defines `FAMILY`.
#
# Trained weights travel as a dictionary from names to tensors, `state_dict`. Whoever
# wants to read them has to build a network whose names, shapes and computation are
# those of the one that wrote them. The names are the smallest part of it.

# %%
import torchvision

theirs = torchvision.models.resnet18(weights=None)
names = list(theirs.state_dict())
halving = [name for name in names if name.startswith("layer2.0.")]
print(len(names), "names:", *names[:12], "…", *halving, "…", *names[-2:], sep="\n  ")


# %%
def disagreement(mine: nn.Module, theirs: nn.Module, side: int = 64) -> float:
    """The largest difference of scores, as a share, once `mine` has their weights."""
    mine.load_state_dict(theirs.state_dict())
    photograph = data.photograph("chelsea").float()[None, :, :side, :side] / 255 - 0.5
    with torch.no_grad():
        one, other = mine.eval()(photograph), theirs.eval()(photograph)
    return ((one - other).abs().max() / other.abs().max()).item()


print(
    f"the course's ResNet-18 differs by {disagreement(models.resnet(18), theirs):.0e}"
)

# %% [markdown]
# ### Exercise 2.8 · Build: a family that reads weights
# 4 points · 50 minutes · ●●●●● · needs 2.3
#
# Write one constructor for the whole family of ImageNet, and for its small cousins. The
# contract:
#
# - `blocks` says how many blocks each stage has; there may be fewer or more than four.
#   The blocks are basic or, with `bottleneck=True`, bottleneck blocks, the stride in
#   the $3 \times 3$, whose last layer puts out four times as many maps as the narrow
#   ones have. `width` is the (narrow) number of maps of the first stage and what the
#   first convolution puts out; it doubles from stage to stage. Each stage but the first
#   halves the sides, in its first block. The shortcut is B.
# - Before the stages: $7 \times 7$ with stride 2 and padding 3, without bias, BN, ReLU,
#   max pooling $3 \times 3$ with stride 2 and padding 1. After them: the mean of each
#   map, a dense layer. Images of any size.
# - *The names are torchvision's*, those above; a bottleneck block has `conv3` and
#   `bn3` as well. The stages are `layer1`, `layer2` and so on, however many there are;
#   a block that keeps the shape has no `downsample`. Every name has the same shape and
#   means the same.
#
# The *goal*: `resnet((2, 2, 2, 2)).load_state_dict(theirs.state_dict())` works, all
# five of `FAMILY` have exactly the weights that you have seen, and with the same
# weights the scores are torchvision's, and so are the gradients. `disagreement` above
# helps. The check uses small networks with weights of its own, whose scores, gradients
# and running statistics it compares. A network that has just been made is in training
# mode. (Nothing of torchvision, `coursekit.models` and `coursekit.layers`.)


# %% exercise="family-that-reads"
def resnet(
    blocks: tuple[int, ...],
    bottleneck: bool = False,
    width: int = 64,
    classes: int = 1000,
) -> nn.Module:
    """A network that takes images (n, 3, h, w) to scores (n, classes).

    ResNet-18 is resnet((2, 2, 2, 2)), ResNet-50 resnet((3, 4, 6, 3), bottleneck=True).
    """
    ### BEGIN SOLUTION
    model, outputs = Stages(), width
    model.conv1 = nn.Conv2d(3, width, 7, 2, padding=3, bias=False)
    model.bn1 = nn.BatchNorm2d(width)
    for number, count in enumerate(blocks, 1):
        stage = nn.Sequential()
        for at in range(count):
            stride = 2 if number > 1 and at == 0 else 1
            stage.append(Unit(outputs, width, stride, bottleneck))
            outputs = 4 * width if bottleneck else width
        model.add_module(f"layer{number}", stage)
        width *= 2
    model.fc = nn.Linear(outputs, classes)
    return model


class Stages(nn.Module):
    """The network; its layers are put in from outside."""

    def forward(self, x: Tensor) -> Tensor:
        """The scores."""
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, padding=1)
        for name, stage in self.named_children():
            x = stage(x) if name.startswith("layer") else x
        return self.fc(x.mean((2, 3)))


class Unit(nn.Module):
    """A basic or a bottleneck block with torchvision's names."""

    def __init__(self, inputs: int, width: int, stride: int, narrow: bool) -> None:
        super().__init__()
        sizes = [(inputs, width, 3, stride), (width, width, 3, 1)]
        if narrow:
            sizes = [(inputs, width, 1, 1), (width, width, 3, stride)]
            sizes.append((width, 4 * width, 1, 1))
        self.layers = len(sizes)
        for number, (i, o, k, s) in enumerate(sizes, 1):
            conv = nn.Conv2d(i, o, k, s, padding=k // 2, bias=False)
            self.add_module(f"conv{number}", conv)
            self.add_module(f"bn{number}", nn.BatchNorm2d(o))
        self.downsample: nn.Module = nn.Identity()
        if stride > 1 or inputs != o:
            one = nn.Conv2d(inputs, o, 1, stride, bias=False)
            self.downsample = nn.Sequential(one, nn.BatchNorm2d(o))

    def forward(self, x: Tensor) -> Tensor:
        """The activated sum."""
        h = x
        for number in range(1, self.layers + 1):
            conv, bn = getattr(self, f"conv{number}"), getattr(self, f"bn{number}")
            h = bn(conv(h))
            h = F.relu(h) if number < self.layers else h
        return F.relu(h + self.downsample(x))

    ### END SOLUTION


# %% check="family-that-reads" points=4
checks.week7.resnet(resnet)

# %% [markdown] hint=1
# Build ResNet-18 alone first, with `load_state_dict` as your guide: it lists all names
# that are missing or too many. What in it would have to be another number for 34?

# %% [markdown] hint=1
# How many maps come out of a block, and how many go into the next? Follow them for
# bottleneck blocks through the first two stages. Does the first stage need a
# projection?

# %% [markdown] hint=1
# The names agree and the scores do not? Compare behind `conv1`, behind the pooling,
# behind each stage. Is it in evaluation mode?

# %% [markdown]
# <details><summary>When yours has passed: what to do with it</summary>
#
# With a connection, `torchvision.models.resnet18(weights="DEFAULT")` brings weights
# that have been learned on ImageNet (45 MB), and your network reads them. They expect
# images between 0 and 1 less the mean (0.485, 0.456, 0.406), divided by (0.229, 0.224,
# 0.225). Two weight files that torchvision calls `IMAGENET1K_V1` and `V2` are of the
# same network and differ by nearly 5 points of accuracy for ResNet-50: what was learned
# is more than the architecture.
#
# </details>

# %% [markdown]
# ## What to take with you
#
# A block adds what its branch computes to what comes in. One linear layer in a branch
# is a linear layer; it takes an activation inside the branch to be more. Where maps
# shrink, the shortcut is A, subsampled with zeros in the new channels, or B, a
# projection with BN, for 2,752 weights in ResNet-20. A bottleneck makes the branch
# narrow and leaves the road wide; its stride belongs into the $3 \times 3$, or three
# quarters of the pixels are lost. In v1 a ReLU stands on the road; v2 clears it, and
# needs a BN and a ReLU before the head. Sick blocks learn.
#
# **Where people slip**
#
# - A ReLU behind an addition of v2, or none before the head.
# - One BN module for two places: fine in training, broken in evaluation.
# - The projection without its BN in v1, or with one in v2.
# - `inplace=True` on a tensor that the shortcut still needs.
# - Zeros on the other side, the stride in the other layer: same counts, other network.
# - Counting running statistics as weights.
#
# **Next:** notebook 3 takes the blocks out again, one at a time.
#
# **To read on:** He and others, *Deep residual learning for image recognition* (2015),
# sections 3 and 4.1; He and others, *Identity mappings in deep residual networks*
# (2016), sections 3 and 4, figures 2 and 4.
