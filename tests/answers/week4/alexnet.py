# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="alexnet-conv1" style="numbers"
weights_per_neuron = 364
neurons = 290400
connections = 105705600
parameters = 34944
neurons_with_224 = 279936


# %% right="alexnet-conv1" style="sums"
weights_per_neuron = 3 * 11**2 + 1
neurons = np.int64(96 * 55 * 55)
connections = 364 * 96 * 55.0**2
parameters = 34944
neurons_with_224 = 96 * 54**2


# %% wrong="alexnet-conv1" says="The bias counts as a weight of the neuron."
weights_per_neuron = 363
neurons = 290400
connections = 105705600
parameters = 34944
neurons_with_224 = 279936


# %% wrong="alexnet-conv1" says="and a kernel looks at all of them"
weights_per_neuron = 122
neurons = 290400
connections = 105705600
parameters = 34944
neurons_with_224 = 279936


# %% wrong="alexnet-conv1" says="That is one map. How many are there?"
weights_per_neuron = 364
neurons = 3025
connections = 105705600
parameters = 34944
neurons_with_224 = 279936


# %% wrong="alexnet-conv1" says="The first stop counts as well"
weights_per_neuron = 364
neurons = 279936
connections = 105705600
parameters = 34944
neurons_with_224 = 279936


# %% wrong="alexnet-conv1" says="no number of square maps"
weights_per_neuron = 364
neurons = 253440
connections = 105705600
parameters = 34944
neurons_with_224 = 279936


# %% wrong="alexnet-conv1" says="They are added up, and do not come out"
weights_per_neuron = 364
neurons = 871200
connections = 105705600
parameters = 34944
neurons_with_224 = 279936


# %% wrong="alexnet-conv1" says="also where weights are shared"
weights_per_neuron = 364
neurons = 290400
connections = 34944
parameters = 34944
neurons_with_224 = 279936


# %% wrong="alexnet-conv1" says="Biases count, says the question"
weights_per_neuron = 364
neurons = 290400
connections = 105415200
parameters = 34944
neurons_with_224 = 279936


# %% wrong="alexnet-conv1" says="Each kernel has a bias."
weights_per_neuron = 364
neurons = 290400
connections = 105705600
parameters = 34848
neurons_with_224 = 279936


# %% wrong="alexnet-conv1" says="The neurons of a map share their weights."
weights_per_neuron = 364
neurons = 290400
connections = 105705600
parameters = 105705600
neurons_with_224 = 279936


# %% wrong="alexnet-conv1" says="224 less 11 is 213"
weights_per_neuron = 364
neurons = 290400
connections = 105705600
parameters = 34944
neurons_with_224 = 290400


# %% right="alexnet-groups" style="numbers"
parameters_of_conv2 = 307456
parameters_of_conv4 = 663936
saved_in_all = 1413120
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 96


