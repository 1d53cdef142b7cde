"""The writer's own words: quoted mail, forwarded mail, contact blocks, mobile lines and disclaimers removed.

Closing words and the typed name stay. The rules look at lines, each once, and their patterns are anchored and
bounded, so that a hostile text costs no more than a long one.
"""

from __future__ import annotations

import re

MAX_LINES = 5_000
MAX_LINE = 2_000  # characters of a line that the patterns look at

_QUOTED = re.compile(r"\s{0,3}[>|]")

# --- where the answered mail begins -----------------------------------------------------------------------

# "Am … schrieb …:", each language with its beginning and its verb.
_ATTRIBUTIONS = (
    (
        re.compile(r"(?:am|on|le|el|il|op|den|em|il giorno|dnia|(?:mo|di|mi|do|fr|sa|so)\.?,? )\b", re.I),
        re.compile(
            r"\b(?:schrieb|geschrieben|wrote|a écrit|escribió|ha scritto|schreef|skrev|escreveu|pisze|napisał\(a\))\b",
            re.I,
        ),
    ),
)
_ATTRIBUTION_END = re.compile(
    r"(?:schrieb\b.{0,200}|geschrieben|wrote|a écrit|escribió|ha scritto|schreef\b.{0,200}|skrev\b.{0,200}|escreveu|"
    r"pisze|napisał\(a\))\s?:?\s*$",
    re.I,
)
_ATTRIBUTION_FREE = re.compile(
    r"(?:[^\n]{1,150}[<\"(\[][^\n<>]{1,150}@[^\n<>]{1,150}[>\")\]][^\n]{0,60}\b(?:schrieb|wrote|a écrit|skrev|schreef|escreveu)\b"
    r"[^\n]{0,100}:|[^\n]{3,100}\bschrieb am [^\n]{5,80}:)\s*$",
    re.I,
)
_DATE_HINT = re.compile(r"\d")
_SEPARATORS = re.compile(
    r"[-_\s>*]{0,60}(?:ursprüngliche nachricht|original[- ]?nachricht|urspr\. mitteilung|original[ -]message|original appointment|"
    r"weitergeleitete nachricht|forwarded message|forwarded by|message d'origine|message original|"
    r"mensagem original|oorspronkelijk bericht|doorgestuurd bericht|oprindelig meddelelse|videresendt meddelelse|messaggio originale|"
    r"mensaje original|message transféré|ursprungligt meddelande|reply message|anfang der weitergeleiteten (?:nachricht|e-mail)|"
    r"begin forwarded message|début du message réexpédié|weitergeleitet von|original-nachricht)\b[^\n]{0,60}$",
    re.I,
)
_DASHES_BEFORE = re.compile(r"\s{0,3}(?:-{2,}|_{2,}|\*{2,}|>|anfang|begin|début)", re.I)
_RULE = re.compile(r"\s{0,3}[_-]{20,}\s*$")
_HEADER_NAME = re.compile(
    r"[*>\s]{0,6}(von|from|de|van|fra|från|da|od|gesendet|sent|datum|date|envoyé|verzonden|sendt|skickat|enviado|enviada em|enviado em|inviato|"
    r"an|to|à|aan|til|till|para|a|kopie|cc|bcc|betreff|subject|objet|onderwerp|emne|ämne|assunto|asunto|oggetto|"
    r"antwort an|reply-to|dato|data|fecha|priorität|importance|wichtigkeit|anlagen|attachments|organisation|organization)"
    r"[*\s\u00a0]{0,4}:(?:[*\s]|$)",
    re.I,
)
_SENDER_NAMES = frozenset({"von", "from", "de", "van", "fra", "från", "da", "od"})
_TIME_NAMES = frozenset(
    {
        "gesendet",
        "sent",
        "datum",
        "date",
        "envoyé",
        "verzonden",
        "sendt",
        "skickat",
        "enviado",
        "enviada em",
        "enviado em",
        "inviato",
        "dato",
        "data",
        "fecha",
    }
)

