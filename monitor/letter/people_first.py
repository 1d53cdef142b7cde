"""What comes before every boundary: words that can point to danger, and what has happened in somebody's life."""

from __future__ import annotations

from monitor.digest.content import ClientEntry, Digest
from monitor.facts import Remark
from monitor.language.speech import Speech
from monitor.letter.blocks import Block, Clause, Heading, Paragraph, Rule, Span, plain
from monitor.letter.quoting import link_to, name, place_of


def in_danger(digest: Digest) -> tuple[ClientEntry, ...]:
    """Return the clients of whom a mail holds words that can point to danger for life."""
    return tuple(entry for entry in digest.clients if entry.danger is not None)


def danger(digest: Digest, words: Speech) -> list[Block]:
    """Return the note that comes before everything else; nothing where no mail calls for it.

    It hands on where the mail is and how to act, and says no word of what the mail says.
    """
    concerned = in_danger(digest)
    if not concerned:
        return []
    blocks: list[Block] = [
        Paragraph(
            plain(
                words.ngettext(
                    "A mail holds words that can point to danger for somebody's life. Please read it yourself:",
                    "Some mails hold words that can point to danger for somebody's life. Please read them yourself:",
                    len(concerned),
                )
            )
        )
    ]
    for entry in concerned:
        assert entry.danger is not None
        place = place_of(entry.danger, words)
        blocks.append(Paragraph((Span(place, href=link_to(entry.danger.message_id, digest.link)),)))
    advice = words.gettext(
        "Get in touch personally and soon, by phone if you can. Ask directly; asking does no harm. Promise no secrecy, "
        "and do not carry it alone. In acute danger call 112. Around the clock, TelefonSeelsorge (Germany, "
        "0800 1110111) also advises people who are worried about somebody."
    )
    more = words.gettext("A program cannot judge such words, and this one may be mistaken. It scores nothing by them.")
    return [*blocks, Clause(words.gettext("What helps"), advice), Paragraph(plain(more), small=True)]


def compassion(digest: Digest, words: Speech) -> list[Block]:
    """Return for whom boundaries rest, and why."""
    resting = [entry for entry in digest.clients if entry.compassion is not None and entry.danger is None]
    if not resting:
        return []
    blocks: list[Block] = [Rule(), Heading(2, words.gettext("People first"))]
    for entry in resting:
        assert entry.compassion is not None
        match entry.compassion.remark:
            case Remark.ILLNESS:
                text = words.gettext("Illness has come up since {since}. A line that wishes well is enough.")
            case Remark.BEREAVEMENT:
                text = words.gettext("There has been a death since {since}. A few words of sympathy count now.")
            case Remark.BIRTH:
                text = words.gettext("A child has been born: congratulations are in order, {since} brought the news.")
            case _:
                text = words.gettext("These are hard times since {since}. To ask how things are is enough.")
        rest = words.gettext(
            "Until {until} no boundary talk is proposed here, and nothing from this time counts later."
        )
        sentence = text.format(since=words.day(entry.compassion.since))
        until = rest.format(until=words.day(entry.compassion.until))
        blocks.append(Paragraph((Span(f"{name(entry.client)}.", strong=True), Span(f" {sentence} {until}"))))
    return blocks
