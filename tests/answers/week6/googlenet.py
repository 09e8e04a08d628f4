# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="what-a-five-costs" style="numbers"
direct_multiply_adds = 120_422_400
direct_weights = 153_632
narrow_multiply_adds = 12_443_648
narrow_weights = 15_920


# %% right="what-a-five-costs" style="products"
direct_multiply_adds = 28 * 28 * 32 * 25 * 192
direct_weights = 32 * 25 * 192 + 32
narrow_multiply_adds = 784 * 16 * 192 + 784 * 32 * 25 * 16
narrow_weights = 16 * 193 + 32 * 401


# %% right="what-a-five-costs" style="torch"
direct_multiply_adds = 28**2 * nn.Conv2d(192, 32, 5, bias=False).weight.numel()
direct_weights = sum(p.numel() for p in nn.Conv2d(192, 32, 5).parameters())
narrow_multiply_adds = np.int64(12443648)
narrow_weights = 15920.0


# %% wrong="what-a-five-costs" says="Biases are added, not multiplied"
direct_multiply_adds = 120_447_488
direct_weights = 153_632
narrow_multiply_adds = 12_443_648
narrow_weights = 15_920


# %% wrong="what-a-five-costs" says="How many places are there?"
direct_multiply_adds = 153_600
direct_weights = 153_632
narrow_multiply_adds = 12_443_648
narrow_weights = 15_920


# %% wrong="what-a-five-costs" says="Biases are weights, too"
direct_multiply_adds = 120_422_400
direct_weights = 153_600
narrow_multiply_adds = 12_443_648
narrow_weights = 15_920


# %% wrong="what-a-five-costs" says="The 1×1 layer works, too"
direct_multiply_adds = 120_422_400
direct_weights = 153_632
narrow_multiply_adds = 10_035_200
narrow_weights = 15_920


# %% wrong="what-a-five-costs" says="The kernels of 5×5 read the 16 maps now"
direct_multiply_adds = 120_422_400
direct_weights = 153_632
narrow_multiply_adds = 12_443_648
narrow_weights = 156_720


# %% wrong="what-a-five-costs" says="have biases, too"
direct_multiply_adds = 120_422_400
direct_weights = 153_632
narrow_multiply_adds = 12_443_648
narrow_weights = 15_904


# %% right="how-narrow" style="one formula"
def widest(inputs, outputs, k, part=1):
    return k**2 * inputs * outputs // (part * (inputs + k**2 * outputs))


# %% right="how-narrow" style="a loop"
def widest(inputs, outputs, k, part=1):
    r = 0
    while (r + 1) * (inputs + outputs * k * k) * part <= inputs * outputs * k * k:
        r += 1
    return r


# %% right="how-narrow" style="bisection"
def widest(inputs, outputs, k, part=1):
    low, high = 0, inputs * outputs * k * k + 1
    while high - low > 1:
        r = (low + high) // 2
        both = r * inputs + r * k * k * outputs
        low, high = (r, high) if both * part <= k * k * inputs * outputs else (low, r)
    return low


# %% right="how-narrow" style="fractions"
def widest(inputs, outputs, k, part=1):
    from fractions import Fraction

    share = Fraction(k * k * inputs * outputs, part)
    return int(share / (inputs + k * k * outputs))


# %% wrong="how-narrow" says="Maps come in whole numbers"
def widest(inputs, outputs, k, part=1):
    return k**2 * inputs * outputs / (part * (inputs + k**2 * outputs))


# %% wrong="how-narrow" says="its own multiply-adds are missing"
def widest(inputs, outputs, k, part=1):
    return inputs // part


# %% wrong="how-narrow" says="Rounded up it costs too much"
def widest(inputs, outputs, k, part=1):
    import math

    return math.ceil(k**2 * inputs * outputs / (part * (inputs + k**2 * outputs)))


# %% wrong="how-narrow" says="exactly one part-th will do"
def widest(inputs, outputs, k, part=1):
    r = 0
    while part * (r + 1) * (inputs + k * k * outputs) < k * k * inputs * outputs:
        r += 1
    return r


# %% wrong="how-narrow" says="Where does `part` come in?"
def widest(inputs, outputs, k, part=1):
    return k**2 * inputs * outputs // (inputs + k**2 * outputs)


# %% wrong="how-narrow" says="A kernel has k² places"
def widest(inputs, outputs, k, part=1):
    return k * inputs * outputs // (part * (inputs + k * outputs))


# %% wrong="how-narrow" says="The kernels have k² places"
def widest(inputs, outputs, k, part=1):
    return inputs * outputs // (part * (inputs + outputs))


# %% wrong="how-narrow" says="Inputs and outputs are exchanged"
def widest(inputs, outputs, k, part=1):
    return k**2 * inputs * outputs // (part * (outputs + k**2 * inputs))


# %% wrong="how-narrow" says="only products are counted"
def widest(inputs, outputs, k, part=1):
    r = 0
    alone = outputs * (k * k * inputs + 1)
    while part * ((r + 1) * (inputs + 1) + outputs * (k * k * (r + 1) + 1)) <= alone:
        r += 1
    return r


# %% wrong="how-narrow" says="Python's own, int(…), for all"
def widest(inputs, outputs, k, part=1):
    inputs, outputs = np.int64(inputs), np.int64(outputs)
    return k**2 * inputs * outputs // (part * (inputs + k**2 * outputs))


# %% wrong="how-narrow" says="Python's own, int(…), for all"
def widest(inputs, outputs, k, part=1):
    alone = k**2 * inputs * outputs
    return int(np.array(alone, np.int64)) // (part * (inputs + k**2 * outputs))


# %% wrong="how-narrow" says="Floats have 16 digits"
def widest(inputs, outputs, k, part=1):
    return int(k**2 * inputs * outputs / (part * (inputs + k**2 * outputs)))


