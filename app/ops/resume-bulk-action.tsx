import { Form, useSubmit } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { Button } from "../ui/button";
import { Notice } from "../ui/notice";
import { formatCount } from "../usage/cost";

/** A bulk action that exceeded one request, and where it resumes. */
export type UnfinishedBulkAction = { intent: "redrive" | "discard"; queue: string; before: string; moved: number };

/** Parses the unfinished action from the URL, which also resumes it without JavaScript. */
export function parseUnfinished(search: URLSearchParams): UnfinishedBulkAction | null {
  const [intent, queue, before] = ["resume", "queue", "before"].map((name) => search.get(name));
  if ((intent !== "redrive" && intent !== "discard") || !queue || !before) return null;
  return { intent, queue, before, moved: Number(search.get("moved")) || 0 };
}

/** Resumes an unfinished bulk action: automatically with JavaScript, else with a button. */
export function ResumeBulkAction({ unfinished, remaining }: { unfinished: UnfinishedBulkAction; remaining: number }) {
  const { intent, queue, before, moved } = unfinished;
  const submit = useSubmit();
  const form = useRef<HTMLFormElement>(null);
  const resumedFrom = useRef<number>();
  useEffect(() => {
    // A press that moved nothing would be repeated for ever.
    if (resumedFrom.current === moved || !form.current) return;
    resumedFrom.current = moved;
    submit(form.current, { preventScrollReset: true, replace: true });
  }, [moved, submit]);
  const done = intent === "redrive" ? "redriven" : "discarded";
  return (
    <Notice>
      <Form ref={form} method="post" action="/ops" preventScrollReset className="flex flex-wrap items-center gap-3">
        <input type="hidden" name="intent" value={intent} />
        <input type="hidden" name="queue" value={queue} />
        <input type="hidden" name="before" value={before} />
        <input type="hidden" name="moved" value={moved} />
        {formatCount(moved)} jobs {done}; {formatCount(remaining)} dead letters remaining.
        <Button type="submit" size="small">
          Continue
        </Button>
      </Form>
    </Notice>
  );
}
