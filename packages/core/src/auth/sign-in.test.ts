import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { withProduct } from "../../../../tests/support/product";
import { resources } from "../platform/resources";
import { isOpenToLocalOwner, OPERATOR_ID, restoreActor, signedInBy, signInOperator, signOut } from "./index";

withProduct();

const SECRET = "correct horse battery staple";

beforeAll(() => {
  process.env.REDLINE_AUTH = "on";
  process.env.SST_RESOURCE_OperatorSecret = JSON.stringify({ value: SECRET });
});
afterAll(() => {
  delete process.env.REDLINE_AUTH;
});

// Each test begins with full buckets, a minute after the one before, and none of them fills while a slow machine works.
let minutes = 0;
beforeEach(() => {
  vi.useFakeTimers({ now: Date.now() + 61_000 * minutes++, toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const somewhere = () => ({ address: randomUUID() });

describe("signing in with the stage's secret", () => {
  it("gives a cookie that stands for the operator until it is signed out", async () => {
    const { session: cookie } = await signInOperator(SECRET, somewhere());
    expect((await signedInBy(cookie))?.actor.userId).toBe(OPERATOR_ID);
    expect(await restoreActor({ userId: OPERATOR_ID })).toMatchObject({ personalTeamId: "tea_operator" });
    await signOut(cookie);
    expect(await signedInBy(cookie)).toBeUndefined();
  });

  it("refuses another secret, and the sixth attempt of a minute from one address whatever it is", async () => {
    const source = somewhere();
    for (const wrong of ["", "correct horse", `${SECRET} `, "0", SECRET.toUpperCase()]) {
      await expect(signInOperator(wrong, source)).rejects.toMatchObject({ code: "INVALID_CREDENTIALS" });
    }
    await expect(signInOperator(SECRET, source)).rejects.toMatchObject({
      code: "RATE_LIMIT_EXCEEDED",
      details: { retryAfterSeconds: expect.any(Number) },
    });
    expect((await signInOperator(SECRET, somewhere())).session).toMatch(/^usr_operator\./);
  });

  it("takes nothing else for a sign-in", async () => {
    const [user, token] = (await signInOperator(SECRET, somewhere())).session.split(".");
    for (const forged of [
      "",
      ".",
      `${user}.`,
      `.${token}`,
      `${user}.${token}x`,
      `usr_other.${token}`,
      `${user}.${token}.`,
    ]) {
      expect(await signedInBy(forged)).toBeUndefined();
    }
  });

  it("does not keep the token, only its hash", async () => {
    const { session: cookie } = await signInOperator(SECRET, somewhere());
    const { dynamo } = await import("../platform/clients");
    const { QueryCommand } = await import("@aws-sdk/lib-dynamodb");
    const { Items } = await dynamo().send(
      new QueryCommand({
        TableName: resources.Table.name,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": `USER#${OPERATOR_ID}` },
        ConsistentRead: true,
      }),
    );
    expect(Items?.length).toBeGreaterThan(0);
    expect(JSON.stringify(Items)).not.toContain(cookie.split(".")[1]);
  });

  it("leaves the laptop open to its owner only where sign-in is off", async () => {
    expect(isOpenToLocalOwner()).toBe(false);
    await expect(restoreActor({ userId: "usr_local" })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    delete process.env.REDLINE_AUTH;
    expect(isOpenToLocalOwner()).toBe(true);
    process.env.REDLINE_AUTH = "on";
  });
});
