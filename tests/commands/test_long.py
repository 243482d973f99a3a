"""What may take longer than a window can wait for is a job: it begins, goes on and ends in steps.

The driver of a session is given the job before anything of it was done; whoever closes it after its
first step has no file.
"""

from pathlib import Path

import pytest

from tests.session.test_vehicles import schedule
from tests.village import START, write_village
from twinview.i18n import set_language
from twinview.progress import Progress, drain
from twinview.session.command import commands
from twinview.session.store import Session, State

MORE = {
    "export.layer": ("houses",), "export.elements": ("houses",), "export.curves": ("consumption",),
    "export.film": ("2024-03-31T00:00", "2024-03-31T02:00", "", 2, "320x200"),
    "export.picture": (320, 200),
}  # fmt: skip
"""Arguments behind the name of the file."""
ENDS = {"export.layer": "rows.gpkg", "export.film": "film", "export.picture": "picture.png"}
"""Files that are no tables; a film without a suffix is a folder of pictures."""
EXPORTS = [name for name in commands() if name.startswith("export.")]
ASKED = ["select.sources", "select.summary", "select.statistics", "indicators.list", "fleet.stays"]
"""Commands that read the results of all elements, or compute."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> State:
    """Return a computed village with vehicles and a selection."""
    set_language("en")
    folder = tmp_path_factory.mktemp("village")
    made = Session()
    made.run("file.new", *write_village(folder))
    made.run("scenario.new", "Cars")
    made.do(f"scenario.add_charger '{schedule(folder)}' 4 {START.isoformat()} '' 'house 0'")
    made.run("file.save_as", folder / "village.twin")  # with its results beside it
    made.run("compute.run")
    made.do("select.these only houses 'house 0' houses 'house 1'")
    return made.state


class Waiting:
    """A session whose jobs wait, and what it tells."""

    def __init__(self, state: State) -> None:
        self.jobs: list = []
        self.told: list = []
        self.session = Session(state)
        self.session.seen = True
        self.session.teller = self.told.append
        self.session.driver = lambda _command, job, done: self.jobs.append((job, done))

    def begin(self, name: str, folder: Path) -> Path:
        """Begin a command; return the file that it is to write."""
        file = folder / ENDS.get(name, "table.csv")
        self.session.begin(name, *([file] if name in EXPORTS else []), *MORE.get(name, ()))
        return file


@pytest.mark.parametrize("name", [*EXPORTS, *ASKED])
def test_what_may_take_long_is_a_job_from_its_first_step_to_its_end(opened, name, tmp_path):
    waiting = Waiting(opened)
    file = waiting.begin(name, tmp_path)
    ((job, _done),) = waiting.jobs
    assert list(tmp_path.iterdir()) == []
    assert isinstance(next(job), Progress)
    assert not file.exists()
    assert waiting.told == []
    job.close()
    assert not file.exists()
    waiting.begin(name, tmp_path)
    job, done = waiting.jobs.pop()
    done(drain(job))
    assert len(waiting.told) == 1
    assert waiting.told[0].as_text()
    assert file.exists() == (name in EXPORTS)
