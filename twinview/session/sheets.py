"""What belongs to a table that is handed on: the files it was made of, and the factors used."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import pyarrow as pa

from twinview.energy.factors import COLUMNS, Factor, as_row
from twinview.session.factor_book import own_factors
from twinview.session.store import State
from twinview.session.used_factors import import_factor, piped_factors

SOURCES, FACTORS = "Sources", "Factors"
"""Names of the sheets, the same in every language, so that scripts can rely on them."""


def sheets(state: State) -> Mapping[str, pa.Table]:
    """Return the sources of what is open, and the emission factors that its numbers stand on.

    Parameters
    ----------
    state
        What is open.
    """
    return {SOURCES: _sources(state), FACTORS: _factors(state)}


def _sources(state: State) -> pa.Table:
    joins = state.project.joins or ()
    rows = [
        {
            "id": one.id,
            "file": PurePosixPath(one.path).name,
            "path": one.path,
            "coordinate system": _crs(state, one.id),
            "sha256": one.digest,
            "joined to": ", ".join(
                f"{join.layer} {join.quantity}" for join in joins if join.table == one.id
            ),
        }
        for one in state.project.sources
    ]
    return _texts(rows, ("id", "file", "path", "coordinate system", "sha256", "joined to"))


def _crs(state: State, source: str) -> str:
    found = state.understood.get(source)
    return "" if found is None else found.crs


def _factors(state: State) -> pa.Table:
    """Return the factors in use, each with what it stands in for; own ones say so."""
    outside = import_factor(state.twin, state.project)
    used: list[tuple[str, Factor]] = [] if outside is None else [("import", outside)]
    used += list(piped_factors(state.twin, state.project).items())
    own = [as_row(one) for one in own_factors(state.project)[0]]
    told = [(use, as_row(factor)) for use, factor in used]
    known = [row for _use, row in told]
    told += [("own row of the book", row) for row in own if row not in known]
    rows = [{"used for": use, **row, "whose": "own" if row in own else "book"} for use, row in told]
    return _texts(rows, ("used for", *COLUMNS, "whose"))


def _texts(rows: Sequence[Mapping[str, str]], names: Sequence[str]) -> pa.Table:
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in names})
