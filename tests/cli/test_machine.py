"""What the command line says of the machine."""

import importlib
import json

import pytest

from twinview.cli import bench
from twinview.session import doctor


def test_doctor_names_what_is_there_and_every_remedy(answer):
    found = answer("doctor")
    ids = [one["id"] for one in found["checks"]]
    assert len(ids) == len(set(ids))
    assert {"python", "picture", "window", "fonts", "formats", "solver", "demo"} <= set(ids)
    assert found["ok"] is all(one["ok"] for one in found["checks"])
    assert all(one["ok"] or one["remedy"] for one in found["checks"])
    assert found["machine"]["cores"] >= 1


def test_a_trial_that_dies_is_a_finding_with_its_remedy():
    died = doctor._trial("x", "X", "import os; os.kill(os.getpid(), 11)", "install x")
    assert (died.ok, died.remedy) == (False, "install x")
    assert "11" in died.found
    failed = doctor._trial("x", "X", "raise SystemExit('libx is missing')", "install x")
    assert failed.found == "libx is missing"


def test_doctor_ends_with_1_when_something_is_missing(twinview, monkeypatch):
    missing = doctor.Finding("picture", "pictures", False, "no driver", "Install: libegl1")
    monkeypatch.setattr(bench, "examine", lambda: [missing])
    ran = twinview("doctor", code=1)
    assert "Install: libegl1" in ran.stdout


def test_bench_start_measures_whole_runs(answer, monkeypatch):
    times = iter([9.0, 9.0, 2.0, 1.0, 4.0, 1.0])
    monkeypatch.setattr(bench, "_timed", lambda _arguments: next(times))
    monkeypatch.setattr(bench.paths, "has_display", lambda: False)
    found = answer("bench", "start", "--runs", 2)
    assert found["bench"] == "start"
    assert found["median_ms"] == found["picture_ms"] == pytest.approx(3000)
    assert found["samples"] == 2
    assert found["ratios"] == {"import_vtk": pytest.approx(1 / 3)}
    assert found["buildings"] > 100
    assert found["machine"]["processor"]


def test_bench_window_takes_the_median_of_the_worst_gaps(answer, monkeypatch):
    said = iter(['{"open": [90.0, "a.make"], "scrub": [30.0, "a.draw"]}',
                 '{"open": [40.0, "a.read"], "scrub": [20.0, "a.draw"]}',
                 '{"open": [10.0, "a.look"], "scrub": [80.0, "a.paint"]}'])  # fmt: skip
    programs = []

    def output(_arguments, environment):
        programs.append(environment["MESA_SHADER_CACHE_DIR"])
        return next(said)

    monkeypatch.setattr(bench, "_output", output)
    monkeypatch.setattr(bench, "_demo_buildings", lambda: 3)
    monkeypatch.setattr(bench.paths, "has_display", lambda: True)
    found = answer("bench", "window", "--runs", 2)
    assert len(set(programs)) == 1
    assert found["first"] == {"open": 90.0, "scrub": 30.0}
    assert found["median_ms"] == pytest.approx(60)
    assert found["parts"] == {"open": 25.0, "scrub": 50.0}
    assert found["calls"] == {"open": "a.read", "scrub": "a.paint"}


def test_bench_window_needs_a_display(twinview, monkeypatch):
    monkeypatch.setattr(bench.paths, "has_display", lambda: False)
    ran = twinview("bench", "window", code=2)
    assert "where there is a display" in ran.stderr


def test_bench_flow_compares_ways_that_find_the_same(answer, twinview, monkeypatch):
    flow = importlib.import_module("twinview.energy.bench")
    day = {"nodes": 300, "steps": 4, "stores": 3, "ms": 5.0, "longest_run_ms": 2.0,
           "peak_memory_mib": 200.0}  # fmt: skip
    for name, value in (("NODES", 24), ("STEPS", 192), ("SINGLE", 4), ("_in_child", lambda: day)):
        monkeypatch.setattr(flow, name, value)
    found = answer("bench", "flow", "--runs", 2)
    assert found["bench"] == "flow"
    assert (found["nodes"], found["steps"], found["samples"]) == (24, 192, 2)
    assert found["ratios"]["one_step_at_a_time"] > 0
    assert found["tracing"]["largest_residual"] < 1e-9
    assert found["large"] == day
    assert "tracing over power flow" in twinview("bench", "flow", "--runs", 1).stdout


