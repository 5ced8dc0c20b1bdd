"""A template with its parameters put in: what can be known of a stack before CloudFormation makes anything.

References between resources stay as they are written. So do account, region and partition, which are the same
before and after; only conditions see their values.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_NOTHING = object()
_VARIABLE = re.compile(r"\$\{([A-Za-z0-9:]+)\}")
_NO_VALUE = {"Ref": "AWS::NoValue"}


def resources_of(template: Mapping[str, Any], values: Mapping[str, str], pseudo: Mapping[str, str]) -> dict[str, Any]:
    """The resources that the stack has under these parameters, by logical id; numbers and booleans are texts, as
    CloudFormation takes them for the same. `pseudo` are values like AWS::Region's."""
    known = {**{name: str(one.get("Default", "")) for name, one in template.get("Parameters", {}).items()}, **values}
    evaluation = _Evaluation(template, known, pseudo)
    return {
        name: evaluation.value(resource)
        for name, resource in template.get("Resources", {}).items()
        if "Condition" not in resource or evaluation.holds({"Condition": resource["Condition"]})
    }


@dataclass(frozen=True)
class _Evaluation:
    template: Mapping[str, Any]
    values: Mapping[str, str]
    pseudo: Mapping[str, str]

    def value(self, node: Any) -> Any:
        """`node` with all worked out that parameters decide; what is AWS::NoValue is left out of its parent."""
        if isinstance(node, list):
            return [value for value in map(self.value, node) if value is not _NOTHING]
        if not isinstance(node, Mapping):
            return _text(node)
        if node == _NO_VALUE:
            return _NOTHING
        if len(node) == 1:
            [(function, argument)] = node.items()
            worker = _FUNCTIONS.get(function)
            if worker is not None:
                return worker(self, argument)
        inside = {name: self.value(value) for name, value in node.items()}
        return {name: value for name, value in inside.items() if value is not _NOTHING}

    def holds(self, condition: Any) -> bool:
        """Whether a condition of the template is true."""
        if isinstance(condition, str):
            return self.holds(self.template["Conditions"][condition])
        [(function, argument)] = condition.items()
        if function == "Condition":
            return self.holds(self.template["Conditions"][argument])
        if function == "Fn::Not":
            return not self.holds(argument[0])
        if function in ("Fn::And", "Fn::Or"):
            return (all if function == "Fn::And" else any)(self.holds(one) for one in argument)
        left, right = (_Evaluation(self.template, {**self.pseudo, **self.values}, {}).value(one) for one in argument)
        return bool(left == right)

    def ref(self, name: str) -> Any:
        if name not in self.values:
            return {"Ref": name}
        declared = self.template.get("Parameters", {}).get(name, {}).get("Type", "String")
        is_list = declared == "CommaDelimitedList" or declared.startswith("List<")
        return self.values[name].split(",") if is_list else self.values[name]

    def chosen(self, argument: Any) -> Any:
        name, if_true, if_false = argument
        return self.value(if_true if self.holds(name) else if_false)

    def filled(self, argument: Any) -> Any:
        text, more = (argument, {}) if isinstance(argument, str) else argument
        here = {**self.values, **{name: self.value(value) for name, value in more.items()}}
        known = {name: value for name, value in here.items() if isinstance(value, str)}
        done = _VARIABLE.sub(lambda found: known.get(found[1], found[0]), text)
        left = {name: value for name, value in here.items() if name in more and name not in known}
        if left:
            return {"Fn::Sub": [done, left]}
        return {"Fn::Sub": done} if "${" in done else done

    def found(self, argument: Any) -> Any:
        table, *keys = (self.value(one) for one in argument)
        entry: Any = self.template.get("Mappings", {}).get(table, {})
        for key in keys:
            if not isinstance(key, str) or key not in entry:
                return {"Fn::FindInMap": [table, *keys]}
            entry = entry[key]
        return self.value(entry)

    def joined(self, argument: Any) -> Any:
        separator, parts = argument[0], self.value(argument[1])
        if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
            return separator.join(parts)
        return {"Fn::Join": [separator, parts]}

    def split(self, argument: Any) -> Any:
        whole = self.value(argument[1])
        return whole.split(argument[0]) if isinstance(whole, str) else {"Fn::Split": [argument[0], whole]}


_FUNCTIONS: dict[str, Any] = {
    "Ref": _Evaluation.ref,
    "Fn::If": _Evaluation.chosen,
    "Fn::Sub": _Evaluation.filled,
    "Fn::FindInMap": _Evaluation.found,
    "Fn::Join": _Evaluation.joined,
    "Fn::Split": _Evaluation.split,
}


def _text(scalar: Any) -> Any:
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    return str(scalar) if isinstance(scalar, int | float) else scalar
