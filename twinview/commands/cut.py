"""Cut the city open: a section, or a box outside of which nothing that stands is drawn."""

from dataclasses import replace

import numpy as np

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.render import camera as cameras
from twinview.scene.view import Cut, View
from twinview.session.command import command
from twinview.session.looking import camera_of, of_selection
from twinview.session.store import Session

FACES = {"left": ("across", 0), "right": ("across", 1), "near": ("along", 0),
         "far": ("along", 1), "bottom": ("height", 0), "top": ("height", 1)}  # fmt: skip
"""Which number each side of the box is."""
_BOX = 0.3
"""Half a side of a new box, in distances of the camera from what it looks at."""
_THINNEST = 0.1
_ROOM = 20.0
"""Metres below the lowest and above the highest of what stands."""


def _reach(twin: Twin) -> tuple[float, tuple[float, float]]:
    """Return how far the district reaches, metres, and from which height to which."""
    x0, x1, y0, y1, z0, z1 = twin.bounds
    tall = [float(np.nanmax(one.numbers("height_m", 0.0), initial=0.0))
            for one in twin.layers.values() if one.geometry is not None]  # fmt: skip
    return 2 * float(np.hypot(x1 - x0, y1 - y0)) + 1000, (
        z0 - _ROOM,
        z1 + max(tall, default=0.0) + _ROOM,
    )


def _now(session: Session) -> Cut:
    if session.state.view.cut is None:
        raise CommandError(_("Nothing is cut: begin with a section or a clip box."))
    return session.state.view.cut


@command("cut.section", N_("Section"), menu=N_("View"), keys="X", icon="fa6s.scissors")
def section(session: Session) -> View:
    """Hide what stands nearer than a plane across the middle of the view; again shows all."""
    view, camera = session.state.view, camera_of(session)
    if view.cut is not None:
        return replace(view, cut=None)
    far, height = _reach(session.state.twin)
    made = Cut(camera.focus[:2], cameras.pose(camera).bearing, (-far, far), (0.0, far), height)
    return replace(view, cut=made)


@command("cut.box", N_("Clip box"), menu=N_("View"), icon="fa6s.cube")
def box(session: Session) -> View:
    """Show only what stands in a box around the selection, or around the middle of the view."""
    view, camera = session.state.view, camera_of(session)
    points = of_selection(session.state.twin, view.selection)
    half = _BOX * cameras.reach(camera)
    middle = camera.focus[:2]
    sides = ((-half, half), (-half, half))
    if len(points):
        low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
        middle = (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)
        wide, deep = (float(value) / 2 for value in high - low)
        sides = ((-wide, wide), (-deep, deep))
    bearing = 0.0 if len(points) else cameras.pose(camera).bearing
    _far, height = _reach(session.state.twin)
    return replace(view, cut=Cut(middle, bearing, *sides, height))


@command("cut.move", N_("Move a side of the cut"))
def move(session: Session, side: str, metres: float) -> View:
    """Move the left, right, near, far, bottom or top side outwards by metres, inwards below 0."""
    cut = _now(session)
    if side not in FACES:
        raise CommandError(
            _("A cut has no side '{side}'; there are {known}.", side=side, known=", ".join(FACES))
        )
    name, end = FACES[side]
    low, high = getattr(cut, name)
    span = (low, max(high + metres, low + _THINNEST))
    if not end:
        span = (min(low - metres, high - _THINNEST), high)
    sides = {"across": cut.across, "along": cut.along, "height": cut.height, name: span}
    return replace(session.state.view, cut=Cut(cut.middle, cut.bearing, **sides))


@command("cut.turn", N_("Turn the cut"))
def turn(session: Session, degrees: float) -> View:
    """Turn the cut around its middle, clockwise seen from above."""
    cut = _now(session)
    turned = replace(cut, bearing=(cut.bearing + degrees) % 360.0)
    return replace(session.state.view, cut=turned)


@command("view.through", N_("Lines seen through buildings"), menu=N_("View"), keys="G",
         icon="fa6s.layer-group")  # fmt: skip
def through(session: Session) -> View:
    """Let lines shine through what stands before them, or be hidden by it again."""
    return replace(session.state.view, through=not session.state.view.through)


@command("cut.clear", N_("Show all again"), menu=N_("View"))
def clear(session: Session) -> View:
    """Cut nothing any more."""
    return replace(session.state.view, cut=None)
