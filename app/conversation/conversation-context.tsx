import { createContext, useContext } from "react";
import type { ReviewActionInput, ReviewIntent } from "../review/actions";
import type { ConversationActionInput } from "./actions";
import type { PageChange, ReplyCapability } from "./page";
import type { MessageDraft } from "./use-conversation";

/** The page context of the conversation's components. */
export type ConversationContextValue = {
  sessionId: string;
  /** The open file. */
  path: string;
  /** Bytes of a file, for how much of it a question carries. */
  fileSize: (path: string) => number;
  capability: ReplyCapability;
  /** Ids for the next thread and message of a plain form. */
  nextThreadId: string;
  nextMessageId: string;
  /** Id for the next change of a plain form. */
  changeId: string;
  /** Returns the action in progress on a finding or change. */
  pendingOn: (id: string) => ReviewIntent | undefined;
  postMessage: (draft: MessageDraft) => Promise<string | undefined>;
  performAction: (input: ConversationActionInput) => Promise<string | undefined>;
  onReviewAction: (input: ReviewActionInput) => void;
  /** Returns the URL of a file with the open thread. */
  fileHref: (path: string) => string;
  /** Reveals a proposal's hunk in the code. */
  onShow: (file: PageChange["files"][number]) => void;
  refresh: () => Promise<void>;
};

const ConversationContext = createContext<ConversationContextValue | null>(null);

export const ConversationProvider = ConversationContext.Provider;

export function useConversationContext(): ConversationContextValue {
  const talk = useContext(ConversationContext);
  if (!talk) throw new Error("There is no conversation here.");
  return talk;
}
