export type Pane = "files" | "code" | "findings";

type PaneTabsProps = { pane: Pane; onPane: (pane: Pane) => void; findings: number; threads: number; files: number };

/** Switches between the three panes on narrow screens. */
export function PaneTabs({ pane, onPane, findings, threads, files }: PaneTabsProps) {
  const panes: [Pane, string][] = [
    ["files", `Files (${files})`],
    ["code", "Code"],
    ["findings", `Findings (${findings})${threads > 0 ? ` · threads (${threads})` : ""}`],
  ];
  return (
    <nav className="pane-tabs" aria-label="Panes">
      {panes.map(([id, label]) => (
        <button key={id} type="button" aria-pressed={pane === id} onClick={() => onPane(id)}>
          {label}
        </button>
      ))}
    </nav>
  );
}
