# %% [markdown]
# # Counting
#
# Week 4 · notebook 4 of 5 · about 130 minutes · 19 points
#
# How big is the network that plays Atari? The question has at least four answers, and
# each is the price of something else: of a file, of memory, of work, of time. In this
# notebook you count a whole network by hand, put three famous ones side by side, find
# two mistakes in a table without being told where, and say from counts alone how much
# memory a network takes and how long it needs. At the end you write a program that
# reads the plan of any plain network and counts it.
#
# The 130 minutes are for two sittings, as far as section 6, with a break after section
# 4. What comes then is for another evening: section 7, on time (40 minutes), and
# section 8, a program of your own (50 minutes); together 8 of the 19 points.
#
# **When you are done, you can**
#
# - count every layer of a convolutional network: sizes, neurons, connections, weights;
# - say where its weights sit and where its work is done, and why these are not the same
#   place;
# - predict what happens to either when the image, the maps or the batch double;
# - compute the memory of training and a lower bound for the time of a layer, and say
#   how far such numbers can be trusted.
#
# **You need** the four counts of week 1 (notebook 3, section 6), the output size of
# week 2, pooling and momentum from week 3, and from notebook 2 of this week AlexNet,
# with its groups, dropout and response normalisation.

# %%
import timeit
from math import prod

import numpy as np
import torch
from torch import Tensor, nn

from coursekit import checks, explore, models, plots
from coursekit.anatomy import Anatomy, count_layers

# %%
screens = np.full((4, 84, 84), 0.15)  # section 1 shows them
for number, screen in enumerate(screens):
    screen[30 - 2 * number : 42 - 2 * number, 5:8] = 0.7
    screen[24 + 3 * number : 36 + 3 * number, 76:79] = 0.7
    screen[30 + 4 * number : 33 + 4 * number, 20 + 12 * number :][:, :3] = 1

# %% [markdown] topics="deep Q-network"
# ## 1. A player and its screen
#
# In 2013 a network learned to play seven Atari games from nothing but the picture on
# the screen and the score (Mnih and others, 2013). On six it was better than all
# programs before it, on three better than a person who knew the game well. Its input
# is grey, $84 \times 84$ pixels. And yet it has four channels.
#
# **Predict:** here is a screen of a ball game, made up for this page. Which way does
# the ball fly? And why four channels?

# %%
plots.show(
    plots.images([screens[1]], ["one screen"], size=2.2),
    caption="One grey screen of 84 × 84 pixels.",
    alt="A dark square with a short light bar near its left edge, another near its "
    "right edge, and a white dot between them.",
)

# %%
plots.show(
    plots.images(
        list(screens),
        ["3 frames ago", "2 frames ago", "1 frame ago", "now"],
        size=1.9,
    ),
    caption="The last four screens, one channel each.",
    alt="Four dark squares in a row. From one to the next the white dot moves to the "
    "right and a little down, the left bar up, the right bar down.",
)

# %% [markdown]
# One picture cannot tell. Four show that the ball flies to the right and down, and that
# the right racket goes to meet it. So "grey" does not mean one channel here: the last
# four screens go in together, and every kernel of the first layer looks at all four.
# The network:
#
# | layer | what it is |
# |---|---|
# | input | $84 \times 84$, 4 channels |
# | first convolution | 16 kernels of $8 \times 8$, stride 4, ReLU |
# | second convolution | 32 kernels of $4 \times 4$, stride 2, ReLU |
# | hidden layer | dense, 256 units, ReLU |
# | output | dense, one value for each of the 18 things a player can do |
#
# Nothing is padded, every unit has a bias. (Few games use all 18 ways to push the
# stick and the button. The network is known as DQN, from **deep Q-network**: Q is the
# name of the value.)

# %% [markdown]
# ### Exercise 4.1 · Quiz: the network that plays Atari
# 3 points · 15 minutes · ●●○○○ · needs 3.8 (week 1), 1.3 (week 2)
#
# All of it, with paper and a calculator. For each convolution give five numbers, in
# this order: the side of its maps, weights per neuron with the bias, neurons,
# connections, parameters. For each dense layer give the last four. Begin with the
# input: what a layer puts out is what the next one gets.

# %% exercise="dqn-counts"
first: list[int] | None = None
second: list[int] | None = None
hidden: list[int] | None = None
output: list[int] | None = None
### BEGIN SOLUTION
first = [20, 257, 6400, 1644800, 4112]
second = [9, 257, 2592, 666144, 8224]
hidden = [2593, 256, 663808, 663808]
output = [257, 18, 4626, 4626]
### END SOLUTION

# %% check="dqn-counts" points=3 quiz=1
checks.week4.dqn_counts(first=first, second=second, hidden=hidden, output=output)

# %% [markdown] hint=1
# The side: where does a kernel of 8 stop on 84 pixels, in steps of 4? Then forget about
# steps: a neuron sees a block of numbers, as wide and high as the kernel and as deep as
# the input has channels.

# %% [markdown] hint=1
# For the hidden layer all numbers that the second convolution puts out stand in one
# row. How many are they? Each unit has a weight for every one of them.

# %% [markdown]
# Here is the same from torch's own layers, which know nothing of our arithmetic.

