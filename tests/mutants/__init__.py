"""Mutants of the indicators' SQL: small faults, each of which some spec ledger must notice."""
