# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# ---- Either way ----


# %% right="either-way" style="threshold in the first layer"
def either_way(kernel, threshold):
    first = torch.cat([-kernel[None, None], kernel[None, None]])
    return (
        first,
        torch.full((2,), -float(threshold)),
        torch.ones(1, 2, 1, 1),
        torch.zeros(1),
    )


# %% right="either-way" style="numpy, scaled"
def either_way(kernel, threshold):
    k = kernel.numpy().astype(float)
    first = np.stack([2 * k, -4 * k])[:, None]
    second = np.array([0.5, 0.25]).reshape(1, 2, 1, 1)
    return [first, np.zeros(2), second, np.array([-threshold])]


# %% right="either-way" style="loops"
def either_way(kernel, threshold):
    h, w = kernel.shape
    first = torch.zeros(2, 1, h, w)
    for i in range(h):
        for j in range(w):
            first[0, 0, i, j] = kernel[i, j]
            first[1, 0, i, j] = -kernel[i, j]
    return (
        first,
        torch.zeros(2),
        torch.ones(1, 2, 1, 1),
        torch.tensor([0.0 - threshold]),
    )


# %% wrong="either-way" says="to the kernel only"
def either_way(kernel, threshold):
    first = torch.stack([kernel, -kernel])[:, None]
    second = torch.tensor([1.0, -1.0]).reshape(1, 2, 1, 1)
    return first, torch.zeros(2), second, torch.tensor([-float(threshold)])


# %% wrong="either-way" says="taken away twice"
def either_way(kernel, threshold):
    first = torch.stack([kernel, -kernel])[:, None]
    bias = torch.full((2,), -float(threshold))
    return first, bias, torch.ones(1, 2, 1, 1), bias[:1]


# %% wrong="either-way" says="wrong sign"
def either_way(kernel, threshold):
    first = torch.stack([kernel, -kernel])[:, None]
    return (
        first,
        torch.zeros(2),
        torch.ones(1, 2, 1, 1),
        torch.tensor([float(threshold)]),
    )


# %% wrong="either-way" says="threshold is missing"
def either_way(kernel, threshold):
    first = torch.stack([kernel, -kernel])[:, None]
    return first, torch.zeros(2), torch.ones(1, 2, 1, 1), torch.zeros(1)


# %% wrong="either-way" says="turned around"
def either_way(kernel, threshold):
    first = torch.stack([kernel, kernel.flip(0, 1)])[:, None]
    return (
        first,
        torch.zeros(2),
        torch.ones(1, 2, 1, 1),
        torch.tensor([-float(threshold)]),
    )


# %% wrong="either-way" says="Both of your kernels are the same"
def either_way(kernel, threshold):
    first = torch.stack([kernel, kernel])[:, None]
    return (
        first,
        torch.zeros(2),
        torch.ones(1, 2, 1, 1),
        torch.tensor([-float(threshold)]),
    )


# %% wrong="either-way" says="to the kernel only"
def either_way(kernel, threshold):
    first = torch.stack([kernel, torch.zeros_like(kernel)])[:, None]
    return (
        first,
        torch.zeros(2),
        torch.ones(1, 2, 1, 1),
        torch.tensor([-float(threshold)]),
    )


# %% wrong="either-way" says="expected 4 tensors"
def either_way(kernel, threshold):
    return torch.stack([kernel, -kernel])[:, None], torch.ones(1, 2, 1, 1)


# %% wrong="either-way" says="the shape should be (2, 1,"
def either_way(kernel, threshold):
    first = torch.stack([kernel, -kernel])
    return (
        first,
        torch.zeros(2),
        torch.ones(1, 2, 1, 1),
        torch.tensor([-float(threshold)]),
    )


# ---- Every pixel ----


# %% right="every-pixel" style="rows"
def every_pixel(x, weight, bias, dz):
    n, maps, h, w = x.shape
    new = len(weight)
    rows = x.permute(0, 2, 3, 1).reshape(-1, maps)
    back = dz.permute(0, 2, 3, 1).reshape(-1, new)
    matrix = weight.reshape(new, maps)
    z = (rows @ matrix.T + bias).reshape(n, h, w, new).permute(0, 3, 1, 2)
    dx = (back @ matrix).reshape(n, h, w, maps).permute(0, 3, 1, 2)
    return z, dx, (back.T @ rows).reshape(weight.shape), back.sum(0)


# %% right="every-pixel" style="columns, image by image"
def every_pixel(x, weight, bias, dz):
    matrix, z, dx, dweight = weight[:, :, 0, 0], [], [], torch.zeros_like(weight)
    for image, given in zip(x, dz):
        columns, back = image.flatten(1), given.flatten(1)
        z.append((matrix @ columns + bias[:, None]).view(given.shape))
        dx.append((matrix.T @ back).view(image.shape))
        dweight = dweight + (back @ columns.T)[:, :, None, None]
    return torch.stack(z), torch.stack(dx), dweight, dz.sum(dim=(0, 2, 3))


# %% right="every-pixel" style="numpy, loops"
def every_pixel(x, weight, bias, dz):
    x, w, b, dz = (one.numpy().astype(float) for one in (x, weight, bias, dz))
    z, dx, dw = np.zeros(dz.shape), np.zeros(x.shape), np.zeros(w.shape)
    for i in range(len(w)):
        z[:, i] += b[i]
        for l in range(w.shape[1]):
            z[:, i] += w[i, l, 0, 0] * x[:, l]
            dx[:, l] += w[i, l, 0, 0] * dz[:, i]
            dw[i, l, 0, 0] = (dz[:, i] * x[:, l]).sum()
    return z, dx, dw, dz.sum((0, 2, 3))


# %% right="every-pixel" style="broadcast"
def every_pixel(x, weight, bias, dz):
    w = weight[None]  # (1, I, L, 1, 1)
    z = (w * x[:, None]).sum(2) + bias.view(1, -1, 1, 1)
    dx = (w * dz[:, :, None]).sum(1)
    dweight = (dz[:, :, None] * x[:, None]).sum((0, 3, 4), keepdim=False)
    return z, dx, dweight[:, :, None, None], dz.sum(3).sum(2).sum(0)


# %% wrong="every-pixel" says="A reshape alone mixes maps and pixels"
def every_pixel(x, weight, bias, dz):
    n, maps, h, w = x.shape
    rows, matrix = x.reshape(-1, maps), weight[:, :, 0, 0]
    z = (rows @ matrix.T + bias).reshape(n, len(weight), h, w)
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    return z, dx, dweight, dz.sum((0, 2, 3))


# %% wrong="every-pixel" says="On the way back to maps"
def every_pixel(x, weight, bias, dz):
    n, maps, h, w = x.shape
    rows, matrix = x.permute(0, 2, 3, 1).reshape(-1, maps), weight[:, :, 0, 0]
    z = (rows @ matrix.T + bias).reshape(n, len(weight), h, w)
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    return z, dx, dweight, dz.sum((0, 2, 3))


# %% wrong="every-pixel" says="The bias is missing"
def every_pixel(x, weight, bias, dz):
    matrix = weight[:, :, 0, 0]
    z = torch.einsum("nlhw,il->nihw", x, matrix)
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    return z, dx, dweight, dz.sum((0, 2, 3))


# %% wrong="every-pixel" says="That is a mean"
def every_pixel(x, weight, bias, dz):
    matrix = weight[:, :, 0, 0]
    z = torch.einsum("nlhw,il->nihw", x, matrix) + bias[:, None, None]
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    size = x.shape[0] * x.shape[2] * x.shape[3]
    return z, dx, dweight / size, dz.mean((0, 2, 3))


# %% wrong="every-pixel" says="(I, L, 1, 1)"
def every_pixel(x, weight, bias, dz):
    matrix = weight[:, :, 0, 0]
    z = torch.einsum("nlhw,il->nihw", x, matrix) + bias[:, None, None]
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)
    return z, dx, dweight, dz.sum((0, 2, 3))


# %% wrong="every-pixel" says="sum over these"
def every_pixel(x, weight, bias, dz):
    matrix = weight[:, :, 0, 0]
    z = torch.einsum("nlhw,il->nihw", x, matrix) + bias[:, None, None]
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    return z, dx, dweight, dz.sum((2, 3))