# %% right="alexnet-groups" style="sums"
parameters_of_conv2 = 256 * 1201
parameters_of_conv4 = 663936
saved_in_all = 307200.0 + 663552 + 442368
behind_a_map_of_conv2 = np.int64(96 // 2)
behind_a_map_of_conv3 = 96


# %% wrong="alexnet-groups" says="A kernel of a group sees half of the 96 maps."
parameters_of_conv2 = 614656
parameters_of_conv4 = 663936
saved_in_all = 1413120
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 96


# %% wrong="alexnet-groups" says="it is what each of them sees that is halved"
parameters_of_conv2 = 153728
parameters_of_conv4 = 663936
saved_in_all = 1413120
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 96


# %% wrong="alexnet-groups" says="parameters_of_conv2 = 307200 is not right. Each kernel has a bias."
parameters_of_conv2 = 307200
parameters_of_conv4 = 663936
saved_in_all = 1413120
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 96


# %% wrong="alexnet-groups" says="conv4 is grouped"
parameters_of_conv2 = 307456
parameters_of_conv4 = 1327488
saved_in_all = 1413120
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 96


# %% wrong="alexnet-groups" says="not those of conv2"
parameters_of_conv2 = 307456
parameters_of_conv4 = 442752
saved_in_all = 1413120
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 96


# %% wrong="alexnet-groups" says="Halve once"
parameters_of_conv2 = 307456
parameters_of_conv4 = 331968
saved_in_all = 1413120
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 96


# %% wrong="alexnet-groups" says="every map keeps its own"
parameters_of_conv2 = 307456
parameters_of_conv4 = 663936
saved_in_all = 1414016
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 96


# %% wrong="alexnet-groups" says="conv3 has no groups"
parameters_of_conv2 = 307456
parameters_of_conv4 = 663936
saved_in_all = 1855488
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 96


# %% wrong="alexnet-groups" says="Three layers have groups"
parameters_of_conv2 = 307456
parameters_of_conv4 = 663936
saved_in_all = 970752
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 96


# %% wrong="alexnet-groups" says="Which maps of conv1 lie on its own card?"
parameters_of_conv2 = 307456
parameters_of_conv4 = 663936
saved_in_all = 1413120
behind_a_map_of_conv2 = 96
behind_a_map_of_conv3 = 96


# %% wrong="alexnet-groups" says="What is behind each half?"
parameters_of_conv2 = 307456
parameters_of_conv4 = 663936
saved_in_all = 1413120
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 48


# %% wrong="alexnet-groups" says="Go one layer further back"
parameters_of_conv2 = 307456
parameters_of_conv4 = 663936
saved_in_all = 1413120
behind_a_map_of_conv2 = 48
behind_a_map_of_conv3 = 256


# %% right="norm-friends" style="words"
friend_a = "ring"
friend_b = "wide"
friend_c = "right"
friend_d = "no square"
friend_e = "mean"


# %% right="norm-friends" style="written otherwise"
friend_a = " Ring "
friend_b = "wide"
friend_c = "right"
friend_d = "No square"
friend_e = "MEAN"


# %% wrong="norm-friends" says="Map 0 has one neighbour, with 10"
friend_a = "right"
friend_b = "wide"
friend_c = "right"
friend_d = "no square"
friend_e = "mean"


# %% wrong="norm-friends" says="If each saw only itself"
friend_a = "alone"
friend_b = "wide"
friend_c = "right"
friend_d = "no square"
friend_e = "mean"


# %% wrong="norm-friends" says="A ring changes nothing in map 3, which is not at the end"
friend_a = "ring"
friend_b = "ring"
friend_c = "right"
friend_d = "no square"
friend_e = "mean"


# %% wrong="norm-friends" says="B's are smaller"
friend_a = "ring"
friend_b = "mean"
friend_c = "right"
friend_d = "no square"
friend_e = "mean"


# %% wrong="norm-friends" says="Map 3 and map 5 alone cannot tell"
friend_a = "ring"
friend_b = "wide"
friend_c = "alone"
friend_d = "no square"
friend_e = "mean"


# %% wrong="norm-friends" says="with the square and with a third of it"
friend_a = "ring"
friend_b = "wide"
friend_c = "mean"
friend_d = "no square"
friend_e = "mean"


# %% wrong="norm-friends" says="A third of the squares would still be 300"
friend_a = "ring"
friend_b = "wide"
friend_c = "right"
friend_d = "mean"
friend_e = "mean"


# %% wrong="norm-friends" says="D's are the largest"
friend_a = "ring"
friend_b = "wide"
friend_c = "right"
friend_d = "wide"
friend_e = "mean"


# %% wrong="norm-friends" says="the bracket of map 5 would be 2.3"
friend_a = "ring"
friend_b = "wide"
friend_c = "right"
friend_d = "no square"
friend_e = "no square"


# %% wrong="norm-friends" says="Is the answer that large?"
friend_a = "ring"
friend_b = "wide"
friend_c = "right"
friend_d = "no square"
friend_e = "right"


# %% right="ungrouped" style="one kernel at a time"
def ungrouped(weight, groups):
    O, seen, k, _ = weight.shape
    if O % groups:
        raise ValueError("the groups do not come out even")
    full = torch.zeros(O, seen * groups, k, k)
    for o in range(O):
        start = o // (O // groups) * seen
        full[o, start : start + seen] = weight[o]
    return full


# %% right="ungrouped" style="every number"
def ungrouped(weight, groups):
    outputs, seen = weight.shape[:2]
    if outputs % groups != 0:
        raise ValueError("not even")
    full = weight.new_zeros(outputs, seen * groups, *weight.shape[2:])
    for o in range(outputs):
        for i in range(seen):
            full[o, o * groups // outputs * seen + i] = weight[o, i]
    return full


# %% right="ungrouped" style="zeros beside"
def ungrouped(weight, groups):
    if len(weight) % groups:
        raise ValueError("not even")
    rows = []
    for g, part in enumerate(weight.chunk(groups)):
        left = torch.zeros_like(part).repeat(1, g, 1, 1)
        right = torch.zeros_like(part).repeat(1, groups - 1 - g, 1, 1)
        rows.append(torch.cat([left, part, right], 1))
    return torch.cat(rows)


# %% right="ungrouped" style="mask"
def ungrouped(weight, groups):
    O, seen, k, _ = weight.shape
    if O % groups:
        raise ValueError("the groups do not come out even")
    part_of_output = torch.arange(O) // (O // groups)
    part_of_input = torch.arange(seen * groups) // seen
    mask = part_of_output[:, None] == part_of_input
    return weight.repeat(1, groups, 1, 1) * mask[:, :, None, None]


# %% right="ungrouped" style="NumPy"
def ungrouped(weight, groups):
    w = weight.numpy()
    if w.shape[0] % groups:
        raise ValueError(groups)
    o, i = w.shape[0] // groups, w.shape[1]
    full = np.zeros((w.shape[0], i * groups, *w.shape[2:]), dtype=np.float32)
    for g in range(groups):
        full[g * o : (g + 1) * o, g * i : (g + 1) * i] = w[g * o : (g + 1) * o]
    return torch.from_numpy(full)


# %% wrong="ungrouped" says="Every kernel sees all maps in yours"
def ungrouped(weight, groups):
    O, seen, k, _ = weight.shape
    if O % groups:
        raise ValueError("the groups do not come out even")
    return weight.repeat(1, groups, 1, 1)


# %% wrong="ungrouped" says="All your kernels see the first part"
def ungrouped(weight, groups):
    O, seen, k, _ = weight.shape
    if O % groups:
        raise ValueError("the groups do not come out even")
    full = torch.zeros(O, seen * groups, k, k)
    full[:, :seen] = weight
    return full


# %% wrong="ungrouped" says="A part is a row of neighbouring maps"
def ungrouped(weight, groups):
    O, seen, k, _ = weight.shape
    if O % groups:
        raise ValueError("the groups do not come out even")
    full = torch.zeros(O, seen * groups, k, k)
    for o in range(O):
        full[o, o // (O // groups) :: groups] = weight[o]
    return full


# %% wrong="ungrouped" says="you deal them out in turn"
def ungrouped(weight, groups):
    O, seen, k, _ = weight.shape
    if O % groups:
        raise ValueError("the groups do not come out even")
    full = torch.zeros(O, seen * groups, k, k)
    for o in range(O):
        g = o % groups
        full[o, g * seen : (g + 1) * seen] = weight[o]
    return full


# %% wrong="ungrouped" says="The parts are in the wrong order"
def ungrouped(weight, groups):
    O, seen, k, _ = weight.shape
    if O % groups:
        raise ValueError("the groups do not come out even")
    full = torch.zeros(O, seen * groups, k, k)
    for o in range(O):
        g = groups - 1 - o // (O // groups)
        full[o, g * seen : (g + 1) * seen] = weight[o]
    return full


# %% wrong="ungrouped" says="The axes are (I, L)"
def ungrouped(weight, groups):
    O, seen, k, _ = weight.shape
    if O % groups:
        raise ValueError("the groups do not come out even")
    full = torch.zeros(seen * groups, O, k, k)
    for o in range(O):
        g = o // (O // groups)
        full[g * seen : (g + 1) * seen, o] = weight[o]
    return full


# %% wrong="ungrouped" says="The maps of the other parts are missing"
def ungrouped(weight, groups):
    O, seen, k, _ = weight.shape
    if O % groups:
        raise ValueError("the groups do not come out even")
    return weight.clone()


# %% wrong="ungrouped" says="Every value is 0"
def ungrouped(weight, groups):
    O, seen, k, _ = weight.shape
    if O % groups:
        raise ValueError("the groups do not come out even")
    full = torch.zeros(O, seen * groups, k, k)
    for o in range(O):
        g = o // (O // groups)
        full[o][[g]].copy_(weight[o][:1])
    return full


# %% wrong="ungrouped" says="dealt out evenly"
def ungrouped(weight, groups):
    O, seen, k, _ = weight.shape
    full = torch.zeros(O, seen * groups, k, k)
    for o in range(O):
        g = min(groups - 1, o // max(1, O // groups))
        full[o, g * seen : (g + 1) * seen] = weight[o]
    return full


# %% wrong="ungrouped" says="does the work of this exercise"
def ungrouped(weight, groups):
    if len(weight) % groups:
        raise ValueError(groups)
    k = weight.shape[2]
    full = torch.zeros(len(weight), weight.shape[1] * groups, k, k)
    for r in range(k):
        for c in range(k):
            parts = weight[:, :, r, c].chunk(groups)
            full[:, :, r, c] = torch.block_diag(*parts)
    return full


# %% right="response-norm" style="one map at a time"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    b = torch.zeros_like(a)
    for i in range(a.shape[1]):
        total = 0
        for j in range(max(0, i - n // 2), min(a.shape[1], i + n // 2 + 1)):
            total = total + a[:, j] ** 2
        b[:, i] = a[:, i] / (k + alpha * total) ** beta
    return b


# %% right="response-norm" style="running sum"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r = n // 2
    s = F.pad(a.double() ** 2, (0, 0, 0, 0, r + 1, r)).cumsum(1)
    return a / (k + alpha * (s[:, n:] - s[:, : a.shape[1]])) ** beta


# %% right="response-norm" style="windows"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    squares = F.pad(a * a, (0, 0, 0, 0, n // 2, n // 2))
    return a * (k + alpha * squares.unfold(1, n, 1).sum(-1)).pow(-beta)


# %% right="response-norm" style="table"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    maps = torch.arange(a.shape[1])
    near = ((maps[:, None] - maps).abs() <= n // 2).to(a.dtype)
    return a / (k + alpha * torch.einsum("ij,njhw->nihw", near, a**2)) ** beta


# %% right="response-norm" style="NumPy"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    x = a.numpy().astype(float)
    r = n // 2
    sums = np.stack(
        [(x[:, max(i - r, 0) : i + r + 1] ** 2).sum(1) for i in range(x.shape[1])], 1
    )
    return torch.from_numpy(x / (k + alpha * sums) ** beta)


# %% wrong="response-norm" says="not averaged over n"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack(
        [(a[:, max(0, i - r) : i + r + 1] ** 2).sum(1) for i in range(m)], 1
    )
    return a / (k + alpha / n * s) ** beta


# %% wrong="response-norm" says="The numbers themselves are added up"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack([a[:, max(0, i - r) : i + r + 1].sum(1) for i in range(m)], 1)
    return a / (k + alpha * s).abs() ** beta


# %% wrong="response-norm" says="you squared the sum"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack([a[:, max(0, i - r) : i + r + 1].sum(1) for i in range(m)], 1)
    return a / (k + alpha * s**2) ** beta


# %% wrong="response-norm" says="That is n maps on each side"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    m = a.shape[1]
    s = torch.stack(
        [(a[:, max(0, i - n) : i + n + 1] ** 2).sum(1) for i in range(m)], 1
    )
    return a / (k + alpha * s) ** beta


# %% wrong="response-norm" says="they are no ring"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    s = sum((a**2).roll(by, 1) for by in range(-(n // 2), n // 2 + 1))
    return a / (k + alpha * s) ** beta


# %% wrong="response-norm" says="Each map sees only itself"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    return a / (k + alpha * a**2) ** beta


# %% wrong="response-norm" says="a slice ends before its end"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack([(a[:, max(0, i - r) : i + r] ** 2).sum(1) for i in range(m)], 1)
    return a / (k + alpha * s) ** beta


# %% wrong="response-norm" says="The power β is missing"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack(
        [(a[:, max(0, i - r) : i + r + 1] ** 2).sum(1) for i in range(m)], 1
    )
    return a / (k + alpha * s)


# %% wrong="response-norm" says="You multiply"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack(
        [(a[:, max(0, i - r) : i + r + 1] ** 2).sum(1) for i in range(m)], 1
    )
    return a * (k + alpha * s) ** beta


# %% wrong="response-norm" says="not of the sum alone"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack(
        [(a[:, max(0, i - r) : i + r + 1] ** 2).sum(1) for i in range(m)], 1
    )
    return a / (k + alpha * s**beta)


# %% wrong="response-norm" says="There is a 1 in the place of k"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack(
        [(a[:, max(0, i - r) : i + r + 1] ** 2).sum(1) for i in range(m)], 1
    )
    return a / (1 + alpha * s) ** beta


# %% wrong="response-norm" says="α is missing"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack(
        [(a[:, max(0, i - r) : i + r + 1] ** 2).sum(1) for i in range(m)], 1
    )
    return a / (k + s) ** beta


# %% wrong="response-norm" says="All maps are added up"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    return a / (k + alpha * (a**2).sum(1, keepdim=True)) ** beta


# %% wrong="response-norm" says="Your neighbours are pixels"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    s = F.pad(a**2, (n // 2, n // 2)).unfold(3, n, 1).sum(-1)
    return a / (k + alpha * s) ** beta


# %% wrong="response-norm" says="Some neighbours are normalised already"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    b = a.clone()
    for i in range(a.shape[1]):
        near = b[:, max(0, i - n // 2) : i + n // 2 + 1]
        b[:, i] = b[:, i] / (k + alpha * (near**2).sum(1)) ** beta
    return b


# %% wrong="response-norm" says="a slice of a stack that begins below 0"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack([(a[:, i - r : i + r + 1] ** 2).sum(1) for i in range(m)], 1)
    return a / (k + alpha * s) ** beta


# %% wrong="response-norm" says="Map i itself is missing"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack(
        [(a[:, max(0, i - r) : i + r + 1] ** 2).sum(1) for i in range(m)], 1
    )
    return a / (k + alpha * (s - a**2)) ** beta


# %% wrong="response-norm" says="The maps behind map i are missing"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack([(a[:, max(0, i - r) : i + 1] ** 2).sum(1) for i in range(m)], 1)
    return a / (k + alpha * s) ** beta


# %% wrong="response-norm" says="changes its input"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    r, m = n // 2, a.shape[1]
    s = torch.stack(
        [(a[:, max(0, i - r) : i + r + 1] ** 2).sum(1) for i in range(m)], 1
    )
    a /= (k + alpha * s) ** beta
    return a


# %% wrong="response-norm" says="does the work of this exercise"
def response_norm(a, n=5, k=2.0, alpha=1e-4, beta=0.75):
    return nn.LocalResponseNorm(n, alpha * n, beta, k)(a)


# %% right="own-alexnet" style="one layer a line"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96 // share, 11, stride=4)
        self.conv2 = nn.Conv2d(96 // share, 256 // share, 5, padding=2, groups=2)
        self.conv3 = nn.Conv2d(256 // share, 384 // share, 3, padding=1)
        self.conv4 = nn.Conv2d(384 // share, 384 // share, 3, padding=1, groups=2)
        self.conv5 = nn.Conv2d(384 // share, 256 // share, 3, padding=1, groups=2)
        self.fc6 = nn.Linear(256 // share * 36, 4096 // share)
        self.fc7 = nn.Linear(4096 // share, 4096 // share)
        self.fc8 = nn.Linear(4096 // share, classes)

    def forward(self, x):
        def pool(x):
            return F.max_pool2d(x, kernel_size=3, stride=2)

        def norm(x):
            return F.local_response_norm(x, 5, alpha=5e-4, beta=0.75, k=2)

        x = pool(norm(F.relu(self.conv1(x))))
        x = pool(norm(F.relu(self.conv2(x))))
        x = F.relu(self.conv3(x))
        x = F.relu(self.conv4(x))
        x = pool(F.relu(self.conv5(x))).flatten(1)
        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)
        x = F.dropout(F.relu(self.fc7(x)), 0.5, self.training)
        return self.fc8(x)


# %% right="own-alexnet" style="dropout before the ReLU, lists"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        widths = [3] + [m // share for m in (96, 256, 384, 384, 256)]
        kernels, groups = (11, 5, 3, 3, 3), (1, 2, 1, 2, 2)
        self.convs = nn.ModuleList()
        for i, (k, g) in enumerate(zip(kernels, groups)):
            step, frame = (4, 0) if i == 0 else (1, k // 2)
            self.convs.append(
                nn.Conv2d(widths[i], widths[i + 1], k, step, frame, groups=g)
            )
        units = 4096 // share
        sizes = [36 * widths[-1], units, units, classes]
        self.dense = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes, sizes[1:]))
        self.norm = nn.LocalResponseNorm(5, alpha=0.0005, beta=0.75, k=2.0)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        for i, conv in enumerate(self.convs):
            x = torch.relu(conv(x))
            x = self.norm(x) if i in (0, 1) else x
            x = F.max_pool2d(x, 3, 2) if i in (0, 1, 4) else x
        x = x.flatten(1)
        for layer in self.dense[:2]:
            x = torch.relu(self.drop(layer(x)))
        return self.dense[2](x)


# %% right="own-alexnet" style="own functions"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, d = 96 // share, 256 // share, 384 // share, 4096 // share
        self.layers = nn.ModuleDict(
            {
                "conv1": nn.Conv2d(3, a, 11, 4),
                "conv2": nn.Conv2d(a, b, 5, padding=2, groups=2),
                "conv3": nn.Conv2d(b, c, 3, padding="same"),
                "conv4": nn.Conv2d(c, c, 3, padding="same", groups=2),
                "conv5": nn.Conv2d(c, b, 3, padding="same", groups=2),
                "fc6": nn.Linear(b * 6 * 6, d),
                "fc7": nn.Linear(d, d),
                "fc8": nn.Linear(d, classes),
            }
        )

    def forward(self, x):
        for name, layer in self.layers.items():
            if name == "fc6":
                x = x.reshape(len(x), -1)
            x = layer(x)
            if name == "fc8":
                return x
            x = x.clamp(min=0)
            if name in ("conv1", "conv2"):
                x = nn.LocalResponseNorm(5, 5e-4, 0.75, 2.0)(x)
            if name in ("conv1", "conv2", "conv5"):
                x = nn.MaxPool2d(3, 2)(x)
            if name in ("fc6", "fc7") and self.training:
                x = 2 * x * (torch.rand_like(x) < 0.5)


# %% wrong="own-alexnet" says="is another number there"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="has torch's own numbers"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="LRN has torch's own k"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="LRN is missing"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="behind the ReLU, not before it"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            norm,
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            norm,
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="before the pooling, not behind it"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            norm,
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            norm,
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="AlexNet takes the maximum"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.AvgPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.AvgPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.AvgPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="(16, 6, 5, 5)"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="The ReLU of conv3 is missing"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="The ReLU of fc7 is missing"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="No ReLU behind the last layer"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
            nn.ReLU(),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="Those are probabilities"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
            nn.Softmax(1),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="Nothing is dropped of what comes out of fc7"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Dropout(),
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="Nothing is dropped of what comes out of fc6"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="half of the numbers are dropped, once"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="What is left counts more than twice"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(0.75),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(0.75),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="What is left counts more than twice"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
            nn.Dropout(),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="What comes from the convolutions is dropped as well"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Dropout(),
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="shapes cannot be multiplied"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4, padding=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(2, 2),
            nn.Conv2d(a, b, 5, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="no classes given"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=10):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        norm = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)
        self.maps = nn.Sequential(
            nn.Conv2d(3, a, 11, 4),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(a, b, 5, padding=2, groups=2),
            nn.ReLU(),
            norm,
            nn.MaxPool2d(3, 2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(c, c, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.Conv2d(c, b, 3, padding=1, groups=2),
            nn.ReLU(),
            nn.MaxPool2d(3, 2),
            nn.Flatten(),
        )
        self.dense = nn.Sequential(
            nn.Linear(36 * b, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, u),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(u, classes),
        )

    def forward(self, x):
        return self.dense(self.maps(x))


# %% wrong="own-alexnet" says="does the work of this exercise"
from coursekit.models import alexnet_2012


class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        self.net = alexnet_2012(classes=classes)

    def forward(self, x):
        return self.net(x)


# %% wrong="own-alexnet" says="are neither counted nor trained"
class AlexNet(nn.Module):
    def __init__(self, share=1, classes=1000):
        super().__init__()
        a, b, c, u = (m // share for m in (96, 256, 384, 4096))
        self.convs = [nn.Conv2d(3, a, 11, 4), nn.Conv2d(a, b, 5, padding=2, groups=2)]
        self.convs += [nn.Conv2d(b, c, 3, padding=1)]
        self.convs += [nn.Conv2d(c, c, 3, padding=1, groups=2)]
        self.convs += [nn.Conv2d(c, b, 3, padding=1, groups=2)]
        self.dense = [nn.Linear(36 * b, u), nn.Linear(u, u), nn.Linear(u, classes)]

    def forward(self, x):
        for i, conv in enumerate(self.convs):
            x = F.relu(conv(x))
            if i in (0, 1, 4):
                x = F.max_pool2d(x, 3, 2)
        x = x.flatten(1)
        for layer in self.dense[:2]:
            x = F.dropout(F.relu(layer(x)), training=self.training)
        return self.dense[2](x)


# %% right="idea-verdict" style="plain Python"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = [b - a for a, b in zip(with_idea, without)]
    n = len(gains)
    gain = sum(gains) / n
    variance = sum((g - gain) ** 2 for g in gains) / (n - 1)
    error = (variance / n) ** 0.5
    if gain > times * error:
        return gain, error, "helps"
    if gain < -times * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% right="idea-verdict" style="NumPy"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = np.array(without) - np.array(with_idea)
    gain, error = gains.mean(), gains.std(ddof=1) / len(gains) ** 0.5
    words = (
        "cannot tell"
        if abs(gain) <= times * error
        else "helps"
        if gain > 0
        else "hurts"
    )
    return gain, error, words


# %% right="idea-verdict" style="torch"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = torch.tensor(without).double() - torch.tensor(with_idea).double()
    gain = gains.mean().item()
    error = (gains.std() / len(gains) ** 0.5).item()
    if gain > times * error:
        return gain, error, "helps"
    if gain < -times * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% right="idea-verdict" style="statistics"
def verdict(with_idea, without, times=4.3):
    from statistics import fmean, stdev

    gains = [b - a for a, b in zip(with_idea, without, strict=True)]
    if len(gains) < 2:
        raise ValueError("one seed tells nothing")
    gain, error = fmean(gains), stdev(gains) / len(gains) ** 0.5
    if gain > times * error:
        return gain, error, "helps"
    if gain < -times * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% wrong="idea-verdict" says="not by n"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = np.array(without) - np.array(with_idea)
    gain, error = gains.mean(), gains.std() / len(gains) ** 0.5
    if gain > times * error:
        return gain, error, "helps"
    if gain < -times * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% wrong="idea-verdict" says="The error of their mean is smaller"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = np.array(without) - np.array(with_idea)
    gain, error = gains.mean(), gains.std(ddof=1)
    if gain > times * error:
        return gain, error, "helps"
    if gain < -times * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% wrong="idea-verdict" says="You divided by n, in the place of √n"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = np.array(without) - np.array(with_idea)
    gain, error = gains.mean(), gains.std(ddof=1) / len(gains)
    if gain > times * error:
        return gain, error, "helps"
    if gain < -times * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% wrong="idea-verdict" says="You compare two heaps"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    n = len(without)
    gain = np.mean(without) - np.mean(with_idea)
    error = np.sqrt((np.var(without, ddof=1) + np.var(with_idea, ddof=1)) / n)
    if gain > times * error:
        return gain, error, "helps"
    if gain < -times * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% wrong="idea-verdict" says="without minus with"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = np.array(with_idea) - np.array(without)
    gain, error = gains.mean(), gains.std(ddof=1) / len(gains) ** 0.5
    if gain > times * error:
        return gain, error, "helps"
    if gain < -times * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% wrong="idea-verdict" says="The two words are exchanged"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = np.array(without) - np.array(with_idea)
    gain, error = gains.mean(), gains.std(ddof=1) / len(gains) ** 0.5
    if gain > times * error:
        return gain, error, "hurts"
    if gain < -times * error:
        return gain, error, "helps"
    return gain, error, "cannot tell"


# %% wrong="idea-verdict" says="does it ask `times`?"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = np.array(without) - np.array(with_idea)
    gain, error = gains.mean(), gains.std(ddof=1) / len(gains) ** 0.5
    if gain > 2 * error:
        return gain, error, "helps"
    if gain < -2 * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% wrong="idea-verdict" says="An idea can hurt, too"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = np.array(without) - np.array(with_idea)
    gain, error = gains.mean(), gains.std(ddof=1) / len(gains) ** 0.5
    return gain, error, "helps" if gain > times * error else "cannot tell"


# %% wrong="idea-verdict" says="neither word, but the third"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = np.array(without) - np.array(with_idea)
    gain, error = gains.mean(), gains.std(ddof=1) / len(gains) ** 0.5
    if gain >= times * error:
        return gain, error, "helps"
    if gain < -times * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% wrong="idea-verdict" says="The mean gain comes first"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = np.array(without) - np.array(with_idea)
    gain, error = gains.mean(), gains.std(ddof=1) / len(gains) ** 0.5
    if gain > times * error:
        return error, gain, "helps"
    if gain < -times * error:
        return error, gain, "hurts"
    return error, gain, "cannot tell"


# %% wrong="idea-verdict" says="That is the sum of gains"
def verdict(with_idea, without, times=4.3):
    if len(with_idea) != len(without) or len(with_idea) < 2:
        raise ValueError("pairs of at least two seeds")
    gains = np.array(without) - np.array(with_idea)
    gain, error = gains.sum(), gains.std(ddof=1) / len(gains) ** 0.5
    if gain > times * error:
        return gain, error, "helps"
    if gain < -times * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% wrong="idea-verdict" says="pairs need partners"
def verdict(with_idea, without, times=4.3):
    gains = [b - a for a, b in zip(with_idea, without)]
    gain = sum(gains) / len(gains)
    n = max(2, len(gains))
    error = (sum((g - gain) ** 2 for g in gains) / (n - 1) / n) ** 0.5
    if gain > times * error:
        return gain, error, "helps"
    if gain < -times * error:
        return gain, error, "hurts"
    return gain, error, "cannot tell"


# %% right="strongest-places" style="loops"
def strongest(maps, count):
    found = []
    for i in range(maps.shape[0]):
        best = (0, 0)
        for r in range(maps.shape[1]):
            for c in range(maps.shape[2]):
                if maps[i, r, c] > maps[i, best[0], best[1]]:
                    best = (r, c)
        found.append((maps[i, best[0], best[1]].item(), i, *best))
    found.sort(key=lambda one: -one[0])
    return [one[1:] for one in found[:count]]


# %% right="strongest-places" style="flattened"
def strongest(maps, count):
    flat = maps.flatten(1)
    peaks, places = flat.max(1)
    order = sorted(range(len(maps)), key=lambda i: (-peaks[i].item(), i))[:count]
    return [(i, *divmod(int(places[i]), maps.shape[2])) for i in order]


# %% right="strongest-places" style="NumPy"
def strongest(maps, count):
    values = maps.numpy()
    n, h, w = values.shape
    at = values.reshape(n, -1).argmax(1)
    peaks = values.reshape(n, -1).max(1)
    order = np.argsort(-peaks, kind="stable")[:count]
    rows, columns = np.unravel_index(at[order], (h, w))
    return list(zip(order, rows, columns))


# %% right="strongest-places" style="amax"
def strongest(maps, count):
    peaks = maps.amax((1, 2))
    order = peaks.argsort(descending=True, stable=True)[:count].tolist()
    found = []
    for i in order:
        row, column = (maps[i] == peaks[i]).nonzero()[0].tolist()
        found.append([i, row, column])
    return found


# %% wrong="strongest-places" says="An image appears more than once"
def strongest(maps, count):
    n, h, w = maps.shape
    order = maps.flatten().argsort(descending=True, stable=True)[:count].tolist()
    return [(at // (h * w), at % (h * w) // w, at % w) for at in order]


# %% wrong="strongest-places" says="Row and column are exchanged"
def strongest(maps, count):
    peaks, places = maps.flatten(1).max(1)
    order = peaks.argsort(descending=True, stable=True)[:count].tolist()
    return [(i, *divmod(int(places[i]), maps.shape[2])[::-1]) for i in order]


# %% wrong="strongest-places" says="divide by the width"
def strongest(maps, count):
    peaks, places = maps.flatten(1).max(1)
    order = peaks.argsort(descending=True, stable=True)[:count].tolist()
    return [(i, *divmod(int(places[i]), maps.shape[1])) for i in order]


# %% wrong="strongest-places" says="The weakest images come first"
def strongest(maps, count):
    peaks, places = maps.flatten(1).max(1)
    order = peaks.argsort(descending=False, stable=True)[:count].tolist()
    return [(i, *divmod(int(places[i]), maps.shape[2])) for i in order]


# %% wrong="strongest-places" says="Those are the first images"
def strongest(maps, count):
    places = maps.flatten(1).argmax(1).tolist()
    return [(i, *divmod(at, maps.shape[2])) for i, at in enumerate(places[:count])]


# %% wrong="strongest-places" says="by the mean of their map"
def strongest(maps, count):
    places = maps.flatten(1).argmax(1)
    order = maps.mean((1, 2)).argsort(descending=True, stable=True)[:count].tolist()
    return [(i, *divmod(int(places[i]), maps.shape[2])) for i in order]


# %% wrong="strongest-places" says="not the largest size"
def strongest(maps, count):
    peaks, places = maps.abs().flatten(1).max(1)
    order = peaks.argsort(descending=True, stable=True)[:count].tolist()
    return [(i, *divmod(int(places[i]), maps.shape[2])) for i in order]


# %% wrong="strongest-places" says="Only `count` images"
def strongest(maps, count):
    peaks, places = maps.flatten(1).max(1)
    order = peaks.argsort(descending=True, stable=True).tolist()
    return [(i, *divmod(int(places[i]), maps.shape[2])) for i in order]


# %% wrong="strongest-places" says="The number of the image is missing"
def strongest(maps, count):
    peaks, places = maps.flatten(1).max(1)
    order = peaks.argsort(descending=True, stable=True)[:count].tolist()
    return [divmod(int(places[i]), maps.shape[2]) for i in order]


# %% wrong="strongest-places" says="Each place has three numbers"
def strongest(maps, count):
    peaks, places = maps.flatten(1).max(1)
    order = peaks.argsort(descending=True, stable=True)[:count].tolist()
    return [(i, int(places[i])) for i in order]


# %% wrong="strongest-places" says="first image, first row, first column"
def strongest(maps, count):
    peaks, places = maps.flip(0, 1, 2).flatten(1).max(1)
    n, h, w = maps.shape
    order = peaks.argsort(descending=True, stable=True)[:count].tolist()
    found = [(i, *divmod(int(places[i]), w)) for i in order]
    return [(n - 1 - i, h - 1 - r, w - 1 - c) for i, r, c in found]


# %% wrong="strongest-places" says="the first place counts"
def strongest(maps, count):
    n, h, w = maps.shape
    peaks, places = maps.flip(1, 2).flatten(1).max(1)
    order = peaks.argsort(descending=True, stable=True)[:count].tolist()
    found = [(i, *divmod(int(places[i]), w)) for i in order]
    return [(i, h - 1 - r, w - 1 - c) for i, r, c in found]


# %% right="thousandth-of-alexnet" style="batch normalisation"
def thousandth(images, labels):
    model = nn.Sequential(
        nn.Conv2d(3, 16, 5, 2, padding=2),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 24, 3, padding=1),
        nn.BatchNorm2d(24),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(24, 32, 3, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Conv2d(32, 32, 3, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Conv2d(32, 24, 3, padding=1),
        nn.BatchNorm2d(24),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Linear(216, 64),
        nn.ReLU(),
        nn.Linear(64, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )
    adam = torch.optim.Adam(model.parameters(), lr=0.003)
    for step in range(300):
        adam.param_groups[0]["lr"] = 0.003 * (1 - step / 300)
        batch = torch.randint(len(images), (32,))
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


# %% right="thousandth-of-alexnet" style="a centred start"
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(
            [nn.Conv2d(3, 16, 5, 2, 2), nn.Conv2d(16, 24, 3, 1, 1, groups=2)]
            + [nn.Conv2d(24, 32, 3, 1, 1), nn.Conv2d(32, 32, 3, 1, 1)]
            + [nn.Conv2d(32, 24, 3, 1, 1)]
        )
        self.dense = nn.ModuleList(
            [nn.Linear(216, 64), nn.Linear(64, 32), nn.Linear(32, 10)]
        )
        for layer in [*self.convs, *self.dense]:
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = 4 * (x - 0.5)
        for number, conv in enumerate(self.convs):
            x = F.relu(conv(x))
            if number in (1, 4):
                x = F.max_pool2d(x, 3, 2)
        x = x.flatten(1)
        for layer in self.dense[:2]:
            x = F.relu(layer(x))
        return self.dense[2](x)


def thousandth(images, labels):
    model, steps = Net(), 280
    sgd = torch.optim.Adam(model.parameters(), lr=0.003)
    for step in range(steps):
        sgd.param_groups[0]["lr"] = 0.003 * (1 + np.cos(np.pi * step / steps)) / 2
        batch = torch.randint(len(images), (32,))
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    return model


# %% right="thousandth-of-alexnet" style="normalised once, epochs"
def thousandth(images, labels):
    model = nn.Sequential(
        nn.BatchNorm2d(3),
        nn.Conv2d(3, 16, 5, 2, padding=2),
        nn.ReLU(),
        nn.Conv2d(16, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(24, 32, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 32, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Linear(216, 64),
        nn.ReLU(),
        nn.Linear(64, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )
    for layer in model:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    adam = torch.optim.Adam(model.parameters(), lr=0.002)
    for epoch in range(9):
        adam.param_groups[0]["lr"] = 0.002 if epoch < 6 else 0.0005
        for batch in torch.randperm(len(images)).split(30):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            adam.zero_grad()
            loss.backward()
            adam.step()
    return model


# %% wrong="thousandth-of-alexnet" says="In which layer do most of them sit?"
def thousandth(images, labels):
    model = nn.Sequential(
        nn.Conv2d(3, 16, 5, 2, padding=2),
        nn.ReLU(),
        nn.Conv2d(16, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(24, 32, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 32, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Linear(216, 200),
        nn.ReLU(),
        nn.Linear(200, 200),
        nn.ReLU(),
        nn.Linear(200, 10),
    )
    return model


# %% wrong="thousandth-of-alexnet" says="All eight layers have to take part"
class Lazy(nn.Module):
    def __init__(self, images):
        super().__init__()
        self.register_buffer("mean", images.mean(0, keepdim=True))
        self.register_buffer("size", images.std() + 1e-6)
        self.c1 = nn.Conv2d(3, 24, 5, 2, padding=2)
        self.c2 = nn.Conv2d(24, 32, 3, padding=1)
        self.idle = nn.ModuleList([nn.Conv2d(1, 1, 1) for _ in range(3)])
        self.d1 = nn.Linear(32 * 16, 64)
        self.d2 = nn.Linear(64, 10)
        self.d3 = nn.Linear(10, 10)
        for layer in (self.c1, self.c2, self.d1, self.d2):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

    def forward(self, x):
        x = (x - self.mean) / self.size
        x = F.max_pool2d(F.relu(self.c1(x)), 2)
        x = F.max_pool2d(F.relu(self.c2(x)), 2)
        return self.d2(F.relu(self.d1(x.flatten(1))))


def thousandth(images, labels):
    model = Lazy(images)
    adam = torch.optim.Adam(model.parameters(), lr=0.002)
    for _ in range(400):
        batch = torch.randint(len(images), (32,))
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


# %% wrong="thousandth-of-alexnet" says="AlexNet has five and three"
def thousandth(images, labels):
    return nn.Sequential(
        nn.Conv2d(3, 16, 5, 2, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(512, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )


# %% wrong="thousandth-of-alexnet" says="It has learned nothing"
def thousandth(images, labels):
    model = nn.Sequential(
        nn.Conv2d(3, 16, 5, 2, padding=2),
        nn.ReLU(),
        nn.Conv2d(16, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(24, 32, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 32, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Linear(216, 64),
        nn.ReLU(),
        nn.Linear(64, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )
    sgd = torch.optim.SGD(model.parameters(), lr=0.01)
    for _ in range(100):
        batch = torch.randint(len(images), (32,))
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
    return model


# %% wrong="thousandth-of-alexnet" says="It has begun to learn"
def thousandth(images, labels):
    model = nn.Sequential(
        nn.Conv2d(3, 16, 5, 2, padding=2),
        nn.ReLU(),
        nn.Conv2d(16, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(24, 32, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 32, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Linear(216, 64),
        nn.ReLU(),
        nn.Linear(64, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )
    for layer in model:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    adam = torch.optim.Adam(model.parameters(), lr=0.002)
    for _ in range(60):
        batch = torch.randint(len(images), (32,))
        loss = F.cross_entropy(model(images[batch]), labels[batch])
        adam.zero_grad()
        loss.backward()
        adam.step()
    return model


# %% wrong="thousandth-of-alexnet" says="returned an object of type list"
def thousandth(images, labels):
    model = nn.Sequential(
        nn.Conv2d(3, 16, 5, 2, padding=2),
        nn.ReLU(),
        nn.Conv2d(16, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(24, 32, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 32, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(32, 24, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Linear(216, 64),
        nn.ReLU(),
        nn.Linear(64, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )
    return [model]


# %% wrong="thousandth-of-alexnet" says="neither in its parameters nor in its buffers"
def thousandth(images, labels):
    big = nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, 10))

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            convs = [nn.Conv2d(4 if at else 3, 4, 3, 2, 1) for at in range(5)]
            self.small = nn.Sequential(
                *convs, nn.Flatten(), *[nn.Linear(4, 4) for _ in range(2)]
            )
            self.last = nn.Linear(4, 10)

        def forward(self, x):
            return self.last(self.small(x)) + big(x)

    return Net()


# %% wrong="thousandth-of-alexnet" says="does the work of this exercise"
from coursekit.models import alexnet_small


def thousandth(images, labels):
    return alexnet_small(width=4)


# %% equivalent="ungrouped" why="the groups divide the kernels, or it was refused"
# - share = outputs // groups
# + share = -(-outputs // groups)


# %% equivalent="response-norm" why="n // 2 is the same for both"
# - def response_norm(a: Tensor, n: int=5, k: float=2.0, alpha: float=0.0001, beta: float=0.75) -> Tensor:
# + def response_norm(a: Tensor, n: int=4, k: float=2.0, alpha: float=0.0001, beta: float=0.75) -> Tensor:


# %% equivalent="response-norm" why="the order of the two does not matter"
# - sums = torch.stack([squares[:, max(0, i - reach):i + reach + 1].sum(1) for i in range(a.shape[1])], dim=1)
# + sums = torch.stack([squares[:, max(i - reach, 0):i + reach + 1].sum(1) for i in range(a.shape[1])], dim=1)


# %% equivalent="ungrouped" why="the groups divide the kernels, or it was refused"
# - start = o // (O // groups) * seen
# + start = o // -(-O // groups) * seen


# %% equivalent="ungrouped" why="the groups divide the kernels"
# - part_of_output = torch.arange(O) // (O // groups)
# + part_of_output = torch.arange(O) // (O / groups)


# %% equivalent="ungrouped" why="the groups divide the kernels, or it was refused"
# - part_of_output = torch.arange(O) // (O // groups)
# + part_of_output = torch.arange(O) // -(-O // groups)


# %% equivalent="ungrouped" why="a number, or an array, of NumPy or torch is one to the check"
# - w = weight.numpy()
# + w = weight


# %% equivalent="ungrouped" why="the groups divide the kernels, or it was refused"
# - o, i = (w.shape[0] // groups, w.shape[1])
# + o, i = (-(-w.shape[0] // groups), w.shape[1])


# %% equivalent="ungrouped" why="the check takes either type"
# - full = np.zeros((w.shape[0], i * groups, *w.shape[2:]), dtype=np.float32)
# + full = np.zeros((w.shape[0], i * groups, *w.shape[2:]))


# %% equivalent="ungrouped" why="a number, or an array, of NumPy or torch is one to the check"
# - return torch.from_numpy(full)
# + return full


# %% equivalent="response-norm" why="n // 2 is the same for both"
# - def response_norm(a, n=5, k=2.0, alpha=0.0001, beta=0.75):
# + def response_norm(a, n=4, k=2.0, alpha=0.0001, beta=0.75):


# %% equivalent="response-norm" why="every number is written over"
# - b = torch.zeros_like(a)
# + b = torch.ones_like(a)


# %% equivalent="response-norm" why="the order of the two does not matter"
# - for j in range(max(0, i - n // 2), min(a.shape[1], i + n // 2 + 1)):
# + for j in range(max(i - n // 2, 0), min(a.shape[1], i + n // 2 + 1)):


# %% equivalent="response-norm" why="the order of the two does not matter"
# - for j in range(max(0, i - n // 2), min(a.shape[1], i + n // 2 + 1)):
# + for j in range(max(0, i - n // 2), min(i + n // 2 + 1, a.shape[1])):


# %% equivalent="response-norm" why="float32 is precise enough"
# - s = F.pad(a.double() ** 2, (0, 0, 0, 0, r + 1, r)).cumsum(1)
# + s = F.pad(a ** 2, (0, 0, 0, 0, r + 1, r)).cumsum(1)


# %% equivalent="response-norm" why="a square or a size has no sign"
# - near = ((maps[:, None] - maps).abs() <= n // 2).to(a.dtype)
# + near = ((maps - maps[:, None]).abs() <= n // 2).to(a.dtype)


# %% equivalent="response-norm" why="distances are whole numbers"
# - near = ((maps[:, None] - maps).abs() <= n // 2).to(a.dtype)
# + near = ((maps[:, None] - maps).abs() <= n / 2).to(a.dtype)


# %% equivalent="response-norm" why="a number, or an array, of NumPy or torch is one to the check"
# - x = a.numpy().astype(float)
# + x = a.numpy()


# %% equivalent="response-norm" why="the order of the two does not matter"
# - sums = np.stack([(x[:, max(i - r, 0):i + r + 1] ** 2).sum(1) for i in range(x.shape[1])], 1)
# + sums = np.stack([(x[:, max(0, i - r):i + r + 1] ** 2).sum(1) for i in range(x.shape[1])], 1)


# %% equivalent="response-norm" why="a number, or an array, of NumPy or torch is one to the check"
# - return torch.from_numpy(x / (k + alpha * sums) ** beta)
# + return x / (k + alpha * sums) ** beta


# %% equivalent="strongest-places" why="a number, or an array, of NumPy or torch is one to the check"
# - order = peaks.argsort(descending=True, stable=True)[:count].tolist()
# + order = peaks.argsort(descending=True, stable=True)[:count]


# %% equivalent="strongest-places" why="a number, or an array, of NumPy or torch is one to the check"
# - found.append((maps[i, best[0], best[1]].item(), i, *best))
# + found.append((maps[i, best[0], best[1]], i, *best))


# %% equivalent="strongest-places" why="a number, or an array, of NumPy or torch is one to the check"
# - order = sorted(range(len(maps)), key=lambda i: (-peaks[i].item(), i))[:count]
# + order = sorted(range(len(maps)), key=lambda i: (-peaks[i], i))[:count]


# %% equivalent="strongest-places" why="NumPy takes any negative number"
# - at = values.reshape(n, -1).argmax(1)
# + at = values.reshape(n, -2).argmax(1)


# %% equivalent="strongest-places" why="NumPy takes any negative number"
# - peaks = values.reshape(n, -1).max(1)
# + peaks = values.reshape(n, -2).max(1)


# %% equivalent="strongest-places" why="NumPy looks at the first letter only"
# - order = np.argsort(-peaks, kind='stable')[:count]
# + order = np.argsort(-peaks, kind='stablex')[:count]


# %% equivalent="strongest-places" why="a maximum over both axes"
# - peaks = maps.amax((1, 2))
# + peaks = maps.amax((2, 1))


# %% equivalent="strongest-places" why="a number, or an array, of NumPy or torch is one to the check"
# - row, column = (maps[i] == peaks[i]).nonzero()[0].tolist()
# + row, column = (maps[i] == peaks[i]).nonzero()[0]


# %% equivalent="idea-verdict" why="a number, or an array, of NumPy or torch is one to the check"
# - gain, error = (gains.mean().item(), (gains.std() / len(gains) ** 0.5).item())
# + gain, error = (gains.mean(), (gains.std() / len(gains) ** 0.5).item())


# %% equivalent="idea-verdict" why="a number, or an array, of NumPy or torch is one to the check"
# - gain, error = (gains.mean().item(), (gains.std() / len(gains) ** 0.5).item())
# + gain, error = (gains.mean().item(), gains.std() / len(gains) ** 0.5)


# %% equivalent="idea-verdict" why="a gain of 0 has its word already"
# - return (gain, error, 'helps' if gain > 0 else 'hurts')
# + return (gain, error, 'helps' if gain >= 0 else 'hurts')


# %% equivalent="idea-verdict" why="both are equally long there"
# - if len(with_idea) != len(without) or len(with_idea) < 2:
# + if len(with_idea) != len(without) or len(without) < 2:


# %% equivalent="idea-verdict" why="a square has no sign"
# - variance = sum(((g - gain) ** 2 for g in gains)) / (n - 1)
# + variance = sum(((gain - g) ** 2 for g in gains)) / (n - 1)


# %% equivalent="idea-verdict" why="NumPy makes an array of the list"
# - gains = np.array(without) - np.array(with_idea)
# + gains = without - np.array(with_idea)


# %% equivalent="idea-verdict" why="NumPy makes an array of the list"
# - gains = np.array(without) - np.array(with_idea)
# + gains = np.array(without) - with_idea


# %% equivalent="idea-verdict" why="a gain of 0 has its word already"
# - words = 'cannot tell' if abs(gain) <= times * error else 'helps' if gain > 0 else 'hurts'
# + words = 'cannot tell' if abs(gain) <= times * error else 'helps' if gain >= 0 else 'hurts'


# %% equivalent="idea-verdict" why="torch takes the wider type"
# - gains = torch.tensor(without).double() - torch.tensor(with_idea).double()
# + gains = torch.tensor(without) - torch.tensor(with_idea).double()


# %% equivalent="idea-verdict" why="torch takes the wider type"
# - gains = torch.tensor(without).double() - torch.tensor(with_idea).double()
# + gains = torch.tensor(without).double() - torch.tensor(with_idea)


# %% equivalent="idea-verdict" why="a number, or an array, of NumPy or torch is one to the check"
# - gain = gains.mean().item()
# + gain = gains.mean()


# %% equivalent="idea-verdict" why="a number, or an array, of NumPy or torch is one to the check"
# - error = (gains.std() / len(gains) ** 0.5).item()
# + error = gains.std() / len(gains) ** 0.5


# %% equivalent="idea-verdict" why="statistics and zip refuse it by themselves"
# - if len(gains) < 2:
# - raise ValueError('one seed tells nothing')
# + pass


# %% equivalent="idea-verdict" why="statistics and zip refuse it by themselves"
# - if len(gains) < 2:
# + if False:


# %% equivalent="idea-verdict" why="statistics refuses a single number by itself"
# - if len(gains) < 2:
# + if len(gains) < 1:


# %% equivalent="idea-verdict" why="statistics and zip refuse it by themselves"
# - raise ValueError('one seed tells nothing')
# + pass


# %% equivalent="own-alexnet" why="divided by 8 or 16 it is the same"
# - self.conv3 = nn.Conv2d(256 // share, 384 // share, 3, padding=1)
# + self.conv3 = nn.Conv2d(257 // share, 384 // share, 3, padding=1)


# %% equivalent="own-alexnet" why="0.75 is torch's own number"
# - norm = nn.LocalResponseNorm(5, alpha=0.0005, beta=0.75, k=2.0)
# + norm = nn.LocalResponseNorm(5, alpha=0.0005, k=2.0)


# %% equivalent="own-alexnet" why="the same for every share that divides the sizes, in another order or by equal dice"
# - self.fc6 = nn.Linear(256 // share * 36, 4096 // share)
# + self.fc6 = nn.Linear(256 // share * 36, -(-4096 // share))


# %% equivalent="own-alexnet" why="the same for every share that divides the sizes, in another order or by equal dice"
# - x = F.max_pool2d(x, 3, 2) if i in (0, 1, 4) else x
# + x = F.max_pool2d(x, 3, 2) if i in (0, 4, 1) else x


# %% equivalent="own-alexnet" why="the same for every share that divides the sizes, in another order or by equal dice"
# - x = 2 * x * (torch.rand_like(x) < 0.5)
# + x = 2 * x * (torch.rand_like(x) > 0.5)


# %% equivalent="own-alexnet" why="the same for every share that divides the sizes, in another order or by equal dice"
# - self.conv1 = nn.Conv2d(3, 96 // share, 11, stride=4)
# + self.conv1 = nn.Conv2d(3, -(-96 // share), 11, stride=4)


# %% equivalent="own-alexnet" why="the same for every share that divides the sizes, in another order or by equal dice"
# - self.dense = nn.Sequential(*(nn.Linear(36 * b, units), nn.ReLU(), nn.Dropout()), *(nn.Linear(units, units), nn.ReLU(), nn.Dropout()), nn.Linear(units, classes))
# + self.dense = nn.Sequential(*(nn.Linear(36 * b, units), nn.Dropout(), nn.ReLU()), *(nn.Linear(units, units), nn.ReLU(), nn.Dropout()), nn.Linear(units, classes))


# %% equivalent="own-alexnet" why="the same for every share that divides the sizes, in another order or by equal dice"
# - self.fc7 = nn.Linear(4096 // share, 4096 // share)
# + self.fc7 = nn.Linear(4097 // share, 4096 // share)


# %% equivalent="own-alexnet" why="the same for every share that divides the sizes, in another order or by equal dice"
# - if name in ('conv1', 'conv2', 'conv5'):
# + if name in ('conv1', 'conv5', 'conv2'):


# %% equivalent="thousandth-of-alexnet" why="it reaches the goal, so it is right by the contract"
# - if isinstance(layer, nn.Conv2d | nn.Linear):
# + if isinstance(layer, nn.Linear | nn.Conv2d):


# %% equivalent="thousandth-of-alexnet" why="it reaches the goal, so it is right by the contract"
# - widths = [3, 12, 20, 24, 24, 16]
# + widths = [3, 12, 20, 25, 24, 16]


# %% equivalent="thousandth-of-alexnet" why="it reaches the goal, so it is right by the contract"
# - adam.param_groups[0]['lr'] = 0.002 if epoch < 6 else 0.0005
# + adam.param_groups[0]['lr'] = 0.002 if epoch < 7 else 0.0005


# %% equivalent="thousandth-of-alexnet" why="it reaches the goal, so it is right by the contract"
# - model = nn.Sequential(nn.Conv2d(3, 16, 5, 2, padding=2), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(24, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(), nn.Linear(216, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
# + model = nn.Sequential(nn.Conv2d(3, 16, 5, 2, padding=2), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(24, 32, 3, padding=1), nn.BatchNorm2d(32), nn.Conv2d(32, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(), nn.Linear(216, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))


# %% equivalent="thousandth-of-alexnet" why="it reaches the goal, so it is right by the contract"
# - sgd.param_groups[0]['lr'] = 0.003 * (1 + np.cos(np.pi * step / steps)) / 2
# + sgd.param_groups[0]['lr'] = 0.003 / 2


# %% equivalent="thousandth-of-alexnet" why="it reaches the goal, so it is right by the contract"
# - model = nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 16, 5, 2, padding=2), nn.ReLU(), nn.Conv2d(16, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(24, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(), nn.Linear(216, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
# + model = nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 16, 5, 2, padding=2), nn.ReLU(), nn.ReLU(), nn.Conv2d(16, 24, 3, padding=1), nn.MaxPool2d(3, 2), nn.Conv2d(24, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(), nn.Linear(216, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))


# %% equivalent="thousandth-of-alexnet" why="it reaches the goal, so it is right by the contract"
# - model = nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 16, 5, 2, padding=2), nn.ReLU(), nn.Conv2d(16, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(24, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(), nn.Linear(216, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
# + model = nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 16, 5, 2, padding=2), nn.ReLU(), nn.Conv2d(16, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(24, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, 32, 2, padding=1), nn.ReLU(), nn.Conv2d(32, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(), nn.Linear(216, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))


# %% equivalent="thousandth-of-alexnet" why="it reaches the goal, so it is right by the contract"
# - for step in range(300):
# + for step in range(299):


# %% equivalent="thousandth-of-alexnet" why="it reaches the goal, so it is right by the contract"
# - widths = [3, 12, 20, 24, 24, 16]
# + widths = [3, 12, 19, 24, 24, 16]


# %% equivalent="thousandth-of-alexnet" why="it reaches the goal, so it is right by the contract"
# - for batch in torch.randperm(len(images)).split(30):
# + for batch in torch.randperm(len(labels)).split(30):


# %% equivalent="thousandth-of-alexnet" why="it reaches the goal, so it is right by the contract"
# - if number in (1, 4):
# + if number in (2, 4):
