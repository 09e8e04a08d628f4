"""What a piece of Python reads, binds and may change, told without running it.

`kinds` says of each name of a notebook what it holds, as far as its bindings tell:

    shown     what a call returned that only shows something, such as a figure
    module    bound by imports alone: calling its functions does not change it
    plain     a function or class that keeps nothing of its own
    constant  numbers and text: nothing can change it
    table     a list or dict of these that is only looked into
    object    anything else, which a method, or a function that gets it, may change

`effects` then reads one piece (a statement, or a whole cell). Names of functions'
own variables are kept apart as `name@number`; they matter where they share an object
with a name of the notebook (`c = cache; c.append(1)` changes `cache`). `name@out` is
what a function returns, or what an instance of a class holds.
"""

import ast
import builtins
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

LOOKS = frozenset({"count", "get", "index", "items", "keys", "values"})
HARMLESS: tuple[str, ...] = ("print", "display", "plots.", "plt.", "explore.")
PURE = (
    *("abs", "all", "any", "bool", "bytes", "callable", "chr", "complex", "dict"),
    *("divmod", "enumerate", "filter", "float", "format", "frozenset", "getattr"),
    *("hasattr", "hash", "hex", "id", "int", "isinstance", "issubclass", "len"),
    *("list", "map", "max", "min", "oct", "ord", "pow", "range", "repr", "reversed"),
    *("round", "set", "slice", "sorted", "str", "sum", "super", "tuple", "type", "zip"),
    *("math.", "np.", "numpy.", "torch.", "F.", "nn."),
)
# Calls whose value shares nothing with what they were given.
FRESH = frozenset(
    {"abs", "all", "any", "bool", "chr", "float", "format", "hash", "hex", "id", "int"}
    | {"isinstance", "issubclass", "len", "oct", "ord", "range", "repr", "round", "str"}
)
# Methods of arrays, containers and text that only read, when their value is used.
READERS = frozenset(
    {"abs", "all", "any", "argmax", "argmin", "argsort", "astype", "clone", "copy"}
    | {"count", "cpu", "cumsum", "detach", "dim", "dot", "double", "encode", "endswith"}
    | {"exp", "flatten", "flip", "float", "format", "get", "index", "int", "item"}
    | {"items", "join", "keys", "log", "long", "lower", "max", "mean", "min", "ndim"}
    | {"nonzero", "norm", "numel", "numpy", "permute", "prod", "ravel", "repeat"}
    | {"replace", "reshape", "round", "shape", "size", "split", "sqrt", "square"}
    | {"squeeze", "startswith", "std", "strip", "sum", "t", "tolist", "transpose"}
    | {"type", "union", "unsqueeze", "upper", "values", "var", "view"}
)
# Functions of modules that change what they are given, or what the module keeps.
CHANGERS = ("random.", "copyto", "put", "place", "fill_diagonal", "init.")
SETTERS: tuple[str, ...] = (
    "add",
    "append",
    "disable",
    "enable",
    "extend",
    "filter",
    "insert",
)
SETTERS += ("manual_seed", "register", "seed", "set", "simplefilter", "update", "use")
# Builtins and modules with which code can reach names that it does not spell.
OPAQUE = frozenset({"eval", "exec", "get_ipython", "globals"})
OPAQUE_ATTRIBUTES = {
    "sys": {"_getframe", "modules", "_current_frames"},
    "inspect": {"currentframe", "stack", "getouterframes"},
    "gc": {"get_objects", "get_referrers"},
}
OPAQUE_MODULES = frozenset({"__main__", "builtins", "ctypes"})
OPAQUE_NAMES = frozenset({"__globals__", "__builtins__", "f_globals", "f_locals"})
# Calls that may hand out something that is used up by reading it.
USED_UP = frozenset({"enumerate", "filter", "iter", "map", "open", "reversed", "zip"})

BUILTIN = frozenset(dir(builtins)) | {"display"}
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Made = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Rules:
    """What a course says of its own functions, as beginnings of dotted names.

    harmless: calls that only show something: they change nothing they are given
    pure: functions that change nothing they are given when their value is used
    """

    harmless: tuple[str, ...] = HARMLESS
    pure: tuple[str, ...] = PURE


