"""The value texture: per element a texel of colour, state, marks, and one of width, way, fill."""

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTexture

from twinview.render.pixels import Bytes, dress

COLUMNS = 1024
SELECTED, HOVERED, OUT = 8, 16, 32
_STATE = 7
WIDEST = 100.0
UNKNOWN_FILL = 255


class Texels:
    """The texture of one layer.

    Parameters
    ----------
    elements
        Number of elements of the layer.
    """

    def __init__(self, elements: int) -> None:
        self.elements = elements
        # A power of two: drawing in software has other programs for other sizes, each made anew.
        rows = 1 << (max(1, -(-elements // COLUMNS)) - 1).bit_length()
        self._buffer = np.zeros((2, rows * COLUMNS, 4), dtype=np.uint8)
        self._array = numpy_to_vtk(self._buffer.reshape(-1, 4))
        self._image = vtkImageData()
        self._image.SetDimensions(COLUMNS, 2 * rows, 1)
        self._image.GetPointData().SetScalars(self._array)
        self.texture = vtkTexture()
        self.texture.SetInputData(self._image)
        self.texture.SetColorModeToDirectScalars()
        self.texture.InterpolateOff()
        self.texture.MipmapOff()
        self.texture.RepeatOff()
        self.colour = self._buffer[0, :elements, :3]
        self._code = self._buffer[0, :elements, 3]
        self._more = self._buffer[1, :elements]
        self._more[:, 3] = UNKNOWN_FILL
        self._flagged: dict[int, npt.NDArray[np.integer]] = {}
        self._left: npt.NDArray[np.bool_] | None = None
        self.revision = 0
        """Another number after each change."""

    def changed(self) -> None:
        """Say that numbers were written; the next frame sends them to the card."""
        self.revision += 1
        self._array.Modified()
        self._image.Modified()

    def dress(self, colour: Bytes, state: Bytes, own: Bytes) -> None:
        """Write colours and states; plain elements keep their own colour, marks stay.

        Shapes (at most elements, 3), (elements,) and (elements, 3).
        """
        dress(colour, state, own, self._buffer[0, : self.elements])

    def state(self, state: npt.NDArray[np.uint8] | int) -> None:
        """Write why values look as they do; marks stay."""
        self._code &= np.uint8(255 - _STATE)
        self._code |= np.asarray(state, dtype=np.uint8) & np.uint8(_STATE)

    def width(self, metres: npt.NDArray[np.floating]) -> None:
        """Write the widths of lines."""
        share = np.nan_to_num(np.clip(metres, 0.0, WIDEST)) / WIDEST * 65535.0
        code = share.astype(np.uint16)
        self._more[:, 0] = code >> 8
        self._more[:, 1] = code & 255

    def direction(self, sign: npt.NDArray[np.integer] | None) -> None:
        """Write the direction of flow: +1, -1 or 0."""
        code = 0 if sign is None else np.where(sign > 0, 1, np.where(sign < 0, 2, 0))
        self._more[:, 2] = code

    def fill(self, share: npt.NDArray[np.floating] | None) -> None:
        """Write how full stores stand; unknown ones stand full, their state tells."""
        if share is None:
            self._more[:, 3] = UNKNOWN_FILL
            return
        known = np.isfinite(share)
        code = np.where(known, np.clip(np.nan_to_num(share), 0, 1) * 254, UNKNOWN_FILL)
        self._more[:, 3] = code.round().astype(np.uint8)

    def lead(self, share: npt.NDArray[np.floating]) -> None:
        """Write how far the arrows of lines are ahead: 1 is one spacing, as good as 0."""
        self._more[:, 3] = (share * 255).astype(np.uint8)

    def flag(self, bit: int, rows: npt.NDArray[np.integer]) -> None:
        """Set a flag on some elements and take it from all others."""
        before = self._flagged.get(bit, rows[:0])
        self._code[before] &= np.uint8(255 - bit)
        inside = self._flagged[bit] = rows[(rows >= 0) & (rows < self.elements)]
        self._code[inside] |= np.uint8(bit)

    def leave_out(self, out: npt.NDArray[np.bool_] | None) -> bool:
        """Mark the elements that are not drawn, and tell whether others were before."""
        if out is self._left:  # most steps change nothing, and this looks at every element
            return False
        self._left = out
        wanted = np.zeros(self.elements, np.bool_) if out is None else out
        if np.array_equal(wanted, self.out):
            return False
        self._code &= np.uint8(255 - OUT)
        self._code |= wanted.astype(np.uint8) * np.uint8(OUT)
        return True

    @property
    def out(self) -> npt.NDArray[np.bool_]:
        """Which elements are not drawn, shape (elements,)."""
        return np.asarray((self._code & OUT) > 0)

    @property
    def looks(self) -> npt.NDArray[np.uint32]:
        """Colour, state and marks of each element as one number, red lowest."""
        return self._buffer[0, : self.elements].view(np.uint32).ravel()

    @property
    def fills(self) -> npt.NDArray[np.uint8]:
        """How full each element is, from 0 to 254; 255 where that is not known."""
        return self._more[:, 3]

    def all(self) -> bytes:
        """Return everything that the texture holds."""
        return self._buffer[:, : self.elements].tobytes()

    def close(self) -> None:
        """Let go of the texture."""
        self.texture.SetInputData(None)
