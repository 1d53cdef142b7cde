"""Tell a failure in the coach's language, with the remedy that fits the provider where a login is refused."""

from __future__ import annotations

from monitor.errors import ClientMonitorError, LoginRefused, SendingRefused
from monitor.language.speech import Speech
from monitor.providers.refusals import remedy


def in_words(error: ClientMonitorError, speech: Speech) -> tuple[str, str]:
    """Return what is wrong, and what helps (may be empty)."""
    message, general = error.in_words(speech.gettext)
    if isinstance(error, LoginRefused | SendingRefused):
        host = str(error.details.get("host", ""))
        return message, remedy(host, server_words(error), speech) or general
    return message, general


def server_words(error: BaseException) -> str:
    """Return what the server said when it refused. Servers repeat names in it: to be compared, never to be shown."""
    words: list[str] = []
    cause = error.__cause__
    while cause is not None and len(words) < 5:
        words += [part.decode("utf-8", "replace") if isinstance(part, bytes) else str(part) for part in cause.args]
        cause = cause.__cause__ or cause.__context__
    return " ".join(words)
