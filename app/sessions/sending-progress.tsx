import { formatBytes } from "../ui/format-bytes";
import type { Progress } from "./send-session";

/** Shows upload progress. */
export function SendingProgress({ isBusy, progress }: { isBusy: boolean; progress?: Progress }) {
  return (
    <div role="status" className="flex items-center gap-3 text-13 text-quiet">
      {isBusy && progress && (
        <>
          <progress aria-label="Upload" value={progress.sent} max={progress.total} className="h-1.5 w-32" />
          <span>
            {formatBytes(progress.sent)} of {formatBytes(progress.total)} sent
            {progress.files.map(({ path, sent, total }) => (
              <span key={path} className="block truncate text-12">
                {path}: {Math.floor((sent / total) * 100)}%
              </span>
            ))}
          </span>
        </>
      )}
      {isBusy && !progress && "Creating session…"}
    </div>
  );
}
