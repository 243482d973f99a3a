"""The project: what the user decided, as one readable JSON file. No arrays, no results."""

import json
import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from twinview.i18n import _
from twinview.model.join import Join
from twinview.model.kept import Kept
from twinview.model.problem import CommandError, Problem
from twinview.model.scenario import Scenario
from twinview.scene.layering import LayerChoice
from twinview.scene.styling import Style
from twinview.scene.view import View
from twinview.session.accounts import Accounts
from twinview.session.bookmarks import Bookmark
from twinview.session.files import atomic_write
from twinview.session.models import DemandModel, SolarModel
from twinview.session.notes import Note

VERSION = 2
SUFFIX = ".twin"


class Source(Kept):
    """A file the district is read from; `path` is relative to the project file, with ``/``.

    Parameters
    ----------
    id, path, options
        Name in the project, file, and what the user says of it.
    size, digest
        Bytes and hash of the content when it was last read, by which it is found again where it
        was moved; 0 and empty where that is not known.
    """

    id: str
    path: str
    options: dict[str, Any] = Field(default_factory=dict)
    size: int = Field(default=0, ge=0)
    digest: str = ""


class Settings(Kept):
    """Assumptions of the computation, each a choice with a name.

    Parameters
    ----------
    netting, losses, storage_policy, storage_rule, storage_signal, peak_limit_kw, peak_percentile
        See `twinview.energy.compute.Assumptions`.
    import_intensity, store_intensity, vehicle_intensity
        g/kWh of imports where no series says it, of what stands in the stores at the start, and of
        what vehicles bring to chargers.
    import_factor
        REGION:KIND, or REGION:KIND:YEAR, of the book of factors, where neither says it.
    expired_factors
        Whether an earlier year's factor may stand for a year that the book does not have.
    demand, solar
        How demand and solar roofs are modelled; None where they are not.
    """

    netting: bool = True
    losses: Literal["branch", "gross"] = "branch"
    storage_policy: Literal["pass_on", "owner", "zero"] = "pass_on"
    storage_rule: Literal["self_consumption", "peak_shaving", "price", "carbon", "given"] = (
        "self_consumption"
    )
    storage_signal: Literal["average", "marginal"] = "average"
    peak_limit_kw: float | None = Field(default=None, ge=0)
    peak_percentile: float = Field(default=90.0, ge=0, le=100)
    import_intensity: float | None = Field(default=None, ge=0)
    import_factor: str = "DE:grid_average:2024"
    expired_factors: bool = False
    store_intensity: float | None = Field(default=None, ge=0)
    vehicle_intensity: float | None = Field(default=None, ge=0)
    demand: DemandModel | None = None
    solar: SolarModel | None = None


