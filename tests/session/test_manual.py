"""The manual: the same anchors in each language, no dead links, everything documented."""

import re
from pathlib import Path

import pytest

from twinview import paths
from twinview.i18n import LANGUAGES, _, set_language
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.readers.registry import readers
from twinview.scene.overlay import overlays
from twinview.session import manual
from twinview.session.command import commands

WRITTEN = [name for name in manual.CHAPTERS if name not in manual.GENERATED]
PACKAGE = Path(manual.__file__).parents[1]


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language("en")


def page_of(name: str, lang: str) -> str:
    """Return a page in a language."""
    set_language(lang)
    return manual.markdown(name)


def anchors_of(text: str) -> list[str]:
    """Return the anchors that a page sets, but the one at its top."""
    return [one.anchor for one in manual.sections(text) if one.anchor not in {"", "top"}]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", WRITTEN)
def test_each_page_is_there_with_its_anchors(name, lang):
    text = manual.written_page(name, lang)
    assert text.startswith("# ")
    assert anchors_of(text) == list(manual.ANCHORS[name])
    levels = [one.level for one in manual.sections(text)]
    assert levels[0] == 1
    assert levels.count(1) == 1


def test_no_page_is_left_over():
    for lang in LANGUAGES:
        folder = paths.assets_folder() / "help" / lang
        assert sorted(file.stem for file in folder.glob("*.md")) == sorted(WRITTEN)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", manual.CHAPTERS)
def test_links_lead_somewhere(name, lang):
    text = page_of(name, lang)
    for target in re.findall(r"\]\(([^)]+)\)", text):
        place = f"{name}{target}" if target.startswith("#") else target.replace(".md", "", 1)
        assert manual.open_page(place).name in manual.CHAPTERS, target


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", WRITTEN)
def test_a_page_names_no_place_on_a_disk_and_no_address(name, lang):
    text = manual.written_page(name, lang)
    assert not re.search(
        r"(?<![\w<])/(home|usr|tmp|work|root|opt|Users)\b|[A-Z]:\\|https?://", text
    )
    assert "{{" not in page_of(name, lang)


def test_the_chinese_pages_are_chinese():
    for name in WRITTEN:
        text = manual.written_page(name, "zh_CN").split("{#literature}")[0]
        text = re.sub(r"`[^`]*`", "", text)  # names in the program are the same in each language
        han = len(re.findall(r"[\u4e00-\u9fff]", text))
        words = len(re.findall(r"[A-Za-z]{3,}", text))
        assert han > 4 * words, name
        assert not re.search(r"[\u4e00-\u9fff][,;?!]", text), name


def test_equations_are_the_same_in_each_language():
    """What is said in symbols needs no translation: operators and their number agree."""
    counts = [
        [
            sorted(re.findall(r"[=Σ√·±]|exp|min|max", line))
            for line in manual.written_page("method", lang).splitlines()
            if line.startswith("> ") and "Σ" in line
        ]
        for lang in LANGUAGES
    ]
    assert len(counts[0]) == len(counts[1])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_is_documented(lang):
    text = page_of("commands", lang)
    assert [name for name in commands() if f"`{name}" not in text] == []
    text = page_of("overlays", lang)
    assert [name for name in overlays() if f"`{name}`" not in text] == []
    assert [name for name in quantities() if f"`{name}`" not in text] == []
    assert [name for name in readers() if name not in page_of("data", lang)] == []


def test_keys_come_from_the_command_table_or_the_window():
    assert "`Ctrl+R`" in manual.markdown("keys")
    text = manual.markdown("keys", [("Space", "Play or pause")])
    assert "| `Space` | Play or pause |" in text
    assert "Ctrl+R" not in text


def test_a_factor_kind_without_a_word_is_noticed():
    from twinview.energy.factors import KINDS

    for lang in LANGUAGES:
        text = manual.written_page("method", lang)
        assert [kind for kind in KINDS if f"`{kind}`" not in text] == []


def test_places_named_in_the_program_exist():
    """Panels, derivations, links from code."""
    named = set(manual.PANELS.values())
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        named |= set(re.findall(r'"((?:method|data|start|time|overlays)#[a-z-]+)"', text))
    assert len(named) > 12
    for place in named:
        assert manual.open_page(place).place == place


def test_a_place_that_is_not_there_is_said_with_the_nearest():
    with pytest.raises(CommandError, match="no page 'nonsense'; there are start, data"):
        manual.open_page("nonsense")
    with pytest.raises(CommandError, match="Did you mean 'tracing'"):
        manual.open_page("method#tracin")


def test_a_section_as_text_has_no_marks():
    text = manual.open_page("method#tracing").as_text()
    assert "Proportional sharing." in text
    assert "(diag(P) − R) E = Σ_g G_g e_g" in text
    assert "## Storage" not in text
    assert not re.search(r"\{#|\*\*|<sub>|\]\(", text)
    row = manual.open_page("commands#time.go").as_text()
    assert row.startswith("| time.go INSTANT")


def test_search_finds_words_in_titles_first():
    found = manual.search("storage")
    assert "storage" in found[0][1].lower()
    assert manual.Page("method", "storage") in [page for page, _title in found]
    assert manual.search("proportional bialek")[0][0].name == "method"
    assert manual.search("nowhereatall") == []
    assert manual.search("  ") == []


def test_search_in_chinese():
    set_language("zh_CN")
    assert manual.Page("method", "storage") in [page for page, _title in manual.search("蓄水池")]


def test_titles_of_pages_are_translated():
    set_language("zh_CN")
    assert _(manual.CHAPTERS["time"]) == "时间"
