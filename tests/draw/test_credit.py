"""Whose data are seen: what a licence asks for is never cut off."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from twinview.draw.credit import credit, draw_credit
from twinview.scene.theme import LOOKS


def test_openstreetmap_is_named_first():
    about = "A long description " * 10 + "based on data of OpenStreetMap contributors."
    assert credit(about).startswith("© OpenStreetMap contributors · A long")
    assert credit("Own survey.") == "Own survey."
    named = "© OpenStreetMap contributors, ODbL"
    assert credit(named) == named


def test_a_strip_below_the_letters_keeps_what_is_behind_from_mixing_with_them():
    image = QImage(300, 15, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    painter = QPainter(image)
    draw_credit(painter, "Own survey", QRectF(10, 0, 280, 15), LOOKS["light"])
    painter.end()
    assert image.pixelColor(9, 1).lightness() > 150  # beside the first letter
    assert image.pixelColor(280, 7).lightness() == 0  # where nothing is written
