"""The page in a browser, headless Chromium: what it runs, shows and lets a keyboard do."""

from __future__ import annotations

import re
import shutil
import time

import pytest

from flake8_tf2.overview.survey import REMEDIES, Surveyed
from tests.overview.test_page import MANY, NASTY, many, noted, page

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def show(browser, tmp_path):
    """A function that opens a page; whatever it asks of a network or complains of fails the test."""
    contexts, complaints = [], []

    def open_page(text: str, **options):
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        context = browser.new_context(viewport={"width": 1200, "height": 900}, **options)
        contexts.append(context)
        opened = context.new_page()
        opened.on("request", lambda request: request.url == path.as_uri() or complaints.append(request.url))
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("dialog", lambda dialog: complaints.append(dialog.message))
        opened.goto(path.as_uri())
        return opened

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


FILES = [
    Surveyed("top/a/one.py", "", 100, [noted(remedy, f"one = tf.{remedy}()") for remedy in REMEDIES]),
    Surveyed("top/a/two.py", "", 50, [noted("safe", "two = tf.log(x)", "TF101")], "-sess.run(y)\n+f(y)"),
    Surveyed("top/b/three.py", "", 30, [noted("manual", "three = tf.log(x)", "TF203")], "", "line 3: no way"),
    Surveyed("top/b/four.py", "", 200),
]


def test_the_findings_are_shown(show):
    opened = show(page(FILES))
    assert opened.inner_text("#count") == "6 of 6 findings in top/"
    assert not opened.locator("#plain").is_visible()
    first = opened.locator(".finding").first
    assert first.locator("pre.line").inner_text() == "one = tf.safe()"
    assert first.locator("pre.diff").count() == 0, "a diff is made when it is opened"
    first.locator("summary").click()
    assert first.locator("del").inner_text() == "- one = tf.safe()"
    assert first.locator("ins").inner_text() == "+ one = tf.safe() 2"
    opened.locator("section.file", has_text="two.py").locator("summary").first.click()
    assert opened.locator("section.file", has_text="two.py").locator("del").first.inner_text() == "- sess.run(y)"
    assert opened.get_by_text("Not converted as a whole: line 3: no way").is_visible()


def test_filters(show):
    opened = show(page(FILES))
    opened.select_option("#remedy", label="by hand")
    playwright.expect(opened.locator("#count")).to_contain_text("2 of 2")
    opened.select_option("#chapter", label="Model")
    playwright.expect(opened.locator("#count")).to_contain_text("1 of 1")
    opened.fill("#search", "THREE.py")
    opened.fill("#search", "nowhere")
    playwright.expect(opened.locator("#count")).to_contain_text("No finding")
    opened.click("button[type=reset]")
    playwright.expect(opened.locator("#count")).to_have_text("6 of 6 findings")


def test_the_map_by_keyboard(show):
    opened = show(page(FILES))

    def focused() -> str:
        return opened.evaluate("document.activeElement.getAttribute('aria-label')")

    opened.locator("#area").focus()
    opened.keyboard.press("Tab")
    assert focused() == "b/: folder, 230 lines, 1 finding, 1 by hand", "the largest tile comes first"
    opened.keyboard.press("ArrowRight")
    assert focused() == "a/: folder, 150 lines, 5 findings, 1 by hand"
    opened.keyboard.press("ArrowLeft")
    opened.keyboard.press("ArrowLeft")
    assert focused().startswith("b/")
    opened.keyboard.press("Enter")
    assert focused() == "1 file without TensorFlow 1: 200 lines, 0 findings, 0 by hand"
    assert opened.inner_text("#count") == "1 of 1 finding in top/b/"
    opened.keyboard.press("Escape")
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("Enter")
    assert focused().startswith("one.py: 100 lines, 4 findings")
    opened.keyboard.press("Enter")
    assert opened.inner_text("#count") == "4 of 4 findings in top/a/one.py"
    assert opened.evaluate("document.activeElement.id") == "findings"
    assert opened.locator("#treemap [tabindex='0']").count() == 1, "one stop of the Tab key for the whole map"


