"""The installed command, and a village to use it on."""

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.village import write_village
from twinview.__main__ import main
from twinview.cli import output
from twinview.i18n import language, set_language
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session.opening import open_files
from twinview.session.project import save

Twinview = Callable[..., "Ran"]


class Ran(NamedTuple):
    """What a run left behind."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture
def process(tmp_path: Path) -> Twinview:
    """Return a function that runs the command in a process of its own."""

    def run(*arguments: object, code: int = 0, **options: Any) -> Ran:
        ran = subprocess.run(
            [sys.executable, "-m", "twinview", *map(str, arguments)],
            cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False, **options,
        )  # fmt: skip
        return checked(Ran(ran.returncode, ran.stdout, ran.stderr), code)

    return run


@pytest.fixture
def twinview(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Twinview]:
    """Return a function that runs the command in this process, in the test's folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")  # set by the program for good otherwise
    monkeypatch.setattr(
        output, "PATIENCE", math.inf
    )  # a busy machine says no more than a quick one
    before = language()

    def run(*arguments: object, code: int = 0) -> Ran:
        capsys.readouterr()
        ended = main([str(one) for one in arguments])
        return checked(Ran(ended, *capsys.readouterr()), code)

    yield run
    set_language(before)


def checked(ran: Ran, code: int) -> Ran:
    """Return what a run left behind, having checked what always holds."""
    assert "Traceback" not in ran.stderr, ran.stderr
    assert ran.code == code, f"{ran.code} instead of {code}: {ran.stderr}"
    return ran


@pytest.fixture
def answer(twinview: Twinview) -> Callable[..., dict]:
    """Return a function that runs the command with --json and returns the one object it prints."""

    def run(*arguments: object, code: int = 0) -> dict:
        return json.loads(twinview(*arguments, "--json", code=code).stdout)

    return run


@pytest.fixture(scope="session")
def village_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a village's files, its project and a cache of what was read."""
    folder = tmp_path_factory.mktemp("village")
    project = folder / "village.twin"
    job = open_files(write_village(folder), project, Options(tz="Europe/Berlin"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder.with_name("village-state")))
        state = drain(job)
    save(project, state.project, state.view)
    return folder


@pytest.fixture
def village(tmp_path: Path, village_folder: Path) -> Path:
    """Return the project file of a village with a grid, a store and two days of curves."""
    shutil.copytree(village_folder, tmp_path, dirs_exist_ok=True)
    return tmp_path / "village.twin"


def left_over(folder: Path) -> list[str]:
    """Return the names of temporary files in a folder."""
    return [one.name for one in folder.rglob("*") if one.name.endswith((".tmp", ".part"))]
