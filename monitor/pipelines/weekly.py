"""Weekly: store → health → digest → outbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from monitor.config.configuration import Configuration
from monitor.digest.composition import Looks, compose
from monitor.digest.content import Digest
from monitor.digest.json_form import digest_json
from monitor.facts import Fact
from monitor.health.case import HORIZON
from monitor.health.judgement import judge
from monitor.letter.mail import Letter
from monitor.store.digest_store import KeptDigest
from monitor.store.fact_store import Cursor, Quarantined
from monitor.talks import Snooze, Talk


class Facts(Protocol):
    """What the digest needs of the facts."""

    def facts(
        self,
        addresses: Iterable[str] | None = None,
        *,
        until: datetime | None = None,
        since: datetime | None = None,
    ) -> list[Fact]: ...
    def cursors(self) -> list[Cursor]: ...
    def quarantined(self) -> list[Quarantined]: ...


class Talks(Protocol):
    """What the coach has entered about conversations."""

    def talks(self) -> list[Talk]: ...
    def snoozes(self) -> list[Snooze]: ...


class Digests(Protocol):
    """What delivery needs of the store."""

    def digest(self, week: str) -> KeptDigest | None: ...
    def keep(self, kept: KeptDigest) -> None: ...
    def mark_sent(self, week: str, at: datetime) -> None: ...


def digest_as_of(
    configuration: Configuration,
    facts: Facts,
    as_of: datetime,
    sent_folder: str | None = None,
    talks: Talks | None = None,
) -> Digest:
    """Judge and compose as if it were ``as_of``: later facts do not count, nor do talks that were held later."""
    histories: dict[str, list[Fact]] = defaultdict(list)
    strangers: list[Fact] = []
    # A year is all that the judgement looks back on; five of them would fill the memory of a small machine.
    everything = facts.facts(until=as_of, since=as_of - HORIZON)
    for fact in everything:
        owners = {client.name for address in fact.correspondents if (client := configuration.client_of(address))}
        for name in owners:
            histories[name].append(fact)
        if not owners:
            strangers.append(fact)
    looks = _looks(facts, everything, as_of, sent_folder)
    covered = looks.inbox if looks.inbox and looks.inbox < as_of else None
    judgement = judge(
        configuration.coach,
        configuration.clients,
        histories,
        as_of,
        covered,
        talks.talks() if talks else (),
        talks.snoozes() if talks else (),
        looks.sent,
    )
    return compose(configuration.coach, configuration.clients, histories, strangers, judgement, looks, as_of)


def deliver(
    configuration: Configuration,
    facts: Facts,
    digests: Digests,
    write: Callable[[Digest], Letter],
    send: Callable[[bytes], None],
    due_at: datetime,
    now: datetime,
    talks: Talks | None = None,
) -> bool:
    """Deliver the digest that was due at ``due_at``, once; return whether it was sent now.

    It is rendered and kept before it is sent, so that a retry sends the same letter; a week that was sent is
    never sent again.
    """
    digest = digest_as_of(configuration, facts, due_at, talks=talks)
    kept = digests.digest(digest.week)
    if kept is None:
        letter = write(digest)
        kept = KeptDigest(digest.week, letter.message_id, letter.data, digest_json(digest), now)
        digests.keep(kept)
        kept = digests.digest(digest.week) or kept
    if kept.sent_at is not None:
        return False
    send(kept.letter)
    digests.mark_sent(kept.week, now)
    return True


def _looks(facts: Facts, everything: Sequence[Fact], as_of: datetime, sent_folder: str | None) -> Looks:
    cursors = facts.cursors()
    inbox = next((cursor.seen_at for cursor in cursors if cursor.folder.upper().endswith("INBOX")), None)
    sent = next(
        (
            cursor.seen_at
            for cursor in cursors
            if not cursor.folder.upper().endswith("INBOX") and (sent_folder in (None, cursor.folder))
        ),
        None,
    )
    models = [fact.classification.model for fact in everything if fact.classification]
    return Looks(inbox, sent, sum(one.found_at <= as_of for one in facts.quarantined()), models[-1] if models else "")
