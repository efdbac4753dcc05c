import { describe, expect, it } from "vitest";
import { findMergeMarkers } from "./merge-markers";
import { findSecrets } from "./secrets";

/** Put together here, so that no scanner takes this file for a leak. */
const random = (length: number) => "q7Rz2Kx9Vb4Nm1Tc8Wp3Ls6Yd5Hf0Jg".repeat(3).slice(0, length);
const key = (prefix: string, length: number) => `${prefix}${random(length)}`;

describe("secrets", () => {
  it.each([
    ["an AWS key", `id = "AKIA${"QX4T7RNB2LWPZ5VD"}"`],
    ["a GitHub token", `token: ${key("ghp_", 36)}`],
    ["a Slack token", key("xoxb-", 30)],
    ["a Stripe key", key("sk_live_", 24)],
    ["a Google key", key("AIza", 35)],
    ["a private key", `-----BEGIN RSA ${"PRIVATE KEY"}-----\nMIIEow`],
    ["a password in a URL", "postgres://app:s3cr3tPazz9@db.internal/app"],
    ["a random value with a telling name", `const apiSecret = "${random(28)}";`],
  ])("finds %s and marks the value alone", (_, text) => {
    const [finding] = findSecrets(text);
    expect(finding?.rule).toMatch(/secret$/);
    expect(text.slice(finding?.start, finding?.end)).not.toMatch(/["= ]$/);
  });

  it.each([
    ["a name from the environment", "const apiKey = process.env.API_KEY;"],
    ["a documentation key", 'AWS_ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"'],
    ["a placeholder", 'password = "your_password_here_1234"'],
    ["words", 'token = "authorization-code-grant"'],
    ["a message key", 'passwordError: "errors.password.tooShort"'],
    ["a development URL", "postgres://postgres:postgres@localhost/test"],
    ["a hash without a telling name", `integrity = "${random(40)}"`],
    ["a test for the header of a key", 'if (text.startsWith("-----BEGIN PRIVATE KEY-----")) {'],
  ])("leaves %s alone", (_, text) => {
    expect(findSecrets(text)).toEqual([]);
  });
});

describe("merge markers", () => {
  const conflict = (newline: string) =>
    ["a", `${"<".repeat(7)} ours`, "b", "=".repeat(7), "c", `${">".repeat(7)} theirs`, "d", ""].join(newline);

  it.each([
    ["LF", "\n"],
    ["CRLF", "\r\n"],
  ])("are one finding for each conflict with %s", (_, newline) => {
    const text = conflict(newline) + conflict(newline);
    const found = findMergeMarkers(text);
    expect(found).toHaveLength(2);
    expect(text.slice(found[0]?.start, found[0]?.end)).toMatch(/^<{7} ours[\s\S]*>{7} theirs$/);
  });

  it("are not a heading's underline or a quote", () => {
    expect(findMergeMarkers(`Title\n${"=".repeat(7)}\n\n${">".repeat(7)} a quote\n`)).toEqual([]);
  });
});
