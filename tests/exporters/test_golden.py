"""Whole pictures, from files to pixels, against pictures that a person has looked at.

Each case is a folder with the commands that make its view (`script.txt`) and the picture that was
accepted (`expected.png`). A picture that differs is left beside it as `actual.png`: look at both,
and copy the new one over the old one where the change was meant.
"""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.village import write_village
from twinview import i18n
from twinview.draw.fonts import has_chinese, shipped_fonts
from twinview.exporters.picture import picture_job
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.scene.resolve import resolve
from twinview.session.opening import open_files
from twinview.session.store import Session

CASES = sorted((Path(__file__).parents[1] / "cases" / "pictures").glob("village_*"))
SIZE = (800, 500)
NOTABLE = 40
"""Difference of a pixel's channel (of 255) that counts: edges shift a little between drivers."""


@pytest.fixture(autouse=True)
def english() -> object:
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.name)
def test_the_picture_is_the_accepted_one(case: Path, tmp_path: Path) -> None:
    script = (case / "script.txt").read_text(encoding="utf-8").splitlines()
    if any("zh_CN" in line for line in script) and not has_chinese():
        pytest.skip("needs a font with Chinese letters")
    project = tmp_path / "village.twin"
    files = write_village(tmp_path)
    session = Session(drain(open_files(files, project, Options(tz="Europe/Berlin"))))
    for line in script:
        session.do(line)
    state = session.state
    picture = tmp_path / "actual.png"
    with shipped_fonts():
        shown = resolve(state.twin, state.view)
        drain(picture_job(state.twin, shown, picture, SIZE, title="Village", meta={}))
    wrong = _difference(picture, case / "expected.png")
    if wrong:
        shutil.copy(picture, case / "actual.png")
    assert not wrong, f"{wrong}; look at actual.png beside expected.png"


def _difference(picture: Path, accepted: Path) -> str:
    """Return in words how much a picture differs from the accepted one, empty where it does not."""
    actual = np.asarray(Image.open(picture).convert("RGB"), dtype=np.int16)
    expected = np.asarray(Image.open(accepted).convert("RGB"), dtype=np.int16)
    if actual.shape != expected.shape:
        return f"{actual.shape} is not {expected.shape}"
    difference = np.abs(actual - expected)
    off, mean = float((difference.max(axis=2) > NOTABLE).mean()), float(difference.mean())
    return (
        f"{off:.1%} of the pixels differ, {mean:.1f} on average" if off > 0.02 or mean > 3 else ""
    )
