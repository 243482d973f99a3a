"""The program in the menu: files by the specifications, in the user's own folders."""

import configparser
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from twinview.model.problem import CommandError
from twinview.session import desktop
from twinview.session.store import Session

INFO = "{http://www.freedesktop.org/standards/shared-mime-info}"


@pytest.fixture
def home(user_folders) -> Path:
    """Return the data folder of the test's user."""
    return user_folders / "data_home"


def test_everything_lies_in_the_user_s_data_folder_and_goes_again(home):
    written = desktop.install()
    assert all(file.is_file() and file.is_relative_to(home) for file in written)
    assert {file.relative_to(home).parts[0] for file in written} == {
        "applications",
        "mime",
        "icons",
    }
    assert sorted(desktop.uninstall()) == sorted(written)
    assert not any(file.exists() for file in written)
    assert desktop.uninstall() == []


def test_the_entry_starts_this_program_with_files(home):
    desktop.install()
    reader = configparser.ConfigParser(interpolation=None, strict=True)
    reader.optionxform = str
    reader.read(home / "applications" / "twinview.desktop", encoding="utf-8")
    entry = reader["Desktop Entry"]
    words = shlex.split(entry["Exec"])
    assert words[-1] == "%F"
    assert Path(words[0]).exists()
    assert entry["Type"] == "Application"
    assert entry["MimeType"] == f"{desktop.MIME};"
    assert entry["Categories"].endswith(";")
    assert entry["Comment[zh_CN]"] != entry["Comment"]


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="not installed")
def test_the_entry_is_valid(home):
    desktop.install()
    file = home / "applications" / "twinview.desktop"
    ran = subprocess.run(["desktop-file-validate", file], capture_output=True, text=True)  # noqa: PLW1510
    assert (ran.returncode, ran.stdout) == (0, "")


def test_projects_have_a_kind_of_their_own(home):
    desktop.install()
    (kind,) = ElementTree.parse(home / "mime" / "packages" / "twinview.xml").getroot()
    assert kind.get("type") == desktop.MIME
    assert [one.get("pattern") for one in kind.iter(f"{INFO}glob")] == ["*.twin"]
    assert [one.get("type") for one in kind.iter(f"{INFO}sub-class-of")] == ["application/json"]


@pytest.mark.skipif(shutil.which("update-mime-database") is None, reason="not installed")
def test_the_system_s_own_program_takes_the_kind(home):
    desktop.install()
    assert (home / "mime" / "application" / "vnd.twinview+json.xml").exists()
    assert f"50:{desktop.MIME}:*.twin" in (home / "mime" / "globs2").read_text()
    desktop.uninstall()
    assert desktop.MIME not in (home / "mime" / "globs2").read_text()


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("/opt/twinview", "/opt/twinview"),
        ("/my programs/twinview", '"/my programs/twinview"'),
        ("/100%/twinview", "/100%%/twinview"),
        ('/a"b/twinview', '"/a\\\\"b/twinview"'),
        ("/a$b/twinview", '"/a\\\\$b/twinview"'),
    ],
)
def test_words_are_quoted_as_the_specification_says(word, written):
    """Desktop Entry Specification, `The Exec key`: quoting, then the escape rules of strings."""
    assert desktop.quoted(word) == written


def test_other_systems_are_told_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(CommandError, match="Linux"):
        desktop.install()


def test_commands_tell_what_was_written(home):
    told = []
    session = Session()
    session.teller = told.append
    session.do("desktop.install")
    assert str(home / "applications" / "twinview.desktop") in told[0].as_text()
    session.do("desktop.uninstall")
    session.do("desktop.uninstall")
    assert told[2].as_text() == "twinview was not in the menu."
