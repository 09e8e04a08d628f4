# %% [markdown]
# # Vanishing and exploding gradients
#
# Week 5 · notebook 1 of 2 · about 135 minutes · 20 points
#
# Why would deep networks not learn for so long, when nothing was wrong with a single
# line of their code? The reason lies in the numbers that the weights are given before
# the first step. You find it by hand, in two short derivations. Then you write the
# start that cures it, a probe that tells a living network from a dead one, and a rule
# that says which of fifteen networks will learn, before any of them has taken a step.
#
# Take three evenings. The first two are two sittings, the 135 minutes: an hour and a
# quarter for sections 1 to 3, an hour for 4 and 5. The third comes on top, an hour and
# three quarters for sections 6 to 8: a probe, the towers that learn, and a start of
# your own, 9 of the 20 points. The training there keeps the computer busy for half a
# minute, on an old one for two; everything else is a matter of seconds.
#
# **When you are done, you can**
#
# - say what one hidden layer cannot do well, with numbers;
# - compute how large the outputs of a layer are, and derive Glorot's and He's start;
# - initialise dense and convolutional layers, and say what PyTorch does by itself;
# - measure whether images arrive at the end of a network, and gradients at its start;
# - tell before training which networks can learn.
#
# **You need** gradients (week 2, notebook 3), the training loop and `zero_grad` (week
# 3, notebook 2), sigmoid, tanh and ReLU (week 1, notebook 3); and of probability what a
# mean $\mathrm{E}$ and a variance $\mathrm{Var}$ are, that
# $\mathrm{E}[ab] = \mathrm{E}[a]\,\mathrm{E}[b]$ for independent numbers, and how a
# mean comes from a density, as an integral.

# %%
import copy
import math
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, plots, train

# %% [markdown]
# ## Three digits and twenty-five layers
#
# Digits again, as rows of $14 \cdot 14 = 196$ numbers with the mean 0 and the deviation
# 1, taken over all of them. (A **deviation**, $\sigma$, is the root of a variance.)
# They go into a tower of 25 dense layers with ReLU, 100 units each, as PyTorch makes
# them.

# %%
digits = data.mnist()
small = F.avg_pool2d(train.as_input(digits.train.images[:4000]), 2).flatten(1)
small = (small - small.mean()) / small.std()
x, t = small[:3000], digits.train.labels[:3000]
x_held, t_held = small[3000:], digits.train.labels[3000:4000]
if not len(x_held):  # the stand-in for MNIST is smaller
    x, t, x_held, t_held = x[:1000], t[:1000], x[1000:], t[1000:]

# %%
G: dict[str, Callable[[], nn.Module]]
G = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "ReLU": nn.ReLU}


def tower(g: str, depth: int = 25) -> nn.Sequential:
    """`depth` dense layers of 100 units with an activation, and ten scores."""
    layers: list[nn.Module] = []
    for inputs in [196] + [100] * (depth - 1):
        layers += [nn.Linear(inputs, 100), G[g]()]
    return nn.Sequential(*layers, nn.Linear(100, 10))


# %% [markdown]
# **Predict:** we show three different digits to this untrained network. By how much
# will its scores differ?

# %%
torch.manual_seed(0)
model = tower("ReLU")
with torch.no_grad():
    first_scores = model(x[:3])
for label, scores in zip(t, first_scores, strict=False):
    print(f"a {label}:", *(f"{score:.8f}" for score in scores[:4]))

# %% [markdown]
# The same scores, to seven digits. A network that gives the same answer to all images
# has forgotten them on the way. If nothing of the image arrives at the last layers,
# what should they learn from? And if nothing of the loss arrives at the first ones, on
# the way back?
#
# First, though: why would anybody want twenty-five layers?

# %% [markdown] topics="limits of two-layer networks"
# ## 1. What two layers cannot do well
#
# A network with one hidden layer, a **two-layer network**, can come as near to any
# continuous function as you like, if the layer is wide enough (Cybenko, 1989). So
# nothing is impossible for it. The catch is in "wide enough".
#
# Take the simplest case, one number in and one out. A hidden unit with ReLU is a
# straight line with one bend, and a sum of a hundred of them has a hundred bends at
# most. Now fold instead: the *tent*
# $f(x) = 2\,\mathrm{ReLU}(x) - 4\,\mathrm{ReLU}(x - \tfrac12)$, two units, takes
# $[0, 1]$ up to 1 and down again. Put one tent behind another.

# %%
plots.show(
    plots.week5.folds([1, 2, 3, 5]),
    caption="One tent, two, three and five of them in a row, two hidden units each.",
    alt="Four panels over x from 0 to 1. The first has one triangle of height 1, the "
    "second two narrower ones, the third four, the fourth sixteen.",
)

# %% [markdown]
# ### Exercise 1.1 · Quiz: fold or bend
# 1 point · 8 minutes · ●○○○○ · needs nothing
#
# Ten tents in a row. Between 0 and 1: of how many straight pieces does the result
# consist, how many hidden units did it take, and how many does one hidden layer of
# ReLUs need at least for the same curve between 0 and 1?

# %% exercise="fold-or-bend"
straight_pieces: int | None = None
units_when_deep: int | None = None
units_in_one_layer: int | None = None
### BEGIN SOLUTION
straight_pieces = 2**10
units_when_deep = 2 * 10
units_in_one_layer = 2**10
### END SOLUTION

