"""Runs snippets and tells what they computed, under TF 1.15 (a graph and a session) or under TF2 (eager).

This file runs as it is under both, and under CPython 3.7: it imports nothing of this package.

    python program.py JOBS.json RESULTS.json [--compat]

With --compat the jobs run under TF2 as TF1 programs: graphs and sessions of tf.compat.v1.
A job is {"source", "inputs": [{"name", "kind", "dtype", "shape", "data"}], "observe": [text], "steps", "printed"}.
A result is {"values": [a value for each step and each expression], "gradients": {input: value}, "printed": text} or
{"error": type of the exception}. Values are JSON: see `encode`.
A job with "argv" is run as a program with these arguments, in a folder of its own; its result has what it "printed" and
"logged", its exit "status", and the "files" that it left. "setup" is code that runs before the source.
"""

import ast
import base64
import contextlib
import io
import json
import os
import platform
import re
import shutil
import signal
import sys
import tempfile
import traceback
import types

import numpy as np

#: Arrays of more elements than this are written as bytes.
_LISTED = 8
SEED = 1155


def run_job(job, compat=False):
    """The result of one job, in the TensorFlow that is installed; compat: in a process without TF2's behaviour."""
    import tensorflow as tf

    if compat:
        tf = tf.compat.v1
        job = dict(job, source=as_compat(job["source"]))
    np.random.seed(SEED)
    try:
        if compat or tf.__version__.startswith("1."):
            with tf.Graph().as_default():
                tf.set_random_seed(SEED)
                return _in_graph(tf, job, _plain_config(tf) if compat else _config(tf))
        tf.keras.utils.set_random_seed(SEED)
        return _eagerly(tf, job)
    except Exception as error:  # what fails before must fail after: the failure is the result
        return {"error": type(error).__name__, "message": str(error)[:300]}


def run_program(job, compat=False):
    """The result of a job with "argv": a program, run in a fork of this process before this has used TensorFlow."""
    import tensorflow  # noqa: F401  (once, for all forks)

    source = as_compat(job["source"]) if compat else job["source"]
    folder = tempfile.mkdtemp()
    try:
        work, told = os.path.join(folder, "work"), os.path.join(folder, "told")
        os.mkdir(work)
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            _be_program(job, source, work, told)
        code = os.waitpid(child, 0)[1]
        if not os.path.exists(told):
            return {"error": "Killed", "message": "it ended with {}".format(code)}
        with open(told) as file:
            result = json.load(file)
        if "error" in result:
            return result
        result.update(values=[], printed=_read(folder, "out"), logged=_logged(_read(folder, "err")))
        names = sorted(os.path.relpath(os.path.join(top, f), work) for top, _, fs in os.walk(work) for f in fs)
        if names:
            result["files"] = {name: _read(work, name) for name in names}
        return result
    finally:
        shutil.rmtree(folder)


#: No program of a case takes as long.
_SECONDS = 60


def _be_program(job, source, work, told):
    """In a fork: become a program, and end."""
    status, error = 0, None
    try:
        signal.alarm(_SECONDS)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(os.path.join(work, "..", name), os.O_WRONLY | os.O_CREAT), number)
        os.chdir(work)
        sys.argv = ["program.py"] + job["argv"]
        module = sys.modules["__main__"] = types.ModuleType("__main__")
        module.__file__ = "program.py"
        np.random.seed(SEED)
        exec(compile(job.get("setup", ""), "setup", "exec"), module.__dict__)
        exec(compile(source, "program.py", "exec"), module.__dict__)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as raised:
        traceback.print_exc()
        error = raised
    try:
        sys.stdout.flush()
        sys.stderr.flush()
        failed = {"error": type(error).__name__, "message": str(error)[:300]}
        with open(told, "w") as file:
            json.dump(failed if error is not None else {"status": status}, file)
    finally:
        os._exit(0)


def _read(*path):
    with open(os.path.join(*path), encoding="utf-8", errors="backslashreplace") as file:
        return file.read()


#: A line of TF1's logger and of Python's, or of absl's after absl.app.run.
_LINE = re.compile(r"(?:([A-Z]+):(?:tensorflow|absl|root):|([DIWEF])\d{4} [\d:.]+ +\d+ [^\]]+\] )(.*)")
_LEVELS = {"D": "DEBUG", "I": "INFO", "W": "WARNING", "E": "ERROR", "F": "CRITICAL"}


