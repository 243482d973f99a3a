"""What only a window can do: play, look at things, show and hide parts, leave what is on top."""

import bisect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication

from twinview.gui.arriving import PARTS
from twinview.gui.docks import seen
from twinview.gui.doing import undoing
from twinview.gui.hands import Pick
from twinview.gui.paneshapes import SHAPES
from twinview.gui.player import SPEEDS
from twinview.gui.shooting import Shooting
from twinview.gui.stepping import speed_of, speed_text
from twinview.gui.style_dialog import copy_style, paste_style
from twinview.gui.subject import layer_title
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.scene.selecting import pairs, rows_named
from twinview.scene.view import Camera
from twinview.session.answer import Answer
from twinview.session.command import Command
from twinview.session.told import Told

if TYPE_CHECKING:
    from twinview.energy.factors import Factor
    from twinview.gui.export_window import ExportWindow
    from twinview.gui.factor_window import FactorWindow
    from twinview.gui.finding import FindWindow
    from twinview.gui.join_window import JoinWindow
    from twinview.gui.picture_window import PictureWindow
    from twinview.gui.window import MainWindow


COMPUTE = "compute.run"
DIALOGS = frozenset(
    {
        "data.join",
        "data.rejoin",
        "data.unjoin",
        "data.coverage",
        "file.relink",
        "export.picture",
        "export.table",
        "export.layer",
    }
)
"""Commands whose arguments a dialog asks for."""
BELOW = {"problems": ("layers", (100, 100))}
"""Panels that open below others, and how the two share the height."""


