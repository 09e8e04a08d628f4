# %% [markdown]
# # LeNet-5
#
# Week 4 · notebook 1 of 5 · about 135 minutes · 19 points
#
# All other networks in this course descend from this one, of 1998. You take it apart,
# build it with exactly its 60,000 weights, look at what it gets wrong, and end with a
# network of your own that has a tenth of them.
#
# The 135 minutes are for two sittings, as far as section 4, with a break after section
# 2. What comes then is for another evening: half an hour on what the network of today
# reads and misreads, and section 8, a network of your own (40 minutes or more); 6 of
# the 19 points.
#
# **When you are done, you can**
#
# - follow an image through LeNet-5, and count weights and connections on the way;
# - say what a subsampling with weights can do that an average cannot;
# - write a convolution whose maps see only some of the maps before;
# - build a published network so that every count and every output agrees;
# - tell from a parameter count what somebody has changed;
# - say which digits a network confuses, and build a small one that copes with shifts.
#
# **You need** from week 1 the four counts of a layer (exercise 3.8) and the activation
# functions, from week 3 pooling and the ten lines that train a network.

# %%
import math
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, plots, train
from coursekit.data.catalogue import MNIST
from coursekit.data.stand_in import stand_in
from coursekit.models import lenet5
from coursekit.models.lenet import C3_INPUTS, LeNet5, digit_bitmaps, start_1998

BITMAPS = digit_bitmaps()  # (10, 84), of −1 and 1: section 1 shows them

# %% [markdown]
# ## Sixty thousand weights that read cheques
#
# In 1998 LeCun, Bottou, Bengio and Haffner described a system that read the amounts on
# bank cheques, several million a day by their account. At its heart was **LeNet-5**.
# Here it is, with the digits that it was made for. Each gets a frame of two pixels, and
# black becomes −0.1, white 1.175, so that the mean of all pixels is close to 0.


# %%
class Framed(nn.Module):
    """Bytes (n, 1, 28, 28) to the numbers (n, 1, 32, 32) that LeNet-5 wants."""

    def forward(self, images: Tensor) -> Tensor:
        numbers = images.float() / 255 * 1.275 - 0.1
        return F.pad(numbers, (2, 2, 2, 2), value=-0.1)


