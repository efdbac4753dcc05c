/** Translates Bedrock's errors into sentences that a person can act on. */
import { saysTooLong } from "./context-refusal";
import { busy, cutOff, ModelFault, malformedAnswer, quoted, throttled, tooLong } from "./fault";

const CREDENTIALS_ADVICE =
  "Sign in to AWS again (aws sso login), or set AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK, and start Redline again.";

export function bedrockFault(error: unknown, modelId: string, hasBegun: boolean): ModelFault {
  if (error instanceof ModelFault) return error;
  const name = faultName(error);
  const said = faultText(error);
  const who = `Bedrock (${modelId})`;
  const refused = (what: string, advice: string) =>
    new ModelFault("MODEL_UNAVAILABLE", what, { advice, reachedModel: false, cause: error });
  switch (name) {
    case "ThrottlingException":
    case "TooManyRequestsException":
    case "ServiceQuotaExceededException":
    case "ModelNotReadyException":
      return throttled(who, said, { cause: error, reachedModel: hasBegun, retryAfterMs: retryAfterMsOf(error) });
    case "InternalServerException":
    case "ServiceUnavailableException":
      return busy(who, said, { cause: error, reachedModel: hasBegun });
    case "ModelErrorException":
    case "ModelStreamErrorException":
      return busy(who, said, { cause: error });
    case "ModelTimeoutException":
      return new ModelFault("AI_TIMEOUT", `${who} took too long${quoted(said)}`, {
        advice: "Try again, or select a smaller block.",
        cause: error,
      });
    case "ValidationException":
      if (saysTooLong(said)) return tooLong(who, said, { cause: error });
      return refused(
        `${who} refused the request${quoted(said)}`,
        /on-demand throughput/i.test(said)
          ? "Use the id of an inference profile in REDLINE_MODEL, such as us.<model id>."
          : "Check the model in REDLINE_MODEL.",
      );
    case "AccessDeniedException":
      return refused(
        `AWS does not let Redline use ${modelId}${quoted(said)}`,
        "Enable the model for this account and region in Bedrock, and allow bedrock:InvokeModelWithResponseStream on it.",
      );
    case "ResourceNotFoundException":
      return refused(
        `Bedrock knows no model ${modelId} in this region${quoted(said)}`,
        "Check the id in REDLINE_MODEL, and AWS_REGION.",
      );
    case "CredentialsProviderError":
    case "TokenProviderError":
      return refused("There are no AWS credentials to ask Bedrock with.", CREDENTIALS_ADVICE);
    case "ExpiredTokenException":
    case "ExpiredToken":
    case "UnrecognizedClientException":
    case "InvalidSignatureException":
    case "IncompleteSignatureException":
      return refused(`AWS does not accept these credentials${quoted(said)}`, CREDENTIALS_ADVICE);
  }
  return unnamedFault(error, { who, name, said, hasBegun });
}

function unnamedFault(
  error: unknown,
  { who, name, said, hasBegun }: { who: string; name: string; said: string; hasBegun: boolean },
): ModelFault {
  if (/region (is missing|not accepted)/i.test(said)) {
    return new ModelFault("MODEL_UNAVAILABLE", "No AWS region is set, so Bedrock can't be found.", {
      advice: "Set AWS_REGION, such as AWS_REGION=us-east-1, and start Redline again.",
      reachedModel: false,
      cause: error,
    });
  }
  if (/checksum/i.test(said)) return malformedAnswer(who, "something that is no event stream", error);
  if (hasBegun && !(name.endsWith("Exception") && name !== "Exception")) return cutOff(who, error);
  if (!name.endsWith("Exception")) {
    return new ModelFault("MODEL_UNAVAILABLE", `Bedrock can't be reached${quoted(said)}`, {
      advice: "Check the network, AWS_REGION and AWS_ENDPOINT_URL_BEDROCK_RUNTIME, and try again.",
      reachedModel: false,
      cause: error,
    });
  }
  return busy(who, `${name}${said && `, ${said}`}`, { cause: error });
}

/** Exceptions that the SDK does not know inside a stream keep their wire name, which begins with a small letter. */
function faultName(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The words of such an exception are the JSON of its body. */
function faultText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  try {
    const body: unknown = JSON.parse(message);
    if (typeof body === "object" && body && "message" in body) return String(body.message);
  } catch {
    // Mostly it is no JSON, but a sentence.
  }
  return message || code;
}

function retryAfterMsOf(error: unknown): number | undefined {
  const response = error instanceof Error && "$response" in error ? error.$response : undefined;
  const headers = (response as { headers?: Record<string, string> } | undefined)?.headers;
  const seconds = Number(headers?.["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
}
