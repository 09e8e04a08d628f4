# %% [markdown]
# # From pooling to routing
#
# Week 8 · notebook 1 of 2 · about 135 minutes · 20 points
#
# A face with its mouth on the forehead is no face. A network that has thrown away where
# the mouth was cannot know. In 2017 Sabour, Frosst and Hinton proposed another way: let
# each part say *where the whole would have to be*, and believe the whole on which the
# parts agree. You build it from its pieces: poses, votes, a function that makes a
# length a probability, a vote count that runs in rounds, and a loss.
#
# Whether it works as well as was hoped is the question of notebook 2. Here you learn
# what it does, down to the last number, and where it can go wrong.
#
# The 135 minutes are for two sittings: an hour and a quarter for sections 1 to 4, an
# hour for 5 to 7. They leave out section 8, an open build (4 of the 20 points): keep
# another half an hour for it. Nothing is trained; every cell is a matter of a second.
#
# **When you are done, you can**
#
# - say what pooling forgets, and show it with two pictures;
# - write the matrix with which a part votes for the pose of its whole;
# - turn a vector's length into a probability, with a gradient that survives zero;
# - route votes by agreement in $r$ rounds, by hand and in code;
# - tell a softmax over the wrong axis, and five other faults, from a healthy routing;
# - write the margin loss, and say why it is not a cross-entropy.
#
# **You need** pooling (week 3, notebook 1), softmax and its gradient (week 3, notebook
# 2), and rotations in the plane from linear algebra.

# %%
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, explore, plots

# %% [markdown] topics="what pooling forgets"
# ## 1. A heap of parts
#
# Three parts, drawn with few pixels, and two pictures made of them.

# %%
DRAWN = {
    "eye": [".###.", "#...#", "#.#.#", "#...#", ".###."],
    "nose": ["..#..", "..#..", ".#...", ".#...", "#####"],
    "mouth": ["#.......#", ".#.....#.", "..#####.."],
}
STAMPS = {
    name: torch.tensor([[float(c == "#") for c in row] for row in rows])
    for name, rows in DRAWN.items()
}


# %%
FACE = [("eye", 7, 6), ("eye", 7, 21), ("nose", 13, 13), ("mouth", 22, 11)]
WRONG = [("eye", 21, 6), ("eye", 15, 21), ("nose", 21, 17), ("mouth", 4, 11)]


def drawn(parts: list[tuple[str, int, int]]) -> Tensor:
    """A picture of 32 × 32 pixels, each part with its upper left corner there."""
    picture = torch.zeros(32, 32)
    for name, row, column in parts:
        stamp = STAMPS[name]
        picture[row : row + stamp.shape[0], column : column + stamp.shape[1]] = stamp
    return picture


# %%
face, wrong = drawn(FACE), drawn(WRONG)

# %%
plots.show(
    plots.images([1 - face, 1 - wrong], ["a face", "no face"], size=2.4),
    caption="The same two eyes, the same nose, the same mouth.",
    alt="Two small drawings. Left, a simple face: two eyes, a nose, a smiling mouth. "
    "Right, the same parts in other places: the mouth on top, where the forehead "
    "should be, the eyes and the nose below it.",
)

# %% [markdown]
# A detector for each part: a kernel that gives exactly 1 where its part lies, and less
# everywhere else (negative numbers are cut off). Three maps come out, one for each
# kind of part. Then max pooling with windows of $k \times k$.
#
# **Predict:** for which of the windows, of 2, 4, 8, 16 and 32 pixels, can nobody tell
# the two pictures apart any more?


# %%
def detected(picture: Tensor) -> Tensor:
    """How well each kind of part fits at each place, (1, 3, 32, 32)."""
    maps = []
    for stamp in STAMPS.values():
        ink, paper = stamp / stamp.sum(), (1 - stamp) / (1 - stamp).sum()
        rows, columns = stamp.shape
        padded = F.pad(picture[None, None], (0, columns - 1, 0, rows - 1))
        maps.append(F.conv2d(padded, (ink - paper)[None, None]).relu())
    return torch.cat(maps, 1)


# %%
for window in (1, 2, 4, 8, 16, 32):
    one, other = (F.max_pool2d(detected(p), window) for p in (face, wrong))
    largest = (one - other).abs().max()
    print(f"windows of {window:2}: the largest difference is {largest:.2f}", end="")
    print(f"; {one[0].tolist()}" if window == 32 else "")

# %% [markdown]
# Only with one window for the whole picture the two become the same: (1, 1, 1), *an eye
# is there, a nose is there, a mouth is there*. That is what a global maximum says, of
# any heap of the parts. A mean of clean maps, 1 where the part lies and 0 elsewhere,
# would add how many there are, and no more.
#
# Be fair to pooling. A window of 2 forgets a pixel, and a network that pools little by
# little still knows at each stage *roughly* where things are; its next convolution can
# learn what must lie above what. But it has to learn it again for each place in the
# window and each angle of the head, since no number says where or how turned a part is.
# The place of a part is only *which* unit answers, and pooling makes that blurred.
#
# Geoffrey Hinton, who helped AlexNet into the world, called pooling "a big mistake"
# (you have met the sentence in week 3; he wrote it on Reddit in 2014). His argument
# there: we need the places of the parts to find precise relations between them. If
# windows do not overlap, pooling loses the places. If they overlap enough, places are
# kept, spread over several units, but even then he no longer thought this the best way
# to hold a pose. His own idea was three years old by then (Hinton, Krizhevsky and Wang
# 2011, *Transforming auto-encoders*): units that give out not *whether* alone but
# *whether, where and how*.

# %% [markdown]
# ### Exercise 1.1 · How much is forgotten
# 1 point · 8 minutes · ●●○○○ · needs nothing
#
# A detector's map is 0 everywhere but for a single 1. Give four numbers. Paper will do;
# so will a loop with `F.max_pool2d`.
#
# - `apart`: a row of 12 pixels, windows of 3 with stride 3. The 1 can stand in 12
#   places. How many *different* pooled rows are there?
# - `overlapping`: a row of 9 pixels, windows of 3 with stride 2 (AlexNet's). How many
#   different pooled rows are there for the 9 places?
# - `heap`: three maps of $6 \times 6$, an eye, a nose and a mouth somewhere in each,
#   windows of $2 \times 2$ with stride 2. How many of all the arrangements, the right
#   one included, are pooled to the same numbers as the right one?
# - `twice`: the same three maps, pooled as before and then again with windows of
#   $3 \times 3$. How many now?


