# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="pixel-loss" style="gather"
def pixel_loss(scores, labels, weights=None):
    costs = -F.log_softmax(scores, 1).gather(1, labels.unsqueeze(1)).squeeze(1)
    if weights is None:
        return costs.mean()
    each = weights[labels]
    return (each * costs).sum() / each.sum()


# %% right="pixel-loss" style="one-hot"
def pixel_loss(scores, labels, weights=None):
    classes = scores.shape[1]
    if weights is None:
        weights = torch.ones(classes)
    hot = F.one_hot(labels, classes).permute(0, 3, 1, 2) * weights[:, None, None]
    return -(hot * torch.log_softmax(scores, dim=1)).sum() / hot.sum()


# %% right="pixel-loss" style="rows of pixels, log-sum-exp"
def pixel_loss(scores, labels, weights=None):
    rows = scores.movedim(1, -1).reshape(-1, scores.shape[1])
    flat = labels.reshape(-1)
    costs = rows.logsumexp(1) - rows[torch.arange(len(flat)), flat]
    each = torch.ones_like(costs) if weights is None else weights[flat]
    return torch.sum(each * costs) / torch.sum(each)


# %% right="pixel-loss" style="one class after the other"
def pixel_loss(scores, labels, weights=None):
    logs = scores.log_softmax(1)
    above, below = 0.0, 0.0
    for k in range(scores.shape[1]):
        w = 1.0 if weights is None else float(weights[k])
        mask = labels == k
        above = above - w * logs[:, k][mask].sum()
        below = below + w * mask.sum()
    return above / below


# %% right="pixel-loss" style="float64"
def pixel_loss(scores, labels, weights=None):
    logs = scores.double().log_softmax(1)
    n, _, h, w = scores.shape
    a, b, c = torch.meshgrid(
        torch.arange(n), torch.arange(h), torch.arange(w), indexing="ij"
    )
    costs = -logs[a, labels, b, c]
    each = torch.ones_like(costs) if weights is None else weights.double()[labels]
    return (each / each.sum() * costs).sum()


# %% wrong="pixel-loss" says="not by the number of pixels"
def pixel_loss(scores, labels, weights=None):
    costs = -scores.log_softmax(1).gather(1, labels[:, None])[:, 0]
    if weights is not None:
        costs = weights[labels] * costs
    return costs.mean()


# %% wrong="pixel-loss" says="Where are the weights"
def pixel_loss(scores, labels, weights=None):
    return -scores.log_softmax(1).gather(1, labels[:, None]).mean()


# %% wrong="pixel-loss" says="Your softmax runs along axis 3"
def pixel_loss(scores, labels, weights=None):
    costs = -scores.log_softmax(-1).gather(1, labels[:, None])[:, 0]
    each = torch.ones_like(costs) if weights is None else weights[labels]
    return (each * costs).sum() / each.sum()


# %% wrong="pixel-loss" says="Your softmax runs along axis 2"
def pixel_loss(scores, labels, weights=None):
    costs = -scores.log_softmax(2).gather(1, labels[:, None])[:, 0]
    each = torch.ones_like(costs) if weights is None else weights[labels]
    return (each * costs).sum() / each.sum()


# %% wrong="pixel-loss" says="Your softmax runs along axis 0"
def pixel_loss(scores, labels, weights=None):
    costs = -scores.log_softmax(0).gather(1, labels[:, None])[:, 0]
    each = torch.ones_like(costs) if weights is None else weights[labels]
    return (each * costs).sum() / each.sum()


# %% wrong="pixel-loss" says="log_softmax is not"
def pixel_loss(scores, labels, weights=None):
    costs = -scores.softmax(1).log().gather(1, labels[:, None])[:, 0]
    each = torch.ones_like(costs) if weights is None else weights[labels]
    return (each * costs).sum() / each.sum()


# %% wrong="pixel-loss" says="bends large losses"
def pixel_loss(scores, labels, weights=None):
    costs = -(scores.softmax(1) + 1e-8).log().gather(1, labels[:, None])[:, 0]
    each = torch.ones_like(costs) if weights is None else weights[labels]
    return (each * costs).sum() / each.sum()


# %% wrong="pixel-loss" says="does the work of this exercise"
def pixel_loss(scores, labels, weights=None):
    return F.cross_entropy(scores, labels, weights)


# %% wrong="pixel-loss" says="That is the sum"
def pixel_loss(scores, labels, weights=None):
    costs = -scores.log_softmax(1).gather(1, labels[:, None])[:, 0]
    return costs.sum() if weights is None else (weights[labels] * costs).sum()


# %% wrong="pixel-loss" says="cut off from `scores`"
def pixel_loss(scores, labels, weights=None):
    with torch.no_grad():
        costs = -scores.log_softmax(1).gather(1, labels[:, None])[:, 0]
        each = torch.ones_like(costs) if weights is None else weights[labels]
        return (each * costs).sum() / each.sum()


# %% wrong="pixel-loss" says="of all *pixels*"
def pixel_loss(scores, labels, weights=None):
    costs = -scores.log_softmax(1).gather(1, labels[:, None])[:, 0]
    if weights is None:
        return costs.mean()
    return (weights[labels] * costs).sum() / weights.sum()


# %% wrong="pixel-loss" says="one number is wanted"
def pixel_loss(scores, labels, weights=None):
    costs = -scores.log_softmax(1).gather(1, labels[:, None])[:, 0]
    return costs if weights is None else weights[labels] * costs


# %% wrong="pixel-loss" says="changes its input"
def pixel_loss(scores, labels, weights=None):
    with torch.no_grad():
        scores -= scores.amax(1, keepdim=True)
    costs = -scores.log_softmax(1).gather(1, labels[:, None])[:, 0]
    each = torch.ones_like(costs) if weights is None else weights[labels]
    return (each * costs).sum() / each.sum()


# %% right="blind-network" style="numbers"
plain = 0.05
inverse = 0.3333333
roots = 0.1480816
tips = 16


# %% right="blind-network" style="two digits"
plain = 0.05
inverse = 0.33
roots = 0.15
tips = 16.0


# %% right="blind-network" style="computed"
s = np.array([0.80, 0.15, 0.05])
plain = s[2]
inverse = (s / s)[2] / (s / s).sum()
roots = np.sqrt(s)[2] / np.sqrt(s).sum()
tips = s[0] / s[2]


# %% wrong="blind-network" says="How large are the products"
plain = 0.05
inverse = 0.05
roots = 0.148
tips = 16


# %% wrong="blind-network" says="The three should sum to 1"
plain = 0.05
inverse = 1 / 3
roots = 0.05**0.5
tips = 16


# %% wrong="blind-network" says="it must be the largest"
plain = 0.05
inverse = 1 / 3
roots = 0.148
tips = 19


# %% right="ious" style="torch"
def ious(predicted, labels, classes, ignore=None):
    known = labels != ignore if ignore is not None else labels == labels
    one = torch.stack([(predicted == k) & known for k in range(classes)]).flatten(1)
    other = torch.stack([(labels == k) & known for k in range(classes)]).flatten(1)
    found = (one & other).sum(1) / (one | other).sum(1)
    return found, torch.nanmean(found)


# %% right="ious" style="numpy"
def ious(predicted, labels, classes, ignore=None):
    predicted, labels = np.asarray(predicted).ravel(), np.asarray(labels).ravel()
    if ignore is not None:
        keep = labels != ignore
        predicted, labels = predicted[keep], labels[keep]
    table = np.zeros((classes, classes))
    np.add.at(table, (labels, predicted), 1)
    both = np.diag(table)
    either = table.sum(0) + table.sum(1) - both
    found = np.full(classes, np.nan)
    found[either > 0] = both[either > 0] / either[either > 0]
    return found, np.nanmean(found)


# %% right="ious" style="loops"
def ious(predicted, labels, classes, ignore=None):
    both, either = [0] * classes, [0] * classes
    for p, t in zip(predicted.flatten().tolist(), labels.flatten().tolist()):
        if t == ignore:
            continue
        if p == t:
            both[p] += 1
            either[p] += 1
        else:
            either[p] += 1
            either[t] += 1
    found = [b / e if e else float("nan") for b, e in zip(both, either)]
    there = [v for v in found if v == v]
    return torch.tensor(found), sum(there) / len(there)


# %% right="ious" style="float32 counts, a list of two"
def ious(predicted, labels, classes, ignore=None):
    k = torch.arange(classes).view(-1, 1, 1, 1)
    known = torch.ones(labels.shape) if ignore is None else (labels != ignore).float()
    one, other = (predicted == k).float() * known, (labels == k).float() * known
    both = (one * other).sum((1, 2, 3))
    found = both / (one.sum((1, 2, 3)) + other.sum((1, 2, 3)) - both)
    return [found, found[~found.isnan()].mean()]


# %% wrong="ious" says="Nothing to find is not 0"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool() if ignore is None else labels != ignore
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append((one & other).sum() / (one | other).sum().clamp(min=1))
    found = torch.stack(found)
    return found, found.mean()


# %% wrong="ious" says="Nothing to find is not 1"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool() if ignore is None else labels != ignore
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append(((one & other).sum() + 1e-7) / ((one | other).sum() + 1e-7))
    found = torch.stack(found)
    return found, found.mean()


# %% wrong="ious" says="That is Dice"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool() if ignore is None else labels != ignore
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append(2 * (one & other).sum() / (one.sum() + other.sum()))
    found = torch.stack(found)
    return found, found.nanmean()


# %% wrong="ious" says="Count all pictures together"
def ious(predicted, labels, classes, ignore=None):
    rows = []
    for p, t in zip(predicted, labels):
        known = torch.ones_like(t).bool() if ignore is None else t != ignore
        row = [
            ((p == k) & (t == k) & known).sum() / (((p == k) | (t == k)) & known).sum()
            for k in range(classes)
        ]
        rows.append(torch.stack(row))
    found = torch.stack(rows).nanmean(0)
    return found, found.nanmean()


