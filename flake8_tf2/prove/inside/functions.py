"""What a TF2 program computes: what its functions return to eager code, which tensors it reads, its variables."""

import contextlib
import threading

from . import initial, trace, values

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
        self._clear([])
        self.init_scope = ops.init_scope
        for kind in (polymorphic_function.Function, concrete_function.ConcreteFunction):
            kind.__call__ = self._calling(kind.__call__)
        function, late = polymorphic_function.Function, polymorphic_function.UnliftedInitializerVariable
        function._initialize_uninitialized_variables = self._setting(function._initialize_uninitialized_variables)
        late.__init__ = self._made(late.__init__)
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
            # An assignment returns a variable that has not been read.
            if self.trace is not None and type(this).__name__ != "_UnreadVariable":
                getattr(self, name).append(this)
                if name == "keras" and this._value is not None:
                    self._own_initial(this._value, this.path)
                elif name == "variables" and not self.turn.making:  # by no variable of Keras
                    self._own_initial(this, this.name.split(":")[0])

        kind.__init__ = created

    def _own_initial(self, variable, name):
        """Change what a variable drew by the number that it has in BEFORE."""
        with self.init_scope():
            if not self.context.executing_eagerly():  # a graph of the program's own
                return
            if not variable.is_initialized():
                self._late[id(variable)] = name
                return
            depth = getattr(self._inside, "depth", 0)
            self._inside.depth = depth + 1  # what we read ourselves is not read by the program
            try:
                value = variable._read_variable_op().numpy()
                number = self.partners.number(name, value)
                if number:
                    variable.assign(initial.owned(value, number), read_value=False)
            finally:
                self._inside.depth = depth

    def _made(self, init):
        """Change what a variable drew that is made while a function is traced, if it has its value at once."""

        def created(this, *args, **kwargs):
            init(this, *args, **kwargs)
            self._own_late([this])

        return created

    def _setting(self, original):
        """Change what the variables drew that a function made, once they have values: before it runs first.

        An op of ours in their initial values would have to run in the function itself, after those with effects, which
        XLA refuses, and so does the placement on a GPU.
        """
        from tensorflow.python.eager.lift_to_graph import UnliftableError

        def set_values(function, initializers):
            try:
                original(function, initializers)
            except UnliftableError:  # one is enough for it; the run itself gives values to those that have none then
                for initializer in initializers:
                    with contextlib.suppress(UnliftableError):
                        original(function, [initializer])
                raise
            finally:
                self._own_late([variable for variable, _ in initializers])

        return set_values

    def _own_late(self, variables):
        for variable in variables:
            if id(variable) in self._late:
                self._own_initial(variable, self._late.pop(id(variable)))

    def _clear(self, entries):
        self._seen = set()
        self._late = {}  # by id, the names of variables that functions make, until they have values
        self.partners = initial.Partners(entries)
        self.variables, self.keras, self.optimizers = [], [], []

    def start(self, found, entries=()):
        """entries: BEFORE's variables that begin with values of their own."""
        self._clear(entries)
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
