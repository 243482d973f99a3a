"""The handles of a section or clip box: they are dragged, and what stands beyond is not drawn."""

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt

from twinview.draw.handles import RADIUS, Handle, Segment, metres, where
from twinview.gui.tools import Tool
from twinview.render import camera as cameras
from twinview.scene.view import Cut, Point
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow

DEGREES_PER_PIXEL = 0.4
_CATCH = RADIUS + 6
_SIDES = {"left": (-1, 0), "right": (1, 0), "near": (0, -1), "far": (0, 1)}


class Cutting(QObject, Tool):
    """Shows the handles of the view's cut and moves it by them."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._held: Handle | None = None
        self._last = QPointF()
        window.canvas.belt.tools.append(self)
        window.session.listen(self._follow)

    def _follow(self, old: State, new: State) -> None:
        if new.view.cut != old.view.cut or new.view.camera != old.view.camera:
            self.show()

    def show(self) -> None:
        """Draw the handles of the cut there is."""
        cut, camera = self._window.session.state.view.cut, self._window.canvas.camera
        if cut is None or camera is None:
            self._window.stage.hud.show_handles((), ())
            return
        level, size = camera.focus[2], cameras.reach(camera)
        self._window.stage.hud.show_handles(frame(cut, level), handles(cut, level, size))

    def _caught(self, at: QPointF) -> Handle | None:
        canvas = self._window.canvas
        for one in self._window.stage.hud.handles if canvas.camera else ():
            spot = where(one, self._project)
            if spot is not None and math.dist(spot[0].toTuple(), at.toTuple()) <= _CATCH:
                return one
        return None

    def _project(self, points: "np.ndarray") -> "np.ndarray":
        canvas = self._window.canvas
        assert canvas.camera is not None
        return cameras.project(points, canvas.camera, (canvas.width(), canvas.height()))

    # ----------------------------------------------------------------------------------- the mouse
    def press(self, at: QPointF) -> bool:
        """Take a handle."""
        self._held, self._last = self._caught(at), at
        return self._held is not None

    def drag(self, at: QPointF) -> None:
        """Move a side, or turn."""
        if self._held is None:
            return
        moved, self._last = at - self._last, at
        if self._held.turns:
            self._window.run("cut.turn", -moved.x() * DEGREES_PER_PIXEL)
        elif way := metres(self._held, moved, self._project):
            self._window.run("cut.move", self._held.name, round(way, 3))
        self._held = next(
            (one for one in self._window.stage.hud.handles if one.name == self._held.name),
            self._held,
        )

    def drop(self, at: QPointF) -> None:
        """Let go."""
        self.drag(at)
        self._held = None

    def hover(self, at: QPointF) -> bool:
        """Show that a handle can be taken."""
        if self._window.session.state.view.cut is None:
            return False
        caught = self._caught(at) is not None
        canvas = self._window.canvas
        if caught:
            canvas.setCursor(Qt.CursorShape.SizeAllCursor)
        elif canvas.cursor().shape() == Qt.CursorShape.SizeAllCursor:
            canvas.unsetCursor()
        return caught


def _place(cut: Cut, across: float, along: float, height: float) -> Point:
    """Return the local metres of a place counted from the middle of a cut."""
    s, c = math.sin(math.radians(cut.bearing)), math.cos(math.radians(cut.bearing))
    x, y = cut.middle
    return (x + across * c + along * s, y - across * s + along * c, height)


def frame(cut: Cut, level: float) -> tuple[Segment, ...]:
    """Return the lines of the box: around its foot on a level, and around its top."""
    ring = [(cut.across[i], cut.along[j]) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))]
    found = []
    for height in (max(cut.height[0], level), cut.height[1]):
        corners = [_place(cut, a, b, height) for a, b in ring]
        found += list(zip(corners, corners[1:] + corners[:1], strict=True))
    return tuple(found)


def handles(cut: Cut, level: float, size: float) -> tuple[Handle, ...]:
    """Return the handles: one on each side, one above, one that turns.

    Parameters
    ----------
    cut
        The box.
    level
        Where the ground is seen, metres.
    size
        How far the eye is from what it looks at, metres.
    """
    foot = min(max(cut.height[0], level), cut.height[1])
    origin = np.array(_place(cut, 0, 0, 0))
    halfway = {"across": sum(cut.across) / 2, "along": sum(cut.along) / 2}
    found = []
    for name, (right, ahead) in _SIDES.items():
        a = halfway["across"] if not right else cut.across[max(right, 0)]
        b = halfway["along"] if not ahead else cut.along[max(ahead, 0)]
        way = np.array(_place(cut, right, ahead, 0)) - origin
        found.append(Handle(name, _place(cut, a, b, foot), _point(way)))
    middle = (halfway["across"], halfway["along"])
    found.append(Handle("top", _place(cut, *middle, cut.height[1]), (0.0, 0.0, 1.0)))
    across = min(halfway["across"] + 0.12 * size, cut.across[1])
    near = np.array(_place(cut, 0, -1, 0)) - origin
    found.append(Handle("turn", _place(cut, across, cut.along[0], foot), _point(near), turns=True))
    return tuple(found)


def _point(values: "np.ndarray") -> Point:
    return float(values[0]), float(values[1]), float(values[2])
