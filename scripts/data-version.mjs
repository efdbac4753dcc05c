/**
 * Checks before a deployment that this commit supports a stage's stored data version:
 * `node scripts/data-version.mjs STAGE`, or without a stage for the table in SST_RESOURCE_Table. Exits with 0 if it does or
 * the stage has no table yet, otherwise with 1.
 */
import { DynamoDBClient, paginateListTables } from "@aws-sdk/client-dynamodb";
import { tsImport } from "tsx/esm/api";

/** Lists tables through AWS, because SST knows a stage only after its first deployment. @param {string} stage */
async function findTables(stage) {
  // The region of `sst.config.ts`, whatever the shell's default is.
  process.env.AWS_REGION = "us-east-1";
  const client = new DynamoDBClient({ maxAttempts: 5 });
  const names = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) names.push(...TableNames);
  // SST appends a suffix of letters; a table restored next to it has a longer name.
  const name = new RegExp(`^redline-${stage}-RedlineTableTable-[a-z]+$`);
  return names.filter((each) => name.test(each));
}

async function checkData() {
  // Imported late: linked resources are read once, on load.
  /** @type {typeof import("../packages/core/src/platform/schema-version")} */
  const { CODE, dataVersions, supports, unsupportedVersionMessage } = await tsImport(
    "../packages/core/src/platform/schema-version.ts",
    import.meta.url,
  );
  const data = await dataVersions();
  if (supports(CODE, data)) {
    process.stdout.write(`Data versions ${data.oldest} to ${data.newest} are supported by this commit.\n`);
  } else {
    process.stderr.write(`${unsupportedVersionMessage(CODE, data)}\n`);
    process.exitCode = 1;
  }
}

const [stage] = process.argv.slice(2);
if (stage) {
  const [table, ...others] = await findTables(stage);
  if (others.length > 0) {
    const matches = `Several tables match ${stage}: ${[table, ...others].join(", ")}.`;
    process.stderr.write(`${matches} Omit the stage and set SST_RESOURCE_Table to {"name": "…"}.\n`);
    process.exitCode = 1;
  } else if (table) {
    process.env.SST_RESOURCE_Table = JSON.stringify({ name: table });
    await checkData();
  } else {
    process.stdout.write(`${stage} has no table yet: nothing to check.\n`);
  }
} else if (process.env.SST_RESOURCE_Table) {
  await checkData();
} else {
  process.stderr.write("Usage: node scripts/data-version.mjs STAGE\n");
  process.exitCode = 1;
}