def tenth(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """Cross-entropy of a tenth of the scores, which run into hundreds."""
    return F.cross_entropy(model(images) / 10, labels)


digits, framed = data.mnist(), Framed()


# %%
def first(n: int, split: data.Split) -> data.Split:
    """The first n images, or as many as there are."""
    return data.Split(split.images[:n], split.labels[:n])


# %%
def learn_digits(
    model: nn.Module,
    split: data.Split,
    epochs: int,
    loss: Callable[[nn.Module, Tensor, Tensor], Tensor] = train.cross_entropy,
    seed: int = 0,
    label: str | None = "Training",
) -> None:
    """Train with batches of 64 and one cycle of rates up to 0.05."""
    rates = train.OneCycle(0.05, epochs * math.ceil(len(split) / 64))
    how = {"prepare": framed, "loss": loss, "seed": seed, "label": label}
    how["channels_last"] = True  # another order in memory: the same, but quicker
    train.fit(model, split, epochs=epochs, lr=rates, **how)


# %%
torch.manual_seed(0)
model = LeNet5()
start_1998(model)
learn_digits(model, first(20_000, digits.train), epochs=1, loss=tenth)
error = 1 - train.accuracy(model, digits.test, prepare=framed)
print(f"{error:.2%} of the test images are misread")

# %% [markdown]
# One look at each of 20,000 digits, and about 97 of 100 new ones are read. (On the
# stand-in, when MNIST cannot be had, there are 24 steps in place of 313: expect far
# less, here and below.) The scores run into hundreds, and a softmax of such numbers is
# sure of everything; hence the tenth.

# %% [markdown] topics="LeNet-5, maps of a digit, fixed output codes"
# ## 1. What every layer says about one digit
#
# **Predict:** the layers are called C1, S2, C3, S4, C5 and F6: C for convolution, S for
# subsampling, F for fully connected. All kernels are 5 × 5, nothing is padded, and a
# subsampling halves. How large are the maps of each layer, when 32 × 32 come in?


# %%
def answers_of(model: LeNet5, x: Tensor) -> dict[str, Tensor]:
    """What each layer says about one image x (1, 1, 32, 32)."""
    found = {"image": x}
    for name in ("c1", "s2", "c3", "s4", "c5", "f6"):
        x = x.flatten(1) if name == "f6" else x
        found[name.upper()] = x = model.squash(model.get_submodule(name)(x))
    return {name: answer[0].squeeze() for name, answer in found.items()}


image = framed(digits.test.images[digits.test.labels == 5][2:3])
with torch.no_grad():
    answers = answers_of(model, image)
answers["image"] = answers["image"][None]

# %%
plots.show(
    plots.week4.pipeline(answers),
    caption="One 5 on its way through LeNet-5, every map to scale: white is a large "
    "positive answer, black a large negative one.",
    alt="From left to right: a handwritten 5 of 32 by 32 pixels; six maps of 28 by 28 "
    "in which its strokes and their edges are bright or dark; six of 14 by 14, the "
    "same but coarser, some of them with black and white swapped; sixteen of 10 by 10 "
    "with coarse pieces of it; sixteen of 5 by 5, blots of which one or two still have "
    "the shape of a 5; a column of 120 black, grey and white stripes and one of 84.",
)

# %% [markdown]
# 32 → 28 → 14 → 10 → 5 → 1. The maps of C1 and S2 still show the 5; in some maps of C3
# one can still read it, and in S4 a 5 is left in one or two, for those who know that it
# is there. C5 is a convolution as well, but its window of 5 × 5 fits only once into
# maps of 5 × 5: 120 maps of a single pixel, in effect a dense layer. (Week 1 drew it as
# one. The difference shows on a larger image: a dense layer refuses it, and C5 stops at
# more places.)
#
# The end is unlike all that came later. F6 has 84 units, and 84 is 7 · 12: its answer
# is to be a little *picture*. For each digit somebody drew a bitmap of 7 × 12, black +1
# and white −1. The score of a digit is minus the squared distance of F6 to its bitmap.
# The bitmaps are fixed; nothing in the output is learned.
#
# **Predict:** what will F6 have painted for our 5?

# %%
distances = (answers["F6"] - BITMAPS).square().sum(1)

# %%
plots.show(
    plots.week4.codes(BITMAPS, answers["F6"], distances),
    caption="What F6 has painted for the 5, and above each bitmap its squared "
    "distance. Here black is +1, the other way round than above. (The paper shows its "
    "bitmaps in a figure only; these are drawn anew.)",
    alt="Eleven pictures of 7 by 12 pixels. The first, of F6, is a muddle of black, "
    "grey and white cells in which the bars of a 5 can be made out, two of them thick "
    "and ragged. Then the digits 0 to 9 in black on white, numbers above; "
    "that above the 5 is by far the smallest, and its frame is orange.",
)

# %% [markdown]
# Something of a 5 is there, and much that does not belong: a wrong pixel costs 4, so
# that the distance is that of a picture with nearly twenty wrong pixels. The loss asks
# only that the 5 be *nearer* than the other nine. (The paper's loss has one more term,
# which goes on pulling towards the right picture.)
#
# Why pictures at all? The same codes were to serve for all printable characters. O, 0
# and o, hard to tell apart, have codes that lie near each other, and a program that
# knows which words may stand there can choose later. For ten digits a linear layer does
# as well, and so the network is mostly built today.

# %% [markdown]
# ### Exercise 1.1 · Quiz: by hand
# 1 point · 10 minutes · ●●○○○ · needs 3.8 (week 1)
#
# Count as in week 1, biases included. A neuron of S2 adds four numbers, multiplies the
# sum by *one* weight and adds *one* bias. Each map has its own pair. The paper counts a
# connection for each of the four, and one for the bias.
#
# How many parameters has S2, and how many connections? How many parameters have C5 and
# F6? And if an image of 44 × 44 came in, at how many places does the window of C5
# stand?

# %% exercise="lenet-sizes"
parameters_of_s2: int | None = None
connections_of_s2: int | None = None
parameters_of_c5: int | None = None
parameters_of_f6: int | None = None
places_of_c5: int | None = None
### BEGIN SOLUTION
parameters_of_s2 = 6 * (1 + 1)
connections_of_s2 = 6 * 14 * 14 * (4 + 1)
parameters_of_c5 = 120 * (16 * 5 * 5 + 1)
parameters_of_f6 = 84 * (120 + 1)
places_of_c5 = 4 * 4
### END SOLUTION

# %% check="lenet-sizes" points=1 quiz=1
checks.week4.lenet_sizes(
    parameters_of_s2=parameters_of_s2,
    connections_of_s2=connections_of_s2,
    parameters_of_c5=parameters_of_c5,
    parameters_of_f6=parameters_of_f6,
    places_of_c5=places_of_c5,
)

# %% [markdown] hint=1
# For connections: how many neurons has S2, all maps together, and how many connections
# has one of them?

# %% [markdown] hint=1
# How many numbers does one unit of C5 see, over all maps of S4?

# %% [markdown] hint=1
# Walk through the layers with 44 in the place of 32. The places are on rows *and* on
# columns.

# %% [markdown] topics="trainable subsampling"
# ## 2. A subsampling that learns
#
# An average has nothing to learn, and neither has a maximum. The S layers of 1998 have
# a weight $w_i$ and a bias $b_i$ for each map $i$: of four neighbours
#
# $$ a_i = w_i \, (x_1 + x_2 + x_3 + x_4) + b_i . $$
#
# Windows do not overlap. Then, as behind every layer up to F6, the sum is *squashed*:

# %%
plots.show(
    plots.week4.squash(),
    caption="The squashing function f(a) = 1.7159 tanh(2a/3). The factors are chosen "
    "so that f(1) = 1 and f(−1) = −1.",
    alt="An S-shaped curve through the origin, nearly flat at 1.7 and −1.7, and a "
    "dotted straight line. They meet at two marked points, (1, 1) and (−1, −1).",
)

# %% [markdown]
# ### Exercise 1.2 · Subsampling
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# Write the layer, without the squashing. Call the two parameters `weight` and `bias`,
# each with one number for each map; at first all weights are 1/4 and all biases 0, so
# that the layer starts as an average. Heights and widths are even. (The layers of
# `coursekit.models` are not an answer; torch's poolings are yours to use.)


# %% exercise="own-subsampling"
class Subsampling(nn.Module):
    """Maps x (n, maps, h, w), h and w even, to (n, maps, h/2, w/2).

    Subsampling(6)(torch.ones(1, 6, 28, 28))  # 14 × 14 ones in each of 6 maps
    """

    def __init__(self, maps: int) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """Weight times the sum of each four, plus the bias."""
        ### BEGIN SOLUTION
        weight, bias = (p[:, None, None] for p in (self.weight, self.bias))
        return weight * F.avg_pool2d(x, 2) * 4 + bias
        ### END SOLUTION


# %% check="own-subsampling" points=2
checks.week4.Subsampling(Subsampling)

# %% [markdown] hint=1
# Which pooling of week 3 is nearest to a sum, and what is missing?

# %% [markdown] hint=1
# `weight` has the shape (maps,), the sums have (n, maps, h/2, w/2), and torch lines up
# shapes from the *right*. Which axes does `weight` need?

# %% [markdown]
# Two numbers a map: what can they do that an average cannot? Say that an input of +1
# means *found*, and −1 *not found*.
#
# **Predict:** with which weight and bias does a unit say yes if *any* of its four
# inputs found something? And with which, if *all* of them did?

# %% [markdown]
# ### Exercise 1.3 · Any, most, all
# 2 points · 10 minutes · ●●●○○ · needs nothing
#
# Find a rule for the weight and the bias. Of four inputs, each +1 or −1, the squashed
# answer $f(w \cdot \text{sum} + b)$ must be 0.9 or more when at least `at_least` of
# them are +1, and −0.9 or less when fewer are. `at_least` is 1, 2, 3 or 4.


# %% exercise="pixel-gate"
def gate(at_least: int) -> tuple[float, float]:
    """Weight and bias of a unit that says yes to `at_least` or more of four inputs.

    >>> w, b = gate(3)  # sums of 4 and 2 are enough for a yes, a sum of 0 is not
    >>> bool(1.7159 * math.tanh((2 * w + b) * 2 / 3) >= 0.9)
    True
    >>> bool(1.7159 * math.tanh(b * 2 / 3) <= -0.9)
    True
    """
    ### BEGIN SOLUTION
    weight = 2.0
    return weight, weight * (5 - 2 * at_least)
    ### END SOLUTION


# %% check="pixel-gate" points=2
checks.week4.gate(gate)

# %% [markdown] hint=1
# Which sums are possible? Write all five down, and mark between which two of them the
# answer has to change its sign.

# %% [markdown] hint=1
# In the middle between those two, $w \cdot \text{sum} + b$ should be 0. How far from 0
# must it be at the two themselves, and how far from the middle are they?

# %% [markdown]
# With a small weight the unit stays in the straight part of the curve: it blurs, as an
# average does. With a large one it decides, and the bias says how many it takes. A
# maximum could be nothing but *any*.
#
# **Predict:** which of these has our network made of its S2 and S4?

# %%
learned = {
    name: (layer.weight.tolist(), layer.bias.tolist())
    for name, layer in {"S2": model.s2, "S4": model.s4}.items()
}
for name, (weights, _) in learned.items():
    print(name, "weights", *(f"{weight:5.2f}" for weight in weights))

# %%
plots.show(
    plots.week4.subsampled(learned),
    caption="What the units of S2 and S4 answer to the sum of their four inputs, a "
    "curve for each map, after training.",
    alt="Two panels of curves over a sum from −4 to 4, all passing close to the "
    "origin. S2: one rises from −1.6 to 1.5, five fall, gently bent. S4: some rise, "
    "some fall as far as that, a few are nearly flat.",
)

# %% [markdown]
# S2 mostly blurs, and S4 is in between. With inputs of ±1 a unit needs a weight of
# 0.874 or more in size to decide (try it in 1.3), and the largest here is 0.65. But the
# inputs reach ±1.7, and in S4 about half of the answers lie beyond ±0.9; in S2 it is a
# fifth. That some weights are negative does not matter: the next layer can turn the
# sign again. So little was lost when the field went on with plain averages, and later
# with maxima.

# %% [markdown]
# This is a good place for the break.

# %% [markdown] topics="sparse connections"
# ## 3. Why not all maps?
#
# A map of C3 looks for patterns among those that C1 has found. But it does not look at
# all six maps of S2.

# %%
plots.show(
    plots.week4.connections(C3_INPUTS),
    caption="Which maps of S2 each map of C3 sees, after table I of the paper.",
    alt="A grid of 6 rows and 16 columns with 60 dots. Columns 0 to 5 have three dots "
    "one below the other, moving down by one each time and round the end; columns 6 to "
    "11 have four in a row in the same way; columns 12 to 14 have two and two; column "
    "15 has all six.",
)

# %% [markdown]
# Count the dots: 6 · 3 + 9 · 4 + 6 = 60 kernels of 25 weights, and 16 biases: 1,516.
# With all 96 pairs it would be 2,416. The authors give two reasons. It saves a good
# third of the work in the costliest layer; and maps that see different things *must*
# become different, they cannot all learn the same.
#
# **Predict:** does the table help the network to read, does it harm, or does it not
# matter? We train both kinds, three times each, and let 4,000 images of the test file
# judge. (Whoever chooses by them makes validation images of them, in the words of week
# 3, and has no honest measure left. Here nothing is chosen; we want to know.)


# %%
def fresh_lenet(all_maps: bool) -> LeNet5:
    """LeNet-5, with the table or with a C3 that sees all maps, started alike."""
    network = LeNet5()
    start_1998(network)
    if all_maps:
        network.c3 = nn.Conv2d(6, 16, 5)  # type: ignore[assignment]
        nn.init.uniform_(network.c3.weight, -math.sqrt(3 / 150), math.sqrt(3 / 150))
        nn.init.zeros_(network.c3.bias)
    return network


few, judges = first(3000, digits.train), first(4000, digits.test)


# %%
def error_of(all_maps: bool, seed: int) -> float:
    """The part of the judges that is misread after two epochs on a few digits."""
    torch.manual_seed(seed)
    network = fresh_lenet(all_maps)
    learn_digits(network, few, epochs=2, loss=tenth, seed=seed, label=None)
    return 1 - train.accuracy(network, judges, prepare=framed)


errors = {
    name: [error_of(name == "all maps", seed) for seed in range(3)]
    for name in ("table", "all maps")
}
for name, found in errors.items():
    print(f"{name:9}", *(f"{one:6.1%}" for one in found), "wrong")

# %% [markdown]
# It does not matter, as far as we can see: 10.0 to 10.6 % wrong with the table, 9.8 to
# 10.3 % with all maps, and the luck of the start makes as much. (They are all so bad
# because they have learned from 3,000 digits.) So the table saves a third of C3 at no
# cost. It is not used any more, since a layer with all pairs is a single call, but the
# idea returns in notebook 2, where AlexNet splits its maps into two groups.

# %% [markdown]
# ### Exercise 1.4 · A convolution with a table
# 3 points · 20 minutes · ●●●○○ · needs nothing
#
# Write a convolution whose map $i$ sees the input maps in `table[i]`, and only those:
# it adds what one kernel finds in each of them, and its bias. No padding, stride 1, no
# squashing. Only the kernels that exist may be kept: call them `weight`, of the shape
# (connections, k, k), in the order of the table, row by row and each row from left to
# right as it stands. The biases are `bias`, one for each row. Any start will do. The
# input may have maps that nobody looks at. (Nothing of `coursekit.models`; `F.conv2d`
# is yours to use.)


# %% exercise="sparse-conv"
class SparseConv(nn.Module):
    """Maps x (n, inputs, h, w) to (n, len(table), h - k + 1, w - k + 1).

    SparseConv(((0, 1), (2,)), k=5)  # weight (3, 5, 5), bias (2,)
    """

    def __init__(self, table: Sequence[Sequence[int]], k: int) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k) / k)
        self.bias = nn.Parameter(torch.zeros(len(table)))
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """All maps of the layer."""
        ### BEGIN SOLUTION
        kernels = self.weight.split([len(seen) for seen in self.table])
        maps = [
            F.conv2d(x[:, list(seen)], kernel[None], bias[None])
            for seen, kernel, bias in zip(self.table, kernels, self.bias, strict=True)
        ]
        return torch.cat(maps, dim=1)
        ### END SOLUTION


