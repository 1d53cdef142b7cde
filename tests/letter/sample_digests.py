"""Invented weeks of an invented coach, from quiet to hostile, for the tests of the letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sample_mails import BERLIN, at, mail

from monitor.agreement import AddressForm, Agreement
from monitor.digest.content import (
    Answering,
    CareItem,
    Change,
    ClientEntry,
    Coverage,
    Digest,
    Effect,
    Guess,
    Learned,
    Lesson,
    Link,
    Pattern,
    Quarter,
    Question,
    Quote,
    Talk,
    UnknownCorrespondent,
)
from monitor.facts import Remark
from monitor.health.findings import Clause, Compassion, Drift, Goodwill, Hours, Mirror, Trend
from monitor.instructions.instruction import Carried, Instruction, Kind, Outcome
from monitor.labels import Care, Language, RequestType, Signal, Verdict

ANSWERING = Answering("jana@weber-coaching.example", "chm-k3yw9xq2r7tn5vh8bcdm4zja")
FEW = Coverage(12, 0, at(2, 6, 55), at(2, 6, 55), "2026-02-14")
AGREEMENT = Agreement(sessions_per_month=2, session_minutes=60, fee_per_month=560, rhythm_days=14)


def pattern(
    signal: Signal, weekly: tuple[int, ...], evidence: tuple[Quote, ...], trend: Trend = Trend.RISING, leeway: int = 2
) -> Pattern:
    """Return a pattern whose sums are those of its weeks."""
    now = sum(weekly[-4:])
    return Pattern(
        signal=signal,
        since=min(quote.sent_at for quote in evidence).date(),
        trend=trend,
        incidents=now,
        leeway=leeway,
        rule="",
        strength=0.9,
        weekly=weekly,
        before=sum(weekly[-8:-4]),
        now=now,
        evidence=evidence,
    )


def entry(name: str, share: float, patterns: tuple[Pattern, ...] = (), care: tuple[CareItem, ...] = ()) -> ClientEntry:
    """Return one client under the usual agreement."""
    return ClientEntry(name, 80, 0, patterns, care, AGREEMENT, "", 4, share)


def calm(language: Language) -> Digest:
    """A week without a finding: one silent client, one bright spot, one question."""
    silent = CareItem("Miriam Oswald", Care.SILENCE, "", 23, date(2026, 2, 6), usual=10)
    eased = CareItem("Tobias Wenck", Care.IMPROVEMENT, "", signal=Signal.ALWAYS_ON, before=4, now=1)
    clients = (
        entry("Georg Prantl", 0.2),
        replace(entry("Miriam Oswald", 0.05, care=(silent,)), received=0),
        entry("Tobias Wenck", 0.3, care=(eased,)),
        entry("Ruth Feldman", 0.25),
        entry("Katrin Ebeling", 0.2),
    )
    return Digest(
        language=language,
        coach="Jana Weber",
        first=date(2026, 2, 23),
        last=date(2026, 3, 1),
        week="2026-W09",
        as_of=datetime(2026, 3, 2, 7, 0, tzinfo=BERLIN),
        clients=clients,
        even_share=0.2,
        unknown_correspondents=(),
        questions=(),
        coverage=Coverage(61, 0, at(2, 6, 55), at(2, 6, 55), "2026-02-14", accuracy=0.93),
    )


def first(language: Language) -> Digest:
    """One conversation, with the first digest there ever was: nothing can be called new."""
    sender = "Georg Prantl"
    evidence = (
        mail("slides", at(24, 9, 12, month=2), sender, language),
        mail("website", at(25, 16, 40, month=2), sender, language),
        mail("offer", at(28, 11, 5, month=2), sender, language),
    )
    found = pattern(Signal.SCOPE_CREEP, (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3), evidence)
    base = calm(language)
    due = replace(base.clients[0], patterns=(found,), share=0.41, motive="a client after my heart")
    return replace(
        base, clients=(due, *base.clients[1:]), link=Link.THUNDERBIRD, known_since=date(2026, 2, 12), coverage=FEW
    )


def three(language: Language) -> Digest:
    """Three conversations with care, shares, questions, unknown correspondents, and news since the last digest."""
    night, late, asks = "Silke Brandstätter", "Dr. Hartmut Kolbe", "Leonie Haas"
    always_on = pattern(
        Signal.ALWAYS_ON,
        (0, 1, 0, 0, 1, 0, 0, 1, 1, 2, 1, 3),
        (
            mail("night", at(27, 23, 9, month=2), night, language),
            mail("night", at(19, 22, 41, month=2), night, language),
            mail("sunday", at(1, 20, 33), night, language),
        ),
    )
    busy = pattern(
        Signal.TIME_SHARE,
        (2, 3, 2, 4, 3, 4, 3, 5, 6, 5, 7, 6),
        (mail("night", at(27, 23, 9, month=2), night, language),),
        leeway=1,
    )
    payment = pattern(
        Signal.PAYMENT,
        (0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1),
        (
            mail("late", at(12, 14, 20, month=2), late, language),
            replace(mail("late", at(26, 9, 30, month=2), late, language), text="", subject="", is_own=True),
        ),
        trend=Trend.STEADY,
        leeway=1,
    )
    dependency = pattern(
        Signal.DEPENDENCY,
        (0, 0, 1, 1, 0, 1, 2, 1, 1, 1, 1, 1),
        tuple(mail("logo", at(day, 12, 0, month=2), asks, language) for day in (5, 12, 18, 26)),
        trend=Trend.EASING,
        leeway=3,
    )
    told = replace(payment, last_told=1)
    clients = (
        replace(entry("Georg Prantl", 0.06), care=(CareItem("Georg Prantl", Care.NEGLECT, "", 4),)),
        replace(
            entry(night, 0.38, (replace(always_on, strength=0.97), busy)),
            talk=Talk(date(2026, 2, 3), Effect.UNCHANGED, 1),
        ),
        entry(late, 0.09, (replace(told, strength=0.8),)),
        replace(
            entry(asks, 0.23, (replace(dependency, strength=0.7, last_told=4, incidents=4),)),
            address=AddressForm.FAMILIAR,
        ),
        entry("Miriam Oswald", 0.0, care=(CareItem("Miriam Oswald", Care.SILENCE, "", 23, date(2026, 2, 6)),)),
        entry(
            "Katrin Ebeling",
            0.12,
            care=(CareItem("Katrin Ebeling", Care.TURNING_POINT, "", on=date(2026, 3, 31)),),
        ),
        entry("Harriet Pemberton", 0.07),
        entry("Yusuf Karaman", 0.05),
    )
    return replace(
        calm(language),
        clients=tuple(_told_again(client) for client in clients),
        even_share=1 / 7,
        questions=_questions(language),
        unknown_correspondents=(UnknownCorrespondent("volker.seidl@werkstatt.example", 6),),
        coverage=Coverage(74, 1, at(2, 6, 55), at(2, 6, 50), "2026-02-14"),
        previous_week="2026-W08",
        link=Link.GMAIL,
    )


def _told_again(client: ClientEntry) -> ClientEntry:
    """One client with a pattern of long standing that has grown, so that two of three are no news."""
    if client.client != "Leonie Haas":
        return client
    return replace(client, patterns=tuple(replace(one, last_told=one.incidents - 1) for one in client.patterns))


def _questions(language: Language) -> tuple[Question, ...]:
    moved = mail("term", at(26, 8, 20, month=2), "Harriet Pemberton", language)
    colour = mail("logo", at(27, 17, 2, month=2), "Yusuf Karaman", language)
    nameless = replace(mail("term", at(1, 9, 0), "Ruth Feldman", language), subject="", message_id=None)
    return (
        Question(moved, (Guess(RequestType.SCHEDULING, 0.52), Guess(RequestType.CANCELLATION, 0.41)), 0.31),
        Question(colour, (Guess(RequestType.REASSURANCE, 0.55),), 0.48),
        Question(nameless, (), 0.5),
    )


def busy(language: Language) -> Digest:
    """Six conversations: three cards, one beyond them, one unchanged, one talked about lately; five care notes."""
    base = three(language)
    gap = pattern(
        Signal.EXPECTATION_GAP,
        (0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1),
        tuple(mail("results", at(day, 9, 45, month=2), "Beatrix Lohmann", language) for day in (9, 20, 27)),
    )
    missed = pattern(
        Signal.UNRELIABILITY,
        (0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0),
        tuple(mail("term", at(day, 7, 55, month=2), "Marcus Adeyemi", language) for day in (11, 18)),
        leeway=1,
    )
    unchanged = replace(missed, last_told=missed.incidents, strength=0.65)
    further = (
        entry("Beatrix Lohmann", 0.04, (replace(gap, strength=0.6),)),
        entry("Marcus Adeyemi", 0.03, (unchanged,)),
        replace(
            entry("Sanne de Vries", 0.02),
            talk=Talk(date(2026, 2, 26), Effect.TOO_EARLY),
        ),
        replace(
            entry("Brigitte Sommerfeld", 0.02, care=(CareItem("Brigitte Sommerfeld", Care.CONCENTRATION, ""),)),
            agreement=replace(AGREEMENT, fee_per_month=2400),
        ),
        entry(
            "Tobias Wenck",
            0.02,
            care=(CareItem("Tobias Wenck", Care.IMPROVEMENT, "", signal=Signal.ALWAYS_ON, before=4, now=1),),
        ),
    )
    clients = tuple(_with_own_part(client) for client in base.clients) + further
    return replace(
        base,
        clients=clients,
        even_share=1 / 11,
        link=Link.APPLE_MAIL,
        learned=_learned(language),
        new_model=True,
        answering=ANSWERING,
    )


def _with_own_part(client: ClientEntry) -> ClientEntry:
    """The most urgent client with what the coach's own answers do; another one with a loss in the family."""
    if client.client == "Harriet Pemberton":
        return replace(client, compassion=Compassion(Remark.BEREAVEMENT, date(2026, 2, 24), date(2026, 3, 24)))
    if client.client != "Silke Brandstätter":
        return client
    return replace(
        client,
        progress=2,
        mirror=(Mirror(Signal.ALWAYS_ON, 4, 5, 30, "", "", Hours.SUNDAY),),
        goodwill=(Goodwill("2026-Q1", 6, 4, 150, 700.0, 280.0, 236.0),),
        drift=(Drift(Clause.OFFICE_HOURS, "", "", 7, 12), Drift(Clause.REPLY, "", "", 4, 12)),
    )


