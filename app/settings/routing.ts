import type { DescribedModel, DescribedModels, Task } from "@redline/core/ai/schema";
import { taskName } from "../usage/names";

export type Routing = { tasks: Task[]; models: DescribedModel[] };

/** Groups tasks that use the same models. */
export function groupRoutes(all: DescribedModels["tasks"]): Routing[] {
  const groups = new Map<string, Routing>();
  for (const { task, models } of all) {
    const key = JSON.stringify(models.map(({ name }) => name));
    const group = groups.get(key);
    if (group) group.tasks.push(task);
    else groups.set(key, { tasks: [task], models });
  }
  return [...groups.values()];
}

/** Returns a group's display name. */
export function groupName({ tasks }: Routing, groups: readonly Routing[]): string {
  if (groups.length === 1) return "Everything";
  const largest = Math.max(...groups.map((group) => group.tasks.length));
  const isTheRest = tasks.length === largest && tasks.length > 4;
  return isTheRest ? "Everything else" : tasks.map(taskName).join(", ");
}
