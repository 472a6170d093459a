"""What an editor shows of a rule: the text for a hover, and a link to its page."""

from __future__ import annotations

import functools
import importlib.metadata
import tempfile
from pathlib import Path

from flake8_tf2 import pages, registry, rulefile
from flake8_tf2.explain import changes_of
from flake8_tf2.finding import Applicability, Finding
from flake8_tf2.index import rules_folder
from flake8_tf2.prove import summary

_FIXES = {
    Applicability.SAFE: "Has a safe fix.",
    Applicability.UNSAFE: "Has an unsafe fix: the page of the rule says what it changes.",
}


@functools.lru_cache(maxsize=4)
def _rules(user_rules: str) -> dict[str, dict]:
    """The rule files by code, those of a folder of the user's included."""
    rules = rulefile.load_rules(rules_folder()) + (rulefile.load_rules(Path(user_rules)) if user_rules else [])
    return {rule["code"]: rule for rule in rules}


def hover_text(finding: Finding, user_rules: str = "") -> str:
    """A finding, its rule and what became of its symbol, as Markdown. user_rules: as in Options."""
    rule = _rules(user_rules)[finding.code]
    parts = [f"**{finding.code} {finding.rule}**: {finding.message}", f"**TF2:** {rule['tf2']}", rule["note"].strip()]
    row = registry.load(user_rules).table.row(finding.symbol)
    if row is not None:
        parts += [f"`{finding.symbol}`", *changes_of(row)]
    if finding.fix is not None:
        parts.append(_FIXES[finding.applicability])
    elif finding.refused:
        parts.append(f"Not fixed: {finding.refused}.")
    return "\n\n".join(parts)


class Pages:
    """Where the pages of the rules are.

    template: a URL with `{code}` in it. Without one, the documentation that the installed package names; and where it
    names none, files that are written for as long as the server runs.
    """

    def __init__(self, template: str = ""):
        self._template = template or _documented()
        self._folder = None if self._template else tempfile.TemporaryDirectory(prefix="flake8-tf2-rules-")

    def url(self, code: str) -> str:
        """The page of a rule."""
        if self._folder is None:
            return self._template.replace("{code}", code)
        return (Path(self._folder.name) / f"{code}.md").as_uri()

    def write(self, user_rules: str = "") -> None:
        """Write the pages, where they are files."""
        if self._folder is not None:
            texts = pages.render_all(list(_rules(user_rules).values()), summary.load())
            for name, text in texts.items():
                (Path(self._folder.name) / name).write_text(text, encoding="utf-8")

    def close(self) -> None:
        """Remove the files."""
        if self._folder is not None:
            self._folder.cleanup()


def _documented() -> str:
    """The pages of the rules in the documentation, by the metadata of the package, or ""."""
    for entry in importlib.metadata.metadata("flake8-tf2").get_all("Project-URL") or ():
        label, _, url = entry.partition(",")
        if label.strip() == "Documentation":
            return url.strip().rstrip("/") + "/rules/{code}/"
    return ""