class Wishes(QObject):
    """The local actions of a window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._hidden: list[str] = []
        self._book: FactorWindow | None = None
        window.jobs.stopped.connect(self._said_stopped)
        self.join_window: JoinWindow | None = None
        self.find_window: FindWindow | None = None
        self.picture_window: PictureWindow | None = None
        self.export_window: ExportWindow | None = None
        self.shooting = Shooting(window)

    def table(self) -> dict[str, Callable[[], None]]:
        """Return what each local action does, by name."""
        bar = self._window.timebar
        return {
            "gui.play": self.play,
            "gui.back": lambda: bar.step(-1),
            "gui.forward": lambda: bar.step(1),
            "gui.day_back": lambda: self._day(-1),
            "gui.day_forward": lambda: self._day(1),
            "gui.faster": lambda: self._speed(1),
            "gui.slower": lambda: self._speed(-1),
            **self._window.tools.table(),
            "gui.speed": self.ask_speed,
            "gui.short": self._too_short,
            "gui.smooth": lambda: bar.smooth(not bar.player.smooth),
            "gui.sources": bar.mix_button.toggle,
            "gui.carpet": lambda: self.toggle_dock("carpet"),
            "gui.full_screen": self.full_screen,
            "gui.city_only": self.city_only,
            "gui.layers": lambda: self.toggle_dock("layers"),
            "gui.inspector": lambda: self.toggle_dock("inspector"),
            "gui.problems": lambda: self.toggle_dock("problems"),
            "gui.indicators": lambda: self.toggle_dock("indicators"),
            "gui.why": self._window.reading.toggle,
            "gui.method": lambda: self._window.reading.help("method"),
            "gui.scenario": lambda: self.toggle_dock("scenario"),
            "gui.factors": self.book,
            "gui.table": lambda: self.toggle_dock("table"),
            "gui.selection": lambda: self.toggle_dock("selection"),
            "gui.lasso": self._window.exploring.lasso.arm,
            "gui.picture": self.shooting.again,
            "gui.bare_picture": lambda: self.shooting.again(bare=True),
            "gui.menu": self._menu,
            "gui.escape": self.escape,
            "gui.keys": self.keys,
            "gui.about": self.about,
            "gui.quit": lambda: (self._window.close(), None)[1],
        }

    # ---------------------------------------------------------------------------------------- time
    def play(self) -> None:
        """Play or pause; with the focus on a button the key presses the button instead."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QAbstractButton) and focused.isVisible():
            focused.click()
            return
        self._window.timebar.player.toggle()

    def _day(self, days: int) -> None:
        self._window.timebar.step(days, "day")

    def _speed(self, direction: int) -> None:
        bar = self._window.timebar
        place = bisect.bisect_left(SPEEDS, bar.player.speed)
        known = bar.player.speed in SPEEDS
        k = place + direction if known or direction < 0 else place
        bar.set_speed(min(max(k, 0), len(SPEEDS) - 1))
        if not bar.player.playing:
            bar.player.play()

    def _too_short(self) -> None:
        self._window.stage.message.notice(
            _("There is less than two steps to play: choose shorter steps, or a longer stretch.")
        )

    def ask_speed(self) -> None:
        """Ask for a speed in words."""
        bar, message = self._window.timebar, self._window.stage.message

        def answer(text: str) -> None:
            try:
                bar.play_at(speed_of(text))
            except CommandError as error:
                message.error(str(error))

        text = _("How fast is time to run? Write 6 h/s, 1 d/s or 30min/s.")
        message.question(text, {}, answer, speed_text(bar.player.speed))

    def bar_asked(self, name: str, arguments: list[object]) -> None:
        """Do what a button or a menu of the time bar says."""
        local = self.table().get(name)
        if local is not None:
            local()
        else:
            self._window.ask(name, *arguments)

    # ------------------------------------------------------------------------------------- looking
    def clicked(self, found: Pick | None, add: bool) -> None:
        """Select what was clicked; a click on nothing selects nothing."""
        if found is not None:
            self._window.run("select.add" if add else "select.only", found[0], found[1])
        elif not add and self._window.session.state.view.selection:
            self._window.run("select.clear")

    def layer(self, name: str, layer_id: str) -> None:
        """Do something with a layer."""
        window, styling = self._window, self._window.tools.styling
        local: dict[str, Callable[[], object]] = {
            "style": lambda: styling.show_layer(layer_id),
            "filter": lambda: styling.show_layer(layer_id, filtering=True),
            "copy_style": lambda: copy_style(window, layer_id),
            "paste_style": lambda: paste_style(window, layer_id),
            "unfilter": lambda: window.run("layer.filter", layer_id, "none"),
            "zoom": lambda: window.run("view.layer", layer_id),
            "join": lambda: self.joins(layer_id),
            "layer.remove": lambda: self._remove(layer_id),
            "layer.restore": lambda: window.run(name),
        }
        local.get(name, lambda: window.run(name, layer_id))()

    def _remove(self, layer_id: str) -> None:
        if self._window.run("layer.remove", layer_id):
            title = layer_title(self._window.session.state.twin.layers[layer_id])
            said = _("'{layer}' is neither listed nor drawn any more; totals stay whole.",
                     layer=title)  # fmt: skip
            undo = (_("Undo"), undoing(self._window.session, self._window.run))
            self._window.stage.message.notice(said, [undo])

    def show_element(self, layer_id: str, element_id: str) -> None:
        """Select an element and fly to it."""
        if self._window.run("select.only", layer_id, element_id):
            self._window.run("view.selection")

    def show_elements(self, layer_id: str, ids: Sequence[str]) -> None:
        """Select those elements of a layer that are there, and fly to where all can be seen."""
        layer = self._window.session.state.twin.layers.get(layer_id)
        rows = rows_named(layer, ids) if layer is not None else np.empty(0, np.int64)
        if layer is None or not (rows >= 0).any():
            said = _("None of them is in the district: they were left out when it was read.")
            self._window.stage.message.notice(said)
            return
        words = [word for pair in pairs(layer, rows[rows >= 0]) for word in pair]
        if self._window.run("select.these", "only", *words):
            self._window.run("view.selection")

    def moved(self, camera: Camera) -> None:
        """Tell the session where the user has put the camera."""
        self._window.run("view.camera", *camera.position, *camera.focus, camera.angle)

    # -------------------------------------------------------------------------------------- window
    def show_dock(self, name: str) -> None:
        """Show a dock."""
        dock = self._window.docks[name]
        hidden = not dock.isVisible()
        dock.show()
        dock.raise_()
        layout, way = self._window.layout(), Qt.Orientation.Vertical
        if not hidden or layout is None:
            return
        # A panel that was hidden when the layout was kept comes back as low as can be.
        layout.activate()
        if name in BELOW:
            above, shares = BELOW[name]
            self._window.resizeDocks([self._window.docks[above], dock], list(shares), way)
        elif self._window.dockWidgetArea(dock) == Qt.DockWidgetArea.BottomDockWidgetArea:
            self._window.resizeDocks([dock], [max(dock.height(), dock.sizeHint().height())], way)

    def toggle_dock(self, name: str) -> None:
        """Show or hide a dock."""
        dock = self._window.docks[name]
        if seen(dock):
            dock.hide()
        else:
            self.show_dock(name)

    def book(self) -> None:
        """Open the book of factors."""
        from twinview.gui.factor_window import FactorWindow

        if self._book is None:
            self._book = FactorWindow(self._window.session, self._window.ask, self._window)
        self._book.show()
        self._book.raise_()
        self._book.activateWindow()

    def show_factor(self, factor: "Factor") -> None:
        """Show a row of the book of factors."""
        self.book()
        if self._book is not None:
            self._book.show_factor(factor)

    def dialog(self, command: str) -> None:
        """Open the dialog that asks for a command's arguments."""
        if command == "file.relink":
            self.find()
        elif command == "export.picture":
            self.picture()
        elif command.startswith("export."):
            self.export(command)
        else:
            self.joins()

    def export(self, command: str) -> None:
        """Open the dialog of a table or a map."""
        from twinview.gui.export_window import ExportWindow

        if self.export_window is None:
            self.export_window = ExportWindow(self._window.session, self._window.ask, self._window)
        self.export_window.begin(command)

    def picture(self) -> None:
        """Open the dialog of a picture."""
        from twinview.gui.picture_window import PictureWindow

        if self.picture_window is None:
            self.picture_window = PictureWindow(self.shooting, self._window.ask, self._window)
        self.picture_window.begin()

    def joins(self, layer: str = "") -> None:
        """Open the dialog of joins, for a layer where one is named."""
        from twinview.gui.join_window import JoinWindow

        if self.join_window is None:
            self.join_window = JoinWindow(self._window.session, self._window.ask, self._window)
        self.join_window.begin(layer)

    def find(self, path: str = "") -> None:
        """Open the search for files that are not there, for one of them where it is named."""
        from twinview.gui.finding import FindWindow

        if self.find_window is None:
            self.find_window = FindWindow(self._window.session, self._window.ask, self._window)
        self.find_window.begin(path)

    def close_down(self) -> None:
        """End what the dialogs have under way."""
        for one in (self._book, self.join_window, self.find_window):
            if one is not None:
                one.close_down()

    def full_screen(self) -> None:
        """Fill the screen, or leave it again."""
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def city_only(self) -> None:
        """Leave only the city, the legend and the clock; a second time bring the rest back."""
        parts = {**self._window.docks, **self._window.bars}
        if self._hidden:
            self.bring_back()
        else:
            self._hidden = [name for name, part in parts.items() if part.isVisible()]
            for name in self._hidden:
                parts[name].hide()
        self._window.stage.hud.with_clock(bool(self._hidden))

    def bring_back(self) -> None:
        """Show again what `city_only` hid."""
        parts = {**self._window.docks, **self._window.bars}
        for name in self._hidden:
            parts[name].show()
        self._hidden = []

    def _menu(self) -> None:
        button = self._window.topbar.menu_button
        self._window.actions_.menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def escape(self) -> None:
        """Leave what is on top: the keys, a message, playing, full screen, the selection."""
        window = self._window
        tops = (
            self._close_keys,
            window.desk.leave,
            window.tools.leave,
            window.exploring.lasso.drop,
        )
        if any(leave() for leave in tops):
            return
        waiting = window.stage.message.waiting
        window.stage.message.hide()
        if waiting:
            return
        if window.jobs.shown:
            window.jobs.stop_all()
        elif window.timebar.player.playing:
            window.timebar.player.pause()
        elif self._hidden:
            self.city_only()
        elif window.isFullScreen():
            window.showNormal()
        elif window.session.state.view.selection:
            window.run("select.back" if window.session.trail.narrowed else "select.clear")

    def _said_stopped(self, command: Command) -> None:
        """Say what was ended, and offer a computation again: the key may have been a slip."""
        if command in (PARTS, SHAPES):
            return  # the stage says what that means
        window, title = self._window, _(command.title).rstrip(". …")
        if command.name != COMPUTE:
            window.stage.message.notice(_("Cancelled: {what}", what=title))
            return
        keys = window.actions_.keys_of(window.actions_.actions[COMPUTE])
        again = _("Compute again")
        again = f"{again} ({keys})" if keys else again
        window.stage.message.notice(_("The computation was cancelled."),
                                    [(again, lambda: window.run(COMPUTE))])  # fmt: skip

    def keys(self) -> None:
        """Show all keys, or put them away."""
        from twinview.gui.help import KeysDialog

        if self._window.findChild(KeysDialog) is None:
            reading = self._window.reading
            KeysDialog(self._window.actions_.key_groups(), reading.help, self._window).show()
        else:
            self._close_keys()

    def _close_keys(self) -> bool:
        from twinview.gui.help import KeysDialog

        found = self._window.findChild(KeysDialog)
        return found is not None and found.close()

    def tell(self, told: Told) -> None:
        """Show what a command found out."""
        from twinview.gui.answers import AnswerDialog

        if isinstance(told, Answer):
            AnswerDialog(told, self._window.reading.help, self._window).show()
        else:
            self._window.stage.message.choice(told.as_text(), [])

    def about(self) -> None:
        """Say what this is."""
        from twinview.gui.about import AboutDialog

        AboutDialog(self._window.run, self._window).show()
