# %% [markdown]
# # What a network sees
#
# Week 9 · notebook 1 of 4 · about 135 minutes · 20 points
#
# Show a network a picture and it answers with a word. Ask it the other way round: here
# is a word, now show me a picture. It has never learned to draw. But a score has a
# gradient, and the gradient of a score reaches down to the pixels. They are the only
# thing we change in this notebook. The weights stay as they are.
#
# With that one idea you ask for the network's favourite horse, you find out what each
# layer still knows of a cat, and you let it dream into a photograph.
#
# The 135 minutes are for two sittings: an hour and a quarter for sections 1 to 3, an
# hour for 4 to 6. They leave out section 7, an open build (4 of the 20 points): keep
# another 35 minutes for it. All runs on the network that comes with the course;
# nothing is downloaded, nothing is trained.
#
# **When you are done, you can**
#
# - compute the gradient of a score with respect to a picture, and leave the network as
#   it was;
# - ask a network for its favourite picture of a class, and say what a prior does to it;
# - climb on $\log p(x) + \log p(y \mid x)$, with noise, and say what the noise does;
# - derive the gradient of total variation, and how large a step it bears;
# - tell sick climbs from healthy ones;
# - invert a layer, and say what is lost on the way up;
# - explain DeepDream: whose gradient it climbs, why it rolls, what octaves are for.
#
# **You need** backpropagation and the cross-entropy (week 3, notebook 2), receptive
# fields (week 2, notebook 2), and the network that week 4, notebook 2, asked for the
# favourite patches of its units. Here we ask all of it.

# %%
from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, dream, features, plots

# %%
photo = data.photograph("chelsea", 144)
dreamt = dream.deep_dream(photo, "relu5_1", octaves=3, steps=8, rate=0.015)

# %%
plots.show(
    plots.images([photo, dreamt.image], columns=2, size=4.6),
    caption="A photograph, and what the network made of it in 24 steps. At the end of "
    "this notebook you know every line of how.",
    alt="Left, a photograph of a cat's face. Right, the same picture turned into a "
    "strange painting: the fur on the left has become a crowd of green frogs, on the "
    "right sit dogs with black and white faces, and horses stand along the top.",
)

# %% [markdown] topics="gradient of a score with respect to a picture"
# ## 1. Turn the gradient round
#
# The network is `features.small_classifier()`: nine convolutions as in VGG, a mean over
# the places, a dense layer. It knows the ten classes of CIFAR-10 and names 80.5 % of
# the test images right. One thing about its training will matter: each of its training
# images was first changed a little, in the direction that fools it most. Sides of 16
# pixels or more will do.

# %%
NAMES = ["airplane", "automobile", "bird", "cat", "deer", "dog"]
NAMES += ["frog", "horse", "ship", "truck"]
model = features.small_classifier().to(memory_format=torch.channels_last)  # quicker


def said(picture: Tensor) -> str:
    """The three likeliest words for a picture (1, 3, h, w)."""
    likely = model(picture).softmax(1)[0].topk(3)
    pairs = zip(likely.values.tolist(), likely.indices.tolist(), strict=True)
    return ", ".join(f"{NAMES[label]} {p:.2f}" for p, label in pairs)


# %%
face = data.photograph("chelsea")[:, :, 60:360]
cat = data.photographs.resize(face, (64, 64))[None] / 255
print(said(cat))

# %% [markdown]
# A cat, with some doubts. In training we asked how the loss changes with each *weight*.
# Now the weights are fixed and the picture $x$ may change. How does the log-probability
# of a class $y$ change with each *pixel*? That is a gradient as well,
#
# $$ g = \frac{\partial \log p(y \mid x)}{\partial x}, $$
#
# three numbers a pixel, a thing of the shape of the picture. Backpropagation computes
# it anyway, on its way: it only has to go one step further, to the input.

# %% [markdown]
# ### Exercise 1.1 · Uphill
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# Write it for $n$ pictures at once, each with a class of its own. The model gives
# scores, (n, classes); a softmax makes probabilities of them. What comes back is the
# gradient of $\log p(\text{label} \mid \text{picture})$, (n, 3, h, w), each with
# respect to its own picture. The model comes in evaluation mode. When you are done it
# is as it was: the same mode, no gradient left in its weights, all of them as trainable
# as they were before. So are the pictures you were given: they do not ask for a
# gradient (`requires_grad`) afterwards.


# %% exercise="uphill"
def uphill(model: nn.Module, pictures: Tensor, labels: Sequence[int]) -> Tensor:
    """∂ log p(label | picture) / ∂ picture for each picture, shape (n, 3, h, w).

    pictures: (n, 3, h, w); labels: n whole numbers

    >>> plain = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    >>> slope = uphill(plain, torch.zeros(1, 3, 1, 1), [0])  # p is one third each
    >>> slope.flatten()
    tensor([ 0.6667, -0.3333, -0.3333])
    """
    ### BEGIN SOLUTION
    leaf = pictures.detach().clone().requires_grad_()
    likely = model(leaf).log_softmax(1)
    total = likely[torch.arange(len(leaf)), torch.as_tensor(labels)].sum()
    (slope,) = torch.autograd.grad(total, leaf)
    return slope
    ### END SOLUTION


# %% check="uphill" points=2
checks.week9.uphill(uphill)

# %% [markdown] hint=1
# Gradients stop at leaves that ask for them. Make a leaf of your own:
# `pictures.detach().clone().requires_grad_()`.

# %% [markdown] hint=1
# A gradient belongs to *one* number. If you add the $n$ log-probabilities, what does
# the sum's gradient say about picture 2, which only enters its own term? And if you
# take their mean?

# %% [markdown] hint=1
# `loss.backward()` leaves gradients in every weight. `torch.autograd.grad(what, where)`
# returns those you ask for and leaves nothing.

# %% [markdown]
# Where is this slope large, for the cat? And what does it look like as a picture?
#
# **Predict:** neighbouring pixels of a photograph are much alike: their correlation is
# above 0.9. And neighbouring numbers of the slope?


# %%
def slopes(pictures: Tensor, labels: Sequence[int]) -> Tensor:
    """The slope of log p for the cells below, of the network `model`."""
    leaf = pictures.detach().clone().requires_grad_()
    likely = model(leaf).log_softmax(1)[range(len(leaf)), list(labels)]
    return torch.autograd.grad(likely.sum(), leaf)[0]


def alike(pictures: Tensor) -> float:
    """The correlation of each number with its right neighbour."""
    pairs = torch.stack([pictures[..., :-1].flatten(), pictures[..., 1:].flatten()])
    return float(torch.corrcoef(pairs)[0, 1])


# %%
CAT = NAMES.index("cat")
slope = slopes(cat, [CAT])
print(f"neighbours in the photograph {alike(cat):.2f}, in the slope {alike(slope):.2f}")

