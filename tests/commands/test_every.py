"""Every command of the table can be asked for without a window: it works, or says a sentence."""

import inspect
from datetime import datetime
from pathlib import Path

import pytest

from tests.gui.hamlet import opened as hamlet
from twinview.model.problem import CommandError
from twinview.session.command import commands, typed
from twinview.session.store import Session

NAMED = {
    "layer": "houses", "element": "h7", "overlay": "loading", "column": "houses.height_m",
    "code": "en", "theme": "dark", "scenario": "base", "name": "Some name", "page": "start",
    "quantity": "power", "rule": "carbon", "policy": "owner", "signal": "average",
}  # fmt: skip
"""What fits, for arguments of these names."""
KINDS = {int: "1", float: "1.5", bool: "yes", datetime: "2024-03-31T12:00", str: "words"}


def sample(one: inspect.Parameter, folder: Path) -> str:
    """Return a text for an argument: one that fits where its name is known."""
    if one.annotation is Path:
        return str(folder / "nothing.csv")
    return NAMED.get(one.name, KINDS.get(one.annotation, "words"))


@pytest.mark.parametrize("name", commands())
@pytest.mark.parametrize("opened", [True, False], ids=["open", "empty"])
def test_a_command_works_or_says_a_sentence(name, opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("twinview.session.updates.INDEX", "http://127.0.0.1:1/none")
    if name == "file.demo":
        pytest.skip("opening it is tested elsewhere, and takes its time")
    session = Session(hamlet() if opened else None)
    command = commands()[name]
    needed = [p for p in command.parameters.values() if p.default is p.empty]
    told = []
    session.teller = told.append
    said = ""
    try:
        session.run(name, *typed(command, [sample(p, tmp_path) for p in needed], "Europe/Berlin"))
    except CommandError as error:
        said = str(error)
    assert said.rstrip().endswith((".", "?", "...", ")")) or not said
    assert command.help.endswith(".")
    assert all(one.as_text() for one in told)