@dataclass
class Effects:
    """What one piece of code does to the names of the notebook.

    reads: looked up while it runs; later: when a function that it makes is called
    sets: bound for certain; may_set: bound or deleted perhaps
    first: of the names that it sets, those bound before anything can go wrong
    own: of the names that it binds, those that it looks up itself, and may call
    touches, later_touches: names of objects that it may change, in the same sense
    changes: of these, those that it is written to change (`x.append(1)`)
    shares: name → names of objects that it may be, hold or be a part of
    settings, later_settings: modules whose state it changes
    imports: packages that it imports
    star: it may bind any name; opaque: why nobody can tell what it does, or ""
    """

    reads: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    sets: set[str] = field(default_factory=set)
    may_set: set[str] = field(default_factory=set)
    first: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    touches: set[str] = field(default_factory=set)
    later_touches: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    shares: dict[str, set[str]] = field(default_factory=dict)
    settings: set[str] = field(default_factory=set)
    later_settings: set[str] = field(default_factory=set)
    imports: set[str] = field(default_factory=set)
    star: bool = False
    opaque: str = ""

    @property
    def binds(self) -> set[str]:
        """Every name that it may bind."""
        return self.sets | self.may_set


@dataclass
class Names:
    """What the names of a notebook hold, from all of its code together.

    packages: module → the top package it is of; streams: names that may hold something
    that is used up by reading it; methods: all that classes of the notebook define
    """

    kinds: dict[str, str] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
    streams: set[str] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)

    def kind(self, name: str) -> str:
        """module, plain, constant, object, or builtin when nothing here binds it."""
        if "@" in name:
            return "object"
        return self.kinds.get(name, "builtin")


T = TypeVar("T")
Node = TypeVar("Node", bound=ast.AST)


def kept_in(node: Node, name: str, tell: Callable[[Node], T]) -> T:
    """What is told of a node, kept with it: the lesson's come again and again."""
    kept: dict[str, T] = node.__dict__.setdefault("_kept", {})
    if name not in kept:
        kept[name] = tell(node)
    return kept[name]


def names_of(trees: Iterable[ast.Module], rules: Rules) -> Names:
    """What the names hold that these pieces of code bind."""
    found = Names()
    for tree in trees:
        for name, kind in bindings(tree.body):
            before = found.kinds.get(name, kind)
            found.kinds[name] = kind if before == kind else "object"
        for node in ast.walk(tree):
            note(node, found)
    drawn = {name for name, kind in found.kinds.items() if kind == "object"}
    for tree in trees:
        drawn -= kept_in(tree, f"not drawn {rules}", lambda x: not_drawn(x, rules))
    found.kinds |= dict.fromkeys(drawn, "shown")
    resolve_attributes(found, trees)
    resolve_tables(found, trees)
    resolve_defaults(found, trees)
    return found


def resolve_attributes(found: Names, trees: Iterable[ast.Module]) -> None:
    """`relu = F.relu` holds something of a module; other attributes are objects."""
    for tree in trees:
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    base = dotted(value).partition(".")[0]
                    known = found.kinds.get(base) == "module"
                    if found.kinds[name] == "attribute" and known:
                        found.kinds[name] = "module"
                        found.packages[name] = found.packages[base]
    for name, kind in found.kinds.items():
        if kind == "attribute":
            found.kinds[name] = "object"


def resolve_tables(found: Names, trees: Iterable[ast.Module]) -> None:
    """A table whose elements may be changed, or that is handed on, is an object."""
    spoiled = {x for tree in trees for x in kept_in(tree, "handed on", handed_on)}
    for tree in trees:
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if not is_table(value, found):
                        spoiled.add(name)
    for name, kind in found.kinds.items():
        if kind == "table" and name in spoiled:
            found.kinds[name] = "object"


def resolve_defaults(found: Names, trees: Iterable[ast.Module]) -> None:
    """`def f(k, seen=d)` keeps an object where `d` is one; `f` may be given on so."""
    kept = {x for tree in trees for x in kept_in(tree, "defaults", defaults_by_name)}
    todo = {""}
    while todo:
        todo = {
            function
            for function, default in kept
            if found.kinds.get(function) == "plain"
            and found.kinds.get(default) in ("object", "table")
        }
        found.kinds |= dict.fromkeys(todo, "object")


def defaults_by_name(tree: ast.Module) -> frozenset[tuple[str, str]]:
    """Functions, each with a name that is the default of an argument."""
    return frozenset(
        (function.name, default.id)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for default in [*function.args.defaults, *function.args.kw_defaults]
        if isinstance(default, ast.Name)
    )


def is_table(value: ast.expr, found: Names) -> bool:
    """Whether a list, tuple or dict holds nothing that can be changed."""
    match value:
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return all(is_fixed(x, found) for x in parts)
        case ast.Dict(keys=keys, values=values):
            return all(x is not None and is_fixed(x, found) for x in [*keys, *values])
    return is_constant(value)


def is_fixed(value: ast.expr, found: Names) -> bool:
    """Whether an element is a number, text, a function or something of a module."""
    match value:
        case ast.Tuple(elts=parts):
            return all(is_fixed(x, found) for x in parts)
        case ast.Name(id=name):
            return found.kinds.get(name) in ("plain", "constant")
        case ast.Attribute(value=inner):
            base = dotted(value).partition(".")[0]
            return found.kinds.get(base) == "module" and not calls(inner)
    return is_constant(value)


