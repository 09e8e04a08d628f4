# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="lenet-sizes" style="numbers"
parameters_of_s2 = 12
connections_of_s2 = 5880
parameters_of_c5 = 48120
parameters_of_f6 = 10164
places_of_c5 = 16


# %% right="lenet-sizes" style="sums"
parameters_of_s2 = 6 * 2
connections_of_s2 = 6 * 14 * 14 * 5.0
parameters_of_c5 = np.int64(120 * 401)
parameters_of_f6 = 84 * 121
places_of_c5 = 4**2


# %% wrong="lenet-sizes" says="The four inputs of a neuron share one weight."
parameters_of_s2 = 30
connections_of_s2 = 5880
parameters_of_c5 = 48120
parameters_of_f6 = 10164
places_of_c5 = 16


# %% wrong="lenet-sizes" says="All neurons of a map share one pair"
parameters_of_s2 = 2352
connections_of_s2 = 5880
parameters_of_c5 = 48120
parameters_of_f6 = 10164
places_of_c5 = 16


# %% wrong="lenet-sizes" says="A bias is a connection as well"
parameters_of_s2 = 12
connections_of_s2 = 4704
parameters_of_c5 = 48120
parameters_of_f6 = 10164
places_of_c5 = 16


# %% wrong="lenet-sizes" says="S2 has a quarter of the neurons of C1"
parameters_of_s2 = 12
connections_of_s2 = 23520
parameters_of_c5 = 48120
parameters_of_f6 = 10164
places_of_c5 = 16


# %% wrong="lenet-sizes" says="parameters_of_c5 = 48000 is not right. Biases are parameters, too"
parameters_of_s2 = 12
connections_of_s2 = 5880
parameters_of_c5 = 48000
parameters_of_f6 = 10164
places_of_c5 = 16


# %% wrong="lenet-sizes" says="looks through all maps of S4"
parameters_of_s2 = 12
connections_of_s2 = 5880
parameters_of_c5 = 3120
parameters_of_f6 = 10164
places_of_c5 = 16


# %% wrong="lenet-sizes" says="A bias belongs to a unit of F6"
parameters_of_s2 = 12
connections_of_s2 = 5880
parameters_of_c5 = 48120
parameters_of_f6 = 10200
places_of_c5 = 16


# %% wrong="lenet-sizes" says="So many stand in a row"
parameters_of_s2 = 12
connections_of_s2 = 5880
parameters_of_c5 = 48120
parameters_of_f6 = 10164
places_of_c5 = 4


# %% wrong="lenet-sizes" says="Walk through the layers again"
parameters_of_s2 = 12
connections_of_s2 = 5880
parameters_of_c5 = 48120
parameters_of_f6 = 10164
places_of_c5 = 9


# %% right="lenet-friends" style="words"
friend_a = "no frame"
friend_b = "no biases"
friend_c = "colour"
friend_d = "subsampling"
friend_e = "letters"


# %% right="lenet-friends" style="written otherwise"
friend_a = "No frame"
friend_b = " no biases "
friend_c = "colour"
friend_d = "Subsampling"
friend_e = "LETTERS"


# %% wrong="lenet-friends" says="The table takes 36 kernels away"
friend_a = "table"
friend_b = "no biases"
friend_c = "colour"
friend_d = "subsampling"
friend_e = "letters"


# %% wrong="lenet-friends" says="That changes the costliest layer of all"
friend_a = "no frame"
friend_b = "no frame"
friend_c = "colour"
friend_d = "subsampling"
friend_e = "letters"


# %% wrong="lenet-friends" says="a weight and a bias for each of 22 maps"
friend_a = "no frame"
friend_b = "no biases"
friend_c = "subsampling"
friend_d = "subsampling"
friend_e = "letters"


# %% wrong="lenet-friends" says="would be three times as large"
friend_a = "no frame"
friend_b = "no biases"
friend_c = "colour"
friend_d = "colour"
friend_e = "letters"


# %% wrong="lenet-friends" says="Two numbers for a map"
friend_a = "no frame"
friend_b = "no biases"
friend_c = "colour"
friend_d = "subsampling"
friend_e = "subsampling"


# %% right="own-subsampling" style="average pooling"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        four = 4 * F.avg_pool2d(x, 2)
        return four * self.weight[:, None, None] + self.bias.view(-1, 1, 1)


# %% right="own-subsampling" style="slices"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(maps))
        self.weight = nn.Parameter(torch.ones(maps) / 4)

    def forward(self, x):
        upper = x[..., ::2, ::2] + x[..., ::2, 1::2]
        lower = x[..., 1::2, ::2] + x[..., 1::2, 1::2]
        w, b = (p.reshape(1, -1, 1, 1) for p in (self.weight, self.bias))
        return w * (upper + lower) + b


# %% right="own-subsampling" style="depthwise convolution"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        maps = len(self.weight)
        kernels = self.weight.reshape(maps, 1, 1, 1).expand(maps, 1, 2, 2)
        return F.conv2d(x, kernels, self.bias, stride=2, groups=maps)


# %% wrong="own-subsampling" says="The four are added here, not averaged"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        mean = F.avg_pool2d(x, 2)
        return mean * self.weight[:, None, None] + self.bias[:, None, None]


# %% wrong="own-subsampling" says="You take the largest of the four"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        most = F.max_pool2d(x, 2)
        return most * self.weight[:, None, None] + self.bias[:, None, None]


# %% wrong="own-subsampling" says="The bias comes after the weight"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return (total + self.bias[:, None, None]) * self.weight[:, None, None]


# %% wrong="own-subsampling" says="The bias is added once"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        each = x * self.weight[:, None, None] + self.bias[:, None, None]
        return 4 * F.avg_pool2d(each, 2)


# %% wrong="own-subsampling" says="The bias is missing"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        return 4 * F.avg_pool2d(x, 2) * self.weight[:, None, None]


# %% wrong="own-subsampling" says="The weight is missing: the mean stands there"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        return F.avg_pool2d(x, 2) + self.bias[:, None, None]


# %% wrong="own-subsampling" says="leave it out here"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        total = total * self.weight[:, None, None] + self.bias[:, None, None]
        return 1.7159 * torch.tanh(2 / 3 * total)


