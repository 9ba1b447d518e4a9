"""No test reads or fills the cache of whoever runs it."""

from __future__ import annotations

import os

os.environ["REACH_CACHE"] = "off"
