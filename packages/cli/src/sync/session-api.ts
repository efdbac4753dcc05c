/** A session of the running Redline, as what keeps it and a work tree alike sees it. */
import type { Server } from "../server/server";
import { ServerRefused } from "../server/server";
import type { SentFile, Session, SessionChanges, Text, TreeSource } from "./ports";
import type { FileToStage } from "./stage-accepted";

const LINES = "application/x-ndjson";

/** Creates a session of a difference. */
export function createSession(
  server: Server,
  { key, name, source, files }: { key: string; name: string; source: TreeSource; files: readonly SentFile[] },
): Promise<{ id: string; version: number }> {
  return server.requestJson("POST", "/differences", asLines({ key, name, source }, files), { type: LINES });
}

export class SessionApi implements Session {
  constructor(
    private readonly server: Server,
    readonly id: string,
  ) {}

  async changesAfter(version: number, waitSeconds = 0, signal?: AbortSignal): Promise<SessionChanges> {
    const path = `/differences/${this.id}/files?after=${version}&wait=${waitSeconds}`;
    try {
      return await this.server.requestJson("GET", path, undefined, { signal });
    } catch (error) {
      // It was deleted for good.
      if (isRefused(error, "SESSION_NOT_FOUND")) return { version, isTrashed: true, files: [] };
      throw error;
    }
  }

  /** Returns the files of which lines were accepted, as they are to be staged. */
  async filesToStage(): Promise<FileToStage[]> {
    const path = `/differences/${this.id}/decisions?after=${Number.MAX_SAFE_INTEGER}`;
    return (await this.server.requestJson<{ stage: FileToStage[] }>("GET", path)).stage;
  }

  async addHead(after: number, source: TreeSource, files: SentFile[]): Promise<number | undefined> {
    try {
      const path = `/differences/${this.id}/heads`;
      const body = asLines({ source, after }, files);
      return (await this.server.requestJson<{ version: number }>("POST", path, body, { type: LINES })).version;
    } catch (error) {
      if (isRefused(error, "VERSION_CONFLICT")) return undefined;
      throw error;
    }
  }

  async textAt(version: number, path: string): Promise<Text> {
    const query = `version=${version}&path=${encodeURIComponent(path)}`;
    try {
      return await this.server.requestText(`/sessions/${this.id}/text?${query}`);
    } catch (error) {
      if (isRefused(error, "FILE_NOT_FOUND")) return null;
      throw error;
    }
  }
}

const isRefused = (error: unknown, code: string): boolean => error instanceof ServerRefused && error.code === code;

const asLines = (head: object, files: readonly SentFile[]): string =>
  [head, ...files].map((each) => JSON.stringify(each)).join("\n");
