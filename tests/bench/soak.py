"""A day's work in minutes: the window is scrubbed and changed without rest, and must stay its size.

Changed are overlay, scenario and theme, each a fifth of the times, and the camera twice as often.

Not part of the suite. Under a display (or ``xvfb-run -a``):

    python -m tests.bench.soak --buildings 100000 --scrubs 100000 --changes 1000

Prints one JSON object: memory after each tenth of the work, and the slope of a line through the
later half, in MiB for 10,000 scrubs. Ends with 1 where that exceeds `MOST` or anything was logged.
"""

import argparse
import json
import logging
import random
import sys
import time
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import psutil

MOST = 5.0
"""MiB for 10,000 scrubs that still pass for a flat line: what the allocator keeps varies."""
SIZE = (1280, 800)
STEPS = 8760
MIB = 1 << 20


def city(buildings: int) -> Any:
    """Return a synthetic district with a year of hourly values of two quantities."""
    from twinview.model.series import Meaning, Profiled
    from twinview.model.time import TimeAxis
    from twinview.render.bench import city as boxes

    axis = TimeAxis(1_704_067_200, 3600, STEPS, "Europe/Berlin")
    random_ = np.random.default_rng(1)
    series = [
        Profiled(
            Meaning("buildings", quantity, unit),
            axis,
            random_.uniform(0, most, (STEPS, 16)).astype(np.float32),
            random_.integers(0, 16, buildings).astype(np.int32),
            random_.uniform(0.5, 1, buildings).astype(np.float32),
            np.arange(buildings, dtype=np.int32),
            buildings,
        )
        for quantity, unit, most in (("consumption", "kW", 9), ("carbon_intensity", "g/kWh", 500))
    ]
    return replace(boxes(buildings), time=axis).with_series(*series)


def opened(buildings: int) -> Any:
    """Return what is open: the district, and two scenarios in which it uses more or less."""
    from twinview.model.scenario import Scale, Scenario
    from twinview.session.cases import make_cases
    from twinview.session.project import Project
    from twinview.session.store import State

    scenarios = tuple(
        Scenario(id=f"by{k}", title=f"Times {by}", changes=(
            Scale(layer="buildings", quantity="consumption", by=by),
        ))
        for k, by in enumerate((0.8, 1.3))
    )  # fmt: skip
    twin, project = city(buildings), Project(name="Soak", scenarios=scenarios)
    return State(twin, project, saved=project, cases=make_cases(twin, project, None))


class Soak:
    """A window under work.

    Parameters
    ----------
    buildings
        How many the district has.
    seed
        Of the random walk.
    """

    def __init__(self, buildings: int, seed: int) -> None:
        from twinview.gui.app import make_application
        from twinview.gui.window import MainWindow
        from twinview.scene.overlay import available
        from twinview.session.store import Session

        self.application = make_application()
        state = opened(buildings)
        self.window = MainWindow(Session(state))
        self.overlays = sorted(available(state.twin))
        self.cases = sorted(state.cases.twins)
        self.made: Counter[str] = Counter()
        self.window.resize(*SIZE)
        self.window.show()
        self.random = random.Random(seed)
        self.settle()

    def settle(self) -> None:
        """Have everything done that is due."""
        self.application.processEvents()

    def scrub(self) -> None:
        """Go to another instant and have it painted."""
        self.window.session.run("time.index", self.random.randrange(STEPS))
        self.settle()

    def change(self) -> None:
        """Show something else, or from elsewhere, and have it painted and made ready."""
        session = self.window.session
        kind, arguments = self.random.choice(
            [
                ("overlay.show", (self.random.choice(self.overlays),)),
                ("scenario.show", (self.random.choice(self.cases),)),
                ("view.standard", (self.random.choice(["top", "north", "east", "iso"]),)),
                ("view.look_at", (self.random.uniform(0, 2000), self.random.uniform(0, 2000))),
                ("view.theme", (self.random.choice(["light", "dark"]),)),
            ]
        )
        self.made[kind] += 1
        session.run(kind, *arguments)
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            self.settle()

    def close(self) -> None:
        """Close the window."""
        self.window.may_lose = lambda: True
        self.window.close()
        self.settle()


class Heard(logging.Handler):
    """Keeps what is logged from warnings on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.said.append(record.getMessage())


def run(wish: argparse.Namespace) -> dict[str, Any]:
    """Work and return what was seen."""
    heard = Heard()
    logging.getLogger().addHandler(heard)
    soak, process = Soak(wish.buildings, wish.seed), psutil.Process()
    every = max(1, wish.scrubs // max(1, wish.changes))
    # Memory is looked at ten times, or often where time ends the work.
    tenth = 20 if wish.seconds else max(1, wish.scrubs // 10)
    begun, memory = time.monotonic(), []
    for k in range(1, wish.scrubs + 1):
        soak.scrub()
        if k % every == 0:
            soak.change()
        if k % tenth == 0:
            memory.append((k, process.memory_info().rss / MIB))
            sys.stderr.write(f"{k} scrubs, {memory[-1][1]:.0f} MiB\n")
        if wish.seconds and time.monotonic() - begun > wish.seconds:
            memory.append((k, process.memory_info().rss / MIB))
            break
    threads = process.num_threads()
    soak.close()
    return {
        "buildings": wish.buildings,
        "scrubs": k,
        "changes": dict(soak.made),
        "seconds": round(time.monotonic() - begun),
        "memory_mib": [[at, round(rss, 1)] for at, rss in memory],
        "slope_mib_per_10000": round(slope(memory), 2),
        "threads": threads,
        "logged": heard.said,
    }


def slope(memory: list[tuple[int, float]]) -> float:
    """Return the growth of the later half in MiB for 10,000 scrubs: the first warms up."""
    later = memory[len(memory) // 2 :]
    if len(later) < 2:
        return float("nan")
    at, rss = np.array(later).T
    return float(np.polyfit(at, rss, 1)[0]) * 10_000


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--buildings", type=int, default=100_000)
    parser.add_argument("--scrubs", type=int, default=100_000)
    parser.add_argument("--changes", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=0.0, help="stop after so long; 0: never")
    parser.add_argument("--seed", type=int, default=1)
    found = run(parser.parse_args())
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return int(bool(found["logged"]) or not found["slope_mib_per_10000"] <= MOST)


if __name__ == "__main__":
    sys.exit(main())
