"""AWS as the pipeline sees it: one small file per service, a client passed in, AWS dicts stop here."""
