/**
 * Sets the clock of the process that loads it (`node --import`) on by `REDLINE_CLOCK_SHIFT_MS`, which may be negative:
 * stored data that expires is then as old as it was when it was made.
 */
const shiftMs = Number(process.env.REDLINE_CLOCK_SHIFT_MS ?? 0);
const readClock = Date.now;

Date.now = () => readClock() + shiftMs;
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length > 0 ? args : [Date.now()], newTarget),
});
