"""Keep places of the camera under names and numbers, and go back there."""

from dataclasses import replace

from twinview.i18n import N_, _
from twinview.scene.numbers import number as written
from twinview.scene.view import View
from twinview.session import bookmarks
from twinview.session.answer import Answer
from twinview.session.command import command
from twinview.session.looking import camera_of
from twinview.session.project import Project
from twinview.session.store import Session


def _with(session: Session, kept: tuple[bookmarks.Bookmark, ...]) -> Project:
    return session.state.project.model_copy(update={"bookmarks": kept})


@command("bookmark.go", N_("Go to a kept view"))
def go(session: Session, which: str) -> View:
    """Put the camera where a kept view, by its number or name, was looked at from."""
    one = bookmarks.found(session.state.project.bookmarks, which)
    return replace(session.state.view, camera=one.camera)


@command("bookmark.store", N_("Keep the view under a number"))
def store(session: Session, number: int, name: str = "") -> Project:
    """Keep where the camera is under a number from 1 to 9, in place of what was kept there."""
    kept = session.state.project.bookmarks
    return _with(session, bookmarks.stored(kept, number, camera_of(session), name))


@command("bookmark.add", N_("Keep this view..."), menu=N_("View"), icon="fa6s.bookmark")
def add(session: Session, name: str) -> Project:
    """Keep where the camera is under a name, and under the first number that is free."""
    kept = session.state.project.bookmarks
    return _with(session, bookmarks.added(kept, camera_of(session), name))


@command("bookmark.rename", N_("Rename a kept view"))
def rename(session: Session, which: str, name: str) -> Project:
    """Call a kept view otherwise."""
    return _with(session, bookmarks.renamed(session.state.project.bookmarks, which, name))


@command("bookmark.remove", N_("Remove a kept view"))
def remove(session: Session, which: str) -> Project:
    """Forget a kept view."""
    return _with(session, bookmarks.removed(session.state.project.bookmarks, which))


@command("bookmark.list", N_("List kept views"))
def listing(session: Session) -> Answer:
    """List the kept views."""
    rows = tuple(
        ("" if one.number is None else written(one.number), one.name)
        for one in session.state.project.bookmarks
    )
    return Answer(_("Kept views"), (">" + _("Number"), _("Name")), rows)
