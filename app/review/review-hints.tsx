import { Hint } from "../hints/hint";
import { Kbd } from "../ui/kbd";

/** Tells a first visitor which keys decide on the open finding. */
export function DecideHint({ hasFix }: { hasFix: boolean }) {
  return (
    <Hint id="decide" className="on-wide mt-2">
      {hasFix && (
        <>
          <Kbd>a</Kbd> accepts the fix,{" "}
        </>
      )}
      <Kbd>d</Kbd> dismisses, <Kbd>j</Kbd> goes on, <Kbd>?</Kbd> lists all keys
    </Hint>
  );
}

/** Tells a first visitor how to ask about a part of the code. */
export function SelectHint({ canAsk, isReadOnly }: { canAsk: boolean; isReadOnly: boolean }) {
  if (isReadOnly) return null;
  return (
    <Hint id="select" className="mx-2 mt-1 mb-2">
      Select lines in the code to {canAsk ? "ask about them" : "write a note on them"}
    </Hint>
  );
}
