"""The loop that applies fixes, with findings made by hand: what it merges, defers, takes back and keeps."""

from __future__ import annotations

import re

import pytest

from flake8_tf2.finding import Applicability, Edit, Finding, Fix, Severity, Span
from flake8_tf2.fix import apply
from flake8_tf2.positions import split_lines


@pytest.fixture
def fix(monkeypatch):
    """A function that fixes a source by `{word: edits of a match of it}`; an edit is (start, end, text) from there."""

    def run(source: str, rules: dict, applicability=Applicability.SAFE, **options) -> apply.Fixed:
        def lint(text, filename, options=None, tree=None, fixes=False, tf1=False):
            text = text.removeprefix("\ufeff")
            found = []
            for word, edits in rules.items():
                for match in re.finditer(rf"(?<!\w){word}\b", text):
                    made = tuple(
                        Edit(span(text, *((at + match.start()) if at >= 0 else -at - 1 for at in edit[:2])), edit[2])
                        for edit in (edits(match) if callable(edits) else edits)
                    )
                    place = span(text, *match.span())
                    found.append(
                        Finding(place, "TF701", word, word, "", Severity.ERROR, fix=Fix(applicability, made))
                    )
            return sorted(found, key=lambda f: f.span)

        monkeypatch.setattr(apply, "lint", lint)
        return apply.fix_source(source, **options)

    return run


def span(text: str, start: int, end: int) -> Span:
    def position(offset: int) -> tuple[int, int]:
        lines = split_lines(text[:offset])
        return len(lines), len(lines[-1]) + 1

    return Span(*position(start), *position(end))


def rename(word: str, to: str) -> dict:
    return {word: [(0, len(word), to)]}


TOP = -1  # the start of the file


def reasons(fixed: apply.Fixed) -> list[str]:
    return [f.reason for f in fixed.failed]


def test_nothing_to_do_gives_the_same_object(fix):
    source = "x = 1\r\ny = 2"
    assert fix(source, {}).source is source
    assert fix(source, rename("x", "z"), applicability=Applicability.UNSAFE).source is source


def test_unsafe_fixes_on_demand(fix):
    fixed = fix("old\n", rename("old", "new"), applicability=Applicability.UNSAFE, unsafe=True)
    assert (fixed.source, fixed.left) == ("new\n", [])
    assert fix("old\n", rename("old", "new"), applicability=Applicability.PROGRAM, unsafe=True).source == "old\n"


def test_what_is_not_reported_stays(fix):
    def reported(findings, source):
        return [f for f in findings if f.span.line != 1]

    assert fix("old\nold\n", rename("old", "new"), reported=reported).source == "old\nnew\n"


@pytest.mark.parametrize(
    "before, after",
    [
        ("é = '日本𝔘', old, old\n", "é = '日本𝔘', new, new\n"),
        ("\ufeffold\nold\n", "\ufeffnew\nnew\n"),
        ("if 1:\n\told\n\t\x0c\n", "if 1:\n\tnew\n\t\x0c\n"),
        ("a\r\nold\r\n", "a\r\nnew\r\n"),
        ("a\rold\r", "a\rnew\r"),
        ("a\nold", "a\nnew"),
    ],
)
def test_the_rest_stays(fix, before, after):
    fixed = fix(before, rename("old", "new"))
    assert (fixed.source, fixed.left, fixed.failed) == (after, [], [])


@pytest.mark.parametrize("end, source", [("\r\n", "old\r\nold\r\n"), ("\r\n", "old\r\nold\n1\r\n"), ("\r", "old\r"), ("\n", "old")])
def test_one_import_for_all_with_the_line_ends_of_the_file(fix, end, source):
    fixed = fix(source, {"old": [(TOP, TOP, "import np\n"), (0, 3, "np.new")]})
    assert fixed.source == f"import np{end}" + source.replace("old", "np.new")
    assert len(fixed.applied) == source.count("old")


def test_nested_fixes_that_do_not_overlap_go_together(fix):
    fixed = fix("f(g(x))\n", {**rename("f", "tf.f1"), **rename("g", "tf.g1")})
    assert (fixed.source, len(fixed.applied)) == ("tf.f1(tf.g1(x))\n", 2)


def test_a_fix_that_overlaps_waits(fix):
    def whole(match):  # f(...) becomes h(...)
        return [(0, len(match.string.strip()) - match.start(), "h(" + match.string.strip()[2:])]

    fixed = fix("f(g(x))\n", {"f": whole, **rename("g", "k")})
    assert (fixed.source, len(fixed.applied)) == ("h(k(x))\n", 2)


