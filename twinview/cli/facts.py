"""What an open district holds, as one JSON object and as tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from twinview.cli.output import say, say_table
from twinview.i18n import _
from twinview.model.quantities import quantities
from twinview.model.saying import sentence
from twinview.model.scenario import Scenario, usable
from twinview.model.series import Profiled, Series
from twinview.model.time import TimeAxis, format_instant
from twinview.model.twin import DISTRICT, Layer, Twin
from twinview.scene.numbers import number, percent
from twinview.scene.overlay import available
from twinview.session.store import State

SAMPLES = 48
"""Steps that are looked at to tell which elements of a series have values."""


def facts(state: State) -> dict[str, Any]:
    """Return what an open district holds, JSON-able."""
    twin = state.twin
    return {
        "name": twin.name,
        "about": twin.about,
        "crs": twin.crs,
        "extent": _extent(twin),
        "sources": [_source(state, one.id, one.path) for one in state.project.sources],
        "time": _time(twin.time),
        "layers": [_layer(layer) for layer in twin.layers.values()],
        "networks": [
            {
                "id": network.id,
                "title": network.title,
                "carrier": network.carrier,
                "elements": {
                    component: len(twin.layers[layer])
                    for component, layer in network.tables.items()
                    if layer in twin.layers
                },
            }
            for network in twin.networks.values()
        ],
        "series": [_series(series) for series in twin.series.values()],
        "scenarios": [_scenario(state, one) for one in usable(state.project.scenarios)],
        "overlays": list(available(twin)),
        "problems": [problem.as_dict() for problem in twin.problems],
    }


def _scenario(state: State, one: Scenario) -> dict[str, Any]:
    twin = state.showing(one.id).twin
    computed = next((s for s in twin.series.values() if s.meaning.origin == "computed"), None)
    return {
        "id": one.id,
        "title": one.title,
        "parent": one.parent,
        "changes": [sentence(change, twin) for change in one.changes],
        "computed": None if computed is None else (_time(computed.time) or {}),
    }


def _extent(twin: Twin) -> list[float] | None:
    """Return west, south, east, north in the district's system; None where nothing has a place."""
    if not any(
        g is not None and len(g.coords) for g in (one.geometry for one in twin.layers.values())
    ):
        return None
    x0, x1, y0, y1, _z0, _z1 = twin.bounds
    x, y, _z = twin.origin
    return [round(value, 3) for value in (x0 + x, y0 + y, x1 + x, y1 + y)]


def _source(state: State, id_: str, path: str) -> dict[str, Any]:
    found = state.understood.get(id_)
    if found is None:
        return {"id": id_, "path": path, "opened": False}
    return {
        "id": id_,
        "path": path,
        "opened": True,
        "crs": found.crs,
        "crs_known_from": found.crs_reason,
        "rows": {layer: {"read": r, "kept": k} for layer, (r, k) in found.rows.items()},
    }


def _time(axis: TimeAxis) -> dict[str, Any] | None:
    if axis.static:
        return None
    return {
        "from": format_instant(axis.start, axis.tz),
        "to": format_instant(axis.stop, axis.tz),
        "steps": axis.count,
        "step_seconds": axis.step,
        "zone": axis.tz,
    }


def _layer(layer: Layer) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": layer.id,
        "title": layer.title,
        "kind": layer.kind,
        "source": layer.source,
        "elements": len(layer),
        "geometry": layer.geometry.kind if layer.geometry is not None else None,
        "attributes": [n for n in layer.attributes.column_names if n != "id"],
    }
    if layer.has("height_source"):
        sources = Counter(str(one or "unknown") for one in layer.column("height_source"))
        found["heights"] = dict(sources.most_common())
    return found


def _series(series: Series) -> dict[str, Any]:
    meaning = series.meaning
    return {
        "layer": meaning.layer,
        "quantity": meaning.quantity,
        "unit": meaning.unit,
        "scenario": meaning.scenario,
        "origin": meaning.origin,
        "source": meaning.source,
        "elements": series.size,
        "share": share(series),
        "time": _time(series.time),
    }


def share(series: Series) -> float:
    """Return the share of the elements that have a value at any of some steps of the span."""
    if not series.size:
        return 0.0
    if isinstance(series, Profiled):
        return float(len(np.unique(series.element)) / series.size)
    count = series.time.count
    seen = np.zeros(series.size, dtype=bool)
    for i in np.unique(np.linspace(0, count - 1, min(count, SAMPLES)).astype(int)):
        if series.ready(int(i)):
            seen |= np.isfinite(series.at(int(i)))
    return float(seen.mean())


