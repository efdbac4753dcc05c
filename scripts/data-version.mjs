/**
 * Whether the code that is checked out knows the data of a stage, asked before it is deployed there:
 * `node scripts/data-version.mjs STAGE`; without a stage, the data of the table in SST_RESOURCE_Table. Ends with 0 or 1; a
 * stage that is not there yet has no data.
 */
import { DynamoDBClient, paginateListTables } from "@aws-sdk/client-dynamodb";
import { tsImport } from "tsx/esm/api";

/** Asked of AWS, because SST knows a stage only once it was deployed. @param {string} stage */
async function tablesOf(stage) {
  // Where `sst.config.ts` deploys, wherever else whoever asks may be at home.
  process.env.AWS_REGION = "us-east-1";
  const client = new DynamoDBClient({ maxAttempts: 5 });
  const names = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) names.push(...TableNames);
  // SST ends its names with letters; one that was restored beside it has more words.
  const name = new RegExp(`^redline-${stage}-RedlineTableTable-[a-z]+$`);
  return names.filter((each) => name.test(each));
}

async function ask() {
  // Only now: what is linked is read once, when it is loaded.
  /** @type {typeof import("../packages/core/src/platform/schema-version")} */
  const { CODE, dataVersions, knows, refusal } = await tsImport(
    "../packages/core/src/platform/schema-version.ts",
    import.meta.url,
  );
  const data = await dataVersions();
  if (knows(CODE, data)) {
    process.stdout.write(`The data is of version ${data.oldest} to ${data.newest}, which this commit knows.\n`);
  } else {
    process.stderr.write(`${refusal(CODE, data)}\n`);
    process.exitCode = 1;
  }
}

const [stage] = process.argv.slice(2);
if (stage) {
  const [table, ...others] = await tablesOf(stage);
  if (others.length > 0) {
    const which = `${[table, ...others].join(", ")} are all called like the table of ${stage}.`;
    process.stderr.write(`${which} Say which in SST_RESOURCE_Table, as {"name": "…"}, and leave the stage out.\n`);
    process.exitCode = 1;
  } else if (table) {
    process.env.SST_RESOURCE_Table = JSON.stringify({ name: table });
    await ask();
  } else {
    process.stdout.write(`${stage} has no table yet, so there is no data to know.\n`);
  }
} else if (process.env.SST_RESOURCE_Table) {
  await ask();
} else {
  process.stderr.write("Say which stage: node scripts/data-version.mjs STAGE\n");
  process.exitCode = 1;
}
