"""Indicators and sources in the window: made in a thread, for the span and for the stretch."""

import threading

import pytest

from tests.village import write_village
from twinview.gui.answers import AnswerDialog
from twinview.gui.asking import Asker
from twinview.gui.sources import ink_of
from twinview.model.problem import CommandError
from twinview.session.store import Session

LONG = 20_000


@pytest.fixture
def computed(tmp_path):
    """Return a village with results."""
    session = Session()
    session.run("file.new", *write_village(tmp_path))
    session.run("compute.run")
    return session.state


def test_the_indicators_stand_for_the_span_and_for_the_stretch(qtbot, make_window, computed):
    window = make_window(computed)
    panel = window.indicators
    assert not window.docks["indicators"].isVisible()
    window.actions_.actions["gui.indicators"].trigger()
    qtbot.waitUntil(lambda: panel.both is not None, timeout=LONG)
    assert panel.rows["scope1"][0].text() == "0"
    whole, part = (float(label.text().replace("\u202f", "")) for label in panel.rows["peak_load"])
    assert whole >= part > 0


def test_the_panel_opens_with_the_whole_height_to_read(qtbot, make_window):
    window = make_window()
    high = window.docks["inspector"].height()
    window.wishes.show_dock("indicators")
    qtbot.waitUntil(lambda: window.docks["indicators"].height() > 0.9 * high - 40, timeout=LONG)


def test_a_title_opens_how_the_number_was_made(qtbot, make_window, computed):
    window = make_window(computed)
    panel = window.indicators
    window.wishes.show_dock("indicators")
    qtbot.waitUntil(lambda: "scope2_location" in panel.reasons, timeout=LONG)
    assert not panel.reasons["scope2_location"].isVisible()
    panel._toggle("scope2_location")
    assert "average of the grid" in panel.why["scope2_location"].text()
    panel._toggle("scope2_location")
    assert panel.reasons["scope2_location"].isHidden()


def test_without_results_the_panel_says_what_to_do(qtbot, make_window):
    window = make_window()
    window.wishes.show_dock("indicators")
    qtbot.waitUntil(lambda: not window.indicators.asker.busy, timeout=LONG)
    assert window.indicators.both is None
    assert not window.indicators.rows


def test_the_inspector_says_where_the_power_of_a_house_comes_from(qtbot, make_window, computed):
    window = make_window(computed)
    sources = window.inspector.sources
    assert sources.isHidden()
    houses = next(one for one in computed.twin.layers.values() if one.kind == "building")
    window.run("select.only", houses.id, "house 1")
    qtbot.waitUntil(lambda: sources.origins is not None, timeout=LONG)
    assert sources.isVisible()
    assert sources.minimumSizeHint().width() < 260, "it would be cut on the right"
    assert sum(share for _ink, share in sources.bar.parts) == pytest.approx(1)
    window.run("select.clear")
    assert sources.isHidden()


def test_an_answer_is_a_table(qtbot, make_window, computed):
    window = make_window(computed)
    window.run("indicators.list")
    qtbot.waitUntil(lambda: window.findChild(AnswerDialog) is not None)
    dialog = window.findChild(AnswerDialog)
    assert dialog.table.rowCount() > 20
    dialog.close()


def test_the_latest_question_wins(qtbot):
    asker, heard, gate = Asker(rest=0), [], threading.Event()
    asker.answered.connect(lambda key, answer: heard.append((key, answer)))
    asker.ask("first", lambda: gate.wait(5))
    qtbot.waitUntil(lambda: asker._thread is not None)
    for number in range(3):
        asker.ask(number, lambda number=number: number * 10)
    gate.set()
    qtbot.waitUntil(lambda: not asker.busy)
    assert heard == [("first", True), (2, 20)]
    asker.close()


def test_what_cannot_be_answered_is_said(qtbot):
    asker, heard = Asker(rest=0), []
    asker.answered.connect(lambda key, answer: heard.append(str(answer)))

    def refuse():
        raise CommandError("not yet")

    asker.ask("it", refuse)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["not yet"]
    asker.close()


def test_a_kind_of_source_keeps_its_colour():
    assert ink_of("pv roof") == ink_of("pv park")
    assert ink_of("pv roof") != ink_of("wind")
    assert ink_of("tidal") == ink_of("tidal")
