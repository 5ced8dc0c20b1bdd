"""Lambda: functions run from their own zip under AWS's runtime client, one process per environment.

It knows nothing of moto; `localaws/moto_seams/` tells it which functions, queues and mappings there are.
"""
