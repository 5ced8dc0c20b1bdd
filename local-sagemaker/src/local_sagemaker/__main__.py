"""`python -m local_sagemaker`."""

from local_sagemaker.command_line import main

raise SystemExit(main())
