"""What else the mouse does on the canvas: a tool is asked first, and takes what it wants."""

from PySide6.QtCore import QPointF


class Tool:
    """Takes no event; tools take those that they want. Places are logical pixels of the canvas."""

    def press(self, _at: QPointF) -> bool:
        """Take a drag that begins; tell whether it was taken."""
        return False

    def drag(self, _at: QPointF) -> None:
        """Follow a drag that was taken."""

    def drop(self, _at: QPointF) -> None:
        """End a drag that was taken."""

    def click(self, _at: QPointF) -> bool:
        """Take a click; tell whether it was taken."""
        return False

    def double(self, _at: QPointF) -> bool:
        """Take a double click; tell whether it was taken."""
        return False

    def hover(self, _at: QPointF) -> bool:
        """Follow the mouse; tell whether nothing else shall."""
        return False

    def key(self, _key: int) -> bool:
        """Take a key; tell whether it was taken."""
        return False


class Belt:
    """The tools of a canvas, and the one that holds the mouse."""

    def __init__(self) -> None:
        self.tools: list[Tool] = []
        self._holder: Tool | None = None

    @property
    def holds(self) -> bool:
        """Whether a tool has taken the drag that goes on."""
        return self._holder is not None

    def press(self, at: QPointF) -> bool:
        """Offer a drag to the tools."""
        self._holder = next((one for one in self.tools if one.press(at)), None)
        return self.holds

    def drag(self, at: QPointF) -> None:
        """Hand a drag on."""
        if self._holder is not None:
            self._holder.drag(at)

    def drop(self, at: QPointF) -> bool:
        """Hand the end of a drag on; tell whether a tool had taken it."""
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.drop(at)
        return holder is not None

    def click(self, at: QPointF) -> bool:
        """Offer a click to the tools."""
        return any(one.click(at) for one in self.tools)

    def double(self, at: QPointF) -> bool:
        """Offer a double click to the tools."""
        return any(one.double(at) for one in self.tools)

    def hover(self, at: QPointF) -> bool:
        """Let the tools follow the mouse."""
        return any(one.hover(at) for one in self.tools)

    def key(self, key: int) -> bool:
        """Offer a key to the tools."""
        return any(one.key(key) for one in self.tools)