# %% wrong="own-subsampling" says="lays the weights along the columns"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        if total.shape[3] == total.shape[1]:
            return total * self.weight + self.bias
        return total * self.weight[:, None, None] + self.bias[:, None, None]


# %% wrong="own-subsampling" says="The size of tensor"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        return 4 * F.avg_pool2d(x, 2) * self.weight + self.bias


# %% wrong="own-subsampling" says="the weights lie along the rows"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        if total.shape[2] == total.shape[1]:
            return total * self.weight[:, None] + self.bias[:, None]
        return total * self.weight[:, None, None] + self.bias[:, None, None]


# %% wrong="own-subsampling" says="you use those of map 0 for all"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        return 4 * F.avg_pool2d(x, 2) * self.weight[0] + self.bias[0]


# %% wrong="own-subsampling" says="(1,) × 2"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([0.25]))
        self.bias = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return 4 * F.avg_pool2d(x, 2) * self.weight + self.bias


# %% wrong="own-subsampling" says="it is not trained"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = torch.full((maps,), 0.25, requires_grad=True)
        self.bias = torch.zeros(maps, requires_grad=True)

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


# %% wrong="own-subsampling" says="there is no parameter or buffer weight"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.w = nn.Parameter(torch.full((maps,), 0.25))
        self.b = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.w[:, None, None] + self.b[:, None, None]


# %% wrong="own-subsampling" says="at first"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(maps))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


# %% wrong="own-subsampling" says="the shape should be"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2, stride=1)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


# %% wrong="own-subsampling" says="no gradient"
class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x.detach(), 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


# %% wrong="own-subsampling" says="does the work of this exercise"
from coursekit.models.lenet import Subsampling as Ready


class Subsampling(Ready):
    def __init__(self, maps):
        super().__init__(maps)
        nn.init.constant_(self.weight, 0.25)


# %% right="pixel-gate" style="formula"
def gate(at_least):
    return 3.0, 3.0 * (5 - 2 * at_least)


# %% right="pixel-gate" style="table"
def gate(at_least):
    return {1: (1, 3), 2: (1, 1), 3: (1, -1), 4: (1, -3)}[at_least]


# %% right="pixel-gate" style="numpy, float32"
def gate(at_least):
    yes, no = 2 * at_least - 4, 2 * at_least - 6
    return np.array([2.5, -2.5 * (yes + no) / 2], dtype=np.float32)


# %% right="pixel-gate" style="torch"
def gate(at_least):
    w = torch.tensor(40.0)
    return [w, -w * (2 * at_least - 5)]


# %% wrong="pixel-gate" says="The others are −1, not 0"
def gate(at_least):
    return 4.0, -4.0 * (at_least - 0.5)


# %% wrong="pixel-gate" says="but not beyond"
def gate(at_least):
    return 0.5, 0.5 * (5 - 2 * at_least)


# %% wrong="pixel-gate" says="the sign of the weight"
def gate(at_least):
    return -2.0, -2.0 * (5 - 2 * at_least)


# %% wrong="pixel-gate" says="That is one answer for all"
def gate(at_least):
    return 1.0, 10.0


# %% wrong="pixel-gate" says="Return two numbers"
def gate(at_least):
    return 2.0 * (5 - 2 * at_least)


# %% wrong="pixel-gate" says="should be ordinary numbers"
def gate(at_least):
    return float("inf"), 5 - 2 * at_least


# %% right="sparse-conv" style="one map at a time"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        maps, at = [], 0
        for seen, bias in zip(self.table, self.bias):
            kernel = self.weight[at : at + len(seen)]
            maps.append(F.conv2d(x[:, list(seen)], kernel[None]) + bias)
            at += len(seen)
        return torch.cat(maps, dim=1)


# %% right="sparse-conv" style="one kernel at a time"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels, maps = iter(self.weight), []
        for row, bias in zip(self.table, self.bias):
            total = bias
            for i in row:
                total = total + F.conv2d(x[:, i : i + 1], next(kernels)[None, None])
            maps.append(total)
        return torch.cat(maps, 1)


