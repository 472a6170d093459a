"""What runs the suite."""

from __future__ import annotations

import keras
import tensorflow as tf

from flake8_tf2.prove import program


def versions() -> dict:
    """The versions of TensorFlow, Keras, numpy and Python, and the processor."""
    return {**program.versions(), "keras": keras.__version__}


def name() -> str:
    """The name of a file of results of this TensorFlow on a CPU: cpu-2.21."""
    return "cpu-" + ".".join(tf.__version__.split(".")[:2])
