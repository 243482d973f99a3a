"""How fast a year is computed: power flow and tracing of a made-up city, against reference ways."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from power_grid_model import PowerGridModel, initialize_array

from twinview.energy import bench_pandapower
from twinview.energy.batch import ITERATIONS, TOLERANCE
from twinview.energy.bench_city import city
from twinview.energy.compute import Assumptions, compute, flow_of, run_length, trace_of
from twinview.energy.district import District, make_district
from twinview.energy.following import Follower, Stretch
from twinview.energy.grid import with_ideal_sources
from twinview.i18n import _

NODES, STEPS = 144, 35_136
"""A year of quarter hours on the medium-voltage grid of a town."""
LARGE, DAY = 10_000, 96
"""A day of quarter hours on a city down to its houses."""
MIB = 2**20
SINGLE = 100
"""Steps of the ways that go step by step, of which a year would take a quarter of an hour."""
ASSUMED = Assumptions(store_intensity=300.0)


@dataclass(frozen=True)
class Spent:
    """Seconds of power flow and of tracing: on the clock, and of processor time."""

    flow: float
    trace: float
    flow_processor: float
    trace_processor: float
    residual: float


def flow(runs: int, reference: Path | None = None) -> dict[str, Any]:
    """Measure a year of a town and a day of a city.

    Parameters
    ----------
    runs
        How often the year is computed.
    reference
        A Python that has pandapower; this one where none is given.

    Returns
    -------
    dict
        `median_ms` is the power flow of the year. `ratios` say how many times faster a step of it
        was than a step of the named way, `reference` what that was made with. `tracing` compares
        the tracing of the year, stores and netting included, with its power flow. `large` says what
        the day of the city took.
    """
    district = _district(NODES, STEPS)
    spent = [_year(district) for _run in range(runs)]
    step = statistics.median(one.flow for one in spent) / STEPS
    sample = Follower(district, ASSUMED, SINGLE).stretch(range(40, 40 + SINGLE))
    ratios = {"one_step_at_a_time": _one_by_one(district, sample) / step}
    other = _pandapower(district, sample, reference)
    if other is not None:
        ratios["pandapower"] = other["median_s"] / step
    return {
        "nodes": NODES,
        "steps": STEPS,
        "stores": len(district.stores),
        "median_ms": step * STEPS * 1000,
        "samples": runs,
        "ratios": ratios,
        "reference": other["versions"] if other is not None else {},
        "tracing": {
            "median_ms": statistics.median(one.trace for one in spent) * 1000,
            "share_of_flow": statistics.median(one.trace / one.flow for one in spent),
            "share_of_flow_processor": statistics.median(
                one.trace_processor / one.flow_processor for one in spent
            ),
            "largest_residual": max(one.residual for one in spent),
        },
        "large": _in_child(),
    }


def _district(nodes: int, steps: int) -> District:
    twin = city(nodes, steps)
    return make_district(twin, twin.networks["grid"])


def _year(district: District) -> Spent:
    """Return what the year takes, and the largest share of a step's carbon that stays open."""
    length = run_length(district)
    follower = Follower(district, ASSUMED, length)
    carbon = follower.energy(0) * ASSUMED.store_intensity
    spent = np.zeros(4)
    worst = 0.0
    for start in range(0, district.time.count, length):
        stretch = follower.stretch(range(start, min(start + length, district.time.count)))
        marks = [_now()]
        solved = flow_of(district, stretch)
        marks.append(_now())
        _netted, traced = trace_of(district, stretch, solved, ASSUMED, carbon)
        marks.append(_now())
        spent += np.diff(np.array(marks), axis=0).T.ravel()
        carbon = traced.store_carbon[-1]
        brought = np.maximum(traced.gen_carbon.sum(axis=1), 1e-9)
        worst = max(worst, float(np.nanmax(np.abs(traced.residual) / brought)))
    return Spent(*(float(one) for one in (*spent, worst)))


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _one_by_one(district: District, stretch: Stretch) -> float:
    """Return the median seconds of a step when a script asks the same solver for one at a time."""
    grid = with_ideal_sources(district.grid)
    model = PowerGridModel({name: table for name, table in grid.tables.items() if table.size})
    load = initialize_array("update", "sym_load", len(district.loads) + len(district.stores))
    gen = initialize_array("update", "sym_gen", len(district.gens))
    load["id"], gen["id"] = grid.ids("sym_load"), grid.ids("sym_gen")

    def step(k: int) -> None:
        taken = np.concatenate([stretch.load[k], stretch.storing.power[k]])
        load["p_specified"] = taken * 1e3
        gen["p_specified"] = stretch.gen[k] * 1e3
        model.update(update_data={"sym_load": load, "sym_gen": gen})
        model.calculate_power_flow(error_tolerance=TOLERANCE, max_iterations=ITERATIONS)

    return _median(step, len(stretch.steps))


def _median(step: Callable[[int], object], count: int) -> float:
    times = []
    for k in range(count):
        begun = time.perf_counter()
        step(k)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _pandapower(
    district: District, stretch: Stretch, reference: Path | None
) -> dict[str, Any] | None:
    """Return the median time of a step in pandapower's loop; None where it is not installed.

    Raises
    ------
    ValueError
        It finds other voltages, so that it did not do the same work.
    """
    with tempfile.TemporaryDirectory() as folder:
        arrays = Path(folder) / "grid.npz"
        np.savez(arrays, **bench_pandapower.arrays_of(district, stretch))
        command = [str(reference or sys.executable), bench_pandapower.__file__, str(arrays)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        if reference is None and "pandapower" in ran.stderr:
            return None
        raise ValueError(_("The reference failed: {why}", why=ran.stderr.strip()[-300:]))
    found: dict[str, Any] = json.loads(ran.stdout)
    ours = flow_of(district, stretch).voltage[-1]
    if not np.allclose(found["voltage"], ours, atol=1e-6):
        raise ValueError(_("The reference finds other voltages; the times cannot be compared."))
    return found


def _in_child() -> dict[str, Any]:
    """Return what a day of the city takes in a process of its own."""
    command = [sys.executable, "-c", "from twinview.energy.bench import print_large as p; p()"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise ValueError(_("The measured program failed: {why}", why=ran.stderr.strip()[-500:]))
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def print_large() -> None:
    """Compute a day of the city and print what it took, for `flow`."""
    district = _district(LARGE, DAY)
    begun = time.perf_counter()
    longest, before = 0.0, begun
    for _run in compute(district, range(DAY), ASSUMED):
        longest, before = max(longest, time.perf_counter() - before), time.perf_counter()
    found = {
        "nodes": LARGE,
        "steps": DAY,
        "stores": len(district.stores),
        "ms": (time.perf_counter() - begun) * 1000,
        "longest_run_ms": longest * 1000,
        "peak_memory_mib": _peak() / MIB,
    }
    sys.stdout.write(json.dumps(found))


def _peak() -> int:
    """Return the most memory that this process has held, in bytes."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
