"""`./retune up`: the local AWS that stays."""
