"""How fast a film is made: ours against the usual way, in one run."""

import importlib
import tempfile
import time
from pathlib import Path
from typing import Any

from twinview.exporters.encoder import encoder
from twinview.exporters.film import Film, Writer
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.progress import drain
from twinview.render.bench import city, pyvista_city, scenes
from twinview.render.camera import fit
from twinview.render.reel import Reel

FRAMES, FEW = 120, 8
_FPS = 30


def film(n_buildings: int = 100_000, size: tuple[int, int] = (1280, 800)) -> dict[str, Any]:
    """Measure a frame of a film, from its values to the encoder, refined and written on.

    Returns
    -------
    dict
        As `twinview.render.bench.scrub`; the ratios are to pyvista's film, on which nothing is
        written: with rough edges, and with the smooth ones that it makes by default.

    Raises
    ------
    CommandError
        Where the library that pyvista makes films with is missing.
    """
    try:
        importlib.import_module("imageio_ffmpeg")
        importlib.import_module("imageio")
    except ImportError as error:
        raise CommandError(
            _("This measurement needs imageio and the extra 'video': pyvista makes films with it.")
        ) from error
    with tempfile.TemporaryDirectory() as folder:
        ours = _ours(n_buildings, size, Path(folder) / "ours.mp4")
        rough, smooth = (
            _pyvista(n_buildings, size, Path(folder) / f"{one}.mp4", one) for one in (False, True)
        )
    return {
        "buildings": n_buildings,
        "size": list(size),
        "median_ms": ours * 1000,
        "samples": FRAMES,
        "ratios": {
            "pyvista_open_movie": rough / ours,
            "pyvista_open_movie_smooth": smooth / ours,
        },
    }


def _ours(n_buildings: int, size: tuple[int, int], path: Path) -> float:
    """Return the seconds a frame, the encoder's end included; making ready is not."""
    twin = city(n_buildings)
    steps = scenes(twin, fit(twin, size[0] / size[1]))
    film_ = Film(twin, [one.view for one in steps], size, "", _FPS)
    reel, writer = Reel(size, FRAMES), Writer(size, film_.title)
    try:
        drain(reel.show(twin, "light"))
        for one in steps[:2]:
            writer.write(reel.shoot(one), one)
        with encoder(path, size, _FPS, "", "") as put:
            begun = time.perf_counter()
            for k in range(FRAMES):
                scene = steps[k % len(steps)]
                put(writer.write(reel.shoot(scene), scene))
        return (time.perf_counter() - begun) / FRAMES
    finally:
        reel.close()


def _pyvista(n_buildings: int, size: tuple[int, int], path: Path, smooth: bool) -> float:
    """Return the seconds a frame of pyvista's `open_movie`, new scalars in place."""
    plotter, change = pyvista_city(city(n_buildings), size, smooth)
    plotter.open_movie(str(path), framerate=_FPS)
    change(0)
    plotter.write_frame()
    begun = time.perf_counter()
    for k in range(FEW):
        change(k + 1)
        plotter.write_frame()
    plotter.close()
    return (time.perf_counter() - begun) / FEW
