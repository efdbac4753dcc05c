import { useLocation, useSearchParams } from "@remix-run/react";
import { useCallback, useEffect, useState } from "react";
import { isOpen, type PageFinding } from "./page";

/**
 * The finding that is open in the margin. It stands in the address, so that it can be shared, but choosing another one
 * asks nothing of the server.
 */
export function useSelection(path: string | undefined, findings: readonly PageFinding[]) {
  const [params] = useSearchParams();
  const { key } = useLocation();
  const asked = params.get("finding") ?? undefined;
  const [chosen, setChosen] = useState(asked);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each navigation brings the address's choice, even the same one
  useEffect(() => setChosen(asked), [key, asked]);
  const isThere = findings.some((finding) => finding.identity === chosen);
  const first = findings.find((finding) => isOpen(finding) && finding.severity !== "nit");
  const selected = isThere ? chosen : first?.identity;

  const hrefOf = useCallback(
    (identity: string) => `?${new URLSearchParams({ ...(path && { file: path }), finding: identity })}`,
    [path],
  );
  const select = useCallback(
    (identity: string) => {
      setChosen(identity);
      window.history.replaceState(window.history.state, "", hrefOf(identity));
    },
    [hrefOf],
  );
  return { selected, select, hrefOf };
}
