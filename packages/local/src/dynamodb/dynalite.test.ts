/** dynalite promises nothing about its own files, of which some are used: an upgrade has to look at each that changed. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const requireDynalite = createRequire(import.meta.url);
const source = fileURLToPath(new URL("..", import.meta.url));

/** The SHA-256 of each private file that is used, by what it is used for. */
const PRIVATE_FILES = {
  "dynalite/db": [
    "keys, paths and sortable numbers",
    "25b5b4edb29a8399f78040b825d96af3e56c422fac656710eb4fb1e8e29e5d9d",
  ],
  "dynalite/db/conditionParser": [
    "conditions and filters",
    "021488e54f1fb77f7594b8e0fd50b95317954100d85000e8a53904b90ce39973",
  ],
  "dynalite/db/projectionParser": ["projections", "5b9c33d8aa2aaa47aa29c7b63d9fd103944c647901b985a78d823422a8285518"],
  "dynalite/db/updateParser": [
    "update expressions",
    "25aea6af6b231ee8cf25621ba715eff8261285b4bf6151b0641df4c73fbf6cde",
  ],
  "dynalite/actions/updateItem": [
    "what an update makes of an item",
    "7dc72d09c407604a91ca42ee4ba303dffcdf647351a0434b9568b436070f3d78",
  ],
  "dynalite/validations": [
    "types and rules of requests",
    "f6207164c93b1957dcc93024e963ab33529d4f2187f4c0c5d3b229eed8e8e826",
  ],
  "dynalite/validations/batchGetItem": [
    "BatchGetItem",
    "63ba5c81f79cde7458223eaf94b5c8fe41cf8e58071176c2fa2a6dc3534db7a5",
  ],
  "dynalite/validations/batchWriteItem": [
    "BatchWriteItem",
    "a882dffc29f7655ece424d987af1e6f31a2ce4721c8706e41708f39ca5db8a6f",
  ],
  "dynalite/validations/createTable": [
    "CreateTable",
    "93769ca4429d8f0f4128fddde2a423f1e46990af06cbdc0db38da6fb36235a35",
  ],
  "dynalite/validations/deleteItem": ["DeleteItem", "7dfdf8dbf09b5a1f9b07ebc224b43a7004524d3c6a7ec07baf7c8316fbc36ffb"],
  "dynalite/validations/getItem": ["GetItem", "ae9d2517085ae966adb8a110370ee640374c14f6920a650afae02b911f4bb301"],
  "dynalite/validations/putItem": ["PutItem", "2ed07ed21e540c3c36eb3747c83999e25a3ced942c6a52abfe5674e096b0e9c0"],
  "dynalite/validations/query": ["Query", "421fe8a3207eb9b6db247f08c56ad2df3cbac044ccb22116ab150a5c845b95a3"],
  "dynalite/validations/scan": ["Scan", "9a1c6396a6ed0780efb5608d9316d5ec435a43dae796e632549a1e4c71ad08cf"],
  "dynalite/validations/updateItem": ["UpdateItem", "cc211b63fb26078e848111549b3f341548c84ca7689c1a19690ac519f6149934"],
} as const;

it.each(Object.entries(PRIVATE_FILES))(
  "the private file %s, used for %j, is unchanged since it was reviewed",
  (name, [, sha256]) => {
    const content = readFileSync(requireDynalite.resolve(name));
    expect(createHash("sha256").update(content).digest("hex")).toBe(sha256);
  },
);

it("private files of dynalite are required in one file only", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const users = files.filter((file) => /["'`]dynalite\//.test(readFileSync(join(source, file), "utf8")));
  expect(users.sort()).toEqual(["dynamodb/dynalite.test.ts", "dynamodb/dynalite.ts"]);
});