def test_overlapping_edits_are_never_mixed(fix):
    """Both written at once these would still be valid Python, and neither what one fix nor what the other means."""
    fixed = fix("one.two\n", {"one": [(0, 5, "new.t")], "two": [(-1, 3, "other")]})
    assert fixed.source == "other\n"
    assert [f.symbol for f in fixed.applied] == ["one", "two"]


def test_parentheses_at_one_place_are_each_meant(fix):
    # Both fixes put "w(" before the first character, and each its own end.
    rules = {"a": [(0, 0, "w("), (0, 1, "A"), (1, 1, ")")], "b": [(-1, -1, "w("), (0, 1, "B"), (1, 1, ")")]}
    assert fix("a + b\n", rules).source == "w(w(A) + B)\n"


def test_a_fix_that_breaks_the_code_is_taken_back_alone(fix):
    fixed = fix("old\nbad\nold\nold\nbad\n", {**rename("old", "new"), **rename("bad", "(")})
    assert fixed.source == "new\nbad\nnew\nnew\nbad\n"
    assert reasons(fixed) == ["the result would not be valid Python"] * 2
    assert [f.finding.span.line for f in fixed.failed] == [2, 5]


def test_valid_python_is_more_than_a_tree(fix):
    fixed = fix("from __future__ import division\nf(a=1, b=1)\n", {**rename("b", "a"), "f": [(TOP, TOP, "import np\n"), (0, 1, "g")]})
    assert fixed.applied == [] and len(fixed.failed) == 2


def test_code_that_does_parse_and_not_compile_is_fixed(fix):
    assert fix("return old\n", rename("old", "new")).source == "return new\n"


@pytest.mark.parametrize(
    "edits",
    [
        [(0, 3, "old")],  # nothing changes
        [(0, 0, "1 + ")],
        [(0, 3, "(1 + old)")],
        [(3, 3, " + 1")],
    ],
)
def test_a_fix_that_does_not_help_is_taken_back(fix, edits):
    source = "x = old, fine\ny = old\n"
    fixed = fix(source, {"old": edits, **rename("fine", "good")})
    assert fixed.source == source.replace("fine", "good")
    assert reasons(fixed) == ["it is still reported after its fix"] * 2
    assert fixed.left == [f.finding for f in fixed.failed]


def test_one_that_is_not_fixed_is_no_failure_of_its_neighbour(fix):
    def of_first(match):
        return [(0, 3, "new")] if match.start() == 0 else [(0, 3, "old")]

    fixed = fix("old + old\n", {"old": of_first})
    assert (fixed.source, len(fixed.applied), len(fixed.failed)) == ("new + old\n", 1, 1)


def test_a_failure_is_told_where_it_stands(fix):
    fixed = fix("old\nbad\n", {"old": [(TOP, TOP, "import np\n"), (0, 3, "new")], **rename("bad", "(")})
    assert fixed.source == "import np\nnew\nbad\n"
    assert [f.finding.span.line for f in fixed.failed] == [3]


@pytest.mark.parametrize("edits", [[(0, 2, "a"), (1, 3, "b")], [(0, 99, "x")], [(0, 3, "a"), (2, 2, "b")]])
def test_edits_that_do_not_fit(fix, edits, monkeypatch):
    if edits[0][1] == 99:  # behind the end of its line
        monkeypatch.setattr(f"{__name__}.span", lambda text, start, end: Span(1, start + 1, 1, end + 1))
    fixed = fix("old\n", {"old": edits})
    assert (fixed.source, reasons(fixed)) == ("old\n", ["its edits do not fit the file"])


def test_fixes_that_undo_each_other_end(fix):
    fixed = fix("ping\n", {**rename("ping", "pong"), **rename("pong", "ping")})
    assert reasons(fixed) == [f"it is not done after {apply.MAX_PASSES} passes"]
    assert len(fixed.applied) == apply.MAX_PASSES


def test_fixes_that_wait_for_each_other_are_all_done(fix):
    chain = {f"a{n}": [(0, len(f"a{n}"), f"a{n + 1}")] for n in range(apply.MAX_PASSES - 1)}
    assert fix("a0\n", chain).source == f"a{apply.MAX_PASSES - 1}\n"
