"""Run a model once, on tensors without memory, and write down what its layers did."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch._ops import OpOverload
from torch.nn.modules.conv import _ConvNd
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from coursekit.anatomy.clone import Padding, copied, same_dice
from coursekit.anatomy.inputs import Input
from coursekit.anatomy.operation import Operation, everything, tensors
from coursekit.anatomy.reach import Reaches, lift, merge, of_input
from coursekit.anatomy.rearranging import written
from coursekit.anatomy.rules import follow

MAKES_NEW = ("_like", "new_")
LARGEST_MEMORY = 2**22  # numbers, in which what is written is followed one by one
Args = tuple[object, ...]
Kwargs = Mapping[str, object]


@dataclass(eq=False)
class Call:
    """One call of one module: what went in, what came out, what it did itself.

    Multiply-adds and weights are those of its own operations, without its children's.
    Shapes are of one example, without the batch.
    """

    name: str
    module: nn.Module
    times: int  # which call of this module it is, from 1; 0 stands for the input
    children: list[Call] = field(default_factory=list)
    sources: set[Call] = field(default_factory=set)  # the calls its input comes from
    ends: set[Call] = field(default_factory=set)  # the inner calls of its output
    input_shape: tuple[int, ...] = ()
    output_shape: tuple[int, ...] = ()
    outputs: int = 0
    reaches: Reaches = field(default_factory=dict)
    multiply_adds: int = 0
    parameters: int = 0  # those not counted in an earlier call
    shared: bool = False  # has parameters that an earlier call has too

    def walk(self) -> Iterator[Call]:
        """All calls inside, in the order in which they ended, then this one."""
        for child in self.children:
            yield from child.walk()
        yield self


def check(name: str, layer: nn.Module, given: Tensor) -> None:
    """Refuse what does not fit a layer, in plainer words than torch.

    Torch takes images without a batch too; here that is a shape misread.
    """
    name, shape = name or type(layer).__name__, tuple(given.shape[1:])
    if isinstance(layer, _ConvNd):
        sides = len(layer.kernel_size)
        if len(shape) != sides + 1 or shape[0] != layer.in_channels:
            raise ValueError(
                f"{name} takes {layer.in_channels} channel(s) of {sides} dimension(s) "
                f"each, and gets an example of shape {shape}."
            )
    if isinstance(layer, nn.Linear) and shape[-1:] != (layer.in_features,):
        raise ValueError(
            f"{name} takes {layer.in_features} numbers, and gets an example of shape "
            f"{shape}."
        )


@dataclass
class Trace:
    """The calls of one forward pass, and what could not be followed."""

    root: Call
    sizes: dict[tuple[int, int], int]  # pixels along each axis of each input
    unknown: list[str]  # "op in layer", fields of which were taken as everything
    lost: list[str]  # layers whose numbers do not come from the input, as it seems
    circular: list[str]  # layers that pad with the opposite border
    unused: list[str]  # parameters that took no part


class Recorder(TorchDispatchMode):
    """Sees every operation, and through hooks every call of a module."""

    def __init__(self, model: nn.Module, batch: int) -> None:
        super().__init__()
        self.batch = batch
        self.names = {id(m): name for name, m in model.named_modules()}
        self.parameters = {id(p): p for p in model.parameters()}
        self.counted: set[int] = set()
        self.used: list[set[int]] = [set()]
        self.times: dict[int, int] = {}
        self.stack = [Call("", model, 0)]
        self.unknown: list[str] = []
        self.lost: list[str] = []
        self.circular: list[str] = []
        # Tensors are kept alive, so that no other can take their number.
        self.known: dict[int, tuple[Tensor, Reaches, set[Call]]] = {}
        self.memory: dict[int, list[weakref.ref[Tensor]]] = {}

    def reaches(self, tensor: Tensor) -> Reaches:
        """What a tensor sees of the input; nothing for weights and constants."""
        return self.known[id(tensor)][1] if id(tensor) in self.known else {}

    def origins(self, value: object) -> set[Call]:
        """The calls that the tensors in `value` come from."""
        found: set[Call] = set()
        for tensor in tensors(value):
            if id(tensor) in self.known:
                found |= self.known[id(tensor)][2]
        return found

    def __torch_dispatch__(
        self,
        func: OpOverload,
        types: object,
        args: Args = (),
        kwargs: Kwargs | None = None,
    ) -> object:
        kwargs = dict(kwargs or {})
        out = func(*args, **kwargs)
        self._count(func, args, kwargs, out)
        for result in tensors(out):
            place = result.untyped_storage()._cdata
            self.memory.setdefault(place, []).append(weakref.ref(result))
        if not any(mark in func.__name__ for mark in MAKES_NEW):
            self._follow(func, args, kwargs, out)
        return out

    def _count(self, func: OpOverload, args: Args, kwargs: Kwargs, out: object) -> None:
        used = {id(t) for t in tensors([args, kwargs])}
        self.used[-1] |= used & self.parameters.keys()
        if func.overloadpacket in flop_registry:
            flops = flop_registry[func.overloadpacket](*args, **kwargs, out_val=out)
            self.stack[-1].multiply_adds += flops // 2

    def _follow(
        self, func: OpOverload, args: Args, kwargs: Kwargs, out: object
    ) -> None:
        origins = self.origins([args, kwargs])
        if not origins:
            return
        results = tensors(out)
        given = {id(tensor) for tensor in tensors(args[:1])}
        for number, result in enumerate(results):
            op = Operation(func, args, kwargs, result, number, self.reaches)
            if number and not isinstance(out, list):  # such as the places of maxima
                same = result.shape == results[0].shape
                reaches = self.reaches(results[0]) if same else {}
            else:
                reaches, exact = follow(op)
                if not exact:
                    self.unknown.append(
                        f"{func.overloadpacket.__name__} in {self.here}"
                    )
            self.known[id(result)] = (result, reaches, set(origins))
            if id(result) in given and func._schema.is_mutable:
                self._write(result)

    @property
    def here(self) -> str:
        """The layer that runs just now, by its name or its class."""
        return self.stack[-1].name or type(self.stack[-1].module).__name__

    def note_circle(self) -> None:
        """The layer that runs just now pads with its opposite border."""
        self.circular.append(self.here)

    def _write(self, target: Tensor) -> None:
        """Whatever shares memory with a tensor that was changed has changed too."""
        place = target.untyped_storage()._cdata
        alive = [ref() for ref in self.memory[place]]
        others = {id(t): t for t in alive if t is not None and t is not target}
        parts = [*others.values(), target]
        if not others:
            return
        known = {n: self.reaches(t) for n, t in enumerate(parts) if id(t) in self.known}
        origins = self.origins(parts)
        numbers = target.untyped_storage().nbytes() // target.element_size()
        if numbers <= LARGEST_MEMORY:
            found = written(known, parts)
        else:
            self.unknown.append(f"writing into a part of a tensor in {self.here}")
            seen = merge(everything(reaches) for reaches in known.values())
            found = [lift(seen, part.dim()) for part in parts]
        for part, reaches in zip(parts, found, strict=True):
            self.known[id(part)] = (part, reaches, origins)

    def enter(self, module: nn.Module, args: Args, kwargs: Kwargs) -> None:
        """Before a module runs."""
        self.times[id(module)] = self.times.get(id(module), 0) + 1
        call = Call(self.names[id(module)], module, self.times[id(module)])
        call.sources = self.origins([args, kwargs])
        given = tensors([args, kwargs])
        if given:
            check(call.name, module, given[0])
        call.input_shape = tuple(given[0].shape[1:]) if given else ()
        self.stack[-1].children.append(call)
        self.stack.append(call)
        self.used.append(set())

    def leave(
        self, module: nn.Module, args: Args, kwargs: Kwargs, output: object
    ) -> None:
        """After a module has run."""
        call, used = self.stack.pop(), self.used.pop()
        own = used | {id(p) for p in module.parameters(recurse=False)}
        call.shared = bool(own & self.counted)
        new = own - self.counted
        call.parameters = sum(self.parameters[number].numel() for number in new)
        call.multiply_adds //= self.batch
        self.counted |= new
        results = tensors(output)
        if results:
            call.output_shape = tuple(results[0].shape[1:])
            if results[0].numel() == 0:  # older versions of torch do not mind
                raise ValueError(
                    f"{call.name or type(module).__name__} leaves nothing of an "
                    f"example of shape {call.input_shape}, which is too small."
                )
            call.outputs = results[0].numel() // self.batch
            call.reaches = self.reaches(results[0])
            if id(results[0]) not in self.known:
                self.lost.append(call.name or type(module).__name__)
        call.ends = self.origins(results[:1])
        for result in results:
            self.known[id(result)] = (result, self.reaches(result), {call})

    def start(self, given: Sequence[Tensor], places: Sequence[Sequence[int]]) -> None:
        """The inputs see themselves along the dimensions that have places."""
        for number, (tensor, axes) in enumerate(zip(given, places, strict=True)):
            reaches = of_input(number, tensor.shape, axes)
            self.known[id(tensor)] = (tensor, reaches, {self.stack[0]})


@torch.inference_mode(mode=False)  # there, operations come in other pieces
def trace(
    model: nn.Module, inputs: Sequence[Input], training: bool, device: str | None
) -> Trace:
    """One forward pass of a copy of the model.

    device: "meta" for a copy without memory, None for one where the model is. Errors
    of the model come as they are.
    """
    clone = copied(model, device).train(training)
    batch = 2 if training else 1  # batch normalisation cannot train on one example
    given = [one.tensor(batch, clone, device) for one in inputs]
    recorder = Recorder(clone, batch)
    places = [one.axes(clone) for one in inputs]
    recorder.start(given, places)
    # What the model makes in its forward pass must lie where its weights do.
    place = torch.device(device) if device else nullcontext()
    watched = hooks(clone, recorder), recorder, Padding(recorder.note_circle)
    with torch.no_grad(), place, same_dice(clone), ExitStack() as stack:
        for one in watched:
            stack.enter_context(one)
        clone(*given)
    sizes = {
        (number, axis): given[number].shape[dim]
        for number, dims in enumerate(places)
        for axis, dim in enumerate(dims)
    }
    return Trace(
        root=recorder.stack[0].children[0],
        sizes=sizes,
        unknown=list(dict.fromkeys(recorder.unknown)),
        lost=list(dict.fromkeys(recorder.lost)) if sizes else [],
        circular=list(dict.fromkeys(recorder.circular)),
        unused=[
            n for n, p in clone.named_parameters() if id(p) not in recorder.counted
        ],
    )


@contextmanager
def hooks(model: nn.Module, recorder: Recorder) -> Iterator[None]:
    """Tell the recorder of every call of every module."""
    handles = []
    for name, module in model.named_modules():
        if "parametrizations" in name.split("."):
            continue  # what computes a weight is no layer
        enter = module.register_forward_pre_hook(recorder.enter, with_kwargs=True)
        leave = module.register_forward_hook(recorder.leave, with_kwargs=True)
        handles += [enter, leave]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
