"""One browser for all tests that look at the rendered letter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from letter_browser import Browser, running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser that several tests show their pages in."""
    with running() as started:
        yield started
