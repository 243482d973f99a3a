"""The card of running jobs: what each does, how far it is and how long it takes, and its end."""

import time
from functools import partial

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from twinview.gui.cards import free_place, text_label
from twinview.gui.jobs import Jobs, Ticket
from twinview.gui.style import IconButton, Translated
from twinview.i18n import _
from twinview.session.pace import left_in_words

MOST = 4
"""Jobs that are shown, the newest ones; of more only the number is told."""
_WIDE, _NARROW = 400, 200
"""Width, and width where there is little room; logical pixels."""


class JobRow(QWidget):
    """One running job."""

    def __init__(self, jobs: Jobs, ticket: Ticket, parent: QWidget) -> None:
        super().__init__(parent)
        self.ticket = ticket
        self.text = text_label(role="soft")
        self.percent = text_label(role="small")
        self.percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.cancel = IconButton("fa6s.xmark", size=12)
        self.cancel.clicked.connect(partial(jobs.end, ticket))
        top = QHBoxLayout()
        top.addWidget(self.text, 1)
        top.addWidget(self.percent)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(column, 1)
        row.addWidget(self.cancel)

    def refresh(self, newest: bool) -> None:
        """Say how far it is.

        Parameters
        ----------
        newest
            Whether Esc ends it.
        """
        progress, title = self.ticket.progress, _(self.ticket.command.title).rstrip(". …")
        left = left_in_words(self.ticket.pace.left(time.monotonic()))
        told = f"{progress.fraction * 100:.0f} %"
        self.percent.setText(f"{left} · {told}" if left else told)
        text, metrics = progress.message or title, self.text.fontMetrics()
        room = self.width() - 60 - self.percent.sizeHint().width()
        short = text if metrics.horizontalAdvance(text) <= room else title
        self.text.setText(metrics.elidedText(short, Qt.TextElideMode.ElideRight, room))
        self.text.setToolTip(text if short != text else "")
        self._fill(round(progress.fraction * 1000))
        self.bar.setAccessibleName(_("Progress of {job}", job=title))
        self.cancel.describe(_("Cancel {job}", job=title), "Esc" if newest else "")

    def _fill(self, value: int) -> None:
        # Qt paints a bar at once, and with it all of the window that waits for its turn.
        self.bar.setUpdatesEnabled(False)
        self.bar.setValue(value)
        self.bar.setUpdatesEnabled(True)


class JobCard(Translated, QFrame):
    """The running jobs, the newest one last."""

    def __init__(self, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.obstacles: list[QRect] = []
        """What is written on the view, which it stays clear of."""
        self.setObjectName("card")
        self._jobs = jobs
        self.rows: list[JobRow] = []
        self.more = text_label(role="small")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 8, 8, 10)
        self._column.setSpacing(10)
        self._column.addWidget(self.more)
        jobs.changed.connect(self.refresh)
        self.setFixedWidth(_WIDE)
        self.hide()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.refresh()

    def refresh(self) -> None:
        """Show the running jobs."""
        shown = self._jobs.shown
        if not shown:
            self._keep([])
            self.hide()
            return
        changed = self._keep(shown[-MOST:]) or not self.isVisible()
        rest = len(shown) - len(self.rows)
        self.more.setText(_("{count} more", count=rest))
        self.more.setVisible(rest > 0)
        if changed:
            self.show()
            self.raise_()
            self.place_in()
        for row in self.rows:
            row.refresh(newest=row is self.rows[-1])

    def _keep(self, tickets: list[Ticket]) -> bool:
        """Have a row for each of some jobs; tell whether they are others than before."""
        if [row.ticket for row in self.rows] == tickets:
            return False
        known = {row.ticket.number: row for row in self.rows}
        for row in self.rows:
            if row.ticket not in tickets:
                row.hide()
                self._column.removeWidget(row)
                row.deleteLater()
        self.rows = [known.get(one.number) or JobRow(self._jobs, one, self) for one in tickets]
        for row in self.rows:
            self._column.addWidget(row)
            row.show()
        self._column.activate()
        return True

    def place_in(self) -> None:
        """Stand at the bottom of the view, in its middle: beside what is there, or above it."""
        parent = self.parentWidget()
        if parent is None:
            return
        room = parent.rect().adjusted(16, 16, -16, -16)
        for wide in (min(_WIDE, max(240, parent.width() - 540)), _NARROW):
            self.setFixedWidth(wide)
            self.adjustSize()
            found = free_place(self.size(), room, self.obstacles)
            if found is not None:
                break
        middle, low = (parent.width() - self.width()) // 2, room.bottom() + 1 - self.height()
        self.move(found or QPoint(middle, low))
