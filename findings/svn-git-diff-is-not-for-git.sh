#!/bin/sh
# Guess: `svn diff --git` ("use git's extended diff format") of a moved file is what `git apply` takes.
# Seen with Subversion 1.14.2 and git 2.39.5: after `svn move` it writes the rename ("rename from n", "rename to m") and
# then the deletion of the same file once more, as a file of its own whose new side is "+++ b/n (nonexistent)" instead of
# /dev/null. `git apply` refuses the whole patch ("bad git-diff - expected /dev/null"); read by git's grammar with that
# mended, the file would be removed twice.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq subversion=1.14.2-4+deb12u1 libsvn1=1.14.2-4+deb12u1 libserf-1-1=1.3.9-11 \
  libapr1=1.7.2-3+deb12u1 libaprutil1=1.6.3-1+deb12u1 libutf8proc2=2.8.0-1 git=1:2.39.5-0+deb12u3 >/dev/null 2>&1
for package in ./*.deb; do dpkg-deb -x "$package" root; done
PATH="$work/root/usr/bin:$PATH"
library=$(dirname "$(find "$work/root" -name 'libsvn_client-1.so.1' | head -n 1)")
export LD_LIBRARY_PATH="$library" GIT_EXEC_PATH="$work/root/usr/lib/git-core" LC_ALL=C

svnadmin create repository
svn checkout -q --config-dir config "file://$work/repository" copy
printf 'n\n' >copy/n
svn add -q copy/n
svn commit -q --config-dir config -m one copy
svn update -q copy
svn move -q copy/n copy/m
echo more >>copy/m
(cd copy && svn diff --git) >moved.diff
cat moved.diff

mkdir plain
printf 'n\n' >plain/n
(cd plain && git init -q .)
grep -q '^rename from n$' moved.diff || { echo "changed: the rename is not said"; exit 1; }
grep -q '^+++ b/n.*(nonexistent)$' moved.diff || { echo "changed: the deletion has another form"; exit 1; }
if (cd plain && git apply ../moved.diff); then echo "changed: git applies it"; exit 1; fi
echo "as seen: git apply refuses what svn diff --git wrote"
