"""The dialog of joins: made, changed and removed, with a look at each before it is accepted."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.asking_dialog import AskingDialog
from twinview.gui.cards import text_label
from twinview.gui.dialogs import ask_open
from twinview.gui.fitting import fit
from twinview.gui.helping import HelpButton
from twinview.gui.join_form import OTHER, JoinForm
from twinview.gui.join_preview import JoinPreview
from twinview.gui.questions import plain
from twinview.gui.subject import layer_title
from twinview.i18n import N_, _
from twinview.model.join import PER_STEP, Join, patterns_of
from twinview.model.pairing import ID
from twinview.model.problem import CommandError, NeedsAnswer
from twinview.model.quantities import alike_units, quantities
from twinview.progress import Progress, drain
from twinview.scene.words import column_title, quantity_title
from twinview.session.answers import to_text
from twinview.session.join_heads import Heading, headings
from twinview.session.join_look import JOINABLE, Look, look_at, scales_of
from twinview.session.joining import JOINING, NONE, READING, Wish, collected, wish_of
from twinview.session.opening import Shelf, files_of, read_sources
from twinview.session.store import Session, State

_WIDE, _HIGH, _FORM = 1120, 720, 400
_TABLES = frozenset({".csv", ".tsv", ".parquet", ".arrow", ".feather"})
_ZONES = ("UTC", "Europe/Berlin", "Europe/London", "America/New_York", "Asia/Shanghai")


@dataclass(frozen=True, eq=False)
class _Seen:
    """What a look found: the look or why there is none, and the columns of the file."""

    look: Look | CommandError | None
    heads: tuple[Heading, ...]


class JoinWindow(AskingDialog):
    """Everything that can be done with joins."""

    def __init__(
        self, session: Session, ask: Callable[..., object], parent: QWidget | None = None
    ) -> None:
        super().__init__(session, ask, parent)
        self._shelf: Shelf = {}
        self._heads: tuple[Heading, ...] = ()
        self.look: Look | None = None
        self.which = QComboBox()
        self.which.activated.connect(lambda _k: self.show_join(int(self.which.currentData())))
        self.form, self.preview = JoinForm(), JoinPreview()
        self.form.changed.connect(self._look_anew)
        self.form.file_wanted.connect(self._choose_file)
        self.file, self.remove, self.leave, self.accept_ = (QPushButton() for _k in range(4))
        self.accept_.setProperty("primary", True)
        for button, act in (
            (self.file, self._choose_file),
            (self.remove, self._remove),
            (self.leave, self.close),
            (self.accept_, self._accept),
        ):
            button.setAutoDefault(False)
            button.clicked.connect(act)
        self.state_line = text_label(role="small", wrap=True)
        self._told.connect(self.preview.wait)
        self._lay_out()
        fit(self, _WIDE, _HIGH)
        self.retranslate()

    def _lay_out(self) -> None:
        top, foot, middle = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.which, 1)
        top.addWidget(self.remove)
        side = QScrollArea()
        side.setWidgetResizable(True)
        side.setWidget(self.form)
        side.setFixedWidth(_FORM)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addLayout(top)
        left.addWidget(side, 1)
        left.addWidget(self.file)
        middle.setSpacing(20)
        middle.addLayout(left)
        middle.addWidget(self.preview, 1)
        foot.addWidget(HelpButton(N_("Joins"), "joins", partial(self._ask, "help.open"), self))
        foot.addWidget(self.state_line, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.accept_)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(middle, 1)
        column.addLayout(foot)

    # ----------------------------------------------------------------------------------- following
    def retranslate(self) -> None:
        """Write the texts anew."""
        self.setWindowTitle(_("Joins"))
        self.which.setAccessibleName(_("Which join"))
        self.remove.setText(_("Remove"))
        self.file.setText(_("Another file..."))
        self.leave.setText(_("Close"))
        self._list_joins()
        self._show_state()

    def _changed(self, old: State, new: State) -> None:
        if new.project is not old.project or new.base.layers is not old.base.layers:
            self._shelf.clear()
            self._list_joins()
            if self.isVisible():
                before, now = (len(one.project.joins or ()) for one in (old, new))
                self.show_join(now if now > before else min(self.number, now))

    @property
    def number(self) -> int:
        """Which join is shown, counted from 1; 0 for a new one."""
        return int(self.which.currentData() or 0)

    def _list_joins(self) -> None:
        now = self.number
        self.which.blockSignals(True)
        self.which.clear()
        self.which.addItem(_("New join"), 0)
        for k, one in enumerate(self._session.state.project.joins or (), 1):
            self.which.addItem(f"{k} · {self._said(one)}", k)
        self.which.setCurrentIndex(max(self.which.findData(now), 0))
        self.which.blockSignals(False)

    def _said(self, join: Join) -> str:
        layer = self._session.state.base.layers.get(join.layer)
        title = join.layer if layer is None else layer_title(layer)
        return f"{join.table} \u2192 {title}: {quantity_title(join.quantity)}"

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Forget what was read for the looks."""
        self.asker.drop()
        self._shelf.clear()
        super().closeEvent(event)

    # --------------------------------------------------------------------------------------- wishes
    def begin(self, layer: str = "") -> None:
        """Show the form of a new join, for a layer where one is named."""
        self.show_join(0, layer)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_join(self, number: int, layer: str = "") -> None:
        """Show a join of the project to be changed, or the form of a new one."""
        self.which.setCurrentIndex(max(self.which.findData(number), 0))
        self.look, self._heads = None, ()
        self._offer_known()
        wish = Wish(source="" if number else self._likely(), layer=layer)
        if number:
            self._recall(number)
            return
        self.form.setEnabled(True)
        self.form.start(wish)
        self._look_anew()

    def _recall(self, number: int) -> None:
        """Show a join of the project once it is known which source its table is of."""
        state, shelf = self._session.state, self._shelf

        def recalled() -> Wish:
            files = files_of(state)
            content = drain(read_sources(state.project, state.path, files, shelf), self._report)
            return wish_of(state, number, collected(content).owners)

        self.preview.wait(_("Looking..."))
        self.look_up(recalled)
        self._show_state()

    def _likely(self) -> str:
        """Return the last source that may be a table; empty where there is none."""
        sources = reversed(self._session.state.project.sources)
        return next((s.id for s in sources if Path(s.path).suffix.lower() in _TABLES), "")

    def _choose_file(self) -> None:
        for path in ask_open(self, _("Another file...").rstrip(". …")):
            self.use_file(path)

    def use_file(self, path: Path) -> None:
        """Take another file for the source."""
        known = [(one.id, Path(one.path).name) for one in self._session.state.project.sources]
        self.form.offer("source", [*known, (str(path), path.name), (OTHER, _("Another file..."))])
        self.form.say("source", str(path))
        self.form.boxes["source"].setCurrentIndex(len(known))

    def _offer_known(self) -> None:
        """Offer what is known without any file."""
        state = self._session.state
        sources = [(one.id, Path(one.path).name) for one in state.project.sources]
        self.form.offer("source", [*sources, (OTHER, _("Another file..."))])
        layers = [one for one in state.base.layers.values() if len(one)]
        self.form.offer("layer", [(one.id, layer_title(one)) for one in layers])
        order = [*JOINABLE, *(one for one in quantities() if one not in JOINABLE)]
        self.form.offer("quantity", [(one, quantity_title(one)) for one in order])
        zones = dict.fromkeys(z for z in (state.project.tz, state.base.time.tz, *_ZONES) if z)
        self.form.offer("tz", [(one, one) for one in zones])

    def _look_anew(self) -> None:
        self.look = None
        self._asked += 1
        wish, state, shelf = self.form.wish(self.number), self._session.state, self._shelf
        if not wish.source:
            text = _("Choose a file or a source with values over time.")
            self.preview.show_fault(text, kind="note")
            self._show_state()
            return
        self.preview.wait(_("Looking..."))
        self.look_up(lambda: self._seen(state, wish, shelf))
        self._show_state()

    def _seen(self, state: State, wish: Wish, shelf: Shelf) -> _Seen:
        """Look at a wish (in a thread)."""
        heads = drain(headings(state, wish), self._report)
        try:
            return _Seen(drain(look_at(state, wish, shelf), self._report), heads)
        except CommandError as error:
            return _Seen(error, heads)

    def _report(self, step: Progress) -> None:
        self._tell(f"{step.message} {100 * step.fraction:.0f} %" if step.message else "")

    def _answered(self, answer: object) -> None:
        if isinstance(answer, Wish):
            self.form.setEnabled(True)
            self.form.start(answer)
            self._look_anew()
            return
        if not isinstance(answer, _Seen):
            self.preview.show_fault(_("The file could not be looked at; choose another one."))
            self._show_state()
            return
        self._heads = answer.heads
        self._offer_columns()
        if isinstance(answer.look, Look):
            self._show(answer.look)
        else:
            error = answer.look
            text = plain(error) if isinstance(error, NeedsAnswer) else str(error)
            self.form.show_guesses(self._roles())
            self.preview.show_fault(text, self._heads)
        self._show_state()

    # -------------------------------------------------------------------------------------- showing
    def _offer_columns(self) -> None:
        times = [one.name for one in self._heads if one.holds == "time"]
        others = [one.name for one in self._heads if one.role != "time"]
        self.form.offer("time", [(one, one) for one in times])
        self.form.offer("key", [(one, one) for one in others])
        for name in ("time", "key", "form"):
            self.form.boxes[name].setEnabled(bool(self._heads))

    def _roles(self) -> dict[str, str]:
        """Return what the reader takes for times and elements, and the form that follows."""
        found = {one.role: one.name for one in self._heads if one.role in {"time", "key"}}
        if self._heads:
            found["form"] = "long" if "key" in found else "wide"
        return found

    def _show(self, look: Look) -> None:
        self.look = look
        form, wish = self.form, look.wish
        form.offer("table", [(one.id, one.title) for one in look.read.tables])
        columns = look.layer.attributes.column_names
        form.offer("column", [(one, column_title(one)) for one in columns])
        numbers = [(one, column_title(one)) for one in scales_of(look.layer)]
        form.offer("scale", [(NONE, _("None")), *numbers])
        suggested = dict.fromkeys([ID, *patterns_of(look.table.columns), "{id}_*"])
        form.offer("pattern", [(one, one) for one in suggested])
        known = quantities().get(wish.quantity)
        units = alike_units(known.unit) if known is not None else ()
        if "kW" in units:
            units += tuple(one + PER_STEP for one in ("Wh", "kWh", "MWh"))
        form.offer("unit", [(one, one) for one in units])
        values = {name: str(getattr(wish, name)) for name in ("layer", "quantity", *JOINING)}
        zone = "" if look.table.time.static else look.table.time.tz
        form.show_guesses({"tz": zone, **self._roles(), **values})
        self.preview.show_look(look)

    def _show_state(self) -> None:
        """Enable what can be done now, and say why the rest cannot."""
        new = self.number == 0
        self.accept_.setText(_("Join") if new else _("Change the join"))
        self.remove.setVisible(not new)
        self.file.setVisible(new)
        look = self.look
        self.accept_.setEnabled(look is not None and not look.faults)
        guessed = look is not None and look.guessed
        self.state_line.setText(_("What is marked as a guess becomes part of the join.") if guessed
                                else "")  # fmt: skip

    # --------------------------------------------------------------------------------------- doing
    def _accept(self) -> None:
        look = self.look
        if look is None or look.faults:
            return
        wish = look.wish
        told = {name: getattr(wish, name) for name in JOINING} | dict(wish.reading)
        told["several"], told["scale"] = wish.several or NONE, wish.scale or NONE
        said = {k: v for k, v in told.items() if v and k in (*JOINING, *READING)}
        if self.number:
            said |= {"layer": wish.layer, "quantity": wish.quantity}
            self._ask("data.rejoin", self.number, to_text(said))
        else:
            self._ask("data.join", wish.source, wish.layer, wish.quantity, to_text(said))

    def _remove(self) -> None:
        if self.number:
            self._ask("data.unjoin", self.number)
