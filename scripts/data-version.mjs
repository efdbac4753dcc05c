/**
 * Whether the code that is checked out knows the data of a stage, asked before it is deployed there:
 * `npx sst shell --stage STAGE -- node scripts/data-version.mjs`. Ends with 0 or 1; a stage that is not there yet has no data.
 */
import { tsImport } from "tsx/esm/api";

/** @type {typeof import("../packages/core/src/platform/schema-version")} */
const { CODE, dataVersions, knows, refusal } = await tsImport(
  "../packages/core/src/platform/schema-version.ts",
  import.meta.url,
);

if (!process.env.SST_RESOURCE_Table) {
  process.stdout.write("This stage has no table yet, so there is no data to know.\n");
} else {
  const data = await dataVersions();
  if (knows(CODE, data)) {
    process.stdout.write(`The data is of version ${data.oldest} to ${data.newest}, which this commit knows.\n`);
  } else {
    process.stderr.write(`${refusal(CODE, data)}\n`);
    process.exitCode = 1;
  }
}