# %%
player = count_layers(models.dqn(), (4, 84, 84))
player.show()

# %%
player

# %% [markdown]
# Twice 257, by chance: $8 \cdot 8 \cdot 4$ and $4 \cdot 4 \cdot 16$ are both 256. The
# two convolutions together have 12,336 weights; the hidden layer alone has 663,808.
# Remember this. It comes back in section 5.

# %% [markdown] topics="networks side by side"
# ## 2. Three networks side by side
#
# LeNet-5 reads digits on grey images of $32 \times 32$, DQN plays, AlexNet tells a
# thousand things apart on photographs of $227 \times 227$. LeNet has 61,706 weights.
# (*Weights* is short for parameters, biases included, in this week and those to come.)
#
# **Predict:** draw three squares whose *areas* are the weights of the three networks.
# LeNet's is one centimetre wide. How wide are the others? And if the areas were the
# connections?

# %%
built = {
    "LeNet-5": models.lenet5(image_size=32),
    "DQN": models.dqn(),
    "AlexNet": models.alexnet_2012(),
}
inputs = {"LeNet-5": (1, 32, 32), "DQN": (4, 84, 84), "AlexNet": (3, 227, 227)}
networks = {name: count_layers(built[name], inputs[name]) for name in built}

# %%
sums = {
    name: (
        network.parameters,
        sum(layer.neurons for layer in network if layer.parameters),
        sum(layer.connections or 0 for layer in network),
    )
    for name, network in networks.items()
}
print(f"{'':8} {'weights':>12} {'neurons':>12} {'connections':>12}")
for name, counts in sums.items():
    print(f"{name:8}", *(f"{count:12,}" for count in counts))

# %%
plots.show(
    plots.week4.squares(sums, ("weights", "neurons", "connections")),
    caption="Areas are to scale within each panel. Neurons are those of layers with "
    "weights.",
    alt="Three panels of three squares each. Weights: LeNet a dot, DQN a small square "
    "about three times as wide, AlexNet a large one about thirty times as wide. "
    "Neurons: LeNet and DQN nearly alike, AlexNet ten times as wide as LeNet. "
    "Connections: LeNet hardly visible, DQN a dot, AlexNet forty times as wide as "
    "LeNet.",
)

# %% [markdown]
# DQN has 11 times LeNet's weights: its square is 3.3 centimetres wide. AlexNet has 988
# times as many, 31 centimetres. In connections they are 7 and 1,714 times LeNet. The
# three counts do not grow together. DQN has 11 times LeNet's weights and not even half
# as many neurons again.
#
# ### Does a bias count?
#
# Some authors count the bias as a connection, some do not, and few say so. For LeNet-5
# it can be settled. Its authors print a total of 340,908 connections (LeCun and others,
# 1998), and the course has their network, with its pooling that has weights and its
# sparse second convolution.
#
# **Predict:** with biases, or without?

# %%
original = count_layers(models.lenet5_1998(), (1, 32, 32))
total = sum(layer.connections or 0 for layer in original)
biases = sum(layer.neurons for layer in original if layer.parameters)
print(f"with biases {total:,}, without {total - biases:,}")

# %% [markdown]
# With. A bias is a connection to a unit that always says 1, and so we count it, too.
# For *work* we now look more closely than week 1, which took connections as its
# measure. What takes time is to multiply an input by a weight and to add the product, a
# **multiply-add**. A bias is only added, and nobody counts that.

# %% [markdown]
# ### Exercise 4.2 · Three totals
# 1 point · 6 minutes · ●○○○○ · needs 4.1
#
# Write the totals of a whole network. For each layer there are weights per neuron with
# the bias, neurons, and maps; in a dense layer every neuron is a map of its own. Layers
# without weights, such as pooling, have 0 for the first, and no work. All others have
# biases.


