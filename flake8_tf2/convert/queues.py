"""Input by queues as `tf.data`: producers and readers become datasets, examples are mapped, batches are batched."""

from __future__ import annotations

import ast
from typing import Iterator

from flake8_tf2.convert.kinds import bound_names, free_names
from flake8_tf2.convert.layout import Rewriter, comment_lines, shift
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options

_PRODUCERS = ("train.string_input_producer", "train.slice_input_producer", "train.range_input_producer")
_BATCHES = ("train.batch", "train.shuffle_batch")
#: For each reader the dataset of what it reads from files.
_READERS = {
    "TextLineReader": "TextLineDataset", "TFRecordReader": "TFRecordDataset", "WholeFileReader": "",
    "FixedLengthRecordReader": "FixedLengthRecordDataset", "IdentityReader": "",
}  # fmt: skip
_COORDINATOR, _START = "train.Coordinator", "train.start_queue_runners"
#: What reads ahead, or only names something: without effect on what is read.
_IGNORED = {"capacity", "num_threads", "name", "shared_name", "shapes", "min_after_dequeue", "element_shape",
            "cancel_op"}  # fmt: skip


def as_datasets(source: str, options: Options) -> str:
    """A source whose queues are datasets with one-shot iterators, and that has no coordinators. Raises Stuck."""
    while True:
        queues = Queues(Source(source, options))
        found = queues.step()
        if found is None:
            return Coordinators(Source(source, options)).removed() if queues.any else source
        source = found


def touches(source: Source, node: ast.AST) -> bool:
    """Whether code makes or reads queues of input."""
    wanted = {source.table.canonical(f"tf.{n}") for n in (*_PRODUCERS, *_BATCHES, *_READERS)}
    return any(isinstance(n, ast.Call) and source.symbol(n.func) in wanted for n in ast.walk(node))


class _Names:
    """Symbols of a source by the names that TF1 gives them."""

    def __init__(self, source: Source):
        self.source = source

    def called(self, node: ast.AST, *names: str) -> str:
        """Which of the symbols a node calls; "" where none."""
        symbol = self.source.symbol(node.func) if isinstance(node, ast.Call) else ""
        return next((n for n in names if symbol and self.source.table.canonical(f"tf.{n}") == symbol), "")