def calls(value: ast.expr) -> bool:
    """Whether something is called in an expression."""
    return any(isinstance(x, ast.Call) for x in ast.walk(value))


def handed_on(tree: ast.Module) -> frozenset[str]:
    """The names that are used in other ways than to look into what they hold."""
    loads: Counter[str] = Counter()
    looks: Counter[str] = Counter()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                loads[name] += 1
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Load()):
                looks[name] += 1
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in LOOKS:
                looks[name] += 1
            case ast.For(iter=ast.Name(id=name)):
                looks[name] += 1
            case ast.comprehension(iter=ast.Name(id=name)):
                looks[name] += 1
            case ast.Call(func=ast.Name(id=function), args=args) if function in PURE:
                looks.update(x.id for x in args if isinstance(x, ast.Name))
    return frozenset(x for x, count in loads.items() if looks[x] < count)


def not_drawn(tree: ast.Module, rules: Rules) -> frozenset[str]:
    """The names that hold something else than what a harmless call returned."""
    found = set()
    for statement in tree.body:
        match statement:
            case ast.Assign(value=ast.Call(func=func)) if matches(
                dotted(func), rules.harmless
            ):
                continue
        found |= {name for name, _ in bindings([statement])}
    return frozenset(found)


def note(node: ast.AST, found: Names) -> None:
    """What can be told of a node wherever it stands."""
    match node:
        case ast.Import(names):
            for alias in names:
                top = alias.name.partition(".")[0]
                found.packages[alias.asname or top] = top
        case ast.ImportFrom(module, names, level):
            for alias in names:
                top = "." * level + (module or "").partition(".")[0]
                found.packages[alias.asname or alias.name] = top
        case ast.Global(names=declared):
            found.kinds |= dict.fromkeys(declared, "object")
        case ast.ClassDef(body=body):
            found.methods |= {x.name for x in body if isinstance(x, ast.FunctionDef)}
        case ast.Assign(targets, value) if may_be_used_up(value):
            found.streams |= {x for t in targets for x in target_names(t)}


def may_be_used_up(value: ast.expr) -> bool:
    """Whether reading through this may leave less of it."""
    match value:
        case ast.GeneratorExp():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in USED_UP or not (name in BUILTIN or name[:1].isupper())
        case ast.Call():
            return not dotted(value.func).startswith(("np.", "torch.", "numpy.", "F."))
        case ast.Tuple() | ast.List():
            return any(map(may_be_used_up, value.elts))
    return False


