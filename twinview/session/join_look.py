"""A look at a join before it is made: what was guessed, what it covers, what is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from twinview.i18n import _
from twinview.model.coverage import Coverage, coverage
from twinview.model.join import (
    PER_STEP,
    SEVERAL,
    Join,
    guess_profiles,
    patterns_of,
    quantity_of,
    unit_factor,
)
from twinview.model.pairing import ID, keys_of, names_of, pairs, places_of
from twinview.model.part import Table
from twinview.model.problem import CommandError
from twinview.model.quantities import alike_units, quantities
from twinview.model.time import format_instant
from twinview.model.twin import Layer
from twinview.progress import Job, part_of
from twinview.scene.words import quantity_title
from twinview.session.guarding import keeps_back
from twinview.session.joining import NONE, Read, Wish, join_of, layer_of, read_for, table_of
from twinview.session.opening import Shelf
from twinview.session.store import State

NAMED = 3
"""Keys and columns that a sentence names."""
ROWS, ACROSS = 8, 6
"""First rows and columns of a table that are shown."""
JOINABLE = (
    "consumption", "generation", "power", "reactive_power", "carbon_intensity",
    "heat_consumption", "cooling_consumption", "gas_consumption", "soc",
)  # fmt: skip
"""Quantities that tables mostly hold, in the order in which they are offered; others follow."""


@dataclass(frozen=True, eq=False)
class Look:
    """What a wish would come to.

    Parameters
    ----------
    read
        The sources as the wish wants them read.
    wish
        The wish with everything that was guessed.
    guessed
        Names of the fields that were guessed.
    table, layer
        What would be joined.
    coverage
        How far it would.
    faults
        Sentences on why it cannot be made; none where it can.
    warnings, notes
        Sentences on what to look at, and what is good to know.
    heads, rows
        First rows of the table as it is read: instants and values as texts.
    """

    read: Read
    wish: Wish
    guessed: tuple[str, ...]
    table: Table
    layer: Layer
    coverage: Coverage
    faults: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def look_at(state: State, wish: Wish, shelf: Shelf | None = None) -> Job[Look]:
    """Return what a wish would come to; nothing of what is open is touched.

    Parameters
    ----------
    state
        What is open.
    wish
        The wish; what it leaves open is guessed, and the guesses are told.
    shelf
        See `twinview.session.opening.read_sources`.

    Raises
    ------
    CommandError
        Where there is nothing to look at: no such file, no table in it, no layer.
    """
    read = yield from part_of(read_for(state, wish, shelf), 0.0, 0.9)
    table = table_of(read, wish)
    whole = _completed(state, table, wish)
    layer = layer_of(state, whole.layer)
    _check_columns(layer, whole)
    join = join_of(read, whole)
    if join.kind == "profiles":  # which column an element gets is found alike
        join = replace(join, kind="columns", column=join.profile, pattern=ID)
    found = coverage(join, table, layer, state.base.time)
    heads, rows = _first_rows(join, table, layer)
    notes = list(_notes(read, table))
    if keeps_back(state, join_of(read, whole), table, layer):
        notes.append(_("First rows are withheld: they would tell what single dwellings use."))
        rows = tuple((row[0], *(_("withheld") if one else "" for one in row[1:])) for row in rows)
    names = ("table", "layer", "column", "scale", "pattern", "quantity", "unit")
    guessed = tuple(name for name in names if getattr(wish, name) != getattr(whole, name))
    return Look(
        read=read,
        wish=whole,
        guessed=guessed,
        table=table,
        layer=layer,
        coverage=found,
        faults=tuple(_faults(state, whole, table, found)),
        warnings=tuple(_warnings(state, read, whole, table, found)),
        notes=tuple(notes),
        heads=heads,
        rows=rows,
    )


def _check_columns(layer: Layer, wish: Wish) -> None:
    """Refuse columns that a layer does not have, and scales that are no numbers."""
    scale = "" if wish.scale == NONE else wish.scale
    for column in filter(None, (wish.column, scale)):
        if not layer.has(column):
            raise CommandError(
                _("'{layer}' has no column '{column}'; it has {known}.", layer=layer.id,
                  column=column, known=", ".join(layer.attributes.column_names))
            )  # fmt: skip
    if scale and scale not in scales_of(layer):
        raise CommandError(
            _("'{column}' of '{layer}' holds no numbers to multiply with; {known} do.",
              column=scale, layer=layer.id, known=", ".join(scales_of(layer)) or _("none"))
        )  # fmt: skip


def scales_of(layer: Layer) -> list[str]:
    """Return the columns of a layer that hold numbers."""
    schema = layer.attributes.schema
    return [
        one.name
        for one in schema
        if pa.types.is_integer(one.type) or pa.types.is_floating(one.type)
    ]


# -------------------------------------------------------------------------------------- guessing
def _completed(state: State, table: Table, wish: Wish) -> Wish:
    """Return a wish with what it leaves open taken from names and counts."""
    layers = state.base.layers
    able = [one for one in layers.values() if len(one)]
    if wish.layer:
        able = [one for one in able if one.id == wish.layer] or able[:1]
    layer, column, pattern = _best(table, able, wish)
    whole = replace(
        wish,
        table=wish.table or table.id,
        layer=wish.layer or layer,
        column=wish.column or column,
        pattern=wish.pattern or pattern,
    )
    owner = layers.get(whole.layer)
    whole = whole if owner is None else _as_profiles(table, owner, whole)
    if not whole.quantity and owner is not None:
        whole = replace(whole, quantity=table.quantity or quantity_of(table, owner))
    unit = next((unit for unit in table.units if unit), "")
    known = quantities().get(whole.quantity)
    return replace(whole, unit=whole.unit or unit or (known.unit if known is not None else ""))


def _as_profiles(table: Table, layer: Layer, wish: Wish) -> Wish:
    """Return a wish with the scale of profiles, where its column names those of the table.

    A profile has a shape alone; how large it is stands in another column of the layer.
    """
    if wish.scale:
        return wish
    for one in guess_profiles(table, layer):
        if one.scale and one.profile == wish.column and wish.quantity in {"", one.quantity}:
            unit = wish.unit or one.unit
            return replace(wish, scale=one.scale, quantity=one.quantity, unit=unit)
    return wish


def _best(table: Table, layers: Sequence[Layer], wish: Wish) -> tuple[str, str, str]:
    """Return layer, key column and pattern by which most of a table's columns find an element."""
    scored = [
        (_fitting(table, layer, column, pattern), -k, layer.id, column, pattern)
        for k, layer in enumerate(layers)
        for column in ([wish.column] if wish.column else _key_columns(layer))
        if layer.has(column)
        for pattern in ([wish.pattern] if wish.pattern else [ID, *patterns_of(table.columns)])
    ]
    best = max(scored, key=lambda one: one[:2], default=(0, 0, "", "", ""))
    if best[0]:
        return best[2:]
    first = next((one.id for one in layers if one.kind == "building"), layers[0].id)
    return first, wish.column or "id", wish.pattern or ID


