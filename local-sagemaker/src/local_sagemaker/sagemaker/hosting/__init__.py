"""Models, endpoints and batch transform: everything that uses a container's `serve`."""
