"""`python -m local_sagemaker.edge [--write]`: prints docs/operations.md, or writes it in a source checkout."""

import sys

from local_sagemaker.edge import table

if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        table.PATH.write_text(table.page(), encoding="utf-8")
    else:
        sys.stdout.write(table.page())
