import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useMemo, useState } from "react";
import { type PageAction, PageActionsProvider, useOfferedActions } from "./page-actions";
import { ShortcutHelp } from "./shortcut-help";
import { useShortcuts } from "./shortcuts";

const Palette = lazy(() => import("./palette").then((module) => ({ default: module.Palette })));

type Host = { open: () => void };

const HostContext = createContext<Host>({ open: () => {} });

/** Returns a handle that opens the command palette. */
export function usePalette(): Host {
  return useContext(HostContext);
}

/** Provides the command palette (loaded when first opened), the shortcut help and the key bindings. */
export function PaletteHost({ children }: { children: ReactNode }) {
  return (
    <PageActionsProvider>
      <PaletteDialogs>{children}</PaletteDialogs>
    </PageActionsProvider>
  );
}

function PaletteDialogs({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<"palette" | "help" | null>(null);
  const offered = useOfferedActions();
  const close = useCallback(() => setShown(null), []);
  const host = useMemo<Host>(() => ({ open: () => setShown("palette") }), []);
  const everywhere: PageAction[] = [
    {
      id: "palette",
      label: "Command palette",
      shortcut: "mod+k",
      group: "Everywhere",
      isKeyOnly: true,
      run: host.open,
    },
    { id: "help", label: "Keyboard shortcuts", shortcut: "?", group: "Everywhere", run: () => setShown("help") },
  ];
  const actions = [...offered, ...everywhere];
  useShortcuts(actions);
  return (
    <HostContext.Provider value={host}>
      {children}
      <ShortcutHelp actions={actions} isOpen={shown === "help"} onClose={close} />
      {shown === "palette" && (
        <Suspense fallback={null}>
          <Palette actions={actions} onClose={close} />
        </Suspense>
      )}
    </HostContext.Provider>
  );
}
