"""Runs programs and tells what they printed, fetched, left in their variables and wrote.

A job is {"program", "args", "folder", "paths", "mode": "tf1", "compat" or "tf2", "randomness": "alike",
"fresh" or "own", "nudge", "resource", "preload", "initial", "result"}. All jobs of a process have one mode and one
randomness. The result of each is written to its "result" when it is there, as JSON.
"""

import ast
import gc
import importlib
import importlib.util
import io
import json
import os
import platform
import random
import sys
import threading
import traceback
import types

import numpy as np

from . import clock, draws, functions, sessions, trace, values, written

#: Final variables of more elements than this are kept as digests.
WHOLE = 1000000
SEED = draws.SEED


def main(path):
    with open(path, encoding="utf-8") as file:
        jobs = json.load(file)
    process = Process(jobs[0]["mode"], jobs[0]["randomness"])
    for job in jobs:
        with open(job["result"] + ".started", "w"):
            pass
        result = process.run(job)
        with open(job["result"] + ".part", "w", encoding="utf-8") as file:
            json.dump(result, file)
        os.rename(job["result"] + ".part", job["result"])
        if process.is_spoiled():
            break
    sys.stdout.flush()
    os._exit(0)  # what still runs in threads of a program must not keep the process


class Process(object):
    """The TensorFlow of this process, with our hooks in it."""

    def __init__(self, mode, randomness):
        if mode == "compat" and importlib.util.find_spec("tf_keras"):
            os.environ["TF_USE_LEGACY_KERAS"] = "1"  # tf.layers needs it
        import tensorflow as tf

        if tf.__version__.startswith("1.") != (mode == "tf1"):
            sys.exit("it has TensorFlow %s" % tf.__version__)
        self.mode = mode
        self.module = tf
        self.versions = {
            "python": platform.python_version(), "tensorflow": tf.__version__, "numpy": np.__version__,
        }  # fmt: skip
        if mode != "tf1":
            try:
                import keras
            except ImportError:
                pass
            else:
                self.versions["keras"] = keras.__version__
        if mode == "compat":
            tf.compat.v1.disable_v2_behavior()
        self.turn = draws.Turn()
        if randomness != "own":
            draws.install(self.turn if randomness == "fresh" else None)
        if mode != "tf1":
            _private_seeds()
        callers = trace.Callers()
        self.sessions = sessions.Sessions(callers, self.turn, mode != "tf2" and randomness != "own")
        self.functions = functions.Functions(callers, self.turn) if mode == "tf2" else None
        self._eager = tf.executing_eagerly()
        self.writers = written.Writers()
        self.clock = clock.Clock(callers)

    def run(self, job):
        """The result of one job."""
        out, err = job["result"] + ".out", job["result"] + ".err"
        saved = os.dup(1), os.dup(2), sys.stdout, sys.stderr
        _redirect(out, err)
        before = os.getcwd(), list(sys.path), list(sys.argv), dict(os.environ), set(sys.modules), list(sys.meta_path)
        found = trace.Trace()
        result = {"status": "ok"}
        files = written.listing(job["folder"])
        os.chdir(job["folder"])
        namespace = None
        self._fresh(job["resource"])
        self.sessions.start(found, job["nudge"])
        if self.functions:
            self.functions.start(found, job["initial"])
        try:
            namespace = self._execute(job)
            for thread in threading.enumerate():
                if thread is not threading.main_thread() and not thread.daemon:
                    thread.join()
        except SystemExit as error:
            if error.code not in (None, 0):
                result = {"status": "crashed", "error": "it exited with %s" % (error.code,)}
        except BaseException as error:
            result = dict(_told(error, job["program"]), status="crashed")
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        initial, races = self.sessions.numbers.told(), self.sessions.has_races()
        variables = self.sessions.finish()
        if self.functions:
            variables += self.functions.finish()
        self.writers.finish()
        self.clock.stop()
        for entry in variables:
            entry["value"] = values.pack(entry["value"], WHOLE)
        os.chdir(before[0])
        files = written.changed(job["folder"], files, self.module)
        self._leave(job, before)
        del namespace
        sys.stdout.flush()
        sys.stderr.flush()
        for number in (0, 1):
            os.dup2(saved[number], number + 1)
            os.close(saved[number])
        sys.stdout, sys.stderr = saved[2:]
        with io.open(out, "rb") as file:
            printed = file.read()
        folders = (os.path.realpath(job["folder"]), job["folder"])
        result.update(
            versions=self.versions,
            printed=_without(printed.decode("utf-8", "backslashreplace"), folders),
            sites=found.sites,
            events=[[site, printed[:at].count(b"\n"), packed] for site, at, packed in found.events]
            if len(found.events) < 100 else _in_lines(printed, found.events),
            variables=variables,
            initial=initial,
            races=races,
            files=files,
        )  # fmt: skip
        return result

    def is_spoiled(self):
        """Whether a program switched eager execution for good: then others need another process."""
        return self.module.executing_eagerly() != self._eager

    def _fresh(self, resource):
        """The state that a program finds when it starts."""
        tf = self.module
        self.turn.number = 0
        random.seed(SEED)
        np.random.seed(SEED)
        if self.mode == "tf2":
            tf.keras.backend.clear_session()
            tf.random.set_seed(SEED)
        else:
            tf.compat.v1.reset_default_graph()
            (tf.compat.v1.enable_resource_variables if resource else tf.compat.v1.disable_resource_variables)()
        gc.collect()
        self.clock.start()

    def _execute(self, job):
        with open(job["program"], "rb") as file:
            tree = compile(file.read(), job["program"], "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        tree = _OwnTemporary(job["folder"]).visit(tree)
        module = types.ModuleType("__main__")
        module.__file__ = job["program"]
        sys.argv[:] = [job["program"]] + job["args"]
        sys.path[:] = [os.path.dirname(job["program"])] + job["paths"] + sys.path
        self._main = sys.modules["__main__"]
        sys.modules["__main__"] = module
        if self.mode == "compat":
            compat = self.module.compat.v1
            compat.__path__ = list(compat.__path__) + list(self.module.__path__)
            sys.modules["tensorflow"] = compat
        for name in job["preload"]:
            importlib.import_module(name).install()
        exec(compile(tree, job["program"], "exec", dont_inherit=True), module.__dict__)
        return module

    def _leave(self, job, before):
        """Undo what the program changed in the process."""
        _, path, argv, environment, modules, finders = before
        sys.modules["tensorflow"] = self.module
        sys.modules["__main__"] = getattr(self, "_main", sys.modules["__main__"])
        sys.path[:], sys.argv[:], sys.meta_path[:] = path, argv, finders
        os.environ.clear()
        os.environ.update(environment)
        own = tuple(os.path.abspath(p) + os.sep for p in [os.path.dirname(job["program"])] + job["paths"])
        for name in set(sys.modules) - modules:
            filename = getattr(sys.modules[name], "__file__", None)
            if filename and os.path.abspath(filename).startswith(own):
                del sys.modules[name]
        _forget_flags(own)


def _redirect(out, err):
    """Send what is printed to files: also what is printed by C++."""
    for path, number in ((out, 1), (err, 2)):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdout = io.open(1, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.stderr = io.open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def _private_seeds():
    """Keras draws its seeds from `random`: let it have a stream of its own, that of the program is left alone."""
    try:
        from keras.src.random import seed_generator
    except ImportError:
        return
    seed_generator.python_random = random.Random(SEED)


class _OwnTemporary(ast.NodeTransformer):
    """Literals that name something below /tmp name a folder of the run instead: two runs must not meet there."""

    def __init__(self, folder):
        self.folder = folder

    def _moved(self, text):
        return self.folder + text if text == "/tmp" or text.startswith("/tmp/") else text

    def visit_Str(self, node):  # Python 3.7
        return ast.copy_location(ast.Str(self._moved(node.s)), node)

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            return ast.copy_location(ast.Constant(self._moved(node.value), node.kind), node)
        return node


def _told(error, program):
    """An exception in words, with the line of the program where it came from."""
    line = None
    for entry in traceback.extract_tb(error.__traceback__):
        if entry.filename == program:
            line = entry.lineno
    if isinstance(error, SyntaxError) and error.filename == program:
        line = error.lineno
    text = "%s: %s" % (type(error).__name__, str(error))
    if len(text) > 600:  # AutoGraph puts a whole traceback first
        text = text[:200] + " ... " + text[-400:]
    return {"error": text, "line": line}


def _without(text, folders):
    """What was printed without the names of folders that only this run has."""
    for folder in folders:
        text = text.replace(folder + "/", "").replace(folder, ".")
    return text


def _in_lines(printed, events):
    """The events with numbers of lines instead of bytes."""
    ends = np.cumsum([len(line) for line in printed.splitlines(True)]) if printed else np.zeros(0)
    return [[site, int(np.searchsorted(ends, at, "right")), packed] for site, at, packed in events]


def _forget_flags(own):
    """Remove the command line flags that a program defined: the next one may define the same."""
    try:
        from absl import flags
    except ImportError:
        return
    found = flags.FLAGS
    for module, defined in list(found.flags_by_module_dict().items()):
        if module == "__main__" or module.startswith(own):
            for flag in list(defined):
                try:
                    delattr(found, flag.name)
                except AttributeError:
                    pass
    found.unparse_flags()
