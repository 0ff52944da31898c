"""The gate: what was accepted, what was known before, what closes it."""
