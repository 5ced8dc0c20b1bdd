"""Everything that ships to Lambda, and nothing else."""
