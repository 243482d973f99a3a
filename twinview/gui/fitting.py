"""What folds where a window or the screen is small: bars, corners of panels, sizes of dialogs."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from twinview.gui.style import GRID

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow

LEAST = 800, 450
"""The smallest window: below that of 1280x720 at 150 % and of 1920x1080 at 200 %."""
USUAL = 1440, 900
LOW, NARROW = 620, 960
"""Logical pixels of a window below which its bars fold, and its panels share less."""
_FRAME = 32
"""Logical pixels that a window's own title takes from the height of the screen."""


def fit(widget: QWidget, wide: int, high: int) -> None:
    """Give a window of its own a size, or as much of it as the screen has room for."""
    room = widget.screen().availableGeometry()
    widget.resize(min(wide, room.width()), min(high, room.height() - _FRAME))


def first_panels(window: QWidget) -> tuple[str, ...]:
    """Return the panels that a window begins with: in a narrow one the city needs the room."""
    return ("inspector",) if window.width() < NARROW else ("layers", "inspector")


class Sheet(QScrollArea):
    """As high as what it holds, but no higher than the screen, where it is moved through.

    Parameters
    ----------
    inside
        What it holds.
    around
        Logical pixels that the rest of its window takes above and below.
    """

    def __init__(self, inside: QWidget, around: int = 0) -> None:
        super().__init__()
        self._around = around
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = inside
        self.setWidget(inside)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Grow and shrink with what it holds."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Ask for what is inside, as far as the screen has room."""
        most = self.screen().availableGeometry().height() - 2 * _FRAME - self._around
        inside, layout = self._inside.sizeHint(), self._inside.layout()
        wide = self._inside.minimumWidth()
        if layout is not None and wide == self._inside.maximumWidth():
            # Lines that wrap know how high they are where their width is given.
            high = layout.totalHeightForWidth(wide) if layout.hasHeightForWidth() else 0
            inside = QSize(wide, high or inside.height())
        # Room for the bar at the side, which comes where there is not all the height.
        return QSize(inside.width() + GRID, min(inside.height(), most))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Ask for no less."""
        return self.sizeHint()


class Fitting(QObject):
    """Follows the size of a window.

    Parameters
    ----------
    window
        Whose parts fold.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._folded: tuple[bool, bool] | None = None
        window.setMinimumSize(*LEAST)
        fit(window, *USUAL)
        self._follow()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Fold or unfold with the window's size."""
        if event.type() == QEvent.Type.Resize:
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        window = self._window
        low, narrow = window.height() < LOW, window.width() < NARROW
        if (low, narrow) == self._folded:
            return
        self._folded = low, narrow
        window.timebar.fold(low)
        window.topbar.fold(low, narrow)
        # The table stands below the city and the panels beside it keep their height, but in a
        # narrow window it takes the whole width.
        corners, areas = Qt.Corner, Qt.DockWidgetArea
        below = areas.BottomDockWidgetArea
        for corner, beside in (
            (corners.BottomLeftCorner, areas.LeftDockWidgetArea),
            (corners.BottomRightCorner, areas.RightDockWidgetArea),
        ):
            window.setCorner(corner, below if narrow else beside)
