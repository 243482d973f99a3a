"""Expressions over the columns of a layer, such as ``height_m > 20 and use == "office"``.

They are read by the small grammar below and never run as code. What is missing fits
neither a comparison nor its opposite; ``is missing`` asks for it.

    either   = both { "or" both }
    both     = one { "and" one }
    one      = "not" one | "(" either ")" | "any" "contains" text | value [ test ]
    test     = ("==" | "=" | "!=" | "<" | "<=" | ">" | ">=") value
             | "contains" text | "is" ["not"] "missing" | "in" "(" value { "," value } ")"
    value    = term { ("+" | "-") term }
    term     = factor { ("*" | "/") factor }
    factor   = "-" factor | "(" value ")" | number | "text" | 'text' | name | `name with blanks`
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer
from twinview.scene.holding import containing

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.floating]
Numbers = Callable[[], Floats]

LONGEST = 2000
"""Letters of an expression."""
DEEPEST = 40
"""Brackets within brackets."""

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<name>`[^`]+`|[^\W\d][\w.:]*)|(?P<sign>==|!=|<=|>=|[=<>(),+*/-]))"
)
_WORDS = frozenset({"and", "or", "not", "is", "in", "contains", "missing", "true", "false"})
_COMPARE: Mapping[str, tuple[str, Callable[[Floats, Floats], Bools]]] = {
    "==": ("equal", np.equal), "!=": ("not_equal", np.not_equal), "<": ("less", np.less),
    "<=": ("less_equal", np.less_equal), ">": ("greater", np.greater),
    ">=": ("greater_equal", np.greater_equal),
}  # fmt: skip
_RECKON: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Fit:
    """Which elements fit, and which do not; those of which neither is known are in none.

    Parameters
    ----------
    yes, no
        Shape (n,).
    """

    yes: Bools
    no: Bools

    def both(self, other: "Fit") -> "Fit":
        """Return what fits both."""
        return Fit(self.yes & other.yes, self.no | other.no)

    def either(self, other: "Fit") -> "Fit":
        """Return what fits one of both."""
        return Fit(self.yes | other.yes, self.no & other.no)

    def opposite(self) -> "Fit":
        """Return what does not fit."""
        return Fit(self.no, self.yes)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


@dataclass(frozen=True, eq=False)
class _Value:
    """A number or text, the same for all elements or one for each."""

    numbers: Floats | None = None
    texts: pa.Array | pa.Scalar | None = None


class Unreadable(CommandError):
    """An expression that cannot be read.

    Parameters
    ----------
    text
        The expression.
    why
        What is wrong with it; translated.
    at
        Place of the first letter that does not fit, from 0; the length where its end is missing.
    brief
        The same in few words, where `why` is long; translated.
    """

    def __init__(self, text: str, why: str, at: int, brief: str = "") -> None:
        super().__init__(
            _("'{text}' cannot be read: {why}.", text=text.strip()[:80], why=why)
            + " "
            + _('Write for example: height_m > 20 and use == "office".')
        )
        self.at, self.brief = at, brief or why


class Reader:
    """Reads an expression from left to right."""

    def __init__(self, layer: Layer, text: str, more: Mapping[str, Numbers]) -> None:
        self._layer, self._text, self._more = layer, text, more
        self._n = len(layer)
        self._tokens: list[_Token] = []
        self._at = self._depth = 0
        if len(text) > LONGEST:
            self._refuse(_("it is longer than {count} letters", count=LONGEST))
        self._tokens = self._cut(text)

    def fit(self) -> Fit:
        """Return what fits the whole expression."""
        found = self._either()
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._refuse(_("'{word}' is not expected", word=token.text), token.at)
        return found

    def numbers(self) -> Floats:
        """Return the numbers that the whole expression makes."""
        found = self._numeric(self._value())
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._refuse(_("'{word}' is not expected", word=token.text), token.at)
        return self._spread(found)

    def _refuse(self, why: str, at: int | None = None, brief: str = "") -> NoReturn:
        """Say what is wrong, at a letter or at the word that was read last."""
        if at is None:
            read = self._tokens[: self._at] if self._tokens else []
            at = read[-1].at if read else 0
        raise Unreadable(self._text, why, at, brief)

    def _cut(self, text: str) -> list[_Token]:
        tokens, at = [], 0
        while text[at:].strip():
            found = TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                word_ = text[at:].strip()
                at += len(text[at:]) - len(text[at:].lstrip())
                self._refuse(_("'{word}' is not expected", word=word_[:20]), at)
            name = found.lastgroup
            tokens.append(_Token(name, found.group(name), found.start(name)))
            at = found.end()
        return tokens

    # ------------------------------------------------------------------------------------- tokens
    def _next(self) -> _Token:
        if self._at >= len(self._tokens):
            self._refuse(_("something is missing at its end"), len(self._text.rstrip()))
        self._at += 1
        return self._tokens[self._at - 1]

    def _comes(self, *words: str) -> str:
        """Return which of some words or signs comes next; empty for none."""
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind in {"name", "sign"} and token.text.lower() in words:
                return token.text.lower()
        return ""

    def _takes(self, *words: str) -> str:
        """Go past a word or sign if it comes next, and return it."""
        found = self._comes(*words)
        self._at += bool(found)
        return found

    def _needs(self, wanted: str) -> None:
        if not self._takes(wanted):
            left = self._tokens[self._at :]
            at = left[0].at if left else len(self._text.rstrip())
            self._refuse(_("'{word}' is missing", word=wanted), at)

    # ------------------------------------------------------------------------------------ grammar
    def _either(self) -> Fit:
        found = self._both()
        while self._takes("or"):
            found = found.either(self._both())
        return found

    def _both(self) -> Fit:
        found = self._one()
        while self._takes("and"):
            found = found.both(self._one())
        return found

    def _one(self) -> Fit:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse(_("it has too many brackets"))
        if self._takes("not"):
            found = self._one().opposite()
        elif self._comes("("):
            found = self._bracket()
        elif self._takes("any"):
            self._needs("contains")
            yes = containing(self._layer, self._only("text").text[1:-1])
            found = Fit(yes, ~yes)
        else:
            found = self._test(self._value())
        self._depth -= 1
        return found

    def _bracket(self) -> Fit:
        """Read a test in brackets, or one that begins with a value in brackets."""
        at, depth = self._at, self._depth
        try:
            self._needs("(")
            found = self._either()
            self._needs(")")
            if not self._comes(*_RECKON, *_COMPARE, "="):
                return found
            wrong = None
        except Unreadable as error:
            wrong = error
        self._at, self._depth = at, depth
        try:
            return self._test(self._value())
        except Unreadable as error:  # what was read farther is what was meant
            raise (wrong if wrong is not None and wrong.at >= error.at else error) from None

    def _test(self, left: _Value) -> Fit:
        if self._takes("is"):
            opposite = self._takes("not")
            self._needs("missing")
            known = self._known(left)
            return Fit(known, ~known) if opposite else Fit(~known, known)
        if self._takes("contains"):
            return self._contains(left, self._next())
        if self._takes("in"):
            return self._among(left)
        sign = self._takes(*_COMPARE, "=")
        if not sign:  # a column of yes and no
            return self._compared(left, "==", _Value(np.ones(1)))
        return self._compared(left, "==" if sign == "=" else sign, self._value())

    def _value(self) -> _Value:
        found = self._term()
        while sign := self._takes("+", "-"):
            found = self._together(found, sign, self._term())
        return found

    def _term(self) -> _Value:
        found = self._factor()
        while sign := self._takes("*", "/"):
            found = self._together(found, sign, self._factor())
        return found

    def _together(self, left: _Value, sign: str, right: _Value) -> _Value:
        a, b = self._numeric(left), self._numeric(right)
        with np.errstate(all="ignore"):
            made = _RECKON[sign](a, b)
        return _Value(np.where(np.isfinite(made), made, np.nan))

    def _numeric(self, value: _Value) -> Floats:
        if value.numbers is None:
            self._refuse(_("only numbers can be reckoned with"))
        return value.numbers

    def _factor(self) -> _Value:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse(_("it has too many brackets"))
        if self._takes("-"):
            found = _Value(-self._numeric(self._factor()))
        elif self._takes("("):
            found = self._value()
            self._needs(")")
        else:
            found = self._single()
        self._depth -= 1
        return found

    def _single(self) -> _Value:
        token = self._next()
        if token.kind == "number":
            return _Value(float(token.text) * np.ones(1))
        if token.kind == "text":
            return _Value(texts=pa.scalar(token.text[1:-1]))
        if token.kind == "name":
            return self._named(token.text)
        return self._refuse(_("'{word}' is not expected", word=token.text))

    def _only(self, kind: str) -> _Token:
        token = self._next()
        if token.kind != kind:
            self._refuse(_("'{word}' is not expected", word=token.text))
        return token

    def _named(self, name: str) -> _Value:
        plain = name.strip("`")
        if name.lower() in {"true", "false"}:
            return _Value(np.array([float(name.lower() == "true")]))
        if plain in self._more:
            return _Value(np.asarray(self._more[plain](), dtype=np.float64))
        if not self._layer.has(plain) or name.lower() in _WORDS:
            known = [*self._more, *self._layer.attributes.column_names]
            self._refuse(
                _("there is no column '{name}'; there are {known}", name=plain,
                  known=", ".join(known)),
                brief=_("there is no column '{name}'", name=plain),
            )  # fmt: skip
        kind = self._layer.attributes.schema.field(plain).type
        if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind):
            return _Value(self._layer.numbers(plain))
        return _Value(texts=self._layer.attributes[plain].cast(pa.string()).combine_chunks())

    # -------------------------------------------------------------------------------------- tests
    def _spread(self, values: Floats) -> Floats:
        return np.broadcast_to(values, (self._n,))

    def _known(self, value: _Value) -> Bools:
        if value.numbers is not None:
            return np.isfinite(self._spread(value.numbers))
        return self._bools(pc.call_function("is_valid", [value.texts]))

    def _bools(self, found: pa.Array | pa.Scalar) -> Bools:
        """Return what Arrow found for each element, or for all at once; unknown is false."""
        if isinstance(found, pa.Scalar):
            return np.full(self._n, bool(found.as_py()))
        return np.asarray(found.fill_null(False).to_numpy(zero_copy_only=False), dtype=np.bool_)

    def _compared(self, left: _Value, sign: str, right: _Value) -> Fit:
        name, compare = _COMPARE[sign]
        if left.numbers is not None and right.numbers is not None:
            a, b = self._spread(left.numbers), self._spread(right.numbers)
            with np.errstate(invalid="ignore"):
                yes = compare(a, b) & np.isfinite(a) & np.isfinite(b)
        elif left.texts is not None and right.texts is not None:
            yes = self._bools(pc.call_function(name, [left.texts, right.texts]))
        else:
            self._refuse(_("a number is compared with a text; texts stand in quotes"))
        return Fit(yes, self._known(left) & self._known(right) & ~yes)

    def _contains(self, left: _Value, piece: _Token) -> Fit:
        if left.texts is None or piece.kind != "text":
            self._refuse(_("'contains' looks for a text in quotes in a column of texts"))
        options = pc.MatchSubstringOptions(piece.text[1:-1], ignore_case=True)
        yes = self._bools(pc.call_function("match_substring", [left.texts], options))
        return Fit(yes, self._known(left) & ~yes)

    def _among(self, left: _Value) -> Fit:
        self._needs("(")
        found = self._compared(left, "==", self._value())
        while self._takes(","):
            found = found.either(self._compared(left, "==", self._value()))
        self._needs(")")
        return found
