"""Each policy on stdin as parliament reads it: a list of policies in, for each a list of (finding, action) out."""

import json
import sys

import parliament


def findings(document):
    """Without an action, the finding's detail stands for it."""
    for one in parliament.analyze_policy_string(json.dumps(document)).findings:
        for detail in one.detail if isinstance(one.detail, list) else [one.detail]:
            yield one.issue, detail["action"] if isinstance(detail, dict) else str(detail)


json.dump([list(findings(document)) for document in json.load(sys.stdin)], sys.stdout)
