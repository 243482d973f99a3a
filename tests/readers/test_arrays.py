"""Series in netCDF 3, netCDF 4 and Zarr: the same numbers, times, gaps and names out of each."""

import json
import struct

import numpy as np
import pytest
from scipy.io import netcdf_file

from twinview.progress import drain
from twinview.readers.common import arrays
from twinview.readers.guard import read_file
from twinview.readers.registry import Options, ReadError, choose

IDS = ["b0", "b1", "house 2"]
SINCE = "hours since 2024-01-01 00:00:00"
VALUES = np.arange(30, dtype=np.float64).reshape(10, 3)
VALUES[4, 1] = np.nan
ATTRS = {
    "units": "kW",
    "long_name": "power",
    "scale_factor": 0.5,
    "add_offset": 1.0,
    "_FillValue": -1,
}
PACKED = np.where(np.isnan(VALUES), -1, VALUES).astype(np.int32)
HOURS = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10]


def classic(path, *, calendar="standard", turned=False):
    with netcdf_file(path, "w") as file:
        for name, size in (("time", 10), ("id", 3), ("letters", 7)):
            file.createDimension(name, size)
        time = file.createVariable("time", "i4", ("time",))
        time[:], time.units, time.calendar = HOURS, SINCE, calendar
        names = file.createVariable("name", "c", ("id", "letters"))
        names[:] = np.array([list(one.ljust(7)) for one in IDS], dtype="S1")
        dims = ("id", "time") if turned else ("time", "id")
        values = file.createVariable("p", "i4", dims)
        values[:] = PACKED.T if turned else PACKED
        for key, one in ATTRS.items():
            setattr(values, key, np.int32(one) if key == "_FillValue" else one)
    return path


def modern(path, **_how):
    h5py = pytest.importorskip("h5py", reason="needs the netcdf extra")
    with h5py.File(path, "w") as file:
        file["time"], file["id"] = HOURS, np.array(IDS, dtype=h5py.string_dtype())
        file["time"].attrs["units"] = SINCE
        file.create_dataset("p", data=PACKED, chunks=(4, 2), compression="gzip", shuffle=True)
        file["p"].attrs.update({**ATTRS, "_FillValue": np.int32(-1)})
        for k, name in enumerate(("time", "id")):
            file[name].make_scale(name)
            file["p"].dims[k].attach_scale(file[name])
    return path


CONTENTS = {
    "time": (np.array(HOURS, dtype="<i8"), ["time"], {"units": SINCE}),
    "id": (np.array(IDS, dtype="S7"), ["id"], {}),
    "p": (PACKED.astype("<i4"), ["time", "id"], ATTRS),
}


