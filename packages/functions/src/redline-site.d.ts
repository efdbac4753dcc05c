/** The built server, `build/server/index.js`: the bundler knows it by this name. */
declare module "redline-site" {
  export function handle(request: Request, viewer?: string): Promise<Response>;
  export function settleWork(): Promise<void>;
  export const invocation: typeof import("@redline/core/platform/invocation").invocation;
  export const traceWith: typeof import("@redline/core/platform/trace").traceWith;
}
