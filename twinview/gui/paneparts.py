"""The parts of a view with several pictures: a pane, its head, its mark under the mouse."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from twinview.draw.panes import draw_why, label
from twinview.gui.cards import text_label
from twinview.gui.style import IconButton, Translated, look_now, worn
from twinview.gui.subject import uncomputed
from twinview.i18n import _
from twinview.model.twin import BASE
from twinview.scene.panes import MOST, Shown, offset_text
from twinview.session.offsets import YEAR
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.canvas import Canvas
    from twinview.render.frames import Other

FORWARDED = frozenset({
    QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonDblClick, QEvent.Type.Wheel,
})  # fmt: skip
OFFSETS = (0.0, -24.0, -168.0, -YEAR)
"""Hours that are offered."""
_BITS = QImage.Format.Format_RGB32
_LETTERS = 24


class PaneView(QWidget):
    """A picture beside the canvas, of the same size: what the mouse does in it the canvas does."""

    def __init__(self, canvas: "Canvas", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setMouseTracking(True)
        self.setFocusProxy(canvas)
        self._canvas = canvas
        self.other: Other | None = None
        self.why, self._waits = "", ""

    def show_computing(self, text: str) -> None:
        """Say how far the computation is that the pane waits for, in place of what to do."""
        if text != self._waits:
            self._waits = text
            self.update()

    def show_pane(self, shown: Shown, name: str, other: "Other | str | None") -> None:
        """Show what is drawn for a pane, or say why there is nothing, or nothing yet."""
        waiting = other if isinstance(other, str) else ""
        self.other = None if isinstance(other, str) else other
        self.why = shown.why or waiting
        self.setAccessibleName(label(shown, name))
        self.setAccessibleDescription(self.why)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Put the newest picture there."""
        scene = self._canvas.scene
        look = worn(scene.theme) if scene is not None else look_now()
        painter = QPainter(self)
        held = None if self.other is None else self.other.picture
        if self.why or held is None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_why(painter, QRectF(self.rect()), self._waits or self.why, look)
        else:
            high, wide = held.shape[:2]
            picture = QImage(held.data, wide, high, wide * 4, _BITS)
            device = round(self.width() * self.devicePixelRatioF())
            smooth = QPainter.RenderHint.SmoothPixmapTransform
            painter.setRenderHint(smooth, wide != device)
            painter.drawImage(QRectF(self.rect()), picture)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Hand the mouse on to the canvas."""
        if isinstance(event, QMouseEvent | QWheelEvent) and event.type() in FORWARDED:
            self._canvas.frames.under = None if self.other is None else self.other.frames
            if event.type() == QEvent.Type.MouseButtonPress:
                self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
            QCoreApplication.sendEvent(self._canvas, event.clone())
            self.setCursor(self._canvas.cursor())
            return True
        if event.type() == QEvent.Type.Leave:
            QCoreApplication.sendEvent(self._canvas, QEvent(QEvent.Type.Leave))
            self._canvas.frames.under = None
        return super().event(event)


class Mark(QWidget):
    """A small cross where the mouse is in another pane."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.resize(QSize(19, 19))
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw it, with a light around it."""
        look, middle = look_now(), QPointF(9.5, 9.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for ink, wide in ((look.panel, 4.0), (look.accent, 2.0)):
            painter.setPen(QPen(QColor(ink), wide, c=Qt.PenCapStyle.RoundCap))
            for step in (QPointF(7, 0), QPointF(0, 7)):
                painter.drawLine(middle - step, middle - step * 0.35)
                painter.drawLine(middle + step * 0.35, middle + step)
        painter.end()


class PaneHead(Translated, QWidget):
    """Says what a pane shows, and lets it be changed.

    Parameters
    ----------
    ask
        Runs a command with arguments, asking for those that are missing.
    cases
        Tells the ids and names of all cases, the base's first.

    Signals
    -------
    offset_wanted
        Another offset than those that are offered is to be written.
    """

    offset_wanted = Signal()

    def __init__(
        self, ask: Callable[..., object], cases: Callable[[], Sequence[tuple[str, str]]],
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("panehead")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._ask, self._cases = ask, cases
        self._shown: Shown | None = None
        self._under_way = ("", "", "")
        self._place, self._count, self._name = 0, 0, ""
        self.number = text_label()
        self.number.setObjectName("panenumber")
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.number.setFixedSize(20, 20)
        self.case, self.instant, self.compute = QToolButton(), QToolButton(), QToolButton()
        self.both = text_label(role="soft")
        self.both.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.add = IconButton("fa6s.plus", size=12)
        self.close_button = IconButton("fa6s.xmark", size=12)
        self.menus = QMenu(self.case), QMenu(self.instant)
        for button, menu, fill in zip(
            (self.case, self.instant), self.menus, (self._fill_cases, self._fill_instants),
            strict=True,
        ):  # fmt: skip
            button.setMenu(menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            menu.aboutToShow.connect(fill)
        self.compute.setProperty("warning", True)
        self.compute.clicked.connect(self._compute)
        self.add.clicked.connect(lambda: self._ask("compare.panes", self._count + 1))
        self.close_button.clicked.connect(lambda: self._ask("compare.pane_close", self._place + 1))
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.setSpacing(2)
        for part in (self.number, self.case, self.instant, self.compute):
            row.addWidget(part)
        row.addWidget(self.both, 1)
        row.addWidget(self.add)
        row.addWidget(self.close_button)

    def retranslate(self) -> None:
        """Write the texts anew."""
        if self._shown is not None:
            self.show_pane(self._shown, self._place, self._count, self._name)

    def show_pane(self, shown: Shown, place: int, count: int, name: str) -> None:
        """Say what a pane shows, at which of how many places."""
        self._shown, self._place, self._count, self._name = shown, place, count, name
        title, difference = shown.title, shown.pane.difference
        short = title if len(title) <= _LETTERS else title[: _LETTERS - 1] + "…"
        self.number.setText(name)
        self.number.setVisible(not difference)
        self.case.setText(f"{short}  ▾")
        self.case.setToolTip("\n".join(part for part in (title, _("What this pane shows")) if part))
        self.case.setAccessibleName(label(shown, name))
        self.both.setText(shown.instant if difference else "")
        self.both.setToolTip(self.both.text())
        self.instant.setText(f"{shown.instant}  ▾")
        self.instant.setVisible(bool(shown.instant) and not difference)
        self.instant.setToolTip(_("Instant of this pane, an offset from the clock"))
        self.instant.setAccessibleName(f"{self.instant.toolTip()}: {shown.instant}")
        self._offer()
        self.add.setVisible(place == count - 1 and count < MOST)
        self.add.describe(_("Add a pane"))
        self.close_button.describe(_("Close pane {name}", name=name))

    def show_computing(self, share: str, text: str, scenario: str) -> None:
        """Say how far the computation of a case is, in place of offering one; empty for none.

        Parameters
        ----------
        share, text
            In percent, for which a narrow head has room, and in words.
        scenario
            Id of the case.
        """
        self._under_way = (share, text, scenario)
        self._offer()

    def _offer(self) -> None:
        """Offer to compute what is not, or say that it is under way where it is this pane's."""
        shown, (share, text, scenario) = self._shown, self._under_way
        if shown is None:
            return
        lacking = not shown.pane.difference and uncomputed(shown.twin)
        self.compute.setVisible(lacking and (not text or scenario == shown.twin.scenario))
        self.compute.setEnabled(not text)
        self.compute.setText(share or _("Compute"))
        self.compute.setToolTip(text or _("Compute this scenario"))
        self.compute.setAccessibleName(text or _("Compute"))

    def _compute(self) -> None:
        if self._shown is not None:
            self._ask("scenario.show", self._shown.twin.scenario)
            self._ask("compute.run")

    def _fill_cases(self) -> None:
        menu, shown = self.menus[0], self._shown
        menu.clear()
        if shown is None:
            return
        for id_, title in self._cases():
            action = menu.addAction(title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(not shown.pane.difference and id_ == shown.twin.scenario)
            action.triggered.connect(
                lambda _on=False, id_=id_: self._ask("compare.pane_scenario", self._place + 1, id_)
            )
        menu.addSeparator()
        less = menu.addAction(_("Difference from the first pane"))
        less.setCheckable(True)
        less.setChecked(shown.pane.difference)
        less.setEnabled(self._place > 0)
        less.triggered.connect(lambda: self._ask("compare.pane_difference", self._place + 1))
        menu.addSeparator()
        menu.addAction(_("New scenario..."), lambda: self._ask("scenario.new"))

    def _fill_instants(self) -> None:
        menu, shown = self.menus[1], self._shown
        menu.clear()
        if shown is None:
            return
        for hours in OFFSETS:
            action = menu.addAction(offset_text(hours) or _("The clock's own instant"))
            action.setCheckable(True)
            action.setChecked(hours == shown.pane.hours)
            action.triggered.connect(lambda _on=False, hours=hours: self._offset(hours))
        menu.addSeparator()
        menu.addAction(_("Another offset..."), self.offset_wanted.emit)

    def _offset(self, hours: float) -> None:
        text = f"{hours:+g}h" if hours else "0"
        self._ask("compare.pane_offset", self._place + 1, text)


def hint(state: State) -> str:
    """Return what to do where a district has no scenario to compare with; empty otherwise."""
    if set(state.beside.twins) - {BASE}:
        return ""
    return _(
        "There is no scenario yet, so two instants stand side by side. Make a scenario, or choose "
        "another offset in the head of a pane."
    )
