import { EDITOR_KEYS } from "../editor/editor-keys";
import { Dialog } from "../ui/dialog";
import { Kbd } from "../ui/kbd";
import { useIsMac } from "../ui/use-is-mac";
import { type PageAction, shortcutsOf } from "./page-actions";

const MESSAGE_KEYS = [
  { label: "Ask, or save the note", keys: "mod+enter" },
  { label: "Stop a reply, or cancel a message", keys: "Escape" },
] as const;

const MAC: Record<string, string> = { mod: "⌘", shift: "⇧", alt: "⌥", ctrl: "⌃" };
const OTHERS: Record<string, string> = { mod: "Ctrl", shift: "Shift", alt: "Alt", ctrl: "Ctrl" };
const WRITTEN: Record<string, string> = {
  Enter: "↵",
  enter: "↵",
  Escape: "Esc",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

/** Shows a shortcut for the user's platform: `"mod+s"` is ⌘ S on a Mac, else Ctrl S. */
export function Shortcut({ keys }: { keys: string }) {
  const isMac = useIsMac();
  const held = isMac ? MAC : OTHERS;
  const parts = keys.length > 1 ? keys.split("+") : [keys];
  return (
    <span className="inline-flex gap-0.5">
      {parts.map((part) => (
        <Kbd key={part}>{held[part] ?? WRITTEN[part] ?? (parts.length > 1 ? part.toUpperCase() : part)}</Kbd>
      ))}
    </span>
  );
}

/** Lists the page's shortcuts by group. */
export function ShortcutHelp({
  actions,
  isOpen,
  onClose,
}: {
  actions: readonly PageAction[];
  isOpen: boolean;
  onClose: () => void;
}) {
  const hasCode = actions.some(({ id }) => id === "explain");
  return (
    <Dialog title="Shortcuts" isOpen={isOpen} onClose={onClose}>
      <div className="relative flex flex-col gap-4 overflow-y-auto p-4">
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
        {hasCode && (
          <>
            <KeyList title="In the code" keys={EDITOR_KEYS} />
            <KeyList title="In a message" keys={MESSAGE_KEYS} />
          </>
        )}
        <p className="text-12 text-quiet">
          Single-key shortcuts are off while you type.
          {hasCode && " In the code, Tab moves focus until you edit, then it indents."}
        </p>
      </div>
    </Dialog>
  );
}

/** Lists keys that work in one place only. */
function KeyList({ title, keys: listed }: { title: string; keys: readonly { label: string; keys: string }[] }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-12 font-medium text-quiet">{title}</h3>
      <dl>
        {listed.map(({ label, keys }) => (
          <div key={keys} className="flex items-center justify-between gap-4 py-1 text-13">
            <dt>{label}</dt>
            <dd>
              <Shortcut keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Groups actions, in the order in which the groups first appear. */
export function groupActions(actions: readonly PageAction[]): [string, PageAction[]][] {
  const groups = new Map<string, PageAction[]>();
  for (const action of actions) {
    const group = action.group ?? "On this page";
    groups.set(group, [...(groups.get(group) ?? []), action]);
  }
  return [...groups];
}
