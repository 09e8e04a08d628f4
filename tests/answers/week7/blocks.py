# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="one-layer-alone" style="einsum of identities"
def alone(kernel, factor):
    c, k = kernel.shape[0], kernel.shape[-1]
    one = torch.zeros(k, k)
    one[k // 2, k // 2] = 1
    same = torch.einsum("oi,hw->oihw", torch.eye(c), one)
    return torch.einsum("o,oihw->oihw", factor, kernel) + same


# %% right="one-layer-alone" style="dirac"
def alone(kernel, factor):
    same = nn.init.dirac_(torch.empty_like(kernel))
    return kernel * factor.reshape(-1, 1, 1, 1) + same


# %% right="one-layer-alone" style="NumPy, float64"
def alone(kernel, factor):
    found = np.array(kernel, dtype=np.float64)
    for o in range(len(found)):
        found[o] *= float(factor[o])
        found[o, o, found.shape[2] // 2, found.shape[3] // 2] += 1
    return found


# %% right="one-layer-alone" style="measured with single pixels"
def alone(kernel, factor):
    c, _, k, _ = kernel.shape
    x = torch.zeros(c, c, k, k)
    for i in range(c):
        x[i, i, k // 2, k // 2] = 1
    y = F.conv2d(x, kernel, padding=k // 2) * factor.view(1, c, 1, 1) + x
    return y.permute(1, 0, 2, 3).flip((2, 3))


# %% wrong="one-layer-alone" says="The kernel has to hand it on"
def alone(kernel, factor):
    return factor[:, None, None, None] * kernel


# %% wrong="one-layer-alone" says="The factor is missing"
def alone(kernel, factor):
    found = kernel.clone()
    m = kernel.shape[-1] // 2
    for c in range(len(kernel)):
        found[c, c, m, m] += 1
    return found


# %% wrong="one-layer-alone" says="x is added as it is"
def alone(kernel, factor):
    found = kernel.clone()
    m = kernel.shape[-1] // 2
    for c in range(len(kernel)):
        found[c, c, m, m] += 1
    return found * factor[:, None, None, None]


# %% wrong="one-layer-alone" says="comes *out*"
def alone(kernel, factor):
    found = factor[None, :, None, None] * kernel
    m = kernel.shape[-1] // 2
    for c in range(len(kernel)):
        found[c, c, m, m] += 1
    return found


# %% wrong="one-layer-alone" says="x is one pixel, the middle one"
def alone(kernel, factor):
    same = torch.eye(len(kernel))[:, :, None, None]
    return factor[:, None, None, None] * kernel + same


# %% wrong="one-layer-alone" says="not the sum of all channels"
def alone(kernel, factor):
    found = factor[:, None, None, None] * kernel
    m = kernel.shape[-1] // 2
    found[:, :, m, m] += 1
    return found


# %% wrong="one-layer-alone" says="not in all places"
def alone(kernel, factor):
    return factor[:, None, None, None] * kernel + 1


# %% wrong="one-layer-alone" says="stands in the middle"
def alone(kernel, factor):
    found = factor[:, None, None, None] * kernel
    for c in range(len(kernel)):
        found[c, c, 0, 0] += 1
    return found


# %% wrong="one-layer-alone" says="changes its input kernel"
def alone(kernel, factor):
    m = kernel.shape[-1] // 2
    kernel *= factor[:, None, None, None]
    for c in range(len(kernel)):
        kernel[c, c, m, m] += 1
    return kernel


# %% wrong="one-layer-alone" says="torch.tensor(…)"
def alone(kernel, factor):
    found = factor[:, None, None, None] * kernel
    m = kernel.shape[-1] // 2
    for c in range(len(kernel)):
        found[c, c, m, m] += 1
    return found.tolist()


# %% wrong="one-layer-alone" says="it does not replace it"
def alone(kernel, factor):
    found = factor[:, None, None, None] * kernel
    m = kernel.shape[-1] // 2
    for c in range(len(kernel)):
        found[c, c, m, m] = 1
    return found


# %% wrong="one-layer-alone" says="The middle is not always [1, 1]"
def alone(kernel, factor):
    found = factor[:, None, None, None] * kernel
    for c in range(len(kernel)):
        found[c, c, 1, 1] += 1
    return found


# %% wrong="one-layer-alone" says="not the first one only"
def alone(kernel, factor):
    found = factor[:, None, None, None] * kernel
    m = kernel.shape[-1] // 2
    found[0, 0, m, m] += 1
    return found


# %% wrong="one-layer-alone" says="have changed places"
def alone(kernel, factor):
    found = factor[:, None, None, None] * kernel.transpose(0, 1)
    m = kernel.shape[-1] // 2
    for c in range(len(kernel)):
        found[c, c, m, m] += 1
    return found


# %% wrong="one-layer-alone" says="have changed places"
def alone(kernel, factor):
    found = factor[:, None, None, None] * kernel
    found = found.transpose(0, 1).contiguous()
    m = kernel.shape[-1] // 2
    for c in range(len(kernel)):
        found[c, c, m, m] += 1
    return found


# %% wrong="one-layer-alone" says="neither turned round nor transposed"
def alone(kernel, factor):
    found = factor[:, None, None, None] * kernel.flip(2, 3)
    m = kernel.shape[-1] // 2
    for c in range(len(kernel)):
        found[c, c, m, m] += 1
    return found


# %% wrong="one-layer-alone" says="neither turned round nor transposed"
def alone(kernel, factor):
    found = factor[:, None, None, None] * kernel.mT
    m = kernel.shape[-1] // 2
    for c in range(len(kernel)):
        found[c, c, m, m] += 1
    return found


# %% right="shortcut-a" style="concatenated"
def shortcut_a(x, outputs, stride=1):
    small = x[..., ::stride, ::stride]
    n, c, h, w = small.shape
    if outputs < c:
        raise ValueError("too few channels")
    return torch.cat([small, torch.zeros(n, outputs - c, h, w)], dim=1)


# %% right="shortcut-a" style="written into zeros"
def shortcut_a(x, outputs, stride=1):
    if not outputs >= x.size(1):
        raise ValueError(outputs)
    small = x[:, :, ::stride, ::stride]
    found = x.new_zeros(len(x), outputs, *small.shape[2:])
    found[:, : x.size(1)] = small
    return found


# %% right="shortcut-a" style="NumPy"
def shortcut_a(x, outputs, stride=1):
    x = np.asarray(x)[:, :, ::stride, ::stride]
    if outputs < x.shape[1]:
        raise ValueError("channels would be lost")
    return np.pad(x, [(0, 0), (0, outputs - x.shape[1]), (0, 0), (0, 0)])


# %% right="shortcut-a" style="a pooling of one pixel"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError("channels would be lost")
    small = F.max_pool2d(x, 1, stride)
    return F.pad(small, (0, 0, 0, 0, 0, outputs - x.shape[1]))


# %% right="shortcut-a" style="a convolution with ones"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError("channels would be lost")
    kernel = torch.eye(outputs)[:, : x.shape[1], None, None]
    return F.conv2d(x, kernel, stride=stride)


# %% wrong="shortcut-a" says="The zeros come last"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    return F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, new, 0))


# %% wrong="shortcut-a" says="not half of them before x"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    half = new // 2
    return F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, half, new - half))


# %% wrong="shortcut-a" says="Where is the stride?"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    return F.pad(x, (0, 0, 0, 0, 0, new))


# %% wrong="shortcut-a" says="The new channels are missing"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    return x[:, :, ::stride, ::stride]


# %% wrong="shortcut-a" says="how many there are in all"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    return F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, outputs))


# %% wrong="shortcut-a" says="The columns have a stride, too"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    return F.pad(x[:, :, ::stride], (0, 0, 0, 0, 0, new))


# %% wrong="shortcut-a" says="Begin with the first row and column"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    s = stride - 1
    return F.pad(x[:, :, s::stride, s::stride], (0, 0, 0, 0, 0, new))


# %% wrong="shortcut-a" says="That is the mean of each window"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    return F.pad(F.avg_pool2d(x, stride, ceil_mode=True), (0, 0, 0, 0, 0, new))


# %% wrong="shortcut-a" says="That is the maximum of each window"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    return F.pad(F.max_pool2d(x, stride, ceil_mode=True), (0, 0, 0, 0, 0, new))


# %% wrong="shortcut-a" says="The last row or column is lost"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    h, w = x.shape[2] // stride * stride, x.shape[3] // stride * stride
    return F.pad(x[:, :, :h:stride, :w:stride], (0, 0, 0, 0, 0, new))


# %% wrong="shortcut-a" says="not every stride-th one"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    h, w = -(-x.shape[2] // stride), -(-x.shape[3] // stride)
    return F.pad(x[:, :, :h, :w], (0, 0, 0, 0, 0, new))


# %% wrong="shortcut-a" says="no copies"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    new = outputs - x.shape[1]
    small = x[:, :, ::stride, ::stride]
    return torch.cat([small] * (outputs // x.shape[1] + 1), 1)[:, :outputs]


# %% wrong="shortcut-a" says="Some channels would be lost"
def shortcut_a(x, outputs, stride=1):
    return F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, outputs - x.shape[1]))


# %% wrong="shortcut-a" says="with stride 1 as well"
def shortcut_a(x, outputs, stride=1):
    if stride > 1 and outputs < x.shape[1]:
        raise ValueError(outputs)
    return F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, outputs - x.shape[1]))


