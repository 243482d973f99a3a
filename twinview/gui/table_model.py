"""The table of a layer as Qt asks for it: cells are made when they are seen, and never kept."""

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from twinview.draw.ink import colour
from twinview.gui.style import look_now
from twinview.i18n import _
from twinview.model.twin import Layer
from twinview.scene.shown import Shown
from twinview.scene.tabling import Column, Kind, cell, columns_of, missing, order_by, shown_text
from twinview.scene.words import named

Index = QModelIndex | QPersistentModelIndex
Rows = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Role = Qt.ItemDataRole
_NOWHERE = QModelIndex()
_MARKED = 0.22
"""How strongly the accent lies over what is selected."""


class ElementsModel(QAbstractTableModel):
    """Rows are elements that fit; which, and in which order, is one array of row numbers.

    Attributes
    ----------
    layer, shown, columns
        What is shown; None and nothing before there is any.
    order
        Rows of the layer, as they stand below each other. Shape [k].
    marked
        Which elements are selected. Shape [n].
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.layer: Layer | None = None
        self.shown: Shown | None = None
        self.columns: tuple[Column, ...] = ()
        self.order: Rows = np.empty(0, dtype=np.int64)
        self.marked: Bools = np.empty(0, dtype=np.bool_)
        self._fits: Bools = np.empty(0, dtype=np.bool_)
        self._sorted: tuple[str, bool] | None = None

    # ----------------------------------------------------------------------------------- content
    def show_layer(self, layer: Layer, shown: Shown, fits: Bools, marked: Bools) -> None:
        """Show a layer; sorting stays where the layer has such a column."""
        self.beginResetModel()
        self.layer, self.shown = layer, shown
        self.columns = columns_of(layer, shown)
        self.marked, self._fits = marked, fits
        self.order = self._ordered()
        self.endResetModel()

    def show_values(self, shown: Shown, fits: Bools) -> None:
        """Show other numbers of the same quantity: those of another instant."""
        self.shown = shown
        by_value = self._sorted is not None and self._sorted[0] == shown.quantity
        if by_value or not np.array_equal(fits, self._fits):
            self._fits = fits
            self.arrange()
        elif len(self.order) and len(self.columns) > 1:
            last = len(self.order) - 1
            self.dataChanged.emit(self.index(0, 1), self.index(last, 1))

    def show_fits(self, fits: Bools) -> None:
        """Show only the elements that fit."""
        self._fits = fits
        self.arrange()

    def mark(self, marked: Bools) -> None:
        """Mark what is selected."""
        self.marked = marked
        if len(self.order):
            end = self.index(len(self.order) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), end)

    def arrange(self) -> None:
        """Put the rows in order; the place of the focus stays on its element."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        elements = [int(self.order[one.row()]) for one in held]
        self.order = self._ordered()
        at = [self.place_of(element) for element in elements]
        now = [
            self.index(row, one.column()) if row >= 0 else _NOWHERE
            for one, row in zip(held, at, strict=True)
        ]
        self.changePersistentIndexList(held, now)
        self.layoutChanged.emit()

    def _ordered(self) -> Rows:
        if self.layer is None or self.shown is None:
            return np.empty(0, dtype=np.int64)
        if self._sorted is not None:
            name, falling = self._sorted
            column = next((one for one in self.columns if one.name == name), None)
            if column is not None:
                rows = order_by(self.layer, column, self.shown, falling)
                return rows[self._fits[rows]]
        return np.flatnonzero(self._fits)

    def place_of(self, element: int) -> int:
        """Return where a row of the layer stands; -1 where it does not fit."""
        found = np.flatnonzero(self.order == element)
        return int(found[0]) if found.size else -1

    # ----------------------------------------------------------------------------- as Qt asks it
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 goes back to the layer's own order."""
        falling = order == Qt.SortOrder.DescendingOrder
        inside = 0 <= column < len(self.columns)
        self._sorted = (self.columns[column].name, falling) if inside else None
        self.arrange()

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many elements are shown."""
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Return titles with their units, and numbers of rows."""
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == Role.DisplayRole else None
        if not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role in (Role.DisplayRole, Role.AccessibleTextRole, Role.ToolTipRole):
            return column.head
        return self._side(column) if role == Role.TextAlignmentRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a cell says, and how it looks."""
        if self.layer is None or self.shown is None or not index.isValid():
            return None
        row, column = int(self.order[index.row()]), self.columns[index.column()]
        if role == Role.DisplayRole:
            return cell(self.layer, column, self.shown, row)
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            return self._spoken(row, column, role)
        return self._looks(row, column, role)

    def _looks(self, row: int, column: Column, role: int) -> Any:
        """Return on which side a cell stands, in which colours, and whether it is ticked."""
        assert self.layer is not None
        assert self.shown is not None
        if role == Role.TextAlignmentRole:
            return self._side(column)
        if role == Role.CheckStateRole and column.kind is Kind.ID:
            on = Qt.CheckState.Checked if self.marked[row] else Qt.CheckState.Unchecked
            return on.value
        if role == Role.BackgroundRole and self.marked[row]:
            return colour(look_now().accent, _MARKED)
        if role == Role.ForegroundRole and missing(self.layer, column, self.shown, row):
            return QColor(look_now().text_soft)
        return None

    def _spoken(self, row: int, column: Column, role: int) -> Any:
        """Return what tooltips and screen readers say."""
        assert self.layer is not None
        assert self.shown is not None
        text = cell(self.layer, column, self.shown, row)
        if column.kind is Kind.SHOWN and self.shown.grouped[row] and self.shown.known[row]:
            whose = _("Mean of a group of dwellings, for privacy")
            text = f"{text}\n{whose}"
        if role == Role.ToolTipRole:
            return text
        unit = "" if missing(self.layer, column, self.shown, row) else column.unit
        said = named(column.title, f"{text} {unit}".rstrip())
        return _("{what}, selected", what=said) if self.marked[row] else said

    @staticmethod
    def _side(column: Column) -> int:
        right = column.kind in (Kind.NUMBER, Kind.SHOWN)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        return int(side | Qt.AlignmentFlag.AlignVCenter)

    def describe(self, row: int) -> str:
        """Return id and shown value of a row of the layer in words."""
        assert self.layer is not None
        assert self.shown is not None
        said = str(self.layer.ids[row])
        return f"{said}, {shown_text(self.layer, self.shown, row)}" if self.shown.quantity else said