# %% check="sparse-conv" points=3
checks.week4.SparseConv(SparseConv)

# %% [markdown] hint=1
# Write it for one row first. Which shape does `F.conv2d` want for the kernels of a
# single output map that sees three input maps?

# %% [markdown] hint=1
# `x[:, [0, 4, 5]]` takes three maps. How many kernels are used up before row $i$
# begins?

# %% [markdown]
# A layer with all pairs in which the missing kernels are set to 0 computes the same.
# But it keeps 2,416 numbers, and the first step of training would fill the zeros in.

# %% [markdown] topics="exact counts"
# ## 4. Sixty thousand, exactly
#
# You have all parts. Here is the whole network in the words of the paper:
#
# | layer | what | out | parameters |
# |---|---|---|---:|
# | C1 | 6 kernels of 5 × 5 | 6 × 28 × 28 | 156 |
# | S2 | subsampling with weights | 6 × 14 × 14 | 12 |
# | C3 | 60 kernels of 5 × 5, by the table | 16 × 10 × 10 | 1,516 |
# | S4 | subsampling with weights | 16 × 5 × 5 | 32 |
# | C5 | 120 kernels of 16 × 5 × 5 | 120 × 1 × 1 | 48,120 |
# | F6 | dense | 84 | 10,164 |
# | output | minus squared distance to ten bitmaps | 10 | 0 |
# | | | | *60,000* |
#
# Four fifths of the weights sit in C5. The convolutions proper, C1 and C3, have less
# than three percent of them, and do most of the work.

