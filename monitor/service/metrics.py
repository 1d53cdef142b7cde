"""Figures for Prometheus: a file that node exporter's textfile collector reads.

The text format is that of https://prometheus.io/docs/instrumenting/exposition_formats/; no address, name or word of a
mail stands in it.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from monitor.errors import ClientMonitorError
from monitor.service.heartbeat import Heartbeat

_PREFIX = "client_monitor"


def exposition(beat: Heartbeat, service: str) -> str:
    """Return the figures as text; ``service`` tells several coaches on one machine apart."""
    name = service.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    rows = [
        ("healthy", "Whether everything is as it should be.", int(not beat.problems)),
        ("inbox_seen_timestamp_seconds", "Last successful look into the inbox.", _seconds(beat.inbox_seen_at)),
        ("sent_seen_timestamp_seconds", "Last successful look at sent mail.", _seconds(beat.sent_seen_at)),
        ("digest_sent_timestamp_seconds", "When the last digest was sent.", _seconds(beat.last_digest_at)),
        ("digest_due_timestamp_seconds", "When the next digest is due.", _seconds(beat.next_due)),
        ("digest_queue", "Digests that are written and not sent yet.", beat.queue),
        ("model_made_timestamp_seconds", "When the model that serves was made.", _seconds(beat.model_made_at)),
        ("messages", "Messages that are known.", beat.messages),
        ("quarantined_messages", "Messages that could not be read.", beat.quarantined),
        ("cut_messages", "Messages that a bound has cut, counted for each bound.", sum(beat.cut.values())),
    ]
    lines: list[str] = []
    for metric, told, value in rows:
        full = f"{_PREFIX}_{metric}"
        lines += [f"# HELP {full} {told}", f"# TYPE {full} gauge", f'{full}{{service="{name}"}} {value}']
    return "\n".join(lines) + "\n"


def write_textfile(path: Path, text: str) -> None:
    """Write the figures aside, then into place, readable by everyone. Raises ClientMonitorError."""
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.chmod(0o644)  # the exporter is another user
        aside.replace(path)
    except OSError as error:
        raise ClientMonitorError(
            "The figures for monitoring cannot be written: {reason}.",
            "Check monitoring.textfile; a systemd unit needs ReadWritePaths= for its folder.",
            reason=os.strerror(error.errno or 0),
        ) from error


def _seconds(moment: datetime | None) -> int:
    """Return seconds since 1970, 0 for never."""
    return int(moment.timestamp()) if moment else 0
