"""Measuring this machine, and telling what it offers."""

import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twinview import __version__, paths
from twinview.cli import DONE, FOUND_ERRORS
from twinview.cli.output import complain, follow, say, say_json, say_table
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.scene.numbers import number, percent
from twinview.session.doctor import examine, machine
from twinview.session.opening import open_project

SIZE = (1280, 800)
_BESIDE = ("window_ms", "picture_ms")
IMPORT_VTK = "import vtkmodules.all"
"""What `bench start` is compared with: a program that only loads the same 3D library."""


def show_doctor(as_json: bool) -> int:
    """Print what this machine offers."""
    findings = examine()
    if as_json:
        say_json(
            {
                "version": __version__,
                "machine": machine(),
                "checks": [vars(finding) for finding in findings],
                "ok": all(finding.ok for finding in findings),
            }
        )
    else:
        rows = [(_("yes") if f.ok else _("NO"), f.title, f.found) for f in findings]
        say_table(f"twinview {__version__}", [_("ok"), _("what"), _("found")], rows)
        for finding in findings:
            if finding.remedy:
                say(f"{finding.title}: {finding.remedy}")
    return DONE if all(finding.ok for finding in findings) else FOUND_ERRORS


def measure(
    what: str, buildings: int | None, runs: int, reference: Path | None, as_json: bool
) -> int:
    """Run one measurement and print it."""
    if runs < 1 or (buildings is not None and buildings < 1):
        raise CommandError(_("--runs and --buildings are at least 1."))
    if what not in _BENCHES:
        names = ", ".join(_BENCHES)
        raise CommandError(
            _("There is no measurement '{name}'; there are {known}.", name=what, known=names)
        )
    found = {**_BENCHES[what](Wish(buildings, runs, reference)), "machine": machine()}
    if as_json:
        say_json(found)
        return DONE
    rows = [
        (_("median"), number(found["median_ms"], 3, "ms")),
        (_("samples"), number(found["samples"])),
        *(_flow_rows(found) if what == "flow" else _picture_rows(found)),
        *((_compared(way), number(ratio, 3)) for way, ratio in found["ratios"].items()),
        *((key, number(found[key], 3, "ms")) for key in _BESIDE if key in found),
        *((key, value) for key, value in found["machine"].items()),
    ]
    say_table(f"bench {found['bench']}", ["", ""], rows)
    return DONE


