"""Sets of packets over the tables: what all sources can do at once. `walk` is its oracle."""
