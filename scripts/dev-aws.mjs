/**
 * The site's command under `npx sst dev`: serves the app from source on the resources of the developer's stage. SST passes
 * the links and the permissions of the site's role in the environment.
 */
import { chdir } from "node:process";
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

chdir(fileURLToPath(new URL("..", import.meta.url)));

if (!process.env.SST_RESOURCE_App) {
  process.stderr.write(
    "Run `npx sst dev` instead: it starts this with the stage's resources linked. Without AWS: npm run dev.\n",
  );
  process.exit(1);
}
Object.assign(process.env, { NODE_ENV: "development", REDLINE_DEV: "1" });
register();
await import("../packages/local/src/web/main.ts");
