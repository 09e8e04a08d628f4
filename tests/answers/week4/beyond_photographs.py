# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="word-numbers" style="rows, then a tensor"
def encode(sentences, known, least):
    rows = [[known.get(word, 1) for word in line] for line in sentences]
    length = max([least] + [len(row) for row in rows])
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


# %% right="word-numbers" style="numpy"
def encode(sentences, known, least):
    longest = max(len(line) for line in sentences)
    batch = np.zeros((len(sentences), max(longest, least)), dtype=int)
    for i, line in enumerate(sentences):
        for j, word in enumerate(line):
            batch[i, j] = known[word] if word in known else 1
    return batch


# %% right="word-numbers" style="zeros, filled in front"
def encode(sentences, known, least):
    lengths = [len(line) for line in sentences]
    batch = torch.zeros((len(sentences), max(least, max(lengths))), dtype=torch.long)
    for i, line in enumerate(sentences):
        numbers = [known.get(word, 1) for word in line]
        batch[i, : len(numbers)] = torch.tensor(numbers, dtype=torch.long)
    return batch


# %% wrong="word-numbers" says="0 means that there is no word"
def encode(sentences, known, least):
    rows = [[known.get(word, 0) for word in line] for line in sentences]
    length = max([least] + [len(row) for row in rows])
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


# %% wrong="word-numbers" says="The zeros stand behind the words"
def encode(sentences, known, least):
    rows = [[known.get(word, 1) for word in line] for line in sentences]
    length = max([least] + [len(row) for row in rows])
    return torch.tensor([[0] * (length - len(row)) + row for row in rows])


# %% wrong="word-numbers" says="what if the filter is wider?"
def encode(sentences, known, least):
    rows = [[known.get(word, 1) for word in line] for line in sentences]
    length = max(len(row) for row in rows)
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


# %% wrong="word-numbers" says="is not added to the longest sentence"
def encode(sentences, known, least):
    rows = [[known.get(word, 1) for word in line] for line in sentences]
    length = least + max(len(row) for row in rows)
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


# %% wrong="word-numbers" says="You leave unknown words out. Each of them is a 1."
def encode(sentences, known, least):
    length = max([least] + [len(line) for line in sentences])
    rows = [[known[word] for word in line if word in known] for line in sentences]
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


# %% wrong="word-numbers" says="and the rows become shorter"
def encode(sentences, known, least):
    rows = [[known[word] for word in line if word in known] for line in sentences]
    length = max([least] + [len(row) for row in rows])
    return torch.tensor([row + [0] * (length - len(row)) for row in rows]).long()


# %% wrong="word-numbers" says="longer sentences are cut off"
def encode(sentences, known, least):
    rows = [[known.get(word, 1) for word in line][:least] for line in sentences]
    return torch.tensor([row + [0] * (least - len(row)) for row in rows])


# %% wrong="word-numbers" says="KeyError"
def encode(sentences, known, least):
    rows = [[known[word] for word in line] for line in sentences]
    length = max([least] + [len(row) for row in rows])
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


# %% wrong="word-numbers" says="a row is a sentence"
def encode(sentences, known, least):
    rows = [[known.get(word, 1) for word in line] for line in sentences]
    length = max([least] + [len(row) for row in rows])
    return torch.tensor([row + [0] * (length - len(row)) for row in rows]).T


# %% right="ngram-filters" style="loops"
def ngram_filters(x, w, b):
    filters, h, _ = w.shape
    out = torch.zeros(len(x) - h + 1, filters)
    for t in range(len(out)):
        for i in range(filters):
            out[t, i] = max(0.0, float((x[t : t + h] * w[i]).sum() + b[i]))
    return out


# %% right="ngram-filters" style="unfold, one matrix"
def ngram_filters(x, w, b):
    windows = x.unfold(0, w.shape[1], 1).transpose(1, 2)
    return F.relu(windows.flatten(1) @ w.flatten(1).T + b)


# %% right="ngram-filters" style="shifted sums"
def ngram_filters(x, w, b):
    h = w.shape[1]
    places = x.shape[0] - h + 1
    total = sum(x[m : m + places] @ w[:, m].T for m in range(h))
    return (total + b).clamp(min=0)


# %% right="ngram-filters" style="numpy"
def ngram_filters(x, w, b):
    x, w, b = np.asarray(x), np.asarray(w), np.asarray(b)
    rows = []
    for t in range(len(x) - w.shape[1] + 1):
        window = x[t : t + w.shape[1]]
        rows.append(np.maximum(0, (w * window).sum(axis=(1, 2)) + b))
    return np.stack(rows)


# %% wrong="ngram-filters" says="The maximum with 0 is missing"
def ngram_filters(x, w, b):
    windows = x.unfold(0, w.shape[1], 1).transpose(1, 2)
    return windows.flatten(1) @ w.flatten(1).T + b


# %% wrong="ngram-filters" says="The bias is missing"
def ngram_filters(x, w, b):
    windows = x.unfold(0, w.shape[1], 1).transpose(1, 2)
    return F.relu(windows.flatten(1) @ w.flatten(1).T)


# %% wrong="ngram-filters" says="The bias comes before the maximum"
def ngram_filters(x, w, b):
    windows = x.unfold(0, w.shape[1], 1).transpose(1, 2)
    return F.relu(windows.flatten(1) @ w.flatten(1).T) + b


# %% wrong="ngram-filters" says="Your filters are turned round"
def ngram_filters(x, w, b):
    w = w.flip(1)
    windows = x.unfold(0, w.shape[1], 1).transpose(1, 2)
    return F.relu(windows.flatten(1) @ w.flatten(1).T + b)


# %% wrong="ngram-filters" says="That is a mean"
def ngram_filters(x, w, b):
    h = w.shape[1]
    rows = [(w * x[t : t + h]).mean((1, 2)) + b for t in range(len(x) - h + 1)]
    return torch.stack(rows).relu()


