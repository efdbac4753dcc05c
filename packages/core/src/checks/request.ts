import * as v from "valibot";
import { AppError } from "../errors";
import { FileReportSchema, FixEditSchema } from "../reviewers/index";
import type { CheckRequest } from "./index";

const file = v.object({ path: v.string(), text: v.string(), language: v.string() });
const mergedFile = v.object({
  ...{ path: v.string(), language: v.string() },
  ...{ mine: v.string(), theirs: v.string(), text: v.string() },
});
const range = v.object({ start: FixEditSchema.entries.start, end: FixEditSchema.entries.end });
const changes = v.array(v.object({ id: v.string(), edits: v.array(FixEditSchema) }));
const options = v.optional(v.looseObject({ priority: v.optional(v.picklist(["typing", "job"])) }));
const together = v.object({ files: v.array(file), duplicatesIn: v.optional(v.array(v.union([file, v.string()]))) });

const asks = <Verb extends CheckRequest["verb"], Args extends v.TupleItems>(verb: Verb, args: Args) =>
  v.object({ verb: v.literal(verb), args: v.tuple(args), requestId: v.optional(v.string()) });

const requestSchema = v.variant("verb", [
  asks("check", [file, options]),
  asks("prove", [file, FileReportSchema, options]),
  asks("compose", [file, changes, options]),
  asks("evidence", [v.nullable(file), file, options]),
  asks("repeats", [mergedFile, options]),
  asks("highlight", [v.object({ text: v.string(), language: v.string() }), options]),
  asks("duplication", [v.array(file), options]),
  asks("locate", [file, v.array(range), options]),
  asks("reviewTogether", [together]),
]);

/** Throws INVALID_INPUT for what is no request to the engines, whoever invokes their function. */
export function requireCheckRequest(request: unknown): CheckRequest {
  if (v.is(requestSchema, request)) return request as CheckRequest;
  throw new AppError("INVALID_INPUT", "The event is no request to the code checker.");
}
