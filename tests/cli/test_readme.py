"""The README cannot rot: its table is made from the code, and what it names exists."""

import re
from pathlib import Path

import pytest

from twinview.cli.app import app
from twinview.cli.bench import _BENCHES
from twinview.cli.readme import USES, command_table, filled, main, verbs

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_commands_is_up_to_date():
    assert filled(README) == README, "run: python -m twinview.cli.readme README.md"


def test_every_verb_is_in_the_table():
    assert list(USES) == verbs()
    assert all(f"`twinview {name} " in command_table() for name in verbs())


@pytest.mark.parametrize("name", USES)
def test_every_option_in_the_table_is_accepted(name):
    arguments = app[name].assemble_argument_collection()
    accepted = {one for argument in arguments for one in argument.names}
    named = set(re.findall(r"(?<![\w-])--?[a-z]+", USES[name]))
    assert named <= accepted


def test_the_command_that_writes_the_table_changes_nothing_else(tmp_path):
    copy = tmp_path / "README.md"
    copy.write_text(README.replace(command_table(), "old"), encoding="utf-8")
    main(copy)
    assert copy.read_text(encoding="utf-8") == README


def test_every_measured_figure_has_the_command_that_measures_it():
    section = README.split("## Measured")[1].split("\n## ")[0]
    rows = [
        line for line in section.splitlines()
        if line.startswith("|") and not line.startswith(("|---", "| what |"))
    ]  # fmt: skip
    assert rows
    for row in rows:
        found = re.search(r"`twinview bench (\w+)`", row)
        assert found is not None
        assert found[1] in _BENCHES
        assert re.search(r"\d", "".join(row.split("|")[3:]))


def test_files_that_are_named_exist():
    links = re.findall(r"\]\(([^):]+)\)", README)
    mentioned = re.findall(r"`((?:data|packaging)/\w[\w.]*)`", README)
    for name in links + mentioned:
        assert (ROOT / name).exists(), name
    for name in re.findall(r"bash (packaging/\w+)", README):
        assert (ROOT / name).exists()


def test_the_picture_was_made_by_the_program():
    from twinview.exporters.picture import read_meta

    found = read_meta(ROOT / "assets" / "readme" / "demo.png")
    assert found["project"]
    assert found["project_hash"]