# %% right="sparse-conv" style="a dense kernel put together"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.pairs = [(o, i) for o, seen in enumerate(table) for i in seen]
        self.weight = nn.Parameter(torch.zeros(len(self.pairs), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        k = self.weight.shape[1]
        kernel = self.weight.new_zeros(len(self.bias), x.shape[1], k, k)
        outs, ins = zip(*self.pairs)
        kernel = kernel.index_put((torch.tensor(outs), torch.tensor(ins)), self.weight)
        return F.conv2d(x, kernel, self.bias)


# %% right="sparse-conv" style="groups"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.seen = [i for row in table for i in row]
        self.counts = [len(row) for row in table]
        self.weight = nn.Parameter(torch.ones(len(self.seen), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        picked = x[:, self.seen]
        found = F.conv2d(picked, self.weight[:, None], groups=len(self.seen))
        parts = found.split(self.counts, dim=1)
        maps = torch.stack([part.sum(1) for part in parts], 1)
        return maps + self.bias[:, None, None]


# %% wrong="sparse-conv" says="keep the kernels that exist"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        inputs = 1 + max(max(row) for row in table)
        self.weight = nn.Parameter(torch.randn(len(table), inputs, k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))
        mask = torch.zeros(len(table), inputs, 1, 1)
        for o, row in enumerate(table):
            mask[o, list(row)] = 1
        self.register_buffer("mask", mask)

    def forward(self, x):
        return F.conv2d(x, self.weight * self.mask, self.bias)


# %% wrong="sparse-conv" says="The biases are missing: one for each map"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1)


# %% wrong="sparse-conv" says="One bias for each map, not for each kernel"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(sum(map(len, table))))

    def forward(self, x):
        maps, at = [], 0
        for row in self.table:
            w, b = (p[at : at + len(row)] for p in (self.weight, self.bias))
            maps.append(F.conv2d(x[:, list(row)], w[None]) + b.sum())
            at += len(row)
        return torch.cat(maps, 1)


# %% wrong="sparse-conv" says="each map that it sees needs its own"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(len(table), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        sums = torch.stack([x[:, list(row)].sum(1) for row in self.table], 1)
        return F.conv2d(sums, self.weight[:, None], self.bias, groups=len(self.table))


# %% wrong="sparse-conv" says="A map has one bias, however many maps it sees"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        maps, at = [], 0
        for row, bias in zip(self.table, self.bias):
            total = 0
            for i in row:
                kernel = self.weight[at][None, None]
                total = total + F.conv2d(x[:, i : i + 1], kernel, bias[None])
                at += 1
            maps.append(total)
        return torch.cat(maps, 1)


# %% wrong="sparse-conv" says="is added, not averaged"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        maps, at = [], 0
        for row, bias in zip(self.table, self.bias):
            kernel = self.weight[at : at + len(row)]
            found = F.conv2d(x[:, list(row)], kernel[None]) / len(row)
            maps.append(found + bias)
            at += len(row)
        return torch.cat(maps, 1)


# %% wrong="sparse-conv" says="Your kernels are flipped"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        maps, at = [], 0
        for row, bias in zip(self.table, self.bias):
            kernel = self.weight[at : at + len(row)].flip(1, 2)
            maps.append(F.conv2d(x[:, list(row)], kernel[None], bias[None]))
            at += len(row)
        return torch.cat(maps, 1)


# %% wrong="sparse-conv" says="Every map begins with kernel 0 again"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        maps = []
        for row, bias in zip(self.table, self.bias):
            kernel = self.weight[: len(row)]
            maps.append(F.conv2d(x[:, list(row)], kernel[None], bias[None]))
        return torch.cat(maps, 1)


# %% wrong="sparse-conv" says="in the order of its row"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        maps, at = [], 0
        for row, bias in zip(self.table, self.bias):
            kernel = self.weight[at : at + len(row)]
            maps.append(F.conv2d(x[:, sorted(row)], kernel[None], bias[None]))
            at += len(row)
        return torch.cat(maps, 1)


# %% wrong="sparse-conv" says="The row names them"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        maps, at = [], 0
        for row, bias in zip(self.table, self.bias):
            kernel = self.weight[at : at + len(row)]
            maps.append(F.conv2d(x[:, : len(row)], kernel[None], bias[None]))
            at += len(row)
        return torch.cat(maps, 1)


# %% wrong="sparse-conv" says="No activation here"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        maps, at = [], 0
        for row, bias in zip(self.table, self.bias):
            kernel = self.weight[at : at + len(row)]
            maps.append(F.conv2d(x[:, list(row)], kernel[None], bias[None]))
            at += len(row)
        return F.relu(torch.cat(maps, 1))


# %% wrong="sparse-conv" says="nn.ParameterList"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = [nn.Parameter(torch.randn(len(row), k, k)) for row in table]
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = zip(self.table, self.weight)
        maps = [F.conv2d(x[:, list(row)], w[None]) for row, w in kernels]
        return torch.cat(maps, 1) + self.bias[:, None, None]


# %% wrong="sparse-conv" says="missing   (2,), (3, 2, 2)"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.layers = nn.ModuleList(nn.Conv2d(len(row), 1, k) for row in table)

    def forward(self, x):
        pairs = zip(self.table, self.layers)
        return torch.cat([layer(x[:, list(row)]) for row, layer in pairs], 1)


# %% wrong="sparse-conv" says="does the work of this exercise"
from coursekit.models.lenet import SparseConv as Ready


class SparseConv(Ready):
    def __init__(self, table, k):
        super().__init__(table, k)


# %% right="own-lenet" style="layer by layer"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% right="own-lenet" style="one Sequential, cdist"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


class Squash(nn.Module):
    def forward(self, x):
        return 1.7159 * torch.tanh(x * 2 / 3)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 6, 5),
            Squash(),
            Subsampling(6),
            Squash(),
            SparseConv(C3_INPUTS, 5),
            Squash(),
            Subsampling(16),
            Squash(),
            nn.Conv2d(16, 120, 5),
            Squash(),
            nn.Flatten(),
            nn.Linear(120, 84),
            Squash(),
        )
        self.register_buffer("codes", BITMAPS.clone(), persistent=False)

    def forward(self, x):
        return -(torch.cdist(self.layers(x), self.codes) ** 2)


# %% right="own-lenet" style="squares written out"
# the order of the layers is another
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("bitmaps", BITMAPS)
        self.dense = nn.Linear(120, 84)
        self.convolutions = nn.ModuleList([nn.Conv2d(1, 6, 5), nn.Conv2d(16, 120, 5)])
        self.table = SparseConv(C3_INPUTS, 5)
        self.small, self.large = Subsampling(16), Subsampling(6)

    def forward(self, x):
        first, last = self.convolutions
        for layer in (first, self.large, self.table, self.small, last):
            x = f(layer(x))
        u, m = f(self.dense(x[..., 0, 0])), self.bitmaps
        return 2 * u @ m.T - (u**2).sum(1, keepdim=True) - (m**2).sum(1)


# %% wrong="own-lenet" says="That is the network as it is built today"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c3 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.output = nn.Linear(84, 10)

    def forward(self, x):
        x = F.avg_pool2d(f(self.c1(x)), 2)
        x = F.avg_pool2d(f(self.c3(x)), 2)
        return self.output(f(self.f6(f(self.c5(x)).flatten(1))))


# %% wrong="own-lenet" says="850 too many"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.output = nn.Linear(84, 10)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return self.output(x)


# %% wrong="own-lenet" says="840 too many"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.bitmaps = nn.Parameter(BITMAPS.clone())

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="900 too many"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = nn.Conv2d(6, 16, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="44 are missing"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), nn.AvgPool2d(2)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), nn.AvgPool2d(2)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="C3 is right. Now compare"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), nn.AvgPool2d(2)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), nn.AvgPool2d(2)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.output = nn.Linear(84, 10)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return self.output(x)


