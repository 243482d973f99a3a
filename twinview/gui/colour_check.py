"""The check of colours: how others see the view, and which classes they cannot tell apart."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QComboBox, QFormLayout, QGraphicsEffect, QWidget

from twinview.gui.cards import text_label
from twinview.i18n import _
from twinview.scene.vision import VISIONS, alike, picture_seen

if TYPE_CHECKING:
    from twinview.scene.paint import Legend


class SeenAs(QGraphicsEffect):
    """Shows a widget and all that is in it as others see it."""

    def __init__(self, parent: QWidget, vision: str) -> None:
        super().__init__(parent)
        self.vision = vision

    def draw(self, painter: QPainter) -> None:
        """Draw what the widget shows."""
        offset = QPoint()
        pixmap = self.sourcePixmap(Qt.CoordinateSystem.DeviceCoordinates, offset)
        image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
        held = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
        made = picture_seen(held, self.vision)
        shown = QImage(made.data, image.width(), image.height(), image.format())
        shown.setDevicePixelRatio(pixmap.devicePixelRatio())
        painter.save()
        painter.resetTransform()
        painter.drawImage(QPointF(offset) / pixmap.devicePixelRatio(), shown)
        painter.restore()


class ColourCheck(QWidget):
    """Chooses how the view is seen, and says of each way which classes look alike.

    Parameters
    ----------
    seen
        What is shown as others see it.
    """

    def __init__(self, seen: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seen = seen
        self._legend: Legend | None = None
        self.title, self.told = text_label(), text_label(role="small", wrap=True)
        self.vision = QComboBox()
        for key in VISIONS:
            self.vision.addItem("", key)
        self.title.setBuddy(self.vision)
        self.vision.activated.connect(self._choose)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.title, self.vision)
        form.addRow("", self.told)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.title.setText(_("Seen as"))
        for k, title in enumerate(VISIONS.values()):
            self.vision.setItemText(k, _(title))
        self.say(self._legend)

    def say(self, legend: "Legend | None") -> None:
        """Say which classes of a legend are hard to tell apart; a ramp has none."""
        self._legend = legend
        self.told.setText("" if legend is None or not legend.classes else _verdict(legend))
        self.told.setVisible(bool(self.told.text()))

    def _choose(self) -> None:
        vision = self.vision.currentData()
        self._seen.setGraphicsEffect(SeenAs(self._seen, vision) if vision else None)  # type: ignore[arg-type]
        self._seen.update()

    def leave(self) -> None:
        """Show the view as usual again."""
        self.vision.setCurrentIndex(0)
        self._choose()


def _verdict(legend: "Legend") -> str:
    """Return which classes are hard to tell apart, and for whom, in words."""
    lines = []
    for vision, title in VISIONS.items():
        found = alike(legend.colours, vision, neighbours=not legend.nominal)
        if found:
            first, second = (legend.classes[k] for k in found[0])
            lines.append(
                _("{vision}: '{first}' and '{second}' look alike.",
                  vision=_(title), first=first, second=second)
                if len(found) == 1
                else _("{vision}: '{first}' and '{second}' look alike, and {count} more pairs.",
                       vision=_(title), first=first, second=second, count=len(found) - 1)
            )  # fmt: skip
    return "\n".join(lines) or _("All classes can be told apart, in grey as well.")
