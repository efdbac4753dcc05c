import { InvokeCommand } from "@aws-sdk/client-lambda";
import { AppError } from "../errors";
import { lambda } from "./clients";

/**
 * Calls another of our Lambdas and waits for its answer. A failure inside it becomes NETWORK_ERROR here; the callee
 * logs its own cause.
 */
export async function invoke<R>(functionName: string, payload: unknown, signal?: AbortSignal): Promise<R> {
  const answer = await lambda().send(
    new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(payload)) }),
    { abortSignal: signal },
  );
  const body = answer.Payload ? Buffer.from(answer.Payload).toString("utf8") : "null";
  if (answer.FunctionError) {
    throw new AppError("NETWORK_ERROR", "The code checker didn't respond. Try again in a moment.");
  }
  return JSON.parse(body) as R;
}
