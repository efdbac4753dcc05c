import { currentRequestId, forRequest } from "../platform/correlation";
import { invoke } from "../platform/functions";
import { resources } from "../platform/resources";
import type { Reviewer } from "../reviewers/index";
import { type ReviewBatchRequest, type ReviewBatchResult, runReviewBatch } from "./review-batch";

export { parseReviewerRequest } from "./request";
export type { ReviewBatchResult, ReviewedFile } from "./review-batch";

/** The reviewer's methods that other domains call. */
export type ReviewerMethod =
  | "check"
  | "prove"
  | "compose"
  | "evidence"
  | "repeats"
  | "highlight"
  | "duplication"
  | "locate";

export type ReviewerRequest = { requestId?: string } & (
  | { [V in ReviewerMethod]: { verb: V; args: Parameters<Reviewer[V]> } }[ReviewerMethod]
  | { verb: "reviewBatch"; args: [ReviewBatchRequest] }
);

type Call<V extends ReviewerMethod> = (
  ...args: Parameters<Reviewer[V]>
) => Promise<Plain<Awaited<ReturnType<Reviewer[V]>>>>;

export type ReviewerClient = { [V in ReviewerMethod]: Call<V> };

/** Typed arrays cross the wire as plain ones. */
type Plain<T> = T extends Uint32Array ? number[] : T;

let inProcess: ReviewerClient | undefined;

/** Overrides the remote reviewer with an in-process one (tests, bench); undefined restores the remote one. */
export function setReviewerForTests(client: ReviewerClient | undefined): void {
  inProcess = client;
}

const call =
  <V extends ReviewerMethod>(verb: V) =>
  (...args: Parameters<Call<V>>): ReturnType<Call<V>> => {
    if (inProcess) return (inProcess[verb] as Call<V>)(...args);
    const last = args.at(-1);
    const signal = last && typeof last === "object" && "signal" in last ? last.signal : undefined;
    const plain = signal ? [...args.slice(0, -1), { ...(last as object), signal: undefined }] : args;
    return invoke(resources.CheckFunction.name, { verb, args: plain, requestId: currentRequestId() }, signal);
  };

/**
 * The client of the reviewer's function: 45 MB of WASM that the server which renders pages never loads. Throws
 * NETWORK_ERROR when the function does not respond.
 */
export const reviewerClient: ReviewerClient = {
  check: call("check"),
  prove: call("prove"),
  compose: call("compose"),
  evidence: call("evidence"),
  repeats: call("repeats"),
  highlight: call("highlight"),
  duplication: call("duplication"),
  locate: call("locate"),
};

/** Reviews several files in one call: their problems, which of the fixes hold, and duplicated code. */
export const reviewBatch = (request: ReviewBatchRequest): Promise<ReviewBatchResult> =>
  inProcess
    ? runReviewBatch(inProcess, request)
    : invoke(resources.CheckFunction.name, {
        verb: "reviewBatch",
        args: [request],
        requestId: currentRequestId(),
      } satisfies ReviewerRequest);

/** Handles a request with this process's engines: the body of the reviewer's function. */
export function handleReviewerRequest(reviewer: Reviewer, request: ReviewerRequest): Promise<unknown> {
  return forRequest(request.requestId, () => dispatch(reviewer, request));
}

async function dispatch(reviewer: Reviewer, request: ReviewerRequest): Promise<unknown> {
  switch (request.verb) {
    case "check":
      return reviewer.check(...request.args);
    case "prove":
      return reviewer.prove(...request.args);
    case "compose":
      return reviewer.compose(...request.args);
    case "evidence":
      return reviewer.evidence(...request.args);
    case "repeats":
      return reviewer.repeats(...request.args);
    case "duplication":
      return reviewer.duplication(...request.args);
    case "locate":
      return reviewer.locate(...request.args);
    case "reviewBatch":
      return runReviewBatch(reviewer, ...request.args);
    case "highlight":
      return Array.from(await reviewer.highlight(...request.args));
  }
}
