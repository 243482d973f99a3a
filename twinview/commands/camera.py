"""Move the camera: to everything, a layer, the selection, a standard view, back and forward."""

from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.render import camera as cameras
from twinview.render.clearing import Frame, clear
from twinview.scene.view import Camera, View
from twinview.session.command import command
from twinview.session.looking import camera_of, of_selection
from twinview.session.store import Session

_known: WeakKeyDictionary[Twin, dict[tuple[str, Frame, float], Camera]] = WeakKeyDictionary()
"""Standard views that were asked for: in a city each looks through thousands of corners."""


def _angle(session: Session) -> float:
    now = session.state.view.camera
    return cameras.NARROW if now is not None and cameras.is_parallel(now) else cameras.ANGLE


@command("view.camera", N_("Place the camera"))
def camera(
    session: Session, x: float, y: float, z: float, fx: float, fy: float, fz: float,
    angle: float = cameras.ANGLE,
) -> View:  # fmt: skip
    """Put the eye at x y z and look at fx fy fz, in local metres (east, north, up)."""
    if (x, y, z) == (fx, fy, fz) or not 0 < angle < 120:
        raise CommandError(
            _("A camera needs two different places and an angle between 0 and 120 degrees.")
        )
    return replace(session.state.view, camera=Camera((x, y, z), (fx, fy, fz), angle))


@command("view.fit", N_("Show everything"), menu=N_("View"), keys="0", icon="fa6s.expand")
def fit(session: Session) -> View:
    """Show the whole district."""
    twin, angle = session.state.twin, _angle(session)
    if angle == cameras.ANGLE and not cameras.has_strays(twin):
        return replace(session.state.view, camera=None)
    found = cameras.fit(twin, session.frame.aspect, strays=True, angle=angle)
    points = cameras.interesting(twin, strays=True)
    return replace(session.state.view, camera=clear(points, found, session.frame))


@command("view.standard", N_("Standard view"), menu=N_("View"))
def standard(session: Session, name: str) -> View:
    """Look from top, north, east, south, west or iso."""
    if name not in cameras.STANDARD:
        raise CommandError(_("There is no standard view '{name}'.", name=name))
    twin, frame = session.state.twin, session.frame
    known = _known.setdefault(twin, {})
    wish = name, frame, _angle(session)
    if wish not in known:
        found = cameras.standard(twin, name, frame.aspect, _angle(session))
        known[wish] = clear(cameras.interesting(twin), found, frame)
    return replace(session.state.view, camera=known[wish])


@command("view.parallel", N_("Parallel or perspective"), menu=N_("View"), keys="5",
         icon="fa6s.cube")  # fmt: skip
def parallel(session: Session) -> View:
    """Show equal things equally large near and far, or in perspective again."""
    now = camera_of(session)
    return replace(
        session.state.view, camera=cameras.parallel(now, on=not cameras.is_parallel(now))
    )


@command("view.north_up", N_("North up"), menu=N_("View"), icon="fa6s.compass")
def north_up(session: Session) -> View:
    """Turn the camera to look northwards, at the same place and as steeply."""
    return replace(session.state.view, camera=cameras.facing(camera_of(session), 0.0))


@command("view.selection", N_("Zoom to the selection"), menu=N_("View"), keys="F",
         icon="fa6s.crosshairs")  # fmt: skip
def selection(session: Session) -> View:
    """Look at what is selected; at everything where nothing is."""
    state = session.state
    points = of_selection(state.twin, state.view.selection)
    if not len(points):
        return fit(session)  # type: ignore[no-any-return]
    return replace(state.view, camera=_framed(session, points))


@command("view.layer", N_("Zoom to a layer"))
def layer(session: Session, layer: str) -> View:
    """Look at a layer."""
    found = session.state.twin.layers.get(layer)
    if found is None or found.geometry is None or not len(found):
        raise CommandError(_("There is no layer '{id}'.", id=layer))
    return replace(session.state.view, camera=_framed(session, found.geometry.centres))


def _framed(session: Session, points: npt.NDArray[np.floating]) -> Camera:
    """Return the camera that looks as now at points, beside the cards over the picture."""
    found = cameras.frame(points, camera_of(session), session.frame.aspect)
    return clear(points[np.isfinite(points).all(axis=1)], found, session.frame)


@command("view.map", N_("Overview map"), menu=N_("View"), keys="Shift+M", icon="fa6s.map")
def small_map(session: Session) -> View:
    """Show the district in small with the part that is seen, or put it away."""
    return replace(session.state.view, map=not session.state.view.map)


@command("view.look_at", N_("Look at a place"))
def look_at(session: Session, x: float, y: float) -> View:
    """Move the camera to look at a place, in local metres, from where it looks at things now."""
    now = camera_of(session)
    step = (x - now.focus[0], y - now.focus[1])
    return replace(session.state.view, camera=cameras.moved(now, *step))


@command("view.back", N_("Earlier view"), menu=N_("View"), keys="Alt+Left", icon="fa6s.arrow-left")
def back(session: Session) -> View:
    """Go back to where the camera was before."""
    if not session.trail.camera.can(-1):
        raise CommandError(_("There is no earlier view."))
    return replace(session.state.view, camera=session.trail.camera.go(-1))


@command("view.forward", N_("Later view"), menu=N_("View"), keys="Alt+Right",
         icon="fa6s.arrow-right")  # fmt: skip
def forward(session: Session) -> View:
    """Go forward again to where the camera was after."""
    if not session.trail.camera.can(1):
        raise CommandError(_("There is no later view."))
    return replace(session.state.view, camera=session.trail.camera.go(1))
