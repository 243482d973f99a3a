"""MATPOWER cases: matrices as data, whatever the layout of the text; nothing is run."""

from pathlib import Path

import numpy as np
import pytest

from tests.readers.grids import codes, column, compute
from twinview.readers.common import mfile
from twinview.readers.registry import ReadError

CASE14 = Path(__file__).parents[1] / "cases" / "matpower" / "case14.m"
SMALL = """function mpc = small
mpc.version = '2'; mpc.baseMVA = 10;   % one line
mpc.bus = [1 3 0 0 0 0 1 1 0 20 1 1.1 0.9; 2, 1, 1.5, 0.5, 0, 0.1, 1, 1, 0, 20, 1, 1.1, 0.9];
mpc.gen = [ 1 0 0 Inf -Inf 1.02 10 1 10 0 ];
mpc.branch = [ ...
  1 2 0.01 0.02 0 5 0 0 0 0 1 ... the first
  -360 360
  1 2 0.01 0.02 0 5 0 0 0 0 0 -360 360 ];
mpc.gencost = [ 2 0 0 3 0.1 20 0 ];
%{
mpc.bus = [ 99 ];
%}
"""


@pytest.fixture
def small(tmp_path):
    """Return a function that writes a variant of a small case."""

    def write(text: str = SMALL, more: str = "") -> Path:
        path = tmp_path / "small.m"
        path.write_text(text + more, encoding="utf-8")
        return path

    return write


def test_ieee_14(read):
    part = read(CASE14)
    flow = compute(part)
    assert flow.source_p[0, 0] / 1e3 == pytest.approx(232.393, abs=1e-3)
    assert flow.voltage[0, 13] == pytest.approx(1.03553, abs=1e-4)
    assert flow.loss[0] / 1e3 == pytest.approx(13.393, abs=1e-3)
    assert {layer.id: len(layer) for layer in part.layers} == {
        "node": 14, "line": 17, "generic_branch": 3, "source": 1, "sym_load": 11, "sym_gen": 4,
        "shunt": 1,
    }  # fmt: skip
    assert column(part, "generic_branch", "k") == [0.978, 0.969, 0.932]
    assert column(part, "node", "name")[8] == "Bus 9     LV"
    assert "network.voltage_control" in codes(part)
    assert "network.voltage_assumed" in codes(part)


def test_one_line_matrices_continued_lines_and_comments(parse, small):
    part = parse(small())
    assert part.about == "small"
    assert column(part, "node", "id") == ["1", "2"]
    assert column(part, "line", "from_status") == [1, 0]
    assert column(part, "line", "r1") == pytest.approx([0.4, 0.4])
    assert column(part, "line", "i_n") == pytest.approx([5e6 / 20e3 / 3**0.5] * 2)
    assert column(part, "shunt", "b1") == pytest.approx([0.1e6 / 20e3**2])
    ignored = [p.message for p in part.problems if p.code == "network.ignored"]
    assert ignored == ["Not needed and not read: gencost (1)."]
    assert compute(part).voltage[0, 0] == pytest.approx(1.02, abs=1e-9)


def test_statements_are_named_and_not_run(parse, small):
    part = parse(small(more="system('touch /tmp/harm'); mpc.bus(:, 3) = 2 * mpc.bus(:, 3);\n"))
    (problem,) = [p for p in part.problems if p.code == "matpower.statement"]
    assert problem.severity == "error"
    assert "2 statements" in problem.message
    assert "touch" in problem.message
    assert column(part, "sym_load", "p_specified") == [1.5e6]


def test_the_two_conversions_of_distribution_cases_are_known(parse, small):
    closing = """
    Vbase = mpc.bus(1, BASE_KV) * 1e3;
    Sbase = mpc.baseMVA * 1e6;
    [PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD] = idx_bus;
    mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);
    mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;
    """
    part = parse(small(more=closing))
    assert "matpower.statement" not in codes(part)
    assert column(part, "line", "r1") == pytest.approx([0.01, 0.01])
    assert column(part, "sym_load", "p_specified") == pytest.approx([1.5e3])


def test_phase_shifts_zero_impedance_and_lost_ends(parse, small):
    rows = (
        "1 2 0 0 0 0 0 0 0 0 1; 1 2 0.01 0.1 0.02 0 0 0 1.02 -7.5 1; 1 7 0.1 0.1 0 0 0 0 0 0 1; 3 4"
    )
    text = SMALL[: SMALL.index("mpc.branch")] + f"mpc.branch = [{rows}];\n"
    part = parse(small(text))
    assert column(part, "link", "id") == ["1 - 2"]
    assert column(part, "generic_branch", "theta") == pytest.approx([np.radians(-7.5)])
    (lost,) = [p for p in part.problems if p.code == "network.dangling"]
    assert "1 - 7" in lost.message
    assert lost.message.endswith("at 7.")
    assert "row.left_out" in codes(part)


def test_another_m_file_is_refused(read, small):
    with pytest.raises(ReadError, match=r"small\.m"):
        read(small("function y = f(x)\ny = x + 1;\n"))
    with pytest.raises(ReadError, match="no branch"):
        read(small("mpc.baseMVA = 100;\nmpc.bus = [1 3];\nmpc.gen = [1];\n"))


def test_any_text_is_data():
    case = mfile.parse("a = [1 2\n3 NaN];b={'x;y', 'it''s'}; c = 3; % d = 4\nbar(a');\n")
    assert case.matrices["a"][0] == [1, 2]
    assert case.texts == {"b": ["x;y", "it''s"]}
    assert case.scalars == {"c": 3}
    assert case.statements == ["bar(a')"]
    for text in ("[", "a = [1 2", "'", "{]", "mpc.bus = [1 'x'];", "%{\n", "...", "\0"):
        mfile.parse(text)