class Queues(_Names):
    """Rewrites one source of examples, with the batches that are made of them."""

    def __init__(self, source: Source):
        super().__init__(source)
        self.rewriter = Rewriter(source)
        self.taken = {n.id for n in ast.walk(source.tree) if isinstance(n, ast.Name)}
        self.taken |= {n.name for n in ast.walk(source.tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        self.any = any(self.called(n, _COORDINATOR, _START) for n in ast.walk(source.tree))

    def step(self) -> str | None:
        """The source with one reader or producer rewritten; None where there is none."""
        for body in self._scopes():
            statements = list(_flat(body))
            for at, statement in enumerate(statements):
                if isinstance(statement, ast.Assign) and self._is_source(statement.value):
                    self._rewrite(statement, statements, at)
                    return self.rewriter.render(0, len(self.source.text.text))
        return None

    def _scopes(self) -> Iterator[list[ast.stmt]]:
        yield self.source.tree.body
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.FunctionDef):
                yield node.body

    def _is_source(self, value: ast.expr) -> bool:
        """Whether an expression reads one example anew at each run."""
        if self.called(value, "train.slice_input_producer"):
            return True
        if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
            return False
        made = self._maker(value.func.value, *_READERS, *_PRODUCERS)
        return value.func.attr in ("read", "dequeue") and made is not None

    def _maker(self, node: ast.expr, *names: str) -> ast.Call | None:
        """The call of one of the symbols that an expression is, or a name that is bound once to one."""
        if isinstance(node, ast.Name):
            stores = [n for n in ast.walk(self.source.tree)
                      if isinstance(n, ast.Name) and n.id == node.id and not isinstance(n.ctx, ast.Load)]  # fmt: skip
            parent = self.source.parents[stores[0]] if len(stores) == 1 else None
            node = parent.value if isinstance(parent, ast.Assign) and parent.targets == stores else node
        return node if self.called(node, *names) else None

    # One source of examples

    def _rewrite(self, statement: ast.Assign, statements: list[ast.stmt], at: int) -> None:
        target = statement.targets[0]
        names = [e.id if isinstance(e, ast.Name) else "" for e in getattr(target, "elts", [target])]
        if len(statement.targets) > 1 or "" in names:
            raise Stuck(statement, "what is read from a queue is not kept under names")
        behind = statements[at + 1 :]
        batch = next((s for s in behind if isinstance(s, ast.Assign) and self.called(s.value, *_BATCHES)
                      and self._depends(s, set(names), behind)), None)  # fmt: skip
        if batch is None:
            lines, kept = self._dataset(statement.value, names, {n for s in behind for n in free_names(s)})
            lines += self._iterator(self.dataset, self._targets(kept, statement))
            self._put(statement, lines)
            return
        between = behind[: behind.index(batch)]
        moved = self._moved(between, set(names), batch)
        self._check_alone(names, moved, batch, behind)
        read = set().union(*(free_names(s) for s in [*moved, batch]))
        lines, kept = self._dataset(statement.value, names, read)
        function = self._function(moved, kept, batch)
        mapped = f".map({function[0]})" if function else ""
        lines.append(f"{self.dataset} = {self.dataset}{mapped}{self._batched(batch.value)}")
        lines += self._iterator(self.dataset, self.source.of(batch.targets[0]))
        self._delete(statement)
        for other in moved:
            self._delete(other)
        self._put(batch, [*(function[1] if function else []), *lines])

    def _depends(self, batch: ast.Assign, names: set[str], behind: list[ast.stmt]) -> bool:
        live = set(names)
        for statement in behind[: behind.index(batch)]:
            live = _live(statement, live)
        return bool(free_names(batch.value) & live)

    def _moved(self, between: list[ast.stmt], names: set[str], batch: ast.Assign) -> list[ast.stmt]:
        """The statements that compute an example from what is read."""
        live, found = set(names), []
        for statement in between:
            if free_names(statement) & live:
                found.append(statement)
            live = _live(statement, live)
        needed = free_names(batch.value) & live
        kept = []
        for statement in found[::-1]:
            changes = bound_names(statement) or free_names(statement) & live
            if changes & needed:
                kept.append(statement)
                needed |= free_names(statement)
        return kept[::-1]

    def _check_alone(self, names: list[str], moved: list[ast.stmt], batch: ast.Assign, behind: list[ast.stmt]) -> None:
        """Single examples must have no other use: a queue gives each of them once."""
        live = set(names).union(*(bound_names(s) for s in moved)) - bound_names(batch)
        inside = {id(n) for s in [*moved, batch] for n in ast.walk(s)}
        names_of_scope = [n for s in behind for n in ast.walk(s) if isinstance(n, ast.Name) and n.id in live]
        rebound: set[str] = set()
        for node in sorted(names_of_scope, key=lambda n: (n.lineno, n.col_offset)):
            if id(node) in inside:
                continue
            if isinstance(node.ctx, ast.Store):
                rebound.add(node.id)
            elif node.id not in rebound:
                raise Stuck(node, f"{node.id}, a single example of a queue, is used beside its batches")

    def _targets(self, kept: list[str], statement: ast.Assign) -> str:
        return ", ".join(kept) if kept else self.source.of(statement.targets[0])

    # What is written

    def _dataset(self, value: ast.Call, names: list[str], read: set[str]) -> tuple[list[str], list[str]]:
        """The statements that make the dataset of what is read, and the names of its parts."""
        self.dataset = self._new("dataset")
        tf = self._tf()
        if self.called(value, "train.slice_input_producer"):
            bound = self._bound(value)
            return self._slices(bound, self._tensors(bound["tensor_list"]), tf), names
        if value.func.attr == "dequeue":
            producer = self._maker(value.func.value, *_PRODUCERS)
            if producer is None:
                raise Stuck(value, "a queue that the program fills itself has no conversion: write a tf.data.Dataset")
            self._delete_maker(value.func.value)
            return self._produced(producer, tf), names
        reader = self._maker(value.func.value, *_READERS)
        producer = self._maker(value.args[0], *_PRODUCERS) if value.args else None
        if reader is None or producer is None or len(names) != 2:
            raise Stuck(value, "which files this reads is not known: write a tf.data.Dataset")
        self._delete_maker(value.func.value)
        self._delete_maker(value.args[0])
        return self._files(reader, producer, tf), self._kept(reader, names, read, value)

    def _kept(self, reader: ast.Call, names: list[str], read: set[str], value: ast.Call) -> list[str]:
        kind = self.called(reader, *_READERS)
        if kind in ("WholeFileReader", "IdentityReader"):
            return names
        if names[0] in read and names[0] != names[1]:
            raise Stuck(value, "the key of what is read has no conversion: datasets give only what stands in the files")
        return names[1:]

    def _slices(self, bound: dict[str, ast.expr], tensors: str, tf: str) -> list[str]:
        lines = [f"{self.dataset} = {tf}.data.Dataset.from_tensor_slices({tensors})"]
        return lines + self._order(bound)

    def _produced(self, producer: ast.Call, tf: str) -> list[str]:
        bound = self._bound(producer)
        if self.called(producer, "train.range_input_producer"):
            made = f"{tf}.data.Dataset.range({self.source.of(bound['limit'])}, output_type={tf}.int32)"
            return [f"{self.dataset} = {made}", *self._order(bound)]
        return self._files_of(bound, tf)

    def _files_of(self, bound: dict[str, ast.expr], tf: str) -> list[str]:
        """A dataset of file names."""
        names = bound["string_tensor"]
        matched = self._maker(names, "train.match_filenames_once")
        if matched is not None:
            self._delete_maker(names)
            made = f"{tf}.data.Dataset.list_files({self.source.of(matched.args[0])}, shuffle=False)"
        else:
            made = f"{tf}.data.Dataset.from_tensor_slices({self.source.of(names)})"
        return [f"{self.dataset} = {made}", *self._order(bound)]

    def _order(self, bound: dict[str, ast.expr]) -> list[str]:
        """Each epoch in an order of its own, as producers do where nothing else is said; and the epochs."""
        lines = []
        shuffle, seed = bound.get("shuffle"), bound.get("seed")
        single = isinstance(bound.get("string_tensor"), (ast.List, ast.Tuple)) and len(bound["string_tensor"].elts) == 1
        seeded = "" if seed is None or _is_none(seed) else f", seed={self.source.of(seed)}"
        if shuffle is None or isinstance(shuffle, ast.Constant) and shuffle.value:
            if not single:
                lines.append(f"{self.dataset} = {self.dataset}.shuffle({self.dataset}.cardinality(){seeded})")
        elif not isinstance(shuffle, ast.Constant):
            raise Stuck(shuffle, "whether a producer shuffles is not known")
        epochs = bound.get("num_epochs")
        count = "" if epochs is None or _is_none(epochs) else self.source.of(epochs)
        lines.append(f"{self.dataset} = {self.dataset}.repeat({count})")
        return lines

    def _files(self, reader: ast.Call, producer: ast.Call, tf: str) -> list[str]:
        """The dataset of what a reader reads from the files of a producer."""
        lines = self._files_of(self._bound(producer), tf)
        kind, bound = self.called(reader, *_READERS), self._bound(reader)
        if kind == "WholeFileReader":
            made = f"{self.dataset}.map(lambda name: (name, {tf}.io.read_file(name)))"
        elif kind == "IdentityReader":
            made = f"{self.dataset}.map(lambda name: (name, name))"
        elif kind == "TextLineReader" and bound.get("skip_header_lines") is not None:
            skipped = self.source.of(bound["skip_header_lines"])
            made = f"{self.dataset}.flat_map(lambda name: {tf}.data.TextLineDataset(name).skip({skipped}))"
        else:
            options = "".join(
                f", {name}={self.source.of(bound.pop(name))}"
                for name in ("record_bytes", "header_bytes", "footer_bytes") if name in bound
            )  # fmt: skip
            if any(not _is_none(node) for node in bound.values()):
                raise Stuck(reader, "an option of a reader has no conversion")
            made = f"{tf}.data.{_READERS[kind]}({self.dataset}{options})"
        return [*lines, f"{self.dataset} = {made}"]

    def _function(self, moved: list[ast.stmt], kept: list[str], batch: ast.Assign) -> tuple[str, list[str]] | None:
        """The function that computes an example; None where an example is just what is read."""
        given = self._bound(batch.value)["tensors"]
        returned = self._tensors(given)
        if not moved and returned in (", ".join(kept), f"({', '.join(kept)})"):
            return None
        name = self._new("read_example")
        lines = [f"def {name}({', '.join(dict.fromkeys(kept))}):"]
        for statement in moved:
            numbers = comment_lines(self.source.text.lines, statement.lineno)
            lines += [f"    {self.source.text.lines[n - 1].strip()}" for n in numbers]
            lines.append(shift(self.rewriter.statement(statement), 4))
            for number in numbers:
                start = self.source.text.offset(number, 0)
                self.rewriter.edits[(start, self.source.text.offset(number + 1, 0))] = ""
        returned = returned.removeprefix("(").removesuffix(")") if returned.startswith("(") else returned
        blank = [""] * (1 if batch.col_offset else 2)
        return name, [*blank, *lines, f"    return {returned}", *blank]

    def _tensors(self, node: ast.expr) -> str:
        """Tensors in a list as a structure of a dataset: one of them alone is not in a tuple."""
        if isinstance(node, (ast.List, ast.Tuple)):
            texts = [self.source.of(e) for e in node.elts]
            return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
        if isinstance(node, ast.Name):
            return f"tuple({node.id})"
        return self.source.of(node)

    def _batched(self, call: ast.Call) -> str:
        """The methods that make batches as queues do."""
        bound = self._bound(call)
        text = ""
        if self._flag(bound, "enqueue_many"):
            text += ".unbatch()"
        if self.called(call, "train.shuffle_batch"):
            seed = bound.pop("seed", None)
            seeded = "" if seed is None or _is_none(seed) else f", seed={self.source.of(seed)}"
            text += f".shuffle({self.source.of(bound['capacity'])}{seeded})"
        method = "padded_batch" if self._flag(bound, "dynamic_pad") else "batch"
        rest = "" if self._flag(bound, "allow_smaller_final_batch") else ", drop_remainder=True"
        text += f".{method}({self.source.of(bound.pop('batch_size'))}{rest})"
        for name, node in bound.items():
            if name not in _IGNORED and name != "tensors":
                raise Stuck(node, f"{name} of a queue has no conversion")
        return text

    @staticmethod
    def _flag(bound: dict[str, ast.expr], name: str) -> bool:
        node = bound.pop(name, None)
        if node is not None and not isinstance(node, ast.Constant):
            raise Stuck(node, f"{name} of a queue is no literal")
        return node is not None and bool(node.value)

    def _iterator(self, dataset: str, targets: str) -> list[str]:
        iterator = self._new("iterator")
        return [f"{iterator} = {dataset}.make_one_shot_iterator()", f"{targets} = {iterator}.get_next()"]

    def _bound(self, call: ast.Call) -> dict[str, ast.expr]:
        return {n: a.value for n, a in self.source.bind(call, self.source.symbol(call.func)).bound.items()}

    def _tf(self) -> str:
        return next(name for name, bindings in self.source.layout.module.bindings.items()
                    if any(b.kind == "import" and b.node in ("tensorflow", "tensorflow.compat.v1") for b in bindings)
                    )  # fmt: skip

    def _new(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self.taken:
            name, number = f"{wanted}_{number}", number + 1
        self.taken.add(name)
        return name

    def _put(self, statement: ast.stmt, lines: list[str]) -> None:
        text = "\n".join(lines)
        self.rewriter.replace(statement, shift(text, statement.col_offset).lstrip(" "))

    def _delete(self, statement: ast.stmt) -> None:
        delete(self.source, self.rewriter, statement)

    def _delete_maker(self, node: ast.expr) -> None:
        """Delete the statement that made a queue or reader, where this was its last use."""
        if isinstance(node, ast.Name):
            uses = [n for n in ast.walk(self.source.tree) if isinstance(n, ast.Name) and n.id == node.id]
            if len(uses) == 2:
                self._delete(next(self.source.parents[n] for n in uses if isinstance(n.ctx, ast.Store)))


class Coordinators(_Names):
    """Takes the coordinators of threads out of a source: datasets have none."""

    def __init__(self, source: Source):
        super().__init__(source)
        self.rewriter = Rewriter(source)

    def removed(self) -> str:
        """The source without them. Raises Stuck where they do more than wait for queues."""
        tree = self.source.tree
        threads: set[str] = set()
        coordinators: set[str] = set()
        for node in ast.walk(tree):
            if self.called(node, _START, _COORDINATOR):
                statement = self.source.parents[node]
                if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                    (threads if self.called(node, _START) else coordinators).add(statement.targets[0].id)
                elif not isinstance(statement, ast.Expr):
                    raise Stuck(node, "threads of queues are used")
                delete(self.source, self.rewriter, statement)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in coordinators | threads:
                self._use(node, node.id in threads)
        return self.rewriter.render(0, len(self.source.text.text))

    def _use(self, node: ast.Name, is_threads: bool) -> None:
        around = self.source.parents[node]
        while not isinstance(around, ast.stmt):
            if self.called(around, _START):
                return
            if isinstance(around, ast.Call) and getattr(around.func, "attr", "") == "join":
                return
            if getattr(around, "attr", "") in ("should_stop", "request_stop", "join") and not is_threads:
                break
            around = self.source.parents[around]
        else:
            raise Stuck(node, "threads of queues are used")
        call, statement = self.source.parents[around], self.source.parents[self.source.parents[around]]
        if around.attr == "should_stop":
            self._should_stop(call)
        elif not isinstance(statement, ast.Expr):
            raise Stuck(node, "a coordinator is used")
        elif around.attr == "request_stop" and call.args:
            self._handler(statement, call)
        elif around.attr == "request_stop" and (loop := self._loop(statement)) is not None:
            if not self._is_last(statement, loop):
                raise Stuck(node, "a coordinator ends a loop from within")
            self.rewriter.replace(statement, "break")
        else:
            delete(self.source, self.rewriter, statement)

    def _should_stop(self, call: ast.Call) -> None:
        """Where a loop asks whether to go on, it does: it ends by the end of the data."""
        parent = self.source.parents[call]
        if isinstance(parent, ast.If) and parent.test is call and not parent.orelse:
            delete(self.source, self.rewriter, parent)
            return
        if not isinstance(parent, ast.UnaryOp):
            raise Stuck(call, "a coordinator is asked whether to stop")
        outer = self.source.parents[parent]
        if isinstance(outer, ast.BoolOp) and isinstance(outer.op, ast.And):
            rest = [self.source.of(v) for v in outer.values if v is not parent]
            self.rewriter.replace(outer, " and ".join(rest))
        else:
            self.rewriter.replace(parent, "True")

    def _handler(self, statement: ast.stmt, call: ast.Call) -> None:
        """`except Exception as e: coord.request_stop(e)`: the end of the data ends quietly, all else is raised."""
        handler = self.source.parents[statement]
        if not isinstance(handler, ast.ExceptHandler) or statement not in handler.body:
            raise Stuck(call, "a coordinator is told of an exception")
        tf = Queues(self.source)._tf()
        if handler.type is not None and not self.source.symbol(handler.type).endswith("OutOfRangeError"):
            self.rewriter.replace(handler.type, f"{tf}.errors.OutOfRangeError")
        delete(self.source, self.rewriter, statement)

    def _loop(self, node: ast.AST) -> ast.While | None:
        """The loop around a node that asks the coordinator whether to go on."""
        while node in self.source.parents and not isinstance(node, ast.FunctionDef):
            node = self.source.parents[node]
            if isinstance(node, ast.While) and "should_stop" in ast.unparse(node.test):
                return node
        return None

    def _is_last(self, statement: ast.stmt, loop: ast.While) -> bool:
        node: ast.AST = statement
        while node is not loop:
            parent = self.source.parents[node]
            if isinstance(parent, (ast.For, ast.While)) and parent is not loop or isinstance(parent, ast.Try):
                return False
            if node not in [block[-1] for block in (parent.body, getattr(parent, "orelse", [])) if block]:
                return False
            node = parent
        return True


def delete(source: Source, rewriter: Rewriter, statement: ast.stmt) -> None:
    """Take a statement out of a source; where its block would be empty, `pass` stands for it."""
    parent = source.parents[statement]
    block = next(b for b in (getattr(parent, n, None) for n in ("body", "orelse", "finalbody"))
                 if isinstance(b, list) and statement in b)  # fmt: skip
    start = source.text.offset(statement.lineno, 0)
    end = source.text.range(statement)[1]
    stop = source.text.text.find("\n", end)
    others = [s for s in block if s is not statement and not _is_deleted(source, rewriter, s)]
    if others or isinstance(parent, ast.Module):
        rewriter.edits[(start, stop + 1 if stop >= 0 else len(source.text.text))] = ""
    elif isinstance(parent, ast.Try) and block is parent.finalbody and parent.handlers:
        last = parent.orelse[-1] if parent.orelse else parent.handlers[-1].body[-1]
        rewriter.edits[(source.text.text.find("\n", source.text.range(last)[1]), source.text.range(block[-1])[1])] = ""
    else:
        rewriter.edits[(start, end)] = " " * statement.col_offset + "pass"


def _is_deleted(source: Source, rewriter: Rewriter, statement: ast.stmt) -> bool:
    start = source.text.offset(statement.lineno, 0)
    return any(begin == start and not text for (begin, _), text in rewriter.edits.items())


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block, and of the contexts in it."""
    for statement in body:
        if isinstance(statement, ast.With):
            yield from _flat(statement.body)
        elif isinstance(statement, ast.If) and "__name__" in ast.unparse(statement.test):
            yield from _flat(statement.body)
        else:
            yield statement


def _live(statement: ast.stmt, live: set[str]) -> set[str]:
    """The names that hold something of an example behind a statement."""
    if free_names(statement) & live:
        return live | bound_names(statement)
    return live - bound_names(statement)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
