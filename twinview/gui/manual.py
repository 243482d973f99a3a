"""The window of the manual: contents, search, back and forward; follows language and theme."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.fitting import fit
from twinview.gui.richtext import SCHEME, page
from twinview.gui.style import IconButton, Translated, look_now
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.session.manual import CHAPTERS, Page, markdown, open_page, plain, search, sections

Keys = Callable[[], Sequence[tuple[str, str]]]
INDENT = "\u2003"
_PLACE = Qt.ItemDataRole.UserRole


class Reader(QTextBrowser):
    """Shows pages of the manual under ``help:PAGE#ANCHOR``.

    Parameters
    ----------
    keys
        Returns the keys of the window, for the page of keys.
    """

    def __init__(self, keys: Keys, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setOpenExternalLinks(False)
        self.document().setDocumentMargin(28)

    def loadResource(self, _kind: int, name: QUrl | str) -> object:  # noqa: N802
        """Return a page as HTML; other addresses hold nothing, and nothing is ever fetched."""
        address = QUrl(name)
        known = address.scheme() == SCHEME and address.path() in CHAPTERS
        return page(markdown(address.path(), self._keys()), look_now()) if known else ""

    def rewrite(self) -> None:
        """Write the page anew and stay where it was read.

        Not by `reload`, which forgets jumps within a page.
        """
        if not self.source().isEmpty():
            place = self.verticalScrollBar().value()
            self.setHtml(str(self.loadResource(0, self.source())))
            self.verticalScrollBar().setValue(place)


class ManualWindow(Translated, QWidget):
    """The manual, beside the window.

    Parameters
    ----------
    keys
        Returns the keys of the window.
    parent
        The window, with which it closes.
    """

    def __init__(self, keys: Keys, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._keys = keys
        self.reader = Reader(keys)
        self.contents = QTreeWidget()
        self.field = QLineEdit()
        self.back = IconButton("fa6s.arrow-left", size=14)
        self.forward = IconButton("fa6s.arrow-right", size=14)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("manual")
        self._lay_out()
        self._connect()
        fit(self, 980, 720)
        self.retranslate()

    def _lay_out(self) -> None:
        self.contents.setHeaderHidden(True)
        self.contents.setIndentation(0)
        self.contents.setRootIsDecorated(False)
        self.contents.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.contents.setUniformRowHeights(True)
        self.contents.setIconSize(QSize(0, 0))
        arrows = QHBoxLayout()
        arrows.setSpacing(2)
        arrows.addWidget(self.back)
        arrows.addWidget(self.forward)
        arrows.addWidget(self.field, 1)
        side = QWidget()
        side.setFixedWidth(264)
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 12, 8, 12)
        column.setSpacing(8)
        column.addLayout(arrows)
        column.addWidget(self.contents, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(side)
        whole.addWidget(self.reader, 1)

    def _connect(self) -> None:
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._open_first)
        self.contents.itemClicked.connect(self._chosen)
        self.contents.itemActivated.connect(self._chosen)
        self.back.clicked.connect(self.reader.backward)
        self.forward.clicked.connect(self.reader.forward)
        self.reader.backwardAvailable.connect(self.back.setEnabled)
        self.reader.forwardAvailable.connect(self.forward.setEnabled)
        self.reader.sourceChanged.connect(self._at)
        self.back.setEnabled(False)
        self.forward.setEnabled(False)
        for keys, act in (
            ("Alt+Left", self.reader.backward),
            ("Alt+Right", self.reader.forward),
            ("Ctrl+F", self.field.setFocus),
        ):
            QShortcut(QKeySequence(keys), self, act)

    # ------------------------------------------------------------------------------------- showing
    @property
    def place(self) -> str:
        """What is open, as ``PAGE#ANCHOR``."""
        source = self.reader.source()
        return Page(source.path(), source.fragment()).place

    def open(self, at: Page) -> None:
        """Show a place and come to the front."""
        address = QUrl(f"{SCHEME}:{at.name}")
        if at.anchor:
            address.setFragment(at.anchor)
        self.reader.setSource(address)
        self.show()
        self.raise_()
        self.activateWindow()

    def retranslate(self) -> None:
        """Write everything anew in the language in use."""
        self.setWindowTitle(_("Help"))
        self.back.describe(_("Back"), "Alt+Left")
        self.forward.describe(_("Forward"), "Alt+Right")
        self.field.setPlaceholderText(_("Search the manual"))
        self.field.setAccessibleName(_("Search the manual"))
        self.contents.setAccessibleName(_("Contents"))
        self._fill()
        self.reader.rewrite()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the theme's colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.reader.rewrite()

    # ------------------------------------------------------------------------------------ contents
    def _fill(self) -> None:
        """List the pages with their sections, or what the search found."""
        self.contents.clear()
        words = self.field.text().strip()
        if words:
            for at, title in search(words, self._keys()):
                chapter = _(CHAPTERS[at.name])
                self._item(None, title if title == chapter else f"{title} · {chapter}", at)
            if not self.contents.topLevelItemCount():
                self._item(None, _("Nothing was found"), None)
            return
        for name, title in CHAPTERS.items():
            chapter_item = self._item(None, _(title), Page(name))
            for one in sections(markdown(name, self._keys())):
                if one.level == 2 and one.anchor:
                    self._item(chapter_item, plain(one.title), Page(name, one.anchor))
        self._at(self.reader.source())

    def _item(self, above: QTreeWidgetItem | None, title: str, at: Page | None) -> QTreeWidgetItem:
        # Not the tree's own indentation: its marks of a selection would stick out to the left.
        item = QTreeWidgetItem([title if above is None else INDENT + title])
        item.setToolTip(0, title)
        item.setData(0, _PLACE, at.place if at is not None else "")
        if above is None:
            self.contents.addTopLevelItem(item)
        else:
            above.addChild(item)
        return item

    def _chosen(self, item: QTreeWidgetItem) -> None:
        place = str(item.data(0, _PLACE) or "")
        if place:
            self.open(open_page(place))
            self._mark(self.field.text().split())

    def _open_first(self) -> None:
        first = self.contents.topLevelItem(0)
        if first is not None:
            self._chosen(first)

    def _mark(self, words: Sequence[str]) -> None:
        """Select the first of the words that were looked for, from the section on."""
        if words:
            self.reader.find(words[0])

    def _at(self, address: QUrl) -> None:
        """Open the contents at the page that is read, and mark it there."""
        try:
            here = open_page(Page(address.path(), address.fragment()).place)
        except CommandError:
            return
        for k in range(self.contents.topLevelItemCount()):
            chapter = self.contents.topLevelItem(k)
            assert chapter is not None
            mine = chapter.data(0, _PLACE) == here.name
            chapter.setExpanded(mine and chapter.childCount() > 0)
            if mine:
                inner = [chapter.child(j) for j in range(chapter.childCount())]
                places = [one.data(0, _PLACE) for one in inner if one is not None]
                match = inner[places.index(here.place)] if here.place in places else chapter
                assert match is not None
                self.contents.setCurrentItem(match)
