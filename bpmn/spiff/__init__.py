"""What bends SpiffWorkflow to this house: flat tokens instead of a growing tree, FEEL, and a clock from outside."""
