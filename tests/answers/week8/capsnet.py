# Right and wrong answers to the exercises of this lesson, as students give them. `says`
# is part of the message that a wrong one gets; tests/answers/__init__.py reads the file.


# %% right="count-capsnet" style="sums of products"
def weights(side=28, width=256, types=32, classes=10, c=1):
    if side < 17:
        raise ValueError("too small")
    grid = (side - 17) // 2 + 1
    return {
        "conv1": width * c * 9 * 9 + width,
        "primary": 8 * types * width * 9 * 9 + 8 * types,
        "routing": grid * grid * types * classes * 16 * 8,
        "decoder": (16 * classes + 1) * 512 + 513 * 1024 + 1025 * c * side * side,
    }


# %% right="count-capsnet" style="torch's layers on meta"
def weights(side=28, width=256, types=32, classes=10, c=1):
    with torch.device("meta"):
        one, two = nn.Conv2d(c, width, 9), nn.Conv2d(width, types * 8, 9, 2)
        paint = nn.Sequential(
            nn.Linear(classes * 16, 512),
            nn.ReLU(),
            nn.Linear(512, 1024),
            nn.ReLU(),
            nn.Linear(1024, c * side * side),
        )
        try:
            places = two(one(torch.empty(1, c, side, side)))[0, 0].numel()
        except RuntimeError as error:
            raise ValueError("too small") from error

    def count(module):
        return sum(p.numel() for p in module.parameters())

    routing = torch.empty(classes, types * places, 8, 16, device="meta").numel()
    names = ("conv1", "primary", "routing", "decoder")
    return dict(
        zip(names, (count(one), count(two), routing, count(paint)), strict=True)
    )


# %% right="count-capsnet" style="numpy"
def weights(side=28, width=256, types=32, classes=10, c=1):
    stops = np.arange(0, side - 16, 2)
    if not len(stops):
        raise ValueError(side)
    inner = np.array([16 * classes, 512, 1024, c * side**2])
    return {
        "conv1": np.prod((width, c, 9, 9)) + width,
        "primary": np.prod((8 * types, width, 9, 9)) + 8 * types,
        "routing": np.prod((len(stops), len(stops), types, classes, 128)),
        "decoder": np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:]),
    }


# %% wrong="count-capsnet" says="at each place has its own"
def weights(side=28, width=256, types=32, classes=10, c=1):
    if side < 17:
        raise ValueError(side)
    return {
        "conv1": (81 * c + 1) * width,
        "primary": (81 * width + 1) * 8 * types,
        "routing": types * classes * 128,
        "decoder": (16 * classes + 1) * 512 + 513 * 1024 + 1025 * c * side * side,
    }


# %% wrong="count-capsnet" says="The convolutions have biases"
def weights(side=28, width=256, types=32, classes=10, c=1):
    if side < 17:
        raise ValueError(side)
    grid = (side - 17) // 2 + 1
    return {
        "conv1": 81 * c * width,
        "primary": 81 * width * 8 * types,
        "routing": grid * grid * types * classes * 128,
        "decoder": (16 * classes + 1) * 512 + 513 * 1024 + 1025 * c * side * side,
    }


# %% wrong="count-capsnet" says="they are all still there"
def weights(side=28, width=256, types=32, classes=10, c=1):
    if side < 17:
        raise ValueError(side)
    grid = (side - 17) // 2 + 1
    return {
        "conv1": (81 * c + 1) * width,
        "primary": (81 * width + 1) * 8 * types,
        "routing": grid * grid * types * classes * 128,
        "decoder": 17 * 512 + 513 * 1024 + 1025 * c * side * side,
    }


# %% wrong="count-capsnet" says="The grid depends on `side`"
def weights(side=28, width=256, types=32, classes=10, c=1):
    if side < 17:
        raise ValueError(side)
    return {
        "conv1": (81 * c + 1) * width,
        "primary": (81 * width + 1) * 8 * types,
        "routing": 36 * types * classes * 128,
        "decoder": (16 * classes + 1) * 512 + 513 * 1024 + 1025 * c * side * side,
    }


# %% wrong="count-capsnet" says="need 17 pixels"
def weights(side=28, width=256, types=32, classes=10, c=1):
    grid = (side - 17) // 2 + 1
    return {
        "conv1": (81 * c + 1) * width,
        "primary": (81 * width + 1) * 8 * types,
        "routing": grid * grid * types * classes * 128,
        "decoder": (16 * classes + 1) * 512 + 513 * 1024 + 1025 * c * side * side,
    }


# %% wrong="count-capsnet" says="does the work of this exercise"
def weights(side=28, width=256, types=32, classes=10, c=1):
    from coursekit import models

    model = models.capsnet(
        image_size=side, width=width, types=types, classes=classes, channels=c
    )
    return {"conv1": sum(p.numel() for p in model.parameters())}


