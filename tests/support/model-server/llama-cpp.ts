/** llama.cpp's endpoints beside the protocol, and its queue: one call a slot, the others wait without a header. */

export type LlamaCppOptions = {
  /** Calls at once; the others wait. */
  slots: number;
  contextTokens?: number;
  /** Of the model's chat template: where it is false, tools are dropped without a word. */
  supportsTools?: boolean;
};

export class LlamaCpp {
  private loadsUntil = 0;
  private busy = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: LlamaCppOptions) {}

  /** Answers everything with 503 for so long: it loads its model. */
  load(ms: number): void {
    this.loadsUntil = Date.now() + ms;
  }

  get isLoading(): boolean {
    return Date.now() < this.loadsUntil;
  }

  /** Calls that wait for a slot. */
  get queued(): number {
    return this.waiting.length;
  }

  /** Returns the response to a GET as JSON; undefined for a path that it does not know. */
  tell(path: string): unknown {
    const { slots, contextTokens = 8_192, supportsTools = true } = this.options;
    if (path === "/health") return { status: "ok" };
    if (path === "/slots") return Array.from({ length: slots }, (_, id) => ({ id, is_processing: id < this.busy }));
    if (path !== "/props") return undefined;
    return {
      default_generation_settings: { n_ctx: contextTokens },
      total_slots: slots,
      chat_template: "{{ messages }}",
      chat_template_caps: { supports_tools: supportsTools, supports_tool_calls: supportsTools },
      build_info: "test",
    };
  }

  /** Resolves when the call has a slot; a caller that leaves before gives its place up. */
  async takeSlot(left: AbortSignal): Promise<() => void> {
    if (this.busy >= this.options.slots) await this.wait(left);
    left.throwIfAborted();
    this.busy++;
    return () => {
      this.busy--;
      this.waiting.shift()?.();
    };
  }

  private wait(left: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        left.removeEventListener("abort", leave);
        resolve();
      };
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(go), 1);
        resolve();
      };
      this.waiting.push(go);
      left.addEventListener("abort", leave, { once: true });
    });
  }
}