# %% right="inception-module" style="sequentials"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()

        def unit(i, o, k=1):
            return nn.Sequential(nn.Conv2d(i, o, k, padding=k // 2), nn.ReLU())

        self.branches = nn.ModuleList(
            [
                unit(inputs, one),
                nn.Sequential(unit(inputs, before_three), unit(before_three, three, 3)),
                nn.Sequential(unit(inputs, before_five), unit(before_five, five, 5)),
                nn.Sequential(nn.MaxPool2d(3, 1, 1), unit(inputs, pooled)),
            ]
        )

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


# %% right="inception-module" style="parameters in another order"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.p = nn.Conv2d(inputs, pooled, (1, 1))
        self.c5 = nn.Conv2d(before_five, five, 5, padding="same")
        self.c3 = nn.Conv2d(before_three, three, 3, padding="same")
        self.r5 = nn.Conv2d(inputs, before_five, 1)
        self.r3 = nn.Conv2d(inputs, before_three, 1)
        self.c1 = nn.Conv2d(inputs, one, 1)

    def forward(self, x):
        a = self.c1(x).relu()
        b = self.c3(self.r3(x).relu()).relu()
        c = self.c5(self.r5(x).relu()).relu()
        d = self.p(F.max_pool2d(x, 3, stride=1, padding=1)).relu()
        return torch.cat((a, b, c, d), dim=-3)


# %% right="inception-module" style="written into a new tensor"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.ends = np.cumsum([0, one, three, five, pooled]).tolist()
        self.one = nn.Conv2d(inputs, one, 1)
        self.three = nn.Sequential(
            nn.Conv2d(inputs, before_three, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(before_three, three, 3, padding=1),
        )
        self.five = nn.Sequential(
            nn.Conv2d(inputs, before_five, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(before_five, five, 5, padding=2),
        )
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(inputs, pooled, 1))

    def forward(self, x):
        y = x.new_empty(len(x), self.ends[-1], *x.shape[2:])
        for at, layer in enumerate((self.one, self.three, self.five, self.pool)):
            y[:, self.ends[at] : self.ends[at + 1]] = torch.clamp(layer(x), min=0)
        return y


# %% wrong="inception-module" says="A bottleneck has a ReLU behind it"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x)).relu()
        c = self.five(self.before_five(x)).relu()
        d = self.pooled(F.max_pool2d(x, 3, 1, 1)).relu()
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="Every convolution has a ReLU right behind it"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x)
        b = self.three(self.before_three(x).relu())
        c = self.five(self.before_five(x).relu())
        d = self.pooled(F.max_pool2d(x, 3, 1, 1))
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="No ReLU at all"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x)
        b = self.three(self.before_three(x))
        c = self.five(self.before_five(x))
        d = self.pooled(F.max_pool2d(x, 3, 1, 1))
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="their order is not"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = self.pooled(F.max_pool2d(x, 3, 1, 1)).relu()
        return torch.cat([d, a, b, c], 1)


# %% wrong="inception-module" says="their order is not"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = self.pooled(F.max_pool2d(x, 3, 1, 1)).relu()
        return torch.cat([a, c, b, d], 1)


# %% wrong="inception-module" says="their order is not"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = self.pooled(F.max_pool2d(x, 3, 1, 1)).relu()
        return torch.cat([c, b, a, d], 1)


# %% wrong="inception-module" says="the pooling comes first"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = F.max_pool2d(self.pooled(x).relu(), 3, 1, 1)
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="the maximum, not the mean"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = self.pooled(F.avg_pool2d(x, 3, 1, 1)).relu()
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="they win where all maps are negative"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = self.pooled(F.max_pool2d(F.pad(x, (1, 1, 1, 1)), 3, 1)).relu()
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="Nothing is pooled"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = self.pooled(x).relu()
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="The projection has a ReLU behind it"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = self.pooled(F.max_pool2d(x, 3, 1, 1))
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="does the work of this exercise"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        from torchvision.ops import Conv2dNormActivation as Unit

        def unit(i, o, k):
            return Unit(i, o, k, norm_layer=None)

        self.one = unit(inputs, one, 1)
        self.three = nn.Sequential(
            unit(inputs, before_three, 1), unit(before_three, three, 3)
        )
        self.five = nn.Sequential(
            unit(inputs, before_five, 1), unit(before_five, five, 5)
        )
        self.pooled = nn.Sequential(nn.MaxPool2d(3, 1, 1), unit(inputs, pooled, 1))

    def forward(self, x):
        branches = self.one, self.three, self.five, self.pooled
        return torch.cat([branch(x) for branch in branches], 1)


# %% wrong="inception-module" says="Sizes of tensors must match"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = self.pooled(F.max_pool2d(x, 3, padding=1)).relu()
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="does the work of this exercise"
class Inception(nn.Module):
    def __init__(self, *row):
        super().__init__()
        from coursekit.models.googlenet import PAPER
        from coursekit.models.googlenet import Inception as Ready

        self.ready = Ready(PAPER, *row)

    def forward(self, x):
        return self.ready(x)


# %% wrong="inception-module" says="plain list"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.parts = [
            nn.Conv2d(inputs, one, 1),
            nn.Conv2d(inputs, before_three, 1),
            nn.Conv2d(before_three, three, 3, padding=1),
            nn.Conv2d(inputs, before_five, 1),
            nn.Conv2d(before_five, five, 5, padding=2),
            nn.Conv2d(inputs, pooled, 1),
        ]

    def forward(self, x):
        a, r3, b, r5, c, p = self.parts
        d = p(F.max_pool2d(x, 3, 1, 1))
        return torch.cat([a(x), b(r3(x).relu()), c(r5(x).relu()), d], 1).relu()


# %% wrong="inception-module" says="more layers than asked"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)
        self.norm = nn.BatchNorm2d(one + three + five + pooled)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = self.pooled(F.max_pool2d(x, 3, 1, 1)).relu()
        return self.norm(torch.cat([a, b, c, d], 1))


# %% wrong="inception-module" says="each a layer of its own"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.widths = one, before_five
        self.one = nn.Conv2d(inputs, one + before_five, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a, e = self.one(x).relu().split(self.widths, 1)
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(e).relu()
        d = self.pooled(F.max_pool2d(x, 3, 1, 1)).relu()
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="alone in its branch has a ReLU"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x)
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = self.pooled(F.max_pool2d(x, 3, 1, 1)).relu()
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="have a ReLU behind them as well"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu())
        c = self.five(self.before_five(x).relu())
        d = self.pooled(F.max_pool2d(x, 3, 1, 1)).relu()
        return torch.cat([a, b, c, d], 1)


# %% wrong="inception-module" says="evaluation"
class Inception(nn.Module):
    def __init__(self, inputs, one, before_three, three, before_five, five, pooled):
        super().__init__()
        self.one = nn.Conv2d(inputs, one, 1)
        self.before_three = nn.Conv2d(inputs, before_three, 1)
        self.three = nn.Conv2d(before_three, three, 3, padding=1)
        self.before_five = nn.Conv2d(inputs, before_five, 1)
        self.five = nn.Conv2d(before_five, five, 5, padding=2)
        self.pooled = nn.Conv2d(inputs, pooled, 1)

    def forward(self, x):
        a = self.one(x).relu()
        b = self.three(self.before_three(x).relu()).relu()
        c = self.five(self.before_five(x).relu()).relu()
        d = self.pooled(F.max_pool2d(x, 3, 1, 1)).relu()
        if not self.training:
            a = F.dropout(a, 0.5, True)
        return torch.cat([a, b, c, d], 1)


# %% right="what-fits" style="torch's layers"
def behind(shape, branches):
    ends = []
    for branch in branches:
        x = torch.zeros(shape)
        for maps, k, stride, padding in branch:
            if maps is None:
                x = F.max_pool2d(F.pad(x, (padding,) * 4), k, stride)
            else:
                x = nn.Conv2d(x.shape[1], maps, k, stride, padding)(x)
        ends.append(x)
    if len({end.shape[2:] for end in ends}) > 1:
        raise ValueError("these do not fit")
    return tuple(torch.cat(ends, 1).shape)


