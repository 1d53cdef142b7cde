"""Ask the server about many messages at once; neither a rotten message nor a lying search stops the others.

Failures of the connection are raised, as the library raises them or as MailboxError; what concerns single
messages is part of the result.
"""

from __future__ import annotations

import imaplib
import re
from collections.abc import Sequence
from typing import Any

from monitor.mailbox.answers import Answer
from monitor.mailbox.failures import MALFORMED, is_passing, mailbox_error
from monitor.mailbox.fetch_answers import UnusualAnswer, read_answers

# A batch of this many that is refused as a whole tells of the server, not of its messages.
WHOLE_BATCH = 3
LAST_UID = 2**32 - 1

_UID = re.compile(rb"[( ]UID (\d{1,10})[ )]")


def ask(client: Any, host: str, uids: Sequence[int], items: Sequence[str]) -> dict[int, Answer | None]:
    """Return the answers by UID; None for a message about which the server gives none that can be read.

    Messages that the server passes over in silence are missing, answers that nobody asked for left out.
    Raises MailboxError where the connection fails, the server has passing trouble, or refuses everything.
    """
    told, error = _ask_in_halves(client, host, uids, items)
    if error and told and len(uids) >= WHOLE_BATCH and not any(told.values()):
        raise mailbox_error(error, host) from error
    hollow = [uid for uid, answer in told.items() if answer and _is_hollow(answer)]
    if hollow:
        # Dovecot says NIL of a message that was deleted a moment ago, and passes over it when asked again.
        again, _ = _ask_in_halves(client, host, hollow, items)
        told = {uid: answer for uid, answer in told.items() if uid not in hollow} | again
    return told


def uids_above(client: Any, last_uid: int, messages: int) -> list[int]:
    """Return the UIDs above ``last_uid`` in the open folder, ascending; ``messages`` is what it holds.

    Raises what the library raises.
    """
    if not messages or last_uid >= LAST_UID:
        return []
    span = f"{last_uid + 1}:*"
    found = _search(client, span)
    # "n:*" always names the last message, so an empty answer in a folder that is not empty is a server that
    # cannot search; so is one that leaves messages out when asked for all.
    if len(found) < (1 if last_uid else messages):
        found = _listing(client, span)
    return sorted({uid for uid in found if uid > last_uid})


def passed_over(client: Any, host: str, uids: Sequence[int]) -> dict[int, None]:
    """Return those of the UIDs that the server still lists, although it says nothing of them when asked.

    The others have been deleted meanwhile. Raises MailboxError where it lists several and says nothing of any.
    """
    if not uids:
        return {}
    listed = set(_search(client, ",".join(map(str, uids)))) & set(uids)
    if len(listed) >= WHOLE_BATCH and len(listed) == len(uids):
        raise mailbox_error(imaplib.IMAP4.error("nothing told of what is listed"), host)
    return dict.fromkeys(sorted(listed))


def _ask_in_halves(
    client: Any, host: str, uids: Sequence[int], items: Sequence[str]
) -> tuple[dict[int, Answer | None], Exception | None]:
    try:
        return _fetch(client, uids, items), None
    except (OSError, imaplib.IMAP4.abort) as error:
        raise mailbox_error(error, host) from error
    except (imaplib.IMAP4.error, *MALFORMED) as error:
        # What was answered before the refusal would otherwise mix with the next answer.
        client._imap.untagged_responses.pop("FETCH", None)
        if is_passing(error):
            raise mailbox_error(error, host) from error
        if len(uids) == 1:
            return {uids[0]: None}, error
        middle = len(uids) // 2
        first, _ = _ask_in_halves(client, host, uids[:middle], items)
        second, _ = _ask_in_halves(client, host, uids[middle:], items)
        return first | second, error


def _fetch(client: Any, uids: Sequence[int], items: Sequence[str]) -> dict[int, Answer | None]:
    status, lines = client._imap.uid("FETCH", ",".join(map(str, uids)), f"({' '.join(items)})")
    client._checkok("fetch", status, lines)
    try:
        told = read_answers([line for line in lines if line is not None])
    except UnusualAnswer:
        return dict(client.fetch(uids, items))
    return {uid: told[uid] for uid in uids if uid in told}


def _is_hollow(answer: Answer) -> bool:
    return any(value is None for item, value in answer.items() if item.startswith(b"BODY["))


def _search(client: Any, span: str) -> list[int]:
    try:
        return list(client.search(["UID", span]))
    except (OSError, imaplib.IMAP4.abort):
        raise
    except (imaplib.IMAP4.error, *MALFORMED):
        return []  # there is another way


def _listing(client: Any, span: str) -> list[int]:
    imap = client._imap
    imap.untagged_responses.pop("FETCH", None)
    status, lines = imap.uid("FETCH", span, "(UID)")
    if status != "OK":
        raise imaplib.IMAP4.error("listing refused")
    # The library's own reader takes seconds for a large folder, and here an answer is one short line.
    matches = (_UID.search(line) for line in lines if isinstance(line, bytes))
    return [int(match[1]) for match in matches if match]
