"""What the palette offers: everything of the command table, local actions, elements by name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from twinview.gui.able import Choice, hindrance
from twinview.gui.actions import LEFT_OUT, LOCAL, Actions
from twinview.i18n import LANGUAGES, N_, _, language, said_in
from twinview.model.problem import CommandError
from twinview.model.twin import Layer, Twin
from twinview.scene.words import KINDS, name_of
from twinview.session.command import Command, commands, parse, typed
from twinview.session.matching import score
from twinview.session.store import Session
from twinview.session.when import at_change, step_of

UNFIT = LEFT_OUT | {"file.new_with", "file.add_with", "time.index", "time.between",
                   "time.range_steps", "view.camera", "gui.escape"}  # fmt: skip
"""What a person at a window never asks for by name."""
MOST, MOST_ELEMENTS = 60, 8
"""Entries that are listed, and elements among them."""
RECENT_BONUS = 12.0
"""What having been used lately counts, of a hundred."""
SHORTEST = 2
"""Letters from which on what is typed may name an instant."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One line of the palette.

    Parameters
    ----------
    id
        Under which its use is remembered; empty for what is not.
    title, other
        In the language in use, and in the other one where that differs.
    act
        What it does.
    group, keys
        Menu it stands in, and its keys.
    hindrance
        Why it cannot be done now; empty where it can.
    help
        A sentence about it.
    """

    id: str
    title: str
    act: Callable[[], object]
    other: str = ""
    group: str = ""
    keys: str = ""
    hindrance: str = ""
    help: str = ""

    @property
    def texts(self) -> list[tuple[str, float]]:
        """What a query is looked for in, with weights; the many columns weigh less."""
        title = 0.8 if self.id.startswith("overlay.attribute ") else 1.0
        return [(self.title, title), (self.other, title), (self.id, 0.7), (self.group, 0.6),
                (self.help, 0.5)]  # fmt: skip


def _other(*titles: str) -> str:
    """Return titles in the first language that is not in use; empty where it is the same."""
    code = next(one for one in LANGUAGES if one != language())
    there = ": ".join(said_in(code, one).rstrip(". …") for one in titles if one)
    here = ": ".join(_(one).rstrip(". …") for one in titles if one)
    return "" if there == here else there


def entries(session: Session, actions: Actions, run: Callable[..., object]) -> list[Entry]:
    """Return everything that can be done, in the order of the menus.

    Parameters
    ----------
    session
        What is open.
    actions
        Of the window: keys, and the choices of commands that have a menu of their own.
    run
        Runs a command, asking for what is missing.
    """
    found: list[Entry] = []
    for name in actions.order():
        choices = actions.choices(name)
        if choices is not None:
            some = choices() or [Choice("", lambda: None, hindrance=_("Nothing to choose"))]
            found += [_chosen(session, commands()[name], one) for one in some]
        elif name in commands() and name not in UNFIT:
            found.append(_command(session, actions, commands()[name], run))
    return found + [_local(session, actions, one.name) for one in LOCAL if one.name not in UNFIT]


def _chosen(session: Session, command: Command, one: Choice) -> Entry:
    title = ": ".join(filter(None, (_(command.title).rstrip(". …"), _(one.title))))
    return Entry(
        f"{command.name} {one.argument}", title, one.act, _other(command.title, one.title),
        _(command.menu), one.key, one.hindrance or hindrance(session, command.name), command.help,
    )  # fmt: skip


def _command(
    session: Session, actions: Actions, command: Command, run: Callable[..., object]
) -> Entry:
    action = actions.actions.get(command.name)
    return Entry(
        command.name, _(command.title), partial(run, command.name), _other(command.title),
        _(command.menu), "" if action is None else actions.keys_of(action),
        hindrance(session, command.name), command.help,
    )  # fmt: skip


def _local(session: Session, actions: Actions, name: str) -> Entry:
    action, title = actions.actions[name], actions.title(name)
    menu = next(one.menu for one in LOCAL if one.name == name)
    return Entry(name, _(title), action.trigger, _other(title), _(menu), actions.keys_of(action),
                 hindrance(session, name))  # fmt: skip


def ranked(
    query: str, known: Sequence[Entry], used: Sequence[str], loose: bool = False
) -> list[Entry]:
    """Return the entries that fit a query, best first; all of them, latest used first, for none.

    Parameters
    ----------
    query
        What was typed.
    known
        Entries in the order of the menus.
    used
        Ids that were used lately, latest first.
    loose
        Whether slips of the fingers fit too.
    """
    latest = {id_: k for k, id_ in enumerate(used)}
    if not query.strip():
        return sorted(known, key=lambda one: latest.get(one.id, len(latest)))
    marked = []
    for k, one in enumerate(known):
        mark = score(query, one.texts, loose)
        if mark is not None:
            bonus = RECENT_BONUS if one.id in latest else 0.0
            marked.append((-(mark + bonus), latest.get(one.id, len(latest)), k))
    return [known[k] for _mark, _rank, k in sorted(marked)][:MOST]


def typed_in(query: str, session: Session, run: Callable[..., object]) -> Iterator[Entry]:
    """Yield what a query itself asks for: an instant, or a whole line of a script."""
    twin = session.state.twin
    twice, skipped = at_change(session.state, query)
    if skipped:
        yield Entry("", query.strip(), lambda: None, group=_("Time"), hindrance=skipped)
        return
    if twice:
        said = (_("before the clocks go back"), _("after the clocks went back"))
        for text, when in zip(twice, said, strict=False):
            title = _("Go to {instant}", instant=f"{text.replace('T', ' ')}, {when}")
            yield Entry("", title, partial(run, "time.go", text), group=_("Time"))
        return
    if _names_instant(query, session):
        yield Entry("", _("Go to {instant}", instant=query.strip()),
                    partial(run, "time.go", query.strip()), group=_("Time"))  # fmt: skip
        return
    name, _space, rest = query.strip().partition(" ")
    if name not in commands() or not rest:
        return
    try:
        command, texts = parse(query)
        values = typed(command, texts, twin.time.tz)
    except CommandError as error:
        yield Entry("", query.strip(), lambda: None, hindrance=str(error))
        return
    yield Entry("", _("Run {line}", line=query.strip()), partial(run, name, *values),
                hindrance=hindrance(session, name), help=command.help)  # fmt: skip


def _names_instant(query: str, session: Session) -> bool:
    """Tell whether a query names an instant of the data: a date, a time, a name, a note."""
    if len(query.strip()) < SHORTEST:
        return False
    try:
        step_of(session.state, query)
    except CommandError:
        return False
    return True


def elements(query: str, twin: Twin, show: Callable[[str, str], object]) -> Iterator[Entry]:
    """Yield elements whose name or id holds a query.

    Parameters
    ----------
    query
        What was typed; single letters find nothing.
    twin
        The district.
    show
        Takes layer and element.
    """
    wanted, left = query.strip(), MOST_ELEMENTS
    if len(wanted) < 2:
        return
    for layer in twin.layers.values():
        for row in _rows(layer, wanted)[:left]:
            left -= 1
            id_ = layer.id_at(row)
            kind = _(KINDS.get(layer.kind, KINDS["other"]))
            yield Entry("", name_of(layer, row), partial(show, layer.id, id_), id_, kind,
                        help=_("Select it and fly there"))  # fmt: skip


def _rows(layer: Layer, wanted: str) -> list[int]:
    if layer.geometry is None:
        return []
    rows: dict[int, None] = {}
    for column in ("name", "name_en", "name_zh", "id"):
        if not layer.has(column):
            continue
        values = layer.attributes[column].cast(pa.string())
        how = pc.MatchSubstringOptions(wanted, ignore_case=True)
        holds = pc.call_function("match_substring", [values], how).fill_null(False)
        rows |= dict.fromkeys(np.flatnonzero(holds.to_numpy()).tolist())
        if len(rows) >= MOST_ELEMENTS:
            break
    return list(rows)


NOTHING = N_("Nothing fits. Other words may: what it shows, a menu, a name on the map.")
