"""Where the camera has been, to go back and forward: undo is for edits only."""

from twinview.scene.view import Camera

LONGEST = 100


class Trail:
    """The cameras that were looked through, oldest first; None stands for the whole district.

    Parameters
    ----------
    first
        Where the camera is.
    """

    def __init__(self, first: Camera | None = None) -> None:
        self._been: list[Camera | None] = [first]
        self._at = 0

    def follow(self, camera: Camera | None) -> None:
        """Take note of where the camera is now; a new place forgets what lay ahead."""
        if camera == self._been[self._at]:
            return
        self._been = [*self._been[: self._at + 1], camera][-LONGEST:]
        self._at = len(self._been) - 1

    def can(self, steps: int) -> bool:
        """Tell whether there is a place so many steps ahead (or back, below zero)."""
        return 0 <= self._at + steps < len(self._been)

    def go(self, steps: int) -> Camera | None:
        """Go along and return the camera there.

        Raises
        ------
        IndexError
            Where there is no such place; see `can`.
        """
        if not self.can(steps):
            raise IndexError(steps)
        self._at += steps
        return self._been[self._at]
