"""A headless Chromium for the tests of the page; they skip where it, its driver or axe-core is missing (`make browser`)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "tools" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
Open = Callable[..., Any]


def until(page: Any, expression: str) -> None:
    """Waits for an expression to be true; the page's policy forbids Playwright's own way of waiting."""
    end = time.monotonic() + 10
    while not page.evaluate(expression):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The browser."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the extra `dev` brings playwright")
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from chromium import QUIET, program
    finally:
        sys.path.pop(0)
    path = program()
    if path is None:
        pytest.skip("Chromium is not installed; `make browser` does it")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=path, args=QUIET)
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed; `make browser` does it")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    """Opens a file; a message on the console, an error or a request for anything else fails the test."""
    contexts, complaints = [], []

    def opened(path: Path, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}") or dialog.dismiss())
        page.on("request", lambda request: requested(request.url, path))
        page.goto(path.as_uri())
        return page

    def requested(url: str, path: Path) -> None:
        if url.split("#", maxsplit=1)[0] != path.as_uri():
            complaints.append(f"request: {url}")

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
