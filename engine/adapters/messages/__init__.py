"""Channels for notices and requests."""
