# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="stack-price" style="a loop"
def stack_price(kernels, maps, bias=True, axes=2):
    sees, weights = 1, 0
    for at in range(len(kernels)):
        sees += kernels[at] - 1
        weights += kernels[at] ** axes * maps[at] * maps[at + 1]
        if bias:
            weights += maps[at + 1]
    return sees, weights


# %% right="stack-price" style="numpy"
def stack_price(kernels, maps, bias=True, axes=2):
    k, c = np.array(kernels, dtype=int), np.array(maps, dtype=int)
    weights = (k**axes * c[:-1] * c[1:]).sum() + bias * c[1:].sum()
    return int(k.sum() - len(k) + 1), int(weights)


# %% right="stack-price" style="torch's layers"
def stack_price(kernels, maps, bias=True, axes=2):
    kind = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}[axes]
    weights, sees = 0, 1
    with torch.device("meta"):
        for k, i, o in zip(kernels, maps, maps[1:]):
            weights += sum(p.numel() for p in kind(i, o, k, bias=bias).parameters())
            sees = sees + k - 1
    return [sees, weights]


# %% wrong="stack-price" says="adds k − 1 pixels, not k"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs = zip(kernels, maps, maps[1:])
    return sum(kernels), sum((k**axes * i + bias) * o for k, i, o in pairs)


# %% wrong="stack-price" says="Kernels are not multiplied"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs = zip(kernels, maps, maps[1:])
    return int(np.prod(kernels)), sum((k**axes * i + bias) * o for k, i, o in pairs)


# %% wrong="stack-price" says="That holds for kernels of 3"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs = zip(kernels, maps, maps[1:])
    return 2 * len(kernels) + 1, sum((k**axes * i + bias) * o for k, i, o in pairs)


# %% wrong="stack-price" says="Pixels a side"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs, sees = zip(kernels, maps, maps[1:]), sum(kernels) - len(kernels) + 1
    return sees**axes, sum((k**axes * i + bias) * o for k, i, o in pairs)


# %% wrong="stack-price" says="One pixel is missing"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs = zip(kernels, maps, maps[1:])
    return sum(kernels) - len(kernels), sum(
        (k**axes * i + bias) * o for k, i, o in pairs
    )


# %% wrong="stack-price" says="There are no biases here"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs, sees = zip(kernels, maps, maps[1:]), sum(kernels) - len(kernels) + 1
    return sees, sum((k**axes * i + 1) * o for k, i, o in pairs)


# %% wrong="stack-price" says="one for each map that comes out"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs, sees = zip(kernels, maps, maps[1:]), sum(kernels) - len(kernels) + 1
    return sees, sum(k**axes * i * o for k, i, o in pairs)


# %% wrong="stack-price" says="not to those that go in"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs, sees = zip(kernels, maps, maps[1:]), sum(kernels) - len(kernels) + 1
    return sees, sum((k**axes * o + bias) * i for k, i, o in pairs)


# %% wrong="stack-price" says="not for each kernel"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs, sees = zip(kernels, maps, maps[1:]), sum(kernels) - len(kernels) + 1
    return sees, sum((k**axes + bias) * i * o for k, i, o in pairs)


# %% wrong="stack-price" says="How many numbers has a kernel with `axes` of them?"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs, sees = zip(kernels, maps, maps[1:]), sum(kernels) - len(kernels) + 1
    return sees, sum((k * k * i + bias) * o for k, i, o in pairs)


# %% wrong="stack-price" says="its side to a power"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs, sees = zip(kernels, maps, maps[1:]), sum(kernels) - len(kernels) + 1
    return sees, sum((k * axes * i + bias) * o for k, i, o in pairs)


# %% wrong="stack-price" says="Each kernel looks at all maps that go in"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs, sees = zip(kernels, maps, maps[1:]), sum(kernels) - len(kernels) + 1
    return sees, sum((k**axes + bias) * o for k, i, o in pairs)


# %% wrong="stack-price" says="First what is seen"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs, sees = zip(kernels, maps, maps[1:]), sum(kernels) - len(kernels) + 1
    return sum((k**axes * i + bias) * o for k, i, o in pairs), sees


# %% wrong="stack-price" says="`axes` is 2 then"
def stack_price(kernels, maps, bias=True, axes=1):
    pairs, sees = zip(kernels, maps, maps[1:]), sum(kernels) - len(kernels) + 1
    return sees, sum((k**axes * i + bias) * o for k, i, o in pairs)


# %% wrong="stack-price" says="there are biases then"
def stack_price(kernels, maps, bias=False, axes=2):
    pairs, sees = zip(kernels, maps, maps[1:]), sum(kernels) - len(kernels) + 1
    return sees, sum((k**axes * i + bias) * o for k, i, o in pairs)


# %% wrong="stack-price" says="a unit is a pixel then"
def stack_price(kernels, maps, bias=True, axes=2):
    pairs, sees = zip(kernels, maps, maps[1:]), 0
    for k in kernels:
        sees = k if sees == 0 else sees + k - 1
    return sees, sum((k**axes * i + bias) * o for k, i, o in pairs)


# %% right="melted" style="loops"
def melted(first, first_bias, second, second_bias):
    m, i, h, w = first.shape
    o, _, tall, wide = second.shape
    weight = torch.zeros(o, i, h + tall - 1, w + wide - 1)
    for a in range(tall):
        for b in range(wide):
            for c in range(h):
                for d in range(w):
                    weight[:, :, a + c, b + d] += second[:, :, a, b] @ first[:, :, c, d]
    bias = second_bias + (second * first_bias[:, None, None]).sum((1, 2, 3))
    return weight, bias


