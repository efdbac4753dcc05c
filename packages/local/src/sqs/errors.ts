/** An error response of SQS. */
export class SqsError extends Error {
  override readonly name = "SqsError";

  /** @param queryCode what the error was called in SQS's older protocol, where that differs; SDKs still read it */
  constructor(
    readonly code: string,
    message: string,
    readonly queryCode: string = code,
    readonly status = 400,
  ) {
    super(message);
  }
}

export const noSuchQueue = () =>
  new SqsError("QueueDoesNotExist", "The specified queue does not exist.", "AWS.SimpleQueueService.NonExistentQueue");

export const invalidParameter = (reason: string) =>
  new SqsError("InvalidParameterValue", `One or more parameters are invalid. Reason: ${reason}`);

export const missingParameter = (name: string) =>
  new SqsError("MissingParameter", `The request must contain the parameter ${name}.`);

/** A parameter that only FIFO queues have, or only others. */
export const otherQueueType = (parameter: string) =>
  invalidParameter(`The request include parameter ${parameter} that is not valid for this queue type.`);

export const unknownAttribute = (name: string) => new SqsError("InvalidAttributeName", `Unknown Attribute ${name}.`);

export const noSuchResource = () =>
  new SqsError(
    "ResourceNotFoundException",
    "The resource that you specified for the SourceArn parameter doesn't exist.",
  );
