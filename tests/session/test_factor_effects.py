"""Own factors: listed and filtered, changed by command, and what they change, by hand."""

import json
from datetime import date

import numpy as np
import pytest

from tests.quarter import write_quarter
from tests.scene.test_private import dense, street, twin_of
from tests.village import write_village
from twinview.energy.account_terms import Indicator
from twinview.energy.factors import read_factors
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis
from twinview.session.answer import Answer
from twinview.session.factor_effects import changes_answer, headline, rows, shares_of
from twinview.session.factor_rows import factor_name, rows_of
from twinview.session.indicator_texts import mass_unit, unit_text, value_text
from twinview.session.indicators import indicators_of
from twinview.session.project import Project
from twinview.session.results import load
from twinview.session.store import Session, State

YEAR = TimeAxis(1_704_063_600, 3600, 8784, "Europe/Berlin")
"""2024."""
GAS = "factors.add 60 kgCO2/GJ natural_gas '*' combustion 'our gas bill'"


@pytest.fixture(autouse=True)
def english():
    set_language("en")


@pytest.fixture
def told() -> list[Answer]:
    return []


@pytest.fixture
def quarter(tmp_path, told) -> Session:
    """Return the quarter of one step, computed; its gas has the factor of the book."""
    session = Session()
    session.teller = told.append
    session.run("file.new", *write_quarter(tmp_path, hours=4))
    session.run("compute.run")
    return session


# ---------------------------------------------------------------------------------------- the list
def test_words_are_looked_for_in_every_column():
    found = rows_of(Project(), YEAR, "GB natural")
    assert {row.factor.region for row in found} == {"GB"}
    assert {row.factor.carrier for row in found} == {"natural_gas"}
    assert not rows_of(Project(), YEAR, "there is no such word")


def test_filters_split_the_book():
    whole = rows_of(Project(), YEAR)
    verified = rows_of(Project(), YEAR, which="verified")
    other = rows_of(Project(), YEAR, which="unverified")
    assert len(verified) + len(other) == len(whole) == len(read_factors())
    assert not rows_of(Project(), YEAR, which="own")
    for row in rows_of(Project(), YEAR, which="expired"):
        assert row.factor.valid_to < date(2024, 7, 2)
    with pytest.raises(CommandError, match="no filter 'nonsense'"):
        rows_of(Project(), YEAR, which="nonsense")


def test_a_list_takes_filter_and_words(quarter, told):
    quarter.do(GAS)
    quarter.do("factors.list '' '' own")
    assert [row[7] for row in told[-1].rows] == ["own"]
    quarter.do("factors.list '' CN all fossil")
    assert {row[2] for row in told[-1].rows} == {"fossil_mix"}


def test_a_row_has_a_name():
    (row,) = rows_of(Project(), YEAR, "IPCC natural_gas combustion lower 56.1")
    assert factor_name(row.factor) == "56.1 kgCO2/GJ, anywhere combustion, always"