# %% check="fold-or-bend" points=1 quiz=1
checks.week5.fold_or_bend(
    straight_pieces=straight_pieces,
    units_when_deep=units_when_deep,
    units_in_one_layer=units_in_one_layer,
)

# %% [markdown] hint=1
# Count the pieces in the four panels. What does one more tent do with each piece?

# %% [markdown] hint=1
# At how many places do $n$ pieces meet? That is how many bends one layer must have, and
# then something has to rise before the first of them. Compare with a single tent.

# %% [markdown]
# Each layer may use *again* what the layer before has found: ten layers double ten
# times, one layer has to pay for every bend. (Telgarsky, 2016, proves it for any
# network of few layers.) With images it is the same story. Edges are found once and
# used by every corner, corners by every eye, eyes by every face; a single hidden layer
# must know each face as a whole, in every place.
#
# To *write* such a function with few layers is expensive. And to *learn* one? A
# classic: tell apart two spirals that are wound into each other (Lang and Witbrock,
# 1988). It was a hard case for one hidden layer. Today it is none: with 150 units of
# tanh and Adam, one hidden layer has all of the 194 points right after 2,000 steps, in
# each of three tries. The limit is what it costs, not what is possible.
#
# So depth is worth having. Back to the tower.

# %% [markdown] topics="activations by depth"
# ## 2. Is anybody there?
#
# To see what arrives, look at the outputs themselves: 40 digits from top to bottom, 40
# of the 100 units from left to right. These are towers of *sigmoids*.


# %%
def outputs_of(model: nn.Sequential, x: Tensor) -> list[Tensor]:
    """The outputs of every activation, (n, 100) each."""
    found = []
    for layer in model:
        x = layer(x)
        if not isinstance(layer, nn.Linear):
            found.append(x)
    return found


torch.manual_seed(0)
with torch.no_grad():
    sigmoids = outputs_of(tower("sigmoid"), x[:500])

# %%
plots.show(
    plots.week5.stripes({n: sigmoids[n - 1][:40, :40] for n in (1, 3, 25)}),
    caption="Outputs of layers 1, 3 and 25: a row for each digit, a column for each "
    "unit.",
    alt="Three squares of 40 by 40 grey cells. Left, a pattern in which both rows and "
    "columns differ. Middle and right, vertical stripes from top to bottom: every "
    "column has its own grey, and all rows are the same.",
)

# %% [markdown]
# Two friends measure how much is going on in layer 25. One takes the deviation of all
# numbers; the other takes it over the units, image by image, and averages.

# %%
last = sigmoids[-1]
print(f"the one: {last.std():.3f}, the other: {last.std(dim=1).mean():.3f}")

# %% [markdown]
# "Alive", they say: 0.07 is not nothing. **Predict:** what have they measured? What
# would you measure instead?

# %% [markdown]
# ### Exercise 1.2 · The bug: the network that looks alive
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# Write a measure that is 0 when all images give the same outputs, whatever these are
# (rounding errors of a float32 may be left, not more than $10^{-6}$ beside outputs of
# about 1).
# Every number of an output is a *unit*, in the maps of a convolution as well. For each
# unit take the **variance** over the images (the mean squared distance to the mean:
# divide by $n$); then the mean of it over all units; then the root. We call it the
# **signal**.


# %% exercise="signal"
def signal(outputs: Tensor) -> float:
    """How much the outputs of a layer differ from image to image.

    outputs: (n, …), the outputs for n images, n at least 1

    >>> round(signal(torch.tensor([[1.0, 5.0], [3.0, 5.0]])), 4)  # variances 1 and 0
    0.7071
    """
    ### BEGIN SOLUTION
    return outputs.var(dim=0, correction=0).mean().sqrt().item()
    ### END SOLUTION


# %% check="signal" points=2
checks.week5.signal(signal)

# %% [markdown] hint=1
# In the picture, along which direction must you look to see whether two *images*
# differ? Which axis of the tensor is that?

# %% [markdown] hint=1
# `x.var(dim=0)` divides by $n - 1$. What does `correction=0` change?


# %%
def deviation(outputs: Tensor) -> float:
    """The signal, for use from here on."""
    return outputs.double().var(dim=0, correction=0).mean().sqrt().item()


print(
    "sigmoid, layers 1, 3, 25:", *(f"{deviation(sigmoids[n]):.0e}" for n in (0, 2, 24))
)

# %% [markdown]
# The stripes are what the friends have seen. Units differ from each other, since each
# has weights and a bias of its own; the images do not. From 0.1 in layer 1 the signal
# falls below $10^{-8}$, and that is nothing but rounding errors.

# %% [markdown] topics="variance of a sum"
# ## 3. How large is a sum?
#
# Why does it fall, and how fast? Take one unit of one layer. It sums up
#
# $$ z = w_1 x_1 + w_2 x_2 + \dots + w_n x_n , $$
#
# with $n$ inputs, and no bias at first. The weights have just been drawn: independently
# of each other and of the inputs, with the mean 0 and the variance $\sigma_w^2$. (Why
# drawn at all? If all weights were equal, all units of a layer would compute the same,
# get the same gradient, and stay the same for ever.)
#
# **Predict:** 100 inputs of about ±1, weights of about ±0.1. How large is $z$: about
# 10, 1, or 0.1?

# %%
dice = np.random.default_rng(0)
sums = [dice.normal(0, 0.1, 100) @ dice.choice([-1, 1], 100) for _ in range(6)]
print(*(f"{z:.2f}" for z in sums))

