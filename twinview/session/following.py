"""What names a layer follows it where its file has another name now."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from twinview.model.collecting import Collected
from twinview.model.join import Join
from twinview.model.scenario import Change, Scale, Scenario, Set
from twinview.model.twin import Twin
from twinview.readers.common.kinds_told import kinds_text, told
from twinview.scene.view import View
from twinview.session.project import Project, Source

Names = Mapping[str, str]
"""Ids that layers and tables have now, by those that they had."""
NO_NAMES: Names = MappingProxyType({})
_STYLED = "attribute:"
"""Before the layer and the column in the name of a style of an attribute."""


def names_after(
    collected: Collected, sources: Collection[Source], moved: Mapping[str, Path]
) -> Names:
    """Return the ids of layers and tables that were made of the names of files.

    Parameters
    ----------
    collected
        What the files hold now.
    sources
        The project's, as they were.
    moved
        The new file of each that has one, by its id.
    """
    owned = [(one.id, one.source) for one in collected.layers]
    owned += collected.owners.items()
    held = {id_ for id_, _source in owned}
    stems = {one.id: (Path(one.path).stem, moved[one.id].stem) for one in sources
             if one.id in moved}  # fmt: skip
    names: dict[str, str] = {}
    for now, source in owned:
        if source in stems:
            for before in _before(now, source, *stems[source]):
                if before not in held:
                    names.setdefault(before, now)
    return names


def _before(now: str, source: str, old: str, new: str) -> list[str]:
    """Return the ids that may have been there before a file of another name: see `collect`."""
    bare = now.removeprefix(f"{source}.") if now != new else now
    if bare != new and not bare.startswith(f"{new}-"):
        return []
    was = old + bare.removeprefix(new)
    return [was, f"{source}.{was}"]


def turned(names: Names) -> Names:
    """Return the way back: old ids by new ones.

    Of several old ids that one new id may stand for, the first and simplest is taken.
    """
    return {now: before for before, now in reversed(list(names.items()))}


def told_of_both(source: Source, file: Path) -> Source:
    """Return a source whose kinds are told of layers by their old and by their new names.

    Which of them its new file holds is known when it is read; see `told_of_held`.
    """
    kinds = told(source.options.get("kind"))
    names = _renamed(source, file, kinds)
    return _telling(source, {**{names[one]: kinds[one] for one in names}, **kinds})


def told_of_held(source: Source, file: Path, held: AbstractSet[str]) -> Source:
    """Return a source whose kinds are told of layers by the names that they have now.

    Parameters
    ----------
    source
        As it was.
    file
        Its new file.
    held
        Names of the layers in it.
    """
    kinds = told(source.options.get("kind"))
    names = _renamed(source, file, kinds)
    if held.isdisjoint(names.values()):
        return source
    return _telling(source, {names.get(layer, layer): kind for layer, kind in kinds.items()})


def _renamed(source: Source, file: Path, layers: Collection[str]) -> dict[str, str]:
    """Return the names that layers called like a source's file have after its new one."""
    old, new = Path(source.path).stem, file.stem
    own = [one for one in layers if one == old or one.startswith(f"{old}-")]
    return {one: new + one.removeprefix(old) for one in own if old != new}


def _telling(source: Source, kinds: Mapping[str, str]) -> Source:
    if not kinds:
        return source
    return source.model_copy(update={"options": {**source.options, "kind": kinds_text(kinds)}})


def following(project: Project, names: Names) -> Project:
    """Return a project in which whatever names a layer or a table has its new name.

    Parameters
    ----------
    project
        As it was.
    names
        New ids by old ones.
    """
    if not names:
        return project
    joins = project.joins
    said = {
        "joins": None if joins is None else tuple(_join(one, names) for one in joins),
        "layers": {names.get(key, key): one for key, one in project.layers.items()},
        "order": tuple(names.get(one, one) for one in project.order),
        "styles": {_style(key, names): one for key, one in project.styles.items()},
        "scenarios": tuple(_scenario(one, names) for one in project.scenarios),
        "taken_metered": tuple((names.get(one, one), q) for one, q in project.taken_metered),
    }
    return project.model_copy(update=said)


def taken_too(project: Project, twin: Twin) -> Project:
    """Return a project that knows what the base case was taken for metered by."""
    taken = tuple(sorted({*project.taken_metered, *twin.taken}))
    known = taken == project.taken_metered
    return project if known else project.model_copy(update={"taken_metered": taken})


def view_following(view: View, names: Names) -> View:
    """Return a view that hides, selects, measures and colours what it did, by the new names."""
    if not names:
        return view
    return replace(
        view,
        hidden=frozenset(names.get(one, one) for one in view.hidden),
        selection=tuple((names.get(layer, layer), id_) for layer, id_ in view.selection),
        attribute=_column(view.attribute, names),
        measures=tuple(
            one if one.element is None
            else replace(one, element=(names.get(one.element[0], one.element[0]), one.element[1]))
            for one in view.measures
        ),
        pins=tuple((names.get(layer, layer), id_) for layer, id_ in view.pins),
    )  # fmt: skip


def _join(one: Join, names: Names) -> Join:
    return replace(
        one, table=names.get(one.table, one.table), layer=names.get(one.layer, one.layer)
    )


def _style(key: str, names: Names) -> str:
    if not key.startswith(_STYLED):
        return key
    return _STYLED + _column(key.removeprefix(_STYLED), names)


def _column(text: str, names: Names) -> str:
    """Return ``layer.column`` with the layer's new name; both may have dots in them."""
    known = [one for one in names if text.startswith(f"{one}.")]
    old = max(known, key=len, default="")
    return names[old] + text.removeprefix(old) if old else text


def _scenario(one: Scenario, names: Names) -> Scenario:
    changes = tuple(_change(change, names) for change in one.changes)
    return one if changes == one.changes else one.model_copy(update={"changes": changes})


def _change(one: Change, names: Names) -> Change:
    if isinstance(one, Scale | Set) and one.layer in names:
        return one.model_copy(update={"layer": names[one.layer]})
    return one
