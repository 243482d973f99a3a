"""power-grid-model JSON with names, places and origins as extra attributes: the stored form."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from twinview.i18n import _
from twinview.model.part import Part
from twinview.model.problem import Problem
from twinview.progress import Job, Progress
from twinview.readers import crs as systems
from twinview.readers.common import network, stored, texts
from twinview.readers.registry import Options, ReadError, reader

_DATASETS = ("input", "sym_input", "asym_input")


def sniff(path: Path, head: bytes) -> int:
    """Score a file: JSON that names version, kind and data of a power-grid-model data set."""
    own = texts.is_json(head) and texts.mentions(path, head, r'"is_batch"\s*:\s*(true|false)')
    return 80 if own else 0


@reader("power-grid-model JSON", patterns=["*.json"], score=80, sniff=sniff)
def read(path: Path, options: Options) -> Job[Part]:
    """Read a power-grid-model input data set."""
    yield Progress(0.1, _("Reading {file}", file=path.name))
    content, problems = texts.load_json(path, options.encoding)
    rows = _components(content, path)
    extras = content.get("twinview")
    extras = extras if isinstance(extras, dict) else {}
    rows["storage"] = stored.rows_of(extras.get("storage", []), [])
    yield Progress(0.5, _("Building the network"))
    problems += _other_components(rows, path)
    problems += _doubled(rows, path)
    stored.name(rows)
    problems += network.bare_lines(rows, path.name)
    places = {name: found for name in rows if (found := stored.places(rows[name])) is not None}
    routes = {"line": stored.routes(rows.get("line", []))}
    layers, grid, said, counts = network.build(rows, places, routes, path.name)
    stays = stored.stays(stored.rows_of(extras.get("stay", []), []))
    if stays is not None:
        grid = replace(grid, tables={**grid.tables, "stay": stays.id})
        layers = (*layers, stays)
    more = stored.other_carriers(extras, (rows["node"], places) if "node" in rows else None, path)
    crs, reason = _crs(options, str(extras.get("crs") or ""), {**places, **more.places}, path)
    return Part(
        crs=crs,
        crs_reason=reason,
        layers=(*layers, *more.layers),
        networks=(*((grid,) if grid.tables else ()), *more.networks),
        problems=(*problems, *said, *more.problems),
        rows={**counts, **more.counts},
        about=" ".join(str(extras[key]) for key in ("title", "about") if extras.get(key)),
    )


def _components(content: Any, path: Path) -> dict[str, stored.Rows]:
    if not isinstance(content, dict) or not isinstance(content.get("data"), dict):
        raise ReadError(_("{file} holds no data of a power-grid-model network.", file=path.name))
    if content.get("is_batch") or content.get("type", "input") not in _DATASETS:
        raise ReadError(
            _(
                "{file} is a power-grid-model data set of type {kind}, not the input of a network; "
                "add the input file.",
                file=path.name,
                kind=content.get("type"),
            )
        )
    attributes = content.get("attributes") or {}
    return {
        str(name): stored.rows_of(rows, attributes.get(name, []))
        for name, rows in content["data"].items()
        if isinstance(rows, list)
    }


def _other_components(rows: dict[str, stored.Rows], path: Path) -> list[Problem]:
    """Take out the components that the program does not compute with, and say so."""
    found = []
    for name in [one for one in rows if one not in network.COMPONENTS]:
        count = len(rows.pop(name))
        if count:
            message = _(
                "{count} of {component} were left out: this component is not used.",
                count=count,
                component=name,
            )
            severity = "info" if "sensor" in name or name == "fault" else "error"
            found.append(Problem(severity, "network.component", message, "", path.name, name))  # type: ignore[arg-type]
    return found


def _doubled(rows: dict[str, stored.Rows], path: Path) -> list[Problem]:
    """Name numbers that several elements have: which of them a reference means is not known."""
    numbers = [row["id"] for name in rows if name != "storage" for row in rows[name] if "id" in row]
    twice = [str(number) for number, count in Counter(map(str, numbers)).items() if count > 1]
    if not twice:
        return []
    message = _(
        "{count} numbers in {file} are those of several elements, first {first}; a reference to it "
        "means the last node of that number.",
        count=len(twice),
        file=path.name,
        first=twice[0],
    )
    fix = _("Give each element of the file a number of its own.")
    return [Problem("error", "network.duplicate_id", message, fix, path.name, "", tuple(twice))]


def _crs(
    options: Options, said: str, places: Mapping[str, network.Place], path: Path
) -> tuple[str, str]:
    if not places:
        return "", ""
    if options.crs:
        return systems.name_of(options.crs), _("given")
    if said:
        return systems.name_of(said), _("file")
    points = np.concatenate(list(places.values()))
    low, high = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
    raise systems.ask(path.name, (low[0], high[0], low[1], high[1]))
