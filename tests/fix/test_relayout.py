"""Whatever lines, comments and blanks stand in a program, its fix means the same, or is refused."""

from __future__ import annotations

import ast
import functools
import io
import random
import tokenize

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flake8_tf2.fix.apply import Fixed, fix_source
from flake8_tf2.rulefile import program
from tests.rules.files import RULES

PROGRAMS = [
    program(case["before"]).rstrip("\n") + "\n"
    for rule in RULES
    if rule.get("fixes")
    for case in rule["cases"]
    if "before" in case and "after" in case and not case.get("options")
]
#: Words before a parenthesis that opens no call.
NO_CALLS = {"in", "return", "and", "or", "not", "if", "else", "is", "lambda", "with", "assert", "yield", "import"}
NO_GAPS = {tokenize.NEWLINE, tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}


def relaid(source: str, seed: int) -> str:
    """A program with line ends, comments, blanks and trailing commas put between the tokens of its brackets."""
    draw = random.Random(seed)
    lines = source.split("\n")
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    text, at, calls = "", (1, 0), []
    for before, token in zip([None, *tokens], tokens):
        if token.type == tokenize.ENDMARKER:
            break
        between = lines[at[0] - 1 : token.start[0]]
        between[-1] = between[-1][: token.start[1]]
        between[0] = between[0][at[1] :]
        gap = "\n".join(between)
        if calls and token.type not in NO_GAPS and "\n" not in gap:
            choice = draw.random()
            if choice < 0.08:
                gap = "\n" + " " * draw.randrange(9)
            elif choice < 0.12:
                gap = "  # (a comment,)]\n" + " " * draw.randrange(5)
            elif choice < 0.15:
                gap = " \\\n "
            elif choice < 0.25:
                gap += " "
            if token.string == ")" and calls[-1] and before.string not in "(,*" and draw.random() < 0.15:
                gap = "," + gap
        text += gap + token.string
        at = token.end
        if token.type == tokenize.OP and token.string in "([{":
            named = before is not None and before.type == tokenize.NAME and before.string not in NO_CALLS
            calls.append(token.string == "(" and (named or before is not None and before.string in (")", "]")))
        elif token.type == tokenize.OP and token.string in ")]}":
            calls.pop()
    return text


@functools.cache
def fixed_as_it_is(source: str) -> Fixed:
    return fix_source(source, unsafe=True)


def means(source: str) -> str:
    return ast.dump(ast.parse(source))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PROGRAMS), st.integers(0, 10**6))
def test_a_layout_changes_no_meaning(source, seed):
    try:
        other = relaid(source, seed)
        same = means(other) == means(source)
    except SyntaxError:  # a comma behind a generator, say
        return
    if not same:
        return
    plain, fixed = fixed_as_it_is(source), fix_source(other, unsafe=True)
    assert not fixed.failed
    if means(fixed.source) != means(plain.source):
        reasons = {finding.refused for finding in fixed.left} - {finding.refused for finding in plain.left}
        assert reasons, fixed.source
