"""Dots of the map: apart, and hardly nearer to the middle or farther from it than they were."""

from __future__ import annotations

import math
import random

import pytest

from audit.report.html.spread import GAP, HEIGHT, SLACK, WIDTH, spread


@pytest.mark.parametrize("count", [2, 15, 40])
@pytest.mark.parametrize("seed", range(4))
def test_dots_do_not_overlap(count: int, seed: int) -> None:
    rng = random.Random(seed)
    middle, turn = rng.uniform(40, 80), rng.uniform(0, 6)
    angles = [turn + rng.gauss(0, 0.4) for _ in range(count)]
    points = [(round(middle * math.cos(angle)), round(middle * math.sin(angle))) for angle in angles]
    sizes = [9 if number == 0 else 7 for number in range(count)]
    made = spread(points, sizes)
    for one in range(count):
        assert abs(made[one][0]) <= WIDTH
        assert abs(made[one][1]) <= HEIGHT
        if count < 40:  # so many have no room side by side
            assert abs(math.hypot(*made[one]) - math.hypot(*points[one])) <= 2 * SLACK
        for other in range(one):
            assert math.dist(made[one], made[other]) >= sizes[one] + sizes[other] + GAP / 2, (one, other)


def test_dots_on_one_spot_part() -> None:
    assert len({(round(x), round(y)) for x, y in spread([(0, 0)] * 5, [7] * 5)}) == 5


def test_dots_that_are_apart_stay() -> None:
    points = [(0.0, 50.0), (60.0, 0.0), (-70.0, 10.0)]
    assert spread(points, [7, 7, 9]) == points
