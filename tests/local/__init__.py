"""The whole pipeline on this machine, with real R."""
