# %% [markdown]
# # Beyond photographs
#
# Week 4 · notebook 5 of 5 · about 135 minutes · 19 points
#
# A sentence is a picture one pixel high. A Go board is a picture of 19 × 19 pixels, in
# which a single one decides everything. In this notebook the layers you know leave
# photographs: they read film reviews, hear a chord, and see who captures in Go. Three
# times you will ask what pooling throws away, and whether anybody misses it.
#
# The 135 minutes are for two sittings, with the break after section 4. They leave out
# two things for other evenings: section 5, a chord, which stands by itself (25 minutes,
# 3 of the 19 points), and section 8, a network of your own (45 minutes or more, 4
# points).
#
# **When you are done, you can**
#
# - turn sentences of any length into one batch, and say what the padding does there;
# - write a filter over $n$ words, and the maximum over time that ignores the padding;
# - count Kim's network, and say how much of its skill is the order of words;
# - hear a chord with filters, and say why the order of two steps matters;
# - say what one pooling does to a network for Go, and what the longest chain is that it
#   can judge.
#
# **You need** channels (week 1), the field of a unit (week 2, notebook 2, sections 1
# and 2) and from week 3 pooling and, for sections 4, 7 and 8, the training loop.
# Notebooks 2 to 4 of this week are not needed.

# %%
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import checks, data, go, models, plots, text, train
from coursekit.layers.blocks import he_normal

# %% [markdown] topics="words as vectors, padding of sentences"
# ## 1. A sentence is a picture one pixel high
#
# Here are sentences of two kinds. If your computer is online, or has fetched them
# before, they come from film reviews (Pang and Lee, 2005), half of them for the film
# and half against. Otherwise they come with what is installed: from Python's manual
# (PSF licence), and from that of NumPy and SciPy (BSD licence). The cell says which you
# have. The numbers in the text are those of the reviews.

# %%
reviews = data.reviews_or_manuals()
sentences = [text.words(line) for line in reviews.texts]
for label, name in enumerate(reviews.classes):
    for at in (reviews.labels == label).nonzero()[7:9, 0].tolist():
        print(f"{name}: {' '.join(sentences[at])}")

# %% [markdown]
# A network computes with numbers. So every word of the **vocabulary** gets a vector,
# its **embedding**: a column of, say, 50 numbers, drawn at random at the start and
# learned like every other weight. A sentence of 10 words is then a picture 10 pixels
# wide, one pixel high, with 50 channels. (In the figure the channels are drawn one
# below the other, so that you can see them.)
#
# In week 1 (notebook 3, section 4) a kernel slid along the words. **Predict:** would it
# make sense to slide it downwards, too, from channel to channel, as over the rows of a
# photograph? And how many places has a filter three words wide on ten words?

# %%
hamlet = ["to", "be", "or", "not", "to", "be", "that", "is", "the", "question"]
known_words = {word: number for number, word in enumerate(dict.fromkeys(hamlet), 2)}
torch.manual_seed(1)
vectors = nn.Embedding(len(known_words) + 2, 50, padding_idx=0)
x = vectors(torch.tensor([known_words[word] for word in hamlet])).detach()
answers = torch.relu(F.conv1d(x.T[None], torch.randn(1, 50, 3) / 8))[0, 0]

# %%
plots.show(
    plots.week4.strip(hamlet, x, answers, width=3),
    caption="Ten words, fifty numbers each. A filter three words wide covers all "
    "fifty channels and has eight places; below, what it answers at each.",
    alt="A grid of ten columns, one a word, with fifty coloured cells each. Both "
    "columns of 'to' look the same, and both of 'be'. A frame three columns wide and "
    "as high as the grid. Below, eight places, four of them with a "
    "visible bar; the first is red, more than three times as high as any other.",
)

# %% [markdown]
# Only along the words: $10 - 3 + 1 = 8$ places. The channels of a word have no order:
# channel 7 is not nearer to channel 8 than to channel 40, you could shuffle them all.
# Neighbouring words *are* neighbours. So this is a 1-D convolution, in torch
# `nn.Conv1d(50, filters, 3)` on (n, 50, length). The two columns of *to* are the same,
# wherever the word stands.
#
# Two things are awkward about sentences. They have different lengths, but a batch is
# one tensor; and a new sentence has words that nobody has seen. For both there is a
# number: 0 means *nothing here*, 1 *some other word*. Number 0 has the vector of zeros,
# and keeps it (`padding_idx=0`).

# %% [markdown]
# ### Exercise 5.1 · Words to numbers
# 1 point · 8 minutes · ●○○○○ · needs nothing
#
# Turn sentences into one batch of whole numbers, a row for each sentence. A word has
# the number that `known` says, or 1 if it is not there. Behind the words come zeros, up
# to the length of the longest sentence of the batch, but at least up to `least` (the
# widest filter needs so many). There is at least one sentence; a sentence may be empty.


# %% exercise="word-numbers"
def encode(
    sentences: Sequence[Sequence[str]], known: Mapping[str, int], least: int
) -> Tensor:
    """Word numbers (n, length), whole numbers.

    known: numbers from 2 on, by word

    >>> encode([["so", "good"], ["so", "very", "good"]], {"good": 2, "so": 3}, 2)
    tensor([[3, 2, 0],
            [3, 1, 2]])
    """
    ### BEGIN SOLUTION
    length = max(least, *map(len, sentences))
    batch = torch.zeros(len(sentences), length, dtype=torch.int64)
    for row, sentence in zip(batch, sentences, strict=True):
        for place, word in enumerate(sentence):
            row[place] = known.get(word, 1)
    return batch
    ### END SOLUTION


