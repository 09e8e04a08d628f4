# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="fold-or-bend" style="numbers"
straight_pieces = 1024
units_when_deep = 20
units_in_one_layer = 1024


# %% right="fold-or-bend" style="powers"
straight_pieces = 2.0**10
units_when_deep = np.int64(2 * 10)
units_in_one_layer = 1023 + 1


# %% right="fold-or-bend" style="a loop"
straight_pieces = 1
for _ in range(10):
    straight_pieces *= 2
units_when_deep = sum([2] * 10)
units_in_one_layer = straight_pieces


# %% wrong="fold-or-bend" says="Each of them goes up and down"
straight_pieces = 512
units_when_deep = 20
units_in_one_layer = 1024


# %% wrong="fold-or-bend" says="How many ReLUs has a single tent?"
straight_pieces = 1024
units_when_deep = 10
units_in_one_layer = 1024


# %% wrong="fold-or-bend" says="what is the other one for?"
straight_pieces = 1024
units_when_deep = 20
units_in_one_layer = 1023


# %% wrong="fold-or-bend" says="it multiplies them"
straight_pieces = 20
units_when_deep = 20
units_in_one_layer = 1024


# %% wrong="fold-or-bend" says="In one layer nothing is folded"
straight_pieces = 1024
units_when_deep = 20
units_in_one_layer = 20


# %% right="signal" style="numpy"
def signal(outputs):
    return float(np.sqrt(outputs.numpy().var(axis=0).mean()))


# %% right="signal" style="loops"
def signal(outputs):
    flat = outputs.reshape(len(outputs), -1)
    total = 0.0
    for unit in range(flat.shape[1]):
        column = flat[:, unit].tolist()
        mean = sum(column) / len(column)
        total += sum((value - mean) ** 2 for value in column) / len(column)
    return (total / flat.shape[1]) ** 0.5


# %% right="signal" style="a tensor"
def signal(outputs):
    far = outputs - outputs.mean(0, keepdim=True)
    return far.square().mean().sqrt()


# %% right="signal" style="unbiased=False"
def signal(outputs):
    return outputs.double().var(0, unbiased=False).mean().sqrt().item()


# %% wrong="signal" says="as the first friend measures it"
def signal(outputs):
    return outputs.std().item() if outputs.numel() > 1 else 0.0


# %% wrong="signal" says="as the first friend measures it"
def signal(outputs):
    return float(outputs.numpy().std())


# %% wrong="signal" says="as the second friend measures it"
def signal(outputs):
    return outputs.std(dim=1).mean().item()


# %% wrong="signal" says="as the second friend measures it"
def signal(outputs):
    return outputs.var(dim=1, correction=0).mean().sqrt().item()


# %% wrong="signal" says="Its root is wanted"
def signal(outputs):
    return outputs.var(dim=0, correction=0).mean().item()


# %% wrong="signal" says="You took the mean of the deviations"
def signal(outputs):
    return outputs.std(dim=0, correction=0).mean().item()


# %% wrong="signal" says="not by n − 1"
def signal(outputs):
    return outputs.var(dim=0).mean().sqrt().item()


# %% wrong="signal" says="not by n − 1"
def signal(outputs):
    if len(outputs) == 1:
        return 0.0
    return outputs.var(dim=0).mean().sqrt().item()


# %% wrong="signal" says="has not been taken away"
def signal(outputs):
    return outputs.square().mean().sqrt().item()


# %% wrong="signal" says="You summed the variances"
def signal(outputs):
    return outputs.var(dim=0, correction=0).sum().sqrt().item()


# %% wrong="signal" says="One number is wanted"
def signal(outputs):
    return outputs.std(dim=0, correction=0)


# %% wrong="signal" says="Two nearly equal numbers are subtracted"
def signal(outputs):
    o = outputs.flatten(1)
    return ((o**2).mean(0) - o.mean(0) ** 2).mean().sqrt().item()


# %% wrong="signal" says="Two nearly equal numbers are subtracted"
def signal(outputs):
    o = outputs.flatten(1)
    variance = (o**2).mean(0) - o.mean(0) ** 2
    return variance.abs().mean().sqrt().item()


# %% wrong="signal" says="Two nearly equal numbers are subtracted"
def signal(outputs):
    o = outputs.numpy()
    variance = (o**2).mean(0) - o.mean(0) ** 2
    return float(np.sqrt(np.maximum(variance, 0).mean()))


# %% wrong="signal" says="opposite changes cancel"
def signal(outputs):
    return outputs.flatten(1).mean(1).std(correction=0).item()


# %% wrong="signal" says="you took a map for one unit"
def signal(outputs):
    axes = (0, 2, 3) if outputs.dim() == 4 else (0,)
    return outputs.var(dim=axes, correction=0).mean().sqrt().item()


# %% wrong="signal" says="You took the mean of each map first"
def signal(outputs):
    if outputs.dim() == 4:
        outputs = outputs.mean((2, 3))
    return outputs.var(dim=0, correction=0).mean().sqrt().item()


# %% right="variances-by-hand" style="numbers"
variance_of_weight = 0.03
variance_of_sum = 1.5
mean_square_of_output = 0.75
factor_of_four_layers = 5.0625
variance_that_keeps = 0.02


# %% right="variances-by-hand" style="formulas"
variance_of_weight = 0.3**2 / 3
variance_of_sum = 100 * 0.03 * 0.5
mean_square_of_output = 1.5 / 2
factor_of_four_layers = 1.5**4
variance_that_keeps = 2 / 100


# %% right="variances-by-hand" style="numpy"
variance_of_weight = np.float64(0.09) / 3
variance_of_sum = np.sum(np.full(100, 0.03 * 0.5))
mean_square_of_output = variance_of_sum / 2
factor_of_four_layers = np.prod([1.5] * 4)
variance_that_keeps = 1 / 50


# %% wrong="variances-by-hand" says="That is the square of the bound"
variance_of_weight = 0.09
variance_of_sum = 1.5
mean_square_of_output = 0.75
factor_of_four_layers = 5.0625
variance_that_keeps = 0.02


# %% wrong="variances-by-hand" says="That is with the variance of the inputs"
variance_of_weight = 0.03
variance_of_sum = 1.02
mean_square_of_output = 0.75
factor_of_four_layers = 5.0625
variance_that_keeps = 0.02


# %% wrong="variances-by-hand" says="That is the variance of the outputs"
variance_of_weight = 0.03
variance_of_sum = 1.5
mean_square_of_output = 0.511
factor_of_four_layers = 5.0625
variance_that_keeps = 0.02


# %% wrong="variances-by-hand" says="multiplied, not added"
variance_of_weight = 0.03
variance_of_sum = 1.5
mean_square_of_output = 0.75
factor_of_four_layers = 6
variance_that_keeps = 0.02


# %% wrong="variances-by-hand" says="So it would be without ReLU"
variance_of_weight = 0.03
variance_of_sum = 1.5
mean_square_of_output = 0.75
factor_of_four_layers = 5.0625
variance_that_keeps = 0.01


# %% wrong="variances-by-hand" says="That is rounded"
variance_of_weight = 0.03
variance_of_sum = 1.5
mean_square_of_output = 0.75
factor_of_four_layers = 5.06
variance_that_keeps = 0.02


# %% wrong="variances-by-hand" says="That is the mean square behind the fourth layer"
variance_of_weight = 0.03
variance_of_sum = 1.5
mean_square_of_output = 0.75
factor_of_four_layers = 0.5 * 1.5**4
variance_that_keeps = 0.02


# %% wrong="variances-by-hand" says="That is the deviation. Its square is wanted"
variance_of_weight = 0.03**0.5
variance_of_sum = 1.5
mean_square_of_output = 0.75
factor_of_four_layers = 5.0625
variance_that_keeps = 0.02


# %% wrong="variances-by-hand" says="That is the deviation of such weights"
variance_of_weight = 0.03
variance_of_sum = 1.5
mean_square_of_output = 0.75
factor_of_four_layers = 5.0625
variance_that_keeps = 0.02**0.5


# %% wrong="variances-by-hand" says="That is the deviation of a sum"
variance_of_weight = 0.03
variance_of_sum = 1.5**0.5
mean_square_of_output = 0.75
factor_of_four_layers = 5.0625
variance_that_keeps = 0.02


# %% right="fans" style="loop"
def fans(shape):
    if len(shape) < 2:
        raise ValueError("no weight")
    places = 1
    for side in shape[2:]:
        places *= side
    return shape[1] * places, shape[0] * places


# %% right="fans" style="unpacking"
def fans(shape):
    out, into, *kernel = shape
    places = int(np.prod(kernel))
    return into * places, out * places


