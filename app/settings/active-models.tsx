import type { DescribedModel, DescribedModels } from "@redline/core/ai/schema";
import { Notice } from "../ui/notice";
import { Cell, HeadCell, Table } from "../ui/table";
import { formatCount } from "../usage/cost";
import { groupName, groupRoutes, type Routing } from "./routing";

/** Shows the configured models by task, or why none is active. */
export function ActiveModels({ from, problems, tasks }: DescribedModels) {
  if (problems.length > 0) return <Problems problems={problems} />;
  const groups = groupRoutes(tasks).filter(({ models }) => models.length > 0);
  if (groups.length === 0) {
    return (
      <Notice>
        No model is connected. The built-in reviewer finds problems and suggests fixes without one; replies to questions
        need a model.
      </Notice>
    );
  }
  return (
    <>
      <Table caption="Models by task">
        <thead>
          <tr>
            <HeadCell>Used for</HeadCell>
            <HeadCell>Model</HeadCell>
            <HeadCell className="hidden text-right sm:table-cell">Context</HeadCell>
            <HeadCell className="hidden whitespace-nowrap sm:table-cell">Price per million tokens</HeadCell>
          </tr>
        </thead>
        {groups.map((group) => (
          <Group key={group.tasks.join()} group={group} name={groupName(group, groups)} />
        ))}
      </Table>
      <p className="mt-2 text-12 text-quiet">
        Set by <code className="font-mono">{from}</code> in the environment; changes take effect at the next start.
      </p>
    </>
  );
}

function Problems({ problems }: { problems: string[] }) {
  return (
    <Notice tone="danger">
      <p className="font-medium">No model is active because the configuration is invalid:</p>
      <ul className="mt-1 list-disc pl-5">
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Notice>
  );
}

function Group({ group, name }: { group: Routing; name: string }) {
  return (
    <tbody>
      {group.models.map((model, at) => (
        <tr key={model.name}>
          <Cell className="align-top">
            {at === 0 ? <span className="font-medium">{name}</span> : <span className="text-quiet">Fallback</span>}
          </Cell>
          <Cell className="align-top">
            <div className="font-mono break-all">{model.model}</div>
            <div className="text-12 break-words text-quiet">{connectionDetails(model)}</div>
            <div className="text-12 text-quiet sm:hidden">
              {contextLabel(model)} tokens of context · {priceLabel(model)}
              {model.price && " a million tokens"}
            </div>
          </Cell>
          <Cell className="hidden text-right align-top tabular-nums sm:table-cell">{contextLabel(model)}</Cell>
          <Cell className="hidden align-top whitespace-nowrap sm:table-cell">{priceLabel(model)}</Cell>
        </tr>
      ))}
    </tbody>
  );
}

/** Returns a model's context size as configured or, where that is less, as its server reported it. */
const contextLabel = ({ contextTokens, foundContextTokens }: DescribedModel): string =>
  foundContextTokens === undefined
    ? formatCount(contextTokens)
    : `${formatCount(foundContextTokens)} found (${formatCount(contextTokens)} configured)`;

/** Describes a model's endpoint and capabilities. */
function connectionDetails({
  kind,
  endpoint,
  region,
  hasKey,
  hasTools,
  toolsFoundOut,
  temperature,
  silentMs,
}: DescribedModel): string {
  const where =
    kind === "bedrock"
      ? `Amazon Bedrock, ${endpoint ?? region ?? "default AWS region"}`
      : `${endpoint}, ${hasKey ? "with a key" : "without a key"}`;
  const facts = [
    where,
    hasTools ? "uses tools" : `text only${toolsFoundOut ? `: ${TOOLS_LABELS[toolsFoundOut]}` : ""}`,
    ...(temperature === undefined ? [] : [`temperature ${temperature}`]),
    `times out after ${formatCount(silentMs / 1_000)} s of silence`,
  ];
  return facts.join(" · ");
}

const TOOLS_LABELS = {
  refused: "the server doesn't support tools",
  dropped: "the server ignores tools",
};

function priceLabel({ price }: DescribedModel): string {
  if (!price) return "no price configured";
  const cached = price.cachedInput === undefined ? "" : `, $${price.cachedInput} cached`;
  return `$${price.input} in${cached}, $${price.output} out`;
}
