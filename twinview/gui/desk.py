"""What a window needs around the district: the palette, and what is remembered of its use."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from twinview.gui import pictures
from twinview.gui import settings as remembered
from twinview.gui.entries import Entry, elements, entries, ranked, typed_in
from twinview.gui.keeping import Keeping
from twinview.gui.palette import Palette
from twinview.paths import demo_folder
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow


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
        self.keeping = Keeping(window)
        self._unpictured: Path | None = None
        self._known: list[Entry] = []
        self.palette = Palette(self.find, self.used, window)

    def connect_all(self) -> None:
        """Follow the window, once it is put together."""
        start = self._window.stage.start
        start.opened.connect(lambda path: self._window.ask("file.open", path))
        start.removed.connect(self._take_out)
        start.show_recent(self._window.settings.recent)
        self._window.canvas.motion.sharp.connect(self._pictured)
        self.keeping.connect_all()

    def changed(self, old: State, new: State, opened: bool) -> None:
        """Follow the session."""
        self.keeping.changed(new, opened)
        if new.path is not None and not opened and new.saved is not old.saved:
            self.known(new.path)
            self._picture(new.path)

    def close(self) -> None:
        """End what is under way, and keep a last picture of what was saved."""
        state = self._window.session.state
        if state.path is not None and not state.dirty and not shipped(state.path):
            self._picture(state.path)
        self.keeping.close()
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

    def _take_out(self, project: Path) -> None:
        self.remember(recent=self._window.settings.without_recent(project).recent)
        pictures.forget(project)
        self._window.stage.start.show_recent(self._window.settings.recent)

    # ---------------------------------------------------------------------------------- the palette
    def table(self) -> dict[str, Callable[[], None]]:
        """Return what each local action does, by name."""
        return {"gui.palette": self.palette.open}

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
            *elements(query, window.session.state.twin, window.wishes.show_element),
        ]
        if len(found) < FEW:
            more = ranked(query, self._known, window.settings.used, loose=True)
            found += [one for one in more if one not in found]
        return found

    def used(self, id_: str) -> None:
        """Remember that something was done."""
        self.remember(used=self._window.settings.with_used(id_).used)

    def remember(self, **changes: object) -> None:
        """Change what the window remembers, and keep it."""
        self._window.settings = replace(self._window.settings, **changes)  # type: ignore[arg-type]
        remembered.save(self._window.settings)


def shipped(path: Path) -> bool:
    """Tell whether a project is the program's own, which nobody may write."""
    return path.resolve().is_relative_to(demo_folder().resolve())
