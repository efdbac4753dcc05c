/** Run by itself with a data folder: gives up two jobs in it, as the worker does, and leaves one whose worker died. */
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AppError } from "@redline/core/errors";
import { handleJobFailure } from "@redline/core/platform/job-messages";
import { resources } from "@redline/core/platform/resources";
import { startCloud } from "@redline/local/cloud";
import { CLOUD_KEY_VARIABLE } from "@redline/local/credentials";
import { cloudKey } from "@redline/local/folder-secrets";
import { QUEUES, resourceEnv } from "@redline/local/launcher/resource-env";
import { ensureQueues } from "@redline/local/provision-queues";
import { localClient } from "../../support/cloud";

const [dataDir = ""] = process.argv.slice(2);
process.env[CLOUD_KEY_VARIABLE] = cloudKey(dataDir);
const cloud = await startCloud({ dataDir });
Object.assign(process.env, resourceEnv(cloud.endpoints, "not used here", cloudKey(dataDir)), { REDLINE_LOG: "silent" });
const client = new SQSClient(localClient(cloud.endpoints.sqs));
await ensureQueues(client, Object.values(QUEUES));
const gone = new AppError("SESSION_NOT_FOUND", "The session was not found.");
for (const sessionId of ["ses_01JD00000000000000000G0NE1", "ses_01JD00000000000000000G0NE2"]) {
  const body = JSON.stringify({ kind: "review", sessionId, version: 1, userId: "usr_local" });
  await handleJobFailure(gone, { body, receives: 1 });
}
const died = {
  kind: "reply",
  sessionId: "ses_01JD000000000000000000D1ED",
  threadId: "thr_01JD000000000000000000D1ED",
  number: 2,
  userId: "usr_local",
};
await client.send(
  new SendMessageCommand({ QueueUrl: resources.ReviewDeadQueue.url, MessageBody: JSON.stringify(died) }),
);
client.destroy();
await cloud.close();
process.exit();
