"""Views that travel: as a line of text, and inside pictures."""

import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.scene.view import View
from twinview.session.project import view_of, view_text
from twinview.session.provenance import instant, project_hash
from twinview.session.store import State

MARK = "twinview:"
"""What a view as text begins with."""
KEY = b"twinview:view"
"""Name of the text in a picture that holds its view."""
_PNG = b"\x89PNG\r\n\x1a\n"
_MOST = 1 << 20
"""Bytes of a text in a picture that are read at most."""


def link(state: State) -> str:
    """Return a view as one line of text, which `from_link` reads."""
    content = {
        "project": state.project.name,
        "project_hash": project_hash(state),
        **instant(state),
        "view": json.loads(view_text(state.view)),
    }
    return MARK + json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def from_link(text: str) -> dict[str, Any]:
    """Return what a line of text holds, as `link` writes it.

    Raises
    ------
    CommandError
        For text that is no view.
    """
    if not text.strip().startswith(MARK):
        raise CommandError(_("This text is no view; copy one with 'Copy the view as text'."))
    return _decoded(text.strip().removeprefix(MARK))


def from_picture(path: Path) -> dict[str, Any]:
    """Return what a picture says of the view that it shows. Its pixels are not looked at.

    Raises
    ------
    CommandError
        For what is no such picture.
    """
    try:
        with path.open("rb") as file:
            text = next((one for one in _texts(file) if one is not None), None)
    except OSError as error:
        why = error.strerror or error
        raise CommandError(_("{path} could not be read: {why}.", path=path, why=why)) from error
    if text is None:
        raise CommandError(
            _("{path} holds no view; pictures that this program has exported do.", path=path.name)
        )
    return _decoded(text)


def restored(state: State, told: Mapping[str, Any]) -> tuple[View, bool]:
    """Return a view for what is open, and whether it was made of exactly this.

    Parameters
    ----------
    state
        What is open.
    told
        As `from_link` and `from_picture` return it.

    Raises
    ------
    CommandError
        When nothing is open, or what is told is no view.
    """
    if not state.twin.layers:
        name = str(told.get("project") or _("Unnamed"))
        raise CommandError(_("Open the project '{name}' first: this is a view of it.", name=name))
    view = view_of(json.dumps(told.get("view", told)))
    layers = state.twin.layers
    selection = tuple(
        (layer, element) for layer, element in view.selection
        if layer in layers and element in layers[layer].row_of
    )  # fmt: skip
    view = replace(view, time=_step(state, view, told), selection=selection,
                   hidden=view.hidden & set(layers), theme=state.view.theme)  # fmt: skip
    return view, told.get("project_hash") == project_hash(state)


def _step(state: State, view: View, told: Mapping[str, Any]) -> int:
    time = state.twin.time
    last = time.count - 1
    try:
        at = datetime.fromisoformat(str(told["instant"]))
        return time.nearest(at)
    except (KeyError, ValueError, OverflowError, TypeError):
        return min(max(view.time, 0), last)


def _decoded(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CommandError(_("The view in it is damaged.")) from error
    if not isinstance(told, dict):
        raise CommandError(_("The view in it is damaged."))
    return told


def _texts(file: Any) -> Iterator[str | None]:
    """Yield the texts under `KEY` of a PNG file, by its chunks (PNG specification, 11.3.4.5)."""
    if file.read(len(_PNG)) != _PNG:
        return
    while len(head := file.read(8)) == 8:
        size, kind = struct.unpack(">I4s", head)
        if kind in {b"IEND", b""}:
            return
        if kind == b"iTXt" and size <= _MOST:
            chunk = file.read(size)
            yield _text(chunk) if len(chunk) == size else None
            file.seek(4, 1)
        else:
            file.seek(size + 4, 1)


def _text(chunk: bytes) -> str | None:
    key, _zero, rest = chunk.partition(b"\0")
    if key != KEY or len(rest) < 2:
        return None
    packed, body = rest[0], rest[2:]
    _language, _zero, body = body.partition(b"\0")
    _translated, _zero, body = body.partition(b"\0")
    try:
        if packed:
            opener = zlib.decompressobj()
            body = opener.decompress(body, _MOST)
        return body.decode("utf-8")
    except (zlib.error, UnicodeDecodeError):
        return None
