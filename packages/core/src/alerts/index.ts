/** What an alarm says, told where operators read it. */
import * as v from "valibot";
import { fetchDirect } from "../platform/http";
import { optionalSecret } from "../platform/resources";

const SLACK = "https://hooks.slack.com";
const ANSWERS_WITHIN_MS = 10_000;

/** CloudWatch's word to SNS, as far as it is told on. */
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
 * Posts what came by SNS to the channel that the secret `SlackWebhook` names; without one, to nobody. Throws when Slack does
 * not take it, so that it is tried again; no error names the webhook, which is a key.
 */
export async function tellSlack(
  message: string,
  stage: string,
  webhook = optionalSecret("SlackWebhook"),
  withinMs = ANSWERS_WITHIN_MS,
): Promise<"told" | "nobody"> {
  if (webhook === undefined) return "nobody";
  const address = addressOf(webhook);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`Slack did not answer within ${withinMs / 1_000} s.`)), withinMs);
  try {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ text: slackText(message, stage) });
    const response = await fetchDirect(address.href, { method: "POST", headers, body }, late.signal);
    response.discard();
    if (!response.ok) throw new Error(`Slack answered ${response.status}.`);
    return "told";
  } finally {
    clearTimeout(timer);
  }
}

/** Alarms go to Slack and nowhere else, unless `REDLINE_SLACK_ORIGIN` names what speaks as it does. */
function addressOf(webhook: string): URL {
  const origin = process.env.REDLINE_SLACK_ORIGIN ?? SLACK;
  if (!URL.canParse(webhook) || new URL(webhook).origin !== origin) {
    throw new Error(`The secret SlackWebhook is no address at ${origin}.`);
  }
  return new URL(webhook);
}

/** One line for an alarm: where, what it means, since when, why, and where to look. What is no alarm is quoted. */
export function slackText(message: string, stage: string): string {
  const alarm = parsed(message);
  if (!alarm) return `*${escaped(stage)}*: ${escaped(message)}`;
  const { AlarmName, AlarmDescription, NewStateValue, NewStateReason, StateChangeTime } = alarm;
  const isOn = NewStateValue === "ALARM";
  const name = `<${consoleUrl(alarm)}|${escaped(AlarmName)}>`;
  const time = /T(\d\d:\d\d)/.exec(StateChangeTime ?? "")?.[1];
  const told = [
    `${isOn ? ":rotating_light:" : ":white_check_mark:"} *${escaped(stage)}*`,
    `${name} ${isOn ? "is on" : NewStateValue === "OK" ? "is off again" : "has no data"}${time ? ` since ${time} UTC` : ""}.`,
    isOn ? escaped(AlarmDescription ?? "") : "",
    isOn ? `_${escaped(NewStateReason ?? "")}_` : "",
  ];
  return told.filter((part) => part !== "" && part !== "__").join(" ");
}

function parsed(message: string): Alarm | undefined {
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

/** Slack's three characters that mean something. */
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
