"""Make the table of standard load profiles and the values that its test expects.

Needs demandlib 0.2.2 (MIT licence) and pandas 2 in the interpreter that runs it:

    python tests/cases/energy/standard_profiles/make_profiles.py

The numbers are the VDEW/BDEW standard load profiles of 1999, in kW for 1,000 kWh a year, three
seasons and three kinds of day, as demandlib carries them.
"""

import json
from datetime import datetime
from pathlib import Path

import pandas as pd
from demandlib import bdew
from demandlib.bdew import _profiles25

HERE = Path(__file__).parent
OUT = HERE.parents[3] / "twinview" / "energy" / "data" / "standard_profiles.csv"
NAMES = ["h0", "g0", "g1", "g2", "g3", "g4", "g5", "g6", "l0", "l1", "l2"]
DAYS = {1: "workday", 6: "saturday", 7: "sunday"}

raw = pd.read_csv(Path(_profiles25._bdew_datapath) / "selp_series.csv", index_col=0, parse_dates=True)
raw["minute"] = raw.index.hour * 60 + raw.index.minute
for day in range(2, 6):
    same = raw[raw.weekday == day].reset_index(drop=True)
    first = raw[raw.weekday == 1].reset_index(drop=True)
    assert (same[NAMES] == first[NAMES]).all().all()
kept = raw[raw.weekday.isin(DAYS)].assign(day=lambda table: table.weekday.map(DAYS))
kept = kept.rename(columns={"period": "season"})[["season", "day", "minute", *NAMES]]
kept[NAMES] = (kept[NAMES] * 1000).round(2)
kept = kept.sort_values(["season", "day", "minute"])
assert len(kept) == 864
OUT.write_text(kept.to_csv(index=False, lineterminator="\n"), encoding="utf-8")

expected = bdew.ElecSlp(2023, holidays=[datetime(2023, 5, 1), datetime(2023, 12, 25)]).slp_frame
stamps = ["2023-01-02 08:00", "2023-01-07 12:15", "2023-01-08 19:45", "2023-03-20 23:45",
          "2023-03-21 00:00", "2023-05-01 10:30", "2023-05-14 18:00", "2023-05-15 06:15",
          "2023-09-14 13:00", "2023-09-15 13:00", "2023-10-31 20:00", "2023-11-01 20:00",
          "2023-12-25 09:00"]
case = {
    "name": "standard load profiles of a year: kWh in a quarter hour for 1 kWh a year",
    "source": "demandlib 0.2.2, bdew.ElecSlp(2023), with 1 May and 25 December as holidays",
    "holidays": ["2023-05-01", "2023-12-25"],
    "expected": {
        stamp: {name: float(expected.loc[stamp, name]) for name in [*NAMES, "h0_dyn"]}
        for stamp in stamps
    },
    "tolerance": {"relative": 1e-4, "h0_dyn": 0.01},
}
(HERE / "case.json").write_text(json.dumps(case, indent=1) + "\n", encoding="utf-8")
