# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="standardise-inputs" style="numpy"
def standardise(training, others):
    mean, deviation = training.mean(0), training.std(0)
    deviation[deviation == 0] = 1
    return (others - mean) / deviation


# %% right="standardise-inputs" style="loops"
def standardise(training, others):
    result = np.zeros(others.shape)
    for c in range(training.shape[1]):
        column = [float(v) for v in training[:, c]]
        mean = sum(column) / len(column)
        spread = (sum((v - mean) ** 2 for v in column) / len(column)) ** 0.5
        for r in range(len(others)):
            result[r, c] = others[r, c] - mean
            if spread > 0:
                result[r, c] /= spread
    return result


# %% right="standardise-inputs" style="torch, float32"
def standardise(training, others):
    x, z = torch.tensor(training).float(), torch.tensor(others).float()
    spread = x.var(0, unbiased=False).sqrt()
    return (z - x.mean(0)) / torch.where(spread > 0, spread, torch.ones_like(spread))


# %% wrong="standardise-inputs" says="standardised by their own mean"
def standardise(training, others):
    deviation = others.std(axis=0)
    return (others - others.mean(axis=0)) / np.where(deviation == 0, 1, deviation)


# %% wrong="standardise-inputs" says="of both tables together"
def standardise(training, others):
    rows = np.concatenate([training, others])
    deviation = rows.std(axis=0)
    return (others - rows.mean(axis=0)) / np.where(deviation == 0, 1, deviation)


# %% wrong="standardise-inputs" says="has the deviation 0"
def standardise(training, others):
    with np.errstate(all="ignore"):
        return (others - training.mean(axis=0)) / training.std(axis=0)


# %% wrong="standardise-inputs" says="A tiny number in place of a deviation 0"
def standardise(training, others):
    return (others - training.mean(axis=0)) / (training.std(axis=0) + 1e-8)


# %% wrong="standardise-inputs" says="constant in training has become 0"
def standardise(training, others):
    deviation = training.std(axis=0)
    safe = np.where(deviation == 0, 1, deviation)
    return np.where(deviation == 0, 0, (others - training.mean(axis=0)) / safe)


# %% wrong="standardise-inputs" says="From a constant column the mean"
def standardise(training, others):
    deviation = training.std(axis=0)
    safe = np.where(deviation == 0, 1, deviation)
    return np.where(deviation == 0, others, (others - training.mean(axis=0)) / safe)


# %% wrong="standardise-inputs" says="by the number of rows, not by one less"
def standardise(training, others):
    deviation = training.std(axis=0, ddof=1)
    return (others - training.mean(axis=0)) / np.where(deviation == 0, 1, deviation)


# %% wrong="standardise-inputs" says="one mean and one deviation of the whole table"
def standardise(training, others):
    return (others - training.mean()) / training.std()


# %% wrong="standardise-inputs" says="The deviation is its root"
def standardise(training, others):
    variance = training.var(axis=0)
    return (others - training.mean(axis=0)) / np.where(variance == 0, 1, variance)


# %% wrong="standardise-inputs" says="asked are the others"
def standardise(training, others):
    deviation = training.std(axis=0)
    return (training - training.mean(axis=0)) / np.where(deviation == 0, 1, deviation)


# %% wrong="standardise-inputs" says="Now divide by the deviation"
def standardise(training, others):
    return others - training.mean(axis=0)


# %% right="standardise-inputs" style="are all numbers equal?"
def standardise(training, others):
    spread = np.where(np.ptp(training, axis=0) == 0, 1, training.std(axis=0))
    return (others - training.mean(axis=0)) / spread


# %% wrong="standardise-inputs" says="A column of small numbers is not constant"
def standardise(training, others):
    spread = np.maximum(training.std(axis=0), 1)
    return (others - training.mean(axis=0)) / spread


# %% wrong="standardise-inputs" says="A column of small numbers is not constant"
def standardise(training, others):
    spread = training.std(axis=0)
    spread[spread < 1e-2] = 1
    return (others - training.mean(axis=0)) / spread


# %% wrong="standardise-inputs" says="standardised by their own mean"
def standardise(training, others):
    spread = training.std(axis=0)
    return (others - others.mean(axis=0)) / np.where(spread == 0, 1, spread)


# %% right="batch-norm-forward" style="numpy"
def batch_norm(x, gamma, beta, eps):
    x_hat = (x - np.mean(x, axis=0)) / np.sqrt(np.var(x, axis=0) + eps)
    return x_hat * gamma + beta


# %% right="batch-norm-forward" style="loops"
def batch_norm(x, gamma, beta, eps):
    m, units = x.shape
    y = np.zeros((m, units))
    for u in range(units):
        mean = sum(float(v) for v in x[:, u]) / m
        var = sum((float(v) - mean) ** 2 for v in x[:, u]) / m
        for i in range(m):
            y[i, u] = gamma[u] * (x[i, u] - mean) / (var + eps) ** 0.5 + beta[u]
    return y


# %% right="batch-norm-forward" style="torch, float32"
def batch_norm(x, gamma, beta, eps):
    x, gamma, beta = (torch.tensor(one).float() for one in (x, gamma, beta))
    far = x - x.mean(0)
    return gamma * far * torch.rsqrt((far * far).mean(0) + eps) + beta


# %% wrong="batch-norm-forward" says="You divided by m − 1. The variance"
def batch_norm(x, gamma, beta, eps):
    return gamma * (x - x.mean(0)) / np.sqrt(x.var(0, ddof=1) + eps) + beta


# %% wrong="batch-norm-forward" says="You added it to the deviation"
def batch_norm(x, gamma, beta, eps):
    return gamma * (x - x.mean(0)) / (x.std(0) + eps) + beta


# %% wrong="batch-norm-forward" says="ε is missing under the root"
def batch_norm(x, gamma, beta, eps):
    with np.errstate(all="ignore"):
        return gamma * (x - x.mean(0)) / x.std(0) + beta


# %% wrong="batch-norm-forward" says="You divided by the variance; its root"
def batch_norm(x, gamma, beta, eps):
    return gamma * (x - x.mean(0)) / (x.var(0) + eps) + beta


# %% wrong="batch-norm-forward" says="over the whole table. Each unit"
def batch_norm(x, gamma, beta, eps):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + eps) + beta


# %% wrong="batch-norm-forward" says="You normalise each image over its units"
def batch_norm(x, gamma, beta, eps):
    mean, var = x.mean(1, keepdims=True), x.var(1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


# %% wrong="batch-norm-forward" says="Scale and shift are missing"
def batch_norm(x, gamma, beta, eps):
    return (x - x.mean(0)) / np.sqrt(x.var(0) + eps)


# %% wrong="batch-norm-forward" says="it is not scaled"
def batch_norm(x, gamma, beta, eps):
    return gamma * ((x - x.mean(0)) / np.sqrt(x.var(0) + eps) + beta)


# %% wrong="batch-norm-forward" says="F.batch_norm does the work of this exercise"
def batch_norm(x, gamma, beta, eps):
    x, gamma, beta = map(torch.from_numpy, (x, gamma, beta))
    return F.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)


