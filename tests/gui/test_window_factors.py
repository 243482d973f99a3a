"""The book of factors in the window, and the way to it from a number: by mouse and keys."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.quarter import write_quarter
from twinview.gui.factor_news import FactorNews
from twinview.gui.jobs import Ticket
from twinview.progress import Progress
from twinview.session.command import find
from twinview.session.store import Session

pytestmark = pytest.mark.needs_display
LONG = 60_000


@pytest.fixture
def window(make_window, tmp_path):
    """Return a window with the quarter of one step, computed."""
    session = Session()
    session.run("file.new", *write_quarter(tmp_path, hours=4))
    session.run("compute.run")
    return make_window(session.state)


@pytest.fixture
def book(window):
    """Return the book of factors, opened by its key."""
    QTest.keyClick(window, Qt.Key.Key_8, Qt.KeyboardModifier.AltModifier)
    found = window.wishes._book
    assert found.isVisible()
    yield found
    found.close()


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def written(field, text: str) -> None:
    """Write into a field as a hand does."""
    field.selectAll()
    QTest.keyClicks(field, text)


def test_search_and_filter_narrow_the_book(book):
    whole = book.table.rowCount()
    QTest.keyClicks(book.search, "natural GB")
    assert 0 < book.table.rowCount() < whole
    assert {row.factor.region for row in book.rows} == {"GB"}
    click(book.filters["own"])
    assert book.table.rowCount() == 0
    click(book.filters["all"])
    book.search.clear()
    assert book.table.rowCount() == whole


def test_a_row_of_the_book_becomes_an_own_one_and_its_effect_is_listed(window, book, qtbot):
    """Gas at 60 instead of 56.1 kg/GJ: 7 % more of scope 1."""
    QTest.keyClicks(book.search, "natural combustion IPCC")
    book.table.selectRow(0)
    assert book.buttons["edit"].text() == "Copy as own..."
    assert not book.buttons["remove"].isEnabled()
    click(book.buttons["edit"])
    written(book.form.fields["value"], "sixty")
    assert not book.form.save.isEnabled()
    assert "sixty" in book.form.fault.text()
    written(book.form.fields["value"], "60")
    click(book.form.save)  # the computation begins by itself
    assert [row["value"] for row in window.session.state.project.factors] == ["60.0"]
    assert book.chosen.number == 1
    assert book.changes.isVisible()
    qtbot.waitUntil(lambda: bool(book.changes.effects), timeout=LONG)
    (fuel,) = [one for one in book.changes.effects if one.before.id == "scope1"]
    assert fuel.after.value == pytest.approx(fuel.before.value * 60 / 56.1)
    # Taken back, it is the other way round; nobody has to compute again.
    book.changes.effects = ()
    window.run("edit.undo")
    assert window.session.state.project.factors == ()
    qtbot.waitUntil(lambda: bool(book.changes.effects), timeout=LONG)
    (back,) = [one for one in book.changes.effects if one.before.id == "scope1"]
    assert back.after.value == pytest.approx(fuel.before.value)


GAS = ("factors.add", "60", "kgCO2/GJ", "natural_gas", "*", "combustion", "our gas bill")


def news(window) -> str:
    """Return what the card says, once it says what a change of factors did."""
    message = window.stage.message
    text = message.text.text() if message.isVisible() else ""
    return text if "Factors changed" in text else ""


def test_a_change_of_factors_is_computed_and_said_and_lists_what_changed(window, qtbot):
    """Scope 1 is 26 kWh of gas: 26 * 0.20196 = 5.251 kg before, 26 * 0.216 = 5.616 kg after."""
    window.run(*GAS)
    qtbot.waitUntil(lambda: bool(news(window)), timeout=LONG)
    before, after, unit, change = of_headline(news(window))
    assert after - before == pytest.approx(26 * (0.216 - 0.20196), abs=0.06)  # in three digits
    assert (unit, change[0]) == ("kg", "+")
    assert float(change[1:]) == pytest.approx((after / before - 1) * 100, abs=0.5)
    (button,) = [one for one in window.stage.message.findChildren(QPushButton)
                 if one.text() == "What changed"]  # fmt: skip
    told = []
    window.session.teller = told.append
    click(button)
    qtbot.waitUntil(lambda: bool(told), timeout=LONG)
    scope1 = next(row for row in told[0].rows if row[1] == "Scope 1")
    assert scope1 == ("District", "Scope 1", "kg", "5.251", "5.616", "+7.0\u00a0%")
    assert any(row[0] != "District" for row in told[0].rows)
    window.stage.message.hide()
    window.run("edit.undo")
    qtbot.waitUntil(lambda: bool(news(window)), timeout=LONG)
    back = of_headline(news(window))
    assert back[:3] == (after, before, unit)
    assert back[3][0] == "\u2212"


def of_headline(text: str) -> tuple[float, float, str, str]:
    """Return before, after, their unit and the change in percent with its sign."""
    found = re.search(r"([\d.]+) → ([\d.]+) (\S+) \(([+\u2212][\d.]+)\s%\)$", text)
    assert found is not None, text
    return float(found[1]), float(found[2]), found[3], found[4]


def test_a_change_that_is_taken_back_at_once_says_nothing_and_keeps_the_results(
    window, qtbot, monkeypatch
):
    before, said = window.session.state.twin, []
    for way in ("choice", "notice"):
        monkeypatch.setattr(window.stage.message, way, lambda text, *_more: said.append(text))
    window.run(*GAS)
    window.run("edit.undo")
    QApplication.processEvents()  # a computation would begin at the next turn
    asker = window.findChild(FactorNews).asker
    qtbot.waitUntil(lambda: not window.jobs.running and not asker.busy, timeout=LONG)
    assert said == []
    assert window.session.state.twin.find("district", "emission") is before.find(
        "district", "emission"
    )


def test_an_own_row_is_added_changed_and_removed(window, book):
    click(book.buttons["add"])
    for name, text in (("value", "0.4"), ("region", "DE"), ("source", "our utility")):
        written(book.form.fields[name], text)
    click(book.form.save)
    assert book.chosen.factor.source == "our utility"
    assert book.buttons["edit"].text() == "Change..."
    click(book.buttons["edit"])
    written(book.form.fields["value"], "0.5")
    click(book.form.save)
    assert window.session.log[-1] == "factors.edit 1 value=0.5"
    click(book.buttons["remove"])
    assert window.session.state.project.factors == ()


def test_a_number_leads_to_the_row_it_was_made_with(window, qtbot):
    window.wishes.show_dock("indicators")
    panel = window.indicators
    qtbot.waitUntil(lambda: "scope1" in panel.reasons, timeout=LONG)
    panel._toggle("scope1")
    (button,) = panel.reasons["scope1"].findChildren(QPushButton)
    assert button.text() == "Factor: 56.1 kgCO2/GJ, anywhere combustion, always"
    click(button)
    book = window.wishes._book
    assert book.isVisible()
    assert book.chosen.factor.value == 56.1
    book.close()


def test_a_refused_certificate_is_said_beside_its_numbers(window, qtbot):
    window.run("accounts.certificate", "C-1", "DE", 2019, 100.0)
    window.wishes.show_dock("indicators")
    panel = window.indicators
    qtbot.waitUntil(lambda: "scope2_market" in panel.notes, timeout=LONG)
    qtbot.waitUntil(panel.notes["scope2_market"].isVisible, timeout=LONG)
    assert panel.notes["scope2_market"].text() == "without a certificate that does not count"
    assert "generated in 2019" in panel.why["scope2_market"].text()
    assert "scope2_location" not in panel.notes


def test_panels_stand_behind_each_other_and_the_one_asked_for_comes_to_the_front(window, qtbot):
    from twinview.gui.docks import seen

    docks = window.docks
    for key, name in ((Qt.Key.Key_5, "indicators"), (Qt.Key.Key_6, "scenario")):
        QTest.keyClick(window, key, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda name=name: seen(docks[name]), timeout=LONG)
        others = {"inspector", "indicators", "why", "scenario"} - {name}
        assert not any(seen(docks[one]) for one in others)
    QTest.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: seen(docks["indicators"]), timeout=LONG)
    QTest.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    assert docks["indicators"].isHidden()


def test_a_change_of_the_base_is_refused_before_anything_is_asked(window):
    message = window.stage.message
    window.ask("scenario.add_pv")
    assert "base case is shown" in message.text.text()
    assert message.entry.isHidden()
    (button,) = [one for one in message.findChildren(QPushButton) if one.isVisible()]
    click(button)
    assert message.entry.isVisible()
    QTest.keyClicks(message.entry, "More")
    QTest.keyClick(message.entry, Qt.Key.Key_Return)
    assert window.session.state.view.scenario == "more"
    window.run("select.clear")
    window.ask("scenario.add_pv")
    assert "Select buildings first" in message.text.text()
    assert message.entry.isHidden()


def test_while_it_is_computed_the_panels_say_how_far(window, qtbot):
    jobs = window.jobs
    window.run("scenario.new", "More")
    window.wishes.show_dock("scenario")

    def says() -> list[str]:
        return [one.text() for one in window.scenarios.findChildren(QLabel) if one.isVisible()]

    nothing = "This scenario is not computed, so there is nothing to compare."
    qtbot.waitUntil(lambda: nothing in says(), timeout=LONG)
    jobs.running[99] = Ticket(99, find("compute.run"), iter(()), print, 0, Progress(0.25))
    jobs.changed.emit()
    qtbot.waitUntil(lambda: "Computing, 25\u00a0%…" in says(), timeout=LONG)
    assert nothing not in says()
    jobs.running[99].progress = Progress(0.5)
    jobs.changed.emit()
    assert "Computing, 50\u00a0%…" in says()
    del jobs.running[99]
    jobs.changed.emit()
    qtbot.waitUntil(lambda: nothing in says(), timeout=LONG)


def test_lines_say_their_impedance_with_its_unit(window):
    window.run("select.only", "line", "line 1")
    texts = {one.text() for one in window.inspector.findChildren(QPushButton)}
    assert {"0.0200\u00a0Ω", "0.00500\u00a0Ω", "100\u00a0A"} <= texts
