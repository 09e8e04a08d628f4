# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="stable-loss" style="numpy"
def cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    each = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]
    return each.mean()


# %% right="stable-loss" style="loops"
def cross_entropy(scores, labels):
    total = 0.0
    for row, label in zip(scores, labels):
        largest = max(float(z) for z in row)
        powers = [np.exp(float(z) - largest) for z in row]
        total += largest + np.log(sum(powers)) - float(row[label])
    return total / len(labels)


# %% right="stable-loss" style="differences to the label"
def cross_entropy(scores, labels):
    own = np.take_along_axis(scores, labels[:, None], 1)
    ahead = scores - own
    top = ahead.max(1)
    return float(np.mean(top + np.log(np.sum(np.exp(ahead - top[:, None]), 1))))


# %% right="stable-loss" style="torch, float32"
def cross_entropy(scores, labels):
    z = torch.tensor(scores, dtype=torch.float32)
    z = z - z.max(dim=1, keepdim=True).values
    picked = z.gather(1, torch.tensor(labels)[:, None])[:, 0]
    return (z.exp().sum(1).log() - picked).mean()


# %% wrong="stable-loss" says="exp of 710 is already too large"
def cross_entropy(scores, labels):
    powers = np.exp(scores)
    p = powers / powers.sum(axis=1, keepdims=True)
    return float(-np.log(p[np.arange(len(labels)), labels]).mean())


# %% wrong="stable-loss" says="exp of 710 is already too large"
def cross_entropy(scores, labels):
    at_labels = scores[np.arange(len(labels)), labels]
    return float(np.mean(np.log(np.exp(scores).sum(axis=1)) - at_labels))


# %% wrong="stable-loss" says="All exponentials have become 0"
def cross_entropy(scores, labels):
    z = scores - np.abs(scores).max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]))


# %% wrong="stable-loss" says="The images of this batch differ"
def cross_entropy(scores, labels):
    z = scores - scores.max()
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]))


# %% wrong="stable-loss" says="before its logarithm was taken"
def cross_entropy(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return float(-np.log(p[np.arange(len(labels)), labels]).mean())


# %% wrong="stable-loss" says="in the place of a lost probability"
def cross_entropy(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return float(-np.log(p[np.arange(len(labels)), labels] + 1e-12).mean())


# %% wrong="stable-loss" says="in the place of a lost probability"
def cross_entropy(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    p = np.clip(p, 1e-15, 1)
    return float(-np.log(p[np.arange(len(labels)), labels]).mean())


# %% wrong="stable-loss" says="You summed the losses; asked is their mean"
def cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    return float(np.sum(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]))


# %% wrong="stable-loss" says="That is the loss of each image"
def cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    return np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]


# %% wrong="stable-loss" says="the loss is not"
def cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    return float(np.mean(z[np.arange(len(z)), labels] - np.log(np.exp(z).sum(axis=1))))


# %% wrong="stable-loss" says="not np.log2"
def cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    logs = np.log2(np.exp(z).sum(axis=1)) - np.log2(np.e) * z[np.arange(len(z)), labels]
    return float(np.mean(logs))


# %% wrong="stable-loss" says="Divide by the number of images only"
def cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    one_hot = np.eye(z.shape[1])[labels]
    logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return float(-(one_hot * logs).mean())


# %% wrong="stable-loss" says="Its logarithm is missing"
def cross_entropy(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return float(p[np.arange(len(labels)), labels].mean())


# %% wrong="stable-loss" says="a score alone is no probability"
def cross_entropy(scores, labels):
    return float(-scores[np.arange(len(labels)), labels].mean())


# %% wrong="stable-loss" says="The score of the label is missing"
def cross_entropy(scores, labels):
    top = scores.max(axis=1)
    return float((top + np.log(np.exp(scores - top[:, None]).sum(axis=1))).mean())


# %% wrong="stable-loss" says="The sum runs over the classes of one image"
def cross_entropy(scores, labels):
    z = scores - scores.max(axis=0)
    logs = z - np.log(np.exp(z).sum(axis=0))
    return float(-logs[np.arange(len(z)), labels].mean())


# %% wrong="stable-loss" says="You took the highest score"
def cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    return float(np.log(np.exp(z).sum(axis=1)).mean())


# %% wrong="stable-loss" says="Take the logarithm first, then the mean"
def cross_entropy(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return float(-np.log(p[np.arange(len(labels)), labels].mean()))


# %% wrong="stable-loss" says="F.cross_entropy does the work of this exercise"
def cross_entropy(scores, labels):
    return float(F.cross_entropy(torch.tensor(scores).double(), torch.tensor(labels)))


# %% wrong="stable-loss" says="logsumexp does the work of this exercise"
def cross_entropy(scores, labels):
    from scipy.special import logsumexp

    return float(np.mean(logsumexp(scores, 1) - scores[np.arange(len(scores)), labels]))


# %% wrong="stable-loss" says="changes its input scores"
def cross_entropy(scores, labels):
    scores -= scores.max(axis=1, keepdims=True)
    each = np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(scores)), labels]
    return float(each.mean())


# %% wrong="stable-loss" says="takes these columns from every row"
def cross_entropy(scores, labels):
    lowered = scores - scores.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(lowered).sum(axis=1, keepdims=True))
    return float(np.mean(log_sums - lowered[:, labels]))


# %% wrong="stable-loss" says="cuts off the fractions"
def cross_entropy(scores, labels):
    powers = np.zeros_like(scores)
    lowered = scores - scores.max(axis=1, keepdims=True)
    for i, row in enumerate(lowered):
        powers[i] = np.exp(row)
    log_sums = np.log(powers.sum(axis=1))
    return float(np.mean(log_sums - lowered[np.arange(len(labels)), labels]))


# %% wrong="stable-loss" says="cuts off the fractions"
def cross_entropy(scores, labels):
    p = np.zeros_like(scores)
    for i, row in enumerate(scores):
        powers = np.exp(row - row.max())
        p[i] = powers / powers.sum()
    with np.errstate(divide="ignore"):
        return float(-np.log(p[np.arange(len(labels)), labels]).mean())


# %% wrong="stable-loss" says="logsumexp does the work of this exercise"
def cross_entropy(scores, labels):
    z, t = torch.as_tensor(scores).double(), torch.as_tensor(labels)
    sums = torch.special.logsumexp(z, dim=1)
    return float((sums - z[torch.arange(len(t)), t]).mean())


# %% wrong="stable-loss" says="logcumsumexp does the work of this exercise"
def cross_entropy(scores, labels):
    z, t = torch.as_tensor(scores).double(), torch.as_tensor(labels)
    sums = z.logcumsumexp(dim=1)[:, -1]
    return float((sums - z[torch.arange(len(t)), t]).mean())


# %% wrong="stable-loss" says="logaddexp2 does the work of this exercise"
def cross_entropy(scores, labels):
    z = scores / np.log(2)
    sums = np.log(2) * np.logaddexp2.reduce(z, axis=1)
    return float((sums - scores[np.arange(len(labels)), labels]).mean())


