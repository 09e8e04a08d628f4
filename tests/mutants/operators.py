"""One mistake at a time: the ways in which a right answer is made wrong.

An operator looks at one node of the syntax tree and gives the nodes that could stand in
its place, each with a label. They are mistakes that people make in this course: off by
one, axes swapped, a kernel not flipped, a term dropped, a mean for a sum. That is why
they are ours: the operators of the general libraries know the syntax of Python, and
most of what they make of `+` (`<<`, `@`, `%`) raises an error at once, which every
check notices. A score is worth what its mutants are.
"""

import ast
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coursekit.authoring import marks

Replacement = tuple[str, ast.AST]
Operator = Callable[["Place"], Iterator[Replacement]]


@dataclass(frozen=True)
class Mutant:
    """A mutated cell. removed, added: the lines that differ, as `ast` writes them."""

    label: str
    source: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A node in its tree: `parent.field`, or `parent.field[index]`, is `node`."""

    node: ast.AST
    parent: ast.AST
    field: str
    index: int | None
    function: ast.FunctionDef | None

    def put(self, node: ast.AST) -> None:
        """Let another node stand here."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a cell, each once. What lies outside its solution stays."""
    tree = ast.parse(source)
    whole = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    for place in list(places(tree, solution(source))):
        for operator in OPERATORS:
            for label, node in list(operator(place)):
                text = changed(tree, place, node)
                if text != whole and text not in found:
                    found[text] = mutant(label, whole, text)
    return list(found.values())


def changed(tree: ast.Module, place: Place, node: ast.AST) -> str:
    """The text of the tree with another node in a place; the tree stays."""
    place.put(node)
    text = ast.unparse(ast.fix_missing_locations(tree))
    place.put(place.node)
    return text


def mutant(label: str, before: str, after: str) -> Mutant:
    """A mutant from the two texts."""
    lines = list(difflib.ndiff(before.split("\n"), after.split("\n")))
    removed, added = (
        tuple(line[2:].strip() for line in lines if line.startswith(sign))
        for sign in ("- ", "+ ")
    )
    return Mutant(label, after, removed, added)


def solution(source: str) -> set[int]:
    """Numbers of the lines between the marks of a cell; all where there are none."""
    lines = source.split("\n")
    inside, kept = marks.BEGIN not in source, set()
    for number, line in enumerate(lines, 1):
        inside = (inside or marks.BEGIN in line) and marks.END not in line
        if inside:
            kept.add(number)
    return kept


def places(
    node: ast.AST, lines: set[int], function: ast.FunctionDef | None = None
) -> Iterator[Place]:
    """Every place in the solution, and the defaults of functions."""
    function = node if isinstance(node, ast.FunctionDef) else function
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "ctx"):
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or skipped(node, field, child):
                continue
            at = index if isinstance(value, list) else None
            is_default = field in ("defaults", "kw_defaults")
            if is_default or getattr(child, "lineno", 0) in lines:
                yield Place(child, node, field, at, function)
            yield from places(child, lines, function)


SHOWN = ("caption", "alt", "label")


def skipped(parent: ast.AST, field: str, child: ast.AST) -> bool:
    """Words for people, and what is raised: no check compares them."""
    words = isinstance(parent, ast.Expr) and isinstance(child, ast.Constant)
    shown = isinstance(parent, ast.keyword) and parent.arg in (
        "caption",
        "alt",
        "label",
    )
    return words or shown or isinstance(child, ast.JoinedStr) or field == "exc"


def number(place: Place) -> Iterator[Replacement]:
    """Off by one, the sign, a factor of two."""
    match place.node:
        case ast.Constant(bool(value)):
            yield "the other truth", ast.Constant(not value)
        case ast.Constant(int(value)):
            yield "off by one", ast.Constant(value + 1)
            yield "off by one", ast.Constant(value - 1)
        case ast.Constant(float(value)):
            yield "twice", ast.Constant(2 * value)
            yield "the sign", ast.Constant(-value)
        case ast.Constant(str(value)):
            yield "another word", ast.Constant(value + "x")


OTHERS: dict[type[ast.operator], list[type[ast.operator]]] = {
    ast.Add: [ast.Sub, ast.Mult],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Add, ast.Div],
    ast.Div: [ast.Mult, ast.FloorDiv],
    ast.FloorDiv: [ast.Div, ast.Mult],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
}