# --- what programs and firms add below ----------------------------------------------------------------------

_SIGNATURE_MARK = re.compile(r"--\s?$|__\s?$|-- ?\s*$")
_MOBILE = re.compile(
    r"\s{0,3}(?:(?:von|aus) mein(?:em|er) \S{1,30}(?: \S{1,30}){0,4} (?:gesendet|verschickt)|"
    r"(?:diese nachricht wurde |mail )?(?:gesendet|verfasst|versendet|verschickt|gesendet und geschrieben) (?:von|mit|aus|über) \S{1,40}(?: \S{1,40}){0,10}|"
    r"diese nachricht wurde von mein\S{1,3} \S{1,30}(?: \S{1,30}){0,6} gesendet|"
    r"sent (?:from|via|with|by) (?:my |the |a )?\S{1,40}(?: \S{1,40}){0,10}|get outlook for \S{1,20}|"
    r"holen sie sich outlook für \S{1,20}|outlook für (?:ios|android) (?:beziehen|herunterladen)\S{0,60}|"
    r"enviado (?:desde|do|de) (?:mi|meu|minha) \S{1,20}(?: \S{1,20}){0,3}|envoyé de(?:puis)? mon \S{1,20}(?: \S{1,20}){0,3}|"
    r"inviato da(?:l mio)? \S{1,20}(?: \S{1,20}){0,3}|verzonden (?:vanaf|met|van) (?:mijn )?\S{1,20}(?: \S{1,20}){0,3}|"
    r"sendt fra min \S{1,20}(?: \S{1,20}){0,3}|skickat från min \S{1,20}(?: \S{1,20}){0,3}|"
    r"yahoo mail[: ][^\n]{0,80}|sent using [^\n]{1,60}|typed on [^\n]{1,60}|(?:written|sent) on the go[^\n]{0,40})"
    r"[\s.!]{0,4}$",
    re.I,
)
_MOBILE_DEVICE = re.compile(
    r"iphone|ipad|android|samsung|galaxy|handy|mobil|mobile|smartphone|telefon|phone|outlook|gmx|web\.de|t-online|mail|tablet|"
    r"blackberry|huawei|xiaomi|pixel|nokia|windows|proton|yahoo|gerät|device|bluemail|aol|app",
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
    r"(?:\+|00)\d[\d\s()/.-]{6,}\d|\b0\d{2,5}[\s/-]\d{3,}[\d\s/-]*|"
    r"https?://|\bwww\.|\b[a-z0-9-]{2,60}\.(?:example|de|com|at|ch|org|net|eu|io|co\.uk)\b|[\w.+-]{1,64}@[\w.-]{1,100}|"
    r"\b(?:[A-Z]{1,2}-)?\d{4,6} [A-ZÄÖÜ][a-zäöüß]|\b\w{1,40}(?:straße|strasse|str\.|weg|platz|gasse|allee|ring)\s?\d|"
    r"\b\d{1,5} [A-Z]\w{1,30} (?:street|st|road|rd|avenue|ave|lane|drive|close)\b|"
    r"\b(?:gmbh|ag|kg|ohg|e\.\s?k\.|ug|mbh|ltd|inc|llc|plc|limited|u\.\s?a\.|b\.\s?v\.|pvt|gbr|e\.\s?v\.|se & co)\b|"
    r"\b(?:ust-?id|steuernummer|hrb|iban|amtsgericht|handelsregister|geschäftsführer\w{0,3}|inh\.|inhaber\w{0,2}|sitz der)\b|"
    r"\b(?:he|she|they)/(?:him|her|them)\b|\|| · |bürozeiten|office hours|sprechzeiten)",
    re.I,
)
_POSTSCRIPT = re.compile(r"\W{0,3}(?:p\.?\s?s\.?|nb|n\.b\.|nachtrag|edit|ach ja|und noch|übrigens|oh and|btw)\b", re.I)
_NAME_PARTICLES = frozenset({"von", "van", "de", "zu", "und", "and", "&", "x", "xx"})
_SENTENCE = re.compile(r"[a-zäöüß]{2,}[^\n]*[.!?…]\W{0,4}$")


