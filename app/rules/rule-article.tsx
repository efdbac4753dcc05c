import { languageLabel } from "@redline/core/reviewers/schema";
import { Link } from "@remix-run/react";
import { CodeRows } from "../compare/code-rows";
import { Badge } from "../ui/badge";
import { SeverityMark, severityName } from "../ui/severity";
import type { ShownRule } from "./catalogue.server";

const CONFIDENCE_LABELS = { high: "high confidence", medium: "medium confidence", low: "low confidence" } as const;

/** Shows a rule, its rationale and its example as a redline. */
export function RuleArticle({ rule }: { rule: ShownRule }) {
  const languages = rule.languages.includes("*") ? "any text" : rule.languages.map(languageLabel).join(", ");
  return (
    <article
      aria-labelledby={`${rule.id}-title`}
      className="rule-article grid gap-x-8 gap-y-2 border-t border-rule py-4 lg:grid-cols-2"
    >
      <div className="min-w-0">
        <h2 id={`${rule.id}-title`} className="flex items-baseline gap-2 text-14 font-semibold">
          <SeverityMark level={rule.severity} isNamed={false} />
          <Link to={`/rules?q=${encodeURIComponent(rule.id)}`} className="hover:underline">
            {rule.title}
          </Link>
        </h2>
        <p className="mt-1 text-13">{rule.why}</p>
        <p className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 text-12 text-quiet">
          <Badge>{severityName(rule.severity)}</Badge>
          <Badge>{CONFIDENCE_LABELS[rule.confidence]}</Badge>
          {rule.safety && <Badge>{rule.safety === "safe" ? "safe fix" : "fix, review first"}</Badge>}
          {rule.engine} · {languages}
        </p>
        <p className="mt-1 font-mono text-12 break-all text-quiet">{rule.id}</p>
        {rule.source && (
          <p className="mt-1 text-12 break-all text-quiet">
            Also found by{" "}
            <a href={rule.source} rel="noreferrer" className="underline">
              {new URL(rule.source).host}
            </a>
          </p>
        )}
      </div>
      <div className="min-w-0">
        <CodeRows blocks={rule.example} view="unified" label={`Example for ${rule.id}`} />
      </div>
    </article>
  );
}
