"""Notebook code as plain Python: magics and shell escapes are made harmless.

The line numbers stay as they are, so that errors can quote the student's lines.
IPython's own transformers are not used: they look at a cell again for each magic, which
a cell made of magics turns into minutes, and they keep state between cells.

`%time` and `%%time` run what they measure, `%%capture` what it hides. Help
(`name?`), settings (`%matplotlib`) and shell commands (`!pip`) become `pass`.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Cell magics whose body is Python that binds names, and line magics like them.
RUN_BODY = frozenset({"time", "timeit", "capture", "prun", "memit", "lprun"})
RUN_LINE = frozenset({"time", "prun", "memit"})
# Magics without which nothing is lost; of all others the student is told.
SILENT = frozenset(
    {"matplotlib", "config", "load_ext", "reload_ext", "autoreload", "precision"}
    | {"timeit", "who", "whos", "who_ls", "pinfo", "pinfo2"}
    | {"pdoc", "psource", "history", "hist", "lsmagic", "magic"}
    | {"quickref", "pwd", "pylab", "xmode", "colors", "automagic"}
    | {"autosave", "alias_magic", "html", "markdown", "latex", "svg"}
    | {"javascript", "js", "page", "pprint", "psearch"}
)
AUTOMAGIC = re.compile(r"\s*(pip|conda|mamba|cd|ls|pwd|matplotlib|load_ext)\b[^=(]*$")
MAX_SHOWN = 40
# Longer lines are no magic, and cell magics within cell magics end somewhere.
MAX_LINE = 2_000
MAX_NESTED = 5

CELL = re.compile(r"\s*%%(\w+)(.*)")
LINE = re.compile(r"(\s*)%(\w+)(.*)", re.DOTALL)
SHELL = re.compile(r"(\s*)!")
ASSIGNED = re.compile(r"(\s*)([\w.,\[\] \t*]+?)\s*=\s*([%!])(?!=)(.*)", re.DOTALL)
HELP_START = re.compile(r"\s*\?{1,2}\s*%{0,2}[\w*.]")
HELP_END = re.compile(r"\s*%{0,2}[A-Za-z_*][^#'\"=]*\?{1,2}\s*$")
OPTIONS = re.compile(r"\s*(-\w+\s*(\d+(\s+|$))?)*")
PROMPT = re.compile(r"^(>>>|\.\.\.)( |$)|^(In \[\d+\]: | {3,}\.\.\.: ?)", re.MULTILINE)
FIRST_PROMPT = re.compile(r"\s*(>>>( |\n|$)|In \[\d+\]: )")
# What decides where a logical line ends.
PIECE = re.compile(r'"""|\'\'\'|"|\'|#[^\n]*|[\[({]|[\])}]|\\\n|\n')


@dataclass(frozen=True)
class Plain:
    """Python; `remarks`: what was left out, each as the middle of a sentence."""

    source: str
    remarks: tuple[str, ...] = ()


def plain(source: str) -> Plain:
    """The text of a cell as Python. What is no Python at all stays as it is."""
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    if parsed(text) is None:
        text, remarks = without_magics(undressed(text))
    else:
        remarks = []
    if "get_ipython" in text:
        text, more = without_shell_object(text)
        remarks += more
    return Plain(text, tuple(dict.fromkeys(remarks)))


def parsed(text: str) -> ast.Module | None:
    """The syntax tree; None when the text is no Python."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def undressed(text: str) -> str:
    """A cell without the prompts and the common indentation that Jupyter ignores."""
    if FIRST_PROMPT.match(text):
        text = PROMPT.sub("", text)
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    if not indent:
        return text
    return "\n".join(x.removeprefix(indent) for x in lines)


def without_magics(text: str, nested: int = 0) -> tuple[str, list[str]]:
    """The text with each magic made harmless, and what to say about them."""
    start = len(text) - len(text.lstrip("\n \t"))
    found = CELL.match(text[start:])
    if found and nested < MAX_NESTED:
        _, _, body = text[start:].partition("\n")
        first, remarks = cell_magic(found[1], found[2])
        if first is None:
            return "\n" * text.count("\n"), remarks
        rest, more = without_magics(body, nested + 1)
        blank = "\n" * text[:start].count("\n")
        return f"{blank}{first}\n{rest}", remarks + more
    if "\n" not in text.strip() and AUTOMAGIC.match(text.strip()):
        return "pass", told(text)
    parts = [harmless(line) for line in logical_lines(text)]
    return "".join(x for x, _ in parts), [y for _, said in parts for y in said]


def cell_magic(name: str, rest: str) -> tuple[str | None, list[str]]:
    """What stands for the first line of a cell magic; None: nothing of it runs."""
    if name not in RUN_BODY:
        said = [] if name in SILENT else [f"`%%{name}` is not run when grading"]
        return None, said
    setup = OPTIONS.sub("", rest, count=1).strip()
    if name == "timeit" and parsed(setup) is not None:
        return setup, []
    if name == "capture" and setup.split() and setup.split()[0].isidentifier():
        return f"{setup.split()[0]} = None", []
    return "", []


def logical_lines(text: str) -> Iterator[str]:
    """The text cut where statements (or magics) end; joined again it is the text."""
    start = 0
    while start < len(text):
        end = magic_end(text, start) or statement_end(text, start)
        yield text[start:end]
        start = end


def magic_end(text: str, start: int) -> int:
    """Where a magic that begins here ends; 0 when none does."""
    end = line_end(text, start)
    if not is_magic(text[start:end].rstrip("\n")):
        return 0
    while text[start:end].endswith("\\\n") and end < len(text):
        end = line_end(text, end)
    return end


def line_end(text: str, start: int) -> int:
    """Where the line that begins here ends, its line break included."""
    return text.find("\n", start) + 1 or len(text)


def is_magic(line: str) -> bool:
    """Whether a line that begins a statement is for IPython."""
    forms = (LINE, SHELL, ASSIGNED, HELP_START, HELP_END)
    return len(line) <= MAX_LINE and any(form.match(line) for form in forms)


def statement_end(text: str, start: int) -> int:
    """Where the logical line of Python that begins here ends."""
    depth = 0
    while piece := PIECE.search(text, start):
        start = piece.end()
        match piece[0][0]:
            case '"' | "'":
                start = string_end(text, start, piece[0])
            case "[" | "(" | "{":
                depth += 1
            case "]" | ")" | "}":
                depth -= 1
            case "\n" if depth <= 0:
                return start
    return len(text)


def string_end(text: str, start: int, quote: str) -> int:
    """Where a string ends; at the end of the line when its quote is missing."""
    stop = re.compile(rf"\\.|{quote}" + ("" if len(quote) == 3 else r"|\n"), re.DOTALL)
    while found := stop.search(text, start):
        if found[0] == "\n":
            return found.start()
        start = found.end()
        if found[0] == quote:
            return start
    return len(text)


def harmless(line: str) -> tuple[str, list[str]]:
    """A logical line as Python, with as many line breaks as before."""
    if not is_magic(line.split("\n")[0]):
        return line, []
    words = line.rstrip("\n")
    after = "\n" * (line.count("\n"))
    made, said = instead(" ".join(words.split("\\\n")))
    return made + after, said


def instead(line: str) -> tuple[str, list[str]]:
    """What stands for one magic."""
    indent = line[: len(line) - len(line.lstrip())]
    if found := ASSIGNED.match(line):
        return assigned(*found.groups())
    if HELP_START.match(line) or HELP_END.match(line) or SHELL.match(line):
        return f"{indent}pass", [] if "?" in line[-2:] + line.strip()[:1] else told(
            line
        )
    found = LINE.match(line)
    name = found[2] if found else ""
    if found and name in RUN_LINE and found[3].strip():
        return f"{indent}{OPTIONS.sub('', found[3], count=1).strip()}", []
    return f"{indent}pass", [] if name in SILENT | RUN_LINE else told(line)


def assigned(indent: str, target: str, mark: str, rest: str) -> tuple[str, list[str]]:
    """What stands for `x = !ls` or `x = %time f()`."""
    name, _, words = rest.strip().partition(" ")
    if mark == "%" and name in RUN_LINE:
        return f"{indent}{target} = {words.strip()}", []
    value = "[]" if mark == "!" else "None"
    return f"{indent}{target} = {value}", told(f"{mark}{rest}")


def told(line: str) -> list[str]:
    """What to say about a command that is left out."""
    words = "".join(c if c.isprintable() else " " for c in " ".join(line.split()))
    short = words if len(words) <= MAX_SHOWN else f"{words[:MAX_SHOWN]}…"
    return [f"`{short.replace('`', chr(39))}` is not run when grading"]


def without_shell_object(text: str) -> tuple[str, list[str]]:
    """The text without statements that only call `get_ipython()`."""
    tree = parsed(text)
    if tree is None:
        return text, []
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and calls_shell(node.value)
    ]
    lines = text.encode("utf-8", "replace").split(b"\n")
    for node in sorted(calls, key=lambda n: (n.lineno, n.col_offset), reverse=True):
        cut(lines, node)
    said = [told_call(node) for node in calls if not is_silent(node)]
    return b"\n".join(lines).decode("utf-8", "replace"), said


def calls_shell(value: ast.expr) -> bool:
    """Whether this calls a method of `get_ipython()`."""
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and isinstance(value.func.value, ast.Call)
        and isinstance(value.func.value.func, ast.Name)
        and value.func.value.func.id == "get_ipython"
    )


def cut(lines: list[bytes], node: ast.Expr) -> None:
    """Replace a statement by `pass`, keeping the number of lines."""
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    after = lines[last][node.end_col_offset or 0 :]
    before = lines[first][: node.col_offset]
    for number in range(first + 1, last):
        lines[number] = b""
    if first == last:
        lines[first] = before + b"pass" + after
        return
    lines[first] = before + b"pass \\"
    for number in range(first + 1, last):
        lines[number] = b"\\"
    lines[last] = after


def is_silent(node: ast.Expr) -> bool:
    """Whether the magic that is called changes nothing that matters."""
    call = node.value
    names = (
        [x.value for x in call.args if isinstance(x, ast.Constant)]
        if isinstance(call, ast.Call)
        else []
    )
    return bool(names) and str(names[0]).split(" ")[0].lstrip("%") in SILENT


def told_call(node: ast.Expr) -> str:
    """What to say about a call of the shell object."""
    try:
        return told(ast.unparse(node))[0]
    except RecursionError:
        return told("get_ipython()")[0]