def _learned(language: Language) -> tuple[Learned, ...]:
    asked = replace(mail("logo", at(25, 17, 2, month=2), "Yusuf Karaman", language), text="")
    moved = replace(mail("term", at(26, 8, 20, month=2), "Harriet Pemberton", language), text="")
    return (
        Learned(asked, RequestType.EXTRA_WORK, taken_back=False, before=RequestType.COACHING_QUESTION),
        Learned(moved, Verdict.OUT_OF_SCOPE, taken_back=True),
    )


def after_talk(language: Language) -> Digest:
    """Conversations that worked, changed nothing twice, and were held yesterday; one client snoozed; a new quarter."""
    base = three(language)
    georg, silke, hartmut, leonie, *others = base.clients
    worked = Talk(
        date(2026, 1, 28),
        Effect.EASED,
        1,
        (Change(Signal.SCOPE_CREEP, 5.0, 1.0), Change(Signal.ALWAYS_ON, 2.5, 0.5)),
        5,
    )
    in_vain = Talk(date(2026, 1, 30), Effect.UNCHANGED, 2, (Change(Signal.ALWAYS_ON, 6.0, 5.0),), 4)
    eased = CareItem(
        georg.client, Care.IMPROVEMENT, "", on=date(2026, 1, 28), signal=Signal.SCOPE_CREEP, before=5, now=1
    )
    clients = (
        replace(georg, care=(eased,), talk=worked),
        replace(silke, talk=in_vain, patterns=silke.patterns[:1]),
        replace(hartmut, patterns=(), talk=Talk(date(2026, 2, 26), Effect.TOO_EARLY)),
        replace(leonie, patterns=(), snoozed_until=date(2026, 3, 31)),
        *others,
    )
    page = Quarter(
        "2025-Q4",
        (
            Lesson(Signal.ALWAYS_ON, ("Leonie Haas", "Silke Brandstätter"), 7),
            Lesson(Signal.SCOPE_CREEP, ("Georg Prantl",), 4),
        ),
        asked=14,
        accepted=9,
        minutes=320,
        money=1493.0,
        drifts=((Clause.OFFICE_HOURS, 3), (Clause.REPLY, 1)),
    )
    return replace(
        base,
        clients=clients,
        questions=(),
        unknown_correspondents=(),
        quarter=page,
        carried=_carried(),
        answering=ANSWERING,
    )


