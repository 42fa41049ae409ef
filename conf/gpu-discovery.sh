#!/bin/sh
# Prints the GPUs of this host in the format of Spark: {"name": "gpu", "addresses": ["0", "1"]}.
# Set it as spark.worker.resource.gpu.discoveryScript (standalone) or spark.executor.resource.gpu.discoveryScript
# (YARN, Kubernetes); see conf/spark-gpu.conf.
addresses=$(nvidia-smi --query-gpu=index --format=csv,noheader) || {
  echo "gpu-discovery.sh: nvidia-smi fails on this host: $addresses" >&2
  exit 1
}
printf '{"name": "gpu", "addresses": [%s]}\n' \
  "$(printf '%s\n' "$addresses" | tr -d ' ' | sed 's/.*/"&"/' | paste -sd, -)"
