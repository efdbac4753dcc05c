import { Link } from "@remix-run/react";
import { CollapsibleSection } from "./connect-model";

/** Compares the built-in reviewer with a model. */
export function BuiltInReviewer({ isOpen }: { isOpen: boolean }) {
  return (
    <CollapsibleSection title="Built-in reviewer: what it does and doesn't do" id="without-model" isOpen={isOpen}>
      <div className="grid gap-6 text-13 sm:grid-cols-2">
        <div>
          <h3 className="font-medium">Without a model</h3>
          <ul className="mt-1 list-disc pl-5 text-quiet">
            <li>
              finds the problems that its{" "}
              <Link to="/rules" className="link">
                rules
              </Link>{" "}
              describe, in the languages they support
            </li>
            <li>suggests fixes verified to apply, parse and add no findings</li>
            <li>explains and fixes its own findings on request</li>
            <li>is free and sends nothing anywhere</li>
          </ul>
        </div>
        <div>
          <h3 className="font-medium">Needs a model</h3>
          <ul className="mt-1 list-disc pl-5 text-quiet">
            <li>replies to your own questions about lines or files</li>
            <li>refactoring, documentation and tests</li>
            <li>explanations and fixes beyond the rules</li>
            <li>a full review: wrong logic, missing cases, unclear names and design</li>
          </ul>
        </div>
      </div>
    </CollapsibleSection>
  );
}
