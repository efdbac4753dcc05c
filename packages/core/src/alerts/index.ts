/** Notifications of alarms, posted where operators read them. */
import * as v from "valibot";
import { fetchDirect } from "../platform/http";
import { optionalSecret } from "../platform/resources";

const SLACK = "https://hooks.slack.com";
const TIMEOUT_MS = 10_000;

/** CloudWatch's notification by SNS, as far as it is forwarded. */
const alarmSchema = v.object({
  AlarmName: v.string(),
  AlarmArn: v.string(),
  AlarmDescription: v.nullish(v.string(), ""),
  NewStateValue: v.string(),
  NewStateReason: v.nullish(v.string(), ""),
  StateChangeTime: v.nullish(v.string(), ""),
});
type Alarm = v.InferOutput<typeof alarmSchema>;

/**
 * Posts an SNS message to the channel that the secret `SlackWebhook` names; returns "disabled" without that secret.
 * Throws when Slack does not accept it, so that it is retried; no error contains the webhook, which is a secret.
 */
export async function postToSlack(
  message: string,
  stage: string,
  webhook = optionalSecret("SlackWebhook"),
  timeoutMs = TIMEOUT_MS,
): Promise<"sent" | "disabled"> {
  if (webhook === undefined) return "disabled";
  const address = webhookUrl(webhook);
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new Error(`Slack did not answer within ${timeoutMs / 1_000} s.`)),
    timeoutMs,
  );
  try {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ text: slackText(message, stage) });
    const response = await fetchDirect(address.href, { method: "POST", headers, body }, late.signal);
    response.discard();
    if (!response.ok) throw new Error(`Slack answered ${response.status}.`);
    return "sent";
  } finally {
    clearTimeout(timer);
  }
}

/** Parses the webhook, which must be Slack's, or at `REDLINE_SLACK_ORIGIN` in tests. Throws without naming it. */
function webhookUrl(webhook: string): URL {
  const origin = process.env.REDLINE_SLACK_ORIGIN ?? SLACK;
  if (!URL.canParse(webhook) || new URL(webhook).origin !== origin) {
    throw new Error(`SlackWebhook must be a URL at ${origin}.`);
  }
  return new URL(webhook);
}

/** Formats an alarm as one line: stage, link, time, meaning and reason. Any other message is quoted. */
export function slackText(message: string, stage: string): string {
  const alarm = parseAlarm(message);
  if (!alarm) return `*${escapeSlackText(stage)}*: ${escapeSlackText(message)}`;
  const { AlarmName, AlarmDescription, NewStateValue, NewStateReason, StateChangeTime } = alarm;
  const isOn = NewStateValue === "ALARM";
  const name = `<${consoleUrl(alarm)}|${escapeSlackText(AlarmName)}>`;
  const time = /T(\d\d:\d\d)/.exec(StateChangeTime ?? "")?.[1];
  const parts = [
    `${isOn ? ":rotating_light:" : ":white_check_mark:"} *${escapeSlackText(stage)}*`,
    `${name} ${isOn ? "is on" : NewStateValue === "OK" ? "is off again" : "has no data"}${time ? ` since ${time} UTC` : ""}.`,
    isOn ? escapeSlackText(AlarmDescription ?? "") : "",
    isOn ? `_${escapeSlackText(NewStateReason ?? "")}_` : "",
  ];
  return parts.filter((part) => part !== "" && part !== "__").join(" ");
}

function parseAlarm(message: string): Alarm | undefined {
  try {
    return v.parse(alarmSchema, JSON.parse(message));
  } catch {
    return undefined;
  }
}

function consoleUrl({ AlarmArn, AlarmName }: Alarm): string {
  const region = AlarmArn.split(":")[3] ?? "";
  const at = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
  return `${at}#alarmsV2:alarm/${encodeURIComponent(AlarmName)}`;
}

/** Escapes the three control characters of Slack's markup. */
const escapeSlackText = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
