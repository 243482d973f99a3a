"""The time bar: transport, speed, step, loop, the track, the span, the clock."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from twinview.gui.asking import Asker
from twinview.gui.carpet import Carpet
from twinview.gui.livepill import LivePill, clock_labels
from twinview.gui.overview import Overview
from twinview.gui.player import SPEEDS, Player
from twinview.gui.stepping import STEPS, pace_text, speed_text, to_come
from twinview.gui.stretch import SPANS, TITLES, followed, stretch
from twinview.gui.style import IconButton, Translated, place
from twinview.gui.timemenus import (
    add_switch,
    fill,
    fill_window,
    here_menu,
    menu_button,
    pop,
    window_said,
    window_title,
)
from twinview.gui.timerows import Rows
from twinview.gui.track import Track
from twinview.i18n import _
from twinview.model.time import STATIC
from twinview.model.twin import DISTRICT
from twinview.scene.aggregation import interpolated, window_in
from twinview.scene.curves import curves, mix
from twinview.scene.resolve import clock
from twinview.scene.sifting import EVERY
from twinview.scene.totals import owner_of
from twinview.session.marks import Mark, marks
from twinview.session.store import State
from twinview.session.walking import onward, walk

_OVER = 136


class TimeBar(Translated, QWidget):
    """Everything about the clock.

    Signals
    -------
    chosen
        ``(step)``: the user or the player wants this step.
    asked
        ``(command or local action, arguments)``: a button or a line of a menu was pressed.
    stretched
        Another stretch of time is shown.
    """

    chosen = Signal(int)
    asked = Signal(str, list)
    stretched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.player = Player(self)
        self.track = Track(self)
        self.overview = Overview(self)
        self.carpet, self.pill = Carpet(), LivePill()
        self.span = "day"
        self.step_length = "data"
        self.stacked = False
        self._free = range(1)
        self._walked: object = None
        self._marks_asker = Asker(self)
        self._state: State | None = None
        self.transport = self._make_transport()
        self.speed_button, self._speed_menu = menu_button()
        self.step_button, self._step_menu = menu_button()
        self.loop_button = IconButton("fa6s.repeat", size=14)
        self.loop_button.setCheckable(True)
        self.mix_button = IconButton("fa6s.layer-group", size=14)
        self.mix_button.setCheckable(True)
        self.window_button, self._window_menu = menu_button()
        self.carpet_button = IconButton("fa6s.calendar-days", size=14)
        self.spans = self._make_spans()
        self.span_button, self._span_menu = menu_button()
        self.clock = clock_labels()
        self._rows = Rows(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
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

    def fold(self, low: bool) -> None:
        """Take less of a low window's height, or stand in all rows again."""
        self._rows.fold(low)

    def _wonder(self, quantity: str) -> None:
        """Ask what the value of the carpet at the instant is made of."""
        state = self._state
        found = owner_of(state.twin, quantity, state.view.scenario) if state is not None else None
        if state is None or found is None:
            return
        layer, together = found
        element = DISTRICT if layer == DISTRICT else state.twin.layers[layer].id_at(0)
        words = [layer, EVERY if together else element, quantity, "instant"]
        self.asked.emit("why", [*words, *["sum"] * together])

    def _connect(self) -> None:
        self.track.chosen.connect(self._by_hand)
        self.track.stretched.connect(self.show_stretch)
        self.track.ranged.connect(lambda first, n: self.asked.emit("time.range_steps", [first, n]))
        self.track.lock_wanted.connect(lambda end: self.asked.emit("time.lock", [end]))
        self.track.menu_wanted.connect(self._open_here)
        self._marks_asker.answered.connect(self._take_marks)
        self._window_menu.aboutToShow.connect(self._fill_window)
        self.mix_button.toggled.connect(self._stack)
        self.carpet_button.clicked.connect(lambda: self.asked.emit("gui.carpet", []))
        self.overview.chosen.connect(self._by_hand)
        self.carpet.chosen.connect(self._by_hand)
        self.carpet.wondered.connect(self._wonder)
        self.player.chosen.connect(self.chosen)
        self.player.between.connect(
            lambda step, share: self.asked.emit("time.between", [step, round(share, 3)])
        )
        self.player.changed.connect(self._show_playing)
        self.player.short.connect(lambda: self.asked.emit("gui.short", []))
        self.loop_button.toggled.connect(self._set_loop)
        self.transport["start"].clicked.connect(lambda: self.asked.emit("time.start", []))
        self.transport["end"].clicked.connect(lambda: self.asked.emit("time.end", []))
        self.transport["back"].clicked.connect(lambda: self.step(-1))
        self.transport["forward"].clicked.connect(lambda: self.step(1))
        self.transport["play"].clicked.connect(self.player.toggle)

    def retranslate(self) -> None:
        """Write all texts in the language in use."""
        names = {
            "start": (_("First step"), "Home"), "back": (_("Step back"), "\u2190"),
            "play": (_("Play or pause"), _("Space")), "forward": (_("Step forward"), "\u2192"),
            "end": (_("Last step"), "End"),
        }  # fmt: skip
        for key, (text, keys) in names.items():
            self.transport[key].describe(text, keys)
        self.loop_button.describe(_("Repeat the stretch that is shown"))
        self.mix_button.describe(_("Show what the sources give"))
        self.carpet_button.describe(_("Carpet of days and hours"), "Alt+C")
        self.span_button.setToolTip(_("Stretch of time that is shown"))
        for key, button in self.spans.items():
            button.setText(_(SPANS[key]))
        self._fill_menus()
        if self._state is not None:
            self._show_clock(self._state)
            self._show_window(self._state)

    def _fill_menus(self) -> None:
        speed = self.player.speed
        speeds = [speed_text(one) for one in SPEEDS]
        chosen = SPEEDS.index(speed) if speed in SPEEDS else len(SPEEDS)
        fill(self._speed_menu, [*speeds, _("Other speed...")], chosen, self.set_speed)
        add_switch(
            self._speed_menu, _("Interpolate between steps"), self.player.smooth, self.smooth
        )
        self.speed_button.setText(speed_text(speed) + " \u25be")
        self._say_pace()
        steps = [_(title) for title in STEPS.values()]
        chosen = list(STEPS).index(self.step_length)
        fill(self._step_menu, steps, chosen, self.set_step)
        self.step_button.setText(steps[chosen] + " \u25be")
        self.step_button.setToolTip(_("Length of a step, with the arrow keys and when playing"))
        self._fill_spans()

    def _say_pace(self) -> None:
        time = STATIC if self._state is None else self._state.twin.time
        self.speed_button.setToolTip(pace_text(time, self.step_length, self.player.speed))

    def _fill_spans(self) -> None:
        """Say in the button that stands for those of the spans what is shown."""
        spans = list(SPANS)
        chosen = spans.index(self.span) if self.span in spans else len(spans)
        titles = [_(title) for title in SPANS.values()]
        fill(self._span_menu, titles, chosen, lambda k: self.show_span(spans[k]))
        self.span_button.setText(_(TITLES[self.span]) + " \u25be")

    def _fill_window(self) -> None:
        if self._state is not None:
            window = window_in(self._state.twin, self._state.view)
            fill_window(self._window_menu, window, self._ask)

    def _ask(self, name: str, *arguments: object) -> None:
        self.asked.emit(name, list(arguments))

    def _open_here(self, step: int, mark: Mark | None, place: QPoint) -> None:
        twin = self._state.twin if self._state is not None else None
        load = twin is not None and twin.find(DISTRICT, "load") is not None
        pop(here_menu(self, step, mark, self._ask, load), place)

    # -------------------------------------------------------------------------------------- wishes
    def set_speed(self, k: int) -> None:
        """Choose one of `SPEEDS`, or ask for another one."""
        if k < len(SPEEDS):
            self.play_at(SPEEDS[k])
        else:
            self._fill_menus()
            self.asked.emit("gui.speed", [])

    def play_at(self, hours: float) -> None:
        """Play so many hours of the data in one second."""
        self.player.set_speed(hours)
        self._fill_menus()

    def smooth(self, on: bool) -> None:
        """Show what lies between two steps while time runs, or steps alone."""
        self.player.smooth = on
        self._fill_menus()

    def set_step(self, k: int) -> None:
        """Choose one of `STEPS`."""
        self.step_length = list(STEPS)[k]
        self._fill_menus()
        self._walk()

    def _walk(self) -> None:
        """Have the player show steps of the chosen length, on days that count."""
        if self._state is None:
            return
        time, length = self._state.twin.time, self.step_length
        keep = window_in(self._state.twin, self._state.view).mask(time)
        wanted = (time, length, id(keep))
        if wanted != self._walked:  # results that come do not make time begin again
            self._walked = wanted
            last = time.count - 1
            self.player.show(lambda anchor: walk(time, length, min(anchor, last), keep), keep)

    def step(self, direction: int, length: str = "") -> None:
        """Go one step of a length, or of the chosen one, over days that do not count."""
        if self._state is None or self._state.twin.time.static:
            return
        player, time = self.player, self._state.twin.time
        here = min(self._state.view.time, time.count - 1)
        player.at(here)
        found = walk(time, length, here, player.keep) if length else player.walked
        self._by_hand(onward(found, player.counted(range(time.count)), here, direction))

    def show_span(self, span: str) -> None:
        """Show the day, week, month or year around the time."""
        self.span = span
        self.spans[span].setChecked(True)
        self._fill_spans()
        if self._state is not None:
            self._show_time(self._state)
            self.stretched.emit()

    def show_stretch(self, shown: range) -> None:
        """Show any stretch of steps."""
        self.span, self._free = "free", shown
        checked = [one for one in self.spans.values() if one.isChecked()]
        for button in checked:
            button.group().setExclusive(False)
            button.setChecked(False)
            button.group().setExclusive(True)
        self._fill_spans()
        if self._state is not None:
            self._show_time(self._state, follow=False)
            self.stretched.emit()

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

    def _stack(self, on: bool) -> None:
        self.stacked = on
        self.mix_button.show_icon("fa6s.layer-group")
        if self._state is not None:
            self._show_curves(self._state)

    def _take_marks(self, key: object, found: object) -> None:
        if self._state is not None and key == self._mark_key(self._state):
            self.track.show_marks(found if isinstance(found, tuple) else ())

    @staticmethod
    def _mark_key(state: State) -> tuple[object, ...]:
        return id(state.twin), state.project.marks

    def close_down(self) -> None:
        """Play no more, and end what is looked for."""
        self.player.pause()
        self._marks_asker.close()

    def _show_playing(self, playing: bool) -> None:
        self.transport["play"].show_icon("fa6s.pause" if playing else "fa6s.play")

    # ------------------------------------------------------------------------------------- showing
    def changed(self, old: State, new: State) -> None:
        """Follow the session."""
        first = self._state is None or old is new
        self._state = new
        twin = first or new.twin is not old.twin
        if twin or new.view.scenario != old.view.scenario:
            self._show_curves(new)
            self.player.step_hours = max(new.twin.time.step, 1) / 3600
            self._say_pace()
            self.setEnabled(not new.twin.time.static and bool(new.twin.layers))
        self.carpet.changed(old, new)
        if twin or self._mark_key(old) != self._mark_key(new):
            self._marks_asker.ask(self._mark_key(new), lambda: marks(new))
        if twin or new.view.window != old.view.window:
            self._show_window(new)
        if twin or new.view.time != old.view.time or new.view.window != old.view.window:
            self._show_time(new)
        elif new.view.between != old.view.between:
            self._show_clock(new)

    def _show_curves(self, state: State) -> None:
        made = curves(state.twin, state.view.scenario)
        stack = mix(state.twin, state.view.scenario) if self.stacked else None
        self.track.show_twin(state.twin, made, stack, to_come(state.twin.time))
        self.overview.show_twin(state.twin.time, made)

    def _show_window(self, state: State) -> None:
        window, time = window_in(state.twin, state.view), state.twin.time
        self._walk()
        self.track.show_window(window, self.player.keep)
        self.overview.show_range(window.span(time) if window.ranged else None)
        title = window_title(window)
        metrics = self.window_button.fontMetrics()
        short = metrics.elidedText(title, Qt.TextElideMode.ElideRight, _OVER)
        self.window_button.setText(short + " \u25be")
        self.window_button.setAccessibleName(title)
        self.window_button.setToolTip(window_said(window))
        plain = window.kind == "instant" and not window.picky
        self.window_button.setProperty("lit", not plain)
        place(self.window_button)

    def _show_time(self, state: State, follow: bool = True) -> None:
        time, index = state.twin.time, min(state.view.time, state.twin.time.count - 1)
        if self.span == "free":
            self._free = followed(self._free, time, index) if follow else self._free
            shown = self._free
        else:
            shown = stretch(time, index, self.span)
        held = state.view.window
        looped = held.span(time) if held.ranged else shown
        self.player.bounds = looped if self.player.loop else range(time.count)
        self.player.at(index)
        self.track.show_time(index, shown)
        self.overview.show_time(index, shown)
        self._show_clock(state)

    def _show_clock(self, state: State) -> None:
        time, view = state.twin.time, state.view
        share = view.between if interpolated(state.twin, view) else 0.0
        now = clock(time, min(view.time, time.count - 1), share)
        zone = " · ".join(part for part in (now.offset, now.zone) if part)
        for label, text in zip(self.clock, (now.date, now.time, zone), strict=True):
            label.setText(text if state.twin.layers else "")
