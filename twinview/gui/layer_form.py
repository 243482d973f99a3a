"""What the window of the style says of one layer: its opacity, its labels, its filter."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.cards import text_label
from twinview.gui.colour_dialog import ask_colour, spot_icon
from twinview.gui.expression import ExpressionEdit
from twinview.gui.style import NumberBox, Translated, place
from twinview.gui.subject import layer_title
from twinview.i18n import _
from twinview.model.twin import Layer
from twinview.scene.attributes import choices
from twinview.scene.numbers import number
from twinview.scene.sifting import VALUE
from twinview.scene.theme import is_colour
from twinview.scene.words import column_title, quantity_title
from twinview.session.layers import NONE, choice, listed, offered_names, trial
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow

REST_MS = 400
"""Rest after a key or the wheel before an opacity is kept: one step of undo for all of it."""
_ROWS = ("layer", "opacity", "colour", "labels", "filter")
_ONE, _FIRST = "#", "#4477aa"
"""Stands for one colour in the list, and where the choice of it begins."""
TYPING_MS = 150
"""Rest after a key before a filter is tried."""


class LayerForm(Translated, QWidget):
    """Opacity, own colours, labels and filter of a layer that is chosen in it.

    Signals
    -------
    coloured
        ``(layer id)``: it has other colours of its own now.
    """

    coloured = Signal(str)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self.layer, self.labels, self.colour = QComboBox(), QComboBox(), QComboBox()
        self.slider, self.percent = QSlider(Qt.Orientation.Horizontal), NumberBox()
        self.filter = ExpressionEdit()
        self.said = text_label(role="small", wrap=True)
        self.titles = {name: text_label() for name in _ROWS}
        self._settle = QTimer(self, singleShot=True, interval=REST_MS)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._shown = ""
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.labels.setEditable(True)
        self.labels.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for part in (self.slider, self.percent):
            part.setRange(0, 100)
        self.slider.setPageStep(10)
        self.percent.setKeyboardTracking(False)
        # What is said below the filter may take two lines: the window keeps its height.
        self.said.setMinimumHeight(2 * self.said.fontMetrics().lineSpacing() + 4)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        opacity = QHBoxLayout()
        opacity.addWidget(self.slider, 1)
        opacity.addWidget(self.percent)
        form.addRow(self.titles["layer"], self.layer)
        form.addRow(self.titles["opacity"], opacity)
        form.addRow(self.titles["colour"], self.colour)
        form.addRow(self.titles["labels"], self.labels)
        form.addRow(self.titles["filter"], self.filter)
        form.addRow("", self.said)
        fields = (self.layer, self.slider, self.colour, self.labels, self.filter)
        for name, one in zip(_ROWS, fields, strict=True):
            self.titles[name].setBuddy(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)

    def _connect(self) -> None:
        self.layer.activated.connect(lambda _k: self.show_layer(self.layer.currentData()))
        self.slider.valueChanged.connect(self._try)
        self.percent.valueChanged.connect(self._try)
        self.slider.sliderReleased.connect(self.keep)
        self._settle.timeout.connect(self.keep)
        self.colour.activated.connect(self._coloured)
        self.labels.activated.connect(self._label)
        edit = self.labels.lineEdit()
        assert edit is not None
        edit.editingFinished.connect(self._label_typed)
        self.filter.textEdited.connect(lambda _text: self._typing.start())
        self.filter.textChanged.connect(self._cleared)
        self.filter.editingFinished.connect(self._filtered)
        self._typing.timeout.connect(self._try_filter)

    def retranslate(self) -> None:
        """Write the texts anew."""
        for name, text in (("layer", _("Layer")), ("opacity", _("Opacity")),
                           ("colour", _("Own colours")), ("labels", _("Labels")),
                           ("filter", _("Filter"))):  # fmt: skip
            self.titles[name].setText(text)
        self.percent.setSuffix(" %")
        self.slider.setAccessibleName(_("Opacity"))
        self.percent.setAccessibleName(_("Opacity"))
        self.colour.setAccessibleName(_("Own colours"))
        self.colour.setToolTip(_("What it is coloured by where the shown quantity does not"))
        self.labels.setAccessibleName(_("Labels"))
        self.labels.setToolTip(
            _("A column, the shown value, or a text such as {example}", example="{name}: {value}")
        )
        self.filter.setAccessibleName(_("Filter of the layer"))
        self.filter.setPlaceholderText(_('such as height_m > 20 and use == "office"'))
        self.filter.setToolTip(
            _("Only what fits is drawn, listed and counted in the legend. Ctrl+Space lists the "
              "columns. Totals of the district stay whole.")
        )  # fmt: skip
        self.follow(self._state)

    @property
    def _state(self) -> State:
        return self._window.session.state

    @property
    def _layer(self) -> Layer | None:
        return self._state.twin.layers.get(self._shown)

    # ----------------------------------------------------------------------------------- following
    def show_layer(self, layer_id: str) -> None:
        """Speak of a layer from now on."""
        self.keep()
        self._shown = layer_id
        self.filter.setModified(False)
        self.follow(self._state)

    def follow(self, state: State) -> None:
        """Show what is kept of the layer."""
        layers = listed(state)
        if self._shown not in [one.id for one in layers]:
            self._shown = layers[0].id if layers else ""
        with QSignalBlocker(self.layer):
            self.layer.clear()
            for one in layers:
                self.layer.addItem(layer_title(one), one.id)
            self.layer.setCurrentIndex(self.layer.findData(self._shown))
        self.setEnabled(bool(layers))
        if self._layer is None:
            return
        wish = choice(state.project, self._shown)
        if not self._settle.isActive() and not self.slider.isSliderDown():
            self._put(round(wish.opacity * 100))
        self._offer_colours(self._layer, wish.colour)
        self._offer(self._layer, wish.labels)
        if not (self.filter.hasFocus() and self.filter.isModified()):
            self.filter.setText(wish.filter)
            self.filter.setModified(False)
        self._try_filter()

    def _put(self, percent: int) -> None:
        for part in (self.slider, self.percent):
            with QSignalBlocker(part):
                part.setValue(percent)

    def _offer(self, layer: Layer, labels: str) -> None:
        """List what labels may be made of; the name in the project stands beside its title."""
        names = offered_names(self._state.twin, layer)
        self.filter.offer([*names, "and", "or", "not", "is missing", "contains"])
        with QSignalBlocker(self.labels):
            self.labels.clear()
            self.labels.addItem(_("None"), NONE)
            for name in names:
                self.labels.addItem(_titled(layer, name), name)
            self.labels.setCurrentIndex(self.labels.findData(labels or NONE))
            if labels and labels not in names:
                self.labels.setEditText(labels)

    # --------------------------------------------------------------------------------- the colours
    def _offer_colours(self, layer: Layer, own: str) -> None:
        """List what the layer can be coloured by."""
        with QSignalBlocker(self.colour):
            self.colour.clear()
            self.colour.addItem(_("As its kind"), NONE)
            for name in choices(layer):
                self.colour.addItem(_titled(layer, name), name)
            # It asks at once: at the end nobody passes over it with the keys.
            icon = spot_icon(own) if is_colour(own) else QIcon()
            self.colour.addItem(icon, _("One colour..."), _ONE)
            at = self.colour.findData(_ONE if is_colour(own) else own or NONE)
            self.colour.setCurrentIndex(max(at, 0))

    def _coloured(self) -> None:
        """Take the own colours that were chosen; one colour is asked for."""
        wanted, layer = str(self.colour.currentData()), self._layer
        if layer is None:
            return
        if wanted != _ONE:
            self._colour(layer.id, wanted)
            return
        own = choice(self._state.project, layer.id).colour
        title = _("Colour of {word}", word=layer_title(layer))
        ask_colour(self, title, own if is_colour(own) else _FIRST,
                   partial(self._colour, layer.id))  # fmt: skip
        self.follow(self._state)

    def _colour(self, layer_id: str, wanted: str) -> None:
        if wanted != (choice(self._state.project, layer_id).colour or NONE):
            self._window.run("layer.colour", layer_id, wanted)
            self.coloured.emit(layer_id)

    # --------------------------------------------------------------------------------- the opacity
    def _try(self, percent: int) -> None:
        """Show an opacity at once; it is kept when the hand rests or lets go."""
        self._put(percent)
        self._window.canvas.trying.show(self._shown, percent / 100)
        if not self.slider.isSliderDown():
            self._settle.start()

    def keep(self) -> None:
        """Keep the opacity that is shown, where it is another than the project's."""
        self._settle.stop()
        trying = self._window.canvas.trying
        if trying.shown is None:
            return
        trying.shown = None
        percent = self.slider.value()
        if self._layer is None or percent == round(
            choice(self._state.project, self._shown).opacity * 100
        ):
            return
        self._window.run("layer.opacity", self._shown, float(percent))

    # ---------------------------------------------------------------------------------- the labels
    def _label(self) -> None:
        self._run_labels(str(self.labels.currentData() or NONE))

    def _label_typed(self) -> None:
        """Take what was typed: a title of the list, or what labels are made of."""
        text = self.labels.currentText().strip()
        at = self.labels.findText(text)
        self._run_labels(str(self.labels.itemData(at)) if at >= 0 else text or NONE)

    def _run_labels(self, wanted: str) -> None:
        now = choice(self._state.project, self._shown).labels or NONE
        if self._layer is None or wanted == now:
            return
        if not self._window.run("layer.labels", self._shown, wanted):
            self.follow(self._state)

    # ---------------------------------------------------------------------------------- the filter
    def _cleared(self, text: str) -> None:
        """Take the filter away with the button that empties the field."""
        if not text and self.filter.hasFocus():
            self._filtered()

    def _filtered(self) -> None:
        """Keep the filter, unless something is wrong with it: then that stays to be read."""
        self._typing.stop()
        text = self.filter.text().strip()
        layer = self._layer
        if layer is None or text == choice(self._state.project, self._shown).filter:
            self._try_filter()
            return
        if self._try_filter():
            self.filter.setModified(False)
            self._window.run("layer.filter", self._shown, text or NONE)

    def _try_filter(self) -> bool:
        """Say how many elements fit what stands in the field, or what is wrong and what helps."""
        layer = self._layer
        if layer is None:
            return False
        text = self.filter.text()
        found = trial(self._state, layer, text)
        self.filter.mark(bool(found.error))
        self.said.setProperty("role", "warning" if found.error else "small")
        place(self.said)
        if found.error:
            at = _("Letter {place}: ", place=found.at + 1) if found.at >= 0 else ""
            self.said.setText(f"{at}{found.error}. {found.remedy}".replace("..", "."))
        elif text.strip():
            shown, count = number(found.shown), number(found.count)
            self.said.setText(_("{shown} of {count} elements", shown=shown, count=count))
        else:
            self.said.setText(_("{count} elements", count=number(found.count)))
        return not found.error


def _titled(layer: Layer, name: str) -> str:
    """Return a name as a reader sees it, with the one that expressions use."""
    if name == VALUE:
        return _("Shown value") + f" ({name})"
    title = column_title(name) if layer.has(name) else quantity_title(name)
    return f"{title} ({name})"
