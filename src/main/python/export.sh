#!/usr/bin/env bash
# Runs ./submit.sh export: installs what it needs into a virtual environment, once, and starts tandem_export there.
# TANDEM_EXPORT_PYTHON may name a Python that has the packages of requirements.txt; then nothing is installed.
set -euo pipefail

wrong() {
  echo "$*" >&2
  exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PYTHONPATH=$here${PYTHONPATH:+:$PYTHONPATH} PYTHONDONTWRITEBYTECODE=1

# --- A Python that PyTorch 2.7.1 and ONNX Runtime 1.21.1 support.
suits() { "$1" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
find_python() {
  local each
  for each in python3 python3.13 python3.12 python3.11 python3.10; do
    if command -v "$each" >/dev/null && suits "$each"; then
      python=$each
      return
    fi
  done
  command -v python3 >/dev/null || wrong "export needs Python 3.10 to 3.13, and there is no python3 on the path."
  wrong "export needs Python 3.10 to 3.13; python3 is $(python3 --version 2>&1)."
}
python=${TANDEM_EXPORT_PYTHON:-}
[ -n "$python" ] || find_python
"$python" -c '' 2>/dev/null || wrong "TANDEM_EXPORT_PYTHON=$python is no Python that starts."

# --- The arguments are checked before anything is installed: 100 if the call is correct.
checked=0
"$python" -m tandem_export.arguments "$@" || checked=$?
[ "$checked" = 100 ] || exit "$checked"
if [ -n "${TANDEM_EXPORT_PYTHON:-}" ]; then
  "$python" -c 'from importlib.util import find_spec as found
assert all(map(found, ["torch", "torchvision", "onnx", "onnxruntime", "numpy", "PIL"]))' 2>/dev/null ||
    wrong "TANDEM_EXPORT_PYTHON=$python lacks packages of $here/requirements.txt."
  exec "$python" -m tandem_export "$@"
fi

# --- The environment; the file "complete" is written last.
[ -n "${XDG_CACHE_HOME:-}${HOME:-}" ] || wrong "export installs Python packages below HOME or XDG_CACHE_HOME, and neither is set."
key=$(cksum <"$here/requirements.txt")
environment=${XDG_CACHE_HOME:-$HOME/.cache}/tandem/export-${key%% *}

install() {
  local index=https://download.pytorch.org/whl/cpu options=() size answer
  size="3.1 GB to download, 5.5 GB on disk, most of it CUDA libraries: the smaller build for CPUs at $index cannot be reached"
  if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
    size="about 0.3 GB to download, 1 GB on disk"
  elif curl -fsI -m 10 "$index/torch/" >/dev/null 2>&1; then
    options=(--extra-index-url "$index")
    size="about 0.3 GB to download, 1 GB on disk"
  fi
  echo "export needs PyTorch, torchvision, ONNX and ONNX Runtime. They are installed once, into $environment: $size." >&2
  case " $* " in
    *" --yes "*) ;;
    *)
      if [ -t 0 ] && [ -t 2 ]; then
        read -r -p "Install them? [y/N] " answer
        case $answer in [yY]*) ;; *) wrong "Nothing was installed." ;; esac
      fi
      ;;
  esac
  rm -rf "$environment"
  mkdir -p "$(dirname "$environment")"
  "$python" -m venv "$environment" >&2 ||
    wrong "$python cannot make a virtual environment; on Debian and Ubuntu, install python3-venv."
  if ! "$environment/bin/python" -m pip install --no-cache-dir --disable-pip-version-check ${options[@]+"${options[@]}"} \
    -r "$here/requirements.txt" >"$environment/install.log" 2>&1; then
    grep '^ERROR' "$environment/install.log" | head -n 3 >&2 || true
    echo "The installation failed; the log is $environment/install.log." >&2
    exit 1
  fi
  touch "$environment/complete"
}

if [ ! -f "$environment/complete" ]; then
  # Two calls at a time: the second one waits.
  mkdir -p "$(dirname "$environment")"
  if command -v flock >/dev/null; then
    exec 9>"$environment.lock"
    flock 9
  fi
  [ -f "$environment/complete" ] || install "$@"
  exec 9>&-
fi
exec "$environment/bin/python" -m tandem_export "$@"
