#!/usr/bin/env bash
# Guess: a zip is the same zip whether bsdtar writes it to a file or to a pipe, and what reads one reads the other.
# Seen with Debian 12's bsdtar 3.6.2 and yauzl 3.4.0: to a pipe it pads the archive with zeros to a block of 10,240
# bytes, as tape archives are. unzip and Python's zipfile look past them; yauzl wants the end record's comment to fill
# the file to its last byte and refuses the whole archive. Redline cuts what stands behind the end record off first.
set -euo pipefail
command -v bsdtar >/dev/null || { echo "needs Debian's libarchive-tools"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund yauzl@3.4.0
echo 'let a = 1;' >a.ts
bsdtar --format zip -cf file.zip a.ts
bsdtar --format zip -cf - a.ts | cat >pipe.zip
echo "bytes: to a file $(stat -c %s file.zip), to a pipe $(stat -c %s pipe.zip)"
read_it() { node -e 'require("yauzl").open(process.argv[1], (error, zip) => { console.log(error ? error.message : `${zip.entryCount} entry`); })' "$1"; }
file=$(read_it file.zip)
pipe=$(read_it pipe.zip)
echo "yauzl, from a file: $file"
echo "yauzl, from a pipe: $pipe"
[ "$file" = "1 entry" ] && [ "$(stat -c %s pipe.zip)" = 10240 ] && [[ "$pipe" == *"omment length"* ]]
