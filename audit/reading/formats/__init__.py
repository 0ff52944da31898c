"""One module a format of records; see `audit.reading.records`."""
