"""Pictures, recent projects and lost work, as the start page shows them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import qtawesome
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from twinview.gui import pictures
from twinview.gui.asking import Asker
from twinview.gui.cards import empty, text_label
from twinview.gui.style import IconButton, Translated, look_now
from twinview.i18n import _
from twinview.session.recovery import Lost

_SHOWN = 5
_THUMB = QSize(96, 54)
_ROUND = 7.0
_INDENT, _AROUND = 14, 38
"""Before the folder of a recent project, and all that stands around it, logical pixels."""


class Picture(QWidget):
    """A picture that fills its place, its corners round above.

    Signals
    -------
    clicked
        It was clicked.
    """

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._file = Path()
        self.setMinimumSize(240, 120)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_file(self, file: Path) -> None:
        """Show another picture; nothing where it is not there."""
        if file != self._file:
            self._file, self._image = file, QImage(str(file))
            self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size it is drawn for."""
        return QSize(520, 292)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Say that it was clicked."""
        self.clicked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the middle of the picture, as large as the place needs it."""
        if self._image.isNull():
            return
        area, whole = QRectF(self.rect()), QRectF(self._image.rect())
        scale = max(area.width() / whole.width(), area.height() / whole.height())
        part = QRectF(0, 0, area.width() / scale, area.height() / scale)
        part.moveCenter(whole.center())
        outline = QPainterPath()
        outline.addRoundedRect(area.adjusted(0, 0, 0, 2 * _ROUND), _ROUND, _ROUND)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(outline)
        painter.drawImage(area, self._image, part)


def _thumb(file: Path) -> QLabel:
    """Return a label with a small picture; empty where there is none."""
    label = text_label()
    label.setFixedSize(_THUMB)
    picture = QPixmap(str(file))
    if picture.isNull():
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setPixmap(qtawesome.icon("fa6s.city", color=look_now().text_soft).pixmap(24, 24))
    else:
        mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding
        label.setPixmap(picture.scaled(_THUMB, mode, Qt.TransformationMode.SmoothTransformation))
    return label


class RecentRow(QFrame):
    """One recent project: picture, name, folder, and a way out of the list.

    Signals
    -------
    opened, removed
        It was chosen; it shall not be listed any more.
    """

    opened = Signal(object)
    removed = Signal(object)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.setObjectName("layer")
        self.missing = False
        self.button = QPushButton(path.stem.replace("&", "&&"))
        self.button.setProperty("flat", True)
        self.button.setToolTip(str(path))
        self.button.clicked.connect(lambda: self.opened.emit(self.path))
        self.where = text_label(role="small")
        self.where.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.remove = IconButton("fa6s.xmark", size=11)
        self.remove.clicked.connect(lambda: self.removed.emit(self.path))
        self.remove.describe(_("Take {name} out of the list", name=path.stem))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._lay_out()
        self.say()

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addStretch(1)
        names.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        names.addWidget(self.where)
        names.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(8)
        row.addWidget(_thumb(pictures.place_of(self.path)))
        row.addLayout(names, 1)
        row.addWidget(self.remove)

    def say(self) -> None:
        """Say where it lies, or that it does not."""
        text = _("The file is not there any more") if self.missing else str(self.path.parent)
        room = self.width() - _THUMB.width() - self.remove.sizeHint().width() - _AROUND
        metrics = self.where.fontMetrics()
        self.where.setText(metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room))
        self.where.setIndent(_INDENT)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Write as much of the folder as there is room for."""
        super().resizeEvent(event)
        self.say()

    def show_missing(self) -> None:
        """Say that the file is gone; it can only be taken out of the list."""
        self.missing = True
        self.button.setEnabled(False)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.say()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Open the project by a click anywhere on its line."""
        if not self.missing:
            self.opened.emit(self.path)


class RecentList(Translated, QWidget):
    """The recent projects; whether they are still there is looked up out of the window's way.

    Signals
    -------
    opened, removed
        ``(path)``.
    """

    opened = Signal(object)
    removed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[Path, RecentRow] = {}
        self._title = text_label(role="title")
        self._none = text_label(role="soft", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._title)
        column.addWidget(self._none)
        column.addLayout(self._list)
        column.addStretch(1)
        # A stalled share would stop the window: only this thread ever touches the files.
        self._asker = Asker(self, rest=0)
        self._asker.answered.connect(self._looked)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self._title.setText(_("Recent"))
        self._none.setText(_("Projects that you open or save are listed here."))
        for row in self.rows.values():
            row.say()

    def show_files(self, files: Sequence[Path]) -> None:
        """List projects, newest first."""
        empty(self._list)
        self.rows = {}
        for path in files[:_SHOWN]:
            row = RecentRow(path)
            row.opened.connect(self.opened)
            row.removed.connect(self.removed)
            self._list.addWidget(row)
            self.rows[path] = row
        self._none.setVisible(not self.rows)
        shown = tuple(self.rows)
        if shown:
            self._asker.ask(shown, lambda: {path: path.exists() for path in shown})

    def _looked(self, _key: object, answer: object) -> None:
        if isinstance(answer, Mapping):
            for path, there in answer.items():
                if not there and path in self.rows:
                    self.rows[path].show_missing()

    def close_down(self) -> None:
        """Ask nothing any more."""
        self._asker.close()


class LostCard(QFrame):
    """Work that was not saved: its picture, and what may become of it.

    Signals
    -------
    recovered, forgotten
        ``(key)``.
    """

    recovered = Signal(str)
    forgotten = Signal(str)

    def __init__(self, work: Lost) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setProperty("kind", "question")
        name = work.name or _("Unnamed")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(text_label(_("Unsaved work on {name}", name=name), role="title"))
        when = _("The program ended before it was saved; kept {when}.",
                 when=f"{work.when:%Y-%m-%d %H:%M}")  # fmt: skip
        texts.addWidget(text_label(when, role="small", wrap=True))
        self.recover = QPushButton(_("Recover"))
        self.recover.setProperty("primary", True)
        self.recover.clicked.connect(lambda: self.recovered.emit(work.key))
        self.forget = QPushButton(_("Forget it"))
        self.forget.clicked.connect(lambda: self.forgotten.emit(work.key))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(_thumb(work.picture))
        row.addLayout(texts, 1)
        row.addWidget(self.recover)
        row.addWidget(self.forget)