def test_bench_flow_names_a_reference_that_cannot_be_run(twinview, monkeypatch, tmp_path):
    flow = importlib.import_module("twinview.energy.bench")
    for name, value in (("NODES", 24), ("STEPS", 96), ("SINGLE", 2)):
        monkeypatch.setattr(flow, name, value)
    ran = twinview("bench", "flow", "--runs", 1, "--reference", tmp_path / "python", code=2)
    assert "python" in ran.stderr


def test_a_large_city_is_computed_in_a_process_of_its_own(monkeypatch, capsys):
    flow = importlib.import_module("twinview.energy.bench")
    for name, value in (("LARGE", 500), ("DAY", 4)):
        monkeypatch.setattr(flow, name, value)
    flow.print_large()
    found = json.loads(capsys.readouterr().out)
    assert (found["nodes"], found["steps"]) == (500, 4)
    assert found["stores"] > 0
    assert found["peak_memory_mib"] > 10


@pytest.mark.parametrize("kind", ["dense", "profiled"])
def test_bench_slice_tells_warm_and_cold_against_the_usual_ways(
    answer, monkeypatch, tmp_path, kind
):
    monkeypatch.setattr("twinview.paths.user_cache", lambda: tmp_path / "cache")
    monkeypatch.setattr("twinview.session.bench.MOST_DENSE", 10**9 if kind == "dense" else 0)
    found = answer("bench", "slice", "--buildings", 300)
    assert (found["bench"], found["kind"], found["size"]) == ("slice", kind, [8760, 300])
    assert found["median_ms"] == found["parts"]["instant_warm"] > 0
    assert {"copy_of_bytes", "series_copy_of_bytes"} <= set(found["ratios"])
    assert ("parquet_series" in found["ratios"]) == (kind == "dense")
    assert not any((tmp_path / "cache").glob("*"))


def test_bench_start_is_that_of_the_window_where_there_is_one(answer, monkeypatch):
    monkeypatch.setattr(bench, "_timed", lambda _arguments: 2.0)
    monkeypatch.setattr(bench, "_window", lambda: 4.0)
    monkeypatch.setattr(bench.paths, "has_display", lambda: True)
    found = answer("bench", "start", "--runs", 1)
    assert found["median_ms"] == found["window_ms"] == pytest.approx(4000)
    assert found["picture_ms"] == pytest.approx(2000)


@pytest.mark.needs_display
def test_the_window_says_its_first_picture_and_closes():
    assert bench._window() > 0


def test_bench_load_tells_both_openings_against_the_usual_ways(answer):
    found = answer("bench", "load", "--buildings", 400, "--runs", 1)
    assert (found["bench"], found["buildings"], found["samples"]) == ("load", 400, 1)
    for kind in ("first", "second"):
        one = found[kind]
        assert 0 < one["reading"] < one["first_picture"] <= one["whole_picture"]
        assert found["peak_memory_mib"][kind]["process"] > 0
    assert found["median_ms"] == found["second"]["first_picture"]
    # The second time neither a reader nor a maker is started.
    assert found["peak_memory_mib"]["first"]["child"] > 0
    assert found["peak_memory_mib"]["second"]["child"] == 0
    # With trimesh only where somebody installed it.
    assert found["ratios"].keys() - {"trimesh_scaled"} == {
        "geopandas_read", "pyvista_extrude_scaled", "earcut_roofs", "copy_of_bytes",
    }  # fmt: skip
    assert all(ratio > 0 for ratio in found["ratios"].values())
