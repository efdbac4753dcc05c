#!/bin/sh
# Guess: `fs.mkdirSync(path, { recursive: true })` on a read-only file system fails as without `recursive`: EROFS.
# Seen with Node 20.20.2, 22 and 24 (from npm's package `node`): it says ENOENT, "no such file or directory". After any
# error that it does not know Node looks whether the folder is there, and reports what that look says. A program that
# tells people why it cannot start sends them to look for a missing folder.
# Needs root or user namespaces, for a file system that is read-only.
set -eu
work=$(mktemp -d)
trap 'umount "$work/ro" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir "$work/ro"
cat >"$work/try.cjs" <<'JS'
const { mkdirSync } = require("node:fs");
const codeOf = (options) => { try { mkdirSync(process.argv[2] + "/new", options); return "made"; } catch (error) { return error.code; } };
console.log(process.version, codeOf({}), codeOf({ recursive: true }));
JS
for version in 20.20.2 22.12.0 24.1.0; do
  npm install --silent --no-audit --no-fund --prefix "$work/$version" "node@$version" >/dev/null
  cat >"$work/run.sh" <<SH
mount -t tmpfs -o ro tmpfs "$work/ro" && "$work/$version/node_modules/node/bin/node" "$work/try.cjs" "$work/ro"
SH
  if [ "$(id -u)" = 0 ]; then sh "$work/run.sh" >"$work/seen"; umount "$work/ro"
  else unshare --user --map-root-user --mount sh "$work/run.sh" >"$work/seen"; fi
  cat "$work/seen"
  grep -q ' EROFS ENOENT$' "$work/seen" || { echo "changed: not EROFS alone and ENOENT with recursive"; exit 1; }
done
echo "as seen: recursive says ENOENT where the file system is read-only"
