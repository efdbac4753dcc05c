import { useState } from "react";
import { type CharRange, changedWords } from "../editor/changed-words";
import { Button } from "../ui/button";
import { MergeCode } from "./merge-code";
import {
  bothSides,
  choiceName,
  isOpenPart,
  type MergeChoice,
  type MergeFile,
  type MergePart,
  manualTextName,
} from "./merge-parts";

/** `theirs` and `mine` say who saved what. */
type MergeFileFormProps = { file: MergeFile; index: number; theirs: string; mine: string };

/** One file of a merge: what is settled as it is, and each place where both sides changed the same lines. */
export function MergeFileForm({ file, index, theirs, mine }: MergeFileFormProps) {
  const [round, setRound] = useState<{ count: number; choice?: MergeChoice }>({ count: 0 });
  const chooseAll = (choice: MergeChoice) => setRound(({ count }) => ({ count: count + 1, choice }));
  const parts: readonly MergePart[] = "parts" in file ? file.parts : [];
  const open = parts.filter(isOpenPart).length;
  return (
    <section className="merge-file" aria-label={file.path}>
      <header className="merge-file-header">
        <h2>{file.path}</h2>
        {open > 0 && (
          <span>
            {open} {open === 1 ? "place" : "places"} to resolve
          </span>
        )}
        <span className="merge-whole">
          <Button size="small" onClick={() => chooseAll("theirs")}>
            Take theirs for this file
          </Button>
          <Button size="small" onClick={() => chooseAll("mine")}>
            Keep mine for this file
          </Button>
        </span>
      </header>
      {"parts" in file ? (
        parts.map((part, at) =>
          isOpenPart(part) ? (
            <OpenConflict
              // biome-ignore lint/suspicious/noArrayIndexKey: parts are known by their place and never move
              key={`${at} ${round.count}`}
              {...part}
              path={file.path}
              chosen={round.choice}
              captions={{ theirs, mine }}
              names={[choiceName(index, at), manualTextName(index, at)]}
            />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: likewise
            <ResolvedLines key={at} path={file.path} text={part.text} from={part.from} />
          ),
        )
      ) : (
        <DeletedFile key={round.count} file={file} chosen={round.choice} name={choiceName(index, 0)} />
      )}
    </section>
  );
}

const LABELS: Record<MergeChoice, string> = {
  theirs: "Take theirs",
  mine: "Keep mine",
  both: "Both",
  hand: "Manual edit",
};

type OpenConflictProps = {
  path: string;
  mine: string;
  theirs: string;
  chosen?: MergeChoice;
  captions: { theirs: string; mine: string };
  names: [string, string];
};

/** Theirs, the result, and mine side by side; the result, at first both, can be chosen or written. */
function OpenConflict({ path, mine, theirs, chosen, captions, names: [choiceField, handField] }: OpenConflictProps) {
  const [choice, setChoice] = useState(chosen ?? "both");
  const [text, setText] = useState(() => choiceText(choice, mine, theirs));
  const changed = changedWords(theirs, mine);
  const choose = (next: MergeChoice) => {
    setChoice(next);
    if (next !== "hand") setText(choiceText(next, mine, theirs));
  };
  return (
    <div className="merge-place">
      <Side path={path} caption={captions.theirs} text={theirs} changed={changed?.before} />
      <fieldset className="merge-result">
        <legend>Result</legend>
        <textarea
          className="code"
          name={handField}
          aria-label="Edit result manually"
          rows={Math.max(2, text.split("\n").length)}
          wrap="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChoice("hand");
          }}
        />
        <div className="merge-choices">
          {(["theirs", "mine", "both", "hand"] as const).map((each) => (
            <label key={each}>
              <input
                type="radio"
                name={choiceField}
                value={each}
                required
                checked={choice === each}
                onChange={() => choose(each)}
              />
              {LABELS[each]}
            </label>
          ))}
        </div>
      </fieldset>
      <Side path={path} caption={captions.mine} text={mine} changed={changed?.after} />
    </div>
  );
}

function choiceText(choice: MergeChoice, mine: string, theirs: string): string {
  const text = choice === "mine" ? mine : choice === "theirs" ? theirs : bothSides(mine, theirs);
  return text.replaceAll("\r\n", "\n");
}

type SideProps = { path: string; caption: string; text: string; changed?: readonly CharRange[] };

/** One side's lines; the words that the other side does not have are marked. */
function Side({ path, caption, text, changed }: SideProps) {
  return (
    <figure className="merge-side">
      <figcaption>{caption}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll inside, also by keyboard */}
      <pre className="code" tabIndex={0}>
        {text === "" ? <i>(lines deleted)</i> : <MergeCode {...{ path, text, changed }} />}
      </pre>
    </figure>
  );
}

const CONTEXT_LINES = 3;

/** Lines that need no decision; a long run is folded but for its ends. */
function ResolvedLines({ path, text, from }: { path: string; text: string; from: "same" | "mine" | "theirs" }) {
  const lines = text.split(/(?<=\n)/);
  const whose = from === "same" ? "" : from === "mine" ? "from mine" : "from theirs";
  const isFolded = from === "same" && lines.length > 2 * CONTEXT_LINES + 1;
  const code = (shown: string) => (
    <pre className="code">
      <MergeCode path={path} text={shown} />
    </pre>
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll inside, also by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a fieldset holds fields
    <div className="merge-settled" data-from={from} tabIndex={0} role="group" aria-label={`Lines of ${path}`}>
      {whose && <span className="merge-whose">{whose}</span>}
      {isFolded ? (
        <>
          {code(lines.slice(0, CONTEXT_LINES).join(""))}
          <details>
            <summary>{lines.length - 2 * CONTEXT_LINES} unchanged lines</summary>
            {code(lines.slice(CONTEXT_LINES, -CONTEXT_LINES).join(""))}
          </details>
          {code(lines.slice(-CONTEXT_LINES).join(""))}
        </>
      ) : (
        code(text)
      )}
    </div>
  );
}

type DeletedFileProps = { file: { mine: string | null; theirs: string | null }; chosen?: MergeChoice; name: string };

function DeletedFile({ file, chosen, name }: DeletedFileProps) {
  const options = [
    { value: "theirs", label: file.theirs === null ? "Take theirs: delete this file" : "Take theirs: keep their file" },
    { value: "mine", label: file.mine === null ? "Keep mine: delete this file" : "Keep mine: keep my file" },
  ];
  return (
    <fieldset className="merge-deleted">
      <legend>One side deleted this file; the other changed it.</legend>
      {options.map(({ value, label }) => (
        <label key={value}>
          <input type="radio" name={name} value={value} required defaultChecked={chosen === value} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
