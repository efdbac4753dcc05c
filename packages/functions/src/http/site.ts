import { handle, invocation, settleWork, traceWith } from "redline-site";
import { overFunctionUrl } from "../function-url";

traceWith(() => import("../xray"));

/** The site: the same server as on the laptop. */
export const handler = overFunctionUrl(handle, (context, run) => invocation("site", context, run));

/** Its event streams, on a function of their own: the instance lives on until the replies it writes are complete. */
export const streams = overFunctionUrl(handle, (context, run) =>
  invocation("streams", context, async () => {
    await run();
    await settleWork();
  }),
);