def own_words(text: str) -> str:
    """Return what the writer of a plain text mail wrote, closing words included.

    ``text`` has ``\\n`` line ends and no invisible characters. An empty result means that the mail holds
    nothing of its own (a bare forward, say).
    """
    lines = [line.rstrip() for line in text.split("\n")[:MAX_LINES]]
    kept = _without_quotes(lines)
    kept = _without_disclaimers(kept)
    kept = _without_contact_block(kept)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position][:MAX_LINE]
        if _QUOTED.match(line):
            position += 1
            continue
        length = _attribution(lines, position)
        if length:
            following = _next_filled(lines, position + length)
            if following is not None and _QUOTED.match(lines[following]):
                position += length  # the answer may go on below or between the quoted lines
                continue
            break
        if _begins_other_mail(lines, position):
            break
        if _SIGNATURE_MARK.fullmatch(line):
            # What stands below the mark is no text of the mail; only quoted lines can follow it.
            position = _after_signature(lines, position + 1)
            continue
        kept.append(lines[position])
        position += 1
    return kept


def _attribution(lines: list[str], position: int) -> int:
    """Return how many lines from here on form an "Am … schrieb …:" line (0: none)."""
    first = lines[position][:MAX_LINE].strip()
    if not first:
        return 0
    if len(first) < 400 and _ATTRIBUTION_FREE.match(first) and _DATE_HINT.search(first):
        return 1
    begins, verb = _ATTRIBUTIONS[0]
    if not begins.match(first):
        return 0
    joined = ""
    for count in range(1, 5):
        if position + count > len(lines):
            return 0
        part = lines[position + count - 1][:MAX_LINE].strip()
        if not part and count > 1:
            return 0
        joined = f"{joined} {part}".strip()
        if len(joined) > 500:
            return 0
        if not joined.endswith(":") and not re.search(r"(?:wrote|schrieb|geschrieben)$", joined[-20:], re.I):
            continue
        if verb.search(joined) and _DATE_HINT.search(joined) and _ATTRIBUTION_END.search(joined[-260:]):
            return count
    return 0


def _begins_other_mail(lines: list[str], position: int) -> bool:
    line = lines[position][:MAX_LINE]
    if _SEPARATORS.match(line) and (_DASHES_BEFORE.match(line) or _header_block(lines, position + 1)):
        return True
    if _RULE.match(line):
        following = _next_filled(lines, position + 1)
        return following is not None and _header_block(lines, following)
    return _header_block(lines, position)


def _header_block(lines: list[str], position: int) -> bool:
    """Whether "Von: … Gesendet: … An: …" begins here; at least a sender or time line and two names in all."""
    names: list[str] = []
    blank = 0
    for line in lines[position : position + 12]:
        match = _HEADER_NAME.match(line[:MAX_LINE])
        if match:
            names.append(match.group(1).lower())
            blank = 0
        elif not line.strip():
            if not names:
                continue
            blank += 1
            if blank > 1:
                break
        elif names and line[:1] in (" ", "\t"):
            continue
        elif names:
            break
        else:
            return False
    unique = set(names)
    return (
        len(unique) >= 2
        and names[0] in (_SENDER_NAMES | _TIME_NAMES)
        and bool(unique & _SENDER_NAMES or len(unique) > 2)
        and bool(
            unique
            & (
                _TIME_NAMES
                | {
                    "an",
                    "to",
                    "betreff",
                    "subject",
                    "objet",
                    "à",
                    "aan",
                    "til",
                    "emne",
                    "onderwerp",
                    "assunto",
                    "para",
                    "asunto",
                    "oggetto",
                }
            )
        )
    )