# %% wrong="every-pixel" says="at every pixel"
def every_pixel(x, weight, bias, dz):
    matrix = weight[:, :, 0, 0]
    z = torch.einsum("nlhw,il->nihw", x, matrix) + bias[:, None, None]
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    return z, dx, dweight, torch.ones_like(bias)


# %% wrong="every-pixel" says="F.conv2d does the work"
def every_pixel(x, weight, bias, dz):
    matrix = weight[:, :, 0, 0]
    z = F.conv2d(x, weight, bias)
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    return z, dx, dweight, dz.sum((0, 2, 3))


# %% wrong="every-pixel" says="torch.convolution does the work"
def every_pixel(x, weight, bias, dz):
    matrix = weight[:, :, 0, 0]
    z = torch.convolution(x, weight, bias, [1, 1], [0, 0], [1, 1], False, [0, 0], 1)
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    return z, dx, dweight, dz.sum((0, 2, 3))


# %% wrong="every-pixel" says="torch.ops.aten.convolution does the work"
def every_pixel(x, weight, bias, dz):
    matrix = weight[:, :, 0, 0]
    z = torch.ops.aten.convolution(
        x, weight, bias, [1, 1], [0, 0], [1, 1], False, [0, 0], 1
    )
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    return z, dx, dweight, dz.sum((0, 2, 3))


# %% wrong="every-pixel" says="torch.ops.aten.convolution_backward does the work"
def every_pixel(x, weight, bias, dz):
    matrix = weight[:, :, 0, 0]
    z = torch.einsum("nlhw,il->nihw", x, matrix) + bias[:, None, None]
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.ops.aten.convolution_backward(
        dz,
        x,
        weight,
        None,
        [1, 1],
        [0, 0],
        [1, 1],
        False,
        [0, 0],
        1,
        [False, True, False],
    )[1]
    return z, dx, dweight, dz.sum((0, 2, 3))


# %% wrong="every-pixel" says="expected a tensor"
def every_pixel(x, weight, bias, dz):
    matrix = weight[:, :, 0, 0]
    z = torch.einsum("nlhw,il->nihw", x, matrix) + bias[:, None, None]
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    return z, dx, dweight, [dz[:, i].sum().item() for i in range(dz.shape[1])]


# %% wrong="every-pixel" says="changes its input dz"
def every_pixel(x, weight, bias, dz):
    matrix = weight[:, :, 0, 0]
    z = torch.einsum("nlhw,il->nihw", x, matrix) + bias[:, None, None]
    dx = torch.einsum("nihw,il->nlhw", dz, matrix)
    dweight = torch.einsum("nihw,nlhw->il", dz, x)[:, :, None, None]
    for at in range(1, len(dz)):
        dz[0] += dz[at]
    return z, dx, dweight, dz[0].sum((1, 2))


# %% wrong="every-pixel" says="expected 4 tensors"
def every_pixel(x, weight, bias, dz):
    return torch.einsum("nlhw,il->nihw", x, weight[:, :, 0, 0]) + bias[:, None, None]


# ---- Two layers that are one ----


# %% right="two-are-one" style="a convolution of kernels"
def merged(w1, b1, w2, b2):
    kernel = F.conv2d(w1.transpose(0, 1), w2).transpose(0, 1)
    return kernel, (w2 * b1[None, :, None, None]).sum((1, 2, 3)) + b2


# %% right="two-are-one" style="matrix products"
def merged(w1, b1, w2, b2):
    matrix = w2.flatten(1)
    return (matrix @ w1.flatten(1)).view(-1, *w1.shape[1:]), F.linear(b1, matrix, b2)


# %% right="two-are-one" style="numpy, loops"
def merged(w1, b1, w2, b2):
    w1, b1, w2, b2 = (one.numpy().astype(float) for one in (w1, b1, w2, b2))
    kernel, bias = np.zeros((len(w2), *w1.shape[1:])), b2.copy()
    for i in range(len(w2)):
        for m in range(len(w1)):
            kernel[i] += w2[i, m, 0, 0] * w1[m]
            bias[i] += w2[i, m, 0, 0] * b1[m]
    return kernel, bias


# %% wrong="two-are-one" says="The first layer's biases are lost"
def merged(w1, b1, w2, b2):
    return torch.einsum("im,mlhw->ilhw", w2[:, :, 0, 0], w1), b2


# %% wrong="two-are-one" says="own bias is missing"
def merged(w1, b1, w2, b2):
    matrix = w2[:, :, 0, 0]
    return torch.einsum("im,mlhw->ilhw", matrix, w1), matrix @ b1


# %% wrong="two-are-one" says="b1 has to go through"
def merged(w1, b1, w2, b2):
    return torch.einsum("im,mlhw->ilhw", w2[:, :, 0, 0], w1), b1.sum() + b2


# %% wrong="two-are-one" says="The new maps come first"
def merged(w1, b1, w2, b2):
    kernel = F.conv2d(w1.transpose(0, 1), w2)
    return kernel, w2[:, :, 0, 0] @ b1 + b2


# %% wrong="two-are-one" says="There is no ReLU here"
def merged(w1, b1, w2, b2):
    matrix = w2[:, :, 0, 0]
    return torch.einsum("im,mlhw->ilhw", matrix, w1).relu(), matrix @ b1 + b2


# %% wrong="two-are-one" says="expected 2 tensors"
def merged(w1, b1, w2, b2):
    return torch.einsum("im,mlhw->ilhw", w2[:, :, 0, 0], w1)


# ---- mlpconv ----


# %% right="mlpconv" style="Sequential"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.net = nn.Sequential(
            nn.Conv2d(inputs, a, size, stride=stride, padding=padding),
            nn.ReLU(),
            nn.Conv2d(a, b, 1),
            nn.ReLU(),
            nn.Conv2d(b, c, kernel_size=1),
            nn.ReLU(),
        )

    def forward(self, x):
        return self.net(x)


# %% right="mlpconv" style="own parameters"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        self.how = (stride, padding)
        widths, sizes = [inputs, *outputs], (size, 1, 1)
        self.weights = nn.ParameterList(
            nn.Parameter(0.1 * torch.randn(widths[i + 1], widths[i], k, k))
            for i, k in enumerate(sizes)
        )
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(o)) for o in outputs)

    def forward(self, x):
        for i, (w, b) in enumerate(zip(self.weights, self.biases)):
            x = F.conv2d(x, w, b, *(self.how if i == 0 else (1, 0)))
            x = x.clamp(min=0)
        return x


# %% right="mlpconv" style="ModuleList, einsum for the 1×1 layers"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        first = nn.Conv2d(inputs, outputs[0], size, stride, padding)
        cascade = [nn.Conv2d(i, o, 1) for i, o in zip(outputs, outputs[1:])]
        self.layers = nn.ModuleList([first, *cascade])

    def forward(self, x):
        x = torch.relu(self.layers[0](x))
        for layer in self.layers[1:]:
            x = torch.einsum("nlhw,il->nihw", x, layer.weight[:, :, 0, 0])
            x = torch.relu(x + layer.bias[:, None, None])
        return x


# %% wrong="mlpconv" says="The last ReLU is missing"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size, stride, padding)
        self.second, self.third = nn.Conv2d(a, b, 1), nn.Conv2d(b, c, 1)

    def forward(self, x):
        return self.third(F.relu(self.second(F.relu(self.first(x)))))


# %% wrong="mlpconv" says="There is no ReLU"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size, stride, padding)
        self.second, self.third = nn.Conv2d(a, b, 1), nn.Conv2d(b, c, 1)

    def forward(self, x):
        return self.third(self.second(self.first(x)))


# %% wrong="mlpconv" says="Are these biases?"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size, stride, padding, bias=False)
        self.second = nn.Conv2d(a, b, 1, bias=False)
        self.third = nn.Conv2d(b, c, 1, bias=False)

    def forward(self, x):
        return F.relu(self.third(F.relu(self.second(F.relu(self.first(x))))))


# %% wrong="mlpconv" says="Stride and padding belong to the first layer alone"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size, stride, padding)
        self.second = nn.Conv2d(a, b, 1, stride, padding)
        self.third = nn.Conv2d(b, c, 1, stride, padding)

    def forward(self, x):
        return F.relu(self.third(F.relu(self.second(F.relu(self.first(x))))))


