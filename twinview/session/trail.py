"""Where the camera has been and what was selected, to go back and forward: undo is for edits."""

from typing import TYPE_CHECKING, Generic, TypeVar

from twinview.scene.view import Camera, View

if TYPE_CHECKING:
    from twinview.scene.selecting import Selection

Place = TypeVar("Place")
LONGEST = 100
SELECTIONS = 20
"""Selections that are remembered: each may hold a whole city."""


class Trail(Generic[Place]):
    """The places that were gone through, oldest first.

    Parameters
    ----------
    first
        Where it begins.
    longest
        Places that are remembered.
    """

    def __init__(self, first: Place, longest: int = LONGEST) -> None:
        self._been: list[Place] = [first]
        self._at, self._longest = 0, longest

    def follow(self, place: Place) -> None:
        """Take note of where one is now; a new place forgets what lay ahead."""
        here = self._been[self._at]
        if place is here or place == here:  # a selection of a whole city takes long to compare
            return
        self._been = [*self._been[: self._at + 1], place][-self._longest :]
        self._at = len(self._been) - 1

    def can(self, steps: int) -> bool:
        """Tell whether there is a place so many steps ahead (or back, below zero)."""
        return 0 <= self._at + steps < len(self._been)

    def place(self, steps: int) -> Place:
        """Return the place so many steps ahead, and stay.

        Raises
        ------
        IndexError
            Where there is no such place; see `can`.
        """
        if not self.can(steps):
            raise IndexError(steps)
        return self._been[self._at + steps]

    def go(self, steps: int) -> Place:
        """Go along and return the place there; see `place`."""
        found = self.place(steps)
        self._at += steps
        return found


class Trails:
    """Where a view has been.

    Parameters
    ----------
    view
        What is seen at first.

    Attributes
    ----------
    camera
        Cameras that were looked through; None stands for the whole district.
    selection
        What was selected.
    """

    def __init__(self, view: View) -> None:
        self.camera: Trail[Camera | None] = Trail(view.camera)
        self.selection: Trail[Selection] = Trail(view.selection, SELECTIONS)

    def follow(self, view: View) -> None:
        """Take note of what is seen now."""
        self.camera.follow(view.camera)
        self.selection.follow(view.selection)

    @property
    def narrowed(self) -> bool:
        """Whether one of several selected elements was picked last, which let the others go."""
        if not self.selection.can(-1):
            return False
        now, before = self.selection.place(0), self.selection.place(-1)
        return len(now) == 1 < len(before) and now[0] in before
