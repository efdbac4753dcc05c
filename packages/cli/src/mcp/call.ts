/** What a tool's handler gets of the call that it answers, and the shape of its answer. */
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  type Implementation,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { ReviewerPool } from "../review/pool";
import type { Io } from "../terminal";
import type { Api } from "./api";
import { rootFolders } from "./roots";
import { Workspace } from "./workspace";

/** What all calls of one process share. */
export type Host = {
  io: Pick<Io, "cwd" | "env">;
  api: Api;
  pool: () => ReviewerPool;
  log: (message: string) => void;
  allowApply: boolean;
  /** The agent's name, where the owner gave it one. */
  agent?: string;
  /** How long get_decision waits at most. */
  waitMs: number;
  /** How often it looks. */
  pollMs: number;
  /** The session that the last proposal of this process went to. */
  lastSession?: string;
};

/** The client's roots, once it was asked. */
export type Connection = { era: "legacy" | "modern"; roots?: string[] };

export class Call {
  constructor(
    readonly host: Host,
    private readonly server: McpServer,
    private readonly connection: Connection,
    readonly context: ServerContext,
  ) {}

  get signal(): AbortSignal {
    return this.context.mcpReq.signal;
  }

  get isModern(): boolean {
    return this.connection.era === "modern";
  }

  /** The name by which people know the agent. */
  get agent(): string {
    const info = this.declared<Implementation>(CLIENT_INFO_META_KEY) ?? this.server.server.getClientVersion();
    const name = this.host.agent ?? info?.title ?? info?.name ?? "Agent";
    return name.trim().slice(0, 60) || "Agent";
  }

  get capabilities(): ClientCapabilities {
    const declared = this.declared<ClientCapabilities>(CLIENT_CAPABILITIES_META_KEY);
    return declared ?? this.server.server.getClientCapabilities() ?? {};
  }

  /** What a client of 2026-07-28 says of itself with each request. */
  private declared<Value>(key: string): Value | undefined {
    return (this.context.mcpReq.envelope as Record<string, unknown> | undefined)?.[key] as Value | undefined;
  }

  /** Tells how far it is, where the client asked to be told. */
  async progress(progress: number, total: number | undefined, message: string): Promise<void> {
    const token = this.context.mcpReq._meta?.progressToken;
    if (token === undefined) return;
    const params = { progressToken: token, progress, message, ...(total !== undefined && { total }) };
    await this.context.mcpReq.notify({ method: "notifications/progress", params });
  }

  /** Runs work on the tree, within the client's roots. Asks for these first, if they are not known. */
  async inWorkspace<Result>(work: (workspace: Workspace) => Promise<Result>): Promise<Result | InputRequiredResult> {
    const { connection } = this;
    if (this.capabilities.roots && !connection.roots) {
      const answer = inputResponse(this.context.mcpReq.inputResponses, "roots");
      if (answer.kind !== "roots") return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
      connection.roots = rootFolders(answer.roots);
    }
    const { cwd, env } = this.host.io;
    const workspace = await Workspace.open(cwd, env, connection.roots?.length ? connection.roots : undefined);
    try {
      return await work(workspace);
    } finally {
      await workspace.close();
    }
  }
}