def _key_columns(layer: Layer) -> Iterator[str]:
    """Yield the columns of a layer that may hold keys, its ids first."""
    yield "id"
    for field in layer.attributes.schema:
        whole = pa.types.is_string(field.type) or pa.types.is_integer(field.type)
        if field.name != "id" and whole:
            yield field.name


def _fitting(table: Table, layer: Layer, column: str, pattern: str) -> int:
    """Return how many columns of a table find an element; of several such columns, the ids win."""
    keys = keys_of(layer, column)
    if "*" in pattern:
        _rows, places = pairs(pattern, table.columns, keys)
    else:
        places = places_of(table.columns, names_of(pattern, keys))
    return len(np.unique(places[places >= 0]))


# ------------------------------------------------------------------------------------- sentences
def _faults(state: State, wish: Wish, table: Table, found: Coverage) -> Iterator[str]:
    faults = list(_wrong(wish, table, found))
    yield from faults
    able = [one for layer in state.base.layers.values() for one in guess_profiles(table, layer)]
    if faults and able and wish.layer not in {one.layer for one in able}:
        known = ", ".join(dict.fromkeys(f"{one.layer}.{one.profile}" for one in able))
        yield _("Its columns are profiles that other layers name ({known}): choose one of these.",
                known=known)  # fmt: skip


def _wrong(wish: Wish, table: Table, found: Coverage) -> Iterator[str]:
    known = quantities().get(wish.quantity)
    if known is None:
        yield _("There is no quantity '{name}'; there are {known}.", name=wish.quantity,
                known=", ".join(quantities()))  # fmt: skip
    else:
        try:
            unit_factor(wish.unit or known.unit, known.unit, table.time.step)
        except ValueError as error:
            yield f"{error}."
            if _counted(wish.unit, known.unit):
                yield _(
                    "If each value is the energy of its step, say so: {unit}.",
                    unit=wish.unit + PER_STEP,
                )
    if wish.several and wish.several not in SEVERAL:
        yield _("Several columns become one by {known}, not by '{name}'.",
                known=", ".join(SEVERAL), name=wish.several)  # fmt: skip
    if not found.matched:
        yield _(
            "No column of the table fits a key: keys are such as {keys}, columns such as "
            "{columns}. Choose another key column or pattern.",
            keys=_some(found.without),
            columns=_some(table.columns),
        )


