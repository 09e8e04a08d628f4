"""The doctor: what is there, what is missing, what to do."""

import builtins
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from coursekit import cli, doctor
from coursekit.data import cache
from coursekit.data.catalogue import MNIST, MNIST_FILES
from coursekit.doctor import Finding, State, grading, machine, material, packages
from coursekit.features.imagenet import WEIGHTS

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No network, and a folder for data that is empty."""
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make a package impossible to import or to find."""

    def hide(name: str) -> None:
        imported, version = builtins.__import__, metadata.version

        def refuse(wanted: str, *rest: Any) -> Any:  # noqa: ANN401
            if wanted.split(".")[0] == name:
                raise ModuleNotFoundError(f"No module named '{name}'", name=name)
            return imported(wanted, *rest)

        def unknown(wanted: str) -> str:
            if wanted == name:
                raise metadata.PackageNotFoundError(name)
            return version(wanted)

        monkeypatch.setattr(builtins, "__import__", refuse)
        monkeypatch.setattr(metadata, "version", unknown)

    return hide


def by_name(found: Iterator[Finding]) -> dict[str, Finding]:
    """Name → finding."""
    return {one.name: one for one in found}


def test_a_finding_is_one_line() -> None:
    found = Finding("npm", State.WITHOUT, "not found", "install it")
    assert str(found) == "– npm: not found. To do: install it."
    assert str(Finding("npm", State.HERE, "/bin/npm")) == "✓ npm: /bin/npm."


def test_here_all_that_students_need_is_found() -> None:
    """These tests could not run without it."""
    found = doctor.examine()
    assert found.keys() == {"students", "instructors", "contributors"}
    names = [one.name for one in found["students"]]
    assert names[:3] == ["Python", "Packages", "PyTorch"]
    assert names[-1] == "Network"
    missing = [one for one in found["students"] if one.state is State.MISSING]
    assert [one for one in missing if one.name != "Disk"] == []


def test_everything_that_is_not_here_says_what_to_do() -> None:
    found = [one for some in doctor.examine().values() for one in some]
    for one in found:
        assert "\n" not in str(one)
        if one.state is State.MISSING:
            assert one.advice, one


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "PYTHON", (99, 1))
    [found] = packages.python()
    assert found.state is State.MISSING
    assert "Python 99.1 or newer" in found.advice


def test_a_package_that_is_missing(without: Callable[[str], None]) -> None:
    without("scipy")
    found = by_name(packages.needed())
    assert found["scipy"].state is State.MISSING
    assert "pip install -e ." in found["scipy"].advice
    assert "Packages" not in found


def test_a_package_that_is_too_old() -> None:
    [found] = packages.unmet("numpy>=99")
    assert found.state is State.MISSING
    assert "needs >=99" in found.found
    assert list(packages.unmet("numpy>=1")) == []


def test_coursekit_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", unknown)
    [found] = packages.needed()
    assert (found.name, found.state) == ("coursekit", State.MISSING)


@pytest.mark.parametrize(
    ("look", "name"),
    [(packages.torch, "torch"), (packages.torchvision, "torchvision")],
)
def test_torch_that_is_missing(
    look: Callable[[], Iterator[Finding]], name: str, without: Callable[[str], None]
) -> None:
    without(name)
    [found] = look()
    assert found.state is State.MISSING
    assert f"No module named '{name}'" in found.found
    assert "pip install -e ." in found.advice


def test_a_pair_that_does_not_fit() -> None:
    error = RuntimeError("operator torchvision::nms does not exist\nmore")
    found = packages.broken("torchvision", error)
    assert found.found.endswith("nms does not exist")
    assert "together, from the same place" in found.advice


class Torch:
    """Stands for torch on other computers."""

    def __init__(self, cuda: bool, mps: bool) -> None:
        self.cuda = type(
            "", (), {"is_available": lambda: cuda, "get_device_name": lambda _: "X1"}
        )
        self.backends = type(
            "", (), {"mps": type("", (), {"is_available": lambda: mps})}
        )

    def get_num_threads(self) -> int:
        return 4


@pytest.mark.parametrize(
    ("cuda", "mps", "words"),
    [(True, False, "CUDA: X1"), (False, True, "MPS"), (False, False, "threads: 4")],
)
def test_on_what_torch_computes(cuda: bool, mps: bool, words: str) -> None:
    assert words in packages.device(Torch(cuda, mps))


def test_what_needs_a_missing_package_is_not_looked_at() -> None:
    def data_sets() -> Iterator[Finding]:
        yield Finding("first", State.HERE, "here")
        raise ModuleNotFoundError("No module named 'numpy'")

    first, second = doctor.findings((data_sets,))
    assert first.state is State.HERE
    assert second.name == "data sets"
    assert "No module named 'numpy'" in second.found