# %% wrong="ious" says="not among those that were called"
def ious(predicted, labels, classes, ignore=None):
    found = []
    for k in range(classes):
        one, other = (
            predicted == k,
            (labels == k) & (labels != ignore if ignore is not None else True),
        )
        if k == ignore:
            found.append((one & other).sum() * torch.nan)
            continue
        found.append((one & other).sum() / (one | other).sum())
    found = torch.stack(found)
    return found, found.nanmean()


# %% wrong="ious" says="left out of the mean"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool() if ignore is None else labels != ignore
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append((one & other).sum() / (one | other).sum())
    found = torch.stack(found)
    return found, found.mean()


# %% wrong="ious" says="False alarms should cost"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool() if ignore is None else labels != ignore
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append((one & other).sum() / other.sum())
    found = torch.stack(found)
    return found, found.nanmean()


# %% wrong="ious" says="Return two things"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool() if ignore is None else labels != ignore
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append((one & other).sum() / (one | other).sum())
    return torch.stack(found)


# %% wrong="ious" says="Only the *label* says"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool()
    if ignore is not None:
        known = (labels != ignore) & (predicted != ignore)
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append((one & other).sum() / (one | other).sum())
    found = torch.stack(found)
    return found, found.nanmean()


# %% wrong="ious" says="was called, wrongly, is 0"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool() if ignore is None else labels != ignore
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append((one & other).sum() / (one | other).sum())
    found = torch.stack(found)
    return found, found[found > 0].mean()


# %% wrong="ious" says="was called, wrongly, is 0"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool() if ignore is None else labels != ignore
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append((one & other).sum() / (one | other).sum())
    found = torch.stack(found)
    there = labels[known].flatten().bincount(minlength=classes)[:classes] > 0
    return found, found[there].mean()


# %% wrong="ious" says="was missed altogether is 0"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool() if ignore is None else labels != ignore
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append((one & other).sum() / (one | other).sum())
    found = torch.stack(found)
    seen = predicted[known].flatten().bincount(minlength=classes)[:classes] > 0
    return found, found[seen].mean()


# %% wrong="ious" says="was called, wrongly, is 0"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool() if ignore is None else labels != ignore
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append((one & other).sum() / (one | other).sum())
    found = torch.stack(found)
    there = labels[known].flatten().bincount(minlength=classes)[:classes] > 0
    found[~there] = torch.nan
    return found, found.nanmean()


# %% wrong="ious" says="was missed altogether is 0"
def ious(predicted, labels, classes, ignore=None):
    known = torch.ones_like(labels).bool() if ignore is None else labels != ignore
    found = []
    for k in range(classes):
        one, other = (predicted == k) & known, (labels == k) & known
        found.append((one & other).sum() / (one | other).sum())
    found = torch.stack(found)
    seen = predicted[known].flatten().bincount(minlength=classes)[:classes] > 0
    found[~seen] = torch.nan
    return found, found.nanmean()


# %% right="scores-that-lie" style="names"
of_a = "absent is 0"
of_b = "healthy"
of_c = "absent is 1"
of_d = "recall"
of_e = "picture by picture"
of_f = "dice"
of_g = "healthy"


# %% right="scores-that-lie" style="capitals"
of_a = "Absent is 0"
of_b = "HEALTHY"
of_c = "absent is 1"
of_d = "Recall"
of_e = "picture by picture "
of_f = "Dice"
of_g = "healthy."


# %% right="scores-that-lie" style="at once"
of_a, of_b, of_c = "absent is 0", "healthy", "absent is 1"
of_d, of_e, of_f, of_g = "recall", "picture by picture", "dice", "healthy"


# %% wrong="scores-that-lie" says="a number of classes that is one too large"
of_a = "healthy"
of_b = "healthy"
of_c = "absent is 1"
of_d = "recall"
of_e = "picture by picture"
of_f = "dice"
of_g = "healthy"


# %% wrong="scores-that-lie" says="Multiply both sides"
of_a = "absent is 0"
of_b = "healthy"
of_c = "absent is 1"
of_d = "recall"
of_e = "picture by picture"
of_f = "healthy"
of_g = "healthy"


# %% wrong="scores-that-lie" says="Over what does its loop run"
of_a = "absent is 0"
of_b = "healthy"
of_c = "absent is 1"
of_d = "recall"
of_e = "healthy"
of_f = "dice"
of_g = "healthy"


# %% wrong="scores-that-lie" says="in its rows, answers in its columns"
of_a = "absent is 0"
of_b = "recall"
of_c = "absent is 1"
of_d = "recall"
of_e = "picture by picture"
of_f = "dice"
of_g = "healthy"


# %% right="soft-dice" style="one-hot"
def dice_loss(scores, labels, smooth=1.0):
    p = F.softmax(scores, dim=1)
    t = F.one_hot(labels, scores.shape[1]).permute(0, 3, 1, 2).float()
    both = torch.sum(p * t, dim=(0, 2, 3))
    sizes = torch.sum(p + t, dim=(0, 2, 3))
    return 1 - torch.mean((2 * both + smooth) / (sizes + smooth))


# %% right="soft-dice" style="rows of pixels"
def dice_loss(scores, labels, smooth=1.0):
    classes = scores.shape[1]
    p = scores.transpose(0, 1).flatten(1).softmax(0)
    t = labels.flatten() == torch.arange(classes)[:, None]
    dice = (2 * (p * t).sum(1) + smooth) / (p.sum(1) + t.sum(1) + smooth)
    return (1 - dice).mean()


# %% right="soft-dice" style="one class after the other"
def dice_loss(scores, labels, smooth=1.0):
    p, loss = scores.softmax(1), 0
    for k in range(scores.shape[1]):
        there = (labels == k).to(p.dtype)
        both = (p[:, k] * there).sum()
        loss = loss + 1 - (2 * both + smooth) / (p[:, k].sum() + there.sum() + smooth)
    return loss / scores.shape[1]


# %% right="soft-dice" style="einsum, float64"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.double().log_softmax(1).exp()
    t = torch.eye(scores.shape[1]).double()[labels]
    both = torch.einsum("nkhw,nhwk->k", p, t)
    sizes = p.sum((0, 2, 3)) + t.sum((0, 1, 2))
    return 1 - ((2 * both + smooth) / (sizes + smooth)).sum() / len(both)


# %% wrong="soft-dice" says="The loss is 1 minus it"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(1)
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)
    both, sizes = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
    return ((2 * both + smooth) / (sizes + smooth)).mean()


# %% wrong="soft-dice" says="Where is the 2"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(1)
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)
    both, sizes = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
    return 1 - ((both + smooth) / (sizes + smooth)).mean()


# %% wrong="soft-dice" says="a soft IoU"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(1)
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)
    both, sizes = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
    return 1 - ((both + smooth) / (sizes - both + smooth)).mean()


# %% wrong="soft-dice" says="not of each by itself"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(1)
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)
    both, sizes = (p * t).sum((2, 3)), (p + t).sum((2, 3))
    return 1 - ((2 * both + smooth) / (sizes + smooth)).mean()


# %% wrong="soft-dice" says="a count has no slope"
def dice_loss(scores, labels, smooth=1.0):
    p = F.one_hot(scores.argmax(1), scores.shape[1]).movedim(3, 1).float()
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)
    both, sizes = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
    return 1 - ((2 * both + smooth) / (sizes + smooth)).mean()


# %% wrong="soft-dice" says="Your softmax runs along axis 2"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(2)
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)
    both, sizes = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
    return 1 - ((2 * both + smooth) / (sizes + smooth)).mean()


# %% wrong="soft-dice" says="Your softmax runs along axis 3"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(-1)
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)
    both, sizes = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
    return 1 - ((2 * both + smooth) / (sizes + smooth)).mean()


# %% wrong="soft-dice" says="above the bar, too"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(1)
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)
    both, sizes = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
    return 1 - (2 * both / (sizes + smooth)).mean()


# %% wrong="soft-dice" says="those included that no pixel has"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(1)
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)
    both, sizes = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
    dice = (2 * both + smooth) / (sizes + smooth)
    return 1 - dice[t.sum((0, 2, 3)) > 0].mean()


# %% wrong="soft-dice" says="Use the `smooth` that is given"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(1)
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)
    both, sizes = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
    return 1 - ((2 * both + 1) / (sizes + 1)).mean()


# %% wrong="soft-dice" says="cut off from `scores`"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(1).detach()
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)
    both, sizes = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
    return 1 - ((2 * both + smooth) / (sizes + smooth)).mean()


# %% right="largest-tile" style="from the bottom"
def largest_tile(most, levels, padded=False):
    lost = 0 if padded else 4
    best, bottom = None, 1
    while True:
        tile, output = bottom + lost, bottom
        for _ in range(levels - 1):
            tile, output = 2 * tile + lost, 2 * output - lost
        if tile > most:
            break
        if output >= 1:
            best = tile, output
        bottom += 1
    if best is None:
        raise ValueError("none fits")
    return best


# %% right="largest-tile" style="one side after the other"
def largest_tile(most, levels, padded=False):
    lost = 0 if padded else 4

    def output(side):
        for level in range(levels):
            if level > 0:
                if side % 2:
                    return 0
                side = side // 2
            side = side - lost
            if side < 1:
                return 0
        for _ in range(levels - 1):
            side = 2 * side - lost
        return side

    for side in range(most, 0, -1):
        if output(side) > 0:
            return side, output(side)
    raise ValueError(most)


# %% right="largest-tile" style="formula, a list"
def largest_tile(most, levels, padded=False):
    block, lost = 2 ** (levels - 1), 0 if padded else 4
    frame = lost * (block - 1)
    bottom = (most - frame) // block - lost
    if bottom < 1 or bottom * block - frame < 1:
        raise ValueError("none fits")
    return [(bottom + lost) * block + frame, bottom * block - frame]