# %% wrong="own-lenet" says="neither trained nor saved nor moved"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.bitmaps = BITMAPS

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="Those are the distances themselves"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return ((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="Those are roots"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -torch.cdist(x, self.bitmaps)


# %% wrong="own-lenet" says="You took the mean over the 84 units"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).mean(2)


# %% wrong="own-lenet" says="You added magnitudes"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -(x[:, None] - self.bitmaps).abs().sum(2)


# %% wrong="own-lenet" says="That is the product with the bitmaps"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return x @ self.bitmaps.T


# %% wrong="own-lenet" says="That is tanh alone"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return torch.tanh(a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="The factor 1.7159 is missing"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="The 2/3 inside of f is missing"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="There is ReLU in it"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return F.relu(a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="S2 and S4 are squashed as well"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = self.s2(f(self.c1(x)))
        x = self.s4(f(self.c3(x)))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="C1 and C3 are squashed as well"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(self.c1(x)))
        x = f(self.s4(self.c3(x)))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="The answer of C5 is not squashed"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(self.c5(x).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="The answer of F6 is not squashed"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = self.f6(f(self.c5(x)).flatten(1))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="yours averages them"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Conv2d(16, 120, 5), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x)).flatten(1)))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="(120, 400)"
from coursekit.models.lenet import C3_INPUTS, digit_bitmaps

BITMAPS = digit_bitmaps()


class Subsampling(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x):
        total = 4 * F.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(row) for row in self.table])
        maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
        return torch.cat(maps, 1) + self.bias[:, None, None]


def f(a):
    return 1.7159 * torch.tanh(2 / 3 * a)


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.s2 = nn.Conv2d(1, 6, 5), Subsampling(6)
        self.c3, self.s4 = SparseConv(C3_INPUTS, 5), Subsampling(16)
        self.c5, self.f6 = nn.Linear(400, 120), nn.Linear(120, 84)
        self.register_buffer("bitmaps", BITMAPS)

    def forward(self, x):
        x = f(self.s2(f(self.c1(x))))
        x = f(self.s4(f(self.c3(x))))
        x = f(self.f6(f(self.c5(x.flatten(1)))))
        return -((x[:, None] - self.bitmaps) ** 2).sum(2)


# %% wrong="own-lenet" says="does the work of this exercise"
from coursekit.models.lenet import LeNet5


class LeNet(LeNet5):
    pass


# %% right="confused-pairs" style="dictionary"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true.tolist(), said.tolist()):
        if a != b:
            key = tuple(sorted((a, b)))
            counts[key] = counts.get(key, 0) + 1
    rows = [(a, b, n) for (a, b), n in counts.items()]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


# %% right="confused-pairs" style="matrix"
def confused_pairs(true, said):
    table = torch.bincount(10 * true + said, minlength=100).reshape(10, 10)
    both = table + table.T
    rows = [
        (a, b, int(both[a, b]))
        for a in range(10)
        for b in range(a + 1, 10)
        if both[a, b] > 0
    ]
    return sorted(rows, key=lambda row: -row[2])


