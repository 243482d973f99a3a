"""What is drawn ahead, to have the graphics library ready, leaves no trace in pictures."""

from dataclasses import replace

import numpy as np

from tests.gui.hamlet import opened
from twinview.render.camera import fit
from twinview.render.frames import Frames
from twinview.render.shaders import PROGRAMS
from twinview.scene.resolve import resolve


def _picture(frames: Frames) -> np.ndarray:
    state = opened()
    view = replace(state.view, camera=fit(state.twin, 1.6))
    frames.painter.show(state.twin, view.theme)
    frames.resize((320, 200))
    frames.painter.draw(resolve(state.twin, view))
    return frames.frame().copy()


def test_a_picture_after_it_is_the_picture_without() -> None:
    warmed, plain = Frames((64, 64)), Frames((64, 64))
    steps = sum(1 for _ in warmed.warm("light"))
    assert steps == len(PROGRAMS) + 1
    assert (_picture(warmed) == _picture(plain)).all()
    for frames in (warmed, plain):
        frames.close()


def test_it_may_be_left_half_done() -> None:
    warmed, plain = Frames((64, 64)), Frames((64, 64))
    steps = warmed.warm("dark")
    for _ in range(4):
        next(steps)
    assert (_picture(warmed) == _picture(plain)).all()
    for frames in (warmed, plain):
        frames.close()
