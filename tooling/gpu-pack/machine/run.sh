#!/usr/bin/env bash
# Unpacks this pack where it lies and runs it: `run.sh --help`. Needs bash, python3 and glibc.
#   HETCONV_WORK  where it is unpacked (default: `work` beside this file)
#   HETCONV_NODE  a Node to use instead of the packed one
set -u
here=${BASH_SOURCE[0]%/*}
[ "$here" = "${BASH_SOURCE[0]}" ] && here=.
here=$(cd -- "$here" && pwd) || exit 1
work=${HETCONV_WORK:-$here/work}
python3 "$here/unpack.py" "$here" "$work" || exit 1
[ "${1:-}" = unpack ] && exit 0
exec "${HETCONV_NODE:-$work/node}" "$work/app/dist/lib/run.js" --work "$work" "$@"
