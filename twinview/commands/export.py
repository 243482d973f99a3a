"""Write pictures and tables."""

from pathlib import Path

from twinview.exporters.tables import write_table
from twinview.i18n import N_
from twinview.scene.resolve import resolve
from twinview.session.command import command
from twinview.session.provenance import provenance, title_of
from twinview.session.store import Session


@command("export.picture", N_("Picture..."), menu=N_("Export"), keys="F12", icon="fa6s.camera")
def picture(session: Session, path: Path, width: int = 1920, height: int = 1080) -> None:
    """Write the view as a picture with legend, clock and provenance."""
    from twinview.exporters.picture import write_picture

    state = session.state
    scene = resolve(state.twin, state.view)
    write_picture(
        state.twin, scene, path, (width, height), title=title_of(state), meta=provenance(state)
    )


@command("export.table", N_("Table..."), menu=N_("Export"), icon="fa6s.table")
def table(session: Session, path: Path) -> None:
    """Write the numbers under the picture, at its instant, with units."""
    state = session.state
    write_table(state.twin, path, at=(state.view.time, state.view.time + 1))
