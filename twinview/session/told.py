"""What a command returns that changes nothing and is only to be read."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Told(Protocol):
    """Something to read: the window shows it in a panel, the command line prints it."""

    def as_text(self) -> str:
        """Return it as plain text in the language in use."""


def unheard(_told: Told) -> None:
    """Tell nobody: where neither window nor command line listens."""