# %% [markdown]
# ### Exercise 1.5 · LeNet-5
# 3 points · 25 minutes · ●●●●○ · needs 1.2, 1.4
#
# Build it, with your `Subsampling` and `SparseConv`, `C3_INPUTS` for the table and
# `BITMAPS` (10, 84). Behind each layer from C1 to F6 comes $f(a) = 1.7159 \tanh(2a/3)$;
# the output has none. C1 and C5 are convolutions of torch, F6 is a linear layer of
# torch. The bitmaps are not learned, but belong to the network and move with it, say to
# float64: keep them in a *buffer*, a tensor that the module owns and no optimiser sees
# (`self.register_buffer("name", tensor)`, and then `self.name`). Nothing else is kept.
# The check copies weights into your network, whatever you call the layers, and compares
# the scores; any start will do. (Nothing of `coursekit.models`.)


# %% exercise="own-lenet"
class LeNet(nn.Module):
    """Images x (n, 1, 32, 32) to scores (n, 10): minus squared distances.

    LeNet()(image)  # of the shape (1, 10)
    """

    def __init__(self) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.c1, self.c5 = nn.Conv2d(1, 6, 5), nn.Conv2d(16, 120, 5)
        self.s2, self.s4 = Subsampling(6), Subsampling(16)
        self.c3 = SparseConv(C3_INPUTS, 5)
        self.f6 = nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)
        ### END SOLUTION

    def forward(self, x: Tensor) -> Tensor:
        """The scores."""
        ### BEGIN SOLUTION
        for layer in (self.c1, self.s2, self.c3, self.s4, self.c5):
            x = 1.7159 * torch.tanh(2 / 3 * layer(x))
        x = 1.7159 * torch.tanh(2 / 3 * self.f6(x.flatten(1)))
        return -(x[:, None] - self.bitmaps).square().sum(2)
        ### END SOLUTION


