/** Prompts: how an agent is to work with the person through Redline. */
import type { McpServer } from "@modelcontextprotocol/server";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";

const message = (text: string) => ({ messages: [{ role: "user" as const, content: { type: "text" as const, text } }] });

export function registerPrompts(server: McpServer): void {
  server.registerPrompt(
    "review_changes",
    {
      title: "Review what changed",
      description: "Review a difference, and propose fixes for what it brought",
      argsSchema: toStandardJsonSchema(
        v.object({ range: v.optional(v.pipe(v.string(), v.description("A git range, such as main...HEAD"))) }),
      ),
    },
    ({ range }) =>
      message(
        `Review what changed with review_diff${range ? ` and the range ${range}` : ""}. For each finding of severity critical or major, read the code, and call explain_finding where the reason is not clear. Propose each fix that you are sure of with propose_change, one change for each problem. Then list the findings that you leave, with why.`,
      ),
  );
  server.registerPrompt(
    "propose_edits",
    {
      title: "Propose edits instead of making them",
      description: "Do a task by changes that the person accepts by hunk",
      argsSchema: toStandardJsonSchema(v.object({ task: v.pipe(v.string(), v.description("What to do")) })),
    },
    ({ task }) =>
      message(
        `${task}\n\nDo not edit files yourself. Propose each edit with propose_change, in parts that can be read alone, and tell me the url. Then ask get_decision. Where a hunk was rejected, read the notes, and propose another change in the same thread; where it was accepted, the file has it already.`,
      ),
  );
  server.registerPrompt(
    "answer_threads",
    {
      title: "Answer the open threads",
      description: "Work through the open threads of a session",
      argsSchema: toStandardJsonSchema(v.object({ session: v.pipe(v.string(), v.description("The session's id")) })),
    },
    ({ session }) =>
      message(
        `Call list_threads for the session ${session} with status open, and read each thread's messages. Where a person asks for a change, propose it with propose_change in that thread; where they ask a question, answer it with reply.`,
      ),
  );
}
