"""One layer of the panel: eye, colours, name, filter, clock and count; all of it by keys too."""

from functools import partial

import qtawesome
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QIcon,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from twinview.draw.blank import blank
from twinview.draw.ink import colour
from twinview.gui.cards import text_label
from twinview.gui.style import IconButton, Translated, look_now
from twinview.gui.subject import layer_title
from twinview.i18n import N_, _
from twinview.model.twin import Layer
from twinview.scene.layering import PLAIN, LayerChoice
from twinview.scene.numbers import number, percent
from twinview.scene.swatches import Swatch
from twinview.scene.theme import is_colour
from twinview.scene.words import column_title, listed

SWATCH = QSize(20, 12)
_LEFT, _RIGHT, _SPACING, _SIGN = 4, 8, 2, 11
_NONE = Qt.KeyboardModifier.NoModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
KEYS = {
    (_NONE, Qt.Key.Key_Space): "layer.toggle",
    (_NONE, Qt.Key.Key_Return): "style",
    (_NONE, Qt.Key.Key_Enter): "style",
    (_NONE, Qt.Key.Key_F): "zoom",
    (_NONE, Qt.Key.Key_Delete): "layer.remove",
    (_CONTROL, Qt.Key.Key_Up): "layer.raise",
    (_CONTROL, Qt.Key.Key_Down): "layer.lower",
    (_NONE, Qt.Key.Key_Up): "above",
    (_NONE, Qt.Key.Key_Down): "below",
    (_NONE, Qt.Key.Key_Home): "first",
    (_NONE, Qt.Key.Key_End): "last",
}
"""What keys do on a row."""
MENU = (
    ("layer.toggle", N_("Show or hide"), "Space"),
    ("layer.only", N_("Show only this, or all"), ""),
    ("zoom", N_("Zoom to it"), "F"),
    ("", "", ""),
    ("style", N_("Style, opacity, labels..."), "Enter"),
    ("copy_style", N_("Copy style"), ""),
    ("paste_style", N_("Paste style"), ""),
    ("filter", N_("Filter..."), ""),
    ("join", N_("Join a table..."), ""),
    ("", "", ""),
    ("layer.raise", N_("Raise"), "Ctrl+Up"),
    ("layer.lower", N_("Lower"), "Ctrl+Down"),
    ("layer.remove", N_("Remove from the list"), "Delete"),
)
"""Lines of a row's menu: what each does, its title and its key."""


