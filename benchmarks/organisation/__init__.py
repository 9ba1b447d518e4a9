"""The parts of an organisation that `benchmarks.generate` writes: VPCs, clusters, and what connects them."""