# %% wrong="ngram-filters" says="Rows are places and columns are filters"
def ngram_filters(x, w, b):
    windows = x.unfold(0, w.shape[1], 1).transpose(1, 2)
    return F.relu(windows.flatten(1) @ w.flatten(1).T + b).T


# %% wrong="ngram-filters" says="One place is missing"
def ngram_filters(x, w, b):
    h = w.shape[1]
    rows = [(w * x[t : t + h]).sum((1, 2)) + b for t in range(len(x) - h)]
    return torch.stack(rows).relu()


# %% wrong="ngram-filters" says="nothing is padded"
def ngram_filters(x, w, b):
    h = w.shape[1]
    x = torch.cat([x, torch.zeros(h - 1, x.shape[1])])
    windows = x.unfold(0, h, 1).transpose(1, 2)
    return F.relu(windows.flatten(1) @ w.flatten(1).T + b)


# %% wrong="ngram-filters" says="The window moves on by one word"
def ngram_filters(x, w, b):
    windows = x.unfold(0, w.shape[1], w.shape[1]).transpose(1, 2)
    return F.relu(windows.flatten(1) @ w.flatten(1).T + b)


# %% wrong="ngram-filters" says="asked is each place"
def ngram_filters(x, w, b):
    windows = x.unfold(0, w.shape[1], 1).transpose(1, 2)
    return F.relu(windows.flatten(1) @ w.flatten(1).T + b).amax(0)


# %% wrong="ngram-filters" says="does the work of this exercise"
def ngram_filters(x, w, b):
    return F.relu(F.conv1d(x.T[None], w.transpose(1, 2), b))[0].T


# %% right="max-over-time" style="a loop"
def best_of(scores, lengths, h):
    rows = []
    for row, length in zip(scores, lengths.tolist()):
        rows.append(row[:, : max(1, length - h + 1)].max(dim=1).values)
    return torch.stack(rows)


# %% right="max-over-time" style="a mask"
def best_of(scores, lengths, h):
    count = torch.clamp(lengths - h + 1, min=1)
    inside = torch.arange(scores.shape[-1])[None] < count[:, None]
    low = torch.full_like(scores, float("-inf"))
    return torch.where(inside[:, None, :], scores, low).max(-1)[0]


# %% right="max-over-time" style="numpy"
def best_of(scores, lengths, h):
    scores, lengths = np.asarray(scores), np.asarray(lengths)
    best = np.empty(scores.shape[:2])
    for i, length in enumerate(lengths):
        best[i] = scores[i, :, : max(length - h, 0) + 1].max(axis=1)
    return best


# %% wrong="max-over-time" says="That is the friend's"
def best_of(scores, lengths, h):
    return scores.amax(2)


# %% wrong="max-over-time" says="wins when all scores are negative"
def best_of(scores, lengths, h):
    count = torch.clamp(lengths - h + 1, min=1)
    inside = torch.arange(scores.shape[-1])[None] < count[:, None]
    return (scores * inside[:, None]).amax(2)


# %% wrong="max-over-time" says="begin in the sentence and end in the padding"
def best_of(scores, lengths, h):
    rows = []
    for row, length in zip(scores, lengths.tolist()):
        rows.append(row[:, : max(1, length)].amax(1))
    return torch.stack(rows)


# %% wrong="max-over-time" says="One place too many"
def best_of(scores, lengths, h):
    rows = []
    for row, length in zip(scores, lengths.tolist()):
        rows.append(row[:, : max(1, length - h + 2)].amax(1))
    return torch.stack(rows)


# %% wrong="max-over-time" says="One place too few"
def best_of(scores, lengths, h):
    rows = []
    for row, length in zip(scores, lengths.tolist()):
        rows.append(row[:, : max(1, length - h)].amax(1))
    return torch.stack(rows)


# %% wrong="max-over-time" says="You go by the longest sentence"
def best_of(scores, lengths, h):
    return scores[:, :, : max(1, int(lengths.max()) - h + 1)].amax(2)


# %% wrong="max-over-time" says="That is the mean"
def best_of(scores, lengths, h):
    rows = []
    for row, length in zip(scores, lengths.tolist()):
        rows.append(row[:, : max(1, length - h + 1)].mean(1))
    return torch.stack(rows)


# %% wrong="max-over-time" says="the last place only"
def best_of(scores, lengths, h):
    rows = []
    for row, length in zip(scores, lengths.tolist()):
        rows.append(row[:, max(0, length - h)])
    return torch.stack(rows)


# %% wrong="max-over-time" says="gets -inf; there place 0 counts"
def best_of(scores, lengths, h):
    inside = torch.arange(scores.shape[-1])[None] < (lengths - h + 1)[:, None]
    return scores.masked_fill(~inside[:, None], -torch.inf).amax(2)


# %% wrong="max-over-time" says="only place 0 counts, not all"
def best_of(scores, lengths, h):
    rows = []
    for row, length in zip(scores, lengths.tolist()):
        rows.append((row[:, : length - h + 1] if length >= h else row).amax(1))
    return torch.stack(rows)


# %% right="kim-counts" style="numbers"
parameters_of_table = 5629800
parameters_of_filters = 360300
parameters_of_linear = 602
answers_of_five = 16
inputs_of_linear = 300


# %% right="kim-counts" style="sums"
parameters_of_table = 18766 * 300
parameters_of_filters = sum(100 * (h * 300 + 1) for h in (3, 4, 5))
parameters_of_linear = 300 * 2 + 2
answers_of_five = 20 - 5 + 1
inputs_of_linear = 3 * 100.0


# %% wrong="kim-counts" says="The number 0 has a vector as well"
parameters_of_table = 5629500
parameters_of_filters = 360300
parameters_of_linear = 602
answers_of_five = 16
inputs_of_linear = 300


