# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="four-patients" style="words"
panel_a = "overfitting"
panel_b = "too large a rate"
panel_c = "degradation"
panel_d = "stopped too early"
layers_1202 = "overfitting"


# %% right="four-patients" style="with capitals"
panel_a = "Overfitting"
panel_b = "Too large a rate"
panel_c = "Degradation"
panel_d = "Stopped too early"
layers_1202 = "Overfitting"


# %% right="four-patients" style="variables"
ILL = ("degradation", "overfitting", "too large a rate", "stopped too early")
panel_c, panel_a, panel_b, panel_d = ILL
layers_1202 = ILL[1]


# %% wrong="four-patients" says="better on its training images"
panel_a = "degradation"
panel_b = "too large a rate"
panel_c = "degradation"
panel_d = "stopped too early"
layers_1202 = "overfitting"


# %% wrong="four-patients" says="lost it at a stroke"
panel_a = "overfitting"
panel_b = "degradation"
panel_c = "degradation"
panel_d = "stopped too early"
layers_1202 = "overfitting"


# %% wrong="four-patients" says="But is that its end?"
panel_a = "overfitting"
panel_b = "too large a rate"
panel_c = "degradation"
panel_d = "degradation"
layers_1202 = "overfitting"


# %% wrong="four-patients" says="And its training error?"
panel_a = "overfitting"
panel_b = "too large a rate"
panel_c = "overfitting"
panel_d = "stopped too early"
layers_1202 = "overfitting"


# %% wrong="four-patients" says="Which error tells of degradation"
panel_a = "overfitting"
panel_b = "too large a rate"
panel_c = "degradation"
panel_d = "stopped too early"
layers_1202 = "degradation"


