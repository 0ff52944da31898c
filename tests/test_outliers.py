"""Outliers of large collections: entries that hardly any other stands near, of whatever subjects the others are."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audit.language.foreign import flagged
from audit.language.outliers import FEW, bounded, deviations, distances, is_outlier, learn, positions
from audit.language.subjects import Sketch, belonging, sketch
from audit.language.themes import learn as learn_themes
from audit.language.themes import measure
from tests.test_collection_rules import collection, texts


def cloud(count: int, middle: float, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(middle, 0.5, size=(count, 6))


def test_an_entry_is_no_neighbour_of_its_own() -> None:
    places = cloud(50, 0, 1)
    near = places + 1e-9
    inside, among = distances(places, places, FEW), distances(near, np.concatenate([near, near]), FEW)
    assert (inside > 0).all()
    assert (among < inside).all()  # each has a copy beside itself


def test_few_places_tell_nothing() -> None:
    places = cloud(FEW, 0, 2)
    assert not distances(places, places, FEW).any()
    assert not is_outlier(np.zeros(FEW), learn(places[:0], np.zeros(0))).any()


def test_strays_of_two_sorts_among_two_subjects() -> None:
    places = np.concatenate([cloud(600, 0, 3), cloud(600, 6, 4), cloud(2, 3, 5), cloud(1, -5, 6)])
    spread = learn(places, np.full(len(places), 0.2))
    far = bounded(places, places, np.full(len(places), 0.2))
    assert np.flatnonzero(is_outlier(far, spread)).tolist() == [1200, 1201, 1202]
    assert abs(float(np.median(deviations(far, spread)))) < 0.3


def test_a_small_subject_is_no_outlier() -> None:
    places = np.concatenate([cloud(600, 0, 3), cloud(30, 6, 4)])
    spread = learn(places, np.zeros(len(places)))
    assert not is_outlier(distances(places, places, FEW), spread)[600:].any()


@pytest.fixture(scope="module")
def sketches(shared: Path) -> list[Sketch]:
    rng = random.Random(8)
    bodies = [body for genre in ("law_simp", "tech_articles_simp") for body in texts(shared, genre, 150, rng)]
    bodies += texts(shared, "classical_mixed", 2, rng)
    found = [sketch(entry) for entry in collection(bodies)]
    assert all(found)
    return [one for one in found if one is not None]


def test_verse_among_statutes_and_articles(sketches: list[Sketch]) -> None:
    themes, member = learn_themes(sketches)
    found = measure(sketches, themes, member)
    told = np.flatnonzero(is_outlier(found.far, themes.spread)).tolist()
    assert {300, 301} <= set(told)
    assert len(told) <= 3


def test_the_order_makes_no_difference(sketches: list[Sketch]) -> None:
    themes, member = learn_themes(sketches)
    order = np.random.default_rng(1).permutation(len(sketches))
    one = measure(sketches, themes, member).far
    other = measure([sketches[index] for index in order], themes, member[order]).far
    assert other.tolist() == one[order].tolist()


def test_other_scripts_are_not_told(sketches: list[Sketch]) -> None:
    themes, member = learn_themes(sketches)
    latin = [one._replace(han=False) for one in sketches]
    assert not measure(latin, themes, member).far.any()


def test_an_entry_stands_where_its_features_stand() -> None:
    buckets, weights = np.array([3, 5, 5]), np.array([1.0, 1.0, 3.0])
    found = positions(buckets, weights, np.array([0, 2]), np.array([2.0, 3.0]))
    apart = positions(np.array([3, 5]), np.ones(2), np.array([0, 1]), np.ones(2))
    assert found == pytest.approx(np.stack([apart.mean(axis=0), apart[1]]))


def folders() -> dict[str, list[str]]:
    """Collections written by hand; an entry that begins with ! does not belong, a note stands below what it explains."""
    found: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "folders.txt").read_bytes().decode("utf-8").split("\n"):
        if line.startswith("# "):
            found[line] = []
        elif line.startswith("【"):
            next(reversed(found.values()))[-1] += "\n" + line
        elif line:
            next(reversed(found.values())).append(line)
    return found


def test_folders_as_editors_have_them() -> None:
    planted, told = 0, 0
    for name, bodies in folders().items():
        foreign = {number for number, body in enumerate(bodies) if body.startswith("!")}
        found = set(flagged(belonging([sketch(entry) for entry in collection([body.lstrip("!") for body in bodies])])))
        assert found <= foreign, name
        planted, told = planted + len(foreign), told + len(found)
    assert (told, planted) == (7, 10)  # one of two in two folders, and a folder whose entries are too short
