"""The demo without a window."""

import json
import os
from pathlib import Path

import pytest

from twinview.cli.verbs import meant
from twinview.model.quantities import words
from twinview.paths import demo_file
from twinview.session.store import Session

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


@needs_demo
def test_every_word_of_the_demo_is_one_that_is_known():
    session = Session()
    session.do("file.demo")
    known = {raw for raw, _column in words()}
    unknown = {
        (layer.id, column, value)
        for layer in session.state.twin.layers.values()
        for column in ("kind", "use", "type", "roof", "origin", "height_source")
        if layer.has(column)
        for value in set(layer.attributes[column].to_pylist())
        if isinstance(value, str) and value.replace("_", " ") not in known
    }
    assert unknown == set()


def test_the_word_demo_stands_for_the_built_in_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert meant(Path("demo")) == demo_file()
    assert meant(Path("demo.twin")) == Path("demo.twin")
    (tmp_path / "demo").mkdir()
    assert meant(Path("demo")) == Path("demo")