# %% right="what-fits" style="recursion"
def behind(shape, branches):
    def end(c, h, w, layers):
        if not layers:
            return c, h, w
        (maps, k, s, p), *rest = layers
        c = c if maps is None else maps
        return end(c, (h + 2 * p - k + s) // s, (w + 2 * p - k + s) // s, rest)

    n, *start = shape
    ends = [end(*start, branch) for branch in branches]
    if any(one[1:] != ends[0][1:] for one in ends):
        raise ValueError(ends)
    return n, sum(one[0] for one in ends), *ends[0][1:]


# %% right="what-fits" style="numpy"
def behind(shape, branches):
    ends = []
    for branch in branches:
        here = np.array(shape[1:])
        for maps, k, stride, padding in branch:
            here[1:] = (here[1:] + 2 * padding - k) // stride + 1
            if maps is not None:
                here[0] = maps
        ends.append(here)
    ends = np.array(ends)
    if np.ptp(ends[:, 1:], axis=0).any():
        raise ValueError("grids differ")
    return (shape[0], int(ends[:, 0].sum()), int(ends[0, 1]), int(ends[0, 2]))


# %% wrong="what-fits" says="Each of them begins with the shape that comes in"
def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps = channels
        for outputs, k, stride, padding in branch:
            maps = outputs or maps
            height = (height + 2 * padding - k) // stride + 1
            width = (width + 2 * padding - k) // stride + 1
        total += maps
        grids.add((height, width))
    if len(grids) > 1:
        raise ValueError("these do not fit")
    return n, total, *grids.pop()


# %% wrong="what-fits" says="A pooling puts out as many maps as it gets"
def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = outputs or 0
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps
        grids.add((h, w))
    if len(grids) > 1:
        raise ValueError(grids)
    return n, total, h, w


# %% wrong="what-fits" says="such maps cannot be stacked"
def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps
        grids.add((h, w))
    if False:
        raise ValueError(grids)
    return n, total, h, w


# %% wrong="what-fits" says="such maps cannot be stacked"
def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps
        grids.add(h)
    if len(grids) > 1:
        raise ValueError(grids)
    return n, total, h, w


# %% wrong="what-fits" says="such maps cannot be stacked"
def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps
        grids.add(w)
    if len(grids) > 1:
        raise ValueError(grids)
    return n, total, h, w


# %% wrong="what-fits" says="such maps cannot be stacked"
def behind(shape, branches):  # areas are compared
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps
        grids.add(h * w)
    if len(grids) > 1:
        raise ValueError(grids)
    return n, total, h, w


# %% wrong="what-fits" says="such maps cannot be stacked"
def behind(shape, branches):  # sums are compared
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps
        grids.add(h + w)
    if len(grids) > 1:
        raise ValueError(grids)
    return n, total, h, w


# %% wrong="what-fits" says="Height and width are exchanged"
def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps
        grids.add((h, w))
    if len(grids) > 1:
        raise ValueError(grids)
    return n, total, w, h


# %% wrong="what-fits" says="That is the last branch alone"
def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps
        grids.add((h, w))
    if len(grids) > 1:
        raise ValueError(grids)
    return n, maps, h, w


# %% wrong="what-fits" says="The padding is on *each* side"
def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + padding - k) // stride + 1
            w = (w + padding - k) // stride + 1
        total += maps
        grids.add((h, w))
    if len(grids) > 1:
        raise ValueError(grids)
    return n, total, h, w


# %% wrong="what-fits" says="along the channels, not along the images"
def behind_first(shape, branches):
    for layer in branches[0]:
        if layer[0] is not None:
            return branches[0][-1][0] or layer[0]
    return shape[1]


def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps
        grids.add((h, w))
    if len(grids) > 1:
        raise ValueError(grids)
    return n * len(branches), behind_first(shape, branches), h, w


# %% wrong="what-fits" says="Only the last layer of a branch is stacked"
def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            total += outputs or 0
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        pass
        grids.add((h, w))
    if len(grids) > 1:
        raise ValueError(grids)
    return n, total, h, w


# %% wrong="what-fits" says="The number of images stays"
def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps
        grids.add((h, w))
    if len(grids) > 1:
        raise ValueError(grids)
    return 1, total, h, w


# %% wrong="what-fits" says="hands on all its maps"
def behind(shape, branches):
    n, channels, height, width = shape
    total, grids = 0, set()
    for branch in branches:
        maps, h, w = channels, height, width
        for outputs, k, stride, padding in branch:
            maps = maps if outputs is None else outputs
            h = (h + 2 * padding - k) // stride + 1
            w = (w + 2 * padding - k) // stride + 1
        total += maps if branch else 0
        grids.add((h, w))
    if len(grids) > 1:
        raise ValueError(grids)
    return n, total, h, w


# %% right="row-of-the-table" style="pairs"
def bill(row, height, width):
    a, b, c, d, e, f, g = row
    layers = [(a, b, 1), (a, c, 1), (c, d, 3), (a, e, 1), (e, f, 5), (a, g, 1)]
    work = sum(i * o * k * k for i, o, k in layers)
    return work + sum(o for _, o, _ in layers), work * height * width


# %% right="row-of-the-table" style="torch"
def bill(row, height, width):
    a, b, c, d, e, f, g = row
    layers = [nn.Conv2d(a, b, 1), nn.Conv2d(a, c, 1), nn.Conv2d(c, d, 3)]
    layers += [nn.Conv2d(a, e, 1), nn.Conv2d(e, f, 5), nn.Conv2d(a, g, 1)]
    weights = sum(p.numel() for layer in layers for p in layer.parameters())
    work = sum(layer.weight.numel() for layer in layers) * height * width
    return weights, work


# %% right="row-of-the-table" style="numpy"
def bill(row, height, width):
    x = np.array(row)
    into = x[[0, 0, 2, 0, 4, 0]]
    squares = np.array([1, 1, 9, 1, 25, 1])
    products = into * x[1:] * squares
    return int((products + x[1:]).sum()), int(products.sum()) * height * width


# %% wrong="row-of-the-table" says="Which branch has the kernels of 3 × 3"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + pool) + 25 * r3 * three + 9 * r5 * five
    return products + sum(row[1:]), products * height * width


# %% wrong="row-of-the-table" says="The pooling has no weights"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + 9 * pool) + 9 * r3 * three + 25 * r5 * five
    return products + sum(row[1:]), products * height * width


# %% wrong="row-of-the-table" says="does the work of this exercise"
from coursekit.anatomy import count_layers


