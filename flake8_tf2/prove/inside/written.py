"""The files that a program wrote, in a form that can be compared: summaries by tag, checkpoints by variable."""

import hashlib
import os
import re

import numpy as np

from . import values

#: More of a variable or of a text than this is kept as a digest.
_WHOLE = 1000000
_TEXT = 1000000


class Writers(object):
    """The summary writers of programs: what one still holds back at its end is written then."""

    def __init__(self):
        from tensorflow.python.ops import summary_ops_v2
        from tensorflow.python.summary.writer import writer

        self.open = []
        for kind in (writer.FileWriter, getattr(summary_ops_v2, "_ResourceSummaryWriter", None)):
            if kind is not None:
                self._track(kind)

    def _track(self, kind):
        init = kind.__init__

        def created(this, *args, **kwargs):
            init(this, *args, **kwargs)
            self.open.append(this)

        kind.__init__ = created

    def finish(self):
        for writer in self.open:
            try:
                writer.flush()
            except Exception:  # closed, or made for a graph
                pass
        del self.open[:]


def listing(folder):
    """The files of a folder, with what shows that one was changed."""
    found = {}
    for path, _, names in os.walk(folder):
        for name in names:
            full = os.path.join(path, name)
            status = os.stat(full)
            found[os.path.relpath(full, folder)] = (status.st_mtime_ns, status.st_size)
    return found


def changed(folder, before, tf):
    """{name: content} of the files that are new or other than before."""
    names = sorted(name for name, status in listing(folder).items() if before.get(name) != status)
    result, events = {}, {}
    for name in names:
        full = os.path.join(folder, name)
        base = os.path.basename(name)
        try:
            if ".tfevents." in base:
                events.setdefault(os.path.dirname(name), []).append(full)
            elif base.endswith(".index") and name[:-6] + ".data-00000-of-00001" in names:
                result[name[:-6]] = {"kind": "checkpoint", "variables": _checkpoint(full[:-6], tf)}
            elif re.search(r"\.(meta|data-\d+-of-\d+)$", base) or base == "checkpoint" or ".pb" in base:
                continue  # the graph, and what belongs to a checkpoint
            elif base.endswith((".npy", ".npz")):
                result[name] = {"kind": "arrays", "arrays": _arrays(full)}
            else:
                result[name] = _other(full)
        except Exception as error:  # a file that is not what its name says
            result[name] = {"kind": "unreadable", "error": "%s: %s" % (type(error).__name__, str(error)[:200])}
    for name, paths in events.items():
        found = _summaries(paths, tf)
        if found:
            result[os.path.join(name, "(summaries)")] = {"kind": "summaries", "tags": found}
    return result


def _other(full):
    with open(full, "rb") as file:
        content = file.read()
    if len(content) <= _TEXT and b"\0" not in content:
        try:
            return {"kind": "text", "text": content.decode("utf-8")}
        except UnicodeDecodeError:
            pass
    return {"kind": "bytes", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _arrays(full):
    found = np.load(full, allow_pickle=False)
    if hasattr(found, "files"):
        return {name: values.pack(found[name], _WHOLE) for name in found.files}
    return {"": values.pack(found, _WHOLE)}


def _checkpoint(prefix, tf):
    """The variables of a checkpoint as entries like those of a program; one of TF2 tells their full names."""
    reader = tf.compat.v1.train.NewCheckpointReader(prefix)
    names = reader.get_variable_to_shape_map()
    known = {}
    if "_CHECKPOINTABLE_OBJECT_GRAPH" in names:
        from tensorflow.core.protobuf import trackable_object_graph_pb2

        graph = trackable_object_graph_pb2.TrackableObjectGraph()
        graph.ParseFromString(reader.get_tensor("_CHECKPOINTABLE_OBJECT_GRAPH"))
        for node in graph.nodes:
            for attribute in node.attributes:
                known[attribute.checkpoint_key] = attribute.full_name
    found = []
    for name in sorted(names):
        if name == "_CHECKPOINTABLE_OBJECT_GRAPH" or name.startswith("save_counter/"):
            continue
        shown = known.get(name) or name
        slot = bool(re.search(r"/(Adam|Momentum|RMSProp|Adagrad|Adadelta|Ftrl)(_\d)?$|beta[12]_power|optimizer", name))
        found.append({
            "name": shown, "key": name.replace("/.ATTRIBUTES/VARIABLE_VALUE", ""), "trainable": False, "slot": slot,
            "value": values.pack(reader.get_tensor(name), _WHOLE),
        })  # fmt: skip
    return found


def _summaries(paths, tf):
    """{tag: [[step, value]]} of the event files of one folder, in order."""
    found = {}
    for path in sorted(paths):
        try:
            for event in tf.compat.v1.train.summary_iterator(path):
                for value in event.summary.value:
                    found.setdefault(value.tag, []).append([int(event.step), _summary(value, tf)])
        except tf.errors.DataLossError:  # the end was never written
            pass
    return found


def _summary(value, tf):
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return values.pack(np.float32(value.simple_value), _WHOLE)
    if kind == "histo":
        return _histogram(value.histo.num, value.histo.min, value.histo.max)
    if kind == "image":
        return values.pack(np.array([value.image.width, value.image.height]), _WHOLE)
    if kind == "tensor":
        array = tf.make_ndarray(value.tensor)
        plugin = value.metadata.plugin_data.plugin_name
        if plugin == "histograms" and array.size:
            return _histogram(array[:, 2].sum(), array[0, 0], array[-1, 1])
        if plugin == "images" and array.size > 1:
            return values.pack(np.array([int(x) for x in array.ravel()[:2]]), _WHOLE)
        return values.pack(array, _WHOLE)
    return values.pack(np.array(str(kind)), _WHOLE)


def _histogram(count, low, high):
    """What both versions tell of a histogram alike."""
    return values.pack(np.array([count, low, high], np.float64), _WHOLE)
