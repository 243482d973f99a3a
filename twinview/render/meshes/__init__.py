"""Meshes from layers: numpy only. One file per kind of thing."""