def say_facts(found: Mapping[str, Any]) -> None:
    """Write what a district holds as tables."""
    say(found["name"])
    if found["about"]:
        say(found["about"])
    say()
    for line in _heading(found):
        say(line)
    say()
    _say_sources(found["sources"])
    rows = [
        (one["id"], one["kind"], number(one["elements"]), one["geometry"] or "", _heights(one))
        for one in found["layers"]
    ]
    columns = [_("layer"), _("kind"), ">" + _("elements"), _("shape"), _("heights from")]
    say_table(_("Layers"), columns, rows)
    for network in found["networks"]:
        counts = ", ".join(f"{n} {component}" for component, n in network["elements"].items())
        kind = f"{network['title']} ({network['carrier']})"
        say(_("Network {title}: {counts}", title=kind, counts=counts))
        say()
    _say_series(found["series"])
    for one in found["scenarios"]:
        what = "; ".join(one["changes"]) or _("no changes")
        done = _("computed") if one["computed"] is not None else _("not computed")
        title = one["title"] or one["id"]
        say(_("Scenario {id}, {title}: {what} ({done})", id=one["id"], title=title, what=what,
              done=done))  # fmt: skip
    if found["scenarios"]:
        say()


def _heading(found: Mapping[str, Any]) -> list[str]:
    lines = [_("Coordinate system: {crs}", crs=found["crs"] or _("unknown"))]
    if found["extent"]:
        west, south, east, north = found["extent"]
        lines.append(
            _(
                "Extent: {width} by {height}, {west:.0f} {south:.0f} to {east:.0f} {north:.0f}",
                width=_metres(east - west),
                height=_metres(north - south),
                west=west,
                south=south,
                east=east,
                north=north,
            )
        )
    time = found["time"]
    if time is None:
        lines.append(_("Time: one instant"))
    else:
        span = _("{begin} to {end}", begin=time["from"], end=time["to"])
        lines.append(_("Time: {span}", span=span))
        lines.append(
            _(
                "      {steps} steps of {minutes:g} min, zone {zone}",
                steps=number(time["steps"]),
                minutes=time["step_seconds"] / 60,
                zone=time["zone"],
            )
        )
    lines.append(_("Overlays: {names}", names=", ".join(found["overlays"]) or _("none")))
    return lines


def _metres(value: float) -> str:
    return number(value / 1000, 3, "km") if value >= 1000 else number(value, 3, "m")


def _say_sources(sources: Sequence[Mapping[str, Any]]) -> None:
    words = {"file": _("the file says so"), "given": _("given")}
    rows = []
    for one in sources:
        file = PurePosixPath(one["path"]).name
        if not one["opened"]:
            rows.append((file, _("not opened"), "", ""))
            continue
        reason = one["crs_known_from"]
        read, kept = (sum(r[k] for r in one["rows"].values()) for k in ("read", "kept"))
        crs = one["crs"] if len(one["crs"]) < 20 else one["crs"].split('"')[1]
        how = words.get(reason, reason)
        rows.append((file, crs, how, f"{number(kept)}/{number(read)}" if one["rows"] else ""))
    say_table(
        _("Sources"), [_("file"), _("coordinates"), _("known from"), ">" + _("rows kept")], rows
    )


def _heights(layer: Mapping[str, Any]) -> str:
    return ", ".join(f"{source} {number(n)}" for source, n in layer.get("heights", {}).items())


def _say_series(series: Sequence[Mapping[str, Any]]) -> None:
    rows = [
        (
            _("district") if one["layer"] == DISTRICT else one["layer"],
            _title(one["quantity"]),
            one["unit"],
            one["origin"],
            percent(one["share"]),
            number(one["time"]["steps"]) if one["time"] else _("fixed"),
        )
        for one in series
    ]
    if rows:
        columns = [
            _("layer"),
            _("quantity"),
            _("unit"),
            _("origin"),
            ">" + _("with data"),
            ">" + _("steps"),
        ]
        say_table(_("Series"), columns, rows)


def _title(quantity: str) -> str:
    found = quantities().get(quantity)
    return _(found.title) if found is not None else quantity
