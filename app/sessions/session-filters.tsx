import { useRef } from "react";
import { usePageActions } from "../palette/page-actions";
import { ButtonLink } from "../ui/button";
import { Field, Input, Select } from "../ui/field";
import { FilterForm } from "../ui/filter-form";
import { LanguageOptions } from "./language-options";

type SessionFiltersProps = {
  filter: { search: string; language: string; from: string; to: string };
  problem?: string;
};

/** Filters the list of sessions through the URL. */
export function SessionFilters({ filter, problem }: SessionFiltersProps) {
  const search = useRef<HTMLInputElement>(null);
  usePageActions([
    { id: "search", label: "Search sessions", shortcut: "/", group: "Sessions", run: () => search.current?.focus() },
  ]);
  const isFiltered = Object.values(filter).some((value) => value !== "");
  return (
    <FilterForm
      label="Sessions"
      filter={filter}
      className="mb-4 grid grid-cols-2 items-end gap-3 sm:grid-cols-[minmax(10rem,1fr)_10rem_9rem_9rem_auto]"
    >
      <Field label="Search by name">
        {(control) => (
          <Input {...control} ref={search} type="search" name="search" defaultValue={filter.search} maxLength={200} />
        )}
      </Field>
      <Field label="Language">
        {(control) => (
          <Select {...control} name="language" defaultValue={filter.language}>
            <option value="">Any</option>
            <LanguageOptions />
          </Select>
        )}
      </Field>
      <Field label="Updated after" error={problem}>
        {(control) => <Input {...control} type="date" name="from" defaultValue={filter.from} />}
      </Field>
      <Field label="To">{(control) => <Input {...control} type="date" name="to" defaultValue={filter.to} />}</Field>
      {isFiltered && (
        <ButtonLink variant="quiet" to="/sessions" className="justify-self-start">
          Clear
        </ButtonLink>
      )}
    </FilterForm>
  );
}
