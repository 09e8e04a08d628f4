# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="top-k-error" style="counting"
def top_k_error(scores, labels, k):
    if k < 1 or k > scores.shape[1]:
        raise ValueError("k")
    own = scores[torch.arange(len(labels)), labels][:, None]
    above = (scores > own).sum(1)
    equal = (scores == own).sum(1)
    return (1 - ((k - above) / equal).clip(0, 1)).mean().item()


# %% right="top-k-error" style="loops"
def top_k_error(scores, labels, k):
    if k not in range(1, scores.shape[1] + 1):
        raise ValueError("no such place")
    missed = 0
    for row, label in zip(scores.tolist(), labels.tolist()):
        higher = sum(s > row[label] for s in row)
        same = row.count(row[label])
        if higher + same <= k:
            continue
        left = max(k - higher, 0)
        missed += 1 - left / same
    return missed / len(scores)


# %% right="top-k-error" style="sorted, with the range of places"
def top_k_error(scores, labels, k):
    s = scores.numpy()
    n, classes = s.shape
    if not 0 < k <= classes:
        raise ValueError
    total = 0.0
    for i in range(n):
        own = s[i, labels[i]]
        row = np.sort(s[i])
        first = classes - np.searchsorted(row, own, side="right")
        last = classes - np.searchsorted(row, own, side="left")
        total += np.mean(np.arange(first, last) >= k)
    return np.float32(total / n)


# %% right="top-k-error" style="a tensor"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.size(1):
        raise ValueError("k")
    own = torch.take_along_dim(scores, labels.reshape(-1, 1), 1)
    above, upto = (scores > own).sum(1), (scores >= own).sum(1)
    inside = torch.minimum(upto, torch.tensor(k)) - torch.minimum(
        above, torch.tensor(k)
    )
    return 1 - (inside / (upto - above)).mean()


# %% wrong="top-k-error" says="equal scores are put in the order of their classes"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    order = scores.argsort(dim=1, descending=True, stable=True)[:, :k]
    return 1 - (order == labels[:, None]).any(1).float().mean().item()


# %% wrong="top-k-error" says="equal scores are put in the order of their classes"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    found = scores.topk(k, dim=1).indices
    return 1 - (found == labels[:, None]).any(1).float().mean().item()


# %% wrong="top-k-error" says="in favour of the network"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    return ((scores > own).sum(1) >= k).float().mean().item()


# %% wrong="top-k-error" says="against the network"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    return ((scores >= own).sum(1) > k).float().mean().item()


# %% wrong="top-k-error" says="That is the part that is right"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    above, equal = (scores > own).sum(1), (scores == own).sum(1)
    return ((k - above) / equal).clamp(0, 1).mean().item()


# %% wrong="top-k-error" says="not percent"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    above, equal = (scores > own).sum(1), (scores == own).sum(1)
    return 100 * (1 - ((k - above) / equal).clamp(0, 1).mean().item())


# %% wrong="top-k-error" says="lowest scores"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    above, equal = (scores < own).sum(1), (scores == own).sum(1)
    return 1 - ((k - above) / equal).clamp(0, 1).mean().item()


# %% wrong="top-k-error" says="never above 1 or below 0"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    above, equal = (scores > own).sum(1), (scores == own).sum(1)
    return 1 - ((k - above) / equal).mean().item()


# %% wrong="top-k-error" says="not always one half"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    best = (scores > own).sum(1) >= k
    worst = (scores >= own).sum(1) > k
    return (best.float() + worst.float()).mean().item() / 2


# %% wrong="top-k-error" says="Nearly equal scores are not equal"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    equal = torch.isclose(scores, own)
    above = ((scores > own) & ~equal).sum(1)
    return 1 - ((k - above) / equal.sum(1)).clamp(0, 1).mean().item()


# %% wrong="top-k-error" says="There are places from 1"
def top_k_error(scores, labels, k):
    own = scores.gather(1, labels[:, None])
    above, equal = (scores > own).sum(1), (scores == own).sum(1)
    return 1 - ((k - above) / equal).clamp(0, 1).mean().item()


# %% wrong="top-k-error" says="number of images"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    above, equal = (scores > own).sum(1), (scores == own).sum(1)
    return (1 - ((k - above) / equal).clamp(0, 1)).sum().item()


# %% wrong="top-k-error" says="A softmax makes 0"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    scores = scores.softmax(1)
    own = scores.gather(1, labels[:, None])
    above, equal = (scores > own).sum(1), (scores == own).sum(1)
    return 1 - ((k - above) / equal).clamp(0, 1).mean().item()


# %% wrong="top-k-error" says="take the mean of those, at the end"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    above = (scores > own).sum(1).double().mean()
    equal = (scores == own).sum(1).double().mean()
    return 1 - ((k - above) / equal).clamp(0, 1).item()


# %% wrong="top-k-error" says="1 to the number of classes, both included"
def top_k_error(scores, labels, k):
    if not 1 <= k < scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    above, equal = (scores > own).sum(1), (scores == own).sum(1)
    return 1 - ((k - above) / equal).clamp(0, 1).mean().item()


# %% wrong="top-k-error" says="Nearly equal scores are not equal"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    scores = scores.float()
    own = scores.gather(1, labels[:, None])
    above, equal = (scores > own).sum(1), (scores == own).sum(1)
    return 1 - ((k - above) / equal).clamp(0, 1).mean().item()


# %% wrong="top-k-error" says="That is for k = 1"
def top_k_error(scores, labels, k):
    if not 1 <= k <= scores.shape[1]:
        raise ValueError("k")
    own = scores.gather(1, labels[:, None])
    above, equal = (scores > own).sum(1), (scores == own).sum(1)
    return 1 - ((k - 1 - above) / equal).clamp(0, 1).mean().item()


