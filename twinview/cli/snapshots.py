"""One picture of a project: of its view, or of panes side by side."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from twinview.cli import panes, pictures, verbs
from twinview.cli.output import check_place, complain, say_json
from twinview.cli.wishes import Beside, Finish, Picture
from twinview.i18n import _, set_language
from twinview.model.problem import CommandError
from twinview.scene.paint import Scene
from twinview.session import live
from twinview.session.cases import check_scenario
from twinview.session.provenance import project_hash
from twinview.session.store import State

LIVE = "live"
"""The instant of the newest values."""


def snapshot(
    project: Path,
    output: Path,
    at: str | None,
    wish: Picture,
    beside: Beside,
    finish: Finish,
    as_json: bool,
) -> int:
    """Make one picture of a project."""
    if output.suffix.lower() != ".png":
        raise CommandError(_("A picture is written as .png, not as '{name}'.", name=output.name))
    size = pictures.size_of(wish.size)
    if wish.lang:
        set_language(wish.lang)
    # Before anything is computed: that may take a minute.
    check_place(output)
    if finish.transparent and (beside.compare is not None or beside.offset is not None):
        raise CommandError(_("Panes side by side have a background; leave --transparent out."))
    state = verbs.opened(project)
    if wish.scenario is not None:
        state = state.showing(check_scenario(state.project, wish.scenario))
    step, age = _instant(state, at)
    state = replace(state, view=pictures.viewed(state, wish, step))
    state = replace(state, view=panes.wished(state, beside))
    several, insist = bool(state.view.panes), wish.overlay is not None
    if several and finish.bare:
        raise CommandError(_("Panes side by side need their names; leave --bare out."))
    state = panes.with_results(state, insist) if several else pictures.with_results(state, insist)
    if wish.overlay is not None:
        pictures.check_overlay(state.twin, wish.overlay)
    said = (
        _shot_of_panes(state, output, size, (age, finish.title or ""))
        if several
        else told(state, pictures.shoot(state, output, size, finish, age), output, size)
    )
    if as_json:
        say_json(said)
    else:
        complain(_("{path} was made.", path=output))
    return verbs.code_of(state.twin.problems, tell=True)


def _instant(state: State, at: str | None) -> tuple[int | None, str]:
    """Return the step that is wished for, None for that of the view, and how old its values are."""
    if at != LIVE:
        return (None if at is None else verbs.step_of(state.twin.time, at)), ""
    found = live.present(state, datetime.now(UTC))
    return found.step, live.age(found.behind) if found.state == "old" else ""


def _shot_of_panes(
    state: State, output: Path, size: tuple[int, int], texts: tuple[str, str]
) -> dict[str, Any]:
    shown = panes.shoot(state, output, size, *texts)
    scene = next(one.scene for one in shown if one.scene is not None)
    at = replace(scene, view=replace(scene.view, time=state.view.time))
    return {**told(state, at, output, size), "panes": panes.told(shown)}


def told(state: State, scene: Scene, output: Path, size: tuple[int, int]) -> dict[str, Any]:
    """Return what ``snapshot --json`` prints."""
    axis, legend = state.twin.time, scene.legend
    return {
        "file": str(output),
        "at": None if axis.static else axis.at(scene.view.time).isoformat(timespec="minutes"),
        "age": scene.clock.age or None,
        "overlay": scene.view.overlay,
        "size": list(size),
        "elements": {"shown": legend.shown, "missing": legend.missing},
        "limits": list(legend.limits),
        "unit": legend.unit,
        "project_hash": project_hash(state),
    }
