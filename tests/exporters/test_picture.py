"""Pictures: what is in the file, and what never is."""

import numpy as np
import pytest
from PIL import Image

from tests.draw.support import scene
from twinview.exporters import picture as module
from twinview.exporters.picture import KEY, compose, picture_job, read_meta, save_png
from twinview.model.problem import CommandError
from twinview.progress import drain
from twinview.render.studio import Shot
from twinview.scene.view import Camera

META = {
    "project_hash": "3f9a",
    "view": {"time": 14},
    "sources": ["电网.json"],
    "versions": {"vtk": "9"},
}


@pytest.fixture(autouse=True)
def app(qapp):
    """Make the application that draws before anything else could."""
    return qapp


def shot(width=640, height=400):
    """Return a grey picture as a studio makes it; three labels are seen, others lie behind."""
    image = np.full((height, width, 4), (90, 110, 130, 255), dtype=np.uint8)

    def project(points):
        place = np.linspace(0.3, 0.7, len(points))[:, None] * [width, height]
        ahead = np.where(np.arange(len(points)) < 3, 10.0, -10.0)
        return np.column_stack([place, ahead])

    return Shot(image, Camera((0, -500, 400), (0, 0, 0)), project, 0.8, 30.0, 40.0)


@pytest.fixture
def studio(monkeypatch):
    """Make pictures without a graphics driver."""

    def picture(_twin, _scene, size, stock, transparent):
        del stock, transparent
        yield from ()
        return shot(*size)

    monkeypatch.setattr(module, "picture", picture)


def test_picture_holds_pixels_and_provenance(studio, tmp_path):
    path = tmp_path / "图 1.png"
    drain(picture_job(None, scene(), path, (640, 400), title="片区", meta=META))
    with Image.open(path) as image:
        assert image.size == (640, 400)
        assert image.mode == "RGB"
        assert image.text["Title"] == "片区"
        assert "电网.json" in image.text[KEY]
    assert read_meta(path) == META
    assert [file.name for file in tmp_path.iterdir()] == ["图 1.png"]


def test_a_bare_picture_is_the_shot_itself_and_says_where_it_comes_from(studio, tmp_path):
    path = tmp_path / "bare.png"
    drain(picture_job(None, scene(), path, (640, 400), title="x", meta=META, bare=True))
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.asarray(image), shot(640, 400).image[..., :3])
    assert read_meta(path) == META


def test_the_shot_is_written_on_and_left_as_it_was():
    one = shot()
    before = one.image.copy()
    drawn = compose(one, scene())
    assert drawn.shape == (400, 640, 3)
    assert np.array_equal(one.image, before)
    changed = np.any(drawn != before[..., :3], axis=2)
    assert 0.1 < changed.mean() < 0.8
    assert not changed[:8].any()


def test_channels_keep_their_order():
    assert tuple(compose(shot(), scene())[0, 0]) == (90, 110, 130)


def test_what_is_left_out_of_a_shot_stays_out_and_colours_are_not_darkened(tmp_path):
    """Before nothing, half and whole cover of one colour, texts apart."""
    one = shot()
    one.image[:, :, 3] = 255
    one.image[:40, :200, 3] = 0
    one.image[40:80, :200, 3] = 128
    drawn = compose(one, scene())
    assert drawn.shape == (400, 640, 4)
    assert drawn[2, 2, 3] == 0
    np.testing.assert_allclose(drawn[60, 2], (90, 110, 130, 128), atol=1)
    assert tuple(drawn[90, 2]) == (90, 110, 130, 255)
    save_png(tmp_path / "a.png", drawn, META)
    with Image.open(tmp_path / "a.png") as image:
        assert image.mode == "RGBA"
        np.testing.assert_array_equal(np.asarray(image), drawn)
    assert read_meta(tmp_path / "a.png") == META


def test_same_scene_gives_the_same_file(studio, tmp_path):
    for name in ("a.png", "b.png"):
        drain(picture_job(None, scene(), tmp_path / name, (640, 400), title="x", meta=META))
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize("name", ["a.jpg", "a", "a.png.txt"])
def test_other_endings_are_refused(name, tmp_path):
    with pytest.raises(CommandError, match=r"\.png"):
        drain(picture_job(None, scene(), tmp_path / name, (640, 400), title="", meta={}))


@pytest.mark.parametrize("size", [(0, 100), (100, -1), (16385, 10)])
def test_sizes_that_cannot_be_are_refused(size, tmp_path):
    with pytest.raises(CommandError, match="16384"):
        drain(picture_job(None, scene(), tmp_path / "a.png", size, title="", meta={}))


def test_a_place_that_cannot_be_written_is_one_sentence(studio, tmp_path):
    with pytest.raises(CommandError, match="could not be written"):
        drain(picture_job(None, scene(), tmp_path / "no" / "a.png", (64, 40), title="", meta={}))


def test_a_failed_write_leaves_the_old_file(monkeypatch, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(module, "_write", lambda file, content: file.write_bytes(content[:-40]))
    with pytest.raises(CommandError, match="read back"):
        save_png(path, shot().image[..., :3], META)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.png"]


def test_a_strange_picture_has_no_provenance(tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    assert read_meta(tmp_path / "a.png") == {}
