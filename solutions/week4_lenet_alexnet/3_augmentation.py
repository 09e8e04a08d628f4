# %% [markdown]
# # Augmentation and regularisation
#
# Week 4 · notebook 3 of 5 · about 130 minutes · 20 points
#
# Five hundred photographs are few. A network knows them by heart in a second or two,
# and has learned little about the next one. The cheapest cure costs no photograph: show
# it those you have, changed so that the answer stays true. In this notebook you write
# the changes that AlexNet used and its dropout, look at its weight decay once more, and
# measure what each is worth. Some are worth nothing here, and some changes lie.
#
# The 130 minutes are for two sittings of about equal length; the break comes after
# section 3. They leave out sections 7 to 9, in which weights shrink, you choose changes
# for three data sets and answer a question from an examination: an hour and a half on
# another evening, and 8 of the 20 points.
#
# **When you are done, you can**
#
# - say of a change whether it is honest, for the data in front of you;
# - cut and mirror a batch, each image in its own way, and change its light as AlexNet
#   did;
# - let a network look ten times, and average what may be averaged;
# - write dropout in both directions, and tell its two conventions apart;
# - say what weight decay does to a weight that nobody asks for, and with which
#   optimiser it does something else;
# - measure what a cure is worth, and say when it does harm.
#
# **You need** from week 3 the ten lines that train a network, overfitting and weight
# decay, and padding from week 2.

# %%
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, plots, train
from coursekit.augment import Augment, Change, Colour, Distort, principal_colours
from coursekit.data.worlds import CLASSES, world

# %% [markdown]
# ## The same cat, twice as often
#
# **Predict:** here is a cat, and beside it the same cat in a mirror. Each picture is a
# list of 49,152 numbers. How many of them have changed?

# %%
cat = data.photograph("chelsea", 128)[:, :, 24:152]
turned_round = cat.flip(2)
changed_part = (cat != turned_round).float().mean().item()

# %%
plots.show(
    plots.images([cat, turned_round], ["a cat", "its mirror image"], size=2.4),
    caption="One photograph, twice.",
    alt="The head of a tabby cat, its nose to the right of the middle, and the "
    "picture with left and right swapped.",
)

# %%
print(f"{changed_part:.0%} of the numbers are others")

# %% [markdown]
# To you nothing has happened. To a network that has not learned yet these are two lists
# of numbers that have little in common, for nobody has told it that left and right do
# not matter. You can tell it, without a word: show it both, under one label.
#
# Does it need to be told? We take 500 small photographs of ten kinds of things to learn
# from, and 2,000 of the test file as *judges*. We choose by them, so they play the part
# of validation images (week 3), and no number here is one to publish. (If CIFAR-10
# cannot be had, you get the stand-in: tiles cut from ten photographs. What the text
# says about accuracies was measured on CIFAR-10.)


# %%
def small(split: data.Split, n: int) -> data.Split:
    """The first n images, shrunk to 16 × 16."""
    shrunk = F.interpolate(split.images[:n].float(), size=(16, 16), mode="area")
    return data.Split(shrunk.round().byte(), split.labels[:n])


photographs = data.cifar10()
few, judges = small(photographs.train, 500), small(photographs.test, 2000)


# %%
def network(q: float = 0.0) -> nn.Sequential:
    """Three convolutions, two of them normalised (week 5), and two dense layers.

    q: section 6 makes use of it
    """
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Dropout(q),
        nn.Linear(256, 64), nn.ReLU(), nn.Dropout(q), nn.Linear(64, 10),
    )  # fmt: skip


# %%
def learned(
    change: Change, seed: int, epochs: int = 30, q: float = 0.0
) -> nn.Sequential:
    """The network after so many epochs on the few; `change` changes each batch."""
    torch.manual_seed(seed)
    model, rates = network(q), train.OneCycle(0.005, epochs * 8)
    how = {"optimiser": torch.optim.Adam, "augment": change, "label": None}
    how["channels_last"] = True  # another order in memory: the same, but quicker
    train.fit(model, few, epochs=epochs, lr=rates, seed=seed, **how)
    return model


# %%
plain = [learned(Augment(), seed) for seed in range(3)]
for model in plain:
    known, fresh = train.accuracy(model, few), train.accuracy(model, judges)
    print(f"of the few {known:.0%} right, of the judges {fresh:.1%}")

# %% [markdown]
# The few are known by heart, and of the others not even four in ten are recognised. (To
# guess would give one in ten.) Between these two numbers lies what this notebook is
# about. Whatever is done against it is called **regularisation**.

# %% [markdown] topics="data augmentation, changes that lie"
# ## 1. Sixteen variants, and four more

# %%
dice = torch.Generator().manual_seed(4)
variants = cat.repeat(16, 1, 1, 1)
for change in (
    Distort(degrees=12, scale=0.15),
    Augment(padding=16, flip=True),
    Colour(brightness=0.3, contrast=0.3, saturation=0.3),
):
    variants = change(variants, dice)

# %%
plots.show(
    plots.images(list(variants), columns=8, size=1.25),
    caption="One photograph: turned a little, stretched, moved, mirrored, in other "
    "light. Where nothing was photographed it is black or nearly so.",
    alt="Two rows of eight pictures of the same cat's head. Some look to the left and "
    "some to the right, they are tilted, larger or smaller, nearer to one side, "
    "brighter or darker, more or less colourful; black strips at some borders.",
)

# %% [markdown]
# Each of these could be the same cat on another day, and each may stand under the label
# *cat*. To make new examples of old ones is called **data augmentation**. Nothing is
# stored: whenever an image comes into a batch it is changed by fresh random amounts, so
# that in thirty epochs the network sees thirty versions of it.
#
# **Predict:** here are four more, under the labels of the pictures that they were made
# of. Which of them would you let pass?

# %%
digits = data.mnist()
six = digits.train.images[digits.train.labels == 6][0, 0]