# %% right="largest-tile" style="recursion"
def largest_tile(most, levels, padded=False):
    lost = 0 if padded else 4

    def below(most, levels):
        if levels == 1:
            return most, most - lost
        tile, output = below((most - lost) // 2, levels - 1)
        return 2 * tile + lost, 2 * output - lost

    found = below(most, levels)
    if found[1] < 1:
        raise ValueError("none fits")
    return found


# %% wrong="largest-tile" says="a row of pixels would be dropped"
def largest_tile(most, levels, padded=False):
    lost = 0 if padded else 4
    for side in range(most, 0, -1):
        now, sides = side, []
        for level in range(levels):
            now = (now // 2 if level else now) - lost
            sides.append(now)
        for _ in range(levels - 1):
            now = 2 * now - lost
            sides.append(now)
        if min(sides) > 0:
            return side, now
    raise ValueError("none fits")


# %% wrong="largest-tile" says="four pixels off a side"
def largest_tile(most, levels, padded=False):
    lost = 0 if padded else 2
    for bottom in range(most, 0, -1):
        tile, output = bottom + lost, bottom
        for _ in range(levels - 1):
            tile, output = 2 * tile + lost, 2 * output - lost
        if tile <= most and output > 0:
            return tile, output
    raise ValueError("none fits")


# %% wrong="largest-tile" says="n levels have n − 1 poolings"
def largest_tile(most, levels, padded=False):
    lost = 0 if padded else 4
    for bottom in range(most, 0, -1):
        tile, output = bottom + lost, bottom
        for _ in range(levels):
            tile, output = 2 * tile + lost, 2 * output - lost
        if tile <= most and output > 0:
            return tile, output
    raise ValueError("none fits")


# %% wrong="largest-tile" says="Return two numbers"
def largest_tile(most, levels, padded=False):
    lost = 0 if padded else 4
    for bottom in range(most, 0, -1):
        tile, output = bottom + lost, bottom
        for _ in range(levels - 1):
            tile, output = 2 * tile + lost, 2 * output - lost
        if tile <= most and output > 0:
            return tile
    raise ValueError("none fits")


# %% wrong="largest-tile" says="With padding the convolutions keep the size"
def largest_tile(most, levels, padded=False):
    lost = 4
    for bottom in range(most, 0, -1):
        tile, output = bottom + lost, bottom
        for _ in range(levels - 1):
            tile, output = 2 * tile + lost, 2 * output - lost
        if tile <= most and output > 0:
            return tile, output
    raise ValueError("none fits")


# %% wrong="largest-tile" says="nothing would come out"
def largest_tile(most, levels, padded=False):
    lost = 0 if padded else 4
    for bottom in range(most, 0, -1):
        tile, output = bottom + lost, bottom
        for _ in range(levels - 1):
            tile, output = 2 * tile + lost, 2 * output - lost
        if tile <= most:
            return tile, output
    raise ValueError("none fits")


# %% wrong="largest-tile" says="exactly `most` is allowed"
def largest_tile(most, levels, padded=False):
    lost = 0 if padded else 4
    for bottom in range(most, 0, -1):
        tile, output = bottom + lost, bottom
        for _ in range(levels - 1):
            tile, output = 2 * tile + lost, 2 * output - lost
        if tile < most and output > 0:
            return tile, output
    raise ValueError("none fits")


# %% wrong="largest-tile" says="Is a multiple of"
def largest_tile(most, levels, padded=False):
    block = 2 ** (levels - 1)
    side = most // block * block
    lost = 0 if padded else 4
    output = side - 2 * lost * (block - 1) - lost * block
    if output < 1:
        raise ValueError("none fits")
    return side, output


# %% right="crop-and-join" style="torch"
def join(across, x):
    h, w = x.shape[-2:]
    top, left = (across.shape[2] - h) // 2, (across.shape[3] - w) // 2
    if across.shape[2] < h or across.shape[3] < w:
        raise ValueError("too small")
    return torch.cat((across[..., top : top + h, left : left + w], x), dim=1)


# %% right="crop-and-join" style="numpy"
def join(across, x):
    (_, _, H, W), (_, _, h, w) = across.shape, x.shape
    if H < h or W < w:
        raise ValueError(f"{H} × {W} cannot be cropped to {h} × {w}")
    top, left = (H - h) // 2, (W - w) // 2
    middle = np.asarray(across)[:, :, top : top + h, left : left + w]
    return np.concatenate([middle, np.asarray(x)], axis=1)


# %% right="crop-and-join" style="narrow"
def join(across, x):
    for axis in (2, 3):
        gap = across.shape[axis] - x.shape[axis]
        if gap < 0:
            raise ValueError(gap)
        across = across.narrow(axis, gap // 2, x.shape[axis])
    return torch.cat([across, x], 1)


# %% right="crop-and-join" style="padding below 0"
def join(across, x):
    down, right = across.shape[2] - x.shape[2], across.shape[3] - x.shape[3]
    if min(down, right) < 0:
        raise ValueError("across is smaller than x")
    cut = (-(right // 2), right // 2 - right, -(down // 2), down // 2 - down)
    return torch.cat([F.pad(across, cut), x], 1)


# %% wrong="crop-and-join" says="`across` comes first"
def join(across, x):
    (H, W), (h, w) = across.shape[2:], x.shape[2:]
    if H < h or W < w:
        raise ValueError("too small")
    top, left = (H - h) // 2, (W - w) // 2
    return torch.cat([x, across[:, :, top : top + h, left : left + w]], 1)


# %% wrong="crop-and-join" says="That is a corner"
def join(across, x):
    (H, W), (h, w) = across.shape[2:], x.shape[2:]
    if H < h or W < w:
        raise ValueError("too small")
    return torch.cat([across[:, :, :h, :w], x], 1)


# %% wrong="crop-and-join" says="thinner above and on the left"
def join(across, x):
    (H, W), (h, w) = across.shape[2:], x.shape[2:]
    if H < h or W < w:
        raise ValueError("too small")
    top, left = (H - h + 1) // 2, (W - w + 1) // 2
    return torch.cat([across[:, :, top : top + h, left : left + w], x], 1)


# %% wrong="crop-and-join" says="raise a ValueError"
def join(across, x):
    (H, W), (h, w) = across.shape[2:], x.shape[2:]
    top, left = (H - h) // 2, (W - w) // 2
    return torch.cat([F.pad(across, (-left, w - W + left, -top, h - H + top)), x], 1)


# %% wrong="crop-and-join" says="Cut out, do not make smaller"
def join(across, x):
    (H, W), (h, w) = across.shape[2:], x.shape[2:]
    if H < h or W < w:
        raise ValueError("too small")
    return torch.cat([F.interpolate(across, (h, w)), x], 1)


# %% wrong="crop-and-join" says="RuntimeError"
def join(across, x):
    (H, W), (h, w) = across.shape[2:], x.shape[2:]
    if H < h or W < w:
        raise ValueError("too small")
    top, left = (H - h) // 2, (W - w) // 2
    return torch.cat([across[:, :, top:-top, left:-left], x], 1)


# %% right="own-unet" style="lists of modules"
class UNet(nn.Module):
    def __init__(self, width, levels, channels, classes, padded=False):
        super().__init__()
        p = 1 if padded else 0

        def double(a, b):
            return nn.Sequential(
                nn.Conv2d(a, b, 3, padding=p),
                nn.ReLU(),
                nn.Conv2d(b, b, 3, padding=p),
                nn.ReLU(),
            )

        maps = [width * 2**k for k in range(levels)]
        self.encoder = nn.ModuleList(
            [double(a, b) for a, b in zip([channels] + maps[:-1], maps)]
        )
        self.ups = nn.ModuleList(
            [nn.ConvTranspose2d(2 * b, b, 2, stride=2) for b in reversed(maps[:-1])]
        )
        self.decoder = nn.ModuleList([double(2 * b, b) for b in reversed(maps[:-1])])
        self.head = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        kept = []
        for level, block in enumerate(self.encoder):
            if level > 0:
                x = F.max_pool2d(x, 2)
            x = block(x)
            kept.append(x)
        for up, block, a in zip(self.ups, self.decoder, kept[-2::-1]):
            x = up(x)
            i = (a.shape[2] - x.shape[2]) // 2
            j = (a.shape[3] - x.shape[3]) // 2
            a = a[:, :, i : i + x.shape[2], j : j + x.shape[3]]
            x = block(torch.cat([a, x], dim=1))
        return self.head(x)


# %% right="own-unet" style="recursive"
class Two(nn.Module):
    def __init__(self, a, b, padded):
        super().__init__()
        self.one = nn.Conv2d(a, b, 3, padding=int(padded))
        self.two = nn.Conv2d(b, b, 3, padding=int(padded))

    def forward(self, x):
        return self.two(self.one(x).relu()).relu()


class Level(nn.Module):
    def __init__(self, inputs, width, levels, padded):
        super().__init__()
        self.first = Two(inputs, width, padded)
        self.inner = None
        if levels > 1:
            self.inner = Level(width, 2 * width, levels - 1, padded)
            self.grow = nn.ConvTranspose2d(2 * width, width, 2, 2)
            self.second = Two(2 * width, width, padded)

    def forward(self, x):
        x = self.first(x)
        if self.inner is None:
            return x
        y = self.grow(self.inner(F.max_pool2d(x, 2)))
        top, left = (x.shape[2] - y.shape[2]) // 2, (x.shape[3] - y.shape[3]) // 2
        x = x[:, :, top : top + y.shape[2], left : left + y.shape[3]]
        return self.second(torch.cat([x, y], 1))


class UNet(nn.Module):
    def __init__(self, width, levels, channels, classes, padded=False):
        super().__init__()
        self.u = Level(channels, width, levels, padded)
        self.scores = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        return self.scores(self.u(x))


# %% right="own-unet" style="names in a dictionary, functional crop"
class UNet(nn.Module):
    def __init__(self, width, levels, channels, classes, padded=False):
        super().__init__()
        self.levels = levels
        layers = {}
        for k in range(levels):
            a, b = (channels if k == 0 else width * 2 ** (k - 1)), width * 2**k
            layers[f"down{k}a"] = nn.Conv2d(a, b, 3, padding=1 if padded else 0)
            layers[f"down{k}b"] = nn.Conv2d(b, b, 3, padding=1 if padded else 0)
            if k < levels - 1:
                layers[f"grow{k}"] = nn.ConvTranspose2d(
                    2 * b, b, kernel_size=2, stride=2
                )
                layers[f"up{k}a"] = nn.Conv2d(2 * b, b, 3, padding=1 if padded else 0)
                layers[f"up{k}b"] = nn.Conv2d(b, b, 3, padding=1 if padded else 0)
        layers["last"] = nn.Conv2d(width, classes, kernel_size=1)
        self.layers = nn.ModuleDict(layers)

    def twice(self, x, name):
        return F.relu(self.layers[name + "b"](F.relu(self.layers[name + "a"](x))))

    def forward(self, x):
        maps = {}
        for k in range(self.levels):
            maps[k] = x = self.twice(x, f"down{k}")
            if k < self.levels - 1:
                x = F.max_pool2d(x, 2)
        for k in range(self.levels - 2, -1, -1):
            x = self.layers[f"grow{k}"](x)
            a = maps[k]
            gap_h, gap_w = a.shape[2] - x.shape[2], a.shape[3] - x.shape[3]
            top, left = gap_h // 2, gap_w // 2
            a = F.pad(a, (-left, left - gap_w, -top, top - gap_h))
            x = self.twice(torch.cat([a, x], 1), f"up{k}")
        return self.layers["last"](x)


# %% wrong="own-unet" says="stands first in the concatenation"
class UNet(nn.Module):
    def __init__(self, width, levels, channels, classes, padded=False):
        super().__init__()
        maps = [channels] + [width * 2**k for k in range(levels)]
        p = int(padded)
        step = lambda a, b: nn.Sequential(
            nn.Conv2d(a, b, 3, padding=p),
            nn.ReLU(),
            nn.Conv2d(b, b, 3, padding=p),
            nn.ReLU(),
        )
        self.down = nn.ModuleList([step(maps[k], maps[k + 1]) for k in range(levels)])
        back = maps[1:-1][::-1]
        self.grow = nn.ModuleList([nn.ConvTranspose2d(2 * b, b, 2, 2) for b in back])
        self.up = nn.ModuleList([step(2 * b, b) for b in back])
        self.last = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        kept = []
        for k, step in enumerate(self.down):
            x = step(F.max_pool2d(x, 2) if k else x)
            kept.append(x)
        kept.pop()
        for grow, step in zip(self.grow, self.up):
            x, a = grow(x), kept.pop()
            i, j = (a.shape[2] - x.shape[2]) // 2, (a.shape[3] - x.shape[3]) // 2
            a = a[:, :, i : i + x.shape[2], j : j + x.shape[3]]
            x = step(torch.cat([x, a], 1))
        return self.last(x)


# %% wrong="own-unet" says="No ReLU behind the transposed convolution"
class UNet(nn.Module):
    def __init__(self, width, levels, channels, classes, padded=False):
        super().__init__()
        maps = [channels] + [width * 2**k for k in range(levels)]
        p = int(padded)
        step = lambda a, b: nn.Sequential(
            nn.Conv2d(a, b, 3, padding=p),
            nn.ReLU(),
            nn.Conv2d(b, b, 3, padding=p),
            nn.ReLU(),
        )
        self.down = nn.ModuleList([step(maps[k], maps[k + 1]) for k in range(levels)])
        back = maps[1:-1][::-1]
        self.grow = nn.ModuleList([nn.ConvTranspose2d(2 * b, b, 2, 2) for b in back])
        self.up = nn.ModuleList([step(2 * b, b) for b in back])
        self.last = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        kept = []
        for k, step in enumerate(self.down):
            x = step(F.max_pool2d(x, 2) if k else x)
            kept.append(x)
        kept.pop()
        for grow, step in zip(self.grow, self.up):
            x, a = F.relu(grow(x)), kept.pop()
            i, j = (a.shape[2] - x.shape[2]) // 2, (a.shape[3] - x.shape[3]) // 2
            a = a[:, :, i : i + x.shape[2], j : j + x.shape[3]]
            x = step(torch.cat([a, x], 1))
        return self.last(x)


# %% wrong="own-unet" says="Use nn.ModuleList"
class UNet(nn.Module):
    def __init__(self, width, levels, channels, classes, padded=False):
        super().__init__()
        maps = [channels] + [width * 2**k for k in range(levels)]
        p = int(padded)
        step = lambda a, b: nn.Sequential(
            nn.Conv2d(a, b, 3, padding=p),
            nn.ReLU(),
            nn.Conv2d(b, b, 3, padding=p),
            nn.ReLU(),
        )
        self.down = [step(maps[k], maps[k + 1]) for k in range(levels)]
        back = maps[1:-1][::-1]
        self.grow = [nn.ConvTranspose2d(2 * b, b, 2, 2) for b in back]
        self.up = [step(2 * b, b) for b in back]
        self.last = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        kept = []
        for k, step in enumerate(self.down):
            x = step(F.max_pool2d(x, 2) if k else x)
            kept.append(x)
        kept.pop()
        for grow, step in zip(self.grow, self.up):
            x, a = grow(x), kept.pop()
            i, j = (a.shape[2] - x.shape[2]) // 2, (a.shape[3] - x.shape[3]) // 2
            a = a[:, :, i : i + x.shape[2], j : j + x.shape[3]]
            x = step(torch.cat([a, x], 1))
        return self.last(x)


# %% wrong="own-unet" says="No normalisation here"
class UNet(nn.Module):
    def __init__(self, width, levels, channels, classes, padded=False):
        super().__init__()
        maps = [channels] + [width * 2**k for k in range(levels)]
        p = int(padded)
        step = lambda a, b: nn.Sequential(
            nn.Conv2d(a, b, 3, padding=p),
            nn.BatchNorm2d(b),
            nn.ReLU(),
            nn.Conv2d(b, b, 3, padding=p),
            nn.BatchNorm2d(b),
            nn.ReLU(),
        )
        self.down = nn.ModuleList([step(maps[k], maps[k + 1]) for k in range(levels)])
        back = maps[1:-1][::-1]
        self.grow = nn.ModuleList([nn.ConvTranspose2d(2 * b, b, 2, 2) for b in back])
        self.up = nn.ModuleList([step(2 * b, b) for b in back])
        self.last = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        kept = []
        for k, step in enumerate(self.down):
            x = step(F.max_pool2d(x, 2) if k else x)
            kept.append(x)
        kept.pop()
        for grow, step in zip(self.grow, self.up):
            x, a = grow(x), kept.pop()
            x = step(torch.cat([a[:, :, : x.shape[2], : x.shape[3]], x], 1))
        return self.last(x)


# %% wrong="own-unet" says="not a corner"
class UNet(nn.Module):
    def __init__(self, width, levels, channels, classes, padded=False):
        super().__init__()
        maps = [channels] + [width * 2**k for k in range(levels)]
        p = int(padded)
        step = lambda a, b: nn.Sequential(
            nn.Conv2d(a, b, 3, padding=p),
            nn.ReLU(),
            nn.Conv2d(b, b, 3, padding=p),
            nn.ReLU(),
        )
        self.down = nn.ModuleList([step(maps[k], maps[k + 1]) for k in range(levels)])
        back = maps[1:-1][::-1]
        self.grow = nn.ModuleList([nn.ConvTranspose2d(2 * b, b, 2, 2) for b in back])
        self.up = nn.ModuleList([step(2 * b, b) for b in back])
        self.last = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        kept = []
        for k, step in enumerate(self.down):
            x = step(F.max_pool2d(x, 2) if k else x)
            kept.append(x)
        kept.pop()
        for grow, step in zip(self.grow, self.up):
            x, a = grow(x), kept.pop()
            x = step(torch.cat([a[:, :, : x.shape[2], : x.shape[3]], x], 1))
        return self.last(x)


# %% wrong="own-unet" says="does the work of this exercise"
class UNet(nn.Module):
    def __init__(self, width, levels, channels, classes, padded=False):
        super().__init__()
        from coursekit import models

        self.u = models.unet(
            width=width,
            levels=levels,
            padding=padded,
            classes=classes,
            channels=channels,
        )

    def forward(self, x):
        return self.u(x)


# %% right="twentieth-of-the-weights" style="two levels"
def step(a, b):
    return nn.Sequential(
        nn.Conv2d(a, b, 3, padding=1, bias=False),
        nn.BatchNorm2d(b),
        nn.ReLU(),
        nn.Conv2d(b, b, 3, padding=1, bias=False),
        nn.BatchNorm2d(b),
        nn.ReLU(),
    )


class Two(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.fine, self.coarse, self.join = step(1, a), step(a, b), step(2 * a, a)
        self.enlarge, self.last = nn.ConvTranspose2d(b, a, 2, 2), nn.Conv2d(a, 3, 1)

    def forward(self, x):
        fine = self.fine(x)
        up = self.enlarge(self.coarse(F.max_pool2d(fine, 2)))
        return self.last(self.join(torch.cat([fine, up], 1)))


def slim(images, labels):
    model = Two(4, 6)
    rarity = labels.flatten().bincount(minlength=3).float().rsqrt()
    adam = torch.optim.Adam(model.parameters(), lr=8e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(adam, 8e-3, 250, pct_start=0.1)
    for _ in range(250):
        batch = torch.randint(len(images), (8,))
        loss = F.cross_entropy(model(images[batch]), labels[batch], rarity)
        adam.zero_grad()
        loss.backward()
        adam.step()
        plan.step()
    return model


# %% right="twentieth-of-the-weights" style="three levels, resized and added"
class Three(nn.Module):
    def __init__(self, a):
        super().__init__()
        conv = lambda i: nn.Sequential(
            nn.Conv2d(i, a, 3, padding=1, bias=False), nn.BatchNorm2d(a), nn.ReLU()
        )
        self.one = nn.Sequential(conv(1), conv(a))
        self.two, self.three, self.back, self.home = conv(a), conv(a), conv(a), conv(a)
        self.last = nn.Conv2d(a, 3, 1)

    def forward(self, x):
        one = self.one(x)
        two = self.two(F.max_pool2d(one, 2))
        three = self.three(F.max_pool2d(two, 2))
        two = self.back(two + F.interpolate(three, scale_factor=2))
        return self.last(self.home(one + F.interpolate(two, scale_factor=2)))


def slim(images, labels):
    model = Three(5)
    rarity = labels.flatten().bincount(minlength=3).float().rsqrt()
    adam = torch.optim.Adam(model.parameters(), lr=8e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(adam, 8e-3, 250, pct_start=0.1)
    for _ in range(250):
        batch = torch.randint(len(images), (8,))
        loss = F.cross_entropy(model(images[batch]), labels[batch], rarity)
        adam.zero_grad()
        loss.backward()
        adam.step()
        plan.step()
    return model


# %% right="twentieth-of-the-weights" style="full size, dilated"
def slim(images, labels):
    def layer(i, o, d):
        return [
            nn.Conv2d(i, o, 3, padding=d, dilation=d, bias=False),
            nn.BatchNorm2d(o),
            nn.ReLU(),
        ]

    model = nn.Sequential(
        *layer(1, 6, 1),
        *layer(6, 6, 1),
        *layer(6, 6, 2),
        *layer(6, 6, 1),
        nn.Conv2d(6, 3, 1),
    )
    rarity = labels.flatten().bincount(minlength=3).float().rsqrt()
    adam = torch.optim.Adam(model.parameters(), lr=8e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(adam, 8e-3, 250, pct_start=0.1)
    for _ in range(250):
        batch = torch.randint(len(images), (8,))
        loss = F.cross_entropy(model(images[batch]), labels[batch], rarity)
        adam.zero_grad()
        loss.backward()
        adam.step()
        plan.step()
    return model


# %% wrong="twentieth-of-the-weights" says="1,466 at most"
def step(a, b):
    return nn.Sequential(
        nn.Conv2d(a, b, 3, padding=1, bias=False),
        nn.BatchNorm2d(b),
        nn.ReLU(),
        nn.Conv2d(b, b, 3, padding=1, bias=False),
        nn.BatchNorm2d(b),
        nn.ReLU(),
    )


class Two(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.fine, self.coarse, self.join = step(1, a), step(a, b), step(2 * a, a)
        self.enlarge, self.last = nn.ConvTranspose2d(b, a, 2, 2), nn.Conv2d(a, 3, 1)

    def forward(self, x):
        fine = self.fine(x)
        up = self.enlarge(self.coarse(F.max_pool2d(fine, 2)))
        return self.last(self.join(torch.cat([fine, up], 1)))


def slim(images, labels):
    return Two(5, 6)


# %% wrong="twentieth-of-the-weights" says="nothing but the background"
def slim(images, labels):
    model = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 3, 1))
    nn.init.zeros_(model[2].weight)
    nn.init.zeros_(model[2].bias)
    with torch.no_grad():
        model[2].bias[labels.flatten().bincount(minlength=3).argmax()] = 1
    return model


# %% wrong="twentieth-of-the-weights" says="It hardly knows lines"
def slim(images, labels):
    model = nn.Sequential(
        nn.AvgPool2d(2),
        nn.Conv2d(1, 10, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(10, 10, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(10, 3, 1),
        nn.Upsample(scale_factor=2),
    )
    rarity = labels.flatten().bincount(minlength=3).float().rsqrt()
    adam = torch.optim.Adam(model.parameters(), lr=8e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(adam, 8e-3, 250, pct_start=0.1)
    for _ in range(250):
        batch = torch.randint(len(images), (8,))
        loss = F.cross_entropy(model(images[batch]), labels[batch], rarity)
        adam.zero_grad()
        loss.backward()
        adam.step()
        plan.step()
    return model


# %% wrong="twentieth-of-the-weights" says="scores of 1 pictures of 40 × 40"
def slim(images, labels):
    return nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 3, 3))


# %% wrong="twentieth-of-the-weights" says="is a plain list of layers"
class Hidden(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Conv2d(1, 8, 3, padding=1), nn.Conv2d(8, 8, 3, padding=1)]
        self.last = nn.Conv2d(8, 3, 1)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x).relu()
        return self.last(x)


def slim(images, labels):
    return Hidden()


# %% wrong="twentieth-of-the-weights" says="does the work of this exercise"
def slim(images, labels):
    from coursekit import models

    return models.unet(width=4, levels=3, padding=True, classes=3)


# %% wrong="twentieth-of-the-weights" says="It has begun to learn"
def slim(images, labels):
    model = nn.Sequential(
        nn.Conv2d(1, 10, 7, padding=3, bias=False),
        nn.BatchNorm2d(10),
        nn.ReLU(),
        nn.Conv2d(10, 3, 1),
    )
    adam = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(200):
        batch = torch.randint(len(images), (8,))
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


# %% wrong="twentieth-of-the-weights" says="Your classes are numbered otherwise"
def slim(images, labels):
    # As if it had learned from the notebook's scenes: 0 is the background, 1 the blobs.
    known = labels.flatten().bincount(minlength=3).argsort(descending=True)
    labels = known.argsort()[labels]

    def layer(i, o, d):
        return [
            nn.Conv2d(i, o, 3, padding=d, dilation=d, bias=False),
            nn.BatchNorm2d(o),
            nn.ReLU(),
        ]

    model = nn.Sequential(
        *layer(1, 6, 1),
        *layer(6, 6, 1),
        *layer(6, 6, 2),
        *layer(6, 6, 1),
        nn.Conv2d(6, 3, 1),
    )
    adam = torch.optim.Adam(model.parameters(), lr=8e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(adam, 8e-3, 100, pct_start=0.1)
    for _ in range(100):
        batch = torch.randint(len(images), (8,))
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
        plan.step()
    return model


# %% wrong="twentieth-of-the-weights" says="Lines are painted too fat"
def slim(images, labels):
    rarity = labels.flatten().bincount(minlength=3).float() ** -1.5

    def layer(i, o, d):
        return [
            nn.Conv2d(i, o, 3, padding=d, dilation=d, bias=False),
            nn.BatchNorm2d(o),
            nn.ReLU(),
        ]

    model = nn.Sequential(
        *layer(1, 6, 1),
        *layer(6, 6, 1),
        *layer(6, 6, 2),
        *layer(6, 6, 1),
        nn.Conv2d(6, 3, 1),
    )
    adam = torch.optim.Adam(model.parameters(), lr=8e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(adam, 8e-3, 100, pct_start=0.1)
    for _ in range(100):
        batch = torch.randint(len(images), (8,))
        loss = F.cross_entropy(model(images[batch]), labels[batch], rarity)
        adam.zero_grad()
        loss.backward()
        adam.step()
        plan.step()
    return model


# %% wrong="twentieth-of-the-weights" says="self.table keeps 1,600 numbers"
class Table(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = np.zeros((40, 40), dtype=np.float32)
        self.last = nn.Conv2d(1, 3, 1)

    def forward(self, x):
        return self.last(x) + float(self.table[0, 0])


def slim(images, labels):
    return Table()


# %% wrong="twentieth-of-the-weights" says="self.rows keeps 4,800 numbers"
class Rows(nn.Module):
    def __init__(self, images):
        super().__init__()
        self.rows = images[:3, 0].tolist()
        self.last = nn.Conv2d(1, 3, 1)

    def forward(self, x):
        return self.last(x) + self.rows[0][0][0]


def slim(images, labels):
    return Rows(images)


# %% wrong="twentieth-of-the-weights" says="self.packed keeps 6,400 numbers"
class Packed(nn.Module):
    def __init__(self, images):
        super().__init__()
        self.packed = images[0].numpy().tobytes()
        self.last = nn.Conv2d(1, 3, 1)

    def forward(self, x):
        return self.last(x) + self.packed[0]


def slim(images, labels):
    return Packed(images)


# %% wrong="twentieth-of-the-weights" says="neither in its parameters nor in its buffers"
def slim(images, labels):
    big = nn.Sequential(nn.Conv2d(1, 40, 3, padding=1), nn.ReLU(), nn.Conv2d(40, 3, 1))

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.gain = nn.Parameter(torch.ones(3, 1, 1))

        def forward(self, x):
            return self.gain * big(x)

    return Net()


# %% wrong="twentieth-of-the-weights" says="neither in its parameters nor in its buffers"
class Net(nn.Module):
    kept = (nn.Conv2d(1, 40, 3, padding=1), nn.Conv2d(40, 1, 1))

    def __init__(self):
        super().__init__()
        self.last = nn.Conv2d(1, 3, 1)

    def forward(self, x):
        return self.last(self.kept[1](self.kept[0](x).relu()))


def slim(images, labels):
    return Net()


# %% wrong="twentieth-of-the-weights" says="neither in its parameters nor in its buffers"
def slim(images, labels):
    model = nn.Conv2d(1, 3, 1)
    big = nn.Sequential(nn.Conv2d(1, 40, 3, padding=1), nn.ReLU(), nn.Conv2d(40, 3, 1))
    model.register_forward_hook(lambda module, given, scores: scores + big(given[0]))
    return model


# %% wrong="twentieth-of-the-weights" says="neither in its parameters nor in its buffers"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Conv2d(1, 3, 1)
        self.text = torch.randn(720).numpy().tobytes().hex()

    def forward(self, x):
        kept = torch.frombuffer(bytearray.fromhex(self.text), dtype=torch.float32)
        return self.last(F.conv2d(x, kept.view(80, 1, 3, 3), padding=1).mean(1, True))


def slim(images, labels):
    return Net()


# %% wrong="twentieth-of-the-weights" says="1,466 at most"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Conv2d(1, 3, 1, bias=False)
        self.weight = nn.Parameter(torch.ones(1))
        self.register_buffer("packed", torch.randn(4_000).half().view(torch.int64))

    def forward(self, x):
        return self.last(x) + self.packed.view(torch.float16).float().mean()


def slim(images, labels):
    return Net()


# %% wrong="twentieth-of-the-weights" says="So what it has learned does not sit in them"
from concurrent.futures import ThreadPoolExecutor


class Elsewhere(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(1))
        self.call = lambda x: ThreadPoolExecutor(1).submit(model.eval(), x).result()

    def forward(self, x):
        return self.call(x) + 0 * self.gain


def slim(images, labels):
    layer = lambda i, o, d: [
        nn.Conv2d(i, o, 3, padding=d, dilation=d, bias=False),
        nn.BatchNorm2d(o),
        nn.ReLU(),
    ]
    model = nn.Sequential(
        *layer(1, 10, 1), *layer(10, 10, 2), *layer(10, 10, 1), nn.Conv2d(10, 3, 1)
    )
    rarity = labels.flatten().bincount(minlength=3).float().rsqrt()
    adam = torch.optim.Adam(model.parameters(), lr=8e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(adam, 8e-3, 250, pct_start=0.1)
    for _ in range(250):
        batch = torch.randint(len(images), (8,))
        loss = F.cross_entropy(model(images[batch]), labels[batch], rarity)
        adam.zero_grad()
        loss.backward()
        adam.step()
        plan.step()
    return Elsewhere(model)


# %% wrong="ious" says="have yours become class 0"
def ious(predicted, labels, classes, ignore=None):
    if ignore is not None:
        unknown = labels == ignore
        labels = labels.where(~unknown, 0)
    found = []
    for k in range(classes):
        one, other = predicted == k, labels == k
        found.append((one & other).sum() / (one | other).sum())
    each = torch.stack(found)
    return each, each.nanmean()


# %% wrong="ious" says="have yours become class 0"
def ious(predicted, labels, classes, ignore=None):
    if ignore is not None:
        predicted = predicted.where(labels != ignore, 0)
    found = []
    for k in range(classes):
        one, other = predicted == k, labels == k
        found.append((one & other).sum() / (one | other).sum())
    each = torch.stack(found)
    return each, each.nanmean()


# %% wrong="soft-dice" says="There is a softmax too many"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(1).softmax(1)
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1).to(p)
    both, total = (p * t).sum((0, 2, 3)), (p + t).sum((0, 2, 3))
    return 1 - ((2 * both + smooth) / (total + smooth)).mean()


# %% wrong="soft-dice" says="Sums over the pixels, not means"
def dice_loss(scores, labels, smooth=1.0):
    p = scores.softmax(1)
    t = F.one_hot(labels, scores.shape[1]).movedim(3, 1).to(p)
    both, total = (p * t).mean((0, 2, 3)), (p + t).mean((0, 2, 3))
    return 1 - ((2 * both + smooth) / (total + smooth)).mean()


# %% wrong="largest-tile" says="the side of what comes out: follow it through"
def largest_tile(most, levels, padded=False):
    lost = 0 if padded else 4
    for bottom in range(most, 0, -1):
        tile, output = bottom + lost, bottom
        for _ in range(levels - 1):
            tile, output = 2 * tile + lost, 2 * output - lost
        if tile <= most and output > 0:
            return tile, tile
    raise ValueError("none fits")


# %% wrong="own-unet" says="not cut off by .detach(), .data, NumPy"
class UNet(nn.Module):
    def __init__(self, width, levels, channels, classes, padded=False):
        super().__init__()
        maps = [channels] + [width * 2**k for k in range(levels)]
        p = int(padded)
        step = lambda a, b: nn.Sequential(
            nn.Conv2d(a, b, 3, padding=p),
            nn.ReLU(),
            nn.Conv2d(b, b, 3, padding=p),
            nn.ReLU(),
        )
        self.down = nn.ModuleList([step(maps[k], maps[k + 1]) for k in range(levels)])
        back = maps[1:-1][::-1]
        self.grow = nn.ModuleList([nn.ConvTranspose2d(2 * b, b, 2, 2) for b in back])
        self.up = nn.ModuleList([step(2 * b, b) for b in back])
        self.last = nn.Conv2d(width, classes, 1)

    def join(self, a, x):
        i, j = (a.shape[2] - x.shape[2]) // 2, (a.shape[3] - x.shape[3]) // 2
        a, x = a.detach().numpy(), x.detach().numpy()
        a = a[:, :, i : i + x.shape[2], j : j + x.shape[3]]
        return torch.from_numpy(np.concatenate([a, x], 1))

    def forward(self, x):
        kept = []
        for k, step in enumerate(self.down):
            x = step(F.max_pool2d(x, 2) if k else x)
            kept.append(x)
        kept.pop()
        for grow, step in zip(self.grow, self.up):
            x = step(self.join(kept.pop(), grow(x)))
        return self.last(x)


# %% wrong="twentieth-of-the-weights" says="It gives one class to nearly every pixel"
def slim(images, labels):
    model = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 3, 1))
    nn.init.zeros_(model[2].weight)
    with torch.no_grad():
        rare = labels.flatten().bincount(minlength=3).argmin()
        model[2].bias.copy_(F.one_hot(rare, 3))
    return model


# %% wrong="twentieth-of-the-weights" says="It does not even know the background"
def slim(images, labels):
    model = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.Conv2d(8, 3, 1, bias=False))
    nn.init.zeros_(model[0].bias)
    names = labels.flatten().bincount(minlength=3).argsort()
    with torch.no_grad():  # dark is called a line, bright the background
        model[0].weight.fill_(1)
        model[1].weight.zero_()
        model[1].weight[names[2]] = 1
        model[1].weight[names[0]] = -1
    return model


# %% wrong="ious" says="Is an array cut with a mask of torch's"
def ious(predicted, labels, classes, ignore=None):
    predicted, labels = np.asarray(predicted).ravel(), labels.ravel()
    if ignore is not None:
        keep = labels != ignore
        predicted, labels = predicted[keep], labels[keep]
    table = np.zeros((classes, classes))
    np.add.at(table, (labels, predicted), 1)
    both = np.diag(table)
    either = table.sum(0) + table.sum(1) - both
    found = np.full(classes, np.nan)
    found[either > 0] = both[either > 0] / either[either > 0]
    return found, np.nanmean(found)


# %% wrong="largest-tile" says="does your search end before it"
def largest_tile(most, levels, padded=False):
    lost = 0 if padded else 4

    def output(side):
        for level in range(levels):
            if level > 0:
                if side % 2:
                    return 0
                side = side // 2
            side = side - lost
            if side < 1:
                return 0
        for _ in range(levels - 1):
            side = 2 * side - lost
        return side

    for side in range(most, 1, -1):
        if output(side) > 0:
            return side, output(side)
    raise ValueError("none fits")


# %% equivalent="pixel-loss" why="a mean has no axes to lose"
# - return costs.mean()
# + return np.squeeze(costs.mean())


# %% equivalent="ious" why="a sum over the same axes"
# - found = both / (one.sum((1, 2, 3)) + other.sum((1, 2, 3)) - both)
# + found = both / (one.sum((2, 1, 3)) + other.sum((1, 2, 3)) - both)


# %% equivalent="ious" why="a sum over the same axes"
# - found = both / (one.sum((1, 2, 3)) + other.sum((1, 2, 3)) - both)
# + found = both / (one.sum((1, 3, 2)) + other.sum((1, 2, 3)) - both)


# %% equivalent="ious" why="a sum over the same axes"
# - both = (one * other).sum((1, 2, 3))
# + both = (one * other).sum((1, 3, 2))


# %% equivalent="ious" why="a sum over the same axes"
# - both = (one * other).sum((1, 2, 3))
# + both = (one * other).sum((2, 1, 3))


# %% equivalent="ious" why="two things, in a list"
# - return (by_class, by_class.nanmean())
# + return list((by_class, by_class.nanmean()))


# %% equivalent="ious" why="a logical and is symmetric"
# - one, other = ((predicted == k) & known, (labels == k) & known)
# + one, other = ((predicted == k) & known, known & (labels == k))


# %% equivalent="largest-tile" why="any number below one says that nothing fits"
# - return 0
# + return -1


# %% equivalent="crop-and-join" why="NumPy itself raises the ValueError"
# - if H < h or W < w:
# - raise ValueError(f'{H} × {W} cannot be cropped to {h} × {w}')
# + pass


# %% equivalent="crop-and-join" why="rows and columns are cut independently"
# - for axis in (2, 3):
# + for axis in (3, 2):


# %% equivalent="pixel-loss" why="the axis has one element, the first is the last"
# - costs = -scores.log_softmax(1).gather(1, labels[:, None])[:, 0]
# + costs = -scores.log_softmax(1).gather(1, labels[:, None])[:, -1]


# %% equivalent="pixel-loss" why="one number has no axis to turn round"
# - return costs.mean()
# + return np.flip(costs.mean())


# %% equivalent="pixel-loss" why="a mean has no axes to lose"
# - return (counts * costs).sum() / counts.sum()
# + return np.squeeze((counts * costs).sum() / counts.sum())


# %% equivalent="pixel-loss" why="one number has no axis to turn round"
# - return (counts * costs).sum() / counts.sum()
# + return np.flip((counts * costs).sum() / counts.sum())


# %% equivalent="pixel-loss" why="for four axes torch itself takes axis 1"
# - costs = -F.log_softmax(scores, 1).gather(1, labels.unsqueeze(1)).squeeze(1)
# + costs = -F.log_softmax(scores).gather(1, labels.unsqueeze(1)).squeeze(1)


# %% equivalent="pixel-loss" why="zero has no sign in a sum"
# - above, below = (0.0, 0.0)
# + above, below = (-0.0, 0.0)


# %% equivalent="pixel-loss" why="zero has no sign in a sum"
# - above, below = (0.0, 0.0)
# + above, below = (0.0, -0.0)


# %% equivalent="pixel-loss" why="equal weights of any size give the same mean"
# - w = 1.0 if weights is None else float(weights[k])
# + w = 2.0 if weights is None else float(weights[k])


# %% equivalent="pixel-loss" why="equal weights of any size give the same mean"
# - w = 1.0 if weights is None else float(weights[k])
# + w = -1.0 if weights is None else float(weights[k])


# %% equivalent="pixel-loss" why="a tensor of one number multiplies just as well"
# - w = 1.0 if weights is None else float(weights[k])
# + w = 1.0 if weights is None else weights[k]


# %% equivalent="pixel-loss" why="float32 is precise enough"
# - logs = scores.double().log_softmax(1)
# + logs = scores.log_softmax(1)


# %% equivalent="pixel-loss" why="torch orders the axes so by itself"
# - a, b, c = torch.meshgrid(torch.arange(n), torch.arange(h), torch.arange(w), indexing='ij')
# + a, b, c = torch.meshgrid(torch.arange(n), torch.arange(h), torch.arange(w))


# %% equivalent="pixel-loss" why="torch widens float32 beside float64"
# - each = torch.ones_like(costs) if weights is None else weights.double()[labels]
# + each = torch.ones_like(costs) if weights is None else weights[labels]


# %% equivalent="ious" why="as whole numbers True and False are 1 and 0"
# - known = torch.ones_like(labels, dtype=torch.bool)
# + known = torch.ones_like(labels)


# %% equivalent="ious" why="both have the same shape"
# - known = torch.ones_like(labels, dtype=torch.bool)
# + known = torch.ones_like(predicted, dtype=torch.bool)


# %% equivalent="ious" why="what is unlike None is every label"
# - if ignore is not None:
# + if True:


# %% equivalent="ious" why="what is unlike None is every label"
# - if ignore is not None:
# + if predicted is not None:


# %% equivalent="ious" why="what is unlike None is every label"
# - if ignore is not None:
# + if labels is not None:


# %% equivalent="ious" why="what is unlike None is every label"
# - if ignore is not None:
# + if classes is not None:


# %% equivalent="ious" why="intersection and union are symmetric"
# - one, other = ((predicted == k) & known, (labels == k) & known)
# + one, other = ((labels == k) & known, (predicted == k) & known)


# %% equivalent="ious" why="a logical and is symmetric"
# - one, other = ((predicted == k) & known, (labels == k) & known)
# + one, other = (known & (predicted == k), (labels == k) & known)


# %% equivalent="ious" why="a logical and is symmetric"
# - found.append((one & other).sum() / (one | other).sum())
# + found.append((other & one).sum() / (one | other).sum())


# %% equivalent="ious" why="a logical or is symmetric"
# - found.append((one & other).sum() / (one | other).sum())
# + found.append((one & other).sum() / (other | one).sum())


# %% equivalent="ious" why="what is unlike None is every label"
# - known = labels != ignore if ignore is not None else labels == labels
# + known = labels != ignore


# %% equivalent="ious" why="what is unlike None is every label"
# - known = labels != ignore if ignore is not None else labels == labels
# + known = labels != ignore if predicted is not None else labels == labels


# %% equivalent="ious" why="what is unlike None is every label"
# - known = labels != ignore if ignore is not None else labels == labels
# + known = labels != ignore if labels is not None else labels == labels


# %% equivalent="ious" why="what is unlike None is every label"
# - known = labels != ignore if ignore is not None else labels == labels
# + known = labels != ignore if classes is not None else labels == labels


# %% equivalent="ious" why="a logical and is symmetric"
# - one = torch.stack([(predicted == k) & known for k in range(classes)]).flatten(1)
# + one = torch.stack([known & (predicted == k) for k in range(classes)]).flatten(1)


# %% equivalent="ious" why="a logical and is symmetric"
# - other = torch.stack([(labels == k) & known for k in range(classes)]).flatten(1)
# + other = torch.stack([known & (labels == k) for k in range(classes)]).flatten(1)


# %% equivalent="ious" why="a logical and is symmetric"
# - found = (one & other).sum(1) / (one | other).sum(1)
# + found = (other & one).sum(1) / (one | other).sum(1)


# %% equivalent="ious" why="a logical or is symmetric"
# - found = (one & other).sum(1) / (one | other).sum(1)
# + found = (one & other).sum(1) / (other | one).sum(1)


# %% equivalent="ious" why="add.at takes tensors of any shape"
# - predicted, labels = (np.asarray(predicted).ravel(), np.asarray(labels).ravel())
# + pass


# %% equivalent="ious" why="a mask of NumPy cuts a tensor as well"
# - predicted, labels = (np.asarray(predicted).ravel(), np.asarray(labels).ravel())
# + predicted, labels = (predicted.ravel(), np.asarray(labels).ravel())


# %% equivalent="ious" why="intersection and union are symmetric"
# - predicted, labels = (predicted[keep], labels[keep])
# + predicted, labels = (labels[keep], predicted[keep])


# %% equivalent="ious" why="intersection and union are symmetric"
# - np.add.at(table, (labels, predicted), 1)
# + np.add.at(table, (predicted, labels), 1)


# %% equivalent="ious" why="twice the counts, the same quotient"
# - np.add.at(table, (labels, predicted), 1)
# + np.add.at(table, (labels, predicted), 2)


# %% equivalent="ious" why="a tensor of one whole number is an index"
# - for p, t in zip(predicted.flatten().tolist(), labels.flatten().tolist()):
# + for p, t in zip(predicted.flatten(), labels.flatten().tolist()):


# %% equivalent="ious" why="a tensor of one whole number is an index"
# - for p, t in zip(predicted.flatten().tolist(), labels.flatten().tolist()):
# + for p, t in zip(predicted.flatten().tolist(), labels.flatten()):


# %% equivalent="ious" why="both have the same shape"
# - known = torch.ones(labels.shape) if ignore is None else (labels != ignore).float()
# + known = torch.ones(predicted.shape) if ignore is None else (labels != ignore).float()


# %% equivalent="ious" why="a bool times a float is a float"
# - known = torch.ones(labels.shape) if ignore is None else (labels != ignore).float()
# + known = torch.ones(labels.shape) if ignore is None else labels != ignore


# %% equivalent="ious" why="intersection and union are symmetric"
# - one, other = ((predicted == k).float() * known, (labels == k).float() * known)
# + one, other = ((labels == k).float() * known, (predicted == k).float() * known)


# %% equivalent="ious" why="a bool times a float is a float"
# - one, other = ((predicted == k).float() * known, (labels == k).float() * known)
# + one, other = ((predicted == k) * known, (labels == k).float() * known)


# %% equivalent="ious" why="a bool times a float is a float"
# - one, other = ((predicted == k).float() * known, (labels == k).float() * known)
# + one, other = ((predicted == k).float() * known, (labels == k) * known)


# %% equivalent="ious" why="a sum over the same axes"
# - found = both / (one.sum((1, 2, 3)) + other.sum((1, 2, 3)) - both)
# + found = both / (one.sum((1, 2, 3)) + other.sum((2, 1, 3)) - both)


# %% equivalent="ious" why="a sum over the same axes"
# - found = both / (one.sum((1, 2, 3)) + other.sum((1, 2, 3)) - both)
# + found = both / (one.sum((1, 2, 3)) + other.sum((1, 3, 2)) - both)


# %% equivalent="soft-dice" why="a whole number times a float is a float"
# - t = F.one_hot(labels, scores.shape[1]).movedim(3, 1).to(p)
# + t = F.one_hot(labels, scores.shape[1]).movedim(3, 1)


# %% equivalent="soft-dice" why="a sum over the same axes"
# - both = (p * t).sum((0, 2, 3))
# + both = (p * t).sum((2, 0, 3))


# %% equivalent="soft-dice" why="a sum over the same axes"
# - both = (p * t).sum((0, 2, 3))
# + both = (p * t).sum((0, 3, 2))


# %% equivalent="soft-dice" why="a sum over the same axes"
# - total = p.sum((0, 2, 3)) + t.sum((0, 2, 3))
# + total = p.sum((2, 0, 3)) + t.sum((0, 2, 3))


# %% equivalent="soft-dice" why="a sum over the same axes"
# - total = p.sum((0, 2, 3)) + t.sum((0, 2, 3))
# + total = p.sum((0, 3, 2)) + t.sum((0, 2, 3))


# %% equivalent="soft-dice" why="a sum over the same axes"
# - total = p.sum((0, 2, 3)) + t.sum((0, 2, 3))
# + total = p.sum((0, 2, 3)) + t.sum((2, 0, 3))


# %% equivalent="soft-dice" why="a sum over the same axes"
# - total = p.sum((0, 2, 3)) + t.sum((0, 2, 3))
# + total = p.sum((0, 2, 3)) + t.sum((0, 3, 2))


# %% equivalent="soft-dice" why="one number has no axes to lose"
# - return 1 - ((2 * both + smooth) / (total + smooth)).mean()
# + return np.squeeze(1 - ((2 * both + smooth) / (total + smooth)).mean())


# %% equivalent="soft-dice" why="one number has no axis to turn round"
# - return 1 - ((2 * both + smooth) / (total + smooth)).mean()
# + return np.flip(1 - ((2 * both + smooth) / (total + smooth)).mean())


# %% equivalent="soft-dice" why="for four axes torch itself takes axis 1"
# - p = F.softmax(scores, dim=1)
# + p = F.softmax(scores)


# %% equivalent="soft-dice" why="a whole number times a float is a float"
# - t = F.one_hot(labels, scores.shape[1]).permute(0, 3, 1, 2).float()
# + t = F.one_hot(labels, scores.shape[1]).permute(0, 3, 1, 2)


# %% equivalent="soft-dice" why="a sum over the same axes"
# - both = torch.sum(p * t, dim=(0, 2, 3))
# + both = torch.sum(p * t, dim=(2, 0, 3))


# %% equivalent="soft-dice" why="a sum over the same axes"
# - both = torch.sum(p * t, dim=(0, 2, 3))
# + both = torch.sum(p * t, dim=(0, 3, 2))


# %% equivalent="soft-dice" why="a sum over the same axes"
# - sizes = torch.sum(p + t, dim=(0, 2, 3))
# + sizes = torch.sum(p + t, dim=(2, 0, 3))


# %% equivalent="soft-dice" why="a sum over the same axes"
# - sizes = torch.sum(p + t, dim=(0, 2, 3))
# + sizes = torch.sum(p + t, dim=(0, 3, 2))


# %% equivalent="soft-dice" why="two axes change places either way"
# - p = scores.transpose(0, 1).flatten(1).softmax(0)
# + p = scores.transpose(1, 0).flatten(1).softmax(0)


# %% equivalent="soft-dice" why="a bool times a float is a float"
# - there = (labels == k).to(p.dtype)
# + there = labels == k


# %% equivalent="soft-dice" why="a sum over the same axes"
# - sizes = p.sum((0, 2, 3)) + t.sum((0, 1, 2))
# + sizes = p.sum((2, 0, 3)) + t.sum((0, 1, 2))


# %% equivalent="soft-dice" why="a sum over the same axes"
# - sizes = p.sum((0, 2, 3)) + t.sum((0, 1, 2))
# + sizes = p.sum((0, 3, 2)) + t.sum((0, 1, 2))


# %% equivalent="soft-dice" why="a sum over the same axes"
# - sizes = p.sum((0, 2, 3)) + t.sum((0, 1, 2))
# + sizes = p.sum((0, 2, 3)) + t.sum((1, 0, 2))


# %% equivalent="soft-dice" why="a sum over the same axes"
# - sizes = p.sum((0, 2, 3)) + t.sum((0, 1, 2))
# + sizes = p.sum((0, 2, 3)) + t.sum((0, 2, 1))


# %% equivalent="largest-tile" why="a bottom of 0 gives no pixel"
# - for bottom in range(most, 0, -1):
# + for bottom in range(most, -1, -1):


# %% equivalent="largest-tile" why="a bottom of 0 gives no pixel"
# - best, bottom = (None, 1)
# + best, bottom = (None, 0)


# %% equivalent="largest-tile" why="odd sides have left before"
# - side = side // 2
# + side = -(-side // 2)


# %% equivalent="largest-tile" why="what is below one stays below one on the way up"
# - if side < 1:
# - return 0
# + pass


# %% equivalent="largest-tile" why="what is below one stays below one on the way up"
# - if side < 1:
# + if False:


# %% equivalent="largest-tile" why="a side of 0 stays below one on the way up"
# - if side < 1:
# + if side < 0:


# %% equivalent="largest-tile" why="a side of 0 gives no pixel"
# - for side in range(most, 0, -1):
# + for side in range(most, -1, -1):


# %% equivalent="largest-tile" why="a bottom below one gives no pixel either way"
# - if bottom < 1 or bottom * block - frame < 1:
# + if bottom * block - frame < 1:


# %% equivalent="largest-tile" why="a bottom below one gives no pixel either way"
# - if bottom < 1 or bottom * block - frame < 1:
# + if bottom < 0 or bottom * block - frame < 1:


# %% equivalent="crop-and-join" why="of four axes the last two are those from 2 on"
# - h, w = x.shape[-2:]
# + h, w = x.shape[2:]


# %% equivalent="crop-and-join" why="NumPy itself raises the ValueError"
# - if H < h or W < w:
# + if False:


# %% equivalent="crop-and-join" why="NumPy itself raises the ValueError"
# - if H < h or W < w:
# + if H < h and W < w:


# %% equivalent="crop-and-join" why="NumPy itself raises the ValueError"
# - if H < h or W < w:
# + if H < h:


# %% equivalent="crop-and-join" why="NumPy itself raises the ValueError"
# - if H < h or W < w:
# + if W < w:


# %% equivalent="crop-and-join" why="NumPy itself raises the ValueError"
# - raise ValueError(f'{H} × {W} cannot be cropped to {h} × {w}')
# + pass


# %% equivalent="crop-and-join" why="tensors can be cut in the same way"
# - middle = np.asarray(across)[:, :, top:top + h, left:left + w]
# + middle = across[:, :, top:top + h, left:left + w]


# %% equivalent="crop-and-join" why="NumPy joins tensors as well"
# - return np.concatenate([middle, np.asarray(x)], axis=1)
# + return np.concatenate([middle, x], axis=1)


# %% equivalent="crop-and-join" why="the order of two in a minimum does not matter"
# - if min(down, right) < 0:
# + if min(right, down) < 0:


# %% equivalent="own-unet" why="both lists are equally long"
# - for enlarge, step in zip(self.enlarge, self.up, strict=True):
# + for enlarge, step in zip(self.enlarge, self.up):


# %% equivalent="own-unet" why="both lists are equally long"
# - for enlarge, step in zip(self.enlarge, self.up, strict=True):
# + for enlarge, step in zip(self.enlarge, self.up, strict=False):


# %% equivalent="own-unet" why="sizes that fit leave the same frame on all four sides"
# - top, left = ((kept.shape[2] - x.shape[2]) // 2, (kept.shape[3] - x.shape[3]) // 2)
# + top, left = ((kept.shape[3] - x.shape[3]) // 2, (kept.shape[2] - x.shape[2]) // 2)


# %% equivalent="own-unet" why="sizes that fit differ by an even number"
# - top, left = ((kept.shape[2] - x.shape[2]) // 2, (kept.shape[3] - x.shape[3]) // 2)
# + top, left = (-(-(kept.shape[2] - x.shape[2]) // 2), (kept.shape[3] - x.shape[3]) // 2)


# %% equivalent="own-unet" why="sizes that fit differ by an even number"
# - top, left = ((kept.shape[2] - x.shape[2]) // 2, (kept.shape[3] - x.shape[3]) // 2)
# + top, left = ((kept.shape[2] - x.shape[2]) // 2, -(-(kept.shape[3] - x.shape[3]) // 2))


# %% equivalent="own-unet" why="sizes that fit differ by an even number"
# - i = (a.shape[2] - x.shape[2]) // 2
# + i = -(-(a.shape[2] - x.shape[2]) // 2)


# %% equivalent="own-unet" why="sizes that fit differ by an even number"
# - j = (a.shape[3] - x.shape[3]) // 2
# + j = -(-(a.shape[3] - x.shape[3]) // 2)


# %% equivalent="own-unet" why="sizes that fit leave the same frame on all four sides"
# - top, left = ((x.shape[2] - y.shape[2]) // 2, (x.shape[3] - y.shape[3]) // 2)
# + top, left = ((x.shape[3] - y.shape[3]) // 2, (x.shape[2] - y.shape[2]) // 2)


# %% equivalent="own-unet" why="sizes that fit differ by an even number"
# - top, left = ((x.shape[2] - y.shape[2]) // 2, (x.shape[3] - y.shape[3]) // 2)
# + top, left = (-(-(x.shape[2] - y.shape[2]) // 2), (x.shape[3] - y.shape[3]) // 2)


# %% equivalent="own-unet" why="sizes that fit differ by an even number"
# - top, left = ((x.shape[2] - y.shape[2]) // 2, (x.shape[3] - y.shape[3]) // 2)
# + top, left = ((x.shape[2] - y.shape[2]) // 2, -(-(x.shape[3] - y.shape[3]) // 2))


# %% equivalent="own-unet" why="sizes that fit leave the same frame on all four sides"
# - gap_h, gap_w = (a.shape[2] - x.shape[2], a.shape[3] - x.shape[3])
# + gap_h, gap_w = (a.shape[3] - x.shape[3], a.shape[2] - x.shape[2])


# %% equivalent="own-unet" why="sizes that fit leave the same frame on all four sides"
# - top, left = (gap_h // 2, gap_w // 2)
# + top, left = (gap_w // 2, gap_h // 2)


# %% equivalent="own-unet" why="sizes that fit differ by an even number"
# - top, left = (gap_h // 2, gap_w // 2)
# + top, left = (-(-gap_h // 2), gap_w // 2)


# %% equivalent="own-unet" why="sizes that fit differ by an even number"
# - top, left = (gap_h // 2, gap_w // 2)
# + top, left = (gap_h // 2, -(-gap_w // 2))


# %% equivalent="own-unet" why="sizes that fit leave the same frame on all four sides"
# - a = F.pad(a, (-left, left - gap_w, -top, top - gap_h))
# + a = F.pad(a, (left - gap_w, -left, -top, top - gap_h))


# %% equivalent="own-unet" why="sizes that fit leave the same frame on all four sides"
# - a = F.pad(a, (-left, left - gap_w, -top, top - gap_h))
# + a = F.pad(a, (-left, -top, left - gap_w, top - gap_h))


# %% equivalent="own-unet" why="sizes that fit leave the same frame on all four sides"
# - a = F.pad(a, (-left, left - gap_w, -top, top - gap_h))
# + a = F.pad(a, (-left, left - gap_w, top - gap_h, -top))


# %% equivalent="twentieth-of-the-weights" why="a step less than planned, and 0.85 as before"
# - plan = torch.optim.lr_scheduler.OneCycleLR(adam, 0.008, 250, pct_start=0.1)
# + plan = torch.optim.lr_scheduler.OneCycleLR(adam, 0.008, 251, pct_start=0.1)


# %% equivalent="twentieth-of-the-weights" why="a step less than planned, and 0.85 as before"
# - for _ in range(250):
# + for _ in range(249):


# %% equivalent="twentieth-of-the-weights" why="nine at a time reach 0.85 as well"
# - batch = torch.randint(len(images), (8,))
# + batch = torch.randint(len(images), (9,))


# %% equivalent="twentieth-of-the-weights" why="a longer rise of the rate reaches 0.85 as well"
# - plan = torch.optim.lr_scheduler.OneCycleLR(adam, 0.008, 250, pct_start=0.1)
# + plan = torch.optim.lr_scheduler.OneCycleLR(adam, 0.008, 250)


# %% equivalent="twentieth-of-the-weights" why="class 2 is there, so three are counted"
# - rarity = labels.flatten().bincount(minlength=3).float().rsqrt()
# + rarity = labels.flatten().bincount(minlength=2).float().rsqrt()


# %% equivalent="twentieth-of-the-weights" why="the root of whole numbers is a float"
# - rarity = labels.flatten().bincount(minlength=3).float().rsqrt()
# + rarity = labels.flatten().bincount(minlength=3).rsqrt()
