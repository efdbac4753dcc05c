#!/bin/sh
# Guess: a write past a disk quota fails in Node with `error.code === "EDQUOT"`, as `os.constants.errno.EDQUOT` is there.
# Seen with Node 20.20.2 and 24.1.0 (from npm's package `node`) on Linux: libuv has no name for it, so the code is the
# text "Unknown system error -122", and `util.getSystemErrorMap()` does not know the number. Code that looks for EDQUOT
# beside ENOSPC never sees it; only `error.errno` can be compared. ESTALE, of network disks, is the same.
# The quota is played by a preloaded write() that fails with EDQUOT, compiled with gcc.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/quota.c" <<'C'
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>
ssize_t write(int file, const void *bytes, size_t length) {
  if (file <= 2) return syscall(SYS_write, file, bytes, length);
  if (length == 5) { errno = EDQUOT; return -1; }
  return syscall(SYS_write, file, bytes, length);
}
C
gcc -shared -fPIC -o "$work/quota.so" "$work/quota.c"
cat >"$work/try.cjs" <<'JS'
const { writeFileSync } = require("node:fs");
const { constants } = require("node:os");
const { getSystemErrorMap } = require("node:util");
try { writeFileSync(process.argv[2], "hello"); console.log("written"); }
catch ({ code, errno }) {
  console.log(process.version, JSON.stringify(code), errno === -constants.errno.EDQUOT, getSystemErrorMap().has(errno));
}
JS
for version in 20.20.2 24.1.0; do
  npm install --silent --no-audit --no-fund --prefix "$work/$version" "node@$version" >/dev/null
  LD_PRELOAD="$work/quota.so" "$work/$version/node_modules/node/bin/node" "$work/try.cjs" "$work/file" >"$work/seen"
  cat "$work/seen"
  grep -q '"Unknown system error -122" true false$' "$work/seen" || { echo "changed: EDQUOT has a name"; exit 1; }
done
echo "as seen: a full quota has no code of its own"
