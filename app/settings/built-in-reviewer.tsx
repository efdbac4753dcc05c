import { Link } from "@remix-run/react";
import { CollapsibleSection } from "./connect-model";

/** What the built-in reviewer does by itself, and what it can't. */
export function BuiltInReviewer({ isOpen }: { isOpen: boolean }) {
  return (
    <CollapsibleSection title="What the built-in reviewer can’t do" id="without-model" isOpen={isOpen}>
      <div className="grid gap-6 text-13 sm:grid-cols-2">
        <div>
          <h3 className="font-medium">Without a model</h3>
          <ul className="mt-1 list-disc pl-5 text-quiet">
            <li>
              finds what its{" "}
              <Link to="/rules" className="link">
                rules
              </Link>{" "}
              describe, in the languages they are written for
            </li>
            <li>proposes fixes that are proven to apply, to parse and to add no finding</li>
            <li>explains and fixes its own findings when asked, from its own catalogue</li>
            <li>costs nothing, and sends nothing anywhere</li>
          </ul>
        </div>
        <div>
          <h3 className="font-medium">Needs a model</h3>
          <ul className="mt-1 list-disc pl-5 text-quiet">
            <li>answers to your own questions about lines or files</li>
            <li>refactoring, documenting and writing tests</li>
            <li>explaining and fixing what no rule describes</li>
            <li>a full review: wrong logic, missing cases, unclear names and design</li>
          </ul>
        </div>
      </div>
    </CollapsibleSection>
  );
}