# %% [markdown]
# About 1. Why?
#
# <details><summary>Every step</summary>
#
# 1. The mean: $\mathrm{E}[w_j x_j] = \mathrm{E}[w_j]\,\mathrm{E}[x_j] = 0$, as they are
#    independent and $\mathrm{E}[w_j] = 0$. So $\mathrm{E}[z] = 0$, and the variance of
#    $z$ is $\mathrm{E}[z^2]$.
# 2. Square the sum: $z^2 = \sum_j w_j^2 x_j^2 + \sum_{j \ne k} w_j w_k\, x_j x_k$.
# 3. For $j \ne k$ the mean is $\mathrm{E}[w_j]\,\mathrm{E}[w_k]\,\mathrm{E}[x_j x_k] =
#    0$, however the inputs depend on each other. Pluses and minuses cancel.
# 4. What is left: $\mathrm{E}[w_j^2 x_j^2] = \mathrm{E}[w_j^2]\,\mathrm{E}[x_j^2] =
#    \sigma_w^2\, \mathrm{E}[x_j^2]$, and $n$ of these.
#
# </details>

# %% [markdown]
# $$ \mathrm{Var}(z) = n \,\sigma_w^2\, \mathrm{E}[x^2] . \qquad (1) $$
#
# ($\mathrm{E}[x^2]$ is the mean over all $n$ inputs.) So the *variances* add up,
# $100 \cdot 0.01 \cdot 1 = 1$, and the deviation is the root. Notice what stands on the
# right: the **mean square** of the inputs, not their variance. The mean of the inputs
# counts as well.
#
# Then comes the activation. What it leaves is the input of the next layer.

# %%
plots.show(
    plots.week5.halved(),
    caption="Left, the sums z of a layer, with the mean 0 and the variance 1. Right, "
    "what ReLU makes of them. The bar stands for a probability, so that its height has "
    "no meaning on the axis of a density.",
    alt="Left, a bell curve from −3 to 3, its negative half pale. Right, the positive "
    "half of the bell, and at 0 a narrow bar, labelled: exactly 0, probability ½.",
)

# %% [markdown]
# The bell is symmetric: $z$ and $-z$ are equally probable, if the weights are drawn so
# that $w$ and $-w$ are, as all of ours will be. So half of $\mathrm{E}[z^2]$ comes from
# positive $z$, which ReLU keeps, and half from negative ones, which it makes 0:
#
# $$ \mathrm{E}\big[\mathrm{ReLU}(z)^2\big] = \tfrac12 \mathrm{Var}(z) . \qquad (2) $$
#
# Exactly half. tanh has the slope 1 at 0, so small $z$ pass nearly as they are; large
# ones are squeezed. You will need the slopes on the way back: $1 - y^2$ for an output
# $y$ of tanh, at most 1; $y(1 - y)$ for the sigmoid, at most 1/4; and 1 or 0 for ReLU.

# %% [markdown]
# ### Exercise 1.3 · Quiz: variances by hand
# 2 points · 15 minutes · ●●○○○ · needs nothing
#
# A layer has 100 inputs with the mean 0.4 and the mean square 0.5. Its weights are
# *uniform* between −0.3 and 0.3: every number in there is equally probable. There is no
# bias.
#
# - the variance of a weight (derive it: the mean of $w^2$ is an integral);
# - the variance of a sum $z$;
# - the mean square of the outputs, with ReLU;
# - the factor by which four such layers, 100 to 100, each with its ReLU, change the
#   mean square;
# - the variance of the weights with which ReLU layers would keep it.
#
# Give them exactly, not rounded; a formula such as `7 / 3` is a number, too.

# %% exercise="variances-by-hand"
variance_of_weight: float | None = None
variance_of_sum: float | None = None
mean_square_of_output: float | None = None
factor_of_four_layers: float | None = None
variance_that_keeps: float | None = None
### BEGIN SOLUTION
variance_of_weight = 0.03
variance_of_sum = 1.5
mean_square_of_output = 0.75
factor_of_four_layers = 5.0625
variance_that_keeps = 0.02
### END SOLUTION

# %% check="variances-by-hand" points=2 quiz=1
checks.week5.variances_by_hand(
    variance_of_weight=variance_of_weight,
    variance_of_sum=variance_of_sum,
    mean_square_of_output=mean_square_of_output,
    factor_of_four_layers=factor_of_four_layers,
    variance_that_keeps=variance_that_keeps,
)

# %% [markdown] hint=1
# The density between $-a$ and $a$ is $1/(2a)$. What is $\int_{-a}^{a} w^2 \, dw$, and
# what is left when you divide?

# %% [markdown] hint=1
# What do (1) and (2) make of a mean square, together? Four layers do it four times.

# %% [markdown]
# This is a good place for the first break.

# %% [markdown] topics="Glorot, He, fan-in"
# ## 4. Two starts, derived
#
# A factor of 1.5 for each layer is a factor of 25,000 after 25 of them, and a factor of
# 0.5 is one of $3 \cdot 10^{-8}$. Only a factor of 1 lasts.
#
# **Forward.** Let $n_\text{in}$ be the number of inputs of a unit, its **fan-in**.
# While tanh is near its straight part, $\mathrm{E}[x^2]$ stays as it is if
#
# $$ n_\text{in}\, \sigma_w^2 = 1 . \qquad (3) $$
#
# **Backward.** Write $\delta$ for the gradient at a sum $z$. An input $x_j$ goes into
# all $n_\text{out}$ units of the layer, and the chain rule adds up what comes back,
# $\partial\mathcal{L}/\partial x_j = \sum_i w_{ij}\, \delta_i$.
#
# **Predict:** this is again a sum with random weights. Which condition do you get for
# the gradients?