# %%
plots.show(
    plots.week9.slopes(cat[0], slope[0]),
    caption="The photograph; the slope of log p(cat), grey where it is 0; and the size "
    "of the slope at each pixel.",
    alt="Three squares. A cat's face. A restless pattern of coloured specks and short "
    "strokes in which the face can be guessed; both eyes are magenta. A dark map with "
    "light specks along the stripes of the forehead, the rims of the eyes and a line "
    "on the cheek; the even nose is darkest.",
)

# %% [markdown]
# The slope is large along strokes: the stripes of the forehead, the rims of the eyes,
# a line on the cheek. In both eyes it is magenta: less green, please. So there is sense
# in it. But it is restless: 0.53 for its neighbours, 0.93 for those of the photograph.
# Many a pixel is to go up while the one beside it goes down.
#
# Follow it, only for another word. We take 20 steps $x \leftarrow x + g$ from the cat,
# once uphill for *frog* and once for *truck*.
#
# **Predict:** how much of a frog will *you* see in it?


# %%
def followed(start: Tensor, names: Sequence[str], steps: int = 20) -> Tensor:
    """So many steps uphill, each picture for a class of its own, nothing else."""
    x, labels = start, [NAMES.index(name) for name in names]
    for _ in range(steps):
        x = (x + slopes(x, labels)).clamp(0, 1)
    return x


# %%
turned = {name: followed(cat, [name]) for name in ("frog", "truck")}
for name, x in turned.items():
    moved = (x - cat).square().mean().sqrt()
    print(f"uphill for {name}: {said(x)}; a number moved by {moved:.3f} (rms)")

# %%
plots.show(
    plots.images(
        [cat[0], *(x[0] for x in turned.values())],
        ["cat 0.40", "frog 0.97", "truck 0.97"],
        columns=3,
        size=3.2,
    ),
    caption="The cat, and what twenty steps make of it. The words are the network's.",
    alt="Three cat faces. The second has greener eyes and a few dark strokes on its "
    "cheek. The third has small window-like boxes over its eyes and forehead, and red "
    "streaks along its cheeks and nose.",
)

# %% [markdown]
# To the network the second picture is a frog, with 0.97. To you it is a cat with green
# eyes. Each number has moved by some 0.03 (rms), of a range of 1. Such pictures are
# called **adversarial examples** (Szegedy and others 2013). Look at the third for
# longer, though: windows grow over the eyes, and a red bumper below the nose. The
# network does know something about trucks. It only has no reason to draw a whole one.

# %% [markdown] topics="activation maximisation, why raw gradients give noise"
# ## 2. Its favourite picture
#
# Now begin with nothing: grey, with a little noise. Six words, eighty steps each.
# Climbing from nowhere to where a unit or a class says most is called **activation
# maximisation** (Erhan and others 2009; for classes Simonyan, Vedaldi and Zisserman
# 2013).
#
# **Predict:** after eighty steps, how sure is the network of its six pictures? And
# how many of them could you name?


# %%
def nearly_grey(count: int, side: int) -> Tensor:
    """Pictures (count, 3, side, side) to begin with, the same ones each time."""
    torch.manual_seed(0)
    return (0.5 + 0.05 * torch.randn(count, 3, side, side)).clamp(0, 1)


# %%
def report(pictures: Tensor, names: Sequence[str]) -> None:
    """How sure the network is of pictures, and how rough they are."""
    labels = [NAMES.index(name) for name in names]
    p = model(pictures).softmax(1)[range(len(names)), labels]
    rough = sum(pictures.diff(dim=d).square().mean() for d in (2, 3))
    print(f"p from {p.min():.2f} to {p.max():.2f}, neighbours alike ", end="")
    print(f"{alike(pictures):.2f}, squared difference of neighbours {rough:.4f}")


# %%
SIX = ("airplane", "automobile", "cat", "deer", "frog", "horse")
raw = followed(nearly_grey(len(SIX), 32), SIX, 80)
report(raw, SIX)

# %%
plots.show(
    plots.week9.favourites({"slope alone": raw}, SIX),
    caption="Six favourite pictures, 32 × 32 pixels.",
    alt="A row of six small squares, full of coloured speckles. In some of them bent "
    "strokes hint at something: a bird-like cross, an oval, legs.",
)

# %% [markdown]
# All six are named with 0.94 or more. You see speckles, and with some good will a few
# outlines. (That there are outlines at all is thanks to the training with changed
# images: Tsipras and others 2018 found that slopes of networks that were trained so
# look like something, and slopes of ordinary ones like noise.)
#
# Why noise? For a moment let the network be a straight line, a score $w \cdot x$ over
# $n$ numbers. Move every number by a tiny $\delta$, up where $w_i > 0$, down where $w_i
# < 0$. The score rises by $\delta \sum |w_i|$. The picture has hardly changed, no pixel
# by more than $\delta$, but a *sum* over all of them has: with 3,072 numbers and
# weights of 0.1 in size, $\delta = 0.01$ raises it by 3. (Goodfellow, Shlens and
# Szegedy 2014 saw this.) And nothing forces the signs of neighbouring $w_i$ to agree.
# In a deep network $w$ is the slope, put together from thousands of paths that open and
# close with every ReLU and every maximum; neighbours get theirs by different paths. So
# the quickest way up is a little of everything, everywhere: noise.
#
# We asked which picture makes the class likely, $p(y \mid x)$. We meant: which picture
# *of the class* is likely, $p(x \mid y)$. Bayes tells how they differ:
#
# $$ p(x \mid y) = \frac{p(x)\, p(y \mid x)}{p(y)}
# \quad\text{so}\quad
# \log p(x \mid y) = \log p(x) + \log p(y \mid x) + \text{const}. $$
#
# What was missing is $p(x)$, the **prior**: how likely is $x$ as a picture, whatever it
# shows? The network never learned that. Its training showed it photographs only, and it
# was never asked about speckles.

# %%
plots.show(
    plots.week9.one_line(),
    caption="Imagine all pictures along a line. The class is likeliest far out, where "
    "no picture ever is. The sum has its top in between.",
    alt="Three curves over a line. A hill in the middle is log p of x. A curve that "
    "rises from left to right and levels off is log p of y given x. Their sum has a "
    "top a little to the right of the hill's; a dot marks it. An arrow at the far "
    "right shows where the rising curve alone would lead.",
)

