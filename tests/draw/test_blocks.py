"""Clock, readouts, scale bar, curves and icon."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPicture

from tests.draw.support import canvas, pixels, scene
from twinview.draw.chart import draw_curve
from twinview.draw.clock import clock_size, draw_clock
from twinview.draw.icon import icon, write_icons
from twinview.draw.readouts import draw_readouts, readouts_size
from twinview.draw.scalebar import LONGEST, bar_length, scalebar_size
from twinview.paths import assets_folder
from twinview.scene.numbers import SPACE
from twinview.scene.paint import Clock
from twinview.scene.theme import LOOKS

LIGHT = LOOKS["light"]
DAY = np.datetime64("2024-07-01T00:00") + np.arange(24) * np.timedelta64(60, "m")


def test_a_static_clock_is_smaller_than_a_running_one():
    static = Clock("one instant", "", "", "", static=True)
    assert clock_size(static).height() < clock_size(scene().clock).height()
    picture = QPicture()
    painter = QPainter(picture)
    assert draw_clock(painter, static, QPointF(5, 5), LIGHT).size() == clock_size(static)
    painter.end()


def test_readouts_in_two_rows_are_narrower():
    numbers = scene(warning=True).readouts
    assert readouts_size(numbers, columns=3).width() < readouts_size(numbers).width()
    assert readouts_size(numbers, columns=3).height() > readouts_size(numbers).height()


def test_a_warning_is_not_said_by_colour_alone():
    plain, warned = scene().readouts[-1:], scene(warning=True).readouts[-1:]
    assert readouts_size(warned).width() > readouts_size(plain).width()
    image = canvas(200, 120)
    painter = QPainter(image)
    draw_readouts(painter, warned, QPointF(0, 0), LIGHT)
    painter.end()
    wanted = QColor(LIGHT.warning).getRgb()[:3]
    assert (pixels(image) == wanted).all(axis=2).sum() > 20


@pytest.mark.parametrize(
    ("metres_per_pixel", "metres", "text"),
    [(0.62, 50, "50 m"), (1.0, 100, "100 m"), (20.0, 2000, "2 km"), (0.004, 0.5, "0.5 m")],
)
def test_lengths_of_the_scale_bar_are_round(metres_per_pixel, metres, text):
    found = bar_length(metres_per_pixel)
    assert found == (pytest.approx(metres), text.replace(" ", SPACE))
    assert found[0] / metres_per_pixel <= LONGEST


def test_no_scale_bar_without_a_scale():
    assert bar_length(float("nan")) is None
    assert bar_length(0.0) is None
    assert scalebar_size(None, None, 0.0).isEmpty()
    assert scalebar_size(1.0, None, 85.0).isEmpty()
    assert not scalebar_size(1.0, 30.0, 85.0).isEmpty()


@pytest.mark.parametrize(
    ("t", "y"),
    [
        (DAY, np.sin(np.arange(24.0))),
        (DAY, np.where(np.arange(24) % 5 == 0, np.nan, 3.0)),
        (DAY, np.full(24, np.nan)),
        (DAY, np.zeros(24)),
        (DAY[:1], np.ones(1)),
        (np.arange(24.0), np.arange(24.0)),
        (DAY[0] + np.arange(8784) * np.timedelta64(60, "m"), np.sin(np.arange(8784.0)) * 2e4),
        (np.array([], dtype="datetime64[s]"), np.array([])),
    ],
    ids=["day", "gaps", "nothing", "zero", "one", "plain", "year", "empty"],
)
def test_curves_of_all_kinds(t, y):
    image = canvas(320, 140)
    painter = QPainter(image)
    area = draw_curve(
        painter,
        QRectF(10, 10, 300, 120),
        t,
        y,
        t[len(t) // 2] if len(t) else None,
        LIGHT,
        "kW",
        "Power",
    )
    painter.end()
    assert QRectF(10, 10, 300, 120).contains(area)
    inked = np.argwhere(np.any(pixels(image) != pixels(canvas(1, 1))[0, 0], axis=2))
    assert inked.min() >= 9
    assert inked[:, 0].max() <= 131
    assert inked[:, 1].max() <= 311


def test_icon_has_every_size(tmp_path):
    files = write_icons(tmp_path, (16, 256))
    assert [QImage(str(file)).width() for file in files] == [16, 256]
    assert icon(64).pixelColor(0, 0).alpha() == 0


def test_the_shipped_icon_is_the_drawn_one():
    shipped = QImage(str(assets_folder() / "icon.png")).convertToFormat(QImage.Format.Format_RGB32)
    drawn = icon(256).convertToFormat(QImage.Format.Format_RGB32)
    assert np.abs(pixels(shipped).astype(int) - pixels(drawn)).mean() < 1
