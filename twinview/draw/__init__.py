"""Letters and signs on pictures: one code for window, PNG, SVG and PDF."""
