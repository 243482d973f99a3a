"""Questions of the command line, as a window asks them."""

import pytest

from twinview.gui.questions import caption, offered, plain
from twinview.i18n import set_language
from twinview.model.problem import NeedsAnswer
from twinview.readers.crs import ask

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


def test_a_question_that_no_window_knows_stays_as_it_is():
    said = "Say --kind table to read a table."
    assert plain(NeedsAnswer(said, "--kind", ())) == said


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
