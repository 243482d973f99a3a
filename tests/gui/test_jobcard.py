"""The card of running jobs: a row for each, with its progress, its time and its end."""

import threading
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from twinview.gui.jobcard import MOST, JobCard
from twinview.gui.jobs import Jobs
from twinview.progress import Job, Progress
from twinview.session.command import Command
from twinview.session.pace import Pace


@pytest.fixture
def stage(qtbot):
    jobs, parent = Jobs(), QWidget()
    parent.resize(1000, 700)
    qtbot.addWidget(parent)
    parent.show()
    yield jobs, JobCard(jobs, parent)
    jobs.close()


def waiting(gate: threading.Event, fraction: float) -> Job[None]:
    """Be so far until the gate opens."""
    while not gate.wait(0.01):
        yield Progress(fraction, f"at {fraction}")


def begin(jobs: Jobs, name: str, gate: threading.Event, fraction: float = 0.25) -> None:
    command = Command(f"test.{name}", name.title(), lambda: None)
    jobs.drive(command, waiting(gate, fraction), lambda _answer: None)


def test_each_job_has_a_row_and_is_ended_by_its_own_button(stage, qtbot):
    jobs, card = stage
    gate, ended = threading.Event(), []
    jobs.stopped.connect(lambda command: ended.append(command.name))
    begin(jobs, "first", gate)
    begin(jobs, "second", gate, 0.5)
    qtbot.waitUntil(lambda: [row.text.text() for row in card.rows] == ["at 0.25", "at 0.5"])
    assert card.isVisible()
    assert [row.bar.value() for row in card.rows] == [250, 500]
    assert [row.cancel.toolTip() for row in card.rows] == ["Cancel First", "Cancel Second  (Esc)"]
    tall = card.height()
    qtbot.mouseClick(card.rows[0].cancel, Qt.MouseButton.LeftButton)
    assert ended == ["test.first"]
    (row,) = card.rows
    assert row.ticket.command.name == "test.second"
    assert card.height() < tall
    gate.set()
    qtbot.waitUntil(lambda: not card.isVisible())


class Slow(QWidget):
    """Something of the window whose painting takes long; it counts how often it is done."""

    painted = 0

    def paintEvent(self, _event):
        self.painted += 1


def test_telling_how_far_a_job_is_paints_nothing_else_in_the_same_turn(stage, qtbot):
    jobs, card = stage
    gate, city = threading.Event(), Slow(card.parentWidget())
    city.setGeometry(0, 0, 1000, 300)
    city.show()
    begin(jobs, "first", gate)
    qtbot.waitUntil(lambda: bool(city.painted and card.rows) and card.rows[0].bar.value() == 250)
    before = city.painted
    city.update()
    card.rows[0].ticket.progress = Progress(0.75, "further")
    card.refresh()
    assert (card.rows[0].bar.value(), city.painted) == (750, before)
    qtbot.waitUntil(lambda: city.painted > before)
    gate.set()
    qtbot.waitUntil(lambda: not card.isVisible())


def test_the_time_left_stands_before_the_share(stage, qtbot):
    jobs, card = stage
    gate = threading.Event()
    begin(jobs, "work", gate)
    (ticket,) = jobs.running.values()
    ticket.pace = Pace(ticket.began - 30)  # a quarter in half a minute: one and a half are left
    qtbot.waitUntil(lambda: card.rows[0].percent.text() == "2 min left · 25 %")
    gate.set()
    qtbot.waitUntil(lambda: not jobs.running)


def test_of_many_the_newest_are_shown_one_below_the_other(stage, qtbot):
    jobs, card = stage
    gate = threading.Event()
    for k in range(MOST + 2):
        begin(jobs, f"job {k}", gate)
    assert [row.ticket.command.title for row in card.rows] == [f"Job {k}" for k in range(2, 6)]
    assert card.more.text() == "2 more"
    assert card.more.isVisible()
    card.grab()
    rows = [row.geometry() for row in card.rows]
    assert all(above.bottom() < below.top() for above, below in pairwise(rows))
    gate.set()
    qtbot.waitUntil(lambda: not jobs.running)
