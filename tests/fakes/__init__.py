"""Providers for tests and for trying by hand: they speak the real protocols, on loopback only."""
