import { TASKS } from "@redline/core/ai/schema";
import { CALL_STATUSES } from "@redline/core/usage/schema";
import { Field, Select } from "../ui/field";
import { FilterForm } from "../ui/filter-form";
import { statusName, taskName } from "./names";

type CallFiltersProps = { range: { from: string; to: string }; filter: { task?: string; status?: string } };

/** Filters the list of calls through the URL. */
export function CallFilters({ range, filter: { task = "", status = "" } }: CallFiltersProps) {
  return (
    <FilterForm label="Calls" filter={{ task, status }} className="flex flex-wrap items-center gap-2">
      <input type="hidden" name="from" value={range.from} />
      <input type="hidden" name="to" value={range.to} />
      <Field label="Purpose" isLabelHidden>
        {(control) => (
          <Select {...control} name="task" defaultValue={task}>
            <option value="">Any purpose</option>
            {TASKS.map((each) => (
              <option key={each} value={each}>
                {taskName(each)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Status" isLabelHidden>
        {(control) => (
          <Select {...control} name="status" defaultValue={status}>
            <option value="">Any status</option>
            {CALL_STATUSES.map((each) => (
              <option key={each} value={each}>
                {statusName(each)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </FilterForm>
  );
}
