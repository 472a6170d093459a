"""Checkpoints of TensorFlow 1 as those that converted programs write."""
