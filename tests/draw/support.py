"""Scenes to draw, and canvases to draw on."""

import numpy as np
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor, QImage, QPainter, QPicture

from twinview.draw.hud import draw_hud
from twinview.scene.paint import Clock, Label, Legend, Readout, Scene, State
from twinview.scene.theme import LOOKS, stops
from twinview.scene.view import View

NAMES = (
    "储能电站 Storage 3",
    "Station 12",
    "Solar park North",
    "w33082792",
    "Battery 1",
    "直骨户 Bar",
)


def ramp(theme="light", **changes):
    """Return a legend with a ramp."""
    values = {
        "title": "Carbon intensity, consumption-based", "unit": "g/kWh", "limits": (0.0, 500.0),
        "colours": stops("carbon", theme), "ticks": (0.0, 125.0, 250.0, 375.0, 500.0),
        "shown": 1498, "missing": 8, "states": ((State.MISSING, 8), (State.ESTIMATED, 214)),
        "note": "Limits fixed",
    }  # fmt: skip
    return Legend(**{**values, **changes})


def classes(theme="light", count=5):
    """Return a legend with classes and every state."""
    return Legend(
        title="负载率 Loading", unit="%", limits=(0.0, 120.0),
        colours=stops("categories", theme)[:count],
        classes=tuple(f"class {k} of some length" for k in range(count)), shown=3014,
        states=tuple((state, 3) for state in State if state not in (State.VALUE, State.PLAIN)),
    )  # fmt: skip


def scene(theme="light", legend=None, warning=False):
    """Return a scene in which everything is written."""
    readouts = [
        Readout("load", "2.84", "MW", "load"), Readout("emission", "391", "kg/h", "emission"),
        Readout("intensity", "138", "g/kWh", "碳强度"), Readout("local", "62", "%", "local share"),
        Readout("stored", "71", "%", "stored"),
        Readout("residual", "0.0", "kW", "residual", warning),
    ]  # fmt: skip
    return Scene(
        view=View(theme=theme),
        paints={},
        legend=legend or ramp(theme),
        clock=Clock("Mon 2024-07-01", "14:00", "CEST (UTC+2)", "Europe/Berlin"),
        readouts=tuple(readouts),
        labels=tuple(Label(name, (0, 0, 0), weight) for weight, name in enumerate(NAMES)),
        about="demo · roads © OpenStreetMap contributors · grid: CC BY 4.0 · project 3f9a1c0e",
    )


def hud_on(painter, shown, wide, high, **wishes):
    """Draw everything on a painter and return the rectangles."""
    points = np.random.default_rng(1).uniform(0, 1, (len(shown.labels), 2)) * [wide, high]
    wanted = {
        "metres_per_pixel": 0.62, "bearing_deg": 25.0, "tilt_deg": 55.0, "projected_labels": points,
        "title": "Schutterwald, carbon in one day",
    }  # fmt: skip
    return draw_hud(painter, shown, QSizeF(wide, high), **{**wanted, **wishes})


def recorded(shown, wide, high, **wishes):
    """Draw without pixels (fast at any size) and return the rectangles."""
    picture = QPicture()
    painter = QPainter(picture)
    rects = hud_on(painter, shown, wide, high, **wishes)
    painter.end()
    return rects


def canvas(wide, high, theme="light"):
    """Return an empty picture in a look's ground colour."""
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.fill(QColor(LOOKS[theme].ground))
    return image


def pixels(image):
    """Return the colours of a picture, shape (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()
