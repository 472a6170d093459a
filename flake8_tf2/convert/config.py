"""`tf.ConfigProto` as calls of `tf.config`: at the head of the program, since devices are set up before their use."""

from __future__ import annotations

import ast

from flake8_tf2.convert import kinds
from flake8_tf2.convert.model import GOES, Program, Unit
from flake8_tf2.convert.source import Stuck

#: For each field the call that has its effect. `{}` is the value of the field.
_CALLS = {
    "allow_soft_placement": "{tf}.config.set_soft_device_placement({})",
    "log_device_placement": "{tf}.debugging.set_log_device_placement({})",
    "inter_op_parallelism_threads": "{tf}.config.threading.set_inter_op_parallelism_threads({})",
    "intra_op_parallelism_threads": "{tf}.config.threading.set_intra_op_parallelism_threads({})",
}
#: Of these, what may be called at any time.
_AT_ANY_TIME = ("allow_soft_placement", "log_device_placement")
_GROWTH = (
    'for gpu in {tf}.config.list_physical_devices("GPU"):\n    {tf}.config.experimental.set_memory_growth(gpu, True)'
)
#: Fields that say where a field stands, and those without effect on what a program computes in TF2.
_AROUND = {"gpu_options", "graph_options", "optimizer_options"}
_IGNORED = {"allocator_type", "operation_timeout_in_ms", "isolate_session_state"}


def device_calls(program: Program, tf: str) -> tuple[list[str], dict[Unit, list[str]]]:
    """The statements that stand for the configuration of sessions: at the head, and before units; what says it goes."""
    source = program.source
    head: dict[str, None] = {}
    before: dict[Unit, list[str]] = {}

    def add(name: str, value: ast.expr, at: ast.AST) -> None:
        if name in _AT_ANY_TIME and not isinstance(value, ast.Constant):
            before.setdefault(_unit(program, at), []).append(_CALLS[name].format(source.of(value), tf=tf))
            return
        for text in _field(name, value, source, tf):
            head[text] = None

    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and source.symbol(node.func).rpartition(".")[2] in (
            "ConfigProto", "GPUOptions", "GraphOptions", "OptimizerOptions",
        ):  # fmt: skip
            for keyword in node.keywords:
                add(keyword.arg or "", keyword.value, node)
    for unit in program.units:
        node = unit.node
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            root = node.targets[0]
            while isinstance(root, ast.Attribute):
                root = root.value
            value = unit.env.get(getattr(root, "id", ""), kinds.PYTHON)
            if value.kinds & {kinds.CONFIG}:
                unit.fate = GOES
                add(node.targets[0].attr, node.value, node)
        elif unit.value.kinds <= {kinds.CONFIG} and isinstance(node, ast.Assign):
            unit.fate = GOES
    return list(head), before


def _unit(program: Program, node: ast.AST) -> Unit:
    """The statement that a node stands in, or the first one in the session that it opens."""
    for unit in program.units:
        if any(node in ast.walk(item.context_expr) for outer in unit.around for item in outer.items):
            return unit
        if node in ast.walk(unit.node) and not isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)):
            return unit
    raise Stuck(node, "which session is configured here is not known")


def _field(name: str, value: ast.expr, source, tf: str) -> list[str]:
    if name in _AROUND or name in _IGNORED:
        return []
    if name in _CALLS:
        if not isinstance(value, ast.Constant):
            raise Stuck(value, f"{name} of a session is no literal")
        return [_CALLS[name].format(source.of(value), tf=tf)]
    if name in ("allow_growth", "per_process_gpu_memory_fraction"):  # neither takes all memory at once
        is_off = isinstance(value, ast.Constant) and value.value is False
        return [] if is_off else [_GROWTH.format(tf=tf)]
    if name == "device_count" and isinstance(value, ast.Dict):
        devices = {k.value: v.value for k, v in zip(value.keys, value.values) if isinstance(v, ast.Constant)}
        if devices == {"GPU": 0}:
            return [f'{tf}.config.set_visible_devices([], "GPU")']
    if name in ("global_jit_level",):
        return [f"{tf}.config.optimizer.set_jit(True)"]
    raise Stuck(value, f"{name} of a session has no conversion")
