"""Opening data files again with the answers that they needed."""

from collections.abc import Mapping
from pathlib import Path

from twinview.i18n import N_
from twinview.progress import Job
from twinview.readers.registry import Options
from twinview.session.command import command
from twinview.session.opening import open_files
from twinview.session.store import Session, State


def to_text(answers: Mapping[str, str]) -> str:
    """Return answers as the argument of the command: ``crs=EPSG:25832;tz=Europe/Berlin``."""
    return ";".join(f"{option}={answer}" for option, answer in answers.items())


def from_text(text: str) -> dict[str, str]:
    """Return the answers by option."""
    pairs = (pair.partition("=") for pair in text.split(";"))
    return {option: answer for option, _sign, answer in pairs if answer}


@command("file.new_with", N_("New from files, with answers"))
def new_with(_session: Session, answers: str, *files: Path) -> Job[State]:
    """Make a project of data files; what they need is answered beforehand."""
    return open_files(list(files), None, Options.from_dict(from_text(answers)))
