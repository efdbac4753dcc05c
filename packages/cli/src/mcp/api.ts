/** The Redline that serves on this machine, as agents use it (docs/agents.md). */
import { dataFolder, readServing } from "../server/data-folder";
import { connectServer, type Server, ServerGone } from "../server/server";
import type { Io } from "../terminal";

type Method = "GET" | "POST";

export type Severity = "critical" | "major" | "minor" | "nit";
export type EvidenceFinding = { rule: string; title: string; severity: Severity; path: string; line: number };

export type Proposed = {
  sessionId: string;
  threadId: string;
  changeId: string;
  url: string;
  hunks: number;
  evidence?: {
    parses: boolean | "unknown";
    parseError?: string;
    notChecked?: string;
    added: EvidenceFinding[];
    removed?: EvidenceFinding[];
    repeated?: string[];
    lineEnds?: string[];
  };
};

export type Decision = {
  changeId: string;
  threadId: string;
  summary: string;
  status: "open" | "decided";
  isConflict: boolean;
  hunks: { index: number; path: string; startLine: number; endLine: number; decision: string }[];
  applied: AppliedPart[];
  notes: { author: string; text: string; createdAt: string }[];
};

export type AppliedPart = { version: number; files: { path: string; before: string | null; after: string | null }[] };

export type SessionView = { id: string; name: string; url: string; updatedAt: string; fileCount: number };

/** Sends requests to Redline, which is found or started when it is first needed, and again when it was restarted. */
export class Api {
  private connection: Promise<Server> | undefined;

  constructor(private readonly io: Pick<Io, "env" | "cwd">) {}

  /** Whether Redline serves: what a client asks for by itself must not start it. */
  get isServing(): boolean {
    return readServing(this.folder) !== undefined;
  }

  /** Throws ServerRefused with what Redline said, and ServerGone. Requests have ids, so that sending one again is harmless. */
  async send<Answer>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
    const options = signal ? { signal } : {};
    try {
      return await (await this.connect()).requestJson<Answer>(method, path, body, options);
    } catch (error) {
      if (!(error instanceof ServerGone)) throw error;
      this.connection = undefined;
      return (await this.connect()).requestJson<Answer>(method, path, body, options);
    }
  }

  async address(): Promise<string> {
    return (await this.connect()).address;
  }

  /** The folder that holds Redline's data, whether it serves or not. */
  get folder(): string {
    return dataFolder(this.io.env, this.io.cwd);
  }

  server(): Promise<Server> {
    return this.connect();
  }

  private connect(): Promise<Server> {
    this.connection ??= connectServer(this.io).catch((error) => {
      this.connection = undefined;
      throw error;
    });
    return this.connection;
  }
}