# %% wrong="kim-counts" says="Every filter has a bias"
parameters_of_table = 5629800
parameters_of_filters = 360000
parameters_of_linear = 602
answers_of_five = 16
inputs_of_linear = 300


# %% wrong="kim-counts" says="One bias for each filter, not for each width"
parameters_of_table = 5629800
parameters_of_filters = 360003
parameters_of_linear = 602
answers_of_five = 16
inputs_of_linear = 300


# %% wrong="kim-counts" says="Each class has a bias"
parameters_of_table = 5629800
parameters_of_filters = 360300
parameters_of_linear = 600
answers_of_five = 16
inputs_of_linear = 300


# %% wrong="kim-counts" says="Count the first place, too"
parameters_of_table = 5629800
parameters_of_filters = 360300
parameters_of_linear = 602
answers_of_five = 15
inputs_of_linear = 300


# %% wrong="kim-counts" says="What does the maximum over time do with the places"
parameters_of_table = 5629800
parameters_of_filters = 360300
parameters_of_linear = 602
answers_of_five = 16
inputs_of_linear = 16800


# %% right="hear-chord" style="loops"
def hear(sound, tones, rate, h, step):
    heard = []
    for t in range(0, len(sound) - h + 1, step):
        piece, strengths = sound[t : t + h], []
        for f in tones:
            angle = 2 * np.pi * f * np.arange(h) / rate
            c, s = (piece * np.cos(angle)).sum(), (piece * np.sin(angle)).sum()
            strengths.append(2 / h * np.sqrt(c**2 + s**2))
        heard.append(min(strengths))
    return np.array(heard)


# %% right="hear-chord" style="torch, float32"
def hear(sound, tones, rate, h, step):
    x = torch.as_tensor(sound).float()[None, None]
    angle = 2 * torch.pi * torch.tensor(tones)[:, None] * torch.arange(h) / rate
    c = F.conv1d(x, angle.cos()[:, None].float(), stride=step)[0]
    s = F.conv1d(x, angle.sin()[:, None].float(), stride=step)[0]
    return (2 / h * torch.sqrt(c**2 + s**2)).min(0).values


# %% right="hear-chord" style="windows and hypot"
def hear(sound, tones, rate, h, step):
    starts = np.arange(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    strength = np.hypot(windows @ np.cos(angle), windows @ np.sin(angle))
    return np.min(strength, axis=1) * 2 / h


# %% wrong="hear-chord" says="That is the cosine alone"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * np.abs(c)
    return strength.min(axis=1)


# %% wrong="hear-chord" says="That is the sine alone"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * np.abs(s)
    return strength.min(axis=1)


# %% wrong="hear-chord" says="That is C alone, with its sign"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * c
    return strength.min(axis=1)


# %% wrong="hear-chord" says="That is S alone, with its sign"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * s
    return strength.min(axis=1)


# %% wrong="hear-chord" says="The factor 2/h is missing"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = np.hypot(c, s)
    return strength.min(axis=1)


# %% wrong="hear-chord" says="The factor is 2/h, not 1/h"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = np.hypot(c, s) / h
    return strength.min(axis=1)


# %% wrong="hear-chord" says="The root is missing."
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * (c**2 + s**2)
    return strength.min(axis=1)


# %% wrong="hear-chord" says="C and S are added as sizes"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * (np.abs(c) + np.abs(s))
    return strength.min(axis=1)


# %% wrong="hear-chord" says="A full turn is 2π"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) / rate
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * np.hypot(c, s)
    return strength.min(axis=1)


# %% wrong="hear-chord" says="only one π"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * np.hypot(c, s)
    return strength.min(axis=1)


# %% wrong="hear-chord" says="That is the mean of the tones"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * np.hypot(c, s)
    return strength.mean(axis=1)


# %% wrong="hear-chord" says="That is the strongest tone"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * np.hypot(c, s)
    return strength.max(axis=1)


# %% wrong="hear-chord" says="You added the tones"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * np.hypot(c, s)
    return strength.sum(axis=1)


# %% wrong="hear-chord" says="A number for each place is asked"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * np.hypot(c, s)
    return strength.max(axis=0).min()


# %% wrong="hear-chord" says="You stop at every sample"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, 1)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * np.hypot(c, s)
    return strength.min(axis=1)


# %% wrong="hear-chord" says="The last place is missing"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h - step + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * np.hypot(c, s)
    return strength.min(axis=1)


# %% wrong="hear-chord" says="Each tone still has its row"
def hear(sound, tones, rate, h, step):
    starts = range(0, len(sound) - h + 1, step)
    windows = np.array([sound[t : t + h] for t in starts])
    angle = np.outer(np.arange(h), tones) * (2 * np.pi / rate)
    c, s = windows @ np.cos(angle), windows @ np.sin(angle)
    strength = 2 / h * np.hypot(c, s)
    return strength.T


# %% right="count-liberties" style="recursion"
def liberties(board, row, column):
    colour, seen, free = board[row, column], set(), set()

    def visit(i, j):
        if not (0 <= i < len(board) and 0 <= j < len(board)) or (i, j) in seen:
            return
        if board[i, j] == 0:
            free.add((i, j))
        elif board[i, j] == colour:
            seen.add((i, j))
            for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                visit(i + a, j + b)

    if colour != 0:
        visit(row, column)
    return len(free)


# %% right="count-liberties" style="growing a mask"
def liberties(board, row, column):
    def spread(points):
        wide = np.pad(points, 1)
        up, down = wide[:-2, 1:-1], wide[2:, 1:-1]
        return points | up | down | wide[1:-1, :-2] | wide[1:-1, 2:]

    if board[row, column] == 0:
        return 0
    chain = np.zeros(board.shape, bool)
    chain[row, column] = True
    for _ in range(board.size):
        chain = spread(chain) & (board == board[row, column])
    return (spread(chain) & (board == 0)).sum()


# %% right="count-liberties" style="torch, a cross as kernel"
def liberties(board, row, column):
    stones = torch.as_tensor(board)
    if stones[row, column] == 0:
        return 0
    cross = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]
    grow = lambda points: (
        F.conv2d(points.float()[None, None], cross, padding=1)[0, 0] > 0
    )
    chain = torch.zeros(stones.shape, dtype=torch.bool)
    chain[row, column] = True
    while True:
        larger = grow(chain) & (stones == stones[row, column])
        if bool((larger == chain).all()):
            return int((grow(chain) & (stones == 0)).sum())
        chain = larger


