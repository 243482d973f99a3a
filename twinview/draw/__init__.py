"""Letters and signs on pictures: the only painter of QtGui; one code for window, PNG, SVG and PDF."""
