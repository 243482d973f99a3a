"""Everything can be reached by keyboard and is named for those who do not see it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from twinview.gui.about import AboutDialog
from twinview.gui.preferences import Preferences
from twinview.session.store import State

pytestmark = pytest.mark.needs_display
CONTROLS = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit
)  # fmt: skip
OF_QT = frozenset({"qt_spinbox_lineedit", "qt_keysequenceedit_lineedit", "ScrollLeftButton",
                   "ScrollRightButton", "qt_toolbar_ext_button"})  # fmt: skip
"""Parts of Qt's own controls, which speak for them."""


def nameless(window: QWidget) -> list[str]:
    """Return the controls of a window that a screen reader could only call by their kind."""
    found = []
    for widget in window.findChildren(QWidget):
        name = widget.objectName()
        if not isinstance(widget, CONTROLS) and widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
            continue
        if isinstance(widget, QScrollBar) or name in OF_QT or name.startswith("qt_"):
            continue
        if _inside_control(widget):
            continue  # such as the cross in a field that clears it
        text = widget.text() if isinstance(widget, QAbstractButton | QLineEdit) else ""
        if isinstance(widget, CONTROLS) and not (widget.accessibleName() or text):
            found.append(_place(widget))
    return found


def _inside_control(widget: QWidget) -> bool:
    while (widget := widget.parentWidget()) is not None:
        if isinstance(widget, CONTROLS):
            return True
    return False


def _place(widget: QWidget) -> str:
    kind = type(widget).__name__
    above = []
    while (widget := widget.parentWidget()) is not None:
        above.append(type(widget).__name__)
    return " in ".join([kind, *above[:3]])


def test_every_control_of_the_window_has_a_name(window):
    for dock in window.docks.values():
        dock.show()
    assert nameless(window) == []


def test_every_control_of_the_start_page_has_a_name(make_window):
    assert nameless(make_window(State()).stage.start) == []


@pytest.mark.parametrize("name", ["gui.preferences", "gui.about"])
def test_every_control_of_a_dialog_has_a_name(window, name):
    window.actions_.actions[name].trigger()
    kinds = {"gui.preferences": Preferences, "gui.about": AboutDialog}
    dialog = window.findChild(kinds[name])
    assert isinstance(dialog, QDialog)
    assert nameless(dialog) == []
    assert dialog.windowTitle()
    dialog.close()


def test_the_tab_key_goes_round_the_start_page(make_window):
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    window = make_window(State())
    start = window.stage.start
    start.theme.setFocus()
    seen = []
    for _k in range(12):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
    assert {start.language, start.demo, start.open} <= set(seen)


def test_focus_is_seen_on_a_button(window):
    """What has the focus looks different from what has not."""
    button = window.timebar.findChildren(QAbstractButton)[0]
    window.canvas.setFocus()
    before = button.grab().toImage()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.grab().toImage() != before
    window.canvas.setFocus()


def test_edits_are_listed_by_name_at_the_button_and_taken_back_together(window):
    for name in ("Weiler", "Dorf"):
        window.run("project.rename", name)
    window.topbar.undo.customContextMenuRequested.emit(window.topbar.undo.rect().center())
    menu = window.actions_.menu_of("edit.history")
    assert menu.isVisible()
    lines = [action.text() for action in menu.actions()]
    assert len(lines) == 2
    assert all(line.startswith("Undo Rename the project") for line in lines)
    menu.actions()[1].trigger()
    menu.close()
    assert window.session.state.project.name == "Hamlet"
