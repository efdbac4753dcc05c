#!/usr/bin/env bash
# Deploys the last commit that worked on a stage: what a deployment does when its own commit did not. The data stays as it
# is, so that commit must know its version. `scripts/go-back.sh STAGE`
set -euo pipefail

# A function, so that all of it is read before the checkout puts another file in this one's place.
main() {
  local stage=${1:?Say which stage: scripts/go-back.sh STAGE} works
  works=$(aws ssm get-parameter --name "/redline/$stage/works" --query Parameter.Value --output text)
  if [ "$works" = "$(git rev-parse HEAD)" ]; then
    echo "$works worked before, and is what does not work now: look at the alarms instead." >&2
    exit 1
  fi
  echo "Going back to $works."
  git checkout --force --quiet "$works"
  npm ci
  npm run build:lambda
  node scripts/data-version.mjs "$stage"
  REDLINE_BUILT=1 REDLINE_RELEASE=at-once npx sst deploy --stage "$stage"
  node scripts/smoke.mjs
  echo "$stage is back at $works."
  exit
}

main "$@"