# %% wrong="mlpconv" says="The stride belongs to the first layer alone"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size, stride, padding)
        self.second = nn.Conv2d(a, b, 1, stride)
        self.third = nn.Conv2d(b, c, 1, stride)

    def forward(self, x):
        return F.relu(self.third(F.relu(self.second(F.relu(self.first(x))))))


# %% wrong="mlpconv" says="The padding belongs to the first layer alone"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size, stride, padding)
        self.second = nn.Conv2d(a, b, 1, padding=padding)
        self.third = nn.Conv2d(b, c, 1, padding=padding)

    def forward(self, x):
        return F.relu(self.third(F.relu(self.second(F.relu(self.first(x))))))


# %% wrong="mlpconv" says="The stride is not used"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size, padding=padding)
        self.second = nn.Conv2d(a, b, 1)
        self.third = nn.Conv2d(b, c, 1)

    def forward(self, x):
        return F.relu(self.third(F.relu(self.second(F.relu(self.first(x))))))


# %% wrong="mlpconv" says="The padding is not used"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size, stride)
        self.second = nn.Conv2d(a, b, 1)
        self.third = nn.Conv2d(b, c, 1)

    def forward(self, x):
        return F.relu(self.third(F.relu(self.second(F.relu(self.first(x))))))


# %% wrong="mlpconv" says="Stride and padding are not used"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size)
        self.second = nn.Conv2d(a, b, 1)
        self.third = nn.Conv2d(b, c, 1)

    def forward(self, x):
        return F.relu(self.third(F.relu(self.second(F.relu(self.first(x))))))


# %% wrong="mlpconv" says="not half the size"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size, stride, size // 2)
        self.second = nn.Conv2d(a, b, 1)
        self.third = nn.Conv2d(b, c, 1)

    def forward(self, x):
        return F.relu(self.third(F.relu(self.second(F.relu(self.first(x))))))


# %% wrong="mlpconv" says="Nothing is normalised"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.net = nn.Sequential(
            nn.Conv2d(inputs, a, size, stride, padding),
            nn.BatchNorm2d(a),
            nn.ReLU(),
            nn.Conv2d(a, b, 1),
            nn.BatchNorm2d(b),
            nn.ReLU(),
            nn.Conv2d(b, c, 1),
            nn.BatchNorm2d(c),
            nn.ReLU(),
        )

    def forward(self, x):
        return self.net(x)


# %% wrong="mlpconv" says="Nothing is normalised"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size, stride, padding)
        self.norm = nn.BatchNorm2d(a, affine=False)
        self.second, self.third = nn.Conv2d(a, b, 1), nn.Conv2d(b, c, 1)

    def forward(self, x):
        x = F.relu(self.norm(self.first(x)))
        return F.relu(self.third(F.relu(self.second(x))))


# %% wrong="mlpconv" says="plain list of layers"
class MLPConv(nn.Module):
    def __init__(self, inputs, outputs, size, stride=1, padding=0):
        super().__init__()
        a, b, c = outputs
        self.first = nn.Conv2d(inputs, a, size, stride, padding)
        self.others = [nn.Conv2d(a, b, 1), nn.Conv2d(b, c, 1)]

    def forward(self, x):
        x = F.relu(self.first(x))
        for layer in self.others:
            x = F.relu(layer(x))
        return x


# ---- Quizzes ----


# %% right="head-weights" style="numbers"
dense_weights = 58_631_144
mean_weights = 257_000
times_as_many = 228
mean_multiply_adds = 9_216_000


# %% right="head-weights" style="formulas"
dense_weights = sum((i + 1) * o for i, o in ((9216, 4096), (4096, 4096), (4096, 1000)))
mean_weights = (256 + 1) * 1000
times_as_many = np.float64(dense_weights) / mean_weights
mean_multiply_adds = 256 * 6 * 6 * 1000


# %% right="head-weights" style="rounded"
dense_weights = 37_752_832 + 16_781_312 + 4_097_000
mean_weights = np.int64(257_000)
times_as_many = 228.1
mean_multiply_adds = 9.216e6


# %% wrong="head-weights" says="without the biases"
dense_weights = 58_621_952
mean_weights = 256_000
times_as_many = 229.0
mean_multiply_adds = 9_216_000


# %% wrong="head-weights" says="6 · 6 is missing"
dense_weights = 257 * 4096 + 4097 * 4096 + 4097 * 1000
mean_weights = 257_000
times_as_many = dense_weights / mean_weights
mean_multiply_adds = 9_216_000


# %% wrong="head-weights" says="places share its weights"
dense_weights = 58_631_144
mean_weights = 36 * 256 * 1000
times_as_many = dense_weights / mean_weights
mean_multiply_adds = 9_216_000


# %% wrong="head-weights" says="one bias for each of its 1000 maps"
dense_weights = 58_631_144
mean_weights = 256_256
times_as_many = dense_weights / mean_weights
mean_multiply_adds = 9_216_000


# %% wrong="head-weights" says="The other way round"
dense_weights = 58_631_144
mean_weights = 257_000
times_as_many = mean_weights / dense_weights
mean_multiply_adds = 9_216_000


# %% wrong="head-weights" says="at every place of the maps"
dense_weights = 58_631_144
mean_weights = 257_000
times_as_many = 228
mean_multiply_adds = 256_000


# %% right="head-friends" style="formulas"
import math

lowest_with_10 = -math.log(math.e / (math.e + 9))
lowest_with_100 = math.log(math.e + 99) - 1
friend_a = "softmax"
friend_b = "late relu"
friend_c = "axes"
friend_d = "no relu"


# %% right="head-friends" style="torch"
lowest_with_10 = F.cross_entropy(torch.eye(10)[:1], torch.tensor([0])).item()
lowest_with_100 = F.cross_entropy(torch.eye(100)[:1], torch.tensor([0])).item()
friend_a, friend_b, friend_c, friend_d = "softmax", "late relu", "axes", "no relu"


# %% right="head-friends" style="rounded"
lowest_with_10 = 1.46
lowest_with_100 = 3.62
friend_a = "softmax"
friend_b = "late relu"
friend_c = "axes"
friend_d = "no relu"


# %% wrong="head-friends" says="takes them for scores"
lowest_with_10 = 0.0
lowest_with_100 = 0.0
friend_a, friend_b, friend_c, friend_d = "softmax", "late relu", "axes", "no relu"


# %% wrong="head-friends" says="after sixty steps"
lowest_with_10 = 1.58
lowest_with_100 = 3.62
friend_a, friend_b, friend_c, friend_d = "softmax", "late relu", "axes", "no relu"


# %% wrong="head-friends" says="That is rounded"
lowest_with_10 = 1.5
lowest_with_100 = 3.6
friend_a, friend_b, friend_c, friend_d = "softmax", "late relu", "axes", "no relu"


# %% wrong="head-friends" says="nine other classes, not ten"
import math

lowest_with_10 = math.log(1 + 10 / math.e)
lowest_with_100 = math.log(1 + 100 / math.e)
friend_a, friend_b, friend_c, friend_d = "softmax", "late relu", "axes", "no relu"


# %% wrong="head-friends" says="loss of a guess"
import math

lowest_with_10 = math.log(10)
lowest_with_100 = math.log(100)
friend_a, friend_b, friend_c, friend_d = "softmax", "late relu", "axes", "no relu"


# %% wrong="head-friends" says="score 2 could not be 0"
lowest_with_10 = 1.46
lowest_with_100 = 3.62
friend_a, friend_b, friend_c, friend_d = "softmax", "no relu", "axes", "late relu"


# %% wrong="head-friends" says="nothing of map 2 is above 0"
lowest_with_10 = 1.46
lowest_with_100 = 3.62
friend_a, friend_b, friend_c, friend_d = "softmax", "late relu", "no relu", "no relu"


# ---- What the maps are told ----


# %% right="told-to-the-maps" style="numpy"
def told(maps, targets):
    maps, targets = maps.numpy().astype(float), targets.numpy()
    n, classes, h, w = maps.shape
    scores = maps.mean((2, 3))
    grown = np.exp(scores - scores.max(1, keepdims=True))
    wrong = grown / grown.sum(1, keepdims=True)
    wrong[np.arange(n), targets] -= 1
    return np.ones((n, classes, h, w)) * wrong[:, :, None, None] / (n * h * w)


