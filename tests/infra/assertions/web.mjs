/** Rules for everything that browsers reach. */
import { each } from "./infra-rule.mjs";

/** @typedef {import("./infra-rule.mjs").InfraRule} InfraRule */

const CLOUDFRONT_FUNCTION_BYTES = 10 * 1024;

/** @type {InfraRule[]} */
export const WEB = [
  {
    rule: "function URLs stream, allow no other site, and are reached through the router that marks its requests",
    problems: (stack) => {
      const edge = stack.one("aws:cloudfront/function:Function", /^EdgeCloudfrontFunctionRequest/);
      return [
        ...stack
          .all("aws:lambda/functionUrl:FunctionUrl")
          .flatMap((url) => [
            ...(url.inputs.invokeMode === "RESPONSE_STREAM" ? [] : each([url], "does not stream")),
            ...(url.inputs.cors ? each([url], "answers other sites") : []),
          ]),
        ...(/headers\["x-redline-edge"\] = \{ value: "[0-9a-f]{64}" \}/.test(edge.inputs.code)
          ? []
          : ["the router does not mark its requests"]),
        ...(/headers\["x-redline-viewer"\] = \{ value: event\.viewer\.ip \}/.test(edge.inputs.code)
          ? []
          : ["a client could say who it is"]),
      ];
    },
    mutate: (stack) => {
      for (const { inputs } of stack.all("aws:lambda/functionUrl:FunctionUrl")) inputs.invokeMode = "BUFFERED";
    },
  },
  {
    rule: "whether a request is traced is decided at the edge, whatever the client sent: one in twenty in production, all elsewhere",
    problems: (stack) => {
      const { code } = stack.one("aws:cloudfront/function:Function", /^EdgeCloudfrontFunctionRequest/).inputs;
      const share = stack.app.stage === "production" ? 0.05 : 1;
      return [
        ...(code.includes(`Math.random() < ${share} ?`) ? [] : [`not ${share} of the requests`]),
        ...(code.includes('headers["x-amzn-trace-id"] = { value: redlineTrace }') ? [] : ["a client could decide"]),
      ];
    },
    mutate: (stack) => {
      const { inputs } = stack.one("aws:cloudfront/function:Function", /^EdgeCloudfrontFunctionRequest/);
      inputs.code = inputs.code.replace("Math.random() < ", "Math.random() < 10 * ");
    },
  },
  {
    rule: "the router's function fits CloudFront",
    problems: (stack) =>
      each(
        stack
          .all("aws:cloudfront/function:Function")
          .filter(({ inputs }) => Buffer.byteLength(inputs.code) > CLOUDFRONT_FUNCTION_BYTES),
        "over 10 KB",
      ),
    mutate: (stack) => {
      for (const { inputs } of stack.all("aws:cloudfront/function:Function")) inputs.code += " ".repeat(11_000);
    },
  },
  {
    rule: "the firewall bounds each address and does not take code for an attack",
    problems: (stack) => {
      const { rules } = stack.one("aws:wafv2/webAcl:WebAcl", /^EdgeWaf/).inputs;
      const text = JSON.stringify(rules);
      const limits = rules
        .map((/** @type {any} */ rule) => rule.statement.rateBasedStatement)
        .filter(Boolean)
        .map((/** @type {any} */ rate) => [rate.limit, rate.scopeDownStatement?.byteMatchStatement?.searchString]);
      const counted = rules.flatMap((/** @type {any} */ rule) =>
        (rule.statement.managedRuleGroupStatement?.ruleActionOverrides ?? []).map((/** @type {any} */ one) => one.name),
      );
      return [
        ...(JSON.stringify(limits) === "[[20000,null]]" ? [] : [`rates are ${JSON.stringify(limits)}`]),
        ...["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"]
          .filter((name) => !text.includes(`"${name}"`))
          .map((name) => `no ${name}`),
        ...["SizeRestrictions_BODY", "NoUserAgent_HEADER", "RestrictedExtensions_URIPATH", "CrossSiteScripting_BODY"]
          .filter((name) => !counted.includes(name))
          .map((name) => `${name} blocks code`),
      ];
    },
    mutate: (stack) => {
      const { rules } = stack.one("aws:wafv2/webAcl:WebAcl", /^EdgeWaf/).inputs;
      rules[1].statement.managedRuleGroupStatement.ruleActionOverrides.shift();
    },
  },
  {
    rule: "everything is served over HTTPS, behind the firewall",
    problems: (stack) => {
      const { inputs } = stack.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/);
      return [
        ...(inputs.defaultCacheBehavior?.viewerProtocolPolicy === "redirect-to-https" ? [] : ["plain HTTP is served"]),
        ...(String(inputs.webAclId).includes("EdgeWaf") ? [] : ["no firewall"]),
      ];
    },
    mutate: (stack) => {
      stack.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/).inputs.webAclId = undefined;
    },
  },
  {
    rule: "pages are cached nowhere unless they say so, and cookies reach the site",
    problems: (stack) => {
      const policy = stack.one("aws:cloudfront/cachePolicy:CachePolicy", /^EdgeServer/).inputs;
      const behaviour = stack.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/).inputs.defaultCacheBehavior;
      const ALL_VIEWER_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
      return [
        ...(policy.defaultTtl === 0 && policy.minTtl === 0 ? [] : ["pages are cached by default"]),
        ...(behaviour.originRequestPolicyId === ALL_VIEWER_BUT_HOST ? [] : ["cookies and the edge's mark are dropped"]),
      ];
    },
    mutate: (stack) => {
      stack.one("aws:cloudfront/cachePolicy:CachePolicy", /^EdgeServer/).inputs.defaultTtl = 60;
    },
  },
  {
    rule: "a stage with a domain of its own is there, with a certificate, and no longer at CloudFront's own address",
    in: "production",
    problems: (stack) => {
      const { aliases, viewerCertificate } = stack.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/).inputs;
      const { code } = stack.one("aws:cloudfront/function:Function", /^EdgeCloudfrontFunctionRequest/).inputs;
      const records = stack.all("aws:route53/record:Record").map(({ inputs }) => inputs.name);
      return [
        ...(aliases?.includes("redline.example") && viewerCertificate?.acmCertificateArn ? [] : ["it is not served"]),
        ...(records.includes("redline.example") ? [] : ["its name leads nowhere"]),
        ...(code.includes("cloudfront.net") ? [] : ["CloudFront's own address answers"]),
      ];
    },
    mutate: (stack) => {
      stack.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/).inputs.aliases = [];
    },
  },
];
