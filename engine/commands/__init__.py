"""The write side: one module per subject; every handler decides and returns events."""
