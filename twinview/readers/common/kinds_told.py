"""What the user says that the elements of layers are."""

from collections.abc import Mapping

from twinview.i18n import _
from twinview.model.problem import CommandError

KINDS = ("building", "annex", "road", "water", "tree", "place", "site", "line", "node", "load",
         "generator", "storage", "source", "other", "table")  # fmt: skip
"""What a user may say that layers are; a ``table`` is read without shapes."""


def told(text: str | None) -> dict[str, str]:
    """Return the kinds that a text tells, by the names of layers; under "" for all others.

    Parameters
    ----------
    text
        Such as ``building``, or ``houses=building,parks=other``.

    Raises
    ------
    CommandError
        For a kind that there is not, a side of ``=`` that is empty, and a layer that comes twice.
    """
    found: dict[str, str] = {}
    for one in filter(None, map(str.strip, (text or "").split(","))):
        layer, sign, kind = (side.strip() for side in one.rpartition("="))
        if sign and not (layer and kind):
            raise CommandError(
                _("'{text}' tells no kind; write KIND, or LAYER=KIND such as houses=building.",
                  text=one)
            )  # fmt: skip
        if kind not in KINDS:
            raise CommandError(
                _("There is no kind '{kind}'; there are {known}.",
                  kind=kind, known=", ".join(KINDS))
            )  # fmt: skip
        if layer in found:
            raise CommandError(_twice(layer, found[layer], kind))
        found[layer] = kind
    return found


def _twice(layer: str, first: str, second: str) -> str:
    if layer:
        return _("Two kinds are told of the layer '{layer}', {first} and {second}; tell one.",
                 layer=layer, first=first, second=second)  # fmt: skip
    return _("Two kinds are told of all layers, {first} and {second}; tell one, or LAYER=KIND of "
             "each.", first=first, second=second)  # fmt: skip


def kinds_text(kinds: Mapping[str, str]) -> str:
    """Return kinds by the names of layers as the text that tells them."""
    return ",".join(f"{layer}={kind}" if layer else kind for layer, kind in kinds.items())


def told_of(text: str | None, layer: str) -> str:
    """Return the kind that a text tells of a layer; empty where it tells none."""
    kinds = told(text)
    return kinds.get(layer, kinds.get("", ""))