def test_data_sets_that_are_here_and_not(alone: Path) -> None:
    found = by_name(material.data_sets())
    assert found[MNIST.name].state is State.WITHOUT
    assert "coursekit data mnist" in found[MNIST.name].advice
    before = material.missing_bytes()
    alone.mkdir()
    with cache.path_of(MNIST).open("wb") as file:
        file.truncate(MNIST.size)
    found = by_name(material.data_sets())
    assert found[MNIST.name].state is State.HERE
    assert str(alone) in found[MNIST.name].found
    assert before - material.missing_bytes() == MNIST.size


def test_without_course_toml_no_data_set_is_named(tmp_path: Path) -> None:
    assert material.lessons_data(tmp_path / "course.toml") == []
    assert material.lessons_data() == ["cifar10", "mnist", "movie_reviews"]


def test_weights(alone: Path) -> None:
    found = by_name(material.weights())
    assert found["Weights for pictures"].state is State.HERE
    assert found["VGG-19"].state is State.WITHOUT
    alone.mkdir()
    with (alone / WEIGHTS.name).open("wb") as file:
        file.truncate(WEIGHTS.size)
    assert material.vgg19().state is State.HERE


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 10**6))
    [found] = machine.disk()
    assert found.state is State.MISSING
    assert "make room" in found.advice


def test_the_network_is_not_asked_when_it_is_not_wanted() -> None:
    assert machine.ask() is None
    assert machine.network(None).state is State.WITHOUT


@pytest.mark.parametrize("answers", [True, False])
def test_the_network(monkeypatch: pytest.MonkeyPatch, answers: bool) -> None:
    class Response:
        def close(self) -> None:
            pass

    def urlopen(request: Any, timeout: float) -> Response:  # noqa: ANN401
        assert request.get_method() == "HEAD"
        if not answers:
            raise OSError("no route")
        return Response()

    monkeypatch.delenv("COURSEKIT_OFFLINE")
    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    found = machine.network(machine.ask())
    assert found.state is (State.HERE if answers else State.WITHOUT)


def test_a_network_that_says_nothing_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    end = Event()
    monkeypatch.delenv("COURSEKIT_OFFLINE")
    monkeypatch.setattr(machine, "SECONDS", 0.01)

    def urlopen(*_: object, **__: object) -> None:
        end.wait()
        raise OSError("too late")

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    question = machine.ask()
    assert machine.network(question).state is State.WITHOUT
    end.set()


def test_the_address_is_that_of_a_data_set() -> None:
    assert machine.ADDRESS in {url for file in MNIST_FILES for url in file.urls}


@pytest.mark.parametrize("look", [machine.browser, machine.npm])
def test_tools_that_are_missing(
    look: Callable[[], Iterator[Finding]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COURSEKIT_CHROMIUM", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    [found] = look()
    assert found.state is State.WITHOUT
    assert "install" in found.advice
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    [found] = look()
    assert found.state is State.HERE


def test_nbgrader_and_its_extensions(
    monkeypatch: pytest.MonkeyPatch, without: Callable[[str], None]
) -> None:
    [found] = grading.nbgrader()
    assert found.state is State.HERE
    monkeypatch.setattr(grading, "exists", lambda kind, name: kind == "data")
    [found] = grading.nbgrader()
    assert "without its part of the server" in found.found
    without("nbgrader")
    [found] = grading.nbgrader()
    assert (found.state, found.found) == (State.WITHOUT, "not installed")


def test_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "coursekit.grading.boundary.sandbox"
    monkeypatch.setattr(f"{place}.missing", lambda: "install bubblewrap")
    [found] = grading.sandbox()
    assert (found.state, found.advice) == (State.WITHOUT, "install bubblewrap")
    monkeypatch.setattr(f"{place}.missing", lambda: "")
    monkeypatch.setattr(f"{place}.missing_extras", lambda: "install pyseccomp")
    names = [one.name for one in grading.sandbox()]
    assert names == ["Sandbox", "Tighter sandbox"]


@pytest.mark.parametrize("missing", [False, True])
def test_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: Output, missing: bool
) -> None:
    state = State.MISSING if missing else State.WITHOUT
    found = {"students": [Finding("PyTorch", state, "gone", "get it")]}
    monkeypatch.setattr("coursekit.doctor.examine", lambda: found)
    assert cli.main(["doctor"]) == missing
    printed = capsys.readouterr()
    assert printed.out.startswith("For students\n")
    assert "PyTorch: gone. To do: get it.\n" in printed.out
    assert ("see above: 1" in printed.err) == missing


def test_the_command_needs_no_course_and_no_torch(tmp_path: Path) -> None:
    """In a bare Python it says what is missing, and does not stumble."""
    (tmp_path / "coursekit").symlink_to(Path(doctor.__file__).parents[1])
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if python is None or not bare(python):
        pytest.skip("needs a Python without torch beside this one")
    done = subprocess.run(
        [python, "-m", "coursekit", "doctor"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "✗ PyTorch" in done.stdout
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def bare(python: str) -> bool:
    """Whether this Python is new enough and has no torch."""
    code = "import sys, importlib.util as u; sys.exit(sys.version_info < (3, 11) or "
    code += "bool(u.find_spec('torch')))"
    return subprocess.run([python, "-c", code]).returncode == 0