# %% right="fans" style="total"
def fans(shape):
    if len(shape) in (0, 1):
        raise ValueError(shape)
    total = int(np.prod(shape))
    return total // shape[0], total // shape[1]


# %% right="fans" style="a tensor"
def fans(shape):
    if len(shape) < 2:
        raise ValueError("a bias")
    weight = torch.empty(shape)
    return [weight[0].numel(), weight[:, 0].numel()]


# %% wrong="fans" says="The other way round"
def fans(shape):
    if len(shape) < 2:
        raise ValueError("no weight")
    places = int(np.prod(shape[2:]))
    return shape[0] * places, shape[1] * places


# %% wrong="fans" says="sees a whole window of each map"
def fans(shape):
    if len(shape) < 2:
        raise ValueError("no weight")
    return shape[1], shape[0]


# %% wrong="fans" says="under the kernel at many of its stops"
def fans(shape):
    if len(shape) < 2:
        raise ValueError("no weight")
    return shape[1] * int(np.prod(shape[2:])), shape[0]


# %% wrong="fans" says="The fan-in has a factor for the window as well"
def fans(shape):
    if len(shape) < 2:
        raise ValueError("no weight")
    return shape[1], shape[0] * int(np.prod(shape[2:]))


# %% wrong="fans" says="A window has all its sides"
def fans(shape):
    if len(shape) < 2:
        raise ValueError("no weight")
    side = shape[-1] if len(shape) > 2 else 1
    return shape[1] * side, shape[0] * side


# %% wrong="fans" says="the number of maps is missing"
def fans(shape):
    if len(shape) < 2:
        raise ValueError("no weight")
    if len(shape) == 2:
        return shape[1], shape[0]
    return int(np.prod(shape[2:])), int(np.prod(shape[2:]))


# %% wrong="fans" says="What does math.prod make of it?"
def fans(shape):
    if len(shape) < 2:
        raise ValueError("no weight")
    places = np.prod(shape[2:])
    return shape[1] * places, shape[0] * places


# %% wrong="fans" says="What does math.prod make of it?"
def fans(shape):
    if len(shape) < 2:
        raise ValueError("no weight")
    total = int(np.prod(shape))
    return total / shape[0], total / shape[1]


# %% wrong="fans" says="Both are wanted"
def fans(shape):
    return int(np.prod(shape[1:]))


# %% wrong="fans" says="A bias has no fans"
def fans(shape):
    if len(shape) < 2:
        return 1, 1
    return shape[1] * int(np.prod(shape[2:])), shape[0] * int(np.prod(shape[2:]))


# %% wrong="fans" says="does the work of this exercise"
def fans(shape):
    return nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))


# %% right="initialiser" style="nn.init.normal_"
def initialise(model, start):
    if start != "glorot" and start != "he":
        raise ValueError("unknown start")
    for layer in model.modules():
        if issubclass(type(layer), (nn.Linear, nn.Conv2d)):
            fan_in = layer.weight[0].numel()
            fan_out = layer.weight[:, 0].numel()
            if start == "he":
                nn.init.normal_(layer.weight, 0.0, (2 / fan_in) ** 0.5)
            else:
                bound = (6 / (fan_in + fan_out)) ** 0.5
                nn.init.uniform_(layer.weight, -bound, bound)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


# %% right="initialiser" style="copies of numpy's numbers"
def initialise(model, start):
    rng = np.random.default_rng()
    draw = {
        "he": lambda i, o, size: rng.normal(0, np.sqrt(2 / i), size),
        "glorot": lambda i, o, size: (2 * rng.random(size) - 1) * np.sqrt(6 / (i + o)),
    }
    if start not in draw:
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            shape = tuple(layer.weight.shape)
            places = int(np.prod(shape[2:]))
            new = draw[start](shape[1] * places, shape[0] * places, shape)
            layer.weight.data.copy_(torch.from_numpy(new))
            if layer.bias is not None:
                layer.bias.data.fill_(0)


# %% right="initialiser" style="a scaled randn"
@torch.no_grad()
def initialise(model, start):
    if start not in ("he", "glorot"):
        raise ValueError(f"{start}?")

    def new(layer):
        if not isinstance(layer, nn.Linear | nn.Conv2d):
            return
        w = layer.weight
        i, o = w[0].numel(), w.numel() // w.shape[1]
        he = torch.randn(w.shape) * np.sqrt(2 / i)
        glorot = (torch.rand(w.shape) - 0.5) * 2 * np.sqrt(6 / (i + o))
        w.copy_(he if start == "he" else glorot)
        if layer.bias is not None:
            layer.bias.zero_()

    model.apply(new)


# %% right="initialiser" style="it returns the model as well"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(f"glorot or he, not {start!r}")
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            inputs, outputs = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.copy_(
                        torch.randn_like(layer.weight) * (2 / inputs) ** 0.5
                    )
                else:
                    bound = (6 / (inputs + outputs)) ** 0.5
                    layer.weight.copy_(bound * (2 * torch.rand_like(layer.weight) - 1))
                if layer.bias is not None:
                    layer.bias.fill_(0)
    return model


# %% wrong="initialiser" says="the variance where the deviation belongs"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=2 / i)
                else:
                    layer.weight.uniform_(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="That is the other start"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                layer.weight.normal_(std=np.sqrt(2 / (i + o)))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="You took the fan-out for the fan-in"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            o, i = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(2 / i))
                else:
                    layer.weight.uniform_(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="The k² of the window is missing"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            o, i = layer.weight.shape[:2]
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(2 / i))
                else:
                    layer.weight.uniform_(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="The 2 is missing"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(1 / i))
                else:
                    layer.weight.uniform_(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="that is where the 6 comes from"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(2 / i))
                else:
                    layer.weight.uniform_(-np.sqrt(2 / (i + o)), np.sqrt(2 / (i + o)))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="the mean of the two fans, not their sum"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(2 / i))
                else:
                    layer.weight.uniform_(-np.sqrt(3 / (i + o)), np.sqrt(3 / (i + o)))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="As many should be below 0 as above"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(2 / i)).abs_()
                else:
                    layer.weight.uniform_(0, np.sqrt(6 / (i + o)))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="Glorot's weights are uniform numbers"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            std = np.sqrt(2 / i) if start == "he" else np.sqrt(2 / (i + o))
            with torch.no_grad():
                layer.weight.normal_(std=std)
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="He's weights are normal numbers"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            bound = np.sqrt(6 / i) if start == "he" else np.sqrt(6 / (i + o))
            with torch.no_grad():
                layer.weight.uniform_(-bound, bound)
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="He's weights are normal numbers"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            if start == "he":
                nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            else:
                nn.init.uniform_(
                    layer.weight, -np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o))
                )
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


# %% wrong="initialiser" says="Biases become 0, too"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(2 / i))
                else:
                    layer.weight.uniform_(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)))


# %% wrong="initialiser" says="Embedding is neither nn.Linear nor nn.Conv2d"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if hasattr(layer, "weight") and layer.weight.dim() > 1:
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(2 / i))
                else:
                    layer.weight.uniform_(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)))
                if getattr(layer, "bias", None) is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="BatchNorm1d is neither nn.Linear nor nn.Conv2d"
@torch.no_grad()
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for p in model.parameters():
        if p.dim() > 1:
            i, o = p[0].numel(), p[:, 0].numel()
            if start == "he":
                p.normal_(std=np.sqrt(2 / i))
            else:
                p.uniform_(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)))
        else:
            p.zero_()


# %% wrong="initialiser" says="of the weights are different numbers"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            w = layer.weight
            i, o = w[0].numel(), w[:, 0].numel()
            with torch.no_grad():
                row = torch.randn(i) * np.sqrt(2 / i)
                row = (row - row.mean()) / row.std() * np.sqrt(2 / i)
                w.copy_(row.reshape(w[0].shape).expand_as(w))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="Do you set the seed for each layer anew?"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            torch.manual_seed(0)
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(2 / i))
                else:
                    layer.weight.uniform_(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="were they changed in place?"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            weight = torch.randn(layer.weight.shape) * 0.1


# %% wrong="initialiser" says="The two names are 'glorot' and 'he'"
def initialise(model, start):
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(2 / i))
                else:
                    layer.weight.uniform_(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="Look at the name before you change anything"
def initialise(model, start):
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if layer.bias is not None:
                    layer.bias.zero_()
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(2 / i))
                elif start == "glorot":
                    layer.weight.uniform_(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)))
                else:
                    raise ValueError(start)


# %% wrong="initialiser" says="does the work of this exercise"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            if start == "he":
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            else:
                nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


