# Sourced by the other scripts: makes .venv with the pinned packages, once, and again when the pins change.
# usage: . scripts/venv.sh [NAMES]     extras and dependency groups of pyproject.toml, e.g. "test,live"; empty for the
#                                      product alone
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
  groups="" wanted=""
  for name in $(printf '%s' "$extras" | tr ',' ' '); do
    case "$name" in
      test | docs | dev | bench) groups="$groups --group $name" ;;
      *) wanted="${wanted:+$wanted,}$name" ;;
    esac
  done
  export PIP_CONSTRAINT="$PWD/constraints.txt" PIP_QUIET=1 PIP_DISABLE_PIP_VERSION_CHECK=1
  if [ -n "$groups" ] && ! .venv/bin/python -m pip install --help | grep -- --group >/dev/null; then
    .venv/bin/python -m pip install "pip>=25.1" # the first that knows dependency groups
  fi
  .venv/bin/python -m pip install $groups --editable ".${wanted:+[$wanted]}"
  unset PIP_CONSTRAINT PIP_QUIET PIP_DISABLE_PIP_VERSION_CHECK
  touch "$stamp"
fi
