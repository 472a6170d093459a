"""Runs of TF1 that read a variable while they change it: which comes first depends on where a graph lies in memory."""

import re

_WRITE = re.compile("Assign|Scatter|(Sparse)?Apply|CountUpTo")


def has_race(fetches, fed):
    """Whether a run computes with a reference variable that it changes, in no order.

    fetches: ops and tensors; fed: tensors.
    """
    run = _before([getattr(element, "op", element) for element in fetches], fed)
    for write in _writes(run):
        earlier = _before([write], fed)
        for read in _reads(write.inputs[0]):
            if read in run and read not in earlier and write not in _before([read], fed):
                return True
    return False


def sees_change(fetches, fed):
    """Whether a run gives a reference variable that it changes: as it is then, where a resource gives it as it was."""
    run = _before([getattr(element, "op", element) for element in fetches], fed)
    changed = {write.inputs[0].op for write in _writes(run)}
    return any(_variable(element) in changed for element in fetches if hasattr(element, "op"))


def _writes(ops):
    return [op for op in ops if _WRITE.match(op.type) and op.inputs and op.inputs[0].dtype._is_ref_dtype]


def _variable(tensor):
    """The op whose memory a tensor is: that of its variable, if it was only handed on."""
    while tensor.op.type == "Identity":
        tensor = tensor.op.inputs[0]
    return tensor.op


def _reads(variable):
    """The ops that compute with a variable; an Identity hands its memory on."""
    for op in variable.consumers():
        if op.type == "Identity":
            for read in _reads(op.outputs[0]):
                yield read
        elif not _WRITE.match(op.type) or op.inputs[0] is not variable:
            yield op


def _before(ops, fed):
    """Ops and all that runs before them, without what only gives what is fed."""
    seen, todo = set(), list(ops)
    while todo:
        op = todo.pop()
        if op not in seen:
            seen.add(op)
            todo.extend(tensor.op for tensor in op.inputs if tensor not in fed)
            todo.extend(op.control_inputs)
    return seen
