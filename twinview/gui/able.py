"""What can be done now, and why not the rest: one answer for menus, keys and palette."""

from collections.abc import Callable, Mapping

from twinview.i18n import _
from twinview.session.store import Session

ALWAYS = frozenset(
    {
        "file.open", "file.demo", "file.new", "file.new_with", "file.recover",
        "file.unsaved", "file.forget", "view.language", "view.theme",
        "help.open", "gui.quit", "gui.menu", "gui.escape", "gui.keys", "gui.method", "gui.about",
        "gui.full_screen", "gui.palette", "gui.preferences", "gui.paste", "view.refresh",
        "desktop.install", "desktop.uninstall",
    }
)  # fmt: skip
"""What needs nothing to be open."""


def _undo(session: Session) -> str:
    return "" if session.undo_title else _("There is nothing to undo")


def _redo(session: Session) -> str:
    return "" if session.redo_title else _("There is nothing to redo")


_MORE: Mapping[str, Callable[[Session], str]] = {"edit.undo": _undo, "edit.redo": _redo}


def hindrance(session: Session, name: str) -> str:
    """Return why something cannot be done now; empty where it can.

    Parameters
    ----------
    session
        What is open.
    name
        A command of the table, or a local action.
    """
    if not session.state.twin.layers and name not in ALWAYS:
        return _("Open a district first")
    return _MORE[name](session) if name in _MORE else ""
