import * as v from "valibot";
import { LIMITS } from "../limits";
import { differenceSourceSchema, sessionId, sessionName } from "../sessions/schema";
import type { FileSides, KnownPart } from "../text/index";
import { newUlid } from "../ulid";

export type { DifferenceSource } from "../sessions/schema";
export {
  type DecisionState,
  decisionId,
  type FileToStage,
  type LinesDecision,
  newDecisionId,
  type PlacedLines,
  type ShownDecision,
  type Turn,
} from "./decisions/schema";
export { isPatchName, isPatchText } from "./patch-files";

/** One changed file of a difference, without its texts, which are the versions'. */
export type DifferenceFile = {
  /** On the head; of a deleted file on the base. */
  path: string;
  /** On the base, where it was another: of a renamed or copied file. */
  from?: string;
  status: FileSides["status"];
  oldMode?: string;
  newMode?: string;
  /** Why it has no text here: a binary file, a link, a submodule, too large. */
  textless?: string;
  /** Only these lines are here, as the difference came without its files. */
  parts?: KnownPart[];
  added: number;
  removed: number;
  /** Blocks of changed lines; not counted in differences that were stored first. */
  hunks?: number;
  /** The content that was counted. */
  headHash?: string;
};

/** A head that a difference was given, by the version that holds it; `base` is the version of its base. */
export type DifferenceHead = {
  version: number;
  base: number;
  files: DifferenceFile[];
  /** What it is after, in the words of who gave it: "turn 3". */
  label?: string;
  authorName: string;
  createdAt: string;
};

/** A head without its files, to choose from. */
export type HeadSummary = Omit<DifferenceHead, "files">;

const mode = v.optional(v.pipe(v.string(), v.regex(/^[0-7]{6}$/, "A mode has six digits, as git writes it.")));
const text = v.optional(v.nullable(v.string()));

/** A changed file with both sides: null (or absent) where there is no such file. */
export const changedFileSchema = v.object({
  path: v.string(),
  from: v.optional(v.string()),
  isCopied: v.optional(v.literal(true)),
  before: text,
  after: text,
  oldMode: mode,
  newMode: mode,
  /** Why its text is not sent. */
  textless: v.optional(v.pipe(v.string(), v.maxLength(100))),
});
export type ChangedFile = v.InferOutput<typeof changedFileSchema>;

const baseFile = v.object({ path: v.string(), text: v.string() });

/** The two sides of a difference: every changed file, or a patch with as many of its files before as are at hand. */
export const contentSchema = v.variant("kind", [
  v.object({
    kind: v.literal("files"),
    files: v.pipe(
      v.array(changedFileSchema),
      v.minLength(1, "There is no difference: no file is changed."),
      v.maxLength(LIMITS.difference.maxFiles, `The limit is ${LIMITS.difference.maxFiles} changed files.`),
    ),
  }),
  v.object({
    kind: v.literal("patch"),
    patch: v.pipe(v.string(), v.maxLength(LIMITS.difference.maxPatchBytes, "This patch is too large.")),
    base: v.optional(v.array(baseFile), []),
  }),
]);
export type DifferenceContent = v.InferOutput<typeof contentSchema>;

export const createDifferenceSchema = v.object({
  key: v.pipe(v.string(), v.minLength(8), v.maxLength(64)),
  teamId: v.optional(v.string()),
  name: v.optional(sessionName),
  source: differenceSourceSchema,
  content: contentSchema,
});

/** A patch as a browser sends it: pasted, or in files, with as many of its files before as are at hand. */
export const createFromPatchSchema = v.object({
  key: v.pipe(v.string(), v.minLength(8), v.maxLength(64)),
  teamId: v.optional(v.string()),
  name: v.optional(
    v.union([
      v.pipe(
        v.literal(""),
        v.transform(() => undefined),
      ),
      sessionName,
    ]),
  ),
  pasted: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.difference.maxPatchBytes, "This patch is too large.")), ""),
  files: v.optional(
    v.array(v.object({ path: v.string(), bytes: v.instance(Uint8Array, "A file must come as bytes.") })),
    [],
  ),
  uploads: v.optional(v.array(v.object({ key: v.string(), path: v.string() })), []),
});

export const addHeadSchema = v.object({
  sessionId,
  source: v.optional(differenceSourceSchema),
  /** What this head is after; where none is given, the label of the agent's turn that is open. */
  label: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(100, "A label has at most 100 characters."))),
  content: contentSchema,
  /** The version that whoever made this head knew last. */
  after: v.optional(v.pipe(v.number("Enter a version number."), v.integer(), v.minValue(1))),
});

export const VERDICTS = ["approve", "request-changes", "comment"] as const;
export type VerdictKind = (typeof VERDICTS)[number];

export const verdictId = v.pipe(v.string(), v.regex(/^ver_[0-9A-HJKMNP-TV-Z]{26}$/, "That is not a verdict's id."));

export const newVerdictId = (): string => `ver_${newUlid()}`;

export const verdictSchema = v.pipe(
  v.object({
    sessionId,
    id: verdictId,
    kind: v.picklist(VERDICTS),
    /** The version that was read. */
    version: v.pipe(v.number(), v.integer(), v.minValue(1)),
    summary: v.pipe(v.string(), v.trim(), v.maxLength(LIMITS.verdict.maxChars, "The summary is too long.")),
  }),
  v.check(({ kind, summary }) => kind === "approve" || summary !== "", "Write what should change, or what you saw."),
);

/** A person's verdict on a version of a difference. */
export type Verdict = {
  id: string;
  kind: VerdictKind;
  version: number;
  summary: string;
  authorName: string;
  createdAt: string;
};
