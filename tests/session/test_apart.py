"""Jobs done by another process: what comes back, and what becomes of it when nobody waits."""

import os
import signal
from pathlib import Path

import numpy as np
import psutil
import pytest

from twinview.i18n import _, language, set_language
from twinview.model.problem import CommandError
from twinview.progress import Job, Progress, drain
from twinview.session import apart as module
from twinview.session.apart import apart


def who(_given: object) -> Job[tuple[int, str]]:
    """Tell process and language."""
    yield Progress(0.5, "half")
    return os.getpid(), _("Preparing the grid")


def fail(error: Exception) -> Job[None]:
    """Raise what is given."""
    yield Progress(0.0)
    raise error


def die() -> Job[None]:
    """End without a word."""
    yield Progress(0.0)
    os._exit(9)


def fill(file: Path) -> Job[int]:
    """Write the rows of a file one after the other and show it."""
    rows = np.lib.format.open_memmap(file, "w+", np.float32, (3, 40_000))
    for k in range(len(rows)):
        rows[k] = k + 1
        yield Progress(k / 3, partial=rows)
    return 3


def forever(chatter: str, stubborn: bool = False) -> Job[None]:
    """Never end; not even when asked to, if it is stubborn."""
    if stubborn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        print(chatter, flush=True)
        yield Progress(0.0, str(os.getpid()))


def double(values: np.ndarray) -> Job[tuple[str, np.ndarray]]:
    """Return the kind of an array and its values twice."""
    yield Progress(0.0)
    return type(values).__name__, np.asarray(values) * 2


@pytest.fixture
def chinese():
    before = language()
    set_language("zh_CN")
    yield
    set_language(before)


@pytest.mark.usefixtures("chinese")
def test_it_is_another_process_and_speaks_the_users_language():
    seen: list[Progress] = []
    process, text = drain(apart(who, "anything"), seen.append)
    assert process != os.getpid()
    assert text == "正在准备电网"
    assert Progress(0.5, "half") in seen


def test_what_it_raises_is_raised_here_with_its_place():
    with pytest.raises(CommandError, match="no such bus") as caught:
        drain(apart(fail, CommandError("no such bus")))
    assert "in fail" in caught.value.__notes__[0]


def test_an_end_without_a_word_is_said():
    with pytest.raises(CommandError, match="run out of memory"):
        drain(apart(die))


def test_rows_that_are_written_there_are_seen_here(tmp_path):
    shown = []
    assert drain(apart(fill, tmp_path / "a.npy"), lambda said: shown.append(said.partial)) == 3
    rows = next(one for one in shown if one is not None)
    assert isinstance(rows, np.memmap)
    assert rows[:, 0].tolist() == [1, 2, 3]


def test_a_mapped_array_goes_over_by_name_and_a_part_of_it_as_it_is(tmp_path):
    np.save(tmp_path / "b.npy", np.arange(6.0).reshape(2, 3))
    whole = np.load(tmp_path / "b.npy", mmap_mode="r")
    kind, values = drain(apart(double, whole))
    assert (kind, values.tolist()) == ("memmap", [[0, 2, 4], [6, 8, 10]])
    kind, values = drain(apart(double, whole[1:, ::2]))
    assert (kind, values.tolist()) == ("ndarray", [[6, 10]])


def test_a_mapped_array_whose_file_is_gone_goes_over_as_it_is(tmp_path):
    np.save(tmp_path / "c.npy", np.ones(4))
    whole = np.load(tmp_path / "c.npy", mmap_mode="r")
    (tmp_path / "c.npy").unlink()
    assert drain(apart(double, whole))[0] == "ndarray"


def begun(job: Job[None]) -> int:
    """Follow a job that never ends until it tells of its process."""
    message = ""
    while not message.isdigit():
        message = next(job).message
    return int(message)


def test_closing_the_job_ends_the_process():
    job = apart(forever, "")
    process = begun(job)
    assert psutil.pid_exists(process)
    job.close()
    assert not psutil.pid_exists(process)


def test_what_libraries_print_does_not_get_among_what_the_process_says(capfd):
    job = apart(forever, "chatter of a library")
    process = begun(job)  # would fail at a word that is none of its own
    assert next(job).message == str(process)
    job.close()
    out, err = capfd.readouterr()
    assert out == ""
    assert "chatter of a library" in err


def test_a_process_that_does_not_end_by_itself_is_ended(monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 0.1)
    job = apart(forever, "", stubborn=True)
    process = begun(job)
    psutil.Process(process).terminate()
    assert next(job).message == str(process)  # it does not hear that
    job.close()
    assert not psutil.pid_exists(process)
