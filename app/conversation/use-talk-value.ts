import { useNavigate } from "@remix-run/react";
import { useMemo } from "react";
import type { ActInput, Intent } from "../review/acts";
import type { ReviewPage } from "../review/page";
import type { Talk } from "./context";
import type { Conversation } from "./use-conversation";

type Settings = {
  page: ReviewPage;
  conversation: Conversation;
  thread: string | undefined;
  pending: ReadonlyMap<string, Intent>;
  onAct: (input: ActInput) => void;
  /** Shows a place of the open file; an offset of its stored text. */
  onReveal: (offset: number) => void;
};

/** What the parts of the conversation are given of the page. */
export function useTalkValue({ page, conversation, thread, pending, onAct, onReveal }: Settings): Talk {
  const navigate = useNavigate();
  const { post, act, refresh } = conversation;
  return useMemo(() => {
    const { session, file, files, answerers, nextThreadId, nextMessageId, changeId } = page;
    const path = file?.path ?? "";
    return {
      ...{ sessionId: session.id, path, answerers, nextThreadId, nextMessageId, changeId },
      ...{ post, act, refresh, onAct },
      sizeOf: (wanted) => files.find((each) => each.path === wanted)?.size ?? 0,
      isPending: (changeId) => pending.has(changeId),
      hrefOfFile: (wanted) => `?${new URLSearchParams({ file: wanted, ...(thread && { thread }) })}`,
      onShow: (shown) => {
        if (shown.path === path && shown.hash === file?.hash) onReveal(shown.edits[0]?.start ?? 0);
        else navigate(`?${new URLSearchParams({ file: shown.path, ...(thread && { thread }) })}`);
      },
    };
  }, [page, thread, pending, post, act, refresh, onAct, onReveal, navigate]);
}
