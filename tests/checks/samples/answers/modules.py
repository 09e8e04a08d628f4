# Right and wrong answers to the samples of modules, as students give them.

# %% right="stack" style="module list"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return x


# %% right="stack" style="sequential, inherited"
class Stack(nn.Sequential):
    def __init__(self, channels, depth):
        layers = []
        for _ in range(depth):
            layers += [nn.Conv2d(channels, channels, (3, 3), padding="same"), nn.ReLU()]
        super().__init__(*layers)


# %% right="stack" style="own parameters"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.depth = depth
        for i in range(depth):
            weight = nn.Parameter(torch.randn(channels, channels, 3, 3))
            setattr(self, f"weight{i}", weight)
            self.register_parameter(f"bias{i}", nn.Parameter(torch.zeros(channels)))

    def forward(self, x):
        for i in range(self.depth):
            w, b = getattr(self, f"weight{i}"), getattr(self, f"bias{i}")
            x = F.conv2d(x, w, b, padding=1).clamp(min=0)
        return x


# %% wrong="stack" says="Call super().__init__() on the first line"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return x


# %% wrong="stack" says="made without a call of Module.__init__()"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        self.convs = [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return x


# %% wrong="stack" says="self.convs is a plain list of layers"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return x


# %% wrong="stack" says="self.convs is a plain dict of layers"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = {}
        for i in range(depth):
            self.convs[i] = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        for conv in self.convs.values():
            x = F.relu(conv(x))
        return x


# %% wrong="stack" says="conv is used twice in one run"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.depth = depth
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        for _ in range(self.depth):
            x = F.relu(self.conv(x))
        return x


# %% wrong="stack" says="layers.0 is used twice in one run"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.layers = nn.Sequential(*[conv, nn.ReLU()] * depth)

    def forward(self, x):
        return self.layers(x)


# %% wrong="stack" says="has no method forward"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def foward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return x


# %% wrong="stack" says="returned nothing (None)"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))


# %% wrong="stack" says="The last layer has its ReLU too"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def forward(self, x):
        for conv in self.convs[:-1]:
            x = F.relu(conv(x))
        return self.convs[-1](x)


# %% wrong="stack" says="no gradient flows through the output"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x))
        return x.detach()


# %% wrong="stack" says="no gradient reaches convs.0.weight"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(F.conv2d(x, conv.weight.data, conv.bias, padding=1))
        return x


# %% wrong="stack" says="input on another device"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def forward(self, x):
        for conv in self.convs:
            x = torch.maximum(conv(x), torch.zeros(1, 1, 1, 1))
        return x


# %% wrong="stack" says="input in float64"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def forward(self, x):
        for conv in self.convs:
            x = F.relu(conv(x.float()))
        return x


# %% wrong="stack" says="return self.bogus(x)   (in Stack.forward)"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def forward(self, x):
        return self.bogus(x)


# %% wrong="stack" says="stack is not written yet"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        raise NotImplementedError("Write it here.")


# %% wrong="stack" says="x = x + …"
class Stack(nn.Module):
    def __init__(self, channels, depth):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )

    def forward(self, x):
        x *= 1
        for conv in self.convs:
            x = F.relu(conv(x))
        return x


# %% right="make-mlp" style="sequential"
def make_mlp(inputs, hidden, outputs):
    if min(inputs, hidden, outputs) < 1:
        raise ValueError("sizes are 1 or more")
    return nn.Sequential(
        nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs)
    )


# %% right="make-mlp" style="class inside, out of order"
def make_mlp(inputs, hidden, outputs):
    if inputs < 1:
        raise ValueError(inputs)

    class MLP(nn.Module):
        def __init__(self):
            super().__init__()
            self.second = nn.Linear(hidden, outputs)
            self.first = nn.Linear(inputs, hidden)

        def forward(self, x):
            return self.second(torch.tanh(self.first(x)))

    return MLP()


# %% wrong="make-mlp" says="returned the class MLP"
def make_mlp(inputs, hidden, outputs):
    class MLP(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(inputs, hidden)
            self.second = nn.Linear(hidden, outputs)

        def forward(self, x):
            return self.second(torch.tanh(self.first(x)))

    return MLP


# %% wrong="make-mlp" says="returned nothing (None); expected an nn.Module"
def make_mlp(inputs, hidden, outputs):
    model = nn.Sequential(
        nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs)
    )


# %% wrong="make-mlp" says="returned an object of type list"
def make_mlp(inputs, hidden, outputs):
    return [nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs)]


