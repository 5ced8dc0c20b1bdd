"""`deploy`: compute and show what would change, then let CloudFormation change it."""
