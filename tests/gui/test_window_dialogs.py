"""Where a file is to be written: nothing that is there is written over unasked, whatever is typed.

The dialogs turn an event loop of their own: what a user does in them is done out of it.
"""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox

from twinview.gui.dialogs import ask_save

pytestmark = pytest.mark.needs_display


class Hand:
    """Answers one dialog after the other, by keys; what they asked is in `asked`.

    What it has no answer to it leaves by Esc.
    """

    def __init__(self, *answers: str | bool) -> None:
        self.answers, self.asked, self.busy = list(answers), [], True
        self._again()

    def _again(self) -> None:
        """Look once more; each time anew, for one dialog may open another."""
        if self.busy:
            QTimer.singleShot(20, self._answer)

    def _answer(self) -> None:
        self._again()
        dialog = QApplication.activeModalWidget()
        if dialog is None or not dialog.isVisible():
            return
        if isinstance(dialog, QMessageBox):
            self.asked.append(dialog.text())
        if not self.answers:
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
        elif isinstance(dialog, QMessageBox):
            self._decide(dialog, self.answers.pop(0) is True)
        elif isinstance(dialog, QFileDialog):
            self._type(dialog, str(self.answers.pop(0)))

    def _decide(self, box: QMessageBox, over: bool) -> None:
        no = box.defaultButton()
        (yes,) = [one for one in box.buttons() if one is not no]
        QTest.keyClick(yes if over else box, Qt.Key.Key_Space if over else Qt.Key.Key_Return)

    def _type(self, dialog: QFileDialog, name: str) -> None:
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        field.selectAll()
        QTest.keyClicks(field, name)
        save = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
        QTest.keyClick(save, Qt.Key.Key_Space)


@pytest.fixture
def ask(window, tmp_path) -> Callable[..., tuple[str | None, list[str]]]:
    """Return a function that asks for a place in a folder with some files, and answers."""
    for name in ("a.png", "a.csv", "whole.png"):
        (tmp_path / name).touch()

    def asked(*answers: str | bool, kinds: tuple[str, ...] = ("png",)):
        hand = Hand(*answers)
        try:
            path = ask_save(window, "Picture", str(tmp_path / "Hamlet"), kinds)
        finally:
            hand.busy = False
        assert hand.answers == []
        return None if path is None else path.relative_to(tmp_path).as_posix(), hand.asked

    return asked


OVER = "a.png is there already. Write over it?"


def test_a_name_that_gets_its_ending_is_asked_about_with_it(ask):
    assert ask("a", True) == ("a.png", [OVER])
    assert ask("b") == ("b.png", [])


def test_whoever_does_not_want_it_written_over_names_another_or_none(ask):
    assert ask("a", False, "b") == ("b.png", [OVER])
    assert ask("a", False) == (None, [OVER])


def test_the_first_kind_is_what_a_bare_name_is_of(ask):
    assert ask("a", kinds=("gpkg",)) == ("a.gpkg", [])
    assert ask("a", True, kinds=("csv", "xlsx"))[0] == "a.csv"


def test_a_whole_name_is_asked_about_once(ask):
    name, asked = ask("whole.png", True)
    assert name == "whole.png"
    assert len(asked) == 1


def test_a_dot_in_a_name_is_no_ending(ask):
    assert ask("Quarter no. 3") == ("Quarter no. 3.png", [])
    assert ask("a.PNG") == ("a.PNG", [])
