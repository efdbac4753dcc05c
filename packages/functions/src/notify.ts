import { tellSlack } from "@redline/core/alerts/index";
import { invocation } from "@redline/core/platform/invocation";
import { log } from "@redline/core/platform/log";
import type { SNSHandler } from "aws-lambda";

/** Alarms, to Slack. One that could not be told is tried again by Lambda, and kept when it never could. */
export const handler: SNSHandler = ({ Records }, context) =>
  invocation("notify", context, async () => {
    for (const { Sns } of Records) {
      const told = await tellSlack(Sns.Message, process.env.REDLINE_STAGE ?? "local");
      log.info("alarm", { told });
    }
  });
