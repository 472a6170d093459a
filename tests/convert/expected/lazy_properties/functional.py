"""Properties that build their part of the graph once."""
