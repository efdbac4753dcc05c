import * as v from "valibot";
import { AppError } from "../errors";
import { FileReportSchema, FixEditSchema } from "../reviewers/index";
import type { ReviewerRequest } from "./index";

const file = v.object({ path: v.string(), text: v.string(), language: v.string() });
const mergedFile = v.object({
  ...{ path: v.string(), language: v.string() },
  ...{ mine: v.string(), theirs: v.string(), text: v.string() },
});
const range = v.object({ start: FixEditSchema.entries.start, end: FixEditSchema.entries.end });
const changes = v.array(v.object({ id: v.string(), edits: v.array(FixEditSchema) }));
const options = v.optional(v.looseObject({ priority: v.optional(v.picklist(["typing", "job"])) }));
const batch = v.object({ files: v.array(file), duplicatesIn: v.optional(v.array(v.union([file, v.string()]))) });

const request = <Method extends ReviewerRequest["verb"], Args extends v.TupleItems>(verb: Method, args: Args) =>
  v.object({ verb: v.literal(verb), args: v.tuple(args), requestId: v.optional(v.string()) });

const requestSchema = v.variant("verb", [
  request("check", [file, options]),
  request("prove", [file, FileReportSchema, options]),
  request("compose", [file, changes, options]),
  request("evidence", [v.nullable(file), file, options]),
  request("repeats", [mergedFile, options]),
  request("highlight", [v.object({ text: v.string(), language: v.string() }), options]),
  request("duplication", [v.array(file), options]),
  request("locate", [file, v.array(range), options]),
  request("reviewBatch", [batch]),
]);

/** Returns the event as a request to the engines. Throws INVALID_INPUT for any other event. */
export function parseReviewerRequest(event: unknown): ReviewerRequest {
  if (v.is(requestSchema, event)) return event as ReviewerRequest;
  throw new AppError("INVALID_INPUT", "The event is no request to the code checker.");
}