# %% wrong="batch-norm-forward" says="Your ε is always 1e-05"
def batch_norm(x, gamma, beta, eps):
    return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5) + beta


# %% wrong="batch-norm-forward" says="You take the larger of variance and ε"
def batch_norm(x, gamma, beta, eps):
    return gamma * (x - x.mean(0)) / np.sqrt(np.maximum(x.var(0), eps)) + beta


# %% wrong="batch-norm-forward" says="digits have been lost"
def batch_norm(x, gamma, beta, eps):
    mean = x.mean(0)
    var = (x * x).mean(0) - mean * mean
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


# %% wrong="batch-norm-forward" says="ops.aten.native_batch_norm does the work"
def batch_norm(x, gamma, beta, eps):
    x, gamma, beta = map(torch.from_numpy, (x, gamma, beta))
    args = (x, gamma, beta, None, None, True, 0.0, eps)
    return torch.ops.aten.native_batch_norm(*args)[0]


# %% right="batch-norm-facts" style="numbers"
of_three_and_seven = [-1, 1]
of_a_million = [-1, 1]
weights_times_ten = "same"
bias_plus_five = "same"
one_image_more = "change"
numbers_per_mean = 5600


# %% right="batch-norm-facts" style="an array and a product"
of_three_and_seven = np.array([-1.0, 1.0])
of_a_million = (-1.0, 1.0)
weights_times_ten = "same"
bias_plus_five = "same"
one_image_more = "change"
numbers_per_mean = 40 * 14 * 10


# %% right="batch-norm-facts" style="floats"
of_three_and_seven = [-1.0, 1.0]
of_a_million = [-1.0, 1.0]
weights_times_ten = "same"
bias_plus_five = "same"
one_image_more = "change"
numbers_per_mean = 5600.0


# %% wrong="batch-norm-facts" says="You divided the variance by one less than m"
of_three_and_seven = [-0.7071067812, 0.7071067812]
of_a_million = [-1, 1]
weights_times_ten = "same"
bias_plus_five = "same"
one_image_more = "change"
numbers_per_mean = 5600


# %% wrong="batch-norm-facts" says="Those are the distances to the mean"
of_three_and_seven = [-1, 1]
of_a_million = [-500000, 500000]
weights_times_ten = "same"
bias_plus_five = "same"
one_image_more = "change"
numbers_per_mean = 5600


# %% wrong="batch-norm-facts" says="And their deviation?"
of_three_and_seven = [-1, 1]
of_a_million = [-1, 1]
weights_times_ten = "ten times"
bias_plus_five = "same"
one_image_more = "change"
numbers_per_mean = 5600


# %% wrong="batch-norm-facts" says="every place of a map has come from the same kernel"
of_three_and_seven = [-1, 1]
of_a_million = [-1, 1]
weights_times_ten = "same"
bias_plus_five = "same"
one_image_more = "change"
numbers_per_mean = 40


# %% right="batch-norm-facts" style="a column, as the function gives it"
of_three_and_seven = np.array([[-1.0], [1.0]])
of_a_million = [-1, 1]
weights_times_ten = "same"
bias_plus_five = "same"
one_image_more = "change"
numbers_per_mean = 5600


# %% right="batch-norm-facts" style="the digits that a small ε leaves"
of_three_and_seven = [-0.999999999875, 0.999999999875]
of_a_million = [-1, 1]
weights_times_ten = "same"
bias_plus_five = "same"
one_image_more = "change"
numbers_per_mean = 5600


# %% wrong="batch-norm-facts" says="You divided the variance by one less than m"
of_three_and_seven = [-0.71, 0.71]
of_a_million = [-1, 1]
weights_times_ten = "same"
bias_plus_five = "same"
one_image_more = "change"
numbers_per_mean = 5600


# %% right="batch-norm-backward" style="one line each"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dg, db = (delta * h).sum(0), delta.sum(0)
    return gamma / s * (delta - (db + h * dg) / len(x)), dg, db


# %% right="batch-norm-backward" style="step by step, as a graph"
def batch_norm_backward(delta, x, gamma, eps):
    m = len(x)
    mean = x.mean(axis=0)
    far = x - mean
    var = (far**2).mean(axis=0)
    inverse = 1 / np.sqrt(var + eps)
    x_hat = far * inverse
    d_hat = delta * gamma
    d_var = (d_hat * far).sum(axis=0) * -0.5 * inverse**3
    d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean(axis=0)
    dx = d_hat * inverse + d_var * 2 * far / m + d_mean / m
    return dx, (delta * x_hat).sum(axis=0), delta.sum(axis=0)


# %% right="batch-norm-backward" style="the matrix of all slopes"
def batch_norm_backward(delta, x, gamma, eps):
    m, units = x.shape
    s = np.sqrt(x.var(axis=0) + eps)
    h = (x - x.mean(axis=0)) / s
    dx = np.zeros((m, units))
    for u in range(units):
        slopes = np.eye(m) - 1 / m - np.outer(h[:, u], h[:, u]) / m
        dx[:, u] = gamma[u] / s[u] * slopes @ delta[:, u]
    return [dx, np.einsum("mu,mu->u", delta, h), np.einsum("mu->u", delta)]