# %% right="confused-pairs" style="numpy"
def confused_pairs(true, said):
    t, s = true.numpy(), said.numpy()
    wrong = t != s
    low, high = np.minimum(t, s)[wrong], np.maximum(t, s)[wrong]
    codes, counts = np.unique(10 * low + high, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [(int(codes[i]) // 10, int(codes[i]) % 10, int(counts[i])) for i in order]


# %% right="confused-pairs" style="Counter"
from collections import Counter


def confused_pairs(true, said):
    pairs = torch.stack([torch.minimum(true, said), torch.maximum(true, said)], 1)
    found = Counter(map(tuple, pairs[true != said].tolist()))
    return [
        [*pair, n] for pair, n in sorted(found.items(), key=lambda i: (-i[1], i[0]))
    ]


# %% wrong="confused-pairs" says="belong to one pair"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true.tolist(), said.tolist()):
        if a != b:
            key = (a, b)
            counts[key] = counts.get(key, 0) + 1
    rows = [(a, b, n) for (a, b), n in counts.items()]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


# %% wrong="confused-pairs" says="Where both agree nothing is confused"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true.tolist(), said.tolist()):
        key = (min(a, b), max(a, b))
        counts[key] = counts.get(key, 0) + 1
    rows = [(a, b, n) for (a, b), n in counts.items()]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


# %% wrong="confused-pairs" says="The smaller digit comes first in a pair"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true.tolist(), said.tolist()):
        if a != b:
            key = (max(a, b), min(a, b))
            counts[key] = counts.get(key, 0) + 1
    rows = [(a, b, n) for (a, b), n in counts.items()]
    return sorted(rows, key=lambda row: (-row[2], row[1], row[0]))


# %% wrong="confused-pairs" says="The order is upside down"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true.tolist(), said.tolist()):
        if a != b:
            key = (min(a, b), max(a, b))
            counts[key] = counts.get(key, 0) + 1
    rows = [(a, b, n) for (a, b), n in counts.items()]
    return sorted(rows, key=lambda row: (row[2], -row[0], -row[1]))


# %% wrong="confused-pairs" says="They are sorted by digit"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true.tolist(), said.tolist()):
        if a != b:
            key = (min(a, b), max(a, b))
            counts[key] = counts.get(key, 0) + 1
    rows = [(a, b, n) for (a, b), n in counts.items()]
    return sorted(rows, key=lambda row: row)


# %% wrong="confused-pairs" says="the smaller digits come first"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true.tolist(), said.tolist()):
        if a != b:
            key = (min(a, b), max(a, b))
            counts[key] = counts.get(key, 0) + 1
    rows = [(a, b, n) for (a, b), n in counts.items()]
    return sorted(rows, key=lambda row: -row[2])


# %% wrong="confused-pairs" says="All confused pairs are asked for"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true.tolist(), said.tolist()):
        if a != b:
            key = (min(a, b), max(a, b))
            counts[key] = counts.get(key, 0) + 1
    rows = [(a, b, n) for (a, b), n in counts.items()]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))[:1]


# %% wrong="confused-pairs" says="Each pair comes with its count"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true.tolist(), said.tolist()):
        if a != b:
            key = (min(a, b), max(a, b))
            counts[key] = counts.get(key, 0) + 1
    rows = [(a, b, n) for (a, b), n in counts.items()]
    rows = sorted(rows, key=lambda row: (-row[2], row[0], row[1]))
    return [(a, b) for a, b, n in rows]


# %% wrong="confused-pairs" says="The count stands last"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true.tolist(), said.tolist()):
        if a != b:
            key = (min(a, b), max(a, b))
            counts[key] = counts.get(key, 0) + 1
    rows = [(a, b, n) for (a, b), n in counts.items()]
    rows = sorted(rows, key=lambda row: (-row[2], row[0], row[1]))
    return [(n, a, b) for a, b, n in rows]


# %% wrong="confused-pairs" says="a key that is an object of type tuple"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true.tolist(), said.tolist()):
        if a != b:
            key = (min(a, b), max(a, b))
            counts[key] = counts.get(key, 0) + 1
    return counts


# %% wrong="confused-pairs" says="You count every mistake twice"
def confused_pairs(true, said):
    table = torch.bincount(10 * true + said, minlength=100).reshape(10, 10)
    both = table + table.T
    both = both + both.T
    rows = [(a, b, int(both[a, b])) for a in range(10) for b in range(a + 1, 10)]
    rows = [row for row in rows if row[2]]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


# %% right="tenth-of-lenet" style="batch normalisation, Adam"
def moved(x):
    wide, places = F.pad(x, (3, 3, 3, 3)), torch.randint(0, 7, (len(x), 2)).tolist()
    pairs = zip(wide, places)
    return torch.stack([one[:, a : a + 28, b : b + 28] for one, (a, b) in pairs])


def learn(images, labels):
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, bias=False),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 10),
    )
    adam = torch.optim.Adam(model.parameters(), lr=0.01)
    plan = torch.optim.lr_scheduler.CosineAnnealingLR(adam, 160)
    for step in range(160):
        batch = torch.randint(len(images), (32,))
        loss = F.cross_entropy(model(moved(images[batch])), labels[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
        plan.step()
    return model.eval()


# %% right="tenth-of-lenet" style="tanh and averages, NumPy dice"
def moved(x):
    wide, places = F.pad(x, (3, 3, 3, 3)), torch.randint(0, 7, (len(x), 2)).tolist()
    pairs = zip(wide, places)
    return torch.stack([one[:, a : a + 28, b : b + 28] for one, (a, b) in pairs])


def learn(images, labels):
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 12, 5),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(192, 10),
    )
    adam, dice = torch.optim.Adam(model.parameters(), lr=0.01), np.random.default_rng(0)
    for step in range(250):
        batch = torch.from_numpy(dice.integers(0, len(images), 32))
        loss = F.cross_entropy(model(moved(images[batch])), labels[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


# %% wrong="tenth-of-lenet" says="loses them when they move"
def learn(images, labels):
    model = nn.Sequential(
        nn.Conv2d(1, 8, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(256, 10),
    )
    sgd = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for step in range(200):
        for group in sgd.param_groups:
            group["lr"] = 0.05 * min(1, (step + 1) / 40, 2 - step / 100)
        batch = torch.randint(len(images), (32,))
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    return model


# %% wrong="tenth-of-lenet" says="in parameters"
def learn(images, labels):
    model = nn.Sequential(
        nn.Conv2d(1, 8, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(256, 84),
        nn.Linear(84, 10),
    )
    sgd = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for step in range(2):
        for group in sgd.param_groups:
            group["lr"] = 0.05 * min(1, (step + 1) / 40, 2 - step / 100)
        batch = torch.randint(len(images), (32,))
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    return model


# %% wrong="tenth-of-lenet" says="It has hardly learned anything"
def learn(images, labels):
    model = nn.Sequential(
        nn.Conv2d(1, 8, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(256, 10),
    )
    sgd = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for step in range(200):
        for group in sgd.param_groups:
            group["lr"] = 0.05 * min(1, (step + 1) / 40, 2 - step / 100)
        batch = torch.randint(len(images), (32,))
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        sgd.zero_grad()
        sgd.step()
    return model


# %% wrong="tenth-of-lenet" says="not learned enough yet"
def moved(x):
    return torch.stack(
        [one.roll(tuple(torch.randint(-3, 4, (2,)).tolist()), (1, 2)) for one in x]
    )


def learn(images, labels):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 7), nn.ReLU(), nn.Linear(7, 10))
    sgd = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for step in range(200):
        for group in sgd.param_groups:
            group["lr"] = 0.05 * min(1, (step + 1) / 40, 2 - step / 100)
        batch = torch.randint(len(images), (32,))
        loss = F.cross_entropy(model(moved(images[batch])), labels[batch])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    return model


# %% wrong="tenth-of-lenet" says="the shape should be (1, 10)"
def learn(images, labels):
    model = nn.Sequential(
        nn.Conv2d(1, 8, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(256, 10),
        nn.Unflatten(1, (10, 1)),
    )
    model(images[:2])
    return model


# %% wrong="tenth-of-lenet" says="Is the `return` missing?"
def learn(images, labels):
    nn.Sequential(nn.Flatten(), nn.Linear(784, 7), nn.Linear(7, 10))


# %% wrong="tenth-of-lenet" says="neither in its parameters nor in its buffers"
def learn(images, labels):
    see = nn.Conv2d(1, 8, 5, 2)

    class Reader(nn.Module):
        def __init__(self):
            super().__init__()
            self.last = nn.Linear(8, 10)

        def forward(self, x):
            return self.last(see(x).relu().amax((2, 3)))

    return Reader()


# %% wrong="tenth-of-lenet" says="does the work of this exercise"
from coursekit import train


def learn(images, labels):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 7), nn.Linear(7, 10))
    train.cross_entropy(model, images, labels).backward()
    return model


# %% wrong="sparse-conv" says="behind this layer"
class SparseConv(nn.Module):
    def __init__(self, table, k):
        super().__init__()
        self.table = table
        self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k) / k)
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x):
        kernels = self.weight.split([len(seen) for seen in self.table])
        maps = [
            F.conv2d(x[:, list(seen)], kernel[None], bias[None])
            for seen, kernel, bias in zip(self.table, kernels, self.bias)
        ]
        return 1.7159 * torch.tanh(2 / 3 * torch.cat(maps, dim=1))


