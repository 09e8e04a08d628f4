"""The marks of a solution region, and what a student finds in its place."""

BEGIN, END = "BEGIN SOLUTION", "END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"

TEXT_STUB = "Write your answer here, then delete this line."
CODE_STUB = f'raise NotImplementedError("{TEXT_STUB}")'


def stub(source: str, replacement: str) -> str:
    """The cell as a student gets it: every solution region becomes `replacement`."""
    kept, inside = [], False
    for line in source.split("\n"):
        if BEGIN in line:
            inside = True
            kept.append(line[: len(line) - len(line.lstrip())] + replacement)
        elif END in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def without_hidden(source: str) -> str:
    """The cell without the hidden tests that the build has added at its end."""
    return source.partition(f"\n### {BEGIN_HIDDEN}")[0]


def solution_lines(source: str) -> list[str]:
    """The lines inside the solution regions, stripped, without empty ones.

    Raises ValueError when the marks are missing, not in pairs, or hold nothing.
    """
    found, inside = [], False
    for line in source.split("\n"):
        if BEGIN in line or END in line:
            if inside == (BEGIN in line):
                raise ValueError("its BEGIN SOLUTION and END SOLUTION are not in pairs")
            inside = not inside
        elif inside and line.strip():
            found.append(line.strip())
    if inside:
        raise ValueError("BEGIN SOLUTION has no END SOLUTION after it")
    if not found:
        raise ValueError(f"it has no solution between {BEGIN} and {END}")
    return found
