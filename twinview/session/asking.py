"""What the user says of files, looked at once they are read: whether they hold what is named."""

from collections.abc import Collection
from pathlib import Path

from twinview.i18n import _
from twinview.model.part import Part
from twinview.model.problem import CommandError
from twinview.readers.common.kinds_told import told
from twinview.readers.registry import Options
from twinview.scene.words import listed


def check_kinds(options: Options, parts: Collection[Part]) -> None:
    """Refuse a kind told of a layer that was not read; a grid's own tables are what they are."""
    layers = {
        one.id
        for part in parts
        for one in part.layers
        if not any(one.id in network.tables.values() for network in part.networks)
    }
    unknown = sorted(set(told(options.kind)) - layers - {""})
    if unknown:
        raise CommandError(
            _("There is no layer '{id}' whose kind could be told; there are {known}.",
              id=unknown[0], known=", ".join(sorted(layers)) or _("none"))
        )  # fmt: skip


def check_layer(options: Options, files: Collection[Path], parts: Collection[Part]) -> None:
    """Refuse a layer that none of the files holds; a reader of folders looks after that itself.

    Parameters
    ----------
    options
        What the user says.
    files, parts
        What was read, and what was found in it; where a file could not be read, that is said.
    """
    held = [one.id for part in parts for one in part.layers]
    name = options.layer
    if not name or name in held or len(parts) < len(files) or any(one.is_dir() for one in files):
        return
    raise CommandError(
        _("{file} holds no layer '{name}'; there are {known}.",
          file=listed(one.name for one in files), name=name, known=", ".join(held) or _("none"))
    )  # fmt: skip
