"""Who may know whom, and how large things may grow (design: architecture.md).

Where a rule truly hurts, change it here with the reason; never work around it.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "twinview"
TOP_LEVEL = {
    "pyproject.toml", "README.md", "LICENSE", "twinview", "assets", "data", "tests", "packaging",
}  # fmt: skip
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50
GPL_ONLY = {
    "QtCharts", "QtDataVisualization", "QtGraphs", "QtGraphsWidgets", "QtNetworkAuth",
    "QtVirtualKeyboard",
}  # fmt: skip
WIDGETS = {"QtWidgets", "QtOpenGLWidgets", "QtSvgWidgets"}

# Sources that have no test of their own yet. The list only shrinks.
UNTESTED: set[str] = set()


@cache
def project_files() -> list[Path]:
    """Return the files that belong to the project: known to git, or new and not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listing.returncode != 0:
        pytest.skip("needs a git checkout")
    names = [name for name in listing.stdout.split("\0") if name]
    return [ROOT / name for name in dict.fromkeys(names) if (ROOT / name).is_file()]


def sources() -> list[Path]:
    """Return the Python files of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def said(path: Path) -> str:
    """Return a path as messages name it."""
    return path.relative_to(ROOT).as_posix()


def test_imports_go_downwards_and_stay_behind_the_walls():
    code = "from importlinter.cli import lint_imports_command as main; main(['--no-logo'])"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def imported_qt_modules(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and Qt module of each import, which import-linter sees only as `PySide6`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("PySide6."):
                    yield node.lineno, alias.name.split(".")[1]
        elif isinstance(node, ast.ImportFrom) and node.module == "PySide6":
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6."):
            yield node.lineno, str(node.module).split(".")[1]


def test_qt_widgets_only_in_gui_and_gpl_modules_nowhere():
    offences = []
    for path in sources():
        in_gui = path.relative_to(PACKAGE).parts[0] == "gui"
        for line, module in imported_qt_modules(parsed(path)):
            if module in GPL_ONLY:
                offences.append(f"{said(path)}:{line} imports {module}, which is GPL only")
            elif module in WIDGETS and not in_gui:
                offences.append(f"{said(path)}:{line} imports {module} outside gui")
    assert not offences, "\n".join(offences)


def test_no_file_is_too_long():
    counts = [(len(p.read_text(encoding="utf-8").splitlines()), said(p)) for p in sources()]
    long = [f"{name}: {count} lines" for count, name in counts if count > MAX_FILE_LINES]
    assert not long, f"Over {MAX_FILE_LINES} lines; split by what is owned:\n" + "\n".join(long)


def test_no_function_is_too_long():
    long = []
    for path in sources():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                count = (node.end_lineno or 0) - node.lineno + 1
                if count > MAX_FUNCTION_LINES:
                    long.append(f"{said(path)}:{node.lineno} {node.name}: {count} lines")
    assert not long, f"Functions over {MAX_FUNCTION_LINES} lines:\n" + "\n".join(long)


def test_nothing_else_at_the_top():
    top = {path.relative_to(ROOT).parts[0] for path in project_files()}
    odd = sorted(name for name in top - TOP_LEVEL if not name.startswith("."))
    assert not odd, f"Not for the top folder: {odd}; it holds only {sorted(TOP_LEVEL)}"


@pytest.mark.parametrize("folder", ["assets", "data", "packaging"])
def test_folders_that_share_a_name_with_a_library_are_no_packages(folder):
    """An `__init__.py` there would shadow the library `packaging`, and others of such names."""
    assert not list((ROOT / folder).glob("__init__.py"))


def test_nothing_names_one_machine():
    """No absolute path of a developer's machine and no registry host in any file of the project.

    But the one address that is asked for a newer version, when a user wants that.
    """
    from twinview.session.updates import INDEX

    folders = r"(?<![\w.~*)}-])/(?:work|home|root|Users)/\w"
    hosts = "pypi[.]org|pythonhosted[.]|registry[.]npmjs|deb[.]debian|archive[.]ubuntu"
    pattern = re.compile(f"{folders}|{hosts}")
    offences = []
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if found := pattern.search(text.replace(INDEX, "")):
            line = text.replace(INDEX, "").count("\n", 0, found.start()) + 1
            offences.append(f"{said(path)}:{line} {found.group()}")
    assert not offences, "\n".join(offences)


def has_test(source: Path) -> bool:
    """Return whether a test mirrors a source file, or its folder has tests of its own."""
    folder = ROOT / "tests" / source.relative_to(PACKAGE).parent
    if source.parent == PACKAGE:
        return (folder / f"test_{source.stem.strip('_')}.py").exists()
    # At first a folder's test is enough; the aim is one test file for each source.
    return any(folder.glob("test_*.py")) or folder.with_name(f"test_{folder.name}.py").exists()


def test_tests_mirror_sources():
    untested = {said(path) for path in sources() if path.stem != "__init__" and not has_test(path)}
    assert not untested - UNTESTED, f"No test for: {sorted(untested - UNTESTED)}"
    assert not UNTESTED - untested, f"Take from the list UNTESTED: {sorted(UNTESTED - untested)}"


OPEN_THE_DEMO = """
import sys
from twinview.paths import demo_file
from twinview.progress import drain
from twinview.scene.resolve import resolve
from twinview.session.opening import open_project

state = drain(open_project(demo_file()))
assert resolve(state.twin, state.view).paints
print(*sorted({name.partition(".")[0] for name in sys.modules} & {"PySide6", "vtkmodules", "vtk"}))
"""


def test_the_core_needs_neither_qt_nor_vtk():
    """A fresh process opens the demo and resolves a scene."""
    ran = subprocess.run(
        [sys.executable, "-c", OPEN_THE_DEMO], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == ""
