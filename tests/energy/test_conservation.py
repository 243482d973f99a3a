"""Energy and carbon close to a billionth of their turnover on every grid of the cases."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from twinview.energy.balance import CARBON_IN, ENERGY_IN, Balance, join
from twinview.energy.compute import Assumptions, compute
from twinview.energy.district import District, make_district
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session.opening import open_files
from twinview.session.tasks import electrical

CASES = Path(__file__).parents[1] / "cases"
BOUND = 1e-9
SHARED = (
    "grid-mv-oberrhein/mv_oberrhein.json",
    "grid-schutterwald/lv_schutterwald.json",
    "grid-simbench-lv/1-LV-rural3--2-sw",
    "grid-simbench-lv/1-LV-urban6--2-sw",
)
SAMPLED = 96


def district(*files: Path, **answers: str) -> District:
    """Return the electrical grid of some files."""
    twin = drain(open_files(list(files), None, Options(**answers))).twin
    plate = electrical(twin)
    return make_district(plate.twin, plate.network)


def closed(found: District, spans: list[range]) -> Balance:
    """Compute some spans and return the balance of all their steps."""
    chosen = Assumptions(import_intensity=400.0, store_intensity=400.0)
    runs = [run for span in spans for run in compute(found, span, chosen)]
    assert all(run.converged.all() for run in runs)
    return join([run.balance for run in runs])


def check(balance: Balance, record_property) -> None:
    """Hold every step's energy, and the carbon of all, to the bound."""
    for name, share in balance.relative_residual().items():
        record_property(name, f"{share:.1e}")
        assert share < BOUND, name
    for terms, sources in ((balance.energy, ENERGY_IN), (balance.carbon, CARBON_IN)):
        came = np.sum([terms[name] for name in sources], axis=0)
        # An hour without any import brings no carbon that its remainder could be a share of.
        scale = np.maximum(came, 0.01 * came.mean())
        record_property("worst step", f"{(np.abs(terms['residual']) / scale).max():.1e}")
        assert (np.abs(terms["residual"]) <= BOUND * scale).all()


@pytest.mark.parametrize("name", ["1-LV-rural1--2-sw", "1-MV-urban--0-sw"])
@pytest.mark.parametrize("losses", ["branch", "gross"])
def test_grids_of_simbench_close(name: str, losses: str, record_property) -> None:
    found = district(CASES / "simbench" / name)
    chosen = Assumptions(import_intensity=400.0, store_intensity=400.0, losses=losses)
    runs = list(compute(found, range(found.time.count), chosen))
    check(join([run.balance for run in runs]), record_property)


@pytest.mark.parametrize("path", sorted((CASES / "matpower").glob("*.m")), ids=lambda one: one.stem)
def test_grids_of_matpower_close(path: Path, record_property) -> None:
    found = district(path)
    # Most of the power of such systems is generated; without an intensity it would not count.
    found = replace(found, gen_intensity=np.full(len(found.gens), 500.0))
    check(closed(found, [range(found.time.count)]), record_property)


@pytest.mark.parametrize("name", SHARED)
def test_real_grids_close(shared: Path, name: str, record_property) -> None:
    base = shared / "data" / name
    if base.suffix:
        found = district(base)
        check(closed(found, [range(1)]), record_property)
        return
    kinds = ("load", "renewables", "storage")
    files = [base.with_name(f"{base.name}_{kind}.parquet") for kind in kinds]
    found = district(base.with_name(f"{base.name}.json"), *files, tz="Europe/Berlin")
    assert found.time.count > 30_000  # a year of quarter hours
    starts = (0, found.time.count // 2, found.time.count - SAMPLED)
    check(closed(found, [range(one, one + SAMPLED) for one in starts]), record_property)
