"""A cluster computes the same bytes, loses workers without harm, and says what is wrong with it."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from twinview.energy import cluster
from twinview.energy.cluster import Cluster, differing, versions
from twinview.model.problem import CommandError

ROOT = Path(__file__).parents[2]
needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="the extra 'cluster' is not installed"
)


@needs_dask
@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by a POSIX signal")
def test_two_workers_one_of_them_lost_find_the_same_bytes():
    # A program of its own: its cluster's threads and log lines end with it.
    command = [sys.executable, "-m", "tests.energy.shared_out"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {"steps": 120, "same": True, "lost": 1}


def test_the_extra_that_is_missing_is_named(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(cluster, "import_module", missing)
    with pytest.raises(CommandError, match=r"install \"twinview\[cluster\]\""):
        cluster.connected("tcp://127.0.0.1:9")


def test_versions_that_differ_are_named():
    ours = dict(versions())
    assert set(ours) == {"python", "twinview", "numpy", "power-grid-model"}
    theirs = tuple((ours | {"numpy": "1.0"}).items())
    assert differing(theirs, versions()) == f"numpy 1.0 ({ours['numpy']})"
    assert differing(versions(), versions()) == ""
    with pytest.raises(cluster.OtherVersions, match=r"numpy .* \(1\.0\)"):
        cluster._solve(None, None, theirs)


def test_an_address_is_all_that_is_kept():
    assert Cluster("tcp://a:1") == Cluster("tcp://a:1")
