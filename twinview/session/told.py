"""What a command returns that changes nothing and is only to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from twinview.i18n import _


@runtime_checkable
class Told(Protocol):
    """Something to read: the window shows it in a panel, the command line prints it."""

    def as_text(self) -> str:
        """Return it as plain text in the language in use."""


@dataclass(frozen=True)
class Written:
    """Long work has written a file or a folder."""

    path: Path

    def as_text(self) -> str:
        """Return where it is."""
        return _("Written: {path}", path=self.path)


@dataclass(frozen=True)
class Listed:
    """A sentence, and the files that it is about."""

    said: str
    files: Sequence[Path] = ()

    def as_text(self) -> str:
        """Return the sentence and the files below it."""
        return "\n".join([self.said, *(f"  {file}" for file in self.files)])


def unheard(_told: Told) -> None:
    """Tell nobody: where neither window nor command line listens."""
