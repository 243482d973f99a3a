"""Parts come from a child once, and from the cache ever after."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.render.conftest import twin, village
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.progress import drain
from twinview.render import making, shelf
from twinview.scene.view import Camera
from twinview.session import cache, drawing
from twinview.session.drawing import Came, Lost, News, Shadows, Wish, supply

EYE = Camera((0.0, -400.0, 300.0), (0.0, 0.0, 0.0))


def came(one: Twin, place: Path) -> list[News]:
    """Return all news of a supply."""
    news: list[News] = []
    drain(supply(Wish(one, ("building",), place, EYE), news.append))
    return news


def meshes(news: list[News]) -> list[bytes]:
    """Return the points of all parts that were told."""
    return sorted(one.part.mesh.points.tobytes() for one in news if isinstance(one, Came))


@pytest.fixture
def childless(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what forbids from then on to start a child."""

    def forbid() -> None:
        monkeypatch.setattr(drawing, "_COMMAND", ["a-program-that-is-not-there"])

    return forbid


def test_a_child_makes_once_and_the_cache_serves_ever_after(tmp_path: Path, childless) -> None:
    one = twin(village(1200))
    first = came(one, tmp_path)
    assert isinstance(first[0], Shadows)
    assert first[0].chart is not None
    assert len(first) == 5
    expected = [part.mesh for part in making.parts(village(1200), first[0].chart)]
    assert meshes(first) == sorted(mesh.points.tobytes() for mesh in expected)
    childless()
    again = came(twin(village(1200)), tmp_path)
    assert isinstance(again[0], Shadows)
    assert meshes(again) == meshes(first)
    assert not list(tmp_path.glob("hand*"))
    # Elsewhere nothing is there, and no child can be had: it is made on this thread, unkept.
    alone = came(one, tmp_path / "elsewhere")
    assert meshes(alone) == meshes(first)
    assert shelf.listed(tmp_path / "elsewhere" / "chart") is None


def test_what_is_damaged_is_made_anew(tmp_path: Path, childless) -> None:
    one = twin(village(1200))
    expected = meshes(came(one, tmp_path))
    (data,) = (path for path in tmp_path.glob("*/arrays-*.bin") if _parts(path) == 4)
    raw = bytearray(data.read_bytes())
    raw[-1] ^= 1
    data.write_bytes(raw)
    news = came(one, tmp_path)
    lost = [k for k, piece in enumerate(news) if isinstance(piece, Lost)]
    assert len(lost) == 1
    assert meshes(news[lost[0] :]) == expected
    childless()
    assert meshes(came(one, tmp_path)) == expected


def _parts(data: Path) -> int:
    return len(shelf.listed(data.parent) or ())


def test_other_heights_are_other_parts(tmp_path: Path) -> None:
    low = village(4)
    column = low.attributes.column_names.index("height_m")
    tall = replace(low, attributes=low.attributes.set_column(column, "height_m", [[30.0] * 4]))
    one, two = (came(twin(layer), tmp_path) for layer in (low, tall))
    top = [max(part.part.high[2] for part in news if isinstance(part, Came)) for news in (one, two)]
    assert top == [8.0, 30.0]


def test_closing_the_job_ends_the_child_and_leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    started = []
    usual = drawing.subprocess.Popen

    def start(*arguments: object, **options: object) -> object:
        started.append(usual(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(drawing.subprocess, "Popen", start)
    job = supply(Wish(twin(village(1200)), ("building",), tmp_path, EYE), lambda _: None)
    while not started:
        next(job)
    job.close()
    assert started[0].poll() is not None
    assert not list(tmp_path.glob("hand*"))
    assert not list(tmp_path.glob("*/manifest.json"))


def test_a_child_that_the_system_ends_is_a_sentence(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(drawing, "_COMMAND", ["sh", "-c", "kill -9 $$"])
    with pytest.raises(CommandError, match="memory"):
        came(twin(village(4)), tmp_path)


def test_the_oldest_parts_go_first(tmp_path: Path) -> None:
    for k, name in enumerate("abc"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "arrays.bin").write_bytes(bytes(np.zeros(100, np.uint8)))
        drawing.os.utime(tmp_path / name, (k, k))
    cache.trim(tmp_path, 250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "c"]
    cache.trim(tmp_path, 10)
    assert [path.name for path in tmp_path.iterdir()] == ["c"]
