"""Writing: a kill or a full disk leaves the old file or the new one, never half of one."""

import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from twinview.model.problem import CommandError
from twinview.session import files
from twinview.session.files import atomic_write

SIZE = 3_000_000
WRITER = """
import sys
from pathlib import Path
from twinview.session.files import atomic_write
path, size = Path(sys.argv[1]), int(sys.argv[2])
k = 0
while True:
    atomic_write(path, bytes([65 + k % 26]) * size)
    k += 1
    print(k, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_killed_writer_leaves_a_whole_file(tmp_path):
    path, chance = tmp_path / "p.twin", random.Random(20240331)
    for _ in range(12):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, path, str(SIZE)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        with writer.stdout:
            writer.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                writer.wait(timeout=chance.uniform(0.0, 0.05))
            writer.kill()
        writer.wait()
        content = path.read_bytes()
        assert len(content) == SIZE
        assert content == content[:1] * SIZE


def test_a_new_file_has_usual_rights_and_an_old_one_keeps_its_own(tmp_path):
    path = tmp_path / "sub" / "p.twin"
    atomic_write(path, b"one")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    path.chmod(0o600)
    atomic_write(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("what", "says"),
    [("write", "No space left"), ("fsync", "No space left"), ("read", "differs from what")],
)
def test_a_failure_is_told_and_leaves_the_old_file(tmp_path, monkeypatch, what, says):
    path = tmp_path / "p.twin"
    path.write_bytes(b"old")
    if what == "write":
        real = files._write_checked
        monkeypatch.setattr(
            files, "_write_checked", lambda _p, _c, s: real(Path("/dev/full"), b"x", s)
        )
    elif what == "fsync":
        monkeypatch.setattr(os, "fsync", _no_space)
    else:
        monkeypatch.setattr(Path, "read_bytes", lambda _path: b"other")
    with pytest.raises(CommandError, match=says):
        atomic_write(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def _no_space(_handle: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_folder_in_the_way_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommandError, match="could not be written"):
        atomic_write(tmp_path / "file" / "p.twin", b"x")
