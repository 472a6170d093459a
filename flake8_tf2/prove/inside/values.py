"""Values as JSON: arrays as [dtype, shape, data], large ones as samples and sums.

Both the process of a program and the one that compares import this.
"""

import base64

import numpy as np

#: A digest keeps so many elements, evenly spaced.
SAMPLE = 64


def pack(value, whole):
    """An array as JSON; of more than `whole` elements only a digest is kept."""
    array = np.asarray(value)
    if array.dtype.kind in "OSU":
        return ["O", list(array.shape), [_text(item) for item in array.ravel()[:whole].tolist()]]
    if array.dtype.name == "bfloat16":  # numpy itself has no such type
        array = array.astype(np.float32)
    if array.size > whole:
        return [array.dtype.str, list(array.shape), digest(array)]
    return [array.dtype.str, list(array.shape), _bytes(array)]


def digest(array):
    """Some elements of an array, its sum and its norm."""
    flat = array.ravel()
    wide = flat.astype(np.complex128 if flat.dtype.kind == "c" else np.float64)
    norm = float(np.sqrt(np.sum(np.abs(wide) ** 2)))
    return {"sample": _bytes(sampled(flat)), "sum": float(np.sum(wide.real)), "norm": norm}


def sampled(flat):
    """The elements of a flat array that its digest has: the first, the last, and evenly spaced ones between."""
    if flat.size <= SAMPLE:
        return flat
    return flat[np.linspace(0, flat.size - 1, SAMPLE).astype(np.int64)]


def unpack(packed):
    """(the array, or the elements that are known of it; the digest or None)."""
    dtype, shape, data = packed
    if dtype == "O":
        full = len(data) == int(np.prod(shape, dtype=np.int64))
        return (np.array(data, dtype=object).reshape(shape) if full else np.array(data, dtype=object)), None
    if isinstance(data, dict):
        return np.frombuffer(base64.b64decode(data["sample"]), dtype), data
    return np.frombuffer(base64.b64decode(data), dtype).reshape(shape), None


def flatten(value, path=""):
    """(path, leaf) of nested lists, tuples and dicts, dicts in the order of their keys; None is nothing."""
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            for found in flatten(value[key], "%s[%r]" % (path, key)):
                yield found
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            for found in flatten(item, "%s[%d]" % (path, number)):
                yield found
    elif value is not None:
        yield path, value


def _bytes(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def _text(item):
    return item.decode("utf-8", "backslashreplace") if isinstance(item, bytes) else str(item)
