"""HTML mail to plain text: what a reader would see, without quoted mail.

Parsing is left to the lexbor engine; only the rules of mail stand here. No resource is ever loaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.bounds import LIMITS, Bound, bite
from monitor.message.html_bounds import bounded

MAX_HTML = LIMITS[Bound.TEXT]
MAX_NODES = LIMITS[Bound.NODES]

_BLOCKS = frozenset(
    "address article aside body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "li main nav ol p pre section table tbody tfoot thead tr ul".split()
)
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol table blockquote pre".split())
_UNSEEN = frozenset("script style head title meta link template noscript object svg math iframe select".split())
_HIDDEN = re.compile(
    r"display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden|font-size\s{0,5}:\s{0,5}0(?![.\d]*[1-9])"
)
# Where programs put the mail that is answered or forwarded.
_QUOTE_CLASSES = frozenset(
    {
        "gmail_quote",
        "gmail_quote_container",
        "gmail_extra",
        "moz-cite-prefix",
        "yahoo_quoted",
        "protonmail_quote",
        "gmx_quote",
        "zmail_extra",
        "ms-outlook-mobile-reference-message",
        "quoted-text-content",
        "tutanota_quote",
    }
)
_QUOTE_IDS = frozenset(
    {
        "divrplyfwdmsg",
        "appendonsend",
        "reply-intro",
        "ms-outlook-mobile-body-separator-line",
        "mail-editor-reference-message-container",
        "outlookmessageheader",
    }
)
# From these on, everything is the other mail, not only what lies inside.
_QUOTE_REST = frozenset(
    {
        "divrplyfwdmsg",
        "appendonsend",
        "outlookmessageheader",
        "mail-editor-reference-message-container",
        "ms-outlook-mobile-body-separator-line",
    }
)
_SIGNATURES = frozenset({"moz-signature", "gmail_signature", "gmail_signature_prefix"})
_EMPTY_LINES = re.compile(r"\n{3,}")


def html_to_text(html: str) -> str:
    """Return the visible text of an HTML mail; quoted mail is set with ``>`` so that the text rules see it.

    Blocks become lines, paragraphs are parted by an empty line. Bounded by MAX_HTML and MAX_NODES.
    """
    if len(html) > MAX_HTML:
        bite(Bound.TEXT)
    tree = LexborHTMLParser(bounded(html[:MAX_HTML]))
    root = tree.body or tree.root
    if root is None:
        return ""
    return _Walk(root).text()


def _single_spaced(text: str) -> str:
    """Return the text with a single space wherever HTML allows any number of them; others, unbreakable, stay."""
    for letter in "\t\r\n\f":
        text = text.replace(letter, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


class _Walk:
    """One walk over the tree, without recursion: depth is the writer's choice, the stack is ours."""

    def __init__(self, root: LexborNode) -> None:
        self._lines: list[str] = [""]
        self._quote = 0
        self._pre = 0
        self._ended = False
        self._visit(root)

    def text(self) -> str:
        lines = [line.rstrip() for line in self._lines]
        return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")

    def _visit(self, root: LexborNode) -> None:
        stack: list[tuple[LexborNode, bool]] = [(root, False)]
        visited = 0
        while stack and not self._ended:
            if visited >= MAX_NODES:
                bite(Bound.NODES)
                break
            node, leaving = stack.pop()
            if leaving:
                self._leave(node)
                continue
            visited += 1
            if node.tag == "-text":
                self._write(node.text_content or "")
                continue
            if not self._enter(node):
                continue
            stack.append((node, True))
            child = node.last_child
            while child is not None:
                stack.append((child, False))
                child = child.prev

    def _enter(self, node: LexborNode) -> bool:
        tag = node.tag or ""
        if tag in _UNSEEN or tag.startswith(("!", "-")):
            return False
        attributes = node.attributes
        if attributes and not self._enter_marked(attributes):
            return False
        if tag == "br":
            self._line()
            return False
        if tag == "hr":
            self._paragraph()
            return False
        if tag == "blockquote":
            self._paragraph()
            self._quote += 1
        elif tag in _PARAGRAPHS:
            self._paragraph()
        elif tag in _BLOCKS:
            self._fresh()
        elif tag in ("td", "th") and self._lines[-1].strip():
            self._lines[-1] += " "
        if tag == "li":
            self._write("- ")
        if tag == "pre":
            self._pre += 1
        return True

    def _enter_marked(self, attributes: Mapping[str, str | None]) -> bool:
        """Enter an element by its attributes; return whether it is to be seen and the writer's own."""
        style = attributes.get("style")
        if "hidden" in attributes or (style and _HIDDEN.search(style.lower()[:2_000])):
            return False
        if attributes.get("name") in ("quote", "quoted-content"):
            # GMX, web.de and mail.com: the other mail with its header lines, in which nobody answers.
            return False
        identity = (attributes.get("id") or "").lower()
        classes = set((attributes.get("class") or "").lower().split()[:20])
        if identity in _QUOTE_REST or classes & _QUOTE_REST:
            self._ended = True
            return False
        if identity in _QUOTE_IDS or classes & _QUOTE_CLASSES:
            # Gmail wraps the writer's answers between the lines into the quote: keep what is outside blockquote.
            self._paragraph()
        if classes & _SIGNATURES:
            self._paragraph()
            self._write("-- ")
            self._line()
        return True

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "blockquote":
            self._fresh()
            self._quote -= 1
            self._paragraph()
        elif tag in _PARAGRAPHS:
            self._paragraph()
        elif tag in _BLOCKS:
            self._fresh()
        if tag == "pre":
            self._pre -= 1

    def _write(self, text: str) -> None:
        if self._pre:
            first, *rest = text.split("\n")
            self._append(first)
            for line in rest:
                self._line()
                self._append(line)
            return
        text = _single_spaced(text)
        if not self._lines[-1] or self._lines[-1] == self._prefix():
            text = text.lstrip(" ")
        self._append(text)

    def _append(self, text: str) -> None:
        if text:
            if not self._lines[-1]:
                self._lines[-1] = self._prefix()
            self._lines[-1] += text

    def _prefix(self) -> str:
        return "> " if self._quote else ""

    def _line(self) -> None:
        self._lines.append("")

    def _fresh(self) -> None:
        """Begin a new line unless the present one is still empty."""
        if self._lines[-1].strip(" >"):
            self._lines.append("")

    def _paragraph(self) -> None:
        self._fresh()
        if len(self._lines) > 1 and self._lines[-2].strip():
            self._lines.append("")
