"""Marked instants: go to the next one, write notes."""

from dataclasses import replace

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.scene.view import View
from twinview.session.command import command
from twinview.session.marks import beside
from twinview.session.notes import Note
from twinview.session.project import Project
from twinview.session.store import Session

MENU = N_("Time")


@command("mark.next", N_("Next mark"), menu=MENU, keys="Ctrl+Right", icon="fa6s.forward")
def next_(session: Session) -> View:
    """Go to the next marked instant: peak, cleanest hour, alarm or note."""
    return replace(session.state.view, time=beside(session.state, 1), between=0.0)


@command("mark.previous", N_("Previous mark"), menu=MENU, keys="Ctrl+Left", icon="fa6s.backward")
def previous(session: Session) -> View:
    """Go to the marked instant before: peak, cleanest hour, alarm or note."""
    return replace(session.state.view, time=beside(session.state, -1), between=0.0)


@command("mark.add", N_("Note at this instant..."), menu=MENU, keys="Ctrl+M", icon="fa6s.bookmark")
def add(session: Session, title: str) -> Project:
    """Write a note at the instant that is shown; it is kept with the project."""
    state = session.state
    if state.twin.time.static:
        raise CommandError(_("The data hold one instant, so there is nothing to mark."))
    title = title.strip()
    if not title:
        raise CommandError(_("A note needs some words."))
    if any(one.title == title for one in state.project.marks):
        raise CommandError(_("There is a note '{title}' already.", title=title))
    step = min(state.view.time, state.twin.time.count - 1)
    made = Note(seconds=state.twin.time.seconds(step), title=title)
    return _with(state.project, (*state.project.marks, made))


@command("mark.rename", N_("Rename a note"))
def rename(session: Session, title: str, new: str) -> Project:
    """Write a note anew."""
    project, found = session.state.project, _found(session, title)
    if not new.strip():
        raise CommandError(_("A note needs some words."))
    if any(one.title == new.strip() for one in project.marks):
        raise CommandError(_("There is a note '{title}' already.", title=new.strip()))
    changed = found.model_copy(update={"title": new.strip()})
    return _with(project, tuple(changed if one is found else one for one in project.marks))


@command("mark.remove", N_("Remove a note"))
def remove(session: Session, title: str) -> Project:
    """Remove a note."""
    project, found = session.state.project, _found(session, title)
    return _with(project, tuple(one for one in project.marks if one is not found))


def _found(session: Session, title: str) -> Note:
    known = session.state.project.marks
    found = next((one for one in known if one.title == title), None)
    if found is None:
        raise CommandError(
            _(
                "There is no note '{title}'; there are {known}.",
                title=title,
                known=", ".join(one.title for one in known) or _("none"),
            )
        )
    return found


def _with(project: Project, notes: tuple[Note, ...]) -> Project:
    ordered = tuple(sorted(notes, key=lambda one: one.seconds))
    return project.model_copy(update={"marks": ordered})
