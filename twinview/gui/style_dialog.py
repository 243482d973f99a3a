"""The style of the shown quantity, or of a layer: choices hold at once; closed with Esc."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QSignalBlocker, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QDoubleValidator,
    QGuiApplication,
    QIcon,
    QLinearGradient,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from twinview.draw.blank import blank
from twinview.gui.cards import text_label
from twinview.gui.colour_check import ColourCheck
from twinview.gui.fitting import Sheet
from twinview.gui.helping import HelpButton
from twinview.gui.layer_form import LayerForm
from twinview.gui.style import NumberBox, Translated
from twinview.gui.word_colours import WordColours
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.scene.attributes import heading, words_of
from twinview.scene.classing import FEWEST, METHODS, MOST
from twinview.scene.styling import CHOICES, Style
from twinview.scene.theme import stops
from twinview.scene.titles import word
from twinview.session.store import State
from twinview.session.styles import coloured_layers, copied, legend_of, seen_by_itself, subject

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow
    from twinview.scene.paint import Legend

LIMITS = {"own": N_("Usual"), "hand": N_("By hand"), "now": N_("Of what is shown now")}
RAMP = QSize(88, 12)
_WIDE = 372
_DIGITS = 6


def ramp_icon(colours: Sequence[str]) -> QIcon:
    """Return a picture of a ramp."""
    picture = blank(RAMP, 2)
    gradient = QLinearGradient(0, 0, RAMP.width(), 0)
    for k, one in enumerate(colours):
        gradient.setColorAt(k / max(1, len(colours) - 1), QColor(one))
    painter = QPainter(picture)
    painter.fillRect(0, 0, RAMP.width(), RAMP.height(), gradient)
    painter.end()
    return QIcon(picture)


class StyleDialog(Translated, QDialog):
    """Colours, limits and classes of what is shown."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._layer = ""
        self.what, self.of = text_label(role="title", wrap=True), QComboBox()
        self.words, self.hint = WordColours(), text_label(role="small", wrap=True)
        self.ramp, self.method, self.limits = QComboBox(), QComboBox(), QComboBox()
        self.ramp.setIconSize(RAMP)
        self.reverse = QCheckBox()
        self.low, self.high, self.breaks = QLineEdit(), QLineEdit(), QLineEdit()
        self.count = NumberBox()
        self.count.setRange(FEWEST, MOST)
        self.copy, self.paste, self.reset = QPushButton(), QPushButton(), QPushButton()
        for button in (self.copy, self.paste, self.reset):
            button.setAutoDefault(False)
        self.check = ColourCheck(window.stage)
        self.form = LayerForm(window)
        self._numbers = QWidget()
        self._labels = {name: text_label() for name in ("ramp", "limits", "method", "breaks")}
        inside = QWidget()
        inside.setFixedWidth(_WIDE)
        self._lay_out(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        whole.addWidget(Sheet(inside))
        self._connect()
        self.retranslate()

    def _lay_out(self, inside: QWidget) -> None:
        plain = QLocale(QLocale.Language.C)
        for field in (self.low, self.high):
            field.setValidator(QDoubleValidator(field))
            field.validator().setLocale(plain)
        form = QFormLayout(self._numbers, horizontalSpacing=16, verticalSpacing=8)
        form.setContentsMargins(0, 0, 0, 0)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self._labels["ramp"], self.ramp)
        form.addRow("", self.reverse)
        form.addRow(self._labels["limits"], self.limits)
        form.addRow("", _row(self.low, self.high))
        form.addRow(self._labels["method"], _row(self.method, self.count, stretch=0))
        form.addRow(self._labels["breaks"], self.breaks)
        for name, one in (("ramp", self.ramp), ("limits", self.limits),
                          ("method", self.method), ("breaks", self.breaks)):  # fmt: skip
            self._labels[name].setBuddy(one)
        below = QHBoxLayout()
        way = partial(self._window.run, "help.open")
        below.addWidget(HelpButton(N_("Style"), "style", way, self))
        for button in (self.copy, self.paste):
            below.addWidget(button)
        below.addStretch(1)
        below.addWidget(self.reset)
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        rule = QFrame()
        rule.setObjectName("rule")
        for part in (self.of, self.what, self.hint, self._numbers, self.words, self.check):
            column.addWidget(part)
        column.addLayout(below)
        for part in (rule, self.form):
            column.addWidget(part)

    def _connect(self) -> None:
        self.of.activated.connect(lambda _k: self.show_of(self.of.currentData()))
        self.form.coloured.connect(self.show_of)
        self.words.chosen.connect(self._word)
        self.ramp.activated.connect(self._colours)
        self.reverse.clicked.connect(self._colours)
        self.limits.activated.connect(self._limits)
        for field in (self.low, self.high):
            field.editingFinished.connect(self._typed)
        self.method.activated.connect(self._classes)
        self.count.editingFinished.connect(self._classes)
        self.count.valueChanged.connect(self._classes)
        self.breaks.editingFinished.connect(self._broken)
        self.copy.clicked.connect(lambda: copy_style(self._window, self._layer))
        self.paste.clicked.connect(lambda: paste_style(self._window, self._layer))
        self.reset.clicked.connect(lambda: self._run("style.reset", self._layer))
        self.finished.connect(self._window.session.listen(self._follow))
        self.finished.connect(self.form.keep)
        self.finished.connect(self.check.leave)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Move up where the foot would leave the screen."""
        super().resizeEvent(event)
        below = self.frameGeometry().bottom() - self.screen().availableGeometry().bottom()
        if self.isVisible() and below > 0:
            self.move(self.x(), max(self.y() - below, self.screen().availableGeometry().top()))

    # ----------------------------------------------------------------------------------- the texts
    def retranslate(self) -> None:
        """Write the texts anew."""
        self.setWindowTitle(_("Style"))
        for name, text in (("ramp", _("Colours")), ("limits", _("Limits")),
                           ("method", _("Classes")), ("breaks", _("Breaks"))):  # fmt: skip
            self._labels[name].setText(text)
        _fill(self.limits, {key: _(title) for key, title in LIMITS.items()})
        _fill(self.method, {key: _(title) for key, title in METHODS.items()})
        self.reverse.setText(_("Other way round"))
        for field, text in ((self.low, _("Lower limit")), (self.high, _("Upper limit")),
                            (self.count, _("How many classes"))):  # fmt: skip
            field.setAccessibleName(text)
            field.setToolTip(text)
        self.breaks.setPlaceholderText(_("such as 50 100 200"))
        self.of.setAccessibleName(_("What has the style"))
        self.copy.setText(_("Copy style"))
        self.paste.setText(_("Paste style"))
        self.reset.setText(_("As usual"))
        self.form.retranslate()
        self.check.retranslate()
        names = [*self._labels.values(), self.check.title, *self.form.titles.values()]
        for one in names:  # the fields of both parts begin below each other
            one.setMinimumWidth(max(name.sizeHint().width() for name in names))
        self._show(self._window.session.state)

    def _follow(self, old: State, new: State) -> None:
        same = new.twin is old.twin and new.project is old.project
        if not same or new.view != old.view:
            self._show(new)
        self.form.follow(new)

    def show_of(self, layer: str) -> None:
        """Speak of the own colours of a layer from now on; of what is shown where it is empty."""
        self._layer = layer
        self._show(self._window.session.state)
        if self._layer:
            self.form.show_layer(self._layer)

    def _offer(self, state: State) -> None:
        """List what has a style: what is shown, and layers that are coloured by a column."""
        able = coloured_layers(state)
        self._layer = self._layer if self._layer in able else ""
        with QSignalBlocker(self.of):
            self.of.clear()
            self.of.addItem(_title_shown(state), "")
            for key, by in able.items():
                self.of.addItem(heading(state.twin.layers[key], by), key)
            self.of.setCurrentIndex(self.of.findData(self._layer))
        self.of.setVisible(bool(able))
        self.what.setVisible(not able)
        self.hint.setText(_("What is shown colours this layer now; it has its own colours where "
                            "another quantity leaves it plain."))  # fmt: skip
        self.hint.setVisible(bool(self._layer) and not seen_by_itself(state, self._layer))

    def _show(self, state: State) -> None:
        """Show the style there is."""
        self._offer(state)
        try:
            found = subject(state, self._layer)
        except CommandError as error:
            self.what.setText(str(error))
            self.what.show()
            self._enable(False, Style())
            with suppress(CommandError):  # what cannot be shown has no colours
                self.check.say(legend_of(state, self._layer))
            return
        style, plain = found.style, found.plain[1]
        now = legend_of(state, self._layer)
        self.check.say(now)
        self.what.setText(plain.title)
        self.words.setVisible(plain.nominal)
        self._numbers.setVisible(not plain.nominal)
        if plain.nominal:
            column = found.plain[0][0].quantity
            names = words_of(state.twin.layers[found.layer], column)
            every = {one: word(one, column) for one in names}
            self.words.show_words(now, every, frozenset(name for name, _one in style.words))
        else:
            self._show_numbers(state, style, plain, now)
        self._enable(True, style)

    def _show_numbers(self, state: State, style: Style, plain: "Legend", now: "Legend") -> None:
        usual = {"": (_("Usual"), plain.colours)}
        named = {key: (_(title), stops(key, state.view.theme)) for key, title in CHOICES.items()}
        _fill(self.ramp, {key: title for key, (title, _c) in (usual | named).items()})
        for k, (_title, colours) in enumerate((usual | named).values()):
            self.ramp.setItemIcon(k, ramp_icon(colours))
        kind = "now" if style.within else "own" if style.limits is None else "hand"
        for box, key in ((self.ramp, style.ramp), (self.limits, kind),
                         (self.method, style.method)):  # fmt: skip
            box.setCurrentIndex(max(box.findData(key), 0))
        self.reverse.setChecked(style.reverse)
        for field, value in ((self.low, now.limits[0]), (self.high, now.limits[1])):
            if not field.hasFocus() or not field.isModified():
                field.setText(_text(value))
        self.count.blockSignals(True)
        self.count.setValue(style.count)
        self.count.blockSignals(False)
        self.breaks.setText(" ".join(_text(one) for one in style.breaks))

    def _enable(self, on: bool, style: Style) -> None:
        for field in (self.ramp, self.reverse, self.limits, self.method, self.copy, self.paste):
            field.setEnabled(on)
        self.low.setEnabled(on and not style.within)
        self.high.setEnabled(on and not style.within)
        self.count.setEnabled(on and style.method not in {"", "manual"})
        self.breaks.setEnabled(on and bool(style.method) and not style.within)
        self.reset.setEnabled(on and style != Style())

    # ------------------------------------------------------------------------------------- choices
    def _run(self, name: str, *arguments: object) -> None:
        if not self._window.run(name, *arguments):
            self._show(self._window.session.state)

    def _colours(self) -> None:
        ramp, reverse = self.ramp.currentData() or "own", self.reverse.isChecked()
        self._run("style.colours", ramp, reverse, self._layer)

    def _word(self, name: str, colour: str) -> None:
        self._run("style.word", name, colour or "own", self._layer)

    def _limits(self) -> None:
        kind = self.limits.currentData()
        if kind == "hand":
            self._typed(chosen=True)
        elif kind == "now":
            self._run("style.fit", True, self._layer)
        else:
            self._run("style.own_limits", self._layer)

    def _typed(self, chosen: bool = False) -> None:
        """Fix the limits that stand in the fields, where they were changed or are wanted."""
        if not (chosen or self.low.isModified() or self.high.isModified()):
            return
        for field in (self.low, self.high):
            field.setModified(False)
        if self.low.hasAcceptableInput() and self.high.hasAcceptableInput():
            low, high = float(self.low.text()), float(self.high.text())
            self._run("style.limits", low, high, self._layer)

    def _classes(self) -> None:
        method = self.method.currentData()
        style = self._style
        if (method, self.count.value()) != (style.method, style.count):
            self._run("style.classes", method or "none", self.count.value(), self._layer)

    @property
    def _style(self) -> Style:
        try:
            return subject(self._window.session.state, self._layer).style
        except CommandError:
            return Style()

    def _broken(self) -> None:
        if not self.breaks.isModified():
            return
        self.breaks.setModified(False)
        words = self.breaks.text().replace(";", " ").split()
        self._run("style.breaks", *words, *[f"layer={self._layer}"] * bool(self._layer))


def _title_shown(state: State) -> str:
    """Return what is shown, in words."""
    try:
        return subject(state).plain[1].title
    except CommandError:
        return _("What is shown")


def _row(*fields: QWidget, stretch: int = 1) -> QHBoxLayout:
    row = QHBoxLayout()
    for k, field in enumerate(fields):
        row.addWidget(field, stretch if k else 1)
    return row


def _fill(box: QComboBox, titles: dict[str, str]) -> None:
    chosen = box.currentIndex()
    box.clear()
    for key, title in titles.items():
        box.addItem(title, key)
    box.setCurrentIndex(max(chosen, 0))


def _text(value: float) -> str:
    return f"{value:.{_DIGITS}g}"


# -------------------------------------------------------------------------------- copy and paste
def copy_style(window: "MainWindow", layer: str = "") -> None:
    """Copy the style of what is shown, or of a layer's own colours."""
    try:
        text = copied(window.session.state, layer)
    except CommandError as error:
        window.stage.message.error(str(error))
        return
    QGuiApplication.clipboard().setText(text)
    window.stage.message.notice(
        _("The style was copied; another overlay or layer can take it over.")
    )


def paste_style(window: "MainWindow", layer: str = "") -> None:
    """Give what is shown, or a layer, the style that was copied."""
    window.run("style.take", QGuiApplication.clipboard().text(), layer)
