"""What a TF2 program computes: what its functions return to eager code, which tensors it reads, its variables."""

import threading

from . import trace, values

_PASSED = ("inside/functions.py", "ops/resource_variable_ops.py", "keras/src/backend/common/variables.py",
           "keras/src/backend/tensorflow/core.py", "util/traceback_utils.py")  # fmt: skip


class Functions(object):
    """Hooks in `tf.function`, in eager tensors and in variables, for one program after another."""

    def __init__(self, callers, turn):
        from tensorflow.python.eager import context
        from tensorflow.python.eager.polymorphic_function import concrete_function, polymorphic_function
        from tensorflow.python.framework import ops
        from tensorflow.python.ops import resource_variable_ops

        self.callers, self.turn, self.context = callers, turn, context
        self.trace = None
        self._inside = threading.local()
        self._clear()
        for kind in (polymorphic_function.Function, concrete_function.ConcreteFunction):
            kind.__call__ = self._calling(kind.__call__)
        base = ops._EagerTensorBase
        numpy = base.numpy

        def read(tensor):
            result = numpy(tensor)
            if self.trace is not None and not getattr(self._inside, "depth", 0) and tensor._id not in self._seen:
                frame = self.callers.user(_PASSED)
                if frame is not None:
                    self.turn.number += 1
                    self._seen.add(tensor._id)
                    found = trace.array(result)
                    if found is not None and trace.kept(frame, None)[0]:
                        self.trace.add(frame, ["numpy()"], [found])
            return result

        base.numpy = read
        self._track(resource_variable_ops.BaseResourceVariable, "variables")
        try:
            from keras.src.backend.common.variables import Variable
            from keras.src.optimizers.base_optimizer import BaseOptimizer
        except ImportError:
            try:
                from keras.src.backend.common.variables import KerasVariable as Variable
                from keras.src.optimizers.base_optimizer import BaseOptimizer
            except ImportError:  # Keras 2, or none
                return
        self._track(Variable, "keras")
        self._track(BaseOptimizer, "optimizers")

    def _track(self, kind, name):
        """Keep every object of a class that is made: at the end of a program its locals are gone."""
        init = kind.__init__

        def created(this, *args, **kwargs):
            self.turn.making += 1
            try:
                init(this, *args, **kwargs)
            finally:
                self.turn.making -= 1
            if self.trace is not None:
                getattr(self, name).append(this)

        kind.__init__ = created

    def _clear(self):
        self._seen = set()
        self.variables, self.keras, self.optimizers = [], [], []

    def start(self, found):
        self._clear()
        self.trace = found

    def _calling(self, original):
        def call(function, *args, **kwargs):
            depth = getattr(self._inside, "depth", 0)
            if depth or self.trace is None or not self.context.executing_eagerly():
                return original(function, *args, **kwargs)
            frame = self.callers.user(_PASSED)
            self._inside.depth = depth + 1
            try:
                result = original(function, *args, **kwargs)
            finally:
                self._inside.depth = depth
            if frame is not None:
                self.turn.number += 1
                self._inside.depth = depth + 1  # what we read ourselves is not read by the program
                try:
                    self._note(frame, function, result)
                finally:
                    self._inside.depth = depth
            return result

        return call

    def _note(self, frame, function, result):
        several = isinstance(result, (list, tuple)) and not hasattr(result, "_fields")
        parts = list(result) if several else [result]
        keeps = trace.kept(frame, len(parts) if several else None)
        called = getattr(function, "__name__", None) or "function"
        names, found = [], []
        for number, part in enumerate(parts):
            for path, leaf in values.flatten(part):
                if hasattr(leaf, "_id"):
                    self._seen.add(leaf._id)
                value = trace.array(leaf)
                if value is not None and (number >= len(keeps) or keeps[number]):
                    names.append("%s()%s%s" % (called, "[%d]" % number if several else "", path))
                    found.append(value)
        self.trace.add(frame, names, found)

    def finish(self):
        """The variables that were made, in order, with their values."""
        self._inside.depth = 1
        paths = {}
        for variable in self.keras:
            value = getattr(variable, "_value", None)
            if value is not None:
                paths[id(value)] = getattr(variable, "path", None) or variable.name
        slots = set()
        for optimizer in self.optimizers:
            for variable in getattr(optimizer, "variables", ()):
                slots.add(id(getattr(variable, "_value", variable)))
        result = []
        for variable in self.variables:
            if type(variable).__name__ == "_UnreadVariable":  # what an assignment returns
                continue
            name = paths.get(id(variable), variable.name.split(":")[0])
            if "seed_generator" in name:
                continue
            try:
                value = trace.array(variable)
            except Exception:
                continue
            if value is not None:
                entry = {"name": name, "trainable": bool(variable.trainable), "slot": id(variable) in slots}
                result.append(dict(entry, value=value))
        self._inside.depth = 0
        self.start(None)
        return result
