import { Link, useSearchParams } from "@remix-run/react";
import { Badge } from "../ui/badge";
import { LineCounts } from "../ui/line-counts";
import { CodeRows } from "./code-rows";
import type { CompareView, FileRows, FileSummary } from "./rows";

type ComparedFilesProps = {
  files: readonly FileSummary[];
  shown: ReadonlyMap<string, FileRows>;
  view: CompareView;
  /** The single file to show. */
  path?: string;
};

/** Lists the changed files and shows the rows of the loaded ones. */
export function ComparedFiles({ files, shown, view, path }: ComparedFilesProps) {
  const [query] = useSearchParams();
  const alone = (file?: string) => {
    const next = new URLSearchParams(query);
    if (file) next.set("file", file);
    else next.delete("file");
    return `?${next}`;
  };
  return (
    <>
      {(files.length > 1 || path) && (
        <nav aria-label="Changed files" className="my-4">
          <ul className="flex flex-wrap gap-x-4 gap-y-1 text-13">
            {path && (
              <li>
                <Link to={alone()} className="link">
                  All {files.length} files
                </Link>
              </li>
            )}
            {files.map((file) => (
              <li key={file.path} className="min-w-0 max-w-full">
                <Link
                  to={alone(file.path)}
                  aria-current={file.path === path ? "page" : undefined}
                  className="flex max-w-full gap-2 hover:underline aria-[current]:font-semibold"
                >
                  <span className="truncate font-mono text-12">{file.path}</span>
                  <LineCounts {...file} />
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {files.map((file) => {
        const rows = shown.get(file.path);
        if (!rows && path) return null;
        return (
          <article key={file.path} aria-label={file.path} className="mt-4">
            <header className="sticky top-0 z-10 flex flex-wrap items-center gap-x-3 border-b border-rule bg-paper py-1.5 text-13">
              <h2 className="min-w-0 font-mono text-12 font-semibold break-all">{file.path}</h2>
              {file.status !== "changed" && (
                <Badge tone={file.status === "added" ? "added" : "removed"}>{file.status}</Badge>
              )}
              <LineCounts {...file} />
            </header>
            {rows ? (
              <CodeRows blocks={rows.blocks} view={view} label={`Changes in ${file.path}`} path={file.path} />
            ) : (
              <p className="py-3 text-13 text-quiet">
                Large diff not shown.{" "}
                <Link to={alone(file.path)} className="link text-ink">
                  Show this file only
                </Link>
              </p>
            )}
            {rows?.isPart && (
              <p className="py-2 text-13 text-quiet">
                {path ? (
                  "The rest is not shown: too many changed lines. Export the session to compare it elsewhere."
                ) : (
                  <>
                    The rest is not shown here.{" "}
                    <Link to={alone(file.path)} className="link text-ink">
                      Show more of this file
                    </Link>
                  </>
                )}
              </p>
            )}
          </article>
        );
      })}
    </>
  );
}
