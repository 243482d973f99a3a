"""How fast a picture follows the camera: ours against the usual ways, in one run."""

import time
from collections import deque
from dataclasses import replace
from typing import Any

import numpy as np
import pyvista

from twinview.model.twin import Twin
from twinview.render import pace
from twinview.render.bench import boxes, city, median, scenes
from twinview.render.camera import fit, orbit
from twinview.render.frames import Frames

_TURN = 2.0
"""Degrees between two frames."""
_WARM = 8
"""Frames after which the quality has followed what frames cost."""


def camera(n_buildings: int = 100_000, size: tuple[int, int] = (1280, 800)) -> dict[str, Any]:
    """Measure frames while the camera goes around a city.

    Returns
    -------
    dict
        ``buildings``, ``size``; ``median_ms`` and ``samples`` of frames at full resolution with
        levels; ``moving_ms`` and ``moving_scale`` of frames as the window draws them, which lowers
        the resolution to keep its budget; ``ratios``: how many times faster frames at full
        resolution were than the named way, ``moving_...`` those of the window.
    """
    twin = city(n_buildings)
    ours = _ours(twin, size)
    other = {f"pyvista_{name}": _pyvista(twin, size, samples)
             for name, samples in (("default", 0), ("msaa4", 4))}  # fmt: skip
    other["own_full_detail"] = ours["full"]
    return {
        "buildings": n_buildings,
        "size": list(size),
        "median_ms": ours["levels"] * 1000,
        "samples": int(ours["samples"]),
        "moving_ms": ours["moving"] * 1000,
        "moving_scale": int(ours["scale"]),
        "ratios": {
            **{way: seconds / ours["levels"] for way, seconds in other.items()},
            **{f"moving_{way}": seconds / ours["moving"] for way, seconds in other.items()},
        },
    }


def _ours(twin: Twin, size: tuple[int, int]) -> dict[str, float]:
    """Return the seconds of a frame in full detail, with levels, and as the window moves."""
    frames = Frames(size)
    painter = frames.painter
    painter.show(twin, "light")
    start = fit(twin, size[0] / size[1])
    (scene,) = scenes(twin, start, 1)
    views = [
        replace(scene, view=replace(scene.view, camera=orbit(start, _TURN * k, 0.0)))
        for k in range(_WARM)
    ]

    def step(k: int) -> None:
        frames.resize(size)
        painter.draw(views[k % len(views)])
        frames.frame()

    now = pace.at_first(len(twin.layers["buildings"]))

    def moving(k: int) -> None:
        nonlocal now
        painter.quality = now.quality
        begun = time.perf_counter()
        step(k)
        now = now.after((time.perf_counter() - begun) * 1000)

    found = {"full": median(step)[0]}
    for view in views:
        painter.draw(view)
        deque(painter.ready(), maxlen=0)
    painter.quality = pace.QUALITIES[1]
    found["levels"], found["samples"] = median(step)
    for k in range(_WARM):
        moving(k)
    found["moving"], found["scale"] = median(moving)[0], now.quality.scale
    frames.close()
    return found


def _pyvista(twin: Twin, size: tuple[int, int], samples: int) -> float:
    """Return the seconds of a frame of pyvista with its own lights."""
    start = fit(twin, size[0] / size[1])
    mesh = boxes(twin)
    plotter = pyvista.Plotter(off_screen=True, window_size=list(size))
    shown: Any = plotter.render_window
    shown.SetMultiSamples(samples)
    mesh.cell_data["value"] = np.random.default_rng(0).uniform(0, 255, mesh.n_cells)
    options: dict[str, Any] = {"scalars": "value", "clim": (0, 255), "show_scalar_bar": False}
    plotter.add_mesh(mesh, **options)

    def step(k: int) -> None:
        camera = orbit(start, _TURN * k, 0.0)
        plotter.camera.position, plotter.camera.focal_point = camera.position, camera.focus
        plotter.camera.up, plotter.camera.view_angle = (0.0, 0.0, 1.0), camera.angle
        plotter.reset_camera_clipping_range()
        plotter.render()

    plotter.show(auto_close=False)
    seconds = median(step)[0]
    plotter.close()
    return seconds
