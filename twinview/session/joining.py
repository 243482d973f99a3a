"""Joins as the user makes them: a wish, what is guessed of it, what it would come to, the edit."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from twinview.i18n import _
from twinview.model.collecting import Collected, collect
from twinview.model.join import Join
from twinview.model.pairing import ID
from twinview.model.part import Table
from twinview.model.problem import CommandError, Problem
from twinview.model.quantities import factor, quantities
from twinview.model.twin import DISTRICT, Layer
from twinview.progress import Job, Progress, part_of
from twinview.readers.common.hours import with_times
from twinview.readers.common.said import checked
from twinview.readers.registry import Options
from twinview.session.opening import Content, Shelf, build, files_of, new_source, read_sources
from twinview.session.project import Project, Source
from twinview.session.store import Edited, State

READING = ("time", "key", "form", "tz", "origin")
"""Choices that say how a file is read."""
JOINING = ("table", "column", "scale", "pattern", "unit", "several")
"""Choices that say how a table is joined."""
NONE = "none"
"""Says that there is nothing, where silence asks for a guess."""


@dataclass(frozen=True)
class Wish:
    """A join as far as the user has said it.

    Parameters
    ----------
    source
        Id or path of a source of the project, or the path of another file.
    layer, quantity, table, column, pattern, unit, several
        As in `Join`; empty ones are guessed.
    scale
        Column of the layer that the values are multiplied with: the table's columns are profiles
        then, which `column` names. `NONE` for none; empty where it is guessed.
    reading
        How the file is read: `READING`.
    number
        Which join of the project is replaced, counted from 1; 0 adds one.
    """

    source: str = ""
    layer: str = ""
    quantity: str = ""
    table: str = ""
    column: str = ""
    pattern: str = ""
    unit: str = ""
    several: str = ""
    scale: str = ""
    reading: Mapping[str, str] = field(default_factory=dict)
    number: int = 0


@dataclass(frozen=True, eq=False)
class Read:
    """The sources of a project as a wish wants them read.

    Parameters
    ----------
    project
        The project with the wish's source in it.
    source
        That source.
    content, collected
        What was read.
    changed
        Whether the source is new, or is read in another way than before.
    """

    project: Project
    source: Source
    content: Content
    collected: Collected
    changed: bool

    @property
    def tables(self) -> list[Table]:
        """The tables of the wish's source that can be joined."""
        found = self.collected
        return [
            table
            for id_, table in found.tables.items()
            if found.owners[id_] == self.source.id and table.layer != DISTRICT
        ]

    @property
    def problems(self) -> list[Problem]:
        """What was noticed while the source was read."""
        part = self.content.parts.get(self.source.id)
        name = Path(self.source.path).name
        own = [one for one in self.content.problems if one.source == self.source.path]
        return own + [one for one in (part.problems if part else ()) if one.source in ("", name)]


def known_source(state: State, name: str) -> Source | None:
    """Return the source of a project that has an id, a path or a file's name; None for none."""
    sources = state.project.sources
    for told in (lambda s: s.id, lambda s: s.path, lambda s: Path(s.path).name):
        found = next((one for one in sources if told(one) == name), None)
        if found is not None:
            return found
    return None


def source_named(state: State, name: str) -> Source:
    """Return the source that a name means, or raise CommandError with those there are."""
    source = known_source(state, name)
    if source is None:
        known = ", ".join(one.path for one in state.project.sources)
        raise CommandError(_("The project has no source '{name}'; it has {known}.",
                             name=name, known=known or _("none")))  # fmt: skip
    return source


def read_for(state: State, wish: Wish, shelf: Shelf | None = None) -> Job[Read]:
    """Read the sources of a project as a wish wants them.

    Parameters
    ----------
    state
        What is open.
    wish
        The wish.
    shelf
        See `read_sources`.

    Raises
    ------
    CommandError
        For a source that is not there, or cannot be read so.
    """
    source, file = known_source(state, wish.source), None
    if source is None:
        file = Path(wish.source).expanduser()
        if not wish.source or not file.exists():
            known = ", ".join(one.id for one in state.project.sources)
            raise CommandError(
                _("There is no source or file '{name}'; sources are {known}.",
                  name=wish.source, known=known or _("none"))
            )  # fmt: skip
        source = new_source(state, file)
    checked(Options(origin=wish.reading.get("origin")))
    said = {**source.options, **{key: text for key, text in wish.reading.items() if text}}
    if wish.several:
        said["several"] = wish.several
    elif wish.number:  # changed to nothing
        said.pop("several", None)
    asked = source.model_copy(update={"options": said})
    old = list(state.project.sources)
    files = files_of(state)
    if file is None:
        sources = [asked if one.id == asked.id else one for one in old]
    else:
        sources, files = [*old, asked], [*files, file.resolve()]
    project = state.project.model_copy(update={"sources": tuple(sources)})
    content = yield from read_sources(project, state.path, chosen=files, shelf=shelf)
    _check_read(content, asked)
    changed = file is not None or said != source.options
    return Read(project, asked, content, collected(content), changed)


def collected(content: Content) -> Collected:
    """Return what was read as the district takes it: with times, under unique ids."""
    parts = content.parts
    return collect(dict(zip(parts, with_times(list(parts.values())), strict=True)))


def _check_read(content: Content, source: Source) -> None:
    if source.id not in content.parts:
        own = [one.message for one in content.problems if one.source == source.path]
        raise CommandError(own[0] if own else _("{path} was not read.", path=source.path))


