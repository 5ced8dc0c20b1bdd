"""Hosting's resources: models, endpoint configs, endpoints and transform jobs."""

from local_sagemaker.sagemaker.hosting.resources.records import Endpoint, EndpointConfig, Model, TransformJob
from local_sagemaker.sagemaker.jobs.resources import ResourceStore
from local_sagemaker.sagemaker.jobs.store import Store


class Shelves(ResourceStore):
    """All of them, behind one lock."""

    def __init__(self, arns: str, store: Store):
        super().__init__(arns, store)
        self.models = self.shelf(Model, "model", "model")
        self.configs = self.shelf(EndpointConfig, "endpoint configuration", "endpoint-config")
        self.endpoints = self.shelf(Endpoint, "endpoint", "endpoint")
        self.transform_jobs = self.shelf(TransformJob, "transform job", "transform-job")