def bindings(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """The names that statements bind in the notebook, with their kinds."""
    for statement in body:
        yield from kept_in(statement, "bindings", bindings_of)


def bindings_of(statement: ast.stmt) -> tuple[tuple[str, str], ...]:
    """The names that one statement binds, wherever in it, with their kinds."""
    inner = [x for x in own_nodes(statement) if isinstance(x, ast.NamedExpr)]
    return (*bound_by(statement), *((x.target.id, "object") for x in inner))


def own_nodes(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement that run in its own scope."""
    todo: list[ast.AST] = [statement]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.expr):
            yield node
        if not isinstance(node, ast.Lambda):
            inner = ast.iter_child_nodes(node)
            todo += [x for x in inner if not isinstance(x, ast.stmt)]


def bound_by(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """The names that one statement binds."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            for alias in statement.names:
                yield imported_as(statement, alias), "module"
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield statement.name, "plain" if is_plain(statement) else "object"
        case ast.ClassDef():
            yield statement.name, "plain" if is_plain(statement) else "object"
        case ast.Assign(targets, value):
            kind = kind_of(value) if isinstance(targets[0], ast.Name) else "object"
            yield from ((x, kind) for t in targets for x in target_names(t))
        case ast.AnnAssign(target=target, value=value):
            kind = "constant" if value is None or is_constant(value) else "object"
            yield from ((x, kind) for x in target_names(target))
        case _:
            yield from bound_in_parts(statement)


def kind_of(value: ast.expr) -> str:
    """The kind of a name to which this is assigned, as far as it can be told here."""
    match value:
        case ast.List() | ast.Tuple() | ast.Dict() | ast.Set():
            return "constant" if is_constant(value) else "table"
        case ast.Attribute() if dotted(value) and not calls(value):
            return "attribute"
    return "constant" if is_constant(value) else "object"


def bound_in_parts(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """The names that other statements and those in their bodies bind."""
    for node in ast.iter_child_nodes(statement):
        match node:
            case ast.stmt():
                yield from bindings([node])
            case ast.ExceptHandler(name=name, body=body):
                yield from ((name, "object") for name in [name] if name)
                yield from bindings(body)
            case ast.match_case(pattern=pattern, body=body):
                yield from ((x, "object") for x in captured(pattern))
                yield from bindings(body)
            case ast.withitem(optional_vars=ast.expr() as target):
                yield from ((x, "object") for x in target_names(target))
    if isinstance(statement, ast.For | ast.AsyncFor | ast.AugAssign | ast.Delete):
        targets: list[ast.expr] = getattr(statement, "targets", [])
        targets = targets or [getattr(statement, "target")]  # noqa: B009
        yield from ((x, "object") for t in targets for x in target_names(t))


def imported_as(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    """The name that an import binds."""
    if isinstance(statement, ast.Import) and not alias.asname:
        return alias.name.partition(".")[0]
    return alias.asname or alias.name


def captured(pattern: ast.pattern) -> Iterator[str]:
    """The names that a pattern of `match` binds."""
    for node in ast.walk(pattern):
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if isinstance(name, str):
            yield name


def target_names(target: ast.expr) -> Iterator[str]:
    """The names in the target of an assignment that are themselves bound."""
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from target_names(part)
        case ast.Starred(value=value):
            yield from target_names(value)


def is_constant(value: ast.expr) -> bool:
    """Whether this is made of numbers and text alone."""
    match value:
        case ast.Constant():
            return True
        case ast.Tuple(elts=parts):
            return all(map(is_constant, parts))
        case ast.UnaryOp(operand=part):
            return is_constant(part)
        case ast.BinOp(left=left, right=right):
            return is_constant(left) and is_constant(right)
    return False


def is_plain(made: Made) -> bool:
    """Whether a function or class keeps nothing that a call of it could change."""
    if any(not isinstance(root(x), ast.Name) for x in made.decorator_list):
        return False
    if isinstance(made, ast.ClassDef):
        values = [x.value for x in made.body if isinstance(x, ast.Assign)]
        return all(map(is_constant, values))
    defaults = [*made.args.defaults, *filter(None, made.args.kw_defaults)]
    names = (ast.Name, ast.Attribute, ast.Constant)
    return all(isinstance(x, names) or is_constant(x) for x in defaults)


def root(node: ast.expr) -> ast.expr:
    """Where a chain such as `a.b[0].c()` begins."""
    while True:
        match node:
            case ast.Attribute(value=inner) | ast.Subscript(value=inner):
                node = inner
            case ast.Call(func=inner) | ast.Starred(value=inner):
                node = inner
            case ast.Await(value=inner):
                node = inner
            case _:
                return node


def dotted(node: ast.expr) -> str:
    """`a.b.c` of such a chain, without what is in brackets; "" of anything else."""
    parts: list[str] = []
    while True:
        match node:
            case ast.Attribute(value=inner, attr=attr):
                parts.append(attr)
                node = inner
            case ast.Subscript(value=inner) | ast.Call(func=inner):
                node = inner
            case ast.Name(id=name):
                return ".".join([name, *reversed(parts)])
            case _:
                return ""


def matches(name: str, beginnings: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of these, or begins with one that ends in a dot."""
    return any(name.startswith(x) if x.endswith(".") else name == x for x in beginnings)


class Scope:
    """The own names of a function, a class or a comprehension."""

    def __init__(self, kind: str, names: set[str], number: int) -> None:
        self.kind = kind
        self.names = names
        self.number = number
        self.globals: set[str] = set()


def own_names(node: Function) -> Scope:
    """The scope of a function: its parameters and what it assigns."""
    a = node.args
    every = [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg]
    names = {x.arg for x in every if x}
    scope = Scope("function", names, 0)
    body = [] if isinstance(node, ast.Lambda) else node.body
    names |= {name for name, _ in bindings(body)}
    for inner in nodes_outside_functions(body):
        match inner:
            case ast.Global(names=declared):
                scope.globals |= set(declared)
            case ast.Nonlocal(names=declared):
                names -= set(declared)
            case ast.NamedExpr(target=target):
                names.add(target.id)
    names -= scope.globals
    return scope


def with_defaults(node: Function) -> Iterator[tuple[str, ast.expr]]:
    """The parameters that have a default, with it."""
    a = node.args
    positional = [*a.posonlyargs, *a.args][::-1]
    for parameter, value in zip(positional, a.defaults[::-1], strict=False):
        yield parameter.arg, value
    for parameter, default in zip(a.kwonlyargs, a.kw_defaults, strict=True):
        if default:
            yield parameter.arg, default


def nodes_outside_functions(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All nodes in these, but not what stands in functions and classes within."""
    todo = list(body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, Function | ast.ClassDef):
            todo += ast.iter_child_nodes(node)


def effects(
    body: list[ast.stmt],
    names: Names,
    rules: Rules,
    lazy: bool = False,
    tag: str = "",
) -> Effects:
    """What statements do.

    lazy: annotations are not evaluated; tag: tells apart the functions' own names of
    several pieces
    """
    reader = Reader(names, rules, lazy, tag)
    safe = True
    for statement in body:
        safe = safe and cannot_fail(statement)
        reader.visit(statement)
        if safe:
            reader.found.first |= {name for name, _ in bound_by(statement)}
    reader.found.first &= reader.found.sets
    return reader.found


def cannot_fail(statement: ast.stmt) -> bool:
    """Whether a statement runs to its end, whatever the names hold."""
    match statement:
        case ast.FunctionDef(args=args, decorator_list=[], returns=None):
            every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
            defaults = [*args.defaults, *filter(None, args.kw_defaults)]
            bare = all(x.annotation is None for x in every)
            return bare and all(map(is_literal, defaults))
        case ast.Assign(targets=targets, value=value):
            return is_literal(value) and all(isinstance(x, ast.Name) for x in targets)
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return True
    return False


def is_literal(value: ast.expr) -> bool:
    """Whether this is one number or text, which cannot fail."""
    return isinstance(value, ast.Constant)


# Nodes that are read like others.
SAME = {
    **dict.fromkeys(("If", "While", "Try", "TryStar"), "Maybe"),
    **dict.fromkeys(("ListComp", "SetComp", "DictComp"), "Comprehension"),
    **dict.fromkeys(("Yield", "YieldFrom"), "Return"),
    **{f"Async{x}": x for x in ("For", "With", "FunctionDef")},
}


class Reader(ast.NodeVisitor):
    """Collects the effects of statements, in the order in which they run."""

    def __init__(self, names: Names, rules: Rules, lazy: bool, tag: str) -> None:
        self.names = names
        self.tag = tag
        self.rules = rules
        self.lazy = lazy
        self.found = Effects()
        self.scopes: list[Scope] = []
        self.count = 0
        # The function or class of the notebook that is being defined.
        self.giver = ""
        # How deep in functions, and in statements that may not run, this is.
        self.later = 0
        self.unsure = 0

    def visit(self, node: ast.AST) -> None:
        """Visit a node by its kind."""
        kind = type(node).__name__
        method = getattr(self, f"visit_{SAME.get(kind, kind)}", self.generic_visit)
        method(node)

    # Names

    def key(self, name: str) -> str:
        """The name in the notebook, or name@number of a function's own."""
        for depth, scope in enumerate(reversed(self.scopes)):
            if name in scope.globals:
                return name
            visible = scope.kind != "class" or depth == 0
            if visible and name in scope.names:
                return f"{name}@{self.tag}.{scope.number}"
        return name

    def read(self, name: str) -> None:
        """Note that a name is looked up."""
        if not self.later and self.is_own(name):
            self.found.own.add(name)
        if "@" not in self.key(name):
            if not self.later and name in self.found.sets:
                return
            (self.found.later if self.later else self.found.reads).add(name)
            known = self.names.kind(name) != "builtin"
            if name in OPAQUE and not known:
                self.found.opaque = f"it uses {name}"

    def is_own(self, name: str) -> bool:
        """Whether this code has bound a name, in the notebook or in a class's body."""
        inside = self.scopes[-1].names if self.in_class() else set()
        return name in self.found.binds | inside

    def in_class(self) -> bool:
        """Whether the reader is in the body of a class."""
        return bool(self.scopes) and self.scopes[-1].kind == "class"

    def bind(self, name: str) -> None:
        """Note that a name is bound where the reader is."""
        scope = self.scopes[-1] if self.scopes else None
        if scope and name not in scope.globals:
            if scope.kind == "class":
                scope.names.add(name)
            return
        if self.later:
            self.found.later_touches.add(name)
            self.found.later.add(name)
        else:
            (self.found.may_set if self.unsure else self.found.sets).add(name)

    def touch(self, key: str, meant: bool = False) -> None:
        """Note that the object of a name may be changed."""
        if self.names.kind(key) == "module":
            self.set_in({key})
        elif self.names.kind(key) in ("object", "plain", "shown", "table"):
            held = self.found.later_touches if self.later else self.found.touches
            held.add(key)
            if meant and not self.later:
                self.found.changes.add(key)

    def set_in(self, modules: set[str]) -> None:
        """Note that the state of modules is changed."""
        found = self.found.later_settings if self.later else self.found.settings
        found |= modules

    def share(self, target: str, sources: Iterable[str]) -> None:
        """Note that one name's object may hold or be those of others."""
        self.found.shares.setdefault(target, set()).update(sources)

    def sources(self, value: ast.AST | None) -> set[str]:
        """The names whose objects a value may be, hold or be a part of."""
        match value:
            case None | ast.Constant() | ast.Compare() | ast.JoinedStr():
                return set()
            case ast.UnaryOp(op=ast.Not()):
                return set()
            case ast.Call(func=ast.Name(id=name)) if name in FRESH:
                if self.names.kind(self.key(name)) == "builtin":
                    return set()
            case ast.Name(id=name):
                kind = self.names.kind(self.key(name))
                bare = kind in ("constant", "builtin", "module")
                if kind == "plain":
                    return {f"{name}@out"}
                return set() if bare else {self.key(name)}
            case ast.Subscript(value=ast.Name(id=name)) if self.is_table(name):
                return self.sources(value.slice)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if self.is_table(
                name
            ):
                return set()
        parts = (self.sources(x) for x in ast.iter_child_nodes(value))
        return set().union(*parts)

    def is_table(self, name: str) -> bool:
        """Whether a name holds a table, whose elements share nothing."""
        return self.names.kind(self.key(name)) == "table"

    # Statements

    def visit_Expr(self, node: ast.Expr) -> None:
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(value, ast.Call):
            self.call(value, statement=True)
        else:
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.assign(target, node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.annotation(node.annotation)
        if node.value:
            self.visit(node.value)
            self.assign(node.target, node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        base = root(node.target)
        if isinstance(base, ast.Name):
            self.read(base.id)
            self.touch(self.key(base.id), meant=True)
        self.assign(node.target, node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        inner = [x for x in self.scopes if x.kind == "comprehension"]
        self.scopes = [x for x in self.scopes if x not in inner]
        self.unsure += 1
        self.assign(node.target, node.value)
        self.unsure -= 1
        self.scopes += inner

    def assign(self, target: ast.expr, value: ast.AST | None) -> None:
        """Bind or change what stands on the left of a value."""
        match target:
            case ast.Name(id=name):
                self.bind(name)
                self.share(self.key(name), self.sources(value))
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                self.used_up(value)
                for part, inner in pairs(parts, value):
                    self.assign(part, inner)
            case ast.Starred(value=inner):
                self.assign(inner, value)
            case _:
                self.store(target, value)

    def store(self, target: ast.expr, value: ast.AST | None) -> None:
        """`a.b = value` or `a[i] = value`: the object of `a` changes."""
        for part in ast.iter_child_nodes(target):
            self.visit(part)
        base = root(target)
        if isinstance(base, ast.Name):
            self.touch(self.key(base.id), meant=True)
            self.share(self.key(base.id), self.sources(value))
        self.hand_out(value)

    def hand_out(self, value: ast.AST | None) -> None:
        """Note that what is being defined hands out a value, or that it holds it."""
        if self.giver:
            self.share(f"{self.giver}@out", self.sources(value))

    def visit_Return(self, node: ast.Return | ast.Yield | ast.YieldFrom) -> None:
        if node.value:
            self.visit(node.value)
            self.hand_out(node.value)

    def visit_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.read(target.id)
                self.unsure += 1
                self.bind(target.id)
                self.unsure -= 1
            else:
                self.store(target, None)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self.used_up(node.iter)
        self.unsure += 1
        self.assign_each(node.target, node.iter)
        self.all(node.body, node.orelse)
        self.unsure -= 1

    def assign_each(self, target: ast.expr, values: ast.expr) -> None:
        """Bind the target of a loop; `zip` and `enumerate` are seen through."""
        match values:
            case ast.Call(func=ast.Name(id="zip"), args=args) if isinstance(
                target, ast.Tuple
            ) and len(args) == len(target.elts):
                for part, value in zip(target.elts, args, strict=True):
                    self.assign(part, value)
            case ast.Call(func=ast.Name(id="enumerate"), args=[value, *_]) if (
                isinstance(target, ast.Tuple) and len(target.elts) == 2
            ):
                self.assign(target.elts[0], None)
                self.assign(target.elts[1], value)
            case ast.Name(id=name) if self.is_table(name):
                self.assign(target, None)
            case _:
                self.assign(target, values)

    def visit_Maybe(self, node: ast.AST) -> None:
        """A statement of which parts may not run."""
        self.unsure += 1
        self.generic_visit(node)
        self.unsure -= 1

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        self.used_up(node.subject)
        self.unsure += 1
        for case in node.cases:
            self.visit(case.pattern)
            for name in captured(case.pattern):
                self.bind(name)
                self.share(self.key(name), self.sources(node.subject))
            self.all([x for x in [case.guard] if x], case.body)
        self.unsure -= 1

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        self.unsure += 1
        for item in node.items:
            self.visit(item.context_expr)
            self.touch_root(item.context_expr)
            if item.optional_vars:
                self.assign(item.optional_vars, item.context_expr)
        self.all(node.body)
        self.unsure -= 1

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    def all(self, *bodies: Iterable[ast.AST]) -> None:
        """Visit nodes one after another."""
        for body in bodies:
            for node in body:
                self.visit(node)

    # Imports

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.import_of(alias.name)
            self.bind(imported_as(node, alias))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.import_of("." * node.level + (node.module or ""))
        for alias in node.names:
            if alias.name == "*":
                self.found.star = True
            else:
                self.bind(imported_as(node, alias))

    def import_of(self, module: str) -> None:
        """Note that a module is imported."""
        top = module.partition(".")[0] if module[:1] != "." else module
        self.found.imports.add(top)
        if top in OPAQUE_MODULES:
            self.found.opaque = f"it imports {top}"

    # Functions and classes

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.decorated(node)
        self.signature(node)
        self.bind(node.name)
        outer = self.giver
        self.giver = outer or node.name
        for value in [*node.args.defaults, *node.args.kw_defaults]:
            self.hand_out(value)
        for value in node.decorator_list:
            self.hand_out(value)
        self.share(self.key(node.name), {f"{self.giver}@out"})
        self.body(node, node.body)
        self.giver = outer

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Its names are read now, as most are called at once, and perhaps later."""
        self.signature(node)
        self.body(node, [node.body])
        if not self.later:
            self.body(node, [node.body], now=True)

    def body(self, node: Function, body: Iterable[ast.AST], now: bool = False) -> None:
        """The body of a function, which runs later (or, of a lambda, also now)."""
        self.count += 1
        scope = own_names(node)
        scope.number = self.count
        for name, value in with_defaults(node):
            self.share(f"{name}@{self.tag}.{self.count}", self.sources(value))
        self.scopes.append(scope)
        self.later += not now
        self.all(body)
        self.later -= not now
        self.scopes.pop()

    def decorated(self, node: Made) -> None:
        """Decorators run now, and get the function."""
        for decorator in node.decorator_list:
            self.visit(decorator)
            self.touch_root(decorator)

    def signature(self, node: Function) -> None:
        """Defaults and annotations."""
        self.all(node.args.defaults, filter(None, node.args.kw_defaults))
        a = node.args
        every = [*a.posonlyargs, *a.args, *a.kwonlyargs, a.vararg, a.kwarg]
        for annotation in [x.annotation for x in every if x]:
            self.annotation(annotation)
        self.annotation(getattr(node, "returns", None))

    def annotation(self, node: ast.expr | None) -> None:
        """Evaluated now or, as text, perhaps later."""
        if node is None:
            return
        self.later += self.lazy
        self.visit(node)
        self.later -= self.lazy
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self.later += 1
            for name in words_in(node.value):
                self.read(name)
            self.later -= 1

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.decorated(node)
        self.all(node.bases, node.keywords)
        outer = self.giver
        self.giver = outer or node.name
        for value in [*node.bases, *node.decorator_list]:
            self.hand_out(value)
        self.count += 1
        self.scopes.append(Scope("class", set(), self.count))
        self.all(node.body)
        scope = self.scopes.pop()
        own = {f"{name}@{self.tag}.{scope.number}" for name in scope.names}
        self.share(f"{self.giver}@out", own)
        self.bind(node.name)
        self.share(self.key(node.name), {f"{self.giver}@out"})
        self.giver = outer

    # Expressions

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.read(node.id)
        else:
            self.bind(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        base = node.value.id if isinstance(node.value, ast.Name) else ""
        if node.attr in OPAQUE_ATTRIBUTES.get(base, ()) or node.attr in OPAQUE_NAMES:
            self.found.opaque = f"it uses {base}{'.' * bool(base)}{node.attr}"
        self.visit(node.value)

    def visit_Comprehension(self, node: ast.AST) -> None:
        """A comprehension has names of its own."""
        self.count += 1
        loops: list[ast.comprehension] = getattr(node, "generators", [])
        own = {x for loop in loops for x in target_names(loop.target)}
        self.visit(loops[0].iter)
        self.scopes.append(Scope("comprehension", own, self.count))
        for loop in loops:
            self.visit(loop.iter)
            self.used_up(loop.iter)
            self.assign_each(loop.target, loop.iter)
            self.all(loop.ifs)
        parts = [getattr(node, x, None) for x in ("elt", "key", "value")]
        self.all([x for x in parts if x])
        self.scopes.pop()

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self.visit_Comprehension(node)
        self.later += 1
        self.visit_Comprehension(node)
        self.later -= 1

    def used_up(self, value: ast.AST | None) -> None:
        """Reading through something may change it, when it can be read only once."""
        if isinstance(value, ast.Call):
            for argument in value.args:
                self.used_up(argument)
        elif isinstance(value, ast.expr):
            base = root(value)
            if isinstance(base, ast.Name) and (
                base.id in self.names.streams or "@" in self.key(base.id)
            ):
                self.touch(self.key(base.id))

    # Calls

    def visit_Call(self, node: ast.Call) -> None:
        self.call(node, statement=False)

    def call(self, node: ast.Call, statement: bool) -> None:
        """What a call reads, and what it may change."""
        self.visit(node.func)
        self.all(node.args, node.keywords)
        self.watch(node)
        name = dotted(node.func)
        kind = self.names.kind(self.key(name.partition(".")[0])) if name else "object"
        if self.only_shows(name, kind):
            return
        if kind in ("module", "builtin") and self.is_pure(node, name, statement):
            for argument in node.args:
                self.used_up(argument)
            return
        self.may_change(node, name, kind, statement)

    def only_shows(self, name: str, kind: str) -> bool:
        """Whether a call draws or prints; a figure that it draws in is touched."""
        if kind == "shown":
            self.touch(self.key(name.partition(".")[0]))
            return True
        known = kind in ("module", "builtin")
        return known and matches(name, self.rules.harmless)

    def watch(self, node: ast.Call) -> None:
        """Calls that reach names without spelling them."""
        match node.func:
            case ast.Name(id="locals" | "vars" as name) if not node.args:
                if not self.scopes and self.names.kind(name) == "builtin":
                    self.found.opaque = f"it uses {name}"
            case ast.Name(id="__import__") | ast.Attribute(attr="import_module"):
                match node.args:
                    case [ast.Constant(value=str(module)), *_]:
                        self.import_of(module)
                    case _:
                        self.found.opaque = "it imports something by a computed name"

    def is_pure(self, node: ast.Call, name: str, statement: bool) -> bool:
        """Whether a function of a module changes nothing that it is given."""
        if statement or name.endswith("_") or not matches(name, self.rules.pure):
            return False
        rest = name.partition(".")[2]
        if any(rest.startswith(x) or f".{x}" in rest for x in CHANGERS):
            return False
        return not any(keyword.arg in ("out", "inplace") for keyword in node.keywords)

    def may_change(self, node: ast.Call, name: str, kind: str, statement: bool) -> None:
        """A call that may change what it is given, and what it is a method of."""
        method = isinstance(node.func, ast.Attribute | ast.Subscript)
        given = self.given(node)
        if self.only_reads(node.func, statement) and kind == "object":
            for argument in node.args:
                self.used_up(argument)
            return
        if kind == "module":
            if method and calls(node.func):
                given |= self.sources(node.func)
            elif statement and self.is_setting(name, given):
                self.set_in({name.partition(".")[0]})
        elif kind != "table" and (kind == "object" or method):
            given |= self.at_root(node.func)
        for key in given:
            self.touch(key, meant=statement)
        if len(given) > 1:
            # Each may come to hold any other.
            self.count += 1
            together = f"call@{self.tag}.{self.count}"
            self.share(together, given)
            for key in given:
                self.share(key, {together})

    def given(self, node: ast.Call) -> set[str]:
        """The objects that a call is given."""
        values = [*node.args, *(x.value for x in node.keywords)]
        return set().union(*map(self.sources, values))

    def at_root(self, func: ast.expr) -> set[str]:
        """The object of which a method is called."""
        base = root(func)
        return {self.key(base.id)} if isinstance(base, ast.Name) else self.sources(base)

    def only_reads(self, func: ast.expr, statement: bool) -> bool:
        """Whether this is a method of arrays or containers that changes nothing."""
        return (
            isinstance(func, ast.Attribute)
            and func.attr in READERS
            and func.attr not in self.names.methods
            and not statement
        )

    def is_setting(self, name: str, given: set[str]) -> bool:
        """Whether a statement that calls a module is likely to change its state.

        Not the seeds that functions and loops set for themselves.
        """
        last = name.rpartition(".")[2]
        if given and last.endswith("_"):
            return False
        if last.endswith("seed") and (self.later or self.unsure):
            return False
        return not given or name.count(".") > 1 or last.startswith(SETTERS)

    def touch_root(self, value: ast.expr) -> None:
        """The object at the beginning of a chain may change."""
        base = root(value)
        if isinstance(base, ast.Name) and self.names.kind(self.key(base.id)) == (
            "object"
        ):
            self.touch(self.key(base.id))


def pairs(
    parts: list[ast.expr], value: ast.AST | None
) -> Iterator[tuple[ast.expr, ast.AST | None]]:
    """The targets of `a, b = …`, each with its own value where these are spelled."""
    inner = value.elts if isinstance(value, ast.Tuple | ast.List) else []
    starred = any(isinstance(x, ast.Starred) for x in [*parts, *inner])
    for number, part in enumerate(parts):
        yield part, value if starred or len(inner) != len(parts) else inner[number]


def words_in(text: str) -> Iterator[str]:
    """The names in an annotation that is written as text."""
    try:
        nodes = ast.walk(ast.parse(text[:200], mode="eval"))
        yield from (x.id for x in nodes if isinstance(x, ast.Name))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
