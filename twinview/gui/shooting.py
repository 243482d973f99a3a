"""Pictures by a key: the choices of last time, and a name beside the last one."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from twinview.gui.dialogs import ask_save
from twinview.gui.doing import folder_of
from twinview.i18n import _
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow

TRANSPARENT, BARE = "transparent", "bare"


@dataclass(frozen=True)
class Choices:
    """How a picture is made.

    Parameters
    ----------
    width, height
        Pixels.
    transparent
        Whether sky and plain are left out.
    bare
        Whether nothing is written on it.
    title
        Its title; empty for the usual one.
    """

    width: int = 1920
    height: int = 1080
    transparent: bool = False
    bare: bool = False
    title: str = ""


def kept(choices: Choices) -> tuple[str, ...]:
    """Return choices as settings keep them; a title belongs to one district and is not kept."""
    flags = ((TRANSPARENT, choices.transparent), (BARE, choices.bare))
    return str(choices.width), str(choices.height), *(name for name, on in flags if on)


def known(words: Collection[str]) -> Choices:
    """Return the choices that settings have kept; the usual ones where there are none."""
    numbers = [int(word) for word in words if word.isdecimal()]
    wide, high = numbers if len(numbers) == 2 else (1920, 1080)
    return Choices(wide, high, TRANSPARENT in words, BARE in words)


def beside(path: Path, given: Collection[Path]) -> Path:
    """Return the first numbered name beside a file that neither exists nor was given away."""
    k = 2
    while (found := path.with_stem(f"{path.stem}-{k}")).exists() or found in given:
        k += 1
    return found


class Shooting:
    """Makes pictures of a window's view, and remembers how and where.

    Parameters
    ----------
    window
        Whose view it is.
    """

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.choices = known(window.settings.picture)
        self._place: Path | None = None
        self._of: object = None
        self._given: set[Path] = set()

    def again(self, bare: bool = False) -> None:
        """Make a picture as the last one was, or a bare one, under a name that is not in use."""
        state = self._window.session.state
        self._settle(state)
        path = self._place
        if path is None:
            path = self.ask_place()
        elif path.exists() or path in self._given:
            path = beside(path, self._given)
        if path is not None:
            wanted = replace(self.choices, bare=True) if bare else self.choices
            self._make(path, wanted)

    def ask_place(self) -> Path | None:
        """Ask where pictures go, beside the project at first; None where the user leaves."""
        state = self._window.session.state
        stem = state.project.name or _("Unnamed")
        path = ask_save(self._window, _("Picture"), str(folder_of(state.path) / stem), ("png",))
        if path is not None:
            self._settle(state)
            self._place = path
        return path

    def write(self, choices: Choices) -> bool:
        """Ask for a place and make a picture there; tell whether a place was named."""
        path = self.ask_place()
        if path is None:
            return False
        self.choices = choices
        self._window.desk.remember(picture=kept(choices))
        self._make(path, choices)
        return True

    def _settle(self, state: State) -> None:
        """Forget place and title where another project is open by now."""
        of = (state.path, state.project.name)
        if of != self._of:
            self._of, self._place = of, None
            self.choices = replace(self.choices, title="")

    def _make(self, path: Path, choices: Choices) -> None:
        self._given.add(path)
        self._window.ask(
            "export.picture", path, choices.width, choices.height, choices.transparent,
            self._window.desk.live.on, choices.bare, choices.title,
        )  # fmt: skip
