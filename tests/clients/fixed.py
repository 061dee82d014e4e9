"""Runs a script with ids from a fixed seed and a clock that stands still: two runs send the same bytes.

usage: fixed.py SCRIPT [MODULE…]; the modules are those of an SDK that hold a `_get_timestamp`.
"""

import gzip
import importlib
import os
import random
import runpy
import sys
import time
import uuid
from datetime import datetime, timezone
from types import SimpleNamespace

AT = 1_750_000_000

ids = random.Random(AT)
random.seed(AT)
os.urandom = ids.randbytes  # multipart boundaries
uuid.uuid4 = lambda: uuid.UUID(int=ids.getrandbits(128), version=4)
time.time_ns = lambda: AT * 10**9
gzip.time = SimpleNamespace(time=lambda: AT)

script, *modules = sys.argv[1:]
for module in modules:
    importlib.import_module(module)._get_timestamp = lambda: datetime.fromtimestamp(AT, timezone.utc)
sys.argv = [script]
runpy.run_path(script, run_name="__main__")
