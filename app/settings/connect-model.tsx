import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

const PROVIDERS = [
  {
    name: "Amazon Bedrock",
    note: "Uses the same credentials as the AWS CLI: a profile, single sign-on or environment variables. Enable the model for the account in that region.",
    commands:
      "export AWS_PROFILE=<profile> AWS_REGION=<region>\nREDLINE_MODEL='bedrock:<model or inference-profile id>' npm start",
  },
  {
    name: "Ollama",
    note: "Ollama's default context is short; longer files need at least 16,000 tokens.",
    commands:
      "ollama pull qwen2.5-coder:14b\nOLLAMA_CONTEXT_LENGTH=32768 ollama serve\nREDLINE_MODEL='openai:http://localhost:11434/v1#qwen2.5-coder:14b' npm start",
  },
  {
    name: "llama.cpp",
    note: "--jinja enables tools. Any name works after #: the server has one model.",
    commands:
      "llama-server -m <model>.gguf -c 32768 --jinja --port 8080\nREDLINE_MODEL='openai:http://localhost:8080/v1#local' npm start",
  },
  {
    name: "vLLM",
    note: "The parser depends on the model. Without one the model replies in text only, which also works.",
    commands:
      "vllm serve <model> --enable-auto-tool-choice --tool-call-parser hermes\nREDLINE_MODEL='openai:http://localhost:8000/v1#<model>' npm start",
  },
  {
    name: "Any other OpenAI-compatible server",
    note: "Use the URL up to, but not including, /chat/completions. The key stays in the environment and is never shown.",
    commands: "REDLINE_MODEL_KEY=<key> REDLINE_MODEL='openai:<base url>#<model>' npm start",
  },
];

/** Instructions for connecting a model, by provider. */
export function ConnectModel({ isOpen }: { isOpen: boolean }) {
  return (
    <CollapsibleSection title={isOpen ? "Connect a model" : "Use another model"} id="turn-on" isOpen={isOpen}>
      <div className="flex flex-col gap-5">
        {PROVIDERS.map(({ name, note, commands }) => (
          <div key={name}>
            <h3 className="text-14 font-medium">{name}</h3>
            <p className="max-w-prose text-13 text-quiet">{note}</p>
            <Commands>{commands}</Commands>
          </div>
        ))}
        <div>
          <h3 className="text-14 font-medium">A model for each task, prices and fallbacks</h3>
          <p className="max-w-prose text-13 text-quiet">
            <code className="font-mono">REDLINE_MODELS</code> names a JSON file with the model for each task and its
            fallbacks. Prices are in dollars per million tokens; without them, costs are shown as not priced.
          </p>
          <Commands>
            {
              '{\n  "review": [{\n    "model": "bedrock:<model id>",\n    "contextTokens": 200000,\n    "price": { "input": 3, "output": 15, "cachedInput": 0.3 }\n  }],\n  "default": ["openai:http://localhost:11434/v1#qwen2.5-coder:14b"]\n}'
            }
          </Commands>
        </div>
      </div>
    </CollapsibleSection>
  );
}

/** A command to copy; focusable because it scrolls horizontally. */
function Commands({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre tabIndex={0} className="code mt-2 overflow-x-auto rounded-md border border-rule bg-margin px-3 py-2">
      {children}
    </pre>
  );
}

type CollapsibleSectionProps = { title: string; id: string; isOpen: boolean; children: ReactNode };

/** A collapsible section. */
export function CollapsibleSection({ title, id, isOpen, children }: CollapsibleSectionProps) {
  return (
    <details id={id} open={isOpen} className="group border-t border-rule py-6">
      <summary className="inline-flex items-center gap-1 rounded-md pr-2 hover:bg-hover">
        <ChevronRight size={16} aria-hidden="true" className="group-open:rotate-90" />
        <h2 className="text-16 font-semibold">{title}</h2>
      </summary>
      <div className="mt-3">{children}</div>
    </details>
  );
}
