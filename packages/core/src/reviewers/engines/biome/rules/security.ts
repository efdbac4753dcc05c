/** Biome's security rules, for code that runs in browsers and servers. */
import { describeRules } from "../../rule-docs";
import { markup, script } from "../languages";

export const securityRules = [
  ...describeRules("biome/security", script, [
    {
      id: "noGlobalEval",
      severity: "major",
      title: "Code run from a string",
      why: "eval runs whatever text it is given with the rights of this program. Input that reaches it becomes code.",
      bad: "export const read = (text: string) => eval(text);\n",
      good: "export const read = (text: string) => JSON.parse(text);\n",
    },
  ]),
  ...describeRules("biome/security", markup, [
    {
      id: "noBlankTarget",
      severity: "minor",
      title: "A link to a new tab without noopener",
      why: "In older browsers the opened page can steer this one through window.opener, for example to a copy that asks for a password.",
      bad: 'export const Link = () => <a href="https://example.org" target="_blank">Docs</a>;\n',
      good: 'export const Link = () => <a href="https://example.org" target="_blank" rel="noopener">Docs</a>;\n',
      fix: "unsafe",
    },
    {
      id: "noDangerouslySetInnerHtml",
      severity: "minor",
      confidence: "medium",
      title: "HTML set from a string",
      why: "React does not escape this HTML. If any part of it comes from a user, that user can run scripts in other users' pages.",
      bad: "export const Note = ({ html }: { html: string }) => <p dangerouslySetInnerHTML={{ __html: html }} />;\n",
      good: "export const Note = ({ text }: { text: string }) => <p>{text}</p>;\n",
    },
    {
      id: "noScriptUrl",
      severity: "major",
      title: "A javascript: address",
      why: "A javascript: address runs code when it is followed, escapes most content security policies, and is not a link for anyone who opens it in a new tab.",
      bad: 'export const Link = () => <a href="javascript:void(0)">Open</a>;\n',
      good: 'export const Link = () => <a href="/open">Open</a>;\n',
    },
  ]),
];
