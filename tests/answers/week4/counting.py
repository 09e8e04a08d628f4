# %% right="dqn-counts" style="lists"
first = [20, 257, 6400, 1644800, 4112]
second = [9, 257, 2592, 666144, 8224]
hidden = [2593, 256, 663808, 663808]
output = [257, 18, 4626, 4626]


# %% right="dqn-counts" style="computed"
first = [(84 - 8) // 4 + 1, 8 * 8 * 4 + 1]
first += [16 * first[0] ** 2, 16 * first[0] ** 2 * first[1], 16 * first[1]]
second = [(first[0] - 4) // 2 + 1, 4 * 4 * 16 + 1]
second += [32 * second[0] ** 2, 32 * second[0] ** 2 * second[1], 32 * second[1]]
hidden = np.array([32 * 81 + 1, 256, 256 * (32 * 81 + 1), 256 * (32 * 81 + 1)])
output = (257, 18, 18 * 257, 18 * 257)


# %% wrong="dqn-counts" says="four screens at once"
first = [20, 65, 6400, 416000, 1040]
second = [9, 257, 2592, 666144, 8224]
hidden = [2593, 256, 663808, 663808]
output = [257, 18, 4626, 4626]


# %% wrong="dqn-counts" says="in steps of 4"
first = [77, 257, 94864, 24380048, 4112]
second = [9, 257, 2592, 666144, 8224]
hidden = [2593, 256, 663808, 663808]
output = [257, 18, 4626, 4626]


# %% wrong="dqn-counts" says="first convolution puts out more than four"
first = [20, 257, 6400, 1644800, 4112]
second = [9, 65, 2592, 168480, 2080]
hidden = [2593, 256, 663808, 663808]
output = [257, 18, 4626, 4626]


# %% wrong="dqn-counts" says="on the maps of the first convolution, not on the screen"
first = [20, 257, 6400, 1644800, 4112]
second = [41, 257, 53792, 13824544, 8224]
hidden = [2593, 256, 663808, 663808]
output = [257, 18, 4626, 4626]


# %% wrong="dqn-counts" says="A unit sees all maps, not one"
first = [20, 257, 6400, 1644800, 4112]
second = [9, 257, 2592, 666144, 8224]
hidden = [82, 256, 20992, 20992]
output = [257, 18, 4626, 4626]


# %% wrong="dqn-counts" says="It gets what the hidden layer puts out"
first = [20, 257, 6400, 1644800, 4112]
second = [9, 257, 2592, 666144, 8224]
hidden = [2593, 256, 663808, 663808]
output = [2593, 18, 46674, 46674]


# %% wrong="dqn-counts" says="bias counts as a weight"
first = [20, 257, 6400, 1644800, 4112]
second = [9, 257, 2592, 666144, 8224]
hidden = [2592, 256, 663552, 663552]
output = [257, 18, 4626, 4626]


# %% wrong="dqn-counts" says="side comes first"
first = [257, 20, 6400, 1644800, 4112]
second = [9, 257, 2592, 666144, 8224]
hidden = [2593, 256, 663808, 663808]
output = [257, 18, 4626, 4626]


# %% right="twice-as-much" style="values"
most_weights = "side"
no_weights = "batch"
factor_of_second = 4
side_of_second = 19


# %% right="twice-as-much" style="computed"
most_weights = "side"
no_weights = "batch"
factor_of_second = 4.0
side_of_second = 19
side_of_second = ((168 - 8) // 4 + 1 - 4) // 2 + 1


# %% wrong="twice-as-much" says="makes four times a small one"
most_weights = "maps"
no_weights = "batch"
factor_of_second = 4
side_of_second = 19


# %% wrong="twice-as-much" says="True for the convolutions"
most_weights = "side"
no_weights = "side"
factor_of_second = 4
side_of_second = 19


# %% wrong="twice-as-much" says="as many inputs as before"
most_weights = "side"
no_weights = "batch"
factor_of_second = 2
side_of_second = 19


# %% wrong="twice-as-much" says="That is the first convolution"
most_weights = "side"
no_weights = "batch"
factor_of_second = 4
side_of_second = 41


# %% wrong="twice-as-much" says="is near, but the formula has a 1"
most_weights = "side"
no_weights = "batch"
factor_of_second = 4
side_of_second = 18


# %% right="three-totals" style="sums"
def totals(layers):
    parameters = sum(w * m for w, n, m in layers)
    connections = sum(w * n for w, n, m in layers)
    work = sum((w - 1) * n for w, n, m in layers if w > 0)
    return parameters, connections, work


# %% right="three-totals" style="loop"
def totals(layers):
    p = c = a = 0
    for w, n, m in layers:
        if w == 0:
            continue
        p += w * m
        c += w * n
        a += (w - 1) * n
    return [p, c, a]


# %% right="three-totals" style="numpy"
def totals(layers):
    w, n, m = np.array(layers).T
    return (w * m).sum(), (w * n).sum(), (np.maximum(w - 1, 0) * n).sum()


# %% right="three-totals" style="torch"
def totals(layers):
    table = torch.tensor(layers)
    w, n, m = table.unbind(1)
    return tuple(torch.stack([w @ m, w @ n, (w - 1).clamp(min=0) @ n]))


# %% wrong="three-totals" says="its work is 0, not less"
def totals(layers):
    p = sum(w * m for w, n, m in layers)
    c = sum(w * n for w, n, m in layers)
    a = sum((w - 1) * n for w, n, m in layers)
    return p, c, a


# %% wrong="three-totals" says="A bias is added, not multiplied"
def totals(layers):
    p = sum(w * m for w, n, m in layers)
    c = sum(w * n for w, n, m in layers)
    a = c
    return p, c, a


# %% wrong="three-totals" says="Connections count biases"
def totals(layers):
    p = sum(w * m for w, n, m in layers)
    c = sum((w - 1) * n for w, n, m in layers if w)
    a = sum((w - 1) * n for w, n, m in layers if w > 0)
    return p, c, a


# %% wrong="three-totals" says="Biases are parameters, too"
def totals(layers):
    p = sum((w - 1) * m for w, n, m in layers if w)
    c = sum(w * n for w, n, m in layers)
    a = sum((w - 1) * n for w, n, m in layers if w > 0)
    return p, c, a


# %% wrong="three-totals" says="It belongs to parameters and connections"
def totals(layers):
    p = sum((w - 1) * m for w, n, m in layers if w)
    c = sum((w - 1) * n for w, n, m in layers if w)
    a = sum((w - 1) * n for w, n, m in layers if w > 0)
    return p, c, a


# %% wrong="three-totals" says="also those that share it"
def totals(layers):
    p = sum(w * m for w, n, m in layers)
    c = sum(w * n for w, n, m in layers)
    a = c - sum(m for w, n, m in layers if w)
    return p, c, a


# %% wrong="three-totals" says="works again and again"
def totals(layers):
    p = sum(w * m for w, n, m in layers)
    c = sum(w * n for w, n, m in layers)
    a = sum((w - 1) * m for w, n, m in layers if w)
    return p, c, a


# %% wrong="three-totals" says="share their weights"
def totals(layers):
    c = sum(w * n for w, n, m in layers)
    p = c
    a = sum((w - 1) * n for w, n, m in layers if w > 0)
    return p, c, a


# %% wrong="three-totals" says="Every neuron has connections and work"
def totals(layers):
    p = sum(w * m for w, n, m in layers)
    c = p
    a = sum((w - 1) * m for w, n, m in layers if w)
    return p, c, a


# %% wrong="three-totals" says="The order"
def totals(layers):
    p = sum(w * m for w, n, m in layers)
    c = sum(w * n for w, n, m in layers)
    a = sum((w - 1) * n for w, n, m in layers if w > 0)
    return c, p, a


# %% wrong="three-totals" says="The order"
def totals(layers):
    p = sum(w * m for w, n, m in layers)
    c = sum(w * n for w, n, m in layers)
    a = sum((w - 1) * n for w, n, m in layers if w > 0)
    return p, a, c


# %% wrong="three-totals" says="the last layer alone"
def totals(layers):
    for w, n, m in layers:
        p, c, a = w * m, w * n, max(w - 1, 0) * n
    return p, c, a


# %% wrong="three-totals" says="the first layer alone"
def totals(layers):
    for w, n, m in layers:
        return w * m, w * n, max(w - 1, 0) * n


# %% wrong="three-totals" says="You multiplied sums"
def totals(layers):
    w, n, m = (sum(column) for column in zip(*layers))
    return w * m, w * n, (w - 1) * n


# %% wrong="three-totals" says="Add up over all layers"
def totals(layers):
    return [(w * m, w * n, max(w - 1, 0) * n) for w, n, m in layers]


# %% right="mend-row" style="three equations"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons == maps * side**2
    b = connections == neurons * w
    c = parameters == maps * w
    if a and b and c:
        return row
    if not a and not b:
        neurons = maps * side**2
    elif not a and not c:
        maps = parameters // w
    elif not b and not c:
        w = parameters // maps
    elif not a:
        side = int((neurons // maps) ** 0.5 + 0.5)
    elif not b:
        connections = neurons * w
    else:
        parameters = maps * w
    return maps, side, w, neurons, connections, parameters


# %% right="mend-row" style="try each"
def mended(row):
    def good(r):
        m, s, w, n, c, p = r
        return n == m * s * s and c == n * w and p == m * w

    if good(row):
        return list(row)
    m, s, w, n, c, p = row
    better = [p // w, round((n / m) ** 0.5), p // m, m * s * s, n * w, m * w]
    for place in range(6):
        tried = list(row)
        tried[place] = better[place]
        if good(tried):
            return tried


# %% right="mend-row" style="numpy"
def mended(row):
    m, s, w, n, c, p = row
    fails = (n != m * s * s) + 2 * (c != n * w) + 4 * (p != m * w)
    row = np.array(row)
    place = {0: None, 5: 0, 1: 1, 6: 2, 3: 3, 2: 4, 4: 5}[fails]
    if place is not None:
        fresh = (p // w, np.sqrt(n // m).round(), p // m, m * s * s, n * w, m * w)
        row[place] = fresh[place]
    return tuple(row)


# %% wrong="mend-row" says="neurons = maps · side² and parameters = maps · w do not hold"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        neurons = maps * side**2
    elif a and c:
        pass
    elif b and c:
        w = parameters // maps
    elif a:
        side = round((neurons / maps) ** 0.5)
    elif b:
        connections = neurons * w
    elif c:
        parameters = maps * w
    return maps, side, w, neurons, connections, parameters


# %% wrong="mend-row" says="Only neurons = maps · side² does not hold"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        neurons = maps * side**2
    elif a and c:
        maps = parameters // w
    elif b and c:
        w = parameters // maps
    elif a:
        pass
    elif b:
        connections = neurons * w
    elif c:
        parameters = maps * w
    return maps, side, w, neurons, connections, parameters


# %% wrong="mend-row" says="connections = neurons · w and parameters = maps · w do not hold"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        neurons = maps * side**2
    elif a and c:
        maps = parameters // w
    elif b and c:
        pass
    elif a:
        side = round((neurons / maps) ** 0.5)
    elif b:
        connections = neurons * w
    elif c:
        parameters = maps * w
    return maps, side, w, neurons, connections, parameters


# %% wrong="mend-row" says="neurons = maps · side² and connections = neurons · w do not hold"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        pass
    elif a and c:
        maps = parameters // w
    elif b and c:
        w = parameters // maps
    elif a:
        side = round((neurons / maps) ** 0.5)
    elif b:
        connections = neurons * w
    elif c:
        parameters = maps * w
    return maps, side, w, neurons, connections, parameters


# %% wrong="mend-row" says="Only connections = neurons · w does not hold"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        neurons = maps * side**2
    elif a and c:
        maps = parameters // w
    elif b and c:
        w = parameters // maps
    elif a:
        side = round((neurons / maps) ** 0.5)
    elif b:
        pass
    elif c:
        parameters = maps * w
    return maps, side, w, neurons, connections, parameters


# %% wrong="mend-row" says="Only parameters = maps · w does not hold"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        neurons = maps * side**2
    elif a and c:
        maps = parameters // w
    elif b and c:
        w = parameters // maps
    elif a:
        side = round((neurons / maps) ** 0.5)
    elif b:
        connections = neurons * w
    elif c:
        pass
    return maps, side, w, neurons, connections, parameters


# %% wrong="mend-row" says="area of a map"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        neurons = maps * side**2
    elif a and c:
        maps = parameters // w
    elif b and c:
        w = parameters // maps
    elif a:
        side = neurons // maps
    elif b:
        connections = neurons * w
    elif c:
        parameters = maps * w
    return maps, side, w, neurons, connections, parameters


# %% wrong="mend-row" says="You changed 3: neurons"
def mended(row):
    maps, side, w = row[:3]
    neurons = maps * side * side
    return maps, side, w, neurons, neurons * w, maps * w


# %% wrong="mend-row" says="All six numbers"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        neurons = maps * side**2
    elif a and c:
        maps = parameters // w
    elif b and c:
        w = parameters // maps
    elif a:
        side = round((neurons / maps) ** 0.5)
    elif b:
        return neurons * w
    elif c:
        return maps * w
    return maps, side, w, neurons, connections, parameters


# %% wrong="mend-row" says="You changed 2: side, parameters"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    if neurons != maps * side * side:
        side = round((neurons / maps) ** 0.5)
    return maps, side, w, neurons, neurons * w, maps * w


# %% wrong="mend-row" says="which is right"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        neurons = maps * side**2
    elif a and c:
        maps = parameters // w
    elif b and c:
        w = parameters // maps
    elif a:
        maps = round(neurons / side**2)
    elif b:
        connections = neurons * w
    elif c:
        parameters = maps * w
    return maps, side, w, neurons, connections, parameters


# %% wrong="mend-row" says="Those are the neurons of all maps"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        neurons = maps * side**2
    elif a and c:
        maps = parameters // w
    elif b and c:
        w = parameters // maps
    elif a:
        side = neurons
    elif b:
        connections = neurons * w
    elif c:
        parameters = maps * w
    return maps, side, w, neurons, connections, parameters


# %% wrong="mend-row" says="Nothing is wrong in this row"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        neurons = maps * side**2
    elif a and c:
        maps = parameters // w
    elif b and c:
        w = parameters // maps
    elif a:
        side = round((neurons / maps) ** 0.5)
    elif b:
        connections = neurons * w
    elif c:
        parameters = maps * w
    else:
        side = side + 1
    return maps, side, w, neurons, connections, parameters


# %% wrong="mend-row" says="expected a whole number"
def mended(row):
    maps, side, w, neurons, connections, parameters = row
    a = neurons != maps * side**2
    b = connections != neurons * w
    c = parameters != maps * w
    if a and b:
        neurons = maps * side**2
    elif a and c:
        maps = parameters // w
    elif b and c:
        w = parameters // maps
    elif a:
        side = (neurons / maps) ** 0.5
    elif b:
        connections = neurons * w
    elif c:
        parameters = maps * w
    return maps, side, w, neurons, connections, parameters


# %% right="bytes-needed" style="plain"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + batch * sum(sizes))
    most = max(a + b for a, b in zip(sizes, sizes[1:]))
    return each * (w + batch * most)


# %% right="bytes-needed" style="loop"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    numbers, most = 0, 0
    for number, count in enumerate(parameters):
        numbers += count
        if training:
            numbers += count + memories * count
        most = max(most, sizes[number] + sizes[number + 1])
    return (numbers + batch * (sum(sizes) if training else most)) * each


# %% right="bytes-needed" style="numpy"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    sizes, weights = np.array(sizes), np.sum(parameters)
    if not training:
        return (weights + batch * np.max(sizes[:-1] + sizes[1:])) * each
    return (weights * (1 + 1 + memories) + batch * sizes.sum()) * each


# %% right="bytes-needed" style="torch"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    kept = torch.tensor(sizes)
    numbers = kept.sum() if training else (kept[1:] + kept[:-1]).max()
    copies = 2 + memories if training else 1
    return each * (copies * torch.tensor(parameters).sum() + batch * numbers)


# %% wrong="bytes-needed" says="In training every weight has a gradient."
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w + batch * sum(sizes))
    return each * (w + batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="In training every weight has a gradient."
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (1 + memories) + batch * sum(sizes))
    return each * (w + batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="What the optimiser remembers is missing"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * 2 + batch * sum(sizes))
    return each * (w + batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="Gradients of anything but weights"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + 2 * batch * sum(sizes))
    return each * (w + batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="all that a layer has put out is kept"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (
            w * (2 + memories) + batch * max(a + b for a, b in zip(sizes, sizes[1:]))
        )
    return each * (w + batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="The images themselves are kept"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + batch * sum(sizes[1:]))
    return each * (w + batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="from the images to the scores"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + batch * sum(sizes[:-1]))
    return each * (w + batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="keeps its numbers for each weight"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (2 * w + memories + batch * sum(sizes))
    return each * (w + batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="what went into a layer is forgotten"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + batch * sum(sizes))
    return each * (w + batch * sum(sizes))


# %% wrong="bytes-needed" says="what comes out are both there"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + batch * sum(sizes))
    return each * (w + batch * max(sizes))


# %% wrong="bytes-needed" says="that stand side by side"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + batch * sum(sizes))
    return each * (w + batch * sum(sorted(sizes)[-2:]))


# %% wrong="bytes-needed" says="no gradients and no optimiser"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + batch * sum(sizes))
    return each * (
        w * (2 + memories) + batch * max(a + b for a, b in zip(sizes, sizes[1:]))
    )


# %% wrong="bytes-needed" says="In use there is no optimiser"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + batch * sum(sizes))
    return each * (
        w * (1 + memories) + batch * max(a + b for a, b in zip(sizes, sizes[1:]))
    )


# %% wrong="bytes-needed" says="first and the last alone"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + batch * sum(sizes))
    return each * (w + batch * (sizes[0] + sizes[-1]))


# %% wrong="bytes-needed" says="weights of all layers are there"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + batch * sum(sizes))
    return each * (
        max(p + batch * (a + b) for p, a, b in zip(parameters, sizes, sizes[1:]))
    )


# %% wrong="bytes-needed" says="Each of them has some bytes"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return w * (2 + memories) + batch * sum(sizes)
    return w + batch * max(a + b for a, b in zip(sizes, sizes[1:]))


# %% wrong="bytes-needed" says="use `each`"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return 4 * (w * (2 + memories) + batch * sum(sizes))
    return 4 * (w + batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="those of the images and those of the weights"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories)) + (batch * sum(sizes))
    return each * (w) + (batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="not bits"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return 8 * each * (w * (2 + memories) + batch * sum(sizes))
    return 8 * each * (w + batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="A batch shares the weights"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (batch * (w * (2 + memories) + sum(sizes)))
    return each * (batch * (w + max(a + b for a, b in zip(sizes, sizes[1:]))))


# %% wrong="bytes-needed" says="numbers of its own"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (w * (2 + memories) + sum(sizes))
    return each * (w + max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="mixed up"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if not training:
        return each * (w * (2 + memories) + batch * sum(sizes))
    return each * (w + batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% wrong="bytes-needed" says="The weights are missing"
def bytes_needed(sizes, parameters, batch, training, memories=0, each=4):
    w = sum(parameters)
    if training:
        return each * (batch * sum(sizes))
    return each * (batch * max(a + b for a, b in zip(sizes, sizes[1:])))


# %% right="layer-seconds" style="max"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = (parameters + batch * inputs + batch * outputs) * each / bandwidth
    return max(work, wait), "memory" if wait > work else "work"


# %% right="layer-seconds" style="if"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    seconds, why = multiply_adds * batch / rate, "work"
    moved = parameters * each
    for _ in range(batch):
        moved += each * (inputs + outputs)
    if moved / bandwidth > seconds:
        seconds, why = moved / bandwidth, "memory"
    return [seconds, why]


# %% right="layer-seconds" style="float32"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    numbers = parameters + batch * (inputs + outputs)
    times = np.array([batch * multiply_adds / rate, each * numbers / bandwidth])
    slower = int(np.argmax(times))
    return np.float32(times[slower]), ("work", "memory")[slower]


# %% right="layer-seconds" style="torch"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    numbers = parameters + batch * (inputs + outputs)
    work = torch.tensor(batch * multiply_adds / rate, dtype=torch.float64)
    wait = torch.tensor(each * numbers / bandwidth, dtype=torch.float64)
    return torch.maximum(work, wait), "work" if work >= wait else "memory"


# %% wrong="layer-seconds" says="do not add them"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * (parameters + batch * (inputs + outputs)) / bandwidth
    return (work + wait, "work" if work >= wait else "memory")


# %% wrong="layer-seconds" says="The slower of the two decides"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * (parameters + batch * (inputs + outputs)) / bandwidth
    return (work, "work") if work < wait else (wait, "memory")


# %% wrong="layer-seconds" says="If both take as long"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * (parameters + batch * (inputs + outputs)) / bandwidth
    return (work, "work") if work > wait else (wait, "memory")


# %% wrong="layer-seconds" says="the word is not"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * (parameters + batch * (inputs + outputs)) / bandwidth
    return (work, "memory") if work >= wait else (wait, "work")


# %% wrong="layer-seconds" says="First the seconds"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * (parameters + batch * (inputs + outputs)) / bandwidth
    return ("work", work) if work >= wait else ("memory", wait)


# %% wrong="layer-seconds" says="What decides is asked for as well"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * (parameters + batch * (inputs + outputs)) / bandwidth
    return max(work, wait)


# %% wrong="layer-seconds" says="The seconds are asked for as well"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * (parameters + batch * (inputs + outputs)) / bandwidth
    return "work" if work >= wait else "memory"


# %% wrong="layer-seconds" says="once for the whole batch"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * batch * (parameters + inputs + outputs) / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="The work is done for every image"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = multiply_adds / rate
    wait = each * (parameters + batch * (inputs + outputs)) / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="outputs written for every image"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * (parameters + inputs + outputs) / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="The outputs have to be written"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * (parameters + batch * inputs) / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="The inputs have to be fetched"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * (parameters + batch * outputs) / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="Inputs and outputs move as well"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * parameters / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="The weights are fetched as well"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * batch * (inputs + outputs) / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="How many has a number"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = (parameters + batch * (inputs + outputs)) / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="use `each`"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = 4 * (parameters + batch * (inputs + outputs)) / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="outputs written for every image"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = each * (parameters + inputs + batch * outputs) / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="no factor of two"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = 2 * batch * multiply_adds / rate
    wait = each * (parameters + batch * (inputs + outputs)) / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="not bits"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / rate
    wait = 8 * each * (parameters + batch * (inputs + outputs)) / bandwidth
    return (work, "work") if work >= wait else (wait, "memory")


# %% wrong="layer-seconds" says="Rate belongs to the work"
def layer_seconds(
    parameters, inputs, outputs, multiply_adds, batch, rate, bandwidth, each=4
):
    work = batch * multiply_adds / bandwidth
    wait = each * (parameters + batch * (inputs + outputs)) / rate
    return (work, "work") if work >= wait else (wait, "memory")


# %% right="count-plan" style="functions"
import math


def options_of(line, words, allowed):
    found = {}
    for word in words:
        name, value = word[0], word[1:]
        if word == "nobias" and "nobias" in allowed:
            found["nobias"] = True
        elif name in allowed and value.isdigit():
            found[name] = int(value)
        else:
            raise ValueError(f"what is {word} in {line}?")
    return found


def placed(line, size, k, s, p):
    if len(size) != 3:
        raise ValueError(f"no places any more: {line}")
    found = []
    for n in size[1:]:
        if k > n + 2 * p:
            raise ValueError(f"too large: {line}")
        found.append((n + 2 * p - k) // s + 1)
    return found


def row_of(output, inputs, bias, maps):
    neurons = math.prod(output)
    weights = inputs + bias if inputs else 0
    return {
        "output": output,
        "weights_per_neuron": weights,
        "neurons": neurons,
        "connections": neurons * weights,
        "parameters": maps * weights,
        "multiply_adds": neurons * inputs,
    }


def count(plan):
    lines = [line.strip() for line in plan.splitlines()]
    lines = [line for line in lines if line]
    size = [int(word) for word in lines[0].split()[1:]]
    rows = []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind == "conv":
            maps, found = (
                int(words[0]),
                options_of(line, words[1:], "k s p g nobias".split()),
            )
            g = found.get("g", 1)
            high, wide = placed(
                line, size, found["k"], found.get("s", 1), found.get("p", 0)
            )
            if size[0] % g != 0 or maps % g != 0:
                raise ValueError(f"groups: {line}")
            inputs = found["k"] ** 2 * size[0] // g
            size = [maps, high, wide]
            rows.append(row_of(tuple(size), inputs, "nobias" not in found, maps))
        elif kind == "pool":
            found = options_of(line, words, "ksp")
            k = found["k"]
            high, wide = placed(line, size, k, found.get("s", k), found.get("p", 0))
            size = [size[0], high, wide]
            rows.append(row_of(tuple(size), 0, False, size[0]))
        elif kind == "dense":
            units, found = int(words[0]), options_of(line, words[1:], ["nobias"])
            rows.append(row_of((units,), math.prod(size), "nobias" not in found, units))
            size = [units]
        else:
            raise ValueError(f"I do not know {line}")
    return rows


# %% right="count-plan" style="regular expressions"
import re

FORMS = {
    "conv": r"conv (?P<m>\d+)( (k\d+|s\d+|p\d+|g\d+|nobias))+",
    "pool": r"pool( (k\d+|s\d+|p\d+))+",
    "dense": r"dense (?P<m>\d+)( nobias)?",
}


def count(plan):
    lines = [line.strip() for line in plan.split("\n") if line.strip() != ""]
    size = np.array(lines[0].split()[1:], dtype=int)
    rows = []
    for line in lines[1:]:
        form = FORMS.get(line.split()[0])
        match = form and re.fullmatch(form, line)
        if not match:
            raise ValueError("cannot read: " + line)
        option = dict(re.findall(r" ([kspg])(\d+)", line))
        option = {name: int(value) for name, value in option.items()}
        bias = int("nobias" not in line)
        m = int(match["m"]) if "m" in match.groupdict() else int(size[0])
        if "k" not in option:
            per, size = int(size.prod()) + bias, np.array([m])
        else:
            k, p, g = option["k"], option.get("p", 0), option.get("g", 1)
            pool = line[0] == "p"
            s = option.get("s", k if pool else 1)
            if len(size) == 1:
                raise ValueError("behind a dense layer: " + line)
            if size[0] % g or m % g:
                raise ValueError("groups do not divide: " + line)
            if (size[1:] + 2 * p < k).any():
                raise ValueError("does not fit: " + line)
            per = 0 if pool else k * k * int(size[0]) // g + bias
            size = np.array([m, *((size[1:] + 2 * p - k) // s + 1)])
            if pool:
                bias = 0
        n = size.prod()
        values = (size, per, n, n * per, m * per, n * (per - bias))
        names = "output weights_per_neuron neurons connections parameters multiply_adds"
        row = dict(zip(names.split(), values))
        row["output"] = tuple(int(one) for one in size)
        rows.append(row)
    return rows


# %% right="count-plan" style="stops"
def count(plan):
    shape, rows = None, ()
    for line in plan.splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] == "input":
            shape = tuple(int(word) for word in words[1:])
            continue
        rows += (one_row(line.strip(), words, shape),)
        shape = rows[-1]["output"]
    return rows


def one_row(line, words, shape):
    kind, numbers = words.pop(0), {"nobias": 0}
    if kind not in ("conv", "pool", "dense"):
        raise ValueError(line)
    maps = shape[0] if kind == "pool" else int(words.pop(0))
    for word in words:
        if word == "nobias" and kind != "pool":
            numbers["nobias"] = 1
        elif word[0] in {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]:
            try:
                numbers[word[0]] = int(word[1:])
            except ValueError:
                raise ValueError("this option: " + line)
        else:
            raise ValueError("this option: " + line)
    inputs, output = 1, (maps,)
    for n in shape:
        inputs *= n
    if kind != "dense":
        k, p, g = numbers["k"], numbers.get("p", 0), numbers.get("g", 1)
        step = numbers.get("s", 1 if kind == "conv" else k)
        if len(shape) < 3 or shape[0] % g > 0 or maps % g > 0:
            raise ValueError("impossible: " + line)
        for n in shape[1:]:
            stops = len(range(0, n + 2 * p - k + 1, step))
            if stops == 0:
                raise ValueError("impossible: " + line)
            output += (stops,)
        inputs = k * k * (shape[0] // g) if kind == "conv" else 0
    neurons = 1
    for n in output:
        neurons *= n
    weights = inputs + (kind != "pool" and not numbers["nobias"])
    return {
        "multiply_adds": neurons * inputs,
        "parameters": weights * maps,
        "connections": neurons * weights,
        "neurons": neurons,
        "weights_per_neuron": weights,
        "output": output,
    }


# %% wrong="count-plan" says="stride of a convolution is missing"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k) if kind == "pool" else 1
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="padding of a convolution is missing"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], (o.get("p", 0) if kind == "pool" else 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="padding of pooling is missing"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], (o.get("p", 0) if kind == "conv" else 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="it counts twice"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="The groups are missing"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0]
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="stride of pooling is its `k`"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="Pooling has a stride of its own"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", 1) if kind == "conv" else k
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="With `nobias` a convolution has none"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and (kind == "conv" or "nobias" not in words)
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="With `nobias` a dense layer has none"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and (kind == "dense" or "nobias" not in words)
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="A dense layer has biases"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind == "conv" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="Without `nobias` there is a bias"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind == "dense" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="A bias is no multiply-add"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * w,
            }
        )
    return rows


# %% wrong="count-plan" says="there is nothing to take off"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - (kind != "pool")),
            }
        )
    return rows


# %% wrong="count-plan" says="not even less than none"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - ("nobias" not in line)),
            }
        )
    return rows


# %% wrong="count-plan" says="share their parameters"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": n * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="parameters of its own"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="connections of its own"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": m * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="weights per neuron include the bias"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w - bias,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="Biases are connections, too"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * (w - bias),
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="one for each kernel"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * (w - bias),
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="maps come first"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size[1:] + size[:1]),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="with nothing behind it"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple((size + [1, 1])[:3]),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="height and width, in this order"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    size[1:] = size[:0:-1]
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="each has a size of its own"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + 2 * [(size[1] + 2 * p - k) // s + 1]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="The input is no layer"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return [{}] + rows


# %% wrong="count-plan" says="not only the last"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows[-1:]


# %% wrong="count-plan" says="A dictionary for each layer"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return [tuple(row.values()) for row in rows]


# %% wrong="count-plan" says="A list of dictionaries"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows[0]


# %% wrong="count-plan" says="is missing in a row"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "work": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="larger than what it gets, padding"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="larger than what it gets, padding"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > size[1] + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="must divide the channels"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="must divide the channels"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="there are no places any more"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            size = size if len(size) > 1 else [*size, 1, 1]
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="The word is not listed"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        words = [word for word in words if word[0] in known]
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="should contain the line"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: this cannot be")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: this cannot be")
        o = {word[0]: int(word[1:]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: this cannot be")
            if size[0] % g or m % g:
                raise ValueError(f"groups: this cannot be")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: this cannot be")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="may have two digits"
import math


def count(plan):
    lines = [line.strip() for line in plan.splitlines() if line.strip()]
    size, rows = [int(word) for word in lines[0].split()[1:]], []
    for line in lines[1:]:
        kind, *words = line.split()
        if kind not in ("conv", "pool", "dense"):
            raise ValueError(f"unknown: {line}")
        m = size[0] if kind == "pool" else int(words.pop(0))
        bias = kind != "pool" and "nobias" not in words
        if kind != "pool":
            words = [word for word in words if word != "nobias"]
        known = {"conv": "kspg", "pool": "ksp", "dense": ""}[kind]
        if any(word[0] not in known or not word[1:].isdigit() for word in words):
            raise ValueError(f"unknown option: {line}")
        o = {word[0]: int(word[1]) for word in words}
        if kind == "dense":
            inputs, size = math.prod(size), [m]
        else:
            k, p, g = o["k"], o.get("p", 0), o.get("g", 1)
            s = o.get("s", k if kind == "pool" else 1)
            if len(size) == 1:
                raise ValueError(f"no places: {line}")
            if size[0] % g or m % g:
                raise ValueError(f"groups: {line}")
            if k > min(size[1:]) + 2 * p:
                raise ValueError(f"too large: {line}")
            inputs = k * k * size[0] // g
            size = [m] + [(n + 2 * p - k) // s + 1 for n in size[1:]]
        n = math.prod(size)
        w = 0 if kind == "pool" else inputs + bias
        rows.append(
            {
                "output": tuple(size),
                "weights_per_neuron": w,
                "neurons": n,
                "connections": n * w,
                "parameters": m * w,
                "multiply_adds": n * (w - bias),
            }
        )
    return rows


# %% wrong="count-plan" says="does the work of this exercise"
from coursekit.anatomy import count_layers


def count(plan):
    lines = [line.split() for line in plan.splitlines() if line.strip()]
    size, rows = tuple(int(word) for word in lines[0][1:]), []
    for kind, number, *words in lines[1:]:
        layer = nn.Conv2d(size[0], int(number), int(words[0][1:]))
        [row] = count_layers(layer, size)
        rows.append(vars(row))
    return rows


# %% equivalent="three-totals" why="the order makes no difference here"
# - connections = sum((weights * neurons for weights, neurons, _ in layers))
# + connections = sum((weights * neurons for neurons, weights, _ in layers))


# %% equivalent="mend-row" why="the division leaves no rest"
# - maps = parameters // weights
# + maps = -(-parameters // weights)


# %% equivalent="mend-row" why="the root of a square is exact"
# - side = round((neurons / maps) ** 0.5)
# + side = round((neurons // maps) ** 0.5)


# %% equivalent="mend-row" why="the division leaves no rest"
# - weights = parameters // maps
# + weights = -(-parameters // maps)


# %% equivalent="mend-row" why="a right row is computed as it is"
# - elif broken == (False, False, True):
# + elif True:


# %% equivalent="count-plan" why="spaces around the line do no harm in a message"
# - first, *lines = (line.strip() for line in plan.splitlines() if line.strip())
# + first, *lines = (line for line in plan.splitlines() if line.strip())


# %% equivalent="count-plan" why="the division leaves no rest"
# - inputs, s = (k * k * shape[0] // g, options.get('s', k))
# + inputs, s = (-(-(k * k * shape[0]) // g), options.get('s', k))


# %% equivalent="three-totals" why="the order makes no difference here"
# - connections = sum((w * n for w, n, m in layers))
# + connections = sum((w * n for n, w, m in layers))


# %% equivalent="three-totals" why="a weight of 1 is a bias alone, without work"
# - work = sum(((w - 1) * n for w, n, m in layers if w > 0))
# + work = sum(((w - 1) * n for w, n, m in layers if w > 1))


# %% equivalent="three-totals" why="the order makes no difference here"
# - return ((w * m).sum(), (w * n).sum(), (np.maximum(w - 1, 0) * n).sum())
# + return ((w * m).sum(), (w * n).sum(), (np.maximum(0, w - 1) * n).sum())


# %% equivalent="three-totals" why="the same values in kin of their type"
# - return tuple(torch.stack([w @ m, w @ n, (w - 1).clamp(min=0) @ n]))
# + return tuple([w @ m, w @ n, (w - 1).clamp(min=0) @ n])


# %% equivalent="three-totals" why="the order makes no difference here"
# - return tuple(torch.stack([w @ m, w @ n, (w - 1).clamp(min=0) @ n]))
# + return tuple(torch.stack([m @ w, w @ n, (w - 1).clamp(min=0) @ n]))


# %% equivalent="three-totals" why="the order makes no difference here"
# - return tuple(torch.stack([w @ m, w @ n, (w - 1).clamp(min=0) @ n]))
# + return tuple(torch.stack([w @ m, n @ w, (w - 1).clamp(min=0) @ n]))


# %% equivalent="three-totals" why="the order makes no difference here"
# - return tuple(torch.stack([w @ m, w @ n, (w - 1).clamp(min=0) @ n]))
# + return tuple(torch.stack([w @ m, w @ n, n @ (w - 1).clamp(min=0)]))


# %% equivalent="mend-row" why="a row without a mistake falls through all branches"
# - if a and b and c:
# - return row
# + pass


# %% equivalent="mend-row" why="a row without a mistake falls through all branches"
# - if a and b and c:
# + if False:


# %% equivalent="mend-row" why="the division leaves no rest"
# - maps = parameters // w
# + maps = -(-parameters // w)


# %% equivalent="mend-row" why="the division leaves no rest"
# - w = parameters // maps
# + w = -(-parameters // maps)


# %% equivalent="mend-row" why="the root of a square is exact"
# - side = int((neurons // maps) ** 0.5 + 0.5)
# + side = int((neurons // maps) ** 0.5)


# %% equivalent="mend-row" why="the division leaves no rest"
# - side = int((neurons // maps) ** 0.5 + 0.5)
# + side = int((neurons / maps) ** 0.5 + 0.5)


# %% equivalent="mend-row" why="the division leaves no rest"
# - side = int((neurons // maps) ** 0.5 + 0.5)
# + side = int((-(-neurons // maps)) ** 0.5 + 0.5)


# %% equivalent="mend-row" why="a row without a mistake falls through all branches"
# - if good(row):
# - return list(row)
# + pass


# %% equivalent="mend-row" why="a row without a mistake falls through all branches"
# - if good(row):
# + if False:


# %% equivalent="mend-row" why="the same values in kin of their type"
# - return list(row)
# + return row


# %% equivalent="mend-row" why="the root of a square is exact"
# - better = [p // w, round((n / m) ** 0.5), p // m, m * s * s, n * w, m * w]
# + better = [-(-p // w), round((n / m) ** 0.5), p // m, m * s * s, n * w, m * w]


# %% equivalent="mend-row" why="the root of a square is exact"
# - better = [p // w, round((n / m) ** 0.5), p // m, m * s * s, n * w, m * w]
# + better = [p // w, round((n // m) ** 0.5), p // m, m * s * s, n * w, m * w]


# %% equivalent="mend-row" why="the root of a square is exact"
# - better = [p // w, round((n / m) ** 0.5), p // m, m * s * s, n * w, m * w]
# + better = [p // w, round((n / m) ** 0.5), -(-p // m), m * s * s, n * w, m * w]


# %% equivalent="mend-row" why="one of the six has worked before"
# - for place in range(6):
# + for place in range(7):


# %% equivalent="mend-row" why="the division leaves no rest"
# - fresh = (p // w, np.sqrt(n // m).round(), p // m, m * s * s, n * w, m * w)
# + fresh = (p / w, np.sqrt(n // m).round(), p // m, m * s * s, n * w, m * w)


# %% equivalent="mend-row" why="the division leaves no rest"
# - fresh = (p // w, np.sqrt(n // m).round(), p // m, m * s * s, n * w, m * w)
# + fresh = (-(-p // w), np.sqrt(n // m).round(), p // m, m * s * s, n * w, m * w)


# %% equivalent="mend-row" why="the root of a square is exact"
# - fresh = (p // w, np.sqrt(n // m).round(), p // m, m * s * s, n * w, m * w)
# + fresh = (p // w, np.sqrt(n // m), p // m, m * s * s, n * w, m * w)


# %% equivalent="mend-row" why="the division leaves no rest"
# - fresh = (p // w, np.sqrt(n // m).round(), p // m, m * s * s, n * w, m * w)
# + fresh = (p // w, np.sqrt(n / m).round(), p // m, m * s * s, n * w, m * w)


# %% equivalent="mend-row" why="the division leaves no rest"
# - fresh = (p // w, np.sqrt(n // m).round(), p // m, m * s * s, n * w, m * w)
# + fresh = (p // w, np.sqrt(-(-n // m)).round(), p // m, m * s * s, n * w, m * w)


# %% equivalent="mend-row" why="the division leaves no rest"
# - fresh = (p // w, np.sqrt(n // m).round(), p // m, m * s * s, n * w, m * w)
# + fresh = (p // w, np.sqrt(n // m).round(), p / m, m * s * s, n * w, m * w)


# %% equivalent="mend-row" why="the division leaves no rest"
# - fresh = (p // w, np.sqrt(n // m).round(), p // m, m * s * s, n * w, m * w)
# + fresh = (p // w, np.sqrt(n // m).round(), -(-p // m), m * s * s, n * w, m * w)


# %% equivalent="bytes-needed" why="the order makes no difference here"
# - most = max((a + b for a, b in zip(sizes, sizes[1:])))
# + most = max((a + b for b, a in zip(sizes, sizes[1:])))


# %% equivalent="bytes-needed" why="the order makes no difference here"
# - most = max((a + b for a, b in zip(sizes, sizes[1:])))
# + most = max((a + b for a, b in zip(sizes[1:], sizes)))


# %% equivalent="bytes-needed" why="some pair is larger"
# - numbers, most = (0, 0)
# + numbers, most = (0, 1)


# %% equivalent="bytes-needed" why="some pair is larger"
# - numbers, most = (0, 0)
# + numbers, most = (0, -1)


# %% equivalent="bytes-needed" why="the order makes no difference here"
# - most = max(most, sizes[number] + sizes[number + 1])
# + most = max(sizes[number] + sizes[number + 1], most)


# %% equivalent="layer-seconds" why="the order makes no difference here"
# - return (max(work, wait), 'memory' if wait > work else 'work')
# + return (max(wait, work), 'memory' if wait > work else 'work')


# %% equivalent="layer-seconds" why="the same values in kin of their type"
# - times = np.array([batch * multiply_adds / rate, each * numbers / bandwidth])
# + times = [batch * multiply_adds / rate, each * numbers / bandwidth]


# %% equivalent="layer-seconds" why="the same values in kin of their type"
# - slower = int(np.argmax(times))
# + slower = np.argmax(times)


# %% equivalent="layer-seconds" why="the same values in kin of their type"
# - return (np.float32(times[slower]), ('work', 'memory')[slower])
# + return (times[slower], ('work', 'memory')[slower])


# %% equivalent="layer-seconds" why="the numbers are exact enough in float32"
# - work = torch.tensor(batch * multiply_adds / rate, dtype=torch.float64)
# + work = torch.tensor(batch * multiply_adds / rate)


# %% equivalent="layer-seconds" why="the numbers are exact enough in float32"
# - wait = torch.tensor(each * numbers / bandwidth, dtype=torch.float64)
# + wait = torch.tensor(each * numbers / bandwidth)


# %% equivalent="layer-seconds" why="the order makes no difference here"
# - return (torch.maximum(work, wait), 'work' if work >= wait else 'memory')
# + return (torch.maximum(wait, work), 'work' if work >= wait else 'memory')


# %% equivalent="count-plan" why="only whether the key is there counts"
# - found['nobias'] = True
# + found['nobias'] = False


# %% equivalent="count-plan" why="pooling is called without a bias"
# - weights = inputs + bias if inputs else 0
# + weights = inputs + bias


# %% equivalent="count-plan" why="pooling is called without a bias"
# - weights = inputs + bias if inputs else 0
# + weights = inputs + bias if output else 0


# %% equivalent="count-plan" why="pooling is called without a bias"
# - weights = inputs + bias if inputs else 0
# + weights = inputs + bias if maps else 0


# %% equivalent="count-plan" why="the division leaves no rest"
# - inputs = found['k'] ** 2 * size[0] // g
# + inputs = -(-(found['k'] ** 2 * size[0]) // g)


# %% equivalent="count-plan" why="the same values in kin of their type"
# - rows.append(row_of(tuple(size), inputs, 'nobias' not in found, maps))
# + rows.append(row_of(size, inputs, 'nobias' not in found, maps))


# %% equivalent="count-plan" why="False is 0"
# - rows.append(row_of(tuple(size), 0, False, size[0]))
# + rows.append(row_of(tuple(size), False, 0, size[0]))


# %% equivalent="count-plan" why="pooling has no weights, whatever they are multiplied with"
# - rows.append(row_of(tuple(size), 0, False, size[0]))
# + rows.append(row_of(tuple(size), 0, size[0], False))


# %% equivalent="count-plan" why="the same values in kin of their type"
# - rows.append(row_of(tuple(size), 0, False, size[0]))
# + rows.append(row_of(size, 0, False, size[0]))


# %% equivalent="count-plan" why="pooling has no weights, whatever they are multiplied with"
# - rows.append(row_of(tuple(size), 0, False, size[0]))
# + rows.append(row_of(tuple(size), 0, True, size[0]))


# %% equivalent="count-plan" why="pooling has no weights, whatever they are multiplied with"
# - rows.append(row_of(tuple(size), 0, False, size[0]))
# + rows.append(row_of(tuple(size), 0, False, size[1]))


# %% equivalent="count-plan" why="pooling has no weights, whatever they are multiplied with"
# - rows.append(row_of(tuple(size), 0, False, size[0]))
# + rows.append(row_of(tuple(size), 0, False, size[-1]))


# %% equivalent="count-plan" why="the same values in kin of their type"
# - bias = int('nobias' not in line)
# + bias = 'nobias' not in line


# %% equivalent="count-plan" why="the same values in kin of their type"
# - m = int(match['m']) if 'm' in match.groupdict() else int(size[0])
# + m = int(match['m']) if 'm' in match.groupdict() else size[0]


# %% equivalent="count-plan" why="the same values in kin of their type"
# - per, size = (int(size.prod()) + bias, np.array([m]))
# + per, size = (size.prod() + bias, np.array([m]))


# %% equivalent="count-plan" why="the division leaves no rest"
# - per = 0 if pool else k * k * int(size[0]) // g + bias
# + per = 0 if pool else -(-(k * k * int(size[0])) // g) + bias


# %% equivalent="count-plan" why="the same values in kin of their type"
# - per = 0 if pool else k * k * int(size[0]) // g + bias
# + per = 0 if pool else k * k * size[0] // g + bias


# %% equivalent="count-plan" why="the same values in kin of their type"
# - row['output'] = tuple((int(one) for one in size))
# + row['output'] = tuple((one for one in size))


# %% equivalent="count-plan" why="spaces around the line do no harm in a message"
# - rows += (one_row(line.strip(), words, shape),)
# + rows += (one_row(line, words, shape),)


# %% equivalent="count-plan" why="the order makes no difference here"
# - if kind not in ('conv', 'pool', 'dense'):
# + if kind not in ('pool', 'conv', 'dense'):


# %% equivalent="count-plan" why="the order makes no difference here"
# - if kind not in ('conv', 'pool', 'dense'):
# + if kind not in ('conv', 'dense', 'pool'):


# %% equivalent="count-plan" why="any number but 0 does"
# - numbers['nobias'] = 1
# + numbers['nobias'] = 2


# %% equivalent="count-plan" why="a shape has one number or three"
# - if len(shape) < 3 or shape[0] % g > 0 or maps % g > 0:
# + if len(shape) < 2 or shape[0] % g > 0 or maps % g > 0:


# %% equivalent="count-plan" why="the division leaves no rest"
# - inputs = k * k * (shape[0] // g) if kind == 'conv' else 0
# + inputs = k * k * -(-shape[0] // g) if kind == 'conv' else 0
