"""The time bar: transport, speed, step, loop, the track, the span, the clock."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.overview import Overview
from twinview.gui.player import SPEEDS, Player
from twinview.gui.stretch import SPANS, stretch
from twinview.gui.style import IconButton, Translated, text_font
from twinview.gui.track import Track
from twinview.i18n import _
from twinview.scene.curves import curves
from twinview.scene.resolve import clock
from twinview.session.store import State

STEPS_HOURS = (0.0, 1.0, 3.0, 6.0, 24.0)
"""Lengths of one press of an arrow key in hours; 0 is one step of the data."""
_SIDE = 216


class TimeBar(Translated, QWidget):
    """Everything about the clock.

    Signals
    -------
    chosen
        ``(step)``: the user or the player wants this step.
    asked
        ``(command name)``: a button for a command of the table was pressed.
    stretched
        Another stretch of time is shown.
    """

    chosen = Signal(int)
    asked = Signal(str)
    stretched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.player = Player(self)
        self.track = Track(self)
        self.overview = Overview(self)
        self.span = "day"
        self.step_hours = 0.0
        self._state: State | None = None
        self._transport = self._make_transport()
        self.speed_button, self._speed_menu = self._make_menu()
        self.step_button, self._step_menu = self._make_menu()
        self.loop_button = IconButton("fa6s.repeat", size=14)
        self.loop_button.setCheckable(True)
        self._spans = self._make_spans()
        self._clock = self._make_clock()
        self._lay_out()
        self._connect()
        self.retranslate()

    # -------------------------------------------------------------------------------------- making
    def _make_transport(self) -> dict[str, IconButton]:
        icons = {
            "start": "fa6s.backward-step", "back": "fa6s.chevron-left", "play": "fa6s.play",
            "forward": "fa6s.chevron-right", "end": "fa6s.forward-step",
        }  # fmt: skip
        buttons = {key: IconButton(name, size=18) for key, name in icons.items()}
        for key in ("back", "forward"):
            buttons[key].setAutoRepeat(True)
        return buttons

    @staticmethod
    def _make_menu() -> tuple[QToolButton, QMenu]:
        button = QToolButton()
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setProperty("segment", True)
        menu = QMenu(button)
        button.setMenu(menu)
        return button, menu

    def _make_spans(self) -> dict[str, QToolButton]:
        group = QButtonGroup(self)
        buttons: dict[str, QToolButton] = {}
        for key in SPANS:
            button = QToolButton()
            button.setCheckable(True)
            button.setProperty("segment", True)
            button.clicked.connect(lambda _on=False, key=key: self.show_span(key))
            group.addButton(button)
            buttons[key] = button
        buttons["day"].setChecked(True)
        return buttons

    def _make_clock(self) -> tuple[QLabel, QLabel, QLabel]:
        labels = QLabel(), QLabel(), QLabel()
        for label, role in zip(labels, ("soft", "huge", "small"), strict=True):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("role", role)
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            label.setFont(text_font(tabular=True))
        return labels

    def _lay_out(self) -> None:
        transport, choices, spans = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for one in self._transport.values():
            transport.addWidget(one)
        for widget in (self.speed_button, self.step_button, self.loop_button):
            choices.addWidget(widget)
        for button in self._spans.values():
            spans.addWidget(button)
        side = QWidget()
        side.setMinimumWidth(_SIDE)
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(2)
        for row in (transport, choices, spans):
            row.setSpacing(2)
            row.addStretch(1)
            left.addLayout(row)
        middle = QVBoxLayout()
        middle.setSpacing(2)
        middle.addWidget(self.track, 1)
        middle.addWidget(self.overview)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addStretch(1)
        for label in self._clock:
            right.addWidget(label)
        right.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(16, 8, 16, 6)
        whole.setSpacing(8)
        whole.addWidget(side)
        whole.addLayout(middle, 1)
        whole.addLayout(right)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _connect(self) -> None:
        self.track.chosen.connect(self._by_hand)
        self.track.zoomed.connect(self._zoom)
        self.overview.chosen.connect(self._by_hand)
        self.player.chosen.connect(self.chosen)
        self.player.changed.connect(self._show_playing)
        self.loop_button.toggled.connect(self._set_loop)
        self._transport["start"].clicked.connect(lambda: self.asked.emit("time.start"))
        self._transport["end"].clicked.connect(lambda: self.asked.emit("time.end"))
        self._transport["back"].clicked.connect(lambda: self.step(-1))
        self._transport["forward"].clicked.connect(lambda: self.step(1))
        self._transport["play"].clicked.connect(self.player.toggle)

    def retranslate(self) -> None:
        """Write all texts in the language in use."""
        names = {
            "start": (_("First step"), "Home"), "back": (_("Step back"), "\u2190"),
            "play": (_("Play or pause"), _("Space")), "forward": (_("Step forward"), "\u2192"),
            "end": (_("Last step"), "End"),
        }  # fmt: skip
        for key, (text, keys) in names.items():
            self._transport[key].describe(text, keys)
        self.loop_button.describe(_("Repeat the stretch that is shown"))
        self.speed_button.setToolTip(_("Speed: hours of data for one second"))
        self.step_button.setToolTip(_("Length of a step with the arrow keys"))
        for key, button in self._spans.items():
            button.setText(_(SPANS[key]))
        self._fill_menus()
        if self._state is not None:
            self._show_clock(self._state)

    def _fill_menus(self) -> None:
        speeds = [_("{hours} h/s", hours=f"{speed:g}") for speed in SPEEDS]
        self._fill(self._speed_menu, speeds, SPEEDS.index(self.player.speed), self.set_speed)
        self.speed_button.setText(speeds[SPEEDS.index(self.player.speed)] + " \u25be")
        steps = [_("1 step") if not h else _("{hours} h", hours=f"{h:g}") for h in STEPS_HOURS]
        chosen = STEPS_HOURS.index(self.step_hours)
        self._fill(self._step_menu, steps, chosen, self.set_step)
        self.step_button.setText(_("step {length}", length=steps[chosen]) + " \u25be")
        if chosen == 0:
            self.step_button.setText(steps[0] + " \u25be")

    @staticmethod
    def _fill(menu: QMenu, texts: Sequence[str], chosen: int, slot: object) -> None:
        menu.clear()
        group = QActionGroup(menu)
        for k, text in enumerate(texts):
            action = QAction(text, group)
            action.setCheckable(True)
            action.setChecked(k == chosen)
            action.triggered.connect(lambda _on=False, k=k: slot(k))  # type: ignore[operator]
            menu.addAction(action)

    # -------------------------------------------------------------------------------------- wishes
    def set_speed(self, k: int) -> None:
        """Choose one of `SPEEDS`."""
        self.player.set_speed(SPEEDS[k])
        self._fill_menus()

    def set_step(self, k: int) -> None:
        """Choose one of `STEPS_HOURS`."""
        self.step_hours = STEPS_HOURS[k]
        self._fill_menus()

    def step(self, direction: int) -> None:
        """Go one step of the chosen length."""
        if self._state is None or self._state.twin.time.static:
            return
        hours = self.step_hours * 3600 / self._state.twin.time.step
        self._by_hand(self._state.view.time + direction * max(1, round(hours)))

    def show_span(self, span: str) -> None:
        """Show the day, week, month or year around the time."""
        self.span = span
        self._spans[span].setChecked(True)
        if self._state is not None:
            self._show_time(self._state)
            self.stretched.emit()

    def _zoom(self, direction: int) -> None:
        spans = list(SPANS)
        self.show_span(spans[min(max(spans.index(self.span) + direction, 0), len(spans) - 1)])

    def _by_hand(self, index: int) -> None:
        if self._state is None:
            return
        index = min(max(index, 0), self._state.twin.time.count - 1)
        self.player.at(index)
        self.chosen.emit(index)

    def _set_loop(self, on: bool) -> None:
        self.player.loop = on
        self.loop_button.show_icon("fa6s.repeat")
        if self._state is not None:
            self._show_time(self._state)

    def _show_playing(self, playing: bool) -> None:
        self._transport["play"].show_icon("fa6s.pause" if playing else "fa6s.play")

    # ------------------------------------------------------------------------------------- showing
    def changed(self, old: State, new: State) -> None:
        """Follow the session."""
        first = self._state is None or old is new
        self._state = new
        if first or new.twin is not old.twin or new.view.scenario != old.view.scenario:
            made = curves(new.twin, new.view.scenario)
            self.track.show_twin(new.twin, made)
            self.overview.show_twin(new.twin.time, made)
            self.player.step_hours = max(new.twin.time.step, 1) / 3600
            self.setEnabled(not new.twin.time.static and bool(new.twin.layers))
        if first or new.twin is not old.twin or new.view.time != old.view.time:
            self._show_time(new)

    def _show_time(self, state: State) -> None:
        time, index = state.twin.time, min(state.view.time, state.twin.time.count - 1)
        shown = self.track.shown
        wanted = stretch(time, index, self.span)
        if wanted != shown:
            shown = wanted
        self.player.bounds = shown if self.player.loop else range(time.count)
        self.player.at(index)
        self.track.show_time(index, shown)
        self.overview.show_time(index, shown)
        self._show_clock(state)

    def _show_clock(self, state: State) -> None:
        now = clock(state.twin.time, min(state.view.time, state.twin.time.count - 1))
        zone = " · ".join(part for part in (now.offset, now.zone) if part)
        for label, text in zip(self._clock, (now.date, now.time, zone), strict=True):
            label.setText(text if state.twin.layers else "")
