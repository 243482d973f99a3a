"""Scenarios: named changes over a base, as they stand in a project file."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from twinview.i18n import _
from twinview.model.kept import Kept
from twinview.model.problem import Problem
from twinview.model.stays import stay_of
from twinview.model.twin import BASE

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, le=1)]
Ids = tuple[str, ...]


class Scale(Kept):
    """Multiply a quantity of a layer's elements.

    Parameters
    ----------
    layer
        Id of a layer, or a component of the grid such as ``sym_load``.
    quantity
        What is multiplied.
    ids
        Elements, or the buildings or nodes that they name; empty for all.
    by
        The factor.
    """

    kind: Literal["scale"] = "scale"
    layer: str
    quantity: str = "power"
    ids: Ids = ()
    by: NotNegative


class AddPv(Kept):
    """Put photovoltaic generators on buildings, or at nodes.

    Parameters
    ----------
    at
        Buildings or nodes.
    kwp
        Installed power of each in kW.
    profile
        Profile, or generator, whose yield they have; empty for the mean of the district's.
    """

    kind: Literal["add_pv"] = "add_pv"
    at: Ids
    kwp: Positive
    profile: str = ""


class AddStorage(Kept):
    """Put batteries into buildings, or at nodes.

    Parameters
    ----------
    at
        Buildings or nodes.
    kwh, kw
        Capacity and power of each.
    eta_charge, eta_discharge
        Efficiencies; None for the median of the district's stores.
    """

    kind: Literal["add_storage"] = "add_storage"
    at: Ids
    kwh: Positive
    kw: Positive
    eta_charge: Share | None = None
    eta_discharge: Share | None = None


def _stays(texts: Ids) -> Ids:
    """Return stays as they were written, if they make sense and are one after the other."""
    known = sorted((stay_of(text) for text in texts), key=lambda one: one.arrive)
    for one, other in pairwise(known):
        if other.arrive < one.depart:
            raise ValueError(
                _("'{other}' comes before '{one}' has left", one=one.vehicle, other=other.vehicle)
            )
    return texts


class AddCharger(Kept):
    """Put chargers into buildings, or at nodes, to which vehicles come and go.

    Parameters
    ----------
    at
        Buildings or nodes; each gets a charger with these stays.
    kw, discharge_kw
        Most power when charging, and when a vehicle gives.
    stays
        Who comes, each as a line of `stays.Stay`.
    charging
        With full power ``at_once`` or ``evenly`` until departure; stays with a plan follow it.
    eta_charge, eta_discharge
        Efficiencies.
    standing_loss_per_hour
        Share of the content that a vehicle loses in an hour.
    g_per_kwh
        Carbon of what vehicles bring; None for the assumption of the project.
    """

    kind: Literal["add_charger"] = "add_charger"
    at: Ids
    kw: Positive
    stays: Annotated[Ids, AfterValidator(_stays)]
    charging: Literal["at_once", "evenly"] = "at_once"
    discharge_kw: NotNegative = 0.0
    eta_charge: Share = 1.0
    eta_discharge: Share = 1.0
    standing_loss_per_hour: Annotated[float, Field(ge=0, lt=1)] = 0.0
    g_per_kwh: NotNegative | None = None


class Factor(Kept):
    """Give imports, or generators, another carbon intensity: by exactly one of the last three.

    Parameters
    ----------
    of
        ``import`` or ``generation``.
    ids
        Sources or generators; empty for all.
    by
        Multiplies what there is.
    g_per_kwh
        The intensity at all times.
    book
        Name in the factor book as REGION:KIND:YEAR.
    """

    kind: Literal["factor"] = "factor"
    of: Literal["import", "generation"] = "import"
    ids: Ids = ()
    by: NotNegative | None = None
    g_per_kwh: NotNegative | None = None
    book: str | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> "Factor":
        if sum(one is not None for one in (self.by, self.g_per_kwh, self.book)) != 1:
            raise ValueError("give exactly one of 'by', 'g_per_kwh' and 'book'")
        return self


class Switch(Kept):
    """Open or close branches of the grid at both ends."""

    kind: Literal["switch"] = "switch"
    ids: Ids
    closed: bool


class Set(Kept):
    """Give elements of a layer another attribute; `ids` empty for all."""

    kind: Literal["set"] = "set"
    layer: str
    column: str
    ids: Ids = ()
    value: bool | int | float | str


class Unread(Kept):
    """A change that this version cannot apply: of another kind, or damaged. Kept as it is."""

    kind: str = ""


Known = Scale | AddPv | AddStorage | AddCharger | Factor | Switch | Set
_KNOWN: TypeAdapter[Known] = TypeAdapter(Annotated[Known, Field(discriminator="kind")])


def _tolerant(value: Any, _union: ValidatorFunctionWrapHandler) -> Known | Unread:
    """Return a change as its own type, and as unread what is none."""
    try:
        return _KNOWN.validate_python(value)
    except ValidationError:
        return Unread.model_validate(value)


Change = Annotated[Known | Unread, WrapValidator(_tolerant)]


class Scenario(Kept):
    """Named changes over a base.

    Parameters
    ----------
    id
        Unique within the project; never ``base``.
    title
        What a reader sees.
    parent
        Id of the scenario that it changes.
    changes
        In the order in which they are made.
    """

    id: str = ""
    title: str = ""
    parent: str = BASE
    changes: tuple[Change, ...] = ()

    @property
    def name(self) -> str:
        """Title, else id."""
        return self.title or self.id


def why_unread(change: Unread) -> str:
    """Return in a few words why a change cannot be applied."""
    try:
        _KNOWN.validate_python(change.model_dump())
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"].startswith("union_tag"):
            return _("its kind '{kind}' is not known", kind=change.kind)
        place = ".".join(str(step) for step in first["loc"][1:])
        return _("'{place}' does not fit: {why}", place=place or change.kind, why=first["msg"])
    return ""


def find(scenarios: Sequence[Scenario], id_: str) -> Scenario | None:
    """Return the scenario of an id; the first where two have it."""
    return next((one for one in scenarios if one.id == id_), None)


def chain(scenarios: Sequence[Scenario], id_: str) -> tuple[tuple[Scenario, ...], list[Problem]]:
    """Return a scenario and those it stands on, the lowest first; the base is not among them.

    Where a parent is missing, or a scenario stands on itself, the chain begins above that place.
    """
    found: list[Scenario] = []
    problems: list[Problem] = []
    wanted = id_
    while wanted != BASE:
        one = find(scenarios, wanted)
        if one is None or one in found:
            problems.append(_broken(found[-1] if found else None, wanted, circle=one is not None))
            break
        found.append(one)
        wanted = one.parent
    return tuple(reversed(found)), problems


def _broken(child: Scenario | None, parent: str, circle: bool) -> Problem:
    name = child.name if child is not None else parent
    if circle:
        text = _(
            "Scenario '{name}' stands on '{parent}', which stands on it again; it was put on the "
            "base.",
            name=name,
            parent=parent,
        )
        return Problem("error", "scenario.circle", text, _("Give one of them another parent."))
    text = _(
        "Scenario '{name}' stands on '{parent}', which is not there; it was put on the base.",
        name=name,
        parent=parent,
    )
    return Problem("error", "scenario.parent", text, _("Give it another parent."))


def misnamed(scenarios: Sequence[Scenario]) -> list[Problem]:
    """Return problems of scenarios that cannot be told apart by their ids."""
    problems = []
    for k, one in enumerate(scenarios):
        if not one.id or one.id == BASE or find(scenarios, one.id) is not one:
            problems.append(
                Problem(
                    "error",
                    "scenario.id",
                    _(
                        "Scenario {k} '{name}' was left out: its id '{id}' is empty, taken or that "
                        "of the base.",
                        k=k + 1,
                        name=one.title,
                        id=one.id,
                    ),
                    _("Give it an id of its own in the project file."),
                )
            )
    return problems


def usable(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Return the scenarios that have an id of their own."""
    return tuple(
        one for one in scenarios if one.id and one.id != BASE and find(scenarios, one.id) is one
    )


def free_id(scenarios: Sequence[Scenario], title: str) -> str:
    """Return an id for a new scenario: its title in small letters, with a number where taken."""
    letters = "".join(c if c.isalnum() and c.isascii() else " " for c in title.lower())
    stem = "-".join(letters.split()) or "scenario"
    taken = {BASE, *(one.id for one in scenarios)}
    names = (stem if k == 1 else f"{stem}-{k}" for k in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
