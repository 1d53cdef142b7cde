"""The letter as a person sees it, measured in a real browser: narrow and wide, light, dark, and without its sheet."""

from __future__ import annotations

import colorsys
import re

import pytest
from sample_digests import WEEKS

from monitor.labels import Language
from monitor.letter.mail import render_html

pytestmark = pytest.mark.timeout(120)

LETTERS = [
    ("calm", Language.ENGLISH),
    ("busy", Language.GERMAN),
    ("first", Language.ENGLISH),
    ("after_talk", Language.GERMAN),
    ("broken", Language.ENGLISH),
    ("grave", Language.GERMAN),
    ("hostile", Language.GERMAN),
]
every_letter = pytest.mark.parametrize(("week", "language"), LETTERS)

# Every line of text on the page: its rectangle, and the words it belongs to.
LINES = """
(() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.textContent.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const r of range.getClientRects())
      if (r.width > 1 && r.height > 2)
        found.push({left: r.left, top: r.top, right: r.right, bottom: r.bottom, words: node.textContent.trim()});
  }
  return found;
})()
"""

# Every text with its colours, and every bar with its own colour and the one around it.
COLOURS = """
(() => {
  const ground = element => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
  };
  const texts = [], bars = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, words = walker.currentNode.textContent.trim();
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if (box.height && words.replaceAll('\\u00a0', ''))
      texts.push({words, colour: style.color, ground: ground(element), size: parseFloat(style.fontSize)});
  }
  for (const bar of document.querySelectorAll('td.b, td.c'))
    bars.push({
      words: bar.className, colour: getComputedStyle(bar).backgroundColor, ground: ground(bar.closest('table')),
    });
  return {texts, bars};
})()
"""


def page_of(week: str, language: Language) -> str:
    return render_html(WEEKS[week](language))


def without_sheet(html: str) -> str:
    """The page as GMX, WEB.DE and some Gmail show it."""
    return re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def luminance(colour: str) -> float:
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@every_letter
@pytest.mark.parametrize("width", [320, 360, 700])
def test_nothing_sticks_out_at_the_side(browser, week, language, width):
    browser.show(page_of(week, language), width)

    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert all(line["right"] <= width + 1 and line["left"] >= 0 for line in browser.evaluate(LINES))


@every_letter
@pytest.mark.parametrize("width", [360, 700])
def test_no_line_lies_on_another(browser, week, language, width):
    browser.show(page_of(week, language), width)
    lines = browser.evaluate(LINES)

    assert len(lines) > 10
    ordered = sorted(lines, key=lambda line: line["top"])
    for number, line in enumerate(ordered):
        for below in ordered[number + 1 :]:
            if below["top"] >= line["bottom"] - 1:
                break
            apart = below["left"] >= line["right"] - 1 or line["left"] >= below["right"] - 1
            assert apart, (line["words"], below["words"])


@every_letter
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("sheet", [True, False])
def test_everything_is_easy_to_read(browser, week, language, dark, sheet):
    html = page_of(week, language)
    browser.show(html if sheet else without_sheet(html), 700, dark)
    colours = browser.evaluate(COLOURS)

    for text in colours["texts"]:
        assert contrast(text["colour"], text["ground"]) >= 4.5, text
        assert text["size"] >= 12, text
    for bar in colours["bars"]:
        assert contrast(bar["colour"], bar["ground"]) >= 3, bar


def turned_over(colour: str) -> str:
    """The colour with its lightness turned over, as Gmail's apps and Outlook do in dark mode."""
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", colour)[:3])
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    # They stop short of black.
    channels = colorsys.hls_to_rgb(hue, max(0.07, 1 - lightness), saturation)
    return f"rgb({', '.join(str(round(255 * channel)) for channel in channels)})"


@every_letter
def test_it_can_be_read_in_programs_that_turn_colours_over(browser, week, language):
    browser.show(without_sheet(page_of(week, language)), 700)

    for text in browser.evaluate(COLOURS)["texts"]:
        assert contrast(turned_over(text["colour"]), turned_over(text["ground"])) >= 4.5, text


def test_dark_is_dark_and_light_is_light(browser):
    for dark, ground in ((False, "rgb(255, 255, 255)"), (True, "rgb(22, 24, 29)")):
        browser.show(page_of("three", Language.GERMAN), 700, dark)

        assert browser.evaluate("getComputedStyle(document.body).backgroundColor") == ground


@every_letter
def test_every_link_has_a_text_one_can_hit(browser, week, language):
    browser.show(page_of(week, language), 360)
    links = browser.evaluate(
        "[...document.links].map(link => [link.textContent.trim(), link.getBoundingClientRect().height])"
    )

    assert all(text and height >= 16 for text, height in links)


@pytest.mark.parametrize(("width", "most"), [(360, 580), (700, 400)])
def test_the_answer_is_read_without_scrolling(browser, width, most):
    browser.show(page_of("three", Language.GERMAN), width)
    first_card = browser.evaluate("document.querySelector('h2').getBoundingClientRect().top")
    answer = [line["bottom"] for line in browser.evaluate(LINES) if line["bottom"] < first_card]

    assert max(answer) <= most


def test_one_column_of_600_pixels_at_most(browser):
    browser.show(page_of("three", Language.GERMAN), 1200)

    assert browser.evaluate("document.querySelector('body > div > table').getBoundingClientRect().width") <= 600


@every_letter
def test_nothing_was_fetched_and_no_script_ran(browser, week, language):
    browser.show(page_of(week, language), 360)

    assert browser.evaluate("performance.getEntriesByType('resource').length") == 0
    assert browser.evaluate("document.scripts.length + document.images.length + document.forms.length") == 0