def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    layers = (i, one, 1), (i, r3, 1), (r3, three, 3), (i, r5, 1), (r5, five, 5)
    weights = work = 0
    for a, b, k in (*layers, (i, pool, 1)):
        layer = nn.Conv2d(a, b, k, padding=k // 2)
        [found] = count_layers(layer, (a, height, width))
        weights, work = weights + found.weights, work + found.multiply_adds
    return weights, work


# %% wrong="row-of-the-table" says="Biases are weights, too"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + pool) + 9 * r3 * three + 25 * r5 * five
    maps = one + r3 + three + r5 + five + pool
    return products, products * height * width


# %% wrong="row-of-the-table" says="A bias is added, not multiplied"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + pool) + 9 * r3 * three + 25 * r5 * five
    maps = one + r3 + three + r5 + five + pool
    return products + maps, (products + maps) * height * width


# %% wrong="row-of-the-table" says="A weight works once at each place"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + pool) + 9 * r3 * three + 25 * r5 * five
    maps = one + r3 + three + r5 + five + pool
    return products + maps, products


# %% wrong="row-of-the-table" says="need not be square"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + pool) + 9 * r3 * three + 25 * r5 * five
    maps = one + r3 + three + r5 + five + pool
    return products + maps, products * height**2


# %% wrong="row-of-the-table" says="The weights come first"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + pool) + 9 * r3 * three + 25 * r5 * five
    maps = one + r3 + three + r5 + five + pool
    return products * height * width, products + maps


# %% wrong="row-of-the-table" says="The projection is missing"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + pool) + 9 * r3 * three + 25 * r5 * five
    maps = one + r3 + three + r5 + five + pool
    lost = i * pool
    return products + maps - lost - pool, (products - lost) * height * width


# %% wrong="row-of-the-table" says="The bottlenecks have weights and work"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + pool) + 9 * r3 * three + 25 * r5 * five
    return products + one + three + five + pool, products * height * width


# %% wrong="row-of-the-table" says="not the inputs"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + pool) + i * (9 * three + 25 * five)
    return products + sum(row[1:]), products * height * width


# %% wrong="row-of-the-table" says="A kernel has k² places"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + pool) + 3 * r3 * three + 5 * r5 * five
    return products + sum(row[1:]), products * height * width


# %% wrong="row-of-the-table" says="The bottlenecks have biases as well"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + pool) + 9 * r3 * three + 25 * r5 * five
    maps = one + r3 + three + r5 + five + pool
    return products + maps - r3 - r5, products * height * width


# %% wrong="row-of-the-table" says="Every map has a bias"
def bill(row, height, width):
    i, one, r3, three, r5, five, pool = row
    products = i * (one + r3 + r5 + pool) + 9 * r3 * three + 25 * r5 * five
    maps = one + r3 + three + r5 + five + pool
    return products + maps + 1 - len(row), products * height * width


# %% right="which-count" style="numbers"
one_k = 1024
biases = "no"
worst_row = "4c"
weights_of_heads = 6379728
smaller_by = 373648
saved_by_kernels = 380928


# %% right="which-count" style="differences"
one_k = 2**10
biases = "No"
worst_row = "4c"
weights_of_heads = 13_378_280 - 6_998_552
smaller_by = 6_998_552 - 6_624_904
saved_by_kernels = 16 * 23_808


# %% right="which-count" style="counted"
from coursekit import models


def count(model):
    return sum(p.numel() for p in model.parameters())


paper = count(models.googlenet_2014())
one_k = 1_024_000 / 1000
biases = "no"
worst_row = "4c"
weights_of_heads = count(models.googlenet_2014(auxiliary=True)) - paper
smaller_by = paper - count(models.googlenet())
saved_by_kernels = 373_648 + 2 * 7_280 - 7_280


# %% wrong="which-count" says="which number is printed for the dense layer"
one_k = 1000
biases = "no"
worst_row = "4c"
weights_of_heads = 6379728
smaller_by = 373648
saved_by_kernels = 380928


# %% wrong="which-count" says="with its biases and without"
one_k = 1024
biases = "yes"
worst_row = "4c"
weights_of_heads = 6379728
smaller_by = 373648
saved_by_kernels = 380928


# %% wrong="which-count" says="But it is no module"
one_k = 1024
biases = "no"
worst_row = "stem: conv1"
weights_of_heads = 6379728
smaller_by = 373648
saved_by_kernels = 380928


# %% wrong="which-count" says="or nearly. In proportion?"
one_k = 1024
biases = "no"
worst_row = "5a"
weights_of_heads = 6379728
smaller_by = 373648
saved_by_kernels = 380928


# %% wrong="which-count" says="How many are theirs"
one_k = 1024
biases = "no"
worst_row = "4c"
weights_of_heads = 13378280
smaller_by = 373648
saved_by_kernels = 380928


# %% wrong="which-count" says="That is torchvision's network, whose heads"
one_k = 1024
biases = "no"
worst_row = "4c"
weights_of_heads = 6379984
smaller_by = 373648
saved_by_kernels = 380928


# %% wrong="which-count" says="the normalisations"
one_k = 1024
biases = "no"
worst_row = "4c"
weights_of_heads = 6379728
smaller_by = 380928
saved_by_kernels = 380928


# %% wrong="which-count" says="kernels of 3×3 have weights, too"
one_k = 1024
biases = "no"
worst_row = "4c"
weights_of_heads = 6379728
smaller_by = 373648
saved_by_kernels = 595200


# %% wrong="which-count" says="weights that are left in its third branch"
one_k = 1024
biases = "no"
worst_row = "4c"
weights_of_heads = 6379728
smaller_by = 373648
saved_by_kernels = 214272


# %% right="guided-network" style="a tuple of losses"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.parts = nn.ModuleDict({"lower": lower, "upper": upper, "head": head})
        self.loss = nn.CrossEntropyLoss()
        self.weight = weight

    def forward(self, x, t):
        maps = self.parts["lower"](x)
        names = ["upper", "head"] if self.training else ["upper"]
        losses = [self.loss(self.parts[name](maps), t) for name in names]
        return sum(w * one for w, one in zip((1, self.weight), losses))


# %% right="guided-network" style="an early return"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        main = F.cross_entropy(self.upper(maps), t)
        if not self.training:
            return main
        return main + F.cross_entropy(self.head(maps), t) * self.weight


# %% right="guided-network" style="log-softmax by hand"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.end = nn.ModuleList([lower, upper])
        self.side = head
        self.w = weight

    def one(self, scores, t):
        logs = scores - scores.logsumexp(1, keepdim=True)
        return -logs[torch.arange(len(t)), t].mean()

    def forward(self, x, t):
        maps = self.end[0](x)
        loss = self.one(self.end[1](maps), t)
        return loss + self.w * self.one(self.side(maps), t) if self.training else loss


# %% right="guided-network" style="a buffer for the weight"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.register_buffer("weight", torch.tensor(weight))

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss


# %% wrong="guided-network" says="In evaluation mode the head does not count"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        main = F.cross_entropy(self.upper(maps), t)
        return main + self.weight * F.cross_entropy(self.head(maps), t)


# %% wrong="guided-network" says="it fits one size of maps only"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        main = F.cross_entropy(self.upper(maps), t)
        other = F.cross_entropy(self.head(maps), t)
        return main + self.weight * other if self.training else main


# %% wrong="guided-network" says="In training mode the loss of the head is added"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        main = F.cross_entropy(self.upper(maps), t)
        return main


# %% wrong="guided-network" says="counts `weight` times"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        main = F.cross_entropy(self.upper(maps), t)
        if self.training:
            main = main + F.cross_entropy(self.head(maps), t)
        return main


# %% wrong="guided-network" says="Does it use `weight`"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        main = F.cross_entropy(self.upper(maps), t)
        if self.training:
            main = main + 0.3 * F.cross_entropy(self.head(maps), t)
        return main


# %% wrong="guided-network" says="not the other"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        main = F.cross_entropy(self.upper(maps), t)
        if self.training:
            main = self.weight * main + F.cross_entropy(self.head(maps), t)
        return main


# %% wrong="guided-network" says="The loss of the end keeps its full weight"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        main = F.cross_entropy(self.upper(maps), t)
        if self.training:
            other = F.cross_entropy(self.head(maps), t)
            main = (1 - self.weight) * main + self.weight * other
        return main


# %% wrong="guided-network" says="no mean of the two"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        main = F.cross_entropy(self.upper(maps), t)
        if self.training:
            other = F.cross_entropy(self.head(maps), t)
            main = (main + self.weight * other) / 2
        return main


# %% wrong="guided-network" says="the softmax is in it already"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps).softmax(1), t)
        if self.training:
            other = F.cross_entropy(self.head(maps).softmax(1), t)
            loss = loss + self.weight * other
        return loss


# %% wrong="guided-network" says="The mean over the batch, not the sum"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t, reduction="sum")
        if self.training:
            other = F.cross_entropy(self.head(maps), t, reduction="sum")
            loss = loss + self.weight * other
        return loss


# %% wrong="guided-network" says="end and head look at the same ones"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        loss = F.cross_entropy(self.upper(self.lower(x)), t)
        if self.training:
            other = F.cross_entropy(self.head(self.lower(x)), t)
            loss = loss + self.weight * other
        return loss


# %% wrong="guided-network" says="not copies of them"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = (
            copy.deepcopy(part) for part in (lower, upper, head)
        )
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss


# %% wrong="guided-network" says="not the way back. Is a part of it cut off"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        main = F.cross_entropy(self.upper(maps), t)
        if self.training:
            other = F.cross_entropy(self.head(maps.detach()), t)
            main = main + self.weight * other
        return main


