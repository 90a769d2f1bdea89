"""The edges: each adapter names its technology."""