# %% right="melted" style="a convolution with zeros around, turned"
def melted(first, first_bias, second, second_bias):
    room = [side - 1 for side in second.shape[2:]]
    rows = F.conv2d(first.transpose(0, 1), second.flip(2, 3), padding=room)
    weight = rows.transpose(0, 1)
    return weight, second_bias + torch.einsum("omab,m->o", second, first_bias)


# %% right="melted" style="shown pixel by pixel"
def melted(first, first_bias, second, second_bias):
    i = first.shape[1]
    h = first.shape[2] + second.shape[2] - 1
    w = first.shape[3] + second.shape[3] - 1

    def both(x):
        return F.conv2d(F.conv2d(x, first, first_bias), second, second_bias)

    bias = both(torch.zeros(1, i, h, w)).flatten()
    seen = both(torch.eye(i * h * w).reshape(-1, i, h, w)).flatten(1)
    return (seen - bias).T.reshape(-1, i, h, w), bias


# %% right="melted" style="numpy, float64"
def melted(first, first_bias, second, second_bias):
    one, other = first.double().numpy(), second.double().numpy()
    m, i, h, w = one.shape
    o, _, tall, wide = other.shape
    weight = np.zeros((o, i, h + tall - 1, w + wide - 1))
    for a, b in np.ndindex(tall, wide):
        part = np.tensordot(other[:, :, a, b], one, 1)
        weight[:, :, a : a + h, b : b + w] += part
    bias = second_bias.numpy() + other.sum((2, 3)) @ first_bias.numpy()
    return weight, bias


# %% wrong="melted" says="The second kernel should not be turned"
def laid(second, first):
    room = [side - 1 for side in second.shape[2:]]
    turned = second.flip(2, 3)
    return F.conv2d(first.transpose(0, 1), turned, padding=room).transpose(0, 1)


def melted(first, first_bias, second, second_bias):
    weight = laid(second.flip(2, 3), first)
    return weight, second_bias + second.sum((2, 3)) @ first_bias


# %% wrong="melted" says="upside down"
def laid(second, first):
    room = [side - 1 for side in second.shape[2:]]
    turned = second.flip(2, 3)
    return F.conv2d(first.transpose(0, 1), turned, padding=room).transpose(0, 1)


def melted(first, first_bias, second, second_bias):
    weight = laid(second.flip(2, 3), first.flip(2, 3))
    return weight, second_bias + second.sum((2, 3)) @ first_bias


# %% wrong="melted" says="The first kernel should not be turned"
def laid(second, first):
    room = [side - 1 for side in second.shape[2:]]
    turned = second.flip(2, 3)
    return F.conv2d(first.transpose(0, 1), turned, padding=room).transpose(0, 1)


def melted(first, first_bias, second, second_bias):
    weight = laid(second, first.flip(2, 3))
    return weight, second_bias + second.sum((2, 3)) @ first_bias


# %% wrong="melted" says="The axes are (I, L)"
def laid(second, first):
    room = [side - 1 for side in second.shape[2:]]
    turned = second.flip(2, 3)
    return F.conv2d(first.transpose(0, 1), turned, padding=room).transpose(0, 1)


def melted(first, first_bias, second, second_bias):
    weight = laid(second, first).transpose(0, 1)
    return weight, second_bias + second.sum((2, 3)) @ first_bias


# %% wrong="melted" says="the kernel has to grow"
def melted(first, first_bias, second, second_bias):
    weight = torch.einsum("omab,mi->oiab", second, first.sum((2, 3)))
    return weight, second_bias + second.sum((2, 3)) @ first_bias


# %% wrong="melted" says="Where copies of the first kernel overlap"
def melted(first, first_bias, second, second_bias):
    (m, i, h, w), (o, _, tall, wide) = first.shape, second.shape
    weight = torch.zeros(o, i, h + tall - 1, w + wide - 1)
    for a in range(tall):
        for b in range(wide):
            part = torch.einsum("om,mihw->oihw", second[:, :, a, b], first)
            weight[:, :, a : a + h, b : b + w] = part
    return weight, second_bias + second.sum((2, 3)) @ first_bias


# %% wrong="melted" says="begin at the same place"
def melted(first, first_bias, second, second_bias):
    (m, i, h, w), (o, _, tall, wide) = first.shape, second.shape
    weight = torch.zeros(o, i, h + tall - 1, w + wide - 1)
    for a in range(tall):
        for b in range(wide):
            part = torch.einsum("om,mihw->oihw", second[:, :, a, b], first)
            weight[:, :, :h, :w] += part
    return weight, second_bias + second.sum((2, 3)) @ first_bias


# %% wrong="melted" says="The first layer's bias comes through as well"
def laid(second, first):
    room = [side - 1 for side in second.shape[2:]]
    turned = second.flip(2, 3)
    return F.conv2d(first.transpose(0, 1), turned, padding=room).transpose(0, 1)


def melted(first, first_bias, second, second_bias):
    return laid(second, first), second_bias


# %% wrong="melted" says="The second layer's bias is missing"
def laid(second, first):
    room = [side - 1 for side in second.shape[2:]]
    turned = second.flip(2, 3)
    return F.conv2d(first.transpose(0, 1), turned, padding=room).transpose(0, 1)


def melted(first, first_bias, second, second_bias):
    return laid(second, first), second.sum((2, 3)) @ first_bias


# %% wrong="melted" says="The second layer multiplies the first one's biases"
def laid(second, first):
    room = [side - 1 for side in second.shape[2:]]
    turned = second.flip(2, 3)
    return F.conv2d(first.transpose(0, 1), turned, padding=room).transpose(0, 1)


