"""Native TF2 code that is written into converted programs where TensorFlow 2 and Keras have nothing equal.

Each module is a plain TF2 module: the converter takes single classes and functions out of it, with those that they
need (NEEDS). Nothing here is imported by the tool itself.
"""
