"""Demand of buildings that nobody metered: archetype times floor area, spread over time by profile.

An estimate is at home in a sum of many buildings; for one of them it may be wrong by half or more.
So it carries its range (`SPREAD`), the row it comes from and the origin "modelled", and the sum of
a feeder's buildings is held against the feeder's meter.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Bools, Floats, Ints, as_column
from twinview.i18n import _
from twinview.model.problem import Problem

TABLE = Path(__file__).with_name("data") / "archetypes.csv"
ANYWHERE = "*"

SPREAD = 0.5
"""Range of a building's estimate: half less to half more."""

STOREY_HEIGHT = 3.0
"""Metres for each storey where only the height is known; an assumption."""


@dataclass(frozen=True)
class Archetype:
    """Annual energy of a kind of building.

    Parameters
    ----------
    use, climate, carrier
        Such as office, GB (or `*` for anywhere), electricity.
    value, per
        kWh a year for each `m2` of floor area or each `household`.
    source, verified
        Who says so, and `primary`, `secondary` or `no`.
    """

    use: str
    climate: str
    carrier: str
    value: float
    per: str
    source: str
    verified: str


@dataclass(frozen=True, eq=False)
class Estimate:
    """Annual demand, modelled. NaN where no archetype fits.

    Parameters
    ----------
    energy, low, high
        In kWh. Shape [n].
    row
        Archetype of each building as its place in the table, -1 for none. Shape [n].
    problems
        What was assumed, and what is missing.
    origin
        Always "modelled", for the series made of it.
    """

    energy: Floats
    low: Floats
    high: Floats
    row: Ints
    problems: tuple[Problem, ...]
    origin: str = "modelled"


def read_archetypes(path: Path = TABLE) -> tuple[Archetype, ...]:
    """Read a table of archetypes.

    Parameters
    ----------
    path
        CSV in UTF-8 with the columns of `Archetype`; by default the one that comes with twinview.

    Raises
    ------
    ValueError
        A row does not make sense; the message names its line.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        return tuple(_archetype(row, f"{path.name}, line {rows.line_num}") for row in rows)


def _archetype(row: dict[str, str], place: str) -> Archetype:
    try:
        found = Archetype(**{**row, "value": float(row["value"])})  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from error
    if not found.value >= 0 or found.per not in ("m2", "household"):
        raise ValueError(f"{place}: value must not be negative, and per must be m2 or household")
    if found.verified not in ("primary", "secondary", "no"):
        raise ValueError(f"{place}: unknown verified {found.verified!r}")
    return found


def floor_area(
    footprint: ArrayLike, storeys: ArrayLike, height: ArrayLike | None = None
) -> tuple[Floats, Bools]:
    """Return footprint times storeys, and for which buildings the storeys were assumed.

    Parameters
    ----------
    footprint
        In m2. Shape [n].
    storeys
        Above ground; NaN or below 1 where not known. Shape [n].
    height
        In m, for buildings of unknown storeys: `STOREY_HEIGHT` for each, at least one. NaN where
        not known. Shape [n].

    Returns
    -------
    tuple
        Floor area in m2, NaN where footprint or storeys cannot be known, and the flags. Shape [n]
        each.
    """
    base = np.asarray(footprint, dtype=np.float64)
    floors = np.broadcast_to(np.asarray(storeys, dtype=np.float64), base.shape)
    tall = np.full(base.shape, np.nan) if height is None else np.asarray(height, dtype=np.float64)
    unknown = ~(floors >= 1)
    guessed = np.maximum(np.round(tall / STOREY_HEIGHT), 1.0)
    area = base * np.where(unknown, guessed, floors)
    return np.where(base > 0, area, np.nan), unknown


def estimate(
    area: ArrayLike,
    uses: Sequence[str],
    climate: str,
    carrier: str,
    *,
    table: Iterable[Archetype] | None = None,
    households: ArrayLike | None = None,
    ids: Sequence[str] | None = None,
) -> Estimate:
    """Estimate the annual demand of buildings.

    Parameters
    ----------
    area
        Floor area in m2. Shape [n].
    uses
        Use of each building in the words of the table; an unknown one gets no number.
    climate
        Zone; rows for anywhere (`*`) serve where the zone has none.
    carrier
        electricity, heat, cooling or fuel.
    table
        Archetypes; by default those that come with twinview.
    households
        In each building, for rows that count by household. Shape [n].
    ids
        Of the buildings, to name them in findings.

    Raises
    ------
    ValueError
        Lengths do not fit.
    """
    rows = tuple(read_archetypes() if table is None else table)
    floor = np.asarray(area, dtype=np.float64)
    if floor.ndim != 1 or len(uses) != floor.size or (ids is not None and len(ids) != floor.size):
        raise ValueError("area, uses and ids must have the same length")
    chosen = _choose(rows, climate, carrier)
    row = np.array([chosen.get(use, -1) for use in uses], dtype=np.int64)
    value = np.append([one.value for one in rows], np.nan)[row]
    by_home = np.append([one.per == "household" for one in rows], False)[row]
    homes = np.full(floor.size, np.nan)
    if households is not None:
        homes = np.asarray(households, dtype=np.float64)
    energy = value * np.where(by_home, homes, floor)
    problems = _findings(rows, row, uses, energy, ids, (climate, carrier))
    return Estimate(energy, energy * (1 - SPREAD), energy * (1 + SPREAD), row, problems)


def _choose(rows: tuple[Archetype, ...], climate: str, carrier: str) -> dict[str, int]:
    """Return the row for each use: the zone's own goes before that for anywhere."""
    fitting = [i for i, one in enumerate(rows) if one.carrier == carrier]
    general = {rows[i].use: i for i in fitting if rows[i].climate == ANYWHERE}
    return general | {rows[i].use: i for i in fitting if rows[i].climate == climate}


