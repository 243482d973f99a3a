"""What names a district's data: another reading is other data, and has no results yet."""

import pytest

from tests.village import write_village
from twinview.model.join import Join
from twinview.session import cache
from twinview.session.digest import digest_of
from twinview.session.project import Source
from twinview.session.store import Session

HASHES = {"houses": "aa", "curves": "bb"}
HOUSES, CURVES = (Source(id=one, path=f"{one}.csv") for one in HASHES)


def named(curves: Source) -> str:
    """Return the digest of houses and curves that are read in a way."""
    return digest_of(HASHES, [HOUSES, curves], (), "EPSG:32632")


@pytest.mark.parametrize(
    "said",
    [{"unit": "MW"}, {"tz": "Asia/Tokyo"}, {"kind": "tree"}, {"lod": "1.2"}, {"key": "meter"},
     {"crs": "EPSG:4326"}, {"start": "2023-01-01"}, {"layer": "x"}, {"encoding": "gbk"},
     {"form": "long"}, {"several": "sum"}, {"time": "stamp"}],
)  # fmt: skip
def test_another_way_of_reading_is_another_digest(said):
    other = CURVES.model_copy(update={"options": said})
    assert named(other) != named(CURVES)
    assert digest_of(HASHES, [HOUSES.model_copy(update={"options": said}), CURVES], (),
                     "EPSG:32632") not in {named(other), named(CURVES)}  # fmt: skip


def test_projects_in_which_nothing_is_said_keep_the_results_that_they_have():
    before = cache.key(sorted(HASHES.items()), [], "EPSG:32632")
    assert named(CURVES) == before
    assert named(CURVES.model_copy(update={"options": {"tz": None, "colour": "red"}})) == before
    elsewhere = CURVES.model_copy(update={"path": "input/raw/curves.csv"})
    assert named(elsewhere) == before


def test_a_file_of_another_name_and_other_joins_are_other_data():
    renamed = CURVES.model_copy(update={"path": "power.csv"})
    join = Join("columns", "curves", "houses", "consumption")
    joined = digest_of(HASHES, [HOUSES, CURVES], [join], "EPSG:32632")
    assert len({named(CURVES), named(renamed), joined}) == 3


def test_a_source_that_was_not_read_does_not_count():
    gone = Source(id="gone", path="gone.csv", options={"unit": "MW"})
    assert digest_of(HASHES, [HOUSES, CURVES, gone], (), "EPSG:32632") == named(CURVES)


@pytest.fixture
def session(tmp_path) -> Session:
    """Return a computed village whose import mix is a table of bare numbers."""
    files = [*write_village(tmp_path, 24, store=False), tmp_path / "mix.csv"]
    rows = [line.split(",") for line in files[2].read_text(encoding="utf-8").splitlines()]
    for file, columns in ((files[2], slice(0, 3)), (files[3], slice(0, 4, 3))):
        text = "\n".join(",".join(row[columns]) for row in rows)
        file.write_text(text.replace("mix", "border") + "\n", encoding="utf-8")
    session = Session()
    session.run("file.new", *files)
    session.run("file.save_as", tmp_path / "v.twin")
    session.run("compute.run")
    return session


def emission(session: Session) -> float | None:
    """Return what the village emits from three o'clock in kg/h; None before it is computed."""
    found = session.state.base.find("district", "emission")
    return None if found is None else float(found.at(3)[0])


def test_results_of_another_unit_are_not_those_that_were_there(session):
    assert emission(session) == pytest.approx(2 * 0.330, rel=1e-4)  # two loads of 1 kW
    session.do("file.answer mix unit=kg/kWh")
    assert emission(session) is None
    session.run("compute.run")
    assert emission(session) == pytest.approx(2 * 330.0, rel=1e-4)
    session.run("edit.undo")
    assert emission(session) == pytest.approx(2 * 0.330, rel=1e-4)


def test_what_is_no_building_any_more_has_no_results_of_one(session):
    assert session.state.base.find("houses", "carbon_intensity") is not None
    session.do("file.answer houses kind=other")
    assert session.state.base.find("houses", "carbon_intensity") is None


def test_results_have_the_names_that_layers_have_now(session, tmp_path):
    (tmp_path / "houses.geojson").rename(tmp_path / "homes.geojson")
    session.run("file.relink", "houses", tmp_path / "homes.geojson")
    assert {layer for layer, *_rest in session.state.base.series} & {"houses", "district"} == set()
    session.run("compute.run")
    assert session.state.base.find("homes", "carbon_intensity") is not None


def test_undo_of_an_answer_reads_a_file_that_changed_meanwhile_as_before(session, tmp_path):
    session.do("file.answer mix unit=kg/kWh")
    mix = tmp_path / "mix.csv"
    mix.write_text(mix.read_text(encoding="utf-8").replace(",330", ",331"), encoding="utf-8")
    session.run("file.reread")
    assert float(session.state.base.find("source", "carbon_intensity").at(3)[0]) == 331_000
    session.run("edit.undo")
    assert float(session.state.base.find("source", "carbon_intensity").at(3)[0]) == 331