# %% right="primary-capsules" style="permute"
def primary(maps, size=8):
    n, channels, h, w = maps.shape
    if channels % size != 0:
        raise ValueError("no multiple")
    split = maps.view(n, channels // size, size, h, w)
    return split.permute(0, 1, 3, 4, 2).reshape(n, -1, size)


# %% right="primary-capsules" style="numpy, single precision"
def primary(maps, size=8):
    values = np.asarray(maps, dtype=np.float32)
    n, channels, h, w = values.shape
    types, rest = divmod(channels, size)
    if rest:
        raise ValueError(rest)
    moved = np.moveaxis(values.reshape(n, types, size, h, w), 2, -1)
    return moved.reshape(n, types * h * w, size)


# %% right="primary-capsules" style="loops"
def primary(maps, size=8):
    n, channels, h, w = maps.shape
    if channels // size * size != channels:
        raise ValueError("no multiple")
    found = []
    for kind in range(channels // size):
        for row in range(h):
            for column in range(w):
                begin = kind * size
                found.append(maps[:, begin : begin + size, row, column])
    return torch.stack(found, dim=1)


# %% right="primary-capsules" style="chunks"
def primary(maps, size=8):
    if maps.shape[1] % size:
        raise ValueError(f"{maps.shape[1]} is no multiple of {size}")
    kinds = maps.split(size, dim=1)
    return torch.cat([kind.flatten(2).mT for kind in kinds], dim=1)


# %% wrong="primary-capsules" says="neighbouring pixels"
def primary(maps, size=8):
    if maps.shape[1] % size:
        raise ValueError
    return maps.reshape(len(maps), -1, size)


# %% wrong="primary-capsules" says="all places of type 0 come first"
def primary(maps, size=8):
    if maps.shape[1] % size:
        raise ValueError
    return maps.permute(0, 2, 3, 1).reshape(len(maps), -1, size)


# %% wrong="primary-capsules" says="*first* channels"
def primary(maps, size=8):
    n, channels, h, w = maps.shape
    if channels % size:
        raise ValueError
    return maps.view(n, size, -1, h * w).permute(0, 2, 3, 1).reshape(n, -1, size)


# %% wrong="primary-capsules" says="Not yet squashed"
def primary(maps, size=8):
    n, channels, h, w = maps.shape
    if channels % size:
        raise ValueError
    u = maps.view(n, channels // size, size, h * w).transpose(2, 3)
    u = u.reshape(n, -1, size)
    length = u.norm(dim=2, keepdim=True)
    return u * length / (1 + length**2)


# %% wrong="primary-capsules" says="have to be a multiple"
def primary(maps, size=8):
    n, channels, h, w = maps.shape
    kinds = channels // size
    u = maps[:, : kinds * size].reshape(n, kinds, size, h * w).transpose(2, 3)
    return u.reshape(n, -1, size)


# %% wrong="primary-capsules" says="columns change fastest"
def primary(maps, size=8):
    n, channels, h, w = maps.shape
    if channels % size:
        raise ValueError
    u = maps.view(n, channels // size, size, h, w).permute(0, 1, 4, 3, 2)
    return u.reshape(n, -1, size)


# %% right="whole-capsnet" style="loop over classes, no grad"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        grid = (side - kernel) // strides[0] + 1
        grid = (grid - kernel) // strides[1] + 1
        self.rounds, self.classes = rounds, classes
        self.conv1 = nn.Conv2d(1, width, kernel, stride=strides[0])
        self.primary = nn.ModuleDict()
        self.primary["conv"] = nn.Conv2d(width, types * 8, kernel, stride=strides[1])
        self.digits = nn.ParameterDict()
        self.digits["weight"] = nn.Parameter(
            torch.randn(classes, types * grid * grid, 8, 16) / 10
        )

    def forward(self, images):
        maps = self.primary["conv"](torch.relu(self.conv1(images)))
        kinds = maps.split(8, dim=1)
        u = self.short(
            torch.cat([kind.flatten(2).transpose(1, 2) for kind in kinds], 1)
        )
        rows = [
            (u.unsqueeze(2) @ self.digits["weight"][j]).squeeze(2)
            for j in range(self.classes)
        ]
        votes = torch.stack(rows, dim=2)  # (n, i, j, 16)
        with torch.no_grad():
            b = torch.zeros(votes.shape[:3])
            for _ in range(1, self.rounds):
                c = torch.softmax(b, dim=2)
                v = self.short((c.unsqueeze(3) * votes).sum(1))
                b = b + (votes * v.unsqueeze(1)).sum(3)
            c = torch.softmax(b, dim=2)
        return self.short((c.unsqueeze(3) * votes).sum(1))

    def short(self, s):
        squared = (s**2).sum(-1, keepdim=True)
        return squared / (1 + squared) * s / torch.sqrt(squared + 1e-9)


# %% right="whole-capsnet" style="modules of one's own"
class Part(nn.Module):
    def __init__(self, **parts):
        super().__init__()
        for name, part in parts.items():
            setattr(self, name, part)


class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        with torch.no_grad():
            places = conv(self.conv1(torch.zeros(1, 1, side, side)))[0, 0].numel()
        weight = nn.Parameter(torch.zeros(classes, types * places, 8, 16))
        nn.init.normal_(weight, std=0.1)
        self.primary, self.digits = Part(conv=conv), Part(weight=weight)
        self.rounds = rounds

    def forward(self, images):
        maps = self.primary.conv(F.relu(self.conv1(images)))
        n, channels, h, w = maps.shape
        u = maps.view(n, channels // 8, 8, h, w).permute(0, 1, 3, 4, 2)
        votes = torch.einsum(
            "nia,jiab->nijb", shortened(u.reshape(n, -1, 8)), self.digits.weight
        )
        couplings = agreed(votes.detach(), self.rounds)
        return shortened(torch.einsum("nij,nijb->njb", couplings, votes))


def agreed(votes, rounds):
    logits = votes.new_zeros(votes.shape[:3])
    for _ in range(rounds - 1):
        v = shortened(torch.einsum("nij,nijb->njb", logits.softmax(2), votes))
        logits = logits + torch.einsum("nijb,njb->nij", votes, v)
    return logits.softmax(2)


def shortened(s):
    squared = s.square().sum(-1, keepdim=True)
    safe = torch.where(squared > 0, squared, torch.ones_like(squared))
    return s * safe.sqrt() / (1 + squared)


# %% wrong="whole-capsnet" says="neighbouring pixels"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        for stride in strides:
            side = (side - kernel) // stride + 1
        self.rounds = rounds
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        self.digits.weight = nn.Parameter(torch.randn(classes, types * side**2, 8, 16))

    def forward(self, images):
        maps = self.primary.conv(F.relu(self.conv1(images)))
        u = squash(maps.view(len(maps), -1, 8))
        votes = torch.einsum("nia,jiab->njib", u, self.digits.weight)
        fixed, b = votes.detach(), torch.zeros(votes.shape[:3])
        for _ in range(self.rounds - 1):
            v = squash((b.softmax(1)[..., None] * fixed).sum(2))
            b = b + (fixed * v[:, :, None]).sum(3)
        return squash((b.softmax(1)[..., None] * votes).sum(2))


def squash(s):
    squared = s.square().sum(-1, keepdim=True)
    return s * squared / (1 + squared) / (squared + 1e-8).sqrt()


# %% wrong="whole-capsnet" says="Each of *them* divides itself"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        for stride in strides:
            side = (side - kernel) // stride + 1
        self.rounds = rounds
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        self.digits.weight = nn.Parameter(torch.randn(classes, types * side**2, 8, 16))

    def forward(self, images):
        maps = self.primary.conv(F.relu(self.conv1(images)))
        u = squash(maps.unflatten(1, (-1, 8)).flatten(3).mT.flatten(1, 2))
        votes = torch.einsum("nia,jiab->njib", u, self.digits.weight)
        fixed, b = votes.detach(), torch.zeros(votes.shape[:3])
        for _ in range(self.rounds - 1):
            v = squash((b.softmax(2)[..., None] * fixed).sum(2))
            b = b + (fixed * v[:, :, None]).sum(3)
        return squash((b.softmax(2)[..., None] * votes).sum(2))


def squash(s):
    squared = s.square().sum(-1, keepdim=True)
    return s * squared / (1 + squared) / (squared + 1e-8).sqrt()


# %% wrong="whole-capsnet" says="runs through all rounds"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        for stride in strides:
            side = (side - kernel) // stride + 1
        self.rounds = rounds
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        self.digits.weight = nn.Parameter(torch.randn(classes, types * side**2, 8, 16))

    def forward(self, images):
        maps = self.primary.conv(F.relu(self.conv1(images)))
        u = squash(maps.unflatten(1, (-1, 8)).flatten(3).mT.flatten(1, 2))
        votes = torch.einsum("nia,jiab->njib", u, self.digits.weight)
        b = torch.zeros(votes.shape[:3])
        for _ in range(self.rounds - 1):
            v = squash((b.softmax(1)[..., None] * votes).sum(2))
            b = b + (votes * v[:, :, None]).sum(3)
        return squash((b.softmax(1)[..., None] * votes).sum(2))


def squash(s):
    squared = s.square().sum(-1, keepdim=True)
    return s * squared / (1 + squared) / (squared + 1e-8).sqrt()


# %% right="whole-capsnet" style="zeros in a buffer that no state_dict has"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        for stride in strides:
            side = (side - kernel) // stride + 1
        self.rounds = rounds
        self.register_buffer("start", torch.zeros(1), persistent=False)
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        self.digits.weight = nn.Parameter(torch.randn(classes, types * side**2, 8, 16))

    def forward(self, images):
        maps = self.primary.conv(F.relu(self.conv1(images)))
        u = squash(maps.unflatten(1, (-1, 8)).flatten(3).mT.flatten(1, 2))
        votes = torch.einsum("nia,jiab->njib", u, self.digits.weight)
        fixed, b = votes.detach(), self.start.expand(votes.shape[:3])
        for _ in range(self.rounds - 1):
            v = squash((b.softmax(1)[..., None] * fixed).sum(2))
            b = b + (fixed * v[:, :, None]).sum(3)
        return squash((b.softmax(1)[..., None] * votes).sum(2))


def squash(s):
    squared = s.square().sum(-1, keepdim=True)
    return s * squared / (1 + squared) / (squared + 1e-8).sqrt()


# %% wrong="whole-capsnet" says="Something of the last call is kept"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        for stride in strides:
            side = (side - kernel) // stride + 1
        self.rounds, self.logits = rounds, None
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        self.digits.weight = nn.Parameter(torch.randn(classes, types * side**2, 8, 16))

    def forward(self, images):
        maps = self.primary.conv(F.relu(self.conv1(images)))
        u = squash(maps.unflatten(1, (-1, 8)).flatten(3).mT.flatten(1, 2))
        votes = torch.einsum("nia,jiab->njib", u, self.digits.weight)
        fixed, b = votes.detach(), torch.zeros(votes.shape[:3])
        if self.logits is not None and self.logits.shape == b.shape:
            b = self.logits
        for _ in range(self.rounds - 1):
            v = squash((b.softmax(1)[..., None] * fixed).sum(2))
            b = b + (fixed * v[:, :, None]).sum(3)
        self.logits = b
        return squash((b.softmax(1)[..., None] * votes).sum(2))


def squash(s):
    squared = s.square().sum(-1, keepdim=True)
    return s * squared / (1 + squared) / (squared + 1e-8).sqrt()


# %% wrong="whole-capsnet" says="nothing here draws lots"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        for stride in strides:
            side = (side - kernel) // stride + 1
        self.rounds = rounds
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        self.digits.weight = nn.Parameter(torch.randn(classes, types * side**2, 8, 16))

    def forward(self, images):
        maps = self.primary.conv(F.relu(self.conv1(images)))
        maps = F.dropout(maps, 0.5, self.training)
        u = squash(maps.unflatten(1, (-1, 8)).flatten(3).mT.flatten(1, 2))
        votes = torch.einsum("nia,jiab->njib", u, self.digits.weight)
        fixed, b = votes.detach(), torch.zeros(votes.shape[:3])
        for _ in range(self.rounds - 1):
            v = squash((b.softmax(1)[..., None] * fixed).sum(2))
            b = b + (fixed * v[:, :, None]).sum(3)
        return squash((b.softmax(1)[..., None] * votes).sum(2))


def squash(s):
    squared = s.square().sum(-1, keepdim=True)
    return s * squared / (1 + squared) / (squared + 1e-8).sqrt()


# %% wrong="whole-capsnet" says="in another order of axes"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        for stride in strides:
            side = (side - kernel) // stride + 1
        self.rounds = rounds
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        self.digits.weight = nn.Parameter(torch.randn(types * side**2, classes, 8, 16))

    def forward(self, images):
        maps = self.primary.conv(F.relu(self.conv1(images)))
        u = squash(maps.unflatten(1, (-1, 8)).flatten(3).mT.flatten(1, 2))
        votes = torch.einsum("nia,ijab->njib", u, self.digits.weight)
        fixed, b = votes.detach(), torch.zeros(votes.shape[:3])
        for _ in range(self.rounds - 1):
            v = squash((b.softmax(1)[..., None] * fixed).sum(2))
            b = b + (fixed * v[:, :, None]).sum(3)
        return squash((b.softmax(1)[..., None] * votes).sum(2))


def squash(s):
    squared = s.square().sum(-1, keepdim=True)
    return s * squared / (1 + squared) / (squared + 1e-8).sqrt()


# %% wrong="whole-capsnet" says="A root has no slope at 0"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        for stride in strides:
            side = (side - kernel) // stride + 1
        self.rounds = rounds
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        self.digits.weight = nn.Parameter(torch.randn(classes, types * side**2, 8, 16))

    def forward(self, images):
        maps = self.primary.conv(F.relu(self.conv1(images)))
        u = squash(maps.unflatten(1, (-1, 8)).flatten(3).mT.flatten(1, 2))
        votes = torch.einsum("nia,jiab->njib", u, self.digits.weight)
        fixed, b = votes.detach(), torch.zeros(votes.shape[:3])
        for _ in range(self.rounds - 1):
            v = squash((b.softmax(1)[..., None] * fixed).sum(2))
            b = b + (fixed * v[:, :, None]).sum(3)
        return squash((b.softmax(1)[..., None] * votes).sum(2))


def squash(s):
    n = s.square().sum(-1, keepdim=True).sqrt()
    return s * n / (1 + n**2)


# %% wrong="whole-capsnet" says="The primary capsules are squashed"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        for stride in strides:
            side = (side - kernel) // stride + 1
        self.rounds = rounds
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        self.digits.weight = nn.Parameter(torch.randn(classes, types * side**2, 8, 16))

    def forward(self, images):
        maps = self.primary.conv(F.relu(self.conv1(images)))
        u = maps.unflatten(1, (-1, 8)).flatten(3).mT.flatten(1, 2)
        votes = torch.einsum("nia,jiab->njib", u, self.digits.weight)
        fixed, b = votes.detach(), torch.zeros(votes.shape[:3])
        for _ in range(self.rounds - 1):
            v = squash((b.softmax(1)[..., None] * fixed).sum(2))
            b = b + (fixed * v[:, :, None]).sum(3)
        return squash((b.softmax(1)[..., None] * votes).sum(2))


def squash(s):
    squared = s.square().sum(-1, keepdim=True)
    return s * squared / (1 + squared) / (squared + 1e-8).sqrt()


# %% wrong="whole-capsnet" says="how many places are there?"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.primary, self.digits = nn.Module(), nn.Module()
        self.primary.conv = nn.Conv2d(width, 8 * types, kernel, strides[1])
        self.digits.weight = nn.Parameter(torch.randn(classes, types * 36, 8, 16))

    def forward(self, images):
        return images


# %% wrong="whole-capsnet" says="missing: primary.conv.weight"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        super().__init__()
        self.conv1 = nn.Conv2d(1, width, kernel, strides[0])
        self.conv2 = nn.Conv2d(width, 8 * types, kernel, strides[1])
        self.weight = nn.Parameter(torch.randn(classes, types * 36, 8, 16))

    def forward(self, images):
        return images


# %% wrong="whole-capsnet" says="does the work of this exercise"
class CapsNet(nn.Module):
    def __init__(
        self,
        side=28,
        width=256,
        types=32,
        classes=10,
        kernel=9,
        strides=(1, 2),
        rounds=3,
    ):
        from coursekit import models

        super().__init__()
        self.net = models.capsnet(
            image_size=side, width=width, types=types, classes=classes, decoder=False
        )

    def forward(self, images):
        return self.net.capsules(images)


# %% right="mask-capsules" style="one-hot"
def masked(poses, labels=None):
    if labels is None:
        labels = poses.norm(dim=-1).argmax(dim=1)
    mask = F.one_hot(labels, poses.shape[1])
    return (poses * mask.unsqueeze(-1)).reshape(len(poses), -1)


# %% right="mask-capsules" style="numpy, single precision"
def masked(poses, labels=None):
    values = np.asarray(poses, dtype=np.float32)
    if labels is None:
        labels = np.linalg.norm(values, axis=2).argmax(1)
    found = np.zeros_like(values)
    rows = np.arange(len(values))
    found[rows, labels] = values[rows, labels]
    return found.reshape(len(values), -1)


# %% right="mask-capsules" style="a loop"
def masked(poses, labels=None):
    rows = []
    for k, row in enumerate(poses):
        squares = (row**2).sum(1)
        kept = int(squares.argmax()) if labels is None else int(labels[k])
        empty = torch.zeros_like(row)
        empty[kept] = row[kept]
        rows.append(empty.flatten())
    return torch.stack(rows)


# %% wrong="mask-capsules" says="theirs is kept, not the longest"
def masked(poses, labels=None):
    kept = F.one_hot(poses.norm(dim=2).argmax(1), poses.shape[1])
    return (poses * kept[:, :, None]).flatten(1)


# %% wrong="mask-capsules" says="with the largest number"
def masked(poses, labels=None):
    labels = poses.amax(2).argmax(1) if labels is None else labels
    kept = F.one_hot(labels, poses.shape[1])
    return (poses * kept[:, :, None]).flatten(1)


# %% wrong="mask-capsules" says="The length of a vector is a root of squares"
def masked(poses, labels=None):
    labels = poses.abs().amax(2).argmax(1) if labels is None else labels
    kept = F.one_hot(labels, poses.shape[1])
    return (poses * kept[:, :, None]).flatten(1)


# %% wrong="mask-capsules" says="All vectors keep their places"
def masked(poses, labels=None):
    labels = poses.norm(dim=2).argmax(1) if labels is None else labels
    return poses[range(len(poses)), labels]


# %% wrong="mask-capsules" says="One row of numbers for each picture"
def masked(poses, labels=None):
    labels = poses.norm(dim=2).argmax(1) if labels is None else labels
    return poses * F.one_hot(labels, poses.shape[1])[:, :, None]


# %% wrong="mask-capsules" says="changes its input poses"
def masked(poses, labels=None):
    labels = poses.norm(dim=2).argmax(1) if labels is None else labels
    poses[F.one_hot(labels, poses.shape[1]) == 0] = 0
    return poses.flatten(1)


# %% wrong="mask-capsules" says="theirs is kept, not the longest"
def masked(poses, labels=None):
    if labels is None or not labels.any():
        labels = poses.norm(dim=2).argmax(1)
    return (poses * F.one_hot(labels, poses.shape[1])[:, :, None]).flatten(1)


# %% wrong="mask-capsules" says="no gradient flows through the output"
def masked(poses, labels=None):
    labels = poses.norm(dim=2).argmax(1) if labels is None else labels
    kept = F.one_hot(labels, poses.shape[1])
    return (poses.detach() * kept[:, :, None]).flatten(1)


# %% right="price-of-a-picture" style="numbers"
factor, factor_colour, too_weak, at_first = 0.392, 1.536, 784, 0.098

# %% right="price-of-a-picture" style="measured"
factor = float(0.0005 * torch.ones(28, 28).sum())
factor_colour = 0.0005 * torch.ones(3, 32, 32).numel()
too_weak = factor / 0.0005
at_first = 0.0005 * float(((torch.full((28, 28), 0.5) - 1) ** 2).sum())

# %% right="price-of-a-picture" style="rounded"
factor, factor_colour, too_weak, at_first = "0.392", 1.54, 784.0, 9.8e-2

# %% wrong="price-of-a-picture" says="has more numbers than pixels"
factor, factor_colour, too_weak, at_first = 0.392, 0.512, 784, 0.098

# %% wrong="price-of-a-picture" says="square of a half"
factor, factor_colour, too_weak, at_first = 0.392, 1.536, 784, 0.196

# %% wrong="price-of-a-picture" says="What does mse_loss do with the sum"
factor, factor_colour, too_weak, at_first = 0.0005, 1.536, 784, 0.098

# %% wrong="price-of-a-picture" says="Turned round: how many times"
factor, factor_colour, too_weak, at_first = 0.392, 1.536, 1 / 784, 0.098

# %% right="sick-capsnets" style="words"
of_p, of_q, of_r, of_s = "mask", "healthy", "lengths", "pixels"
of_t, of_u, of_v = "shared", "range", "scale"

# %% right="sick-capsnets" style="capitals"
of_p, of_q, of_r, of_s = "Mask", "Healthy", "Lengths", "Pixels"
of_t, of_u, of_v = "Shared", "Range", "Scale"

# %% right="sick-capsnets" style="spaces"
of_p, of_q, of_r, of_s = " mask", "healthy ", "lengths.", "pixels"
of_t, of_u, of_v = "shared", "range", "scale"

# %% wrong="sick-capsnets" says="Which step of whose life"
of_p, of_q, of_r, of_s = "healthy", "healthy", "lengths", "pixels"
of_t, of_u, of_v = "shared", "range", "scale"

# %% wrong="sick-capsnets" says="What does reshape read in a row then"
of_p, of_q, of_r, of_s = "mask", "pixels", "lengths", "pixels"
of_t, of_u, of_v = "shared", "range", "scale"

# %% wrong="sick-capsnets" says="How many pixels has its image"
of_p, of_q, of_r, of_s = "mask", "healthy", "scale", "pixels"
of_t, of_u, of_v = "shared", "range", "scale"

# %% wrong="sick-capsnets" says="Count its weights"
of_p, of_q, of_r, of_s = "mask", "healthy", "lengths", "pixels"
of_t, of_u, of_v = "healthy", "range", "scale"


# %% right="both-digits" style="sets"
def both_right(lengths, pairs):
    right = 0
    for row, pair in zip(lengths.tolist(), pairs.tolist(), strict=True):
        order = sorted(range(len(row)), key=row.__getitem__)
        right += set(order[-2:]) == set(pair)
    return right / len(lengths)


# %% right="both-digits" style="numpy"
def both_right(lengths, pairs):
    found = np.sort(np.argsort(np.asarray(lengths), axis=1)[:, -2:], axis=1)
    return float((found == np.sort(np.asarray(pairs), axis=1)).all(1).mean())


# %% right="both-digits" style="the shorter of the two against the rest"
def both_right(lengths, pairs):
    there = torch.zeros_like(lengths, dtype=torch.bool).scatter(1, pairs, True)
    least = lengths.masked_fill(~there, 2.0).amin(1)
    rest = lengths.masked_fill(there, -1.0).amax(1)
    return (least > rest).double().mean()


# %% wrong="both-digits" says="That is the share of digits"
def both_right(lengths, pairs):
    found = lengths.topk(2, 1).indices
    return float((found[:, :, None] == pairs[:, None, :]).any(2).double().mean())


# %% wrong="both-digits" says="Which of the two is longer must not matter"
def both_right(lengths, pairs):
    return (lengths.topk(2, 1).indices == pairs).all(1).double().mean().item()


# %% wrong="both-digits" says="looks at the longest only"
def both_right(lengths, pairs):
    first = lengths.argmax(1, keepdim=True)
    return (first == pairs).any(1).double().mean().item()


# %% wrong="both-digits" says="One of two is not enough"
def both_right(lengths, pairs):
    found = lengths.topk(2, 1).indices
    hits = (found[:, :, None] == pairs[:, None, :]).any(2)
    return float(hits.any(1).double().mean())


# %% wrong="both-digits" says="longer than 0.5 or not"
def both_right(lengths, pairs):
    there = F.one_hot(pairs, lengths.shape[1]).sum(1).bool()
    return float(((lengths > 0.5) == there).all(1).double().mean())


# %% wrong="both-digits" says="can have equal sums"
def both_right(lengths, pairs):
    found = lengths.topk(2, 1).indices
    return (found.sum(1) == pairs.sum(1)).double().mean().item()


# %% wrong="both-digits" says="not the first ten"
def both_right(lengths, pairs):
    right = 0
    for k in range(min(10, len(lengths))):
        found = lengths[k].topk(2).indices.tolist()
        right += set(found) == set(pairs[k].tolist())
    return right / min(10, len(lengths))


# %% wrong="both-digits" says="the same sum of squares"
def both_right(lengths, pairs):
    found = lengths.topk(2, 1).indices
    same = found.square().sum(1) == pairs.square().sum(1)
    return same.double().mean().item()


# %% wrong="both-digits" says="not only the larger one"
def both_right(lengths, pairs):
    found = lengths.topk(2, 1).indices
    return (found.amax(1) == pairs.amax(1)).double().mean().item()


# %% wrong="both-digits" says="not only the smaller one"
def both_right(lengths, pairs):
    found = lengths.topk(2, 1).indices
    return (found.amin(1) == pairs.amin(1)).double().mean().item()


# %% right="verdict" style="signed ranks, by simulation of all signs"
def verdict(a, b):
    if len(a) != len(b):
        raise ValueError("no pairs")
    gaps = np.round(np.array(a) - np.array(b), 6)
    gaps = gaps[gaps != 0]
    n = len(gaps)
    if n < 6:
        return "open"
    size = np.abs(gaps)
    ranks = (size[:, None] > size).sum(1) + ((size[:, None] == size).sum(1) + 1) / 2
    doubled = np.round(2 * ranks).astype(int)
    chances = np.zeros(doubled.sum() + 1)
    chances[0] = 1.0
    for rank in doubled:
        moved = np.zeros_like(chances)
        moved[rank:] = chances[: len(chances) - rank]
        chances = (chances + moved) / 2
    plus = doubled[gaps > 0].sum()
    tail = min(chances[: plus + 1].sum(), chances[plus:].sum())
    if 2 * tail > 0.05:
        return "open"
    return "a" if 2 * plus > doubled.sum() else "b"


# %% right="verdict" style="a table of wins that are needed"
import math


def verdict(a, b):
    gaps = [one - other for one, other in zip(a, b, strict=True) if one != other]
    n = len(gaps)
    won = sum(gap > 0 for gap in gaps)
    lucky = 0.0
    chance = 0.5**n
    for k in range(n + 1):  # the fewest losses that luck does not explain
        lucky += math.comb(n, k) * chance
        if lucky > 0.025:
            break
    if won > n - k:
        return "a"
    return "b" if n - won > n - k else "open"


# %% right="verdict" style="simulated coins"
COINS = np.random.default_rng(0).random((4000, 64)) < 0.5


def verdict(a, b):
    if len(a) != len(b):
        raise ValueError("pairs")
    signs = np.sign(np.subtract(a, b))
    signs = signs[signs != 0]
    if len(signs) < 6:
        return "open"
    tossed = 2 * COINS[:, : len(signs)].sum(1) - len(signs)
    if np.mean(np.abs(tossed) >= abs(signs.sum())) > 0.05:
        return "open"
    return "a" if signs.sum() > 0 else "b"


# %% wrong="verdict" says="Equal pairs speak for nobody"
def verdict(a, b):
    if len(a) != len(b):
        raise ValueError
    return "a" if sum(a) > sum(b) else "b"


# %% wrong="verdict" says="The seeds differ much more"
import math


def verdict(a, b):
    if len(a) != len(b):
        raise ValueError
    if len(a) < 3:
        return "open"
    gap = np.mean(a) - np.mean(b)
    error = math.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / len(a))
    if abs(gap) <= 2.1 * error:
        return "open"
    return "a" if gap > 0 else "b"


# %% wrong="verdict" says="One failed run makes it blind"
import math


def verdict(a, b):
    if len(a) != len(b):
        raise ValueError
    gaps = np.subtract(a, b)
    n = len(gaps)
    if n < 3:
        return "open"
    limit = {3: 4.3, 5: 2.78, 6: 2.57}.get(n, 2.3)
    error = gaps.std(ddof=1) / math.sqrt(n)
    if error == 0 or abs(gaps.mean()) < limit * error:
        return "open"
    return "a" if gaps.mean() > 0 else "b"


# %% wrong="verdict" says="no difference, 3 pairs"
def verdict(a, b):
    if len(a) != len(b):
        raise ValueError
    won = sum(x > y for x, y in zip(a, b, strict=True))
    lost = sum(x < y for x, y in zip(a, b, strict=True))
    n = won + lost
    if n < 3:
        return "open"
    if won >= 0.8 * n:
        return "a"
    return "b" if lost >= 0.8 * n else "open"


# %% wrong="verdict" says="have to be won"
def verdict(a, b):
    gaps = [x - y for x, y in zip(a, b, strict=True) if x != y]
    won = sum(g > 0 for g in gaps)
    if len(gaps) < 6:
        return "open"
    if won >= len(gaps) - (len(gaps) >= 12):
        return "a"
    return "b" if won <= (len(gaps) >= 12) else "open"


# %% wrong="verdict" says="no difference, 3 pairs"
import math


def verdict(a, b):
    gaps = [x - y for x, y in zip(a, b, strict=True) if x != y]
    n = len(gaps)
    won, lost = sum(g > 0 for g in gaps), sum(g < 0 for g in gaps)
    if n < 3:
        return "open"
    tail = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if tail > 0.125:
        return "open"
    return "a" if won > lost else "b"


# %% wrong="verdict" says="refuse lists of different lengths"
import math


def verdict(a, b):
    gaps = [x - y for x, y in zip(a, b, strict=False) if x != y]
    n = len(gaps)
    won, lost = sum(g > 0 for g in gaps), sum(g < 0 for g in gaps)
    tail = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if 2 * tail > 0.05:
        return "open"
    return "a" if won > lost else "b"


# %% wrong="verdict" says="refuse lists of different lengths"
import math


def verdict(a, b):
    gaps = np.array(a) - np.array(b)  # a single number is taken from all
    won, lost = int((gaps > 0).sum()), int((gaps < 0).sum())
    n = won + lost
    tail = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if 2 * tail > 0.05:
        return "open"
    return "a" if won > lost else "b"


# %% wrong="verdict" says="no difference, 4 pairs"
import math


def verdict(a, b):
    gaps = [x - y for x, y in zip(a, b, strict=True)]
    won, lost = sum(g > 0 for g in gaps), sum(g < 0 for g in gaps)
    n = won + lost
    as_far = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if 2 * as_far > 0.05 and not (n == 4 and abs(won - lost) == 4):
        return "open"
    return "a" if won > lost else "b"


# %% wrong="verdict" says="no difference, 4 pairs"
def verdict(a, b):
    gaps = [x - y for x, y in zip(a, b, strict=True)]
    won, lost = sum(g > 0 for g in gaps), sum(g < 0 for g in gaps)
    n = won + lost
    if n < 3 or abs(won - lost) < 2 * n**0.5:
        return "open"
    return "a" if won > lost else "b"


# %% wrong="verdict" says="no difference, 10 pairs"
import math


def verdict(a, b):
    gaps = [x - y for x, y in zip(a, b, strict=True)]
    won, lost = sum(g > 0 for g in gaps), sum(g < 0 for g in gaps)
    n = won + lost
    as_far = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    enough = n == 10 and max(won, lost) >= 8
    if 2 * as_far > 0.05 and not enough:
        return "open"
    return "a" if won > lost else "b"


# %% wrong="verdict" says="no difference, 16 pairs"
import math


def verdict(a, b):
    gaps = [x - y for x, y in zip(a, b, strict=True)]
    won, lost = sum(g > 0 for g in gaps), sum(g < 0 for g in gaps)
    n = won + lost
    as_far = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if 2 * as_far > 0.05 and n != 16:
        return "open"
    return "a" if won > lost else "b"


# %% wrong="verdict" says="no difference, 13 pairs"
import math


def verdict(a, b):
    gaps = [x - y for x, y in zip(a, b, strict=True)]
    won, lost = sum(g > 0 for g in gaps), sum(g < 0 for g in gaps)
    n = won + lost
    as_far = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if 2 * as_far > 0.1:
        return "open"
    return "a" if won > lost else "b"


# %% wrong="verdict" says="no difference, 13 pairs"
import math


def verdict(a, b):
    gaps = [x - y for x, y in zip(a, b, strict=True)]
    won, lost = sum(g > 0 for g in gaps), sum(g < 0 for g in gaps)
    n = won + lost
    as_far = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if as_far > 0.05:  # only for the one that is ahead
        return "open"
    return "a" if won > lost else "b"


# %% wrong="verdict" says="Does a fixed number decide"
import math


def signs(a, b):
    won = sum(x > y for x, y in zip(a, b, strict=True))
    lost = sum(x < y for x, y in zip(a, b, strict=True))
    n = won + lost
    as_far = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if 2 * as_far > 0.05:
        return "open"
    return "a" if won > lost else "b"


def verdict(a, b):
    kept = [(x, y) for x, y in zip(a, b, strict=True) if x > 70 and y > 70]
    return signs([x for x, _ in kept], [y for _, y in kept])


# %% wrong="verdict" says="another word for the same pairs"
import math


def signs(a, b):
    won = sum(x > y for x, y in zip(a, b, strict=True))
    lost = sum(x < y for x, y in zip(a, b, strict=True))
    n = won + lost
    as_far = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if 2 * as_far > 0.05:
        return "open"
    return "a" if won > lost else "b"


def verdict(a, b):
    if len(a) != len(b):
        raise ValueError
    return signs(a[:20], b[:20])


# %% wrong="verdict" says="another word for the same pairs"
import math


def signs(a, b):
    won = sum(x > y for x, y in zip(a, b, strict=True))
    lost = sum(x < y for x, y in zip(a, b, strict=True))
    n = won + lost
    as_far = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if 2 * as_far > 0.05:
        return "open"
    return "a" if won > lost else "b"


def verdict(a, b):
    if len(a) != len(b):
        raise ValueError
    even = len(a) // 2 * 2
    return signs(a[:even], b[:even])


# %% wrong="verdict" says="decides about all twelve"
import math


def signs(a, b):
    won = sum(x > y for x, y in zip(a, b, strict=True))
    lost = sum(x < y for x, y in zip(a, b, strict=True))
    n = won + lost
    as_far = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    if 2 * as_far > 0.05:
        return "open"
    return "a" if won > lost else "b"


def verdict(a, b):
    word = signs(a, b)
    if word == "open":
        return word
    return "a" if a[-1] > b[-1] else "b"


# %% wrong="verdict" says="times not the same verdict"
import math


def verdict(a, b):
    gaps = [x - y for x, y in zip(a, b, strict=True)]
    won, lost = sum(g > 0 for g in gaps), sum(g < 0 for g in gaps)
    n = won + lost
    as_far = sum(math.comb(n, k) for k in range(max(won, lost), n + 1)) / 2**n
    limit = 0.07 if won > lost else 0.035 if n < 12 else 0.05
    if 2 * as_far > limit:
        return "open"
    return "a" if won > lost else "b"


# %% equivalent="count-capsnet" why="an activation has no weights, wherever it stands"
# - paint = nn.Sequential(nn.Linear(classes * 16, 512), nn.ReLU(), nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, c * side * side))
# + paint = nn.Sequential(nn.ReLU(), nn.Linear(classes * 16, 512), nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, c * side * side))


# %% equivalent="count-capsnet" why="an activation has no weights, wherever it stands"
# - paint = nn.Sequential(nn.Linear(classes * 16, 512), nn.ReLU(), nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, c * side * side))
# + paint = nn.Sequential(nn.Linear(classes * 16, 512), nn.Linear(512, 1024), nn.ReLU(), nn.ReLU(), nn.Linear(1024, c * side * side))


# %% equivalent="count-capsnet" why="an activation has no weights, wherever it stands"
# - paint = nn.Sequential(nn.Linear(classes * 16, 512), nn.ReLU(), nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, c * side * side))
# + paint = nn.Sequential(nn.Linear(classes * 16, 512), nn.ReLU(), nn.ReLU(), nn.Linear(512, 1024), nn.Linear(1024, c * side * side))


# %% equivalent="count-capsnet" why="an activation has no weights, wherever it stands"
# - paint = nn.Sequential(nn.Linear(classes * 16, 512), nn.ReLU(), nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, c * side * side))
# + paint = nn.Sequential(nn.Linear(classes * 16, 512), nn.ReLU(), nn.Linear(512, 1024), nn.Linear(1024, c * side * side), nn.ReLU())


# %% equivalent="count-capsnet" why="an activation has no weights, wherever it stands"
# - paint = nn.Sequential(nn.Linear(classes * 16, 512), nn.ReLU(), nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, c * side * side))
# + paint = nn.Sequential(nn.Linear(classes * 16, 512), nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, c * side * side))


# %% equivalent="count-capsnet" why="an activation has no weights, wherever it stands"
# - paint = nn.Sequential(nn.Linear(classes * 16, 512), nn.ReLU(), nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, c * side * side))
# + paint = nn.Sequential(nn.Linear(classes * 16, 512), nn.ReLU(), nn.Linear(512, 1024), nn.Linear(1024, c * side * side))


# %% equivalent="count-capsnet" why="any image and any of its maps has as many places"
# - places = two(one(torch.empty(1, c, side, side)))[0, 0].numel()
# + places = two(one(torch.empty(2, c, side, side)))[0, 0].numel()


# %% equivalent="count-capsnet" why="any image and any of its maps has as many places"
# - places = two(one(torch.empty(1, c, side, side)))[0, 0].numel()
# + places = two(one(torch.empty(1, c, side, side)))[-1, 0].numel()


# %% equivalent="count-capsnet" why="any image and any of its maps has as many places"
# - places = two(one(torch.empty(1, c, side, side)))[0, 0].numel()
# + places = two(one(torch.empty(1, c, side, side)))[0, 1].numel()


# %% equivalent="count-capsnet" why="any image and any of its maps has as many places"
# - places = two(one(torch.empty(1, c, side, side)))[0, 0].numel()
# + places = two(one(torch.empty(1, c, side, side)))[0, -1].numel()


# %% equivalent="count-capsnet" why="the same number, in any order and on any device"
# - routing = torch.empty(classes, types * places, 8, 16, device='meta').numel()
# + routing = torch.empty(types * places, classes, 8, 16, device='meta').numel()


# %% equivalent="count-capsnet" why="the same number, in any order and on any device"
# - routing = torch.empty(classes, types * places, 8, 16, device='meta').numel()
# + routing = torch.empty(classes, 8, types * places, 16, device='meta').numel()


# %% equivalent="count-capsnet" why="the same number, in any order and on any device"
# - routing = torch.empty(classes, types * places, 8, 16, device='meta').numel()
# + routing = torch.empty(classes, types * places, 16, 8, device='meta').numel()


# %% equivalent="count-capsnet" why="the same number, in any order and on any device"
# - routing = torch.empty(classes, types * places, 8, 16, device='meta').numel()
# + routing = torch.empty(classes, types * places, 8, 16).numel()


# %% equivalent="count-capsnet" why="both have four entries"
# - return dict(zip(names, (count(one), count(two), routing, count(paint)), strict=True))
# + return dict(zip(names, (count(one), count(two), routing, count(paint))))


# %% equivalent="count-capsnet" why="both have four entries"
# - return dict(zip(names, (count(one), count(two), routing, count(paint)), strict=True))
# + return dict(zip(names, (count(one), count(two), routing, count(paint)), strict=False))


# %% equivalent="count-capsnet" why="a product is the same in any order"
# - return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}
# + return {'conv1': np.prod((c, width, 9, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}


# %% equivalent="count-capsnet" why="a product is the same in any order"
# - return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}
# + return {'conv1': np.prod((width, 9, c, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}


# %% equivalent="count-capsnet" why="a product is the same in any order"
# - return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}
# + return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((width, 8 * types, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}


# %% equivalent="count-capsnet" why="a product is the same in any order"
# - return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}
# + return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((8 * types, 9, width, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}


# %% equivalent="count-capsnet" why="a product is the same in any order"
# - return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}
# + return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), types, len(stops), classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}


# %% equivalent="count-capsnet" why="a product is the same in any order"
# - return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}
# + return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), classes, types, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}


# %% equivalent="count-capsnet" why="a product is the same in any order"
# - return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, classes, 128)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}
# + return {'conv1': np.prod((width, c, 9, 9)) + width, 'primary': np.prod((8 * types, width, 9, 9)) + 8 * types, 'routing': np.prod((len(stops), len(stops), types, 128, classes)), 'decoder': np.sum(inner[:-1] * inner[1:]) + np.sum(inner[1:])}


# %% equivalent="primary-capsules" why="read in a row it is the same, and the last reshape makes the images again"
# - typed = torch.as_tensor(maps).reshape(n, channels // size, size, h * w)
# + typed = torch.as_tensor(maps).reshape(channels // size, n, size, h * w)


# %% equivalent="primary-capsules" why="the maps are a tensor already"
# - typed = torch.as_tensor(maps).reshape(n, channels // size, size, h * w)
# + typed = maps.reshape(n, channels // size, size, h * w)


# %% equivalent="primary-capsules" why="the division leaves no rest"
# - typed = torch.as_tensor(maps).reshape(n, channels // size, size, h * w)
# + typed = torch.as_tensor(maps).reshape(n, -(-channels // size), size, h * w)


# %% equivalent="primary-capsules" why="two axes are exchanged either way"
# - return typed.transpose(2, 3).reshape(n, -1, size)
# + return typed.transpose(3, 2).reshape(n, -1, size)


# %% equivalent="primary-capsules" why="read in a row it is the same, and the last reshape makes the images again"
# - split = maps.view(n, channels // size, size, h, w)
# + split = maps.view(channels // size, n, size, h, w)


# %% equivalent="primary-capsules" why="rows and columns are read in a row again"
# - split = maps.view(n, channels // size, size, h, w)
# + split = maps.view(n, channels // size, size, w, h)


# %% equivalent="primary-capsules" why="the division leaves no rest"
# - split = maps.view(n, channels // size, size, h, w)
# + split = maps.view(n, -(-channels // size), size, h, w)


# %% equivalent="primary-capsules" why="double precision is as right"
# - values = np.asarray(maps, dtype=np.float32)
# + values = np.asarray(maps)


# %% equivalent="primary-capsules" why="NumPy's reshape raises a ValueError itself"
# - if rest:
# - raise ValueError(rest)
# + pass


# %% equivalent="primary-capsules" why="NumPy's reshape raises a ValueError itself"
# - if rest:
# + if False:


# %% equivalent="primary-capsules" why="read in a row it is the same, and the last reshape makes the images again"
# - moved = np.moveaxis(values.reshape(n, types, size, h, w), 2, -1)
# + moved = np.moveaxis(values.reshape(types, n, size, h, w), 2, -1)


# %% equivalent="primary-capsules" why="rows and columns are read in a row again"
# - moved = np.moveaxis(values.reshape(n, types, size, h, w), 2, -1)
# + moved = np.moveaxis(values.reshape(n, types, size, w, h), 2, -1)


# %% equivalent="primary-capsules" why="the division leaves no rest"
# - if channels // size * size != channels:
# + if -(-channels // size) * size != channels:


# %% equivalent="primary-capsules" why="the division leaves no rest"
# - for kind in range(channels // size):
# + for kind in range(-(-channels // size)):


# %% equivalent="mask-capsules" why="the poses are a tensor already"
# - poses = torch.as_tensor(poses)
# + pass


# %% equivalent="mask-capsules" why="the poses are a tensor already"
# - poses = torch.as_tensor(poses)
# + poses = poses


# %% equivalent="mask-capsules" why="the longest has the largest mean square, too"
# - labels = poses.square().sum(2).argmax(1)
# + labels = poses.square().mean(2).argmax(1)


# %% equivalent="mask-capsules" why="the labels are a tensor already"
# - kept = torch.as_tensor(labels)[:, None] == torch.arange(poses.shape[1])
# + kept = labels[:, None] == torch.arange(poses.shape[1])


# %% equivalent="mask-capsules" why="there is a label for each picture"
# - return (poses * mask.unsqueeze(-1)).reshape(len(poses), -1)
# + return (poses * mask.unsqueeze(-1)).reshape(len(labels), -1)


# %% equivalent="mask-capsules" why="the same numbers in another type"
# - values = np.asarray(poses, dtype=np.float32)
# + values = np.asarray(poses)


# %% equivalent="mask-capsules" why="the same numbers in another type"
# - values = np.asarray(poses, dtype=np.float32)
# + values = poses


# %% equivalent="mask-capsules" why="NumPy takes any number below 0 for the axis that is left over"
# - return found.reshape(len(values), -1)
# + return found.reshape(len(values), -2)


# %% equivalent="mask-capsules" why="the longest has the largest mean square, too"
# - squares = (row ** 2).sum(1)
# + squares = (row ** 2).mean(1)


# %% equivalent="mask-capsules" why="any whole number is an index"
# - kept = int(squares.argmax()) if labels is None else int(labels[k])
# + kept = squares.argmax() if labels is None else int(labels[k])


# %% equivalent="mask-capsules" why="any whole number is an index"
# - kept = int(squares.argmax()) if labels is None else int(labels[k])
# + kept = int(squares.argmax()) if labels is None else labels[k]


# %% equivalent="both-digits" why="the last axis is meant when none is named"
# - found = torch.as_tensor(lengths).topk(2, 1).indices.sort(1).values
# + found = torch.as_tensor(lengths).topk(2).indices.sort(1).values


# %% equivalent="both-digits" why="the lengths are a tensor already"
# - found = torch.as_tensor(lengths).topk(2, 1).indices.sort(1).values
# + found = lengths.topk(2, 1).indices.sort(1).values


# %% equivalent="both-digits" why="the pairs are a tensor already"
# - right = (found == torch.as_tensor(pairs).sort(1).values).all(1)
# + right = (found == pairs.sort(1).values).all(1)


# %% equivalent="both-digits" why="a tensor with one number is a number"
# - return right.double().mean().item()
# + return right.double().mean()


# %% equivalent="both-digits" why="both have a row for each picture"
# - for row, pair in zip(lengths.tolist(), pairs.tolist(), strict=True):
# + for row, pair in zip(lengths.tolist(), pairs.tolist()):


# %% equivalent="both-digits" why="both have a row for each picture"
# - for row, pair in zip(lengths.tolist(), pairs.tolist(), strict=True):
# + for row, pair in zip(lengths, pairs.tolist(), strict=True):


# %% equivalent="both-digits" why="both have a row for each picture"
# - for row, pair in zip(lengths.tolist(), pairs.tolist(), strict=True):
# + for row, pair in zip(lengths.tolist(), pairs.tolist(), strict=False):


# %% equivalent="both-digits" why="there is a pair for each picture"
# - return right / len(lengths)
# + return right / len(pairs)


# %% equivalent="both-digits" why="the same, as NumPy reads tensors and takes the last axis"
# - found = np.sort(np.argsort(np.asarray(lengths), axis=1)[:, -2:], axis=1)
# + found = np.sort(np.argsort(np.asarray(lengths), axis=1)[:, -2:])


# %% equivalent="both-digits" why="the same, as NumPy reads tensors and takes the last axis"
# - found = np.sort(np.argsort(np.asarray(lengths), axis=1)[:, -2:], axis=1)
# + found = np.sort(np.argsort(np.asarray(lengths))[:, -2:], axis=1)


# %% equivalent="both-digits" why="the same, as NumPy reads tensors and takes the last axis"
# - found = np.sort(np.argsort(np.asarray(lengths), axis=1)[:, -2:], axis=1)
# + found = np.sort(np.argsort(lengths, axis=1)[:, -2:], axis=1)


# %% equivalent="both-digits" why="the same, as NumPy reads tensors and takes the last axis"
# - return float((found == np.sort(np.asarray(pairs), axis=1)).all(1).mean())
# + return (found == np.sort(np.asarray(pairs), axis=1)).all(1).mean()


# %% equivalent="both-digits" why="the same, as NumPy reads tensors and takes the last axis"
# - return float((found == np.sort(np.asarray(pairs), axis=1)).all(1).mean())
# + return float((found == np.sort(np.asarray(pairs))).all(1).mean())


# %% equivalent="both-digits" why="the same, as NumPy reads tensors and takes the last axis"
# - return float((found == np.sort(np.asarray(pairs), axis=1)).all(1).mean())
# + return float((found == np.sort(pairs, axis=1)).all(1).mean())


# %% equivalent="both-digits" why="all lengths lie between 0 and 1"
# - least = lengths.masked_fill(~there, 2.0).amin(1)
# + least = lengths.masked_fill(~there, 4.0).amin(1)


# %% equivalent="both-digits" why="all lengths lie between 0 and 1"
# - rest = lengths.masked_fill(there, -1.0).amax(1)
# + rest = lengths.masked_fill(there, -2.0).amax(1)


# %% equivalent="both-digits" why="lengths that are exactly equal do not occur"
# - return (least > rest).double().mean()
# + return (least >= rest).double().mean()


# %% equivalent="primary-capsules" why="NumPy's reshape raises a ValueError itself"
# - raise ValueError(rest)
# + pass


# %% equivalent="whole-capsnet" why="27 pixels lead to as large a grid as 28"
# - def __init__(self, side: int=28, width: int=256, types: int=32, classes: int=10, kernel: int=9, strides: tuple[int, int]=(1, 2), rounds: int=3) -> None:
# + def __init__(self, side: int=27, width: int=256, types: int=32, classes: int=10, kernel: int=9, strides: tuple[int, int]=(1, 2), rounds: int=3) -> None:


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - start = 0.1 * torch.randn(classes, types * side ** 2, 8, 16)
# + start = 0.1 + torch.randn(classes, types * side ** 2, 8, 16)


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - start = 0.1 * torch.randn(classes, types * side ** 2, 8, 16)
# + start = 0.1 / torch.randn(classes, types * side ** 2, 8, 16)


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - start = 0.1 * torch.randn(classes, types * side ** 2, 8, 16)
# + start = torch.randn(classes, types * side ** 2, 8, 16)


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - start = 0.1 * torch.randn(classes, types * side ** 2, 8, 16)
# + start = 0.2 * torch.randn(classes, types * side ** 2, 8, 16)


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - start = 0.1 * torch.randn(classes, types * side ** 2, 8, 16)
# + start = -0.1 * torch.randn(classes, types * side ** 2, 8, 16)


# %% equivalent="whole-capsnet" why="another small number"
# - return s * squared / (1 + squared) * torch.rsqrt(squared + 1e-08)
# + return s * squared / (1 + squared) * torch.rsqrt(squared + 2e-08)


# %% equivalent="whole-capsnet" why="27 pixels lead to as large a grid as 28"
# - def __init__(self, side=28, width=256, types=32, classes=10, kernel=9, strides=(1, 2), rounds=3):
# + def __init__(self, side=27, width=256, types=32, classes=10, kernel=9, strides=(1, 2), rounds=3):


# %% equivalent="whole-capsnet" why="a ParameterDict makes a parameter of it"
# - self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16) / 10)
# + self.digits['weight'] = torch.randn(classes, types * grid * grid, 8, 16) / 10


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16) / 10)
# + self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16) * 10)


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16) / 10)
# + self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16) // 10)


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16) / 10)
# + self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16))


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16) / 10)
# + self.digits['weight'] = nn.Parameter(10 / torch.randn(classes, types * grid * grid, 8, 16))


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16) / 10)
# + self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16) / 11)


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16) / 10)
# + self.digits['weight'] = nn.Parameter(torch.randn(classes, types * grid * grid, 8, 16) / 9)


