"""A grid whose generators cannot take its reactive power has no solution, and says why."""

from pathlib import Path

import pytest

from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session.opening import open_files
from twinview.session.store import Session

CASE = Path(__file__).parents[1] / "cases" / "matpower" / "case39.m"


def at(folder: Path, share: float) -> Session:
    """Return the New England system, computed with a share of its loads and generation."""
    lines, table = [], ""
    for line in CASE.read_text().splitlines():
        table = line.split()[0] if line.startswith("mpc.") else table
        if not line.startswith("\t") or table not in {"mpc.bus", "mpc.gen"}:
            lines.append(line)
        else:
            cells = line.rstrip(";").split()
            columns = (2, 3) if table == "mpc.bus" else (1,)
            cells = [f"{float(one) * share:.10g}" if k in columns else one
                     for k, one in enumerate(cells)]  # fmt: skip
            lines.append("\t" + "\t".join(cells) + ";")
    file = folder / "case39.m"
    file.write_text("\n".join(lines) + "\n")
    session = Session(drain(open_files([file], None, Options())))
    session.run("compute.run")
    return session


def codes(session: Session) -> dict:
    return {one.code: one for one in session.state.twin.problems}


def test_at_half_load_six_generators_would_have_to_take_more_than_they_may(tmp_path):
    # pandapower 3.5.6, loads and generators times 0.5: with enforce_q_lims it does not converge
    # from any start; without, it does, and six of nine generators lie below their q_min.
    found = codes(at(tmp_path, 0.5))
    assert "powerflow.not_converged" in found
    said = found["voltage.limits_too_narrow"]
    assert len(said.element_ids) == 6
    assert "6 generators would have to leave them" in said.message
    assert "would have to take" in said.message


def test_at_seven_tenths_it_has_a_solution_as_pandapower_says(tmp_path):
    # The same with 0.7: five generators at a limit, voltages of 0.982 to 1.101 p.u.
    session = at(tmp_path, 0.7)
    found = codes(session)
    assert "powerflow.not_converged" not in found
    assert "voltage.limits_too_narrow" not in found
    assert len(found["voltage.limit"].element_ids) == 5
    voltage = session.state.twin.find("node", "voltage").at(0)
    assert (voltage.min(), voltage.max()) == pytest.approx((0.982, 1.101), abs=6e-4)
