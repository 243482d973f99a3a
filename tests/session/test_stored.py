"""Results in both orders: the same numbers, limits known, damage made again, cancelling clean."""

import json
import os

import numpy as np
import pytest

from tests.quarter import write_quarter
from twinview.model.orders import other_name
from twinview.model.series import total
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session import stored
from twinview.session.computing import results_of
from twinview.session.opening import open_files
from twinview.session.results import load, place_of
from twinview.session.store import Session


@pytest.fixture
def state(tmp_path, monkeypatch):
    """Return an opened district whose every series is taken for a large one."""
    monkeypatch.setattr(stored, "WORTH", 0)
    files = write_quarter(tmp_path, hours=6)
    return drain(open_files(files, tmp_path / "q.twin", Options(tz="Europe/Berlin")))


def results(state):
    """Return the results of all steps, and their folder."""
    found = drain(results_of(state.twin, state.project, state.path))
    (manifest,) = place_of(state.twin, state.project, state.path).glob("*/results.json")
    return found, manifest.parent


def computed(found):
    return [one for one in found.twin.series.values() if one.meaning.origin == "computed"]


def test_both_orders_limits_and_sums_are_those_of_the_numbers(state):
    found, folder = results(state)
    for series in computed(found):
        values = np.load(folder / stored.file_name((series.meaning.layer, series.meaning.quantity)))
        np.testing.assert_array_equal(series.across, values.T)
        for j in range(series.size):
            np.testing.assert_array_equal(series.of(j), values[:, j])
        np.testing.assert_array_equal(series.at(2), values[2])
        known = values[np.isfinite(values)]
        if known.size:
            assert series.limits == (known.min(), known.max())
        np.testing.assert_allclose(
            total(series), np.nansum(values, axis=1, dtype=float), rtol=1e-5, atol=1e-5
        )


def test_small_series_have_one_order(state, monkeypatch):
    monkeypatch.undo()
    found, folder = results(state)
    assert all(series.across is None for series in computed(found))
    assert not list(folder.glob(other_name("*.npy")))


@pytest.mark.parametrize("damage", ["other order", "short", "gone", "manifest"])
def test_damaged_results_are_made_again(state, damage):
    found, folder = results(state)
    name = stored.file_name(("houses", "carbon_intensity"))
    if not (folder / name).exists():
        name = next(path.name for path in folder.glob("*.npy") if ".across" not in path.name)
    place = folder / other_name(name)
    if damage == "other order":
        np.save(place, np.load(place) + 1)
    elif damage == "short":
        place.write_bytes(place.read_bytes()[:-4])
    elif damage == "gone":
        place.unlink()
    else:
        (folder / "results.json").write_text("{", encoding="utf-8")
    assert load(state.twin, state.project, state.path) is None
    again, _folder = results(state)
    assert again.as_dict() == found.as_dict()


def test_a_cancelled_computation_leaves_nothing(state):
    job = results_of(state.twin, state.project, state.path)
    for step in job:
        if step.fraction > 0.95:
            break
    job.close()
    place = place_of(state.twin, state.project, state.path)
    assert not list(place.rglob("*.npy"))
    assert load(state.twin, state.project, state.path) is None


def test_results_that_are_being_written_are_no_results_yet(state):
    _found, folder = results(state)
    folder.rename(folder.with_name(f"{folder.name}.{os.getpid()}.part"))
    assert load(state.twin, state.project, state.path) is None


def test_a_project_saved_elsewhere_keeps_its_results(state, tmp_path):
    found, _folder = results(state)
    session = Session(state)
    session.run("file.save_as", tmp_path / "elsewhere" / "other.twin")
    now = session.state
    again = load(now.twin, now.project, now.path)
    assert now.path.parent.name == "elsewhere"
    assert again.as_dict() == found.as_dict()


def test_the_manifest_says_what_is_in_the_folder(state):
    _found, folder = results(state)
    said = json.loads((folder / "results.json").read_text(encoding="utf-8"))["series"]
    names = {stored.file_name(stored.key_of(one)) for one in said}
    assert names == {
        path.name
        for path in folder.glob("*.npy")
        if not path.name.endswith((".across.npy", ".sums.npy"))
    }
