import { exportCalls } from "@redline/core/usage/index";
import { getActor } from "../http/actor.server";
import { download } from "../http/download.server";
import { withResponseErrors } from "../http/errors.server";

/** `GET /settings/usage.csv?from=&to=`: every model call of the days, read from the ledger as it is sent. */
export const loader = withResponseErrors(async ({ request }) => {
  const actor = await getActor(request);
  const query = new URL(request.url).searchParams;
  const from = query.get("from") ?? "";
  const to = query.get("to") ?? "";
  const lines = await exportCalls(actor, { from, to });
  return download(toByteStream(lines), {
    stem: `redline-usage-${from}-${to}`,
    extension: "csv",
    type: "text/csv; charset=utf-8",
  });
});

/** Streams lines as bytes with backpressure. */
function toByteStream(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}
