/** What `@modelcontextprotocol/conformance` wants of a server, beside what Redline's has. In no build. */
import { setTimeout as sleep } from "node:timers/promises";
import { fromJsonSchema, type McpServer, ResourceTemplate, type ServerContext } from "@modelcontextprotocol/server";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";
const STEP_MS = 50;

const text = (value: string) => ({ type: "text" as const, text: value });
const image = { type: "image" as const, data: PNG, mimeType: "image/png" };
const resource = (uri: string, mimeType: string, value: string) => ({
  type: "resource" as const,
  resource: { uri, mimeType, text: value },
});
const said = (...content: object[]) => ({ content }) as never;
const user = (content: object) => ({ role: "user" as const, content }) as never;
const strings = (...names: string[]) =>
  fromJsonSchema({
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
    required: names,
  }) as never;

const DEFAULTS = {
  name: { type: "string", default: "John Doe" },
  age: { type: "integer", default: 30 },
  score: { type: "number", default: 95.5 },
  status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
  verified: { type: "boolean", default: true },
};
const titled = (...titles: string[]) => titles.map((title, at) => ({ const: `value${at + 1}`, title }));
const ENUMS = {
  untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
  titledSingle: { type: "string", oneOf: titled("First Option", "Second Option", "Third Option") },
  legacyEnum: {
    type: "string",
    enum: ["opt1", "opt2", "opt3"],
    enumNames: ["Option One", "Option Two", "Option Three"],
  },
  untitledMulti: { type: "array", items: { type: "string", enum: ["option1", "option2", "option3"] } },
  titledMulti: { type: "array", items: { anyOf: titled("First Choice", "Second Choice", "Third Choice") } },
};

export function registerFixtures(server: McpServer): void {
  registerTools(server);
  registerResources(server);
  registerPrompts(server);
}

function registerTools(server: McpServer): void {
  const tool = (name: string, run: (context: ServerContext) => object | Promise<object>) =>
    server.registerTool(name, { description: name }, run as never);
  tool("test_simple_text", () => said(text("This is a simple text response for testing.")));
  tool("test_image_content", () => said(image));
  tool("test_audio_content", () => said({ type: "audio", data: WAV, mimeType: "audio/wav" }));
  tool("test_embedded_resource", () =>
    said(resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")),
  );
  tool("test_multiple_content_types", () =>
    said(
      text("Multiple content types test:"),
      image,
      resource("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ),
  );
  tool("test_error_handling", () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
  tool("test_tool_with_logging", async ({ mcpReq }) => {
    for (const step of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await mcpReq.log("info", step);
      await sleep(STEP_MS);
    }
    return said(text("Logged three times"));
  });
  tool("test_tool_with_progress", async ({ mcpReq }) => {
    for (const progress of [0, 50, 100]) {
      const progressToken = mcpReq._meta?.progressToken ?? 0;
      await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
      await sleep(STEP_MS);
    }
    return said(text("Done"));
  });
  const asks = (name: string, properties: object) =>
    tool(name, async ({ mcpReq }) => {
      const requestedSchema = { type: "object", properties } as never;
      const { action, content } = await mcpReq.elicitInput({ mode: "form", message: name, requestedSchema });
      return said(text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`));
    });
  asks("test_elicitation_sep1034_defaults", DEFAULTS);
  asks("test_elicitation_sep1330_enums", ENUMS);
  registerToolsWithInput(server);
}

function registerToolsWithInput(server: McpServer): void {
  const sampling = { description: "Asks for sampling", inputSchema: strings("prompt") };
  server.registerTool("test_sampling", sampling, (async ({ prompt }: { prompt: string }, { mcpReq }: ServerContext) => {
    const messages = [{ role: "user" as const, content: text(prompt) }];
    const { content } = await mcpReq.requestSampling({ messages, maxTokens: 100 });
    return said(text(`LLM response: ${(content as { text: string }).text}`));
  }) as never);
  const eliciting = { description: "Asks the user", inputSchema: strings("message") };
  server.registerTool("test_elicitation", eliciting, (async (
    { message }: { message: string },
    { mcpReq }: ServerContext,
  ) => {
    const properties = { username: { type: "string" as const }, email: { type: "string" as const } };
    const requestedSchema = { type: "object" as const, properties, required: ["username", "email"] };
    const { action, content } = await mcpReq.elicitInput({ mode: "form", message, requestedSchema });
    return said(text(`User response: action=${action}, content=${JSON.stringify(content)}`));
  }) as never);
  const address = { type: "object", properties: { street: { type: "string" }, city: { type: "string" } } };
  const inputSchema = fromJsonSchema({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    $defs: { address },
    properties: { name: { type: "string" }, address: { $ref: "#/$defs/address" } },
    additionalProperties: false,
  } as never) as never;
  const description = "Tool with JSON Schema 2020-12 features";
  server.registerTool("json_schema_2020_12_tool", { description, inputSchema }, (() => said(text("ok"))) as never);
}

function registerResources(server: McpServer): void {
  const of = (mimeType: string) => ({ mimeType });
  server.registerResource("static-text", "test://static-text", of("text/plain"), (uri) => ({
    contents: [{ uri: uri.href, mimeType: "text/plain", text: "This is the content of the static text resource." }],
  }));
  server.registerResource("static-binary", "test://static-binary", of("image/png"), (uri) => ({
    contents: [{ uri: uri.href, mimeType: "image/png", blob: PNG }],
  }));
  server.registerResource("watched", "test://watched-resource", of("text/plain"), (uri) => ({
    contents: [{ uri: uri.href, mimeType: "text/plain", text: "Watched" }],
  }));
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  server.registerResource("template", template, of("application/json"), (uri, { id }) => ({
    contents: [
      {
        uri: uri.href,
        mimeType: "application/json",
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
      },
    ],
  }));
  for (const method of ["resources/subscribe", "resources/unsubscribe"] as const) {
    server.server.setRequestHandler(method, () => ({}));
  }
}

function registerPrompts(server: McpServer): void {
  server.registerPrompt("test_simple_prompt", { description: "Simple" }, () => ({
    messages: [user(text("This is a simple prompt for testing."))],
  }));
  const withArguments = { description: "With arguments", argsSchema: strings("arg1", "arg2") };
  server.registerPrompt("test_prompt_with_arguments", withArguments, ((args: { arg1: string; arg2: string }) => ({
    messages: [user(text(`Prompt with arguments: arg1='${args.arg1}', arg2='${args.arg2}'`))],
  })) as never);
  const withResource = { description: "With a resource", argsSchema: strings("resourceUri") };
  server.registerPrompt("test_prompt_with_embedded_resource", withResource, ((args: { resourceUri: string }) => ({
    messages: [
      user(resource(args.resourceUri, "text/plain", "Embedded resource content for testing.")),
      user(text("Please process the embedded resource above.")),
    ],
  })) as never);
  server.registerPrompt("test_prompt_with_image", { description: "With an image" }, () => ({
    messages: [user(image), user(text("Please analyze the image above."))],
  }));
}
