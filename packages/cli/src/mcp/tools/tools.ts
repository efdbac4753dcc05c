/** The tools, with what clients are told of them. */
import {
  isInputRequiredResult,
  type McpServer,
  type ServerContext,
  type ToolAnnotations,
} from "@modelcontextprotocol/server";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { CommandFailure } from "../../failure";
import { Call, type Connection, type Host } from "../call";
import { decisionInput, decisionOutput, getDecision } from "./decision";
import { proposeChange, proposeInput, proposeOrApplyInput, proposeOutput } from "./propose";
import { reviewDiff, reviewDiffInput, reviewFiles, reviewFilesInput, reviewOutput } from "./review";
import {
  explainFinding,
  explainInput,
  listFindings,
  listFindingsInput,
  listThreads,
  listThreadsInput,
  reply,
  replyInput,
} from "./session";

type ObjectSchema = v.GenericSchema<unknown, unknown>;
type About<Input extends ObjectSchema> = {
  title: string;
  description: string;
  input: Input;
  output?: ObjectSchema;
  annotations: ToolAnnotations;
  run: (input: v.InferOutput<Input>, call: Call) => Promise<unknown>;
};

const READS: ToolAnnotations = { readOnlyHint: true, openWorldHint: false };
const ADDS: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
};

export function registerTools(server: McpServer, host: Host, connection: Connection): void {
  const tool = <Input extends ObjectSchema>(name: string, about: About<Input>): void => {
    const { title, description, annotations, input, output, run } = about;
    const config = {
      ...{ title, description, annotations, inputSchema: toStandardJsonSchema(input) },
      ...(output && { outputSchema: toStandardJsonSchema(output) }),
    };
    server.registerTool(
      name,
      config as never,
      (async (given: v.InferOutput<Input>, context: ServerContext) => {
        try {
          return answer(await run(given, new Call(host, server, connection, context)));
        } catch (error) {
          // Nobody reads the answer of a call that was cancelled.
          if (context.mcpReq.signal.aborted) throw error;
          return failure(name, error, host);
        }
      }) as never,
    );
  };
  tool("review_files", {
    title: "Review files",
    description:
      "Reviews whole files of the work tree with the built-in reviewer. Returns findings by severity, and what was not covered.",
    ...{ input: reviewFilesInput, output: reviewOutput, annotations: READS, run: reviewFiles },
  });
  tool("review_diff", {
    title: "Review a difference",
    description:
      "Reviews what a difference brings: a diff in any common dialect, a git range, what is staged, or, without arguments, what is not committed. Returns new findings only, unless asked for the old ones.",
    ...{ input: reviewDiffInput, output: reviewOutput, annotations: READS, run: reviewDiff },
  });
  tool("propose_change", {
    title: "Propose a change",
    description: `Proposes an edit of files in the work tree to the person, who accepts or rejects it by hunk in Redline; use it instead of editing these files. Give edits (search and replace), a diff, or whole files. Answers at once with an id, a url and findings before and after; get_decision then tells what was decided.${host.allowApply ? " With apply the change is made at once." : ""}`,
    input: host.allowApply ? proposeOrApplyInput : proposeInput,
    ...{ output: proposeOutput, annotations: ADDS, run: proposeChange },
  });
  tool("get_decision", {
    title: "Get the decision on a proposed change",
    description:
      "Tells what the person decided on each hunk: open, accepted, edited, rejected, undone or outdated, with their notes. Waits up to 45 s while it is open, and then says so. What was accepted is written to the work tree.",
    ...{ input: decisionInput, output: decisionOutput, run: getDecision },
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  });
  tool("list_findings", {
    title: "List a session's findings",
    description: "Lists the findings of a session in Redline that nobody has decided on.",
    ...{ input: listFindingsInput, annotations: READS, run: listFindings },
  });
  tool("explain_finding", {
    title: "Explain a finding",
    description: "Explains a rule with a bad and a good example, or a finding of a session.",
    ...{ input: explainInput, annotations: READS, run: explainFinding },
  });
  tool("list_threads", {
    title: "List a session's threads",
    description: "Lists the threads of a session, or with a thread's id its messages.",
    ...{ input: listThreadsInput, annotations: READS, run: listThreads },
  });
  tool("reply", {
    title: "Reply in a thread",
    description: "Writes a message in a thread, in the agent's name.",
    ...{ input: replyInput, annotations: ADDS, run: reply },
  });
}

function answer(result: unknown) {
  if (isInputRequiredResult(result)) return result;
  return { content: [{ type: "text", text: JSON.stringify(result) }], structuredContent: plain(result) };
}

/** As it is on the wire: without what is undefined, which schemas of the client's would refuse. */
const plain = (result: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(result));

/** A refusal is for the agent to read; anything else is ours, and told on standard error as well. */
function failure(name: string, error: unknown, { log }: Host) {
  const text =
    error instanceof CommandFailure
      ? [error.message, error.hint].filter(Boolean).join(" ")
      : `${name} failed: ${(error as Error).message}`;
  if (!(error instanceof CommandFailure)) log(`${name}: ${(error as Error).stack ?? error}`);
  return { isError: true, content: [{ type: "text", text }] };
}
