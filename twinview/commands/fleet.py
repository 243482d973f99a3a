"""Electric vehicles: a charger's schedule becomes a curve of its power."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from twinview.energy.fleet import Stay, charge, read_charger
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.readers.common.texts import decode
from twinview.scene.numbers import number
from twinview.session.answer import Answer
from twinview.session.command import command
from twinview.session.files import atomic_write
from twinview.session.store import Session

RULES = ("at_once", "evenly")


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
    if rule not in RULES:
        raise CommandError(
            _("Vehicles charge {known}, not '{rule}'.", known=", ".join(RULES), rule=rule)
        )
    try:
        stays, steps = read_charger(decode(schedule.read_bytes())[0], schedule.name)
        done = charge(
            stays, steps, power_kw, rule="evenly" if rule == "evenly" else "at_once",
            eta=efficiency, step_hours=step_hours,
        )  # fmt: skip
        lines = [f"time,{schedule.stem} [kW]"]
        begin = start.astimezone(UTC)  # clocks that change must not move the hours
        moments = (begin + timedelta(hours=step_hours * k) for k in range(steps))
        lines += [f"{at.isoformat()},{kw:.6g}" for at, kw in zip(moments, done.power, strict=True)]
        atomic_write(curve, ("\n".join(lines) + "\n").encode())
    except OSError as error:
        name = error.filename or schedule
        raise CommandError(_("{path}: {why}.", path=name, why=error.strerror or error)) from error
    except ValueError as error:
        raise CommandError(f"{error}.") from error
    short = [k for k in range(len(stays)) if done.missing[k] > 0]
    rows = (
        (_("Stays"), number(len(stays)), ""),
        (_("Steps"), number(steps), ""),
        (_("Charged"), number(float(done.power.sum()) * step_hours, 4), "kWh"),
        (_("Stays that end short of what they want"), number(len(short)), ""),
        (_("Short in all"), number(float(done.missing.sum()), 4), "kWh"),
    )
    return Answer(curve.name, ("", ">" + _("value"), _("unit")), rows, _remark(stays, short))


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
