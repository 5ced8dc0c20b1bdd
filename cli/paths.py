"""Paths of the project and its state, which is in `.retune/`, ignored by git, or in the folder RETUNE_STATE."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("RETUNE_STATE", ROOT / ".retune"))
HOME = STATE / "home"
ALONE_HOME = STATE / "home-only-aws"
KEPT = STATE / "kept"
CONTAINER = ROOT / "container"
IRIS = ROOT / "examples" / "iris.csv"
