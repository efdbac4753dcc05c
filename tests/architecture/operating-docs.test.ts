/**
 * Checks that the operating docs are complete: a line for each alarm, commands that were run on each page, no dead link.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const FOLDER = "docs/operating";
const pages = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), "utf8") }));
const textOf = (name: string) => pages.find((page) => page.name === name)?.text ?? "";
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .trim()
    .replaceAll(" ", "-");

/** Pages of which nothing can be run on a laptop, and why. */
const NOTHING_TO_RUN: Record<string, string> = {
  "develop-on-aws.md": "needs a personal stage",
  "bundles.md": "made by npm run test:infra",
  "costs.md": "npm run cost takes minutes, and is run by its own test",
  "costs-table.md": "made by npm run cost",
  "verify-on-aws.md": "lists what only AWS can show",
};

describe("the operators' docs", () => {
  it("have an entry for each alarm of production", () => {
    const alarms = readFileSync("tests/infra/snapshots/resources.txt", "utf8").match(/(?<=MetricAlarm )\w+/g) ?? [];
    expect(alarms.length).toBeGreaterThan(10);
    expect(alarms.filter((name) => !textOf("alarms.md").includes(`\`${name}\``))).toEqual([]);
  });

  it("have on each page a command that a test runs", () => {
    const without = pages.filter(({ text }) => !/^```sh local\n/m.test(text)).map(({ name }) => name);
    expect(without.sort()).toEqual(Object.keys(NOTHING_TO_RUN).sort());
  });

  it("are all reachable from the first page, without a broken link", () => {
    const links = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].map(([, path = "", anchor]) => ({
        name,
        path,
        anchor,
      })),
    );
    const broken = links.filter(({ name, path, anchor }) => {
      const file = join(FOLDER, path || name);
      if (!existsSync(file)) return true;
      const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
        anchorOf(heading),
      );
      return anchor !== undefined && !headings.includes(anchor);
    });
    expect(broken).toEqual([]);
    const reached = new Set(links.filter(({ name }) => name === "README.md").map(({ path }) => path));
    expect(pages.map(({ name }) => name).filter((name) => name !== "README.md" && !reached.has(name))).toEqual([]);
  });

  it("exist for each page that an alarm names", () => {
    const named = readFileSync("stacks/alarms.ts", "utf8").match(/docs\/operating\/[\w-]+\.md/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });

  it("give the same monthly cost as the README", () => {
    const total = /without the model: \*\*\$([\d.]+)\*\*/.exec(textOf("costs-table.md"))?.[1];
    expect(readFileSync("README.md", "utf8")).toContain(`**$${Math.round(Number(total))}**`);
  });

  it("have commands that a shell can parse", () => {
    const scripts = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/^```sh(?: local)?\n(.*?)^```$/gms)].map(([, script = ""]) => ({ name, script })),
    );
    const unread = scripts.filter(({ script }) => spawnSync("bash", ["-n", "-c", script]).status !== 0);
    expect(unread).toEqual([]);
    const files = scripts.flatMap(({ script }) => script.match(/\b(?:scripts|stacks|packages)\/[\w./-]+\w/g) ?? []);
    expect(files.filter((path) => !path.includes("**") && !existsSync(path.replace(/\/\*\*.*/, "")))).toEqual([]);
  });
});