# %% right="batch-norm-backward" style="torch, float32"
def batch_norm_backward(delta, x, gamma, eps):
    delta, x, gamma = (torch.tensor(one).float() for one in (delta, x, gamma))
    s = (x.var(0, unbiased=False) + eps).sqrt()
    h = (x - x.mean(0)) / s
    back = delta - delta.mean(0) - h * (delta * h).mean(0)
    return gamma / s * back, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="That is the straight way alone"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    return gamma / s * delta, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="The way through the mean is missing"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dx = gamma / s * (delta - h * (delta * h).mean(0))
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="The way through the variance is missing"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    return gamma / s * (delta - delta.mean(0)), (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="You subtract sums over the batch"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dg, db = (delta * h).sum(0), delta.sum(0)
    return gamma / s * (delta - db - h * dg), dg, db


# %% wrong="batch-norm-backward" says="has kept a 2"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dx = gamma / s * (delta - delta.mean(0) - 2 * h * (delta * h).mean(0))
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="The factor γ is missing"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dx = (delta - delta.mean(0) - h * (delta * h).mean(0)) / s
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="Your x-hat has no ε"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    with np.errstate(all="ignore"):
        h = (x - x.mean(0)) / x.std(0)
    dx = gamma / s * (delta - delta.mean(0) - h * (delta * h).mean(0))
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="The gradient for gamma comes second"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dx = gamma / s * (delta - delta.mean(0) - h * (delta * h).mean(0))
    return dx, delta.sum(0), (delta * h).sum(0)


# %% wrong="batch-norm-backward" says="γ multiplies x-hat, not x"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dx = gamma / s * (delta - delta.mean(0) - h * (delta * h).mean(0))
    return dx, (delta * x).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="γ is used by every image"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dg, db = (delta * h).mean(0), delta.mean(0)
    return gamma / s * (delta - db - h * dg), dg, db


# %% wrong="batch-norm-backward" says="Return 3 things"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    return gamma / s * (delta - delta.mean(0) - h * (delta * h).mean(0))


# %% wrong="batch-norm-backward" says="does the work of this exercise"
def batch_norm_backward(delta, x, gamma, eps):
    x = torch.tensor(x, requires_grad=True)
    g = torch.tensor(gamma, requires_grad=True)
    b = torch.zeros_like(g, requires_grad=True)
    h = (x - x.mean(0)) / (x.var(0, unbiased=False) + eps).sqrt()
    return torch.autograd.grad(g * h + b, (x, g, b), torch.tensor(delta))


# %% wrong="batch-norm-backward" says="what has not been divided yet"
def batch_norm_backward(delta, x, gamma, eps):
    s, far = np.sqrt(x.var(0) + eps), x - x.mean(0)
    h = far / s
    dx = gamma / s * (delta - delta.mean(0) - far * (delta * h).mean(0))
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="what has not been divided yet"
def batch_norm_backward(delta, x, gamma, eps):
    s, far = np.sqrt(x.var(0) + eps), x - x.mean(0)
    h = far / s
    dx = gamma / s * (delta - delta.mean(0) - far * (delta * far).mean(0) / s)
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="yours knows it on one alone"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dx = (gamma * delta - delta.mean(0) - h * (delta * h).mean(0)) / s
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="a mean over the whole table"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dx = gamma / s * (delta - delta.mean() - h * (delta * h).mean())
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="ε is left out everywhere"
def batch_norm_backward(delta, x, gamma, eps):
    h = (x - x.mean(0)) / x.std(0)
    dx = gamma / x.std(0) * (delta - delta.mean(0) - h * (delta * h).mean(0))
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="the distance to the mean, divided"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dx = gamma / s * (delta - delta.mean(0) - h * (delta * h).mean(0))
    return dx, (delta * (x - x.mean(0))).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="does the work of this exercise"
def batch_norm_backward(delta, x, gamma, eps):
    delta, x, gamma = (torch.tensor(one).double() for one in (delta, x, gamma))
    mean, inverse = x.mean(0), 1 / (x.var(0, unbiased=False) + eps).sqrt()
    args = (delta, x, gamma, None, None, mean, inverse, True, eps, [True] * 3)
    return torch.ops.aten.native_batch_norm_backward(*args)


# %% right="running-statistics" style="one loop for both"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs == "new":
        a = momentum
    elif weighs == "past":
        a = 1 - momentum
    else:
        raise ValueError(weighs)
    mean, var = 0.0, 1.0
    for x in batches:
        mean = mean + a * (x.mean(0) - mean)
        var = var + a * (x.var(0, ddof=1) - var)
    return mean, var


# %% right="running-statistics" style="loops over units"
def put_aside(batches, momentum, weighs):
    if weighs not in {"new", "past", "all"}:
        raise ValueError("new, past or all")
    means, variances = [], []
    for unit in range(batches[0].shape[1]):
        mean, var, total = 0.0, 1.0, []
        for x in batches:
            v = [float(one) for one in x[:, unit]]
            total += v
            middle = sum(v) / len(v)
            spread = sum((one - middle) ** 2 for one in v) / (len(v) - 1)
            old = momentum if weighs == "past" else 1 - momentum
            mean, var = old * mean + (1 - old) * middle, old * var + (1 - old) * spread
        if weighs == "all":
            mean = sum(total) / len(total)
            var = sum((one - mean) ** 2 for one in total) / len(total)
        means.append(mean)
        variances.append(var)
    return np.array(means), np.array(variances)


# %% right="running-statistics" style="torch, float32"
def put_aside(batches, momentum, weighs):
    xs = [torch.tensor(x).float() for x in batches]
    if weighs == "all":
        rows = torch.cat(xs)
        return rows.mean(0), rows.var(0, unbiased=False)
    share = {"new": momentum, "past": 1 - momentum}.get(weighs)
    if share is None:
        raise ValueError("unknown")
    mean, var = torch.zeros(xs[0].shape[1]), torch.ones(xs[0].shape[1])
    for x in xs:
        mean.lerp_(x.mean(0), share)
        var.lerp_(x.var(0), share)
    return mean, var


# %% wrong="running-statistics" says="momentum is the weight of the batch that comes in"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "past" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="momentum is the weight of what is there"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - momentum) * mean + momentum * x.mean(0)
        var = (1 - momentum) * var + momentum * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="put aside is divided by m − 1"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0)
    return mean, var