# %% right="told-to-the-maps" style="loops"
def told(maps, targets):
    n, classes, h, w = maps.shape
    found = torch.zeros(maps.shape)
    for i in range(n):
        p = torch.softmax(maps[i].flatten(1).mean(1), 0)
        for k in range(classes):
            one = 1.0 if k == int(targets[i]) else 0.0
            found[i, k] = (p[k] - one) / n / h / w
    return found


# %% right="told-to-the-maps" style="log_softmax"
def told(maps, targets):
    p = F.log_softmax(maps.mean(dim=(-1, -2)), dim=1).exp()
    p = p.scatter_add(1, targets[:, None], -torch.ones(len(p), 1))
    share = p / maps[:, 0].numel()
    return share[..., None, None].repeat(1, 1, *maps.shape[2:])


# %% wrong="told-to-the-maps" says="Divide by h · w as well"
def told(maps, targets):
    wrong = maps.mean((2, 3)).softmax(1) - F.one_hot(targets, maps.shape[1])
    return (wrong / len(maps))[:, :, None, None].expand(maps.shape)


# %% wrong="told-to-the-maps" says="divide by n as well"
def told(maps, targets):
    wrong = maps.mean((2, 3)).softmax(1) - F.one_hot(targets, maps.shape[1])
    return (wrong / maps[0, 0].numel())[:, :, None, None].expand(maps.shape)


# %% wrong="told-to-the-maps" says="not one at each place"
def told(maps, targets):
    ones = F.one_hot(targets, maps.shape[1])[:, :, None, None]
    return (maps.softmax(1) - ones) / maps[:, 0].numel()


# %% wrong="told-to-the-maps" says="Every number of a map has a gradient"
def told(maps, targets):
    wrong = maps.mean((2, 3)).softmax(1) - F.one_hot(targets, maps.shape[1])
    return (wrong / maps[:, 0].numel())[:, :, None, None]


# %% wrong="told-to-the-maps" says="Go on to the maps"
def told(maps, targets):
    wrong = maps.mean((2, 3)).softmax(1) - F.one_hot(targets, maps.shape[1])
    return wrong / len(maps)


# %% wrong="told-to-the-maps" says="The sign is wrong"
def told(maps, targets):
    wrong = F.one_hot(targets, maps.shape[1]) - maps.mean((2, 3)).softmax(1)
    return (wrong / maps[:, 0].numel())[:, :, None, None].expand(maps.shape)


# %% wrong="told-to-the-maps" says="not the sum"
def told(maps, targets):
    n, classes, h, w = maps.shape
    wrong = maps.sum((2, 3)).softmax(1) - F.one_hot(targets, classes)
    return (wrong / (n * h * w))[:, :, None, None].expand(maps.shape)


# %% wrong="told-to-the-maps" says="not divided by the number of classes"
def told(maps, targets):
    n, classes, h, w = maps.shape
    wrong = maps.mean((2, 3)).softmax(1) - F.one_hot(targets, classes)
    return (wrong / (n * classes * h * w))[:, :, None, None].expand(maps.shape)


# %% wrong="told-to-the-maps" says="it need not be square"
def told(maps, targets):
    n, classes, h, w = maps.shape
    wrong = maps.mean((2, 3)).softmax(1) - F.one_hot(targets, classes)
    return (wrong / (n * h * h))[:, :, None, None].expand(maps.shape)


# %% wrong="told-to-the-maps" says="it need not be square"
def told(maps, targets):
    n, classes, h, w = maps.shape
    wrong = maps.mean((2, 3)).softmax(1) - F.one_hot(targets, classes)
    return (wrong / (n * w))[:, :, None, None].expand(maps.shape)


# %% wrong="told-to-the-maps" says="does the work"
def told(maps, targets):
    logs = maps.mean((2, 3)).log_softmax(1)
    mean = torch.zeros(maps.shape) + 1 / maps[0, 0].numel()
    total, weight = torch.ops.aten.nll_loss_forward(logs, targets, None, 1, -100)
    back = torch.ops.aten.nll_loss_backward(
        torch.ones(()), logs, targets, None, 1, -100, weight
    )
    scores = torch.ops.aten._log_softmax_backward_data(back, logs, 1, logs.dtype)
    return scores[:, :, None, None] * mean


# %% wrong="told-to-the-maps" says="nan"
def told(maps, targets):
    grown = maps.mean((2, 3)).exp()
    wrong = grown / grown.sum(1, keepdim=True) - F.one_hot(targets, maps.shape[1])
    return (wrong / maps[:, 0].numel())[:, :, None, None].expand(maps.shape)


# %% wrong="told-to-the-maps" says="does the work"
def told(maps, targets):
    leaf = maps.clone().requires_grad_()
    loss = F.cross_entropy(leaf.mean((2, 3)), targets)
    return torch.autograd.grad(loss, leaf)[0]


# ---- The quarter with the most evidence ----


# %% right="quarters" style="four slices"
def quarters(maps, kinds):
    h, w = maps.shape[2] // 2, maps.shape[3] // 2
    parts = [
        maps[:, :, :h, :w],
        maps[:, :, :h, w:],
        maps[:, :, h:, :w],
        maps[:, :, h:, w:],
    ]
    best = torch.stack([part.mean((2, 3)) for part in parts]).argmax(0)
    return torch.stack([best[i, kinds[i]] for i in range(len(maps))])


# %% right="quarters" style="numpy, loops"
def quarters(maps, kinds):
    maps, kinds = maps.numpy(), kinds.numpy()
    h, w = maps.shape[2] // 2, maps.shape[3] // 2
    found = np.zeros(kinds.shape, dtype=int)
    for i, j in np.ndindex(*kinds.shape):
        one = maps[i, kinds[i, j]]
        means = [one[r : r + h, c : c + w].sum() for r in (0, h) for c in (0, w)]
        found[i, j] = int(np.argmax(means))
    return found


