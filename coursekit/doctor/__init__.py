"""What is installed, found and missing here, and what to do: `coursekit doctor`.

    doctor.examine()   # findings for students, for instructors, for contributors

It needs nothing but Python itself: what cannot be imported is a finding. In the
students' copy there are only those for students.
"""

from collections.abc import Callable, Iterator
from importlib.util import find_spec

from coursekit.doctor import grading, machine, material, packages
from coursekit.doctor.finding import Finding, State

__all__ = ["Finding", "State", "examine"]

Look = Callable[[], Iterator[Finding]]
STUDENTS: tuple[Look, ...] = (
    packages.python,
    packages.needed,
    packages.torch,
    packages.torchvision,
    packages.jupyterlab,
    material.data_sets,
    material.weights,
    machine.disk,
)
OTHERS: dict[str, tuple[Look, ...]] = {
    "instructors": (grading.nbgrader, grading.sandbox),
    "contributors": (machine.browser, machine.npm),
}


def examine() -> dict[str, list[Finding]]:
    """Whom it concerns → what was found."""
    question = machine.ask()  # the answer comes while other things are looked at
    found = {"students": list(findings(STUDENTS))}
    if find_spec("coursekit.grading"):
        found |= {who: list(findings(looks)) for who, looks in OTHERS.items()}
    found["students"].append(machine.network(question))
    return found


def findings(looks: tuple[Look, ...]) -> Iterator[Finding]:
    """What all of them find; where one needs a package that is missing, that."""
    for look in looks:
        try:
            yield from look()
        except ImportError as error:
            name = look.__name__.replace("_", " ")
            yield Finding(name, State.WITHOUT, f"not looked at: {error}")
