import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { findRules, ruleCount, ruleEngines, ruleLanguages } from "../rules/catalogue.server";
import { RuleArticle } from "../rules/rule-article";
import { RuleFilters } from "../rules/rule-filters";
import { ButtonLink } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Page, PageHeader } from "../ui/page";
import { Pagination } from "../ui/pagination";

export function loader({ request }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams;
  const at = (name: string) => query.get(name)?.slice(0, 200) ?? "";
  const filter = { q: at("q"), engine: at("engine"), language: at("language"), severity: at("severity") };
  const page = Math.max(Math.trunc(Number(query.get("page"))) || 1, 1);
  return {
    filter,
    page,
    ...findRules(filter, page),
    total: ruleCount,
    engines: ruleEngines,
    languages: ruleLanguages(),
  };
}

export const meta: MetaFunction = () => [{ title: "Rules · Redline" }];

export default function Rules() {
  const { filter, rules, found, page, pages, total, engines, languages } = useLoaderData<typeof loader>();
  return (
    <Page>
      <PageHeader
        title="Rules"
        about="Everything the built-in reviewer checks for, with a bad and a fixed example of each."
      />
      <RuleFilters filter={filter} engines={engines} languages={languages} />
      <p role="status" className="mb-2 text-13 text-quiet">
        {found === total ? `${total} rules` : `${found} of ${total} rules`}, worst first
      </p>
      {rules.length === 0 ? (
        <EmptyState title="No matching rules" action={<ButtonLink to="/rules">Clear filters</ButtonLink>}>
          Try fewer words, or another language, engine or severity.
        </EmptyState>
      ) : (
        rules.map((rule) => <RuleArticle key={rule.id} rule={rule} />)
      )}
      <Pagination page={page} pages={pages} />
    </Page>
  );
}