# %% [markdown]
# <details><summary>Every step</summary>
#
# Treat $\delta_i$ as independent of the weights $w_{ij}$. (It is not quite: they had
# their say in it. Measurements will tell whether it matters.) The four steps of section
# 3, with $\delta$ for $x$ and $n_\text{out}$ terms: mean 0; mixed terms vanish;
# $\mathrm{E}\big[(\partial\mathcal{L}/\partial x)^2\big] = n_\text{out}\, \sigma_w^2\,
# \mathrm{E}[\delta^2]$. On to the sum of the layer below: times the slope of the
# activation, which is about 1 for tanh near 0.
#
# </details>

# %% [markdown]
# $$ n_\text{out}\, \sigma_w^2 = 1 . \qquad (4) $$
#
# Unless $n_\text{in} = n_\text{out}$ one cannot have both. **Glorot** and Bengio (2010)
# take the mean of the two numbers:
#
# $$ \sigma_w^2 = \frac{2}{n_\text{in} + n_\text{out}} . $$
#
# They drew uniform numbers between $-a$ and $a$, whose variance is $a^2/3$. So
# $a^2 = 3 \cdot 2/(n_\text{in} + n_\text{out})$, and $a = \sqrt{6/(n_\text{in} +
# n_\text{out})}$. Many call it *Xavier*, by his first name.
#
# *ReLU* loses half, by (2): $\mathrm{E}[x^2]$ stays if $\tfrac12 n_\text{in}
# \sigma_w^2 = 1$. On the way back its slope is 1 for half of the sums and 0 for the
# others, and the half is there again: $\tfrac12 n_\text{out} \sigma_w^2 = 1$. **He**
# and others (2015) take the first alone:
#
# $$ \sigma_w^2 = \frac{2}{n_\text{in}} . $$
#
# May one forget the other? Backward, each layer then has the factor $\tfrac12
# n_\text{out} \cdot 2/n_\text{in} = n_\text{out}/n_\text{in}$. But the outputs of a
# layer are the inputs of the next, so that in the product over all layers nearly
# everything cancels: $n_\text{out}$ of the last one over $n_\text{in}$ of the first is
# left, a single factor, however deep the network is.
#
# *A convolution* is a layer whose units share weights. A unit sees $k \cdot k$ places
# in each of the input maps. And how many units does one input number go to?

# %% [markdown]
# ### Exercise 1.4 · Fans
# 1 point · 6 minutes · ●●○○○ · needs nothing
#
# From the shape of a weight, as torch has it, tell its fan-in and its **fan-out**. A
# dense layer's is (outputs, inputs), a convolution's (output maps, input maps, k, k),
# or with one kernel side or three. For the fan-out take stride 1, and an input number
# far from the border. Both are whole numbers. A shape with fewer than two axes is no
# weight: raise a `ValueError`. (What `torch.nn.init` has for this is not an answer.)


# %% exercise="fans"
def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """The fan-in and the fan-out of a weight of this shape.

    Raises ValueError for fewer than two axes.

    >>> fans((10, 196))
    (196, 10)
    """
    ### BEGIN SOLUTION
    if len(shape) < 2:
        raise ValueError(f"a weight has two axes or more, not the shape {shape}")
    places = math.prod(shape[2:])
    return shape[1] * places, shape[0] * places
    ### END SOLUTION


# %% check="fans" points=1
checks.week5.fans(fans)

# %% [markdown] hint=1
# Slide a kernel of three along a row: for how many of its stops does the kernel cover
# one given number?

# %% [markdown]
# ### Exercise 1.5 · An initialiser
# 3 points · 20 minutes · ●●●○○ · needs 1.4
#
# Give a model a new start, in place: its parameters stay the same objects, of the same
# type (float64 stays float64) and as trainable as they were (what is frozen stays so);
# only the numbers in them are new. Every `nn.Linear` and every `nn.Conv2d`, of a class
# derived from these as well, however deep inside other layers, gets new weights; no
# other kind of layer does. The model may be such a layer itself.
#
# Each weight is drawn by itself, independently of all others: with `"glorot"` uniform,
# with `"he"` normal, as derived above. A second call gives other numbers, so set no
# seed. The biases of these layers, if they have any, become 0. All else stays as it is,
# the mode of each layer too. Nothing needs to be returned. Another name is a
# `ValueError`, and nothing is changed. (`torch.nn.init` has this ready made, and its
# `kaiming…` and `xavier…` are not an answer. Its `normal_` and `uniform_` are yours.)


# %% exercise="initialiser"
def initialise(model: nn.Module, start: str) -> None:
    """Draw the weights of dense and convolutional layers anew.

    start: "glorot" or "he". Raises ValueError for anything else.

    initialise(model, "he")
    """
    ### BEGIN SOLUTION
    if start not in ("glorot", "he"):
        raise ValueError(f"no start is called {start!r}")
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            fan_in, fan_out = fans(tuple(layer.weight.shape))
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=math.sqrt(2 / fan_in))
                else:
                    bound = math.sqrt(6 / (fan_in + fan_out))
                    layer.weight.uniform_(-bound, bound)
                if layer.bias is not None:
                    layer.bias.zero_()
    ### END SOLUTION


