"""What runs the suite."""

from __future__ import annotations

import subprocess

import keras
import tensorflow as tf

from flake8_tf2.prove import program


def versions() -> dict:
    """The versions of TensorFlow, Keras, numpy and Python, and the processor."""
    return {**program.versions(), "keras": keras.__version__}


def gpu() -> dict:
    """The GPU, its driver, CUDA and cuDNN; empty where there is no GPU."""
    devices = tf.config.list_physical_devices("GPU")
    if not devices:
        return {}
    details = tf.config.experimental.get_device_details(devices[0])
    built = tf.sysconfig.get_build_info()
    found = {"device": details["device_name"], "driver": _driver()}
    return {**found, **{key: built.get(f"{key}_version", "") for key in ("cuda", "cudnn")}}


def _driver() -> str:
    """The version of the NVIDIA driver."""
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")[0]


def name() -> str:
    """The name of a file of results of this TensorFlow on a CPU: cpu-2.21."""
    return "cpu-" + ".".join(tf.__version__.split(".")[:2])