# %% wrong="stable-loss" says="Where p is lost you took the highest score alone"
def cross_entropy(scores, labels):
    total = 0.0
    for r, k in zip(scores.astype(float), labels):
        powers = np.exp(r - r.max())
        p = powers[k] / powers.sum()
        total += -np.log(p) if p > 0 else r.max() - r[k]
    return total / len(labels)


# %% wrong="stable-loss" says="What you subtract must come back"
def cross_entropy(scores, labels):
    top = scores.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(scores - top).sum(axis=1))
    return float(np.mean(log_sums - scores[np.arange(len(labels)), labels]))


# %% wrong="stable-loss" says="What you subtract must come back"
def cross_entropy(scores, labels):
    middle = scores.mean(axis=1, keepdims=True)
    log_sums = np.log(np.exp(scores - middle).sum(axis=1))
    return float(np.mean(log_sums - scores[np.arange(len(labels)), labels]))


# %% wrong="stable-loss" says="the largest score of each class"
def cross_entropy(scores, labels):
    z = scores - scores.max(axis=0)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]))


# %% wrong="stable-loss" says="each image has a sum of its own"
def cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum()) - z[np.arange(len(z)), labels]))


# %% wrong="stable-loss" says="each image has a sum of its own"
def cross_entropy(scores, labels):
    at_labels = scores[np.arange(len(labels)), labels]
    return float(np.log(np.exp(scores).sum()) - at_labels.mean())


# %% wrong="stable-loss" says="Either p has become 0 before its logarithm, or"
def cross_entropy(scores, labels):
    z = scores - scores.mean(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        log_sums = np.log(np.exp(z).sum(axis=1))
        return float(np.mean(log_sums - z[np.arange(len(z)), labels]))


# %% right="loss-gradient" style="one-hot"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[labels]) / len(labels)


# %% right="loss-gradient" style="loops"
def loss_gradient(scores, labels):
    n, classes = scores.shape
    result = np.zeros((n, classes))
    for i in range(n):
        z = scores[i] - max(scores[i])
        total = sum(np.exp(z))
        for c in range(classes):
            result[i, c] = np.exp(z[c]) / total / n
            if c == labels[i]:
                result[i, c] -= 1 / n
    return result


# %% right="loss-gradient" style="torch, float32"
def loss_gradient(scores, labels):
    z = torch.tensor(scores, dtype=torch.float32)
    p = (z - z.max(1, keepdim=True).values).exp()
    p = p / p.sum(1, keepdim=True)
    p[range(len(p)), torch.tensor(labels)] -= 1
    return p / len(p)


# %% wrong="loss-gradient" says="That is the gradient of the sum"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return p - np.eye(scores.shape[1])[labels]


# %% wrong="loss-gradient" says="The step goes against it, not the gradient"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return (np.eye(scores.shape[1])[labels] - p) / len(labels)


# %% wrong="loss-gradient" says="the score of the truth should rise"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True) / len(labels)


# %% wrong="loss-gradient" says="The other scores have slopes too"
def loss_gradient(scores, labels):
    return -np.eye(scores.shape[1])[labels] / len(labels)


# %% wrong="loss-gradient" says="not by that of all scores"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[labels]) / scores.size


# %% wrong="loss-gradient" says="do not sum over the images"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[labels]).sum(axis=0) / len(labels)


# %% wrong="loss-gradient" says="Probabilities of one image add up to 1"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=0))
    p = powers / powers.sum(axis=0)
    return (p - np.eye(scores.shape[1])[labels]) / len(labels)


# %% wrong="loss-gradient" says="That is the gradient for the probabilities"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    result = np.zeros(scores.shape)
    rows = np.arange(len(labels))
    result[rows, labels] = -1 / p[rows, labels]
    return result / len(labels)


# %% wrong="loss-gradient" says="takes these columns from every row"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    p[:, labels] -= 1
    return p / len(labels)


# %% wrong="loss-gradient" says="exp of 710 is already too large"
def loss_gradient(scores, labels):
    powers = np.exp(scores)
    p = powers / powers.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[labels]) / len(labels)


# %% wrong="loss-gradient" says="exp of 710 is already too large"
def loss_gradient(scores, labels):
    with np.errstate(all="ignore"):
        powers = np.exp(scores)
        p = np.nan_to_num(powers / powers.sum(axis=1, keepdims=True))
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


# %% wrong="loss-gradient" says="cuts off the fractions"
def loss_gradient(scores, labels):
    p = np.zeros_like(scores)
    for i, row in enumerate(scores):
        powers = np.exp(row - row.max())
        p[i] = powers / powers.sum()
        p[i, labels[i]] -= 1
    return p / len(labels)


# %% wrong="loss-gradient" says="The images of this batch differ"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max())
    p = powers / (powers.sum(axis=1, keepdims=True) + 1e-12)
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


# %% wrong="loss-gradient" says="The images of this batch differ"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max())
    p = powers / powers.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[labels]) / len(labels)


# %% wrong="loss-gradient" says="does the work of this exercise"
def loss_gradient(scores, labels):
    z = torch.tensor(scores).double().requires_grad_()
    loss = F.cross_entropy(z, torch.tensor(labels))
    return torch.autograd.grad(loss, z)[0]


# %% wrong="loss-gradient" says="the largest score of each class"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=0))
    p = powers / powers.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[labels]) / len(labels)


# %% wrong="loss-gradient" says="you took one for the whole batch"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum()
    return (p - np.eye(scores.shape[1])[labels]) / len(labels)


# %% wrong="loss-gradient" says="Divide both parts by N"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    return p - np.eye(scores.shape[1])[labels] / len(labels)


# %% wrong="loss-gradient" says="Divide both parts by N"
def loss_gradient(scores, labels):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True) / len(labels)
    p[np.arange(len(labels)), labels] -= 1
    return p


# %% wrong="loss-gradient" says="An exponential has overflowed"
def loss_gradient(scores, labels):
    with np.errstate(all="ignore"):
        powers = np.exp(scores - scores.mean(axis=1, keepdims=True))
        p = powers / powers.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[labels]) / len(labels)


# %% wrong="loss-gradient" says="An exponential has overflowed"
def loss_gradient(scores, labels):
    with np.errstate(all="ignore"):
        powers = np.exp(scores - scores.mean(axis=1, keepdims=True))
        p = np.nan_to_num(powers / powers.sum(axis=1, keepdims=True))
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


# %% right="own-momentum" style="lists"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.p = list(parameters)
        self.v = [torch.zeros_like(p) for p in self.p]
        self.mu, self.wd = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.p, self.v):
            if p.grad is not None:
                g = p.grad + self.wd * p if p.ndim > 1 else p.grad
                v *= self.mu
                v += g
                p -= lr * v

    def zero_grad(self):
        for p in self.p:
            p.grad = None


# %% right="own-momentum" style="dictionary, data"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = [p for p in parameters]
        self.velocity = {}
        self.momentum = momentum
        self.weight_decay = weight_decay

    def step(self, lr):
        for number, p in enumerate(self.parameters):
            if p.grad is None:
                continue
            gradient = p.grad.data.clone()
            if len(p.shape) >= 2:
                gradient += self.weight_decay * p.data
            old = self.velocity.get(number, 0)
            self.velocity[number] = self.momentum * old + gradient
            p.data = p.data - lr * self.velocity[number]

    def zero_grad(self):
        for p in self.parameters:
            if p.grad is not None:
                p.grad.zero_()


