/** Text that a spreadsheet would run as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

const quoted = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

/**
 * Returns one line of CSV (RFC 4180), its line end included. Text that a spreadsheet would run as a formula gets an
 * apostrophe before it; an unknown value is an empty field.
 */
export function csvLine(fields: (string | number | boolean | null | undefined)[]): string {
  const written = fields.map((field) => {
    if (typeof field !== "string") return String(field ?? "");
    return quoted(FORMULA.test(field) ? `'${field}` : field);
  });
  return `${written.join(",")}\r\n`;
}
