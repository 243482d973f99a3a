"""Cameras: where the eye is and how it moves. Pure numbers, no VTK.

A camera looks at its focus along a bearing (compass direction, 0 north, 90 east) and from an
elevation above the horizon. The horizon is always level.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Layer, Twin
from twinview.scene.view import Camera

Floats = npt.NDArray[np.float64]
Point = tuple[float, float, float]

ANGLE = 32.0
LOWEST, HIGHEST = 5.0, 89.9
NEAREST, FARTHEST = 8.0, 4_000_000.0
HOME_BEARING, HOME_ELEVATION = 24.0, 27.0
FRAME = 0.94
"""Share of the frame that fitted things may fill."""
MANY_CORNERS = 4000
"""From this many corners on, the outermost two in a hundred may lie outside the first view."""
MOST_CORNERS = 50_000

STANDARD: dict[str, tuple[float, float]] = {
    "top": (0.0, HIGHEST),
    "north": (0.0, 20.0),
    "east": (90.0, 20.0),
    "south": (180.0, 20.0),
    "west": (270.0, 20.0),
    "iso": (45.0, 35.264),
}
"""Bearing and elevation of the named views; ``north`` looks towards the north."""


@dataclass(frozen=True)
class Pose:
    """A camera as people put it: bearing and elevation in degrees, distance in metres."""

    focus: Point
    bearing: float
    elevation: float
    distance: float
    angle: float = ANGLE


def pose(camera: Camera) -> Pose:
    """Return focus, bearing, elevation and distance of a camera."""
    away = np.subtract(camera.position, camera.focus)
    flat = math.hypot(away[0], away[1])
    bearing = math.degrees(math.atan2(-away[0], -away[1])) % 360.0 if flat > 0 else 0.0
    elevation = math.degrees(math.atan2(away[2], flat))
    return Pose(camera.focus, bearing, elevation, float(np.linalg.norm(away)), camera.angle)


def at(one: Pose) -> Camera:
    """Return the camera of a pose; elevation and distance are kept within their bounds."""
    elevation = math.radians(min(max(one.elevation, LOWEST), HIGHEST))
    bearing = math.radians(one.bearing)
    distance = min(max(one.distance, NEAREST), FARTHEST)
    flat = distance * math.cos(elevation)
    position = (
        one.focus[0] - flat * math.sin(bearing),
        one.focus[1] - flat * math.cos(bearing),
        one.focus[2] + distance * math.sin(elevation),
    )
    return Camera(position, one.focus, one.angle)


def axes(camera: Camera) -> tuple[Floats, Floats, Floats]:
    """Return the unit vectors to the right, upwards and forwards as seen on the screen."""
    forward = np.subtract(camera.focus, camera.position)
    forward = forward / max(float(np.linalg.norm(forward)), 1e-9)
    right = np.array([forward[1], -forward[0], 0.0])
    length = float(np.linalg.norm(right))
    right = right / length if length > 1e-9 else np.array([1.0, 0.0, 0.0])  # noqa: PLR2004 - no heading
    return right, np.cross(right, forward), forward


def orbit(camera: Camera, d_azimuth: float, d_elevation: float) -> Camera:
    """Return the camera turned around its focus by degrees: to the right, and upwards."""
    old = pose(camera)
    return at(replace(old, bearing=old.bearing + d_azimuth, elevation=old.elevation + d_elevation))


def pan(camera: Camera, dx: float, dy: float) -> Camera:
    """Return the camera moved by metres in the ground plane, to the screen's right and upwards."""
    right, _, _ = axes(camera)
    ahead = np.array([-right[1], right[0], 0.0])
    step = right * dx + ahead * dy
    return Camera(_point(camera.position + step), _point(camera.focus + step), camera.angle)


