import { createContext, useContext, useSyncExternalStore } from "react";
import { useHydrated } from "./use-hydrated";

/** The minute (epoch ms) in which the server rendered, so that the browser's first render matches it. */
export const RenderedAtContext = createContext(0);

const TICK_MS = 30_000;
let now = 0;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function readNow(): number {
  if (Date.now() - now > TICK_MS) now = Date.now();
  return now;
}

/** Shows a relative time ("5 minutes ago") with the exact time as a tooltip. `at` is an ISO time. */
export function RelativeTime({ at }: { at: string }) {
  const renderedAt = useContext(RenderedAtContext);
  const current = useSyncExternalStore(subscribe, readNow, () => renderedAt);
  const isInBrowser = useHydrated();
  return (
    <time dateTime={at} title={exactTime(at, isInBrowser ? undefined : "UTC")} className="whitespace-nowrap">
      {relativeTime(Date.parse(at), current)}
    </time>
  );
}

// Making a format takes fifty times as long as using it.
const EXACT = { dateStyle: "medium", timeStyle: "long" } as const;
const exactInUtc = new Intl.DateTimeFormat("en-GB", { ...EXACT, timeZone: "UTC" });
const exactHere = new Intl.DateTimeFormat("en-GB", EXACT);
const dayInUtc = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

/** Formats an exact time, in the user's time zone or in UTC. */
export const exactTime = (at: string, timeZone?: "UTC"): string =>
  (timeZone === "UTC" ? exactInUtc : exactHere).format(new Date(at));

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const phrase = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** Formats a relative time, both arguments in epoch ms; a date beyond four weeks. */
export function relativeTime(at: number, now: number): string {
  const away = at - now;
  const size = Math.abs(away);
  if (size < MINUTE_MS) return "just now";
  if (size < HOUR_MS) return phrase.format(Math.round(away / MINUTE_MS), "minute");
  if (size < DAY_MS) return phrase.format(Math.round(away / HOUR_MS), "hour");
  if (size < 28 * DAY_MS) return phrase.format(Math.round(away / DAY_MS), "day");
  return dayInUtc.format(new Date(at));
}
