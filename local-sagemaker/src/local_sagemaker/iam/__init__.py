"""Authorization: policies are evaluated as IAM does, and the calls of functions are checked against them."""
