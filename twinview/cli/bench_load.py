"""How fast a city opens: the first time and from the cache, ours against the usual ways.

Each opening is a process of its own, so that its peak of memory is its own; it says what it took on
its last line. The file lies in the page cache, as after it was written; the program's own cache is
empty the first time.
"""

import importlib
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from twinview.cli.output import complain
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.progress import drain

if TYPE_CHECKING:
    from twinview.model.twin import Layer

SAMPLE = 300
"""Buildings that pyvista extrudes one by one; its time is scaled to all."""
_COMMAND = [sys.executable, "-m", "twinview.cli.bench_load"]
_STAGES = ("shadows", "extrusion", "boxes")
_REFERENCE, _TRIMESH, _CPU = "earcut_roofs", "trimesh_scaled", "{}_cpu"
_OPENING = ("reading", "first_picture", "whole_picture", "upload")


def load(buildings: int, size: tuple[int, int], runs: int) -> dict[str, Any]:
    """Measure openings of a city of box buildings, without a window.

    Parameters
    ----------
    buildings
        Number of buildings.
    size
        Width and height of the picture, pixels.
    runs
        How many times to open it the first time, and again.

    Returns
    -------
    dict
        ``median_ms``: a second opening to its first picture. ``first`` and ``second``: medians in
        milliseconds from the begin, ``reading``, ``first_picture`` (what has come by then) and
        ``whole_picture`` (all in full), and what ``upload`` took of it. ``parts`` adds what a first
        opening makes, once there is machine code: ``shadows`` (the map for occlusion),
        ``extrusion`` (whole bodies: holes kept, areas checked, light), ``boxes`` (for far views);
        and ``earcut_roofs``, mapbox_earcut triangulating the roofs alone, polygon by polygon.
        ``ratios``: times faster than reading with geopandas, and than pyvista extruding one by one
        (a sample, scaled); processor time over that of ``extrusion``: of these roofs
        (``earcut_roofs``), and of trimesh extruding a sample, scaled, where it is installed
        (``trimesh_scaled``); ``copy_of_bytes``, times slower than copying the bytes of all meshes.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "city.parquet"
        _write(buildings, file)
        openings: dict[str, list[dict[str, Any]]] = {"first": [], "second": []}
        for k in range(runs):
            complain(_("Run {k} of {n}", k=k + 1, n=runs))
            for kind, found in openings.items():
                found.append(_process("open", file, Path(folder) / f"cache{k}", size))
                found[-1]["kind"] = kind
        stages = _process("stages", file, Path(folder) / "cache0", size)
    medians = {kind: _medians(found) for kind, found in openings.items()}
    second = medians["second"]
    return {
        "buildings": buildings,
        "size": list(size),
        "median_ms": second["first_picture"],
        "samples": runs,
        **medians,
        "parts": {**_flat(medians), **{name: stages[name] for name in (*_STAGES, _REFERENCE)}},
        "peak_memory_mib": {kind: _peak(found) for kind, found in openings.items()},
        "pyvista_sample": SAMPLE,
        "ratios": _ratios(medians, stages),
    }


def _ratios(medians: dict[str, dict[str, float]], stages: Mapping[str, float]) -> dict[str, float]:
    ours = stages[_CPU.format("extrusion")]
    others = {name: _CPU.format(name) for name in (_REFERENCE, _TRIMESH)}
    return {
        "geopandas_read": stages["geopandas"] / medians["first"]["reading"],
        "pyvista_extrude_scaled": stages["pyvista"] / sum(stages[name] for name in _STAGES),
        **{name: stages[one] / ours for name, one in others.items() if one in stages},
        "copy_of_bytes": medians["second"]["whole_picture"] / stages["copy"],
    }


def _flat(medians: dict[str, dict[str, float]]) -> dict[str, float]:
    return {f"{kind}_{name}": ms for kind, found in medians.items() for name, ms in found.items()}


def _medians(found: list[dict[str, Any]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in found) for name in _OPENING}


def _peak(found: list[dict[str, Any]]) -> dict[str, float]:
    names = ("process", "child")
    return {name: statistics.median(one["peak"][name] for one in found) for name in names}


def _process(what: str, file: Path, cache: Path, size: tuple[int, int]) -> dict[str, Any]:
    """Run one measurement in a process of its own."""
    places = {"XDG_CACHE_HOME": str(cache), "LOCALAPPDATA": str(cache)}
    ran = subprocess.run(
        [*_COMMAND, what, str(file), *map(str, size)],
        env={**os.environ, **places},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise CommandError(_("The measured program failed: {why}", why=ran.stderr.strip()[-500:]))
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def _write(buildings: int, file: Path) -> None:
    """Write a city as GeoParquet: outlines as well-known binary, and heights."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    import pyproj

    from twinview.render.bench import city

    layer = city(buildings).layers["buildings"]
    assert layer.geometry is not None
    ring = layer.geometry.coords.reshape(buildings, 4, 3)[:, [0, 1, 2, 3, 0], :2]
    head: list[tuple[Any, ...]] = [("order", "u1"), ("kind", "<u4"), ("rings", "<u4")]
    made = np.zeros(buildings, [*head, ("points", "<u4"), ("ring", "<f8", (5, 2))])
    made["order"], made["kind"], made["rings"], made["points"] = 1, 3, 1, 5
    made["ring"] = ring + np.array([450_000.0, 5_400_000.0])
    starts = np.arange(buildings + 1, dtype=np.int32) * made.dtype.itemsize
    buffers = [None, pa.py_buffer(starts.tobytes()), pa.py_buffer(made.tobytes())]
    shapes = pa.Array.from_buffers(pa.binary(), buildings, buffers)
    crs = json.loads(pyproj.CRS("EPSG:25832").to_json())
    column = {"encoding": "WKB", "geometry_types": ["Polygon"], "crs": crs}
    said = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": column}}
    columns = {name: layer.attributes[name] for name in ("id", "height_m")}
    table = pa.table({**columns, "geometry": shapes})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(said)}), file)