# %% [markdown] topics="Gaussian prior, Langevin noise"
# ### The simplest prior
#
# Say that pixels are grey, more or less: each number is normal around ½ with deviation
# 1, $\log p(x) = -\frac12 \sum_i (x_i - \tfrac12)^2 + \text{const}$. Its gradient is
# $\frac12 - x$, a pull back to grey. Then a step is
#
# $$ x_{t+1} = x_t + \epsilon_1 \frac{\partial \log p(x_t)}{\partial x_t}
# + \epsilon_2 \frac{\partial \log p(y \mid x_t)}{\partial x_t}
# + \mathcal N(0, \epsilon_3^2), $$
#
# in which each term has a rate of its own (Nguyen and others 2017): a smaller
# $\epsilon_1$ stands for a milder prior, with a larger deviation. If you count $x$
# from grey, the first two terms are $(1 - \epsilon_1)\, x_t$: at every step a little of
# the picture fades, and only what the slope renews stays.
#
# The third term is noise, drawn anew in every step, for every number.

# %% [markdown]
# ### Exercise 1.2 · Climb
# 3 points · 20 minutes · ●●●○○ · needs 1.1
#
# Write the climb with the Gaussian prior for one picture. $\epsilon_1$ is `fade`,
# $\epsilon_2$ is `rate`, and `noise` is $\epsilon_3$, a standard deviation. All three
# terms are computed from $x_t$, then added, the noise as well; only then every number
# is put back into 0 … 1. That is one step. After 0 steps the picture is the start. Draw
# the noise from torch's own dice, without setting a seed. The model and the start are
# left as they were. (A picture may be a single row or a single column.)


# %% exercise="climb"
def climb(
    model: nn.Module,
    label: int,
    start: Tensor,
    steps: int,
    fade: float = 0.05,
    rate: float = 1.0,
    noise: float = 0.005,
) -> Tensor:
    """The picture (3, h, w) that so many steps make of `start`, (3, h, w)."""
    ### BEGIN SOLUTION
    x = start.detach().clone()[None]
    for _ in range(steps):
        leaf = x.clone().requires_grad_()
        (slope,) = torch.autograd.grad(model(leaf).log_softmax(1)[0, label], leaf)
        x = x + fade * (0.5 - x) + rate * slope + noise * torch.randn_like(x)
        x = x.clamp(0, 1)
    return x[0]
    ### END SOLUTION


# %% check="climb" points=3
checks.week9.climb(climb)

# %% [markdown] hint=1
# The model wants (n, 3, h, w): `start[None]`, and `[0]` at the end.

# %% [markdown] hint=1
# Each step needs a new leaf: `x` of the step before hangs on nothing, if you cut it off
# with `.detach()`. What would happen to the memory otherwise? And to `.grad`, if you
# use `backward()`?

# %% [markdown] hint=1
# `torch.randn_like(x)` has deviation 1. Where do you multiply: by $\epsilon_3$, or by
# its square? The formula names the variance, $\epsilon_3^2$.


# %%
def to_grey(x: Tensor) -> Tensor:
    """∂ log p(x) / ∂x of the Gaussian prior."""
    return 0.5 - x


# %%
def climbed(
    names: Sequence[str],
    pull: Callable[[Tensor], Tensor],
    pull_rate: float,
    rate: float = 1.0,
    steps: int = 80,
    side: int = 32,
) -> Tensor:
    """Pictures (n, 3, side, side): in each step a pull, a slope, and noise."""
    labels = [NAMES.index(name) for name in names]
    x = nearly_grey(len(names), side)
    for _ in range(steps):
        step = pull_rate * pull(x) + rate * slopes(x, labels)
        x = (x + step + 0.005 * torch.randn_like(x)).clamp(0, 1)
    return x


# %%
grey = climbed(SIX, to_grey, 0.05)
report(grey, SIX)

# %%
plots.show(
    plots.week9.favourites({"slope alone": raw, "Gaussian prior": grey}, SIX),
    caption="The same words, the same start; below, a twentieth of the way back to "
    "grey in every step.",
    alt="Two rows of six squares. Above, coloured speckles. Below, thin pale outlines "
    "on grey: a plane, a car with a wheel, a cat's head, a deer with legs and antlers, "
    "a frog, a horse.",
)

# %% [markdown]
# The speckles are gone, and the outlines stay: strokes are what the slope renews at
# each step. But things are not made of outlines. A colour that covers an area costs
# this prior as much as snow does. It looks at each pixel alone.
#
# ### What is the noise for?
#
# Take $\epsilon_1 = \epsilon_2 = \epsilon$ small and $\epsilon_3 = \sqrt{2 \epsilon}$.
# Then the steps have a name, **Langevin dynamics** (Langevin 1908 for grains in water;
# Welling and Teh 2011 for learning machines), and a beautiful property: $x$ never comes
# to rest, but the places it visits are *samples* of $p(x \mid y)$. Not the one most
# likely picture: all of them, each as often as it deserves. Without noise the same
# steps climb to a top and stay.
#
# **Predict:** with the Gaussian prior alone ($\epsilon_2 = 0$), $\epsilon_1 = 0.05$ and
# without the clamp, how far from grey do the numbers tremble in the end: with our noise
# of 0.005? And with $\sqrt{2 \cdot 0.05} = 0.32$?

# %%
trembling = {}
for noise in (0.005, float(np.sqrt(2 * 0.05))):
    torch.manual_seed(1)
    far, found = torch.zeros(20_000), [0.0]
    for _ in range(100):
        far = 0.95 * far + noise * torch.randn(20_000)
        found.append(float(far.std()))
    trembling[noise] = found
    print(f"noise {noise:.3f}: deviation {found[1]:.3f}, later {found[-1]:.3f}")

# %%
plots.show(
    plots.week9.trembling(trembling),
    caption="How far numbers tremble around grey, by step. The dotted line is the "
    "deviation of the prior, 1.",
    alt="Two curves on a logarithmic axis. Both rise for some forty steps and then "
    "stay level: one at 0.016, the other at 1, on a dotted line.",
)

# %% [markdown]
# In each step the deviation $s$ becomes $\sqrt{(1 - \epsilon_1)^2 s^2 + \epsilon_3^2}$.
# Where it comes to rest, $s^2 = \epsilon_3^2 / (1 - (1 - \epsilon_1)^2)$. With
# $\sqrt{2\epsilon}$ that is 1.01: the deviation of the prior, as promised (up to a
# hundredth, since the steps are not small). But a picture with deviation 1 around ½ is
# no picture: nearly everything is out of 0 … 1. Our noise of 0.005 leaves 0.016. So be
# honest about what we do: this is a climb with a tremble, not a sampler. The tremble
# shakes a picture off places from which no slope leads on. It takes a better prior than
# ours to be allowed more; the diffusion models of notebook 4 have learned one.

