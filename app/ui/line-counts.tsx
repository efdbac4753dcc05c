/** The numbers of lines that were added and removed. */
export function LineCounts({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="inline-flex gap-1.5 text-12 tabular-nums">
      <span className="text-added">
        +{added}
        <span className="sr-only"> lines added</span>
      </span>
      <span className="text-removed">
        −{removed}
        <span className="sr-only"> lines removed</span>
      </span>
    </span>
  );
}
