/** DynamoDB's errors as its SDK clients know them. */
import type { StorageUnavailable } from "../store/storage-unavailable";

export class DynamoDbError extends Error {
  /**
   * @param type the short name, like `ValidationException`
   * @param details further members of the error's body, like `CancellationReasons`
   */
  constructor(
    readonly type: string,
    message: string,
    readonly details: Record<string, unknown> = {},
    readonly status = 400,
  ) {
    super(message);
    this.name = type;
  }

  /** The body on the wire. Both spellings of the message, since clients of different services read different ones. */
  body(): Record<string, unknown> {
    return { __type: `com.amazonaws.dynamodb.v20120810#${this.type}`, message: this.message, ...this.details };
  }
}

export const validationError = (message: string) => new DynamoDbError("ValidationException", message);

export const notFound = (message: string) => new DynamoDbError("ResourceNotFoundException", message);

/** The name is the laptop's own: AWS has no disk that is full. As with its server errors, the SDKs try again. */
export const storageUnavailable = ({ name, message }: StorageUnavailable) => new DynamoDbError(name, message, {}, 503);

export const throttled = () =>
  new DynamoDbError(
    "ProvisionedThroughputExceededException",
    "The level of configured provisioned throughput for the table was exceeded.",
  );
