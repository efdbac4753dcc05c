import * as v from "valibot";
import type { Permission } from "../access/schema";
import type { Actor } from "../auth/schema";
import { AppError } from "../errors";

type Schema = v.GenericSchema | v.GenericSchemaAsync;

export type Operation<S extends Schema, R> = ((actor: Actor, input: v.InferInput<S>) => Promise<R>) & {
  /** Names the operation in logs, idempotency keys and the generated access matrix. */
  readonly operation: string;
  readonly permission: Permission;
  readonly schema: S;
};

/**
 * Defines an operation: it parses its input, takes the actor as an argument, checks access by loading what it acts on
 * through the actor, and returns plain data. `run` gets an actor who is refused whatever their role does not grant
 * `permission` on, so that loading a resource authorizes the whole operation. Bad input throws INVALID_INPUT naming the
 * field.
 */
export function operation<const S extends Schema, R>(
  name: string,
  permission: Permission,
  schema: S,
  run: (actor: Actor, input: v.InferOutput<S>) => Promise<R>,
): Operation<S, R> {
  const call = async (actor: Actor, input: v.InferInput<S>): Promise<R> => {
    const requires = [...new Set([...(actor.requires ?? []), permission])];
    return run({ ...actor, requires }, await parse(schema, input));
  };
  return Object.assign(call, { operation: name, permission, schema });
}

/** Parses `input` or throws INVALID_INPUT with the first issue as its message and the path to it as its field. */
export async function parse<S extends Schema>(schema: S, input: unknown): Promise<v.InferOutput<S>> {
  const result = await v.safeParseAsync(schema, input);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new AppError("INVALID_INPUT", issue.message, {
    field: v.getDotPath(issue) ?? undefined,
    details: result.issues.slice(0, 20).map((each) => ({ field: v.getDotPath(each), message: each.message })),
  });
}