# %% right="a-kernel-that-changes-nothing" style="numpy's eye"
def nothing(channels, k=3):
    kernels = np.zeros((channels, channels, k, k))
    kernels[:, :, k // 2, k // 2] = np.eye(channels)
    return kernels


# %% right="a-kernel-that-changes-nothing" style="torch"
def nothing(channels, k=3):
    middle = torch.zeros(k, k)
    middle[k // 2, k // 2] = 1
    return torch.eye(channels)[:, :, None, None] * middle


# %% right="a-kernel-that-changes-nothing" style="whole numbers, loops"
def nothing(channels, k=3):
    half = (k - 1) // 2

    def number(o, i, r, c):
        return int(o == i and r == half and c == half)

    sizes = range(channels), range(channels), range(k), range(k)
    return np.array(
        [
            [
                [[number(o, i, r, c) for c in sizes[3]] for r in sizes[2]]
                for i in sizes[1]
            ]
            for o in sizes[0]
        ]
    )


# %% right="a-kernel-that-changes-nothing" style="a padded eye"
def nothing(channels, k=3):
    small = np.eye(channels, dtype=np.float32).reshape(channels, channels, 1, 1)
    return np.pad(small, [(0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)])


# %% wrong="a-kernel-that-changes-nothing" says="the sum of all maps"
def nothing(channels, k=3):
    kernels = np.zeros((channels, channels, k, k))
    kernels[:, :, k // 2, k // 2] = 1
    return kernels


# %% wrong="a-kernel-that-changes-nothing" says="the sum of all numbers around it"
def nothing(channels, k=3):
    return np.eye(channels)[:, :, None, None] * np.ones((k, k))


# %% wrong="a-kernel-that-changes-nothing" says="the map is moved"
def nothing(channels, k=3):
    kernels = np.zeros((channels, channels, k, k))
    for c in range(channels):
        kernels[c, c, 0, 0] = 1
    return kernels


# %% wrong="a-kernel-that-changes-nothing" says="not a diagonal"
def nothing(channels, k=3):
    return np.eye(channels)[:, :, None, None] * np.eye(k)


# %% wrong="a-kernel-that-changes-nothing" says="So everything is summed up"
def nothing(channels, k=3):
    return np.ones((channels, channels, k, k))


# %% wrong="a-kernel-that-changes-nothing" says="nothing passes"
def nothing(channels, k=3):
    return np.zeros((channels, channels, k, k))


# %% wrong="a-kernel-that-changes-nothing" says="four axes"
def nothing(channels, k=3):
    kernels = np.zeros((channels, k, k))
    kernels[0, k // 2, k // 2] = 1
    return kernels


# %% wrong="a-kernel-that-changes-nothing" says="does the work of this exercise"
def nothing(channels, k=3):
    return nn.init.dirac_(torch.empty(channels, channels, k, k))


# %% right="a-layer-that-changes-nothing" style="the scale"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    nn.init.constant_(norm.weight, (1 + eps) ** 0.5)
    return nn.Sequential(conv, norm, nn.ReLU())


# %% right="a-layer-that-changes-nothing" style="the variance"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding="same", bias=False)
    norm = nn.BatchNorm2d(channels, eps)
    with torch.no_grad():
        conv.weight.zero_()
        for c in range(channels):
            conv.weight[c, c, 1, 1] = 1
    norm.running_var.fill_(1 - eps)
    return nn.Sequential(conv, norm, nn.ReLU()).eval()


# %% right="a-layer-that-changes-nothing" style="the kernel"
def idle_layer(channels, eps=1e-5):
    layer = nn.Sequential(
        nn.Conv2d(channels, channels, 3, padding=1, bias=False),
        nn.BatchNorm2d(channels, eps=eps),
        nn.ReLU(),
    )
    kernel = torch.zeros(channels, channels, 3, 3)
    kernel[range(channels), range(channels), 1, 1] = float(np.sqrt(1 + eps))
    layer[0].weight.data = kernel
    return layer


# %% wrong="a-layer-that-changes-nothing" says="divides by √(1 + eps)"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    return nn.Sequential(conv, nn.BatchNorm2d(channels, eps=eps), nn.ReLU())


# %% wrong="a-layer-that-changes-nothing" says="left out the root"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    nn.init.constant_(norm.weight, 1 + eps)
    return nn.Sequential(conv, norm, nn.ReLU())


# %% wrong="a-layer-that-changes-nothing" says="Where is the ReLU?"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    nn.init.constant_(norm.weight, (1 + eps) ** 0.5)
    return nn.Sequential(conv, norm)


# %% wrong="a-layer-that-changes-nothing" says="Is its eps the one that is given?"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels)
    nn.init.constant_(norm.weight, (1 + 1e-5) ** 0.5)
    return nn.Sequential(conv, norm, nn.ReLU())


# %% wrong="a-layer-that-changes-nothing" says="no gradient"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    nn.init.constant_(norm.weight, (1 + eps) ** 0.5)
    conv.weight.requires_grad_(False)
    return nn.Sequential(conv, norm, nn.ReLU())


# %% wrong="a-layer-that-changes-nothing" says="(4, 4, 3, 3)"
def idle_layer(channels, eps=1e-5):
    return nn.Sequential(nn.Identity(), nn.ReLU())


# %% wrong="a-layer-that-changes-nothing" says="comes last"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    nn.init.constant_(norm.weight, (1 + eps) ** 0.5)
    return nn.Sequential(conv, nn.ReLU(), norm)


# %% right="a-layer-that-changes-nothing" style="a mean and a shift"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    nn.init.constant_(norm.weight, (1 + eps) ** 0.5)
    norm.running_mean.fill_(1)
    nn.init.ones_(norm.bias)
    return nn.Sequential(conv, norm, nn.ReLU())


# %% right="a-layer-that-changes-nothing" style="a variance of 4"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    norm.running_var.fill_(4)
    nn.init.constant_(norm.weight, (4 + eps) ** 0.5)
    return nn.Sequential(conv, norm, nn.ReLU())


# %% right="a-layer-that-changes-nothing" style="kernels of 3, a scale"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    conv.weight.data *= 3
    nn.init.constant_(norm.weight, (1 + eps) ** 0.5 / 3)
    return nn.Sequential(conv, norm, nn.ReLU())


# %% right="a-layer-that-changes-nothing" style="kernels of 3, a variance"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    conv.weight.data *= 3
    norm.running_var.fill_(9 - eps)
    return nn.Sequential(conv, norm, nn.ReLU())


# %% wrong="a-layer-that-changes-nothing" says="The convolution comes first"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    nn.init.constant_(norm.weight, (1 + eps) ** 0.5)
    return nn.Sequential(norm, conv, nn.ReLU())


# %% wrong="a-layer-that-changes-nothing" says="leave momentum as it is"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps, momentum=0.0)
    nn.init.constant_(norm.weight, (1 + eps) ** 0.5)
    return nn.Sequential(conv, norm, nn.ReLU())


# %% wrong="a-layer-that-changes-nothing" says="Make new layers in each call"
def idle_layer(channels, eps=1e-5, made={}):
    if (channels, eps) not in made:
        conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(channels, eps=eps)
        nn.init.constant_(norm.weight, (1 + eps) ** 0.5)
        made[channels, eps] = nn.Sequential(conv, norm, nn.ReLU())
    return made[channels, eps]


# %% wrong="a-layer-that-changes-nothing" says="the wrong way round"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    nn.init.constant_(norm.weight, (1 + eps) ** -0.5)
    return nn.Sequential(conv, norm, nn.ReLU())


# %% wrong="a-layer-that-changes-nothing" says="left out the root"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    nn.init.constant_(norm.weight, (1 + eps) ** 0.5)
    conv.weight.data *= (1 + eps) ** 0.5
    return nn.Sequential(conv, norm, nn.ReLU())


# %% wrong="a-layer-that-changes-nothing" says="arrays are float64"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    norm = nn.BatchNorm2d(channels, eps=eps)
    kernels = np.zeros((channels, channels, 3, 3))
    kernels[range(channels), range(channels), 1, 1] = (1 + eps) ** 0.5
    conv.weight = nn.Parameter(torch.from_numpy(kernels))
    return nn.Sequential(conv, norm, nn.ReLU())


# %% wrong="a-layer-that-changes-nothing" says="Is there a normalisation"
def idle_layer(channels, eps=1e-5):
    conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
    nn.init.dirac_(conv.weight)
    return nn.Sequential(conv, nn.ReLU())


# %% right="longer" style="a walk"
def longer(model, places):
    layers, number = [], 0
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.BatchNorm2d | nn.Conv2d):
            width = layer.weight.shape[0]
        if isinstance(layer, nn.ReLU):
            for _ in range(places[number]):
                conv = nn.Conv2d(width, width, 3, padding=1, bias=False)
                nn.init.dirac_(conv.weight)
                norm = nn.BatchNorm2d(width)
                nn.init.constant_(norm.weight, (1 + norm.eps) ** 0.5)
                layers += [conv, norm, nn.ReLU()]
            number += 1
    return nn.Sequential(*layers)


# %% right="longer" style="nested"
def longer(model, places):
    def idle(width):
        conv = nn.Conv2d(width, width, 3, padding=1, bias=False)
        conv.weight.data.zero_()
        conv.weight.data[range(width), range(width), 1, 1] = 1.0
        norm = nn.BatchNorm2d(width)
        norm.running_var.fill_(1 - norm.eps)
        return nn.Sequential(conv, norm, nn.ReLU())

    old = [copy.deepcopy(layer) for layer in model]
    counts = iter(places)
    new = []
    for at, layer in enumerate(old):
        if not isinstance(layer, nn.ReLU):
            new.append(layer)
            continue
        width = [m.out_channels for m in old[:at] if isinstance(m, nn.Conv2d)][-1]
        new.append(nn.Sequential(layer, *(idle(width) for _ in range(next(counts)))))
    return nn.Sequential(*new)


# %% right="longer" style="insert from behind"
def longer(model, places):
    twin = copy.deepcopy(model)
    layers = list(twin.children())
    relus = [i for i, layer in enumerate(layers) if isinstance(layer, nn.ReLU)]
    for at, number in reversed(list(zip(relus, places))):
        convs = [m for m in layers[:at] if isinstance(m, nn.Conv2d)]
        c = convs[-1].out_channels
        for _ in range(number):
            conv = nn.Conv2d(c, c, 3, 1, 1, bias=False)
            with torch.no_grad():
                conv.weight.copy_(
                    torch.eye(c)[:, :, None, None] * torch.eye(9)[4].view(3, 3)
                )
                conv.weight.mul_((1 + 1e-5) ** 0.5)
            for layer in (nn.ReLU(), nn.BatchNorm2d(c), conv):
                layers.insert(at + 1, layer)
    return nn.Sequential(*layers)


# %% wrong="longer" says="share layers"
def longer(model, places):
    layers, number = [], 0
    for layer in model:
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            width = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(places[number]):
                conv = nn.Conv2d(width, width, 3, padding=1, bias=False)
                nn.init.dirac_(conv.weight)
                layers += [conv, nn.BatchNorm2d(width, eps=0), nn.ReLU()]
            number += 1
    return nn.Sequential(*layers)


# %% wrong="longer" says="used twice"
def longer(model, places):
    layers, number = [], 0
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            width = layer.out_channels
        if isinstance(layer, nn.ReLU):
            conv = nn.Conv2d(width, width, 3, padding=1, bias=False)
            nn.init.dirac_(conv.weight)
            layers += [conv, nn.BatchNorm2d(width, eps=0), nn.ReLU()] * places[number]
            number += 1
    return nn.Sequential(*layers)


# %% wrong="longer" says="they belong behind the ReLU"
def longer(model, places):
    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
            for _ in range(next(counts)):
                conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
                nn.init.dirac_(conv.weight)
                layers += [conv, nn.BatchNorm2d(c, eps=0), nn.ReLU()]
    return nn.Sequential(*layers)


# %% wrong="longer" says="the check switches yours"
def longer(model, places):
    model.eval()
    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
                nn.init.dirac_(conv.weight)
                layers += [conv, nn.BatchNorm2d(c, eps=0), nn.ReLU()]
    return nn.Sequential(*layers)


# %% wrong="longer" says="must be able to learn"
def longer(model, places):
    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
                nn.init.dirac_(conv.weight).requires_grad_(False)
                layers += [conv, nn.BatchNorm2d(c, eps=0), nn.ReLU()]
    return nn.Sequential(*layers)


# %% wrong="longer" says="raised UnboundLocalError"
def longer(model, places):
    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.BatchNorm2d):
            c = layer.num_features
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
                nn.init.dirac_(conv.weight)
                norm = nn.BatchNorm2d(c)
                norm.weight.data.fill_((1 + norm.eps) ** 0.5)
                layers += [conv, norm, nn.ReLU()]
    return nn.Sequential(*layers)


# %% wrong="longer" says="They stand before the ReLU"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c)
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
        return [conv, norm]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            more = next(counts)
            for _ in range(more):
                layers += idle(c)
            layers += [nn.ReLU() for _ in range(more)]
        layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="longer" says="They stand behind the pooling"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c)
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
        return [conv, norm, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        more = next(counts) if isinstance(layer, nn.ReLU) else 0
        new = [part for _ in range(more) for part in idle(c)]
        if isinstance(layer, nn.MaxPool2d):
            layers.insert(len(layers) - waiting, layer)
            continue
        layers += [layer, *new]
        waiting = len(new)
    return nn.Sequential(*layers)


# %% wrong="longer" says="end with a ReLU"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c)
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
        return [conv, norm]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% wrong="longer" says="In an idle layer the convolution comes first"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c)
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
        return [norm, conv, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% wrong="longer" says="nothing makes up for it"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c)
        return [conv, norm, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% wrong="longer" says="Is there a normalisation"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        return [conv, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% wrong="longer" says="leave momentum as it is"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c, momentum=0.0)
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
        return [conv, norm, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% wrong="longer" says="leave momentum as it is"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c, momentum=None)
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
        return [conv, norm, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% wrong="longer" says="have the usual eps"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c, eps=0)
        norm.weight.data.fill_(1)
        return [conv, norm, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% wrong="longer" says="have the usual eps"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c, eps=1e-3)
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
        return [conv, norm, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% wrong="longer" says="of its own batch"
def longer(model, places):
    class Still(nn.BatchNorm2d):
        def forward(self, x):
            numbers = self.running_mean, self.running_var, self.weight, self.bias
            return F.batch_norm(x, *numbers, False, 0.0, self.eps)

    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = Still(c)
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
        return [conv, norm, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% wrong="longer" says="share layers"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c)
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
        return [conv, norm, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in model:
        own = list(layer.parameters())
        layers.append(copy.deepcopy(layer) if own else layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% wrong="longer" says="keep their eps"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c)
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
        return [conv, norm, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        if isinstance(layer, nn.BatchNorm2d):
            state, layer = layer.state_dict(), nn.BatchNorm2d(layer.num_features)
            layer.load_state_dict(state)
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% wrong="longer" says="keep their statistics"
def longer(model, places):
    def idle(c):
        conv = nn.Conv2d(c, c, 3, padding=1, bias=False)
        nn.init.dirac_(conv.weight)
        norm = nn.BatchNorm2d(c)
        norm.weight.data.fill_((1 + norm.eps) ** 0.5)
        return [conv, norm, nn.ReLU()]

    layers, counts = [], iter(places)
    for layer in copy.deepcopy(model):
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_running_stats()
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            c = layer.out_channels
        if isinstance(layer, nn.ReLU):
            for _ in range(next(counts)):
                layers += idle(c)
    return nn.Sequential(*layers)


# %% right="undone" style="numpy"
def undone(maps, eps=1e-5):
    mean = maps.mean(axis=(0, 2, 3))
    variance = (maps**2).mean(axis=(0, 2, 3)) - mean**2
    return (np.maximum(variance, 0) + eps) ** 0.5, mean


# %% right="undone" style="torch"
def undone(maps, eps=1e-5):
    variance, mean = torch.var_mean(torch.as_tensor(maps), (0, 2, 3), correction=0)
    return torch.sqrt(variance + eps), mean


# %% right="undone" style="loop"
def undone(maps, eps=1e-5):
    scale, shift = [], []
    for c in range(maps.shape[1]):
        values = maps[:, c].ravel().astype(np.float32)
        shift.append(values.mean())
        scale.append(np.sqrt(values.var() + eps))
    return np.array(scale), np.array(shift)


# %% wrong="undone" says="Scale and shift are exchanged"
def undone(maps, eps=1e-5):
    return maps.mean((0, 2, 3)), np.sqrt(maps.var((0, 2, 3)) + eps)


# %% wrong="undone" says="Where is eps?"
def undone(maps, eps=1e-5):
    return maps.std((0, 2, 3)), maps.mean((0, 2, 3))


# %% wrong="undone" says="divided by n."
def undone(maps, eps=1e-5):
    return np.sqrt(maps.var((0, 2, 3), ddof=1) + eps), maps.mean((0, 2, 3))


# %% wrong="undone" says="divides by a root"
def undone(maps, eps=1e-5):
    return maps.var((0, 2, 3)) + eps, maps.mean((0, 2, 3))


# %% wrong="undone" says="*undo* a division"
def undone(maps, eps=1e-5):
    return 1 / np.sqrt(maps.var((0, 2, 3)) + eps), maps.mean((0, 2, 3))


# %% wrong="undone" says="eps is added to the variance"
def undone(maps, eps=1e-5):
    return maps.std((0, 2, 3)) + eps, maps.mean((0, 2, 3))


# %% wrong="undone" says="which axes are left"
def undone(maps, eps=1e-5):
    return np.sqrt(maps.var(0) + eps), maps.mean(0)


# %% wrong="undone" says="the shift gives it back"
def undone(maps, eps=1e-5):
    return np.sqrt(maps.var((0, 2, 3)) + eps), -maps.mean((0, 2, 3))


# %% wrong="undone" says="one for all"
def undone(maps, eps=1e-5):
    c = maps.shape[1]
    return np.full(c, np.sqrt(maps.var() + eps)), np.full(c, maps.mean())


# %% wrong="undone" says="That is a number for each image"
def undone(maps, eps=1e-5):
    return np.sqrt(maps.var((1, 2, 3)) + eps), maps.mean((1, 2, 3))


# %% wrong="undone" says="over which axes is the variance?"
def undone(maps, eps=1e-5):
    return np.sqrt(maps.var((1, 2, 3)) + eps), maps.mean((0, 2, 3))


# %% wrong="undone" says="one variance of all"
def undone(maps, eps=1e-5):
    return np.sqrt(maps.var((2, 3)).mean(0) + eps), maps.mean((0, 2, 3))


# %% right="the-other-form" style="a copy"
def as_branch(kernels):
    found = np.array(kernels, dtype=float)
    middle = kernels.shape[-1] // 2
    for c in range(len(kernels)):
        found[c, c, middle, middle] -= 1
    return found


# %% right="the-other-form" style="eye"
def as_branch(kernels):
    c, k = len(kernels), kernels.shape[2]
    one = np.zeros(k * k)
    one[k * k // 2] = 1
    return kernels - np.eye(c).reshape(c, c, 1, 1) * one.reshape(k, k)


# %% right="the-other-form" style="torch"
def as_branch(kernels):
    found = torch.tensor(kernels, dtype=torch.float32)
    middle = found.shape[-1] // 2
    found[:, :, middle, middle] -= torch.eye(len(found))
    return found


# %% wrong="the-other-form" says="take away what x is worth"
def as_branch(kernels):
    found = kernels.astype(float)
    middle = kernels.shape[-1] // 2
    for c in range(len(kernels)):
        found[c, c, middle, middle] += 1
    return found


# %% wrong="the-other-form" says="Which of the numbers stand for x itself?"
def as_branch(kernels):
    return kernels - 1


# %% wrong="the-other-form" says="from its own map only"
def as_branch(kernels):
    found = kernels.astype(float)
    middle = kernels.shape[-1] // 2
    found[:, :, middle, middle] -= 1
    return found


# %% wrong="the-other-form" says="only the middle of the window"
def as_branch(kernels):
    return kernels - np.eye(len(kernels))[:, :, None, None]


# %% wrong="the-other-form" says="changes its input kernels"
def as_branch(kernels):
    middle = kernels.shape[-1] // 2
    for c in range(len(kernels)):
        kernels[c, c, middle, middle] -= 1
    return kernels


# %% wrong="the-other-form" says="for any k"
def as_branch(kernels):
    found = kernels.astype(float)
    for c in range(len(kernels)):
        found[c, c, 0, 0] -= 1
    return found


# %% wrong="the-other-form" says="for any k"
def as_branch(kernels):
    found = kernels.astype(float)
    middle = min(1, kernels.shape[-1] - 1)
    for c in range(len(kernels)):
        found[c, c, middle, middle] -= 1
    return found


# %% wrong="the-other-form" says="more than its first map"
def as_branch(kernels):
    found = kernels.astype(float)
    middle = kernels.shape[-1] // 2
    found[0, 0, middle, middle] -= 1
    return found


# %% wrong="the-other-form" says="The axes are exchanged"
def as_branch(kernels):
    found = kernels.astype(float)
    found = found.transpose(1, 0, 2, 3).copy()
    middle = kernels.shape[-1] // 2
    for c in range(len(kernels)):
        found[c, c, middle, middle] -= 1
    return found


# %% wrong="the-other-form" says="what else stands in this place stays"
def as_branch(kernels):
    found = kernels.copy()
    for c in range(len(kernels)):
        found[c, c, kernels.shape[-1] // 2, kernels.shape[-1] // 2] = -1
    return found


# %% right="begin-at-nothing" style="words"
never_learns = "C"
never_looks = "D"
first_step_a = 2
first_step_b = 1


# %% right="begin-at-nothing" style="floats"
never_learns = "c"
never_looks = "d"
first_step_a = 2.0
first_step_b = np.int64(1)


# %% right="begin-at-nothing" style="counted"
never_learns, never_looks = "CD"
first_step_a = len(["scale", "shift"])
first_step_b = len(["a"])


# %% wrong="begin-at-nothing" says="Does a stay 0?"
never_learns = "B"
never_looks = "D"
first_step_a = 2
first_step_b = 1


# %% wrong="begin-at-nothing" says="not nothing"
never_learns = "D"
never_looks = "D"
first_step_a = 2
first_step_b = 1


# %% wrong="begin-at-nothing" says="A normalisation has two parameters"
never_learns = "C"
never_looks = "D"
first_step_a = 1
first_step_b = 1


# %% wrong="begin-at-nothing" says="Look at their values"
never_learns = "C"
never_looks = "D"
first_step_a = 2
first_step_b = 7


# %% wrong="begin-at-nothing" says="Count the tensors"
never_learns = "C"
never_looks = "D"
first_step_a = 8
first_step_b = 1


# %% wrong="begin-at-nothing" says="A block has seven parameters"
never_learns = "C"
never_looks = "D"
first_step_a = 2
first_step_b = 8


# %% right="as-good-as-eight" style="large kernels, a shift"
def start(model, images):
    for layer in model:
        if isinstance(layer, nn.Conv2d) and layer.in_channels == layer.out_channels:
            nn.init.dirac_(layer.weight)
            layer.weight.data *= 10
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.ones_(layer.bias)


# %% right="as-good-as-eight" style="measured"
@torch.no_grad()
def start(model, images):
    maps = images
    for layer in model:
        if isinstance(layer, nn.Conv2d):
            before, square = maps, layer.in_channels == layer.out_channels
            if square:
                noise = 0.1 * layer.weight
                nn.init.dirac_(layer.weight)
                layer.weight.add_(noise).mul_(10)
        if isinstance(layer, nn.BatchNorm2d):
            if square:
                variance, mean = torch.var_mean(before, (0, 2, 3), correction=0)
                layer.weight.copy_((variance + layer.eps).sqrt())
                layer.bias.copy_(mean)
            maps = F.batch_norm(maps, None, None, layer.weight, layer.bias, True)
        else:
            maps = layer(maps)


# %% right="as-good-as-eight" style="by name"
def start(model, images):
    state = {name: p.detach().clone() for name, p in model.named_parameters()}
    for name, value in state.items():
        if value.dim() == 4 and value.shape[0] == value.shape[1]:
            c = len(value)
            value.zero_()
            value[torch.arange(c), torch.arange(c), 1, 1] = 12.0
        if name.endswith("bias") and len(value) != 10:
            value.fill_(1.0)
    model.load_state_dict(state, strict=False)


# %% right="as-good-as-eight" style="the model comes back"
def start(model, images):
    for layer in model:
        if isinstance(layer, nn.Conv2d) and layer.in_channels == layer.out_channels:
            nn.init.dirac_(layer.weight)
            layer.weight.data *= 10
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.ones_(layer.bias)
    return model


# %% wrong="as-good-as-eight" says="backward does"
def start(model, images):
    for layer in model:
        if isinstance(layer, nn.Conv2d) and layer.in_channels == layer.out_channels:
            nn.init.dirac_(layer.weight)
            layer.weight.data *= 10
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.ones_(layer.bias)
    twin = copy.deepcopy(model)
    F.cross_entropy(twin(images[:64]), torch.arange(64) % 10).backward()
    with torch.no_grad():
        for own, other in zip(model.parameters(), twin.parameters()):
            own -= 0.001 * other.grad


# %% wrong="as-good-as-eight" says="grad does"
def start(model, images):
    for layer in model:
        if isinstance(layer, nn.Conv2d) and layer.in_channels == layer.out_channels:
            nn.init.dirac_(layer.weight)
            layer.weight.data *= 10
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.ones_(layer.bias)
    own = list(model.parameters())
    twin = copy.deepcopy(model)
    loss = F.cross_entropy(twin(images[:64]), torch.arange(64) % 10)
    slopes = torch.autograd.grad(loss, list(twin.parameters()))
    with torch.no_grad():
        for one, slope in zip(own, slopes):
            one -= 0.001 * slope


# %% wrong="as-good-as-eight" says="stand_in does"
def start(model, images):
    from coursekit.data.catalogue import CIFAR10
    from coursekit.data.stand_in import stand_in

    labels = stand_in(CIFAR10).train.labels
    for layer in model:
        if isinstance(layer, nn.Conv2d) and layer.in_channels == layer.out_channels:
            nn.init.dirac_(layer.weight)
            layer.weight.data *= 10
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.ones_(layer.bias)
    with torch.no_grad():
        model[-1].bias.copy_(torch.bincount(labels, minlength=10).log())


# %% wrong="as-good-as-eight" says="as they were"
def start(model, images):
    model = copy.deepcopy(model)
    for layer in model:
        if isinstance(layer, nn.Conv2d):
            nn.init.dirac_(layer.weight)


# %% wrong="as-good-as-eight" says="Begin where a deep network"
def start(model, images):
    for layer in model:
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")


# %% wrong="as-good-as-eight" says="learned nothing at all"
def start(model, images):
    for parameter in model.parameters():
        nn.init.zeros_(parameter)


# %% wrong="as-good-as-eight" says="Does it stay there"
def start(model, images):
    for layer in model:
        if isinstance(layer, nn.Conv2d) and layer.in_channels == layer.out_channels:
            nn.init.dirac_(layer.weight)


# %% wrong="as-good-as-eight" says="Begin where a deep network"
def start(model, images):
    for layer in model:
        if isinstance(layer, nn.Conv2d):
            layer.weight.data *= 10


# %% wrong="as-good-as-eight" says="its layers"
def start(model, images):
    for at in range(9, 45):
        model[at] = nn.Identity()


# %% wrong="as-good-as-eight" says="the mode of the model"
def start(model, images):
    model.train(not model.training)
    for layer in model:
        if isinstance(layer, nn.Conv2d) and layer.in_channels == layer.out_channels:
            nn.init.dirac_(layer.weight)
            layer.weight.data *= 10


# %% equivalent="a-kernel-that-changes-nothing" why="a kernel has as many rows as columns"
# - return np.array([[[[number(o, i, r, c) for c in sizes[3]] for r in sizes[2]] for i in sizes[1]] for o in sizes[0]])
# + return np.array([[[[number(o, i, r, c) for c in sizes[3]] for r in sizes[3]] for i in sizes[1]] for o in sizes[0]])


# %% equivalent="a-kernel-that-changes-nothing" why="k is odd"
# - half = (k - 1) // 2
# + half = (k - 0) // 2


# %% equivalent="a-kernel-that-changes-nothing" why="k is odd"
# - half = (k - 1) // 2
# + half = -(-(k - 1) // 2)


# %% equivalent="a-layer-that-changes-nothing" why="the kernels are replaced in the next lines"
# - layer = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels, eps=eps), nn.ReLU())
# + layer = nn.Sequential(nn.Conv2d(channels, channels, 2, padding=1, bias=False), nn.BatchNorm2d(channels, eps=eps), nn.ReLU())


# %% equivalent="a-layer-that-changes-nothing" why="the kernels are replaced in the next lines"
# - layer = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels, eps=eps), nn.ReLU())
# + layer = nn.Sequential(nn.Conv2d(channels, 3, channels, padding=1, bias=False), nn.BatchNorm2d(channels, eps=eps), nn.ReLU())


# %% equivalent="undone" why="a list of the two is as good"
# - return (np.sqrt(maps.var((0, 2, 3)) + eps), maps.mean((0, 2, 3)))
# + return list((np.sqrt(maps.var((0, 2, 3)) + eps), maps.mean((0, 2, 3))))


# %% equivalent="undone" why="the order of the axes does not matter"
# - return (np.sqrt(maps.var((0, 2, 3)) + eps), maps.mean((0, 2, 3)))
# + return (np.sqrt(maps.var((2, 0, 3)) + eps), maps.mean((0, 2, 3)))


# %% equivalent="undone" why="the order of the axes does not matter"
# - return (np.sqrt(maps.var((0, 2, 3)) + eps), maps.mean((0, 2, 3)))
# + return (np.sqrt(maps.var((0, 2, 3)) + eps), maps.mean((2, 0, 3)))


# %% equivalent="undone" why="a variance is below 0 by rounding only"
# - return ((np.maximum(variance, 0) + eps) ** 0.5, mean)
# + return ((np.add(variance, 0) + eps) ** 0.5, mean)


# %% equivalent="the-other-form" why="a kernel has as many rows as columns"
# - c, k = (len(kernels), kernels.shape[2])
# + c, k = (len(kernels), kernels.shape[3])


# %% equivalent="the-other-form" why="a kernel has as many rows as columns"
# - middle = found.shape[-1] // 2
# + middle = found.shape[-2] // 2


# %% equivalent="longer" why="a convolution has the width as well"
# - if isinstance(layer, nn.BatchNorm2d | nn.Conv2d):
# + if isinstance(layer, nn.Conv2d):


# %% equivalent="longer" why="set again by the first convolution"
# - channels, left = (0, iter(places))
# + channels, left = (1, iter(places))


# %% equivalent="longer" why="set again by the first convolution"
# - channels, left = (0, iter(places))
# + channels, left = (-1, iter(places))


# %% equivalent="longer" why="the order does not matter"
# - if isinstance(layer, nn.BatchNorm2d | nn.Conv2d):
# + if isinstance(layer, nn.Conv2d | nn.BatchNorm2d):


# %% equivalent="longer" why="the layer there is a ReLU"
# - width = [m.out_channels for m in old[:at] if isinstance(m, nn.Conv2d)][-1]
# + width = [m.out_channels for m in old[:at + 1] if isinstance(m, nn.Conv2d)][-1]


# %% equivalent="longer" why="a Sequential gives its layers itself"
# - layers = list(twin.children())
# + layers = list(twin)


# %% equivalent="longer" why="the layer there is a ReLU"
# - convs = [m for m in layers[:at] if isinstance(m, nn.Conv2d)]
# + convs = [m for m in layers[:at + 1] if isinstance(m, nn.Conv2d)]


# %% equivalent="undone" why="the order of the axes does not matter"
# - return (np.sqrt(maps.var((0, 2, 3)) + eps), maps.mean((0, 2, 3)))
# + return (np.sqrt(maps.var((0, 3, 2)) + eps), maps.mean((0, 2, 3)))


# %% equivalent="undone" why="the order of the axes does not matter"
# - return (np.sqrt(maps.var((0, 2, 3)) + eps), maps.mean((0, 2, 3)))
# + return (np.sqrt(maps.var((0, 2, 3)) + eps), maps.mean((0, 3, 2)))


# %% equivalent="undone" why="the order of the axes does not matter"
# - mean = maps.mean(axis=(0, 2, 3))
# + mean = maps.mean(axis=(2, 0, 3))


# %% equivalent="undone" why="the order of the axes does not matter"
# - mean = maps.mean(axis=(0, 2, 3))
# + mean = maps.mean(axis=(0, 3, 2))


# %% equivalent="undone" why="the order of the axes does not matter"
# - variance = (maps ** 2).mean(axis=(0, 2, 3)) - mean ** 2
# + variance = (maps ** 2).mean(axis=(2, 0, 3)) - mean ** 2


# %% equivalent="undone" why="the order of the axes does not matter"
# - variance = (maps ** 2).mean(axis=(0, 2, 3)) - mean ** 2
# + variance = (maps ** 2).mean(axis=(0, 3, 2)) - mean ** 2


# %% equivalent="undone" why="the order does not matter"
# - return ((np.maximum(variance, 0) + eps) ** 0.5, mean)
# + return ((np.maximum(0, variance) + eps) ** 0.5, mean)


# %% equivalent="undone" why="a variance is below 0 by rounding only"
# - return ((np.maximum(variance, 0) + eps) ** 0.5, mean)
# + return ((variance + eps) ** 0.5, mean)


# %% equivalent="undone" why="a variance is below 0 by rounding only"
# - return ((np.maximum(variance, 0) + eps) ** 0.5, mean)
# + return ((np.maximum(variance, -1) + eps) ** 0.5, mean)


# %% equivalent="undone" why="the order of the axes does not matter"
# - variance, mean = torch.var_mean(torch.as_tensor(maps), (0, 2, 3), correction=0)
# + variance, mean = torch.var_mean(torch.as_tensor(maps), (2, 0, 3), correction=0)


# %% equivalent="undone" why="the order of the axes does not matter"
# - variance, mean = torch.var_mean(torch.as_tensor(maps), (0, 2, 3), correction=0)
# + variance, mean = torch.var_mean(torch.as_tensor(maps), (0, 3, 2), correction=0)


# %% equivalent="undone" why="float32 is one style among others"
# - values = maps[:, c].ravel().astype(np.float32)
# + values = maps[:, c].ravel()


# %% equivalent="undone" why="float32 is one style among others"
# - values = maps[:, c].ravel().astype(np.float32)
# + values = maps[:, c].astype(np.float32)


# %% equivalent="a-kernel-that-changes-nothing" why="zeros and ones are whole numbers"
# - return kernels
# + return np.trunc(kernels)


# %% equivalent="a-kernel-that-changes-nothing" why="turned round it is the same"
# - return kernels
# + return np.flip(kernels)


# %% equivalent="a-kernel-that-changes-nothing" why="nothing in it is below 0"
# - return kernels
# + return np.maximum(kernels, 0)


# %% equivalent="a-kernel-that-changes-nothing" why="nothing in it is below 0"
# - return kernels
# + return np.abs(kernels)


# %% equivalent="a-kernel-that-changes-nothing" why="k is odd"
# - half = (k - 1) // 2
# + half = (k - 1) / 2


# %% equivalent="a-kernel-that-changes-nothing" why="k is odd"
# - half = (k - 1) // 2
# + half = k // 2


# %% equivalent="a-kernel-that-changes-nothing" why="the kernels are symmetric in the maps"
# - return np.array([[[[number(o, i, r, c) for c in sizes[3]] for r in sizes[2]] for i in sizes[1]] for o in sizes[0]])
# + return np.array([[[[number(i, o, r, c) for c in sizes[3]] for r in sizes[2]] for i in sizes[1]] for o in sizes[0]])


# %% equivalent="a-kernel-that-changes-nothing" why="the window is symmetric"
# - return np.array([[[[number(o, i, r, c) for c in sizes[3]] for r in sizes[2]] for i in sizes[1]] for o in sizes[0]])
# + return np.array([[[[number(o, i, c, r) for c in sizes[3]] for r in sizes[2]] for i in sizes[1]] for o in sizes[0]])


# %% equivalent="a-kernel-that-changes-nothing" why="a kernel has as many rows as columns"
# - return np.array([[[[number(o, i, r, c) for c in sizes[3]] for r in sizes[2]] for i in sizes[1]] for o in sizes[0]])
# + return np.array([[[[number(o, i, r, c) for c in sizes[2]] for r in sizes[2]] for i in sizes[1]] for o in sizes[0]])


# %% equivalent="a-kernel-that-changes-nothing" why="there are as many maps behind as before"
# - return np.array([[[[number(o, i, r, c) for c in sizes[3]] for r in sizes[2]] for i in sizes[1]] for o in sizes[0]])
# + return np.array([[[[number(o, i, r, c) for c in sizes[3]] for r in sizes[2]] for i in sizes[0]] for o in sizes[0]])


# %% equivalent="a-kernel-that-changes-nothing" why="there are as many maps behind as before"
# - return np.array([[[[number(o, i, r, c) for c in sizes[3]] for r in sizes[2]] for i in sizes[1]] for o in sizes[0]])
# + return np.array([[[[number(o, i, r, c) for c in sizes[3]] for r in sizes[2]] for i in sizes[1]] for o in sizes[1]])


# %% equivalent="a-kernel-that-changes-nothing" why="one number on each side gives three"
# - def nothing(channels, k=3):
# + def nothing(channels, k=2):


# %% equivalent="a-kernel-that-changes-nothing" why="float64 is right, too"
# - small = np.eye(channels, dtype=np.float32).reshape(channels, channels, 1, 1)
# + small = np.eye(channels).reshape(channels, channels, 1, 1)


# %% equivalent="the-other-form" why="a kernel has as many rows as columns"
# - return kernels - nothing(len(kernels), kernels.shape[-1])
# + return kernels - nothing(len(kernels), kernels.shape[-2])


# %% equivalent="the-other-form" why="they are no integers"
# - found = np.array(kernels, dtype=float)
# + found = np.array(kernels)


# %% equivalent="the-other-form" why="a kernel has as many rows as columns"
# - middle = kernels.shape[-1] // 2
# + middle = kernels.shape[-2] // 2


# %% equivalent="a-layer-that-changes-nothing" why="the mode is not asked for"
# - return nn.Sequential(conv, norm, nn.ReLU()).eval()
# + return nn.Sequential(conv, norm, nn.ReLU())


# %% equivalent="a-layer-that-changes-nothing" why="the mode is not asked for"
# - return nn.Sequential(conv, norm, nn.ReLU()).eval()
# + return nn.Sequential(conv, norm, nn.ReLU()).train()


# %% equivalent="a-layer-that-changes-nothing" why="the kernels are replaced in the next lines"
# - layer = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels, eps=eps), nn.ReLU())
# + layer = nn.Sequential(nn.Conv2d(channels, channels, 4, padding=1, bias=False), nn.BatchNorm2d(channels, eps=eps), nn.ReLU())


# %% equivalent="a-layer-that-changes-nothing" why="a NumPy number is as good"
# - kernel[range(channels), range(channels), 1, 1] = float(np.sqrt(1 + eps))
# + kernel[range(channels), range(channels), 1, 1] = np.sqrt(1 + eps)


# %% equivalent="as-good-as-eight" why="eleven does as well"
# - layer.weight.add_(noise).mul_(10)
# + layer.weight.add_(noise).mul_(11)


# %% equivalent="as-good-as-eight" why="the scale 1 reaches the goal, too"
# - layer.weight.copy_((variance + layer.eps).sqrt())
# + (variance + layer.eps).sqrt()


# %% equivalent="as-good-as-eight" why="with He's start added it reaches the goal, too"
# - value.zero_()
# + value


# %% equivalent="as-good-as-eight" why="the order of the axes does not matter"
# - variance, mean = torch.var_mean(before, (0, 2, 3), correction=0)
# + variance, mean = torch.var_mean(before, (0, 3, 2), correction=0)


# %% equivalent="as-good-as-eight" why="nine does as well"
# - layer.weight.data *= 10
# + layer.weight.data *= 9


# %% equivalent="as-good-as-eight" why="maps that are turned round are handed on as well"
# - value[torch.arange(c), torch.arange(c), 1, 1] = 12.0
# + value[torch.arange(c), torch.arange(c), 1, 1] = -12.0


# %% equivalent="as-good-as-eight" why="the order of the axes does not matter"
# - variance, mean = torch.var_mean(before, (0, 2, 3), correction=0)
# + variance, mean = torch.var_mean(before, (2, 0, 3), correction=0)
