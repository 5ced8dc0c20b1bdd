"""`./retune …`: the same verbs against the local AWS or a real account."""
