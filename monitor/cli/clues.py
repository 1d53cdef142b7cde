"""The names of cues and word fields as ``explain`` tells them to people; JSON keeps the ids."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.language.marking import N_
from monitor.language.speech import Speech

_PLACES = {
    "subject: ": N_("subject: {clue}"),
    "sentence before: ": N_("sentence before: {clue}"),
    "sentence after: ": N_("sentence after: {clue}"),
    "words about ": N_("words about {clue}"),
    "cue: ": N_("cue: {clue}"),
}

NAMES = {
    "question": N_("question mark"),
    "exclamation": N_("exclamation mark"),
    "ellipsis": N_("dots"),
    "you_formal": N_("“Sie”"),
    "you": N_("“you”"),
    "i": N_("“I”"),
    "my": N_("“my”"),
    "we": N_("“we”"),
    "third_person": N_("somebody else"),
    "ask_can_you": N_("“can you”"),
    "ask_can_we": N_("“can we”"),
    "ask_may_i": N_("“may I”"),
    "ask_is_it": N_("“is it”"),
    "wish": N_("a wish"),
    "if_you": N_("“if you”"),
    "whether": N_("“whether”"),
    "please": N_("“please”"),
    "begins_with_order": N_("begins like an order"),
    "question_word": N_("“how”, “why”, “when”"),
    "negation": N_("“not”"),
    "no_need": N_("“no need”"),
    "thanks": N_("thanks"),
    "apology": N_("an apology"),
    "but": N_("“but”"),
    "because": N_("“because”"),
    "past_i": N_("“I have”"),
    "future_i": N_("“I will”"),
    "already_wrote": N_("has written before"),
    "now": N_("“at once”"),
    "today": N_("“today”"),
    "tomorrow": N_("“tomorrow”"),
    "yesterday": N_("“yesterday”"),
    "next_weeks": N_("“next week”"),
    "weekday": N_("a weekday"),
    "weekend": N_("weekend or holiday"),
    "evening": N_("evening or night"),
    "clock": N_("a time of day"),
    "date": N_("a date"),
    "duration": N_("minutes or hours"),
    "weeks_or_months": N_("weeks or months"),
    "reach_me": N_("call or reply"),
    "appointment": N_("an appointment"),
    "call_off": N_("calling off"),
    "money": N_("money"),
    "cheaper": N_("a lower price"),
    "document": N_("a document"),
    "look_over": N_("looking it over"),
    "make_for_me": N_("making something"),
    "third_party": N_("talking to others"),
    "extra_session": N_("an extra session"),
    "agreement": N_("the agreement"),
    "access": N_("access and materials"),
    "homework": N_("homework"),
    "success": N_("success"),
    "disappointed": N_("disappointment"),
    "feeling": N_("a feeling"),
    "greeting": N_("a greeting"),
    "farewell": N_("a farewell"),
    "wish_well": N_("good wishes"),
    "attached": N_("“attached”"),
    "small_favour": N_("“just quickly”"),
    "offer_to_pay": N_("an offer to pay"),
    "nothing": N_("there is none"),
    "place_0": N_("at the beginning"),
    "place_1": N_("in the first half"),
    "place_2": N_("in the middle"),
    "place_3": N_("in the second half"),
    "place_4": N_("at the end"),
    "short_mail": N_("short mail"),
    "middle_mail": N_("middling mail"),
    "long_mail": N_("long mail"),
    "words_1_3": N_("up to 3 words"),
    "words_4_8": N_("4 to 8 words"),
    "words_9_16": N_("9 to 16 words"),
    "words_17_or_more": N_("17 words or more"),
    "writing": N_("texts"),
    "application": N_("applications"),
    "business_paper": N_("business papers"),
    "web_and_tech": N_("web and technology"),
    "picture_or_sound": N_("pictures and sound"),
    "law": N_("law"),
    "tax_and_finance": N_("taxes and finance"),
    "medicine": N_("medicine"),
    "family_and_friends": N_("family and friends"),
    "colleagues": N_("colleagues"),
    "institutions": N_("institutions"),
    "look_at": N_("looking at something"),
    "make": N_("making"),
    "speak_for_me": N_("speaking for somebody"),
    "lend_or_give": N_("lending and giving"),
    "decide": N_("deciding"),
    "doubt": N_("doubt"),
    "own_task": N_("tasks of one's own"),
    "not_done": N_("things not done"),
    "session": N_("sessions"),
    "move_a_date": N_("moving a date"),
    "hurry": N_("hurry"),
    "channel": N_("phone and messenger"),
    "bill": N_("bills"),
    "contract": N_("contracts"),
    "own_papers": N_("the coach's papers"),
    "achieved": N_("achievements"),
    "kindness": N_("kindness"),
    "free_hours": N_("free hours"),
}


def clue(told: str, words: Speech) -> str:
    """Return a word as it is; of what is no word, its name in a language, and where it was seen."""
    for place, text in _PLACES.items():
        if told.startswith(place):
            rest = told.removeprefix(place)
            if place != "subject: ":
                rest = " + ".join(_names(rest, words))
            return words.gettext(text).format(clue=rest)
    return told


def _names(rest: str, words: Speech) -> Iterator[str]:
    """Yield the names of cues joined by "and"; some have one in their own name."""
    parts = rest.split(" and ")
    while parts:
        length = 2 if " and ".join(parts[:2]).replace(" ", "_") in NAMES else 1
        part = " and ".join(parts[:length])
        name = NAMES.get(part.replace(" ", "_"))
        yield words.gettext(name) if name else part
        del parts[:length]
