"""Cameras: where the eye is and how it moves. Pure numbers, no VTK.

A camera looks at its focus along a bearing (compass direction, 0 north, 90 east) and from an
elevation above the horizon. The horizon is always level. A parallel view is one from so far away,
through so narrow an angle, that sizes do not depend on the distance: 1 % across twice its width.
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
NARROW = 1.0
"""View angle of parallel views, degrees."""
ROUNDING = 2e-4
"""Share of a distance by which numbers of the graphics card may be off."""
LOWEST, HIGHEST = 5.0, 89.9
NEAREST, FARTHEST = 8.0, 4_000_000.0
HOME_BEARING, HOME_ELEVATION = 24.0, 31.0
FRAME = 0.94
"""Share of the frame that fitted things may fill."""
STRAY = 2.0
"""A corner lies astray this many sizes of the middle nine tenths away from their middle."""
MOST_CORNERS = 50_000
SHOWN = frozenset({"building", "annex", "site", "storage", "transformer", "converter"})
"""Kinds of layers that a view of everything shows."""

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
    distance = min(max(one.distance, NEAREST * away(one.angle)), FARTHEST * away(one.angle))
    flat = distance * math.cos(elevation)
    position = (
        one.focus[0] - flat * math.sin(bearing),
        one.focus[1] - flat * math.cos(bearing),
        one.focus[2] + distance * math.sin(elevation),
    )
    return Camera(position, one.focus, one.angle)


def away(angle: float) -> float:
    """Return how many times farther a view angle must stand away for the same picture."""
    return math.tan(math.radians(ANGLE) / 2) / math.tan(math.radians(angle) / 2)


def reach(camera: Camera) -> float:
    """Return the distance to the focus from which the usual view angle would show as much."""
    return pose(camera).distance / away(camera.angle)


def is_parallel(camera: Camera) -> bool:
    """Tell whether a view is parallel: sizes do not depend on the distance."""
    return camera.angle <= NARROW


def parallel(camera: Camera, on: bool) -> Camera:
    """Return the camera with a parallel view, or with the usual one, of the same size."""
    angle = NARROW if on else ANGLE
    old = pose(camera)
    return at(replace(old, angle=angle, distance=reach(camera) * away(angle)))


def facing(camera: Camera, bearing: float) -> Camera:
    """Return the camera turned around its focus to look along a compass direction."""
    return at(replace(pose(camera), bearing=bearing))


def axes(camera: Camera) -> tuple[Floats, Floats, Floats]:
    """Return the unit vectors to the right, upwards and forwards as seen on the screen."""
    forward = np.subtract(camera.focus, camera.position)
    forward = forward / max(float(np.linalg.norm(forward)), 1e-9)
    right = np.array([forward[1], -forward[0], 0.0])
    length = float(np.linalg.norm(right))
    right = right / length if length > 1e-9 else np.array([1.0, 0.0, 0.0])  # noqa: PLR2004 - no heading
    return right, np.cross(right, forward), forward


def orbit(
    camera: Camera, d_azimuth: float, d_elevation: float, around: Point | None = None
) -> Camera:
    """Return the camera turned by degrees to the right and upwards.

    Parameters
    ----------
    camera
        The camera.
    d_azimuth, d_elevation
        Degrees.
    around
        Local metres of the point that stays where it is on the screen; None is the focus.
    """
    old = pose(camera)
    aim = min(max(old.elevation + d_elevation, LOWEST), HIGHEST)
    if around is None:
        return at(replace(old, bearing=old.bearing + d_azimuth, elevation=aim))
    turned = _turned(camera, around, d_azimuth, aim - old.elevation)
    # What is turned about the distance sinks: the eye stays above the ground.
    if turned is None:
        turned = _turned(camera, around, d_azimuth, 0.0)
    return camera if turned is None else turned


def _turned(camera: Camera, around: Point, azimuth: float, lift: float) -> Camera | None:
    """Return the camera turned about a point, looking at its old level; None below the ground."""
    right, _, forward = axes(camera)
    arm = np.subtract(camera.position, around)
    for axis, degrees in ((right, -lift), (np.array([0.0, 0.0, 1.0]), -azimuth)):
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        arm, forward = (
            v * c + np.cross(axis, v) * s + axis * float(axis @ v) * (1 - c) for v in (arm, forward)
        )
    position, level = np.add(around, arm), camera.focus[2]
    if position[2] < level + 1.0 or forward[2] > -math.sin(math.radians(LOWEST - 0.01)):
        return None
    focus = position + forward * ((level - position[2]) / forward[2])
    return Camera(_point(position), _point(focus), camera.angle)


def pan(camera: Camera, dx: float, dy: float) -> Camera:
    """Return the camera moved by metres in the ground plane, to the screen's right and upwards."""
    right, _, _ = axes(camera)
    ahead = np.array([-right[1], right[0], 0.0])
    step = right * dx + ahead * dy
    return moved(camera, float(step[0]), float(step[1]))


def moved(camera: Camera, east: float, north: float) -> Camera:
    """Return the camera moved by metres, looking the same way."""
    step = np.array([east, north, 0.0])
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
    far = away(camera.angle)
    wanted = min(max(old.distance / factor, NEAREST * far), FARTHEST * far)
    share = wanted / old.distance
    centre = np.asarray(camera.focus if towards is None else _on_focus_plane(camera, towards))
    position = centre + (np.asarray(camera.position) - centre) * share
    focus = centre + (np.asarray(camera.focus) - centre) * share
    return at(replace(pose(Camera(_point(position), _point(focus), camera.angle)), distance=wanted))


