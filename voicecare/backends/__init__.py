"""The models behind the Protocols of `ports`; none of them reports to its maker."""

import os

# onnxruntime's wheels (1.31) send their maker how they are used, over the network, and keep what they could not send in
# the user's cache. They read this when they are first imported, which nothing here does before this line.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
