"""Labels in the scene: few, by importance, never one on another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from twinview.draw.fonts import SEMIBOLD, ui_font, width
from twinview.draw.ink import NORMAL, colour, faint, line_height, write_haloed
from twinview.scene.paint import Label
from twinview.scene.theme import Look

MOST = 60
"""Labels on one picture: more is noise."""
_TRIED = 600
_RISE, _AWAY, _APART = 14.0, 12.0, 3.0
_DOT = 2.6

Measure = Callable[[str], tuple[float, float]]
Writer = Callable[[QPainter, QRectF, str, QFont, str, str], None]


@dataclass(frozen=True)
class Placed:
    """A label with its place on the picture, in the painter's pixels.

    Parameters
    ----------
    text
        What is written.
    anchor
        The point it speaks about.
    rect
        Where the text stands.
    """

    text: str
    anchor: QPointF
    rect: QRectF


def place_labels(
    labels: Sequence[Label],
    points: npt.ArrayLike,
    size: QSizeF,
    obstacles: Sequence[QRectF] = (),
    scale: float = 1.0,
    measure: Measure | None = None,
) -> list[Placed]:
    """Choose the labels that fit, the most important first, and where each stands.

    Parameters
    ----------
    labels
        Texts and weights.
    points
        Place of each label in the painter's pixels, shape (n, 2) or (n, 3) with the distance in
        front of the eye; NaN, or a distance below 0, where it is not seen.
    size
        Size of the picture.
    obstacles
        Where nothing may stand: legend, clock and other cards.
    scale
        Pixels per design pixel.
    measure
        Width and height of a text at scale 1; the font's own where it is not given.
    """
    xy = _on_picture(points, len(labels))
    weights = np.array([label.weight for label in labels], dtype=float)
    order = np.argsort(-weights, kind="stable")
    order = order[_seen(xy[order], size)][:_TRIED]
    taken = [np.array([r.left(), r.top(), r.right(), r.bottom()]) for r in obstacles]
    placed: list[Placed] = []
    for k in order:
        if len(placed) == MOST:
            break
        wide, high = (measure or _measure)(labels[k].text)
        box = _first_free(xy[k], wide * scale, high * scale, scale, size, taken)
        if box is not None:
            taken.append(box)
            # The dot is part of the label: another text on it would seem to belong to it.
            taken.append(np.concatenate([xy[k] - _DOT * scale, xy[k] + _DOT * scale]))
            rect = QRectF(QPointF(box[0], box[1]), QPointF(box[2], box[3]))
            placed.append(Placed(labels[k].text, QPointF(*xy[k]), rect))
    return placed


def draw_labels(
    painter: QPainter,
    placed: Sequence[Placed],
    look: Look,
    scale: float = 1.0,
    writer: Writer = write_haloed,
) -> None:
    """Draw labels with a halo, a dot on the place they speak about and a thin line between.

    `writer` puts the letters there: painter, rectangle, text, font, ink and colour of the halo.
    """
    font = ui_font(NORMAL, SEMIBOLD)
    for one in placed:
        painter.save()
        painter.translate(one.rect.topLeft())
        painter.scale(scale, scale)
        rect = QRectF(QPointF(0, 0), one.rect.size() / scale)
        _leader(painter, (one.anchor - one.rect.topLeft()) / scale, rect, look)
        writer(painter, rect, one.text, font, look.text, look.panel)
        painter.restore()


def _measure(text: str) -> tuple[float, float]:
    font = ui_font(NORMAL, SEMIBOLD)
    return width(text, font) + 2 * _APART, line_height(font)


def _on_picture(points: npt.ArrayLike, count: int) -> npt.NDArray[np.float64]:
    """Return left and top of each point, NaN for what lies behind the eye."""
    given = np.asarray(points, dtype=float)
    if not count:
        return np.empty((0, 2))
    xy = given[:, :2].copy()
    if given.shape[1] > 2:
        with np.errstate(invalid="ignore"):
            xy[~(given[:, 2] > 0)] = np.nan
    return xy


def _seen(xy: npt.NDArray[np.float64], size: QSizeF) -> npt.NDArray[np.bool_]:
    edge = np.array([size.width(), size.height()])
    with np.errstate(invalid="ignore"):
        return np.asarray(((xy >= 0) & (xy <= edge)).all(axis=1))


def _first_free(
    at: npt.NDArray[np.float64],
    wide: float,
    high: float,
    scale: float,
    size: QSizeF,
    taken: list[npt.NDArray[np.float64]],
) -> npt.NDArray[np.float64] | None:
    """Return the first place around a point where the text fits, as left, top, right, bottom."""
    rise, away = _RISE * scale, _AWAY * scale
    corners = np.array([
        (-wide / 2, -rise - high), (away, -high / 2), (-away - wide, -high / 2),
        (away / 2, -rise - high), (-away / 2 - wide, -rise - high), (-wide / 2, rise),
    ])  # fmt: skip
    boxes = np.hstack([at + corners, at + corners + [wide, high]])
    inside = (boxes[:, :2] >= 0).all(axis=1)
    inside &= (boxes[:, 2] <= size.width()) & (boxes[:, 3] <= size.height())
    others = np.reshape(taken, (-1, 4))
    dot = (at > others[:, :2]).all(axis=1) & (at < others[:, 2:]).all(axis=1)
    if dot.any():
        return None
    apart = _APART * scale
    clear = (
        (boxes[:, None, 2] + apart <= others[:, 0])
        | (boxes[:, None, 0] - apart >= others[:, 2])
        | (boxes[:, None, 3] + apart <= others[:, 1])
        | (boxes[:, None, 1] - apart >= others[:, 3])
    ).all(axis=1)
    free = np.flatnonzero(inside & clear)
    return np.asarray(boxes[free[0]]) if len(free) else None


def _leader(painter: QPainter, anchor: QPointF, rect: QRectF, look: Look) -> None:
    """Draw the dot and the line to the nearest point of the text."""
    near = QPointF(
        min(max(anchor.x(), rect.left() + _APART), rect.right() - _APART),
        min(max(anchor.y(), rect.top() + _APART), rect.bottom() - _APART),
    )
    line = QLineF(anchor, near)
    painter.setPen(QPen(colour(look.panel, faint(look, 0.85)), 3.0))
    painter.drawLine(line)
    painter.setPen(QPen(colour(look.text, faint(look, 0.75)), 1.0))
    painter.drawLine(line)
    painter.setPen(QPen(QColor(look.panel), 1.2))
    painter.setBrush(QColor(look.text))
    painter.drawEllipse(anchor, _DOT, _DOT)
    painter.setBrush(Qt.BrushStyle.NoBrush)
