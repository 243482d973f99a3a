"""The table of overlays: each is one file that registers one function."""

import importlib
import logging
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

from twinview.model.twin import Twin
from twinview.scene.paint import Legend, Paint
from twinview.scene.view import View

log = logging.getLogger(__name__)

Painted = tuple[Sequence[Paint], Legend]
PaintFunction = Callable[[Twin, View], Painted]


@dataclass(frozen=True)
class Overlay:
    """A way of turning series into paint.

    Parameters
    ----------
    id, title
        Name in commands and files, and what a reader sees (marked for translation).
    paint
        From twin and view to the paints of the layers it speaks about, and the legend.
    available
        Tells whether the twin holds what the overlay needs.
    order
        Place in menus.
    """

    id: str
    title: str
    paint: PaintFunction
    available: Callable[[Twin], bool]
    order: int


_table: dict[str, Overlay] = {}


def overlay(
    id_: str, title: str, available: Callable[[Twin], bool], order: int = 100
) -> Callable[[PaintFunction], PaintFunction]:
    """Register the decorated function as an overlay."""

    def register(paint: PaintFunction) -> PaintFunction:
        _table[id_] = Overlay(id_, title, paint, available, order)
        return paint

    return register


@cache
def _load() -> None:
    """Import every file of the overlays folder and every installed add-on."""
    package = importlib.import_module("twinview.overlays")
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
    for entry in entry_points(group="twinview.overlays"):
        try:
            entry.load()
        except (ImportError, AttributeError) as error:
            log.error("overlay add-on %s was skipped: %s", entry.name, error)


def overlays() -> Mapping[str, Overlay]:
    """Return all overlays by id, in the order of menus."""
    _load()
    return dict(sorted(_table.items(), key=lambda item: item[1].order))


def available(twin: Twin) -> Mapping[str, Overlay]:
    """Return the overlays for which the twin holds data."""
    return {key: one for key, one in overlays().items() if one.available(twin)}
