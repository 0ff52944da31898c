"""A picture of the report on `seeds/`, for the README: `python tools/screenshot.py [PICTURE.png]`.

Needs Chromium and fonts for Chinese; `make browser` installs them.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

ROOT = Path(__file__).resolve().parent.parent
SIZE = {"width": 1280, "height": 900}


def main() -> int:
    from chromium import QUIET, program
    from playwright.sync_api import sync_playwright

    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "reports" / "seeds.png"
    path = program()
    if path is None:
        sys.exit("Chromium is not installed; `make browser` does it")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=QUIET)
        page = browser.new_page(viewport=SIZE)
        page.goto((ROOT / "reports" / "seeds.html").as_uri())
        page.screenshot(path=target)
        browser.close()
    print(f"{target.relative_to(ROOT) if target.is_relative_to(ROOT) else target}: {target.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
