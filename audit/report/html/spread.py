"""Dots of a map moved apart until each can be read, no farther than they must."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

GAP = 2.0  # between two dots
ROUNDS = 120
SLACK = 14.0  # how far from its own distance to the middle a dot may go: the distance is what the map tells
PATIENT, MORE = 30, 0.8  # rounds after which each lets it go a little farther
ASIDE = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))  # for dots on one spot
WIDTH, HEIGHT = 138.0, 106.0  # of the half of the picture, less a dot

Point = tuple[float, float]


def spread(points: Sequence[Point], sizes: Sequence[float]) -> list[Point]:
    """The points, with so much between every two that circles of these radii do not overlap, as far as there is room.

    Sums, products and roots alone, in one order: the same picture on every machine.
    """
    made = list(points)
    own = [sqrt(x * x + y * y) for x, y in points]
    for number in range(ROUNDS):
        moved, slack = False, SLACK + max(number - PATIENT, 0) * MORE
        for one in range(len(made)):
            for other in range(one):
                need = sizes[one] + sizes[other] + GAP
                if part(made, one, other, need):
                    moved = True
                    for each in (one, other):
                        made[each] = held(made[each], own[each], slack)
        if not moved:
            break
    return made


def part(points: list[Point], one: int, other: int, need: float) -> bool:
    """Moves two points apart that are nearer than they need to be; whether they were."""
    (x, y), (u, v) = points[one], points[other]
    dx, dy = x - u, y - v
    square = dx * dx + dy * dy
    if square >= need * need:
        return False
    if square < 1:
        (dx, dy), square = ASIDE[(one + other) % len(ASIDE)], 1.0
    gap = sqrt(square)
    step = (need - gap) / 2 / gap + 0.01
    points[one], points[other] = (x + dx * step, y + dy * step), (u - dx * step, v - dy * step)
    return True


def held(point: Point, own: float, slack: float) -> Point:
    """The point, not much nearer to the middle or farther from it than is its own, and inside the picture."""
    x, y = point
    far = sqrt(x * x + y * y)
    if far > 0:
        wanted = min(max(far, own - slack), own + slack)
        x, y = x * wanted / far, y * wanted / far
    return min(max(x, -WIDTH), WIDTH), min(max(y, -HEIGHT), HEIGHT)