# %%
plots.show(
    plots.week4.four_changed(six, cat[:, :34, :34]),
    caption="A picture turned by half, one in a mirror, a corner cut out, and red and "
    "green swapped; above each the label it came with.",
    alt="Four pictures. Label 6: a handwritten digit that reads 9. Label turn left: a "
    "blue disc with a white arrow that points to the right. Label cat: a brown blur "
    "without eyes or ears. Label stop: a traffic light whose upper lamp is green.",
)

# %% [markdown]
# None. Each was made by a change that is harmless elsewhere, and now teaches something
# false. So ask two questions, and ask them about your data:
#
# 1. *Is the label still true?* A turned 6 is a 9.
# 2. *Could such an image turn up where the network will work?* A cat on its head is a
#    cat. But if nobody photographs cats that way, the network spends weights on them
#    that it needs for others.
#
# No change is honest or a lie by itself. The mirror, so good for cats, turned the
# arrow.

# %% [markdown] topics="random crops, mirrored images"
# ## 2. Cut and mirror
#
# AlexNet's photographs were $256 \times 256$. In training it never saw a whole one:
# each time a window of $224 \times 224$ was cut out at a random place, and mirrored in
# half of all cases. (224, as in the paper; why the first layer wants 227 is in week 2.)
#
# **Predict:** how many different pictures can be made in this way of one photograph?
# The authors write 2,048.

# %%
places = 256 - 224 + 1
print(f"{places} × {places} places, each with its mirror image: {2 * places**2:,}")

# %% [markdown]
# A window of 224 has $256 - 224 + 1 = 33$ places in a row, as a kernel would (week 2).
# The authors' number is $2 \cdot 32 \cdot 32$: the $+1$ is missing. They say themselves
# that these pictures are far from independent; it is not as good as 2,178 times as many
# photographs.
#
# Our images are too small to lose a rim. One puts $p$ zeros on each side of an image
# and cuts out a window of the old size: $(2p + 1)^2$ places.

# %% [markdown]
# ### Exercise 3.1 · Cut and mirror
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# Write both for a batch, when the dice have been thrown already. Each image gets a
# frame of `padding` zeros on every side. From image $i$ with its frame a window as
# large as the image was is cut out, its first row being `tops[i]` and its first column
# `lefts[i]`. Where `mirrored[i]` is true, left and right of the window are swapped
# afterwards. The result has the type of the images: bytes stay bytes. (Nothing of
# `coursekit.augment`.)


# %% exercise="cut-mirror"
def cut(
    images: Tensor, padding: int, tops: Tensor, lefts: Tensor, mirrored: Tensor
) -> Tensor:
    """A window of each image (n, c, h, w), of the same shape and type.

    tops, lefts: whole numbers (n,), 0 … 2 · padding; mirrored: (n,), true or false

    >>> image = torch.tensor([[[[1, 2, 3], [4, 5, 6]]]])
    >>> cut(image, 1, torch.tensor([0]), torch.tensor([2]), torch.tensor([True]))
    tensor([[[[0, 0, 0],
              [0, 3, 2]]]])
    """
    ### BEGIN SOLUTION
    height, width = images.shape[2:]
    framed = F.pad(images, (padding,) * 4)
    windows = []
    for one, top, left, swap in zip(framed, tops, lefts, mirrored, strict=True):
        window = one[:, top : top + height, left : left + width]
        windows.append(window.flip(2) if swap else window)
    return torch.stack(windows)
    ### END SOLUTION


# %% check="cut-mirror" points=2
checks.week4.cut(cut)

# %% [markdown] hint=1
# What does `F.pad(images, (1, 1, 1, 1))` do? Cut out a window of one image first, with
# a slice; how many rows has it?

# %% [markdown] hint=1
# `torch.stack` makes a batch of a list of windows. Which axis of a window (c, h, w)
# runs from left to right?

# %% [markdown] topics="colour and light"
# ## 3. In another light
#
# A friend wants every image a little brighter or darker, each by another amount, and
# writes:


# %%
def friends_brighter(images: Tensor, most: int) -> Tensor:
    by = torch.randint(-most, most + 1, (1,))
    images += by
    return images


# %%
torch.manual_seed(7)
friends = friends_brighter(cat.repeat(3, 1, 1, 1), 90)

# %%
plots.show(
    plots.images(list(friends), ["image 0", "image 1", "image 2"], size=1.9),
    caption="Three copies of the cat, after the friend's change.",
    alt="Three equal pictures of the cat, all much too dark, with garish blue and "
    "turquoise patches around the eyes, on the forehead and on the nose.",
)

# %% [markdown]
# ### Exercise 3.2 · The friend's brightness
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# It runs, without an error. Three things are wrong with it; the picture shows two of
# them. Find them, and write `brighter` as it should be. Each image gets a whole number
# of its own, from `-most` to `most`, all of them equally likely, which is added to all
# its pixels in all channels. What would go beyond 0 or 255 stays there. Bytes come in
# and bytes come out. New dice in every call. (Nothing of `coursekit.augment`.)


# %% exercise="brighter-bug"
def brighter(images: Tensor, most: int) -> Tensor:
    """Each image (n, c, h, w), bytes, brighter or darker by its own random number.

    >>> brighter(torch.full((2, 3, 4, 4), 100, dtype=torch.uint8), 0).unique()
    tensor([100], dtype=torch.uint8)
    """
    ### BEGIN SOLUTION
    by = torch.randint(-most, most + 1, (len(images), 1, 1, 1))
    return (images.int() + by).clamp(0, 255).byte()
    ### END SOLUTION


# %% check="brighter-bug" points=2
checks.week4.brighter(brighter)

# %% [markdown] hint=1
# A byte has room for 0 to 255. What is 250 + 10 in bytes? Try it with
# `torch.tensor([250], dtype=torch.uint8)`.

# %% [markdown] hint=1
# For the third thing take `three = few.images[:3].clone()` (a copy, so that the
# photographs stay whole) and look at `three` before and after a call. What would be
# left of it after thirty calls?

