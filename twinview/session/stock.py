"""The building stock: size and use of buildings, as far as a layer says them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twinview.energy.arrays import Bools, Floats
from twinview.energy.demand import floor_area
from twinview.energy.roofs import footprints
from twinview.energy.uses import WITHOUT, Uses, uses_of
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.model.quantities import factor
from twinview.model.twin import Layer
from twinview.readers.common.heights import STOREYS, named, numbers
from twinview.session.models import DemandModel

AREAS = (
    "floor_area_m2", "floor_area", "gross_floor_area", "gfa", "gfa_m2", "bgf", "geschossflaeche",
    "nettogrundflaeche", "surface_plancher", "建筑面积", "总建筑面积",
)  # fmt: skip
"""Columns of floor area, all storeys together."""
HOMES = (
    "households", "dwellings", "num_dwellings", "building:flats", "flats", "units_res", "wohnungen",
    "nb_logements", "户数",
)  # fmt: skip
"""Columns of the number of households."""
USES = (
    "use", "building_use", "building:use", "usage", "function", "building_function",
    "gebaeudefunktion", "gebaeudefkt", "gfk", "building", "building_type", "nutzung", "1st_use",
    "type", "建筑用途", "用途",
)  # fmt: skip
"""Columns of use, the likeliest first."""


MOST_NAMED = 1000
"""Buildings that a finding names."""


@dataclass(frozen=True, eq=False)
class Stock:
    """Size and use of the buildings of a layer.

    Parameters
    ----------
    area
        Floor area in m2, NaN where not known. Shape [n].
    households
        NaN where not known. Shape [n].
    uses
        In the words of the archetypes; empty where not known.
    problems
        What was assumed, and what is missing.
    """

    area: Floats
    households: Floats
    uses: tuple[str, ...]
    problems: tuple[Problem, ...]


def stock_of(layer: Layer, model: DemandModel, known: Sequence[str]) -> Stock:
    """Read size and use of a layer's buildings.

    Parameters
    ----------
    layer
        Buildings.
    model
        What is assumed where the layer says nothing.
    known
        Uses of the archetypes.

    Raises
    ------
    CommandError
        The column of use that the model names is not there.
    """
    found, column = _uses(layer, model, known)
    silent = np.array([not word for word in found.words], dtype=np.bool_)
    words = tuple(word or model.otherwise for word in found.words)
    area, said = _areas(layer, model)
    problems = [*_said_uses(layer, column, found, silent, model), *said]
    return Stock(area, _numbers(layer, HOMES), words, tuple(problems))


def _uses(layer: Layer, model: DemandModel, known: Sequence[str]) -> tuple[Uses, str]:
    """Return the uses and the column they are from: the one named, else the first that is known."""
    if model.use_column and not layer.has(model.use_column):
        raise CommandError(
            _(
                "The layer '{layer}' has no column '{column}'; it has {known}.",
                layer=layer.id,
                column=model.use_column,
                known=", ".join(layer.attributes.column_names),
            )
        )
    columns = [model.use_column] if model.use_column else named(layer.attributes, USES)
    for column in columns:
        found = uses_of(layer.column(column).tolist(), model.codes, known)
        if model.use_column or any(found.words):
            return found, column
    return uses_of([None] * len(layer)), ""


def _areas(layer: Layer, model: DemandModel) -> tuple[Floats, list[Problem]]:
    """Return floor areas, as said or as footprint times storeys."""
    said = _numbers(layer, AREAS)
    if layer.geometry is None or layer.geometry.kind not in ("polygon", "surface"):
        return said, []
    base, storeys = footprints(layer.geometry), _numbers(layer, STOREYS)
    height = layer.numbers("height_m")
    if layer.has("height_source"):
        height = np.where(layer.column("height_source") == "measured", height, np.nan)
    if model.storeys is not None:
        lost = ~(storeys >= 1) & np.isnan(height)
        storeys = np.where(lost, model.storeys, storeys)
    else:
        lost = np.zeros(len(layer), dtype=np.bool_)
    made, by_height = floor_area(base, storeys, height)
    own = said > 0
    area = np.where(own, said, made)
    return area, _said_areas(layer, own, by_height & np.isfinite(made) & ~own, lost & ~own, model)


def _numbers(layer: Layer, names: Sequence[str]) -> Floats:
    """Return the first number that one of some columns gives, in m2 where it is an area."""
    result = np.full(len(layer), np.nan)
    for name in named(layer.attributes, names):
        try:
            values = numbers(layer.attributes, name)
            if layer.unit(name):
                values = values * factor(layer.unit(name), "m2")
        except (ValueError, NotImplementedError):
            continue
        result = np.where(np.isnan(result) & (values > 0), values, result)
    return result


def _said_uses(
    layer: Layer, column: str, found: Uses, silent: Bools, model: DemandModel
) -> list[Problem]:
    counts = {"layer": _(layer.title), "count": int(silent.sum()), "all": len(layer)}
    problems = []
    if silent.any() and model.otherwise:
        message = _(
            "{count} of {all} buildings of '{layer}' say no use that is known; they are taken for "
            "{use}, as you chose.",
            **counts,
            use=model.otherwise,
        )
        problems.append(_problem("info", "demand.use_assumed", message, "", layer, silent))
    elif silent.any():
        message = _(
            "{count} of {all} buildings of '{layer}' say no use that is known (column: {column}) "
            "and got no demand.",
            **counts,
            column=column or _("none"),
        )
        fix = _("Name the column with use=COLUMN, its list with codes=alkis or codes=citygml, or a "
                "use for all others with otherwise=residential.")  # fmt: skip
        problems.append(_problem("warning", "demand.use_unknown", message, fix, layer, silent))
    bare = np.array([word == WITHOUT for word in found.words], dtype=np.bool_)
    if bare.any():
        message = _(
            "{count} garages, sheds and the like of '{layer}' got no demand.",
            layer=_(layer.title),
            count=int(bare.sum()),
        )
        problems.append(_problem("info", "demand.none", message, "", layer, bare))
    if found.unchecked.any():
        message = _(
            "The use of {count} buildings of '{layer}' was read through codes that nobody has "
            "checked against their list.",
            layer=_(layer.title),
            count=int(found.unchecked.sum()),
        )
        fix = _("Compare some of them with what you know of the buildings.")
        problems.append(
            _problem("info", "demand.code_unverified", message, fix, layer, found.unchecked)
        )
    return problems


def _said_areas(
    layer: Layer, own: Bools, by_height: Bools, assumed: Bools, model: DemandModel
) -> list[Problem]:
    problems = []
    if by_height.any():
        message = _(
            "The storeys of {count} buildings of '{layer}' are their height over 3 m, which "
            "counts roof spaces as well.",
            count=int(by_height.sum()),
            layer=_(layer.title),
        )
        problems.append(_problem("info", "demand.storeys_height", message, "", layer, by_height))
    if assumed.any():
        message = _(
            "{count} buildings of '{layer}' say no storeys and no height; they are taken to have "
            "{storeys:g}, as you chose.",
            count=int(assumed.sum()),
            layer=_(layer.title),
            storeys=model.storeys,
        )
        problems.append(_problem("info", "demand.storeys_assumed", message, "", layer, assumed))
    if own.any():
        message = _(
            "The floor area of {count} buildings of '{layer}' is an attribute of theirs.",
            count=int(own.sum()),
            layer=_(layer.title),
        )
        problems.append(_problem("info", "demand.area_given", message, "", layer, own))
    return problems


def _problem(
    severity: str, code: str, message: str, fix: str, layer: Layer, which: Bools
) -> Problem:
    ids = tuple(str(one) for one in layer.ids[which][:MOST_NAMED])
    return Problem(severity, code, message, fix, layer=layer.id, element_ids=ids)  # type: ignore[arg-type]
