"""A computation that was killed leaves nothing behind that the next one does not remove."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from twinview.session import cache


def test_what_a_dead_process_left_goes_and_what_a_living_one_makes_stays(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / f"abc.{dead.pid}.part"
    alive = tmp_path / f"def.{os.getppid()}.part"
    for folder in (left, alive):
        folder.mkdir()
        (folder / "half.npy").write_bytes(b"half")
    working = cache.fresh(tmp_path / "new")
    assert working.is_dir()
    assert not left.exists()
    assert alive.exists()
    cache.publish(working, tmp_path / "new")
    assert [one.name for one in tmp_path.iterdir() if one.name == "new"] == ["new"]


def test_a_job_that_ends_late_takes_nothing_from_the_next_one(tmp_path: Path) -> None:
    first, second = cache.fresh(tmp_path / "new"), cache.fresh(tmp_path / "new")
    (second / "whole.npy").write_bytes(b"whole")
    shutil.rmtree(first)  # as one does that was cancelled
    cache.publish(second, tmp_path / "new")
    assert (tmp_path / "new" / "whole.npy").read_bytes() == b"whole"
