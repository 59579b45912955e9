"""Companion package of the course: NumPy layers, data, figures, explorers and checks."""
