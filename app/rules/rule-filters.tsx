import { severities } from "@redline/core/reviewers/schema";
import { useRef } from "react";
import { usePageActions } from "../palette/page-actions";
import { ButtonLink } from "../ui/button";
import { Field, Input, Select } from "../ui/field";
import { FilterForm } from "../ui/filter-form";
import { severityName } from "../ui/severity";
import type { RuleFilter } from "./catalogue.server";

type Choice = { id: string; label: string };
type RuleFiltersProps = { filter: RuleFilter; engines: Choice[]; languages: Choice[] };

/** Filters the rule catalogue through the URL. */
export function RuleFilters({ filter, engines, languages }: RuleFiltersProps) {
  const search = useRef<HTMLInputElement>(null);
  usePageActions([
    { id: "search", label: "Search rules", shortcut: "/", group: "Rules", run: () => search.current?.focus() },
  ]);
  const isFiltered = Object.values(filter).some((value) => value !== "");
  return (
    <FilterForm
      label="Rules"
      filter={filter}
      className="mb-4 grid grid-cols-2 items-end gap-3 sm:grid-cols-[minmax(10rem,1fr)_8rem_10rem_8rem_auto]"
    >
      <Field label="Search" className="col-span-2 sm:col-span-1">
        {(control) => (
          <Input {...control} ref={search} type="search" name="q" defaultValue={filter.q} maxLength={200} />
        )}
      </Field>
      <Field label="Engine">
        {(control) => (
          <Select {...control} name="engine" defaultValue={filter.engine}>
            <option value="">Any</option>
            {engines.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Language">
        {(control) => (
          <Select {...control} name="language" defaultValue={filter.language}>
            <option value="">Any</option>
            {languages.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Severity">
        {(control) => (
          <Select {...control} name="severity" defaultValue={filter.severity}>
            <option value="">Any</option>
            {severities.map((severity) => (
              <option key={severity} value={severity}>
                {severityName(severity)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {isFiltered && (
        <ButtonLink variant="quiet" to="/rules" className="justify-self-start">
          Clear
        </ButtonLink>
      )}
    </FilterForm>
  );
}
