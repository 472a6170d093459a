"""Moves TensorFlow 1 code to TensorFlow 2: finds every TF1 idiom and says what it becomes."""

__version__ = "0.1.0"
