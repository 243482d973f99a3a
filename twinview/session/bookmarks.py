"""Places of the camera that the project keeps under a name and perhaps a number from 1 to 9."""

from collections.abc import Sequence

from pydantic import Field

from twinview.i18n import _
from twinview.model.kept import Kept
from twinview.model.problem import CommandError
from twinview.scene.view import Camera

NUMBERS = range(1, 10)


class Bookmark(Kept):
    """A place of the camera.

    Parameters
    ----------
    name
        As the user calls it; no two are called the same.
    camera
        Where it is.
    number
        Of the key that goes there; None where it has none.
    """

    name: str
    camera: Camera
    number: int | None = Field(default=None, ge=NUMBERS.start, lt=NUMBERS.stop)


def found(kept: Sequence[Bookmark], which: str) -> Bookmark:
    """Return a bookmark by its number or name, or raise CommandError naming what there is."""
    for one in kept:
        if which in (one.name, str(one.number)):
            return one
    known = ", ".join(one.name for one in kept)
    if known:
        raise CommandError(
            _("There is no kept view '{name}'; there are {known}.", name=which, known=known)
        )
    raise CommandError(
        _("There is no kept view '{name}'; Ctrl+Shift+1 keeps the first.", name=which)
    )


def stored(
    kept: Sequence[Bookmark], number: int, camera: Camera, name: str = ""
) -> tuple[Bookmark, ...]:
    """Return the bookmarks with a camera under a number, in place of what stood there."""
    if number not in NUMBERS:
        raise CommandError(_("Views are kept under 1 to 9, not {number}.", number=number))
    before = next((one for one in kept if one.number == number), None)
    others = tuple(one for one in kept if one is not before)
    wanted = name or (before.name if before else _("View {number}", number=number))
    made = Bookmark(name=_free(wanted, others), camera=camera, number=number)
    return tuple(sorted((*others, made), key=_order))


def added(kept: Sequence[Bookmark], camera: Camera, name: str) -> tuple[Bookmark, ...]:
    """Return the bookmarks with one more, under the first number that is free."""
    used = {one.number for one in kept}
    number = next((one for one in NUMBERS if one not in used), None)
    made = Bookmark(name=_free(name, kept), camera=camera, number=number)
    return tuple(sorted((*kept, made), key=_order))


def renamed(kept: Sequence[Bookmark], which: str, name: str) -> tuple[Bookmark, ...]:
    """Return the bookmarks with one called otherwise."""
    one = found(kept, which)
    if not name.strip():
        raise CommandError(_("A kept view needs a name."))
    if any(other.name == name for other in kept if other is not one):
        raise CommandError(_("Another kept view is called '{name}' already.", name=name))
    new = one.model_copy(update={"name": name.strip()})
    return tuple(new if other is one else other for other in kept)


def removed(kept: Sequence[Bookmark], which: str) -> tuple[Bookmark, ...]:
    """Return the bookmarks without one."""
    one = found(kept, which)
    return tuple(other for other in kept if other is not one)


def _free(name: str, others: Sequence[Bookmark]) -> str:
    """Return a name that no other has."""
    taken = {one.name for one in others}
    name, k = name.strip() or _("View"), 2
    free = name
    while free in taken:
        free, k = f"{name} {k}", k + 1
    return free


def _order(one: Bookmark) -> int:
    return one.number or NUMBERS.stop
