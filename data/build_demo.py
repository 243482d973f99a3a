"""Build the demo district in ``data/demo``: grid, houses, land, sites and the year 2024.

Run it in an environment of its own, from the root of the repository::

    python3.11 -m venv demo-env
    demo-env/bin/pip install -r data/constraints-demo.txt
    demo-env/bin/python data/build_demo.py            # writes data/demo
    demo-env/bin/python data/demo_check.py            # power flow over the year, prints a summary

Everything random hangs on one seed (``demo_base.SEED``); the same versions give the same files.
What is taken from the research grid and what is invented is said in ``SOURCES.md`` and in the
``origin`` columns.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from demo_annex import make_annexes, make_yards
from demo_base import read_base
from demo_devices import (
    add_floors,
    community_stores,
    generators,
    home_stores,
    house_loads,
    roof_pv,
    special_loads,
)
from demo_grid import make_grid, ring_stops
from demo_houses import Streets, make_houses
from demo_land import make_places, make_roads, make_trees
from demo_profiles import make_profiles, standard_profiles
from demo_ring import Ways, make_ring
from demo_sites import make_sites, place_specials
from demo_weather import make_weather, year_2024
from demo_write import building_table, with_labels, write_grid, write_layer, write_profiles


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def build(out: Path) -> None:
    """Make every file of the demo district.

    Parameters
    ----------
    out : Path
        Folder to write to.
    """
    out.mkdir(parents=True, exist_ok=True)
    base, year = read_base(), year_2024()
    slp = standard_profiles(year)
    national = 1 + 0.42 * (0.45 * slp.h0_dyn + 0.55 * slp.g0 - 1)  # the country's load, flatter
    weather = make_weather(year, national.to_numpy())
    columns, factors = make_profiles(year, weather, slp)
    write_profiles(out / "profiles.parquet", year, columns, weather)
    _say("profiles written")
    houses = add_floors(make_houses(base))
    houses["pv_kwp"] = roof_pv(houses)
    specials = place_specials(base, list(houses.geometry))
    built = [*houses.geometry, *specials.geometry]
    stores = community_stores(base, built)
    sites = make_sites(base, specials, stores)
    roads = make_roads(base)
    _say("houses, sites and roads placed")
    devices = {
        "sym_load": house_loads(base, houses, factors) + special_loads(specials),
        "sym_gen": generators(base, houses, specials, columns),
        "storage": stores + home_stores(base, houses),
    }
    obstacles = [s for s, k in zip(sites.geometry, sites.kind, strict=True) if k != "panel_row"]
    ways = Ways(list(roads.geometry), built)
    stops = ring_stops(base, specials, devices["sym_load"])
    ring = make_ring(ways, stops)
    write_grid(out / "grid.json", make_grid(base, specials, ways, stops, ring, devices))
    _say("grid written")
    annexes = make_annexes(houses, [*specials.geometry, *obstacles], Streets(base.streets))
    places = make_places(base, roads, built, sites, make_yards(specials, houses, roads))
    trees = make_trees(roads, places, [*built, *annexes.geometry], sites)
    buildings = building_table(houses, specials, annexes, devices["storage"], base)
    layers = {
        "buildings": buildings[buildings.use != "annex"],
        "annexes": buildings[buildings.use == "annex"],
        "roads": roads,
        "places": places,
        "trees": trees,
        "sites": with_labels(sites, "kind"),
    }
    for name, table in layers.items():
        write_layer(out / f"{name}.parquet", table)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "demo")
    build(parser.parse_args().out)


if __name__ == "__main__":
    main()
