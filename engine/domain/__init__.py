"""What the law and the house know: pure Python, standard library only."""
