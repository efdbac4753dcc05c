import { dayOf, dayStart } from "@redline/core/usage/schema";
import { Link } from "@remix-run/react";
import { classNames } from "../ui/class-names";
import { Field, Input } from "../ui/field";
import { FilterForm } from "../ui/filter-form";

type RangeFormProps = {
  today: string;
  range: { from: string; to: string };
  filter: { task?: string; status?: string };
  problem?: string;
};

const PRESETS = [7, 30, 90];

/** Selects the date range through the URL. */
export function RangeForm({ today, range, filter, problem }: RangeFormProps) {
  const kept = Object.entries(filter).filter((each): each is [string, string] => each[1] !== undefined);
  return (
    <div className="mb-6 flex flex-wrap items-end gap-x-4 gap-y-3 border-t border-rule pt-4">
      <FilterForm
        label="Days"
        filter={range}
        className="grid grid-cols-2 items-end gap-3 sm:grid-cols-[9rem_9rem_auto]"
      >
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Field label="From" error={problem}>
          {(control) => <Input {...control} type="date" name="from" defaultValue={range.from} max={today} />}
        </Field>
        <Field label="To">
          {(control) => <Input {...control} type="date" name="to" defaultValue={range.to} max={today} />}
        </Field>
      </FilterForm>
      <nav aria-label="Presets" className="flex gap-1">
        {PRESETS.map((count) => {
          const from = dayOf(dayStart(today, 1 - count));
          const isCurrent = range.from === from && range.to === today;
          return (
            <Link
              key={count}
              to={`?${new URLSearchParams([...kept, ["from", from], ["to", today]])}`}
              aria-current={isCurrent ? "true" : undefined}
              preventScrollReset
              className={classNames(
                "flex h-8 items-center rounded-md px-2.5 text-13 hover:bg-hover",
                isCurrent ? "bg-selected font-medium" : "text-quiet",
              )}
            >
              {count} days
            </Link>
          );
        })}
      </nav>
      <a
        href={`/settings/usage.csv?${new URLSearchParams(range)}`}
        download
        className="link ml-auto flex h-8 items-center text-13"
      >
        Export as CSV
      </a>
    </div>
  );
}
