"""Record what pvlib 0.16.1 says of a few instants (run it with an interpreter that has pvlib)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib

SITES = {"Zurich": (47.377, 8.549), "Shanghai": (31.23, 121.47), "Sydney": (-33.87, 151.21)}
STAMPS = ["2024-01-15T09:30", "2024-03-20T12:00", "2024-06-21T04:30", "2024-06-21T11:30",
          "2024-08-09T16:30", "2024-10-29T02:30", "2024-12-21T00:30"]
LIGHT = [(100.0, 50.0, 80.0), (800.0, 750.0, 150.0), (500.0, 400.0, 200.0)]
PLANES = [(0.0, 180.0), (30.0, 180.0), (45.0, 90.0), (60.0, 300.0), (90.0, 0.0)]

rows = []
for name, (latitude, longitude) in SITES.items():
    times = pd.DatetimeIndex(STAMPS, tz="UTC")
    sun = pvlib.solarposition.get_solarposition(times, latitude, longitude)
    extra = pvlib.irradiance.get_extra_radiation(times, solar_constant=1367.0, method="asce")
    for i, stamp in enumerate(STAMPS):
        zenith, azimuth = float(sun["zenith"].iloc[i]), float(sun["azimuth"].iloc[i])
        ghi, dni, dhi = LIGHT[i % len(LIGHT)]
        erbs = pvlib.irradiance.erbs(ghi, zenith, times[i : i + 1], min_cos_zenith=np.sin(np.radians(1)),
                                     max_zenith=89)
        row = {"site": name, "at": stamp, "elevation": 90 - zenith, "azimuth": azimuth,
               "extra": float(extra.iloc[i]), "light": [ghi, dni, dhi],
               "erbs_dhi": float(np.ravel(erbs["dhi"])[0]), "planes": []}
        for tilt, facing in PLANES:
            found = {
                model: float(np.ravel(pvlib.irradiance.get_total_irradiance(
                    tilt, facing, np.array([zenith]), np.array([azimuth]), np.array([dni]),
                    np.array([ghi]), np.array([dhi]), dni_extra=np.array([extra.iloc[i]]),
                    albedo=0.2, model=model)["poa_global"])[0])
                for model in ("isotropic", "haydavies", "perez")
            }
            row["planes"].append({"tilt": tilt, "azimuth": facing, **found})
        rows.append(row)
case = {"name": "sun and planes by pvlib", "source": f"pvlib {pvlib.__version__} (NREL SPA, true zenith)",
        "sites": {name: list(place) for name, place in SITES.items()}, "expected": rows}
(Path(__file__).parent / "case.json").write_text(
    json.dumps(case, indent=1, allow_nan=False) + "\n", encoding="utf-8")
