"""Undo and redo."""

from twinview.i18n import N_
from twinview.session.command import command
from twinview.session.project import Project
from twinview.session.store import Session


@command("edit.undo", N_("Undo"), menu=N_("Edit"), keys="Ctrl+Z", icon="fa6s.rotate-left")
def undo(session: Session) -> None:
    """Take the last edit of the project back."""
    session.undo()


@command(
    "edit.redo",
    N_("Redo"),
    menu=N_("Edit"),
    keys=("Ctrl+Shift+Z", "Ctrl+Y"),
    icon="fa6s.rotate-right",
)
def redo(session: Session) -> None:
    """Bring the last edit back that was taken back."""
    session.redo()


@command("project.rename", N_("Rename the project..."), menu=N_("Edit"))
def rename(session: Session, name: str) -> Project:
    """Give the project another name."""
    return session.state.project.model_copy(update={"name": name})


@command("project.netting", N_("Own generation serves the house first"), menu=N_("Edit"))
def netting(session: Session, on: bool) -> Project:
    """Choose whether a building's own generation nets its own use before the grid's mix does."""
    project = session.state.project
    return project.model_copy(
        update={"settings": project.settings.model_copy(update={"netting": on})}
    )