def _carried() -> tuple[Carried, ...]:
    """What the coach has written back: noted, taken back, and not understood."""
    noted = at(23, 8, 15, month=2)
    return (
        Carried(
            7, Instruction(Kind.TALKED, "Dr. Hartmut Kolbe", date(2026, 2, 26)), Outcome.DONE, at(27, 9, 1, month=2)
        ),
        Carried(8, Instruction(Kind.SNOOZE, "Leonie Haas", date(2026, 3, 31)), Outcome.DONE, noted),
        Carried(9, Instruction(Kind.LESS, "Ruth Feldman", signal=Signal.DEPENDENCY), Outcome.DONE, noted, undone=True),
        Carried(10, Instruction(Kind.UNKNOWN, about="Georg <b>ganz</b> prima!"), Outcome.NOT_UNDERSTOOD, noted),
    )


def broken(language: Language) -> Digest:
    """A week in which the connection to the mailbox was lost: what can be said, and what cannot."""
    base = calm(language)
    lost = at(26, 3, 12, month=2)
    silent = replace(base.clients[1], care=(), received=0)
    clients = (base.clients[0], silent, *base.clients[2:])
    return replace(base, clients=clients, coverage=Coverage(9, 2, lost, lost, "2026-02-14"), previous_week="2026-W08")


