import { useFetcher, useLocation, useNavigate, useRouteLoaderData } from "@remix-run/react";
import { Command } from "cmdk";
import { type ReactNode, useEffect, useState } from "react";
import type { loader } from "../root";
import type { SettingsTab } from "../settings/tabs.server";
import { CodeText } from "../ui/code-text";
import { Dialog } from "../ui/dialog";
import type { PaletteResults } from "./found";
import { type PageAction, shortcutsOf } from "./page-actions";
import { groupActions, Shortcut } from "./shortcut-help";

const PAGES: { to: string; label: string; tab?: SettingsTab }[] = [
  { to: "/", label: "Home" },
  { to: "/sessions", label: "Sessions" },
  { to: "/sessions/new", label: "New session" },
  { to: "/rules", label: "Rules" },
  { to: "/trash", label: "Trash" },
  { to: "/settings/model", label: "Settings: model, budget and instructions" },
  { to: "/settings/account", label: "Account: password and signed-in browsers", tab: "account" },
  { to: "/teams", label: "Teams", tab: "account" },
  { to: "/settings/usage", label: "Usage: tokens and cost", tab: "usage" },
  { to: "/ops", label: "Operations: queues, jobs and versions", tab: "operations" },
];

const SEARCH_AFTER_MS = 150;

/** The command palette, in a module of its own so that it loads when first opened. */
export function Palette({ actions, onClose }: { actions: readonly PageAction[]; onClose: () => void }) {
  const [search, setSearch] = useState("");
  const navigate = useNavigate();
  const tabs = useRouteLoaderData<typeof loader>("root")?.settingsTabs ?? [];
  const sessionId = /^\/sessions\/(ses_\w+)/.exec(useLocation().pathname)?.[1];
  const results = usePaletteResults(search, sessionId);
  const act = (run: () => void) => () => {
    onClose();
    // After the dialog has given the focus back, so that what runs may take it.
    setTimeout(run);
  };
  const go = (to: string) => act(() => navigate(to));
  return (
    <Dialog title="Command palette" isTitleHidden isOpen onClose={onClose} className="mt-[12vh]">
      <Command label="Command palette" loop>
        <Command.Input
          data-autofocus
          // Without `value`: given one, cmdk filters after the key event, and an Enter that follows at once is lost.
          onValueChange={setSearch}
          placeholder="Search sessions, files, pages and commands"
          className="h-11 w-full border-b border-rule bg-paper px-4 outline-none"
        />
        <Command.List className="relative max-h-[min(24rem,60dvh)] overflow-y-auto p-1" label="Results">
          <Command.Empty className="px-3 py-6 text-center text-13 text-quiet">No results</Command.Empty>
          {results.files.length > 0 && (
            <Group heading="Files">
              {results.files.map((path) => (
                <Item
                  key={path}
                  value={`file ${path}`}
                  words={path}
                  onSelect={go(`/sessions/${sessionId}?file=${encodeURIComponent(path)}`)}
                >
                  <span className="truncate">{path}</span>
                </Item>
              ))}
            </Group>
          )}
          {results.sessions.length > 0 && (
            <Group heading="Sessions">
              {results.sessions.map(({ id, name }) => (
                <Item key={id} value={`session ${id}`} words={name} onSelect={go(`/sessions/${id}`)}>
                  <span className="truncate">{name}</span>
                </Item>
              ))}
            </Group>
          )}
          <Group heading="Pages">
            {PAGES.filter(({ tab }) => !tab || tabs.includes(tab)).map(({ to, label }) => (
              <Item key={to} value={`page ${to}`} words={label} onSelect={go(to)}>
                {label}
              </Item>
            ))}
          </Group>
          {groupActions(actions.filter((action) => !action.isKeyOnly && !action.isDisabled)).map(([group, members]) => (
            <Group key={group} heading={group}>
              {members.map((action) => (
                <Item key={action.id} value={`do ${action.id}`} words={actionName(action)} onSelect={act(action.run)}>
                  <span className="truncate">
                    <CodeText text={actionName(action)} />
                  </span>
                  {shortcutsOf(action)
                    .slice(0, 1)
                    .map((keys) => (
                      <span key={keys} className="ml-auto">
                        <Shortcut keys={keys} />
                      </span>
                    ))}
                </Item>
              ))}
            </Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}

const actionName = ({ label, about }: PageAction): string => (about ? `${label}: ${about}` : label);

/** Fetches sessions that match the search, and the open session's files. */
function usePaletteResults(search: string, sessionId: string | undefined): PaletteResults {
  const { load, data } = useFetcher<PaletteResults>({ key: "palette" });
  useEffect(() => {
    const query = new URLSearchParams({ search, ...(sessionId && { session: sessionId }) });
    const timer = setTimeout(() => load(`/palette?${query}`), search === "" ? 0 : SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [load, search, sessionId]);
  return data ?? { sessions: [], files: [] };
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:text-quiet"
    >
      {children}
    </Command.Group>
  );
}

function Item(props: { value: string; words: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      value={props.value}
      keywords={[props.words]}
      onSelect={props.onSelect}
      className="flex h-8 cursor-pointer items-center gap-2 rounded px-2 text-13 data-[selected=true]:bg-selected"
    >
      {props.children}
    </Command.Item>
  );
}
