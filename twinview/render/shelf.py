"""Parts on disk: written once by whoever makes them, mapped by whoever draws them.

A folder holds the parts of one layer, or the map of what stands: one file of arrays, and a manifest
that is written last. A folder without a manifest is not whole, and one whose bytes differ from what
its manifest says of them is damaged. Names of folders are keys: they tell the content that the
parts were made from and the code that made them.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil
import pyarrow as pa

from twinview import __version__
from twinview.model.geometry import Geometry
from twinview.model.twin import Layer
from twinview.render import making
from twinview.render.making import SHAPING, Part
from twinview.render.meshes.boxes import Boxes
from twinview.render.meshes.ground import Occlusion
from twinview.render.meshes.mesh import Mesh, checked

MANIFEST = "manifest.json"
_ALIGN = 64
_MESH = ("points", "triangles", "element", "shade", "edges", "extra")
_BOXES = ("element", "middle", "along", "half", "low", "high")
_CHART = ("near", "light", "settled")
_SHAPES = ("coords", "rings", "parts", "elements")
Array = npt.NDArray[Any]
Said = Mapping[str, Any]


class Damaged(ValueError):
    """A file on disk is not what its manifest says."""


# ------------------------------------------------------------------------------------------- keys
@cache
def code() -> str:
    """Return a hash of the program's code that makes parts."""
    digest = hashlib.sha256(f"{__version__} {np.__version__}".encode())
    home = Path(__file__).parent
    own = ("making.py", "pieces.py", "shelf.py")
    for path in sorted([*home.glob("meshes/*.py"), *(home / name for name in own)]):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def content(layer: Layer) -> str:
    """Return a hash of everything of a layer that its parts are made from."""
    digest = hashlib.blake2b(f"{layer.kind} {len(layer)}".encode(), digest_size=16)
    geometry = layer.geometry
    if geometry is not None:
        digest.update(geometry.kind.encode())
        for array in (*(getattr(geometry, name) for name in _SHAPES), geometry.semantics):
            _feed(digest, np.empty(0) if array is None else array)
    for name in SHAPING:
        if layer.has(name):
            column = layer.attributes[name].combine_chunks()
            digest.update(f"{name} {column.type}".encode())
            if pa.types.is_primitive(column.type):
                _feed(digest, layer.numbers(name))
                continue
            coded = column.dictionary_encode()
            _feed(digest, coded.indices.fill_null(-1).to_numpy(zero_copy_only=False))
            digest.update(json.dumps(coded.dictionary.to_pylist(), default=str).encode())
    return digest.hexdigest()


def _feed(digest: "hashlib.blake2b", array: Array) -> None:
    digest.update(f"{array.dtype} {array.shape}".encode())
    digest.update(np.ascontiguousarray(array).data)


def chart_key(standing: Iterable[str]) -> str:
    """Return the key of the map of what stands, from the hashes of the layers that do."""
    return _key("chart", *standing)


def layer_key(kind: str, hashed: str, chart: str) -> str:
    """Return the key of a layer's parts, from its hash and the key of the map of what stands."""
    return _key("parts", hashed, chart if kind in making.SHADED else "")


def _key(*things: str) -> str:
    return hashlib.sha256(json.dumps([code(), *things]).encode()).hexdigest()[:24]


# ---------------------------------------------------------------------------------------- writing
class Writer:
    """Writes one folder.

    Parameters
    ----------
    folder
        It is made where it is not there. The file of arrays has a name that no other process uses.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        self._folder = folder
        self._name = f"arrays-{os.getpid()}.bin"
        self._file = (folder / self._name).open("wb", buffering=0)
        self._end = 0
        self.said: list[Said] = []

    def part(self, part: Part) -> Said:
        """Write a part and return what a reader must know of it."""
        arrays = {f"mesh.{name}": getattr(part.mesh, name) for name in _MESH}
        if part.boxes is not None:
            arrays |= {f"boxes.{name}": getattr(part.boxes, name) for name in _BOXES}
        box = [part.low.tolist(), part.high.tolist()]
        return self._written(arrays, role=part.role, rank=part.rank, box=box)

    def chart(self, chart: Occlusion) -> Said:
        """Write a map of what stands and return what a reader must know of it."""
        arrays = {name: getattr(chart, name) for name in _CHART}
        return self._written(arrays, corner=[chart.x0, chart.y0, chart.cell])

    def _written(self, arrays: Mapping[str, Array | None], **facts: Any) -> Said:
        start, check, places = self._end, 0, {}
        for name, array in arrays.items():
            if array is None:
                continue
            flat = np.ascontiguousarray(array)
            raw = flat.tobytes() + bytes(-flat.nbytes % _ALIGN)
            places[name] = [flat.dtype.str, list(flat.shape), self._end - start]
            check = zlib.crc32(raw, check)
            self._put(raw)
        said = {"file": self._name, "start": start, "size": self._end - start, "check": check,
                "arrays": places, **facts}  # fmt: skip
        self.said.append(said)
        return said

    def _put(self, raw: bytes) -> None:
        view = memoryview(raw)
        while view:
            view = view[self._file.write(view) :]
        self._end += len(raw)

    def close(self, whole: bool) -> None:
        """End the file; a whole one gets its manifest, the rest goes."""
        self._file.close()
        if not whole:
            (self._folder / self._name).unlink(missing_ok=True)
            return
        text = self._folder / f"{self._name}.json"
        text.write_text(json.dumps({"parts": self.said}), encoding="utf-8")
        text.replace(self._folder / MANIFEST)


def _sweep(folder: Path) -> None:
    """Remove what processes that are gone left half written."""
    if (folder / MANIFEST).exists():
        return
    for left in folder.glob("arrays-*.bin"):
        pid = left.stem.partition("-")[2]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            left.unlink(missing_ok=True)


# ---------------------------------------------------------------------------------------- reading
def listed(folder: Path) -> list[Said] | None:
    """Return what a folder's manifest says of its parts, None where it has none."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["parts"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{folder.name}: {error}") from error
    if not isinstance(said, list):
        raise Damaged(f"{folder.name}: no list of parts")
    return said


