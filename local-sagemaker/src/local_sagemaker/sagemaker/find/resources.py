"""The resources that Search finds, as the records of its response.

They are the shapes of SearchRecord, which differ from those of the Describe calls: tags are members, and a model comes
as a row of the model dashboard, with its endpoints and its last batch transform job. Transform jobs cannot be searched
for by themselves: AWS's ResourceType has no such value.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from local_sagemaker.sagemaker.find.properties import Record
from local_sagemaker.sagemaker.hosting.resources import views as hosting_views
from local_sagemaker.sagemaker.hosting.resources.records import Model, TransformJob
from local_sagemaker.sagemaker.hosting.resources.store import HostingStore
from local_sagemaker.sagemaker.jobs import views
from local_sagemaker.sagemaker.jobs.platform import Package
from local_sagemaker.sagemaker.jobs.state import State
from local_sagemaker.sagemaker.jobs.tags import as_list
from local_sagemaker.sagemaker.jobs.warm_start import parents
from local_sagemaker.sagemaker.protocol.validation import service_model


@dataclass(frozen=True)
class SearchableResource:
    """One value of ResourceType. `rows` returns the current records; they are sorted by `recency` unless requested
    otherwise, which is LastModifiedTime where the resource has one."""

    member: str
    rows: Callable[[], Iterable[Record]]
    recency: tuple[str, ...] = ("LastModifiedTime", "CreationTime")

    @cached_property
    def shape(self) -> Any:
        found = service_model().operation_model("Search").output_shape
        assert found is not None
        return found.members["Results"].member.members[self.member]

    def records(self) -> list[Record]:
        """The records with the members of the shape only."""
        return [{name: row[name] for name in row if name in self.shape.members} for row in self.rows()]

    def arn(self, record: Record) -> str:
        """The ARN that identifies a record."""
        return str(record.get("Model", record)[f"{self.member}Arn"])


def resources(
    state: State, store: HostingStore, packages: Callable[[], Iterable[Package]], arns: str
) -> dict[str, SearchableResource]:
    """The resources by the values of ResourceType; `arns` is the start of their ARNs."""
    return {
        "TrainingJob": SearchableResource("TrainingJob", lambda: _training_jobs(state, arns)),
        "HyperParameterTuningJob": SearchableResource("HyperParameterTuningJob", lambda: _tuning_jobs(state)),
        "Endpoint": SearchableResource("Endpoint", lambda: _endpoints(store)),
        "Model": SearchableResource("Model", lambda: _models(store), recency=("Model.CreationTime",)),
        "ModelPackage": SearchableResource("ModelPackage", lambda: _with_epochs(list(packages()))),
    }


def _training_jobs(state: State, arns: str) -> list[Record]:
    with state.lock:
        return [_tagged(views.training_job(job, views.tuning_arn(arns, job)), job.tags) for job in state.all_training()]


def _tuning_jobs(state: State) -> list[Record]:
    with state.lock:
        return [_tagged(views.tuning_job(job, parents(state, job)), job.tags) for job in state.all_tuning()]


def _endpoints(store: HostingStore) -> list[Record]:
    with store.lock:
        return [_tagged(hosting_views.endpoint(one), one.tags) for one in store.endpoints.all()]


def _models(store: HostingStore) -> list[Record]:
    """Rows of the model dashboard."""
    with store.lock:
        endpoints, transforms = _endpoints_by_model(store), _last_transforms(store)
        return [_dashboard(one, endpoints[one.name], transforms.get(one.name)) for one in store.models.all()]


def _dashboard(model: Model, endpoints: list[Record], last: TransformJob | None) -> Record:
    record: Record = {"Model": _tagged(hosting_views.model(model), model.tags)}
    if endpoints:
        record["Endpoints"] = endpoints
    if last:
        record["LastBatchTransformJob"] = _tagged(hosting_views.transform_job(last), last.tags)
    return record


def _endpoints_by_model(store: HostingStore) -> dict[str, list[Record]]:
    """The endpoints whose current endpoint config names a model; one whose config is deleted is not found."""
    models = {
        config.name: {
            variant["ModelName"] for variant in config.request["ProductionVariants"] if "ModelName" in variant
        }
        for config in store.configs.all()
    }
    found: dict[str, list[Record]] = defaultdict(list)
    for endpoint in store.endpoints.all():
        for name in models.get(endpoint.config_name, ()):
            found[name].append(hosting_views.endpoint_row(endpoint))
    return found


def _last_transforms(store: HostingStore) -> dict[str, TransformJob]:
    return {job.request["ModelName"]: job for job in store.transform_jobs.all()}


def _tagged(record: Record, tags: Mapping[str, str]) -> Record:
    return {**record, "Tags": as_list(tags)} if tags else record


def _with_epochs(value: Any) -> Any:
    """Replace times, in UTC if they have no zone, by epoch seconds, which all other records hold; to the millisecond,
    as the registry's own calls return them."""
    if isinstance(value, datetime):
        at = value.replace(microsecond=value.microsecond // 1000 * 1000, tzinfo=value.tzinfo or UTC)
        return at.timestamp()
    if isinstance(value, Mapping):
        return {name: _with_epochs(item) for name, item in value.items() if item is not None}
    return [_with_epochs(item) for item in value] if isinstance(value, list) else value
