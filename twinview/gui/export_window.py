"""The dialog of tables and maps: of which layer, over which time, of all or of what is selected."""

from collections.abc import Callable

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QWidget,
)

from twinview.exporters.tables import rows_of
from twinview.gui.cards import text_label
from twinview.gui.dialogs import ask_save
from twinview.gui.doing import WRITES, folder_of
from twinview.gui.subject import layer_title
from twinview.gui.writing import WritingDialog
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.window import INSTANT
from twinview.scene.aggregation import clock_text, window_text
from twinview.scene.numbers import number
from twinview.scene.sifting import SELECTED
from twinview.scene.words import named
from twinview.session.command import find
from twinview.session.selected import chosen
from twinview.session.spans import SPANS, ends_text, steps_of
from twinview.session.store import Session, State

TABLE, MAP = "export.table", "export.layer"
PARTS = {"layer": N_("Layer"), "span": N_("Time"), "begin": N_("From"), "end": N_("To")}
TITLES = {
    "instant": N_("The instant that is shown"), "window": N_("The window of the view"),
    "range": N_("A range"), "all": N_("All of the data"),
}  # fmt: skip


class ExportWindow(WritingDialog):
    """Asks what goes into a table or a map, then for the file.

    Parameters
    ----------
    session
        The store.
    ask
        Runs a command of the table.
    parent
        The window it belongs to.
    """

    def __init__(
        self, session: Session, ask: Callable[..., object], parent: QWidget | None = None
    ) -> None:
        super().__init__(ask, self._write, parent)
        self._session = session
        self.command = TABLE
        self.layer, self.span = QComboBox(), QComboBox()
        self.begin_, self.end_ = QLineEdit(), QLineEdit()
        self.selected = QCheckBox()
        self.said = text_label(role="small", wrap=True)
        for one in SPANS:
            self.span.addItem("", one)
        self.layer.currentIndexChanged.connect(self._follow)
        self.span.currentIndexChanged.connect(self._follow)
        self.selected.toggled.connect(self._follow)
        for field in (self.begin_, self.end_):
            field.textEdited.connect(self._follow)
        fields = (self.layer, self.span, self.begin_, self.end_)
        self.lay_out(PARTS, fields, (self.selected, self.said), (N_("Export"), "export"))
        self.setMinimumWidth(460)

    def begin(self, command: str) -> None:
        """Ask about a table or a map of what is open now."""
        state = self._session.state
        self.command = command
        window = state.view.window
        if window.ranged and not state.twin.time.static:
            steps, time = window.span(state.twin.time), state.twin.time
            ends = (time.seconds(steps.start), time.start + steps.stop * time.step)
            for field, text in zip((self.begin_, self.end_), ends_text(time, ends), strict=True):
                field.setText(text)
        wanted = "window" if window.kind != INSTANT.kind else "instant"
        self.span.setCurrentIndex(self.span.findData(wanted))
        self.selected.setChecked(command == MAP and bool(chosen(state).rows))
        self.retranslate()
        self.show()
        self.activateWindow()

    def retranslate(self) -> None:
        """Write the texts anew."""
        super().retranslate()
        state = self._session.state
        self.setWindowTitle(_(find(self.command).title).rstrip(". …"))
        here = self.layer.currentData()
        self.layer.blockSignals(True)
        self.layer.clear()
        self.layer.addItem(_("All layers"), "")
        for one in state.twin.layers.values():
            if self.command == TABLE or one.geometry is not None:
                self.layer.addItem(layer_title(one), one.id)
        self.layer.setCurrentIndex(max(self.layer.findData(here), 0))
        self.layer.blockSignals(False)
        for k, span in enumerate(SPANS):
            self.span.setItemText(k, _over(state, span))
        self.begin_.setPlaceholderText(_("Begin of the data"))
        self.end_.setPlaceholderText(_("End of the data"))
        self.selected.setText(_("Only what is selected"))
        self._follow()

    def _follow(self) -> None:
        """Show what can be chosen, and say how much that is."""
        table = self.command == TABLE
        still = self._session.state.twin.time.static
        ranged = table and not still and self.span.currentData() == "range"
        shown = {"layer": True, "span": table and not still, "begin": ranged, "end": ranged}
        for name, on in shown.items():
            self._labels[name].setVisible(on)
            self._fields[name].setVisible(on)
        self.selected.setVisible(not table)
        self.selected.setEnabled(bool(chosen(self._session.state).rows))
        try:
            self.said.setText(self._rows() if table else self._elements())
            self.write.setEnabled(True)
        except CommandError as error:
            self.said.setText(str(error))
            self.write.setEnabled(False)

    def _rows(self) -> str:
        state = self._session.state
        each = rows_of(state.twin, str(self.layer.currentData()) or None)
        if not each:
            return _("No values over time: the attributes of the elements are written.")
        steps = len(steps_of(state, *self._time()))
        return _("{each} elements × {steps} steps: {rows} rows",
                 each=number(each), steps=number(steps), rows=number(each * steps))  # fmt: skip

    def _elements(self) -> str:
        state, layer = self._session.state, str(self.layer.currentData())
        if self.selected.isChecked():
            rows = chosen(state, layer).rows
            layers = state.twin.layers
            count = sum(len(rows[one]) for one in rows if layers[one].geometry is not None)
        else:
            found = state.twin.layers.values()
            count = sum(len(one) for one in found
                        if layer in ("", one.id) and one.geometry is not None)  # fmt: skip
        if not count:
            raise CommandError(_("Nothing of it is selected that is seen."))
        when = _over(state, "window" if state.view.window.kind != INSTANT.kind else "instant")
        return f"{_('{count} elements', count=number(count))} · {when}"

    def _time(self) -> tuple[str, str, str]:
        span = str(self.span.currentData())
        if span != "range":
            return span, "", ""
        return span, self.begin_.text().strip(), self.end_.text().strip()

    def _write(self) -> None:
        state, layer = self._session.state, str(self.layer.currentData())
        kinds = WRITES[self.command]
        if self.command == MAP and not layer:
            kinds = kinds[:1]  # others hold one layer
        stem = " ".join(filter(None, (state.project.name or _("Unnamed"), layer)))
        path = ask_save(self, self.windowTitle(), str(folder_of(state.path) / stem), kinds)
        if path is None:
            return
        if self.command == TABLE:
            self._ask(TABLE, path, *self._time(), layer)
        else:
            self._ask(MAP, path, layer, SELECTED if self.selected.isChecked() else "all")
        self.close()


def _over(state: State, span: str) -> str:
    """Return a span of time in words: what it is, and over which time just now."""
    time, window = state.twin.time, state.view.window
    title = _(TITLES[span])
    if time.static or span == "range" or (span == "window" and window.kind == INSTANT.kind):
        return title
    here = min(max(state.view.time, 0), time.count - 1)
    if span == "instant":
        return named(title, clock_text(time, here))
    if span == "window":
        return named(title, window_text(time, window, here))
    return named(title, f"{clock_text(time, 0)} – {clock_text(time, time.count)}")
