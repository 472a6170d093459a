"""The rules and the symbol table that a run uses, loaded once."""

import functools
import json
from pathlib import Path
from typing import Callable, NamedTuple

from flake8_tf2.names.table import Lines, SymbolTable
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
    unless: tuple[dict, ...] = ()
    hint: tuple[dict, ...] = ()
    use: tuple[str, ...] = ()
    at: str | dict = "symbol"
    targets: dict = {}
    covers: str | list = ()
    evident: bool = False
    structure: str = ""  # a rule of ast-grep, as JSON
    severity: str = ""


class Registry:
    """The rules of a run, by what they speak of."""

    def __init__(self, read: Callable[[str], bytes], user_rules: list[dict] = ()):
        """read: gives the content of a section of the index."""
        self.table = SymbolTable(read)
        packed = {name: json.loads(read(name)) for name in _JSON_SECTIONS}
        likely = packed["receivers"]["likely"]
        telling = {method: entry["class"] for entry in likely if entry.get("always") for method in entry["methods"]}
        by_method: dict[str, list[dict]] = {}
        for entry in likely:
            for method in entry["methods"]:
                by_method.setdefault(method, []).append(entry)
        self.receivers = Receivers(**{**packed["receivers"], "likely": by_method}, telling=telling)
        # Rules are read when they are asked for.
        self._packed_rules: list[bytes] = read("rules").split(b"\n")
        self._rules: list[Rule | None] = [None] * len(self._packed_rules)
        # Symbols that rules name, with their aliases: expanded once, when the index is written.
        self._exact = Lines(read("by_symbol"))
        self._user_exact: dict[str, list[int]] = {}
        self.namespaces: dict[str, list[int]] = packed["by_namespace"]
        self.methods = frozenset(packed["methods"])
        self.extra_names = frozenset(packed["extra_names"])
        self.roots: dict[str, tuple[str, str]] = {root: tuple(value) for root, value in packed["roots"].items()}
        # What was worked out once for all files: by `match`, for each options, and by `names` of dotted chains.
        self.kept: dict = {}
        self.chains: dict = {}
        self.symbols: dict[tuple[str, ...], Kept] = {}  # for each choice of extra roots
        self._read = read
        self._user_fixes = {rule["name"]: rule["fixes"] for rule in user_rules if rule.get("fixes")}
        self.tables = [self.rule(n) for n, text in enumerate(self._packed_rules) if b'"table":"' in text]
        self.checks = [self.rule(n) for n, text in enumerate(self._packed_rules) if b'"check":"' in text]
        if user_rules:
            self._add(user_rules)

    def _add(self, user_rules: list[dict]) -> None:
        from flake8_tf2.index import pack_rules, user_roots
        from flake8_tf2.rulefile import RuleError

        taken = {key for rule in self.rules for key in (rule.code, rule.name)}
        for rule in user_rules:
            for key in (rule["code"], rule["name"]):
                if key in taken:
                    free = "TF001 to TF099 are free for your own rules"
                    raise RuleError(f"{rule['file']}: {key} is a rule of flake8-tf2; {free}")
        first = len(self._rules)
        packed = pack_rules(user_rules, self.table)
        added = [Rule(**rule) for rule in packed["rules"]]
        self._rules += added
        self.tables += [rule for rule in added if rule.table]
        self.checks += [rule for rule in added if rule.check]
        for index, key in ((self._user_exact, "by_symbol"), (self.namespaces, "by_namespace")):
            for symbol, numbers in packed[key].items():
                index.setdefault(symbol, []).extend(first + n for n in numbers)
        self.methods |= set(packed["methods"])
        self.extra_names |= set(packed["extra_names"])
        self.roots.update(user_roots(user_rules))

    @functools.cached_property
    def fixes(self) -> dict[str, list[dict]]:
        """The fixes of the rules that have some, by the name of the rule: read only when files are fixed."""
        return {**json.loads(self._read("fixes")), **self._user_fixes}

    def rule(self, number: int) -> Rule:
        """One of the rules."""
        rule = self._rules[number]
        if rule is None:
            rule = self._rules[number] = Rule(**json.loads(self._packed_rules[number]))
        return rule

    @property
    def rules(self) -> list[Rule]:
        """All rules, those of the user last."""
        return [self.rule(number) for number in range(len(self._rules))]

    def exact(self, symbol: str) -> list[Rule]:
        """The rules that name a symbol, or an alias of it."""
        numbers = json.loads(self._exact.get(symbol) or "[]") + self._user_exact.get(symbol, [])
        return [self.rule(number) for number in numbers]

    def below(self, symbol: str, kind: str = "") -> list[Rule]:
        """The rules of the longest namespace around a symbol that speak of this kind of use, or of any."""
        while symbol:
            rules = [self.rule(n) for n in self.namespaces.get(symbol, ())]
            rules = [rule for rule in rules if not (kind and rule.use) or kind in rule.use]
            if rules:
                return rules
            symbol = symbol.rpartition(".")[0]
        return []


_JSON_SECTIONS = ("by_namespace", "methods", "extra_names", "receivers", "roots")


def reader(path: Path) -> Callable[[str], bytes]:
    """Gives the sections of an index by name, each read when it is asked for."""
    places: dict[str, tuple[int, int]] = {}
    with path.open("rb") as file:
        lengths = json.loads(file.readline())
        start = file.tell()
    for name, length in lengths.items():
        places[name] = start, length
        start += length + 1  # a line ends each

    def read(name: str) -> bytes:
        start, length = places[name]
        with path.open("rb") as file:
            file.seek(start)
            return file.read(length)

    return read


@functools.lru_cache(maxsize=4)
def load(user_rules: str = "") -> Registry:
    """The registry of the installed rules and, if given, those of a folder.

    Raises RuleError (flake8_tf2.rulefile) where a rule file of the folder breaks the format.
    """
    if not user_rules:
        return Registry(reader(INDEX))
    from flake8_tf2.rulefile import load_rules

    return Registry(reader(INDEX), load_rules(Path(user_rules)))
