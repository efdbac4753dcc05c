import { answersSettled, handle, publishCounts } from "redline-site";
import { overFunctionUrl } from "../function-url";

/** The site: the same server as on the laptop. */
export const handler = overFunctionUrl(handle, async () => publishCounts());

/** Its event streams, on a function of their own: the instance lives on until the answers it writes are complete. */
export const streams = overFunctionUrl(handle, async () => {
  await answersSettled();
  publishCounts();
});