def _logged(text):
    """[level, message] of each line that a program logged; TensorFlow's own words about old names are not its."""
    found = [match.groups() for match in map(_LINE.match, text.splitlines()) if match]
    own = [line for line in found if line[2] and not re.match("From |Use of the keyword argument names", line[2])]
    return [[word or _LEVELS[letter], said] for word, letter, said in own]


def as_compat(source):
    """A TF1 program that takes its names from tensorflow.compat.v1."""
    source = re.sub(r"^(\s*import tensorflow)(?= as )", r"\1.compat.v1", source, flags=re.MULTILINE)
    pattern = r"^(\s*from tensorflow)(?!\.compat\b|\.python\b)((?:\.\w+)* import )"
    return re.sub(pattern, r"\1.compat.v1\2", source, flags=re.MULTILINE)


def _config(tf):
    """A session that computes in one order."""
    return tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)


def _plain_config(tf):
    """A session that computes op by op, as eager execution does."""
    config = _config(tf)
    config.graph_options.optimizer_options.opt_level = -1
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    return config


def _in_graph(tf, job, config):
    feed = {}
    inputs = {entry["name"]: _graph_input(tf, entry, feed) for entry in job["inputs"]}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        namespace = _execute(job["source"], _set_up(job, inputs))
        observed = [_evaluate(tf, expression, namespace) for expression in job["observe"]]
    gradients = _graph_gradients(tf, job, inputs, observed)
    values = []
    with tf.Session(config=config) as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer(), tf.tables_initializer()])
        computed = {}
        for step in range(job["steps"]):
            values.append([])
            for number, value in enumerate(observed, 1):
                # With the last value: what is random is drawn anew in each run of a session.
                is_last = step == job["steps"] - 1 and number == len(observed)
                encoded, computed = _fetch(tf, session, value, gradients if is_last else {}, feed)
                values[-1].append(encoded)
    result = {"values": values}
    if gradients:
        result["gradients"] = {name: encode(computed[name]) if name in computed else None for name in gradients}
    if job.get("printed"):
        result["printed"] = printed.getvalue()
    return result


def _fetch(tf, session, value, gradients, feed):
    """What a session returns for one observed value, and for gradients; the next run sees what this one changed."""
    leaves = [leaf for leaf in _leaves(value) if _is_fetched(tf, leaf)]
    found, computed = session.run([leaves, {n: g for n, g in gradients.items() if g is not None}], feed)
    fetched = iter(found)
    return _encode_structure(value, lambda leaf: _fetched(tf, leaf, fetched)), computed


def _fetched(tf, leaf, fetched):
    return next(fetched) if _is_fetched(tf, leaf) else leaf


def _is_fetched(tf, leaf):
    return isinstance(leaf, (tf.Tensor, tf.Variable, tf.SparseTensor, tf.Operation))


def _eagerly(tf, job):
    inputs = {entry["name"]: _input(tf, entry) for entry in job["inputs"]}
    watched = _differentiable(job, inputs)
    printed = io.StringIO()
    values = []
    namespace = None
    with tf.GradientTape(persistent=True) as tape, contextlib.redirect_stdout(printed):
        for name in watched:
            tape.watch(inputs[name])
        for step in range(job["steps"]):
            if namespace is None:
                namespace = _execute(job["source"], _set_up(job, inputs))
            else:  # a step of a session computes the observed again, the variables stay
                namespace = _again(job["source"], namespace)
            observed = [_evaluate(tf, expression, namespace) for expression in job["observe"]]
            values.append([_encode_structure(value, lambda leaf: _numpy(tf, leaf)) for value in observed])
        outputs = [tf.reduce_sum(leaf) for leaf in _float_outputs(tf, observed)]
    result = {"values": values}
    if watched and outputs:
        try:
            total = {name: tape.gradient(outputs, inputs[name]) for name in watched}
        except LookupError:
            total = {name: None for name in watched}
        dense = {name: None if value is None else tf.convert_to_tensor(value) for name, value in total.items()}
        result["gradients"] = {name: None if value is None else encode(value.numpy()) for name, value in dense.items()}
    if job.get("printed"):
        result["printed"] = printed.getvalue()
    return result


