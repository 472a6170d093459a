"""What `lint` returns: findings, with at most one fix each."""

import enum
from typing import NamedTuple


class Severity(str, enum.Enum):
    """How bad a finding is under the target TF2."""

    ERROR = "error"  # the spelling does not resolve, or computes something else
    WARNING = "warning"  # works, but is not native
    HINT = "hint"  # advice, only with --tf2-hints


class Applicability(str, enum.Enum):
    """What a user may rely on when a fix is applied."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    PROGRAM = "program"
    MANUAL = "manual"


class Span(NamedTuple):
    """A half-open range of a file: lines from 1, columns in characters from 1."""

    line: int
    column: int
    end_line: int
    end_column: int


class Edit(NamedTuple):
    """Replace the characters of a span by a text. cell: of a notebook, as in Finding."""

    span: Span
    text: str
    cell: int = 0


class Fix(NamedTuple):
    """Edits that are applied all or none."""

    applicability: Applicability
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """A rule at a span of a file.

    `symbol` is the TF1 name in canonical spelling, or "" where the finding is not about a symbol.
    `refused` says why there is no fix here, though the rule has one for other places.
    `certain` is False where the receiver of a method is only likely to be what the rule speaks of.
    `cell` is the cell of a notebook in which the span is, counted among all cells from 1; 0 in a file that is none.
    """

    span: Span
    code: str
    rule: str
    symbol: str
    message: str
    severity: Severity
    certain: bool = True
    fix: Fix | None = None
    refused: str = ""
    cell: int = 0

    def place(self, path: str) -> str:
        """Where the finding begins, as reports print it: `a.py:3:5`, `a.ipynb:cell 2:3:5`."""
        return f"{path}:{f'cell {self.cell}:' if self.cell else ''}{self.span.line}:{self.span.column}"

    @property
    def applicability(self) -> Applicability:
        """The applicability of the fix; `manual` where there is none."""
        return self.fix.applicability if self.fix else Applicability.MANUAL

    def as_json(self, path: str) -> dict:
        """The finding as the object that `check --format json` prints."""
        line, column, end_line, end_column = self.span
        return {
            "path": path,
            **self._cell(self.cell),
            "code": self.code,
            "rule": self.rule,
            "symbol": self.symbol,
            "message": self.message,
            "severity": self.severity.value,
            "applicability": self.applicability.value,
            "certain": self.certain,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
            "fix": self.fix
            and {
                "applicability": self.fix.applicability.value,
                "edits": [
                    {
                        **self._cell(edit.cell),
                        "start": {"line": edit.span.line, "column": edit.span.column},
                        "end": {"line": edit.span.end_line, "column": edit.span.end_column},
                        "text": edit.text,
                    }
                    for edit in self.fix.edits
                ],
            },
        }

    @staticmethod
    def _cell(number: int) -> dict:
        return {"cell": number} if number else {}