# %% [markdown] topics="total variation and its gradient"
# ## 3. Neighbours
#
# In a photograph neighbours are alike. The **total variation** adds up how much they
# are not:
#
# $$ V(x) = \sum_{c,i,j} (x_{c,i,j+1} - x_{c,i,j})^2
# + \sum_{c,i,j} (x_{c,i+1,j} - x_{c,i,j})^2 , $$
#
# over all pairs of neighbours within a channel. There is none across the border. The
# prior is $\log p(x) = -V(x) + \text{const}$. (Originally the differences were not
# squared: Rudin, Osher and Fatemi 1992. Absolute values spare sharp edges; squares are
# easier to climb. For pictures of networks Mahendran and Vedaldi 2015 brought it in,
# and let the exponent be chosen. Their sum leaves out the last row and column; so does
# `coursekit.dream`.)
#
# What does its gradient look like? A number takes part in up to four pairs, so it is a
# sum of up to four differences. Work it out on paper, for one number, before you write
# code.

# %% [markdown]
# ### Exercise 1.3 · The gradient of total variation
# 3 points · 18 minutes · ●●●○○ · needs nothing
#
# Return $V(x)$, one number, and $\partial V / \partial x$, in the shape of $x$, which
# is (…, h, w): channels, and pictures of a batch, come before and are added up in $V$.
# Height or width may be 1. Write the gradient yourself: `backward`, `torch.autograd`
# and convolutions are for another day. (NumPy or torch; the check hands over a tensor.)


# %% exercise="variation"
def variation(x: Tensor) -> tuple[Tensor, Tensor]:
    """V(x) and its gradient, of the shape of `x`, (…, h, w).

    >>> value, slope = variation(torch.tensor([[0.0, 1.0, 3.0]]))
    >>> float(value)
    5.0
    """
    ### BEGIN SOLUTION
    right, below = x.diff(dim=-1), x.diff(dim=-2)
    slope = torch.zeros_like(x)
    slope[..., 1:] += 2 * right
    slope[..., :-1] -= 2 * right
    slope[..., 1:, :] += 2 * below
    slope[..., :-1, :] -= 2 * below
    return right.square().sum() + below.square().sum(), slope
    ### END SOLUTION


# %% check="variation" points=3
checks.week9.variation(variation)

# %% [markdown] hint=1
# Take the row $a, b, c$ with $V = (b - a)^2 + (c - b)^2$. What is $\partial V /
# \partial b$? And $\partial V / \partial a$, at the border?

# %% [markdown] hint=1
# Each difference $d$ = (right one minus left one) belongs to two pixels. To the right
# one it gives $+2d$, to the left one $-2d$.

# %% [markdown]
# For a pixel within the picture it is $2 \cdot (4x - \text{left} - \text{right} -
# \text{above} - \text{below})$, eight times how far it lies from the mean of its
# neighbours. A step $x \leftarrow x - \epsilon\, \partial V / \partial x$ moves it
# towards this mean. How far may it go? Eight times something is a lot, and the
# neighbours move, too.

# %% [markdown]
# ### Exercise 1.4 · How far may a step go?
# 1 point · 8 minutes · ●●●○○ · needs 1.3
#
# Four numbers. Paper will do. The first three are steps of total variation alone,
# $x \leftarrow x - \epsilon\, \partial V / \partial x$, far from any border.
#
# - `lone`: one pixel is 1, all others are 0, and $\epsilon = 0.1$. How large is that
#   pixel after one step?
# - `stripes`: columns are dark and light in turn, $½ - a$ and $½ + a$. With which
#   $\epsilon$ do dark and light columns change places, exactly?
# - `fields`: dark and light fields of one pixel, as on a chessboard. And here?
# - `tremble`: Gaussian prior and noise alone, $\epsilon_1 = 0.2$, $\epsilon_3 = 0.03$,
#   no clamp. At which deviation does the trembling come to rest?


# %% exercise="how-far"
lone: float
stripes: float
fields: float
tremble: float
### BEGIN SOLUTION
lone = 1 - 0.1 * 8
stripes = 1 / 4
fields = 1 / 8
tremble = 0.03 / (1 - 0.8**2) ** 0.5
### END SOLUTION

# %% check="how-far" points=1 quiz=1
checks.week9.how_far(lone=lone, stripes=stripes, fields=fields, tremble=tremble)

# %% [markdown] hint=1
# $+a$ is to become $-a$: by how much does it move? A column's pixel has two neighbours
# of its own kind, above and below.

# %% [markdown]
# **Predict:** a photograph and 40 steps of total variation alone, with $\epsilon$ =
# 0.02, 0.12 and 0.14. Which of the three do you still want to look at?


# %%
def to_neighbours(x: Tensor) -> Tensor:
    """∂ log p(x) / ∂x of the prior exp(−V), left to autograd."""
    leaf = x.detach().clone().requires_grad_()
    value = leaf.diff(dim=3).square().sum() + leaf.diff(dim=2).square().sum()
    return -torch.autograd.grad(value, leaf)[0]


# %%
smoothed = {}
for epsilon in (0.02, 0.12, 0.14):
    x = cat.clone()
    for _ in range(40):
        x = x + epsilon * to_neighbours(x)
    smoothed[f"ε = {epsilon}"] = x[0]
    print(f"ε = {epsilon}: numbers from {x.min():.2f} to {x.max():.2f}")

# %%
plots.show(
    plots.images(
        list(smoothed.values()), list(smoothed), columns=3, size=3.0, limits=(0, 1)
    ),
    caption="Forty steps of total variation alone.",
    alt="Three squares. A soft cat; a very soft one, hardly more than two dark eyes. "
    "The third is a chessboard of black and white pixels with coloured seams, in which "
    "the outlines of the eyes can be guessed.",
)

# %% [markdown]
# At 0.02 the picture grows soft, at 0.12 softer. At 0.14 a chessboard grows instead, by
# nearly a quarter with every step: of all patterns it has the largest slope, and it
# jumps further beyond grey than it stood before it. In the end the numbers go from −7
# to 8. From 1/8 on, a step makes worse what it should heal. (In the valley of week 3,
# notebook 2, steps beyond 0.08 did the same: each landed higher than it began.)
#
# Now the six words again, with $\epsilon_1 = 0.05$.
#
# **Predict:** what becomes of the outlines?

# %%
soft = climbed(SIX, to_neighbours, 0.05)
report(soft, SIX)

# %%
plots.show(
    plots.week9.favourites(
        {"slope alone": raw, "Gaussian prior": grey, "total variation": soft}, SIX
    ),
    caption="What one and the same network likes best, by three opinions on what a "
    "picture is.",
    alt="Three rows of six squares: speckles; thin outlines on grey; and soft coloured "
    "shapes: a pink bow in a blue sky, a blue car, a cat's brown head, a brown deer on "
    "green, a yellow-green frog, a brown horse on grass.",
)

