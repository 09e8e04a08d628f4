# Right and wrong answers to the samples of loops, as students give them.

# %% right="momentum" style="list of velocities"
class Momentum:
    def __init__(self, parameters, lr, momentum=0.9):
        self.parameters = list(parameters)
        self.lr, self.momentum = lr, momentum
        self.velocities = [torch.zeros_like(p) for p in self.parameters]

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.parameters, self.velocities):
            v.mul_(self.momentum).add_(p.grad)
            p -= self.lr * v

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% right="momentum" style="dictionary, data"
class Momentum:
    def __init__(self, parameters, lr, momentum):
        self.params = [p for p in parameters if p.requires_grad]
        self.v = {}
        self.lr = lr
        self.m = momentum

    def step(self):
        for i, p in enumerate(self.params):
            self.v[i] = self.m * self.v.get(i, 0) + p.grad.data
            p.data = p.data - self.lr * self.v[i]

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()


# %% wrong="momentum" says="does the work of this exercise"
class Momentum(torch.optim.SGD):
    pass


# %% wrong="momentum" says="momentum 0.75, step 1"
class Momentum:
    def __init__(self, parameters, lr, momentum):
        self.parameters = parameters
        self.lr, self.momentum, self.velocities = lr, momentum, {}

    @torch.no_grad()
    def step(self):
        for i, p in enumerate(self.parameters):
            v = self.velocities.get(i, 0)
            self.velocities[i] = self.momentum * v + (1 - self.momentum) * p.grad
            p -= self.lr * self.velocities[i]

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="momentum" says="momentum 0.75, step 2"
class Momentum:
    def __init__(self, parameters, lr, momentum):
        self.parameters = list(parameters)
        self.lr = lr

    @torch.no_grad()
    def step(self):
        for p in self.parameters:
            p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="momentum" says="leaves old gradients behind"
class Momentum:
    def __init__(self, parameters, lr, momentum):
        self.parameters = list(parameters)
        self.lr, self.momentum = lr, momentum
        self.velocities = [torch.zeros_like(p) for p in self.parameters]

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.parameters, self.velocities):
            v.mul_(self.momentum).add_(p.grad)
            p -= self.lr * v

    def zero_grad(self):
        for p in self.parameters:
            grad = torch.zeros_like(p)


# %% wrong="momentum" says="(in Momentum.step)"
class Momentum:
    def __init__(self, parameters, lr, momentum):
        self.parameters = list(parameters)
        self.lr = lr

    def step(self):
        for p in self.parameters:
            p -= self.lr * p.grad

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None


# %% wrong="momentum" says="has no attribute 'zero_grad'"
class Momentum:
    def __init__(self, parameters, lr, momentum):
        self.parameters = list(parameters)
        self.lr, self.momentum = lr, momentum
        self.velocities = [torch.zeros_like(p) for p in self.parameters]

    @torch.no_grad()
    def step(self):
        for p, v in zip(self.parameters, self.velocities):
            v.mul_(self.momentum).add_(p.grad)
            p -= self.lr * v


# %% right="train" style="plain"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimiser.step()
            total += loss.item()
        history.append(total / len(batches))
    return history


# %% right="train" style="gradients set to None, criterion"
def train(model, optimiser, batches, epochs):
    criterion, history = nn.CrossEntropyLoss(), []
    for epoch in range(epochs):
        model.train(True)
        losses = []
        for inputs, targets in batches:
            loss = criterion(model(inputs), targets)
            for p in model.parameters():
                p.grad = None
            loss.backward()
            optimiser.step()
            losses.append(loss.detach())
        history.append(torch.stack(losses).mean())
    return [float(loss) for loss in history]


# %% right="train" style="zero after the step"
def train(model, optimiser, batches, epochs):
    means = np.zeros(epochs)
    for epoch in range(epochs):
        model.train()
        for x, y in batches:
            loss = -F.log_softmax(model(x), 1)[torch.arange(len(y)), y].mean()
            loss.backward()
            optimiser.step()
            model.zero_grad()
            means[epoch] += loss.item() / len(batches)
    return list(means)


