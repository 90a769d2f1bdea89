"""The process language: diagrams, their rules and the FEEL expressions inside them."""
