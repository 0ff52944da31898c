"""Rule families, one module each, reached only through the entry-point group `audit.rules`."""
