"""The demo district without a window: a project, a picture per overlay, the balance."""

import json
from dataclasses import replace
from pathlib import Path

from twinview import paths
from twinview.cli import verbs
from twinview.cli.output import complain, follow, plain
from twinview.cli.pictures import shoot
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.scene.overlay import available
from twinview.session.computing import results_of
from twinview.session.files import atomic_write
from twinview.session.opening import moved, open_project
from twinview.session.project import save

SIZE = (1920, 1080)


def render(out: Path | None) -> int:
    """Render the demo into a folder: by default ``twinview-demo`` where one is."""
    if not paths.demo_file().exists():
        raise CommandError(_("The demo district is not installed; install twinview again."))
    folder = out or _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(
            _("{path} could not be made: {why}.", path=folder, why=error.strerror or error)
        ) from error
    path = folder / "demo.twin"
    state = follow(open_project(paths.demo_file()))
    save(path, moved(state, path), state.view)
    state = follow(open_project(path))
    results = follow(results_of(state.twin, state.project, state.path))
    state = replace(state, twin=results.twin)
    text = json.dumps(plain(results.as_dict()), indent=1)
    atomic_write(folder / "balance.json", text.encode() + b"\n")
    for overlay in available(state.twin):
        complain(_("Drawing {name}", name=f"{overlay}.png"))
        shoot(
            replace(state, view=replace(state.view, overlay=overlay)),
            folder / f"{overlay}.png",
            SIZE,
        )
    complain(_("The pictures of the demo are in {folder}.", folder=folder.resolve()))
    return verbs.code_of(state.twin.problems, tell=True)


def _folder() -> Path:
    here = Path.cwd() / "twinview-demo"
    return here if paths.writable(here) else paths.user_cache() / "demo"
