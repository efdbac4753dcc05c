import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PAGE, permissionsPage } from "../../../../tests/support/permissions-page";

it("the docs page of roles and permissions says what the table grants", () => {
  expect(readFileSync(PAGE, "utf8")).toBe(permissionsPage());
});
