import type { Draft } from "@redline/core/codebases/index";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { fetchJson, RequestFailed } from "../http/fetch-json";
import { DraftKeeper, type DraftPort, type DraftState } from "./draft-keeper";
import { type LocalDraft, localDrafts } from "./local-drafts";
import type { PageDraft } from "./page";
import { getTabId, isTabOpen } from "./tab-id";
import { sendReviewAction } from "./use-review-actions";

/** A draft of another tab or an earlier visit, to be adopted or discarded. */
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

/** Keeps this tab's edits as a draft, and offers one that an earlier tab left. `resolved` names a merged draft. */
export function useDrafts(sessionId: string, onServer: PageDraft | null, resolved: string | null): Drafts {
  const [state, setState] = useState(NOTHING);
  const [keeper, setKeeper] = useState<DraftKeeper | null>(null);
  const [offered, setOffered] = useState<OfferedDraft | null>(null);
  const first = useRef({ onServer, resolved });

  useEffect(() => {
    let isGone = false;
    let made: DraftKeeper | undefined;
    const start = async () => {
      const draftId = await getTabId();
      const { onServer, resolved } = first.current;
      if (resolved) await removeMergedDraft(sessionId, resolved);
      const own = await localDrafts.get(sessionId, draftId);
      if (isGone) return;
      made = new DraftKeeper({
        sessionId,
        draftId,
        port: createDraftPort(sessionId),
        local: localDrafts,
        onState: setState,
      });
      setKeeper(made);
      if (own) return made.adopt(own);
      const found = await findDraft(sessionId, draftId, onServer);
      if (isGone || !found) return;
      // This tab's own draft needs no question.
      if (found.draftId === draftId) return made.adopt(found);
      const drop = async () => {
        setOffered(null);
        await localDrafts.remove(sessionId, found.draftId);
        await createDraftPort(sessionId)
          .dropDraft(found.draftId)
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

/** Removes a merged draft, and its parameter from the URL so that a reload doesn't repeat it. */
async function removeMergedDraft(sessionId: string, draftId: string): Promise<void> {
  await localDrafts.remove(sessionId, draftId);
  const url = new URL(location.href);
  url.searchParams.delete("merged");
  history.replaceState(history.state, "", url);
}

/** Returns the newest draft that no other open tab is editing. */
async function findDraft(sessionId: string, draftId: string, onServer: PageDraft | null): Promise<LocalDraft | null> {
  const known = await localDrafts.list(sessionId);
  const isFree = async (id: string) => id === draftId || !(await isTabOpen(id));
  for (const draft of known) {
    const isNewer = !onServer || onServer.draftId === draft.draftId || draft.savedAt >= onServer.savedAt;
    if (isNewer && (await isFree(draft.draftId))) return draft;
  }
  if (!onServer || !(await isFree(onServer.draftId))) return null;
  const response = await fetch(`/sessions/${sessionId}/draft?draftId=${encodeURIComponent(onServer.draftId)}`).catch(
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
    dropDraft: (draftId) => send("DELETE", { draftId }),
    save: (save) => sendReviewAction(sessionId, { intent: "save", ...save }),
  };
}

/** Describes the save state. */
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

/** Returns a function that saves the draft as a version; it resolves to true when no edits remain. */
export function useSave(
  keeper: DraftKeeper | null,
  done: {
    onResult: (result: NonNullable<Awaited<ReturnType<DraftKeeper["save"]>>>) => void;
    /** `isRefused`: the user may not save, as in a session that was moved to the trash. */
    onFail: (message: string, isRefused: boolean) => void;
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
      const kept = "Your edits are saved in this browser and will be sent when you're back online.";
      latest.current.onFail(error.isOffline ? kept : error.message, error.isRefused);
      return false;
    }
  }, [keeper]);
}