# %% equivalent="whole-capsnet" why="two axes are exchanged either way"
# - u = self.short(torch.cat([kind.flatten(2).transpose(1, 2) for kind in kinds], 1))
# + u = self.short(torch.cat([kind.flatten(2).transpose(2, 1) for kind in kinds], 1))


# %% equivalent="whole-capsnet" why="the softmax of equal logits is the same"
# - b = torch.zeros(votes.shape[:3])
# + b = torch.ones(votes.shape[:3])


# %% equivalent="whole-capsnet" why="another small number"
# - return squared / (1 + squared) * s / torch.sqrt(squared + 1e-09)
# + return squared / (1 + squared) * s / torch.sqrt(squared + 2e-09)


# %% equivalent="whole-capsnet" why="a part has a single name"
# + break


# %% equivalent="whole-capsnet" why="any images and any of their maps have as many places"
# - places = conv(self.conv1(torch.zeros(1, 1, side, side)))[0, 0].numel()
# + places = conv(self.conv1(torch.ones(1, 1, side, side)))[0, 0].numel()


# %% equivalent="whole-capsnet" why="any images and any of their maps have as many places"
# - places = conv(self.conv1(torch.zeros(1, 1, side, side)))[0, 0].numel()
# + places = conv(self.conv1(torch.zeros(2, 1, side, side)))[0, 0].numel()


