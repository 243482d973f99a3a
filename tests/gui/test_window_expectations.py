"""The page of expectations: what it names exists, in both languages alike."""

import re
from pathlib import Path

import pytest

from twinview.i18n import LANGUAGES
from twinview.session import manual
from twinview.session.command import commands

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.needs_display


def rows(lang: str) -> list[list[str]]:
    """Return the cells of the table's rows."""
    lines = manual.written_page("expectations", lang).splitlines()
    cells = [[one.strip() for one in line.strip("|").split("|")] for line in lines if "|" in line]
    return [row for row in cells if row[0].isdigit()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_are_forty_and_each_says_where_or_not_yet(lang):
    found = rows(lang)
    assert [int(row[0]) for row in found] == list(range(1, 41))
    assert all(len(row) == 4 and all(row) for row in found)
    unproved = [row[2] for row in found if not row[3].startswith("`")]
    assert all(where.startswith(("not yet", "尚未提供")) for where in unproved)


def test_both_languages_name_the_same():
    for english, chinese in zip(rows("en"), rows("zh_CN"), strict=True):
        named = [re.findall(r"`[^`]+`|[*]{2}.+?[*]{2}", row[2]) for row in (english, chinese)]
        assert named[0] == named[1]
        assert english[3] == chinese[3]
        assert ("ot yet" in english[2]) == ("尚未提供" in chinese[2])


def test_every_command_key_and_check_exists(window):
    actions = window.actions_.actions
    bound = {keys.toString() for one in actions.values() for keys in one.shortcuts()}
    known = commands().keys() | actions.keys()
    for _number, _what, where, check in rows("en"):
        assert set(re.findall(r"`([^`]+)`", where)) <= known
        assert set(re.findall(r"[*]{2}(.+?)[*]{2}", where)) <= bound | {"Esc"}
        for file in re.findall(r"`([^`]+)`", check):
            assert (ROOT / file).is_file(), file
