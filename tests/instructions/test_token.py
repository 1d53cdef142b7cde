"""The token is found wherever a reply carries it, and cannot be guessed."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from monitor.instructions.token import token_for, token_in

DUE = datetime(2026, 3, 2, 6, tzinfo=UTC)


def test_the_same_letter_has_the_same_token_and_another_key_another_one() -> None:
    assert token_for(b"key", DUE) == token_for(b"key", DUE.astimezone())
    assert token_for(b"key", DUE) != token_for(b"other", DUE)


def test_tokens_differ_and_are_found_in_a_message_id_and_a_subject() -> None:
    key = secrets.token_bytes(32)
    tokens = {token_for(key, DUE + timedelta(weeks=week)) for week in range(200)}

    assert len(tokens) == 200
    for token in tokens:
        assert token_in(f"Re: Pause ({token})") == token
        assert token_in(None, f"<2026-w09.{token}@weber-coaching.example>") == token
        assert token_in(token.upper()) == token


def test_what_only_looks_like_one_is_none() -> None:
    token = token_for(b"key", DUE)

    assert token_in("chm-short", token[:-1], token + "k", "chm-" + "l" * 24, None, "") is None
