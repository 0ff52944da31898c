"""`jiaokan lsp`: the language server, on standard input and output."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audit.errors import AuditError


def lsp(
    config: Annotated[
        Path | None, typer.Option(help="Settings for all texts instead of the nearest jiaokan.toml.")
    ] = None,
) -> None:
    """Serve findings and repairs to an editor over the Language Server Protocol."""
    try:
        from audit.lsp.server import serve  # noqa: PLC0415 - only this command needs pygls
    except ModuleNotFoundError as error:
        raise AuditError("jiaokan lsp needs pygls: pip install 'jiaokan[lsp]'") from error
    from audit import __version__  # noqa: PLC0415 - help needs neither
    from audit.gate.layers import load_config  # noqa: PLC0415

    serve(load_config(config) if config else None, __version__).start_io()
