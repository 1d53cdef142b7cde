"""Tell German from English by the small words that every sentence needs.

Two languages and a "don't know" need no model: on short mail a guess is worse than none.
"""

from __future__ import annotations

import re

from monitor.labels import Language

_WORDS = re.compile(r"[a-zäöüß']{1,20}")
_GERMAN = frozenset(
    "ich du er sie es wir ihr mich mir dich dir uns euch ihnen ihm der die das den dem des ein eine einen einem einer "
    "und oder aber nicht kein keine mit von für auf aus bei nach zu zum zur am im ist sind war hab habe haben hat hatte "
    "bin wird werden wurde kann können könnte könnten muss müssen soll möchte würde wäre noch schon auch nur wenn dass "
    "weil wie was wo wann bitte danke grüße gruß grüsse gruss liebe lieber hallo heute morgen gestern leider mein meine "
    "dein deine ihre ihren unser unsere termin bis mal ja nein doch dann jetzt lg vg sehr gern gerne fuer koennen".split()
)
_ENGLISH = frozenset(
    "i you he she it we they me him her us them the a an and or but not no with of for on from by after to at is are was "
    "have has had been be will would can could must should may might do does did don't didn't i'm i've it's that this if "
    "because how what where when please thanks thank regards dear hello hi today tomorrow yesterday my your our their as "
    "so just about there here any some all out up which who im ive dont cheers best sorry".split()
)
_SHARED = frozenset(
    {"am", "was", "an", "so", "die", "war", "her", "all", "hat", "on", "bin", "in", "do", "must", "hi", "a"}
)


def language_of(text: str) -> Language | None:
    """Return the language of a text; None if it holds too little, or is neither German nor English."""
    german = english = known = 0
    words = _WORDS.findall(text[:4_000].lower())
    for word in words:
        if word in _SHARED:
            continue
        german += word in _GERMAN
        english += word in _ENGLISH
    known = german + english
    if not known or (len(words) > 12 and known < len(words) * 0.12):
        return None
    if german == english:
        return None
    return Language.GERMAN if german > english else Language.ENGLISH
