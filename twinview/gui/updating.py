"""The look for a newer version that a user switched on: once a day, quiet unless there is one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from twinview.gui.asking import Asker
from twinview.session.updates import Versions, look, today

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow

REST_MS = 5000
"""After the start: a district is opened first."""


class Updating(QObject):
    """Looks for a newer version where the preferences say so.

    Parameters
    ----------
    window
        The window.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.asker = Asker(self, REST_MS)
        self.asker.answered.connect(self._answered)

    def begin(self) -> None:
        """Look, once a day, where that is switched on."""
        settings = self._window.settings
        if settings.updates and settings.looked != today():
            self.asker.ask("versions", look)
        else:
            self.asker.drop()

    def close_down(self) -> None:
        """Wait for nobody."""
        self.asker.drop()

    def _answered(self, _key: object, found: object) -> None:
        """Say only what is worth it; without a network it is tried again at the next start."""
        if isinstance(found, Versions):
            self._window.desk.remember(looked=today())
            if found.newer:
                self._window.stage.message.notice(found.as_text())
