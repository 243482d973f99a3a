"""The balance of a span, and a scenario's beside the base's, as JSON and as tables."""

from collections.abc import Mapping
from typing import Any

from twinview.cli.output import say, say_table
from twinview.i18n import _
from twinview.scene.numbers import fixed, signed
from twinview.session.comparing import TABLES, Comparison, term


def told(scenario: str, beside: Comparison | None) -> dict[str, Any]:
    """Return what ``compute --scenario --json`` says besides the balance."""
    if beside is None:
        return {"scenario": scenario}
    base = {name: beside.base[name] for name in ("computed_from", *TABLES)}
    return {"scenario": scenario, "base": base, "difference": beside.difference}


def say_comparison(beside: Comparison | None) -> None:
    """Write what a scenario changes in the totals, where the base is computed too."""
    if beside is None:
        return
    units = {"energy_kwh": "kWh", "carbon_kg": "kg CO2"}
    for table, difference in beside.difference.items():
        if not difference:
            continue
        pair = (beside.base[table], beside.scenario[table])
        rows = [
            (term(name), *(_cell(one.get(name)) for one in pair), signed(change, 1))
            for name, change in difference.items()
        ]
        columns = ["", ">" + _("base"), ">" + _("scenario"), ">" + _("difference")]
        say_table(_("Beside the base, {unit}", unit=units[table]), columns, rows)
    if not beside.same_start:
        say(
            _(
                "The base was computed from {begin}: a part of the difference is what the storage"
                " held at the start.",
                begin=beside.base["computed_from"],
            )
        )


def say_balance(found: dict[str, Any]) -> None:
    """Write the sums of a span."""
    span = found["span"]
    if span["from"] is None:
        say(_("One instant; the sums are those of one hour."))
    else:
        ends = {"begin": span["from"], "end": span["to"], "steps": span["steps"]}
        say(_("{begin} to {end}, {steps} steps.", **ends))
    say()
    if found["energy_kwh"]:
        _say_terms(_("Balance"), found)
    for name, one in found.get("carriers", {}).items():
        _say_terms(_("Balance of {network}", network=name), one)
    if "all_carriers" in found:
        _say_terms(_("Carbon of all carriers"), {"energy_kwh": {}, **found["all_carriers"]})
    if found["not_converged"] and span["from"] is None:
        say(_("The power flow has no solution."))
    elif found["not_converged"]:
        say(
            _(
                "No solution in {count} of {steps} steps, first {instant}.",
                count=len(found["not_converged"]),
                steps=span["steps"],
                instant=found["not_converged"][0],
            )
        )
    if found["not_computed"]:
        say(
            _(
                "{count} of {steps} steps were not computed and are in no sum, first {instant}. "
                "{why}.",
                count=len(found["not_computed"]),
                steps=span["steps"],
                instant=found["not_computed"][0]["at"],
                why=found["not_computed"][0]["why"],
            )
        )


def _say_terms(title: str, found: Mapping[str, Any]) -> None:
    names = [*dict.fromkeys([*found["energy_kwh"], *found["carbon_kg"]])]
    rows = [
        (term(name), *(_cell(found[table].get(name)) for table in ("energy_kwh", "carbon_kg")))
        for name in names
    ]
    say_table(title, ["", ">kWh", ">kg CO2"], rows)


def _cell(value: float | None) -> str:
    return "" if value is None else fixed(value, 1)
