import { createContext, useContext } from "react";
import type { ActInput } from "../review/acts";
import type { TalkInput } from "./acts";
import type { Answerers, PageChange } from "./page";
import type { Posted } from "./use-conversation";

/** What the parts of a conversation need of the page they are on. */
export type Talk = {
  sessionId: string;
  /** The open file. */
  path: string;
  /** Bytes of a file, for how much of it a question carries. */
  sizeOf: (path: string) => number;
  answerers: Answerers;
  /** Names for the next thread and message of a plain form. */
  nextThreadId: string;
  nextMessageId: string;
  /** Names the next act on the code of a plain form. */
  changeId: string;
  /** Changes with an act under way. */
  isPending: (changeId: string) => boolean;
  post: (posted: Posted) => Promise<string | undefined>;
  act: (input: TalkInput) => Promise<string | undefined>;
  onAct: (input: ActInput) => void;
  /** A file with the thread that is open. */
  hrefOfFile: (path: string) => string;
  /** Shows a file's part of a proposal where it stands in the code. */
  onShow: (file: PageChange["files"][number]) => void;
  refresh: () => Promise<void>;
};

const TalkContext = createContext<Talk | null>(null);

export const TalkProvider = TalkContext.Provider;

export function useTalk(): Talk {
  const talk = useContext(TalkContext);
  if (!talk) throw new Error("There is no conversation here.");
  return talk;
}