def _counted(unit: str, into: str) -> bool:
    """Tell whether a unit is one of energy, and the other one of power."""
    return unit in alike_units("kWh") and into in alike_units("kW")


def _warnings(state: State, read: Read, wish: Wish, table: Table, found: Coverage) -> Iterator[str]:
    if found.alike:
        yield _(
            "{count} keys differ from a column only in capitals, blanks or leading zeros, such as "
            "'{key}' and '{column}'.",
            count=len(found.alike), key=found.alike[0][0], column=found.alike[0][1],
        )  # fmt: skip
    if found.shared and wish.scale in {"", NONE}:
        yield _(
            "{count} elements share a column with another: each gets the whole value, and sums "
            "count it more than once.",
            count=found.shared,
        )
    if found.several and not wish.several:
        yield _(
            "{count} elements have several columns; only the first of each counts. Choose how "
            "they become one.",
            count=found.several,
        )
    yield from _about_time(state, table, found)
    yield from _about_others(state, read, wish)
    for problem in read.problems:
        if problem.severity != "info":
            yield problem.message


def _about_time(state: State, table: Table, found: Coverage) -> Iterator[str]:
    clock, own = state.base.time, table.time
    if found.matched and not found.present:
        yield _("The columns that fit hold no value.")
    if not clock.static and not own.static and (own.stop <= clock.start or own.start >= clock.stop):
        yield _("The table has no step within the span of the other data.")


def _about_others(state: State, read: Read, wish: Wish) -> Iterator[str]:
    """Say what the edit changes beside the join itself."""
    joins = list(state.project.joins or ())
    others = [one for k, one in enumerate(joins, 1) if k != wish.number]
    for one in others:
        if (one.layer, one.quantity) == (wish.layer, wish.quantity):
            yield _(
                "'{layer}' has {quantity} from '{table}' already; that join is replaced.",
                layer=one.layer, quantity=quantity_title(one.quantity), table=one.table,
            )  # fmt: skip
    key = (wish.layer, wish.quantity)
    joined = key in {(one.layer, one.quantity) for one in joins}
    if state.base.find(*key) is not None and not joined:
        yield _(
            "'{layer}' has {quantity} from the devices of a grid or a model; these count, and the "
            "table will not be used. Join it to the layer of the devices.",
            layer=wish.layer, quantity=quantity_title(wish.quantity),
        )  # fmt: skip
    known = {one.id for one in state.project.sources}
    mine = {id_ for id_, owner in read.collected.owners.items() if owner == read.source.id}
    count = sum(one.table in mine for one in others)
    if read.changed and read.source.id in known and count:
        yield _("The file is read in another way for {count} other joins too.", count=count)


def _notes(read: Read, table: Table) -> Iterator[str]:
    axis = table.time
    if not axis.static:
        yield _(
            "{steps} steps of {minutes:g} min from {begin} to {end}, {zone}.",
            steps=axis.count, minutes=axis.step / 60, zone=axis.tz,
            begin=format_instant(axis.start, axis.tz), end=format_instant(axis.stop, axis.tz),
        )  # fmt: skip
    for problem in read.problems:
        if problem.severity == "info":
            yield problem.message


def _some(texts: Sequence[str]) -> str:
    shown = ", ".join(f"'{one}'" for one in texts[:NAMED])
    return shown or _("none")


def guesses_text(look: Look) -> str:
    """Return one sentence that names everything that was guessed; empty where nothing was."""
    if not look.guessed:
        return ""
    said = ", ".join(f"{name}={getattr(look.wish, name)}" for name in look.guessed)
    return _("Guessed from names: {said}.", said=said)


# ------------------------------------------------------------------------------------ first rows
def _first_rows(
    join: Join, table: Table, layer: Layer
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the first rows of a table, the columns that fit first."""
    _elements, places = pairs(join.pattern, table.columns, keys_of(layer, join.column))
    order = list(dict.fromkeys([*places.tolist(), *range(len(table.columns))]))[:ACROSS]
    axis = table.time
    heads = (_("Time"), *(_headed(table, k) for k in order))
    rows = tuple(
        (
            "" if axis.static else format_instant(axis.seconds(i), axis.tz),
            *(_cell(float(table.values[i, k])) for k in order),
        )
        for i in range(min(axis.count, ROWS))
    )
    return heads, rows


def _headed(table: Table, k: int) -> str:
    unit = table.units[k]
    return f"{table.columns[k]} [{unit}]" if unit else table.columns[k]


def _cell(value: float) -> str:
    return f"{value:.6g}" if np.isfinite(value) else ""
