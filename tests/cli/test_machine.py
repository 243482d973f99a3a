"""What the command line says of the machine."""

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
    times = iter([9.0, 2.0, 1.0, 4.0, 1.0])
    monkeypatch.setattr(bench, "_timed", lambda _arguments: next(times))
    found = answer("bench", "start", "--runs", 2)
    assert found["bench"] == "start"
    assert found["median_ms"] == pytest.approx(3000)
    assert found["samples"] == 2
    assert found["ratios"] == {"import_vtk": pytest.approx(1 / 3)}
    assert found["buildings"] > 100
    assert found["machine"]["processor"]