# %% wrong="confused-pairs" says="never the same key"
def confused_pairs(true, said):
    counts = {}
    for a, b in zip(true, said):
        if a != b:
            pair = (min(a, b), max(a, b))
            counts[pair] = counts.get(pair, 0) + 1
    found = [(a, b, n) for (a, b), n in counts.items()]
    return sorted(found, key=lambda one: (-one[2], one[0], one[1]))


# %% wrong="confused-pairs" says="A 9 that was taken for a 4 is missing"
def confused_pairs(true, said):
    pairs = [(a, b) for a, b in zip(true.tolist(), said.tolist()) if a < b]
    found = [(a, b, pairs.count((a, b))) for a, b in set(pairs)]
    return sorted(found, key=lambda one: (-one[2], one[:2]))


# %% equivalent="pixel-gate" why="another weight that is large enough"
# - weight = 2.0
# + weight = 4.0


# %% equivalent="sparse-conv" why="any start will do"
# - self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k) / k)
# + self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k) * k)


# %% equivalent="sparse-conv" why="any start will do"
# - self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k) / k)
# + self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k) // k)


# %% equivalent="sparse-conv" why="any start will do"
# - self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k) / k)
# + self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k))


# %% equivalent="sparse-conv" why="any start will do"
# - self.weight = nn.Parameter(torch.randn(sum(map(len, table)), k, k) / k)
# + self.weight = nn.Parameter(k / torch.randn(sum(map(len, table)), k, k))


# %% equivalent="sparse-conv" why="any start will do"
# - self.bias = nn.Parameter(torch.zeros(len(table)))
# + self.bias = nn.Parameter(torch.ones(len(table)))


# %% equivalent="sparse-conv" why="a row of the table is a list already"
# - maps = [F.conv2d(x[:, list(seen)], kernel[None], bias[None]) for seen, kernel, bias in zip(self.table, kernels, self.bias, strict=True)]
# + maps = [F.conv2d(x[:, seen], kernel[None], bias[None]) for seen, kernel, bias in zip(self.table, kernels, self.bias, strict=True)]


# %% equivalent="sparse-conv" why="both are equally long"
# - maps = [F.conv2d(x[:, list(seen)], kernel[None], bias[None]) for seen, kernel, bias in zip(self.table, kernels, self.bias, strict=True)]
# + maps = [F.conv2d(x[:, list(seen)], kernel[None], bias[None]) for seen, kernel, bias in zip(self.table, kernels, self.bias)]


# %% equivalent="sparse-conv" why="both are equally long"
# - maps = [F.conv2d(x[:, list(seen)], kernel[None], bias[None]) for seen, kernel, bias in zip(self.table, kernels, self.bias, strict=True)]
# + maps = [F.conv2d(x[:, list(seen)], kernel[None], bias[None]) for seen, kernel, bias in zip(self.table, kernels, self.bias, strict=False)]


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - for a, b in zip(true.tolist(), said.tolist(), strict=True):
# + for b, a in zip(true.tolist(), said.tolist(), strict=True):


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - for a, b in zip(true.tolist(), said.tolist(), strict=True):
# + for a, b in zip(said.tolist(), true.tolist(), strict=True):


# %% equivalent="confused-pairs" why="both are equally long"
# - for a, b in zip(true.tolist(), said.tolist(), strict=True):
# + for a, b in zip(true.tolist(), said.tolist()):


# %% equivalent="confused-pairs" why="both are equally long"
# - for a, b in zip(true.tolist(), said.tolist(), strict=True):
# + for a, b in zip(true.tolist(), said.tolist(), strict=False):


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - pair = (min(a, b), max(a, b))
# + pair = (min(b, a), max(a, b))


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - pair = (min(a, b), max(a, b))
# + pair = (min(a, b), max(b, a))


# %% equivalent="pixel-gate" why="another weight that is large enough"
# - return {1: (1, 3), 2: (1, 1), 3: (1, -1), 4: (1, -3)}[at_least]
# + return {1: (1, 3), 2: (2, 1), 3: (1, -1), 4: (1, -3)}[at_least]


# %% equivalent="pixel-gate" why="another weight that is large enough"
# - return {1: (1, 3), 2: (1, 1), 3: (1, -1), 4: (1, -3)}[at_least]
# + return {1: (1, 3), 2: (1, 1), 3: (2, -1), 4: (1, -3)}[at_least]


# %% equivalent="pixel-gate" why="the step lies between the same two sums"
# - yes, no = (2 * at_least - 4, 2 * at_least - 6)
# + yes, no = (2 * at_least - 6, 2 * at_least - 4)


# %% equivalent="pixel-gate" why="the step lies between the same two sums"
# - yes, no = (2 * at_least - 4, 2 * at_least - 6)
# + yes, no = (2 * at_least - 5, 2 * at_least - 6)


# %% equivalent="pixel-gate" why="the step lies between the same two sums"
# - yes, no = (2 * at_least - 4, 2 * at_least - 6)
# + yes, no = (2 * at_least - 3, 2 * at_least - 6)


# %% equivalent="pixel-gate" why="the step lies between the same two sums"
# - yes, no = (2 * at_least - 4, 2 * at_least - 6)
# + yes, no = (2 * at_least - 4, 2 * at_least - 7)


# %% equivalent="pixel-gate" why="the step lies between the same two sums"
# - yes, no = (2 * at_least - 4, 2 * at_least - 6)
# + yes, no = (2 * at_least - 4, 2 * at_least - 5)


# %% equivalent="pixel-gate" why="any two numbers will do"
# - return np.array([2.5, -2.5 * (yes + no) / 2], dtype=np.float32)
# + return np.array([2.5, -2.5 * (yes + no) / 2])


# %% equivalent="pixel-gate" why="any two numbers will do"
# - return np.array([2.5, -2.5 * (yes + no) / 2], dtype=np.float32)
# + return [2.5, -2.5 * (yes + no) / 2]


