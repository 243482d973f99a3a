"""The only VTK: meshes, painter, studio (offscreen pictures), camera. Draws no text, reads no files."""
