"""The only VTK: meshes, painter, studio (offscreen), camera. Draws no text, reads no files."""
