"""What a bench finds inside an nn.Module, and does with it.

Methods of a module may be overridden and say anything, so the tensors are read where
torch keeps them: in the dictionaries of `nn.Module` itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from coursekit.checks.bench import order, strangers
from coursekit.checks.errors import AnswerError, NotPlainError
from coursekit.checks.values import MAX_NUMBERS, Plain, name_of, plain

MAX_TENSORS = 5_000  # parameters and buffers of one module
MAX_MODULES = 5_000
FEW = 32  # numbers that an attribute may keep as a setting
MAX_STATE = 2 * MAX_NUMBERS  # numbers in one state
_VARS = vars(nn.Module)["__dict__"].__get__  # not the one a class may define
_TORCH_OWN = frozenset(vars(nn.Module()))
MODULE_HOOKS = (
    "_forward_hooks",
    "_forward_pre_hooks",
    "_backward_hooks",
    "_backward_pre_hooks",
)
EVERYWHERE = "all modules"  # stands for the hooks of torch that every module calls
TENSOR_HOOKS = ("_backward_hooks", "_post_accumulate_grad_hooks")
NOT_INITIALISED = "the module was made without a call of Module.__init__()"


@dataclass(frozen=True)
class Entry:
    """One parameter or buffer; `owner` is the path of the module that holds it."""

    owner: str
    name: str
    kind: str  # "parameter" or "buffer"
    tensor: Tensor

    @property
    def path(self) -> str:
        """`bn.running_mean`, as in a state_dict."""
        return f"{self.owner}.{self.name}" if self.owner else self.name


def is_module(value: object) -> bool:
    """By its true type: `__class__` may say anything."""
    return issubclass(type(value), nn.Module)


def parts(module: object) -> tuple[dict, dict, dict]:
    """Own parameters, own buffers and children. Raises AnswerError without them."""
    own = _VARS(module)
    found = [own.get(name) for name in ("_parameters", "_buffers", "_modules")]
    if not all(isinstance(part, dict) for part in found):
        raise AnswerError(("AttributeError",), NOT_INITIALISED)
    return found[0], found[1], found[2]


def needs_forward(module: object) -> None:
    """Raise AnswerError when the class of a module has no `forward` of its own."""
    kind: Any = type(module)
    if kind.forward is nn.Module.forward and "forward" not in _VARS(module):
        text = f"the class {name_of(kind)[:60]} has no method forward"
        raise AnswerError(("AttributeError",), text)


def modules(root: object) -> Iterator[tuple[str, Any]]:
    """Every module once, with its path, in torch's order. Bounded."""
    seen, waiting = set(), [("", root)]
    while waiting:
        path, module = waiting.pop()
        if id(module) in seen or not is_module(module):
            continue
        seen.add(id(module))
        if len(seen) > MAX_MODULES:
            raise NotPlainError(f"a module of more than {MAX_MODULES:,} modules")
        yield path, module
        children = list(parts(module)[2].items())
        for name, child in reversed(children):
            waiting.append((f"{path}.{name}" if path else str(name), child))


def entries(root: object) -> list[Entry]:
    """Every parameter and buffer once, in the order of a state_dict. Bounded."""
    found: dict[int, Entry] = {}
    for owner, module in modules(root):
        parameters, buffers, _ = parts(module)
        for kind, tensors in (("parameter", parameters), ("buffer", buffers)):
            for name, tensor in tensors.items():
                if issubclass(type(tensor), Tensor):
                    entry = Entry(owner, str(name), kind, tensor)
                    found.setdefault(id(tensor), entry)
        if len(found) > MAX_TENSORS:
            raise NotPlainError(f"a module of more than {MAX_TENSORS:,} tensors")
    return list(found.values())


