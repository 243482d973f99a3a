"""What was understood of the files of a project: one line each, and what is wrong with them."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from twinview.i18n import N_, _
from twinview.model.problem import Problem, worst_first
from twinview.scene.numbers import number
from twinview.scene.words import quantity_title
from twinview.session.answer import Answer
from twinview.session.project import Source
from twinview.session.store import State, Understood

HEIGHTS = {
    "measured": N_("measured"), "storeys": N_("from storeys"), "default": N_("assumed"),
    "generated": N_("generated"), "": N_("unknown"),
}  # fmt: skip
KNOWN_FROM = {"file": N_("the file says so"), "given": N_("you said so")}
MOST, LISTED = 3, 12
"""Quantities that are named of a file, and problems that are listed below the table."""


def report(state: State, ids: Sequence[str] | None = None) -> Answer:
    """Return what was read: kind, coordinate system, rows kept, heights, problems of each file.

    Parameters
    ----------
    state
        What is open.
    ids
        Ids of the sources; None for all.
    """
    sources = [one for one in state.project.sources if ids is None or one.id in ids]
    columns = (_("File"), _("Holds"), _("Coordinates"), ">" + _("Rows kept"), ">" + _("Left out"),
               _("Heights"), ">" + _("Problems"))  # fmt: skip
    problems = {one.id: _problems(state, one) for one in sources}
    rows = tuple(_row(state, one, problems[one.id]) for one in sources)
    said = worst_first([p for some in problems.values() for p in some])
    remarks = [f"{one.source}: {one.message} {one.fix}".strip() for one in said]
    if len(remarks) > LISTED:
        more = _("{count} more are listed under Problems.", count=len(remarks) - LISTED)
        remarks = [*remarks[:LISTED], more]
    return Answer(_("What was read"), columns, rows, tuple(remarks))


def _row(state: State, source: Source, problems: Sequence[Problem]) -> tuple[str, ...]:
    found, name = state.understood.get(source.id), PurePosixPath(source.path).name
    count = str(len(problems)) if problems else ""
    if found is None:
        return (name, _("not read"), "", "", "", "", count)
    read, kept = (sum(pair[k] for pair in found.rows.values()) for k in (0, 1))
    gone = number(read - kept) if read > kept else ""
    holds = _holds(state, source.id) or _("nothing that is used")
    return (name, holds, _coordinates(found), number(kept) if found.rows else "", gone,
            _heights(state, source.id), count)  # fmt: skip


def _holds(state: State, id_: str) -> str:
    """Return the layers and series that come from a source."""
    twin = state.base
    layers = [f"{_(one.title)} {number(len(one))}" for one in twin.layers.values()
              if one.source == id_ and one.geometry is not None]  # fmt: skip
    quantities = dict.fromkeys(
        quantity_title(one.meaning.quantity)
        for one in twin.series.values() if one.meaning.source == id_
    )  # fmt: skip
    series = list(quantities)
    if len(series) > MOST:
        series = [*series[:MOST], _("{count} more", count=len(series) - MOST)]
    return ", ".join([*layers, *series])


def _coordinates(found: Understood) -> str:
    if not found.crs:
        return ""
    crs = found.crs if len(found.crs) < 20 else found.crs.split('"')[1]
    reason = found.crs_reason
    how = _(KNOWN_FROM[reason]) if reason in KNOWN_FROM else reason
    return f"{crs} ({how})" if how else crs


def _heights(state: State, id_: str) -> str:
    """Return where the heights of a source's buildings come from, with counts."""
    counts: Counter[str] = Counter()
    for layer in state.base.layers.values():
        if layer.source == id_ and layer.has("height_source"):
            counts.update(str(one or "") for one in layer.column("height_source"))
    return ", ".join(f"{_(HEIGHTS.get(source, source))} {number(n)}"
                     for source, n in counts.most_common())  # fmt: skip


def _problems(state: State, source: Source) -> list[Problem]:
    """Return the errors and warnings of a source; notes are not problems."""
    name = PurePosixPath(source.path).name
    return [one for one in state.base.problems
            if one.severity != "info" and one.source in {source.id, source.path, name}]  # fmt: skip
