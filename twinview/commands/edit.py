"""Undo, redo, and the choices that a project holds."""

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.session.command import command
from twinview.session.project import Project
from twinview.session.store import Session

RULES = ("self_consumption", "carbon", "given")


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


@command("project.storage_rule", N_("How stores are run..."), menu=N_("Edit"))
def storage_rule(session: Session, rule: str) -> Project:
    """Choose what runs the stores: self_consumption, carbon or given."""
    if rule not in RULES:
        raise CommandError(
            _("Stores are run by {known}, not by '{rule}'.", known=", ".join(RULES), rule=rule)
        )
    project = session.state.project
    settings = project.settings.model_copy(update={"storage_rule": rule})
    return project.model_copy(update={"settings": settings})


@command("project.netting", N_("Own generation serves the house first"), menu=N_("Edit"))
def netting(session: Session, on: bool) -> Project:
    """Choose whether a building's own generation nets its own use before the grid's mix does."""
    project = session.state.project
    return project.model_copy(
        update={"settings": project.settings.model_copy(update={"netting": on})}
    )
