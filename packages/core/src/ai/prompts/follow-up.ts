/** Prompts that follow a model's first answer. They continue its conversation, each under a version of its own. */

export const REPAIR_VERSION = "repair@1";

/** Quotes why a suggestion was refused. With tools it is the text of the call's result, else the next message. */
export function renderRepair({ reason, hasTools }: { reason: string; hasTools: boolean }): string {
  const again = hasTools
    ? "Call propose_change once more with edits that apply"
    : "Write the change once more, in one of the three forms, so that it applies";
  return `The change does not apply to the code: ${reason}\n${again}: compare with the numbered lines of the material and repeat the original lines exactly. Write nothing else. If it cannot be done, say so in one sentence.`;
}

/** Answers a call where no change was asked for, whatever it holds. */
export const renderUncalledFor = (): string =>
  "No change was asked for, so none is shown to the reader. Answer in words, without a call.";

export const CONTINUE_VERSION = "continue@1";

/** Asks for the rest of an answer that was cut; the text so far stands before it as the model's own message. */
export const renderContinue = (): string =>
  "Your answer was cut off at its end. Go on exactly where it stopped, in the middle of a word if need be. Repeat nothing, and do not mention the interruption. A change that was not complete is written again in full.";
