"""What is under the pointer, wherever in the window that is: marked in the view and in the panels.

Whoever marks it says nothing itself, so that no mark comes back to where the pointer is.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from twinview.gui.hands import HOVER_MS, Pick


class Pointing(QObject):
    """Holds the one element that is pointed at.

    Signals
    -------
    changed
        ``(pick or None)``: it is another one.
    led
        ``(pick or None)``: it is another one, and the pointer is in a panel and not in the view.
    """

    changed = Signal(object)
    led = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.element: Pick | None = None
        self._wanted: Pick | None = None
        self._timer = QTimer(self, singleShot=True, interval=HOVER_MS)
        self._timer.timeout.connect(self._lead)

    def in_view(self, found: Pick | None) -> None:
        """Take what the pointer is on in the view, which marks that by itself."""
        self._timer.stop()
        self._become(found)

    def in_panel(self, found: Pick | None) -> None:
        """Take what the pointer is on in a panel; a hand that runs over rows marks few of them."""
        self._wanted = found
        if not self._timer.isActive():
            self._timer.start()

    def _lead(self) -> None:
        if self._become(self._wanted):
            self.led.emit(self._wanted)

    def _become(self, found: Pick | None) -> bool:
        if found == self.element:
            return False
        self.element = found
        self.changed.emit(found)
        return True
