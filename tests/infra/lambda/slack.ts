/** Both ends of alarms: an event as SNS makes it of CloudWatch's message, and Slack's far end of the network. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { SNSEvent } from "aws-lambda";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:redline-production-Alarms";

/** An alarm as CloudWatch sends it, without unused fields. */
export const ALARM = {
  AlarmName: "StreamLag",
  AlarmDescription: "What was written is announced late.",
  AWSAccountId: "123456789012",
  NewStateValue: "ALARM",
  NewStateReason:
    "Threshold Crossed: 1 datapoint [61000.0 (21/11/26 12:00:00)] was greater than the threshold (60000.0).",
  StateChangeTime: "2026-11-21T12:06:00.000+0000",
  Region: "US East (N. Virginia)",
  AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:StreamLag",
  OldStateValue: "OK",
};

export const snsEvent = (message: string): SNSEvent => ({
  Records: [
    {
      EventSource: "aws:sns",
      EventVersion: "1.0",
      EventSubscriptionArn: `${TOPIC}:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55`,
      Sns: {
        Type: "Notification",
        MessageId: "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
        TopicArn: TOPIC,
        Subject: "ALARM",
        Message: message,
        Timestamp: "2026-11-21T12:06:00.500Z",
        SignatureVersion: "1",
        Signature: "",
        SigningCertUrl: "",
        UnsubscribeUrl: "",
        MessageAttributes: {},
      },
    },
  ],
});

export class FakeSlack {
  readonly texts: string[] = [];
  readonly key = "XXkeyXXofXXtheXXwebhookXX";
  status = 200;

  private constructor(private readonly server = createServer()) {}

  static async start(): Promise<FakeSlack> {
    const slack = new FakeSlack();
    slack.server.on("request", async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      slack.texts.push(JSON.parse(body).text);
      response.writeHead(request.url?.endsWith(slack.key) ? slack.status : 404).end("ok");
    });
    await new Promise<void>((resolve) => slack.server.listen(0, "127.0.0.1", resolve));
    return slack;
  }

  /** The environment that a stage gives its function, with the address of this Slack. */
  get env(): Record<string, string> {
    const origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return {
      AWS_REGION: "us-east-1",
      REDLINE_STAGE: "production",
      REDLINE_SLACK_ORIGIN: origin,
      SST_RESOURCE_App: JSON.stringify({ name: "redline", stage: "production" }),
      SST_RESOURCE_SlackWebhook: JSON.stringify({ value: `${origin}/services/T0/B0/${this.key}` }),
    };
  }

  close(): void {
    this.server.close();
  }
}
