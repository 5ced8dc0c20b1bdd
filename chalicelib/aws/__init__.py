"""AWS as the pipeline sees it: one small file per service, with an injected client. AWS dicts stop here."""
