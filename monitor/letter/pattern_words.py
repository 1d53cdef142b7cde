"""A pattern in plain words: what was observed, by which yardstick, and where it is going.

The sentences tell of behaviour and dates, never of a person's character or motive.
"""

from __future__ import annotations

from monitor.digest.content import ClientEntry, Digest, Pattern
from monitor.health.findings import Trend
from monitor.labels import SIGNAL_NAMES, Signal
from monitor.language.speech import Speech, capital
from monitor.letter.quoting import harmless, name, subject

MOTIVE = 120


def label(pattern: Pattern, speech: Speech) -> str:
    """Return the pattern's name."""
    return SIGNAL_NAMES[pattern.signal][speech.language]


def finding(entry: ClientEntry, pattern: Pattern, digest: Digest, speech: Speech) -> str:
    """Return the finding in three sentences: what was observed, the yardstick, the trend."""
    return " ".join(
        (_observed(entry, pattern, digest, speech), _yardstick(pattern, digest, speech), _going(pattern, speech))
    )


def in_short(entry: ClientEntry, pattern: Pattern, digest: Digest, speech: Speech) -> str:
    """Return the pattern's number with its yardstick, and the mail that showed it last, in one sentence."""
    if pattern.signal is Signal.TIME_SHARE:
        text = speech.gettext("{share} of your time for mail in four weeks, an even share would be {even}.").format(
            share=speech.percent(entry.share), even=speech.percent(digest.even_share)
        )
    else:
        if pattern.leeway:
            text = speech.gettext("{times} in four weeks, {before} in the four weeks before; you let it pass {leeway}.")
        else:
            text = speech.gettext("{times} in four weeks, {before} in the four weeks before; you have set no leeway.")
        text = capital(
            text.format(
                times=speech.times(pattern.incidents),
                before=_times_or_none(pattern.before, speech),
                leeway=speech.times(pattern.leeway),
            )
        )
    if not pattern.evidence or pattern.signal is Signal.TIME_SHARE:
        return text
    last = max(pattern.evidence, key=lambda quote: quote.sent_at)
    return f"{text} " + speech.gettext("Last on {weekday}, “{subject}”.").format(
        weekday=speech.weekday(last.sent_at.date()), subject=subject(last.subject) or speech.gettext("(no subject)")
    )


def counted(signal: Signal, speech: Speech) -> str:
    """Return what is counted by week for a signal, as the caption of its chart."""
    match signal:
        case Signal.SCOPE_CREEP:
            return speech.gettext("Requests beyond the agreement, by calendar week")
        case Signal.ALWAYS_ON:
            return speech.gettext("Requests for an answer at once, by calendar week")
        case Signal.TIME_SHARE:
            return speech.gettext("Mails received, by calendar week")
        case Signal.DEPENDENCY:
            return speech.gettext("Own decisions put to you, by calendar week")
        case Signal.UNRELIABILITY:
            return speech.gettext("Late cancellations and steps left undone, by calendar week")
        case Signal.PAYMENT:
            return speech.gettext("Late payments and wishes for a lower price, by calendar week")
        case Signal.EXPECTATION_GAP:
            return speech.gettext("Expectations beyond the agreement, by calendar week")


def motive(entry: ClientEntry, speech: Speech) -> str:
    """Return why the coach took this client, in the coach's own words; empty if nothing is noted."""
    words = harmless(entry.motive, MOTIVE)
    if not words:
        return ""
    return speech.gettext("What you once noted about working together: {words}.").format(words=speech.quoted(words))


def _observed(entry: ClientEntry, pattern: Pattern, digest: Digest, speech: Speech) -> str:
    match pattern.signal:
        case Signal.SCOPE_CREEP:
            text = speech.gettext(
                "In the last four weeks {name} has asked {times} for something beyond what you agreed."
            )
        case Signal.ALWAYS_ON:
            text = speech.gettext("In the last four weeks {name} has asked {times} for an answer at once.")
        case Signal.TIME_SHARE:
            text = speech.gettext(
                "In the last four weeks {share} of the time you give to mail went to {name}; "
                "an even share would be {even}."
            )
        case Signal.DEPENDENCY:
            text = speech.gettext(
                "In the last four weeks {name} has asked {times} for your yes before taking a decision of their own."
            )
        case Signal.UNRELIABILITY:
            text = speech.gettext(
                "In the last four weeks with {name}, an appointment fell through at short notice "
                "or an agreed step stayed undone {times}."
            )
        case Signal.PAYMENT:
            text = speech.gettext("In the last four weeks {name} has {times} paid late or asked for a lower price.")
        case Signal.EXPECTATION_GAP:
            text = speech.gettext(
                "In the last four weeks {name} has {times} hoped for more, or sooner, than you agreed."
            )
    return text.format(
        name=name(entry.client),
        times=speech.times(pattern.incidents),
        share=speech.percent(entry.share),
        even=speech.percent(digest.even_share),
    )


def _yardstick(pattern: Pattern, digest: Digest, speech: Speech) -> str:
    if pattern.signal is Signal.TIME_SHARE:
        bound = speech.percent(min(1.0, digest.even_share * (1 + pattern.leeway)))
        text = speech.ngettext(
            "You are fine with up to {bound}; one mail came in, {before} in the four weeks before.",
            "You are fine with up to {bound}; {count} mails came in, {before} in the four weeks before.",
            pattern.incidents,
        )
        return text.format(
            bound=bound, count=speech.count(pattern.incidents), before=_count_or_none(pattern.before, speech)
        )
    if pattern.leeway:
        allowed = speech.gettext("You let that pass {leeway};").format(leeway=speech.times(pattern.leeway))
    else:
        allowed = speech.gettext("You have set no leeway here;")
    if pattern.before:
        earlier = speech.gettext("the four weeks before saw it {before}.").format(before=speech.times(pattern.before))
    else:
        earlier = speech.gettext("in the four weeks before it did not happen.")
    return f"{capital(allowed)} {earlier}"


def _going(pattern: Pattern, speech: Speech) -> str:
    match pattern.trend:
        case Trend.RISING:
            text = speech.gettext("It has been going on since {day} and is growing.")
        case Trend.STEADY:
            text = speech.gettext("It has been going on since {day}, about evenly.")
        case Trend.EASING:
            text = speech.gettext("It has been going on since {day} and is already easing.")
    return text.format(day=speech.day(pattern.since))


def _times_or_none(number: int, speech: Speech) -> str:
    return speech.times(number) if number else speech.gettext("not once")


def _count_or_none(number: int, speech: Speech) -> str:
    if number == 0:
        return speech.gettext("none")
    return speech.gettext("one") if number == 1 else speech.count(number)