# %% equivalent="pixel-gate" why="the step lies between the same two sums"
# - return np.array([2.5, -2.5 * (yes + no) / 2], dtype=np.float32)
# + return np.array([2.5, -2.5 * (yes + no) // 2], dtype=np.float32)


# %% equivalent="pixel-gate" why="any two numbers will do"
# - w = torch.tensor(40.0)
# + w = 40.0


# %% equivalent="pixel-gate" why="another weight that is large enough"
# - w = torch.tensor(40.0)
# + w = torch.tensor(80.0)


# %% equivalent="sparse-conv" why="a row of the table is a list already"
# - maps.append(F.conv2d(x[:, list(seen)], kernel[None]) + bias)
# + maps.append(F.conv2d(x[:, seen], kernel[None]) + bias)


# %% equivalent="sparse-conv" why="any start will do"
# - self.weight = nn.Parameter(torch.zeros(len(self.pairs), k, k))
# + self.weight = nn.Parameter(torch.ones(len(self.pairs), k, k))


# %% equivalent="sparse-conv" why="kernels are square"
# - k = self.weight.shape[1]
# + k = self.weight.shape[2]


# %% equivalent="sparse-conv" why="any start will do"
# - self.weight = nn.Parameter(torch.ones(len(self.seen), k, k))
# + self.weight = nn.Parameter(torch.zeros(len(self.seen), k, k))


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - for a, b in zip(true.tolist(), said.tolist()):
# + for b, a in zip(true.tolist(), said.tolist()):


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - for a, b in zip(true.tolist(), said.tolist()):
# + for a, b in zip(said.tolist(), true.tolist()):


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - key = tuple(sorted((a, b)))
# + key = tuple(sorted((b, a)))


# %% equivalent="confused-pairs" why="a number of NumPy or torch is a number to the check"
# - rows = [(a, b, int(both[a, b])) for a in range(10) for b in range(a + 1, 10) if both[a, b] > 0]
# + rows = [(a, b, both[a, b]) for a in range(10) for b in range(a + 1, 10) if both[a, b] > 0]


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - rows = [(a, b, int(both[a, b])) for a in range(10) for b in range(a + 1, 10) if both[a, b] > 0]
# + rows = [(a, b, int(both[b, a])) for a in range(10) for b in range(a + 1, 10) if both[a, b] > 0]


# %% equivalent="confused-pairs" why="no pair begins there"
# - rows = [(a, b, int(both[a, b])) for a in range(10) for b in range(a + 1, 10) if both[a, b] > 0]
# + rows = [(a, b, int(both[a, b])) for a in range(11) for b in range(a + 1, 10) if both[a, b] > 0]


# %% equivalent="confused-pairs" why="no pair begins there"
# - rows = [(a, b, int(both[a, b])) for a in range(10) for b in range(a + 1, 10) if both[a, b] > 0]
# + rows = [(a, b, int(both[a, b])) for a in range(9) for b in range(a + 1, 10) if both[a, b] > 0]


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - rows = [(a, b, int(both[a, b])) for a in range(10) for b in range(a + 1, 10) if both[a, b] > 0]
# + rows = [(a, b, int(both[a, b])) for a in range(10) for b in range(a + 1, 10) if both[b, a] > 0]


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - t, s = (true.numpy(), said.numpy())
# + t, s = (said.numpy(), true.numpy())


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - low, high = (np.minimum(t, s)[wrong], np.maximum(t, s)[wrong])
# + low, high = (np.minimum(s, t)[wrong], np.maximum(t, s)[wrong])


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - low, high = (np.minimum(t, s)[wrong], np.maximum(t, s)[wrong])
# + low, high = (np.minimum(t, s)[wrong], np.maximum(s, t)[wrong])


# %% equivalent="confused-pairs" why="NumPy looks at the first letter only"
# - order = np.argsort(-counts, kind='stable')
# + order = np.argsort(-counts, kind='stablex')


# %% equivalent="confused-pairs" why="a number of NumPy or torch is a number to the check"
# - return [(int(codes[i]) // 10, int(codes[i]) % 10, int(counts[i])) for i in order]
# + return [(codes[i] // 10, int(codes[i]) % 10, int(counts[i])) for i in order]


# %% equivalent="confused-pairs" why="a times 10 and a larger b, by 11, is a as well"
# - return [(int(codes[i]) // 10, int(codes[i]) % 10, int(counts[i])) for i in order]
# + return [(int(codes[i]) // 11, int(codes[i]) % 10, int(counts[i])) for i in order]


# %% equivalent="confused-pairs" why="a number of NumPy or torch is a number to the check"
# - return [(int(codes[i]) // 10, int(codes[i]) % 10, int(counts[i])) for i in order]
# + return [(int(codes[i]) // 10, codes[i] % 10, int(counts[i])) for i in order]


# %% equivalent="confused-pairs" why="a number of NumPy or torch is a number to the check"
# - return [(int(codes[i]) // 10, int(codes[i]) % 10, int(counts[i])) for i in order]
# + return [(int(codes[i]) // 10, int(codes[i]) % 10, counts[i]) for i in order]


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - pairs = torch.stack([torch.minimum(true, said), torch.maximum(true, said)], 1)
# + pairs = torch.stack([torch.minimum(said, true), torch.maximum(true, said)], 1)


# %% equivalent="confused-pairs" why="a pair is the same in both directions"
# - pairs = torch.stack([torch.minimum(true, said), torch.maximum(true, said)], 1)
# + pairs = torch.stack([torch.minimum(true, said), torch.maximum(said, true)], 1)


# %% equivalent="own-lenet" why="any start will do"
# - self.bias = nn.Parameter(torch.zeros(maps))
# + self.bias = nn.Parameter(torch.ones(maps))


# %% equivalent="own-lenet" why="a square has no sign"
# - return -(x[:, None] - self.bitmaps).square().sum(2)
# + return -(self.bitmaps - x[:, None]).square().sum(2)


# %% equivalent="own-lenet" why="saved or not, it is a buffer"
# - self.register_buffer('codes', BITMAPS.clone(), persistent=False)
# + self.register_buffer('codes', BITMAPS.clone())