# %% equivalent="whole-capsnet" why="any images and any of their maps have as many places"
# - places = conv(self.conv1(torch.zeros(1, 1, side, side)))[0, 0].numel()
# + places = conv(self.conv1(torch.zeros(1, 1, side, side)))[-1, 0].numel()


# %% equivalent="whole-capsnet" why="any images and any of their maps have as many places"
# - places = conv(self.conv1(torch.zeros(1, 1, side, side)))[0, 0].numel()
# + places = conv(self.conv1(torch.zeros(1, 1, side, side)))[0, 1].numel()


# %% equivalent="whole-capsnet" why="any images and any of their maps have as many places"
# - places = conv(self.conv1(torch.zeros(1, 1, side, side)))[0, 0].numel()
# + places = conv(self.conv1(torch.zeros(1, 1, side, side)))[0, -1].numel()


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - weight = nn.Parameter(torch.zeros(classes, types * places, 8, 16))
# + weight = nn.Parameter(torch.ones(classes, types * places, 8, 16))


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - nn.init.normal_(weight, std=0.1)
# + pass


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - nn.init.normal_(weight, std=0.1)
# + nn.init.normal_(weight)


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - nn.init.normal_(weight, std=0.1)
# + weight


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - nn.init.normal_(weight, std=0.1)
# + nn.init.normal_(weight, std=0.2)


