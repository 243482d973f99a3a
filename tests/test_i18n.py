"""Every text is translated, and the catalogues are those that the sources ask for."""

import ast
import gettext
import io
import re
import runpy
import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Message

from tests import pseudo
from twinview import i18n
from twinview.i18n import _, language, set_language
from twinview.model.quantities import quantities
from twinview.session.command import commands

ROOT = Path(__file__).parents[1]
translate = runpy.run_path(str(ROOT / "packaging" / "translate"), run_name="translate")

FILES = translate["files"]()
pytestmark = pytest.mark.usefixtures("language_put_back")
each_language = pytest.mark.parametrize("file", FILES, ids=lambda file: file.parents[1].name)


@pytest.fixture
def language_put_back(monkeypatch):
    """Leave the next test the language that this one found."""
    monkeypatch.setattr(i18n, "_state", dict(i18n._state))


@pytest.fixture(scope="module")
def wanted():
    """Return what the sources ask for."""
    return translate["template"]()


def fields(text: str) -> list[tuple[str, str, str]]:
    """Return name, form and conversion of each placeholder, in the order of names."""
    parts = string.Formatter().parse(text)
    return sorted((name, form or "", how or "") for _text, name, form, how in parts if name)


@cache
def messages(file: Path) -> list[Message]:
    """Return the messages of a catalogue, without its header."""
    return [message for message in translate["read"](file) if message.id]


def test_each_language_has_a_catalogue():
    assert {file.parents[1].name for file in FILES} == set(i18n.LANGUAGES) - {"en"}


@each_language
def test_the_catalogue_holds_what_the_sources_ask_for_and_nothing_else(file, wanted):
    here, there = {m.id for m in messages(file)}, {m.id for m in wanted if m.id}
    remedy = "run packaging/translate and fill in what is empty"
    assert sorted(there - here) == [], f"not in {file.name}; {remedy}"
    assert sorted(here - there) == [], f"no longer in the sources; {remedy}"
    assert not translate["read"](file).obsolete


@each_language
def test_everything_is_translated(file):
    assert [m.id for m in messages(file) if not m.string or m.fuzzy] == []


@each_language
def test_placeholders_are_those_of_the_english_text(file):
    assert [m.id for m in messages(file) if fields(m.id) != fields(m.string)] == []


@each_language
def test_lines_and_dots_are_those_of_the_english_text(file):
    """What opens a dialogue ends with dots in every language; tables keep their lines."""
    for message in messages(file):
        assert message.id.endswith("...") == message.string.endswith("..."), message.id
        assert message.id.count("\n") == message.string.count("\n"), message.id


def test_chinese_sentences_have_chinese_punctuation():
    (file,) = (file for file in FILES if file.parents[1].name == "zh_CN")
    wrong = [m.id for m in messages(file) if re.search(r"[\u4e00-\u9fff][,;:?!]", m.string)]
    assert wrong == []


@each_language
def test_the_compiled_catalogue_is_made_from_the_readable_one(file, wanted):
    book = translate["updated"](translate["read"](file), wanted)
    remedy = "run packaging/translate"
    assert file.read_text(encoding="utf-8") == translate["as_po"](book).decode(), remedy
    assert file.with_suffix(".mo").read_bytes() == translate["as_mo"](book), remedy


@each_language
def test_the_catalogue_tells_nothing_of_persons_machines_or_days(file):
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"@|Date|Translator|Project-Id|^#:.*(:\d| /)", text, re.MULTILINE)
    headers = gettext.GNUTranslations(io.BytesIO(file.with_suffix(".mo").read_bytes())).info()
    assert not {"last-translator", "po-revision-date", "pot-creation-date"} & set(headers)


def test_the_tool_tells_its_use(capsys):
    assert translate["main"](["--help"]) == 0
    assert "packaging/translate --check" in capsys.readouterr().out
    assert translate["main"](["--nonsense"]) == 2


@cache
def calls(name: str) -> list[tuple[str, ast.Call]]:
    """Return place and node of each call of `_` or `N_` in the sources."""
    return [
        (f"{path.relative_to(ROOT)}:{node.lineno}", node)
        for path in sorted((ROOT / "twinview").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name
    ]


def literal(node: ast.Call) -> str | None:
    """Return the text that a call is given, None where it is not written there."""
    text = node.args[0] if node.args else None
    return text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else None


def test_marks_are_on_literal_texts():
    assert [place for place, node in calls("N_") if literal(node) is None] == []


def test_translated_is_a_literal_text_or_one_out_of_a_table():
    """A text that is built or filled in before the look-up is never found in a catalogue."""
    table = ast.Name | ast.Attribute | ast.Subscript
    for place, node in calls("_"):
        assert len(node.args) == 1, place
        if literal(node) is None:
            text = node.args[0]
            method = text.func.attr if isinstance(text, ast.Call) else ""
            assert isinstance(text, table) or method in {"get", "replace"}, place


def test_placeholders_are_filled_in():
    """A name that is missing would raise only when the text is shown."""
    for place, node in calls("_"):
        names = {name for name, _form, _how in fields(literal(node) or "")}
        given = {keyword.arg for keyword in node.keywords}
        if given and literal(node) is not None and None not in given:
            assert names == given, place


def test_placeholders_without_values_are_filled_in_later():
    for place, node in calls("_"):
        if fields(literal(node) or "") and not node.keywords:
            source = (ROOT / place.split(":")[0]).read_text(encoding="utf-8")
            assert ".format(" in source, place


def test_the_tables_of_the_schema_are_translated():
    set_language("zh_CN")
    for quantity in quantities().values():
        assert _(quantity.title) != quantity.title
        assert _(quantity.description) != quantity.description


def test_help_of_commands_is_translated():
    set_language("zh_CN")
    assert [one.name for one in commands().values() if one.help.isascii()] == []


def test_language_changes_at_once():
    set_language("en")
    assert _("Carbon intensity") == "Carbon intensity"
    set_language("zh_CN")
    assert _("Carbon intensity") == "碳强度"
    assert _("{count} problems", count=3) == "3 个问题"
    set_language("en")
    assert _("{count} problems", count=3) == "3 problems"


def test_unknown_text_stays_as_it_is():
    set_language("zh_CN")
    assert _("Rathausgasse") == "Rathausgasse"
    assert _("") == ""


@pytest.mark.parametrize(
    ("system", "code"),
    [("zh_CN.UTF-8", "zh_CN"), ("zh_TW", "zh_CN"), ("de_DE.UTF-8", "en"), ("C", "en")],
)
def test_the_system_chooses_where_the_user_did_not(monkeypatch, system, code):
    for name in ("TWINVIEW_LANG", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", system)
    assert set_language(None) == code
    assert set_language("tlh") == code


def test_pseudo_language_doubles_texts_and_keeps_placeholders(monkeypatch):
    pseudo.install(monkeypatch)
    assert language() == pseudo.CODE
    assert set_language(language()) == pseudo.CODE  # as a window does when it is written anew
    assert _("Layers") == "Layers Layers"
    assert _("{count} problems", count=3) == "3 problems problems"
    assert _("{path} could not be read: {why}.", path="a", why="b").startswith("a could not")