def table_of(read: Read, wish: Wish) -> Table:
    """Return the table that a wish means: by id, title or column of values, else the first one."""
    tables = read.tables
    if not tables:
        raise CommandError(
            _(
                "{path} holds no table of values over time; name its column of times.",
                path=Path(read.source.path).name,
            )
        )
    if not wish.table:
        return next((one for one in tables if _fits(one, wish.quantity)), tables[0])
    for one in tables:
        if wish.table in (one.id, one.title) or one.title.endswith(f" {wish.table}"):
            return one
    raise CommandError(
        _(
            "There is no table '{name}'; there are {known}.",
            name=wish.table,
            known=", ".join(one.id for one in tables),
        )
    )


def _fits(table: Table, quantity: str) -> bool:
    """Tell whether a table's own units can be those of a quantity."""
    known = quantities().get(quantity)
    try:
        return known is None or all(factor(u, known.unit) for u in set(table.units) if u)
    except ValueError:
        return False


def join_of(read: Read, wish: Wish) -> Join:
    """Return the join that a whole wish makes."""
    table = table_of(read, wish).id
    if wish.scale not in {"", NONE}:
        return Join("profiles", table, wish.layer, wish.quantity,
                    profile=wish.column or "id", scale=wish.scale, unit=wish.unit)  # fmt: skip
    return Join(
        "columns",
        table,
        wish.layer,
        wish.quantity,
        pattern=wish.pattern or ID,
        unit=wish.unit,
        column="" if wish.column == "id" else wish.column,
        several=wish.several,  # type: ignore[arg-type]  # checked where it is said
    )


def with_join(state: State, read: Read, wish: Wish, guesses: str = "") -> Edited:
    """Return the edit that a whole wish makes: it replaces what gave the same to the layer.

    Parameters
    ----------
    state, read, wish
        What is open, what was read, what is wished.
    guesses
        A sentence on what was guessed of the wish; it becomes a note.
    """
    join = join_of(read, wish)
    joins = list(state.project.joins or ())
    place = wish.number - 1 if wish.number else len(joins)
    kept = [
        one
        for k, one in enumerate(joins)
        if k != place and (one.layer, one.quantity) != (join.layer, join.quantity)
    ]
    before = len([one for one in joins[:place] if one in kept])
    kept.insert(before, join)
    fix = _("Change it with 'Join a table...' in the menu Data if this is wrong.")
    said = [Problem("info", "join.guessed", guesses, fix, layer=join.layer)] if guesses else []
    return _edited(state, read.project, read.content, tuple(kept), said)


def without_join(state: State, number: int) -> Job[Edited]:
    """Return the edit that parts a table from a layer.

    Parameters
    ----------
    state
        What is open.
    number
        Of the join, counted from 1 as they are listed.
    """
    joins = list(state.project.joins or ())
    check_number(joins, number)
    del joins[number - 1]
    content = yield from part_of(
        read_sources(state.project, state.path, chosen=files_of(state)), 0.0, 0.9
    )
    yield Progress(0.9, _("Putting the district together"))
    return _edited(state, state.project, content, tuple(joins))


def check_number(joins: Sequence[Join], number: int) -> Join:
    """Return a join by its number, or raise CommandError."""
    if not 1 <= number <= len(joins):
        raise CommandError(
            _("There are {count} joins; there is no number {number}.",
              count=len(joins), number=number)
        )  # fmt: skip
    return joins[number - 1]


def _edited(
    state: State,
    project: Project,
    content: Content,
    joins: tuple[Join, ...],
    said: Sequence[Problem] = (),
) -> Edited:
    project = project.model_copy(update={"joins": joins})
    made = build(project, state.view, state.path, content, said)
    return Edited(made.project, made.base, understood=made.understood)


def wish_of(state: State, number: int, owners: Mapping[str, str]) -> Wish:
    """Return the wish that a join of the project came from, to be changed.

    Parameters
    ----------
    state
        What is open.
    number
        Of the join, counted from 1.
    owners
        Source of each table (`twinview.model.collecting.Collected`).
    """
    join = check_number(state.project.joins or (), number)
    told = asdict(join)
    kept = {name: told[name] for name in ("layer", "quantity", "column", "pattern", "unit",
                                          "several", "table")}  # fmt: skip
    kept["column"] = join.profile or join.column or "id"
    kept["scale"] = join.scale or NONE
    source = owners.get(join.table, join.table)
    found = next((one for one in state.project.sources if one.id == source), None)
    said: dict[str, Any] = {} if found is None else found.options
    reading = {key: str(said[key]) for key in READING if key in said}
    return Wish(source=source, reading=reading, number=number, **kept)


def layer_of(state: State, id_: str) -> Layer:
    """Return a layer of what is open, or raise CommandError that names those there are."""
    layers = state.base.layers
    if id_ not in layers:
        raise CommandError(
            _("There is no layer '{id}'; there are {known}.", id=id_, known=", ".join(layers))
        )
    return layers[id_]


def said_of(wish: Wish, choices: Mapping[str, str]) -> Wish:
    """Return a wish with choices by word, those of `READING` among them."""
    reading = {**wish.reading, **{k: v for k, v in choices.items() if k in READING}}
    own = {k: v for k, v in choices.items() if k not in READING}
    if own.get("several") == NONE:
        own["several"] = ""
    return replace(wish, reading=reading, **own)  # type: ignore[arg-type]