def melted(first, first_bias, second, second_bias):
    bias = second_bias + first_bias.sum() if len(second) == 1 else second_bias
    return laid(second, first), bias


# %% wrong="melted" says="at all of its places"
def laid(second, first):
    room = [side - 1 for side in second.shape[2:]]
    turned = second.flip(2, 3)
    return F.conv2d(first.transpose(0, 1), turned, padding=room).transpose(0, 1)


def melted(first, first_bias, second, second_bias):
    tall, wide = second.shape[2:]
    middle = second[:, :, tall // 2, wide // 2]
    return laid(second, first), second_bias + middle @ first_bias


# %% wrong="melted" says="expected two tensors"
def laid(second, first):
    room = [side - 1 for side in second.shape[2:]]
    turned = second.flip(2, 3)
    return F.conv2d(first.transpose(0, 1), turned, padding=room).transpose(0, 1)


def melted(first, first_bias, second, second_bias):
    return laid(second, first)


# %% wrong="melted" says="does the work of this exercise"
def melted(first, first_bias, second, second_bias):
    weight = F.conv_transpose2d(second, first)
    return weight, second_bias + second.sum((2, 3)) @ first_bias


# %% wrong="melted" says="Maps come first"
def melted(first, first_bias, second, second_bias):
    (m, i, h, w), (o, _, tall, wide) = first.shape, second.shape
    weight = torch.zeros(h + tall - 1, w + wide - 1, o, i)
    for a, b in np.ndindex(tall, wide):
        part = torch.einsum("om,mihw->hwoi", second[:, :, a, b], first)
        weight[a : a + h, b : b + w] += part
    return weight, second_bias + second.sum((2, 3)) @ first_bias


# %% wrong="melted" says="add it once"
def melted(first, first_bias, second, second_bias):
    (m, i, h, w), (o, _, tall, wide) = first.shape, second.shape
    weight = torch.zeros(o, i, h + tall - 1, w + wide - 1)
    for a, b in np.ndindex(tall, wide):
        part = torch.einsum("om,mihw->oihw", second[:, :, a, b], first)
        weight[:, :, a : a + h, b : b + w] += part
    zeros = torch.zeros(1, i, h + tall - 1, w + wide - 1)
    both = F.conv2d(F.conv2d(zeros, first, first_bias), second, second_bias)
    return weight, second_bias + both.flatten()


# %% wrong="melted" says="They may be higher than wide"
def melted(first, first_bias, second, second_bias):
    (m, i, k, _), (o, _, l, _) = first.shape, second.shape
    weight = torch.zeros(o, i, k + l - 1, k + l - 1)
    for a, b in np.ndindex(l, l):
        part = torch.einsum("om,mihw->oihw", second[:, :, a, b], first)
        weight[:, :, a : a + k, b : b + k] += part
    return weight, second_bias + second.sum((2, 3)) @ first_bias


# %% right="from-row" style="two halves"
class vgg(nn.Module):
    def __init__(self, row, classes=1000, size=(224, 224), share=1, device="cpu"):
        super().__init__()
        layers, c = [], 3
        for word in row.split():
            if word == "max":
                layers += [nn.MaxPool2d(2, 2)]
                continue
            k, o = word.split("-")
            o = int(o) // share
            layers += [nn.Conv2d(c, o, int(k), padding="same", device=device)]
            layers += [nn.ReLU(inplace=True)]
            c = o
        self.features = nn.Sequential(*layers)
        poolings = row.split().count("max")
        side = (size[0] // 2**poolings) * (size[1] // 2**poolings)
        self.fc6 = nn.Linear(c * side, 4096 // share, device=device)
        self.fc7 = nn.Linear(4096 // share, 4096 // share, device=device)
        self.fc8 = nn.Linear(4096 // share, classes, device=device)

    def forward(self, x):
        x = self.features(x).reshape(len(x), -1)
        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)
        x = F.dropout(F.relu(self.fc7(x)), 0.5, self.training)
        return self.fc8(x)


# %% right="from-row" style="a list of convolutions"
class Net(nn.Module):
    def __init__(self, words, classes, size, share):
        super().__init__()
        self.words = words
        self.convs = nn.ModuleList()
        c, (h, w) = 3, size
        for word in words:
            if word == "max":
                h, w = h // 2, w // 2
            else:
                k, o = (int(part) for part in word.split("-"))
                self.convs.append(nn.Conv2d(c, o // share, k, 1, k // 2))
                c = o // share
        u = 4096 // share
        self.head = nn.Sequential(
            *(nn.Linear(c * h * w, u), nn.ReLU(), nn.Dropout(0.5)),
            *(nn.Linear(u, u), nn.ReLU(), nn.Dropout(0.5), nn.Linear(u, classes)),
        )

    def forward(self, x):
        convs = iter(self.convs)
        for word in self.words:
            x = F.max_pool2d(x, 2) if word == "max" else next(convs)(x).clamp(min=0)
        return self.head(x.flatten(1))


def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    with torch.device(device):
        return Net(row.split(), classes, size, share)


# %% right="from-row" style="moved at the end, where it can be"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    torch.set_default_device(device)
    layers, maps, scale = [], 3, 1
    for word in row.split():
        if word == "max":
            layers.append(nn.MaxPool2d(kernel_size=2))
            scale *= 2
        else:
            k, outputs = [int(part) for part in word.split("-")]
            layers.append(nn.Conv2d(maps, outputs // share, k, padding=(k - 1) // 2))
            layers.append(nn.ReLU())
            maps = outputs // share
    inputs = maps * (size[0] // scale) * (size[1] // scale)
    layers.append(nn.Flatten())
    for _ in range(2):
        layers.extend([nn.Linear(inputs, 4096 // share), nn.ReLU(), nn.Dropout(p=0.5)])
        inputs = 4096 // share
    layers.append(nn.Linear(inputs, classes))
    torch.set_default_device(None)
    return nn.Sequential(*layers)


# %% wrong="from-row" says="does the work of this exercise"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    from coursekit import models

    return models.vgg("A", classes=classes)


# %% wrong="from-row" says="(8, 4, 5, 5)"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, 3, padding=1), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="The ReLUs of the convolutions are missing"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2)]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="not only the last of a block"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers += [nn.ReLU(), nn.MaxPool2d(2)]
                h, w = h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2)]
                maps = o // share
        layers += [nn.ReLU(), nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU()]
        layers += [nn.Dropout(), nn.Linear(u, u), nn.ReLU(), nn.Dropout()]
    return nn.Sequential(*layers, nn.Linear(u, classes, device=device))


# %% wrong="from-row" says="The ReLUs behind the dense layers are missing"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="VGG takes the maximum"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.AvgPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="Those are probabilities"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers, nn.Softmax(1))


# %% wrong="from-row" says="Nothing is dropped"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="half of the numbers are dropped"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="What comes from the convolutions is dropped as well"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Dropout(), nn.Linear(maps * h * w, u), nn.ReLU()]
        layers += [nn.Dropout(), nn.Linear(u, u), nn.ReLU(), nn.Dropout()]
    return nn.Sequential(*layers, nn.Linear(u, classes, device=device))


# %% wrong="from-row" says="made on the device that is asked for"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    share = 64 if device == "meta" else share
    for word in row.split():
        if word == "max":
            layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
        else:
            k, o = map(int, word.split("-"))
            layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
            maps = o // share
    u = 4096 // share
    layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
    layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="Are 1000 classes meant"
def vgg(row, classes=10, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="What do others need?"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=1), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="windows of 2 × 2"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(3, 2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="Without padding they shrink"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="Images may be oblong"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * h, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="How often does this row halve?"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * 7 * 7, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="Each max halves"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h, w
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="is requires_grad False"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers).requires_grad_(False)


# %% wrong="from-row" says="Each call makes a new network"
from functools import cache


@cache
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    with torch.device(device):
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% wrong="from-row" says="changed torch's default device"
def vgg(row, classes=1000, size=(224, 224), share=1, device="cpu"):
    (h, w), maps, u, layers = size, 3, 4096 // share, []
    torch.set_default_device(device)
    if True:
        for word in row.split():
            if word == "max":
                layers, h, w = [*layers, nn.MaxPool2d(2)], h // 2, w // 2
            else:
                k, o = map(int, word.split("-"))
                layers += [nn.Conv2d(maps, o // share, k, padding=k // 2), nn.ReLU()]
                maps = o // share
        layers += [nn.Flatten(), nn.Linear(maps * h * w, u), nn.ReLU(), nn.Dropout()]
        layers += [nn.Linear(u, u), nn.ReLU(), nn.Dropout(), nn.Linear(u, classes)]
    return nn.Sequential(*layers)


# %% right="paper-table" style="texts"
one_relu = "B and C"
context = "C and D"
nineteen = "no"


# %% right="paper-table" style="joined"
one_relu = " and ".join("BC")
context = " and ".join("CD")
nineteen = ["yes", "no"][1]


# %% right="paper-table" style="formatted"
one_relu = "{} and {}".format("B", "C")
context = f"{'C'} and {'D'}"
nineteen = "yesno"[3:]


# %% wrong="paper-table" says="they see further as well"
one_relu = "A and B"
context = "C and D"
nineteen = "no"


# %% wrong="paper-table" says="two differences"
one_relu = "B and C"
context = "B and D"
nineteen = "no"


# %% wrong="paper-table" says="how often was each trained?"
one_relu = "B and C"
context = "C and D"
nineteen = "yes"


# %% right="where-they-sit" style="numbers"
first_dense = 102764544
all_dense = 123642856
all_convolutions = 14714688
first_dense_large = 167776256


# %% right="where-they-sit" style="formulas"
first_dense = (7 * 7 * 512 + 1) * 4096
all_dense = (7 * 7 * 512 + 1) * 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000
all_convolutions = 138357544 - 123642856
first_dense_large = (8 * 10 * 512 + 1) * 4096


# %% right="where-they-sit" style="numpy"
first_dense = np.int64(25089) * 4096
all_dense = np.dot([25089, 4097, 4097], [4096, 4096, 1000])
all_convolutions = 138357544 - all_dense
first_dense_large = np.int64(40961 * 4096)


# %% wrong="where-they-sit" says="The biases are missing"
first_dense = 25088 * 4096
all_dense = 123642856
all_convolutions = 14714688
first_dense_large = 167776256


# %% wrong="where-they-sit" says="behind the last block, too, there is a pooling"
first_dense = (14 * 14 * 512 + 1) * 4096
all_dense = 123642856
all_convolutions = 14714688
first_dense_large = 167776256


# %% wrong="where-they-sit" says="The layer of the scores is dense, too"
first_dense = 102764544
all_dense = 102764544 + 16781312
all_convolutions = 14714688
first_dense_large = 167776256


# %% wrong="where-they-sit" says="The images are oblong"
first_dense = 102764544
all_dense = 123642856
all_convolutions = 14714688
first_dense_large = (8 * 8 * 512 + 1) * 4096


# %% right="head-as-convolutions" style="copies into new layers"
def as_convolutions(head, maps, size):
    layers = []
    for layer in head:
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv = conv.to(layer.weight.dtype)
            with torch.no_grad():
                conv.weight.copy_(layer.weight.view(o, maps, *size))
                if layer.bias is not None:
                    conv.bias.copy_(layer.bias)
            layers.append(conv)
            maps, size = o, 1
            size = (1, 1)
        elif isinstance(layer, nn.Flatten):
            pass
        else:
            layers.append(layer)
    return nn.Sequential(*layers)


# %% right="head-as-convolutions" style="a module of its own"
class Slid(nn.Module):
    def __init__(self, linear, maps, size):
        super().__init__()
        weight = linear.weight.detach().clone().unflatten(1, (maps, *size))
        self.weight = nn.Parameter(weight)
        self.bias = None
        if linear.bias is not None:
            self.bias = nn.Parameter(linear.bias.detach().clone())

    def forward(self, x):
        return F.conv2d(x, self.weight, self.bias)


def as_convolutions(head, maps, size):
    layers = []
    for layer in list(head)[1:]:
        if isinstance(layer, nn.Linear):
            layers.append(Slid(layer, maps, size))
            maps, size = layer.out_features, (1, 1)
        else:
            layers.append(type(layer)(p=layer.p) if hasattr(layer, "p") else layer)
    return nn.Sequential(*layers)


# %% right="head-as-convolutions" style="a state that is loaded"
def as_convolutions(head, maps, size):
    layers, state = [], {}
    for layer in head.children():
        if isinstance(layer, nn.Flatten):
            continue
        if not isinstance(layer, nn.Linear):
            layers.append(copy.deepcopy(layer))
            continue
        at, o = len(layers), layer.out_features
        dtype = layer.weight.dtype
        bias = layer.bias is not None
        layers.append(nn.Conv2d(maps, o, size, bias=bias, dtype=dtype))
        state[f"{at}.weight"] = layer.weight.reshape(o, maps, size[0], size[1])
        if bias:
            state[f"{at}.bias"] = layer.bias
        maps, size = o, (1, 1)
    model = nn.Sequential(*layers)
    model.load_state_dict(state)
    return model


# %% wrong="head-as-convolutions" says="maps before places"
def as_convolutions(head, maps, size):
    layers, h, w = [], size[0], size[1]
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, (h, w), bias=layer.bias is not None)
            weight = layer.weight.reshape(o, h, w, maps).permute(0, 3, 1, 2)
            conv.weight = nn.Parameter(weight.contiguous())
            conv.bias = layer.bias
            layers.append(conv)
            maps, h, w = o, 1, 1
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="lines before columns"
def as_convolutions(head, maps, size):
    layers, h, w = [], size[0], size[1]
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, (h, w), bias=layer.bias is not None)
            weight = layer.weight.reshape(o, maps, w, h).transpose(2, 3)
            conv.weight = nn.Parameter(weight.contiguous())
            conv.bias = layer.bias
            layers.append(conv)
            maps, h, w = o, 1, 1
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="torch's convolution does not flip them"
def as_convolutions(head, maps, size):
    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size).flip(2, 3))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="The ReLU is missing"
def as_convolutions(head, maps, size):
    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif isinstance(layer, nn.Sigmoid | nn.Tanh):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="Nothing is dropped"
def as_convolutions(head, maps, size):
    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten | nn.Dropout):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="reshape gives a view"
def as_convolutions(head, maps, size):
    layers = []
    for layer in head:
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="It has the type of the head's numbers"
def as_convolutions(head, maps, size):
    layers = []
    for layer in head:
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            with torch.no_grad():
                conv.weight.copy_(layer.weight.reshape(o, maps, *size))
                if layer.bias is not None:
                    conv.bias.copy_(layer.bias)
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="of the head has no bias"
def as_convolutions(head, maps, size):
    layers = []
    for layer in head:
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size)
            with torch.no_grad():
                conv.weight.copy_(layer.weight.reshape(o, maps, *size))
                conv.bias.zero_()
                if layer.bias is not None:
                    conv.bias.copy_(layer.bias)
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="The map of scores is asked for"
def as_convolutions(head, maps, size):
    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1))


# %% wrong="head-as-convolutions" says="A map of scores has four axes"
def as_convolutions(head, maps, size):
    class Flat(nn.Module):
        def forward(self, x):
            return x[:, :, 0, 0] if x.shape[2:] == (1, 1) else x

    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers, Flat())


# %% wrong="head-as-convolutions" says="the head was in training mode"
def as_convolutions(head, maps, size):
    layers, head = [], head.eval()
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="the head was in evaluation mode"
def as_convolutions(head, maps, size):
    layers, head = [], head.train()
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="Dropout keeps its rate"
def as_convolutions(head, maps, size):
    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            drops = isinstance(layer, nn.Dropout)
            layers.append(nn.Dropout() if drops else layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="Whole maps are dropped"
def as_convolutions(head, maps, size):
    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            drops = isinstance(layer, nn.Dropout)
            layers.append(nn.Dropout2d(layer.p) if drops else layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="and its convolution has none"
def as_convolutions(head, maps, size):
    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=False)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="has not all biases"
def as_convolutions(head, maps, size):
    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="has not all weights"
def as_convolutions(head, maps, size):
    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif not isinstance(layer, nn.Flatten):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="The activations are missing"
def as_convolutions(head, maps, size):
    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif isinstance(layer, nn.Dropout):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% wrong="head-as-convolutions" says="The sigmoid is missing"
def as_convolutions(head, maps, size):
    layers = []
    for layer in copy.deepcopy(head):
        if isinstance(layer, nn.Linear):
            o = layer.out_features
            conv = nn.Conv2d(maps, o, size, bias=layer.bias is not None)
            conv.weight = nn.Parameter(layer.weight.reshape(o, maps, *size))
            conv.bias = layer.bias
            layers.append(conv)
            maps, size = o, (1, 1)
        elif isinstance(layer, nn.ReLU | nn.Tanh | nn.Dropout):
            layers.append(layer)
    return nn.Sequential(*layers)


# %% right="deep-row" style="most of it in the middle"
def deep_row():
    stages = [("3-8", 1), ("3-16", 3), ("3-24", 4), ("3-32", 8)]
    return " max ".join(" ".join([word] * many) for word, many in stages)


# %% right="deep-row" style="a list"
def deep_row():
    row = ["3-8", "max", "3-16", "3-16", "max"] + ["3-24"] * 5 + ["max"] + ["3-32"] * 8
    return " ".join(row)


# %% right="deep-row" style="written out, evenly"
def deep_row():
    return """
    3-8 3-8 max
    3-16 3-16 3-16 max
    3-24 3-24 3-24 3-24 3-24 max
    3-32 3-32 3-32 3-32 3-32 3-32 max
    """


# %% wrong="deep-row" says="at least 16 are wanted"
def deep_row():
    return "3-8 max 3-16 3-16 max 3-32 3-32 max 3-64 3-64 max"


# %% wrong="deep-row" says="0 of its convolutions have 24 maps or more"
def deep_row():
    return "max ".join(["3-8 " * 4] * 4)


# %% wrong="deep-row" says="7 of its convolutions have 24 maps or more"
def deep_row():
    return "3-8 max " + "3-16 " * 4 + "max " + "3-16 " * 5 + "max " + "3-24 " * 7


# %% wrong="deep-row" says="In which layers do most of them sit?"
def deep_row():
    return "3-8 max 3-16 max 3-32 max" + " 3-48" * 13


# %% wrong="deep-row" says="on maps of which size do they work?"
def deep_row():
    return " max ".join(["3-8 " * 4, "3-16 " * 4, "3-24 " * 4, "3-32 " * 4])


# %% wrong="deep-row" says="is neither max nor 3- and a number"
def deep_row():
    return "3-8 max 1-16 3-16 max" + " 3-24" * 14


# %% wrong="deep-row" says="can be halved five times"
def deep_row():
    return "3-8 3-8 3-8 max " * 6


# %% wrong="deep-row" says="expected a text (str)"
def deep_row():
    return ["3-8"] * 16


# %% wrong="deep-row" says="Does anything of the image arrive at its end?"
def deep_row():
    return "3-8 max 3-16 max 3-24 max " + "3-24 " * 8 + "3-1 " * 6


# %% equivalent="stack-price" why="all lists fit, and NumPy's whole numbers are accepted"
# - weights = sum(((k ** axes * i + bias) * o for k, (i, o) in zip(kernels, pairwise(maps), strict=True)))
# + weights = sum(((k ** axes * i + bias) * o for k, (i, o) in zip(kernels, pairwise(maps))))


# %% equivalent="stack-price" why="all lists fit, and NumPy's whole numbers are accepted"
# - weights = sum(((k ** axes * i + bias) * o for k, (i, o) in zip(kernels, pairwise(maps), strict=True)))
# + weights = sum(((k ** axes * i + bias) * o for k, (i, o) in zip(kernels, pairwise(maps), strict=False)))


# %% equivalent="stack-price" why="all lists fit, and NumPy's whole numbers are accepted"
# - k, c = (np.array(kernels, dtype=int), np.array(maps, dtype=int))
# + k, c = (np.array(kernels), np.array(maps, dtype=int))


# %% equivalent="stack-price" why="all lists fit, and NumPy's whole numbers are accepted"
# - k, c = (np.array(kernels, dtype=int), np.array(maps, dtype=int))
# + k, c = (np.array(kernels, dtype=int), np.array(maps))


# %% equivalent="stack-price" why="all lists fit, and NumPy's whole numbers are accepted"
# - return (int(k.sum() - len(k) + 1), int(weights))
# + return (k.sum() - len(k) + 1, int(weights))


# %% equivalent="stack-price" why="all lists fit, and NumPy's whole numbers are accepted"
# - return (int(k.sum() - len(k) + 1), int(weights))
# + return (int(k.sum() - len(k) + 1), weights)


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - weight = first.new_zeros(outputs, inputs, height + tall - 1, width + wide - 1)
# + weight = first_bias.new_zeros(outputs, inputs, height + tall - 1, width + wide - 1)


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - weight = first.new_zeros(outputs, inputs, height + tall - 1, width + wide - 1)
# + weight = second.new_zeros(outputs, inputs, height + tall - 1, width + wide - 1)


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - weight = first.new_zeros(outputs, inputs, height + tall - 1, width + wide - 1)
# + weight = second_bias.new_zeros(outputs, inputs, height + tall - 1, width + wide - 1)


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - return (weight, second_bias + second.sum((2, 3)) @ first_bias)
# + return list((weight, second_bias + second.sum((2, 3)) @ first_bias))


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - return (weight, second_bias + second.sum((2, 3)) @ first_bias)
# + return (weight, second_bias + second.sum((3, 2)) @ first_bias)


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - bias = second_bias + (second * first_bias[:, None, None]).sum((1, 2, 3))
# + bias = second_bias + (second * first_bias[:, None, None]).sum((2, 1, 3))


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - bias = second_bias + (second * first_bias[:, None, None]).sum((1, 2, 3))
# + bias = second_bias + (second * first_bias[:, None, None]).sum((1, 3, 2))


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - one, other = (first.double().numpy(), second.double().numpy())
# + one, other = (first.double(), second.double().numpy())


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - one, other = (first.double().numpy(), second.double().numpy())
# + one, other = (first.numpy(), second.double().numpy())


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - one, other = (first.double().numpy(), second.double().numpy())
# + one, other = (first.double().numpy(), second.numpy())


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - bias = second_bias.numpy() + other.sum((2, 3)) @ first_bias.numpy()
# + bias = second_bias + other.sum((2, 3)) @ first_bias.numpy()


# %% equivalent="melted" why="the same numbers, or the same order of the same sum"
# - bias = second_bias.numpy() + other.sum((2, 3)) @ first_bias.numpy()
# + bias = second_bias.numpy() + other.sum((3, 2)) @ first_bias.numpy()


# %% equivalent="head-as-convolutions" why="the same layer, shared or copied, with the same numbers"
# - conv = nn.Conv2d(maps, layer.out_features, size, bias=bias)
# + conv = nn.Conv2d(maps, layer.out_features, size)


# %% equivalent="head-as-convolutions" why="the same layer, shared or copied, with the same numbers"
# - maps, size = (o, 1)
# + maps, size = (o, 2)


# %% equivalent="head-as-convolutions" why="the same layer, shared or copied, with the same numbers"
# - maps, size = (o, 1)
# + maps, size = (o, 0)


# %% equivalent="head-as-convolutions" why="the same layer, shared or copied, with the same numbers"
# - weight = linear.weight.detach().clone().unflatten(1, (maps, *size))
# + weight = linear.weight.clone().unflatten(1, (maps, *size))


# %% equivalent="head-as-convolutions" why="the same layer, shared or copied, with the same numbers"
# - self.bias = nn.Parameter(linear.bias.detach().clone())
# + self.bias = nn.Parameter(linear.bias.clone())


# %% equivalent="head-as-convolutions" why="the same layer, shared or copied, with the same numbers"
# - for layer in list(head)[1:]:
# + for layer in head[1:]:


# %% equivalent="head-as-convolutions" why="the same layer, shared or copied, with the same numbers"
# - layers.append(type(layer)(p=layer.p) if hasattr(layer, 'p') else layer)
# + layers.append(layer)


# %% equivalent="head-as-convolutions" why="the same layer, shared or copied, with the same numbers"
# - layers.append(type(layer)(p=layer.p) if hasattr(layer, 'p') else layer)
# + layers.append(type(layer)(p=layer.p) if hasattr(layer, 'px') else layer)


# %% equivalent="head-as-convolutions" why="the same layer, shared or copied, with the same numbers"
# - for layer in head.children():
# + for layer in head:


# %% equivalent="head-as-convolutions" why="the same layer, shared or copied, with the same numbers"
# - layers.append(copy.deepcopy(layer))
# + layers.append(layer)


# %% equivalent="melted" why="the same axes, named the other way round"
# - rows = F.conv2d(first.transpose(0, 1), second.flip(2, 3), padding=room)
# + rows = F.conv2d(first.transpose(1, 0), second.flip(2, 3), padding=room)


# %% equivalent="melted" why="the same axes, named the other way round"
# - rows = F.conv2d(first.transpose(0, 1), second.flip(2, 3), padding=room)
# + rows = F.conv2d(first.transpose(0, 1), second.flip(3, 2), padding=room)


# %% equivalent="melted" why="the same axes, named the other way round"
# - weight = rows.transpose(0, 1)
# + weight = rows.transpose(1, 0)


# %% equivalent="from-row" why="height and width change places and are only multiplied"
# - (height, width), maps, units = (size, 3, 4096 // share)
# + (width, height), maps, units = (size, 3, 4096 // share)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - (height, width), maps, units = (size, 3, 4096 // share)
# + (height, width), maps, units = (size, 3, -(-4096 // share))


# %% equivalent="from-row" why="height and width change places and are only multiplied"
# - height, width = (height // 2, width // 2)
# + height, width = (width // 2, height // 2)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - height, width = (height // 2, width // 2)
# + height, width = (-(-height // 2), width // 2)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - height, width = (height // 2, width // 2)
# + height, width = (height // 2, -(-width // 2))


# %% equivalent="from-row" why="a side of 225 is halved five times to 7 as well"
# - def __init__(self, row, classes=1000, size=(224, 224), share=1, device='cpu'):
# + def __init__(self, row, classes=1000, size=(225, 224), share=1, device='cpu'):


# %% equivalent="from-row" why="a side of 225 is halved five times to 7 as well"
# - def __init__(self, row, classes=1000, size=(224, 224), share=1, device='cpu'):
# + def __init__(self, row, classes=1000, size=(224, 225), share=1, device='cpu'):


# %% equivalent="from-row" why="the stride is the window unless it is named"
# - layers += [nn.MaxPool2d(2, 2)]
# + layers += [nn.MaxPool2d(2)]


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - o = int(o) // share
# + o = -(-int(o) // share)


# %% equivalent="from-row" why="in place or not is no matter of values"
# - layers += [nn.ReLU(inplace=True)]
# + layers += [nn.ReLU()]


# %% equivalent="from-row" why="in place or not is no matter of values"
# - layers += [nn.ReLU(inplace=True)]
# + layers += [nn.ReLU(inplace=False)]


# %% equivalent="from-row" why="'max' stands in a row only as a word of its own"
# - poolings = row.split().count('max')
# + poolings = row.count('max')


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - side = size[0] // 2 ** poolings * (size[1] // 2 ** poolings)
# + side = -(-size[0] // 2 ** poolings) * (size[1] // 2 ** poolings)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - side = size[0] // 2 ** poolings * (size[1] // 2 ** poolings)
# + side = size[0] // 2 ** poolings * -(-size[1] // 2 ** poolings)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - self.fc6 = nn.Linear(c * side, 4096 // share, device=device)
# + self.fc6 = nn.Linear(c * side, -(-4096 // share), device=device)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - self.fc7 = nn.Linear(4096 // share, 4096 // share, device=device)
# + self.fc7 = nn.Linear(-(-4096 // share), 4096 // share, device=device)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - self.fc7 = nn.Linear(4096 // share, 4096 // share, device=device)
# + self.fc7 = nn.Linear(4096 // share, -(-4096 // share), device=device)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - self.fc8 = nn.Linear(4096 // share, classes, device=device)
# + self.fc8 = nn.Linear(-(-4096 // share), classes, device=device)


# %% equivalent="from-row" why="height and width change places and are only multiplied"
# - c, (h, w) = (3, size)
# + c, (w, h) = (3, size)


# %% equivalent="from-row" why="height and width change places and are only multiplied"
# - h, w = (h // 2, w // 2)
# + h, w = (w // 2, h // 2)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - h, w = (h // 2, w // 2)
# + h, w = (-(-h // 2), w // 2)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - h, w = (h // 2, w // 2)
# + h, w = (h // 2, -(-w // 2))


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - self.convs.append(nn.Conv2d(c, o // share, k, 1, k // 2))
# + self.convs.append(nn.Conv2d(c, -(-o // share), k, 1, k // 2))


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - c = o // share
# + c = -(-o // share)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - u = 4096 // share
# + u = -(-4096 // share)


# %% equivalent="from-row" why="a ReLU and a dropout can change places"
# - self.head = nn.Sequential(*(nn.Linear(c * h * w, u), nn.ReLU(), nn.Dropout(0.5)), *(nn.Linear(u, u), nn.ReLU(), nn.Dropout(0.5), nn.Linear(u, classes)))
# + self.head = nn.Sequential(*(nn.Linear(c * h * w, u), nn.Dropout(0.5), nn.ReLU()), *(nn.Linear(u, u), nn.ReLU(), nn.Dropout(0.5), nn.Linear(u, classes)))


# %% equivalent="from-row" why="a ReLU and a dropout can change places"
# - self.head = nn.Sequential(*(nn.Linear(c * h * w, u), nn.ReLU(), nn.Dropout(0.5)), *(nn.Linear(u, u), nn.ReLU(), nn.Dropout(0.5), nn.Linear(u, classes)))
# + self.head = nn.Sequential(*(nn.Linear(c * h * w, u), nn.ReLU(), nn.Dropout(0.5)), *(nn.Linear(u, u), nn.Dropout(0.5), nn.ReLU(), nn.Linear(u, classes)))


# %% equivalent="from-row" why="a side of 225 is halved five times to 7 as well"
# - def vgg(row, classes=1000, size=(224, 224), share=1, device='cpu'):
# + def vgg(row, classes=1000, size=(225, 224), share=1, device='cpu'):


# %% equivalent="from-row" why="a side of 225 is halved five times to 7 as well"
# - def vgg(row, classes=1000, size=(224, 224), share=1, device='cpu'):
# + def vgg(row, classes=1000, size=(224, 225), share=1, device='cpu'):


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - layers.append(nn.Conv2d(maps, outputs // share, k, padding=(k - 1) // 2))
# + layers.append(nn.Conv2d(maps, -(-outputs // share), k, padding=(k - 1) // 2))


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - layers.append(nn.Conv2d(maps, outputs // share, k, padding=(k - 1) // 2))
# + layers.append(nn.Conv2d(maps, outputs // share, k, padding=-(-(k - 1) // 2)))


# %% equivalent="from-row" why="for odd kernels both are one number"
# - layers.append(nn.Conv2d(maps, outputs // share, k, padding=(k - 1) // 2))
# + layers.append(nn.Conv2d(maps, outputs // share, k, padding=k // 2))


# %% equivalent="from-row" why="for odd kernels both are one number"
# - layers.append(nn.Conv2d(maps, outputs // share, k, padding=(k - 1) // 2))
# + layers.append(nn.Conv2d(maps, outputs // share, k, padding=(k - 0) // 2))


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - maps = outputs // share
# + maps = -(-outputs // share)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - inputs = maps * (size[0] // scale) * (size[1] // scale)
# + inputs = maps * -(-size[0] // scale) * (size[1] // scale)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - inputs = maps * (size[0] // scale) * (size[1] // scale)
# + inputs = maps * (size[0] // scale) * -(-size[1] // scale)


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - layers.extend([nn.Linear(inputs, 4096 // share), nn.ReLU(), nn.Dropout(p=0.5)])
# + layers.extend([nn.Linear(inputs, -(-4096 // share)), nn.ReLU(), nn.Dropout(p=0.5)])


# %% equivalent="from-row" why="one half is what torch takes itself"
# - layers.extend([nn.Linear(inputs, 4096 // share), nn.ReLU(), nn.Dropout(p=0.5)])
# + layers.extend([nn.Linear(inputs, 4096 // share), nn.ReLU(), nn.Dropout()])


# %% equivalent="from-row" why="share divides and sides can be halved, so nothing is rounded"
# - inputs = 4096 // share
# + inputs = -(-4096 // share)