# %% check="initialiser" points=3
checks.week5.initialise(initialise)

# %% [markdown] hint=1
# `model.modules()` walks through all layers; `isinstance(layer, nn.Linear)` asks which
# kind one is. Which other layers have a weight with two axes?

# %% [markdown] hint=1
# A deviation is wanted in one case, a bound in the other. From which variance does each
# come? And torch wants `torch.no_grad()` around changes of a parameter.

# %% [markdown] topics="PyTorch's default"
# ## 5. What PyTorch does when you say nothing
#
# `nn.Linear` and `nn.Conv2d` draw weights *and* biases uniformly between
# $-1/\sqrt{n_\text{in}}$ and $1/\sqrt{n_\text{in}}$.

# %% [markdown]
# ### Exercise 1.6 · By hand: the tower of the first page
# 2 points · 15 minutes · ●●●○○ · needs 1.3
#
# On paper, for towers of ReLUs with PyTorch's weights and without biases:
#
# 1. By which factor does one layer change the mean square of what passes through it?
#    Show every step from the bound to the factor.
# 2. By which factor do the 24 layers after the first change the *size* (the root of
#    the mean square)? Give it in the form $a \cdot 10^b$.
# 3. Our tower has PyTorch's biases as well. They do not change your factor for the
#    *signal*, yet `outputs.std()` over all numbers of layer 25 is 0.03. Why does it not
#    shrink, and what does it tell about the image?

# %% [markdown] manual="default-by-hand" points=2
# ### BEGIN SOLUTION
# 1. Uniform between $-a$ and $a$ has the variance $\int_{-a}^{a} w^2/(2a)\,dw = a^2/3$.
#    With $a = 1/\sqrt{n_\text{in}}$ this is $1/(3n_\text{in})$. By (1) the sums have
#    the variance $n_\text{in} \cdot \frac{1}{3n_\text{in}} \cdot \mathrm{E}[x^2] =
#    \frac13 \mathrm{E}[x^2]$, and by (2) ReLU keeps half of it: a factor of
#    $\tfrac16$, whatever $n_\text{in}$ is.
# 2. $(1/6)^{24}$ in the mean square, so $(1/6)^{12} \approx 5 \cdot 10^{-10}$ in size.
# 3. Every layer adds fresh biases, with a variance of $1/(3n_\text{in})$ that does not
#    depend on what came from below. So the outputs differ from unit to unit in every
#    layer anew, and that is what a deviation over all numbers sees. A bias is the same
#    for every image: it tells nothing about the image. Over the images, unit by unit,
#    the difference shrinks as in 2.
#
# **Points**, half a point for each: the variance $a^2/3$ with a derivation and
# $1/(3n_\text{in})$; the factor 1/6, with the half of ReLU; the root taken and about
# $5 \cdot 10^{-10}$ (also right: the same steps with a wrong factor from 1); biases are
# fresh in each layer *and* the same for all images, so that they carry no signal (both
# halves of this sentence).
# ### END SOLUTION

# %% [markdown] hint=1
# You have the variance of a uniform weight from 1.3. Which bound stands in for 0.3?

# %% [markdown]
# Here the 135 minutes end. For the third evening: select this cell and let JupyterLab
# run all cells above it. An exercise that is not solved shows its error, and the next
# cells run all the same. (Other programs may stop there; then run by hand the cells
# from the imports to `tower`, and in section 2 those of `outputs_of` and of
# `deviation`.) What you computed in 1.6 is measured in the next section.

# %% [markdown] topics="gradients by depth, probe"
# ## 6. Fifteen towers
#
# Now measure. Three activations, five starts: normal weights with the deviations 0.01
# and 0.3, Glorot, He (both as normal numbers here), all with biases of 0, and PyTorch's
# default. Forward we take the signal behind each layer; backward the root of the mean
# square of the gradient there.

# %%
STARTS = ("0.01", "0.3", "default", "Glorot", "He")


def started(g: str, start: str, seed: int, depth: int = 25) -> nn.Sequential:
    """A tower with one of the five starts."""
    torch.manual_seed(seed)
    model = tower(g, depth)
    for layer in model:
        if isinstance(layer, nn.Linear) and start != "default":
            m, n = layer.weight.shape
            by_fan = {"Glorot": math.sqrt(2 / (n + m)), "He": math.sqrt(2 / n)}
            nn.init.normal_(layer.weight, std=by_fan.get(start) or float(start))
            nn.init.zeros_(layer.bias)
    return model


# %%
def by_depth(model: nn.Sequential, x: Tensor, t: Tensor) -> np.ndarray:
    """Signal and gradient behind each activation, (2, depth), in double precision."""
    model = copy.deepcopy(model).double()  # the model itself stays as it is
    outputs = outputs_of(model, x.double())
    loss = F.cross_entropy(model[-1](outputs[-1]), t)
    gradients = torch.autograd.grad(loss, outputs)
    sizes = [gradient.square().mean().sqrt().item() for gradient in gradients]
    return np.array([[deviation(y.detach()) for y in outputs], sizes])


# %% [markdown]
# **Predict:** sketch the ten curves for tanh, five forward and five backward, on a
# logarithmic scale. Which of them are straight lines, and why? Then: which start is
# right for the sigmoid?

# %%
curves = {
    (g, start): by_depth(started(g, start, seed=0), x[:300], t[:300])
    for g in G
    for start in STARTS
}

