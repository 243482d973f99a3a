"""Fonts: one family with both scripts; the platform's own in the window, ours in pictures."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QGuiApplication

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.paths import assets_folder

Weight = QFont.Weight
REGULAR, SEMIBOLD = Weight.Normal, Weight.DemiBold
SHIPPED = "Twinview Sans"
CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
)  # fmt: skip
"""Simplified Chinese, best first. Named, because a fallback left to the system often takes Japanese
shapes (直, 骨, 户) for the same characters."""

_state = {"shipped": False}
_made: list[QGuiApplication] = []


def ensure_application() -> QGuiApplication:
    """Return the running application, or make one without a window system.

    Raises
    ------
    CommandError
        When the running application cannot draw text.
    """
    running = QGuiApplication.instance()
    if running is None:
        # Only here: a program that wants windows has made its application before it draws.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        running = QGuiApplication(sys.argv[:1] or ["twinview"])
        _made.append(running)
        _state["shipped"] = True
    if not isinstance(running, QGuiApplication):
        raise CommandError(_("Pictures need an application that can draw, and this one cannot."))
    return running


@contextmanager
def shipped_fonts() -> Iterator[None]:
    """Use the shipped font inside this block, so that a picture looks the same on every machine."""
    before = _state["shipped"]
    _state["shipped"] = True
    try:
        yield
    finally:
        _state["shipped"] = before


def ui_font(size_px: float, weight: Weight = REGULAR, tabular: bool = False) -> QFont:
    """Return the font of labels and numbers.

    Parameters
    ----------
    size_px
        Height of the type in pixels before any scaling of the painter.
    weight
        `REGULAR` or `SEMIBOLD`.
    tabular
        True gives all figures one width, for columns and numbers that change.
    """
    font = QFont()
    font.setFamilies(list(_families(_state["shipped"])))
    font.setPixelSize(max(1, round(size_px)))
    font.setWeight(weight)
    # Sizes are design pixels under a scaled painter: hinting would round widths at each scale anew.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def has_chinese() -> bool:
    """Tell whether a font for simplified Chinese is installed."""
    ensure_application()
    return bool(set(CHINESE) & set(QFontDatabase.families()))


def width(text: str, font: QFont) -> float:
    """Return the advance of a line of text."""
    return QFontMetricsF(font).horizontalAdvance(text)


@cache
def _families(shipped: bool) -> tuple[str, ...]:
    ensure_application()
    installed = set(QFontDatabase.families())
    chinese = tuple(name for name in CHINESE if name in installed)
    first = _load_shipped() if shipped else QGuiApplication.font().families()
    return (*first, *(name for name in chinese if name not in first))


@cache
def _load_shipped() -> tuple[str, ...]:
    """Register the shipped font and return its family; the platform's where it is lost."""
    files = sorted((assets_folder() / "fonts").glob("*.ttf"))
    loaded = [QFontDatabase.addApplicationFont(str(file)) for file in files]
    if not loaded or min(loaded) < 0:
        return tuple(QGuiApplication.font().families())
    return (SHIPPED,)
