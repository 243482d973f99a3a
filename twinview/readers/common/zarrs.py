"""Zarr groups as named arrays; nothing that a folder's own words could make run is opened."""

import contextlib
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from twinview.i18n import _
from twinview.readers.common.arrays import Variable
from twinview.readers.registry import ReadError

_GROUPS = (".zgroup", "zarr.json")
_ARRAYS = (".zarray", "zarr.json")
# Codecs that turn bytes into bytes or numbers. Others, such as pickles, could run code.
_CODECS = {"blosc", "bytes", "crc32c", "crc32", "delta", "endian", "fixedscaleoffset", "gzip",
           "lz4", "sharding_indexed", "shuffle", "transpose", "vlen-utf8", "zlib",
           "zstd"}  # fmt: skip
_MOST_WORDS = 1 << 20  # bytes of what an array says of itself


def is_group(path: Path) -> bool:
    """Tell whether a folder is a Zarr group."""
    return any((path / name).is_file() for name in _GROUPS)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[dict[str, Variable]]:
    """Open the arrays of a group, read in parts.

    Parameters
    ----------
    path
        The folder.
    """
    try:
        zarr: Any = importlib.import_module("zarr")
    except ImportError as error:
        raise ReadError(
            _(
                "{file} is Zarr, which needs one more library; install it with: pip install "
                '"twinview[zarr]". Or save the series as Parquet.',
                file=path.name,
            )
        ) from error
    _check(path)
    try:
        group = zarr.open_group(str(path), mode="r", use_consolidated=False)
        yield {name: _variable(name, one) for name, one in group.arrays()}
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise ReadError(
            _(
                "{file} is damaged ({reason}); nothing was read. Fetch or export it again.",
                file=path.name,
                reason=str(error)[:120],
            )
        ) from error


def _variable(name: str, one: Any) -> Variable:
    attrs = dict(one.attrs)
    # Version 2 has one number for "missing" and "never written"; nought is the usual latter.
    if one.metadata.zarr_format == 2 and one.fill_value:
        attrs.setdefault("_FillValue", one.fill_value)
    said = getattr(one.metadata, "dimension_names", None) or attrs.get("_ARRAY_DIMENSIONS")
    dims = tuple(said or [f"{name}.{k}" for k in range(one.ndim)])
    kind = getattr(one.dtype, "kind", "O")
    return Variable(name, dims, one.shape, kind, one.chunks, attrs, lambda at: one[at])


def _check(path: Path) -> None:
    """Raise ReadError for links out of the folder and for codecs that are not known to be safe."""
    for place in [path, *(one for one in path.iterdir() if one.is_dir())]:
        for name in _ARRAYS:
            file = place / name
            if file.is_file():
                _check_words(file, path)
    link = next((one.name for one in path.rglob("*") if one.is_symlink()), None)
    if link is not None:
        raise ReadError(
            _(
                "{file} is not opened: its variable {name} points to another file or program; "
                "nothing was read.",
                file=path.name,
                name=link[:80],
            )
        )


def _check_words(file: Path, path: Path) -> None:
    try:
        if file.stat().st_size > _MOST_WORDS:
            raise ValueError("too long")
        said = json.loads(file.read_text("utf-8"))
        names = set(_codecs(said))
        strange = names - _CODECS
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise ReadError(
            _(
                "{file} is damaged ({reason}); nothing was read. Fetch or export it again.",
                file=path.name,
                reason=str(error)[:120],
            )
        ) from error
    if strange:
        raise ReadError(
            _(
                "{file} is not opened: its array {name} is packed with {codec}, which is not known "
                "to be harmless; nothing was read.",
                file=path.name,
                name=file.parent.name,
                codec=", ".join(sorted(strange)),
            )
        )


def _codecs(said: Any) -> Iterator[str]:
    """Yield the names of all codecs of an array of version 2 or 3, nested ones too."""
    listed = [said.get("compressor"), *(said.get("filters") or []), *(said.get("codecs") or [])]
    for one in (codec for codec in listed if codec):
        yield str(one.get("id") or one.get("name"))
        inner = one.get("configuration") or {}
        yield from _codecs({"codecs": inner.get("codecs"), "filters": inner.get("index_codecs")})
