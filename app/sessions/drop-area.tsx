import { LIMITS } from "@redline/core/limits";
import { type ChangeEvent, useEffect, useRef } from "react";
import { Button } from "../ui/button";
import { formatBytes } from "../ui/format-bytes";
import { type DroppedFiles, readFileList } from "./dropped-files";
import { usePageDrop } from "./use-page-drop";

/** Adds files or a folder by choosing or by dropping anywhere on the page. A plain file field without JavaScript. */
export function DropArea({ onFiles }: { onFiles: (found: DroppedFiles) => void }) {
  const isOver = usePageDrop(onFiles);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement | null>(null);
  const take = (input: HTMLInputElement | null) => {
    if (!input?.files?.length) return;
    onFiles(readFileList(input.files));
    // So that choosing the same file again is a change.
    input.value = "";
  };
  const onChange = (event: ChangeEvent<HTMLInputElement>) => take(event.target);
  const takeFirst = useRef(take);
  // What was chosen before the page's script ran, or kept by the browser over a reload, told nobody of a change.
  useEffect(() => takeFirst.current(files.current), []);
  const { file, session } = LIMITS;
  return (
    <div
      className={`relative flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-dashed p-3 text-13 ${
        isOver ? "border-accent bg-selected" : "border-edge"
      }`}
    >
      {isOver ? (
        <p className="scripted flex min-h-8 items-center text-quiet">Drop to add</p>
      ) : (
        <p className="scripted flex flex-wrap items-center gap-x-1.5 gap-y-1 text-quiet">
          <span className="on-wide">Drop files, a folder or a zip anywhere on this page,</span>
          <span className="on-phone">Or</span>
          <Button onClick={() => files.current?.click()}>choose files</Button> or
          <Button onClick={() => folder.current?.click()}>choose a folder</Button>
        </p>
      )}
      <label className="unscripted flex flex-col gap-1">
        <span className="font-medium">Files, or a zip (up to {formatBytes(file.maxFormBytes)} each)</span>
        <input ref={files} type="file" name="files" multiple onChange={onChange} />
      </label>
      <input
        ref={(element) => {
          element?.setAttribute("webkitdirectory", "");
          folder.current = element;
        }}
        type="file"
        multiple
        hidden
        aria-label="A folder"
        onChange={onChange}
      />
      <p className="w-full text-12 text-quiet">
        Text files up to {formatBytes(file.maxBytes)}, {session.maxFiles} files and {formatBytes(session.maxBytes)} in
        total. Code stays on this installation unless you use a model.
      </p>
    </div>
  );
}
