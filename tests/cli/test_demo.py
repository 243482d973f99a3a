"""The demo without a window, and the door between window and command line."""

import json
import os

import pytest

from twinview.__main__ import BUG, guarded, wants_window
from twinview.paths import demo_file

needs_demo = pytest.mark.skipif(not demo_file().exists(), reason="the demo is not built")


@needs_demo
@pytest.mark.timeout(900)
def test_demo_renders_a_project_pictures_and_the_balance(process, tmp_path):
    ran = process("demo", "--out", "out", env=os.environ | {"LC_ALL": "C.UTF-8"})
    out = tmp_path / "out"
    assert str(out) in ran.stderr
    assert ran.stdout == ""
    balance = json.loads((out / "balance.json").read_text())
    assert balance["span"]["steps"] == 8784
    assert balance["span"]["from"] == "2024-01-01T00:00+01:00"
    assert balance["span"]["to"] == "2025-01-01T00:00+01:00"
    assert len(balance["not_converged"]) == 0
    energy = balance["energy_kwh"]
    assert abs(energy["residual"]) < 1e-6 * (energy["import"] + energy["generation"])
    pictures = {one.stem for one in out.glob("*.png")}
    assert {"carbon", "emission", "power", "loading", "storage", "attribute"} <= pictures
    again = json.loads(process("compute", "out/demo.twin", "--json").stdout)
    assert again == balance


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
