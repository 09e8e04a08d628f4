# %% [markdown]
# # The degradation problem
#
# Week 7 · notebook 1 of 4 · about 135 minutes · 17 points
#
# Deeper, and worse: in 2015 people could at last train networks of thirty and more
# layers, and found that they did worse than those of twenty. You see it happen on tiny
# photographs, rule out the usual suspect, and then do what training did not do: you
# write down, by hand, a deep network that is as good as the shallow one. What becomes
# of it when it is trained on is the best argument for the one addition of this week.
#
# Take two sittings and an evening. The 135 minutes are for the sittings: sections 1 and
# 2, an hour and a quarter, and 3 to 5, an hour. They leave out the evening, section 6,
# another three quarters: an open build (4 of the 17 points).
#
# **When you are done, you can**
#
# - tell degradation from overfitting and from a bad learning rate, by their curves;
# - make a network deeper without changing what it computes, and say when that is exact;
# - say what training does with such a network at a large rate and at a small one, and
#   what that shows;
# - write a layer as a change to nothing, $H(x) = F(x) + x$, and say what this form
#   changes and what it does not;
# - choose a start for such a form that lets it learn.
#
# **You need** batch normalisation in both modes (week 5, notebook 2), He's start (week
# 5, notebook 1), training and test error (week 3, notebook 2), padding and stride (week
# 2, notebook 1).

# %%
import copy
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, models, plots, train
from coursekit.data.catalogue import CIFAR10
from coursekit.data.stand_in import stand_in
from coursekit.layers.blocks import he_normal
from coursekit.runs.table import table

# %% [markdown] topics="degradation, plain networks, reading curves"
# ## 1. Deeper, and worse
#
# LeNet has 5 layers with convolutions or dense weights, AlexNet 8, VGG 16 or 19,
# GoogLeNet 22. In ImageNet's contest the error fell as the depth grew, from 16.4 % for
# AlexNet's entry to some 7 % for the two of 2014. With He's start and batch
# normalisation the signal survives many more (week 5). So what keeps us from a hundred?
#
# Here is a family to try it with, the **plain networks** of He, Zhang, Ren and Sun
# (2015): a $3 \times 3$ convolution, three stages of $2n$ such layers each, a mean over
# each map and a dense layer. From stage to stage the maps are halved in size and
# doubled in number. *Depth* counts the layers with weights on the longest path,
# $6n + 2$ here. Ours has 8, 16 and 32 maps (the paper's 16, 32 and 64), and the
# photographs are made four times smaller, $8 \times 8$ pixels, so that a training takes
# a second or two.


# %%
def plain(depth: int) -> nn.Sequential:
    """Convolution, normalisation, ReLU, in a row; depth 6n + 2, with He's start."""
    n = (depth - 2) // 6
    widths = [8] * (1 + 2 * n) + [16] * 2 * n + [32] * 2 * n
    layers: list[nn.Module] = []
    for i, o in pairwise([3, *widths]):
        stride = 2 if o == 2 * i else 1
        layers += [nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)]
        layers += [nn.ReLU()]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10)]
    model = nn.Sequential(*layers)
    he_normal(model)
    return model


# %%
photos = data.cifar10()


def tiny(images: Tensor) -> Tensor:
    """Photographs made four times smaller, about 0 and of the deviation 1."""
    small = F.avg_pool2d(train.as_input(images), 4)
    return (small - 0.47) / 0.22


x, t = tiny(photos.train.images[:1000]), photos.train.labels[:1000]
x_new, t_new = tiny(photos.test.images[:1000]), photos.test.labels[:1000]


# %%
def step(model: nn.Module, sgd: torch.optim.SGD, images: Tensor, t: Tensor) -> float:
    """One step with one batch; its loss."""
    loss = F.cross_entropy(model(images), t)
    sgd.zero_grad()
    loss.backward()
    sgd.step()
    return loss.item()


# %%
def fit(
    model: nn.Module, seed: int, images: Tensor = x, labels: Tensor = t, lr: float = 0.1
) -> list[float]:
    """80 steps with batches of 64: the loss of each. The rate climbs for 20 steps."""
    dice = torch.Generator().manual_seed(seed)
    sgd = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    orders = [torch.randperm(len(images), generator=dice)[:960] for _ in range(6)]
    losses = []
    model.train()
    for number, batch in enumerate(torch.cat(orders).split(64)[:80]):
        sgd.param_groups[0]["lr"] = lr * min(1.0, (number + 1) / 20)
        losses.append(step(model, sgd, images[batch], labels[batch]))
    return losses


# %% [markdown]
# **Predict:** 80 steps for a network of 8 layers and for one of 26, three runs each. A
# blind guess has the loss ln 10, about 2.3. At the end, how far apart are the two, on
# the images they are trained with: a little, or as far as from a guess? The deeper one
# has nearly five times as many weights, and can do whatever the other can.

# %%
SEEDS = range(3)
runs: dict[str, list[list[float]]] = {}
found: dict[str, list[nn.Module]] = {}


def train_all(name: str, make: Callable[[], nn.Module], seeds: range = SEEDS) -> None:
    """Train a network of this kind with each seed; keep the losses and the networks."""
    runs[name], found[name] = [], []
    for seed in seeds:
        torch.manual_seed(seed)
        found[name].append(make())
        runs[name].append(fit(found[name][-1], seed))


# %%
train_all("plain, 8", lambda: plain(8))
train_all("plain, 26", lambda: plain(26))


# %%
def ends(name: str) -> str:
    """The mean of the last 30 losses, of each run."""
    return " ".join(f"{np.mean(losses[-30:]):.2f}" for losses in runs[name])


for name in runs:
    print(f"{name:10} {ends(name)}")

