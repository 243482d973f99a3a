"""Views travel as text and inside pictures, and come to what is open."""

import json
import struct
import zlib
from dataclasses import replace

import pytest
from PIL import Image, PngImagePlugin

from tests.gui.hamlet import TIME, opened
from twinview.model.problem import CommandError
from twinview.scene.view import Camera, View
from twinview.session import sharing
from twinview.session.store import Session, State

SEEN = View(
    time=40, overlay="storage", hidden=frozenset({"cables"}), selection=(("houses", "h7"),),
    camera=Camera((1.0, 2.0, 3.0), (4.0, 5.0, 0.0)), theme="dark",
)  # fmt: skip


def picture(path, key: str = "twinview:view", text: str | None = None, packed: bool = False):
    """Write a small picture with a text in it."""
    info = PngImagePlugin.PngInfo()
    content = sharing.link(opened(SEEN)).removeprefix(sharing.MARK) if text is None else text
    info.add_itxt(key, content, zip=packed)
    Image.new("RGB", (3, 2)).save(path, pnginfo=info)
    return path


def test_a_view_goes_as_text_from_one_window_to_another():
    text = sharing.link(opened(SEEN))
    assert "\n" not in text
    session = Session(opened())
    session.run("view.use", f"  {text}\n")
    # The theme is the reader's own.
    assert session.state.view == replace(SEEN, theme="light")


@pytest.mark.parametrize("packed", [False, True])
def test_a_view_comes_out_of_a_picture(tmp_path, packed):
    session = Session(opened())
    session.run("view.from_picture", picture(tmp_path / "one.png", packed=packed))
    assert session.state.view == replace(SEEN, theme="light")


def test_the_instant_counts_where_the_clock_is_another_one():
    told = sharing.from_link(sharing.link(opened(SEEN)))
    state = opened()
    later = replace(TIME, start=TIME.start + 10 * 3600)
    view, _same = sharing.restored(replace(state, twin=replace(state.twin, time=later)), told)
    assert view.time == 30
    assert later.at(30) == TIME.at(40)


def test_what_is_not_there_is_left_out():
    told = sharing.from_link(sharing.link(opened(SEEN)))
    told["view"] |= {"selection": [["houses", "gone"]], "hidden": ["nothing"], "time": 10_000}
    del told["instant"]
    view, _same = sharing.restored(opened(), told)
    assert (view.selection, view.hidden, view.time) == ((), frozenset(), TIME.count - 1)


def test_another_project_is_said():
    told = sharing.from_link(sharing.link(opened(SEEN)))
    said = []
    session = Session(opened())
    session.teller = said.append
    told["project_hash"] = "another"
    session.run("view.use", sharing.MARK + json.dumps(told))
    assert "other data" in said[0].as_text()
    assert session.state.view.overlay == "storage"


def test_with_nothing_open_the_project_is_named():
    with pytest.raises(CommandError, match="Open the project 'Hamlet' first"):
        sharing.restored(State(), sharing.from_link(sharing.link(opened(SEEN))))


@pytest.mark.parametrize("text", ["", "hello", "twinview:", "twinview:[]", "twinview:{" * 9])
def test_other_texts_are_no_views(text):
    with pytest.raises(CommandError):
        Session(opened()).run("view.use", text)


def test_pictures_without_a_view_say_so(tmp_path):
    Image.new("RGB", (3, 2)).save(tmp_path / "plain.png")
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "cut.png").write_bytes(picture(tmp_path / "a.png").read_bytes()[:60])
    for name in ("plain.png", "text.png", "cut.png"):
        with pytest.raises(CommandError, match="holds no view"):
            sharing.from_picture(tmp_path / name)
    with pytest.raises(CommandError, match="could not be read"):
        sharing.from_picture(tmp_path / "gone.png")


def test_a_text_that_unpacks_to_much_is_cut(tmp_path):
    """64 MiB of zeros in 64 KiB: the size told by the file is not believed."""
    body = b"twinview:view\0\1\0\0\0" + zlib.compress(bytes(1 << 26))
    head = struct.pack(">I4s", len(body), b"iTXt")
    file = tmp_path / "bomb.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + head + body + bytes(4))
    with pytest.raises(CommandError, match="damaged"):
        sharing.from_picture(file)
