"""The page of the supply: where the power of the selection comes from, now or over some time."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from twinview.gui.asking import AskingPanel
from twinview.gui.cards import text_label
from twinview.gui.jobcard import JobRow
from twinview.gui.jobs import Jobs
from twinview.gui.sankey import Sankey, source_title
from twinview.gui.statistics import Segments
from twinview.gui.style import IconButton
from twinview.gui.value import Place, offer_why, offer_why_at
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.window import INSTANT, Window
from twinview.progress import Job
from twinview.scene.aggregation import window_text
from twinview.scene.numbers import number
from twinview.scene.sifting import SELECTED
from twinview.session.bands import SOON, Bands, How, Users, bands, remarks_on, steps_in, users_of
from twinview.session.command import Command, find
from twinview.session.selected import chosen, layer_meant, sieve, unseen_words
from twinview.session.spans import ends_of, ends_text, stretched
from twinview.session.store import State

TIMES = {"instant": N_("Now"), "window": N_("Window"), "span": N_("Stretch")}


@dataclass(frozen=True, eq=False)
class Waiting:
    """A question that takes long: its steps must be traced first."""

    users: Users
    steps: tuple[int, ...]


class SupplyPanel(AskingPanel):
    """Asks for the bands of the selection: now, over the window, or the stretch of the time bar.

    What takes long is a job, with its row here and among the others; what it has traced stays
    known where it is ended.

    Signals
    -------
    said
        ``(text)``: something was copied.
    wondered
        ``(command, arguments)``: what a band is made of is wanted.
    """

    said = Signal(str)
    wondered = Signal(str, tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.time, self.picture = Segments(TIMES), Sankey()
        self.copy = IconButton("fa6s.copy", size=14)
        self.title = text_label(role="soft", wrap=True)
        self.note = text_label(role="small", wrap=True)
        self.again = QPushButton()
        self.row: JobRow | None = None
        self._jobs: Jobs | None = None
        self._state: State | None = None
        self._index, self._shown = 0, range(1)
        self._asked: object = None
        self._ledger: object = None
        head = QHBoxLayout()
        head.addWidget(self.time, 1)
        head.addWidget(self.copy)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addLayout(head)
        for part in (self.title, self.picture, self.note):
            self._column.addWidget(part)
        self._column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        self.again.hide()
        self.again.clicked.connect(self._go_on)
        self.time.chosen.connect(lambda _key: self._timer.start())
        self.copy.clicked.connect(self.copy_data)
        self.picture.asked.connect(self._wonder)
        offer_why_at(self.picture, self._flow_at)
        offer_why(self.title, partial(self._wonder, "", ""), self.title.text)
        self.retranslate()

    def join(self, jobs: Jobs) -> None:
        """Have long questions be jobs of a window."""
        self._jobs = jobs
        jobs.changed.connect(self._follow_job)
        jobs.stopped.connect(self._stopped)
        jobs.failed.connect(self._failed)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.time.retranslate()
        self.copy.describe(_("Copy the data of the picture"))
        self.again.setText(_("Go on"))
        self._asked = None
        self._timer.start()

    def changed(self, _old: State, new: State) -> None:
        """Follow the session."""
        self._state = new
        if self.isVisible():
            self._timer.start()

    def show_time(self, index: int, shown: range) -> None:
        """Follow the clock and the stretch of the time bar."""
        if (index, shown) != (self._index, self._shown):
            self._index, self._shown = index, shown
            if self.isVisible():
                self._timer.start()

    # -------------------------------------------------------------------------------------- asking
    def _steps(self, state: State) -> tuple[tuple[int, ...], How]:
        if self.time.value == "window":
            return steps_in(state.twin, state.view)
        if self.time.value == "span":
            held = self._held(state)
            if held is None:
                return (), "sum"
            return steps_in(state.twin, replace(state.view, window=held))
        return (self._index,), "rate"

    def _held(self, state: State) -> Window | None:
        """Return the stretch of the bar as a window; None where no range lies in it."""
        if state.twin.time.static:
            return INSTANT
        return stretched(state, self._shown)

    def _flow_at(self, place: QPoint) -> Place | None:
        """Return what stands at a place of the picture, and the way to what it is made of."""
        found = self.picture.flow_at(QPointF(place))
        if found is None:
            return None
        return partial(self._wonder, *found), self.picture.text_of(*found)

    def _wonder(self, source: str, use: str) -> None:
        """Ask what is behind the power from a source to a use; empty for all of them."""
        state = self._state
        if state is None or self.picture.bands is None:
            return
        held = self._held(state) if self.time.value == "span" else None
        ends = ("", "") if held is None else ends_text(state.twin.time, ends_of(held))
        how = "instant" if self.time.value == "instant" else ""
        words = (layer_meant(state).id, SELECTED, "consumption", how, f"supply:{source}:{use}")
        self.wondered.emit("why", (*words, *(ends if any(ends) else ())))

    def _ask(self) -> None:
        state = self._state
        if state is None or not self.isVisible():
            return
        steps, how = self._steps(state)
        if not steps:
            self._answered(
                self._asked, CommandError(_("The range lies outside of the stretch that is shown."))
            )
            return
        key = (id(state.twin), state.view.selection, steps, how, sieve(state))
        if key != self._asked:
            self._asked = key
            self.again.hide()
            self.note.setText("" if self.row is not None else _("Being traced..."))
            at_once = self._jobs is None

            def work() -> Bands | Waiting:
                users = _users(state)
                if users.missing(steps) > SOON and not at_once:
                    return Waiting(users, steps)
                return bands(users, steps, how, lambda: key == self._asked)

            self.asker.ask(key, work)

    def _answered(self, key: object, answer: object) -> None:
        if key != self._asked:
            return
        if isinstance(answer, Waiting):
            self._begin(answer)
            return
        self._drop_job()
        found = answer if isinstance(answer, Bands) and answer.items else None
        self._show(found)
        if isinstance(answer, CommandError):
            self.note.setText(str(answer))
        elif isinstance(answer, Bands):
            remarks = remarks_on(answer)
            none = () if answer.items else (_("They draw no power from the grid then."),)
            self.note.setText(" ".join((*none, *self._left_out(), *remarks)))

    def _left_out(self) -> list[str]:
        """Return what of the selection does not count, and why."""
        if self._state is None:
            return []
        return [f"{one}." for one in chosen(self._state, layer_meant(self._state).id).words]

    def _show(self, found: Bands | None) -> None:
        self.picture.show_bands(found)
        self.picture.setVisible(found is not None)
        self.title.setVisible(found is not None)
        if found is None:
            return
        units = ("kWh", "kg CO₂") if found.span else ("kW", "kg CO₂/h")
        text = _("{count} elements draw {energy} with {carbon}", count=number(found.count),
                 energy=number(found.energy, 3, units[0]),
                 carbon=number(found.carbon, 3, units[1]))  # fmt: skip
        state = self._state
        if state is not None and self.time.value != "instant" and not state.twin.time.static:
            held = self._held(state) if self.time.value == "span" else state.view.window
            text += "\n" + window_text(state.twin.time, held or INSTANT, state.view.time)
        self.title.setText(text)

    # ---------------------------------------------------------------------------------- long ones
    def _begin(self, waiting: Waiting) -> None:
        """Trace in a job, unless one of the same users is under way: its steps are asked next."""
        assert self._jobs is not None
        self._show(None)
        self.note.setText("")
        if self.row is not None:
            if self._ledger is waiting.users.ledger:
                return
            self._drop_job()
        self._ledger = waiting.users.ledger
        self._jobs.drive(_errand(), _traced(waiting), self._traced)
        ticket = next(reversed(self._jobs.running.values()))
        self.row = JobRow(self._jobs, ticket, self)
        self._column.insertWidget(self._column.count() - 1, self.row)
        self._follow_job()

    def _traced(self, _nothing: object) -> None:
        """Ask again for what is wanted now: what was traced is known."""
        self._asked = None
        self._timer.start()

    def _follow_job(self) -> None:
        if self.row is None or self._jobs is None:
            return
        if self.row.ticket.number in self._jobs.running:
            self.row.refresh(newest=False)
        else:
            self._forget_row()

    def _drop_job(self) -> None:
        if self.row is not None and self._jobs is not None:
            self._jobs.cancel(self.row.ticket)

    def _forget_row(self) -> None:
        if self.row is not None:
            self.row.hide()
            self._column.removeWidget(self.row)
            self.row.deleteLater()
            self.row = None

    def _stopped(self, command: Command) -> None:
        if command.name == _errand().name:
            self.note.setText(_("Ended before all was traced; what was traced stays known."))
            self.again.show()

    def _failed(self, command: Command, error: object) -> None:
        if command.name == _errand().name:
            self.note.setText(str(error) if isinstance(error, CommandError) else "")

    def _go_on(self) -> None:
        self._asked = None
        self._timer.start()

    def copy_data(self) -> None:
        """Copy the bands as a table."""
        found = self.picture.bands
        if found is None:
            return
        units = ("kWh", "kg") if found.span else ("kW", "kg/h")
        heads = (
            _("Source"),
            _("Use"),
            f"{_('Energy')} [{units[0]}]",
            f"{_('Carbon')} [{units[1]}]",
        )
        lines = ["\t".join(heads)]
        lines += [
            f"{source_title(one.source)}\t{one.use}\t{one.energy:.6g}\t{one.carbon:.6g}"
            for one in found.items
        ]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
        self.said.emit(_("The data of the picture were copied."))


def _errand() -> Command:
    """Return the name under which the page's own question runs, beside the command's."""
    return replace(find("select.sources"), name="select.sources.shown")


def _traced(waiting: Waiting) -> Job[Any]:
    yield from waiting.users.trace(waiting.steps, away=True)


def _users(state: State) -> Users:
    """Return the selected elements (in a thread).

    Raises
    ------
    CommandError
        Nothing is selected, or all of it is kept back.
    """
    layer = layer_meant(state)
    counts = chosen(state, layer.id)
    if counts.words and not counts.rows:
        raise CommandError(unseen_words(counts))
    if not counts.rows:
        raise CommandError(_("Select buildings or loads to see where their power comes from."))
    return users_of(state.twin, state.project, layer, counts.rows[layer.id])