# %% wrong="guided-network" says="plain list"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.parts = [lower, upper, head]
        self.weight = weight

    def forward(self, x, t):
        lower, upper, head = self.parts
        maps = lower(x)
        loss = F.cross_entropy(upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(head(maps), t)
        return loss


# %% wrong="guided-network" says="not a float of it"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss.item()


# %% wrong="guided-network" says="not a float of it"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss if self.training else float(loss)


# %% wrong="guided-network" says="no ReLU of your own"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(F.relu(maps)), t)
        return loss


# %% wrong="guided-network" says="no ReLU of your own"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = F.relu(self.lower(x))
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss


# %% wrong="guided-network" says="Expected 3D (unbatched)"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps.flatten(1)), t)
        return loss


# %% wrong="guided-network" says="not that of one of its parts"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.head.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss


# %% wrong="guided-network" says="not that of one of its parts"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.lower.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss


# %% wrong="guided-network" says="not that of one of its parts"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training and self.head.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss


# %% wrong="guided-network" says="no gradient flows through the output"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss if self.training else loss.detach()


# %% wrong="guided-network" says="not the scores of end and head"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        scores = self.upper(maps)
        if self.training:
            scores = scores + self.weight * self.head(maps)
        return F.cross_entropy(scores, t)


# %% wrong="guided-network" says="define its own `parameters`"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss

    def parameters(self, recurse=True):
        yield from self.lower.parameters()
        yield from self.upper.parameters()


# %% wrong="guided-network" says="leaves a hook behind"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = weight

    def forward(self, x, t):
        kept = []
        self.lower.register_forward_hook(lambda _, __, maps: kept.append(maps))
        loss = F.cross_entropy(self.upper(self.lower(x)), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(kept[-1]), t)
        return loss


# %% wrong="guided-network" says="It is given, and not learned"
class Guided(nn.Module):
    def __init__(self, lower, upper, head, weight=0.3):
        super().__init__()
        self.lower, self.upper, self.head = lower, upper, head
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, x, t):
        maps = self.lower(x)
        loss = F.cross_entropy(self.upper(maps), t)
        if self.training:
            loss = loss + self.weight * F.cross_entropy(self.head(maps), t)
        return loss


# %% right="spend-a-budget" style="one at a time"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = {k: np.flatnonzero(sizes == k) for k in (1, 3, 5) if k in sizes}
    values = {k: halves(kernels, outputs, k)[1] for k, outputs in groups.items()}
    price = {k: maps + k * k * len(outputs) for k, outputs in groups.items()}
    ranks = dict.fromkeys(groups, 0)
    while True:
        open_ = [k for k in groups if price[k] <= budget and ranks[k] < len(values[k])]
        if not open_:
            break
        best = max(open_, key=lambda k: values[k][ranks[k]] ** 2 / price[k])
        ranks[best] += 1
        budget -= price[best]
    return [branch(kernels, groups[k], k, ranks[k]) for k in groups]


# %% right="spend-a-budget" style="all triples tried"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    import itertools

    maps, sizes = kernels.shape[1], parted(kernels)
    groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 3, 5) if k in sizes]
    prices = [maps + k * k * len(outputs) for k, outputs in groups]
    tails = []
    for k, outputs in groups:
        s = halves(kernels, outputs, k)[1]
        tails.append(np.append(np.cumsum((s**2)[::-1])[::-1], 0))
    best = min(
        (sum(tail[r] for tail, r in zip(tails, ranks)), ranks)
        for ranks in itertools.product(*(range(min(len(t), 14)) for t in tails))
        if sum(p * r for p, r in zip(prices, ranks)) <= budget
    )
    return [branch(kernels, o, k, r) for (k, o), r in zip(groups, best[1])]


# %% right="spend-a-budget" style="ones without a bottleneck, torch"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels, 0.95)
    steps, prices = [], {}
    for k in set(sizes.tolist()):
        outputs = np.flatnonzero(sizes == k)
        prices[k] = maps + k * k * len(outputs)
        values = halves(kernels, outputs, k)[1]
        steps += [(value**2 / prices[k], k) for value in values]
    ranks = dict.fromkeys(prices, 0)
    for _, k in sorted(steps)[::-1]:
        if prices[k] <= budget:
            budget -= prices[k]
            ranks[k] += 1
    found = []
    for k, rank in ranks.items():
        outputs, reduce, expand = branch(kernels, np.flatnonzero(sizes == k), k, rank)
        if k == 1 and maps * len(outputs) <= rank * prices[1]:
            middle = torch.from_numpy(kernels[outputs][:, :, 2:3, 2:3])
            found.append((outputs, None, middle.float()))
            continue
        tensors = (torch.tensor(np.array(one)) for one in (reduce, expand))
        found.append((outputs, *tensors))
    return found


# %% wrong="spend-a-budget" says="as if they had one size"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    everything = np.arange(len(kernels))
    rank = budget // (kernels.shape[1] + 25 * len(kernels))
    return [branch(kernels, everything, 5, rank)]