# %% [markdown]
# All pixels by one number, that is one kind of light. Real light has its habits. The
# sun comes out, and everything gets brighter; in the evening everything gets more
# yellow; hardly ever does everything get more green. Which changes are common can be
# measured. Take every pixel of the training images as a point in a space with the axes
# red, green and blue.
#
# **Predict:** what shape has the cloud of these points? In which direction is it long?

# %%
found = torch.tensor(principal_colours(few.images))  # as long as the deviations
spread = found.square().sum(1)  # the variances, the largest first
directions = (found / spread.sqrt()[:, None] * found[:, 2:].sign()).T  # towards blue
for variance, one in zip(spread, directions.T, strict=True):
    colour = ", ".join(f"{part:5.2f}" for part in one)
    print(f"variance {variance:.4f}, deviation {variance.sqrt():.3f}, along ({colour})")

# %%
plots.show(
    plots.week4.colour_cloud(few.images / 255, spread, directions),
    caption="Every 64th pixel of the 500 photographs. The bars lie along the three "
    "directions, two deviations to either side; on the right the third lies on the "
    "first.",
    alt="Two panels with a cloud of points, each in its own colour, from black at the "
    "lower left to white at the upper right, much longer than wide. Left green over "
    "red, right blue over red. A long bar runs along the diagonal. Left two short "
    "ones lie across, right one.",
)

# %% [markdown]
# A cigar along the grey diagonal: when one channel goes up, all do. The second
# direction is from orange to blue, the third from green to pink, and both are short.
# They are the **eigenvectors** $e_1, e_2, e_3$ of the $3 \times 3$ covariance matrix of
# the channels, over all pixels of all training images. The **eigenvalues** $\sigma_1^2
# \ge \sigma_2^2 \ge \sigma_3^2$ are the variances along them, and their roots
# $\sigma_j$ the *deviations*: short for standard deviations, here and from now on.
# (This is PCA, **principal component analysis**.) AlexNet adds one and the same colour
# to all pixels of an image:
#
# $$ \alpha_1 \sigma_1^2\, e_1 + \alpha_2 \sigma_2^2\, e_2 + \alpha_3 \sigma_3^2\, e_3 ,
#    \qquad \alpha_j \text{ random, of mean 0 and deviation } 0.1 . $$
#
# There is *one* draw of three numbers $\alpha$ for each image, thrown anew whenever the
# image is used. A draw for each pixel would be noise, not light.

# %% [markdown]
# ### Exercise 3.3 · The light of another hour
# 3 points · 16 minutes · ●●●○○ · needs nothing
#
# Write it, for numbers instead of bytes and with the $\alpha$ given, a row for each
# image. `training` are the images whose pixels make the cloud, `images` are the ones to
# be changed. $\alpha_1$ is for the longest direction. An eigenvector may as well point
# the other way; any will do. So will a covariance that divides by one pixel less than
# there are. Results beyond 0 or 1 stay as they are. (Nothing of `coursekit.augment`,
# and no ready-made PCA; `torch.linalg.eigh` and `torch.cov` are yours.)


# %% exercise="light-of-images"
def in_other_light(images: Tensor, training: Tensor, alphas: Tensor) -> Tensor:
    """Each of the images (n, 3, h, w) with its own colour added.

    training: (m, 3, h, w); alphas: (n, 3), for the directions from long to short

    in_other_light(few.images / 255, few.images / 255, 0.1 * torch.randn(500, 3))
    """
    ### BEGIN SOLUTION
    pixels = training.transpose(0, 1).flatten(1)
    variances, vectors = torch.linalg.eigh(torch.cov(pixels))
    colours = (alphas.flip(1) * variances) @ vectors.T
    return images + colours[:, :, None, None]
    ### END SOLUTION


# %% check="light-of-images" points=3
checks.week4.in_other_light(in_other_light)

# %% [markdown] hint=1
# `torch.cov` wants a row for each channel, with all pixels in it. What does
# `training.reshape(3, -1)` do to a batch, and which axis has to come first?

# %% [markdown] hint=1
# `torch.linalg.eigh` gives the eigenvalues from small to large, and the eigenvectors as
# the *columns* of a matrix.

# %% [markdown] hint=1
# Which shape must the colours have, so that torch adds one to all pixels of an image?

# %%
amounts = (-2, 2)  # in deviations: far more than AlexNet's
lights = [
    (cat / 255 + (amount * variance.sqrt() * one)[:, None, None]).clamp(0, 1)
    for variance, one in zip(spread, directions.T, strict=True)
    for amount in amounts
]
names = [f"direction {j}, {a:+}" for j in (1, 2, 3) for a in amounts]

# %%
plots.show(
    plots.images(lights, [name.replace("-", "−") for name in names], columns=6),
    caption="The cat two deviations down and up along each direction.",
    alt="Six pictures of the cat in a row, two for each direction. Direction 1: one "
    "nearly black, one nearly white. Direction 2: one orange and one bluish. Direction "
    "3: one greenish and one pink.",
)

# %% [markdown]
# **Predict:** look at the formula once more. Into the network the pixels went from 0 to
# 255 (notebook 2, section 4); whether this formula counts in bytes, too, or from 0 to
# 1, the paper does not say. What would that change?

# %%
for top in (1, 255):
    shift = 0.1 * spread[0] * top**2  # a typical shift along the first direction
    print(
        f"pixels from 0 to {top:3}: shift {shift:8.3f}, {shift / top:.1%} of the range"
    )

# %% [markdown]
# The eigenvalue is a variance, and a variance has *squared* units. From 0 to 1 the
# light changes by one or two percent; in bytes by several times the range, and most
# images would be white or black. A formula that depends on units it does not name: meet
# one, and put in numbers. (Our `Colour` multiplies by the deviation $\sigma_j$ instead,
# which keeps its meaning in any unit.)
#
# This is a good place for the break.

# %% [markdown] topics="what augmentation is worth"
# ## 4. What is it worth?
#
# Four ways to train the network from the start, three seeds each, 30 epochs: unchanged;
# mirrored; mirrored and moved by up to two pixels; in other light (`Colour`, so with
# $\sigma_j$).
#
# **Predict:** put them in order. And how far will equal runs lie apart that differ in
# their seed alone?

