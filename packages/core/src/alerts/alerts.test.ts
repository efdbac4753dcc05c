import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { postToSlack, slackText } from "./index";

const ALARM = {
  AlarmName: "ReviewDeadLetters-1a2b3c4",
  AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ReviewDeadLetters-1a2b3c4",
  AlarmDescription: "A job of review failed for good. Look at the reason and redrive it (docs/operating/redrive.md).",
  NewStateValue: "ALARM",
  NewStateReason: "Threshold Crossed: 1 datapoint [1.0 (21/11/26 12:03:00)] was greater than the threshold (0.0).",
  StateChangeTime: "2026-11-21T12:04:10.123+0000",
};

describe("a Slack message", () => {
  it("names the stage, the alarm with a link to it, since when, what it means and why", () => {
    expect(slackText(JSON.stringify(ALARM), "production")).toBe(
      ":rotating_light: *production* <https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1" +
        "#alarmsV2:alarm/ReviewDeadLetters-1a2b3c4|ReviewDeadLetters-1a2b3c4> is on since 12:04 UTC. " +
        `${ALARM.AlarmDescription} _${ALARM.NewStateReason}_`,
    );
  });

  it("of a resolved alarm names when it ended, and nothing more", () => {
    const text = slackText(JSON.stringify({ ...ALARM, NewStateValue: "OK" }), "production");
    expect(text).toMatch(/^:white_check_mark: \*production\* <[^|]+\|ReviewDeadLetters-1a2b3c4> is off again since/);
    expect(text).not.toContain("redrive");
  });

  it("quotes what is no alarm, such as a budget's warning, and lets no text become a link or a mention", () => {
    expect(slackText("AWS Budgets: <!channel> spent > 80% & more", "staging")).toBe(
      "*staging*: AWS Budgets: &lt;!channel&gt; spent &gt; 80% &amp; more",
    );
  });
});

describe("posting to Slack", () => {
  let slack: Server;
  let origin: string;
  let webhook: string;
  let received: { path: string; text: string }[];
  /** The status; 0: nothing is ever said. */
  let answer: number;

  beforeEach(async () => {
    received = [];
    answer = 200;
    slack = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      received.push({ path: request.url ?? "", text: JSON.parse(body).text });
      if (answer === 0) return;
      if (answer === 302) response.setHeader("location", "https://elsewhere.example/");
      response.writeHead(answer).end();
    });
    await new Promise<void>((resolve) => slack.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(slack.address() as AddressInfo).port}`;
    process.env.REDLINE_SLACK_ORIGIN = origin;
    webhook = `${origin}/services/T0/B0/key`;
  });

  afterEach(() => {
    delete process.env.REDLINE_SLACK_ORIGIN;
    slack.closeAllConnections();
    slack.close();
  });

  it("posts to the webhook", async () => {
    await expect(postToSlack(JSON.stringify(ALARM), "production", webhook)).resolves.toBe("sent");
    expect(received).toEqual([{ path: "/services/T0/B0/key", text: expect.stringContaining("is on since 12:04 UTC") }]);
  });

  it("sends nothing when no webhook is set", async () => {
    // Nor where the secret is not linked at all, as on the laptop.
    await expect(postToSlack("anything", "production")).resolves.toBe("disabled");
    expect(received).toEqual([]);
  });

  it("fails when Slack refuses or redirects, so that it is retried, and never leaks the webhook", async () => {
    for (const status of [404, 500, 302]) {
      answer = status;
      const error = await postToSlack("anything", "production", webhook).catch((reason: Error) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(`${error}`).not.toContain("key");
    }
    // The redirect was not followed, and where it led is told without what may be a key in it.
    expect(received).toHaveLength(3);
  });

  it("times out when Slack does not respond, and closes the connection", async () => {
    answer = 0;
    const closed = new Promise((resolve) => slack.once("connection", (socket) => socket.once("close", resolve)));
    const telling = postToSlack("anything", "production", webhook, 300);
    await expect(telling).rejects.toThrow("Slack did not answer within 0.3 s.");
    await closed;
  });

  it("posts to no other host than Slack's", async () => {
    delete process.env.REDLINE_SLACK_ORIGIN;
    for (const address of [webhook, "https://hooks.slack.com.evil.example/x", "no address"]) {
      const telling = postToSlack("anything", "production", address);
      await expect(telling).rejects.toThrow("must be a URL at https://hooks.slack.com");
    }
    expect(received).toEqual([]);
  });
});
