import { isIPv6 } from "node:net";
import { LIMITS } from "../limits";
import { consumeRateLimit, type Rate, returnToken } from "../platform/rate-limit";
import type { Device } from "./devices";

/** The source of an attempt: `address` is the viewer's as the edge saw it, `account` the one to sign in to. */
export type Attempt = { account: string; address: string; device?: Device };

type Bucket = { key: string; rate: Rate };

/**
 * Counts an attempt as failed before its secret is compared, so that concurrent attempts get no further than sequential
 * ones. Returns `succeeded`, which refunds it. A known device has a bucket of its own and shares none: failures of
 * others never lock its owner out. Throws RATE_LIMIT_EXCEEDED.
 */
export async function beginAttempt(attempt: Attempt): Promise<{ succeeded: () => Promise<void> }> {
  const consumed: Bucket[] = [];
  const refund = async () => void (await Promise.all(consumed.map(({ key, rate }) => returnToken(key, rate))));
  try {
    for (const bucket of bucketsFor(attempt)) {
      await consumeRateLimit(bucket.key, bucket.rate);
      consumed.push(bucket);
    }
  } catch (error) {
    // An attempt that was not made is not counted.
    await refund();
    throw error;
  }
  return { succeeded: refund };
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

/** Returns an IPv4 address, or the /64 of an IPv6 address: one client commonly holds all of it. */
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
