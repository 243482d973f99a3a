"""Writes the files of the demo district in the forms that the readers expect."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from shapely import set_precision
from shapely.geometry.polygon import orient

from demo_base import CRS, Base
from demo_grid import ABOUT

if TYPE_CHECKING:
    from pathlib import Path

    from demo_weather import Weather, Year

DIGITS = 4


def _round(values: np.ndarray, digits: int = DIGITS) -> np.ndarray:
    """Values with a few significant digits, so that they compress."""
    values = np.asarray(values, dtype=float)
    scale = 10.0 ** (digits - 1 - np.floor(np.log10(np.maximum(np.abs(values), 1e-3))))
    return (np.round(values * scale) / scale).astype(np.float32)


def write_profiles(
    path: Path, year: Year, columns: dict[str, np.ndarray], weather: Weather
) -> None:
    """Write the profile matrix with its time column and a note on units."""
    extra = {
        "temperature_c": weather.temperature,
        "radiation_w_m2": weather.global_horizontal,
        "wind_m_s": weather.wind,
    }
    instants = year.utc.tz_localize(None).to_numpy().astype("datetime64[ms]")
    fields = {"time": pa.array(instants, pa.timestamp("ms", "UTC"))}
    for name, values in columns.items():
        fields[name] = pa.array(_round(values, 4 if name == "import_intensity" else 3))
    for name, values in extra.items():
        fields[name] = pa.array(np.round(values, 1).astype(np.float32))
    note = {
        "tz": "Europe/Berlin",
        "label": "start",
        "step_seconds": 3600,
        "units": {
            "import_intensity": "g/kWh",
            "temperature_c": "degC",
            "radiation_w_m2": "W/m2",
            "wind_m_s": "m/s",
            "*": "1",
        },
        "origin": "generated",
        "about": ABOUT,
        "scaling": "loads: mean 1 over the year, power = column x scale_w; "
        "pv_* and wind: share of rated power",
    }
    table = pa.table(fields).replace_schema_metadata({"twinview": json.dumps(note)})
    names = [n for n in fields if n != "time"]
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=False,
        use_byte_stream_split=names,
        row_group_size=len(year.utc),
    )


def write_layer(path: Path, table: pd.DataFrame) -> None:
    """Write one GeoParquet layer with coordinates on a grid of a centimetre."""
    frame = gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)
    frame["geometry"] = [set_precision(g, 0.01) for g in frame.geometry]
    polygons = frame.geometry.geom_type == "Polygon"
    frame.loc[polygons, "geometry"] = [orient(g) for g in frame.geometry[polygons]]
    if not frame.geometry.is_valid.all() or frame.id.duplicated().any():
        raise ValueError(f"Bad geometry or ids in {path.name}")
    frame.to_parquet(path, index=False, compression="zstd", compression_level=19)


def _compact(key: str, rows: list[dict[str, Any]]) -> str:
    lines = ",\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in rows)
    return f'"{key}":[\n{lines}\n]'


def write_grid(path: Path, document: dict[str, Any]) -> None:
    """Write the grid, one component per line."""
    head = {k: v for k, v in document.items() if k not in ("data", "twinview")}
    about = {k: v for k, v in document["twinview"].items() if k != "storage"}
    data = ",\n".join(_compact(k, v) for k, v in document["data"].items())
    note = json.dumps(about, ensure_ascii=False)[:-1]
    storage = _compact("storage", document["twinview"]["storage"])
    text = (
        json.dumps(head)[:-1]
        + ',\n"data":{\n'
        + data
        + '\n},\n"twinview":'
        + note
        + ",\n"
        + storage
        + "}}\n"
    )
    json.loads(text)
    path.write_text(text, encoding="utf-8")


def _house_rows(houses: pd.DataFrame, base: Base) -> pd.DataFrame:
    pump = base.house.heat_pump.notna().to_numpy()
    return pd.DataFrame(
        {
            "id": houses.id,
            "geometry": houses.geometry,
            "name": np.where(houses.type == "hall", "Trade hall ", "House ") + houses.id.str[2:],
            "name_zh": np.where(houses.type == "hall", "商贸厅 ", "住宅 ") + houses.id.str[2:],
            "use": np.where(houses.type == "hall", "shop", "residential"),
            "type": houses.type,
            "storeys": houses.storeys.astype(int),
            "eaves_m": houses.eaves_m,
            "ridge_m": houses.ridge_m,
            "roof": houses.roof,
            "ridge_deg": houses.ridge_deg.round(1),
            "floor_area_m2": houses.floor_area_m2,
            "pv_kwp": houses.pv_kwp,
            "heat_pump": pump,
            "households": houses.households.astype(int),
            "origin": "model",
        }
    )


def _special_rows(specials: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for row in specials.itertuples():
        s = row.special
        rise = {"gable": s.size[1] * 0.32, "hip": 2.6, "shed": 1.6, "flat": 0.0}[s.roof]
        rows.append(
            {
                "id": row.id,
                "geometry": row.geometry,
                "name": s.name,
                "name_zh": s.name_zh,
                "use": s.kind,
                "type": s.kind,
                "storeys": s.storeys,
                "eaves_m": round(max(s.height - rise, 2.4), 2),
                "ridge_m": s.height,
                "roof": s.roof,
                "ridge_deg": round(row.ridge_deg % 180, 1),
                "floor_area_m2": round(s.size[0] * s.size[1] * s.storeys * 0.85, 0),
                "pv_kwp": s.pv_kwp,
                "heat_pump": False,
                "households": 0,
                "origin": "generated",
            }
        )
    return pd.DataFrame(rows)


def building_table(
    houses: pd.DataFrame,
    specials: pd.DataFrame,
    annexes: pd.DataFrame,
    stores: list[dict[str, Any]],
    base: Base,
) -> pd.DataFrame:
    """The layer ``buildings``: houses, special buildings and annexes in one table."""
    parts = [_house_rows(houses, base), _special_rows(specials), annexes]
    table = pd.concat(parts, ignore_index=True)
    home = {s["building"]: s["energy_wh"] / 1000 for s in stores if s["kind"] == "home"}
    table["battery_kwh"] = table.id.map(home).fillna(0.0)
    table["height_m"] = table.ridge_m
    table["height_source"] = "generated"
    return with_labels(table, "use")


LABELS = {
    "solar_park": 8.0,
    "wind_turbine": 8.0,
    "substation": 7.0,
    "school": 6.0,
    "clinic": 5.0,
    "factory": 5.0,
    "data_centre": 5.0,
    "ev_hub": 4.0,
    "battery": 4.0,
}
"""Weight of the names that stand in the scene; what is not here has no name there."""


def with_labels(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the table with the weight of each element's name in the scene."""
    return table.assign(label_weight=table[column].map(LABELS).fillna(0.0))
