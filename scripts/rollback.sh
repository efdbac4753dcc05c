#!/usr/bin/env bash
# Redeploys a stage's last good commit; the deployment workflow runs it when a deployment fails. Data is not rolled back, so
# that commit must support the stored data version. Usage: scripts/rollback.sh STAGE
set -euo pipefail

# A function, so that bash has read the whole script before the checkout replaces it.
main() {
  local stage=${1:?Usage: scripts/rollback.sh STAGE} good
  good=$(aws ssm get-parameter --name "/redline/$stage/last-good-commit" --query Parameter.Value --output text)
  if [ "$good" = "$(git rev-parse HEAD)" ]; then
    echo "The last good commit, $good, is the one that failed: look at the alarms instead." >&2
    exit 1
  fi
  echo "Rolling back to $good."
  git checkout --force --quiet "$good"
  npm ci
  npm run build:lambda
  node scripts/data-version.mjs "$stage"
  REDLINE_SKIP_BUILD=1 REDLINE_DEPLOY_STRATEGY=all-at-once npx sst deploy --stage "$stage"
  node scripts/smoke.mjs
  echo "$stage is back at $good."
  exit
}

main "$@"