# %% exercise="how-much-is-forgotten"
apart: int
overlapping: int
heap: int
twice: int
### BEGIN SOLUTION
apart = 4
overlapping = 7
heap = 4**3
twice = 36**3
### END SOLUTION

# %% check="how-much-is-forgotten" points=1 quiz=1
checks.week8.how_much_is_forgotten(
    apart=apart, overlapping=overlapping, heap=heap, twice=twice
)

# %% [markdown] hint=1
# Which windows does pixel 2 lie in, when windows of 3 begin at 0, 2, 4 and 6? And pixel
# 3?

# %% [markdown] hint=1
# The eye may move within its window, and so may the nose and the mouth, each on its
# own.

# %% [markdown] topics="pose, votes as changes of coordinates, equivariance of pose"
# ## 2. Whether, where and how
#
# A **capsule** is a group of units that speaks of *one* thing, an eye for example, with
# a vector. The vector carries two messages: how sure it is that the thing is there, and
# the thing's **pose**: place, angle, and whatever else can be said of it (size, slant,
# colour).
#
# What is a pose good for? A part whose pose you know tells you where the whole must be.
# If I see a left eye here, upright, then the middle of the face is a bit to the right
# and below. If the eye is turned by 30°, so is the face. The eye *votes* for a face.
#
# Measure places with $x$ to the right and $y$ upwards, angles against the clock. A part
# sits in its whole at the offset $a = (a_x, a_y)$, turned by the angle $\alpha$; these
# three numbers are the same for every face. When the whole stands at $t$, turned by
# $\theta$, then the part is found at
#
# $$ t_\text{part} = t + R(\theta)\, a, \qquad \theta_\text{part} = \theta + \alpha,
# \qquad R(\theta) = \begin{pmatrix} \cos\theta & -\sin\theta \\
# \sin\theta & \cos\theta \end{pmatrix}. $$
#
# That is computer graphics: from the whole to its parts. A vote is the way back. Write
# a pose as four numbers, $u = (\cos\theta, \sin\theta, x, y)$. Then something pleasant
# happens: the way back from the part's $u$ to the whole's pose is *linear*, a matrix,
#
# $$ \hat u = W u, $$
#
# the same $W$ for every face in every place at every angle. $W$ depends on $a$ and
# $\alpha$ only: it holds what the eye knows about faces.

# %% [markdown]
# ### Exercise 1.2 · The eye's vote
# 3 points · 20 minutes · ●●●○○ · needs nothing
#
# Write this matrix. A part is given by where it sits in its whole, $a_x$, $a_y$ and
# $\alpha$ *in degrees*. For any pose $u = (\cos, \sin, x, y)$ of the part, $W u$ is the
# pose of the whole, in the same form. Only one matrix does that for all poses; the
# check compares its sixteen numbers. (NumPy or torch, as you like.)


# %% exercise="the-eyes-vote"
def vote_matrix(ax: float, ay: float, degrees: float) -> np.ndarray:
    """W (4, 4), from the pose of the part to that of its whole.

    An upright part that sits 2 to the right of the middle:

    >>> (vote_matrix(2.0, 0.0, 0.0) @ np.array([1.0, 0.0, 5.0, 3.0])).tolist()
    [1.0, 0.0, 3.0, 3.0]
    """
    ### BEGIN SOLUTION
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    back = np.array([[c, s], [-s, c]])
    offset = np.array([[ax, -ay], [ay, ax]])
    matrix = np.eye(4)
    matrix[:2, :2] = back
    matrix[2:, :2] = -offset @ back
    return matrix
    ### END SOLUTION


# %% check="the-eyes-vote" points=3
checks.week8.vote_matrix(vote_matrix)

# %% [markdown] hint=1
# Solve the two equations for $\theta$ and $t$. In $t = t_\text{part} - R(\theta)\, a$
# the angle is that of the *whole*. Do you have its cosine and sine already?

# %% [markdown] hint=1
# $\cos(\theta_\text{part} - \alpha)$ is a sum of two products, and so is the sine: two
# rows of $W$. Then write $R(\theta)\,a$ as a matrix with $a_x$ and $a_y$ in it, times
# $(\cos\theta, \sin\theta)$.

# %% [markdown]
# A network does not know this formula. It has examples. Take ten faces in random poses,
# look where their left eyes are, and ask for the matrix that leads from eye to face:
# least squares, and a first hint of why such a $W$ can be *learned*.

# %%
PLACES = {
    "left eye": (-1.0, 1.0, 0.0),
    "right eye": (1.0, 1.0, 0.0),
    "mouth": (0.0, -1.5, 0.0),
}


def pose(x: float, y: float, degrees: float) -> np.ndarray:
    """The four numbers of a pose."""
    angle = np.radians(degrees)
    return np.array([np.cos(angle), np.sin(angle), x, y])


# %%
def part_of(whole: np.ndarray, place: tuple[float, float, float]) -> np.ndarray:
    """The pose of a part that sits at `place` in a whole."""
    (c, s, x, y), (ax, ay, degrees) = whole, place
    angle = np.degrees(np.arctan2(s, c)) + degrees
    return pose(x + c * ax - s * ay, y + s * ax + c * ay, angle)


# %%
dice = np.random.default_rng(0)
faces = [pose(*dice.uniform(-5, 5, 2), dice.uniform(0, 360)) for _ in range(10)]
W = {}
for name, place in PLACES.items():
    seen = np.array([part_of(one, place) for one in faces])
    W[name] = np.linalg.lstsq(seen, np.array(faces), rcond=None)[0].T
    off = np.abs(seen @ W[name].T - faces).max()
    corner = (np.round(W[name][2:, :2], 2) + 0.0).tolist()
    print(f"{name:10} off by {off:.0e} at most, {corner}")

# %% [markdown]
# Ten examples are more than enough: the equations hold to the last digit, so the map
# really is linear. (The two rows that are printed are the lower left corner: if your
# function has passed, compare.)
#
# Now let the parts of two pictures vote. The first is a face, turned by 20°. In the
# second somebody has moved the mouth, and nothing else, from the chin to the forehead,
# three units up along the face.
#
# **Predict:** the three votes of the first picture agree. In the second, where does the
# mouth believe that the face is?

# %%
whole = pose(0.5, 0.2, 20)
right = {name: part_of(whole, place) for name, place in PLACES.items()}
moved = right | {"mouth": part_of(whole, (0.0, 1.5, 0.0))}
scenes = {"a face": right, "its mouth on the forehead": moved}


