"""The command table: names, types and help come from the functions themselves."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from twinview.model.problem import CommandError
from twinview.session.command import Command, command, commands, find, parse, typed


def one(_session, count: int, share: float, on: bool, path: Path, when: datetime, *rest: str):
    """Take one of each.

    More words that menus do not show.
    """


EVERY = Command("test.every", "Every", one)


def test_texts_become_what_the_annotations_ask_for():
    texts = ["3", "0.5", "yes", "a b.png", "2024-07-01T14:00", "x", "y"]
    count, share, on, path, when, *rest = typed(EVERY, texts, "Europe/Berlin")
    assert (count, share, on, path, rest) == (3, 0.5, True, Path("a b.png"), ["x", "y"])
    assert when.isoformat() == "2024-07-01T14:00:00+02:00"
    assert EVERY.help == "Take one of each."


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["3"], "Use: test.every COUNT SHARE ON PATH WHEN REST"),
        (["x", "1", "1", "p", "2024-01-01"], "'x' does not fit"),
        (["1", "1", "1", "p", "2024-03-31T02:30"], "clocks skip it"),
        (["1", "1", "maybe", "p", "2024-01-01"], "'maybe' does not fit: say yes or no"),
    ],
)
def test_what_does_not_fit_is_one_sentence(texts, says):
    with pytest.raises(CommandError, match=re.escape(says)):
        typed(EVERY, texts, "Europe/Berlin")


def test_too_many_words_are_refused():
    with pytest.raises(CommandError, match=r"Use: time\.index I"):
        typed(find("time.index"), ["1", "2"], "UTC")


def test_lines_are_split_like_in_a_shell():
    found, texts = parse("project.rename 'Neu Dorf'  # a remark")
    assert (found.name, texts) == ("project.rename", ["Neu Dorf"])
    for line, says in (("", "empty line"), ("# only", "empty line"), ("a 'b", "cannot be read")):
        with pytest.raises(CommandError, match=says):
            parse(line)


def test_an_unknown_command_names_the_nearest():
    with pytest.raises(CommandError, match=r"Did you mean 'time\.go'"):
        find("time.og")
    with pytest.raises(CommandError, match=r"no command 'zzz'\.$"):
        find("zzz")


def test_every_command_has_a_title_help_and_types_that_can_be_typed():
    known = {int, float, bool, str, Path, datetime}
    for name, found in commands().items():
        assert re.fullmatch(r"why|[a-z]+\.[a-z_]+", name)
        assert found.title
        assert found.help.endswith("."), name
        assert {p.annotation for p in found.parameters.values()} <= known, name


def test_no_two_commands_share_keys_or_a_name():
    keys = [key for found in commands().values() for key in found.keys if key]
    assert len(keys) == len(set(keys))
    with pytest.raises(ValueError, match=r"two commands are called time\.go"):
        command("time.go", "Again")(one)


def test_remarks_end_a_line_but_not_a_word():
    assert parse("help.open method#tracing # a remark")[1] == ["method#tracing"]
    assert parse("project.rename 'north # south'")[1] == ["north # south"]
    with pytest.raises(CommandError, match="empty line"):
        parse("# nothing but a remark")


def pick(_session, first: str, second: int = 7, third: str = "usual"):
    """Take one that must be given and two that need not be."""


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["a"], ["a"]),
        (["first=a"], ["a"]),
        (["second=3", "first=a"], ["a", 3]),
        (["a", "third=x"], ["a", 7, "x"]),
        (["third=x", "a", "4"], ["a", 4, "x"]),
        (["a", "third="], ["a", 7, ""]),
        (["fourth=x"], ["fourth=x"]),
        (["crs=EPSG:4326;tz=UTC"], ["crs=EPSG:4326;tz=UTC"]),
        (["first=second=3"], ["second=3"]),
    ],
)
def test_arguments_may_be_named(texts, values):
    assert typed(Command("test.pick", "Pick", pick), texts, "UTC") == values


@pytest.mark.parametrize(
    "texts", [["third=x"], ["second=3"], ["second=x", "a"], ["a", "1", "2", "3"]]
)
def test_what_is_missing_or_does_not_fit_is_said(texts):
    with pytest.raises(CommandError):
        typed(Command("test.pick", "Pick", pick), texts, "UTC")
