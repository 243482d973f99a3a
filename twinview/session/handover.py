"""What is open, unsaved edits included, as a file that the command line of another process takes.

The file lives as long as the errand. It names the sources that could be read by their full paths,
so it may lie anywhere and gives nobody rights to other files.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.progress import Job
from twinview.session.recovery import Lost, content_of, recover
from twinview.session.store import State

SUFFIX = ".handed"


@contextmanager
def handed(state: State) -> Iterator[Path]:
    """Yield a file that `taken` opens as what is open now.

    Parameters
    ----------
    state
        What is open.
    """
    with tempfile.TemporaryDirectory(prefix="twinview-") as folder:
        file = Path(folder) / f"state{SUFFIX}"
        file.write_text(json.dumps(content_of(state), ensure_ascii=False), encoding="utf-8")
        yield file


def taken(file: Path) -> Job[State]:
    """Open what was handed over.

    Parameters
    ----------
    file
        From `handed`.

    Raises
    ------
    CommandError
        When it is not there any more, or no such file.
    """
    try:
        data = json.loads(file.read_bytes())
        home = data["home"]
        when = datetime.fromisoformat(data["when"])
        work = Lost(file.stem, str(data["name"]), None if home is None else Path(home), when, data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(
            _("{path} cannot be opened; hand over what is open again.", path=file)
        ) from error
    return (yield from recover(work))