def spoken(vote: np.ndarray) -> str:
    """Place and angle of a pose, in words."""
    c, s, x, y = vote
    return f"at ({x:5.2f}, {y:5.2f}), turned by {np.degrees(np.arctan2(s, c)):.0f}°"


# %%
votes_of = {
    title: {name: W[name] @ u for name, u in parts.items()}
    for title, parts in scenes.items()
}
for title, votes in votes_of.items():
    print(title)
    for name, vote in votes.items():
        print(f"  {name:10} votes for a face {spoken(vote)}")

# %%
plots.show(
    plots.week8.ghosts(scenes, votes_of, PLACES),
    caption="Black: the parts that are there. Each draws, in its own colour, the face "
    "that it votes for; the second and the third are drawn a bit larger, so that none "
    "hides another.",
    alt="Two drawings. Left, a tilted face with three outlines, one for each part, "
    "around the same middle. Right, the mouth sits between and above the eyes; the "
    "outlines of the two eyes have one middle, that of the mouth stands apart, half "
    "a face higher.",
)

# %% [markdown]
# The eyes say what they said. The mouth believes in a face three units higher, in which
# it would sit on the chin. Pooled, both pictures are the same. With votes the
# difference is as plain as can be: *two agree, one does not*.
#
# One thing more. Turn the whole picture by 50° about its middle.
#
# **Predict:** what happens to the poses, to the votes, to $W$, and to the agreement?

# %%
turn = np.radians(50)
spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
for name, u in right.items():
    turned = np.concatenate([spin @ u[:2], spin @ u[2:]])
    print(f"{name:10} before {spoken(W[name] @ u)}, after {spoken(W[name] @ turned)}")

# %% [markdown]
# The poses turn, the votes turn with them, $W$ stays, and they agree as before. When
# the input moves and the answer moves along in the same way, one speaks of
# *equivariance*, as you did of convolutions and shifts in week 1. Pooling aims at
# *in*variance: the answer shall not notice. In a capsule the pose is equivariant, and
# only *how sure it is* is invariant.
#
# In the papers nobody writes poses by hand. $u_i$, the output of capsule $i$ of the
# layer below, is a vector of a few learned numbers, and for each pair of a capsule $i$
# and a possible whole $j$ there is a learned matrix:
#
# $$ \hat u_{j|i} = W_{ij}\, u_i . $$
#
# The paper calls $\hat u_{j|i}$ a *prediction vector*; we call it the **vote** of $i$
# for $j$. Nobody promises that one of the learned numbers is an angle. What is promised
# is the form: a part's pose, times a matrix, gives a vote for a whole's pose.

# %% [markdown] topics="squash"
# ## 3. How sure, and how
#
# The four numbers of section 2 were a pose and nothing else; even their length was a
# part of it, and told how far from the middle the thing is. Learned poses need not be
# written in this way. They can leave the length free, for the second thing that a
# capsule has to say.
#
# Many votes come in for a whole $j$. Add them up: $s_j = \sum_i \hat u_{j|i}$, for the
# moment. A sum of vectors knows something about agreement: vectors that point the same
# way make a long sum, others cancel. So let the *length* of a capsule's vector say how
# sure it is, and its *direction* what pose the thing has. A probability lies between 0
# and 1, a sum can be of any length; hence a function that keeps the direction and
# shortens the length, the **squash**:
#
# $$ v = \frac{|s|^2}{1 + |s|^2} \cdot \frac{s}{|s|} . $$
#
# **Predict:** three votes of length 1 that agree, three that point 60° apart from one
# to the next, three that are 120° apart. How long is $s$, and how long is $v$?

# %%
for apart_by in (0, 60, 120):
    angles = np.radians(apart_by * np.arange(3))
    length = np.hypot(np.cos(angles).sum(), np.sin(angles).sum())
    squashed = length**2 / (1 + length**2)
    print(f"{apart_by:3}° apart: |s| = {length:.2f}, |v| = {squashed:.2f}")

# %%
plots.show(
    plots.week8.squashing([0, 60, 120]),
    caption="Left, three votes of length 1, blue, tip to tail, and their sum, the "
    "thick arrow. Right, what becomes of its length.",
    alt="Left, three chains of three blue arrows: a straight one with a thick arrow of "
    "length 3, a bent one with one of length 2, a closed triangle without any. "
    "Right, a curve that begins flat at 0, passes one half at length 1 and nears 1; "
    "the three lengths 0, 2 and 3 are marked at 0, 0.8 and 0.9.",
)

# %% [markdown]
# 3, 2 and 0 become 0.90, 0.80 and 0. Short vectors are made shorter still, since for
# them $|v| \approx |s|^2$; long ones end just below 1. At $|s| = 1$ there is one half.
#
# A capsule that has nothing to say has $s = 0$. The formula divides by $|s|$.

# %% [markdown]
# ### Exercise 1.3 · Squash
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# Write it as a module without weights, in torch. The vectors lie along the axis `dim`,
# the last one if nothing is said, of a tensor of any shape. A zero vector stays zero,
# and the *gradient* has to be a number there too, 0 or nearly so. (A tiny ε in the
# right place is welcome: $10^{-8}$ or less. One of $10^{-6}$ bends short vectors, and
# the check looks at such.) `coursekit.models` is not asked for help.


# %% exercise="squash"
class Squash(nn.Module):
    """Shortens the vectors along one axis to lengths below 1.

    >>> Squash()(torch.tensor([[3.0, 0.0, 4.0], [0.0, 0.0, 0.0]])).norm(dim=1)
    tensor([0.9615, 0.0000])
    """

    def __init__(self, dim: int = -1) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.dim = dim
        ### END SOLUTION

    def forward(self, s: Tensor) -> Tensor:
        """The same shape and directions, other lengths."""
        ### BEGIN SOLUTION
        squared = s.square().sum(self.dim, keepdim=True)
        return s * squared / (1 + squared) * torch.rsqrt(squared + 1e-8)
        ### END SOLUTION


# %% check="squash" points=2
checks.week8.Squash(Squash)

# %% [markdown] hint=1
# `keepdim=True` keeps the axis that is summed, so that numbers and vectors still fit
# together.