def group(path, version=3):
    """Write a group as its specification says: words in JSON, and pieces of four rows."""
    pytest.importorskip("zarr", reason="needs the zarr extra")
    write = three if version == 3 else two
    for name, (data, dims, attrs) in CONTENTS.items():
        place = path / name
        place.mkdir(parents=True)
        shape = [4, *data.shape[1:]]
        whole = np.zeros((12, *data.shape[1:]), dtype=data.dtype)
        whole[: len(data)] = data
        write(place, data, shape, dims, attrs)
        for k in range(0, len(data), 4):
            tail = ["0"] * (data.ndim - 1)
            key = ("/" if version == 3 else ".").join([str(k // 4), *tail])
            file = place / "c" / key if version == 3 else place / key
            file.parent.mkdir(parents=True, exist_ok=True)
            text = version == 3 and data.dtype.kind == "S"
            file.write_bytes(lengths(whole[k : k + 4]) if text else whole[k : k + 4].tobytes())
    if version == 3:
        (path / "zarr.json").write_text('{"zarr_format": 3, "node_type": "group"}')
    else:
        (path / ".zgroup").write_text('{"zarr_format": 2}')
    return path


def lengths(texts):
    """Return texts as the codec vlen-utf8 packs them."""
    words = [struct.pack("<I", len(one)) + one for one in texts.tolist()]
    return struct.pack("<I", len(words)) + b"".join(words)


def two(place, data, chunks, dims, attrs):
    said = {"zarr_format": 2, "shape": data.shape, "chunks": chunks, "dtype": data.dtype.str}
    said |= {"fill_value": None, "order": "C", "compressor": None, "filters": None}
    (place / ".zarray").write_text(json.dumps(said))
    (place / ".zattrs").write_text(json.dumps({**attrs, "_ARRAY_DIMENSIONS": dims}))


def three(place, data, chunks, dims, attrs):
    text = data.dtype.kind == "S"
    bits = {"name": "bytes", "configuration": {"endian": "little"}}
    said = {
        "zarr_format": 3,
        "node_type": "array",
        "shape": data.shape,
        "data_type": "string" if text else data.dtype.name,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": chunks}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": "" if text else 0,
        "codecs": [{"name": "vlen-utf8"} if text else bits],
        "attributes": attrs,
        "dimension_names": dims,
    }
    (place / "zarr.json").write_text(json.dumps(said))


MAKERS = {
    "classic.nc": classic,
    "turned.nc": lambda path: classic(path, turned=True),
    "modern.nc": modern,
    "three.zarr": group,
    "two.zarr": lambda path: group(path, 2),
}


@pytest.mark.parametrize("name", MAKERS)
def test_a_file_of_arrays_is_read_whatever_holds_it(tmp_path, name):
    path = MAKERS[name](tmp_path / name)
    part = drain(read_file(path, Options(), tmp_path / "part"))
    (table,) = part.tables
    assert (table.columns, table.units, table.quantity) == (tuple(IDS), ("kW",) * 3, "power")
    assert (table.time.start, table.time.step, table.time.count) == (1704067200, 3600, 11)
    expected = np.full((11, 3), np.nan)
    expected[HOURS] = VALUES * 0.5 + 1
    np.testing.assert_array_equal(table.values, expected)
    np.testing.assert_array_equal(table.across, expected.T)
    assert {"time.gap", "value.missing"} <= {problem.code for problem in part.problems}


def test_tiles_cover_an_array_once(monkeypatch):
    monkeypatch.setattr(arrays, "_PIECE", 50)
    for chunk in ((3, 7), (40, 2), (1, 23), (40, 23)):
        one = arrays.Variable("x", ("t", "i"), (40, 23), "f", chunk, {}, lambda _at: np.empty(0))
        seen = np.zeros(one.shape, dtype=int)
        for _share, tile in arrays._tiles(one):
            seen[tile] += 1
        assert (seen == 1).all()


def test_a_calendar_of_other_days_is_refused(tmp_path):
    path = classic(tmp_path / "x.nc", calendar="360_day")
    with pytest.raises(ReadError, match="360_day"):
        drain(read_file(path, Options(), tmp_path / "part"))


def test_arrays_without_two_dimensions_are_named(tmp_path):
    path = tmp_path / "x.nc"
    with netcdf_file(path, "w") as file:
        file.createDimension("time", 2)
        time = file.createVariable("time", "i4", ("time",))
        time[:], time.units = [0, 1], SINCE
    with pytest.raises(ReadError, match="two dimensions"):
        drain(read_file(path, Options(), tmp_path / "part"))


def zarr_words(folder, **said):
    """Write a group whose one array says something of itself."""
    (folder / "p").mkdir(parents=True)
    (folder / ".zgroup").write_text('{"zarr_format": 2}')
    words = {"zarr_format": 2, "shape": [1], "chunks": [1], "dtype": "|O", "fill_value": None}
    (folder / "p" / ".zarray").write_text(json.dumps({**words, "order": "C", **said}))
    return folder


@pytest.mark.parametrize(
    "said",
    [
        {"compressor": {"id": "pickle"}, "filters": None},
        {"compressor": None, "filters": [{"id": "zlib"}, {"id": "json2"}]},
        {"codecs": [{"name": "sharding_indexed", "configuration": {"codecs": [{"name": "x"}]}}]},
    ],
)
def test_codecs_that_could_run_code_are_refused(tmp_path, said):
    pytest.importorskip("zarr", reason="needs the zarr extra")
    path = zarr_words(tmp_path / "x.zarr", **said)
    assert choose(path).name == "Series arrays"
    with pytest.raises(ReadError, match="harmless"):
        drain(read_file(path, Options(), tmp_path / "part"))


def test_links_out_of_a_folder_are_refused(tmp_path):
    pytest.importorskip("zarr", reason="needs the zarr extra")
    path = zarr_words(tmp_path / "x.zarr", compressor=None)
    (path / "p" / "0").symlink_to("/etc/hostname")
    with pytest.raises(ReadError, match="points to another file"):
        drain(read_file(path, Options(), tmp_path / "part"))


def test_without_the_library_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "zarr", None)
    from twinview.readers.arrays import read

    with pytest.raises(ReadError, match=r"twinview\[zarr\]"):
        drain(read(zarr_words(tmp_path / "x.zarr"), Options()))