# %% right="own-momentum" style="float64 velocities, pairs"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.pairs = [[p, np.zeros(tuple(p.shape))] for p in parameters]
        self.momentum, self.decay = momentum, weight_decay

    def step(self, lr):
        for pair in self.pairs:
            p, v = pair
            if p.grad is None:
                continue
            w = p.detach().numpy().astype(float)
            pull = self.decay * w if w.ndim > 1 else 0
            pair[1] = self.momentum * v + p.grad.numpy() + pull
            with torch.no_grad():
                p.copy_(torch.as_tensor(w - lr * pair[1]))

    def zero_grad(self):
        for p, _ in self.pairs:
            p.grad = None


# %% wrong="own-momentum" says="with the rate inside the velocity"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).sub_(lr * g)
            p += v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="not with the factor 1 − μ"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_((1 - self.momentum) * g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="There is no momentum"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            p -= lr * g

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="You go up the hill"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p += lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="Nothing has moved"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            p -= lr * v
            v.mul_(self.momentum).add_(g)

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="That is Nesterov's momentum"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * (g + self.momentum * v)

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="The rate is missing"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="The velocity never fades"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="The decay moves the weight past the velocity"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            pull = self.decay * p if p.dim() > 1 else 0
            v.mul_(self.momentum).add_(p.grad)
            p -= lr * v + lr * pull

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="The decay has the wrong sign"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad - self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="with two or more axes: it decays"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="without a 2"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + 2 * self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="A bias, and all that has one axis"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="with two or more axes: it decays"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() <= 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="It is always 0.9"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = 0.9, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="The rate of the first step is used again"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay, self.lr = momentum, weight_decay, None

    @torch.no_grad()
    def step(self, lr):
        self.lr = self.lr or lr
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= self.lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="Nothing has moved"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = parameters
        self.velocities = [torch.zeros_like(p) for p in parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="Nothing has moved"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p = p - lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="Without a gradient a parameter stays as it is"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            g = torch.zeros_like(p) if p.grad is None else p.grad
            g = g + self.decay * p if p.dim() > 1 else g
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="unsupported operand type"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="zero_grad leaves old gradients behind"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            g = torch.zeros_like(p)


# %% wrong="own-momentum" says="changed in place"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="does the work of this exercise"
class Momentum(torch.optim.SGD):
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        super().__init__(parameters, lr=1.0, momentum=momentum)

    def step(self, lr):
        self.param_groups[0]["lr"] = lr
        super().step()


# %% wrong="own-momentum" says="with two or more axes: it decays"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() == 2 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="A bias, and all that has one axis"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for n, (p, v) in enumerate(zip(self.parameters, self.velocities)):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if n % 2 == 0 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="The velocity is gone: zero_grad"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None
        self.velocities = [torch.zeros_like(p) for p in self.parameters]


# %% wrong="own-momentum" says="The velocity is the very tensor p.grad"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = {}
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for n, p in enumerate(self.parameters):
            if p.grad is None:
                continue
            g = p.grad
            if self.decay and p.dim() > 1:
                g = g + self.decay * p
            v = self.velocities.get(n)
            v = g if v is None else self.momentum * v + g
            self.velocities[n] = v
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            if p.grad is not None:
                p.grad.zero_()


# %% wrong="own-momentum" says="The velocity is the very tensor p.grad"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [None] * len(self.parameters)
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for n, p in enumerate(self.parameters):
            if p.grad is None:
                continue
            g = p.grad
            if self.decay and p.dim() > 1:
                g = g + self.decay * p
            if self.velocities[n] is None:
                self.velocities[n] = g
            else:
                self.velocities[n].mul_(self.momentum).add_(g)
            p -= lr * self.velocities[n]

    def zero_grad(self):
        for p in self.parameters:
            if p.grad is not None:
                p.grad.zero_()


# %% wrong="own-momentum" says="the velocity of the parameter stays"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                v.mul_(self.momentum)
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="the velocity of the parameter stays"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                v.zero_()
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="Without a gradient a parameter stays as it is"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                p -= lr * v
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="continue, not return"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                return
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="to forget them is left to zero_grad"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v
            p.grad = None

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="to forget them is left to zero_grad"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v
        self.zero_grad()

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="A step leaves the gradients as they are"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            if p.dim() > 1:
                p.grad += self.decay * p
            g = p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="A step leaves the gradients as they are"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad.data
            if p.dim() > 1:
                g += self.decay * p
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="A step leaves the gradients as they are"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= p.grad.copy_(lr * v)

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="A parameter without axes, a single number"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = list(parameters)
        self.velocities = [torch.zeros_like(p) for p in self.parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in zip(self.parameters, self.velocities):
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() != 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="own-momentum" says="zero_grad leaves old gradients behind"
class Momentum:
    def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
        self.parameters = parameters
        self.pairs = [(p, torch.zeros_like(p)) for p in parameters]
        self.momentum, self.decay = momentum, weight_decay

    @torch.no_grad()
    def step(self, lr):
        for p, v in self.pairs:
            if p.grad is None:
                continue
            g = p.grad + self.decay * p if p.dim() > 1 else p.grad
            v.mul_(self.momentum).add_(g)
            p -= lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% right="rate-of-step" style="numpy"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return top * (1 + np.cos(np.pi * share)) / 2


# %% right="rate-of-step" style="math, square of a cosine"
def rate_of(step, steps, top, warm_up):
    import math

    if step not in range(steps):
        raise ValueError(step)
    if step + 1 <= warm_up:
        return (step + 1) * (top / warm_up)
    angle = math.pi / 2 * (step - warm_up) / (steps - warm_up)
    return top * math.cos(angle) ** 2


# %% right="rate-of-step" style="torch"
def rate_of(step, steps, top, warm_up):
    if not 0 <= step <= steps - 1:
        raise ValueError("step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    down = torch.linspace(0, torch.pi, steps - warm_up + 1)
    return top * (0.5 + 0.5 * torch.cos(down))[step - warm_up]


# %% wrong="rate-of-step" says="The first step has one part already"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * step / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return top * (1 + np.cos(np.pi * share)) / 2


# %% wrong="rate-of-step" says="should have the top"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / (warm_up + 1)
    share = (step - warm_up) / (steps - warm_up)
    return top * (1 + np.cos(np.pi * share)) / 2


# %% wrong="rate-of-step" says="within warm_up steps, not within all"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / steps
    share = (step - warm_up) / (steps - warm_up)
    return top * (1 + np.cos(np.pi * share)) / 2


# %% wrong="rate-of-step" says="A cosine goes down to −1"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return top * np.cos(np.pi * share)


# %% wrong="rate-of-step" says="The rate begins at twice the top"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return top * (1 + np.cos(np.pi * share))


# %% wrong="rate-of-step" says="That is a quarter of a cosine"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return top * np.cos(np.pi / 2 * share)


# %% wrong="rate-of-step" says="down and up again"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return top * (1 + np.cos(2 * np.pi * share)) / 2


# %% wrong="rate-of-step" says="The way down begins at step warm_up, not at 0"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = step / steps
    return top * (1 + np.cos(np.pi * share)) / 2


# %% wrong="rate-of-step" says="it is steps - warm_up long"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / steps
    return top * (1 + np.cos(np.pi * share)) / 2


# %% wrong="rate-of-step" says="not at the last one that there is"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / max(1, steps - warm_up - 1)
    return top * (1 + np.cos(np.pi * share)) / 2


# %% wrong="rate-of-step" says="That is a straight line"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return top * (1 - share)


# %% wrong="rate-of-step" says="The warm-up is missing"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    share = step / steps
    return top * (1 + np.cos(np.pi * share)) / 2


# %% wrong="rate-of-step" says="Times the top"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return (step + 1) / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return (1 + np.cos(np.pi * share)) / 2


# %% wrong="rate-of-step" says="Steps count from 0 to steps - 1"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step > steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return top * (1 + np.cos(np.pi * share)) / 2


# %% wrong="rate-of-step" says="where is the way down"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step < warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return top


# %% wrong="rate-of-step" says="The rate goes on rising"
def rate_of(step, steps, top, warm_up):
    if step < 0 or step >= steps:
        raise ValueError("no such step")
    if step <= warm_up:
        return top * (step + 1) / warm_up
    share = (step - warm_up) / (steps - warm_up)
    return top * (1 + np.cos(np.pi * share)) / 2


# %% right="cut-batches" style="torch's dice"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [(images[part], labels[part]) for part in order.split(size)]


# %% right="cut-batches" style="numpy's dice, slices"
def batches(images, labels, size, epoch):
    order = np.random.default_rng(epoch).permutation(len(labels))
    images, labels = images[order], labels[order]
    result = []
    for start in range(0, len(labels), size):
        end = start + size
        result.append((images[start:end], labels[start:end]))
    return result


# %% right="cut-batches" style="random, lists"
def batches(images, labels, size, epoch):
    import random

    numbers = list(range(len(images)))
    random.Random(epoch).shuffle(numbers)
    result = []
    while numbers:
        now, numbers = numbers[:size], numbers[size:]
        result.append([images[now], labels[now]])
    return result


# %% right="cut-batches" style="sorted by random numbers, arrays of numbers"
def batches(images, labels, size, epoch):
    order = np.random.default_rng([epoch, 5]).random(len(images)).argsort()
    parts = np.split(order, range(size, len(order), size))
    return [(images[part], labels[torch.from_numpy(part)]) for part in parts]


# %% right="cut-batches" style="everybody's dice"
def batches(images, labels, size, epoch):
    torch.manual_seed(epoch)
    order = torch.randperm(len(images))
    return list(zip(images[order].split(size), labels[order].split(size)))


# %% wrong="cut-batches" says="labels are torch.float32"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [(images[part], labels[part].float()) for part in order.split(size)]


# %% wrong="cut-batches" says="images are torch.float64"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [(images[part].double(), labels[part]) for part in order.split(size)]


# %% wrong="cut-batches" says="labels are no tensor"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [(images[part], labels.numpy()[part]) for part in order.split(size)]


# %% wrong="cut-batches" says="images are no tensor"
def batches(images, labels, size, epoch):
    order = np.random.default_rng(epoch).permutation(len(images))
    parts = np.split(order, range(size, len(order), size))
    return [(images.numpy()[part], labels.numpy()[part]) for part in parts]


# %% wrong="cut-batches" says="The batches are nearly those of epoch"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(0)
    order = torch.randperm(len(images), generator=dice).roll(epoch)
    return [(images[part], labels[part]) for part in order.split(size)]


# %% wrong="cut-batches" says="The batches are nearly those of epoch"
def batches(images, labels, size, epoch):
    fixed = torch.Generator().manual_seed(0)
    parts = torch.randperm(len(images), generator=fixed).split(size)
    whole = len(images) // size
    turn = torch.randperm(whole, generator=torch.Generator().manual_seed(epoch))
    parts = [parts[i] for i in turn] + list(parts[whole:])
    return [(images[part], labels[part]) for part in parts]


# %% wrong="cut-batches" says="smaller one left out"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [
        (images[part], labels[part]) for part in order.split(size) if len(part) == size
    ]


# %% wrong="cut-batches" says="in the order in which they were given"
def batches(images, labels, size, epoch):
    order = torch.arange(len(images))
    return [(images[part], labels[part]) for part in order.split(size)]


# %% wrong="cut-batches" says="Labels stand beside the wrong images"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [
        (images[part], labels[torch.randperm(len(labels))][part])
        for part in order.split(size)
    ]


# %% wrong="cut-batches" says="The order is that of another epoch"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(0)
    order = torch.randperm(len(images), generator=dice)
    return [(images[part], labels[part]) for part in order.split(size)]


# %% wrong="cut-batches" says="should be the same again"
def batches(images, labels, size, epoch):
    order = torch.randperm(len(images))
    return [(images[part], labels[part]) for part in order.split(size)]


# %% wrong="cut-batches" says="never: shuffle the numbers"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randint(len(images), (len(images),), generator=dice)
    return [(images[part], labels[part]) for part in order.split(size)]


# %% wrong="cut-batches" says="Only whole batches are shuffled"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    parts = torch.arange(len(images)).split(size)
    order = torch.randperm(len(images) // size, generator=dice).tolist()
    order += range(len(order), len(parts))
    return [(images[parts[i]], labels[parts[i]]) for i in order]


# %% wrong="cut-batches" says="a swap, no shuffle"
def batches(images, labels, size, epoch):
    order = torch.arange(len(images))
    order = torch.cat([order[epoch % 3 + 1 :], order[: epoch % 3 + 1]]).roll(epoch)
    order[[0, -1]] = order[[-1, 0]]
    return [(images[part], labels[part]) for part in order.split(size)]


# %% wrong="cut-batches" says="images and"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [(images[part], labels) for part in order.split(size)]


# %% wrong="cut-batches" says="The smaller batch comes last"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [(images[part], labels[part]) for part in list(order.split(size))[::-1]]


# %% wrong="cut-batches" says="The sizes should be"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [(images[part], labels[part]) for part in order.chunk(max(1, size - 1))]


# %% wrong="cut-batches" says="expected a list of pairs"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [images[part] for part in order.split(size)]


# %% wrong="cut-batches" says="returned a generator"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return ((images[part], labels[part]) for part in order.split(size))


# %% wrong="cut-batches" says="One of the batches is empty"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [(images[part], labels[part]) for part in [*order.split(size), order[:0]]]


# %% wrong="cut-batches" says="do the batches overlap"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    parts = [order[i : i + size + 1] for i in range(0, len(order), size)]
    return [(images[part], labels[part]) for part in parts]


# %% wrong="cut-batches" says="that was not given"
def batches(images, labels, size, epoch):
    dice = torch.Generator().manual_seed(epoch)
    order = torch.randperm(len(images), generator=dice)
    return [(images[part] / 255, labels[part]) for part in order.split(size)]


# %% wrong="cut-batches" says="utils.data"
def batches(images, labels, size, epoch):
    from torch.utils.data import DataLoader, TensorDataset

    dice = torch.Generator().manual_seed(epoch)
    pairs = TensorDataset(images, labels)
    return [(x, y) for x, y in DataLoader(pairs, size, shuffle=True, generator=dice)]


# %% right="own-accuracy" style="counting"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        total += len(y)
    return hits / total


# %% right="own-accuracy" style="no_grad, concatenated"
@torch.no_grad()
def accuracy(model, batches):
    model.train(False)
    hits = torch.cat([model(x).max(1).indices.eq(y) for x, y in batches])
    return hits.float().mean()


# %% right="own-accuracy" style="numpy"
def accuracy(model, batches):
    model.eval()
    right = []
    for x, y in batches:
        scores = model(x).detach().numpy()
        right += list(np.argmax(scores, axis=1) == y.numpy())
    return np.mean(right)


# %% right="own-accuracy" style="by number"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for i in range(len(batches)):
        x, y = batches[i]
        hits += (model(x).argmax(1) == y).sum().item()
        total += len(batches[i][1])
    return hits / total


# %% right="own-accuracy" style="all at once, the last one apart"
def accuracy(model, batches):
    model.eval()
    parts = [*batches[:-1], batches[-1]]
    with torch.no_grad():
        said = model(torch.cat([x for x, _ in parts])).argmax(1)
    return (said == torch.cat([y for _, y in parts])).double().mean().item()


# %% right="own-accuracy" style="on a copy"
def accuracy(model, batches):
    import copy

    measured = copy.deepcopy(model).eval()
    with torch.no_grad():
        hits = [measured(x).argmax(1) == y for x, y in batches]
    return torch.cat(hits).double().mean().item()


# %% wrong="own-accuracy" says="The model was in training mode while it was evaluated"
def accuracy(model, batches):
    import copy

    measured = copy.deepcopy(model)
    model.eval()
    with torch.no_grad():
        hits = [measured(x).argmax(1) == y for x, y in batches]
    return torch.cat(hits).double().mean().item()


# %% wrong="own-accuracy" says="The model was in training mode while it was evaluated"
def accuracy(model, batches):
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        total += len(y)
    return hits / total


# %% wrong="own-accuracy" says="count the hits in all of them"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).float().mean().item()
        total += 1
    return hits / total


# %% wrong="own-accuracy" says="the part that is wrong"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) != y).sum().item()
        total += len(y)
    return hits / total


# %% wrong="own-accuracy" says="not in percent"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        total += len(y)
    return 100 * hits / total


# %% wrong="own-accuracy" says="That is the number of hits"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        total += len(y)
    return hits


# %% wrong="own-accuracy" says="not of batches"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        total += 1
    return hits / total


# %% wrong="own-accuracy" says="the last batch alone"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits = (model(x).argmax(dim=1) == y).sum().item()
        total = len(y)
    return hits / total


# %% wrong="own-accuracy" says="The model was never run"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (x.argmax(dim=1) == y).sum().item()
        total += len(y)
    return hits / total


# %% wrong="own-accuracy" says="the first batch alone"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        return hits / len(y)


# %% wrong="own-accuracy" says="returned nothing"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        total += len(y)
    hits / total


# %% wrong="own-accuracy" says="the work of this exercise"
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        total += len(y)
    from coursekit.train.measure import accuracy as theirs
    from types import SimpleNamespace

    x, y = (torch.cat(half) for half in zip(*batches))
    return theirs(model, SimpleNamespace(images=x, labels=y))


# %% wrong="own-accuracy" says="trained on data that are there to measure"
def accuracy(model, batches):
    hits = total = 0
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in batches:
        model.train()
        F.cross_entropy(model(x), y).backward()
        optimiser.step()
        model.eval()
        hits += (model(x).argmax(dim=1) == y).sum().item()
        total += len(y)
    return hits / total


# %% right="five-loops" style="letters"
right_loop = "D"
gradients_pile_up = "E"
forgets_eval = "C"
trains_on_validation = "A"
labels_apart = "B"


# %% right="five-loops" style="small letters"
right_loop = "d"
gradients_pile_up = " e"
forgets_eval = "C"
trains_on_validation = "A"
labels_apart = "B"


# %% wrong="five-loops" says="on images that nobody has trained on"
right_loop = "A"
gradients_pile_up = "E"
forgets_eval = "C"
trains_on_validation = "A"
labels_apart = "B"


# %% wrong="five-loops" says="Is that what it reports"
right_loop = "C"
gradients_pile_up = "E"
forgets_eval = "C"
trains_on_validation = "A"
labels_apart = "B"


# %% wrong="five-loops" says="would not leave it in peace"
right_loop = "D"
gradients_pile_up = "B"
forgets_eval = "C"
trains_on_validation = "A"
labels_apart = "B"


# %% wrong="five-loops" says="its report agrees"
right_loop = "D"
gradients_pile_up = "E"
forgets_eval = "D"
trains_on_validation = "A"
labels_apart = "B"


# %% wrong="five-loops" says="a report is lower than what you measure"
right_loop = "D"
gradients_pile_up = "E"
forgets_eval = "A"
trains_on_validation = "A"
labels_apart = "B"


# %% wrong="five-loops" says="Then its report would be better"
right_loop = "D"
gradients_pile_up = "E"
forgets_eval = "C"
trains_on_validation = "C"
labels_apart = "B"


# %% wrong="five-loops" says="are close together"
right_loop = "D"
gradients_pile_up = "E"
forgets_eval = "C"
trains_on_validation = "D"
labels_apart = "B"


# %% wrong="five-loops" says="a sound loop finds it"
right_loop = "D"
gradients_pile_up = "E"
forgets_eval = "C"
trains_on_validation = "A"
labels_apart = "E"


# %% right="own-fit" style="counting patience"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% right="own-fit" style="helpers, cloned state"
def one_epoch(model, optimiser, x, t, size):
    model.train()
    order = np.random.permutation(len(x))
    for start in range(0, len(x), size):
        rows = order[start : start + size]
        optimiser.zero_grad()
        nn.CrossEntropyLoss()(model(x[rows]), t[rows]).backward()
        optimiser.step()


def measured(model, x, t):
    model.eval()
    with torch.no_grad():
        return (model(x).argmax(1) == t).double().mean().item()


def fit(model, optimiser, training, validation, size, rates, patience):
    history, states = [], []
    for lr in rates:
        for group in optimiser.param_groups:
            group["lr"] = lr
        one_epoch(model, optimiser, *training, size)
        history.append(measured(model, *validation))
        states.append({k: v.clone() for k, v in model.state_dict().items()})
        best = int(np.argmax(history))
        if len(history) - 1 - best >= patience:
            break
    model.load_state_dict(states[best])
    return history


# %% right="own-fit" style="batches of validation, loss by hand, a list of pairs"
def fit(model, optimiser, training, validation, size, rates, patience):
    from copy import deepcopy

    x, t = training
    history, best_state, best_epoch = [], None, 0
    epoch = 0
    while epoch < len(rates) and epoch - best_epoch <= patience:
        for group in optimiser.param_groups:
            group.update(lr=rates[epoch])
        model.train(True)
        rows = torch.randperm(len(t))
        pairs = [(x[r], t[r]) for r in torch.split(rows, size)]
        for inputs, labels in pairs:
            logs = model(inputs).log_softmax(1)
            loss = -logs.gather(1, labels[:, None]).mean()
            model.zero_grad()
            loss.backward()
            optimiser.step()
        model.train(False)
        hits = 0
        for part, labels in zip(validation[0].split(4), validation[1].split(4)):
            hits += int((model(part).argmax(1) == labels).sum())
        history.append(hits / len(validation[1]))
        if history[-1] > max(history[:-1] + [-1]):
            best_state, best_epoch = deepcopy(model.state_dict()), epoch
        epoch += 1
    model.load_state_dict(best_state)
    return history


# %% right="own-fit" style="DataLoader, gradients zeroed after the step"
def fit(model, optimiser, training, validation, size, rates, patience):
    from torch.utils.data import DataLoader, TensorDataset

    loader = DataLoader(TensorDataset(*training), batch_size=size, shuffle=True)
    best, bad, history = 0.0, 0, []
    parameters = [*model.parameters(), *model.buffers()]
    saved = [p.detach().clone() for p in parameters]
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for xb, tb in loader:
            F.cross_entropy(model(xb), tb).backward()
            optimiser.step()
            optimiser.zero_grad()
        model.eval()
        with torch.inference_mode():
            scores = model(validation[0])
        score = float((scores.argmax(1) == validation[1]).float().mean())
        if not history or score > best:
            best, bad = score, 0
            saved = [p.detach().clone() for p in parameters]
        else:
            bad += 1
        history.append(score)
        if bad >= patience:
            break
    with torch.no_grad():
        for p, s in zip(parameters, saved):
            p.copy_(s)
    return history


# %% right="own-fit" style="measured on a copy"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best = [], None
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        kept = copy.deepcopy(model).eval()
        with torch.no_grad():
            hits = kept(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if best is None or found[-1] > max(found[:-1]):
            best, epoch = kept, len(found)
        if len(found) - epoch == patience:
            break
    model.load_state_dict(best.state_dict())
    return found


# %% wrong="own-fit" says="The model was in training mode while it was evaluated"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best = [], None
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        kept = copy.deepcopy(model)
        with torch.no_grad():
            hits = kept(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if best is None or found[-1] > max(found[:-1]):
            best, epoch = kept, len(found)
        if len(found) - epoch == patience:
            break
    model.load_state_dict(best.state_dict())
    return found


# %% wrong="own-fit" says="The gradients pile up"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="The model was in evaluation mode while it was trained"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="The model was in training mode while it was evaluated"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="A step was taken on validation images"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = (torch.cat(both) for both in zip(training, validation))
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="Does every image keep its label"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(
                model(x[batch]), t[torch.randperm(len(t))[: len(batch)]]
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="The smaller batch at the end of an epoch is missing"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            if len(batch) < size:
                continue
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="some images come twice and others never"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randint(len(x), (len(x),)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="The images are never shuffled"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.arange(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="shuffle anew each time"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    order = torch.randperm(len(x))
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in order.split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="should have the learning rate"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rates[0]
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="The model is left as the last epoch made it"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    return found


# %% wrong="own-fit" says="The model is left as the last epoch made it"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = model.state_dict()
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="not only parameters belong to the best"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(dict(model.named_parameters()))
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept, strict=False)
    return found


# %% wrong="own-fit" says="Of equally good epochs the first one counts"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] >= best and waited < patience:
            waited = waited + 1 if found[-1] == best else 0
            best = found[-1]
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
        if waited == patience:
            break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="An accuracy that is only equal is no new best"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] >= best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="without a new best are enough"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited > patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="Patience is not at its end yet"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience - 1 or patience == 1:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="Those are the losses on the validation images"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
            scores = model(validation[0])
            hits = (scores.argmax(1) == validation[1]).float().mean().item()
        found.append(F.cross_entropy(scores, validation[1]).item())
        if hits > best:
            best, waited = hits, 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="in percent"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return [100 * one for one in found]


# %% wrong="own-fit" says="The accuracies of all epochs are asked for"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return max(found)


# %% wrong="own-fit" says="asked is that of each epoch"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return np.maximum.accumulate(found).tolist()


# %% wrong="own-fit" says="returned nothing (None)"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)


# %% wrong="own-fit" says="No gradient was computed"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="The optimiser took no step"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="stands between backward and step"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            loss.backward()
            optimiser.zero_grad()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="Not all validation images were measured"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
            hits = model(validation[0][:4]).argmax(1) == validation[1][:4]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="The batches of an epoch should hold"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    for rate in rates:
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size - 1):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="what it was before the first step"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
    kept = copy.deepcopy(model.state_dict())
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
        if found[-1] > best:
            best, waited = found[-1], 0
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="and belong to the list"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, waited = [], -1, 0
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
        if found[-1] > best:
            best, waited = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == patience:
                break
    model.load_state_dict(kept)
    return found[: found.index(max(found)) + 1]


# %% wrong="own-fit" says="after a new best the waiting begins anew"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
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
        if found[-1] > best:
            best = found[-1]
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="not with the epoch before"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
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
        if len(found) < 2 or found[-1] > found[-2]:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="The first epoch is a new best, even"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], 0.0, 0, None
    for epoch, rate in enumerate(rates):
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
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    if kept is not None:
        model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="All right is no reason to end"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
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
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
        if best == 1:
            break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="The model is left as the last epoch made it"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
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
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                model.load_state_dict(kept)
                break
    return found


# %% wrong="own-fit" says="have their old neighbour"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.arange(len(x)).roll(epoch).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="have their old neighbour"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        order = torch.arange(len(x))
        order = order.flip(0) if epoch % 2 else order
        for batch in order.split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="have their old neighbour"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        order = torch.randperm(len(x)) if epoch else torch.arange(len(x))
        for batch in order.split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="has nearly the same batches as epoch"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        order = torch.randperm(len(x)) if epoch == 0 else order.roll(1)
        for batch in order.split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="the groups of the optimiser have different rates"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
        optimiser.param_groups[0]["lr"] = rate
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
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="not their sum"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch], reduction="sum")
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = model(validation[0]).argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="The batches of validation images differ in size"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
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
            parts = zip(validation[0].split(size), validation[1].split(size))
            each = [(model(v).argmax(1) == k).float().mean().item() for v, k in parts]
        found.append(sum(each) / len(each))
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="There is a softmax before F.cross_entropy"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]).softmax(1), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            scores = model(validation[0])
        hits = scores.argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="should have the learning rate"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
        for group in optimiser.param_groups:
            group["lr"] *= rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            scores = model(validation[0])
        hits = scores.argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="the lowest validation loss; here the accuracy decides"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], float("inf"), 0, None
    for epoch, rate in enumerate(rates):
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
            scores = model(validation[0])
        hits = scores.argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        unseen = F.cross_entropy(scores, validation[1]).item()
        if unseen < best:
            best, bad = unseen, 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="steps: one step for each batch"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            scores = model(validation[0])
        hits = scores.argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% wrong="own-fit" says="steps: one step for each batch"
