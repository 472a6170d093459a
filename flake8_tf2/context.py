"""What the matching of one file passes around: the file, a use of a symbol, a match of a rule."""

from typing import NamedTuple

from flake8_tf2.arguments import Arguments
from flake8_tf2.finding import Severity
from flake8_tf2.names.references import Place, Reference, References
from flake8_tf2.names.table import Row
from flake8_tf2.names.values import Resolver
from flake8_tf2.options import Options
from flake8_tf2.registry import Registry, Rule


class Match(NamedTuple):
    """A rule that holds at a place.

    evident: the place alone shows that this is TF1; otherwise it counts only in a file that TF2 cannot run anyway.
    reference: what the match is about; None where that is not a symbol.
    """

    rule: Rule
    place: Place
    symbol: str
    severity: Severity
    certain: bool
    spelling: str
    evident: bool
    message: str
    reference: Reference | None = None


class Told(NamedTuple):
    """What is found, apart from the place and how certain it is. at: where, as the key of a rule file says it.

    It is kept from file to file, so it must hold nothing of one: a node or scope would keep a whole tree alive.
    """

    rule: Rule
    at: str | dict
    severity: Severity
    evident: bool
    message: str


class File(NamedTuple):
    """All that is known of a file while its rules are matched.

    is_tf1: it has a name that only TF1 has, so that what means one thing in TF1 and another in TF2 means TF1.
    """

    source: str
    references: References
    resolver: Resolver
    registry: Registry
    options: Options
    is_tf1: bool

    @property
    def table(self):
        """The symbol table."""
        return self.registry.table


class Use(NamedTuple):
    """A reference with what the symbol table says of it. arguments: of the call, if it is one."""

    reference: Reference
    row: Row | None
    native: bool
    arguments: Arguments | None


#: Characters of a message, so that it stays on one line of a terminal or an editor's list.
MAX_MESSAGE = 120


def fill(rule: Rule, fields: dict[str, str]) -> str:
    """The message of a rule for one place; names that make it too long for one line lose their beginnings."""
    message = rule.message.format_map(_Fields(fields))
    for name in ("symbol", "target"):
        if len(message) > MAX_MESSAGE and fields.get(name):
            fields = {**fields, name: "..." + fields[name].rpartition(".")[2]}
            message = rule.message.format_map(_Fields(fields))
    return message


class _Fields(dict):
    """What a message names and a place does not have is left out."""

    def __missing__(self, key: str) -> str:
        return ""


def spelled_in_full(file: File, reference: Reference) -> bool:
    """Whether a reference says `compat.v1` where it stands, rather than through an import."""
    lines = file.references.layout.lines
    line = lines[reference.place.line - 1] if reference.place.line <= len(lines) else ""
    return "compat.v1" in line
