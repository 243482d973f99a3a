"""What the user says that the elements of layers are."""

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
        For a kind that there is not.
    """
    found: dict[str, str] = {}
    for one in (text or "").split(","):
        layer, _sign, kind = one.strip().rpartition("=")
        if kind and kind not in KINDS:
            raise CommandError(
                _("There is no kind '{kind}'; there are {known}.",
                  kind=kind, known=", ".join(KINDS))
            )  # fmt: skip
        if kind:
            found[layer.strip()] = kind
    return found


def told_of(text: str | None, layer: str) -> str:
    """Return the kind that a text tells of a layer; empty where it tells none."""
    kinds = told(text)
    return kinds.get(layer, kinds.get("", ""))
