"""Curves of one element, with the same time mark as the time bar."""

import numpy as np
import numpy.typing as npt
import pyqtgraph
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from twinview.draw.ink import colour
from twinview.gui.cards import text_label
from twinview.gui.stretch import ticks
from twinview.gui.style import SMALL, look_now, text_font
from twinview.model.time import TimeAxis
from twinview.scene.numbers import number, round_steps

Floats = npt.NDArray[np.float32]
HIGH = 96
_AXIS = 44


class Chart(QWidget):
    """One curve over a stretch of time.

    Parameters
    ----------
    ink
        Name of the look's colour, or ``#rrggbb``.

    Signals
    -------
    chosen
        ``(step)``: the user clicked or dragged in the chart.
    """

    chosen = Signal(int)

    def __init__(self, ink: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ink = ink
        self.values: Floats = np.empty(0, dtype=np.float32)
        self.shown = range(0)
        self._time: TimeAxis | None = None
        self._index = 0
        self.title = text_label(role="small")
        self.plot = pyqtgraph.PlotWidget(background=None)
        self.plot.setFixedHeight(HIGH)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = self.plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.getViewBox().setMouseEnabled(False, False)
        item.getAxis("left").setWidth(_AXIS)
        item.getAxis("bottom").setHeight(18)
        self.curve = item.plot([], [])
        self.mark = pyqtgraph.InfiniteLine(angle=90, movable=False)
        item.addItem(self.mark)
        self.plot.scene().sigMouseClicked.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.plot)
        self.restyle()

    def restyle(self) -> None:
        """Take the theme's colours."""
        look = look_now()
        ink = getattr(look, self.ink, self.ink)
        self.curve.setPen(pyqtgraph.mkPen(QColor(ink), width=1.6))
        self.curve.setBrush(colour(ink, 0.22))
        self.mark.setPen(pyqtgraph.mkPen(QColor(look.accent), width=2))
        for name in ("left", "bottom"):
            axis = self.plot.getPlotItem().getAxis(name)
            axis.setPen(QPen(colour(look.text_soft, 0.4), 0))
            axis.setTextPen(QColor(look.text_soft))
            axis.setStyle(tickFont=text_font(SMALL - 1.5, tabular=True), tickLength=-3)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "mark"):
            self.restyle()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Have as many tick marks as fit."""
        super().resizeEvent(event)
        self._draw_ticks()

    def show_values(self, title: str, values: Floats, time: TimeAxis) -> None:
        """Show another curve; `values` are those of each step of `time`."""
        self.title.setText(title)
        self.values, self._time = values, time
        self.shown = range(0)

    def show_time(self, index: int, shown: range) -> None:
        """Put the mark on a step and show the stretch around it."""
        if shown != self.shown:
            self.shown = shown
            self._draw()
        if index != self._index or not self.mark.isVisible():
            self._index = index
        self.mark.setPos(index + 0.5)

    def _draw(self) -> None:
        part = self.values[self.shown.start : self.shown.stop].astype(float)
        stride = max(1, len(part) // 2000)
        steps = np.arange(self.shown.start, self.shown.stop)[::stride] + 0.5 * stride
        part = part[::stride]
        finite = part[np.isfinite(part)]
        low = min(0.0, float(finite.min())) if finite.size else 0.0
        high = max(float(finite.max()) if finite.size else 1.0, low + 1e-6)
        self.curve.setData(steps, part, connect="finite", fillLevel=0.0)
        self.restyle()
        item = self.plot.getPlotItem()
        item.setRange(
            xRange=(self.shown.start, self.shown.stop), yRange=(low, high * 1.06), padding=0
        )
        levels = [(v, number(v, 2)) for v in round_steps(low, high, 3)]
        item.getAxis("left").setTicks([levels])
        self._draw_ticks()

    def _draw_ticks(self) -> None:
        if self._time is None or not self.shown:
            return
        room = max(80.0, self.width() - _AXIS)
        marks = [(t.index, t.text) for t in ticks(self._time, self.shown, room) if t.text]
        self.plot.getPlotItem().getAxis("bottom").setTicks([marks])

    def _clicked(self, event: object) -> None:
        view = self.plot.getPlotItem().getViewBox()
        at = view.mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
        index = int(np.floor(at.x()))
        if index in self.shown:
            self.chosen.emit(index)
