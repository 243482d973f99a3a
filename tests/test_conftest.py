"""The house's own conditions: each must really fail a test that breaks it."""

import shutil
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]


@pytest.fixture
def outcome(pytester: pytest.Pytester):
    """Return a function that runs one test under our conftest and returns its outcomes."""
    shutil.copy(Path(__file__).with_name("conftest.py"), pytester.path / "conftest.py")
    pytester.makeini(
        "[pytest]\nqt_api = pyside6\nfilterwarnings = error\n"
        "markers =\n    needs_display: d\n    expected_logs: e\n"
    )

    def run(code: str, **environment: str) -> dict[str, int]:
        pytester.makepyfile(code)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("QT_QPA_PLATFORM", "offscreen")
            patch.delenv("TWINVIEW_DISPLAYS", raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            result = pytester.runpytest_subprocess("-p", "no:randomly")
        return result.parseoutcomes()

    return run


LOGGED = """
import logging, pytest
{mark}
def test_it():
    logging.getLogger("a").warning("odd thing")
"""


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("", {"passed": 1, "errors": 1}),
        ("@pytest.mark.expected_logs('odd')", {"passed": 1}),
        ("@pytest.mark.expected_logs('odd', 'never')", {"passed": 1, "errors": 1}),
    ],
)
def test_log_records_must_be_expected(outcome, mark, expected):
    assert outcome(LOGGED.format(mark=mark)) == expected


def test_surviving_thread_fails(outcome):
    code = """
    import threading
    def test_it():
        threading.Thread(target=threading.Event().wait, args=(4,), daemon=True).start()
    """
    assert outcome(code) == {"passed": 1, "errors": 1}


def test_surviving_window_fails_and_is_gone_for_the_next_test(outcome):
    code = """
    from PySide6.QtWidgets import QApplication, QWidget
    kept = []
    def test_leaves_one(qapp):
        kept.append(QWidget())
    def test_next(qapp):
        pass
    def test_tidy(qtbot):
        qtbot.addWidget(QWidget())
    """
    assert outcome(code) == {"passed": 3, "errors": 1}


def test_surviving_vtk_object_fails(outcome):
    code = """
    from vtkmodules.vtkCommonCore import vtkPoints
    kept = []
    def test_keeps(no_vtk_leak):
        kept.append(vtkPoints())
    def test_lets_go(no_vtk_leak):
        vtkPoints()
    """
    assert outcome(code) == {"passed": 2, "errors": 1}


def test_network_use_fails_even_when_the_code_swallows_it(outcome):
    code = """
    import contextlib, socket
    def test_far(no_network):
        with contextlib.suppress(OSError):
            socket.create_connection(("192.0.2.1", 9), timeout=0.1)
    def test_near(no_network):
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname()).close()
    """
    assert outcome(code) == {"passed": 2, "errors": 1}


def test_without_display_the_test_is_skipped(outcome):
    code = "import pytest\n@pytest.mark.needs_display\ndef test_it():\n    assert False\n"
    assert outcome(code, DISPLAY="", WAYLAND_DISPLAY="") == {"skipped": 1}


def test_user_folders_lie_in_the_tests_own_folder(user_folders):
    import platformdirs

    assert Path(platformdirs.user_cache_dir("twinview")).is_relative_to(user_folders)
    assert Path(platformdirs.user_state_dir("twinview")).is_relative_to(user_folders)


def test_each_process_that_shares_the_tests_has_its_own_display(outcome):
    code = """
import os
def test_it():
    assert os.environ["DISPLAY"] == ":92"
"""
    shares = {"TWINVIEW_DISPLAYS": ":91 :92", "PYTEST_XDIST_WORKER": "gw1"}
    assert outcome(code, DISPLAY=":91", **shares) == {"passed": 1}
