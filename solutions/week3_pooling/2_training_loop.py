# %% [markdown]
# # The training loop
#
# Week 3 · notebook 2 of 2 · about 135 minutes · 20 points
#
# Ten lines of code turn random weights into a network that reads digits. In this
# notebook you take the ten apart: what each one computes, why it stands where it
# stands, and what happens without it. At the end a small network reads most of MNIST's
# test digits after some twenty seconds of work, and you build a loop of your own that
# does all of it.
#
# The 135 minutes are for two sittings, of about 85 and 50 minutes, as far as exercise
# 2.6, with the break after section 3. What comes then is for another evening, of a good
# hour and a half: three curves to read, a real network, five loops to test, and the
# build, which alone takes 35 minutes (together 8 of the 20 points).
#
# **When you are done, you can**
#
# - write softmax and cross-entropy so that no score is too large for them, and derive
#   their gradient;
# - write SGD with momentum and weight decay, and tell its two conventions apart;
# - choose a learning rate from its loss curve, and lower it while you train;
# - cut minibatches, measure accuracy, and stop at the right time with the best weights;
# - find out what is wrong with a loop that runs without an error.
#
# **You need** exercises 3.1 and 3.2 of week 2, or another way to know what a gradient
# is, and the few lines of torch from week 1 (notebook 1, section 5, and notebook 2,
# section 3).

# %%
import copy
import math
from collections.abc import Callable, Iterable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, plots, train
from coursekit.models.small_cnn import SmallCNN

# %% [markdown]
# ## Ten lines that learn: which one does what?
#
# A thousand digits to learn from, five hundred others, *held* back, to see how well it
# goes. Images are $x$, their true classes, the **labels**, are $t$. The network is the
# small CNN of week 1. It sees the digits in *batches* of 32; once through all thousand
# is an **epoch**.

# %%
digits = data.mnist()
x, t = train.as_input(digits.train.images[:1000]), digits.train.labels[:1000]
held = data.Split(digits.train.images[1000:1500], digits.train.labels[1000:1500])
x_held, t_held = train.as_input(held.images), held.labels

