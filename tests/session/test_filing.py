"""Files of numbers that are handed on: whole or not at all, and where they are written."""

import os
from pathlib import Path

import psutil
import pytest

from twinview.model.problem import CommandError
from twinview.progress import Job, Progress, drain
from twinview.session.filing import filed
from twinview.session.store import Session
from twinview.session.told import Written


def note(path: Path, text: str, _folder: Path | None) -> Job[int]:
    """Write a text and the number of the process."""
    yield Progress(0.5)
    path.write_text(f"{text} {os.getpid()}")
    return 1


def half(_path: Path, _content: object, folder: Path | None) -> Job[int]:
    """Leave half of a file, and never end."""
    assert folder is not None
    (folder / "half").write_text("half")
    while True:
        yield Progress(0.5, str(os.getpid()))


def refuse(path: Path, _content: object, _folder: Path | None) -> Job[int]:
    """Fail as a full disk does."""
    yield Progress(0.0)
    raise CommandError(f"{path.name} does not fit")


@pytest.fixture
def seen() -> Session:
    session = Session()
    session.seen = True
    return session


def test_a_script_writes_itself_and_is_told_nothing(tmp_path):
    assert drain(filed(Session(), tmp_path / "a", note, "by")) is None
    assert (tmp_path / "a").read_text() == f"by {os.getpid()}"


def test_a_window_has_another_process_write_and_is_told_where(seen, tmp_path):
    assert drain(filed(seen, tmp_path / "a", note, "by")) == Written(tmp_path / "a")
    word, process = (tmp_path / "a").read_text().split()
    assert word == "by"
    assert int(process) != os.getpid()
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_a_file_that_is_given_up_leaves_nothing_behind(seen, tmp_path):
    (tmp_path / "a").write_text("old")
    job = filed(seen, tmp_path / "a", half, None)
    message = ""
    while not message.isdecimal():
        message = next(job).message
    job.close()
    assert not psutil.pid_exists(int(message))
    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]


def test_what_goes_wrong_there_is_said_here(seen, tmp_path):
    with pytest.raises(CommandError, match="a does not fit"):
        drain(filed(seen, tmp_path / "a", refuse, None))
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_one_sentence_about_the_file(seen, tmp_path):
    place = tmp_path / "nosuch" / "a.csv"
    with pytest.raises(CommandError, match=r"nosuch/a\.csv could not be written"):
        drain(filed(seen, place, note, ""))
