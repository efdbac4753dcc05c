#!/bin/sh
# Guess: `diff -u -T` (--initial-tab) is a unified diff like any other, whose lines only begin with one tab more, so that
# `patch` and `git apply` read it, at worst with a tab too many.
# Seen with GNU diffutils 3.8, GNU patch 2.7.6 and git 2.39.5: in unified output the tab of a context line stands in
# place of the space that is its sign, not behind it ("\ta", but "-\tb"). `patch` fails the hunk, `git apply` calls the
# patch corrupt. So the option makes text for reading; a program that takes diffs must know it by the missing space.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq diffutils=1:3.8-4 patch=2.7.6-7 git=1:2.39.5-0+deb12u3 >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" root; done
PATH="$work/root/usr/bin:$PATH"
export GIT_EXEC_PATH="$work/root/usr/lib/git-core"

printf 'a\nb\n' >x
printf 'a\nc\n' >y
diff -u -T --label a/x --label b/x x y >tabs.diff || true
diff -u --label a/x --label b/x x y >plain.diff || true
echo "diff -u -T writes:"
cat -A tabs.diff

patched() { cp x kept && patch --batch --silent -r - kept "$1" >/dev/null 2>&1 && cmp -s kept y; }
git init -q repository
applied() { cp x repository/x && (cd repository && git apply "../$1" 2>/dev/null) && cmp -s repository/x y; }

patched plain.diff && applied plain.diff || { echo "changed: the plain diff does not apply"; exit 1; }
grep -q "^$(printf '\t')a\$" tabs.diff || { echo "changed: a context line has its space again"; exit 1; }
if patched tabs.diff; then echo "changed: patch reads it"; exit 1; fi
if applied tabs.diff; then echo "changed: git apply reads it"; exit 1; fi
echo "as seen: patch and git apply both refuse it"
