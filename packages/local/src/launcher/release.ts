/** Releases what `REDLINE_DEAD_INSTANCE`, a process of this laptop, held when it died. Run to its end. */
import { releaseLeases } from "@redline/core/recovery/index";

await releaseLeases({ instance: process.env.REDLINE_DEAD_INSTANCE ?? "" });
process.exit();
