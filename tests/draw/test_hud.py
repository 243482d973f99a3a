"""The composition: nothing cut off, nothing laid over another, at any size."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from tests.draw.support import canvas, classes, hud_on, pixels, ramp, recorded, scene
from twinview import i18n
from twinview.draw.hud import PARTS, picture_scale

SIZES = [
    (320, 200), (640, 400), (800, 600), (1024, 768), (1280, 720), (1920, 1080), (3840, 2160),
    (7680, 4320), (600, 1200), (2000, 500),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    "legend", [None, classes(), ramp(more=(classes(),) * 6)], ids=["ramp", "classes", "layers"]
)
def test_blocks_lie_inside_and_apart(size, legend, language):
    i18n.set_language(language)
    rects = recorded(scene(legend=legend, warning=True), *size, caption="中午光伏出力大 at noon.")
    picture = QRectF(0, 0, *size)
    assert all(picture.contains(rect) for rect in rects.values())
    assert [(a, b) for a, b in combinations(rects, 2) if rects[a].intersects(rects[b])] == []
    assert size == (320, 200) or {"legend", "clock", "readouts", "about"} <= set(rects)


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (3840, 2160)])
def test_a_usual_picture_shows_everything(size):
    rects = recorded(scene(), *size)
    assert set(rects) == PARTS - {"labels", "north", "caption", "measures", "map", "pins"}


def test_the_same_picture_twice_as_large_is_the_same_picture():
    small, large = recorded(scene(), 1280, 800), recorded(scene(), 2560, 1600)
    for name, rect in small.items():
        assert (
            large[name].width() == pytest.approx(2 * rect.width(), rel=1e-6) or name == "scalebar"
        )
        assert large[name].left() == pytest.approx(2 * rect.left(), rel=1e-6) or name == "scalebar"


def test_type_never_falls_below_ten_pixels():
    assert picture_scale(QRectF(0, 0, 320, 200).size()) * 11 >= 10


def test_only_what_is_asked_for_is_drawn():
    rects = recorded(scene(), 1280, 800, parts={"legend", "scalebar", "north"})
    assert set(rects) == {"legend", "scalebar"}
    assert recorded(scene(), 1280, 800, parts=set()) == {}


def test_the_part_that_nothing_else_covers_is_kept():
    free = QRectF(300, 60, 700, 600)
    rects = recorded(scene(), 1280, 800, scale=1.0, inside=free, title="")
    assert all(free.contains(rect) for rect in rects.values())
    assert "legend" in rects


def test_presenting_doubles_the_type():
    once = recorded(scene(), 2560, 1600, scale=1.0, parts={"clock"})
    twice = recorded(scene(), 2560, 1600, scale=2.0, parts={"clock"})
    assert twice["clock"].height() == pytest.approx(2 * once["clock"].height())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_part_leaves_ink_in_its_place(theme):
    image = canvas(1280, 800, theme)
    image.fill(QColor("#808080"))
    before = pixels(image)
    painter = QPainter(image)
    rects = hud_on(painter, scene(theme), 1280, 800)
    painter.end()
    changed = np.any(pixels(image) != before, axis=2)
    for name, rect in rects.items():
        box = rect.toAlignedRect()
        part = changed[box.top() : box.bottom(), box.left() : box.right()]
        assert part.mean() > 0.9, name


def test_svg_holds_real_text(tmp_path):
    target = QSvgGenerator()
    target.setFileName(str(tmp_path / "hud.svg"))
    target.setSize(QSize(1280, 800))
    painter = QPainter(target)
    hud_on(painter, scene(), 1280, 800)
    painter.end()
    text = (tmp_path / "hud.svg").read_text(encoding="utf-8")
    assert "Europe/Berlin" in text
    assert "储能电站" in text
    assert "Storage 3" in text


def test_pdf_can_be_written(tmp_path):
    writer = QPdfWriter(str(tmp_path / "hud.pdf"))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    painter = QPainter(writer)
    rects = hud_on(painter, scene(), writer.width(), writer.height())
    painter.end()
    assert "legend" in rects
    assert (tmp_path / "hud.pdf").read_bytes().startswith(b"%PDF")
