"""What a change of factors did, in the book: the main indicators that differ, once computed."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from twinview.gui.asking import Asker
from twinview.gui.cards import empty, text_label
from twinview.gui.factor_news import factors_of
from twinview.gui.style import Translated, text_font
from twinview.gui.subject import uncomputed
from twinview.i18n import _
from twinview.model.twin import Twin
from twinview.session.factor_effects import Effect, kept_effects, rows
from twinview.session.project import Project
from twinview.session.store import State


class FactorChanges(Translated, QFrame):
    """Remembers the project before factors changed, and compares once both are computed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.effects: tuple[Effect, ...] = ()
        self._before: Project | None = None
        self._compared = False
        self.asker = Asker(self, rest=50)
        self.asker.answered.connect(self._answered)
        self.text = text_label(wrap=True)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        column.addLayout(self._grid)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self._write()

    def changed(self, old: State, new: State) -> None:
        """Follow the session: an edit of factors, or results that have come."""
        if new.base.layers is not old.base.layers:
            self._before = None
        elif factors_of(new.project) != factors_of(old.project):
            if self._before is None or self._compared:
                self._before = old.project
            self._compared, self.effects = False, ()
            if factors_of(self._before) == factors_of(new.project):  # taken back
                self._before = None
        before = self._before
        if before is not None and not self._compared and not uncomputed(new.twin):
            twin, project, path = new.twin, new.project, new.path
            self.asker.ask(id(new), lambda: _compared(twin, before, project, path))
        self._write()

    def _answered(self, _key: object, answer: object) -> None:
        if isinstance(answer, tuple) and self._before is not None:
            self.effects, self._compared = answer, True
            self._write()

    def _write(self) -> None:
        empty(self._grid)
        self.setVisible(self._before is not None)
        if not self._compared:
            self.text.setText(
                _("The factors changed; what that does is listed once it is computed.")
            )
            return
        found = list(rows(self.effects))
        self.text.setText(
            _("What the change of factors did:") if found else _("No main indicator changes.")
        )
        heads = ("", _("Unit"), _("Before"), _("After"), _("Change"))
        for line, texts in enumerate((heads, *found) if found else ()):
            for place, text in enumerate(texts):
                label = text_label(text, role="small" if not line else "")
                if place > 1:
                    label.setAlignment(Qt.AlignmentFlag.AlignRight)
                    label.setFont(text_font(tabular=True))
                self._grid.addWidget(label, line, place)


def _compared(
    twin: Twin, before: Project, after: Project, path: Path | None
) -> tuple[Effect, ...] | None:
    return kept_effects(twin, before, after, path)
