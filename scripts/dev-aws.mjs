/**
 * What `npx sst dev` starts for the site: the app from source, on the table, blobs and queues of the developer's stage.
 * SST's command line links them by the environment, with the permissions that the site has there.
 */
import { chdir } from "node:process";
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

chdir(fileURLToPath(new URL("..", import.meta.url)));

if (!process.env.SST_RESOURCE_App) {
  process.stderr.write("This is started by `npx sst dev`, which links the stage to it. On a laptop: npm run dev.\n");
  process.exit(1);
}
Object.assign(process.env, { NODE_ENV: "development", REDLINE_DEV: "1" });
register();
await import("../packages/local/src/web/main.ts");
