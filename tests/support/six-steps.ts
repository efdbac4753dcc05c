/** A kind of work with six steps, as a domain would define one: the kernel's tests kill it, cancel it and starve it. */
import { defineWork, plainWorkItems, type WorkContext } from "@redline/core/work/index";
import * as v from "valibot";

type Input = { hold?: string };
type Event = { type: "step"; step: number } | { type: "done"; sum: number } | { type: "failed"; message: string };
export type SixStepsContext = WorkContext<Parameters<typeof items.jobOf>[0], Event>;

const items = plainWorkItems<Input>("six-steps");
export const STEPS = [1, 2, 3, 4, 5, 6];
export const logIdOf = (id: string) => `six-steps.${id}`;

/** Hooks of a test into the steps; `between` runs when the preceding steps are stored. */
export type Hooks = {
  during?(id: string, step: number): Promise<void>;
  between?(id: string, step: number, work: SixStepsContext): Promise<void>;
};

const named = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const INPUT = { sessionId: named, id: named, userId: named };

export const sixSteps = (hooks: Hooks, limits: { maxAttempts?: number; retries?: number } = {}) =>
  defineWork<typeof INPUT, Parameters<typeof items.jobOf>[0], true, Event>({
    kind: "six-steps",
    input: v.object(INPUT),
    items,
    keyOf: ({ sessionId, id }) => ({ sessionId, id }),
    logIdOf: ({ id }) => logIdOf(id),
    load: async () => true,
    claim: () => ({ where: { from: ["queued"] } }),
    async run(work) {
      const { id } = work.item;
      let sum = 0;
      for (const step of STEPS) {
        await hooks.between?.(id, step, work);
        if (work.isCancelled) return void (await work.end("cancelled", { type: "done", sum }));
        if (work.remainingMs < 0) return work.handOn();
        sum += await work.step(String(step), async () => {
          await hooks.during?.(id, step);
          return step;
        });
        work.events.append({ type: "step", step });
      }
      await hooks.between?.(id, STEPS.length + 1, work);
      await work.end("done", { type: "done", sum });
    },
    failure: (message) => ({ type: "failed", message }),
    labels: {
      name: "Six steps",
      ifDiscarded: "Nothing is added up.",
      fault: "It stopped because of a fault on our end.",
    },
    isCancellable: true,
    since: ({ requestedAt }) => requestedAt,
    ...limits,
  });

let asked = 0;

/** Writes a piece of work as queued, which asks for its job; returns the job. */
export async function requestSixSteps(): Promise<{ sessionId: string; id: string; userId: string }> {
  asked += 1;
  const job = { sessionId: `ses_${process.pid}`, id: `${Date.now()}-${asked}`, userId: "usr_local" };
  await items.queue({ ...job, requestedAt: new Date().toISOString(), input: {} }, { isNew: true, from: [] });
  return job;
}