# %% wrong="spend-a-budget" says="as if they had one size"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    everything = np.arange(len(kernels))
    rank = min(budget // (kernels.shape[1] + 9 * len(kernels)), kernels.shape[1])
    return [branch(kernels, everything, 3, rank)]


# %% wrong="spend-a-budget" says="Was the money spent"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 3, 5) if k in sizes]
    each = budget // sum(maps + k * k * len(outputs) for k, outputs in groups)
    return [branch(kernels, outputs, k, each) for k, outputs in groups]


# %% wrong="spend-a-budget" says="Was the money spent"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 3, 5) if k in sizes]
    share = budget // len(groups)
    return [
        branch(kernels, outputs, k, share // (maps + k * k * len(outputs)))
        for k, outputs in groups
    ]


# %% wrong="spend-a-budget" says="Was the money spent"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = {k: np.flatnonzero(sizes == k) for k in (1, 3, 5) if k in sizes}
    values = {k: halves(kernels, outputs, k)[1] for k, outputs in groups.items()}
    price = {k: maps + k * k * len(outputs) for k, outputs in groups.items()}
    ranks = dict.fromkeys(groups, 0)
    while True:
        open_ = [k for k in groups if price[k] <= budget and ranks[k] < len(values[k])]
        if not open_:
            break
        best = max(open_, key=lambda k: values[k][ranks[k]])
        ranks[best] += 1
        budget -= price[best]
    return [branch(kernels, groups[k], k, ranks[k]) for k in groups]


# %% wrong="spend-a-budget" says="Was the money spent"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = {k: np.flatnonzero(sizes == k) for k in (1, 3, 5) if k in sizes}
    values = {k: halves(kernels, outputs, k)[1] for k, outputs in groups.items()}
    price = {k: maps + k * k * len(outputs) for k, outputs in groups.items()}
    ranks = dict.fromkeys(groups, 0)
    while True:
        open_ = [k for k in groups if price[k] <= budget and ranks[k] < len(values[k])]
        if not open_:
            break
        best = max(open_, key=lambda k: values[k][ranks[k]] / price[k])
        ranks[best] += 1
        budget -= price[best]
    return [branch(kernels, groups[k], k, ranks[k]) for k in groups]


# %% wrong="spend-a-budget" says="are allowed"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    sizes = parted(kernels)
    found = []
    for k in sorted(set(sizes.tolist())):
        outputs = np.flatnonzero(sizes == k)
        s = halves(kernels, outputs, k)[1]
        found.append(branch(kernels, outputs, k, int((s > 0.25).sum())))
    return found


# %% wrong="spend-a-budget" says="are allowed"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    sizes = parted(kernels)
    found = []
    for k in sorted(set(sizes.tolist())):
        outputs = np.flatnonzero(sizes == k)
        s = halves(kernels, outputs, k)[1]
        found.append(
            branch(
                kernels,
                outputs,
                k,
                1 + int((np.cumsum(s**2) < 0.98 * (s**2).sum()).sum()),
            )
        )
    return found


# %% wrong="spend-a-budget" says="Hardly anything of the layer is left"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = {k: np.flatnonzero(sizes == k) for k in (1, 3, 5) if k in sizes}
    values = {k: halves(kernels, outputs, k)[1] for k, outputs in groups.items()}
    price = {k: maps + k * k * len(outputs) for k, outputs in groups.items()}
    values = {k: np.append(s, 0) for k, s in values.items()}
    ranks = dict.fromkeys(groups, 0)
    while True:
        open_ = [k for k in groups if price[k] <= budget and values[k][ranks[k]] > 0.05]
        if not open_:
            break
        best = max(open_, key=lambda k: values[k][ranks[k]] ** 2 / price[k])
        ranks[best] += 1
        budget -= price[best]
    return [branch(kernels, groups[k], k, ranks[k]) for k in groups]


# %% wrong="spend-a-budget" says="are in a branch of another size"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    thirds = np.array_split(np.arange(len(kernels)), 3)
    maps = kernels.shape[1]
    return [
        branch(kernels, some, k, budget // 3 // (maps + k * k * len(some)))
        for k, some in zip((1, 3, 5), thirds)
    ]


# %% wrong="spend-a-budget" says="is the decomposition that of the whole group"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 3, 5) if k in sizes]
    found = []
    ranks = {1: 99, 3: 5, 5: 3}
    for k, outputs in groups:
        rank = min(ranks[k], len(outputs) * k * k)
        u = np.linalg.qr(np.random.default_rng(0).standard_normal((maps, rank)))[0]
        edge = (5 - k) // 2
        some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
        while rank * (maps + k * k * len(outputs)) > budget // len(groups):
            rank -= 1
        expand = np.einsum("ilhw,lr->irhw", some, u[:, :rank])
        found.append((outputs.tolist(), u[:, :rank].T, expand))
    return found


# %% wrong="spend-a-budget" says="are allowed"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    return [(list(range(len(kernels))), None, kernels)]


# %% wrong="spend-a-budget" says="In no branch stands kernel"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 3, 5) if k in sizes]
    return [branch(kernels, outputs, k, 1) for k, outputs in groups[:1]]


# %% wrong="spend-a-budget" says="In more than one place stands kernel"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 3, 5) if k in sizes]
    found = [branch(kernels, outputs, k, 1) for k, outputs in groups]
    return found + found[:1]


# %% wrong="spend-a-budget" says="Hardly anything of the layer is left"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 3, 5) if k in sizes]
    found = []
    for k, outputs in groups:
        numbers, reduce, expand = branch(kernels, outputs, k, 2)
        found.append((numbers, reduce, 0 * expand))
    return found


# %% wrong="spend-a-budget" says="(r, L) and (o, r, k, k)"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 3, 5) if k in sizes]
    found = []
    for k, outputs in groups:
        numbers, reduce, expand = branch(kernels, outputs, k, 2)
        found.append((numbers, reduce.T, expand))
    return found


# %% wrong="spend-a-budget" says="expected three things"
def parted(kernels, low=0.9):
    squares = (kernels**2).sum(1)
    whole = squares.sum((1, 2))
    sizes = []
    for square, total in zip(squares, whole):
        if square[2, 2] > low * total:
            sizes.append(1)
        elif square[1:4, 1:4].sum() > low * total:
            sizes.append(3)
        else:
            sizes.append(5)
    return np.array(sizes)


def halves(kernels, outputs, k):
    edge = (5 - k) // 2
    some = kernels[outputs][:, :, edge : 5 - edge, edge : 5 - edge]
    flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
    return np.linalg.svd(flat, full_matrices=False)


def branch(kernels, outputs, k, rank):
    u, s, v = halves(kernels, outputs, k)
    rank = min(rank, len(s))
    expand = v[:rank].reshape(rank, len(outputs), k, k).transpose(1, 0, 2, 3)
    return [int(n) for n in outputs], (u * s)[:, :rank].T, expand


def spend(kernels, budget):
    maps, sizes = kernels.shape[1], parted(kernels)
    groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 3, 5) if k in sizes]
    return [branch(kernels, outputs, k, 2)[1:] for k, outputs in groups]


# %% wrong="spend-a-budget" says="expected a list of branches"
def spend(kernels, budget):
    return {1: kernels}


# %% equivalent="how-narrow" why="the search still meets the same place"
# - r = 0
# + r = -1


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (-1, inputs * outputs * k * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * k * k - 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * k * k * 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * k * k)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * k + k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, (inputs * outputs + k) * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, (inputs + outputs) * k * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * k * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, outputs * k * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, outputs * outputs * k * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, k * outputs * k * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, part * outputs * k * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * inputs * k * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * k * k * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * part * k * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * inputs * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * outputs * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * part * k + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * k * inputs + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * k * outputs + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * k * part + 1)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * k * k + 2)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - low, high = (0, inputs * outputs * k * k + 1)
# + low, high = (0, inputs * outputs * k * k + 0)


# %% equivalent="how-narrow" why="the search still meets the same place"
# - r = (low + high) // 2
# + r = -(-(low + high) // 2)


# %% equivalent="how-narrow" why="both cut off what is behind the point"
# - return int(share / (inputs + k * k * outputs))
# + return int(share // (inputs + k * k * outputs))


# %% equivalent="inception-module" why="the same numbers in another type"
# - self.ends = np.cumsum([0, one, three, five, pooled]).tolist()
# + self.ends = np.cumsum([0, one, three, five, pooled])


# %% equivalent="inception-module" why="in place or not is no matter of values"
# - self.three = nn.Sequential(nn.Conv2d(inputs, before_three, 1), nn.ReLU(inplace=True), nn.Conv2d(before_three, three, 3, padding=1))
# + self.three = nn.Sequential(nn.Conv2d(inputs, before_three, 1), nn.ReLU(), nn.Conv2d(before_three, three, 3, padding=1))


# %% equivalent="inception-module" why="in place or not is no matter of values"
# - self.three = nn.Sequential(nn.Conv2d(inputs, before_three, 1), nn.ReLU(inplace=True), nn.Conv2d(before_three, three, 3, padding=1))
# + self.three = nn.Sequential(nn.Conv2d(inputs, before_three, 1), nn.ReLU(inplace=False), nn.Conv2d(before_three, three, 3, padding=1))


# %% equivalent="inception-module" why="in place or not is no matter of values"
# - self.five = nn.Sequential(nn.Conv2d(inputs, before_five, 1), nn.ReLU(inplace=True), nn.Conv2d(before_five, five, 5, padding=2))
# + self.five = nn.Sequential(nn.Conv2d(inputs, before_five, 1), nn.ReLU(), nn.Conv2d(before_five, five, 5, padding=2))


# %% equivalent="inception-module" why="in place or not is no matter of values"
# - self.five = nn.Sequential(nn.Conv2d(inputs, before_five, 1), nn.ReLU(inplace=True), nn.Conv2d(before_five, five, 5, padding=2))
# + self.five = nn.Sequential(nn.Conv2d(inputs, before_five, 1), nn.ReLU(inplace=False), nn.Conv2d(before_five, five, 5, padding=2))


# %% equivalent="what-fits" why="the same numbers in another form"
# - grids.add((h, w))
# + grids.add((w, h))


# %% equivalent="what-fits" why="the same numbers in another form"
# - x = torch.zeros(shape)
# + x = torch.ones(shape)


# %% equivalent="what-fits" why="all grids are compared, and are equal by then"
# - if any((one[1:] != ends[0][1:] for one in ends)):
# + if any((one[1:] != ends[-1][1:] for one in ends)):


# %% equivalent="what-fits" why="all grids are compared, and are equal by then"
# - return (n, sum((one[0] for one in ends)), *ends[0][1:])
# + return (n, sum((one[0] for one in ends)), *ends[-1][1:])


# %% equivalent="what-fits" why="the same numbers in another form"
# - here[1:] = (here[1:] + 2 * padding - k) // stride + 1
# + here[1:] = (here[1:] + 2 * padding - k) / stride + 1


# %% equivalent="what-fits" why="the same numbers in another form"
# - return (shape[0], int(ends[:, 0].sum()), int(ends[0, 1]), int(ends[0, 2]))
# + return (shape[0], ends[:, 0].sum(), int(ends[0, 1]), int(ends[0, 2]))


# %% equivalent="what-fits" why="the same numbers in another form"
# - return (shape[0], int(ends[:, 0].sum()), int(ends[0, 1]), int(ends[0, 2]))
# + return (shape[0], int(ends[:, 0].sum()), ends[0, 1], int(ends[0, 2]))


