"""What programs and firms put below a mail: signatures, mobile lines, disclaimers, contact blocks.

Closing words and the typed name stay. The rules look at lines, each cut at MAX_LINE; none of them takes more than
linear time in it.
"""

from __future__ import annotations

import re

from monitor.message.other_mail import MAX_LINE
from monitor.sieve import Sieve

MAX_CONTACT_LINE = 300  # characters; a longer line is prose

_SIGNATURE_MARK = re.compile(r"--\s?$|__\s?$|-- ?\s*$")
_MOBILE = re.compile(
    r"[\s(<\[*]{0,4}(?:"
    r"(?:von|aus|mit|über) mein(?:em|er) \S{1,30}(?: \S{1,30}){0,5} (?:gesendet|verschickt|geschrieben|versendet)|"
    r"(?:diese (?:nachricht|e-?mail|mail) wurde )?(?:von|mit) \S{1,30}(?: \S{1,30}){0,5} (?:gesendet|verschickt|versendet)|"
    r"(?:diese (?:nachricht|e-?mail|mail) wurde |mail )?(?:gesendet|verfasst|versendet|verschickt|geschrieben|gesendet und geschrieben) "
    r"(?:von|mit|aus|über|via) \S{1,40}(?: \S{1,40}){0,10}|"
    r"sent (?:from|via|with|by|using|on|through) \S{1,80}(?: \S{1,80}){0,12}|(?:\S{1,20} )?(?:from|via) (?:my )?mobile|from my \S{1,20}(?: \S{1,20}){0,3}|"
    r"(?:get|download) outlook for \S{1,20}(?: \S{1,100})?|"
    r"(?:holen|laden) sie sich outlook für \S{1,20}(?: \S{1,100})?|outlook für (?:ios|android|mac) (?:beziehen|herunterladen|laden)\S{0,100}(?: \S{1,100})?|"
    r"téléchargez outlook pour \S{1,20}(?: \S{1,100})?|download outlook voor \S{1,20}(?: \S{1,100})?|hent outlook til \S{1,20}(?: \S{1,100})?|"
    r"obter o? ?outlook para \S{1,20}(?: \S{1,100})?|"
    r"enviado (?:desde|do|de|a partir do|pelo|através do) \S{1,30}(?: \S{1,30}){0,6}|envoyé (?:de|depuis|à partir de|avec) \S{1,30}(?: \S{1,30}){0,6}|"
    r"inviato da(?:l mio)? \S{1,30}(?: \S{1,30}){0,6}|verzonden (?:vanaf|met|van|via) \S{1,30}(?: \S{1,30}){0,6}|"
    r"verstuurd vanaf \S{1,30}(?: \S{1,30}){0,6}|"
    r"sendt fra \S{1,30}(?: \S{1,30}){0,6}|skickat från \S{1,30}(?: \S{1,30}){0,6}|wysłane z \S{1,30}(?: \S{1,30}){0,6}|"
    r"отправлено с \S{1,30}(?: \S{1,30}){0,6}|從我的 \S{1,30} 傳送|发自我的\s?\S{1,30}|iphoneから送信|"
    r"yahoo mail[: ][^\n]{0,80}|typed on [^\n]{1,60}|(?:written|typed|sent) on the (?:go|move)[^\n]{0,40})"
    r"[\s.!)>\]*]{0,6}$",
    re.I,
)
# What people add to it in jest or in excuse.
_MY_DEVICE = re.compile(r"[\s(<\[*]{0,4}(?:sent from|from|von|aus) (?:my|mein)", re.I)
_EXCUSE = re.compile(
    r"[.,;:–-]\s{0,3}(?:(?:so )?(?:please|pls|bitte|sorry|excuse|apologies|entschuldig|tippfehler|fehler|verzeih)[^\n]{0,80})$",
    re.I,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|will|can|and|but|ist|sind|war|hat|habe|wird|kann|und|aber|ich|i|you|we)\b", re.I
)
_MOBILE_DEVICE = re.compile(
    r"iphone|ipad|android|samsung|galaxy|handy|mobil|mobile|smartphone|telefon|phone|outlook|gmx|web\.de|t-online|mail|tablet|"
    r"blackberry|mobilen?\b|htc|sony|lg|oneplus|motorola|alcatel|wiko|ipod|cell|pc|laptop|mac\b|gmail|huawei|xiaomi|pixel|nokia|windows|proton|yahoo|gerät|device|bluemail|aol|app",
    re.I,
)
_DISCLAIMER = re.compile(
    r"\W{0,5}(?:diese (?:e-?mail|nachricht|mail|mitteilung)\b.{0,120}\b(?:vertraulich|rechtlich|ausschließlich|ausschliesslich|bestimmt|adressat)|"
    r"der inhalt dieser (?:e-?mail|nachricht)|dieses (?:e-?mail|schreiben) (?:ist|enthält).{0,60}vertraulich|"
    r"this (?:e-?mail|message|communication|mail)\b.{0,160}\b(?:confidential|privileged|intended|solely|recipient)|"
    r"the (?:information|content|contents)\b.{0,80}\b(?:confidential|privileged|intended)|"
    r"(?:disclaimer|confidentiality notice|confidential|vertraulichkeitshinweis|haftungsausschluss|datenschutzhinweis)\b|"
    r"(?:hinweis|notice|wichtiger hinweis|important)\s?:.{0,100}(?:vertraulich|confidential|e-?mail)|"
    r"(?:bitte )?(?:denken|prüfen|überlegen|schonen|drucken|beachten) sie .{0,80}(?:ausdruck|drucken|umwelt|bäume)|"
    r"bitte (?:denken sie|prüfen sie|schonen sie|nicht ausdrucken|.{0,40}umwelt)|"
    r"(?:please )?(?:consider|think of|think about) the environment|please (?:do not|don't|consider).{0,40}print|think before you print|"
    r"(?:please note )?if you (?:are not|have received).{0,40}(?:intended|this|in error)|"
    r"falls sie nicht der .{0,40}(?:adressat|empfänger)|sollten sie nicht der .{0,40}(?:adressat|empfänger)|"
    r"virenfrei|virus-?free|diese e-?mail wurde .{0,40}(?:viren|avast|avira|geprüft)|this email (?:has been|was) (?:checked|scanned))",
    re.I,
)
_CLOSING = re.compile(
    r"\W{0,3}(?:(?:mit |die |ganz |sehr |recht )?(?:freundlich\w{0,3}|herzlich\w{0,4}|lieb\w{0,3}|viele\w{0,1}|best\w{0,2}|schön\w{0,3}|sonnig\w{0,3}|sportlich\w{0,3}|kollegial\w{0,3}|"
    r"warm\w{0,3}|dankbar\w{0,3}|hochachtungsvoll)\W{0,3}.{0,40}(?:gr(?:ü|ue|u)(?:ß|ss)\w{0,3})?|.{0,40}gr(?:ü|ue|u)(?:ß|ss)\w{0,3}\b.{0,40}|mfg|lg|vg|bg|glg|hg|herzlichst|"
    r"hochachtungsvoll|(?:dein|deine|ihr|ihre|euer|eure)|servus|tschüss?|ciao|bis (?:dann|bald|morgen|dahin|später|denne).{0,30}|danke.{0,30}|merci.{0,20}|vielen dank.{0,30}|"
    r"(?:kind|best|warm|kindest|warmest|many|with|all the|all my|yours|sincerely|respectfully|cheers|thanks|thank you|regards|love|cordially|faithfully|hugs|speak soon|see you|talk soon|take care|ta|x|xx|gratefully|in gratitude|as ever|cheerio|cordially).{0,40})"
    r"\W{0,5}$",
    re.I,
)
_CONTACT = re.compile(
    r"(?:\b(?:tel|telefon|phone|fon|fax|mob|mobil|mobile|cell|natel|handy|t|m|f)\b\.?\s?[:.+]?\s?[+(\d][\d\s()/.-]{5,}|"
    r"(?:\+|00)\d[\d\s()/.-]{6,}\d|^\s{0,3}\(?\d[\d\s()/.-]{6,30}$|\b0\d{2,5}[\s/-]\d{3,}[\d\s/-]*|"
    r"https?://|\bwww\.|\b[a-z0-9-]{2,60}\.(?:example|de|com|at|ch|org|net|eu|io|co\.uk)\b|[\w.+-]{1,64}@[\w.-]{1,100}|"
    r"\b(?:[A-Z]{1,2}-)?\d{4,6} [A-ZÄÖÜ][a-zäöüß]|\b\w{1,40}(?:straße|strasse|str\.|weg|platz|gasse|allee|ring)\s?\d|"
    r"\b\d{1,5} [A-Z]\w{1,30} (?:street|st|road|rd|avenue|ave|lane|drive|close)\b|"
    r"\b(?:gmbh|ag|kg|ohg|e\.\s?k\.|ug|mbh|ltd|inc|llc|plc|limited|u\.\s?a\.|b\.\s?v\.|pvt|gbr|e\.\s?v\.|se & co)\b|"
    r"\b(?:ust-?id|steuernummer|hrb|iban|amtsgericht|handelsregister|geschäftsführer\w{0,3}|inh\.|inhaber\w{0,2}|sitz der)\b|"
    r"\b(?:he|she|they)/(?:him|her|them)\b|\|| · |bürozeiten|office hours|sprechzeiten)",
    re.I,
)
_CONTACT_SIEVE = Sieve([_CONTACT.pattern])
_POSTSCRIPT = re.compile(r"\W{0,3}(?:p\.?\s?s\.?|nb|n\.b\.|nachtrag|edit|ach ja|und noch|übrigens|oh and|btw)\b", re.I)
_NAME_PARTICLES = frozenset({"von", "van", "de", "zu", "und", "and", "&", "x", "xx"})
_SENTENCE_WORD = re.compile(r"[a-zäöüß]{2}")
_SENTENCE_END = re.compile(r"[.!?…]\W{0,4}$")
_LIST_ITEM = re.compile(r"\s{0,12}(?:[-*•–]|\d{1,3}[.)])\s")