# %% wrong="train" says="The gradients pile up"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimiser.step()
            total += loss.item()
        history.append(total / len(batches))
    return history


# %% wrong="train" says="The model was in evaluation mode while it was trained"
def train(model, optimiser, batches, epochs):
    history = []
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimiser.step()
            total += loss.item()
        history.append(total / len(batches))
    return history


# %% wrong="train" says="The optimiser took no step"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            total += loss.item()
        history.append(total / len(batches))
    return history


# %% wrong="train" says="No gradient was computed"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x), y)
            optimiser.step()
            total += loss.item()
        history.append(total / len(batches))
    return history


# %% wrong="train" says="expected 6 steps of the optimiser, yours took 2"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            total += loss.item()
        optimiser.step()
        history.append(total / len(batches))
    return history


# %% wrong="train" says="yours took 3"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(1):
        total = 0
        for x, y in batches:
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimiser.step()
            total += loss.item()
        history.append(total / len(batches))
    return history


# %% wrong="train" says="You summed the losses"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimiser.step()
            total += loss.item()
        history.append(total)
    return history


# %% wrong="train" says="stands between backward and step"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimiser.zero_grad()
            optimiser.step()
            total += loss.item()
        history.append(total / len(batches))
    return history


# %% wrong="train" says="comes before loss.backward()"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x), y)
            optimiser.step()
            loss.backward()
            total += loss.item()
        history.append(total / len(batches))
    return history


# %% wrong="train" says="returned nothing (None)"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimiser.step()
            total += loss.item()
        history.append(total / len(batches))


# %% wrong="train" says="does not require grad"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x).detach(), y)
            loss.backward()
            optimiser.step()
            total += loss.item()
        history.append(total / len(batches))
    return history


# %% wrong="train" says="on the line  loss = F.cross_entropy(model(x), z)"
def train(model, optimiser, batches, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        total = 0
        for x, y in batches:
            optimiser.zero_grad()
            loss = F.cross_entropy(model(x), z)
            loss.backward()
            optimiser.step()
            total += loss.item()
        history.append(total / len(batches))
    return history


# %% right="accuracy" style="no_grad"
@torch.no_grad()
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        total += len(y)
    return hits / total


# %% right="accuracy" style="with gradients, concatenated"
def accuracy(model, batches):
    model.eval()
    right = [model(x).max(1).indices.eq(y) for x, y in batches]
    return torch.cat(right).float().mean()


# %% wrong="accuracy" says="The model was in training mode while it was evaluated"
@torch.no_grad()
def accuracy(model, batches):
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        total += len(y)
    return hits / total


# %% wrong="accuracy" says="The batches differ in size"
@torch.no_grad()
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).float().mean().item()
        total += 1
    return hits / total


# %% wrong="accuracy" says="Divide by the rows"
@torch.no_grad()
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        total += len(y)
    return hits


# %% wrong="accuracy" says="The model was never run"
@torch.no_grad()
def accuracy(model, batches):
    model.eval()
    hits = total = 0
    for x, y in batches:
        hits += (x.argmax(dim=1) == y).sum().item()
        total += len(y)
    return hits / total


# %% wrong="accuracy" says="The model was trained on data that are there to measure"
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


