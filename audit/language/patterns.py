"""Regular expressions that are compiled when they are first used: a file calls for few of the hundred and fifty."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class Regex:
    """A pattern that compiles itself on first use and then is as fast as any."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        vars(self).update({known: getattr(compiled, known) for known in dir(compiled) if not known.startswith("_")})
        return getattr(compiled, name)


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern, to be used as what `re.compile` gives.

    >>> regex("[0-9]{4}").search("in 1999")[0]
    '1999'
    """
    return cast("re.Pattern[AnyStr]", Regex(source, flags))