# %% right="behind-a-number" style="numbers"
runs = 1008
days = 187
better_buy = "models"
deviation_of_person = 0.57


# %% right="behind-a-number" style="formulas"
runs = 144 * 7
days = runs * 1.6e9 * 100_000 / 1e10 / 3600 / 24
better_buy = "models"
deviation_of_person = 100 * np.sqrt(0.051 * (1 - 0.051) / 1500)


# %% right="behind-a-number" style="numpy"
runs = np.prod([7, 144])
days = np.float64(186.7)
better_buy = "mod" + "els"
deviation_of_person = 0.568


# %% wrong="behind-a-number" says="Each of the models looks at each of the crops"
runs = 151
days = 187
better_buy = "models"
deviation_of_person = 0.57


# %% wrong="behind-a-number" says="That is one run for each photograph"
runs = 1008
days = 1e5 * 1.6e9 / 1e10 / 86400
better_buy = "models"
deviation_of_person = 0.57


# %% wrong="behind-a-number" says="do not cut off"
runs = 1008
days = 186
better_buy = "models"
deviation_of_person = 0.57


# %% wrong="behind-a-number" says="Those are hours"
runs = 1008
days = 4480
better_buy = "models"
deviation_of_person = 0.57


# %% wrong="behind-a-number" says="nine in one case, six in the other"
runs = 1008
days = 187
better_buy = "crops"
deviation_of_person = 0.57


# %% wrong="behind-a-number" says="as a part"
runs = 1008
days = 187
better_buy = "models"
deviation_of_person = (0.051 * 0.949) ** 0.5


# %% wrong="behind-a-number" says="Is that a part, or a variance"
runs = 1008
days = 187
better_buy = "models"
deviation_of_person = (0.051 * 0.949 / 1500) ** 0.5


# %% right="hooked-counts" style="hooks that are removed"
def weights_and_work(model, shape):
    total, handles = [0], []

    def hook(layer, inputs, output):
        total[0] += output.numel() * layer.weight.numel() // layer.weight.shape[0]

    modes = {m: m.training for m in model.modules()}
    model.eval()
    try:
        for m in model.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                handles.append(m.register_forward_hook(hook))
        with torch.no_grad():
            place = next(model.parameters()).device
            model(torch.zeros(1, *shape, device=place))
    finally:
        for handle in handles:
            handle.remove()
        for m, mode in modes.items():
            m.training = mode
    return sum(p.numel() for p in model.parameters()), total[0]


# %% right="hooked-counts" style="sizes from the layers"
def weights_and_work(model, shape):
    work = []

    def conv(layer, inputs, output):
        k1, k2 = layer.kernel_size
        _, maps, rows, columns = output.shape
        each = k1 * k2 * layer.in_channels // layer.groups
        work.append(each * maps * rows * columns)

    def dense(layer, inputs, output):
        places = inputs[0].numel() // layer.in_features
        work.append(places * layer.in_features * layer.out_features)

    twin = copy.deepcopy(model).eval()
    for layer in twin.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(conv)
        if isinstance(layer, nn.Linear):
            layer.register_forward_hook(dense)
    with torch.no_grad():
        twin(torch.randn(1, *shape, device=next(twin.parameters()).device))
    weights = 0
    for p in model.parameters():
        weights += int(np.prod(p.shape))
    return weights, sum(work)


# %% right="hooked-counts" style="a hook on all layers, removed"
def weights_and_work(model, shape):
    twin = copy.deepcopy(model).eval().to("meta")
    work = 0

    def note(layer, given, output):
        nonlocal work
        if isinstance(layer, nn.Conv2d | nn.Linear):
            work += output[0].numel() * layer.weight[0].numel()

    handle = nn.modules.module.register_module_forward_hook(note)
    try:
        twin(torch.zeros(2, *shape, device="meta"))
    finally:
        handle.remove()
    return sum(p.numel() for p in model.parameters()), work


# %% right="hooked-counts" style="a list, on meta"
def weights_and_work(model, shape):
    twin = copy.deepcopy(model).to(device="meta").train(False)
    found = []
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(lambda m, x, y: found.append((m.weight, y)))
    twin(torch.empty((3, *shape), device="meta"))
    work = sum(w[0].numel() * y[0].numel() for w, y in found)
    return [sum(p.nelement() for p in model.parameters()), work]


# %% wrong="hooked-counts" says="is one weight, and counts once"
def weights_and_work(model, shape):
    twin = copy.deepcopy(model).to(device="meta").train(False)
    found = []
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(lambda m, x, y: found.append((m.weight, y)))
    twin(torch.empty((3, *shape), device="meta"))
    work = sum(w[0].numel() * y[0].numel() for w, y in found)
    return [sum(p.nelement() for p in twin.parameters()), work]


