import { useNavigate } from "@remix-run/react";
import { useMemo } from "react";
import type { ReviewActionInput } from "../review/actions";
import type { ReviewPage } from "../review/page";
import { type PendingActions, pendingAction } from "../review/pending-actions";
import type { ConversationContextValue } from "./conversation-context";
import type { Conversation } from "./use-conversation";

type Settings = {
  page: ReviewPage;
  conversation: Conversation;
  thread: string | undefined;
  pending: PendingActions;
  onReviewAction: (input: ReviewActionInput) => void;
  /** Reveals an offset of the open file's stored text. */
  onReveal: (offset: number) => void;
};

/** Builds the conversation context value. */
export function useConversationContextValue({
  page,
  conversation,
  thread,
  pending,
  onReviewAction,
  onReveal,
}: Settings): ConversationContextValue {
  const navigate = useNavigate();
  const { postMessage, performAction, refresh } = conversation;
  return useMemo(() => {
    const { session, file, files, replyCapability: capability, nextThreadId, nextMessageId, changeId } = page;
    const path = file?.path ?? "";
    return {
      ...{ sessionId: session.id, path, capability, nextThreadId, nextMessageId, changeId },
      ...{ postMessage, performAction, refresh, onReviewAction },
      fileSize: (wanted) => files.find((each) => each.path === wanted)?.size ?? 0,
      pendingOn: (id) => pendingAction(pending, id),
      fileHref: (wanted) => `?${new URLSearchParams({ file: wanted, ...(thread && { thread }) })}`,
      onShow: (shown) => {
        if (shown.path === path && shown.hash === file?.hash) onReveal(shown.edits[0]?.start ?? 0);
        else navigate(`?${new URLSearchParams({ file: shown.path, ...(thread && { thread }) })}`);
      },
    };
  }, [page, thread, pending, postMessage, performAction, refresh, onReviewAction, onReveal, navigate]);
}
