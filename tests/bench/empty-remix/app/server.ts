import { createServer } from "node:http";
import * as build from "virtual:remix/server-build";
import { receive, sendFetchResponse } from "@redline/local/web/adapter";
import { createRequestHandler } from "@remix-run/node";

const answer = createRequestHandler(build, "production");

createServer(async (incoming, outgoing) => {
  const { request } = receive(incoming, outgoing, 1_000_000);
  await sendFetchResponse(outgoing, await answer(request));
}).listen(Number(process.env.PORT), "127.0.0.1");
