import { createContext, useContext } from "react";
import type { ReviewActionInput } from "../review/actions";
import type { ConversationActionInput } from "./actions";
import type { PageChange, ReplyCapability } from "./page";
import type { MessageDraft } from "./use-conversation";

/** What the parts of a conversation need of the page they are on. */
export type ConversationContextValue = {
  sessionId: string;
  /** The open file. */
  path: string;
  /** Bytes of a file, for how much of it a question carries. */
  fileSize: (path: string) => number;
  capability: ReplyCapability;
  /** Names for the next thread and message of a plain form. */
  nextThreadId: string;
  nextMessageId: string;
  /** Names the next act on the code of a plain form. */
  changeId: string;
  /** Changes with an act under way. */
  isPending: (changeId: string) => boolean;
  postMessage: (draft: MessageDraft) => Promise<string | undefined>;
  performAction: (input: ConversationActionInput) => Promise<string | undefined>;
  onReviewAction: (input: ReviewActionInput) => void;
  /** A file with the thread that is open. */
  fileHref: (path: string) => string;
  /** Shows a file's part of a proposal where it stands in the code. */
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
