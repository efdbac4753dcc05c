import { Check, GitCompare, History, MessageSquare, Monitor, Settings, Trash2 } from "lucide-react";
import * as check from "lucide-react/icons/check";
import * as gitCompare from "lucide-react/icons/git-compare";
import * as messageSquare from "lucide-react/icons/message-square";
import * as monitor from "lucide-react/icons/monitor";
import * as history from "lucide-react/icons/rotate-ccw-clock";
import * as settings from "lucide-react/icons/settings";
import * as trash from "lucide-react/icons/trash";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import createLucideIcon from "./lucide-icon";

type IconData = Parameters<typeof createLucideIcon>[0];

/** Returns the data that lucide passes to `createLucideIcon`; its types omit it. */
const dataOf = (icon: object) => (icon as { __iconData: IconData }).__iconData;

const ICONS = [
  { name: "Check", Theirs: Check, data: dataOf(check) },
  { name: "GitCompare", Theirs: GitCompare, data: dataOf(gitCompare) },
  { name: "History", Theirs: History, data: dataOf(history) },
  { name: "MessageSquare", Theirs: MessageSquare, data: dataOf(messageSquare) },
  { name: "Monitor", Theirs: Monitor, data: dataOf(monitor) },
  { name: "Settings", Theirs: Settings, data: dataOf(settings) },
  { name: "Trash2", Theirs: Trash2, data: dataOf(trash) },
];

/** Attributes that base.css sets for every icon. */
const SHARED_ATTRIBUTES =
  / xmlns="[^"]*"| fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/g;
const withoutNames = (html: string) => html.replace(/class="lucide [^"]*?( ml-auto)"/, 'class="lucide$1"');

describe("an icon", () => {
  it.each(ICONS)("is the same as lucide's: $name", ({ Theirs, data }) => {
    const Ours = createLucideIcon(data);
    const [theirs = "", ours] = [Theirs, Ours].map((Icon) =>
      renderToStaticMarkup(<Icon size={14} className="ml-auto" aria-hidden="true" />),
    );
    expect(theirs.match(SHARED_ATTRIBUTES)).toHaveLength(2);
    expect(ours).toBe(withoutNames(theirs.replace(SHARED_ATTRIBUTES, "")));
  });

  it("is as large as lucide's when no size is given, and hidden from assistive technology", () => {
    const Ours = createLucideIcon(dataOf(check));
    const html = renderToStaticMarkup(<Ours />);
    expect(html).toContain('width="24" height="24"');
    expect(html).toContain('aria-hidden="true"');
  });
});
