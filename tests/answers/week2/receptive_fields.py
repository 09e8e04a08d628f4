# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.

# %% right="two-layers" style="numbers"
five_then_three = 7
pixels_of_unit_6 = [6, 12]
layers_for_31 = 15


# %% right="two-layers" style="floats, a tuple"
five_then_three = 7.0
pixels_of_unit_6 = (6, 12)
layers_for_31 = 30 / 2


# %% wrong="two-layers" says="The kernels are not added"
five_then_three = 8
pixels_of_unit_6 = [6, 12]
layers_for_31 = 15


# %% wrong="two-layers" says="The kernels are not multiplied"
five_then_three = 15
pixels_of_unit_6 = [6, 12]
layers_for_31 = 15


# %% wrong="two-layers" says="Those are units of layer 1. Which pixels"
five_then_three = 7
pixels_of_unit_6 = [6, 8]
layers_for_31 = 15


# %% wrong="two-layers" says="not around the pixel of its number"
five_then_three = 7
pixels_of_unit_6 = [3, 9]
layers_for_31 = 15


# %% wrong="two-layers" says="The last pixel still belongs to the field"
five_then_three = 7
pixels_of_unit_6 = [6, 13]
layers_for_31 = 15


# %% wrong="two-layers" says="The first layer sees three already"
five_then_three = 7
pixels_of_unit_6 = [6, 12]
layers_for_31 = 16


# %% wrong="two-layers" says="Ten kernels side by side"
five_then_three = 7
pixels_of_unit_6 = [6, 12]
layers_for_31 = 10


# %% right="field-recurrence" style="loop"
def receptive_field(layers: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return size, jump, first


# %% right="field-recurrence" style="from the top down"
def receptive_field(layers):
    first, last, jump = 0, 0, 1
    for k, s, p in reversed(layers):
        first = first * s - p
        last = last * s - p + k - 1
        jump = jump * s
    return last - first + 1, jump, first


# %% right="field-recurrence" style="numpy, products of strides"
def receptive_field(layers):
    if not layers:
        return 1, 1, 0
    k, s, p = np.array(layers).T
    jumps = np.concatenate([[1], np.cumprod(s)])
    return 1 + ((k - 1) * jumps[:-1]).sum(), jumps[-1], -(p * jumps[:-1]).sum()


# %% right="field-recurrence" style="recursion"
def receptive_field(layers):
    if len(layers) == 0:
        return (1, 1, 0)
    size, jump, first = receptive_field(layers[:-1])
    k, s, p = layers[-1]
    return (size + (k - 1) * jump, jump * s, first - p * jump)


# %% wrong="field-recurrence" says="you have used the jump after the layer's own stride"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        first -= p * jump
        jump *= s
        size += (k - 1) * jump
    return size, jump, first


# %% wrong="field-recurrence" says="The size grows as if there were no strides"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += k - 1
        first -= p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="not all k: one of them is counted"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += k * jump
        first -= p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="You use the stride of the one layer below"
def receptive_field(layers):
    size, jump, first, last = 1, 1, 0, 1
    for k, s, p in layers:
        size += (k - 1) * last
        first -= p * jump
        jump *= s
        last = s
    return size, jump, first


# %% wrong="field-recurrence" says="the size begins with 1"
def receptive_field(layers):
    size, jump, first = 0, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="The kernels are multiplied"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size *= k
        first -= p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="The padding does not change how many pixels"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1 + 2 * p) * jump
        first -= p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="The first pixel has the wrong sign"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first += p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="p places in a layer are p times the jump"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="the padding of a layer lies in the layer below"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        jump *= s
        first -= p * jump
    return size, jump, first


# %% wrong="field-recurrence" says="p is the padding on each side"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= 2 * p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="The first pixel is 0 without padding only"
def receptive_field(layers):
    size, jump = 1, 1
    for k, s, _ in layers:
        size += (k - 1) * jump
        jump *= s
    return size, jump, 0


# %% wrong="field-recurrence" says="That is the middle of unit 0's field"
def receptive_field(layers):
    size, jump, middle = 1, 1, 0.0
    for k, s, p in layers:
        size += (k - 1) * jump
        middle += ((k - 1) / 2 - p) * jump
        jump *= s
    return size, jump, int(middle)


# %% wrong="field-recurrence" says="strides are multiplied, not added"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump += s
    return size, jump, first


# %% wrong="field-recurrence" says="the product of all strides, not the last one alone"
def receptive_field(layers):
    size, jump, first, s = 1, 1, 0, 1
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return size, s, first


# %% wrong="field-recurrence" says="its own stride is missing"
def receptive_field(layers):
    size, jump, first, below = 1, 1, 0, 1
    for k, s, p in layers:
        below = jump
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return size, below, first


# %% wrong="field-recurrence" says="You read the layers from the last to the first"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers[::-1]:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="you took the stride for the kernel"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for s, k, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="The first pixel is 0 without padding only"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return size, jump, max(0, first)


# %% wrong="field-recurrence" says="The order is size, jump, first"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return size, first, jump


# %% wrong="field-recurrence" says="The padding takes nothing from the size"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1 - 2 * p) * jump
        first -= p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="The order is size, jump, first"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return jump, size, first


# %% wrong="field-recurrence" says="The order is size, jump, first"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return first, size, jump


# %% wrong="field-recurrence" says="The order is size, jump, first"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return jump, first, size


# %% wrong="field-recurrence" says="The order is size, jump, first"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return first, jump, size


# %% wrong="field-recurrence" says="Did you unpack (k, p, s)"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, p, s in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="The padding takes nothing from the size"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump - p * jump
        first -= p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="The padding does not change how many pixels"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump + p * jump
        first -= p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="the padding of every layer counts"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first = -p * jump
        jump *= s
    return size, jump, first


# %% wrong="field-recurrence" says="strides are multiplied, not added"
def receptive_field(layers):
    size, jump, first = 1, 1, 0
    for k, s, p in layers:
        size += (k - 1) * jump
        first -= p * jump
        jump += s - 1
    return size, jump, first


# %% wrong="field-recurrence" says="count_layers does the work"
def receptive_field(layers):
    from coursekit.anatomy import count_layers

    if not layers:
        return 1, 1, 0
    stack = nn.Sequential(*(nn.Conv1d(1, 1, k, s, p) for k, s, p in layers))
    field = count_layers(stack, (1, 4000))[-1].receptive_field
    return field.size[0], int(field.jump[0]), field.offset[0]


# %% right="field-pooling" style="loop"
def growth(layers: list[dict[str, object]]) -> list[int]:
    sizes, size, jump = [], 1, 1
    for layer in layers:
        if layer["kind"] == "conv":
            stride = layer.get("s", 1)
        elif layer["kind"] == "pool":
            stride = layer.get("s", layer["k"])
        elif layer["kind"] == "relu":
            sizes.append(size)
            continue
        else:
            raise ValueError(layer["kind"])
        size += layer.get("d", 1) * (layer["k"] - 1) * jump
        jump *= stride
        sizes.append(size)
    return sizes


