"""For MkDocs: pages from outside of docs/, links that lead there, and the rules by chapter in the navigation."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

ROOT = Path(__file__).parent.parent.parent
#: Pages of the site that stay where contributors look for them.
OUTSIDE = {"rules/README.md": "rule-files.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
CHAPTERS = {
    "1": "Inputs and execution", "2": "Model", "3": "Training", "4": "Saving", "5": "Summaries and logging",
    "6": "Data and utilities", "7": "Names", "8": "contrib", "9": "Left-overs",
}  # fmt: skip

_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!\w+:|#)([^)#]+)(#[^)\s]*)?\)")


def on_config(config):
    """Put the pages of the rules where the navigation says `rules/`."""
    pages = sorted(path.name for path in (ROOT / "docs" / "rules").glob("TF*.md"))
    rules = ["rules/README.md"]
    for digit, title in CHAPTERS.items():
        rules.append({title: [f"rules/{name}" for name in pages if name.startswith(f"TF{digit}")]})
    for section in config.nav:
        for title, value in section.items():
            if value == "rules/":
                section[title] = rules
    return config


@event_priority(-100)
def on_files(files, config):
    """Add the pages from outside, after the plugin for translations, which knows only files of docs/."""
    for path, name in OUTSIDE.items():
        files.append(File.generated(config, name, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown, page, config, files):
    """Lead links to pages of the site where these are, and leave of links to other files of the checkout the text."""
    names = {name: path for path, name in OUTSIDE.items()}
    source = page.file.src_uri
    folder = posixpath.dirname(names.get(source, f"docs/{source}"))

    def rewrite(match: re.Match) -> str:
        text, target, anchor = match.groups()
        path = posixpath.normpath(posixpath.join(folder, target))
        if (ROOT / path).is_dir() and (ROOT / path / "README.md").exists():
            path = f"{path}/README.md"
        inside = OUTSIDE.get(path) or (path.removeprefix("docs/") if path.startswith("docs/") else "")
        if inside and files.get_file_from_path(inside):
            return f"[{text}]({posixpath.relpath(inside, posixpath.dirname(source) or '.')}{anchor or ''})"
        if (ROOT / path).exists() and not path.startswith("docs/"):
            return text
        # In the text of a rule `signatures[...](x=...)` is code.
        return match[0].replace("](", "]\\(") if source.startswith("rules/") else match[0]

    parts = re.split(r"(^ *```.*?^ *```|`[^`\n]+`)", markdown, flags=re.DOTALL | re.MULTILINE)
    parts[::2] = [_LINK.sub(rewrite, part) for part in parts[::2]]
    return "".join(parts)