def fit(model, optimiser, training, validation, size, rates, patience):
    import copy

    x, t = training
    found, best, bad, kept = [], -1, 0, None
    for epoch, rate in enumerate(rates):
        for group in optimiser.param_groups:
            group["lr"] = rate
        model.train()
        for batch in torch.randperm(len(x)).split(size):
            loss = F.cross_entropy(model(x[batch]), t[batch])
            optimiser.zero_grad()
            loss.backward()
            if len(batch) == size:
                optimiser.step()
        model.eval()
        with torch.no_grad():
            scores = model(validation[0])
        hits = scores.argmax(1) == validation[1]
        found.append(hits.float().mean().item())
        if found[-1] > best:
            best, bad = found[-1], 0
            kept = copy.deepcopy(model.state_dict())
        else:
            bad += 1
            if bad == patience:
                break
    model.load_state_dict(kept)
    return found


# %% equivalent="stable-loss" why="what is left out changes no value here"
# - return float(np.mean(log_sums - lowered[np.arange(len(labels)), labels]))
# + return np.mean(log_sums - lowered[np.arange(len(labels)), labels])


# %% equivalent="stable-loss" why="the argument says what holds anyway"
# - z = torch.tensor(scores, dtype=torch.float32)
# + z = torch.tensor(scores)