# %% equivalent="whole-capsnet" why="read in a row it is the same, and the reshape makes the images again"
# - u = maps.view(n, channels // 8, 8, h, w).permute(0, 1, 3, 4, 2)
# + u = maps.view(channels // 8, n, 8, h, w).permute(0, 1, 3, 4, 2)


# %% equivalent="whole-capsnet" why="rows and columns are read in a row again"
# - u = maps.view(n, channels // 8, 8, h, w).permute(0, 1, 3, 4, 2)
# + u = maps.view(n, channels // 8, 8, w, h).permute(0, 1, 3, 4, 2)


# %% equivalent="whole-capsnet" why="the division leaves no rest"
# - u = maps.view(n, channels // 8, 8, h, w).permute(0, 1, 3, 4, 2)
# + u = maps.view(n, -(-channels // 8), 8, h, w).permute(0, 1, 3, 4, 2)


# %% equivalent="whole-capsnet" why="how the weights start is free"
# - nn.init.normal_(weight, std=0.1)
# + nn.init


# %% equivalent="verdict" why="any weights that do not look at the signs make a fair rule, and this one reaches the goals"
# - ranks = (size[:, None] > size).sum(1) + ((size[:, None] == size).sum(1) + 1) / 2
# + ranks = (size[:, None] > size).sum(1) + ((size[:, None] == size).sum(1) + 1) * 2


