"""Three houses and the quarter-hours of their meters in a file that grows."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.village import houses
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session.opening import open_files
from twinview.session.project import save
from twinview.session.store import State

BEGIN = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
"""Noon in Berlin."""
QUARTERS = 8


def instant(quarter: float) -> datetime:
    """Return the instant so many quarter-hours after the first."""
    return BEGIN + timedelta(minutes=15 * quarter)


def rows(quarter: int, kind: str = "office") -> str:
    """Return the rows of a quarter-hour: as many kW as quarters, and 0.1 more each building.

    Where people live, each has a course of its own, as meters of dwellings have.
    """
    stamp = f"{instant(quarter):%Y-%m-%dT%H:%M:%SZ}"
    used = [quarter * (3 + 2 * k) % 7 + 1 if kind == "house" else quarter for k in range(3)]
    return "".join(f"{stamp},house {k},{one + k / 10}\n" for k, one in enumerate(used))


def metered(folder: Path, kind: str = "office") -> State:
    """Return an open, saved project of buildings of a kind and their meters, ``meter.csv``."""
    files = [folder / "houses.geojson", folder / "meter.csv"]
    files[0].write_text(json.dumps(houses(kind)), encoding="utf-8")
    text = "time,id,consumption_kw\n" + "".join(rows(k, kind) for k in range(QUARTERS))
    files[1].write_text(text, encoding="utf-8")
    state = drain(open_files(files, folder / "meters.twin", Options(tz="Europe/Berlin")))
    assert state.path is not None
    save(state.path, state.project, state.view)
    return state


def append(folder: Path, quarter: int, kind: str = "office") -> None:
    """Write a quarter-hour more, as a logger does."""
    with (folder / "meter.csv").open("a", encoding="utf-8") as file:
        file.write(rows(quarter, kind))
