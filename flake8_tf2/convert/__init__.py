"""Whole programs: from a graph and a session to functions and Python state."""
