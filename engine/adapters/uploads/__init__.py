"""What is done to files that people hand in: looked into, cleaned, scanned."""
