"""How fast a step of time is painted: ours against the usual ways, in one run."""

import statistics
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyvista

from twinview import kernels
from twinview.model.geometry import Geometry
from twinview.model.twin import Layer, Twin
from twinview.render.camera import fit
from twinview.render.frames import Frames
from twinview.scene.paint import Clock, Legend, Paint, Scene
from twinview.scene.theme import table
from twinview.scene.view import Camera, View

SAMPLES = 15
STEPS = 6
_PITCH, _SIDE = 22.0, 12.0
_BUDGET = 12.0
"""Seconds that one way may take at most."""


def city(n: int) -> Twin:
    """Return a district of `n` box buildings on a grid, heights 5 to 20 m.

    Parameters
    ----------
    n
        Number of buildings.
    """
    side = int(np.ceil(np.sqrt(n)))
    index = np.arange(n)
    corner = np.array([[0.0, 0.0], [1, 0], [1, 1], [0, 1]]) * _SIDE
    place = np.stack([index % side, index // side], axis=1) * _PITCH
    coords = np.zeros((n, 4, 3))
    coords[..., :2] = place[:, None] + corner
    one = np.arange(n + 1, dtype=np.int32)
    geometry = Geometry("polygon", coords.reshape(-1, 3), one * 4, one, one)
    height = np.random.default_rng(1).uniform(5.0, 20.0, n)
    table_ = pa.table({"id": [f"b{k}" for k in index], "height_m": height})
    layer = Layer("buildings", "Buildings", "building", table_, geometry)
    return Twin("bench", "", (0.0, 0.0, 0.0), {"buildings": layer})


def scenes(twin: Twin, camera: Camera, steps: int = STEPS) -> list[Scene]:
    """Return scenes that differ in the values of all buildings."""
    n = len(twin.layers["buildings"])
    colours = table("carbon", "light")
    made = []
    for step in range(steps):
        values = np.random.default_rng(step).uniform(0, 255, n).astype(np.float32)
        paint = Paint(
            "buildings", colours[values.astype(np.intp)], np.zeros(n, dtype=np.uint8), values
        )
        view = View(time=step, camera=camera)
        legend, clock = Legend("", "", (0, 255), ()), Clock("", "", "", "")
        made.append(Scene(view, {"buildings": paint}, legend, clock))
    return made


def scrub(n_buildings: int = 100_000, size: tuple[int, int] = (1280, 800)) -> dict[str, Any]:
    """Measure a step of time with a camera that has come to rest, the way the window paints it.

    Returns
    -------
    dict
        ``buildings``, ``size``, ``median_ms``, ``samples`` and ``ratios``: how many times faster
        this was than the named way; ``copy_of_bytes`` is how many times slower than a plain copy.
        Antialiased frames, ``smooth_ms``, are compared with ``pyvista_msaa4``.
    """
    twin = city(n_buildings)
    kernels.wait()
    ours, count = _ours(twin, size)
    smooth, _ = _ours(twin, size, fine=2)
    other = _pyvista(twin, size)
    copied = _copy(size)
    return {
        "buildings": n_buildings,
        "size": list(size),
        "median_ms": ours * 1000,
        "smooth_ms": smooth * 1000,
        "samples": count,
        "ratios": {
            "pyvista_in_place": other["in_place"] / ours,
            "pyvista_add_mesh": other["add_mesh"] / ours,
            "vtk_static_frame": other["static"] / ours,
            "pyvista_msaa4": other["msaa4"] / smooth,
            "copy_of_bytes": ours / copied,
        },
    }


def median(step: Callable[[int], object]) -> tuple[float, int]:
    """Return the median seconds of a step (after one to warm up) and the number of samples."""
    step(0)
    times: list[float] = []
    while len(times) < SAMPLES and (len(times) < 3 or sum(times) < _BUDGET):
        begun = time.perf_counter()
        step(len(times) + 1)
        times.append(time.perf_counter() - begun)
    return statistics.median(times), len(times)


def _ours(twin: Twin, size: tuple[int, int], fine: int = 1) -> tuple[float, int]:
    """Return the time of a step as the window makes it: the camera has come to rest."""
    frames = Frames(size, fine)
    frames.painter.show(twin, "light")
    steps = scenes(twin, fit(twin, size[0] / size[1]))

    def step(k: int) -> None:
        frames.painter.draw(steps[k % len(steps)])
        frames.frame()

    step(0)
    deque(frames.prepare(), maxlen=0)
    found = median(step)
    frames.close()
    return found


_OPTIONS: Mapping[str, Any] = {"scalars": "value", "clim": (0, 255), "show_scalar_bar": False}


def pyvista_city(
    twin: Twin, size: tuple[int, int], smooth: bool = False
) -> tuple[pyvista.Plotter, Callable[[int], None]]:
    """Return a district shown by pyvista, and what gives it other values in place.

    Parameters
    ----------
    twin
        What `city` returns.
    size
        Width and height, pixels.
    smooth
        True leaves pyvista's smoothing of edges as it is by default; False is quicker.
    """
    mesh = boxes(twin)
    values = [_values(twin, k) for k in range(STEPS)]
    mesh.cell_data["value"] = values[0].copy()
    plotter = pyvista.Plotter(off_screen=True, window_size=list(size))
    shown: Any = plotter.render_window
    if not smooth:
        shown.SetMultiSamples(0)
    plotter.add_mesh(mesh, name="city", **_OPTIONS)
    camera = fit(twin, size[0] / size[1])
    plotter.camera.position, plotter.camera.focal_point = camera.position, camera.focus
    plotter.camera.up, plotter.camera.view_angle = (0.0, 0.0, 1.0), camera.angle
    plotter.reset_camera_clipping_range()
    plotter.show(auto_close=False)
    held: Any = mesh.cell_data["value"]

    def change(k: int) -> None:
        held[:] = values[k % STEPS]
        held.VTKObject.Modified()
        mesh.Modified()

    return plotter, change


def _values(twin: Twin, k: int) -> npt.NDArray[np.float64]:
    n = len(twin.layers["buildings"])
    return np.repeat(np.random.default_rng(k).uniform(0, 255, n), 5)


def _pyvista(twin: Twin, size: tuple[int, int]) -> dict[str, float]:
    """Return the times of pyvista: scalars in place, the mesh added again, nothing changed."""
    plotter, change = pyvista_city(twin, size)
    mesh: Any = plotter.meshes[0]
    values = [_values(twin, k) for k in range(STEPS)]

    def in_place(k: int) -> None:
        change(k)
        plotter.render()

    def add_mesh(k: int) -> None:
        mesh.cell_data["value"] = values[k % STEPS].copy()
        plotter.add_mesh(mesh, name="city", reset_camera=False, **_OPTIONS)
        plotter.render()

    found = {
        "static": median(lambda _: plotter.render())[0],
        "in_place": median(in_place)[0],
        "add_mesh": median(add_mesh)[0],
    }
    shown: Any = plotter.render_window
    shown.SetMultiSamples(4)
    found["msaa4"] = median(in_place)[0]
    plotter.close()
    return found


def boxes(twin: Twin) -> pyvista.PolyData:
    """Return the boxes as users of pyvista make them: quads with a value per face."""
    layer = twin.layers["buildings"]
    assert layer.geometry is not None
    n = len(layer)
    low = layer.geometry.coords.reshape(n, 4, 3)
    high = low.copy()
    high[..., 2] = layer.numbers("height_m")[:, None]
    points = np.concatenate([low, high], axis=1).reshape(-1, 3).astype(np.float32)
    quads = np.array([[0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7], [4, 5, 6, 7]])
    faces: npt.NDArray[np.int64] = (np.arange(n)[:, None, None] * 8 + quads).reshape(-1, 4)
    made: pyvista.PolyData = pyvista.PolyData.from_regular_faces(points, faces)  # type: ignore[arg-type]
    return made


def _copy(size: tuple[int, int]) -> float:
    """Return the time of copying as many bytes as the picture has."""
    source = np.zeros(size[0] * size[1] * 4, dtype=np.uint8)
    target = np.ones_like(source)
    return median(lambda _: np.copyto(target, source))[0]


def extruded_by_pyvista(layer: Layer, few: int) -> pyvista.DataSet:
    """Extrude the first few outlines the way users of pyvista do, one by one, put together."""
    assert layer.geometry is not None
    starts, height = layer.geometry.points_of, layer.numbers("height_m")
    bodies: list[Any] = []
    for row in range(few):
        outline = layer.geometry.coords[starts[row] : starts[row + 1]]
        face: Any = pyvista.PolyData(outline, faces=[len(outline), *range(len(outline))])
        bodies.append(face.extrude((0.0, 0.0, float(height[row])), capping=True))
    made: pyvista.DataSet = pyvista.merge(bodies)
    return made