# %% equivalent="stable-loss" why="there is one column"
# - picked = z.gather(1, torch.tensor(labels)[:, None])[:, 0]
# + picked = z.gather(1, torch.tensor(labels)[:, None])[:, -1]


# %% equivalent="stable-loss" why="what is left out changes no value here"
# - powers = [np.exp(float(z) - largest) for z in row]
# + powers = [np.exp(z - largest) for z in row]


# %% equivalent="stable-loss" why="the argument says what holds anyway"
# - own = np.take_along_axis(scores, labels[:, None], 1)
# + own = np.take_along_axis(scores, labels[:, None])


# %% equivalent="stable-loss" why="what is left out changes no value here"
# - return float(np.mean(top + np.log(np.sum(np.exp(ahead - top[:, None]), 1))))
# + return np.mean(top + np.log(np.sum(np.exp(ahead - top[:, None]), 1)))


# %% equivalent="stable-loss" why="scores and labels are equally many"
# - return float(np.mean(log_sums - lowered[np.arange(len(labels)), labels]))
# + return float(np.mean(log_sums - lowered[np.arange(len(scores)), labels]))


# %% equivalent="stable-loss" why="what is left out changes no value here"
# - total += largest + np.log(sum(powers)) - float(row[label])
# + total += largest + np.log(sum(powers)) - row[label]


