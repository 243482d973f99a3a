"""netCDF 4 as named arrays: nothing that the file points to is followed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.readers.registry import ReadError

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_CELLS = 400_000_000
_FILTERS = {1, 2, 3}  # deflate, shuffle, Fletcher's checksum: those that HDF5 itself brings
Array = npt.NDArray[Any]


def load(path: Path) -> tuple[dict[str, Array], dict[str, Any], dict[str, str]]:
    """Return the variables of a file, its attributes, and the units of variables that say theirs.

    Links to other files, virtual data sets and data kept outside of the file are refused: HDF5
    would read any file that they name.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ReadError
        Without the library, and for a file that is damaged or points outside.
    """
    try:
        import h5py
    except ImportError as error:
        raise ReadError(
            _(
                "{file} is netCDF, which needs one more library; install it with: pip install "
                '"twinview[netcdf]". Or export the network as a folder of CSV files.',
                file=path.name,
            )
        ) from error
    try:
        with _open(h5py, path) as file:
            variables = {name: _checked(file, name, path) for name in file}
            found = {name: _array(one) for name, one in variables.items() if one is not None}
            units = {
                name: _text(one.attrs["units"])
                for name, one in variables.items()
                if one is not None and "units" in one.attrs
            }
            return found, {key: _plain(value) for key, value in file.attrs.items()}, units
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise ReadError(
            _(
                "{file} is damaged ({reason}); nothing was read. Fetch or export it again.",
                file=path.name,
                reason=str(error)[:120],
            )
        ) from error


def _open(h5py: Any, path: Path) -> Any:
    return h5py.File(path, "r")


def _checked(file: Any, name: str, path: Path) -> Any:
    """Return a variable whose numbers stand in the file itself; None for a group."""
    import h5py

    inside = isinstance(file.get(name, getlink=True), h5py.HardLink)
    one: Any = file[name] if inside else None
    if isinstance(one, h5py.Group):
        return None
    if not inside or one.is_virtual or one.external or not _filters(one) <= _FILTERS:
        raise ReadError(
            _(
                "{file} is not opened: its variable {name} points to another file or program; "
                "nothing was read.",
                file=path.name,
                name=name[:80],
            )
        )
    if one.size is not None and one.size > _CELLS:
        raise ReadError(_("{file} claims more values than a reader's memory.", file=path.name))
    return one


def _filters(one: Any) -> set[int]:
    made = one.id.get_create_plist()
    return {int(made.get_filter(k)[0]) for k in range(made.get_nfilters())}


def _array(one: Any) -> Array:
    """Return the values; texts as objects."""
    values = np.asarray(one[()])
    if values.dtype.kind in "OS":
        return np.array([_text(value) for value in values.ravel()], dtype=object)
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | np.bytes_):
        return _text(value)
    return value.ravel()[0].item() if isinstance(value, np.ndarray) and value.size else value


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def rows_of(variables: Mapping[str, Array], table: str) -> list[dict[str, str]]:
    """Return a table that xarray wrote as ``table_i`` and ``table_column`` as rows of texts.

    Parameters
    ----------
    variables
        Variables by name.
    table
        Name of the table.
    """
    ids = variables.get(f"{table}_i")
    if ids is None:
        return []
    prefix = f"{table}_"
    columns = {
        name.removeprefix(prefix): values
        for name, values in variables.items()
        if name.startswith(prefix)
        and not name.startswith(f"{prefix}t_")
        and values.shape == ids.shape
    }
    columns.pop("i", None)
    return [
        {"name": str(name), **{key: str(values[k]) for key, values in columns.items()}}
        for k, name in enumerate(ids.tolist())
    ]
