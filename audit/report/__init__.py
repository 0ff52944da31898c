"""One module per output format, all written from the same `Audit`."""