# %% equivalent="stable-loss" why="what is left out changes no value here"
# - largest = max((float(z) for z in row))
# + largest = max((z for z in row))


# %% equivalent="stable-loss" why="scores and labels are equally many"
# - return total / len(labels)
# + return total / len(scores)


# %% equivalent="stable-loss" why="zero has no sign that matters"
# - total = 0.0
# + total = -0.0


# %% equivalent="loss-gradient" why="scores and labels are equally many"
# - return gradient / len(labels)
# + return gradient / len(scores)


# %% equivalent="loss-gradient" why="what is left out changes no value here"
# - p[range(len(p)), torch.tensor(labels)] -= 1
# + p[range(len(p)), labels] -= 1


# %% equivalent="loss-gradient" why="every place is written afterwards"
# - result = np.zeros((n, classes))
# + result = np.ones((n, classes))


# %% equivalent="loss-gradient" why="the argument says what holds anyway"
# - z = torch.tensor(scores, dtype=torch.float32)
# + z = torch.tensor(scores)


# %% equivalent="loss-gradient" why="scores and labels are equally many"
# - return (p - np.eye(scores.shape[1])[labels]) / len(labels)
# + return (p - np.eye(scores.shape[1])[labels]) / len(scores)


# %% equivalent="loss-gradient" why="scores and labels are equally many"
# - gradient[np.arange(len(labels)), labels] -= 1
# + gradient[np.arange(len(scores)), labels] -= 1