def is_signature_mark(line: str) -> bool:
    """Whether the line is the mark below which programs put the signature: ``-- ``."""
    return _SIGNATURE_MARK.fullmatch(line) is not None


def is_mobile_line(line: str) -> bool:
    """Whether a program wrote "Von meinem iPhone gesendet" or the like here."""
    seen = _EXCUSE.sub("", line[:MAX_CONTACT_LINE].rstrip())
    if len(seen) > 200 or not _MOBILE.match(seen):
        return False
    if _VERB.search(seen):
        return False
    if _MOBILE_DEVICE.search(seen):
        return len(seen) <= 120 or "<http" in seen or "(http" in seen
    mine = _MY_DEVICE.match(seen)
    return mine is not None and len(seen.split()) <= 7


def without_disclaimers(lines: list[str]) -> list[str]:
    """Cut everything from a disclaimer on, if some own words stand before it."""
    kept: list[str] = []
    for line in lines:
        if any(kept) and _DISCLAIMER.match(line[:MAX_LINE].strip().strip('"„“”').strip()):
            break
        kept.append(line)
    return kept


def without_contact_block(lines: list[str]) -> list[str]:
    """Cut what programs and firms put below the typed name.

    A mail goes: paragraphs of sentences, a goodbye, a name. The first short paragraph after the last sentence is
    the goodbye, whatever its words; the name may stand in a paragraph of its own. Below both, short lines are
    a contact block, and a postscript is text again.
    """
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    paragraphs = _paragraphs(lines)
    goodbye = _goodbye(lines, paragraphs)
    if goodbye is None:
        return _without_contact_lines(lines)
    end = len(lines)
    for number in range(len(paragraphs) - 1, goodbye, -1):
        start, stop = paragraphs[number]
        if not is_contact([line[:MAX_LINE] for line in lines[start:stop]]):
            break
        end = start
    return _without_contact_lines(lines[:end])


