"""The tour in the window: a card beside what it speaks of, and a frame around that."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from twinview.draw.ink import colour
from twinview.gui.cards import text_label
from twinview.gui.style import IconButton, Translated, look_now
from twinview.i18n import _
from twinview.session.tour import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable

    from twinview.gui.window import MainWindow

_WIDE, _GAP, _EDGE, _LINE = 340, 12, 16, 3.0


class _Frame(QWidget):
    """A frame around something; it takes no clicks, so that the thing can be tried."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(look_now().accent), _LINE))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 8, 8)


def beside(target: QRect, view: QRect, high: int, cards: Mapping[str, QRect]) -> QPoint:
    """Return where a card stands: below, above, right or left of its target, else in it.

    It stays on the view, so that no panel is covered that the next click may be for.

    Parameters
    ----------
    target, view
        What it speaks of, and what it has to lie in.
    high
        Its height, logical pixels.
    cards
        What is written on the view, by name: it keeps clear of that where it can, at last by
        standing above the legend.
    """
    middle = target.center().x() - _WIDE // 2
    around = [
        QPoint(target.left(), target.bottom() + _GAP),
        QPoint(middle, target.top() - _GAP - high),
        QPoint(target.right() + _GAP, target.top() + _EDGE),
        QPoint(target.left() - _GAP - _WIDE, target.top() + _EDGE),
    ]
    places = [*around, QPoint(middle, target.bottom() - high - _EDGE)]
    if "legend" in cards:
        places.append(QPoint(cards["legend"].left(), cards["legend"].top() - _GAP - high))
    found = []
    for k, wished in enumerate(places):
        left = max(view.left(), min(wished.x(), view.right() + 1 - _WIDE))
        top = max(view.top(), min(wished.y(), view.bottom() + 1 - high))
        place, inside = QRect(left, top, _WIDE, high), k >= len(around)
        covers = not inside and place.intersects(target)
        hides = any(place.intersects(card) for card in cards.values())
        moved = (place.topLeft() - wished).manhattanLength()
        found.append(((covers, hides, inside, moved, k), place.topLeft()))
    return min(found, key=lambda one: one[0])[1]


class TourCard(Translated, QFrame):
    """The card of the tour; Esc or Skip ends it, and what it speaks of can be used meanwhile.

    Parameters
    ----------
    window
        Whose parts are shown.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.setObjectName("card")
        self.setProperty("kind", "notice")
        self.setFixedWidth(_WIDE)
        self._window = window
        self.frame = _Frame(window)
        self.step = 0
        self.title = text_label(role="title", wrap=True)
        self.text = text_label(wrap=True)
        self.count = text_label(role="small")
        self.skip, self.back, self.next = QPushButton(), QPushButton(), QPushButton()
        self.close_ = IconButton("fa6s.xmark", size=12)
        self.next.setProperty("primary", True)
        self._lay_out()
        self.skip.clicked.connect(self.end)
        self.close_.clicked.connect(self.end)
        self.back.clicked.connect(lambda: self._go(self.step - 1))
        self.next.clicked.connect(lambda: self._go(self.step + 1))
        window.installEventFilter(self)
        self.retranslate()
        self.hide()
        self.frame.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.count, 1)
        for button in (self.skip, self.back, self.next):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addLayout(foot)

    def retranslate(self) -> None:
        """Write the texts anew."""
        step = STEPS[self.step]
        self.title.setText(_(step.title))
        self.text.setText(_(step.text))
        self.count.setText(_("{k} of {all}", k=self.step + 1, all=len(STEPS)))
        self.skip.setText(_("Skip"))
        self.back.setText(_("Back"))
        self.next.setText(_("Next") if self.step + 1 < len(STEPS) else _("Done"))
        self.close_.describe(_("End the tour"), "Esc")
        self.setAccessibleName(f"{self.title.text()}: {self.text.text()}")

    def begin(self) -> None:
        """Begin with the first step."""
        self._go(0)

    def end(self) -> None:
        """End the tour; the view has the keys again."""
        self.hide()
        self.frame.hide()
        self._window.canvas.setFocus()

    def _go(self, step: int) -> None:
        if step >= len(STEPS):
            self.end()
            return
        self.step = max(step, 0)
        self.back.setEnabled(self.step > 0)
        if STEPS[self.step].id == "layers":
            self._window.wishes.show_dock("layers")
        self.retranslate()
        self.show()
        self.place()
        self.next.setFocus()
        # Once more when a panel that came up has its place.
        QTimer.singleShot(0, self, self.place)

    # -------------------------------------------------------------------------------------- places
    def target(self) -> QRect:
        """Return what the step speaks of, in the window's coordinates."""
        window = self._window
        places: dict[str, Callable[[], QRect]] = {
            "time": lambda: self._of(window.timebar.track),
            "view": lambda: self._of(window.canvas).adjusted(8, 8, -8, -8),
            "layers": lambda: self._of(window.docks["layers"]),
            "numbers": self._numbers,
            "menu": lambda: self._of(window.topbar.menu_button),
        }
        return places[STEPS[self.step].id]()

    def _of(self, widget: QWidget) -> QRect:
        return QRect(widget.mapTo(self._window, QPoint(0, 0)), widget.size())

    def _numbers(self) -> QRect:
        """Return the place of the numbers on the view; of the inspector where there are none."""
        taken = self._window.stage.hud.taken.get("readouts")
        if taken is None:
            return self._of(self._window.docks["inspector"])
        corner = self._window.stage.mapTo(self._window, QPoint(0, 0))
        return QRectF(taken).toAlignedRect().translated(corner).adjusted(-4, -4, 4, 4)

    def place(self) -> None:
        """Stand beside what the step speaks of, whole within the window."""
        if not self.isVisible():
            return
        target, window = self.target(), self._window.rect()
        self.frame.setGeometry(target.adjusted(-2, -2, 2, 2).intersected(window))
        self.frame.show()
        self.frame.raise_()
        high = max(self.heightForWidth(_WIDE), self.sizeHint().height())
        view = self._of(self._window.stage).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        corner = self._window.stage.hud.mapTo(self._window, QPoint(0, 0))
        cards = {
            name: card.translated(corner) for name, card in self._window.stage.hud.taken.items()
        }
        self.setGeometry(QRect(beside(target, view, high, cards), QSize(_WIDE, high)))
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep beside it when the window changes."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self.place)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Press the button that has the focus by Enter too, as in dialogs."""
        focused = self.focusWidget()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and isinstance(
            focused, QAbstractButton
        ):
            focused.click()
        else:
            super().keyPressEvent(event)
