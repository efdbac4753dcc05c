import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ReviewActionResult } from "./actions";
import { DraftKeeper, type DraftPort } from "./draft-keeper";
import type { LocalDraft } from "./local-drafts";

class Offline extends Error {
  readonly isOffline = true;
}

class Full extends Error {
  readonly isTemporary = true;
}

/** The server's side of the wire: it can be out of reach, and it remembers the ids of saves. */
function fakeServer() {
  const server = {
    isReachable: true,
    isFull: false,
    losesResponses: false,
    version: 1,
    drafts: new Map<string, unknown>(),
    saves: new Map<string, ReviewActionResult>(),
  };
  const port: DraftPort = {
    async putDraft({ draftId, ...draft }) {
      if (!server.isReachable) throw new Offline("away");
      if (server.isFull) throw new Full("The disk is full.");
      server.drafts.set(draftId, draft);
    },
    async dropDraft(draftId) {
      server.drafts.delete(draftId);
    },
    async save({ changeId }) {
      if (!server.isReachable) throw new Offline("away");
      if (server.isFull) throw new Full("The disk is full.");
      const known = server.saves.get(changeId);
      const result = known ?? { intent: "save" as const, outcome: "done" as const, version: ++server.version };
      server.saves.set(changeId, result);
      if (server.losesResponses) throw new Offline("lost");
      return result;
    },
  };
  return { server, port };
}

function keeperOf({ port }: { port: DraftPort }) {
  const kept = new Map<string, LocalDraft>();
  const keeper = new DraftKeeper({
    sessionId: "ses",
    draftId: "draftId",
    port,
    local: {
      put: async (draft) => {
        kept.set(draft.draftId, structuredClone(draft));
        return undefined;
      },
      remove: async (_session, draftId) => {
        kept.delete(draftId);
        return undefined;
      },
    },
    onState: () => {},
  });
  return { keeper, kept };
}

describe("the draft keeper", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("keeps what is typed in the browser and on the server when typing pauses", async () => {
    const { server, port } = fakeServer();
    const { keeper, kept } = keeperOf({ port });
    keeper.edit("a.ts", 1, () => "typed");
    expect(keeper.state.status).toBe("draft");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kept.get("draftId")?.files).toEqual([{ path: "a.ts", text: "typed" }]);
    expect(server.drafts.get("draftId")).toEqual({ base: 1, files: [{ path: "a.ts", text: "typed" }] });
    expect(keeper.state).toMatchObject({ status: "draft", unsent: 0, paths: ["a.ts"] });
  });

  it("makes a version and forgets the draft when it is saved", async () => {
    const { port } = fakeServer();
    const { keeper, kept } = keeperOf({ port });
    keeper.edit("a.ts", 1, () => "typed");
    expect(await keeper.save()).toMatchObject({ outcome: "done", version: 2 });
    expect(keeper.state).toMatchObject({ status: "saved", paths: [] });
    expect(kept.size).toBe(0);
  });

  it("counts unsent edits, and sends them when the connection is back", async () => {
    const { server, port } = fakeServer();
    const { keeper } = keeperOf({ port });
    server.isReachable = false;
    for (const text of ["one", "two", "three"]) {
      keeper.edit("a.ts", 1, () => text);
      await vi.advanceTimersByTimeAsync(1_100);
    }
    expect(keeper.state).toMatchObject({ status: "offline", unsent: 3 });
    server.isReachable = true;
    keeper.retry();
    await vi.advanceTimersByTimeAsync(10);
    expect(keeper.state).toMatchObject({ status: "draft", unsent: 0 });
    expect(server.drafts.get("draftId")).toEqual({ base: 1, files: [{ path: "a.ts", text: "three" }] });
  });

  it("sends a save whose response was lost again with the same id, so that there is one version", async () => {
    const { server, port } = fakeServer();
    const { keeper } = keeperOf({ port });
    server.losesResponses = true;
    keeper.edit("a.ts", 1, () => "typed");
    await expect(keeper.save()).rejects.toThrow("lost");
    expect(keeper.state.status).toBe("offline");
    server.losesResponses = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.saves.size).toBe(1);
    expect(keeper.state.status).toBe("saved");
  });

  it("keeps what is typed while a save is on its way", async () => {
    const { server, port } = fakeServer();
    const { keeper } = keeperOf({ port });
    const { save } = port;
    port.save = (act) => {
      keeper.edit("a.ts", 1, () => "second");
      return save(act);
    };
    keeper.edit("a.ts", 1, () => "first");
    await keeper.save();
    expect(keeper.textOf("a.ts")).toBe("second");
    expect(server.drafts.get("draftId")).toEqual({ base: 2, files: [{ path: "a.ts", text: "second" }] });
  });

  it("keeps a draft in the browser when the server's disk is full, says why, and resends it when there is space", async () => {
    const { server, port } = fakeServer();
    const { keeper, kept } = keeperOf({ port });
    server.isFull = true;
    keeper.edit("a.ts", 1, () => "typed");
    await expect(keeper.save()).rejects.toThrow("The disk is full.");
    expect(keeper.state).toMatchObject({ status: "draft", problem: "The disk is full.", paths: ["a.ts"] });
    expect(kept.get("draftId")?.files).toEqual([{ path: "a.ts", text: "typed" }]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(keeper.state.problem).toBe("The disk is full.");
    server.isFull = false;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(keeper.state).toMatchObject({ status: "draft", problem: undefined });
    expect(server.drafts.get("draftId")).toMatchObject({ files: [{ path: "a.ts", text: "typed" }] });
    expect(server.saves.size).toBe(0);
    await keeper.save();
    expect(keeper.state).toMatchObject({ status: "saved", version: 2 });
    expect(kept.size).toBe(0);
  });

  it("keeps everything on a conflict", async () => {
    const { port } = fakeServer();
    port.save = async () => ({ intent: "save", outcome: "conflict", version: 3, mergeAt: "/merge" });
    const { keeper, kept } = keeperOf({ port });
    keeper.edit("a.ts", 1, () => "mine");
    expect(await keeper.save()).toMatchObject({ outcome: "conflict" });
    expect(keeper.textOf("a.ts")).toBe("mine");
    expect(kept.get("draftId")?.files).toEqual([{ path: "a.ts", text: "mine" }]);
  });
});