def arithmetic(place: Place) -> Iterator[Replacement]:
    """Another operation, a term dropped, the terms swapped."""
    node = place.node
    if isinstance(node, ast.BinOp):
        for other in OTHERS.get(type(node.op), []):
            yield "another operation", ast.BinOp(node.left, other(), node.right)
        yield "a term dropped", node.left
        yield "a term dropped", node.right
        if not isinstance(node.op, ast.Add | ast.Mult):
            yield "terms swapped", ast.BinOp(node.right, node.op, node.left)
        if isinstance(node.op, ast.FloorDiv):
            negative = ast.BinOp(
                ast.UnaryOp(ast.USub(), node.left), node.op, node.right
            )
            yield "ceil for floor", ast.UnaryOp(ast.USub(), negative)
    elif isinstance(node, ast.AugAssign):
        yield "only the last", ast.Assign([node.target], node.value)
        yield "the sign", ast.AugAssign(node.target, ast.Sub(), node.value)
    elif isinstance(node, ast.UnaryOp):
        yield "the sign", node.operand


def comparison(place: Place) -> Iterator[Replacement]:
    """The border, the other side, one condition of two."""
    node = place.node
    pairs: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
        ast.Lt: [ast.LtE, ast.Gt],
        ast.LtE: [ast.Lt, ast.GtE],
        ast.Gt: [ast.GtE, ast.Lt],
        ast.GtE: [ast.Gt, ast.LtE],
        ast.Eq: [ast.NotEq],
        ast.NotEq: [ast.Eq],
        ast.In: [ast.NotIn],
        ast.NotIn: [ast.In],
    }
    if isinstance(node, ast.Compare):
        for other in pairs.get(type(node.ops[0]), []):
            ops = [other(), *node.ops[1:]]
            yield "another comparison", ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BoolOp):
        both = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and for or", ast.BoolOp(both, node.values)
        yield from (("a condition dropped", value) for value in node.values)
    elif isinstance(node, ast.IfExp):
        yield "always", node.body
        yield "never", node.orelse


SIBLINGS = [
    ("sum", "mean", "max", "prod"),
    ("mean", "sum", "max"),
    ("amax", "amin", "mean"),
    ("max", "min", "mean"),
    ("min", "max"),
    ("maximum", "minimum", "add"),
    ("minimum", "maximum"),
    ("prod", "sum"),
    ("var", "std"),
    ("std", "var"),
    ("floor", "ceil", "round"),
    ("ceil", "floor"),
    ("zeros", "ones"),
    ("ones", "zeros"),
    ("zeros_like", "ones_like"),
    ("exp", "exp2"),
    ("abs", "negative"),
    ("argmax", "argmin"),
    ("train", "eval"),
    ("eval", "train"),
    ("relu", "sigmoid"),
    ("hstack", "vstack"),
    ("vstack", "hstack"),
    ("stack", "concatenate"),
    ("concatenate", "stack"),
    ("outer", "inner"),
    ("rot90", "flipud"),
]
OTHER_NAMES = {name: others for name, *others in SIBLINGS}


def called_name(place: Place) -> Iterator[Replacement]:
    """The wrong reduction, the wrong rounding, the wrong mode."""
    if place.field != "func":
        return
    match place.node:
        case ast.Attribute(value, attr):
            for other in OTHER_NAMES.get(attr, []):
                yield f"{other} for {attr}", ast.Attribute(value, other, ast.Load())
        case ast.Name(name):
            for other in {"sum": ["max"], "max": ["min"]}.get(name, []):
                yield f"{other} for {name}", ast.Name(other, ast.Load())


def arguments(place: Place) -> Iterator[Replacement]:
    """Arguments swapped, left out, or handed on without the call."""
    node = place.node
    if not isinstance(node, ast.Call):
        return
    args, keywords = node.args, node.keywords
    for i in range(len(args) - 1):
        swapped = [*args[:i], args[i + 1], args[i], *args[i + 2 :]]
        yield "arguments swapped", ast.Call(node.func, swapped, keywords)
    for i in range(1, len(args)):
        left = [*args[:i], *args[i + 1 :]]
        yield "an argument left out", ast.Call(node.func, left, keywords)
    for i in range(len(keywords)):
        some = [*keywords[:i], *keywords[i + 1 :]]
        yield "an argument left out", ast.Call(node.func, args, some)
    if isinstance(node.func, ast.Attribute) and not args:
        yield "a call left out", node.func.value
    elif args:
        yield "a call left out", args[0]
    if isinstance(node.func, ast.Attribute):
        yield "a call left out", node.func.value


