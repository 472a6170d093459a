"""The rules and the symbol table that a run uses, loaded once."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Mapping, NamedTuple

from flake8_tf2.names.table import SymbolTable
from flake8_tf2.names.values import Kept, Receivers

#: The generated index: rules, symbol table and receivers. `python -m flake8_tf2.index` writes it.
INDEX = Path(__file__).parent / "data" / "index.txt"


class Rule(NamedTuple):
    """What linting needs of a rule file; the format is described in rules/README.md."""

    code: str
    name: str
    message: str
    symbols: tuple[str, ...] = ()
    table: str = ""
    check: str = ""
    when: dict = {}
    use: tuple[str, ...] = ()
    at: str | dict = "symbol"
    targets: dict = {}
    covers: str | list = ()
    evident: bool = False
    structure: dict = {}
    severity: str = ""


class Registry:
    """The rules of a run, by what they speak of."""

    def __init__(self, sections: Mapping[str, str], user_rules: list[dict] = ()):
        self.table = SymbolTable(sections)
        packed = {name: json.loads(sections[name]) for name in _JSON_SECTIONS}
        likely = packed["receivers"]["likely"]
        telling = {method: entry["class"] for entry in likely if entry.get("always") for method in entry["methods"]}
        self.receivers = Receivers(**packed["receivers"], telling=telling)
        self.rules = [Rule(**rule) for rule in packed["rules"]]
        # Symbols that rules name, with their aliases: expanded once, when the index is written.
        self._exact: dict[str, list[int]] = packed["by_symbol"]
        self.namespaces: dict[str, list[int]] = packed["by_namespace"]
        self.methods = frozenset(packed["methods"])
        self.extra_names = frozenset(packed["extra_names"])
        self.roots: dict[str, tuple[str, str]] = {root: tuple(value) for root, value in packed["roots"].items()}
        # What was worked out once for all files: by `match`, for each options, and by `names` of dotted chains.
        self.kept: dict = {}
        self.chains: dict = {}
        self.symbols: dict[tuple[str, ...], Kept] = {}  # for each choice of extra roots
        self._sections = sections
        self._user_fixes = {rule["name"]: rule["fixes"] for rule in user_rules if rule.get("fixes")}
        if user_rules:
            self._add(user_rules)
        self.tables = [rule for rule in self.rules if rule.table]
        self.checks = [rule for rule in self.rules if rule.check]

    def _add(self, user_rules: list[dict]) -> None:
        from flake8_tf2.index import pack_rules, user_roots
        from flake8_tf2.rulefile import RuleError

        taken = {key for rule in self.rules for key in (rule.code, rule.name)}
        for rule in user_rules:
            for key in (rule["code"], rule["name"]):
                if key in taken:
                    free = "TF001 to TF099 are free for your own rules"
                    raise RuleError(f"{rule['file']}: {key} is a rule of flake8-tf2; {free}")
        first = len(self.rules)
        packed = pack_rules(user_rules, self.table)
        self.rules += [Rule(**rule) for rule in packed["rules"]]
        for index, key in ((self._exact, "by_symbol"), (self.namespaces, "by_namespace")):
            for symbol, numbers in packed[key].items():
                index.setdefault(symbol, []).extend(first + n for n in numbers)
        self.methods |= set(packed["methods"])
        self.extra_names |= set(packed["extra_names"])
        self.roots.update(user_roots(user_rules))

    @functools.cached_property
    def fixes(self) -> dict[str, list[dict]]:
        """The fixes of the rules that have some, by the name of the rule: read only when files are fixed."""
        return {**json.loads(self._sections["fixes"]), **self._user_fixes}

    def exact(self, symbol: str) -> list[Rule]:
        """The rules that name a symbol, or an alias of it."""
        return [self.rules[n] for n in self._exact.get(symbol, ())]

    def below(self, symbol: str, kind: str = "") -> list[Rule]:
        """The rules of the longest namespace around a symbol that speak of this kind of use, or of any."""
        while symbol:
            rules = [self.rules[n] for n in self.namespaces.get(symbol, ())]
            rules = [rule for rule in rules if not (kind and rule.use) or kind in rule.use]
            if rules:
                return rules
            symbol = symbol.rpartition(".")[0]
        return []


_JSON_SECTIONS = ("rules", "by_symbol", "by_namespace", "methods", "extra_names", "receivers", "roots")


class Sections(dict):
    """The sections of the index by name, each read when it is asked for: most files need the smaller half of them."""

    def __init__(self, path: Path):
        self._path = path
        self._places: dict[str, tuple[int, int]] = {}
        with path.open("rb") as file:
            lengths = json.loads(file.readline())
            start = file.tell()
        for name, length in lengths.items():
            self._places[name] = start, length
            start += length + 1  # a line ends each

    def __missing__(self, name: str) -> str:
        start, length = self._places[name]
        with self._path.open("rb") as file:
            file.seek(start)
            text = self[name] = file.read(length).decode("ascii")
        return text


@functools.lru_cache(maxsize=4)
def load(user_rules: str = "") -> Registry:
    """The registry of the installed rules and, if given, those of a folder.

    Raises RuleError (flake8_tf2.rulefile) where a rule file of the folder breaks the format.
    """
    if not user_rules:
        return Registry(Sections(INDEX))
    from flake8_tf2.rulefile import load_rules

    return Registry(Sections(INDEX), load_rules(Path(user_rules)))
