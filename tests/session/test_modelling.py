"""Models of a project: asked for, replaced, cleared, made again when it opens."""

from datetime import date

from tests.town import YEAR, codes, town, with_weather
from twinview.session.modelling import modelled, without_models
from twinview.session.models import DemandModel, SolarModel
from twinview.session.project import Settings

DEMAND = DemandModel(climate="GB", tz="Europe/Berlin", otherwise="office", storeys=2)
BOTH = Settings(demand=DEMAND, solar=SolarModel(plants="all"))


def test_nothing_is_modelled_unless_asked():
    twin = with_weather(town(use=["office"], storeys=[1]))
    made = modelled(twin, Settings())
    assert made.series.keys() == twin.series.keys()
    assert codes(made.problems) == ["model.offer"]


def test_models_are_replaced_and_cleared():
    twin = with_weather(town(use=["office"], storeys=[1]), global_irradiance=100.0)
    first = modelled(twin, BOTH, strict=True)
    again = modelled(first, BOTH, strict=True)
    assert first.series.keys() == again.series.keys()
    assert codes(first.problems) == codes(again.problems)
    cleared = modelled(again, Settings())
    assert cleared.series.keys() == twin.series.keys()
    assert cleared.time == YEAR
    assert codes(cleared.problems) == ["model.offer"]


def test_a_model_that_cannot_be_made_leaves_the_other():
    made = modelled(town(use=["office"], storeys=[1]), BOTH.model_copy(
        update={"demand": DEMAND.model_copy(update={"year": 2023})}))  # fmt: skip
    assert made.find("houses", "consumption") is not None
    assert [one.code for one in made.problems if one.severity == "error"] == ["model.failed"]


def test_demand_in_another_year_takes_the_weather_along():
    twin = with_weather(town(use=["office"], storeys=[1]), global_irradiance=100.0)
    model = DEMAND.model_copy(update={"year": 2024})
    made = modelled(twin, BOTH.model_copy(update={"demand": model}), strict=True)
    used, sun = (made.find("houses", name) for name in ("consumption", "generation"))
    assert used is not None
    assert sun is not None
    assert used.time == sun.time == made.time
    assert made.time.count == 8784


def test_holidays_belong_to_the_district_while_it_is_modelled():
    twin = with_weather(town(use=["office"], storeys=[1]), global_irradiance=100.0)
    days = (date(2024, 12, 25), date(2024, 12, 26))
    free = BOTH.model_copy(update={"demand": DEMAND.model_copy(update={"holidays": days})})
    made = modelled(twin, free, strict=True)
    assert made.holidays == days
    assert modelled(made, Settings()).holidays == ()


def test_holidays_of_the_project_stand_beside_those_of_the_demand():
    twin = with_weather(town(use=["office"], storeys=[1]))
    labour, christmas = date(2023, 5, 1), date(2023, 12, 25)
    model = DEMAND.model_copy(update={"holidays": (christmas,)})
    made = modelled(twin, Settings(demand=model), (labour, christmas), strict=True)
    assert made.holidays == (labour, christmas)
    assert modelled(made, Settings(), (labour,)).holidays == (labour,)


def test_what_was_loaded_stays_at_hand():
    twin = with_weather(town(use=["office"], storeys=[1]))
    other = DEMAND.model_copy(update={"year": 2024})
    bare = without_models(modelled(twin, Settings(demand=other)))
    assert bare.series == twin.series
    assert (bare.time, bare.problems) == (YEAR, ())
