"""Which AWS a verb talks to, and the stack that is deployed there."""
