"""The columns of a file as it stands, so that the user can say which of them is what."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.progress import Job
from twinview.readers.common.heads import HEAD
from twinview.readers.guard import Options, probe, read_file
from twinview.session.joining import Wish, known_source
from twinview.session.opening import files_of
from twinview.session.store import State

READER = "Series table"
"""The reader whose files have columns that can be chosen."""


@dataclass(frozen=True)
class Heading:
    """A column of a file.

    Parameters
    ----------
    name, unit
        As the file names it.
    holds
        ``time``, ``number`` or ``text``.
    role
        What the reader takes it for: ``time``, ``key``, ``value`` or nothing.
    cells
        Its first texts.
    """

    name: str
    unit: str
    holds: str
    role: str
    cells: tuple[str, ...]


def headings(state: State, wish: Wish) -> Job[tuple[Heading, ...]]:
    """Return the columns of the file that a wish names; none for files without free columns."""
    file, said = _file(state, wish)
    if file is None or probe(file) != READER:
        return ()
    options = Options.from_dict({**said, **wish.reading, "head": "8"})
    guarded = bool(state.twin.groups) or options.origin == "measured"
    with tempfile.TemporaryDirectory(prefix="twinview-") as folder:
        try:
            part = yield from read_file(file, options, Path(folder) / "part")
        except CommandError:  # the look at the whole says it
            return ()
        table = next(layer.attributes for layer in part.layers if layer.id == HEAD)
        found = []
        for field in table.schema:
            if field.name != "id":
                told = {k.decode(): v.decode() for k, v in (field.metadata or {}).items()}
                cells = tuple(one or "" for one in table[field.name].to_pylist())
                if told["holds"] == "number" and guarded:
                    cells = tuple(_("withheld") if one else "" for one in cells)
                found.append(
                    Heading(told["name"], told["unit"], told["holds"], told["role"], cells)
                )
        return tuple(found)


def _file(state: State, wish: Wish) -> tuple[Path | None, dict[str, str]]:
    """Return the file of a wish, and what the project says of how it is read."""
    source = known_source(state, wish.source)
    if source is None:
        path = Path(wish.source).expanduser()
        return (path if wish.source and path.is_file() else None), {}
    place = state.project.sources.index(source)
    file = files_of(state)[place]
    said = {key: str(text) for key, text in source.options.items()}
    return (file if file is not None and file.is_file() else None), said
