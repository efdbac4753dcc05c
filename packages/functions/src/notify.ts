import { postToSlack } from "@redline/core/alerts/index";
import { invocation } from "@redline/core/platform/invocation";
import { log } from "@redline/core/platform/log";
import type { SNSHandler } from "aws-lambda";
import { requireNotifications } from "./event-shapes";

/** Alarms, to Slack. One that could not be told is tried again by Lambda, and kept when it never could. */
export const handler: SNSHandler = (event, context) =>
  invocation("notify", context, async () => {
    for (const { Sns } of requireNotifications(event).Records) {
      const delivery = await postToSlack(Sns.Message, process.env.REDLINE_STAGE ?? "local");
      log.info("alarm", { delivery });
    }
  });