# %% [markdown] hint=1
# What is the derivative of $\sqrt{z}$ at $z = 0$? `torch.where` chooses between two
# values; the gradient of the one that was not chosen is computed all the same, and
# multiplied by 0. What is 0 times infinity? (Or can you write the formula without any
# division by $|s|$?)

# %% [markdown] topics="one round of routing"
# ## 4. One round
#
# There is more than one whole: a face, a house, a clock. A part belongs to *one* of
# them. An eye that is part of this face should not also make the house surer. So each
# part $i$ divides itself among the wholes, in shares that sum to 1, the **coupling
# coefficients** $c_{ij}$:
#
# $$ c_{ij} = \frac{e^{b_{ij}}}{\sum_k e^{b_{ik}}}, \qquad
# s_j = \sum_i c_{ij}\, \hat u_{j|i}, \qquad v_j = \text{squash}(s_j). $$
#
# The softmax runs over $j$, the wholes. The $b_{ij}$ are numbers that say how much part
# $i$ favours whole $j$. Where do they come from? At the beginning there is nothing to
# go by: they are 0, and each part gives every whole the same. But then the wholes have
# an opinion, $v_j$, and a part can ask: does my vote agree with what came out? The
# answer is a scalar product, and it is added:
#
# $$ b_{ij} \leftarrow b_{ij} + \hat u_{j|i} \cdot v_j . $$
#
# These four steps are one round of **routing by agreement**: softmax, weighted sum,
# squash, agreement. Before a program does it a hundred times a second, do it once
# yourself.

# %% [markdown]
# ### Exercise 1.4 · By hand: one round, and half of the next
# 2 points · 15 minutes · ●●●○○ · needs nothing
#
# On paper, with a calculator. Three parts, two wholes A and B, votes of two numbers:
#
# | part | vote for A | vote for B |
# |---|---|---|
# | 1 | (2, 0) | (0, 2) |
# | 2 | (2, 0) | (0, −2) |
# | 3 | (−2, 0) | (0, 1) |
#
# 1. Begin with $b = 0$. Write down $c$, $s_A$, $s_B$, $v_A$, $v_B$.
# 2. Compute the six agreements, and the six coupling coefficients of the second round
#    (two decimals). Which of them must sum to 1?
# 3. How long are $v_A$ and $v_B$ in the second round?
# 4. Parts 1 and 2 say the same about A. Why is one of them now more with A than the
#    other? Explain it in two sentences to somebody who has not seen the formula.

# %% [markdown] manual="one-round-by-hand" points=2
# ### BEGIN SOLUTION
# 1. All $c = \frac12$. $s_A = \frac12 (2 + 2 - 2, 0) = (1, 0)$, so $v_A = (0.5, 0)$;
#    $s_B = \frac12 (0, 2 - 2 + 1) = (0, 0.5)$, of length 0.5, so
#    $v_B = (0, 0.25 / 1.25) = (0, 0.2)$.
# 2. Agreements with A: 1, 1, −1; with B: 0.4, −0.4, 0.2. The couplings with A are
#    $1/(1 + e^{-0.6}) = 0.65$, $1/(1 + e^{-1.4}) = 0.80$, $1/(1 + e^{1.2}) = 0.23$;
#    with B 0.35, 0.20, 0.77. In each *row*, for each part, they sum to 1.
# 3. $s_A = 2\,(0.646 + 0.802 - 0.231) = 2.43$, $|v_A| = 0.86$;
#    $s_B = 2 \cdot 0.354 - 2 \cdot 0.198 + 0.769 = 1.08$, $|v_B| = 0.54$.
# 4. Each part has one whole to give, and A and B compete for it. Part 1 also fits what
#    came out for B, part 2 contradicts it: so part 2 has nowhere else to go.
#
# **Points**, half a point each: step 1, with both squashes (0.5 and 0.2); the six
# agreements and couplings that sum to 1 for each *part* (sums over the parts lose this
# half point); both lengths of step 3, with what was computed before (a slip in
# arithmetic costs nothing); an explanation that speaks of the *other* whole, or of
# competition (only "its agreement is larger" is not enough: with A it is the same).
# ### END SOLUTION

# %% [markdown] hint=1
# The squash makes the length $|s|$ into $|s|^2 / (1 + |s|^2)$. With two wholes
# $e^{b_A} / (e^{b_A} + e^{b_B})$ is $1 / (1 + e^{b_B - b_A})$.

# %% [markdown]
# This is a good place for the break.

# %% [markdown] topics="routing in rounds, agreement as it forms"
# ## 5. Round after round
#
# Do it again: new couplings, new sums, new poses, new agreements. The whole thing, for
# $r$ rounds (procedure 1 of the paper, in our words):
#
# > $b_{ij} \leftarrow 0$.\
# > $r$ times: $c_i \leftarrow \text{softmax}(b_i)$ for each part;
# > $s_j \leftarrow \sum_i c_{ij} \hat u_{j|i}$ and
# > $v_j \leftarrow \text{squash}(s_j)$ for each whole;
# > $b_{ij} \leftarrow b_{ij} + \hat u_{j|i} \cdot v_j$.\
# > Return the $v_j$.
#
# With $r = 1$ nothing is routed: the couplings are all the same, and the sum is a plain
# sum. The update of $b$ in the last round is idle: it is never read.

# %% [markdown]
# ### Exercise 1.5 · Routing
# 3 points · 15 minutes · ●●●○○ · needs 1.3
#
# Write it for the votes of one picture, an array or tensor (parts, wholes, size).
# Return the poses after `rounds` rounds, (wholes, size), and the couplings with which
# they were summed, (parts, wholes). Zero vectors may occur. No rounds at all are an
# error: raise a `ValueError`. (NumPy or torch. The check hands over a tensor, of which
# `np.asarray` makes an array. `torch.softmax` is welcome, the routing of
# `coursekit.models` is not.)


# %% exercise="routing"
def route(votes: Tensor, rounds: int = 3) -> tuple[Tensor, Tensor]:
    """Poses (wholes, size) and couplings (parts, wholes) of votes.

    votes: (parts, wholes, size).  Raises ValueError for less than one round.

    >>> poses, couplings = route(torch.ones(4, 2, 3), rounds=1)
    >>> couplings[0]
    tensor([0.5000, 0.5000])
    """
    ### BEGIN SOLUTION
    if rounds < 1:
        raise ValueError(f"at least one round, not {rounds}")
    votes = torch.as_tensor(votes)
    logits = votes.new_zeros(votes.shape[:2])
    for _ in range(rounds):
        couplings = logits.softmax(1)
        s = (couplings[:, :, None] * votes).sum(0)
        n = s.norm(dim=1, keepdim=True)
        poses = s * n / (1 + n**2)
        logits = logits + (votes * poses).sum(2)
    return poses, couplings
    ### END SOLUTION