# %%
plots.show(
    plots.week5.by_depth(curves),
    caption="Above, the signal behind each of 25 layers; below, the size of the "
    "gradient there. Mind the scale: each line of the grid is five powers of ten. "
    "Below 10⁻¹⁶ the sigmoid's signals are rounding errors beside outputs of 1/2; what "
    "is below 10⁻²⁰ is cut off.",
    alt="Six panels, three activations in two rows, five lines each over layers 1 to "
    "25. Sigmoid: all lines above fall steeply from left to right; that for 0.01 drops "
    "out of the picture near layer 11, and that for the default becomes level near "
    "2·10⁻¹⁷ from layer 20 on. All lines below fall steeply from right to left, that "
    "for 0.3 least. tanh: lines for 0.01 and the "
    "default fall in both rows; Glorot, He and 0.3 are nearly level above, and below "
    "that for 0.3 rises towards layer 1. ReLU: He is level in both rows, Glorot falls "
    "slowly, default and 0.01 faster, and 0.3 rises by seven powers of ten.",
)

# %% [markdown]
# A factor for each layer is a straight line on this scale. That is all there is to
# **vanishing** and **exploding**: a product of 25 equal factors. With tanh and 0.01 the
# factor is $\sqrt{100} \cdot 0.01 = 0.1$, a power of ten for each layer; with the
# default it is $\sqrt{1/3} = 0.58$. Small numbers meet only the straight part of tanh,
# so these lines are straight both ways; forward, the other three bend and become level.
# With ReLU and Glorot's start the root of a half is left in each layer,
# $2 \cdot 10^{-4}$ of the size after 24 of them; the signal falls a little faster, to
# between $0.5$ and $1.2 \cdot 10^{-4}$ in three towers. With 0.3 the sums have the
# factor 3, the outputs of ReLU about 2, and the tower explodes. tanh cannot explode
# forward, since its outputs end at 1; but with 0.3 its gradient does, on the way back.
#
# And the tower of the first page? PyTorch's default for ReLU keeps a sixth of the mean
# square in each layer, $6^{-12} = 5 \cdot 10^{-10}$ of the size in 24. We measured 2 to
# $4 \cdot 10^{-10}$, in three towers. Its biases add new numbers in each layer, the
# same for all images: a deviation over all numbers sees them, the signal does not.
#
# Three more things can be read off.
#
# - *tanh.* Glorot's start still loses something, because the curve bends: from 0.5 to
#   0.1. He's, meant for ReLU, keeps more and lets the gradient grow, threefold in all.
# - *ReLU.* He's start keeps the mean square, as derived, but on average: a single tower
#   of 100 units strays, and ten of them had between an eighth and one and a half times
#   of it behind layer 25. The signal is a shrinking part of the size, 0.7 at first and
#   0.1 to 0.5 in the end, because the mean of the outputs is not 0 and all images share
#   it.
# - *The sigmoid.* Its slope is 1/4 at best, and its outputs are near 1/2, so that their
#   mean square is mostly *mean*: a constant that says nothing. No start in this list
#   saves it. This is one reason why it has left the hidden layers.
#
# The gradients of the *weights* are what a step uses. You can have them for any model,
# whatever its layers are.

# %% [markdown]
# ### Exercise 1.7 · A probe for any model
# 3 points · 20 minutes · ●●●○○ · needs nothing
#
# Write a **probe** that tells the length of the gradient (the root of the sum of its
# squares) for each *weight*, that is for each parameter with two or more axes, of
# whatever layer, however deep inside others and whatever it is called, by the name that
# `model.named_parameters()` gives it. A weight that is frozen, with `requires_grad`
# False, has no gradient: leave it out. (All others take part in the scores.) The loss
# is the mean cross-entropy of the batch, computed in the type of the model, float32 or
# float64.
#
# A probe leaves no trace. Each layer comes in training mode or in evaluation mode, one
# perhaps in another than the rest, and is measured in this mode, which stays. The
# weights stay, and what is frozen, and how a layer is set (such as its `momentum`), and
# what layers remember beside their weights: a batch normalisation, which the next
# notebook explains, writes something down of each batch that it sees in training mode.
# If there were gradients in `.grad`, they do not count, and are the same ones
# afterwards; if there were none, there are none. No hook is left behind, that is, no
# function that torch calls whenever a layer has run; you need none. (Only torch's dice
# may have moved on, where the model throws them.)


