"""Factors in use: the year and the place of the data decide, own rows win, misuse is found."""

from datetime import UTC, datetime

import pytest

from twinview.energy.factors import make_factor
from twinview.model.problem import CommandError
from twinview.model.time import STATIC, TimeAxis
from twinview.session.factor_book import (
    Wanted,
    choose,
    country_of,
    own_factors,
    parse_reference,
    with_rows,
)
from twinview.session.project import Project, Settings

OWN = {
    "value": "0.123", "unit": "kgCO2/kWh", "carrier": "electricity", "scope": "2", "region": "CN",
    "valid_from": "2023-01-01", "valid_to": "2023-12-31", "kind": "grid_average",
    "source": "our utility", "published": "", "verified": "primary",
}  # fmt: skip


def hours_of(year: int, zone: str = "Asia/Shanghai", years: int = 1) -> TimeAxis:
    start = int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    return TimeAxis(start, 3600, 8760 * years, zone)


def national(year: int | None = None) -> Wanted:
    return Wanted("electricity", "CN", "grid_average", "imports", year)


# MEE and NBS announcements: 0.5568 (2021), 0.5366 (2022), 0.5306 (2023) kgCO2/kWh.
@pytest.mark.parametrize(("year", "value"), [(2021, 556.8), (2022, 536.6), (2023, 530.6)])
def test_the_year_of_the_data_decides(year, value):
    chosen = choose(Project(), hours_of(year), national())
    assert chosen.value("g/kWh") == pytest.approx(value)
    assert chosen.problems == ()


def test_a_year_that_the_book_lacks_is_an_error_or_taken_knowingly():
    with pytest.raises(CommandError, match="latest one ends 2023-12-31"):
        choose(Project(), hours_of(2025), national())
    knowing = Project(settings=Settings(expired_factors=True))
    chosen = choose(knowing, hours_of(2025), national())
    assert chosen.value("g/kWh") == pytest.approx(530.6)
    assert [problem.code for problem in chosen.problems] == ["factor.expired"]


def test_a_pinned_year_is_taken_and_its_misuse_found():
    chosen = choose(Project(), hours_of(2022), national(2023))
    assert chosen.value("g/kWh") == pytest.approx(530.6)
    (problem,) = chosen.problems
    assert problem.code == "factor.expired"
    assert "used for imports describes 2023-01-01 to 2023-12-31" in problem.message


def test_data_that_outlast_a_factor_are_found():
    two_years = choose(Project(), hours_of(2022, years=2), national(2022))
    assert [problem.code for problem in two_years.problems] == ["factor.expired"]


def test_a_factor_of_another_country_is_found():
    chosen = choose(Project(), hours_of(2024), Wanted("electricity", "DE", "grid_average", "it"))
    (problem,) = chosen.problems
    assert problem.code == "factor.region"
    assert "is that of DE" in problem.message
    at_home = hours_of(2024, "Europe/Berlin")
    assert not choose(Project(), at_home, Wanted("electricity", "DE", "grid_average", "")).problems


def test_the_country_of_a_zone():
    assert (country_of("Asia/Shanghai"), country_of("Europe/Berlin")) == ("CN", "DE")
    assert country_of("UTC") == ""


def test_own_rows_win_and_are_said():
    project = with_rows(Project(), (make_factor(OWN, "own"),))
    chosen = choose(project, hours_of(2023), national())
    assert chosen.value("g/kWh") == pytest.approx(123)
    assert [problem.code for problem in chosen.problems] == ["factor.user"]
    assert choose(project, hours_of(2022), national()).value("g/kWh") == pytest.approx(536.6)


def test_own_rows_that_contradict_each_other_are_no_choice_of_ours():
    rows = [make_factor(OWN | {"value": value}, "own") for value in ("0.1", "0.2")]
    with pytest.raises(CommandError, match="they differ"):
        choose(with_rows(Project(), tuple(rows)), hours_of(2023), national())


def test_a_damaged_row_is_left_out_and_said():
    project = Project(factors=({**OWN, "value": "much"}, OWN))
    good, problems = own_factors(project)
    assert [factor.value for factor in good] == [0.123]
    assert (problems[0].code, problems[0].severity) == ("factor.row", "error")
    assert "row 1" in problems[0].message


def test_what_is_the_same_everywhere_serves_every_region():
    wanted = Wanted("natural_gas", "CN", "combustion", "the boilers")
    chosen = choose(Project(), hours_of(2023), wanted)
    assert chosen.value("kgCO2/kWh") == pytest.approx(0.20196)  # 56.1 kg/GJ
    assert chosen.problems == ()


def test_another_statistic_is_not_taken():
    wanted = Wanted("electricity", "CN-SC", "residual_mix", "imports")
    with pytest.raises(CommandError, match="other statistics, which are not the same"):
        choose(Project(), hours_of(2022), wanted)


def test_data_without_a_year_need_one_named():
    with pytest.raises(CommandError, match=r"name it, as in CN:grid_average:2024"):
        choose(Project(), STATIC, national())
    assert choose(Project(), STATIC, national(2022)).value("g/kWh") == pytest.approx(536.6)


def test_references():
    assert parse_reference("CN:grid_average:2022", "electricity", "it").year == 2022
    assert parse_reference("CN-SC:grid_average", "electricity", "it").region == "CN-SC"
    for wrong in ("", "CN", "CN:grid_average:last", ":grid_average:2022", "a:b:c:d"):
        with pytest.raises(CommandError, match="REGION:KIND"):
            parse_reference(wrong, "electricity", "it")
