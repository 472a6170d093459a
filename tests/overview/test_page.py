"""The page: whole, escaped, and small for many findings."""

from __future__ import annotations

import base64
import hashlib
import html.parser
import json
import re
import time

import pytest

from flake8_tf2.overview.history import Point
from flake8_tf2.overview.page import render
from flake8_tf2.overview.summary import CHAPTERS, summarize
from flake8_tf2.overview.survey import REMEDIES, Hunk, Noted, Surveyed

#: What would run, or end an element, if it were not escaped.
NASTY = [
    "</script><script>hacked()</script>", "<img src=x onerror=hacked()>", "<!--<script>", "&lt;b&amp;", "\"'`${hacked()}",
    "{{ 7*7 }}{% raw %}", "é 漢字 🙂", "\\u003c/script>", "]]>",
]  # fmt: skip


def noted(remedy: str = "manual", text: str = "y = tf.log(x)", code: str = "TF701", message: str = "") -> Noted:
    return Noted("2:5", code, message or f"message {text}", remedy, text, [Hunk([text], [f"{text} 2"])], message or text)


def page(files: list[Surveyed], history: list[Point] = (), paths: list[str] = ("tree",)) -> str:
    return render(summarize(files, {"TF701": "renamed symbol"}, list(paths)), files, list(paths), history).decode("utf-8")


class Structure(html.parser.HTMLParser):
    """What a page has: its elements with their attributes, and their nesting, which must be right."""

    VOID = {"meta", "input", "line", "polygon", "polyline", "br"}

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.texts.setdefault(self._open[-1] if self._open else "", []).append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