# %% check="routing" points=3
checks.week8.route(route)

# %% [markdown]
# Has it passed? Then compare your sheet of exercise 1.4 with it: those votes are
#
# ```python
# torch.tensor([[[2.0, 0], [0, 2]], [[2, 0], [0, -2]], [[-2, 0], [0, 1]]])
# ```
#
# Give them to `route` for one round and for two. Where the numbers differ, it is worth
# finding out in which step.

# %% [markdown] hint=1
# Write the shape of everything beside it: `b` and `c` are (parts, wholes), `s` and `v`
# (wholes, size). Which axis does the softmax run along, which one the sum?

# %% [markdown] hint=1
# `c[:, :, None] * votes` weighs every vote. In the scalar products `poses` stands once
# for all parts: shapes that are compared from the end fit by themselves.

# %% [markdown]
# A toy to watch. Three parts vote for two wholes, with vectors of length 2 in the
# plane. For the first whole, call it the face, the votes of the first two point to 0°;
# the third is turned away by an angle that you choose. For the second whole, call it
# the clock, they contradict each other: 0°, 120°, 240°. (Turn a real mouth, and both of
# its votes turn. Here only one does, so that one thing changes at a time.)
#
# **Predict:** the third vote is turned by 45°. After three rounds, how much of the
# third part is with the face? And with 135°? Choose for each: about 0.95, about 0.75,
# about a half, about 0.1.


# %%
def toy(degrees: float) -> Tensor:
    """The votes (3, 2, 2) of three parts for the face and the clock."""
    angles = torch.tensor([[0.0, 0.0], [0.0, 120.0], [degrees, 240.0]]).deg2rad()
    return 2 * torch.stack([angles.cos(), angles.sin()], 2)


def squashed_along(s: Tensor, dim: int = -1) -> Tensor:
    """The squash once more, for the cells below."""
    n = s.norm(dim=dim, keepdim=True)
    return s * n / (1 + n**2)


# %%
def history(
    votes: Tensor | np.ndarray, rounds: int, dim: int = 1
) -> list[tuple[Tensor, Tensor]]:
    """Couplings and poses of every round."""
    votes = torch.as_tensor(votes)
    logits, found = votes.new_zeros(votes.shape[:2]), []
    for _ in range(rounds):
        couplings = logits.softmax(dim)
        poses = squashed_along((couplings[:, :, None] * votes).sum(0))
        logits = logits + (votes * poses).sum(2)
        found.append((couplings, poses))
    return found


# %%
for degrees in (45, 135):
    print(f"turned by {degrees}°        round 1  round 2  round 3")
    for part, name in ((0, "first part"), (2, "third part")):
        shares = "".join(f"{c[part, 0]:9.2f}" for c, _ in history(toy(degrees), 3))
        print(f"  {name} with the face {shares}")

# %%
rounds = [(c.numpy(), v.numpy()) for c, v in history(toy(135), 3)]

# %%
plots.show(
    plots.week8.forming(toy(135).numpy(), rounds),
    caption="Agreement as it forms. Votes are blue, the odd one orange, each as thick "
    "as its coupling, which stands at its tip (2×0.96: two votes lie there). The "
    "pose that comes out is black. The circle is length 2 for votes, 1 for the pose.",
    alt="Two rows of three drawings, for rounds 1, 2 and 3. Above, the face: two thick "
    "blue votes to the right grow thicker, an orange one to the upper left grows thin, "
    "and the black pose turns to the right and grows. Below, the clock: three votes in "
    "three directions; the two blue ones fade, the orange one stays thick, and a black "
    "pose grows along it.",
)

# %% [markdown]
# At 135° the third part is thrown out: 0.50, 0.40, 0.12, while the others go 0.50,
# 0.77, 0.96. At 45° it stays: 0.50, 0.82, 0.96, hardly less than the others with 0.97.
# Agreement is a scalar product, and $\cos 45°$ is still 0.7.
#
# Look at the clock as well. In round 1 its three votes cancel: it is not there at all.
# But the third part, thrown out of the face, has to go somewhere, since its couplings
# sum to 1. So the clock hears the third part alone, and grows.

# %%
for number, (couplings, poses) in enumerate(history(toy(135), 6), 1):
    there, clock = poses.norm(dim=1).tolist()
    odd = couplings[2, 0].item()
    print(f"round {number}: odd one's share {odd:.2f}, face {there:.2f}, ", end="")
    print(f"clock {clock:.2f}")

# %% [markdown]
# After four rounds the clock is 0.80 sure of itself, on the word of a single part. The
# squash asks for length, not for company. Keep that in mind when you hear that routing
# "finds" wholes: it divides, and it cannot say *none of these*.
#
# Now play. Turn the third vote with the mouse or the arrow keys and watch its coupling
# change, round by round. From which angle on do three rounds throw it out, that is,
# leave less than a half of it with the face? And where does *one more round* help it,
# where does it hurt? (Nothing moves? Then call `explore.agreement(turn=110, round=6)`,
# with angles of your own: the picture shows the rounds from left to right.)

# %%
explore.agreement(turn=100, round=4)

# %%
turns = np.arange(0, 181, 2)
shares = {
    f"{number} rounds": [float(history(toy(t), number)[-1][0][2, 0]) for t in turns]
    for number in (2, 3, 6)
}
limit = next(t for t in range(181) if history(toy(t), 3)[-1][0][2, 0] < 0.5)
print(f"below one half after three rounds from {limit}° on")

# %%
plots.show(
    plots.week8.by_turn(turns, shares),
    caption="How much of the third part is with the face, by how far its vote is "
    "turned.",
    alt="Three falling curves over the angle from 0 to 180 degrees. All stay high up "
    "to 60 degrees and cross between 95 and 105. The more rounds, the steeper: with "
    "six rounds it is nearly a step.",
)

# %% [markdown]
# Up to 60° you hardly see a difference: 0.94 against 0.97. From 110° on three rounds
# throw the part out; six make nearly a yes or no of it. Below 95° each round more
# brings the part nearer to the face. In between it is undecided: at 110° the second
# round still brings it nearer, to 0.57, and the next ones take it away, to 0.48 and
# 0.23. Above 120° each round takes it further away. More rounds do not judge *better*,
# they judge *harder*: what is in the lead wins more. The paper takes three.

