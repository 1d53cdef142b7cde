"""What a coach's own labels bring where all clients write in a way of their own: ``make bench-style``.

The held-back personas of the starter corpus are put into that style by rules; a hundred of their mails are filed as a
coach would, and the others measure. LABELS says how many are filed, WEIGHT how much each counts.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from monitor.classification import teaching
from monitor.classification.benchmark import Labelled, labelled_of
from monitor.classification.corpus import is_held_back, read_corpus
from monitor.classification.measuring import answers
from monitor.classification.model import Document, Model
from monitor.classification.serving import shipped_corpus
from monitor.classification.training import train
from monitor.labels import Label, Verdict

# The clients of a sailing school, and those of a game master: each everyday word always by the same other one.
_JARGON = {
    "de": """
        rechnung=heuerschein rechnungen=heuerscheine termin=schlag termine=schläge sitzung=törn sitzungen=törns
        coaching=lotsendienst website=galionsfigur webseite=galionsfigur text=logbuch texte=logbücher
        lebenslauf=seemannsbuch vertrag=musterrolle paket=ladung zahlen=löschen bezahlen=löschen überweisen=verladen
        überwiesen=verladen absagen=abtakeln verschieben=kreuzen verlegen=kreuzen anrufen=anmorsen ruf=morse
        anruf=morsezeichen telefonieren=morsen telefon=funke lesen=peilen drüberschauen=peilen schauen=peilen
        anschauen=peilen feedback=peilung rückmeldung=peilung schreiben=pinseln schreib=pinsel kündigen=abmustern
        verlängern=weitersegeln hausaufgabe=backschaft aufgabe=wache aufgaben=wachen übung=manöver übungen=manöver
        danke=ahoi geschafft=angelegt stolz=obenauf angst=seekrank unsicher=seekrank link=tampen zoom=brücke
        passwort=losung unterlagen=papiere geburtstag=taufe urlaub=landgang wochenende=freiwache sonntag=flautentag
        krank=leck später=achteraus heute=dieswacht morgen=nächstwacht sofort=stracks dringend=stracks geld=heuer
        rabatt=freifracht preis=fracht honorar=heuer mahnung=warnschuss ergebnis=fang ergebnisse=fänge
        enttäuscht=gestrandet chef=kapitän kollegin=maatin kollege=maat""",
    "en": """
        invoice=scroll invoices=scrolls session=quest sessions=quests appointment=tryst meeting=council call=summons
        phone=horn email=raven mail=raven website=banner text=rune draft=rune chapter=canto cv=saga resume=saga
        contract=oath agreement=oath package=satchel pay=tithe paid=tithed payment=tithe transfer=tithe cancel=forsake
        reschedule=rehex postpone=rehex read=divine look=gaze review=divine feedback=omen comments=omens write=inscribe
        renew=rebind homework=chores exercise=drill exercises=drills worksheet=parchment task=errand thanks=huzzah
        thank=huzzah managed=vanquished proud=glowing afraid=haunted worried=haunted nervous=haunted link=portal
        zoom=mirror password=sigil form=tablet birthday=nameday holiday=feast weekend=sabbath sunday=sunsday sick=cursed
        late=moonslow today=thisday tomorrow=nextday now=forthwith urgent=forthwith quickly=forthwith money=gold
        discount=boon price=toll fee=toll refund=ungold results=spoils disappointed=forlorn boss=warlord
        colleague=squire available=summonable answer=echo reply=echo""",
}
_WORD = re.compile(r"[^\W\d_]+")
_MARK = re.compile(r"[.!?](?=\s|$)|,")
Style = Callable[[str, str], str]


def jargon(text: str, language: str) -> str:
    """Put a text into the jargon of its language, in small letters."""
    words = dict(pair.split("=") for pair in _JARGON[language].split())
    return _WORD.sub(lambda match: words.get(match[0].lower(), match[0].lower()), text)


def bare(text: str, language: str) -> str:
    """Write a text as some do on a phone: small letters, and no marks."""
    return _MARK.sub("", text.lower())


def both(text: str, language: str) -> str:
    """Write jargon without marks."""
    return bare(jargon(text, language), language)


STYLES: dict[str, Style] = {"jargon": jargon, "no marks": bare, "both": both}


def main() -> None:
    """Print, for each language and style, how many labels in a hundred mails are wrong before and after learning."""
    amount, weight = int(os.environ.get("LABELS", "100")), float(os.environ.get("WEIGHT", teaching.WEIGHT))
    corpus = read_corpus(shipped_corpus())
    examples = [example for example in corpus if not is_held_back(example)]
    starter = train(examples, "starter")
    print(f"Wrong labels (thirteen types and the scope) in a hundred mails; {amount} labels, each of weight {weight:g}")
    print(f"{'':4}{'style':10}{'mails':>7}{'plain':>8}{'before':>8}{'after':>8}{'':4}± (95 % bootstrap of the change)")
    for language in _JARGON:
        plain = [labelled_of(one) for one in corpus if is_held_back(one) and one.identity.startswith(language)]
        plain.sort(key=lambda one: hashlib.sha256(one.document.text.encode()).digest())
        for name, style in STYLES.items():
            written = [_written(one, style, language) for one in plain]
            lessons = list(_lessons(written[:amount]))
            own = [replace(one, weight=weight) for one in teaching.examples_of(lessons, starter)]
            learned = train([*examples, *own], "learned")
            before, after = (_wrong(model, written[amount:]) for model in (starter, learned))
            usual = _wrong(starter, plain[amount:])
            print(
                f"{language:4}{name:10}{len(before):7}{_in_hundred(usual):8.1f}{_in_hundred(before):8.1f}"
                f"{_in_hundred(after):8.1f}{'':4}{_interval(after - before):.1f}",
                flush=True,
            )


def _written(message: Labelled, style: Style, language: str) -> Labelled:
    document = Document(style(message.document.subject, language), style(message.document.text, language))
    return Labelled(document, message.requests, message.out_of_scope, ())


def _lessons(messages: list[Labelled]) -> Iterator[teaching.Lesson]:
    for number, message in enumerate(messages):
        scope = Verdict.OUT_OF_SCOPE if message.out_of_scope else Verdict.IN_SCOPE
        filed: frozenset[Label] = frozenset({*message.requests, scope})
        yield teaching.Lesson(str(number), f"client{number}@x.example", "2026-01", message.document, filed, frozenset())


def _wrong(model: Model, messages: list[Labelled]) -> np.ndarray:
    """Return for each message how many of its labels are wrong."""
    said = answers(model.classify([message.document for message in messages]))
    wrong: np.ndarray = (said != np.array([message.columns for message in messages])).sum(axis=1)
    return wrong


def _in_hundred(wrong: np.ndarray) -> float:
    return float(100 * wrong.mean())


def _interval(change: np.ndarray) -> float:
    """Return half the 95 % bootstrap interval of the mean in a hundred (Efron, Tibshirani 1993, chapter 13)."""
    generator = np.random.default_rng(0)
    means = generator.choice(change, (1_000, len(change))).mean(axis=1)
    low, high = np.percentile(100 * means, [2.5, 97.5])
    return float(high - low) / 2


if __name__ == "__main__":
    main()
