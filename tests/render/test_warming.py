"""What is drawn ahead, to have the graphics library ready, leaves no trace in pictures."""

from dataclasses import replace

import numpy as np
import pytest

from tests.gui.hamlet import opened
from twinview.paths import demo_file
from twinview.progress import drain
from twinview.render.camera import fit
from twinview.render.frames import Frames
from twinview.render.shaders import PROGRAMS
from twinview.render.texels import Texels
from twinview.scene.resolve import resolve
from twinview.session.opening import open_project


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
    assert steps == len(PROGRAMS) + 3
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


def _powers(texture) -> tuple[bool, ...]:
    return tuple(side & (side - 1) == 0 for side in texture.GetInput().GetDimensions()[:2])


@pytest.mark.parametrize("elements", [1, 1024, 1025, 2773, 3033, 5000])
def test_values_have_sides_like_those_drawn_with_ahead(elements: int) -> None:
    assert _powers(Texels(elements).texture) == _powers(Texels(1).texture) == (True, True)


def test_a_map_of_a_wide_district_has_sides_like_that_drawn_with_ahead() -> None:
    frames = Frames((64, 64))
    next(frames.warm("light"))
    before = _powers(frames.painter.shared["occlusion"])
    state = drain(open_project(demo_file()))
    frames.painter.show(state.twin, "light")
    assert _powers(frames.painter.shared["occlusion"]) == before == (True, False)
    frames.close()
