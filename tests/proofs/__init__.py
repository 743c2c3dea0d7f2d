"""Proofs: the promises of the product, tried with real processes, real files and real kills."""
