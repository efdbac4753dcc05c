import { ChangeSet } from "@codemirror/state";
import { diffEdits } from "@redline/core/text/index";
import type { EditorContent } from "./create-editor";
import { mapMarks, setMarks } from "./finding-marks";
import { mapRedlines, setRedlines } from "./redline-field";
import { mapThreads, setThreads } from "./thread-marks";

/** Returns the changes that turn one text into another. */
export function changesBetween(before: string, after: string): ChangeSet {
  const edits = before === after ? [] : diffEdits(before, after);
  const changes = edits.map(({ start, end, text }) => ({ from: start, to: end, insert: text }));
  return ChangeSet.of(changes, before.length);
}

/** Returns the effects that draw a content's overlays, mapped from its head through the changes made since. */
export function overlayEffects({ redlines, marks, selected, threads, tinted }: EditorContent, typed: ChangeSet) {
  return [
    setRedlines.of(mapRedlines(redlines, typed)),
    setMarks.of({ marks: mapMarks(marks, typed), selected }),
    setThreads.of({ threads: mapThreads(threads, typed), tinted: tinted && mapThreads([tinted], typed)[0] }),
  ];
}
