import { PERMISSIONS, ROLES } from "@redline/core/access/schema";
import { Cell, HeadCell, Table } from "../ui/table";

const rows = Object.entries(PERMISSIONS).filter(([, grant]) => grant.on === "team");
const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** The permissions of each role, from the table that the code asks. */
export function RolesTable() {
  return (
    <details className="mt-8">
      <summary className="target link w-fit text-13">What each role may do</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways on a phone, and is scrolled by keys */}
      <section className="relative mt-2 overflow-x-auto" aria-label="Roles" tabIndex={0}>
        <Table caption="Roles and permissions">
          <thead>
            <tr>
              <HeadCell>Permission</HeadCell>
              {ROLES.map((role) => (
                <HeadCell key={role}>{role}</HeadCell>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([permission, { allows, roles }]) => (
              <tr key={permission}>
                <Cell>{sentence(allows)}</Cell>
                {ROLES.map((role) => (
                  <Cell key={role}>{(roles as readonly string[]).includes(role) ? "yes" : "no"}</Cell>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </section>
    </details>
  );
}
