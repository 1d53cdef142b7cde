"""Tails of the Gamma and the Beta distribution, for the posteriors that the judgement stands on.

Written out because each is twenty lines, and scipy would triple the memory of the process that judges. Both are
held to known values by tests.
"""

from __future__ import annotations

import math
from functools import lru_cache

_TINY = 1e-300


@lru_cache(maxsize=4096)
def upper_gamma(shape: float, x: float) -> float:
    """Return the regularised upper incomplete gamma function Q(shape, x): P(X > x) for X ~ Gamma(shape, 1).

    By series below ``shape + 1`` and by continued fraction above it (Press et al., Numerical Recipes, 3rd ed., 6.2).
    """
    if x <= 0:
        return 1.0
    scale = math.exp(-x + shape * math.log(x) - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        n = shape
        while term > total * 1e-12:
            n += 1
            term *= x / n
            total += term
        return max(0.0, 1 - total * scale)
    b = x + 1 - shape
    c = 1 / _TINY
    d = 1 / b
    fraction = d
    for i in range(1, 500):
        step = -i * (i - shape)
        b += 2
        d = 1 / _not_zero(step * d + b)
        c = _not_zero(b + step / c)
        change = d * c
        fraction *= change
        if abs(change - 1) < 1e-12:
            break
    return min(1.0, fraction * scale)


@lru_cache(maxsize=4096)
def lower_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b): P(X < x) for X ~ Beta(a, b).

    By continued fraction (Press et al., Numerical Recipes, 3rd ed., 6.4).
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - lower_beta(b, a, 1 - x)
    scale = math.exp(
        a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) - math.log(a)
    )
    c = 1.0
    d = 1 / _not_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for i in range(1, 500):
        even = i * (b - i) * x / ((a + 2 * i - 1) * (a + 2 * i))
        d = 1 / _not_zero(1 + even * d)
        c = _not_zero(1 + even / c)
        fraction *= d * c
        odd = -(a + i) * (a + b + i) * x / ((a + 2 * i) * (a + 2 * i + 1))
        d = 1 / _not_zero(1 + odd * d)
        c = _not_zero(1 + odd / c)
        change = d * c
        fraction *= change
        if abs(change - 1) < 1e-12:
            break
    return min(1.0, max(0.0, scale * fraction))


def probability_of_falling(
    before: tuple[float, float], after: tuple[float, float], factor: float, prior: tuple[float, float]
) -> float:
    """Return P(rate after < factor * rate before) for two Poisson rates, each told as (incidents, length).

    Both rates have the same Gamma prior (shape, rate); the posteriors are Gamma again, and the share of two
    independent Gammas is a Beta (Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1, 17.6).
    """
    shape_before, rate_before = prior[0] + before[0], prior[1] + before[1]
    shape_after, rate_after = prior[0] + after[0], prior[1] + after[1]
    bound = factor * rate_after / (factor * rate_after + rate_before)
    return lower_beta(shape_after, shape_before, bound)


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
