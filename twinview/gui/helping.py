"""The sign that leads from a dialog to its page of the manual, and F1 for it."""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from twinview.gui.style import IconButton, Translated
from twinview.i18n import _
from twinview.session.manual import DIALOGS


class HelpButton(Translated, IconButton):
    """The same sign as in the head of a panel.

    Parameters
    ----------
    title
        Of the dialog; marked for translation.
    name
        Of the dialog, as in `twinview.session.manual.DIALOGS`.
    act
        Opens a place of the manual.
    dialog
        In which F1 does the same.
    """

    def __init__(
        self, title: str, name: str, act: Callable[[str], object], dialog: QWidget
    ) -> None:
        super().__init__("fa6s.question", size=11)
        self._title, self.place = title, DIALOGS[name]
        self.clicked.connect(lambda: act(self.place))
        self.key = QShortcut(QKeySequence("F1"), dialog, lambda: act(self.place))
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.describe(_("Help on {panel}", panel=_(self._title)), "F1")
