/** `docs/permissions.md` from the table of roles and permissions: `node --import tsx tests/support/permissions-page.ts`. */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { PERMISSIONS, ROLES } from "@redline/core/access/schema";

export const PAGE = "docs/permissions.md";

/** Returns the page as it has to be. */
export function permissionsPage(): string {
  const rows = Object.entries(PERMISSIONS).filter(([, { on }]) => on === "team");
  const cells = (roles: readonly string[]) => ROLES.map((role) => (roles.includes(role) ? "yes" : "")).join(" | ");
  return [
    "# Roles and permissions",
    "",
    "What each role may do with what its team owns. Made from `packages/core/src/access/permissions.ts` by",
    "`node --import tsx tests/support/permissions-page.ts`; the team's settings show the same.",
    "",
    `| a member can | ${ROLES.join(" | ")} |`,
    `| --- |${" --- |".repeat(ROLES.length)}`,
    ...rows.map(([, { allows, roles }]) => `| ${allows} | ${cells(roles)} |`),
    "",
    "Their own settings and account are everybody's own; the operations page is the operator's. On a laptop without accounts, its",
    "owner is the admin of the one team and the operator.",
    "",
  ].join("\n");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(PAGE, permissionsPage());
