"""The style of the shown quantity: a small window whose choices hold at once; closed with Esc."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, QPoint, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QDoubleValidator,
    QGuiApplication,
    QIcon,
    QLinearGradient,
    QPainter,
    QPixmap,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.cards import text_label
from twinview.gui.colour_check import ColourCheck
from twinview.gui.fitting import Sheet
from twinview.gui.helping import HelpButton
from twinview.gui.layer_form import LayerForm
from twinview.gui.style import NumberBox, Translated
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.scene.classing import FEWEST, METHODS, MOST
from twinview.scene.resolve import resolve
from twinview.scene.styling import CHOICES, Style
from twinview.scene.theme import stops
from twinview.session.store import State
from twinview.session.styles import copied, subject

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow
    from twinview.scene.paint import Legend

LIMITS = {"own": N_("Usual"), "hand": N_("By hand"), "now": N_("Of what is shown now")}
RAMP = QSize(88, 12)
_WIDE, _EDGE = 380, 12
_DIGITS = 6


def ramp_icon(colours: Sequence[str]) -> QIcon:
    """Return a picture of a ramp."""
    ratio = 2
    picture = QPixmap(RAMP * ratio)
    picture.setDevicePixelRatio(ratio)
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
        self.what = text_label(role="title", wrap=True)
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
        self._labels = {name: text_label() for name in ("ramp", "limits", "method", "breaks")}
        inside = QWidget()
        self._lay_out(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Sheet(inside))
        self._connect()
        self.retranslate()
        self.setFixedWidth(_WIDE)

    def _lay_out(self, inside: QWidget) -> None:
        plain = QLocale(QLocale.Language.C)
        for field in (self.low, self.high):
            field.setValidator(QDoubleValidator(field))
            field.validator().setLocale(plain)
        form = QFormLayout(horizontalSpacing=16, verticalSpacing=8)
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
        column.addWidget(self.what)
        column.addLayout(form)
        column.addWidget(self.check)
        column.addLayout(below)
        for part in (rule, self.form):
            column.addWidget(part)

    def _connect(self) -> None:
        self.ramp.activated.connect(self._colours)
        self.reverse.clicked.connect(self._colours)
        self.limits.activated.connect(self._limits)
        for field in (self.low, self.high):
            field.editingFinished.connect(self._typed)
        self.method.activated.connect(self._classes)
        self.count.editingFinished.connect(self._classes)
        self.count.valueChanged.connect(self._classes)
        self.breaks.editingFinished.connect(self._broken)
        self.copy.clicked.connect(lambda: copy_style(self._window))
        self.paste.clicked.connect(lambda: paste_style(self._window))
        self.reset.clicked.connect(lambda: self._run("style.reset"))
        self.finished.connect(self._window.session.listen(self._follow))
        self.finished.connect(self.form.keep)
        self.finished.connect(self.check.leave)

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
        same = new.twin is old.twin and new.project.styles is old.project.styles
        if not same or new.view.overlay != old.view.overlay or new.view != old.view:
            self._show(new)
        self.form.follow(new)

    def _show(self, state: State) -> None:
        """Show the style there is."""
        try:
            found = subject(state)
        except CommandError as error:
            self.what.setText(str(error))
            self._enable(False, Style())
            with suppress(CommandError):  # what cannot be shown has no colours
                self.check.say(_legend(state))
            return
        style, plain = found.style, found.plain[1]
        now = _legend(state)
        self.check.say(now)
        self.what.setText(plain.title)
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
        self._enable(True, style)

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
        self._run("style.colours", self.ramp.currentData() or "own", self.reverse.isChecked())

    def _limits(self) -> None:
        kind = self.limits.currentData()
        if kind == "hand":
            self._typed(chosen=True)
        elif kind == "now":
            self._run("style.fit", True)
        else:
            self._run("style.own_limits")

    def _typed(self, chosen: bool = False) -> None:
        """Fix the limits that stand in the fields, where they were changed or are wanted."""
        if not (chosen or self.low.isModified() or self.high.isModified()):
            return
        for field in (self.low, self.high):
            field.setModified(False)
        if self.low.hasAcceptableInput() and self.high.hasAcceptableInput():
            self._run("style.limits", float(self.low.text()), float(self.high.text()))

    def _classes(self) -> None:
        method = self.method.currentData()
        style = self._style
        if (method, self.count.value()) != (style.method, style.count):
            self._run("style.classes", method or "none", self.count.value())

    @property
    def _style(self) -> Style:
        try:
            return subject(self._window.session.state).style
        except CommandError:
            return Style()

    def _broken(self) -> None:
        if not self.breaks.isModified():
            return
        self.breaks.setModified(False)
        words = self.breaks.text().replace(";", " ").split()
        try:
            values = [float(one) for one in words]
        except ValueError:
            self._window.stage.message.error(_("Breaks are numbers with blanks between."))
            return
        self._run("style.breaks", *values)


def _legend(state: State) -> "Legend":
    return resolve(state.twin, state.view, state.beside).legend


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


# -------------------------------------------------------------------------------------- the legend
def copy_style(window: "MainWindow") -> None:
    """Copy the style of what is shown."""
    try:
        text = copied(window.session.state)
    except CommandError as error:
        window.stage.message.error(str(error))
        return
    QGuiApplication.clipboard().setText(text)
    window.stage.message.notice(_("The style was copied; another overlay can take it over."))


def paste_style(window: "MainWindow") -> None:
    """Give what is shown the style that was copied."""
    window.run("style.take", QGuiApplication.clipboard().text())


class Styling(QObject):
    """The ways to the style of what is shown."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        legend = window.stage.targets.legend
        legend.opened.connect(self.open)
        legend.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        legend.customContextMenuRequested.connect(
            lambda at: self.menu().popup(legend.mapToGlobal(at))
        )

    def table(self) -> dict[str, Callable[[], None]]:
        """Return what each local action does, by name."""
        window = self._window
        return {
            "gui.style": self.open,
            "gui.copy_style": lambda: copy_style(window),
            "gui.paste_style": lambda: paste_style(window),
        }

    def open(self) -> None:
        """Show the window of the style, or put it away."""
        shown = self._window.findChild(StyleDialog)
        if shown is not None:
            shown.close()
        else:
            self._opened()

    def show_layer(self, layer_id: str, filtering: bool = False) -> None:
        """Show the window of the style at a layer, perhaps with the cursor in its filter."""
        dialog = self._window.findChild(StyleDialog) or self._opened()
        dialog.form.show_layer(layer_id)
        dialog.raise_()
        dialog.activateWindow()
        (dialog.form.filter if filtering else dialog.form.slider).setFocus()

    def _opened(self) -> StyleDialog:
        dialog = StyleDialog(self._window)
        dialog.show()
        # At the right, over the panels there: the city that it colours and the legend stay free.
        window, stage, size = self._window, self._window.stage, dialog.frameGeometry().size()
        foot = stage.mapToGlobal(QPoint(0, stage.height() - _EDGE)).y()
        right = window.mapToGlobal(QPoint(window.width() - _EDGE, 0)).x()
        dialog.move(right - size.width(), foot - size.height())
        return dialog

    def menu(self) -> QMenu:
        """Return what can be done with the legend."""
        window = self._window
        menu = QMenu(window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Style..."), self.open)
        menu.addAction(_("Copy style"), lambda: copy_style(window))
        menu.addAction(_("Paste style"), lambda: paste_style(window))
        menu.addAction(_("As usual"), lambda: window.run("style.reset"))
        menu.addSeparator()
        menu.addAction(_("What this shows"), window.reading.legend)
        return menu