# %% [markdown]
# Now there are colours that cover areas: meadow under the deer, sky around the plane. A
# prior that says no more than *neighbours are alike* made them out of the same slope.
# The network is less sure, from 0.84 up, where it was at 0.94 and more: it has to pay
# for what it likes. But now the pictures are smoother than nearly all photographs, and
# that is not what the world looks like, either. Between snow and fog lies the whole
# question of what $p(x)$ is.
#
# | | neighbours alike | squared difference of neighbours |
# |---|---|---|
# | slope alone | 0.40 | 0.031 |
# | Gaussian prior | 0.45 | 0.004 |
# | total variation | 0.95 | 0.001 |
# | photographs of CIFAR-10, the middle half | | 0.011 … 0.024 |
#
# One picture more before the break, or rather ten. The prior may have a rate of 0.1
# (why not more?), and the canvas is 64 × 64: four times as many pixels, each of which
# has a smaller part in the mean over the places. So the slope gets a larger rate, by
# trial 15. All ten words.
#
# **Predict:** what will there be in the word *deer*: one large deer, one as large as
# above with much meadow around it, or something else?

# %%
gallery = climbed(NAMES, to_neighbours, 0.1, rate=15.0, steps=36, side=64)
report(gallery, NAMES)

# %%
plots.show(
    plots.images(list(gallery), NAMES, columns=5, size=2.1),
    caption="All ten words on a canvas of 64 × 64.",
    alt="Ten squares in two rows, soft like paintings in oil. Pink wings in a violet "
    "sky; four violet and pink cars; blue strokes on green for the bird; a crowd of "
    "striped cat faces; four deer with antlers on green; four dogs with pale faces and "
    "dark eyes; four yellow-green frogs; a herd of horses; five ships on blue water; "
    "rows of red trucks with windows.",
)

# %% [markdown]
# A herd. Four frogs, four dogs, a fleet. The network learned from pictures of 32 ×
# 32, so a deer has the size that it had there; and the score is a mean over the places
# (section 1): wherever there is room for another deer, it raises the mean. Cover three
# quarters of the canvas with grey, so that about one animal is left:

# %%
covered = torch.full_like(gallery, 0.5)
covered[:, :, :32, :32] = gallery[:, :, :32, :32]
for name in ("deer", "dog", "frog"):
    at = NAMES.index(name)
    whole, part = said(gallery[at : at + 1]), said(covered[at : at + 1])
    print(f"whole: {whole}   one quarter: {part}")

# %% [markdown]
# One animal of four is worth 0.61 of a deer, but only a third of a dog or a frog. And
# look at what a word means to the network. A bird is something blue, upright, on green.
# A ship has water around it, and a deer stands on grass, since they nearly always did.

# %% [markdown]
# This is a good place for the break.

# %% [markdown] topics="sick climbs"
# ## 4. Which of these climbs are sick?
#
# (Do you begin here? Then run first the imports and two cells of section 1: the one
# that defines `model` and `said`, and the one below it, with `face` and `cat`.)
#
# A climb with a fault still climbs, mostly, and its pictures are interesting. That
# makes such faults hard to see: nothing crashes, and nobody knows what a favourite
# picture should look like.

# %% [markdown]
# ### Exercise 1.5 · The bug: sick climbs
# 2 points · 12 minutes · ●●●○○ · needs 1.2
#
# Seven climbs for one picture (1, 3, h, w), with the Gaussian prior, noise and clamp.
# Each has at most one fault; one of them or more may be healthy. Name what is wrong:
#
# - `"downhill"`: the class grows less likely;
# - `"prior turned"`: the prior drives away from grey;
# - `"no logarithm"`: it climbs on $p(y \mid x)$;
# - `"piles up"`: slopes of earlier steps are added again;
# - `"frozen noise"`: every step has the same noise;
# - `"too little noise"`: its deviation is not $\epsilon_3$;
# - `"healthy"`: all is as it should be.
#
# Read them, run them on `cat` and on grey, with and without noise, compare. (A few
# steps are enough.)


# %%
def climb_p(
    x: Tensor, label: int, steps: int, e1: float, e2: float, e3: float
) -> Tensor:
    for _ in range(steps):
        x = x.detach().requires_grad_()
        loss = F.cross_entropy(model(x), torch.tensor([label]))
        [g] = torch.autograd.grad(loss, x)
        x = (x - e1 * (x - 0.5) - e2 * g + e3 * torch.randn_like(x)).clamp(0, 1)
    return x.detach()


# %%
def climb_q(
    x: Tensor, label: int, steps: int, e1: float, e2: float, e3: float
) -> Tensor:
    shake = e3 * torch.randn_like(x)
    for _ in range(steps):
        x = x.detach().requires_grad_()
        [g] = torch.autograd.grad(model(x).log_softmax(1)[0, label], x)
        x = ((1 - e1) * x + e1 / 2 + e2 * g + shake).clamp(0, 1)
    return x.detach()


# %%
def climb_r(
    x: Tensor, label: int, steps: int, e1: float, e2: float, e3: float
) -> Tensor:
    x = x.clone()
    total = torch.zeros_like(x)
    for _ in range(steps):
        x = x.detach().requires_grad_()
        total += torch.autograd.grad(model(x).log_softmax(1)[0, label], x)[0]
        x = (x + e1 * (0.5 - x) + e2 * total + e3 * torch.randn_like(x)).clamp(0, 1)
    return x.detach()


# %%
def climb_s(
    x: Tensor, label: int, steps: int, e1: float, e2: float, e3: float
) -> Tensor:
    for _ in range(steps):
        x = x.detach().requires_grad_()
        [g] = torch.autograd.grad(model(x).softmax(1)[0, label], x)
        x = (x + e1 * (0.5 - x) + e2 * g + torch.normal(0.0, e3, x.shape)).clamp(0, 1)
    return x.detach()


# %%
def climb_t(
    x: Tensor, label: int, steps: int, e1: float, e2: float, e3: float
) -> Tensor:
    for _ in range(steps):
        x = x.detach().requires_grad_()
        scores = model(x)[0]
        [g] = torch.autograd.grad(scores[label] - scores.logsumexp(0), x)
        x = (x + e1 * (x - 0.5) + e2 * g + e3 * torch.randn_like(x)).clamp(0, 1)
    return x.detach()


# %%
def climb_u(
    x: Tensor, label: int, steps: int, e1: float, e2: float, e3: float
) -> Tensor:
    for _ in range(steps):
        x = x.detach().requires_grad_()
        scores = model(x)[0]
        [g] = torch.autograd.grad(scores[label] - scores.exp().sum().log(), x)
        x = (x + e1 * (0.5 - x) + e2 * g + torch.normal(0.0, e3**2, x.shape)).clamp(
            0, 1
        )
    return x.detach()


