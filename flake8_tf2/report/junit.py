"""JUnit's XML, which GitLab and Jenkins read: a finding is a failed test, a file without findings a passed one."""

from __future__ import annotations

import os
import re
import sys
import xml.etree.ElementTree as xml
from typing import NamedTuple

from flake8_tf2.finding import Finding

#: What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Suite(NamedTuple):
    """The suite of a file as text, and how many tests it has, of which kinds."""

    text: str
    tests: int
    failures: int
    errors: int


def render(path: str, findings: list[Finding], source: str) -> Suite:
    """The suite of a file."""
    name = _name(path)
    cases = [_failed(name, finding) for finding in findings] or [_case(name, "no findings")]
    return _suite(name, cases, len(findings), 0)


def _failed(name: str, finding: Finding) -> xml.Element:
    place = finding.place("").lstrip(":")
    subject = " ".join(filter(None, (finding.code, finding.symbol or finding.rule)))
    case = _case(name, f"{place} {_text(subject)}")
    message = _text(f"{finding.code} {finding.message}")
    failure = xml.SubElement(case, "failure", type=finding.severity.value, message=message)
    failure.text = f"{name}:{place}: {message}"
    return case


def _case(name: str, title: str) -> xml.Element:
    return xml.Element("testcase", classname=name, name=title, file=name)


def _suite(name: str, cases: list[xml.Element], failures: int, errors: int) -> Suite:
    counts = {"tests": len(cases), "failures": failures, "errors": errors}
    suite = xml.Element("testsuite", name=name, **{key: str(count) for key, count in counts.items()})
    suite.extend(cases)
    xml.indent(suite)
    return Suite(xml.tostring(suite, encoding="us-ascii").decode("ascii"), **counts)


class Report:
    """Keeps the suites for one document."""

    def __init__(self):
        self._suites: list[Suite] = []

    def add(self, part: Suite) -> None:
        """Keep the suite of a file."""
        self._suites.append(part)

    def fail(self, path: str, reason: str) -> None:
        """Keep why a file could not be looked at."""
        name = _name(path)
        case = _case(name, "cannot be checked")
        xml.SubElement(case, "error", message=_text(reason))
        self._suites.append(_suite(name, [case], 0, 1))

    def close(self) -> None:
        """Print the document."""
        sums = {key: sum(getattr(suite, key) for suite in self._suites) for key in ("tests", "failures", "errors")}
        counts = " ".join(f'{key}="{count}"' for key, count in sums.items())
        print(f'<?xml version="1.0" encoding="us-ascii"?>\n<testsuites name="flake8-tf2" {counts}>')
        for suite in self._suites:
            print(suite.text)
        print("</testsuites>")
        sys.stdout.flush()


def _name(path: str) -> str:
    return _text(os.path.normpath(path).replace(os.sep, "/"))


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