def _shapes(module: object, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    """Kind, shape, device and dtype of everything that is registered, by path."""
    return {
        entry.path: [
            entry.kind,
            tuple(entry.tensor.shape),
            entry.tensor.device.type,
            str(entry.tensor.dtype).removeprefix("torch."),
        ]
        for entry in entries(module)
    }


def _state(module: object, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    found = entries(module)
    total = sum(entry.tensor.numel() for entry in found)
    if total > MAX_STATE:
        raise NotPlainError(f"a module of {total:,} numbers")
    return {entry.path: plain(entry.tensor) for entry in found}


def _transient(module: object, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    """The paths of buffers that a state_dict leaves out."""
    out = {
        f"{owner}.{name}" if owner else name
        for owner, one in modules(module)
        for name in parts(one)[1]
        if name in _VARS(one).get("_non_persistent_buffers_set", ())
    }
    return [entry.path for entry in entries(module) if entry.path in out]


@torch.no_grad()
def _load(module: object, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    """Copy values into parameters and buffers, by path; shapes may differ by ones."""
    values = inputs[0]
    for entry in entries(module):
        if entry.path in values:
            value = torch.as_tensor(values[entry.path])
            entry.tensor.copy_(value.reshape(entry.tensor.shape))


def _switch(module: Any, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    """Call train() or eval(); the paths of layers that are in the other mode then."""
    module.train() if about["training"] else module.eval()
    want = about["training"]
    return [path for path, m in modules(module) if _VARS(m)["training"] != want][:20]


def _modes(module: object, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    return {path: bool(_VARS(found)["training"]) for path, found in modules(module)}


def _hooks(module: object, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    """How many hooks hang on each module and parameter, and on all modules, by path."""
    found = {
        path: sum(len(_VARS(inner).get(kind) or ()) for kind in MODULE_HOOKS)
        for path, inner in modules(module)
    }
    for entry in entries(module):
        hanging = [getattr(entry.tensor, kind, None) for kind in TENSOR_HOOKS]
        found[entry.path] = sum(len(hooks) for hooks in hanging if hooks)
    tables = [vars(nn.modules.module).get(f"_global{kind}") for kind in MODULE_HOOKS]
    found[EVERYWHERE] = sum(len(hooks) for hooks in tables if hooks)
    return found


def _gradients(module: Any, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    """Output, and the gradients of inputs and parameters; `.grad` is left alone."""
    upstream, *given = inputs
    given = [_leaf(value) for value in given]
    output = module(*given)
    ready = _differentiable(output, upstream)
    if not ready["connected"]:
        return ready
    found = [entry for entry in entries(module) if entry.kind == "parameter"]
    wanted = [value for value in given if _is_leaf(value)]
    sources = [*wanted, *(entry.tensor for entry in found)]
    sources = [source for source in sources if source.requires_grad]
    grads = torch.autograd.grad(output, sources, torch.as_tensor(upstream),
                                allow_unused=True)  # fmt: skip
    by_id = {id(s): g for s, g in zip(sources, grads, strict=True)}
    ready["inputs"] = [by_id.get(id(value)) for value in wanted]
    ready["parameters"] = {e.path: by_id.get(id(e.tensor)) for e in found}
    return ready


def _backward(module: Any, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    """As in training: add to `.grad` of every parameter."""
    upstream, *given = inputs
    output = module(*given)
    ready = _differentiable(output, upstream)
    if ready["connected"]:
        output.backward(torch.as_tensor(upstream))
    return ready


def _differentiable(output: object, upstream: Tensor) -> dict[str, Plain]:
    fits = type(output) is Tensor and output.shape == upstream.shape
    connected = fits and output.requires_grad  # type: ignore[attr-defined]
    return {"output": output, "fits": fits, "connected": connected}


def _leaf(value: Any) -> Any:  # noqa: ANN401
    floating = type(value) is Tensor and value.is_floating_point()
    return value.requires_grad_() if floating else value


def _is_leaf(value: Any) -> bool:  # noqa: ANN401
    return type(value) is Tensor and value.requires_grad


def _grads(module: object, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    return {e.path: e.tensor.grad for e in entries(module) if e.kind == "parameter"}


def _set_grads(module: object, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    for entry in entries(module):
        if entry.path in inputs[0]:
            _set_grad(entry.tensor, inputs[0][entry.path], about["add"])


def _set_grad(tensor: Tensor, value: Plain, add: bool) -> None:
    if value is None:
        tensor.grad = None
    elif add and tensor.grad is not None:
        tensor.grad.add_(torch.as_tensor(value))
    else:
        tensor.grad = torch.as_tensor(value).clone()


def _moved(module: Any, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    """Run with parameters and inputs of another device or dtype, for this once."""

    def moved(value: Any) -> Any:  # noqa: ANN401
        if not issubclass(type(value), Tensor):
            return value
        dtype = getattr(torch, about["dtype"])
        copy = value.detach().clone().to(about["device"])
        return copy.to(dtype) if copy.is_floating_point() else copy

    state = {entry.path: moved(entry.tensor) for entry in entries(module)}
    output = torch.func.functional_call(module, state, tuple(map(moved, inputs)))
    if type(output) is not Tensor:
        return [False, "", ""]
    return [True, output.device.type, str(output.dtype).removeprefix("torch.")]


def _layout(module: Any, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    """Everything registered, with the order in which a run on the inputs uses it."""
    paths = dict(modules(module))
    holders = {e.owner: paths[e.owner] for e in entries(module)}
    used = order.of_use(paths, holders, inputs) if inputs else {}
    rows = [
        [e.path, e.kind, tuple(e.tensor.shape), *used.get(e.owner, order.UNUSED)]
        for e in entries(module)
    ]
    return {"rows": rows, "twice": sorted(_twice(used)), "loose": _loose(module)}


def _twice(used: dict[str, tuple[int, str, int]]) -> list[str]:
    return [path for path, (_, _, times) in used.items() if times > 1]


def _loose(module: object, *rest: Any) -> Plain:  # noqa: ANN401
    """What hangs in a module without being registered: [path, holder, what]."""
    found: list[list[str]] = []
    for path, inner in modules(module):
        own = [(k, v) for k, v in list(_VARS(inner).items())[:1_000]
               if k not in _TORCH_OWN]  # fmt: skip
        for name, value in own:
            what = _what(value, 0)
            if what:
                place = f"{path}.{name}" if path else str(name)
                found.append([place[:100], name_of(type(value))[:20], what])
    return found[:20]


def _what(value: Any, depth: int) -> str:  # noqa: ANN401
    """ "layer", "parameter", "tensor", "tensors" or "": an attribute of a module."""
    kind = type(value)
    if depth and is_module(value):
        return "layer"
    if issubclass(kind, Tensor):
        trained = kind is nn.Parameter or value.requires_grad
        return "parameter" if trained else ("tensors" if depth else "tensor")
    if not any(kind is one for one in (list, tuple, set, dict)) or depth > 2:
        return ""
    items = list(value.values() if kind is dict else value)[:1_000]
    return next(filter(None, (_what(item, depth + 1) for item in items)), "")


def _hoards(module: object, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    """Attributes that keep more than a few numbers, unregistered: [path, how many]."""
    found: list[list[Plain]] = []
    for path, inner in modules(module):
        for name, value in list(_VARS(inner).items())[:1_000]:
            many = 0 if name in _TORCH_OWN else _numbers(value, 0)
            if many > FEW:
                found.append([(f"{path}.{name}" if path else str(name))[:100], many])
    return found[:20]


def _numbers(value: Any, depth: int) -> int:  # noqa: ANN401
    """How many numbers an array, bytes or a container of these and of numbers keep."""
    kind = type(value)
    if issubclass(kind, np.ndarray):
        return int(value.size)
    if issubclass(kind, Tensor):  # `_loose` finds parameters; torch lists some itself
        return 0 if kind is nn.Parameter else int(value.numel())
    if kind is bytes or kind is bytearray:
        return len(value)
    if depth > 4 or not any(kind is one for one in (list, tuple, set, dict)):
        return int(kind is int or kind is float or kind is complex)
    items = list(value.values() if kind is dict else value)[:10_000]
    return sum(_numbers(item, depth + 1) for item in items)


def _constants(module: object, about: Plain, *inputs: Any) -> Plain:  # noqa: ANN401
    """Shapes of what every run takes from outside the module, the same each time."""
    known = [entry.tensor for entry in entries(module)]
    return [*strangers.constants(module, known, inputs)]


QUESTIONS: dict[str, Callable[..., Plain]] = {
    "shapes": _shapes,
    "state": _state,
    "transient": _transient,
    "load": _load,
    "switch": _switch,
    "modes": _modes,
    "hooks": _hooks,
    "gradients": _gradients,
    "backward": _backward,
    "grads": _grads,
    "set_grads": _set_grads,
    "moved": _moved,
    "layout": _layout,
    "loose": _loose,
    "hoards": _hoards,
    "constants": _constants,
}
