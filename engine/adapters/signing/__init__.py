"""Signing services."""
