"""Benches: what the engine does in a second on a database of its own, and what the database itself could do."""