# %% right="field-pooling" style="from the top down, again for each layer"
def growth(layers):
    kinds = {"conv": 1, "pool": None, "relu": 1}
    for layer in layers:
        if layer["kind"] not in kinds:
            raise ValueError(f"what is {layer['kind']}?")
    sizes = []
    for number in range(len(layers)):
        size = 1
        for layer in layers[number::-1]:
            k = layer.get("k", 1)
            s = layer.get("s", kinds[layer["kind"]] or k)
            size = (size - 1) * s + layer.get("d", 1) * (k - 1) + 1
        sizes.append(size)
    return sizes


# %% right="field-pooling" style="numpy"
def growth(layers):
    k, s, d = [], [], []
    for layer in layers:
        if layer["kind"] not in ["conv", "pool", "relu"]:
            raise ValueError("unknown kind")
        k.append(layer.get("k", 1))
        s.append(layer.get("s", {"pool": k[-1]}.get(layer["kind"], 1)))
        d.append(layer.get("d", 1))
    jumps = np.cumprod([1, *s[:-1]])
    return (1 + np.cumsum(np.multiply(d, jumps) * np.subtract(k, 1))).tolist()


# %% wrong="field-pooling" says="There are three kinds"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        if layer["kind"] == "relu":
            sizes.append(size)
            continue
        k = layer["k"]
        if layer["kind"] not in ("conv", "pool"):
            raise ValueError(layer["kind"])
        size += layer.get("d", 1) * (k - 1) * jump
        jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="one for each."
def growth(layers):
    size, jump = 1, 1
    for layer in layers:
        if layer["kind"] != "relu":
            k = layer["k"]
            size += layer.get("d", 1) * (k - 1) * jump
            jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
    return [size]


# %% wrong="field-pooling" says="in a list."
def growth(layers):
    size, jump = 1, 1
    for layer in layers:
        if layer["kind"] != "relu":
            k = layer["k"]
            size += layer.get("d", 1) * (k - 1) * jump
            jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
    return size


# %% wrong="field-pooling" says="The image is no layer"
def growth(layers):
    sizes, jump = [1], 1
    for layer in layers:
        k = layer.get("k", 1)
        sizes.append(sizes[-1] + layer.get("d", 1) * (k - 1) * jump)
        jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
    return sizes


