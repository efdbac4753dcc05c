import type { Device } from "@redline/core/accounts/schema";
import { Form } from "@remix-run/react";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { RelativeTime } from "../ui/relative-time";

/** Browsers that are signed in, each of which can be signed out. */
export function DeviceList({ devices }: { devices: Device[] }) {
  return (
    <section aria-labelledby="devices" className="border-t border-rule py-6">
      <h2 id="devices" className="mb-2 text-16 font-semibold">
        Signed-in browsers
      </h2>
      <ul className="mb-4 border-t border-rule">
        {devices.map(({ id, name, signedInAt, usedAt, isThisOne }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-rule py-2">
            <span className="min-w-0 flex-1 basis-48">
              {name} {isThisOne && <Badge>This browser</Badge>}
            </span>
            <span className="text-13 text-quiet">
              Signed in <RelativeTime at={signedInAt} />
              {usedAt !== signedInAt && (
                <>
                  , used <RelativeTime at={usedAt} />
                </>
              )}
            </span>
            {!isThisOne && (
              <Form method="post">
                <input type="hidden" name="id" value={id} />
                <Button type="submit" size="small" name="intent" value="revoke" aria-label={`Sign out ${name}`}>
                  Sign out
                </Button>
              </Form>
            )}
          </li>
        ))}
      </ul>
      <Form method="post">
        <Button type="submit" name="intent" value="sign-out-everywhere">
          Sign out everywhere
        </Button>
      </Form>
    </section>
  );
}
