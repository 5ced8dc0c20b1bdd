"""What all seams share: replacing attributes of moto, and writing its values into a home."""
