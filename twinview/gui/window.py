"""The main window: puts the parts together and has them follow the session."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabWidget, QToolBar, QWidget

from twinview.gui.actions import Actions
from twinview.gui.arriving import looked_at
from twinview.gui.desk import Desk, shipped
from twinview.gui.dialogs import ask_unsaved
from twinview.gui.docks import make_dock
from twinview.gui.doing import Doer
from twinview.gui.exploring import Exploring
from twinview.gui.fitting import Fitting, first_panels
from twinview.gui.indicators import IndicatorsPanel
from twinview.gui.inspector import Inspector
from twinview.gui.jobs import Jobs
from twinview.gui.layers import LayersPanel
from twinview.gui.local import DIALOGS, Wishes
from twinview.gui.problems import ProblemsPanel
from twinview.gui.reading import Reading
from twinview.gui.scenario_panel import ScenarioPanel
from twinview.gui.stage import Stage
from twinview.gui.style import dress, system_theme
from twinview.gui.timebar import TimeBar
from twinview.gui.topbar import TopBar
from twinview.gui.translate import speak
from twinview.gui.unasked import Unasked
from twinview.gui.viewtools import ViewTools
from twinview.i18n import N_, language
from twinview.scene.view import Theme
from twinview.session import settings as remembered
from twinview.session.store import Session, State

AHEAD_MS = 40
"""Time that the clock must stand before the instant is computed by itself."""
REPLACES = frozenset({"file.open", "file.demo", "file.new", "file.recover", "file.restore"})
"""Commands that put something else in the place of what is open."""
LAYOUT = 2
"""Version of the arrangement of docks."""


class _Bridge(QObject):
    """Carries the session's news to the window's thread, whichever thread they come from."""

    changed = Signal(object, object)


class MainWindow(QMainWindow):
    """The window.

    Parameters
    ----------
    session
        The store; its driver becomes the window's jobs.
    """

    def __init__(self, session: Session | None = None) -> None:
        super().__init__()
        self.session = session or Session()
        self.settings = remembered.load()
        self.jobs = Jobs(self)
        self.session.driver = lambda one, job, done: self.jobs.drive(one, looked_at(job), done)
        self._language = language()
        self._furnished = False
        self.stage = Stage(self.session, self.jobs, self)
        self.canvas = self.stage.canvas
        self.doer = Doer(self.session, self.stage.message, self)
        self.timebar = TimeBar()
        self.layers, self.inspector, self.problems = LayersPanel(), Inspector(), ProblemsPanel()
        self.indicators = IndicatorsPanel()
        self.reading = Reading(self)
        self.scenarios = ScenarioPanel()
        self.exploring = Exploring(self)
        self.wishes, self.unasked = Wishes(self), Unasked(self)
        self.tools = ViewTools(self)
        self.desk = Desk(self)
        local = self.wishes.table() | self.desk.table()
        self.actions_ = Actions(self, self.session, self.ask, local)
        self.topbar = TopBar(self.session, self.actions_.menu)
        self._arrange()
        self._connect()
        self._follow_settings()
        self.desk.connect_all()
        self._bridge = _Bridge(self)
        self._bridge.changed.connect(self._changed)
        self._unlisten = self.session.listen(self._bridge.changed.emit)
        self._changed(self.session.state, self.session.state)

    # ------------------------------------------------------------------------------------ building
    def _arrange(self) -> None:
        self.setCentralWidget(self.stage)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDockOptions(
            QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowTabbedDocks
        )
        areas = Qt.DockWidgetArea
        self.docks: dict[str, QDockWidget] = {
            "layers": make_dock("layers", N_("Layers"), self.layers, self),
            "problems": make_dock("problems", N_("Problems"), self.problems, self),
            "inspector": make_dock("inspector", N_("Inspector"), self.inspector, self),
            "indicators": make_dock("indicators", N_("Indicators"), self.indicators, self),
            "why": make_dock("why", N_("Why this number"), self.reading.panel, self),
            "scenario": make_dock("scenario", N_("Scenario"), self.scenarios, self),
            "carpet": make_dock("carpet", N_("Carpet"), self.timebar.carpet, self),
        }
        self.addDockWidget(areas.LeftDockWidgetArea, self.docks["layers"])
        self.addDockWidget(areas.LeftDockWidgetArea, self.docks["problems"])
        self.addDockWidget(areas.RightDockWidgetArea, self.docks["inspector"])
        self.setTabPosition(areas.RightDockWidgetArea, QTabWidget.TabPosition.North)
        for name in ("indicators", "why", "scenario"):
            self.addDockWidget(areas.RightDockWidgetArea, self.docks[name])
            self.tabifyDockWidget(self.docks["inspector"], self.docks[name])
        self.addDockWidget(areas.BottomDockWidgetArea, self.docks["carpet"])
        for name in ("problems", "indicators", "why", "scenario", "carpet"):
            self.docks[name].hide()
        self.exploring.arrange()
        self.bars = {
            "topbar": self._bar("topbar", self.topbar, Qt.ToolBarArea.TopToolBarArea),
            "timebar": self._bar("timebar", self.timebar, Qt.ToolBarArea.BottomToolBarArea),
        }
        self.resizeDocks(
            [self.docks["layers"], self.docks["inspector"]], [216, 288], Qt.Orientation.Horizontal
        )
        self.fitting = Fitting(self)

    def _bar(self, name: str, widget: QWidget, area: Qt.ToolBarArea) -> QToolBar:
        bar = QToolBar(self)
        bar.setObjectName(name)
        bar.setMovable(False)
        bar.setFloatable(False)
        bar.setAllowedAreas(area)
        bar.addWidget(widget)
        self.addToolBar(area, bar)
        return bar

    def _connect(self) -> None:
        self._ahead = QTimer(self)  # starts anew with each step, so a fast hand asks once
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(AHEAD_MS)
        self._ahead.timeout.connect(self.unasked.look_ahead)
        self.jobs.failed.connect(self.doer.failed)
        self.topbar.asked.connect(lambda name, text: self.ask(name, *([text] if text else [])))
        self.stage.start.asked.connect(self._start_asked)
        self.timebar.chosen.connect(lambda index: self.run("time.index", index))
        self.timebar.asked.connect(self.wishes.bar_asked)
        self.timebar.stretched.connect(self.show_time)
        self.timebar.player.changed.connect(self.canvas.move_arrows)
        self.inspector.chosen.connect(lambda index: self.run("time.index", index))
        self.reading.connect_all()
        self.layers.asked.connect(self.wishes.layer)
        self.layers.placed.connect(lambda *where: self.run("layer.place", *where))
        self.canvas.resolved.connect(lambda: self.layers.show_scene(self.canvas.scene))
        self.layers.problems_wanted.connect(lambda: self.wishes.show_dock("problems"))
        self.problems.wanted.connect(self.wishes.show_elements)
        self.problems.lost.connect(self.wishes.find)
        self.topbar.scenario.opened.connect(lambda: self.wishes.show_dock("scenario"))
        self.scenarios.asked.connect(self.ask)
        self.scenarios.dropped.connect(lambda number: self.run("scenario.drop_change", number))
        self.canvas.clicked.connect(self.wishes.clicked)
        self.canvas.opened.connect(lambda found: self.wishes.show_element(found[0], found[1]))
        self.canvas.moved.connect(self.wishes.moved)
        self.topbar.pace = self.canvas.motion.text
        self.canvas.motion.paced.connect(self.topbar.retranslate)
        self.canvas.refused.connect(self.stage.message.error)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    def _follow_settings(self) -> None:
        if self.settings.language:
            speak(self.settings.language)
            self._language = language()
        self._dressed: Theme = self.theme
        dress(self._application(), self._dressed)
        if self.settings.geometry:
            self.restoreGeometry(QByteArray(remembered.to_bytes(self.settings.geometry)))
        for part in (*self.docks.values(), self.bars["timebar"]):
            part.hide()

    def _furnish(self) -> None:
        """Show docks and time bar, as they were left, once there is something to show."""
        self._furnished = True
        for name in first_panels(self):
            self.docks[name].show()
        self.bars["timebar"].show()
        if self.settings.layout:
            self.restoreState(QByteArray(remembered.to_bytes(self.settings.layout)), LAYOUT)
            self.bars["timebar"].show()
            self.bars["topbar"].show()

    @staticmethod
    def _application() -> QApplication:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        return application

    @property
    def theme(self) -> Theme:
        """The theme that the user chose, else the system's."""
        chosen = self.settings.theme
        return "dark" if chosen == "dark" else "light" if chosen == "light" else system_theme()

    # -------------------------------------------------------------------------------------- wishes
    def run(self, name: str, *arguments: Any) -> bool:
        """Run a command of the table."""
        return self.doer.run(name, *arguments)

    def ask(self, name: str, *arguments: Any) -> None:
        """Run a command, asking for what is missing; a few need the window's help."""
        if name == "theme":
            self.choose_theme(arguments[0] if arguments else self._other_theme())
        elif name == "help.open" and not arguments:
            self.run(name, self.reading.topic())
        elif name == "file.save" and self._must_name():
            self.doer.ask("file.save_as")
        elif name in DIALOGS and not arguments:
            self.wishes.dialog(name)
        elif name in REPLACES and not self.may_lose():
            return
        else:
            self.doer.ask(name, *arguments)

    def _must_name(self) -> bool:
        path = self.session.state.path
        return path is None or shipped(path)

    def _start_asked(self, name: str) -> None:
        if name == "view.language":
            self.run(name, "en" if language() == "zh_CN" else "zh_CN")
        else:
            self.ask(name)

    def _other_theme(self) -> str:
        return "light" if self._dressed == "dark" else "dark"

    def choose_theme(self, name: str) -> None:
        """Wear a theme from now on; an empty name follows the system."""
        self.settings = replace(self.settings, theme=name)
        remembered.save(self.settings)
        self._wear(self.theme)
        self.run("view.theme", self.theme)

    def _wear(self, theme: Theme) -> None:
        if theme != self._dressed:
            self._dressed = theme
            dress(self._application(), theme)

    def _system_changed(self) -> None:
        if not self.settings.theme:
            self._wear(self.theme)
            self.run("view.theme", self.theme)

    # ----------------------------------------------------------------------------------- following
    def _changed(self, old: State, new: State) -> None:
        """Have every part follow the session."""
        if new.view.theme != old.view.theme and not self._opens(old, new):
            self._wear(new.view.theme)
        if language() != self._language:
            self._language = language()
            self._retranslate()
        if new.twin.layers and not self._furnished:
            self._furnish()
        opened = self._opens(old, new)
        if opened:
            self.jobs.supersede()
        for part in (
            self.timebar,
            self.layers,
            self.inspector,
            self.indicators,
            self.reading.panel,
            self.problems,
            self.scenarios,
            self.topbar,
            self.stage,
            self.exploring,
        ):
            part.changed(old, new)
        self.show_time()
        self._look_ahead(old, new)
        self.actions_.changed()
        self.setWindowTitle(f"{new.project.name}[*]" if new.twin.layers else "[*]")
        self.setWindowModified(new.dirty)
        self.unasked.follow(old, new, opened)
        self.desk.changed(old, new, opened)
        if opened:
            # In the next turn: this one still tells others of the state that has just come.
            QTimer.singleShot(0, self, self._opened)

    def _look_ahead(self, old: State, new: State) -> None:
        if new.view.time != old.view.time or new.twin is not old.twin:
            self._ahead.start()

    @staticmethod
    def _opens(old: State, new: State) -> bool:
        """Tell whether another district is open; the window keeps its theme then."""
        return new.project is not old.project and new.base.layers is not old.base.layers

    def show_time(self) -> None:
        """Have the inspector's curves show the stretch of the time bar."""
        bar = self.timebar
        self.inspector.show_time(bar.track.index, bar.track.shown, bar.span)
        self.indicators.show_time(bar.track.shown, bar.span)
        self.exploring.show_time(bar.track.index, bar.track.shown)

    def _opened(self) -> None:
        """Settle a district that was just opened: theme, recent files, results, a word on it."""
        state = self.session.state
        if not state.twin.layers:
            self.unasked.report_gone()
            return
        self.timebar.player.pause()
        if state.view.theme != self.theme:
            self.run("view.theme", self.theme)
        if state.path is not None:
            self.desk.known(state.path)
        self.unasked.report_opening()
        QTimer.singleShot(0, self, self.unasked.compute_if_missing)  # the panels are seen first
        self.canvas.setFocus()
        self.desk.settled()

    def _retranslate(self) -> None:
        speak(language())
        self.settings = replace(self.settings, language=language())
        remembered.save(self.settings)
        QApplication.sendEvent(self, QEvent(QEvent.Type.LanguageChange))
        self.actions_.retranslate()

    # --------------------------------------------------------------------------- dropping, closing
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files."""
        if event.mimeData().hasUrls() and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.stage.start.show_over(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802
        """Unmark the place for files."""
        self.stage.start.show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open a project, or make one of data files, or add them to the open one."""
        self.stage.start.show_over(False)
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.open_paths([Path(url.toLocalFile()) for url in urls])

    def open_paths(self, paths: list[Path]) -> None:
        """Open a project, or make one of data files, or add them to the open one."""
        self.desk.open_paths(paths)

    def _layout(self) -> str:
        if not self._furnished:
            return self.settings.layout
        self.wishes.bring_back()
        return remembered.to_text(bytes(self.saveState(LAYOUT).data()))

    def unsaved(self) -> bool:
        """Tell whether there is something that only the window knows."""
        return self.session.state.dirty

    def may_lose(self) -> bool:
        """Ask what becomes of unsaved edits; tell whether to go on."""
        if not self.unsaved():
            return True
        answer = ask_unsaved(self, self.session.state.project.name)
        if answer == "save":
            self.ask("file.save")
            return not self.unsaved()
        return answer == "discard"

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Save the layout, end all work, give the graphics back."""
        if not self.may_lose():
            event.ignore()
            return
        self.settings = replace(
            self.settings,
            geometry=remembered.to_text(bytes(self.saveGeometry().data())),
            layout=self._layout(),
        )
        remembered.save(self.settings)
        self._unlisten()
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._system_changed)
        self.timebar.close_down()
        self.jobs.close()
        self.desk.close()
        self.inspector.sources.close_down()
        self.indicators.close_down()
        self.wishes.close_down()
        self.exploring.close_down()
        self.unasked.close_down()
        self.tools.close()
        self.stage.shading.close_down()
        self.canvas.shut()
        event.accept()
        super().closeEvent(event)