# %% wrong="hooked-counts" says="With groups a kernel sees its share"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        inputs = m.in_features if isinstance(m, nn.Linear) else m.in_channels
        k = (1,) if isinstance(m, nn.Linear) else m.kernel_size
        found.append(y.numel() * inputs * int(np.prod(k)))

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="The kernel need not be square"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        if isinstance(m, nn.Linear):
            found.append(y.numel() * m.in_features)
        else:
            found.append(y.numel() * m.kernel_size[0] ** 2 * m.in_channels // m.groups)

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="Biases are added"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        extra = m.bias is not None
        found.append(y.numel() * (m.weight[0].numel() + extra))

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="count once, together"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        found.append(2 * y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="works at every place"
def weights_and_work(model, shape):
    work = 0
    for m in model.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            work += m.weight.numel()
    return sum(p.numel() for p in model.parameters()), work


# %% wrong="hooked-counts" says="A dense layer that gets more axes"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, nn.Conv2d):
            m.register_forward_hook(note)
        if isinstance(m, nn.Linear):
            found.append(m.weight.numel())
    twin(torch.zeros(1, *shape))
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="Layers may lie within other layers"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    for m in twin.children():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="The other way round"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    return sum(found), sum(p.numel() for p in model.parameters())


# %% wrong="hooked-counts" says="Other layers have weights, too"
def weights_and_work(model, shape):
    found, weights = [], []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
            weights += [p.numel() for p in m.parameters()]
    twin(torch.zeros(1, *shape))
    return sum(weights), sum(found)


# %% wrong="hooked-counts" says="A hook is left in layer 0"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    for m in model.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    was = model.training
    model.eval()
    model(torch.zeros(1, *shape))
    model.train(was)
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="The mode of the model is another one"
def weights_and_work(model, shape):
    found, handles = [], []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    for m in model.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            handles.append(m.register_forward_hook(note))
    model.eval()
    model(torch.zeros(1, *shape))
    for handle in handles:
        handle.remove()
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="Counting has changed the model"
def weights_and_work(model, shape):
    found, handles = [], []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    for m in model.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            handles.append(m.register_forward_hook(note))
    model(torch.zeros(1, *shape))
    for handle in handles:
        handle.remove()
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="moves the model itself"
def weights_and_work(model, shape):
    found, handles = [], []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    model.to("meta")
    for m in model.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            handles.append(m.register_forward_hook(note))
    model(torch.zeros(1, *shape, device="meta"))
    for handle in handles:
        handle.remove()
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="does the work of this exercise"
def weights_and_work(model, shape):
    from coursekit.anatomy import count_layers

    found = count_layers(model, shape)
    return found.parameters, found.multiply_adds


# %% wrong="hooked-counts" says="Frozen weights are weights"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    return sum(p.numel() for p in model.parameters() if p.requires_grad), sum(found)


# %% wrong="hooked-counts" says="The mode of layer 1 is another one"
def weights_and_work(model, shape):
    found, handles = [], []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    was = model.training
    model.eval()
    for m in model.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            handles.append(m.register_forward_hook(note))
    try:
        model(torch.zeros(1, *shape))
    finally:
        for handle in handles:
            handle.remove()
        model.train(was)
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="The mode of layer 1 is another one"
def weights_and_work(model, shape):
    twin = copy.deepcopy(model).eval()
    found = []
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(
                lambda m, x, y: found.append(y.numel() * m.weight[0].numel())
            )
    twin(torch.zeros(1, *shape))
    if not model.training:
        model.eval()
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="that was there before"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    modes = {m: m.training for m in model.modules()}
    model.eval()
    for m in model.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    try:
        model(torch.zeros(1, *shape))
    finally:
        for m, training in modes.items():
            m.training = training
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                m._forward_hooks.clear()
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="A hook is left in layer 0"
def weights_and_work(model, shape):
    found, handles = [], []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    modes = {m: m.training for m in model.modules()}
    model.eval()
    for m in model.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            handles.append(m.register_forward_hook(note))
    try:
        model(torch.zeros(1, *shape))
    except RuntimeError:
        for m, training in modes.items():
            m.training = training
        raise
    for handle in handles:
        handle.remove()
    for m, training in modes.items():
        m.training = training
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="The mode of the model is another one"
def weights_and_work(model, shape):
    found, handles = [], []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    modes = {m: m.training for m in model.modules()}
    model.eval()
    for m in model.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            handles.append(m.register_forward_hook(note))
    try:
        model(torch.zeros(1, *shape))
    finally:
        for handle in handles:
            handle.remove()
    for m, training in modes.items():
        m.training = training
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="The model raises it. Let it pass"
def weights_and_work(model, shape):
    found = []
    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(
                lambda m, x, y: found.append(y.numel() * m.weight[0].numel())
            )
    try:
        twin(torch.zeros(1, *shape))
    except RuntimeError:
        return None
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="A layer that runs twice works twice"
def weights_and_work(model, shape):
    found = {}

    def note(m, x, y):
        found[m] = y.numel() * m.weight[0].numel()

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    return sum(p.numel() for p in model.parameters()), sum(found.values())


# %% wrong="hooked-counts" says="A layer that runs twice works twice"
def weights_and_work(model, shape):
    found = {}

    def note(m, x, y):
        found.setdefault(m, y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    return sum(p.numel() for p in model.parameters()), sum(found.values())


# %% wrong="hooked-counts" says="is one weight, and counts once"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    every = model.named_parameters(remove_duplicate=False)
    return sum(p.numel() for _, p in every), sum(found)


# %% wrong="hooked-counts" says="is one weight, and counts once"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    own = [m.parameters(recurse=False) for m in model.modules()]
    return sum(p.numel() for found in own for p in found), sum(found)


# %% wrong="hooked-counts" says="A class that inherits from nn.Linear"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if type(m) in (nn.Conv2d, nn.Linear):
            m.register_forward_hook(note)
    twin(torch.zeros(1, *shape))
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="count once, together"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        found.append(y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    for m in twin.modules():
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            m.register_forward_hook(note)
    twin(torch.zeros(2, *shape))
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% wrong="hooked-counts" says="A hook is left in every layer that there is"
def weights_and_work(model, shape):
    found = []

    def note(m, x, y):
        if isinstance(m, (nn.Conv2d, nn.Linear)):
            found.append(y.numel() * m.weight[0].numel())

    twin = copy.deepcopy(model).eval()
    nn.modules.module.register_module_forward_hook(note)
    twin(torch.zeros(1, *shape))
    return sum(p.numel() for p in model.parameters()), sum(found)


# %% right="longest-path" style="one loop"
def longest_path(graph):
    at = {}
    best = 0
    for name in graph:
        kind, sources = graph[name]
        at[name] = 0
        for source in sources:
            if at[source] > at[name]:
                at[name] = at[source]
        if kind == "conv" or kind == "dense":
            at[name] += 1
        best = max(best, at[name])
    return best


# %% right="longest-path" style="sorted"
def longest_path(graph):
    depths = {None: 0}
    for name, (kind, sources) in graph.items():
        deepest = sorted([depths[s] for s in sources] + [0])[-1]
        depths[name] = deepest + int(kind in {"conv", "dense"})
    return sorted(depths.values())[-1]


# %% right="longest-path" style="until nothing changes"
def longest_path(graph):
    names = list(graph)
    place = {name: i for i, name in enumerate(names)}
    cost = np.array([graph[n][0] in ("conv", "dense") for n in names], dtype=int)
    depth = cost.copy()
    for i, n in enumerate(names):
        for s in graph[n][1]:
            depth[i] = max(depth[i], depth[place[s]] + cost[i])
    return depth.max(initial=0)


# %% wrong="longest-path" says="Those are all layers"
def longest_path(graph):
    return sum(kind in ("conv", "dense") for kind, _ in graph.values())


# %% wrong="longest-path" says="Dense layers count as well"
def longest_path(graph):
    at = {}
    for name, (kind, sources) in graph.items():
        at[name] = max([at[s] for s in sources], default=0) + (kind == "conv")
    return max(at.values(), default=0)


# %% wrong="longest-path" says="Only convolutions and dense layers count"
def longest_path(graph):
    at = {}
    for name, (_, sources) in graph.items():
        at[name] = max([at[s] for s in sources], default=0) + 1
    return max(at.values(), default=0)


# %% wrong="longest-path" says="You follow the first source"
def longest_path(graph):
    at = {}
    for name, (kind, sources) in graph.items():
        before = at[sources[0]] if sources else 0
        at[name] = before + (kind in ("conv", "dense"))
    return max(at.values(), default=0)


# %% wrong="longest-path" says="You follow the last source"
def longest_path(graph):
    at = {}
    for name, (kind, sources) in graph.items():
        before = at[sources[-1]] if sources else 0
        at[name] = before + (kind in ("conv", "dense"))
    return max(at.values(), default=0)


# %% wrong="longest-path" says="need not be the deepest"
def longest_path(graph):
    at = {}
    for name, (kind, sources) in graph.items():
        before = max([at[s] for s in sources], default=0)
        at[name] = before + (kind in ("conv", "dense"))
    return at[name]


# %% wrong="longest-path" says="You add up what lies side by side"
def longest_path(graph):
    at = {}
    for name, (kind, sources) in graph.items():
        at[name] = sum(at[s] for s in sources) + (kind in ("conv", "dense"))
    return max(at.values(), default=0)


# %% wrong="longest-path" says="Normalisations do not count"
def longest_path(graph):
    at = {}
    for name, (kind, sources) in graph.items():
        before = max([at[s] for s in sources], default=0)
        at[name] = before + (kind in ("conv", "dense", "batchnorm"))
    return max(at.values(), default=0)


# %% wrong="longest-path" says="would one loop do"
def longest_path(graph):
    known = {}

    def at(name):
        if name not in known:
            kind, sources = graph[name]
            before = max([at(s) for s in sources], default=0)
            known[name] = before + (kind in ("conv", "dense"))
        return known[name]

    return max([at(name) for name in reversed(graph)], default=0)


# %% wrong="longest-path" says="shortest path"
def longest_path(graph):
    at = {}
    for name, (kind, sources) in graph.items():
        before = min([at[s] for s in sources], default=0)
        at[name] = before + (kind in ("conv", "dense"))
    fed = {s for _, sources in graph.values() for s in sources}
    return min([at[name] for name in graph if name not in fed], default=0)


# %% wrong="longest-path" says="The kind is the whole word"
def longest_path(graph):
    at = {}
    for name, (kind, sources) in graph.items():
        before = max([at[s] for s in sources], default=0)
        at[name] = before + ("conv" in kind or "dense" in kind)
    return max(at.values(), default=0)


# %% wrong="longest-path" says="The kind is the whole word"
def longest_path(graph):
    at = {}
    for name, (kind, sources) in graph.items():
        before = max([at[s] for s in sources], default=0)
        at[name] = before + (kind.startswith("conv") or kind.endswith("dense"))
    return max(at.values(), default=0)


# %% wrong="longest-path" says="The kind is the whole word"
def longest_path(graph):
    at = {}
    for name, (kind, sources) in graph.items():
        before = max([at[s] for s in sources], default=0)
        at[name] = before + (kind in "conv dense")
    return max(at.values(), default=0)


# %% right="hearsay" style="numbers"
wrong_entries = 5
right_depths = [5, 8, 12, 19, 22, 152]
weights_in_training = 13378280
beside_the_path = 36
work_of_vgg = 19632062464


# %% right="hearsay" style="tuples and arrays"
wrong_entries = np.int64(5)
right_depths = np.array([5, 8, 12, 19, 22, 152])
weights_in_training = 6_998_552 + 6_379_728
beside_the_path = 58 - 22
work_of_vgg = 19_508_428_800 + 123_633_664


# %% right="hearsay" style="floats"
wrong_entries = 5.0
right_depths = (5, 8, 12, 19, 22, 152)
weights_in_training = 13378280.0
beside_the_path = 36.0
work_of_vgg = 1.9632062464e10


# %% wrong="hearsay" says="One is still missing"
wrong_entries = 4
right_depths = [5, 8, 12, 19, 22, 152]
weights_in_training = 13378280
beside_the_path = 36
work_of_vgg = 19632062464


# %% wrong="hearsay" says="That is the column as it stands"
wrong_entries = 5
right_depths = [8, 7, 12, 19, 19, 152]
weights_in_training = 13378280
beside_the_path = 36
work_of_vgg = 19632062464


# %% wrong="hearsay" says="Those are all layers"
wrong_entries = 5
right_depths = [5, 8, 12, 19, 58, 156]
weights_in_training = 13378280
beside_the_path = 36
work_of_vgg = 19632062464


# %% wrong="hearsay" says="57 are all its convolutions"
wrong_entries = 5
right_depths = [5, 8, 12, 19, 57, 152]
weights_in_training = 13378280
beside_the_path = 36
work_of_vgg = 19632062464


# %% wrong="hearsay" says="156 are all its layers"
wrong_entries = 5
right_depths = [5, 8, 12, 19, 22, 156]
weights_in_training = 13378280
beside_the_path = 36
work_of_vgg = 19632062464


# %% wrong="hearsay" says="without the auxiliary heads"
wrong_entries = 5
right_depths = [5, 8, 12, 19, 22, 152]
weights_in_training = 6998552
beside_the_path = 36
work_of_vgg = 19632062464


# %% wrong="hearsay" says="Those are all. How many"
wrong_entries = 5
right_depths = [5, 8, 12, 19, 22, 152]
weights_in_training = 13378280
beside_the_path = 58
work_of_vgg = 19632062464


# %% wrong="hearsay" says="counted apart"
wrong_entries = 5
right_depths = [5, 8, 12, 19, 22, 152]
weights_in_training = 13378280
beside_the_path = 36
work_of_vgg = 39264124928


# %% right="dominated" style="loops"
def dominated(rows):
    found = []
    for name in rows:
        for other in rows:
            worse = [b > a for a, b in zip(rows[name], rows[other])]
            better = [b < a for a, b in zip(rows[name], rows[other])]
            if not any(worse) and any(better):
                found.append(name)
                break
    return found


# %% right="dominated" style="numpy"
def dominated(rows):
    table = np.array(list(rows.values()))
    gap = table[:, None] - table[None]
    beaten = ((gap >= 0).all(2) & (gap > 0).any(2)).any(1)
    return [name for name, b in zip(rows, beaten) if b]


# %% right="dominated" style="torch, a tuple of names"
def dominated(rows):
    costs = torch.tensor(list(rows.values()), dtype=torch.float64)
    names = []
    for name, row in zip(rows, costs):
        nowhere_worse = (costs <= row).all(1)
        somewhere_better = (costs < row).any(1)
        if (nowhere_worse & somewhere_better).any():
            names.append(name)
    return names


# %% wrong="dominated" says="Equal rows do not dominate each other"
def dominated(rows):
    return [
        n
        for n in rows
        if any(all(a <= b for a, b in zip(rows[m], rows[n])) for m in rows if m != n)
    ]


# %% wrong="dominated" says="need not be better everywhere"
def dominated(rows):
    return [
        n
        for n in rows
        if any(all(a < b for a, b in zip(rows[m], rows[n])) for m in rows)
    ]


# %% wrong="dominated" says="Better in one cost is not enough"
def dominated(rows):
    return [
        n
        for n in rows
        if any(any(a < b for a, b in zip(rows[m], rows[n])) for m in rows)
    ]


# %% wrong="dominated" says="that nobody dominates"
def dominated(rows):
    return [
        n
        for n in rows
        if not any(
            all(a <= b for a, b in zip(rows[m], rows[n])) and rows[m] != rows[n]
            for m in rows
        )
    ]


# %% wrong="dominated" says="more costs than two"
def dominated(rows):
    two = {n: r[:2] for n, r in rows.items()}
    return [
        n
        for n in two
        if any(
            all(a <= b for a, b in zip(two[m], two[n])) and two[m] != two[n]
            for m in two
        )
    ]


# %% wrong="dominated" says="Keep the order of the rows"
def dominated(rows):
    return sorted(
        n
        for n in rows
        if any(
            all(a <= b for a, b in zip(rows[m], rows[n])) and rows[m] != rows[n]
            for m in rows
        )
    )


# %% wrong="dominated" says="Less is better"
def dominated(rows):
    return [
        n
        for n in rows
        if any(
            all(a >= b for a, b in zip(rows[m], rows[n])) and rows[m] != rows[n]
            for m in rows
        )
    ]


# %% wrong="dominated" says="Does a row dominate itself"
def dominated(rows):
    return [
        n
        for n in rows
        if any(all(a <= b for a, b in zip(rows[m], rows[n])) for m in rows)
    ]


# %% wrong="dominated" says="Costs cannot be added up"
def dominated(rows):
    return [n for n in rows if any(sum(rows[m]) < sum(rows[n]) for m in rows)]


# %% wrong="dominated" says="without a tolerance"
def dominated(rows):
    table = np.array(list(rows.values()), dtype=np.float32)
    gap = table[:, None] - table[None]
    beaten = ((gap >= 0).all(2) & (gap > 0).any(2)).any(1)
    return [name for name, b in zip(rows, beaten) if b]


# %% wrong="dominated" says="without a tolerance"
def dominated(rows):
    return [
        n
        for n in rows
        if any(
            all(a <= b for a, b in zip(rows[m], rows[n]))
            and any(a + 1e-6 < b for a, b in zip(rows[m], rows[n]))
            for m in rows
        )
    ]


# %% wrong="dominated" says="without a tolerance"
def dominated(rows):
    return [
        n
        for n in rows
        if any(
            all(a <= b for a, b in zip(rows[m], rows[n]))
            and not np.allclose(rows[m], rows[n])
            for m in rows
        )
    ]


# %% wrong="dominated" says="those above it and with those below"
def dominated(rows):
    names, found = list(rows), []
    for i, n in enumerate(names):
        for m in names[:i]:
            pairs = list(zip(rows[m], rows[n]))
            if all(a <= b for a, b in pairs) and any(a < b for a, b in pairs):
                found.append(n)
                break
    return found


# %% wrong="dominated" says="those above it and with those below"
def dominated(rows):
    names, found = list(rows), []
    for i, n in enumerate(names):
        for m in names[i:]:
            pairs = list(zip(rows[m], rows[n]))
            if all(a <= b for a, b in pairs) and any(a < b for a, b in pairs):
                found.append(n)
                break
    return found


# %% right="own-row" style="1 × 1 behind each pooling"
def own_row():
    return """
        conv 16 k3
        pool k3 s2
        conv 24 k1
        pool k3 s2
        conv 24 k1
        dense 10
    """


# %% right="own-row" style="a module, put together"
def own_row():
    module = "conv 12 k1 | conv 4 k1, conv 8 k3"
    lines = ["conv 16 k3", "pool k3 s2", "branches " + module, "pool k3 s2"]
    return "\n".join([*lines, "conv 24 k1", "dense 10"])


# %% right="own-row" style="both poolings at once"
def own_row():
    return "conv 16 k3 s1 g1\npool k3 s2\npool s2 k3\n\n  conv 24 k1\ndense 10"


# %% wrong="own-row" says="Line 7 has most of them"
def own_row():
    return """
        conv 12 k3
        conv 12 k3
        pool k3 s2
        conv 24 k3
        conv 24 k3
        pool k3 s2
        dense 32
        dense 10
    """


# %% wrong="own-row" says="Which layers work most"
def own_row():
    return """
        conv 16 k3
        pool k3 s2
        conv 16 k3
        pool k3 s2
        conv 16 k3
        mean
        dense 10
    """


# %% wrong="own-row" says="what ends the network"
def own_row():
    return """
        conv 8 k3
        pool k3 s2
        conv 16 k3
        pool k3 s2
        conv 16 k3
        mean
        dense 10
    """


# %% wrong="own-row" says="It has hardly learned"
def own_row():
    return "conv 1 k1\nmean\ndense 10"


# %% wrong="own-row" says="It has hardly learned"
def own_row():
    return "mean\ndense 10"


# %% wrong="own-row" says="the size of the kernel is missing"
def own_row():
    return "conv 8\nmean\ndense 10"


# %% wrong="own-row" says="a letter and a number"
def own_row():
    return "conv 8 k3,\nmean\ndense 10"


# %% wrong="own-row" says="a number comes first"
def own_row():
    return "conv 8 k3\nmean\ndense"


# %% wrong="own-row" says="there is no option"
def own_row():
    return "conv 8 k3 p1\nmean\ndense 10"


# %% wrong="own-row" says="a single row of layers"
def own_row():
    return "conv 8 k3\nadd conv 8 k1 | conv 8 k3\nmean\ndense 10"


# %% wrong="own-row" says="ten scores are wanted"
def own_row():
    return "conv 16 k3\npool k3 s2\nconv 10 k1\nmean"


# %% wrong="own-row" says="'add conv 8 k3' cannot be built"
def own_row():
    return "conv 16 k3\nadd conv 8 k3\nmean\ndense 10"


# %% wrong="own-row" says="there is no layer"
def own_row():
    return "conv 16 k3\nbatchnorm\nrelu\nmean\ndense 10"


# %% wrong="own-row" says="expected a text"
def own_row():
    return ["conv 16 k3", "mean", "dense 10"]


# %% wrong="own-row" says="expected a text"
def own_row():
    return nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8 * 14 * 14, 10))


# %% equivalent="top-k-error" why="the same values, in another type that is accepted"
# - above = (scores > own).sum(1).double()
# + above = (scores > own).sum(1)


# %% equivalent="top-k-error" why="the same values, in another type that is accepted"
# - equal = (scores == own).sum(1).double()
# + equal = (scores == own).sum(1)


# %% equivalent="top-k-error" why="the same values, in another type that is accepted"
# - return 1 - hit.mean().item()
# + return 1 - hit.mean()


# %% equivalent="top-k-error" why="the same value by another way"
# - own = scores[torch.arange(len(labels)), labels][:, None]
# + own = scores[torch.arange(len(scores)), labels][:, None]


# %% equivalent="top-k-error" why="the same values, in another type that is accepted"
# - return (1 - ((k - above) / equal).clip(0, 1)).mean().item()
# + return (1 - ((k - above) / equal).clip(0, 1)).mean()


# %% equivalent="top-k-error" why="the same values, in another type that is accepted"
# - for row, label in zip(scores.tolist(), labels.tolist()):
# + for row, label in zip(scores.tolist(), labels):


# %% equivalent="top-k-error" why="at the border the other branch gives 0 as well"
# - if higher + same <= k:
# + if higher + same < k:


# %% equivalent="top-k-error" why="the same value by another way"
# - left = max(k - higher, 0)
# + left = max(0, k - higher)


# %% equivalent="top-k-error" why="the same value by another way"
# - return missed / len(scores)
# + return missed / len(labels)


# %% equivalent="top-k-error" why="the same values, in another type that is accepted"
# - s = scores.numpy()
# + s = scores


# %% equivalent="top-k-error" why="the same value by another way"
# - total = 0.0
# + total = -0.0


# %% equivalent="top-k-error" why="left is the default"
# - last = classes - np.searchsorted(row, own, side='left')
# + last = classes - np.searchsorted(row, own)


# %% equivalent="top-k-error" why="the same values, in another type that is accepted"
# - return np.float32(total / n)
# + return total / n


# %% equivalent="top-k-error" why="numerator and denominator change their signs"
# - above, upto = ((scores > own).sum(1), (scores >= own).sum(1))
# + above, upto = ((scores >= own).sum(1), (scores > own).sum(1))


# %% equivalent="top-k-error" why="the same value by another way"
# - inside = torch.minimum(upto, torch.tensor(k)) - torch.minimum(above, torch.tensor(k))
# + inside = torch.minimum(torch.tensor(k), upto) - torch.minimum(above, torch.tensor(k))


# %% equivalent="top-k-error" why="the same value by another way"
# - inside = torch.minimum(upto, torch.tensor(k)) - torch.minimum(above, torch.tensor(k))
# + inside = torch.minimum(upto, torch.tensor(k)) - torch.minimum(torch.tensor(k), above)


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - days = 100000.0 * 1008 * 1600000000.0 / 10000000000.0 / 86400
# + days = 100000.0 * 1009 * 1600000000.0 / 10000000000.0 / 86400


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - days = 100000.0 * 1008 * 1600000000.0 / 10000000000.0 / 86400
# + days = 100000.0 * 1008 * 1600000000.0 / 10000000000.0 / 86401


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - days = 100000.0 * 1008 * 1600000000.0 / 10000000000.0 / 86400
# + days = 100000.0 * 1008 * 1600000000.0 / 10000000000.0 / 86399


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - deviation_of_person = 100 * (0.051 * 0.949 / 1500) ** 0.5
# + deviation_of_person = 101 * (0.051 * 0.949 / 1500) ** 0.5


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - deviation_of_person = 100 * (0.051 * 0.949 / 1500) ** 0.5
# + deviation_of_person = 100 * (0.051 * 0.949 / 1501) ** 0.5


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - deviation_of_person = 100 * (0.051 * 0.949 / 1500) ** 0.5
# + deviation_of_person = 100 * (0.051 * 0.949 / 1499) ** 0.5


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - days = runs * 1600000000.0 * 100000 / 10000000000.0 / 3600 / 24
# + days = runs * 1600000000.0 * 100001 / 10000000000.0 / 3600 / 24


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - days = runs * 1600000000.0 * 100000 / 10000000000.0 / 3600 / 24
# + days = runs * 1600000000.0 * 99999 / 10000000000.0 / 3600 / 24


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - days = runs * 1600000000.0 * 100000 / 10000000000.0 / 3600 / 24
# + days = runs * 1600000000.0 * 100000 / 10000000000.0 / 3601 / 24


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - days = runs * 1600000000.0 * 100000 / 10000000000.0 / 3600 / 24
# + days = runs * 1600000000.0 * 100000 / 10000000000.0 / 3599 / 24


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - deviation_of_person = 100 * np.sqrt(0.051 * (1 - 0.051) / 1500)
# + deviation_of_person = 101 * np.sqrt(0.051 * (1 - 0.051) / 1500)


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - deviation_of_person = 100 * np.sqrt(0.051 * (1 - 0.051) / 1500)
# + deviation_of_person = 100 * np.sqrt(0.051 * (1 - 0.051) / 1501)


# %% equivalent="behind-a-number" why="so many digits are not asked for"
# - deviation_of_person = 100 * np.sqrt(0.051 * (1 - 0.051) / 1500)
# + deviation_of_person = 100 * np.sqrt(0.051 * (1 - 0.051) / 1499)


# %% equivalent="hooked-counts" why="the same value by another way"
# - found.append(output.numel() * layer.weight[0].numel())
# + found.append(output.numel() * layer.weight[-1].numel())


# %% equivalent="hooked-counts" why="the same value by another way"
# - if isinstance(layer, nn.Conv2d | nn.Linear):
# + if isinstance(layer, nn.Linear | nn.Conv2d):


# %% equivalent="hooked-counts" why="the values of the input do not matter, only its shape"
# - twin(torch.zeros(1, *shape, device='meta'))
# + twin(torch.ones(1, *shape, device='meta'))


# %% equivalent="hooked-counts" why="the same value by another way"
# - total[0] += output.numel() * layer.weight.numel() // layer.weight.shape[0]
# + total[-1] += output.numel() * layer.weight.numel() // layer.weight.shape[0]


# %% equivalent="hooked-counts" why="divides without remainder"
# - total[0] += output.numel() * layer.weight.numel() // layer.weight.shape[0]
# + total[0] += -(-(output.numel() * layer.weight.numel()) // layer.weight.shape[0])


# %% equivalent="hooked-counts" why="the same value by another way"
# - if isinstance(m, (nn.Conv2d, nn.Linear)):
# + if isinstance(m, (nn.Linear, nn.Conv2d)):


# %% equivalent="hooked-counts" why="the values of the input do not matter, only its shape"
# - model(torch.zeros(1, *shape, device=place))
# + model(torch.ones(1, *shape, device=place))


# %% equivalent="hooked-counts" why="the same value by another way"
# - return (sum((p.numel() for p in model.parameters())), total[0])
# + return (sum((p.numel() for p in model.parameters())), total[-1])


# %% equivalent="hooked-counts" why="divides without remainder"
# - each = k1 * k2 * layer.in_channels // layer.groups
# + each = -(-(k1 * k2 * layer.in_channels) // layer.groups)


# %% equivalent="hooked-counts" why="divides without remainder"
# - places = inputs[0].numel() // layer.in_features
# + places = -(-inputs[0].numel() // layer.in_features)


# %% equivalent="hooked-counts" why="the same value by another way"
# - places = inputs[0].numel() // layer.in_features
# + places = inputs[-1].numel() // layer.in_features


# %% equivalent="hooked-counts" why="the same values, in another type that is accepted"
# - weights += int(np.prod(p.shape))
# + weights += np.prod(p.shape)


# %% equivalent="hooked-counts" why="a batch of three, on meta, works in either mode and leaves the model alone"
# - twin = copy.deepcopy(model).to(device='meta').train(False)
# + twin = copy.deepcopy(model).to(device='meta')


# %% equivalent="hooked-counts" why="a batch of three, on meta, works in either mode and leaves the model alone"
# - twin = copy.deepcopy(model).to(device='meta').train(False)
# + twin = copy.deepcopy(model).to(device='meta').train(True)


# %% equivalent="hooked-counts" why="the same value by another way"
# - if isinstance(m, (nn.Conv2d, nn.Linear)):
# + if isinstance(m, (nn.Linear, nn.Conv2d)):


# %% equivalent="hooked-counts" why="any batch will do"
# - twin(torch.empty((3, *shape), device='meta'))
# + twin(torch.empty((4, *shape), device='meta'))


# %% equivalent="hooked-counts" why="any batch will do"
# - twin(torch.empty((3, *shape), device='meta'))
# + twin(torch.empty((2, *shape), device='meta'))


# %% equivalent="hooked-counts" why="the same value by another way"
# - work = sum((w[0].numel() * y[0].numel() for w, y in found))
# + work = sum((w[-1].numel() * y[0].numel() for w, y in found))


# %% equivalent="hooked-counts" why="the same value by another way"
# - work = sum((w[0].numel() * y[0].numel() for w, y in found))
# + work = sum((w[0].numel() * y[1].numel() for w, y in found))


# %% equivalent="hooked-counts" why="the same value by another way"
# - work = sum((w[0].numel() * y[0].numel() for w, y in found))
# + work = sum((w[0].numel() * y[-1].numel() for w, y in found))


# %% equivalent="hooked-counts" why="the same value by another way"
# - work = sum((w[0].numel() * y[0].numel() for w, y in found))
# + work = sum((w[0].numel() * y[0].numel() for y, w in found))


# %% equivalent="hooked-counts" why="the same value by another way"
# - m.register_forward_hook(lambda m, x, y: found.append((m.weight, y)))
# + m.register_forward_hook(lambda m, x, y: found.append((y, m.weight)))


# %% equivalent="longest-path" why="the same value by another way"
# - far[name] = before + (kind in ('conv', 'dense'))
# + far[name] = before + (kind in ('dense', 'conv'))


# %% equivalent="longest-path" why="the same value by another way"
# - if at[source] > at[name]:
# + if at[source] >= at[name]:


# %% equivalent="longest-path" why="the same value by another way"
# - best = max(best, at[name])
# + best = max(at[name], best)


# %% equivalent="longest-path" why="the same values, in another type that is accepted"
# - depths[name] = deepest + int(kind in {'conv', 'dense'})
# + depths[name] = deepest + (kind in {'conv', 'dense'})


# %% equivalent="longest-path" why="the same value by another way"
# - names = list(graph)
# + names = graph


# %% equivalent="longest-path" why="the same value by another way"
# - cost = np.array([graph[n][0] in ('conv', 'dense') for n in names], dtype=int)
# + cost = np.array([graph[n][0] in ('dense', 'conv') for n in names], dtype=int)


# %% equivalent="longest-path" why="the same value by another way"
# - depth[i] = max(depth[i], depth[place[s]] + cost[i])
# + depth[i] = max(depth[place[s]] + cost[i], depth[i])


# %% equivalent="dominated" why="all rows have the same number of costs"
# - nowhere_worse = all((a <= b for a, b in zip(one, other, strict=True)))
# + nowhere_worse = all((a <= b for a, b in zip(one, other)))


# %% equivalent="dominated" why="all rows have the same number of costs"
# - nowhere_worse = all((a <= b for a, b in zip(one, other, strict=True)))
# + nowhere_worse = all((a <= b for a, b in zip(one, other, strict=False)))


# %% equivalent="dominated" why="rows are tuples already"
# - return nowhere_worse and tuple(one) != tuple(other)
# + return nowhere_worse and one != tuple(other)


# %% equivalent="dominated" why="rows are tuples already"
# - return nowhere_worse and tuple(one) != tuple(other)
# + return nowhere_worse and tuple(one) != other


# %% equivalent="dominated" why="the same value by another way"
# - beaten = ((gap >= 0).all(2) & (gap > 0).any(2)).any(1)
# + beaten = ((gap > 0).any(2) & (gap >= 0).all(2)).any(1)


# %% equivalent="dominated" why="the same value by another way"
# - if (nowhere_worse & somewhere_better).any():
# + if (somewhere_better & nowhere_worse).any():


# %% equivalent="hooked-counts" why="only shapes count, on a copy, for any number of examples"
# - twin = copy.deepcopy(model).eval().to('meta')
# + twin = copy.deepcopy(model).to('meta')


# %% equivalent="hooked-counts" why="only shapes count, on a copy, for any number of examples"
# - twin = copy.deepcopy(model).eval().to('meta')
# + twin = copy.deepcopy(model).train().to('meta')


# %% equivalent="hooked-counts" why="only shapes count, on a copy, for any number of examples"
# - work += output[0].numel() * layer.weight[0].numel()
# + work += output[1].numel() * layer.weight[0].numel()


# %% equivalent="hooked-counts" why="only shapes count, on a copy, for any number of examples"
# - work += output[0].numel() * layer.weight[0].numel()
# + work += output[-1].numel() * layer.weight[0].numel()


# %% equivalent="hooked-counts" why="only shapes count, on a copy, for any number of examples"
# - work += output[0].numel() * layer.weight[0].numel()
# + work += output[0].numel() * layer.weight[-1].numel()


# %% equivalent="hooked-counts" why="only shapes count, on a copy, for any number of examples"
# - twin(torch.zeros(2, *shape, device='meta'))
# + twin(torch.ones(2, *shape, device='meta'))


# %% equivalent="hooked-counts" why="only shapes count, on a copy, for any number of examples"
# - twin(torch.zeros(2, *shape, device='meta'))
# + twin(torch.zeros(3, *shape, device='meta'))


# %% equivalent="hooked-counts" why="only shapes count, on a copy, for any number of examples"
# - twin(torch.zeros(2, *shape, device='meta'))
# + twin(torch.zeros(1, *shape, device='meta'))


# %% equivalent="own-row" why="another network that pays for itself"
# - lines = ['conv 16 k3', 'pool k3 s2', 'branches ' + module, 'pool k3 s2']
# + lines = ['conv 16 k3', 'pool k3 s2', 'branches ', 'pool k3 s2']