def zoom(camera: Camera, factor: float, towards: Point | None = None) -> Camera:
    """Return the camera nearer by a factor; the point `towards` stays where it is on the screen.

    Parameters
    ----------
    camera
        The camera.
    factor
        2 halves the distance, 0.5 doubles it.
    towards
        Local metres; None zooms to the focus.
    """
    old = pose(camera)
    wanted = min(max(old.distance / factor, NEAREST), FARTHEST)
    share = wanted / old.distance
    centre = np.asarray(camera.focus if towards is None else _on_focus_plane(camera, towards))
    position = centre + (np.asarray(camera.position) - centre) * share
    focus = centre + (np.asarray(camera.focus) - centre) * share
    return at(replace(pose(Camera(_point(position), _point(focus), camera.angle)), distance=wanted))


def standard(twin: Twin, name: str, aspect: float = 1.6) -> Camera:
    """Return a named view of the whole district: top, north, east, south, west or iso.

    Raises
    ------
    ValueError
        For other names.
    """
    if name not in STANDARD:
        raise ValueError(f"no view is called '{name}'; there are {', '.join(STANDARD)}")
    bearing, elevation = STANDARD[name]
    return _fitted(_interesting(twin), bearing, elevation, aspect)


def fit(twin: Twin, aspect: float = 1.6) -> Camera:
    """Return the default view of a district: all of its buildings, from the south-south-west."""
    return _fitted(_interesting(twin), HOME_BEARING, HOME_ELEVATION, aspect)


def frame(points: npt.NDArray[np.floating], camera: Camera, aspect: float = 1.6) -> Camera:
    """Return the camera looking the same way, with all points in the picture."""
    finite = np.asarray(points, dtype=np.float64)
    finite = finite[np.isfinite(finite).all(axis=1)]
    if not len(finite):
        return camera
    old = pose(camera)
    focus = _point((finite.min(axis=0) + finite.max(axis=0)) / 2)
    looking = replace(old, focus=focus, distance=60.0)
    needed = _distance(finite, at(looking), aspect, 0.6)
    return at(replace(looking, distance=max(60.0, needed)))


def between(a: Camera, b: Camera, t: float) -> Camera:
    """Return the camera on the way from `a` (t = 0) to `b` (t = 1), eased at both ends."""
    if t <= 0.0:
        return a
    if t >= 1.0:
        return b
    share = t * t * (3.0 - 2.0 * t)
    one, two = pose(a), pose(b)
    turn = (two.bearing - one.bearing + 180.0) % 360.0 - 180.0
    focus = np.asarray(one.focus) * (1 - share) + np.asarray(two.focus) * share
    return at(
        Pose(
            _point(focus),
            one.bearing + turn * share,
            one.elevation + (two.elevation - one.elevation) * share,
            one.distance ** (1 - share) * two.distance**share,
            one.angle + (two.angle - one.angle) * share,
        )
    )


def project(points: npt.NDArray[np.floating], camera: Camera, size: tuple[int, int]) -> Floats:
    """Return where points are on the screen.

    Returns
    -------
    numpy.ndarray
        Shape (n, 3): pixels from the left, pixels from the top, and metres in front of the eye
        (negative behind it).
    """
    right, up, forward = axes(camera)
    seen = (np.asarray(points, dtype=np.float64) - camera.position) @ np.stack(
        [right, up, forward], axis=1
    )
    depth = seen[:, 2]
    scale = size[1] / (2 * math.tan(math.radians(camera.angle) / 2))
    safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)  # noqa: PLR2004 - in the plane of the eye
    x = size[0] / 2 + scale * seen[:, 0] / safe
    y = size[1] / 2 - scale * seen[:, 1] / safe
    return np.stack([x, y, depth], axis=1)


def ray(camera: Camera, size: tuple[int, int], x: float, y: float) -> tuple[Floats, Floats]:
    """Return start and unit direction of the line of sight through a pixel (from the top left)."""
    right, up, forward = axes(camera)
    half = math.tan(math.radians(camera.angle) / 2)
    direction = (
        forward
        + right * (2 * x - size[0]) / size[1] * half
        + up * (size[1] - 2 * y) / size[1] * half
    )
    return np.asarray(camera.position, dtype=np.float64), direction / np.linalg.norm(direction)