# %% equivalent="cut-batches" why="images and labels are equally many"
# - for start in range(0, len(labels), size):
# + for start in range(0, len(images), size):


# %% equivalent="cut-batches" why="other random numbers do as well"
# - order = np.random.default_rng([epoch, 5]).random(len(images)).argsort()
# + order = np.random.default_rng([epoch, 4]).random(len(images)).argsort()


# %% equivalent="cut-batches" why="other random numbers do as well"
# - order = np.random.default_rng([epoch, 5]).random(len(images)).argsort()
# + order = np.random.default_rng([epoch, 5]).random(len(labels)).argsort()


# %% equivalent="cut-batches" why="images and labels are equally many"
# - order = np.random.default_rng(epoch).permutation(len(labels))
# + order = np.random.default_rng(epoch).permutation(len(images))


# %% equivalent="cut-batches" why="the same numbers, from everybody's dice"
# - dice = torch.Generator().manual_seed(epoch)
# + dice = torch.manual_seed(epoch)


# %% equivalent="cut-batches" why="images and labels are equally many"
# - order = torch.randperm(len(images), generator=dice)
# + order = torch.randperm(len(labels), generator=dice)


# %% equivalent="cut-batches" why="it is a list already"
# - return [(images[part], labels[part]) for part in order.split(size)]
# + return list([(images[part], labels[part]) for part in order.split(size)])


# %% equivalent="cut-batches" why="other random numbers do as well"
# - order = np.random.default_rng([epoch, 5]).random(len(images)).argsort()
# + order = np.random.default_rng([5, epoch]).random(len(images)).argsort()


# %% equivalent="cut-batches" why="other random numbers do as well"
# - order = np.random.default_rng([epoch, 5]).random(len(images)).argsort()
# + order = np.random.default_rng([epoch, 6]).random(len(images)).argsort()


# %% equivalent="cut-batches" why="images and labels are equally many"
# - numbers = list(range(len(images)))
# + numbers = list(range(len(labels)))


# %% equivalent="rate-of-step" why="a cosine is the same on both sides of 0"
# - share = (step - warm_up) / (steps - warm_up)
# + share = (step - warm_up) / (warm_up - steps)


# %% equivalent="rate-of-step" why="a cosine is the same on both sides of 0"
# - share = (step - warm_up) / (steps - warm_up)
# + share = (warm_up - step) / (steps - warm_up)


# %% equivalent="rate-of-step" why="a cosine is the same on both sides of 0"
# - angle = math.pi / 2 * (step - warm_up) / (steps - warm_up)
# + angle = math.pi / 2 * (step - warm_up) / (warm_up - steps)


# %% equivalent="rate-of-step" why="a cosine is the same on both sides of 0"
# - angle = math.pi / 2 * (step - warm_up) / (steps - warm_up)
# + angle = math.pi / 2 * (warm_up - step) / (steps - warm_up)


# %% equivalent="own-accuracy" why="what is left out changes no value here"
# - scores = model(x).detach().numpy()
# + scores = model(x).detach()


# %% equivalent="own-accuracy" why="what is left out changes no value here"
# - hits += (model(x).argmax(dim=1) == y).sum().item()
# + hits += (model(x).argmax(dim=1) == y).sum()


# %% equivalent="own-accuracy" why="what is left out changes no value here"
# - right += list(np.argmax(scores, axis=1) == y.numpy())
# + right += list(np.argmax(scores, axis=1) == y)