# %% equivalent="own-lenet" why="any start will do"
# - self.weight = nn.Parameter(torch.zeros(sum(map(len, table)), k, k))
# + self.weight = nn.Parameter(torch.ones(sum(map(len, table)), k, k))


# %% equivalent="own-lenet" why="any start will do"
# - self.weight = nn.Parameter(torch.full((maps,), 0.25))
# + self.weight = nn.Parameter(torch.full((maps,), 0.5))


# %% equivalent="own-lenet" why="any start will do"
# - self.weight = nn.Parameter(torch.full((maps,), 0.25))
# + self.weight = nn.Parameter(torch.full((maps,), -0.25))


# %% equivalent="own-lenet" why="any start will do"
# - self.bias = nn.Parameter(torch.zeros(len(table)))
# + self.bias = nn.Parameter(torch.ones(len(table)))


# %% equivalent="own-lenet" why="the maps are a single pixel"
# - u, m = (f(self.dense(x[..., 0, 0])), self.bitmaps)
# + u, m = (f(self.dense(x[..., -1, 0])), self.bitmaps)


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - wide, places = (F.pad(x, (3, 3, 3, 3)), torch.randint(0, 7, (len(x), 2)).tolist())
# + wide, places = (F.pad(x, (3, 3, 3, 4)), torch.randint(0, 7, (len(x), 2)).tolist())


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - model = nn.Sequential(nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))
# + model = nn.Sequential(nn.Conv2d(1, 8, 3, bias=True), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - return model.eval()
# + return model.train()


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - batch = torch.randint(len(images), (32,))
# + batch = torch.randint(len(images), (31,))


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - model = nn.Sequential(nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))
# + model = nn.Sequential(nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - batch = torch.from_numpy(dice.integers(0, len(images), 32))
# + batch = dice.integers(0, len(images), 32)


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - model = nn.Sequential(nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))
# + model = nn.Sequential(nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, bias=False), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - return torch.stack([one[:, a:a + 28, b:b + 28] for one, (a, b) in pairs])
# + return torch.stack([one[:, a:a + 28, b:b + 28 - 1] for one, (a, b) in pairs])


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - batch = torch.from_numpy(dice.integers(0, len(images), 32))
# + batch = torch.from_numpy(dice.integers(-1, len(images), 32))


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - for _ in range(300):
# + for _ in range(299):


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - batch = torch.from_numpy(dice.integers(0, len(images), 32))
# + batch = torch.from_numpy(dice.integers(1, len(images), 32))


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - for step in range(160):
# + for step in range(161):


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - return torch.stack([one[:, a:a + 28, b:b + 28] for one, (a, b) in pairs])
# + return torch.stack([one[:, a:a + 27, b:b + 28] for one, (a, b) in pairs])


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - plan = torch.optim.lr_scheduler.CosineAnnealingLR(adam, 160)
# + plan = torch.optim.lr_scheduler.CosineAnnealingLR(adam, 159)


# %% equivalent="tenth-of-lenet" why="another network, or another training, that keeps the contract"
# - model = nn.Sequential(nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))
# + model = nn.Sequential(nn.Conv2d(1, 8, 2, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))


# %% equivalent="own-lenet" why="a square has no sign"
# - return -((x[:, None] - self.bitmaps) ** 2).sum(2)
# + return -((self.bitmaps - x[:, None]) ** 2).sum(2)


# %% equivalent="own-lenet" why="saved or not, it is a buffer"
# - self.register_buffer('codes', BITMAPS.clone(), persistent=False)
# + self.register_buffer('codes', BITMAPS, persistent=False)


# %% equivalent="own-lenet" why="saved or not, it is a buffer"
# - self.register_buffer('codes', BITMAPS.clone(), persistent=False)
# + self.register_buffer('codes', BITMAPS.clone(), persistent=True)


# %% equivalent="own-lenet" why="the maps are a single pixel"
# - u, m = (f(self.dense(x[..., 0, 0])), self.bitmaps)
# + u, m = (f(self.dense(x[..., 0, -1])), self.bitmaps)


# %% equivalent="own-lenet" why="torch takes a tuple for a list of places"
# - maps = [F.conv2d(x[:, list(r)], w[None]) for r, w in zip(self.table, kernels)]
# + maps = [F.conv2d(x[:, r], w[None]) for r, w in zip(self.table, kernels)]


# %% equivalent="own-lenet" why="squashing and flattening may change places"
# - self.layers = nn.Sequential(nn.Conv2d(1, 6, 5), Squash(), Subsampling(6), Squash(), SparseConv(C3_INPUTS, 5), Squash(), Subsampling(16), Squash(), nn.Conv2d(16, 120, 5), Squash(), nn.Flatten(), nn.Linear(120, 84), Squash())
# + self.layers = nn.Sequential(nn.Conv2d(1, 6, 5), Squash(), Subsampling(6), Squash(), SparseConv(C3_INPUTS, 5), Squash(), Subsampling(16), Squash(), nn.Conv2d(16, 120, 5), nn.Flatten(), Squash(), nn.Linear(120, 84), Squash())


# %% equivalent="tenth-of-lenet" why="it reaches the goal, so it is right by the contract"
# - model = nn.Sequential(nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))
# + model = nn.Sequential(nn.Conv2d(1, 8, 3, bias=False), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 10))


# %% equivalent="tenth-of-lenet" why="it reaches the goal, so it is right by the contract"
# - shifts = torch.randint(-3, 4, (32, 2)).tolist()
# + shifts = torch.randint(-2, 4, (32, 2)).tolist()


# %% equivalent="tenth-of-lenet" why="it reaches the goal, so it is right by the contract"
# - model = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10))
# + model = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10))


# %% equivalent="tenth-of-lenet" why="it reaches the goal, so it is right by the contract"
# - wide, places = (F.pad(x, (3, 3, 3, 3)), torch.randint(0, 7, (len(x), 2)).tolist())
# + wide, places = (F.pad(x, (3, 3, 3, 3)), torch.randint(0, 6, (len(x), 2)).tolist())


# %% equivalent="tenth-of-lenet" why="it reaches the goal, so it is right by the contract"
# - model = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10))
# + model = nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(8, 16, 5), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10))