# %% [markdown] topics="softmax over which axis"
# ## 6. Over which axis?
#
# $b$ is a table with a row for each part and a column for each whole. A softmax needs
# an axis, and both run without an error. Over the wholes: every *row* sums to 1, each
# part divides itself. Over the parts: every *column* sums to 1, each whole chooses
# among its parts. The second is a common fault, also in programs that many people
# copy.
#
# **Predict:** take each of the three parts ten times, thirty parts in all. What happens
# to the lengths of $s$ and $v$ of the face, with either axis?

# %%
for dim, name in ((1, "over the wholes"), (0, "over the parts")):
    for times in (1, 10):
        many = toy(135).repeat(times, 1, 1)
        couplings, poses = history(many, 3, dim)[-1]
        s = (couplings[:, :, None] * many).sum(0).norm(dim=1)
        print(f"{name:16}{len(many):3} parts: face |s| = {s[0]:5.2f}, ", end="")
        print(f"face |v| = {poses[0].norm():.2f}, clock |v| = {poses[1].norm():.2f}")

# %%
tables = {
    name: history(toy(135), 3, dim)[-1][0].numpy()
    for dim, name in ((1, "softmax over the wholes"), (0, "softmax over the parts"))
}

# %%
plots.show(
    plots.week8.sums(tables),
    caption="The couplings of the third round, and their sums: to the right for each "
    "part, below for each whole.",
    alt="Two tables of three rows and two columns with sums at their edges. Left, each "
    "row sums to 1 and the columns to 2.04 and 0.96. Right, each column sums to 1, the "
    "rows to 0.83, 0.83 and 0.35.",
)

# %% [markdown]
# Over the parts, $s$ is a *weighted mean* of votes. A mean does not grow with the
# number of witnesses: thirty parts make the face no longer than three do, while the sum
# over the wholes goes from 3.7 to 39. And no mean of votes of length 2 is longer than
# 2: with such votes the face can never be surer than $4 / 5$, whatever happens. The
# parts have stopped competing: in the right table the third part gives 0.35 in all, and
# the others 0.83, and nobody says what became of the rest. The clock hears all three
# parts, a third of each, as if none of them were taken. (Here that even does good: its
# three votes go on cancelling, and it stays at 0. Had two of them agreed, it would be
# there beside the face, made of the same parts.)
#
# The poses look reasonable, and a network with this fault learns something. It only
# does not route.

# %% [markdown]
# ### Exercise 1.6 · The bug: which of these are sick?
# 2 points · 15 minutes · ●●●○○ · needs 1.5
#
# Seven routings, all for votes (parts, wholes, size), all return poses and couplings.
# Each has at most one fault; one of them or more may be healthy. Name what is wrong:
#
# - `"axis"`: the softmax runs over the parts;
# - `"overwritten"`: the logits of earlier rounds are forgotten;
# - `"too many"`: it routes one round more than it was asked for;
# - `"unsquashed"`: votes are compared with $s$ and not with $v$;
# - `"squash axis"`: lengths are taken along the wrong axis;
# - `"blocked"`: no gradient comes back to the votes;
# - `"healthy"`: all is as it should be. (A gradient that runs through the last sum
#   only, or through all rounds, is healthy, both.)
#
# Read them, run them on `toy(135)` and on votes of your own, compare.


# %%
def routing_p(votes: Tensor, rounds: int = 3) -> tuple[Tensor, Tensor]:
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds):
        c = torch.exp(b) / torch.exp(b).sum(1, keepdim=True)
        v = squashed_along(torch.einsum("ij,ijd->jd", c, votes))
        b = torch.einsum("ijd,jd->ij", votes, v)
    return v, c


# %%
def routing_q(votes: Tensor, rounds: int = 3) -> tuple[Tensor, Tensor]:
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds - 1):
        v = squashed_along((b.softmax(-1).unsqueeze(-1) * votes).sum(0))
        b = b + (votes.detach() * v.detach()).sum(-1)
    c = b.softmax(-1)
    return squashed_along((c.unsqueeze(-1) * votes).sum(0)), c


# %%
def routing_r(votes: Tensor, rounds: int = 3) -> tuple[Tensor, Tensor]:
    b = torch.zeros(votes.shape[1], votes.shape[0])
    for number in range(rounds + 1):
        c = F.softmax(b, 0)
        v = squashed_along(torch.einsum("ji,ijd->jd", c, votes))
        if number < rounds:
            b = b + torch.einsum("ijd,jd->ji", votes, v)
    return v, c.T


# %%
def routing_s(votes: Tensor, rounds: int = 3) -> tuple[Tensor, Tensor]:
    b = torch.zeros(votes.shape[1], votes.shape[0])
    for _ in range(rounds):
        c = b.softmax(dim=1)
        v = squashed_along(torch.einsum("ji,ijd->jd", c, votes))
        b = b + torch.einsum("ijd,jd->ji", votes, v)
    return v, c.T


# %%
def routing_t(votes: Tensor, rounds: int = 3) -> tuple[Tensor, Tensor]:
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds):
        c = b.softmax(1)
        s = (c[..., None] * votes).sum(0)
        b = b + (votes * s).sum(-1)
    return squashed_along(s), c


# %%
def routing_u(votes: Tensor, rounds: int = 3) -> tuple[Tensor, Tensor]:
    fixed, b = votes.detach(), torch.zeros(votes.shape[:2])
    for _ in range(rounds):
        c = b.softmax(1)
        v = squashed_along((c[..., None] * fixed).sum(0))
        b = b + (fixed * v).sum(-1)
    return v, c


# %%
def routing_v(votes: Tensor, rounds: int = 3) -> tuple[Tensor, Tensor]:
    b = torch.zeros(votes.shape[:2])
    for _ in range(rounds):
        c = b.softmax(1)
        v = squashed_along((c[..., None] * votes).sum(0), 0)
        b = b + (votes * v).sum(-1)
    return v, c


# %% exercise="sick-routings"
of_p: str
of_q: str
of_r: str
of_s: str
of_t: str
of_u: str
of_v: str
### BEGIN SOLUTION
of_p = "overwritten"
of_q = "healthy"
of_r = "too many"
of_s = "axis"
of_t = "unsquashed"
of_u = "blocked"
of_v = "squash axis"
### END SOLUTION