# %%
plots.show(
    plots.week7.descents(runs),
    caption="The loss on the training images, moving means of ten steps. Thin: each "
    "of three runs; thick: their mean. Dotted: ln 10, the loss of a blind guess.",
    alt="Two bundles of falling lines over 80 steps, both from 2.4. Plain 8 ends near "
    "1.6. Plain 26 falls below 2.3 late and ends near 2.1, far above the other.",
)

# %% [markdown]
# The shallow network ends at 1.6 to 1.7 on average over its last 30 steps, the deep one
# at 2.1 to 2.2, not far from knowing nothing. After the first steps the two bundles do
# not touch: it is no matter of luck. (If CIFAR-10 cannot be had, you get the stand-in:
# tiles cut from ten photographs. The numbers in the text were measured on CIFAR-10. The
# tiles are easier, and the losses lower: about 1.1 and 1.7 here.)
#
# One suspect comes to mind at once. A deep network has more weights, so it learns by
# heart and fails on new images: overfitting.
#
# **Predict:** if it *is* overfitting, how must the deep network's error on the training
# images compare with the shallow one's? Say it before you see it.
#
# The errors are measured in evaluation mode. After 80 steps the running statistics of a
# normalisation still lag behind the weights, so they are taken anew first, from all
# training images (week 5, notebook 2).


# %%
def settle(model: nn.Module) -> None:
    """Take the statistics of every normalisation anew, from x; then evaluation mode."""
    layers = [one for one in model.modules() if isinstance(one, nn.BatchNorm2d)]
    for layer in layers:
        layer.reset_running_stats()
        layer.momentum = None  # a plain mean over all batches
    model.train()
    with torch.no_grad():
        model(x)
    model.eval()
    for layer in layers:
        layer.momentum = 0.1


