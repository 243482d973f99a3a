"""Which tables serve which layers: looked at, joined, changed and parted."""

from twinview.i18n import N_, _
from twinview.model.coverage import Coverage, coverage
from twinview.model.join import Join
from twinview.model.pairing import places_of
from twinview.model.part import Table
from twinview.model.problem import CommandError
from twinview.model.twin import Layer
from twinview.progress import Job, Progress, part_of
from twinview.scene.numbers import number
from twinview.scene.words import quantity_title
from twinview.session.answer import Answer
from twinview.session.answers import choices_in
from twinview.session.command import command
from twinview.session.join_look import Look, guesses_text, look_at
from twinview.session.joining import (
    JOINING,
    READING,
    Wish,
    check_number,
    collected,
    said_of,
    wish_of,
    with_join,
    without_join,
)
from twinview.session.opening import Content, files_of, read_sources
from twinview.session.store import Edited, Session, State

MENU = N_("Data")
WORDS = (*JOINING, *READING)
LISTED = 20
"""Keys and columns without a mate that are listed."""


@command("data.join", N_("Join a table..."), menu=MENU, icon="fa6s.link")
def join(
    session: Session, source: str, layer: str = "", quantity: str = "", choices: str = ""
) -> Job[Edited]:
    """Join a table of values over time, of a file or a source, to the elements of a layer; behind
    it may stand choices such as pattern=load_{id};unit=kW;several=sum.

    Parameters
    ----------
    session
        The store.
    source
        Id of a source, or a file.
    layer, quantity
        Of which elements it holds what; guessed from names where nothing is said.
    choices
        Written ``column=meter;pattern={id}_*;...``: table (of a file that holds several), column
        (of the layer that holds the keys), scale (column of the layer that each value is multiplied
        with: the keys then name profiles), pattern (name of the table's column for a key), unit,
        several (sum, mean, max or min of an element's columns or rows); time, key, form (wide or
        long) and tz say how the file is read, and origin where its numbers come from, such as
        measured or modelled.
    """
    wish = said_of(Wish(source, layer, quantity), choices_in(choices, WORDS))
    return _joined(session, wish)


@command("data.rejoin", N_("Change a join..."), menu=MENU)
def rejoin(session: Session, number: int, choices: str) -> Job[Edited]:
    """Change a join by its number in 'data.joins', such as data.rejoin 1 'unit=MW;several=sum'."""
    said = choices_in(choices, ("layer", "quantity", *WORDS))
    content = yield from part_of(_content(session.state), 0.0, 0.4)
    wish = said_of(wish_of(session.state, number, collected(content).owners), said)
    return (yield from part_of(_joined(session, wish), 0.4, 1.0))


@command("data.unjoin", N_("Part a join..."), menu=MENU, icon="fa6s.link-slash")
def unjoin(session: Session, number: int) -> Job[Edited]:
    """Part a table from its layer, by the number of the join in 'data.joins'."""
    check_number(session.state.project.joins or (), number)
    return without_join(session.state, number)


@command("data.coverage", N_("What a join would cover..."), menu=MENU)
def coverage_(
    session: Session, source: str, layer: str = "", quantity: str = "", choices: str = ""
) -> Job[Answer]:
    """Tell what joining a table would come to, without doing it: which keys fit, which do not."""
    wish = said_of(Wish(source, layer, quantity), choices_in(choices, WORDS))
    found = yield from look_at(session.state, wish)
    return _told(found)


@command("data.joins", N_("Joins, as a table..."), menu=MENU, icon="fa6s.table-list")
def joins(session: Session) -> Job[Answer]:
    """List the joins of the project by number, with how far each covers its layer."""
    state = session.state
    content = yield from part_of(_content(state), 0.0, 0.9)
    found = collected(content)
    rows = []
    for k, one in enumerate(state.project.joins or (), 1):
        yield Progress(0.9, _("Looking at join {number}", number=k))
        table, layer = found.tables.get(one.table), state.base.layers.get(one.layer)
        rows.append((str(k), *_line(one, table, layer, state)))
    columns = (
        ">" + _("Number"), _("Table"), _("Layer"), _("Quantity"), _("Unit"), _("How"),
        ">" + _("With a column"), ">" + _("Values there"),
    )  # fmt: skip
    remarks = () if rows else (_("No table is joined; 'data.join FILE LAYER' joins one."),)
    return Answer(_("Joins"), columns, tuple(rows), remarks)


def _joined(session: Session, wish: Wish) -> Job[Edited]:
    """Make a join that nothing speaks against; what was guessed becomes a note."""
    state = session.state
    found = yield from part_of(look_at(state, wish), 0.0, 0.8)
    if found.faults:
        raise CommandError(" ".join(found.faults))
    yield Progress(0.8, _("Putting the district together"))
    return with_join(state, found.read, found.wish, guesses_text(found))


def _content(state: State) -> Job[Content]:
    return (yield from read_sources(state.project, state.path, chosen=files_of(state)))


def _line(one: Join, table: Table | None, layer: Layer | None, state: State) -> tuple[str, ...]:
    """Return what stands of a join in the list, without its number."""
    how = one.profile if one.kind == "profiles" else f"{one.column or 'id'}: {one.pattern}"
    how = f"{how} ({one.several})" if one.several else how
    said = (one.table, one.layer, quantity_title(one.quantity), one.unit, how)
    if table is None or layer is None:
        return (*said, _("not there"), "")
    if one.kind == "profiles":
        names = layer.attributes[one.profile].cast("string").combine_chunks()
        known = int((places_of(table.columns, names) >= 0).sum())
        return (*said, f"{number(known)} / {number(len(layer))}", "")
    return (*said, *_shares(coverage(one, table, layer, state.base.time)))


def _shares(found: Coverage) -> tuple[str, str]:
    return (f"{number(found.matched)} / {number(found.elements)}", f"{found.percent:.1f} %")


def _told(look: Look) -> Answer:
    """Return a look as a table to read."""
    found, wish = look.coverage, look.wish
    said = [
        (_("Table"), look.table.title), (_("Layer"), look.layer.id),
        (_("Quantity"), quantity_title(wish.quantity)), (_("Unit"), wish.unit),
        (_("Key column"), wish.column), (_("Column for a key"), wish.pattern),
        (_("Elements with a column"), _shares(found)[0]), (_("Values there"), _shares(found)[1]),
        (_("Elements without a column"), _listed(found.without)),
        (_("Columns without an element"), _listed(found.unused)),
    ]  # fmt: skip
    texts = (guesses_text(look), *look.faults, *look.warnings, *look.notes)
    return Answer(
        _("What the join would cover"),
        (_("What"), _("Value")),
        tuple(said),
        tuple(text for text in texts if text),
    )


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - LISTED
    shown = ", ".join(names[:LISTED])
    return shown if more <= 0 else _("{shown} and {count} more", shown=shown, count=more)