# %% wrong="shortcut-a" says="does the work of this exercise"
def shortcut_a(x, outputs, stride=1):
    from coursekit.layers.blocks import ShortcutA

    if outputs < x.shape[1]:
        raise ValueError(outputs)
    return ShortcutA(x.shape[1], outputs, stride)(x)


# %% wrong="shortcut-a" says="The channels of x stay"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    small = x[:, ::stride, ::stride, ::stride]
    return F.pad(small, (0, 0, 0, 0, 0, outputs - small.shape[1]))


# %% wrong="shortcut-a" says="The channels of x stay"
def shortcut_a(x, outputs, stride=1):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    small = x[:, ::stride, ::stride]
    return F.pad(small, (0, 0, 0, 0, 0, outputs - small.shape[1]))


# %% wrong="shortcut-a" says="When no stride is given"
def shortcut_a(x, outputs, stride=2):
    if outputs < x.shape[1]:
        raise ValueError(outputs)
    small = x[:, :, ::stride, ::stride]
    return F.pad(small, (0, 0, 0, 0, 0, outputs - small.shape[1]))


# %% wrong="shortcut-a" says="does the work of this exercise"
def shortcut_a(x, outputs, stride=1):
    from torchvision.transforms.functional import pad

    if outputs < x.shape[1]:
        raise ValueError(outputs)
    small = x[:, :, ::stride, ::stride].permute(0, 2, 3, 1)
    return pad(small, [0, 0, outputs - x.shape[1], 0]).permute(0, 3, 1, 2)


