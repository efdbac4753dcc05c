/** The model port: its requests and events. */
import type { Actor } from "../auth/schema";
import type { AppError } from "../errors";
import type { CallAbout } from "../usage/schema";
import type { FileContext, Room } from "./context";
import type { ModelActivity, ModelMessage, StopReason, Task, TokenUsage, ToolCall, ToolSpec } from "./schema";

export type ModelRequest = {
  task: Task;
  system: string;
  /** Said instead of `system` to a model that takes no tools: one configured so, or whose server refuses them. */
  systemWithoutTools?: string;
  messages: ModelMessage[];
  /**
   * Renders what is said before `messages`, and the system prompt, within what a model holds: asked once for each model,
   * and again when that turns out to hold less. Throws TOKEN_LIMIT_EXCEEDED where nothing useful fits.
   */
  fit?: (room: Room) => FittedPrompt;
  tools: ToolSpec[];
  /** One of the tools has to be called, so that a server that drops tools is found out. */
  mustCall?: boolean;
  maxOutputTokens: number;
  signal: AbortSignal;
  /** Told what the model's server does while it says nothing, each time that changes. */
  onActivity?: (activity: ModelActivity) => void;
};

export type FittedPrompt = {
  system: string;
  systemWithoutTools?: string;
  messages: ModelMessage[];
  /** The part of the file in question that is shown. */
  context?: FileContext;
};

/**
 * One answer, as it arrives. It ends with exactly one `done` or `failed`, or with nothing more once the signal aborts.
 * `model` comes first, and again when a fallback takes over, which happens only before any text or call.
 */
export type ModelEvent =
  | { type: "model"; name: string; context?: FileContext }
  | { type: "text"; text: string }
  /** All text so far was what the model thought: its server did not tell, and nor did an opening mark. */
  | { type: "wasThought" }
  | { type: "toolCall"; call: ToolCall }
  | { type: "usage"; usage: TokenUsage }
  | { type: "done"; reason: StopReason }
  | { type: "failed"; error: AppError };

/**
 * The usage and cost of an answer, known once it ended; with fallbacks, those of all their calls, and the last one's
 * id. `costMicroUsd` is null where no price is configured.
 */
export type CallCost = {
  callId: string;
  usage: TokenUsage;
  costMicroUsd: number | null;
  firstTokenMs?: number;
  totalMs: number;
};

export type MeteredRequest = ModelRequest & { actor: Actor; teamId: string; about: CallAbout; promptVersion: string };

/**
 * Events of an adapter: `progress` for output that is not for the reader (thoughts, parts of tool calls), so that a
 * busy model does not look silent. Adapters throw ModelFault for failures.
 */
export type AdapterEvent =
  | { type: "progress"; of: "thought" | "call"; chars: number }
  | Extract<ModelEvent, { type: "text" | "wasThought" | "toolCall" | "usage" | "done" }>;

/** An adapter's request: one model, and input that can be sent as it is. */
export type AdapterRequest = Omit<ModelRequest, "task" | "onActivity" | "fit"> & {
  /** Called at each sign that the server works on the call: its headers, and every byte after them. */
  onSignOfLife: () => void;
};
