"""What Retune knows of the container's algorithm, MARS, beyond the names of its hyperparameters and metrics. Pure."""
