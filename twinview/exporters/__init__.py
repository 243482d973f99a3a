"""One file per format out."""