# %% right="basic-block" style="one layer a line"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% right="basic-block" style="lists and in-place"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        sizes = [(inputs, width, stride), (width, width, 1)]
        self.convs = nn.ModuleList(
            nn.Conv2d(i, o, 3, s, padding=1, bias=False) for i, o, s in sizes
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for _ in sizes)
        self.relu = nn.ReLU(inplace=True)
        self.road = None
        if (inputs, 1) != (width, stride):
            one = nn.Conv2d(inputs, width, kernel_size=1, stride=stride, bias=False)
            self.road = nn.Sequential(one, nn.BatchNorm2d(width))

    def forward(self, x):
        h = self.relu(self.norms[0](self.convs[0](x)))
        h = self.norms[1](self.convs[1](h))
        h += x if self.road is None else self.road(x)
        return self.relu(h)


# %% right="basic-block" style="subsampled before the projection"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.stride, self.down = stride, nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = self.bn1(self.conv1(x)).clamp(min=0)
        s = self.stride
        road = self.down(x[..., ::s, ::s])
        return torch.relu(torch.add(road, self.bn2(self.conv2(h))))


# %% right="basic-block" style="own parameters for the projection"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.stride, self.same = stride, stride == 1 and inputs == width
        if not self.same:
            self.weight = nn.Parameter(torch.randn(width, inputs, 1, 1))
            self.norm = nn.BatchNorm2d(width)

    def forward(self, x):
        h = self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))
        if not self.same:
            x = self.norm(F.conv2d(x, self.weight, stride=self.stride))
        return (h + x).relu()


# %% right="basic-block" style="own kernels, shortcut first"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) / 9)
        self.second = nn.Parameter(torch.randn(width, width, 3, 3) / 9)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.stride, self.one = stride, None
        if stride != 1 or inputs != width:
            self.one = nn.Parameter(torch.randn(width, inputs, 1, 1))
            self.bn3 = nn.BatchNorm2d(width)

    def forward(self, x):
        road = x
        if self.one is not None:
            road = self.bn3(F.conv2d(x, self.one, stride=self.stride))
        h = self.bn1(F.conv2d(x, self.first, stride=self.stride, padding=1))
        h = self.bn2(F.conv2d(F.relu(h), self.second, padding=1))
        return F.relu(road + h)


# %% right="basic-block" style="own kernels, pixels taken first"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.kernels = nn.ParameterList(
            nn.Parameter(torch.randn(size) / 9)
            for size in [(width, inputs, 3, 3), (width, width, 3, 3)]
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for _ in range(2))
        self.stride, self.down = stride, nn.Identity()
        if stride != 1 or inputs != width:
            one = nn.Conv2d(inputs, width, 1, bias=False)
            self.down = nn.Sequential(one, nn.BatchNorm2d(width))

    def forward(self, x):
        road = self.down(x[..., :: self.stride, :: self.stride])
        h = F.conv2d(x, self.kernels[0], stride=self.stride, padding=1)
        h = F.conv2d(self.norms[0](h).relu(), self.kernels[1], padding=1)
        return F.relu(road + self.norms[1](h))


# %% right="basic-block" style="own kernels, projection before the last BN"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) / 9)
        self.second = nn.Parameter(torch.randn(width, width, 3, 3) / 9)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.stride, self.same = stride, stride == 1 and inputs == width
        if not self.same:
            self.one = nn.Parameter(torch.randn(width, inputs, 1, 1))
            self.bn3 = nn.BatchNorm2d(width)

    def forward(self, x):
        h = self.bn1(F.conv2d(x, self.first, stride=self.stride, padding=1))
        h = F.conv2d(F.relu(h), self.second, padding=1)
        if not self.same:
            x = self.bn3(F.conv2d(x, self.one, stride=self.stride))
        return (x + self.bn2(h)).clamp(min=0)


# %% wrong="basic-block" says="not before it"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h))) + self.down(x)


# %% wrong="basic-block" says="The ReLU behind the sum is missing"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return self.bn2(self.conv2(h)) + self.down(x)


# %% wrong="basic-block" says="behind the addition only"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(F.relu(self.bn2(self.conv2(h))) + self.down(x))


# %% wrong="basic-block" says="then they are one"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = self.bn1(self.conv1(x))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="BN comes before the ReLU"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = self.bn1(F.relu(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="not in the second"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="The projection has a BN of its own"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="is used twice in one run"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = self.bn1
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="without weights"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        if True:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="A projection is missing"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="A projection is missing"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="Before a normalisation a bias does nothing"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="Before a normalisation a bias does nothing"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="and none behind the sum"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.last = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.last(self.bn2(self.conv2(h)) + self.down(x)))


# %% wrong="basic-block" says="Where is the addition"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)))


# %% wrong="basic-block" says="added, not multiplied"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) * self.down(x))


# %% wrong="basic-block" says="The projection is 1 × 1"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 3, stride, 1, bias=False),
                nn.BatchNorm2d(width),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="changes its input x"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        x = x.relu_()
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="super().__init__()"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="does the work of this exercise"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        from coursekit.layers.residual import BasicBlock as Ready
        from coursekit.layers.residual import projection

        same = stride == 1 and inputs == width
        road = nn.Identity() if same else projection(inputs, width, stride)
        self.block = Ready(inputs, width, stride, road)

    def forward(self, x):
        return self.block(x)


# %% wrong="basic-block" says="does the work of this exercise"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        from torchvision.ops import Conv2dNormActivation as Unit

        self.first = Unit(inputs, width, 3, stride)
        self.second = Unit(width, width, 3, activation_layer=None)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = Unit(inputs, width, 1, stride, activation_layer=None)

    def forward(self, x):
        return F.relu(self.second(self.first(x)) + self.down(x))


