/** Dockerfiles, read by dockerfile-ast. Synchronous; runs in the worker only. */
import { DockerfileParser, type Instruction } from "dockerfile-ast";
import { lineStarts } from "../../positions";
import type { EngineResult } from "../engine";
import { dockerfileRules } from "./rules";

const keywords: ReadonlySet<string> = new Set([
  ...["FROM", "RUN", "CMD", "LABEL", "MAINTAINER", "EXPOSE", "ENV", "ADD", "COPY", "ENTRYPOINT", "VOLUME", "USER"],
  ...["WORKDIR", "ARG", "ONBUILD", "STOPSIGNAL", "HEALTHCHECK", "SHELL"],
]);
/** Preprocessed files and templates are no Dockerfiles before they are rendered. */
const template = /\{\{|\{%|<%|^\s*#\s*(?:if|ifdef|include)\s|%%\w+%%|^include\(/m;

export function lintDockerfile(text: string): EngineResult {
  if (template.test(text)) return { findings: [] };
  const file = DockerfileParser.parse(text);
  const starts = lineStarts(text);
  const place = (each: Instruction) => {
    const { start } = each.getRange();
    const from = (starts[start.line] ?? 0) + start.character;
    const line = text.indexOf("\n", from);
    return { start: from, end: Math.max(from + 1, line < 0 ? text.length : line - (text[line - 1] === "\r" ? 1 : 0)) };
  };
  const unknown = file.getInstructions().find((each) => !keywords.has(each.getKeyword()));
  const message = `There is no instruction \`${unknown?.getInstruction().slice(0, 40)}\``;
  const findings = dockerfileRules.flatMap(({ id, title, find }) =>
    find(file).map((each) => ({ rule: `redline/dockerfile/${id}`, title, ...place(each) })),
  );
  // What follows an unknown word may be of a newer syntax, or another kind of file.
  if (!unknown) return { findings };
  if (file.getFROMs().length === 0) return { findings: [] };
  return { findings, parseErrors: [{ message, ...place(unknown) }] };
}
