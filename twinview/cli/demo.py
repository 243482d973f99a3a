"""The demo district without a window: a project, a picture per overlay, the balance."""

import json
from dataclasses import replace
from pathlib import Path

from twinview import paths
from twinview.cli import verbs
from twinview.cli.output import complain, follow, plain
from twinview.cli.pictures import check_graphics, stock_of
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.scene.overlay import available
from twinview.scene.resolve import resolve
from twinview.session.computing import results_of
from twinview.session.files import atomic_write
from twinview.session.indicators import with_indicators
from twinview.session.opening import moved, open_project
from twinview.session.project import load, save
from twinview.session.provenance import provenance
from twinview.session.store import State

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
    project, view, _problems = load(paths.demo_file())
    shipped = State(project=project, view=view, path=paths.demo_file())
    save(path, moved(shipped, path), view)
    state = follow(open_project(path))
    results = follow(results_of(state.twin, state.project, state.path))
    state = replace(state, twin=results.twin)
    text = json.dumps(plain(with_indicators(results, state.project, None)), indent=1)
    atomic_write(folder / "balance.json", text.encode() + b"\n")
    _draw(state, folder)
    complain(_("The pictures of the demo are in {folder}.", folder=folder.resolve()))
    return verbs.code_of(state.twin.problems, tell=True)


def _draw(state: State, folder: Path) -> None:
    """Write one picture per overlay that has data, all from one studio."""
    check_graphics()
    from twinview.exporters.picture import compose, save_png
    from twinview.render.studio import Studio

    studio = Studio(SIZE)
    try:
        follow(studio.show(state.twin, state.view.theme, stock_of(state)))
        for overlay in available(state.twin):
            complain(_("Drawing {name}", name=f"{overlay}.png"))
            view = replace(state.view, overlay=overlay)
            scene = resolve(state.twin, view, state.beside)
            pixels = compose(studio.shoot(scene), scene, state.project.name)
            meta = provenance(replace(state, view=scene.view))
            save_png(folder / f"{overlay}.png", pixels, meta, state.project.name)
    finally:
        studio.close()


def _folder() -> Path:
    here = Path.cwd() / "twinview-demo"
    return here if paths.writable(here) else paths.user_cache() / "demo"
