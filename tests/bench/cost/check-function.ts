/** The engines' function alone, behind Lambda's Invoke, in a process of its own. Prints its address and ends with its parent. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { handleReviewerRequest, type ReviewerRequest } from "@redline/core/reviewer-client/index";
import { createReviewer } from "@redline/core/reviewers/index";

const reviewer = createReviewer();
const server = createServer(async (request, response) => {
  const asked = (await json(request)) as ReviewerRequest;
  const cpu = process.cpuUsage();
  const answer = await handleReviewerRequest(reviewer, asked);
  const { user, system } = process.cpuUsage(cpu);
  response.setHeader("x-cpu-ms", (user + system) / 1_000);
  response.end(JSON.stringify(answer));
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().once("end", () => process.exit());
