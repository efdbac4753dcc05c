/** An error as the SDK makes an exception of it. */
export class CloudWatchError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export const invalid = (message: string) => new CloudWatchError("ValidationError", message);