# %% equivalent="what-fits" why="all grids are compared, and are equal by then"
# - return (shape[0], int(ends[:, 0].sum()), int(ends[0, 1]), int(ends[0, 2]))
# + return (shape[0], int(ends[:, 0].sum()), int(ends[-1, 1]), int(ends[0, 2]))


# %% equivalent="what-fits" why="the same numbers in another form"
# - return (shape[0], int(ends[:, 0].sum()), int(ends[0, 1]), int(ends[0, 2]))
# + return (shape[0], int(ends[:, 0].sum()), int(ends[0, 1]), ends[0, 2])


# %% equivalent="what-fits" why="all grids are compared, and are equal by then"
# - return (shape[0], int(ends[:, 0].sum()), int(ends[0, 1]), int(ends[0, 2]))
# + return (shape[0], int(ends[:, 0].sum()), int(ends[0, 1]), int(ends[-1, 2]))


# %% equivalent="row-of-the-table" why="sums and products in another order or another type"
# - layers = [(a, b, 1), (a, c, 1), (c, d, 3), (a, e, 1), (e, f, 5), (a, g, 1)]
# + layers = [(a, g, 1), (e, f, 5), (a, e, 1), (c, d, 3), (a, c, 1), (a, b, 1)]


# %% equivalent="row-of-the-table" why="sums and products in another order or another type"
# - work = sum((i * o * k * k for i, o, k in layers))
# + work = sum((i * o * k * k for o, i, k in layers))


# %% equivalent="row-of-the-table" why="sums and products in another order or another type"
# - layers = [nn.Conv2d(a, b, 1), nn.Conv2d(a, c, 1), nn.Conv2d(c, d, 3)]
# + layers = [nn.Conv2d(c, d, 3), nn.Conv2d(a, c, 1), nn.Conv2d(a, b, 1)]


# %% equivalent="row-of-the-table" why="sums and products in another order or another type"
# - layers += [nn.Conv2d(a, e, 1), nn.Conv2d(e, f, 5), nn.Conv2d(a, g, 1)]
# + layers += [nn.Conv2d(a, g, 1), nn.Conv2d(e, f, 5), nn.Conv2d(a, e, 1)]


# %% equivalent="row-of-the-table" why="sums and products in another order or another type"
# - squares = np.array([1, 1, 9, 1, 25, 1])
# + squares = [1, 1, 9, 1, 25, 1]


# %% equivalent="row-of-the-table" why="sums and products in another order or another type"
# - return (int((products + x[1:]).sum()), int(products.sum()) * height * width)
# + return ((products + x[1:]).sum(), int(products.sum()) * height * width)


# %% equivalent="row-of-the-table" why="sums and products in another order or another type"
# - return (int((products + x[1:]).sum()), int(products.sum()) * height * width)
# + return (int((products + x[1:]).sum()), products.sum() * height * width)


# %% equivalent="guided-network" why="the same sum, told otherwise"
# - return loss
# + return np.squeeze(loss)


# %% equivalent="guided-network" why="the same sum, told otherwise"
# - return loss
# + return np.flip(loss)


# %% equivalent="guided-network" why="the same sum, told otherwise"
# - return sum((w * one for w, one in zip((1, self.weight), losses)))
# + return sum((w * one for one, w in zip((1, self.weight), losses)))


# %% equivalent="guided-network" why="the same sum, told otherwise"
# - return sum((w * one for w, one in zip((1, self.weight), losses)))
# + return sum((w * one for w, one in zip(losses, (1, self.weight))))