# %% wrong="field-pooling" says="A ReLU is a layer too"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        if layer["kind"] == "relu":
            continue
        k = layer["k"]
        size += layer.get("d", 1) * (k - 1) * jump
        jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="is as large as its window."
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        size += layer.get("d", 1) * (layer.get("k", 1) - 1) * jump
        jump *= layer.get("s", 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="windows need not be 2"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        size += layer.get("d", 1) * (layer.get("k", 1) - 1) * jump
        jump *= layer.get("s", 2 if layer["kind"] == "pool" else 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="A pooling may have a stride of its own"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        k = layer.get("k", 1)
        size += layer.get("d", 1) * (k - 1) * jump
        jump *= k if layer["kind"] == "pool" else layer.get("s", 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="A convolution has stride 1 when none is given"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        k = layer.get("k", 1)
        size += layer.get("d", 1) * (k - 1) * jump
        jump *= layer.get("s", k)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="units, not d k"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        if layer["kind"] != "relu":
            k = layer["k"]
            size += (layer.get("d", 1) * k - 1) * jump
            jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="The dilation pulls the weights apart"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        k = layer.get("k", 1)
        size += (k - 1) * jump
        jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="Every one of the k - 1 gaps"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        k = layer.get("k", 1)
        size += (k + layer.get("d", 1) - 2) * jump
        jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="It makes no steps"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        k, d = layer.get("k", 1), layer.get("d", 1)
        size += d * (k - 1) * jump
        jump *= d * layer.get("s", k if layer["kind"] == "pool" else 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="before its own stride comes in"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        k = layer.get("k", 1)
        jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
        size += layer.get("d", 1) * (k - 1) * jump
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="Strides are forgotten"
def growth(layers):
    sizes, size = [], 1
    for layer in layers:
        size += layer.get("d", 1) * (layer.get("k", 1) - 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="A pooling has a window, and sees all"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        k = layer.get("k", 1)
        if layer["kind"] == "conv":
            size += layer.get("d", 1) * (k - 1) * jump
        jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="Padding does not change how far"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        k = layer.get("k", 1)
        size += (layer.get("d", 1) * (k - 1) + 2 * layer.get("p", 0)) * jump
        jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="Padding does not change how far"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        kind = layer["kind"]
        if kind not in ("conv", "pool", "relu"):
            raise ValueError("there is no such layer")
        if kind != "relu":
            k = layer["k"]
            size += layer.get("d", 1) * (k - 1) * jump
            size -= layer.get("p", 0)
            jump *= layer.get("s", k if kind == "pool" else 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="Padding does not change how far"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        kind = layer["kind"]
        if kind not in ("conv", "pool", "relu"):
            raise ValueError("there is no such layer")
        if kind != "relu":
            k = layer["k"]
            size += layer.get("d", 1) * (k - 1) * jump
            size -= layer.get("p", 0) * jump
            jump *= layer.get("s", k if kind == "pool" else 1)
        sizes.append(size)
    return sizes


# %% wrong="field-pooling" says="There are three kinds"
def growth(layers):
    sizes, size, jump = [], 1, 1
    for layer in layers:
        k = layer.get("k", 1)
        size += layer.get("d", 1) * (k - 1) * jump
        jump *= layer.get("s", k if layer["kind"] == "pool" else 1)
        sizes.append(size)
    return sizes


# %% right="field-centre" style="max and min"
def window(field: tuple[int, int, int], unit: int, n: int) -> tuple[int, int, float]:
    size, jump, first = field
    start = first + unit * jump
    end = start + size - 1
    if end < 0 or start > n - 1:
        raise ValueError("nothing to see")
    return max(0, start), min(n - 1, end), (start + end) / 2


# %% right="field-centre" style="pixel by pixel"
def window(field, unit, n):
    size, jump, first = field
    pixels = [first + unit * jump + i for i in range(size)]
    real = [pixel for pixel in pixels if 0 <= pixel < n]
    if not real:
        raise ValueError(f"unit {unit} sees padding only")
    return real[0], real[-1], sum(pixels) / len(pixels)


# %% right="field-centre" style="numpy"
def window(field, unit, n):
    size, jump, first = field
    pixels = np.arange(size) + first + unit * jump
    inside = pixels[(pixels >= 0) & (pixels < n)]
    if inside.size == 0:
        raise ValueError("no pixel")
    return inside.min(), inside.max(), pixels.mean()


# %% wrong="field-centre" says="cut it, do not refuse it"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    end = start + size - 1
    if start < 0 or end >= n:
        raise ValueError("outside")
    return start, end, (start + end) / 2


# %% wrong="field-centre" says="leave it there, without round"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    end = start + size - 1
    if end < 0 or start >= n:
        raise ValueError("outside")
    return max(0, start), min(end, n - 1), float(round((start + end) / 2))


# %% wrong="field-centre" says="not from where the image does"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    end = start + size - 1
    if end < 0 or start >= n:
        raise ValueError("outside")
    return max(0, start), min(end, n - 1), max(0, start) + (size - 1) / 2


# %% wrong="field-centre" says="do not exist: cut them off"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    return start, start + size - 1, start + (size - 1) / 2


# %% wrong="field-centre" says="not cut at the end of the image"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    return max(start, 0), start + size - 1, start + (size - 1) / 2


# %% wrong="field-centre" says="not cut at the beginning of the image"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    return start, min(start + size, n) - 1, start + (size - 1) / 2


# %% wrong="field-centre" says="The middle is that of the whole field"
def window(field, unit, n):
    size, jump, first = field
    start = max(first + unit * jump, 0)
    end = min(first + unit * jump + size - 1, n - 1)
    if start > end:
        raise ValueError("nothing")
    return start, end, (start + end) / 2


# %% wrong="field-centre" says="The last pixel of the image has the number n - 1"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    end = start + size - 1
    return max(start, 0), min(end, n), (start + end) / 2


# %% wrong="field-centre" says="you gave the one behind it"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    return max(start, 0), min(start + size, n), start + (size - 1) / 2


# %% wrong="field-centre" says="half of size - 1 from the first one"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    end = start + size - 1
    return max(start, 0), min(end, n - 1), start + size / 2


# %% wrong="field-centre" says="leave it there, without round"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    end = start + size - 1
    return max(start, 0), min(end, n - 1), float((start + end) // 2)


# %% wrong="field-centre" says="That is the middle of unit 0"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    end = start + size - 1
    return max(start, 0), min(end, n - 1), first + (size - 1) / 2


# %% wrong="field-centre" says="moves by the jump, not by one pixel"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit
    end = start + size - 1
    return max(start, 0), min(end, n - 1), (start + end) / 2


# %% wrong="field-centre" says="That is the field of unit 0"
def window(field, unit, n):
    size, _, start = field
    end = start + size - 1
    return max(start, 0), min(end, n - 1), (start + end) / 2


# %% wrong="field-centre" says="begins at the first pixel, which need not be 0"
def window(field, unit, n):
    size, jump, _ = field
    start = unit * jump
    end = start + size - 1
    return max(start, 0), min(end, n - 1), (start + end) / 2


# %% wrong="field-centre" says="moves by the jump, not by its size"
def window(field, unit, n):
    size, _, first = field
    start = first + unit * size
    end = start + size - 1
    return max(start, 0), min(end, n - 1), (start + end) / 2


# %% wrong="field-centre" says="begins at a ends at a + r - 1"
def window(field, unit, n):
    r, jump, first = field
    a = first + unit * jump
    b = a + r
    if b < 0 or a >= n:
        raise ValueError("nothing")
    return max(a, 0), min(b, n - 1), (a + b) / 2


# %% wrong="field-centre" says="unit i begins i jumps further"
def window(field, unit, n):
    size, jump, first = field
    start = first + (unit - 1) * jump
    end = start + size - 1
    return max(start, 0), min(end, n - 1), (start + end) / 2


# %% wrong="field-centre" says="The middle of the field is missing"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    return max(start, 0), min(start + size, n) - 1


# %% wrong="field-centre" says="No pixel of the image lies in this field"
def window(field, unit, n):
    size, jump, first = field
    start = first + unit * jump
    end = start + size - 1
    return max(start, 0), min(end, n - 1), (start + end) / 2


# %% right="measure-field" style="unit by unit"
def measure_field(
    model: nn.Module, shape: tuple[int, int, int], place: tuple[int, int]
) -> tuple[int, int, int, int]:
    x = torch.randn(shape, requires_grad=True)
    (units,) = model(x[None])[:, :, place[0], place[1]]
    counts = torch.zeros(shape[1:], dtype=torch.bool)
    for unit in units:
        (slope,) = torch.autograd.grad(unit, x, retain_graph=True)
        counts |= (slope != 0).any(dim=0)
    rows, columns = counts.any(dim=1).nonzero(), counts.any(dim=0).nonzero()
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


# %% right="measure-field" style="backward, numpy"
def measure_field(model, shape, place):
    seen = set()
    channel = 0
    while True:
        x = torch.ones(shape, requires_grad=True)
        (maps,) = model(x.unsqueeze(0))
        if channel == len(maps):
            break
        maps[channel][place].backward()
        for _, row, column in np.argwhere(x.grad.numpy()):
            seen.add((row, column))
        channel += 1
    rows, columns = zip(*seen)
    return min(rows), max(rows), min(columns), max(columns)


# %% right="measure-field" style="random factors, float64"
def measure_field(model, shape, place):
    x = torch.randn(shape, requires_grad=True)
    (units,) = model(x[None])[:, :, place[0], place[1]]
    (slope,) = torch.autograd.grad(units @ torch.randn(len(units)), x)
    _, rows, columns = slope.nonzero(as_tuple=True)
    return rows.min(), rows.max(), columns.min(), columns.max()


# %% right="measure-field" style="float64, any by rows and columns"
def measure_field(model, shape, place):
    x = torch.full((1, *shape), 0.5, requires_grad=True)
    out = model(x)[0, :, place[0], place[1]]
    seen = [torch.autograd.grad(u, x, retain_graph=True)[0][0] != 0 for u in out]
    seen = torch.stack(seen).any(dim=0).any(dim=0).numpy()
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


# %% wrong="measure-field" says="Sizes, strides and padding give an outer bound only"
def measure_field(model, shape, place):
    box = []
    for axis in (0, 1):
        first = last = place[axis]
        for layer in list(model)[::-1]:
            k, s, p = layer.kernel_size, layer.stride, layer.padding
            k, s, p = (v if isinstance(v, int) else v[axis] for v in (k, s, p))
            first, last = first * s - p, last * s - p + k - 1
        box += [max(0, first), min(shape[1 + axis] - 1, last)]
    return tuple(box)


# %% wrong="measure-field" says="Sizes, strides and padding give an outer bound only"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    with torch.no_grad():
        for weight in model.parameters():
            weight.fill_(1.0)
    (slope,) = torch.autograd.grad(model(x)[0, :, place[0], place[1]].sum(), x)
    seen = slope[0].ne(0).any(0).nonzero()
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="You asked one channel of the input alone"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    seen = torch.zeros(shape[1:], dtype=torch.bool)
    for unit in model(x)[0, :, place[0], place[1]]:
        (slope,) = torch.autograd.grad(unit, x, retain_graph=True)
        seen |= slope[0, -1] != 0
    seen = seen.nonzero()
    if len(seen) == 0:
        return 0, 0, 0, 0
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="or wanted a slope from each of them"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    seen = torch.ones(shape[1:], dtype=torch.bool)
    for unit in model(x)[0, :, place[0], place[1]]:
        (slope,) = torch.autograd.grad(unit, x, retain_graph=True)
        seen &= (slope[0] != 0).any(dim=0)
    seen = seen.nonzero()
    if len(seen) == 0:
        return 0, 0, 0, 0
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="Very small slopes count as well"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    seen = torch.zeros(shape[1:], dtype=torch.bool)
    for unit in model(x)[0, :, place[0], place[1]]:
        (slope,) = torch.autograd.grad(unit, x, retain_graph=True)
        seen |= (slope[0].abs() > 1e-6).any(dim=0)
    seen = seen.nonzero()
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="Make the input with requires_grad=True"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape)
    (slope,) = torch.autograd.grad(model(x)[0, 0, place[0], place[1]], x)
    return 0, 0, 0, 0


# %% wrong="measure-field" says="Give grad retain_graph=True"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    seen = torch.zeros(shape[1:], dtype=torch.bool)
    for unit in [*model(x)[0, :, place[0], place[1]]] * 2:
        (slope,) = torch.autograd.grad(unit, x)
        seen |= (slope[0] != 0).any(dim=0)
    seen = seen.nonzero()
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="grad wants a single number"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    (slope,) = torch.autograd.grad(model(x)[0, :, :, place[1]], x)
    return 0, 0, 0, 0


# %% wrong="measure-field" says="The place is row and column"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    units = model(x)[0, :, place[1], place[0]]
    (slope,) = torch.autograd.grad((units * torch.randn(len(units))).sum(), x)
    seen = slope[0].abs().sum(0).nonzero()
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="Rows come first, then columns"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    units = model(x)[0, :, place[0], place[1]]
    (slope,) = torch.autograd.grad((units * torch.randn(len(units))).sum(), x)
    seen = slope[0].abs().sum(0).nonzero()
    return (*seen.amin(0).tolist(), *seen.amax(0).tolist())


# %% wrong="measure-field" says="you gave those behind them"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    units = model(x)[0, :, place[0], place[1]]
    (slope,) = torch.autograd.grad((units * torch.randn(len(units))).sum(), x)
    seen = slope[0].abs().sum(0).nonzero()
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom + 1, left, right + 1


# %% wrong="measure-field" says="That is the size of the field"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    units = model(x)[0, :, place[0], place[1]]
    (slope,) = torch.autograd.grad((units * torch.randn(len(units))).sum(), x)
    seen = slope[0].abs().sum(0).nonzero()
    return tuple((seen.amax(0) - seen.amin(0) + 1).tolist())


# %% wrong="measure-field" says="A slope may be negative"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    seen = torch.zeros(shape[1:], dtype=torch.bool)
    for unit in model(x)[0, :, place[0], place[1]]:
        (slope,) = torch.autograd.grad(unit, x, retain_graph=True)
        seen |= (slope[0] > 0).any(dim=0)
    if not seen.any():
        return 0, 0, 0, 0
    seen = seen.nonzero()
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="of a pixel's channels can cancel"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    seen = torch.zeros(shape[1:], dtype=torch.bool)
    for unit in model(x)[0, :, place[0], place[1]]:
        (slope,) = torch.autograd.grad(unit, x, retain_graph=True)
        seen |= slope[0].sum(dim=0) != 0
    seen = seen.nonzero()
    if len(seen) == 0:
        return 0, 0, 0, 0
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="You asked one channel of the input alone"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    units = model(x)[0, :, place[0], place[1]]
    (slope,) = torch.autograd.grad((units * torch.randn(len(units))).sum(), x)
    seen = slope[0, 0].nonzero()
    if len(seen) == 0:
        return 0, 0, 0, 0
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="or wanted a slope from each of them"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    (slope,) = torch.autograd.grad(model(x)[0, 0, place[0], place[1]], x)
    seen = slope[0].abs().sum(0).nonzero()
    if len(seen) == 0:
        return 0, 0, 0, 0
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="You added the units of all maps"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    (slope,) = torch.autograd.grad(model(x)[0, :, place[0], place[1]].sum(), x)
    seen = slope[0].abs().sum(0).nonzero()
    if len(seen) == 0:
        return 0, 0, 0, 0
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="That is what the whole output sees"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    output = model(x)
    (slope,) = torch.autograd.grad(output, x, torch.randn_like(output))
    seen = slope[0].abs().sum(0).nonzero()
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="Very small slopes count as well"
def measure_field(model, shape, place):
    x = torch.randn(1, *shape, requires_grad=True)
    seen = torch.zeros(shape[1:], dtype=torch.bool)
    for unit in model(x)[0, :, place[0], place[1]]:
        (slope,) = torch.autograd.grad(unit, x, retain_graph=True)
        seen |= (slope[0].abs() > 0.001).any(dim=0)
    seen = seen.nonzero()
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="Very small slopes count as well"
def measure_field(model, shape, place):
    row, column = place
    nudged = torch.eye(shape[0] * shape[1] * shape[2]).view(-1, *shape)
    with torch.no_grad():
        outputs = model(torch.cat([torch.zeros(1, *shape), nudged]))
    units = outputs[:, :, row, column]
    moved = (units[1:] != units[0]).any(dim=1).view(shape).any(dim=0)
    seen = moved.nonzero()
    (top, left), (bottom, right) = seen.amin(0).tolist(), seen.amax(0).tolist()
    return top, bottom, left, right


# %% wrong="measure-field" says="count_layers does the work"
def measure_field(model, shape, place):
    from coursekit.anatomy import count_layers

    field = count_layers(model, shape)[-1].receptive_field
    box = []
    for axis in range(2):
        start = field.offset[axis] + place[axis] * int(field.jump[axis] or 0)
        box += [max(start, 0), min(start + field.size[axis], shape[1 + axis]) - 1]
    return tuple(box)


# %% right="field-bug" style="written down"
def counterexamples() -> dict[str, list[tuple[int, int]] | None]:
    return {
        "a": [(2, 2)],
        "b": [(1, 2), (1, 1), (2, 1)],
        "c": None,
        "d": [(1, 2), (2, 1)],
    }


# %% right="field-bug" style="arrays and a tensor"
def counterexamples():
    return {
        "a": np.array([[2, 2]]),
        "b": torch.tensor([[1, 2], [1, 1], [2, 1]]),
        "c": None,
        "d": [np.array([1, 2]), (np.int64(2), 1)],
    }


# %% right="field-bug" style="searched, from the smallest"
def counterexamples():
    import itertools

    def c(layers):
        size = 1
        for k, s in reversed(layers):
            size = (size - 1) * s + k
        return size

    def a(layers):
        size = jump = 1
        for k, s in layers:
            jump = jump * s
            size = size + (k - 1) * jump
        return size

    def b(layers):
        size = step = 1
        for k, s in layers:
            size, step = size + (k - 1) * step, s
        return size

    def d(layers):
        return 1 + sum(k - 1 for k, _ in layers)

    some = list(itertools.product([1, 2, 3], repeat=2))
    stacks = [[*one] for n in (1, 2, 3) for one in itertools.product(some, repeat=n)]
    stacks.sort(key=lambda stack: (len(stack), sum(k + s for k, s in stack)))
    found = {}
    for name, formula in zip("abcd", (a, b, c, d)):
        wrong = [stack for stack in stacks if formula(stack) != c(stack)]
        found[name] = wrong[0] if wrong else None
    return found


# %% wrong="field-bug" says="C says so too"
def counterexamples():
    return {
        "a": [(2, 2)],
        "b": [(1, 2), (1, 1), (2, 1)],
        "c": [(3, 2), (5, 3), (2, 2)],
        "d": [(1, 2), (2, 1)],
    }


# %% wrong="field-bug" says="A is not right: there is a stack"
def counterexamples():
    return {"a": None, "b": [(1, 2), (1, 1), (2, 1)], "c": None, "d": [(1, 2), (2, 1)]}


# %% wrong="field-bug" says="B says so too"
def counterexamples():
    return {"a": [(2, 2)], "b": [(3, 2), (3, 1)], "c": None, "d": [(1, 2), (2, 1)]}


# %% wrong="field-bug" says="B is not right: there is a stack"
def counterexamples():
    return {"a": [(2, 2)], "b": None, "c": None, "d": [(1, 2), (2, 1)]}


# %% wrong="field-bug" says="A stack of fewer layers does so too"
def counterexamples():
    stack = [(3, 2), (3, 2), (3, 1)]
    return {"a": stack, "b": stack, "c": None, "d": stack}


# %% wrong="field-bug" says="could be smaller"
def counterexamples():
    return {
        "a": [(3, 2)],
        "b": [(3, 2), (3, 2), (3, 1)],
        "c": None,
        "d": [(3, 2), (3, 1)],
    }


# %% wrong="field-bug" says="D says so too"
def counterexamples():
    return {
        "a": [(2, 2)],
        "b": [(1, 2), (1, 1), (2, 1)],
        "c": None,
        "d": [(2, 1), (1, 2)],
    }


# %% wrong="field-bug" says="Kernels and strides go from 1"
def counterexamples():
    return {"a": [(2, 0)], "b": [(1, 2), (1, 1), (2, 1)], "c": None, "d": [(3, 2)]}


# %% wrong="field-bug" says="A single layer is a list too: [(2, 2)]"
def counterexamples():
    return {"a": (2, 2), "b": [(1, 2), (1, 1), (2, 1)], "c": None, "d": [(3, 2)]}


# %% wrong="field-bug" says="A stack is a list of tuples"
def counterexamples():
    return {"a": [2, 2, 1], "b": [(1, 2), (1, 1), (2, 1)], "c": None, "d": [(3, 2)]}


# %% wrong="field-bug" says="the key 'c' is missing"
def counterexamples():
    return {"a": [(2, 2)], "b": [(1, 2), (1, 1), (2, 1)], "d": [(1, 2), (2, 1)]}


# %% right="see-hundred" style="all stacks"
def cheapest(pixels: int, most: int) -> tuple[int, list[str]]:
    import itertools

    good = []
    for length in range(1, most + 1):
        for rest in itertools.product(("conv", "pool"), repeat=length - 1):
            stack, size, jump, channels, cost = ["conv", *rest], 1, 1, 3, 0
            for kind in stack:
                if kind == "conv":
                    out = 16 * jump
                    size, cost = size + 2 * jump, cost + 9 * channels * out + out
                    channels = out
                else:
                    size, jump = size + jump, 2 * jump
            if size >= pixels and "pool pool" not in " ".join(stack):
                good.append((cost, stack))
    if not good:
        raise ValueError("too few layers")
    return min(good)


# %% right="see-hundred" style="branch and bound"
def cheapest(pixels, most):
    best = [float("inf"), None]

    def grow(stack, size, jump, channels, cost):
        if cost >= best[0]:
            return
        if stack and size >= pixels:
            best[:] = [cost, stack]
        elif len(stack) < most:
            out = 16 * jump
            more = (9 * channels + 1) * out
            grow(stack + ["conv"], size + 2 * jump, jump, out, cost + more)
            if stack and stack[-1] == "conv":
                grow(stack + ["pool"], size + jump, 2 * jump, channels, cost)

    grow([], 1, 1, 3, 0)
    if best[1] is None:
        raise ValueError(f"{pixels} pixels are too many for {most} layers")
    return best[0], best[1]


# %% right="see-hundred" style="layer by layer, the best of each kind"
def cheapest(pixels, most):
    states = {(1, 1, 3, "pool"): (0, ())}
    good = []
    for _ in range(most):
        grown = {}
        for (size, jump, channels, top), (cost, stack) in states.items():
            out = 16 * jump
            after = [((size + 2 * jump, jump, out, "conv"), 9 * channels * out + out)]
            if top == "conv":
                after.append(((size + jump, 2 * jump, channels, "pool"), 0))
            for state, price in after:
                one = (cost + price, (*stack, state[3]))
                grown[state] = min(one, grown.get(state, one))
        states = grown
        good += [one for state, one in states.items() if state[0] >= pixels]
    if not good:
        raise ValueError("no stack sees so much")
    return min(good)


# %% right="see-hundred" style="numbers of NumPy, all stacks"
def cheapest(pixels, most):
    import itertools

    best = None
    for length in range(1, most + 1):
        for rest in itertools.product(("conv", "pool"), repeat=length - 1):
            stack, size, jump, channels, cost = ("conv", *rest), 1, 1, 3, np.int64(0)
            if ("pool", "pool") in zip(stack, stack[1:]):
                continue
            for kind in stack:
                if kind == "conv":
                    size, cost = size + 2 * jump, cost + (9 * channels + 1) * 16 * jump
                    channels = 16 * jump
                else:
                    size, jump = size + jump, 2 * jump
            if size >= pixels and (best is None or cost < best[0]):
                best = (cost, stack)
    if best is None:
        raise ValueError("no stack sees so much")
    return torch.tensor(best[0]), best[1]


# %% wrong="see-hundred" says="A stack has one layer at least"
def cheapest(pixels, most):
    if pixels <= 1:
        return 0, []
    states = {(1, 1, 3, "pool"): (0, ())}
    good = []
    for _ in range(most):
        grown = {}
        for (size, jump, channels, top), (cost, stack) in states.items():
            out = 16 * jump
            after = [((size + 2 * jump, jump, out, "conv"), 9 * channels * out + out)]
            if top == "conv":
                after.append(((size + jump, 2 * jump, channels, "pool"), 0))
            for state, price in after:
                one = (cost + price, (*stack, state[3]))
                grown[state] = min(one, grown.get(state, one))
        states = grown
        good += [one for state, one in states.items() if state[0] >= pixels]
    if not good:
        raise ValueError("no stack sees so much")
    return min(good)


# %% wrong="see-hundred" says="A stack that is good enough exists here"
def cheapest(pixels, most):
    raise ValueError("it cannot be done")


# %% wrong="see-hundred" says="It is a whole number: count without"
def cheapest(pixels, most):
    return 448.0, ["conv"]


# %% wrong="see-hundred" says="A stack begins with a convolution"
def cheapest(pixels, most):
    stack, size = [], 1
    while size < pixels:
        stack.append("pool")
        size *= 2
    return 0, stack


# %% wrong="see-hundred" says="No pooling directly follows another"
def cheapest(pixels, most):
    stack, size, jump = ["conv"], 3, 1
    while size < pixels:
        size, jump = size + jump, 2 * jump
        stack.append("pool")
    return 448, stack


# %% wrong="see-hundred" says="are allowed, poolings included"
def cheapest(pixels, most):
    stack, size, jump = [], 1, 1
    while size < pixels:
        stack += ["conv", "conv", "pool"]
        size, jump = size + 5 * jump, 2 * jump
    return 2768, stack


# %% wrong="see-hundred" says="A unit of the last layer sees only"
def cheapest(pixels, most):
    return 448, ["conv"] * most


# %% wrong="see-hundred" says="but not the fewest weights"
def cheapest(pixels, most):
    import itertools

    for length in range(1, most + 1):
        good = []
        for rest in itertools.product(("conv", "pool"), repeat=length - 1):
            stack, size, jump, channels, cost = ("conv", *rest), 1, 1, 3, 0
            for kind in stack:
                if kind == "conv":
                    size, cost = size + 2 * jump, cost + (9 * channels + 1) * 16 * jump
                    channels = 16 * jump
                else:
                    size, jump = size + jump, 2 * jump
            if size >= pixels and ("pool", "pool") not in zip(stack, stack[1:]):
                good.append((cost, list(stack)))
        if good:
            return min(good)
    raise ValueError("too few layers")


# %% wrong="see-hundred" says="Fewer may do"
def cheapest(pixels, most):
    import itertools

    good = []
    for rest in itertools.product(("conv", "pool"), repeat=most - 1):
        stack, size, jump, channels, cost = ("conv", *rest), 1, 1, 3, 0
        for kind in stack:
            if kind == "conv":
                size, cost = size + 2 * jump, cost + (9 * channels + 1) * 16 * jump
                channels = 16 * jump
            else:
                size, jump = size + jump, 2 * jump
        if size >= pixels and ("pool", "pool") not in zip(stack, stack[1:]):
            good.append((cost, list(stack)))
    if not good:
        raise ValueError("too few layers")
    return min(good)


# %% wrong="see-hundred" says="Without a pooling every convolution"
def cheapest(pixels, most):
    if pixels // 2 <= most:
        return 448 + 2320 * (pixels // 2 - 1), ["conv"] * (pixels // 2)
    return 5088, ["conv", "pool", "conv"] * (most // 3)


# %% wrong="see-hundred" says="A stack that is good enough exists here"
def cheapest(pixels, most):
    return None


# %% wrong="see-hundred" says="got 399568"
def cheapest(pixels, most):
    return 399568


# %% wrong="see-hundred" says="among the layers"
def cheapest(pixels, most):
    return 448, ["conv 3"] * (pixels // 2)


# %% wrong="see-hundred" says="No stack of so few layers sees so much"
def cheapest(pixels, most):
    import itertools

    best = None
    for length in range(1, most + 1):
        for rest in itertools.product(("conv", "pool"), repeat=length - 1):
            stack, size, jump, channels, cost = ("conv", *rest), 1, 1, 3, 0
            for kind in stack:
                if kind == "conv":
                    size, cost = size + 2 * jump, cost + (9 * channels + 1) * 16 * jump
                    channels = 16 * jump
                else:
                    size, jump = size + jump, 2 * jump
            if size >= pixels and ("pool", "pool") not in zip(stack, stack[1:]):
                best = min(best, (cost, list(stack))) if best else (cost, list(stack))
    return best or (0, [])


# %% wrong="see-hundred" says="Biases count too"
def cheapest(pixels, most):
    import itertools

    good = []
    for length in range(1, most + 1):
        for rest in itertools.product(("conv", "pool"), repeat=length - 1):
            stack, size, jump, channels, cost = ["conv", *rest], 1, 1, 3, 0
            for kind in stack:
                if kind == "conv":
                    out = 16 * jump
                    size, cost = size + 2 * jump, cost + 9 * channels * out
                    channels = out
                else:
                    size, jump = size + jump, 2 * jump
            if size >= pixels and "pool pool" not in " ".join(stack):
                good.append((cost, stack))
    if not good:
        raise ValueError("too few layers")
    return min(good)


# %% wrong="see-hundred" says="A kernel has one bias, not nine"
def cheapest(pixels, most):
    import itertools

    good = []
    for length in range(1, most + 1):
        for rest in itertools.product(("conv", "pool"), repeat=length - 1):
            stack, size, jump, channels, cost = ["conv", *rest], 1, 1, 3, 0
            for kind in stack:
                if kind == "conv":
                    out = 16 * jump
                    size, cost = size + 2 * jump, cost + 9 * (channels + 1) * out
                    channels = out
                else:
                    size, jump = size + jump, 2 * jump
            if size >= pixels and "pool pool" not in " ".join(stack):
                good.append((cost, stack))
    if not good:
        raise ValueError("too few layers")
    return min(good)


# %% wrong="see-hundred" says="The image has 3 channels"
def cheapest(pixels, most):
    import itertools

    good = []
    for length in range(1, most + 1):
        for rest in itertools.product(("conv", "pool"), repeat=length - 1):
            stack, size, jump, channels, cost = ["conv", *rest], 1, 1, 1, 0
            for kind in stack:
                if kind == "conv":
                    out = 16 * jump
                    size, cost = size + 2 * jump, cost + 9 * channels * out + out
                    channels = out
                else:
                    size, jump = size + jump, 2 * jump
            if size >= pixels and "pool pool" not in " ".join(stack):
                good.append((cost, stack))
    if not good:
        raise ValueError("too few layers")
    return min(good)


# %% wrong="see-hundred" says="The first convolution reads the image"
def cheapest(pixels, most):
    import itertools

    good = []
    for length in range(1, most + 1):
        for rest in itertools.product(("conv", "pool"), repeat=length - 1):
            stack, size, jump, channels, cost = ["conv", *rest], 1, 1, 16, 0
            for kind in stack:
                if kind == "conv":
                    out = 16 * jump
                    size, cost = size + 2 * jump, cost + 9 * channels * out + out
                    channels = out
                else:
                    size, jump = size + jump, 2 * jump
            if size >= pixels and "pool pool" not in " ".join(stack):
                good.append((cost, stack))
    if not good:
        raise ValueError("too few layers")
    return min(good)


# %% wrong="see-hundred" says="nine weights a channel"
def cheapest(pixels, most):
    import itertools

    good = []
    for length in range(1, most + 1):
        for rest in itertools.product(("conv", "pool"), repeat=length - 1):
            stack, size, jump, channels, cost = ["conv", *rest], 1, 1, 3, 0
            for kind in stack:
                if kind == "conv":
                    out = 16 * jump
                    size, cost = size + 2 * jump, cost + 3 * channels * out + out
                    channels = out
                else:
                    size, jump = size + jump, 2 * jump
            if size >= pixels and "pool pool" not in " ".join(stack):
                good.append((cost, stack))
    if not good:
        raise ValueError("too few layers")
    return min(good)


# %% wrong="see-hundred" says="twice as many channels"
def cheapest(pixels, most):
    import itertools

    good = []
    for length in range(1, most + 1):
        for rest in itertools.product(("conv", "pool"), repeat=length - 1):
            stack, size, jump, channels, cost = ["conv", *rest], 1, 1, 3, 0
            for kind in stack:
                if kind == "conv":
                    out = 16
                    size, cost = size + 2 * jump, cost + 9 * channels * out + out
                    channels = out
                else:
                    size, jump = size + jump, 2 * jump
            if size >= pixels and "pool pool" not in " ".join(stack):
                good.append((cost, stack))
    if not good:
        raise ValueError("too few layers")
    return min(good)


# %% wrong="see-hundred" says="still reads the channels from before it"
def cheapest(pixels, most):
    import itertools

    good = []
    for length in range(1, most + 1):
        for rest in itertools.product(("conv", "pool"), repeat=length - 1):
            stack, size, jump, channels, cost = ["conv", *rest], 1, 1, 3, 0
            for kind in stack:
                if kind == "conv":
                    out = 16 * jump
                    size, cost = (
                        size + 2 * jump,
                        cost + 9 * (3 if size == 1 else out) * out + out,
                    )
                    channels = out
                else:
                    size, jump = size + jump, 2 * jump
            if size >= pixels and "pool pool" not in " ".join(stack):
                good.append((cost, stack))
    if not good:
        raise ValueError("too few layers")
    return min(good)


# %% equivalent="field-pooling" why="the same three words in another order"
# - if kind not in ('conv', 'pool', 'relu'):
# + if kind not in ('pool', 'conv', 'relu'):


# %% equivalent="field-pooling" why="the same three words in another order"
# - if kind not in ('conv', 'pool', 'relu'):
# + if kind not in ('conv', 'relu', 'pool'):


# %% equivalent="field-centre" why="the larger or smaller of two, in any order"
# - return (max(start, 0), min(end, n - 1), (start + end) / 2)
# + return (max(0, start), min(end, n - 1), (start + end) / 2)


# %% equivalent="field-centre" why="the larger or smaller of two, in any order"
# - return (max(start, 0), min(end, n - 1), (start + end) / 2)
# + return (max(start, 0), min(n - 1, end), (start + end) / 2)


# %% equivalent="see-hundred" why="of equally cheap stacks any will do"
# - if best and cost >= best[0]:
# + if best and cost > best[0]:


# %% equivalent="see-hundred" why="the first layer has weights: until then both are empty or 0"
# - if stack and stack[-1] == 'conv':
# + if cost and stack[-1] == 'conv':


# %% equivalent="field-pooling" why="a ReLU has a window of 1, which then is its stride"
# - kinds = {'conv': 1, 'pool': None, 'relu': 1}
# + kinds = {'conv': 1, 'pool': None, 'relu': 0}


# %% equivalent="field-pooling" why="the same three words in another order"
# - if layer['kind'] not in ['conv', 'pool', 'relu']:
# + if layer['kind'] not in ['relu', 'pool', 'conv']:


# %% equivalent="field-pooling" why="a product does not depend on the order"
# - return (1 + np.cumsum(np.multiply(d, jumps) * np.subtract(k, 1))).tolist()
# + return (1 + np.cumsum(np.multiply(jumps, d) * np.subtract(k, 1))).tolist()


# %% equivalent="field-centre" why="the larger or smaller of two, in any order"
# - return (max(0, start), min(n - 1, end), (start + end) / 2)
# + return (max(start, 0), min(n - 1, end), (start + end) / 2)


# %% equivalent="field-centre" why="the larger or smaller of two, in any order"
# - return (max(0, start), min(n - 1, end), (start + end) / 2)
# + return (max(0, start), min(end, n - 1), (start + end) / 2)


# %% equivalent="field-centre" why="both must hold, in any order"
# - inside = pixels[(pixels >= 0) & (pixels < n)]
# + inside = pixels[(pixels < n) & (pixels >= 0)]


# %% equivalent="field-centre" why="the smallest of no numbers is a ValueError as well"
# - if inside.size == 0:
# - raise ValueError('no pixel')
# + pass


# %% equivalent="field-centre" why="the smallest of no numbers is a ValueError as well"
# - if inside.size == 0:
# + if False:


# %% equivalent="field-centre" why="the smallest of no numbers is a ValueError as well"
# - if inside.size == 0:
# + if inside.size == -1:


# %% equivalent="field-centre" why="the smallest of no numbers is a ValueError as well"
# - raise ValueError('no pixel')
# + pass


# %% equivalent="measure-field" why="the last map is asked twice"
# - channel = 0
# + channel = -1


# %% equivalent="measure-field" why="without a ReLU the slopes do not depend on the input"
# - x = torch.ones(shape, requires_grad=True)
# + x = torch.zeros(shape, requires_grad=True)


# %% equivalent="measure-field" why="a product does not depend on the order"
# - slope, = torch.autograd.grad(units @ torch.randn(len(units)), x)
# + slope, = torch.autograd.grad(torch.randn(len(units)) @ units, x)


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# + break


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - jump = jump * s
# + jump = jump / s


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - jump = jump * s
# + jump = s


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - size = size + (k - 1) * jump
# + size = size + (k - 1) / jump


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - return 1 + sum((k - 1 for k, _ in layers))
# + return 1 + max((k - 1 for k, _ in layers))


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - some = list(itertools.product([1, 2, 3], repeat=2))
# + some = list(itertools.product([3, 2, 1], repeat=2))


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - some = list(itertools.product([1, 2, 3], repeat=2))
# + some = list(itertools.product([1, 2, 4], repeat=2))


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - some = list(itertools.product([1, 2, 3], repeat=2))
# + some = list(itertools.product([1, 2, 2], repeat=2))


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - stacks = [[*one] for n in (1, 2, 3) for one in itertools.product(some, repeat=n)]
# + stacks = [[*one] for n in (2, 1, 3) for one in itertools.product(some, repeat=n)]


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - stacks = [[*one] for n in (1, 2, 3) for one in itertools.product(some, repeat=n)]
# + stacks = [[*one] for n in (1, 3, 2) for one in itertools.product(some, repeat=n)]


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - stacks.sort(key=lambda stack: (len(stack), sum((k + s for k, s in stack))))
# + pass


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - stacks.sort(key=lambda stack: (len(stack), sum((k + s for k, s in stack))))
# + stacks


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - stacks.sort(key=lambda stack: (len(stack), sum((k + s for k, s in stack))))
# + stacks.sort(key=lambda stack: (sum((k + s for k, s in stack)), len(stack)))


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - stacks.sort(key=lambda stack: (len(stack), sum((k + s for k, s in stack))))
# + stacks.sort(key=lambda stack: (len(stack), max((k + s for k, s in stack))))


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - stacks.sort(key=lambda stack: (len(stack), sum((k + s for k, s in stack))))
# + stacks.sort(key=lambda stack: (len(stack), sum((k * s for k, s in stack))))


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - stacks.sort(key=lambda stack: (len(stack), sum((k + s for k, s in stack))))
# + stacks.sort(key=lambda stack: (len(stack), sum((k for k, s in stack))))


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - stacks.sort(key=lambda stack: (len(stack), sum((k + s for k, s in stack))))
# + stacks.sort(key=lambda stack: (len(stack), sum((s for k, s in stack))))


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - stacks.sort(key=lambda stack: (len(stack), sum((k + s for k, s in stack))))
# + stacks.sort(key=lambda stack: (len(stack), sum((k + s for s, k in stack))))


# %% equivalent="field-bug" why="another search that finds the same three stacks"
# - for name, formula in zip('abcd', (a, b, c, d)):
# + for name, formula in zip('abcdx', (a, b, c, d)):


# %% equivalent="see-hundred" why="the order of the search does not matter"
# - for rest in itertools.product(('conv', 'pool'), repeat=length - 1):
# + for rest in itertools.product(('pool', 'conv'), repeat=length - 1):


# %% equivalent="see-hundred" why="the smallest of nothing is a ValueError as well"
# - if not good:
# - raise ValueError('too few layers')
# + pass


# %% equivalent="see-hundred" why="the smallest of nothing is a ValueError as well"
# - if not good:
# + if False:


# %% equivalent="see-hundred" why="the smallest of nothing is a ValueError as well"
# - raise ValueError('too few layers')
# + pass


# %% equivalent="see-hundred" why="of equally cheap stacks any will do"
# - if cost >= best[0]:
# + if cost > best[0]:


# %% equivalent="see-hundred" why="what is asked is whether a convolution is on top"
# - states = {(1, 1, 3, 'pool'): (0, ())}
# + states = {(1, 1, 3, 'poolx'): (0, ())}


# %% equivalent="see-hundred" why="the smaller of two, in any order"
# - grown[state] = min(one, grown.get(state, one))
# + grown[state] = min(grown.get(state, one), one)


# %% equivalent="see-hundred" why="the smallest of nothing is a ValueError as well"
# - if not good:
# - raise ValueError('no stack sees so much')
# + pass


# %% equivalent="see-hundred" why="the smallest of nothing is a ValueError as well"
# - raise ValueError('no stack sees so much')
# + pass


# %% equivalent="field-bug" why="the same numbers in lists"
# - return {'a': np.array([[2, 2]]), 'b': torch.tensor([[1, 2], [1, 1], [2, 1]]), 'c': None, 'd': [np.array([1, 2]), (np.int64(2), 1)]}
# + return {'a': [[2, 2]], 'b': torch.tensor([[1, 2], [1, 1], [2, 1]]), 'c': None, 'd': [np.array([1, 2]), (np.int64(2), 1)]}


# %% equivalent="field-bug" why="the same numbers in lists"
# - return {'a': np.array([[2, 2]]), 'b': torch.tensor([[1, 2], [1, 1], [2, 1]]), 'c': None, 'd': [np.array([1, 2]), (np.int64(2), 1)]}
# + return {'a': np.array([[2, 2]]), 'b': [[1, 2], [1, 1], [2, 1]], 'c': None, 'd': [np.array([1, 2]), (np.int64(2), 1)]}


# %% equivalent="field-bug" why="the same numbers in lists"
# - return {'a': np.array([[2, 2]]), 'b': torch.tensor([[1, 2], [1, 1], [2, 1]]), 'c': None, 'd': [np.array([1, 2]), (np.int64(2), 1)]}
# + return {'a': np.array([[2, 2]]), 'b': torch.tensor([[1, 2], [1, 1], [2, 1]]), 'c': None, 'd': [[1, 2], (np.int64(2), 1)]}


# %% equivalent="field-bug" why="the same number, of Python"
# - return {'a': np.array([[2, 2]]), 'b': torch.tensor([[1, 2], [1, 1], [2, 1]]), 'c': None, 'd': [np.array([1, 2]), (np.int64(2), 1)]}
# + return {'a': np.array([[2, 2]]), 'b': torch.tensor([[1, 2], [1, 1], [2, 1]]), 'c': None, 'd': [np.array([1, 2]), (2, 1)]}


# %% equivalent="measure-field" why="a second image changes nothing about the first"
# - x = torch.full((1, *shape), 0.5, requires_grad=True)
# + x = torch.full((2, *shape), 0.5, requires_grad=True)


# %% equivalent="measure-field" why="without a ReLU the slopes do not depend on the input"
# - x = torch.full((1, *shape), 0.5, requires_grad=True)
# + x = torch.full((1, *shape), 1.0, requires_grad=True)


# %% equivalent="measure-field" why="without a ReLU the slopes do not depend on the input"
# - x = torch.full((1, *shape), 0.5, requires_grad=True)
# + x = torch.full((1, *shape), -0.5, requires_grad=True)


# %% equivalent="measure-field" why="there is one image, the first is the last"
# - out = model(x)[0, :, place[0], place[1]]
# + out = model(x)[-1, :, place[0], place[1]]


# %% equivalent="measure-field" why="there is one image, the first is the last"
# - seen = [torch.autograd.grad(u, x, retain_graph=True)[0][0] != 0 for u in out]
# + seen = [torch.autograd.grad(u, x, retain_graph=True)[0][-1] != 0 for u in out]


# %% equivalent="measure-field" why="one input has one gradient, the first is the last"
# - seen = [torch.autograd.grad(u, x, retain_graph=True)[0][0] != 0 for u in out]
# + seen = [torch.autograd.grad(u, x, retain_graph=True)[-1][0] != 0 for u in out]


# %% equivalent="measure-field" why="NumPy reads tensors as well"
# - seen = torch.stack(seen).any(dim=0).any(dim=0).numpy()
# + seen = torch.stack(seen).any(dim=0).any(dim=0)


# %% equivalent="measure-field" why="any channel of any unit, in any order"
# - seen = torch.stack(seen).any(dim=0).any(dim=0).numpy()
# + seen = torch.stack(seen).any(dim=1).any(dim=0).numpy()


# %% equivalent="measure-field" why="a whole number of NumPy is one"
# - return (int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1]))
# + return (rows[0], int(rows[-1]), int(columns[0]), int(columns[-1]))


# %% equivalent="measure-field" why="a whole number of NumPy is one"
# - return (int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1]))
# + return (int(rows[0]), rows[-1], int(columns[0]), int(columns[-1]))


# %% equivalent="measure-field" why="a whole number of NumPy is one"
# - return (int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1]))
# + return (int(rows[0]), int(rows[-1]), columns[0], int(columns[-1]))


# %% equivalent="measure-field" why="a whole number of NumPy is one"
# - return (int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1]))
# + return (int(rows[0]), int(rows[-1]), int(columns[0]), columns[-1])


# %% equivalent="see-hundred" why="the first layer has weights: until then both are empty or 0"
# - if stack and size >= pixels:
# + if cost and size >= pixels:


# %% equivalent="see-hundred" why="measured up to 24 layers: of one kind the last stack is the cheapest"
# - grown[state] = min(one, grown.get(state, one))
# + grown[state] = one


# %% equivalent="see-hundred" why="numbers of Python or NumPy, the count is the same"
# - stack, size, jump, channels, cost = (('conv', *rest), 1, 1, 3, np.int64(0))
# + stack, size, jump, channels, cost = (('conv', *rest), 1, 1, 3, 0)


# %% equivalent="see-hundred" why="twice the same word, in any order"
# - if ('pool', 'pool') in zip(stack, stack[1:]):
# + if ('pool', 'pool') in zip(stack[1:], stack):


# %% equivalent="see-hundred" why="of equally cheap stacks any will do"
# - if size >= pixels and (best is None or cost < best[0]):
# + if size >= pixels and (best is None or cost <= best[0]):


# %% equivalent="see-hundred" why="a whole number of NumPy is one"
# - return (torch.tensor(best[0]), best[1])
# + return (best[0], best[1])
