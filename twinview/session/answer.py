"""A table that a command found out: to be read, in the window or as text."""

from dataclasses import dataclass

GAP = "  "


@dataclass(frozen=True)
class Answer:
    """What a command found out and changed nothing by.

    Parameters
    ----------
    title
        Above the table.
    columns
        Headers; those that begin with ``>`` stand to the right.
    rows
        Cells as texts.
    remarks
        Sentences below the table.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Return the table as lines of text, its columns below each other."""
        from rich.cells import cell_len

        heads = tuple(column.removeprefix(">") for column in self.columns)
        table = (heads, *self.rows)
        widths = [max(map(cell_len, cells)) for cells in zip(*table, strict=True)]

        def padded(k: int, text: str) -> str:
            room = " " * (widths[k] - cell_len(text))
            return room + text if self.columns[k].startswith(">") else text + room

        lines = [GAP.join(padded(k, cell) for k, cell in enumerate(row)).rstrip() for row in table]
        rule = GAP.join("-" * width for width in widths)
        head = [self.title, ""] if self.title else []
        tail = ["", *self.remarks] if self.remarks else []
        return "\n".join([*head, lines[0], rule, *lines[1:], *tail])
