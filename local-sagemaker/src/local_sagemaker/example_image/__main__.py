"""`train` or `serve`, as SageMaker starts a container."""

import sys

from local_sagemaker.example_image import serve, train

_VERBS = {"train": train.main, "serve": serve.main}

if len(sys.argv) != 2 or sys.argv[1] not in _VERBS:
    raise SystemExit(f"the argument must be train or serve, not {' '.join(sys.argv[1:])!r}")
raise SystemExit(_VERBS[sys.argv[1]]())
