"""How fast an HTML report opens and scrolls in headless Chromium: `python tools/bench_page.py PAGE.html...`.

Prints size, time to the end of loading and to the first paint, the time between frames while scrolling 80,000 pixels, and
how long it takes to go to a finding near the end and to search; milliseconds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

SCROLL = """async () => {
  document.getElementById("text").scrollIntoView();
  const gaps = [];
  let last = performance.now();
  for (let n = 0; n < 200; n++) {
    scrollBy(0, 400);
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }
  gaps.sort((a, b) => a - b);
  return [gaps[100], gaps[180], gaps[199]];
}"""


def timed(page: Any, script: str) -> float:
    began = time.perf_counter()
    page.evaluate(script)
    return (time.perf_counter() - began) * 1000


def main() -> int:
    from chromium import QUIET, program
    from playwright.sync_api import sync_playwright
    from screenshot import SIZE

    print(
        f"{'page':<24}{'MB':>6}{'findings':>10}{'loaded':>8}{'painted':>8}{'frame':>7}{'p90':>6}{'worst':>7}{'go':>6}{'search':>8}"
    )
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program(), args=QUIET)
        for file in map(Path, sys.argv[1:]):
            page = browser.new_page(viewport=SIZE)
            page.goto(file.resolve().as_uri())
            loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
            painted = page.evaluate("performance.getEntriesByType('paint').at(-1).startTime")
            frames = page.evaluate(SCROLL)
            go = timed(page, "goTo(Math.floor(total * 0.9))")
            found = timed(page, "document.getElementById('query').value = '工作'; applyFilters()")
            print(
                f"{file.name:<24}{file.stat().st_size / 1e6:>6.1f}{page.evaluate('total'):>10,}{loaded:>8.0f}{painted:>8.0f}"
                f"{frames[0]:>7.0f}{frames[1]:>6.0f}{frames[2]:>7.0f}{go:>6.0f}{found:>8.0f}"
            )
            page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