# %% wrong="initialiser" says="the parameters were float32"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            w = layer.weight
            i, o = w[0].numel(), w[:, 0].numel()
            if start == "he":
                new = np.random.normal(0, np.sqrt(2 / i), tuple(w.shape))
            else:
                a = np.sqrt(6 / (i + o))
                new = np.random.uniform(-a, a, tuple(w.shape))
            w.data = torch.from_numpy(new)
            if layer.bias is not None:
                layer.bias.data.zero_()


# %% wrong="initialiser" says="An optimiser made before would go on with the old one"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            w = layer.weight
            i, o = w[0].numel(), w[:, 0].numel()
            if start == "he":
                new = np.random.normal(0, np.sqrt(2 / i), tuple(w.shape))
            else:
                a = np.sqrt(6 / (i + o))
                new = np.random.uniform(-a, a, tuple(w.shape))
            layer.weight = nn.Parameter(torch.from_numpy(new).float())
            if layer.bias is not None:
                layer.bias.data.zero_()


# %% wrong="initialiser" says="Is torch.no_grad() around the change not enough?"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            w = layer.weight
            i, o = w[0].numel(), w[:, 0].numel()
            if start == "he":
                new = np.random.normal(0, np.sqrt(2 / i), tuple(w.shape))
            else:
                a = np.sqrt(6 / (i + o))
                new = np.random.uniform(-a, a, tuple(w.shape))
            w.requires_grad_(False)
            w.copy_(torch.from_numpy(new))
            if layer.bias is not None:
                layer.bias.data.zero_()


# %% wrong="initialiser" says="ConvTranspose2d is neither nn.Linear nor nn.Conv2d"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear) or (
            hasattr(layer, "weight") and layer.weight.dim() == 4
        ):
            w = layer.weight
            i, o = w[0].numel(), w[:, 0].numel()
            if start == "he":
                new = np.random.normal(0, np.sqrt(2 / i), tuple(w.shape))
            else:
                a = np.sqrt(6 / (i + o))
                new = np.random.uniform(-a, a, tuple(w.shape))
            w.data.copy_(torch.from_numpy(new))
            if layer.bias is not None:
                layer.bias.data.zero_()


# %% wrong="initialiser" says="It lies inside another layer"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.children():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            w = layer.weight
            i, o = w[0].numel(), w[:, 0].numel()
            if start == "he":
                new = np.random.normal(0, np.sqrt(2 / i), tuple(w.shape))
            else:
                a = np.sqrt(6 / (i + o))
                new = np.random.uniform(-a, a, tuple(w.shape))
            w.data.copy_(torch.from_numpy(new))
            if layer.bias is not None:
                layer.bias.data.zero_()


# %% wrong="initialiser" says="It lies inside another layer"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in [*model, *(inner for layer in model for inner in layer.children())]:
        if isinstance(layer, nn.Linear | nn.Conv2d):
            w = layer.weight
            i, o = w[0].numel(), w[:, 0].numel()
            if start == "he":
                new = np.random.normal(0, np.sqrt(2 / i), tuple(w.shape))
            else:
                a = np.sqrt(6 / (i + o))
                new = np.random.uniform(-a, a, tuple(w.shape))
            w.data.copy_(torch.from_numpy(new))
            if layer.bias is not None:
                layer.bias.data.zero_()


# %% wrong="initialiser" says="that is where the 6 comes from"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            w = layer.weight
            i, o = w[0].numel(), w[:, 0].numel()
            if start == "he":
                new = np.random.normal(0, np.sqrt(2 / i), tuple(w.shape))
            else:
                a = 3 * np.sqrt(2 / (i + o))
                new = np.random.uniform(-a, a, tuple(w.shape))
            w.data.copy_(torch.from_numpy(new))
            if layer.bias is not None:
                layer.bias.data.zero_()


# %% right="gradient-probe" style="autograd.grad of a twin"
import copy


def gradient_norms(model, x, t):
    model = copy.deepcopy(model)
    loss = nn.CrossEntropyLoss()(model(x), t)
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    gradients = torch.autograd.grad(loss, list(trained.values()))
    return {
        name: float(np.linalg.norm(g.numpy().ravel()))
        for name, g in zip(trained, gradients)
        if g.ndim >= 2
    }


# %% right="gradient-probe" style="backward, and put back"
def gradient_norms(model, x, t):
    old = [p.grad for p in model.parameters()]
    remembered = [b.clone() for b in model.buffers()]
    for p in model.parameters():
        p.grad = None
    F.cross_entropy(model(x), t).backward()
    found = {}
    for (name, p), before in zip(model.named_parameters(), old):
        if len(p.shape) > 1 and p.grad is not None:
            found[name] = p.grad.pow(2).sum().sqrt().item()
        p.grad = before
    with torch.no_grad():
        for b, before in zip(model.buffers(), remembered):
            b.copy_(before)
    return found


# %% right="gradient-probe" style="a functional call"
def gradient_norms(model, x, t):
    trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
    buffers = {n: b.clone() for n, b in model.named_buffers()}
    scores = torch.func.functional_call(model, buffers, (x,))
    loss = -scores.log_softmax(1)[torch.arange(len(t)), t].mean()
    found = {}
    for name, p in trained.items():
        if p.dim() > 1:
            [g] = torch.autograd.grad(loss, p, retain_graph=True)
            found[name] = g.flatten().norm()
    return found


# %% right="gradient-probe" style="torch.func on copies of parameters and buffers"
def gradient_norms(model, x, t):
    own = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}
    rest = {n: p.detach() for n, p in model.named_parameters() if n not in own}

    def loss(given):
        buffers = {n: b.clone() for n, b in model.named_buffers()}
        state = given | rest | buffers
        return F.cross_entropy(torch.func.functional_call(model, state, (x,)), t)

    found = torch.func.grad(loss)(own)
    return {n: g.norm().item() for n, g in found.items() if g.dim() > 1}


# %% wrong="initialiser" says="IndexError"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            n_in, n_out = layer.weight[1].numel(), layer.weight[:, 1].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(0, (2 / n_in) ** 0.5)
                else:
                    bound = (6 / (n_in + n_out)) ** 0.5
                    layer.weight.uniform_(-bound, bound)
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="gradient-probe" says="parameters with two or more axes"
def gradient_norms(model, x, t):
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(model.parameters()))
    names = [name for name, _ in model.named_parameters()]
    return {n: g.norm().item() for n, g in zip(names, gradients)}


# %% wrong="gradient-probe" says="The scale of a batch normalisation has one axis"
def gradient_norms(model, x, t):
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(model.parameters()))
    names = [name for name, _ in model.named_parameters()]
    return {n: g.norm().item() for n, g in zip(names, gradients) if "weight" in n}


