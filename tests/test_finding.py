"""Findings as the objects that `check --format json` prints."""

from flake8_tf2.finding import Applicability, Edit, Finding, Fix, Severity, Span

FINDING = Finding(Span(2, 5, 2, 11), "TF701", "renamed", "tf.log", "tf.log is now tf.math.log", Severity.ERROR)


def test_without_a_fix():
    assert FINDING.applicability is Applicability.MANUAL
    assert FINDING.as_json("a.py") == {
        "path": "a.py", "code": "TF701", "rule": "renamed", "symbol": "tf.log", "message": "tf.log is now tf.math.log",
        "severity": "error", "applicability": "manual", "certain": True,
        "line": 2, "column": 5, "end_line": 2, "end_column": 11, "fix": None,
    }  # fmt: skip


def test_with_a_fix():
    fix = Fix(Applicability.SAFE, (Edit(Span(2, 5, 2, 11), "tf.math.log"), Edit(Span(3, 1, 4, 2), "")))
    finding = FINDING._replace(fix=fix, certain=False, severity=Severity.HINT)
    assert finding.applicability is Applicability.SAFE
    found = finding.as_json("a.py")
    assert (found["applicability"], found["certain"], found["severity"]) == ("safe", False, "hint")
    assert found["fix"] == {
        "applicability": "safe",
        "edits": [
            {"start": {"line": 2, "column": 5}, "end": {"line": 2, "column": 11}, "text": "tf.math.log"},
            {"start": {"line": 3, "column": 1}, "end": {"line": 4, "column": 2}, "text": ""},
        ],
    }
