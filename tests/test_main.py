"""The door between window and command line."""

import subprocess
import sys

import pytest

from twinview import __version__
from twinview.__main__ import BUG, guarded, wants_window


@pytest.mark.parametrize(
    ("arguments", "display", "window"),
    [
        ([], "", True),
        (["demo"], ":1", True),
        (["demo"], "", False),
        (["demo", "--out", "x"], ":1", False),
        (["city.twin"], ":1", True),
        (["houses.gpkg", "grid.json"], ":1", True),
        (["info", "city.twin"], ":1", False),
        (["--help"], ":1", False),
        (["nosuch"], ":1", False),
    ],
)
def test_what_opens_the_window(monkeypatch, arguments, display, window):
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert wants_window(arguments) is window


def test_a_mistake_of_the_program_is_one_sentence_and_a_report(capsys, user_folders):
    def broken(_arguments):
        raise ZeroDivisionError("division by zero")

    assert guarded(broken, ["check", "x.twin"]) == BUG
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    (report,) = user_folders.rglob("reports/*.txt")
    assert str(report) in said
    assert "ZeroDivisionError" in report.read_text()
    assert "x.twin" in report.read_text()


LIGHT = """
import sys
from twinview.__main__ import main
main(["--version"])
heavy = {"numpy", "PySide6", "rich", "vtkmodules"}
print(*sorted({name.partition(".")[0] for name in sys.modules} & heavy))
"""


def test_the_door_loads_nothing_heavy():
    ran = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [f"twinview {__version__}", ""]
