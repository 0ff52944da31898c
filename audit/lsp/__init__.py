"""The language server: findings as diagnostics, repairs as quick fixes, while a text is written."""
