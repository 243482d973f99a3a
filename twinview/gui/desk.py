"""What a window needs around the district: the palette, and what is remembered of its use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from twinview.gui import choices, copying, pictures
from twinview.gui.entries import Entry, elements, entries, ranked, typed_in
from twinview.gui.instance import Host
from twinview.gui.keeping import Keeping
from twinview.gui.live import Live
from twinview.gui.palette import Palette
from twinview.gui.updating import Updating
from twinview.i18n import _
from twinview.paths import demo_folder
from twinview.session import loaded
from twinview.session import settings as remembered
from twinview.session.project import SUFFIX
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.tour import TourCard
    from twinview.gui.window import MainWindow


PICTURE = ".png"
MOST_NAMED = 4
FEW = 3
"""With fewer entries than this the palette takes slips of the fingers too."""


class Desk(QObject):
    """Helpers of a window that belong to no panel.

    Parameters
    ----------
    window
        Whose they are.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.keeping, self.live = Keeping(window), Live(window)
        self.updating = Updating(window)
        self._host: Host | None = None
        self._tour: TourCard | None = None
        self._before: set[str] | None = None
        self._left = ""
        self._unpictured: Path | None = None
        self._known: list[Entry] = []
        self._hints = QGuiApplication.styleHints()  # what is asked of it lives as long as this
        self.palette = Palette(self.find, self.used, window)

    def connect_all(self) -> None:
        """Follow the window, once it is put together."""
        start = self._window.stage.start
        start.opened.connect(lambda path: self._window.ask("file.open", path))
        start.removed.connect(self._take_out)
        start.show_recent(self._window.settings.recent)
        self._window.topbar.search.clicked.connect(self.palette.open)
        for button in (self._window.topbar.undo, self._window.topbar.redo):
            button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            button.customContextMenuRequested.connect(partial(self._edits, button))
        self._window.canvas.motion.sharp.connect(self._pictured)
        self._window.jobs.failed.connect(self._failed)
        self.keeping.connect_all()
        self.live.connect_all()
        choices.apply(self._window)
        self._hints.accessibility().contrastPreferenceChanged.connect(self._contrast_changed)
        self.updating.begin()

    def _contrast_changed(self) -> None:
        """Follow the system where the user has not chosen."""
        choices.wear_contrast(self._window)

    def changed(self, old: State, new: State, opened: bool) -> None:
        """Follow the session."""
        self.keeping.changed(new, opened)
        self.live.changed(old, new, opened)
        if new.path is not None and not opened and new.saved is not old.saved:
            self.known(new.path)
            self._picture(new.path)
        if self._before is not None and new.project.sources != old.project.sources:
            QTimer.singleShot(0, self, lambda: self._report(new))

    def host(self) -> None:
        """Take the files of later starts of the program."""
        self._host = Host(self)
        self._host.asked.connect(self._handed)

    def _handed(self, files: list[Path]) -> None:
        window = self._window
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()
        window.open_paths(files)

    def close(self) -> None:
        """End what is under way, and keep a last picture of what was saved."""
        state = self._window.session.state
        if state.path is not None and not state.dirty and not shipped(state.path):
            self._picture(state.path)
        self._hints.accessibility().contrastPreferenceChanged.disconnect(self._contrast_changed)
        self.live.close_down()
        self.updating.close_down()
        self.keeping.close()
        if self._host is not None:
            self._host.close()
        self._window.stage.start.recent.close_down()

    # ------------------------------------------------------------------------------ recent projects
    def known(self, project: Path) -> None:
        """List a project that was opened or saved."""
        if shipped(project):
            return
        path = project.resolve()
        self.remember(recent=self._window.settings.with_recent(path).recent)
        if not pictures.place_of(path).exists():
            self._unpictured = path
        self._window.stage.start.show_recent(self._window.settings.recent)

    def _picture(self, project: Path) -> None:
        """Keep what is seen as the picture of a project."""
        if not shipped(project) and self._window.canvas.draws:
            pictures.keep(self._window.canvas, project.resolve())

    def _pictured(self) -> None:
        """Take the first sharp picture of a project that has none."""
        path, self._unpictured = self._unpictured, None
        if path is not None:
            self._picture(path)

    def _edits(self, button: QWidget, at: QPoint) -> None:
        """Show the list of edits at a button."""
        self._window.actions_.menu_of("edit.history").popup(button.mapToGlobal(at))

    def _take_out(self, project: Path) -> None:
        self.remember(recent=self._window.settings.without_recent(project).recent)
        pictures.forget(project)
        self._window.stage.start.show_recent(self._window.settings.recent)

    # ------------------------------------------------------------------------------ files that come
    def open_names(self, names: Sequence[str]) -> None:
        """Open files by their names."""
        self.open_paths([Path(name) for name in names])

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open a project, show the view of a picture, or read data files and say what was read."""
        window, (taken, left) = self._window, sorted_out(paths)
        if not taken:
            return
        kind = taken[0].suffix.lower()
        if kind == SUFFIX:
            begun = window.may_lose() and window.run("file.open", taken[0])
        elif kind == PICTURE:
            begun = window.run("view.from_picture", taken[0])
        else:
            opened = bool(window.session.state.twin.layers)
            self._before = set(window.session.state.understood) if opened else set()
            begun = window.run("file.add" if opened else "file.new", *taken)
        self._left = left_out(taken, left) if begun else ""
        if kind == PICTURE:
            self._say_left()

    def _failed(self) -> None:
        """Say nothing of files beside one that could not be read."""
        self._left = ""

    def _say_left(self) -> None:
        """Say which of the files that came together were left out, below what is said anyway."""
        said, self._left = self._left, ""
        if said:
            self._window.stage.message.add(said)

    def _report(self, new: State) -> None:
        """Say what was read of the files that have just come."""
        before, self._before = self._before, None
        ids = [one.id for one in new.project.sources if one.id not in (before or set())]
        self._window.reading.tell(loaded.report(new, ids))
        if before:  # else it is a new project, and more is said once it has settled
            self._say_left()

    # ---------------------------------------------------------------------------------- the palette
    def table(self) -> dict[str, Callable[[], None]]:
        """Return what each local action does, by name."""
        window = self._window
        return {
            "gui.palette": self.palette.open,
            "gui.preferences": self.show_preferences,
            "gui.copy": lambda: copying.copy(window),
            "gui.copy_link": lambda: copying.copy_link(window),
            "gui.paste": lambda: copying.paste(window),
        }

    def find(self, query: str) -> Sequence[Entry]:
        """Return what fits a query of the palette, best first; slips count where little else fits.

        The entries are made anew for the empty query, with which the palette comes up.
        """
        window = self._window
        if not query or not self._known:
            self._known = entries(window.session, window.actions_, window.ask)
        found = [
            *typed_in(query, window.session, window.ask),
            *ranked(query, self._known, window.settings.used),
            *self._recent(query),
            *elements(query, window.session.state.twin, window.wishes.show_element),
        ]
        if len(found) < FEW:
            more = ranked(query, self._known, window.settings.used, loose=True)
            found += [one for one in more if one not in found]
        return found

    def _recent(self, query: str) -> list[Entry]:
        """Return the recent projects whose names fit a query."""
        known = [
            Entry("", _("Open {name}", name=Path(name).stem),
                  partial(self._window.ask, "file.open", Path(name)), group=_("Recent"), help=name)
            for name in self.settings.recent
        ]  # fmt: skip
        return ranked(query, known, ()) if query.strip() else []

    def used(self, id_: str) -> None:
        """Remember that something was done."""
        self.remember(used=self._window.settings.with_used(id_).used)

    # ------------------------------------------------------------------------------------- the tour
    def show_tour(self) -> None:
        """Begin the tour."""
        from twinview.gui.tour import TourCard

        if self._tour is None:
            self._tour = TourCard(self._window)
        self._tour.begin()

    def settled(self) -> None:
        """Follow a district that has opened: lost work of it, and the tour on the first sample."""
        path = self._window.session.state.path
        self.keeping.offer()
        if path is not None and shipped(path) and not self.settings.toured:
            self.remember(toured=True)
            self.show_tour()
        self._say_left()

    def leave(self) -> bool:
        """End the tour where it is on; tell whether it was."""
        if self._tour is None or not self._tour.isVisible():
            return False
        self._tour.end()
        return True

    # ---------------------------------------------------------------------------------- preferences
    @property
    def settings(self) -> remembered.Settings:
        """What the window remembers."""
        return self._window.settings

    def show_preferences(self) -> None:
        """Show the preferences, or bring them to the front."""
        from twinview.gui.preferences import Preferences

        found = self._window.findChild(Preferences) or Preferences(self, self._window)
        found.show()
        found.raise_()
        found.activateWindow()

    def help(self, place: str) -> None:
        """Open a place of the manual."""
        self._window.reading.help(place)

    def prefer(self, name: str, value: str | bool) -> None:
        """Keep a preference and let it take effect at once."""
        self.remember(**{name: value})
        choices.prefer(self._window, name, value)
        if name == "updates":
            self.updating.begin()

    def bindings(self) -> list[tuple[str, str, str]]:
        """Return name, title and keys of everything that can have keys, in the order of menus."""
        actions = self._window.actions_
        return [
            (name, self.title_of(name), actions.keys_of(action))
            for name, action in actions.actions.items()
        ]

    def title_of(self, name: str) -> str:
        """Return the title of an action, translated."""
        title = self._window.actions_.title(name)
        return _(title).rstrip(". …")

    def keys_of(self, name: str) -> list[str]:
        """Return the keys of an action, as settings keep them."""
        return [one.toString() for one in self._window.actions_.actions[name].shortcuts()]

    def owner_of(self, keys: str) -> str:
        """Return the action that a key belongs to; empty for a key that is free."""
        return next((one for one in self._window.actions_.actions if keys in self.keys_of(one)), "")

    def bind(self, name: str, keys: Sequence[str] | None) -> None:
        """Give an action other keys; None those it was delivered with."""
        table = choices.keys_from(self.settings.keys)
        table.pop(name, None)
        if keys is not None:
            table[name] = list(keys)
        self._bound(table)

    def reset_keys(self) -> None:
        """Give all actions the keys they were delivered with."""
        self._bound({})

    def _bound(self, table: Mapping[str, Sequence[str]]) -> None:
        self.remember(keys=choices.keys_to(table))
        self._window.actions_.bind(table)

    def remember(self, **changes: object) -> None:
        """Change what the window remembers, and keep it."""
        self._window.settings = replace(self._window.settings, **changes)  # type: ignore[arg-type]
        remembered.save(self._window.settings)


def sorted_out(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return the files that are taken of those that come together, and those that are not.

    A project goes before data, and data before pictures that hold a view; of projects and pictures
    one can be open.
    """
    projects = [path for path in paths if path.suffix.lower() == SUFFIX]
    pictures_ = [path for path in paths if path.suffix.lower() == PICTURE]
    data = [path for path in paths if path not in projects and path not in pictures_]
    taken = projects[:1] or data or pictures_[:1]
    return taken, [path for path in paths if path not in taken]


def left_out(taken: Sequence[Path], left: Sequence[Path]) -> str:
    """Return the sentence that says what of the files was not taken; empty where all were."""
    if not left:
        return ""
    names = ", ".join(path.name for path in left[:MOST_NAMED])
    if len(left) > MOST_NAMED:
        names = _("{first} and {count} more", first=names, count=len(left) - MOST_NAMED)
    if taken[0].suffix.lower() == SUFFIX:
        return _("Only {project} was opened; left out: {names}. Drop those again to add them.",
                 project=taken[0].name, names=names)  # fmt: skip
    if taken[0].suffix.lower() == PICTURE:
        return _("Only the view of {picture} is shown; left out: {names}.",
                 picture=taken[0].name, names=names)  # fmt: skip
    return _("Only the data were read; left out: {names}. Drop a picture alone to see its view.",
             names=names)  # fmt: skip


def shipped(path: Path) -> bool:
    """Tell whether a project is the program's own, which nobody may write."""
    return path.resolve().is_relative_to(demo_folder().resolve())
