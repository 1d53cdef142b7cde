"""Weekly: store → health → digest → outbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from monitor.config.configuration import Configuration
from monitor.digest.composition import Looks, Memory, Presentation, compose
from monitor.digest.content import Answering, Digest, Learned, Link, Quote, Trouble
from monitor.digest.json_form import digest_json
from monitor.digest.recollection import previous_of, quarter_page
from monitor.facts import Fact
from monitor.health.case import HORIZON
from monitor.health.judgement import judge
from monitor.instructions.instruction import Carried
from monitor.instructions.standing import standing
from monitor.labels import Verdict
from monitor.letter.mail import Letter
from monitor.store.digest_store import KeptDigest
from monitor.store.fact_store import Cursor, Quarantined
from monitor.store.label_store import Filing, LabelChange
from monitor.talks import Snooze, Talk

QUARTERS = timedelta(weeks=30)  # two quarters and some weeks: what a page of the quarter may look back on


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
    """What the digest needs of those before it, and delivery of the store."""

    def digest(self, week: str) -> KeptDigest | None: ...
    def keep(self, kept: KeptDigest) -> None: ...
    def mark_offered(self, week: str, at: datetime) -> None: ...
    def mark_sent(self, week: str, at: datetime) -> None: ...
    def last_sent_before(self, moment: datetime) -> KeptDigest | None: ...
    def contents_since(self, moment: datetime, until: datetime) -> list[tuple[str, str]]: ...


class Labels(Protocol):
    """What the coach has filed."""

    def filings(self) -> list[Filing]: ...
    def changes_since(self, moment: datetime, until: datetime) -> list[LabelChange]: ...


class Instructions(Protocol):
    """What the coach has written back."""

    def carried(self, *, after: datetime | None = None, until: datetime | None = None) -> list[Carried]: ...


@dataclass(frozen=True, slots=True)
class Past:
    """The stores of what was told before and what the coach has said to it.

    ``accuracy`` is the share of messages that the model got right in its last check, None if unknown.
    """

    digests: Digests
    labels: Labels
    instructions: Instructions
    accuracy: float | None = None


def digest_as_of(
    configuration: Configuration,
    facts: Facts,
    as_of: datetime,
    sent_folder: str | None = None,
    talks: Talks | None = None,
    past: Past | None = None,
    trouble: Trouble | None = None,
) -> Digest:
    """Judge and compose as if it were ``as_of``: later facts do not count, nor do talks that were held later.

    Without ``past`` nothing is called new, and nothing that the coach wrote back counts. ``trouble`` is what keeps
    the service from reading at present.
    """
    carried = past.instructions.carried(until=as_of) if past else []
    holds = standing(carried, as_of)
    clients = holds.applied(configuration.clients)
    known = {client.name for client in clients}
    histories: dict[str, list[Fact]] = defaultdict(list)
    strangers: list[Fact] = []
    # A year is all that the judgement looks back on; five of them would fill the memory of a small machine.
    everything = facts.facts(until=as_of, since=as_of - HORIZON)
    for fact in everything:
        owners = {client.name for address in fact.correspondents if (client := configuration.client_of(address))}
        for name in owners & known:
            histories[name].append(fact)
        if not owners:
            strangers.append(fact)
    looks = replace(
        _looks(facts, everything, as_of, sent_folder, past.accuracy if past else None),
        trouble=trouble,
    )
    covered = looks.inbox if looks.inbox and looks.inbox < as_of else None
    judgement = judge(
        configuration.coach,
        clients,
        histories,
        as_of,
        covered,
        talks.talks() if talks else (),
        talks.snoozes() if talks else (),
        looks.sent,
    )
    memory = _memory(configuration, past, as_of, holds.strangers, carried) if past else None
    shown = Presentation(_link(configuration), configuration.mailbox.labels if configuration.mailbox else "Monitor")
    digest = compose(
        configuration.coach, clients, histories, strangers, judgement, looks, as_of, memory=memory, presentation=shown
    )
    if past is None or memory is None or memory.previous is None:
        return digest
    since = as_of - QUARTERS
    page = quarter_page(past.digests.contents_since(since, as_of), digest.last, memory.previous, digest.clients)
    return replace(digest, quarter=page)


def deliver(
    configuration: Configuration,
    facts: Facts,
    past: Past,
    write: Callable[[Digest], Letter],
    send: Callable[[Letter], None],
    due_at: datetime,
    now: datetime,
    talks: Talks | None = None,
    answering: Answering | None = None,
    has_arrived: Callable[[str], bool] = lambda message_id: False,
    trouble: Trouble | None = None,
) -> bool:
    """Deliver the digest that was due at ``due_at``, once; return whether it was sent now.

    It is rendered and kept before it is sent, so that a retry sends the same letter; a week that was sent is
    never sent again. Where an earlier try ended without an answer of the server, ``has_arrived`` is asked first,
    with the Message-ID. ``answering`` holds the token that replies must carry. During a pause nothing is sent, nor
    where there is nothing to tell and the coach wants no letter then.
    """
    digests = past.digests
    digest = replace(
        digest_as_of(configuration, facts, due_at, talks=talks, past=past, trouble=trouble), answering=answering
    )
    kept = digests.digest(digest.week)
    if kept is None:
        day = due_at.astimezone(configuration.coach.timezone).date()
        if standing(past.instructions.carried(), now).is_paused(day):
            return False
        if configuration.digest.when_quiet == "none" and not digest.has_news:
            return False
        letter = write(digest)
        token = answering.token if answering else None
        content = digest_json(digest)
        digests.keep(KeptDigest(digest.week, letter.message_id, letter.data, content, now, token=token))
        kept = digests.digest(digest.week)
        assert kept is not None
    if kept.sent_at is not None:
        return False
    if kept.offered_at is None or not has_arrived(kept.message_id):
        digests.mark_offered(kept.week, now)
        send(Letter(kept.message_id, kept.letter))
    digests.mark_sent(kept.week, now)
    return True


def _memory(
    configuration: Configuration, past: Past, as_of: datetime, strangers: frozenset[str], carried: Sequence[Carried]
) -> Memory:
    last = past.digests.last_sent_before(as_of)
    since = last.rendered_at if last else datetime.min.replace(tzinfo=UTC)
    filed = {one.writer for one in past.labels.filings() if one.label is Verdict.NOT_A_CLIENT and one.until is None}
    return Memory(
        previous=previous_of(last.week, last.content) if last and last.content else None,  # forgetting empties it
        learned=tuple(
            _learned(configuration, change) for change in (past.labels.changes_since(since, as_of) if last else ())
        ),
        carried=tuple(one for one in carried if one.at > since) if last else (),
        strangers=strangers | filed,
    )


def _learned(configuration: Configuration, change: LabelChange) -> Learned:
    client = configuration.client_of(change.writer)
    sent_at = change.sent_at.astimezone(configuration.coach.timezone)
    quote = Quote(
        change.message_id, sent_at, client.name if client else change.writer, change.subject, "", change.folder
    )
    return Learned(quote, change.label, change.taken_out, change.guessed)


def _link(configuration: Configuration) -> Link:
    """Return the program that links to mails are written for: as wished, else Gmail's own where the mail lies there."""
    if configuration.digest.mail_links != "auto":
        return Link(configuration.digest.mail_links)
    host = configuration.mailbox.host.lower() if configuration.mailbox else ""
    return Link.GMAIL if host.endswith((".gmail.com", ".googlemail.com")) else Link.NONE


def _looks(
    facts: Facts, everything: Sequence[Fact], as_of: datetime, sent_folder: str | None, accuracy: float | None
) -> Looks:
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
    return Looks(
        inbox, sent, sum(one.found_at <= as_of for one in facts.quarantined()), models[-1] if models else "", accuracy
    )