# %%
light = Colour(lighting=0.1, directions=principal_colours(few.images))
ways: dict[str, Change] = {
    "mirrored": Augment(flip=True),
    "mirrored, moved": Augment(padding=2, flip=True),
    "other light": light,
}
models = {"unchanged": plain}
for name, change in ways.items():
    models[name] = [learned(change, seed) for seed in range(3)]

# %%
worth = {
    name: [train.accuracy(model, judges) for model in runs]
    for name, runs in models.items()
}
for name, found in worth.items():
    print(f"{name:16}", *(f"{part:.1%}" for part in found))

# %%
plots.show(
    plots.week4.dots(worth),
    caption="What the judges say: a dot for each seed, a line at the mean.",
    alt="Four rows of three dots between 35 and 42 percent. The mean of unchanged is "
    "37, of mirrored 40, of mirrored and moved 39, of other light 38; the dots of one "
    "row lie up to three points apart.",
)

# %% [markdown]
# Without a change 35.5 to 38.7 percent are right: three points for luck alone. The
# mirror is worth three points on average, and each mirrored run beats each unchanged
# one. Moving the images as well adds nothing so far. The other light brings less than a
# point, so less than luck does. Three other seeds gave the means 37.0 (unchanged),
# 40.5, 40.6 and 38.0: the same picture. (AlexNet's light took more than one point off
# its *top-1 error*, say the authors, with 1.2 million photographs: one guess, not
# five.)

# %% [markdown] topics="augmentation that does harm"
# ### Does it always help?
#
# So far every network had 30 epochs, time enough to learn the few by heart.
#
# **Predict:** the same race over 10 epochs. Which is ahead, unchanged or mirrored and
# moved? Write down by how much.

# %%
race = {
    name: [[], worth[name]] for name in ("unchanged", "mirrored, moved")
}  # of 10 epochs and of 30
for name, change in (
    ("unchanged", Augment()),
    ("mirrored, moved", ways["mirrored, moved"]),
):
    runs = [learned(change, seed, epochs=10) for seed in range(3)]
    race[name][0] = [train.accuracy(model, judges) for model in runs]
    print(f"{name:16} 10 epochs:", *(f"{part:.1%}" for part in race[name][0]))
    known = [train.accuracy(model, few) for model in runs]
    print(f"{'of the few':>27}:", *(f"{part:.1%}" for part in known))

# %%
plots.show(
    plots.week4.race([10, 30], race),
    caption="Accuracy of the judges in runs of 10 epochs and of 30, three seeds each.",
    alt="Two lines with three small points at each end. Unchanged begins higher at 10 "
    "epochs and hardly rises. Mirrored and moved begins lower, rises steeply, and ends "
    "higher at 30.",
)

# %% [markdown]
# Unchanged is ahead, with each of the seeds; with thirty epochs (other runs, each with
# a learning rate plan of its own length) it is behind, and no better than with ten. An
# image that looks different each time takes longer to learn. After 10 epochs the
# network that was shown changes knows 41 to 43 percent of the few, the other one 54 to
# 61: neither has learned them by heart, and a cure for learning by heart is only a
# burden. So look at two things. Is the accuracy on the *training* images far above the
# other? Else there is nothing to cure. And does it still rise when the training with
# changes ends? Then the cure needs more time.
#
# With patience the cure grows: after 90 epochs three seeds gave 36.2 % unchanged, and
# 41.2 % mirrored and moved.

# %% [markdown] topics="ten crops"
# ## 5. Ten looks
#
# Changes help when the network is asked, too. AlexNet cut five windows of
# $224 \times 224$ out of each test photograph, at the four corners and in the middle,
# took their mirror images as well, and averaged what its softmax said to the ten.

# %%
plots.show(
    plots.week4.five_windows(cat, 96),
    caption="Five windows of 96 × 96 in a picture of 128 × 128. With their mirror "
    "images that makes ten looks.",
    alt="A cat's head with five square frames, four in the corners and one in the "
    "middle, and beside it the five cuttings: in each an eye, in some the nose or both "
    "eyes.",
)

# %% [markdown]
# Ten looks make ten rows of scores. One can average the scores and then take the
# softmax, or take the softmax of each and then average.
#
# **Predict:** does that make a difference? Nine looks see a cat, by a small margin. The
# tenth is sure of a dog.

# %%
looks = torch.tensor([[1.0, 0.0]] * 9 + [[0.0, 12.0]])  # scores: cat, dog
print("scores averaged first:      ", looks.mean(0).softmax(0))
print("probabilities averaged last:", looks.softmax(1).mean(0))

# %% [markdown]
# With scores, one loud voice beats nine. A probability is never more than 1, and so
# each look has one vote.

# %% [markdown]
# ### Exercise 3.4 · Ten crops
# 2 points · 15 minutes · ●●●○○ · needs nothing
#
# Write it for a batch. Windows are `size` × `size`. If the middle does not come out
# even, the middle window lies nearer to the upper and the left side. The answer for
# each image is the mean of ten *probabilities*. The model may come in training mode;
# ask it in evaluation mode. (Nothing of `coursekit.augment`.)


