"""The agreement in words: the clause that a pattern is judged by, and the phrases that a conversation cites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from monitor.agreement import Agreement
from monitor.labels import RequestType, Signal
from monitor.language.speech import Speech


@dataclass(frozen=True, slots=True)
class Agreed:
    """Phrases of one agreement that fit into a sentence; only ``included`` and ``excluded`` can be empty.

    ``hours`` are Mondays to Fridays from 9 am to 6 pm, ``reply`` within one working day, ``sessions`` two sessions a
    month of 60 minutes each, ``notice`` up to 24 hours ahead, ``payment`` within 14 days.
    """

    hours: str
    reply: str
    sessions: str
    notice: str
    payment: str
    included: str
    excluded: str


def agreed(agreement: Agreement, speech: Speech) -> Agreed:
    """Return the phrases of an agreement."""
    return Agreed(
        hours=_hours(agreement, speech),
        reply=within(agreement.reply_within_days, speech),
        sessions=_sessions(agreement, speech),
        notice=_notice(agreement.notice_hours, speech),
        payment=_payment(agreement.payment_days, speech),
        included=_requests(agreement.included, speech),
        excluded=_requests(agreement.excluded, speech),
    )


def clause(signal: Signal, agreement: Agreement, speech: Speech) -> str:
    """Return what was agreed on the subject of a signal, to be read behind "What you agreed:"."""
    words = agreed(agreement, speech)
    sentences = [_clause(signal, agreement, words, speech)]
    if signal is Signal.SCOPE_CREEP and words.excluded:
        sentences.append(speech.gettext("Expressly left out: {excluded}.").format(excluded=words.excluded))
    return " ".join(sentences)


def _clause(signal: Signal, agreement: Agreement, words: Agreed, speech: Speech) -> str:
    match signal:
        case Signal.SCOPE_CREEP:
            return _scope(words, agreement, speech)
        case Signal.ALWAYS_ON:
            text = speech.gettext("office hours {hours}; you answer mail {reply}.")
        case Signal.TIME_SHARE:
            text = speech.gettext(
                "{sessions} and, in between, questions by mail, which you answer {reply}. "
                "How many mails that may be is left open."
            )
        case Signal.DEPENDENCY:
            text = speech.gettext(
                "{sessions} and questions on the coaching topic. Taking over decisions is not part of it."
            )
        case Signal.UNRELIABILITY if agreement.notice_hours:
            text = speech.gettext("appointments can be moved {notice}. Anything later counts as a late cancellation.")
        case Signal.UNRELIABILITY:
            text = speech.gettext("appointments can be moved {notice}.")
        case Signal.PAYMENT:
            text = speech.gettext("invoices are paid {payment}. No discount is agreed.")
        case Signal.EXPECTATION_GAP:
            text = speech.gettext(
                "{sessions} and questions on the coaching topic. No particular result by a particular day is promised."
            )
    return text.format(
        hours=words.hours, reply=words.reply, sessions=words.sessions, notice=words.notice, payment=words.payment
    )


def _scope(words: Agreed, agreement: Agreement, speech: Speech) -> str:
    if words.included:
        held = speech.gettext("{sessions}, questions on the topic by mail, and also: {included}.")
    else:
        held = speech.gettext("{sessions} and questions on the topic by mail.")
    if RequestType.EXTRA_WORK in agreement.included:
        beyond = speech.gettext("Whatever goes beyond is not part of it.")
    else:
        beyond = speech.gettext("Texts, reviews, extra appointments and favours are not part of it.")
    return f"{held.format(sessions=words.sessions, included=words.included)} {beyond}"


def _hours(agreement: Agreement, speech: Speech) -> str:
    days = (
        speech.gettext("Mondays"),
        speech.gettext("Tuesdays"),
        speech.gettext("Wednesdays"),
        speech.gettext("Thursdays"),
        speech.gettext("Fridays"),
        speech.gettext("Saturdays"),
        speech.gettext("Sundays"),
    )
    runs: list[tuple[int, int, tuple[time, time]]] = []
    for day, hours in sorted(agreement.office_hours.items()):
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], day, hours)
        else:
            runs.append((day, day, hours))
    parts = []
    for first, last, (opening, closing) in runs:
        if first == last:
            name = days[first]
        elif last == first + 1:
            name = speech.listed([days[first], days[last]])
        else:
            name = speech.gettext("{first_day} to {last_day}").format(first_day=days[first], last_day=days[last])
        parts.append(
            speech.gettext("{days} from {opening} to {closing}").format(
                days=name, opening=speech.clock(opening), closing=speech.clock(closing)
            )
        )
    return speech.listed(parts) if parts else speech.gettext("by appointment")


def within(days: float, speech: Speech) -> str:
    """Return a time for answers, in working days."""
    if days == 0.5:
        return speech.gettext("within half a working day")
    if days == int(days):
        return speech.ngettext("within one working day", "within {count} working days", int(days)).format(
            count=speech.count(int(days))
        )
    return speech.gettext("within {number} working days").format(number=speech.number(days))


def _sessions(agreement: Agreement, speech: Speech) -> str:
    month, minutes = agreement.sessions_per_month, agreement.session_minutes
    if not month:
        return speech.gettext("the booked sessions")
    if month == int(month):
        often = speech.ngettext("one session a month", "{count} sessions a month", int(month)).format(
            count=speech.count(int(month))
        )
    elif month == 0.5:
        often = speech.gettext("one session every two months")
    else:
        often = speech.gettext("{number} sessions a month").format(number=speech.number(month))
    if not minutes:
        return often
    if month in (0.5, 1):
        return speech.gettext("{sessions} of {minutes} minutes").format(sessions=often, minutes=minutes)
    return speech.gettext("{sessions} of {minutes} minutes each").format(sessions=often, minutes=minutes)


def _notice(hours: int, speech: Speech) -> str:
    if hours == 0:
        return speech.gettext("at any time")
    return speech.ngettext("up to one hour ahead", "up to {number} hours ahead", hours).format(
        number=speech.number(hours)
    )


def _payment(days: int, speech: Speech) -> str:
    if days == 0:
        return speech.gettext("on receipt")
    return speech.ngettext("within one day", "within {number} days", days).format(number=speech.number(days))


def _requests(requests: Iterable[RequestType], speech: Speech) -> str:
    names = {
        RequestType.SCHEDULING: speech.gettext("arranging appointments"),
        RequestType.CANCELLATION: speech.gettext("late cancellations"),
        RequestType.COACHING_QUESTION: speech.gettext("questions between sessions"),
        RequestType.REASSURANCE: speech.gettext("quick second opinions"),
        RequestType.EXTRA_WORK: speech.gettext("extra work"),
        RequestType.INSTANT_ACCESS: speech.gettext("quick answers at any hour"),
        RequestType.PAYMENT: speech.gettext("special terms of payment"),
        RequestType.PROGRESS: speech.gettext("reports on progress"),
        RequestType.MISSED_COMMITMENT: speech.gettext("more time for agreed steps"),
        RequestType.EXPECTATION: speech.gettext("talks about expectations"),
        RequestType.CONTRACT: speech.gettext("changes to the agreement"),
        RequestType.ADMINISTRATIVE: speech.gettext("help with forms and access"),
        RequestType.SOCIAL: speech.gettext("personal messages"),
    }
    wanted = set(requests)
    return speech.listed([text for request, text in names.items() if request in wanted])
