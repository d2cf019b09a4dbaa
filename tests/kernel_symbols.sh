#!/usr/bin/env bash
# kernel_symbols.sh ISA OBJECT...: objects compiled for an instruction set define no weak symbol outside their own
# namespace. The linker may take any copy of a weak symbol, so another one would run AVX-512 on every processor.
set -euo pipefail
isa=$1
shift
shared=$(nm -C --defined-only "$@" | grep -E ' [WVu] ' | grep -v "sfumato::$isa::" || true)
[ -z "$shared" ] || { echo "shared weak symbols:"; echo "$shared"; exit 1; }
