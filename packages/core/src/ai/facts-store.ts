/** Facts about models in the table, so that each process of Redline, and the next one, need not find them out again. */
import { createHash } from "node:crypto";
import { Entity } from "dynamodb-toolbox/entity";
import { GetItemCommand } from "dynamodb-toolbox/entity/actions/get";
import { PutItemCommand } from "dynamodb-toolbox/entity/actions/put";
import { any, item, number, string } from "dynamodb-toolbox/schema";
import { nowSeconds } from "../platform/clock";
import { errorFields, log } from "../platform/log";
import { entityDefaults } from "../platform/table";
import { type FactsKeeper, KnownFacts, type ModelFacts } from "./model-facts";

const KEEP_SECONDS = 60 * 24 * 60 * 60;

const FactsEntity = new Entity({
  ...entityDefaults,
  name: "model-facts",
  schema: item({ name: string().key(), facts: any(), ttl: number(), v: number().default(1) }),
  // A model's name holds an address, of any length.
  computeKey: ({ name }: { name: string }) => ({
    pk: `MODEL#${createHash("sha256").update(name).digest("base64url")}`,
    sk: "FACTS",
  }),
});

/** Neither throws: without its facts a model is asked as one that nothing is known of. The last writer's facts stay. */
const inTable: FactsKeeper = {
  async read(name) {
    try {
      const { Item } = await FactsEntity.build(GetItemCommand).key({ name }).send();
      return Item?.facts as ModelFacts | undefined;
    } catch (error) {
      log.warn("model facts read failed", errorFields(error));
      return undefined;
    }
  },
  async write(name, facts) {
    try {
      await FactsEntity.build(PutItemCommand)
        .item({ name, facts, ttl: nowSeconds() + KEEP_SECONDS })
        .send();
    } catch (error) {
      log.warn("model facts write failed", errorFields(error));
    }
  },
};

/** Facts about models that this process or another one found out. */
export const modelFacts = new KnownFacts(inTable);
