"""Lambda: runs functions from their own zip under AWS's runtime client, one process per execution environment.

This package knows nothing of moto; `local_sagemaker/moto_seams/` supplies its functions, queues and mappings.
"""