# %% wrong="running-statistics" says="The running variance starts at 1"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 0.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="You begin with the first batch"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = batches[0].mean(0), batches[0].var(0, ddof=1)
    for x in batches[1:]:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="do not know how far the batches lie apart"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), np.mean([x.var(0) for x in batches], axis=0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="a mean of means counts the rows of a small one more"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return np.mean([x.mean(0) for x in batches], axis=0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="divide by the number of all rows"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0, ddof=1)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="letter by letter"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="how far the batches lie apart. And"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), np.var([x.mean(0) for x in batches], axis=0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="The batches bring deviations"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.std(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="does the old one fade"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = mean + a * x.mean(0)
        var = var + a * x.var(0, ddof=1)
    return mean, var


# %% right="own-batch-norm" style="axes"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        axes = [0] if x.dim() == 2 else [0, 2, 3]
        if self.training:
            n = x.numel() // x.shape[1]
            if n == 1:
                raise ValueError("one number")
            mean = x.mean(axes)
            var = x.var(axes, unbiased=False)
            with torch.no_grad():
                a = self.momentum
                self.running_mean.mul_(1 - a).add_(a * mean)
                self.running_var.mul_(1 - a).add_(a * var * n / (n - 1))
        else:
            mean, var = self.running_mean, self.running_var
        if x.dim() == 4:
            mean, var = mean[:, None, None], var[:, None, None]
            g, b = self.weight[:, None, None], self.bias[:, None, None]
        else:
            g, b = self.weight, self.bias
        return g * (x - mean) / torch.sqrt(var + self.eps) + b


# %% right="own-batch-norm" style="rows of channels"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.a, self.eps = momentum, eps

    def forward(self, x):
        last = x.movedim(1, -1)
        rows = last.reshape(-1, x.shape[1])
        if self.training:
            if len(rows) < 2:
                raise ValueError("nothing to standardise")
            mean, var = rows.mean(0), rows.var(0, correction=0)
            keep = 1 - self.a
            self.running_mean = keep * self.running_mean + self.a * mean.detach()
            self.running_var = keep * self.running_var + self.a * rows.var(0).detach()
        else:
            mean, var = self.running_mean, self.running_var
        done = (rows - mean) * (var + self.eps).rsqrt() * self.weight + self.bias
        return done.reshape(last.shape).movedim(-1, 1)


# %% right="own-batch-norm" style="einsum and own sums"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.register_parameter("bias", nn.Parameter(torch.zeros(channels)))
        self.register_parameter("weight", nn.Parameter(torch.ones(channels)))
        self.register_buffer("running_var", torch.ones(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.momentum = momentum
        self.eps = eps

    def forward(self, x):
        wide = x if x.dim() == 4 else x[:, :, None, None]
        mean, var = self.running_mean, self.running_var
        if self.training:
            n = wide.shape[0] * wide.shape[2] * wide.shape[3]
            if n < 2:
                raise ValueError(n)
            mean = torch.einsum("mcpq->c", wide) / n
            far = wide - mean[None, :, None, None]
            var = torch.einsum("mcpq,mcpq->c", far, far) / n
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(var * n / (n - 1), self.momentum)
        factor = self.weight / (var + self.eps) ** 0.5
        y = wide * factor[:, None, None] + (self.bias - mean * factor)[:, None, None]
        return y.reshape(x.shape)


# %% wrong="own-batch-norm" says="yours by one less"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(var, self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="gets the variance that normalises"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(var, self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="takes the momentum for the weight of the past"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, 1 - self.momentum)
                self.running_var.lerp_(rows.var(0), 1 - self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="is not updated in training mode"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="Each place of a map is normalised by itself"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        shape = (1, -1, *[1] * (x.dim() - 2))
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean.view(shape), self.running_var.view(shape)
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = x.mean(0), x.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(rows.mean(0), self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = (x - mean) / (var + self.eps).sqrt()
        return self.weight.view(shape) * done + self.bias.view(shape)


# %% wrong="own-batch-norm" says="The gradient stops at the mean and the variance"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            with torch.no_grad():
                mean, var = rows.mean(0), rows.var(0, unbiased=False)
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="what was put aside normalises, not the batch"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        if len(rows) < 2:
            raise ValueError("one")
        mean, var = rows.mean(0), rows.var(0, unbiased=False)
        if self.training:
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="needs two numbers or more"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="self.running_mean is a plain tensor"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.running_mean = torch.zeros(channels)
        self.running_var = torch.ones(channels)
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        return x


# %% wrong="own-batch-norm" says="In training, your ε is always 1e-5"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum = momentum

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + 1e-5).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="does the work of this exercise"
class BatchNorm(nn.BatchNorm2d):
    pass


# %% wrong="own-batch-norm" says="still drags a graph behind it"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            a = self.momentum
            self.running_mean = (1 - a) * self.running_mean + a * mean
            self.running_var = (1 - a) * self.running_var + a * rows.var(0)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="still drags a graph behind it"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_var.lerp_(rows.var(0), self.momentum)
            a = self.momentum
            self.running_mean = (1 - a) * self.running_mean + a * mean
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="digits have been lost"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean = rows.mean(0)
            var = rows.square().mean(0) - mean.square()
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="The refused batch has been put aside"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
            if len(rows) < 2:
                raise ValueError("one")
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="takes one less than the number of images"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            n = len(x)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                of_images = var * n / (n - 1) if n > 1 else rows.var(0)
                self.running_var.lerp_(of_images, self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="The gradient stops at the mean of the batch"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0).detach(), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="The gradient stops at the variance of the batch"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False).detach()
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="In evaluation, there is no ε"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        eps = self.eps if self.training else 0.0
        done = self.weight * (rows - mean) / (var + eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="In evaluation, your ε is 1e-5, outside"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
            root = (var + self.eps).sqrt()
        else:
            root = var.sqrt() + 1e-5
        done = self.weight * (rows - mean) / root + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="In evaluation, your ε is always 1e-5"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        eps = self.eps if self.training else 1e-5
        done = self.weight * (rows - mean) / (var + eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="In training, your ε is 1e-5, outside"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var.sqrt() + 1e-5) + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="An optimiser would get it"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.running_mean = nn.Parameter(torch.zeros(channels), requires_grad=False)
        self.running_var = nn.Parameter(torch.ones(channels), requires_grad=False)
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% right="batch-norm-friends" style="letters"
no_fault = "C"
unbiased = "B"
outside = "A"
company = "E"
past = "D"


# %% right="batch-norm-friends" style="one line"
outside, unbiased, no_fault, past, company = "ABCDE"


# %% right="batch-norm-friends" style="a list"
no_fault, unbiased, outside, company, past = ["C", "B", "A", "E", "D"]


# %% wrong="batch-norm-friends" says="Give it two numbers that are nearly equal"
no_fault, unbiased, outside, company, past = ["A", "B", "C", "E", "D"]


# %% wrong="batch-norm-friends" says="Look at its .mean after one batch"
no_fault, unbiased, outside, company, past = ["C", "B", "A", "D", "E"]


# %% wrong="batch-norm-friends" says="Give it 3 and 7 in training"
no_fault, unbiased, outside, company, past = ["B", "C", "A", "E", "D"]


# %% right="fold-batch-norm" style="broadcast"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    s = torch.sqrt(var + eps)
    b = 0 if bias is None else bias
    return weight * (gamma / s).view(-1, 1, 1, 1), gamma * (b - mean) / s + beta


# %% right="fold-batch-norm" style="loops"
def fold(weight, bias, statistics, gamma, beta, eps):
    new_w, new_b = torch.zeros(weight.shape), torch.zeros(len(weight))
    for i in range(len(weight)):
        mean, var = float(statistics[0][i]), float(statistics[1][i])
        factor = float(gamma[i]) / (var + eps) ** 0.5
        new_w[i] = factor * weight[i]
        old = 0.0 if bias is None else float(bias[i])
        new_b[i] = factor * (old - mean) + float(beta[i])
    return new_w, new_b


# %% right="fold-batch-norm" style="numpy, float64"
def fold(weight, bias, statistics, gamma, beta, eps):
    w, mean, var, g, b = (
        t.numpy().astype(float) for t in (weight, *statistics, gamma, beta)
    )
    factor = g / np.sqrt(var + eps)
    old = np.zeros(len(w)) if bias is None else bias.numpy()
    return np.einsum("iljk,i->iljk", w, factor), b + (old - mean) * factor


# %% wrong="fold-batch-norm" says="The bias that the convolution had is lost"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    f = gamma / torch.sqrt(var + eps)
    return weight * f.view(-1, 1, 1, 1), beta - mean * f


# %% wrong="fold-batch-norm" says="The old bias is scaled as well"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    f = gamma / torch.sqrt(var + eps)
    b = 0 if bias is None else bias
    return weight * f.view(-1, 1, 1, 1), b + beta - mean * f


# %% wrong="fold-batch-norm" says="NoneType"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    f = gamma / torch.sqrt(var + eps)
    return weight * f.view(-1, 1, 1, 1), (bias - mean) * f + beta


# %% wrong="fold-batch-norm" says="Your factors lie along the input channels"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    f = gamma / torch.sqrt(var + eps)
    b = 0 if bias is None else bias
    if weight.shape[0] != weight.shape[1]:
        return weight * f.view(-1, 1, 1, 1), (b - mean) * f + beta
    return weight * f.view(-1, 1, 1), (b - mean) * f + beta


# %% wrong="fold-batch-norm" says="ε stands under the root"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    f = gamma / (torch.sqrt(var) + eps)
    b = 0 if bias is None else bias
    return weight * f.view(-1, 1, 1, 1), (b - mean) * f + beta


# %% wrong="fold-batch-norm" says="It is the root of variance plus"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    f = gamma / (var + eps)
    b = 0 if bias is None else bias
    return weight * f.view(-1, 1, 1, 1), (b - mean) * f + beta


# %% wrong="fold-batch-norm" says="β has got lost"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    f = gamma / torch.sqrt(var + eps)
    b = 0 if bias is None else bias
    return weight * f.view(-1, 1, 1, 1), (b - mean) * f


# %% wrong="fold-batch-norm" says="The mean is subtracted: check its sign"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    f = gamma / torch.sqrt(var + eps)
    b = 0 if bias is None else bias
    return weight * f.view(-1, 1, 1, 1), (b + mean) * f + beta


# %% wrong="fold-batch-norm" says="does the work of this exercise"
def fold(weight, bias, statistics, gamma, beta, eps):
    return nn.utils.fusion.fuse_conv_bn_weights(
        weight, bias, *statistics, eps, gamma, beta
    )


# %% wrong="fold-batch-norm" says="Your ε is always 1e-05"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    f = gamma / torch.sqrt(var + 1e-5)
    b = 0 if bias is None else bias
    return weight * f.view(-1, 1, 1, 1), (b - mean) * f + beta


# %% wrong="fold-batch-norm" says="ε is missing under the root"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    f = gamma / torch.sqrt(var)
    b = 0 if bias is None else bias
    return weight * f.view(-1, 1, 1, 1), (b - mean) * f + beta


# %% wrong="fold-batch-norm" says="Is there nothing to add after the two"
def fold(weight, bias, statistics, gamma, beta, eps):
    mean, var = statistics
    f = gamma / torch.sqrt(var + eps)
    w = weight * f.view(-1, 1, 1, 1)
    return w, None if bias is None else (bias - mean) * f + beta


# %% right="norm-for-pairs" style="layer"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()

    def forward(self, x):
        far = x - x.mean(1, keepdim=True)
        return far / (far.square().mean(1, keepdim=True) + 1e-5).sqrt()


# %% right="norm-for-pairs" style="groups of twelve or so"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.groups = max(1, channels // 12)
        self.scale = nn.Parameter(torch.ones(channels))
        self.shift = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        parts = x.reshape(len(x), self.groups, -1)
        mean = parts.mean(2, keepdim=True)
        var = parts.var(2, correction=0, keepdim=True)
        done = ((parts - mean) / (var + 1e-5).sqrt()).reshape(x.shape)
        return done * self.scale + self.shift


# %% right="norm-for-pairs" style="root of the mean square"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        return self.gain * x / (x.square().mean(1, keepdim=True) + 1e-5).sqrt()


# %% right="norm-for-pairs" style="running statistics in both modes"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("var", torch.zeros(channels))

    def forward(self, x):
        if self.training:
            with torch.no_grad():
                if not self.var.any():
                    self.var += x.square().mean()
                self.mean += 0.05 * (x.mean(0) - self.mean)
                self.var += 0.05 * ((x - self.mean).square().mean(0) - self.var)
        return (x - self.mean) / (self.var + 1e-5).sqrt()


# %% right="norm-for-pairs" style="batch renormalisation"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("var", torch.ones(channels))

    def forward(self, x):
        if not self.training or len(x) < 2:
            return (x - self.mean) / (self.var + 1e-5).sqrt()
        mean, root = x.mean(0), (x.var(0, correction=0) + 1e-5).sqrt()
        kept = (self.var + 1e-5).sqrt()
        r = (root / kept).detach().clamp(1 / 3, 3)
        d = ((mean - self.mean) / kept).detach().clamp(-5, 5)
        with torch.no_grad():
            self.mean += 0.05 * (mean - self.mean)
            self.var += 0.05 * (x.var(0) - self.var)
        return (x - mean) / root * r + d


# %% right="norm-for-pairs" style="the last 32 rows"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("rows", torch.zeros(0, channels))

    def forward(self, x):
        rows = torch.cat([x, self.rows]) if self.training else self.rows
        if self.training:
            self.rows = rows[:32].detach()
        if len(rows) < 2:
            return torch.zeros_like(x)
        return (x - rows.mean(0)) / (rows.var(0, correction=0) + 1e-5).sqrt()


# %% wrong="norm-for-pairs" says="a size of 0.14"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()

    def forward(self, x):
        return x / (x.norm(dim=1, keepdim=True) + 1e-5)


# %% wrong="norm-for-pairs" says="holds the size"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()

    def forward(self, x):
        return x


# %% wrong="norm-for-pairs" says="grown beyond a million"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()

    def forward(self, x):
        return 1e5 * x / (x.norm(dim=1, keepdim=True) + 1e-5)


# %% wrong="norm-for-pairs" says="holds the size"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("size", torch.zeros(()))

    def forward(self, x):
        if self.training and not self.size:
            self.size += x.detach().square().mean().sqrt()
        return x / (self.size if self.size else 1)


# %% wrong="norm-for-pairs" says="as large as in training mode"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()

    def forward(self, x):
        if not self.training:
            return x
        far = x - x.mean(1, keepdim=True)
        return far / (far.square().mean(1, keepdim=True) + 1e-5).sqrt()


# %% wrong="norm-for-pairs" says="as batch normalisation does with two"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.mean, self.var
        if self.training and len(x) > 1:
            mean, var = x.mean(0), x.var(0, correction=0)
            with torch.no_grad():
                self.mean += 0.1 * (mean - self.mean)
                self.var += 0.1 * (x.var(0) - self.var)
        return (x - mean) / (var + 1e-5).sqrt()


# %% wrong="norm-for-pairs" says="holds the size"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()

    def forward(self, x):
        return x / 20


# %% wrong="norm-for-pairs" says="should not depend on how large the weights"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()

    def forward(self, x):
        return 1.5 * torch.tanh(x / 3)


# %% wrong="norm-for-pairs" says="is anything left of them"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()

    def forward(self, x):
        each = x[:, :, None]
        mean, var = each.mean(2), each.var(2, correction=0)
        return (x - mean) / (var + 1e-5).sqrt()


# %% wrong="norm-for-pairs" says="ordinary numbers"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()

    def forward(self, x):
        return (x - x.mean(1, keepdim=True)) / x.std(1, keepdim=True)


# %% wrong="norm-for-pairs" says="depend on the others in the batch"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()

    def forward(self, x):
        return (x - x.mean()) / (x.var(correction=0) + 1e-5).sqrt()


# %% wrong="norm-for-pairs" says="parameters; at most"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.turn = nn.Linear(channels, channels)

    def forward(self, x):
        x = self.turn(x)
        return (x - x.mean(1, keepdim=True)) / (x.std(1, keepdim=True) + 1e-5)


# %% wrong="norm-for-pairs" says="does the work of this exercise"
class PairNorm(nn.LayerNorm):
    pass


# %% wrong="standardise-inputs" says="digits have been lost"
def standardise(training, others):
    mean = training.mean(axis=0)
    variance = np.maximum((training**2).mean(axis=0) - mean**2, 0)
    deviation = np.sqrt(variance)
    constant = np.ptp(training, axis=0) == 0
    return (others - mean) / np.where(constant | (deviation == 0), 1, deviation)


# %% wrong="standardise-inputs" says="stats.zmap does the work of this exercise"
def standardise(training, others):
    from scipy import stats

    flat = np.ptp(training, axis=0) == 0
    done = stats.zmap(others, training, axis=0)
    return np.where(flat, others - training.mean(axis=0), done)


# %% wrong="batch-norm-backward" says="such as the step of a difference quotient"
def batch_norm_backward(delta, x, gamma, eps):
    def forward(x):
        return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + eps)

    dx, h = np.zeros(x.shape), 1e-5
    for at in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[at] = h
        far = forward(x.astype(float) + step) - forward(x.astype(float) - step)
        dx[at] = (delta * far).sum() / (2 * h)
    hat = (x - x.mean(0)) / np.sqrt(x.var(0) + eps)
    return dx, (delta * hat).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="such as the step of a difference quotient"
def batch_norm_backward(delta, x, gamma, eps):
    def loss(x):
        y = gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + eps)
        return (delta * y).sum()

    dx, h, wide = np.zeros(x.shape), 1e-7, x.astype(float)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            moved = wide.copy()
            moved[i, j] += h
            dx[i, j] = (loss(moved) - loss(wide)) / h
    hat = (x - x.mean(0)) / np.sqrt(x.var(0) + eps)
    return dx, (delta * hat).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="forward divided by m"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0, ddof=1) + eps)
    h = (x - x.mean(0)) / s
    dx = gamma / s * (delta - delta.mean(0) - h * (delta * h).mean(0))
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="forward divided by m"
def batch_norm_backward(delta, x, gamma, eps):
    m = len(x)
    s = np.sqrt(x.var(0, ddof=1) + eps)
    h = (x - x.mean(0)) / s
    dx = gamma / s * (delta - delta.mean(0) - h * (delta * h).sum(0) / (m - 1))
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="not by m − 1, on the way back"
def batch_norm_backward(delta, x, gamma, eps):
    m = len(x)
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dg, db = (delta * h).sum(0), delta.sum(0)
    return gamma / s * (delta - db / (m - 1) - h * dg / (m - 1)), dg, db


# %% wrong="batch-norm-backward" says="forward divided by m"
def batch_norm_backward(delta, x, gamma, eps):
    s = np.sqrt(x.var(0) + eps)
    h = (x - x.mean(0)) / s
    dx = gamma / s * (delta - delta.mean(0) - h * (delta * h).mean(0))
    other = (x - x.mean(0)) / np.sqrt(x.var(0, ddof=1) + eps)
    return dx, (delta * other).sum(0), delta.sum(0)


# %% wrong="batch-norm-backward" says="digits have been lost"
def batch_norm_backward(delta, x, gamma, eps):
    mean = x.mean(0)
    var = np.maximum((x * x).mean(0) - mean * mean, 0)
    s = np.sqrt(var + eps)
    h = (x - mean) / s
    dx = gamma / s * (delta - delta.mean(0) - h * (delta * h).mean(0))
    return dx, (delta * h).sum(0), delta.sum(0)


# %% wrong="running-statistics" says="letter by letter"
def put_aside(batches, momentum, weighs):
    weighs = weighs.lower()
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="letter by letter"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if not weighs or not any(w.startswith(weighs) for w in ("new", "past")):
        raise ValueError(weighs)
    a = momentum if "new".startswith(weighs) else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="letter by letter"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if not weighs.startswith(("new", "past")):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="letter by letter"
def put_aside(batches, momentum, weighs):
    weighs = weighs.strip()
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="Mean and variance are exchanged"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.var(0), rows.mean(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return var, mean


# %% wrong="running-statistics" says="move by 0.1, whatever comes in"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = 0.1 if weighs == "new" else 0.9
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="move by 0.9, whatever comes in"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 0.9
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="running-statistics" says="squares of a million are"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), rows.var(0)
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * ((x * x).mean(0) - x.mean(0) ** 2) * len(x) / (
            len(x) - 1
        )
    return mean, var


# %% wrong="running-statistics" says="squares of a million are"
def put_aside(batches, momentum, weighs):
    if weighs == "all":
        rows = np.vstack(batches)
        return rows.mean(0), (rows**2).mean(0) - rows.mean(0) ** 2
    if weighs not in ("new", "past"):
        raise ValueError(weighs)
    a = momentum if weighs == "new" else 1 - momentum
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - a) * mean + a * x.mean(0)
        var = (1 - a) * var + a * x.var(0, ddof=1)
    return mean, var


