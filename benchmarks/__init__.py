"""What the project promises about time and memory, measured. Run one with `python -m benchmarks.NAME`."""