def test_tiles_have_the_areas_of_their_sizes(show):
    opened = show(page(FILES))
    boxes = [tile.bounding_box() for tile in opened.locator("#treemap > .tile").all()]
    areas = [box["width"] * box["height"] for box in boxes]
    assert areas[0] / areas[1] == pytest.approx(230 / 150, rel=0.02)
    opened.select_option("#area", "findings")
    labels = [tile.get_attribute("aria-label") for tile in opened.locator("#treemap > .tile").all()]
    assert [label[:2] for label in labels] == ["a/", "b/"]


def test_nothing_of_the_code_runs(show):
    files = [
        Surveyed(f"a{n}/{nasty}/{nasty}.py", "", 9, [noted(text=nasty)], f"-{nasty}", nasty) for n, nasty in enumerate(NASTY)
    ]
    opened = show(page(files))
    for summary in opened.locator("#list summary").all():
        summary.click()
    assert opened.locator("#list pre.line").all_text_contents() == NASTY
    assert opened.locator("#list section > details ins, #list section > details del").all_text_contents() == [
        f"- {nasty}" for nasty in NASTY
    ]
    assert opened.locator("#list h3").all_text_contents() == [file.name for file in files]
    for tile in range(len(NASTY)):
        opened.locator("#treemap > .tile").nth(tile).dispatch_event("click")
        opened.keyboard.press("Escape")
    assert opened.locator("img, #list script").count() == 0
    assert opened.evaluate("typeof hacked") == "undefined"


def test_the_policy_stops_what_would_be_let_through(browser, tmp_path):
    """A script that somehow got into the page is not run."""
    path = tmp_path / "report.html"
    path.write_text(page(FILES).replace("</main>", "<script>document.title = 'hacked'</script></main>"))
    opened = browser.new_page()
    opened.goto(path.as_uri())
    assert opened.title() == "TensorFlow 1 in tree"
    assert opened.inner_text("#count") == "6 of 6 findings in top/"


def test_many_findings_open_fast(show):
    text = page(many())
    start = time.perf_counter()
    opened = show(text)
    playwright.expect(opened.locator("#count")).not_to_be_empty()
    assert time.perf_counter() - start < 20, "of a page of 50,000 findings, on a busy machine"
    assert opened.inner_text("#count") == f"100 of {MANY:,} findings"
    assert opened.locator("*").count() < 6000
    opened.click("#more")
    assert opened.locator(".finding").count() == 200
    opened.fill("#search", "layer_2499_19")
    playwright.expect(opened.locator("#count")).to_contain_text("1 of 1 ")


def luminance(color: str) -> float:
    channels = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


CONTRASTS = """() => {
    const behind = (element) => {
        for (; element; element = element.parentElement) {
            const color = getComputedStyle(element).backgroundColor;
            if (!color.startsWith("rgba(0, 0, 0, 0")) return color;
        }
        return "rgb(255, 255, 255)";
    };
    const texts = [...document.querySelectorAll("body *")].filter((e) => e.offsetParent && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
    return texts.map((e) => [e.tagName + "." + e.className, getComputedStyle(e).color, behind(e)]);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(show, scheme):
    """Text against what is behind it: a contrast of 4.5 or more, in both schemes."""
    opened = show(page(FILES), color_scheme=scheme)
    for summary in opened.locator("#list summary").all():
        summary.click()
    back = luminance(opened.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert back > 0.9 if scheme == "light" else back < 0.1
    found = opened.evaluate(CONTRASTS)
    assert len(found) > 50
    low = []
    for name, text, behind in found:
        bright, dark = sorted([luminance(text), luminance(behind)], reverse=True)
        if (bright + 0.05) / (dark + 0.05) < 4.5:
            low.append((name, text, behind))
    assert low == []


def test_printed_it_is_dark_on_white(show):
    opened = show(page(FILES), color_scheme="dark")
    opened.emulate_media(media="print", color_scheme="dark")
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not opened.locator("nav").is_visible() and not opened.locator("#filter").is_visible()
    assert opened.locator("#treemap .tile").first.is_visible()
    assert opened.pdf()[:5] == b"%PDF-"


def test_a_small_screen(show):
    opened = show(page(FILES))
    opened.set_viewport_size({"width": 380, "height": 700})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 380


def test_without_scripts_the_numbers_are_there(show):
    opened = show(page(FILES), java_script_enabled=False)
    assert opened.locator("#plain").is_visible()
    assert opened.locator("#chapters table").first.is_visible()
    assert not opened.locator("#filter").is_visible()
