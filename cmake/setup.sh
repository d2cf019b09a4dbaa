#!/usr/bin/env bash
# setup.sh PRESET TARGET: installs the packages that are missing, then configures and builds TARGET with PRESET.
set -euo pipefail
preset=$1 target=$2
root=$(cd "$(dirname "$0")/.." && pwd)
kinds=build
[ "$target" = all ] && kinds='build|test'

missing=()
while read -r package program; do
  [ -n "$program" ] && command -v "$program" >/dev/null && continue
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done < <(grep -E "^($kinds) " "$root/cmake/packages.txt" | cut -d' ' -f2-)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]}"
  sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

cd "$root"
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >/dev/null
cmake --build "build/$preset" --target "$target" -- --quiet
