"""Conversation guides: sentences that can be said aloud, from templates that a coach can replace.

A guide is one template in a folder for its language and form of address (``de-sie``, ``de-du``, ``en``). Its blocks
are the steps; the facts of the case are filled in. A coach's own folder has the same shape and wins block by block:
a file there need hold only the blocks that it changes. Templates run in a sandbox and see nothing but the facts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.agreement import AddressForm, Firmness
from monitor.assets import shipped
from monitor.digest.content import ClientEntry, Effect, Pattern
from monitor.errors import ConfigurationError
from monitor.labels import Care, Language, Signal
from monitor.message.characters import visible

STEPS = ("opening", "facts", "rule", "wish", "offer")
BLOCKS = (*STEPS, "light", "line")
LONGEST = 600  # characters of one block: more than a minute is no longer said in one breath

_BREAKS = re.compile(r"[ \t\n]+")  # not the no-break spaces that hold a number and its unit together


class Occasion(StrEnum):
    """What else there is a guide for, beside each boundary signal."""

    EXPECTATIONS = "expectations"
    GOOD_ENDING = "good_ending"
    CHECK_IN = "check_in"
    NEXT_STEP = "next_step"
    NEGLECT = "neglect"


Topic = Signal | Occasion

# What a care note proposes to write; the other notes need no words of others.
CARE_OCCASIONS: Mapping[Care, Occasion] = {
    Care.SILENCE: Occasion.CHECK_IN,
    Care.NEGLECT: Occasion.NEGLECT,
    Care.TURNING_POINT: Occasion.NEXT_STEP,
}
_SHORT = frozenset({Occasion.CHECK_IN, Occasion.NEGLECT})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a guide can fill in; every value is a phrase of the guide's language, empty where it is not known.

    ``times`` (five times) tells the pattern's incidents, ``mails`` (24) the messages received,
    ``dates`` (on 3, 12 and 19 November) and ``latest`` (on Sunday, 15 November, 22:41) when. ``hours``, ``reply``,
    ``sessions``, ``notice``, ``payment`` and ``included`` cite the agreement, ``share`` and ``even`` are per cent.
    ``talked`` (on 20 February) is the last conversation, ``ends`` (on 30 June 2026) the end of the agreement.
    """

    times: str = ""
    mails: str = ""
    dates: str = ""
    latest: str = ""
    share: str = ""
    even: str = ""
    hours: str = ""
    reply: str = ""
    sessions: str = ""
    notice: str = ""
    payment: str = ""
    included: str = ""
    talked: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """A filled-in guide: five ``steps``, and ``light``, the same with a smile.

    ``line`` is what can be written in one mail, where a mail is enough; a guide for such an occasion has no steps.
    """

    topic: Topic
    steps: tuple[str, ...]
    light: str
    line: str = ""


def guide(
    topic: Topic,
    language: Language,
    facts: Facts,
    address: AddressForm = AddressForm.FORMAL,
    firmness: Firmness = Firmness.GENTLE,
    overrides: Path | None = None,
) -> Guide:
    """Return the guide for a topic; English knows one form of address only.

    ``overrides`` is the coach's own folder. Raises ConfigurationError that names the file if one there cannot be used.
    """
    place = f"{voice(language, address)}/{topic}.j2"
    values = {**asdict(facts), "firmness": str(firmness)}
    texts: dict[str, str] = {}
    folders = [shipped("templates") / "talk"] + ([overrides] if overrides is not None else [])
    for folder in folders:
        path = folder / place
        if path.is_file():
            texts.update(_blocks(path, values))
    if topic in _SHORT:
        return Guide(topic, (), texts["light"], texts["line"])
    return Guide(topic, tuple(texts[step] for step in STEPS), texts["light"], texts.get("line", ""))


def voice(language: Language, address: AddressForm) -> str:
    """Return the folder of a language and form of address."""
    if language is Language.ENGLISH:
        return "en"
    return "de-du" if address is AddressForm.FAMILIAR else "de-sie"


def topic_of(entry: ClientEntry, pattern: Pattern) -> Topic:
    """Return the guide that a pattern calls for.

    Two conversations without any change call for a good ending; an expectation that was talked about once, for
    planning with open figures.
    """
    talk = entry.talk
    if talk is not None and talk.effect is Effect.UNCHANGED:
        if talk.held > 1:
            return Occasion.GOOD_ENDING
        if pattern.signal is Signal.EXPECTATION_GAP:
            return Occasion.EXPECTATIONS
    return pattern.signal


def firmness_of(entry: ClientEntry, topic: Topic | None = None) -> Firmness:
    """Return how firm the words are: the coach's choice, else gentle until a conversation has changed nothing.

    Letters do not make anybody firmer: what was told and not yet talked about is still talked about gently. And an
    ending is thought about together before it is announced.
    """
    if entry.firmness is not None:
        return entry.firmness
    if entry.talk is None or entry.talk.effect is not Effect.UNCHANGED:
        return Firmness.GENTLE
    in_vain = entry.talk.held - (2 if topic is Occasion.GOOD_ENDING else 0)
    return (Firmness.GENTLE, Firmness.CLEAR, Firmness.FIRM)[max(0, min(in_vain, 2))]


def _blocks(path: Path, values: Mapping[str, str]) -> dict[str, str]:
    """Render each block of a template; raises ConfigurationError that names file and reason."""
    try:
        template = _template(path, path.stat().st_mtime_ns)
        texts = {block: _render(template, block, values) for block in template.blocks}
    except TemplateSyntaxError as error:
        raise _unusable(path, f"line {error.lineno}: {error.message}") from error
    except UnicodeDecodeError as error:
        raise _unusable(path, "it is not written in UTF-8") from error
    except Exception as error:  # whatever a foreign template does wrong, the file is at fault
        raise _unusable(path, str(error) or type(error).__name__) from error
    if not texts:
        raise _unusable(path, f"it has no blocks; known are {', '.join(BLOCKS)}")
    for block, text in texts.items():
        if block not in BLOCKS:
            raise _unusable(path, f'"{block}" is no block of a guide; known are {", ".join(BLOCKS)}')
        if not text:
            raise _unusable(path, f'the block "{block}" is empty')
        if len(text) > LONGEST:
            raise _unusable(path, f'the block "{block}" is longer than {LONGEST} characters')
    return texts


@lru_cache(maxsize=128)
def _template(path: Path, _changed_at: int) -> Template:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.globals.clear()  # nothing that a sentence needs
    return environment.from_string(path.read_text(encoding="utf-8"))


def _render(template: Template, block: str, values: Mapping[str, str]) -> str:
    text = visible("".join(template.blocks[block](template.new_context(dict(values)))))
    return _BREAKS.sub(" ", text).strip(" \n\t")


def _unusable(path: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        "The conversation guide {path} cannot be used: {reason}.",
        "Mend the file, or remove it to get the guide that comes with the program.",
        path=str(path),
        reason=reason.rstrip("."),
    )