def _after_signature(lines: list[str], position: int) -> int:
    """Return where a quoted part goes on below a signature, else the end."""
    for later in range(position, len(lines)):
        if _QUOTED.match(lines[later]) or _attribution(lines, later) or _begins_other_mail(lines, later):
            return later
    return len(lines)


def _next_filled(lines: list[str], position: int) -> int | None:
    for later in range(position, len(lines)):
        if lines[later].strip():
            return later
    return None


def _without_disclaimers(lines: list[str]) -> list[str]:
    """Cut mobile lines, and everything from a disclaimer on if some own words stand before it."""
    kept: list[str] = []
    for line in lines:
        seen = line[:MAX_LINE]
        if _MOBILE.match(seen) and _MOBILE_DEVICE.search(seen):
            continue
        if kept and _DISCLAIMER.match(seen.strip().strip('"„“”').strip()):
            break
        kept.append(line)
    return kept


def _without_contact_block(lines: list[str]) -> list[str]:
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
        if not _is_contact([line[:MAX_LINE] for line in lines[start:stop]]):
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
    spoken = -1
    for number, (start, stop) in enumerate(paragraphs):
        if any(_is_sentence(line) for line in lines[start:stop]):
            spoken = number
    # A contact block can hold a sentence ("Please do not print …"); a farewell before it is told by its words.
    for number in range(spoken - 1, -1, -1):
        start, stop = paragraphs[number]
        if (
            number
            and stop - start <= 4
            and not any(_is_sentence(line) for line in lines[start:stop])
            and _is_contact(lines[paragraphs[spoken][0] : paragraphs[spoken][1]])
        ):
            spoken = number - 1
            break
    number = spoken + 1
    if spoken >= 0:
        start, stop = paragraphs[spoken]
        if (
            stop - start > 1
            and (_is_name(lines[stop - 1]) or _is_farewell(lines[stop - 2]))
            and not _is_sentence(lines[stop - 1])
        ):
            return spoken
    if number >= len(paragraphs):
        return spoken if spoken >= 0 else None
    start, stop = paragraphs[number]
    if number == 0 and len(paragraphs) == 1:
        return None
    if (
        spoken >= 0
        and any(_CONTACT.search(line[:MAX_LINE]) for line in lines[start:stop])
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


def _is_sentence(line: str) -> bool:
    seen = line[:MAX_LINE]
    words = seen.split()
    if len(words) > 14:
        return True
    if _CONTACT.search(seen) or not _SENTENCE.search(seen):
        return False
    # "Kommt morgen." is a sentence, "Johanna Freudenthal, M. Ed." is none.
    return len(words) > 4 or "?" in seen or (len(words) > 1 and words[-1][:1].islower())


def _is_farewell(line: str) -> bool:
    return len(line) < 70 and bool(_CLOSING.match(line.strip()))


def _is_name(line: str) -> bool:
    words = line.strip(" ,.!-–*~").split()
    return (
        0 < len(words) <= 5
        and len(line) <= 40
        and not _CONTACT.search(line)
        and line.strip()[-1:] not in "?!:;"
        and all(word[:1].isupper() or word in _NAME_PARTICLES or (word.islower() and len(words) == 1) for word in words)
    )


def _is_contact(block: list[str]) -> bool:
    if _POSTSCRIPT.match(block[0]):
        return False
    if any(_CONTACT.search(line) for line in block):
        return sum(_is_sentence(line) for line in block) <= 1
    return not any(_is_sentence(line) or "?" in line for line in block) and all(len(line) <= 90 for line in block)


def _without_contact_lines(lines: list[str]) -> list[str]:
    """Cut contact lines that follow the typed name in the same paragraph."""
    end = len(lines)
    while (
        end > 1
        and lines[end - 1].strip()
        and _CONTACT.search(lines[end - 1][:MAX_LINE])
        and not _SENTENCE.search(lines[end - 1][:MAX_LINE])
    ):
        end -= 1
    cut = lines[:end]
    if end < len(lines) and any(_CLOSING.match(line[:MAX_LINE].strip()) for line in cut[-4:]):
        return cut
    return lines
