"""What a picture or table says of where it came from."""

import importlib.metadata
import json
import platform
from typing import Any

from twinview import __version__
from twinview.model.scenario import find
from twinview.session import cache
from twinview.session.project import to_text
from twinview.session.store import State

_NAMED = ("vtk", "power-grid-model", "pyside6-essentials", "numpy")


def project_hash(state: State) -> str:
    """Return a hash of the project and of everything that it was read from."""
    return cache.key(state.project.model_dump(mode="json"), state.twin.digest)


def title_of(state: State) -> str:
    """Return what a picture is called: the project, and the scenario that it shows."""
    shown = find(state.project.scenarios, state.view.scenario)
    return state.project.name if shown is None else f"{state.project.name} · {shown.name}"


def provenance(state: State) -> dict[str, Any]:
    """Return project hash, view, sources and versions, JSON-able."""
    return {
        "project": state.project.name,
        "project_hash": project_hash(state),
        "view": json.loads(to_text(state.project, state.view))["view"],
        **instant(state),
        "sources": [source.path for source in state.project.sources],
        "twinview": __version__,
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in _NAMED},
    }


def instant(state: State) -> dict[str, str]:
    """Return the instant of a view, for steps differ between clocks; empty without a clock."""
    time = state.twin.time
    if time.static:
        return {}
    return {"instant": time.at(min(state.view.time, time.count - 1)).isoformat()}
