import { type DescribedModel, TASKS } from "@redline/core/ai/schema";
import { describe, expect, it } from "vitest";
import { groupName, groupRoutes } from "./routing";

const model = (name: string): DescribedModel => ({
  ...{ name, model: name, kind: "openai", contextTokens: 1_000, silentMs: 1_000, hasTools: true },
});

describe("the routing table", () => {
  it("is one line where the same models answer everything", () => {
    const groups = groupRoutes(TASKS.map((task) => ({ task, models: [model("a"), model("b")] })));
    expect(groups).toHaveLength(1);
    expect(groups.map((group) => groupName(group, groups))).toEqual(["Everything"]);
  });

  it("lists the tasks with other models, in order of preference", () => {
    const routes = TASKS.map((task) => ({
      task,
      models: task === "review" || task === "fix" ? [model("b"), model("a")] : [model("a"), model("b")],
    }));
    const groups = groupRoutes(routes);
    expect(groups.map((group) => groupName(group, groups))).toEqual(["Review, Fix", "Everything else"]);
    expect(groups[0]?.models.map(({ name }) => name)).toEqual(["b", "a"]);
  });
});
