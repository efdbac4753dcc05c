/** What browsers reach. */
import { each } from "./must.mjs";

/** @typedef {import("./must.mjs").Must} Must */

const CLOUDFRONT_FUNCTION_BYTES = 10 * 1024;

/** @type {Must[]} */
export const WEB = [
  {
    must: "function URLs stream, allow no other site, and are reached through the router that marks its requests",
    problems: (world) => {
      const edge = world.one("aws:cloudfront/function:Function", /^EdgeCloudfrontFunctionRequest/);
      return [
        ...world
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
    breaks: (world) => {
      for (const { inputs } of world.all("aws:lambda/functionUrl:FunctionUrl")) inputs.invokeMode = "BUFFERED";
    },
  },
  {
    must: "whether a request is traced is decided at the edge, whatever the client sent: one in twenty in production, all elsewhere",
    problems: (world) => {
      const { code } = world.one("aws:cloudfront/function:Function", /^EdgeCloudfrontFunctionRequest/).inputs;
      const share = world.app.stage === "production" ? 0.05 : 1;
      return [
        ...(code.includes(`Math.random() < ${share} ?`) ? [] : [`not ${share} of the requests`]),
        ...(code.includes('headers["x-amzn-trace-id"] = { value: redlineTrace }') ? [] : ["a client could decide"]),
      ];
    },
    breaks: (world) => {
      const { inputs } = world.one("aws:cloudfront/function:Function", /^EdgeCloudfrontFunctionRequest/);
      inputs.code = inputs.code.replace("Math.random() < ", "Math.random() < 10 * ");
    },
  },
  {
    must: "the router's function fits CloudFront",
    problems: (world) =>
      each(
        world
          .all("aws:cloudfront/function:Function")
          .filter(({ inputs }) => Buffer.byteLength(inputs.code) > CLOUDFRONT_FUNCTION_BYTES),
        "over 10 KB",
      ),
    breaks: (world) => {
      for (const { inputs } of world.all("aws:cloudfront/function:Function")) inputs.code += " ".repeat(11_000);
    },
  },
  {
    must: "the firewall bounds each address, sign-in tighter, and does not take code for an attack",
    problems: (world) => {
      const { rules } = world.one("aws:wafv2/webAcl:WebAcl", /^EdgeWaf/).inputs;
      const text = JSON.stringify(rules);
      const limits = rules
        .map((/** @type {any} */ rule) => rule.statement.rateBasedStatement)
        .filter(Boolean)
        .map((/** @type {any} */ rate) => [rate.limit, rate.scopeDownStatement?.byteMatchStatement?.searchString]);
      const counted = rules.flatMap((/** @type {any} */ rule) =>
        (rule.statement.managedRuleGroupStatement?.ruleActionOverrides ?? []).map((/** @type {any} */ one) => one.name),
      );
      return [
        ...(JSON.stringify(limits) === '[[100,"/auth/"],[20000,null]]' ? [] : [`rates are ${JSON.stringify(limits)}`]),
        ...["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"]
          .filter((name) => !text.includes(`"${name}"`))
          .map((name) => `no ${name}`),
        ...["SizeRestrictions_BODY", "NoUserAgent_HEADER", "RestrictedExtensions_URIPATH", "CrossSiteScripting_BODY"]
          .filter((name) => !counted.includes(name))
          .map((name) => `${name} blocks code`),
      ];
    },
    breaks: (world) => {
      const { rules } = world.one("aws:wafv2/webAcl:WebAcl", /^EdgeWaf/).inputs;
      rules[2].statement.managedRuleGroupStatement.ruleActionOverrides.shift();
    },
  },
  {
    must: "everything is served over HTTPS, behind the firewall",
    problems: (world) => {
      const { inputs } = world.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/);
      return [
        ...(inputs.defaultCacheBehavior?.viewerProtocolPolicy === "redirect-to-https" ? [] : ["plain HTTP is served"]),
        ...(String(inputs.webAclId).includes("EdgeWaf") ? [] : ["no firewall"]),
      ];
    },
    breaks: (world) => {
      world.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/).inputs.webAclId = undefined;
    },
  },
  {
    must: "pages are cached nowhere unless they say so, and cookies reach the site",
    problems: (world) => {
      const policy = world.one("aws:cloudfront/cachePolicy:CachePolicy", /^EdgeServer/).inputs;
      const behaviour = world.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/).inputs.defaultCacheBehavior;
      const ALL_VIEWER_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
      return [
        ...(policy.defaultTtl === 0 && policy.minTtl === 0 ? [] : ["pages are cached by default"]),
        ...(behaviour.originRequestPolicyId === ALL_VIEWER_BUT_HOST ? [] : ["cookies and the edge's mark are dropped"]),
      ];
    },
    breaks: (world) => {
      world.one("aws:cloudfront/cachePolicy:CachePolicy", /^EdgeServer/).inputs.defaultTtl = 60;
    },
  },
  {
    must: "a stage with a domain of its own is there, with a certificate, and no longer at CloudFront's own address",
    in: "production",
    problems: (world) => {
      const { aliases, viewerCertificate } = world.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/).inputs;
      const { code } = world.one("aws:cloudfront/function:Function", /^EdgeCloudfrontFunctionRequest/).inputs;
      const records = world.all("aws:route53/record:Record").map(({ inputs }) => inputs.name);
      return [
        ...(aliases?.includes("redline.example") && viewerCertificate?.acmCertificateArn ? [] : ["it is not served"]),
        ...(records.includes("redline.example") ? [] : ["its name leads nowhere"]),
        ...(code.includes("cloudfront.net") ? [] : ["CloudFront's own address answers"]),
      ];
    },
    breaks: (world) => {
      world.one("aws:cloudfront/distribution:Distribution", /^EdgeCdn/).inputs.aliases = [];
    },
  },
];
