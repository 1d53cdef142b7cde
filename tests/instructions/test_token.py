"""The token is found wherever a reply carries it, and cannot be guessed."""

from __future__ import annotations

import secrets

from monitor.instructions.token import token_from, token_in


def test_tokens_differ_and_are_found_in_a_message_id_and_a_subject() -> None:
    tokens = {token_from(secrets.choice) for _ in range(200)}

    assert len(tokens) == 200
    for token in tokens:
        assert token_in(f"Re: Pause ({token})") == token
        assert token_in(None, f"<2026-w09.{token}@weber-coaching.example>") == token
        assert token_in(token.upper()) == token


def test_what_only_looks_like_one_is_none() -> None:
    token = token_from(secrets.choice)

    assert token_in("chm-short", token[:-1], token + "k", "chm-" + "l" * 24, None, "") is None