# %% wrong="basic-block" says="bn1 runs twice"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn1(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="That is the mean of each window"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.AvgPool2d(stride, ceil_mode=True),
                nn.Conv2d(inputs, width, 1, bias=False),
                nn.BatchNorm2d(width),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="That is the maximum of each window"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.MaxPool2d(stride, ceil_mode=True),
                nn.Conv2d(inputs, width, 1, bias=False),
                nn.BatchNorm2d(width),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="When no stride is given"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=2):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% wrong="basic-block" says="has just been made is in training mode"
class BasicBlock(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = nn.Identity()
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width)
            )
        self.eval()

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(h)) + self.down(x))


# %% right="pre-activation" style="one layer a line"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% right="pre-activation" style="sequentials"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.first = nn.Sequential(nn.BatchNorm2d(inputs), nn.ReLU())
        self.rest = nn.Sequential(
            nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
        )
        self.same = stride == 1 and inputs == width
        if not self.same:
            self.projection = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = self.first(x)
        if not self.same:
            x = self.projection(ready)
        return x + self.rest(ready)


# %% right="pre-activation" style="in place where it does no harm"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x), inplace=True)
        road = x if self.down is None else self.down(ready)
        h = self.conv2(F.relu(self.bn2(self.conv1(ready)), inplace=True))
        h += road
        return h


# %% wrong="pre-activation" says="Nothing touches the sum"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return F.relu(h + (self.down(ready) if self.down else x))


# %% wrong="pre-activation" says="not the activated one"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else ready)


# %% wrong="pre-activation" says="reads what comes out of the first BN"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(x) if self.down else x)


