"""Who may do what: policies are read and judged as IAM does it, and calls of functions are held against them."""
