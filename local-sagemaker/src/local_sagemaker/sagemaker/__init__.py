"""SageMaker on this machine: training and tuning jobs that really run, with any container."""
