"""The memory of a first look at very many messages, all processes together."""

from __future__ import annotations

from bench.mailbox import TEXT_ONLY
from bench.report import Bar, Report, megabytes, number
from bench.world import World


def memory(world: World) -> Report:
    """Read very many messages without attachments, which are never read anyway."""
    report, amounts = Report(), world.amounts
    mailbox = world.mailbox(amounts.memory_count, TEXT_ONLY)
    cost = world.first_look(mailbox, amounts.clients)
    report.say(f"The first look at {mailbox.count:,} mails, {amounts.clients:.0%} of the correspondents clients, once:")
    report.table(
        ("s", "messages/s", "CPU s", "peak MB, all processes together"),
        [[number(cost.seconds), number(mailbox.count / cost.seconds), number(cost.cpu), megabytes(cost.peak)]],
    )
    report.bars.append(Bar("MB of all processes at the peak", cost.peak / 1e6, 350))
    return report
