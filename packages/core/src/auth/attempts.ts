import { isIPv6 } from "node:net";
import { LIMITS } from "../limits";
import { type Rate, returnToken, takeToken } from "../platform/rate-limit";
import type { Device } from "./devices";

/** The source of an attempt: `address` is the viewer's as the edge saw it, `account` the one to sign in to. */
export type Attempt = { account: string; address: string; device?: Device };

type Bucket = { key: string; rate: Rate };

/**
 * Counts an attempt as failed before its secret is looked at, so that no number of attempts at once gets further than
 * one after the other. Returns what takes that back when it succeeds. A device that is known has a bucket of its own and
 * none with others: nobody else's failures lock its owner out. Throws RATE_LIMIT_EXCEEDED.
 */
export async function beginAttempt(attempt: Attempt): Promise<{ succeeded: () => Promise<void> }> {
  const taken: Bucket[] = [];
  const giveBack = async () => void (await Promise.all(taken.map(({ key, rate }) => returnToken(key, rate))));
  try {
    for (const bucket of bucketsFor(attempt)) {
      await takeToken(bucket.key, bucket.rate);
      taken.push(bucket);
    }
  } catch (error) {
    // What was not tried is not counted.
    await giveBack();
    throw error;
  }
  return { succeeded: giveBack };
}

function bucketsFor({ account, address, device }: Attempt): Bucket[] {
  const { failuresPerMinute } = LIMITS.signIn;
  const bucket = (kind: keyof typeof failuresPerMinute, name: string): Bucket => ({
    key: `sign-in#${kind}#${name}`,
    rate: { perMinute: failuresPerMinute[kind], burst: failuresPerMinute[kind] },
  });
  if (device) return [bucket("device", device.id)];
  return [bucket("address", network(address)), bucket("account", account)];
}

/** An IPv4 address, or the /64 of an IPv6 address: whoever has one address of it has all of them. */
export function network(address: string): string {
  if (!isIPv6(address)) return address;
  const text = new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
  const [head = "", tail] = text.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const all = tail === undefined ? first : [...first, ...Array(8 - first.length - last.length).fill("0"), ...last];
  const isMapped = all.slice(0, 5).every((group) => group === "0") && all[5] === "ffff";
  if (!isMapped) return `${all.slice(0, 4).join(":")}::/64`;
  const [high, low] = [Number.parseInt(all[6] ?? "", 16), Number.parseInt(all[7] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