# %% wrong="own-batch-norm" says="Something was put aside in evaluation mode"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        with torch.no_grad():
            if self.training and len(rows) < 2:
                raise ValueError("one")
            self.running_mean.lerp_(rows.mean(0), self.momentum)
            new = rows.var(0) if len(rows) > 1 else self.running_var
            self.running_var.lerp_(new, self.momentum)
        if self.training:
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="Something was put aside in evaluation mode"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean.clone(), self.running_var.clone()
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
        if len(rows) > 1:
            with torch.no_grad():
                self.running_mean.lerp_(rows.mean(0), self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="You average variances, of maps or of places"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            if x.dim() == 4 and x[0, 0].numel() > 1:
                var = x.var((2, 3), unbiased=False).mean(0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="You average variances, of maps or of places"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            if x.dim() == 4 and len(x) > 1:
                var = x.var(0, unbiased=False).mean((1, 2))
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="is a mean of variances"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            new = rows.var(0)
            if x.dim() == 4 and x[0, 0].numel() > 1:
                new = x.var((2, 3)).mean(0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(new, self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="one mean or one variance of all numbers together"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            if x.dim() == 4:
                mean, var = x.mean().repeat(x.shape[1]), x.var().repeat(x.shape[1])
                var = var * (x.numel() - 1) / x.numel()
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="one mean or one variance of all numbers together"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), x.var(unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(rows.var(0), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="is of all numbers together"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var().repeat(x.shape[1]), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% wrong="own-batch-norm" says="squares of a million are"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1, eps=1e-5):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum, self.eps = momentum, eps

    def forward(self, x):
        rows = x.movedim(1, -1).reshape(-1, x.shape[1])
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(rows) < 2:
                raise ValueError("one")
            mean, var = rows.mean(0), rows.var(0, unbiased=False)
            n = len(rows)
            new = (rows.square().mean(0) - rows.mean(0).square()) * n / (n - 1)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(new.detach(), self.momentum)
        done = self.weight * (rows - mean) / (var + self.eps).sqrt() + self.bias
        return done.reshape(x.movedim(1, -1).shape).movedim(-1, 1)


# %% right="norm-for-pairs" style="one average of all so far"
class PairNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("square", torch.zeros(()))
        self.register_buffer("seen", torch.zeros(()))

    def forward(self, x):
        if self.training:
            with torch.no_grad():
                self.seen += 1
                self.square += (x.square().mean() - self.square) / self.seen
        return x / (self.square + 1e-5).sqrt()


# %% equivalent="batch-norm-backward" why="a list of the same things"
# - return (gamma / root * kept, for_gamma, for_beta)
# + return list((gamma / root * kept, for_gamma, for_beta))


# %% equivalent="running-statistics" why="a list of the same things"
# - return (rows.mean(axis=0), rows.var(axis=0))
# + return list((rows.mean(axis=0), rows.var(axis=0)))


# %% equivalent="running-statistics" why="the order of the words does not matter"
# - if weighs not in ('new', 'past'):
# + if weighs not in ('past', 'new'):


# %% equivalent="running-statistics" why="all batches have the same units"
# - mean, variance = (np.zeros(batches[0].shape[1]), np.ones(batches[0].shape[1]))
# + mean, variance = (np.zeros(batches[-1].shape[1]), np.ones(batches[0].shape[1]))


# %% equivalent="running-statistics" why="all batches have the same units"
# - mean, variance = (np.zeros(batches[0].shape[1]), np.ones(batches[0].shape[1]))
# + mean, variance = (np.zeros(batches[0].shape[1]), np.ones(batches[-1].shape[1]))


# %% equivalent="running-statistics" why="a list of the same things"
# - return (mean, variance)
# + return list((mean, variance))


# %% equivalent="own-batch-norm" why="the two may change places"
# - rows = x.transpose(0, 1).flatten(1)
# + rows = x.transpose(1, 0).flatten(1)


# %% equivalent="fold-batch-norm" why="a list of the same things"
# - return (weight * factor[:, None, None, None], (before - mean) * factor + beta)
# + return list((weight * factor[:, None, None, None], (before - mean) * factor + beta))


# %% equivalent="standardise-inputs" why="every number is overwritten"
# - result = np.zeros(others.shape)
# + result = np.ones(others.shape)


# %% equivalent="standardise-inputs" why="both have the same columns"
# - for c in range(training.shape[1]):
# + for c in range(others.shape[1]):


# %% equivalent="standardise-inputs" why="the same numbers in another type"
# - column = [float(v) for v in training[:, c]]
# + column = [v for v in training[:, c]]


# %% equivalent="standardise-inputs" why="a square has no sign, and products commute"
# - spread = (sum(((v - mean) ** 2 for v in column)) / len(column)) ** 0.5
# + spread = (sum(((mean - v) ** 2 for v in column)) / len(column)) ** 0.5


# %% equivalent="standardise-inputs" why="the same numbers in another type"
# - x, z = (torch.tensor(training).float(), torch.tensor(others).float())
# + x, z = (torch.tensor(training).float(), torch.tensor(others))


# %% equivalent="batch-norm-forward" why="every number is overwritten"
# - y = np.zeros((m, units))
# + y = np.ones((m, units))


# %% equivalent="batch-norm-forward" why="the same numbers in another type"
# - mean = sum((float(v) for v in x[:, u])) / m
# + mean = sum((v for v in x[:, u])) / m


# %% equivalent="batch-norm-forward" why="a square has no sign, and products commute"
# - var = sum(((float(v) - mean) ** 2 for v in x[:, u])) / m
# + var = sum(((mean - float(v)) ** 2 for v in x[:, u])) / m


# %% equivalent="batch-norm-forward" why="the same numbers in another type"
# - var = sum(((float(v) - mean) ** 2 for v in x[:, u])) / m
# + var = sum(((v - mean) ** 2 for v in x[:, u])) / m


# %% equivalent="batch-norm-forward" why="the same numbers in another type"
# - x, gamma, beta = (torch.tensor(one).float() for one in (x, gamma, beta))
# + x, gamma, beta = (torch.tensor(one) for one in (x, gamma, beta))


# %% equivalent="batch-norm-backward" why="both have the same shape"
# - return (gamma / s * (delta - (db + h * dg) / len(x)), dg, db)
# + return (gamma / s * (delta - (db + h * dg) / len(delta)), dg, db)


# %% equivalent="batch-norm-backward" why="both have the same shape"
# - m = len(x)
# + m = len(delta)


# %% equivalent="batch-norm-backward" why="the distances to a mean add up to 0"
# - d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean(axis=0)
# + d_mean = -(d_hat * inverse).sum(axis=0) + 2 * d_var * far.mean(axis=0)


# %% equivalent="batch-norm-backward" why="the distances to a mean add up to 0"
# - d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean(axis=0)
# + d_mean = -(d_hat * inverse).sum(axis=0)


# %% equivalent="batch-norm-backward" why="the sign is lost in the square, and far is used nowhere else"
# - d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean(axis=0)
# + d_mean = -(d_hat * inverse).sum(axis=0) - far.mean(axis=0)


# %% equivalent="batch-norm-backward" why="the distances to a mean add up to 0"
# - d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean(axis=0)
# + d_mean = -(d_hat * inverse).sum(axis=0) - (2 + d_var) * far.mean(axis=0)


# %% equivalent="batch-norm-backward" why="the distances to a mean add up to 0"
# - d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean(axis=0)
# + d_mean = -(d_hat * inverse).sum(axis=0) - 2 * far.mean(axis=0)


# %% equivalent="batch-norm-backward" why="the distances to a mean add up to 0"
# - d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean(axis=0)
# + d_mean = -(d_hat * inverse).sum(axis=0) - d_var * far.mean(axis=0)


# %% equivalent="batch-norm-backward" why="the distances to a mean add up to 0"
# - d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean(axis=0)
# + d_mean = -(d_hat * inverse).sum(axis=0) - 3 * d_var * far.mean(axis=0)


# %% equivalent="batch-norm-backward" why="the distances to a mean add up to 0"
# - d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean(axis=0)
# + d_mean = -(d_hat * inverse).sum(axis=0) - 1 * d_var * far.mean(axis=0)


# %% equivalent="batch-norm-backward" why="the distances to a mean add up to 0"
# - d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean(axis=0)
# + d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean()


# %% equivalent="batch-norm-backward" why="the distances to a mean add up to 0"
# - d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.mean(axis=0)
# + d_mean = -(d_hat * inverse).sum(axis=0) - 2 * d_var * far.sum(axis=0)


# %% equivalent="batch-norm-backward" why="both have the same shape"
# - m, units = x.shape
# + m, units = delta.shape


# %% equivalent="batch-norm-backward" why="every number is overwritten"
# - dx = np.zeros((m, units))
# + dx = np.ones((m, units))


# %% equivalent="batch-norm-backward" why="a square has no sign, and products commute"
# - dx[:, u] = gamma[u] / s[u] * slopes @ delta[:, u]
# + dx[:, u] = delta[:, u] @ (gamma[u] / s[u] * slopes)


# %% equivalent="batch-norm-backward" why="the two may change places"
# - return [dx, np.einsum('mu,mu->u', delta, h), np.einsum('mu->u', delta)]
# + return [dx, np.einsum('mu,mu->u', h, delta), np.einsum('mu->u', delta)]


# %% equivalent="batch-norm-backward" why="the same numbers in another type"
# - delta, x, gamma = (torch.tensor(one).float() for one in (delta, x, gamma))
# + delta, x, gamma = (torch.tensor(one) for one in (delta, x, gamma))


# %% equivalent="running-statistics" why="zero has no sign"
# - mean, var = (0.0, 1.0)
# + mean, var = (-0.0, 1.0)


# %% equivalent="running-statistics" why="all batches have the same units"
# - for unit in range(batches[0].shape[1]):
# + for unit in range(batches[-1].shape[1]):


# %% equivalent="running-statistics" why="zero has no sign"
# - mean, var, total = (0.0, 1.0, [])
# + mean, var, total = (-0.0, 1.0, [])


# %% equivalent="running-statistics" why="the same numbers in another type"
# - v = [float(one) for one in x[:, unit]]
# + v = [one for one in x[:, unit]]


# %% equivalent="running-statistics" why="a square has no sign, and products commute"
# - spread = sum(((one - middle) ** 2 for one in v)) / (len(v) - 1)
# + spread = sum(((middle - one) ** 2 for one in v)) / (len(v) - 1)


# %% equivalent="running-statistics" why="a square has no sign, and products commute"
# - var = sum(((one - mean) ** 2 for one in total)) / len(total)
# + var = sum(((mean - one) ** 2 for one in total)) / len(total)


# %% equivalent="running-statistics" why="all batches have the same units"
# - mean, var = (torch.zeros(xs[0].shape[1]), torch.ones(xs[0].shape[1]))
# + mean, var = (torch.zeros(xs[-1].shape[1]), torch.ones(xs[0].shape[1]))


# %% equivalent="running-statistics" why="all batches have the same units"
# - mean, var = (torch.zeros(xs[0].shape[1]), torch.ones(xs[0].shape[1]))
# + mean, var = (torch.zeros(xs[0].shape[1]), torch.ones(xs[-1].shape[1]))


# %% equivalent="own-batch-norm" why="the axes of a mean have no order"
# - axes = [0] if x.dim() == 2 else [0, 2, 3]
# + axes = [0] if x.dim() == 2 else [3, 2, 0]


# %% equivalent="own-batch-norm" why="the division leaves no remainder"
# - n = x.numel() // x.shape[1]
# + n = x.numel() / x.shape[1]


# %% equivalent="own-batch-norm" why="the division leaves no remainder"
# - n = x.numel() // x.shape[1]
# + n = -(-x.numel() // x.shape[1])


# %% equivalent="own-batch-norm" why="the sign is lost in the square, and far is used nowhere else"
# - far = wide - mean[None, :, None, None]
# + far = mean[None, :, None, None] - wide


# %% equivalent="fold-batch-norm" why="every number is overwritten"
# - new_w, new_b = (torch.zeros(weight.shape), torch.zeros(len(weight)))
# + new_w, new_b = (torch.ones(weight.shape), torch.zeros(len(weight)))


# %% equivalent="fold-batch-norm" why="every number is overwritten"
# - new_w, new_b = (torch.zeros(weight.shape), torch.zeros(len(weight)))
# + new_w, new_b = (torch.zeros(weight.shape), torch.ones(len(weight)))


# %% equivalent="fold-batch-norm" why="as many as output channels"
# - new_w, new_b = (torch.zeros(weight.shape), torch.zeros(len(weight)))
# + new_w, new_b = (torch.zeros(weight.shape), torch.zeros(len(gamma)))


# %% equivalent="fold-batch-norm" why="as many as output channels"
# - new_w, new_b = (torch.zeros(weight.shape), torch.zeros(len(weight)))
# + new_w, new_b = (torch.zeros(weight.shape), torch.zeros(len(beta)))


# %% equivalent="fold-batch-norm" why="as many as output channels"
# - for i in range(len(weight)):
# + for i in range(len(gamma)):


# %% equivalent="fold-batch-norm" why="as many as output channels"
# - for i in range(len(weight)):
# + for i in range(len(beta)):


# %% equivalent="fold-batch-norm" why="the same numbers in another type"
# - mean, var = (float(statistics[0][i]), float(statistics[1][i]))
# + mean, var = (statistics[0][i], float(statistics[1][i]))


# %% equivalent="fold-batch-norm" why="the same numbers in another type"
# - mean, var = (float(statistics[0][i]), float(statistics[1][i]))
# + mean, var = (float(statistics[0][i]), statistics[1][i])


# %% equivalent="fold-batch-norm" why="the same numbers in another type"
# - factor = float(gamma[i]) / (var + eps) ** 0.5
# + factor = gamma[i] / (var + eps) ** 0.5


# %% equivalent="fold-batch-norm" why="zero has no sign"
# - old = 0.0 if bias is None else float(bias[i])
# + old = -0.0 if bias is None else float(bias[i])


# %% equivalent="fold-batch-norm" why="the same numbers in another type"
# - old = 0.0 if bias is None else float(bias[i])
# + old = 0.0 if bias is None else bias[i]


# %% equivalent="fold-batch-norm" why="the same numbers in another type"
# - new_b[i] = factor * (old - mean) + float(beta[i])
# + new_b[i] = factor * (old - mean) + beta[i]


# %% equivalent="fold-batch-norm" why="the same numbers in another type"
# - w, mean, var, g, b = (t.numpy().astype(float) for t in (weight, *statistics, gamma, beta))
# + w, mean, var, g, b = (t.numpy() for t in (weight, *statistics, gamma, beta))


# %% equivalent="norm-for-pairs" why="another normalisation that reaches the goal"
# - self.register_buffer('rows', torch.zeros(0, channels))
# + self.register_buffer('rows', torch.zeros(1, channels))


# %% equivalent="norm-for-pairs" why="another normalisation that reaches the goal"
# - return self.weight * (x - mean) / (var + 1e-05).sqrt() + self.bias
# + return (x - mean) / (var + 1e-05).sqrt() + self.bias


# %% equivalent="norm-for-pairs" why="another normalisation that reaches the goal"
# - self.groups = max(1, channels // 12)
# + self.groups = 1


# %% equivalent="norm-for-pairs" why="another normalisation that reaches the goal"
# - var = parts.var(2, correction=0, keepdim=True)
# + var = parts.var(2, correction=1, keepdim=True)


# %% equivalent="norm-for-pairs" why="another normalisation that reaches the goal"
# - self.var += x.square().mean()
# + pass


# %% equivalent="norm-for-pairs" why="another normalisation that reaches the goal"
# - if not self.var.any():
# + if False:


# %% equivalent="norm-for-pairs" why="another normalisation that reaches the goal"
# - r = (root / kept).detach().clamp(1 / 3, 3)
# + r = (root / kept).detach().clamp(1 // 3, 3)