# %%
def climb_v(
    x: Tensor, label: int, steps: int, e1: float, e2: float, e3: float
) -> Tensor:
    for _ in range(steps):
        x = x.detach().requires_grad_()
        loss = F.nll_loss(model(x).log_softmax(1), torch.tensor([label]))
        [g] = torch.autograd.grad(loss, x)
        x = (x + e1 * (0.5 - x) + e2 * g + e3 * torch.randn_like(x)).clamp(0, 1)
    return x.detach()


# %% exercise="sick-climbs"
of_p: str
of_q: str
of_r: str
of_s: str
of_t: str
of_u: str
of_v: str
### BEGIN SOLUTION
of_p = "healthy"
of_q = "frozen noise"
of_r = "piles up"
of_s = "no logarithm"
of_t = "prior turned"
of_u = "too little noise"
of_v = "downhill"
### END SOLUTION

# %% check="sick-climbs" points=2 quiz=1
checks.week9.sick_climbs(
    of_p=of_p, of_q=of_q, of_r=of_r, of_s=of_s, of_t=of_t, of_u=of_u, of_v=of_v
)

# %% [markdown] hint=1
# A cross-entropy is *minus* the log-probability of the class. What sign does a step
# uphill have, then?

# %% [markdown] hint=1
# Switch terms off: `e2 = 0` leaves prior and noise. How large is the deviation after
# one step from grey, and after nine, with `e1 = 0`?

# %% [markdown] topics="inversion of a representation"
# ## 5. What does a layer still know?
#
# A photograph goes in, and layer by layer something is made of it. What is still there,
# say, behind the fourth pooling? Ask for it. Take what the layer says of the
# photograph, $\Phi_0 = \Phi(x_0)$, throw the photograph away, and look for a picture of
# which the layer says the same (Mahendran and Vedaldi 2015):
#
# $$ E(x) = \frac{\|\Phi(x) - \Phi_0\|^2}{\|\Phi_0\|^2}
# + \lambda\, \frac{V(x)}{n}, $$
#
# where $n$ is how many numbers $x$ has. From noise, downhill. If the picture comes
# back, the layer knows it. Where something else comes back, the layer cannot tell the
# two apart: to all layers above they are the same.
#
# The network here is `features.small()`, the convolutions of ours. A photograph of 80 ×
# 80 pixels has 19,200 numbers. How many does each layer hold?

# %%
seen = data.photographs.resize(face, (80, 80))
net = features.small()
LAYERS = ("relu1_1", "relu2_2", "relu3_2", "relu4_2", "relu5_1")
maps = net(seen[None] / 255, LAYERS)
for name, values in maps.items():
    channels, height, width = values.shape[1:]
    zeros = (values == 0).float().mean()
    print(f"{name}: {channels:3} maps of {height:2} × {width:2}, ", end="")
    print(f"{values.numel():7,} numbers, {zeros:3.0%} of them 0")

# %% [markdown]
# ### Exercise 1.6 · One step of an inversion
# 2 points · 12 minutes · ●●●○○ · needs 1.3
#
# Write one step downhill on $E$. `layer` makes maps of pictures, $\Phi$; `target` is
# $\Phi_0$; `weight` is $\lambda$. Return the next picture,
# $x - \text{rate} \cdot \partial E / \partial x$, put back into 0 … 1. $V$ is the total
# variation of section 3, over all pairs. The layer and `x` are left as they were. (Here
# autograd is welcome.)


# %% exercise="inversion-step"
def inversion_step(
    layer: nn.Module, x: Tensor, target: Tensor, rate: float, weight: float = 1.0
) -> Tensor:
    """The next picture (1, 3, h, w) on the way to one with the maps `target`."""
    ### BEGIN SOLUTION
    leaf = x.detach().clone().requires_grad_()
    rough = leaf.diff(dim=2).square().sum() + leaf.diff(dim=3).square().sum()
    far = (layer(leaf) - target).square().sum() / target.square().sum()
    [slope] = torch.autograd.grad(far + weight * rough / leaf.numel(), leaf)
    return (x - rate * slope).clamp(0, 1)
    ### END SOLUTION


# %% check="inversion-step" points=2
checks.week9.inversion_step(inversion_step)

# %% [markdown] hint=1
# Two sums of squares, one divided by another, and $V$ divided by `x.numel()`. One
# gradient of all of it.

# %% [markdown]
# Plain steps take hundreds. `dream.invert` goes the same way with L-BFGS, which
# notebook 2 explains; 45 evaluations are enough for us, with $\lambda = 5$.
#
# **Predict:** five layers. From which one on can you no longer read the photograph from
# what the layer says? And which part of it survives longest?

# %%
found = {name: dream.invert(seen, name, steps=45, variation=5.0) for name in LAYERS}
for name, result in found.items():
    far = (result.image - seen / 255).square().mean().sqrt()
    error = result.losses["representation"][-1]
    print(f"{name}: the layer sees a difference of {error:.3f}, you one of {far:.3f}")

# %%
plots.show(
    plots.images(
        [seen, *(result.image for result in found.values())],
        ["photograph", *LAYERS],
        columns=3,
        size=3.0,
    ),
    caption="Pictures that a layer can hardly tell from the photograph.",
    alt="Six squares: the photograph of a cat's face. For relu1_1 and relu2_2 the same "
    "face, sharp and in its colours. For relu3_2 the face, its fur in pale and spotted "
    "colours. For relu4_2 a tangle of coloured curls with two ringed eyes and a nose "
    "where they were. For relu5_1 curls, in which two rings can be found.",
)

# %% [markdown]
# Up to relu2_2 it is the photograph, nearly down to the whiskers. At relu3_2 the fur
# loses its colours, and the drawing is there. At relu4_2 two eyes and a nose are left,
# in their places, in a tangle of strokes that could be anybody's. At relu5_1 you have
# to know about the eyes to find them. Each layer sees nearly no difference (squared and
# divided by what it says itself, less than 0.01), while to you it grows from less
# than 0.01 to 0.18. Of all that a cat's face holds, the eyes survive longest.
#
# It is not a matter of counting. relu4_2 holds exactly as many numbers as the
# photograph, 19,200. But most of them are 0, and what the poolings before have dropped
# is gone. Each layer forgets what does not help to tell ten classes apart. That is what
# it was trained for.