# %% exercise="gradient-probe"
def gradient_norms(model: nn.Module, x: Tensor, t: Tensor) -> dict[str, float]:
    """The length of the loss's gradient for each weight of the model, by name.

    x: inputs (n, …); t: labels (n,); model(x) gives scores (n, classes)

    gradient_norms(tower("tanh"), x, t)  # {"0.weight": …, "2.weight": …, …}
    """
    ### BEGIN SOLUTION
    twin = copy.deepcopy(model)
    weights = {
        n: p for n, p in twin.named_parameters() if p.dim() > 1 and p.requires_grad
    }
    loss = F.cross_entropy(twin(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    lengths = [gradient.norm().item() for gradient in gradients]
    return dict(zip(weights, lengths, strict=True))
    ### END SOLUTION


# %% check="gradient-probe" points=3
checks.week5.gradient_norms(gradient_norms)

# %% [markdown] hint=1
# `loss.backward()` adds to what stands in `.grad`. `torch.autograd.grad(loss, tensors)`
# gives the gradients, and puts them nowhere.

# %% [markdown] hint=1
# Is the bias of a layer among your names? And the scale of a batch normalisation?

# %% [markdown] hint=1
# `model.buffers()` is what layers remember beside their parameters. You can put it back
# afterwards. Or is there a way in which *this* model never sees the batch?

# %% [markdown]
# Try it on the tower `started("ReLU", "0.01", seed=0).double()`, with the digits
# `x[:100].double()` and `t[:100]`. (In float32 you would read 0.0 everywhere: the
# squares of such small numbers are below the smallest that it has.) You meet a
# surprise: all 25 hidden layers have gradients of about the same length, all of them
# tiny. For the gradient of a weight is a product of what comes from *below* and what
# comes back from *above*, and where one has passed many layers the other has passed
# few.

# %% [markdown] topics="training with each start"
# ## 7. Which of them will learn?
#
# Towers of 15 layers now, so that it does not take long: fifteen kinds, 150 steps each,
# on 3,000 digits, and three runs where there is hope. That makes 27 runs, of one second
# each or of three, and nothing is printed until all are done. To *learn* shall mean:
# more than half of the fresh digits are right.
#
# **Predict:** which of the fifteen? Write a table of three rows and five columns on
# paper before you go on. Look at the curves again.

# %% [markdown]
# ### Exercise 1.8 · Tell before you train
# 2 points · 15 minutes · ●●●○○ · needs nothing
#
# Make a rule of your prediction. It gets the two curves of a tower of 15 layers before
# its first step, as in the figure, and says whether the tower will learn as described.
# The check measures fresh towers, of all fifteen kinds, on 100 digits of its own (the
# mean curves of three towers of a kind), and knows how each kind turned out with us, in
# three runs. Only *orders of magnitude* count: no limit of a good rule has to be exact.
# So leave a factor of three around the numbers that you find.
#
# The check also changes measured curves in ways that change no verdict: both are twice
# as large, or half as large; the signal of a tower that learned rises by half on its
# way; the signal of one that did not is the same behind every layer.


# %% exercise="will-it-learn"
def will_learn(signals: np.ndarray, gradients: np.ndarray) -> bool:
    """Whether a tower with these curves will learn.

    signals, gradients: (15,), behind layers 1, 2, …, 15, as by_depth measures them

    >>> will_learn(np.full(15, 0.5), np.full(15, 0.001))  # the same in all layers
    True
    """
    ### BEGIN SOLUTION
    return bool(0.05 < gradients[0] / gradients[-1] < 20)
    ### END SOLUTION


# %% check="will-it-learn" points=2
checks.week5.will_learn(will_learn)

# %% [markdown] hint=1
# Make a table of your own: for each of the fifteen, `by_depth(started(…, depth=15),
# x[:300], t[:300])`, and print the first and the last number of both rows.

# %% [markdown] hint=1
# Your rule looks at the signal, and says that tanh with 0.3 will learn? Then look at
# the other curve, from its end to its beginning.


# %%
def learned(g: str, start: str, seed: int) -> float:
    """The accuracy on fresh digits after 150 steps."""
    model = started(g, start, seed, depth=15)
    sgd = torch.optim.SGD(model.parameters(), lr=0.005, momentum=0.9)
    for _ in range(150):
        batch = torch.randint(len(x), (32,))
        loss = F.cross_entropy(model(x[batch]), t[batch])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    with torch.no_grad():
        return (model(x_held).argmax(1) == t_held).float().mean().item()


# %%
right = {}
for g, start in curves:
    hopeful = g != "sigmoid" and start in ("0.3", "Glorot", "He")
    seeds = range(3 if hopeful else 1)
    right[g, start] = [learned(g, start, seed) for seed in seeds]

# %%
plots.show(
    plots.week5.arms(right),
    caption="The share of fresh digits that is right after 150 steps, in one run or in "
    "three. Knowing nothing is 0.1.",
    alt="A table of three rows, sigmoid, tanh and ReLU, and five columns, the starts. "
    "Three cells are dark: tanh with Glorot and with He, and ReLU with He. tanh with "
    "0.3 and ReLU with Glorot are a little darker than the rest, which are pale.",
)

# %% [markdown]
# Three of fifteen: tanh with Glorot's start and with He's (0.84 to 0.9), ReLU with He's
# (0.65 to 0.85). Ten are at a tenth, PyTorch's default among them, and two crept away
# from it. Nothing else was changed: the same layers, the same digits, the same loop.
# (On your machine the last digits differ. With the stand-in for MNIST the numbers are
# others; the three are the same.)
#
# ReLU with 0.3 is among the ten for a reason of its own: its first loss is $4 \cdot
# 10^5$, and after its first step it is *nan*. The interesting one is tanh with 0.3. Its
# signal is perfect, behind every layer, and yet it comes to 0.1 to 0.4 only: its
# gradient grows on the way back, so that a tiny change of the first layer turns
# everything at the end upside down. And ReLU with Glorot's start is off by a root of
# two in each layer, no more, and comes to 0.1 to 0.3. Would a larger rate help, when
# gradients are only small? We tried rates of 4, 10 and 20 times the size, two runs of
# each: ReLU with Glorot's start once came near a half, 0.49, and no other passed 0.4 in
# its 150 steps.
#
# In shallow networks none of this matters much. With three layers, a factor of 0.4 in
# each is a nuisance, and the loop makes up for it; so PyTorch can live with its
# default. With the eight of AlexNet, in week 4, it did matter: the `he_normal` that you
# were given there is He's start.

# %% [markdown] topics="a start by measuring"
# ## 8. A start without a formula
#
# Glorot's formula knows tanh, and He's ReLU. What if an activation comes without a
# paper? You can measure.

# %% [markdown]
# ### Exercise 1.9 · Build: keep thirty layers alive
# 4 points · 35 minutes · ●●●●○ · needs 1.2
#
# Thirty dense layers without biases, with the activation $\tanh(s \cdot z)$: a layer
# makes of its inputs `h` the outputs `np.tanh(slope * h @ W.T)`. The slope $s$ at 0 may
# be anything from 0.3 to 3; the layers have from 60 to 140 units. The inputs may be
# tiny or huge (their deviation lies between 0.01 and 100), and each of them has a mean
# of its own over the images, as pixels have. Return thirty weights `W`, of the shapes
# (outputs, inputs), such that
#
# - the signal of exercise 1.2 is *nearly the same* behind all layers, the largest at
#   most 1.15 times the smallest, and *nowhere below 0.2*;
# - a random gradient that is sent back from the end has, behind every layer, between
#   *a third of and three times* the size that it had at the end (size: the root of
#   the mean square);
# - no two units of a layer *do the same*: the cosine of any two rows of a weight
#   (their product, divided by both lengths) lies between −0.9 and 0.9, and no row is 0.
#   Else thirty layers of copies of one unit would do.
#
# The grading uses other networks, and bounds that are a little wider. (What
# `torch.nn.init` has is not an answer. The formulas of section 4 alone will not do: try
# them, and see which of the bounds they miss.)


# %%
def practice(seed: int) -> tuple[np.ndarray, list[int], float]:
    """Inputs (200, 80) of some size, thirty widths and a slope."""
    rng = np.random.default_rng(seed)
    parts = rng.standard_normal((200, 10)) @ rng.standard_normal((10, 80))
    inputs = parts + rng.standard_normal((200, 80))
    inputs = inputs / inputs.std() + rng.standard_normal(80)  # a mean for each
    inputs *= 10 ** rng.uniform(-2, 2) / inputs.std()
    return inputs, rng.integers(60, 141, 30).tolist(), float(rng.uniform(0.3, 3))


# %% exercise="keep-alive"
def start(inputs: np.ndarray, widths: list[int], slope: float) -> list[np.ndarray]:
    """Weights that keep the signal and the gradient within bounds.

    inputs: (n, features), n at least 100; widths: units of each layer
    The weights have the shapes (widths[0], features), (widths[1], widths[0]), …

    weights = start(*practice(0))
    """
    ### BEGIN SOLUTION
    rng, h, weights = np.random.default_rng(), inputs, []
    for width in widths:
        weight = rng.standard_normal((width, h.shape[1]))
        for _ in range(10):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.3 / np.sqrt(outputs.var(axis=0).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights
    ### END SOLUTION


# %% check="keep-alive" points=4
checks.week5.start(start)

# %% [markdown] hint=1
# Which of the thirty layers can you make right before you know anything about the
# others? And which one next?

# %% [markdown] hint=1
# The signal behind a layer is too large by a factor of two. What can you change, and
# would one such change be enough, when tanh is no straight line? And is your measure
# the one of exercise 1.2?

# %% [markdown] hint=1
# The signal is where you want it, and the gradient grows? In which part of the curve
# should tanh work, so that its slope hardly differs from one image to the next? Is
# there more than one signal that the bounds allow?

# %% [markdown]
# <details><summary>What is known, when yours has passed</summary>
#
# Mishkin and Matas (2015) do it like this: layer after layer, run a batch, and divide
# the weights until the outputs have the variance wanted. They begin with weights whose
# rows are orthogonal. And next comes the obvious question: if one can measure and
# divide at the start, why not in every step of the training?
#
# </details>

# %% [markdown]
# ## What to take with you
#
# What passes a layer is changed by a factor, and 25 layers make a power of it: that is
# all there is to vanishing and exploding. For a sum, $\mathrm{Var}(z) = n \sigma_w^2
# \mathrm{E}[x^2]$; ReLU keeps half of the mean square. Forward one wants $n_\text{in}
# \sigma_w^2 = 1$, backward $n_\text{out} \sigma_w^2 = 1$. Glorot takes the mean of
# both, He doubles the first for ReLU. A convolution's fan-in is $k^2$ times its input
# maps. Of fifteen towers three could learn, and their first gradients had told so. And
# depth is worth the trouble, because layers use again what was found before.
#
# **Where people slip**
#
# - Looking at the deviation of all numbers. Units differ; do *images*?
# - Taking the variance of the inputs where the mean square is wanted. Behind ReLU the
#   mean is not 0.
# - The fan-in of a convolution without $k^2$; a bound taken for a deviation.
# - "The signal is fine, so it will learn." The gradient has to come back as well.
# - "Two layers cannot do it." They can; but see what it costs.
#
# **Next:** notebook 2, batch normalisation: measure and divide, in every step.
#
# **To read on:** Glorot and Bengio, *Understanding the difficulty of training deep
# feedforward neural networks* (2010); He and others, *Delving deep into rectifiers*
# (2015), section 2.2; Mishkin and Matas, *All you need is a good init* (2015);
# Telgarsky, *Benefits of depth in neural networks* (2016).