# %% right="validate" style="plain"
def fit(model, optimiser, training, validation, epochs):
    history = []
    for _ in range(epochs):
        model.train()
        for x, y in training:
            loss = F.cross_entropy(model(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            losses = [F.cross_entropy(model(x), y).item() for x, y in validation]
        history.append(sum(losses) / len(losses))
    return history


# %% right="validate" style="two functions"
def one_epoch(model, batches, optimiser=None):
    model.train(optimiser is not None)
    losses = []
    for x, y in batches:
        loss = F.cross_entropy(model(x), y)
        if optimiser:
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        losses.append(float(loss))
    return np.mean(losses)


def fit(model, optimiser, training, validation, epochs):
    history = []
    for _ in range(epochs):
        one_epoch(model, training, optimiser)
        history.append(one_epoch(model, validation))
    return history


# %% wrong="validate" says="The model was in training mode while it was evaluated"
def fit(model, optimiser, training, validation, epochs):
    history = []
    for _ in range(epochs):
        model.train()
        for x, y in training:
            loss = F.cross_entropy(model(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            losses = [F.cross_entropy(model(x), y).item() for x, y in validation]
        history.append(sum(losses) / len(losses))
    return history


# %% wrong="validate" says="The model was in evaluation mode while it was trained"
def fit(model, optimiser, training, validation, epochs):
    history = []
    model.train()
    for _ in range(epochs):
        for x, y in training:
            loss = F.cross_entropy(model(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            losses = [F.cross_entropy(model(x), y).item() for x, y in validation]
        history.append(sum(losses) / len(losses))
    return history


# %% wrong="validate" says="A step was taken on validation data"
def fit(model, optimiser, training, validation, epochs):
    history = []
    for _ in range(epochs):
        model.train()
        for x, y in [*training, *validation]:
            loss = F.cross_entropy(model(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            losses = [F.cross_entropy(model(x), y).item() for x, y in validation]
        history.append(sum(losses) / len(losses))
    return history


# %% wrong="validate" says="yours took 3"
def fit(model, optimiser, training, validation, epochs):
    history = []
    for _ in range(epochs):
        model.train()
        optimiser.zero_grad()
        x, y = zip(*training)
        for x, y in [(torch.cat(x), torch.cat(y))]:
            loss = F.cross_entropy(model(x), y)
            optimiser.zero_grad()
            loss.backward()
        optimiser.step()
        model.eval()
        with torch.no_grad():
            losses = [F.cross_entropy(model(x), y).item() for x, y in validation]
        history.append(sum(losses) / len(losses))
    return history


# %% wrong="validate" says="expected a list of 3; yours has 2"
def fit(model, optimiser, training, validation, epochs):
    history = []
    for _ in range(epochs):
        model.train()
        for x, y in training:
            loss = F.cross_entropy(model(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            losses = [F.cross_entropy(model(x), y).item() for x, y in validation]
        history.append(sum(losses) / len(losses))
    return history[1:]


# %% right="batches" style="generator"
def batches(x, y, size):
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]


# %% right="batches" style="class"
class batches:
    def __init__(self, x, y, size):
        self.pairs = list(zip(torch.split(x, size), torch.split(y, size)))

    def __iter__(self):
        return iter(self.pairs)


# %% right="batches" style="zip"
def batches(x, y, size):
    return zip(x.split(size), y.split(size))


# %% wrong="batches" says="The last, smaller one is missing"
def batches(x, y, size):
    for i in range(len(x) // size):
        yield x[i * size : (i + 1) * size], y[i * size : (i + 1) * size]


# %% wrong="batches" says="Is it endless?"
def batches(x, y, size):
    while True:
        for start in range(0, len(x), size):
            yield x[start : start + size], y[start : start + size]


# %% wrong="batches" says="it ends too early: 1 items"
def batches(x, y, size):
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]
        return


# %% wrong="batches" says="returned nothing (None); expected an object"
def batches(x, y, size):
    for start in range(0, len(x), size):
        x[start : start + size], y[start : start + size]


# %% wrong="batches" says="returned a tuple; expected an object"
def batches(x, y, size):
    for start in range(0, len(x), size):
        return x[start : start + size], y[start : start + size]


# %% wrong="batches" says="item 1 is not right"
def batches(x, y, size):
    for start in range(0, len(x), size):
        yield x[start : start + size], y[:size]


# %% wrong="batches" says="on the line  yield x[start : start + size], z"
def batches(x, y, size):
    for start in range(0, len(x), size):
        yield x[start : start + size], z


# %% wrong="batches" says="not iterable"
class batches:
    def __init__(self, x, y, size):
        self.x, self.y = x, y
