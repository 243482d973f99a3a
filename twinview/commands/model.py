"""Model what nobody measured: the demand of buildings, and the sun on their roofs."""

from pathlib import Path
from typing import Any, TypeVar

from twinview.energy.demand import read_archetypes
from twinview.energy.solar import best_sky
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.progress import Job, Progress
from twinview.session.answers import choices_in
from twinview.session.choices import made
from twinview.session.command import command
from twinview.session.modelling import modelled
from twinview.session.models import DemandModel, SolarModel
from twinview.session.project import Settings
from twinview.session.results import attach
from twinview.session.store import Edited, Session
from twinview.session.when import days_in

Made = TypeVar("Made", DemandModel, SolarModel)
WORDS = {
    "demand": {
        "year": "year", "tz": "tz", "step": "step_minutes", "use": "use_column", "codes": "codes",
        "otherwise": "otherwise", "storeys": "storeys", "holidays": "holidays", "table": "own",
    },
    "solar": {
        "column": "column", "density": "density", "pitched": "pitched_share",
        "flat": "flat_share", "losses": "losses", "sky": "sky",
    },
}  # fmt: skip
"""Words of the choices of each model, and the settings that they stand for."""
CLEARED = {"all": ("demand", "solar"), "demand": ("demand",), "solar": ("solar",)}


@command("model.demand", N_("Model the demand..."), menu=N_("Compute"), icon="fa6s.house-signal")
def demand(session: Session, climate: str, choices: str = "") -> Job[Edited]:
    """Model the electricity of buildings from archetypes of a climate; behind it may stand choices
    such as otherwise=residential;storeys=4;year=2023;tz=Europe/Berlin.

    Parameters
    ----------
    session
        The store.
    climate
        Zone of the table of archetypes.
    choices
        Written ``year=2023;tz=Europe/Berlin;...``: year, tz and step (minutes) of the profiles;
        use (column) and codes (alkis or citygml); otherwise (use) and storeys of buildings that say
        none; holidays (days with commas between); table (a CSV file of your own archetypes).
    """
    said = _choices("demand", choices)
    if "holidays" in said:
        said["holidays"] = days_in(said["holidays"])
    if "own" in said:
        path = Path(said["own"]).expanduser()
        said |= {"own": _own(path), "own_from": path.name}
    return _with(session, "demand", _made("demand", DemandModel, {"climate": climate, **said}))


@command("model.solar", N_("Model solar roofs..."), menu=N_("Compute"), icon="fa6s.solar-panel")
def solar(session: Session, plants: str, choices: str = "") -> Job[Edited]:
    """Model the sun on roofs, with plants on none, all or those known of them; behind it may stand
    choices such as density=0.2;losses=0.14.

    Parameters
    ----------
    session
        The store.
    plants
        none shows the potential only; all puts modules on every roof that suits; known takes the
        peak power from a column.
    choices
        Written ``density=0.2;losses=0.14;...``: column of the peak power (kW), density (kW/m2),
        pitched and flat (share of a roof that modules cover), losses (share), sky (isotropic,
        hay_davies or perez; by default the best that is installed).
    """
    said = {"sky": best_sky(), **_choices("solar", choices)}
    return _with(session, "solar", _made("solar", SolarModel, {"plants": plants, **said}))


@command("model.clear", N_("Clear the models"), menu=N_("Compute"), icon="fa6s.eraser")
def clear(session: Session, what: str = "all") -> Job[Edited]:
    """Take modelled series away: of the demand, of solar roofs, or all.

    Parameters
    ----------
    session
        The store.
    what
        demand, solar or all.
    """
    if what not in CLEARED:
        raise CommandError(
            _("There is no model '{what}'; there are {known}.", what=what, known=", ".join(CLEARED))
        )
    settings = session.state.project.settings
    return _edited(session, settings.model_copy(update=dict.fromkeys(CLEARED[what])))


def _with(session: Session, name: str, model: DemandModel | SolarModel) -> Job[Edited]:
    settings = session.state.project.settings
    return _edited(session, settings.model_copy(update={name: model}))


def _edited(session: Session, settings: Settings) -> Job[Edited]:
    state = session.state
    yield Progress(0.1, _("Modelling"))
    twin = modelled(state.base, settings, state.project.holidays, strict=True)
    project = state.project.model_copy(update={"settings": settings})
    return Edited(project, attach(twin, project, state.path))


def _choices(model: str, text: str) -> dict[str, Any]:
    """Return the settings that a text of choices names."""
    words = WORDS[model]
    return {words[word]: value for word, value in choices_in(text, words).items()}


def _made(name: str, kind: type[Made], said: dict[str, Any]) -> Made:
    return made(kind, said, WORDS[name])


def _own(path: Path) -> list[Any]:
    """Read the user's archetypes; they become part of the project."""
    try:
        return list(read_archetypes(path))
    except OSError as error:
        raise CommandError(
            _("{path} could not be read: {why}.", path=path, why=error.strerror or error)
        ) from error
    except ValueError as error:
        raise CommandError(
            _(
                "{why}. A table of archetypes is a CSV file with the columns use, climate, "
                "carrier, value, per, source, verified.",
                why=error,
            )
        ) from error
