"""How the headless Chromium is found and started, for pictures, benchmarks and tests."""

from __future__ import annotations

import shutil

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# no services of the browser's own: they would reach for the network
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def program() -> str | None:
    """The path of the browser, if it is installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)