def embedded(text: str) -> dict:
    (block,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    return json.loads(block)


def plain() -> str:
    return page([Surveyed("a/b.py", "", 10, [noted(remedy) for remedy in REMEDIES]), Surveyed("c.py", "", 5)])


def test_it_loads_nothing():
    structure = Structure(plain())
    assert structure.count("link") == structure.count("img") == structure.count("iframe") == 0
    assert not [attributes for _, attributes in structure.elements if "src" in attributes]
    assert "url(" not in plain() and "@import" not in plain()
    assert not re.findall(r"https?://", plain())


def test_the_policy_allows_the_one_script():
    text = plain()
    script = re.search(r"<script>(.*?)</script>", text, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text


def test_what_a_screen_reader_needs():
    text = page([Surveyed("a.py", "", 9, [noted()])], [Point("c" * 40, 0, "s", 2, 1, 1), Point("d" * 40, 9, "s", 1, 1, 1)])
    structure = Structure(text)
    assert structure.elements[0] == ("html", {"lang": "en"})
    assert structure.count("main") == structure.count("header") == structure.count("footer") == structure.count("h1") == 1
    assert structure.count("table") == structure.count("caption") == 4
    assert all("scope" in attributes for tag, attributes in structure.elements if tag == "th")
    ids = [attributes["id"] for _, attributes in structure.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] for tag, attributes in structure.elements if tag == "a"]
    named = [attributes["aria-labelledby"] for _, attributes in structure.elements if "aria-labelledby" in attributes]
    assert {link[1:] for link in links} | set(named) <= set(ids)
    assert all(
        "aria-label" in attributes or "aria-labelledby" in attributes
        for tag, attributes in structure.elements
        if tag in ("section", "nav", "svg", "form") or attributes.get("role") in ("region", "group")
    )


@pytest.mark.parametrize("nasty", NASTY)
def test_what_comes_from_the_code_is_escaped(nasty):
    """As a path, a line, a message, a diff, a reason, an error, a subject and an argument."""
    usual, odd = (
        page(
            [
                Surveyed(f"a/{text}.py", "", 9, [noted(text=text)], text, text),
                Surveyed(f"b/{text}.py", text),
            ],
            [Point("c" * 40, 0, text, 2, 1, 1), Point("d" * 40, 9, text, 1, 1, 1)],
            [text],
        )
        for text in ("plain", nasty)
    )
    assert [tag for tag, _ in Structure(odd).elements] == [tag for tag, _ in Structure(usual).elements]
    assert nasty in "".join(Structure(odd).texts["code"]) and nasty in "".join(Structure(odd).texts["bdi"])
    data = embedded(odd)
    name, _, ((_, _, message, _, line, ((before, after),), refused),), program, stuck = data["files"][0]
    assert (name, line, program, stuck) == (f"a/{nasty}.py", nasty, nasty, nasty)
    assert (before, after) == (0, [f"{nasty} 2"])
    assert (data["texts"][message], data["texts"][refused]) == (f"message {nasty}", nasty)


def test_the_numbers():
    files = [
        Surveyed("a/b.py", "", 10, [noted("safe"), noted("manual", code="TF101")]),
        Surveyed("c.py", "", 30, [noted("program", code="TF101")], "diff"),
        Surveyed("d.py", "", 60),
        Surveyed("e.py", "Permission denied"),
    ]
    summary = summarize(files, {"TF101": "placeholder"}, ["a b"])
    assert (summary.files, summary.files_tf1, summary.lines, summary.lines_tf1, summary.converted) == (4, 2, 100, 40, 1)
    assert [(share.name, share.total) for share in summary.chapters] == [("Inputs and execution", 2), ("Names", 1)]
    assert [(share.name, share.total, share.title) for share in summary.codes] == [
        ("TF101", 2, "placeholder"), ("TF701", 1, ""),
    ]  # fmt: skip
    assert [share.name for share in summary.by_file] == ["a/b.py", "c.py"], "most by hand first"
    assert [step.command for step in summary.steps] == [
        "flake8-tf2 fix 'a b'", "flake8-tf2 fix --program 'a b'", "flake8-tf2 explain TF101",
    ]  # fmt: skip
    text = page(files)
    assert "Permission denied" in text
    assert embedded(text)["clean"] == [["", 1, 60]]


def test_files_that_do_not_parse_come_first():
    files = [Surveyed("a.py", "", 1, [noted(code="TF907")]), Surveyed("b.py", "", 1, [noted("safe")])]
    first = summarize(files, {}, ["."]).steps[0]
    assert first.items == ["a.py"] and "valid Python" in first.what


def test_nothing_found():
    text = page([Surveyed("a.py", "", 3)])
    assert "Nothing of TensorFlow 1 was found" in text
    assert Structure(text).count("table") == 0


def test_a_history_of_one_commit_has_no_picture():
    text = page([Surveyed("a.py", "", 9, [noted()])], [Point("c" * 40, 0, "s", 2, 1, 1)])
    assert "<svg" not in text and "commits: 1" in text


def test_the_script_names_the_chapters_as_the_tables_do():
    script = re.search(r"const CHAPTERS = \{(.*?)\};", plain(), re.S)[1]
    assert dict(re.findall(r'(\d): "(.*?)"', script)) == CHAPTERS


MANY = 50_000


def many() -> list[Surveyed]:
    """Files with 50,000 findings in all: each line is another, with a diff, and every third file converts."""
    return [
        Surveyed(
            f"package_{number // 100}/sub_{number % 7}/module_{number}.py",
            "",
            400,
            [
                noted(
                    REMEDIES[n % 4],
                    f"    layer_{number}_{n} = tf.layers.dense(inputs_{n}, {number}, activation=tf.nn.relu, name='a{n}')",
                    f"TF{n % 9 + 1}0{n % 9}",
                    f"what is said of the symbol, by its rule, {n}",
                )
                for n in range(20)
            ],
            "\n".join(f"-    old_{number}_{n} = tf.get_variable('v{n}', [3, 4])" for n in range(200 * (number % 3 == 0))),
        )
        for number in range(MANY // 20)
    ]  # fmt: skip


def test_many_findings():
    start = time.process_time()
    text = page(many())
    assert time.process_time() - start < 10
    assert len(text.encode()) < 15_000_000
    assert sum(len(file[2]) for file in embedded(text)["files"]) == MANY
    assert text.count("<tr>") < 400, "findings are made by the script"
