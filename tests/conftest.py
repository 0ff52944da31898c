"""What tests share: where things are."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from audit import catalogue
from audit.commands import tongue

# slow machines must not make tests fail, nor luck: what passed once passes everywhere; `make fuzz` draws anew
settings.register_profile("house", deadline=None, max_examples=60, derandomize=True)
settings.register_profile("fuzz", deadline=None, max_examples=1000)
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # tests that a script has put into the background: `make test &`
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGINT, signal.default_int_handler)  # what they start would ignore Ctrl-C as well


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the tests' runs keep goes elsewhere than into the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """No test speaks the language that another one asked for."""
    yield
    tongue.CHOICE.option = tongue.CHOICE.variable = tongue.AUTO
    catalogue.speak("en")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real source, its labels and clean prose; tests that need it skip where it is absent."""
    path = Path(os.environ.get("JIAOKAN_SHARED") or ROOT.parent / "shared")
    if not (path / "gold").is_dir():
        pytest.skip(f"{path} is absent; set JIAOKAN_SHARED to the folder with seeds, gold and corpus")
    return path


@pytest.fixture(scope="session")
def source(shared: Path) -> Path:
    """The real source."""
    return next((shared / "seeds").glob("*.txt"))


@pytest.fixture(scope="session")
def script() -> str:
    """The installed console script."""
    beside = Path(sys.executable).parent / "jiaokan"
    found = str(beside) if beside.exists() else shutil.which("jiaokan")
    if not found:
        pytest.fail("the console script jiaokan is not installed")
    return found


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder that holds tests, tools, seeds and reports."""
    return ROOT
