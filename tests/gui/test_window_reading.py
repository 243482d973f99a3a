"""Manual and derivations in a real window, by mouse and keys."""

import importlib
import pkgutil

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMenu

from tests.gui.hamlet import NOON
from twinview import gui
from twinview.gui.docks import seen
from twinview.gui.helping import HelpButton
from twinview.gui.richtext import key_of, link
from twinview.model.twin import DISTRICT
from twinview.scene.theme import LOOKS
from twinview.session import manual
from twinview.session.answer import Answer
from twinview.session.why import Key


@pytest.fixture(autouse=True)
def _put_away(window):
    """Leave the next test a window without manual and panel."""
    yield
    window.docks["why"].hide()
    if window.reading.manual is not None:
        window.reading.manual.field.clear()
        window.reading.manual.close()


def click(widget, at=None) -> None:
    """Click into the middle of a widget, or somewhere else in it."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())


def click_link(browser, href: str) -> None:
    """Click on the first piece of text that leads to an address."""
    block = browser.document().begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().anchorHref() == href:
                cursor = browser.textCursor()
                cursor.setPosition(piece.position() + 1)
                browser.setTextCursor(cursor)
                browser.ensureCursorVisible()
                at = browser.cursorRect(cursor).center()
                QTest.mouseClick(browser.viewport(), Qt.MouseButton.LeftButton, pos=at)
                return
            pieces += 1
        block = block.next()
    raise AssertionError(f"no link to {href}")


# ------------------------------------------------------------------------------------- the manual
def test_f1_opens_the_manual_at_the_panel_that_has_the_focus(window, qtbot):
    window.canvas.setFocus()
    QTest.keyClick(window, Qt.Key.Key_F1)
    manual = window.reading.manual
    assert manual.isVisible()
    assert manual.place == "start"
    window.activateWindow()
    window.layers.rows["houses"].eye.setFocus()
    QTest.keyClick(window.layers.rows["houses"].eye, Qt.Key.Key_F1)
    assert manual.place == "overlays#layers"
    qtbot.waitUntil(manual.isActiveWindow, timeout=20_000)
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    assert not manual.isVisible()


def test_each_panel_leads_to_its_page(window):
    for name in ("layers", "inspector"):
        title = window.docks[name].titleBarWidget()
        click(title.help)
        assert window.reading.manual.place == title.topic
    assert window.reading.manual.place == "start#inspector"


def test_links_go_on_and_the_arrows_lead_back(window):
    window.run("help.open", "method")
    manual = window.reading.manual
    click_link(manual.reader, "help:start#why")
    assert manual.place == "start#why"
    assert manual.back.isEnabled()
    click(manual.back)
    assert manual.place == "method"
    click(manual.forward)
    assert manual.place == "start#why"


def test_an_address_outside_the_manual_leads_nowhere(window):
    window.run("help.open", "time")
    reader = window.reading.manual.reader
    assert reader.loadResource(2, QUrl("file:///etc/hostname")) == ""
    assert reader.loadResource(2, QUrl("help:nonsense")) == ""


def test_the_contents_follow_and_lead(window):
    window.run("help.open", "method#storage")
    manual = window.reading.manual
    assert manual.contents.currentItem().text(0).strip() == "Storage as a reservoir of carbon"
    item = manual.contents.topLevelItem(2)
    click(manual.contents.viewport(), manual.contents.visualItemRect(item).center())
    assert manual.place == "time"


def test_what_is_searched_is_found(window):
    window.run("help.open")
    manual = window.reading.manual
    manual.field.setFocus()
    QTest.keyClicks(manual.field, "merit order")
    assert manual.contents.topLevelItemCount() == 1
    QTest.keyClick(manual.field, Qt.Key.Key_Return)
    assert manual.place == "method#average-marginal"
    assert manual.reader.textCursor().selectedText().lower() == "merit"
    manual.field.setText("nowhereatall")
    assert manual.contents.topLevelItem(0).text(0) == "Nothing was found"


def test_the_page_of_keys_is_that_of_the_window(window):
    window.run("help.open", "keys")
    text = window.reading.manual.reader.toPlainText()
    assert "Play or pause" in text
    assert "Ctrl+R" in text


def test_the_manual_follows_the_language_at_once(window):
    window.run("help.open", "method#tracing")
    manual = window.reading.manual
    window.run("view.language", "zh_CN")
    assert "比例分摊原则" in manual.reader.toPlainText()
    assert manual.place == "method#tracing"
    window.run("view.language", "en")
    assert "Proportional sharing" in manual.reader.toPlainText()


def test_the_manual_follows_the_theme(window):
    window.run("help.open", "time")
    manual, before = window.reading.manual, window.theme
    other = "dark" if before == "light" else "light"
    window.choose_theme(other)
    assert LOOKS[other].text in manual.reader.toHtml()
    window.choose_theme(before)
    assert LOOKS[before].text in manual.reader.toHtml()


# ---------------------------------------------------------------------------------- why this number
def test_a_value_of_the_inspector_is_asked_by_mouse_and_by_key(window, qtbot):
    window.run("select.only", "houses", "h7")
    qtbot.waitUntil(window.inspector.numbers.values["carbon_intensity"].isVisible)
    panel = window.reading.panel
    click(window.inspector.numbers.values["consumption"])
    assert panel.isVisible()
    assert panel.shown.key == Key("houses", "h7", "consumption")
    window.inspector.numbers.values["carbon_intensity"].setFocus()
    QTest.keyClick(window.inspector.numbers.values["carbon_intensity"], Qt.Key.Key_Space)
    assert panel.shown.key.quantity == "carbon_intensity"
    assert panel.title.text() == "Carbon intensity"
    assert window.session.log[-1] == "why houses h7 carbon_intensity"


def test_an_attribute_says_its_column(window):
    window.run("select.only", "houses", "h7")
    layout = window.inspector._facts
    (value,) = (
        layout.itemAt(k).widget()
        for k in range(layout.count())
        if "floor area" in layout.itemAt(k).widget().accessibleName().lower()
    )
    click(value)
    panel = window.reading.panel
    assert panel.shown.text == "87\u00a0m²"
    assert "column 'floor_area_m2' of 'h7'" in panel.text.toPlainText()


def test_the_numbers_on_the_view_and_the_legend_are_asked(window, qtbot):
    targets = window.stage.targets
    target = targets.numbers["load"]
    assert target.isVisible()
    assert window.stage.hud.cards["readouts"].geometry().contains(target.geometry().center())
    click(target)
    assert window.reading.panel.shown.key == Key(DISTRICT, DISTRICT, "load")
    click(targets.legend)
    manual = window.reading
    qtbot.waitUntil(lambda: manual.manual and manual.manual.place == "overlays#carbon")
    window.run("select.only", "houses", "h3")
    click(targets.legend)
    asked = Key("houses", "h3", "carbon_intensity")
    qtbot.waitUntil(lambda: window.reading.panel.shown.key == asked)


def test_the_numbers_do_not_lie_over_each_other(window):
    rects = [QRect(one.geometry()) for one in window.stage.targets.numbers.values()]
    assert len(rects) >= 2
    for k, one in enumerate(rects):
        assert not any(one.intersects(other) for other in rects[k + 1 :])


def test_a_key_shows_and_hides_the_panel(window, qtbot):
    window.canvas.setFocus()
    for visible in (True, False):
        QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda visible=visible: seen(window.docks["why"]) is visible)


def test_inputs_lead_on_and_the_arrow_leads_back(window):
    panel = window.reading.panel
    window.run("why", "houses", "h7", "emission")
    click_link(panel.text, link(Key("houses", "h7", "consumption")))
    assert panel.shown.key.quantity == "consumption"
    click(panel.back)
    assert panel.shown.key.quantity == "emission"
    click(panel.method)
    assert window.reading.manual.place == "method#indicators"


def test_the_panel_follows_the_clock(window, qtbot):
    window.run("why", "houses", "h7", "consumption")
    panel = window.reading.panel
    before = panel.shown.value
    window.run("time.index", NOON + 6)
    qtbot.waitUntil(lambda: panel.shown.value != before, timeout=5000)
    assert "18:00" in panel.shown.when


def test_the_panel_follows_the_language(window):
    window.run("why", "houses", "h7", "consumption")
    window.run("view.language", "zh_CN")
    assert window.reading.panel.shown.title == "用电功率"
    window.run("view.language", "en")
    assert window.reading.panel.shown.title == "Consumption"


def test_a_derivation_is_copied_as_text(window):
    window.run("why", "houses", "h7", "consumption")
    click(window.reading.panel.copy)
    text = QGuiApplication.clipboard().text()
    assert text == window.reading.panel.shown.as_text()
    assert "Building h7: Consumption" in text


def test_the_context_menu_leads_there_too(window, qtbot):
    window.run("select.only", "houses", "h7")
    value = window.inspector.numbers.values["consumption"]
    value.customContextMenuRequested.emit(QPoint(2, 2))
    menu = value.findChild(QMenu)
    assert [one.text() for one in menu.actions()] == ["Why this number", "Copy"]
    menu.actions()[0].trigger()
    assert window.reading.panel.shown.key.quantity == "consumption"
    menu.close()
    qtbot.waitUntil(lambda: value.findChild(QMenu) is None)


def test_addresses_of_derivations_hold_any_text():
    key = Key("a b", "储能/3 <&>", "x.y#z")
    assert key_of(link(key)) == key
    assert key_of("help:time") is None


def test_every_panel_has_a_place_of_its_own_in_the_manual(window):
    places = {name: dock.titleBarWidget().topic for name, dock in window.docks.items()}
    assert len(places) == 9
    assert all("#" in place for place in places.values())
    for name, place in places.items():
        page, anchor = place.split("#")
        assert anchor in manual.anchors(page), name
    assert places["table"] == "start#table"
    assert places["indicators"] == "method#indicators"


def by_action(name: str):
    """Return what triggers an action of a window."""
    return lambda window: window.actions_.actions[name].trigger()


DIALOGS = {
    "Preferences": (by_action("gui.preferences"), "start#languages"),
    "KeysDialog": (by_action("gui.keys"), "keys"),
    "StyleDialog": (by_action("gui.style"), "overlays#style"),
    "JoinWindow": (by_action("data.join"), "data#joins"),
    "PictureWindow": (by_action("export.picture"), "start#pictures"),
    "ExportWindow": (by_action("export.table"), "start#tables"),
    "FactorWindow": (by_action("gui.factors"), "method#factors"),
    "KeptViews": (by_action("gui.kept_views"), "start#look"),
    "AboutDialog": (by_action("gui.about"), "start#ask"),
    "FindWindow": (lambda window: window.wishes.find(), "data#problems"),
    "AnswerDialog": (
        lambda window: window.wishes.tell(Answer("Joins", ("layer",), (("houses",),))), "commands"
    ),
}  # fmt: skip
"""How each dialog of the program is opened, and the place of the manual that it leads to."""


def test_no_dialog_is_left_out():
    """Whoever makes another dialog finds it missing here."""
    for module in pkgutil.iter_modules(gui.__path__, "twinview.gui."):
        importlib.import_module(module.name)
    waiting, found = [QDialog], set()
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        found |= {one for one in below if one.__module__.startswith("twinview.gui.")}
    last = {one.__name__ for one in found if not set(one.__subclasses__()) & found}
    assert last == DIALOGS.keys()


@pytest.mark.parametrize("name", DIALOGS)
@pytest.mark.parametrize("by_key", [True, False])
def test_dialogs_lead_to_their_place_in_the_manual(window, qtbot, name, by_key):
    show, place = DIALOGS[name]
    show(window)
    (button,) = [one for one in window.findChildren(HelpButton) if one.isVisible()]
    dialog = button.window()
    assert type(dialog).__name__ == name
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    if by_key:
        QTest.keyClick(dialog, Qt.Key.Key_F1)
    else:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.reading.manual.place == place
    dialog.close()
    window.reading.manual.close()


def test_the_places_of_dialogs_are_in_the_manual():
    for name, place in manual.DIALOGS.items():
        page, _sign, anchor = place.partition("#")
        assert page in manual.CHAPTERS, name
        assert not anchor or anchor in manual.anchors(page), name
