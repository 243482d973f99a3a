"""Table, selection panel and lasso of a window: made, joined and kept up to date together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Qt

from twinview.gui.dialogs import ask_save
from twinview.gui.docks import make_dock
from twinview.gui.doing import WRITES
from twinview.gui.lasso import Lasso
from twinview.gui.pointing import Pointing
from twinview.gui.selection import SelectionPanel
from twinview.gui.table import TablePanel
from twinview.i18n import N_, _
from twinview.scene.selecting import pairs
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow


class Exploring(QObject):
    """What a window offers around the one selection."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.table, self.selection = TablePanel(), SelectionPanel()
        self.lasso = Lasso(window.stage.canvas, window.stage)
        self.pointing = Pointing(self)

    def arrange(self) -> None:
        """Put the panels into docks of the window, hidden at first, and join everything."""
        window = self._window
        window.docks["table"] = make_dock("table", N_("Table"), self.table, window)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, window.docks["table"])
        window.docks["selection"] = make_dock("selection", N_("Selection"), self.selection, window)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.docks["selection"])
        window.tabifyDockWidget(window.docks["inspector"], window.docks["selection"])
        window.tabifyDockWidget(window.docks["carpet"], window.docks["table"])
        for name in ("table", "selection"):
            window.docks[name].hide()
        self.selection.asked.connect(lambda name, arguments: window.run(name, *arguments))
        self.selection.chosen.connect(lambda step: window.run("time.index", step))
        self.selection.said.connect(window.stage.message.notice)
        self.selection.sources.join(window.jobs)
        self.table.asked.connect(lambda name, arguments: window.run(name, *arguments))
        self.table.zoom_wanted.connect(lambda: window.run("view.selection"))
        self.table.export_wanted.connect(self._export)
        self.lasso.drawn.connect(self._drawn)
        self._join_pointing()
        window.inspector.several.opened.connect(window.wishes.show_dock)

    def _join_pointing(self) -> None:
        """Have what is pointed at in one part marked in all others."""
        stage, pointing = self._window.stage, self.pointing
        stage.canvas.hovered.connect(lambda found, _at: pointing.in_view(found))
        for panel in (self.table, self.selection):
            panel.pointed.connect(pointing.in_panel)
            pointing.changed.connect(panel.point_out)
        pointing.led.connect(stage.point_out)

    def changed(self, old: State, new: State) -> None:
        """Follow the session."""
        if new.twin.layers is not old.twin.layers:
            self.pointing.in_view(None)  # rows are others now
        self.lasso.follow(new.twin)
        self.table.changed(old, new)
        self.selection.changed(old, new)

    def show_time(self, index: int, shown: range) -> None:
        """Follow the clock and the stretch of the time bar."""
        self.selection.show_time(index, shown)

    def close_down(self) -> None:
        """End what is under way."""
        self.selection.close_down()

    def _drawn(self, found: Mapping[str, npt.NDArray[np.int64]], how: str) -> None:
        """Select what was drawn around; a shape around nothing selects nothing."""
        layers = self._window.session.state.twin.layers
        chosen = [word for one, rows in found.items() for pair in pairs(layers[one], rows)
                  for word in pair]  # fmt: skip
        if chosen:
            self._window.run("select.these", how, *chosen)
        elif how == "only" and self._window.session.state.view.selection:
            self._window.run("select.clear")

    def _export(self, layer: str, rows: str) -> None:
        """Ask where rows of the table go, and write them."""
        name = self._window.session.state.project.name or _("Unnamed")
        kinds = WRITES["export.elements"]
        path = ask_save(self._window, _("Export rows"), f"{name} {layer}", kinds)
        if path is not None:
            self._window.run("export.elements", path, layer, rows)