# %%
torch.manual_seed(0)
model = SmallCNN()
optimiser = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(4):
    model.train()
    for batch in torch.randperm(len(x)).split(32):
        scores = model(x[batch])
        loss = F.cross_entropy(scores, t[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
    right = (model(x_held).argmax(1) == t_held).float().mean()
    print(f"epoch {epoch + 1}: loss {loss:.2f}, {right:.0%} of the others right")

# %% [markdown]
# From `optimiser = …` to `model.eval()` these are ten lines. Nine digits of ten are
# read after one or two seconds, and nobody has told the network what a 3 looks like.
#
# **Predict:** suppose one of the ten lines is lost. Which of them would Python miss,
# with an error? And which could you lose without noticing anything but bad results?
# Make two lists; section 9 comes back to them. (To try it, restart the kernel and run
# the cells above the ten lines first. Without a restart the names of the last run are
# still there.)

# %% [markdown] topics="softmax, cross-entropy"
# ## 1. From scores to one number
#
# The network gives each class a *score*, any number at all. (PyTorch and many papers
# say *logit*.) To learn, it needs a single number that says how wrong it was, and that
# changes smoothly with the weights. The count of mistakes will not do: change a weight
# a little, and it does not change.
#
# So first we turn scores into probabilities. Take three classes with the scores 2, 1
# and −1.

# %%
plots.show(
    plots.week3.from_scores([2.0, 1.0, -1.0]),
    caption="Scores; their exponentials, all positive; divided by their sum, so that "
    "they add up to 1. Right, what the probability of the true class costs.",
    alt="Three bar charts for the classes 0, 1 and 2: scores 2, 1, −1; exponentials "
    "7.39, 2.72, 0.37; probabilities 0.71, 0.26, 0.04. A curve of the loss over the "
    "probability of the true class falls steeply from above 5 at 0 to 0 at 1; three "
    "points on it, at 0.04, 0.26 and 0.71, have the losses 3.35, 1.35 and 0.35.",
)

# %% [markdown]
# With a score $z_c$ for each class $c$, and the true class $t$,
#
# $$ p_c = \frac{e^{z_c}}{\sum_{c'} e^{z_{c'}}} , \qquad \mathcal{L} = -\ln p_t . $$
#
# The first is the **softmax**, the second the **cross-entropy** loss. It asks only one
# thing: what probability did you give to the truth? All of it costs nothing, half of it
# 0.69, and a thousandth 6.9. To be wrong *and sure* is expensive. For a batch of $N$
# images the loss is the mean of their losses.
#
# **Predict:** a fresh network knows nothing. About which loss do you expect on digits,
# with ten classes, before the first step?

# %%
first_losses = []
for seed in range(5):
    torch.manual_seed(seed)
    first_losses.append(F.cross_entropy(SmallCNN()(x), t).item())
print(*(f"{loss:.2f}" for loss in first_losses), f"   ln 10 = {math.log(10):.2f}")

# %% [markdown]
# If you know nothing, you give each class about a tenth, and $-\ln \tfrac1{10} = \ln 10
# = 2.30$. Remember this number. A loop that begins at 30 has scores that are far too
# large at the start; one that *stays* at 2.30 learns nothing.
#
# Now the formula meets a computer.
#
# **Predict:** what are the probabilities for the scores 1002, 1001 and 999? And what
# does NumPy say?

# %%
with np.errstate(all="ignore"):  # without NumPy's warnings
    powers = np.exp([1002.0, 1001.0, 999.0])
    print(powers, powers / powers.sum())

# %% [markdown]
# By the formula, the same as before: add one number to all scores, here 1000, and every
# $e^{z_c}$ grows by the same factor, which cancels. Only differences count. But
# $e^{1002}$ is larger than any number in a computer, and infinity divided by infinity
# is nan, no number. A loss that is nan once makes all weights nan at the next step, for
# ever. The cure is in the same remark: you choose what to add.

# %% [markdown]
# ### Exercise 2.1 · A loss that no score can break
# 3 points · 18 minutes · ●●●○○ · needs nothing
#
# Write the mean cross-entropy of a batch. Scores lie between −10,000 and 10,000, and
# the images of one batch may differ in this as much as they like. For every such batch
# your loss must be the number that the formula means: finite, right to six decimals, or
# six digits if it is large, also where $p_t$ is too small for a computer. (Calls that
# take softmax, its logarithm or the logarithm of a sum of exponentials for you are not
# an answer; `np.exp`, `np.log`, maxima and sums are.)


# %% exercise="stable-loss"
def cross_entropy(scores: np.ndarray, labels: np.ndarray) -> float:
    """The mean of -ln p[label] over a batch of N images.

    scores: (N, classes), up to 10,000 in size; labels: (N,), whole numbers from 0.

    >>> round(cross_entropy(np.array([[2.0, 1.0, -1.0]]), np.array([0])), 3)
    0.349
    >>> cross_entropy(np.array([[9000, 0]]), np.array([1]))
    9000.0
    """
    ### BEGIN SOLUTION
    lowered = scores - scores.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(lowered).sum(axis=1))
    return float(np.mean(log_sums - lowered[np.arange(len(labels)), labels]))
    ### END SOLUTION


# %% check="stable-loss" points=3
checks.week3.cross_entropy(cross_entropy)

# %% [markdown] hint=1
# Which number would you subtract from the scores of *one* image, so that the largest
# exponential is harmless, and not all of them become 0?

# %% [markdown] hint=1
# If $p_t$ rounds to 0, its logarithm is lost. Write $\ln p_t$ as a difference, before
# anything is divided. What is $\ln e^{z_t}$?

# %% [markdown] hint=1
# `scores[np.arange(N), labels]` takes from each row the number at its label.

# %% [markdown] topics="gradient of the loss"
# ## 2. Which way should the scores go?
#
# What you have written is known as the **log-sum-exp trick**; `F.cross_entropy` does
# the same inside. Now the way back begins. Week 2 carried a gradient $\delta$ from the
# output of a layer to its weights. Here the very first $\delta$ is born.
#
# Take the scores 2, 1, −1 again, with $p = (0.705, 0.259, 0.035)$, and say that class
# 2, the improbable one, is the truth.
#
# **Predict:** which of the three scores should rise, and which should fall? How large
# is the slope of $\mathcal{L}$ for each of them, roughly?


# %%
def one_loss(z: np.ndarray, label: int) -> float:
    """The loss of a single image."""
    return float(np.log(np.exp(z).sum()) - z[label])


z, eps = np.array([2.0, 1.0, -1.0]), 1e-5 * np.eye(3)
for label in range(3):
    slopes = [(one_loss(z + e, label) - one_loss(z - e, label)) / 2e-5 for e in eps]
    print(f"label {label}:", np.round(slopes, 3))

# %% [markdown]
# Measured by nudging, as in week 2. Look at the three rows beside $p$. A step goes
# *against* the slope: the score of the truth rises, the others fall, each by as much as
# it was believed too much.

# %% [markdown]
# ### Exercise 2.2 · The first gradient
# 2 points · 9 minutes · ●●○○○ · needs 2.1
#
# Find the rule in the numbers, or derive it, and write it for a batch: the gradient of
# the *mean* cross-entropy for every score. The scores are those of 2.1, of any size.
# (What is no answer in 2.1 is none here, nor is a call that differentiates for you. And
# please do not nudge, as above: the rule is short, and exact.)


# %% exercise="loss-gradient"
def loss_gradient(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Gradient of the mean cross-entropy for the scores, shape (N, classes).

    scores: (N, classes), up to 10,000 in size; labels: (N,), whole numbers from 0.

    >>> loss_gradient(np.array([[2.0, 1.0, -1.0]]), np.array([2])).round(3)
    array([[ 0.705,  0.259, -0.965]])
    """
    ### BEGIN SOLUTION
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    gradient = powers / powers.sum(axis=1, keepdims=True)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)
    ### END SOLUTION


# %% check="loss-gradient" points=2
checks.week3.loss_gradient(loss_gradient)

# %% [markdown] hint=1
# In which place does the row for label 2 differ from $p$, and by how much?

# %% [markdown] hint=1
# A mean over $N$ images: how much does the loss of one image weigh in it?

# %% [markdown]
# <details><summary>The derivation, when yours has passed</summary>
#
# For one image, $\mathcal{L} = \ln \sum_{c'} e^{z_{c'}} - z_t$. The first part has the
# slope $e^{z_c} / \sum_{c'} e^{z_{c'}} = p_c$ for $z_c$; the second has the slope 1 for
# $z_t$ and 0 for all others. Over a batch,
#
# $$ \frac{\partial\mathcal{L}}{\partial z_{ic}} = \frac{p_{ic} - [c = t_i]}{N} . $$
#
# With the bracket as a row of zeros and a single 1, **one-hot**, this is "what you said
# minus what is true". The slopes of an image add up to 0. And while the network is
# wrong, the slope never fades, however sure it is.
#
# </details>

# %% [markdown] topics="gradient descent, momentum, weight decay"
# ## 3. The step
#
# `loss.backward()` carries this gradient to every weight $w$, as you did by hand in
# week 2. Then comes the step. In its plainest form it goes a little against the
# gradient $g = \partial\mathcal{L}/\partial w$, with the **learning rate** $\eta$:
# $w \leftarrow w - \eta\, g$. It is called **stochastic gradient descent**, SGD,
# because $g$ comes from a random batch.
#
# Losses have valleys that are steep in one direction and flat in another. Below is one
# with two weights, $\mathcal{L} = \tfrac12 (w_0^2 + 25\, w_1^2)$.
#
# **Predict:** a step that is right for the flat direction is far too large for the
# steep one. What will the path look like? How would a ball roll through this valley?


# %%
def walk(rate: float, momentum: float) -> np.ndarray:
    """The places (121, 2) of 120 steps through the valley, from (10, 2)."""
    w, velocity, places = np.array([10.0, 2.0]), np.zeros(2), []
    for _ in range(121):
        places.append(w)
        velocity = momentum * velocity - rate * w * [1, 25]
        w = w + velocity
    return np.array(places)


# %%
paths = {
    "plain, rate 0.077": walk(0.077, 0.0),
    "momentum, rate 0.077": walk(0.077, 0.45),
    "momentum, rate 0.11": walk(0.11, 0.45),
}
for name, places in paths.items():
    near = np.linalg.norm(places, axis=1) < 0.01
    print(f"{name}: within 0.01 of the bottom after {near.argmax()} steps")

# %%
plots.show(
    plots.week3.valley(paths, steps=20),
    caption="Twenty steps through a valley that is 25 times as steep across as along.",
    alt="Three maps of ellipses, with paths that begin at the right. Left, plain steps "
    "jump from side to side across the valley, less and less, and are still away from "
    "the middle after 20. Centre, with momentum and the same rate, the path swings "
    "across a few times and then runs along the floor to the middle. Right, with a "
    "larger rate, it swings nearly twice as wide as plain steps, zigzags all the way, "
    "and ends in the middle.",
)

# %% [markdown]
# Plain steps zigzag, and 0.077 is about as large as they can be here: beyond 0.08 each
# jump across would land higher than it began. A ball has **momentum**. It keeps part of
# its velocity $v$, so that pushes to and fro cancel, and pushes along the floor add up.
# It also bears a rate of 0.11, which would throw plain steps out of the valley: it
# swings wider at first, and is down even sooner. The network that won ImageNet in 2012
# was trained by this rule:
#
# $$ v \leftarrow \mu\, v - \eta\, (g + \lambda w) , \qquad w \leftarrow w + v , $$
#
# with $\mu = 0.9$, which is still the usual number (our ball had 0.45). A push is worth
# $\eta$ now, $0.9\,\eta$ one step later, and so on, ten times $\eta$ in all: with
# momentum 0.9 a learning rate is ten times as large as it looks.
#
# The $\lambda w$ is **weight decay**: every step pulls each weight towards 0 a little,
# by the share $\eta\lambda$ at once and, like every push, by ten times that in all. It
# is the gradient of a penalty $\tfrac12 \lambda \sum w^2$ that is added to the loss,
# hence its other name, L2. A weight stays large only if the data keep asking for it.
# *Biases* are often spared (not by PyTorch, unless one tells it to): they say where a
# unit begins to answer, not how strongly, and there are few of them. With batch
# normalisation (week 5) the same goes for its scales and shifts.
#
# PyTorch keeps its books differently. Its velocity is in units of the gradient, without
# the rate and with the other sign; the rate comes in only when the weight moves. With a
# constant rate both rules take the very same steps.
#
# **Predict:** in the middle of a run the rate drops to a hundredth. Which of the two
# brakes at once, and which goes on rolling?

# %%
weight, velocity = torch.zeros(1, requires_grad=True), 0.0
sgd = torch.optim.SGD([weight], lr=1.0, momentum=0.9)
print("how far the weight moves")
print(f"{'':6} {'2012':>8} {'PyTorch':>8}")
for step in range(9):
    sgd.param_groups[0]["lr"] = rate = 1.0 if step < 6 else 0.01
    velocity = 0.9 * velocity - rate * 1.0  # the gradient is 1 all the time
    before, weight.grad = weight.item(), torch.ones(1)
    sgd.step()
    print(f"step {step + 1} {velocity:8.2f} {weight.item() - before:8.2f}")

# %% [markdown]
# Six steps side by side, and then the rate drops. The rule of 2012 has the old rate in
# its velocity and coasts on; PyTorch's steps shrink to a hundredth at once. Papers
# rarely say which of the two they mean.

# %% [markdown]
# ### Exercise 2.3 · An optimiser of your own
# 3 points · 23 minutes · ●●●○○ · needs nothing
#
# Write it PyTorch's way, with one difference: weight decay acts on *weights*, that is
# on parameters with two or more axes. What has one axis, such as a bias, or none, does
# not decay. The rate is given with each step. Gradients stand in `p.grad`; a parameter
# whose gradient is `None` stays as it is, and so does its velocity. The velocity is 0
# at first. A step leaves the gradients as they are. To forget them is left to
# `zero_grad`, which makes all of them zero or `None`, and nothing else. `parameters` is
# what `model.parameters()` returns, and can be walked through only once. (Nothing of
# `torch.optim`, please.)


# %% exercise="own-momentum"
class Momentum:
    """SGD with momentum, PyTorch's way; biases do not decay.

    parameters: those of a model; momentum, weight_decay: μ and λ

    optimiser = Momentum(model.parameters(), weight_decay=5e-4)
    optimiser.step(0.05)  # after loss.backward()
    """

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        momentum: float = 0.9,
        weight_decay: float = 0.0,
    ) -> None:
        ### BEGIN SOLUTION
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.weight_decay = momentum, weight_decay
        ### END SOLUTION

    @torch.no_grad()
    def step(self, lr: float) -> None:
        """Move every parameter once, with the learning rate `lr`."""
        ### BEGIN SOLUTION
        for p, v in zip(self.parameters, self.velocities, strict=True):
            if p.grad is None:
                continue
            decay = self.weight_decay if p.dim() > 1 else 0.0
            v.mul_(self.momentum).add_(p.grad + decay * p)
            p -= lr * v
        ### END SOLUTION

    def zero_grad(self) -> None:
        """Forget the gradients."""
        ### BEGIN SOLUTION
        for p in self.parameters:
            p.grad = None
        ### END SOLUTION


# %% check="own-momentum" points=3
checks.week3.Momentum(Momentum)

# %% [markdown] hint=1
# Write the two rules for one weight first, with the letters of the text. What does the
# velocity hold after the second step, if the gradient is 1 each time?

# %% [markdown] hint=1
# Which things must be remembered from step to step, and for which of the parameters?
# `torch.zeros_like(p)` has the shape of `p`.

# %% [markdown] hint=1
# `p -= …` changes the parameter of the model. `p = p - …` makes a new tensor, of which
# the model knows nothing.

# %% [markdown]
# This is a good place for the break.

# %% [markdown] topics="learning rates"
# ## 4. How large a step?
#
# Of all numbers that you choose, the learning rate matters most, and nothing but trying
# tells it. Here are three rates, three seeds each, 80 steps.
#
# **Predict:** draw the three loss curves. One rate is too small, one too large. What
# does each look like?


# %%
def step_of(
    model: nn.Module, optimiser: torch.optim.Optimizer, x: Tensor, t: Tensor
) -> float:
    """One step on a batch; the loss before it."""
    loss = F.cross_entropy(model(x), t)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


# %%
def losses_of(rate: float, seed: int, steps: int = 80) -> list[float]:
    """The losses of a SmallCNN on batches of 32 of the thousand digits."""
    torch.manual_seed(seed)
    model = SmallCNN()
    sgd = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    batches = [torch.randint(len(x), (32,)) for _ in range(steps)]
    return [step_of(model, sgd, x[batch], t[batch]) for batch in batches]


# %%
rates = [0.008, 0.03, 1.0]
rate_curves = {rate: [losses_of(rate, seed) for seed in range(3)] for rate in rates}
for rate, runs in rate_curves.items():
    last = " ".join(f"{np.mean(run[-20:]):.2f}" for run in runs)
    print(f"rate {rate:6}: mean of the last 20 losses {last}")

# %%
plots.show(
    plots.week3.rate_curves(rate_curves),
    caption="One network, three learning rates, three seeds each. The dotted line is "
    "the loss of knowing nothing, ln 10.",
    alt="Three panels of loss over 80 steps, on one logarithmic scale. Smallest rate: "
    "three lines that leave the dotted line at 2.3 late and still fall at the end, "
    "between 0.5 and 1.2. Middle: they fall to 0.3 or 0.4 and jitter. Largest: two "
    "rise above 5 in the first steps, one rises a little, and then all three lie just "
    "above the dotted line.",
)

# %% [markdown]
# *Too small* looks healthy and boring: the loss falls, late, and would need some 130
# steps to come where the middle one is after fewer than 80. *Too large* is wild at the
# start and dead afterwards. It overshoots, and then the ReLUs are shut for every image:
# the same scores for all of them, a loss of about $\ln 10$, and no gradient that could
# open them again. In between it falls fast and jitters. People look for the largest
# rate that still runs, and stay somewhat below.

# %% [markdown] topics="learning-rate decay"
# ## 5. Smaller and smaller
#
# The jitter has a reason. Near the bottom the gradient is mostly *noise*, from the luck
# of the batch, and a constant rate turns it into steps of a constant size. Take the
# simplest case, one weight with $\mathcal{L} = \tfrac12 w^2$, whose gradient $w$ is
# measured with an error of size 1. Two constant rates, and one that decays like $1/t$,
# as it is usually written; this $t$ is the number of the step, not a label.
#
# **Predict:** which is nearest to 0 after 10 steps? And which after 1,000?


# %%
def distances(rate_at: Callable[[int], float]) -> np.ndarray:
    """Typical distance to the bottom at each of 1,001 times, over 400 walks from 10."""
    rng, w, found = np.random.default_rng(0), np.full(400, 10.0), []
    for step in range(1001):
        found.append(np.sqrt(np.mean(w**2)))
        w = w - rate_at(step) * (w + rng.standard_normal(400))
    return np.array(found)


# %%
decays: dict[str, Callable[[int], float]] = {
    "constant, 0.5": lambda step: 0.5,
    "constant, 0.01": lambda step: 0.01,
    "like 1/t": lambda step: 0.5 / (1 + step / 4),
}
far = {name: distances(rate_at) for name, rate_at in decays.items()}
for name, found in far.items():
    print(f"{name:15} after 10 steps {found[10]:5.2f}, after 1,000 {found[1000]:5.2f}")

# %%
plots.show(
    plots.week3.decays(far, warm_up=50, steps=500),
    caption="Left, how far from the bottom three rates get. Right, four ways to choose "
    "the rate of each step.",
    alt="Left, distance over steps, both logarithmic. The large rate falls at once and "
    "then stays near 0.6. The small rate falls late, to 0.07. The decaying rate falls "
    "at once and goes on falling, to about 0.04. Right, rates over 500 steps: a "
    "constant; three stairs down; a curve like 1/t; a straight rise of 50 steps "
    "followed by half a cosine down to 0.",
)

# %% [markdown]
# After 10 steps the large rate and the decaying one are about level, and the small one
# has hardly left; after 1,000 the large rate is where it was, the small one has come
# close, and the decaying one is closer still. A large rate is quick and stays far off;
# a small one is exact and late; a decaying one is quick *and* exact. So one begins
# large and lowers the rate. For decades this was done in stairs, to a tenth whenever
# progress stood still. Today one often sees a curve: a short **warm-up** in a straight
# line, since a fresh network is easily thrown off its feet, and then half a cosine down
# to 0.

# %% [markdown]
# ### Exercise 2.4 · Up in a line, down in a cosine
# 1 point · 8 minutes · ●●○○○ · needs nothing
#
# Write the curve on the right. Steps count from 0. The first `warm_up` of them rise in
# equal parts: the first has one part, the last has the `top`. From then on the rate
# follows half a cosine: it is the `top` at step `warm_up`, half of it midway between
# there and the end, and would be 0 at step `steps`, which is never reached. `warm_up`
# may be 0, and is smaller than `steps`. For a step that does not exist, raise a
# `ValueError`. (The schedules of torch and of the course are not an answer.)


# %% exercise="rate-of-step"
def rate_of(step: int, steps: int, top: float, warm_up: int) -> float:
    """The learning rate of step 0, 1, …, steps - 1.

    Raises ValueError for any other step.

    >>> [round(rate_of(step, 8, 0.4, warm_up=4), 3) for step in range(8)]
    [0.1, 0.2, 0.3, 0.4, 0.4, 0.341, 0.2, 0.059]
    """
    ### BEGIN SOLUTION
    if not 0 <= step < steps:
        raise ValueError(f"there is no step {step} of {steps}")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return top * (1 + math.cos(math.pi * share)) / 2
    ### END SOLUTION


# %% check="rate-of-step" points=1
checks.week3.rate_of(rate_of)

# %% [markdown] hint=1
# Which share of the way down is done at `step`? A cosine goes from 1 to −1 while its
# angle goes from 0 to $\pi$.

# %% [markdown] topics="minibatches"
# ## 6. Small batches, well shuffled
#
# Why not use all images for each step? The gradient of a batch is a mean, and the
# error of a mean shrinks with the root of $N$: a hundred times the work makes the
# direction ten times as exact. A hundred rough steps get further. Small batches, or
# *minibatches*, of 32 to 256 are common.
#
# In the ten lines, `torch.randperm` shuffles in every epoch. Suppose you forget it, and
# your files happen to be sorted: all zeros first, then all ones, and so on.
#
# **Predict:** the same network, 3 epochs on the thousand digits, sorted by class. How
# many of the others does it read?


# %%
def learned(shuffled: bool, seed: int) -> Tensor:
    """What the network says to the held images after 3 epochs on sorted digits."""
    torch.manual_seed(seed)
    model, by_class = SmallCNN(), t.argsort()
    sgd = torch.optim.SGD(model.parameters(), lr=0.2)
    for _ in range(3):
        order = by_class[torch.randperm(len(t))] if shuffled else by_class
        for batch in order.split(32):
            step_of(model, sgd, x[batch], t[batch])
    return model(x_held).argmax(1)


# %%
sorted_runs = {s: [learned(s, seed) for seed in range(3)] for s in (True, False)}
for shuffled, runs in sorted_runs.items():
    name = "shuffled" if shuffled else "sorted"
    parts = " ".join(f"{(said == t_held).float().mean():.0%}" for said in runs)
    print(f"{name:8} {parts}, answers given: {runs[0].unique().tolist()}")

# %% [markdown]
# Hardly more than guessing. For three steps everything is a 0; soon everything is a 1,
# and the 0 is forgotten; at the end the network takes all 500 images for nines. Steps
# only average out if each batch is a fair sample of the whole. (These are plain steps.
# With momentum it is no better: the velocity goes on pushing towards digits long past.)

# %% [markdown]
# ### Exercise 2.5 · Cut the batches
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# Return the batches of one epoch, as a list of pairs (images, labels), tensors of the
# same types as those that come in. Every image is in exactly one batch, at the side of
# its own label. All batches have `size` images; what is left over makes a smaller last
# one. The order is random, single images shuffled, and another one for each number
# `epoch`; for the same number it is the same again, so that a run can be repeated.
# (`torch.utils.data` and `coursekit.train` are not an answer.)


# %% exercise="cut-batches"
def batches(
    images: Tensor, labels: Tensor, size: int, epoch: int
) -> list[tuple[Tensor, Tensor]]:
    """The batches of an epoch, in the random order of that epoch.

    images: (n, …); labels: (n,); epoch: 0, 1, 2, …

    >>> [len(part) for part, _ in batches(torch.rand(7, 1), torch.arange(7), 3, 0)]
    [3, 3, 1]
    """
    ### BEGIN SOLUTION
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [(images[part], labels[part]) for part in order.split(size)]
    ### END SOLUTION


# %% check="cut-batches" points=2
checks.week3.batches(batches)

# %% [markdown] hint=1
# Shuffle the *numbers* of the images, not the images. One list of numbers can then
# choose from both tensors.

# %% [markdown] hint=1
# `torch.randperm(n, generator=dice)` throws dice of your own:
# `torch.Generator().manual_seed(epoch)`. (`torch.manual_seed(epoch)` is accepted as
# well, but it sets everybody's dice: a network made afterwards would begin with the
# same weights in every run.)

# %% [markdown] topics="accuracy, validation, early stopping"
# ## 7. When to stop
#
# The loss is for the network. For people there is **accuracy**: the part of the images
# whose highest score is at their label. And it must be measured on images that were
# never trained on. One keeps three sets: **training images** for the steps,
# **validation images** for all decisions, and **test images** for one last look. Decide
# by the test images, and you have none left.
#
# Some layers work in two ways. **Dropout** is one that, while training, sets each unit
# to 0 with a given probability (and scales up the rest), so that none can rely on
# another; in **evaluation mode** it does nothing. You write it in week 4. Batch
# normalisation, in week 5, is another.

# %% [markdown]
# ### Exercise 2.6 · Accuracy
# 1 point · 5 minutes · ●●○○○ · needs nothing
#
# Batches may differ in size. The model may come in training mode; measure in evaluation
# mode, `model.eval()`, as layers such as dropout want it. Leave its weights as they
# are. (`train.accuracy` would be the answer in one call.)


# %% exercise="own-accuracy"
def accuracy(model: nn.Module, batches: list[tuple[Tensor, Tensor]]) -> float:
    """The part of all images, 0 to 1, whose highest score is at their label.

    batches: pairs of inputs (N, …) and labels (N,); model(inputs) is (N, classes).

    >>> accuracy(nn.Identity(), [(torch.eye(3), torch.tensor([0, 1, 1]))])
    0.6666666666666666
    """
    ### BEGIN SOLUTION
    model.eval()
    hits = total = 0
    with torch.no_grad():
        for inputs, labels in batches:
            hits += int((model(inputs).argmax(1) == labels).sum())
            total += len(labels)
    return hits / total
    ### END SOLUTION


# %% check="own-accuracy" points=1
checks.week3.accuracy(accuracy)

# %% [markdown] hint=1
# Two batches, one with 100 images and one with 2. Should both count alike?

# %% [markdown]
# Here the 135 minutes end. For the other evening: select this cell and let Jupyter run
# all cells above it, which takes half a minute.

# %% [markdown]
# ### Few digits, much time
#
# Now give a dense network very few examples, 200 digits, and far too much time, 60
# epochs. The training loss of an epoch is the mean of its steps, as they come; the
# validation loss is measured after it.
#
# **Predict:** what will each of the two curves do in the end?


# %%
def dense(dropout: float = 0.0) -> nn.Sequential:
    """784 pixels to 100 units to 10 scores, with dropout between."""
    layers = [nn.Linear(784, 100), nn.ReLU(), nn.Dropout(dropout), nn.Linear(100, 10)]
    return nn.Sequential(nn.Flatten(), *layers)


# %%
def both_losses(
    model: nn.Module, rate: float, epochs: int, n: int, factor: float = 1
) -> np.ndarray:
    """Training and validation loss of each epoch, on n digits, (2, epochs)."""
    optimiser, rows = torch.optim.SGD(model.parameters(), lr=rate), []
    for _ in range(epochs):
        model.train()
        parts = torch.randperm(n).split(20)
        losses = [step_of(model, optimiser, x[part], t[part]) for part in parts]
        unseen = F.cross_entropy(model.eval()(factor * x_held), t_held).item()
        rows.append((np.mean(losses), unseen))
    return np.array(rows).T


# %%
turning = []
for seed in range(3):
    torch.manual_seed(seed)
    turning.append(both_losses(dense(), rate=0.2, epochs=60, n=200))
    curve = turning[-1][1]
    low = f"lowest {curve.min():.2f} after epoch {curve.argmin() + 1:2}"
    print(f"validation loss: {low}, at the end {curve[-1]:.2f}")

# %%
plots.show(
    plots.week3.turning_point(turning[0]),
    caption="200 digits, 60 epochs, the first of the three runs; dotted, ln 10. The "
    "training loss falls as long as you let it. The validation loss has its lowest "
    "point early (star), and then rises.",
    alt="Left, both losses over 60 epochs. They fall from 2 together; the training "
    "loss goes on to nearly 0, the validation loss leaves it after a few epochs. "
    "Right, the validation loss alone, on a larger scale: it falls steeply to about "
    "0.8, has a star there after some ten epochs, and rises steadily to about 1.",
)

# %% [markdown]
# The training loss goes on to nearly 0: these 200 images are known by heart in the end.
# The validation loss turns after some ten epochs, and rises. (With the stand-in for
# MNIST the turn comes later, and is slight.) What the network still learns then is
# about them, not about digits: it **overfits**. **Early stopping** draws the
# consequence. Measure after each epoch; whenever it is the best so far, keep a copy of
# the weights; and when a number of epochs in a row, the **patience**, have brought
# nothing better, end, and put the best weights back. You will write that at the end.
#
# Here the loss rises because the network gets surer of its mistakes; the accuracy
# hardly moves. What you stop by is a choice. In 2.9 it is the accuracy.

# %% [markdown]
# ### Exercise 2.7 · Read three curves
# 3 points · 15 minutes · ●●●○○ · needs nothing
#
# Three people show you their losses. All three networks are `dense`, all loops run
# without an error.

# %%
torch.manual_seed(0)
slow = both_losses(dense(), rate=0.003, epochs=20, n=1000)
drop = both_losses(dense(dropout=0.8), rate=0.1, epochs=20, n=1000)
odd = both_losses(dense(), rate=0.1, epochs=20, n=1000, factor=255)

# %%
plots.show(
    plots.week3.two_losses({"A": slow, "B": drop, "C": odd}),
    caption="Loss of each epoch, three networks, each panel with a scale of its own. "
    "The dotted line is ln 10.",
    alt="Three panels over 20 epochs, logarithmic. A: both curves sink together, "
    "ever faster, from 2.3 to about 1.5, and still sink at the end. B: the training "
    "loss lies above the validation loss all the time, and both flatten out. C: the "
    "training loss falls below 0.1; the validation loss lies above 30 from the first "
    "epoch on.",
)

# %% [markdown]
# The cell before the figure tells you how they were made, so that naming the cause is
# not enough. For each of A, B and C, in two or three sentences: what in the *curves*
# gives the case away, and what else could look like that? What would you change, or
# measure, next? One of the three needs no repair at all.

# %% [markdown] manual="read-curves" points=3
# ### BEGIN SOLUTION
# **A: the rate is too small** (or the training too short). Both curves still fall at
# the end, and close together, so nothing is wrong but the pace, and nothing is
# overfitted. A network that is too small would also keep the two together, but it would
# be flat. Next: a rate ten times as large; if the loss then falls faster, again.
#
# **B: healthy.** The training loss is higher because it was measured with dropout on,
# and over the epoch while the weights got better; the validation loss was measured
# with all units. A validation set that is easier would look the same. To make sure,
# measure the loss of the training images once more in evaluation mode: it must then be
# the lower one.
#
# **C: the validation images are not what the network was trained on.** Overfitting
# would start together and part later. Here the two are apart from the first epoch on,
# and 10 and more is worse than knowing nothing (2.30): the network is sure and wrong.
# So look at how both sets are prepared (here bytes were not divided by 255); labels in
# another order or a forgotten `eval` would be the next suspects. Next: print the range,
# shape and mean of a batch from both; measure the training images with the validation
# code.
#
# **Points**, one for each curve: half for the sign in the curve *with* the thing that
# tells it from another suspect, half for a next step that would decide or mend it. In B
# the second half is for a measurement (evaluation mode) or for "nothing, because …".
# ### END SOLUTION

# %% [markdown] hint=1
# Ask each curve: where does it begin, compared with ln 10? Do the two part, and when?
# Is either of them still moving at the end?

# %% [markdown] topics="a first real network, learning curves, confusion matrix"
# ## 8. Twenty seconds
#
# Everything together, on all of MNIST: the small CNN of week 1, with 5,994 weights;
# momentum 0.9; warm-up and cosine; batches of 32; two epochs. `train.fit` is the loop
# of the course. A twelfth of the training images is kept for validation.
#
# **Predict:** how many of the 10,000 test images will it get wrong? And which digits
# will it take for which?

# %%
images, labels = digits.train.images, digits.train.labels
kept = len(labels) // 12
training = data.Split(images[kept:], labels[kept:])
validation = data.Split(images[:kept], labels[:kept])

torch.manual_seed(0)
model = SmallCNN()
steps = 2 * math.ceil(len(training) / 32)
rates_of_run = train.OneCycle(0.05, steps)
history = train.fit(
    model, training, epochs=2, batch_size=32, lr=rates_of_run, validation=validation
)
final = train.accuracy(model, digits.test)
print(f"{history.seconds:.0f} seconds, {final:.2%} of the test images right")

# %%
plots.show(
    history.plot(),
    caption="The loss of every step with its running mean, and the accuracy on the "
    "validation images after each epoch.",
    alt="Left, the loss over the steps on a logarithmic scale. Its running mean falls "
    "from 2.3 to below 0.1, steeply at first; single steps scatter far around it. "
    "Right, two points: the validation accuracy after epoch 1 and, higher, after 2.",
)

# %% [markdown]
# On MNIST this seed gives 98.9 %, some 110 mistakes in 10,000, and two others that we
# tried were above 98.5 % too. On a quiet computer it takes ten to twenty seconds. Your
# number may be another: another kind of processor rounds sums in another order, and
# after some hundred steps the same seed has become, in effect, a different one.
# (Without MNIST you see the stand-in, 1,500 small digits, where two epochs are 86
# steps: expect less, and fewer mistakes to look at below.)
#
# One number hides much. A **confusion matrix** has a row for each true class, a column
# for each answer; the diagonal is what went right.

# %%
model.eval()
with torch.no_grad():
    parts = train.as_input(digits.test.images).split(500)
    scores = torch.cat([model(part) for part in parts])
true, said = digits.test.labels, scores.argmax(1)
confusion = torch.bincount(10 * true + said, minlength=100).reshape(10, 10)
each = F.cross_entropy(scores, true, reduction="none")
sure = scores.softmax(1).max(1).values
wrong = each.argsort(descending=True)[:10]
named = [f"{true[i]}, said {said[i]} ({sure[i]:.2f})" for i in wrong]

# %%
plots.show(
    plots.week3.confusion_matrix(confusion),
    caption="Rows: what it is. Columns: what the network said. Only the mistakes are "
    "coloured.",
    alt="A table of ten by ten. The diagonal holds large counts in grey, on MNIST "
    "about 900 to 1,130. Off the diagonal most cells are empty or hold 1 or 2; a few "
    "dark ones hold more, on MNIST those for 9 and 4, which were taken for each other.",
)

# %%
plots.show(
    plots.images(list(digits.test.images[wrong, 0]), named, columns=5, size=1.6),
    caption="The ten costliest mistakes: the truth, the answer, and how sure it was.",
    alt="Ten digits with the largest losses, most of them badly written, slanted or "
    "cut off; above each the true class, the answer and its probability.",
)

# %% [markdown]
# Most often, on MNIST, a 4 is taken for a 9 or a 9 for a 4. Look at the pictures before
# you change anything. Some of these digits you would have read wrongly too, and about
# some labels one can argue. A few are plain, and those are the ones to learn from.

# %% [markdown] topics="habits, broken loops"
# ## 9. Five loops, one of them right
#
# A wrong loop rarely crashes. What helps are habits that cost a minute:
#
# - *Look at the data* as the network gets them: a few images with their labels, after
#   shuffling and preparing. Check shapes and ranges.
# - *Look at the first loss.* It should be about the logarithm of the number of classes.
# - *Overfit ten images.* If the loss of ten images does not go to 0, nothing else will
#   work either.
# - *Change one thing at a time*, and repeat it with another seed.

# %%
torch.manual_seed(0)
tiny = SmallCNN()
sgd = torch.optim.SGD(tiny.parameters(), lr=0.05, momentum=0.9)
for step in range(61):
    now = step_of(tiny, sgd, x[:10], t[:10])
    if step % 20 == 0:
        print(f"step {step:2}: loss {now:.4f}")

# %% [markdown]
# That loop is sound. Now to five friends. Each has written one for a dense network with
# dropout, a thousand training images and the 500 held ones for validation. One loop is
# right. In each of the others a single thing has gone wrong:
#
# - gradients are never zeroed, so that they pile up;
# - the model stays in training mode when it is measured;
# - the validation images are trained on as well;
# - images and labels are shuffled, but not together.

# %%
faults = ["none", "pile up", "no eval", "held trained", "apart"]
secret = dict(zip("ABCDE", np.random.default_rng(29).permutation(faults), strict=True))


# %%
def epoch_of(model: nn.Module, sgd: torch.optim.Optimizer, fault: str) -> float:
    """One epoch, with one fault; the mean loss."""
    both = (torch.cat([x, x_held]), torch.cat([t, t_held]))
    images, labels = both if fault == "held trained" else (x, t)
    order, losses = torch.randperm(len(images)), []
    other = torch.randperm(len(images)) if fault == "apart" else order
    for batch, named in zip(order.split(50), other.split(50), strict=True):
        loss = F.cross_entropy(model(images[batch]), labels[named])
        if fault != "pile up":
            sgd.zero_grad()
        loss.backward()
        sgd.step()
        losses.append(loss.item())
    return float(np.mean(losses))


# %%
def friend(letter: str, seed: int = 0, epochs: int = 25) -> tuple[nn.Module, str]:
    """The model that a friend has trained, and what the friend reports."""
    torch.manual_seed(seed)
    model, fault = dense(dropout=0.7), secret[letter]
    sgd = torch.optim.SGD(model.parameters(), lr=0.2)
    losses = [epoch_of(model, sgd, fault) for _ in range(epochs)]  # in training mode
    model.train(fault == "no eval")
    says = (model(x_held).argmax(1) == t_held).float().mean()
    report = f"loss {losses[0]:5.2f} → {losses[-1]:5.2f}, accuracy {says:4.0%}"
    return model, report


friends = {letter: friend(letter) for letter in "ABCDE"}
for letter, (_, report) in friends.items():
    print(f"{letter}: {report}")

# %% [markdown]
# **Predict:** which letter is which? Two of them stand out. About the other three the
# reports make you suspect; measure before you accuse, also on images that none of the
# friends has seen.

# %% [markdown]
# ### Exercise 2.8 · Who has done what?
# 2 points · 12 minutes · ●●●○○ · needs 2.6
#
# Find the letter of each loop by measuring, not by printing `secret`.
# `friends["A"][0]` is a trained model, `train.accuracy(model, held)` measures one
# honestly, and `digits.test` has new images. `friend("A", seed=1)` trains once more,
# with other luck.

# %% exercise="five-loops"
right_loop: str | None = None
gradients_pile_up: str | None = None
forgets_eval: str | None = None
trains_on_validation: str | None = None
labels_apart: str | None = None
### BEGIN SOLUTION
right_loop = "D"
gradients_pile_up = "E"
forgets_eval = "C"
trains_on_validation = "A"
labels_apart = "B"
### END SOLUTION

# %% check="five-loops" points=2 quiz=1
checks.week3.five_loops(
    right_loop=right_loop,
    gradients_pile_up=gradients_pile_up,
    forgets_eval=forgets_eval,
    trains_on_validation=trains_on_validation,
    labels_apart=labels_apart,
)

# %% [markdown] hint=1
# What is the best loss one can reach when a label says nothing about its image? And
# what does a pile of old gradients do: compare it with momentum, $\mu = 1$.

# %% [markdown] hint=1
# Make a table with three columns for each letter: the reported accuracy, the accuracy
# on the 500 held images measured by you, and that on the test images. In a right loop
# all three agree. Which pair differs in which fault?

# %% [markdown]
# <details><summary>The signs, when yours has passed</summary>
#
# *Shuffled apart:* the loss sits at $\ln 10$, the best there is when labels say
# nothing; the accuracy sits at a tenth. *Piled up:* old gradients never fade, which is
# momentum with $\mu = 1$, a ball without friction: it never comes to rest. Nearly all
# ReLUs are shut by then, as in section 4; what is left goes on swinging. *No eval:* the
# model is as good as the right one, but its report is too low, because dropout was
# still on. *Validation trained on:* the report is too good to be true, and only fresh
# images tell. The last two cost no accuracy. They cost you the measure by which you
# decide, which is worse.
#
# </details>

# %% [markdown]
# Back to your two lists from the start. In a fresh kernel five lines leave a name
# missing, and Python complains: the optimiser, both `for`, the scores, the loss.
# Without a restart the old names are still there, and a loop without its `optimiser`
# line trains the model of before, without a word. Without `backward` or `step` nothing
# moves, and the loss stays at 2.3. Without `zero_grad` gradients pile up. The two modes
# change nothing here, since this network has no dropout, and everything in another.

# %% [markdown]
# ## 10. Your own fit
#
# You have all parts now. Put them together, as you think best.

# %% [markdown]
# ### Exercise 2.9 · Build: a loop you can trust
# 3 points · 35 minutes · ●●●●● · needs 2.5, 2.6
#
# Write `fit`. It trains a model in place and returns the validation accuracies, 0 to 1,
# of the epochs that it ran. These must hold, whatever model and data come in:
#
# - every epoch uses each training image exactly once, in batches of `size` (what is
#   left over makes a smaller last one), in a new random order each time; a step goes
#   down the mean cross-entropy of its batch;
# - the steps of epoch $e$ have the learning rate `rates[e]`. There are at most
#   `len(rates)` epochs. The optimiser is torch's, ready made for the model; its
#   parameters may be in several groups, and the rate holds for all of them;
# - the model trains in training mode. After each epoch it is measured, in evaluation
#   mode, on the validation images, from which it never learns;
# - when `patience` epochs in a row have brought no accuracy above the best so far,
#   training ends. The model is left with all that it held after its best epoch, the
#   first of them if several are equally good.
#
# If all this holds, it learns: in the first case of the check, at least 90 % of images
# that your `fit` has never seen must be right, within 60 steps. (Nothing of
# `coursekit.train`. `F.cross_entropy` and the like are yours now.)


# %% exercise="own-fit"
def fit(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    training: tuple[Tensor, Tensor],
    validation: tuple[Tensor, Tensor],
    size: int,
    rates: list[float],
    patience: int,
) -> list[float]:
    """Train `model`, leave it at its best; the validation accuracy of each epoch.

    training, validation: inputs (n, …) and labels (n,); rates: of each epoch, from 0;
    patience: so many epochs in a row without a new best, and it ends.
    """
    ### BEGIN SOLUTION
    (x, t), found, best = training, [], {}
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > max(found[:-1], default=-1.0):
            best = copy.deepcopy(model.state_dict())
        if len(found) - 1 - found.index(max(found)) >= patience:
            break
    model.load_state_dict(best)
    return found
    ### END SOLUTION


# %% check="own-fit" points=3
checks.week3.fit(fit)

# %% [markdown] hint=1
# Which of the ten lines from the start are there already? What has to be remembered
# from one epoch to the next?

# %% [markdown] hint=1
# `model.state_dict()` shows the tensors of the model themselves. What will they hold
# two epochs later? And which of them are no parameters? `model.load_state_dict(…)` puts
# such a dictionary back.

# %% [markdown] hint=1
# Your model is right after the first epoch and wrong after the second? Then look at its
# mode in line one of an epoch. Patience off by one? Write the list .5, .6, .6, .4 and
# patience 2 on paper: which epoch is the last?

# %% [markdown]
# When it passes, give it MNIST, in a cell of your own: tensors by `train.as_input`,
# `rates=[0.05, 0.02, 0.005]`, batches of 32, momentum 0.9. You need no loop of ours for
# the rest of the course.

# %% [markdown]
# ## What to take with you
#
# The loss is $-\ln$ of the probability that the truth was given; a network that knows
# nothing pays $\ln 10$ for ten classes. For the scores its gradient is *what you said
# minus what is true*, divided by $N$. The step follows a velocity, in which pushes to
# and fro cancel; weights decay, biases do not. The learning rate is the number to try
# first: too small looks dull, too large dies at $\ln 10$. It should fall in the end,
# because noise makes a constant rate hover. Batches must be fair samples, shuffled
# anew, nothing lost. What you decide by must never be trained on, and the weights to
# keep are those of the best epoch, not of the last. And what is forgotten, zeroing,
# modes or shuffling, runs without a word.
#
# **Where people slip**
#
# - Softmax first, logarithm later: fine until a probability rounds to 0.
# - The gradient of a *mean* without the $N$: then the rate depends on the batch.
# - Taking "momentum 0.9" for one and the same rule everywhere. Where is the rate?
# - Measuring in training mode, or training in evaluation mode for the rest of the run.
# - `best = model.state_dict()`, without a copy: the best moves on with the model.
# - Averaging the accuracies of batches that differ in size.
# - Choosing by the test images. They were your last honest measure.
#
# **Next:** you can train whatever you can build. Week 4 builds LeNet-5 and AlexNet.
#
# **To read on:** Bottou, *Stochastic gradient descent tricks* (2012); Prechelt, *Early
# stopping, but when?* (1998), with an answer; Goh, *Why momentum really works* (2017),
# with valleys you can touch; Smith and Topin, *Super-convergence* (2018), where rising
# and falling rates in one cycle come from.