class Shortened(QLabel):
    """A line of text that ends in dots where there is no room for all of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Write as much as there is room for."""
        painter = QPainter(self)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.WindowText))
        dots = Qt.TextElideMode.ElideRight
        text = self.fontMetrics().elidedText(self.text(), dots, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()


class LayerRow(Translated, QWidget):
    """One layer; a clock marks one with values that change with time.

    Signals
    -------
    toggled
        ``(layer id)``: the eye was pressed.
    asked
        ``(what, layer id)``: a command of the table, or one of the words in `KEYS` and `MENU`.
    dragged, dropped
        ``(global place)`` of the mouse while it drags the row, and where it let go.
    """

    toggled = Signal(str)
    asked = Signal(str, str)
    dragged = Signal(QPointF)
    dropped = Signal(QPointF)

    def __init__(self, layer: Layer, visible: bool) -> None:
        super().__init__()
        self.setObjectName("layer")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.layer_id, self._layer = layer.id, layer
        self._wish, self._swatch, self._refused = PLAIN, Swatch(()), ""
        self._fit, self._visible, self._timed = len(layer), visible, False
        self._pressed: QPointF | None = None
        self._dragging = False
        self.eye = IconButton("fa6s.eye", size=14)
        self.eye.setCheckable(True)
        self.swatch, self.filter = QToolButton(), IconButton("fa6s.filter", size=11)
        self.swatch.setIconSize(SWATCH)
        self.name, self.clock, self.count = Shortened(), text_label(), text_label(role="small")
        self._lay_out()
        self.eye.clicked.connect(lambda: self.toggled.emit(self.layer_id))
        self.swatch.clicked.connect(lambda: self.asked.emit("style", self.layer_id))
        self.filter.clicked.connect(lambda: self.asked.emit("unfilter", self.layer_id))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.show_visible(visible)
        self.retranslate()

    def _lay_out(self) -> None:
        for button in (self.eye, self.swatch, self.filter):
            # The row is one stop for the key Tab; its own keys do what the buttons do.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clock.hide()
        self.filter.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(_LEFT, 1, _RIGHT, 1)
        row.setSpacing(_SPACING)
        self.swatch.setFixedWidth(SWATCH.width() + 10)
        self.filter.setFixedWidth(22)
        for part in (self.eye, self.swatch, self.name, self.filter, self.clock, self.count):
            row.addWidget(part, int(part is self.name))

    # ------------------------------------------------------------------------------------- showing
    def retranslate(self) -> None:
        """Write the texts anew."""
        title = layer_title(self._layer)
        self.name.setText(title)
        self.eye.describe(_("Show or hide {layer}", layer=title), "Space")
        self.swatch.setAccessibleName(_("Style of {layer}", layer=title))
        self.swatch.setToolTip(_("Style of {layer}", layer=title) + "  (Enter)")
        self.clock.setToolTip(_("Its values change with time"))
        self.clock.setAccessibleName(_("Its values change with time"))
        self._say()

    def show_timed(self, on: bool) -> None:
        """Show or hide the clock."""
        self._timed = on
        self.clock.setPixmap(
            qtawesome.icon("fa6s.clock", color=look_now().text_soft).pixmap(_SIGN, _SIGN)
        )
        self._say()

    def show_visible(self, visible: bool) -> None:
        """Open or close the eye."""
        self._visible = visible
        self.eye.show_icon("fa6s.eye" if visible else "fa6s.eye-slash")
        self.eye.setChecked(visible)
        self.name.setEnabled(visible)
        self._say()

    def show_wish(self, wish: LayerChoice) -> None:
        """Show what the project keeps of the layer."""
        if wish != self._wish:
            self._wish = wish
            self._draw_swatch()
            self._say()

    def show_drawn(self, swatch: Swatch, fit: int, refused: str) -> None:
        """Show the colours, how many elements fit the filter, and why it cannot be used."""
        if swatch != self._swatch:
            self._swatch = swatch
            self._draw_swatch()
        if (fit, refused) != (self._fit, self._refused):
            self._fit, self._refused = fit, refused
            self._say()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._fit_in()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the theme's colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_swatch()
            self._say()

    def _draw_swatch(self) -> None:
        shape = "" if self._layer.geometry is None else self._layer.geometry.kind
        self.swatch.setIcon(swatch_icon(self._swatch, shape, self._wish.opacity))

    def _say(self) -> None:
        """Write count, filter, tooltip, and what screen readers say."""
        every, wish = number(len(self._layer)), self._wish
        shown = _("{shown} of {count} elements", shown=number(self._fit), count=every)
        counted = shown if wish.filter else _("{count} elements", count=every)
        parts = [layer_title(self._layer), counted]
        if wish.filter:
            parts.append(_("filter: {filter}", filter=wish.filter))
        if wish.opacity < 1:
            parts.append(_("opacity {share}", share=percent(wish.opacity)))
        if wish.colour:
            own = wish.colour if is_colour(wish.colour) else column_title(wish.colour)
            parts.append(_("own colours: {what}", what=own))
        if wish.labels:
            parts.append(_("labels: {labels}", labels=wish.labels))
        if not self._visible:
            parts.append(_("hidden"))
        if self._timed:
            parts.append(_("its values change with time"))
        self.setAccessibleName(listed(parts))
        self.setToolTip("\n".join(parts))
        self._say_filter(shown)
        self._fit_in()

    def _fit_in(self) -> None:
        """Write both counts of a filter, and show the clock, where that leaves the name whole."""
        every, fit = number(len(self._layer)), number(self._fit)
        counts = (f"{fit} / {every}", fit) if self._wish.filter else (every,)
        signs = (True, False) if self._timed else (False,)
        room = self._room()
        choices = [(count, sign) for count in counts for sign in signs]
        for count, sign in choices:
            used = self.count.fontMetrics().horizontalAdvance(count) + sign * (_SIGN + _SPACING)
            if used <= room:
                break
        self.count.setText(count)
        self.clock.setVisible(sign)

    def _room(self) -> int:
        """Return the width that the whole name leaves for clock and count."""
        parts = (self.eye, self.swatch, *([self.filter] if self._wish.filter else []))
        used = sum((one.minimumWidth() or one.sizeHint().width()) + _SPACING for one in parts)
        name = self.name.fontMetrics().horizontalAdvance(self.name.text()) + 1
        return self.width() - _LEFT - _RIGHT - used - name - _SPACING

    def _say_filter(self, shown: str) -> None:
        look, wish = look_now(), self._wish
        self.filter.setVisible(bool(wish.filter))
        sign = "fa6s.triangle-exclamation" if self._refused else "fa6s.filter"
        ink = look.warning if self._refused else look.accent
        self.filter.setIcon(qtawesome.icon(sign, color=ink))
        lines = [
            _("Filter: {filter}", filter=wish.filter),
            self._refused or shown,
            _("Totals of the district stay whole."),
            _("Click to show all elements."),
        ]
        self.filter.setToolTip("\n".join(lines))
        self.filter.setAccessibleName(_("Take the filter away"))

    # ---------------------------------------------------------------------------------------- keys
    def event(self, event: QEvent) -> bool:
        """Take the row's own keys before the window's shortcuts do."""
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and _wanted(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Do what a key means here."""
        wanted = _wanted(event)
        if wanted:
            self.asked.emit(wanted, self.layer_id)
        else:
            super().keyPressEvent(event)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for what, title, key in MENU:
            if not what:
                menu.addSeparator()
                continue
            text = _(title) + (f"\t{key}" if key else "")
            menu.addAction(text, partial(self.asked.emit, what, self.layer_id))
        if self._wish.filter:
            menu.addAction(
                _("Take the filter away"), partial(self.asked.emit, "unfilter", self.layer_id)
            )
        menu.popup(self.mapToGlobal(at))

    # --------------------------------------------------------------------------------------- mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a drag, perhaps."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag the row."""
        if self._pressed is None:
            return
        away = (event.position() - self._pressed).manhattanLength()
        if self._dragging or away >= QApplication.startDragDistance():
            if not self._dragging:
                self._dragging = True
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(event.globalPosition())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let the row go."""
        dragging, self._pressed, self._dragging = self._dragging, None, False
        if dragging:
            self.unsetCursor()
            self.dropped.emit(event.globalPosition())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Open the style."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit("style", self.layer_id)


def _wanted(event: QKeyEvent) -> str:
    """Return what a key means on a row; empty for nothing."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return KEYS.get((held, Qt.Key(event.key())), "")


def swatch_icon(swatch: Swatch, shape: str, opacity: float) -> QIcon:
    """Return a picture of a layer's colours: a disc for points, a stroke for lines, else a box."""
    look, picture = look_now(), blank(SWATCH, 2)
    if not swatch.colours:
        return QIcon(picture)
    box = QRectF(1, 1, SWATCH.width() - 2, SWATCH.height() - 2)
    path = QPainterPath()
    if shape == "point":
        box = QRectF(box.center() - QPointF(5, 5), QSize(10, 10))
        path.addEllipse(box)
    else:
        box = box.adjusted(0, 3, 0, -3) if shape == "line" else box
        path.addRoundedRect(box, 2, 2)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(0.25 + 0.75 * opacity)
    painter.fillPath(path, _filling(swatch, box))
    painter.setOpacity(1.0)
    painter.setPen(QPen(colour(look.text, 0.35), 0.8))
    painter.drawPath(path)
    painter.end()
    return QIcon(picture)


def _filling(swatch: Swatch, box: QRectF) -> QLinearGradient:
    """Return colours from left to right, passing into each other or side by side."""
    gradient = QLinearGradient(box.topLeft(), box.topRight())
    n = len(swatch.colours)
    for k, one in enumerate(swatch.colours):
        if swatch.smooth:
            gradient.setColorAt(k / max(1, n - 1), QColor(one))
        else:
            gradient.setColorAt(k / n, QColor(one))
            gradient.setColorAt(max(k / n, (k + 1) / n - 1e-6), QColor(one))
    return gradient
