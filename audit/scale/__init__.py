"""The corpus job: shards in, tables out, in bounded memory, on one machine or a cluster."""