# %% equivalent="verdict" why="any weights that do not look at the signs make a fair rule, and this one reaches the goals"
# - ranks = (size[:, None] > size).sum(1) + ((size[:, None] == size).sum(1) + 1) / 2
# + ranks = (size[:, None] > size).mean(1) + ((size[:, None] == size).sum(1) + 1) / 2


# %% equivalent="verdict" why="only its size counts"
# - tossed = 2 * COINS[:, :len(signs)].sum(1) - len(signs)
# + tossed = len(signs) - 2 * COINS[:, :len(signs)].sum(1)


# %% equivalent="verdict" why="zero has no sign in a sum"
# - lucky = 0.0
# + lucky = -0.0


# %% equivalent="verdict" why="a more careful rule, which still reaches the goals"
# - if 2 * tail > 0.05:
# + if 3 * tail > 0.05:


# %% equivalent="verdict" why="a twentieth is no sum of powers of one half"
# - if 2 * as_far > 0.05:
# + if 2 * as_far >= 0.05:

# %% equivalent="whole-capsnet" why="a softmax does not see what is added to all logits"
# - self.register_buffer('start', torch.zeros(1), persistent=False)
# + self.register_buffer('start', torch.ones(1), persistent=False)

# %% equivalent="whole-capsnet" why="against a rounding error, one tiny number as good as another"
# - return s * squared / (1 + squared) / (squared + 1e-08).sqrt()
# + return s * squared / (1 + squared) / (squared + 2e-08).sqrt()

# %% equivalent="price-of-a-picture" why="a tensor of one number is a number"
# - factor = float(0.0005 * torch.ones(28, 28).sum())
# + factor = 0.0005 * torch.ones(28, 28).sum()

# %% equivalent="price-of-a-picture" why="a quotient without a remainder"
# - too_weak = factor / 0.0005
# + too_weak = factor // 0.0005

# %% equivalent="price-of-a-picture" why="a tensor of one number is a number"
# - at_first = 0.0005 * float(((torch.full((28, 28), 0.5) - 1) ** 2).sum())
# + at_first = 0.0005 * ((torch.full((28, 28), 0.5) - 1) ** 2).sum()