# %% check="own-lenet" points=3
checks.week4.LeNet(LeNet)

# %% [markdown] hint=1
# Not 60,000? Print `sum(p.numel() for p in layer.parameters())` for each layer and
# compare with the table above.

# %% [markdown] hint=1
# Which shape has the answer of C5, and which does F6 want? For the distances put an
# axis between: (n, 1, 84) and (10, 84) give all pairs.

# %% [markdown]
# ### The same name, other networks
#
# Whoever says "LeNet-5" today mostly means `lenet5()`: C3 sees all maps (900 more),
# subsampling is a plain average (44 fewer), and the bitmaps are a linear layer (850
# more). That makes 61,706. The next exercise happens in real life: somebody sends a
# network, you look at the number, and know what was changed.

# %% [markdown]
# ### Exercise 1.6 · Quiz: five friends
# 2 points · 12 minutes · ●●●○○ · needs 1.1
#
# Five friends have built the network of 61,706. All of them run, all of them learn,
# and in each a *single* thing is different:
#
# | friend | A | B | C | D | E |
# |---|---|---|---|---|---|
# | parameters | 44,426 | 61,684 | 62,006 | 61,750 | 63,066 |
#
# What has each of them done? `"no biases"`: C1 and C3 have none. `"colour"`: the images
# have three channels. `"no frame"`: the images come in as 28 × 28, without the frame.
# `"letters"`: 26 classes. `"table"`: C3 follows the table. `"subsampling"`: S2 and S4
# have weights and biases. One of the six words is left over.

