"""The web side: Flask blueprints over the engine's commands and queries; the only place that knows HTTP."""