def _numpy(tf, leaf):
    if isinstance(leaf, tf.SparseTensor):
        return tuple(part.numpy() for part in (leaf.indices, leaf.values, leaf.dense_shape))
    if isinstance(leaf, (tf.Tensor, tf.Variable)):
        return leaf.numpy()
    if isinstance(leaf, tf.IndexedSlices):
        return tf.convert_to_tensor(leaf).numpy()
    return leaf.numpy() if type(leaf).__module__.startswith("keras") and hasattr(leaf, "numpy") else leaf


def _graph_gradients(tf, job, inputs, observed):
    watched = _differentiable(job, inputs)
    outputs = [tf.reduce_sum(leaf) for leaf in _float_outputs(tf, observed)]
    if not (watched and outputs):
        return {}
    try:
        found = tf.gradients(outputs, [inputs[name] for name in watched])
    except LookupError:  # an op has no gradient
        return {name: None for name in watched}
    return {name: None if value is None else tf.convert_to_tensor(value) for name, value in zip(watched, found)}


def _differentiable(job, inputs):
    kinds = {entry["name"]: (entry["kind"], entry["dtype"]) for entry in job["inputs"]}
    return [name for name, (kind, dtype) in sorted(kinds.items()) if kind == "tensor" and dtype.startswith("float")]


def _float_outputs(tf, observed):
    leaves = [leaf for value in observed for leaf in _leaves(value)]
    return [leaf for leaf in leaves if isinstance(leaf, tf.Tensor) and leaf.dtype.is_floating]


def _input(tf, entry):
    value = decode(entry)
    if entry["kind"] == "numpy":
        return value
    if entry["kind"] == "python":
        return value.tolist() if not value.dtype.kind == "O" else _texts(value.tolist())
    if entry["kind"] == "variable":
        return tf.Variable(value, name=entry["name"])
    return tf.constant(value)


def _graph_input(tf, entry, feed):
    """An input of a graph: a placeholder, which is fed, or what it is in TF2 as well."""
    if entry["kind"] != "placeholder":
        return _input(tf, entry)
    value = decode(entry)
    tensor = tf.placeholder(tf.as_dtype(value.dtype), [None] * value.ndim)
    feed[tensor] = value
    return tensor


def _texts(value):
    if isinstance(value, list):
        return [_texts(part) for part in value]
    return value.decode("utf-8") if isinstance(value, bytes) else value


def _set_up(job, inputs):
    """The names that a snippet finds: its inputs, and what the job sets up."""
    names = dict(inputs)
    exec(compile(job.get("setup", ""), "setup", "exec"), names)
    return names


def _execute(source, inputs):
    """Run a snippet; `it` is the value of its last statement."""
    namespace = dict(inputs, __name__="snippet")
    tree = ast.parse(source)
    _bind_last(tree.body)
    exec(compile(ast.fix_missing_locations(tree), "snippet", "exec"), namespace)
    return namespace


def _bind_last(body):
    """Let `it` be the value of the last statement; of a block, of the last statement in it."""
    last = body[-1]
    if isinstance(last, ast.Expr):
        body[-1] = ast.copy_location(ast.Assign([ast.Name("it", ast.Store())], last.value), last)
    elif isinstance(last, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        target = last.targets[0] if isinstance(last, ast.Assign) else last.target
        body.append(ast.copy_location(ast.Assign([ast.Name("it", ast.Store())], _loaded(target)), last))
    elif isinstance(last, (ast.FunctionDef, ast.ClassDef)):
        value = ast.Name(last.name, ast.Load())
        body.append(ast.copy_location(ast.Assign([ast.Name("it", ast.Store())], value), last))
    elif isinstance(last, (ast.With, ast.If, ast.For, ast.While, ast.Try)):
        _bind_last(last.body)


def _again(source, namespace):
    """Run the last statement of a snippet once more."""
    tree = ast.parse(source)
    rest = dict(namespace)
    rest.update(_execute(ast.get_source_segment(source, tree.body[-1]), namespace))
    return rest


def _loaded(target):
    return ast.parse(ast.unparse(target), mode="eval").body if hasattr(ast, "unparse") else _load(target)


def _load(target):
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, (ast.Tuple, ast.List)):
        return ast.Tuple([_load(part) for part in target.elts], ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load())
    raise TypeError("the last statement assigns to something else than names")


