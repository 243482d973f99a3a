"""Questions of the command line, as a window asks them."""

from dataclasses import replace

import pytest

from tests.gui.hamlet import opened as with_uses
from twinview.gui.questions import caption, completed, in_window, offered, plain
from twinview.i18n import set_language
from twinview.model.problem import NeedsAnswer
from twinview.readers.crs import ask
from twinview.scene.view import View

BOUNDS = (986.77, 1510.43, 340492.06, 341048.5)


@pytest.fixture(autouse=True)
def put_back():
    """Speak English again afterwards."""
    yield
    set_language("en")


def test_a_window_names_no_option():
    set_language("en")
    said = plain(ask("vienna.jsonl", BOUNDS))
    assert said == (
        "vienna.jsonl: the file does not say its coordinate system. "
        "Which coordinate system do its numbers belong to?"
    )
    set_language("zh_CN")
    assert "--" not in plain(ask("vienna.jsonl", BOUNDS))


def test_a_window_names_its_own_command_where_the_command_line_has_an_option():
    set_language("en")
    here = "Here that is 'How a file is read' in the menu File."
    said = "Name their time zone with --tz, such as --tz=Europe/Berlin."
    assert in_window(said) == f"Name their time zone with tz, such as tz=Europe/Berlin. {here}"
    assert plain(NeedsAnswer("Say --kind=table.", "--kind", ())) == f"Say kind=table. {here}"
    assert in_window("Give it 'lines'.") == "Give it 'lines'."
    set_language("zh_CN")
    assert "文件的读取方式" in in_window("请用 --kind 指定类型。")


def test_a_code_stands_with_its_name():
    question = ask("vienna.jsonl", BOUNDS)
    assert caption(question, "EPSG:31256") == "EPSG:31256  MGI / Austria GK East"
    assert caption(question, "EPSG:4326:yx") == "EPSG:4326:yx"
    zones = NeedsAnswer("Say --tz.", "--tz", ("Europe/Berlin",))
    assert caption(zones, "Europe/Berlin") == "Europe/Berlin"


def test_known_answers_are_offered():
    assert {"GB", "*"} <= set(offered("model.demand", "climate"))
    assert set(offered("model.solar", "plants")) == {"none", "all", "known"}
    assert offered("project.rename", "name") == {}


def test_columns_and_words_complete_what_is_typed():
    state = with_uses()
    assert [*completed("layer.colour", "column", state)] == [
        "use", "height_m", "floor_area_m2", "capacity_kwh", "none"]  # fmt: skip
    assert [*completed("style.word", "name", state)] == []
    shown = replace(state, view=View(overlay="attribute", attribute="houses.use"))
    assert [*completed("style.word", "name", shown)] == ["dwelling", "office", "school"]