# %% right="quarters" style="pooled"
def quarters(maps, kinds):
    size = (maps.shape[2] // 2, maps.shape[3] // 2)
    parts = F.avg_pool2d(maps, size, size).flatten(2)
    rows = torch.arange(len(maps))[:, None]
    return parts[rows, kinds].argmax(-1)


# %% wrong="quarters" says="where the largest number is"
def quarters(maps, kinds):
    n, classes, h, w = maps.shape
    at = maps.flatten(2).argmax(2)
    quarter = 2 * (at // w >= h // 2) + (at % w >= w // 2)
    return quarter.gather(1, kinds)


# %% wrong="quarters" says="numbered as one reads"
def quarters(maps, kinds):
    h, w = maps.shape[2] // 2, maps.shape[3] // 2
    parts = [
        maps[:, :, :h, :w],
        maps[:, :, h:, :w],
        maps[:, :, :h, w:],
        maps[:, :, h:, w:],
    ]
    best = torch.stack([part.mean((2, 3)) for part in parts]).argmax(0)
    return best.gather(1, kinds)


# %% wrong="quarters" says="The first quarter has the number 0"
def quarters(maps, kinds):
    best = F.adaptive_avg_pool2d(maps, 2).flatten(2).argmax(2)
    return best.gather(1, kinds) + 1


# %% wrong="quarters" says="where the largest number is"
def quarters(maps, kinds):
    return F.adaptive_max_pool2d(maps, 2).flatten(2).argmax(2).gather(1, kinds)


# %% wrong="quarters" says="Only for the classes that"
def quarters(maps, kinds):
    return F.adaptive_avg_pool2d(maps, 2).flatten(2).argmax(2)


# %% wrong="quarters" says="leave out the ReLU"
def quarters(maps, kinds):
    parts = F.adaptive_avg_pool2d(maps.relu(), 2).flatten(2)
    return parts.argmax(2).gather(1, kinds)


# %% wrong="quarters" says="expected a tensor"
def quarters(maps, kinds):
    best = F.adaptive_avg_pool2d(maps, 2).flatten(2).argmax(2)
    return best.gather(1, kinds).tolist()


# %% wrong="quarters" says="leave the signs"
def quarters(maps, kinds):
    return F.adaptive_avg_pool2d(maps.abs(), 2).flatten(2).argmax(2).gather(1, kinds)


# ---- 966,986 weights ----


# %% right="build-nin" style="a class"
class Block(nn.Module):
    def __init__(self, inputs, outputs, size):
        super().__init__()
        a, b, c = outputs
        self.a = nn.Conv2d(inputs, a, size, padding="same")
        self.b, self.c = nn.Conv2d(a, b, 1), nn.Conv2d(b, c, 1)

    def forward(self, x):
        return F.relu(self.c(F.relu(self.b(F.relu(self.a(x))))))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.third = Block(192, (192, 192, 10), 3)
        self.first = Block(3, (192, 160, 96), 5)
        self.second = Block(96, (192, 192, 192), 5)

    def forward(self, x):
        x = F.max_pool2d(self.first(x), 3, 2, ceil_mode=True)
        x = self.second(F.dropout(x, training=self.training))
        x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
        return self.third(F.dropout(x, 0.5, self.training)).mean((2, 3))


def nin_for_cifar():
    return Net()


# %% right="build-nin" style="a search first"
def widths():
    for n in range(1, 300):
        for c in range(1, n + 1):
            rest = 76 * n + c + (25 * c + 1) * n + 2 * (n + 1) * n
            rest += (9 * n + 1) * n + (n + 1) * n + (n + 1) * 10
            b, left = divmod(966_986 - rest, n + 1 + c)
            if left == 0 and c <= b <= n:
                return n, b, c


def nin_for_cifar():
    n, b, c = widths()
    plan = [(3, n, 5), (n, b, 1), (b, c, 1), (c, n, 5), (n, n, 1), (n, n, 1)]
    plan += [(n, n, 3), (n, n, 1), (n, 10, 1)]
    layers = []
    for at, (i, o, k) in enumerate(plan):
        layers += [
            nn.Conv2d(i, o, (k, k), padding=(k // 2, k // 2)),
            nn.ReLU(inplace=True),
        ]
        if at == 2:
            layers += [nn.MaxPool2d(3, 2, ceil_mode=True), nn.Dropout(0.5)]
        if at == 5:
            layers += [nn.AvgPool2d(3, 2, ceil_mode=True), nn.Dropout(0.5)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


# %% right="build-nin" style="own start, functional"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )
        for layer in self.layers:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
        self.drop = nn.Dropout()

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = layer(x).clamp(min=0)
            if at == 2:
                x = self.drop(F.max_pool2d(x, 3, 2, 0, ceil_mode=True))
            if at == 5:
                x = self.drop(F.avg_pool2d(x, 3, 2, 0, ceil_mode=True))
        return x.flatten(2).mean(2)


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="The last ReLU is missing"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = layer(x) if at == 8 else F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="behind the 1×1 convolutions are missing"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x)) if at % 3 == 0 else layer(x)
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="The ReLU behind convolution 5 is missing"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = layer(x) if at == 4 else F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="Behind the second block stands an average"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="32 becomes 15, not 16"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="The poolings have no padding"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, 1)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, 1)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="Those are probabilities"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3)).softmax(1)


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="not its largest number"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.amax((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="There are convolutions only"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 191, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )
        self.rest = nn.Parameter(torch.zeros(29, 7))

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="The number is right, the widths are not"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 114, 6, 280, 114, 114, 114, 114, 114, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="as wide as those of the later blocks"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 96, 160, 192, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="does your count have nine terms"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 192, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="two of 5×5, one of 3×3"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 3, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="Each convolution has a bias"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2, bias=False)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="a dropout is missing"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="a dropout is missing"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="dropout comes behind the pooling"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.dropout(x, 0.5, self.training)
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="each number by itself"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.2, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="each number by itself"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout2d(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="what comes out of the photograph"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        x = F.dropout(x, 0.2, self.training)
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="what comes out of convolution 1"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 0:
                x = F.dropout(x, 0.5, self.training)
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="what comes out of convolution 5"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 4:
                x = F.dropout(x, 0.5, self.training)
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="what comes out of convolution 6"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 5:
                x = F.dropout(x, 0.2, self.training)
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="what comes out of convolution 9"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 8:
                x = F.dropout(x, 0.5, self.training)
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="It also keeps"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )
        self.norm = nn.BatchNorm2d(192, affine=False)

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 0:
                x = self.norm(x)
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="dropped in evaluation"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="in front of the mean"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = layer(x) if at == 8 else F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return F.relu(x.mean((2, 3)))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="windows of the poolings are 3 × 3"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 2)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 2)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="The poolings go in steps of 2"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="padding is missing"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, 0) for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="ceil_mode=True is enough"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, 1, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="One of the poolings is padded"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, 1)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="In one of the poolings"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


def nin_for_cifar():
    return Net()