def standard(twin: Twin, name: str, aspect: float = 1.6, angle: float = ANGLE) -> Camera:
    """Return a named view of the whole district: top, north, east, south, west or iso.

    Raises
    ------
    ValueError
        For other names.
    """
    if name not in STANDARD:
        raise ValueError(f"no view is called '{name}'; there are {', '.join(STANDARD)}")
    bearing, elevation = STANDARD[name]
    return _fitted(interesting(twin), bearing, elevation, aspect, angle)


def fit(twin: Twin, aspect: float = 1.6, strays: bool = False, angle: float = ANGLE) -> Camera:
    """Return the default view of a district, from the south-south-west.

    Parameters
    ----------
    twin
        The district.
    aspect
        Width over height of the picture.
    strays
        True shows corners that lie far from all others too, however small that makes the rest.
    angle
        View angle, degrees.
    """
    return _fitted(interesting(twin, strays), HOME_BEARING, HOME_ELEVATION, aspect, angle)


def has_strays(twin: Twin) -> bool:
    """Tell whether the default view leaves something out that lies far from all else."""
    return fit(twin, strays=True) != fit(twin)


def frame(points: npt.NDArray[np.floating], camera: Camera, aspect: float = 1.6) -> Camera:
    """Return the camera looking the same way, with all points in the picture."""
    finite = np.asarray(points, dtype=np.float64)
    finite = finite[np.isfinite(finite).all(axis=1)]
    if not len(finite):
        return camera
    old = pose(camera)
    focus = _point((finite.min(axis=0) + finite.max(axis=0)) / 2)
    least = 60.0 * away(old.angle)
    looking = replace(old, focus=focus, distance=least)
    needed = _distance(finite, at(looking), aspect, 0.6)
    return at(replace(looking, distance=max(least, needed)))


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
    # Sizes and angles change evenly in proportion, so that neither seems to hurry.
    size = reach(a) ** (1 - share) * reach(b) ** share
    angle = one.angle ** (1 - share) * two.angle**share
    return at(
        Pose(
            _point(focus),
            one.bearing + turn * share,
            one.elevation + (two.elevation - one.elevation) * share,
            size * away(angle),
            angle,
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


def interesting(twin: Twin, strays: bool = False) -> Floats:
    """Return the points a view must show: what stands, else everything, else a small square."""
    placed = [one for one in twin.layers.values() if one.geometry is not None and len(one)]
    chosen = [one for one in placed if one.kind in SHOWN] or placed
    corners = [_corners(one) for one in chosen]
    points = np.concatenate(corners) if corners else np.empty((0, 3))
    if len(points) >= 3:
        return _thinned(points if strays else points[_together(points)])
    x0, x1, y0, y1, z0, z1 = twin.bounds
    return np.array([[x, y, z] for x in (x0, x1) for y in (y0, y1) for z in (z0, z1)])


def _thinned(points: Floats) -> Floats:
    """Return fewer points, but the outermost ones of sixteen directions among them."""
    every = max(1, len(points) // MOST_CORNERS)
    if every == 1:
        return points
    angle = np.arange(16) * (np.pi / 8)
    outermost = [
        int(np.argmax(points[:, :2] @ way))
        for way in np.stack([np.cos(angle), np.sin(angle)], axis=1)
    ]
    return np.concatenate([points[::every], points[outermost]])


def _together(points: Floats) -> npt.NDArray[np.bool_]:
    """Return which points lie within `STRAY` sizes of the middle nine tenths of their middle."""
    low, high = np.quantile(points[:, :2], [0.05, 0.95], axis=0)
    middle, size = (low + high) / 2, np.maximum(high - low, 50.0)
    return np.asarray((np.abs(points[:, :2] - middle) <= STRAY * size.max()).all(axis=1))


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


def _distance(points: Floats, camera: Camera, aspect: float, fill: float) -> float:
    """Return how far from its focus the eye must be to see all points."""
    right, up, forward = axes(camera)
    relative = points - camera.focus
    half = math.tan(math.radians(camera.angle) / 2) * fill
    ahead = relative @ forward
    needed = np.maximum(
        np.abs(relative @ right) / (half * aspect) - ahead, np.abs(relative @ up) / half - ahead
    )
    return float(np.max(needed))


def _fitted(
    points: Floats, bearing: float, elevation: float, aspect: float, angle: float
) -> Camera:
    """Return the camera of a direction whose picture the points fill."""
    ground, least = float(np.quantile(points[:, 2], 0.05)), 80.0 * away(angle)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    focus = (float(middle[0]), float(middle[1]), ground)
    camera = at(Pose(focus, bearing, elevation, least, angle))
    for _ in range(4):
        camera = at(
            replace(pose(camera), distance=max(least, _distance(points, camera, aspect, FRAME)))
        )
        seen = project(points, camera, (2, 2))
        off = (seen[:, :2].min(axis=0) + seen[:, :2].max(axis=0)) / 2 - 1
        size = metres_per_pixel(camera, 2)
        camera = pan(camera, off[0] * size, -off[1] * size / math.sin(math.radians(elevation)))
    distance = max(least, _distance(points, camera, aspect, FRAME))
    return at(replace(pose(camera), distance=distance))