# %% [markdown] topics="DeepDream, octaves, jitter"
# ## 6. Dreams
#
# So far we have told the network what to see. Now ask it: *whatever you see, more of
# it*. Take a photograph, take a layer, and climb on how much the layer says at all,
#
# $$ \tfrac12\, \overline{\Phi(x)^2}, \qquad\text{with the gradient}\qquad
# \frac{1}{N} \Big(\frac{\partial \Phi}{\partial x}\Big)^{\!\top} \Phi . $$
#
# Look at the gradient: $\Phi$ itself is sent back. What a unit says is what it is asked
# to say more of. A cloud that reminds some unit faintly of a dog becomes a little more
# of a dog, which the unit likes even better. The ancestor of this notebook is a blog
# post, *Inceptionism* by Mordvintsev, Olah and Tyka (2015), and it has been
# called **DeepDream** since.
#
# Three things belong to it.
#
# - **Steps of equal size.** The slope is divided by the mean of its absolute values, so
#   that each step changes pixels by `rate` on average.
# - **Jitter.** Before each step the picture is rolled by a few pixels at random, and
#   rolled back afterwards, so that no pattern sticks to the grid of the poolings. (The
#   authors of DeepDream needed it. In ours we measured hardly any difference.)
# - **Octaves.** A unit sees a patch of fixed size. In a small copy of the photograph
#   the same patch holds more of the scene. So dream in a small copy first, enlarge,
#   dream on.


# %%
def dream_step(x: Tensor, layer: str, rate: float = 0.015, jitter: int = 16) -> Tensor:
    """A picture (1, 3, h, w), and a little more of all that the layer sees in it."""
    shift = torch.randint(-jitter, jitter + 1, (2,)).tolist()
    leaf = x.roll(shift, (2, 3)).requires_grad_()
    energy = features.maps(net, leaf, [layer])[layer].square().mean() / 2
    [slope] = torch.autograd.grad(energy, leaf)
    step = rate * slope / slope.abs().mean()
    back = [-s for s in shift]
    return (leaf.detach() + step).clamp(0, 1).roll(back, (2, 3))


# %% [markdown]
# ### Octaves
#
# How does a dream get from a small copy to a larger one? One could enlarge the dreamt
# copy. But it is small, its details are lost: the temple would come out blurred. The
# photograph's own details are there, in the photograph. So only what was *dreamt* goes
# up, the difference between what came out and the copy, and it is laid over a larger
# copy, before the network dreams on.

# %% [markdown]
# ### Exercise 1.7 · Octaves
# 3 points · 15 minutes · ●●●○○ · needs nothing
#
# Write it for any `change`, a function of a picture (1, 3, h, w) that returns one of
# the same size; it is called once in each octave. There are `count` octaves. The last
# one has the size of the picture, the one before is smaller by `scale`, that before by
# `scale` twice, and so on. Height and width are divided, each from the picture's own,
# and then rounded to whole pixels, as `round` does it. Each copy is made from the
# picture itself. Use `resized` (it stands above yours) for every change of size.
# Nothing is clamped here: that is left to `change`. Return what came out of the last
# octave. A single octave is a case like any other.


# %% exercise="octaves"
def resized(x: Tensor, size: tuple[int, int]) -> Tensor:
    """(n, 3, h, w) → (n, 3, *size), smoothly."""
    return F.interpolate(x, size, mode="bilinear", antialias=True)


def octaves(
    picture: Tensor, count: int, scale: float, change: Callable[[Tensor], Tensor]
) -> Tensor:
    """The picture (1, 3, h, w), changed in `count` octaves, from small to large.

    >>> sizes = []
    >>> same = octaves(torch.rand(1, 3, 30, 41), 3, 1.5, lambda x: sizes.append(x) or x)
    >>> [tuple(x.shape[2:]) for x in sizes]
    [(13, 18), (20, 27), (30, 41)]
    """
    ### BEGIN SOLUTION
    difference = torch.zeros_like(picture)
    for octave in reversed(range(count)):
        size = tuple(round(side / scale**octave) for side in picture.shape[2:])
        copy = resized(picture, size)
        x = change(copy + resized(difference, size))
        difference = x - copy
    return x
    ### END SOLUTION


# %% check="octaves" points=3
checks.week9.octaves(octaves)

# %% [markdown] hint=1
# What is carried from one octave to the next? One thing only. What shape does it have
# when the next octave begins, and what shape does it need?

# %% [markdown] hint=1
# Is each copy made from the photograph, or from the copy before? And is the difference
# taken from the copy, or from what the network was given?

# %%
temple = data.photograph("china", (144, 216))[None] / 255
SIZES = [(73, 110), (103, 154), (144, 216)]


# %%
def dreaming(
    picture: Tensor, layer: str, steps: int = 8
) -> list[tuple[Tensor, Tensor]]:
    """Copy and dream at each of `SIZES`."""
    torch.manual_seed(0)
    stages, difference = [], torch.zeros_like(picture)
    for size in SIZES:
        copy = resized(picture, size)
        x = copy + resized(difference, size)
        for _ in range(steps):
            x = dream_step(x.clamp(0, 1), layer)
        difference = x - copy
        stages.append((copy[0], x[0]))
    return stages


# %%
stages = dreaming(temple, "relu5_1")

# %%
plots.show(
    plots.week9.octaves(stages),
    caption="A temple in three octaves, drawn to scale. Above the copies, in the "
    "middle what was dreamt into them; below the difference, which goes up to the "
    "next size.",
    alt="Three columns that grow from left to right. Above, a photograph of a temple "
    "by a lake in three sizes. In the middle the same with ships on the lake, a mast "
    "on the roof and red trucks in the temple's floors. Below, the differences, on "
    "grey.",
)

# %% [markdown]
# The large forms come from the small copy: the roof becomes a ship. Larger copies add
# smaller things to them: wheels, masts, ripples.
#
# **Predict:** relu5_1 dreams of ships and trucks. What do relu2_2 and relu3_2, further
# down, dream of?

# %%
dreams = {name: dreaming(temple, name)[-1][1] for name in ("relu2_2", "relu3_2")}
dreams["relu5_1"] = stages[-1][1]

# %%
plots.show(
    plots.images(
        [temple[0], *dreams.values()],
        ["photograph", *dreams],
        columns=2,
        size=4.8,
    ),
    caption="The same temple, the same steps, three layers.",
    alt="The photograph of the temple and three dreams. relu2_2: the temple cut as in "
    "wood, with thick black, red and yellow strokes along its roofs and storeys. "
    "relu3_2: bundles of slanting strokes for roofs, and cars where bushes were. "
    "relu5_1: ships with masts, a row of red trucks, trees that bristle.",
)

# %% [markdown]
# relu2_2 sees 14 × 14 pixels and dreams of strokes: it has cut the temple in wood.
# relu3_2 sees 32 × 32, as large as the pictures it learned from; its strokes come in
# bundles, and the bushes have got wheels. relu5_1 sees 108 × 108, and has ships. Where
# the photograph gives no cause, in the sky, little happens. The network dreams *into*
# something: towards ships from the lake and the roof, towards trucks from storeys with
# windows.
#
# And it dreams what it was taught. Ours has seen ten classes. The network of 2015 knew
# ImageNet, with 120 breeds of dogs in a thousand classes, and the internet was full of
# dogs for a summer.