# %% check="sick-routings" points=2 quiz=1
checks.week8.sick_routings(
    of_p=of_p, of_q=of_q, of_r=of_r, of_s=of_s, of_t=of_t, of_u=of_u, of_v=of_v
)

# %% [markdown] hint=1
# Some keep $b$ the other way round, wholes first. Then which axis is which? Sums of the
# couplings tell. So do `rounds=1` and `rounds=2`, with which a healthy routing gives
# what you can compute.

# %% [markdown] hint=1
# `votes.requires_grad_()`, then `poses.sum().backward()`, then `votes.grad`.

# %% [markdown] topics="gradients of routing, margin loss"
# ## 7. To learn with it
#
# Routing has no weights. All that is learned stands before it, in the $W_{ij}$ and
# below; the rounds run anew for every picture, in training and afterwards. But the
# gradient has to come back through them. On which way? The couplings of round 3 depend
# on the votes, through two rounds of softmax and squash. One can differentiate through
# all of it. Or one says: the couplings are what they are, constants, and the gradient
# runs through the last sum and its squash only. The paper does not say. The code that
# its authors published lets the gradient through all rounds; several well-known
# programs, and this course, stop it. It saves memory and time.


# %% [markdown]
# ### Exercise 1.7 · What comes back
# 1 point · 12 minutes · ●●●○○ · needs 1.5
#
# A routing for a network: a module without weights, for votes of $n$ pictures at once,
# (n, parts, wholes, size), which gives out poses (n, wholes, size). Its gradient runs
# through the last weighted sum and its squash only; to the gradient the couplings are
# constants. Votes that are zero must not make a NaN. Each call begins anew: nothing is
# kept for the next one. In torch, for one round or more.


# %% exercise="what-comes-back"
class Routing(nn.Module):
    """Votes (n, parts, wholes, size) → poses (n, wholes, size), by agreement.

    Routing(2)(torch.zeros(5, 7, 3, 4))  # zeros, (5, 3, 4)
    """

    def __init__(self, rounds: int = 3) -> None:
        ### BEGIN SOLUTION
        super().__init__()
        self.rounds = rounds
        ### END SOLUTION

    def forward(self, votes: Tensor) -> Tensor:
        """The poses of the last round."""
        ### BEGIN SOLUTION
        fixed = votes.detach()
        logits = fixed.new_zeros(votes.shape[:3])
        for number in range(self.rounds):
            last = number == self.rounds - 1
            s = (logits.softmax(2)[..., None] * (votes if last else fixed)).sum(1)
            n = s.norm(dim=2, keepdim=True)
            poses = s * n / (1 + n**2)
            if not last:
                logits = logits + (fixed * poses[:, None]).sum(3)
        return poses
        ### END SOLUTION


# %% check="what-comes-back" points=1
checks.week8.Routing(Routing)

# %% [markdown] hint=1
# `votes.detach()` is the same numbers, without a way back. Which of the rounds work
# with it, and which one must not?

# %% [markdown]
# How different are the two gradients? Take the length of the face in the toy, and ask
# how it changes with the third vote.


# %%
def slope(degrees: float, through_all: bool) -> np.ndarray:
    """The gradient of the face's length with respect to the third vote for it."""
    votes = toy(degrees).requires_grad_()
    if through_all:
        poses = history(votes, 3)[-1][1]
    else:
        couplings = history(votes.detach(), 3)[-1][0]
        poses = squashed_along((couplings[:, :, None] * votes).sum(0))
    poses[0].norm().backward()
    assert votes.grad is not None
    return votes.grad[2, 0].numpy()


# %%
for degrees in (45, 90, 135):
    one, other = slope(degrees, True), slope(degrees, False)
    print(f"{degrees:3}°: through all rounds ({one[0]:6.3f}, {one[1]:6.3f}), ", end="")
    print(f"through the last sum ({other[0]:6.3f}, {other[1]:6.3f})")

# %% [markdown]
# With the last sum only, the gradient always points along the pose: *come here, in
# proportion to your coupling*. Through all rounds it also knows that couplings change
# with the votes. At 45° and 90° both point nearly the same way. At 135° they do not:
# through all rounds the gradient pulls the vote downwards, further round to 180°, where
# it would be thrown out altogether and bend the face no more. Which of the two trains
# better we have not shown.
#
# The last piece is a loss. Whole $k$ shall have a long vector if it is in the picture,
# a short one if not. With several digits in one picture several vectors shall be long:
# so no softmax over the wholes and no cross-entropy, which lets only one win. In its
# place each whole has a loss of its own, and these are added. This is the **margin
# loss**:
#
# $$ \mathcal{L}_k = T_k \max(0,\, m^+ - |v_k|)^2
# + \lambda\,(1 - T_k) \max(0,\, |v_k| - m^-)^2 $$
#
# with $T_k = 1$ if whole $k$ is there and 0 if not, $m^+ = 0.9$, $m^- = 0.1$ and
# $\lambda = 0.5$.

# %%
plots.show(
    plots.week8.margins(),
    caption="The loss of one whole by the length of its vector, if it is in the "
    "picture and if it is not.",
    alt="Two curves over lengths from 0 to 1. One falls from 0.81 at length 0 to 0 at "
    "0.9 and stays there. The other is 0 up to 0.1 and rises to about 0.4 at length 1. "
    "Dotted lines mark 0.1 and 0.9.",
)

# %% [markdown]
# Beyond the margins there is nothing more to gain: a vector of length 0.93 is left
# alone. (A cross-entropy is never content.) And $\lambda$? Of ten digits nine are
# absent. At the beginning of the training their nine losses would press all vectors
# towards zero before any of them has learned what to say, the paper says; $\lambda$
# takes half of the pressure away.

# %% [markdown]
# ### Exercise 1.8 · Margin loss
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# Write it for $n$ pictures: the *sum* over the wholes, the *mean* over the pictures, a
# single number. `lengths` and `present` are (n, wholes); `present` holds 1 for what is
# in the picture and 0 for what is not, and there may be several ones in a row, or none.
# Upper margin, lower margin and $\lambda$ can be chosen. (NumPy or torch. If you return
# a tensor, the gradient has to find its way back to `lengths`.)


