"""Random programs made of the cases of rules: fixing them all at once is fixing each, whatever stands around them."""

from __future__ import annotations

import ast
import functools
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flake8_tf2.fix.apply import fix_source
from tests.rules.files import RULES

#: What only TF1 has, and no fix takes away: what could be TF1 or TF2 is TF1 in each program.
TF1 = "reuse = {tf}.AUTO_REUSE\n"
FILLERS = ["x = 1   # as it is", 'text = """a\n  b\n\n"""', "y = [1,2 ,\n  3]", "def g(a,b = 2): return a\\\n  +b", "é = 'ü'; z=0"]


def wrapped(snippet: str, number: int, indent: str, alias: str) -> str:
    """A snippet in a function of its own, between marks."""
    lines = [f"def case_{number}():", *(indent + line if line else line for line in snippet.rstrip().split("\n"))]
    text = re.sub(r"(?<![\w.])tf(?=\.)", alias, "\n".join(lines))
    return f"# {number}[\n{text}\n# {number}]\n"


def head(alias: str) -> str:
    return f"import tensorflow as {alias}\n" + TF1.format(tf=alias)


def between(source: str, number: int) -> str:
    return source.split(f"# {number}[")[1].split(f"# {number}]")[0]


@functools.cache
def fixed_alone(snippet: str, number: int, indent: str, alias: str) -> str | None:
    """What becomes of a snippet alone; None where its fix adds an import, whose name depends on the rest of the file."""
    fixed = fix_source(head(alias) + wrapped(snippet, number, indent, alias), unsafe=True).source
    return between(fixed, number) if fixed.startswith(head(alias)) else None


#: What some fixes ask the whole file for: beside it they are refused.
ASKED_FOR = re.compile(r"get_total_loss|get_losses|LOSSES|arg_scope|\.(lr|learning_rate)\b|ReduceLROnPlateau")


def usable(case: dict) -> bool:
    snippet = case.get("before") or case.get("refuse") or case.get("keep") or ""
    if ASKED_FOR.search(snippet):
        return False
    return "import" not in snippet and "__name__" not in snippet and not case.get("options") and "\t" not in snippet


def parses(snippet: str) -> bool:
    try:
        ast.parse(wrapped(snippet, 0, "    ", "tf"))
    except SyntaxError:
        return False
    return bool(snippet.strip())


SNIPPETS = [
    snippet
    for rule in RULES
    if rule.get("fixes")
    for case in rule["cases"]
    if usable(case)
    for snippet in [case.get("before") or case.get("refuse") or case.get("keep")]
    if parses(snippet)
]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(SNIPPETS), st.sampled_from(FILLERS)), min_size=1, max_size=6),
    st.sampled_from(["  ", "    ", "\t"]),
    st.sampled_from(["tf", "tensorflow_", "T"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_a_program_is_fixed_case_by_case(parts, indent, alias, end, ends):
    source = head(alias)
    for number, (snippet, filler) in enumerate(parts):
        source += wrapped(snippet, number, indent, alias) + filler + "\n"
    source = source.replace("\n", end)
    if not ends:
        source = source.removesuffix(end)
    fixed = fix_source(source, unsafe=True)
    ast.parse(fixed.source)
    assert not fixed.failed
    assert fix_source(fixed.source, unsafe=True).source == fixed.source
    for number, (snippet, filler) in enumerate(parts):
        assert filler.replace("\n", end) in fixed.source
        alone = fixed_alone(snippet, number, indent, alias)
        if alone is not None:
            assert between(fixed.source, number) == alone.replace("\n", end)


EXPRESSIONS = [
    "{tf}.log({0})", "{tf}.to_float({0})", "{tf}.to_int32(x={0})", "{tf}.reduce_sum({0}, reduction_indices=[{1}])",
    "{tf}.to_float({0}, name='n')", "({0} + {1})", "f({0}, *{1})", "[{0}, {1}]", "(lambda v: {0})", "({0} if {1} else 2)",
    "{tf}.argmax({0},\n    dimension={1},  # which\n)", "g(k={0})[{1}]", "{tf}.nn.softmax(dim={1}, logits={0})",
]  # fmt: skip


@st.composite
def expressions(draw, depth: int = 4) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(["x", "1", "a.b", "'é'", "y[0]"]))
    parts = [draw(expressions(depth=depth - 1)) for _ in range(2)]
    return draw(st.sampled_from(EXPRESSIONS)).replace("{0}", parts[0]).replace("{1}", parts[1])


class Rewritten(ast.NodeTransformer):
    """What the fixes of EXPRESSIONS mean, on the tree: told independently of the fixer, which works on the text."""

    KEYWORDS = {"reduce_sum": {"reduction_indices": "axis"}, "argmax": {"dimension": "axis"}, "softmax": {"dim": "axis"}}
    CASTS = {"to_float": "float32", "to_int32": "int32"}

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        name = getattr(node.func, "attr", "")
        if name == "log":
            node.func = ast.parse("tf.math.log", mode="eval").body
        elif name in self.CASTS:
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            dtype = ast.parse(f"tf.{self.CASTS[name]}", mode="eval").body
            node.func.attr = "cast"
            node.args = [node.args[0] if node.args else given["x"], dtype]
            node.keywords = [keyword for keyword in node.keywords if keyword.arg == "name"]
        for keyword in node.keywords:
            keyword.arg = self.KEYWORDS.get(name, {}).get(keyword.arg, keyword.arg)
        return node


@settings(max_examples=300, deadline=None)
@given(expressions(), st.sampled_from(["z = {}", "f({})", "def f(a={}): pass", "@g({})\nclass A: pass", "({})[0].b"]))
def test_nested_calls_mean_what_they_should(expression, statement):
    source = "import tensorflow as tf\n" + statement.format(expression.replace("{tf}", "tf")) + "\n"
    fixed = fix_source(source)
    assert not fixed.failed and not fixed.left
    assert ast.dump(ast.parse(fixed.source)) == ast.dump(Rewritten().visit(ast.parse(source)))
    assert fixed.source.count("# which") == source.count("# which")
