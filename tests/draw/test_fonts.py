"""One family with both scripts."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QImage, QPainter

from tests.draw.support import pixels
from twinview.draw.fonts import REGULAR, SEMIBOLD, SHIPPED, ensure_application, has_chinese, ui_font
from twinview.draw.fonts import width as text_width
from twinview.draw.ink import write

CASES = Path(__file__).parents[1] / "cases" / "pictures"
TEXTS = {"mixed_text": "储能电站 Storage 3", "latin_text": "Storage 3 · 1\u202f498 g/kWh − 62 %"}


def drawn(text, font, size=(360, 40), scale=1.0):
    """Return a text as the cards write it, in black on white, as grey values."""
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.scale(scale, scale)
    write(painter, QRectF(10 / scale, 0, 340, 40 / scale), text, font, "#000000")
    painter.end()
    return pixels(image)[..., 0].astype(float)


@pytest.mark.parametrize("case", TEXTS)
def test_golden(case):
    if case == "mixed_text" and "Noto Sans CJK SC" not in QFontDatabase.families():
        pytest.skip("Noto Sans CJK SC is not installed (Debian: fonts-noto-cjk)")
    found = drawn(TEXTS[case], ui_font(20, SEMIBOLD))
    expected_file, actual_file = CASES / case / "expected.png", CASES / case / "actual.png"
    expected = pixels(QImage(str(expected_file)))[..., 0].astype(float)
    difference = np.abs(found - expected).mean() if found.shape == expected.shape else 255.0
    if difference > 2.0:
        grey = found.astype(np.uint8)
        image = QImage(
            grey.tobytes(), *grey.shape[::-1], grey.shape[1], QImage.Format.Format_Grayscale8
        )
        image.save(str(actual_file))
    else:
        actual_file.unlink(missing_ok=True)
    assert difference <= 2.0, f"differs by {difference:.1f}; look at {actual_file}"


def test_chinese_has_simplified_shapes():
    both = {"Noto Sans CJK SC", "Noto Sans CJK JP"}
    if not both <= set(QFontDatabase.families()):
        pytest.skip("needs Noto Sans CJK SC and JP")
    shapes = {}
    for name in (*sorted(both), ""):
        font = ui_font(24)
        font.setFamilies([name] if name else font.families())
        shapes[name] = drawn("直骨户", font)
    assert np.array_equal(shapes[""], shapes["Noto Sans CJK SC"])
    assert not np.array_equal(shapes[""], shapes["Noto Sans CJK JP"])


def test_small_chinese_type_is_not_thickened():
    if not has_chinese():
        pytest.skip("no font for Chinese is installed")
    small, large = drawn("储能电站", ui_font(8), scale=3.0), drawn("储能电站", ui_font(24))
    assert (255 - small).sum() == pytest.approx((255 - large).sum(), rel=0.02)


def test_pictures_use_the_shipped_font():
    assert QFontInfo(ui_font(12)).family() == SHIPPED
    assert QFontInfo(ui_font(12, SEMIBOLD)).weight() == SEMIBOLD
    assert QFontInfo(ui_font(12)).weight() == REGULAR


def test_tabular_figures_have_one_width():
    tabular = ui_font(40, tabular=True)
    assert text_width("1111", tabular) == pytest.approx(text_width("8888", tabular))
    assert text_width("1111", ui_font(40)) < text_width("8888", ui_font(40))


def test_widths_grow_with_the_size():
    assert text_width("Storage", ui_font(24)) == pytest.approx(
        2 * text_width("Storage", ui_font(12)), 0.01
    )


def test_the_running_application_is_used(qapp):
    assert ensure_application() is qapp


def test_chinese_is_found_where_it_is_installed():
    assert has_chinese() == any(
        "SC" in name or "WenQuanYi" in name for name in QFontDatabase.families()
    )