# ------------------------------------------------------------------------------ in its own process
@dataclass(eq=False)
class _Opening:
    """One opening, timed from its begin; times in milliseconds."""

    frames: Any
    scene: Any = None
    begun: float = field(default_factory=time.perf_counter)
    found: dict[str, Any] = field(default_factory=lambda: {"upload": 0.0})

    def now(self) -> float:
        return (time.perf_counter() - self.begun) * 1000

    def take(self, news: Any) -> None:
        """Take in what has come, as the window does; the first part makes the first picture."""
        from twinview.render.pace import QUALITIES
        from twinview.session.bringing import tell
        from twinview.session.drawing import Came

        painter, before = self.frames.painter, self.now()
        tell(painter, news)
        if isinstance(news, Came):
            next(painter.ready(), None)
        self.found["upload"] += self.now() - before
        if isinstance(news, Came) and "first_picture" not in self.found:
            painter.quality = QUALITIES[1]
            painter.draw(self.scene)
            self.frames.frame()
            self.found["first_picture"] = self.now()
            painter.quality = QUALITIES[0]


def _open(file: Path, size: tuple[int, int]) -> dict[str, Any]:
    """Open a file and draw it; return what it took."""
    from twinview.readers.guard import Options
    from twinview.render.camera import fit
    from twinview.render.frames import Frames
    from twinview.scene.resolve import resolve
    from twinview.session.drawing import Wish, place, supply
    from twinview.session.opening import open_files

    _warm()
    opening = _Opening(Frames(size))
    state = drain(open_files([file], None, Options(kind="building")))
    opening.found["reading"] = opening.now()
    twin, painter = state.twin, opening.frames.painter
    camera, aspect = fit(twin, size[0] / size[1]), size[0] / size[1]
    opening.scene = resolve(twin, state.view, state.beside)
    wanted = painter.begin(twin, "light")
    painter.draw(opening.scene)
    drain(supply(Wish(twin, tuple(wanted), place(None), camera, aspect), opening.take))
    painter.whole()
    painter.draw(opening.scene)
    before = opening.now()
    deque(opening.frames.portions(), maxlen=0)
    opening.found["whole_picture"] = opening.now()
    once = opening.now()
    deque(opening.frames.portions(), maxlen=0)
    # The same picture again uploads nothing.
    opening.found["upload"] += max((once - before) - (opening.now() - once), 0.0)
    opening.frames.close()
    return {**opening.found, "peak": _memory()}


