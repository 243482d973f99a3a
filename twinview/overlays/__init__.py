"""Ways of turning series into paint: one file each, found by walking this folder."""