# %% check="word-numbers" points=1
checks.week4.encode(encode)

# %% [markdown] hint=1
# Find the length first: of what is it the largest? Then begin with a tensor of zeros
# and fill it.

# %% [markdown] topics="n-gram filters"
# ## 2. A filter is a pattern of words
#
# A filter of width $h$ has a weight for every channel of $h$ neighbouring words. With
# $x_{t,l}$ for channel $l$ of word $t$, filter $i$ answers at place $t$
#
# $$ a_{t,i} = \max\Big(0,\; b_i + \sum_{m=0}^{h-1} \sum_l w_{i,m,l} \, x_{t+m,l}\Big)
# . $$
#
# It is large where the $h$ words fit the pattern ($h$ is the $k$ of week 1). There $h$
# words in a row were called an *n-gram*, and so the filter is a soft n-gram: words with
# similar vectors get similar answers. A filter for *not very good* may answer to *not
# really great* without ever having seen it.

# %% [markdown]
# ### Exercise 5.2 · n-gram filters
# 2 points · 12 minutes · ●●○○○ · needs nothing
#
# Write the layer for one sentence, by the formula. The sentence has at least $h$ words.
# (Convolutions of torch and SciPy are not an answer.)


# %% exercise="ngram-filters"
def ngram_filters(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """Answers (length - h + 1, filters) of all filters at all places.

    x: one sentence (length, channels); w: (filters, h, channels); b: (filters,)

    >>> x = torch.tensor([[1.0, 0], [0, 2], [3, 1]])  # three words, two channels
    >>> w = torch.tensor([[[1.0, 0], [0, 1]]])  # one filter, two words wide
    >>> ngram_filters(x, w, torch.tensor([-2.0]))
    tensor([[1.],
            [0.]])
    """
    ### BEGIN SOLUTION
    h = w.shape[1]
    windows = torch.stack([x[t : t + h] for t in range(len(x) - h + 1)])
    return torch.relu(torch.einsum("thl,ihl->ti", windows, w) + b)
    ### END SOLUTION


# %% check="ngram-filters" points=2
checks.week4.ngram_filters(ngram_filters)

# %% [markdown] hint=1
# What does one filter answer at one place? `x[t : t + h]` has the shape of `w[i]`.

# %% [markdown] topics="maximum over time"
# ## 3. The loudest place
#
# A filter has answered at each of its places. A filter three words wide gives 38
# answers for a sentence of 40 words and 5 for one of 7, and a dense layer wants a fixed
# number of inputs. Kim (2014, after Collobert and others) keeps a single number for
# each filter: its **maximum over time**. "Was there, anywhere, something like *not very
# good*?" Where it stood, and how often, is thrown away. It is the global pooling of
# week 3 with a maximum.
#
# A friend has written it, and it runs. Then the friend scores the same short sentence
# twice, alone and in a batch with a longer one:


# %%
def friends_best(scores: Tensor) -> Tensor:
    """Scores (n, filters, places), before ReLU, to the largest of each filter."""
    return scores.amax(2)


torch.manual_seed(3)
filters = nn.Conv1d(50, 4, 3)
short = x[:4].T[None]  # "to be or not"
padded = F.pad(short, (0, 6))  # as in a batch whose longest sentence has ten words
with torch.no_grad():
    print("alone   ", *(f"{one:6.2f}" for one in friends_best(filters(short))[0]))
    print("in batch", *(f"{one:6.2f}" for one in friends_best(filters(padded))[0]))

# %% [markdown]
# ### Exercise 5.3 · The bug: who is speaking?
# 2 points · 15 minutes · ●●●○○ · needs nothing
#
# The sentence is the same; what has changed the answers? Find out, and write the
# maximum over time such that a sentence gets the same in every batch. Only places count
# at which the window lies in the sentence as a whole. If the sentence is shorter than
# the filter, there is none; then place 0 counts, and only that. Scores are those before
# ReLU: they may all be negative, and should stay so.


# %% exercise="max-over-time"
def best_of(scores: Tensor, lengths: Tensor, h: int) -> Tensor:
    """The largest score (n, filters) of each filter in each sentence.

    scores: (n, filters, places); lengths: words in each sentence (n,); h: the width

    >>> scores = torch.tensor([[[-3.0, -1, 5]], [[-3, -1, 5]]])
    >>> best_of(scores, torch.tensor([3, 4]), h=2)
    tensor([[-1.],
            [ 5.]])
    """
    ### BEGIN SOLUTION
    places = torch.arange(scores.shape[2])
    last = (lengths - h).clamp(min=0)
    outside = places > last[:, None]
    return scores.masked_fill(outside[:, None], -math.inf).amax(2)
    ### END SOLUTION


# %% check="max-over-time" points=2
checks.week4.best_of(best_of)

# %% [markdown] hint=1
# What does a filter answer to a window of nothing but zeros? Look at its formula, and
# at `filters.bias`.

# %% [markdown] hint=1
# How many places has a filter of width $h$ in a sentence of 4 words? Which is the last?

# %% [markdown] hint=1
# A place that does not count should never win. Which value loses against all others?

# %% [markdown]
# A window of zeros gets the bias, and one at the edge gets a part of its sum: the
# padding has spoken. Kim's own code lets it speak, but to all alike: four zeros stand
# before *every* sentence, and behind it zeros up to the longest and four more. Our
# `text.encode` does the same. It needs no number for strange words: its vocabulary has
# every word of the collection, from 1 on, also those that stand only in the sentences
# kept apart, whose vectors stay as they were drawn.

# %% [markdown] topics="text CNN, order of words"
# ## 4. Kim's network
#
# Embedding, filters of three, four and five words side by side, maximum over time,
# dropout, one linear layer: that is all. Here with 50 channels and 20 filters of each
# width; Kim had 300 and 100. A tenth of the sentences is kept apart.

# %%
vocabulary = text.vocabulary(sentences)
numbers = text.encode(sentences, vocabulary)
kept_apart, *others = text.folds(len(reviews))  # ten parts at random
seen = torch.cat(others)
learned_from = text.Encoded(numbers[seen], reviews.labels[seen])
judged = text.Encoded(numbers[kept_apart], reviews.labels[kept_apart])
print(f"{len(vocabulary):,} words, each sentence padded to {numbers.shape[1]} numbers")
print(f"{len(learned_from):,} sentences to learn from, {len(judged):,} kept apart")


# %%
def trained(
    widths: Sequence[int], filters: int, seed: int = 0, label: str | None = None
) -> models.TextCNN:
    """A network for sentences after two looks at each."""
    torch.manual_seed(seed)
    sizes = {"embedding": 50, "filters": filters, "widths": widths}
    network = models.text_cnn(len(vocabulary) + 1, **sizes)
    rates = train.OneCycle(5e-3, 2 * math.ceil(len(learned_from) / 50))
    how = {"optimiser": torch.optim.Adam, "lr": rates, "seed": seed, "label": label}
    how |= {"epochs": 2, "batch_size": 50}
    how["prepare"] = text.Trim()  # cuts off zeros that no sentence of the batch needs
    train.fit(network, learned_from, **how)
    return network


# %%
kim = trained((3, 4, 5), filters=20, label="Reading")
right = train.accuracy(kim, judged, prepare=text.Trim())
print(f"{right:.1%} of the sentences kept apart are judged rightly")

# %% [markdown]
# Of the reviews about 78 of 100, with a network that began with random vectors. (Of the
# manuals nine in ten: each has words of its own.) Kim reports 76.1 % for random vectors
# and 81.0 % for vectors that another program had learned from a hundred billion words.
# Our run of his whole network, random vectors, ten times with another tenth kept apart,
# gave 75.2 %, between 72.5 and 76.7. So a point or two is the luck of the tenth.
#
# **Predict:** what will the filters have learned to look for? Write down three words or
# n-grams that you would look for.


# %%
def loudest(width: int, number: int, top: int = 3) -> list[str]:
    """The n-grams that one filter of a width answers to most, each once."""
    layer = kim.convolutions[[3, 4, 5].index(width)]
    with torch.no_grad():
        pictures = kim.embeddings[0](judged.images).transpose(1, 2)
        scores = layer(pictures)[:, number]
    spelled = {number: word for word, number in vocabulary.items()}
    found: dict[str, None] = {}
    for at in scores.flatten().argsort(descending=True)[:50].tolist():
        sentence, place = divmod(at, scores.shape[1])
        gram = judged.images[sentence, place : place + width].tolist()
        found[" ".join(spelled.get(word, "·") for word in gram)] = None
    return list(found)[:top]


# %%
votes = (kim.output.weight[1] - kim.output.weight[0]).detach().reshape(3, 20)
for width, of_width in zip((3, 4, 5), votes, strict=True):
    for number in (int(of_width.argmin()), int(of_width.argmax())):
        side = reviews.classes[int(of_width[number] > 0)]
        print(f"{side:>22}: {' | '.join(loudest(width, number))}")

# %% [markdown]
# Six filters, for each width the one that speaks most strongly against the film and the
# one that speaks most strongly for it (with the manuals: for Python's, and for
# NumPy's), with the three n-grams that each likes best. A dot is padding. You can read
# them: that is rare in a network. But look closely: is it the *order* of the words, or
# would single words do?
#
# **Predict:** we shuffle the words of each sentence that was kept apart, and ask the
# same network again. How many of 100 will it judge rightly now? And a network whose
# filters are a single word wide: how many before the shuffle, and how many after?


# %%
def shuffled(split: text.Encoded, seed: int) -> text.Encoded:
    """The same sentences, their words in random order."""
    dice = torch.Generator().manual_seed(seed)
    mixed = split.images.clone()
    for row in mixed:
        places = row.nonzero()[:, 0]
        row[places] = row[places[torch.randperm(len(places), generator=dice)]]
    return text.Encoded(mixed, split.labels)


single = trained((1,), filters=60)
for name, network in {"three to five words": kim, "single words": single}.items():
    parts = [judged, *(shuffled(judged, seed) for seed in range(3))]
    shares = [train.accuracy(network, part, prepare=text.Trim()) for part in parts]
    print(f"{name:20} {shares[0]:.1%}, shuffled", *(f"{one:.1%}" for one in shares[1:]))

# %% [markdown]
# Hardly anything happens. Of the reviews, shuffled, the network judges 76 of 100
# rightly, one or two fewer. A filter of a single word with a maximum over time cannot
# notice a shuffle at all, its answer is the same to the last digit, and it judges 75.
# With three seeds the shuffle cost 1.1 to 1.8 points, every time. Single words were
# behind by 2.9 and 2.4 points, and once they were level: three seeds do not settle
# that. So order is worth a little, and most of a verdict on a film lies in the words
# themselves. *Dull* is enough.
#
# Zhang and Wallace (2017) trained this network again and again with one thing changed
# at a time. Their advice: the width of the filters and their number matter, try them
# out; the maximum over time was better than all other poolings; dropout and limits on
# weights did little; and train several times before you believe a difference, since the
# same network with another seed gives another number.

# %% [markdown]
# ### Exercise 5.4 · Quiz: Kim's network in numbers
# 2 points · 10 minutes · ●●○○○ · needs 3.8 (week 1)
#
# Kim's own network on these reviews: 18,765 words, and the number 0 for padding, which
# has a vector as well (of zeros; count it); 300 channels; 100 filters each of width 3,
# 4 and 5, with biases; a linear layer for two classes, with biases.
#
# How many parameters has the table of vectors? How many have the filters, all three
# widths together? How many the linear layer? How many answers does a *single* filter of
# width 5 give on a sentence of 20 words without padding? And how many numbers does the
# linear layer get for a sentence of 56 words?

# %% exercise="kim-counts"
parameters_of_table: int | None = None
parameters_of_filters: int | None = None
parameters_of_linear: int | None = None
answers_of_five: int | None = None
inputs_of_linear: int | None = None
### BEGIN SOLUTION
parameters_of_table = (18765 + 1) * 300
parameters_of_filters = 100 * (3 * 300 + 1 + 4 * 300 + 1 + 5 * 300 + 1)
parameters_of_linear = 2 * (3 * 100 + 1)
answers_of_five = 20 - 5 + 1
inputs_of_linear = 3 * 100
### END SOLUTION

# %% check="kim-counts" points=2 quiz=1
checks.week4.kim_counts(
    parameters_of_table=parameters_of_table,
    parameters_of_filters=parameters_of_filters,
    parameters_of_linear=parameters_of_linear,
    answers_of_five=answers_of_five,
    inputs_of_linear=inputs_of_linear,
)

# %% [markdown] hint=1
# What does one filter of width 3 see, and how many weights is that?

# %% [markdown] hint=1
# What does the maximum over time leave of each filter, whatever the length?

# %% [markdown]
# Fifteen of sixteen weights stand in the table, and a sentence of 20 words uses at most
# 20 of its 18,766 vectors. With ten thousand sentences to learn from, no wonder that
# vectors learned elsewhere helped. This is a good place for the break.

# %% [markdown] topics="chords"
# ## 5. A filter that hears a chord
#
# This section can wait for another evening (it needs the imports only); the sitting
# goes on with section 6.
#
# A filter of a sound is a short piece of a tone: where the sound contains that tone,
# waves and weights swing together. (Week 1 had one, for the curious.) Two questions
# remain. The first: a tone has a **phase**. Let the wave begin a little later, and
# hills meet valleys: the same filter answers with 0, or below. The cure is a pair of
# filters, a cosine and a sine. When one is out of step, the other is in step. With $h$
# samples at $r$ samples a second, the strength of the tone of frequency $f$ at place
# $t$ is
#
# $$ s_f(t) = \frac{2}{h} \sqrt{C^2 + S^2} , \qquad C = \sum_{j=0}^{h-1} x_{t+j} \cos
# \frac{2 \pi f j}{r} , \qquad S = \sum_{j=0}^{h-1} x_{t+j} \sin
# \frac{2 \pi f j}{r} . $$
#
# A pure tone of height 1 gets about 1, whatever its phase. The second question: how do
# three tones become a chord? It should be heard where *all* of its tones sound at once:
# at each place, take the weakest of them.

# %% [markdown]
# ### Exercise 5.5 · A chord
# 3 points · 15 minutes · ●●●○○ · needs nothing
#
# Write it: the strength of every tone at every `step`-th place, $t = 0$, `step`, twice
# `step` and so on (a stride), as long as the window of `h` samples fits into the sound;
# and of the tones at each place the weakest. There is at least one tone and one place.
# (Any call of NumPy, SciPy or torch may help.)


# %% exercise="hear-chord"
def hear(
    sound: np.ndarray, tones: Sequence[float], rate: int, h: int, step: int
) -> np.ndarray:
    """Strength of the chord at each place, an array with one number a place.

    sound: (samples,), at least h; tones: frequencies in hertz; rate: samples a second

    >>> wave = np.sin(2 * np.pi * 5 * np.arange(200) / 100)  # 5 hertz, 100 samples/s
    >>> hear(wave, [5.0], rate=100, h=40, step=80).round(3)
    array([1., 1., 1.])
    >>> hear(wave, [5.0, 10.0], rate=100, h=40, step=80).round(3)
    array([0., 0., 0.])
    """
    ### BEGIN SOLUTION
    windows = np.lib.stride_tricks.sliding_window_view(sound, h)[::step]
    angles = 2 * np.pi * np.outer(tones, np.arange(h)) / rate
    waves = windows @ np.exp(1j * angles).T
    return (2 / h * np.abs(waves)).min(axis=1)
    ### END SOLUTION


# %% check="hear-chord" points=3
checks.week4.hear(hear)

# %% [markdown] hint=1
# One tone and one place first: which two kernels of $h$ numbers, which two sums?

# %% [markdown] hint=1
# Keep the strengths of all tones as a table, a row for each tone and a column for each
# place. Along which axis is "the weakest tone here"?

# %% [markdown]
# **Predict:** here come E, C and G one after another; then all three at once; then A, C
# and E at once; and C, E and G again, much more softly, under noise. A filter for
# C-E-G: where does it answer? And what would you get from this order: first the maximum
# over time of each tone, then the weakest of the three?

# %%
RATE, PART = 4000, 2000  # samples a second, samples in each of six parts
hertz = {"G": 392.0, "E": 329.6, "C": 261.6, "A": 220.0}
clock, dice = np.arange(PART) / RATE, np.random.default_rng(0)


def tone(name: str) -> np.ndarray:
    """Half a second of a tone, with a phase of its own."""
    return np.sin(2 * np.pi * (hertz[name] * clock + dice.random()))


played = [("E", 1.0), ("C", 1.0), ("G", 1.0), ("CEG", 1.0), ("ACE", 1.0), ("CEG", 0.4)]
melody = np.concatenate([loud * sum(map(tone, names)) for names, loud in played])
melody += 0.3 * dice.standard_normal(len(melody))


# %%
def strengths(sound: np.ndarray, h: int = 400, step: int = 50) -> np.ndarray:
    """Strength (tones, places) of the four tones, by two convolutions each."""
    waves = np.exp(2j * np.pi * np.outer(list(hertz.values()), np.arange(h)) / RATE)
    pairs = torch.from_numpy(np.concatenate([waves.real, waves.imag]))[:, None]
    found = F.conv1d(torch.from_numpy(sound)[None, None], pairs, stride=step)[0]
    return 2 / h * found.reshape(2, len(hertz), -1).norm(dim=0).numpy()


heard = strengths(melody)

# %%
plots.show(
    plots.week4.chord(melody, RATE, heard, list(hertz), heard[:3].min(0)),
    caption="The sound; the strength of each tone, from black for 0 to white for 1; "
    "and at the bottom the weakest of C, E and G at each place.",
    alt="Three panels over 3 seconds. Above, a noisy wave. In the middle four rows, G, "
    "E, C, A: bright bars for E, then C, then G, then C, E and G together, then A, C "
    "and E, at last faint ones for C, E and G. Below a curve near 0, which rises to 1 "
    "from 1.5 to 2 seconds and to about 0.4 after 2.5 seconds.",
)

# %%
print("first together, then the loudest place:", heard[:3, :113].min(0).max().round(2))
print("first the loudest places, then together:", heard[:3, :113].max(1).min().round(2))

# %% [markdown]
# It answers where all three sound, also softly, and stays silent at A-C-E, which shares
# two tones with it. The last two lines are about the first three parts only, where
# there is no chord. Take the weakest at each place first, and the answer is near 0, as
# it should be. Take the maximum over time first, and it says 1: each tone was there
# *some time*. Pooling has thrown away what a chord is: at once.

# %% [markdown] topics="Go planes"
# ## 6. Nineteen by nineteen
#
# Two players put black and white stones on the crossings of a board, in turn. Stones of
# one colour that touch along a line are a *chain*, and they live and die together. The
# empty points beside a chain are its *liberties*. Take the last liberty of the other's
# chain, and you take its stones. A move that takes nothing and leaves one's own chain
# without a liberty is not allowed. (One more rule, about repetition, needs the moves
# before; we leave it out.)
#
# For a network the board becomes three **planes**, maps of 19 × 19 zeros and ones:
# where is nothing, where is black, where is white. (Is the first superfluous? Beyond
# the edge, in the padding, all three are 0. So here the padding may speak: it says
# where the board ends.) AlphaGo (Silver and others, 2016) had 48, among them how many
# liberties each chain has, which a program had counted. Ours shall find out itself. The
# question: *where can black play and capture?*

# %%
positions = go.boards(800, seed=0)
fresh = go.boards(300, seed=1)
truth, fresh_truth = go.facts(positions), go.facts(fresh)


def planes(boards: Tensor) -> Tensor:
    """Boards (n, 19, 19) to what a network sees: (n, 3, 19, 19)."""
    return torch.stack([boards == colour for colour in range(3)], 1).float()


# %%
plots.show(
    plots.week4.board(fresh[0], marks={"black captures": fresh_truth.captures[0]}),
    caption="One of our boards, strewn at random, chains without a liberty taken off. "
    "Squares mark the points where black captures.",
    alt="A Go board of 19 by 19 lines, two thirds of whose crossings hold black or "
    "white stones in no order; some empty crossings have a green square.",
)

# %% [markdown]
# Nobody would play like this, but the rules do not care. Look for a marked point, and
# find the white chain that has its only liberty there.

# %% [markdown]
# ### Exercise 5.6 · Liberties
# 3 points · 18 minutes · ●●●○○ · needs nothing
#
# Write the count: how many liberties has the chain of the stone at this point? Empty is
# 0, black 1, white 2; the board is square and may be smaller than 19 × 19. Points touch
# along rows and columns, and the edge ends the board. An empty point beside several
# stones of the chain is one liberty. At an empty point return 0. (Nothing of
# `coursekit.go`.)


# %% exercise="count-liberties"
def liberties(board: np.ndarray, row: int, column: int) -> int:
    """Liberties of the chain at this point, 0 if it is empty.

    board: whole numbers (size, size)

    >>> board = np.array([[0, 1, 2], [1, 1, 2], [0, 0, 0]])
    >>> liberties(board, 0, 1), liberties(board, 0, 2)
    (3, 1)
    """
    ### BEGIN SOLUTION
    if board[row, column] == 0:
        return 0
    chain, free, to_do = {(row, column)}, set(), [(row, column)]
    while to_do:
        i, j = to_do.pop()
        for point in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
            if min(point) < 0 or max(point) >= len(board):
                continue
            if board[point] == 0:
                free.add(point)
            elif board[point] == board[row, column] and point not in chain:
                chain.add(point)
                to_do.append(point)
    return len(free)
    ### END SOLUTION


# %% check="count-liberties" points=3
checks.week4.liberties(liberties)

# %% [markdown] hint=1
# Two lists help: the stones of the chain that you know, and those of them whose
# neighbours you have not looked at yet.

# %% [markdown] hint=1
# How do you make sure that a liberty beside two stones counts once? And what does
# `board[-1, 0]` mean in Python, and what in Go?

# %% [markdown] topics="same padding without pooling"
# ## 7. Two layers, five layers, and a pooling
#
# Your function walks from stone to stone, as far as the chain goes. A convolution of
# 3 × 3 walks one point further with every layer, and no more.
#
# **Predict:** three networks learn from 800 boards where black captures. All have 16
# maps and "same" padding, $p = 1$ per side, so that every point of the board keeps its
# own answer. One has two layers of 3 × 3, one has five; the third has five, and behind
# the first of them a maximum over 2 × 2, as in any network for photographs (its answers
# are enlarged again at the end). In which order will they come out?


# %%
def tower(layers: int, pool: bool = False) -> nn.Sequential:
    """Layers of 3 × 3 with 16 maps, and one of 1 × 1 that gives each point a score."""
    parts: list[nn.Module] = []
    for layer in range(layers):
        parts += [nn.Conv2d(16 if layer else 3, 16, 3, padding=1), nn.ReLU()]
        if pool and layer == 0:
            parts.append(nn.MaxPool2d(2, ceil_mode=True))  # 19 → 10
    parts.append(nn.Conv2d(16, 1, 1))
    if pool:
        parts.append(nn.Upsample(size=19))  # each answer for 2 × 2 points
    network = nn.Sequential(*parts)
    he_normal(network)  # a start at which numbers keep their size: week 5
    return network


# %%
class Positions(NamedTuple):
    """Planes (n, 3, 19, 19), and 1 where black captures (n, 19, 19), else 0."""

    images: Tensor
    labels: Tensor


def miss(network: nn.Module, x: Tensor, t: Tensor) -> Tensor:
    """Cross-entropy of yes and no at the empty points; a yes counts three times."""
    free = x[:, 0] == 1
    scores, three = network(x)[:, 0], torch.tensor(3.0)
    return F.binary_cross_entropy_with_logits(scores[free], t[free], pos_weight=three)


learn_from = Positions(planes(positions), truth.captures.float())


# %%
def taught(layers: int, pool: bool = False, seed: int = 0) -> nn.Module:
    """A tower after six looks at each board."""
    torch.manual_seed(seed)
    network = tower(layers, pool)
    rates = train.OneCycle(0.01, 6 * 50)
    how = {"optimiser": torch.optim.Adam, "loss": miss, "label": None}
    train.fit(network, learn_from, epochs=6, batch_size=16, lr=rates, seed=seed, **how)
    return network


def says(network: nn.Module, boards: Tensor) -> Tensor:
    """Where a network says that black captures: True or False (n, 19, 19)."""
    with torch.no_grad():
        scores = network(planes(boards)).reshape(boards.shape)
    return (scores > 0) & (boards == go.EMPTY)


# %% [markdown]
# How good is an answer? Of 100 empty points 5 or 6 are captures; a network that always
# says *no* is right at all the others, and useless. So we count hits, points where both
# say yes, and compare them with the yeses of either side. This is the **F1 score**:
#
# $$ F_1 = \frac{2 \cdot \text{hits}}{\text{said} + \text{true}} . $$
#
# It is 1 when both agree everywhere, and 0 for one that never says yes. The towers
# learn by another number: the loss of a point is $-\ln$ of the probability of the true
# answer (week 3), and yes has the probability $1 / (1 + e^{-z})$ at score $z$; a yes
# counts three times, because they are rare.


# %%
def f1(said: Tensor, true: Tensor) -> float:
    """Twice the hits over what was said and what is true."""
    return 2 * int((said & true).sum()) / int(said.sum() + true.sum())


towers = {
    "two layers": taught(2),
    "five layers": taught(5),
    "five, one pooling": taught(5, pool=True),
}
said = {name: says(network, fresh) for name, network in towers.items()}
for name, answer in said.items():
    print(f"{name:18} F1 {f1(answer, fresh_truth.captures):.2f}")
first_board = {name: said[name][0] for name in ("five layers", "five, one pooling")}


# %% [markdown]
# Five layers come first, with 0.96, then two with 0.91, and far behind the five with a
# pooling, 0.59. Other seeds change the second digit, not the order: of three seeds,
# five layers had 0.95 to 0.96, two 0.90 to 0.91, and the pooled 0.50 to 0.59.
#
# For a photograph a pooling was no loss: the cat is a cat, two pixels further to the
# left. On the board the neighbouring point is another move. After one pooling four
# points share one answer, and nobody can say any more which of the four it is.

# %%
plots.show(
    plots.week4.judged(fresh[0], fresh_truth.captures[0], first_board),
    caption="The same board, judged by both networks of five layers. Green squares are "
    "hits, blue rings were missed, red crosses are no captures.",
    alt="Two Go boards with the same stones. On the left nearly all marks are green "
    "squares. On the right, with one pooling, there are red crosses beside green "
    "squares and two blue rings.",
)

# %% [markdown]
# And what of the two layers? The answer is in the chains that they missed.
#
# **Predict:** among the captures, sort by the stones of the chain taken (the largest,
# if there are several). How many of each sort does the network with two layers find,
# how many that with five?

# %%
sizes = {"1": (1, 1), "2": (2, 2), "3": (3, 3), "4": (4, 4), "5 to 8": (5, 8)}
taken = fresh_truth.taken
found = {
    name: [
        float(answer[(taken >= low) & (taken <= high)].float().mean())
        for low, high in sizes.values()
    ]
    for name, answer in said.items()
}
counts = [int(((taken >= low) & (taken <= high)).sum()) for low, high in sizes.values()]
print("captures of each sort:", *counts)

# %%
plots.show(
    plots.week4.recall(list(sizes), found),
    caption="Of all captures, the part that a network finds, by the stones of the "
    "largest chain taken.",
    alt="Three curves over 1, 2, 3, 4 and 5 to 8 stones. Five layers: near 1 for one "
    "and two stones, 0.7 for three, 0.4 for four, 0.1 for more. Two layers: from 1 to "
    "0.65 for two stones, 0.3 for three, 0.4 for four, and 0.1. Five with a pooling: "
    "from 0.8 down to 0.1.",
)

# %% [markdown]
# Two layers find every single stone, two thirds of the pairs, and a third of the chains
# of three. They see two points far. That is all that matters for one stone. It is
# enough for 63 of 100 pairs, those that turn past the move, and for 20 of 100 chains of
# three; of the others they can only guess. (From four stones on there are so few, 25
# and 15, that a handful of guesses moves a curve, and even puts the two layers ahead.)
#
# Five layers see five points far: every chain here of up to four stones, and 14 of the
# 15 of five to eight. What they miss they have seen, and not learned: five of six
# captures are of single stones, and only 15 of more than 2,000 of five to eight. (The
# network with a pooling misses a quarter even of the single stones.) More boards would
# help there. But some boards no learning can tell apart. Here are two. White has five
# stones in a row, black plays at the circle. On the left the far end is closed and
# black captures; on the right it is open.

# %%
twins = torch.zeros(2, 19, 19, dtype=torch.int64)
twins[:, 9, 4:9] = go.WHITE
twins[:, (8, 10), 4:9] = go.BLACK
twins[0, 9, 3] = go.BLACK
with torch.no_grad():
    scores = towers["five layers"](planes(twins))[:, 0, 9, 9]
print("scores at the circle:", *(f"{score:.4f}" for score in scores))

# %%
plots.show(
    plots.week4.twins(twins, (9, 9), reach=5),
    caption="The frame is all that a unit at the circle sees after five layers of "
    "3 × 3: 11 × 11 points, five to each side.",
    alt="Two Go boards. On each a row of five white stones between two rows of black "
    "ones, and a circle to the right of the white stones. Left, a black stone closes "
    "the left end; right, it is open. A frame around 11 by 11 points with the circle "
    "in its middle ends just before the point where the boards differ.",
)

# %% [markdown]
# The two boards are the same within the frame, so the two scores are the same, to the
# last digit, and one of them is wrong. No training helps; the network *must* fail here.

# %% [markdown]
# ### Exercise 5.7 · Quiz: how far is far enough?
# 2 points · 15 minutes · ●●●○○ · needs nothing
#
# Draw, then count. A straight chain has the move at one end, as above, far from the
# edge. A network can judge it only when the unit at the move sees every liberty that
# the chain could have.
#
# How many layers of 3 × 3 does a straight chain of 7 stones need? How many does a block
# of 2 × 2 stones need, with the move beside one of the four? What is the longest
# straight chain for a network whose first layer is 5 × 5, followed by four of 3 × 3?
# And for layers like AlphaGo's, one of 5 × 5, eleven of 3 × 3, one of 1 × 1, if it had
# only our three planes? Finally: after the pooling above (2 × 2, rounded up), how many
# different scores can a board have?

# %% exercise="go-reach"
layers_for_seven: int | None = None
layers_for_block: int | None = None
longest_with_five: int | None = None
longest_of_alphago: int | None = None
scores_after_pooling: int | None = None
### BEGIN SOLUTION
layers_for_seven = 7 + 1
layers_for_block = 2 + 1
longest_with_five = 2 + 4 - 1
longest_of_alphago = 2 + 11 - 1
scores_after_pooling = 10 * 10
### END SOLUTION

# %% check="go-reach" points=2 quiz=1
checks.week4.go_reach(
    layers_for_seven=layers_for_seven,
    layers_for_block=layers_for_block,
    longest_with_five=longest_with_five,
    longest_of_alphago=longest_of_alphago,
    scores_after_pooling=scores_after_pooling,
)

# %% [markdown] hint=1
# How many points lie between the move and the liberty at the far end of a chain of one?
# How far away is that liberty?

# %% [markdown] hint=1
# A window of 3 × 3 reaches one point further to each side. And one of 5 × 5, or 1 × 1?

# %% [markdown]
# AlphaGo's network sees 27 × 27 points, more than a board has; only from near an edge
# does it not see the other one. It has 3,882,793 weights (in its last layer each of the
# 361 points has a bias of its own), keeps 19 × 19 from the first layer to the last, and
# gives each point a score: the next move. On the same board, shifted by one, everything
# would be another game. That is why nothing is pooled.

# %%
alphago = models.go_policy()
print(f"{sum(p.numel() for p in alphago.parameters()):,} weights,", end=" ")
print(tuple(alphago(torch.zeros(1, 48, 19, 19)).shape), "scores")

# %% [markdown]
# Here the 135 minutes end. For the other evening: select this cell and let Jupyter run
# all cells above it.

# %% [markdown] topics="who captures"
# ## 8. Who captures?
#
# Five layers had 800 boards to learn from. Yours gets half of them.

# %% [markdown]
# ### Exercise 5.8 · Build: captures, to F1 = 0.95
# 4 points · 45 minutes · ●●●●● · needs nothing
#
# Write `learn_captures`. It gets boards and where somebody captures on them, makes a
# network of your own design, trains it, and returns it. The contract:
#
# - It learns from 400 boards with the planes (400, 3, 19, 19): empty, then the colour
#   that plays, then the colour that is captured; and `captures` (400, 19, 19), True
#   where it captures.
# - The network takes planes (n, 3, 19, 19), for any n, and gives scores (n, 19, 19),
#   above 0 for yes. The check switches it to evaluation mode.
# - On 200 fresh boards, at the empty points, $F_1$ must be at least *0.95*. (Grading
#   deals out other boards and is content with 0.94, so that luck does not decide.)
# - What it knows it has learned: rules of Go in `forward` are not an answer. (In
#   grading the planes of the two colours change places, on all boards; a network that
#   learns does not mind.)
# - A few seconds are plenty: it should not need more than ten, though nobody measures.
#
# The loop is yours, with torch's layers, losses and optimisers; nothing of `coursekit`.
# (Your `fit` of week 3 knows only one class for each image. Here each empty point has a
# yes or no. `nn.Flatten(1)` and `nn.Unflatten(1, (19, 19))` drop the single map of a
# last layer.) A practice set lies in `practice`; the fresh boards are yours to test on,
# `says` and `f1` as well (in evaluation mode).

# %%
practice = (planes(positions[:400]), truth.captures[:400])


# %% exercise="who-captures"
def learn_captures(boards: Tensor, captures: Tensor) -> nn.Module:
    """A trained network that says where the stones of the last plane can be taken.

    boards: planes (n, 3, 19, 19), zeros and ones; captures: True or False (n, 19, 19)

    network = learn_captures(*practice)
    """
    ### BEGIN SOLUTION
    layers: list[nn.Module] = []
    for layer in range(5):
        layers.append(nn.Conv2d(16 if layer else 3, 16, 3, padding=1))
        layers += [nn.BatchNorm2d(16), nn.ReLU()]
    layers += [nn.Conv2d(16, 1, 1), nn.Flatten(), nn.Unflatten(1, (19, 19))]
    model = nn.Sequential(*layers)
    adam = torch.optim.Adam(model.parameters())
    rates = torch.optim.lr_scheduler.OneCycleLR(adam, 0.01, total_steps=240)
    for step in range(240):
        chosen = torch.randint(len(boards), (8,))
        x, t = boards[chosen].rot90(step, (2, 3)), captures[chosen].rot90(step, (1, 2))
        free = x[:, 0] == 1
        loss = F.binary_cross_entropy_with_logits(model(x)[free], t[free].float())
        adam.zero_grad()
        loss.backward()
        adam.step()
        rates.step()
    return model
    ### END SOLUTION


# %% check="who-captures" points=4
checks.week4.learn_captures(learn_captures)

# %% [markdown] hint=1
# Which captures does it miss: those of one stone, or long chains? The first means that
# it has not learned enough. The second may mean that it sees too little, or that it has
# met too few of them: count its reach first.

# %% [markdown] hint=1
# 400 boards are few. What can you do to a board so that the answer is known without
# counting anything, and the network has not seen it yet?

# %% [markdown] hint=1
# Is the loss about all points, or about those that are asked for? Which rate comes
# down, and when?

# %% [markdown]
# Has it passed? Then write down the longest straight chain that *your* network can
# judge, by its layers, build it as a pair of twins, and look at the two scores.

# %% [markdown]
# ## What to take with you
#
# A convolution wants neighbours, not pixels. In a sentence the words are neighbours and
# the entries of a vector are channels; a filter of $h$ words is a soft n-gram; the
# maximum over time asks whether it was anywhere, and must not ask the padding. Most of
# a verdict on a film is in its words, the order adds a point or two. In a sound a tone
# needs two filters, and a chord must be put together before anything is pooled. On
# a board every point is an answer of its own: "same" padding, no pooling, and as many
# layers as the longest chain asks for. So what do you pool? What the *question* does
# not ask about: where, in a review; nothing, in Go.
#
# **Where people slip**
#
# - Sliding over the channels of a word vector, which have no order.
# - A maximum over time that hears the padding, or a 0 that beats negative scores.
# - Praising n-grams without asking what single words would do.
# - A percentage of points judged rightly, where nearly all of them are "no".
# - Pooling because networks pool.
# - Training longer when the field is too small.
#
# **Next:** week 5. These networks had five layers, and a careful start. With
# twenty-five, drawn carelessly, nothing is learned at all. Why, and what helps?
#
# **To read on:** Kim, *Convolutional neural networks for sentence classification*
# (2014), six pages; Zhang and Wallace, *A sensitivity analysis of (and practitioners'
# guide to) convolutional neural networks for sentence classification* (2017); Silver
# and others, *Mastering the game of Go with deep neural networks and tree search*
# (2016), the part on the policy network.
