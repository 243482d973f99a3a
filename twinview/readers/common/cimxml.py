"""CIM in RDF/XML: things by id, with their attributes and references, from one or more files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from twinview.i18n import _
from twinview.readers.registry import ReadError

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DEEPEST = 64
_LARGEST = 1 << 30
_PIECE = 1 << 20


@dataclass(eq=False)
class Thing:
    """An object of the model.

    Parameters
    ----------
    id
        Its id (mRID).
    kind
        Its class, such as ``ACLineSegment``.
    values
        Texts, and ids of what it refers to, by ``Class.attribute``; of repeated ones the last.
    """

    id: str
    kind: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name, or its id where it has none."""
        return self.values.get("IdentifiedObject.name", "").strip() or self.id

    def number(self, key: str, default: float = 0.0) -> float:
        """Return an attribute as a number, `default` where it is missing or none."""
        try:
            value = float(self.values.get(key, ""))
        except ValueError:
            return default
        return value if abs(value) < float("inf") else default

    def flag(self, key: str, default: bool) -> bool:
        """Return an attribute as yes or no, `default` where it is missing."""
        return {"true": True, "false": False}.get(self.values.get(key, "").lower(), default)


class Model:
    """All things of some files; those of one id are one thing."""

    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}

    def of(self, *kinds: str) -> Iterator[Thing]:
        """Yield the things of some classes, in the order of the files."""
        return (one for one in self.things.values() if one.kind in kinds)

    def at(self, thing: Thing, key: str) -> Thing | None:
        """Return the thing that an attribute refers to."""
        return self.things.get(thing.values.get(key, ""))

    def counts(self) -> Mapping[str, int]:
        """Return how many things there are of each class."""
        found: dict[str, int] = {}
        for one in self.things.values():
            found[one.kind] = found.get(one.kind, 0) + 1
        return found


def load(path: Path, model: Model) -> None:
    """Add the things of a file to a model.

    Parameters
    ----------
    path
        The file.
    model
        Is added to.

    Raises
    ------
    ReadError
        For a file with a document type, one that is nested deep, and one that is no proper XML.
    """
    if path.stat().st_size > _LARGEST:
        raise ReadError(_("{file} is larger than 1 GB; it is not read.", file=path.name))
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    reading = _Reading(path, model)
    parser.StartDoctypeDeclHandler = reading.refuse
    parser.StartElementHandler = reading.start
    parser.CharacterDataHandler = reading.text
    parser.EndElementHandler = reading.end
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ReadError(
            _(
                "{file} is no proper XML or ends early (line {line}); nothing was kept. "
                "Export it again from the program it comes from.",
                file=path.name,
                line=error.lineno,
            )
        ) from error


class _Reading:
    """What is known while a file is read: the open thing and the open attribute."""

    def __init__(self, path: Path, model: Model) -> None:
        self.path, self.model = path, model
        self.depth = 0
        self.thing: Thing | None = None
        self.key = ""
        self.piece: list[str] = []

    def refuse(self, *_said: object) -> None:
        raise ReadError(
            _(
                "{file} is not opened: it carries a document type, which can hold entities and "
                "addresses. Export it again without.",
                file=self.path.name,
            )
        )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ReadError(
                _("{file} is nested too deep to be genuine; nothing of it was read.",
                  file=self.path.name)
            )  # fmt: skip
        tag = name.rsplit(" ", maxsplit=1)[-1]
        if self.depth == 2:
            known = attributes.get(f"{_RDF} ID") or attributes.get(f"{_RDF} about") or ""
            key = _bare(known)
            self.thing = self.model.things.setdefault(key, Thing(key, tag)) if key else None
        elif self.depth == 3 and self.thing is not None:
            self.key, self.piece = tag, []
            target = attributes.get(f"{_RDF} resource")
            if target is not None:
                self.thing.values[tag] = _bare(target)
                self.key = ""

    def text(self, data: str) -> None:
        if self.key:
            self.piece.append(data)

    def end(self, _name: str) -> None:
        if self.depth == 3 and self.key and self.thing is not None:
            self.thing.values[self.key] = "".join(self.piece).strip()
            self.key = ""
        self.depth -= 1


def _bare(text: str) -> str:
    """Return an id without the sign of a reference, an enumeration without its address."""
    return text.removeprefix("urn:uuid:").rsplit("#", maxsplit=1)[-1]
