"""What is said once for all panes, below them: legend, numbers, scale and north, the sources."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from twinview.draw.credit import credit_height, draw_credit
from twinview.draw.ink import GAP
from twinview.draw.legend import draw_legend, legend_size, shortened
from twinview.draw.panes import (
    CORNERED,
    LEGEND_SHARE,
    Plan,
    draw_totals,
    fitting,
    frame,
    names,
    plan,
    totals_size,
    totals_text,
)
from twinview.draw.scalebar import draw_scalebar, scalebar_size
from twinview.gui.hudcards import Card
from twinview.gui.style import look_now
from twinview.i18n import _
from twinview.model.twin import DISTRICT
from twinview.render import camera as cameras
from twinview.scene.numbers import number
from twinview.scene.panes import Shown, legends
from twinview.scene.panetotals import Totals, totals
from twinview.scene.sifting import EVERY
from twinview.scene.styling import carrying
from twinview.scene.theme import LOOKS, Look
from twinview.scene.view import Camera
from twinview.scene.words import named
from twinview.session.why import Key

if TYPE_CHECKING:
    from twinview.scene.paint import Legend

CARDS = ("legend", "totals", "scale", "about")
_UNKNOWN = QSizeF(296, 120)
"""What legend and numbers take before anything is known."""


class Foot(QWidget):
    """Lies behind the panes: the lines between them, and what stands below them.

    Signals
    -------
    wondered
        ``(Key)``: what one of the numbers is made of is wanted.
    """

    wondered = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards = {name: Card(self) for name in CARDS}
        self.laid: Plan | None = None
        self._legend: Legend | None = None
        self._rows: list[Totals] = []
        self._called: list[str] = []
        self._panes: tuple[Shown, ...] = ()
        self._about, self._look = "", LOOKS["light"]
        self._known = False
        numbers = self.cards["totals"]
        numbers.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
        numbers.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        numbers.customContextMenuRequested.connect(self._open_numbers)

    def say(self, panes: Sequence[Shown], about: str, look: Look) -> None:
        """Take what the panes show; it is written by the next `arrange`."""
        self._legend, _less = legends(panes)
        self._rows, self._called, self._panes = totals(panes), names(panes), tuple(panes)
        self._about, self._look, self._known = about, look, True

    def forget(self) -> None:
        """Let go of what was said."""
        self._known, self._legend, self._rows, self._panes = False, None, [], ()

    def arrange(self, size: QSizeF, count: int) -> Plan:
        """Write everything for a size of the whole, and return where the panes go."""
        told = self._said(size.height(), count) if self._known else (_UNKNOWN, _UNKNOWN)
        laid = self.laid = plan(size, count, told, low=credit_height())
        legend, numbers = self.cards["legend"], self.cards["totals"]
        gap, low = int(GAP), int(credit_height())
        corner = laid.foot.topLeft().toPoint() + QPoint(gap, gap)
        legend.move(corner)
        wide, high = (0, legend.height() + gap) if laid.tall else (legend.width() + gap, 0)
        numbers.move(corner + QPoint(wide, high))
        foot = laid.foot.toRect()
        self._say_about(foot.width() - 2 * gap)
        self.cards["about"].move(foot.left() + gap, foot.bottom() - low - 1)
        self._put_scale()
        self.update()
        return laid

    def _said(self, height: float, count: int) -> tuple[QSizeF, QSizeF]:
        """Write legend and numbers; return the sizes of both."""
        look, called, rows = self._look, self._called, self._rows
        legend = self._legend and shortened(self._legend, LEGEND_SHARE * height)
        one = QSizeF(0, 0) if legend is None else legend_size(legend)
        self.cards["legend"].setVisible(legend is not None)
        if legend is not None:
            self.cards["legend"].say(
                legend, one, lambda p, at, k: draw_legend(p, legend, at, k), look
            )
            self.cards["legend"].setAccessibleName(
                ". ".join(filter(None, (f"{legend.title}, {legend.unit}", legend.old, legend.note)))
            )
        if count == CORNERED:
            rows = fitting(rows, called, one, height / 2 - credit_height())
        two = totals_size(rows, called)
        self.cards["totals"].say(
            (rows, called), two, lambda p, at, k: draw_totals(p, rows, called, at, k), look
        )
        self.cards["totals"].setAccessibleName(totals_text(rows, called))
        return one, two

    def _open_numbers(self, at: QPoint) -> None:
        """Offer the way to what each number of each case is made of."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSection(_("Why this number"))
        for row in self._rows:
            for pane, name, value in zip(self._panes, self._called, row.values, strict=True):
                key = key_in(row, pane) if np.isfinite(value) else None
                if key is not None:
                    text = named(f"{name} · {row.label}", number(value, 3, row.unit))
                    menu.addAction(text, partial(self.wondered.emit, key))
        menu.popup(self.cards["totals"].mapToGlobal(at))

    def _say_about(self, wide: int) -> None:
        about, size = self._about, QSizeF(max(1, wide), credit_height())
        self.cards["about"].say(
            (about, wide), size, lambda p, at, k: draw_credit(p, about, QRectF(at, size), k),
            self._look,
        )  # fmt: skip

    def look(self, camera: Camera, height: int) -> None:
        """Follow the camera of pictures of a height, logical pixels."""
        pose = cameras.pose(camera)
        size = cameras.metres_per_pixel(camera, height)
        bearing, tilt = pose.bearing, 90.0 - pose.elevation
        self.cards["scale"].say(
            (round(size, 4), round(bearing, 1), round(tilt, 1)),
            scalebar_size(size, bearing, tilt),
            lambda p, at, k: draw_scalebar(
                p, at, k, metres_per_pixel=size, bearing=bearing, tilt=tilt
            ),
            self._look,
        )
        self._put_scale()

    def _put_scale(self) -> None:
        """Put scale and north into the lower right corner, where there is room."""
        if self.laid is None:
            return
        scale, foot = self.cards["scale"], self.laid.foot.toRect()
        corner = foot.bottomRight() - QPoint(int(GAP), int(credit_height()) + 4)
        scale.move(corner - QPoint(scale.width(), scale.height()))
        others = (self.cards[name].geometry() for name in ("legend", "totals"))
        free = foot.contains(scale.geometry())
        scale.setVisible(free and not any(scale.geometry().intersects(one) for one in others))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ground and the lines."""
        if self.laid is not None:
            painter = QPainter(self)
            frame(painter, self.laid, QSizeF(self.size()), look_now())
            painter.end()


def key_in(row: Totals, pane: Shown) -> Key | None:
    """Return which number a row has in a pane; None where it is one of several layers together."""
    if pane.pane.difference:
        return None
    step = pane.view.time if pane.pane.hours else None
    if row.quantity:
        return Key(DISTRICT, DISTRICT, row.quantity, step, "value", pane.view.scenario)
    paints = [] if pane.scene is None else [*pane.scene.paints.values()]
    some = [] if pane.scene is None else carrying(paints, pane.scene.legend)
    if len(some) != 1:
        return None
    one = paints[some[0][0]]
    return Key(one.layer, EVERY, one.quantity, step, "value", pane.view.scenario, None, "sum")
