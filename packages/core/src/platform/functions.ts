import { InvokeCommand } from "@aws-sdk/client-lambda";
import { AppError } from "../errors";
import { lambda } from "./clients";

/**
 * Invokes another Lambda function and returns its result. Throws NETWORK_ERROR when it fails; the callee logs the
 * cause.
 */
export async function invoke<R>(functionName: string, payload: unknown, signal?: AbortSignal): Promise<R> {
  const response = await lambda().send(
    new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(payload)) }),
    { abortSignal: signal },
  );
  const body = response.Payload ? Buffer.from(response.Payload).toString("utf8") : "null";
  if (response.FunctionError) {
    throw new AppError("NETWORK_ERROR", "The code checker didn't respond. Try again in a moment.");
  }
  return JSON.parse(body) as R;
}
