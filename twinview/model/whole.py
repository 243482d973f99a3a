"""Series of the whole district: weather, and the carbon of what the outer grid delivers."""

from collections.abc import Iterable, Sequence

from twinview.i18n import _
from twinview.model.join import Join
from twinview.model.part import Table
from twinview.model.problem import Problem
from twinview.model.quantities import factor, quantities
from twinview.model.series import Dense, Meaning, Series
from twinview.model.twin import DISTRICT

IMPORT = "import_intensity"


def of_whole(tables: Sequence[Table], joins: Sequence[Join]) -> tuple[list[Series], list[Problem]]:
    """Return the series of the whole district that tables hold, and what was assumed."""
    weather, said = of_district(tables)
    imports, more = of_imports(tables, joins)
    return [*weather, *imports], [*said, *more]


def of_district(tables: Iterable[Table]) -> tuple[list[Series], list[Problem]]:
    """Return the columns of tables that say that they are quantities of the district.

    Of two tables with the same quantity the later one counts, and it is said.
    """
    made: dict[str, Series] = {}
    problems: list[Problem] = []
    for table in tables:
        if table.layer != DISTRICT:
            continue
        twice = sorted(made.keys() & set(table.columns))
        if twice:
            message = _(
                "'{table}' gives {quantities} once more; the earlier values are not used.",
                table=table.title,
                quantities=", ".join(twice),
            )
            fix = _("Remove one of the files from the project.")
            problems.append(Problem("warning", "district.twice", message, fix))
        for k, name in enumerate(table.columns):
            times = factor(table.units[k], quantities()[name].unit)
            meaning = _meaning(name, table)
            made[name] = Dense(meaning, table.time, table.values[:, k : k + 1] * times)
    return list(made.values()), problems


def of_imports(
    tables: Iterable[Table], joins: Sequence[Join]
) -> tuple[list[Series], list[Problem]]:
    """Return the carbon intensity of the outer grid: a table of one such column that none joins.

    Where several tables are so, none is taken, and it is said.
    """
    taken = {join.table for join in joins}
    found = [t for t in tables if t.id not in taken and t.layer != DISTRICT and _carbon(t)]
    if not found:
        return [], []
    if len(found) > 1:
        message = _(
            "{tables} could each be the carbon intensity of the imports; none was taken.",
            tables=", ".join(f"'{one.title}'" for one in found),
        )
        return [], [Problem("warning", "imports.several", message, _("Leave one of them."))]
    (table,) = found
    unit = quantities()[IMPORT].unit
    series = Dense(
        _meaning(IMPORT, table), table.time, table.values * factor(table.units[0] or unit, unit)
    )
    message = _("'{table}' is taken for the carbon intensity of imports.", table=table.title)
    return [series], [Problem("info", "imports.series", message)]


def _carbon(table: Table) -> bool:
    if len(table.columns) != 1 or table.time.static:
        return False
    try:
        factor(table.units[0] or "?", quantities()[IMPORT].unit)
    except ValueError:
        return table.quantity == "carbon_intensity" and not table.units[0]
    return True


def _meaning(quantity: str, table: Table) -> Meaning:
    unit = quantities()[quantity].unit
    return Meaning(DISTRICT, quantity, unit, origin=table.origin, source=table.title)