# %% exercise="lenet-friends"
friend_a: str | None = None
friend_b: str | None = None
friend_c: str | None = None
friend_d: str | None = None
friend_e: str | None = None
### BEGIN SOLUTION
friend_a = "no frame"
friend_b = "no biases"
friend_c = "colour"
friend_d = "subsampling"
friend_e = "letters"
### END SOLUTION

# %% check="lenet-friends" points=2 quiz=1
checks.week4.lenet_friends(
    friend_a=friend_a,
    friend_b=friend_b,
    friend_c=friend_c,
    friend_d=friend_d,
    friend_e=friend_e,
)

# %% [markdown] hint=1
# Take the differences to 61,706 first. For each of the six changes: in which layer does
# it add or take away weights, and how many for each map or unit?

# %% [markdown] hint=1
# Without the frame, which sides do the maps have, and how many numbers does a unit of
# C5 see then?

# %% [markdown]
# A, without the frame, happens easily: every map is smaller, and C5 loses a third of
# its weights. The network learns nevertheless. No error tells you that it is not the
# network of the paper; the count does.

# %% [markdown]
# Here the 135 minutes end. For the other evening: select this cell and let Jupyter run
# all cells above it.

# %% [markdown] topics="paper and ours"
# ## 5. In today's dress
#
# **Predict:** C3 sees all maps, a maximum takes the place of the learned subsampling,
# ReLU that of the squashing function, and a linear layer that of the bitmaps: 61,706
# weights. Two epochs, half a minute. The network of 1998 had 0.95 % wrong in the paper,
# after twenty epochs. How near will this one come?

# %%
torch.manual_seed(0)
modern = lenet5(image_size=32, activation=nn.ReLU, pool=nn.MaxPool2d)
learn_digits(modern, digits.train, epochs=2)
wrong_part = 1 - train.accuracy(modern, digits.test, prepare=framed)
print(f"{wrong_part:.2%} of the test images are misread")

# %% [markdown]
# It is there already: 0.93 % with this seed, 0.85 and 1.16 with two others that we
# tried. A third epoch, and all three are better than the paper (0.73 to 0.90). Most of
# it is the clothes, not the weights: with the squashing function without its factors,
# tanh, and averages in place of maxima the same 61,706 had 1.5 % wrong after two epochs
# (one run).
#
# The network of 1998 is not at its end after its one look either. Trained at length:
#
# | | learned from | paper | ours, three runs |
# |---|---|---|---|
# | LeNet-5 of 1998 | 20 epochs | 0.95 % | 0.79, 0.87, 1.01 % |
# | the same | 20 epochs of distorted digits | 0.8 % | 0.62, 0.64, 0.66 % |
#
# *Distorted* digits are turned, slanted, stretched and moved at random while the
# network learns; notebook 3 is about that. Each of our runs took ten minutes, or
# seventeen with distortions.

# %% [markdown] topics="learned filters"
# ## 6. What the first layer has learned
#
# Six kernels of 5 × 5 look at the digit itself.
#
# **Predict:** will you recognise what they look for?

# %%
torch.manual_seed(0)
start = next(lenet5(image_size=32).parameters())
kernels = next(modern.parameters())

# %%
plots.show(
    plots.images(
        [*start.detach()[:, 0], *kernels.detach()[:, 0]],
        [*(f"start {i}" for i in range(6)), *(f"map {i}" for i in range(6))],
        columns=6,
        size=1.4,
    ),
    caption="The kernels of C1 at the start, and after two epochs.",
    alt="Two rows of six squares of 5 by 5 grey cells. Above, light and dark cells "
    "without any order. Below, on MNIST, map 4 has a bright horizontal bar with black "
    "under it, map 5 a bright diagonal between dark corners, map 3 is brighter on its "
    "left than on its right; the others are spotted.",
)