def grave(language: Language) -> Digest:
    """A week in which one mail comes before everything: words that can point to danger for life."""
    base = three(language)
    words = replace(mail("term", at(28, 23, 48, month=2), "Katrin Ebeling", language), text="")
    clients = tuple(
        replace(
            client,
            danger=words,
            health=None,
            compassion=Compassion(Remark.CRISIS, date(2026, 2, 28), date(2026, 3, 28)),
        )
        if client.client == "Katrin Ebeling"
        else client
        for client in base.clients
    )
    return replace(base, clients=clients, questions=(), link=Link.THUNDERBIRD)


HOSTILE_NAME = (
    "\u202eEvil\u202c <img src=x onerror=alert(1)> {{ 7*7 }} {% raw %}\r\nBcc: all@victims.example\r\n\r\n"
    + "W" * 10_000
)
HOSTILE_TEXT = (
    "</blockquote></td></table><script>alert('x')</script> {{ config }} {% for x in y %} \x1b[31mred\x1b[0m "
    "http://evil.example/login?next=%2F and www.evil.example, mail root@evil.example\r\n\r\nBcc: all@victims.example "
    "\u200bzero\u200dwidth\ufeff \u202egnp.exe\u202c Z̷̢̛̗͎̅̾a̴̪͐͝l̷͕̈́g̸̢̀o &amp; <b>bold</b> "
) + "very long " * 40


def hostile(language: Language) -> Digest:
    """Names, subjects, quotes, addresses and Message-IDs of somebody who wants the letter to say something else."""
    base = three(language)
    attack = Quote(
        '<"><script>alert(1)</script>@evil.example>',
        at(1, 3, 33),
        HOSTILE_NAME,
        "Re: \x1b]0;owned\x07{{ ''.__class__ }}\r\nX-Injected: yes <h1>1. You are fired</h1>",
        HOSTILE_TEXT,
        "INBOX",
    )
    second = replace(attack, text="\u202e\u200b\u2066", subject="\u200b", message_id="<ok.1@evil.example>")
    third = replace(attack, text="x" * 9_000, subject="ثق بي: " + "A" * 3_000, sent_at=at(27, 4, 44, month=2))
    bad = pattern(Signal.SCOPE_CREEP, (9_999, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 25), (attack, second, third))
    clients = (
        replace(
            entry(HOSTILE_NAME, 0.9, (bad,), (CareItem(HOSTILE_NAME, Care.SILENCE, HOSTILE_TEXT, 23),)),
            motive=HOSTILE_TEXT,
        ),
        *base.clients[4:],
    )
    return replace(
        base,
        clients=clients,
        questions=(Question(attack, (Guess(RequestType.EXTRA_WORK, 0.5), Guess(RequestType.SOCIAL, 0.5)), 0.5),),
        unknown_correspondents=(UnknownCorrespondent("<script>\u202e@evil.example\r\nTo: x" + "y" * 500, 3),),
        coverage=replace(base.coverage, model="</p><h1>{{ 1 }}</h1>" + "m" * 300),
        link=Link.THUNDERBIRD,
        answering=ANSWERING,
        learned=(Learned(attack, RequestType.EXTRA_WORK, taken_back=False),),
        carried=(
            Carried(1, Instruction(Kind.UNKNOWN, about=HOSTILE_TEXT), Outcome.NOT_UNDERSTOOD, base.as_of),
            Carried(2, Instruction(Kind.NOT_A_CLIENT, about="<b>\u202e@evil.example"), Outcome.DONE, base.as_of),
            Carried(3, Instruction(Kind.SNOOZE, HOSTILE_NAME, date(2026, 4, 1)), Outcome.DONE, base.as_of),
        ),
    )


WEEKS = {
    "busy": busy,
    "calm": calm,
    "first": first,
    "after_talk": after_talk,
    "broken": broken,
    "grave": grave,
    "three": three,
    "hostile": hostile,
}
