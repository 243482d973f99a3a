"""Commands of the table on the command line: lists, scripts, the standard input, named values."""

import io
import json

import pytest

from twinview.session.command import commands


def test_the_list_names_every_command_and_its_arguments(twinview):
    found = json.loads(twinview("do", "--list", "--json").stdout)["commands"]
    assert [one["name"] for one in found] == list(commands())
    by_name = {one["name"]: one for one in found}
    assert by_name["select.only"]["arguments"] == [
        {"name": name, "kind": "text", "needed": True, "many": False}
        for name in ("layer", "element")
    ]
    text = twinview("do", "--list").stdout
    assert "select.only" in text
    assert "LAYER ELEMENT" in text


def test_a_script_and_the_standard_input_do_the_same(twinview, village, tmp_path, monkeypatch):
    lines = "# two words\nproject.rename 'My village'\nfile.save_as path={}\n"
    script = tmp_path / "run.twinscript"
    script.write_text(lines.format(tmp_path / "a.twin"), encoding="utf-8")
    twinview("do", village, script)
    monkeypatch.setattr("sys.stdin", io.StringIO(lines.format(tmp_path / "b.twin")))
    twinview("do", village, "-")
    for name in ("a.twin", "b.twin"):
        assert json.loads((tmp_path / name).read_text())["name"] == "My village"


def test_the_project_may_come_last_and_may_be_left_out(twinview, village, tmp_path):
    twinview("do", f"file.save_as {tmp_path / 'c.twin'}", village)
    assert (tmp_path / "c.twin").exists()
    assert "twinview" in twinview("do", "help.open start").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nosuch.command"], "There is no command"),
        (["a.twin", "b.twin", "help.open"], "Name one project"),
        (["missing.twinscript"], "could not be read"),
        ([], "at least one command"),
        (["view.standard sideways"], "There is no standard view"),
        (["select.only element=x"], "Use: select.only LAYER ELEMENT"),
    ],
)
def test_what_is_wrong_is_one_sentence(twinview, arguments, says):
    said = twinview("do", *arguments, code=2).stderr
    assert says in said
    assert len(said.splitlines()) == 1


def test_the_menu_of_the_desktop(twinview, user_folders):
    assert "is in the menu" in twinview("desktop", "install").stdout
    assert (user_folders / "data_home" / "applications" / "twinview.desktop").exists()
    twinview("desktop", "uninstall")
    assert not (user_folders / "data_home" / "applications" / "twinview.desktop").exists()
    assert twinview("desktop", "reinstall", code=2).stderr