# %% exercise="three-totals"
def totals(layers: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    """(parameters, connections, multiply-adds) of all layers together.

    layers: of each (weights per neuron with the bias, neurons, maps).

    >>> totals([(26, 4704, 6), (0, 1176, 6), (11, 3, 3)])
    (189, 122337, 117630)
    """
    ### BEGIN SOLUTION
    parameters = sum(weights * maps for weights, _, maps in layers)
    connections = sum(weights * neurons for weights, neurons, _ in layers)
    biases = sum(neurons for weights, neurons, _ in layers if weights)
    return parameters, connections, connections - biases
    ### END SOLUTION


# %% check="three-totals" points=1
checks.week4.totals(totals)

# %% [markdown] hint=1
# How many of a neuron's connections are multiplied with something? And of a pooling
# neuron's?

# %% [markdown] topics="growing a network"
# ## 3. Twice as much
#
# You want a better player, and there are three things to double: the *side* of the
# screen, to $168 \times 168$; the *maps* of both convolutions, to 32 and 64; or the
# *batch*, from one screenful to two. The dense layers keep their 256 and 18 units.

# %% [markdown]
# ### Exercise 4.3 · Before you build it
# 2 points · 8 minutes · ●●○○○ · needs 4.1
#
# Answer before you run the table below the hints, which tests your prediction; you may
# change your mind afterwards, and should then know why. Which doubling makes the
# network's number of *weights* grow most, and which leaves it as it is? By which factor
# do the multiply-adds of the second convolution grow with twice the maps? And, in whole
# numbers: how wide are the maps of the second convolution on the large screen?

# %% exercise="twice-as-much"
most_weights: str | None = None  # "side", "maps" or "batch"
no_weights: str | None = None  # "side", "maps" or "batch"
factor_of_second: float | None = None
side_of_second: int | None = None
### BEGIN SOLUTION
most_weights = "side"
no_weights = "batch"
factor_of_second = 4
side_of_second = 19
### END SOLUTION

# %% check="twice-as-much" points=2 quiz=1
checks.week4.twice_as_much(
    most_weights=most_weights,
    no_weights=no_weights,
    factor_of_second=factor_of_second,
    side_of_second=side_of_second,
)

# %% [markdown] hint=1
# The weights of a convolution do not know how large the image is. Which layer's weights
# do? How many numbers does that layer get?

# %% [markdown] hint=1
# With twice the maps, count for the second convolution: what happens to its neurons,
# and what to the inputs of each?


# %%
def plan(side: int = 84, maps: int = 16) -> Anatomy:
    """DQN with another screen or other numbers of maps, counted."""
    last = ((side - 8) // 4 + 1 - 4) // 2 + 1
    network = nn.Sequential(
        *(nn.Conv2d(4, maps, 8, stride=4), nn.ReLU()),
        *(nn.Conv2d(maps, 2 * maps, 4, stride=2), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(2 * maps * last * last, 256), nn.ReLU(), nn.Linear(256, 18)),
    )
    return count_layers(network, (4, side, side))


# %%
plans = {"as it is": plan(), "side": plan(side=168), "maps": plan(maps=32)}
heads = ("conv 1", "conv 2", "hidden", "output")
print("multiply-adds of".rjust(38), *(f"{head:>10}" for head in heads))
for name, network in plans.items():
    weights = network.parameters / player.parameters
    work = network.multiply_adds / player.multiply_adds
    each = (f"{layer.multiply_adds:10,}" for layer in network if layer.parameters)
    print(f"{name:9} weights × {weights:.2f}, work × {work:.2f}:", *each)

# %% [markdown]
# Twice the side makes some four times the places. The convolutions keep their weights
# and work more; the hidden layer, which has a weight for every place of every map, has
# 4.5 times as many. Here the image size comes back that had dropped out of the count in
# week 1. Twice the maps makes four times the work in the layer between, whose neurons
# double and the inputs of each as well, and twice the work in its neighbours. Twice the
# batch changes no weight and doubles all work. (The second convolution and the hidden
# layer work alike by chance: $2592 \cdot 256$ both times.)

# %% [markdown] topics="mistakes in a table"
# ## 4. A table that knows better
#
# Two years later came a larger player, with three convolutions (Mnih and others, 2015).
# Here are its counts as they could stand in a blog. Dense layers are written as maps of
# a single pixel, with side 1.

# %%
columns = ("maps", "side", "w", "neurons", "connections", "parameters")
published = {
    "conv1": (32, 20, 257, 12_800, 3_289_600, 8_224),
    "conv2": (64, 9, 513, 5_184, 1_332_288, 32_832),
    "conv3": (64, 7, 577, 3_136, 1_809_472, 36_928),
    "hidden": (512, 1, 3_137, 512, 1_606_144, 1_605_632),
    "output": (18, 1, 513, 18, 9_234, 9_234),
}
print(f"{'':8}", *(f"{column:>12}" for column in columns))
for name, row in published.items():
    print(f"{name:8}", *(f"{number:12,}" for number in row))

# %% [markdown]
# ($w$ stands for weights per neuron, with the bias.) Two of the thirty numbers are
# wrong.
#
# **Predict:** can they be found although you do not know the kernels, the strides, or
# the channels that go in? Try, for a minute or two.
#
# It happens to the best. AlexNet's authors give 253,440 neurons for their first layer,
# which has 96 square maps. But $253\,440 / 96 = 2\,640$ is not the square of anything;
# with sides of 55 there are 290,400. And the whole network has 650,000 neurons, they
# say: our sum above is 659,272, and would be 622,312 with theirs. Counts say everything
# more than once, and so they can be asked.

# %% [markdown]
# ### Exercise 4.4 · The bug: a row that mends itself
# 3 points · 18 minutes · ●●●○○ · needs 4.1
#
# Write a function that gets one row, the six numbers in the order of the table, and
# returns the six as they should be. At most one of them is wrong, any one, and by any
# amount; the others are right. Maps are square. A row without a mistake comes back as
# it is. All numbers are whole and at least 1, also those that you put in.


# %% exercise="mend-row"
def mended(row: tuple[int, ...]) -> tuple[int, ...]:
    """A row of the table with its wrong number, if there is one, made right.

    row: maps, side, weights per neuron, neurons, connections, parameters.

    >>> mended((2, 3, 10, 18, 180, 21))
    (2, 3, 10, 18, 180, 20)
    """
    ### BEGIN SOLUTION
    maps, side, weights, neurons, connections, parameters = row
    broken = (
        neurons != maps * side * side,
        connections != neurons * weights,
        parameters != maps * weights,
    )
    if broken == (True, False, True):
        maps = parameters // weights
    elif broken == (True, False, False):
        side = round((neurons / maps) ** 0.5)
    elif broken == (False, True, True):
        weights = parameters // maps
    elif broken == (True, True, False):
        neurons = maps * side * side
    elif broken == (False, True, False):
        connections = neurons * weights
    elif broken == (False, False, True):
        parameters = maps * weights
    return maps, side, weights, neurons, connections, parameters
    ### END SOLUTION


# %% check="mend-row" points=3
checks.week4.mended(mended)

# %% [markdown] hint=1
# Which equations hold between the six numbers of a right row? Write down all that you
# find; three of them, together, use each number at least once.

# %% [markdown] hint=1
# Suppose one number is wrong. Which of the three equations fail then? Make a table with
# a line for each of the six. Are any two lines alike?

# %% [markdown]
# When it passes, let it read `published`, in a cell of your own.
#
# <details><summary>What it should have found</summary>
#
# The second convolution has 2,659,392 connections. The 1,332,288 is what comes out with
# 257 weights per neuron, copied from the network of 2013. And the hidden layer has
# 1,606,144 parameters, as many as connections; somebody forgot its 512 biases. Three
# equations, $\text{neurons} = \text{maps} \cdot \text{side}^2$, $\text{connections} =
# \text{neurons} \cdot w$ and $\text{parameters} = \text{maps} \cdot w$, are enough for
# six suspects, since each of them breaks another set of equations. Codes that repair
# scratched discs and noisy radio work in the same way: they send a little more than
# they must, so that it can be checked.
#
# </details>

# %% [markdown]
# This is a good place for the break.

# %% [markdown] topics="weights and work"
# ## 5. Where the weights sit, and where the work is done
#
# Now split the totals by layer. The size of a file goes by weights, and the time, at
# first sight, by multiply-adds.
#
# **Predict:** of AlexNet's 61 million weights its three dense layers have 58.6 million
# (notebook 2). Which part of its multiply-adds do they have? And is it the same with
# LeNet and DQN?

# %%
for name, network in networks.items():
    dense = [layer for layer in network if layer.kind == "dense"]
    weights = sum(layer.parameters for layer in dense) / network.parameters
    work = sum(layer.multiply_adds for layer in dense) / network.multiply_adds
    print(
        f"{name:8} dense layers: {weights:.1%} of the weights, {work:.1%} of the work"
    )

# %%
plots.show(
    plots.week4.shares(networks),
    caption="Each pair of bars is one network, with a piece for each layer, the first "
    "on the left, and its percents where there is room.",
    alt="Three pairs of horizontal bars, each 100 percent long. In the bars for "
    "weights nearly everything is green, for dense layers; in those for work most is "
    "blue, for convolutions: 86 percent in LeNet, 78 in DQN, 92 in AlexNet.",
)

# %% [markdown]
# In all three more than 95 % of the weights are dense, and they do between 8 and 23 %
# of the work. (LeNet's C5, whose window fits only once, counts as dense.) You know the
# reason from week 1: connections divided by parameters is how often each weight is
# used. A weight of AlexNet's first convolution works at 3,025 places for every
# photograph, a weight of a dense layer once. Sharing makes weights few *and* busy. So
# for a smaller file one must do something about dense layers, as networks after 2013
# did (week 6), and for a faster network about convolutions. That, at least, is what the
# counts say.

# %% [markdown]
# Try it on LeNet-5, one slider at a time; the button *LeNet-5* brings it back.
#
# **Predict** first. Double the channels or the units of one layer: where does the work
# nearly double and the number of weights hardly change, and where is it the opposite? A
# kernel of 7 instead of 5 makes the first convolution twice as heavy: how many more
# weights has the whole network? And can you find sizes for which convolutions hold most
# of the weights? (Nothing moves? Then call it with numbers of your own, such as
# `explore.counting(side=32, k1=7)`.)

# %%
explore.counting(side=32, k1=5, k2=5, c1=6, c2=16, units=120)

# %% [markdown]
# Twelve channels in the first convolution instead of six make 1.86 times the work with
# 1.04 times the weights; 240 units in the first dense layer make 1.94 times the weights
# with 1.14 times the work. And the kernel of 7 makes the network *lighter*: 44,570
# weights instead of 61,706. It adds 144 to its own layer, but its maps are smaller, and
# so are all behind them; 256 numbers arrive at the first dense layer where 400 did, and
# that saves 17,280 weights. What a convolution does to the sizes counts for more than
# what it weighs. And yes: an image of 28 pixels, two kernels of 7, 32 and 64 channels
# and 10 units leave $2 \times 2$ places of the last maps, and 95.9 % of the weights are
# in convolutions.

# %% [markdown] topics="memory of a network"
# ## 6. How much memory?
#
# A number usually has 4 bytes (**float32**); there are types with 8 and with 2 as well.
# So AlexNet's weights take 244 MB. To *use* a network, one needs all the weights, and
# what goes into one layer and comes out of it, for each image of the batch. What went
# in can be forgotten as soon as the output is there.
#
# To *train* it takes more. Every weight has a gradient. The optimiser remembers some
# more numbers for each weight: SGD none, SGD with momentum one, Adam two, its running
# means (notebook 3, exercise 3.6). And on the way back each layer needs what it had got
# on the way there (the gradient of a kernel, week 2). So everything is kept, from the
# images to the scores, for every image of the batch.

# %% [markdown]
# ### Exercise 4.5 · Will it fit?
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# Write the number of bytes, by these rules. Layers stand in a row, each gets only what
# the one before it puts out, and the layers in `sizes` are all there are: ReLU writes
# its numbers into the place of what it gets. Gradients of anything but weights, and
# whatever a layer needs for itself, are left out.


# %% exercise="bytes-needed"
def bytes_needed(
    sizes: list[int],
    parameters: list[int],
    batch: int,
    training: bool,
    memories: int = 0,
    each: int = 4,
) -> int:
    """Bytes for weights and numbers of a network, at the time of its largest need.

    sizes: numbers of one image, then of what each layer puts out for it;
    parameters: of each layer, one layer at least; memories: numbers that the optimiser
    keeps for each weight, when training; each: bytes of one number.

    >>> bytes_needed([9, 4, 2], [10, 10], batch=1, training=False)
    132
    """
    ### BEGIN SOLUTION
    weights = sum(parameters)
    if training:
        numbers = (2 + memories) * weights + batch * sum(sizes)
    else:
        pairs = [sizes[at] + sizes[at + 1] for at in range(len(parameters))]
        numbers = weights + batch * max(pairs)
    return each * numbers
    ### END SOLUTION


# %% check="bytes-needed" points=2
checks.week4.bytes_needed(bytes_needed)

# %% [markdown] hint=1
# Four things in training, two in use. Which of them depend on the batch?

# %% [markdown] hint=1
# In use: while layer 3 works, which of the `sizes` have to be there? For which layer is
# it most?

# %% [markdown]
# Here is AlexNet with momentum, by the same rules; response normalisation and dropout
# are treated like ReLU, as if they wrote into the place of what they get.
#
# **Predict:** from which batch on do the images need more room than all that belongs to
# the weights?

# %%
sizes = [3 * 227 * 227, *(layer.neurons for layer in networks["AlexNet"].shown())]
megabyte = {"one number per weight": 4e-6 * networks["AlexNet"].parameters}
megabyte["one image"] = 4e-6 * sum(sizes)
print(*(f"{name}: {size:.1f} MB" for name, size in megabyte.items()), sep="\n")

# %%
plots.show(
    plots.week4.memory(megabyte["one number per weight"], megabyte["one image"]),
    caption="AlexNet in training, by batch. Weights, gradients and momentum are as "
    "large for one image as for many.",
    alt="Four horizontal bars of memory in megabytes for batches of 1, 32, 128 and "
    "512. Each begins with three equal pieces of 244 for weights, gradients and "
    "momentum; a fourth piece, for the images' numbers, grows from a hairline to more "
    "than twice the other three. Behind the bars: 735, 851, 1,211 and 2,649.",
)

# %% [markdown]
# An image takes 3.7 MB, the weights with all that belongs to them 732: they are equal
# at about 200 images. (Response normalisation really writes numbers of its own: with
# its two outputs an image takes 5.7 MB, and 130 images are enough.) AlexNet's authors
# took 128, on two graphics cards of 3 GB. By our rule one card would have done, with
# 1.2 GB. But the rule leaves out the gradients of all those numbers on the way back,
# the room that a convolution needs to work in, and more that you will see in a moment.
#
# That is what arithmetic says. What does torch really keep? It tells whoever asks.


# %%
def kept(model: nn.Module, x: Tensor) -> int:
    """Bytes that torch keeps for the way back, parameters left out."""
    own = {parameter.data_ptr() for parameter in model.parameters()}
    found: dict[int, int] = {}

    def note(tensor: Tensor) -> Tensor:
        memory = tensor.untyped_storage()
        if memory.data_ptr() not in own:
            found[memory.data_ptr()] = memory.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        scores = model(x)  # as long as it lives, nothing is forgotten
    return sum(found.values()) + 0 * len(scores)


# %%
by_rule, saved = {}, {}
for name, network in networks.items():
    numbers = prod(inputs[name]) + sum(layer.neurons for layer in network.shown())
    by_rule[name] = 4 * numbers
    saved[name] = kept(built[name], torch.rand(2, *inputs[name])) // 2
    print(f"{name:8} by the rule {by_rule[name]:9,} bytes an image, ", end="")
    print(f"kept {saved[name]:10,}")

# %% [markdown]
# For LeNet and DQN the rule is right to the last byte, if you take off the scores,
# which the way back does not need. For AlexNet torch keeps 3.3 times as much. Its
# response normalisation keeps several steps of its own, dropout what it has dropped,
# and max pooling, for each number, *where* the maximum was, in 8 bytes. So the count is
# exact for plain layers, and a third of the truth for others. Measure once, and use the
# count to say what a larger batch will do.

# %% [markdown] topics="time of a layer"
# ## 7. How long does it take?
#
# Here the 130 minutes end. On another evening run the cell with the imports and the one
# with `built`, and begin here; for section 8 the imports are enough.
#
# Two speeds decide. A processor does so many multiply-adds per second, its *rate*;
# and it can fetch so many bytes per second from memory, its **bandwidth**. Here are
# both for one core of this machine: a product of two large matrices, which does much
# work for each number, and a sum over a long list, which does next to none.

# %%
torch.set_num_threads(1)  # one core, so that all numbers belong together
square, long = torch.rand(512, 512), torch.rand(30_000_000)
rate = 512**3 / min(timeit.repeat(lambda: square @ square, number=1, repeat=40))
bandwidth = 4 * len(long) / min(timeit.repeat(long.sum, number=1, repeat=10))
print(f"{rate / 1e9:.0f} billion multiply-adds, {bandwidth / 1e9:.0f} GB per second")
print(f"multiply-adds in the time of one number: {4 * rate / bandwidth:.0f}")

# %% [markdown]
# While one number comes from memory, the core could have done ten or twenty
# multiply-adds. A layer that uses each number only once mostly waits. It cannot be
# quicker than its work, nor quicker than its numbers arrive; both go on at the same
# time, and the slower of the two decides.

# %% [markdown]
# ### Exercise 4.6 · What does it wait for?
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# Write this bound for a layer and a batch. All weights are fetched once for the whole
# batch. For each image the layer's inputs are fetched and its outputs are written, once
# each; to write a number takes as long as to fetch one. The multiply-adds of each image
# are done at `rate`. Return the seconds, and what decides: "work" or "memory", and
# "work" if both take equally long.


# %% exercise="layer-seconds"
def layer_seconds(
    parameters: int,
    inputs: int,
    outputs: int,
    multiply_adds: int,
    batch: int,
    rate: float,
    bandwidth: float,
    each: int = 4,
) -> tuple[float, str]:
    """The least seconds of a layer for a batch, and "work" or "memory".

    inputs, outputs, multiply_adds: for one image; rate: multiply-adds per second;
    bandwidth: bytes per second; each: bytes of one number.

    >>> layer_seconds(60, 20, 3, 60, batch=1, rate=100.0, bandwidth=400.0)
    (0.83, 'memory')
    """
    ### BEGIN SOLUTION
    work = batch * multiply_adds / rate
    moved = each * (parameters + batch * (inputs + outputs)) / bandwidth
    return (work, "work") if work >= moved else (moved, "memory")
    ### END SOLUTION


# %% check="layer-seconds" points=2
checks.week4.layer_seconds(layer_seconds)

# %% [markdown] hint=1
# Which of the numbers are needed once, and which once for each image?

# %% [markdown]
# **Predict:** one photograph goes through AlexNet. The dense layers have 8 % of the
# work. Which part of the *time* do they take? And will the bound be close?


# %%
@torch.no_grad()
def stopwatch(chain: nn.Sequential, x: Tensor) -> dict[str, float]:
    """Seconds of each layer on x, the best of five."""
    found = {}
    for name, layer in chain.named_children():
        runs = timeit.repeat(lambda layer=layer, x=x: layer(x), number=1, repeat=5)
        found[name], x = min(runs), layer(x)
    return found


# %%
model = built["AlexNet"].eval()
chain = nn.Sequential(*model.features, nn.Flatten(), *model.classifier)
photograph = torch.rand(1, 3, 227, 227)
seconds = stopwatch(chain, photograph)
rows, got, times = count_layers(chain, (3, 227, 227)), photograph.numel(), []
for row in rows:
    moved = 4 * (row.parameters + got + row.neurons) / bandwidth
    kind = row.kind.split()[0].rstrip(",")
    times.append((kind, max(row.multiply_adds / rate, moved), seconds[row.name]))
    got = row.neurons

# %%
whole = sum(seconds.values())
for kind in ("convolution", "dense"):
    bound = sum(least for name, least, _ in times if name == kind)
    took = sum(second for name, _, second in times if name == kind)
    print(f"{kind:12} bound {1e3 * bound:5.1f} ms, took {1e3 * took:5.1f} ms", end=", ")
    print(f"{took / whole:.0%} of the time")
rest = sum(second for name, _, second in times if name not in ("convolution", "dense"))
print(f"all others, without a single multiply-add: {rest / whole:.0%} of the time")

# %%
plots.show(
    plots.week4.bounds(times),
    caption="Each layer of AlexNet on one photograph, on this machine. On the line a "
    "layer takes as long as the bound says; above it, longer.",
    alt="A scatter on two logarithmic axes, the bound across and the measured time up, "
    "in milliseconds, with a diagonal line. Convolutions and dense layers lie near the "
    "line. Pooling and response normalisation lie far above it; ReLU "
    "and others, all below a tenth of a millisecond, lie around it at the lower left.",
)

# %% [markdown]
# Where this was written, on one core, the dense layers took a fifth to a third of the
# time, with a twelfth of the work. They wait for their weights: 151 MB for the first of
# them, each weight fetched, used once, and dropped. Dense layers and convolutions came
# within a factor of four of their bound. (What lies below the line, as some ReLUs may,
# still lay in the **cache**, a small memory beside the core that is quicker than the
# one we measured.) And layers that our counts call free took more than another quarter.
# Response normalisation squares, adds and takes powers, pooling compares; for both the
# bound was wrong by a factor of ten and more, since it knows multiply-adds and memory
# and nothing else.
#
# So counts give an order of magnitude and a reason, not a stopwatch. On a busy machine
# all of it moves by another factor of two: run the cells twice.
#
# A dense layer that waits for weights has a remedy: they are fetched once for a batch.
#
# **Predict**, with your `layer_seconds`: DQN's hidden layer does 664 thousand
# multiply-adds for a screen. How many billions per second will it do with one screen,
# and how many with 64 at once? (Before each run a long list is changed, so that the
# weights must come from memory and do not lie in the cache.)

# %%
layer, batches = nn.Linear(2592, 256), [1, 2, 4, 8, 16, 32, 64, 128]
rates = []
with torch.no_grad():
    for batch in batches:
        x = torch.rand(batch, 2592)
        work = {"stmt": lambda x=x: layer(x), "setup": lambda: long.add_(1)}
        runs = timeit.repeat(**work, number=1, repeat=10)
        rates.append(batch * 2592 * 256 / min(runs))

# %%
plots.show(
    plots.week4.rates(batches, rates, rate),
    caption="Multiply-adds per second of one dense layer, by batch. The dotted line is "
    "the rate of this core, measured above.",
    alt="A curve over batches from 1 to 128, both axes logarithmic. At batch 1 it is "
    "more than ten times lower than the dotted line; it rises all the way, and ends "
    "somewhat below the line.",
)

# %% [markdown]
# Ten times as much, where this was written: some 2 billion with one screen, 20 with 64.
# With one screen the bound says two to four billion, four bytes for each multiply-add,
# and the layer came to half of it or more. With 64 the bound has reached the rate of
# the core, and the layer came to about half of that. (The bound bends where the batch
# is the number of multiply-adds in the time of one number, printed at the start of this
# section.) This is one reason why networks are trained, and served, in batches. And a
# network that must answer at once, one screen at a time, like a player, pays for its
# dense weights with every move.

# %% [markdown]
# ### Exercise 4.7 · Explain it to a friend
# 2 points · 10 minutes · ●●●○○ · needs 4.2, 4.6
#
# A friend has read: "In AlexNet, 96 % of the weights do 8 % of the work, and take a
# quarter of the time." The friend thinks that at least one of the numbers must be
# wrong. Explain in four to six sentences how all three can be true of one network, with
# the numbers of a layer of each kind, and say what would change, and what would not,
# with a hundred photographs at once.

# %% [markdown] manual="weights-and-work" points=2
# ### BEGIN SOLUTION
# A dense layer joins everything with everything: the first one has $9\,216 \cdot
# 4\,096$, nearly 38 million weights. A convolution shares: the first one has 34,944
# weights for 290,400 neurons. So nearly all weights are dense. But a shared weight is
# used again and again, 3,025 times for each photograph in the first convolution, and a
# dense one only once; work is weights times uses, and so the convolutions do 92 % of
# it. Time is not work alone. A dense weight has to be fetched from memory for a single
# multiplication, and the processor waits for it, while a convolution's few weights stay
# at hand. With a hundred photographs the weights are the same, and the dense layers'
# part of the *work* stays 8 %, since all work grows a hundredfold. But each dense
# weight is fetched once for all hundred, so their part of the *time* falls (where this
# was written, from some 30 % to 5 %).
#
# **Points**, half a point for each: dense layers hold the weights, with a number (all
# to all, against a few shared kernels); work is weights times uses, with a number of
# uses (3,025 or another map against 1); time by waiting for memory, a weight that is
# fetched for one use; a hundred photographs change the part of the time and not the
# part of weights or work (both halves of this sentence for the half point).
# ### END SOLUTION

# %% [markdown] hint=1
# How often is one weight of the first convolution used for one photograph, and how
# often one of a dense layer? And how often is each fetched?

# %% [markdown] topics="counting any network"
# ## 8. Count anything
#
# So far somebody had to build a network before it could be counted. A plan on paper
# should be enough.

# %% [markdown]
# ### Exercise 4.8 · Build: counts from a plan
# 4 points · 50 minutes · ●●●●○ · needs 4.2, 1.3 (week 2)
#
# A plan is a text, with a line for each layer:
#
# ```
# input 4 84 84
# conv 16 k8 s4
# conv 32 k4 s2
# dense 256
# dense 18
# ```
#
# The first line names channels, height and width. `conv` is followed by the number of
# kernels, then by options in any order: `k` the side of the square kernel, always
# there; `s` stride (1 if it is not there); `p` padding per side (0); `g` groups (1);
# and `nobias`. `pool` has no number, only `k`, always there, `s` (as large as `k` if it
# is not there) and `p` (0). `dense` is followed by the number of units, and perhaps by
# `nobias`; it gets all numbers of the layer before. Sizes are rounded down. With groups
# each kernel sees its share of the channels. Lines may be indented, and lines with
# nothing in them skipped. All numbers are whole, and at least 1; only `p` may be 0, and
# that of pooling is at most half of `k`. You may rely on this.
#
# Return the layers' counts, a dictionary for each layer, in order, without the input.
# For what cannot be, raise a `ValueError` whose text contains the line as it stands in
# the plan, and no other line: a kernel or window larger than what it gets, padding
# included; groups that do not divide the channels that go in, or those that come out; a
# convolution or pooling behind a dense layer, where there are no places any more; a
# word or an option that is not listed here for its layer. (Count yourself: torch's
# layers and `coursekit.anatomy` are not an answer.)


# %% exercise="count-plan"
def count(plan: str) -> list[dict[str, int | tuple[int, ...]]]:
    r"""The counts of each layer of a plan.

    The keys: "output", (maps, height, width) or (units,); "weights_per_neuron", with
    the bias if there is one; "neurons"; "connections"; "parameters"; "multiply_adds".
    Of pooling all but the first and the third are 0.

    Raises ValueError, with the line, for a layer that cannot be.

    >>> count("input 1 5 6\nconv 2 k3")[0]["output"]
    (2, 3, 4)
    """
    ### BEGIN SOLUTION
    defaults = {"conv": {"s": 1, "p": 0}, "pool": {"p": 0}, "dense": {}}
    allowed = {"conv": "kspg", "pool": "ksp", "dense": ""}
    first, *lines = (line.strip() for line in plan.splitlines() if line.strip())
    shape, found = tuple(map(int, first.split()[1:])), []
    for line in lines:
        kind, *words = line.split()
        if kind not in defaults:
            raise ValueError(f"{line}: {kind} is not known")
        maps = shape[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        for word in words:
            if word[0] not in allowed[kind] or not word[1:].isdigit():
                raise ValueError(f"{line}: {word} is not known here")
        options = defaults[kind] | {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            shape, inputs = (maps,), prod(shape)
        else:
            if len(shape) == 1:
                raise ValueError(f"{line}: no places behind a dense layer")
            k, p, g = options["k"], options["p"], options.get("g", 1)
            if shape[0] % g or maps % g:
                raise ValueError(f"{line}: the groups do not divide the channels")
            if min(shape[1:]) + 2 * p < k:
                raise ValueError(f"{line}: the kernel does not fit on {shape}")
            inputs, s = k * k * shape[0] // g, options.get("s", k)
            shape = (maps, *((n + 2 * p - k) // s + 1 for n in shape[1:]))
        weights = 0 if kind == "pool" else inputs + bias
        neurons = prod(shape)
        row = {"output": shape, "weights_per_neuron": weights, "neurons": neurons}
        row["connections"] = neurons * weights
        row["parameters"] = maps * weights
        row["multiply_adds"] = neurons * (weights - bias)
        found.append(row)
    return found
    ### END SOLUTION


# %% check="count-plan" points=4
checks.week4.count(count)

# %% [markdown] hint=1
# What has to be known about everything that came before, to count one line? Keep that,
# and nothing else, from line to line.

# %% [markdown] hint=1
# What does a text like `"k8"` have at `[0]`, and what at `[1:]`? How could a line's
# options become a dictionary, and what should happen to those that are not there?

# %% [markdown] hint=1
# All numbers are right but a grouped layer's? Draw four channels and two groups. Which
# channels does one kernel see, and how many kernels are there in all?

# %% [markdown]
# When it passes, write the plans of the player of 2015 (section 4: kernels of 8, 4 and
# 3, strides 4, 2 and 1, 512 hidden units) and of AlexNet (notebook 2), and add up: with
# 18 outputs the player has 1,693,362 parameters, and AlexNet 60,965,224. You can now
# size a network before anybody has built it.

# %% [markdown]
# ## What to take with you
#
# The network that plays Atari has 680,770 weights, 9,266 neurons, 2,979,378
# connections, and does 2,970,112 multiply-adds for each decision: four answers to one
# question. Equations between the counts find mistakes, in papers, too. Weights sit in
# dense layers, which share nothing; work is done in convolutions, whose weights are
# used at every place. Twice the side is four times the places, twice the maps four
# times the work in between. Memory in training is two or more numbers for each weight,
# and every number of every image in the batch; time is the larger of work by rate and
# bytes by bandwidth. Such a count was exact for the memory of plain layers, within a
# factor of four for the time of layers with weights, and far off for what only looks
# free.
#
# **Where people slip**
#
# - "Grey" taken for one channel, although four screens go in.
# - The channels forgotten in the weights of a neuron; or a bias for each channel.
# - Multiply-adds of a pooling below zero, from a bias that it does not have.
# - Batch times weights. A batch shares them, in memory and on their way to the core.
# - "Fewer weights, so it is faster." Often the other way round.
# - Taking zero multiply-adds for zero seconds.
#
# **Next:** convolutions leave photographs. Notebook 5 reads sentences, hears a chord,
# and sees who captures in Go.
#
# **To read on:** Mnih and others, *Playing Atari with deep reinforcement learning*
# (2013), section 4.1, which you can now check line by line; Williams, Waterman and
# Patterson, *Roofline: an insightful visual performance model* (2009), where the two
# speeds come from.
