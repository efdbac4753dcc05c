import { createContext, type ReactNode, useContext, useMemo, useRef, useState } from "react";
import { useBrowserLayoutEffect } from "../ui/use-browser-layout-effect";

/** An action of the current page, listed in the command palette and bound to a shortcut. */
export type PageAction = {
  /** Unique on the page. */
  id: string;
  label: string;
  /** The title of its current target, shown after the label in the palette. */
  about?: string;
  /** Keys as `KeyboardEvent.key` names them (`"j"`, `"A"`, `"["`); `"mod+s"` is ⌘S, or Ctrl+S where there is no ⌘. */
  shortcut?: string | readonly string[];
  /** Its group in the palette and in the list of shortcuts. */
  group?: string;
  /** Excludes it from the palette; for navigation keys such as moving to the next row. */
  isKeyOnly?: boolean;
  isDisabled?: boolean;
  /** The message its shortcut shows while disabled; without one the key does nothing. */
  whyDisabled?: string;
  run: () => void;
};

type Registry = {
  register: (owner: symbol, actions: readonly PageAction[]) => void;
  unregister: (owner: symbol) => void;
};

const RegistryContext = createContext<Registry>({ register: () => {}, unregister: () => {} });
const ActionsContext = createContext<readonly PageAction[]>([]);

export function PageActionsProvider({ children }: { children: ReactNode }) {
  const [byOwner, setByOwner] = useState<ReadonlyMap<symbol, readonly PageAction[]>>(new Map());
  const registry = useMemo<Registry>(
    () => ({
      register: (owner, actions) => setByOwner((before) => new Map(before).set(owner, actions)),
      unregister: (owner) =>
        setByOwner((before) => {
          const after = new Map(before);
          after.delete(owner);
          return after;
        }),
    }),
    [],
  );
  const actions = useMemo(() => [...byOwner.values()].flat(), [byOwner]);
  return (
    <RegistryContext.Provider value={registry}>
      <ActionsContext.Provider value={actions}>{children}</ActionsContext.Provider>
    </RegistryContext.Provider>
  );
}

/**
 * Registers the page's actions while the component is mounted. The array may be new on every render: the latest `run`
 * is always called, and only changes in the other fields are propagated. Both happen before the browser handles another
 * event: the key after `k` acts on the finding that `k` selected.
 */
export function usePageActions(actions: readonly PageAction[]): void {
  const registry = useContext(RegistryContext);
  const latest = useRef(actions);
  useBrowserLayoutEffect(() => {
    latest.current = actions;
  });
  const offered = JSON.stringify(actions.map(({ run: _run, ...rest }) => rest));
  useBrowserLayoutEffect(() => {
    const owner = Symbol("page");
    const facts = JSON.parse(offered) as Omit<PageAction, "run">[];
    registry.register(
      owner,
      facts.map((fact) => ({ ...fact, run: () => latest.current.find((each) => each.id === fact.id)?.run() })),
    );
    return () => registry.unregister(owner);
  }, [registry, offered]);
}

/** Returns the actions that the page currently offers. */
export function useOfferedActions(): readonly PageAction[] {
  return useContext(ActionsContext);
}

export function shortcutsOf({ shortcut }: Pick<PageAction, "shortcut">): readonly string[] {
  if (shortcut === undefined) return [];
  return typeof shortcut === "string" ? [shortcut] : shortcut;
}
