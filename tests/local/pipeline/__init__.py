"""The whole pipeline with real R, while processes are killed, events are late, and files come in every order."""
