"""`destroy`: what would go and what would stay is shown, then the stack goes; its data only when that is said twice."""