# %% equivalent="guided-network" why="the same sum, told otherwise"
# - return -logs[torch.arange(len(t)), t].mean()
# + return -logs[torch.arange(len(scores)), t].mean()


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - squares = np.square(kernels).sum(1)
# + squares = np.square(kernels).mean(1)


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - squares = np.square(kernels).sum(1)
# + squares = np.square(kernels).max(1)


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - inner = squares[:, 1:4, 1:4].sum((1, 2))
# + inner = squares[:, 1:4 + 1, 1:4].sum((1, 2))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - inner = squares[:, 1:4, 1:4].sum((1, 2))
# + inner = squares[:, 0:4, 1:4].sum((1, 2))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - inner = squares[:, 1:4, 1:4].sum((1, 2))
# + inner = squares[:, 1:5, 1:4].sum((1, 2))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - inner = squares[:, 1:4, 1:4].sum((1, 2))
# + inner = squares[:, 1:4, 1:4 + 1].sum((1, 2))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - inner = squares[:, 1:4, 1:4].sum((1, 2))
# + inner = squares[:, 1:4, 0:4].sum((1, 2))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - inner = squares[:, 1:4, 1:4].sum((1, 2))
# + inner = squares[:, 1:4, 1:5].sum((1, 2))


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - inner = squares[:, 1:4, 1:4].sum((1, 2))
# + inner = squares[:, 1:4, 1:4].sum((2, 1))


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - share = np.stack([squares[:, 2, 2], inner]) / squares.sum((1, 2))
# + share = [squares[:, 2, 2], inner] / squares.sum((1, 2))


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - share = np.stack([squares[:, 2, 2], inner]) / squares.sum((1, 2))
# + share = np.stack([squares[:, 2, 2], inner]) / squares.sum((2, 1))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - sizes = np.where(share[0] > 0.9, 1, np.where(share[1] > 0.9, 3, 5))
# + sizes = np.where(share[0] >= 0.9, 1, np.where(share[1] > 0.9, 3, 5))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - sizes = np.where(share[0] > 0.9, 1, np.where(share[1] > 0.9, 3, 5))
# + sizes = np.where(share[0] > 0.9, 1, np.where(share[1] >= 0.9, 3, 5))


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - for k in (1, 3, 5):
# + for k in (3, 1, 5):


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - for k in (1, 3, 5):
# + for k in (1, 5, 3):


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - outputs, edge = (np.flatnonzero(sizes == k), (5 - k) // 2)
# + outputs, edge = (np.flatnonzero(sizes == k), -(-(5 - k) // 2))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - outputs, edge = (np.flatnonzero(sizes == k), (5 - k) // 2)
# + outputs, edge = (np.flatnonzero(sizes == k), (6 - k) // 2)


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - flat = chosen.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
# + flat = chosen.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -2)


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - steps += [(value ** 2 / price, price, len(groups)) for value in s]
# + steps += [(value ** 3 / price, price, len(groups)) for value in s]


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - if price <= budget:
# + if price < budget:


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - return [(outputs.tolist(), u[:, :r].T, v[:r].reshape(r, -1, k, k).swapaxes(0, 1)) for (outputs, k, u, v), r in zip(groups, ranks, strict=True) if len(outputs)]
# + return [(outputs, u[:, :r].T, v[:r].reshape(r, -1, k, k).swapaxes(0, 1)) for (outputs, k, u, v), r in zip(groups, ranks, strict=True) if len(outputs)]


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - return [(outputs.tolist(), u[:, :r].T, v[:r].reshape(r, -1, k, k).swapaxes(0, 1)) for (outputs, k, u, v), r in zip(groups, ranks, strict=True) if len(outputs)]
# + return [(outputs.tolist(), u[:, :r].T, v[:r].reshape(r, -1, k, k).swapaxes(1, 0)) for (outputs, k, u, v), r in zip(groups, ranks, strict=True) if len(outputs)]


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - return [(outputs.tolist(), u[:, :r].T, v[:r].reshape(r, -1, k, k).swapaxes(0, 1)) for (outputs, k, u, v), r in zip(groups, ranks, strict=True) if len(outputs)]
# + return [(outputs.tolist(), u[:, :r].T, v[:r].reshape(r, -2, k, k).swapaxes(0, 1)) for (outputs, k, u, v), r in zip(groups, ranks, strict=True) if len(outputs)]


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - return [(outputs.tolist(), u[:, :r].T, v[:r].reshape(r, -1, k, k).swapaxes(0, 1)) for (outputs, k, u, v), r in zip(groups, ranks, strict=True) if len(outputs)]
# + return [(outputs.tolist(), u[:, :r].T, v[:r].reshape(r, -1, k, k).swapaxes(0, 1)) for (outputs, k, u, v), r in zip(groups, ranks) if len(outputs)]


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - return [(outputs.tolist(), u[:, :r].T, v[:r].reshape(r, -1, k, k).swapaxes(0, 1)) for (outputs, k, u, v), r in zip(groups, ranks, strict=True) if len(outputs)]
# + return [(outputs.tolist(), u[:, :r].T, v[:r].reshape(r, -1, k, k).swapaxes(0, 1)) for (outputs, k, u, v), r in zip(groups, ranks, strict=False) if len(outputs)]


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - squares = (kernels ** 2).sum(1)
# + squares = (kernels ** 2).mean(1)


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - squares = (kernels ** 2).sum(1)
# + squares = (kernels ** 2).max(1)


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - whole = squares.sum((1, 2))
# + whole = squares.sum((2, 1))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - if square[2, 2] > low * total:
# + if square[2, 2] >= low * total:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - elif square[1:4, 1:4].sum() > low * total:
# + elif square[1:4, 1:4].sum() >= low * total:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - elif square[1:4, 1:4].sum() > low * total:
# + elif square[1:4 + 1, 1:4].sum() > low * total:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - elif square[1:4, 1:4].sum() > low * total:
# + elif square[0:4, 1:4].sum() > low * total:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - elif square[1:4, 1:4].sum() > low * total:
# + elif square[1:5, 1:4].sum() > low * total:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - elif square[1:4, 1:4].sum() > low * total:
# + elif square[1:4, 1:4 + 1].sum() > low * total:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - elif square[1:4, 1:4].sum() > low * total:
# + elif square[1:4, 0:4].sum() > low * total:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - elif square[1:4, 1:4].sum() > low * total:
# + elif square[1:4, 1:5].sum() > low * total:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - edge = (5 - k) // 2
# + edge = -(-(5 - k) // 2)


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - edge = (5 - k) // 2
# + edge = (6 - k) // 2


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -1)
# + flat = some.transpose(1, 0, 2, 3).reshape(kernels.shape[1], -2)


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - rank = min(rank, len(s))
# + pass


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - rank = min(rank, len(s))
# + rank = min(len(s), rank)


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - rank = min(rank, len(s))
# + rank = rank


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - return ([int(n) for n in outputs], (u * s)[:, :rank].T, expand)
# + return ([n for n in outputs], (u * s)[:, :rank].T, expand)


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - groups = {k: np.flatnonzero(sizes == k) for k in (1, 3, 5) if k in sizes}
# + groups = {k: np.flatnonzero(sizes == k) for k in (3, 1, 5) if k in sizes}


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - groups = {k: np.flatnonzero(sizes == k) for k in (1, 3, 5) if k in sizes}
# + groups = {k: np.flatnonzero(sizes == k) for k in (1, 5, 3) if k in sizes}


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - open_ = [k for k in groups if price[k] <= budget and ranks[k] < len(values[k])]
# + open_ = [k for k in groups if price[k] < budget and ranks[k] < len(values[k])]


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - best = max(open_, key=lambda k: values[k][ranks[k]] ** 2 / price[k])
# + best = max(open_, key=lambda k: values[k][ranks[k]] ** 3 / price[k])


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 3, 5) if k in sizes]
# + groups = [(k, np.flatnonzero(sizes == k)) for k in (3, 1, 5) if k in sizes]


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 3, 5) if k in sizes]
# + groups = [(k, np.flatnonzero(sizes == k)) for k in (1, 5, 3) if k in sizes]


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - tails.append(np.append(np.cumsum((s ** 2)[::-1])[::-1], 0))
# + tails.append(np.cumsum((s ** 2)[::-1])[::-1])


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - tails.append(np.append(np.cumsum((s ** 2)[::-1])[::-1], 0))
# + tails.append(np.append(np.cumsum((s ** 3)[::-1])[::-1], 0))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - tails.append(np.append(np.cumsum((s ** 2)[::-1])[::-1], 0))
# + tails.append(np.append(np.cumsum((s ** 2)[::-1])[::-1], 1))


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 14)) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) <= budget))
# + best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(14, len(t))) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) <= budget))


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 14)) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) <= budget))
# + best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(len(t)) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) <= budget))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 14)) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) <= budget))
# + best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 15)) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) <= budget))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 14)) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) <= budget))
# + best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 13)) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) <= budget))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 14)) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) <= budget))
# + best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 14)) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) < budget))


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 14)) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) <= budget))
# + best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 14)) for t in tails)) if sum((p * r for r, p in zip(prices, ranks))) <= budget))


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 14)) for t in tails)) if sum((p * r for p, r in zip(prices, ranks))) <= budget))
# + best = min(((sum((tail[r] for tail, r in zip(tails, ranks))), ranks) for ranks in itertools.product(*(range(min(len(t), 14)) for t in tails)) if sum((p * r for p, r in zip(ranks, prices))) <= budget))


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - def parted(kernels, low=0.9):
# + def parted(kernels, low=1.8):


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - def parted(kernels, low=0.9):
# + def parted(kernels, low=-0.9):


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - maps, sizes = (kernels.shape[1], parted(kernels, 0.95))
# + maps, sizes = (kernels.shape[1], parted(kernels))


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - for k in set(sizes.tolist()):
# + for k in set(sizes):


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - steps += [(value ** 2 / prices[k], k) for value in values]
# + steps += [(value ** 3 / prices[k], k) for value in values]


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - if prices[k] <= budget:
# + if prices[k] < budget:


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - if k == 1 and maps * len(outputs) <= rank * prices[1]:
# - middle = torch.from_numpy(kernels[outputs][:, :, 2:3, 2:3])
# - found.append((outputs, None, middle.float()))
# - continue
# + pass


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - if k == 1 and maps * len(outputs) <= rank * prices[1]:
# + if False:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - if k == 1 and maps * len(outputs) <= rank * prices[1]:
# + if k == 2 and maps * len(outputs) <= rank * prices[1]:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - if k == 1 and maps * len(outputs) <= rank * prices[1]:
# + if k == 0 and maps * len(outputs) <= rank * prices[1]:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - if k == 1 and maps * len(outputs) <= rank * prices[1]:
# + if k == 1 and maps * len(outputs) < rank * prices[1]:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - if k == 1 and maps * len(outputs) <= rank * prices[1]:
# + if k == 1 and maps * len(outputs) <= rank + prices[1]:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - if k == 1 and maps * len(outputs) <= rank * prices[1]:
# + if k == 1 and maps * len(outputs) <= rank / prices[1]:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - if k == 1 and maps * len(outputs) <= rank * prices[1]:
# + if k == 1 and maps * len(outputs) <= rank:


# %% equivalent="spend-a-budget" why="another split within the budget, near enough"
# - if k == 1 and maps * len(outputs) <= rank * prices[1]:
# + if k == 1 and maps * len(outputs) <= prices[1]:


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - found.append((outputs, None, middle.float()))
# + found.append((outputs, None, middle))


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - tensors = (torch.tensor(np.array(one)) for one in (reduce, expand))
# + tensors = (np.array(one) for one in (reduce, expand))


# %% equivalent="spend-a-budget" why="the same numbers, told otherwise"
# - tensors = (torch.tensor(np.array(one)) for one in (reduce, expand))
# + tensors = (torch.tensor(one) for one in (reduce, expand))
