"""Forms of the catalog as accessible HTML, and back."""
