"""Where things are on this machine. All state is in `.retune/`, which git ignores and `clean` removes."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".retune"
HOME = STATE / "home"
KEPT = STATE / "kept"
UP = STATE / "up.json"
UP_LOCK = STATE / "up.lock"
CONTAINER = ROOT / "container"
IRIS = ROOT / "examples" / "iris.csv"
