"""The tuning spec (`tuning.json`): its model, its rules, and how it is read. Pure."""
