"""Where the power of an element comes from."""

from typing import TYPE_CHECKING

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.time import format_instant
from twinview.progress import Job
from twinview.scene.numbers import number
from twinview.session.answer import Answer
from twinview.session.command import command
from twinview.session.store import Session

if TYPE_CHECKING:
    from twinview.session.origins import Origins


@command("share.of", N_("Where does this power come from?"))
def of(session: Session, layer: str, element: str, begin: str = "", end: str = "") -> Job[Answer]:
    """Tell where an element's power comes from: now, at an instant, or from one until another."""
    from twinview.session.origins import Tracer  # with all solvers, so not at the start

    twin, view = session.state.twin, session.state.view
    found = twin.layers.get(layer)
    if found is None or element not in found.row_of:
        raise CommandError(
            _("There is no element '{element}' in '{layer}'.", element=element, layer=layer)
        )
    try:
        first = twin.time.index_of(twin.time.parse(begin)) if begin else view.time
        steps = twin.time.window(twin.time.parse(begin), twin.time.parse(end)) if end else None
    except ValueError as error:
        raise CommandError(str(error)) from error
    tracer = Tracer(twin, session.state.project)
    row = found.row_of[element]
    if steps is None:
        origins = tracer.at(layer, row, first)
    else:
        origins = yield from tracer.over(layer, row, steps)
    ends = [first, first + 1] if steps is None else [steps.start, steps.stop]
    time = twin.time
    span = " – ".join(format_instant(time.start + time.step * one, time.tz) for one in ends)
    return _table(origins, _("Sources of {element}, {span}", element=element, span=span),
                  steps is None)  # fmt: skip


def _table(origins: "Origins", title: str, instant: bool) -> Answer:
    from twinview.session.origins import words

    units = ("kW", "kg/h") if instant else ("kWh", "kg")
    columns = (_("Source"), ">%", ">" + units[0], ">" + units[1])
    if not origins.items:
        return Answer(title, columns, (), (_("No power of known origin reaches it."),))
    idle = origins.total <= 0
    rows = tuple(
        (name, number(share * 100, 3), *(("–", "–") if idle else
         (number(one.power, 4), number(one.carbon, 4))))
        for name, share, one in zip(words(origins.items), origins.shares, origins.items,
                                    strict=True)
    )  # fmt: skip
    remarks = (_("It draws nothing; these are the parts of what it would get."),) if idle else ()
    return Answer(title, columns, rows, remarks)