# %% [markdown]
# Half of them, perhaps: a horizontal bar (map 4), a diagonal one (map 5), an edge
# between left and right (map 3). The others make sense to C3 only. A stroke is a few
# pixels wide, and a window of five holds little more than one. Notebook 2 looks at
# larger windows, on photographs.

# %% [markdown] topics="confused digits"
# ## 7. What does it get wrong?
#
# **Predict:** which two digits does the network in today's dress take for each other
# most often? Write down three pairs, in this order.

# %% [markdown]
# ### Exercise 1.7 · Confused pairs
# 2 points · 8 minutes · ●●○○○ · needs nothing
#
# Test your prediction. Write a function that lists, as `(a, b, count)` with $a < b$,
# the pairs of digits that were confused, in either direction. The most frequent comes
# first; of pairs with equal counts that with the smaller $a$, and for equal $a$ that
# with the smaller $b$. Pairs that were never confused are left out.


# %% exercise="confused-pairs"
def confused_pairs(true: Tensor, said: Tensor) -> list[tuple[int, int, int]]:
    """Pairs of digits and how often one of them was taken for the other.

    true, said: whole numbers (n,), what it is and what the network said.

    >>> confused_pairs(torch.tensor([4, 9, 7, 1]), torch.tensor([9, 4, 1, 1]))
    [(4, 9, 2), (1, 7, 1)]
    """
    ### BEGIN SOLUTION
    counts: dict[tuple[int, int], int] = {}
    for a, b in zip(true.tolist(), said.tolist(), strict=True):
        if a != b:
            pair = (min(a, b), max(a, b))
            counts[pair] = counts.get(pair, 0) + 1
    ordered = sorted(counts, key=lambda pair: (-counts[pair], pair))
    return [(a, b, counts[a, b]) for a, b in ordered]
    ### END SOLUTION


# %% check="confused-pairs" points=2
checks.week4.confused_pairs(confused_pairs)

# %% [markdown] hint=1
# What do "4, said 9" and "9, said 4" have to have in common, so that a dictionary
# counts them together?

# %% [markdown] hint=1
# `sorted` compares tuples from left to right. Which tuple puts large counts first and
# small digits first?

# %%
true = digits.test.labels
with torch.no_grad():
    parts = [modern(framed(part)) for part in digits.test.images.split(500)]
scores = torch.cat(parts)
said = scores.argmax(1)
table = torch.bincount(10 * true + said, minlength=100).reshape(10, 10)
both = (table + table.T).triu(1)
for place in both.flatten().argsort(descending=True, stable=True)[:5].tolist():
    print(f"{place // 10} and {place % 10}: {both.flatten()[place]}")

# %%
loss = F.cross_entropy(scores, true, reduction="none")
wrong = (said != true).nonzero()[:, 0]
dearest = wrong[loss[wrong].argsort(descending=True)][:15]

# %%
plots.show(
    plots.images(
        list(digits.test.images[dearest, 0]),
        [f"{true[i]}, said {said[i]}" for i in dearest],
        columns=5,
        size=1.6,
    ),
    caption="The fifteen costliest mistakes: what it is, and what the network said.",
    alt="Fifteen handwritten digits, many of them slanted, broken, cut off or with a "
    "stroke too many; above each the true digit and the answer.",
)

# %% [markdown]
# On MNIST some 93 images are left. Call `confused_pairs(true, said)[:5]`: is it the
# same list? This network took 2 and 7 for each other ten times, 3 and 5 as well, 4 and
# 9 nine times; another seed may have another order. Look at them before you wish for a
# better network: a 6 without a belly, a 9 that is not closed. Could you name all of
# them?

# %% [markdown] topics="a budget of weights"
# ## 8. A tenth of it
#
# LeNet-5 had to run on the computers of 1998. Yours is to run on something smaller: a
# tenth of the weights.

# %% [markdown]
# ### Exercise 1.8 · Build: a reader with 6,000 numbers
# 4 points · 40 minutes · ●●●●● · needs nothing
#
# Write `learn`. It gets images and labels, makes a network of your own design, trains
# it, and returns it. The contract:
#
# - The network keeps at most *6,000 numbers*, parameters and buffers together (one of
#   64 bits counts as two). Whatever it keeps must be a parameter or a buffer of the
#   module that you return, not sit in a class, a function around it or a list.
# - It takes images (n, 1, 28, 28), from 0 for black to 1 for white, for any n, and
#   gives scores (n, 10).
# - In the check it learns from 800 small digits (the stand-in's, so that it is quick),
#   and reads 400 others that it has never seen. Those *have moved*, each by up to
#   three pixels to any side. At least *80 %* of them must be right. The 800 that it
#   learns from stand in the middle. The check switches it to evaluation mode. (Grading
#   deals out other digits and is content with 68 %, so that luck does not decide.)
# - The ten classes have been renamed: what is a 3 elsewhere may have the label 7.
#   What was learned elsewhere helps nobody.
#
# The loop is yours, with torch's layers, losses and optimisers, or your `fit` of week
# 3; nothing of `coursekit.train` and `coursekit.models`. For some designs 300 steps
# with batches of 32 are enough, a few seconds; others need more. A practice set lies in
# `practice`.

