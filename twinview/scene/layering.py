"""What the reader wants of each layer: its place among the others, opacity, filter and labels."""

from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field

from twinview.model.kept import Kept
from twinview.model.twin import Layer

TABLES_ONLY = frozenset({"node", "load", "generator", "source"})
"""Kinds that are not drawn by themselves."""
_STANDING = frozenset({"building", "annex", "tree", "transformer", "converter", "storage"})
"""Kinds whose depth in the view decides what covers them; for these an order says nothing."""
_LEVELS = {"line": 8.0, "pipe": 7.0, "road": 5.0, "place": 2.0}
_BODIES = {"building": 6.8, "annex": 6.2, "site": 6.4, "tree": 6.0}
_BODY, _FLAT, _LINE, _DISC = 6.6, 3.0, 8.0, 9.0
_LOWEST, _SPAN = 2.0, 7.0
"""Ranks of what lies on the ground: above that of the ground itself."""


class LayerChoice(Kept):
    """What the reader wants of one layer; the plain one is not written down.

    Parameters
    ----------
    opacity
        0 is not drawn at all, 1 hides what is behind.
    filter
        Expression that elements must fit to be drawn (`twinview.scene.filtering`); empty for all.
    labels
        What stands beside each element (`twinview.scene.labelling`); empty for nothing.
    colour
        Column that it is coloured by where the overlay says nothing of it, or ``#rrggbb``; empty
        for the colours of its kind.
    removed
        Whether it is neither listed nor drawn; what is computed of it stays.
    """

    opacity: float = Field(default=1.0, ge=0, le=1)
    filter: str = ""
    labels: str = ""
    colour: str = ""
    removed: bool = False


PLAIN = LayerChoice()


def unseen(hidden: frozenset[str], choices: Mapping[str, LayerChoice]) -> frozenset[str]:
    """Return the layers of which nothing is seen: hidden, removed, or without any opacity."""
    return hidden | {key for key, one in choices.items() if one.removed or not one.opacity}


def drawn_layers(layers: Iterable[Layer]) -> list[Layer]:
    """Return the layers that have something to see."""
    return [
        one
        for one in layers
        if one.geometry is not None and one.kind not in TABLES_ONLY and len(one)
    ]


def lies(layer: Layer) -> bool:
    """Tell whether a layer, or a part of it, lies on the ground, where an order decides."""
    shape = "" if layer.geometry is None else layer.geometry.kind
    if layer.kind in {"building", "annex"}:
        return shape not in {"polygon", "surface"}
    return bool(shape) and layer.kind not in _STANDING and shape != "surface"


def level(layer: Layer) -> float:
    """Return how high a layer is listed by itself: points, lines, bodies, then areas."""
    shape = "" if layer.geometry is None else layer.geometry.kind
    if layer.kind in _LEVELS:
        return _LEVELS[layer.kind] if shape == "line" or layer.kind == "place" else 4.0
    if not lies(layer) or layer.kind == "site":
        return _BODIES.get(layer.kind, _BODY)
    return {"polygon": _FLAT, "line": _LINE}.get(shape, _DISC)


def natural(layers: Mapping[str, Layer]) -> list[str]:
    """Return ids in the order of drawing that nobody has changed, what covers others first."""
    return sorted(layers, key=lambda one: -level(layers[one]))


def ordered(layers: Mapping[str, Layer], wanted: Sequence[str]) -> list[str]:
    """Return all ids in a wanted order, the topmost first; those it does not name join by kind.

    Parameters
    ----------
    layers
        By id.
    wanted
        Some of their ids; others are passed over.
    """
    usual = natural(layers)
    place = {one: k for k, one in enumerate(usual)}
    found = [one for one in dict.fromkeys(wanted) if one in place]
    for one in usual:
        if one not in found:
            after = (k for k, other in enumerate(found) if place[other] > place[one])
            found.insert(next(after, len(found)), one)
    return found


def ranks(layers: Mapping[str, Layer], wanted: Sequence[str]) -> Mapping[str, float]:
    """Return which covers which of what lies on the ground, higher is above; empty for the usual.

    Parameters
    ----------
    layers, wanted
        As for `ordered`.
    """
    lying = [one for one in reversed(ordered(layers, wanted)) if lies(layers[one])]
    if lying == [one for one in reversed(natural(layers)) if lies(layers[one])]:
        return {}
    return {one: _LOWEST + _SPAN * k / len(lying) for k, one in enumerate(lying)}