# %% wrong="count-liberties" says="A point beside two stones of the chain counts once"
def liberties(board, row, column):
    if board[row, column] == 0:
        return 0
    chain, free, to_do = {(row, column)}, [], [(row, column)]
    while to_do:
        i, j = to_do.pop()
        for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            point = i + a, j + b
            if min(point) < 0 or max(point) >= len(board):
                continue
            if board[point] == 0:
                free.append(point)
            elif board[point] == board[row, column] and point not in chain:
                chain.add(point)
                to_do.append(point)
    return len(free)


# %% wrong="count-liberties" says="The whole chain has them together"
def liberties(board, row, column):
    if board[row, column] == 0:
        return 0
    chain, free, to_do = {(row, column)}, set(), [(row, column)]
    while to_do:
        i, j = to_do.pop()
        for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            point = i + a, j + b
            if min(point) < 0 or max(point) >= len(board):
                continue
            if board[point] == 0:
                free.add(point)
            elif board[point] == board[row, column] and point not in chain:
                chain.add(point)
                pass
    return len(free)


# %% wrong="count-liberties" says="You go along diagonals"
def liberties(board, row, column):
    if board[row, column] == 0:
        return 0
    chain, free, to_do = {(row, column)}, set(), [(row, column)]
    while to_do:
        i, j = to_do.pop()
        for a, b in [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]:
            point = i + a, j + b
            if min(point) < 0 or max(point) >= len(board):
                continue
            if board[point] == 0:
                free.add(point)
            elif board[point] == board[row, column] and point not in chain:
                chain.add(point)
                to_do.append(point)
    return len(free)


# %% wrong="count-liberties" says="do not belong to one chain"
def liberties(board, row, column):
    if board[row, column] == 0:
        return 0
    chain, free, to_do = {(row, column)}, set(), [(row, column)]
    while to_do:
        i, j = to_do.pop()
        for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            point = i + a, j + b
            if min(point) < 0 or max(point) >= len(board):
                continue
            if board[point] == 0:
                free.add(point)
            elif board[point] > 0 and point not in chain:
                chain.add(point)
                to_do.append(point)
    return len(free)


# %% wrong="count-liberties" says="−1 is the last row in Python"
def liberties(board, row, column):
    if board[row, column] == 0:
        return 0
    chain, free, to_do = {(row, column)}, set(), [(row, column)]
    while to_do:
        i, j = to_do.pop()
        for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            point = i + a, j + b
            if max(point) >= len(board):
                continue
            if board[point] == 0:
                free.add(point)
            elif board[point] == board[row, column] and point not in chain:
                chain.add(point)
                to_do.append(point)
    return len(free)


# %% wrong="count-liberties" says="Those are the stones of the chain"
def liberties(board, row, column):
    if board[row, column] == 0:
        return 0
    chain, free, to_do = {(row, column)}, set(), [(row, column)]
    while to_do:
        i, j = to_do.pop()
        for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            point = i + a, j + b
            if min(point) < 0 or max(point) >= len(board):
                continue
            if board[point] == 0:
                free.add(point)
            elif board[point] == board[row, column] and point not in chain:
                chain.add(point)
                to_do.append(point)
    return len(chain)


# %% wrong="count-liberties" says="At an empty point there is no chain"
def liberties(board, row, column):
    chain, free, to_do = {(row, column)}, set(), [(row, column)]
    while to_do:
        i, j = to_do.pop()
        for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            point = i + a, j + b
            if min(point) < 0 or max(point) >= len(board):
                continue
            if board[point] == 0:
                free.add(point)
            elif board[point] == board[row, column] and point not in chain:
                chain.add(point)
                to_do.append(point)
    return len(free)


# %% wrong="count-liberties" says="The edge gives no liberties"
def liberties(board, row, column):
    if board[row, column] == 0:
        return 0
    chain, free, to_do = {(row, column)}, set(), [(row, column)]
    while to_do:
        i, j = to_do.pop()
        for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            point = i + a, j + b
            if min(point) < 0 or max(point) >= len(board):
                free.add((point, i, j))
                continue
            if board[point] == 0:
                free.add(point)
            elif board[point] == board[row, column] and point not in chain:
                chain.add(point)
                to_do.append(point)
    return len(free)


# %% wrong="count-liberties" says="does the work of this exercise"
def liberties(board, row, column):
    from coursekit import go

    return int(go.facts(torch.as_tensor(board)[None]).liberties[0, row, column])


# %% right="go-reach" style="numbers"
layers_for_seven = 8
layers_for_block = 3
longest_with_five = 5
longest_of_alphago = 12
scores_after_pooling = 100


# %% right="go-reach" style="sums"
layers_for_seven = 7 + 1
layers_for_block = 1 + 2
longest_with_five = 2 + 4 * 1 - 1
longest_of_alphago = 2 + 11 - 1
scores_after_pooling = 10.0**2


# %% wrong="go-reach" says="What lies beyond it?"
layers_for_seven = 7
layers_for_block = 3
longest_with_five = 5
longest_of_alphago = 12
scores_after_pooling = 100


# %% wrong="go-reach" says="not in its middle"
layers_for_seven = 4
layers_for_block = 3
longest_with_five = 5
longest_of_alphago = 12
scores_after_pooling = 100