# ------------------------------------------------------------------------------------------- edits
def test_an_own_row_is_changed_and_taken_back(quarter):
    quarter.do(GAS)
    quarter.do("factors.edit 1 'value=61;source=bill; second page;valid_from=2024-01-01'")
    (row,) = quarter.state.project.factors
    assert (row["value"], row["source"]) == ("61.0", "bill; second page")
    assert row["valid_from"] == "2024-01-01"
    quarter.do("edit.undo")
    assert quarter.state.project.factors[0]["value"] == "60.0"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("factors.edit 9 value=1", "no number 9"),
        ("factors.edit 1 value=-1", "from 0 up"),
        ("factors.edit 1 unit=kWh", "no unit of an emission factor"),
        ("factors.edit 1 colour=red", "has no 'colour'"),
        ("factors.edit 1 region=DE", "same use and period"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(quarter, line, why):
    quarter.do(GAS)
    quarter.do(GAS.replace("'*'", "DE"))
    with pytest.raises(CommandError, match=why):
        quarter.do(line)
    assert len(quarter.state.project.factors) == 2


def test_a_row_without_begin_is_removed_alone(quarter):
    quarter.do(GAS)
    quarter.do(f"{GAS} 2024-01-01 2024-12-31")
    quarter.do("factors.remove natural_gas '*' combustion always")
    assert [row["valid_from"] for row in quarter.state.project.factors] == ["2024-01-01"]


def test_a_template_has_the_columns_that_are_read_again(quarter, tmp_path):
    path = tmp_path / "template.csv"
    quarter.do(f"factors.export '{path}' template")
    assert path.read_text(encoding="utf-8-sig").splitlines() == [
        "value,unit,carrier,scope,region,valid_from,valid_to,kind,source,published,verified"
    ]
    assert read_factors(path) == ()


# ------------------------------------------------------------------------------- what they change
def test_an_own_factor_of_gas_counts_and_its_effect_is_listed(quarter, told):
    """The plant burns 6 kW, the stove 0.5 kW: 26 kWh in 4 hours; 60 kg/GJ are 0.216 kg/kWh."""
    quarter.do(GAS)
    quarter.do("factors.effect")
    answer = told[-1]
    scope1 = next(row for row in answer.rows if row[0] == "Scope 1")
    assert scope1[1:] == ("kg", "5.251", "5.616", "+7.0\u00a0%")
    assert float(scope1[2]) == pytest.approx(26 * 0.20196, abs=5e-4)
    assert float(scope1[3]) == pytest.approx(26 * 0.216, abs=5e-4)


def test_without_own_factors_there_is_no_effect(quarter):
    with pytest.raises(CommandError, match="no factors of your own"):
        quarter.do("factors.effect")


def test_an_indicator_names_the_row_it_was_made_with(quarter):
    state = quarter.state
    found = indicators_of(load(state.twin, state.project, None), state.project)
    (factor,) = found["scope1"].factors
    assert (factor.carrier, factor.kind, factor.value) == ("natural_gas", "combustion", 56.1)
    assert found["scope2_location"].factors == ()  # the import has a series


def two_factors(tmp_path) -> list[State]:
    """Return the village without cells and store, its import at 0.4 and at 0.8 kg/kWh."""
    files = write_village(tmp_path, store=False)
    curves = files[2].read_text(encoding="utf-8").splitlines()
    files[2].write_text("\n".join(one.rpartition(",")[0] for one in curves), encoding="utf-8")
    grid = json.loads(files[1].read_text(encoding="utf-8"))
    del grid["data"]["source"][0]["intensity_profile"]
    del grid["data"]["sym_gen"]
    files[1].write_text(json.dumps(grid), encoding="utf-8")
    session, both = Session(), []
    session.run("file.new", *files)
    for value in ("0.4", "0.8"):
        session.do(f"factors.add {value} kgCO2/kWh electricity XX grid_average bill")
        session.do("factors.use XX:grid_average")
        session.run("compute.run")
        both.append(session.state)
    return both


EMITTED = [5.0, 1.0, 7.0, 2.0, 9.0, 3.0, 8.0, 4.0, 6.0, 10.0, np.nan, 2.0]
"""kg/h of twelve buildings at every step."""
CHANGES = [0.3, -1.2, 0.0, 0.9, -0.1, 1.1, 0.2, -0.8, 0.7, 0.6, np.nan, -0.5]
"""What a change of factors adds to them."""


def test_the_ten_largest_changes_are_listed_whatever_their_sign():
    old, new = (twin_of(street(), "given") for _k in range(2))
    old = old.with_series(dense("houses", "emission", "kg/h", EMITTED))
    new = new.with_series(dense("houses", "emission", "kg/h", np.add(EMITTED, CHANGES)))
    (found,) = shares_of(old, new, Project())
    # Of the eleven that have a value, one does not change: number 2. The last two are apart by
    # their size alone; number 4 has the largest emission but one, and the smallest change.
    ranked = [1, 5, 3, 7, 8, 9, 11, 0, 6, 4]
    assert [one.after.title for one in found.largest] == [f"Building h{k}" for k in ranked]
    for one, k in zip(found.largest, ranked, strict=True):
        assert one.before.value == pytest.approx(48 * EMITTED[k])
        assert one.after.value == pytest.approx(48 * (EMITTED[k] + CHANGES[k]), rel=1e-5)
    more = np.where(np.arange(12) == 2, 0.15, CHANGES)
    new = new.with_series(dense("houses", "emission", "kg/h", np.add(EMITTED, more)))
    (found,) = shares_of(old, new, Project())
    ranked = [1, 5, 3, 7, 8, 9, 11, 0, 6, 2]  # number 4 is the eleventh now
    assert [one.after.title for one in found.largest] == [f"Building h{k}" for k in ranked]
    assert found.together.after.value == pytest.approx(48 * np.nansum(np.add(EMITTED, more)))


def test_the_change_of_an_element_is_its_own_and_private_dwellings_are_not_listed(tmp_path):
    """Two houses draw 1 kW and 0.5 kW by turns; an import of twice the carbon doubles theirs."""
    one, two = two_factors(tmp_path)
    (found,) = shares_of(one.twin, two.twin, two.project)
    titles = {each.after.title[-7:] for each in found.largest}
    assert titles == {"house 0", "house 1"}
    for each in found.largest:  # 36 kWh each, at 0.4 and 0.8 kg/kWh
        assert each.before.value == pytest.approx(14.4, rel=1e-5)
        assert each.after.value == pytest.approx(28.8, rel=1e-5)
    assert found.together.after.value == pytest.approx(57.6, rel=1e-5)
    assert found.withheld == 0
    kept = two.project.model_copy(update={"private_group": 2})
    (shown,) = shares_of(one.twin, two.twin, kept)
    assert shown.largest == ()
    assert shown.withheld == 3
    said = changes_answer((), (shown,))
    assert not any("house " in cell for row in said.rows for cell in row)
    assert "3 dwellings" in said.remarks[-1]
    assert headline(()) == "Factors changed; no main indicator does."


# --------------------------------------------------------------------------- refused certificates
def test_a_refused_certificate_is_said_beside_the_number_and_in_its_reason(quarter):
    quarter.do("accounts.certificate C-1 DE 2019 100")
    state = quarter.state
    found = indicators_of(load(state.twin, state.project, None), state.project)
    for name in ("scope2_market", "emitted_market", "net_market"):
        assert found[name].note == "without a certificate that does not count"
        assert (
            "Certificate C-1 does not count: its energy was generated in 2019." in found[name].why
        )
    assert found["scope2_location"].note == ""
    content = json.loads(json.dumps(found.as_dict()))
    assert content["scope2_market"]["note"].startswith("without a certificate")
    assert "note" not in content["scope1"]
    quarter.do("accounts.certificate C-2 CN 2024 100")
    found = indicators_of(load(state.twin, quarter.state.project, None), quarter.state.project)
    assert found["net_market"].note == "without 2 certificates that do not count"


def test_the_list_says_it_as_well(quarter, told):
    quarter.do("accounts.certificate C-1 DE 2019 100")
    quarter.do("indicators.list")
    titles = [row[0] for row in told[-1].rows]
    assert "Scope 2, market-based (without a certificate that does not count)" in titles


# ------------------------------------------------------------------------------------------- units
def mass(value: float, unit: str = "kg") -> Indicator:
    return Indicator("x", "X", value, unit, "")


@pytest.mark.parametrize(
    ("values", "unit", "texts"),
    [((9999.0, 5.0), "kg", ["9\u202f999", "5.000"]), ((10_000.0, 5.0), "t", ["10.00", "0.005000"])],
)
def test_masses_of_a_table_have_one_unit(values, unit, texts):
    items = [mass(value) for value in values]
    assert mass_unit([*items, mass(float("nan")), mass(1e9, "kW")]) == unit
    assert [value_text(one, unit) for one in items] == texts
    assert unit_text(items[0], unit) == unit
    assert unit_text(mass(0.5, "1"), unit) == ""
    assert value_text(mass(0.5, "1"), unit) == "50.0\u00a0%"


def test_only_what_differs_is_listed():
    from twinview.session.factor_effects import Effect

    same = Effect(mass(1.0), mass(1.0 + 1e-12))
    other = Effect(mass(2.0), mass(3.0))
    assert list(rows((same, other))) == [("X", "kg", "2.000", "3.000", "+50.0\u00a0%")]
