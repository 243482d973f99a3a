"""A desktop digital twin of a city's energy and carbon."""

__version__ = "0.1.0"
