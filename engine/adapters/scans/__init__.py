"""Scanned and photographed pages: how good they are, several bound into one."""

from engine.adapters.scans.pages import PictureScans

__all__ = ["PictureScans"]
