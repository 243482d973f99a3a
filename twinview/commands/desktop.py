"""The program in the menu of the desktop."""

from twinview.i18n import N_, _
from twinview.session import desktop
from twinview.session.command import command
from twinview.session.store import Session
from twinview.session.told import Listed


@command("desktop.install", N_("Put twinview into the menu of the desktop"), menu=N_("Help"))
def install(_session: Session) -> Listed:
    """Put twinview into the menu of the desktop, and have .twin files open by a double click."""
    written = desktop.install()
    return Listed(_("twinview is in the menu; .twin files open by a double click."), written)


@command("desktop.uninstall", N_("Take twinview out of the menu of the desktop"))
def uninstall(_session: Session) -> Listed:
    """Take twinview out of the menu of the desktop again."""
    gone = desktop.uninstall()
    said = _("twinview was taken out of the menu.") if gone else _("twinview was not in the menu.")
    return Listed(said, gone)
