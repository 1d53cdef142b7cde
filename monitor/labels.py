"""The words of the product: request types, signals, and their names in both languages.

The ids are used everywhere, in code, store, folders and JSON; the names are what people read.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum


class RequestType(StrEnum):
    """What a client's message asks for; one message can hold up to three."""

    SCHEDULING = "scheduling"
    CANCELLATION = "cancellation"
    COACHING_QUESTION = "coaching_question"
    REASSURANCE = "reassurance"
    EXTRA_WORK = "extra_work"
    INSTANT_ACCESS = "instant_access"
    PAYMENT = "payment"
    PROGRESS = "progress"
    MISSED_COMMITMENT = "missed_commitment"
    EXPECTATION = "expectation"
    CONTRACT = "contract"
    ADMINISTRATIVE = "administrative"
    SOCIAL = "social"


class Signal(StrEnum):
    """A boundary signal: a pattern of messages that calls for a conversation."""

    SCOPE_CREEP = "scope_creep"
    ALWAYS_ON = "always_on"
    TIME_SHARE = "time_share"
    DEPENDENCY = "dependency"
    UNRELIABILITY = "unreliability"
    PAYMENT = "payment"
    EXPECTATION_GAP = "expectation_gap"


class Care(StrEnum):
    """A care signal: it calls for attention, not for a boundary."""

    SILENCE = "silence"
    NEGLECT = "neglect"
    CONCENTRATION = "concentration"
    IMPROVEMENT = "improvement"
    TURNING_POINT = "turning_point"


class Language(StrEnum):
    """The languages that the product reads and writes."""

    GERMAN = "de"
    ENGLISH = "en"


REQUEST_NAMES: dict[RequestType, dict[Language, str]] = {
    RequestType.SCHEDULING: {Language.GERMAN: "Termin", Language.ENGLISH: "Scheduling"},
    RequestType.CANCELLATION: {Language.GERMAN: "Absage", Language.ENGLISH: "Cancellation"},
    RequestType.COACHING_QUESTION: {Language.GERMAN: "Coaching-Frage", Language.ENGLISH: "Coaching question"},
    RequestType.REASSURANCE: {Language.GERMAN: "Rückversicherung", Language.ENGLISH: "Reassurance"},
    RequestType.EXTRA_WORK: {Language.GERMAN: "Sonderwunsch", Language.ENGLISH: "Extra work"},
    RequestType.INSTANT_ACCESS: {Language.GERMAN: "Sofort-Zugriff", Language.ENGLISH: "Instant access"},
    RequestType.PAYMENT: {Language.GERMAN: "Zahlung", Language.ENGLISH: "Payment"},
    RequestType.PROGRESS: {Language.GERMAN: "Fortschritt", Language.ENGLISH: "Progress"},
    RequestType.MISSED_COMMITMENT: {Language.GERMAN: "Offene Zusage", Language.ENGLISH: "Missed commitment"},
    RequestType.EXPECTATION: {Language.GERMAN: "Erwartung", Language.ENGLISH: "Expectation"},
    RequestType.CONTRACT: {Language.GERMAN: "Zusammenarbeit", Language.ENGLISH: "Contract"},
    RequestType.ADMINISTRATIVE: {Language.GERMAN: "Organisatorisches", Language.ENGLISH: "Administrative"},
    RequestType.SOCIAL: {Language.GERMAN: "Persönliches", Language.ENGLISH: "Social"},
}

SIGNAL_NAMES: dict[Signal | Care, dict[Language, str]] = {
    Signal.SCOPE_CREEP: {Language.GERMAN: "Umfang wächst", Language.ENGLISH: "Scope creep"},
    Signal.ALWAYS_ON: {Language.GERMAN: "Ständig erreichbar", Language.ENGLISH: "Always on"},
    Signal.TIME_SHARE: {Language.GERMAN: "Zeitfresser (80/20)", Language.ENGLISH: "Time share (80/20)"},
    Signal.DEPENDENCY: {Language.GERMAN: "Abhängigkeit", Language.ENGLISH: "Dependency"},
    Signal.UNRELIABILITY: {Language.GERMAN: "Unverbindlichkeit", Language.ENGLISH: "Unreliability"},
    Signal.PAYMENT: {Language.GERMAN: "Zahlungsmoral", Language.ENGLISH: "Payment"},
    Signal.EXPECTATION_GAP: {Language.GERMAN: "Erwartungslücke", Language.ENGLISH: "Expectation gap"},
    Care.SILENCE: {Language.GERMAN: "Stille", Language.ENGLISH: "Silence"},
    Care.NEGLECT: {Language.GERMAN: "Wartet auf Sie", Language.ENGLISH: "Waiting for you"},
    Care.CONCENTRATION: {Language.GERMAN: "Klumpenrisiko", Language.ENGLISH: "Concentration"},
    Care.IMPROVEMENT: {Language.GERMAN: "Verbesserung", Language.ENGLISH: "Improvement"},
    Care.TURNING_POINT: {Language.GERMAN: "Wendepunkt", Language.ENGLISH: "Turning point"},
}


class Verdict(StrEnum):
    """What a labelled folder says about a message beside its request type."""

    OUT_OF_SCOPE = "out_of_scope"
    IN_SCOPE = "in_scope"
    NOT_A_CLIENT = "not_a_client"


DIGEST_HEADER = "x-client-health-monitor"
"""The header field, in lower case, by which the program knows its own letters."""

REVIEW = "review"
"""The folder for messages that the service is unsure of; it labels nothing."""

VERDICT_NAMES: dict[str, dict[Language, str]] = {
    Verdict.OUT_OF_SCOPE: {Language.GERMAN: "Außerhalb", Language.ENGLISH: "Out of scope"},
    Verdict.IN_SCOPE: {Language.GERMAN: "Im Rahmen", Language.ENGLISH: "In scope"},
    Verdict.NOT_A_CLIENT: {Language.GERMAN: "Kein Klient", Language.ENGLISH: "Not a client"},
    REVIEW: {Language.GERMAN: "Prüfen", Language.ENGLISH: "Review"},
}

Label = RequestType | Verdict


def label_of_folder(name: str) -> Label | None:
    """Return the label that a folder's name means, by its id or its German or English name.

    Case, accents, and the difference between blank, hyphen and underscore do not matter. None for other folders
    and for the review folder.
    """
    return _FOLDERS.get(_plain(name))


def is_review_folder(name: str) -> bool:
    """Whether a folder's name is the review folder's, in either language."""
    return _plain(name) in {_plain(one) for one in (REVIEW, *VERDICT_NAMES[REVIEW].values())}


def _plain(name: str) -> str:
    folded = name.casefold().replace("ß", "ss").replace("ae", "a").replace("oe", "o").replace("ue", "u")
    letters = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in letters if letter.isalnum())


def _folder_names() -> dict[str, Label]:
    names: dict[str, Label] = {}
    for request, translated in REQUEST_NAMES.items():
        names |= {_plain(name): request for name in (request, *translated.values())}
    for verdict in Verdict:
        names |= {_plain(name): verdict for name in (verdict, *VERDICT_NAMES[verdict].values())}
    return names


_FOLDERS = _folder_names()
