import { useCallback, useEffect, useRef, useState } from "react";
import type { Lines } from "../editor/code-html";
import type { PageFinding, ReviewPage } from "../review/page";
import { useToast } from "../ui/toast";
import { canReply, type MessageKind } from "./page";
import type { Conversation, Subject } from "./use-conversation";

type Settings = {
  page: ReviewPage;
  conversation: Conversation;
  lines: Lines | null;
  /** The finding that is selected. */
  finding: PageFinding | undefined;
  onThread: (id: string) => void;
  /** The margin is wanted, where panes are tabs. */
  onMargin: () => void;
};

/** Returns functions that ask about the selected lines, else the finding, else the whole file. */
export function useAsk(settings: Settings) {
  const toast = useToast();
  const latest = useRef(settings);
  latest.current = settings;

  const askAbout = useCallback(
    (subject: Subject, intent: MessageKind) => {
      const { page, conversation, onThread, onMargin } = latest.current;
      onMargin();
      const { finding } = subject;
      const existing = finding && conversation.threads.find(isOpenAbout(finding.identity));
      // A finding has one conversation: asking again goes on with it.
      if (existing && (intent === "ask" || intent === "explain")) return onThread(existing.id);
      if (intent === "ask") return conversation.openComposer(subject);
      if (!canReply(page.replyCapability, intent, hasBuiltinFinding(page, subject))) {
        return toast({
          message: page.replyCapability.reason ?? "No model is configured to reply to this.",
          tone: "error",
        });
      }
      void conversation.startThread(subject, { text: "", messageKind: intent, replyMode: "reply" });
    },
    [toast],
  );
  const askFinding = useCallback(
    (finding: PageFinding, intent: MessageKind) => {
      const { path, identity, title, startLine, endLine } = finding;
      askAbout({ path, lines: { first: startLine, last: endLine }, finding: { identity, title } }, intent);
    },
    [askAbout],
  );
  const ask = useCallback(
    (intent: MessageKind) => {
      const { page, lines, finding } = latest.current;
      if (!page.file) return;
      if (lines) askAbout({ path: page.file.path, lines }, intent);
      else if (finding) askFinding(finding, intent);
      else askAbout({ path: page.file.path }, intent);
    },
    [askAbout, askFinding],
  );
  return { ask, askFinding, askAbout };
}

const isOpenAbout =
  (identity: string) =>
  ({ finding, status }: Conversation["threads"][number]): boolean =>
    finding?.identity === identity && status === "open";

/** Returns whether the subject has a built-in finding, which can be explained and fixed without a model. */
export function hasBuiltinFinding(page: ReviewPage, { path, lines, finding }: Subject): boolean {
  return page.findings.some(
    (each) =>
      !("source" in each && each.source === "model") &&
      (finding
        ? each.identity === finding.identity
        : each.path === path && !!lines && each.startLine <= lines.last && each.endLine >= lines.first),
  );
}

/** Returns the selected lines once the pointer is released. */
export function useSettledLines(lines: Lines | null): Lines | null {
  const [settled, setSettled] = useState<Lines | null>(null);
  const isDown = useRef(false);
  const latest = useRef(lines);
  latest.current = lines;
  useEffect(() => {
    if (!isDown.current) setSettled(lines);
  }, [lines]);
  useEffect(() => {
    const down = () => {
      isDown.current = true;
    };
    const up = () => {
      isDown.current = false;
      setSettled(latest.current);
    };
    document.addEventListener("pointerdown", down);
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, up);
    return () => {
      document.removeEventListener("pointerdown", down);
      for (const end of ["pointerup", "pointercancel"]) document.removeEventListener(end, up);
    };
  }, []);
  return settled;
}
