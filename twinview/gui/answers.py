"""Opening data files again with the answer that they needed."""

from pathlib import Path

from twinview.i18n import N_
from twinview.progress import Job
from twinview.readers.registry import Options
from twinview.session.command import command
from twinview.session.opening import open_files
from twinview.session.store import Session, State


@command("file.new_with", N_("New from files, with an answer"))
def new_with(_session: Session, option: str, answer: str, *files: Path) -> Job[State]:
    """Make a project of data files; `option` (such as crs) is answered beforehand."""
    return open_files(list(files), None, Options.from_dict({option.lstrip("-"): answer}))
