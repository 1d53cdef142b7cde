"""Invented mails in both languages, and the zone and moments they were written in."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.digest.content import Quote
from monitor.labels import Language

BERLIN = ZoneInfo("Europe/Berlin")

# The same mails in both languages: subject and words.
_WORDS: dict[str, dict[Language, tuple[str, str]]] = {
    "website": {
        Language.GERMAN: (
            "Meine Website",
            "Kannst du bitte kurz über meine neue Startseite schauen und die Texte glätten?",
        ),
        Language.ENGLISH: ("My website", "Could you have a quick look at my new home page and polish the texts?"),
    },
    "offer": {
        Language.GERMAN: (
            "Angebot für den Kunden",
            "Magst du mein Angebot für den Kunden durchsehen, bevor es morgen rausgeht?",
        ),
        Language.ENGLISH: ("The offer", "Would you check my offer to the customer before it goes out tomorrow?"),
    },
    "slides": {
        Language.GERMAN: (
            "Folien für Freitag",
            "Ich bräuchte noch deine Meinung zu den zwölf Folien, am besten mit Korrekturen.",
        ),
        Language.ENGLISH: (
            "Slides for Friday",
            "I still need your view on the twelve slides, with corrections if you can.",
        ),
    },
    "sunday": {
        Language.GERMAN: (
            "Bist du da?",
            "Ich weiß, es ist Sonntag, aber kannst du mich heute noch anrufen? Ich komme sonst nicht zur Ruhe.",
        ),
        Language.ENGLISH: (
            "Are you there?",
            "I know it is Sunday, but can you call me today? I won't find any peace otherwise.",
        ),
    },
    "night": {
        Language.GERMAN: (
            "Noch wach?",
            "Du hast auf meine Mail von heute Nachmittag noch nicht geantwortet. Was soll ich ihm jetzt schreiben?",
        ),
        Language.ENGLISH: (
            "Still up?",
            "You have not answered my mail from this afternoon yet. What am I supposed to write to him now?",
        ),
    },
    "late": {
        Language.GERMAN: (
            "Rechnung März",
            "Die Überweisung schaffe ich leider erst Ende des Monats, ist das in Ordnung für Sie?",
        ),
        Language.ENGLISH: (
            "March invoice",
            "I am afraid I will only manage the transfer at the end of the month, is that all right with you?",
        ),
    },
    "results": {
        Language.GERMAN: (
            "Zwischenstand",
            "Ehrlich gesagt hatte ich nach acht Wochen mit mehr Anfragen gerechnet. Wann geht es denn nun los?",
        ),
        Language.ENGLISH: (
            "Where we stand",
            "To be honest, after eight weeks I had counted on more enquiries. When is it going to start?",
        ),
    },
    "logo": {
        Language.GERMAN: (
            "Logo, blau oder grün?",
            "Ich habe beide Fassungen fertig. Sagst du mir bitte, welche ich nehmen soll?",
        ),
        Language.ENGLISH: (
            "Logo, blue or green?",
            "I have finished both versions. Will you please tell me which one I should take?",
        ),
    },
    "term": {
        Language.GERMAN: ("Donnerstag", "Geht bei Ihnen auch eine halbe Stunde später?"),
        Language.ENGLISH: ("Thursday", "Would half an hour later suit you as well?"),
    },
}


def at(day: int, hour: int = 10, minute: int = 15, month: int = 3) -> datetime:
    """Return a moment in the coach's zone, in March 2026 unless told."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def mail(which: str, moment: datetime, sender: str, language: Language) -> Quote:
    """Return one of the mails above as a quote."""
    subject, text = _WORDS[which][language]
    message_id = f"<{which}.{moment:%Y%m%d%H%M}@mail.example>"
    return Quote(message_id, moment, sender, subject, text, "INBOX")
