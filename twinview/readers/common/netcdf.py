"""netCDF 4 as named arrays: nothing that the file points to is followed."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.readers.common import grids
from twinview.readers.common.arrays import Variable
from twinview.readers.registry import ReadError

SIGNATURE = b"\x89HDF\r\n\x1a\n"
CLASSIC = (b"CDF\x01", b"CDF\x02")
_CELLS = 400_000_000
_FILTERS = {1, 2, 3}  # deflate, shuffle, Fletcher's checksum: those that HDF5 itself brings
_SCALES = {"DIMENSION_LIST", "REFERENCE_LIST"}
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
        raise ReadError(_damaged(path, error)) from error


def _damaged(path: Path, error: Exception) -> str:
    return _(
        "{file} is damaged ({reason}); nothing was read. Fetch or export it again.",
        file=path.name,
        reason=str(error)[:120],
    )


def is_network(path: Path) -> bool:
    """Tell whether a file holds the buses of a PyPSA network; True where it cannot be known yet."""
    try:
        import h5py

        with _open(h5py, path) as file:
            return "buses_i" in file
    except (ImportError, OSError, RuntimeError):
        return True  # `load` says why


@contextlib.contextmanager
def opened(path: Path) -> Iterator[dict[str, Variable]]:
    """Open a netCDF file, of version 3 or 4, as arrays that are read in parts.

    Parameters
    ----------
    path
        The file.
    """
    with path.open("rb") as file:
        classic = file.read(4) in CLASSIC
    try:
        with _classic(path) if classic else _modern(path) as found:
            yield found
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        raise ReadError(_damaged(path, error)) from error


@contextlib.contextmanager
def _modern(path: Path) -> Iterator[dict[str, Variable]]:
    import h5py

    with _open(h5py, path) as file:
        known = {name: _checked(file, name, path, most=None) for name in file}
        yield {name: _variable(name, one) for name, one in known.items() if one is not None}


def _variable(name: str, one: Any) -> Variable:
    scales = [dim[0].name.rpartition("/")[2] if len(dim) else "" for dim in one.dims]
    own = [name] if one.ndim == 1 and one.is_scale else [f"{name}.{k}" for k in range(one.ndim)]
    dims = tuple(scale or mine for scale, mine in zip(scales, own, strict=True))
    attrs = {key: _plain(value) for key, value in one.attrs.items() if key not in _SCALES}
    return Variable(
        name, dims, one.shape, one.dtype.kind, one.chunks or one.shape, attrs, lambda at: one[at]
    )


@contextlib.contextmanager
def _classic(path: Path) -> Iterator[dict[str, Variable]]:
    """Open version 3, whose numbers lie in the file as they are."""
    from scipy.io import netcdf_file

    grids.room(path.stat().st_size)
    with netcdf_file(path, "r", mmap=True, maskandscale=False) as file:
        yield {name: _plain_variable(name, one) for name, one in file.variables.items()}


def _plain_variable(name: str, one: Any) -> Variable:
    attrs = {
        key: _plain(value)
        for key, value in vars(one).items()
        if isinstance(value, bytes | int | float | np.generic | np.ndarray) and key[0] != "_"
    }
    attrs |= {"_FillValue": _plain(one._FillValue)} if hasattr(one, "_FillValue") else {}
    shape, dims = tuple(one.shape), tuple(one.dimensions)
    if one.typecode() == "c" and len(shape) == 2:  # texts are rows of letters
        words = [b"".join(row).rstrip(b"\0 ") for row in one[:].tolist()]
        texts = np.array(words, dtype=object)
        return Variable(name, dims[:1], shape[:1], "O", shape[:1], attrs, lambda at: texts[at])
    return Variable(
        name, dims, shape, one.data.dtype.kind, shape, attrs, lambda at: np.array(one[at])
    )


def _open(h5py: Any, path: Path) -> Any:
    return h5py.File(path, "r")


def _checked(file: Any, name: str, path: Path, most: int | None = _CELLS) -> Any:
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
    if most is not None and one.size is not None and one.size > most:
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
