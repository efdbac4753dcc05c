import { Dialog } from "../ui/dialog";
import { Kbd } from "../ui/kbd";
import { type PageAction, shortcutsOf } from "./page-actions";

const WRITTEN: Record<string, string> = {
  mod: "⌘",
  shift: "⇧",
  alt: "⌥",
  Enter: "↵",
  enter: "↵",
  Escape: "Esc",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

/** The keys of a shortcut as they are written: `"mod+s"` is ⌘ S. */
export function Shortcut({ keys }: { keys: string }) {
  const parts = keys.length > 1 ? keys.split("+") : [keys];
  return (
    <span className="inline-flex gap-0.5">
      {parts.map((part) => (
        <Kbd key={part}>{WRITTEN[part] ?? (parts.length > 1 ? part.toUpperCase() : part)}</Kbd>
      ))}
    </span>
  );
}

/** Every shortcut that works here, by group. */
export function ShortcutHelp({
  actions,
  isOpen,
  onClose,
}: {
  actions: readonly PageAction[];
  isOpen: boolean;
  onClose: () => void;
}) {
  return (
    <Dialog title="Shortcuts" isOpen={isOpen} onClose={onClose}>
      <div className="flex flex-col gap-4 overflow-y-auto p-4">
        {groupActions(actions.filter((action) => action.shortcut)).map(([group, members]) => (
          <section key={group} aria-label={group}>
            <h3 className="mb-1 text-12 font-medium text-quiet">{group}</h3>
            <dl>
              {members.map((action) => (
                <div key={action.id} className="flex items-center justify-between gap-4 py-1 text-13">
                  <dt>{action.label}</dt>
                  <dd className="flex gap-1.5">
                    {shortcutsOf(action).map((keys) => (
                      <Shortcut key={keys} keys={keys} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p className="text-12 text-quiet">⌘ is Ctrl where there is no ⌘. Single keys rest while you type.</p>
      </div>
    </Dialog>
  );
}

/** Actions under their headings, in the order in which those first appear. */
export function groupActions(actions: readonly PageAction[]): [string, PageAction[]][] {
  const groups = new Map<string, PageAction[]>();
  for (const action of actions) {
    const group = action.group ?? "On this page";
    groups.set(group, [...(groups.get(group) ?? []), action]);
  }
  return [...groups];
}
