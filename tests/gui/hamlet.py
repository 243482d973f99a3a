"""A hamlet of model types: sixty houses, cables, a store; ten days with curves. No file is read."""

import numpy as np
import pyarrow as pa

from twinview.model.geometry import Geometry, lines, offsets, points
from twinview.model.problem import Problem
from twinview.model.series import Dense, Meaning, Profiled
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Layer, Twin
from twinview.scene.view import View
from twinview.session.project import Project, Source
from twinview.session.store import State

COLUMNS, ROWS = 10, 6
HOUSES = COLUMNS * ROWS
TIME = TimeAxis(1_711_666_800, 3600, 240, "Europe/Berlin")
"""Ten days from 2024-03-29, with the short day of summer time on the 31st."""
NOON = 36


def hamlet() -> Twin:
    """Return the hamlet."""
    rng = np.random.default_rng(7)
    layers = [_houses(), _cables(), _store()]
    hours = np.arange(TIME.count)
    profile = np.stack(
        [
            1 + np.sin(hours / 24 * 2 * np.pi - 2),
            np.clip(np.sin((hours - 7) / 24 * 2 * np.pi), 0, 1),
        ],
        axis=1,
    ).astype(np.float32)
    one = np.arange(HOUSES - 1, dtype=np.int32)
    consumption = Profiled(
        Meaning("houses", "consumption", "kW", origin="modelled"), TIME, profile,
        np.zeros(HOUSES - 1, dtype=np.int32),
        (0.4 + rng.random(HOUSES - 1)).astype(np.float32), one, HOUSES,
    )  # fmt: skip
    intensity = 80 + 320 * rng.random((1, HOUSES)) + 60 * profile[:, :1]
    intensity[:, -1] = np.nan
    power = 20 * np.sin(hours / 12)[:, None] * np.linspace(0.2, 1, COLUMNS)[None, :]
    soc = 0.5 + 0.4 * np.sin(hours / 9)[:, None]
    fields = {
        "load": profile[:, :1] * 60, "generation": profile[:, 1:] * 80,
        "carbon_intensity": np.nanmean(intensity, axis=1, keepdims=True),
    }  # fmt: skip
    return Twin(
        name="Hamlet",
        crs="EPSG:25832",
        origin=(418_000.0, 5_370_000.0, 0.0),
        layers={layer.id: layer for layer in layers},
        time=TIME,
        problems=(Problem("warning", "height.assumed", "One height was assumed.", "Add a height.",
                          layer="houses", element_ids=("h3",)),),
    ).with_series(
        consumption,
        _dense("houses", "carbon_intensity", "g/kWh", intensity),
        _dense("cables", "power", "kW", power),
        _dense("stores", "soc", "1", soc),
        _dense("stores", "carbon_intensity", "g/kWh", 200 + 50 * soc),
        *(_dense(DISTRICT, q, "kW", values) for q, values in fields.items()),
    )  # fmt: skip


def opened(view: View | None = None) -> State:
    """Return the hamlet as an open, saved project."""
    project = Project(name="Hamlet", sources=(Source(id="houses", path="houses.geojson"),))
    return State(hamlet(), project, view or View(time=NOON), None, project)


def _dense(layer: str, quantity: str, unit: str, values: np.ndarray) -> Dense:
    return Dense(Meaning(layer, quantity, unit, origin="computed"), TIME, values.astype(np.float32))


def _houses() -> Layer:
    x, y = np.meshgrid(np.arange(COLUMNS) * 24.0, np.arange(ROWS) * 30.0)
    corner = np.stack([x.ravel(), y.ravel(), np.zeros(HOUSES)], axis=1)
    shape = np.array([[0, 0, 0], [11, 0, 0], [11, 9, 0], [0, 9, 0]], dtype=float)
    coords = (corner[:, None, :] + shape[None]).reshape(-1, 3)
    each = offsets(np.ones(HOUSES, dtype=int))
    geometry = Geometry("polygon", coords, offsets(np.full(HOUSES, 4)), each, each)
    table = pa.table(
        {
            "id": [f"h{k}" for k in range(HOUSES)],
            "use": ["dwelling", "office", "school"] * (HOUSES // 3),
            "height_m": [6.0 + k % 5 for k in range(HOUSES)],
            "floor_area_m2": [80.0 + k for k in range(HOUSES)],
        }
    )
    return Layer("houses", "Houses", "building", table, geometry)


def _cables() -> Layer:
    paths = [np.array([[24.0 * k + 16, -6.0], [24.0 * k + 16, 170.0]]) for k in range(COLUMNS)]
    table = pa.table({"id": [f"c{k}" for k in range(COLUMNS)]})
    return Layer("cables", "Cables", "line", table, lines(paths))


def _store() -> Layer:
    table = pa.table({"id": ["s0"], "name": ["储能电站 Storage 3"], "capacity_kwh": [500.0]})
    return Layer("stores", "Stores", "storage", table, points(np.array([[260.0, 80.0]])))
