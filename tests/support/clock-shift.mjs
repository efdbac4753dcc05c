/**
 * Sets the clock of the process that loads it (`node --import`) on by `REDLINE_CLOCK_SHIFT_MS`, which may be negative:
 * stored data that expires is then as old as it was when it was made.
 */
import { ServerResponse } from "node:http";

const shiftMs = Number(process.env.REDLINE_CLOCK_SHIFT_MS ?? 0);
const readClock = Date.now;

Date.now = () => readClock() + shiftMs;
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length > 0 ? args : [Date.now()], newTarget),
});

/** Node's own `Date` header tells the unshifted time, by which SDK clients would correct their clocks. */
const { writeHead } = ServerResponse.prototype;
ServerResponse.prototype.writeHead = function (/** @type {never} */ ...args) {
  if (!this.headersSent && !this.hasHeader("date")) this.setHeader("date", new Date().toUTCString());
  return Reflect.apply(writeHead, this, args);
};
