"""What a program does with sessions: its fetches, its variables when a session ends, and changed inputs."""

import numpy as np

from . import draws, initial, races, trace, values

#: How much inputs and initial values are changed, to see what a program makes of rounding.
NUDGE = 2e-7
_PASSED = (
    "client/session.py", "framework/ops.py", "framework/tensor.py", "training/monitored_session.py", "contextlib.py",
    "ops/variables.py", "ops/ref_variable.py", "ops/resource_variable_ops.py", "inside/sessions.py",
)  # fmt: skip
#: Fetched, these give serialized protocol buffers, which are compared where they are written.
_SUMMARIES = ("Summary", "Serialize", "Print")


class Sessions(object):
    """Hooks in `tf.Session`, for programs in turn. own: whether each variable has initial values of its own."""

    def __init__(self, callers, turn, own):
        from tensorflow.python.client import session

        self.callers, self.turn, self.own = callers, turn, own
        self.trace, self.nudge = None, 0
        self.numbers = initial.Numbers()
        self.open, self.snapshots, self.runs = [], [], {}
        base = session.BaseSession
        self._run, close, init = base.run, base.close, base.__init__

        def created(this, *args, **kwargs):
            init(this, *args, **kwargs)
            self.open.append(this)

        def run(this, fetches, feed_dict=None, options=None, run_metadata=None):
            return self.run(this, fetches, feed_dict, options, run_metadata)

        def closed(this):
            self.snapshot(this)
            close(this)

        base.__init__, base.run, base.close = created, run, closed

    def start(self, found, nudge):
        self.trace, self.nudge = found, nudge
        self.numbers = initial.Numbers()
        self.open, self.snapshots, self.runs = [], [], {}

    def run(self, session, fetches, feed_dict, options, run_metadata):
        frame = self.callers.user(_PASSED)
        if self.nudge and frame is not None and feed_dict:
            feed_dict = {key: self._nudged_feed(session, key, value) for key, value in feed_dict.items()}
        result = self._run(session, fetches, feed_dict, options, run_metadata)
        initialized = self._initialized(session, fetches)
        if self.own:
            self._own_initial(session, initialized)
        if self.nudge:
            self._nudge_initial(session, initialized)
        if frame is not None and not initialized:
            self.turn.number += 1
        if frame is not None and self.trace is not None:
            self._note(frame, session, fetches, result)
            self._look_for_races(session.graph, fetches, feed_dict)
        return result

    def _look_for_races(self, graph, fetches, feed_dict):
        """Note for each kind of run whether it reads variables while it changes them."""
        found = frozenset(_element(graph, leaf) for _, leaf in values.flatten(fetches)) - {None}
        fed = frozenset(_element(graph, key) for key in feed_dict or ()) - {None}
        if (found, fed) not in self.runs:
            self.runs[found, fed] = races.has_race(found, fed), races.sees_change(found, fed)

    def has_races(self):
        """Whether a run of the program does, and resource variables would change nothing else."""
        return any(race for race, _ in self.runs.values()) and not any(sees for _, sees in self.runs.values())

    def _note(self, frame, session, fetches, result):
        if isinstance(fetches, dict) and "caller" in fetches:  # of a monitored session
            fetches, result = fetches["caller"], result["caller"]
        several = isinstance(result, (list, tuple)) and not hasattr(result, "_fields")
        parts = list(result) if several else [result]
        asked = list(fetches) if several and isinstance(fetches, (list, tuple)) else [fetches]
        keeps = trace.kept(frame, len(parts) if several else None)
        names, found = [], []
        for number, part in enumerate(parts):
            if number < len(keeps) and not keeps[number]:
                continue
            leaves = [name for name in _leaves(session.graph, asked[number] if number < len(asked) else None)]
            items = [value for _, value in values.flatten(part)]
            labels = [leaf for leaf in leaves if leaf[0] is not None]
            for position, value in enumerate(items):
                name, kind = labels[position] if len(labels) == len(items) else ("?", "")
                value = trace.array(value)
                if value is not None and not any(word in kind for word in _SUMMARIES):
                    names.append(name)
                    found.append(value)
        self.trace.add(frame, names, found)

    def _nudged_feed(self, session, key, value):
        try:
            tensor = session.graph.as_graph_element(key)
            if not tensor.dtype.is_floating:
                return value
            found = np.asarray(value, dtype=tensor.dtype.as_numpy_dtype)
        except Exception:  # a sparse tensor, a handle
            return value
        # Rates, probabilities and the like are no data; and 1 must not become more than 1.
        return self._nudged(found) if found.ndim else value

    def _nudged(self, found):
        signs = draws.mixed(np.arange(found.size, dtype=np.int64), 1000 + self.nudge).reshape(found.shape) % 2 * 2 - 1
        return (found * (1 + NUDGE * signs)).astype(found.dtype)

    def _initialized(self, session, fetches):
        """(initializer, variable) of the variables that a run initialized."""
        graph = session.graph
        seen, todo, found = set(), [], []
        for _, leaf in values.flatten(fetches):
            element = _element(graph, leaf)
            if element is not None:
                todo.append(getattr(element, "op", element))
        if not any(op.type in ("NoOp", "Assign", "AssignVariableOp") for op in todo):
            return []
        initializers = {v.initializer: v for v in graph.get_collection("variables") if hasattr(v, "initializer")}
        while todo:
            op = todo.pop()
            if op in seen:
                continue
            seen.add(op)
            if op in initializers:
                found.append((op, initializers[op]))
            elif op.type == "NoOp":
                todo.extend(op.control_inputs)
        return found

    def _own_initial(self, session, initialized):
        """Change what variables drew by their numbers, and then copy again what others copy from them."""
        copies = []
        for op, variable in sorted(initialized, key=lambda found: found[1].op._id):
            origin = initial.origin(op)
            if origin == "copy":
                copies.append(op)
            elif origin == "draw":
                value = np.asarray(self._run(session, variable))
                number = self.numbers.new(variable, value)
                if number:
                    self._run(session, op, {op.inputs[1]: initial.owned(value, number)})
        for op in copies:
            self._run(session, op)

    def _nudge_initial(self, session, initialized):
        for op, variable in initialized:
            start = op.inputs[1]
            if start.dtype.is_floating:
                current = self._run(session, variable)
                self._run(session, op, {start: self._nudged(np.asarray(current))})

    def snapshot(self, session):
        """Keep the values of a session's variables, before it is closed."""
        if session not in self.open:
            return
        self.open.remove(session)
        if self.trace is None:
            return
        graph = session.graph
        found = [v for v in graph.get_collection("variables") if hasattr(v, "op")]
        trainable = {v.op.name for v in graph.get_collection("trainable_variables") if hasattr(v, "op")}
        names = [v.op.name for v in found]
        result = []
        for variable, value in zip(found, self._values(session, found)):
            name = variable.op.name
            if value is not None:
                slot = name not in trainable and any(name.startswith(other + "/") for other in names if other != name)
                slot = slot or name.split("/")[-1].startswith(("beta1_power", "beta2_power"))
                result.append({"name": name, "trainable": name in trainable, "slot": slot, "value": value})
        if result:
            self.snapshots = [s for s in self.snapshots if s[0] is not graph] + [(graph, result)]

    def _values(self, session, variables):
        try:
            return self._run(session, variables)
        except Exception:  # some are not initialized, or the session is closed
            pass
        result = []
        for variable in variables:
            try:
                result.append(self._run(session, variable))
            except Exception:
                result.append(None)
        return result

    def finish(self):
        """The variables of all sessions; those that are still open end here."""
        for session in list(self.open):
            self.snapshot(session)
        found = [entry for _, result in self.snapshots for entry in result]
        self.start(None, 0)
        return found


def _element(graph, leaf):
    """The op or tensor that is fetched or fed; None for what consists of several, a sparse tensor."""
    try:
        return graph.as_graph_element(leaf)
    except Exception:
        return None


def _leaves(graph, fetches):
    """(name, type of its op) of each thing that is fetched; (None, "") for ops, which give no value."""
    for _, leaf in values.flatten(fetches):
        element = _element(graph, leaf)
        if element is None:
            yield getattr(leaf, "name", "?"), ""
        elif hasattr(element, "op"):
            yield element.name, element.op.type
        else:
            yield None, ""