class Project(Kept):
    """The document and the unit of undo.

    Parameters
    ----------
    layers, order
        What the reader wants of the layers, by id, and their order, the topmost first; layers that
        it does not name stand where their kind belongs.
    private_group
        Dwellings of which values are shown and exported only together; None asks for
        `twinview.scene.private.LEAST` where they were metered, 0 or 1 for none.
    holidays
        Days that are no workdays where days are told apart, beside those of a modelled demand.
    taken_metered
        Layers and quantities whose curves once looked metered; nobody need have decided that.
    """

    version: int = VERSION
    name: str = ""
    crs: str = ""
    tz: str = ""
    sources: tuple[Source, ...] = ()
    joins: tuple[Join, ...] | None = None
    settings: Settings = Settings()
    factors: tuple[dict[str, str], ...] = ()
    accounts: Accounts = Accounts()
    scenarios: tuple[Scenario, ...] = ()
    styles: dict[str, Style] = Field(default_factory=dict)
    layers: dict[str, LayerChoice] = Field(default_factory=dict)
    order: tuple[str, ...] = ()
    quotas: tuple[dict[str, Any], ...] = ()
    story: tuple[dict[str, Any], ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    notes: str = ""
    marks: tuple[Note, ...] = ()
    private_group: int | None = Field(default=None, ge=0)
    holidays: tuple[date, ...] = ()
    taken_metered: tuple[tuple[str, str], ...] = ()


class _File(Project):
    view: View = View()


def _from_1(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 listed sources as bare paths."""
    paths = [str(path) for path in data.get("sources", [])]
    sources = [
        {"id": Path(path).stem or f"source{k}", "path": path} for k, path in enumerate(paths)
    ]
    return {**data, "sources": sources, "version": 2}


UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1}
"""One function per step, from the version it is filed under to the next."""


def to_text(project: Project, view: View) -> str:
    """Return a project and the last view as the text of a file, ordered, one key per line."""
    content = {**project.model_dump(mode="json"), "version": VERSION}
    content["view"] = _File(view=view).model_dump(mode="json")["view"]
    content["view"]["hidden"] = sorted(content["view"]["hidden"])
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def view_text(view: View) -> str:
    """Return a view as JSON, as `view_of` reads it."""
    return json.dumps(json.loads(to_text(Project(), view))["view"], ensure_ascii=False)


def view_of(text: str) -> View:
    """Read a view from JSON.

    Raises
    ------
    CommandError
        For text that is no view.
    """
    try:
        return _File.model_validate({"view": json.loads(text)}).view
    except ValueError as error:
        raise CommandError(_("'{text}' is no view as the program writes it.", text=text)) from error


def save(path: Path, project: Project, view: View) -> None:
    """Write a project file, whole or not at all."""
    atomic_write(path, to_text(project, view).encode())


def load(path: Path) -> tuple[Project, View, list[Problem]]:
    """Read a project file of this or an older version.

    Returns
    -------
    project, view
        What the file holds, brought to this version.
    problems
        Unknown keys (kept) and a newer version.

    Raises
    ------
    CommandError
        When the file is not there or is no project.
    """
    return from_data(path, _decoded(path))


def from_data(path: Path, data: dict[str, Any]) -> tuple[Project, View, list[Problem]]:
    """Take what was decoded of a project file, as `load` does.

    Parameters
    ----------
    path
        Where it came from, for messages.
    data
        With a whole number under ``version``.
    """
    data, problems = _checked(path, data)
    try:
        file = _File.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise CommandError(
            _(
                "{path} is damaged at '{place}': {why}. Restore a copy of it.",
                path=path,
                place=place,
                why=first["msg"],
            )
        ) from error
    fields = {name: getattr(file, name) for name in Project.model_fields}
    extra = dict(file.model_extra or {})
    problems += [
        Problem(
            "info",
            "project.unknown_key",
            _(
                "{path} holds '{key}', which this version does not know; it is kept.",
                path=path.name,
                key=key,
            ),
        )
        for key in extra
    ]
    return Project(**fields, **extra), file.view, problems


def _decoded(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise CommandError(_("{path} is not there; check the name.", path=path)) from error
    except OSError as error:
        raise CommandError(
            _("{path} could not be read: {why}.", path=path, why=error.strerror or error)
        ) from error
    except (ValueError, RecursionError) as error:
        raise CommandError(
            _(
                "{path} is not a twinview project: it is not readable JSON ({why}).",
                path=path,
                why=error,
            )
        ) from error
    if not isinstance(data, dict) or not isinstance(data.get("version"), int):
        raise CommandError(_("{path} is not a twinview project: it has no version.", path=path))
    return data


def _checked(path: Path, data: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    if data["version"] > VERSION:
        return data, [
            Problem(
                "warning",
                "project.newer",
                _(
                    "{path} was written by a newer twinview; what this one knows was opened.",
                    path=path.name,
                ),
                _("Update twinview before saving over it."),
            )
        ]
    while data["version"] < VERSION:
        step = UPGRADES.get(data["version"])
        if step is None:
            raise CommandError(
                _("{path} has the unknown version {version}.", path=path, version=data["version"])
            )
        data = step(data)
    return data, []


def relative(path: Path, project: Path) -> str:
    """Return a source's path as it is written in a project file."""
    try:
        return Path(os.path.relpath(path.resolve(), project.resolve().parent)).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()
