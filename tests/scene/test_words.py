"""Words for readers: units stay whole where a line breaks, words of the data are written well."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from twinview.i18n import set_language
from twinview.model.quantities import words
from twinview.model.twin import Layer
from twinview.scene.titles import word
from twinview.scene.words import column_title, in_language, translations, unbroken, written


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    """Speak English, also afterwards."""
    set_language("en")
    yield
    set_language("en")


@pytest.mark.parametrize(
    ("raw", "column", "english", "chinese"),
    [
        ("ev_hub", "use", "EV hub", "电动汽车充电站"),
        ("mast_5g", "kind", "5G mast", "5G 基站"),
        ("pv", "kind", "PV", "光伏"),
        ("pv_roof", "kind", "rooftop PV", "屋顶光伏"),
        ("data_centre", "use", "data centre", "数据中心"),
        ("semi", "type", "semi-detached", "双拼"),
        ("shed", "type", "shed", "棚屋"),
        ("shed", "roof", "single-pitch", "单坡"),
        ("glass_house", "type", "glass house", "glass house"),
        ("station_47", "type", "station_47", "station_47"),
        ("PV_w10266975", "kind", "PV_w10266975", "PV_w10266975"),
        ("pv_park", "profile", "pv_park", "pv_park"),
    ],
)
def test_words_of_the_data_are_written_as_readers_write_them(raw, column, english, chinese):
    assert written(raw, column=column) == english
    set_language("zh_CN")
    assert written(raw, column=column) == chinese


def test_every_known_word_is_said_in_chinese():
    set_language("zh_CN")
    left = {raw: word(raw, column) for raw, column in words()}
    assert {raw: said for raw, said in left.items() if said.isascii()} == {}


def test_columns_of_networks_have_titles():
    assert column_title("eta_charge") == "Charging efficiency"
    set_language("zh_CN")
    assert column_title("tap_pos") == "分接头位置"


def test_a_column_in_the_readers_language_goes_before_the_common_one():
    table = pa.table({"id": ["s"], "label": ["Home"], "label_zh": ["户用"], "width_zh": ["x"]})
    layer = Layer("stores", "Stores", "storage", table)
    assert translations(layer) == {"label_zh"}
    assert in_language(layer, "label") == "label"
    set_language("zh_CN")
    assert in_language(layer, "label") == "label_zh"


def test_a_line_does_not_break_within_a_unit():
    assert unbroken("per floor area, kg/m²") == "per floor area, kg\u2060/\u2060m²"
    assert unbroken("(6.27 · 451) / 6.27 = 451") == "(6.27 · 451) / 6.27 = 451"
