import type { Draft } from "@redline/core/codebases/index";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { fetchJson, RequestFailed } from "../http/fetch-json";
import { DraftKeeper, type DraftPort, type DraftState } from "./draft-keeper";
import { type LocalDraft, localDrafts } from "./local-drafts";
import type { PageDraft } from "./page";
import { getTabId, isTabOpen } from "./tab-id";
import { sendReviewAction } from "./use-review-actions";

/** Edits of another window or an earlier visit, to be taken up or thrown away. */
export type OfferedDraft = {
  savedAt: string;
  paths: string[];
  take: () => Promise<void>;
  discard: () => Promise<void>;
};

export type Drafts = {
  state: DraftState;
  offered: OfferedDraft | null;
  keeper: DraftKeeper | null;
};

const NOTHING: DraftState = { status: "saved", unsent: 0, paths: [], revision: 0 };

/** What is typed in this window, kept safe; and what an earlier one left behind. `resolved` names a draft merged by now. */
export function useDrafts(sessionId: string, onServer: PageDraft | null, resolved: string | null): Drafts {
  const [state, setState] = useState(NOTHING);
  const [keeper, setKeeper] = useState<DraftKeeper | null>(null);
  const [offered, setOffered] = useState<OfferedDraft | null>(null);
  const first = useRef({ onServer, resolved });

  useEffect(() => {
    let isGone = false;
    let made: DraftKeeper | undefined;
    const start = async () => {
      const window = await getTabId();
      const { onServer, resolved } = first.current;
      if (resolved) await removeMergedDraft(sessionId, resolved);
      const own = await localDrafts.get(sessionId, window);
      if (isGone) return;
      made = new DraftKeeper({
        sessionId,
        window,
        port: createDraftPort(sessionId),
        local: localDrafts,
        onState: setState,
      });
      setKeeper(made);
      if (own) return made.adopt(own);
      const found = await findDraft(sessionId, window, onServer);
      if (isGone || !found) return;
      // The same window's draft needs no question: it is what this window was about.
      if (found.window === window) return made.adopt(found);
      const drop = async () => {
        setOffered(null);
        await localDrafts.remove(sessionId, found.window);
        await createDraftPort(sessionId)
          .dropDraft(found.window)
          .catch(() => {});
      };
      const take = async () => {
        made?.adopt(found);
        await drop();
      };
      setOffered({ savedAt: found.savedAt, paths: found.files.map((file) => file.path), take, discard: drop });
    };
    void start();
    const onOnline = () => made?.retry();
    const onHide = () => void made?.close();
    addEventListener("online", onOnline);
    addEventListener("pagehide", onHide);
    return () => {
      isGone = true;
      removeEventListener("online", onOnline);
      removeEventListener("pagehide", onHide);
      void made?.close();
    };
  }, [sessionId]);

  return useMemo(() => ({ state, offered, keeper }), [state, offered, keeper]);
}

/** A draft that was merged is done with, once: the address must not say so again after a reload. */
async function removeMergedDraft(sessionId: string, window: string): Promise<void> {
  await localDrafts.remove(sessionId, window);
  const url = new URL(location.href);
  url.searchParams.delete("merged");
  history.replaceState(history.state, "", url);
}

/** The newest draft that no other open window is at work on. */
async function findDraft(sessionId: string, window: string, onServer: PageDraft | null): Promise<LocalDraft | null> {
  const known = await localDrafts.list(sessionId);
  const isFree = async (id: string) => id === window || !(await isTabOpen(id));
  for (const draft of known) {
    const isNewer = !onServer || onServer.window === draft.window || draft.savedAt >= onServer.savedAt;
    if (isNewer && (await isFree(draft.window))) return draft;
  }
  if (!onServer || !(await isFree(onServer.window))) return null;
  const response = await fetch(`/sessions/${sessionId}/draft?window=${encodeURIComponent(onServer.window)}`).catch(
    () => null,
  );
  const draft = response?.ok ? ((await response.json()) as Draft | null) : null;
  return draft && { ...draft, sessionId };
}

function createDraftPort(sessionId: string): DraftPort {
  const send = async (method: "POST" | "DELETE", body: unknown): Promise<void> => {
    await fetchJson(`/sessions/${sessionId}/draft`, { method, body, offlineMessage: "Can't reach Redline." });
  };
  return {
    putDraft: (draft) => send("POST", draft),
    dropDraft: (window) => send("DELETE", { window }),
    save: (save) => sendReviewAction(sessionId, { intent: "save", ...save }),
  };
}

/** What is saved and what is not, in words. */
export function saveStateText({ status, unsent, problem }: DraftState): string {
  if (problem) return `saved in this browser only: ${problem}`;
  switch (status) {
    case "saved":
      return "saved";
    case "saving":
      return "saving…";
    case "draft":
      return "saved as draft";
    case "offline":
      return `offline (${unsent} ${unsent === 1 ? "change" : "changes"} saved in this browser)`;
  }
}

/** Saves what was typed as a version; true when nothing is left in the way of acting on the code. */
export function useSave(
  keeper: DraftKeeper | null,
  done: {
    onResult: (result: NonNullable<Awaited<ReturnType<DraftKeeper["save"]>>>) => void;
    onFail: (message: string) => void;
  },
): () => Promise<boolean> {
  const latest = useRef(done);
  latest.current = done;
  return useCallback(async () => {
    try {
      const result = await keeper?.save();
      if (!result) return true;
      latest.current.onResult(result);
      return result.outcome === "done" || result.outcome === "nothing";
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      const kept = "Your edits are saved in this browser and will be sent when you’re back online.";
      latest.current.onFail(error.isOffline ? kept : error.message);
      return false;
    }
  }, [keeper]);
}
