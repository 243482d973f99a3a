"""What a window needs around the district: the palette, and what is remembered of its use."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from twinview.gui import settings as remembered
from twinview.gui.entries import Entry, elements, entries, ranked, typed_in
from twinview.gui.palette import Palette

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
        self._known: list[Entry] = []
        self.palette = Palette(self.find, self.used, window)

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