# %% wrong="go-reach" says="And their liberties?"
layers_for_seven = 8
layers_for_block = 2
longest_with_five = 5
longest_of_alphago = 12
scores_after_pooling = 100


# %% wrong="go-reach" says="Draw the block"
layers_for_seven = 8
layers_for_block = 5
longest_with_five = 5
longest_of_alphago = 12
scores_after_pooling = 100


# %% wrong="go-reach" says="Behind the last stone there may be a liberty"
layers_for_seven = 8
layers_for_block = 3
longest_with_five = 6
longest_of_alphago = 12
scores_after_pooling = 100


# %% wrong="go-reach" says="That is the side of the field. The move is in its middle."
layers_for_seven = 8
layers_for_block = 3
longest_with_five = 5
longest_of_alphago = 27
scores_after_pooling = 100


# %% wrong="go-reach" says="must be seen as well"
layers_for_seven = 8
layers_for_block = 3
longest_with_five = 5
longest_of_alphago = 13
scores_after_pooling = 100


# %% wrong="go-reach" says="It is rounded up"
layers_for_seven = 8
layers_for_block = 3
longest_with_five = 5
longest_of_alphago = 12
scores_after_pooling = 81


# %% wrong="go-reach" says="That is so without pooling"
layers_for_seven = 8
layers_for_block = 3
longest_with_five = 5
longest_of_alphago = 12
scores_after_pooling = 361


# %% right="who-captures" style="normalised, turned"
def learn_captures(boards, captures):
    sizes, layers = (3, 16, 16, 16, 16, 16), []
    for i, o in zip(sizes, sizes[1:]):
        layers += [nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU()]
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


# %% right="who-captures" style="plain, started by He"
class Tower(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 16, 3, padding=1)
        self.more = nn.ModuleList(nn.Conv2d(16, 16, 3, padding=1) for _ in range(4))
        self.last = nn.Conv2d(16, 1, 1)
        for layer in (self.first, *self.more):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = F.relu(self.first(x))
        for layer in self.more:
            x = F.relu(layer(x))
        return self.last(x)[:, 0]


def learn_captures(boards, captures):
    model, wanted = Tower(), captures.float()
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    rates = torch.optim.lr_scheduler.OneCycleLR(adam, 0.01, total_steps=360)
    for step in range(360):
        some = torch.randint(0, len(boards), (8,))
        x, t = boards[some], wanted[some]
        if step % 2:
            x, t = x.flip(3), t.flip(2)
        x, t = torch.rot90(x, step // 2, (2, 3)), torch.rot90(t, step // 2, (1, 2))
        empty = x[:, 0] > 0
        loss = F.binary_cross_entropy_with_logits(
            model(x)[empty], t[empty], pos_weight=torch.tensor(3.0)
        )
        adam.zero_grad()
        loss.backward()
        adam.step()
        rates.step()
    return model


# %% right="who-captures" style="epochs, weights of the loss"
class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [(3, 20), (20, 20), (20, 20), (20, 20)]
        self.convs = nn.ModuleList(nn.Conv2d(i, o, 3, padding="same") for i, o in sizes)
        self.norms = nn.ModuleList(nn.BatchNorm2d(20) for _ in sizes)
        self.end = nn.Conv2d(20, 1, 3, padding="same")

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms):
            x = norm(conv(x)).relu()
        return self.end(x).squeeze(1)


def learn_captures(boards, captures):
    model = Reader()
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.01)
    plan = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 5)
    for epoch in range(5):
        for batch in torch.randperm(len(boards)).split(10):
            x, t = boards[batch], captures[batch].double()
            if epoch % 2:
                x, t = x.transpose(2, 3), t.transpose(1, 2)
            losses = F.binary_cross_entropy_with_logits(
                model(x).double(), t, reduction="none"
            )
            loss = (losses * x[:, 0]).sum() / x[:, 0].sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        plan.step()
    return model


# %% wrong="who-captures" says="It never says yes"
def learn_captures(boards, captures):
    model = nn.Sequential(nn.Conv2d(3, 1, 3, padding=1), nn.Flatten(1, 2))
    nn.init.zeros_(model[0].weight)
    nn.init.constant_(model[0].bias, -1.0)
    return model


# %% wrong="who-captures" says="It says yes nearly everywhere"
def learn_captures(boards, captures):
    model = nn.Sequential(nn.Conv2d(3, 1, 3, padding=1), nn.Flatten(1, 2))
    nn.init.zeros_(model[0].weight)
    nn.init.constant_(model[0].bias, 1.0)
    return model


# %% wrong="who-captures" says="several points share one answer"
def learn_captures(boards, captures):
    model = nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.MaxPool2d(2, ceil_mode=True),
        nn.Conv2d(16, 16, 3, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 1, 1),
        nn.Upsample(size=19),
        nn.Flatten(1, 2),
    )
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    for step in range(150):
        chosen = torch.randint(len(boards), (8,))
        free = boards[chosen][:, 0] == 1
        scores, t = model(boards[chosen]), captures[chosen].float()
        loss = F.binary_cross_entropy_with_logits(scores[free], t[free])
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


# %% wrong="who-captures" says="Single stones are easy for it"
def learn_captures(boards, captures):
    model = nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 16, 3, padding=1),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 1, 1),
        nn.Flatten(1, 2),
    )
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    rates = torch.optim.lr_scheduler.OneCycleLR(adam, 0.01, total_steps=300)
    for step in range(300):
        chosen = torch.randint(len(boards), (8,))
        free = boards[chosen][:, 0] == 1
        scores, t = model(boards[chosen]), captures[chosen].float()
        loss = F.binary_cross_entropy_with_logits(scores[free], t[free])
        adam.zero_grad()
        loss.backward()
        adam.step()
        rates.step()
    return model