# %%
@torch.no_grad()
def error(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """The share of the images that the model gets wrong."""
    return (model(images).argmax(1) != labels).float().mean().item()


# %%
judged: dict[str, list[tuple[float, float]]] = {}
for name, networks in found.items():
    judged[name] = []
    for network in networks:
        settle(network)
        judged[name].append((error(network, x, t), error(network, x_new, t_new)))
    for which, at in (("training", 0), ("new", 1)):
        print(f"{name:10} {which:8}", *(f"{one[at]:.0%}" for one in judged[name]))

# %%
plots.show(
    plots.week7.errors(judged),
    caption="Errors in evaluation mode, a dot for each run, bars for the means. Ten "
    "classes: a guess is wrong in 90 % of the cases.",
    alt="Two panels with two bars each. Training images: about 50 percent for plain "
    "8, 80 percent for plain 26. New images: about 70 and 80 percent.",
)

# %% [markdown]
# Overfitting would be a *lower* training error and a higher test error. Here the deep
# network errs far more often on the very images that it has seen again and again, on
# about 80 % of them against 50 %. (It is the shallow one that overfits: it does much
# worse on new images.) What fails here is not generalisation but training itself. He
# and his colleagues called it **degradation**.
#
# The rate is a suspect, too: what suits 8 layers may be too large for 26. **Predict:**
# with a tenth of the rate, is the gap closed?

# %%
slow: dict[int, float] = {}
for depth in (8, 26):
    torch.manual_seed(0)
    slow[depth] = float(np.mean(fit(plain(depth), 0, lr=0.01)[-30:]))
    print(f"plain, {depth:2}, rate 0.01 {slow[depth]:.2f}")

# %% [markdown]
# It is not: between 1.8 and 1.9 with 8 layers, above 2.1 with 26. There is one thing
# that our runs do not rule out. After 80 steps the curves are still on their way, so
# what they show is that the deep network learns more slowly. That it stays behind with
# all the time it wants, the paper has shown (section 5).
#
# It was no matter of vanishing gradients either, they argued: with batch normalisation
# the signal stays alive in both directions. (Notebook 3 measures the gradients.)

# %% [markdown]
# ### Exercise 1.1 · Quiz: four patients
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# Each panel shows a shallow and a deep network, all else equal. What ails the deep one?
# The answers to choose from: `"degradation"`, `"overfitting"`, `"too large a rate"` and
# `"stopped too early"` (so that one cannot tell yet).
#
# The fifth patient comes in words. The paper of He and others also trains a residual
# network of 1202 layers on CIFAR-10. It brought its training error below 0.1 %. Its
# test error was 7.93 %, that of the same kind with 110 layers 6.43 %, with a similar
# training error. What ails it?

# %%
plots.show(
    plots.week7.four_cases(),
    caption="Errors by epoch, made up after real ones. Solid: on the training images; "
    "dashed: on test images.",
    alt="Four panels, A to D, over 60 epochs, errors in percent. A: the shallow "
    "network's training error falls to 11, its test error to 16; the deep one's "
    "training error falls to nearly 0, its test error to 21 and then rises to 22. B: "
    "the shallow network falls to 9; the deep one falls for a few epochs, then jumps "
    "to 88 and stays there, trembling. C: the shallow one falls to 8 in training and "
    "12 in test, the deep one to 14 and 19, all of them flat for the last 20 epochs. "
    "D: the shallow one is flat at 12 and 16; the deep one falls along straight "
    "lines, from 82 to 21 and from 83 to 24, and has not stopped.",
)

# %% exercise="four-patients"
panel_a: str | None = None
panel_b: str | None = None
panel_c: str | None = None
panel_d: str | None = None
layers_1202: str | None = None
### BEGIN SOLUTION
panel_a = "overfitting"
panel_b = "too large a rate"
panel_c = "degradation"
panel_d = "stopped too early"
layers_1202 = "overfitting"
### END SOLUTION

# %% check="four-patients" points=2 quiz=1
checks.week7.four_patients(
    panel_a=panel_a,
    panel_b=panel_b,
    panel_c=panel_c,
    panel_d=panel_d,
    layers_1202=layers_1202,
)

# %% [markdown] hint=1
# Look at the solid lines first. Is the deep one above or below the shallow one? Is it
# still on its way? The dashed lines come second: do they turn where the solid ones go
# on falling?

# %% [markdown] hint=1
# In which of the panels would you want to look at more epochs before you say anything?
# In which has something been lost that had been learned?

# %% [markdown] topics="a solution by construction, a convolution that does nothing"
# ## 2. A deep network by hand
#
# Why is degradation strange? Take a shallow network, trained. Put layers behind some of
# its layers that hand on what they get, and change nothing. What you have is deep, and
# exactly as good as the shallow one. So a good deep network *exists*; it has the same
# layers as `plain(26)`, only with other weights. Training was free to find it.
#
# It is easily said. But *is* there a plain layer that does nothing? It is a
# convolution, a normalisation and a ReLU, and all three do something. Build it, piece
# by piece.

# %%
PLACES = [0, 0, 6, 0, 6, 0, 6]
plots.show(
    plots.week7.stretched([8, 8, 8, 16, 16, 32, 32], PLACES),
    caption="Above, the convolutions of the trained network of depth 8. Below, the "
    "same, with 18 more that do nothing: depth 26. (The dense layer is not drawn.)",
    alt="Two rows of boxes. The upper has seven: three light, two blue, two dark. "
    "Arrows lead from each of them to a box of the same colour in the lower row, "
    "where six white boxes stand behind the last box of each colour, 25 boxes in all.",
)

# %% [markdown]
# ### Exercise 1.2 · A kernel that changes nothing
# 1 point · 8 minutes · ●○○○○ · needs nothing
#
# Write the kernels of a convolution with as many maps behind it as in front of it, and
# a padding that keeps the size, such that what comes out is what went in. ($k$ is odd.)


# %% exercise="a-kernel-that-changes-nothing"
def nothing(channels: int, k: int = 3) -> np.ndarray:
    """Kernels (channels, channels, k, k) of a convolution that hands on its input.

    >>> nothing(1, 1)
    array([[[[1.]]]])
    """
    ### BEGIN SOLUTION
    kernels = np.zeros((channels, channels, k, k))
    for c in range(channels):
        kernels[c, c, k // 2, k // 2] = 1
    return kernels
    ### END SOLUTION


# %% check="a-kernel-that-changes-nothing" points=1
checks.week7.nothing(nothing)

# %% [markdown] hint=1
# Which of the $k \cdot k$ numbers under the kernel is the place itself? And from which
# of the maps that come in should map number $c$ be made?

# %% [markdown]
# ### Exercise 1.3 · A layer that changes nothing
# 2 points · 15 minutes · ●●○○○ · needs 1.2, 2.2 (week 5)
#
# Now the whole layer, in *evaluation mode*: an `nn.Sequential` of a convolution
# ($3 \times 3$, padding 1, no bias), an `nn.BatchNorm2d` with the `eps` that is given,
# and a ReLU. What it gets comes from a ReLU, so that no number is below 0. Give back
# the layer with weights and statistics such that it hands such maps on *exactly*, up
# to the last digit or two of float32. (The check has an `eps` of 0.2 as well, and puts
# other weights and statistics into your layer, to see what it is.) The layer must be
# able to learn, as any other, its statistics too, and each call makes a new one.


# %% exercise="a-layer-that-changes-nothing"
def idle_layer(channels: int, eps: float = 1e-5) -> nn.Sequential:
    """Convolution, normalisation, ReLU; in evaluation mode it keeps maps that are ≥ 0.

    idle_layer(5).eval()(torch.ones(1, 5, 4, 4))  # ones
    """
    ### BEGIN SOLUTION
    convolution = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    normalisation = nn.BatchNorm2d(channels, eps=eps)
    with torch.no_grad():
        convolution.weight.copy_(torch.from_numpy(nothing(channels)))
        normalisation.weight.fill_((1 + eps) ** 0.5)
    return nn.Sequential(convolution, normalisation, nn.ReLU())
    ### END SOLUTION


# %% check="a-layer-that-changes-nothing" points=2
checks.week7.idle_layer(idle_layer)

# %% [markdown] hint=1
# Write the formula of a normalisation in evaluation mode, with its four numbers for
# each map. With which values is what comes out what went in?

# %% [markdown] hint=1
# A fresh normalisation has mean 0, variance 1, scale 1 and shift 0. By what does it
# divide?

# %% [markdown]
# The ReLU costs nothing here, since what comes from a ReLU has nothing below 0. Behind
# a layer that ends *without* one, this would not do.

# %% [markdown]
# ### Exercise 1.4 · Longer
# 3 points · 25 minutes · ●●●○○ · needs 1.3
#
# Write the argument as a function. `model` is an `nn.Sequential` of plain layers:
# convolution, `BatchNorm2d` (sometimes left out) and ReLU, with poolings and a head
# somewhere; no ReLU comes behind the dense layers. `places` has a number for each ReLU,
# in their order: so many layers that change nothing come right behind it, each as in
# 1.3, with the usual `eps`. Give back a *new* `nn.Sequential`, which in evaluation
# mode gives the same scores, up to rounding, even with 24 of them in a row. All of its
# layers can learn, as any others, their statistics too: the check looks in training
# mode as well. Whatever is trained later in the one must not move the other; the model
# that comes in stays as it is.


# %% exercise="longer"
def longer(model: nn.Sequential, places: list[int]) -> nn.Sequential:
    """A copy of the model with places[i] idle layers behind ReLU number i.

    longer(plain(8), [0, 0, 6, 0, 6, 0, 6])  # as many layers as plain(26)
    """
    ### BEGIN SOLUTION
    layers: list[nn.Module] = []
    channels, left = 0, iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            channels = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(left)):
                layers.extend(idle_layer(channels))
    return nn.Sequential(*layers)
    ### END SOLUTION


# %% check="longer" points=3
checks.week7.longer(longer)

# %% [markdown] hint=1
# Walk along the layers with a list beside you. What must you remember of the layers
# that you passed, when a ReLU comes?

# %% [markdown] hint=1
# Are the layers in your new network the *same objects* as in the old one? What does
# `copy.deepcopy` do? And is an idle layer that is put in twice one layer or two?

# %% [markdown]
# Now do it to the trained networks of depth 8. The next two cells have functions of
# their own for it, so that it runs whether or not yours do.


# %%
def idle(channels: int) -> list[nn.Module]:
    """Three layers that hand on maps without negative numbers, in evaluation mode."""
    convolution = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    normalisation = nn.BatchNorm2d(channels)
    nn.init.dirac_(convolution.weight)
    nn.init.constant_(normalisation.weight, (1 + normalisation.eps) ** 0.5)
    return [convolution, normalisation, nn.ReLU()]


# %%
def stretched(shallow: nn.Module) -> nn.Sequential:
    """Depth 26 out of a trained network of depth 8, by construction."""
    layers, places = list(copy.deepcopy(shallow).children()), iter(PLACES)
    long: list[nn.Module] = []
    for layer in layers:
        long.append(layer)
        if isinstance(layer, nn.BatchNorm2d):
            width = layer.num_features
        if isinstance(layer, nn.ReLU):
            long += [part for _ in range(next(places)) for part in idle(width)]
    return nn.Sequential(*long).train(shallow.training)


# %%
@torch.no_grad()
def loss_on(model: nn.Module, training: bool = False) -> float:
    """The loss on all training images, in one mode or the other; nothing is moved."""
    twin = copy.deepcopy(model).train(training)
    return F.cross_entropy(twin(x), t).item()


# %%
constructed = [stretched(shallow) for shallow in found["plain, 8"]]
rows = zip(found["plain, 8"], constructed, found["plain, 26"], strict=True)
print("depth 8    26, constructed   26, trained")
for shallow, long, trained in rows:
    print(f"{loss_on(shallow):.5f}  {loss_on(long):.5f}", end="")
    print(f"          {loss_on(trained):.5f}")

# %% [markdown]
# The same loss to the fourth digit at least, with 26 layers; and training had come to
# 2.0 to 2.2 in the same time, from He's start. The layers are of the same kinds, to the
# last one: whoever had these weights would be better off by 0.6 or more. So nothing is
# wrong with deep networks, with what they *can* compute. It is the search that does not
# get there. He and his colleagues concluded just this in 2015, by argument. You have
# run it.
#
# This is a good place for the break.

# %% [markdown] topics="identity in training mode, kept or lost"
# ## 3. Would training keep it?
#
# Perhaps the way is only too long, and a training that *begins* there stays there?
# Train the constructed network on.
#
# **Predict:** the first loss of the constructed network, in *training* mode: is it the
# same 1.3 to 1.5?

# %%
for long in constructed:
    print(f"evaluation {loss_on(long):.2f}   training {loss_on(long, True):.2f}")

# %% [markdown]
# It is not: about 2.0. In training mode a normalisation takes its own batch's mean
# away, and divides by its deviation. It hands on nothing unchanged: much of each map
# falls below 0 there, and the ReLU cuts it off. Eighteen times. The construction holds
# in evaluation mode only.
#
# It can be mended. Scale and shift can undo what the normalisation has done, if one
# knows the maps that come.

# %% [markdown]
# ### Exercise 1.5 · Undone
# 2 points · 12 minutes · ●●○○○ · needs 2.2 (week 5)
#
# Maps (n, channels, h, w) go into a normalisation in training mode, as a batch. Find
# the scale and the shift, one number each for each channel, with which it hands these
# maps on unchanged: exactly, with any `eps`.


# %% exercise="undone"
def undone(maps: np.ndarray, eps: float = 1e-5) -> tuple[np.ndarray, np.ndarray]:
    """(scale, shift), each (channels,), with which BatchNorm2d gives back these maps.

    >>> undone(np.array([[[[1.0, 5.0]]]]), eps=0)
    (array([2.]), array([3.]))
    """
    ### BEGIN SOLUTION
    return np.sqrt(maps.var((0, 2, 3)) + eps), maps.mean((0, 2, 3))
    ### END SOLUTION


# %% check="undone" points=2
checks.week7.undone(undone)

# %% [markdown] hint=1
# Write the formula, and set what comes out equal to what goes in. It must hold for
# every number of the map.

# %% [markdown] hint=1
# Which variance does a batch get, divided by the number of values or by one less? And
# over which axes?

# %% [markdown]
# Chen, Goodfellow and Shlens (2015) made networks deeper in this way, in the middle of
# their training. With such scales and shifts, set for all training images at once, the
# constructed network has the shallow one's loss in training mode, too.
#
# **Predict:** now let some take 80 steps more, from there: two of the shallow networks,
# the two made of them, and a deep one that training had found. Does training *keep*
# what you have given it?


# %%
@torch.no_grad()
def opened(long: nn.Sequential) -> nn.Sequential:
    """A copy whose idle layers hand on all of x in training mode as well."""
    model, maps = copy.deepcopy(long), x
    for layer in model:
        inputs, maps = maps, layer(maps)
        # Idle layers have never seen a batch: their running means are still exactly 0.
        if isinstance(layer, nn.BatchNorm2d) and bool((layer.running_mean == 0).all()):
            variance, mean = torch.var_mean(inputs, (0, 2, 3), correction=0)
            layer.running_mean, layer.running_var = mean, variance
            layer.weight.copy_((variance + layer.eps).sqrt())
            layer.bias.copy_(mean)
            maps = layer(inputs)
    return model


# %%
begun = {
    "depth 8": found["plain, 8"][:2],
    "26, constructed": [opened(long) for long in constructed[:2]],
    "26, trained": found["plain, 26"][:1],
}
for name, networks in begun.items():
    print(f"{name:16}", *(f"{loss_on(one, True):.2f}" for one in networks))

# %%
further = {
    name: [fit(copy.deepcopy(one), 10 + seed) for seed, one in enumerate(networks)]
    for name, networks in begun.items()
}
for name, losses in further.items():
    print(f"{name:16}", *(f"{np.mean(one[-30:]):.2f}" for one in losses))

# %%
plots.show(
    plots.week7.descents(further, start=1.4),
    caption="80 steps more. Moving means of ten steps, two runs each, one of the "
    "trained. Dotted: about where the shallow and the constructed networks begin.",
    alt="Three bundles. The shallow networks begin near 1.4, climb to 1.5 by step "
    "40 to 60, and fall to 1.1. The constructed ones begin at the same place, rise to "
    "2.0 within 30 steps, and come back to 1.8 at the end. The trained deep one stays "
    "near 2.0.",
)

# %% [markdown]
# At this rate it does not even keep it. The shallow network is thrown back a little
# while the rate grows, to about 1.5. It recovers, and has 1.1 to 1.4 over its last 30
# steps. The constructed one holds for a few steps, as long as the rate is small; then
# it climbs to 2, *worse than what it was given*, and at the end it is at 1.8 to 1.9,
# still below the one that was trained from He's start, but not back.
#
# But look at panel B of exercise 1.1. Something that was there is lost when the rate
# has grown: that is the mark of too large a rate, and a rate that 8 layers get over may
# be too large for 26. So try a tenth of it.
#
# **Predict:** the same networks, the same 80 steps, but with the rate 0.01. Does the
# constructed network hold its place now? And which of the two ends lower?

# %%
gentle = {
    name: [
        fit(copy.deepcopy(one), 10 + seed, lr=0.01)
        for seed, one in enumerate(begun[name])
    ]
    for name in ("depth 8", "26, constructed")
}
for name, losses in gentle.items():
    print(f"{name:16}", *(f"{np.mean(one[-30:]):.2f}" for one in losses))

# %%
plots.show(
    plots.week7.descents(gentle, start=1.4),
    caption="The same with a tenth of the rate. Moving means of ten steps, two runs "
    "each. Dotted: about where all of them begin.",
    alt="Two bundles that begin at 1.4 and go down together, without a climb, until "
    "step 50. The mean of the shallow networks ends near 1.0, that of the constructed "
    "ones below it, near 0.9.",
)

# %% [markdown]
# It holds, and it is made better: there is no climb, and the deep network ends *below*
# the shallow one, at 0.9 to 1.1 against 1.0 to 1.2, if only just with some seeds. (The
# small rate does the shallow one good, too.) Its further layers are of use as soon as
# it stands in the right place. So keep two things apart. From He's start 26 plain
# layers stay behind 8 in these 80 steps, with the small rate, too (section 1): the
# search does not get to a place that exists. And such a place, once given, is *narrow*:
# small steps can hold it; steps that throw the shallow network back only a little, and
# not for long, lose it. To do nothing, each weight of a plain layer has to keep its
# proportion to the others (in the last stage there are $9 \cdot 32^2$), and every layer
# behind it works on what is wrong. What one would like is a form in which doing nothing
# is *easy*.

# %% [markdown] topics="the residual form, beginning at nothing"
# ## 4. A change to nothing
#
# Call the function that a few layers should learn $H$. Plain layers have to make all of
# $H(x)$. Let them make only the difference to what is there already:
#
# $$ F(x) = H(x) - x , \qquad \text{so that} \qquad H(x) = F(x) + x . $$
#
# $F$, the *branch*, is what is left over, the **residual**, and the way on which $x$
# goes around it is the **shortcut**. To do nothing, the branch has to give 0.

# %%
plots.show(
    plots.week7.two_forms(),
    caption="Left, two plain layers make all of H. Right, they make the change, and x "
    "is added to it.",
    alt="Left, x goes through two boxes named layer to H of x. Right, the same, but a "
    "line leads from x around both boxes to a circle with a plus, where it meets F of "
    "x; behind it stands H of x.",
)

# %% [markdown]
# ### Exercise 1.6 · The same layer, in the other form
# 1 point · 8 minutes · ●●○○○ · needs 1.2
#
# A single convolution with the kernels $K$, without normalisation and ReLU, padding as
# usual: $H(x) = K * x$ with as many maps behind as in front. Which kernels does the
# branch have, if $F(x) + x$ is to be the same for *every* $x$?


# %% exercise="the-other-form"
def as_branch(kernels: np.ndarray) -> np.ndarray:
    """Kernels of F with F(x) + x = H(x), for those of H, (c, c, k, k), k odd.

    >>> as_branch(np.full((1, 1, 1, 1), 3.0))
    array([[[[2.]]]])
    """
    ### BEGIN SOLUTION
    return kernels - nothing(len(kernels), kernels.shape[-1])
    ### END SOLUTION


# %% check="the-other-form" points=1
checks.week7.as_branch(as_branch)

# %% [markdown] hint=1
# Which kernels does $x$ itself have?

# %% [markdown]
# So for one layer the two forms can compute exactly the same, and even the gradient for
# $K$ is the gradient for its branch: a derivative does not care about a constant. (Two
# layers with a ReLU between them are another matter, as notebook 2 shows. But a deep
# network that is as good as the shallow one can be written in either form.) What, then,
# is gained? Not the solution itself, but *where one stands when one begins*. Weights
# begin near 0, and weight decay pulls them there. In the plain form, weights of 0
# forget the image. In the residual form, they do nothing to it.
#
# **Predict:** a residual network of the same layers, depth 8 and 26, the same 80 steps.
# Two kinds are known, and notebook 2 builds both: version 1 normalises the branch last
# and puts a ReLU behind the sum; version 2 normalises first and leaves the sum alone.
# Will both repair it?

# %%
RESIDUAL = {
    "v1, 8": lambda: models.cifar_resnet(8, width=8),
    "v1, 26": lambda: models.cifar_resnet(26, width=8),
    "v2, 8": lambda: models.cifar_resnet(8, width=8, version=2),
    "v2, 26": lambda: models.cifar_resnet(26, width=8, version=2),
}
for name, make in RESIDUAL.items():
    train_all(name, make, range(2))
for name in runs:
    print(f"{name:10} {ends(name)}")

# %% [markdown]
# Version 2 does it, nearly: 1.7 to 1.9 with 26 layers, where the plain network had 2.1
# to 2.2. It is still above its own 1.5 to 1.6 with 8. Version 1 hardly helps at all in
# so short a training: 2.0 to 2.1.
#
# Why? Its branch ends in a normalisation, whose scale begins at 1. Whatever the
# convolutions do, the branch gives numbers of the deviation 1, as large as the picture
# was. Twelve times they are added, and the sum grows and grows. (In version 2 a last
# normalisation tames it.) The shortcut is there, but the start is far from doing
# nothing. If that is the reason, one can say what would help.
#
# **Predict:** let the scale of the last normalisation in each branch begin at 0.2 in
# place of 1, and change nothing else. What happens to depth 26?


# %%
def quiet(depth: int, scale: float = 0.2) -> nn.Module:
    """Version 1, whose branches begin with a fifth of their usual size."""
    model = models.cifar_resnet(depth, width=8)
    for name, layer in model.named_modules():
        if name.endswith("bn2"):
            nn.init.constant_(layer.weight, scale)
    return model


# %%
train_all("v1 quiet, 8", lambda: quiet(8), range(2))
train_all("v1 quiet, 26", lambda: quiet(26), range(2))
for name in ("v1 quiet, 8", "v1 quiet, 26"):
    print(f"{name:12} {ends(name)}")
DEEP = ("v1 quiet, 26", "plain, 26", "v2, 26", "v1, 26")

# %%
plots.show(
    plots.week7.descents({name: runs[name] for name in DEEP}),
    caption="26 layers in four forms; the training loss, moving means of ten steps.",
    alt="Four bundles over 80 steps. v1 begins highest, near 3.5, crosses plain "
    "halfway and ends at 2.0. Plain falls from 2.4 to 2.1 only. v2 ends near 1.8. v1 "
    "quiet falls fastest and ends near 1.5.",
)

# %% [markdown]
# Now it is repaired: 1.5 to 1.6 with 26 layers, as good as any of our networks with 8.
# *Deeper is no longer worse*, on the training images. Among the quiet ones it is even
# better: with 8 layers they have 1.7, for a shallow network gains nothing from a quiet
# start, and loses a little. One value did it, with which the last scales of all twelve
# branches begin. (Goyal and others, 2017, begin with 0; with long trainings version 1
# finds its way without, as the paper's tables show. But with 110 layers its authors had
# to begin with a smaller rate, too.)
#
# How large is the change that a block makes, at the start? **Predict** it for the plain
# network, whose blocks are pairs of layers: a tenth of what comes in, a half, or all of
# it? Send the photographs through and measure
# $\lVert H(x) - x \rVert / \lVert x \rVert$ at each block that keeps the shape.

# %%
STAGES = ("stage1", "stage2", "stage3")
BLOCKS = {
    "plain": lambda: models.cifar_plain(26, width=8),
    "v1": lambda: models.cifar_resnet(26, width=8),
    "v2": lambda: models.cifar_resnet(26, width=8, version=2),
    "v1 quiet": lambda: quiet(26),
}


# %%
@torch.no_grad()
def changes(model: nn.Module) -> list[float]:
    """How much each block that keeps the shape changes its input, in parts of it."""
    found, maps = [], x
    features = model.get_submodule("features")
    for name, part in features.named_children():
        for block in part if name in STAGES else [part]:
            before, maps = maps, block(maps)
            if name in STAGES and before.shape == maps.shape:
                found.append(((maps - before).norm() / before.norm()).item())
    return found


# %%
torch.manual_seed(0)
at_start = {name: changes(make()) for name, make in BLOCKS.items()}
for name, shares in at_start.items():
    print(f"{name:9}", *(f"{share:.2f}" for share in shares))

# %%
plots.show(
    plots.week7.by_block(at_start),
    caption="How much each of the ten blocks that keep the shape changes its input, "
    "before the first step. At 1 the change is as large as its input.",
    alt="Four lines over ten blocks. Plain stays between 1.1 and 1.3. v1 falls from "
    "1.1 to 0.4. v2 begins at 1.3, falls to 0.5, and goes up and down between 0.5 and "
    "0.8. v1 quiet stays between 0.2 and 0.35.",
)

# %% [markdown]
# In the plain network the change is larger than what comes in, at each block, from the
# first to the last: $x$ is replaced there, not changed. In versions 1 and 2 it is above
# 1 in the first of the blocks only. In version 1 it goes down to less than a half, not
# because the branches are small but because $x$ has grown: the scores come out far too
# large, and its loss begins above 3. Quiet branches change a fifth to a good third of
# what they get, in all blocks. This is what a small change to nothing looks like.

# %% [markdown]
# ### Exercise 1.7 · The bug: four ways to begin at nothing
# 2 points · 15 minutes · ●●●○○ · needs nothing
#
# If small is good, why not begin at nothing at all? Four friends do, each in their own
# way. A block gives $x + a \, G(x)$, where $G$ is convolution, normalisation, ReLU,
# convolution, normalisation. At the start all four hand on $x$ exactly. But one of them
# never learns anything, and in another the branch learns, yet never looks at $x$.
#
# Find them, in a cell of your own: take a step or a few, and look at what moves. Then
# say why, to yourself. And for `A` and `B`: how many of the block's parameters, the
# tensors of `block.named_parameters()`, get a gradient other than 0 in the *first*
# step?


# %%
class Added(nn.Module):
    """x + a G(x), where a is learned, too, when `learned` says so."""

    def __init__(self, maps: int, a: float, learned: bool) -> None:
        super().__init__()
        one, two = (nn.Conv2d(maps, maps, 3, 1, 1, bias=False) for _ in range(2))
        norms = nn.BatchNorm2d(maps), nn.BatchNorm2d(maps)
        self.branch = nn.Sequential(one, norms[0], nn.ReLU(), two, norms[1])
        self.a = nn.Parameter(torch.tensor(a), requires_grad=learned)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.a * self.branch(x)


# %%
def friend(name: str) -> Added:
    """The block of one of the four, with 4 maps."""
    block = Added(4, 1.0 if name in "AD" else 0.0, learned=name in "BC")
    if name in "AC":
        nn.init.zeros_(block.branch[4].weight)  # the scale of the last normalisation
    if name == "D":
        nn.init.zeros_(block.branch[0].weight)  # the first convolution
    return block


# %%
maps, wished = torch.rand(6, 4, 8, 8), torch.rand(6, 4, 8, 8)
for name in "ABCD":
    block = friend(name)
    loss = F.mse_loss(block(maps), wished)  # a loss to try it with
    print(f"{name}: loss {loss:.3f}, hands on x: {torch.equal(block(maps), maps)}")

# %% exercise="begin-at-nothing"
never_learns: str | None = None
never_looks: str | None = None
first_step_a: int | None = None
first_step_b: int | None = None
### BEGIN SOLUTION
never_learns = "C"
never_looks = "D"
first_step_a = 2
first_step_b = 1
### END SOLUTION

# %% check="begin-at-nothing" points=2 quiz=1
checks.week7.begin_at_nothing(
    never_learns=never_learns,
    never_looks=never_looks,
    first_step_a=first_step_a,
    first_step_b=first_step_b,
)

# %% [markdown] hint=1
# The product rule: what is the gradient for $a$, and what is it for a weight inside of
# $G$?

# %% [markdown] hint=1
# Zeros in the first convolution: what comes out of the normalisation behind it, for
# every image? What is the derivative of the ReLU there, in torch?
# `g is not None and g.any()` tells of a gradient: what is not learned has `None`.

# %% [markdown]
# <details><summary>What happens in each, when yours has passed</summary>
#
# A: the last scale is 0, so nothing passes it on the way back; but it gets a gradient
# itself, and so does its shift. From the second step on all do. B: the same with $a$,
# which is alone in the first step (Bachlechner and others, 2020, call it *ReZero*). C:
# the gradient of $a$ is a sum of products with $G(x) = 0$, and that of all else has
# $a = 0$ as a factor. Two locks, and each has the other's key. D: behind the first
# convolution all is 0, and stays 0 behind its normalisation. The ReLU at 0 has the
# derivative 0 in torch, so that no gradient comes to what is before it. Only the last
# shift learns: a number for each map, whatever the image.
#
# </details>

# %% [markdown] topics="degradation at full size"
# ## 5. At full size
#
# Eighty steps on a thousand tiny photographs are a model of the matter. This is how it
# looks with all of CIFAR-10, 64,000 steps, and with ImageNet. (The numbers are the
# paper's.)
#
# | CIFAR-10, test error | weights | paper |
# |---|---|---|
# | plain-20, plain-56 | 0.27, 0.85 million | a figure: 56 is worse |
# | ResNet-20 | 0.27 million | 8.75 % |
# | ResNet-32 | 0.46 million | 7.51 % |
# | ResNet-44 | 0.66 million | 7.17 % |
# | ResNet-56 | 0.85 million | 6.97 % |
# | ResNet-110 | 1.73 million | 6.43 % (five runs: 6.61 ± 0.16) |
# | ResNet-1202 | 19.4 million | 7.93 % |
#
# | ImageNet, top-1 error on validation images, ten crops | plain | residual |
# |---|---|---|
# | 18 layers | 27.94 % | 27.88 % |
# | 34 layers | 28.54 % | 25.03 % |
#
# (He and others, 2015, tables 2 and 6 and figure 6; version 1 with shortcuts that have
# no weights.) Read the second table twice. With 18 layers the two forms are equal: a
# network that is not deep has nothing to repair, and the residual one is only quicker
# at first. With 34 the plain one is *worse* than with 18, in its training error, too,
# and the residual one is better by three points. The first table goes on: deeper is
# better, up to 110 layers.
#
# So is what we have seen the whole of it? Our runs stop after 80 steps, so they tell
# about speed. In the paper the plain networks had all the time they wanted, and three
# times as many steps did not help them (a footnote says so). What our runs add is the
# part that the paper could only argue: the deep solution exists. From it one can go on
# with small steps; steps that the shallow network gets over lose it.
#
# The course's own runs at full size need a graphics card. What they have given so far:

# %%
for recipe in ("plain20", "plain56", "resnet20", "resnet56"):
    title, *_, ours = table(recipe).rows[0][:4]
    print(f"{title:10} test error {ours}")

# %% [markdown] topics="a start for a plain network"
# ## 6. Without a shortcut
#
# (Do you begin here? Then run first the cell with the imports, in section 1 the four
# that define `plain`, `tiny`, `step` and `fit`, and your answers to 1.2 and 1.5 if you
# want to use them.)
#
# Residual networks begin near "nothing changes" because of their form. Could a *plain*
# network of 26 layers be given a start with which it learns as well as one of 8,
# without any shortcut, and at its rate of 0.1? You know by now what a good place looks
# like, and that training leaves it at this rate.

# %% [markdown]
# ### Exercise 1.8 · Build: as good as eight
# 4 points · 45 minutes · ●●●●● · needs 1.2, 1.5
#
# Write `start`. It gets a plain network of 26 layers, as `plain(26)` makes it, and
# images without their labels, and sets its weights, in place. The contract:
#
# - Any of the model's parameters may get any numbers, found without labels and without
#   gradients: a start is no training. (The check refuses `backward`,
#   `torch.autograd.grad`, and the data sets of the course.) Its layers stay, all 26, in
#   their order, and so does the mode that the model is in, training or evaluation;
#   nothing is returned.
# - Then the check trains it, as `fit` above does: 80 steps with batches of 64, the same
#   rates and momentum, on 1000 tiles of ten photographs (the stand-in for CIFAR-10, $8
#   \times 8$ pixels, about 0 and of the deviation 1; `practice` and its labels below
#   are such tiles, those of the check are others). It keeps its own copy of the layers,
#   and takes only the numbers of the parameters from yours.
# - The *goal*: the mean of the last 30 losses, over two networks, at most *1.25*.
#   (A first one with 1.2 is enough.) With 8 layers and He's start it is about 1.2 on
#   the check's tiles, with 26 about 1.9; on `practice` both are about 0.1 lower. (The
#   grading has other networks and tiles, and is content with 1.35.)

# %%
tiles = stand_in(CIFAR10)
practice, practice_labels = tiny(tiles.train.images[:1000]), tiles.train.labels[:1000]


# %% exercise="as-good-as-eight"
def start(model: nn.Sequential, images: Tensor) -> None:
    """Set the weights of a plain network of 26 layers, so that it learns well.

    model: as plain(26) makes it; images: (n, 3, 8, 8), as it will be trained with

    start(plain(26), practice)
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        for layer in model:
            if isinstance(layer, nn.Conv2d) and layer.in_channels == layer.out_channels:
                idle_kernels = torch.from_numpy(nothing(layer.out_channels))
                layer.weight.copy_(10 * idle_kernels)  # which a step hardly turns
            if isinstance(layer, nn.BatchNorm2d):
                layer.bias.fill_(1.0)  # so that ReLU cuts off less
    ### END SOLUTION


# %% check="as-good-as-eight" points=4
checks.week7.start(start)

# %% [markdown] hint=1
# Write yourself a function that trains on `practice` and gives the number that is
# judged; a try takes two seconds. How do He's start and the idle layers do?

# %% [markdown] hint=1
# With idle layers in it, where is it lost: at once, or when the rate has grown? Which
# numbers of a layer carry it away? And what does a fresh normalisation do to the maps
# in *training* mode (section 3)?

# %% [markdown] hint=1
# How far a step moves a layer in proportion depends on how large its weights are. Is
# the output of a convolution with a normalisation behind it changed when all its
# weights are ten times as large? And its gradient? (Week 5, notebook 2.)

# %% [markdown]
# <details><summary>What is known, when yours has passed</summary>
#
# Zagoruyko and Komodakis (2017) trained plain networks of hundreds of layers by adding
# the kernel that does nothing to the weights of each convolution; Xiao and others
# (2018) ten thousand plain layers with a start that keeps the lengths of all signals
# (*delta orthogonal*), without any normalisation. So shortcuts are not the only way.
# They are the simplest: the good place comes with the form, needs no measurement, and
# stays good while the network learns.
#
# </details>

# %% [markdown]
# ## What to take with you
#
# Beyond some depth, plain networks get worse on the very images that they are trained
# with. That is degradation, and no overfitting. It is no lack of power: copy a shallow
# network and put layers behind its own that do nothing, with the kernel that has a
# single 1, and the deep one is exactly as good. In our runs training does not find this
# solution, with a large rate or a small one; given it, it holds and betters it with a
# small rate, and loses it with one that the shallow network gets over. A single layer
# in the residual form $H(x) = F(x) + x$ can compute nothing that a plain one cannot;
# but small weights in it are small changes to nothing. How small the branches begin
# decides, too: with quiet ones 26 layers are as good as 8.
#
# **Where people slip**
#
# - Test error alone: one cannot tell degradation from overfitting without the training
#   error.
# - The identity in evaluation mode is not one in training mode.
# - "The plain network cannot express it." Section 2 has written it down.
# - Beginning at 0 twice: then nothing moves.
# - A shortcut alone is not enough, when the branch is as loud as the signal.
#
# **Next:** notebook 2 builds the blocks, all of them.
#
# **To read on:** He, Zhang, Ren and Sun, *Deep residual learning for image recognition*
# (2015), sections 1, 3.1 and 4.2; Chen, Goodfellow and Shlens, *Net2Net* (2015); Goyal
# and others, *Accurate, large minibatch SGD* (2017), section 5.1; Zagoruyko and
# Komodakis, *DiracNets* (2017).
