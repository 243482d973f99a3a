"""What a window lets its user do in the view beside selecting: tools, kept views, north, map."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from twinview.gui.cutting import Cutting
from twinview.gui.measuring import Measuring
from twinview.gui.panes import Spread
from twinview.gui.styling import Styling
from twinview.gui.swiping import Swiping
from twinview.gui.viewpoints import Viewpoints
from twinview.session.bookmarks import NUMBERS

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow


class ViewTools(QObject):
    """The tools of a window's view."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.cutting = Cutting(window)
        self.measuring = Measuring(window)
        self.viewpoints = Viewpoints(window)
        self.styling = Styling(window)
        self.swiping = Swiping(window)
        self.spread = Spread(window)
        targets = window.stage.targets
        targets.north_asked.connect(lambda: window.run("view.north_up"))
        window.inspector.pin_wanted.connect(lambda: window.run("pin.toggle"))
        targets.unpinned.connect(lambda *one: window.run("pin.toggle", *one))
        targets.place_asked.connect(lambda x, y: window.run("view.look_at", x, y))

    def table(self) -> dict[str, Callable[[], None]]:
        """Return what each local action does, by name."""
        return {
            **self.styling.table(),
            "gui.kept_views": self.viewpoints.manage,
            "gui.measure": self.measuring.toggle,
            "gui.pin": self.pin,
            "gui.measure_height": lambda: self.measuring.start("height"),
            "gui.measure_area": lambda: self.measuring.start("area"),
            **{f"gui.keep {k}": self._keeper(k) for k in NUMBERS},
        }

    def _keeper(self, number: int) -> Callable[[], None]:
        return lambda: self.viewpoints.store(number)

    def pin(self) -> None:
        """Pin the card of what is pointed at, in the view or a panel, else of what is selected."""
        found = self._window.exploring.pointing.element
        self._window.run("pin.toggle", *(() if found is None else found[:2]))

    def leave(self) -> bool:
        """Leave what a tool is at; tell whether there was anything."""
        return self.measuring.leave() or self.swiping.leave() or self.spread.leave()

    def close(self) -> None:
        """Give back what VTK holds."""
        self.spread.close()
