"""What a deployment would do, before it does anything."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cli.deploy.bill import Bill, bill
from cli.deploy.changes import Change, changes
from cli.deploy.inputs import Prepared
from cli.deploy.parameters import ParameterChange, parameter_changes
from cli.deploy.permissions import PermissionChanges, permission_changes
from cli.deploy.replacement import replacement_rules
from cli.deploy.stack_state import Way
from cli.deploy.template import resources_of

Client = Callable[[str], Any]


@dataclass(frozen=True)
class Plan:
    """`rewrites` says that the template differs, if only in words that no resource notices."""

    stack: str
    wanted: Prepared
    changes: tuple[Change, ...]
    permissions: PermissionChanges
    parameters: tuple[ParameterChange, ...]
    bill: Bill
    rewrites: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        switched = self.wanted.switch is None or self.wanted.switch.is_on
        at_rest = self.wanted.state.way is Way.UPDATE
        return at_rest and switched and not (self.rewrites or self.changes or self.parameters)

    def as_json(self) -> dict[str, Any]:
        """The whole, for a script."""
        state, switch = self.wanted.state, self.wanted.switch
        return {
            "stack": self.stack,
            "status": state.status if state.id else None,
            "action": state.way.value,
            "is_empty": self.is_empty,
            "resources": [asdict(change) for change in self.changes],
            "permissions": asdict(self.permissions),
            "parameters": [asdict(change) for change in self.parameters],
            "found": dict(self.wanted.found),
            "existing_bucket": switch
            and {"bucket": switch.bucket, "event_bridge_is_on": switch.is_on, "kept": list(switch.kept)},
            "bill": {**asdict(self.bill), "usd_a_month": self.bill.usd_a_month, "usd_at_once": _at_once(self.bill)},
        }


def plan(client: Client, stack: str, wanted: Prepared) -> Plan:
    """Reads only."""
    artifacts, state = wanted.source.artifacts, wanted.state
    region = artifacts.s3.meta.region_name
    pseudo = {
        "AWS::Region": region,
        "AWS::AccountId": artifacts.account,
        "AWS::Partition": artifacts.partition,
        "AWS::StackName": stack,
    }
    deployed = {} if wanted.is_new else _deployed(client("cloudformation"), state.id or stack)
    had: Mapping[str, str] = {} if wanted.is_new else state.parameters
    before, after = resources_of(deployed, had, pseudo), resources_of(wanted.source.template, wanted.values, pseudo)
    types = {one["Type"] for name, one in after.items() if name in before and before[name] != one}
    return Plan(
        stack,
        wanted,
        changes(before, after, replacement_rules(types, region) if types else {}),
        permission_changes(before, after),
        parameter_changes(had, wanted.values),
        bill(after, wanted.values, region),
        rewrites=deployed != wanted.source.template,
    )


def _deployed(cloudformation: Any, stack: str) -> dict[str, Any]:
    """The template as it was sent last; boto3 reads it as JSON, for that is what we send."""
    return dict(cloudformation.get_template(StackName=stack)["TemplateBody"])


def _at_once(of: Bill) -> float | None:
    return of.tuning.usd_at_once if of.tuning else None
