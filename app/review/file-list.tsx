import { Link } from "@remix-run/react";
import { MessageSquare, Square, SquareCheck } from "lucide-react";
import type { ReactNode } from "react";
import { SeverityCounts } from "../ui/severity";
import { type PageFile, totalCount } from "./page";

export type FileListProps = {
  files: readonly PageFile[];
  current?: string;
  viewed: ReadonlySet<string>;
  /** Files with edits that are not saved yet. */
  edited: ReadonlySet<string>;
  onViewed: (path: string) => void;
  onOpen: () => void;
};

/** The list of files with their open findings and viewed state. */
export function FileList(props: FileListProps) {
  return (
    <nav className="review-files" aria-label="Files">
      <ViewedProgress {...props} />
      <ul>
        {props.files.map((file) => (
          <FileItem key={file.path} {...props} file={file} name={file.path} />
        ))}
      </ul>
    </nav>
  );
}

export function ViewedProgress({ files, viewed }: Pick<FileListProps, "files" | "viewed">) {
  const seen = files.filter((file) => viewed.has(file.path)).length;
  return (
    <>
      <p className="review-progress-line">
        {seen} of {files.length} {files.length === 1 ? "file" : "files"} viewed
      </p>
      <progress className="sr-only" value={seen} max={files.length} aria-label="Files viewed" />
    </>
  );
}

type FileItemProps = Omit<FileListProps, "files"> & {
  file: PageFile;
  /** The name to show: its path, or the part of it that its folder's heading leaves. */
  name: string;
  children?: ReactNode;
};

/** One file of the list; `children` stand beside its name. */
export function FileItem({ file, name, current, viewed, edited, onViewed, onOpen, children }: FileItemProps) {
  return (
    <li className="review-file" data-current={file.path === current || undefined}>
      <Link
        to={`?file=${encodeURIComponent(file.path)}`}
        aria-current={file.path === current ? "page" : undefined}
        title={file.path}
        onClick={onOpen}
      >
        <span className="review-file-path">{name}</span>
        {children}
        {edited.has(file.path) && <span className="review-file-edited">edited</span>}
        {totalCount(file.counts) > 0 && <SeverityCounts counts={file.counts} />}
        {file.threads > 0 && (
          <span
            className="review-file-threads"
            title={`${file.threads} open ${file.threads === 1 ? "thread" : "threads"}`}
          >
            <MessageSquare size={11} aria-hidden="true" />
            <span className="sr-only">open threads: </span>
            {file.threads}
          </span>
        )}
      </Link>
      <button
        type="button"
        className="review-viewed"
        aria-pressed={viewed.has(file.path)}
        aria-label={`Viewed: ${file.path}`}
        title={viewed.has(file.path) ? "Viewed" : "Mark as viewed"}
        onClick={() => onViewed(file.path)}
      >
        {viewed.has(file.path) ? <SquareCheck size={14} aria-hidden="true" /> : <Square size={14} aria-hidden="true" />}
      </button>
    </li>
  );
}