# %%
small = stand_in(MNIST)
practice = (train.as_input(small.train.images[:800]), small.train.labels[:800])
rest = train.as_input(small.train.images[800:1200])
moved = torch.stack(
    [
        one.roll((i % 7 - 3, i // 7 % 7 - 3), dims=(1, 2))  # the rim is black
        for i, one in enumerate(rest)
    ]
)
truth = small.train.labels[800:1200]


# %% exercise="tenth-of-lenet"
def learn(images: Tensor, labels: Tensor) -> nn.Module:
    """A trained network with at most 6,000 numbers.

    images: (n, 1, 28, 28), from 0 to 1; labels: (n,), from 0 to 9

    network = learn(*practice)
    """
    ### BEGIN SOLUTION
    model = nn.Sequential(
        nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(256, 10),
    )  # fmt: skip
    adam = torch.optim.Adam(model.parameters(), lr=0.005)
    for _ in range(300):
        batch = torch.randint(len(images), (32,))
        shifts = torch.randint(-3, 4, (32, 2)).tolist()
        x = [images[i].roll(by, (1, 2)) for i, by in zip(batch, shifts, strict=True)]
        loss = F.cross_entropy(model(torch.stack(x)), labels[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model
    ### END SOLUTION


# %% check="tenth-of-lenet" points=4
checks.week4.learn(learn)

# %% [markdown] hint=1
# Begin with the budget: which layer of LeNet-5 would you make smaller first? What does
# the size of the last maps have to do with it?

# %% [markdown] hint=1
# Measure twice: on `rest` as it stands, and on `moved`. Which of the two is bad, and
# what does that tell you?

# %% [markdown] hint=1
# What a network should not care about it can be shown while it learns. How do you move
# every image of a batch by an amount of its own, anew in each step?

# %% [markdown]
# Has it passed? Then the real goal, in cells of your own: with MNIST, 60,000 images
# (`train.as_input(digits.train.images)`), *below 1 % error within a minute* on your
# computer, with the same 6,000 numbers. First change only the number of steps. Then
# change one thing at a time and write down what each is worth: that list is the real
# result.
#
# <details><summary>What we have found</summary>
#
# A network of 5,994 numbers (8 and 16 kernels of 5 × 5, ReLU, two maxima, one linear
# layer), 10,000 steps with batches of 32, a short warm-up to 0.05 and half a cosine
# down, about a minute of a busy processor: 0.92, 0.94 and 1.10 % wrong with three
# seeds. So it is on the edge. Moving the images while it learns, which decided
# everything in the check, changed nothing here (by up to a pixel, 0.95 % with the first
# seed): MNIST has put its test digits in the middle, too. With shifts one learns for a
# world that shifts.
#
# </details>

# %% [markdown]
# ## What to take with you
#
# LeNet-5 takes 32 × 32 to 28, 14, 10, 5 and 1: convolve and shrink, twice, then dense
# layers. Of its 60,000 weights four fifths are in C5; the convolutions have few weights
# and much work. Its subsampling had a weight and a bias for each map, and could blur or
# decide. C3 looked at some maps only, by a table of 60 kernels. Its output compared
# with pictures. What is built under its name today differs in all three, and a count
# tells: 61,706. What it misreads you might misread too. In today's dress it comes near
# the paper's error in two epochs; and of the errors that twenty epochs had left to the
# network of 1998, distorted digits took a good quarter.
#
# **Where people slip**
#
# - Feeding 28 × 28 without the frame: it runs, with 44,426 weights.
# - Masking kernels with zeros and counting them as saved.
# - Squashing only behind convolutions. In 1998 it came behind every layer but the
#   output.
# - Putting fixed numbers into a parameter (they are trained) or into a plain attribute
#   (they stay behind when the network moves). They belong in a buffer.
# - Taking "most weights" for "most work".
#
# **Next:** notebook 2, AlexNet: the same plan, fourteen years and a thousand times as
# many weights later.
#
# **To read on:** LeCun, Bottou, Bengio and Haffner, *Gradient-based learning applied
# to document recognition* (1998), sections II and III; LeCun, Bottou, Orr and Müller,
# *Efficient backprop* (1998), where the squashing function and the start come from.
