"""A dialog that asks for a colour, and small pictures of colours."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen
from PySide6.QtWidgets import QColorDialog, QPushButton, QSpinBox, QWidget

from twinview.draw.blank import blank
from twinview.draw.ink import colour as ink
from twinview.gui.style import look_now
from twinview.scene.theme import stops

SPOT = QSize(20, 12)
_APART = 8


def spot_icon(colour: str) -> QIcon:
    """Return a picture of a colour."""
    picture = blank(SPOT, 2)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink(look_now().text, 0.35), 0.8))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(1, 1, SPOT.width() - 2, SPOT.height() - 2, 2, 2)
    painter.end()
    return QIcon(picture)


def ask_colour(parent: QWidget, title: str, now: str, chosen: Callable[[str], object]) -> None:
    """Ask for a colour, beginning with the one there is; nothing happens where none is chosen.

    Parameters
    ----------
    parent
        Over which the dialog stands.
    title
        What is to be coloured.
    now
        ``#rrggbb``.
    chosen
        Told of the new colour.
    """
    # Those that colour-blind readers can tell apart lie at hand.
    for k, one in enumerate(stops("categories", "light")):
        QColorDialog.setCustomColor(k, QColor(one))
    dialog = QColorDialog(QColor(now), parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    # The system's own would neither speak the program's language nor wear its theme.
    dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
    dialog.setWindowTitle(title)
    dialog.colorSelected.connect(lambda found: chosen(found.name()))
    for button in dialog.findChildren(QPushButton):
        button.setIcon(QIcon())
    for box in dialog.findChildren(QSpinBox):
        box.lineEdit().setTextMargins(6, 0, 0, 0)
    dialog.open()
    # Beside the window that asks, so that the colours that are there already stay in sight.
    frame, window = dialog.frameGeometry(), parent.window().frameGeometry()
    room = parent.screen().availableGeometry()
    left = max(window.left() - frame.width() - _APART, room.left())
    dialog.move(left, max(window.center().y() - frame.height() // 2, room.top()))
