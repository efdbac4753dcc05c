/**
 * `npm run house`: structure metrics to compare before and after a large change; `--json` for programs. Reports lines and
 * files by folder, import cycles, exports of domain faces other than operations, duplicate helper names, and commit subjects
 * over the limit.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import process from "node:process";
import ts from "typescript";

const MAX_SUBJECT = 72;
const ROOTS = ["app", "packages", "stacks", "scripts", "tests"];
const CORE = "packages/core/src/";
/** Names of small projections, which tend to be defined more than once. */
const HELPER = /^[a-z]\w*(?:Of|In)$/;

const git = (/** @type {string[]} */ ...args) => execFileSync("git", args, { encoding: "utf8", maxBuffer: 2 ** 28 });
const files = git("ls-files", ...ROOTS)
  .split("\n")
  .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && existsSync(path));

/** @typedef {{ path: string, lines: number, source: ts.SourceFile }} File */
/** @type {Map<string, File>} */
const parsed = new Map(
  files.map((path) => {
    const text = readFileSync(path, "utf8");
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
    return [path, { path, lines: text.split("\n").length - 1, source }];
  }),
);
const isTest = (/** @type {string} */ path) => /\.(test|spec)\.tsx?$/.test(path) || path.startsWith("tests/");

/** Returns the domain of a file in core, otherwise its first two folders. @param {string} path */
function getFolder(path) {
  const depth = path.startsWith(CORE) ? 4 : 2;
  return path.split("/").slice(0, -1).slice(0, depth).join("/");
}

function measureFolders() {
  /** @type {Map<string, File[]>} */
  const byFolder = new Map();
  for (const file of parsed.values()) {
    if (isTest(file.path)) continue;
    const folder = getFolder(file.path);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), file]);
  }
  return [...byFolder].sort().map(([folder, list]) => {
    const lines = list.map((file) => file.lines).sort((a, b) => a - b);
    const largest = list.reduce((a, b) => (b.lines > a.lines ? b : a));
    return {
      folder,
      files: list.length,
      lines: lines.reduce((sum, each) => sum + each, 0),
      median: lines[lines.length >> 1] ?? 0,
      largest: `${largest.path.split("/").at(-1)} ${largest.lines}`,
    };
  });
}

/** @param {string} from @param {string} to */
function resolve(from, to) {
  const base = to.startsWith("@redline/")
    ? to.replace(/^@redline\/(\w+)\//, "packages/$1/src/")
    : to.startsWith(".")
      ? normalize(join(dirname(from), to))
      : undefined;
  return base && ["", ".ts", ".tsx", ".mjs", "/index.ts"].map((end) => base + end).find((path) => parsed.has(path));
}

/** Returns the files that a file imports or re-exports at run time; type-only imports are left out. @param {File} file */
function listImports({ path, source }) {
  return source.statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    if (!isImport || !statement.moduleSpecifier || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    if (ts.isImportDeclaration(statement) ? statement.importClause?.isTypeOnly : statement.isTypeOnly) return [];
    const names = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
    const isTypesOnly =
      names && "elements" in names && names.elements.every((each) => "isTypeOnly" in each && each.isTypeOnly);
    const hasDefault = ts.isImportDeclaration(statement) && statement.importClause?.name !== undefined;
    if (isTypesOnly && !hasDefault) return [];
    return resolve(path, statement.moduleSpecifier.text) ?? [];
  });
}

/** Returns groups of files that import each other (Tarjan's strongly connected components). */
function findCycles() {
  const graph = new Map([...parsed.values()].map((file) => [file.path, listImports(file)]));
  /** @type {Map<string, { index: number, low: number, onStack: boolean }>} */
  const seen = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const found = [];
  const visit = (/** @type {string} */ path) => {
    const node = { index: seen.size, low: seen.size, onStack: true };
    seen.set(path, node);
    stack.push(path);
    for (const next of graph.get(path) ?? []) {
      const known = seen.get(next) ?? visit(next);
      if (known.onStack) node.low = Math.min(node.low, known.low);
    }
    if (node.low === node.index) {
      const group = stack.splice(stack.indexOf(path));
      for (const each of group) Object.assign(seen.get(each) ?? {}, { onStack: false });
      if (group.length > 1) found.push(group.sort());
    }
    return node;
  };
  for (const path of graph.keys()) if (!seen.has(path)) visit(path);
  return found;
}

