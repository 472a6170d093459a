"""Code that is written into converted programs, where TensorFlow 2 has nothing that computes the same."""