# %% wrong="make-mlp" says="class MLP(nn.Module)"
def make_mlp(inputs, hidden, outputs):
    class MLP:
        def __init__(self):
            self.first = nn.Linear(inputs, hidden)
            self.second = nn.Linear(hidden, outputs)

        def __call__(self, x):
            return self.second(torch.tanh(self.first(x)))

    return MLP()


# %% wrong="make-mlp" says="A layer with bias=False has none"
def make_mlp(inputs, hidden, outputs):
    return nn.Sequential(
        nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs, bias=False)
    )


# %% wrong="make-mlp" says="missing   (3,), (3, 7)"
def make_mlp(inputs, hidden, outputs):
    return nn.Sequential(
        nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, hidden)
    )


# %% wrong="make-mlp" says="There is a softmax at the end"
def make_mlp(inputs, hidden, outputs):
    return nn.Sequential(
        nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs), nn.Softmax(1)
    )


# %% wrong="make-mlp" says="There is no activation between the layers"
def make_mlp(inputs, hidden, outputs):
    return nn.Sequential(nn.Linear(inputs, hidden), nn.Linear(hidden, outputs))


# %% wrong="make-mlp" says="Give the check the class itself"
make_mlp = nn.Linear(3, 5)


# %% wrong="make-mlp" says="your make_mlp raised TypeError"
def make_mlp(inputs, hidden, outputs):
    return nn.Sequential(nn.Linear(inputs), nn.Tanh(), nn.Linear(hidden, outputs))


# %% wrong="make-mlp" says="should raise a ValueError, yours returned an object of type Seq"
def make_mlp(inputs, hidden, outputs):
    return nn.Sequential(
        nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs)
    )


# %% right="batch-norm" style="own sums"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
            with torch.no_grad():
                new = var * m / (m - 1)
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% right="batch-norm" style="new buffers, functional"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum=0.1):
        super().__init__()
        self.m = momentum
        self.bias = nn.Parameter(torch.zeros(channels))
        self.weight = nn.Parameter(torch.ones(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.register_buffer("running_mean", torch.zeros(channels))

    def forward(self, x):
        if self.training:
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), unbiased=False)
            keep, unbiased = 1 - self.m, x.detach().var(dim=(0, 2, 3))
            self.running_mean = keep * self.running_mean + self.m * mean.detach()
            self.running_var = keep * self.running_var + self.m * unbiased
        else:
            mean, var = self.running_mean, self.running_var
        shape = (1, -1, 1, 1)
        x = (x - mean.view(shape)) * (var.view(shape) + 1e-5).rsqrt()
        return x * self.weight.view(shape) + self.bias.view(shape)


# %% wrong="batch-norm" says="The running variance takes the unbiased one"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
            with torch.no_grad():
                new = var
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% wrong="batch-norm" says="You divided by n - 1: the batch is normalised"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = x.var((0, 2, 3))
            with torch.no_grad():
                new = var
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% wrong="batch-norm" says="running_mean is not updated in training mode"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
            with torch.no_grad():
                new = var * m / (m - 1)
                pass
                self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% wrong="batch-norm" says="running_var is not updated in training mode"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
            with torch.no_grad():
                new = var * m / (m - 1)
                self.running_mean += self.momentum * (mean - self.running_mean)
                pass
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% wrong="batch-norm" says="Here momentum is the weight of the new batch"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
            with torch.no_grad():
                new = var * m / (m - 1)
                self.running_mean += (1 - self.momentum) * (mean - self.running_mean)
                self.running_var += (1 - self.momentum) * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% wrong="batch-norm" says="In evaluation mode the running statistics are used"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if True:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
            with torch.no_grad():
                new = var * m / (m - 1)
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% wrong="batch-norm" says="running_mean changed in evaluation mode"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        m = x.numel() / x.shape[1]
        old = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        if self.training:
            mean, var = old
        else:
            mean, var = mean.clone(), var.clone()
        with torch.no_grad():
            self.running_mean += self.momentum * (old[0] - self.running_mean)
            new = old[1] * m / (m - 1)
            self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% wrong="batch-norm" says="In training the statistics are those of the batch"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            old = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
            mean, var = mean.clone(), var.clone()
            with torch.no_grad():
                new = old[1] * m / (m - 1)
                self.running_mean += self.momentum * (old[0] - self.running_mean)
                self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% wrong="batch-norm" says="self.running_mean is a plain tensor"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.running_mean = torch.zeros(channels)
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
            with torch.no_grad():
                new = var * m / (m - 1)
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% wrong="batch-norm" says="self.weight is a tensor, but no nn.Parameter"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = torch.ones(channels, requires_grad=True)
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
            with torch.no_grad():
                new = var * m / (m - 1)
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% wrong="batch-norm" says="there is no parameter or buffer running_mean"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("moving_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.moving_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
            with torch.no_grad():
                new = var * m / (m - 1)
                self.moving_mean += self.momentum * (mean - self.moving_mean)
                self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% wrong="batch-norm" says="missing   (2,)"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
            with torch.no_grad():
                new = var * m / (m - 1)
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x


# %% wrong="batch-norm" says="no gradient flows through the output"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    @torch.no_grad()
    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            m = x.numel() / x.shape[1]
            mean = x.mean((0, 2, 3))
            var = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
            with torch.no_grad():
                new = var * m / (m - 1)
                self.running_mean += self.momentum * (mean - self.running_mean)
                self.running_var += self.momentum * (new - self.running_var)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + 1e-5)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