# %% wrong="build-nin" says="the very network of the first"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ends = [3, 192, 160, 96, 192, 192, 192, 192, 192, 10]
        sizes = [5, 1, 1, 5, 1, 1, 3, 1, 1]
        self.layers = nn.ModuleList(
            nn.Conv2d(ends[i], ends[i + 1], sizes[i], 1, sizes[i] // 2)
            for i in range(9)
        )

    def forward(self, x):
        for at, layer in enumerate(self.layers):
            x = F.relu(layer(x))
            if at == 2:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
            if at == 5:
                x = F.avg_pool2d(x, 3, 2, ceil_mode=True)
                x = F.dropout(x, 0.5, self.training)
        return x.mean((2, 3))


one = Net()


def nin_for_cifar():
    return one


# %% wrong="build-nin" says="does the work"
def nin_for_cifar():
    from coursekit.models import nin_cifar

    return nin_cifar()


# ---- Mutants that are as right as what they came from ----

# %% equivalent="every-pixel" why="sums over the same axes"
# - return (z, dx, dweight, dz.sum((0, 2, 3)))
# + return (z, dx, dweight, dz.sum((2, 0, 3)))

# %% equivalent="two-are-one" why="the same sum, or the only place of a 1×1 kernel"
# - return (kernel, (w2 * b1[None, :, None, None]).sum((1, 2, 3)) + b2)
# + return (kernel, (w2 * b1[None, :, None, None]).sum((2, 1, 3)) + b2)

# %% equivalent="two-are-one" why="the same sum, or the only place of a 1×1 kernel"
# - kernel = F.conv2d(w1.transpose(0, 1), w2).transpose(0, 1)
# + kernel = F.conv2d(w1.transpose(1, 0), w2).transpose(0, 1)

# %% equivalent="two-are-one" why="the same sum, or the only place of a 1×1 kernel"
# - bias[i] += w2[i, m, 0, 0] * b1[m]
# + bias[i] += w2[i, m, -1, 0] * b1[m]

# %% equivalent="two-are-one" why="the same sum, or the only place of a 1×1 kernel"
# - return (kernel, (w2 * b1[None, :, None, None]).sum((1, 2, 3)) + b2)
# + return (kernel, (w2 * b1[None, :, None, None]).sum((1, 3, 2)) + b2)

# %% equivalent="mlpconv" why="the check copies its own numbers over those of the start"
# - self.weights = nn.ParameterList((nn.Parameter(0.1 * torch.randn(widths[i + 1], widths[i], k, k)) for i, k in enumerate(sizes)))
# + self.weights = nn.ParameterList((nn.Parameter(0.1 / torch.randn(widths[i + 1], widths[i], k, k)) for i, k in enumerate(sizes)))

# %% equivalent="mlpconv" why="the check copies its own numbers over those of the start"
# - self.weights = nn.ParameterList((nn.Parameter(0.1 * torch.randn(widths[i + 1], widths[i], k, k)) for i, k in enumerate(sizes)))
# + self.weights = nn.ParameterList((nn.Parameter(torch.randn(widths[i + 1], widths[i], k, k)) for i, k in enumerate(sizes)))

# %% equivalent="told-to-the-maps" why="means over the same axes"
# - p = F.log_softmax(maps.mean(dim=(-1, -2)), dim=1).exp()
# + p = F.log_softmax(maps.mean(dim=(-2, -1)), dim=1).exp()

# %% equivalent="quarters" why="h and w are even; the same comparison, or numbers that are all overwritten"
# - h, w = (maps.shape[2] // 2, maps.shape[3] // 2)
# + h, w = (maps.shape[2] // 2, -(-maps.shape[3] // 2))

# %% equivalent="quarters" why="h and w are even; the same comparison, or numbers that are all overwritten"
# - parts = maps.reshape(n, classes, 2, h // 2, 2, w // 2).mean((3, 5))
# + parts = maps.reshape(n, classes, 2, -(-h // 2), 2, w // 2).mean((3, 5))

# %% equivalent="quarters" why="h and w are even; the same comparison, or numbers that are all overwritten"
# - best = torch.stack([part.mean((2, 3)) for part in parts]).argmax(0)
# + best = torch.stack([part.mean((3, 2)) for part in parts]).argmax(0)

# %% equivalent="quarters" why="h and w are even; the same comparison, or numbers that are all overwritten"
# - found = np.zeros(kinds.shape, dtype=int)
# + found = np.ones(kinds.shape, dtype=int)

# %% equivalent="quarters" why="h and w are even; the same comparison, or numbers that are all overwritten"
# - found = np.zeros(kinds.shape, dtype=int)
# + found = np.zeros(kinds.shape)

# %% equivalent="quarters" why="h and w are even; the same comparison, or numbers that are all overwritten"
# - means = [one[r:r + h, c:c + w].sum() for r in (0, h) for c in (0, w)]
# + means = [one[r:r + h, c:c + w].mean() for r in (0, h) for c in (0, w)]

# %% equivalent="quarters" why="h and w are even; the same comparison, or numbers that are all overwritten"
# - return parts.flatten(2).argmax(2).gather(1, kinds)
# + return np.abs(parts.flatten(2).argmax(2).gather(1, kinds))


# %% equivalent="either-way" why="the two kernels change places and are added"
# - first = torch.stack([kernel, -kernel])[:, None]
# + first = torch.stack([-kernel, kernel])[:, None]


# %% equivalent="either-way" why="the same numbers in another type"
# - return (first, torch.zeros(2), second, torch.tensor([-float(threshold)]))
# + return list((first, torch.zeros(2), second, torch.tensor([-float(threshold)])))


# %% equivalent="either-way" why="the same numbers in another type"
# - return (first, torch.zeros(2), second, torch.tensor([-float(threshold)]))
# + return (first, torch.zeros(2), second, torch.tensor([-threshold]))


# %% equivalent="either-way" why="the two kernels change places and are added"
# - first = torch.cat([-kernel[None, None], kernel[None, None]])
# + first = torch.cat([kernel[None, None], -kernel[None, None]])


# %% equivalent="either-way" why="the same numbers in another type"
# - return (first, torch.full((2,), -float(threshold)), torch.ones(1, 2, 1, 1), torch.zeros(1))
# + return (first, torch.full((2,), -threshold), torch.ones(1, 2, 1, 1), torch.zeros(1))


# %% equivalent="either-way" why="the same numbers in another type"
# - k = kernel.numpy().astype(float)
# + k = kernel.numpy()


# %% equivalent="either-way" why="there is one place only, and it is overwritten"
# - first = torch.zeros(2, 1, h, w)
# + first = torch.ones(2, 1, h, w)


# %% equivalent="either-way" why="there is one place only, and it is overwritten"
# - first[0, 0, i, j] = kernel[i, j]
# + first[0, -1, i, j] = kernel[i, j]


# %% equivalent="either-way" why="there is one place only, and it is overwritten"
# - first[1, 0, i, j] = -kernel[i, j]
# + first[1, -1, i, j] = -kernel[i, j]


# %% equivalent="either-way" why="the same numbers in another type"
# - return (first, torch.zeros(2), torch.ones(1, 2, 1, 1), torch.tensor([0.0 - threshold]))
# + return (first, torch.zeros(2), torch.ones(1, 2, 1, 1), torch.tensor([-0.0 - threshold]))


# %% equivalent="every-pixel" why="an axis of one place, from its front or its end"
# - matrix = weight[:, :, 0, 0]
# + matrix = weight[:, :, -1, 0]


# %% equivalent="every-pixel" why="an axis of one place, from its front or its end"
# - matrix = weight[:, :, 0, 0]
# + matrix = weight[:, :, 0, -1]


# %% equivalent="every-pixel" why="the same numbers in another form"
# - return (z, dx, dweight, dz.sum((0, 2, 3)))
# + return list((z, dx, dweight, dz.sum((0, 2, 3))))


# %% equivalent="every-pixel" why="the order of the axes of a sum does not matter"
# - return (z, dx, dweight, dz.sum((0, 2, 3)))
# + return (z, dx, dweight, dz.sum((0, 3, 2)))


# %% equivalent="every-pixel" why="the same numbers in another form"
# - new = len(weight)
# + new = len(bias)


# %% equivalent="every-pixel" why="an axis of one place, from its front or its end"
# - matrix, z, dx, dweight = (weight[:, :, 0, 0], [], [], torch.zeros_like(weight))
# + matrix, z, dx, dweight = (weight[:, :, -1, 0], [], [], torch.zeros_like(weight))


# %% equivalent="every-pixel" why="an axis of one place, from its front or its end"
# - matrix, z, dx, dweight = (weight[:, :, 0, 0], [], [], torch.zeros_like(weight))
# + matrix, z, dx, dweight = (weight[:, :, 0, -1], [], [], torch.zeros_like(weight))


# %% equivalent="every-pixel" why="the order of the axes of a sum does not matter"
# - return (torch.stack(z), torch.stack(dx), dweight, dz.sum(dim=(0, 2, 3)))
# + return (torch.stack(z), torch.stack(dx), dweight, dz.sum(dim=(2, 0, 3)))


# %% equivalent="every-pixel" why="the order of the axes of a sum does not matter"
# - return (torch.stack(z), torch.stack(dx), dweight, dz.sum(dim=(0, 2, 3)))
# + return (torch.stack(z), torch.stack(dx), dweight, dz.sum(dim=(0, 3, 2)))


# %% equivalent="every-pixel" why="the same numbers in another form"
# - x, w, b, dz = (one.numpy().astype(float) for one in (x, weight, bias, dz))
# + x, w, b, dz = (one.numpy() for one in (x, weight, bias, dz))


# %% equivalent="every-pixel" why="the same numbers in another form"
# - z, dx, dw = (np.zeros(dz.shape), np.zeros(x.shape), np.zeros(w.shape))
# + z, dx, dw = (np.zeros(dz.shape), np.zeros(x.shape), np.ones(w.shape))


# %% equivalent="every-pixel" why="the same numbers in another form"
# - z[:, i] += b[i]
# + z[:, i] = b[i]


# %% equivalent="every-pixel" why="an axis of one place, from its front or its end"
# - z[:, i] += w[i, l, 0, 0] * x[:, l]
# + z[:, i] += w[i, l, -1, 0] * x[:, l]


# %% equivalent="every-pixel" why="an axis of one place, from its front or its end"
# - z[:, i] += w[i, l, 0, 0] * x[:, l]
# + z[:, i] += w[i, l, 0, -1] * x[:, l]


# %% equivalent="every-pixel" why="an axis of one place, from its front or its end"
# - dx[:, l] += w[i, l, 0, 0] * dz[:, i]
# + dx[:, l] += w[i, l, -1, 0] * dz[:, i]


# %% equivalent="every-pixel" why="an axis of one place, from its front or its end"
# - dx[:, l] += w[i, l, 0, 0] * dz[:, i]
# + dx[:, l] += w[i, l, 0, -1] * dz[:, i]


# %% equivalent="every-pixel" why="an axis of one place, from its front or its end"
# - dw[i, l, 0, 0] = (dz[:, i] * x[:, l]).sum()
# + dw[i, l, -1, 0] = (dz[:, i] * x[:, l]).sum()


# %% equivalent="every-pixel" why="an axis of one place, from its front or its end"
# - dw[i, l, 0, 0] = (dz[:, i] * x[:, l]).sum()
# + dw[i, l, 0, -1] = (dz[:, i] * x[:, l]).sum()


# %% equivalent="every-pixel" why="the order of the axes of a sum does not matter"
# - return (z, dx, dw, dz.sum((0, 2, 3)))
# + return (z, dx, dw, dz.sum((2, 0, 3)))


# %% equivalent="every-pixel" why="the order of the axes of a sum does not matter"
# - return (z, dx, dw, dz.sum((0, 2, 3)))
# + return (z, dx, dw, dz.sum((0, 3, 2)))


# %% equivalent="every-pixel" why="the same numbers in another form"
# - dweight = (dz[:, :, None] * x[:, None]).sum((0, 3, 4), keepdim=False)
# + dweight = (dz[:, :, None] * x[:, None]).sum((0, 3, 4))


# %% equivalent="every-pixel" why="the order of the axes of a sum does not matter"
# - dweight = (dz[:, :, None] * x[:, None]).sum((0, 3, 4), keepdim=False)
# + dweight = (dz[:, :, None] * x[:, None]).sum((3, 0, 4), keepdim=False)


# %% equivalent="every-pixel" why="the order of the axes of a sum does not matter"
# - dweight = (dz[:, :, None] * x[:, None]).sum((0, 3, 4), keepdim=False)
# + dweight = (dz[:, :, None] * x[:, None]).sum((0, 4, 3), keepdim=False)


# %% equivalent="every-pixel" why="an axis of one place, from its front or its end"
# - return (z, dx, dweight[:, :, None, None], dz.sum(3).sum(2).sum(0))
# + return (z, dx, dweight[:, :, None, None], dz.sum(2).sum(2).sum(0))


# %% equivalent="two-are-one" why="an axis of one place, from its front or its end"
# - matrix = w2[:, :, 0, 0]
# + matrix = w2[:, :, -1, 0]


# %% equivalent="two-are-one" why="an axis of one place, from its front or its end"
# - matrix = w2[:, :, 0, 0]
# + matrix = w2[:, :, 0, -1]


# %% equivalent="two-are-one" why="the same numbers in another form"
# - return (torch.einsum('im,mlhw->ilhw', matrix, w1), matrix @ b1 + b2)
# + return list((torch.einsum('im,mlhw->ilhw', matrix, w1), matrix @ b1 + b2))


# %% equivalent="two-are-one" why="the order of the axes of a sum does not matter"
# - kernel = F.conv2d(w1.transpose(0, 1), w2).transpose(0, 1)
# + kernel = F.conv2d(w1.transpose(0, 1), w2).transpose(1, 0)


# %% equivalent="two-are-one" why="the same numbers in another form"
# - w1, b1, w2, b2 = (one.numpy().astype(float) for one in (w1, b1, w2, b2))
# + w1, b1, w2, b2 = (one.numpy() for one in (w1, b1, w2, b2))


# %% equivalent="two-are-one" why="the same numbers in another form"
# - kernel, bias = (np.zeros((len(w2), *w1.shape[1:])), b2.copy())
# + kernel, bias = (np.zeros((len(b2), *w1.shape[1:])), b2.copy())


# %% equivalent="two-are-one" why="the same numbers in another form"
# - kernel, bias = (np.zeros((len(w2), *w1.shape[1:])), b2.copy())
# + kernel, bias = (np.zeros((len(w2), *w1.shape[1:])), b2)


# %% equivalent="two-are-one" why="the same numbers in another form"
# - for i in range(len(w2)):
# + for i in range(len(b2)):


# %% equivalent="two-are-one" why="the same numbers in another form"
# - for m in range(len(w1)):
# + for m in range(len(b1)):


# %% equivalent="two-are-one" why="an axis of one place, from its front or its end"
# - kernel[i] += w2[i, m, 0, 0] * w1[m]
# + kernel[i] += w2[i, m, -1, 0] * w1[m]


# %% equivalent="two-are-one" why="an axis of one place, from its front or its end"
# - kernel[i] += w2[i, m, 0, 0] * w1[m]
# + kernel[i] += w2[i, m, 0, -1] * w1[m]


# %% equivalent="two-are-one" why="an axis of one place, from its front or its end"
# - bias[i] += w2[i, m, 0, 0] * b1[m]
# + bias[i] += w2[i, m, 0, -1] * b1[m]


# %% equivalent="mlpconv" why="a ParameterList makes parameters of tensors"
# - self.weights = nn.ParameterList((nn.Parameter(0.1 * torch.randn(widths[i + 1], widths[i], k, k)) for i, k in enumerate(sizes)))
# + self.weights = nn.ParameterList((0.1 * torch.randn(widths[i + 1], widths[i], k, k) for i, k in enumerate(sizes)))


# %% equivalent="mlpconv" why="any start will do: the check copies weights"
# - self.weights = nn.ParameterList((nn.Parameter(0.1 * torch.randn(widths[i + 1], widths[i], k, k)) for i, k in enumerate(sizes)))
# + self.weights = nn.ParameterList((nn.Parameter(0.1 + torch.randn(widths[i + 1], widths[i], k, k)) for i, k in enumerate(sizes)))


# %% equivalent="mlpconv" why="any start will do: the check copies weights"
# - self.weights = nn.ParameterList((nn.Parameter(0.1 * torch.randn(widths[i + 1], widths[i], k, k)) for i, k in enumerate(sizes)))
# + self.weights = nn.ParameterList((nn.Parameter(0.2 * torch.randn(widths[i + 1], widths[i], k, k)) for i, k in enumerate(sizes)))


# %% equivalent="mlpconv" why="any start will do: the check copies weights"
# - self.weights = nn.ParameterList((nn.Parameter(0.1 * torch.randn(widths[i + 1], widths[i], k, k)) for i, k in enumerate(sizes)))
# + self.weights = nn.ParameterList((nn.Parameter(-0.1 * torch.randn(widths[i + 1], widths[i], k, k)) for i, k in enumerate(sizes)))


# %% equivalent="mlpconv" why="a ParameterList makes parameters of tensors"
# - self.biases = nn.ParameterList((nn.Parameter(torch.zeros(o)) for o in outputs))
# + self.biases = nn.ParameterList((torch.zeros(o) for o in outputs))


# %% equivalent="mlpconv" why="any start will do: the check copies weights"
# - self.biases = nn.ParameterList((nn.Parameter(torch.zeros(o)) for o in outputs))
# + self.biases = nn.ParameterList((nn.Parameter(torch.ones(o)) for o in outputs))


# %% equivalent="head-weights" why="three digits are enough"
# - times_as_many = dense_weights / mean_weights
# + times_as_many = dense_weights // mean_weights


# %% equivalent="head-weights" why="three digits are enough"
# - times_as_many = np.float64(dense_weights) / mean_weights
# + times_as_many = np.float64(dense_weights) // mean_weights


# %% equivalent="told-to-the-maps" why="the order of the axes of a mean does not matter"
# - wrong = maps.mean((2, 3)).softmax(1) - F.one_hot(targets, classes)
# + wrong = maps.mean((3, 2)).softmax(1) - F.one_hot(targets, classes)


# %% equivalent="told-to-the-maps" why="the same numbers in another form"
# - maps, targets = (maps.numpy().astype(float), targets.numpy())
# + maps, targets = (maps.numpy(), targets.numpy())


# %% equivalent="told-to-the-maps" why="the same numbers in another form"
# - maps, targets = (maps.numpy().astype(float), targets.numpy())
# + maps, targets = (maps.numpy().astype(float), targets)


# %% equivalent="told-to-the-maps" why="the order of the axes of a mean does not matter"
# - scores = maps.mean((2, 3))
# + scores = maps.mean((3, 2))


# %% equivalent="told-to-the-maps" why="the same numbers in another form"
# - found = torch.zeros(maps.shape)
# + found = torch.ones(maps.shape)


# %% equivalent="told-to-the-maps" why="the same numbers in another form"
# - p = torch.softmax(maps[i].flatten(1).mean(1), 0)
# + p = torch.softmax(maps[i].flatten(1).mean(1), -1)


# %% equivalent="told-to-the-maps" why="the same numbers in another form"
# - one = 1.0 if k == int(targets[i]) else 0.0
# + one = 1.0 if k == targets[i] else 0.0


# %% equivalent="told-to-the-maps" why="the same numbers in another form"
# - one = 1.0 if k == int(targets[i]) else 0.0
# + one = 1.0 if k == int(targets[i]) else -0.0


# %% equivalent="told-to-the-maps" why="the same numbers in another form"
# - p = F.log_softmax(maps.mean(dim=(-1, -2)), dim=1).exp()
# + p = F.log_softmax(maps.mean(dim=(-1, -2))).exp()


# %% equivalent="told-to-the-maps" why="the same numbers in another form"
# - p = F.log_softmax(maps.mean(dim=(-1, -2)), dim=1).exp()
# + p = F.log_softmax(maps.mean(dim=(-1, 2)), dim=1).exp()


# %% equivalent="told-to-the-maps" why="the same numbers in another form"
# - p = p.scatter_add(1, targets[:, None], -torch.ones(len(p), 1))
# + p = p.scatter_add(1, targets[:, None], -torch.ones(len(p), 2))


# %% equivalent="told-to-the-maps" why="the same numbers in another form"
# - share = p / maps[:, 0].numel()
# + share = p / maps[:, 1].numel()


# %% equivalent="told-to-the-maps" why="the same numbers in another form"
# - share = p / maps[:, 0].numel()
# + share = p / maps[:, -1].numel()


# %% equivalent="quarters" why="quarters of equal size have the same order by sums"
# - parts = maps.reshape(n, classes, 2, h // 2, 2, w // 2).mean((3, 5))
# + parts = maps.reshape(n, classes, 2, h // 2, 2, w // 2).sum((3, 5))


# %% equivalent="quarters" why="height and width are even"
# - parts = maps.reshape(n, classes, 2, h // 2, 2, w // 2).mean((3, 5))
# + parts = maps.reshape(n, classes, 2, h // 2, 2, -(-w // 2)).mean((3, 5))


# %% equivalent="quarters" why="the same numbers in another form"
# - parts = maps.reshape(n, classes, 2, h // 2, 2, w // 2).mean((3, 5))
# + parts = maps.reshape(n, classes, 2, h // 2, 2, w // 2).mean((5, 3))


# %% equivalent="quarters" why="the same numbers in another form"
# - return parts.flatten(2).argmax(2).gather(1, kinds)
# + return np.trunc(parts.flatten(2).argmax(2).gather(1, kinds))


# %% equivalent="quarters" why="the same numbers in another form"
# - return parts.flatten(2).argmax(2).gather(1, kinds)
# + return np.maximum(parts.flatten(2).argmax(2).gather(1, kinds), 0)


# %% equivalent="quarters" why="height and width are even"
# - h, w = (maps.shape[2] // 2, maps.shape[3] // 2)
# + h, w = (-(-maps.shape[2] // 2), maps.shape[3] // 2)


# %% equivalent="quarters" why="quarters of equal size have the same order by sums"
# - best = torch.stack([part.mean((2, 3)) for part in parts]).argmax(0)
# + best = torch.stack([part.sum((2, 3)) for part in parts]).argmax(0)


# %% equivalent="quarters" why="the same numbers in another form"
# - return torch.stack([best[i, kinds[i]] for i in range(len(maps))])
# + return torch.stack([best[i, kinds[i]] for i in range(len(kinds))])


# %% equivalent="quarters" why="the same numbers in another form"
# - maps, kinds = (maps.numpy(), kinds.numpy())
# + pass


# %% equivalent="quarters" why="the same numbers in another form"
# - maps, kinds = (maps.numpy(), kinds.numpy())
# + maps, kinds = (maps, kinds.numpy())


# %% equivalent="quarters" why="the same numbers in another form"
# - maps, kinds = (maps.numpy(), kinds.numpy())
# + maps, kinds = (maps.numpy(), kinds)


# %% equivalent="quarters" why="the same numbers in another form"
# - found[i, j] = int(np.argmax(means))
# + found[i, j] = np.argmax(means)


# %% equivalent="quarters" why="height and width are even"
# - size = (maps.shape[2] // 2, maps.shape[3] // 2)
# + size = (-(-maps.shape[2] // 2), maps.shape[3] // 2)


# %% equivalent="quarters" why="height and width are even"
# - size = (maps.shape[2] // 2, maps.shape[3] // 2)
# + size = (maps.shape[2] // 2, -(-maps.shape[3] // 2))


# %% equivalent="quarters" why="the same numbers in another form"
# - parts = F.avg_pool2d(maps, size, size).flatten(2)
# + parts = F.avg_pool2d(maps, size).flatten(2)


# %% equivalent="quarters" why="the same numbers in another form"
# - rows = torch.arange(len(maps))[:, None]
# + rows = torch.arange(len(kinds))[:, None]


# %% equivalent="build-nin" why="the same layers, told otherwise"
# - for width, k in zip(outputs, (size, 1, 1), strict=True):
# + for width, k in zip(outputs, (size, 1, 1)):


# %% equivalent="build-nin" why="the same layers, told otherwise"
# - for width, k in zip(outputs, (size, 1, 1), strict=True):
# + for width, k in zip(outputs, (size, 1, 1), strict=False):


# %% equivalent="build-nin" why="the same layers, told otherwise"
# - return self.third(F.dropout(x, 0.5, self.training)).mean((2, 3))
# + return self.third(F.dropout(x, 0.5, self.training)).mean((3, 2))


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - for n in range(1, 300):
# + for n in range(2, 300):


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - for n in range(1, 300):
# + for n in range(0, 300):


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - for n in range(1, 300):
# + for n in range(1, 301):


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - for n in range(1, 300):
# + for n in range(1, 299):


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - for c in range(1, n + 1):
# + for c in range(2, n + 1):


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - for c in range(1, n + 1):
# + for c in range(0, n + 1):


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - for c in range(1, n + 1):
# + for c in range(1, n - 1):


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - for c in range(1, n + 1):
# + for c in range(1, n * 1):


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - for c in range(1, n + 1):
# + for c in range(1, n):


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - for c in range(1, n + 1):
# + for c in range(1, n + 2):


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - for c in range(1, n + 1):
# + for c in range(1, n + 0):


# %% equivalent="build-nin" why="the search still meets the widths that fit"
# - if left == 0 and c <= b <= n:
# + if left == 0 and c < b <= n:


# %% equivalent="build-nin" why="the same layers, told otherwise"
# - layers += [nn.Conv2d(i, o, (k, k), padding=(k // 2, k // 2)), nn.ReLU(inplace=True)]
# + layers += [nn.Conv2d(i, o, (k, k), padding=(k // 2, k // 2)), nn.ReLU()]


# %% equivalent="build-nin" why="the same layers, told otherwise"
# - layers += [nn.Conv2d(i, o, (k, k), padding=(k // 2, k // 2)), nn.ReLU(inplace=True)]
# + layers += [nn.Conv2d(i, o, (k, k), padding=(k // 2, k // 2)), nn.ReLU(inplace=False)]


# %% equivalent="build-nin" why="any start will do: the check copies weights"
# - for layer in self.layers:
# - nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')
# - nn.init.zeros_(layer.bias)
# + pass


# %% equivalent="build-nin" why="any start will do: the check copies weights"
# + break


# %% equivalent="build-nin" why="any start will do: the check copies weights"
# - nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')
# + pass


# %% equivalent="build-nin" why="any start will do: the check copies weights"
# - nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')
# + nn.init.kaiming_normal_(layer.weight)


# %% equivalent="build-nin" why="any start will do: the check copies weights"
# - nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')
# + layer.weight


# %% equivalent="build-nin" why="any start will do: the check copies weights"
# - nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')
# + nn.init


# %% equivalent="build-nin" why="any start will do: the check copies weights"
# - nn.init.zeros_(layer.bias)
# + pass


# %% equivalent="build-nin" why="any start will do: the check copies weights"
# - nn.init.zeros_(layer.bias)
# + layer.bias


# %% equivalent="build-nin" why="any start will do: the check copies weights"
# - nn.init.zeros_(layer.bias)
# + nn.init


# %% equivalent="build-nin" why="the same layers, told otherwise"
# - x = self.drop(F.max_pool2d(x, 3, 2, 0, ceil_mode=True))
# + x = self.drop(F.max_pool2d(x, 3, 2, ceil_mode=True))


# %% equivalent="build-nin" why="the same layers, told otherwise"
# - x = self.drop(F.avg_pool2d(x, 3, 2, 0, ceil_mode=True))
# + x = self.drop(F.avg_pool2d(x, 3, 2, ceil_mode=True))