def _paragraphs(lines: list[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start: int | None = None
    for position, line in enumerate([*lines, ""]):
        if line.strip():
            start = position if start is None else start
        elif start is not None:
            found.append((start, position))
            start = None
    return found


def _goodbye(lines: list[str], paragraphs: list[tuple[int, int]]) -> int | None:
    """Return the number of the paragraph that ends with the writer's name or farewell; None if there is none."""
    spoken = len(paragraphs) - 1  # the last one with a sentence
    while spoken >= 0 and not any(_is_speech(line) for line in lines[slice(*paragraphs[spoken])]):
        spoken -= 1
    if spoken < 0:
        # Nothing tells text from contact lines here but words of farewell.
        farewells = (n for n, (start, stop) in enumerate(paragraphs) if n and _is_farewell(lines[start]))
        return next(farewells, None)
    # A contact block can hold a sentence ("Please do not print …"); a farewell before it is told by its words.
    if spoken > 1 and is_contact(lines[slice(*paragraphs[spoken])]):
        for number in range(spoken - 1, 0, -1):
            start, stop = paragraphs[number]
            if stop - start <= 4 and not any(_is_speech(line) for line in lines[start:stop]):
                spoken = number - 1
                break
    number = spoken + 1
    start, stop = paragraphs[spoken]
    if (
        stop - start > 1
        and (_is_name(lines[stop - 1]) or _is_farewell(lines[stop - 2]))
        and not _is_speech(lines[stop - 1])
    ):
        return spoken
    if number >= len(paragraphs):
        return spoken
    start, stop = paragraphs[number]
    if (
        any(_has_contact(line) for line in lines[start:stop])
        and not _is_name(lines[start])
        and not _is_farewell(lines[start])
    ):
        return spoken
    if (
        number + 1 < len(paragraphs)
        and stop - start == 1
        and not (_is_name(lines[start]) and not _is_farewell(lines[start]))
    ):
        later_start, later_stop = paragraphs[number + 1]
        if _is_name(lines[later_start]) and later_stop - later_start <= 2:
            return number + 1
    return number


def _is_speech(line: str) -> bool:
    """Whether the line is part of what the writer says: a sentence, an item of a list, a word with its full stop."""
    if _LIST_ITEM.match(line):
        return not _has_contact(line)
    words = line[:MAX_LINE].split()
    if len(words) == 1:
        return words[0][-1:] in ".!?" and words[0][:-1].isalpha() and len(words[0]) > 3
    return _is_sentence(line)


def _is_sentence(line: str) -> bool:
    seen = line[:MAX_LINE]
    words = seen.split()
    if len(words) > 14:
        return True
    if not _SENTENCE_WORD.search(seen) or not _SENTENCE_END.search(seen[-6:]):
        return False
    if _has_contact(seen):
        # "It is example.com, please look." says something, "Tel. 030 23125 014." does not.
        return sum(word.strip(",.!?").isalpha() and word.islower() for word in words) >= 4
    # "Kommt morgen." is a sentence, "Johanna Freudenthal, M. Ed." is none.
    return len(words) > 4 or "?" in seen or (len(words) > 1 and words[-1][:1].islower())


def _has_contact(line: str) -> bool:
    return len(line) <= MAX_CONTACT_LINE and bool(_CONTACT_SIEVE.through(line)) and _CONTACT.search(line) is not None


def _is_farewell(line: str) -> bool:
    return len(line) < 70 and bool(_CLOSING.match(line.strip()))


def _is_name(line: str) -> bool:
    words = line[:MAX_CONTACT_LINE].strip(" ,.!-–*~").split()
    return (
        0 < len(words) <= 5
        and len(line) <= 40
        and not _has_contact(line)
        and line.strip()[-1:] not in "?!:;"
        and all(word[:1].isupper() or word in _NAME_PARTICLES or (word.islower() and len(words) == 1) for word in words)
    )


def is_contact(block: list[str]) -> bool:
    """Whether lines are contact lines: short, saying nothing, or holding a number, an address, a firm."""
    if _POSTSCRIPT.match(block[0]):
        return False
    if any(_has_contact(line) for line in block):
        return sum(_is_speech(line) for line in block) <= 1
    return not any(_is_speech(line) or "?" in line for line in block) and all(len(line) <= 90 for line in block)


def _without_contact_lines(lines: list[str]) -> list[str]:
    """Cut contact lines that follow the typed name in the same paragraph, and a last paragraph full of them."""
    end = len(lines)
    while end > 1 and lines[end - 1].strip() and _has_contact(lines[end - 1]) and not _is_sentence(lines[end - 1]):
        end -= 1
    if end == len(lines):
        return lines
    cut = lines[:end]
    if any(_CLOSING.match(line[:MAX_LINE].strip()) for line in cut[-4:]):
        return cut
    # A name with two contact lines below it is a block that nobody typed.
    if len(lines) - end >= 2 and end > 2 and _is_name(lines[end - 1]) and not lines[end - 2].strip():
        return lines[: end - 1]
    return lines
