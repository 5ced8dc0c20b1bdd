"""CloudFormation: stacks, their templates, and the resources that moto does not create."""
