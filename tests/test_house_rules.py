"""House rules that no tool checks for us: each is a pattern or a small walk, with its reason."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]


class Rule(NamedTuple):
    """What must not be in a line of the Python files of certain folders, and why."""

    pattern: str
    where: str
    reason: str


EVERYWHERE = "twinview tests data"

RULES = {
    "broad except": Rule(
        r"except( \(?(Base)?Exception\)?( as \w+)?)?:\s*$",
        "twinview",
        "Only a border (job, reader, GUI slot) catches everything; it says so on the same line.",
    ),
    "unsafe numpy file": Rule(
        r"allow_pickle\s*=\s*True",
        EVERYWHERE,
        "A pickle runs code. Use Arrow or plain arrays.",
    ),
    "sleeping test": Rule(
        r"\b(time\.sleep|QTest\.qWait|QTest\.qSleep|qtbot\.wait)\(",
        "tests",
        "Wait for what is to happen (qtbot.waitUntil, an event, join), not for a while.",
    ),
    "left open": Rule(
        r"#.*\b(TODO|FIXME|XXX)\b",
        EVERYWHERE,
        "Finish it or write an issue; readers cannot.",
    ),
    "naive now": Rule(
        r"\b(utcnow|utcfromtimestamp)\(",
        EVERYWHERE,
        "Gives a time without zone. Use now(UTC).",
    ),
    "Qt file write": Rule(
        r"\bQSaveFile\b",
        "twinview",
        "A short write goes unnoticed; use our checked writer.",
    ),
}


def python_files(where: str) -> list[Path]:
    """Return the files of some folders, but this one, which spells the patterns."""
    files = [path for folder in where.split() for path in (ROOT / folder).rglob("*.py")]
    return [path for path in files if path.name != Path(__file__).name]


@pytest.mark.parametrize("name", RULES)
def test_rule(name):
    rule = RULES[name]
    offences = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for path in python_files(rule.where)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(rule.pattern, line)
    ]
    assert not offences, f"{rule.reason}\n" + "\n".join(offences)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("broad except", "    except Exception:"),
        ("broad except", "    except:"),
        ("unsafe numpy file", "np.load(path, allow_pickle=True)"),
        ("sleeping test", "time.sleep(1)"),
        ("left open", "x = 1  # TODO: more"),
        ("naive now", "datetime.utcnow()"),
        ("Qt file write", "QSaveFile(path)"),
    ],
)
def test_rule_finds_its_offence(name, line):
    assert re.search(RULES[name].pattern, line)


def called(node: ast.AST) -> str:
    """Return the last name of what a call calls: `make_valid` for `shapely.make_valid(...)`."""
    if not isinstance(node, ast.Call):
        return ""
    target = node.func
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    """Return the calls of a name in a tree."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) == name]


def plain_make_valid(tree: ast.AST) -> list[int]:
    """Return the lines that mend geometry by the default method, which can take hours."""
    return [
        call.lineno
        for call in calls(tree, "make_valid")
        if "method" not in {keyword.arg for keyword in call.keywords}
    ]


def rich_labels(tree: ast.AST) -> list[int]:
    """Return the lines that make a QLabel in a function that sets no text format."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    safe = {
        id(label)
        for function in functions
        if calls(function, "setTextFormat")
        for label in calls(function, "QLabel")
    }
    return [label.lineno for label in calls(tree, "QLabel") if id(label) not in safe]


def fixed_texts(tree: ast.AST) -> list[int]:
    """Return the lines that translate a text whose placeholders are filled or have no name."""
    lines = []
    for call in [*calls(tree, "_"), *calls(tree, "N_")]:
        text = call.args[0] if call.args else None
        plain = isinstance(text, ast.Constant) and isinstance(text.value, str)
        if isinstance(text, ast.JoinedStr | ast.BinOp) or (
            plain and re.search(r"\{\}|%[sd]", text.value)
        ):
            lines.append(call.lineno)
    return lines


WALKS = {
    fixed_texts: 'A text is looked up before it is filled in: _("... {name}", name=name).',
    plain_make_valid: 'Use make_valid(..., method="structure"): the default can take hours.',
    rich_labels: "A QLabel shows HTML out of a file's text unless setTextFormat says PlainText.",
}


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_walk(walk):
    offences = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files("twinview")
        for line in walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not offences, f"{WALKS[walk]}\n" + "\n".join(offences)


def test_walks_find_their_offences():
    assert fixed_texts(ast.parse("_(f'Roofs of {name}')\nN_('%s roofs')\n_('{}')")) == [1, 3, 2]
    assert fixed_texts(ast.parse("_('{count} roofs', count=3)\n_(title)")) == []
    assert plain_make_valid(ast.parse("shapely.make_valid(g)")) == [1]
    assert plain_make_valid(ast.parse("make_valid(g, method='structure')")) == []
    assert rich_labels(ast.parse("def f():\n    return QLabel('a')")) == [2]
    assert rich_labels(ast.parse("def f():\n    a = QLabel()\n    a.setTextFormat(x)")) == []
