"""What the judgement says arrives in the digest and in its JSON, to the letter of the contract."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from health.world import BERLIN, COACH, NOW, client, extra, received, remarked, sent

from monitor.agreement import AddressForm
from monitor.digest.composition import Looks, Memory, compose
from monitor.digest.content import Digest, Effect, Previous
from monitor.digest.json_form import digest_json
from monitor.facts import Fact, Remark
from monitor.health.judgement import judge
from monitor.labels import Care, RequestType, Signal
from monitor.talks import Snooze, Talk

ASKS = [extra(days) for days in (30, 24, 17, 9, 2)]


def digest(facts: list[Fact], talks: list[Talk] | None = None, snoozes: list[Snooze] | None = None) -> Digest:
    facts = sorted(facts, key=lambda fact: fact.sent_at)
    judgement = judge(COACH, [client()], {"Georg": facts}, NOW, None, talks or [], snoozes or [])
    return compose(COACH, [client()], {"Georg": facts}, [], judgement, Looks(None, None, 0, "m"), NOW)


def told(facts: list[Fact], **more: Any) -> dict[str, Any]:
    return dict(json.loads(digest_json(digest(facts, **more)))["clients"][0])


def talk(days_ago: int) -> Talk:
    return Talk("Georg", NOW.date() - timedelta(days=days_ago))


def test_without_a_talk_there_is_none() -> None:
    assert told(ASKS)["talk"] is None


@pytest.mark.parametrize(
    ("facts", "days_ago", "effect", "word"),
    [
        (ASKS, 5, Effect.TOO_EARLY, "too early"),
        ([extra(days) for days in range(1, 90, 6)], 30, Effect.UNCHANGED, "no change"),
        ([extra(days) for days in range(32, 90, 6)], 30, Effect.EASED, "worked"),
    ],
)
def test_a_talk_is_told_with_its_effect(facts: list[Fact], days_ago: int, effect: Effect, word: str) -> None:
    (entry,) = digest(facts, [talk(days_ago)]).clients
    written = told(facts, talks=[talk(days_ago)])["talk"]

    assert entry.talk is not None
    assert entry.talk.effect is effect
    assert (written["held_on"], written["effect"]) == (talk(days_ago).held_on.isoformat(), word)


def test_talks_in_a_row_without_change_are_counted() -> None:
    (entry,) = digest([extra(days) for days in range(1, 200, 6)], [talk(80), talk(40)]).clients

    assert entry.talk is not None
    assert entry.talk.held == 2


def test_health_comes_with_its_parts_and_twelve_weeks() -> None:
    written = told(ASKS)

    assert len(written["weekly_health"]) == 12
    assert written["weekly_health"][-1] == written["health"]
    assert written["health_parts"]["boundary"] > 0


def test_no_data_is_no_health() -> None:
    written = told([])

    assert (written["health"], written["health_change"], written["health_parts"]) == (None, None, None)
    assert written["needs_conversation"] is False


def test_boundaries_rest_with_a_reason_and_danger_has_no_number() -> None:
    written = told([*ASKS, remarked(3, Remark.BEREAVEMENT)])
    assert written["compassion"] == {"reason": "bereavement", "since": "2026-05-15", "until": "2026-06-12"}
    assert written["needs_conversation"] is False

    written = told([*ASKS, remarked(3, Remark.DANGER)])
    assert written["safe_handling"]["date"] == "2026-05-15"
    assert written["health"] is None


def test_a_snooze_is_told() -> None:
    written = told(ASKS, snoozes=[Snooze("Georg", NOW.date())])

    assert (written["needs_conversation"], written["snoozed_until"]) == (False, NOW.date().isoformat())


def test_mirror_goodwill_and_drift_are_told() -> None:
    accepted = [sent(days - 1, remarks=frozenset({Remark.EXTRA_ACCEPTED})) for days in (30, 24, 17, 9)]
    written = told([*ASKS, *accepted])

    assert written["mirror"][0]["id"] == Signal.SCOPE_CREEP
    assert (written["goodwill"][0]["accepted"], written["goodwill"][0]["hours"]) == (4, 3.0)
    assert "included" in [one["clause"] for one in written["drift"]]


def test_an_improvement_names_its_pattern() -> None:
    facts = [*(extra(days) for days in range(32, 90, 6)), received(3, RequestType.PROGRESS)]
    (item,) = digest(facts, [talk(30)]).care

    assert (item.care, item.signal, item.now) == (Care.IMPROVEMENT, Signal.SCOPE_CREEP, 0)
    assert item.before >= 3
    assert item.on == talk(30).held_on


def test_times_are_the_coachs() -> None:
    (entry,) = digest([*ASKS, remarked(3, Remark.DANGER)]).clients

    assert entry.danger is not None
    assert entry.danger.sent_at.tzinfo is BERLIN


@pytest.mark.parametrize(
    ("told", "form"),
    [
        ([], AddressForm.FORMAL),
        ([Remark.SAYS_DU], AddressForm.FAMILIAR),
        ([Remark.SAYS_SIE, Remark.SAYS_SIE, Remark.SAYS_DU], AddressForm.FORMAL),
        ([Remark.SAYS_SIE] * 5 + [Remark.SAYS_DU] * 3, AddressForm.FAMILIAR),
    ],
)
def test_sie_or_du_is_what_the_coach_last_wrote(told: list[Remark], form: AddressForm) -> None:
    letters = [sent(60 - number, remarks=frozenset({remark})) for number, remark in enumerate(told)]

    assert digest([*ASKS, *letters]).clients[0].address is form


def test_a_reminder_of_the_coach_is_told_as_the_coachs_own() -> None:
    late = [sent(days, remarks=frozenset({Remark.PAYMENT_REMINDER})) for days in (20, 3)]
    pattern = next(one for one in digest(late + ASKS).clients[0].patterns if one.signal is Signal.PAYMENT)

    assert all(quote.is_own for quote in pattern.evidence)


def test_what_the_digest_before_told_is_not_new() -> None:
    facts = sorted(ASKS, key=lambda fact: fact.sent_at)
    judgement = judge(COACH, [client()], {"Georg": facts}, NOW, None, [], [])
    memory = Memory(Previous("2026-W20", {("Georg", Signal.SCOPE_CREEP): 4}, "m0"))
    composed = compose(
        COACH, [client()], {"Georg": facts}, [], judgement, Looks(None, None, 0, "m"), NOW, memory=memory
    )

    (pattern,) = composed.clients[0].patterns
    assert pattern.last_told == 4
    assert composed.new_model
