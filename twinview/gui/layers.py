"""The layer panel: an eye, a name and a count for each layer; the problems below."""

from functools import partial

import qtawesome
from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QToolButton, QVBoxLayout, QWidget

from twinview.gui.cards import text_label
from twinview.gui.problems import problem_count
from twinview.gui.style import IconButton, Translated, look_now, place
from twinview.gui.subject import layer_title
from twinview.i18n import _
from twinview.model.twin import Layer, Twin
from twinview.scene.numbers import number
from twinview.session.store import State

TABLES_ONLY = frozenset({"node", "load", "generator", "source"})
"""Kinds that are not drawn by themselves and have no eye."""


def drawn_layers(twin: Twin) -> list[Layer]:
    """Return the layers that have something to see."""
    return [
        one
        for one in twin.layers.values()
        if one.geometry is not None and one.kind not in TABLES_ONLY and len(one)
    ]


def timed(twin: Twin) -> set[str]:
    """Return the layers with values that change with time."""
    return {key[0] for key, one in twin.series.items() if not one.time.static}


class LayerRow(Translated, QWidget):
    """One layer; a clock marks one with values that change with time."""

    toggled = Signal(str)
    asked = Signal(str, str)

    def __init__(self, layer: Layer, visible: bool) -> None:
        super().__init__()
        self.setObjectName("layer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.layer_id = layer.id
        self.eye = IconButton("fa6s.eye", size=14)
        self.eye.setCheckable(True)
        self.eye.clicked.connect(lambda: self.toggled.emit(self.layer_id))
        self._layer = layer
        self.name = text_label()
        self.clock = text_label()
        self.clock.hide()
        count = text_label(number(len(layer)), role="small")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 1, 8, 1)
        row.setSpacing(6)
        row.addWidget(self.eye)
        row.addWidget(self.name, 1)
        row.addWidget(self.clock)
        row.addWidget(count)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.show_visible(visible)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        title = layer_title(self._layer)
        self.name.setText(title)
        self.setToolTip(title)
        self.eye.describe(_("Show or hide {layer}", layer=title))
        self.clock.setToolTip(_("Its values change with time"))
        self.clock.setAccessibleName(_("Its values change with time"))

    def show_timed(self, on: bool) -> None:
        """Show or hide the clock."""
        self.clock.setPixmap(
            qtawesome.icon("fa6s.clock", color=look_now().text_soft).pixmap(11, 11)
        )
        self.clock.setVisible(on)

    def show_visible(self, visible: bool) -> None:
        """Open or close the eye."""
        self.eye.show_icon("fa6s.eye" if visible else "fa6s.eye-slash")
        self.eye.setChecked(visible)
        self.name.setEnabled(visible)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, command in (
            (_("Show or hide"), "layer.toggle"),
            (_("Show only this, or all"), "layer.only"),
        ):
            menu.addAction(text, partial(self.asked.emit, command, self.layer_id))
        menu.addAction(_("Style..."), lambda: self.asked.emit("style", self.layer_id))
        menu.addAction(_("Zoom to it"), lambda: self.asked.emit("zoom", self.layer_id))
        menu.popup(self.mapToGlobal(at))


class LayersPanel(Translated, QWidget):
    """All layers of the twin.

    Signals
    -------
    asked
        ``(command, layer id)``: what to do with a layer; ``zoom`` for a look at it.
    problems_wanted
        The line with the count of problems was pressed.
    """

    asked = Signal(str, str)
    problems_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, LayerRow] = {}
        self._twin: Twin | None = None
        self._list = QVBoxLayout()
        self._list.setContentsMargins(8, 4, 8, 4)
        self._list.setSpacing(0)
        self.problems = QToolButton()
        self.problems.setProperty("warning", True)
        self.problems.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.problems.clicked.connect(self.problems_wanted)
        self._empty = text_label(role="soft", wrap=True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 8)
        column.addLayout(self._list)
        column.addWidget(self._empty)
        column.addLayout(_below_eyes(self.problems))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self._empty.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(4)
        self.setMinimumWidth(200)
        self.retranslate()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the theme's colour for the sign."""
        if event.type() == QEvent.Type.PaletteChange and self._twin is not None:
            self._show_timed(self._twin)
            self._show_problems(self._twin)
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self._empty.setText(_("Nothing is open. Open the demo district or drop files here."))
        if self._twin is not None:
            self._show_problems(self._twin)

    def changed(self, old: State, new: State) -> None:
        """Follow the session."""
        if self._twin is None or new.twin.layers is not old.twin.layers:
            self._fill(new)
        elif new.view.hidden != old.view.hidden:
            for key, row in self.rows.items():
                row.show_visible(key not in new.view.hidden)
        if self._twin is not new.twin:
            self._twin = new.twin
            self._show_timed(new.twin)
            self._show_problems(new.twin)

    def _fill(self, state: State) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = {}
        for layer in drawn_layers(state.twin):
            row = LayerRow(layer, layer.id not in state.view.hidden)
            row.toggled.connect(lambda key: self.asked.emit("layer.toggle", key))
            row.asked.connect(self.asked)
            self.rows[layer.id] = row
            self._list.addWidget(row)
        self._empty.setVisible(not self.rows)

    def _show_timed(self, twin: Twin) -> None:
        known = timed(twin)
        for key, row in self.rows.items():
            row.show_timed(key in known)

    def _show_problems(self, twin: Twin) -> None:
        look, wrong = look_now(), any(one.severity != "info" for one in twin.problems)
        self.problems.setVisible(bool(twin.problems))
        self.problems.setText("  " + problem_count(twin.problems))
        self.problems.setProperty("warning", wrong)
        place(self.problems)
        sign = "fa6s.triangle-exclamation" if wrong else "fa6s.circle-info"
        self.problems.setIcon(qtawesome.icon(sign, color=look.warning if wrong else look.text_soft))


def _below_eyes(button: QToolButton) -> QHBoxLayout:
    """Put a button where its sign stands below those of the layers."""
    row = QHBoxLayout()
    row.setContentsMargins(11, 0, 8, 0)
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    return row