# %% wrong="who-captures" says="the shape should be (1, 19, 19)"
def learn_captures(boards, captures):
    return nn.Conv2d(3, 1, 3, padding=1)


# %% wrong="who-captures" says="self.layers is a plain list"
class Listed(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Conv2d(3, 8, 3, padding=1), nn.ReLU()]
        self.last = nn.Conv2d(8, 1, 1)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.last(x)[:, 0]


def learn_captures(boards, captures):
    return Listed()


# %% wrong="word-numbers" says="An embedding wants whole numbers"
def encode(sentences, known, least):
    length = max([least] + [len(sentence) for sentence in sentences])
    batch = torch.zeros(len(sentences), length)
    for row, sentence in zip(batch, sentences):
        for place, word in enumerate(sentence):
            row[place] = known.get(word, 1)
    return batch


# %% wrong="ngram-filters" says="does the work of this exercise"
def ngram_filters(x, w, b):
    found = F.conv3d(x.T[None, :, :, None, None], w.transpose(1, 2)[..., None, None], b)
    return F.relu(found)[0, :, :, 0, 0].T


# %% wrong="max-over-time" says="wins when all scores are negative"
def best_of(scores, lengths, h):
    places = torch.arange(scores.shape[2])
    outside = places > (lengths - h).clamp(min=0)[:, None]
    return scores.masked_fill(outside[:, None], -torch.inf).amax(2).relu()


# %% wrong="max-over-time" says="-1000 is small, but not small enough"
def best_of(scores, lengths, h):
    places = torch.arange(scores.shape[2])
    outside = places > (lengths - h).clamp(min=0)[:, None]
    return scores.masked_fill(outside[:, None], -1000.0).amax(2)


# %% wrong="count-liberties" says="First the row, then the column"
def liberties(board, row, column):
    row, column = column, row
    if board[row, column] == 0:
        return 0
    chain, free, to_do = {(row, column)}, set(), [(row, column)]
    while to_do:
        i, j = to_do.pop()
        for at in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
            if min(at) < 0 or max(at) >= len(board):
                continue
            if board[at] == 0:
                free.add(at)
            elif board[at] == board[row, column] and at not in chain:
                chain.add(at)
                to_do.append(at)
    return len(free)


# %% equivalent="word-numbers" why="the values are the same"
# - batch = torch.zeros(len(sentences), length, dtype=torch.int64)
# + batch = torch.zeros(len(sentences), length)


# %% equivalent="word-numbers" why="the values are the same"
# - for row, sentence in zip(batch, sentences, strict=True):
# + for row, sentence in zip(batch, sentences):


# %% equivalent="word-numbers" why="both are as long"
# - for row, sentence in zip(batch, sentences, strict=True):
# + for row, sentence in zip(batch, sentences, strict=False):


# %% equivalent="word-numbers" why="they are whole"
# - return batch
# + return np.trunc(batch)


# %% equivalent="word-numbers" why="nothing there is negative"
# - return batch
# + return np.maximum(batch, 0)


# %% equivalent="word-numbers" why="nothing there is negative"
# - return batch
# + return np.abs(batch)


# %% equivalent="ngram-filters" why="nothing there is negative"
# - return torch.relu(torch.einsum('thl,ihl->ti', windows, w) + b)
# + return np.maximum(torch.relu(torch.einsum('thl,ihl->ti', windows, w) + b), 0)


# %% equivalent="ngram-filters" why="nothing there is negative"
# - return torch.relu(torch.einsum('thl,ihl->ti', windows, w) + b)
# + return np.abs(torch.relu(torch.einsum('thl,ihl->ti', windows, w) + b))


# %% equivalent="hear-chord" why="it is flat already"
# - return (2 / h * np.abs(waves)).min(axis=1)
# + return np.ravel((2 / h * np.abs(waves)).min(axis=1))


# %% equivalent="hear-chord" why="it has one axis"
# - return (2 / h * np.abs(waves)).min(axis=1)
# + return np.transpose((2 / h * np.abs(waves)).min(axis=1))


# %% equivalent="hear-chord" why="nothing there is negative"
# - return (2 / h * np.abs(waves)).min(axis=1)
# + return np.maximum((2 / h * np.abs(waves)).min(axis=1), 0)


# %% equivalent="hear-chord" why="nothing there is negative"
# - return (2 / h * np.abs(waves)).min(axis=1)
# + return np.abs((2 / h * np.abs(waves)).min(axis=1))


# %% equivalent="count-liberties" why="zero has no sign"
# - return 0
# + return -0


# %% equivalent="count-liberties" why="the order does not matter"
# - for point in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
# + for point in ((i + 1, j), (i - 1, j), (i, j - 1), (i, j + 1)):


# %% equivalent="count-liberties" why="the order does not matter"
# - for point in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
# + for point in ((i - 1, j), (i, j - 1), (i + 1, j), (i, j + 1)):


# %% equivalent="count-liberties" why="the order does not matter"
# - for point in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
# + for point in ((i - 1, j), (i + 1, j), (i, j + 1), (i, j - 1)):


# %% equivalent="word-numbers" why="the values are the same"
# - batch = np.zeros((len(sentences), max(longest, least)), dtype=int)
# + batch = np.zeros((len(sentences), max(longest, least)))


# %% equivalent="word-numbers" why="the order does not matter"
# - batch = np.zeros((len(sentences), max(longest, least)), dtype=int)
# + batch = np.zeros((len(sentences), max(least, longest)), dtype=int)


# %% equivalent="word-numbers" why="the values are the same"
# - batch = torch.zeros((len(sentences), max(least, max(lengths))), dtype=torch.long)
# + batch = torch.zeros((len(sentences), max(least, max(lengths))))


# %% equivalent="word-numbers" why="the order does not matter"
# - batch = torch.zeros((len(sentences), max(least, max(lengths))), dtype=torch.long)
# + batch = torch.zeros((len(sentences), max(max(lengths), least)), dtype=torch.long)