def _findings(
    rows: tuple[Archetype, ...],
    row: Ints,
    uses: Sequence[str],
    energy: Floats,
    ids: Sequence[str] | None,
    wanted: tuple[str, str],
) -> tuple[Problem, ...]:
    def named(chosen: Bools) -> tuple[str, ...]:
        return () if ids is None else tuple(ids[i] for i in np.flatnonzero(chosen).tolist())

    climate, carrier = wanted
    none, unsized = row < 0, (row >= 0) & np.isnan(energy)
    unchecked = np.array([i >= 0 and rows[i].verified == "no" for i in row], dtype=np.bool_)
    problems = []
    if none.any():
        problems.append(Problem(
            "warning", "demand.no_archetype",
            _("{count} buildings have no archetype for {carrier} in {climate} (uses: {uses}) and "
              "got no demand.", count=int(none.sum()), carrier=carrier, climate=climate,
              uses=", ".join(sorted({uses[i] or "?" for i in np.flatnonzero(none).tolist()})[:8])),
            _("Add a row to the table of archetypes, or give the buildings a known use."),
            element_ids=named(none),
        ))  # fmt: skip
    if unsized.any():
        problems.append(Problem(
            "warning", "demand.no_size",
            _("{count} buildings have no floor area or number of households and got no demand.",
              count=int(unsized.sum())),
            _("Give them a footprint and storeys, or a number of households."),
            element_ids=named(unsized),
        ))  # fmt: skip
    if unchecked.any():
        problems.append(Problem(
            "info", "demand.unverified",
            _("The demand of {count} buildings rests on figures that nobody has checked.",
              count=int(unchecked.sum())),
            _("Compare them with their source, or replace them by your own."),
            element_ids=named(unchecked),
        ))  # fmt: skip
    return tuple(problems)


@dataclass(frozen=True, eq=False)
class FeederCheck:
    """Sums of buildings beside the meters of their feeders.

    Parameters
    ----------
    modelled
        Sum of the buildings of each feeder in kWh; NaN where one of them is not known. Shape [f].
    ratio
        Modelled over measured; NaN where there is no measurement. Shape [f].
    problems
        Feeders beyond the range.
    """

    modelled: Floats
    ratio: Floats
    problems: tuple[Problem, ...]


def check_feeders(
    energy: ArrayLike,
    feeder: ArrayLike,
    measured: ArrayLike,
    *,
    spread: float = SPREAD,
    names: Sequence[str] | None = None,
) -> FeederCheck:
    """Hold the sum of each feeder's buildings against its meter.

    Parameters
    ----------
    energy
        Of each building in kWh. Shape [n].
    feeder
        Number of each building's feeder, -1 for none. Shape [n].
    measured
        At each feeder in kWh, less its losses and other loads if known. Shape [f].
    spread
        Accepted deviation as a share of the measurement.
    names
        Of the feeders, for findings.

    Raises
    ------
    ValueError
        A building names a feeder that is not there.
    """
    used, meter = np.asarray(energy, np.float64), np.asarray(measured, np.float64)
    place = np.asarray(feeder, dtype=np.int64)
    if place.shape != used.shape or ((place < -1) | (place >= meter.size)).any():
        raise ValueError("feeder must give each building the number of a feeder, or -1")
    known = place >= 0
    total = np.zeros(meter.size)
    np.add.at(total, place[known], used[known])
    ratio = np.full(meter.size, np.nan)
    np.divide(total, meter, out=ratio, where=meter > 0)
    titles = names or [str(i) for i in range(meter.size)]
    return FeederCheck(total, ratio, _astray(ratio, titles, spread))


def _astray(ratio: Floats, titles: Sequence[str], spread: float) -> tuple[Problem, ...]:
    """Return the findings on feeders beyond the range, one for each side."""
    beyond = {
        _("The buildings of {count} feeders use more than their meter says: {names}."):
            np.flatnonzero(ratio > 1 + spread),
        _("The buildings of {count} feeders use less than their meter says: {names}."):
            np.flatnonzero(ratio < 1 - spread),
    }  # fmt: skip
    remedy = _("Check uses, floor areas and which building hangs at which feeder.")
    problems = []
    for sentence, places in beyond.items():
        if places.size:
            named = ", ".join(f"{titles[i]} ({ratio[i]:.2f})" for i in places[:8].tolist())
            message = sentence.format(count=places.size, names=named)
            problems.append(Problem("warning", "demand.feeder", message, remedy))
    return tuple(problems)


def scaled_to_feeders(energy: ArrayLike, check: FeederCheck, feeder: ArrayLike) -> Floats:
    """Return the buildings' energy scaled so that each feeder's sum is its measurement.

    Parameters
    ----------
    energy, feeder
        As given to `check_feeders`.
    check
        Its result; buildings of feeders without a ratio stay as they are.
    """
    place = np.asarray(feeder, dtype=np.int64)
    usable = np.isfinite(check.ratio) & (check.ratio > 0)
    divisor = np.append(np.where(usable, check.ratio, 1.0), 1.0)
    return np.asarray(as_column(energy, "energy", place.size) / divisor[place], dtype=np.float64)
