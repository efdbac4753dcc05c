import { localOwner } from "@redline/core/auth/index";
import { readText } from "@redline/core/codebases/internal";
import { openSession } from "@redline/core/review/index";
import { openThreadsOf } from "@redline/core/threads/internal";
import type { LoaderFunctionArgs } from "@remix-run/node";

/** Makes the reads that our session page makes, and shows nothing of them. */
export async function loader({ params }: LoaderFunctionArgs) {
  const { session, codebase } = await openSession(localOwner(), { sessionId: params.id ?? "" });
  await openThreadsOf(session, codebase);
  const [entry] = codebase.tree;
  const text = entry ? await readText(codebase, entry) : "";
  return { characters: text.length };
}

export default function Reads() {
  return <h1>Empty</h1>;
}
