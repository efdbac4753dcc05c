import { languageLabel } from "@redline/core/reviewers/schema";
import type { Session } from "@redline/core/sessions/schema";
import { Form, Link, useLocation, useSearchParams } from "@remix-run/react";
import { MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import { usePageActions } from "../palette/page-actions";
import { Menu, menuItemClass } from "../ui/menu";
import { RelativeTime } from "../ui/relative-time";
import { Cell, HeadCell, Table } from "../ui/table";
import { FindingsCell, isBeingReviewed } from "./findings-cell";
import { RenameForm } from "./rename-form";
import { focusRow } from "./row-focus";
import { useRefreshWhile } from "./use-refresh-while";

/** Lists sessions, newest first; `j` and `k` move between them and Enter opens one. */
export function SessionTable({ sessions, renameError }: { sessions: Session[]; renameError?: string }) {
  const [query] = useSearchParams();
  useRefreshWhile(sessions.some(isBeingReviewed));
  usePageActions([
    {
      id: "next",
      label: "Next session",
      shortcut: "j",
      group: "Sessions",
      isKeyOnly: true,
      run: () => focusRow(1),
    },
    {
      id: "previous",
      label: "Previous session",
      shortcut: "k",
      group: "Sessions",
      isKeyOnly: true,
      run: () => focusRow(-1),
    },
  ]);
  return (
    <Table caption="Sessions, newest first">
      <thead>
        <tr>
          <HeadCell>Name</HeadCell>
          <HeadCell className="hidden sm:table-cell">Languages</HeadCell>
          <HeadCell className="hidden text-right sm:table-cell">Files</HeadCell>
          <HeadCell className="hidden text-right sm:table-cell">Lines</HeadCell>
          <HeadCell>Open findings</HeadCell>
          <HeadCell className="hidden sm:table-cell">Updated</HeadCell>
          <HeadCell className="w-10">
            <span className="sr-only">Actions</span>
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr key={session.id} className="hover:bg-margin has-[[data-row]:focus-visible]:bg-selected">
            <Cell className="max-w-0 min-w-40 sm:w-2/5">
              {query.get("rename") === session.id ? (
                <RenameForm session={session} error={renameError} />
              ) : (
                <Link
                  to={`/sessions/${session.id}`}
                  prefetch="intent"
                  data-row
                  className="block truncate font-medium hover:underline"
                >
                  {session.name}
                </Link>
              )}
              <span className="text-12 text-quiet sm:hidden">
                <RelativeTime at={session.updatedAt} />
              </span>
            </Cell>
            <Cell className="hidden text-quiet sm:table-cell">{session.languages.map(languageLabel).join(", ")}</Cell>
            <Cell className="hidden text-right tabular-nums sm:table-cell">{session.fileCount}</Cell>
            <Cell className="hidden text-right tabular-nums sm:table-cell">
              {session.lines?.toLocaleString("en") ?? "–"}
            </Cell>
            <Cell>
              <FindingsCell review={session.review} />
            </Cell>
            <Cell className="hidden text-quiet sm:table-cell">
              <RelativeTime at={session.updatedAt} />
            </Cell>
            <Cell className="py-1! text-right">
              <RowMenu session={session} />
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function RowMenu({ session }: { session: Session }) {
  const { pathname, search } = useLocation();
  const [query] = useSearchParams();
  const renaming = new URLSearchParams(query);
  renaming.set("rename", session.id);
  return (
    <Menu label={`Actions for ${session.name}`} trigger={<MoreHorizontal size={16} aria-hidden="true" />}>
      <Link to={`?${renaming}`} preventScrollReset data-menu-item className={menuItemClass}>
        <Pencil size={16} aria-hidden="true" /> Rename
      </Link>
      <Form method="post" action="/sessions" preventScrollReset>
        <input type="hidden" name="id" value={session.id} />
        <input type="hidden" name="returnTo" value={pathname + search} />
        <button type="submit" name="intent" value="trash" data-menu-item className={menuItemClass}>
          <Trash2 size={16} aria-hidden="true" /> Move to trash
        </button>
      </Form>
    </Menu>
  );
}
