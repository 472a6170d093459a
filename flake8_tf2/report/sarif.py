"""SARIF 2.1.0, which code scanning services and editors read; with the fixes, and the page of each rule."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from flake8_tf2 import __version__, pages, rulefile
from flake8_tf2.finding import Applicability, Finding, Severity, Span
from flake8_tf2.index import rules_folder

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}


def render(path: str, findings: list[Finding], source: str) -> list[tuple[str, dict]]:
    """Of each finding of a file the name of its rule, and the result. URIs are relative to the current folder."""
    artifact = _artifact(path)
    seen: Counter = Counter()
    results = []
    for finding in findings:
        same = artifact["uri"], finding.code, finding.symbol
        seen[same] += 1
        result = {
            "ruleId": finding.code,
            "level": _LEVELS[finding.severity],
            "message": {"text": finding.message},
            "locations": [_location(finding, artifact)],
            "partialFingerprints": {"symbolInFile/v1": _digest(*same, str(seen[same]))},
            "properties": {"symbol": finding.symbol, "applicability": finding.applicability.value},
        }
        if finding.applicability in (Applicability.SAFE, Applicability.UNSAFE) and not finding.cell:
            result["fixes"] = [_fix(finding, artifact)]
        results.append((finding.rule, result))
    return results


class Report:
    """Keeps all files for one log."""

    def __init__(self):
        self._results: list[dict] = []
        self._failures: list[dict] = []
        self._names: dict[str, str] = {}  # of the rules, by their codes; in the order of the log

    def add(self, part: list[tuple[str, dict]]) -> None:
        """Keep the results of a file."""
        for name, result in part:
            self._names.setdefault(result["ruleId"], name)
            self._results.append(result)

    def fail(self, path: str, reason: str) -> None:
        """Keep why a file could not be looked at."""
        location = {"physicalLocation": {"artifactLocation": _artifact(path)}}
        self._failures.append({"level": "error", "message": {"text": reason}, "locations": [location]})

    def close(self) -> None:
        """Print the log."""
        pages_ = {rule["code"]: rule for rule in rulefile.load_rules(rules_folder())}
        rules = [_rule(code, name, pages_.get(code)) for code, name in self._names.items()]
        places = {code: place for place, code in enumerate(self._names)}
        for result in self._results:
            result["ruleIndex"] = places[result["ruleId"]]
        driver = {"name": "flake8-tf2", "version": __version__, "rules": rules}
        invocation = {"executionSuccessful": not self._failures, "toolExecutionNotifications": self._failures}
        run = {
            "tool": {"driver": driver},
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the folder in which flake8-tf2 ran"}}},
            "results": self._results,
        }
        log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
        json.dump(log, sys.stdout, indent=1)
        sys.stdout.write("\n")
        sys.stdout.flush()


def _rule(code: str, name: str, rule: dict | None) -> dict:
    """What a viewer shows of a rule; of the user's own rules there is no page."""
    result = {"id": code, "name": name}
    if rule is not None:
        result["shortDescription"] = {"text": rule["tf2"]}
        result["help"] = {"text": rule["note"].strip(), "markdown": pages.render(rule)}
    return result


def _artifact(path: str) -> dict:
    relative = os.path.normpath(path)
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    if os.path.isabs(relative) or outside:
        return {"uri": Path(os.path.abspath(path)).as_uri()}
    return {"uri": quote(os.fsencode(relative.replace(os.sep, "/"))), "uriBaseId": "SRCROOT"}


def _location(finding: Finding, artifact: dict) -> dict:
    """Where a finding is; lines and columns of a cell are none of the notebook's file, so its cell is named instead."""
    if finding.cell:
        name = finding.place("").lstrip(":")
        return {"physicalLocation": {"artifactLocation": artifact}, "logicalLocations": [{"fullyQualifiedName": name}]}
    return {"physicalLocation": {"artifactLocation": artifact, "region": _region(finding.span)}}


def _region(span: Span) -> dict:
    line, column, end_line, end_column = span
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _fix(finding: Finding, artifact: dict) -> dict:
    replacements = [
        {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}} for edit in finding.fix.edits
    ]
    text = {
        Applicability.SAFE: "Rewrite it: the proof of the rule holds.",
        Applicability.UNSAFE: "Rewrite it: this can change a result, as the page of the rule says.",
    }[finding.applicability]
    return {
        "description": {"text": text},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
