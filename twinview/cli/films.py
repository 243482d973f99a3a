"""Films without a window."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from twinview.cli import verbs
from twinview.cli.output import check_place, complain, follow, say_json
from twinview.cli.pictures import (
    check_graphics,
    check_overlay,
    size_of,
    stock_of,
    viewed,
    with_results,
)
from twinview.cli.wishes import Frames, Picture
from twinview.i18n import _, language, set_language
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis
from twinview.scene.resolve import resolve
from twinview.scene.view import View
from twinview.session.cases import check_scenario
from twinview.session.provenance import project_hash, provenance, title_of
from twinview.session.store import State

_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


def animate(project: Path, output: Path, times: Frames, picture: Picture, as_json: bool) -> int:
    """Make a film of a project."""
    size = size_of(picture.size)
    from twinview.exporters import film as films

    films.check(output, size, times.fps)
    if not output.is_dir():
        check_place(output)
    if picture.lang:
        set_language(picture.lang)
    state = verbs.opened(project)
    steps = steps_of(state.twin.time, times)
    if picture.scenario is not None:
        state = state.showing(check_scenario(state.project, picture.scenario))
    state = replace(state, view=viewed(state, picture, steps[0]))
    state = with_results(state, insist=picture.overlay is not None, whole=True)
    if picture.overlay is not None:
        check_overlay(state.twin, picture.overlay)
    check_graphics()
    film = _film(state, steps, size, times.fps)
    made = follow(films.film_job(film, output))
    if as_json:
        say_json(_told(state, film.views, output, size, vars(made) | {"fps": times.fps}))
    else:
        complain(_("{path} was made: {count} frames.", path=output, count=made.frames))
    return verbs.code_of(state.twin.problems, tell=True)


def _film(state: State, steps: range, size: tuple[int, int], fps: int) -> Any:
    from twinview.exporters.film import Film

    settled = resolve(state.twin, state.view, state.beside).view
    views = [replace(settled, time=step) for step in steps]
    common = provenance(replace(state, view=settled)) | {"language": language()}

    def meta(view: View) -> dict[str, Any]:
        return common | {"view": common["view"] | {"time": view.time}}

    title, stock = title_of(state), stock_of(state)
    return Film(state.twin, views, size, title, fps, meta, state.beside, stock)


def steps_of(axis: TimeAxis, times: Frames) -> range:
    """Return the steps of the data that a film shows, one for each frame.

    Raises
    ------
    CommandError
        For data without time, spans without data, and steps that are no multiple of the data's.
    """
    if axis.static:
        raise CommandError(_("The data hold one instant, so there is no film; make a snapshot."))
    window = axis.window(*verbs.instants(axis, (times.from_, times.to)))
    if times.step is None:
        return window
    seconds = _seconds(times.step)
    if seconds % axis.step:
        raise CommandError(
            _(
                "--step is a multiple of the data's step of {own} min, not {text}.",
                own=f"{axis.step / 60:g}",
                text=times.step,
            )
        )
    return window[:: seconds // axis.step]


def _seconds(text: str) -> int:
    found = re.fullmatch(r"(\d+)\s*(s|min|h|d)", text.strip().lower())
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not seconds:
        raise CommandError(
            _("--step is a number with s, min, h or d, such as 15min, not '{text}'.", text=text)
        )
    return seconds


def _told(
    state: State, views: list[View], output: Path, size: tuple[int, int], made: dict[str, Any]
) -> dict[str, Any]:
    """Return what ``animate --json`` prints."""
    axis = state.twin.time
    first, last = (axis.at(views[k].time).isoformat(timespec="minutes") for k in (0, -1))
    return {
        "file": str(output),
        **made,
        "first": first,
        "last": last,
        "overlay": views[0].overlay,
        "size": list(size),
        "project_hash": project_hash(state),
    }
