/**
 * Remix makes its routes anew for each page that a server renders, ranks them and compiles their patterns, and does so
 * three times: a quarter of the time that the start page takes. Nothing of it ever changes while a server runs, so what is
 * built for the server remembers it. Each change is of one expression; a build fails when Remix no longer has it.
 */

/** Remembers by the routes themselves, so that nothing outlives them. */
const REMEMBER = `
const rememberedByRoutes = new WeakMap();
function rememberByRoutes(routes, make) {
  let made = rememberedByRoutes.get(routes);
  if (!made) rememberedByRoutes.set(routes, (made = make()));
  return made;
}
`;

const COMPILE_ONCE = `
const compiledPaths = new Map();
function compilePath(path, caseSensitive, end) {
  const key = path + " " + caseSensitive + " " + end;
  let compiled = compiledPaths.get(key);
  if (!compiled) compiledPaths.set(key, (compiled = compilePathAnew(path, caseSensitive, end)));
  return compiled;
}
`;

/** @typedef {{ file: string, changes: (readonly [RegExp, string])[], more: string }} Patch */

/** @type {Patch[]} */
const PATCHES = [
  {
    file: "/@remix-run/router/dist/router.js",
    changes: [
      [
        /let branches = flattenRoutes\(routes\);\s+rankRouteBranches\(branches\);/,
        `let branches = rememberByRoutes(routes, () => {
          const ranked = flattenRoutes(routes);
          rankRouteBranches(ranked);
          return ranked;
        });`,
      ],
      [/function compilePath\(/, "function compilePathAnew("],
    ],
    more: REMEMBER + COMPILE_ONCE,
  },
  {
    file: "/@remix-run/react/dist/esm/server.js",
    changes: [
      [
        /let routes = (createServerRoutes\(manifest\.routes, [^;]+\));/,
        "let routes = rememberByRoutes(manifest.routes, () => $1);",
      ],
    ],
    more: REMEMBER,
  },
  {
    file: "/react-router-dom/server.mjs",
    changes: [
      [
        /let manifest = \{\};\s+let dataRoutes = (UNSAFE_convertRoutesToDataRoutes\(routes, UNSAFE_mapRouteProperties, undefined, manifest\));/,
        `const { manifest, dataRoutes } = rememberByRoutes(routes, () => {
          const manifest = {};
          return { manifest, dataRoutes: $1 };
        });`,
      ],
    ],
    more: REMEMBER,
  },
];

/** @returns {import("vite").Plugin} */
export function rememberedRoutes() {
  const left = new Set(PATCHES.map(({ file }) => file));
  return {
    name: "redline-remembered-routes",
    apply: (_, { command, isSsrBuild }) => command === "build" && isSsrBuild === true,
    transform(code, id) {
      const patch = PATCHES.find(({ file }) => id.endsWith(file));
      if (!patch) return undefined;
      let changed = code;
      for (const [expression, instead] of patch.changes) {
        if (!expression.test(changed))
          throw new Error(`${id} is not what it was: see whether it remembers routes itself.`);
        changed = changed.replace(expression, instead);
      }
      left.delete(patch.file);
      return { code: changed + patch.more, map: null };
    },
    buildEnd(error) {
      if (!error && left.size > 0) throw new Error(`Not part of the server any more: ${[...left].join(", ")}`);
    },
  };
}
