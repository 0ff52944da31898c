"""What a run wrote, kept for the next run over the same bytes."""
