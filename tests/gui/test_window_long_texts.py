"""In a language of double length no text is cut in silence: it fits, wraps, or has a tooltip.

Scaling changes no size in logical pixels, so what fits here fits at 200 % on a screen with twice
the pixels.
"""

import contextlib

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from tests import pseudo
from twinview.gui.asking import AskingPanel
from twinview.gui.translate import speak
from twinview.session.store import State

pytestmark = pytest.mark.needs_display
SIZE = (1280, 720)


@pytest.fixture
def long_texts(monkeypatch, english):
    """Speak the language of double length."""
    pseudo.install(monkeypatch)
    speak(pseudo.CODE)


def cut(window: QWidget) -> list[str]:
    """Return the texts of labels and buttons that are seen in part and have no tooltip."""
    QApplication.processEvents()
    found = []
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, QLabel | QAbstractButton) or not widget.isVisible():
            continue
        if widget.text() and not widget.toolTip() and not (fits(widget) and inside(widget)):
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}: "
                         f"{widget.text()[:60]}")  # fmt: skip
    return found


def left_cut(qtbot, window: QWidget) -> list[str]:
    """Return the texts that are cut once numbers have come and the layout is at rest."""
    panels = window.findChildren(AskingPanel)
    qtbot.waitUntil(lambda: not any(one.asker.busy or one._timer.isActive() for one in panels))
    found = [cut(window)]

    def rests() -> bool:
        found.append(cut(window))
        return not any(found[-3:])

    with contextlib.suppress(qtbot.TimeoutError):
        qtbot.waitUntil(rests, timeout=3_000)
    return found[-1]


def fits(widget: QLabel | QAbstractButton) -> bool:
    """Tell whether a widget has the room that its text needs."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) <= widget.height() + 1
    return widget.minimumSizeHint().width() <= widget.width() + 1 and (
        isinstance(widget, QLabel) or widget.sizeHint().width() <= widget.width() + 1
    )


def inside(widget: QWidget) -> bool:
    """Tell whether a widget lies between the left and the right edge of all that it is in."""
    above = widget.parentWidget()
    while above is not None and not widget.isWindow():
        left = widget.mapTo(above, QPoint()).x()
        if left < 0 or left + widget.width() > above.width() + 1:
            return False
        if above.isWindow():
            break
        above = above.parentWidget()
    return True


def test_no_text_of_the_welcome_page_is_cut(make_window, long_texts):
    assert cut(make_window(State(), SIZE)) == []


def test_no_text_of_window_and_panels_is_cut(make_window, qtbot, long_texts):
    window = make_window(None, SIZE)
    found = {"window": left_cut(qtbot, window)}
    window.run("select.only", "houses", "h7")
    window.run("time.rolling", "6h")
    window.run("measure.height", "houses", "h7")
    for name, dock in window.docks.items():
        window.wishes.show_dock(name)
        found[name] = left_cut(qtbot, dock)
    found["bar"] = left_cut(qtbot, window.timebar)
    window.ask("project.netting")
    found["question"] = left_cut(qtbot, window.stage.message)
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize("name", ["gui.preferences", "gui.about", "gui.keys"])
def test_no_text_of_a_dialog_is_cut(make_window, long_texts, name):
    window = make_window(None, SIZE)
    window.actions_.actions[name].trigger()
    dialogs = [one for one in window.findChildren(QWidget)
               if one.windowFlags() & Qt.WindowType.Dialog == Qt.WindowType.Dialog
               and one.isVisible()]  # fmt: skip
    assert dialogs
    assert [text for one in dialogs for text in cut(one)] == []
    for one in dialogs:
        one.close()