def _picture_rows(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    parts, calls = found.get("parts", {}).items(), found.get("calls", {})
    return [
        (_("buildings"), number(found["buildings"])),
        (_("size"), "{} x {}".format(*found["size"])),
        *_moving(found),
        *((key, f"{number(one, 3, 'ms')}  {calls.get(key, '')}".rstrip()) for key, one in parts),
        *((f"{key}_first", number(one, 3, "ms")) for key, one in found.get("first", {}).items()),
    ]


def _flow_rows(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    tracing, large = found["tracing"], found["large"]
    share, processor = (tracing[f"share_of_flow{part}"] for part in ("", "_processor"))
    counted = _("{nodes} nodes, {steps} steps, {stores} storage units")
    return [
        (_("power flow of"), counted.format(**found)),
        (_("tracing"), number(tracing["median_ms"], 3, "ms")),
        (_("tracing over power flow, by the clock"), percent(share)),
        (_("tracing over power flow, by processor time"), percent(processor)),
        (_("largest carbon residual of a step"), f"{tracing['largest_residual']:.1e}"),
        (_("whole computation of"), counted.format(**large)),
        (_("its time"), number(large["ms"], 3, "ms")),
        (_("its longest run between two places to stop"), number(large["longest_run_ms"], 3, "ms")),
        (_("its peak memory"), number(large["peak_memory_mib"], 3, "MiB")),
    ]


def _moving(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a measurement says of frames with fewer pixels."""
    if "moving_ms" not in found:
        return []
    title = _("median while moving, at 1/{scale} of the resolution", scale=found["moving_scale"])
    return [(title, number(found["moving_ms"], 3, "ms"))]


def _compared(way: str) -> str:
    if way == "series_copy_of_bytes":
        return _("times slower than a copy of the bytes of a series")
    if way == "copy_of_bytes":
        return _("times slower than a copy of the bytes")
    return _("times faster than {way}", way=way)


@dataclass(frozen=True)
class Wish:
    """What is asked of a measurement: size, repetitions, and a Python for the reference way."""

    buildings: int | None
    runs: int
    reference: Path | None


def scrub(wish: Wish) -> dict[str, Any]:
    """Measure a step of time in a picture that stands still."""
    bench = importlib.import_module("twinview.render.bench")
    found: Mapping[str, Any] = bench.scrub(wish.buildings or 100_000, SIZE)
    return {"bench": "scrub", **found}


def film(wish: Wish) -> dict[str, Any]:
    """Measure a frame of a film."""
    bench = importlib.import_module("twinview.exporters.bench")
    found: Mapping[str, Any] = bench.film(wish.buildings or 100_000, SIZE)
    return {"bench": "film", **found}


def flow(wish: Wish) -> dict[str, Any]:
    """Measure a year of power flow and tracing."""
    bench = importlib.import_module("twinview.energy.bench")
    try:
        found: Mapping[str, Any] = bench.flow(wish.runs, wish.reference)
    except (ValueError, OSError) as error:
        raise CommandError(str(error)) from error
    return {"bench": "flow", **found}


def camera(wish: Wish) -> dict[str, Any]:
    """Measure frames while the camera moves."""
    bench = importlib.import_module("twinview.render.bench_camera")
    found: Mapping[str, Any] = bench.camera(wish.buildings or 100_000, SIZE)
    return {"bench": "camera", **found}


def start(wish: Wish) -> dict[str, Any]:
    """Measure from the start of the process to the first picture of the demo, files read before.

    Where there is a display it is the picture in the window, and what a picture in a file takes
    stands beside it; elsewhere it is the picture in a file.
    """
    count = _demo_buildings()
    with tempfile.TemporaryDirectory() as folder:
        ways = _ways(Path(folder) / "start.png")
        times: dict[str, list[float]] = {name: [] for name in ways}
        for way in ways.values():
            way()  # once for the cache of files and results
        for k in range(wish.runs):
            complain(_("Run {k} of {n}", k=k + 1, n=wish.runs))
            for name, way in ways.items():
                times[name].append(way())
    medians = {name: statistics.median(found) for name, found in times.items()}
    reference, median = medians.pop("import_vtk"), next(iter(medians.values()))
    return {
        "bench": "start",
        "buildings": count,
        "size": list(SIZE),
        "median_ms": median * 1000,
        "samples": wish.runs,
        "ratios": {"import_vtk": reference / median},
        **{f"{name}_ms": seconds * 1000 for name, seconds in medians.items()},
    }


def _demo_buildings() -> int:
    state = follow(open_project(paths.demo_file()))
    return sum(len(layer) for layer in state.twin.of_kind("building"))


def _ways(picture: Path) -> dict[str, Callable[[], float]]:
    """Return what is timed: the window where it can be seen, a picture, and a plain import."""
    wide, high = SIZE
    snapshot = ["-m", "twinview", "snapshot", str(paths.demo_file()), "-o", str(picture)]
    snapshot += ["--overlay", "power", "--size", f"{wide}x{high}"]
    ways: dict[str, Callable[[], float]] = {"window": _window} if paths.has_display() else {}
    return ways | {
        "picture": lambda: _timed(snapshot),
        "import_vtk": lambda: _timed(["-c", IMPORT_VTK]),
    }


def _window() -> float:
    """Return the time until the window's first picture is on the screen; it closes then."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "twinview", "demo"],
        env={**_environment(), paths.TRIAL: "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        taken = time.perf_counter() - begun
    if not line:
        raise CommandError(_("The window closed before its first picture."))
    return taken


def _environment() -> dict[str, str]:
    """Return ours, but for what keeps Python from remembering compiled modules: a user's does."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def _timed(arguments: list[str]) -> float:
    begun = time.perf_counter()
    _output(arguments, _environment())
    return time.perf_counter() - begun


def _output(arguments: list[str], environment: dict[str, str]) -> str:
    """Run Python and return what it wrote."""
    ran = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode not in (DONE, FOUND_ERRORS):
        raise CommandError(_("The measured program failed: {why}", why=ran.stderr.strip()[-500:]))
    return ran.stdout


def slices(wish: Wish) -> dict[str, Any]:
    """Measure an instant of all buildings and a year of one, out of the time store."""
    from twinview.session import bench

    return {"bench": "slice", **bench.slices(wish.buildings or 100_000)}


def window(wish: Wish) -> dict[str, Any]:
    """Measure the longest time in which the window answers nothing, opening and using the demo.

    Nothing is kept from before but the programs that the graphics library makes once on a machine:
    the year is computed in a cache of its own. What the first run took, which makes them, stands
    beside. Of each phase the call is named that took the most of its longest gap.
    """
    if not paths.has_display():
        raise CommandError(_("The window can be measured only where there is a display."))
    count = _demo_buildings()
    runs: list[dict[str, tuple[float, str]]] = []
    with tempfile.TemporaryDirectory() as programs:
        for k in range(wish.runs + 1):
            complain(_("Run {k} of {n}", k=k + 1, n=wish.runs + 1))
            with tempfile.TemporaryDirectory() as folder:
                own = dict.fromkeys(("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), folder)
                own["MESA_SHADER_CACHE_DIR"] = programs
                ran = _output(["-m", "twinview.gui.bench"], {**os.environ, **own})
                runs.append(json.loads(ran))
    first = runs.pop(0)
    return {
        "bench": "window",
        "buildings": count,
        "size": list(SIZE),
        "median_ms": statistics.median(max(gap for gap, _ in one.values()) for one in runs),
        "samples": wish.runs,
        "parts": {key: statistics.median(one[key][0] for one in runs) for key in runs[0]},
        "calls": {key: max(one[key] for one in runs)[1] for key in runs[0]},
        "first": {key: gap for key, (gap, _call) in first.items()},
        "ratios": {},
    }


def load(wish: Wish) -> dict[str, Any]:
    """Measure openings of a city, the first time and from the cache."""
    from twinview.cli import bench_load

    return {"bench": "load", **bench_load.load(wish.buildings or 100_000, SIZE, wish.runs)}


_BENCHES: dict[str, Callable[[Wish], dict[str, Any]]] = {
    "scrub": scrub,
    "camera": camera,
    "film": film,
    "slice": slices,
    "load": load,
    "flow": flow,
    "start": start,
    "window": window,
}