# %% equivalent="own-accuracy" why="what is left out changes no value here"
# - hits += int((model(inputs).argmax(1) == labels).sum())
# + hits += (model(inputs).argmax(1) == labels).sum()


# %% equivalent="own-momentum" why="what is left out changes no value here"
# - w = p.detach().numpy().astype(float)
# + w = p.detach().numpy()


# %% equivalent="own-momentum" why="zero has no sign that matters"
# - def __init__(self, parameters, momentum=0.9, weight_decay=0.0):
# + def __init__(self, parameters, momentum=0.9, weight_decay=-0.0):


# %% equivalent="own-momentum" why="both lists are equally long"
# - for p, v in zip(self.parameters, self.velocities, strict=True):
# + for p, v in zip(self.parameters, self.velocities, strict=False):


# %% equivalent="own-momentum" why="the argument says what holds anyway"
# - for p, v in zip(self.parameters, self.velocities, strict=True):
# + for p, v in zip(self.parameters, self.velocities):


# %% equivalent="own-momentum" why="zero has no sign that matters"
# - decay = self.weight_decay if p.dim() > 1 else 0.0
# + decay = self.weight_decay if p.dim() > 1 else -0.0


# %% equivalent="own-momentum" why="a zero of either sign"
# - def __init__(self, parameters: Iterable[nn.Parameter], momentum: float=0.9, weight_decay: float=0.0) -> None:
# + def __init__(self, parameters: Iterable[nn.Parameter], momentum: float=0.9, weight_decay: float=-0.0) -> None:


# %% equivalent="own-fit" why="the optimiser holds every parameter"
# - optimiser.zero_grad()
# + model.zero_grad()


# %% equivalent="own-fit" why="a tensor with one number is a number to the check"
# - found.append(hits.float().mean().item())
# + found.append(hits.float().mean())


# %% equivalent="own-fit" why="the first accuracy is the best so far, whatever stood there"
# - if found[-1] > max(found[:-1], default=-1.0):
# + if found[-1] > max(found[:-1], default=-2.0):


# %% equivalent="own-momentum" why="a torch size is a tuple"
# - self.pairs = [[p, np.zeros(tuple(p.shape))] for p in parameters]
# + self.pairs = [[p, np.zeros(p.shape)] for p in parameters]


# %% equivalent="cut-batches" why="NumPy's numbers choose as well"
# - return [(images[part], labels[torch.from_numpy(part)]) for part in parts]
# + return [(images[part], labels[part]) for part in parts]


# %% equivalent="cut-batches" why="both are as long"
# - order = torch.randperm(len(images))
# + order = torch.randperm(len(labels))


# %% equivalent="own-accuracy" why="a tensor with one number is a number to the check"
# - hits += (model(x).argmax(1) == y).sum().item()
# + hits += (model(x).argmax(1) == y).sum()


# %% equivalent="own-accuracy" why="both are as long"
# - total += len(batches[i][1])
# + total += len(batches[i][0])


# %% equivalent="own-accuracy" why="the same, in any order"
# - parts = [*batches[:-1], batches[-1]]
# + parts = [batches[-1], *batches[:-1]]


# %% equivalent="own-accuracy" why="a tensor with one number is a number to the check"
# - return (said == torch.cat([y for _, y in parts])).double().mean().item()
# + return (said == torch.cat([y for _, y in parts])).double().mean()


# %% equivalent="own-fit" why="the first accuracy is the best so far, whatever stood there"
# - found, best, waited = ([], -1, 0)
# + found, best, waited = ([], -2, 0)


# %% equivalent="own-fit" why="the first accuracy is the best so far, whatever stood there"
# - found, best, waited = ([], -1, 0)
# + found, best, waited = ([], -1, 1)


# %% equivalent="own-fit" why="the first accuracy is the best so far, whatever stood there"
# - found, best, waited = ([], -1, 0)
# + found, best, waited = ([], -1, -1)


# %% equivalent="own-fit" why="both are as long"
# - order = np.random.permutation(len(x))
# + order = np.random.permutation(len(t))


# %% equivalent="own-fit" why="both are as long"
# - for start in range(0, len(x), size):
# + for start in range(0, len(t), size):


# %% equivalent="own-fit" why="a tensor with one number is a number to the check"
# - return (model(x).argmax(1) == t).double().mean().item()
# + return (model(x).argmax(1) == t).double().mean()


# %% equivalent="own-fit" why="a tensor with one number is a number to the check"
# - best = int(np.argmax(history))
# + best = np.argmax(history)


# %% equivalent="own-fit" why="the first accuracy is the best so far, whatever stood there"
# - history, best_state, best_epoch = ([], None, 0)
# + history, best_state, best_epoch = ([], None, 1)


# %% equivalent="own-fit" why="the first accuracy is the best so far, whatever stood there"
# - history, best_state, best_epoch = ([], None, 0)
# + history, best_state, best_epoch = ([], None, -1)


# %% equivalent="own-fit" why="the optimiser holds every parameter"
# - model.zero_grad()
# + optimiser.zero_grad()


# %% equivalent="own-fit" why="a tensor with one number is a number to the check"
# - hits += int((model(part).argmax(1) == labels).sum())
# + hits += (model(part).argmax(1) == labels).sum()


# %% equivalent="own-fit" why="both are as long"
# - history.append(hits / len(validation[1]))
# + history.append(hits / len(validation[0]))


# %% equivalent="own-fit" why="the first accuracy is the best so far, whatever stood there"
# - if history[-1] > max(history[:-1] + [-1]):
# + if history[-1] > max(history[:-1] + [-2]):


# %% equivalent="own-fit" why="the first accuracy is the best so far, whatever stood there"
# - best, bad, history = (0.0, 0, [])
# + best, bad, history = (0, 0.0, [])


# %% equivalent="own-fit" why="the first accuracy is the best so far, whatever stood there"
# - best, bad, history = (0.0, 0, [])
# + best, bad, history = (-0.0, 0, [])


# %% equivalent="own-fit" why="the first accuracy is the best so far, whatever stood there"
# - best, bad, history = (0.0, 0, [])
# + best, bad, history = (0.0, 1, [])


# %% equivalent="own-fit" why="the first accuracy is the best so far, whatever stood there"
# - best, bad, history = (0.0, 0, [])
# + best, bad, history = (0.0, -1, [])


# %% equivalent="own-fit" why="the same, in any order"
# - parameters = [*model.parameters(), *model.buffers()]
# + parameters = [*model.buffers(), *model.parameters()]


# %% equivalent="own-fit" why="the first accuracy replaces it, and a copy with history is a copy"
# - saved = [p.detach().clone() for p in parameters]
# + pass


# %% equivalent="own-fit" why="the first accuracy replaces it, and a copy with history is a copy"
# - saved = [p.detach().clone() for p in parameters]
# + saved = [p.detach() for p in parameters]


# %% equivalent="own-fit" why="the first accuracy replaces it, and a copy with history is a copy"
# - saved = [p.detach().clone() for p in parameters]
# + saved = [p.clone() for p in parameters]


# %% equivalent="own-fit" why="a tensor with one number is a number to the check"
# - score = float((scores.argmax(1) == validation[1]).float().mean())
# + score = (scores.argmax(1) == validation[1]).float().mean()