# %% right="residual-block" style="own norms, shortcut first"
class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.project = None
        if stride != 1 or inputs != outputs:
            self.project = nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False)
            self.project_norm = nn.BatchNorm2d(outputs)
        self.norm_b = nn.BatchNorm2d(outputs)
        self.norm_a = nn.BatchNorm2d(outputs)
        self.conv_b = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.conv_a = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)

    def forward(self, x):
        short = self.project_norm(self.project(x)) if self.project else x
        y = F.relu(self.norm_a(self.conv_a(x)))
        y = self.norm_b(self.conv_b(y))
        return F.relu(y + short)


# %% right="residual-block" style="sequential"
class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.short = nn.Identity()
        if (inputs, stride) != (outputs, 1):
            self.short = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        return torch.relu_(self.body(x).add_(self.short(x)))


# %% wrong="residual-block" says="The last ReLU is missing"
class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.short = nn.Identity()
        if (inputs, stride) != (outputs, 1):
            self.short = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        return self.body(x) + self.short(x)


# %% wrong="residual-block" says="The last ReLU comes after the sum, not before"
class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.short = nn.Identity()
        if (inputs, stride) != (outputs, 1):
            self.short = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        return F.relu(self.body(x)) + self.short(x)


# %% wrong="residual-block" says="The shortcut is missing from the sum"
class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.short = nn.Identity()
        if (inputs, stride) != (outputs, 1):
            self.short = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        return F.relu(self.body(x))


# %% wrong="residual-block" says="Before a normalisation they do nothing"
class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1),
            nn.BatchNorm2d(outputs),
        )
        self.short = nn.Identity()
        if (inputs, stride) != (outputs, 1):
            self.short = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        return torch.relu_(self.body(x).add_(self.short(x)))


# %% wrong="residual-block" says="too many  (3,) × 2, (3, 3, 1, 1)"
class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.short = nn.Identity()
        if True:
            self.short = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        return torch.relu_(self.body(x).add_(self.short(x)))


# %% wrong="residual-block" says="missing   (4,) × 2, (4, 2, 1, 1)"
class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.short = nn.Identity()
        if False:
            self.short = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        return torch.relu_(self.body(x).add_(self.short(x)))


# %% wrong="residual-block" says="body.1 is used twice"
class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
        )
        self.short = nn.Identity()
        if (inputs, stride) != (outputs, 1):
            self.short = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        return torch.relu_(self.body[1](self.body(x)).add_(self.short(x)))


# %% wrong="residual-block" says="its gradient for the input"
class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.short = nn.Identity()
        if (inputs, stride) != (outputs, 1):
            self.short = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        return torch.relu_(self.body(x).add_(self.short(x.detach())))


# %% wrong="residual-block" says="still in evaluation mode: body.1"
class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.short = nn.Identity()
        if (inputs, stride) != (outputs, 1):
            self.short = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def train(self, mode=True):
        super().train(mode)
        self.body[1].eval()
        return self

    def forward(self, x):
        return torch.relu_(self.body(x).add_(self.short(x)))


# %% wrong="batch-norm" says="nn.BatchNorm2d does the work"
BatchNorm = nn.BatchNorm2d


# %% wrong="batch-norm" says="F.batch_norm does the work"
class BatchNorm(nn.Module):
    def __init__(self, channels, momentum):
        super().__init__()
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training,
            self.momentum,
        )