def metres_per_pixel(camera: Camera, height: int) -> float:
    """Return the size of a pixel at the focus, metres."""
    return 2 * pose(camera).distance * math.tan(math.radians(camera.angle) / 2) / max(height, 1)


def _point(values: npt.NDArray[np.floating]) -> Point:
    return float(values[0]), float(values[1]), float(values[2])


def _on_focus_plane(camera: Camera, towards: Point) -> Point:
    """Return where the line of sight to a point meets the level of the focus, else the point."""
    position = np.asarray(camera.position)
    sight = np.asarray(towards) - position
    drop = camera.focus[2] - position[2]
    if sight[2] * drop <= 0:
        return towards
    share = drop / sight[2]
    return _point(position + sight * share) if share < 20 else towards


def _interesting(twin: Twin) -> Floats:
    """Return the points a first view must show: buildings, else everything, else a small square."""
    chosen = [one for one in twin.of_kind("building") if one.geometry is not None and len(one)]
    chosen = chosen or [one for one in twin.layers.values() if one.geometry is not None]
    corners = [_corners(one) for one in chosen]
    points = np.concatenate(corners) if corners else np.empty((0, 3))
    points = points[:: max(1, len(points) // MOST_CORNERS)]
    if len(points) >= 3:
        return points
    x0, x1, y0, y1, z0, z1 = twin.bounds
    return np.array([[x, y, z] for x in (x0, x1) for y in (y0, y1) for z in (z0, z1)])


def _corners(layer: Layer) -> Floats:
    """Return corners of a layer's shapes, on the ground and at the height of their tops.

    Of very many only every so manieth is looked at.
    """
    geometry = layer.geometry
    assert geometry is not None
    step = max(1, len(geometry.coords) // MOST_CORNERS)
    coords = geometry.coords[::step]
    finite = np.isfinite(coords).all(axis=1)
    if geometry.kind != "polygon":
        return coords[finite]
    top = layer.numbers("height_m", 0.0)[geometry.element_of_point[::step]]
    raised = coords + np.column_stack([np.zeros((len(top), 2)), top])
    return np.concatenate([coords[finite], raised[np.isfinite(raised).all(axis=1)]])


def _distance(points: Floats, camera: Camera, aspect: float, fill: float, q: float = 1.0) -> float:
    """Return how far from its focus the eye must be to see a share `q` of the points."""
    right, up, forward = axes(camera)
    relative = points - camera.focus
    half = math.tan(math.radians(camera.angle) / 2) * fill
    ahead = relative @ forward
    needed = np.maximum(
        np.abs(relative @ right) / (half * aspect) - ahead, np.abs(relative @ up) / half - ahead
    )
    return float(np.quantile(needed, q))


def _fitted(points: Floats, bearing: float, elevation: float, aspect: float) -> Camera:
    """Return the camera of a direction whose picture the points fill; a few outliers may be cut."""
    core = points
    if len(points) > MANY_CORNERS:
        low, high = np.quantile(points, [0.02, 0.98], axis=0)
        core = points[((points >= low) & (points <= high))[:, :2].all(axis=1)]
    ground = float(np.quantile(points[:, 2], 0.05))
    middle = (core.min(axis=0) + core.max(axis=0)) / 2
    camera = at(Pose((float(middle[0]), float(middle[1]), ground), bearing, elevation, 100.0))
    for _ in range(4):
        camera = at(
            replace(pose(camera), distance=max(80.0, _distance(core, camera, aspect, FRAME)))
        )
        seen = project(core, camera, (2, 2))
        off = (seen[:, :2].min(axis=0) + seen[:, :2].max(axis=0)) / 2 - 1
        size = metres_per_pixel(camera, 2)
        camera = pan(camera, off[0] * size, -off[1] * size / math.sin(math.radians(elevation)))
    return at(replace(pose(camera), distance=max(80.0, _distance(core, camera, aspect, FRAME))))
