"""Hosting's resources: models, endpoint configs, endpoints and transform jobs."""

from local_sagemaker.sagemaker.hosting.resources.records import Endpoint, EndpointConfig, Model, TransformJob
from local_sagemaker.sagemaker.jobs.resources import ResourceStore
from local_sagemaker.sagemaker.jobs.store import Store


class HostingStore(ResourceStore):
    """All of them, behind one lock."""

    def __init__(self, arns: str, store: Store):
        super().__init__(arns, store)
        self.models = self.collection(Model, "model", "model")
        self.configs = self.collection(EndpointConfig, "endpoint configuration", "endpoint-config")
        self.endpoints = self.collection(Endpoint, "endpoint", "endpoint")
        self.transform_jobs = self.collection(TransformJob, "transform job", "transform-job")
