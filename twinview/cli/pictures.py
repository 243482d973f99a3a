"""Pictures without a window."""

import json
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from twinview import paths
from twinview.cli.output import complain, follow
from twinview.cli.wishes import AS_USUAL, Finish, Picture
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.scene.overlay import available, overlays
from twinview.scene.paint import Scene
from twinview.scene.resolve import resolve
from twinview.scene.stale import staled
from twinview.scene.view import View
from twinview.session.bringing import preferred, shortage, stock
from twinview.session.provenance import provenance, title_of
from twinview.session.results import load
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.render.studio import Stock

NEEDS_RESULTS = frozenset({"carbon", "emission", "power", "loading", "voltage", "storage", "mix",
                           "difference"})  # fmt: skip
SAVED = "saved"
_FRESH = 7 * 24 * 3600


def shoot(
    state: State, output: Path, size: tuple[int, int], finish: Finish = AS_USUAL, age: str = ""
) -> Scene:
    """Write the picture of a state's view, so old, and return what it shows."""
    check_graphics()
    from twinview.exporters.picture import picture_job

    scene = staled(resolve(state.twin, state.view, state.beside), age)
    state = replace(state, view=scene.view)
    said, about = title_of(state), provenance(state)
    follow(
        picture_job(
            state.twin,
            scene,
            output,
            size,
            title=finish.title or said,
            meta=about,
            stock=stock_of(state),
            transparent=finish.transparent,
            bare=finish.bare,
        )
    )
    return scene


def stock_of(state: State) -> "Stock":
    """Return what brings a district before a camera; say where memory is too short for all."""
    if short := shortage(state.twin, preferred()):
        complain(short)
    return stock(state)


def size_of(text: str) -> tuple[int, int]:
    """Return width and height of a text such as 1920x1080."""
    words = text.lower().replace("\u00d7", "x").split("x")
    try:
        width, height = (int(word) for word in words)
    except ValueError as error:
        raise CommandError(
            _("--size is WIDTHxHEIGHT in pixels, such as 1920x1080, not '{text}'.", text=text)
        ) from error
    return width, height


def viewed(state: State, wish: Picture, step: int | None = None) -> View:
    """Return the view that is wished for, at a step of the clock (as last seen if not given)."""
    from twinview.render import camera as cameras

    view = state.view if step is None else replace(state.view, time=step)
    if wish.overlay is not None:
        known = overlays()
        if wish.overlay not in known:
            raise CommandError(
                _(
                    "There is no overlay '{id}'; there are {known}.",
                    id=wish.overlay,
                    known=", ".join(known),
                )
            )
        view = replace(view, overlay=wish.overlay)
    if wish.attribute is not None:
        view = replace(view, overlay="attribute", attribute=wish.attribute)
        _check_attribute(state.twin, wish.attribute)
    if wish.view != SAVED:
        if wish.view not in cameras.STANDARD:
            names = ", ".join([*cameras.STANDARD, SAVED])
            raise CommandError(
                _("There is no view '{name}'; there are {known}.", name=wish.view, known=names)
            )
        view = replace(view, camera=cameras.standard(state.twin, wish.view))
    return _themed(view, wish.theme)


def _themed(view: View, theme: str | None) -> View:
    if theme not in {None, "light", "dark"}:
        raise CommandError(_("The theme is light or dark, not '{name}'.", name=theme))
    return view if theme is None else replace(view, theme="dark" if theme == "dark" else "light")


def _check_attribute(twin: Twin, wish: str) -> None:
    layer_id, _dot, column = wish.rpartition(".")
    if layer_id not in twin.layers or not twin.layers[layer_id].has(column):
        raise CommandError(_("There is no column '{column}'; write LAYER.COLUMN.", column=wish))


def check_overlay(twin: Twin, overlay: str) -> None:
    """Refuse an overlay that the data do not serve."""
    able = available(twin)
    if overlay not in able:
        raise CommandError(
            _(
                "The data do not hold what '{id}' shows; they hold {known}.",
                id=overlay,
                known=", ".join(able) or _("nothing that can be shown"),
            )
        )


def with_results(
    state: State, insist: bool, whole: bool = False, steps: range | None = None
) -> State:
    """Return the state with what its view needs computed, from the cache or now.

    The steps of the view's window are enough, one for an instant, whatever is stored: what a
    store holds is followed from the first step.

    Parameters
    ----------
    state
        What is open.
    insist
        True raises what keeps the grid from being computed; else it is said, and the rest is shown.
    whole
        True computes the whole span in any case.
    steps
        Steps that are needed besides those of the window.
    """
    twin = state.twin
    if state.view.overlay not in NEEDS_RESULTS:
        return state
    from twinview.session.computing import results_of
    from twinview.session.plate import check_computable

    try:
        check_computable(twin)
    except CommandError:
        return state
    i = min(max(state.view.time, 0), twin.time.count - 1)
    window = state.view.window.steps(twin.time, i) or range(i, i + 1)
    if steps is not None:
        # Windows that end with each of the steps reach as far back from the first one.
        back = i - window.start
        first = min(window.start, max(steps.start - back, 0))
        window = range(first, max(window.stop, steps.stop))
    both = state.view.overlay == "difference"  # of two instants, or of two cases
    wanted = range(twin.time.count) if whole or both else window
    known = load(twin, state.project, state.path, wanted)
    try:
        results = known or follow(results_of(twin, state.project, state.path, wanted))
    except CommandError as error:
        if insist:
            raise
        complain(str(error))
        return state
    return replace(state, twin=results.twin)


def check_graphics() -> None:
    """Refuse to draw where that would end the process; a good answer holds for some days."""
    from twinview.render.studio import preflight

    marker = paths.user_cache() / "graphics.json"
    try:
        known = json.loads(marker.read_bytes())
        if known["vtk"] == version("vtk") and time.time() - known["tried"] < _FRESH:
            return
    except (OSError, ValueError, KeyError, TypeError):
        pass
    complaint = preflight()
    if complaint is not None:
        raise CommandError(complaint)
    if paths.writable(marker.parent):
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.write_text(json.dumps({"vtk": version("vtk"), "tried": time.time()}))
