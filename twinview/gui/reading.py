"""What a window gives to be read: the manual, and where numbers come from."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from twinview.gui.docks import DockTitle, seen
from twinview.gui.why import WhyPanel
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.model.twin import DISTRICT
from twinview.model.window import INSTANT
from twinview.scene.painting import DIFFERENCE
from twinview.scene.sifting import EVERY
from twinview.scene.styling import carrying
from twinview.session.live import Follow
from twinview.session.manual import PANELS, Page, anchors
from twinview.session.told import Told, Written
from twinview.session.tour import Tour
from twinview.session.why import Derivation, Key, explained

if TYPE_CHECKING:
    from twinview.gui.manual import ManualWindow
    from twinview.gui.window import MainWindow


class Reading(QObject):
    """Panel and manual of a window, and the ways that lead to them.

    Parameters
    ----------
    window
        Whose they are.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.panel = WhyPanel()
        self.manual: ManualWindow | None = None

    def connect_all(self) -> None:
        """Connect everything that can be asked about, once the window is put together."""
        window = self._window
        window.session.teller = self.tell
        window.inspector.asked.connect(self.value)
        window.inspector.several.asked.connect(self.why)
        window.exploring.selection.curves.wondered.connect(self.instant)
        window.stage.targets.asked.connect(self.why)
        window.stage.targets.legend_asked.connect(self.legend)
        window.stage.targets.spread_asked.connect(self.spread)
        window.tools.spread.foot.wondered.connect(self.key)
        self.panel.helped.connect(self.help)
        window.indicators.factor_wanted.connect(window.wishes.show_factor)
        for part in (
            window.indicators,
            window.scenarios,
            window.inspector,
            window.topbar.scenario,
        ):
            part.watch(window.jobs)
        for dock in window.docks.values():
            title = dock.titleBarWidget()
            if isinstance(title, DockTitle):
                title.helped.connect(self.help)

    def tell(self, told: Told) -> None:
        """Show what a command gives to be read."""
        if isinstance(told, Derivation):
            self.panel.show_derivation(told)
            self._window.wishes.show_dock("why")
        elif isinstance(told, Written):
            self._window.stage.message.notice(told.as_text())
            self._window.doer.written.emit(told.path)
        elif isinstance(told, Tour):
            self._window.desk.show_tour()
        elif isinstance(told, Follow):
            self._window.desk.live.obey(told)
        elif isinstance(told, Page):
            from twinview.gui.manual import ManualWindow

            if self.manual is None:
                self.manual = ManualWindow(self._window.actions_.key_table, self._window)
            self.manual.open(told)
        else:
            self._window.wishes.tell(told)

    def why(self, layer: str, element: str, quantity: str, *how: str) -> None:
        """Show what a number is made of; as the map shows it where nothing else is said."""
        self._window.run("why", layer, element, quantity, *how)

    def value(self, layer: str, element: str, quantity: str) -> None:
        """Show what a number is made of that is never a difference."""
        view = self._window.session.state.view
        self.why(layer, element, quantity, *["value"] * (view.overlay == DIFFERENCE))

    def instant(self, layer: str, element: str, quantity: str) -> None:
        """Show what a number is made of that is always one of the clock's step."""
        view = self._window.session.state.view
        plain = view.overlay != DIFFERENCE and view.window.kind == INSTANT.kind
        self.why(layer, element, quantity, *[] if plain else ["instant"])

    def toggle(self) -> None:
        """Show or hide what the number in view is made of."""
        if seen(self._window.docks["why"]):
            self._window.docks["why"].hide()
            return
        asked = self.painted() or self._first_number()
        if asked is not None:
            self.why(*asked)
        else:
            self._window.wishes.show_dock("why")

    def painted(self) -> tuple[str, str, str] | None:
        """Return what the colour of the element that was selected last stands for."""
        scene = self._window.canvas.scene
        for layer, element in reversed(self._window.session.state.view.selection):
            paint = None if scene is None else scene.paints.get(layer)
            if paint is not None and paint.quantity:
                return layer, element, paint.quantity
        return None

    def _first_number(self) -> tuple[str, str, str] | None:
        scene = self._window.canvas.scene
        if scene is None or not scene.readouts:
            return None
        return DISTRICT, DISTRICT, scene.readouts[0].id

    def legend(self) -> None:
        """Explain the value of the selected element, or the overlay where none is selected."""
        asked, scene = self.painted(), self._window.canvas.scene
        if asked is not None:
            self.why(*asked)
        elif scene is not None:
            known = scene.view.overlay in anchors("overlays")
            self.help(f"overlays#{scene.view.overlay}" if known else "overlays")

    def spread(self) -> None:
        """Show how the values that the legend stands for are spread: counts, quartiles, mean."""
        scene = self._window.canvas.scene
        if scene is None:
            return
        paints = [*scene.paints.values()]
        for k, _known in carrying(paints, scene.legend):
            if paints[k].quantity in quantities():
                self.why(paints[k].layer, EVERY, paints[k].quantity, "", "elements")
                return
        self.legend()

    def key(self, key: Key) -> None:
        """Show what a number of another case or instant is made of."""
        try:
            self.tell(explained(self._window.session.state, key))
        except CommandError as error:
            self._window.stage.message.notice(str(error))

    def help(self, place: str) -> None:
        """Open a place of the manual."""
        self._window.run("help.open", place)

    def topic(self) -> str:
        """Return the place of the manual about the panel that has the focus."""
        focused = QApplication.focusWidget()
        for name, dock in self._window.docks.items():
            if focused is not None and dock.isAncestorOf(focused):
                return PANELS[name]
        return "start"
