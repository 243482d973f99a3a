"""A picture of several panes: one camera, one scale, the legend and the numbers once for all."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from twinview.draw.credit import credit_height, draw_credit
from twinview.draw.fonts import SEMIBOLD, ensure_application, shipped_fonts, ui_font
from twinview.draw.hud import Sight, draw_hud, picture_scale
from twinview.draw.ink import GAP, MEDIUM, PAD, write
from twinview.draw.legend import draw_legend, legend_size, shortened
from twinview.draw.panes import (
    CORNERED,
    HEAD,
    LEGEND_SHARE,
    Plan,
    brief,
    draw_head,
    draw_totals,
    draw_why,
    fitting,
    frame,
    names,
    plan,
    totals_size,
)
from twinview.draw.scalebar import draw_scalebar, scalebar_size
from twinview.exporters.picture import Pixels, check_picture, save_png
from twinview.progress import Job
from twinview.render.alongside import alike
from twinview.render.studio import Shot, Stock, Studio, made_at_once
from twinview.scene.paint import Legend, Scene
from twinview.scene.panes import Shown, legends, onto, painted
from twinview.scene.panetotals import Totals, totals
from twinview.scene.theme import LOOKS, Look
from twinview.scene.view import Camera

if TYPE_CHECKING:
    from twinview.model.twin import Twin

_NONE = QSizeF(0, 0)


def panes_job(
    panes: Sequence[Shown],
    path: Path,
    size: tuple[int, int],
    *,
    title: str,
    meta: Mapping[str, Any],
    stock: Stock = made_at_once,
) -> Job[None]:
    """Write what panes show as one PNG file, whole or not at all.

    Parameters
    ----------
    panes
        From `twinview.scene.panes.panes_of`; one at least has something to show.
    path, size, title, meta, stock
        As for `twinview.exporters.picture.picture_job`.
    """
    check_picture(path, size)
    save_png(path, (yield from compose(panes, size, title, stock)), meta, title)


def compose(
    panes: Sequence[Shown], size: tuple[int, int], title: str = "", stock: Stock = made_at_once
) -> Job[Pixels]:
    """Make the pixels of panes with all that is written, shape (height, width, 3)."""
    with closing(Easel(size, title, stock)) as easel:
        made = yield from easel.picture(panes)
    return made[..., :3].copy()


def shoot(
    panes: Sequence[Shown], size: tuple[int, int], stock: Stock = made_at_once
) -> Job[list[Shot | None]]:
    """Make the picture of each pane, None where it has none; cases of one shape share meshes."""
    with closing(Easel(size, stock=stock)) as easel:
        return (yield from easel.shoot(panes, size))


class Easel:
    """Makes pictures of panes one after another; what a district is drawn as is made once.

    Parameters
    ----------
    size
        Width and height of the pictures, pixels.
    title, stock
        As for `panes_job`.
    """

    def __init__(self, size: tuple[int, int], title: str = "", stock: Stock = made_at_once) -> None:
        ensure_application()
        self._size, self._title, self._stock = size, title, stock
        self._studios: dict[tuple[int, tuple[int, int]], tuple[Twin, Studio]] = {}
        """By the case that is drawn, which is kept so that its id is its own, and by size."""

    def picture(self, panes: Sequence[Shown]) -> Job[Pixels]:
        """Make the pixels of panes, shape (height, width, 4): red, green, blue, 255."""
        canvas = QImage(*self._size, QImage.Format.Format_RGBX8888)
        with shipped_fonts():
            page = _Page(panes, QSizeF(*self._size), self._title)
        shots = yield from self.shoot(panes, page.cell)
        with shipped_fonts():
            painter = QPainter(canvas)
            page.draw(painter, shots)
            painter.end()
        width, height = self._size
        flat = np.frombuffer(canvas.constBits(), dtype=np.uint8)
        return flat.reshape(height, width, 4).copy()

    def shoot(self, panes: Sequence[Shown], size: tuple[int, int]) -> Job[list[Shot | None]]:
        """Make the picture of each pane, None where it has none; cases of one shape share meshes.

        Parameters
        ----------
        panes
            What is shown; all of one theme.
        size
            Width and height of each picture, pixels.
        """
        made: list[Shot | None] = [None] * len(panes)
        left = [k for k, one in enumerate(panes) if one.scene is not None]
        camera, seen, used = None, painted(panes), set()
        while left:
            first = panes[left[0]]
            same = [k for k in left if alike(first.twin, panes[k].twin, seen)]
            studio = yield from self._studio(first, size)
            used.add((id(first.twin), size))
            for k in same:
                made[k] = studio.shoot(_from(onto(panes[k], first), camera))
                camera = studio.painter.camera
            left = [k for k in left if k not in same]
        for key in self._studios.keys() - used:
            self._studios.pop(key)[1].close()
        return made

    def _studio(self, first: Shown, size: tuple[int, int]) -> Job[Studio]:
        """Return what draws a case: what drew it before, if there is such."""
        key = id(first.twin), size
        if key not in self._studios:
            assert first.scene is not None
            studio = Studio(size)
            self._studios[key] = first.twin, studio
            yield from studio.show(first.twin, first.scene.theme, self._stock)
        return self._studios[key][1]

    def close(self) -> None:
        """Give back all that draws."""
        for _twin, studio in self._studios.values():
            studio.close()
        self._studios = {}


def _from(shown: Shown, camera: Camera | None) -> Scene:
    """Return the scene of a pane, seen as the first one is."""
    assert shown.scene is not None
    if camera is None:
        return shown.scene
    return replace(shown.scene, view=replace(shown.scene.view, camera=camera))


class _Page:
    """The places on a picture of panes, and what is written there."""

    def __init__(self, panes: Sequence[Shown], size: QSizeF, title: str) -> None:
        self._panes, self._size, self._title = panes, size, title
        self._names, self._zoom = names(panes), picture_scale(size)
        self._about = next((one.scene.about for one in panes if one.scene is not None), "")
        self._look: Look = LOOKS[panes[0].view.theme]
        self._legend: Legend | None
        self._legend, _less = legends(panes)
        self._rows: list[Totals] = totals(panes)
        self._band = round(HEAD * self._zoom) if title else 0
        self._laid = self._plan()
        place = self._laid.pictures[0]
        self.cell = int(place.width()), int(place.height())

    def _plan(self) -> Plan:
        room = QSizeF(self._size.width(), self._size.height() - self._band)
        if self._legend is not None:
            high = LEGEND_SHARE * room.height() / self._zoom
            self._legend = shortened(self._legend, high)
        legend = _NONE if self._legend is None else legend_size(self._legend)
        if len(self._panes) == CORNERED:
            half = room.height() / 2 / self._zoom - credit_height()
            self._rows = fitting(self._rows, self._names, legend, half)
        told = totals_size(self._rows, self._names)
        count = len(self._panes)
        return plan(room, count, (legend, told), self._zoom, credit_height())

    def draw(self, painter: QPainter, shots: Sequence[Shot | None]) -> None:
        """Put everything onto a canvas."""
        hints = QPainter.RenderHint
        painter.setRenderHints(hints.Antialiasing | hints.TextAntialiasing)
        painter.fillRect(QRectF(QPointF(0, 0), self._size), QColor(self._look.panel))
        if self._title:
            self._scaled(painter, QRectF(0, 0, self._size.width(), self._band), self._headline)
        painter.translate(0, self._band)
        room = QSizeF(self._size.width(), self._size.height() - self._band)
        frame(painter, self._laid, room, self._look)
        for k, shot in enumerate(shots):
            self._pane(painter, k, shot)
        seen = next((one for one in shots if one is not None), None)
        self._scaled(painter, self._laid.foot, lambda p, rect: self._foot(p, rect, seen))

    def _scaled(
        self, painter: QPainter, place: QRectF, draw: Callable[[QPainter, QRectF], object]
    ) -> None:
        """Draw something in design pixels into a place in pixels."""
        painter.save()
        painter.translate(place.topLeft())
        painter.scale(self._zoom, self._zoom)
        draw(painter, QRectF(QPointF(0, 0), place.size() / self._zoom))
        painter.restore()

    def _headline(self, painter: QPainter, rect: QRectF) -> None:
        inside = rect.adjusted(PAD, 0, -PAD, 0)
        write(painter, inside, self._title, ui_font(MEDIUM, SEMIBOLD), self._look.text)

    def _pane(self, painter: QPainter, k: int, shot: Shot | None) -> None:
        one, place, look = self._panes[k], self._laid.pictures[k], self._look
        self._scaled(
            painter, self._laid.heads[k], lambda p, r: draw_head(p, r, one, self._names[k], look)
        )
        if shot is None or one.scene is None:
            self._scaled(painter, place, lambda p, r: draw_why(p, r, one.why, look))
            return
        painter.save()
        painter.translate(place.topLeft())
        high, wide = shot.image.shape[:2]
        held = np.ascontiguousarray(shot.image)
        painter.drawImage(0, 0, QImage(held.data, wide, high, wide * 4,
                                       QImage.Format.Format_RGBX8888))  # fmt: skip
        labels = np.array([label.place for label in one.scene.labels], dtype=float).reshape(-1, 3)
        draw_hud(painter, one.scene, place.size(), projected_labels=shot.project(labels),
                 sight=Sight(shot.project, (), (0.0, 0.0)), scale=self._zoom,
                 parts={"labels", "pins"})  # fmt: skip
        painter.restore()
        if one.pane.difference:
            legend = one.scene.legend
            self._scaled(painter, place, lambda p, r: _brief(p, r, legend, look))

    def _foot(self, painter: QPainter, rect: QRectF, seen: Shot | None) -> None:
        look, right = self._look, rect.right() - GAP
        corner, below = QPointF(GAP, GAP), rect.bottom() - credit_height()
        taken = []
        if self._legend is not None:
            taken.append(draw_legend(painter, self._legend, corner, look))
            beside = QPointF(taken[0].right() + GAP, GAP)
            corner = QPointF(GAP, taken[0].bottom() + GAP) if self._laid.tall else beside
        taken.append(draw_totals(painter, self._rows, self._names, corner, look))
        about = QRectF(GAP, below - 2, rect.width() - 2 * GAP, credit_height())
        draw_credit(painter, self._about, about, look)
        if seen is None:
            return
        way = (seen.metres_per_pixel * self._zoom, seen.bearing_deg, 90.0 - seen.elevation_deg)
        size = scalebar_size(*way)
        place = QRectF(QPointF(right - size.width(), below - 4 - size.height()), size)
        if not any(place.intersects(one) for one in taken):
            draw_scalebar(painter, place.topLeft(), look, metres_per_pixel=way[0],
                          bearing=way[1], tilt=way[2])  # fmt: skip


def _brief(painter: QPainter, rect: QRectF, legend: Legend, look: Look) -> None:
    """Draw on a picture what the colours of its difference mean."""
    told = brief(legend, rect.size())
    if told is not None:
        at = QPointF(GAP, rect.bottom() - GAP - legend_size(told, brief=True).height())
        draw_legend(painter, told, at, look, brief=True)
