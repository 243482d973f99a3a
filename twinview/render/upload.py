"""From meshes to VTK: arrays are checked first, because VTK trusts every index it gets."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import VTK_INT, vtkDataArray, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataObject, vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkTexture
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLPolyDataMapper

from twinview.render.meshes.mesh import Mesh, checked
from twinview.render.shaders import EXTRA, ON_GROUND, TEXTURES, TRANSLUCENT
from twinview.render.veiling import PROGRAMS

Value = float | tuple[float, ...]


class Vertices:
    """The vertices of a mesh as VTK holds them: bodies and edges of a mesh share them.

    Parameters
    ----------
    mesh
        The mesh. With `held` its arrays are not copied: whoever asks for it keeps the mesh.
    """

    def __init__(self, mesh: Mesh, held: bool = False) -> None:
        self.held = held
        self.points = vtkPoints()
        self.points.SetData(numpy_to_vtk(mesh.points, deep=not held))
        item = np.column_stack([mesh.element.astype(np.float32), mesh.shade])
        self.item = _named("item", item)

    def cells(self, index: npt.NDArray[np.int32]) -> vtkCellArray:
        """Return triangles or lines between them as VTK cells."""
        result = vtkCellArray()
        flat = np.ascontiguousarray(index).ravel()
        result.SetData(index.shape[1], numpy_to_vtk(flat, deep=not self.held, array_type=VTK_INT))
        return result


def polydata(mesh: Mesh, role: str, vertices: Vertices | None = None) -> vtkPolyData:
    """Return a mesh as VTK data with the vertex arrays that a role's shader reads."""
    result = vtkPolyData()
    shared = vertices or Vertices(mesh)
    result.SetPoints(shared.points)
    if role in {"edge", "outline"}:
        result.SetLines(shared.cells(mesh.edges))
    else:
        result.SetPolys(shared.cells(mesh.triangles))
    result.GetPointData().AddArray(shared.item)
    if role in EXTRA:
        extra = mesh.extra if mesh.extra is not None else np.zeros((len(mesh.points), 8))
        result.GetPointData().AddArray(_named("first", extra[:, :4]))
        result.GetPointData().AddArray(_named("second", extra[:, 4:]))
    return result


def _named(name: str, values: npt.NDArray[np.floating]) -> vtkDataArray:
    array: vtkDataArray = numpy_to_vtk(np.ascontiguousarray(values, np.float32), deep=True)
    array.SetName(name)
    return array


def actor(
    mesh: Mesh,
    role: str,
    textures: Mapping[str, vtkTexture],
    rank: int = 0,
    like: vtkActor | None = None,
    vertices: Vertices | None = None,
) -> vtkActor:
    """Return an actor that draws a mesh in a role.

    Parameters
    ----------
    mesh
        The mesh; it is checked.
    role
        A key of `shaders.PROGRAMS`.
    textures
        By the name the shaders know them by; those that the role reads are used.
    rank
        Order of what lies on the ground.
    like
        An actor of the same role and rank: both have one set of shaders and uniforms.
    vertices
        Those of the mesh, where other actors have them too; the mesh is known to be sound then.
    """
    result = vtkActor()
    result.SetMapper(_mapper(mesh, role, vertices))
    result.PickableOff()
    look = result.GetProperty()
    look.LightingOff()
    look.SetBackfaceCulling(role in {"solid", "filling", "glass", "coarse"})
    for name in TEXTURES.get(role, ()):
        look.SetTexture(name, textures[name])
    if role in TRANSLUCENT:
        result.ForceTranslucentOn()
    else:
        result.ForceOpaqueOn()
    if like is not None:
        result.SetShaderProperty(like.GetShaderProperty())
        return result
    shader = result.GetShaderProperty()
    shader.SetVertexShaderCode(PROGRAMS[role][0])
    shader.SetFragmentShaderCode(PROGRAMS[role][1])
    # Of elements whose colour may change, the number of the first; see `still`.
    base = -1.0 if role in {"area", "ground"} else -2.0 if role in {"rim", "outline"} else 0.0
    set_uniforms(result, {"capture": 0.0, "base": base, "ghost": 0.0, "sifted": 0.0, "veil": 1.0})
    if role in ON_GROUND:
        set_uniforms(result, {"rank": float(rank)})
    return result


def _mapper(mesh: Mesh, role: str, vertices: Vertices | None) -> vtkOpenGLPolyDataMapper:
    """Return what hands a mesh to the card, with the arrays that the role's shader reads."""
    mapper = vtkOpenGLPolyDataMapper()
    sound = checked(mesh) if vertices is None else mesh
    mapper.SetInputData(polydata(sound, role, vertices))
    mapper.ScalarVisibilityOff()
    mapper.SetStatic(True)
    mapper.SetVBOShiftScaleMethod(0)
    for name in ("item", "first", "second") if role in EXTRA else ("item",):
        mapper.MapDataArrayToVertexAttribute(name, name, vtkDataObject.FIELD_ASSOCIATION_POINTS, -1)
    return mapper


def set_uniforms(one: vtkActor, values: Mapping[str, Value]) -> None:
    """Write uniforms of an actor's shaders."""
    shader = one.GetShaderProperty()
    for uniforms in (shader.GetVertexCustomUniforms(), shader.GetFragmentCustomUniforms()):
        for name, value in values.items():
            if isinstance(value, tuple):
                getattr(uniforms, f"SetUniform{len(value)}f")(name, value)
            else:
                uniforms.SetUniformf(name, value)


def picture_texture(pixels: npt.NDArray[np.uint8], smooth: bool = True) -> vtkTexture:
    """Return a texture of a picture, shape (rows, columns, 3 or 4), row 0 at the bottom."""
    image = vtkImageData()
    image.SetDimensions(pixels.shape[1], pixels.shape[0], 1)
    image.GetPointData().SetScalars(numpy_to_vtk(pixels.reshape(-1, pixels.shape[2]), deep=True))
    texture = vtkTexture()
    texture.SetInputData(image)
    texture.SetColorModeToDirectScalars()
    texture.SetInterpolate(smooth)
    texture.SetMipmap(smooth)
    texture.RepeatOff()
    # VTK's default of 4 samples costs Mesa's software renderer 40 ms a frame.
    texture.SetMaximumAnisotropicFiltering(1.0)
    return texture


def write_picture(texture: vtkTexture, pixels: npt.NDArray[np.uint8]) -> None:
    """Give a texture another picture."""
    image = texture.GetInput()
    image.SetDimensions(pixels.shape[1], pixels.shape[0], 1)
    image.GetPointData().SetScalars(numpy_to_vtk(pixels.reshape(-1, pixels.shape[2]), deep=True))
    image.Modified()
