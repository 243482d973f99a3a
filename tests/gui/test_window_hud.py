"""What is written on the view is drawn once, however often the frame under it changes."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from twinview.draw.fonts import SEMIBOLD, ui_font
from twinview.draw.ink import write_haloed
from twinview.gui import hud
from twinview.gui.hudcards import Stamps

pytestmark = pytest.mark.needs_display


def test_cards_are_drawn_anew_only_when_they_say_something_else(window):
    stage = window.stage
    stage.grab()
    before = {name: card.drawings for name, card in stage.hud.cards.items()}
    for _ in range(3):
        window.canvas._refresh()
        stage.grab()
    assert {name: card.drawings for name, card in stage.hud.cards.items()} == before
    window.run("time.step", 1)
    window.canvas.draw_now()
    stage.grab()
    after = {name: card.drawings for name, card in stage.hud.cards.items()}
    assert {name for name in after if after[name] > before[name]} <= {"readouts", "legend", "clock"}
    assert after["readouts"] > before["readouts"]
    window.run("view.theme", "dark")
    window.canvas.draw_now()
    stage.grab()
    assert all(
        stage.hud.cards[name].drawings > after[name] for name in ("legend", "readouts", "scale")
    )
    window.run("view.theme", "light")


def test_labels_keep_clear_of_cards_that_come_later(window, monkeypatch):
    asked = []
    usual = hud.place_labels
    monkeypatch.setattr(hud, "place_labels", lambda *given: asked.append(given[3]) or usual(*given))
    shown = window.stage.hud
    shown.show_only(frozenset())
    assert asked[-1] == []
    shown.show_only(None)
    assert shown.taken
    assert asked[-1] == [QRectF(rect) for rect in shown.taken.values()]


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_stamped_text_is_the_written_text(ratio):
    font, rect = ui_font(12, SEMIBOLD), QRectF(QPointF(7, 9), QPointF(147, 29))
    stamps, pictures, boxes = Stamps(), [], []
    for write in (write_haloed, stamps.write, stamps.write):
        image = QImage(round(160 * ratio), round(40 * ratio), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor("#406080"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        write(painter, rect, "储能电站 Storage 3", font, "#ffffff", "#000000")
        painter.end()
        bits = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
        pictures.append(bits[..., :3].astype(int))
    written, first, again = pictures
    assert np.ptp(written) > 150
    assert (first == again).all()
    # The same letters, at most half a pixel beside: stamps stand on whole pixels.
    for one in (np.nonzero((p - [128, 96, 64]).any(axis=2)) for p in (written, first)):
        boxes.append([one[0].min(), one[0].max(), one[1].min(), one[1].max()])
    assert np.abs(np.subtract(*boxes)).max() <= 1
    ink = [np.abs(p - [128, 96, 64]).sum() for p in (written, first)]
    assert ink[1] == pytest.approx(ink[0], rel=0.05)