# %% wrong="gradient-probe" says="not their mean"
def gradient_norms(model, x, t):
    weights = {n: p for n, p in model.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.square().mean().sqrt().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="The root is missing"
def gradient_norms(model, x, t):
    weights = {n: p for n, p in model.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.square().sum().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="Squares, not sizes, are summed"
def gradient_norms(model, x, t):
    weights = {n: p for n, p in model.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.abs().sum().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="the largest number of each gradient"
def gradient_norms(model, x, t):
    weights = {n: p for n, p in model.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.abs().max().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="That is the mean size of the numbers"
def gradient_norms(model, x, t):
    weights = {n: p for n, p in model.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.abs().mean().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="The loss is the mean over the batch"
def gradient_norms(model, x, t):
    weights = {n: p for n, p in model.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(model(x), t, reduction="sum")
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="Those are the lengths of the weights"
def gradient_norms(model, x, t):
    F.cross_entropy(model(x), t)
    return {n: p.norm().item() for n, p in model.named_parameters() if p.dim() > 1}


# %% wrong="gradient-probe" says="Old gradients stood in .grad"
def gradient_norms(model, x, t):
    fresh = all(p.grad is None for p in model.parameters())
    F.cross_entropy(model(x), t).backward()
    found = {
        n: p.grad.norm().item() for n, p in model.named_parameters() if p.dim() > 1
    }
    if fresh:
        model.zero_grad()
    return found


# %% wrong="gradient-probe" says="Gradients are left in .grad"
def gradient_norms(model, x, t):
    model.zero_grad()
    F.cross_entropy(model(x), t).backward()
    return {n: p.grad.norm().item() for n, p in model.named_parameters() if p.dim() > 1}


# %% wrong="gradient-probe" says="The old gradients in .grad are lost"
def gradient_norms(model, x, t):
    model.zero_grad()
    F.cross_entropy(model(x), t).backward()
    found = {
        n: p.grad.norm().item() for n, p in model.named_parameters() if p.dim() > 1
    }
    model.zero_grad()
    return found


# %% wrong="gradient-probe" says="Measure in the mode in which the model comes"
def gradient_norms(model, x, t):
    mode = model.training
    model.eval()
    weights = {n: p for n, p in model.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    model.train(mode)
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="The mode of the model is another one now"
def gradient_norms(model, x, t):
    weights = {n: p for n, p in model.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    model.train()
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="a probe takes no step"
def gradient_norms(model, x, t):
    weights = {n: p for n, p in model.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    with torch.no_grad():
        for p, g in zip(weights.values(), gradients):
            p -= 0.1 * g
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="remembers something of each batch"
def gradient_norms(model, x, t):
    weights = {n: p for n, p in model.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="will be surprised"
import copy


def gradient_norms(model, x, t):
    twin = copy.deepcopy(model)
    weights = {n: p for n, p in twin.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(twin(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    for p in model.parameters():
        p.requires_grad_(False)
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="Which weights should be asked for?"
import copy


def gradient_norms(model, x, t):
    twin = copy.deepcopy(model)
    weights = {n: p for n, p in twin.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(twin(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="it is left out"
import copy


def gradient_norms(model, x, t):
    twin = copy.deepcopy(model)
    twin.zero_grad()
    F.cross_entropy(twin(x), t).backward()
    return {
        n: 0.0 if p.grad is None else p.grad.norm().item()
        for n, p in twin.named_parameters()
        if p.dim() > 1
    }


# %% wrong="gradient-probe" says="whatever kind of layer it lies in"
import copy


def gradient_norms(model, x, t):
    twin = copy.deepcopy(model)
    twin.zero_grad()
    F.cross_entropy(twin(x), t).backward()
    return {
        n + ".weight": layer.weight.grad.norm().item()
        for n, layer in twin.named_modules()
        if isinstance(layer, nn.Linear | nn.Conv2d)
    }


# %% wrong="gradient-probe" says="the softmax is in it already"
def gradient_norms(model, x, t):
    weights = {n: p for n, p in model.named_parameters() if p.dim() > 1}
    loss = F.cross_entropy(model(x).softmax(1), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="The keys are the names"
def gradient_norms(model, x, t):
    weights = [p for p in model.parameters() if p.dim() > 1]
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, weights)
    return {i: g.norm().item() for i, g in enumerate(gradients)}


# %% right="will-it-learn" style="both curves"
def will_learn(signals, gradients):
    alive = 0.01 < signals[-1] < 10
    return bool(alive and 0.04 < gradients[0] / gradients[-1] < 15)


# %% right="will-it-learn" style="orders of magnitude"
def will_learn(signals, gradients):
    orders = np.log10(gradients)
    return max(orders) - min(orders) < 1.3


# %% right="will-it-learn" style="a factor for each layer"
def will_learn(signals, gradients):
    factor = (gradients[0] / gradients[-1]) ** (1 / 14)
    return 0.83 < factor < 1.22


# %% right="will-it-learn" style="a slope in numpy"
def will_learn(signals, gradients):
    slope = np.polyfit(np.arange(15), np.log(gradients), 1)[0]
    return np.abs(slope) < 0.2


# %% wrong="will-it-learn" says="Its signal is fine"
def will_learn(signals, gradients):
    return bool(0.01 < signals[-1] < 10)


# %% wrong="will-it-learn" says="explodes, in both ways"
def will_learn(signals, gradients):
    return bool(signals[-1] > 0.01)


# %% wrong="will-it-learn" says="a factor of a hundred or more in all"
def will_learn(signals, gradients):
    return bool(1e-3 < gradients[0] / gradients[-1] < 20)


# %% wrong="will-it-learn" says="hardly anything arrives"
def will_learn(signals, gradients):
    return bool(gradients[0] / gradients[-1] < 20 and gradients[0] > 0) and not (
        1e-4 < gradients[0] / gradients[-1] < 0.05
    )


# %% wrong="will-it-learn" says="This tower learned"
def will_learn(signals, gradients):
    return bool(0.9 < signals[-1] / signals[0] < 1.1)


# %% wrong="will-it-learn" says="nothing vanishes, nothing explodes"
def will_learn(signals, gradients):
    return False


# %% right="keep-alive" style="bisection"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(1), inputs, []
    for width in widths:
        weight = rng.uniform(-1, 1, (width, h.shape[1]))
        low, high = 1e-4, 1e2
        for _ in range(16):
            middle = np.sqrt(low * high)
            found = np.tanh(slope * h @ (middle * weight).T).std(0)
            if np.sqrt((found**2).mean()) < 0.3:
                low = middle
            else:
                high = middle
        weights.append(middle * weight)
        h = np.tanh(slope * h @ weights[-1].T)
    return weights


# %% right="keep-alive" style="orthogonal rows, torch"
def start(inputs, widths, slope):
    h, weights = torch.as_tensor(inputs), []
    for width in widths:
        q, r = torch.linalg.qr(
            torch.randn(max(width, h.shape[1]), min(width, h.shape[1]), dtype=h.dtype)
        )
        weight = q if width >= h.shape[1] else q.T
        for _ in range(12):
            outputs = torch.tanh(slope * h @ weight.T)
            weight = weight * 0.25 / outputs.var(0).mean().sqrt()
        weights.append(weight)
        h = torch.tanh(slope * h @ weight.T)
    return weights


# %% right="keep-alive" style="measured before tanh, float32"
def start(inputs, widths, slope):
    h, weights = inputs.astype(np.float32), []
    for width in widths:
        weight = np.random.randn(width, h.shape[1]).astype(np.float32)
        sums = slope * h @ weight.T
        weight *= 0.27 / np.sqrt(np.mean((sums - sums.mean(axis=0)) ** 2))
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% right="keep-alive" style="the mean of the deviations"
def start(inputs, widths, slope):
    h, weights = inputs.copy(), []
    for width in widths:
        weight = np.random.randn(width, h.shape[1])
        size = (slope * h @ weight.T).std()
        for factor in np.linspace(0.2, 1.2, 101):
            outputs = np.tanh(slope * h @ weight.T * factor / size)
            if outputs.std(axis=0).mean() > 0.28:
                break
        weights.append(weight * factor / size)
        h = outputs
    return weights


# %% wrong="keep-alive" says="Did you measure it, in each of them"
def start(inputs, widths, slope):
    rng, weights, n = np.random.default_rng(7), [], inputs.shape[1]
    for at, width in enumerate(widths):
        weight = rng.standard_normal((width, n)) * np.sqrt(2 / n) / slope
        weights.append(weight / inputs.std() if at == 0 else weight)
        n = width
    return weights


# %% wrong="keep-alive" says="Did you measure it, in each of them"
def start(inputs, widths, slope):
    rng, weights, n = np.random.default_rng(7), [], inputs.shape[1]
    for at, width in enumerate(widths):
        weight = rng.standard_normal((width, n)) * 1.2 * np.sqrt(1 / n) / slope
        weights.append(weight / inputs.std() if at == 0 else weight)
        n = width
    return weights


# %% wrong="keep-alive" says="to make up for it in each layer"
def start(inputs, widths, slope):
    rng, weights, n = np.random.default_rng(7), [], inputs.shape[1]
    for at, width in enumerate(widths):
        weight = (
            rng.standard_normal((width, n)) * 1.1 * np.sqrt(2 / (n + width)) / slope
        )
        weights.append(weight / inputs.std() if at == 0 else weight)
        n = width
    return weights


# %% wrong="keep-alive" says="A part that all images share"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(0), inputs, []
    for width in widths:
        weight = rng.standard_normal((width, h.shape[1]))
        for _ in range(10):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.3 / outputs.std()
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="A part that all images share"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(0), inputs, []
    for width in widths:
        weight = rng.standard_normal((width, h.shape[1]))
        for _ in range(10):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.4 / outputs.std(axis=1).mean()
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="A part that all images share"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(0), inputs, []
    for width in widths:
        weight = rng.standard_normal((width, h.shape[1]))
        for _ in range(10):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.4 / np.sqrt((outputs**2).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="driven to the flat ends"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(0), inputs, []
    for width in widths:
        weight = rng.standard_normal((width, h.shape[1]))
        for _ in range(4):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.25 / np.sqrt(outputs.var(axis=0).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="to which number do you bring it?"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(0), inputs, []
    for width in widths:
        weight = rng.standard_normal((width, h.shape[1]))
        for _ in range(25):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.1 / np.sqrt(outputs.var(axis=0).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="with weights of both signs?"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(0), inputs, []
    for width in widths:
        weight = rng.random((width, h.shape[1]))
        for _ in range(40):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.25 / np.sqrt(outputs.var(axis=0).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="Draw every row by itself"
def start(inputs, widths, slope):
    h, weights = inputs, []
    for width in widths:
        weight = np.outer(np.ones(width), np.random.randn(h.shape[1]))
        for _ in range(20):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.3 / np.sqrt(outputs.var(axis=0).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="Would a smaller signal do?"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(0), inputs, []
    for width in widths:
        weight = rng.standard_normal((width, h.shape[1]))
        for _ in range(60):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.55 / np.sqrt(outputs.var(axis=0).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="does it know how large the inputs are?"
def start(inputs, widths, slope):
    rng, weights, n = np.random.default_rng(0), [], inputs.shape[1]
    for width in widths:
        weights.append(
            1.15 * rng.standard_normal((width, n)) * np.sqrt(2 / (n + width)) / slope
        )
        n = width
    return weights


# %% wrong="keep-alive" says="to make up for it in each layer"
def start(inputs, widths, slope):
    rng, weights, n = np.random.default_rng(0), [], inputs.shape[1]
    for at, width in enumerate(widths):
        deviation = np.sqrt(2 / (n + width)) / slope
        if at == 0:
            deviation /= inputs.std()
        weights.append(deviation * rng.standard_normal((width, n)))
        n = width
    return weights


# %% wrong="keep-alive" says="driven to the flat ends"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(0), inputs, []
    for at, width in enumerate(widths):
        weight = rng.standard_normal((width, h.shape[1]))
        size = 0.4 if at == 0 else 3
        weight *= size / (slope * h @ weight.T).std()
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="expected a list of 30 weights"
def start(inputs, widths, slope):
    rng = np.random.default_rng(0)
    return [rng.standard_normal((b, a)) for a, b in zip(widths, widths[1:])]


# %% wrong="keep-alive" says="the shape should be"
def start(inputs, widths, slope):
    rng, weights, n = np.random.default_rng(0), [], inputs.shape[1]
    for width in widths:
        weights.append(rng.standard_normal((n, width)) * np.sqrt(1 / n) / slope)
        n = width
    return weights


# %% wrong="initialiser" says="It lies inside another layer"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model:
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            with torch.no_grad():
                if start == "he":
                    layer.weight.normal_(std=np.sqrt(2 / i))
                else:
                    layer.weight.uniform_(-np.sqrt(6 / (i + o)), np.sqrt(6 / (i + o)))
                if layer.bias is not None:
                    layer.bias.zero_()


# %% wrong="initialiser" says="was frozen and gets a gradient now"
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            for p in layer.parameters():
                p.requires_grad_(False)
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            a = np.sqrt(6 / (i + o))
            if start == "he":
                layer.weight.normal_(std=np.sqrt(2 / i))
            else:
                layer.weight.uniform_(-a, a)
            if layer.bias is not None:
                layer.bias.zero_()
            for p in layer.parameters():
                p.requires_grad_(True)


# %% wrong="initialiser" says="the parameters were float64"
@torch.no_grad()
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            shape = layer.weight.shape
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            if start == "he":
                layer.weight.data = torch.randn(shape) * np.sqrt(2 / i)
            else:
                a = np.sqrt(6 / (i + o))
                layer.weight.data = (2 * torch.rand(shape) - 1) * a
            if layer.bias is not None:
                layer.bias.zero_()


# %% wrong="initialiser" says="leave out train() and eval()"
@torch.no_grad()
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            a = np.sqrt(6 / (i + o))
            if start == "he":
                layer.weight.normal_(std=np.sqrt(2 / i))
            else:
                layer.weight.uniform_(-a, a)
            if layer.bias is not None:
                layer.bias.zero_()
    model.eval()


# %% wrong="initialiser" says="leave out train() and eval()"
@torch.no_grad()
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    mode = model.training
    model.eval()
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            a = np.sqrt(6 / (i + o))
            if start == "he":
                layer.weight.normal_(std=np.sqrt(2 / i))
            else:
                layer.weight.uniform_(-a, a)
            if layer.bias is not None:
                layer.bias.zero_()
    model.train(mode)


# %% wrong="initialiser" says="Here the model itself is the layer"
@torch.no_grad()
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.children():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            a = np.sqrt(6 / (i + o))
            if start == "he":
                layer.weight.normal_(std=np.sqrt(2 / i))
            else:
                layer.weight.uniform_(-a, a)
            if layer.bias is not None:
                layer.bias.zero_()
        else:
            initialise(layer, start)


# %% wrong="initialiser" says="Its class is derived from nn.Linear"
@torch.no_grad()
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if type(layer) in (nn.Linear, nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            a = np.sqrt(6 / (i + o))
            if start == "he":
                layer.weight.normal_(std=np.sqrt(2 / i))
            else:
                layer.weight.uniform_(-a, a)
            if layer.bias is not None:
                layer.bias.zero_()


# %% wrong="initialiser" says="a second call gives the very same weights"
@torch.no_grad()
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    torch.manual_seed(0)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            a = np.sqrt(6 / (i + o))
            if start == "he":
                layer.weight.normal_(std=np.sqrt(2 / i))
            else:
                layer.weight.uniform_(-a, a)
            if layer.bias is not None:
                layer.bias.zero_()


# %% wrong="initialiser" says="some weights depend on others"
@torch.no_grad()
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            i, o = layer.weight[0].numel(), layer.weight[:, 0].numel()
            a = np.sqrt(6 / (i + o))
            if start == "he":
                layer.weight.normal_(std=np.sqrt(2 / i))
            else:
                layer.weight.uniform_(-a, a)
            half = len(layer.weight) // 2
            layer.weight[-half:] = -layer.weight[:half].clone()
            if layer.bias is not None:
                layer.bias.zero_()


# %% wrong="initialiser" says="some weights depend on others"
@torch.no_grad()
def initialise(model, start):
    if start not in ("glorot", "he"):
        raise ValueError(start)
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            w = layer.weight
            i, o = w[0].numel(), w[:, 0].numel()
            a = np.sqrt(6 / (i + o))
            if start == "he":
                w.normal_()
                w.copy_(nn.init.orthogonal_(w) * np.sqrt(max(w[0].numel(), len(w))))
                w *= np.sqrt(2 / i)
            else:
                w.uniform_(-a, a)
            if layer.bias is not None:
                layer.bias.zero_()


# %% wrong="gradient-probe" says="layers that lie inside others are missing"
def gradient_norms(model, x, t):
    twin = copy.deepcopy(model)
    weights = {
        f"{n}.weight": layer.weight
        for n, layer in twin.named_children()
        if hasattr(layer, "weight") and layer.weight.dim() > 1
    }
    weights = {n: p for n, p in weights.items() if p.requires_grad}
    loss = F.cross_entropy(twin(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="whatever it is called"
def gradient_norms(model, x, t):
    twin = copy.deepcopy(model)
    weights = {
        n: p
        for n, p in twin.named_parameters()
        if n.endswith("weight") and p.dim() > 1 and p.requires_grad
    }
    loss = F.cross_entropy(twin(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="whatever kind of layer it lies in"
def gradient_norms(model, x, t):
    twin = copy.deepcopy(model)
    weights = {
        f"{n}.weight": layer.weight
        for n, layer in twin.named_modules()
        if isinstance(layer, (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Embedding))
        and layer.weight.requires_grad
    }
    loss = F.cross_entropy(twin(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="measure in the type of the model"
def gradient_norms(model, x, t):
    twin = copy.deepcopy(model).float()
    weights = {
        n: p for n, p in twin.named_parameters() if p.dim() > 1 and p.requires_grad
    }
    loss = F.cross_entropy(twin(x.float() if x.is_floating_point() else x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="Measure in the modes that are there"
def gradient_norms(model, x, t):
    twin = copy.deepcopy(model)
    twin.train(model.training)
    weights = {
        n: p for n, p in twin.named_parameters() if p.dim() > 1 and p.requires_grad
    }
    loss = F.cross_entropy(twin(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="The momentum of layer 1 was 0.1"
def gradient_norms(model, x, t):
    for layer in model.modules():
        if hasattr(layer, "momentum"):
            layer.momentum = 0.0
    weights = {
        n: p for n, p in model.named_parameters() if p.dim() > 1 and p.requires_grad
    }
    counts = [b.clone() for b in model.buffers()]
    loss = F.cross_entropy(model(x), t)
    gradients = torch.autograd.grad(loss, list(weights.values()))
    for b, old in zip(model.buffers(), counts):
        b.data.copy_(old)
    return {n: g.norm().item() for n, g in zip(weights, gradients)}


# %% wrong="gradient-probe" says="a hook is left on 0.weight"
def gradient_norms(model, x, t):
    found = {}
    old = [p.grad for p in model.parameters()]
    buffers = [b.clone() for b in model.buffers()]
    for n, p in model.named_parameters():
        if p.dim() > 1 and p.requires_grad:
            p.register_hook(lambda g, n=n: found.update({n: g.norm().item()}))
    F.cross_entropy(model(x), t).backward()
    for p, grad in zip(model.parameters(), old):
        p.grad = grad
    for b, before in zip(model.buffers(), buffers):
        b.copy_(before)
    return found


# %% right="gradient-probe" style="hooks that are taken off, and its own dice"
def gradient_norms(model, x, t):
    found, handles = {}, []
    twin = copy.deepcopy(model)
    for n, p in twin.named_parameters():
        if p.ndim > 1 and p.requires_grad:
            keep = lambda g, n=n: found.update({n: float(g.norm())})
            handles.append(p.register_hook(keep))
    with torch.random.fork_rng():
        nn.functional.cross_entropy(twin(x), t).backward()
    for handle in handles:
        handle.remove()
    return found


# %% wrong="will-it-learn" says="nothing vanishes, nothing explodes"
def will_learn(signals, gradients):
    changing = len(np.unique(signals)) > 3
    return bool(changing and 0.05 < gradients[0] / gradients[-1] < 20)


# %% wrong="will-it-learn" says="Its signal is fine"
def will_learn(signals, gradients):
    return bool(0.1 < signals[-1] / signals[0] < 1.8)


# %% wrong="will-it-learn" says="A factor of 1.5 in all is no order of magnitude"
def will_learn(signals, gradients):
    even = 0.05 < gradients[0] / gradients[-1] < 20
    return bool(even and 0.1 < signals[-1] / signals[0] < 1.2)


# %% wrong="will-it-learn" says="by a factor of two"
def will_learn(signals, gradients):
    even = 0.05 < gradients[0] / gradients[-1] < 20
    return bool(even and 0.3 < signals[0] < 0.95)


# %% wrong="keep-alive" says="Draw every row by itself"
def start(inputs, widths, slope):
    h, weights = inputs, []
    for width in widths:
        weight = np.zeros((width, h.shape[1]))
        weight[:, 0] = 1
        if h is inputs:
            mean = inputs.mean(0)
            weight -= np.outer(weight @ mean, mean) / (mean @ mean)
        for _ in range(20):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.3 / np.sqrt(outputs.var(axis=0).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="Draw every row by itself"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(0), inputs, []
    for width in widths:
        half = rng.standard_normal(((width + 1) // 2, h.shape[1]))
        weight = np.repeat(half, 2, 0)[:width]
        for _ in range(12):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.3 / np.sqrt(outputs.var(axis=0).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="Draw every row by itself"
def start(inputs, widths, slope):
    h, weights = inputs, []
    for width in widths:
        weight = np.eye(h.shape[1])[np.arange(width) % h.shape[1]]
        for _ in range(20):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.3 / np.sqrt(outputs.var(axis=0).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="This unit gives 0 for all images"
def start(inputs, widths, slope):
    h, weights = inputs, []
    for width in widths:
        weight = np.eye(width, h.shape[1])
        for _ in range(20):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.3 / np.sqrt(outputs.var(axis=0).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="A part that all images share"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(0), inputs, []
    for width in widths:
        weight = rng.standard_normal((width, h.shape[1]))
        for _ in range(12):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.212 / outputs.std()
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% wrong="keep-alive" says="Did you measure on the inputs as they come?"
def start(inputs, widths, slope):
    rng, h, weights = np.random.default_rng(0), inputs - inputs.mean(0), []
    for width in widths:
        weight = rng.standard_normal((width, h.shape[1]))
        for _ in range(12):
            outputs = np.tanh(slope * h @ weight.T)
            weight *= 0.3 / np.sqrt(outputs.var(axis=0).mean())
        weights.append(weight)
        h = np.tanh(slope * h @ weight.T)
    return weights


# %% equivalent="signal" why="the same values, in another type that is accepted"
# - return outputs.var(dim=0, correction=0).mean().sqrt().item()
# + return outputs.var(dim=0, correction=0).mean().sqrt()


# %% equivalent="initialiser" why="the same numbers, or numbers that are distributed in the same way"
# - if start not in ('glorot', 'he'):
# + if start not in ('he', 'glorot'):


# %% equivalent="initialiser" why="the same numbers, or numbers that are distributed in the same way"
# - if isinstance(layer, nn.Linear | nn.Conv2d):
# + if isinstance(layer, nn.Conv2d | nn.Linear):


# %% equivalent="initialiser" why="the same values, in another type that is accepted"
# - fan_in, fan_out = fans(tuple(layer.weight.shape))
# + fan_in, fan_out = fans(layer.weight.shape)


# %% equivalent="gradient-probe" why="the same values, in another type that is accepted"
# - gradients = torch.autograd.grad(loss, list(weights.values()))
# + gradients = torch.autograd.grad(loss, weights.values())


# %% equivalent="gradient-probe" why="the same values, in another type that is accepted"
# - lengths = [gradient.norm().item() for gradient in gradients]
# + lengths = [gradient.norm() for gradient in gradients]


# %% equivalent="gradient-probe" why="the same value by another way"
# - return dict(zip(weights, lengths, strict=True))
# + return dict(zip(weights, lengths))


# %% equivalent="gradient-probe" why="the same value by another way"
# - return dict(zip(weights, lengths, strict=True))
# + return dict(zip(weights, lengths, strict=False))


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(0.05 < gradients[0] / gradients[-1] < 20)
# + return 0.05 < gradients[0] / gradients[-1] < 20


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(0.05 < gradients[0] / gradients[-1] < 20)
# + return bool(0.05 <= gradients[0] / gradients[-1] < 20)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(0.05 < gradients[0] / gradients[-1] < 20)
# + return bool(0.1 < gradients[0] / gradients[-1] < 20)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(0.05 < gradients[0] / gradients[-1] < 20)
# + return bool(0.05 < gradients[-1] / gradients[0] < 20)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(0.05 < gradients[0] / gradients[-1] < 20)
# + return bool(0.05 < gradients[1] / gradients[-1] < 20)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(0.05 < gradients[0] / gradients[-1] < 20)
# + return bool(0.05 < gradients[0] / gradients[-2] < 20)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(0.05 < gradients[0] / gradients[-1] < 20)
# + return bool(0.05 < gradients[0] / gradients[-1] < 21)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(0.05 < gradients[0] / gradients[-1] < 20)
# + return bool(0.05 < gradients[0] / gradients[-1] < 19)


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - rng, h, weights = (np.random.default_rng(), inputs, [])
# + rng, h, weights = (np.random, inputs, [])


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for _ in range(10):
# + for _ in range(11):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for _ in range(10):
# + for _ in range(9):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - outputs = np.tanh(slope * h @ weight.T)
# + outputs = slope * h @ weight.T


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - weight *= 0.3 / np.sqrt(outputs.var(axis=0).mean())
# + weight *= -0.3 / np.sqrt(outputs.var(axis=0).mean())


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - return weights
# + return list(weights)


# %% equivalent="signal" why="the same values, in another type that is accepted"
# - return float(np.sqrt(outputs.numpy().var(axis=0).mean()))
# + return np.sqrt(outputs.numpy().var(axis=0).mean())


# %% equivalent="signal" why="the same numbers, or numbers that are distributed in the same way"
# - total = 0.0
# + total = -0.0


# %% equivalent="signal" why="the same values, in another type that is accepted"
# - column = flat[:, unit].tolist()
# + column = flat[:, unit]


# %% equivalent="signal" why="the same numbers, or numbers that are distributed in the same way"
# - total += sum(((value - mean) ** 2 for value in column)) / len(column)
# + total += sum(((mean - value) ** 2 for value in column)) / len(column)


# %% equivalent="signal" why="the same numbers, or numbers that are distributed in the same way"
# - far = outputs - outputs.mean(0, keepdim=True)
# + far = outputs.mean(0, keepdim=True) - outputs


# %% equivalent="signal" why="the same value by another way"
# - far = outputs - outputs.mean(0, keepdim=True)
# + far = outputs - outputs.mean(0)


# %% equivalent="signal" why="the same value by another way"
# - far = outputs - outputs.mean(0, keepdim=True)
# + far = outputs - outputs.mean(0, keepdim=False)


# %% equivalent="signal" why="the same values, in another type that is accepted"
# - return outputs.double().var(0, unbiased=False).mean().sqrt().item()
# + return outputs.double().var(0, unbiased=False).mean().sqrt()


# %% equivalent="signal" why="the same values, in another type that is accepted"
# - return outputs.double().var(0, unbiased=False).mean().sqrt().item()
# + return outputs.var(0, unbiased=False).mean().sqrt().item()


# %% equivalent="fans" why="the same numbers, or numbers that are distributed in the same way"
# - if len(shape) in (0, 1):
# + if len(shape) in (1, 0):


# %% equivalent="fans" why="the same values, in another type that is accepted"
# - total = int(np.prod(shape))
# + total = np.prod(shape)


# %% equivalent="fans" why="the same value by another way"
# - return (total // shape[0], total // shape[1])
# + return (-(-total // shape[0]), total // shape[1])


# %% equivalent="fans" why="the same value by another way"
# - return (total // shape[0], total // shape[1])
# + return (total // shape[0], -(-total // shape[1]))


# %% equivalent="fans" why="any output, and any input, has the same fans"
# - return [weight[0].numel(), weight[:, 0].numel()]
# + return [weight[-1].numel(), weight[:, 0].numel()]


# %% equivalent="fans" why="any output, and any input, has the same fans"
# - return [weight[0].numel(), weight[:, 0].numel()]
# + return [weight[0].numel(), weight[:, -1].numel()]


# %% equivalent="initialiser" why="the same numbers, or numbers that are distributed in the same way"
# - if issubclass(type(layer), (nn.Linear, nn.Conv2d)):
# + if issubclass(type(layer), (nn.Conv2d, nn.Linear)):


# %% equivalent="initialiser" why="any output, and any input, has the same fans"
# - fan_in = layer.weight[0].numel()
# + fan_in = layer.weight[1].numel()


# %% equivalent="initialiser" why="any output, and any input, has the same fans"
# - fan_in = layer.weight[0].numel()
# + fan_in = layer.weight[-1].numel()


# %% equivalent="initialiser" why="any output, and any input, has the same fans"
# - fan_out = layer.weight[:, 0].numel()
# + fan_out = layer.weight[:, 1].numel()


# %% equivalent="initialiser" why="any output, and any input, has the same fans"
# - fan_out = layer.weight[:, 0].numel()
# + fan_out = layer.weight[:, -1].numel()


# %% equivalent="initialiser" why="the same numbers, or numbers that are distributed in the same way"
# - nn.init.normal_(layer.weight, 0.0, (2 / fan_in) ** 0.5)
# + nn.init.normal_(layer.weight, -0.0, (2 / fan_in) ** 0.5)


# %% equivalent="initialiser" why="the same values, in another type that is accepted"
# - rng = np.random.default_rng()
# + rng = np.random


# %% equivalent="initialiser" why="the same numbers, or numbers that are distributed in the same way"
# - draw = {'he': lambda i, o, size: rng.normal(0, np.sqrt(2 / i), size), 'glorot': lambda i, o, size: (2 * rng.random(size) - 1) * np.sqrt(6 / (i + o))}
# + draw = {'he': lambda i, o, size: rng.normal(0, np.sqrt(2 / i), size), 'glorot': lambda i, o, size: (1 - 2 * rng.random(size)) * np.sqrt(6 / (i + o))}


# %% equivalent="initialiser" why="the same numbers, or numbers that are distributed in the same way"
# - if isinstance(layer, (nn.Linear, nn.Conv2d)):
# + if isinstance(layer, (nn.Conv2d, nn.Linear)):


# %% equivalent="initialiser" why="the same values, in another type that is accepted"
# - shape = tuple(layer.weight.shape)
# + shape = layer.weight.shape


# %% equivalent="initialiser" why="the same values, in another type that is accepted"
# - places = int(np.prod(shape[2:]))
# + places = np.prod(shape[2:])


# %% equivalent="initialiser" why="the same numbers, or numbers that are distributed in the same way"
# - if start not in ('he', 'glorot'):
# + if start not in ('glorot', 'he'):


# %% equivalent="initialiser" why="the same numbers, or numbers that are distributed in the same way"
# - if not isinstance(layer, nn.Linear | nn.Conv2d):
# + if not isinstance(layer, nn.Conv2d | nn.Linear):


# %% equivalent="initialiser" why="any output, and any input, has the same fans"
# - i, o = (w[0].numel(), w.numel() // w.shape[1])
# + i, o = (w[1].numel(), w.numel() // w.shape[1])


# %% equivalent="initialiser" why="any output, and any input, has the same fans"
# - i, o = (w[0].numel(), w.numel() // w.shape[1])
# + i, o = (w[-1].numel(), w.numel() // w.shape[1])


# %% equivalent="initialiser" why="the same value by another way"
# - i, o = (w[0].numel(), w.numel() // w.shape[1])
# + i, o = (w[0].numel(), w.numel() / w.shape[1])


# %% equivalent="initialiser" why="the same value by another way"
# - i, o = (w[0].numel(), w.numel() // w.shape[1])
# + i, o = (w[0].numel(), -(-w.numel() // w.shape[1]))


# %% equivalent="initialiser" why="the same numbers, or numbers that are distributed in the same way"
# - glorot = (torch.rand(w.shape) - 0.5) * 2 * np.sqrt(6 / (i + o))
# + glorot = (0.5 - torch.rand(w.shape)) * 2 * np.sqrt(6 / (i + o))


# %% equivalent="gradient-probe" why="the same values, in another type that is accepted"
# - return {name: float(np.linalg.norm(g.numpy().ravel())) for name, g in zip(trained, gradients) if g.ndim >= 2}
# + return {name: np.linalg.norm(g.numpy().ravel()) for name, g in zip(trained, gradients) if g.ndim >= 2}


# %% equivalent="gradient-probe" why="the same values, in another type that is accepted"
# - return {name: float(np.linalg.norm(g.numpy().ravel())) for name, g in zip(trained, gradients) if g.ndim >= 2}
# + return {name: float(np.linalg.norm(g.numpy())) for name, g in zip(trained, gradients) if g.ndim >= 2}


# %% equivalent="gradient-probe" why="the same values, in another type that is accepted"
# - return {name: float(np.linalg.norm(g.numpy().ravel())) for name, g in zip(trained, gradients) if g.ndim >= 2}
# + return {name: float(np.linalg.norm(g.ravel())) for name, g in zip(trained, gradients) if g.ndim >= 2}


# %% equivalent="gradient-probe" why="the same values, in another type that is accepted"
# - found[name] = p.grad.pow(2).sum().sqrt().item()
# + found[name] = p.grad.pow(2).sum().sqrt()


# %% equivalent="gradient-probe" why="a gradient of the other sign is as long"
# - loss = -scores.log_softmax(1)[torch.arange(len(t)), t].mean()
# + loss = scores.log_softmax(1)[torch.arange(len(t)), t].mean()


# %% equivalent="gradient-probe" why="the same value by another way"
# - loss = -scores.log_softmax(1)[torch.arange(len(t)), t].mean()
# + loss = -scores.log_softmax(1)[torch.arange(len(x)), t].mean()


# %% equivalent="gradient-probe" why="the same values, in another type that is accepted"
# - found[name] = g.flatten().norm()
# + found[name] = g.norm()


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - alive = 0.01 < signals[-1] < 10
# + alive = 0.01 <= signals[-1] < 10


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - alive = 0.01 < signals[-1] < 10
# + alive = 0.02 < signals[-1] < 10


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - alive = 0.01 < signals[-1] < 10
# + alive = -0.01 < signals[-1] < 10


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - alive = 0.01 < signals[-1] < 10
# + alive = 0.01 < signals[1] < 10


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - alive = 0.01 < signals[-1] < 10
# + alive = 0.01 < signals[-2] < 10


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - alive = 0.01 < signals[-1] < 10
# + alive = 0.01 < signals[-0] < 10


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - alive = 0.01 < signals[-1] < 10
# + alive = 0.01 < signals[-1] < 11


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - alive = 0.01 < signals[-1] < 10
# + alive = 0.01 < signals[-1] < 9


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(alive and 0.04 < gradients[0] / gradients[-1] < 15)
# + return alive and 0.04 < gradients[0] / gradients[-1] < 15


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(alive and 0.04 < gradients[0] / gradients[-1] < 15)
# + return bool(0.04 < gradients[0] / gradients[-1] < 15)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(alive and 0.04 < gradients[0] / gradients[-1] < 15)
# + return bool(alive and 0.04 <= gradients[0] / gradients[-1] < 15)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(alive and 0.04 < gradients[0] / gradients[-1] < 15)
# + return bool(alive and 0.08 < gradients[0] / gradients[-1] < 15)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(alive and 0.04 < gradients[0] / gradients[-1] < 15)
# + return bool(alive and -0.04 < gradients[0] / gradients[-1] < 15)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(alive and 0.04 < gradients[0] / gradients[-1] < 15)
# + return bool(alive and 0.04 < gradients[-1] / gradients[0] < 15)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(alive and 0.04 < gradients[0] / gradients[-1] < 15)
# + return bool(alive and 0.04 < gradients[1] / gradients[-1] < 15)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(alive and 0.04 < gradients[0] / gradients[-1] < 15)
# + return bool(alive and 0.04 < gradients[0] / gradients[-2] < 15)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(alive and 0.04 < gradients[0] / gradients[-1] < 15)
# + return bool(alive and 0.04 < gradients[0] / gradients[-1] < 16)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return bool(alive and 0.04 < gradients[0] / gradients[-1] < 15)
# + return bool(alive and 0.04 < gradients[0] / gradients[-1] < 14)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return max(orders) - min(orders) < 1.3
# + return max(orders) - min(orders) <= 1.3


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - factor = (gradients[0] / gradients[-1]) ** (1 / 14)
# + factor = (gradients[-1] / gradients[0]) ** (1 / 14)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - factor = (gradients[0] / gradients[-1]) ** (1 / 14)
# + factor = (gradients[1] / gradients[-1]) ** (1 / 14)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - factor = (gradients[0] / gradients[-1]) ** (1 / 14)
# + factor = (gradients[0] / gradients[-2]) ** (1 / 14)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - factor = (gradients[0] / gradients[-1]) ** (1 / 14)
# + factor = (gradients[0] / gradients[-1]) ** (1 / 15)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - factor = (gradients[0] / gradients[-1]) ** (1 / 14)
# + factor = (gradients[0] / gradients[-1]) ** (1 / 13)


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return 0.83 < factor < 1.22
# + return 0.83 <= factor < 1.22


# %% equivalent="will-it-learn" why="only orders of magnitude count, and any of these rules has the same ones"
# - return np.abs(slope) < 0.2
# + return np.abs(slope) <= 0.2


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - rng, h, weights = (np.random.default_rng(1), inputs, [])
# + rng, h, weights = (np.random, inputs, [])


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - rng, h, weights = (np.random.default_rng(1), inputs, [])
# + rng, h, weights = (np.random.default_rng(2), inputs, [])


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - rng, h, weights = (np.random.default_rng(1), inputs, [])
# + rng, h, weights = (np.random.default_rng(0), inputs, [])


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - low, high = (0.0001, 100.0)
# + low, high = (0.0002, 100.0)


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - low, high = (0.0001, 100.0)
# + low, high = (0.0001, 200.0)


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for _ in range(16):
# + for _ in range(17):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for _ in range(16):
# + for _ in range(15):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - found = np.tanh(slope * h @ (middle * weight).T).std(0)
# + found = (slope * h @ (middle * weight).T).std(0)


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - if np.sqrt((found ** 2).mean()) < 0.3:
# + if np.sqrt((found ** 2).mean()) <= 0.3:


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - q, r = torch.linalg.qr(torch.randn(max(width, h.shape[1]), min(width, h.shape[1]), dtype=h.dtype))
# + q, r = torch.linalg.qr(torch.randn(max(h.shape[1], width), min(width, h.shape[1]), dtype=h.dtype))


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - q, r = torch.linalg.qr(torch.randn(max(width, h.shape[1]), min(width, h.shape[1]), dtype=h.dtype))
# + q, r = torch.linalg.qr(torch.randn(max(width, h.shape[1]), min(h.shape[1], width), dtype=h.dtype))


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - weight = q if width >= h.shape[1] else q.T
# + weight = q if width > h.shape[1] else q.T


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for _ in range(12):
# + for _ in range(13):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for _ in range(12):
# + for _ in range(11):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - outputs = torch.tanh(slope * h @ weight.T)
# + outputs = slope * h @ weight.T


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - weight = weight * 0.25 / outputs.var(0).mean().sqrt()
# + weight = weight * -0.25 / outputs.var(0).mean().sqrt()


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - h, weights = (inputs.copy(), [])
# + h, weights = (inputs, [])


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# + break


# %% equivalent="initialiser" why="all rows of a weight are of one size"
# - inputs, outputs = (layer.weight[0].numel(), layer.weight[:, 0].numel())
# + inputs, outputs = (layer.weight[-1].numel(), layer.weight[:, 0].numel())


# %% equivalent="initialiser" why="all rows of a weight are of one size"
# - inputs, outputs = (layer.weight[0].numel(), layer.weight[:, 0].numel())
# + inputs, outputs = (layer.weight[0].numel(), layer.weight[:, -1].numel())


# %% equivalent="initialiser" why="uniform numbers, mirrored"
# - layer.weight.copy_(bound * (2 * torch.rand_like(layer.weight) - 1))
# + layer.weight.copy_(bound * (1 - 2 * torch.rand_like(layer.weight)))


# %% equivalent="initialiser" why="nothing needs to be returned"
# - return model
# + return


# %% equivalent="initialiser" why="nothing needs to be returned"
# - return model
# + return start


# %% equivalent="gradient-probe" why="a view of the values in place of a list"
# - gradients = torch.autograd.grad(loss, list(trained.values()))
# + gradients = torch.autograd.grad(loss, trained.values())


# %% equivalent="gradient-probe" why="nobody asks for these gradients"
# - own = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}
# + own = {n: p for n, p in model.named_parameters() if p.requires_grad}


# %% equivalent="gradient-probe" why="nobody asks for these gradients"
# - rest = {n: p.detach() for n, p in model.named_parameters() if n not in own}
# + rest = {n: p for n, p in model.named_parameters() if n not in own}


# %% equivalent="gradient-probe" why="no two of the three have a name in common"
# - state = given | rest | buffers
# + state = buffers | (given | rest)


# %% equivalent="gradient-probe" why="what is not handed on is taken from the model itself"
# - state = given | rest | buffers
# + state = given | buffers


# %% equivalent="gradient-probe" why="what is not handed on is taken from the model itself"
# - state = given | rest | buffers
# + state = rest | given | buffers


# %% equivalent="gradient-probe" why="a tensor without axes is a number"
# - return {n: g.norm().item() for n, g in found.items() if g.dim() > 1}
# + return {n: g.norm() for n, g in found.items() if g.dim() > 1}


# %% equivalent="gradient-probe" why="a tensor without axes is a number"
# - keep = lambda g, n=n: found.update({n: float(g.norm())})
# + keep = lambda g, n=n: found.update({n: g.norm()})


# %% equivalent="gradient-probe" why="the hooks hang on a copy, which goes away with them"
# - handles.append(p.register_hook(keep))
# + p.register_hook(keep)


# %% equivalent="gradient-probe" why="the hooks hang on a copy, which goes away with them"
# - for handle in handles:
# - handle.remove()
# + pass


# %% equivalent="gradient-probe" why="the hooks hang on a copy, which goes away with them"
# + break


# %% equivalent="gradient-probe" why="the hooks hang on a copy, which goes away with them"
# - handle.remove()
# + pass


# %% equivalent="gradient-probe" why="the hooks hang on a copy, which goes away with them"
# - handle.remove()
# + handle


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - h, weights = (inputs.astype(np.float32), [])
# + h, weights = (inputs, [])


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - weight = np.random.randn(width, h.shape[1]).astype(np.float32)
# + weight = np.random.randn(width, h.shape[1])


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - weight *= 0.27 / np.sqrt(np.mean((sums - sums.mean(axis=0)) ** 2))
# + weight *= -0.27 / np.sqrt(np.mean((sums - sums.mean(axis=0)) ** 2))


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - weight *= 0.27 / np.sqrt(np.mean((sums - sums.mean(axis=0)) ** 2))
# + weight *= 0.27 / np.sqrt(np.mean((sums.mean(axis=0) - sums) ** 2))


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for factor in np.linspace(0.2, 1.2, 101):
# + for factor in np.linspace(0.2, 1.2):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for factor in np.linspace(0.2, 1.2, 101):
# + for factor in np.linspace(0.4, 1.2, 101):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for factor in np.linspace(0.2, 1.2, 101):
# + for factor in np.linspace(-0.2, 1.2, 101):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for factor in np.linspace(0.2, 1.2, 101):
# + for factor in np.linspace(0.2, 2.4, 101):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for factor in np.linspace(0.2, 1.2, 101):
# + for factor in np.linspace(0.2, -1.2, 101):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for factor in np.linspace(0.2, 1.2, 101):
# + for factor in np.linspace(0.2, 1.2, 102):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - for factor in np.linspace(0.2, 1.2, 101):
# + for factor in np.linspace(0.2, 1.2, 100):


# %% equivalent="keep-alive" why="another start that keeps the network within the bounds"
# - if outputs.std(axis=0).mean() > 0.28:
# + if outputs.std(axis=0).mean() >= 0.28:
