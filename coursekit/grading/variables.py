"""Which names a cell defines and which it needs, told without running it."""

import symtable
from collections.abc import Iterable, Iterator

from IPython.core.inputtransformer2 import TransformerManager


def table(source: str) -> symtable.SymbolTable | None:
    """Python's symbols of a cell; None when it would not run, as half an answer."""
    try:
        python = TransformerManager().transform_cell(source)
        return symtable.symtable(python, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return None


def bound(sources: Iterable[str]) -> set[str]:
    """The names that exist after these cells have run."""
    tables = [found for source in sources if (found := table(source))]
    symbols = [symbol for found in tables for symbol in found.get_symbols()]
    return {x.get_name() for x in symbols if x.is_assigned() or x.is_imported()}


def used(sources: Iterable[str]) -> set[str]:
    """The names of the notebook that these cells read, in functions too."""
    tables = [found for source in sources if (found := table(source))]
    return {name for found in tables for name in read_in(found)}


def read_in(found: symtable.SymbolTable) -> Iterator[str]:
    """The names of the notebook that are read in a block and in those within."""
    module = found.get_type() == "module"
    for symbol in found.get_symbols():
        if symbol.is_referenced() and (module or symbol.is_global()):
            yield symbol.get_name()
    for child in found.get_children():
        yield from read_in(child)