# %% [markdown] topics="a picture that a friend recognises"
# ## 7. For a friend
#
# (Do you begin here? Then run first the imports and the cells that define `model`,
# `slopes` with `alike`, `nearly_grey`, `report`, `climbed`, `to_neighbours`, and
# `resized` with `octaves`.)
#
# The pictures of section 3 please the network that was climbed, as they are. A friend
# is harder to please. She is another network, sees the picture from further away, in
# other light, maybe in a mirror, and did not watch you paint. If she names it all the
# same, there must be something in it.
#
# She is `features.recognised(pictures)`, and looks at each picture 16 times. Each time
# it is shrunk to a side of 24 to 39 pixels, moved by up to 4 pixels each way (the edge
# is repeated), turned in a mirror with a chance of one half, taken nearer to grey or
# further from it, by a factor of 0.8 to 1.2, and sprinkled with noise of 0.02. What
# comes back is the mean of what she says, ten probabilities for each picture, and no
# gradient.


# %%
def stirred(amount: float = 0.3, seed: int = 0) -> nn.Module:
    """A relative of the network: each weight times a factor of 1 ± amount."""
    torch.manual_seed(seed)
    relative = features.small_classifier().to(memory_format=torch.channels_last)
    for weight in relative.parameters():
        if weight.dim() > 1:
            weight.mul_(1 + amount * torch.randn_like(weight))
    return relative


# %% [markdown]
# ### Exercise 1.8 · Build: a picture that a friend recognises
# 4 points · 35 minutes · ●●●●○ · needs 1.3
#
# Write a function that paints. It gets a model and $n$ labels, and returns $n$ pictures
# of 48 × 48 pixels, one for each, numbers in 0 … 1, as one tensor.
#
# The *model* you climb is a relative of the network: the same layers, each weight
# times a factor of its own, 1 ± 0.3. (Of 600 test images it names 77 %, the network
# 82 %.) Its classes are in an order that nobody tells you, so a label means only
# what the model makes of it. Pictures that were painted before, photographs, and the
# `model` of this notebook are not to be used: paint by what you are given, by slopes
# that come back through it. It is in evaluation mode, and stays as it was.
#
# The *friend* is the network itself. The *goal*, for all ten labels, in any order: in
# the mean of all looks she gives the right word 0.9 or more, and for each picture, in
# the mean of its own looks, 0.7 or more. And pictures are less noisy than most
# photographs: the squared difference of neighbours, as `report` computes it, is at most
# 0.006 for each picture.
#
# You may run the model 300 times, with as many pictures at once as you like. `resized`
# and `to_neighbours` may help; `coursekit.dream`, `coursekit.data`,
# `coursekit.features` and so the friend herself are not asked while you paint.
# `stirred()` is a relative to try it on, with the classes of `NAMES`. The check takes
# as long as your function does for ten pictures, and two seconds. Look at your
# pictures, and show them to a real friend without saying what they are.


# %% exercise="for-a-friend"
def class_pictures(model: nn.Module, labels: Sequence[int]) -> Tensor:
    """A picture (3, 48, 48) in 0 … 1 for each label: (n, 3, 48, 48).

    model: (n, 3, h, w) → scores (n, 10), for sides of 16 and more
    """
    ### BEGIN SOLUTION
    # Whoever must please from near and far is shown from near and far.
    torch.manual_seed(0)
    x = 0.5 + 0.05 * torch.randn(len(labels), 3, 48, 48)
    for _ in range(80):
        side = int(torch.randint(24, 41, ()))
        leaf = x.clone().requires_grad_()
        shifted = leaf.roll(torch.randint(-8, 9, (2,)).tolist(), (2, 3))
        seen = F.interpolate(shifted, (side, side), mode="bilinear", antialias=True)
        likely = model(seen).log_softmax(1)[range(len(x)), list(labels)]
        rough = leaf.diff(dim=2).square().sum() + leaf.diff(dim=3).square().sum()
        (slope,) = torch.autograd.grad(8 * likely.sum() - 0.02 * rough, leaf)
        x = (x + slope).clamp(0, 1)
    return x
    ### END SOLUTION


# %% check="for-a-friend" points=4
checks.week9.class_pictures(class_pictures)

# %% [markdown] hint=1
# Measure before you change anything: what does `features.recognised` say of pictures
# made as in section 3? Is it the distance, the shift, or the other network that she
# stumbles over?

# %% [markdown] hint=1
# A slope is the slope of what you showed the model. What would you have to show it, if
# the picture is to hold from other distances and places?

# %% [markdown] hint=1
# Recognised, but too noisy, or smooth, but not recognised? Which two of your rates
# trade one against the other?

# %%
wanted = [NAMES.index(name) for name in ("ship", "deer", "dog")]
mine = torch.full((3, 3, 48, 48), 0.5)  # grey, as long as nothing is painted
try:
    mine = class_pictures(stirred(), wanted)
except NotImplementedError:
    print("Nothing is painted yet.")

# %%
plots.show(
    plots.images(list(mine), columns=3, size=3.2),
    caption="Your three pictures. Ask somebody who has not seen the cell above.",
    alt="Three squares: the pictures that your function has painted, or grey.",
)

# %% [markdown]
# ## What to take with you
#
# A network can be asked backwards: the weights stay, the picture moves. Up the slope of
# $\log p(y \mid x)$ alone leads to speckles, since a little of everything everywhere
# adds up, and the network never said which pictures are likely. A prior does. The
# Gaussian one pulls each number to grey and leaves outlines; total variation pulls it
# to its neighbours and leaves soft shapes, with steps below 1/8. On a large canvas
# the favourite is a herd, as the score is a mean over the places. Noise turns a climb
# into a sampler if there is enough of it; ours was a tremble. Inversion asks a layer
# what it still knows: here all of the photograph up to relu2_2, and two eyes at the
# end. DeepDream asks for more of whatever is seen, rolled at each step, from small
# copies to large ones.
#
# **Where people slip**
#
# - The sign: a cross-entropy is minus what you climb on, and a prior is minus $V$.
# - Slopes left in the weights, or the graph of all steps kept alive.
# - Noise multiplied by its variance, or drawn once for all steps.
# - The border of total variation: `roll` makes neighbours of the two ends of a row.
# - In octaves, enlarging the picture in place of the difference.
# - "It is 0.97 sure, so there must be a frog."
#
# **Next:** notebook 2 takes the same slope and two photographs, keeps what the one
# shows, and paints it as the other was painted.
#
# **To read on:** Simonyan, Vedaldi and Zisserman, *Deep inside convolutional networks*
# (2013), four pages on slopes and class pictures; Mahendran and Vedaldi, *Understanding
# deep image representations by inverting them* (2015); Mordvintsev, Olah and Tyka,
# *Inceptionism* (2015), for the pictures; Olah, Mordvintsev and Schubert, *Feature
# visualization* (2017), for what became of it.