def _warm() -> None:
    """Load what the program has loaded by the time a file is opened, and draw a first picture."""
    from twinview.readers.registry import readers
    from twinview.render.bench import city, scenes
    from twinview.render.camera import fit
    from twinview.render.frames import Frames
    from twinview.scene.overlay import overlays

    _ = readers(), overlays()
    frames, one = Frames((64, 64)), city(1)
    frames.painter.show(one, "light")
    frames.painter.draw(scenes(one, fit(one), 1)[0])
    frames.frame()
    frames.close()


def _memory() -> dict[str, float]:
    """Return the peaks of this process and of its largest child, MiB; 0 where nobody counts."""
    try:
        import resource
    except ImportError:
        return {"process": 0.0, "child": 0.0}
    unit = 2**20 if sys.platform == "darwin" else 2**10
    who = {"process": resource.RUSAGE_SELF, "child": resource.RUSAGE_CHILDREN}
    return {name: resource.getrusage(one).ru_maxrss / unit for name, one in who.items()}


def _stages(file: Path) -> dict[str, float]:
    """Return what the stages of making take, and the usual ways; milliseconds, also of processor.

    Machine code is there before anything is timed.
    """
    import geopandas as gpd

    from twinview import kernels
    from twinview.readers.guard import Options
    from twinview.render import making
    from twinview.session.opening import open_files

    twin = drain(open_files([file], None, Options(kind="building"))).twin
    (layer,) = twin.of_kind("building")
    found: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        begun, busy = time.perf_counter(), time.process_time()
        made = work()
        found[name] = (time.perf_counter() - begun) * 1000
        found[_CPU.format(name)] = (time.process_time() - busy) * 1000
        return made

    kernels.wait()
    chart = timed("shadows", lambda: making.shadows(twin))
    parts = timed("extrusion", lambda: list(making.parts(layer, chart)))
    parts = timed("boxes", lambda: [part.boxed() for part in parts])
    arrays = [one for part in parts for one in vars(part.mesh).values() if one is not None]
    targets = [np.empty_like(one) for one in arrays]
    for _again in range(2):  # the first one finds no memory yet
        timed("copy", lambda: deque(map(np.copyto, targets, arrays), maxlen=0))
    timed(_REFERENCE, lambda: _roofs_alone(layer))
    timed("geopandas", lambda: gpd.read_parquet(file))
    few = min(SAMPLE, len(layer))
    for name, peer in _peers().items():
        peer(layer, 1)  # so that its imports are not counted
        timed(name, partial(peer, layer, few))
        for one in (name, _CPU.format(name)):
            found[one] *= len(layer) / few
    return found


def _peers() -> dict[str, Callable[["Layer", int], Any]]:
    """Return who else extrudes some buildings of a layer one by one."""
    from twinview.render.bench import extruded_by_pyvista

    found: dict[str, Callable[[Layer, int], Any]] = {"pyvista": extruded_by_pyvista}
    if importlib.util.find_spec("trimesh"):
        found[_TRIMESH] = _by_trimesh
    return found


def _roofs_alone(layer: "Layer") -> None:
    """Triangulate the polygons of a layer the way users of mapbox_earcut do, one by one."""
    import mapbox_earcut

    geometry = layer.geometry
    assert geometry is not None
    flat = np.ascontiguousarray(geometry.coords[:, :2])
    for a, b in pairwise(geometry.parts):
        begin = geometry.rings[a]
        ends = (geometry.rings[a + 1 : b + 1] - begin).astype(np.uint32)
        mapbox_earcut.triangulate_float64(flat[begin : geometry.rings[b]], ends)


def _by_trimesh(layer: "Layer", few: int) -> None:
    """Extrude the first buildings of a layer the way users of trimesh do, one by one."""
    from shapely import Polygon

    extruded: Any = importlib.import_module("trimesh.creation").extrude_polygon
    geometry = layer.geometry
    assert geometry is not None
    starts, heights = geometry.points_of, layer.numbers("height_m")
    for row in range(few):
        outline = geometry.coords[starts[row] : starts[row + 1], :2]
        extruded(Polygon(outline), heights[row])


def main(arguments: list[str]) -> int:
    """Run one measurement and say what it found on the last line."""
    what, file, width, height = arguments
    found = _open(Path(file), (int(width), int(height))) if what == "open" else _stages(Path(file))
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
