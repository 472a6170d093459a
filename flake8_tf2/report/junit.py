"""JUnit's XML, which GitLab and Jenkins read: a finding is a failed test, a file without findings a passed one."""

from __future__ import annotations

import os
import re
import sys
import xml.etree.ElementTree as xml
from collections import Counter

from flake8_tf2.finding import Finding

#: What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Report:
    """Keeps all files for one document: a suite a file."""

    def __init__(self):
        self._root = xml.Element("testsuites", name="flake8-tf2")
        self._totals: Counter[str] = Counter()

    def add(self, path: str, source: str, findings: list[Finding]) -> None:
        """Keep the findings of a file."""
        suite, name = self._suite(path, tests=len(findings) or 1, failures=len(findings))
        if not findings:
            xml.SubElement(suite, "testcase", classname=name, name="no findings", file=name)
        for finding in findings:
            place = finding.place("").lstrip(":")
            subject = " ".join(filter(None, (finding.code, finding.symbol or finding.rule)))
            case = xml.SubElement(suite, "testcase", classname=name, name=f"{place} {_text(subject)}", file=name)
            message = _text(f"{finding.code} {finding.message}")
            failure = xml.SubElement(case, "failure", type=finding.severity.value, message=message)
            failure.text = f"{name}:{place}: {message}"

    def fail(self, path: str, reason: str) -> None:
        """Keep why a file could not be looked at."""
        suite, name = self._suite(path, tests=1, errors=1)
        case = xml.SubElement(suite, "testcase", classname=name, name="cannot be checked", file=name)
        xml.SubElement(case, "error", message=_text(reason))

    def _suite(self, path: str, tests: int, failures: int = 0, errors: int = 0) -> tuple[xml.Element, str]:
        name = _text(os.path.normpath(path).replace(os.sep, "/"))
        counts = {"tests": tests, "failures": failures, "errors": errors}
        self._totals.update(counts)
        texts = {key: str(count) for key, count in counts.items()}
        return xml.SubElement(self._root, "testsuite", name=name, **texts), name

    def close(self) -> None:
        """Print the document."""
        for key in ("tests", "failures", "errors"):
            self._root.set(key, str(self._totals[key]))
        xml.indent(self._root)
        sys.stdout.write(xml.tostring(self._root, encoding="us-ascii", xml_declaration=True).decode("ascii") + "\n")
        sys.stdout.flush()


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