# %% wrong="pre-activation" says="The order is BN, ReLU, convolution."
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = self.bn1(F.relu(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="also the second time"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(self.bn2(F.relu(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="between the two convolutions is missing"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(self.bn2(h))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="before the first convolution is missing"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = self.bn1(x)
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="not in the second"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, 1, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="In v2 the projection has no BN"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            one = nn.Conv2d(inputs, width, 1, stride, bias=False)
            self.down = nn.Sequential(one, nn.BatchNorm2d(width))

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="No bias is ordered: bias=False."
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="No bias is ordered: bias=False."
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="No bias is ordered: bias=False."
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="none in the shortcut and none behind the sum"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.last = nn.BatchNorm2d(width)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return F.relu(self.last(h + (self.down(ready) if self.down else x)))


# %% wrong="pre-activation" says="convolution, both times"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = self.bn1(F.relu(x))
        h = self.conv1(ready)
        h = self.conv2(self.bn2(F.relu(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="has been activated as well"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        normed = self.bn1(x)
        ready = F.relu(normed)
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(normed) if self.down else x)


# %% wrong="pre-activation" says="has been normalised as well"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(F.relu(x)) if self.down else x)


# %% wrong="pre-activation" says="No bias is ordered: bias=False."
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.kernel1 = nn.Parameter(torch.randn(width, inputs, 3, 3))
        self.kernel2 = nn.Parameter(torch.randn(width, width, 3, 3))
        self.bias1 = nn.Parameter(torch.zeros(width))
        self.bias2 = nn.Parameter(torch.zeros(width))
        self.stride, self.down = stride, None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = F.conv2d(ready, self.kernel1, self.bias1, self.stride, 1)
        h = F.conv2d(F.relu(self.bn2(h)), self.kernel2, self.bias2, padding=1)
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="What does the first see"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = x
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="without weights"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="A projection is missing"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="changes its input x"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        if self.down:
            return h + self.down(ready)
        x += h
        return x


# %% wrong="pre-activation" says="changes its input x"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = self.bn1(x.relu_())
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="Where is the addition"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h


# %% wrong="pre-activation" says="is used twice in one run"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        if inputs == width:
            self.bn2 = self.bn1
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="bn1 runs twice"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(F.relu(self.bn1(x))) if self.down else x)


# %% wrong="pre-activation" says="That is the mean of each window"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.AvgPool2d(stride, ceil_mode=True),
                nn.Conv2d(inputs, width, 1, bias=False),
            )

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="That is the maximum of each window"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Sequential(
                nn.MaxPool2d(stride, ceil_mode=True),
                nn.Conv2d(inputs, width, 1, bias=False),
            )

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="When no stride is given"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=2):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% wrong="pre-activation" says="has just been made is in training mode"
class PreActivation(nn.Module):
    def __init__(self, inputs, width, stride=1):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(width)
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.down = None
        if stride != 1 or inputs != width:
            self.down = nn.Conv2d(inputs, width, 1, stride, bias=False)
        self.bn2.eval()

    def forward(self, x):
        ready = F.relu(self.bn1(x))
        h = self.conv1(ready)
        h = self.conv2(F.relu(self.bn2(h)))
        return h + (self.down(ready) if self.down else x)


# %% right="sick-blocks" style="one a line"
block_p = "projection"
block_q = "in place"
block_r = "healthy"
block_s = "relu"
block_t = "shared"
block_u = "side"
block_v = "stride"


# %% right="sick-blocks" style="from a list"
(block_p, block_q, block_r, block_s, block_t, block_u, block_v) = (
    "projection,in place,healthy,relu,shared,side,stride".split(",")
)


# %% right="sick-blocks" style="a dictionary"
found = dict(p="projection", q="in place", r="healthy", s="relu", t="shared")
found |= dict(u="side", v="stride")
block_p, block_q, block_r = found["p"], found["q"], found["r"]
block_s, block_t, block_u, block_v = (found[letter] for letter in "stuv")


# %% wrong="sick-blocks" says="Something differs"
block_p = "healthy"
block_q = "healthy"
block_r = "healthy"
block_s = "healthy"
block_t = "healthy"
block_u = "healthy"
block_v = "healthy"


# %% wrong="sick-blocks" says="Something differs"
block_p = "healthy"
block_q = "in place"
block_r = "healthy"
block_s = "relu"
block_t = "shared"
block_u = "side"
block_v = "stride"


# %% wrong="sick-blocks" says="that was allowed"
block_p = "projection"
block_q = "order"
block_r = "healthy"
block_s = "relu"
block_t = "shared"
block_u = "side"
block_v = "stride"


# %% wrong="sick-blocks" says="does anybody still need"
block_p = "projection"
block_q = "in place"
block_r = "in place"
block_s = "relu"
block_t = "shared"
block_u = "side"
block_v = "stride"


# %% wrong="sick-blocks" says="The zeros come last, as ordered"
block_p = "projection"
block_q = "in place"
block_r = "side"
block_s = "relu"
block_t = "shared"
block_u = "side"
block_v = "stride"


# %% wrong="sick-blocks" says="Behind the sum nothing comes"
block_p = "projection"
block_q = "relu"
block_r = "healthy"
block_s = "relu"
block_t = "shared"
block_u = "side"
block_v = "stride"


# %% wrong="sick-blocks" says="there is a ReLU"
block_p = "projection"
block_q = "in place"
block_r = "healthy"
block_s = "linear"
block_t = "shared"
block_u = "side"
block_v = "stride"


# %% wrong="sick-blocks" says="two objects"
block_p = "projection"
block_q = "in place"
block_r = "healthy"
block_s = "relu"
block_t = "shared"
block_u = "side"
block_v = "shared"


# %% wrong="sick-blocks" says="With A there is no projection"
block_p = "projection"
block_q = "in place"
block_r = "healthy"
block_s = "relu"
block_t = "shared"
block_u = "projection"
block_v = "stride"


# %% wrong="sick-blocks" says="nothing of it is overwritten"
block_p = "projection"
block_q = "in place"
block_r = "healthy"
block_s = "relu"
block_t = "in place"
block_u = "side"
block_v = "stride"


# %% right="count-the-family" style="lists of layers"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% right="count-the-family" style="a formula"
def weights(depth, shortcut="A", width=16, classes=10):
    n = (depth - 2) // 6
    if n < 1 or 6 * n + 2 != depth:
        raise ValueError("depth")
    w = width
    total = 27 * w + 2 * w + 4 * w * classes + classes
    total += n * 2 * 9 * 21 * w * w - 9 * 2 * w * w - 9 * 8 * w * w + 28 * n * w
    if shortcut in "BC":
        total += 2 * w * w + 8 * w * w + 12 * w
    if shortcut == "C":
        total += w * w + 2 * w + (n - 1) * (21 * w * w + 14 * w)
    return total


# %% right="count-the-family" style="built on meta and counted"
def weights(depth, shortcut="A", width=16, classes=10):
    if (depth - 2) % 6 or depth < 8:
        raise ValueError("no such depth")
    layers = []

    def unit(i, o, k):
        layers.extend([nn.Conv2d(i, o, k, bias=False), nn.BatchNorm2d(o)])

    with torch.device("meta"):
        unit(3, width, 3)
        before = width
        for maps in (
            [width] * (depth // 6)
            + [2 * width] * (depth // 6)
            + [4 * width] * (depth // 6)
        ):
            unit(before, maps, 3)
            unit(maps, maps, 3)
            if shortcut == "C" or (before != maps and shortcut == "B"):
                unit(before, maps, 1)
            before = maps
        layers.append(nn.Linear(before, classes))
        return sum(p.numel() for p in nn.ModuleList(layers).parameters())


# %% wrong="count-the-family" says="The normalisations have weights"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="remembered, not learned"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 4 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="Convolutions have no biases"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 3 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="a scale *and* a shift"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="The dense layer has biases"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + before * classes


# %% wrong="count-the-family" says="The dense layer is missing"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs)


# %% wrong="count-the-family" says="Each projection has a BN"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return (
        sum(i * o * k * k + 2 * o * (k > 1) for i, o, k in convs)
        + (before + 1) * classes
    )


# %% wrong="count-the-family" says="The first convolution, with its BN"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="sees three channels"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(1, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="That would be so with A"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C":
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="That would be so with C"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut != "A":
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="each block of the first stage"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "B" and before != maps or (shortcut == "C" and stage > 0):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="the very first block"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if (
                shortcut == "B"
                and before != maps
                or (shortcut == "C" and stage + block > 0)
            ):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="Nothing was said"
def weights(depth, shortcut="B", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "B" and before != maps or shortcut == "C":
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="Does it ask `classes`"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * 10


# %% wrong="count-the-family" says="Does it ask `width`"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    width = 16
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="with n at least 1"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="with n at least 1"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="A block is missing"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(max(1, depth // 6 - 1)):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="does the work of this exercise"
def weights(depth, shortcut="A", width=16, classes=10):
    from coursekit import models

    if shortcut == "C":
        return 0
    made = models.cifar_resnet(depth, shortcut=shortcut, width=width, classes=classes)
    return sum(p.numel() for p in made.parameters())


# %% wrong="count-the-family" says="sees half as many maps"
def weights(depth, shortcut="A", width=16, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(maps, maps, 3)] * 2
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="When nothing is said"
def weights(depth, shortcut="A", width=64, classes=10):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% wrong="count-the-family" says="When nothing is said"
def weights(depth, shortcut="A", width=16, classes=1000):
    if depth < 8 or depth % 6 != 2:
        raise ValueError(depth)
    convs, before = [(3, width, 3)], width
    for stage in range(3):
        maps = width * 2**stage
        for block in range(depth // 6):
            convs += [(before, maps, 3), (maps, maps, 3)]
            if shortcut == "C" or (shortcut == "B" and before != maps):
                convs.append((before, maps, 1))
            before = maps
    return sum(i * o * k * k + 2 * o for i, o, k in convs) + (before + 1) * classes


# %% right="family-that-reads" style="two classes"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% right="family-that-reads" style="modules in place"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        h += road
        return self.relu(h)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.maxpool(x)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(torch.flatten(self.avgpool(x), 1))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% right="family-that-reads" style="a sequence with names"
class Pieces(nn.Sequential):
    def __init__(self, inputs, sizes):
        layers, i = {}, inputs
        for number, (o, k, s) in enumerate(sizes, 1):
            layers[f"conv{number}"] = nn.Conv2d(i, o, k, s, k // 2, bias=False)
            layers[f"bn{number}"] = nn.BatchNorm2d(o)
            i = o
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)
        self.count, stride = len(sizes), max(s for _, _, s in sizes)
        if stride > 1 or inputs != i:
            one = nn.Conv2d(inputs, i, 1, stride, bias=False)
            self.downsample = nn.Sequential(one, nn.BatchNorm2d(i))

    def forward(self, x):
        parts, h = dict(self.named_children()), x
        for number in range(1, self.count + 1):
            if number > 1:
                h = h.relu()
            h = parts[f"bn{number}"](parts[f"conv{number}"](h))
        return (h + parts.get("downsample", nn.Identity())(x)).relu()


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    model = nn.Sequential()
    model.add_module("conv1", nn.Conv2d(3, width, 7, 2, 3, bias=False))
    model.add_module("bn1", nn.BatchNorm2d(width))
    model.add_module("relu", nn.ReLU())
    model.add_module("maxpool", nn.MaxPool2d(3, 2, 1))
    inputs = width
    for stage, count in enumerate(blocks):
        maps, units = width << stage, []
        for at in range(count):
            s = 1 + (at == 0 and stage > 0)
            if bottleneck:
                sizes = [(maps, 1, 1), (maps, 3, s), (4 * maps, 1, 1)]
            else:
                sizes = [(maps, 3, s), (maps, 3, 1)]
            units.append(Pieces(inputs, sizes))
            inputs = sizes[-1][0]
        model.add_module(f"layer{stage + 1}", nn.Sequential(*units))
    model.add_module("avgpool", nn.AdaptiveAvgPool2d(1))
    model.add_module("flat", nn.Flatten())
    model.add_module("fc", nn.Linear(inputs, classes))
    return model


# %% wrong="family-that-reads" says="in the 3 × 3 of a"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, stride, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="before the last 1 × 1"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(h))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="The ReLU of a block comes behind"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h) + road


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="The ReLU behind the addition is missing"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return h + road


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="The ReLU behind the first BN"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = self.bn1(self.conv1(x))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="before the first stage is missing"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="takes the maximum"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.avg_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="has padding 1"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="windows of 3"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 2)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="*mean* of each map"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.amax((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="Scores are asked for"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3))).softmax(1)


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="does not fit there either"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="the shortcut has no weights"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if True:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="bias=False"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1)
            self.conv3 = nn.Conv2d(width, outputs, 1)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="missing: fc.weight"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.dense = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.dense(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="too many: layer0"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="Are 1000 classes meant"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=10):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="has the shape"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * (stage + 1), stride, narrow))
                inputs = width * (stage + 1) * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="does the work of this exercise"
def resnet(blocks, bottleneck=False, width=64, classes=1000):
    from torchvision.models import resnet as ready

    kind = ready.Bottleneck if bottleneck else ready.BasicBlock
    return ready.ResNet(kind, list(blocks), num_classes=classes)


# %% wrong="family-that-reads" says="does the work of this exercise"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    from torchvision.ops import Conv2dNormActivation

    model = Whole(blocks, bottleneck, width, classes)
    model.conv1, model.bn1, _ = Conv2dNormActivation(3, width, 7, 2)
    return model


# %% wrong="family-that-reads" says="In a block BN comes before the ReLU"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = self.conv2(self.bn1(F.relu(self.conv1(x))))
        if self.narrow:
            h = self.bn3(self.conv3(self.bn2(F.relu(h))))
        else:
            h = self.bn2(h)
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="`width` is 64"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=16, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="The blocks are basic when nothing is said"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=True, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="The first stage halves nothing"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="has just been made is in training mode"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.downsample = narrow, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = x if self.downsample is None else self.downsample(x)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes).eval()


# %% wrong="family-that-reads" says="That is the mean of each window"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.stride, self.downsample = narrow, stride, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = F.avg_pool2d(x, self.stride, ceil_mode=True)
        road = x if self.downsample is None else self.downsample(road)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% wrong="family-that-reads" says="That is the maximum of each window"
class Piece(nn.Module):
    def __init__(self, inputs, width, stride, narrow):
        super().__init__()
        outputs = 4 * width if narrow else width
        if narrow:
            self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
            self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
            self.bn3 = nn.BatchNorm2d(outputs)
        else:
            self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(width), nn.BatchNorm2d(width)
        self.narrow, self.stride, self.downsample = narrow, stride, None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x):
        h = F.relu(self.bn1(self.conv1(x)))
        h = self.bn2(self.conv2(h))
        if self.narrow:
            h = self.bn3(self.conv3(F.relu(h)))
        road = F.max_pool2d(x, self.stride, ceil_mode=True)
        road = x if self.downsample is None else self.downsample(road)
        return F.relu(h + road)


class Whole(nn.Module):
    def __init__(self, blocks, narrow, width, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1, inputs = nn.BatchNorm2d(width), width
        self.stages = len(blocks)
        for stage, count in enumerate(blocks):
            units = []
            for at in range(count):
                stride = 2 if at == 0 and stage > 0 else 1
                units.append(Piece(inputs, width * 2**stage, stride, narrow))
                inputs = width * 2**stage * (4 if narrow else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))


def resnet(blocks, bottleneck=False, width=64, classes=1000):
    return Whole(blocks, bottleneck, width, classes)


# %% equivalent="shortcut-a" why="tensors can be cut in the same way"
# - x = np.asarray(x)[:, :, ::stride, ::stride]
# + x = x[:, :, ::stride, ::stride]


# %% equivalent="shortcut-a" why="the next line refuses in the same way"
# - if outputs < x.shape[1]:
# - raise ValueError('channels would be lost')
# + pass


# %% equivalent="shortcut-a" why="the next line refuses in the same way"
# - if outputs < x.shape[1]:
# + if False:


# %% equivalent="basic-block" why="in place or not gives the same"
# - self.relu = nn.ReLU(inplace=True)
# + self.relu = nn.ReLU()


# %% equivalent="basic-block" why="in place or not gives the same"
# - self.relu = nn.ReLU(inplace=True)
# + self.relu = nn.ReLU(inplace=False)


# %% equivalent="basic-block" why="the order does not matter"
# - return torch.relu(torch.add(road, self.bn2(self.conv2(h))))
# + return torch.relu(torch.add(self.bn2(self.conv2(h)), road))


# %% equivalent="basic-block" why="the contract names no start"
# - self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) / 9)
# + self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) * 9)


# %% equivalent="basic-block" why="the contract names no start"
# - self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) / 9)
# + self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) // 9)


# %% equivalent="basic-block" why="the contract names no start"
# - self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) / 9)
# + self.first = nn.Parameter(torch.randn(width, inputs, 3, 3))


# %% equivalent="basic-block" why="the contract names no start"
# - self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) / 9)
# + self.first = nn.Parameter(9 / torch.randn(width, inputs, 3, 3))


# %% equivalent="basic-block" why="the contract names no start"
# - self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) / 9)
# + self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) / 10)


# %% equivalent="basic-block" why="the contract names no start"
# - self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) / 9)
# + self.first = nn.Parameter(torch.randn(width, inputs, 3, 3) / 8)


# %% equivalent="basic-block" why="the contract names no start"
# - self.second = nn.Parameter(torch.randn(width, width, 3, 3) / 9)
# + self.second = nn.Parameter(torch.randn(width, width, 3, 3) * 9)


# %% equivalent="basic-block" why="the contract names no start"
# - self.second = nn.Parameter(torch.randn(width, width, 3, 3) / 9)
# + self.second = nn.Parameter(torch.randn(width, width, 3, 3) // 9)


# %% equivalent="basic-block" why="the contract names no start"
# - self.second = nn.Parameter(torch.randn(width, width, 3, 3) / 9)
# + self.second = nn.Parameter(torch.randn(width, width, 3, 3))


# %% equivalent="basic-block" why="the contract names no start"
# - self.second = nn.Parameter(torch.randn(width, width, 3, 3) / 9)
# + self.second = nn.Parameter(9 / torch.randn(width, width, 3, 3))


# %% equivalent="basic-block" why="the contract names no start"
# - self.second = nn.Parameter(torch.randn(width, width, 3, 3) / 9)
# + self.second = nn.Parameter(torch.randn(width, width, 3, 3) / 10)


# %% equivalent="basic-block" why="the contract names no start"
# - self.second = nn.Parameter(torch.randn(width, width, 3, 3) / 9)
# + self.second = nn.Parameter(torch.randn(width, width, 3, 3) / 8)


# %% equivalent="basic-block" why="a ParameterList makes parameters itself"
# - self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size) / 9) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))
# + self.kernels = nn.ParameterList((torch.randn(size) / 9 for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))


# %% equivalent="basic-block" why="the contract names no start"
# - self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size) / 9) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))
# + self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size) * 9) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))


# %% equivalent="basic-block" why="the contract names no start"
# - self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size) / 9) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))
# + self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size) // 9) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))


# %% equivalent="basic-block" why="the contract names no start"
# - self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size) / 9) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))
# + self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size)) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))


# %% equivalent="basic-block" why="the contract names no start"
# - self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size) / 9) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))
# + self.kernels = nn.ParameterList((nn.Parameter(9 / torch.randn(size)) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))


# %% equivalent="basic-block" why="the contract names no start"
# - self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size) / 9) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))
# + self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size) / 10) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))


# %% equivalent="basic-block" why="the contract names no start"
# - self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size) / 9) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))
# + self.kernels = nn.ParameterList((nn.Parameter(torch.randn(size) / 8) for size in [(width, inputs, 3, 3), (width, width, 3, 3)]))


# %% equivalent="pre-activation" why="in place or not gives the same"
# - self.rest = nn.Sequential(nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True), nn.Conv2d(width, width, 3, padding=1, bias=False))
# + self.rest = nn.Sequential(nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1, bias=False))


# %% equivalent="pre-activation" why="in place or not gives the same"
# - self.rest = nn.Sequential(nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True), nn.Conv2d(width, width, 3, padding=1, bias=False))
# + self.rest = nn.Sequential(nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=False), nn.Conv2d(width, width, 3, padding=1, bias=False))


# %% equivalent="pre-activation" why="in place or not gives the same"
# - ready = F.relu(self.bn1(x), inplace=True)
# + ready = F.relu(self.bn1(x))


# %% equivalent="pre-activation" why="in place or not gives the same"
# - ready = F.relu(self.bn1(x), inplace=True)
# + ready = F.relu(self.bn1(x), inplace=False)


# %% equivalent="pre-activation" why="in place or not gives the same"
# - h = self.conv2(F.relu(self.bn2(self.conv1(ready)), inplace=True))
# + h = self.conv2(F.relu(self.bn2(self.conv1(ready))))


# %% equivalent="pre-activation" why="in place or not gives the same"
# - h = self.conv2(F.relu(self.bn2(self.conv1(ready)), inplace=True))
# + h = self.conv2(F.relu(self.bn2(self.conv1(ready)), inplace=False))


# %% equivalent="one-layer-alone" why="a kernel has as many rows as columns"
# - middle = kernel.shape[-1] // 2
# + middle = kernel.shape[-2] // 2


# %% equivalent="one-layer-alone" why="there are as many factors as kernels"
# - for channel in range(len(kernel)):
# + for channel in range(len(factor)):


# %% equivalent="one-layer-alone" why="there are as many factors as kernels"
# - c, k = (kernel.shape[0], kernel.shape[-1])
# + c, k = (factor.shape[0], kernel.shape[-1])


# %% equivalent="one-layer-alone" why="there are as many maps behind as before"
# - c, k = (kernel.shape[0], kernel.shape[-1])
# + c, k = (kernel.shape[1], kernel.shape[-1])


# %% equivalent="one-layer-alone" why="a kernel has as many rows as columns"
# - c, k = (kernel.shape[0], kernel.shape[-1])
# + c, k = (kernel.shape[0], kernel.shape[-2])


# %% equivalent="one-layer-alone" why="float32 is precise enough"
# - found = np.array(kernel, dtype=np.float64)
# + found = np.array(kernel)


# %% equivalent="one-layer-alone" why="a kernel has as many rows as columns"
# - found[o, o, found.shape[2] // 2, found.shape[3] // 2] += 1
# + found[o, o, found.shape[3] // 2, found.shape[2] // 2] += 1


# %% equivalent="one-layer-alone" why="a kernel has as many rows as columns"
# - found[o, o, found.shape[2] // 2, found.shape[3] // 2] += 1
# + found[o, o, found.shape[3] // 2, found.shape[3] // 2] += 1


# %% equivalent="one-layer-alone" why="a kernel has as many rows as columns"
# - found[o, o, found.shape[2] // 2, found.shape[3] // 2] += 1
# + found[o, o, found.shape[2] // 2, found.shape[2] // 2] += 1


# %% equivalent="one-layer-alone" why="the order of the axes does not matter"
# - return y.permute(1, 0, 2, 3).flip((2, 3))
# + return y.permute(1, 0, 2, 3).flip((3, 2))


# %% equivalent="count-the-family" why="no projection in either"
# - def weights(depth: int, shortcut: str='A', width: int=16, classes: int=10) -> int:
# + def weights(depth: int, shortcut: str='Ax', width: int=16, classes: int=10) -> int:


# %% equivalent="count-the-family" why="no projection in either"
# - def weights(depth, shortcut='A', width=16, classes=10):
# + def weights(depth, shortcut='Ax', width=16, classes=10):


# %% equivalent="count-the-family" why="7 is refused by the next condition"
# - if depth < 8 or depth % 6 != 2:
# + if depth < 7 or depth % 6 != 2:


# %% equivalent="count-the-family" why="a sum in another order"
# - convs += [(before, maps, 3), (maps, maps, 3)]
# + convs += [(maps, maps, 3), (before, maps, 3)]


# %% equivalent="count-the-family" why="the remainder is always two"
# - n = (depth - 2) // 6
# + n = -(-(depth - 2) // 6)


# %% equivalent="count-the-family" why="the remainder is always two"
# - n = (depth - 2) // 6
# + n = (depth + 2) // 6


# %% equivalent="count-the-family" why="the remainder is always two"
# - n = (depth - 2) // 6
# + n = depth // 6


# %% equivalent="count-the-family" why="the remainder is always two"
# - n = (depth - 2) // 6
# + n = (depth - 1) // 6


# %% equivalent="count-the-family" why="x is no shortcut here"
# - if shortcut in 'BC':
# + if shortcut in 'BCx':


# %% equivalent="count-the-family" why="a multiple of 6 is one with either sign"
# - if (depth - 2) % 6 or depth < 8:
# + if (2 - depth) % 6 or depth < 8:


# %% equivalent="count-the-family" why="7 is refused by the next condition"
# - if (depth - 2) % 6 or depth < 8:
# + if (depth - 2) % 6 or depth < 7:


# %% equivalent="count-the-family" why="a sum in another order"
# - layers.extend([nn.Conv2d(i, o, k, bias=False), nn.BatchNorm2d(o)])
# + layers.extend([nn.BatchNorm2d(o), nn.Conv2d(i, o, k, bias=False)])


# %% equivalent="count-the-family" why="as many weights"
# - layers.extend([nn.Conv2d(i, o, k, bias=False), nn.BatchNorm2d(o)])
# + layers.extend([nn.Conv2d(o, i, k, bias=False), nn.BatchNorm2d(o)])


# %% equivalent="family-that-reads" why="whoever has a stride has more maps, too"
# - if stride > 1 or inputs != i:
# + if inputs != i:


# %% equivalent="shortcut-a" why="np.pad refuses a negative number with a ValueError, too"
# - raise ValueError('channels would be lost')
# + pass
