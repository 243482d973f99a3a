"""Changes of a scenario as a reader sees them."""

from collections.abc import Sequence

from twinview.i18n import _, language
from twinview.model.quantities import quantities
from twinview.model.scenario import (
    AddCharger,
    AddPv,
    AddStorage,
    Change,
    Factor,
    Scale,
    Set,
    Switch,
    Unread,
)
from twinview.model.twin import Twin, power_grid


def sentence(change: Change, twin: Twin) -> str:
    """Return what a change does, in a few words.

    Parameters
    ----------
    change
        One of a scenario.
    twin
        The district, for the titles of its layers.
    """
    match change:
        case Scale():
            text = _scaled(change, twin)
        case AddPv() | AddStorage() | AddCharger():
            text = _added(change, twin)
        case Factor():
            text = _intensity(change, twin)
        case Switch():
            what = _elements(change.ids, twin)
            text = _("{what} closed", what=what) if change.closed else _("{what} opened", what=what)
        case Set():
            what = f"{_title(change.layer, twin)} ({_elements(change.ids, twin)})"
            text = _("{what}: {column} = {value}", what=what, column=change.column,
                     value=change.value)  # fmt: skip
        case Unread():
            text = _("a change of the kind '{kind}'", kind=change.kind)
    return text


def _added(change: AddPv | AddStorage | AddCharger, twin: Twin) -> str:
    where = _at(change.at, twin)
    match change:
        case AddPv():
            return _("photovoltaics of {kwp:g} kW {where}", kwp=change.kwp, where=where)
        case AddStorage():
            size = {"kwh": change.kwh, "kw": change.kw}
            return _("storage of {kwh:g} kWh, {kw:g} kW {where}", **size, where=where)
        case AddCharger():
            much = {"kw": change.kw, "count": len(change.stays)}
            return _("a charger of {kw:g} kW for {count} stays {where}", **much, where=where)


def _scaled(change: Scale, twin: Twin) -> str:
    known = quantities().get(change.quantity)
    title = _(known.title) if known is not None else change.quantity
    what = f"{_title(change.layer, twin)} ({_elements(change.ids, twin)})"
    return _("{what}: {quantity} × {by:g}", what=what, quantity=title, by=change.by)


def _intensity(change: Factor, twin: Twin) -> str:
    what = _("intensity of imports") if change.of == "import" else _("intensity of generators")
    if change.ids:
        what = f"{what} ({_elements(change.ids, twin)})"
    if change.by is not None:
        return f"{what} × {change.by:g}"
    if change.book is not None:
        return f"{what} = {change.book}"
    return f"{what} = {change.g_per_kwh:g} g/kWh"


def _title(name: str, twin: Twin) -> str:
    grid = power_grid(twin)
    layer = twin.layers.get(name) or twin.layers.get(grid.tables.get(name, "") if grid else "")
    return _(layer.title) if layer is not None else name


def _called(id_: str, twin: Twin) -> str:
    """Return the name of an element in the language in use; its id where it has none."""
    for layer in twin.layers.values():
        columns = [one for one in (f"name_{language()[:2]}", "name") if layer.has(one)]
        if columns and id_ in layer.row_of:
            row = layer.row_of[id_]
            names = (layer.attributes[one][row].as_py() for one in columns)
            return next((str(one) for one in names if one), id_)
    return id_


def _elements(ids: Sequence[str], twin: Twin) -> str:
    if not ids:
        return _("all")
    return _called(ids[0], twin) if len(ids) == 1 else _("{count} elements", count=len(ids))


def _at(ids: Sequence[str], twin: Twin) -> str:
    if len(ids) == 1:
        return _("at {place}", place=_called(ids[0], twin))
    return _("at each of {count} places", count=len(ids))
