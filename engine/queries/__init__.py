"""The read side: plain rows for pages and the command line."""
