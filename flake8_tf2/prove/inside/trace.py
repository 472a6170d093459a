"""What a program computes, in order: the values that it fetched from a session or that its functions returned."""

import dis
import os
import re
import sys
import sysconfig
import threading

import numpy as np

from . import values

#: Fetched values of more elements than this are kept as digests.
WHOLE = 256


class Trace(object):
    """The events of one program: at which place which values were seen, and how much was printed before."""

    def __init__(self):
        self.sites = []
        self.events = []
        self._numbers = {}
        self._lock = threading.Lock()

    def add(self, frame, names, found):
        """Note values that a line of the program saw; names: what they are called there."""
        if not found:
            return
        site = (os.path.basename(frame.f_code.co_filename), frame.f_lineno, tuple(names))
        packed = [values.pack(value, WHOLE) for value in found]
        sys.stdout.flush()
        printed = os.fstat(1).st_size
        with self._lock:
            number = self._numbers.setdefault(site, len(self._numbers))
            if number == len(self.sites):
                self.sites.append({"file": site[0], "line": site[1], "names": list(names)})
            self.events.append([number, printed, packed])


class Callers(object):
    """Tells calls of the program from those of libraries: TensorFlow, Keras, Python and this package."""

    def __init__(self):
        from tensorflow.python.framework import ops

        # .../tensorflow/python/framework/ops.py; in TF1 the folder is tensorflow_core
        tensorflow = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(ops.__file__))))
        folders = [os.path.dirname(os.path.abspath(__file__)), tensorflow]
        for name in ("tensorflow", "tensorflow_core", "tensorflow_estimator", "keras", "tf_keras"):
            path = getattr(sys.modules.get(name), "__file__", None)
            if path:
                folders.append(os.path.dirname(os.path.abspath(path)))
        self._libraries = tuple(folder + os.sep for folder in folders)
        self._python = sysconfig.get_paths()["stdlib"] + os.sep
        self._known = {}

    def is_library(self, filename):
        if filename not in self._known:
            path = os.path.abspath(filename)
            # Other packages may lie in a folder of Python's own; they are a part of the program.
            of_python = path.startswith(self._python) and not re.search(r"(site|dist)-packages", path)
            self._known[filename] = path.startswith(self._libraries) or of_python or filename.startswith("<frozen")
        return self._known[filename]

    def user(self, passed, depth=2):
        """The frame of the program that called, through functions of the files `passed`; None where a library did."""
        frame = sys._getframe(depth)
        while frame is not None:
            filename = frame.f_code.co_filename
            if not filename.endswith(passed):
                return None if self.is_library(filename) else frame
            frame = frame.f_back
        return None


_DROPPED = {}


def kept(frame, count):
    """Which of the values that a call returns its line keeps: not what it throws away or names `_`.

    count: how many values the call returns, as a list or tuple; None for another value.
    """
    key = (frame.f_code, frame.f_lasti)
    if key not in _DROPPED:
        _DROPPED[key] = _targets(frame)
    targets = _DROPPED[key]
    if targets == ["_"]:
        return [False] * (count or 1)
    if count is None or len(targets) != count:
        return [True] * (count or 1)
    return [target != "_" for target in targets]


def _targets(frame):
    """The names that the value of the call in progress is bound to; "_" for what is thrown away."""
    instructions = [i for i in dis.get_instructions(frame.f_code) if i.opname not in ("CACHE", "PRECALL")]
    following = [i for i in instructions if i.offset > frame.f_lasti][:40]
    if not following:
        return []
    if following[0].opname == "POP_TOP":
        return ["_"]
    names, wanted = [], 1
    if following[0].opname == "UNPACK_SEQUENCE":
        wanted = following[0].arg
        following = following[1:]
    for instruction in following[:wanted]:
        if not instruction.opname.startswith("STORE_"):
            return []
        names.append(instruction.argval if instruction.opname.startswith(("STORE_NAME", "STORE_FAST", "STORE_GLOBAL"))
                     else "?")  # fmt: skip
    return names if len(names) == wanted else []


def array(value):
    """A numpy array of something that was fetched or returned, or None."""
    if hasattr(value, "numpy"):
        try:
            value = value.numpy()
        except Exception:  # a tensor of a graph, a resource
            return None
    try:
        found = np.asarray(value)
    except Exception:
        return None
    return found if found.dtype.kind in "biufcSUO" or found.dtype.name == "bfloat16" else None
