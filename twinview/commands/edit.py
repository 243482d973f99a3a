"""Undo, redo, and the choices that a project holds."""

from twinview.i18n import N_, _
from twinview.session.answer import Answer
from twinview.session.choices import changed
from twinview.session.command import command
from twinview.session.project import Project
from twinview.session.store import Session


@command("edit.undo", N_("Undo"), menu=N_("Edit"), keys="Ctrl+Z", icon="fa6s.rotate-left")
def undo(session: Session, steps: int = 1) -> None:
    """Take the last edit of the project back, or the last few."""
    session.undo(steps)


@command(
    "edit.redo",
    N_("Redo"),
    menu=N_("Edit"),
    keys=("Ctrl+Shift+Z", "Ctrl+Y"),
    icon="fa6s.rotate-right",
)
def redo(session: Session, steps: int = 1) -> None:
    """Bring the last edit back that was taken back, or the last few."""
    session.redo(steps)


@command("edit.history", N_("Edits"), menu=N_("Edit"))
def history(session: Session) -> Answer:
    """List the edits that can be taken back and brought back, the newest first."""
    rows = [
        (str(k), _("redo"), _(title).rstrip(". …"))
        for k, title in enumerate(session.redo_titles, 1)
    ][::-1]
    rows += [
        (str(k), _("undo"), _(title).rstrip(". …"))
        for k, title in enumerate(session.undo_titles, 1)
    ]
    return Answer(_("Edits"), (">" + _("Steps"), _("Command"), _("Edit")), tuple(rows))


@command("project.rename", N_("Rename the project..."), menu=N_("Edit"))
def rename(session: Session, name: str) -> Project:
    """Give the project another name."""
    return session.state.project.model_copy(update={"name": name})


@command("project.storage_rule", N_("How storage is run..."), menu=N_("Edit"))
def storage_rule(session: Session, rule: str) -> Project:
    """Choose what runs the storage: self_consumption, peak_shaving, price, carbon or given."""
    return _set(session, "storage_rule", rule)


@command("project.storage_policy", N_("Who bears the losses of storage..."), menu=N_("Edit"))
def storage_policy(session: Session, policy: str) -> Project:
    """Choose who bears the losses of storage: pass_on (users), owner, or zero (it is a load)."""
    return _set(session, "storage_policy", policy)


@command("project.storage_signal", N_("What the carbon rule follows..."), menu=N_("Edit"))
def storage_signal(session: Session, signal: str) -> Project:
    """Choose the intensity that the rule 'carbon' looks at: average, or marginal if it is given."""
    return _set(session, "storage_signal", signal)


@command("project.netting", N_("Own generation serves the house first"), menu=N_("Edit"))
def netting(session: Session, on: bool) -> Project:
    """Choose whether a building's own generation nets its own use before the grid's mix does."""
    return _set(session, "netting", str(on))


def _set(session: Session, name: str, value: str) -> Project:
    project = session.state.project
    return project.model_copy(update={"settings": changed(project.settings, name, value)})
