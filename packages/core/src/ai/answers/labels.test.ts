import { describe, expect, it } from "vitest";
import { mayBePath, pathOfLabel } from "./labels";
import { TextAnswerReader } from "./reader";

describe("a line that names a file", () => {
  it.each([
    "/etc/passwd",
    "C:\\work\\a.ts",
    "c:/work/a.ts",
    "\\\\server\\share\\a.ts",
    "../a.ts",
    "../../etc/passwd",
    "./Makefile2",
    "~/a",
    ".git/config",
    "src//a.ts",
  ])("names it also where it can't be used: %s", (path) => {
    for (const line of [path, `\`${path}\``, `**${path}**:`, `### ${path}`, `File: ${path}`]) {
      expect(pathOfLabel(line, ["a.ts"]), line).toBe(path);
    }
    for (let at = 1; at <= path.length; at++) expect(mayBePath(path.slice(0, at)), path.slice(0, at)).toBe(true);
  });

  it.each(["and/or", "Before/After:", "Use it like this:", "/", "../", "a: b", "// see below", "12/05", "Note."])(
    "is not seen in words: %s",
    (line) => {
      expect(pathOfLabel(line, ["a.ts"])).toBeUndefined();
    },
  );

  it("is read in time that grows with its length", () => {
    for (const line of [`/${"a".repeat(200_000)}!`, `./${"a/".repeat(100_000)}!`, `${"a//".repeat(70_000)}!`]) {
      const before = process.cpuUsage();
      expect(pathOfLabel(line, [])).toBeUndefined();
      const { user } = process.cpuUsage(before);
      // Microseconds of this process, which a busy machine does not change.
      expect(user).toBeLessThan(2_000_000);
    }
  });
});

it("keeps a block under such a name from being about the file that was asked about", () => {
  for (const path of ["/etc/a.ts", "C:\\a.ts", ".git/config"]) {
    const block = "<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n";
    for (const text of [
      `${path}\n\`\`\`\n${block}\`\`\`\n`,
      `\`\`\`\n${path}\n${block}\`\`\`\n`,
      `${path}\n${block}`,
    ]) {
      const reader = new TextAnswerReader(["a.ts"]);
      reader.push(text);
      expect(reader.end({ isCut: false }).suggestions, text).toMatchObject([{ patches: [{ path }] }]);
    }
  }
});
