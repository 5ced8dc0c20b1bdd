"""What a deployment would do, before it does anything."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cli.deploy.bill import Bill, bill
from cli.deploy.changes import Change, changes
from cli.deploy.inputs import Prepared
from cli.deploy.parameters import ParameterChange, parameter_changes
from cli.deploy.permissions import PermissionChanges, permission_changes
from cli.deploy.replacement import replacement_rules
from cli.deploy.stack_state import WatchedStack, Way
from cli.deploy.template import resources_of


@dataclass(frozen=True)
class Plan:
    """`rewrites` is true if the template differs at all, even only in descriptions."""

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
        """The whole plan, for scripts."""
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


def plan(stack: WatchedStack, wanted: Prepared) -> Plan:
    """Compute the plan; change nothing."""
    artifacts, state = wanted.source.artifacts, wanted.state
    region = artifacts.s3.meta.region_name
    pseudo = {
        "AWS::Region": region,
        "AWS::AccountId": artifacts.account,
        "AWS::Partition": artifacts.partition,
        "AWS::StackName": stack.name,
    }
    deployed = {} if state.is_new else _deployed(stack.cloudformation, state.id or stack.name)
    had: Mapping[str, str] = {} if state.is_new else state.parameters
    before, after = resources_of(deployed, had, pseudo), resources_of(wanted.source.template, wanted.values, pseudo)
    types = {one["Type"] for name, one in after.items() if name in before and before[name] != one}
    return Plan(
        stack.name,
        wanted,
        changes(before, after, replacement_rules(types, region) if types else {}),
        permission_changes(before, after),
        parameter_changes(had, wanted.values),
        bill(after, wanted.values, region),
        rewrites=deployed != wanted.source.template,
    )


def _deployed(cloudformation: Any, stack: str) -> dict[str, Any]:
    """Return the template that was sent last; boto3 parses it, because we send JSON."""
    return dict(cloudformation.get_template(StackName=stack)["TemplateBody"])


def _at_once(of: Bill) -> float | None:
    return of.tuning.usd_at_once if of.tuning else None
