"""The index and the pages are what the rules and the symbol table give."""

import re

import pytest

from flake8_tf2 import index, registry, rulefile
from flake8_tf2.names.table import SymbolTable


def test_index_and_pages_are_fresh(capsys):
    status = index.main(["--check"])
    assert (status, capsys.readouterr().err) == (0, "")


def test_a_stale_index_is_told_and_written(tmp_path, monkeypatch, capsys):
    rules = tmp_path / "rules"
    for folder in (rules, tmp_path / "docs" / "rules"):
        folder.mkdir(parents=True)
    (tmp_path / "docs" / "rules" / "TF999.md").write_text("# of a rule that is gone", encoding="utf-8")
    path = next(index.rules_folder().rglob("placeholder.yaml"))
    (rules / "placeholder.yaml").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(index, "INDEX", tmp_path / "index.txt")
    monkeypatch.setattr(index, "rules_folder", lambda: rules)
    assert index.main(["--check"]) == 1
    told = re.findall(r"(\S+) is stale: run python -m flake8_tf2\.index", capsys.readouterr().err)
    docs = tmp_path / "docs" / "rules"
    names = ["TF101.md", "README.md", "TF999.md"]
    assert told == [str(path) for path in (tmp_path / "index.txt", docs.parent / "proof.md", *map(docs.joinpath, names))]
    assert sorted(path.name for path in docs.iterdir()) == ["TF999.md"], "--check writes nothing"
    assert index.main([]) == 0
    assert sorted(path.name for path in docs.iterdir()) == ["README.md", "TF101.md"]
    assert index.main(["--check"]) == 0
    monkeypatch.setattr(registry, "INDEX", tmp_path / "index.txt")
    assert [rule.code for rule in registry.Registry(registry.reader(registry.INDEX)).rules] == ["TF101"]


def test_a_broken_rule_is_told(tmp_path, monkeypatch, capsys):
    (tmp_path / "a.yaml").write_text("code: 1\n", encoding="utf-8")
    monkeypatch.setattr(index, "rules_folder", lambda: tmp_path)
    assert index.main(["--check"]) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'a.yaml'}:1: code must be text, not a number\n"


def test_every_rule_comes_back_from_the_index():
    rules = rulefile.load_rules(index.rules_folder())
    symbols = index.pack_symbols({})
    table = SymbolTable(lambda name: symbols[name].encode())
    packed = index.pack_rules(rules, table)
    assert [registry.Rule(**rule).code for rule in packed["rules"]] == [rule["code"] for rule in rules]
    for number, rule in enumerate(rules):
        for symbol in rule.get("symbols", rule.get("targets", ())):
            parent, _, name = symbol.rpartition(".")
            if name == "*":
                assert number in packed["by_namespace"][parent]
            else:  # methods are found by the canonical name of their class
                spelled = f"{table.canonical(parent)}.{name}" if table.is_class(parent) else symbol
                assert number in packed["by_symbol"][spelled]


@pytest.mark.parametrize("symbols, roots", [
    (["tf.log", "keras.layers.Dense", "hub.Module"], {}),
    (["acme.tfutil.weights", "acme.x", "other"], {"acme": ("acme", "other"), "other": ("other", "other")}),
])  # fmt: skip
def test_packages_of_own_rules(symbols, roots):
    found = index.user_roots([{"symbols": symbols}])
    assert found == roots
