/** A command that could not do its work: its message is printed as it is, and the exit code is 2. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";

  constructor(
    message: string,
    /** The next step for the user, on a line of its own. */
    readonly hint?: string,
  ) {
    super(message);
  }
}
