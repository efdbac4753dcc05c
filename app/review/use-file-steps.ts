import { useNavigate } from "@remix-run/react";
import type { PageFinding, ReviewPage } from "./page";

export type FileSteps = {
  /** Opens the next or previous file. */
  openFile: (by: 1 | -1) => void;
  /** Selects the next or previous finding; past the file's end, opens the next file that has some. */
  stepFinding: (by: 1 | -1) => void;
};

/** Returns functions that walk through the files and their findings. */
export function useFileSteps(
  { file, files }: ReviewPage,
  shown: readonly PageFinding[],
  { selected, onSelect }: { selected?: string; onSelect: (identity: string) => void },
): FileSteps {
  const navigate = useNavigate();
  const at = shown.findIndex((each) => each.identity === selected);
  const fileAt = files.findIndex((each) => each.path === file?.path);
  const open = (index: number) => {
    const next = files[(index + files.length) % files.length];
    if (next) navigate(`?file=${encodeURIComponent(next.path)}`);
  };
  const stepFinding = (by: 1 | -1) => {
    const next = shown[at + by];
    if (next) return onSelect(next.identity);
    const order = files.map((_, i) => (fileAt + by * (i + 1) + files.length * 2) % files.length);
    const other = order.find((index) => {
      const counts = files[index]?.counts;
      return index !== fileAt && counts && counts.critical + counts.major + counts.minor > 0;
    });
    if (other !== undefined) open(other);
    else if (shown.length > 0) onSelect((by === 1 ? shown[0] : shown.at(-1))?.identity ?? "");
  };
  return { openFile: (by) => open(fileAt + by), stepFinding };
}
