# Sourced by the other scripts: makes .venv with the pinned packages, once, and again when the pins change.
# usage: . scripts/venv.sh [EXTRAS]     EXTRAS as in pip, e.g. "test,live"; empty for the product alone
extras="${1:-}"
if [ ! -x .venv/bin/python ]; then
  for python in python3.11 python3 python3.12 python3.13 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi
    python=""
  done
  if [ -z "$python" ]; then
    echo "voicecare needs Python 3.11 or newer; install it and run this again" >&2
    exit 2
  fi
  "$python" -m venv .venv || {
    echo "could not make a virtual environment; on Debian: apt-get install python3-venv" >&2
    exit 2
  }
fi
stamp=".venv/installed-$(printf '%s' "$extras" | tr -c 'a-z' '-')"
if [ ! -f "$stamp" ] || [ pyproject.toml -nt "$stamp" ] || [ constraints.txt -nt "$stamp" ]; then
  echo "installing voicecare${extras:+ with $extras} into .venv (once; a minute or two)"
  PIP_CONSTRAINT="$PWD/constraints.txt" .venv/bin/python -m pip install \
    --quiet --disable-pip-version-check --editable ".${extras:+[$extras]}"
  touch "$stamp"
fi
