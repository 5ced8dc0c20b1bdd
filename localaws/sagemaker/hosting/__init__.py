"""Models, endpoints and batch transform: what SageMaker does with a container's `serve`."""
