/** An error response of S3, as its error document. */
export class S3Error extends Error {
  override readonly name = "S3Error";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

export const accessDenied = (message = "Access Denied") => new S3Error(403, "AccessDenied", message);
export const noSuchBucket = () => new S3Error(404, "NoSuchBucket", "The specified bucket does not exist");
export const noSuchKey = () => new S3Error(404, "NoSuchKey", "The specified key does not exist.");
export const noSuchVersion = () => new S3Error(404, "NoSuchVersion", "The specified version does not exist.");
export const noSuchUpload = () => new S3Error(404, "NoSuchUpload", "The specified multipart upload does not exist.");
export const invalidArgument = (message: string) => new S3Error(400, "InvalidArgument", message);
export const malformedXml = () =>
  new S3Error(400, "MalformedXML", "The XML you provided was not well-formed or did not validate.");
export const notImplemented = (what: string) =>
  new S3Error(501, "NotImplemented", `${what} is not supported on the laptop.`);
export const preconditionFailed = () =>
  new S3Error(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
