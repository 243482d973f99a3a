"""Films without a window."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twinview.cli import panes, pictures, verbs
from twinview.cli.output import check_place, complain, follow, say_json
from twinview.cli.wishes import Beside, Frames, Picture
from twinview.i18n import _, language, set_language
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis
from twinview.scene.panes import panes_of
from twinview.scene.resolve import resolve
from twinview.scene.view import View
from twinview.session.cases import check_scenario
from twinview.session.provenance import instant, project_hash, provenance, title_of
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.exporters.film import Film

_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


def animate(
    project: Path, output: Path, times: Frames, wish: Picture, beside: Beside, as_json: bool
) -> int:
    """Make a film of a project."""
    size = pictures.size_of(wish.size)
    from twinview.exporters import film as films

    films.check(output, size, times.fps)
    if not output.is_dir():
        check_place(output)
    if wish.lang:
        set_language(wish.lang)
    state = verbs.opened(project)
    steps = steps_of(state.twin.time, times)
    if wish.scenario is not None:
        state = state.showing(check_scenario(state.project, wish.scenario))
    state = replace(state, view=pictures.viewed(state, wish, steps[0]))
    state = computed(replace(state, view=panes.wished(state, beside)), wish.overlay is not None)
    if wish.overlay is not None:
        pictures.check_overlay(state.twin, wish.overlay)
    pictures.check_graphics()
    state, film = _film(state, steps, size, times.fps)
    made = follow(films.film_job(film, output))
    if as_json:
        told = {"file": str(output), **vars(made), "fps": times.fps, "size": list(size)}
        say_json(told | _told(state, film.views))
    else:
        complain(_("{path} was made: {count} frames.", path=output, count=made.frames))
    return verbs.code_of(state.twin.problems, tell=True)


def computed(state: State, insist: bool) -> State:
    """Return the state with what its view needs computed over the whole span.

    Parameters
    ----------
    state, insist
        As for `twinview.cli.pictures.with_results`.
    """
    ready = panes.with_results if state.view.panes else pictures.with_results
    return ready(state, insist, whole=True)


def _film(state: State, steps: range, size: tuple[int, int], fps: int) -> tuple[State, "Film"]:
    """Return the state with the view that is filmed, and the film."""
    from twinview.exporters.film import Film

    if state.view.panes:
        panes.shown(state)  # said before the first frame
        title = state.project.name
    else:
        settled = resolve(state.twin, state.view, state.beside).view
        state, title = replace(state, view=settled), title_of(state)
    views = [replace(state.view, time=step) for step in steps]
    common = provenance(state) | {"language": language()}

    def meta(view: View) -> dict[str, Any]:
        at = instant(replace(state, view=view))
        return common | at | {"view": common["view"] | {"time": view.time}}

    stock = pictures.stock_of(state)
    return state, Film(state.twin, views, size, title, fps, meta, state.beside, stock)


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


def _told(state: State, views: Sequence[View]) -> dict[str, Any]:
    """Return what ``animate --json`` prints of what is seen."""
    axis = state.twin.time
    first, last = (axis.at(views[k].time).isoformat(timespec="minutes") for k in (0, -1))
    told = {"first": first, "last": last, "overlay": state.view.overlay,
            "project_hash": project_hash(state)}  # fmt: skip
    if not state.view.panes:
        return told
    ends = [panes_of(state.twin, views[k], state.beside) for k in (0, -1)]
    overlay = next(one.scene.view.overlay for one in ends[0] if one.scene is not None)
    return told | {"overlay": overlay, "panes": panes.ends_told(*ends)}