# %% equivalent="word-numbers" why="the values are the same"
# - batch[i, :len(numbers)] = torch.tensor(numbers, dtype=torch.long)
# + batch[i, :len(numbers)] = torch.tensor(numbers)


# %% equivalent="ngram-filters" why="every place is written"
# - out = torch.zeros(len(x) - h + 1, filters)
# + out = torch.ones(len(x) - h + 1, filters)


# %% equivalent="ngram-filters" why="the order does not matter"
# - out[t, i] = max(0.0, float((x[t:t + h] * w[i]).sum() + b[i]))
# + out[t, i] = max(float((x[t:t + h] * w[i]).sum() + b[i]), 0.0)


# %% equivalent="ngram-filters" why="zero has no sign"
# - out[t, i] = max(0.0, float((x[t:t + h] * w[i]).sum() + b[i]))
# + out[t, i] = max(-0.0, float((x[t:t + h] * w[i]).sum() + b[i]))


# %% equivalent="ngram-filters" why="it is taken as it is"
# - out[t, i] = max(0.0, float((x[t:t + h] * w[i]).sum() + b[i]))
# + out[t, i] = max(0.0, (x[t:t + h] * w[i]).sum() + b[i])


# %% equivalent="ngram-filters" why="the order does not matter"
# - windows = x.unfold(0, w.shape[1], 1).transpose(1, 2)
# + windows = x.unfold(0, w.shape[1], 1).transpose(2, 1)


# %% equivalent="ngram-filters" why="it is taken as it is"
# - x, w, b = (np.asarray(x), np.asarray(w), np.asarray(b))
# + pass


# %% equivalent="ngram-filters" why="it is taken as it is"
# - x, w, b = (np.asarray(x), np.asarray(w), np.asarray(b))
# + x, w, b = (np.asarray(x), w, np.asarray(b))


# %% equivalent="ngram-filters" why="the order does not matter"
# - rows.append(np.maximum(0, (w * window).sum(axis=(1, 2)) + b))
# + rows.append(np.maximum((w * window).sum(axis=(1, 2)) + b, 0))


# %% equivalent="ngram-filters" why="the order does not matter"
# - rows.append(np.maximum(0, (w * window).sum(axis=(1, 2)) + b))
# + rows.append(np.maximum(0, (w * window).sum(axis=(2, 1)) + b))


# %% equivalent="max-over-time" why="it is taken as it is"
# - for row, length in zip(scores, lengths.tolist()):
# + for row, length in zip(scores, lengths):


# %% equivalent="max-over-time" why="the order does not matter"
# - rows.append(row[:, :max(1, length - h + 1)].max(dim=1).values)
# + rows.append(row[:, :max(length - h + 1, 1)].max(dim=1).values)


# %% equivalent="max-over-time" why="it is taken as it is"
# - scores, lengths = (np.asarray(scores), np.asarray(lengths))
# + scores, lengths = (np.asarray(scores), lengths)


# %% equivalent="max-over-time" why="the order does not matter"
# - best[i] = scores[i, :, :max(length - h, 0) + 1].max(axis=1)
# + best[i] = scores[i, :, :max(0, length - h) + 1].max(axis=1)


# %% equivalent="hear-chord" why="the order does not matter"
# - c, s = ((piece * np.cos(angle)).sum(), (piece * np.sin(angle)).sum())
# + c, s = ((piece * np.sin(angle)).sum(), (piece * np.cos(angle)).sum())


# %% equivalent="hear-chord" why="it is taken as it is"
# - c = F.conv1d(x, angle.cos()[:, None].float(), stride=step)[0]
# + c = F.conv1d(x, angle.cos()[:, None], stride=step)[0]


# %% equivalent="hear-chord" why="there is only one"
# - c = F.conv1d(x, angle.cos()[:, None].float(), stride=step)[0]
# + c = F.conv1d(x, angle.cos()[:, None].float(), stride=step)[-1]


# %% equivalent="hear-chord" why="it is taken as it is"
# - s = F.conv1d(x, angle.sin()[:, None].float(), stride=step)[0]
# + s = F.conv1d(x, angle.sin()[:, None], stride=step)[0]


# %% equivalent="hear-chord" why="there is only one"
# - s = F.conv1d(x, angle.sin()[:, None].float(), stride=step)[0]
# + s = F.conv1d(x, angle.sin()[:, None].float(), stride=step)[-1]


# %% equivalent="hear-chord" why="it is taken as it is"
# - windows = np.array([sound[t:t + h] for t in starts])
# + windows = [sound[t:t + h] for t in starts]


# %% equivalent="hear-chord" why="the order does not matter"
# - strength = np.hypot(windows @ np.cos(angle), windows @ np.sin(angle))
# + strength = np.hypot(windows @ np.sin(angle), windows @ np.cos(angle))


# %% equivalent="count-liberties" why="the order does not matter"
# - free.add((i, j))
# + free.add((j, i))


# %% equivalent="count-liberties" why="the order does not matter"
# - for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
# + for b, a in ((1, 0), (-1, 0), (0, 1), (0, -1)):


# %% equivalent="count-liberties" why="the order does not matter"
# - for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
# + for a, b in ((-1, 0), (1, 0), (0, 1), (0, -1)):


# %% equivalent="count-liberties" why="the order does not matter"
# - for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
# + for a, b in ((1, 0), (0, 1), (-1, 0), (0, -1)):


# %% equivalent="count-liberties" why="the order does not matter"
# - for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
# + for a, b in ((1, 0), (-1, 0), (0, -1), (0, 1)):


# %% equivalent="count-liberties" why="the four steps are symmetric"
# - visit(i + a, j + b)
# + visit(i - a, j + b)


# %% equivalent="count-liberties" why="the four steps are symmetric"
# - visit(i + a, j + b)
# + visit(i + a, j - b)


