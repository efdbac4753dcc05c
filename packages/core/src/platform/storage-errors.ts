import { AppError } from "../errors";

/** Name of the laptop cloud's error for a disk that is full, read-only or failing. AWS has no such error. */
const STORAGE_UNAVAILABLE = "StorageUnavailable";

type Next<Input, Output> = (args: Input) => Promise<Output>;
type Stack = {
  add(
    middleware: <Input, Output>(next: Next<Input, Output>) => Next<Input, Output>,
    options: { step: "initialize"; name: string; priority: "high" },
  ): void;
};

/** Makes this client throw DATABASE_ERROR, with the storage's own sentence for people, when the laptop's disk refuses. */
export function withStorageErrors<Client extends { middlewareStack: object }>(client: Client): Client {
  const translate =
    <Input, Output>(next: Next<Input, Output>): Next<Input, Output> =>
    (args) =>
      next(args).catch((error) => {
        throw isStorageError(error) ? new AppError("DATABASE_ERROR", error.message, { cause: error }) : error;
      });
  (client.middlewareStack as Stack).add(translate, { step: "initialize", name: "storageErrors", priority: "high" });
  return client;
}

/** Returns whether the storage refused, by the SDK's name of the error or by our own. */
export function isStorageError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error.name === STORAGE_UNAVAILABLE || (error instanceof AppError && isStorageError(error.cause));
}