# %% exercise="margin-loss"
def margin_loss(
    lengths: Tensor,
    present: Tensor,
    upper: float = 0.9,
    lower: float = 0.1,
    absent: float = 0.5,
) -> Tensor:
    """One number: the margin loss, its sum over wholes, its mean over pictures.

    lengths: (n, wholes), each 0 … 1; present: (n, wholes), ones and zeros; absent: λ

    >>> round(float(margin_loss(torch.tensor([[0.7, 0.3]]), torch.tensor([[1, 0]]))), 4)
    0.06
    """
    ### BEGIN SOLUTION
    missed = present * (upper - lengths).clip(0) ** 2
    imagined = (1 - present) * (lengths - lower).clip(0) ** 2
    return (missed + absent * imagined).sum(1).mean()
    ### END SOLUTION


# %% check="margin-loss" points=2
checks.week8.margin_loss(margin_loss)

# %% [markdown] hint=1
# Where is the square, inside or outside of the maximum, and does it matter? What does a
# whole give that is absent and has a length of 0.05?

# %% [markdown]
# **Predict:** all ten vectors of an untrained network have the length 0.3. One digit is
# present. What is the loss, and how much of it comes from the nine that are absent?
# And what if all lengths shrink to 0?

# %%
for length in (0.3, 0.0):
    missed = max(0.0, 0.9 - length) ** 2
    imagined = 9 * max(0.0, length - 0.1) ** 2
    print(f"lengths of {length}: {missed:.2f} + λ · {imagined:.2f} = ", end="")
    print(f"{missed + 0.5 * imagined:.2f}, with λ = 1 {missed + imagined:.2f}")

# %% [markdown]
# At 0.3 the present digit costs 0.36 and the nine others 0.18; with $\lambda = 1$ they
# would weigh as much as the one. Each pulls its own vector only, though: it is the
# weights below, shared by all ten, that feel nine pulls downwards and one upwards.

# %% [markdown] topics="a toy of one's own"
# ## 8. When a sum is misled
#
# (Do you begin here? Then run first the cell with the imports and, in section 5, the
# two that define `squashed_along` and `history`.)
#
# Why all the rounds? Because a sum can be wrong where routing is right. One case is
# easy to say: a whole is there, its parts agree on it perfectly, but other parts, which
# belong elsewhere, happen to speak against it, and cancel it. Meanwhile a second whole,
# on which nobody really agrees, gets a bit of support from many. The sum prefers the
# crowd. Routing takes the strangers away from the first whole, and then it stands.
#
# But not always. Routing begins with the sum, and *what is in the lead wins more*. So
# it takes some care to find votes with which it turns round.

# %% [markdown]
# ### Exercise 1.9 · Build: the whole that a sum does not find
# 4 points · 30 minutes · ●●●●○ · needs 1.5
#
# Write a function that returns the votes of one picture: (parts, 2, size), 4 to 12
# parts, two wholes, vectors of 2 to 8 numbers. The rules:
#
# - Nobody shouts: every vote has length 1.
# - Whole 0 is really there: at least three parts agree on it, each two of their votes
#   no more than 10° apart.
# - Whole 1 is not: of any three parts at least two have votes for it that are more than
#   40° apart.
#
# The *goal*: with $r = 1$, whole 1 is longer than whole 0, by 0.05 or more. With
# $r = 3$ it is the other way round, by 0.05 or more. And it is no accident: the check
# adds noise of 0.05 (standard deviation, to every number) twenty times; for the *mean*
# of the twenty the same margins of 0.05 have to hold. With $r = 1$ the order may be
# another in one of the twenty at most, and with $r = 3$ again in one. The check routes
# itself, as in section 5; it also turns the votes and shuffles the parts, which must
# not matter.
#
# `plots.week8.forming(scene(), history(scene(), 3))` draws what happens, whole 0 above
# (of longer vectors you see the first two numbers). How you find the votes is your
# affair: by thinking, by drawing, or by a program that searches. Votes that only just
# pass are at the mercy of the noise: look for some to spare.


# %% exercise="misled-sum"
def scene() -> np.ndarray:
    """Votes (parts, 2, size) whose sum finds whole 1 and whose routing whole 0."""
    ### BEGIN SOLUTION
    # Four agree on whole 0 and say four unrelated things of whole 1. Two strangers
    # speak against whole 0, and of whole 1 they say the same.
    axis = np.eye(6)
    ours = [(axis[0], axis[number]) for number in (1, 2, 3, 4)]
    strangers = [(-axis[0], axis[5])] * 2
    return np.array(ours + strangers)
    ### END SOLUTION


# %% check="misled-sum" points=4
checks.week8.scene(scene)

# %% [markdown] hint=1
# How long is the sum for whole 0 if four parts say 0° and three say 180°? Which of
# the seven must leave for whole 0 to win, and what would make them leave?

# %% [markdown] hint=1
# In the first round a part of the four compares: how well does my vote for whole 0
# agree with a *short* pose, and my vote for whole 1 with a *longer* one? The first must
# win. So how far should my vote for whole 1 point away from the pose of whole 1? And
# yet somebody has to make whole 1 long.

# %% [markdown] hint=1
# Passed without noise, and then not? Look at the smaller of your two margins. Which of
# your angles trades one against the other?

# %% [markdown]
# ## What to take with you
#
# A global pooling says which parts are there and forgets where. A capsule says how sure
# it is, with the length of a vector, and how the thing lies, with its direction. A
# part's pose times a matrix is a vote for the pose of a whole, and the matrix is the
# same wherever the whole may be. Squash makes lengths into numbers below 1. In each
# round every part divides itself among the wholes, by a softmax over the wholes; the
# wholes sum what they get; a part goes where its vote agrees with the sum. A part that
# is turned by 135° goes from one half to 0.12 in three rounds, one that is turned by
# 45° stays. The couplings of a part sum to 1, so that it must go somewhere, even where
# it does not belong. The margin loss lets several wholes be there at once.
#
# **Where people slip**
#
# - The softmax over the parts: means in place of sums, and no competition.
# - The logits overwritten, not added up; a round too many or too few.
# - The root of 0 in the squash: the value is right, its gradient is NaN.
# - The mean over the wholes in the margin loss, or $\lambda$ at the wrong term.
# - "More rounds are better": they are more decided.
#
# **Next:** notebook 2 puts it to work. 8,215,568 weights, sixteen numbers for a 5, and
# an honest comparison with a network that pools.
#
# **To read on:** Sabour, Frosst and Hinton, *Dynamic routing between capsules* (2017),
# sections 2 and 3; Hinton, Krizhevsky and Wang, *Transforming auto-encoders* (2011),
# whose first two pages say why.
