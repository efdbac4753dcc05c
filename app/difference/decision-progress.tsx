import { ActionForm } from "../review/action-form";
import type { ReviewActionInput } from "../review/actions";
import type { PageFile } from "../review/page";
import { Button, SubmitButton } from "../ui/button";
import type { PageDifference } from "./page";

type DecisionProgressProps = {
  files: readonly PageFile[];
  turn: PageDifference["turn"];
  isReadOnly: boolean;
  isEnding: boolean;
  onNext: () => void;
  onAction: (input: ReviewActionInput) => void;
};

/** Counts a difference's hunks, and those of them that are decided. */
export function countHunks(files: readonly Pick<PageFile, "change">[]): { hunks: number; decided: number } {
  const sum = (name: "hunks" | "decided") => files.reduce((total, { change }) => total + (change?.[name] ?? 0), 0);
  return { hunks: sum("hunks"), decided: sum("decided") };
}

/** How much is decided, the way to what is not, and the agent's turn while it is open. */
export function DecisionProgress({ files, turn, isReadOnly, isEnding, onNext, onAction }: DecisionProgressProps) {
  const { hunks, decided } = countHunks(files);
  if (hunks === 0) return null;
  return (
    <div className="decision-progress">
      <span>
        {decided} of {hunks} {hunks === 1 ? "hunk" : "hunks"} decided
      </span>
      {decided < hunks && (
        <span className="scripted">
          <Button size="small" variant="quiet" aria-keyshortcuts="Shift+N" onClick={onNext}>
            Next undecided
          </Button>
        </span>
      )}
      {turn?.state === "open" && (
        <span className="decision-turn">
          <span>The agent is at work ({turn.label}): what you reject takes effect when its turn ends.</span>
          {!isReadOnly && (
            <ActionForm input={{ intent: "end-turn" }} onAction={onAction} isBusy={isEnding}>
              <SubmitButton size="small" isBusy={isEnding} busyText="Ending…">
                End its turn now
              </SubmitButton>
            </ActionForm>
          )}
        </span>
      )}
    </div>
  );
}