def _evaluate(tf, expression, namespace):
    """What an expression observes; `tf` and `np` are there even where the snippet has no such names."""
    names = dict({"tf": tf, "np": np}, **namespace)
    return eval(compile(expression.replace("{it}", "it"), "observe", "eval"), names)


# Values


def _leaves(value):
    if isinstance(value, dict):
        return [leaf for key in sorted(value) for leaf in _leaves(value[key])]
    if _is_list(value):
        return [leaf for part in value for leaf in _leaves(part)]
    return [value]


def _is_list(value):
    return isinstance(value, (list, tuple)) and type(value).__name__ not in ("SparseTensorValue", "TensorShape")


def _encode_structure(value, leaf):
    if isinstance(value, dict):
        return {"dict": {str(key): _encode_structure(value[key], leaf) for key in sorted(value)}}
    if _is_list(value):
        return {"list": [_encode_structure(part, leaf) for part in value]}
    found = leaf(value)
    if isinstance(found, tuple) and not isinstance(found, str) and hasattr(found, "__len__") and len(found) == 3:
        return {"sparse": [encode(np.asarray(part)) for part in found]}
    return encode(found)


def encode(value):
    """A value as JSON: an array by dtype, shape and data, anything else by what it says of itself."""
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        if array.dtype.kind in "OSU":
            texts = [v.decode("utf-8", "backslashreplace") if isinstance(v, bytes) else str(v) for v in array.ravel()]
            return {"dtype": "string", "shape": list(array.shape), "data": texts}
        if array.size <= _LISTED and array.dtype.kind in "bif" and array.dtype.itemsize <= 8:
            data = array.ravel().astype(np.float64 if array.dtype.kind == "f" else array.dtype).tolist()
        else:
            data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
        return {"dtype": array.dtype.name, "shape": list(array.shape), "data": data}
    if type(value).__name__ == "Dimension":
        value = value.value
    if value is None or isinstance(value, (bool, int, float, str)):
        return {"python": value}
    if isinstance(value, bytes):
        return {"python": value.decode("utf-8", "backslashreplace")}
    if type(value).__name__ == "DType":
        return {"type": value.name.replace("_ref", "")}
    if type(value).__name__ == "TensorShape":
        return {"shape": None if value.rank is None else value.as_list()}
    return {"kind": type(value).__name__}


def decode(entry):
    """The array that `encode` wrote."""
    if entry["dtype"] == "string":
        return np.array([text.encode("utf-8") for text in entry["data"]], dtype=object).reshape(entry["shape"])
    if isinstance(entry["data"], str):
        array = np.frombuffer(base64.b64decode(entry["data"]), dtype=_dtype(entry["dtype"]))
    else:
        array = np.array(entry["data"], dtype=_dtype(entry["dtype"]))
    return array.reshape(entry["shape"])


def _dtype(name):
    if name == "bfloat16":
        import tensorflow as tf

        return tf.bfloat16.as_numpy_dtype
    return np.dtype(name)


def versions():
    """What ran: TensorFlow, numpy, Python, the processor."""
    import tensorflow as tf

    model = platform.machine()
    try:
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), model)
    except OSError:
        pass
    return {
        "tensorflow": tf.__version__, "numpy": np.__version__, "python": platform.python_version(), "cpu": model,
    }  # fmt: skip


def main(argv):
    """Run the jobs of a file, and write their results to another."""
    with open(argv[0]) as file:
        jobs = json.load(file)
    compat = "--compat" in argv[2:]
    if compat:
        import tensorflow as tf

        tf.compat.v1.disable_v2_behavior()
    # Programs first: they are forks, which TensorFlow bears before its first operation only.
    programs = {number: run_program(job, compat) for number, job in enumerate(jobs) if "argv" in job}
    ran = [programs[number] if number in programs else run_job(job, compat) for number, job in enumerate(jobs)]
    results = {"versions": versions(), "results": ran}
    with open(argv[1], "w") as file:
        json.dump(results, file)


if __name__ == "__main__":
    main(sys.argv[1:])
