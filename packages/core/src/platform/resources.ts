import { Resource } from "sst";

declare module "sst" {
  interface Resource {
    App: { name: string; stage: string };
    Table: { name: string };
    Blobs: { name: string };
    ReviewQueue: { url: string };
    ReviewDeadQueue: { url: string };
    CheckFunction: { name: string };
    SigningKey: { value: string };
    /** On a deployed stage only. */
    OperatorSecret: { value: string };
  }
}

/** Names and URLs of what the app is linked to: from SST on AWS, from the launcher on the laptop. */
export const resources = Resource;