# %% equivalent="count-liberties" why="the order does not matter"
# - up, down = (wide[:-2, 1:-1], wide[2:, 1:-1])
# + up, down = (wide[2:, 1:-1], wide[:-2, 1:-1])


# %% equivalent="count-liberties" why="the order does not matter"
# - return points | up | down | wide[1:-1, :-2] | wide[1:-1, 2:]
# + return wide[1:-1, 2:] | (points | up | down | wide[1:-1, :-2])


# %% equivalent="count-liberties" why="the order does not matter"
# - return points | up | down | wide[1:-1, :-2] | wide[1:-1, 2:]
# + return wide[1:-1, :-2] | (points | up | down) | wide[1:-1, 2:]


# %% equivalent="count-liberties" why="the order does not matter"
# - return points | up | down | wide[1:-1, :-2] | wide[1:-1, 2:]
# + return down | (points | up) | wide[1:-1, :-2] | wide[1:-1, 2:]


# %% equivalent="count-liberties" why="the order does not matter"
# - return points | up | down | wide[1:-1, :-2] | wide[1:-1, 2:]
# + return up | points | down | wide[1:-1, :-2] | wide[1:-1, 2:]


# %% equivalent="count-liberties" why="the order does not matter"
# - chain = spread(chain) & (board == board[row, column])
# + chain = (board == board[row, column]) & spread(chain)


# %% equivalent="count-liberties" why="the order does not matter"
# - return (spread(chain) & (board == 0)).sum()
# + return ((board == 0) & spread(chain)).sum()


# %% equivalent="count-liberties" why="it is taken as it is"
# - stones = torch.as_tensor(board)
# + stones = board


# %% equivalent="count-liberties" why="the cross is symmetric"
# - cross = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]
# + cross = torch.tensor([[0, 1, 0], [1, 1, 1], [0.0, 1, 0]])[None, None]


# %% equivalent="count-liberties" why="the cross is symmetric"
# - cross = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]
# + cross = torch.tensor([[0, 1, 0.0], [1, 1, 1], [0, 1, 0]])[None, None]


# %% equivalent="count-liberties" why="zero has no sign"
# - cross = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]
# + cross = torch.tensor([[-0.0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]


# %% equivalent="count-liberties" why="any positive weight will do"
# - cross = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]
# + cross = torch.tensor([[0.0, 2, 0], [1, 1, 1], [0, 1, 0]])[None, None]


# %% equivalent="count-liberties" why="any positive weight will do"
# - cross = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]
# + cross = torch.tensor([[0.0, 1, 0], [2, 1, 1], [0, 1, 0]])[None, None]


# %% equivalent="count-liberties" why="any positive weight will do"
# - cross = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]
# + cross = torch.tensor([[0.0, 1, 0], [1, 2, 1], [0, 1, 0]])[None, None]


# %% equivalent="count-liberties" why="any positive weight will do"
# - cross = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]
# + cross = torch.tensor([[0.0, 1, 0], [1, 1, 2], [0, 1, 0]])[None, None]


# %% equivalent="count-liberties" why="any positive weight will do"
# - cross = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]
# + cross = torch.tensor([[0.0, 1, 0], [1, 1, 1], [0, 2, 0]])[None, None]


# %% equivalent="count-liberties" why="there is only one"
# - grow = lambda points: F.conv2d(points.float()[None, None], cross, padding=1)[0, 0] > 0
# + grow = lambda points: F.conv2d(points.float()[None, None], cross, padding=1)[-1, 0] > 0


# %% equivalent="count-liberties" why="there is only one"
# - grow = lambda points: F.conv2d(points.float()[None, None], cross, padding=1)[0, 0] > 0
# + grow = lambda points: F.conv2d(points.float()[None, None], cross, padding=1)[0, -1] > 0


# %% equivalent="count-liberties" why="the values are the same"
# - chain = torch.zeros(stones.shape, dtype=torch.bool)
# + chain = torch.zeros(stones.shape)


# %% equivalent="count-liberties" why="the order does not matter"
# - larger = grow(chain) & (stones == stones[row, column])
# + larger = (stones == stones[row, column]) & grow(chain)


# %% equivalent="count-liberties" why="it is taken as it is"
# - if bool((larger == chain).all()):
# + if (larger == chain).all():


# %% equivalent="count-liberties" why="it is taken as it is"
# - return int((grow(chain) & (stones == 0)).sum())
# + return (grow(chain) & (stones == 0)).sum()


# %% equivalent="count-liberties" why="the order does not matter"
# - return int((grow(chain) & (stones == 0)).sum())
# + return int(((stones == 0) & grow(chain)).sum())


# %% equivalent="word-numbers" why="the largest of the same numbers"
# - length = max(least, *map(len, sentences))
# + length = max(*map(len, sentences), least)


# %% equivalent="who-captures" why="it reaches the goal, so it is right by the contract"
# - if epoch % 2:
# + if epoch:


# %% equivalent="who-captures" why="it reaches the goal, so it is right by the contract"
# - chosen = torch.randint(len(boards), (8,))
# + chosen = torch.randint(len(boards), (7,))


# %% equivalent="who-captures" why="it reaches the goal, so it is right by the contract"
# - sizes, layers = ((3, 16, 16, 16, 16, 16), [])
# + sizes, layers = ((3, 16, 16, 15, 16, 16), [])


# %% equivalent="who-captures" why="it reaches the goal, so it is right by the contract"
# - if epoch % 2:
# + if epoch // 2:


# %% equivalent="who-captures" why="it reaches the goal, so it is right by the contract"
# - losses = F.binary_cross_entropy_with_logits(model(x).double(), t, reduction='none')
# + losses = F.binary_cross_entropy_with_logits(model(x).double(), t)


# %% equivalent="who-captures" why="it reaches the goal, so it is right by the contract"
# - for step in range(360):
# + for step in range(359):
