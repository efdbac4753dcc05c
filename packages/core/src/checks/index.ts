import { currentRequestId, forRequest } from "../platform/correlation";
import { invoke } from "../platform/functions";
import { resources } from "../platform/resources";
import type { Reviewer } from "../reviewers/index";
import { type InTurnAnswer, type InTurnRequest, reviewInTurn } from "./in-turn";

export type { ReviewedFile } from "./in-turn";
export { requireCheckRequest } from "./request";

/** The engines' verbs that the rest of the product uses. */
export type Verb = "check" | "prove" | "compose" | "evidence" | "repeats" | "highlight" | "duplication" | "locate";

export type CheckRequest = { requestId?: string } & (
  | { [V in Verb]: { verb: V; args: Parameters<Reviewer[V]> } }[Verb]
  | { verb: "reviewTogether"; args: [InTurnRequest] }
);

type Call<V extends Verb> = (...args: Parameters<Reviewer[V]>) => Promise<Plain<Awaited<ReturnType<Reviewer[V]>>>>;

export type Checker = { [V in Verb]: Call<V> };

/** Typed arrays cross the wire as plain ones. */
type Plain<T> = T extends Uint32Array ? number[] : T;

let provided: Checker | undefined;

/** Puts engines of this process in place of the function that holds them: the bench and the tests of core do. */
export function provideChecker(checker: Checker | undefined): void {
  provided = checker;
}

const call =
  <V extends Verb>(verb: V) =>
  (...args: Parameters<Call<V>>): ReturnType<Call<V>> => {
    if (provided) return (provided[verb] as Call<V>)(...args);
    const last = args.at(-1);
    const signal = last && typeof last === "object" && "signal" in last ? last.signal : undefined;
    const plain = signal ? [...args.slice(0, -1), { ...(last as object), signal: undefined }] : args;
    return invoke(resources.CheckFunction.name, { verb, args: plain, requestId: currentRequestId() }, signal);
  };

/**
 * The reviewers, wherever they run: 45 MB of WASM that lives in one function of its own, never in the server that
 * renders pages. Throws NETWORK_ERROR when that function does not answer.
 */
export const checks: Checker = {
  check: call("check"),
  prove: call("prove"),
  compose: call("compose"),
  evidence: call("evidence"),
  repeats: call("repeats"),
  highlight: call("highlight"),
  duplication: call("duplication"),
  locate: call("locate"),
};

/** Has several files reviewed in one call: problems, which of their fixes hold, and what they repeat. */
export const reviewTogether = (request: InTurnRequest): Promise<InTurnAnswer> =>
  provided
    ? reviewInTurn(provided, request)
    : invoke(resources.CheckFunction.name, {
        verb: "reviewTogether",
        args: [request],
        requestId: currentRequestId(),
      } satisfies CheckRequest);

/** Answers a request with this process's engines: the body of the function that holds them. */
export function answerCheck(reviewer: Reviewer, request: CheckRequest): Promise<unknown> {
  return forRequest(request.requestId, () => answer(reviewer, request));
}

async function answer(reviewer: Reviewer, request: CheckRequest): Promise<unknown> {
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
    case "reviewTogether":
      return reviewInTurn(reviewer, ...request.args);
    case "highlight":
      return Array.from(await reviewer.highlight(...request.args));
  }
}
