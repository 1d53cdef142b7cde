"""The tails of the distributions have their known values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.health.distributions import lower_beta, probability_of_falling, upper_gamma


@pytest.mark.parametrize(
    ("shape", "x", "expected"),
    [(0.5, 0.5, 0.317310507863), (1, 1, 0.367879441171), (3.5, 2.5, 0.659963158), (10, 20, 0.004995412308)],
)
def test_the_incomplete_gamma_function_has_its_known_values(shape: float, x: float, expected: float) -> None:
    assert upper_gamma(shape, x) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("a", "b", "x", "expected"),
    [(0.5, 0.5, 0.5, 0.5), (2, 3, 0.4, 0.5248), (5, 1, 0.9, 0.59049), (10, 20, 0.5, 0.969286)],
)
def test_the_incomplete_beta_function_has_its_known_values(a: float, b: float, x: float, expected: float) -> None:
    assert lower_beta(a, b, x) == pytest.approx(expected, rel=1e-4)


@given(st.floats(0.1, 50), st.floats(0.1, 50), st.floats(0.001, 0.999))
def test_both_tails_are_one_together(a: float, b: float, x: float) -> None:
    assert lower_beta(a, b, x) + lower_beta(b, a, 1 - x) == pytest.approx(1, abs=1e-6)


def test_a_rate_that_stays_the_same_falls_below_itself_half_the_time() -> None:
    assert probability_of_falling((5, 1), (5, 1), 1.0, (0.25, 0.25)) == pytest.approx(0.5)
    assert probability_of_falling((5, 1), (0, 1), 0.5, (0.25, 0.25)) > 0.9
    assert probability_of_falling((0, 1), (5, 1), 0.5, (0.25, 0.25)) < 0.1