/** @param {File} file @returns {Map<string, ts.Node>} top-level declarations by name */
function listDeclarations({ source }) {
  /** @type {Map<string, ts.Node>} */
  const all = new Map();
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const each of statement.declarationList.declarations)
        if (ts.isIdentifier(each.name)) all.set(each.name.text, each);
    } else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
      all.set(statement.name.text, statement);
    }
  }
  return all;
}

const isExported = (/** @type {ts.Statement} */ statement) =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false);

/** Returns the values that a module exports, with their declarations where they can be resolved. @param {string} path @returns {Map<string, ts.Node | undefined>} */
function listExports(path) {
  const file = parsed.get(path);
  /** @type {Map<string, ts.Node | undefined>} */
  const all = new Map();
  if (!file) return all;
  const own = listDeclarations(file);
  for (const statement of file.source.statements) {
    if (isExported(statement)) {
      if (ts.isVariableStatement(statement)) {
        for (const { name } of statement.declarationList.declarations)
          if (ts.isIdentifier(name)) all.set(name.text, own.get(name.text));
      } else if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
        all.set(statement.name.text, statement);
      }
    }
    if (!ts.isExportDeclaration(statement) || statement.isTypeOnly || !statement.exportClause) continue;
    if (!ts.isNamedExports(statement.exportClause)) continue;
    const from =
      statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier)
        ? resolve(path, statement.moduleSpecifier.text)
        : path;
    const theirs = from === path ? own : listExports(from ?? "");
    for (const { name, propertyName, isTypeOnly } of statement.exportClause.elements) {
      if (!isTypeOnly) all.set(name.text, theirs.get((propertyName ?? name).text));
    }
  }
  return all;
}

/** @param {ts.Node | undefined} node */
const isOperation = (node) =>
  node !== undefined &&
  ts.isVariableDeclaration(node) &&
  node.initializer !== undefined &&
  ts.isCallExpression(node.initializer) &&
  ts.isIdentifier(node.initializer.expression) &&
  node.initializer.expression.text === "operation";

/** Returns domains whose face exports values other than operations. Domains without operations are libraries. */
function findMixedFaces() {
  return files
    .filter((path) => path.startsWith(CORE) && /^[^/]+\/index\.ts$/.test(path.slice(CORE.length)))
    .map((path) => {
      const all = [...listExports(path)];
      const others = all.filter(([, node]) => !isOperation(node)).map(([name]) => name);
      return {
        domain: path.slice(CORE.length).split("/")[0] ?? "",
        operations: all.length - others.length,
        others: others.sort(),
      };
    })
    .filter(({ operations, others }) => operations > 0 && others.length > 0);
}

function findDuplicateHelpers() {
  /** @type {Map<string, string[]>} */
  const places = new Map();
  for (const file of parsed.values()) {
    if (isTest(file.path)) continue;
    for (const name of listDeclarations(file).keys()) {
      if (HELPER.test(name)) places.set(name, [...(places.get(name) ?? []), file.path]);
    }
  }
  return [...places].filter(([, where]) => where.length > 1).map(([name, where]) => ({ name, where }));
}

const findLongSubjects = () =>
  git("log", "--format=%h %s")
    .split("\n")
    .filter((line) => line.length > MAX_SUBJECT + line.indexOf(" ") + 1);

const report = {
  folders: measureFolders(),
  cycles: findCycles(),
  faces: findMixedFaces(),
  sameNames: findDuplicateHelpers(),
  longSubjects: findLongSubjects(),
};
if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else {
  console.table(report.folders);
  const printSection = (/** @type {string} */ title, /** @type {string[]} */ lines) =>
    console.log(
      `\n${title}: ${lines.length}${lines
        .slice(0, 25)
        .map((line) => `\n  ${line}`)
        .join("")}`,
    );
  printSection(
    "Import cycles",
    report.cycles.map((group) => group.join(", ")),
  );
  printSection(
    "Faces with more than operations",
    report.faces.map(({ domain, others }) => `${domain}: ${others.join(", ")}`),
  );
  printSection(
    "Helper names with several definitions",
    report.sameNames.map(({ name, where }) => `${name}: ${where.length} places`),
  );
  printSection(`Commit subjects over ${MAX_SUBJECT}`, report.longSubjects);
}
