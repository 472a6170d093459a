"""What is wrong with a rule file is said, with the file and the line."""

import re

import pytest
import yaml

from flake8_tf2 import registry
from flake8_tf2.rulefile import RuleError, load_rule, load_rules

GOOD = """\
code: TF001
name: acme-weights
symbols:
  - acme.weights
  - tf.acme.*
when: {shape: [absent, null, 3, {not: {symbol: tf.int32}}], name: {named: ^w}}
rule:
  pattern: acme.weights($A)
message: "{symbol} is gone: use {target}"
tf2: acme.keras.weights
note: |
  Two lines
  of text.
cases:
  - before: acme.weights()
    manual: by hand
  - keep: acme.other()
    because: another
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rules" / "acme.yaml"


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_good_file(path):
    rule = load_rule(write(path, GOOD))
    assert rule == {**yaml.safe_load(GOOD), "file": str(path)}


SYMBOLS = "symbols:\n  - acme.weights\n  - tf.acme.*\n"
BAD = [
    ("code: TF001", "code: ACME1", 1, "code must be TF and three digits, like TF101, not 'ACME1'"),
    ("code: TF001", "code: 1", 1, "code must be text, not a number"),
    ("code: TF001\n", "", 1, "the key 'code' is missing"),
    ("name: acme-weights", "name: Acme", 2, "name must be words in lower case joined by -, not 'Acme'"),
    ("tf2:", "tf3:", 10, "unknown key 'tf3'"),
    ("tf2:", "tf2: x\n2:", 11, "unknown key 2"),
    ("  - tf.acme.*", "  - acme..x", 5, "not a symbol: 'acme..x'"),
    ("  - tf.acme.*", "  - 3", 5, "not a symbol: 3"),
    ("  - tf.acme.*", "  - [[a]]", 5, "not a symbol: [['a']]"),
    (SYMBOLS, "symbols: []\n", 3, "symbols is empty"),
    (SYMBOLS, "symbols: acme.weights\n", 3, "symbols must be a list, not text"),
    (SYMBOLS, "", 2, "a rule has exactly one of symbols (or targets), table, check"),
    ("symbols:", "check: print\nsymbols:", 2, "a rule has exactly one of symbols (or targets), table, check"),
    (SYMBOLS, "check: nix\n", 3, "no such check: 'nix'"),
    (SYMBOLS, "table: nix\n", 3, "no such family: 'nix'"),
    (SYMBOLS, "targets:\n  a.b: c\n  a.c: 3\n", 5, "the target of a.c must be text, not 3"),
    ("when:", "severity: fatal\nwhen:", 6, "severity must be error, warning or hint, not 'fatal'"),
    ("when:", "use: [call, jump]\nwhen:", 6, "use must be of call, value, import, not 'jump'"),
    ("when:", "use: [[call]]\nwhen:", 6, "use must be of call, value, import, not ['call']"),
    ("when:", "at: {argument: 3}\nwhen:", 6, "at must be symbol, call or {argument: NAME}, not {'argument': 3}"),
    ("when:", "at: here\nwhen:", 6, "at must be symbol, call or {argument: NAME}, not 'here'"),
    ("name: {named: ^w}", "name: {named: (}", 6, "condition on name: '(' is no regular expression: "),
    ("name: {named: ^w}", "name: {like: w}", 6, "condition on name: a mapping must be {symbol: …}, "),
    ("name: {named: ^w}", "name: {}", 6, "condition on name: a mapping must be {symbol: …}, "),
    ("name: {named: ^w}", "name: {rank: 1}", 6, "condition on name: rank must be a list of whole numbers, not 1"),
    ("name: {named: ^w}", "file: {had: []}", 6, "condition on file: a file has or lacks symbols: {'had': []}"),
    ("name: {named: ^w}", "file: {has: a.b}", 6, "condition on file: a file has or lacks symbols: {'has': 'a.b'}"),
    ("rule:", "unless: [3]\nrule:", 7, "unless must be a mapping or a list of mappings, not 3"),
    ("rule:", "hint: {x: {like: w}}\nrule:", 7, "condition on x: a mapping must be {symbol: …}, "),
    ("name: {named: ^w}", "name: {symbol: 3}", 6, "condition on name: symbol must be text, not 3"),
    ("name: {named: ^w}", "name: 2020-01-01", 6, "condition on name: not a word or a literal: "),
    ("{not: {symbol: tf.int32}}", "{not: {not: [{x: 1}]}}", 6, "condition on shape: a mapping must be {symbol: …}, "),
    ("pattern: acme.weights($A)", "patern: acme.weights($A)", 7, "not a rule of ast-grep: unknown field `patern`"),
    ("pattern: acme.weights($A)", "kind: nix", 7, "not a rule of ast-grep: "),
    ("rule:\n  pattern: acme.weights($A)", "constraints: {}", 7, "not a rule of ast-grep: missing field `rule`"),
    ("{symbol} is gone", "{symbol is gone", 9, "message has a brace that opens or closes no {field}: "),
    ("{symbol} is gone", "} is gone", 9, "message has a brace that opens or closes no {field}: "),
    ("{symbol} is gone", "{symbol.x} is gone", 9, "message has a field that is no plain {name}: 'symbol.x'"),
    ("{symbol} is gone", "{} is gone", 9, "message has a field that is no plain {name}: ''"),
    ("{symbol} is gone", "{symbol!r} is gone", 9, "message has a field that is no plain {name}: 'symbol'"),
    ("keep: acme.other()", "keep: acme.other()\n    befor: 1", 18, "unknown key 'befor' in a case; "),
    ("keep: acme.other()", "keep: 3", 17, "keep must be text, not 3"),
    ("    because: another\n", "", 17, "a case with keep needs because"),
    ("    manual: by hand\n", "", 15, "a case with before needs after or manual"),
    ("  - before: acme.weights()\n    manual: by hand\n", "  - tf.log\n", 15, "a case must be a mapping, not 'tf.log'"),
    ("  - before: acme.weights()\n", "  -\n", 16, "a case needs one of before, keep, refuse"),
    ("keep: acme.other()", "keep: x\n    given: x", 18, "given must be a mapping from names, not 'x'"),
    ("keep: acme.other()", "keep: x\n    given: {x: 3}", 18, "given x: must be a mapping, not 3"),
    ("keep: acme.other()", "keep: x\n    given: {x: {dtipe: a}}", 18, "given x: unknown key 'dtipe'; it may have dtype,"),
    ("keep: acme.other()", "keep: x\n    given: {x: {kind: list}}", 18, "given x: kind must be of tensor, numpy, "),
    ("keep: acme.other()", "keep: x\n    given: {x: {like: y}}", 18, "given x: like must be another name that is given, "),
    ("keep: acme.other()", "keep: x\n    given: {x: {shape: [3]}}", 18, "given x: shape must be a list of shapes, like "),
    ("keep: acme.other()", "keep: x\n    given: {x: {range: 3}}", 18, "given x: range must be [lowest, highest], not 3"),
    ("keep: acme.other()", "keep: x\n    observe: [3]", 18, "observe must be text or a list of texts, not [3]"),
    ("keep: acme.other()", "keep: x\n    steps: 0", 18, "steps must be a number from 1, not 0"),
    ("keep: acme.other()", "keep: x\n    drift: much", 18, "drift must be a number, the rtol, not 'much'"),
    ("keep: acme.other()", "keep: x\n    fails: 1", 18, "fails must be true or false, not 1"),
    ("keep: acme.other()", "keep: x\n    unproved: true", 18, "unproved must be text, not True"),
    ("keep: acme.other()", "keep: x\n    argv: --a", 18, "argv must be a list of texts, not '--a'"),
    ("keep: acme.other()", "keep: x\n    argv: []\n    steps: 2", 19, "a case that is run as a program, with argv, has no steps"),
    ("note: |", "note: [", 14, "not YAML: did not find expected ',' or ']'"),
    ("note: |", "\tnote: |", 11, "not YAML: "),
    ("note: |", "note: *x\nnot: |", 11, "not YAML: "),
    ("note: |", "note: !!python/object:os.system |", 11, "not YAML: "),
]  # fmt: skip


@pytest.mark.parametrize("old, new, line, message", BAD)
def test_a_bad_file(path, old, new, line, message):
    assert old in GOOD
    with pytest.raises(RuleError) as raised:
        load_rule(write(path, GOOD.replace(old, new, 1)))
    assert str(raised.value).startswith(f"{path}:{line}: {message}")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content, message", [
    (b"", ":1: a rule file is a mapping from keys to values"),
    (b"- a\n", ":1: a rule file is a mapping from keys to values"),
    (b"code: TF001\nname: \xe9\n", ":2: not UTF-8: invalid continuation byte"),
    (b"code: \x07\n", ": not YAML: "),
    (b"code: 2020-13-45\n", ": not YAML: "),
    (b"code: TF001\n---\ncode: TF002\n", ":2: not YAML: "),
])  # fmt: skip
def test_a_file_that_is_no_rule(path, content, message):
    with pytest.raises(RuleError, match=re.escape(f"{path}{message}")):
        load_rule(write(path, content))


def test_a_folder(path):
    write(path, GOOD)
    write(path.with_name("b.yaml"), GOOD.replace("TF001", "TF003").replace("acme-weights", "b"))
    (path.parent / "sub").mkdir()
    write(path.parent / "sub" / "c.yaml", GOOD.replace("TF001", "TF002").replace("acme-weights", "c"))
    assert [rule["code"] for rule in load_rules(path.parent)] == ["TF001", "TF002", "TF003"]


def test_a_folder_without_rules(path):
    with pytest.raises(RuleError, match="no such folder of rule files"):
        load_rules(path.parent)
    path.parent.mkdir()
    with pytest.raises(RuleError, match=r"no rule files, \*\.yaml, in this folder"):
        load_rules(path.parent)


@pytest.mark.parametrize("old, taken", [("acme-weights", "TF001"), ("TF001", "acme-weights")])
def test_codes_and_names_are_given_once(path, old, taken):
    write(path, GOOD)
    write(path.with_name("b.yaml"), GOOD.replace(old, {"TF001": "TF002", "acme-weights": "b"}[old]))
    with pytest.raises(RuleError, match=f"b.yaml: {taken} is also used in .*acme.yaml"):
        load_rules(path.parent)


@pytest.mark.parametrize("old, new", [("TF001", "TF101"), ("acme-weights", "placeholder")])
def test_codes_and_names_of_our_own_are_taken(path, old, new):
    write(path, GOOD.replace(old, new))
    with pytest.raises(RuleError, match=f"acme.yaml: {new} is a rule of flake8-tf2; TF001 to TF099 are free"):
        registry.load(str(path.parent))


def test_codes_for_own_rules_are_free():
    assert not [rule.code for rule in registry.load().rules if rule.code.startswith("TF0")]
