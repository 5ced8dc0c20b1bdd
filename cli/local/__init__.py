"""The local AWS with Retune in it: demo, up, down, env, clean."""
