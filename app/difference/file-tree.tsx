import { useMemo, useState } from "react";
import { FileItem, type FileListProps, ViewedProgress } from "../review/file-list";
import type { PageFile } from "../review/page";
import { LineCounts } from "../ui/line-counts";
import { countHunks } from "./decision-progress";
import { FILE_GROUPS, type FileGroup, GROUP_NAMES } from "./file-groups";

/** Groups that nobody reads are folded unless one of their files is open. */
const FOLDED = new Set<FileGroup>(["generated", "lock"]);

/** The changed files by group and folder, with a filter. */
export function FileTree(props: FileListProps) {
  const { files, current } = props;
  const [filter, setFilter] = useState("");
  const words = filter.trim().toLowerCase();
  const found = files.filter(({ path }) => path.toLowerCase().includes(words));
  return (
    <nav className="review-files" aria-label="Files">
      <ViewedProgress {...props} />
      <DecidedLine files={files} />
      <label className="file-filter scripted">
        <span className="sr-only">Filter files</span>
        <input
          type="search"
          value={filter}
          placeholder="Filter files"
          onChange={(event) => setFilter(event.target.value)}
        />
      </label>
      {words !== "" && (
        <p className="review-progress-line" role="status">
          {found.length} of {files.length} files
        </p>
      )}
      {FILE_GROUPS.map((group) => {
        const own = found.filter(({ change }) => change?.group === group);
        if (own.length === 0) return null;
        const isOpen = !FOLDED.has(group) || words !== "" || own.some(({ path }) => path === current);
        return (
          <details key={`${group} ${isOpen}`} open={isOpen} className="file-group">
            <summary>
              {GROUP_NAMES[group]} ({own.length})
            </summary>
            <Folders {...props} files={own} />
          </details>
        );
      })}
    </nav>
  );
}

function Folders(props: FileListProps) {
  const { files } = props;
  const folders = useMemo(() => byFolder(files), [files]);
  return [...folders].map(([folder, own]) => (
    <section key={folder} aria-label={folder || "Top folder"}>
      {folder !== "" && <h2 className="file-folder">{folder}/</h2>}
      <ul data-nested={folder !== "" || undefined}>
        {own.map((file) => (
          <FileItem key={file.path} {...props} file={file} name={file.path.slice(folder ? folder.length + 1 : 0)}>
            {file.change && <FileChange {...file.change} />}
          </FileItem>
        ))}
      </ul>
    </section>
  ));
}

const LETTERS = { added: "A", deleted: "D", renamed: "R", copied: "C", modified: "" } as const;

function DecidedLine({ files }: Pick<FileListProps, "files">) {
  const { hunks, decided } = countHunks(files);
  if (hunks === 0) return null;
  return (
    <>
      <p className="review-progress-line">
        {decided} of {hunks} {hunks === 1 ? "hunk" : "hunks"} decided
      </p>
      <progress className="sr-only" value={decided} max={hunks} aria-label="Hunks decided" />
    </>
  );
}

function FileChange({ status, added, removed, textless, hunks, decided }: NonNullable<PageFile["change"]>) {
  return (
    <span className="file-change">
      {LETTERS[status] && (
        <abbr title={status} className="file-status" data-status={status}>
          {LETTERS[status]}
        </abbr>
      )}
      {textless ? <span className="text-quiet">{textless}</span> : <LineCounts added={added} removed={removed} />}
      {decided > 0 && (
        <span className="text-quiet" title={`${decided} of ${hunks} hunks decided`}>
          <span className="sr-only">hunks decided: </span>
          {decided === hunks ? "✓" : `${decided}/${hunks}`}
        </span>
      )}
    </span>
  );
}

function byFolder(files: readonly PageFile[]): Map<string, PageFile[]> {
  const folders = new Map<string, PageFile[]>();
  for (const file of files) {
    const folder = file.path.slice(0, Math.max(0, file.path.lastIndexOf("/")));
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}
