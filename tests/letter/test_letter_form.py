"""What every letter keeps to, whatever it says: size, nothing loaded, the same in text and HTML, built to be heard."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from sample_digests import WEEKS, hostile
from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.labels import Language
from monitor.letter.mail import render_html, render_text, write_letter

LETTERS = [(week, language) for week in WEEKS for language in Language]
HEADINGS = ("h1", "h2", "h3")
every_letter = pytest.mark.parametrize(("week", "language"), LETTERS)


def page_of(week: str, language: Language) -> LexborHTMLParser:
    return LexborHTMLParser(render_html(WEEKS[week](language)))


def text_of(week: str, language: Language) -> str:
    return render_text(WEEKS[week](language))


def visible_text(page: LexborHTMLParser) -> str:
    """The words of the page, without what is hidden; cells and blocks apart."""
    body = page.body
    assert body is not None
    parts = []
    for node in body.traverse(include_text=True):
        if node.is_text_node and not is_hidden(node):
            parts.append(node.text_content or "")
    return " ".join(parts)


def is_hidden(node: LexborNode | None) -> bool:
    while node is not None:
        if "display:none" in (node.attributes.get("style") or ""):
            return True
        node = node.parent
    return False


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+(?:[.,:]\d+)*", text.casefold()))


def without_links(text: str) -> str:
    return re.sub(r"<(?:mid|message|https|mailto):[^\s>]+>", " ", text)


def targets(page: LexborHTMLParser) -> list[str]:
    return [link.attributes["href"] or "" for link in page.css("a")]


@every_letter
def test_size_stays_far_below_where_programs_cut(week, language):
    html = render_html(WEEKS[week](language))
    mail = write_letter(WEEKS[week](language), "a@b.example", "a@b.example", "x").data
    style = "".join(node.text() for node in page_of(week, language).css("style"))

    assert len(html.encode()) <= 60 * 1024
    assert len(style.encode()) <= 2 * 1024
    assert len(mail) <= 150 * 1024


def test_a_quiet_week_is_a_few_lines():
    text = text_of("calm", Language.GERMAN)

    assert len(text.splitlines()) <= 32
    assert len(words(text)) < 150


@every_letter
def test_nothing_is_loaded_and_nothing_acts(week, language):
    page = page_of(week, language)
    known = {
        "html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "th", "h1", "h2", "h3",
        "p", "a", "strong", "ol", "li", "blockquote",
    }  # fmt: skip
    assert {node.tag for node in page.css("*")} <= known
    for node in page.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            assert name not in ("src", "background", "srcset", "bgcolor", "action", "id", "hidden")
            assert "url(" not in (value or "")
    assert not re.search(r"@import|url\(|data:|<!--", page.html or "")
    assert all(
        target.startswith(("mid:", "message:", "https://mail.google.com/", "mailto:")) for target in targets(page)
    )


@every_letter
def test_text_and_page_hold_the_same_words_and_numbers(week, language):
    in_page = words(visible_text(page_of(week, language)))
    in_text = words(without_links(text_of(week, language)))
    # The text numbers the steps itself; in the page the list does.
    in_text -= Counter(str(step) for step in range(1, 6) for _ in page_of(week, language).css("ol"))

    assert in_page == in_text


@every_letter
def test_headings_stand_in_both_in_the_same_order(week, language):
    page = page_of(week, language)
    headings = [" ".join(node.text().split()) for node in page.css("*") if node.tag in HEADINGS]
    rows = text_of(week, language).splitlines()
    underlined = []
    for number, row in enumerate(rows):
        if row and set(row) == {"="}:
            start = number - 1
            while start > 0 and rows[start - 1]:
                start -= 1
            underlined.append(" ".join(" ".join(rows[start:number]).split()))

    assert underlined == headings


@every_letter
def test_headings_skip_no_level(week, language):
    levels = [int(node.tag[1]) for node in page_of(week, language).css("*") if node.tag in HEADINGS]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@every_letter
def test_link_targets_stand_in_the_text_and_links_say_where_they_lead(week, language):
    page, text = page_of(week, language), text_of(week, language)
    leads: dict[str, set[str]] = {}
    for link in page.css("a"):
        leads.setdefault(link.text(), set()).add(link.attributes["href"] or "")

    assert all(f"<{target}>" in text for target in targets(page))
    assert len(targets(page)) <= 60
    assert all(len(name.split()) > 3 for name in leads)
    assert all(len(where) == 1 for where in leads.values())


@every_letter
def test_text_has_78_columns_and_no_markup(week, language):
    text = text_of(week, language)

    assert [row for row in text.splitlines() if len(row) > 78 and not re.search(r"\S{60,}", row)] == []
    assert not re.search(r"</?[a-z][a-z0-9]*[ />]", text, re.IGNORECASE)
    assert not re.search(r"&(?:[a-z]{2,8}|#\d+);", text)
    assert "\n\n\n\n" not in text
    assert not re.search(r"[ \t]\n", text)


@every_letter
def test_no_control_or_direction_changing_character_is_left(week, language):
    forbidden = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")

    assert not forbidden.search(text_of(week, language))
    assert not forbidden.search(render_html(WEEKS[week](language)))


@every_letter
def test_language_stands_where_programs_look_for_it(week, language):
    page = page_of(week, language)
    html, first = page.css_first("html"), page.css_first("body > *")

    assert html is not None
    assert first is not None
    assert html.attributes["lang"] == first.attributes["lang"] == str(language)
    title = page.css_first("title")
    assert title is not None
    assert title.text()
    assert page.css_first('meta[name="viewport"]') is not None


def test_a_quote_in_another_language_says_so():
    digest = WEEKS["first"](Language.GERMAN)
    english = WEEKS["first"](Language.ENGLISH).clients
    mixed = LexborHTMLParser(render_html(type(digest)(**{**_fields(digest), "clients": english})))

    assert {node.attributes.get("lang") for node in mixed.css("blockquote")} == {"en"}
    assert {node.attributes.get("lang") for node in page_of("first", Language.GERMAN).css("blockquote")} == {None}


def _fields(digest):
    return {name: getattr(digest, name) for name in digest.__dataclass_fields__}


@every_letter
def test_the_preheader_comes_first_is_hidden_and_names_nobody(week, language):
    digest = WEEKS[week](language)
    body = page_of(week, language).body
    assert body is not None
    hidden = next(node for node in body.traverse() if node.attributes.get("style", "").startswith("display:none"))
    first_text = next(node for node in body.traverse(include_text=True) if node.is_text_node and node.text().strip())
    preheader = hidden.text()
    names = [part for entry in digest.clients for part in entry.client.split() if len(part) > 3]

    assert first_text.parent == hidden
    assert 30 <= len(preheader) <= 140
    assert not [name for name in names if name in preheader]


@every_letter
def test_layout_tables_are_silent_and_data_tables_have_scoped_heads(week, language):
    for table in page_of(week, language).css("table"):
        heads = [node for node in table.css("th") if _table_of(node) == table]
        if table.attributes.get("role") == "presentation":
            assert not heads
        else:
            assert heads
            assert all(head.attributes.get("scope") in ("row", "col") for head in heads)


def _table_of(node: LexborNode) -> LexborNode | None:
    found = node.parent
    while found is not None and found.tag != "table":
        found = found.parent
    return found


@every_letter
def test_colours_survive_the_dark_mode_that_takes_bright_grounds_away(week, language):
    """Thunderbird removes bright backgrounds and dark text without one: bars must be of middle brightness."""
    for node in page_of(week, language).css("*[style]"):
        style = dict(rule.split(":", 1) for rule in (node.attributes["style"] or "").split(";") if ":" in rule)
        ground = style.get("background-color")
        if ground is None:
            continue
        red, green, blue = (int(ground[place : place + 2], 16) for place in (1, 3, 5))
        brightness = 0.2125 * red + 0.7154 * green + 0.0721 * blue
        if "color" in style:
            assert brightness > 200
        else:
            assert 90 <= brightness <= 160


@every_letter
def test_smallest_type_is_12_pixels(week, language):
    for node in page_of(week, language).css("*[style]"):
        for size in re.findall(r"font-size:(\d+)px", node.attributes["style"] or ""):
            assert int(size) >= 12 or not node.text().strip("\u00a0\n ")


@every_letter
def test_every_class_has_its_dark_colour(week, language):
    page = page_of(week, language)
    style = "".join(node.text() for node in page.css("style"))
    used = {node.attributes["class"] for node in page.css("*[class]")}

    assert all(f".{name} {{" in style for name in used)


def test_strangers_write_no_markup_into_the_page():
    page = LexborHTMLParser(render_html(hostile(Language.ENGLISH)))

    assert not page.css("script, img, b")
    assert len(page.css("h1")) == 1
    assert "{{ config }}" in visible_text(page)
    assert "49" not in words(visible_text(page))


# What every mail program of weight shows, as caniemail.com tells; the rest is an ornament at best, or a trap.
STYLES = {
    "background-color", "border-collapse", "border-left", "border-top", "color", "display", "font-family", "font-size",
    "font-weight", "height", "line-height", "margin", "max-height", "max-width", "overflow", "overflow-wrap",
    "padding", "table-layout", "text-align", "text-decoration", "vertical-align", "width", "word-wrap",
}  # fmt: skip


@every_letter
def test_only_styles_that_mail_programs_know_are_used(week, language):
    for node in page_of(week, language).css("*[style]"):
        style = [rule.split(":", 1) for rule in (node.attributes["style"] or "").split(";") if ":" in rule]
        assert {name for name, _ in style} <= STYLES
        assert not re.search(r"calc\(|var\(|rgba?\(|\brem\b|\bflex\b|\bgrid\b|absolute|float", str(style))
        # Word leaves out the padding of anything but a cell.
        assert node.tag in ("td", "th", "body") or dict(style).get("padding", "0") == "0"


@every_letter
def test_tables_are_nested_no_deeper_than_programs_bear(week, language):
    for table in page_of(week, language).css("table"):
        depth, outer = 1, _table_of(table)
        while outer is not None:
            depth, outer = depth + 1, _table_of(outer)
        assert depth <= 6


@every_letter
def test_no_link_can_count_who_followed_it(week, language):
    for target in targets(page_of(week, language)):
        assert not re.search(r"utm_|[?&](?:ref|id|uid|campaign|token)=", target)


@pytest.mark.parametrize("language", Language)
def test_even_a_week_full_of_everything_is_not_cut(language):
    base, talks = WEEKS["busy"](language), WEEKS["after_talk"](language)
    own = base.clients[1]

    def fullest(client):
        patterns = tuple(
            replace(one, evidence=tuple(replace(quote, text="lorem ipsum " * 30) for quote in one.evidence))
            for one in client.patterns
        )
        shared = {"mirror": own.mirror, "goodwill": own.goodwill, "drift": own.drift, "progress": 3}
        return replace(client, patterns=patterns, motive="Ein Motiv " * 20, **shared)

    full = replace(
        base,
        clients=tuple(fullest(client) for client in base.clients),
        quarter=talks.quarter,
        carried=talks.carried * 2,
        questions=(base.questions * 2)[:5],
        learned=base.learned * 3,
        unknown_correspondents=base.unknown_correspondents * 5,
    )

    assert len(render_html(full).encode()) <= 60 * 1024
    assert len(LexborHTMLParser(render_html(full)).css("a")) <= 60