# %% exercise="ten-crops"
def ten_looks(model: nn.Module, images: Tensor, size: int) -> Tensor:
    """Probabilities (n, classes): the mean over ten windows of each image.

    images: (n, c, h, w), no side smaller than `size`; model: (n, c, size, size) to
    scores (n, classes)

    >>> ten_looks(nn.Flatten(), torch.zeros(2, 1, 3, 5), 2)  # all scores are 0
    tensor([[0.2500, 0.2500, 0.2500, 0.2500],
            [0.2500, 0.2500, 0.2500, 0.2500]])
    """
    ### BEGIN SOLUTION
    model.eval()
    height, width = images.shape[2] - size, images.shape[3] - size
    corners = [(top, left) for top in (0, height) for left in (0, width)]
    total = 0.0
    with torch.no_grad():
        for top, left in [*corners, (height // 2, width // 2)]:
            window = images[:, :, top : top + size, left : left + size]
            for look in (window, window.flip(3)):
                total = total + model(look).softmax(1)
    return total / 10
    ### END SOLUTION


# %% check="ten-crops" points=2
checks.week4.ten_looks(ten_looks)

# %% [markdown] hint=1
# In which rows may the first row of a window be? Which are the smallest and the largest
# of them, and which lies in the middle?

# %% [markdown] hint=1
# Scores have the shape (n, classes). Over which axis do the probabilities of one image
# add up to 1?

# %% [markdown]
# What is a look worth? Take the networks of section 4 and let them look once, or twice:
# at the image and at its mirror image.


# %%
@torch.no_grad()
def part_right(model: nn.Module, mirror_too: bool) -> float:
    """Accuracy on the judges after one look or two."""
    x = train.as_input(judges.images)
    said = model.eval()(x).softmax(1)
    if mirror_too:
        said = said + model(x.flip(3)).softmax(1)
    return (said.argmax(1) == judges.labels).float().mean().item()


# %%
looked = {
    name: [
        [part_right(model, twice) for model in models[name]] for twice in (False, True)
    ]
    for name in ("unchanged", "mirrored, moved")
}
for name, (once, twice) in looked.items():
    gains = ", ".join(f"{b - a:+.1%}" for a, b in zip(once, twice, strict=True))
    print(f"{name:16} gain of the second look: {gains}")

# %% [markdown]
# To networks that were trained unchanged, a second look brings as much as training with
# the mirror did, 2.1 to 4.1 points: nobody has told them that a mirror does not matter,
# and so they give two opinions. Those that know it gain half a point. AlexNet's ten
# looks took its top-1 error from 39.0 to 37.5 percent (photographs of 2010).

# %% [markdown] topics="dropout"
# ## 6. Dropout
#
# The second cure of AlexNet does not touch the images. In training each unit of a layer
# has a probability $q$ of being set to 0, and the dice are thrown anew for each unit,
# each image and each step. The next layer can rely on none of them, and what one knows
# others must know too. AlexNet does it with $q = \tfrac12$ behind its first two dense
# layers (notebook 2, section 5).

# %%
torch.manual_seed(0)
kept = torch.rand(8, 24) >= 0.5

# %%
plots.show(
    plots.week4.masks(kept),
    caption="Eight images on their way through a layer of 24 units, with q = ½: a "
    "white unit is silent for this image.",
    alt="A grid of 8 rows and 24 columns of blue and white cells, about as many of "
    "each, without any order. No two rows are alike.",
)

# %% [markdown]
# Later, when it counts, all units speak. But then the next layer gets twice the sum it
# is used to. There are two conventions to set this right. Let $m$ be 1 for a unit that
# is kept, which happens with probability $1 - q$, and 0 else:
#
# | | in training | in evaluation |
# |---|---|---|
# | 2012 | $y = m\, x$ | $y = (1 - q)\, x$ |
# | *inverted*, today | $y = \dfrac{m\, x}{1 - q}$ | $y = x$ |
#
# **Predict:** in both, what is the mean of $y$ in training, over the dice? And with
# which of the two can you hand on a network without telling anybody $q$?

# %%
x = torch.full((100_000,), 3.0)
m = torch.rand(len(x)) >= 0.4
print(f"2012:     {(m * x).mean():.2f} in training, {0.6 * x[0]:.2f} in evaluation")
print(f"inverted: {(m * x / 0.6).mean():.2f} in training, {x[0]:.2f} in evaluation")

# %% [markdown]
# The mean is what evaluation gives, with either. Inverted dropout leaves nothing to be
# done later: switch it off, and the network is as it stands. So everybody uses it.
# (Whoever reads on: in the paper of 2014 $p$ is the probability to be *kept*, our
# $1 - q$; torch's `p` is our $q$.)
#
# Backwards there is nothing new. $y$ is $x$ times a number, 0 or $1/(1-q)$, and so the
# slope for $x$ is the slope for $y$ times *the same* number. The layer must remember
# which.

# %% [markdown]
# ### Exercise 3.5 · Dropout, both ways
# 3 points · 16 minutes · ●●●○○ · needs nothing
#
# Write inverted dropout. `forward` throws dice for every single number of `x` if
# `training` is true, and else leaves `x` as it is. `backward` gets the gradient for
# what the last `forward` has returned, and returns that for its input. `q` is at least
# 0 and below 1; for any other raise a `ValueError`. (The dropouts of torch are not an
# answer, nor is a call that differentiates for you.)


# %% exercise="own-dropout"
class Dropout:
    """Inverted dropout: each number is 0 with probability q, in training.

    layer = Dropout(0.5)
    y = layer.forward(x, training=True)  # like x
    slope = layer.backward(torch.ones_like(y))  # 2 where y was kept, else 0
    """

    def __init__(self, q: float) -> None:
        ### BEGIN SOLUTION
        if not 0 <= q < 1:
            raise ValueError(f"q must be at least 0 and below 1, but it is {q}")
        self.q = q
        ### END SOLUTION

    def forward(self, x: Tensor, training: bool) -> Tensor:
        """What goes on to the next layer, of the shape of x, whatever that is."""
        ### BEGIN SOLUTION
        kept = torch.rand(x.shape) >= self.q
        self.factor = kept / (1 - self.q) if training else torch.ones(x.shape)
        return x * self.factor
        ### END SOLUTION

    def backward(self, slope: Tensor) -> Tensor:
        """The gradient for x; slope: the gradient for what forward returned."""
        ### BEGIN SOLUTION
        return slope * self.factor
        ### END SOLUTION


# %% check="own-dropout" points=3
checks.week4.Dropout(Dropout)

# %% [markdown] hint=1
# `torch.rand(x.shape)` is below $q$ with which probability? What must `backward` know
# of the last `forward`?

# %% [markdown] hint=1
# Has every *image* its own dice, and every unit? And what does `backward` have to do
# after a `forward` in evaluation mode?

# %% [markdown]
# **Predict:** what is it worth on our 500 photographs, with $q = 0.3$ in front of both
# dense layers? More than a mirror?

# %%
silenced = [learned(Augment(), seed, q=0.3) for seed in range(3)]
worth["dropout"] = [train.accuracy(model, judges) for model in silenced]
for name in ("unchanged", "dropout"):
    print(f"{name:16}", *(f"{part:.1%}" for part in worth[name]))

# %% [markdown]
# Two points on average, with the second seed more, with the others about one. Three
# other seeds gave 38.8 to 39.6 percent, against 36.3 to 37.6 without. So it is worth a
# little less than a mirror, and it costs no thought about what is on the photographs.

# %% [markdown] topics="weight decay as shrinking, decay and Adam"
# ## 7. What nobody asks for shrinks
#
# Here the 130 minutes end. On another evening run the cell with the imports, the one
# with `digits` and your answers to 3.1 to 3.3, which section 8 can use, and begin here.
#
# The third cure you know from week 3: weight decay adds $\lambda w$ to the gradient $g$
# of a weight (the $g$ of week 3, not the groups of notebook 2). Write the plain step
# anew, and you see what it does:
#
# $$ w \leftarrow w - \eta\, (g + \lambda w) = (1 - \eta\lambda)\, w - \eta\, g . $$
#
# First every weight shrinks by the same small share, then the data push. A weight that
# no gradient pushes is halved, and halved again.
#
# **Predict:** some pixels at the rim are black, that is 0, in every one of our 500
# digits. Which part of *their* weights in a single dense layer is left after 1,000
# steps with $\eta = 0.5$, for $\lambda = 0.01$ and for $\lambda = 0$? And which of the
# two layers will read better?


# %%
def templates(decay: float) -> tuple[Tensor, Tensor, float]:
    """Weights (10, 28, 28) of a dense layer at the start and after 1,000 steps."""
    torch.manual_seed(0)
    layer = nn.Linear(784, 10)
    before = layer.weight.detach().clone()
    x, t = train.as_input(five_hundred.images).flatten(1), five_hundred.labels
    sgd = torch.optim.SGD(layer.parameters(), lr=0.5, weight_decay=decay)
    for batch in (torch.randint(500, (50,)) for _ in range(1000)):
        sgd.zero_grad()
        F.cross_entropy(layer(x[batch]), t[batch]).backward()
        sgd.step()
    after = layer.weight.detach()
    right = train.accuracy(nn.Sequential(nn.Flatten(), layer), held)
    return before.view(10, 28, 28), after.view(10, 28, 28), right


# %%
five_hundred = data.Split(digits.train.images[:500], digits.train.labels[:500])
held = data.Split(digits.test.images[:2000], digits.test.labels[:2000])
decayed = {decay: templates(decay) for decay in (0.0, 0.01)}
black = (five_hundred.images[:, 0] == 0).all(0)
for decay, (before, after, right) in decayed.items():
    left = (after[:, black].abs().sum() / before[:, black].abs().sum()).item()
    print(f"decay {decay:<4}: {left:.4f} is left of these weights, {right:.1%} right")

# %%
plots.show(
    plots.images(
        [weights for _, after, _ in decayed.values() for weights in after[:6]],
        [f"{digit}, decay {decay:g}" for decay in decayed for digit in range(6)],
        columns=6,
        size=1.5,
        limits=(-0.12, 0.12),
    ),
    caption="The weights of a dense layer for six of the digits; white is positive, "
    "black negative. Above without weight decay, below with.",
    alt="Two rows of six pictures of 28 by 28. Above, grey noise up to the border, in "
    "whose middle white and black spots vaguely trace a digit. Below, an even grey "
    "rim; in the middle smooth white strokes on black: a ring for 0, a bar for 1.",
)

# %% [markdown]
# Without decay they are what the dice have made of them. With it 0.0067 of them is
# left, and that is $(1 - \eta\lambda)^{1000} = 0.995^{1000}$. In the middle the data go
# on asking, and the weights stay. Does it read better for that? No: a good 80 %
# without, a little less with it. A cure is not always worth something.

# %% [markdown]
# ### Exercise 3.6 · Quiz: a weight that nobody asks for
# 1 point · 12 minutes · ●●●○○ · needs nothing
#
# Predict first, on paper; then test it in a cell of your own. A weight has the value
# 0.5. Its gradient is always 0, as for a black pixel (`w.grad = torch.zeros(1)` before
# each step). The rate is 0.01, and 20 steps are taken. What is left, rounded to two
# decimals, with a weight decay of 0.1 and then with one of 0.001?
#
# Three of torch's optimisers, all their other settings left at their defaults.
# `torch.optim.SGD` adds $\lambda w$ to the gradient. `torch.optim.Adam` does so too,
# and then divides each weight's gradient (a running mean of it) by its usual size, the
# root of a running mean of its squares, before it multiplies by $\eta$.
# `torch.optim.AdamW` leaves $\lambda w$ out of all that, and beside the step multiplies
# the weight by $1 - \eta\lambda$. Give for each a list of the two numbers.

# %% exercise="unasked-weight"
sgd: list[float] | None = None
adam: list[float] | None = None
adamw: list[float] | None = None
### BEGIN SOLUTION
sgd = [0.49, 0.5]
adam = [0.31, 0.31]
adamw = [0.49, 0.5]
### END SOLUTION

# %% check="unasked-weight" points=1 quiz=1
checks.week4.unasked_weight(sgd=sgd, adam=adam, adamw=adamw)

# %% [markdown] hint=1
# `w = torch.nn.Parameter(torch.tensor([0.5]))` and
# `torch.optim.Adam([w], lr=0.01, weight_decay=0.1)`. The rest is a loop of two lines.

# %% [markdown] hint=1
# Adam divides the gradient by the root of a running mean of its own squares. How large
# is a step then, if the gradient is always 0.05? And if it is always 0.0005?

# %% [markdown]
# <details><summary>What lies behind it, when yours has passed</summary>
#
# SGD shrinks by $\eta\lambda$: $0.5 \cdot 0.999^{20} = 0.49$. Adam divides each
# gradient by its own usual size, so that every weight moves about $\eta$ a step. Here
# $\lambda w$ is all the gradient there is, and $\lambda$ cancels: twenty steps of
# nearly 0.01, whether the decay is 0.1 or 0.001. Nearly: $w$ shrinks, so the newest
# gradients are a little smaller than the usual size that is remembered, and 0.31 is
# left, not 0.30. In a real network the opposite is the rule: where gradients are large,
# the little $\lambda w$ is divided by something large, and hardly acts. So with Adam
# "weight decay" and "L2 penalty" are two different things. **AdamW** (Loshchilov and
# Hutter, 2019) takes the shrinking out of the gradient, and does it beside the step.
# (In torch by the share $\eta\lambda$, as SGD does; in the paper the starting value of
# $\eta$ is left out of it.)
#
# </details>

# %% [markdown]
# AlexNet was trained with SGD, $\eta = 0.01$ at first, $\mu = 0.9$ and $\lambda =
# 0.0005$. With this momentum a push is worth ten times $\eta$ (week 3), so a weight
# that nobody asks for loses 0.00005 of its size in each step, and half of it in some
# 14,000 steps: one and a half times through the 1.2 million photographs. That is
# gentle. Yet the authors write that without it the network did not even learn its
# training images as well.

# %% [markdown] topics="choosing augmentations"
# ## 8. Three worlds
#
# Now to a task as it comes in practice: somebody has photographed too little, and all
# of it on one fine day.

# %%
shown, titles = [], []
for kind in CLASSES:
    example = world(kind, seed=4)
    for place, split in (("training", example.training), ("later", example.fresh)):
        shown += [
            F.interpolate(one[None], scale_factor=4)[0] for one in split.images[:7]
        ]
        titles += [f"{place}: {example.names[label]}" for label in split.labels[:7]]

# %%
plots.show(
    plots.images(shown, titles, columns=7, size=1.45),
    caption="Three worlds. Of each the upper row shows what the network learns from, "
    "the lower row what it meets later.",
    alt="Six rows of seven small pictures. Digits in the middle, then digits moved and "
    "turned. Red vehicles with their noses on the right, then vehicles in many "
    "colours, some with the nose on the left. White letters on bright red or blue "
    "squares, then pale letters on pale, slightly turned squares.",
)

# %% [markdown]
# *Digits* were written neatly in the middle; later they lie askew and off the middle.
# *Cars* (and vans, lorries, buses) were all red and drove to the right; later they come
# in all colours, and from both sides. *Signs* carry a letter, b, d, p or q, on red or
# on blue, and were photographed on a clear day; later they hang a little askew, and
# there is fog.
#
# A small network learns from 160 images of each, in 20 epochs. `practise` trains it
# with the changes you choose, and says what part of 600 later images is read.


# %%
def reader(channels: int, classes: int) -> nn.Sequential:
    """Two convolutions, normalised, and a dense layer for images of 16 × 16."""
    return nn.Sequential(
        nn.Conv2d(channels, 10, 3, padding=1), nn.BatchNorm2d(10), nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(10, 20, 3, padding=1), nn.BatchNorm2d(20), nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(320, classes),
    )  # fmt: skip


# %%
def practise(
    change: Callable[[Tensor, str], Tensor], kind: str, seed: int = 0
) -> float:
    """The part of the later images that is read after training with `change`."""
    drawn = world(kind, seed)
    torch.manual_seed(seed)
    model = reader(drawn.training.images.shape[1], len(drawn.names))
    how = {"optimiser": torch.optim.Adam, "batch_size": 40, "label": None}
    how["augment"] = lambda images, dice: change(images, kind)
    rates = train.OneCycle(0.01, 20 * 4)
    train.fit(model, drawn.training, epochs=20, lr=rates, seed=seed, **how)
    return train.accuracy(model, drawn.fresh)


# %%
for kind in CLASSES:
    right = practise(lambda images, _: images, kind)
    print(f"{kind + ':':8} {right:.0%} without any change")

# %% [markdown]
# ### Exercise 3.7 · Build: changes for three worlds
# 4 points · 45 minutes · ●●●●○ · needs nothing
#
# Write `changed`. It gets a batch of training images of one of the three kinds and
# returns them changed at random: each image in its own way, and in another way in every
# call. Which changes, how many and how strong, is for you to find out for each kind.
# The contract:
#
# - bytes (n, c, 16, 16) come in, bytes of the same shape go out, each image in its
#   place; what comes in stays as it was;
# - trained with it, the network must read at least *65 %* of the later digits, *75
#   %* of the later cars and *90 %* of the later signs. The check trains it on two
#   drawings of each world, others than yours, and takes the mean. (Grading draws others
#   again and is content with five points less, so that luck does not decide. The check
#   hands you all 160 images at once, in every epoch, so its numbers are near those of
#   `practise`, not the same: aim a few points higher.)
#
# Everything is yours: what you have written above, `coursekit.augment` (`Augment`,
# `Distort`, `Colour`; they want dice, and
# `torch.Generator().manual_seed(int(torch.randint(2**31, ())))` makes new ones: without
# a seed, or with a fixed one, a `Generator` throws the same in every call), torch.
# `practise(changed, "cars")` measures.


# %% exercise="three-worlds"
def changed(images: Tensor, kind: str) -> Tensor:
    """The images of a world, each changed in its own way.

    images: bytes (n, c, 16, 16); kind: "digits", "cars" or "signs"

    changed(world("cars").training.images, "cars")  # (160, 3, 16, 16), bytes
    """
    ### BEGIN SOLUTION
    dice = torch.Generator().manual_seed(int(torch.randint(2**31, (1,))))
    if kind == "digits":
        return Distort(degrees=20, shift=2.5)(images, dice)
    if kind == "cars":
        images = Augment(flip=True)(images, dice)
        return torch.stack([one[torch.randperm(3)] for one in images])
    images = Distort(degrees=10, shift=1.5)(images, dice)
    clear = torch.empty(len(images), 1, 1, 1).uniform_(0.15, 1)
    return (190 + (images.float() - 190) * clear).byte()
    ### END SOLUTION


# %% check="three-worlds" points=4
checks.week4.changed(changed)

# %% [markdown] hint=1
# Look at the two rows of each world again. What differs between them, and which change
# leads from the upper to the lower? Which changes would lead somewhere else?

# %% [markdown] hint=1
# One change at a time, with `practise` and two seeds. Does the number go up by more
# than the two lie apart?

# %% [markdown] hint=1
# What is a red car for a network that has never seen another? No ready-made change
# makes it blue, but its three channels are yours. And what is a red sign?

# %% [markdown]
# ### Exercise 3.8 · Defend your choice
# 1 point · 8 minutes · ●●○○○ · needs 3.7
#
# For two of the three worlds: name a change that you have *left out*, although it is
# right in one of the others. Say why it would be a lie or of no use here, and give the
# two numbers of `practise`, with it and without it.

# %% [markdown] manual="defend-choice" points=1
# ### BEGIN SOLUTION
# **Signs:** no mirror, which is right for cars. A mirrored b is a d, so that half of
# the labels would be false: 99 % without it, some 47 % with it. Or no other colours,
# which are right for cars, too: there they say nothing about the kind, here they are
# half of the label (99 % and 53 %). **Digits:** no mirror: hardly any digit is still
# one in a mirror, and the network spends weights on figures that never come.
#
# **Points**, half for each world: for a change that was left out *with* a reason from
# the data *and* two measured numbers. Without numbers a quarter.
# ### END SOLUTION

# %% [markdown]
# ## 9. In your own words
#
# The last exercise, without looking back.

# %% [markdown]
# ### Exercise 3.9 · A question from an examination
# 2 points · 14 minutes · ●●●○○ · needs nothing
#
# *Explain the concept of data augmentation, and how it was used in AlexNet.* Ten to
# fifteen sentences, for somebody who knows what training is and has not read this
# notebook. Say what it is and what it is good for, when a change is allowed, what
# AlexNet did in training and what it did in testing, with numbers. And name one thing
# that augmentation cannot do, or a case in which it harms.

# %% [markdown] manual="explain-augmentation" points=2
# ### BEGIN SOLUTION
# Data augmentation makes new training examples of the old ones, by changes after which
# the label is still true. A network with many weights can learn a few images by heart;
# if each image looks a little different whenever it comes, that gets harder, and what
# does not matter (where the cat sits, which way it looks, in which light) is no longer
# learned as if it mattered. So the gap between training and test images gets smaller.
# The changes are thrown anew for each use, and nothing is stored. A change is allowed
# if the label stays true and if such images turn up in use: a cat may be mirrored, the
# letter b may not.
#
# AlexNet used two kinds in training. From each photograph of 256 × 256 a random window
# of 224 × 224 was cut out and in half of all cases mirrored, some 2,000 pictures of
# each photograph, though far from independent ones. And to all pixels of an image one
# colour was added, along the three principal directions of the colours of the training
# set, each with a random factor (deviation 0.1) times its eigenvalue, thrown once for
# each image. In testing it looked ten times, at four corners, the middle, and the five
# mirror images, and averaged the ten outputs of its softmax.
#
# Augmentation brings no new cats: what is in no photograph, no change brings in. And a
# network that is not trained long enough, so that it does not yet fit its images, gets
# worse: it has more to learn in the same time.
#
# **Points.** Half for the concept: new examples of old ones *with a label that stays
# true* (¼), and what it is good for: against overfitting, or for what should not matter
# (¼). Half for training: windows and mirror images with their sizes (¼), one colour for
# a whole image along the principal directions of the training set (¼). Half for
# testing: ten looks (¼), *probabilities* averaged (¼). Half for a limit with its
# reason: a lie for the data at hand, no new information, too short training, correlated
# examples. Wrong sentences cost nothing unless they contradict these.
# ### END SOLUTION

# %% [markdown] hint=1
# Why is an image that has been changed worth less than a new photograph, and more than
# the old one once more?

# %% [markdown]
# ## What to take with you
#
# Augmentation makes new examples of old ones, by changes that leave the label true; and
# whether they do is a question about the data. AlexNet cut windows and mirrored them,
# and gave a whole photograph one colour more, along the directions in which colours
# vary; when it was asked, it looked ten times and averaged probabilities. Here a mirror
# was worth three points, dropout two, other light and weight decay nothing that one
# could be sure of. A network that does not know its images by heart yet gets worse with
# more to learn. Dropout silences units at random, and divides what is left by $1 - q$,
# forward and backward. Weight decay takes the share $\eta\lambda$ from every weight, in
# SGD and AdamW; in Adam it does something else.
#
# **Where people slip**
#
# - One throw for the whole batch, or one for each pixel.
# - Bytes that begin again behind 255; images that are changed where they lie.
# - Changing the validation images at random, too: then you measure the dice.
# - Moving an image and not what belongs to it. A label stays, but boxes and masks
#   around things must move along.
# - Averaging scores, and so listening to the loudest.
# - $1/(1-q)$ on the way there, and not on the way back.
# - "It cannot harm." It can: measure it.
#
# **Next:** notebook 4 counts whole networks; notebook 5 leaves photographs, and the
# same layers read sentences and a game of Go.
#
# **To read on:** Krizhevsky, Sutskever and Hinton (2012), sections 4.1 and 4.2;
# Srivastava and others, *Dropout* (2014); Simard, Steinkraus and Platt, *Best practices
# for convolutional neural networks* (2003), where digits are distorted; Loshchilov and
# Hutter, *Decoupled weight decay regularization* (2019).
