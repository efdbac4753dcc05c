import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { withProduct } from "../../../../tests/support/product";
import { type Attempt, beginAttempt, network } from "./attempts";
import { deviceCookie, readDevice } from "./devices";
import { OPERATOR_ID, signInOperator } from "./index";

withProduct();

const SECRET = "correct horse battery staple";

beforeAll(() => {
  process.env.SST_RESOURCE_OperatorSecret = JSON.stringify({ value: SECRET });
});
// A bucket fills while a slow machine works; here it fills when the test says so.
beforeEach(() => {
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

const newAccount = () => `usr_${randomUUID()}`;
const newAddress = () => randomUUID();
const newDevice = (account: string) => readDevice(account, deviceCookie(account, undefined));

/** Makes `count` attempts in sequence, all failing. Returns how many of them got as far as the secret. */
async function tried(count: number, attempt: (at: number) => Attempt): Promise<number> {
  let through = 0;
  for (let at = 0; at < count; at++) {
    const isThrough = await beginAttempt(attempt(at)).then(
      () => true,
      () => false,
    );
    if (isThrough) through++;
  }
  return through;
}

/** Makes the attempts concurrently instead. */
async function triedAtOnce(count: number, attempt: (at: number) => Attempt): Promise<number> {
  const all = await Promise.allSettled(Array.from({ length: count }, (_, at) => beginAttempt(attempt(at))));
  return all.filter(({ status }) => status === "fulfilled").length;
}

describe("attempts to sign in", () => {
  it("are five a minute from one address, whichever account they are for", async () => {
    const address = newAddress();
    expect(await tried(8, () => ({ account: newAccount(), address }))).toBe(5);
  });

  it("are ten a minute for one account, whichever addresses they come from", async () => {
    const account = newAccount();
    expect(await tried(14, () => ({ account, address: newAddress() }))).toBe(10);
  });

  it("of a known device are let through while everyone else's are refused, and are five a minute of its own", async () => {
    const account = newAccount();
    const address = newAddress();
    await tried(20, () => ({ account, address: newAddress() }));
    await tried(6, () => ({ account: newAccount(), address }));
    const device = newDevice(account);
    expect(await tried(8, () => ({ account, address, device }))).toBe(5);
    const other = newDevice(account);
    expect(await tried(1, () => ({ account, address, device: other }))).toBe(1);
  });

  it("are no more when twenty of them are made at the same moment", async () => {
    const [address, account, device] = [newAddress(), newAccount(), newDevice("usr_a")];
    expect(await triedAtOnce(20, () => ({ account: newAccount(), address }))).toBeLessThanOrEqual(5);
    expect(await triedAtOnce(20, () => ({ account, address: newAddress() }))).toBeLessThanOrEqual(10);
    expect(await triedAtOnce(20, () => ({ account: "usr_a", address, device }))).toBeLessThanOrEqual(5);
  });

  it("that succeed count nothing, also a dozen in a row", async () => {
    const [address, account] = [newAddress(), newAccount()];
    for (let at = 0; at < 12; at++) await (await beginAttempt({ account, address })).succeeded();
    expect(await tried(8, () => ({ account, address }))).toBe(5);
  });

  it("that the account's limit refused do not count against the address", async () => {
    const [address, account] = [newAddress(), newAccount()];
    await tried(10, () => ({ account, address: newAddress() }));
    expect(await tried(5, () => ({ account, address }))).toBe(0);
    expect(await tried(5, () => ({ account: newAccount(), address }))).toBe(5);
  });

  it("are accepted again after the seconds that a refusal names", async () => {
    const [address, account] = [newAddress(), newAccount()];
    await tried(5, () => ({ account, address }));
    const refused = await beginAttempt({ account, address }).catch((error) => error);
    const { retryAfterSeconds } = refused.details;
    expect(retryAfterSeconds).toBeGreaterThan(0);
    expect(retryAfterSeconds).toBeLessThanOrEqual(12);
    later(retryAfterSeconds * 1_000);
    expect(await tried(1, () => ({ account, address }))).toBe(1);
  });
});

describe("a device", () => {
  it("is known once it signed in, stays the same one, and gets in while strangers keep everyone else out", async () => {
    const first = await signInOperator(SECRET, { address: newAddress() });
    const known = readDevice(OPERATOR_ID, first.device);
    expect(known).toBeDefined();
    await tried(12, () => ({ account: OPERATOR_ID, address: newAddress() }));
    await expect(signInOperator(SECRET, { address: newAddress() })).rejects.toMatchObject({
      code: "RATE_LIMIT_EXCEEDED",
    });
    const again = await signInOperator(SECRET, { address: newAddress(), device: first.device });
    expect(readDevice(OPERATOR_ID, again.device)).toEqual(known);
  });

  it("is not known by what was made up, changed, of another account, or too old", () => {
    const cookie = deviceCookie("usr_a", undefined);
    const [id, ends, signature] = cookie.split(".");
    expect(readDevice("usr_a", cookie)).toEqual({ id, account: "usr_a" });
    const other = deviceCookie("usr_a", undefined).split(".")[0];
    for (const forged of [
      ...[
        undefined,
        "",
        "..",
        id,
        `${id}.${ends}.`,
        `${other}.${ends}.${signature}`,
        `${id}.${Number(ends) + 1}.${signature}`,
      ],
      ...[
        `${cookie}x`,
        `${cookie}.`,
        ` ${cookie}`,
        `${id}.${ends}.${"A".repeat(43)}`,
        `${id}.${"9".repeat(12)}.${signature}`,
      ],
    ]) {
      expect(readDevice("usr_a", forged)).toBeUndefined();
    }
    expect(readDevice("usr_b", cookie)).toBeUndefined();
    later(181 * 86_400_000);
    expect(readDevice("usr_a", cookie)).toBeUndefined();
  });
});

describe("an address's network", () => {
  it("is the address itself, or the /64 of an IPv6 address", () => {
    expect(network("203.0.113.7")).toBe("203.0.113.7");
    expect(network("2001:db8:1:2::7")).toBe("2001:db8:1:2::/64");
    expect(network("2001:0DB8:0001:0002:ffff:ffff:ffff:ffff")).toBe("2001:db8:1:2::/64");
    expect(network("2001:db8::1")).toBe("2001:db8:0:0::/64");
    expect(network("::1")).toBe("0:0:0:0::/64");
    expect(network("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
    expect(network("::ffff:203.0.113.7")).toBe("203.0.113.7");
    expect(network("nonsense")).toBe("nonsense");
  });
});
