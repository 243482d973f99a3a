"""What can be done now, and why not the rest: one answer for menus, keys and palette."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from twinview.i18n import _
from twinview.session.store import Session


@dataclass(frozen=True)
class Choice:
    """One line of a menu that a command's choices make.

    Parameters
    ----------
    title
        Marked for translation, or a name that is the same in all languages.
    act
        What it does.
    key
        The key that does the same; empty for none.
    argument
        What tells it from the command's other choices.
    """

    title: str
    act: Callable[[], None]
    key: str = ""
    argument: str = ""
    hindrance: str = ""
    """Why it cannot be done now; empty where it can."""


ALWAYS = frozenset(
    {
        "file.open", "file.demo", "file.new", "file.new_with", "file.recover",
        "file.unsaved", "file.restore", "file.forget", "view.language", "view.theme",
        "help.open", "gui.quit", "gui.menu", "gui.escape", "gui.keys", "gui.method", "gui.about",
        "gui.full_screen", "gui.palette", "gui.preferences", "gui.paste", "view.refresh",
        "help.problem", "help.updates", "desktop.install", "desktop.uninstall",
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


def edits(session: Session, run: Callable[..., None]) -> list[Choice]:
    """Return the edits that can be taken back or brought back, the newest first.

    Parameters
    ----------
    session
        Whose edits they are.
    run
        Runs a command.
    """
    back = [
        Choice(
            _("Redo {what}", what=_(title).rstrip(". …")),
            partial(run, "edit.redo", k),
            argument=f"redo {k}",
        )
        for k, title in enumerate(session.redo_titles[:MOST_EDITS], 1)
    ]
    taken = [
        Choice(
            _("Undo {what}", what=_(title).rstrip(". …")),
            partial(run, "edit.undo", k),
            argument=f"undo {k}",
        )
        for k, title in enumerate(session.undo_titles[:MOST_EDITS], 1)
    ]
    return [*reversed(back), *taken]


MOST_EDITS = 15
"""Edits of each direction that a menu lists."""
