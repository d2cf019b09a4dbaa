#!/usr/bin/env bash
# installed.sh SOURCE BUILD WITH_TORCH: what is installed serves other programs. Builds docs/examples outside the tree, by CMake and by
# pkg-config, and compares the pictures they make with the program's.
set -euo pipefail
source=$1 build=$2 with_torch=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/usr" > "$work/log"
for file in bin/sfumato share/man/man1/sfumato.1 share/bash-completion/completions/sfumato share/doc/sfumato/LICENSE; do
  [ -s "$work/usr/$file" ] || { echo "not installed: $file"; exit 1; }
done
program=$work/usr/bin/sfumato
[ "$("$program" --version)" = "$("$build/sfumato" --version)" ]

cp -r "$source/docs/examples" "$work/examples"
cmake -S "$work/examples" -B "$work/built" -DCMAKE_PREFIX_PATH="$work/usr" -DWITH_TORCH="$with_torch" \
  -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wsign-conversion -Werror" > "$work/log" || { cat "$work/log"; exit 1; }
cmake --build "$work/built" > "$work/log" || { cat "$work/log"; exit 1; }

vips gaussnoise "$work/noise.v" 240 160 --mean 120 --sigma 50 --seed 3
vips bandjoin "$work/noise.v $work/noise.v $work/noise.v" "$work/gray.v"
vips linear "$work/gray.v" "$work/photo.png[strip]" "1 0.8 0.5" "0 10 40" --uchar
mkdir "$work/out"
"$work/built/first_look" "$work/photo.png" "$work/out"
"$program" render "$work/photo.png" --look natural-light --set vignette.amount=-0.3 -o "$work/out/program.png" --progress none
"$program" render "$work/photo.png" --look "$work/out/learned.safetensors" --dither off -o "$work/out/learned.png" --progress none
# name, most that any sample may differ from the program's
for pair in "file 0" "memory 1"; do
  set -- $pair
  vips subtract "$work/out/$1.png" "$work/out/program.png" "$work/d.v"
  vips abs "$work/d.v" "$work/a.v"
  most=$(vips max "$work/a.v")
  [ "${most%.*}" -le "$2" ] || { echo "$1.png: $most of 255 from the program's"; exit 1; }
done
"$work/built/first_look" "$work/none.png" "$work/out" 2> "$work/error" && exit 1 || [ $? = 3 ]
grep -q none.png "$work/error"
[ "$with_torch" = OFF ] || "$work/built/fit_knobs"

export PKG_CONFIG_PATH=$(dirname "$(find "$work/usr" -name sfumato.pc)")
g++ -std=c++20 "$source/docs/examples/first_look.cpp" $(pkg-config --cflags --libs sfumato) -o "$work/by_pkg_config"
echo "what is installed serves other programs"
