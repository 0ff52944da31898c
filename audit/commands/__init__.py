"""The commands of `jiaokan`, one module each; `audit.cli` puts them together."""
