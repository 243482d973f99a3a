"""Electric vehicles: a charger's schedule as a curve of its power, and what stays ended with."""

import math
from datetime import datetime
from pathlib import Path

from twinview.energy.fleet import charge, one_charger
from twinview.energy.schedules import Stay
from twinview.energy.vehicle_accounts import stays_told
from twinview.exporters.stays import stays_table
from twinview.exporters.table_files import content_job
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.scenario import AddCharger
from twinview.model.time import format_instant
from twinview.model.twin import Twin
from twinview.progress import Job, Progress
from twinview.scene.numbers import NOTHING, number
from twinview.session.answer import Answer
from twinview.session.charging import instants_of, read_schedule, step_of
from twinview.session.choices import made
from twinview.session.command import command
from twinview.session.files import atomic_write
from twinview.session.filing import filed
from twinview.session.store import Session
from twinview.session.told import Written

WORDS = {"rule": "charging", "power_kw": "kw", "efficiency": "eta_charge"}
"""Arguments of a plan, and the settings of a charger that they stand for."""


@command("fleet.plan", N_("Charging plan of electric vehicles..."), menu=N_("Compute"))
def plan(
    _session: Session,
    schedule: Path,
    curve: Path,
    power_kw: float,
    start: datetime,
    rule: str = "at_once",
    step_hours: float = 1.0,
    efficiency: float = 1.0,
) -> Answer:
    """Make a curve of a charger's power from its schedule (CityLearn CSV), to be added as data."""
    values = {"kw": power_kw, "charging": rule, "eta_charge": efficiency, "at": (), "stays": ()}
    settings = made(AddCharger, values, WORDS)
    hours, read = step_of(str(step_hours)), read_schedule(schedule)
    charger = one_charger(settings.kw, rule=settings.charging, eta=settings.eta_charge)
    done = charge(read.slots, read.steps, charger, hours)
    instants = instants_of(read, start, hours)
    lines = [f"time,{schedule.stem} [kW]"]
    lines += [f"{at},{kw:.6g}" for at, kw in zip(instants, done.power, strict=True)]
    try:
        atomic_write(curve, ("\n".join(lines) + "\n").encode())
    except OSError as error:
        raise CommandError(_("{path}: {why}.", path=curve, why=error.strerror or error)) from error
    short = [k for k in range(len(read.slots)) if done.missing[k] > 0]
    rows = (
        (_("Stays"), number(len(read.slots)), ""),
        (_("Steps"), number(read.steps), ""),
        (_("Charged"), number(float(done.power.sum()) * hours, 4), "kWh"),
        (_("Stays that end short of what they want"), number(len(short)), ""),
        (_("Short in all"), number(float(done.missing.sum()), 4), "kWh"),
    )
    columns = ("", ">" + _("value"), _("unit"))
    return Answer(curve.name, columns, rows, _remark(read.slots, short))


def _remark(stays: tuple[Stay, ...], short: list[int]) -> tuple[str, ...]:
    if not short:
        return ()
    first = stays[short[0]]
    return (
        _(
            "The first that leaves short is {vehicle}, at steps {begin} to {end}.",
            vehicle=first.vehicle,
            begin=first.arrive,
            end=first.depart,
        ),
    )


@command("fleet.stays", N_("Stays of electric vehicles..."), menu=N_("Compute"))
def stays(session: Session) -> Job[Answer]:
    """List the stays that ended within what is computed, with the energy and carbon that each
    vehicle left with; all stays where nothing is computed."""
    twin = session.state.twin
    yield Progress(0.0)
    told = stays_told(twin)
    known = [one for one in told if not math.isnan(one.left)]
    rows = tuple(
        (
            one.vehicle,
            one.charger,
            *(_clock(end, twin.time.tz) for end in (one.arrive, one.depart)),
            *(_text(value) for value in (one.arrived, one.charged, one.left, one.carbon)),
            _text(one.intensity),
        )
        for one in known or told
    )
    columns = (
        _("Vehicle"), _("Charger"), _("Arrives"), _("Leaves"), ">" + _("arrived, kWh"),
        ">" + _("charged, kWh"), ">" + _("left, kWh"), ">" + _("left, kg CO2"), ">g/kWh",
    )  # fmt: skip
    remark = _(
        "{count} of {all} stays ended within what is computed; their vehicles took {energy} kWh "
        "and {carbon} kg CO2 with them.",
        count=len(known),
        all=len(told),
        energy=number(sum(one.left for one in known), 4),
        carbon=number(sum(one.carbon for one in known), 4),
    )
    title = f"{_('Stays of electric vehicles')}, {twin.time.tz}"
    return Answer(title, columns, rows, (remark,))


def _clock(seconds: int, tz: str) -> str:
    """Return an instant as date and time of the zone that the title names."""
    return format_instant(seconds, tz)[:16].replace("T", " ")


def _text(value: float) -> str:
    return NOTHING if math.isnan(value) else number(value, 4)


@command("export.stays", N_("Stays of electric vehicles..."), menu=N_("Export"))
def export(session: Session, path: Path) -> Job[Written | None]:
    """Write the stays of vehicles with what each left with, with units: CSV or Parquet."""
    return _export(session, session.state.twin, path)


def _export(session: Session, twin: Twin, path: Path) -> Job[Written | None]:
    yield Progress(0.0)
    content = stays_table(twin, stays_told(twin))
    return (yield from filed(session, path, content_job, content))
