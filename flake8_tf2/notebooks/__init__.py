"""Notebooks: their cells as one module, and their files."""
