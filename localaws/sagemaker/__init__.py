"""SageMaker's training and tuning jobs, really run on this machine. It serves any container, and knows none."""
