"""What is said where values of dwellings become private, and what may be changed then."""

from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.model.twin import Twin
from twinview.scene.metered import metered
from twinview.scene.private import LEAST


def guess_said(twin: Twin, private_group: int | None) -> list[Problem]:
    """Say that values are taken for metered because of their looks, and what to do about it.

    Parameters
    ----------
    twin
        The base case.
    private_group
        Dwellings that a group must have, as the project says; None where it says nothing.
    """
    found = metered(twin) if private_group is None else None
    if found is None or not found.guessed:
        return []
    text = _(
        "The curves of '{layer}' differ from dwelling to dwelling, as metered ones do: values are "
        "shown and exported for groups of at least {least} dwellings.",
        layer=_(twin.layers[found.layer].title), least=LEAST,
    )  # fmt: skip
    fix = _(
        "If nobody metered them, say so with 'How a file is read...' (origin=modelled or "
        "origin=given), or set the size of groups with 'Values of single dwellings...' "
        "(project.privacy)."
    )
    return [Problem("info", "private.guessed", text, fix, layer=found.layer)]