def layout(place: Place) -> Iterator[Replacement]:
    """Axes swapped, a kernel not flipped, a transpose forgotten or too much."""
    match place.node:
        case ast.Attribute(value, "T" | "mT"):
            yield "not transposed", value
        case ast.Subscript(value, ast.Slice(None, None, ast.UnaryOp())):
            yield "not flipped", value
        case ast.Slice(lower, upper, step) if step is not None:
            yield "without its step", ast.Slice(lower, upper, None)
        case ast.Slice(lower, upper, step):
            one = ast.Constant(1)
            if upper is not None:
                for op in (ast.Add(), ast.Sub()):
                    end = ast.BinOp(upper, op, one)
                    yield "off by one", ast.Slice(lower, end, step)
            if lower is not None:
                start = ast.BinOp(lower, ast.Add(), one)
                yield "off by one", ast.Slice(start, upper, step)
            else:
                yield "off by one", ast.Slice(one, upper, step)
        case ast.Tuple(items) if len(items) > 1 and place.field != "targets":
            for i in range(len(items) - 1):
                order = [*items[:i], items[i + 1], items[i], *items[i + 2 :]]
                yield "order swapped", ast.Tuple(order, ast.Load())
        case ast.List(items) if len(items) > 1:
            yield "in reverse", ast.List(items[::-1], ast.Load())


def statement(place: Place) -> Iterator[Replacement]:
    """A line forgotten, an error not raised or of another kind, a loop left early."""
    node = place.node
    if isinstance(node, ast.Raise):
        yield "an error not raised", ast.Pass()
        other = ast.Call(ast.Name("KeyError", ast.Load()), [ast.Constant("x")], [])
        yield "another error", ast.Raise(other)
    elif isinstance(node, ast.Assign | ast.AugAssign | ast.For | ast.If) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield "a line left out", ast.Pass()
    if isinstance(node, ast.If):
        yield "always", ast.If(ast.Constant(True), node.body, node.orelse)
        yield "never", ast.If(ast.Constant(False), node.body, node.orelse)
    if isinstance(node, ast.For):
        body = [*node.body, ast.Break()]
        yield "once only", ast.For(node.target, node.iter, body, node.orelse)


def result(place: Place) -> Iterator[Replacement]:
    """What is returned: nothing, the negative, other types, an axis too much."""
    node = place.node
    if not isinstance(node, ast.Return) or node.value is None:
        return
    value, kind = node.value, returns(place.function)
    yield "nothing returned", ast.Return(None)
    if "ndarray" in kind or "Tensor" in kind:
        for label, text in ARRAY_SPOILERS:
            call = ast.parse(text, mode="eval").body
            assert isinstance(call, ast.Call)
            yield label, ast.Return(ast.Call(call.func, [value, *call.args], []))
    if kind in ("int", "float"):
        yield "the sign", ast.Return(ast.UnaryOp(ast.USub(), value))
        yield "off by one", ast.Return(ast.BinOp(value, ast.Add(), ast.Constant(1)))
        yield "a text", ast.Return(ast.Call(ast.Name("str", ast.Load()), [value], []))


ARRAY_SPOILERS = [
    ("the sign", "np.negative()"),
    ("cut to integers", "np.trunc()"),
    ("without its axes of one", "np.squeeze()"),
    ("flat", "np.ravel()"),
    ("transposed", "np.transpose()"),
    ("an axis too much", "np.expand_dims(0)"),
    ("turned round", "np.flip()"),
    ("a list", "list()"),
    ("through ReLU", "np.maximum(0)"),
    ("without its sign", "np.abs()"),
]


def returns(function: ast.FunctionDef | None) -> str:
    """The annotation of what a function returns, or ""."""
    return ast.unparse(function.returns) if function and function.returns else ""


def parameter(place: Place) -> Iterator[Replacement]:
    """Another parameter in its place; a default that is another one's."""
    if place.function is None or not isinstance(place.node, ast.Name):
        return
    names = [arg.arg for arg in place.function.args.args]
    if place.node.id in names and isinstance(place.node.ctx, ast.Load):
        for other in names:
            if other != place.node.id:
                label = f"{other} for {place.node.id}"
                yield label, ast.Name(other, ast.Load())


def spoiled(place: Place) -> Iterator[Replacement]:
    """The result is right, but the answer writes into what it was given."""
    node, function = place.node, place.function
    if not isinstance(node, ast.Return) or node.value is None or function is None:
        return
    for arg in function.args.args:
        if arg.annotation and "ndarray" in ast.unparse(arg.annotation):
            text = (
                f"_kept = np.array({ast.unparse(node.value)})\n"
                f"{arg.arg}[...] = 0\n"
                "return _kept"
            )
            lines: list[ast.stmt] = ast.parse(f"if True:\n{indented(text)}").body
            yield f"{arg.arg} is spoiled", lines[0]


def indented(text: str) -> str:
    """The lines of a text, four spaces further in."""
    return "\n".join("    " + line for line in text.split("\n"))


OPERATORS: list[Operator] = [
    number,
    arithmetic,
    comparison,
    called_name,
    arguments,
    layout,
    statement,
    result,
    parameter,
    spoiled,
]