def load_part(folder: Path, said: Said, elements: int) -> Part:
    """Map a part.

    Parameters
    ----------
    folder
        Where it lies.
    said
        What the writer said of it.
    elements
        Number of elements of its layer.

    Raises
    ------
    Damaged
        When the bytes are not those that were written.
    """
    try:
        arrays = _mapped(folder, said)
        mesh = checked(Mesh(*(arrays.get(f"mesh.{name}") for name in _MESH)))  # type: ignore[arg-type]
        boxes = None
        if "boxes.element" in arrays:
            boxes = Boxes(*(arrays[f"boxes.{name}"] for name in _BOXES))
        if len(mesh.element) and not 0 <= mesh.element.min() <= mesh.element.max() < elements:
            raise Damaged(f"{folder.name}: an element outside")
        return Part(said["role"], mesh, int(said["rank"]), boxes)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(f"{folder.name}: {error}") from error


def load_chart(folder: Path, said: Said) -> Occlusion:
    """Map a map of what stands; raise `Damaged` as `load_part` does."""
    try:
        arrays = _mapped(folder, said)
        x0, y0, cell = (float(number) for number in said["corner"])
        return Occlusion(x0, y0, cell, *(arrays[name] for name in _CHART))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{folder.name}: {error}") from error


def _mapped(folder: Path, said: Said) -> dict[str, Array]:
    """Return the arrays of a part, after a look at every byte."""
    name = str(said["file"])
    if Path(name).name != name:
        raise Damaged(f"'{name}' is not a file of the folder")
    raw = np.memmap(folder / name, np.uint8, "r", int(said["start"]), (int(said["size"]),))
    if zlib.crc32(raw.data) != said["check"]:
        raise Damaged(f"{folder.name}: its bytes have changed")
    found = {}
    for key, (kind, shape, at) in said["arrays"].items():
        count = int(np.prod(shape)) * np.dtype(kind).itemsize
        found[key] = np.asarray(raw[at : at + count]).view(kind).reshape(shape)
    return found


# ---------------------------------------------------------------------------------- handing layers
def hand(layer: Layer, folder: Path) -> None:
    """Write what a layer's parts are made from into a folder, for another process."""
    folder.mkdir(parents=True)
    geometry = layer.geometry
    assert geometry is not None
    for name in _SHAPES:
        np.save(folder / f"{name}.npy", getattr(geometry, name))
    if geometry.semantics is not None:
        np.save(folder / "semantics.npy", geometry.semantics)
    columns = {name: layer.attributes[name] for name in SHAPING if layer.has(name)}
    table = pa.table({"id": pa.nulls(len(layer), pa.int8()), **columns})
    with (
        pa.OSFile(str(folder / "columns.arrow"), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        writer.write_table(table)
    said = {"id": layer.id, "kind": layer.kind, "shapes": geometry.kind}
    (folder / "layer.json").write_text(json.dumps(said), encoding="utf-8")


def handed(folder: Path) -> Layer:
    """Return a layer that was handed over."""
    said = json.loads((folder / "layer.json").read_text(encoding="utf-8"))
    with pa.memory_map(str(folder / "columns.arrow")) as source:
        table = pa.ipc.open_file(source).read_all()
    coords, rings, parts, elements = (_mapped_npy(folder / f"{name}.npy") for name in _SHAPES)
    meanings = folder / "semantics.npy"
    semantics = _mapped_npy(meanings) if meanings.exists() else None
    geometry = Geometry(said["shapes"], coords, rings, parts, elements, semantics)
    return Layer(said["id"], said["id"], said["kind"], table, geometry)


def _mapped_npy(path: Path) -> Array:
    try:
        return np.asarray(np.load(path, mmap_mode="r"))
    except ValueError:  # an empty file cannot be mapped
        return np.asarray(np.load(path))
